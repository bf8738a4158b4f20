"""The check engine: what answers may look like, what is said about them, what is scored."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from strides.check import (
    ALL,
    INPUTS,
    Case,
    Check,
    Exam,
    Row,
    Score,
    check,
    chosen,
    gradients,
    mark,
    out_and_backward,
    unpack,
)
from strides.check.calls import OutOfTime, collect, time_limit
from strides.check.score import MIME
from strides.check.values import (
    BrokenContract,
    as_array,
    describe_call,
    find_problem,
    scale_between,
)


def run_double(answer: Any, x: np.ndarray) -> Iterator[tuple[str, Any]]:
    yield "doubled", answer(x)


DOUBLE = Exam(
    "t.double",
    run_double,
    lambda x: {"doubled": 2 * x},
    lambda rng: [Case("vector", {"x": rng.normal(size=3)}), Case("matrix", {"x": np.ones((2, 3))})],
    (
        Check("a vector", 1, {"doubled": ("vector",)}),
        Check("a matrix", 2, {"doubled": ("matrix",), INPUTS: ALL}),
    ),
    "Lecture 00",
)
BRIEF = replace(DOUBLE, seconds=0.2)


def score_of(answer: Any) -> Score:
    return mark(DOUBLE, answer, DOUBLE.cases(np.random.default_rng(0)))


def test_a_right_answer_earns_all() -> None:
    score = score_of(lambda x: x * 2)
    assert (score.earned, score.possible) == (3, 3)
    assert {row.status for row in score.rows} == {"passed"}


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: (x * 2).tolist(),
        lambda x: (x * 2).astype(complex),
        lambda x: np.ma.masked_array(x * 2),
        lambda x, extra=1: print("hello") or x * 2,
    ],
    ids=["list", "complex", "masked", "prints"],
)
def test_odd_forms_of_a_right_answer_are_taken(answer: Any, capsys: Any) -> None:
    assert score_of(answer).earned == 3
    assert capsys.readouterr().out == ""


def test_warnings_of_an_answer_hurt_nobody() -> None:
    def warns(x: np.ndarray) -> np.ndarray:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        np.log(np.zeros(1))
        return 2 * x

    assert score_of(warns).earned == 3


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (lambda x: 1 / 0, "raised", "ZeroDivisionError: division by zero"),
        (lambda x: exit(), "raised", "SystemExit"),
        (lambda x: x[:, 0] * 2 if x.ndim == 1 else x, "raised", "IndexError"),
        (lambda x: "six", "failed", "dtype <U3"),
        (lambda x: [[1], [2, 3]], "failed", "does not make an array"),
        (lambda x: np.asmatrix(2 * x), "failed", "np.matrix"),
        (lambda x: lambda: 2 * x, "failed", "is a function"),
        (lambda x: (2 * x)[..., :2], "failed", "has shape (2,); expected an array of shape (3,)"),
        (lambda x: x * np.nan, "failed", "nan in 3 of 3"),
        (lambda x: x * 6, "failed", "exactly 3 times the expected value"),
        (lambda x: x * 2 + [0, 0.5, 0], "failed", "1 of 3 entries off"),
    ],
)
def test_what_is_said_about_a_wrong_answer(answer: Any, status: str, said: str) -> None:
    row = score_of(answer).rows[0]
    assert row.status == status
    assert said in row.message
    assert "Called double(x: array (3,) float64)" in row.message
    assert "Lecture 00" in row.message
    assert len(row.message.splitlines()) <= 8


def test_torch_is_refused_in_a_numpy_exercise() -> None:
    torch = pytest.importorskip("torch")
    row = score_of(lambda x: torch.tensor(2 * x)).rows[0]
    assert "done in NumPy" in row.message


@pytest.mark.parametrize("blank", [lambda x: None, lambda x: ...])
def test_blank_answers_are_called_blank(blank: Any) -> None:
    score = score_of(blank)
    assert [row.status for row in score.rows] == ["blank"]
    assert (score.earned, score.possible) == (0, 3)


def test_not_implemented_error_is_blank_too() -> None:
    def later(x: np.ndarray) -> None:
        raise NotImplementedError

    assert score_of(later).rows[0].status == "blank"


def test_changing_an_argument_loses_the_check_that_looks_at_it() -> None:
    def changes(x: np.ndarray) -> np.ndarray:
        x *= 2
        return x

    score = score_of(changes)
    assert [row.earned for row in score.rows] == [1, 0]
    assert "changed its argument x" in score.rows[1].message


def test_an_argument_restored_up_to_rounding_counts_as_unchanged() -> None:
    def restores(x: np.ndarray) -> np.ndarray:
        x += 1e-5
        x -= 1e-5
        return 2 * x

    assert score_of(restores).earned == 3


def test_an_endless_answer_is_stopped_even_if_it_catches_everything() -> None:
    def endless(x: np.ndarray) -> None:
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass

    score = mark(BRIEF, endless, BRIEF.cases(np.random.default_rng(0)))
    assert {row.status for row in score.rows} == {"timeout"}
    assert "did not finish within 0.2 seconds" in score.rows[0].message
    assert score.earned == 0


def test_a_return_forgotten_in_a_branch_is_neither_blank_nor_out_of_time() -> None:
    def forgets(x: np.ndarray) -> np.ndarray | None:
        return 2 * x if x.ndim == 1 else None

    score = score_of(forgets)
    assert [(row.earned, row.status) for row in score.rows] == [(1, "passed"), (0, "failed")]
    assert "doubled is None" in score.rows[1].message


def test_cases_that_were_not_reached_give_no_points() -> None:
    def hangs_at_first(x: np.ndarray) -> np.ndarray:
        while x.ndim == 1:
            pass
        return 2 * x

    def run(answer: Any, x: np.ndarray) -> Iterator[tuple[str, Any]]:
        yield "early", 1
        yield "doubled", answer(x)

    checks = (Check("early", 1, {"early": ALL}), Check("late", 1, {"doubled": ("matrix",)}))
    exam = replace(BRIEF, run=run, checks=checks, oracle=lambda x: {"early": 1, "doubled": 2 * x})
    score = mark(exam, hangs_at_first, exam.cases(np.random.default_rng(0)))
    assert [(row.earned, row.status) for row in score.rows] == [(0, "timeout"), (0, "timeout")]
    assert "Not reached" in score.rows[0].message


def test_visible_checks_show_what_came_back_and_hidden_ones_do_not() -> None:
    cases = [Case("matrix", {"x": np.ones((2, 2))})]
    exam = replace(DOUBLE, checks=(Check("a matrix", 2, {"doubled": ALL}),))
    hidden = mark(exam, lambda x: x + 0.125, cases).rows[0].message
    shown = mark(replace(exam, visible=True), lambda x: x + 0.125, cases).rows[0].message
    assert "1.125" not in hidden
    assert "Your doubled: [[1.125 1.125] [1.125 1.125]]" in shown


@pytest.mark.parametrize(("factor", "said"), [(3.0, True), (-1.0, True), (0.2, True), (1.7, False)])
def test_a_factor_of_one_number_is_told_only_where_it_says_something(
    factor: float, said: bool
) -> None:
    problem = find_problem("loss", np.array(7.0 * factor), np.array(7.0), 1e-6, 0)
    assert problem is not None
    assert ("exactly" in problem.text) == said


def test_the_time_limit_is_over_when_the_body_is() -> None:
    def for_ever() -> None:
        while True:
            pass

    with pytest.raises(OutOfTime), time_limit(0.05):
        for_ever()
    with time_limit(60):
        pass


def test_outputs_before_a_problem_are_kept() -> None:
    def run(answer: Any, x: np.ndarray) -> Iterator[tuple[str, Any]]:
        yield "first", x
        yield "second", answer(x)

    values, problem = collect(run, lambda x: None, {"x": np.ones(2)}, 1)
    assert list(values) == ["first"]
    assert problem is not None
    assert problem.kind == "type"


def test_scores_add_up_and_print_as_a_number() -> None:
    a = Score("t.x", (Row("a", 1, 2, "failed", "no"),), pending=3)
    b = Score("t.x", (Row("b", 2.5, 3, "failed", "<b>no</b>", "flipped"),))
    total = a + b
    assert repr(total) == "3.5"
    assert float(total) == 3.5
    assert total.pending == 0
    assert total.diagnoses == ["flipped"]
    data = total._repr_mimebundle_()
    assert data["text/plain"] == "3.5"
    assert data[MIME]["rows"][1]["diagnosis"] == "flipped"
    assert "&lt;b&gt;no&lt;/b&gt;" in data["text/html"]
    assert 'scope="col"' in data["text/html"]
    assert "can add up to 3 more" in a._repr_html_()


def test_two_blank_scores_are_one_row() -> None:
    blank = Score("t.x", (Row("all checks", 0, 2, "blank", "Not done yet."),))
    assert [(row.possible, row.status) for row in (blank + blank).rows] == [(4, "blank")]


def test_scores_of_two_exercises_do_not_add() -> None:
    with pytest.raises(ValueError, match=r"two scores of t\.x; received one of t\.y"):
        Score("t.x") + Score("t.y")
    with pytest.raises(TypeError, match="received int"):
        Score("t.x") + 1  # type: ignore[operator]


@pytest.mark.parametrize(("earned", "status"), [(3, "passed"), (-1, "failed")])
def test_a_row_cannot_earn_more_than_it_offers(earned: float, status: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 2"):
        Row("a", earned, 2, status)


def test_unpack_says_what_was_expected() -> None:
    def forward() -> None: ...

    assert unpack([1.0, forward], ("loss", "backward"), ("backward",)) == [1.0, forward]
    for value, said in (
        (1.5, r"It returned 1.5. Expected 2 values: loss, backward"),
        ((1, 2, 3), "It returned 3 values"),
        ((forward, 1.0), "in another order"),
        ((1.0, np.zeros(2)), "backward is array"),
    ):
        with pytest.raises(BrokenContract, match=said):
            unpack(value, ("loss", "backward"), ("backward",))


def test_a_way_back_that_is_an_array_or_missing_is_told_apart() -> None:
    with pytest.raises(BrokenContract, match="backward is array"):
        out_and_backward((np.ones(2), np.ones(2)))
    out, backward = out_and_backward((np.ones(2), None))
    assert out.shape == (2,)
    with pytest.raises(BrokenContract, match="backward is missing"):
        gradients(backward, np.ones(2), ("dx",))


def test_chosen_letters() -> None:
    assert chosen(" B", "abcd") == 1
    for wrong in ("e", "ab", 2, ["a"]):
        with pytest.raises(BrokenContract, match='Expected one of "a", "b", "c", "d"'):
            chosen(wrong, "abcd")
    with pytest.raises(BrokenContract, match="No option"):
        chosen("", "abcd")


def test_as_array_copies() -> None:
    x = np.ones(2)
    as_array("x", x)[0] = 5
    assert x[0] == 1


def test_scale_between() -> None:
    x = np.array([1.0, -2.0])
    assert scale_between(-x, x) == pytest.approx(-1)
    assert scale_between(x, x) is None
    assert scale_between(x + 1, x) is None
    assert scale_between(np.array([np.nan, 1.0]), x) is None


def test_describe_call() -> None:
    said = describe_call("f", {"x": np.ones((2, 3), np.float32), "reg": 0.25, "g": len, "n": 3})
    assert said == "f(x: array (2, 3) float32, reg=0.25, g=a function, n=3)"


def test_visible_checks_say_what_hidden_ones_can_add() -> None:
    score = check(lambda x, z: None, "a1.pairwise_distances")
    assert score.pending == 5
    assert "can add up to 5 more" in score._repr_html_()


def test_validate_is_shown_all_points_where_every_visible_check_passes(monkeypatch):
    """nbgrader's Validate calls a cell failed that prints less than all of its points."""
    passed = Score("t.f", (Row("a", 1, 1, "passed"),), pending=3)
    failed = Score("t.f", (Row("a", 0, 1, "failed"),), pending=3)
    assert (repr(passed), repr(failed)) == ("1", "0")
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    assert (repr(passed), repr(failed)) == ("4", "0")
    assert (float(passed), passed.as_data()["earned"]) == (1.0, 1)
