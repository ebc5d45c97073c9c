#include "kernels/simt/runtime/text.hpp"

#include <string_view>

#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {

std::string to_string(uint3 index) {
  return "(" + std::to_string(index.x) + "," + std::to_string(index.y) + "," + std::to_string(index.z) + ")";
}

std::string hexadecimal(unsigned value) {
  std::string text = "0x00000000";
  for (std::size_t digit = 9; value != 0; --digit, value >>= 4) text[digit] = "0123456789abcdef"[value & 15u];
  return text;
}

std::string to_string(Source source) {
  const std::string_view path = source.file;
  return std::string(path.substr(path.rfind('/') + 1)) + ":" + std::to_string(source.line);
}

std::string to_string(const Place& place) {
  return "kernel " + std::string(place.kernel) + ", block " + to_string(place.block) + ", thread " +
         to_string(place.thread);
}

}  // namespace simt::detail
