"""Submissions that come without an exchange, and what in submitted/ nobody looks at."""

from __future__ import annotations

import os
import re
from itertools import islice
from pathlib import Path

from examiner.build.trees import write_atomically

from .course import Course
from .errors import CourseError
from .intake import MOST_ENTRIES, TIMESTAMP
from .plain_files import MOST_BYTES, NotTaken, open_folder, read_regular, safe_name
from .received import Received, as_text, checksums, keep, not_taken

STUDENT = re.compile(r"\w[\w.@-]*")


def take(course: Course, assignment: str, folder: Path, replace: bool = False) -> list[str]:
    """Copy each NAME.ipynb of a folder to the student's place in submitted/; a line for each.

    A file's time counts as the time of handing in. What is there already and newer stays,
    unless `replace`. Raises CourseError where the folder holds nothing to take.
    """
    notebooks = course.require_release(assignment)
    if len(notebooks) != 1:
        raise CourseError(
            f"{assignment}: expected an assignment of one notebook, it has {len(notebooks)}; "
            f"copy them to {course.folder('submitted', 'STUDENT', assignment)} by hand."
        )
    if not folder.is_dir():
        raise CourseError(f"{folder}: expected a folder that holds NAME.ipynb for each student.")
    files = _visible(folder)
    if not any(path.suffix == ".ipynb" for path in files):
        raise CourseError(f"{folder}: expected files called NAME.ipynb, found none.")
    return [
        f"{path.name}: {_take(course, assignment, notebooks[0], path, replace)}" for path in files
    ]


def _take(course: Course, assignment: str, notebook: str, path: Path, replace: bool) -> str:
    try:
        content, time = _read(path)
    except NotTaken as reason:
        return f"not taken, it {reason}"
    folder = course.folder("submitted", path.stem, assignment)
    target = folder / f"{notebook}.ipynb"
    there = [other.lstat().st_mtime for other in folder.glob("*.ipynb")]
    if target.is_file() and not target.is_symlink() and target.read_bytes() == content:
        return "is there already"
    if there and max(there) > time and not replace:
        return "not taken, what is there is newer; --replace takes this one"
    if folder.is_symlink() or folder.parent.is_symlink():
        return f"not taken, {folder} is a link"
    write_atomically(target, content)
    os.utime(target, (time, time))
    write_atomically(folder / TIMESTAMP, as_text(time).encode())
    record = Received(as_text(time), notebooks=checksums({target.name: content}))
    keep(course.root, path.stem, assignment, record)
    return f"taken for {path.stem}" + (", in place of what was there" if there else "")


def _read(path: Path) -> tuple[bytes, float]:
    """A file's bytes and time; raises NotTaken where it is no student's notebook."""
    if path.suffix != ".ipynb" or not STUDENT.fullmatch(path.stem):
        raise NotTaken("is not what was expected, NAME.ipynb with a NAME of letters, digits, ._@-")
    try:
        with open_folder(path.parent, path.parent) as handle:
            content, info = read_regular(handle, path.name, MOST_BYTES)
    except OSError as problem:
        raise NotTaken(f"cannot be read ({problem.strerror})") from None
    return content, info.st_mtime


def not_looked_at(course: Course, assignment: str) -> list[str]:
    """What lies in submitted/ where no submission is expected, relative to that folder.

    Then what collecting left in the exchange, and why.
    """
    top = course.folder("submitted", ".", ".")
    known = {*course.assignments(), assignment}
    expected = {f"{name}.ipynb" for name in course.require_release(assignment)}
    found: list[Path] = []
    for student in _visible(top):
        if student.is_symlink() or not student.is_dir():
            found.append(student)
            continue
        for work in _visible(student):
            if work.is_symlink() or not work.is_dir() or work.name not in known:
                found.append(work)
            elif work.name == assignment:
                found += _further_notebooks(work, expected)
    names = ["/".join(map(safe_name, path.relative_to(top).parts)) for path in found]
    return names + not_taken(course.root, assignment)


def _further_notebooks(work: Path, expected: set[str]) -> list[Path]:
    """Notebooks of a submission beside those that are graded."""
    there = [path for path in _visible(work) if path.suffix == ".ipynb"]
    graded = {path for path in there if path.name in expected} or set(there)
    return [path for path in there if path not in graded]


def _visible(folder: Path) -> list[Path]:
    """What lies in a folder and is not hidden, the first so many."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        some = [Path(entry.path) for entry in islice(entries, MOST_ENTRIES)]
    return sorted(path for path in some if not path.name.startswith("."))
