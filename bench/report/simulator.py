"""What the block simulator costs, and its checker."""

from . import runs, text
from .tables import spread, table

STEPS = {"simt: barrier": "__syncthreads, a block of {}: a thread's share", "simt: saxpy": "saxpy of {}, no barrier: a thread",
         "simt: matmul": "tiled product of matrices of {0}x{0}: a multiplication"}
WAYS = (("wengert", ""), ("wengert_ucontext", "on ucontext"), ("wengert_checked", "checked"))


def costs(run):
    """A row for each kernel; what another way costs stands as a multiple of the usual one."""
    rows = []
    for problem in run.of_work(*STEPS):
        at = run.at(problem)
        ours = at.get("wengert")
        if not ours or not ours.counter("steps"):
            continue
        step = ours.median / ours.counter("steps")
        rows.append([STEPS[runs.work(problem)].format(text.count(ours.size[0])), text.seconds(step), spread(ours),
                     f"{text.significant(1e-6 / step)} M/s", *(cell for name, _ in WAYS[1:] for cell in _cells(ours, at.get(name)))])
    headings = ["work", "plain", "spread", "rate", *(heading for _, way in WAYS[1:] for heading in (way, "spread"))]
    return table(headings, rows) if rows else ""


def _cells(ours, other):
    return [text.ratio(other.median / ours.median), spread(other)] if other else [text.DASH] * 2
