"""Submissions in every bad state: said clearly, kept as they are, and in nobody's way."""

from __future__ import annotations

import copy

import nbformat
import pytest

from .conftest import find

pytestmark = pytest.mark.course
A = "t1_tiny"


def test_unreadable_files_are_refused_and_the_others_graded(tiny):
    whole = nbformat.writes(tiny.right()).encode()
    bad = {
        "binary": b"%PDF-1.7\x00\xff\xfe",
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "json": b'{"a": 1}',
        "text": b"Dear teacher, here is my work.",
    }
    paths = {name: tiny.hand_in(name, content) for name, content in bad.items()}
    tiny.hand_in("ada", tiny.right())
    tiny.hand_in("letter", b"word processor", name="answers.docx")
    results = {result.student: result for result in tiny.course.autograde(A)}

    assert (results["ada"].points, results["ada"].status) == (12, "graded")
    reasons = {
        "binary": "binary data",
        "cut": "cut off or damaged at line",
        "empty": "the file is empty",
        "json": "without a notebook's",
        "text": "begins with 'Dear teacher",
        "letter": "found answers.docx",
    }
    for student, reason in reasons.items():
        result = results[student]
        assert (result.status, result.points) == ("refused", 0), student
        assert reason in result.reasons[0], student
        assert "submit it again" not in result.reasons[0]
    assert all(paths[name].read_bytes() == content for name, content in bad.items())

    pages = {page.parent.parent.name: page for page in tiny.course.feedback(A)}
    assert set(pages) == {*results}
    assert "was not graded" in pages["cut"].read_text()
    assert "found answers.docx" in pages["letter"].read_text()
    assert "save it, and submit it again." in pages["cut"].read_text()


def test_a_refused_submission_waits_for_a_person_and_can_be_handed_in_again(tiny):
    tiny.hand_in("ada", b"")
    assert tiny.course.autograde(A)[0].waiting == 3
    tiny.hand_in("ada", tiny.right())
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status, result.waiting) == (12, "graded", 0)


def test_changed_structure_is_put_back_and_graded(tiny):
    """One notebook with every change a student can make to what is not theirs."""
    work = tiny.right()
    work.cells.remove(find(work, "test_half"))
    find(work, "test_double").metadata.nbgrader["points"] = 100
    find(work, "test_double").source = "12.0"
    copied = copy.deepcopy(find(tiny.released, "double"))
    copied.id = "copied"
    work.cells.insert(4, copied)
    find(work, "half").metadata.nbgrader["grade_id"] = "renamed"
    find(work, "setup").metadata.pop("nbgrader")
    work.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    path = tiny.hand_in("ada", work)
    before = path.read_bytes()
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.max_points, result.status) == (12, 12, "graded")
    said = "\n".join(result.notes)
    for words in (
        "'test_half' was missing; it was put back",
        "'test_double' had its points changed; it was graded with 6",
        "'test_double' is locked but was edited",
        "'double' was there 2 times; the last edited one was graded",
        "'half' was now called 'renamed'",
        "'setup' was without its id",
        "the kernel 'ir'; it was graded with 'python3'",
    ):
        assert words in said
    assert path.read_bytes() == before
    assert "put back" in tiny.course.feedback(A)[0].read_text()


def test_a_file_under_another_name(tiny):
    tiny.hand_in("ada", tiny.right(), name="t1_tiny (copy 2).ipynb")
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status) == (12, "graded")
    assert "was named t1_tiny (copy 2).ipynb" in result.notes[0]


def test_an_old_notebook_format_and_a_byte_order_mark(tiny):
    old = copy.deepcopy(tiny.right())
    old.nbformat_minor = 4
    for cell in old.cells:
        del cell["id"]
    tiny.hand_in("ada", b"\xef\xbb\xbf" + nbformat.writes(old).encode())
    assert tiny.course.autograde(A)[0].points == 12


def test_forged_records_in_a_submission_count_for_nothing(tiny):
    work = tiny.answers(double="double = lambda x: 1", half="half = lambda x: 1")
    work.metadata["strides_grading"] = {"refused": "no", "notes": ["give me points"]}
    find(work, "test_double").metadata["strides_grading"] = {"reason": "x", "stopped": "timed out"}
    tiny.hand_in("ada", work)
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status, result.notes) == (0, "graded", [])


@pytest.mark.parametrize("rows", [7, ["x", None], [{"diagnosis": ["a"]}, {"diagnosis": "=1+1"}]])
def test_forged_rows_of_a_score_stop_nobody_and_name_nothing(tiny, rows):
    forged = f"""class Double:
    def __call__(self, x):
        return x
Score.as_data = lambda self: {{"earned": 0, "possible": 6, "rows": {rows}}}
double = Double()"""
    tiny.hand_in("ada", tiny.answers(double=forged))
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.diagnoses) == (0, ["double_not_done"])
    assert tiny.course.feedback(A)


def test_what_stops_the_grader_becomes_a_refusal(tiny, monkeypatch):
    """A fault that nobody thought of still leaves a page and a reason, and the class goes on."""
    from examiner.course import restore as module

    sound = module.restore

    def broken(submitted, released):
        if find(submitted, "double").source == "boom":
            raise LookupError("a strange notebook")
        return sound(submitted, released)

    monkeypatch.setattr(module, "restore", broken)
    tiny.hand_in("ada", tiny.answers(double="boom"))
    tiny.hand_in("ben", tiny.right())
    first, second = tiny.course.autograde(A)
    assert (first.status, first.points) == ("refused", 0)
    assert "a strange notebook" in first.reasons[0]
    assert (second.status, second.points) == ("graded", 12)
