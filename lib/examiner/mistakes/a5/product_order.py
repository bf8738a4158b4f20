"""Wrong orders of the lines for a5.product_order: each names what cannot run, or what is wrong."""

from __future__ import annotations

from examiner.bank import Bank
from examiner.exams.a5.columns import BEFORE, STRANGERS

BANK = Bank("a5.product_order")
MISSING = {
    "a": "The columns are never made.",
    "b": "The filters never become rows.",
    "c": "Nothing is ever multiplied.",
    "d": "The bias is never added.",
    "e": "Nothing is returned.",
}
for _letter, _says in STRANGERS.items():
    _order = ["a", _letter, "c", "d", "e"] if _letter == "f" else ["a", "b", "c", _letter, "e"]
    BANK.add_mistake(f"line_{_letter}", _says, _order)
for _letter, _says in MISSING.items():
    BANK.add_mistake(
        f"without_{_letter}",
        f"{_says} Five of the lines are needed.",
        [letter for letter in "abcde" if letter != _letter],
    )
for (_first, _second, _says), _wrong in zip(
    BEFORE, ("bcade", "acbde", "abdce", "abced"), strict=True
):
    BANK.add_mistake(f"{_second}_before_{_first}", _says, list(_wrong))
BANK.add_mistake(
    "a_line_twice", "Each line is needed once: one of them stands there twice.", list("abbcde")
)
BANK.right["filters_first"] = ["b", "a", "c", "d", "e"]
BANK.right["one_string"] = "abcde"
BANK.right["with_commas"] = "B, A, C, D, E"
BANK.right["a_tuple"] = ("a", "b", "c", "d", "e")
