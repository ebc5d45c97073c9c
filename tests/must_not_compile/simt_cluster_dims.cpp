// expect: thread block clusters are not emulated
#include <simt.hpp>

#ifdef FIXED
__global__ void kernel(int* out) { out[threadIdx.x] = 1; }
#else
__global__ void __cluster_dims__(2, 1, 1) kernel(int* out) { out[threadIdx.x] = 1; }
#endif
