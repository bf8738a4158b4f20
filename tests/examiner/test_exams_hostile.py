"""Exams against values that were made to break them: no points, no error, no huge array.

An answer may run in a student's process: what it returns is then plain data of any kind.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from examiner.examine import exam_of
from examiner.report import exercises
from strides.check import Exam, Score, find_exam, mark
from strides.check.values import Foreign

from .test_exams import REFERENCES

Answer = Callable[..., Any]
EXERCISES = [exercise for exercise in exercises() if exercise in REFERENCES]
EXAMS = [
    pytest.param(exam, id=f"{exam.name}-{'visible' if exam.visible else 'hidden'}")
    for exercise in EXERCISES
    for exam in (exam_of(exercise), find_exam("strides.visible", exercise))
]
NAN = float("nan")


def nested(depth: int) -> list[Any]:
    value: list[Any] = [1.0]
    for _ in range(depth):
        value = [value]
    return value


VALUES: dict[str, Any] = {
    "none": None,
    "dots": ...,
    "nothing": "",
    "text": "abc",
    "word nan": "nan",
    "long text": "abcdefg" * 100_000,
    "nan": NAN,
    "inf": float("inf"),
    "minus inf": -np.inf,
    "minus zero": -0.0,
    "true": True,
    "large": 1e308,
    "large int": 10**30,
    "larger int": -(10**4000),
    "largest int": 10**6000,
    "imaginary": 7 + 1j,
    "array of nan": np.full((3, 4), NAN),
    "one nan": np.array(NAN),
    "complex nan": np.full(4, complex(NAN, NAN)),
    "no axes": np.array(7),
    "no entries": np.zeros(0),
    "no entries in many rows": np.zeros((2**40, 0)),
    "no entries in three axes": np.zeros((0, 2**20, 2**20)),
    "32 axes": np.full((1,) * 32, 7.0),
    "bools": np.array([True, False, True]),
    "one bool": np.array(True),
    "half": np.full((2, 3), 6e4, np.float16),
    "long double": np.full(3, np.longdouble("1e4000")),
    "unsigned": np.array([2**64 - 1], np.uint64),
    "smallest int8": np.full((2, 2), -128, np.int8),
    "strings": np.array(["a", "b"]),
    "one string": np.array("c"),
    "bytes": np.array([b"a"]),
    "objects": np.array([None, "a"], object),
    "numbers as objects": np.arange(4.0).astype(object),
    "dates": np.zeros(3, "M8[s]"),
    "records": np.zeros(3, [("a", float), ("b", int)]),
    "matrix": np.matrix([[1.0, 2.0]]),
    "many": np.zeros(1_500_000),
    "empty list": [],
    "empty lists": [[], []],
    "empty tuple": (),
    "list of none": [None, None],
    "ragged": [[1, 2], [3]],
    "letters": ["z", "y"],
    "numbers as letters": [1, 2, 3],
    "deep": nested(200),
    "list of nan": [NAN] * 5,
    "long list": [0.5] * 20_000,
    "columns and rows": [np.zeros((3000, 1)), np.zeros((1, 3000))],
    "a mapping": {"loss": 1.0},
    "a set": {1.0},
    "a torch tensor": Foreign("torch", "Tensor"),
    "an object": Foreign("__main__", "Anything"),
    "a list of objects": [Foreign("__main__", "Anything")] * 3,
    "a function": lambda *args: None,
    "a class": dict,
    "one": (1.0,),
    "four": (1.0, 2.0, 3.0, 4.0),
}


def answers(value: Any) -> list[Answer]:
    """Functions that return a value, or a pair with it, or with a function that returns it."""
    return [
        lambda *args: value,
        lambda *args: (value, lambda *args: value),
        lambda *args: (value, value),
        lambda *args: (1.0, lambda *args: (value, value, value)),
        lambda *args: [value, None],
    ]


def marked(exam: Exam, answer: Any) -> Score:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = mark(exam, answer, exam.cases(np.random.default_rng(0)))
    assert all(len(row.message) < 2000 for row in score.rows)
    return score


@pytest.mark.parametrize("exam", EXAMS)
def test_no_value_earns_points_or_breaks_an_exam(exam: Exam) -> None:
    called = callable(REFERENCES[exam.name])
    for name, value in VALUES.items():
        if exam.name == "a5.fits" and exam.visible and name == "minus zero":
            continue  # 0 is False, the one number that is asked for
        for answer in answers(value) if called else [value]:
            assert marked(exam, answer).earned == 0, name


def changed(change: Callable[[np.ndarray], Any], answer: Answer) -> Answer:
    """An answer whose arrays and numbers are changed, those of its backward too."""

    def spoil(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return tuple(map(spoil, value))
        if callable(value):
            return changed(change, value)
        return change(np.array(value))

    return lambda *args: spoil(answer(*args))


def with_entry(entry: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(value: np.ndarray) -> np.ndarray:
        value = value.astype(float)
        value.flat[-1] = entry
        return value

    return change


SPOILED = {
    "nan": with_entry(NAN),
    "inf": with_entry(np.inf),
    "strings": lambda value: value.astype(str),
    "objects": lambda value: value.astype(object),
    "an axis more": lambda value: np.stack([value, value]),
    "none left": lambda value: value[..., None][..., :0],
    "too far from 0 for a float": lambda value: value + np.longdouble("1e4000"),
}

ELSEWHERE = {
    "a1.train": {
        "as many steps as asked for, of batch_size rows",
        "batches are drawn anew with rng, from all rows, with their labels",
    },
    "a5.output_size": {"ValueError for a window that is too large"},
}
"""Checks of what an answer does, and not of what it returns."""


@pytest.mark.parametrize("spoiled", SPOILED)
@pytest.mark.parametrize(
    "exam",
    # A net is trained for classify_solids: too long to be done so often.
    [p for p in EXAMS if callable(REFERENCES[p.values[0].name]) and "solids" not in p.id],
)
def test_a_right_answer_that_is_spoiled_earns_nothing(exam: Exam, spoiled: str) -> None:
    score = marked(exam, changed(SPOILED[spoiled], REFERENCES[exam.name]))
    earned = {row.check for row in score.rows if row.earned}
    assert earned <= (set() if exam.visible else ELSEWHERE.get(exam.name, set()))


def test_an_imaginary_part_is_not_passed_over() -> None:
    for part in (1.0, NAN):
        answer = changed(lambda value, part=part: value + 1j * part, REFERENCES["a5.fits"])
        assert marked(find_exam("strides.visible", "a5.fits"), answer).earned == 0


@pytest.mark.parametrize("exercise", ["a1.numerical_gradient", "a1.train"])
@pytest.mark.parametrize("visible", [True, False])
@pytest.mark.parametrize("name", VALUES)
def test_what_is_handed_to_an_answer_takes_any_argument(
    exercise: str, visible: bool, name: str
) -> None:
    exam = find_exam("strides.visible", exercise) if visible else exam_of(exercise)
    value, given = VALUES[name], REFERENCES[exercise]

    def answer(function: Answer, *args: Any) -> Any:
        for arguments in ((value,), (value,) * 4, (args[0], value, value, value), (*args[:3], "")):
            with contextlib.suppress(TypeError, ValueError, IndexError, OverflowError):
                function(*arguments)[1](value)
        return given(function, *args)

    assert all(row.status != "raised" for row in marked(exam, answer).rows)


def test_arrays_that_would_be_spread_to_terabytes_are_refused() -> None:
    column, row = np.zeros((2**16, 1)), np.zeros((1, 2**16))
    shapes = iter(range(10**6))

    def answer(*args: Any) -> Any:
        return 1.0, lambda dout: (column if next(shapes) % 2 else row,) * 3

    for name in ("a5.conv1d", "a5.conv2d", "a5.mended_conv2d"):
        assert "shape" in marked(exam_of(name), answer).rows[-1].message


def test_a_function_of_two_long_arrays_is_refused() -> None:
    said = []

    def answer(loss: Answer, w: Any, x: Any, y: Any, *others: Any) -> Any:
        column, row = np.zeros((2**16, 1)), np.zeros((1, 2**16))
        for arguments in ((column, x), (w, row), (row, column), (w, column)):
            with pytest.raises(ValueError, match="expected at most 1000 numbers") as error:
                loss(*arguments, y, 0.0)
            said.append(error)
        _, backward = loss(w, x, y, 0.0)
        with pytest.raises(ValueError, match="expected at most 1000 numbers"):
            backward(column)

    marked(exam_of("a1.train"), answer)
    assert said


def test_a_run_without_end_is_cut_off() -> None:
    def answer(loss: Answer, w: Any, x: Any, y: Any, *others: Any) -> Any:
        while True:
            loss(w, x, y, 0.0)[1]()

    score = marked(exam_of("a1.train"), answer)
    assert score.earned == 0
    assert "RuntimeError" in score.rows[0].message


def test_a_history_of_millions_is_too_long() -> None:
    def answer(*args: Any) -> Any:
        return REFERENCES["a1.train"](*args)[0], np.zeros(10**7)

    assert marked(exam_of("a1.train"), answer).rows[-1].earned == 0


def test_the_mark_of_no_size_cannot_be_returned() -> None:
    """The number that stands for a ValueError within the exam is no answer."""
    reference, exam = REFERENCES["a5.output_size"], exam_of("a5.output_size")

    def answer(*args: int) -> int:
        try:
            return reference(*args)
        except ValueError:
            return -1000

    score = marked(exam, answer)
    assert [row.earned for row in score.rows] == [1, 0]
