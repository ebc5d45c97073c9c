#!/usr/bin/env bash
# simt_on_gpu.sh NVCC PROGRAM: compiles the test kernels with nvcc, warnings as errors, and links them to one PROGRAM,
# which runs them on the device and compares them with plain C++; and the example, to PROGRAM.block_sum.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
compile=("$1" -std=c++20 -O2 -gencode 'arch=compute_80,code=[sm_80,compute_80]' -gencode 'arch=compute_90a,code=sm_90a'
  -Werror all-warnings -Xcompiler '-Wall,-Wextra' -I "$root" -I "$root/kernels/simt/umbrella")
"${compile[@]}" "$root"/tests/kernels/simt/kernels/*.cu -o "$2"
"${compile[@]}" "$root/examples/simt/block_sum.cu" -o "$2.block_sum"
