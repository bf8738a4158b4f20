"""Schedules: the learning rate at each step of a run.

A schedule is a function of the step t, counted from 0, that returns the learning rate there:

    schedule = warm_up(cosine(0.1, steps=900), steps=100)
    optimizer.learning_rate = schedule(t)  # before the step t is taken

It depends on nothing but t, so a run that stops can go on from any step. What is counted may as
well be epochs. Each function here makes a schedule from its first learning rate, `rate`, and
raises ValueError for numbers outside their range; the schedule does for a negative t.
"""

import math
from collections.abc import Callable, Sequence

from strides import expect

Schedule = Callable[[float], float]


def constant(rate: float) -> Schedule:
    """The same learning rate at every step."""
    rate = expect.zero_or_more("rate", rate)

    def at(t: float) -> float:
        _require_step(t)
        return rate

    return at


def step(rate: float, every: int | Sequence[int], factor: float = 0.1) -> Schedule:
    """Multiply the learning rate by `factor` every so many steps, or at each of the steps listed.

    step(0.1, 30) is 0.1 at t = 0 to 29 and 0.01 at t = 30; step(0.1, [30, 40]) drops at just those.
    """
    rate, factor = expect.zero_or_more("rate", rate), expect.zero_or_more("factor", factor)
    if isinstance(every, Sequence):
        drops = [expect.zero_or_more("every", drop) for drop in every]
        return lambda t: rate * factor ** sum(drop <= _require_step(t) for drop in drops)
    _require_positive("every", every)
    return lambda t: rate * factor ** (_require_step(t) // every)


def inverse_sqrt(rate: float) -> Schedule:
    """rate / sqrt(t + 1), as theory asks of SGD: steps that shrink, and add up to any distance."""
    rate = expect.zero_or_more("rate", rate)
    return lambda t: rate / math.sqrt(_require_step(t) + 1)


def exponential(rate: float, factor: float) -> Schedule:
    """rate * factor^t, with a factor a little below 1."""
    rate, factor = expect.zero_or_more("rate", rate), expect.zero_or_more("factor", factor)
    return lambda t: rate * factor ** _require_step(t)


def cosine(rate: float, steps: int, low: float = 0.0) -> Schedule:
    """Half a cosine wave from `rate` at t = 0 down to `low` at t = steps, and `low` from there on.

    Source: Loshchilov and Hutter, 2017, without its restarts.
    """
    rate, low = expect.zero_or_more("rate", rate), expect.zero_or_more("low", low)
    _require_positive("steps", steps)
    return lambda t: _half_wave(rate, low, _require_step(t) / steps)


def warm_up(schedule: Schedule, steps: int) -> Schedule:
    """Rise in a straight line for so many steps, then follow the schedule from its own step 0.

    With r = schedule(0), the rates are r / steps, 2 r / steps, up to r at t = steps - 1, so that no
    step is lost to a rate of 0. Source: Goyal et al., 2017.
    """
    _require_positive("steps", steps)

    def at(t: float) -> float:
        if _require_step(t) < steps:
            return schedule(0) * (t + 1) / steps
        return schedule(t - steps)

    return at


def one_cycle(
    highest: float,
    steps: int,
    rise: float = 0.3,
    start_divisor: float = 25.0,
    end_divisor: float = 1e4,
) -> Schedule:
    """Up from highest / start_divisor, and down to that over end_divisor, in half cosine waves.

    The rise takes the share `rise` of the steps, and the last rate is reached at t = steps - 1.
    Source: Smith and Topin, 2018, with the numbers that torch takes.
    """
    highest = expect.zero_or_more("highest", highest)
    _require_positive("steps", steps)
    _require_positive("start_divisor", start_divisor)
    _require_positive("end_divisor", end_divisor)
    if not 0 < rise < 1:
        raise ValueError(f"rise: expected a share between 0 and 1; received {rise}; try 0.3")
    if rise * steps <= 1:
        raise ValueError(
            f"steps: expected more than {1 / rise:g}, so that the rate has a step to rise in; "
            f"received {steps}; try a larger share than rise={rise}"
        )
    first, last = highest / start_divisor, highest / start_divisor / end_divisor
    top = rise * steps - 1

    def at(t: float) -> float:
        if _require_step(t) <= top:
            return _half_wave(first, highest, t / top)
        return _half_wave(highest, last, (t - top) / (steps - 1 - top))

    return at


def _half_wave(start: float, end: float, share: float) -> float:
    """From start, at a share of 0, to end, at a share of 1 and beyond."""
    return end + (start - end) * (1 + math.cos(math.pi * min(share, 1.0))) / 2


def _require_step(t: float) -> float:
    """The step t, which must not be negative."""
    if not 0 <= t < math.inf:
        raise ValueError(f"t: expected a step of 0 or more; received {t}; try counting from 0")
    return t


def _require_positive(name: str, value: float) -> None:
    """Raise a ValueError unless the value is a number above 0."""
    if not 0 < value < math.inf:
        raise ValueError(f"{name}: expected a number above 0; received {value}; try 10")
