#include "nn/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <set>

#include "autograd/recorder.hpp"
#include "kernels/base/text_stream.hpp"
#include "nn/files/input_file.hpp"
#include "nn/files/output_file.hpp"
#include "nn/lone_layers.hpp"
#include "nn/module.hpp"
#include "nn/names.hpp"
#include "nn/safetensors_header.hpp"

namespace wengert::nn {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

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
  InputFile file;
  std::uint64_t data_start = 0;

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    file.refuse(parts...);
  }

  Entry entry(const HeaderEntry& given) const {
    const std::string& name = given.name;
    if (!given.dtype || !given.shape || !given.data_offsets || given.data_offsets->size() != 2 ||
        given.shape->size() > Shape::max_rank) {
      refuse("header at byte 8: tensor '", name, "' must be an object with dtype (a string), shape (up to ",
             Shape::max_rank, " whole numbers) and data_offsets (two of them)");
    }
    const std::uint64_t begin = given.data_offsets->front(), end = given.data_offsets->back();
    Entry result{name, dtype_of(name, *given.dtype), shape_of(name, *given.shape), begin, end};
    const std::uint64_t expected = static_cast<std::uint64_t>(result.shape.numel()) * size_of(result.dtype);
    if (begin > end || end - begin != expected) {
      refuse("header at byte 8: tensor '", name, "' has ", result.dtype, " ", result.shape, ", so ", expected,
             " bytes were expected, but its data_offsets are [", begin, ", ", end, "]");
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
  Shape shape_of(const std::string& name, const std::vector<std::uint64_t>& sizes) const {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    std::vector<std::int64_t> shape;
    std::uint64_t product = 1;
    bool nothing = false;
    for (const std::uint64_t n : sizes) {
      if (n > most || (n > 0 && product > most / n)) refuse_shape(name, sizes);
      if (n > 0) product *= n;
      nothing = nothing || n == 0;
      shape.push_back(static_cast<std::int64_t>(n));
    }
    if (product > Shape::max_numel || (!nothing && product > file.size())) refuse_shape(name, sizes);
    return Shape(std::span<const std::int64_t>(shape));
  }
  [[noreturn]] void refuse_shape(const std::string& name, const std::vector<std::uint64_t>& sizes) const {
    TextStream text;
    for (const std::uint64_t n : sizes) text << (text.tellp() > 0 ? "," : "") << n;
    refuse("header at byte 8: tensor '", name, "' has shape [", text.str(), "], more than the file's ", file.size(),
           " bytes can hold");
  }

  // In the order of their data, which must follow one another without gaps to the end of the file.
  std::vector<Entry> entries(const Header& header) const {
    std::vector<Entry> result;
    std::set<std::string> names;
    for (const HeaderEntry& given : header.entries) {
      if (!names.insert(given.name).second) refuse("header at byte 8: two tensors are called '", given.name, "'");
      result.push_back(entry(given));
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
    if (const std::uint64_t size = file.size(); data_start + at != size) {
      refuse("the header announces ", data_start + at, " bytes, but the file has ", size,
             data_start + at > size ? ": it is truncated" : ": it is too long");
    }
    return result;
  }
};

void read_exactly(InputFile& in, void* to, std::uint64_t bytes, const char* what) {
  if (in.read(to, bytes) < bytes) in.refuse("could not read ", what, " (", bytes, " bytes)");
}

Header header_of(const std::vector<NamedTensor>& tensors, const Metadata& metadata) {
  for (const auto& [name, text] : metadata) {
    require_utf8("save", "text's name", name);
    require_utf8("save", "text", text);
  }
  Header header{{}, metadata};
  std::set<std::string> names;
  std::uint64_t at = 0;
  for (const auto& [name, tensor] : tensors) {
    require_name("save", name);
    if (!tensor.defined()) fail("save: the tensor '", name, "' is undefined");
    if (!names.insert(name).second) fail("save: two tensors are called '", name, "'");
    const std::uint64_t end = at + static_cast<std::uint64_t>(tensor.numel()) * size_of(tensor.dtype());
    const std::vector<std::uint64_t> shape(tensor.shape().begin(), tensor.shape().end());
    header.entries.push_back({name, format_name(tensor.dtype()), shape, {{at, end}}});
    at = end;
  }
  return header;
}

}  // namespace

TensorFile load_file(const Path& file) {
  Reader reader{InputFile(file)};
  InputFile& in = reader.file;
  if (in.size() < length_bytes) {
    reader.refuse("has ", in.size(), " bytes; 8 with the header's length were expected at byte 0");
  }
  std::uint64_t length = 0;
  read_exactly(in, &length, length_bytes, "the header's length at byte 0");
  if (length > in.size() - length_bytes || length > longest_header) {
    reader.refuse("byte 0: the header's length is given as ", length, ", but the file has ", in.size() - length_bytes,
                  " bytes more");
  }
  reader.data_start = length_bytes + length;
  std::string text(length, '\0');
  read_exactly(in, text.data(), length, "the header at byte 8");

  const std::optional<Header> header = parse_header(text);
  if (!header) reader.refuse("byte 8: a JSON object of ", length, " bytes was expected");
  TensorFile result{{}, header->metadata};
  for (const Entry& entry : reader.entries(*header)) {
    const Tensor tensor = Tensor::empty(entry.shape, entry.dtype);
    read_exactly(in, tensor.storage()->data, entry.end - entry.begin, "a tensor's data");
    result.tensors.push_back({entry.name, tensor});
  }
  return result;
}

std::string file_bytes(const std::vector<NamedTensor>& tensors, const Metadata& metadata) {
  refuse_in_capture("save");
  std::string header = header_text(header_of(tensors, metadata));
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

void save_tensors(const Path& file, const std::vector<NamedTensor>& tensors) { write_file(file, file_bytes(tensors)); }

Tensor find_tensor(const Path& file, const std::vector<NamedTensor>& tensors, const std::string& name) {
  const auto found = std::ranges::find(tensors, name, &NamedTensor::name);
  if (found == tensors.end()) fail(file.string(), ": there is no tensor '", name, "'");
  return found->tensor;
}

Tensor find_tensor(const Path& file, const std::vector<NamedTensor>& tensors, const std::string& name,
                   const Tensor& like) {
  Tensor found = find_tensor(file, tensors, name);
  if (found.shape() != like.shape() || found.dtype() != like.dtype()) {
    fail(file.string(), ": '", name, "' is ", found.dtype(), " ", found.shape(), "; ", like.dtype(), " ", like.shape(),
         " was expected");
  }
  return found;
}

void Module::save(const Path& path) const {
  std::vector<NamedTensor> tensors;
  for (const auto& [name, parameter] : named_parameters()) tensors.push_back({name, parameter.detach()});
  save_tensors(path, tensors);
}

void Module::load(const Path& path) const {
  refuse_in_capture("load");
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
