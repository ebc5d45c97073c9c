#!/usr/bin/env bash
# Configures and builds as on a system that has none of the dependencies' packages: their sources stand in for the
# downloads, made from the headers of the installed packages. Google Benchmark is left out, since its package has no
# sources; fmt is taken header-only.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

copy() { mkdir -p "$work/$2" && cp -rL "$1" "$work/$2/"; }
copy /usr/include/eigen3/Eigen eigen3
copy /usr/include/nlohmann json/single_include
copy /usr/include/CLI cli11/include
copy /usr/include/doctest doctest
copy /usr/include/fmt fmt/include
cat >"$work/fmt/CMakeLists.txt" <<'TEXT'
add_library(fmt INTERFACE)
add_library(fmt::fmt ALIAS fmt)
target_include_directories(fmt INTERFACE include)
target_compile_definitions(fmt INTERFACE FMT_HEADER_ONLY=1)
TEXT

hidden=()
for package in Eigen3 nlohmann_json CLI11 doctest fmt; do hidden+=(-D "CMAKE_DISABLE_FIND_PACKAGE_$package=ON"); done
# No optimisation: this is about what is found, not about what is computed. And no precompiled headers, so that a file which
# forgets an #include does not compile.
cmake -S "$root" -B "$work/build" -G Ninja -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_FLAGS_DEBUG=-O0 \
  -D WENGERT_BUILD_BENCH=OFF -D CMAKE_DISABLE_PRECOMPILE_HEADERS=ON -D FETCHCONTENT_FULLY_DISCONNECTED=ON "${hidden[@]}" \
  -D FETCHCONTENT_SOURCE_DIR_EIGEN3="$work/eigen3" -D FETCHCONTENT_SOURCE_DIR_NLOHMANN_JSON="$work/json" \
  -D FETCHCONTENT_SOURCE_DIR_CLI11="$work/cli11" -D FETCHCONTENT_SOURCE_DIR_DOCTEST="$work/doctest" \
  -D FETCHCONTENT_SOURCE_DIR_FMT="$work/fmt"
cmake --build "$work/build" --target scalar_graph two_blobs mnist tests/support/all
"$work/build/bin/scalar_graph"
if grep -E '^(Eigen3|fmt|CLI11|doctest|nlohmann_json)_DIR:PATH=/' "$work/build/CMakeCache.txt"; then
  echo "these came from the system's packages all the same" && exit 1
fi
