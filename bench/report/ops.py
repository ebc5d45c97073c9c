"""The ops by size. Each stands at the nearest working set at which the limits were timed by themselves."""

import re
import statistics

from . import limits, runs, text
from .tables import gigas, share, spread, table

NAME = re.compile(r"op: (.*) (forward|backward)$")
DIRECTIONS = ("forward", "backward")


def _pairs(run):
    """By working set, op and size: its samples by direction. The working set is None where no limit is near."""
    found = {}
    for problem, at in run.problems.items():
        named = NAME.match(runs.work(problem))
        if named and "wengert" in at:
            found.setdefault((named[1], runs.sizes(problem)), {})[named[2]] = at["wengert"]
    placed = {}
    for (name, sizes), samples in sorted(found.items()):
        size = limits.nearest_working_set(run, max(s.counter("working_set") for s in samples.values()))
        placed.setdefault(size, {})[(name, sizes)] = samples
    return dict(sorted(placed.items(), key=lambda item: -(item[0] or 0)))


def by_working_set(run):
    """(bytes, table) from the greatest working set to the smallest."""
    headings = ["op", "n", *(direction + what for direction in DIRECTIONS for what in ("", " rate", " share"))]
    return [(size, table(headings, [[name, text.count(sizes[0]) if sizes else text.DASH,
                                     *(cell for direction in DIRECTIONS for cell in _cells(run, samples.get(direction)))]
                                    for (name, sizes), samples in pairs.items()])) for size, pairs in _pairs(run).items()]


def _cells(run, sample):
    if not sample:
        return [text.DASH] * 3
    nearest = limits.nearest_share(run, sample)
    arithmetic = nearest and nearest.limit.contestant == "multiply_add"
    rate = gigas(sample.rate("flops")) + " GFLOP/s" if arithmetic else gigas(sample.rate("traffic")) + " GB/s"
    noise = f" ({spread(sample)})" if sample.noisy else ""
    return [text.seconds(sample.median) + noise, rate, share(nearest, with_cache=False)]


def summary(run):
    """How near to their limits the ops come: the middle half of them, and how many are beyond half of it."""
    rows = []
    for size, pairs in _pairs(run).items():
        for direction in DIRECTIONS:
            found = [limits.nearest_share(run, samples[direction]) for samples in pairs.values() if direction in samples]
            shares = [each.value for each in found if each]
            if len(shares) > 1:
                rows.append([f"{direction}, {text.size_in_bytes(size)}", str(len(shares)), *map(text.percent, quartiles(shares)),
                             str(sum(value >= 0.5 for value in shares))])
    return table(["ops", "how many", "a quarter reach less than", "half reach", "a quarter reach more than",
                  "at half their limit or more"], rows) if rows else ""


def rates(run):
    """By direction and working set, the quartiles of the bytes in a second; of the ops that only move memory."""
    found = {}
    for size, pairs in _pairs(run).items():
        for direction in DIRECTIONS:
            moved = [samples[direction].rate("traffic") for samples in pairs.values() if direction in samples
                     and not samples[direction].counter("flops") and samples[direction].rate("traffic")]
            if size and len(moved) > 1:
                found[direction, size] = quartiles(moved)
    return found


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive")
