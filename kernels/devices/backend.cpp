#include "kernels/devices/backend.hpp"

#include <cxxabi.h>
#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "kernels/base/error.hpp"

namespace wengert {
namespace {

// Under SIMT_CHECKED=1 the simulator's checker watches the kernels: slower, and it finds races, uninitialised reads and
// accesses out of bounds.
std::string library_of(Device device) {
  if (device.type == Device::Type::cuda) return "cuda";
  const char* const checked = std::getenv("SIMT_CHECKED");
  return checked && *checked && *checked != '0' ? "simt_checked" : "simt";
}

// Where a device's library may be: where WENGERT_DEVICES says, in the build tree, in the place of installation, beside the
// program.
std::vector<std::filesystem::path> folders() {
  std::vector<std::filesystem::path> all;
  if (const char* const chosen = std::getenv("WENGERT_DEVICES"); chosen && *chosen) return {chosen};
  all.emplace_back(WENGERT_BUILT_DEVICES);
  all.emplace_back(WENGERT_INSTALLED_DEVICES);
  std::error_code none;
  all.push_back(std::filesystem::read_symlink("/proc/self/exe", none).parent_path().parent_path() / "lib" / "wengert");
  return all;
}

using Open = kernels::Backend* (*)(Device);

Open open_library(Device device) {
  const std::string built_for = library_of(device), name = "libwengert_" + built_for + ".so";
  for (const std::filesystem::path& folder : folders()) {
    const std::filesystem::path file = folder / name;
    if (std::error_code none; !std::filesystem::exists(file, none)) continue;
    void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) fail(dlerror());
    if (void* const found = dlsym(library, "wengert_backend")) return reinterpret_cast<Open>(found);
    fail(file.string(), " is no library of a device");
  }
  fail("its kernels are not built: ",
       device.type == Device::Type::cuda
           ? "that takes the CUDA toolkit and the CMake option WENGERT_CUDA (which ./run sets); use --device simt, or "
             "--device cpu"
           : "build the CMake target wengert_device_" + built_for + ", or use --device cpu",
       " (looked for ", name, " in ", folders().front().string(), ")");
}

}  // namespace

namespace kernels {

Backend& detail::open(Device device) {
  static constinit std::array<std::atomic<Backend*>, 256> simt{}, cuda{};
  if (device.type == Device::Type::cpu) fail("the CPU has no library of its own");
  std::atomic<Backend*>& known = (device.type == Device::Type::simt ? simt : cuda)[device.index];
  Backend* found = known.load(std::memory_order_acquire);
  if (!found) known.store(found = open_library(device)(device), std::memory_order_release);
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

}  // namespace kernels
}  // namespace wengert
