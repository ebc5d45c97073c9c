// expect: thread block clusters are not emulated
#include <simt.hpp>

__global__ void kernel() {
#ifdef FIXED
  __syncthreads();
#else
  __cluster_barrier_arrive();
#endif
}
