#include "nn/safetensors.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "nn/module.hpp"

namespace wengert::nn {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

using json = nlohmann::json;
using Path = std::filesystem::path;

constexpr const char* metadata_name = "__metadata__";
constexpr std::uint64_t length_bytes = 8;
constexpr std::uint64_t longest_header = 100'000'000;  // as the format's own reader

const char* format_name(DType dtype) { return dtype == DType::f32 ? "F32" : dtype == DType::f64 ? "F64" : "I32"; }

// Where one tensor lies in the file, as the header says.
struct Entry {
  std::string name;
  DType dtype;
  Shape shape;
  std::uint64_t begin, end;  // in the data
};

// One file under examination: all errors begin with its name.
struct Reader {
  const Path& path;
  std::uint64_t size = 0, data_start = 0;

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    fail(path.string(), ": ", parts...);
  }

  Entry entry(const std::string& name, const json& fields) const {
    if (!fields.is_object() || !fields.contains("dtype") || !fields.contains("shape") ||
        !fields.contains("data_offsets") || !fields["dtype"].is_string()) {
      refuse("header at byte 8: tensor '", name, "' must be an object with dtype (a string), shape and data_offsets");
    }
    const json &shape = fields["shape"], &offsets = fields["data_offsets"];
    const auto counts = [](const json& list) {
      return list.is_array() && std::ranges::all_of(list, [](const json& n) { return n.is_number_unsigned(); });
    };
    if (!counts(shape) || !counts(offsets) || offsets.size() != 2 || shape.size() > Shape::max_rank) {
      refuse("header at byte 8: tensor '", name, "': shape must be up to ", Shape::max_rank,
             " whole numbers, data_offsets two of them");
    }
    Entry result{name, dtype_of(name, fields["dtype"]), shape_of(name, shape), offsets[0], offsets[1]};
    const std::uint64_t expected = static_cast<std::uint64_t>(result.shape.numel()) * size_of(result.dtype);
    if (result.begin > result.end || result.end - result.begin != expected) {
      refuse("header at byte 8: tensor '", name, "' has ", result.dtype, " ", result.shape, ", so ", expected,
             " bytes were expected, but its data_offsets are [", result.begin, ", ", result.end, "]");
    }
    return result;
  }

  DType dtype_of(const std::string& name, const std::string& dtype) const {
    for (const DType known : {DType::f32, DType::f64, DType::i32}) {
      if (dtype == format_name(known)) return known;
    }
    refuse("header at byte 8: tensor '", name, "' has dtype ", dtype, "; F32, F64 and I32 can be read");
  }

  Shape shape_of(const std::string& name, const json& sizes) const {
    std::vector<std::int64_t> shape;
    std::uint64_t numel = 1;
    for (const json& axis : sizes) {
      const auto n = axis.get<std::uint64_t>();
      if (n > size || (n > 0 && numel > size / n)) {
        refuse("header at byte 8: tensor '", name, "' has shape ", sizes.dump(), ", more than the file's ", size,
               " bytes can hold");
      }
      numel *= n;
      shape.push_back(static_cast<std::int64_t>(n));
    }
    return Shape(std::span<const std::int64_t>(shape));
  }

  // In the order of their data, which must follow one another without gaps to the end of the file.
  std::vector<Entry> entries(const json& header) const {
    std::vector<Entry> result;
    for (const auto& [name, fields] : header.items()) {
      if (name != metadata_name) result.push_back(entry(name, fields));
    }
    std::ranges::sort(
        result, [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    std::uint64_t at = 0;
    for (const Entry& tensor : result) {
      if (tensor.begin != at) {
        refuse("tensor '", tensor.name, "' begins at byte ", data_start + tensor.begin, ", but byte ", data_start + at,
               " was expected: the data must follow one another");
      }
      at = tensor.end;
    }
    if (data_start + at != size) {
      refuse("the header announces ", data_start + at, " bytes, but the file has ", size,
             data_start + at > size ? ": it is truncated" : ": it is too long");
    }
    return result;
  }
};

void read_exactly(std::ifstream& in, const Reader& reader, void* to, std::uint64_t bytes, const char* what) {
  in.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
  if (!in) reader.refuse("could not read ", what, " (", bytes, " bytes)");
}

Metadata metadata_of(const json& header) {
  Metadata result;
  const json texts = header.value(metadata_name, json::object());
  if (!texts.is_object()) return result;
  for (const auto& [name, text] : texts.items()) {
    if (text.is_string()) result[name] = text;
  }
  return result;
}

json header_of(const std::vector<NamedTensor>& tensors, const Metadata& metadata) {
  json header = json::object();
  if (!metadata.empty()) header[metadata_name] = metadata;
  std::uint64_t at = 0;
  for (const NamedTensor& named : tensors) {
    if (header.contains(named.name)) fail("save: two tensors are called '", named.name, "'");
    const std::uint64_t bytes = static_cast<std::uint64_t>(named.tensor.numel()) * size_of(named.tensor.dtype());
    json shape = json::array();
    for (const std::int64_t size : named.tensor.shape()) shape.push_back(size);
    header[named.name] = {
        {"dtype", format_name(named.tensor.dtype())}, {"shape", shape}, {"data_offsets", {at, at + bytes}}};
    at += bytes;
  }
  return header;
}

}  // namespace

TensorFile load_file(const Path& file) {
  Reader reader{file};
  std::ifstream in(file, std::ios::binary);
  if (!in) reader.refuse("cannot be opened: ", std::strerror(errno));
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  if (size < 0 || size == std::numeric_limits<std::streamoff>::max()) reader.refuse("is not a file that can be read");
  reader.size = static_cast<std::uint64_t>(size);
  in.seekg(0);
  if (reader.size < length_bytes) {
    reader.refuse("has ", reader.size, " bytes; 8 with the header's length were expected at byte 0");
  }
  std::uint64_t length = 0;
  read_exactly(in, reader, &length, length_bytes, "the header's length at byte 0");
  if (length > reader.size - length_bytes || length > longest_header) {
    reader.refuse("byte 0: the header's length is given as ", length, ", but the file has ", reader.size - length_bytes,
                  " bytes more");
  }
  reader.data_start = length_bytes + length;
  std::string text(length, '\0');
  read_exactly(in, reader, text.data(), length, "the header at byte 8");

  const json header = json::parse(text, nullptr, false);
  if (!header.is_object()) reader.refuse("byte 8: a JSON object of ", length, " bytes was expected");
  TensorFile result{{}, metadata_of(header)};
  for (const Entry& entry : reader.entries(header)) {
    const Tensor tensor = Tensor::empty(entry.shape, entry.dtype);
    read_exactly(in, reader, tensor.storage()->data, entry.end - entry.begin, "a tensor's data");
    result.tensors.push_back({entry.name, tensor});
  }
  return result;
}

std::string file_bytes(const std::vector<NamedTensor>& tensors, const Metadata& metadata) {
  std::string header = header_of(tensors, metadata).dump();
  header.resize((header.size() + 7) / 8 * 8, ' ');  // so that the data are aligned
  const std::uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), length_bytes);
  bytes += header;
  for (const NamedTensor& named : tensors) {
    const Tensor here = named.tensor.to(Device{});
    bytes.append(here.data<char>(), static_cast<std::size_t>(named.tensor.numel()) * size_of(named.tensor.dtype()));
  }
  return bytes;
}

void save_tensors(const Path& file, const std::vector<NamedTensor>& tensors) {
  const std::string bytes = file_bytes(tensors);
  const Path temporary = file.string() + ".tmp" + std::to_string(::getpid());
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out << bytes;
    out.close();
    if (!out) {
      const std::string reason = std::strerror(errno);
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      fail(file.string(), ": cannot be written: ", reason);
    }
  }
  std::error_code error;
  std::filesystem::rename(temporary, file, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    fail(file.string(), ": cannot be written: ", error.message());
  }
}

Tensor find_tensor(const Path& file, const std::vector<NamedTensor>& tensors, const std::string& name) {
  const auto found = std::ranges::find(tensors, name, &NamedTensor::name);
  if (found == tensors.end()) fail(file.string(), ": there is no tensor '", name, "'");
  return found->tensor;
}

void Module::save(const Path& path) const {
  const Weights weights = detach();
  std::vector<NamedTensor> tensors;
  for (std::size_t k = 0; k < weights.size(); ++k) tensors.push_back({weights.name(k), weights[k]});
  save_tensors(path, tensors);
}

void Module::load(const Path& path) const {
  const Weights weights = detach();
  const std::vector<NamedTensor> tensors = load_tensors(path);
  for (const NamedTensor& named : tensors) {
    if (std::ranges::find(layout_->names, named.name) == layout_->names.end()) {
      fail(path.string(), ": tensor '", named.name, "' is no parameter of this model");
    }
  }
  const auto value = [&](std::size_t k) { return find_tensor(path, tensors, weights.name(k)); };
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const Tensor found = value(k), own = weights[k];
    if (found.shape() != own.shape() || found.dtype() != own.dtype()) {
      fail(path.string(), ": '", weights.name(k), "' is ", found.dtype(), " ", found.shape(), "; ", own.dtype(), " ",
           own.shape(), " was expected");
    }
  }
  for (std::size_t k = 0; k < weights.size(); ++k) parameters_[k].detach().assign(value(k));
}

}  // namespace wengert::nn
