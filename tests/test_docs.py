"""The API reference: every public name says what it is, and the pages are built from that."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "lib" / "strides").rglob("*.py"))


# Methods that a class outside of strides has already described.
OUTSIDE = {"nn.Module": {"forward"}}
# Still without a word, and to be given one.
WANTED = {"Check.looks_at", "Check.needs", "Exam.function", "Exam.points"} | {
    "Score.earned",
    "Score.possible",
}


Known = dict[str, list[ast.ClassDef]]


def classes(trees: list[ast.Module]) -> Known:
    """Every class at the top level of these modules, by name; some share one."""
    found: Known = {}
    for node in (node for tree in trees for node in tree.body):
        if isinstance(node, ast.ClassDef):
            found.setdefault(node.name, []).append(node)
    return found


def undocumented(tree: ast.Module, known: Known) -> list[str]:
    """Public functions, classes and methods without a word: no docstring of their own, and for a
    method neither one of what it overrides nor a mention in the docstring of a class it belongs to.
    """
    missing = [] if ast.get_docstring(tree) else ["the module"]
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        missing += [] if ast.get_docstring(node) else [node.name]
        if isinstance(node, ast.ClassDef):
            described = described_by(node, known)
            names = dict.fromkeys(method.name for method in methods(node))
            missing += [f"{node.name}.{name}" for name in names if name not in described]
    return missing


def methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """The public methods and properties that a class defines itself."""
    found = [child for child in node.body if isinstance(child, ast.FunctionDef)]
    return [method for method in found if not method.name.startswith("_")]


def described_by(node: ast.ClassDef, known: Known) -> set[str]:
    """Methods with a docstring, and every word in the docstring, of a class and of its bases."""
    names = {method.name for method in methods(node) if ast.get_docstring(method)}
    names |= set(re.findall(r"\w+", ast.get_docstring(node) or ""))
    for base in map(ast.unparse, node.bases):
        names |= OUTSIDE.get(base, set())
        for parent in known.get(base, []):
            names |= described_by(parent, known)
    return names


@pytest.fixture(scope="module")
def known() -> Known:
    return classes([ast.parse(path.read_text()) for path in MODULES])


@pytest.mark.parametrize(
    "path", MODULES, ids=[str(m.relative_to(ROOT / "lib" / "strides")) for m in MODULES]
)
def test_every_public_name_is_described(path: Path, known: Known) -> None:
    assert set(undocumented(ast.parse(path.read_text()), known)) <= WANTED


def test_the_lint_finds_what_is_missing() -> None:
    tree = ast.parse("def f(): ...\nclass A: ...\ndef _g(): ...")
    assert undocumented(tree, {}) == ["the module", "f", "A"]


METHODS = """
'module'
class A:
    'A thing that can `turn`.'
    def turn(self): ...
    def lift(self): 'Up.'
    def drop(self): ...
    def _own(self): ...
    @property
    def size(self): 'How large.'
    @size.setter
    def size(self, value): ...
class B(A):
    'Another.'
    def turn(self): ...
    def lift(self): ...
    def spin(self): ...
class C(nn.Module):
    'A net.'
    def forward(self, x): ...
    def backward(self, x): ...
"""


def test_the_lint_finds_methods_that_nothing_describes() -> None:
    tree = ast.parse(METHODS)
    assert undocumented(tree, classes([tree])) == ["A.drop", "B.spin", "C.backward"]


def test_the_reference_is_built(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pdoc", "-o", str(tmp_path), "strides.losses"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    page = (tmp_path / "strides" / "losses.html").read_text()
    assert "softmax_loss" in page
    assert "Losses are means over the N rows" in page
