"""What an answer may not use: functions of the library that the exercise asks for.

A forbidden function is refused where it is called, however it was imported, since it is the
function's own code that is exchanged for the time. This keeps an honest answer to its exercise.
It does not hold back one that copies the library's source.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from types import CodeType, FunctionType, ModuleType
from typing import Any, NoReturn

from .values import BrokenContract, Problem

ELSEWHERE = frozenset({"torch"})
"""Entries that are refused elsewhere: by the sandbox, and in what an answer returns."""


class Refused(BrokenContract):
    """An answer used what its exercise does not allow."""


@contextlib.contextmanager
def refusing(forbidden: tuple[str, ...]) -> Iterator[None]:
    """Raise Refused wherever a forbidden function of the library is called in the block.

    An entry names a function ("strides.conv.conv2d"), or a class, a module or a package, of which
    every function and method is meant. "torch" is passed over. Raises ImportError or
    AttributeError, before anything is refused, for a name that does not exist.
    """
    refusals = [pair for name in forbidden if name not in ELSEWHERE for pair in refusals_of(name)]
    before = [(function, function.__code__) for function, _ in refusals]
    try:
        for function, code in refusals:
            function.__code__ = code
        yield
    finally:
        for function, code in reversed(before):
            function.__code__ = code


@cache
def refusals_of(name: str) -> tuple[tuple[FunctionType, CodeType], ...]:
    """Every function that a name stands for, once, and the code that refuses it.

    Imports the module, or the package with all that is in it.
    """
    found: dict[int, tuple[FunctionType, CodeType]] = {}
    for thing in _things(pkgutil.resolve_name(name)):
        for function, code in _pairs(thing):
            found.setdefault(id(function), (function, code))
    return tuple(found.values())


def _things(named: Any) -> Iterator[Any]:
    """The functions and classes that are defined in a module or in a package, or the one named."""
    if not isinstance(named, ModuleType):
        yield named
        return
    inside = pkgutil.walk_packages(getattr(named, "__path__", []), f"{named.__name__}.")
    for module in [named, *(importlib.import_module(info.name) for info in inside)]:
        for thing in vars(module).values():
            mine = getattr(thing, "__module__", None) == module.__name__
            error = isinstance(thing, type) and issubclass(thing, BaseException)
            if mine and not error and isinstance(thing, FunctionType | type):
                yield thing


def _pairs(thing: Any) -> Iterator[tuple[FunctionType, CodeType]]:
    """A function, with what it wraps, or the methods of a class; each with its refusal."""
    if isinstance(thing, type):
        for member in vars(thing).values():
            method = getattr(member, "__func__", member)
            if isinstance(method, FunctionType):
                yield method, _refusal(method, partial(_refuse_method, thing))
        return
    function = thing
    while isinstance(function, FunctionType):
        yield function, _refusal(function, partial(_refuse_function, thing))
        function = getattr(function, "__wrapped__", None)


def _refusal(function: FunctionType, refuse: Callable[..., None]) -> CodeType:
    """Code that calls `refuse`, in a form that the function can take.

    What it calls is one of its constants: some functions have no names to find it by.
    """
    code = _refused.__code__
    constants = tuple(refuse if value == "REFUSE" else value for value in code.co_consts)
    return code.replace(co_consts=constants, co_freevars=function.__code__.co_freevars)


def _refused(*args: Any, **options: Any) -> None:
    refuse: Any = "REFUSE"
    refuse(*args)


def _refuse(thing: FunctionType | type) -> NoReturn:
    name = public_name(thing)
    text = f"The answer calls {name}. This exercise asks for your own."
    raise Refused(Problem("type", text, f"used {name}"))


def _refuse_function(function: FunctionType, *args: Any) -> None:
    _refuse(function)


def _refuse_method(owner: type, *args: Any) -> None:
    """Name the library's class that the method was called on: `owner`, or a child of it."""
    used = args[0] if args and isinstance(args[0], type) else type(args[0]) if args else owner
    library = [cls for cls in used.__mro__ if cls.__module__.startswith("strides.")]
    _refuse(library[0] if library else owner)


def public_name(thing: FunctionType | type) -> str:
    """The shortest name under which the library offers a function or a class."""
    parts = thing.__module__.split(".")
    for end in range(1, len(parts)):
        package = ".".join(parts[:end])
        if getattr(sys.modules.get(package), thing.__name__, None) is thing:
            return f"{package}.{thing.__name__}"
    return f"{thing.__module__}.{thing.__name__}"
