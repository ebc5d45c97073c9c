#!/usr/bin/env python3
"""rooms.py ROOT: whether the house is built as docs say: no room knows those above it, and the core stays small.

Prints the figures, and what is wrong; CONTRIBUTING, "The rooms", is about them."""
import pathlib
import re
import subprocess
import sys

# From the lowest up. A file belongs to the room with the longest name that its path begins with.
ROOMS = [("kernels/base",), ("kernels/cpu", "kernels/gpu", "kernels/simt"), ("kernels/ops",), ("kernels/devices",),
         ("autograd",), ("autograd/inspect",), ("nn",), ("losses",), ("examples",)]
LEVEL = {room: level for level, rooms in enumerate(ROOMS) for room in rooms}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
# A .cu of the GPU belongs to the device library that compiles it.
OF_A_DEVICE = re.compile(r"kernels/ops/\w+/gpu\w*\.cu$")


def room_of(path):
    return max((room for room in LEVEL if path.startswith(room + "/")), key=len, default=None)


def upward_includes(root, files):
    found = []
    for file in files:
        own = "kernels/devices" if OF_A_DEVICE.match(file) else room_of(file)
        if not own:
            continue
        for included in INCLUDE.findall((root / file).read_text(encoding="utf-8")):
            other = room_of(included)
            if other and LEVEL[other] > LEVEL[own]:
                found.append(f"{file} includes {included}")
    return found


def core_of(files):
    return [file for file in files if re.fullmatch(r"autograd/[^/]+\.(hpp|cpp)", file)]


def main():
    root = pathlib.Path(sys.argv[1])
    files = subprocess.run(["git", "-C", root, "ls-files", "*.hpp", "*.cpp", "*.cu"], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    upward = upward_includes(root, files)
    print("\n".join(upward))
    print(f"includes from a lower room to an upper one: {len(upward)}")
    return 1 if upward else 0


if __name__ == "__main__":
    sys.exit(main())
