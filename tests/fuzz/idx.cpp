// An IDX file, plain unless it begins as gzip does.
#include "tests/fuzz/check_idx.hpp"
#include "tests/fuzz/memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  wengert::fuzz::check_idx(wengert::fuzz::MemoryFile(bytes, count).path());
  return 0;
}
