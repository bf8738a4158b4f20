"""Every exam against its own bank, its oracle, the reference solution and the blank one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jupytext
import numpy as np
import pytest
import torch

import strides.quiz
from examiner import examine
from examiner.examine import bank_of, exam_of
from examiner.report import exercises
from strides.check import check, find_exam
from strides.check.calls import collect

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "sources" / "assignments").glob("*/*.py"))
EXERCISES = exercises()
MISTAKES = [(e, m) for e in EXERCISES for m in bank_of(e).mistakes]
RIGHT = [(e, name) for e in EXERCISES for name in bank_of(e).right]


def references(sources: list[Path]) -> dict[str, Any]:
    """The reference answers by exercise, from the sources' solution cells, run in order."""
    found: dict[str, Any] = {}
    for source in sources:
        names: dict[str, Any] = {}
        notebook = jupytext.read(source)
        for cell in notebook.cells:
            if "solution" in cell.metadata or "locked" in cell.metadata:
                exec(compile(cell.source, str(source), "exec"), names)
        assignment = source.stem.partition("_")[0]
        found |= {f"{assignment}.{name}": value for name, value in names.items()}
    return found


REFERENCES = references(SOURCES)


@cache
def references_for(quiz: str, seed: int) -> dict[str, Any]:
    """The reference answers of a quiz to the numbers that are drawn from a seed."""
    with pytest.MonkeyPatch.context() as patch:
        rows = strides.quiz.draw(quiz, np.random.default_rng(seed))
        patch.setattr(strides.quiz, "own_numbers", lambda student, quiz: rows)
        return references([s for s in SOURCES if strides.quiz.quiz_of(s.stem) == quiz])


def reference(exercise: str, seed: int) -> Any:
    """The reference answer of an exercise, to the inputs that are drawn from a seed."""
    quiz = strides.quiz.quiz_of(exercise.partition(".")[0])
    return references_for(quiz, seed)[exercise] if quiz else REFERENCES[exercise]


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_reference_earns_all_points(exercise: str, seed: int) -> None:
    score = examine(reference(exercise, seed), exercise, seed)
    assert score.earned == score.possible == exam_of(exercise).points, score.as_data()


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_reference_passes_the_visible_checks(exercise: str) -> None:
    score = check(REFERENCES[exercise], exercise)
    assert score.earned == score.possible, score.as_data()


def blanks_of(exercise: str) -> list[Any]:
    """What a blank cell leaves: a function that returns nothing, or a plain value."""
    if callable(REFERENCES[exercise]):
        return [lambda *args: None, lambda *args: ...]
    return [None, ..., ""]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_blank_answer_earns_nothing_and_is_called_blank(exercise: str) -> None:
    for blank in blanks_of(exercise):
        score = check(blank, exercise) + examine(blank, exercise)
        assert score.earned == 0
        assert [row.status for row in score.rows] == ["blank"]


@pytest.mark.parametrize(
    ("exercise", "mistake"), MISTAKES, ids=[f"{e}-{m.id}" for e, m in MISTAKES]
)
def test_a_mistake_loses_points_under_its_own_name(exercise: str, mistake: Any) -> None:
    score = examine(mistake.answer, exercise)
    assert score.earned < score.possible
    assert score.diagnoses == [mistake.id]
    assert any(mistake.says in row.message for row in score.rows)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_names_hold_for_other_inputs(exercise: str) -> None:
    for mistake in bank_of(exercise).mistakes:
        assert examine(mistake.answer, exercise, seed=3).diagnoses == [mistake.id], mistake.id


@pytest.mark.parametrize(("exercise", "name"), RIGHT)
@pytest.mark.parametrize("seed", [0, 4])
def test_an_odd_but_right_answer_earns_all_points(exercise: str, name: str, seed: int) -> None:
    answer = bank_of(exercise).right[name]
    score = examine(answer, exercise, seed)
    assert score.earned == score.possible, score.as_data()
    assert check(answer, exercise).earned == check(answer, exercise).possible


@pytest.mark.parametrize("exercise", EXERCISES)
def test_messages_fit_the_rubric_and_give_no_array_away(exercise: str) -> None:
    for mistake in bank_of(exercise).mistakes:
        for row in examine(mistake.answer, exercise).rows:
            assert len(row.message.splitlines()) <= 8, row.message
            assert not re.search(r"\[\s*-?\d+(\.\d+)?[\s,]+-?\d", row.message), row.message


@pytest.mark.parametrize("source", SOURCES, ids=[s.stem for s in SOURCES])
def test_points_of_the_notebook_are_those_of_the_exams(source: Path) -> None:
    assignment = source.stem.partition("_")[0]
    marked = {}
    for cell in jupytext.read(source).cells:
        if "test" in cell.metadata:
            exercise = f"{assignment}.{cell.metadata['test']}"
            assert f'check({cell.metadata["test"]}, "{exercise}")' in cell.source
            assert f'examine({cell.metadata["test"]}, "{exercise}")' in cell.source
            marked[exercise] = float(cell.metadata["points"])
    exams = {e: exam_of(e).points for e in EXERCISES if e.startswith(assignment + ".")}
    visible = {e: find_exam("strides.visible", e) for e in exams}
    assert marked == {e: exams[e] + visible[e].points for e in exams}
    assert {e: exam.pending for e, exam in visible.items()} == exams


@pytest.mark.parametrize(
    ("source", "points"), [("a1_classifiers", 60), ("a5_convolution", 70), ("q2_convolution", 24)]
)
def test_an_assignment_is_worth_its_points(source: str, points: int) -> None:
    text = (ROOT / "sources" / "assignments" / source / f"{source}.py").read_text()
    assert sum(map(int, re.findall(r'# %% test="\w+" points=(\d+)', text))) == points


def test_every_case_is_looked_at_and_every_check_has_its_cases() -> None:
    for exercise in EXERCISES:
        exam = exam_of(exercise)
        names = {case.name for case in exam.cases(np.random.default_rng(0))}
        wanted = {name for c in exam.checks for cases in c.on.values() for name in cases}
        assert wanted - {"*"} <= names, exercise
        assert "*" in wanted or wanted == names, exercise


def test_hard_coding_the_worked_number_earns_the_visible_points_alone() -> None:
    def answer(w: Any, x: Any, y: Any, reg: float) -> Any:
        return 3.9, lambda: np.zeros_like(w)

    assert examine(answer, "a1.svm_loss").earned == 0


def test_two_mistakes_at_once_are_both_named() -> None:
    bank = {m.id: m.answer for m in bank_of("a1.svm_loss").mistakes}

    def answer(w: Any, x: Any, y: Any, reg: float) -> Any:
        return bank["no_mean_loss"](w, x, y, reg)[0], bank["reg_grad_half"](w, x, y, reg)[1]

    assert set(examine(answer, "a1.svm_loss").diagnoses) == {"no_mean_loss", "reg_grad_half"}


def test_an_unknown_mistake_is_not_guessed_at() -> None:
    score = examine(lambda w, x, y, reg: (7.5, lambda: w * 0.123), "a1.softmax_loss")
    assert score.diagnoses == []
    assert "Compare a small case with one worked by hand" in score.rows[0].message


def in_torch(exercise: str, args: dict[str, Any]) -> dict[str, Any]:
    """Loss and gradient by torch's autograd in float64."""
    a = SimpleNamespace(
        **{k: torch.tensor(v) for k, v in args.items() if isinstance(v, np.ndarray)}
    )
    if exercise == "a1.multilabel_loss":
        s = a.scores.double().requires_grad_()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(s, a.t.double())
        loss.backward()
        return {"loss": loss.item(), "dscores": s.grad.numpy()}
    w = a.w.double().requires_grad_()
    scores = a.x.double() @ w
    if exercise == "a1.svm_loss":
        # torch's multi-margin loss divides by the number of classes; ours does not.
        data = torch.nn.functional.multi_margin_loss(scores, a.y) * w.shape[1]
    else:
        data = torch.nn.functional.cross_entropy(scores, a.y)
    loss = data + args["reg"] * (w * w).sum()
    loss.backward()
    return {"loss": loss.item(), "dw": w.grad.numpy()}


@pytest.mark.parametrize("exercise", ["a1.svm_loss", "a1.softmax_loss", "a1.multilabel_loss"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_oracles_agree_with_torch(exercise: str, seed: int) -> None:
    exam = exam_of(exercise)
    for case in exam.cases(np.random.default_rng(seed)):
        ours, theirs = exam.oracle(*case.args.values()), in_torch(exercise, case.args)
        for name, value in theirs.items():
            np.testing.assert_allclose(ours[name], value, rtol=1e-9, atol=1e-12, err_msg=case.name)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_oracle_agrees_with_the_reference_in_every_case(exercise: str) -> None:
    exam = exam_of(exercise)
    for case in exam.cases(np.random.default_rng(9)):
        answer = reference(exercise, 9)
        values, problem = collect(exam.run, answer, dict(case.args), exam.seconds)
        assert problem is None
        right = exam.oracle(*case.args.values())
        assert values.keys() == right.keys()


def test_an_unknown_exercise_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"expected one of .*a1\.softmax_loss"):
        examine(lambda: 0, "a1.softmax")
    with pytest.raises(ValueError, match=r'expected "assignment\.exercise"'):
        check(lambda: 0, "softmax_loss")


def test_messages_point_to_sections_that_exist() -> None:
    headings = {
        f"Lecture {source.name[:2]}, {line.removeprefix('# ## ').partition(' · ')[0]}"
        for source in (ROOT / "sources" / "lectures").glob("*.py")
        for line in source.read_text().splitlines()
        if line.startswith("# ## ")
    }
    for exercise in EXERCISES:
        exam = exam_of(exercise)
        sections = {exam.section} | {check.section for check in exam.checks if check.section}
        assert sections <= headings | {"the text of this exercise"}, exercise
