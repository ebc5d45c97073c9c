# The kernels for real GPUs: libwengert_cuda.so.
#
# Architectures are listed, not found, so that a build does not depend on the machine it is made on: Ampere, Hopper with
# what is its alone, and PTX that newer devices compile for themselves.
if(NOT CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 80-real 90a-real 90-virtual)
endif()
set(CMAKE_CUDA_HOST_COMPILER ${CMAKE_CXX_COMPILER})
enable_language(CUDA)
find_package(CUDAToolkit REQUIRED)

wengert_device(cuda)
target_sources(wengert_cuda PRIVATE cuda/platform.cu ${kernels})
list(JOIN CMAKE_CUDA_ARCHITECTURES ", sm_" architectures)
