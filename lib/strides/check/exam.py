"""An exam of one exercise: cases to run, outputs to compare, checks that give points."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .calls import collect
from .score import Row, Score
from .values import Problem, describe_call, find_problem

ALL = ("*",)
INPUTS = "inputs"


@dataclass(frozen=True)
class Case:
    """One call: its name, its arguments in order, and how close the outputs must come.

    A difference up to `atol + rtol * max|expected|` passes. Two answers are taken for the same
    up to `same` (rtol where None).
    """

    name: str
    args: dict[str, Any]
    rtol: float = 1e-6
    atol: float = 1e-10
    same: float | None = None


@dataclass(frozen=True)
class Check:
    """What gives points: named outputs in named cases, all of which must be right.

    `on` maps an output's name to the cases it is looked at in; ALL means every case.
    The output INPUTS stands for "the arguments are what they were before the call".
    """

    name: str
    points: float
    on: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Exam:
    """Everything needed to mark one exercise.

    `run(answer, *args)` calls the answer and yields (name, output) pairs; `oracle(*args)`
    gives the expected outputs by name; `cases(rng)` draws the inputs.
    """

    name: str
    run: Callable[..., Iterator[tuple[str, Any]]]
    oracle: Callable[..., dict[str, Any]]
    cases: Callable[[np.random.Generator], list[Case]]
    checks: tuple[Check, ...]
    section: str
    may_change: frozenset[str] = field(default=frozenset())
    seconds: float = 10.0
    pending: float = 0.0

    @property
    def function(self) -> str:
        return self.name.partition(".")[2]

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)


@dataclass(frozen=True)
class Outcome:
    """What one case gave: outputs by name, the problem that ended it, changed arguments."""

    case: Case
    values: dict[str, np.ndarray]
    problem: Problem | None
    changed: tuple[str, ...]


def observe(exam: Exam, answer: Any, cases: list[Case]) -> list[Outcome]:
    """Run an answer on copies of the cases' arguments; stops early when it is blank or hangs."""
    outcomes: list[Outcome] = []
    for case in cases:
        args = copy.deepcopy(case.args)
        values, problem = collect(exam.run, answer, args, exam.seconds)
        changed = tuple(
            name
            for name, value in args.items()
            if name not in exam.may_change and _has_changed(value, case.args[name])
        )
        outcomes.append(Outcome(case, values, problem, changed))
        if problem and problem.kind in ("blank", "timeout"):
            break
    return outcomes


def _has_changed(value: Any, before: Any) -> bool:
    if not isinstance(before, np.ndarray):
        return False
    return value.shape != before.shape or not np.allclose(
        value.astype(float), before.astype(float), rtol=1e-9, atol=1e-9, equal_nan=True
    )


Diagnose = Callable[[list[Outcome], Check], tuple[str, str] | None]


def mark(exam: Exam, answer: Any, cases: list[Case], diagnose: Diagnose | None = None) -> Score:
    """The score of an answer on the cases; `diagnose` may name what is behind a failed check."""
    outcomes = observe(exam, answer, cases)
    first = outcomes[0].problem
    if first and first.kind == "blank":
        text = f"Not done yet: {first.text}"
        if "None" in first.text:
            text += " If you have written it, does it end with `return`?"
        return Score(exam.name, (Row("all checks", 0, exam.points, "blank", text),), exam.pending)
    expected = [exam.oracle(*copy.deepcopy(o.case.args).values()) for o in outcomes]
    rows = tuple(_row(exam, check, outcomes, expected, diagnose) for check in exam.checks)
    return Score(exam.name, rows, exam.pending)


def _row(
    exam: Exam,
    check: Check,
    outcomes: list[Outcome],
    expected: list[dict[str, Any]],
    diagnose: Diagnose | None,
) -> Row:
    for outcome, right in zip(outcomes, expected, strict=True):
        problem = problem_in(check, outcome, right)
        if problem:
            status = problem.kind if problem.kind in ("raised", "timeout") else "failed"
            named = diagnose(outcomes, check) if diagnose else None
            message = explain(exam, outcome, problem, named[1] if named else None)
            return Row(check.name, 0, check.points, status, message, named[0] if named else None)
    seen = {outcome.case.name for outcome in outcomes}
    wanted = {name for cases in check.on.values() for name in cases if name != "*"}
    if not wanted <= seen:
        text = "Not reached: an earlier case ran out of time."
        return Row(check.name, 0, check.points, "timeout", text)
    return Row(check.name, check.points, check.points, "passed")


def problem_in(check: Check, outcome: Outcome, expected: dict[str, Any]) -> Problem | None:
    """The first thing wrong in one case with the outputs that a check looks at."""
    for name, cases in check.on.items():
        if outcome.case.name not in cases and cases != ALL:
            continue
        if name == INPUTS:
            if outcome.changed:
                return _changed(outcome.changed)
            continue
        if name not in outcome.values:
            return outcome.problem or Problem("type", f"No {name} came back.", "missing")
        right = np.asarray(expected[name])
        case = outcome.case
        problem = find_problem(name, outcome.values[name], right, case.rtol, case.atol)
        if problem:
            return problem
    return None


def _changed(names: tuple[str, ...]) -> Problem:
    listed = ", ".join(names)
    text = (
        f"The call changed its argument {listed}. Work on a new array, for example "
        f"`{names[0]} = {names[0]} - m` in place of `{names[0]} -= m`."
    )
    return Problem("inputs", text, f"changed {listed}")


def explain(exam: Exam, outcome: Outcome, problem: Problem, cause: str | None) -> str:
    """The message of a failed check: the call, what came, one cause if proven, where next."""
    lines = [f"Called {describe_call(exam.function, outcome.case.args)}.", problem.text]
    lines.append(cause if cause else "No known mistake matches; compare a small case by hand.")
    if exam.section:
        lines.append(f"Read again: {exam.section}")
    return "\n".join(lines)
