#!/usr/bin/env bash
# gpu_check.sh all|STAGE|PART... --out DIR [--arch sm_90a] [--build DIR] [--deps DIR]: what only a GPU can show.
# gpu_check.sh list: the parts, in the order in which `all` runs them, with their stage and their greatest number of seconds.
#
# Needs CMake, a C++ compiler and the CUDA toolkit. What needs more is skipped where it is not there, and says why:
#
#   the engine and its tests   Eigen, nlohmann-json, fmt, CLI11, doctest, zlib: installed, or unpacked in DEPS/usr, by
#                              default .gpu-deps/usr, which bench/pack_deps.sh makes on a machine that has apt
#   pytorch                    Python with PyTorch
#   profile                    ncu (Nsight Compute)
#
# Each stage is a file DIR/STAGE.json, which is written again after each part: whatever ends the script, what it found until then
# is there. All parts together take 540 seconds at most. The exit code is 1 if a part failed.
# shellcheck disable=SC2317 # timed() calls functions by their names
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# Name, stage, seconds. What needs no packages comes first.
parts=(
  "build           build     130"  # the kernels, with the programs of the next four parts
  "run-test        test       80"  # kernels against the CPU's: the same bits where promised, else against float64
  "run-time        bench      60"  # times of kernels, beside the machine's bandwidth and cuBLAS
  "run-stress      stress     35"  # last-block-done, on five grid sizes and 10^4 repeats each, with poisoned scratch
  "run-cub         bench      10"
  "profile         profile    30"  # by ncu, one launch of each of some kernels
  "engine          build      50"  # the library of the device, the tests below, two_blobs
  "kernels         test       15"  # every op on the device cuda
  "autograd        test       10"  # tape and capture there
  "nn              test       10"  # modules and optimisers there
  "losses          test       10"
  "two_blobs       test       10"
  "two_blobs_eager test        5"
  "two_blobs_captured test     5"
  "two_blobs_cpu   test        5"
  "run-steps       bench      10"  # steps of training
  "memcheck        sanitize   15"  # compute-sanitizer's tools over a part of the kernels' tests
  "racecheck       sanitize   20"
  "initcheck       sanitize   15"
  "synccheck       sanitize   15"
  "run-pytorch     bench       0"  # PyTorch's times: what is left of the seconds
)
budget=540
needs_engine=" engine kernels autograd nn losses two_blobs two_blobs_eager two_blobs_captured two_blobs_cpu run-steps "

names=() wanted=()
declare -A stage_of limit_of
for part in "${parts[@]}"; do
  read -r name stage limit <<<"$part"
  names+=("$name")
  stage_of[$name]=$stage
  limit_of[$name]=$limit
done

out="" arch=sm_90a build=$PWD/build/gpu deps=$PWD/.gpu-deps
while (($#)); do
  case $1 in
    --out) out=$2; shift ;;
    --arch) arch=$2; shift ;;
    --build) build=$2; shift ;;
    --deps) deps=$(realpath "$2"); shift ;;
    list) printf '%s\n' "${parts[@]}"; exit 0 ;;
    all) wanted=("${names[@]}") ;;
    *)
      found=no
      for name in "${names[@]}"; do
        [[ $1 == "$name" || $1 == "${stage_of[$name]}" ]] && wanted+=("$name") && found=yes
      done
      [[ $found == yes ]] || { echo "gpu_check.sh: no stage or part '$1': see gpu_check.sh list" >&2; exit 2; } ;;
  esac
  shift
done
[[ -n $out && ${#wanted[@]} -gt 0 ]] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
mkdir -p "$out" "$build"
PATH+=:/usr/local/cuda/bin

# Standard input as a JSON text.
quoted() {
  tr -d '\000-\010\013-\037' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/ /g' |
    awk 'BEGIN { printf "\"" } { printf "%s%s", (NR > 1 ? "\\n" : ""), $0 } END { printf "\"" }'
}

smi() { nvidia-smi --query-gpu="$1" --format=csv,noheader 2>/dev/null | head -1; }

# Where and with what this ran, as the inside of a JSON object.
context() {
  local commit
  commit=$(git rev-parse HEAD 2>/dev/null || cat .commit 2>/dev/null || echo unknown)
  printf '"commit": "%s", "date": "%s", "toolkit": "%s", "host": "%s, %s cores",\n' "$commit" "$(date -u +%FT%TZ)" \
    "$(nvcc --version 2>/dev/null | tail -1)" "$(uname -sr)" "$(nproc)"
  printf '"gpu": "%s"' "$(smi name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,power.limit,temperature.gpu)"
}
begun=$(context)

# JSON members of the stages, as far as there are any.
declare -A members
write_stage() {
  { echo "{$begun"; printf '%s' "${members[$1]}"; echo "}"; } >"$out/$1.json.new" && mv "$out/$1.json.new" "$out/$1.json"
}
add() { members[$1]+=", $2"$'\n'; }

# For a part of this name: its seconds, of what is left.
seconds_for() {
  local left=$((budget - SECONDS)) limit=${limit_of[$1]}
  echo $((limit == 0 || limit > left ? (left > 1 ? left : 1) : limit))
}

worst=0
# timed NAME COMMAND...: runs it, and adds how it ended. A program's own JSON is $build/NAME.json.
timed() {
  local name=$1 stage=${stage_of[$1]} begin=$SECONDS code member
  shift
  timeout "$(seconds_for "$name")" bash -c '"$@"' bash "$@" >"$build/$name.log" 2>&1 # since some are functions
  code=$?
  tail -12 "$build/$name.log" >&2
  member=$(printf '"exit": %d, "seconds": %d, "end": %s' $code $((SECONDS - begin)) "$(tail -5 "$build/$name.log" | quoted)")
  if [[ $stage == build && $name == build ]]; then add build "$member"; else add "$stage" "\"$name\": {$member}"; fi
  ((code == 0)) || worst=1
  return $code
}
skipped() { # NAME REASON
  echo "skipped: $2" >&2
  add "${stage_of[$1]}" "\"$1\": {\"skipped\": $(quoted <<<"$2")}"
}
# The whole project, if its packages are there, else the kernels alone.
configure() {
  local options=(-S . -B "$build" -D CMAKE_BUILD_TYPE=Release -D WENGERT_NATIVE=ON -D WENGERT_CUDA=ON -D WENGERT_BUILD_BENCH=OFF
    -D "WENGERT_CUDA_ARCHITECTURES=$arch" -D FETCHCONTENT_FULLY_DISCONNECTED=ON)
  command -v ninja >/dev/null && options+=(-G Ninja)
  [[ -d $deps/usr ]] && options+=(-D "CMAKE_PREFIX_PATH=$deps/usr")
  rm -f "$build/CMakeCache.txt" "$build/no_engine"
  cmake "${options[@]}" && return
  rm -f "$build/CMakeCache.txt"
  cmake "${options[@]}" -D WENGERT_KERNELS_ONLY=ON || return
  echo "a package is not there: see bench/pack_deps.sh" >"$build/no_engine"
}
build_targets() { cmake --build "$build" -j "$(nproc)" --target "$@"; }
kernels() { configure && build_targets gpu_test gpu_stress gpu_time gpu_cub; }
engine() {
  build_targets wengert_device_cuda wengert_device_simt gpu_steps kernels_tests autograd_tests nn_tests losses_tests two_blobs
}

clocks_while() { # COMMAND...: the clocks that nvidia-smi names most often while it runs
  "$@" &
  local command=$!
  while kill -0 "$command" 2>/dev/null; do smi clocks.sm,clocks.mem,power.draw; sleep 1; done | sort | uniq -c | sort -rn >"$build/clocks"
  wait "$command"
}

profile() {
  local kernel
  for kernel in block_per_row packed_rows warp_per_row product; do
    echo "== $kernel"
    ncu --clock-control none --set basic -k "regex:$kernel" --launch-skip 3 -c 1 "$build/bench/gpu/gpu_stress" /dev/null 4 || return
  done
}

export build arch deps
export -f configure build_targets kernels engine smi clocks_while profile

# run_json NAME MEMBER COMMAND...: the command writes JSON to the file that is its last argument, $json, and that is kept too.
run_json() {
  local name=$1 member=$2
  shift 2
  rm -f "$json"
  timed "$name" "$@"
  [[ -s $json ]] && add "${stage_of[$name]}" "\"$member\": $(cat "$json")"
}

run_part() {
  local name=$1 programs=$build/bench/gpu json=$build/$1.json
  if [[ $needs_engine == *" $name "* && -s $build/no_engine ]]; then skipped "$name" "$(cat "$build/no_engine")"; return; fi
  case $name in
    build) timed build kernels ;;
    engine) timed engine engine ;;
    run-test) run_json "$name" checks "$programs/gpu_test" "$json" ;;
    run-stress) run_json "$name" repeats "$programs/gpu_stress" "$json" 10000 ;;
    run-time)
      run_json "$name" time clocks_while "$programs/gpu_time" "$json"
      add bench "\"clocks_under_load\": $(head -1 "$build/clocks" | sed 's/^ *[0-9]* *//' | quoted)" ;;
    run-cub) run_json "$name" cub "$programs/gpu_cub" "$json" ;;
    run-steps) run_json "$name" steps "$programs/gpu_steps" "$json" ;;
    run-pytorch)
      if ! python3 -c 'import torch' 2>/dev/null; then skipped "$name" "no Python with PyTorch here"; return; fi
      run_json "$name" pytorch python3 bench/gpu/pytorch.py "$json" ;;
    profile) if command -v ncu >/dev/null; then timed profile profile; else skipped profile "no ncu here"; fi ;;
    kernels | autograd | nn | losses)
      timed "$name" "$build/tests/${name}_tests" --no-colors=true --test-case='*device*,*ops on cuda*' ;;
    two_blobs) timed "$name" "$build/bin/two_blobs" --device cuda --quiet ;;
    two_blobs_eager) timed "$name" "$build/bin/two_blobs" --device cuda --eager --epochs 1000 --quiet ;;
    two_blobs_captured) timed "$name" "$build/bin/two_blobs" --device cuda --epochs 1000 --quiet ;;
    two_blobs_cpu) timed "$name" "$build/bin/two_blobs" --epochs 1000 --quiet ;;
    memcheck | racecheck | initcheck | synccheck)
      if ! command -v compute-sanitizer >/dev/null; then skipped "$name" "no compute-sanitizer here"; return; fi
      local options=(--tool "$name" --error-exitcode 1 --print-limit 20)
      [[ $name == memcheck ]] && options+=(--leak-check full --padding 512)
      timed "$name" compute-sanitizer "${options[@]}" "$programs/gpu_test" /dev/null quick 9 ;;
  esac
}

# cuBLAS may be there as PyTorch's alone.
libraries=$(python3 -c 'import glob, nvidia; print(":".join(glob.glob(list(nvidia.__path__)[0] + "/*/lib")))' 2>/dev/null)
export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:-}${libraries:+:$libraries}

for name in "${wanted[@]}"; do
  echo "== $name, after $SECONDS s" >&2
  run_part "$name"
  write_stage "${stage_of[$name]}"
done
echo "== done in $SECONDS s" >&2
exit $worst
