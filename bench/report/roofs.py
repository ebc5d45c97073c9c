"""Rates against the measured limits: bytes by working set, operations by intensity. None where there is nothing to draw."""

import math

from . import limits, runs, tables, text
from .chart import Chart
from .plots import classes_of


def gigas(rate):
    return rate / 1e9


def _tick(value):
    return f"{value:,g}"


# ---- bytes

def bandwidth_roofs(run):
    """Of each memory limit, bytes in a second by working set; the best where several problems have the same."""
    roofs = {}
    for at in run.problems.values():
        for name in limits.MEMORY:
            if name in at:
                size, roof = at[name].counter("working_set"), roofs.setdefault(name, {})
                roof[size] = max(roof.get(size, 0), limits.bandwidth(at[name]))
    return roofs


def table(run):
    """The limits in GB/s, by working set."""
    roofs = bandwidth_roofs(run)
    rows = [[text.size_in_bytes(size), *(tables.gigas(roofs[name].get(size)) for name in roofs)] for size in
            sorted({size for roof in roofs.values() for size in roof})]
    return tables.table(["working set", *(f"{name}, GB/s" for name in roofs)], rows) if rows else ""


def bandwidth(run):
    roofs = bandwidth_roofs(run)
    moved = [at["wengert"] for at in run.problems.values() if "wengert" in at and at["wengert"].rate("traffic")
             and at["wengert"].counter("working_set")]
    if not moved or not roofs:
        return None
    every = [(s.counter("working_set"), s.rate("traffic")) for s in moved] + [p for r in roofs.values() for p in r.items()]
    chart = Chart("bandwidth", "Bandwidth against working set",
                  "Bytes in a second by working set: the measured limits, wengert's ops forward and backward, and its losses "
                  "and optimisers.",
                  ("working set", [size for size, _ in every], text.size_in_bytes),
                  ("GB/s", [gigas(rate) for _, rate in every], _tick))
    for level, size in sorted({c["level"]: c["size"] for cs in run.recorded("caches") for c in cs}.items()):
        chart.mark(size, f"L{level}")
    for name, roof in roofs.items():
        chart.line([(size, gigas(rate)) for size, rate in sorted(roof.items())], classes_of(run, name), name)
    _draw_ops(chart, [s for s in moved if s.problem.startswith("op: ")])
    _draw_works(chart, [s for s in moved if not s.problem.startswith("op: ")])
    return chart.element()


def _draw_ops(chart, ops):
    """Filled: forward; hollow and to the right: backward."""
    for s in ops:
        forward = runs.work(s.problem).endswith(" forward")
        chart.point(s.counter("working_set"), gigas(s.rate("traffic")), "own many" + ("" if forward else " hollow"),
                    f"{s.problem}: {text.significant(gigas(s.rate('traffic')))} GB/s", shift=-5 if forward else 5)


def _draw_works(chart, samples):
    works = list(dict.fromkeys(runs.work(s.problem) for s in samples))
    for index, work in enumerate(works):
        of_work = [s for s in samples if runs.work(s.problem) == work and runs.sizes(s.problem)[1:] in ((), (1,))]
        points = [(s.counter("working_set"), gigas(s.rate("traffic"))) for s in of_work]
        chart.line(points, f"peer{index % 6}", work)
        for (x, y), s in zip(points, of_work):
            chart.point(x, y, f"peer{index % 6}", f"{s.problem}: {text.significant(y)} GB/s")


# ---- operations

def intensity(sample):
    """Operations for each byte of the working set, moved once."""
    return sample.counter("flops") / sample.counter("working_set")


def roofline(run):
    computed = [s for at in run.problems.values() for s in at.values()
                if s.rate("flops") and s.counter("working_set") and s.contestant not in limits.LIMITS]
    peaks = [at["multiply_add"] for at in run.problems.values() if "multiply_add" in at]
    slopes = _slopes(run)
    if not computed or not peaks or not slopes:
        return None
    peak = max(gigas(s.rate("flops")) for s in peaks)
    ridge = [peak / gigas(rate) for _, rate in slopes]
    every_x = [intensity(s) for s in computed] + ridge
    lowest = min([gigas(s.rate("flops")) for s in computed] + [min(every_x) * gigas(min(rate for _, rate in slopes))])
    chart = Chart("roofline", "Roofline",
                  "Operations in a second by operations for each byte, under the measured copy bandwidth and multiply-add peak.",
                  ("FLOP for each byte of operands and results", every_x, _tick),
                  ("GFLOP/s", [lowest, peak], _tick))
    ends = [10**chart.x.low, 10**chart.x.high]
    chart.line([(min(ridge), peak), (ends[1], peak)], "limit", f"multiply-add, {text.significant(peak)} GFLOP/s")
    for size, rate in slopes:
        _draw_slope(chart, gigas(rate), peak, f"copy at {text.size_in_bytes(size)}, {text.significant(gigas(rate))} GB/s")
    _draw_rates(chart, run, computed)
    return chart.element()


def _slopes(run):
    """The better copy at the smallest and at the greatest working set."""
    best = {}
    for name in limits.COPIES:
        for size, rate in bandwidth_roofs(run).get(name, {}).items():
            best[size] = max(best.get(size, 0), rate)
    return [(size, best[size]) for size in sorted({min(best), max(best)})] if best else []


def _draw_slope(chart, bandwidth_, peak, note):
    begin = max(10**chart.x.low, 10**chart.y.low / bandwidth_)
    chart.line([(begin, begin * bandwidth_), (peak / bandwidth_, peak)], "limit dashed")
    middle = math.sqrt(begin * peak / bandwidth_)
    chart.along(middle, middle * bandwidth_, note)


def _draw_rates(chart, run, computed):
    for contestant in dict.fromkeys(s.contestant for s in computed):
        samples = [s for s in computed if s.contestant == contestant]
        for s in samples:
            rate = gigas(s.rate("flops"))
            chart.point(intensity(s), rate, classes_of(run, contestant),
                        f"{s.problem}, {contestant}: {text.significant(rate)} GFLOP/s")
        chart.line([(intensity(samples[-1]), gigas(samples[-1].rate("flops")))], classes_of(run, contestant), contestant)
