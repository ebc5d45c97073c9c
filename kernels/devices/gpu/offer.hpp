// A .cu file offers its kernels under the names of the CPU's kernels whose places they take:
//
//   const Offer offered{take_place<&kernels::linear<float>, &linear>(), ...};
//
// The two have one signature, and one contract: the header of the CPU's.
#pragma once

#include <simt.hpp>
#include "kernels/base/error.hpp"
#include "kernels/base/named_kernel.hpp"
#include "kernels/gpu/stream.hpp"

namespace wengert::kernels::gpu {

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
NamedKernel take_place() {
  return {kernel_name<Kernel>(), reinterpret_cast<AnyKernel>(&InPlace<Own>::run)};
}

using Offer = kernels::Offer<GpuStream>;

}  // namespace wengert::kernels::gpu
