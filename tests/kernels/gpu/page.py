#!/usr/bin/env python3
"""What docs/kernels says that the checker says.

    page.py --root ROOT --devices DIR --program NAME=PATH... --files FILES... -- PAGES... [--write]

In a page a block of kind diff, whose first line names the file, takes one barrier, fence or wait out of it. The block of
kind console after it holds a command, `$ ...`, and what it prints without that statement, the programs in it being those
at PATH, and the devices those in DIR, which wengert_guard has made of FILES. The page must say so; --write puts it there."""

import argparse
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "simt"))
import mutate  # pylint: disable=wrong-import-position

SHOWN = re.compile(r"```diff\n--- (\S+)\n(.*?)```\n(.*?)```console\n\$ (.*?)\n(.*?)```\n", re.DOTALL)


def left_out(options, name, diff):
    """The number of the statement that the diff takes out."""
    before = "".join(line[1:] + "\n" for line in diff.splitlines() if line[0] in " -")
    text = (options.root / name).read_text(encoding="utf-8")
    if text.count(before) != 1:
        sys.exit(f"failed: the diff does not fit {name}:\n{diff}")
    begin = text.index(before)
    numbers = [number for number, mutant in enumerate(mutate.all_mutants(options.files), 1)
               if mutant.file == options.root / name and begin <= mutant.begin < begin + len(before)
               and "-" + text.splitlines()[mutant.line - 1] in diff.splitlines()]
    if len(numbers) != 1:
        sys.exit(f"failed: the diff takes {len(numbers)} barriers, fences and waits out of {name}:\n{diff}")
    return numbers[0]


def printed(options, command, number):
    environment = dict(os.environ, MUTATION_WITHOUT=str(number), WENGERT_DEVICES=options.devices, SIMT_WORKERS="1")
    for program in options.program:
        name, _, path = program.partition("=")
        command = re.sub(rf"\b{name}\b", path, command)
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True, timeout=600, check=False)
    return (done.stdout + done.stderr).replace(f"{options.root}/", "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--devices", required=True)
    parser.add_argument("--program", action="append", required=True)
    parser.add_argument("--files", type=pathlib.Path, nargs="+", required=True)
    words = [word for word in sys.argv[1:] if word != "--write"]
    end, write, differ = words.index("--"), "--write" in sys.argv, False
    options = parser.parse_args(words[:end])
    for path in map(pathlib.Path, words[end + 1 :]):
        page = path.read_text(encoding="utf-8")
        for shown in SHOWN.finditer(page):
            is_so = printed(options, shown[4], left_out(options, shown[1], shown[2]))
            if is_so != shown[5]:
                differ = True
                print(f"{path.name} says\n{shown[5]}\nand it is\n{is_so}")
                page = page.replace(shown[0], shown[0].removesuffix(shown[5] + "```\n") + is_so + "```\n")
        if write:
            path.write_text(page, encoding="utf-8")
    return differ and not write


if __name__ == "__main__":
    sys.exit(main())
