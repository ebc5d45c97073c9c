// All that a kernel file includes.
#pragma once

#ifdef __CUDACC__
#include "kernels/simt/cuda/layer.hpp"
#else
#include "kernels/simt/array.hpp"
#include "kernels/simt/async_copy.hpp"
#include "kernels/simt/atomics.hpp"
#include "kernels/simt/barrier.hpp"
#include "kernels/simt/bfloat16.hpp"
#include "kernels/simt/bfloat16_arithmetic.hpp"
#include "kernels/simt/bits.hpp"
#include "kernels/simt/error.hpp"
#include "kernels/simt/index.hpp"
#include "kernels/simt/intrinsics.hpp"
#include "kernels/simt/launch.hpp"
#include "kernels/simt/math.hpp"
#include "kernels/simt/memory.hpp"
#include "kernels/simt/options.hpp"
#include "kernels/simt/shared.hpp"
#include "kernels/simt/tensor_core.hpp"
#include "kernels/simt/types.hpp"
#include "kernels/simt/unavailable.hpp"
#include "kernels/simt/warp.hpp"
#endif
