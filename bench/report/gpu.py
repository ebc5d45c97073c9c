"""The report's section on a GPU, from a directory that `bench/gpu_check.sh` wrote."""

import os
import re

from . import gpu_goals, gpu_stages, gpu_tables, text
from .tables import table

HOW_TO_READ = """A time is that of a call or of a node of a CUDA graph, the median of seven batches: cold, where nothing of
its operands is in the cache; warm, called again and again; node, in a graph of many. The share is the nearest limit's time
over ours: {}. Reading and copying count each byte that the work needs to move once. A ratio is the other's time over ours, in
the same run: above 1x wengert is faster."""

STEPS = """Whole training steps through the engine: forward, backward, optimiser. Captured means recorded once and replayed as one
CUDA graph."""


def section(run, page_folder):
    """Markdown; `page_folder` is the page's, from where the JSON is linked."""
    outcomes, summary = gpu_stages.outcomes(run)
    parts = [f"## {run.heading}\n", _made(run, page_folder), "### What ran there\n", summary + "\n", outcomes, _failures(run),
             "### Goals there\n", _goals(run), "### Kernels\n", _kernels(run), "### Steps of the engine\n", _steps(run)]
    return "\n".join(part for part in parts if part)


def links(gpus):
    """To the sections, for the page's beginning."""
    named = [f"[{run.heading}](#{re.sub(r'[^a-z0-9_ -]', '', run.heading.lower()).replace(' ', '-')})" for run in gpus]
    return "On GPUs: " + "; ".join(named) + ".\n" if named else ""


def _made(run, page_folder):
    _, driver, clock, memory_clock, greatest, power, temperature = run.smi[:7]
    after = run.bench.get("clocks_after", "")
    rows = [["device", run.name], ["driver", driver], ["toolkit", "; ".join(run.recorded("toolkit"))],
            ["clock of the multiprocessors, at most", greatest],
            ["clocks as the times began", ", memory ".join(filter(None, (clock, memory_clock)))],
            ["clocks, power and °C as they ended", after], ["power limit", power],
            ["°C as the times began", temperature], ["host", "; ".join(run.recorded("host"))],
            ["PyTorch", run.bench.get("pytorch", {}).get("torch", "")], ["commit", "; ".join(run.recorded("commit"))],
            ["date", " to ".join(sorted({min(run.recorded("date"), default=""), max(run.recorded("date"), default="")}))],
            ["results", f"[{run.folder.name}]({os.path.relpath(run.folder, page_folder)})"]]
    return "| | |\n| --- | --- |\n" + "".join(f"| {key} | {value or 'not recorded'} |\n" for key, value in rows)


def _failures(run):
    found = gpu_stages.failures(run)
    return "These failed, or could not be measured:\n\n" + "".join(f"- {what}: {why}\n" for what, why in found) if found else ""


def _goals(run):
    if gpu_goals.DEVICE not in run.name:
        return f"The goals are an {gpu_goals.DEVICE}'s, and are judged there alone.\n"
    judged = [(goal, *gpu_goals.judge(run.times, goal)) for goal in gpu_goals.GOALS]
    counts = ", ".join(f"{sum(found[2] == verdict for found in judged)} {verdict}" for verdict in gpu_goals.VERDICTS)
    rows = [[goal.label, f"{goal.name}, {goal.how}", " or ".join(demand.words for demand in goal.demands), measured,
             f"**{verdict}**" + (f": {why}" if why else "")] for goal, measured, verdict, why in judged]
    return f"Of {len(judged)}: {counts}. {_tf32(run)}\n\n" + table(["", "kernel", "goal", "measured", "verdict"], rows, words=5)


def _tf32(run):
    ours = any(who == "wengert" and "tf32" in name for who, name, _ in run.times.results)
    return "" if ours else "Products in TF32 (a5) are not judged: wengert has no time of one in this run."


def _kernels(run):
    groups, limits = gpu_tables.kernels(run.times)
    if not groups:
        return "No kernel was timed.\n"
    about = HOW_TO_READ.format("; ".join(f"{gpu_tables.LIMITS[limit]}: {run.times.said(limit)}" for limit in limits))
    everything = f"<details><summary>all results</summary>\n\n{gpu_tables.everything(run.times)}\n</details>\n"
    return "\n".join([about + "\n", *(f"**{heading}**\n\n{content}" for heading, content in groups), everything])


def _steps(run):
    steps = gpu_tables.steps(run.steps)
    return f"{STEPS}\n\n{steps}" if steps else "No step was timed.\n"
