// From a device to its backend.
#pragma once

#include <string>

#include "kernels/devices/backend.hpp"

namespace wengert::kernels {

/// Whether host code can touch the device's memory, and its kernels are those that a program links.
constexpr bool is_cpu(Device device) { return device.type == Device::Type::cpu; }

/// Loads the device's library if need be. Error: why the device cannot be used, and what to do.
Backend& backend(Device);

namespace detail {
Backend& open(Device);                            // error: the reason alone
AnyKernel find_kernel(Device, const char* name);  // error: there is none
std::string readable(const char* kernel_name);
}  // namespace detail

}  // namespace wengert::kernels
