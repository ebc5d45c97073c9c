#!/usr/bin/env python3
"""Puts the seconds of a run of .ci/run into the table of CONTRIBUTING.md: stages.py build/stages.tsv"""

import csv
import pathlib
import re
import sys

page = pathlib.Path(__file__).resolve().parents[1] / "CONTRIBUTING.md"
text = page.read_text(encoding="utf-8")
with open(sys.argv[1], encoding="utf-8") as file:
    seconds = {stage: int(taken) for stage, taken in csv.reader(file, delimiter="\t")}
seconds["all"] = sum(seconds.values())
for stage, taken in seconds.items():
    text, found = re.subn(rf"^\| {re.escape(stage)} \| *\d* *\|", f"| {stage} | {taken} |", text, flags=re.MULTILINE)
    if found != 1:
        sys.exit(f"{page}: the table has no row '{stage}'")
page.write_text(text, encoding="utf-8")
