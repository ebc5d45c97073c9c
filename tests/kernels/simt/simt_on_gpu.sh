#!/usr/bin/env bash
# simt_on_gpu.sh NVCC PROGRAM: compiles the test kernels with nvcc, warnings as errors, and links them to one PROGRAM,
# which runs them on the device and compares them with plain C++.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
exec "$1" -std=c++20 -O2 -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90a,code=sm_90a \
  -Werror all-warnings -Xcompiler -Wall,-Wextra -I "$root" -I "$root/kernels/simt/umbrella" \
  "$root"/tests/kernels/simt/kernels/*.cu -o "$2"
