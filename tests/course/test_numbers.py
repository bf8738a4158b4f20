"""Quiz q2 from its release to its feedback: everybody has numbers of their own."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode
from rich.console import Console

from examiner.course.course import Course
from examiner.course.lab import build_missing
from examiner.course.numbers import files_beside, files_for, student_seed
from examiner.course.own_cells import own_cells
from examiner.course.record import grade_id, record_of
from examiner.examine import exam_of
from examiner.safe.job import Job, run_job
from strides.quiz import FILE, draw, own_numbers

REPO = Path(__file__).parents[2]
QUIZ = "q2_convolution"
NUMERIC = [f"q2_{number}" for number in range(1, 7)]
FORMULAS = {
    "q2_1": '(numbers["q2_1"]["n"] + 2 * numbers["q2_1"]["pad"] - numbers["q2_1"]["window"])'
    ' // numbers["q2_1"]["stride"] + 1',
}
KEYS = {"q2_7": "c", "q2_8": "a", "q2_9": "d", "q2_10": "b", "q2_11": "c", "q2_12": "ecbfda"}

pytestmark = pytest.mark.course


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course that holds nothing but the quiz, released."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(REPO / "nbgrader_config.py", root)
    shutil.copytree(REPO / "solutions" / QUIZ, root / "solutions" / QUIZ)
    course = Course(root)
    course.release(QUIZ)
    return course


def released(course: Course) -> NotebookNode:
    path = course.folder("release", ".", QUIZ) / f"{QUIZ}.ipynb"
    return nbformat.read(path, as_version=4)


def right_by(rows: dict[str, dict[str, int]]) -> dict[str, Any]:
    """The right answers for these numbers, worked out by the exams."""
    numbers = {
        name: exam_of(f"q2.{name}").oracle(*rows[name].values())["answer"] for name in NUMERIC
    }
    return numbers | KEYS


def right_for(course: Course, student: str) -> dict[str, Any]:
    """The right answers of a student."""
    return right_by(draw("q2", np.random.default_rng(student_seed(course.root, QUIZ, student))))


def answered(course: Course, who: object, answers: dict[str, Any]) -> NotebookNode:
    """The quiz with an id and these answers written into their cells; a text stands as it is."""
    notebook = released(course)
    for cell in notebook.cells:
        if grade_id(cell) == "student":
            cell.source = f"student = {who!r}"
        elif grade_id(cell) in answers:
            value = answers[grade_id(cell)]
            value = value if str(value).startswith("(") else repr(value)
            cell.source = f"{grade_id(cell)} = {value}"
    return notebook


@pytest.fixture(scope="module")
def graded(course: Course) -> dict[str, NotebookNode]:
    """The graded notebooks of a small class."""
    everyone = {
        "ada": answered(course, "ada", right_for(course, "ada")),
        "ben": answered(course, "ada", right_for(course, "ada")),
        "cleo": answered(course, "cleo", right_for(course, "cleo") | FORMULAS),
        "dora": released(course),
        "fay": answered(course, None, right_by(draw("q2", np.random.default_rng(0)))),
        "emil": answered(course, " Emil ", right_for(course, "emil") | {"q2_8": "b", "q2_1": 1}),
    }
    for student, notebook in everyone.items():
        course.submit(QUIZ, student, {f"{QUIZ}.ipynb": nbformat.writes(notebook).encode()})
    course.collect(QUIZ)
    course.autograde(QUIZ)
    return {
        student: nbformat.read(
            course.folder("autograded", student, QUIZ) / f"{QUIZ}.ipynb", as_version=4
        )
        for student in everyone
    }


def earned(notebook: NotebookNode) -> dict[str, float]:
    """The points of each question."""
    scores = [record_of(cell).get("score") for cell in notebook.cells]
    return {score["exercise"]: score["earned"] for score in scores if score}


def message(notebook: NotebookNode, exercise: str) -> str:
    """What the feedback says about a question."""
    scores = [record_of(cell).get("score") for cell in notebook.cells]
    (score,) = [score for score in scores if score and score["exercise"] == exercise]
    return "\n".join(row["message"] for row in score["rows"] if row["message"])


def test_the_key_goes_out_with_the_quiz(course: Course) -> None:
    expected = files_beside(course.root, QUIZ)[FILE]
    for folder in (course.folder("release", ".", QUIZ), course.exchange_folder("outbound") / QUIZ):
        assert (folder / FILE).read_text() == expected
    assert list(json.loads(expected)) == ["q2"]


def test_students_see_the_numbers_that_the_examiner_draws(course: Course) -> None:
    folder = course.folder("release", ".", QUIZ)
    for student in ("ada", "Ada ", "lovelace@example.org", "Ünal"):
        seed = student_seed(course.root, QUIZ, student)
        assert own_numbers(student, "q2", folder) == draw("q2", np.random.default_rng(seed))


def test_only_a_quiz_has_numbers(course: Course) -> None:
    assert files_beside(course.root, "a5_convolution") == {}
    assert student_seed(course.root, "a5_convolution", "ada") == 0
    names = [QUIZ, "a5_convolution"]
    assert list(files_for(course.root, "assignments", names)) == [f"assignments/{QUIZ}/{FILE}"]


def test_another_course_has_other_numbers(course: Course, tmp_path: Path) -> None:
    assert files_beside(tmp_path, QUIZ) != files_beside(course.root, QUIZ)
    assert student_seed(tmp_path, QUIZ, "ada") != student_seed(course.root, QUIZ, "ada")


def test_right_answers_earn_all_points(graded: dict[str, NotebookNode]) -> None:
    assert set(earned(graded["ada"]).values()) == {2.0}
    assert len(earned(graded["ada"])) == 12


def test_a_formula_of_the_numbers_is_an_answer(graded: dict[str, NotebookNode]) -> None:
    assert sum(earned(graded["cleo"]).values()) == 24


def test_the_graded_notebook_shows_the_students_numbers(
    course: Course, graded: dict[str, NotebookNode]
) -> None:
    (cell,) = [cell for cell in graded["ada"].cells if grade_id(cell) == "own_numbers"]
    rows = draw("q2", np.random.default_rng(student_seed(course.root, QUIZ, "ada")))
    shown = cell.outputs[0].data["text/plain"]
    assert "The numbers of ada" in shown
    assert f"n = {rows['q2_1']['n']}, window = {rows['q2_1']['window']}" in shown


def test_no_cell_of_an_honest_notebook_fails(graded: dict[str, NotebookNode]) -> None:
    for student in ("ada", "cleo", "dora"):
        outputs = [out for cell in graded[student].cells for out in cell.get("outputs", [])]
        assert [out for out in outputs if out.output_type == "error"] == []


def test_the_numbers_of_somebody_else_earn_nothing_and_are_named(
    course: Course, graded: dict[str, NotebookNode]
) -> None:
    """Ben answered Ada's questions; where a question's numbers are his too, his answer is right."""
    points = earned(graded["ben"])
    own, hers = (draw("q2", np.random.default_rng(student_seed(course.root, QUIZ, student)))
                 for student in ("ben", "ada"))  # fmt: skip
    differ = [name for name in NUMERIC if right_for(course, "ben")[name]
              != right_for(course, "ada")[name]]  # fmt: skip
    assert differ, "two students have the same numbers in all questions"
    for name in differ:
        assert points[f"q2.{name}"] == 0
        said = message(graded["ben"], f"q2.{name}")
        assert "which are not yours. Write your own id" in said
        for rows in (own, hers):
            assert all(f"{key} = {value}" in said for key, value in rows[name].items())
    assert all(points[f"q2.{name}"] == 2 for name in KEYS)


def test_whoever_writes_no_id_is_told_so(course: Course, graded: dict[str, NotebookNode]) -> None:
    own = right_for(course, "fay")
    nobodys = right_by(draw("q2", np.random.default_rng(0)))
    differ = [name for name in NUMERIC if own[name] != nobodys[name]]
    assert differ
    for name in differ:
        assert earned(graded["fay"])[f"q2.{name}"] == 0
        assert "which are not yours. Write your own id" in message(graded["fay"], f"q2.{name}")


def test_lab_puts_the_numbers_beside_a_released_quiz(course: Course) -> None:
    path = course.folder("release", ".", QUIZ) / FILE
    before = path.read_bytes()
    path.unlink()
    build_missing(course.root, Console())
    assert path.read_bytes() == before


def test_without_a_sandbox_nothing_is_left_in_the_folder(course: Course, tmp_path: Path) -> None:
    notebook = answered(course, "ada", right_for(course, "ada"))
    ids = {"assignment": QUIZ, "notebook": QUIZ}
    job = Job(
        student="ada",
        assignment=QUIZ,
        notebook=json.loads(json.dumps(notebook)),
        seed=1,
        cell_seconds=30,
        total_seconds=100,
        unsafe=True,
        student_seed=student_seed(course.root, QUIZ, "ada"),
        beside=files_beside(course.root, QUIZ),
        own=own_cells(course.api.coursedir, ids),
    )
    with contextlib.chdir(tmp_path):
        done = nbformat.from_dict(run_job(job))
    assert sum(earned(done).values()) == 24
    assert list(tmp_path.iterdir()) == []


def test_a_blank_quiz_earns_nothing(graded: dict[str, NotebookNode]) -> None:
    assert set(earned(graded["dora"]).values()) == {0.0}


def test_the_feedback_says_why_a_wrong_option_is_wrong(graded: dict[str, NotebookNode]) -> None:
    assert "flipped filter" in message(graded["emil"], "q2.q2_8")
    assert message(graded["emil"], "q2.q2_1").startswith("Your numbers: n = ")
    assert sum(earned(graded["emil"]).values()) == 20
