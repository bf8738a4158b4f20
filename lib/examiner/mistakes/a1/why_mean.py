"""Wrong options of the question a1.why_mean: each names its misconception."""

from __future__ import annotations

from examiner.bank import Bank

BANK = Bank("a1.why_mean")
BANK.add_mistake(
    "smaller_loss",
    "A smaller number is no aim in itself: dividing by any constant moves no minimum. "
    "What does change when N doubles?",
    "a",
)
BANK.add_mistake(
    "probability",
    "A loss is no probability, and the mean of losses may well be above 1.",
    "b",
)
BANK.add_mistake(
    "speed",
    "Dividing once costs nothing and saves nothing: the same products are computed.",
    "d",
)
BANK.right["capital_letter"] = " C "
