"""The hidden exams of assignment a5."""

from __future__ import annotations

from examiner.exams.choice import choice
from strides.check import Exam

from . import arithmetic, columns, convolution, pooling, solids

SLIP = choice("a5.slip", "d", "abcdef", 1, "the text of this exercise")
EXAMS: dict[str, Exam] = {
    exam.name: exam
    for exam in (
        arithmetic.SIZE,
        arithmetic.FITS,
        convolution.CONV1D,
        convolution.CONV2D,
        SLIP,
        convolution.MENDED,
        pooling.MAX,
        pooling.AVG,
        columns.IM2COL,
        columns.COL2IM,
        columns.ORDER,
        arithmetic.FIELD,
        arithmetic.COUNT,
        solids.SOLIDS,
    )
}
