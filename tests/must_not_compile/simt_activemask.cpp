// expect: __activemask is not emulated
#include <simt.hpp>

__global__ void kernel(unsigned* out) {
#ifdef FIXED
  out[threadIdx.x] = __ballot_sync(0xffffffff, 1);
#else
  out[threadIdx.x] = __activemask();
#endif
}
