// Devices' names. cpu, simt and cuda have fixed numbers; a further device gets the next number when it is first named.
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
