"""Automatic differentiation of numbers: the engine of lecture 05, small enough to read in one go.

    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    f = (x + y) * z
    f.backward()
    f.data, x.grad, y.grad, z.grad  # -12.0, -4.0, -4.0, 3.0

Every operation notes which numbers it was computed from, and its slope along each: a graph.
backward() walks that graph from the result to the leaves and applies the chain rule at each node.
"""

import math
from typing import Any

from strides.graph import topological_order


class Value:
    """A number, its parents and its gradient; + - * / **, exp, log, tanh, sigmoid, maximum."""

    def __init__(self, data: float, name: str = "", parents: Any = (), slopes: Any = ()) -> None:
        self.data, self.name, self.grad = float(data), name, 0.0
        self.parents, self.slopes = parents, slopes

    def __repr__(self) -> str:
        return f"Value({self.data:g}, grad={self.grad:g})"

    def label(self) -> list[str]:
        """Lines that describe this number in a drawing of its graph."""
        return [f"{self.data:.4g}", f"gradient {self.grad:.4g}"]

    def __add__(self, other: "Value | float") -> "Value":
        other = _value(other)
        return Value(self.data + other.data, "+", (self, other), (1.0, 1.0))

    def __mul__(self, other: "Value | float") -> "Value":
        other = _value(other)
        return Value(self.data * other.data, "*", (self, other), (other.data, self.data))

    def __pow__(self, power: float) -> "Value":
        slope = power * self.data ** (power - 1) if power else 0.0
        return Value(self.data**power, f"^{power:g}", (self,), (slope,))

    def exp(self) -> "Value":
        out = math.exp(self.data)
        return Value(out, "exp", (self,), (out,))

    def log(self) -> "Value":
        return Value(math.log(self.data), "log", (self,), (1 / self.data,))

    def tanh(self) -> "Value":
        out = math.tanh(self.data)
        return Value(out, "tanh", (self,), (1 - out * out,))

    def sigmoid(self) -> "Value":
        out = 0.5 * (1 + math.tanh(0.5 * self.data))
        return Value(out, "sigmoid", (self,), (out * (1 - out),))

    def maximum(self, other: "Value | float") -> "Value":
        other = _value(other)
        first = self.data >= other.data
        slopes = (1.0, 0.0) if first else (0.0, 1.0)
        return Value(max(self.data, other.data), "max", (self, other), slopes)

    def __neg__(self) -> "Value":
        return self * -1

    def __sub__(self, other: "Value | float") -> "Value":
        return self + -_value(other)

    def __rsub__(self, other: float) -> "Value":
        return _value(other) - self

    def __truediv__(self, other: "Value | float") -> "Value":
        return self * _value(other) ** -1

    def __rtruediv__(self, other: float) -> "Value":
        return _value(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def backward(self) -> None:
        """Add to `grad` of every leaf the slope of this number along it.

        Numbers in between start again from 0, leaves go on from what they have: set their `grad`
        to 0 before the next step.
        """
        order = topological_order(self)
        for node in order:
            if node.parents:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                parent.grad += slope * node.grad


def _value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)
