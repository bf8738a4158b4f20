"""An exam of one exercise: cases to run, outputs to compare, checks that give points."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .calls import collect
from .score import Row, Score
from .values import Problem, describe_call, find_problem, show

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
    `section` says where to read again, where it is not the exam's.
    """

    name: str
    points: float
    on: Mapping[str, tuple[str, ...]]
    section: str = ""

    def looks_at(self, output: str, case: Case) -> bool:
        return case.name in self.on[output] or self.on[output] == ALL

    def needs(self, case: Case) -> bool:
        return any(self.looks_at(output, case) for output in self.on)


@dataclass(frozen=True)
class Exam:
    """Everything needed to mark one exercise.

    `run(answer, *args)` calls the answer and yields (name, output) pairs; `oracle(*args)`
    gives the expected outputs by name; `cases(rng)` draws the inputs. What came back is shown
    in full where the exam is `visible`; elsewhere it would give the expected numbers away.
    `upstream` names the argument that goes to the answer's backward and not to the answer.
    `forbidden` names functions and packages that the answer may not use. Where the exam is of
    each student's `own` numbers, the answer is a value, and the case holds these numbers.
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
    visible: bool = False
    upstream: str = ""
    forbidden: tuple[str, ...] = ()
    own: bool = False

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
        values, problem = collect(exam.run, answer, args, exam.seconds, exam.forbidden)
        changed = tuple(
            name
            for name, value in args.items()
            if name not in exam.may_change and _has_changed(value, case.args[name])
        )
        outcomes.append(Outcome(case, values, problem, changed))
        if problem and (problem.kind == "timeout" or _is_blank(outcomes)):
            break
    return outcomes


def _is_blank(outcomes: list[Outcome]) -> bool:
    """Whether the first call gave nothing: later ones may forget a `return` in a branch."""
    problem = outcomes[0].problem
    return problem is not None and problem.kind == "blank"


def _has_changed(value: Any, before: Any) -> bool:
    if not isinstance(before, np.ndarray):
        return False
    if value.shape != before.shape or value.dtype != before.dtype:
        return True
    return not np.allclose(
        value.astype(float), before.astype(float), rtol=1e-9, atol=1e-9, equal_nan=True
    )


Diagnose = Callable[[list[Outcome], Check], tuple[str, str] | None]


def mark(exam: Exam, answer: Any, cases: list[Case], diagnose: Diagnose | None = None) -> Score:
    """The score of an answer on the cases; `diagnose` may name what is behind a failed check."""
    outcomes = observe(exam, answer, cases)
    if _is_blank(outcomes):
        rows: tuple[Row, ...] = (_blank_row(exam, outcomes[0]),)
        return Score(exam.name, rows, exam.pending)
    expected = [exam.oracle(*copy.deepcopy(o.case.args).values()) for o in outcomes]
    not_reached = cases[len(outcomes) :]
    rows = tuple(
        _failure(exam, check, outcomes, expected, diagnose) or _success(check, not_reached)
        for check in exam.checks
    )
    return Score(exam.name, rows, exam.pending)


def _blank_row(exam: Exam, outcome: Outcome) -> Row:
    assert outcome.problem is not None
    text = f"Not done yet: {outcome.problem.text}"
    if outcome.problem.sign == "returned none":
        text += " If you have written it, does it end with `return`?"
    return Row("all checks", 0, exam.points, "blank", text)


def _failure(
    exam: Exam,
    check: Check,
    outcomes: list[Outcome],
    expected: list[dict[str, Any]],
    diagnose: Diagnose | None,
) -> Row | None:
    """The row of a check in which something is wrong."""
    for outcome, right in zip(outcomes, expected, strict=True):
        problem = problem_in(check, outcome, right)
        if problem:
            status = problem.kind if problem.kind in ("raised", "timeout") else "failed"
            named = diagnose(outcomes, check) if diagnose else None
            message = explain(exam, check, outcome, problem, named[1] if named else None)
            return Row(check.name, 0, check.points, status, message, named[0] if named else None)
    return None


def _success(check: Check, not_reached: list[Case]) -> Row:
    """The row of a check in which nothing is wrong, if all its cases were run."""
    if any(check.needs(case) for case in not_reached):
        text = "Not reached: an earlier call ran out of time."
        return Row(check.name, 0, check.points, "timeout", text)
    return Row(check.name, check.points, check.points, "passed")


def problem_in(check: Check, outcome: Outcome, expected: dict[str, Any]) -> Problem | None:
    """The first thing wrong in one case with the outputs that a check looks at."""
    for name in check.on:
        if not check.looks_at(name, outcome.case):
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


def _calls(exam: Exam, case: Case) -> str:
    """The call of the answer, and that of its backward where the exam makes one."""
    args = {name: value for name, value in case.args.items() if name != exam.upstream}
    call = describe_call(exam.function, args)
    if not exam.upstream:
        return call
    return f"{call}, then {describe_call('backward', {exam.upstream: case.args[exam.upstream]})}"


def listed(numbers: Mapping[str, Any]) -> str:
    """Numbers with their names, for people: `n = 7, window = 3`."""
    return ", ".join(f"{name} = {value}" for name, value in numbers.items())


def explain(exam: Exam, check: Check, outcome: Outcome, problem: Problem, cause: str | None) -> str:
    """The message of a failed check: the call, what came, one cause if proven, where next."""
    lines = []
    if exam.own:
        lines.append(f"Your numbers: {listed(outcome.case.args)}.")
    elif outcome.case.args:
        lines.append(f"Called {_calls(exam, outcome.case)}.")
    lines.append(problem.text)
    if cause:
        lines.append(cause)
    elif exam.visible and problem.kind in ("value", "finite", "shape"):
        lines += [f"Your {name}: {show(value)}" for name, value in outcome.values.items()][:2]
    elif problem.kind in ("value", "finite") and not exam.own:
        lines.append("Compare a small case with one worked by hand.")
    lines.append(f"Read again: {check.section or exam.section}")
    return "\n".join(lines)
