#!/usr/bin/env bash
# headers.sh PREFIX CXX: an installed tree has the public headers with what they include, and no others, and each compiles
# alone.
set -euo pipefail
cd "$1/include/wengert"
public=(wengert.hpp simt.hpp autograd/{launch,record,observer}.hpp kernels/ops/*/*.hpp nn/data/*.hpp)
compile=("$2" -std=c++20 -I.)

needed=$(for header in "${public[@]}"; do echo "#include \"$header\""; done | "${compile[@]}" -x c++ -MM - | tr -s ' \\' '\n' |
  grep '\.hpp$' | sort -u)
there=$(find . -name '*.hpp' -not -path './kernels/simt/cuda/*' -printf '%P\n' | sort) # those are for nvcc
diff <(echo "$needed") <(echo "$there") || { echo "failed: < is included and not installed, > is installed for nobody"; exit 1; }
echo "$there" | xargs -P "$(nproc)" -I '{}' "${compile[@]}" -x c++ -fsyntax-only -include '{}' /dev/null
echo "$(echo "$there" | wc -l) headers, and each compiles alone"
