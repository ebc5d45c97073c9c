// Counts in sentences.
#pragma once

#include <cstdint>
#include <string>

namespace wengert::examples {

/// "1 epoch", "2 epochs".
inline std::string counted(std::int64_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

}  // namespace wengert::examples
