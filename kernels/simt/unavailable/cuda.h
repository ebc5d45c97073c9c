// Found before CUDA's own header, where that is installed.
#error "simt: the driver, and with it TMA, is not emulated. Copy by simt::cp_async."
