"""Runs of a job that stand in for the safe grader, in workers that import them by name."""

from __future__ import annotations

import ast
import os
import signal
import time
from pathlib import Path

from nbformat import from_dict
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from examiner.course.jobs import digest, job_for, results_of
from examiner.course.record import is_test, record_of
from strides.check.score import MIME, Score


class TakeResults(NbGraderPreprocessor):
    """Takes the results of workers; runs what has none here, and notes that it did."""

    takes_results = True

    def preprocess(self, nb, resources):
        if record_of(nb).get("refused"):
            return nb, resources
        converter = self.parent.converter
        job = job_for(converter.coursedir, self.config, nb, resources["nbgrader"])
        ready = results_of(converter).get(digest(job))
        graded = from_dict(ready.result() if ready else in_this_process(job))
        record_of(graded)["was_ready"] = ready is not None
        return graded, resources


def in_this_process(job):
    """Run the cells as they are, in one namespace; the seed and the process are noted."""
    notebook, space = from_dict(job.notebook), {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            value = _value_of(cell.source, space)
            if is_test(cell) and isinstance(value, Score):
                record_of(cell)["score"] = value.as_data()
                bundle = from_dict({MIME: value.as_data(), "text/plain": str(value)})
                cell.outputs = [new_output("execute_result", bundle, execution_count=1)]
    grader = "unsafe" if job.unsafe else "safe"
    record_of(notebook).update(seconds=0.01, seed=job.seed, grader=grader, pid=os.getpid())
    return notebook


def _value_of(source, space):
    """The last expression's value; None where the cell raises."""
    try:
        *rest, last = ast.parse(source).body or [ast.Pass()]
        exec(compile(ast.Module(rest, []), "cell", "exec"), space)
        if isinstance(last, ast.Expr):
            return eval(compile(ast.Expression(last.value), "cell", "eval"), space)
        exec(compile(ast.Module([last], []), "cell", "exec"), space)
    except Exception:
        return None


def _says(job, word):
    return any(word in cell["source"] for cell in job.notebook["cells"])


def deadly(job):
    """Ends its process where an answer says "die"."""
    if _says(job, "die"):
        os.kill(os.getpid(), signal.SIGKILL)
    return in_this_process(job)


def faulty(job):
    """A grader with a fault that one submission brings out."""
    if _says(job, "odd"):
        raise LookupError("an odd submission")
    return in_this_process(job)


def slow(job):
    """Takes a second; leaves a file named after the student and the process in $STRIDES_SEEN."""
    started = Path(os.environ["STRIDES_SEEN"], f"{job.student}.{os.getpid()}")
    started.write_text("started")
    time.sleep(1)
    return in_this_process(job)


def unhurried(job):
    """Takes long enough to be met at work."""
    time.sleep(0.2)
    return in_this_process(job)
