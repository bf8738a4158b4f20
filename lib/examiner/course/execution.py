"""Run a submission in a Jupyter kernel, test cells and all: for courses that trust their students.

One cell that hangs or kills its kernel costs only its own points.

A cell past its limit is interrupted. Where the kernel does not give in, or has died, it is
replaced by a new one that runs the notebook again without the cell that brought it down.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from subprocess import DEVNULL
from typing import Any

from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Enum

from .record import grade_id, is_test, keep_shown_score, record_of

TIMED_OUT = "timed out"
KERNEL_DIED = "kernel died"


class ExecuteSubmission(Execute):
    """nbgrader's Execute, with stopped cells recorded and the rest of the notebook still run."""

    shutdown_kernel = Enum(["graceful", "immediate"], default_value="immediate").tag(config=True)

    stopped: dict[int, str]
    running: int

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: KernelManager | None = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        if record_of(nb).get("refused"):
            return nb, resources
        self.stopped = {}
        started = time.monotonic()
        finished = False
        while not finished:
            finished = self._attempt(nb, resources)
        for index, why in self.stopped.items():
            explain_stop(nb.cells[index], why, self.timeout)
        for cell in filter(is_test, nb.cells):
            keep_shown_score(cell)
        record_of(nb)["seconds"] = round(time.monotonic() - started, 2)
        return nb, resources

    def setup_kernel(self, **kwargs: Any) -> AbstractContextManager[None]:
        """nbclient's, with what the kernel writes beside its outputs kept off the screen."""
        return super().setup_kernel(stdout=DEVNULL, stderr=DEVNULL, **kwargs)

    def _attempt(self, nb: NotebookNode, resources: ResourcesDict) -> bool:
        """Run every cell that is not known to bring the kernel down; whether that went well."""
        self.running = -1
        try:
            super().preprocess(nb, resources)
        except (CellTimeoutError, DeadKernelError) as problem:
            if self.running < 0:
                raise
            why = KERNEL_DIED if isinstance(problem, DeadKernelError) else TIMED_OUT
            self.stopped[self.running] = why
            return False
        return True

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        if index in self.stopped:
            return cell, resources
        self.running = index
        cell, resources = super().preprocess_cell(cell, resources, index)
        return cell, resources

    def on_cell_executed(self, **kwargs: Any) -> None:
        reply = kwargs["execute_reply"]["content"]
        if reply.get("ename") == self.error_on_timeout["ename"]:
            self.stopped[kwargs["cell_index"]] = TIMED_OUT
        super().on_cell_executed(**kwargs)


def explain_stop(cell: NotebookNode, why: str, limit: float, how: str = "") -> None:
    """Say in a cell's output and in its record why it was stopped."""
    record_of(cell)["stopped"] = why
    record_of(cell)["limit"] = limit
    if why == TIMED_OUT:
        name, advice = "TimeLimit", f"it ran longer than its {limit:g} seconds"
    elif how.startswith("it broke the rules"):
        name, advice = "Stopped", how
    elif how == "out of memory":
        name, advice = "KernelDied", "it used more memory than it may, and Python was ended"
    else:
        name, advice = "KernelDied", "Python itself ended while it ran"
    message = (
        f"{name}: cell '{grade_id(cell) or 'without a name'}' was stopped, because {advice}. "
        "The cells after it were run without it."
    )
    cell.outputs = [output for output in cell.outputs if output.output_type != "error"]
    cell.outputs.append(new_output("error", ename=name, evalue=advice, traceback=[message]))
