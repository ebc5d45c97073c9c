#!/usr/bin/env python3
"""The chapters of this course: runs their code, and holds them to what it prints and draws.

    course.py COMPILER... -- ARCHIVES... [--check]

The blocks of C++ of all chapters are compiled as one program by COMPILER and linked with ARCHIVES; the blocks of one
chapter are one function, so that later ones see what earlier ones declare. The text block after a block of C++ is what it
prints, and each picture here is what it writes. --check compares only."""

import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BLOCK = re.compile(r"^```cpp\n(.*?)^```\n(?:\n```text\n.*?^```\n)?", re.DOTALL | re.MULTILINE)
MARK = "\x1e"  # ASCII's record separator


def blocks(page):
    """Each block's first line number and its text."""
    text = page.read_text(encoding="utf-8")
    return [(text.count("\n", 0, block.start(1)) + 1, block[1]) for block in BLOCK.finditer(text)]


def program(pages):
    includes, functions, calls = {"#include <fstream>", "#include <iomanip>", "#include <iostream>"}, "", ""
    for page in pages:
        body = ""
        for line, text in blocks(page):
            includes.update(re.findall(r"^#include .*$", text, re.MULTILINE))
            code = re.sub(r"^#include .*$", "", text, flags=re.MULTILINE)
            body += f'std::cout.copyfmt(std::ios(nullptr));\nstd::cout << "{MARK}";\n#line {line} "{page.name}"\n{code}'
        functions += f"void chapter_{page.stem}() {{\n{body}}}\n"
        calls += f"  chapter_{page.stem}();\n"
    return "\n".join(sorted(includes)) + f"\n#include <wengert.hpp>\nusing namespace wengert;\n{functions}int main() {{\n{calls}}}\n"


def run(pages, compiler, archives, folder):
    source = folder / "course.cpp"
    source.write_text(program(pages), encoding="utf-8")
    compiled = subprocess.run([*compiler, "-std=c++20", source, *archives, "-pthread", "-o", folder / "course"],
                              capture_output=True, text=True, check=False)
    if compiled.returncode != 0:
        sys.exit(f"failed: the chapters do not compile\n{compiled.stderr}")
    done = subprocess.run([folder / "course"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"failed: the chapters' program ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.split(MARK)[1:]


def with_outputs(page, outputs):
    def filled(block):
        printed = outputs.pop(0)
        return f"```cpp\n{block[1]}```\n" + (f"\n```text\n{printed.rstrip(chr(10))}\n```\n" if printed else "")
    return BLOCK.sub(filled, page.read_text(encoding="utf-8"))


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    end = arguments.index("--")
    pages = sorted(HERE.glob("[0-9][0-9]_*.md"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        outputs = run(pages, arguments[:end], arguments[end + 1:], folder)
        made = {page: with_outputs(page, outputs) for page in pages}
        made |= {HERE / picture.name: picture.read_text(encoding="utf-8") for picture in folder.glob("*.svg")}
    strays = set(HERE.glob("*.svg")) - set(made)
    if strays:
        sys.exit(f"failed: no chapter draws {', '.join(path.name for path in sorted(strays))}")
    differ = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" not in sys.argv:
        for path in differ:
            path.write_text(made[path], encoding="utf-8")
    elif differ:
        sys.exit(f"failed: {', '.join(path.name for path in differ)}: not what the chapters' code prints or draws now")


main()
