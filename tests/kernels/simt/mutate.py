#!/usr/bin/env python3
"""Removes each barrier, fence and wait from kernels in turn: the checker must report every one that is missing.

A mutant is one file with one statement taken out, compiled as the build compiles the file, linked with the other files
and run, forward and, if that shows nothing, in reverse. It is caught if the program prints an error of the simulator
("kernel NAME, block ..."); a wrong result does not count. What is redundant stands in a list, each line
"FILE NUMBER STATEMENT: REASON" with the statement's number among those of its file, from 1; one that is caught after all
makes the list wrong.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

NAMES = r"(?:simt::)?(?:__syncthreads(?:_count|_and|_or)?|__syncwarp|__threadfence(?:_block|_system)?|cp_async_wait(?:_all)?)\b"
CALL = re.compile(NAMES)
STATEMENT = re.compile(NAMES + r"(?:<[^;<>]*>)?\([^;]*\);")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
REPORT = re.compile(r"\bkernel \w+, block \(.*")


class Mutant:
    def __init__(self, file, number, begin, end, text):
        self.file, self.number, self.begin, self.end = file, number, begin, end
        self.statement = text[begin : end - 1]
        self.line = text.count("\n", 0, begin) + 1

    def key(self):
        return f"{self.file.name} {self.number} {self.statement}"

    def source(self, text):
        # The original's name and lines, so that messages speak of it.
        return f'#line 1 "{self.file}"\n' + text[: self.begin] + "static_cast<void>(0);" + text[self.end :]


def mutants_of(file, text):
    code = COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    found = [Mutant(file, n, m.start(), m.end(), text) for n, m in enumerate(STATEMENT.finditer(code), 1)]
    if len(found) != len(CALL.findall(code)):
        sys.exit(f"{file}: a call that is no statement of its own cannot be removed")
    return found


def compile_command(commands, file, objects):
    """That of the program whose object files are given, as a list of words, and the object file that it makes."""
    for entry in commands:
        words = shlex.split(entry["command"])
        made = pathlib.Path(entry["directory"], words[words.index("-o") + 1])
        if pathlib.Path(entry["file"]) == file and made in objects:
            return words, made, entry["directory"]
    sys.exit(f"{file}: the build does not compile it to any of the given object files")


def run(program, order):
    environment = dict(os.environ, SIMT_ORDER=order, SIMT_TIMEOUT="20")
    try:
        done = subprocess.run([program], env=environment, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return None
    return REPORT.search(done.stdout + done.stderr)


def build(options, mutant, folder):
    """The program with the mutant in it."""
    words, made, directory = compile_command(options.entries, mutant.file, options.objects)
    stem = folder / f"{mutant.file.stem}_{mutant.number}"
    source, program = stem.with_suffix(mutant.file.suffix), stem.with_suffix("")
    mutated = stem.with_suffix(".o")
    source.write_text(mutant.source(mutant.file.read_text()))
    words = [str(source) if word == str(mutant.file) else word for word in words]
    words[words.index("-o") + 1] = str(mutated)
    for flag in ("-MF", "-MT"):
        if flag in words:
            words[words.index(flag) + 1] = str(mutated) + ".d"
    subprocess.run(words + ["-I", str(mutant.file.parent)], check=True, cwd=directory)
    others = [name for name in options.objects if name != made]
    subprocess.run([options.linker, *others, str(mutated), *options.libraries, "-o", str(program)], check=True)
    return program


def report_of(options, mutant, folder):
    program = build(options, mutant, folder)
    for order in ("forward", "reverse"):
        if found := run(program, order):
            return found.group()
    return None


def read_list(path):
    reasons = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            key, _, reason = line.partition(": ")
            if not reason:
                sys.exit(f"{path}: no reason in '{line}'")
            reasons[key] = reason
    return reasons


def judge(mutant, report, reasons):
    """What to print, and whether it is as it must be."""
    reason = reasons.pop(mutant.key(), None)
    place = f"{mutant.file.name}:{mutant.line}: without {mutant.statement}: "
    if report and reason:
        return f"{place}WRONGLY in the list of the redundant: {report}", False
    if report:
        return place + report, True
    if reason:
        return f"{place}redundant: {reason}", True
    return f"{place}NOT REPORTED", False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commands", type=pathlib.Path, required=True, help="the build's compile_commands.json")
    parser.add_argument("--linker", required=True)
    parser.add_argument("--objects", required=True, help="all object files of the program, separated by semicolons")
    parser.add_argument("--libraries", required=True, help="what else to link, separated by semicolons")
    parser.add_argument("--redundant", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where the mutants are built")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("files", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    options.entries = json.loads(options.commands.read_text())
    options.objects = [pathlib.Path(name) for name in options.objects.split(";")]
    options.libraries = options.libraries.split(";")
    options.folder.mkdir(parents=True, exist_ok=True)

    reasons = read_list(options.redundant)
    mutants = [mutant for file in options.files for mutant in mutants_of(file, file.read_text())]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        reports = pool.map(lambda mutant: report_of(options, mutant, options.folder), mutants)
        outcomes = [judge(mutant, report, reasons) for mutant, report in zip(mutants, reports)]
    for text, _ in outcomes:
        print(text)
    names = {file.name for file in options.files}
    stale = [key for key in reasons if key.split()[0] in names]
    for key in stale:
        print(f"{options.redundant.name}: there is no '{key}'")
    good = sum(right for _, right in outcomes)
    print(f"{len(outcomes)} mutants, {good} as they must be")
    return 0 if mutants and good == len(outcomes) and not stale else 1


if __name__ == "__main__":
    sys.exit(main())
