"""A run of the benchmarks: who was timed at which problem, and what the files say of their making.

A sample is called WORK/SIZES/CONTESTANT, or WORK/CONTESTANT; what stands before the last slash is the problem.
"""

import re
import statistics

NOISY = 0.10  # a greater spread is named, and a peer that has it is not measurable


class BadInput(Exception):
    """What is wrong with a file, in one line."""


class Sample:
    """One contestant at one problem: the times of all repetitions in seconds, and the counters."""

    def __init__(self, problem, contestant, times, counters):
        self.problem, self.contestant, self.times, self.counters = problem, contestant, times, counters
        self.median = statistics.median(times)
        self.low, self.high = self.median, self.median  # the quartiles
        self.spread = None  # of one repetition nothing is known
        if len(times) > 1:
            self.low, _, self.high = statistics.quantiles(times, n=4, method="inclusive")
            self.spread = (self.high - self.low) / self.median

    @property
    def noisy(self):
        return self.spread is not None and self.spread > NOISY

    @property
    def own(self):
        return self.contestant.startswith("wengert")

    @property
    def size(self):
        return sizes(self.problem)

    def counter(self, name):
        """0 where it is absent or no number."""
        return self.counters.get(name, 0)

    def rate(self, counter):
        """Of bytes or operations in a second; None where they are not what limits the work."""
        return self.counter(counter) / self.median if self.counter(counter) > 0 else None


class Run:
    """All samples of a run, by problem and contestant, and what the files say of their making."""

    def __init__(self, parts):
        self.parts = parts
        self.contexts = [part["context"] for part in parts]
        self.problems, self.failures = {}, {}
        for sample in sorted((s for part in parts for s in part["samples"]), key=_order):
            at = self.problems.setdefault(sample.problem, {})
            if sample.contestant in at:
                raise BadInput(f"{sample.problem}/{sample.contestant} is there twice: a report is of one run")
            at[sample.contestant] = sample
        for part in parts:
            self.failures.update(part["failures"])

    def at(self, problem):
        return self.problems.get(problem, {})

    def of_work(self, *works):
        """The problems of these works, in the order of their sizes."""
        return [problem for problem in self.problems if work(problem) in works]

    def contestants(self, prefix=""):
        """All names that begin so, wherever they take part."""
        return sorted({name for at in self.problems.values() for name in at if name.startswith(prefix)})

    def recorded(self, key):
        """The different values that the contexts hold, as a list; empty if none has it."""
        values = []
        for context in self.contexts:
            if context.get(key) not in (None, "") and context[key] not in values:
                values.append(context[key])
        return values

    @property
    def last_level_cache(self):
        """In bytes; None if no file says so."""
        named = [float(value) for value in self.recorded("last_level_cache") if re.fullmatch(r"\d+", str(value))]
        listed = [cache["size"] for caches in self.recorded("caches") for cache in caches]
        return max(named or listed, default=0) or None

    @property
    def absent(self):
        """Peers that were not measured, and why: "NAME: REASON; NAME: REASON", or names alone."""
        peers = {}
        for text in self.recorded("peers_absent"):
            for entry in text.split(";" if ":" in text else None):
                name, _, reason = entry.partition(":")
                if name.strip() not in ("", "none"):
                    peers[name.strip()] = reason.strip()
        return peers


def work(problem):
    return problem.rpartition("/")[0] if sizes(problem) else problem


def sizes(problem):
    last = problem.rpartition("/")[2]
    return tuple(int(size) for size in last.split("x")) if re.fullmatch(r"\d+(x\d+)*", last) else ()


def _order(sample):
    return work(sample.problem), sizes(sample.problem)[1:], sizes(sample.problem), sample.contestant
