// The one place where threads begin.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

#include "kernels/base/faults.hpp"

namespace wengert {

/// A thread that runs `work`. Error: std::system_error where the system starts none.
template <class Work>
std::thread start_thread(Work&& work) {
  if (faults::refused(faults::Kind::thread)) {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  }
  return std::thread(std::forward<Work>(work));
}

}  // namespace wengert
