"""The API reference: every public name says what it is, and the pages are built from that."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "lib" / "strides").rglob("*.py"))


def undocumented(tree: ast.Module) -> list[str]:
    """Public functions and classes at the top level, and public methods, without a docstring."""
    missing = [] if ast.get_docstring(tree) else ["the module"]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            missing += [] if ast.get_docstring(node) else [node.name]
    return missing


@pytest.mark.parametrize(
    "path", MODULES, ids=[str(m.relative_to(ROOT / "lib" / "strides")) for m in MODULES]
)
def test_every_public_name_has_a_docstring(path: Path) -> None:
    assert undocumented(ast.parse(path.read_text())) == []


def test_the_lint_finds_what_is_missing() -> None:
    tree = ast.parse("def f(): ...\nclass A: ...\ndef _g(): ...")
    assert undocumented(tree) == ["the module", "f", "A"]


def test_the_reference_is_built(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pdoc", "-o", str(tmp_path), "strides.losses"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    page = (tmp_path / "strides" / "losses.html").read_text()
    assert "softmax_loss" in page
    assert "Losses are means over the N rows" in page
