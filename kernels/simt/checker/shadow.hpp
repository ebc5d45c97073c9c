// What the checker remembers about memory: two bits for each byte, and the last accesses to each word of four bytes.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

#include "kernels/simt/runtime/source.hpp"

namespace simt::detail::checker {

/// Counts what puts accesses in order: launches, blocks, barriers, __syncwarp and fences.
using Tick = std::uint32_t;

/// A place in the kernel: an address in its code, or a line that the compiler gave. The line lies in the upper bits, which
/// no address uses.
class Where {
 public:
  Where() = default;
  explicit Where(const void* pc) : bits_(reinterpret_cast<std::uint64_t>(pc)) {}
  explicit Where(Source source)
      : bits_(reinterpret_cast<std::uint64_t>(source.file) | std::uint64_t{static_cast<std::uint16_t>(source.line)}
                                                                 << 48) {}
  Source source() const;

 private:
  std::uint64_t bits_ = 0;
};

enum class Kind : std::uint8_t { plain, atomic, async };

struct Access {
  Where where;
  Tick tick = 0;
  std::uint16_t thread = 0;
  std::uint8_t bytes = 0;  // of the word, a bit each
  Kind kind = Kind::plain;
};

/// The last write, and the reads that nothing has ordered before each other.
struct Word {
  Access write;
  Access read;
  Where other_where;        // of the last read by another thread than read.thread
  std::uint32_t lanes = 0;  // that read, if all readers are of one warp; else 0
  std::uint16_t other = 0;
};

/// A range of memory with its shadow.
class Shadow {
 public:
  static constexpr std::size_t grain = 4;

  void cover(void* base, std::size_t bytes) {
    base_ = reinterpret_cast<std::uintptr_t>(base);
    bytes_ = bytes;
    states_ = static_cast<std::uint8_t*>(reserve(bytes / grain));
    words_ = static_cast<Word*>(reserve(bytes / grain * sizeof(Word)));
  }
  std::uintptr_t base() const { return base_; }
  std::size_t bytes() const { return bytes_; }
  bool holds(std::uintptr_t address) const { return address - base_ < bytes_; }

  /// Bits 0 to 3: which bytes of the word belong to an object; 4 to 7: which have been written.
  std::uint8_t& state(std::size_t word) { return states_[word]; }
  Word& word(std::size_t word) { return words_[word]; }

  /// The end of what earlier accesses do not matter for: the launches, or for shared memory the blocks, before this one.
  Tick settled = 0;

  /// Sets what is known about the bytes of a range: no object's, one's, or one's that have been written.
  enum class Bytes : std::uint8_t { none = 0, unwritten = 0x0f, written = 0xff };
  void set(std::uintptr_t address, std::size_t count, Bytes what);
  /// Forgets the accesses to a range, and gives their memory back.
  void forget(std::uintptr_t address, std::size_t count);

 private:
  // Of zeros, which take room when they are first written.
  static void* reserve(std::size_t bytes) {
    void* const memory =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    return memory;
  }

  std::uintptr_t base_ = 0;
  std::size_t bytes_ = 0;
  std::uint8_t* states_ = nullptr;
  Word* words_ = nullptr;
};

}  // namespace simt::detail::checker
