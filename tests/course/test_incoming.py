"""Submissions that come as files, and files that come to nobody."""

from __future__ import annotations

import os

import nbformat
import pytest

from examiner.course import incoming
from examiner.course.errors import CourseError
from examiner.course.incoming import not_looked_at, take

pytestmark = pytest.mark.course
A = "t1_tiny"
DAY = 86_400


@pytest.fixture
def folder(tmp_path):
    """A folder of files, as a learning platform hands them out."""
    path = tmp_path / "downloads"
    path.mkdir()
    return path


def at(path, time):
    os.utime(path, (time, time))
    return path


def test_files_are_taken_and_graded(tiny, folder):
    work = nbformat.writes(tiny.right()).encode()
    for name in ("ada", "zoë.b-1"):
        (folder / f"{name}.ipynb").write_bytes(work)
        at(folder / f"{name}.ipynb", DAY)
    assert take(tiny.course, A, folder) == [
        "ada.ipynb: taken for ada",
        "zoë.b-1.ipynb: taken for zoë.b-1",
    ]
    results = tiny.course.autograde(A)
    assert [(r.student, r.points) for r in results] == [("ada", 12), ("zoë.b-1", 12)]
    marks = tiny.course.export(folder / "marks.csv").read_text()
    assert marks.count("1970-01-02 00:00:00") == 2


def test_the_newer_one_stays_unless_told_otherwise(tiny, folder):
    there = at(tiny.hand_in("ada", b"there"), 2 * DAY)
    file = folder / "ada.ipynb"
    file.write_bytes(b"older")
    at(file, DAY)
    assert "what is there is newer; --replace" in take(tiny.course, A, folder)[0]
    assert there.read_bytes() == b"there"
    replaced = ["ada.ipynb: taken for ada, in place of what was there"]
    assert take(tiny.course, A, folder, replace=True) == replaced
    assert there.read_bytes() == b"older"
    assert take(tiny.course, A, folder) == ["ada.ipynb: is there already"]
    file.write_bytes(b"newer")
    at(file, 3 * DAY)
    assert take(tiny.course, A, folder) == replaced
    assert there.read_bytes() == b"newer"


def test_a_newer_one_under_another_name_stays_too(tiny, folder):
    at(tiny.hand_in("ada", b"there", name="copy.ipynb"), 2 * DAY)
    (folder / "ada.ipynb").write_bytes(b"older")
    at(folder / "ada.ipynb", DAY)
    assert "is newer" in take(tiny.course, A, folder)[0]
    assert not (tiny.course.folder("submitted", "ada", A) / f"{A}.ipynb").exists()


def test_what_is_no_students_notebook_is_not_taken(tiny, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_BYTES", 1000)
    secret = tmp_path / "secret.ipynb"
    secret.write_text("{}")
    (folder / "ada.ipynb").symlink_to(secret)
    (folder / "big.ipynb").write_bytes(b"x" * 1001)
    (folder / "c[*].ipynb").write_text("{}")
    (folder / "d.zip").write_text("{}")
    (folder / "e.ipynb").mkdir()
    os.mkfifo(folder / "f.ipynb")
    (folder / ".g.ipynb").write_text("{}")
    lines = dict(line.split(": not taken, ") for line in take(tiny.course, A, folder))
    assert set(lines) == {"ada.ipynb", "big.ipynb", "c[*].ipynb", "d.zip", "e.ipynb", "f.ipynb"}
    assert lines["ada.ipynb"].startswith("it is a link")
    assert "clear its outputs" in lines["big.ipynb"]
    assert "letters, digits" in lines["c[*].ipynb"]
    assert "expected, NAME.ipynb" in lines["d.zip"]
    assert lines["e.ipynb"].startswith("it is a folder")
    assert lines["f.ipynb"].startswith("it is a named pipe")
    assert not (tiny.course.root / "submitted").exists()


def test_an_earlier_secret_stays_and_a_link_is_not_written_through(tiny, folder, tmp_path):
    secret = tiny.hand_in("ada", b"there").parent / "submission_secret.txt"
    secret.write_text("s")
    (folder / "ada.ipynb").write_bytes(b"newer")
    (folder / "eve.ipynb").write_bytes(b"newer")
    (tiny.course.root / "submitted" / "eve").symlink_to(tmp_path)
    lines = take(tiny.course, A, folder)
    assert lines[0] == "ada.ipynb: taken for ada, in place of what was there"
    assert secret.read_text() == "s"
    assert lines[1].endswith("is a link")
    assert not (tmp_path / A).exists()


def test_a_folder_with_nothing_to_take(tiny, folder):
    with pytest.raises(CourseError, match=r"expected files called NAME\.ipynb, found none"):
        take(tiny.course, A, folder)
    with pytest.raises(CourseError, match="expected a folder"):
        take(tiny.course, A, folder / "nowhere")


def test_what_nobody_looks_at_is_named(tiny):
    assert not_looked_at(tiny.course, A) == []
    work = tiny.hand_in("ada", b"{}").parent
    tiny.hand_in("ben", b"{}", name="renamed.ipynb")
    (work / "timestamp.txt").write_text("")
    (work / "extra.ipynb").write_text("")
    (work / ".ipynb_checkpoints").mkdir()
    (work / ".ipynb_checkpoints" / "x.ipynb").write_text("")
    top = tiny.course.root / "submitted"
    (top / "cleo.ipynb").write_text("")
    (top / "dora" / "t1").mkdir(parents=True)
    (top / "emil").mkdir()
    (top / "emil" / f"{A}.ipynb").write_text("")
    assert not_looked_at(tiny.course, A) == [
        f"ada/{A}/extra.ipynb",
        "cleo.ipynb",
        "dora/t1",
        f"emil/{A}.ipynb",
    ]
