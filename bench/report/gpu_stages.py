"""How the stages of `bench/gpu_check.sh` ended. What is not there did not run, and what ran nothing did not pass."""

import re

from . import text
from .tables import table

# Stage, the parts that it has to have, and what each is; the build has none.
EXPECTED = {
    "build": {"": "the kernels, the engine, its tests"},
    "test": {"run-test": "kernels against the CPU's and float64", "kernels": "ops on cuda",
             "autograd": "tape and capture on cuda", "nn": "modules and optimisers on cuda", "losses": "losses on cuda",
             "two_blobs": "two_blobs on cuda, to its end", "two_blobs_eager": "on cuda, eager",
             "two_blobs_captured": "on cuda, captured", "two_blobs_cpu": "on the CPU"},
    "sanitize": dict.fromkeys(("memcheck", "racecheck", "initcheck", "synccheck"), "compute-sanitizer over a part of the tests"),
    "stress": {"run-stress": "last-block-done, repeated"},
    "bench": {"run-time": "kernels", "run-steps": "steps of the engine", "run-cub": "CUB", "run-pytorch": "PyTorch"},
}
TOLD = re.compile(r"\d+ checks|test cases:|SUMMARY|bce")  # in the lines that sum up
NOTHING = re.compile(r"(?<!\d)0 checks|test cases: 0,")
CUT_OFF = 124  # the exit code of what ran past its limit


def outcomes(run):
    """A row for each part of each stage, and whether all passed."""
    rows = [[stage, part or stage, about, *_outcome(run.stages[stage], part)]
            for stage, parts in EXPECTED.items() for part, about in parts.items()]
    return table(["stage", "part", "what it is", "ended", "said", "seconds"], rows, words=5), _summary(rows)


def _summary(rows):
    counts = {}
    for row in rows:
        ended = re.match(r"[a-z ]+[a-z]", row[3].strip("*"))[0]
        counts[ended] = counts.get(ended, 0) + 1
    return f"Of {len(rows)} parts: " + ", ".join(f"{count} {ended}" for ended, count in counts.items()) + "."


def _outcome(stage, part):
    """How it ended, what it said at last, seconds."""
    if stage is None:
        return "**not run**: the stage left no result", text.DASH, text.DASH
    found = stage.get(part) if part else stage
    if found is None:
        return "**not run**", text.DASH, text.DASH
    if "skipped" in found:
        return "skipped: " + " ".join(found["skipped"].split()), text.DASH, text.DASH
    said = _said(found.get("end", ""), found.get("exit"))
    return _ended(found.get("exit"), said), said or text.DASH, str(found.get("seconds", text.DASH))


def _ended(code, said):
    if code is None:
        return "**not recorded**"
    if code == CUT_OFF:
        return "**failed**: it ran past its time"
    if code != 0:
        return f"**failed**: exit code {code}"
    return "**tested nothing**" if NOTHING.search(said) else "passed"


def _said(end, code):
    """The lines that sum up; of what failed the last one, if there are none."""
    lines = [" ".join(re.sub(r"^=+ |\[doctest\] ", "", line).replace("|", ",").split()).replace(" ,", ",").rstrip(",")
             for line in end.splitlines() if line.strip()]
    told = [line for line in lines if TOLD.search(line)]
    return "; ".join(told or (lines[-1:] if code else []))


def failures(run):
    """(what, why), of all checks that failed and of all that could not be measured."""
    found = [(failure["name"], failure["wrong"]) for stage, part in (("test", "checks"), ("stress", "repeats"))
             for failure in ((run.stages[stage] or {}).get(part) or {}).get("failures", [])]
    return found + run.times.failures
