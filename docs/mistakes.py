#!/usr/bin/env python3
"""docs/mistakes.md: the broken programs of tests/mistakes, what Wengert says of each, and what PyTorch says.

    mistakes.py PROGRAM [--check]

PROGRAM is the built gallery (tests/mistakes/gallery.cpp), which makes a mistake by its name. PyTorch's words are those
that tests/mistakes/pytorch.py stored. --check compares only."""

import json
import pathlib
import re
import subprocess
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
MISTAKES = HERE.parent / "tests" / "mistakes"


def parts(path):
    """Title, prose, code, and the words that the compiler must say of what must not compile."""
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = lines.pop(0)[len("// expect: "):] if lines[0].startswith("// expect: ") else None
    end = next(number for number, line in enumerate(lines) if not line.startswith("//"))
    prose = " ".join(line[2:].strip() for line in lines[1:end])
    code = re.sub(r"#ifdef FIXED\n.*?#else\n(.*?)#endif\n", r"\1", "\n".join(lines[end:]) + "\n", flags=re.DOTALL)
    return lines[0][3:], prose.strip(), code, expected


def ours(program, name, expected):
    if expected:
        return f"does not compile: ... {expected} ...\n"
    said = subprocess.run([program, name], capture_output=True, text=True, check=True).stdout
    if f"{name}.cpp:" not in said and not said.startswith("error: "):
        sys.exit(f"failed: of {name} Wengert says nothing: {said}")
    return said


def folded(text):
    return "".join("\n".join(textwrap.wrap(line, 118, subsequent_indent="  ", break_long_words=False, replace_whitespace=False,
                                           break_on_hyphens=False)) + "\n" for line in text.rstrip("\n").split("\n"))


def theirs(mistake, version):
    seen = f" Afterwards, {mistake['seen']}." if mistake["seen"] else ""
    if not mistake["says"]:
        return f"PyTorch {version} says nothing.{seen}\n"
    return f"PyTorch {version} says:{seen}\n\n```\n{folded(mistake['says'])}```\n"


def section(program, path, torch):
    title, prose, code, expected = parts(path)
    name = path.stem
    mistake = torch["mistakes"][name]
    return (f"## {title}\n\n{prose + chr(10) * 2 if prose else ''}"
            f"```cpp\n{code}```\n\nWengert says:\n\n```\n{folded(ours(program, name, expected))}```\n\n"
            f"{theirs(mistake, torch['pytorch'])}\n"
            f"<details><summary>The same in PyTorch</summary>\n\n```python\n{mistake['code']}\n```\n\n</details>\n")


def main():
    program, check = sys.argv[1], "--check" in sys.argv
    torch = json.loads((MISTAKES / "pytorch.json").read_text(encoding="utf-8"))
    sources = {path.stem: path for path in MISTAKES.rglob("*.cpp") if path.stem != "gallery"}
    order = [name for name in torch["mistakes"] if name in sources]
    if set(order) != set(sources) or set(order) != set(torch["mistakes"]):
        sys.exit(f"failed: {set(sources) ^ set(torch['mistakes'])} are in tests/mistakes or in pytorch.json alone")
    silent = sum(not torch["mistakes"][name]["says"] for name in order)
    head = (f"# {len(order)} mistakes, and what is said of them\n\n"
            f"Programs that are wrong, and what is said of them: to {silent} of them PyTorch says nothing. Each is a file in [tests/mistakes](../tests/mistakes), "
            "and what Wengert says of it is what it printed when this page was made; a test makes the page again. A `Lint` scope "
            "watches a training loop for mistakes that nothing else shows, an `Anomaly` scope stops at the first infinity or NaN. Other "
            "errors need no scope.\n\n"
            f"Beside it is what PyTorch {torch['pytorch']} says to the same mistake, by "
            "[tests/mistakes/pytorch.py](../tests/mistakes/pytorch.py), in its anomaly mode where we are in ours.\n\n")
    made = head + "\n".join(section(program, sources[name], torch) for name in order)
    page = HERE / "mistakes.md"
    if check:
        if not page.exists() or page.read_text(encoding="utf-8") != made:
            sys.exit("failed: docs/mistakes.md is not what docs/mistakes.py makes of tests/mistakes")
    else:
        page.write_text(made, encoding="utf-8")


main()
