"""Who may import whom in lib/strides: the table of the design, held against every module's source.

A module that is not in the table fails, so that its place is thought about: add a row for it.
The standard library may be imported everywhere, and every package may import itself.
docs/modules.md shows the table to readers: `python tests/test_imports.py` writes it anew.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LIB = Path(__file__).parents[1] / "lib"
MAP = Path(__file__).parents[1] / "docs" / "modules.md"

OPERATIONS = {"tensor_ops", "losses", "layers", "activations", "conv", "norm"}
NUMPY_NETS = OPERATIONS | {
    "expect",
    "optim",
    "schedules",
    "gradcheck",
    "autograd",
    "data",
    "initialise",
}

# Names of strides' own modules stand without "strides."; draw stands for draw_* as well.
TABLE: dict[str, set[str]] = {
    "expect": {"numpy"},
    "losses": {"numpy", "expect"},
    "layers": {"numpy", "expect"},
    "activations": {"numpy", "expect"},
    "conv": {"numpy", "expect"},
    "norm": {"numpy", "expect"},
    "tensor_ops": {"numpy", "expect"},
    "optim": {"numpy", "expect"},
    "schedules": {"numpy", "expect"},
    "graph": set(),
    "scalar": {"graph"},
    "knn": {"numpy", "expect"},
    "initialise": {"numpy"},
    "slopes": {"numpy"},
    "gradcheck": {"numpy", "slopes"},
    "autograd": {"numpy", "expect", "graph"} | OPERATIONS,
    "data": {"numpy"},
    "nets": {"numpy"} | NUMPY_NETS,
    "training": {"numpy", "nets"} | NUMPY_NETS,
    "torch_nets": {"torch"},
    "torch_training": {"torch", "numpy", "torch_nets", "data"},
    "draw": {"numpy", "matplotlib", "graph"},
    "widgets": {"draw", "ipywidgets", "IPython.display"},
    "quiz": {"numpy"},
    "asking": {"quiz", "check", "widgets", "ipywidgets"},
    "check": {"numpy", "visible", "IPython.display"},
    "visible": {"numpy", "check", "gradcheck"},
}
INSIDE_FUNCTIONS_ONLY = {"data": {"sklearn"}, "optim": {"scipy"}}
ONLY_PLACE = {"torch": {"torch_nets", "torch_training"}, "ipywidgets": {"widgets", "asking"}}


@dataclass(frozen=True)
class Import:
    """One import: the module it stands in, what it imports, the line, and if a function does it."""

    module: str
    target: str
    line: int
    inside_function: bool


def modules(lib: Path) -> dict[str, Path]:
    """Every module under lib by its dotted name; a package goes by the name of its folder."""
    found = {}
    for path in sorted(lib.rglob("*.py")):
        parts = path.relative_to(lib).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(lib: Path) -> Iterator[Import]:
    """Every import of every module under lib, at any depth, import_module("...") included."""
    known = modules(lib)
    for module, path in known.items():
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        for node, inside in walk(tree, inside=False):
            for name in targets(node, package, known):
                yield Import(module, name, node.lineno, inside)


def walk(node: ast.AST, inside: bool) -> Iterator[tuple[ast.AST, bool]]:
    """The nodes below this one, each with whether it stands inside a function."""
    for child in ast.iter_child_nodes(node):
        yield child, inside
        function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from walk(child, inside or function)


def targets(node: ast.AST, package: str, known: dict[str, Path]) -> list[str]:
    """The dotted names that a node imports; none for most nodes."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*(above if node.level else []), *([node.module] if node.module else [])])
        names = [f"{base}.{alias.name}" for alias in node.names]
        return [name if name in known or base == "IPython" else base for name in names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in ("import_module", "__import__"):
            return [str(node.args[0].value)]
    return []


def row_of(module: str) -> str:
    """The row of the table for a module of strides: 'data' for strides.data.cache."""
    name = [*module.split("."), ""][1]
    return "draw" if name.startswith("draw_") else name


def allowed(found: Import) -> bool:
    """Whether the table lets a module of strides import this."""
    row, top = row_of(found.module), found.target.split(".")[0]
    if top in sys.stdlib_module_names or found.target == "strides":
        return True
    if top == "strides":
        return row_of(found.target) in TABLE.get(row, set()) | {row}
    names = TABLE.get(row, set())
    if found.inside_function:
        names = names | INSIDE_FUNCTIONS_ONLY.get(row, set())
    return any(found.target == name or found.target.startswith(f"{name}.") for name in names)


def complaints(lib: Path) -> list[str]:
    """What breaks the table under lib, one line each, with what to do about it."""
    rows = {row_of(module) for module in modules(lib) if module.split(".")[0] == "strides"}
    lines = [
        f"strides.{row} is not in the table: add a row for it to TABLE in tests/test_imports.py"
        for row in sorted(rows - set(TABLE) - {""})
    ]
    for found in imports(lib):
        if found.module.split(".")[0] != "strides" or allowed(found):
            continue
        row = row_of(found.module)
        lazily = sorted(INSIDE_FUNCTIONS_ONLY.get(row, set()))
        names = ", ".join(sorted(TABLE.get(row, set()))) or "nothing"
        lines.append(
            f"{found.module}, line {found.line}, imports {found.target}; expected the standard "
            f"library, {names}{f', inside functions {lazily}' if lazily else ''}; "
            f"try moving what it needs, or change TABLE in tests/test_imports.py and design 3"
        )
    return lines


def cycle(lib: Path) -> list[str]:
    """Modules that import each other in a ring, the first again at the end; empty if none do."""
    known = modules(lib)
    follows: dict[str, set[str]] = {module: set() for module in known}
    for found in imports(lib):
        if found.target in known:
            follows[found.module].add(found.target)
    done: set[str] = set()

    def ring(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for target in sorted(follows[module]):
            if found := ring(target, [*path, module]):
                return found
        done.add(module)
        return []

    return next((found for module in known if (found := ring(module, []))), [])


def module_map() -> str:
    """The table with what each module holds, in the first sentence of its own docstring."""
    lines = [
        "# Who may import whom in lib/strides",
        "",
        "Beside these the standard library, everywhere; *in a function* means there only.",
        "Written by `python tests/test_imports.py`; a test holds it and the imports to the table.",
        "",
        "| module | holds | may import |",
        "|---|---|---|",
    ]
    for row, names in TABLE.items():
        path = LIB / "strides" / row
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        first = " ".join(said.split("\n\n")[0].split())
        inside = [f"{name} *in a function*" for name in sorted(INSIDE_FUNCTIONS_ONLY.get(row, ()))]
        imported = ", ".join(sorted(names) + inside) or "nothing"
        lines.append(f"| {row} | {first} | {imported} |")
    return "\n".join(lines) + "\n"


# The course's own modules


def test_the_modules_of_strides_import_what_the_table_says():
    assert complaints(LIB) == []


def test_the_module_map_of_the_docs_is_this_table():
    assert MAP.read_text(encoding="utf-8") == module_map()


def test_imports_point_one_way():
    assert cycle(LIB) == []


def test_the_table_grants_torch_and_ipywidgets_in_one_place_only():
    for name, places in ONLY_PLACE.items():
        assert {row for row, names in TABLE.items() if name in names} == places


def test_the_operations_import_nothing_of_each_other():
    for row in OPERATIONS:
        assert TABLE[row].isdisjoint(OPERATIONS)


def test_the_modules_are_found():
    assert {"strides", "strides.losses", "strides.gradcheck", "examiner"} <= set(modules(LIB))
    found = {(found.module, found.target) for found in imports(LIB)}
    assert {("strides.losses", "numpy"), ("strides.gradcheck", "strides.slopes")} <= found


# The test of the test: a small library written to break one rule at a time


def library(root: Path, **sources: str) -> Path:
    """A lib folder whose files have these sources; 'data__cache' is strides/data/cache.py."""
    for name, source in {"__init__": "", **sources}.items():
        top = root if name.startswith("examiner") else root / "strides"
        path = top.joinpath(*name.split("___")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        ({"losses": "import torch"}, "strides.losses, line 1, imports torch;"),
        ({"losses": "import numpy\n\nfrom torch.nn import functional"}, "line 3, imports torch.nn"),
        ({"losses": "def f():\n    import torch"}, "strides.losses, line 2, imports torch;"),
        ({"losses": "class A:\n    from scipy import special"}, "line 2, imports scipy;"),
        ({"losses": "import numpy, scipy.stats as s"}, "imports scipy.stats;"),
        ({"losses": "try:\n    import numba\nexcept ImportError:\n    pass"}, "imports numba;"),
        ({"losses": "m = __import__('torch')"}, "imports torch;"),
        ({"losses": "import importlib\nimportlib.import_module('torch')"}, "imports torch;"),
        ({"losses": "import numpyro"}, "imports numpyro;"),
        ({"losses": "", "layers": "from strides.losses import softmax"}, "imports strides.losses;"),
        ({"losses": "", "layers": "from strides import losses"}, "imports strides.losses;"),
        ({"losses": "", "layers": "from . import losses"}, "imports strides.losses;"),
        ({"losses": "", "layers": "from .losses import softmax"}, "imports strides.losses;"),
        ({"losses": "", "layers": "import strides.losses"}, "imports strides.losses;"),
        ({"optim": "from strides.gone import x"}, "imports strides.gone;"),
        ({"draw": "import ipywidgets"}, "strides.draw, line 1, imports ipywidgets;"),
        ({"draw_nets": "import ipywidgets"}, "strides.draw_nets, line 1, imports ipywidgets;"),
        ({"draw___bars": "import ipywidgets"}, "strides.draw.bars, line 1, imports ipywidgets;"),
        ({"draw": "import IPython.display"}, "imports IPython.display;"),
        ({"widgets": "from IPython.core import magic"}, "imports IPython.core;"),
        ({"data": "import sklearn"}, "strides.data, line 1, imports sklearn; expected"),
        ({"data___digits": "from sklearn.datasets import load_digits"}, "imports sklearn.datasets"),
        ({"__init__": "import numpy"}, "strides, line 1, imports numpy; expected the standard lib"),
        ({"check": "import examiner"}, "strides.check, line 1, imports examiner;"),
        ({"check": "def f():\n    from examiner import examine"}, "line 2, imports examiner;"),
        ({"poetry": ""}, "strides.poetry is not in the table: add a row for it to TABLE in tests"),
        ({"poetry___rhyme": ""}, "strides.poetry is not in the table"),
    ],
)
def test_what_breaks_the_table_is_named(tmp_path, sources, named):
    lines = complaints(library(tmp_path, **sources))
    assert len(lines) == 1
    assert named in lines[0]


@pytest.mark.parametrize(
    "sources",
    [
        {"losses": "import math, json\nfrom os import path\nimport numpy as np\nimport numpy.fft"},
        {"losses": "from __future__ import annotations\nimport collections.abc"},
        {"expect": "", "losses": "from strides import expect\nfrom strides.expect import rows"},
        {"data___a": "", "data___b": "from .a import x\nfrom . import a\nimport strides.data.a"},
        {"data": "def digits():\n    from sklearn.datasets import load_digits"},
        {"data": "class D:\n    async def f(self):\n        import sklearn"},
        {
            "draw": "",
            "draw_nets": "from strides.draw import x",
            "widgets": "import strides.draw_nets",
        },
        {"widgets": "import ipywidgets as w\nimport IPython.display\nfrom IPython import display"},
        {"torch_nets": "import torch.nn as nn", "torch_training": "from .torch_nets import lenet"},
        {
            "check": "",
            "visible": "from strides.check import Case",
            "examiner": "import torch, scipy",
        },
        {"optim": "from strides import __version__"},
        {"losses": "def import_it(name):\n    return name\n\nimport_it('torch')"},
    ],
)
def test_what_the_table_allows_passes(tmp_path, sources):
    assert complaints(library(tmp_path, **sources)) == []


@pytest.mark.parametrize(
    ("sources", "ring"),
    [
        (
            {"check": "import strides.visible", "visible": "import strides.check"},
            ["strides.check", "strides.visible", "strides.check"],
        ),
        (
            {"check": "def f():\n    from . import visible", "visible": "from .check import x"},
            ["strides.check", "strides.visible", "strides.check"],
        ),
        (
            {
                "data___a": "from .b import x",
                "data___b": "from .c import x",
                "data___c": "import strides.data.a",
            },
            ["strides.data.a", "strides.data.b", "strides.data.c", "strides.data.a"],
        ),
        ({"losses": "import strides.losses"}, ["strides.losses", "strides.losses"]),
        ({"check": "", "visible": "import strides.check", "widgets": "import strides.check"}, []),
    ],
)
def test_rings_of_imports_are_found(tmp_path, sources, ring):
    assert cycle(library(tmp_path, **sources)) == ring


def test_a_package_that_imports_a_module_which_imports_the_package(tmp_path):
    lib = library(
        tmp_path, data_____init__="from .a import x", data___a="from strides.data import load"
    )
    assert cycle(lib) == ["strides.data", "strides.data.a", "strides.data"]


if __name__ == "__main__":
    MAP.write_text(module_map(), encoding="utf-8")
