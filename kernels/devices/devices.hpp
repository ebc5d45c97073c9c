// What a program asks of a device: whether it is there, and who computes its products.
#pragma once

#include <string>

#include "kernels/base/device.hpp"
#include "kernels/base/products.hpp"

namespace wengert {

/// Whether tensors can be made on the device in this build and on this machine.
bool is_available(Device);

/// Why is_available is false, and what to do; empty where it is true.
std::string why_unavailable(Device);

/// Throws Error with that reason. Nothing ever falls back silently.
void require_available(Device);

/// Products issued to the device from now on, own before the first call. A captured step keeps on `cuda` what it was
/// captured with. Error: the CPU has no other than its own, only the device cuda has cuBLAS, there is none to load.
void set_products(Device, Products);

}  // namespace wengert
