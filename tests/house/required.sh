#!/usr/bin/env bash
# Without PyTorch, a browser or valgrind the tests that need them are skipped with the reason; where they are required
# they fail. A module that cannot be imported stands in for the one, and a PATH with neither for the others.
set -euo pipefail
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset WENGERT_REQUIRE_TORCH WENGERT_REQUIRE_BROWSER WENGERT_REQUIRE_VALGRIND

echo 'raise ImportError("hidden")' >"$work/torch.py"
for program in bash dirname python3; do
  if found=$(command -v $program); then ln -s "$found" "$work/$program"; fi
done

check() { # WHAT VARIABLE COMMAND...
  local what=$1 variable=$2 said
  shift 2
  said=$("$@") || { echo "without$what: it failed where it should be skipped: $said"; exit 1; }
  grep -q "^\\[skipped\\] .*$what" <<<"$said" || { echo "without$what: no reason is given: $said"; exit 1; }
  if said=$(env "$variable=1" "$@"); then echo "without$what: it is required, and was let pass: $said" && exit 1; fi
  grep -q "^failed: .*$what" <<<"$said" || { echo "without$what: it failed for another reason: $said"; exit 1; }
}
check ' PyTorch' WENGERT_REQUIRE_TORCH env PYTHONPATH="$work" "$tests/python/run.sh" ops.py none
check ' here' WENGERT_REQUIRE_BROWSER env PATH="$work" "$tests/examples/page.sh" none none
check ' valgrind' WENGERT_REQUIRE_VALGRIND env PATH="$work" "$tests/house/observer_cost.sh" none none
