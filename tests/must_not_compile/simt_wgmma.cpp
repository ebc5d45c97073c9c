// expect: wgmma.fence
#include <simt.hpp>

__global__ void kernel() {
#ifdef FIXED
  __syncthreads();
#else
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#endif
}
