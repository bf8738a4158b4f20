"""What `make bench` calls: run every bench/ops_*.py, and write build/bench.json and bench.md.

python bench/run.py                   # all of it
python bench/run.py conv norm         # bench/ops_conv.py and bench/ops_norm.py
python bench/run.py --ladder          # the ladder of accuracies too: about 12 minutes more
"""

import argparse
import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from goals import goals  # noqa: E402
from harness import Row, conditions, table  # noqa: E402  (before NumPy and torch)

BUILD = HERE.parent / "build"


def every_row(names: list[str]) -> Iterator[Row]:
    """The rows of these benches, as they come."""
    for name in names:
        yield from importlib.import_module(f"ops_{name}").rows()


def main() -> None:
    known = sorted(path.stem.removeprefix("ops_") for path in HERE.glob("ops_*.py"))
    parser = argparse.ArgumentParser(description="Measure the operations beside torch.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(known)}; all")
    parser.add_argument("--ladder", action="store_true", help="run bench/ladder.py afterwards")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        parser.error(f"expected {', '.join(known)}; received {', '.join(unknown)}")

    rows, lines = [], []
    measured = every_row(arguments.names or known)
    for line in table(rows.append(row) or row for row in measured):
        print(line, flush=True)
        lines.append(line)
    print(*conditions(), sep="\n")

    BUILD.mkdir(exist_ok=True)
    (BUILD / "bench.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    said = [f"- {line}" for line in conditions()]
    held = ["## Goals", "", *goals(rows)]
    text = ["# What is measured", "", *said, "", *held, "", "```", *lines, "```", ""]
    (BUILD / "bench.md").write_text("\n".join(text), encoding="utf-8")
    if arguments.ladder:
        subprocess.run([sys.executable, str(HERE / "ladder.py")], check=True)


if __name__ == "__main__":
    main()
