// A safetensors file: read as what it announces, or refused with an Error that names it.
#include "nn/safetensors.hpp"

#include "kernels/base/error.hpp"
#include "tests/fuzz/memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const wengert::fuzz::MemoryFile file(bytes, count);
  try {
    std::size_t total = 8;
    for (const auto& [name, tensor] : wengert::nn::load_tensors(file.path())) total += tensor.storage()->bytes();
    if (total > count) std::abort();
  } catch (const wengert::Error& error) {
    if (!std::string(error.what()).starts_with(file.path().string() + ": ")) std::abort();
  }
  return 0;
}
