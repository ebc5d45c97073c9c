#!/usr/bin/env python3
"""rooms.py ROOT: the house's figures, and whether they are within their limits (CONTRIBUTING, "Rooms")."""
import pathlib
import re
import sys

# From the lowest up. A file belongs to the room with the longest name that its path begins with, and may include what is
# in that room or below it.
ROOMS = [("kernels/base",), ("kernels/cpu", "kernels/gpu", "kernels/simt"), ("kernels/ops",), ("kernels/devices",),
         ("autograd",), ("autograd/inspect",), ("nn",), ("losses",), ("examples",)]
LEVEL = {room: level for level, rooms in enumerate(ROOMS) for room in rooms}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
# A .cu of the GPU belongs to the device library that compiles it.
OF_A_DEVICE = re.compile(r"kernels/ops/\w+/gpu\w*\.cu$")

CORE = re.compile(r"autograd/[^/]+\.(hpp|cpp)$")
STRANGERS = re.compile(r"Inspect|Lint|Anomaly|optim|html")  # of which the core knows nothing

# A comparison with the CPU, or a call of the function that makes it. `x.to(Device{})` is a request.
CPU = r"(?:(?:\w+::)*Type::cpu\b|Device\{\})"
ASKS_FOR_CPU = re.compile(rf"[!=]=\s*{CPU}|{CPU}\s*[!=]=|\bcase\s+{CPU}|\bis_cpu\(")


def room_of(path):
    return max((room for room in LEVEL if path.startswith(room + "/")), key=len, default=None)


def upward_includes(sources):
    for path, text in sources.items():
        own = "kernels/devices" if OF_A_DEVICE.match(path) else room_of(path)
        for included in INCLUDE.findall(text):
            other = room_of(included)
            if own and other and LEVEL[other] > LEVEL[own]:
                yield f"{path} includes {included}"


def words_of_strangers(sources):
    for path, text in sources.items():
        for number, line in enumerate(text.splitlines(), 1):
            if CORE.match(path) and STRANGERS.search(line):
                yield f"{path}:{number}: {line.strip()}"


def questions_for_cpu(sources):
    for path, text in sources.items():
        for number, line in enumerate(text.splitlines(), 1):
            if room_of(path) != "kernels/devices" and ASKS_FOR_CPU.search(line):
                yield f"{path}:{number}: {line.strip()}"


def core_lines(sources):
    return sum(text.count("\n") for path, text in sources.items() if CORE.match(path))


def main():
    root = pathlib.Path(sys.argv[1])
    files = (path for top in sorted({room.split("/")[0] for room in LEVEL}) for path in sorted((root / top).rglob("*"))
             if path.suffix in (".hpp", ".cpp", ".cu"))
    sources = {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in files}
    found = []
    for what, places, limit in [
            ("includes from a lower room to an upper one", upward_includes(sources), 0),
            ("lines of the core that name what lies above it", words_of_strangers(sources), 0),
            ("places outside kernels/devices that ask whether something is on the CPU", questions_for_cpu(sources), 5)]:
        places = list(places)
        print(*places, sep="\n", end="\n" if places else "")
        found.append((what, len(places), limit))
    found.append(("lines of the core", core_lines(sources), 2500))
    for what, figure, limit in found:
        print(f"{what}: {figure} (at most {limit}){'' if figure <= limit else ', TOO MANY'}")
    return any(figure > limit for _, figure, limit in found)


if __name__ == "__main__":
    sys.exit(main())
