// expect: not emulated. Use __syncthreads, __syncwarp
#include <simt.hpp>

#ifndef FIXED
#include <cooperative_groups.h>
#endif
