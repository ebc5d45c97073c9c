// The kernels on offer, for programs that link them without the library around them.
#pragma once

#include <string_view>

#include "kernels/error.hpp"
#include "kernels/gpu/offer.hpp"

namespace wengert::kernels::gpu {

/// The kernel that takes the place of the CPU's. Error: there is none.
template <auto Kernel>
decltype(Kernel) offered() {
  static const AnyKernel found = [] {
    for (const Offered& offered : Offer::all()) {
      if (std::string_view(offered.name) == kernel_name<Kernel>()) return offered.kernel;
    }
    fail("no kernel is on offer for ", kernel_name<Kernel>());
  }();
  return reinterpret_cast<decltype(Kernel)>(found);
}

}  // namespace wengert::kernels::gpu
