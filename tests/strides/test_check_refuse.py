"""What an answer may not use is refused where it is called, and only for the time."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import strides
from strides.check.refuse import Refused, public_name, refusals_of, refusing
from strides.conv import conv2d
from strides.losses import softmax
from strides.optim import SGD
from strides.training import Trainer

NUMPY_PARTS = [
    info.name
    for info in pkgutil.iter_modules(strides.__path__, "strides.")
    if info.name.rpartition(".")[2]
    not in ("torch_nets", "torch_training", "check", "visible", "widgets", "draw")
]


def operations() -> list[Any]:
    """Every public function and class of the library's NumPy side, by where it is defined."""
    found = {}
    for part in NUMPY_PARTS:
        package = importlib.import_module(part)
        inside = pkgutil.walk_packages(getattr(package, "__path__", []), f"{part}.")
        for module in [package, *(importlib.import_module(info.name) for info in inside)]:
            for name, thing in vars(module).items():
                mine = getattr(thing, "__module__", "") == module.__name__
                kind = isinstance(thing, FunctionType | type)
                error = isinstance(thing, type) and issubclass(thing, Exception | Warning)
                counts = name == "Layer" and module.__name__ == "strides.conv.counts"
                if mine and kind and not error and not counts and not name.startswith("_"):
                    found[f"{module.__name__}.{name}"] = thing
    return [pytest.param(name, thing, id=name) for name, thing in found.items()]


def test_the_library_was_walked() -> None:
    names = {param.id for param in operations()}
    assert {
        "strides.conv.filters.conv2d",
        "strides.losses.softmax",
        "strides.norm.batch_norm",
        "strides.gradcheck.numerical_gradient",
        "strides.optim.rules.Adam",
        "strides.data.dataset.normalise",
        "strides.autograd.Tensor",
        "strides.scalar.Value",
        "strides.nets.ready.mlp",
    } <= names


@pytest.mark.parametrize(("name", "thing"), operations())
def test_every_operation_can_be_refused(name: str, thing: Any) -> None:
    part = ".".join(name.split(".")[:2])
    before = [function.__code__ for function, _ in refusals_of(part)]
    with refusing((part,)), pytest.raises(Refused) as refused:
        thing(1, 2, option=3)
    assert refused.value.problem.sign == f"used {public_name(thing)}"
    assert [function.__code__ for function, _ in refusals_of(part)] == before


@pytest.mark.parametrize(
    "name", [param.id for param in operations() if isinstance(param.values[1], FunctionType)]
)
def test_a_function_can_be_refused_alone(name: str) -> None:
    function = pkgutil.resolve_name(name)
    with refusing((name,)), pytest.raises(Refused):
        function()


def test_what_is_said() -> None:
    with refusing(("strides.conv",)), pytest.raises(Refused) as refused:
        conv2d(np.ones((1, 1, 2, 2)), np.ones((1, 1, 1, 1)), np.zeros(1))
    problem = refused.value.problem
    assert problem.text == "The answer calls strides.conv.conv2d. This exercise asks for your own."
    assert (problem.kind, problem.sign) == ("type", "used strides.conv.conv2d")


def test_a_function_stands_for_itself_alone() -> None:
    with refusing(("strides.conv.conv2d",)):
        assert strides.conv.output_size(4, 2) == 3
        with pytest.raises(Refused):
            strides.conv.filters.conv2d()


def test_what_a_decorator_wraps_is_refused_too() -> None:
    with refusing(("strides.losses.softmax",)), pytest.raises(Refused, match=r"losses\.softmax"):
        softmax.__wrapped__(np.ones((2, 3)))  # type: ignore[attr-defined]


def test_a_class_that_inherits_its_start_has_its_own_name() -> None:
    with refusing(("strides.optim",)), pytest.raises(Refused, match=r"calls strides\.optim\.SGD\."):
        SGD(0.1)


def test_an_object_made_before_is_refused() -> None:
    rule = SGD(0.1)
    with refusing(("strides.optim",)), pytest.raises(Refused, match=r"calls strides\.optim\.SGD\."):
        rule.step([np.ones(2)], [np.ones(2)])


def test_a_class_can_be_named() -> None:
    with refusing(("strides.training.Trainer",)):
        with pytest.raises(Refused, match=r"calls strides\.training\.Trainer\."):
            Trainer(None, None)  # type: ignore[arg-type]
        SGD(0.1)


def test_all_is_as_before_after_an_error() -> None:
    with pytest.raises(KeyError), refusing(("strides.losses", "strides.losses.softmax")):
        raise KeyError
    assert softmax(np.zeros((1, 2))).tolist() == [[0.5, 0.5]]


def test_blocks_within_blocks() -> None:
    with refusing(("strides.losses",)):
        with refusing(("strides.losses.softmax",)), pytest.raises(Refused):
            softmax(np.zeros((1, 2)))
        with pytest.raises(Refused):
            softmax(np.zeros((1, 2)))
    assert softmax(np.zeros((1, 2))).tolist() == [[0.5, 0.5]]


def test_torch_is_refused_elsewhere() -> None:
    with refusing(("torch",)):
        assert softmax(np.zeros((1, 2))).tolist() == [[0.5, 0.5]]


def test_a_name_that_does_not_exist_refuses_nothing() -> None:
    names = ("strides.losses", "strides.conv.conv9d")
    with pytest.raises(AttributeError, match="conv9d"), refusing(names):
        raise AssertionError("not reached")
    assert softmax(np.zeros((1, 2))).tolist() == [[0.5, 0.5]]


def test_an_import_within_the_answer_is_refused() -> None:
    lines = [
        "from strides.check.refuse import Refused, refusing",
        "with refusing(('strides.knn', 'strides.conv')):",
        "    try:",
        "        from strides.conv.columns import im2col; im2col()",
        "    except Refused as refused:",
        "        print(refused)",
        "    from strides.knn import vote; vote()",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True)
    assert done.stdout == "The answer calls strides.conv.im2col. This exercise asks for your own.\n"
    assert "Refused: The answer calls strides.knn.vote." in done.stderr
