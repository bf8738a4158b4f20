"""nbgrader's Execute step, done by the safe grader."""

from __future__ import annotations

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float

from examiner.course.jobs import CELL_SECONDS, TOTAL_SECONDS, digest, job_for, results_of
from examiner.course.record import record_of

from .job import run_job


class SafeExecute(NbGraderPreprocessor):
    """Runs a submission's cells in a sandbox and its test cells beside it.

    `timeout` and `total_seconds` limit a cell and a notebook; `unsafe` does without a sandbox.
    """

    takes_results = True

    timeout = Float(CELL_SECONDS, help="Seconds that one cell may run.").tag(config=True)
    total_seconds = Float(TOTAL_SECONDS, help="Seconds for a whole notebook.").tag(config=True)
    unsafe = Bool(False, help="Grade without a sandbox: every submission is trusted.").tag(
        config=True
    )

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        if record_of(nb).get("refused"):
            return nb, resources
        converter = self.parent.converter
        job = job_for(converter.coursedir, self.config, nb, resources["nbgrader"])
        ready = results_of(converter).get(digest(job))
        return nbformat.from_dict(ready.result() if ready else run_job(job)), resources
