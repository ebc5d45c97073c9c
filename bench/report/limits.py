"""Which of the machine's limits a sample is near, and how near.

A limit moves its problem's working set once, or performs its operations. A sample's share of it is the time in which
the limit does as much, over the sample's own.
"""

import math

from . import runs

COPIES = ("copy", "copy_nt")
MEMORY = ("read", "write") + COPIES
LIMITS = MEMORY + ("multiply_add",)


def time_for(reference, sample):
    """The reference's for as much work as the sample's: a limit was timed at an amount of its own."""
    scale = 1.0
    if reference.contestant in MEMORY:
        scale = sample.counter("traffic") / reference.counter("working_set")
    elif reference.contestant in LIMITS:
        scale = sample.counter("flops") / reference.counter("flops")
    return scale * reference.median


def share_of(reference, sample):
    return time_for(reference, sample) / sample.median


def fastest(at, names):
    """Of those that are there; None if none is."""
    return min((at[name] for name in names if name in at), key=lambda sample: sample.median, default=None)


class Share:
    """Of a limit, and whether the working set fits in the last-level cache."""

    def __init__(self, limit, sample, in_cache=False):
        self.limit, self.value, self.in_cache = limit, share_of(limit, sample), in_cache


def bandwidth(limit):
    """Bytes in a second."""
    return limit.counter("working_set") / limit.median


def better_copy(run, problem):
    """The faster of plain and non-temporal copy at this problem's working set; None where neither was timed."""
    return fastest(run.at(problem), COPIES)


def nearest_working_set(run, working_set):
    """Of those at which the limits were timed by themselves, in bytes; None where all are sixteen times it or more."""
    timed = [runs.sizes(problem)[0] for problem in run.of_work("limits") if better_copy(run, problem)]
    near = [size for size in timed if size < 16 * working_set]
    return min(near, default=None, key=lambda size: abs(math.log(size / working_set)))


def copy_for(run, sample):
    """The better copy at the sample's problem, or the nearest that was timed by itself."""
    nearest = nearest_working_set(run, sample.counter("working_set"))
    return better_copy(run, sample.problem) or better_copy(run, f"limits/{nearest}")


def peak_for(run, sample):
    """Multiply-add at the sample's problem, or as it was timed by itself."""
    own = run.at(sample.problem).get("multiply_add")
    others = [run.at(problem)["multiply_add"] for problem in run.of_work("limits", "limits/peak")
              if "multiply_add" in run.at(problem)]
    return own or max(others, default=None, key=lambda sample: sample.rate("flops"))


def fits_in_cache(run, working_set):
    return bool(run.last_level_cache) and 0 < working_set < run.last_level_cache


def memory_share(run, sample):
    """Of the better copy; None where bandwidth is not what limits this work, or no copy was timed."""
    copy = copy_for(run, sample) if sample.counter("traffic") > 0 else None
    return copy and Share(copy, sample, fits_in_cache(run, sample.counter("working_set")))


def arithmetic_share(run, sample):
    """Of the multiply-add peak; None where arithmetic is not what limits this work, or the peak was not timed."""
    peak = peak_for(run, sample) if sample.counter("flops") > 0 else None
    return peak and Share(peak, sample)


def nearest_share(run, sample):
    """Of the limit that leaves the least room; None where no limit is known."""
    shares = [share for share in (memory_share(run, sample), arithmetic_share(run, sample)) if share]
    return max(shares, default=None, key=lambda share: share.value)
