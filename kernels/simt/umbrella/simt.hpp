// All that a kernel file includes.
#pragma once

#ifdef __CUDACC__
#include "kernels/simt/cuda/layer.hpp"
#else
#include "kernels/simt/array.hpp"
#include "kernels/simt/barrier.hpp"
#include "kernels/simt/error.hpp"
#include "kernels/simt/index.hpp"
#include "kernels/simt/launch.hpp"
#include "kernels/simt/options.hpp"
#include "kernels/simt/shared.hpp"
#include "kernels/simt/types.hpp"
#include "kernels/simt/warp.hpp"
#endif
