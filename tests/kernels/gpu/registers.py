#!/usr/bin/env python3
"""registers.py [--write] TABLE TOOLKIT OBJECTS...: the registers, shared memory and stack that ptxas gives each kernel.

Each of the objects (separated by semicolons, too) has what ptxas said of it beside it, in OBJECT.ptxas. No kernel may
spill registers. With the toolkit that the table names, the rest must be as it says; --write makes it so."""

import pathlib
import re
import subprocess
import sys

ENTRY = re.compile(r"Compiling entry function '(\w+)' for '(\w+)'")
FRAME = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
USED = re.compile(r"Used (\d+) registers")
SHARED = re.compile(r"(\d+) bytes smem")
HOME = re.compile(r"\(anonymous namespace\)::|_GLOBAL__N__\w+::|wengert::kernels::gpu::|wengert::kernels::|^void ")


def kernels_of(log):
    """(mangled name, architecture, (registers, shared bytes, stack bytes), spilt bytes) of each kernel."""
    name = architecture = stack = spilt = None
    for line in log.splitlines():
        if entry := ENTRY.search(line):
            name, architecture, stack, spilt = entry[1], entry[2], 0, 0
        elif found := FRAME.search(line):
            stack, spilt = int(found[1]), int(found[2]) + int(found[3])
        elif (used := USED.search(line)) and name:
            shared = SHARED.search(line)
            yield name, architecture, (int(used[1]), int(shared[1]) if shared else 0, stack), spilt
            name = None


def readable(names):
    """Without parameters and without the namespaces that all have."""
    text = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True).stdout
    short = [HOME.sub("", line) for line in text.splitlines()]
    return dict(zip(names, (re.sub(r"(^[^<(]*(?:<.*>)?)\(.*", r"\1", line) for line in short)))


def read(objects):
    """{(file, kernel): {architecture: (registers, shared, stack)}}, and what is wrong."""
    found, wrong = {}, []
    for made in objects:
        log = made.with_name(made.name + ".ptxas").read_text()
        source = "/".join(part for part in (made.parent.name, made.stem) if not part.endswith(".dir"))  # with its folder
        kernels = list(kernels_of(log))
        names = readable([kernel[0] for kernel in kernels])
        for mangled, architecture, numbers, spilt in kernels:
            found.setdefault((source, names[mangled]), {})[architecture] = numbers
            if spilt:
                wrong.append(f"{source}: {names[mangled]} for {architecture} spills registers: {spilt} bytes")
    return found, wrong


def table(toolkit, found):
    architectures = sorted({architecture for numbers in found.values() for architecture in numbers})
    lines = [f"# nvcc {toolkit}. For {' and '.join(architectures)}: registers, bytes of shared memory, bytes of stack.\n"]
    file = None
    for (of, name), numbers in sorted(found.items()):
        if of != file:
            lines.append(f"\n{of}\n")
            file = of
        columns = "  ".join("{:>4} {:>5} {:>3}".format(*numbers.get(a, "---")) for a in architectures)
        lines.append(f"{columns}  {name}\n")
    return "".join(lines)


def main(arguments):
    write = "--write" in arguments
    path, toolkit, *objects = [argument for argument in arguments if argument != "--write"]
    path = pathlib.Path(path)
    objects = [pathlib.Path(name) for words in objects for name in words.split(";") if name.endswith(".cu.o")]
    if any(not made.with_name(made.name + ".ptxas").exists() for made in objects):
        print("[skipped] libwengert_cuda.so is not built; ./run test --all builds it where there is an nvcc")
        return 0
    found, wrong = read(objects)
    if wrong:
        print("\n".join(wrong))
        return 1
    is_so = table(toolkit, found)
    if write:
        path.write_text(is_so)
        return 0
    said = path.read_text()
    of = re.match(r"# nvcc (\S+)\. ", said)[1]
    if of != toolkit:
        print(f"[skipped] no kernel spills; the registers are not compared: {path.name} is nvcc {of}'s, and this is {toolkit}")
        return 0
    for line in sorted(set(said.splitlines()) ^ set(is_so.splitlines())):
        print(("the table says: " if line in said.splitlines() else "it is:          ") + line)
    return said != is_so


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
