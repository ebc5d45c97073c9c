// expect: TMA is not emulated
#include <simt.hpp>

#ifdef FIXED
__global__ void kernel(const float*) {}
#else
__global__ void kernel(const __grid_constant__ CUtensorMap) {}
#endif
