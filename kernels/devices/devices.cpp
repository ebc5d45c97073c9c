#include "kernels/devices/devices.hpp"

#include "kernels/devices/registry.hpp"

namespace wengert {

std::string why_unavailable(Device device) {
  try {
    kernels::detail::open(device);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

bool is_available(Device device) { return why_unavailable(device).empty(); }

void require_available(Device device) { kernels::backend(device); }

void set_products(Device device, Products by) { kernels::backend(device).use(by); }

}  // namespace wengert
