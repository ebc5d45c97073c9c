#include "kernels/devices/devices.hpp"

#include "kernels/base/error.hpp"
#include "kernels/devices/backend.hpp"

namespace wengert {

std::string why_unavailable(Device device) {
  if (device.type == Device::Type::cpu) return {};
  try {
    kernels::detail::open(device);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

bool is_available(Device device) { return why_unavailable(device).empty(); }

void require_available(Device device) {
  if (device.type != Device::Type::cpu) kernels::backend(device);
}

void set_products(Device device, Products by) {
  if (by == Products::cublas && device.type != Device::Type::cuda)
    fail("device ", device, " has no cuBLAS: only the device cuda has it");
  if (device.type != Device::Type::cpu) return kernels::backend(device).use(by);
  if (by != Products::own) fail("device cpu has no tensor cores: its products are its own, in float32 or float64");
}

}  // namespace wengert
