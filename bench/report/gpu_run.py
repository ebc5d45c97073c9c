"""What `bench/gpu_check.sh` found on a GPU: the JSON of its stages, and the times in that of the stage bench."""

import json
import re
from typing import NamedTuple

from .runs import BadInput

STAGES = ("build", "test", "sanitize", "stress", "bench")
LANES = 128  # for float32 multiply-adds in a multiprocessor (compute capability 8.6 and on; 8.0 has 64)


def plain(what):
    """A result's name without the labels of the goals: "relu forward 2^26 (b1)" is "relu forward 2^26"."""
    return re.sub(r" \([a-e][0-9][^)]*\)", "", what)


class Result(NamedTuple):
    """`us`: microseconds, of a call (`how` cold: nothing of it is in the cache; warm) or of a node of a CUDA graph;
    `bytes`, `flops`: what the work needs at least."""

    who: str
    what: str
    how: str
    us: float
    bytes: float
    flops: float

    @property
    def seconds(self):
        return self.us * 1e-6

    @property
    def rate(self):
        """Bytes, of a product operations, in a microsecond."""
        return (self.flops or self.bytes) / self.us

    def rate_written(self):
        return f"{self.rate / 1e6:.1f} TFLOP/s" if self.flops else f"{self.rate / 1e6:.2f} TB/s"


class Step(NamedTuple):
    """One of a model's training, through the engine: eager, or captured as a graph of so many `calls`."""

    name: str
    how: str
    seconds: float
    calls: int


class Times:
    """All results of a run, by who, plain name and how; and the limits that the same run measured: `read` and `copy`, the
    bytes at the rate of reading or copying 1 GiB; `node` and `launch`, an empty kernel in a graph and by itself; and `fma`,
    the operations at the device's greatest clock."""

    def __init__(self, stage):
        parts = [stage[part] for part in ("time", "cub", "pytorch") if part in stage]
        self.device = stage["time"]["device"] if "time" in stage else None
        rows = [row for part in parts for row in part["results"]]
        self.results = {(row["who"], plain(row["what"]), row["how"]): Result(**row) for row in rows if "wrong" not in row}
        self.failures = [(f"{row['who']} {row['what']}, {row['how']}", f"wrong: {row['wrong']}") for row in rows
                         if "wrong" in row]
        self.failures += [(miss["what"], miss["why"]) for part in parts for miss in part["missing"]]
        if any(not result.us > 0 for result in self.results.values()):
            raise BadInput("a time that is not above 0")

    def at(self, who, name, how):
        """None if it is not in the run."""
        return self.results.get((who, name, how))

    def rate(self, limit):
        """Bytes or operations per microsecond, at best; None if the run does not say."""
        if limit == "fma":
            return self.device and self.device["multiprocessors"] * LANES * 2 * self.device["greatest_clock_khz"] / 1e3
        return max((result.rate for (who, name, _), result in self.results.items()
                    if who == "machine" and name.startswith(f"{limit} 1 GiB")), default=None)

    def floor(self, result, limit):
        """Microseconds; None if the limit is not in the run."""
        if limit in ("node", "launch"):
            empty = self.at("machine", "an empty kernel", "node" if limit == "node" else "warm")
            return empty and empty.us
        rate = self.rate(limit)
        return rate and (result.flops if limit == "fma" else result.bytes) / rate

    def said(self, limit):
        """What the limit is, for a reader."""
        if limit == "fma":
            return (f"{self.device['multiprocessors']} multiprocessors × {LANES} multiply-adds × "
                    f"{self.device['greatest_clock_khz'] / 1e6:.2f} GHz = {self.rate(limit) / 1e6:.1f} TFLOP/s")
        if limit in ("node", "launch"):
            return "an empty kernel " + ("as a node of a graph" if limit == "node" else "by itself")
        return f"{'reading' if limit == 'read' else 'copying'} at {self.rate(limit) / 1e6:.2f} TB/s, as measured in the same run"


def read(path):
    """A stage's JSON, an object; None if there is no such file."""
    try:
        stage = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as problem:
        raise BadInput(f"{path}: not JSON: {problem}") from None
    if not isinstance(stage, dict):
        raise BadInput(f"{path}: not a result of bench/gpu_check.sh")
    return stage


class GpuRun:
    """The stages of a directory, by name, None for one that is not there; and the times."""

    def __init__(self, folder):
        self.folder = folder
        self.stages = {name: read(folder / f"{name}.json") for name in STAGES}
        if not any(self.stages.values()):
            raise BadInput(f"{folder}: no results of bench/gpu_check.sh in it")
        self.bench = self.stages["bench"] or {}
        try:
            self.times = Times(self.bench)
            self.steps = [Step(**row) for row in self.bench.get("steps", [])]
        except (KeyError, TypeError, AttributeError, BadInput) as problem:
            raise BadInput(f"{folder / 'bench.json'}: not a GPU's times: {type(problem).__name__} {problem}") from None

    def recorded(self, key):
        """The different values that the stages hold, as a list."""
        return list(dict.fromkeys(stage[key] for stage in self.stages.values() if stage and stage.get(key)))

    @property
    def smi(self):
        """What nvidia-smi said as the times began, or another stage: name, driver, clocks of the multiprocessors and of the
        memory, greatest clock, limit of the power, temperature; empty texts where it said nothing."""
        line = self.bench.get("gpu") or next(iter(self.recorded("gpu")), "")
        return [field.strip() for field in line.split(",")] + [""] * (7 - len(line.split(",")))

    @property
    def name(self):
        return self.times.device["name"] if self.times.device else self.smi[0] or "unknown GPU"

    @property
    def heading(self):
        return f"{self.name}, {min(self.recorded('date'), default='undated')[:10]}"
