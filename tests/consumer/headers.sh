#!/usr/bin/env bash
# headers.sh PREFIX CXX ROOT: an installed tree has the public headers with what they include, and no others, and each compiles
# alone.
set -euo pipefail
cd "$1/include/wengert"
mapfile -t contracts < <(cd "$3" && printf '%s\n' kernels/ops/*/*.hpp | grep -v '/[cg]pu_')
public=(wengert.hpp simt.hpp autograd/{launch,record,observer,inspect/tape}.hpp nn/data/{batches,dataset,idx,prefetch,synthetic}.hpp
  "${contracts[@]}")
compile=("$2" -std=c++20 -I.)

needed=$(for header in "${public[@]}"; do echo "#include \"$header\""; done | "${compile[@]}" -x c++ -MM - |
  grep -oE '[^ ]+\.hpp' | sort -u)
there=$(find . -name '*.hpp' -not -path './kernels/simt/cuda/*' -printf '%P\n' | sort) # those are for nvcc
diff <(echo "$needed") <(echo "$there") || { echo "failed: < is included and not installed, > is installed for nobody"; exit 1; }
echo "$there" | xargs -P "$(nproc)" -I '{}' "${compile[@]}" -x c++ -fsyntax-only -include '{}' /dev/null
echo "$(echo "$there" | wc -l) headers, and each compiles alone"
