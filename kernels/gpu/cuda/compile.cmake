# The kernels for GPUs: libwengert_cuda.so.
#
# Architectures are listed, not found, so that a build does not depend on the machine that it is made on: Ampere (and Ada,
# which runs Ampere's code), Hopper, and code from which the driver makes that of newer devices.
set(WENGERT_CUDA_ARCHITECTURES "sm_80;sm_90a;compute_90" CACHE STRING "What the GPU kernels are compiled for")
set(CMAKE_CUDA_ARCHITECTURES OFF) # CMake 3.25 knows no 90a
set(CMAKE_CUDA_HOST_COMPILER ${CMAKE_CXX_COMPILER})
find_program(CMAKE_CUDA_COMPILER nvcc HINTS /usr/local/cuda/bin REQUIRED)
enable_language(CUDA)
set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20) # nor, before 3.25.2, how nvcc is told of C++20

set(for_architectures "")
foreach(architecture IN LISTS WENGERT_CUDA_ARCHITECTURES)
  string(REGEX REPLACE "^sm_" "compute_" virtual ${architecture})
  list(APPEND for_architectures "SHELL:-gencode arch=${virtual},code=${architecture}")
endforeach()
list(JOIN WENGERT_CUDA_ARCHITECTURES ", " architectures)

wengert_device(cuda stream.cpp cuda/platform.cu ${kernels})
set_target_properties(wengert_device_cuda PROPERTIES
  EXCLUDE_FROM_ALL ON # minutes of nvcc: by name only, or through ./run --device cuda
  CUDA_STANDARD 20 CUDA_STANDARD_REQUIRED ON CUDA_EXTENSIONS OFF CUDA_VISIBILITY_PRESET hidden CUDA_RUNTIME_LIBRARY Static)
target_include_directories(wengert_device_cuda PRIVATE ${PROJECT_SOURCE_DIR}/kernels/simt/umbrella)
target_compile_options(wengert_device_cuda PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:${for_architectures}
  --expt-relaxed-constexpr
  -fmad=false # what is to be fused says fmaf
  -Xptxas=-v,-warn-spills # what it says is kept; see tests/kernels/gpu/registers.py
  $<$<BOOL:${WENGERT_WERROR}>:SHELL:-Werror all-warnings>>)
set_target_properties(wengert_device_cuda PROPERTIES
  CUDA_COMPILER_LAUNCHER "${CMAKE_CURRENT_LIST_DIR}/ptxas_log.sh;${CMAKE_CUDA_COMPILER_LAUNCHER}")
set_property(SOURCE cuda/platform.cu PROPERTY COMPILE_DEFINITIONS WENGERT_CUDA_ARCHITECTURES="${architectures}")
install(TARGETS wengert_device_cuda LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/wengert OPTIONAL)
