"""What the comparisons with PyTorch share: safetensors files through numpy, and when two arrays count as equal."""
import json
import os
import struct
import subprocess
import sys
import tempfile

import numpy as np

NUMPY_TYPES = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8"), "I32": np.dtype("<i4")}


def load(path):
    """The arrays of a safetensors file, by name; what the format demands of the file is checked."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    assert length % 8 == 0, f"{path}: the data are not aligned"
    arrays, end = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = entry["data_offsets"]
        assert begin == end, f"{path}: a gap before {name}"
        data = content[8 + length + begin : 8 + length + stop]
        arrays[name] = np.frombuffer(data, NUMPY_TYPES[entry["dtype"]]).reshape(entry["shape"])
        end = stop
    assert 8 + length + end == len(content), f"{path}: it does not end with the last tensor"
    return arrays


def save(path, arrays, text_of=json.dumps):
    """Writes a safetensors file; `text_of` makes the header's text."""
    names = {dtype: name for name, dtype in NUMPY_TYPES.items()}
    header, blocks, at = {}, [], 0
    for name, array in arrays.items():
        block = array.tobytes()
        header[name] = {
            "dtype": names[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [at, at + len(block)],
        }
        blocks.append(block)
        at += len(block)
    text = text_of(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blocks))


def through(program, arrays):
    """What the program makes of the arrays: it reads one safetensors file and writes another."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = os.path.join(folder, "given"), os.path.join(folder, "made")
        save(given, arrays)
        subprocess.run([program, given, made], check=True)
        return load(made)


def listed(program):
    """The names that `program --list` prints."""
    return subprocess.run([program, "--list"], check=True, capture_output=True, text=True).stdout.splitlines()


def apart(got, expected):
    """The largest difference of two finite arrays, as a share of the largest entry expected."""
    error, largest = np.abs(got.astype(np.float64) - expected).max(), np.abs(expected).max()
    if error == 0:
        return 0.0
    return float(error / largest) if largest > 0 else np.inf


def difference(got, expected, tolerance):
    """Empty if both are infinite, NaN and of the same sign at the same places, and elsewhere apart by no more than
    tolerance times the largest finite entry expected. There is no absolute tolerance."""
    if got.shape != expected.shape:
        return f"shape {got.shape} in place of {expected.shape}"
    finite = np.isfinite(expected)
    same_kind = np.where(finite, np.isfinite(got), (got == expected) | (np.isnan(got) & np.isnan(expected)))
    if not same_kind.all():
        at = np.argwhere(~same_kind)[0]
        return f"element {at.tolist()} is {got[tuple(at)]} in place of {expected[tuple(at)]}"
    if not finite.any():
        return ""
    largest = np.abs(expected[finite]).max()
    error = np.abs(got[finite].astype(np.float64) - expected[finite].astype(np.float64))
    if (error <= tolerance * largest).all():
        return ""
    worst = error.argmax()
    return (
        f"{got[finite][worst]!r} in place of {expected[finite][worst]!r}, off by {error[worst] / largest:.1e} "
        f"of the largest, {tolerance:.0e} allowed"
    )


class Report:
    """Counts comparisons, prints those that fail, and ends the program."""

    def __init__(self):
        self.count, self.failures = 0, 0

    def check(self, name, problem):
        self.count += 1
        if problem:
            self.failures += 1
            print(f"{name}: {problem}")

    def finish(self, what):
        import torch

        agree = f"{self.count - self.failures} of {self.count} {what} agree with PyTorch {torch.__version__}"
        print(f"{agree}, {sys.executable}")
        sys.exit(1 if self.failures or not self.count else 0)
