#!/usr/bin/env python3
"""The page about which_similarity's results: which_similarity.md and its picture, from which_similarity.json.

    page.py [--check]

--check compares only."""

import pathlib
import sys

sys.dont_write_bytecode = True  # the sources' folders stay as they are

import words  # noqa: E402
from picture import picture  # noqa: E402
from study import Study  # noqa: E402
from tables import likeness_table, result_table  # noqa: E402

DOCS = pathlib.Path(__file__).resolve().parent.parent


def page(study):
    tables = "\n\n".join(f"## With {width} hidden units\n\n{result_table(study, width)}\n\n{likeness_table(study, width)}"
                         for width in study.widths)
    return f"""# Which similarity makes an ensemble better?

{words.setting(study)}

{words.how_to_read(study)}

![The gain over plain random initialisation, for each kind and width](which_similarity.svg)

The dots show the vote's accuracy against `none`, the lines the 95 % confidence interval.

## What came of it

{words.what_came_of_it(study)}

{tables}

{words.columns()}

## Where this comes from

{words.source(study)}
"""


def main():
    study = Study((DOCS / "which_similarity.json").read_text(encoding="utf-8"))
    differ = []
    for name, text in (("which_similarity.md", page(study)), ("which_similarity.svg", picture(study))):
        path = DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        differ.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and differ:
        sys.exit(f"failed: not what page.py makes of the results: {', '.join(differ)}")


main()
