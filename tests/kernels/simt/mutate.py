#!/usr/bin/env python3
"""Leaves out each barrier, fence and wait of kernels in turn: the checker must report every one that is missing.

    mutate.py guard --root ROOT --out DIR FILES...
    mutate.py run --redundant LIST FILES... -- COMMAND... [-- COMMAND...]

`guard` writes DIR/FILE for each FILE below ROOT, with every such statement made to ask first whether it is to be left out;
a program that is built of these leaves out the one whose number is in MUTATION_WITHOUT (mutation.cpp). `run` runs the
commands with none left out, where all must be well, and then with each, forward and, if that shows nothing, in reverse.
It is caught if one of them prints an error of the simulator ("kernel NAME, block ..."); a wrong result does not count.
What is redundant stands in a list, each line "FOLDER/FILE NUMBER STATEMENT: REASON" with the statement's number among those of
its file, from 1; one that is caught after all makes the list wrong.
"""

import argparse
import concurrent.futures
import itertools
import os
import pathlib
import re
import subprocess
import sys
import threading

NAMES = r"(?:simt::)?(?:__syncthreads(?:_count|_and|_or)?|__syncwarp|__threadfence(?:_block|_system)?|cp_async_wait(?:_all)?)\b"
CALL = re.compile(NAMES)
STATEMENT = re.compile(NAMES + r"(?:<[^;<>]*>)?\([^;]*\);")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
SECONDS = 120  # for a run that does not end
REPORT = re.compile(r"\bkernel \w+, block \(.*")


class Mutant:
    def __init__(self, file, number, match, text):
        self.file, self.number, self.begin, self.end = file, number, match.start(), match.end()
        self.statement = match.group()[:-1]
        self.line = text.count("\n", 0, self.begin) + 1
        self.name = f"{file.parent.name}/{file.name}"

    def key(self):
        return f"{self.name} {self.number} {self.statement}"


def mutants_of(file):
    text = file.read_text(encoding="utf-8")
    code = COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    found = [Mutant(file, number, match, text) for number, match in enumerate(STATEMENT.finditer(code), 1)]
    if len(found) != len(CALL.findall(code)):
        sys.exit(f"{file}: a call that is no statement of its own cannot be removed")
    return found


def all_mutants(files):
    """Those of all files, in an order that gives each its number."""
    return [mutant for file in files for mutant in mutants_of(file)]


def guarded(file, numbered):
    """The file's text. It keeps the original's name and lines, so that messages speak of these."""
    text, end, result = file.read_text(encoding="utf-8"), 0, ""
    for number, mutant in numbered:
        result += text[end : mutant.begin] + f"{{ if (mutation_keeps({number})) {mutant.statement}; }}"
        end = mutant.end
    return f'extern "C" bool mutation_keeps(int) noexcept;\n#line 1 "{file}"\n{result}{text[end:]}'


def guard(options):
    numbered = list(enumerate(all_mutants(options.files), 1))
    for file in options.files:
        copy = options.out / file.relative_to(options.root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(guarded(file, [(n, mutant) for n, mutant in numbered if mutant.file == file]), encoding="utf-8")


def report_of(command, without, order):
    """The first error of the simulator that the command prints."""
    environment = dict(os.environ, MUTATION_WITHOUT=str(without), SIMT_ORDER=order, SIMT_TIMEOUT="20", SIMT_CHECKED="1")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        stop = threading.Timer(SECONDS, process.kill)
        stop.start()
        found = next((found.group() for line in process.stdout if (found := REPORT.search(line))), None)
        stop.cancel()
        process.kill()
    return found


def report_of_any(commands, without):
    """The first error that any command prints, forward or in reverse."""
    tries = ((command, order) for command in commands for order in ("forward", "reverse"))
    return next((report for command, order in tries if (report := report_of(command, without, order))), None)


def read_list(path):
    reasons = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, _, reason = line.partition(": ")
            if not reason:
                sys.exit(f"{path}: no reason in '{line}'")
            reasons[key] = reason
    return reasons


def judge(mutant, report, reasons):
    """What to print, and whether it is as it must be."""
    reason = reasons.pop(mutant.key(), None)
    place = f"{mutant.name}:{mutant.line}: without {mutant.statement}: "
    if report and reason:
        return f"{place}WRONGLY in the list of the redundant: {report}", False
    if report:
        return place + report, True
    if reason:
        return f"{place}redundant: {reason}", True
    return f"{place}NOT REPORTED", False


def run(options, commands):
    if wrong := report_of_any(commands, 0):
        print(f"with all statements in place: {wrong}")
        return 1
    reasons, mutants = read_list(options.redundant), all_mutants(options.files)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        reports = pool.map(lambda number: report_of_any(commands, number), range(1, len(mutants) + 1))
        outcomes = [judge(mutant, report, reasons) for mutant, report in zip(mutants, reports)]
    for text, _ in outcomes:
        print(text)
    for key in reasons:
        print(f"{options.redundant.name}: there is no '{key}'")
    good = sum(right for _, right in outcomes)
    print(f"{len(outcomes)} mutants, {good} as they must be")
    return 0 if mutants and good == len(outcomes) and not reasons else 1


def main():
    words, *commands = [list(words) for dashes, words in itertools.groupby(sys.argv[1:], "--".__eq__) if not dashes]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("verb", choices=("guard", "run"))
    parser.add_argument("--root", type=pathlib.Path, help="of the files; their copies' folders are as below it")
    parser.add_argument("--out", type=pathlib.Path, help="where the guarded copies go")
    parser.add_argument("--redundant", type=pathlib.Path, help="the list of the redundant")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("files", type=pathlib.Path, nargs="+")
    options = parser.parse_args(words)
    return guard(options) if options.verb == "guard" else run(options, commands)


if __name__ == "__main__":
    sys.exit(main())
