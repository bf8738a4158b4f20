"""Whole numbers as people type them."""

import numpy as np
import pytest

from strides.check import BrokenContract, Foreign, whole_number


@pytest.mark.parametrize(
    "value",
    [
        *(26370, 26370.0, np.int64(26370), np.float32(26370), np.array(26370), np.array([26370.0])),
        *([26370], (26370,), "26370", " 26370 ", "26370.", "26370.0", "26,370", "26 370"),
        *("26_370", "26'370", "+26370", 26370 + 1e-9, "26\u202f370"),
    ],
)
def test_these_are_the_same_number(value):
    number = whole_number(value)
    assert number == 26370
    assert isinstance(number, int)


def test_what_is_not_whole_stays_so():
    assert whole_number("12.33") == whole_number(12.33) == 12.33
    assert whole_number(-0.5) == -0.5


@pytest.mark.parametrize("blank", [None, ..., "", "  "])
def test_a_blank_is_a_blank(blank):
    with pytest.raises(BrokenContract) as caught:
        whole_number(blank)
    assert caught.value.problem.kind == "blank"


@pytest.mark.parametrize(
    "value",
    [
        *(
            True,
            np.bool_(True),
            "b",
            "26 places",
            "2637,0",
            "26,37",
            "1e3",
            "inf",
            "0x1F",
            "1" * 99,
        ),
        *([1, 2], [], {}, {"n": 3}, np.zeros(3), float("nan"), float("inf"), 10**400, 1j, len),
        *(Foreign("torch", "Tensor"), np.array("x"), [[3], 4]),
    ],
)
def test_what_is_no_number_is_told(value):
    with pytest.raises(BrokenContract, match="Expected one whole number, such as 26") as caught:
        whole_number(value)
    assert caught.value.problem.kind == "type"
