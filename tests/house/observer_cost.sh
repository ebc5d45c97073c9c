#!/usr/bin/env bash
# observer_cost.sh WITH WITHOUT: a program that no observer looks at runs the same instructions, within 2 %, as one built
# without the calls that would tell one; counted by valgrind. Where there is none the test is skipped, or fails if
# WENGERT_REQUIRE_VALGRIND is set.
set -euo pipefail
with=$1 without=$2 steps=1000

if ! command -v valgrind >/dev/null; then
  [ -z "${WENGERT_REQUIRE_VALGRIND:-}" ] || { echo "failed: no valgrind here"; exit 1; }
  echo "[skipped] no valgrind here (Debian: apt-get install valgrind)"
  exit 0
fi

collected() { # PROGRAM ARGS...
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | sed -n 's/.*Collected : //p'
}
per_step() { # PROGRAM [ARGS...]: without what starting the program takes
  local all none
  all=$(collected "$1" $steps "${@:2}")
  none=$(collected "$1" 0 "${@:2}")
  echo $(((all - none) / steps))
}

[ "$("$with" $steps)" = "$("$without" $steps)" ] || { echo "failed: the two programs compute different losses"; exit 1; }
bare=$(per_step "$without") hooked=$(per_step "$with") inspected=$(per_step "$with" inspect)
echo "instructions a step: $bare without the calls, $hooked with them, $inspected inside an Inspect scope"
[ "$bare" -gt 10000 ] || { echo "failed: that is no training step"; exit 1; }
[ $((inspected * 100)) -gt $((bare * 110)) ] || { echo "failed: an Inspect scope that costs nothing is not counted"; exit 1; }
[ $((hooked * 100)) -le $((bare * 102)) ] || { echo "failed: more than 2 % above"; exit 1; }
