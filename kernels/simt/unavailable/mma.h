// Found before CUDA's own header, where that is installed.
#error "simt: nvcuda::wmma is not emulated. Use simt::mma_m16n8k8_tf32 or simt::mma_m16n8k16_bf16."
