#include "kernels/simt/checker/shadow.hpp"

#include <algorithm>
#include <cstring>

#include "kernels/simt/checker/lines.hpp"

namespace simt::detail::checker {

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

void Shadow::forget(std::uintptr_t address, std::size_t count) {
  constexpr std::uintptr_t page = 4096;
  const auto words = reinterpret_cast<std::uintptr_t>(words_);
  const std::uintptr_t first = (address - base_ + grain - 1) / grain, last = (address - base_ + count) / grain;
  const std::uintptr_t begin = (words + first * sizeof(Word) + page - 1) / page * page;
  const std::uintptr_t end = (words + last * sizeof(Word)) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace simt::detail::checker
