"""The students' version of an assignment, made by nbgrader's own generate_assignment."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config, PyFileConfigLoader

from examiner.build.notebook import stamp
from examiner.build.problems import BuildError, Problem
from examiner.build.regions import leftovers

CONFIG_FILE = "nbgrader_config.py"


class Stamp(NbGraderPreprocessor):
    """Writes the hash of the released content into the notebook.

    nbgrader_config.py adds it to generate_assignment's own steps. With it the builder can tell a
    released notebook that somebody has worked in from one that is only out of date.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Stamp a notebook that the builder made; leave any other as it is."""
        source = nb.metadata.get("strides", {}).get("source")
        if source:
            stamp(nb, source)
        return nb, resources


def course_config(root: Path) -> Config:
    """The course's nbgrader configuration. Raises BuildError where there is none."""
    if not (root / CONFIG_FILE).is_file():
        message = f"not found in {root}; run this in the course's root folder"
        raise BuildError([Problem(CONFIG_FILE, 0, message)])
    return PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()


def release(root: Path, solutions: Mapping[str, bytes]) -> dict[str, bytes]:
    """Release assignments without a gradebook: paths below the solutions folder to their bytes.

    ``solutions`` and the result map "name/name.ipynb" to a notebook's bytes; ``root`` is read for
    its nbgrader_config.py only. Raises BuildError where nbgrader fails, or where a solution or a
    hidden test is left in what students would receive.
    """
    if not solutions:
        return {}
    config = course_config(root)
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    with tempfile.TemporaryDirectory(prefix="strides-release-") as folder:
        course = CourseDirectory(config=config, root=str(Path(folder).resolve()))
        for path, content in solutions.items():
            target = Path(course.root, course.source_directory, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for assignment in sorted({path.split("/")[0] for path in solutions}):
            _generate(assignment, course, config)
        released = Path(course.root, course.release_directory)
        result = {path: (released / path).read_bytes() for path in solutions}
    _refuse_leftovers(result, course.release_directory)
    return result


def _generate(assignment: str, course: CourseDirectory, config: Config) -> None:
    course.assignment_id = assignment
    log = _Errors()
    try:
        GenerateAssignment(coursedir=course, config=config, log=log).start()
    except NbGraderException as error:
        message = "nbgrader could not release it:\n" + ("\n".join(log.lines) or str(error))
        place = f"{course.source_directory}/{assignment}"
        raise BuildError([Problem(place, 0, message)]) from error


class _Errors(logging.Logger):
    """Keeps nbgrader's errors for the message, and its progress off the screen."""

    def __init__(self) -> None:
        super().__init__("strides.release", logging.ERROR)
        self.lines: list[str] = []

    def handle(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _refuse_leftovers(notebooks: Mapping[str, bytes], folder: str) -> None:
    problems = [
        Problem(f"{folder}/{path}", 0, f"students would receive {line!r} (cell {cell['id']!r})")
        for path, content in notebooks.items()
        for cell in json.loads(content)["cells"]
        for _, line in leftovers("".join(cell["source"]))
    ]
    if problems:
        raise BuildError(problems)
