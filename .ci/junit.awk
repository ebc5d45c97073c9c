# ctest's --output-junit to lines of STATUS, test, reason.

function attribute(name) { return match($0, " " name "=\"[^\"]*\"") ? text(substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)) : "" }
function text(s) {
  gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&apos;/, "'", s); gsub(/&amp;/, "\\&", s); gsub(/\t/, " ", s)
  return s
}

/^\t<testcase / { name = attribute("name"); status = attribute("status"); skipped = broken = 0; reason = "" }
/<skipped message="SKIP_/ { skipped = 1 }
/^(\t\t<system-out>)?\[skipped\] / && reason == "" { reason = text($0); sub(/^ *(<system-out>)?\[skipped\] /, "", reason); sub(/ *<\/system-out>$/, "", reason) }
/Status: FAILURE!/ { broken = 1 } # ctest would call it skipped: the pattern outweighs the exit status there
/^\t<\/testcase>/ {
  if (status == "run") outcome = "passed"
  else if (status == "disabled") { outcome = "skipped"; reason = "disabled" }
  else if (skipped && !broken) outcome = "skipped"
  else outcome = "failed"
  print outcome "\t" suite ": " name "\t" (outcome == "skipped" ? reason : "")
}
