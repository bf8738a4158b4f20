"""python -m examiner.build: the builder without the rest of the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from examiner.build import BuildError, CarryBackError, build, carry_back, find_root


def main(arguments: list[str] | None = None) -> int:
    """Build, check or carry back; 0 when all is in step, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m examiner.build", description=__doc__)
    parser.add_argument("--root", type=Path, help="the course's folder (default: found upwards)")
    parser.add_argument("--check", action="store_true", help="report what is out of step, no more")
    parser.add_argument("--force", action="store_true", help="set edited notebooks aside")
    parser.add_argument("--missing-only", action="store_true", help="write only what is not there")
    parser.add_argument(
        "--carry-back", type=Path, metavar="NOTEBOOK", help="first carry its edit to its source"
    )
    options = parser.parse_args(arguments)
    try:
        root = options.root or find_root()
        if options.carry_back:
            carry_back(options.carry_back, root)
        report = build(root, options.check, options.missing_only, options.force)
    except (BuildError, CarryBackError) as error:
        print(error, file=sys.stderr)
        return 1
    print(report)
    return 0 if report.in_step or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
