#include "kernels/devices/registry.hpp"

#include <cxxabi.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>

#include "kernels/base/error.hpp"
#include "kernels/devices/cpu/backend.hpp"
#include "kernels/devices/library.hpp"
#include "kernels/devices/names.hpp"

namespace wengert::kernels {

Backend& detail::open(Device device) {
  using OfOneType = std::array<std::atomic<Backend*>, 256>;  // Device::index has 8 bits
  static constinit std::array<OfOneType, most_device_types> all{};
  std::atomic<Backend*>& known = all.at(static_cast<std::size_t>(device.type))[device.index];
  Backend* found = known.load(std::memory_order_acquire);
  if (!found) {
    const library::Open open_it = is_cpu(device) ? cpu::backend : library::open(device);
    known.store(found = open_it(device), std::memory_order_release);
  }
  return *found;
}

Backend& backend(Device device) {
  try {
    return detail::open(device);
  } catch (const std::exception& error) {
    fail("device ", device, " is not available: ", error.what());
  }
}

AnyKernel detail::find_kernel(Device device, const char* name) {
  if (const AnyKernel found = backend(device).find(name)) return found;
  fail("device ", device, " has no kernel ", readable(name),
       ": devices other than the CPU compute in float32; convert with .to(DType::f32), or use the CPU");
}

// Of "wengert::kernels::KernelName<&(void wengert::kernels::unary<wengert::kernels::Relu, float>(...))>" the part that a
// reader knows: "unary<Relu, float>".
std::string detail::readable(const char* kernel_name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> all(abi::__cxa_demangle(kernel_name, nullptr, nullptr, &status),
                                                   std::free);
  std::string text = all ? all.get() : kernel_name;
  if (const std::size_t name = text.find("&("); name != std::string::npos) text.erase(0, name + 2);
  const std::string space = "wengert::kernels::";
  for (std::size_t at = text.find(space); at != std::string::npos; at = text.find(space)) text.erase(at, space.size());
  if (text.starts_with("void ")) text.erase(0, 5);
  return text.substr(0, text.find('('));
}

}  // namespace wengert::kernels
