// Found before CUDA's own header, where that is installed.
#error "simt: a kernel file for the simulator includes simt.hpp alone, and no header of CUDA."
