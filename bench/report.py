#!/usr/bin/env python3
"""Makes the report of a run of the benchmarks: docs/results.md, with its drawings in docs/results/.

  ./run bench --out DIR; bench/report.py DIR [--gpu DIR]...

What is given is the JSON that Google Benchmark writes, or a file that --merge wrote; and what bench/gpu_check.sh wrote, one
directory for each GPU. bench/report/ says what there is.
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True  # the sources' folders stay as they are

from report import compare, files, goals, gpu_run, page, runs  # noqa: E402


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", metavar="DIR_OR_FILE", help="JSON files, or directories of them")
    parser.add_argument("--gpu", metavar="DIR", type=pathlib.Path, action="append", default=[],
                        help="a directory that bench/gpu_check.sh wrote: a section of the page; may be given again")
    parser.add_argument("--out", metavar="FILE.md", type=pathlib.Path, help="where the page goes, if not to docs/results.md")
    parser.add_argument("--merge", metavar="FILE.json", type=pathlib.Path, help="write the run as one file instead")
    parser.add_argument("--compare", metavar="OLD", help="print what changed beyond noise since this run instead")
    parser.add_argument("--check", action="store_true", help="judge the goals with 30 %% of slack instead, for CI; exit 1 if one "
                        "is missed or none could be judged")
    return parser.parse_args()


def write(path, text):
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


def write_page(run, gpus, path):
    folder = path.parent / path.stem
    folder.mkdir(parents=True, exist_ok=True)
    drawings = page.drawings(run)
    for name, svg in drawings.items():
        file = folder / f"{name}.svg"
        if svg:
            write(file, svg)
        else:
            file.unlink(missing_ok=True)  # of an earlier run
    write(path, page.page(run, drawings, folder, gpus))


def main():
    given = options()
    run = files.load(given.inputs)
    if given.merge:
        write(given.merge, files.merged(run))
    if given.compare:
        compare.compare(files.load([given.compare]), run, print)
    if given.out or not (given.merge or given.compare or given.check):
        gpus = [gpu_run.GpuRun(folder) for folder in given.gpu]
        write_page(run, gpus, given.out or pathlib.Path(__file__).parent.parent / "docs" / "results.md")
    return 0 if not given.check or goals.check(run, print) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (runs.BadInput, OSError) as error:
        sys.exit(f"report.py: {error}")
