"""The ops by size: for each working set at which the limits were timed, a table of the ops nearest to it."""

import re

from . import limits, runs, text
from .tables import gigas, share, spread, table

NAME = re.compile(r"op: (.*) (forward|backward)$")


def by_working_set(run):
    """(bytes, table) from the greatest working set to the smallest; None for bytes where no limits were timed."""
    sets = {}
    for (name, n), directions in _pairs(run).items():
        largest = max(s.counter("working_set") for s in directions.values())
        sets.setdefault(limits.nearest_working_set(run, largest), []).append([name, text.count(n)] + [
            cell for direction in ("forward", "backward") for cell in _cells(run, directions.get(direction))])
    headings = ["op", "n", *(direction + what for direction in ("forward", "backward") for what in ("", " rate", " share"))]
    return [(size, table(headings, rows)) for size, rows in sorted(sets.items(), key=lambda item: -(item[0] or 0))]


def _pairs(run):
    """By op and size, its samples by direction."""
    found = {}
    for problem, at in run.problems.items():
        named = NAME.match(runs.work(problem))
        if named and "wengert" in at:
            key = (named[1], (runs.sizes(problem) or (0,))[0])
            found.setdefault(key, {})[named[2]] = at["wengert"]
    return found


def _cells(run, sample):
    if not sample:
        return [text.DASH] * 3
    nearest = limits.nearest_share(run, sample)
    arithmetic = nearest and nearest.limit.contestant == "multiply_add"
    rate = gigas(sample.rate("flops")) + " GFLOP/s" if arithmetic else gigas(sample.rate("traffic")) + " GB/s"
    noise = f" ({spread(sample)})" if sample.noisy else ""
    return [text.seconds(sample.median) + noise, rate, share(nearest, with_cache=False)]
