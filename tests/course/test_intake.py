"""Files of a submission: what is taken in, what is not, and why; no file can stop it."""

from __future__ import annotations

import os
import socket

import pytest

from examiner.course import intake as module
from examiner.course.intake import Wanted, take_in
from examiner.course.plain_files import safe_name

WANTED = Wanted(("t1",), ("data/x.csv", "y.txt"))


@pytest.fixture
def top(tmp_path):
    (tmp_path / "submitted" / "ada" / "t1").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("the solutions")
    return tmp_path / "submitted"


@pytest.fixture
def work(top):
    folder = top / "ada" / "t1"
    (folder / "t1.ipynb").write_bytes(b"{}")
    return folder


def taken(work):
    return take_in(work, WANTED, work.parents[1])


def test_the_notebook_and_the_assignments_data_are_taken(work):
    (work / "data").mkdir()
    (work / "data" / "x.csv").write_text("1")
    (work / "y.txt").write_text("2")
    (work / "timestamp.txt").write_text("3")
    (work / ".ipynb_checkpoints").mkdir()
    intake = taken(work)
    assert intake.files == {
        "t1.ipynb": b"{}",
        "data/x.csv": b"1",
        "y.txt": b"2",
        "timestamp.txt": b"3",
    }
    assert (intake.notes, intake.refused) == ([], {})


def test_shadowing_modules_and_other_files_are_left_out_and_named(work):
    for name in ("numpy.py", "sitecustomize.py", "ipykernel_launcher.py", "a\n<b>.txt"):
        (work / name).write_text("evil")
    (work / "deep").mkdir()
    (work / "more.ipynb").symlink_to(work / "t1.ipynb")
    intake = taken(work)
    assert set(intake.files) == {"t1.ipynb"}
    assert intake.notes == [
        "Not part of the assignment and left out: a?<b>.txt, deep (a folder), "
        "ipykernel_launcher.py, more.ipynb (a link), numpy.py, sitecustomize.py."
    ]


def make_link(path, secret):
    path.symlink_to(secret)


def make_hard_link(path, secret):
    os.link(secret, path)


def make_pipe(path, _):
    os.mkfifo(path)


def make_folder(path, _):
    path.mkdir()


def make_socket(path, _):
    before = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(before)


def make_loop(path, _):
    path.symlink_to(path)


KINDS = {
    make_link: "is a link",
    make_hard_link: "has a second name elsewhere",
    make_pipe: "is a named pipe",
    make_folder: "is a folder",
    make_socket: "is a socket",
    make_loop: "is a link",
}


@pytest.mark.parametrize(("make", "why"), KINDS.items())
@pytest.mark.parametrize("name", ["t1.ipynb", "y.txt", "timestamp.txt", "submission_secret.txt"])
def test_what_is_no_plain_file_is_not_opened(work, name, make, why):
    (work / name).unlink(missing_ok=True)
    make(work / name, work.parents[2] / "secret.txt")
    intake = taken(work)
    assert name not in intake.files
    assert b"the solutions" not in b"".join(intake.files.values())
    assert why in "".join([*intake.refused.values(), *intake.notes])


def test_a_folder_of_data_that_is_a_link_is_not_entered(work, tmp_path):
    (tmp_path / "x.csv").write_text("the solutions")
    (work / "data").symlink_to(tmp_path)
    intake = taken(work)
    assert set(intake.files) == {"t1.ipynb"}
    assert intake.notes == ["data/x.csv is a link; it was left out."]


@pytest.mark.parametrize("part", ["ada", "ada/t1"])
def test_a_students_folder_that_is_a_link_to_anothers(top, work, part):
    (top / "mallory").mkdir()
    if part == "ada":
        (top / "mallory").rmdir()
        (top / "mallory").symlink_to(top / "ada")
    else:
        (top / "mallory" / "t1").symlink_to(work)
    intake = take_in(top / "mallory" / "t1", WANTED, top)
    assert intake.files == {}
    assert intake.refused == {"t1": "The submission's folder is a link."}


def test_the_folder_of_all_submissions_may_be_a_link(top, work, tmp_path):
    (tmp_path / "big-disk").symlink_to(top)
    intake = take_in(tmp_path / "big-disk" / "ada" / "t1", WANTED, tmp_path / "big-disk")
    assert intake.files == {"t1.ipynb": b"{}"}


def test_huge_files_are_not_read(work, monkeypatch):
    with (work / "t1.ipynb").open("wb") as file:
        file.truncate(300_000_000)
    assert "has 300 MB, more than 20; clear its outputs" in taken(work).refused["t1"]
    monkeypatch.setattr(module, "MOST_DATA_BYTES", 3)
    (work / "t1.ipynb").write_bytes(b"{}")
    (work / "y.txt").write_text("1234")
    assert "y.txt has 0 MB" in taken(work).notes[0]


def test_thousands_of_files_and_deep_folders(work):
    for index in range(3000):
        (work / f"f{index:04}").touch()
    inner = work / "deep"
    for _ in range(200):
        inner = inner / "d"
    inner.mkdir(parents=True)
    intake = taken(work)
    assert set(intake.files) == {"t1.ipynb"}
    assert "more (only the first 2000 were looked at)." in intake.notes[0]


def test_one_notebook_of_another_name_is_taken_for_it(work):
    (work / "t1.ipynb").rename(work / "t1 (1).ipynb")
    intake = taken(work)
    assert intake.files == {"t1.ipynb": b"{}"}
    assert intake.notes == ["The file was named t1 (1).ipynb; it was graded as t1.ipynb."]
    (work / "t1 (2).ipynb").write_bytes(b"{}")
    assert "found t1 (1).ipynb, t1 (2).ipynb" in taken(work).refused["t1"]


def test_no_folder_and_an_empty_one(top):
    empty = take_in(top / "ada" / "t1", WANTED, top)
    assert "found an empty folder" in empty.refused["t1"]
    assert "cannot be read" in take_in(top / "ben" / "t1", WANTED, top).refused["t1"]


def test_the_digest_tells_what_changed(work):
    first = taken(work).digest()
    assert taken(work).digest() == first
    (work / "t1.ipynb").write_bytes(b"{ }")
    changed = taken(work).digest()
    (work / "z.py").touch()
    assert len({first, changed, taken(work).digest()}) == 3


def test_names_are_shown_cut_and_in_one_line():
    assert safe_name("\x1b[31mred\n") == "?[31mred?"
    assert len(safe_name("x" * 300)) == 60
