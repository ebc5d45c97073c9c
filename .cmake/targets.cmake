# What every target of this project is compiled with, and how a folder becomes a library.

if(WENGERT_SANITIZE)
  # For the whole build, fetched dependencies too: half-instrumented programs report nonsense.
  set(sanitize -fsanitize=${WENGERT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_compile_options(${sanitize})
  add_link_options(${sanitize})
endif()

# Compilers hold back from vectors of 64 bytes, because they slowed the first processors that had them. (One that knows
# no such vectors ignores this.)
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-mprefer-vector-width=512 WENGERT_HAS_VECTOR_WIDTH)
set(native -march=native $<$<BOOL:${WENGERT_HAS_VECTOR_WIDTH}>:-mprefer-vector-width=512>)

function(wengert_compile_options target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:
    -ffp-contract=off # whether a*b+c is fused must not be left to the compiler: results would differ between builds
    -falign-functions=64 # or a small kernel's speed would depend on what is linked before it, by some percent
    -fno-math-errno -fno-trapping-math # nobody reads errno or the floating-point flags; else math would not vectorise
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi
    $<$<BOOL:${WENGERT_NATIVE}>:${native}>
    $<$<BOOL:${WENGERT_WERROR}>:-Werror>
    # clang++ from 17 on reports what libstdc++ 12 itself calls in std::stable_sort.
    $<$<AND:$<CXX_COMPILER_ID:Clang>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,17>>:-Wno-deprecated-declarations>
    # g++ derives these from what it has inlined, and is often wrong about std::string: reported, but no error.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=array-bounds;-Wno-error=stringop-overflow;-Wno-error=restrict>>)
  target_compile_definitions(${target} PRIVATE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
endfunction()

# Parsing the standard library is a third of what an ordinary file costs. The libraries share one precompiled header, which
# wengert_base makes, since all of them have the same options. A file still includes what it uses: .ci/test compiles
# some builds without (CMAKE_DISABLE_PRECOMPILE_HEADERS).
set(standard_headers <algorithm> <array> <charconv> <cmath> <cstdint> <functional> <limits> <map> <memory> <numeric>
  <optional> <set> <span> <sstream> <string> <string_view> <tuple> <utility> <vector>)

# wengert_library(name SOURCES files... [HEADERS files...] [LINK targets...] [PRIVATE_LINK targets...])
#
# Makes the static library wengert_<name>, also called wengert::<name>. Headers are included from the project's root:
# "kernels/base/stream.hpp". HEADERS are the public ones, which are installed: what a user includes, and what that needs.
# PRIVATE_LINK is for header-only dependencies of the .cpp files: an installed wengert
# knows nothing of them. Libraries of this project belong in LINK.
function(wengert_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;LINK;PRIVATE_LINK")
  set(target wengert_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(wengert::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  wengert_compile_options(${target})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/wengert>)
  target_link_libraries(${target} PUBLIC ${arg_LINK})
  if(name STREQUAL "base")
    target_precompile_headers(${target} PRIVATE ${standard_headers})
  else()
    target_precompile_headers(${target} REUSE_FROM wengert_base)
  endif()
  foreach(dependency IN LISTS arg_PRIVATE_LINK)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:${dependency}>)
  endforeach()
  if("Eigen3::Eigen" IN_LIST arg_PRIVATE_LINK)
    # g++ 12 with AVX-512 gives hundreds of false warnings inside Eigen, even as a system header.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  endif()
  install(TARGETS ${target} EXPORT wengert FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wengert)
endfunction()
