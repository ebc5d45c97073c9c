// Found before CUDA's own header, where that is installed.
#error "simt: cooperative groups are not emulated. Use __syncthreads, __syncwarp and the _sync functions."
