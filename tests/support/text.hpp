// What a text holds.
#pragma once

#include <cstddef>
#include <string>

namespace wengert::testing {

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// How often, without overlaps.
inline std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

}  // namespace wengert::testing
