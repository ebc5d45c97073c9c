// Kernels by name: a device's library is asked for its kernel in place of one of the CPU's.
#pragma once

#include <initializer_list>
#include <string_view>
#include <typeinfo>
#include <vector>

namespace wengert::kernels {

using AnyKernel = void (*)();

template <auto Kernel>
struct KernelName {};
/// The kernel's name, the same in every library.
template <auto Kernel>
const char* kernel_name() {
  return typeid(KernelName<Kernel>).name();
}

struct NamedKernel {
  const char* name;
  AnyKernel kernel;
};

/// The kernels that a program, or a library, has for devices of one kind. Each source has an Offer with its own, at
/// namespace scope.
template <class Kind>
class Offer {
 public:
  Offer(std::initializer_list<NamedKernel> kernels) { all().insert(all().end(), kernels); }

  /// Null if no source offers one of that name.
  static AnyKernel find(std::string_view name) {
    for (const NamedKernel& offered : all()) {
      if (offered.name == name) return offered.kernel;
    }
    return nullptr;
  }

 private:
  static std::vector<NamedKernel>& all() {
    static std::vector<NamedKernel> kernels;
    return kernels;
  }
};

}  // namespace wengert::kernels
