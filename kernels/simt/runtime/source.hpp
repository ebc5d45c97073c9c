// A place in the source.
#pragma once

#include <cstring>
#include <string>

namespace simt::detail {

struct Source {
  const char* file = nullptr;
  int line = 0;

  friend bool operator==(Source a, Source b) {
    return a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
  }
};

/// "tile.cu:42": the file without its folders.
std::string to_string(Source source);

}  // namespace simt::detail
