#!/usr/bin/env bash
# page.sh SCRIPT PROGRAM: the pages that the program writes, in a browser, by a script beside this one. Where there is no
# browser the test is skipped, or fails if WENGERT_REQUIRE_BROWSER is set.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

without() { # WHAT
  [ -z "${WENGERT_REQUIRE_BROWSER:-}" ] || { echo "failed: $1"; exit 1; }
  echo "[skipped] $1"
  exit 0
}

command -v python3 >/dev/null || without "no python3 here"
for browser in chromium chromium-browser google-chrome; do
  if command -v "$browser" >/dev/null; then exec python3 -B "$here/$1" "$browser" "$2"; fi
done
without "no chromium, chromium-browser or google-chrome here (Debian: apt-get install chromium)"
