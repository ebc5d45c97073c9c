// A hash that is the same on every machine: http://www.isthe.com/chongo/tech/comp/fnv
#pragma once

#include <cstddef>
#include <cstdint>

namespace wengert {

class Fnv1a {
 public:
  void add(const void* bytes, std::size_t count) {
    const auto* const begin = static_cast<const unsigned char*>(bytes);
    for (const auto* byte = begin; byte != begin + count; ++byte) hash_ = (hash_ ^ *byte) * 0x100000001B3;
  }
  void add(std::int64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {  // lowest byte first, on every machine
      const auto byte = static_cast<unsigned char>(number >> shift);
      add(&byte, 1);
    }
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325;
};

}  // namespace wengert
