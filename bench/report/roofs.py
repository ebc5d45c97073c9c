"""Rates against the measured limits: bytes by working set, operations by intensity. None where there is nothing to draw."""

import math

from . import limits, ops, runs, tables, text
from .chart import Chart
from .plots import classes_of

GIGA = 1e9


def _tick(value):
    return f"{value:,g}"


# ---- bytes

def _memory_limits(run, works=None):
    """By name, bytes in a second by working set; the best where several problems have the same."""
    found = {}
    for problem, at in run.problems.items():
        for name in limits.MEMORY:
            if name in at and (works is None or runs.work(problem) in works):
                size, rates = at[name].counter("working_set"), found.setdefault(name, {})
                rates[size] = max(rates.get(size, 0), limits.bandwidth(at[name]))
    return {name: found[name] for name in limits.MEMORY if name in found}


def table(run):
    """The limits in GB/s, by working set."""
    found = _memory_limits(run)
    rows = [[text.size_in_bytes(size), *(tables.gigas(rates.get(size)) for rates in found.values())]
            for size in sorted({size for rates in found.values() for size in rates})]
    return tables.table(["working set", *(f"{name}, GB/s" for name in found)], rows) if rows else ""


def bandwidth(run):
    """The limits as grey lines, each loss and optimiser as a line, and the middle half of the ops as a bar."""
    roofs = _memory_limits(run)
    works = {work: samples for _, _, names in tables.GROUPS for work in names if (samples := _moving(run, work))}
    middle = ops.rates(run)
    if not roofs or not (works or middle):
        return None
    every = [point for rates in roofs.values() for point in rates.items()]
    every += [(s.counter("working_set"), s.rate("traffic")) for samples in works.values() for s in samples]
    every += [(size, rate) for (_, size), rates in middle.items() for rate in rates]
    chart = Chart("bandwidth", "Bandwidth against working set",
                  "Bytes in a second by working set: the measured limits, wengert's losses and optimisers, and the middle half "
                  "of its ops, forward and backward.",
                  ("working set", [size for size, _ in every], lambda value: text.size_in_bytes(value, 1)),
                  ("GB/s", [rate / GIGA for _, rate in every], _tick))
    for level, size in sorted({c["level"]: c["size"] for caches in run.recorded("caches") for c in caches}.items()):
        chart.mark(size, f"L{level}")
    for name, rates in roofs.items():
        chart.line([(size, rate / GIGA) for size, rate in sorted(rates.items())], classes_of(run, name), name)
    for direction, looks, shift in (("forward", "own", -5), ("backward", "own hollow", 5)):
        _draw_ops(chart, direction, {size: rates for (of, size), rates in middle.items() if of == direction}, looks, shift)
    for index, (work, samples) in enumerate(works.items()):
        points = [(s.counter("working_set"), s.rate("traffic") / GIGA) for s in samples]
        chart.line(points, f"peer{index}", work)
        for (x, y), s in zip(points, samples):
            chart.point(x, y, f"peer{index}", f"{s.problem}: {text.significant(y)} GB/s")
    return chart.element()


def _moving(run, work):
    """Wengert's samples whose limit is bandwidth; of the similarities, those of one pair."""
    found = [run.at(problem)["wengert"] for problem in run.of_work(work)
             if "wengert" in run.at(problem) and runs.sizes(problem)[1:] in ((), (1,))]
    return [s for s in found if s.rate("traffic") and s.counter("working_set")]


def _draw_ops(chart, direction, rates_by_size, looks, shift):
    for size, (low, median, high) in rates_by_size.items():
        tooltip = f"half of the ops, {direction}: {text.significant(low / GIGA)} to {text.significant(high / GIGA)} GB/s"
        chart.point(size, median / GIGA, looks, tooltip, (low / GIGA, high / GIGA), shift)
    if rates_by_size:
        size = max(rates_by_size)
        chart.line([(size, rates_by_size[size][1] / GIGA)], looks, f"ops, {direction}")


# ---- operations

def intensity(sample):
    """Operations for each byte of the working set, moved once."""
    return sample.counter("flops") / sample.counter("working_set")


def roofline(run):
    computed = [s for at in run.problems.values() for s in at.values()
                if s.rate("flops") and s.counter("working_set") and s.contestant not in limits.LIMITS]
    peaks = [at["multiply_add"].rate("flops") / GIGA for at in run.problems.values() if "multiply_add" in at]
    slopes = _slopes(run)
    if not computed or not peaks or not slopes:
        return None
    peak, steepest = max(peaks), max(rate for _, rate in slopes) / GIGA
    rates = [s.rate("flops") / GIGA for s in computed]
    chart = Chart("roofline", "Roofline",
                  "Operations in a second by operations for each byte, under the measured copy bandwidth and multiply-add peak.",
                  ("FLOP for each byte of operands and results", [intensity(s) for s in computed] + [peak / steepest / 25], _tick),
                  ("GFLOP/s", rates + [peak], _tick))
    chart.line([(peak / steepest, peak), (10**chart.x.high, peak)], "limit", f"multiply-add, {text.significant(peak)} GFLOP/s")
    for size, rate in slopes:
        _draw_slope(chart, rate, peak, f"copy at {text.size_in_bytes(size)}: {text.significant(rate / GIGA)} GB/s")
    _draw_rates(chart, run, computed)
    return chart.element()


def _slopes(run):
    """(working set, bytes in a second) of the better copy, at the smallest and at the greatest working set."""
    found = _memory_limits(run, {"limits"}) or _memory_limits(run)
    best = {}
    for name in limits.COPIES:
        for size, rate in found.get(name, {}).items():
            best[size] = max(best.get(size, 0), rate)
    return [(size, best[size]) for size in sorted({min(best), max(best)})] if best else []


def _draw_slope(chart, rate, peak, note):
    """Up to the peak, from where it enters the paper."""
    ridge = peak / (rate / GIGA)
    begin = max(10**chart.x.low, 10**chart.y.low * GIGA / rate)
    chart.line([(begin, begin * rate / GIGA), (ridge, peak)], "limit dashed")
    chart.along(math.sqrt(begin * ridge), math.sqrt(begin * ridge) * rate / GIGA, note)


def _draw_rates(chart, run, computed):
    """Ops as rings, since there are many; affine layers as dots, with the names of those who computed them."""
    for s in [s for s in computed if s.problem.startswith("op: ")]:
        _draw_rate(chart, s, "own hollow many")
    layers = [s for s in computed if not s.problem.startswith("op: ")]
    for name in dict.fromkeys(s.contestant for s in layers):
        samples = [s for s in layers if s.contestant == name]
        for s in samples:
            _draw_rate(chart, s, classes_of(run, name))
        chart.line([(intensity(samples[-1]), samples[-1].rate("flops") / GIGA)], classes_of(run, name), name)


def _draw_rate(chart, sample, looks):
    rate = sample.rate("flops") / GIGA
    chart.point(intensity(sample), rate, looks, f"{sample.problem}, {sample.contestant}: {text.significant(rate)} GFLOP/s")
