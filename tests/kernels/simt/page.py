#!/usr/bin/env python3
"""The programs and transcripts of docs/simulator.md.

    page.py [--write] [--gdb] PAGE CMAKE BUILD_TREE COMPILER

The page's C++ program is built as its CMake lines say, against the build tree's package, and so is, as `mended`, the
program with the page's diff applied. In the blocks of kind console each line `$ COMMAND` is run, and what it prints
must be what stands below it; --write puts it there. With --gdb these are the blocks that run gdb, else all others."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
# What gdb says about the machine's libraries.
NOISE = re.compile(r"^(\[Thread debugging using .*|Using host libthread_db .*|\[New Thread .*|\[Thread .* exited\]"
                   r"|\[Inferior 1 .*|\[Switching to .*|)\n", re.MULTILINE)


def blocks(page, kind):
    return [match[2] for match in BLOCK.finditer(page) if match[1] == kind]


def mended(source, diff):
    """The source with the diff's one place changed."""
    before = "".join(line[1:] + "\n" for line in diff.splitlines() if line[0] in " -")
    after = "".join(line[1:] + "\n" for line in diff.splitlines() if line[0] in " +")
    if source.count(before) != 1:
        sys.exit("failed: the diff does not fit the program")
    return source.replace(before, after)


def quietly(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"failed: {command}\n{done.stdout}{done.stderr}")


def build(folder, page, cmake, tree, compiler):
    """The programs, and walk.gdb, in the folder."""
    (source,), (lines,), (diff,), (walk,) = (blocks(page, kind) for kind in ("cpp", "cmake", "diff", "gdb"))
    (folder / "walk.gdb").write_text(walk)
    quietly(cmake, "--install", tree, "--prefix", folder / "prefix")
    name = re.match(r"// (\w+)\.cu", source)[1]
    for program, text in ((name, source), ("mended", mended(source, diff))):
        project = folder / program
        project.mkdir()
        (project / f"{name}.cu").write_text(text)
        (project / "CMakeLists.txt").write_text(
            f"cmake_minimum_required(VERSION 3.25)\nproject({program} LANGUAGES CXX)\n{lines}")
        quietly(cmake, "-S", project, "-B", project / "build", f"-DCMAKE_CXX_COMPILER={compiler}",
                f"-DCMAKE_PREFIX_PATH={folder / 'prefix'}", "-DCMAKE_BUILD_TYPE=Debug")
        quietly(cmake, "--build", project / "build")
        for built in (project / "build").glob(name + "_*"):
            shutil.copy(built, folder / built.name.replace(name, program))


def transcript(folder, block):
    """The block's commands, and what they print."""
    result = ""
    for command in re.findall(r"^\$ (.*)\n", block, re.MULTILINE):
        done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
        said = re.sub(re.escape(str(folder)) + r"/\w+/", "", done.stdout)
        result += f"$ {command}\n" + (NOISE.sub("", said) if command.startswith("gdb") else said)
    return result


def main(arguments):
    write, gdb = "--write" in arguments, "--gdb" in arguments
    path, cmake, tree, compiler = [argument for argument in arguments if not argument.startswith("--")]
    if gdb and not shutil.which("gdb"):
        print("[skipped] no gdb here")
        return 0
    page = pathlib.Path(path).read_text(encoding="utf-8")
    os.environ.update(LC_ALL="C", SIMT_WORKERS="1")
    differ = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        build(folder, page, cmake, tree, compiler)
        for block in blocks(page, "console"):
            if block.startswith("$ gdb ") != gdb:
                continue
            printed = transcript(folder, block)
            if printed != block:
                differ = True
                print(f"the page says\n{block}\nand it is\n{printed}")
                page = page.replace(f"```console\n{block}```", f"```console\n{printed}```")
    if write:
        pathlib.Path(path).write_text(page, encoding="utf-8")
    return differ and not write


sys.exit(main(sys.argv[1:]))
