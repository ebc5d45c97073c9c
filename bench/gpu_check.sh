#!/usr/bin/env bash
# gpu_check.sh STAGE --out DIR [--arch sm_90a] [--build DIR] [--deps DIR]: what only a GPU can show. Needs nvcc, g++, CMake,
# ninja and Python with PyTorch, and no package registry: the C++ packages may lie unpacked in DEPS/usr.
#
#   build      the kernels, the engine with its tests, and the programs below
#   test       kernels against the CPU's: the same bits where promised, else against float64; every op, tape, capture,
#              modules and two_blobs on the device cuda
#   sanitize   compute-sanitizer's four tools over a part of the tests
#   stress     last-block-done, on five grid sizes and 10^4 repeats each, with poisoned scratch
#   bench      times, beside the machine's bandwidth, cuBLAS, CUB and PyTorch
#   all        each in turn
#
# Each stage writes DIR/STAGE.json. What a stage could not do is in there, and does not stop the next one; the exit code
# is that of the worst.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

stage=${1:?usage: gpu_check.sh build|test|sanitize|stress|bench|all --out DIR [--arch sm_90a] [--build DIR] [--deps DIR]}
shift
out="" arch=sm_90a build=$PWD/build/gpu deps=""
suites=(kernels autograd nn)
while (($#)); do
  case $1 in
    --out) out=$2 ;;
    --arch) arch=$2 ;;
    --build) build=$2 ;;
    --deps) deps=$(realpath "$2") ;;
    *) echo "gpu_check.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
: "${out:?gpu_check.sh: --out DIR is missing}"
mkdir -p "$out" "$build"
PATH+=:/usr/local/cuda/bin

# Where and with what this ran, as the inside of a JSON object.
context() {
  local commit=unknown
  commit=$(git rev-parse HEAD 2>/dev/null || cat .commit 2>/dev/null || echo unknown)
  printf '"commit": "%s", "date": "%s", "toolkit": "%s", "host": "%s, %s cores",\n' "$commit" "$(date -u +%FT%TZ)" \
    "$(nvcc --version | tail -1)" "$(uname -sr)" "$(nproc)"
  printf '"gpu": "%s"' "$(nvidia-smi --query-gpu=name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,power.limit,temperature.gpu \
    --format=csv,noheader 2>/dev/null | head -1)"
}

# The engine with its tests too.
build() {
  local begin=$SECONDS code=0
  cmake -S . -B "$build" -G Ninja -D CMAKE_BUILD_TYPE=Release -D WENGERT_NATIVE=ON -D WENGERT_CUDA=ON \
    -D WENGERT_BUILD_BENCH=OFF -D "WENGERT_CUDA_ARCHITECTURES=$arch" ${deps:+-D "CMAKE_PREFIX_PATH=$deps/usr"} >"$build/build.log" 2>&1 &&
    cmake --build "$build" --target wengert_gpu_check wengert_device_simt "${suites[@]/%/_tests}" two_blobs -- -k 0 >>"$build/build.log" 2>&1
  code=$?
  grep -E -A5 "FAILED|error" "$build/build.log" | head -40 >&2
  printf '{%s, "seconds": %d, "exit": %d}\n' "$(context)" $((SECONDS - begin)) $code >"$out/build.json"
  return $code
}

# timed NAME SECONDS COMMAND...: runs it, and says how it ended as a JSON member.
timed() {
  local name=$1 limit=$2 begin=$SECONDS code
  shift 2
  timeout "$limit" "$@" >"$build/$name.log" 2>&1
  code=$?
  tail -"${lines:-12}" "$build/$name.log" >&2
  printf '"%s": {"exit": %d, "seconds": %d, "end": %s}' "$name" $code $((SECONDS - begin)) \
    "$(tail -5 "$build/$name.log" | python3 -c 'import json, sys; print(json.dumps(sys.stdin.read()))')"
  return $code
}

# stage_json STAGE MEMBERS PARTS...: the stage's file, with the programs' own JSON in it.
stage_json() {
  local stage=$1 members=$2
  shift 2
  {
    echo "{$(context)"
    [[ -n $members ]] && echo ", $members"
    for part in "$@"; do
      [[ -s $build/$part.json ]] && echo ", \"$part\": $(cat "$build/$part.json")"
    done
    echo "}"
  } >"$out/$stage.json"
}

test_stage() {
  local members code=0 suite
  members=$(timed run-test 240 "$build/bench/gpu/gpu_test" "$build/checks.json") || code=1
  for suite in "${suites[@]}"; do
    members+=", $(lines=30 timed "$suite" 120 "$build/tests/${suite}_tests" --no-colors=true --test-case='*device*,*ops on cuda*')" || code=1
  done
  members+=", $(timed two_blobs 60 "$build/bin/two_blobs" --device cuda --quiet)" || code=1
  members+=", $(timed two_blobs_eager 60 "$build/bin/two_blobs" --device cuda --eager --epochs 1000 --quiet)" || code=1
  members+=", $(timed two_blobs_captured 60 "$build/bin/two_blobs" --device cuda --epochs 1000 --quiet)" || code=1
  members+=", $(timed two_blobs_cpu 60 "$build/bin/two_blobs" --epochs 1000 --quiet)" || code=1
  stage_json test "$members" checks
  return $code
}

stress() {
  local members code
  members=$(timed run-stress 240 "$build/bench/gpu/gpu_stress" "$build/repeats.json" 10000); code=$?
  stage_json stress "$members" repeats
  return $code
}

sanitize() {
  local members=() worst=0 tool
  for tool in memcheck racecheck initcheck synccheck; do
    local options=(--tool "$tool" --error-exitcode 1 --print-limit 20)
    [[ $tool == memcheck ]] && options+=(--leak-check full --padding 512)
    { lines=4 timed "$tool" 100 compute-sanitizer "${options[@]}" "$build/bench/gpu/gpu_test" /dev/null quick 9 >"$build/$tool.member"
      echo $? >"$build/$tool.code"; } &
  done
  wait
  for tool in memcheck racecheck initcheck synccheck; do
    members+=("$(cat "$build/$tool.member")")
    (($(cat "$build/$tool.code") > worst)) && worst=$(cat "$build/$tool.code")
  done
  stage_json sanitize "$(IFS=,; echo "${members[*]}")"
  return "$worst"
}

bench() {
  local code=0 members
  rm -f "$build"/{time,steps,cub,pytorch}.json
  # cuBLAS may be there as PyTorch's alone.
  LD_LIBRARY_PATH+=:$(python3 -c 'import glob, nvidia; print(":".join(glob.glob(list(nvidia.__path__)[0] + "/*/lib")))' 2>/dev/null)
  export LD_LIBRARY_PATH
  members=$(lines=400 timed run-time 200 "$build/bench/gpu/gpu_time" "$build/time.json") || code=1
  members+=", $(lines=10 timed run-steps 60 "$build/bench/gpu/gpu_steps" "$build/steps.json")" || code=1
  members+=", $(lines=30 timed run-cub 60 "$build/bench/gpu/gpu_cub" "$build/cub.json")"
  members+=", $(lines=60 timed run-pytorch 200 python3 bench/gpu/pytorch.py "$build/pytorch.json")"
  members+=", \"clocks_after\": \"$(nvidia-smi --query-gpu=clocks.sm,clocks.mem,power.draw,temperature.gpu --format=csv,noheader 2>/dev/null | head -1)\""
  stage_json bench "$members" time steps cub pytorch
  return $code
}

case $stage in
  build) build ;;
  test) test_stage ;;
  sanitize) sanitize ;;
  stress) stress ;;
  bench) bench ;;
  all)
    worst=0
    build || worst=$?
    for each in test_stage stress bench sanitize; do
      echo "== ${each%_stage}, after ${SECONDS} s" >&2
      $each || worst=$?
    done
    echo "== done in ${SECONDS} s" >&2
    exit $worst
    ;;
  *) echo "gpu_check.sh: no stage '$stage'" >&2; exit 2 ;;
esac
