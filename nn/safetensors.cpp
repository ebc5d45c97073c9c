#include "nn/safetensors.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "nn/lone_layers.hpp"
#include "nn/module.hpp"
#include "nn/names.hpp"

namespace wengert::nn {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

using json = nlohmann::json;
using Path = std::filesystem::path;

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

  // Of no elements if one size is 0, whatever the others are. Their product without it must still be a number, since code
  // that goes through a shape multiplies its sizes in any order.
  Shape shape_of(const std::string& name, const json& sizes) const {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    std::vector<std::int64_t> shape;
    std::uint64_t product = 1;
    bool nothing = false;
    for (const json& axis : sizes) {
      const auto n = axis.get<std::uint64_t>();
      if (n > most || (n > 0 && product > most / n)) refuse_shape(name, sizes);
      if (n > 0) product *= n;
      nothing = nothing || n == 0;
      shape.push_back(static_cast<std::int64_t>(n));
    }
    if (!nothing && product > size) refuse_shape(name, sizes);
    return Shape(std::span<const std::int64_t>(shape));
  }
  [[noreturn]] void refuse_shape(const std::string& name, const json& sizes) const {
    refuse("header at byte 8: tensor '", name, "' has shape ", sizes.dump(), ", more than the file's ", size,
           " bytes can hold");
  }

  // In the order of their data, which must follow one another without gaps to the end of the file.
  std::vector<Entry> entries(const json& header) const {
    std::vector<Entry> result;
    for (const auto& [name, fields] : header.items()) {
      if (name != metadata_name) result.push_back(entry(name, fields));
    }
    std::ranges::stable_sort(
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

// The header, of which each name must stand for one tensor: the parser alone would keep the last of two.
json parsed(const Reader& reader, const std::string& text) {
  std::set<std::string> names;
  std::string twice;
  const auto look = [&](int depth, json::parse_event_t event, const json& key) {
    if (event == json::parse_event_t::key && depth == 1 && !names.insert(key).second) twice = key;
    return true;
  };
  json header = json::parse(text, look, false);
  if (!header.is_object()) reader.refuse("byte 8: a JSON object of ", text.size(), " bytes was expected");
  if (!twice.empty()) reader.refuse("header at byte 8: two tensors are called '", twice, "'");
  return header;
}

json header_of(const std::vector<NamedTensor>& tensors, const Metadata& metadata) {
  json header = json::object();
  for (const auto& [name, text] : metadata) {
    require_utf8("save", "text's name", name);
    require_utf8("save", "text", text);
  }
  if (!metadata.empty()) header[metadata_name] = metadata;
  std::uint64_t at = 0;
  for (const NamedTensor& named : tensors) {
    require_name("save", named.name);
    if (!named.tensor.defined()) fail("save: the tensor '", named.name, "' is undefined");
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

  const json header = parsed(reader, text);
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
  std::vector<NamedTensor> tensors;
  for (const auto& [name, parameter] : named_parameters()) tensors.push_back({name, parameter.detach()});
  save_tensors(path, tensors);
}

void Module::load(const Path& path) const {
  std::vector<NamedTensor> tensors = load_tensors(path);
  const std::vector<NamedParameter> own = named_parameters();
  use_names_of(own, tensors);
  std::map<std::string, Tensor> found;
  for (const NamedTensor& named : tensors) found.emplace(named.name, named.tensor);
  for (const auto& [name, parameter] : own) {
    const auto value = found.find(name);
    if (value == found.end()) fail(path.string(), ": there is no tensor '", name, "'");
    if (value->second.shape() != parameter.shape() || value->second.dtype() != parameter.dtype()) {
      fail(path.string(), ": '", name, "' is ", value->second.dtype(), " ", value->second.shape(), "; ",
           parameter.dtype(), " ", parameter.shape(), " was expected");
    }
  }
  if (found.size() != own.size()) {
    for (const auto& [name, parameter] : own) found.erase(name);
    fail(path.string(), ": tensor '", found.begin()->first, "' is no parameter of this model");
  }
  for (const auto& [name, parameter] : own) parameter.detach().assign(found.at(name));
}

}  // namespace wengert::nn
