"""A lecture as it stands after Run All: run once, without a network, and kept until it changes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from examiner.build.notebook import make_notebook, to_bytes
from examiner.build.source import read_source
from examiner.build.trees import LECTURES, source_files, write_atomically

CACHE = Path("build", "site_cache")
LIBRARY = Path("lib", "strides")
LOCK = "requirements.lock"
CELL_SECONDS = 300
OFFLINE = """
import socket

def refuse(*args, **kwargs):
    raise OSError("a lecture runs without a network")

socket.getaddrinfo = refuse
"""


class SiteError(Exception):
    """The site cannot be built; the message says which lecture, and why."""


@dataclass(frozen=True)
class Lecture:
    """A lecture of the course: `name` is its file's without ending, `notebook` has no outputs."""

    name: str
    notebook: NotebookNode

    @property
    def number(self) -> str:
        """The lecture's number as it is written, such as "07"."""
        return self.name.partition("_")[0]

    @property
    def subject(self) -> str:
        """What the lecture is about, such as "Convolution"."""
        return self.name.partition("_")[2].replace("_", " ").capitalize()


def lectures(root: Path) -> list[Lecture]:
    """The course's lectures in order, made from their sources.

    Raises BuildError for a source that cannot be built, SiteError where there is none.
    """
    found = []
    for file, target in sorted(source_files(root).items()):
        if target.startswith(f"{LECTURES}/"):
            source = read_source((root / file).read_text(encoding="utf-8"), file)
            found.append(Lecture(Path(target).stem, make_notebook(source, graded=False)))
    if not found:
        raise SiteError(f"{root / 'sources' / 'lectures'}: expected a lecture, found none.")
    return found


def fingerprint(root: Path, lecture: Lecture) -> str:
    """A hash of all that a lecture's outputs depend on: its cells, the library, the packages."""
    found = hashlib.sha256(to_bytes(lecture.notebook))
    for path in [*sorted((root / LIBRARY).rglob("*.py")), root / LOCK]:
        if path.is_file():
            found.update(path.relative_to(root).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def kept(root: Path, lecture: Lecture) -> Path:
    """Where the lecture is kept after it has run, as long as nothing has changed."""
    return root / CACHE / f"{lecture.name}-{fingerprint(root, lecture)}.ipynb"


def executed(root: Path, lecture: Lecture) -> NotebookNode:
    """The lecture with its outputs: the kept one, or run now and kept.

    Raises SiteError where a cell fails or takes longer than CELL_SECONDS.
    """
    path = kept(root, lecture)
    if path.is_file():
        return nbformat.read(path, as_version=4)
    notebook = run(lecture)
    for old in path.parent.glob(f"{lecture.name}-*.ipynb"):
        old.unlink()
    write_atomically(path, to_bytes(notebook))
    return notebook


def run(lecture: Lecture) -> NotebookNode:
    """Run every cell on the CPU, in a folder of its own, with every look-up of a name refused."""
    notebook = nbformat.from_dict(lecture.notebook)
    guard = new_code_cell(OFFLINE)
    notebook.cells.insert(0, guard)
    with TemporaryDirectory(prefix="strides-site-") as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute(env={**os.environ, "CUDA_VISIBLE_DEVICES": ""})
        except (CellExecutionError, CellTimeoutError) as problem:
            raise SiteError(f"{lecture.name}: {problem}") from problem
    notebook.cells.remove(guard)
    return notebook
