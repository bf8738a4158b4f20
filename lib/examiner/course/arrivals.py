"""Submissions sent to workers, and each one back when all of its notebooks are done."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from nbformat import NotebookNode

from .errors import CourseError
from .jobs import Graded, Results, Run, digest, run_in_time
from .prepare import Prepared
from .workers import WorkerDied
from .workforce import Workers

AHEAD = 4


@dataclass(frozen=True)
class Arrived:
    """A submission with its prepared notebooks, by name, whose results are there, by digest.

    Or with the reason to refuse it.
    """

    student: str
    notebooks: Mapping[str, NotebookNode] = field(default_factory=dict)
    results: Results = field(default_factory=dict)
    refusal: str = ""


def as_they_arrive(
    workers: Workers, students: list[str], prepare: Callable[[str], Prepared], run: Run
) -> Iterator[Arrived]:
    """Each student once, in the order in which they are done.

    No more than a few jobs a worker are sent ahead, so that a large class needs little memory.
    Raises CourseError where a worker cannot grade at all.
    """
    waiting = deque(students)
    sent: dict[str, Sent] = {}
    while waiting or sent:
        while waiting and len(sent) < AHEAD * workers.size:
            student = waiting.popleft()
            prepared = prepare(student)
            if prepared.refusal:
                yield Arrived(student, refusal=prepared.refusal)
                continue
            futures = {digest(job): workers.submit(run_in_time, run, job) for job in prepared.jobs}
            sent[student] = Sent(prepared, futures)
        if done := next((name for name in sent if not sent[name].left), ""):
            yield arrived(done, sent.pop(done))
        else:
            left = [future for entry in sent.values() for future in entry.left]
            wait(left, return_when=FIRST_COMPLETED)


@dataclass(frozen=True)
class Sent:
    """A submission that workers have."""

    prepared: Prepared
    futures: Results

    @property
    def left(self) -> list[Future[Graded]]:
        """What is not done yet."""
        return [future for future in self.futures.values() if not future.done()]


def arrived(student: str, sent: Sent) -> Arrived:
    """What came of a submission; raises CourseError where its worker cannot grade at all."""
    for future in sent.futures.values():
        problem = future.exception()
        if isinstance(problem, CourseError):
            raise problem
        if isinstance(problem, WorkerDied):
            return Arrived(student, refusal=f"It could not be graded: {problem}.")
        if problem is not None:
            reason = f"It stopped the grader: {type(problem).__name__}: {problem}."
            return Arrived(student, refusal=reason)
    return Arrived(student, sent.prepared.notebooks, sent.futures)
