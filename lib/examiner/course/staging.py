"""nbgrader reads copies that the course made, never a student's folder itself.

nbgrader's converters copy every file beside a notebook on, through links, into autograded/ and
from there into feedback/. The exporter is the one part of a converter that configuration
chooses and that is made before anything is copied: there the converter is turned to a folder that
holds what was taken in, and nothing else. So it is the same for `strides grade`,
`nbgrader autograde` and Formgrader's button.
"""

from __future__ import annotations

import copy
import re
import shutil
import tempfile
import time
import weakref
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from .intake import MOST_TEXT_BYTES, SECRET, TIMESTAMP, Intake
from .plain_files import NotTaken, open_folder, read_regular
from .submission import submission, wanted

FOLDER = Path(".strides", "intake")
OLD_SECONDS = 86_400
MOST_GRADED_BYTES = 1_000_000_000


class Staging:
    """A folder of copies for one converter; `intakes` by (student, assignment).

    It is removed when the last notebook in it was read, or with the converter.
    """

    def __init__(self, coursedir: CourseDirectory, step: str) -> None:
        self.coursedir = coursedir
        self.intakes: dict[tuple[str, str], Intake] = {}
        parent = Path(coursedir.root) / FOLDER
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_old(parent)
        self.folder = Path(tempfile.mkdtemp(dir=parent))
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self.unread: set[Path] = set()
        self.staged = copy.copy(coursedir)
        setattr(self.staged, step, str(self.folder.relative_to(coursedir.root)))

    def names_of(self, step: str, folder: str) -> tuple[str, str]:
        """The student and assignment of a folder that nbgrader found."""
        pattern = self.coursedir.format_path(
            step, "(?P<student>.*)", "(?P<assignment>.*)", escape=True
        )
        found = re.fullmatch(pattern, folder)
        if found is None:
            raise ValueError(f"{folder}: expected a path like {pattern}")
        return found["student"], found["assignment"]

    def expect(self, paths: list[str]) -> list[str]:
        """The same paths, which are going to be read."""
        self.unread.update(map(Path, paths))
        return paths

    def was_read(self, path: Path) -> None:
        """Note that a notebook was read; after the last one nothing here is needed any more."""
        self.unread.discard(path)
        if not self.unread:
            self._remove()

    def write(self, step: str, names: tuple[str, str], files: dict[str, bytes]) -> Path:
        """Write files to where the converter looks for a student's; the folder."""
        student, assignment = names
        folder = Path(self.staged.format_path(step, student, assignment))
        folder.mkdir(parents=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder


def _remove_old(parent: Path) -> None:
    """Remove what a process that was killed left a day ago or more."""
    for folder in parent.iterdir():
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - OLD_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def stage_submissions(converter: Autograde) -> Staging:
    """Turn nbgrader's Autograde to copies of the submissions that it is about to grade."""
    original = converter.coursedir
    staging = Staging(original, "submitted_directory")
    step = staging.staged.submitted_directory
    assignments: dict[str, list[str]] = {}
    for found in sorted(converter.assignments):
        names = staging.names_of(original.submitted_directory, found)
        student, assignment = names
        intake = submission(original, assignment, student)
        staging.intakes[names] = intake
        folder = staging.write(step, names, intake.files)
        intake.forget_files()
        assignments[str(folder)] = staging.expect(
            [
                str(folder / f"{name}.ipynb")
                for name in wanted(original, assignment).notebooks
                if fnmatch(name, original.notebook_id)
            ]
        )
    converter.assignments = assignments
    converter.coursedir = staging.staged
    return staging


def stage_graded(converter: GenerateFeedback) -> Staging:
    """Turn nbgrader's GenerateFeedback to copies of the graded notebooks, without their data.

    What else lies in autograded/ may be anything, where code ran without a sandbox.
    """
    original = converter.coursedir
    staging = Staging(original, "autograded_directory")
    step = staging.staged.autograded_directory
    assignments: dict[str, list[str]] = {}
    for found, notebooks in sorted(converter.assignments.items()):
        names = staging.names_of(original.autograded_directory, found)
        try:
            files = _graded_files(original, Path(found), [Path(path).name for path in notebooks])
        except (NotTaken, OSError) as problem:
            converter.log.error("%s: no feedback, a graded notebook %s", found, problem)
            continue
        folder = staging.write(step, names, files)
        paths = [str(folder / name) for name in files if name.endswith(".ipynb")]
        assignments[str(folder)] = staging.expect(paths)
    converter.assignments = assignments
    converter.coursedir = staging.staged
    return staging


def _graded_files(
    coursedir: CourseDirectory, folder: Path, notebooks: list[str]
) -> dict[str, bytes]:
    top = Path(coursedir.root, coursedir.autograded_directory)
    below = top if folder.is_relative_to(top) else folder.parent
    files: dict[str, bytes] = {}
    with open_folder(folder, below) as handle:
        for name in notebooks:
            files[name] = read_regular(handle, name, MOST_GRADED_BYTES)[0]
        for name in (TIMESTAMP, SECRET):
            try:
                files[name] = read_regular(handle, name, MOST_TEXT_BYTES)[0]
            except (FileNotFoundError, NotTaken):
                continue
    if SECRET in files:
        files.setdefault(TIMESTAMP, b"")
    return files
