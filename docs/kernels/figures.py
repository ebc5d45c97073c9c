#!/usr/bin/env python3
"""The tables of measured times in these pages.

    figures.py [--check]

In a page, between `<!-- figures: FILE` and `<!-- end of figures -->`, lines `WHO | WHAT | HOW | LIMIT` name results of
the benchmark's JSON file FILE (cold: nothing in the cache; warm; node: as a node of a CUDA graph) and what limits them:
`read` or `copy`, the bytes at the rate that the same run measured for reading or copying 1 GiB; `fma`, the operations at
the device's greatest clock; `node`, an empty kernel's time in a graph. What follows them is made from these. --check
compares only."""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.dont_write_bytecode = True  # the sources' folders stay as they are
sys.path.insert(0, str(ROOT / "bench"))

from report.gpu_run import Times, plain, read  # noqa: E402

BLOCK = re.compile(r"(<!-- figures: (\S+)\n(.*?)-->\n)(.*?)(<!-- end of figures -->)", re.DOTALL)


def row(times, line):
    who, what, how, limit = line.split(" | ")
    result = times.results[who, plain(what), how]
    floor = times.floor(result, limit)
    rate = "" if limit == "node" else result.rate_written()
    name = plain(what).replace("|", r"\|")
    return f"| {who} | {name} | {how} | {result.us:.1f} µs | {rate} | {floor:.1f} µs | {floor / result.us:.0%} |\n", limit


def table(path, lines):
    stage = read(ROOT / path)
    times = Times(stage)
    rows = [row(times, line) for line in lines.splitlines()]
    limits = dict.fromkeys(limit for _, limit in rows)
    head = "\n| | what | | time | rate | floor | share |\n|---|---|---|--:|--:|--:|--:|\n"
    made = (f"{times.device['name']}, commit {stage['commit'][:7]}, {stage['date'][:10]} "
            f"([{path}](../../{path})). Floor: {'; '.join(times.said(limit) for limit in limits)}.\n\n")
    return head + "".join(text for text, _ in rows) + "\n" + made


def main():
    check, differ = "--check" in sys.argv, []
    for page in sorted(HERE.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        made = BLOCK.sub(lambda block: block[1] + table(block[2], block[3]) + block[5], text)
        if made == text:
            continue
        differ.append(page.name)
        if not check:
            page.write_text(made, encoding="utf-8")
    if check and differ:
        sys.exit(f"failed: the figures of {', '.join(differ)} are not those of the results")


main()
