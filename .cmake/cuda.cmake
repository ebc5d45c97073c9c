# The CUDA toolkit, where WENGERT_CUDA asks for it.
#
# Architectures are listed, not found, so that a build does not depend on the machine that it is made on: Ampere (and Ada,
# which runs Ampere's code), Hopper, and code from which the driver makes that of newer devices.
option(WENGERT_CUDA "Build the kernels for GPUs, which takes the CUDA toolkit" OFF)
if(NOT WENGERT_CUDA)
  return()
endif()
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

# What every target with .cu files for nvcc is compiled with. What ptxas says is kept beside the objects: ptxas_log.sh.
set(cuda_launcher ${PROJECT_SOURCE_DIR}/.cmake/ptxas_log.sh ${CMAKE_CUDA_COMPILER_LAUNCHER})
function(wengert_cuda_options target)
  set_target_properties(${target} PROPERTIES
    CUDA_STANDARD 20 CUDA_STANDARD_REQUIRED ON CUDA_EXTENSIONS OFF CUDA_VISIBILITY_PRESET hidden CUDA_RUNTIME_LIBRARY Static
    CUDA_COMPILER_LAUNCHER "${cuda_launcher}")
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/kernels/simt/umbrella)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:${for_architectures}
    --expt-relaxed-constexpr
    -lineinfo
    -fmad=false # what is to be fused says fmaf
    -Xptxas=-v,-warn-spills
    $<$<BOOL:${WENGERT_WERROR}>:SHELL:-Werror all-warnings>>)
endfunction()
