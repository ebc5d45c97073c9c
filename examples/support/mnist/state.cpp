#include "examples/support/mnist/state.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "examples/support/files.hpp"
#include "kernels/error.hpp"
#include "nn/safetensors.hpp"

namespace wengert::examples::mnist {
namespace {

using Path = std::filesystem::path;

constexpr const char* next_name = "next";            // int32 (2): member, epoch
constexpr const char* histories_name = "histories";  // float64 (epochs, 6): member, loss, pull, seconds, accuracy, nll
constexpr std::int64_t columns = 6;

Path state_file(const Path& folder) { return folder / "state.safetensors"; }

nn::Metadata deciding(const Options& options) {
  nn::Metadata result;
  for (const Setting& setting : settings(options)) {
    if (setting.decides) result[setting.name] = setting.value;
  }
  return result;
}

std::string spelled(const std::string& value) { return value.empty() ? "unset" : "'" + value + "'"; }

void require_same_options(const Path& file, const nn::Metadata& found, const Options& options) {
  for (const auto& [name, value] : deciding(options)) {
    const auto other = found.find(name);
    if (other == found.end()) fail(file.string(), ": this is no state of a run of mnist: it lacks '", name, "'");
    if (other->second != value) {
      fail(file.string(), ": this is the state of a run with --", name, " ", spelled(other->second), ", not ",
           spelled(value), "; a run can be resumed only with the options it was begun with");
    }
  }
}

Tensor tensor_of(const std::vector<History>& histories) {
  std::vector<double> numbers;
  for (std::size_t member = 0; member < histories.size(); ++member) {
    for (const auto& [training, accuracy, nll] : histories[member]) {
      numbers.insert(numbers.end(),
                     {static_cast<double>(member), training.loss, training.pull, training.seconds, accuracy, nll});
    }
  }
  return Tensor::from(numbers, {std::ssize(numbers) / columns, columns}, DType::f64);
}

std::vector<History> histories_of(const Path& file, const Tensor& tensor) {
  const std::vector<double> numbers = tensor.to_vector<double>();
  std::vector<History> result;
  for (std::size_t k = 0; k + columns <= numbers.size(); k += columns) {
    const double* const row = &numbers[k];
    const auto member = static_cast<std::size_t>(row[0]);
    if (member > result.size()) fail(file.string(), ": '", histories_name, "' skips member ", result.size());
    if (member == result.size()) result.emplace_back();
    result[member].push_back({{row[1], row[2], row[3]}, row[4], row[5]});
  }
  return result;
}

}  // namespace

Path member_file(const Path& folder, std::int64_t number) {
  return folder / fmt::format("member-{}.safetensors", number);
}

State load_state(const Options& options) {
  if (!std::filesystem::is_directory(options.resume)) {
    fail(options.resume, ": there is no such folder; a run with --save makes one");
  }
  const Path file = state_file(options.resume);
  if (!std::filesystem::exists(file)) {
    if (!options.quiet) fmt::print(stderr, "{}: not there yet, so the run starts at its beginning\n", file.string());
    return {};
  }
  nn::TensorFile found = nn::load_file(file);
  require_same_options(file, found.metadata, options);
  const std::vector<std::int64_t> next = nn::find_tensor(file, found.tensors, next_name).to_vector<std::int64_t>();
  if (next.size() != 2 || next[0] < 0 || next[0] > options.ensemble || next[1] < 0 || next[1] > options.epochs) {
    fail(file.string(), ": '", next_name, "' must be a member and an epoch of the run");
  }
  State state{next[0], next[1], histories_of(file, nn::find_tensor(file, found.tensors, histories_name)), {}};
  std::ranges::copy_if(found.tensors, std::back_inserter(state.training), [](const nn::NamedTensor& tensor) {
    return tensor.name != next_name && tensor.name != histories_name;
  });
  return state;
}

void save_state(const Options& options, const State& state) {
  if (options.save.empty()) return;
  std::vector<nn::NamedTensor> tensors = state.training;
  tensors.push_back({next_name, Tensor::from({static_cast<int>(state.member), static_cast<int>(state.epoch)}, {2})});
  tensors.push_back({histories_name, tensor_of(state.histories)});
  write_file(state_file(options.save), nn::file_bytes(tensors, deciding(options)));
}

void save_member(const Options& options, const Network& network, std::int64_t number) {
  if (options.save.empty()) return;
  std::vector<nn::NamedTensor> tensors;
  for (const auto& [name, parameter] : network.named_parameters()) tensors.push_back({name, parameter.detach()});
  write_file(member_file(options.save, number), nn::file_bytes(tensors));
}

}  // namespace wengert::examples::mnist
