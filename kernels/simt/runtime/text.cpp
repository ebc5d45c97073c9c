#include "kernels/simt/runtime/text.hpp"

#include <string_view>

#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {

std::string to_string(uint3 index) { return text('(', index.x, ',', index.y, ',', index.z, ')'); }

std::string hexadecimal(unsigned value) {
  std::string digits = "0x00000000";
  for (std::size_t i = digits.size(); value != 0; value >>= 4) digits[--i] = "0123456789abcdef"[value & 15u];
  return digits;
}

std::string to_string(Source source) {
  const std::string_view path = source.file;
  return text(path.substr(path.rfind('/') + 1), ':', source.line);  // npos + 1 is 0
}

std::string to_string(const Place& place) {
  return text("kernel ", place.kernel, ", block ", to_string(place.block), ", thread ", to_string(place.thread));
}

}  // namespace simt::detail
