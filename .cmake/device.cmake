# Where the libraries of devices are built, and looked for. A folder of tests may set another, which the environment variable
# WENGERT_DEVICES then names to programs.
set(WENGERT_DEVICES ${PROJECT_BINARY_DIR}/devices)

# wengert_device(NAME sources or objects... [LINK targets...]): the library libwengert_NAME.so, by the target
# wengert_device_NAME, which programs load when they are asked for the device (kernels/devices/backend.hpp).
function(wengert_device name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  set(target wengert_device_${name})
  add_library(${target} MODULE ${arg_UNPARSED_ARGUMENTS})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME wengert_${name}
    LIBRARY_OUTPUT_DIRECTORY ${WENGERT_DEVICES}
    CXX_VISIBILITY_PRESET hidden)
  wengert_compile_options(${target})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${arg_LINK})
  # It exports wengert_backend alone, and needs no symbol of the program.
  target_link_options(${target} PRIVATE -Wl,--exclude-libs,ALL)
  if(NOT WENGERT_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,--no-undefined)
  endif()
endfunction()
