#include "examples/support/two_blobs/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "examples/support/files.hpp"
#include "kernels/base/error.hpp"
#include "kernels/devices/devices.hpp"
#include "nn/safetensors.hpp"

namespace wengert::examples {
namespace {

// Every tensor of the experiment under its name in the file: views, so that writing to them fills points and models.
std::vector<nn::NamedTensor> named_tensors(const Blobs& data, const nn::Module& a, const nn::Module& b) {
  std::vector<nn::NamedTensor> tensors{{"x", data.x}, {"y", data.y}};
  for (const auto& [name, parameter] : a.named_parameters()) tensors.push_back({"A." + name, parameter.detach()});
  for (const auto& [name, parameter] : b.named_parameters()) tensors.push_back({"B." + name, parameter.detach()});
  return tensors;
}

// Exactly the tensors of named_tensors; all is checked before anything is changed.
void load_experiment(const std::string& path, const Blobs& data, const nn::Module& a, const nn::Module& b) {
  const std::vector<nn::NamedTensor> found = nn::load_tensors(path);
  const std::vector<nn::NamedTensor> own = named_tensors(data, a, b);
  for (const nn::NamedTensor& tensor : found) {
    if (std::ranges::find(own, tensor.name, &nn::NamedTensor::name) == own.end()) {
      fail(path, ": '", tensor.name, "' is no tensor of this experiment");
    }
  }
  for (const auto& [name, tensor] : own) {
    const Tensor value = nn::find_tensor(path, found, name);
    if (value.shape() != tensor.shape() || value.dtype() != tensor.dtype()) {
      fail(path, ": '", name, "' is ", value.dtype(), " ", value.shape(), "; ", tensor.dtype(), " ", tensor.shape(),
           " was expected");
    }
  }
  for (const auto& [name, tensor] : own) tensor.assign(nn::find_tensor(path, found, name));
}

void append_rows(std::string& csv, const Trained& model) {
  for (std::size_t epoch = 0; epoch < model.history.size(); ++epoch) {
    const Losses& losses = model.history[epoch];
    fmt::format_to(std::back_inserter(csv), "{},{},{},{}\n", model.name, epoch, losses.bce, losses.similarity);
  }
}

}  // namespace

void prepare(const TwoBlobsOptions& options, Blobs& data, nn::Module& a, nn::Module& b) {
  require_available(options.device);
  set_products(options.device, options.products);
  for (const std::string& path : {options.save, options.log, options.report, options.picture, options.tape}) {
    if (!path.empty()) require_writable(path);
  }
  if (!options.init.empty()) load_experiment(options.init, data, a, b);
  data = {data.x.to(options.device), data.y.to(options.device)};
  a.to(options.device);
  b.to(options.device);
}

void save_experiment(const std::string& path, const Blobs& data, const nn::Module& a, const nn::Module& b) {
  write_file(path, nn::file_bytes(named_tensors(data, a, b)));
}

std::string log_csv(const Trained& a, const Trained& b) {
  std::string csv = "model,epoch,bce,similarity\n";
  append_rows(csv, a);
  append_rows(csv, b);
  return csv;
}

}  // namespace wengert::examples
