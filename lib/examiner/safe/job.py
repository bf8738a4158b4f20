"""One submission's grading, in any process that has this course, in a sandbox that stays warm."""

from __future__ import annotations

import atexit
import importlib
import importlib.util
import json
import threading
from typing import Any

import nbformat

from examiner.course.record import add_note, record_of
from strides.check import Exam
from strides_box.confine import Limits

from .box import Box, Submission
from .notebook import NotebookRun
from .task import Job

__all__ = ["Job", "close_boxes", "run_job", "uses_torch", "warm_box"]

SAFE, UNSAFE = "safe", "unsafe"


_boxes: dict[tuple[bool, bool], Box] = {}
_lock = threading.Lock()


def run_job(job: Job) -> dict[str, Any]:
    """The notebook after grading, as nbformat JSON: outputs, verdicts, what was stopped.

    The sandbox is kept warm for the next job of this process. Never raises for what a
    submission does; raises SandboxMissing where the system has no sandbox and the job asks for
    one.
    """
    notebook = nbformat.from_dict(job.notebook)
    torch = uses_torch(job.assignment)

    def start(seconds: float) -> Submission:
        limits = Limits(seconds=min(seconds, job.total_seconds))
        return warm_box(torch, confined=not job.unsafe).start(limits)

    with _lock:
        NotebookRun(notebook, job, start).grade()
    record_of(notebook)["seed"] = job.seed
    record_of(notebook)["grader"] = UNSAFE if job.unsafe else SAFE
    if job.unsafe:
        add_note(notebook, "It was graded without a sandbox.")
    graded: dict[str, Any] = json.loads(json.dumps(notebook))
    return graded


def warm_box(torch: bool, confined: bool) -> Box:
    """This process's warm sandbox of a kind, made at its first use or where it has ended."""
    box = _boxes.get((torch, confined))
    if box is None or not box.alive:
        box = _boxes[torch, confined] = Box(torch, confined)
    return box


@atexit.register
def close_boxes() -> None:
    """End this process's sandboxes."""
    while _boxes:
        _boxes.popitem()[1].close()


def uses_torch(assignment: str) -> bool:
    """Whether some exercise of an assignment may be done in torch.

    Such an exercise forbids something else, the operation it asks for; a question forbids nothing.
    """
    package = f"examiner.exams.{assignment.partition('_')[0]}"
    if importlib.util.find_spec(package) is None:
        return False
    exams: dict[str, Exam] = importlib.import_module(package).EXAMS
    return any(exam.forbidden and "torch" not in exam.forbidden for exam in exams.values())
