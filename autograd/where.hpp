// A place in the user's source. (clang 14 has no std::source_location.)
#pragma once

namespace wengert {

struct Where {
  const char* file = "";
  int line = 0;
};

}  // namespace wengert
