"""The report's tables, as Markdown."""

import math

from . import limits, runs, text

# Heading, what it says of itself, and its works, in the order of the page.
GROUPS = (
    ("Small graphs", "What recording, walking and replaying cost where the arithmetic is next to nothing. The two-blob step "
     "is that of the second model: forward, backward and SGD. Captured means recorded once and replayed.",
     ("recorded_add", "two_blobs_step")),
    ("Similarity", "1 / sum of abs(A-B), and the gradient on B; 12 bytes are counted for a parameter: A and B are read, the "
     "gradient is written.", ("similarity",)),
    ("Softmax cross-entropy", "The loss and the gradient on the logits.", ("cross_entropy",)),
    ("Affine layer", "x W^T + b, with float32 operands, and the gradients on x, W and b.", ("linear_forward", "linear")),
    ("Optimisers", "One step over parameters of which each has a gradient. SGD reads two numbers and writes one, Adam reads "
     "four and writes three.", ("sgd", "adam")),
    ("Training on MNIST", "An epoch of a network 784-256-10 by Adam in batches of 128, with all that it waits for. Two threads "
     "stand beside one, and the second network of a pair, pushed away from the first one's answers, beside the first.",
     ("mnist_epoch", "mnist_epoch_2_threads", "mnist_epoch_pushed")),
)


def table(headings, rows, words=1):
    """So many columns are words, the others numbers; a column of numbers without any is left out."""
    kept = [i for i in range(len(headings)) if i < words or any(row[i] != text.DASH for row in rows)]
    headings, rows = [headings[i] for i in kept], [[row[i] for i in kept] for row in rows]
    rule = ["---" if i < words else "---:" for i in kept]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in [headings, rule, *rows]) + "\n"


# ---- cells

def peers(run):
    return [name for name in run.contestants() if not name.startswith("wengert") and name not in limits.LIMITS]


def shape(problem):
    """What a reader calls the problem within its group."""
    work, sizes = runs.work(problem), runs.sizes(problem)
    if work == "similarity":
        return text.count(sizes[0]) + (f" in {text.count(sizes[1])} pairs" if sizes[1:] not in ((), (1,)) else "")
    if work in ("sgd", "adam", "chain"):
        return f"{work}, {text.count(sizes[0])}"
    size = "x".join(map(str, sizes))
    return {"cross_entropy": size, "linear": f"{size}, forward and backward", "linear_forward": f"{size}, forward",
            "recorded_add": "recorded add of 1 element", "two_blobs_step": "two_blobs step", "mnist_epoch": "an epoch",
            "mnist_epoch_2_threads": "an epoch, two threads", "mnist_epoch_pushed": "an epoch, pushed by inverse-ce"}[work]


def spread(sample):
    if sample.spread is None:
        return "timed once"
    return text.distinct(text.percent, sample.spread, runs.NOISY) + (" noisy" if sample.noisy else "")


def gigas(rate):
    return text.DASH if rate is None else text.significant(rate / 1e9)


def share(found, with_cache=True):
    """Of a limit; in cache, and against a noisy limit, it says so."""
    if not found:
        return text.DASH
    notes = (", in cache" if found.in_cache and with_cache else "") + (", which is noisy" if found.limit.noisy else "")
    return f"{text.percent(found.value)} of {found.limit.contestant}{notes}"


def ratio(ours, peer):
    """The peer's time over ours; the range between its quartiles where it is too noisy to count."""
    if not peer:
        return text.DASH
    if peer.spread is None:
        return text.ratio(peer.median / ours.median) + " (timed once)"
    if peer.noisy:
        low, high = text.ratio(peer.low / ours.median), text.ratio(peer.high / ours.median)
        return f"not measurable ({low} to {high})"
    return text.ratio(peer.median / ours.median)


def error(samples):
    """The greatest of those that were compared."""
    return text.error(max((s.counters["error"] for s in samples if "error" in s.counters), default=None))


# ---- groups

WAYS = {"wengert": "", "wengert_eager": "eager"}


def group(run, works):
    """A row for each shape, and for each way in which wengert does it; none if nothing of it was measured."""
    problems = [problem for work in works for problem in run.of_work(work)]
    named = [peer for peer in peers(run) if any(peer in run.at(problem) for problem in problems)]
    rows = []
    for problem in problems:
        at = run.at(problem)
        for way in [way for way in WAYS if way in at]:
            ours = at[way]
            how = WAYS[way] or ("captured" if "wengert_eager" in at else "")
            rows.append([shape(problem) + (f", {how}" if how else ""), text.seconds(ours.median), spread(ours),
                         gigas(ours.rate("traffic")), gigas(ours.rate("flops")), share(limits.nearest_share(run, ours)),
                         *(ratio(ours, at.get(peer)) for peer in named), error(at.values())])
    headings = ["shape", "median", "spread", "GB/s", "GFLOP/s", "share of limit", *(f"{peer} / ours" for peer in named),
                "largest error"]
    return table(headings, rows) if rows else ""


def everyone(run, works):
    """All contestants, limits included."""
    rows = []
    for problem in [problem for work in works for problem in run.of_work(work)]:
        for name, s in run.at(problem).items():
            rate = limits.bandwidth(s) if name in limits.MEMORY else s.rate("traffic")
            rows.append([shape(problem), name, text.seconds(s.median), f"{text.seconds(s.low)} to {text.seconds(s.high)}",
                         str(len(s.times)), spread(s), gigas(rate), gigas(s.rate("flops")), text.error(s.counters.get("error"))])
    return table(["shape", "contestant", "median", "quartiles", "repetitions", "spread", "GB/s", "GFLOP/s", "error"], rows,
                 words=2) if rows else ""


def accuracies(run):
    """Of the networks that were trained on MNIST, five epochs each, and what memory the process took at most."""
    at = run.at("mnist_epoch")
    rows = [[name, str(len(s.times)), text.percent(s.counters["accuracy"], 4),
             text.significant(100 * s.counters.get("accuracy_error", math.nan), 2), text.size_in_bytes(s.counter("memory"))]
            for name, s in at.items() if "accuracy" in s.counters]
    return table(["trained by", "networks", "mean test accuracy", "standard error, points", "memory"], rows) if rows else ""


def composed(run):
    """What is one op of ours, against the same of elementary ops: both by wengert, both recorded anew or both not."""
    rows = []
    for problem, at in run.problems.items():
        fused, parts = at.get("wengert_eager") or at.get("wengert"), at.get("wengert_composed")
        if fused and parts:
            work = "" if runs.work(problem) == "two_blobs_step" else runs.work(problem) + " "
            rows.append([work + shape(problem), text.seconds(fused.median), spread(fused),
                         text.seconds(parts.median), spread(parts), text.ratio(parts.median / fused.median)])
    return table(["work", "fused", "spread", "composed", "spread", "composed / fused"], rows) if rows else ""
