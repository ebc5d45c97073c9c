"""pictures [--check]: writes docs/kernels/NAME.svg for each NAME.py here; --check compares only."""

import importlib
import pathlib
import sys

here = pathlib.Path(__file__).parent
other = []
for source in sorted(here.glob("[!_]*.py")):
    if source.stem == "picture":
        continue
    drawn, path = importlib.import_module(source.stem).draw().svg(), here.parent / f"{source.stem}.svg"
    if "--check" not in sys.argv:
        path.write_text(drawn, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != drawn:
        other.append(path.name)
if other:
    sys.exit(f"failed: {', '.join(other)} differs from what docs/kernels/pictures draws")
