"""The bank of quiz q2, in the order of its questions."""

from __future__ import annotations

from examiner.bank import Bank

from . import choices, order, parameters, sizes

BANKS: dict[str, Bank] = {
    bank.exercise: bank
    for bank in (
        sizes.SIZE,
        sizes.OUTPUTS,
        parameters.PARAMETERS,
        sizes.PADDING,
        sizes.FIELD,
        parameters.NET,
        *choices.BANKS,
        order.BANK,
    )
}
