"""Formulas that a browser shows by itself: LaTeX in Markdown turned into MathML.

Pages that load MathJax from the network show raw LaTeX offline; MathML needs nothing.
"""

from __future__ import annotations

import re

from latex2mathml import exceptions
from latex2mathml.converter import convert

_UNREADABLE: tuple[type[Exception], ...] = tuple(
    kind
    for kind in vars(exceptions).values()
    if isinstance(kind, type) and issubclass(kind, Exception)
)

# Code comes first, so that a dollar inside it is left alone.
_PIECES = re.compile(
    r"(?P<code>^```.*?^```\s*?$|`[^`\n]+`)"
    r"|\$\$(?P<block>.+?)\$\$"
    r"|(?<![\\$\w])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$\\])?)\$(?!\d)",
    re.DOTALL | re.MULTILINE,
)


def with_mathml(markdown: str) -> str:
    """The Markdown text with its `$...$` and `$$...$$` as MathML; code stays as it is.

    A formula that cannot be read stays as LaTeX, in a code span.
    """
    return _PIECES.sub(_piece, markdown)


def _piece(found: re.Match[str]) -> str:
    if found["code"]:
        return found[0]
    latex = (found["block"] or found["inline"]).strip()
    try:
        markup = convert(latex, display="block" if found["block"] else "inline")
    except _UNREADABLE:
        return f"`{latex}`"
    # One line, and no underscore or asterisk that Markdown would take for emphasis.
    return markup.replace("\n", " ").replace("_", "&#95;").replace("*", "&#42;")
