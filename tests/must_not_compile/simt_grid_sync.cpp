// expect: synchronisation of the whole grid is not emulated
#include <simt.hpp>

__global__ void kernel() {
#ifdef FIXED
  __syncthreads();
#else
  cooperative_groups::this_grid().sync();
#endif
}
