"""Results and progress for a person at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from .results import BLANK, GRADED, NO_SANDBOX, REFUSED, Result

EXPECTED = (GRADED, BLANK)
MOST_REASONS = 2


class Steps:
    """A progress bar over a known number of steps, which names the one it is at."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress = progress
        self.task = progress.add_task("", total=total, counts="")

    def at(self, what: str) -> None:
        """Say what is being done now."""
        self.progress.update(self.task, description=what)

    def done(self, count: int = 1) -> None:
        """Count finished steps."""
        self.progress.advance(self.task, count)


class Outcomes(Steps):
    """A progress bar over submissions, with a count for each outcome."""

    def __init__(self, progress: Progress, total: int) -> None:
        super().__init__(progress, total)
        self.counts: Counter[str] = Counter()

    def take(self, result: Result) -> None:
        """Count a result."""
        self.counts[result.status] += 1
        self.progress.update(self.task, counts=str(self))
        self.done()

    def __str__(self) -> str:
        return ", ".join(f"{count} {status}" for status, count in self.counts.items())


@contextmanager
def steps(console: Console, total: int) -> Iterator[Steps]:
    """Show a bar for `total` steps while the block runs."""
    columns = (
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield Steps(progress, total)


@contextmanager
def outcomes(console: Console, total: int, what: str) -> Iterator[Outcomes]:
    """Show a bar for `total` submissions, with outcomes and time left, while the block runs."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
    )
    with Progress(*columns, console=console) as progress:
        bar = Outcomes(progress, total)
        bar.at(what)
        yield bar


def results_table(results: list[Result], about: Mapping[str, str] | None = None) -> Table:
    """One row for each student: points, status, what was diagnosed."""
    table = Table(title=results[0].assignment, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("student", no_wrap=True)
    if about:
        table.add_column("handed in", max_width=22)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("diagnosed", min_width=21, overflow="fold")
    for result in results:
        row = [result.student, *([about.get(result.student, "")] if about else [])]
        table.add_row(*row, _points(result), _status(result), _found(result))
    return table


def _points(result: Result) -> str:
    percent = 100 * result.points / result.max_points if result.max_points else 0.0
    return f"{result.points:g}/{result.max_points:g} {percent:3.0f} %"


def _status(result: Result) -> Text:
    return Text(result.status, style="" if result.status in EXPECTED else "bold red")


def _found(result: Result) -> Text:
    """Diagnoses, then why points are missing, then what was mended."""
    lines = [", ".join(result.diagnoses)] if result.diagnoses else []
    if len(result.reasons) <= MOST_REASONS:
        lines += result.reasons
    else:
        more = len(result.reasons) - 1
        lines += [result.reasons[0], f"... and {more} more such lines in the feedback page"]
    lines += result.notes
    if result.unsafe and not any(NO_SANDBOX in note for note in result.notes):
        lines.append(f"graded {NO_SANDBOX}")
    if result.status == REFUSED:
        lines.append("ask for it again")
    elif result.waiting:
        cells = "cell" if result.waiting == 1 else "cells"
        lines.append(f"{result.waiting} {cells} to mark by hand")
    return Text("\n".join(lines))
