// The words of CUDA C++ that a C++ compiler does not know, and the built-in variables.
#pragma once

#include "kernels/simt/types.hpp"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __grid_constant__

// Of the CUDA thread that this thread of the operating system runs at the moment; zeros outside of kernels.
inline constinit thread_local uint3 threadIdx{0, 0, 0};
inline constinit thread_local uint3 blockIdx{0, 0, 0};
inline constinit thread_local dim3 blockDim{0, 0, 0};
inline constinit thread_local dim3 gridDim{0, 0, 0};
inline constexpr int warpSize = 32;
