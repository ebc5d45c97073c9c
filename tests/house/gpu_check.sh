#!/usr/bin/env bash
# gpu_check.sh CMAKE CXX: bench/gpu_check.sh with programs of the test's own in the place of those for a GPU; and that the kernels
# are configured where no package is there.
set -euo pipefail
cmake=$1 compiler=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
command -v python3 >/dev/null || { echo "[skipped] no python3 here"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check=$root/bench/gpu_check.sh

seconds=$("$check" list | awk '{ sum += $3 } END { print sum }')
((seconds <= 540)) || { echo "the parts may take $seconds s in all"; exit 1; }
code=0
"$check" run-tests --out "$work/out" 2>/dev/null || code=$?
((code == 2)) || { echo "a part that there is not gives the exit code $code"; exit 1; }

mkdir -p "$work/build/bench/gpu"
echo "a package is not there" >"$work/build/no_engine"
program() { printf '#!/bin/sh\n%s\n' "$2" >"$work/build/bench/gpu/gpu_$1"; chmod +x "$work/build/bench/gpu/gpu_$1"; }
program test "echo '{\"checks\": 3, \"failures\": []}' >\$1; printf 'a \"quoted\" \\\\ line\\n3 checks, 0 failed\\n'"
program stress 'exit 3'
program time "echo '{\"results\": []}' >\$1"
code=0
"$check" run-test stress run-time kernels --out "$work/out" --build "$work/build" 2>"$work/said" || code=$?
((code == 1)) || { echo "a part that fails gives the exit code $code"; cat "$work/said"; exit 1; }
python3 - "$work/out" <<'END'
import json, pathlib, sys
stages = {file.stem: json.loads(file.read_text()) for file in pathlib.Path(sys.argv[1]).glob("*.json")}
assert set(stages) == {"test", "stress", "bench"}, set(stages)
test, stress, bench = stages["test"], stages["stress"], stages["bench"]
assert all(stage["date"] and stage["commit"] for stage in stages.values())
assert test["run-test"]["exit"] == 0 and test["checks"]["checks"] == 3, test
assert test["run-test"]["end"] == 'a "quoted" \\ line\n3 checks, 0 failed', test
assert test["kernels"] == {"skipped": "a package is not there"}, test
assert stress["run-stress"]["exit"] == 3 and "repeats" not in stress, stress
assert bench["run-time"]["exit"] == 0 and bench["time"] == {"results": []} and "clocks_under_load" in bench, bench
END

without=()
for package in Eigen3 nlohmann_json fmt CLI11 doctest ZLIB benchmark; do without+=(-D "CMAKE_DISABLE_FIND_PACKAGE_$package=ON"); done
"$cmake" -S "$root" -B "$work/kernels" -D CMAKE_CXX_COMPILER="$compiler" -D WENGERT_KERNELS_ONLY=ON -D FETCHCONTENT_FULLY_DISCONNECTED=ON \
  "${without[@]}" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
including=$(grep -lrE '#include <(Eigen|nlohmann|fmt|CLI|doctest|zlib)' "$root/kernels" "$root/bench/gpu" || true)
[[ $including == "$root/kernels/ops/matmul/cpu_product.cpp" ]] || { echo "these include a package: $including"; exit 1; }
"$compiler" -std=c++20 -DWENGERT_KERNELS_ONLY -I"$root" -MM "$root/kernels/ops/matmul/cpu_product.cpp" >"$work/includes"
! grep Eigen "$work/includes"
