"""Naming the mistake: an answer that gives what a known mistake gives."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from strides.check.exam import (
    ALL,
    INPUTS,
    Case,
    Check,
    Diagnose,
    Exam,
    Outcome,
    observe,
    problem_in,
)

from .bank import Bank


def diagnoser(exam: Exam, bank: Bank, cases: list[Case]) -> Diagnose:
    """A function that names the mistake behind a failed check, as (id, what to say), or None.

    A mistake is named only when the answer gives what the mistake gives, in this order:
    1. in every output of every case;
    2. in the check's outputs in every case, where the mistake spoils nothing else: so two
       mistakes at once, one in the loss and one in the gradient, are each named;
    3. in every output of the check's cases, where another mistake hides it elsewhere.

    A mistake is run on one case at a time, and no further than it agrees with the answer.
    """
    everything = {output for wanted in exam.checks for output in wanted.on}
    every = list(range(len(cases)))

    @cache
    def expected(place: int) -> dict[str, Any]:
        return exam.oracle(*copy.deepcopy(cases[place].args).values())

    @cache
    def outcome(index: int, place: int) -> Outcome:
        return observe(exam, bank.mistakes[index].answer, [cases[place]])[0]

    def wrong(on: Mapping[str, tuple[str, ...]], outcomes: dict[int, Outcome]) -> bool:
        """Whether the outcomes are wrong somewhere in these outputs."""
        check = Check("", 0, on)
        return any(problem_in(check, found, expected(p)) for p, found in outcomes.items())

    def promise(ours: Outcome, check: Check, place: int) -> tuple[bool, int]:
        """Where to begin: where the answer is wrong most mistakes disagree, and small is quick."""
        right = problem_in(check, ours, expected(place)) is None
        return right, sum(value.size for value in ours.values.values())

    def agreeing(
        ours: list[Outcome], index: int, places: list[int], names: set[str], exact: bool
    ) -> dict[int, Outcome] | None:
        """What a mistake gives in these places, if that is what the answer gives."""
        found: dict[int, Outcome] = {}
        for place in places:
            theirs = found[place] = outcome(index, place)
            if not _complete(theirs, first=place == 0) or not _alike(
                ours[place], theirs, names, exact
            ):
                return None
        return found

    def first(
        ours: list[Outcome], check: Check, names: set[str], places: list[int], alone: bool
    ) -> tuple[str, str] | None:
        others = dict.fromkeys(everything - names, ALL)
        for exact in (True, False):
            for index, mistake in enumerate(bank.mistakes):
                theirs = agreeing(ours, index, places, names, exact)
                if theirs and wrong(check.on, theirs) and not (alone and wrong(others, theirs)):
                    return mistake.id, mistake.says
        return None

    def name(ours: list[Outcome], check: Check) -> tuple[str, str] | None:
        if len(ours) < len(cases):
            return None
        places = sorted(every, key=lambda place: promise(ours[place], check, place))
        own = [place for place in places if check.needs(cases[place])]
        named = first(ours, check, everything, places, alone=False)
        named = named or first(ours, check, set(check.on), places, alone=True)
        if not named and _says_much([ours[place] for place in own]):
            named = first(ours, check, everything, own, alone=False)
        return named

    return name


def _complete(outcome: Outcome, first: bool) -> bool:
    """Whether a run of all cases goes on after this one."""
    kind = outcome.problem.kind if outcome.problem else ""
    return kind != "timeout" and not (first and kind == "blank")


def _says_much(outcomes: list[Outcome]) -> bool:
    """Whether agreeing on these outputs is no chance: enough numbers that are not whole."""
    values = [value.astype(float).ravel() for o in outcomes for value in o.values.values()]
    numbers = np.concatenate([np.zeros(0), *values])
    finite = numbers[np.isfinite(numbers)]
    return int((finite % 1 != 0).sum()) >= 4


def _alike(ours: Outcome, theirs: Outcome, names: set[str], exact: bool) -> bool:
    return all(_same(ours, theirs, name, exact) for name in names)


def _same(ours: Outcome, theirs: Outcome, name: str, exact: bool) -> bool:
    """Whether two outcomes agree in one output.

    Rounding makes nan of some entries, and of others in another order of the same sums:
    where `exact` is not asked for, entries that are finite in both have to agree.
    """
    if name == INPUTS:
        return ours.changed == theirs.changed
    a, b = ours.values.get(name), theirs.values.get(name)
    if a is None or b is None:
        same_end = ours.problem and theirs.problem and ours.problem.sign == theirs.problem.sign
        return a is b and bool(same_end)
    if a.shape != b.shape or np.isfinite(a).all() != np.isfinite(b).all():
        return False
    a, b = a.astype(float), b.astype(float)
    both = np.isfinite(a) & np.isfinite(b)
    scale = float(np.max(np.abs(b[both]), initial=0.0))
    if not exact:
        a, b = a[both], b[both]
    rtol = ours.case.rtol if ours.case.same is None else ours.case.same
    return np.allclose(a, b, rtol=rtol, atol=ours.case.atol + rtol * scale, equal_nan=True)
