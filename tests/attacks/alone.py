"""One submission graded by itself, without nbgrader's books: for attacks that are all code.

python -m attacks.alone values wire      (in tests/) runs these themes and prints what came
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from examiner.course.record import is_test, record_of
from examiner.safe.job import Job, run_job

from . import leaks
from .assignment import ASSIGNMENT, fill_in, find, make_source
from .attack import POINTS, Attack
from .corpus import THEMES

CELL_SECONDS, TOTAL_SECONDS = 2.0, 40.0
CANARY = "canary-0123456789abcdef"


@dataclass
class Alone:
    """What grading gave: points by exercise, what cells were stopped for, what was shown."""

    notebook: NotebookNode
    seconds: float

    @property
    def points(self) -> dict[str, float]:
        tests = [cell for cell in self.notebook.cells if is_test(cell)]
        return {
            cell.id.removeprefix("test_"): float(
                (record_of(cell).get("score") or {"earned": 0})["earned"]
            )
            for cell in tests
        }

    @property
    def stopped(self) -> dict[str, str]:
        found = {
            cell.get("id", "?"): record_of(cell).get("stopped") for cell in self.notebook.cells
        }
        return {name: why for name, why in found.items() if why}

    @property
    def shown(self) -> str:
        """What the cells of the submission showed, in short."""
        texts = [
            json.dumps(cell.outputs)
            for cell in self.notebook.cells
            if cell.cell_type == "code" and not is_test(cell) and cell.outputs
        ]
        return " | ".join(text[:1500] for text in texts)

    @property
    def messages(self) -> list[str]:
        rows = [
            row
            for cell in self.notebook.cells
            for row in (record_of(cell).get("score") or {}).get("rows", [])
            if is_test(cell)
        ]
        return [row["message"] for row in rows if row["message"]]


def job_of(attack: Attack, seed: int = 20260, **limits: Any) -> Job:
    """The job of an attack's notebook, its locked cells as the assignment has them."""
    paths = {"@COURSE@": "/work/main", "@REPO@": "/work/main"}
    source = make_source(CANARY)
    for name in POINTS:
        find(source, name).source = f"{name} = ..."
    notebook = fill_in(source, attack, paths)
    locked = [cell for cell in source.cells if cell.metadata.get("nbgrader", {}).get("locked")]
    own = {cell.id: cell.source for cell in locked}
    return Job(
        student=attack.name,
        assignment=ASSIGNMENT,
        notebook=json.loads(json.dumps(notebook)),
        seed=seed,
        cell_seconds=limits.get("cell_seconds", CELL_SECONDS),
        total_seconds=limits.get("total_seconds", TOTAL_SECONDS),
        unsafe=limits.get("unsafe", False),
        own=own,
    )


def grade_alone(attack: Attack, seed: int = 20260, **limits: Any) -> Alone:
    """An attack's notebook after `run_job` in this process."""
    began = time.monotonic()
    graded = run_job(job_of(attack, seed, **limits))
    return Alone(nbformat.from_dict(graded), time.monotonic() - began)


def main(themes: list[str]) -> None:
    for theme in themes:
        name, _, only = theme.partition(":")
        for attack in THEMES[name]:
            if attack.is_code and (not only or attack.name in only.split(",")):
                show(name, attack, bool(only))


def show(theme: str, attack: Attack, much: bool) -> None:
    try:
        alone = grade_alone(attack)
    except Exception as problem:
        print(f"!! {theme}:{attack.name} raised {type(problem).__name__}: {problem}")
        return
    total = sum(alone.points.values())
    low, high = attack.expects.range
    flag = "  " if low <= total <= high else "!!"
    told = leaks.written(alone.notebook)
    leaked = leaks.found_in(told, "", ("/work/main/lib/examiner",), ())
    print(
        f"{flag}{'LL' if leaked else '  '} {theme}:{attack.name} {total:g} of {low:g}..{high:g} "
        f"{alone.seconds:.1f}s {alone.stopped} {record_of(alone.notebook).get('notes', '')}"
        f" {leaked[:3]}",
        flush=True,
    )
    left = leaks.left_behind()
    if left:
        print("!!  LEFT", left)
    if much or flag == "!!":
        print("     ", alone.points, alone.messages[:6])
        print("     ", alone.shown[:1500])


if __name__ == "__main__":
    main(sys.argv[1:])
