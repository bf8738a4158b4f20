"""Quiz q2: every row of numbers tells slips apart, and no answer reaches a student."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from examiner import examine
from examiner.build.notebook import make_notebook, to_bytes
from examiner.build.regions import BEGIN_HIDDEN, BEGIN_SOLUTION, END_HIDDEN, END_SOLUTION
from examiner.build.release import release
from examiner.build.source import read_source
from examiner.bundle import bundle_files
from examiner.course.numbers import files_beside, student_seed
from examiner.examine import bank_of, exam_of
from examiner.exams.numeric import Formula
from examiner.whose import ID
from strides.check import check, find_exam
from strides.quiz import FILE, POOLS, draw, own_numbers

REPO = Path(__file__).parents[2]
NAME = "q2_convolution"
SOURCE = REPO / "sources" / "assignments" / NAME / f"{NAME}.py"
NUMERIC = list(POOLS["q2"])
LETTERS = [f"q2_{number}" for number in range(7, 12)]
CLASS = [f"student{number}" for number in range(30)]


def value_of(answer: Any, row: dict[str, int]) -> float:
    return round(float(answer.of(*row.values())), 6)


def right_answer(question: str, row: dict[str, int]) -> int:
    right: int = exam_of(f"q2.{question}").oracle(*row.values())["answer"]
    return right


@pytest.mark.parametrize("question", NUMERIC)
def test_every_row_tells_all_slips_and_the_right_answer_apart(question: str) -> None:
    for row in POOLS["q2"][question]:
        slips = {m.id: value_of(m.answer, row) for m in bank_of(f"q2.{question}").mistakes}
        values = [*slips.values(), float(right_answer(question, row))]
        assert len(set(values)) == len(values), (row, slips)
        assert all(value > 0 for value in values), (row, slips)


@pytest.mark.parametrize("question", NUMERIC)
def test_rows_of_a_pool_differ(question: str) -> None:
    rows = [tuple(row.items()) for row in POOLS["q2"][question]]
    assert len(set(rows)) == len(rows) >= 25


def by_torch(question: str, row: dict[str, int]) -> int:
    """The answer to a question from a layer that torch builds."""
    n = row.values()
    if question == "q2_1":
        side, window, stride, pad = n
        layer = torch.nn.Conv1d(1, 1, window, stride=stride, padding=pad)
        return layer(torch.zeros(1, 1, side)).shape[-1]
    if question == "q2_2":
        c, h, w, f, kh, kw = n
        return torch.nn.Conv2d(c, f, (kh, kw))(torch.zeros(1, c, h, w)).numel()
    if question == "q2_3":
        c, _, _, f, k = n
        return sum(p.numel() for p in torch.nn.Conv2d(c, f, k).parameters())
    if question == "q2_4":
        f, d = n
        sizes = {
            pad: torch.nn.Conv1d(1, 1, f, padding=pad, dilation=d)(torch.zeros(1, 1, 200)).shape[-1]
            for pad in range(120)
        }
        return next(pad for pad, size in sizes.items() if size == 200)
    if question == "q2_5":
        f1, s1, f2, s2, f3 = n
        x = torch.rand(1, 1, 200, requires_grad=True)
        out = torch.nn.functional.conv1d(x, torch.ones(1, 1, f1), stride=s1)
        out = torch.nn.functional.avg_pool1d(out, f2, s2)  # every number of a window counts
        torch.nn.functional.conv1d(out, torch.ones(1, 1, f3))[0, 0, 1].backward()
        return int((x.grad != 0).sum())
    c, h, w, f, k, classes = n
    net = torch.nn.Sequential(
        torch.nn.Conv2d(c, f, k, padding=k // 2),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.LazyLinear(classes),
    )
    net(torch.zeros(1, c, h, w))
    return sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize("question", NUMERIC)
def test_the_right_answers_are_torchs(question: str) -> None:
    for row in POOLS["q2"][question]:
        assert by_torch(question, row) == right_answer(question, row), row


def test_the_multiple_choice_facts_are_what_torch_computes() -> None:
    conv2d, pool = torch.nn.functional.conv2d, torch.nn.functional.max_pool2d
    assert conv2d(torch.zeros(1, 1, 7, 7), torch.zeros(1, 1, 3, 3), stride=3).shape[2:] == (2, 2)
    x, w = torch.tensor([[[0.0, 0, 1, 0, 0]]]), torch.tensor([[[1.0, 2, 3]]])
    assert torch.nn.functional.conv1d(x, w).tolist() == [[[3, 2, 1]]]
    sides = [
        torch.nn.Conv2d(3, 10, 5, padding=2, stride=stride)(torch.zeros(1, 3, 32, 32)).shape[2]
        for stride in (1, 2)
    ]
    assert sides[0] ** 2 == 4 * sides[1] ** 2
    picture = torch.zeros(1, 1, 3, 5)
    picture[0, 0, 1, 2] = 1  # in both windows of 3 by 3 with stride 2
    picture.requires_grad_()
    out = pool(picture, 3, 2)
    out.backward(torch.tensor([[[[2.0, 5.0]]]]))
    assert picture.grad[0, 0, 1, 2] == 7
    row = torch.tensor([[[[1.0, 0, 0, 5, 0, 0, 0, 0]] * 2]])
    before, after = pool(row, 2)[0, 0, 0], pool(row.roll(1, 3), 2)[0, 0, 0]
    assert 0 < int((before != after).sum()) < 4


def test_other_numbers_that_the_notebook_showed_are_named() -> None:
    own, theirs = draw("q2", np.random.default_rng(5)), draw("q2", np.random.default_rng(6))
    answer = right_answer("q2_3", theirs["q2_3"])
    score = examine(answer, "q2.q2_3", student_seed=5, shown=lambda: theirs)
    assert score.earned == 0
    assert score.diagnoses == [ID]
    assert f"Your numbers: C = {own['q2_3']['C']}, " in score.rows[0].message
    assert "which are not yours" in score.rows[0].message


@pytest.mark.parametrize(
    "shown",
    [
        *(
            None,
            [],
            {},
            "x",
            {"q2_3": None},
            {"q2_3": {"C": 10**9, "H": 1, "W": 1, "F": 9, "K": 9}},
        ),
        *({"q2_3": {"C": np.arange(2), "H": 1}}, {"q2_3": {"C": [], "H": {}}}, np.arange(3)),
    ],
)
def test_what_a_submission_shows_as_numbers_may_be_anything(shown: Any) -> None:
    score = examine(1, "q2.q2_3", student_seed=5, shown=lambda: shown)
    assert score.earned == 0
    assert score.diagnoses == []


def test_a_right_answer_is_right_whatever_the_notebook_showed() -> None:
    own, theirs = draw("q2", np.random.default_rng(5)), draw("q2", np.random.default_rng(6))
    answer = right_answer("q2_3", own["q2_3"])
    assert examine(answer, "q2.q2_3", student_seed=5, shown=lambda: theirs).earned == 2


def test_a_slip_keeps_its_name_where_the_notebook_showed_the_right_numbers() -> None:
    own = draw("q2", np.random.default_rng(5))
    mistake = bank_of("q2.q2_3").mistakes[0]
    answer = mistake.answer.of(*own["q2_3"].values())
    score = examine(answer, "q2.q2_3", student_seed=5, shown=lambda: own)
    assert score.diagnoses == [mistake.id]


# No answer in what students get


def words(text: str) -> set[str]:
    """The numbers in a text, those with grouped digits too."""
    ungrouped = re.sub(r"(?<=\d)[,_](?=\d{3}\b)", "", text)
    return {*re.findall(r"\d+", text), *re.findall(r"\d+", ungrouped)}


@pytest.fixture(scope="module")
def quiz_files() -> dict[str, str]:
    """What a student gets of the quiz: the notebook, its numbers, and the library's part in it."""
    files = bundle_files(REPO)
    parts = (f"assignments/{NAME}/", "lib/strides/quiz/", "lib/strides/asking", "visible/q2")
    found = {
        path: content.decode()
        for path, content in files.items()
        if any(part in path for part in parts)
    }
    assert {f"assignments/{NAME}/{NAME}.ipynb", f"assignments/{NAME}/{FILE}"} <= set(found)
    assert "lib/strides/visible/q2.py" in found
    return found


def test_no_right_answer_stands_in_what_students_get(quiz_files: dict[str, str]) -> None:
    """Answers of three digits and more; smaller numbers stand everywhere, with no meaning."""
    notebook = f"assignments/{NAME}/{NAME}.ipynb"
    cells = json.loads(quiz_files[notebook])["cells"]
    texts = quiz_files | {notebook: "\n".join("".join(cell["source"]) for cell in cells)}
    found = set().union(*map(words, texts.values()))
    rights = {
        (question, str(right_answer(question, row)))
        for question, pool in POOLS["q2"].items()
        for row in pool
    }
    large = {(question, right) for question, right in rights if len(right) >= 3}
    assert {question for question, _ in large} == {"q2_2", "q2_3", "q2_6"}
    assert {(question, right) for question, right in large if right in found} == set()


def test_the_search_for_answers_finds_one() -> None:
    assert "26370" in words("It has 26,370 parameters.") & words("x = 26370")


def released(text: str) -> bytes:
    """The students' version of a source."""
    path = f"{NAME}/{NAME}.ipynb"
    source = read_source(text, SOURCE.relative_to(REPO).as_posix())
    return release(REPO, {path: to_bytes(make_notebook(source, graded=True))})[path]


def test_the_released_notebook_does_not_depend_on_any_answer() -> None:
    """With every solution and hidden test replaced by another, not one byte of it changes."""
    text = SOURCE.read_text(encoding="utf-8")
    other = text
    for begin, end, body in (
        (BEGIN_SOLUTION, END_SOLUTION, "    'another answer'\n    "),
        (BEGIN_HIDDEN, END_HIDDEN, "score += 1\n"),
    ):
        other = re.sub(f"(?s)({begin}\n).*?({end})", lambda m, b=body: f"{m[1]}{b}{m[2]}", other)
    assert other.count("'another answer'") == 13
    assert released(other) == released(text)


def test_the_key_is_all_that_lies_beside_it(quiz_files: dict[str, str]) -> None:
    text = quiz_files[f"assignments/{NAME}/{FILE}"]
    assert text == files_beside(REPO, NAME)[FILE]
    (key,) = json.loads(text).values()
    assert re.fullmatch("[0-9a-f]{16}", key)


def test_the_bundle_shows_the_numbers_that_are_graded(
    quiz_files: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text(quiz_files[f"assignments/{NAME}/{FILE}"])
    for student in CLASS:
        seed = student_seed(REPO, NAME, student)
        assert own_numbers(student, "q2", tmp_path) == draw("q2", np.random.default_rng(seed))


@pytest.mark.parametrize("question", LETTERS)
def test_the_visible_check_does_not_tell_options_apart(question: str) -> None:
    shown = [check(letter, f"q2.{question}").as_data() for letter in "abcd"]
    assert all(data == shown[0] for data in shown)


@pytest.mark.parametrize("question", NUMERIC)
def test_the_visible_check_does_not_tell_numbers_apart(question: str) -> None:
    shown = [check(number, f"q2.{question}").as_data() for number in range(1, 3000)]
    assert all(data == shown[0] for data in shown)


def test_the_visible_check_does_not_tell_orders_apart() -> None:
    shown = [check(order, "q2.q2_12").as_data() for order in ("ecbfda", "abcdef", "hgf", "e")]
    assert all(data == shown[0] for data in shown)


@pytest.mark.parametrize("question", [*NUMERIC, *LETTERS, "q2_12"])
def test_no_oracle_is_visible(question: str) -> None:
    exam = find_exam("strides.visible", f"q2.{question}")
    assert exam.oracle() == {"given": 1}
    assert exam.points == 0


def test_a_bank_answers_for_any_numbers() -> None:
    for question in NUMERIC:
        assert all(isinstance(m.answer, Formula) for m in bank_of(f"q2.{question}").mistakes)
