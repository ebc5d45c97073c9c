#include "kernels/devices/library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "kernels/base/error.hpp"
#include "kernels/devices/names.hpp"

namespace wengert::kernels::library {
namespace {

constexpr std::string_view prefix = "libwengert_", suffix = ".so";

std::string file_name(std::string_view library) { return std::string(prefix).append(library).append(suffix); }

// Those that WENGERT_DEVICES names, separated by colons; otherwise the build tree's, the place of installation, and one
// beside the program.
std::vector<std::filesystem::path> folders() {
  std::vector<std::filesystem::path> all;
  if (const char* const chosen = std::getenv("WENGERT_DEVICES"); chosen && *chosen) {
    std::string_view rest = chosen;
    while (!rest.empty()) {
      const std::string_view folder = rest.substr(0, rest.find(':'));
      if (!folder.empty()) all.emplace_back(folder);
      rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    }
    return all;
  }
  all = {WENGERT_BUILT_DEVICES, WENGERT_INSTALLED_DEVICES};
  std::error_code none;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", none);
  if (!program.empty()) all.push_back(program.parent_path().parent_path() / "lib" / "wengert");
  return all;
}

// Empty if there is none.
std::filesystem::path file_of(std::string_view library) {
  for (const std::filesystem::path& folder : folders()) {
    std::filesystem::path file = folder / file_name(library);
    if (std::error_code none; std::filesystem::is_regular_file(file, none)) return file;
  }
  return {};
}

// Others stand for something else: libwengert_simt_checked.so.
bool is_name(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && std::ranges::all_of(text, allowed);
}

// Under SIMT_CHECKED=1 the simulator's checker watches the kernels: slower, and it finds races, uninitialised reads and
// accesses out of bounds.
std::string library_of(Device device) {
  const char* const checked = std::getenv("SIMT_CHECKED");
  const bool with_checker = device.type == Device::Type::simt && checked && *checked && *checked != '0';
  return std::string(name_of(device.type)) + (with_checker ? "_checked" : "");
}

}  // namespace

bool exists(std::string_view name) { return is_name(name) && !file_of(name).empty(); }

std::vector<std::string> names() {
  std::set<std::string> found;
  for (const std::filesystem::path& folder : folders()) {
    std::error_code none;
    const std::filesystem::directory_iterator end;
    for (std::filesystem::directory_iterator entry(folder, none); entry != end; entry.increment(none)) {
      const std::string file = entry->path().filename().string();
      if (!file.starts_with(prefix) || !file.ends_with(suffix)) continue;
      const std::string name = file.substr(prefix.size(), file.size() - prefix.size() - suffix.size());
      if (is_name(name)) found.insert(name);
    }
  }
  return {found.begin(), found.end()};
}

Open open(Device device) {
  const std::string name = library_of(device);
  const std::filesystem::path file = file_of(name);
  if (file.empty()) {
    fail(
        "its kernels are not built: ",
        device.type == Device::Type::cuda
            ? "that takes the CUDA toolkit and the CMake option WENGERT_CUDA (which ./run sets); use --device simt, or "
              "--device cpu"
            : "build the CMake target wengert_device_" + name + ", or use --device cpu",
        " (looked for ", file_name(name), " in ", folders().front().string(), ")");
  }
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) fail(dlerror());
  if (void* const found = dlsym(library, "wengert_backend")) return reinterpret_cast<Open>(found);
  fail(file.string(), " is no library of a device");
}

}  // namespace wengert::kernels::library
