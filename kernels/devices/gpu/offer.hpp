// A .cu file offers its kernels under the names of the CPU's kernels whose places they take:
//
//   const Offer offered{take_place<&kernels::linear<float>, &linear>(), ...};
//
// The two have one signature, and one contract: the header of the CPU's.
#pragma once

#include <initializer_list>
#include <vector>

#include <simt.hpp>
#include "kernels/base/error.hpp"
#include "kernels/devices/backend.hpp"

namespace wengert::kernels::gpu {

struct Offered {
  const char* name;
  AnyKernel kernel;
};

/// The kernel with the engine's exceptions in place of those of the layer that it is written for.
template <auto Own>
struct InPlace;
template <class... Parameters, void (*Own)(Stream&, Parameters...)>
struct InPlace<Own> {
  static void run(Stream& stream, Parameters... values) try {
    Own(stream, values...);
  } catch (const simt::Error& error) {
    fail(error.what());
  }
};

template <auto Kernel, decltype(Kernel) Own>
Offered take_place() {
  return {kernel_name<Kernel>(), reinterpret_cast<AnyKernel>(&InPlace<Own>::run)};
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
