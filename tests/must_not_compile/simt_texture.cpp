// expect: textures are not emulated
#include <simt.hpp>

#ifdef FIXED
__global__ void kernel(const float* image, float* out) { *out = image[2]; }
#else
__global__ void kernel(cudaTextureObject_t image, float* out) { *out = tex1Dfetch<float>(image, 2); }
#endif
