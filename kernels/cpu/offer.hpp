// A source of the CPU's kernels ends with the list of them, which instantiates them and offers them by name:
//
//   template <class T>
//   struct SoftmaxKernels {
//     static inline const cpu::Offer<&softmax<T>, &softmax_backward<T>> offer;
//   };
//   template struct SoftmaxKernels<float>;
//   template struct SoftmaxKernels<double>;
#pragma once

#include "kernels/base/named_kernel.hpp"

namespace wengert::kernels::cpu {

struct Cpu;

template <auto... Kernels>
class Offer : public kernels::Offer<Cpu> {
 public:
  Offer() : kernels::Offer<Cpu>{{kernel_name<Kernels>(), reinterpret_cast<AnyKernel>(Kernels)}...} {}
};

}  // namespace wengert::kernels::cpu
