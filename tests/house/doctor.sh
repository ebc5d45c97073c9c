#!/usr/bin/env bash
# The next step that ./run doctor names follows from what was done: nothing, a build, tests that passed or failed, tests
# before a change, MNIST. A copy of the script looks at a folder of the test's own.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/.ci" "$work/kernels" "$work/build/release/bin"
cp "$root/.ci/doctor" "$root/.ci/setup.sh" "$work/.ci/"
echo 'int x;' >"$work/kernels/source.cpp"

expect() { # STEP [NOT]: what the next step begins with, and what it does not mention
  local said
  said=$("$work/.ci/doctor" | sed -n 's/^next step  *//p')
  case $said in "$1"*) ;; *) echo "expected '$1', and it says '$said'"; exit 1 ;; esac
  [ $# -lt 2 ] || ! grep -qF -- "$2" <<<"$said" || { echo "'$2' has been done, and it says '$said'"; exit 1; }
}

expect './run demo'
printf '#!/bin/sh\n' >"$work/build/release/bin/two_blobs"
chmod +x "$work/build/release/bin/two_blobs"
expect './run test'
echo '3 passed, 1 failed, 0 skipped' >"$work/build/tests.txt"
expect './run test again'
echo '13 passed, 10 failed, 0 skipped' >"$work/build/tests.txt"
expect './run test again'
echo '4 passed, 0 failed, 0 skipped' >"$work/build/tests.txt"
expect './run mnist --dataset synthetic' './run test'
mkdir -p "$work/data/mnist"
expect './run mnist' 'fetch-mnist'
touch -d '+1 minute' "$work/kernels/source.cpp"
expect './run test: sources have changed'
if "$work/.ci/doctor" surplus 2>"$work/said" >&2; then echo 'an argument is taken'; exit 1; fi
grep -q usage "$work/said" || { echo 'an argument is no wrong usage'; exit 1; }
