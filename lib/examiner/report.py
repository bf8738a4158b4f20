"""How well the graders grade: every exam against its own bank of mistakes and right answers."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from strides.check import Score

from . import mistakes
from .examine import bank_of, exam_of, examine

NAMED, MISNAMED, UNNAMED, MISSED = "named", "misnamed", "unnamed", "missed"


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
    verdicts: Counter[str] = Counter()
    misses: list[str] = []
    for mistake in bank.mistakes:
        verdict, miss = judge_mistake(mistake.id, examine(mistake.answer, exercise, seed), points)
        verdicts[verdict] += 1
        misses += [miss] if miss else []
    wrongly = [
        miss
        for name, answer in bank.right.items()
        if (miss := judge_right(name, examine(answer, exercise, seed), points))
    ]
    return Grading(
        exercise,
        mistakes=len(bank.mistakes),
        rejected=len(bank.mistakes) - verdicts[MISSED],
        named=verdicts[NAMED],
        misnamed=verdicts[MISNAMED],
        right_answers=len(bank.right),
        accepted=len(bank.right) - len(wrongly),
        misses=(*misses, *wrongly),
    )


def judge_mistake(name: str, score: Score, points: float) -> tuple[str, str]:
    """The one verdict on a mistake's score, and a line where it fell short."""
    others = [found for found in score.diagnoses if found != name]
    if score.earned >= points:
        return MISSED, f"{name} earns all {points:g} points"
    if others:
        return MISNAMED, f"{name} is called {', '.join(others)}"
    if name not in score.diagnoses:
        return UNNAMED, f"{name} loses points without its name"
    return NAMED, ""


def judge_right(name: str, score: Score, points: float) -> str:
    """Why a right answer's score is wrong, or an empty string."""
    if score.earned >= points:
        return ""
    first = next(row.message for row in score.rows if row.earned < row.possible)
    return f"{name} is right but earns {score.earned:g} of {points:g}: {first}"


def write(gradings: list[Grading], path: Path) -> None:
    """The counts and the misses as JSON, a list with one object an exercise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(g) for g in gradings], indent=2) + "\n", encoding="utf-8")


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
