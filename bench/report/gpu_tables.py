"""The tables of a GPU's times, as Markdown."""

import re

from . import text
from .gpu_run import plain
from .tables import table

# What a peer calls something: what wengert does, where the names differ.
AS_OURS = {
    "sum of |a - b|, 100M": "similarity forward, 100M",
    "sum of |a - b|, 2^16": "similarity forward, 2^16",
    "sum of |a - b|, 17": "similarity forward, 17 params, 4 pairs",
    "similarity forward 100000000": "similarity forward, 100M",
    "cross-entropy fwd+bwd 1000000 x 10": "cross-entropy fwd+bwd 1M x 10",
    "linear+relu fp32 4096 x 4096 x 4096": "linear fp32 + bias + relu 4096 x 4096 x 4096",
    "linear+relu fp32 128 x 784 x 256": "linear fp32 + bias + relu 128 x 784 x 256",
    "adam, fused, 100M": "adam 100M",
    "sgd, fused, 100M": "sgd 100M",
    "adam, fused, 203530": "adam MNIST 203530",
}
PEERS = {"cub": "CUB", "cublas": "cuBLAS", "pytorch eager": "PyTorch eager", "pytorch compiled": "PyTorch compiled"}
# The first that the name begins with; the last takes what is left.
GROUPS = {"Similarity": "similarity", "Softmax cross-entropy": "(soft )?cross-entropy", "Affine layer": "linear",
          "Optimisers": "adam|sgd", "Elementwise": "relu|sigmoid", "Others": ""}
READS = re.compile(r"(similarity|(soft )?cross-entropy) forward|linear db")  # and write next to nothing
OTHER_GRIDS = re.compile(r", \d+ blocks")  # tried for comparison
LIMITS = {"read": "of reading", "copy": "of copying", "fma": "of multiply-adds", "node": "of an empty node",
          "launch": "of an empty call"}


def nearest_limit(times, result):
    """The one that takes the longest, of those in the run; None if there is none."""
    limits = [{"node": "node", "warm": "launch"}.get(result.how)] + (["fma"] if result.flops else [])
    if result.bytes and times.device and (result.how == "cold" or result.bytes > times.device["l2_bytes"]):
        limits.append("read" if READS.match(plain(result.what)) else "copy")
    floors = {limit: times.floor(result, limit) for limit in limits if limit}
    return max((limit for limit in floors if floors[limit]), default=None, key=floors.get)


def kernels(times):
    """(heading, table) of each group, and the limits named in them."""
    peers = {(who, AS_OURS.get(name, name), how): result for (who, name, how), result in times.results.items() if who in PEERS}
    groups, limits = {heading: [] for heading in GROUPS}, {}
    for (who, name, how), result in times.results.items():
        if who != "wengert" or OTHER_GRIDS.search(name):
            continue
        limit = nearest_limit(times, result)
        limits[limit] = True
        near = f"{text.percent(times.floor(result, limit) / result.us)} {LIMITS[limit]}" if limit else text.DASH
        rate = result.rate_written() if limit in ("read", "copy", "fma") else text.DASH
        beside = [peers.get((peer, name, how)) for peer in PEERS]
        heading = next(heading for heading, begin in GROUPS.items() if re.match(begin, name))
        groups[heading].append([name, how, text.seconds(result.seconds), rate, near,
                                *(text.ratio(peer.us / result.us) if peer else text.DASH for peer in beside)])
    headings = ["kernel", "how", "time", "rate", "share", *(f"{peer} / ours" for peer in PEERS.values())]
    return [(heading, table(headings, rows, words=2)) for heading, rows in groups.items() if rows], [
        limit for limit in LIMITS if limit in limits]


def everything(times):
    """All results, the machine's, the peers' and those of other grids included."""
    rows = [[who, name, how, text.seconds(result.seconds), result.rate_written() if result.rate else text.DASH]
            for (who, name, how), result in times.results.items()]
    return table(["who", "what", "how", "time", "rate"], rows, words=3) if rows else ""


def steps(found):
    """Of the engine: eager, and captured as one graph."""
    by_name = {}
    for step in found:
        by_name.setdefault(step.name, {})[step.how] = step
    rows = []
    for name, ways in by_name.items():
        eager, captured = ways.get("eager"), ways.get("captured")
        rows.append([name, *(text.seconds(way.seconds) if way else text.DASH for way in (eager, captured)),
                     text.ratio(eager.seconds / captured.seconds) if eager and captured else text.DASH,
                     str(captured.calls) if captured else text.DASH])
    return table(["step", "eager", "captured", "eager / captured", "kernel calls in the graph"], rows) if rows else ""
