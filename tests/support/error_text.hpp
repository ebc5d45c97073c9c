// What an action's error says.
#pragma once

#include <string>

#include "kernels/base/error.hpp"

namespace wengert::testing {

/// The text of the wengert::Error that the action throws; "no error" if it throws none.
template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// Whether the action fails with a text that holds all the given parts.
template <class Action, class... Parts>
bool fails_with(const Action& action, const Parts&... parts) {
  const std::string text = error_of(action);
  return ((text.find(parts) != std::string::npos) && ...);
}

}  // namespace wengert::testing
