"""torch as it is in an assignment done in NumPy: it can be imported, and refuses to be used.

An unused `import torch` at the head of a notebook hurts nobody; the package itself is not there.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any, NoReturn

from strides.check import Problem
from strides.check.refuse import Refused


class _Absent(type):
    """The type of every name in torch: it has further names, and cannot be called."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return absent(f"{cls.__qualname__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        text = f"It uses {cls.__qualname__}. This exercise is done in NumPy."
        raise Refused(Problem("type", text, "torch"))


def absent(name: str) -> Any:
    """What stands for a name in torch."""
    return _Absent(name, (), {"__qualname__": name, "__module__": "torch"})


class AbsentModule(types.ModuleType):
    """torch or a module of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return absent(f"{self.__name__}.{name}")


class AbsentTorch(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds torch and its modules where there is no torch."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] != "torch":
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Let `import torch` find what refuses to be used."""
    sys.meta_path.insert(0, AbsentTorch())
