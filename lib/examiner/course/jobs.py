"""Submissions as jobs: what a worker needs to run one, and where its result is found again.

The job that is made before a worker runs it and the one that nbgrader's converter meets later
come from the same function. Equal jobs have equal digests, so a result is found by digest, and
one that was made from another notebook is not found.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from examiner.safe.job import Job
from examiner.safe.sandbox import keep_out

from .numbers import files_beside, student_seed
from .own_cells import own_cells
from .reading import fingerprint
from .record import record_of, role_of
from .secret import course_secret, seed_for

Graded = dict[str, Any]
Run = Callable[[Job], Graded]
Results = Mapping[str, "Future[Graded]"]

CELL_SECONDS = 30.0
TOTAL_SECONDS = 900.0
GRACE_SECONDS = 60.0
ROLE = ("grade_id", "grade", "solution", "locked", "points")


def job_for(
    coursedir: CourseDirectory, config: Config, notebook: NotebookNode, ids: Mapping[str, str]
) -> Job:
    """The job of a restored notebook; `ids` are nbgrader's "student", "assignment", "notebook".

    The seed is drawn from the course's secret, these names, and what the mark comes from, so
    that grading the same work again meets the same hidden inputs.
    """
    known = record_of(notebook).get("fingerprint") or fingerprint(coursedir, dict(ids))
    names = (ids["student"], ids["assignment"], ids["notebook"], known)
    limits = config.SafeExecute
    root = Path(coursedir.root)
    keep_out(root)
    return Job(
        student=ids["student"],
        assignment=ids["assignment"],
        notebook=json.loads(json.dumps(notebook)),
        own=own_cells(coursedir, ids),
        seed=seed_for(course_secret(root), *names),
        cell_seconds=float(limits.get("timeout", config.Execute.get("timeout", CELL_SECONDS))),
        total_seconds=float(limits.get("total_seconds", TOTAL_SECONDS)),
        unsafe=bool(limits.get("unsafe", False)),
        student_seed=student_seed(root, ids["assignment"], ids["student"]),
        beside=files_beside(root, ids["assignment"]),
    )


def digest(job: Job) -> str:
    """A hash of what a job's result depends on: its cells, their roles, and every other field."""
    cells = [_what_counts(cell) for cell in job.notebook["cells"]]
    others = [getattr(job, field.name) for field in fields(job) if field.name != "notebook"]
    text = json.dumps([others, cells], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _what_counts(cell: dict[str, Any]) -> list[Any]:
    """A cell's type, id, source and role; what it showed is not part of a job."""
    role = role_of(NotebookNode(cell))
    return [cell["cell_type"], cell.get("id"), cell["source"], [role.get(name) for name in ROLE]]


def results_of(converter: object) -> Results:
    """The results that are in flight for a converter, by digest; none for nbgrader's own."""
    results: Results = getattr(converter, "results", {})
    return results


def takes_results(config: Config) -> bool:
    """Whether the preprocessor that runs notebooks uses results that workers made beforehand."""
    for step in config.Autograde.get("autograde_preprocessors", []):
        if isinstance(step, str):
            module, _, name = step.rpartition(".")
            step = getattr(importlib.import_module(module), name)
        if getattr(step, "takes_results", False):
            return True
    return False


def warmer(config: Config, assignment: str) -> Callable[[], None]:
    """What a worker calls before its first job."""
    return partial(warm_up, assignment, bool(config.SafeExecute.get("unsafe", False)))


def run(job: Job) -> Graded:
    """The notebook after grading, from the safe grader, which is imported in the worker."""
    run_job: Run = importlib.import_module("examiner.safe.job").run_job
    return run_job(job)


def warm_up(assignment: str, unsafe: bool) -> None:
    """Start this process's sandbox for an assignment, so that the first job finds it."""
    safe = importlib.import_module("examiner.safe.job")
    safe.warm_box(safe.uses_torch(assignment), confined=not unsafe)


def run_in_time(run: Run, job: Job) -> Graded:
    """What `run` returns; ends this process where it is far past the job's own limit.

    The job's limit holds for what the student wrote. This one is for the grader's own faults,
    so that one of them costs a worker and not the class.
    """
    watch = threading.Timer(job.total_seconds + GRACE_SECONDS, os._exit, (1,))
    watch.daemon = True
    watch.start()
    try:
        return run(job)
    finally:
        watch.cancel()
