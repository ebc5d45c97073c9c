"""Cost against size, and against the graph's length: charts of time. None where there is nothing to draw."""

from . import lengths, limits, runs, tables, text
from .chart import Chart


def classes_of(run, contestant):
    """Wengert's ways are one colour, and drawn differently; limits are grey; each peer has a colour of its own."""
    if contestant in limits.LIMITS:
        return {"read": "limit dotted", "write": "limit sparse", "copy_nt": "limit dashdot"}.get(contestant, "limit dashed")
    if contestant.startswith("wengert"):
        return {"wengert": "own", "wengert_composed": "own dashed hollow"}.get(contestant, "own dotted hollow")
    return f"peer{tables.peers(run).index(contestant) % 6}"


def _spread_note(sample):
    return f"{sample.contestant}, {text.seconds(sample.low)} to {text.seconds(sample.high)}"


def _draw(chart, samples, classes, name, x_of, scale_of=lambda sample: 1):
    """A line through the medians, and whiskers between the quartiles."""
    chart.line([(x_of(s), s.median * scale_of(s)) for s in samples], classes, name)
    for s in samples:
        between = (s.low * scale_of(s), s.high * scale_of(s))
        chart.point(x_of(s), s.median * scale_of(s), classes, f"{s.problem}: {_spread_note(s)}", between)


def _by_contestant(run, problems, names):
    found = {name: [run.at(problem)[name] for problem in problems if name in run.at(problem)] for name in names}
    return {name: samples for name, samples in found.items() if samples}


# ---- cost against size

def similarity(run):
    problems = [problem for problem in run.of_work("similarity") if runs.sizes(problem)[1:] in ((), (1,))]
    peers = [name for name in run.contestants() if name not in limits.LIMITS]
    series = _by_contestant(run, problems, peers)
    if "wengert" not in series or len(problems) < 2:
        return None
    copies = [(copy, run.at(copy.problem)["wengert"]) for problem in problems if (copy := limits.better_copy(run, problem))
              and "wengert" in run.at(problem)]
    roof = [(copy.size[0], limits.time_for(copy, own)) for copy, own in copies]
    everything = [s for samples in series.values() for s in samples]
    chart = Chart("similarity", "Similarity: cost against size",
                  "The time of 1/sum of abs(A-B), forward and backward, by the number of parameters, for wengert, its peers, "
                  "and a copy of as many bytes.",
                  ("parameters of one pair", [s.size[0] for s in everything], text.count),
                  ("time, forward and backward", [t for s in everything for t in (s.low, s.high)] + [y for _, y in roof],
                   lambda value: text.seconds(value, 1)))
    if roof:
        chart.line(roof, "limit dashed", "copy of as many bytes")
    for name, samples in series.items():
        _draw(chart, samples, classes_of(run, name), name, lambda s: s.size[0])
    if run.last_level_cache:
        chart.mark(run.last_level_cache / 12, "leaves the cache")
    return chart.element()


# ---- cost against graph length

def length(run):
    series = lengths.phases(run)
    everything = [s for samples in series.values() for s in samples]
    if len({lengths.nodes(s) for s in everything}) < 2:
        return None
    chart = Chart("length", "Cost per node against the graph's length",
                  "The time that a node of a chain of additions costs in recording, walking backward and freeing, by the "
                  "number of nodes.",
                  ("nodes of the graph", [lengths.nodes(s) for s in everything], text.count),
                  ("time per node", [t / lengths.nodes(s) for s in everything for t in (s.low, s.high)],
                   lambda value: text.seconds(value, 1)))
    for (phase, name), samples in series.items():
        looks = classes_of(run, name) + {"backward": " dashed", "free": " dotted hollow"}.get(phase, "")
        _draw(chart, samples, looks, f"{name}, {phase}", lengths.nodes, lambda s: 1 / lengths.nodes(s))
    return chart.element()
