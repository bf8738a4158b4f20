"""Values as plain data: what may cross the wire, and what stands for all else.

A value becomes a JSON tree, and each array in it bytes. Functions and objects stay where they
are: what crosses is a number that names them. Everything else crosses as the name of its type.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from strides.check import Foreign

DTYPES = frozenset("?bBhHiIlLqQefdFDgG")
"""Type codes of numbers; no objects, no text, no dates, no records."""
DEEPEST = 24
MOST_NODES = 300_000
MOST_CHARACTERS = 20_000
LONGEST_INT = 1024
"""Bits of a whole number."""
NUMBERS_AS_ARRAY = 16
MOST_NUMBERS_IN_LIST = 1_000_000


@dataclass(frozen=True)
class Tensor(Foreign):
    """A torch tensor: its numbers."""

    array: np.ndarray


class NotPlain(Exception):
    """A tree that stands for no value."""


def is_torch(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "torch"


@dataclass
class Packer:
    """Takes one value apart; `keep` gives the number by which a function or object is known."""

    keep: Callable[[Any], dict[str, Any]]
    key_of: Callable[[np.ndarray], int | None] = lambda array: None
    arrays: list[memoryview] = field(default_factory=list)
    nodes: int = 0

    def pack(self, value: Any, depth: int = 0) -> Any:
        """The tree of a value."""
        self.nodes += 1
        if depth > DEEPEST or self.nodes > MOST_NODES:
            return {"t": "foreign", "module": "builtins", "name": "structure that is too deep"}
        if value is None or type(value) in (bool, str, int):
            return self._short(value)
        if type(value) is float:
            return value if math.isfinite(value) else {"t": "float", "text": repr(value)}
        if value is Ellipsis:
            return {"t": "ellipsis"}
        if type(value) is complex:
            return {"t": "complex", "parts": [repr(value.real), repr(value.imag)]}
        if isinstance(value, np.random.Generator):
            return {"t": "generator", "state": _plain_state(value.bit_generator.state)}
        if isinstance(value, np.generic):
            return self._array("scalar", np.asarray(value))
        if isinstance(value, np.ndarray):
            kind = "matrix" if isinstance(value, np.matrix) else "array"
            return self._array(kind, np.asarray(value), self.key_of(value))
        if isinstance(value, list | tuple):
            return self._sequence(value, depth)
        if isinstance(value, dict):
            items = [[self.pack(k, depth + 1), self.pack(v, depth + 1)] for k, v in value.items()]
            return {"t": "dict", "items": items}
        if type(value).__module__ == "torch" and hasattr(value, "detach"):
            return self._array("tensor", value.detach().cpu().numpy())
        if not is_torch(value) and not callable(value) and hasattr(type(value), "__array__"):
            return self._array("array", np.asarray(value))
        return self.keep(value)

    def _short(self, value: Any) -> Any:
        if type(value) is int and value.bit_length() > LONGEST_INT:
            return {"t": "foreign", "module": "builtins", "name": "very large int"}
        if type(value) is int and value.bit_length() > 63:
            return {"t": "int", "text": hex(value)}
        return value[:MOST_CHARACTERS] if type(value) is str else value

    def _sequence(self, value: list | tuple, depth: int) -> Any:
        kind = "list" if isinstance(value, list) else "tuple"
        types = {type(item) for item in value[:NUMBERS_AS_ARRAY]}
        if len(value) > NUMBERS_AS_ARRAY and types in ({int}, {float}):
            array = np.asarray(value)
            if array.ndim == 1 and array.dtype in (np.int64, np.float64):
                return self._array(kind, array)
        return {"t": kind, "items": [self.pack(item, depth + 1) for item in value]}

    def _array(self, kind: str, array: np.ndarray, key: int | None = None) -> Any:
        if array.dtype.char not in DTYPES:
            return {"t": "foreign", "module": "numpy", "name": f"array of dtype {array.dtype}"}
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        dtype = array.dtype.newbyteorder("<")
        flat = np.ascontiguousarray(array.T if order == "F" else array, dtype)
        self.arrays.append(flat.reshape(-1).view(np.uint8).data)
        place = len(self.arrays) - 1
        tree = {"t": kind, "dtype": dtype.str, "shape": list(array.shape), "order": order}
        return tree | {"place": place, "key": key}


def _plain_state(value: Any) -> Any:
    """A bit generator's state with its whole numbers as text: JSON readers differ on large ones."""
    if isinstance(value, dict):
        return {str(name): _plain_state(part) for name, part in value.items()}
    if isinstance(value, np.ndarray):
        return [str(int(part)) for part in value]
    return value if isinstance(value, str) else str(int(value))


@dataclass
class Unpacker:
    """Puts one value together from a tree of the other end, which may hold anything.

    Each array's bytes stand for one array. `find` gives what a number stands for; `place_array`
    may put an array where one with its key is already. Raises NotPlain.
    """

    arrays: tuple[Any, ...]
    find: Callable[[dict[str, Any]], Any]
    place_array: Callable[[int | None, np.ndarray], np.ndarray] = lambda key, array: array
    nodes: int = 0
    placed: set[int] = field(default_factory=set)

    def unpack(self, tree: Any, depth: int = 0) -> Any:
        """The value of a tree."""
        self.nodes += 1
        if depth > DEEPEST + 2 or self.nodes > 2 * MOST_NODES:
            raise NotPlain("expected a smaller value")
        if tree is None or isinstance(tree, bool | int | float):
            return tree
        if isinstance(tree, str):
            if len(tree) > MOST_CHARACTERS:
                raise NotPlain(f"expected a text of at most {MOST_CHARACTERS:,} characters")
            return tree
        if not isinstance(tree, dict):
            raise NotPlain(f"expected a value, received a {type(tree).__name__}")
        kind = tree.get("t")
        if kind in ("array", "scalar", "matrix", "tensor") or (
            kind in ("list", "tuple") and "place" in tree
        ):
            return self._array(kind, tree)
        if kind in ("list", "tuple"):
            items = [self.unpack(item, depth + 1) for item in _listed(tree.get("items"))]
            return items if kind == "list" else tuple(items)
        if kind == "dict":
            return dict(self._pair(pair, depth) for pair in _listed(tree.get("items")))
        if kind == "ellipsis":
            return Ellipsis
        if kind == "foreign":
            return Foreign(shown_name(tree.get("module")), shown_name(tree.get("name")))
        if kind in ("float", "int", "complex"):
            return _number(kind, tree)
        if kind == "generator":
            return _generator(tree.get("state"))
        return self.find(tree)

    def _pair(self, pair: Any, depth: int) -> tuple[Any, Any]:
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str | int):
            raise NotPlain("expected pairs of a name and a value")
        return pair[0], self.unpack(pair[1], depth + 1)

    def _array(self, kind: Any, tree: dict[str, Any]) -> Any:
        array = self._place(tree)
        if kind == "scalar":
            return array[()] if array.shape == () else array
        if kind == "matrix":
            return np.asmatrix(array) if array.ndim <= 2 else array
        if kind == "tensor":
            return Tensor("torch", "Tensor", array)
        if kind in ("list", "tuple"):
            if array.ndim != 1 or array.size > MOST_NUMBERS_IN_LIST:
                raise NotPlain(f"expected at most {MOST_NUMBERS_IN_LIST:,} numbers in a {kind}")
            return array.tolist() if kind == "list" else tuple(array.tolist())
        key = tree.get("key")
        return self.place_array(key if type(key) is int else None, array)

    def _place(self, tree: dict[str, Any]) -> np.ndarray:
        dtype, shape, place = tree.get("dtype"), tree.get("shape"), tree.get("place")
        if not isinstance(dtype, str) or len(dtype) > 5 or type(place) is not int:
            raise NotPlain("expected an array of numbers")
        if not 0 <= place < len(self.arrays) or place in self.placed:
            raise NotPlain(f"expected the bytes of array {place}, once; they did not come")
        self.placed.add(place)
        sizes = _listed(shape)
        if len(sizes) > 32 or not all(type(size) is int and 0 <= size < 2**40 for size in sizes):
            raise NotPlain("expected the shape of an array")
        backwards = tree.get("order") == "F"
        try:
            array = _array_of(self.arrays[place], dtype, sizes[::-1] if backwards else sizes)
        except (TypeError, ValueError) as problem:
            raise NotPlain("expected an array of numbers") from problem
        return array.T if backwards else array


def _array_of(data: Any, dtype: str, shape: list[int]) -> np.ndarray:
    """The array in these bytes. Raises ValueError or TypeError where they hold none."""
    numbers = np.dtype(dtype)
    if numbers.char not in DTYPES or math.prod(shape) * numbers.itemsize != len(data):
        raise ValueError("expected an array of numbers whose shape fits its bytes")
    return np.frombuffer(data, numbers).astype(numbers.newbyteorder("="), copy=False).reshape(shape)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise NotPlain("expected a list")
    return value


def shown_name(value: Any) -> str:
    """A type's name as the other end tells it, cut to something that can be shown."""
    return "".join(c for c in str(value)[:80] if c.isprintable())


def _number(kind: str, tree: dict[str, Any]) -> Any:
    try:
        if kind == "float":
            return float(str(tree.get("text")))
        if kind == "int":
            return int(str(tree.get("text"))[: LONGEST_INT // 4 + 4], 16)
        real, imag = _listed(tree.get("parts"))
        return complex(float(str(real)), float(str(imag)))
    except (ValueError, TypeError) as problem:
        raise NotPlain("expected a number") from problem


def _generator(state: Any) -> np.random.Generator:
    """A generator in the state that was sent; PCG64 alone, NumPy's default."""
    try:
        inner = {name: int(part) for name, part in state["state"].items()}
        bits = np.random.PCG64()
        bits.state = {
            "bit_generator": "PCG64",
            "state": {"state": inner["state"], "inc": inner["inc"]},
            "has_uint32": int(state["has_uint32"]),
            "uinteger": int(state["uinteger"]),
        }
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise NotPlain("expected the state of a PCG64 generator") from problem
    return np.random.Generator(bits)
