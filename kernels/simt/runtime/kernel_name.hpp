// What a kernel is called in messages.
#pragma once

#include <string_view>

namespace simt::detail {

/// Its bare name. Not every compiler tells the arguments of a template, and messages should not depend on which it was.
template <auto kernel>
constexpr std::string_view kernel_name() {
  std::string_view name = __PRETTY_FUNCTION__;
  name.remove_prefix(name.find("kernel = ") + 9);
  name = name.substr(0, name.find_first_of("<;]"));
  return name.substr(name.find_last_of(":&") + 1);  // npos + 1 is 0
}

}  // namespace simt::detail
