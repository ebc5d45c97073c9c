// A .cu file offers its kernels under the names of the CPU's kernels whose places they take:
//
//   const Offer offered{take_place<&kernels::linear<float>, &linear>(), ...};
//
// The two have one signature, and one contract: the header of the CPU's.
#pragma once

#include <initializer_list>
#include <vector>

#include "kernels/backend.hpp"

namespace wengert::kernels::gpu {

struct Offered {
  const char* name;
  AnyKernel kernel;
};

template <auto Kernel, decltype(Kernel) Own>
Offered take_place() {
  return {kernel_name<Kernel>(), reinterpret_cast<AnyKernel>(Own)};
}

class Offer {
 public:
  Offer(std::initializer_list<Offered> kernels) { all().insert(all().end(), kernels); }
  static std::vector<Offered>& all() {
    static std::vector<Offered> offers;
    return offers;
  }
};

}  // namespace wengert::kernels::gpu
