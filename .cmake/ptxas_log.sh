#!/bin/sh
# ptxas_log.sh NVCC ... -o OBJECT ...: runs it; what ptxas says about each kernel's registers goes to OBJECT.ptxas, and the
# rest to where it belongs.
for word; do
  [ "$before" = -o ] && object=$word
  before=$word
done
"$@" 2>"$object.log"
status=$?
about_kernels='^ptxas info |^ +[0-9]+ bytes stack frame'
grep -E "$about_kernels" "$object.log" >"$object.ptxas"
grep -Ev "$about_kernels" "$object.log" >&2
rm "$object.log"
exit $status
