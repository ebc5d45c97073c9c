// An IDX file that is gzip: the input is what follows the ten bytes of gzip's header, so that no try is lost on them.
#include <vector>

#include "tests/fuzz/check_idx.hpp"
#include "tests/fuzz/memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  std::vector<std::uint8_t> packed{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
  packed.insert(packed.end(), bytes, bytes + count);
  wengert::fuzz::check_idx(wengert::fuzz::MemoryFile(packed.data(), packed.size()).path());
  return 0;
}
