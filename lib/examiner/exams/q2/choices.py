"""The right options of q2's multiple-choice questions."""

from __future__ import annotations

from examiner.exams.choice import choice

POINTS = 2.0
OPTIONS = "abcd"

EXAMS = (
    choice("q2.q2_7", "c", OPTIONS, POINTS, "Lecture 07, 7. How large is the output?"),
    choice("q2.q2_8", "a", OPTIONS, POINTS, "Lecture 07, 2. Slide one small template"),
    choice("q2.q2_9", "d", OPTIONS, POINTS, "Lecture 07, 7. How large is the output?"),
    choice("q2.q2_10", "b", OPTIONS, POINTS, "Lecture 07, 10. Pooling: forget the exact place"),
    choice("q2.q2_11", "c", OPTIONS, POINTS, "Lecture 07, 10. Pooling: forget the exact place"),
)
