"""The generated trees: what they should hold, and how they are brought in step."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examiner.build.notebook import content_hash, make_notebook, to_bytes
from examiner.build.problems import BuildError, Problem
from examiner.build.release import release
from examiner.build.source import read_source

LECTURES, SOLUTIONS, ASSIGNMENTS = "lectures", "solutions", "assignments"
GENERATED = (f"{LECTURES}/*.ipynb", f"{SOLUTIONS}/*/*.ipynb", f"{ASSIGNMENTS}/*/*.ipynb")
SET_ASIDE = "build/set_aside"
CELL_KEYS = {"cell_type", "metadata", "source"}


@dataclass(frozen=True)
class Change:
    """A generated file that was, or with ``check`` would be, written or removed.

    ``reason`` is "missing", "out of date" or "without a source".
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path} ({self.reason})"


@dataclass(frozen=True)
class BuildReport:
    """What a build changed (with ``check``: what it would change), and how many files it made."""

    changes: tuple[Change, ...]
    total: int
    checked_only: bool

    @property
    def in_step(self) -> bool:
        """Whether the trees were the sources' already."""
        return not self.changes

    def __str__(self) -> str:
        if self.in_step:
            return f"{self.total} generated notebooks, all in step with their sources"
        verb = "out of step" if self.checked_only else "brought in step"
        lines = [f"  {change}" for change in self.changes]
        return "\n".join([f"{len(lines)} of {self.total} generated notebooks {verb}:", *lines])


def source_files(root: Path) -> dict[str, str]:
    """Each source below sources/ and the notebook it makes, both relative to the root.

    Raises BuildError for a file that no notebook is made from.
    """
    found: dict[str, str] = {}
    problems = []
    for path in sorted((root / "sources").rglob("*")):
        file = path.relative_to(root).as_posix()
        if path.is_dir() or "__pycache__" in path.parts or path.name.startswith("."):
            continue
        match path.relative_to(root / "sources").parts:
            case ("lectures", name) if name.endswith(".py"):
                found[file] = f"{LECTURES}/{path.stem}.ipynb"
            case ("assignments", folder, name) if name == f"{folder}.py":
                found[file] = f"{SOLUTIONS}/{folder}/{folder}.ipynb"
            case _:
                message = (
                    "no notebook is made from this; expected sources/lectures/NAME.py or "
                    "sources/assignments/NAME/NAME.py"
                )
                problems.append(Problem(file, 0, message))
    if problems:
        raise BuildError(problems)
    return found


def plan(root: Path) -> dict[str, bytes]:
    """The bytes of every generated notebook, by its path relative to the root; writes nothing."""
    notebooks: dict[str, bytes] = {}
    problems: list[Problem] = []
    for file, target in source_files(root).items():
        try:
            source = read_source((root / file).read_text(encoding="utf-8"), file)
            notebook = make_notebook(source, graded=target.startswith(SOLUTIONS))
            notebooks[target] = to_bytes(notebook)
        except BuildError as error:
            problems += error.problems
        except UnicodeDecodeError as error:
            problems.append(Problem(file, 0, f"expected UTF-8 text; {error}"))
    if problems:
        raise BuildError(problems)
    prefix = f"{SOLUTIONS}/"
    solutions = {
        path.removeprefix(prefix): content
        for path, content in notebooks.items()
        if path.startswith(prefix)
    }
    released = release(root, solutions)
    notebooks |= {f"{ASSIGNMENTS}/{path}": content for path, content in released.items()}
    return notebooks


def build(
    root: Path, check: bool = False, missing_only: bool = False, force: bool = False
) -> BuildReport:
    """Bring lectures/, solutions/ and assignments/ in step with sources/.

    ``check`` writes nothing and reports what is out of step. ``missing_only`` writes what is not
    there and leaves the rest as it is, outputs and a student's work included. A generated notebook
    whose cells somebody has edited is never overwritten: BuildError says how to carry the edit
    back, after everything else is written; ``force`` moves such a notebook to build/set_aside.
    Files that the builder did not make are left alone.
    """
    expected = plan(root)
    changes: list[Change] = []
    problems: list[Problem] = []
    for path, content in sorted(expected.items()):
        target = root / path
        if target.exists() and (missing_only or target.read_bytes() == content):
            continue
        changes.append(Change(path, "out of date" if target.exists() else "missing"))
        problem = _conflict(root, path, content)
        if problem and not force:
            problems.append(problem)
        elif not check:
            if problem:
                _set_aside(root, path)
            write_atomically(target, content)
    if not missing_only:
        strays, kept = _strays(root, expected, force)
        changes += [Change(path, "without a source") for path in strays]
        problems += kept
        if not check:
            for path in strays:
                _remove(root / path)
    if problems and not check:
        raise BuildError(problems)
    return BuildReport(tuple(changes), len(expected), check)


def write_atomically(target: Path, content: bytes) -> None:
    """Write a file whole or not at all, with its folders and the usual permissions."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def made_by_builder(notebook: dict[str, Any] | None) -> dict[str, str] | None:
    """The builder's stamp in a notebook (``source`` and ``content``), None where it has none."""
    mark = notebook.get("metadata", {}).get("strides") if notebook else None
    return mark if isinstance(mark, dict) and {"source", "content"} <= mark.keys() else None


def read_json(path: Path) -> dict[str, Any] | None:
    """A notebook's JSON object, None where the file is no such thing."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        return None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        return None
    for cell in content["cells"]:
        if not isinstance(cell, dict) or not CELL_KEYS.issubset(cell):
            return None
        cell["source"] = "".join(cell["source"])
    return content


def _conflict(root: Path, path: str, expected: bytes) -> Problem | None:
    """Why the file at ``path`` may not be overwritten, None where it may."""
    target = root / path
    if not target.exists():
        return None
    notebook = read_json(target)
    mark = made_by_builder(notebook)
    if notebook is None or mark is None:
        return Problem(path, 0, "stands where a generated notebook goes and is none; move it away")
    found = content_hash(notebook)
    intended = made_by_builder(json.loads(expected))
    if found == mark["content"] or (intended and found == intended["content"]):
        return None
    if path.startswith(ASSIGNMENTS):
        advice = "it holds work that a new release would lose; copy it elsewhere"
    else:
        advice = f"carry the edit back with 'strides sync {path}'"
    message = f"was edited since it was made: {advice}, or run `strides build --force`"
    return Problem(path, 0, message)


def _strays(root: Path, expected: dict[str, bytes], force: bool) -> tuple[list[str], list[Problem]]:
    """Generated notebooks whose source is gone: those to remove, and those somebody edited."""
    removable: list[str] = []
    kept: list[Problem] = []
    for path in sorted(p for pattern in GENERATED for p in root.glob(pattern)):
        name = path.relative_to(root).as_posix()
        notebook = read_json(path)
        mark = made_by_builder(notebook)
        if name in expected or notebook is None or mark is None:
            continue
        if content_hash(notebook) == mark["content"] or force:
            removable.append(name)
        else:
            kept.append(Problem(name, 0, f"was edited, and its source {mark['source']} is gone"))
    return removable, kept


def _remove(path: Path) -> None:
    path.unlink()
    if path.parent.name not in (LECTURES, SOLUTIONS, ASSIGNMENTS) and not any(
        path.parent.iterdir()
    ):
        path.parent.rmdir()


def _set_aside(root: Path, path: str) -> None:
    target = root / SET_ASIDE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while (numbered := target.with_stem(f"{target.stem}-{number}")).exists():
        number += 1
    shutil.copy2(root / path, numbered)
