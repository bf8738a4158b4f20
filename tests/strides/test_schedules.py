"""The schedules against torch's, at their corners, and on bad input."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from strides import schedules

drawn = settings(deadline=None, derandomize=True, max_examples=30)
rates = st.floats(1e-4, 2)
lengths = st.integers(2, 40)


def torch_rates(rate, make, count):
    """The learning rates of `count` steps under a scheduler of torch."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=rate)
    scheduler = make(optimizer)
    found = []
    for _ in range(count):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def assert_equal(schedule, expected):
    found = [schedule(t) for t in range(len(expected))]
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-14)
    assert all(type(rate) is float for rate in found)
    assert [schedule(t) for t in reversed(range(len(expected)))] == found[::-1]


@drawn
@given(rate=rates, every=st.integers(1, 12), factor=st.floats(0.05, 1))
def test_step_equals_torch(rate, every, factor):
    expected = torch_rates(rate, lambda o: lr_scheduler.StepLR(o, every, factor), 40)
    assert_equal(schedules.step(rate, every, factor), expected)


@drawn
@given(rate=rates, at=st.lists(st.integers(1, 30), max_size=4, unique=True))
def test_step_at_a_list_equals_torch(rate, at):
    expected = torch_rates(rate, lambda o: lr_scheduler.MultiStepLR(o, sorted(at), 0.3), 35)
    assert_equal(schedules.step(rate, at, 0.3), expected)


@drawn
@given(rate=rates, factor=st.floats(0.5, 1))
def test_exponential_equals_torch(rate, factor):
    expected = torch_rates(rate, lambda o: lr_scheduler.ExponentialLR(o, factor), 30)
    assert_equal(schedules.exponential(rate, factor), expected)


@drawn
@given(rate=rates)
def test_inverse_sqrt_equals_torch(rate):
    expected = torch_rates(rate, lambda o: lr_scheduler.LambdaLR(o, lambda t: (t + 1) ** -0.5), 30)
    assert_equal(schedules.inverse_sqrt(rate), expected)


@drawn
@given(rate=rates)
def test_constant_equals_torch(rate):
    expected = torch_rates(rate, lambda o: lr_scheduler.ConstantLR(o, factor=1.0), 10)
    assert_equal(schedules.constant(rate), expected)


@drawn
@given(rate=rates, steps=lengths, low=st.floats(0, 1e-4))
def test_cosine_equals_torch(rate, steps, low):
    expected = torch_rates(rate, lambda o: lr_scheduler.CosineAnnealingLR(o, steps, low), steps + 1)
    assert_equal(schedules.cosine(rate, steps, low), expected)


@drawn
@given(rate=rates, warm=st.integers(2, 10), steps=lengths)
def test_warm_up_before_cosine_equals_torch(rate, warm, steps):
    def make(optimizer):
        rise = lr_scheduler.LinearLR(optimizer, 1 / warm, 1.0, warm - 1)
        fall = lr_scheduler.CosineAnnealingLR(optimizer, steps)
        return lr_scheduler.SequentialLR(optimizer, [rise, fall], [warm])

    expected = torch_rates(rate, make, warm + steps)
    assert_equal(schedules.warm_up(schedules.cosine(rate, steps), warm), expected)


@drawn
@given(rate=rates, steps=st.integers(5, 60), rise=st.floats(0.25, 0.7))
def test_one_cycle_equals_torch(rate, steps, rise):
    def make(optimizer):
        return lr_scheduler.OneCycleLR(
            optimizer, rate, total_steps=steps + 1, pct_start=rise, cycle_momentum=False
        )

    # torch refuses to be stepped beyond its end, so it gets one more step than we look at
    expected = torch_rates(rate, make, steps)
    assert_equal(schedules.one_cycle(rate, steps + 1, rise), expected)


def test_step_by_hand():
    schedule = schedules.step(0.1, 30)
    assert schedule(29) == 0.1
    assert schedule(30) == pytest.approx(0.01)
    assert schedules.step(0.1, [30, 40])(40) == pytest.approx(0.001)


def test_warm_up_by_hand():
    schedule = schedules.warm_up(schedules.constant(0.5), 5)
    np.testing.assert_allclose([schedule(t) for t in range(6)], [0.1, 0.2, 0.3, 0.4, 0.5, 0.5])


def test_the_ends_of_the_waves_and_what_comes_after():
    cosine = schedules.cosine(0.1, 10, low=0.01)
    assert cosine(10) == pytest.approx(0.01)
    assert cosine(15) == pytest.approx(0.01)
    cycle = schedules.one_cycle(1.0, 10)
    assert cycle(0) == pytest.approx(1 / 25)
    assert cycle(2) == pytest.approx(1.0)
    assert cycle(9) == pytest.approx(1 / 25 / 1e4)
    assert cycle(20) == pytest.approx(1 / 25 / 1e4)


@pytest.mark.parametrize(
    "schedule",
    [
        schedules.constant(0.1),
        schedules.step(0.1, 3),
        schedules.step(0.1, [3]),
        schedules.inverse_sqrt(0.1),
        schedules.exponential(0.1, 0.9),
        schedules.cosine(0.1, 5),
        schedules.warm_up(schedules.constant(0.1), 5),
        schedules.one_cycle(0.1, 5),
    ],
)
@pytest.mark.parametrize("t", [-1, math.nan])
def test_steps_before_the_first(schedule, t):
    with pytest.raises(ValueError, match=f"t: expected a step of 0 or more; received {t}"):
        schedule(t)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedules.constant(-1), "rate: expected a number of 0 or more; received -1"),
        (lambda: schedules.step(0.1, 0), "every: expected a number above 0; received 0"),
        (lambda: schedules.step(0.1, [-3]), "every: expected a number of 0 or more"),
        (lambda: schedules.step(0.1, 3, -1), "factor: expected a number of 0 or more"),
        (lambda: schedules.inverse_sqrt(math.nan), "rate: .* received nan"),
        (lambda: schedules.exponential(0.1, -0.5), "factor: .* received -0.5"),
        (lambda: schedules.cosine(0.1, 0), "steps: expected a number above 0"),
        (lambda: schedules.cosine(0.1, 5, -1), "low: expected a number of 0 or more"),
        (lambda: schedules.warm_up(schedules.constant(1), 0), "steps: expected a number above 0"),
        (lambda: schedules.one_cycle(0.1, 10, rise=1.5), "rise: expected a share between 0 and 1"),
        (
            lambda: schedules.one_cycle(0.1, 3, rise=0.1),
            "steps: expected more than 10, .* received 3",
        ),
        (lambda: schedules.one_cycle(0.1, 10, start_divisor=0), "start_divisor: expected a number"),
    ],
)
def test_settings_out_of_range(make, message):
    with pytest.raises(ValueError, match=message):
        make()
