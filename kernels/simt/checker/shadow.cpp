#include "kernels/simt/checker/shadow.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "kernels/simt/checker/lines.hpp"

namespace simt::detail::checker {
namespace {

// Zeros, which take room when they are first written.
template <class Record>
Record* reserve(std::size_t count) {
  const std::size_t bytes = count * sizeof(Record);
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  madvise(memory, bytes, MADV_HUGEPAGE);  // much of it is used once, when the time goes to faults
  return static_cast<Record*>(memory);
}

// Is never in order with another access, so that whoever looks for one comes to know.
const Write split_mark(Where(), ~Tick{0}, 0xffff, Kind::split);

}  // namespace

Source Where::source() const {
  const auto line = static_cast<int>(bits_ >> 48);
  const std::uint64_t pointer = bits_ & 0xffffffffffff;
  if (line == 0) return find_line(pointer - 1);  // a return address: the call lies before it
  return {reinterpret_cast<const char*>(pointer), line};
}

void Shadow::set(std::uintptr_t address, std::size_t count, Bytes what) {
  const auto value = static_cast<std::uint8_t>(what);
  std::uintptr_t offset = address - base_;
  const std::uintptr_t end = offset + count;
  const auto partly = [&](std::uintptr_t upto) {  // some bytes of one word
    for (; offset < upto; ++offset) {
      const auto bit = static_cast<std::uint8_t>(0x11u << offset % grain);
      std::uint8_t& state = states_[offset / grain];
      state = static_cast<std::uint8_t>((state & ~bit) | (value & bit));
    }
  };
  partly(std::min((offset + grain - 1) / grain * grain, end));
  const std::size_t words = (end - offset) / grain;
  std::memset(states_ + offset / grain, value, words);
  offset += words * grain;
  partly(end);
}

void Shadow::cover(void* base, std::size_t bytes) {
  base_ = reinterpret_cast<std::uintptr_t>(base);
  bytes_ = bytes;
  states_ = reserve<std::uint8_t>(bytes / grain);
  words_.cover(bytes / grain);
  each_byte_.cover(bytes);
}

void Shadow::split(std::size_t word) {
  const Cell from = of_word(word);
  for (unsigned byte = 0; byte < grain; ++byte) {
    const Cell to = of_byte(word, byte);
    to.write() = from.write();
    to.read() = from.read();
    to.others() = from.others();
  }
  from.write() = split_mark;
}

void Shadow::join(std::size_t word) {
  of_word(word).write() = {};
  of_word(word).read() = {};
}

void Shadow::join_if_settled(std::size_t word) {
  bool is_settled = true;
  for (unsigned byte = 0; byte < grain; ++byte) {
    const Cell cell = of_byte(word, byte);
    is_settled &= cell.write().tick() <= settled && cell.read().tick() <= settled;
  }
  if (is_settled) join(word);
}

void Shadow::forget(std::uintptr_t address, std::size_t count) {
  const std::size_t first = (address - base_ + grain - 1) / grain, last = (address - base_ + count) / grain;
  words_.forget(first, last);
  each_byte_.forget(first * grain, last * grain);
}

void History::cover(std::size_t cells) {
  writes_ = reserve<Write>(cells);
  reads_ = reserve<Read>(cells);
  others_ = reserve<OtherReaders>(cells);
}

void History::forget(std::size_t first, std::size_t last) {
  const auto give_back = [&](auto* records) {
    constexpr std::uintptr_t page = 4096;
    const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(records + first) + page - 1) / page * page;
    const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(records + last) / page * page;
    if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  };
  give_back(writes_);
  give_back(reads_);
  give_back(others_);
}

}  // namespace simt::detail::checker
