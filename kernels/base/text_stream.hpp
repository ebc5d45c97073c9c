// Text that is built by <<, or taken apart by >>.
#pragma once

#include <sstream>
#include <string>

namespace wengert {

/// A std::ostringstream that throws std::bad_alloc where there is no memory for the text. The standard one drops the rest
/// of the text and says nothing.
class TextStream : public std::ostringstream {
 public:
  TextStream() { exceptions(std::ios::badbit); }
};

/// Likewise a std::istringstream, which would end as if the text did.
class TextReader : public std::istringstream {
 public:
  explicit TextReader(const std::string& text) : std::istringstream(text) { exceptions(std::ios::badbit); }
};

}  // namespace wengert
