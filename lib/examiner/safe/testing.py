"""Test cells, run here and not where the submission is, with stand-ins for its names."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from functools import partial
from typing import Any

from examiner.examine import examine
from strides.check import Score, check

IMPORT = (ast.Import, ast.ImportFrom)


class Names(dict[str, Any]):
    """The names that a test cell sees: the examiner's own, then the submission's.

    Python's own names, `check`, `examine` and what the course's locked cells import are always
    the examiner's, whatever the submission calls by these names. Questions with each student's
    own numbers draw them from `student_seed`.
    """

    def __init__(
        self,
        seed: int,
        imported: dict[str, Any],
        look: Callable[[str], Any],
        student_seed: int = 0,
    ) -> None:
        super().__init__()
        self._held = {
            **vars(builtins),
            **imported,
            "check": check,
            "examine": partial(
                examine, seed=seed, student_seed=student_seed, shown=self.shown_numbers
            ),
        }
        self._look = look

    def shown_numbers(self) -> Any:
        """The numbers that the notebook showed, as the submission has them; None without any."""
        try:
            return self._look("numbers")
        except NameError:
            return None

    def __getitem__(self, name: str) -> Any:
        if name in self._held:
            return self._held[name]
        return super().__getitem__(name)

    def __missing__(self, name: str) -> Any:
        try:
            return self._look(name)
        except NameError:
            raise KeyError(name) from None


def imports_of(source: str) -> dict[str, Any]:
    """What a locked cell of the course imports; the rest of the cell is not run here."""
    imports = [line for line in ast.parse(source).body if isinstance(line, IMPORT)]
    names: dict[str, Any] = {}
    exec(compile(ast.Module(list(imports), []), "<locked>", "exec"), {}, names)
    return names


def run_test(source: str, names: Names) -> Score:
    """The score that a test cell of the course ends with.

    `source` is the course's own, never the submission's. Raises what the cell raises, and
    TypeError where its last value is no Score.
    """
    cell = ast.parse(source)
    last = cell.body.pop() if cell.body else None
    if not isinstance(last, ast.Expr):
        raise TypeError("expected a test cell that ends with its score")
    exec(compile(cell, "<test>", "exec"), {}, names)
    score = eval(compile(ast.Expression(last.value), "<test>", "eval"), {}, names)
    if not isinstance(score, Score):
        raise TypeError(f"expected a Score as the last value, received a {type(score).__name__}")
    return score
