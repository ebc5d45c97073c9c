#!/usr/bin/env bash
# golden.sh PROGRAM SOURCE: the program prints what stands in its source's header comment, from "// Output:" on,
# each line after "//   ".
set -euo pipefail

expected=$(awk '/^\/\/ Output:$/ { on = 1; next } on && !/^\/\// { exit } on { sub(/^\/\/(   )?/, ""); print }' "$2")
[ -n "$expected" ] || { echo "$2: no output stands under '// Output:'"; exit 1; }
printed=$("$1")
diff --unified --label "expected by ${2##*/}" --label printed <(echo "$expected") <(echo "$printed")
