// Safetensors files: https://huggingface.co/docs/safetensors, the format that PyTorch users exchange weights in.
//
//   8 bytes         length n of the header, little-endian
//   n bytes         JSON: {"name": {"dtype": "F32", "shape": [4, 2], "data_offsets": [0, 32]}, ..., "__metadata__": {...}}
//   the rest        the tensors' numbers, little-endian, row-major, without gaps
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "nn/named_tensor.hpp"

namespace wengert::nn {

/// The header's "__metadata__": texts by name.
using Metadata = std::map<std::string, std::string>;

struct TensorFile {
  std::vector<NamedTensor> tensors;  ///< in the order of their data
  Metadata metadata;                 ///< without what is no text
};

/// All that is in the file. dtypes F32, F64 and I32. Errors name the file, the byte, and what was expected there: a file
/// that is absent, truncated, too long, or whose header lies.
TensorFile load_file(const std::filesystem::path& file);
inline std::vector<NamedTensor> load_tensors(const std::filesystem::path& file) { return load_file(file).tensors; }

/// A file's contents. Errors: two tensors of one name; inside a capture.
std::string file_bytes(const std::vector<NamedTensor>& tensors, const Metadata& metadata = {});

/// Writes the file whole or not at all, see write_file (nn/files/output_file.hpp). Error: names the path.
void save_tensors(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors);

/// The tensor of that name. Error: names the file and the tensor that is missing.
Tensor find_tensor(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors, const std::string& name);
/// The same, of the shape and dtype of `like`, or an error.
Tensor find_tensor(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors, const std::string& name,
                   const Tensor& like);

}  // namespace wengert::nn
