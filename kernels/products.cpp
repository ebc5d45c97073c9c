#include "kernels/products.hpp"

#include "kernels/backend.hpp"
#include "kernels/error.hpp"

namespace wengert {

Products parse_products(std::string_view name) {
  if (name == "own") return Products::own;
  if (name == "tf32") return Products::tf32;
  if (name == "3xtf32") return Products::three_tf32;
  if (name == "cublas") return Products::cublas;
  fail("unknown products '", name, "': there are own, tf32, 3xtf32 and cublas");
}

void set_products(Device device, Products by) {
  if (by == Products::cublas && device.type != Device::Type::cuda)
    fail("device ", device, " has no cuBLAS: only the device cuda has it");
  if (device.type != Device::Type::cpu) return kernels::backend(device).use(by);
  if (by != Products::own) fail("device cpu has no tensor cores: its products are its own, in float32 or float64");
}

}  // namespace wengert
