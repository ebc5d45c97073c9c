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
/// Who has read a word, with no order among them: one thread, several of its warp, or threads of several warps.
enum class Readers : std::uint8_t { one, warp, many };

/// Accesses on record: when, by which thread, to which bytes of the word (a bit each), and What about them. All of that is
/// one number, since it is read and written at each access of a kernel.
template <class What>
class Access {
 public:
  Access() = default;
  Access(Where place, Tick tick, unsigned thread, unsigned bytes, What what)
      : where(place),
        bits_(tick | std::uint64_t{thread} << 32 | std::uint64_t{bytes} << 48 |
              static_cast<std::uint64_t>(what) << 56) {}

  Where where;
  Tick tick() const { return static_cast<Tick>(bits_); }
  unsigned thread() const { return static_cast<std::uint16_t>(bits_ >> 32); }
  unsigned bytes() const { return static_cast<std::uint8_t>(bits_ >> 48); }
  What what() const { return static_cast<What>(bits_ >> 56); }
  bool is(unsigned thread, What what) const {
    return (bits_ >> 32 & 0xff00ffff) == (thread | static_cast<std::uint64_t>(what) << 24);
  }

 private:
  std::uint64_t bits_ = 0;
};
using Write = Access<Kind>;
using Read = Access<Readers>;

/// Where there is more than one reader: which lanes, if they are of one warp, and the last that is not the Read's thread.
struct OtherReaders {
  Where where;
  std::uint32_t lanes = 0;
  std::uint16_t thread = 0;
};

/// A range of memory with its shadow.
class Shadow {
 public:
  static constexpr std::size_t grain = 4;

  void cover(void* base, std::size_t bytes) {
    base_ = reinterpret_cast<std::uintptr_t>(base);
    bytes_ = bytes;
    states_ = static_cast<std::uint8_t*>(reserve(bytes / grain));
    writes_ = static_cast<Write*>(reserve(bytes / grain * sizeof(Write)));
    reads_ = static_cast<Read*>(reserve(bytes / grain * sizeof(Read)));
    others_ = static_cast<OtherReaders*>(reserve(bytes / grain * sizeof(OtherReaders)));
  }
  std::uintptr_t base() const { return base_; }
  std::size_t bytes() const { return bytes_; }
  bool holds(std::uintptr_t address) const { return address - base_ < bytes_; }

  /// Bits 0 to 3: which bytes of the word belong to an object; 4 to 7: which have been written.
  std::uint8_t& state(std::size_t word) { return states_[word]; }
  Write& write(std::size_t word) { return writes_[word]; }
  Read& read(std::size_t word) { return reads_[word]; }
  OtherReaders& others(std::size_t word) { return others_[word]; }

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
    madvise(memory, bytes, MADV_HUGEPAGE);  // much of it is used once, when the time goes to faults
    return memory;
  }

  std::uintptr_t base_ = 0;
  std::size_t bytes_ = 0;
  std::uint8_t* states_ = nullptr;
  // Apart, since most memory is only read, or written once and read by one thread.
  Write* writes_ = nullptr;
  Read* reads_ = nullptr;
  OtherReaders* others_ = nullptr;
};

}  // namespace simt::detail::checker
