#!/usr/bin/env bash
# gpu_check.sh STAGE --out DIR [--arch sm_90a] [--build DIR]: what only a GPU can show. Needs nvcc, g++ and Python with
# PyTorch, and no package registry.
#
#   build      compiles the kernels and the programs below, in parallel
#   test       kernels against the CPU's: the same bits where promised, else against float64
#   sanitize   compute-sanitizer's four tools over a part of the tests
#   stress     last-block-done, on five grid sizes and 10^4 repeats each, with poisoned scratch
#   bench      times, beside the machine's bandwidth, cuBLAS, CUB and PyTorch
#   all        each in turn
#
# Each stage writes DIR/STAGE.json. What a stage could not do is in there, and does not stop the next one; the exit code
# is that of the worst.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

stage=${1:?usage: gpu_check.sh build|test|sanitize|stress|bench|all --out DIR [--arch sm_90a] [--build DIR]}
shift
[[ $stage == object ]] && { source=$1; shift; }
out="" arch=sm_90a build=build/gpu
while (($#)); do
  case $1 in
    --out) out=$2 ;;
    --arch) arch=$2 ;;
    --build) build=$2 ;;
    *) echo "gpu_check.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
: "${out:?gpu_check.sh: --out DIR is missing}"
mkdir -p "$out" "$build"
PATH+=:/usr/local/cuda/bin

programs="test stress time cub"
# shellcheck disable=SC2054 # nvcc's lists have commas
nvcc_flags=(-std=c++20 -O3 -I. -Ikernels/simt/umbrella --expt-relaxed-constexpr -fmad=false -lineinfo
  "-DWENGERT_CUDA_ARCHITECTURES=\"$arch\""
  -gencode "arch=compute_${arch#sm_},code=$arch" -Xptxas -v,-warn-spills -Werror all-warnings
  -Xcompiler -Wall,-Wextra,-Werror)

# Where and with what this ran, as the inside of a JSON object.
context() {
  local commit=unknown
  commit=$(git rev-parse HEAD 2>/dev/null || cat .commit 2>/dev/null || echo unknown)
  printf '"commit": "%s", "date": "%s", "toolkit": "%s", "host": "%s, %s cores",\n' "$commit" "$(date -u +%FT%TZ)" \
    "$(nvcc --version | tail -1)" "$(uname -sr)" "$(nproc)"
  printf '"gpu": "%s"' "$(nvidia-smi --query-gpu=name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,power.limit,temperature.gpu \
    --format=csv,noheader 2>/dev/null | head -1)"
}

# A program's own sources, and where a source's object goes.
sources_of() {
  case $1 in
    test | time) echo "bench/gpu/$1"/*.cu ;;
    *) echo "bench/gpu/$1.cu" ;;
  esac
}
object_of() { echo "$build/${1//\//_}.o"; }

# object: compiles $source, and leaves what the compiler said beside the object.
object() {
  local to
  to=$(object_of "$source")
  case $source in
    bench/gpu/cub.cu) nvcc "${nvcc_flags[@]}" -Xcompiler -Wno-error -c "$source" -o "$to" ;;
    *.cu | kernels/gpu/*) nvcc "${nvcc_flags[@]}" -x cu -c "$source" -o "$to" ;;
    *) g++ -std=c++20 -O2 -march=native -I. -ffp-contract=off -fno-math-errno -fno-trapping-math -c "$source" -o "$to" ;;
  esac >"$to.log" 2>&1 || { rm -f "$to"; echo "could not compile $source:"; grep -v -e "ptxas info" -e "bytes stack" "$to.log" | head -20; }
}

build() {
  local begin=$SECONDS failed="" code=0 program source
  local shared=(kernels/*.cu kernels/gpu/stream.cpp kernels/gpu/cuda/platform.cu
    kernels/{inverse_l1,cross_entropy,unary,optimizer,memory,parallel}.cpp)
  for program in $programs; do rm -f "$build/$program"; done
  for program in $programs; do sources_of "$program"; done | tr ' ' '\n' | cat - <(printf '%s\n' "${shared[@]}") \
    | xargs -P "$(nproc)" -I{} "$0" object {} --out "$out" --arch "$arch" --build "$build"
  for program in $programs; do
    local objects=()
    for source in $(sources_of "$program") "${shared[@]}"; do objects+=("$(object_of "$source")"); done
    nvcc -gencode "arch=compute_${arch#sm_},code=$arch" "${objects[@]}" -o "$build/$program" -ldl \
      || { failed+=" $program"; code=1; }
  done
  {
    echo "{$(context), \"seconds\": $((SECONDS - begin)), \"not_built\": \"${failed# }\","
    echo "\"spills\": \"$(cat "$build"/*.log | grep -c 'Registers are spilled')\"}"
  } >"$out/build.json"
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
  local members code
  members=$(timed run-test 240 "$build/test" "$build/checks.json"); code=$?
  stage_json test "$members" checks
  return $code
}

stress() {
  local members code
  members=$(timed run-stress 240 "$build/stress" "$build/repeats.json" 10000); code=$?
  stage_json stress "$members" repeats
  return $code
}

sanitize() {
  local members=() worst=0 tool
  for tool in memcheck racecheck initcheck synccheck; do
    local options=(--tool "$tool" --error-exitcode 1 --print-limit 20)
    [[ $tool == memcheck ]] && options+=(--leak-check full --padding 512)
    { lines=4 timed "$tool" 100 compute-sanitizer "${options[@]}" "$build/test" /dev/null quick 9 >"$build/$tool.member"
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
  rm -f "$build"/{time,cub,pytorch}.json
  # cuBLAS may be there as PyTorch's alone.
  LD_LIBRARY_PATH+=:$(python3 -c 'import glob, nvidia; print(":".join(glob.glob(list(nvidia.__path__)[0] + "/*/lib")))' 2>/dev/null)
  export LD_LIBRARY_PATH
  members=$(lines=400 timed run-time 200 "$build/time" "$build/time.json") || code=1
  members+=", $(lines=30 timed run-cub 60 "$build/cub" "$build/cub.json")"
  members+=", $(lines=60 timed run-pytorch 200 python3 bench/gpu/pytorch.py "$build/pytorch.json")"
  members+=", \"clocks_after\": \"$(nvidia-smi --query-gpu=clocks.sm,clocks.mem,power.draw,temperature.gpu --format=csv,noheader 2>/dev/null | head -1)\""
  stage_json bench "$members" time cub pytorch
  return $code
}

case $stage in
  object) object ;;
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
