// Devices' names. Those of Device::Type have fixed numbers, and further ones get the next when they are first named.
#pragma once

#include <cstddef>
#include <string_view>

#include "kernels/base/device.hpp"

namespace wengert::kernels {

/// How many types of devices one process can name.
inline constexpr std::size_t most_device_types = 8;

/// "cuda", for one.
std::string_view name_of(Device::Type);

}  // namespace wengert::kernels
