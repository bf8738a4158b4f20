"""The bank of assignment a5, in the order of its exercises."""

from __future__ import annotations

from examiner.bank import Bank

from . import (
    arithmetic,
    avg_pool2d,
    bug_hunt,
    classify_solids,
    col2im,
    conv1d,
    conv2d_right,
    im2col,
    library,
    max_pool2d_right,
    parameter_count,
    product_order,
    receptive_field,
)

BANKS: dict[str, Bank] = {
    bank.exercise: bank
    for bank in (
        arithmetic.SIZE,
        arithmetic.FITS,
        conv1d.BANK,
        conv2d_right.BANK,
        bug_hunt.SLIP,
        bug_hunt.MENDED,
        max_pool2d_right.BANK,
        avg_pool2d.BANK,
        im2col.BANK,
        col2im.BANK,
        product_order.BANK,
        receptive_field.BANK,
        parameter_count.BANK,
        classify_solids.BANK,
    )
}
library.add_to(BANKS)
