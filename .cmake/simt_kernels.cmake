# simt_kernels(TARGET files...)
#
# Adds .cu files to a target that links wengert::simt or wengert::simt_checked. The host's C++ compiler compiles them,
# which knows neither the ending nor CUDA's #pragma unroll, so that CUDA need not be there.
function(simt_kernels target)
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file)
    target_sources(${target} PRIVATE ${file})
    set_source_files_properties(${file} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-x;c++;-Wno-unknown-pragmas")
  endforeach()
endfunction()
