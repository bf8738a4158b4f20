"""The bank of quiz q2, in the order of its questions."""

from __future__ import annotations

from examiner.bank import Bank

from . import choices, counts, order

BANKS: dict[str, Bank] = {
    bank.exercise: bank
    for bank in (
        counts.SIZE,
        counts.OUTPUTS,
        counts.PARAMETERS,
        counts.PADDING,
        counts.FIELD,
        counts.NET,
        *choices.BANKS,
        order.BANK,
    )
}
