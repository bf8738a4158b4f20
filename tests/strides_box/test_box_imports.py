"""What runs inside the sandbox needs nothing of the course but lib/strides, and holds no secret."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import strides_box

FOLDER = Path(strides_box.__path__[0])
ALLOWED = {"numpy", "IPython", "traitlets", "strides", "strides_box"}
INSIDE_FUNCTIONS = {"torch"}


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_it_imports_nothing_of_the_examiner(path):
    others = imported(path) - set(sys.stdlib_module_names) - ALLOWED
    assert others <= INSIDE_FUNCTIONS


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_of_strides_it_imports_the_checks_only(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("strides."):
            assert node.module.startswith("strides.check")
