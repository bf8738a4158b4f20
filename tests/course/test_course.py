"""The whole loop on the tiny course, and what a second round may not change."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from examiner.course.course import Course
from examiner.course.errors import CourseError

pytestmark = pytest.mark.course
A = "t1_tiny"


def as_files(notebook):
    return {f"{A}.ipynb": nbformat.writes(notebook).encode()}


def test_loop(tiny, tmp_path):
    course = tiny.course
    wrong = tiny.answers(double="def double(x):\n    return x", half="half = lambda x: x / 2")
    course.submit(A, "ada", as_files(tiny.right()))
    course.submit(A, "ben", as_files(tiny.released))
    course.submit(A, "dora", as_files(wrong))
    assert course.collect(A) == ["ada", "ben", "dora"]

    seen = []
    results = course.autograde(A, report=seen.append)
    assert seen == results
    assert [(r.student, r.points, r.max_points, r.status) for r in results] == [
        ("ada", 12, 12, "graded"),
        ("ben", 0, 12, "blank"),
        ("dora", 6, 12, "graded"),
    ]
    assert [r.diagnoses for r in results] == [[], [], ["double_not_done"]]
    assert all(0 < r.seconds < 120 for r in results)

    pages = course.feedback(A)
    assert [page.parent.parent.name for page in pages] == ["ada", "ben", "dora"]
    handed_back = tmp_path / "course" / "exchange" / "tiny" / "feedback"
    assert len(list(handed_back.glob("*.html"))) == 3
    text = pages[2].read_text()
    assert "look again" in text
    assert "HIDDEN TESTS" not in text
    assert "named = " not in text

    with course.export(tmp_path / "marks.csv").open() as file:
        marks = {row["student"]: row for row in csv.DictReader(file)}
    assert {name: float(row["score"]) for name, row in marks.items()} == {
        "ada": 12,
        "ben": 0,
        "dora": 6,
    }
    assert marks["ada"]["max_score"] == "15.0"
    assert marks["ada"]["submitted"]
    found = {name: (row["status"], row["diagnoses"]) for name, row in marks.items()}
    assert found == {
        "ada": ("graded", ""),
        "ben": ("blank", ""),
        "dora": ("graded", "double_not_done"),
    }


def test_marks_name_who_handed_nothing_in_and_what_waits(tiny, tmp_path):
    course = tiny.course
    course.enrol("zoe", "Zoe", "Zett")
    course.enrol("yan", "Yan", "Why")
    tiny.hand_in("yan", tiny.right())
    with course.export(tmp_path / "marks.csv", A).open() as file:
        found = {row["student"]: (row["status"], row["score"]) for row in csv.DictReader(file)}
    assert found == {"zoe": ("not submitted", "0.0"), "yan": ("not graded", "0.0")}


def test_nbgraders_own_export_writes_the_same_marks(tiny, tmp_path, monkeypatch):
    tiny.hand_in("ada", tiny.right())
    tiny.course.autograde(A)
    ours = tiny.course.export(tmp_path / "marks.csv")
    monkeypatch.chdir(tiny.course.root)
    exporter = "examiner.course.marks_file.MarksFile"
    command = ["nbgrader", "export", f"--exporter={exporter}", f"--to={tmp_path / 'theirs.csv'}"]
    folder = Path(sys.executable).parent
    subprocess.run([folder / command[0], *command[1:]], check=True, capture_output=True)
    assert (tmp_path / "theirs.csv").read_text() == ours.read_text()


def test_marks_before_a_release_and_in_a_bad_place(tiny, tmp_path):
    with pytest.raises(CourseError, match=r"found a folder; try .*marks\.csv"):
        tiny.course.export(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"cannot be written there \(.*--to"):
        tiny.course.export(tmp_path / "file" / "marks.csv")
    with pytest.raises(CourseError, match=r"^a9 was never released.*strides release a9"):
        tiny.course.export(tmp_path / "marks.csv", "a9")
    (tiny.course.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match=r"^No assignment was released"):
        tiny.course.export(tmp_path / "marks.csv")
    assert not (tmp_path / "marks.csv").exists()


def test_an_empty_list_of_students_is_nobody(tiny):
    tiny.hand_in("ada", tiny.right())
    assert tiny.course.to_grade(A) == ["ada"]
    assert tiny.course.autograde(A, []) == []


def test_grading_twice_keeps_marks_and_does_no_work_twice(tiny):
    course = tiny.course
    tiny.hand_in("ada", tiny.answers(double="double = lambda x: 2 * x"))
    first = course.autograde(A)
    graded = course.folder("autograded", "ada", A) / f"{A}.ipynb"
    written = graded.stat().st_mtime_ns
    assert course.autograde(A) == first
    assert graded.stat().st_mtime_ns == written
    (again,) = course.autograde(A, force=True)
    assert graded.stat().st_mtime_ns != written
    assert (again.points, again.status) == (first[0].points, first[0].status) == (6, "graded")


def test_new_work_is_graded_anew_and_marks_by_hand_stay(tiny):
    course = tiny.course
    tiny.hand_in("ada", tiny.answers(why="Because."))
    (first,) = course.autograde(A)
    assert (first.points, first.waiting) == (0, 1)
    with course.gradebook() as gradebook:
        gradebook.find_grade("why", A, A, "ada").manual_score = 3
        gradebook.db.commit()
    work = tiny.right()
    work.cells[-1].source = "Because."
    tiny.hand_in("ada", work)
    (second,) = course.autograde(A)
    assert second.points == 12
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(A, "ada").score == 15


def test_a_change_of_the_assignment_is_graded_anew(tiny):
    tiny.hand_in("ben", tiny.released)
    tiny.course.autograde(A)
    graded = tiny.course.folder("autograded", "ben", A) / f"{A}.ipynb"
    before = graded.stat().st_mtime_ns
    source = tiny.course.folder("source", ".", A) / f"{A}.ipynb"
    source.write_text(source.read_text().replace("# Tiny", "# Tiny, mended"))
    tiny.course.release(A)
    tiny.course.autograde(A)
    assert graded.stat().st_mtime_ns != before


def test_a_run_that_was_cut_off_is_taken_up_again(tiny):
    """What a killed grader leaves, a notebook mended and not yet run, does not count as graded."""
    tiny.hand_in("ben", tiny.released)
    tiny.course.autograde(A)
    path = tiny.course.folder("autograded", "ben", A) / f"{A}.ipynb"
    graded = nbformat.read(path, 4)
    del graded.metadata.strides_grading["seconds"]
    path.chmod(0o644)
    nbformat.write(graded, path)
    assert tiny.course.autograde(A)[0].seconds > 0


def test_an_assignment_that_was_never_released(tiny):
    tiny.hand_in("ada", tiny.right())
    (tiny.course.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match=r"never released.*strides release t1_tiny"):
        tiny.course.autograde(A)


def test_an_assignment_that_does_not_exist(tiny):
    with pytest.raises(CourseError, match=r"'a9'.*t1_tiny"):
        tiny.course.resolve("a9")
    assert tiny.course.resolve("t1") == tiny.course.resolve(A) == A


def test_nothing_submitted_and_an_unknown_student(tiny):
    with pytest.raises(CourseError, match=r"no submission found.*submitted"):
        tiny.course.autograde(A)
    tiny.hand_in("ada", tiny.released)
    with pytest.raises(CourseError, match=r"no submission of zoe.*ada"):
        tiny.course.autograde(A, ["zoe"])


def test_collecting_before_any_exchange(tiny):
    tiny.hand_in("ada", tiny.released)
    exchange = tiny.course.root / "exchange" / "tiny"
    exchange.rename(exchange.with_name("elsewhere"))
    assert tiny.course.collect(A) == ["ada"]


def test_a_folder_that_is_no_course(tmp_path):
    with pytest.raises(CourseError, match=r"nbgrader_config\.py.*--course"):
        Course(tmp_path)


def test_a_page_that_fails_is_named_and_the_others_are_written(tiny, monkeypatch):
    for student in ("ada", "ben", "cleo"):
        tiny.hand_in(student, tiny.right())
    tiny.course.autograde(A)
    make = tiny.course.api.generate_feedback

    def broken_for_ben(assignment, student, force):
        if student == "ben":
            return {"success": False, "log": "[ERROR] no page today"}
        return make(assignment, student, force=force)

    monkeypatch.setattr(tiny.course.api, "generate_feedback", broken_for_ben)
    with pytest.raises(CourseError, match=r"2 pages are written, but:\n.*ben: no page today"):
        tiny.course.feedback(A)
    for student in ("ada", "cleo"):
        assert list(tiny.course.folder("feedback", student, A).glob("*.html"))


def test_who_handed_in_again_keeps_the_page_of_what_is_graded(tiny):
    tiny.hand_in("ada", tiny.right())
    tiny.course.autograde(A)
    folder = tiny.course.folder("submitted", "ada", A)
    (folder / "timestamp.txt").write_text("2030-01-01 00:00:00.0 UTC")
    assert tiny.course.graded(A) == ["ada"]
    assert len(tiny.course.feedback(A)) == 1
