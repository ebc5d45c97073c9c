// The libraries of devices: finding and loading them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernels/devices/backend.hpp"

namespace wengert::kernels::library {

/// Whether there is a library for a device of that name.
bool exists(std::string_view name);

/// Every name for which there is one, sorted.
std::vector<std::string> names();

/// The function that a library exports: see backend.hpp.
using Open = Backend* (*)(Device);

/// Loads the library of the device. Error: there is none, or it cannot be loaded; the reason, and what to do.
Open open(Device);

}  // namespace wengert::kernels::library
