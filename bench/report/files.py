"""The JSON of the benchmarks: Google Benchmark's files, or one file into which several have been merged."""

import json
import math
import pathlib
import re

from .limits import LIMITS
from .runs import BadInput, Run, Sample

COUNTERS = ("working_set", "traffic", "flops", "error", "nodes", "steps", "accuracy", "accuracy_error", "memory")
CONTEXT = ("date", "num_cpus", "mhz_per_cpu", "caches", "load_avg", "library_version", "wengert_version", "commit",
           "compiler", "flags", "cpu", "last_level_cache", "threads", "peers_absent")
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
SUFFIX = re.compile(r"/((iterations|repeats|min_time|min_warmup_time|threads):[^/]*|manual_time|real_time|process_time|\d+)$")


def load(paths):
    """Of files, and of all *.json in directories."""
    files = []
    for path in map(pathlib.Path, paths):
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            raise BadInput(f"{path}: no JSON files in it")
        files += found
    return Run([part for file in files for part in _parts(file)])


def _finite(value):
    return isinstance(value, (int, float)) and math.isfinite(value)


def _parts(file):
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return [_merged_part(part) for part in data["runs"]] if "runs" in data else [_google_part(data)]
    except OSError as problem:
        raise BadInput(f"{file}: {problem.strerror}") from None
    except ValueError as problem:  # also of text that is not UTF-8
        raise BadInput(f"{file}: not JSON: {problem}") from None
    except (KeyError, TypeError, AttributeError, IndexError) as problem:
        raise BadInput(f"{file}: not a benchmark's result: {type(problem).__name__} {problem}") from None
    except BadInput as problem:
        raise BadInput(f"{file}: {problem}") from None


def _google_part(data):
    rows, failures = {}, {}
    for row in data["benchmarks"]:
        if row.get("run_type", "iteration") != "iteration":
            continue
        name = row.get("run_name", row["name"])
        while SUFFIX.search(name):
            name = SUFFIX.sub("", name)
        if row.get("error_occurred"):
            failures[name] = str(row.get("error_message", "it failed"))
            continue
        counters = {counter: row[counter] for counter in COUNTERS if _finite(row.get(counter))}
        times = rows.setdefault(name, ([], counters))[0]
        times.append(float(f"{row['real_time'] * UNITS[row['time_unit']]:.6g}"))
    samples = [_sample(name, times, counters) for name, (times, counters) in rows.items()]
    context = {key: data["context"][key] for key in CONTEXT if key in data["context"]}
    return {"context": context, "samples": samples, "failures": failures}


def _merged_part(part):
    samples = [_sample(row["name"], row["seconds"], {counter: row[counter] for counter in COUNTERS if counter in row})
               for row in part["samples"]]
    return {"context": part["context"], "samples": samples, "failures": part["failures"]}


def _sample(name, times, counters):
    problem, _, contestant = name.rpartition("/")
    if not problem:
        raise BadInput(f"'{name}' is not WORK/CONTESTANT")
    if not all(_finite(time) and time > 0 for time in times):
        raise BadInput(f"{name}: a time that is not above 0")
    amount = "flops" if contestant == "multiply_add" else "working_set"
    if contestant in LIMITS and not counters.get(amount, 0) > 0:
        raise BadInput(f"{name}: a limit without its amount")
    return Sample(problem, contestant, times, counters)


# ---- merging

def merged(run):
    """The text of one file that says all that the report uses of the run; a line each sample."""
    return '{"runs": [\n' + ",\n".join(map(_part_text, run.parts)) + "\n]}\n"


def _part_text(part):
    rows = [json.dumps({"name": f"{s.problem}/{s.contestant}", "seconds": s.times, **s.counters}) for s in part["samples"]]
    return (f'{{"context": {json.dumps(part["context"])},\n "failures": {json.dumps(part["failures"])},\n "samples": [\n'
            + ",\n".join("  " + row for row in rows) + "\n]}")
