"""Grade one notebook: the submission's cells run in the sandbox, the test cells run here.

A cell that hangs or ends Python costs what it defines: the submission gets a new process, which
runs the notebook again without that cell.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from examiner.course.execution import KERNEL_DIED, TIMED_OUT, explain_stop
from examiner.course.record import add_note, grade_id, is_test, record_of
from strides.check import OutOfTime, Score

from .box import OVERDUE, UNRULY, Gone, Submission
from .outputs import outputs_of
from .standin import Ran, Remote
from .task import Job
from .testing import Names, imports_of, run_test

MOST_STARTS = 5
SHORTEST = 1.0
"""Seconds of the whole that must be left for a cell to be run."""
PUT_BESIDE = """\
import os as _os, pathlib as _pathlib, tempfile as _tempfile
_os.chdir(_tempfile.mkdtemp())
for _name, _text in {files!r}.items():
    _pathlib.Path(_name).write_text(_text, encoding="utf-8")
del _name, _text, _os, _pathlib, _tempfile"""


class NotebookRun:
    """One notebook on its way through the grader.

    `start` gives a new process of the submission that has the seconds it is told.
    """

    def __init__(
        self, notebook: NotebookNode, job: Job, start: Callable[[float], Submission]
    ) -> None:
        self.notebook, self.job, self.start = notebook, job, start
        self.cell_seconds = job.cell_seconds
        self.until = time.monotonic() + job.total_seconds
        self.starts = 0
        self.remote: Remote | None = None
        self.stopped: set[int] = set()
        self.left_out = ""
        self.imported: dict[str, Any] = {}

    @property
    def left(self) -> float:
        return self.until - time.monotonic()

    def grade(self) -> None:
        """Run every cell; outputs, verdicts and what was stopped are written into the notebook."""
        began = time.monotonic()
        for place, cell in enumerate(self.notebook.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            if is_test(cell):
                self._test(place, cell)
            elif cell.source.strip():
                self._run(place, cell)
                if grade_id(cell) in self.job.own:
                    self.imported |= imports_of(self.job.own[grade_id(cell)])
        if self.remote:
            self.remote.submission.end()
        if self.left_out:
            add_note(self.notebook, self.left_out)
        record_of(self.notebook)["seconds"] = round(time.monotonic() - began, 2)

    def _run(self, place: int, cell: NotebookNode) -> None:
        """Run a cell of the submission's and keep what it showed."""
        remote = self._ready(place)
        if remote is None:
            return
        try:
            ran = remote.run(cell.source, min(self.cell_seconds, self.left))
        except Gone as gone:
            self._stop(place, str(gone))
            return
        self._keep(cell, ran)
        if ran.late:
            self._stop(place, OVERDUE)

    def _keep(self, cell: NotebookNode, ran: Ran) -> None:
        cell.outputs = outputs_of(ran.outputs)
        cell.execution_count = ran.count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = ran.count

    def _stop(self, place: int, how: str) -> None:
        self.stopped.add(place)
        cell = self.notebook.cells[place]
        explain_stop(cell, TIMED_OUT if how == OVERDUE else KERNEL_DIED, self.cell_seconds, how)
        self._look(cell, how)

    def _look(self, cell: NotebookNode, how: str) -> None:
        """A submission that meddles with the grader is for a person to look at."""
        if how == UNRULY:
            record_of(cell)["look"] = True
            record_of(cell)["reason"] = f"Cell '{grade_id(cell)}': {how}."

    def _ready(self, place: int) -> Remote | None:
        """The submission's notebook with the cells before this one run; None where it is over."""
        if self.left_out:
            return None
        if self.left < SHORTEST:
            self.left_out = "The notebook ran out of time as a whole; its last cells were not run."
            return None
        while self.remote is None or self.remote.gone:
            if self.starts >= MOST_STARTS:
                self.left_out = (
                    f"The notebook ended Python {self.starts} times; the cells after that "
                    "were not run."
                )
                return None
            self.starts += 1
            try:
                self.remote = Remote(self.start(self.left))
                if files := self.job.beside:
                    self.remote.run(PUT_BESIDE.format(files=files), self.left, silent=True)
            except Gone:
                continue
            self._again(place)
        return self.remote

    def _again(self, place: int) -> None:
        """Run the cells before this one in a new process; what they show was kept before."""
        assert self.remote is not None
        for earlier, cell in enumerate(self.notebook.cells[:place]):
            plain = cell.cell_type == "code" and not is_test(cell) and cell.source.strip()
            if not plain or earlier in self.stopped:
                continue
            try:
                self.remote.run(cell.source, min(self.cell_seconds, self.left))
            except Gone as gone:
                self._stop(earlier, str(gone))
                return

    def _test(self, place: int, cell: NotebookNode) -> None:
        """Run a test cell and write down its verdict."""
        remote = self._ready(place)
        source = self.job.own.get(grade_id(cell))
        if remote is None or source is None:
            cell.outputs = [_error("NotRun", "this cell was not run")]
            return
        cell.execution_count = place + 1
        names = Names(self.job.seed, self.imported, remote.look, self.job.student_seed)
        try:
            with remote.case(min(self.cell_seconds, self.left), forbidden=()):
                score = run_test(source, names)
        except OutOfTime:
            self._stop(place, OVERDUE)
        except Gone as gone:
            self._stop(place, str(gone))
        except Exception as error:
            cell.outputs = [_error(type(error).__name__, str(error))]
        else:
            self._verdict(place, cell, score)

    def _verdict(self, place: int, cell: NotebookNode, score: Score) -> None:
        record_of(cell)["score"] = NotebookNode(score.as_data())
        if self.remote:
            self._look(cell, self.remote.gone)
        shown = score._repr_mimebundle_()
        cell.outputs = [
            new_output("execute_result", data=NotebookNode(shown), execution_count=place + 1)
        ]


def _error(name: str, said: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=said, traceback=[f"{name}: {said}"])
