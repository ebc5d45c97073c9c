// A place in the source.
#pragma once

#include <string>

namespace simt::detail {

struct Source {
  const char* file = nullptr;
  int line = 0;
};

/// "tile.cu:42": the file without its folders.
std::string to_string(Source source);

}  // namespace simt::detail
