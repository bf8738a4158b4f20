"""A class report for a terminal, and as a page."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from examiner.build.trees import write_atomically
from examiner.page import TEMPLATES

from .class_report import Bin, ClassReport
from .errors import CourseError

BAR = 30
KINDS = (".html", ".json")


def show(report: ClassReport, console: Console) -> None:
    """Print a report."""
    console.print(Group(*_parts(report)))


def write(report: ClassReport, to: Path) -> Path:
    """Write a report as a page (.html) or as data (.json); the file.

    Raises CourseError for another kind of file, or where it cannot be written.
    """
    if to.suffix not in KINDS:
        raise CourseError(f"{to}: expected a file called .html or .json; received {to.name!r}.")
    text = page(report) if to.suffix == ".html" else report.as_json()
    try:
        write_atomically(to, text.encode())
    except OSError as problem:
        raise CourseError(
            f"{to}: the report cannot be written there ({problem.strerror}); "
            "name another file with --to."
        ) from None
    return to


def page(report: ClassReport) -> str:
    """A report as one HTML page, without scripts; what came from students stands as text."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    longest = max([1, *(part.students for part in report.bins)])
    return environment.get_template("class_report.html.j2").render(
        report=report, headline=headline(report), interval=interval, longest=longest
    )


def headline(report: ClassReport) -> str:
    """How many there are of what."""
    statuses = ", ".join(f"{count} {status}" for status, count in report.statuses.items())
    missing = f"; nothing came from {len(report.missing)}" if report.missing else ""
    return f"{report.submitted} submissions: {statuses}{missing}"


def interval(report: ClassReport, part: Bin) -> str:
    """The points of one part of the histogram, in words: the last part includes its end."""
    last = part is report.bins[-1]
    return f"{part.low:g} to {part.high:g}" if last else f"{part.low:g} to below {part.high:g}"


def _parts(report: ClassReport) -> list[RenderableType]:
    parts: list[RenderableType] = [Text(f"{report.assignment}: {headline(report)}", style="bold")]
    if report.points:
        named = ", ".join(f"{name} {value:g}" for name, value in report.points.items())
        parts += [Text(f"Points of {report.possible:g}: {named}"), _histogram(report)]
    parts.append(_exercises(report))
    if report.diagnoses:
        rows = [[name, str(count)] for name, count in report.diagnoses.items()]
        parts.append(_table("Most frequent diagnoses", ["diagnosis", "students"], rows))
    if report.slowest:
        rows = [[name, f"{seconds:.1f}"] for name, seconds in report.slowest.items()]
        title = f"Slowest (all together {report.seconds:.0f} s)"
        parts.append(_table(title, ["student", "seconds"], rows))
    if report.waiting:
        parts.append(Text(f"{report.waiting} cells wait to be marked by hand: Formgrader."))
    if report.looks:
        rows = [[look.student, look.status, "\n".join(look.reasons)] for look in report.looks]
        parts.append(_table("Needs a person's look", ["student", "status", "why"], rows))
    if report.missing:
        parts.append(Text(f"Nothing came from: {', '.join(report.missing)}"))
    return parts


def _histogram(report: ClassReport) -> Table:
    longest = max([1, *(part.students for part in report.bins)])
    rows = [
        [interval(report, part), str(part.students), "█" * round(BAR * part.students / longest)]
        for part in report.bins
    ]
    return _table("Distribution", ["points", "students", ""], rows)


def _exercises(report: ClassReport) -> Table:
    rows = [
        [
            exercise.name,
            f"{exercise.share:.0%} ({exercise.full} of {exercise.students})",
            f"{exercise.mean:g} of {exercise.possible:g}",
            str(exercise.waiting or ""),
        ]
        for exercise in report.exercises
    ]
    return _table("Exercises", ["exercise", "full points", "mean", "to be read"], rows)


def _table(title: str, columns: list[str], rows: list[list[str]]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
