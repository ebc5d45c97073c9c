#!/usr/bin/env python3
"""The tables of measured times in these pages.

    figures.py [--check]

In a page, between `<!-- figures: FILE` and `<!-- end of figures -->`, lines `WHO | WHAT | HOW | LIMIT` name results of
the benchmark's JSON file FILE (cold: nothing in the cache; warm; node: as a node of a CUDA graph) and what limits them:
`read` or `copy`, the bytes at the rate that the same run measured for reading or copying 1 GiB; `fma`, the operations at
the device's greatest clock; `node`, an empty kernel's time in a graph. What follows them is made from these. --check
compares only."""

import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
BLOCK = re.compile(r"(<!-- figures: (\S+)\n(.*?)-->\n)(.*?)(<!-- end of figures -->)", re.DOTALL)
LANES = 128  # for float32 multiply-adds in a multiprocessor (compute capability 8.6 and on; 8.0 has 64)


class Run:
    def __init__(self, path):
        self.json = json.loads(path.read_text())
        self.device = self.json["time"]["device"]
        self.results = {}
        for part in ("time", "cub", "pytorch"):
            for result in self.json[part]["results"]:
                self.results[result["who"], result["what"], result["how"]] = result

    def rate(self, limit):
        """Bytes per microsecond, at best."""
        return max(result["bytes"] / result["us"] for (who, what, _), result in self.results.items()
                   if who == "machine" and what.startswith(f"{limit} 1 GiB"))

    def fma_rate(self):
        """Operations per microsecond, two for each multiply-add."""
        return self.device["multiprocessors"] * LANES * 2 * self.device["greatest_clock_khz"] / 1e3

    def floor(self, result, limit):
        if limit == "fma":
            return result["flops"] / self.fma_rate()
        if limit == "node":
            return self.results["machine", "an empty kernel", "node"]["us"]
        return result["bytes"] / self.rate(limit)

    def said(self, limit):
        if limit == "fma":
            return (f"{self.device['multiprocessors']} multiprocessors × {LANES} multiply-adds × "
                    f"{self.device['greatest_clock_khz'] / 1e6:.2f} GHz = {self.fma_rate() / 1e6:.1f} TFLOP/s")
        if limit == "node":
            return "an empty kernel as a node of a graph"
        return f"{'reading' if limit == 'read' else 'copying'} at {self.rate(limit) / 1e6:.2f} TB/s, as measured in the same run"


def row(run, line):
    who, what, how, limit = line.split(" | ")
    result = run.results[who, what, how]
    floor = run.floor(result, limit)
    rate = {"fma": f"{result['flops'] / result['us'] / 1e6:.1f} TFLOP/s", "node": ""}.get(
        limit, f"{result['bytes'] / result['us'] / 1e6:.2f} TB/s")
    what = re.sub(r" \([a-e][0-9][^)]*\)", "", what).replace("|", r"\|")
    return (f"| {who} | {what} | {how} | {result['us']:.1f} µs | {rate} | {floor:.1f} µs | {floor / result['us']:.0%} |\n",
            limit)


def table(path, lines):
    run = Run(HERE.parent.parent / path)
    rows = [row(run, line) for line in lines.splitlines()]
    limits = dict.fromkeys(limit for _, limit in rows)
    head = "\n| | what | | time | rate | floor | share |\n|---|---|---|--:|--:|--:|--:|\n"
    made = (f"{run.device['name']}, commit {run.json['commit'][:7]}, {run.json['date'][:10]} "
            f"([{path}](../../{path})). Floor: {'; '.join(run.said(limit) for limit in limits)}.\n\n")
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
