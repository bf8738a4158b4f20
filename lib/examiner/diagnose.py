"""Naming the mistake: an answer that gives what a known mistake gives, everywhere."""

from __future__ import annotations

from functools import cache

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
    3. in every output of the check's cases, where others hide it elsewhere.
    """

    @lru_cache(maxsize=None)
    def outcomes_of(index: int) -> list[Outcome]:
        return observe(exam, bank.mistakes[index].answer, cases)

    everything = {output for wanted in exam.checks for output in wanted.on}
    expected = [exam.oracle(*case.args.values()) for case in cases]

    def name(outcomes: list[Outcome], check: Check) -> tuple[str, str] | None:
        if len(outcomes) < len(cases):
            return None
        outputs, others = set(check.on), everything - set(check.on)
        own = [i for i, case in enumerate(cases) if _looks_at(check, case)]
        every = list(range(len(cases)))
        for names, places, spoils_more in (
            (everything, every, True),
            (outputs, every, False),
            (everything, own, True),
        ):
            for exact in (True, False):
                for index, mistake in enumerate(bank.mistakes):
                    theirs = outcomes_of(index)
                    if (
                        len(theirs) == len(cases)
                        and _alike(outcomes, theirs, places, names, exact)
                        and _fails(check.on, theirs, expected)
                        and (
                            spoils_more or not _fails(dict.fromkeys(others, ALL), theirs, expected)
                        )
                    ):
                        return mistake.id, mistake.says
        return None

    return name


def _looks_at(check: Check, case: Case) -> bool:
    return any(case.name in names or names == ALL for names in check.on.values())


def _fails(
    on: Mapping[str, tuple[str, ...]], outcomes: list[Outcome], expected: list[dict[str, Any]]
) -> bool:
    """Whether the outcomes are wrong somewhere in these outputs and cases."""
    check = Check("", 0, on)
    return any(problem_in(check, o, right) for o, right in zip(outcomes, expected, strict=True))


def _alike(
    ours: list[Outcome], theirs: list[Outcome], places: list[int], names: set[str], exact: bool
) -> bool:
    return all(_same(ours[i], theirs[i], name, exact) for i in places for name in names)


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
    both = np.isfinite(a) & np.isfinite(b)
    scale = float(np.max(np.abs(b[both].astype(float)), initial=0.0))
    atol = ours.case.atol + ours.case.rtol * scale
    if not exact:
        a, b = a[both], b[both]
    return np.allclose(
        a.astype(float), b.astype(float), rtol=ours.case.rtol, atol=atol, equal_nan=True
    )


def _fails(exam: Exam, check: Check, outcomes: list[Outcome]) -> bool:
    """Whether the mistake itself fails the check: only then can it be the cause."""
    return any(
        problem_in(check, outcome, exam.oracle(*outcome.case.args.values())) for outcome in outcomes
    )
