#!/usr/bin/env bash
# run.sh SCRIPT [ARGS...]: runs the script with a Python that has PyTorch. Where there is none the test is skipped, or
# fails if WENGERT_REQUIRE_TORCH is set.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

for python in python3 /usr/bin/python3; do
  if "$python" -c 'import numpy, torch' 2>/dev/null; then
    echo "with $("$python" -c 'import sys; print(sys.executable)')"
    exec "$python" "$here/$1" "${@:2}"
  fi
done
reason="neither python3 nor /usr/bin/python3 has PyTorch (Debian: apt-get install python3-torch)"
[ -z "${WENGERT_REQUIRE_TORCH:-}" ] || { echo "failed: $reason"; exit 1; }
echo "[skipped] $reason"
