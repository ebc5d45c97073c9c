#!/usr/bin/env bash
# alone.sh COMPILER ROOT: the simulator's sources include no file of the engine, and none of Eigen. (That its targets
# link neither, the consumer's project finds out.)
set -euo pipefail
compiler=$1 root=$2
dependencies=$("$compiler" -std=c++20 -M -I "$root" -I "$root/kernels/simt/umbrella" \
  "$root"/kernels/simt/{,runtime/,checker/}*.cpp "$root/kernels/simt/umbrella/simt.hpp" | tr ' ' '\n' | grep '/')
grep -q 'kernels/simt/launch.hpp' <<<"$dependencies" || { echo "failed: the compiler lists no headers" && exit 1; }
foreign=$(grep -iE "/eigen|^$root/" <<<"$dependencies" | grep -v "^$root/kernels/simt/" || true)
[ -z "$foreign" ] || { echo "failed: the simulator includes $foreign" && exit 1; }
