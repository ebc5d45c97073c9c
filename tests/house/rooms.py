#!/usr/bin/env python3
"""rooms.py ROOT: the house's figures, and whether they are within their limits (CONTRIBUTING, "Rooms")."""
import pathlib
import re
import sys

# From the lowest up. A file belongs to the room with the longest name that its path begins with, and may include what is
# in that room or below it.
ROOMS = [("kernels/base",), ("kernels/cpu", "kernels/gpu", "kernels/simt"), ("kernels/ops",), ("kernels/devices",),
         ("autograd",), ("autograd/ops",), ("autograd/inspect",), ("nn",), ("losses",), ("examples",)]
LEVEL = {room: level for level, rooms in enumerate(ROOMS) for room in rooms}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
# A .cu of the GPU belongs to the device library that compiles it.
OF_A_DEVICE = re.compile(r"kernels/ops/\w+/gpu\w*\.cu$")

CORE = re.compile(r"autograd/[^/]+\.(hpp|cpp)$")
STRANGERS = re.compile(r"Inspect|Lint|Anomaly|optim|html")  # of which the core knows nothing

# A comparison with the CPU, or a call of the function that makes it. `x.to(Device{})` is a request.
CPU = r"(?:(?:\w+::)*Type::cpu\b|Device\{\})"
ASKS_FOR_CPU = re.compile(rf"[!=]=\s*{CPU}|{CPU}\s*[!=]=|\bcase\s+{CPU}|\bis_cpu\(")

# The engine records its own ops by record<Op>, which takes none without words (autograd/ops/record_op.hpp).
BY_NAME = re.compile(r"\brecord(_many)?\(")
RECORDS = re.compile(r"(?!autograd/record\.hpp|autograd/ops/record_op\.hpp)(autograd|nn|losses)/")

# An elementwise op is its table, declaration, definition, case and PyTorch's expression.
ONE_OP = "softplus"
TOPS = sorted({room.split("/")[0] for room in LEVEL} | {"bench", "tests", "docs"})
WRITTEN_BY_PROGRAMS = ("docs/results.md", "bench/results/", "tests/kernels/gpu/registers.txt")


def room_of(path):
    return max((room for room in LEVEL if path.startswith(room + "/")), key=len, default=None)


def upward_includes(sources):
    for path, text in sources.items():
        own = "kernels/devices" if OF_A_DEVICE.match(path) else room_of(path)
        for included in INCLUDE.findall(text):
            other = room_of(included)
            if own and other and LEVEL[other] > LEVEL[own]:
                yield f"{path} includes {included}"


def lines(sources, pattern, wanted):
    """The lines with the pattern in files that are wanted."""
    for path, text in sources.items():
        for number, line in enumerate(text.splitlines() if wanted(path) else (), 1):
            if pattern.search(line):
                yield f"{path}:{number}: {line.strip()}"


def files_by_hand(root, word):
    for path in (path for top in TOPS for path in sorted((root / top).rglob("*"))
                 if path.is_file() and path.name != pathlib.Path(__file__).name):
        name = str(path.relative_to(root))
        if not name.startswith(WRITTEN_BY_PROGRAMS) and word in path.read_text(encoding="utf-8", errors="ignore").lower():
            yield f"{word} in {name}"


def main():
    root = pathlib.Path(sys.argv[1])
    files = (path for top in TOPS for path in sorted((root / top).rglob("*")) if path.suffix in (".hpp", ".cpp", ".cu"))
    sources = {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in files}
    counted = [
        ("includes from a lower room to an upper one", upward_includes(sources), 0),
        ("lines of the core that name what lies above it", lines(sources, STRANGERS, CORE.match), 0),
        ("ops that are recorded without words", lines(sources, BY_NAME, RECORDS.match), 0),
        ("places outside kernels/devices that ask whether something is on the CPU",
         lines(sources, ASKS_FOR_CPU, lambda path: room_of(path) not in (None, "kernels/devices")), 5),
        (f"files that hold {ONE_OP} by hand", files_by_hand(root, ONE_OP), 5),
    ]
    figures = []
    for what, places, limit in counted:
        places = list(places)
        print(*places, sep="\n", end="\n" if places else "")
        figures.append((what, len(places), limit))
    core = sum(text.count("\n") for path, text in sources.items() if CORE.match(path))
    figures.append(("lines of the core", core, 2000))
    for what, figure, limit in figures:
        print(f"{what}: {figure} (at most {limit}){'' if figure <= limit else ', TOO MANY'}")
    return any(figure > limit for _, figure, limit in figures)


if __name__ == "__main__":
    sys.exit(main())
