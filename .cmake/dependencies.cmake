# The system's packages where they are, else the versions of Debian 12, pinned by hash. Only what the options need.
#
# The hashes of the GitHub archives were recomputed from the tagged commits (git archive | gzip -cn); Eigen's is the
# one that other projects publish. The downloads themselves are untried: tests/house/fetchcontent.sh runs this file
# through FETCHCONTENT_SOURCE_DIR_<NAME>.
include(FetchContent)

# A header-only dependency needs no build of its own: its SOURCE_SUBDIR does not exist, so that its CMakeLists.txt,
# with its options and tests, is left alone, and the folder that is included becomes the target.
function(wengert_header_only target folder)
  if(NOT TARGET ${target})
    string(REPLACE "::" "_" name ${target})
    add_library(${name} INTERFACE)
    target_include_directories(${name} SYSTEM INTERFACE ${folder})
    add_library(${target} ALIAS ${name})
  endif()
endfunction()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
if(WENGERT_KERNELS_ONLY)
  return()
endif()

# For wengert::data alone; never fetched, since systems come with it. The engine does without.
if(WENGERT_BUILD_EXAMPLES OR WENGERT_BUILD_TESTS)
  find_package(ZLIB REQUIRED)
else()
  find_package(ZLIB)
endif()

FetchContent_Declare(Eigen3
  URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
  URL_HASH SHA256=8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72
  SOURCE_SUBDIR headers-only FIND_PACKAGE_ARGS 3.4)
FetchContent_Declare(nlohmann_json
  URL https://github.com/nlohmann/json/archive/refs/tags/v3.11.2.tar.gz
  URL_HASH SHA256=d69f9deb6a75e2580465c6c4c5111b89c4dc2fa94e3a85fcd2ffcd9a143d9273
  SOURCE_SUBDIR headers-only FIND_PACKAGE_ARGS 3.11)
FetchContent_MakeAvailable(Eigen3 nlohmann_json)
wengert_header_only(Eigen3::Eigen "${eigen3_SOURCE_DIR}")
wengert_header_only(nlohmann_json::nlohmann_json "${nlohmann_json_SOURCE_DIR}/single_include")

if(WENGERT_BUILD_EXAMPLES OR WENGERT_BUILD_TESTS)
  FetchContent_Declare(fmt
    URL https://github.com/fmtlib/fmt/archive/9.1.0.tar.gz
    URL_HASH SHA256=5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2
    SYSTEM FIND_PACKAGE_ARGS 9)
  FetchContent_Declare(CLI11
    URL https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.1.2.tar.gz
    URL_HASH SHA256=26291377e892ba0e5b4972cdfd4a2ab3bf53af8dac1f4ea8fe0d1376b625c8cb
    SOURCE_SUBDIR headers-only FIND_PACKAGE_ARGS 2.1)
  FetchContent_MakeAvailable(fmt CLI11)
  wengert_header_only(CLI11::CLI11 "${cli11_SOURCE_DIR}/include")
endif()

if(WENGERT_BUILD_TESTS)
  FetchContent_Declare(doctest
    URL https://github.com/doctest/doctest/archive/refs/tags/v2.4.9.tar.gz
    URL_HASH SHA256=19b2df757f2f3703a5e63cee553d85596875f06d91a3333acd80a969ef210856
    SOURCE_SUBDIR headers-only FIND_PACKAGE_ARGS 2.4)
  FetchContent_MakeAvailable(doctest)
  wengert_header_only(doctest::doctest "${doctest_SOURCE_DIR}")
endif()

if(WENGERT_BUILD_BENCH)
  set(BENCHMARK_ENABLE_TESTING OFF)
  set(BENCHMARK_ENABLE_INSTALL OFF)
  set(BENCHMARK_ENABLE_WERROR OFF)
  FetchContent_Declare(benchmark
    URL https://github.com/google/benchmark/archive/refs/tags/v1.7.1.tar.gz
    URL_HASH SHA256=6430e4092653380d9dc4ccb45a1e2dc9259d581f4866dc0759713126056bc1d7
    SYSTEM FIND_PACKAGE_ARGS 1.7)
  FetchContent_MakeAvailable(benchmark)
endif()
