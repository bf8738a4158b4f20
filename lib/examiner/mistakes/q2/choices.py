"""Why each wrong option of q2's multiple-choice questions is wrong."""

from __future__ import annotations

from examiner.bank import Bank
from examiner.exams.q2 import choices

WHY: dict[str, dict[str, tuple[str, str]]] = {
    "q2.q2_7": {
        "a": (
            "a_rest_is_an_error",
            "A rest is no error: libraries round down without a word. "
            "Only a filter larger than its padded input has no place at all.",
        ),
        "b": (
            "filter_hangs_over",
            "A third place would need columns 6 to 8, and the input ends with column 6. "
            "No zeros are added unless padding says so.",
        ),
        "d": (
            "places_are_spread",
            "The steps are all equal: places begin at 0 and 3, not where they would fill the side.",
        ),
    },
    "q2.q2_8": {
        "b": (
            "filter_is_flipped",
            "(1, 2, 3) comes of a flipped filter, which is convolution in the strict sense. "
            "A ConvNet does not flip: slide (1, 2, 3) as it stands over the single 1.",
        ),
        "c": (
            "only_where_it_is_centred",
            "The 1 is seen from three places, not only by the window that is centred on it.",
        ),
        "d": (
            "weights_are_summed",
            "6 is the sum of the weights: each output adds up weight times number, "
            "and all but one of its numbers are 0.",
        ),
    },
    "q2.q2_9": {
        "a": (
            "stride_costs_weights",
            "The weights are those of the filters, 10 of 3 by 5 by 5. "
            "How far a filter moves does not change them.",
        ),
        "b": (
            "half_the_work",
            "The stride halves rows and columns both: a quarter of the places is left, "
            "and each costs what it did.",
        ),
        "c": (
            "stride_halves_channels",
            "There are as many channels as filters, whatever the stride: rows and columns shrink.",
        ),
    },
    "q2.q2_10": {
        "a": (
            "last_window_wins",
            "This is `=` for `+=`: the gradient of one window would overwrite that of the other.",
        ),
        "c": (
            "gradient_is_shared_out",
            "Equal shares are the way back of average pooling. A little more in a number that is "
            "not the largest changes nothing here, so its gradient is 0.",
        ),
        "d": (
            "maximum_has_no_gradient",
            "A maximum has no weights, and a gradient all the same: where the largest number grows "
            "by a little, the output grows with it.",
        ),
    },
    "q2.q2_11": {
        "a": (
            "always_the_same",
            "Pooling is careless about place, not free of it: what crosses the border of a window "
            "moves to the next output. Only a pool over the whole map changes nothing.",
        ),
        "b": (
            "moves_by_one",
            "The maps move by one pixel. An output of the pool stands for two of them, "
            "so it cannot move by one pixel's worth.",
        ),
        "d": (
            "moves_by_half",
            "Each output is the largest number of its window. There is nothing in between.",
        ),
    },
}


def bank_of(name: str, right: str) -> Bank:
    """A bank whose mistakes are the wrong letters, each with its reason."""
    bank = Bank(name)
    for letter, (misconception, says) in WHY[name].items():
        bank.add_mistake(misconception, says, letter)
    bank.right["capital_letter"] = right.upper()
    bank.right["with_a_bracket"] = f" {right}) "
    return bank


BANKS = tuple(
    bank_of(exam.name, choices.OPTIONS[exam.oracle()["choice"]]) for exam in choices.EXAMS
)
