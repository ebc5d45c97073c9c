# Sourced by ./run and .ci/test, which set $root: packages, configuring, building.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what it shares with them

release=$root/build/release
base_packages=(g++ cmake ninja-build libeigen3-dev nlohmann-json3-dev libfmt-dev libcli11-dev zlib1g-dev)

say() { printf 'run: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# Says so where the system is older than the oldest that is supported, and goes on: a newer CMake and g++ may be there.
check_system() {
  local ID='' VERSION_ID='' oldest
  # shellcheck source=/dev/null
  [ ! -r /etc/os-release ] || source /etc/os-release
  case $ID in
    debian) oldest=12 ;;
    ubuntu) oldest=24.04 ;;
    *) return 0 ;;
  esac
  [ -n "$VERSION_ID" ] || return 0 # Debian testing has none
  if [ "$(printf '%s\n' "$oldest" "$VERSION_ID" | sort -V | head -n 1)" != "$oldest" ]; then
    say "this is $ID $VERSION_ID; wengert needs $ID $oldest or newer (CMake 3.25, g++ 12). Trying all the same."
  fi
}

program_of() { # PACKAGE: the command that shows that it is there, wherever it came from
  case $1 in
    g++ | cmake | clang-format | clang-tidy | shellcheck | chromium | curl) echo "$1" ;;
    ninja-build) echo ninja ;;
    clang) echo clang++ ;;
  esac
}

installed() {
  local program
  program=$(program_of "$1")
  if [ -n "$program" ]; then
    command -v "$program" >/dev/null
  elif command -v dpkg-query >/dev/null; then
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
  fi # elsewhere a library is CMake's to find, or to fetch
}

# need PACKAGE...: installs what is missing; false where that cannot be done.
need() {
  local package missing=() as_root=()
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    say "please install (Debian's names): ${missing[*]}"
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { say "as root: apt-get install ${missing[*]}"; return 1; }
    as_root=(sudo)
  fi
  say "installing by apt: ${missing[*]}"
  # A stale list is no reason to give up: the packages may be in the cache, or on a mirror that is up.
  quietly apt-update "${as_root[@]}" apt-get update </dev/null || true
  quietly apt-install "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "${missing[@]}" </dev/null
}

nvcc_path() { command -v nvcc || compgen -G '/usr/local/cuda*/bin/nvcc' | head -n 1; }

need_or_stop() { need "$@" || stop "without these packages nothing can be built"; }

# quietly NAME COMMAND...: its output goes to build/log/NAME.txt, and is shown only if it fails. On a terminal one line
# tells how far it is.
quietly() {
  local log=$root/build/log/$1.txt line status=0
  shift
  mkdir -p "$root/build/log"
  if [ -t 2 ]; then
    "$@" 2>&1 | while IFS= read -r line; do
      printf '%s\n' "$line" >&3
      printf '\r\033[K%.*s' "$((${COLUMNS:-80} - 1))" "$line" >&2
    done 3>"$log" || status=$?
    printf '\r\033[K' >&2
  else
    "$@" >"$log" 2>&1 || status=$?
  fi
  [ "$status" = 0 ] || { tail -n 60 "$log" >&2; say "failed: $* (all of it: $log)"; }
  return "$status"
}

# configure_release [OPTION...]: build/release, for this machine, with these options on; nothing if it is so already.
# What no one has asked for stays off, so that its packages need not be there.
configure_release() {
  local option cache=$release/CMakeCache.txt settings=(-D CMAKE_BUILD_TYPE=Release -D WENGERT_NATIVE=ON) ready=1
  [ -f "$cache" ] || settings+=(-D WENGERT_BUILD_TESTS=OFF -D WENGERT_BUILD_BENCH=OFF)
  for option in WENGERT_NATIVE "$@"; do
    grep -qs "^$option:BOOL=ON$" "$cache" || ready=0
    settings+=(-D "$option=ON")
  done
  [ "$ready" = 1 ] && [ -f "$release/build.ninja" ] ||
    quietly configure cmake -S "$root" -B "$release" -G Ninja "${settings[@]}" || stop "configuring failed"
}

# One build at a time in a tree: two would write the same files.
build() { quietly build flock "$release" cmake --build "$release" --target "$@" || stop "building failed"; }
