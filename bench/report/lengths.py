"""Cost against the graph's length: the samples, and their table."""

from . import runs, text
from .tables import table


def nodes(sample):
    """Of the graph; 0 where it has no length."""
    return sample.counter("nodes") or (sample.size[0] if sample.size else 0)


def phases(run):
    """By phase and contestant, the samples in the order of the graph's length."""
    found = {}
    for problem, at in run.problems.items():
        work = runs.work(problem)
        if work == "chain" or work.startswith("tape: "):
            for name, sample in at.items():
                if nodes(sample):
                    phase = "all three" if work == "chain" else work[len("tape: "):]
                    found.setdefault((phase, name), []).append(sample)
    return found


def length(run):
    """What a node costs, by the graph's length; the last column is flat where it is 1."""
    found = phases(run)
    lengths = sorted({nodes(s) for samples in found.values() for s in samples})
    if not lengths:
        return ""
    rows = []
    for (phase, name), samples in found.items():
        cost = {nodes(s): s.median / nodes(s) for s in samples}
        noisy = {nodes(s) for s in samples if s.noisy}
        rows.append([f"{phase}, {name}"] + [text.seconds(cost.get(n)) + (" noisy" if n in noisy else "") for n in lengths]
                    + [text.ratio(max(cost.values()) / min(cost.values()))])
    return table(["a node's share of", *(f"{text.count(n)} nodes" for n in lengths), "dearest / cheapest"], rows)
