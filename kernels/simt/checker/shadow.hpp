// What the checker remembers about memory: two bits for each byte, and the last accesses to each word of four bytes, or, since
// a word was accessed in part, to each byte of it.
#pragma once

#include <cstddef>
#include <cstdint>

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

/// `split` is no write: the word's bytes have records of their own.
enum class Kind : std::uint8_t { plain, atomic, async, split };
/// Who has read a cell, with no order among them: one thread, several of its warp, or threads of several warps.
enum class Readers : std::uint8_t { one, warp, many };

/// Accesses on record: when, by which thread, and What about them. All of that is one number, since it is read and written at
/// each access of a kernel.
template <class What>
class Access {
 public:
  Access() = default;
  Access(Where place, Tick tick, unsigned thread, What what)
      : where(place), bits_(tick | std::uint64_t{thread} << 32 | static_cast<std::uint64_t>(what) << 48) {}

  Where where;
  Tick tick() const { return static_cast<Tick>(bits_); }
  unsigned thread() const { return static_cast<std::uint16_t>(bits_ >> 32); }
  What what() const { return static_cast<What>(bits_ >> 48); }
  bool is(unsigned thread, What what) const { return bits_ >> 32 == (thread | static_cast<std::uint64_t>(what) << 16); }

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

/// The last accesses to each of many cells, which are words or bytes.
class History {
 public:
  void cover(std::size_t cells);
  Write& write(std::size_t cell) const { return writes_[cell]; }
  Read& read(std::size_t cell) const { return reads_[cell]; }
  OtherReaders& others(std::size_t cell) const { return others_[cell]; }
  /// Forgets those of the cells [first, last) where they fill pages, and gives these back.
  void forget(std::size_t first, std::size_t last);

 private:
  // Apart, since most memory is only read, or written once and read by one thread.
  Write* writes_ = nullptr;
  Read* reads_ = nullptr;
  OtherReaders* others_ = nullptr;
};

/// One cell of a history.
struct Cell {
  const History& history;
  std::size_t index;

  Write& write() const { return history.write(index); }
  Read& read() const { return history.read(index); }
  OtherReaders& others() const { return history.others(index); }
};

/// A range of memory with its shadow.
class Shadow {
 public:
  static constexpr std::size_t grain = 4;
  static constexpr unsigned whole = (1u << grain) - 1;  // all bytes of a word

  void cover(void* base, std::size_t bytes);
  std::uintptr_t base() const { return base_; }
  std::size_t bytes() const { return bytes_; }
  bool holds(std::uintptr_t address) const { return address - base_ < bytes_; }

  /// Bits 0 to 3: which bytes of the word belong to an object; 4 to 7: which have been written.
  std::uint8_t& state(std::size_t word) { return states_[word]; }

  Cell of_word(std::size_t word) const { return {words_, word}; }
  Cell of_byte(std::size_t word, unsigned byte) const { return {each_byte_, word * grain + byte}; }
  std::uintptr_t address_of(const Cell& cell) const {
    return base_ + cell.index * (&cell.history == &words_ ? grain : 1);
  }
  /// Whether the word's cell says nothing, since its bytes have cells of their own.
  bool is_split(std::size_t word) const { return words_.write(word).what() == Kind::split; }
  /// From here on they have, and begin with what the word's cell says.
  void split(std::size_t word);
  /// From here on the word has one cell again, in which there is nothing.
  void join(std::size_t word);
  /// The same if earlier accesses to it do not matter any more.
  void join_if_settled(std::size_t word);
  /// f(cell) for the cells that hold these bytes of the word.
  template <class F>
  void for_cells(std::size_t word, unsigned bytes, const F& f) const {
    if (!is_split(word)) return f(of_word(word));
    for (unsigned byte = 0; byte < grain; ++byte) {
      if (bytes >> byte & 1) f(of_byte(word, byte));
    }
  }

  /// The end of what earlier accesses do not matter for: the launches, or for shared memory the blocks, before this one.
  Tick settled = 0;

  /// Sets what is known about the bytes of a range: no object's, one's, or one's that have been written.
  enum class Bytes : std::uint8_t { none = 0, unwritten = 0x0f, written = 0xff };
  void set(std::uintptr_t address, std::size_t count, Bytes what);
  /// Forgets the accesses to a range, and gives their memory back.
  void forget(std::uintptr_t address, std::size_t count);

 private:
  std::uintptr_t base_ = 0;
  std::size_t bytes_ = 0;
  std::uint8_t* states_ = nullptr;
  History words_, each_byte_;
};

}  // namespace simt::detail::checker
