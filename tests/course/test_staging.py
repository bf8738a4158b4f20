"""What nbgrader copies on: never what a link leads to, nor what the assignment does not know."""

from __future__ import annotations

import os
import subprocess
import sys

import nbformat
import pytest

from .conftest import ASSIGNMENT as A
from .conftest import Tiny, find

pytestmark = pytest.mark.course
SECRET = "the solutions, another's work, the gradebook"


def everything(tiny: Tiny, *steps: str) -> str:
    """All that lies in the folders of some steps, as one text."""
    files = [p for step in steps for p in (tiny.course.root / step).rglob("*") if p.is_file()]
    return "\n".join(f"{path.name}\n{path.read_bytes()!r}" for path in files)


def trap(tiny: Tiny, student: str) -> None:
    """A right submission beside links to what is secret, modules and a pipe."""
    root = tiny.course.root
    (root / "secret.txt").write_text(SECRET)
    folder = tiny.hand_in(student, tiny.right()).parent
    for name in ("data.txt", "x.png", "submission_secret.txt"):
        (folder / name).symlink_to(root / "secret.txt")
    (folder / "books").symlink_to(root)
    (folder / "gradebook.sqlite").symlink_to(root / "gradebook.db")
    os.link(root / "secret.txt", folder / "hard.txt")
    os.mkfifo(folder / "pipe")
    for name in ("numpy.py", "sitecustomize.py", "ipykernel_launcher.py"):
        (folder / name).write_text("raise SystemExit('shadowed')")


def assert_nothing_came(tiny: Tiny) -> None:
    found = everything(tiny, "autograded", "feedback")
    assert SECRET not in found
    assert "SQLite format" not in found
    assert "shadowed" not in found
    for step in ("autograded", "feedback"):
        for path in (tiny.course.root / step).rglob("*"):
            assert path.suffix in ("", ".ipynb", ".html", ".txt"), path
            assert not path.is_symlink()


def test_the_strides_command(tiny):
    trap(tiny, "mallory")
    tiny.hand_in("ada", tiny.right())
    results = tiny.course.autograde(A)
    assert [result.points for result in results] == [12, 12]
    pages = tiny.course.feedback(A)
    assert len(pages) == 2
    assert_nothing_came(tiny)
    note = results[1].notes[-1]
    assert note.startswith("Not part of the assignment and left out: books (a link), data.txt (a")
    assert "books (a link)" in pages[1].read_text()
    assert list((tiny.course.root / ".strides" / "intake").iterdir()) == []


def test_nbgraders_own_command_and_formgraders_button(tiny):
    trap(tiny, "mallory")
    renamed = tiny.hand_in("ada", tiny.right(), name="mine.ipynb")
    link = tiny.hand_in("zoe", b"").parent / f"{A}.ipynb"
    link.unlink()
    link.symlink_to(tiny.course.folder("source", ".", A) / f"{A}.ipynb")
    environment = {**os.environ, "PATH": os.path.dirname(sys.executable) + ":" + os.environ["PATH"]}
    config = tiny.course.root / "nbgrader_config.py"
    lines = "from examiner.course.settings import grading_settings\nc.merge(grading_settings())\n"
    config.write_text(config.read_text() + lines)
    for step in ("autograde", "generate_feedback"):
        command = [sys.executable, "-m", "nbgrader", step, A]
        done = subprocess.run(
            command, cwd=tiny.course.root, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    results = {result.student: result for result in tiny.course.results(A)}
    assert results["mallory"].points == 12
    assert results["ada"].points == 12
    assert renamed.name in results["ada"].notes[0]
    assert (results["zoe"].status, results["zoe"].points) == ("refused", 0)
    assert "is a link, not a file" in results["zoe"].reasons[0]
    assert_nothing_came(tiny)
    outcome = tiny.course.api.autograde(A, "mallory")
    assert outcome["success"], outcome
    assert_nothing_came(tiny)


def test_links_in_autograded_do_not_reach_feedback(tiny):
    """Code that ran without a sandbox may leave anything beside the graded notebook."""
    tiny.hand_in("ada", tiny.right())
    tiny.hand_in("ben", tiny.right())
    tiny.course.autograde(A)
    (tiny.course.root / "secret.txt").write_text(SECRET)
    folder = tiny.course.folder("autograded", "ada", A)
    (folder / "x.txt").symlink_to(tiny.course.root / "secret.txt")
    os.mkfifo(folder / "pipe")
    assert len(tiny.course.feedback(A)) == 2
    assert SECRET not in everything(tiny, "feedback")


def test_data_of_the_assignment_is_taken(tiny):
    for step in ("source", "release"):
        folder = tiny.course.folder(step, ".", A)
        (folder / "numbers.csv").write_text("1,2,3")
    folder = tiny.hand_in("ada", tiny.right()).parent
    (folder / "numbers.csv").write_text("9,9,9")
    tiny.course.autograde(A)
    graded = tiny.course.folder("autograded", "ada", A)
    assert (graded / "numbers.csv").read_text() == "1,2,3"
    assert tiny.course.result(A, "ada").notes == []


def test_a_folder_that_is_anothers(tiny):
    tiny.hand_in("ada", tiny.right())
    (tiny.course.root / "submitted" / "mallory").symlink_to(tiny.course.root / "submitted" / "ada")
    ada, mallory = tiny.course.autograde(A)
    assert (ada.points, ada.status) == (12, "graded")
    assert (mallory.points, mallory.status) == (0, "refused")
    assert mallory.reasons == ["The submission's folder is a link."]


@pytest.mark.parametrize("kind", ["garbage", "empty", "link", "pipe", "folder", "huge", "binary"])
def test_a_timestamp_that_is_none(tiny, kind):
    folder = tiny.hand_in("ada", tiny.right()).parent
    os.utime(folder / f"{A}.ipynb", (86_400, 86_400))
    path = folder / "timestamp.txt"
    if kind == "link":
        path.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        texts = {"garbage": b"yesterday", "empty": b"", "huge": b"1" * 10**6, "binary": b"\xff\0"}
        path.write_bytes(texts[kind])
    for _ in range(2):
        (result,) = tiny.course.autograde(A)
        assert (result.points, result.status) == (12, "graded")
        assert "held no time; it counts as handed in at 1970-01-02" in "".join(result.notes)
        assert len(tiny.course.feedback(A)) == 1


def test_a_notebook_changed_after_its_stated_time_is_pointed_out(tiny):
    folder = tiny.hand_in("ada", tiny.right()).parent
    os.utime(folder / f"{A}.ipynb", (2 * 86_400, 2 * 86_400))
    (folder / "timestamp.txt").write_text("1970-01-02 00:00:00.0 UTC")
    (result,) = tiny.course.autograde(A)
    assert "changed at 1970-01-03 00:00:00.000000 UTC" in result.notes[0]


def test_notebooks_stripped_by_an_editor(tiny):
    """No metadata, no ids, an old format, kinds mixed up: the answers are found."""
    work = tiny.right()
    find(work, "why").source = "Because."
    for cell in work.cells:
        cell.metadata = {}
    data = nbformat.from_dict(work)
    cells = [dict(cell) for cell in data.cells]
    for cell in cells:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    cells[2]["cell_type"] = "raw"
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    import json

    tiny.hand_in("ada", json.dumps(old).encode())
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status, result.waiting) == (12, "graded", 1)
    assert "'double' was without its id; it was recognised by what it defines" in str(result.notes)
    assert "'double' had become a raw cell" in str(result.notes)
    graded = nbformat.read(tiny.course.folder("autograded", "ada", A) / f"{A}.ipynb", 4)
    assert find(graded, "why").source == "Because."
