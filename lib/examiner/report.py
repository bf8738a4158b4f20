"""How well the graders grade: every exam against its own bank of mistakes and right answers."""

from __future__ import annotations

import importlib
import json
import pkgutil
from dataclasses import asdict, dataclass
from pathlib import Path

from . import mistakes
from .examine import bank_of, exam_of, examine


@dataclass(frozen=True)
class Grading:
    """The counts of one exercise; `misses` says what fell short, a line each."""

    exercise: str
    mistakes: int
    rejected: int
    named: int
    misnamed: int
    right_answers: int
    accepted: int
    misses: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.misses


def exercises() -> list[str]:
    """Every exercise that has a bank."""
    packages = [info.name for info in pkgutil.iter_modules(mistakes.__path__)]
    return [
        exercise
        for package in sorted(packages)
        for exercise in importlib.import_module(f"examiner.mistakes.{package}").BANKS
    ]


def grade_bank(exercise: str, seed: int = 0) -> Grading:
    """Run a bank through its exam: mistakes must lose points by name, right answers none."""
    bank, points = bank_of(exercise), exam_of(exercise).points
    rejected = named = misnamed = accepted = 0
    misses = []
    for mistake in bank.mistakes:
        score = examine(mistake.answer, exercise, seed)
        rejected += score.earned < points
        others = [name for name in score.diagnoses if name != mistake.id]
        named += mistake.id in score.diagnoses and not others
        misnamed += bool(others)
        if score.earned >= points:
            misses.append(f"{mistake.id} earns all {points:g} points")
        elif others:
            misses.append(f"{mistake.id} is called {', '.join(others)}")
        elif mistake.id not in score.diagnoses:
            misses.append(f"{mistake.id} loses points without its name")
    for name, answer in bank.right.items():
        score = examine(answer, exercise, seed)
        accepted += score.earned == points
        if score.earned < points:
            first = next(row.message for row in score.rows if row.earned < row.possible)
            misses.append(f"{name} is right but earns {score.earned:g} of {points:g}: {first}")
    return Grading(
        exercise,
        len(bank.mistakes),
        rejected,
        named,
        misnamed,
        len(bank.right),
        accepted,
        tuple(misses),
    )


def write(gradings: list[Grading], path: Path) -> None:
    """The counts as JSON, a list with one object an exercise."""
    rows = [{k: v for k, v in asdict(g).items() if k != "misses"} for g in gradings]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=2) + "\n")


def main(root: Path = Path(".")) -> int:
    """Print the table, write build/grading-report.json, return 1 if anything is short."""
    from rich.console import Console
    from rich.table import Table

    gradings = [grade_bank(exercise) for exercise in exercises()]
    table = Table(title="Grading quality, against the project's own bank")
    for column in ("exercise", "mistakes", "rejected", "named", "misnamed", "right", "accepted"):
        table.add_column(column, justify="left" if column == "exercise" else "right")
    for g in gradings:
        table.add_row(
            g.exercise,
            *map(str, (g.mistakes, g.rejected, g.named, g.misnamed, g.right_answers, g.accepted)),
        )
    console = Console()
    console.print(table)
    for g in gradings:
        for miss in g.misses:
            console.print(f"[bold]{g.exercise}[/bold]: {miss}", highlight=False)
    path = root / "build" / "grading-report.json"
    write(gradings, path)
    console.print(f"Written: {path}")
    return 0 if all(g.complete for g in gradings) else 1
