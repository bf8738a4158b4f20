"""Parts made of parts: one after the other, and a sum of two ways."""

from collections.abc import Callable
from typing import Any

import numpy as np

from strides.nets.module import Array, Backward, Layer, Module, Operation


class Sequential(Module):
    """Parts one after the other: modules, or operations that need nothing but x.

    An error in a part says which one it is. net[0] is the first part. backward can be called once:
    on its way it frees what each part kept, which saves a third of the memory of a training step.
    It ends at a part that returns None for dx (needs_dx=False), and raises ValueError where a part
    before that one has weights.
    """

    def __init__(self, *parts: Module | Operation) -> None:
        super().__init__()
        self.children = [part if isinstance(part, Module) else Layer(part) for part in parts]

    def forward(self, x: Array, train: bool = False) -> tuple[Array, Backward]:
        backwards: list[Backward] = []
        for place, part in enumerate(self.children):
            x, backward_of_part = self._run(place, part.forward, x, train)
            backwards.append(backward_of_part)

        def backward(dout: Array) -> tuple[Array, list[Array]]:
            if len(backwards) < len(self.children):
                raise RuntimeError(
                    "backward: expected one call for each forward, since it lets go of what the "
                    "parts kept for it; received a second; try forward again"
                )
            grads: list[list[Array]] = []
            while backwards:
                backward_of_part = backwards.pop()
                dout, more = backward_of_part(dout)
                grads.append(more)
                if dout is None:
                    self._require_no_weights_before(len(backwards))
                    backwards.clear()
            return dout, [grad for more in reversed(grads) for grad in more]

        return x, backward

    def __call__(self, x: Array) -> Array:
        for place, part in enumerate(self.children):
            x = self._run(place, part, x)
        return x

    def _run(self, place: int, call: Callable[..., Any], x: Array, *more: Any) -> Any:
        try:
            return call(x, *more)
        except (TypeError, ValueError) as error:
            part = self.children[place]
            error.add_note(f"in part {place} of the net, {part}, given x of shape {np.shape(x)}")
            raise

    def _require_no_weights_before(self, place: int) -> None:
        """Raise a ValueError where a gradient that ends at this part is missed by one before it."""
        for before, part in enumerate(self.children[:place]):
            if part.params():
                raise ValueError(
                    f"dx: expected an array from part {place} of the net, {self.children[place]}, "
                    f"since part {before} has weights; received None; try needs_dx=True"
                )

    def __getitem__(self, place: int) -> Module:
        return self.children[place]

    def __len__(self) -> int:
        return len(self.children)

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.children))})"


class Residual(Module):
    """body(x) + shortcut(x), where the shortcut hands x on as it is unless told otherwise.

    The gradient reaches x by both ways. Raises ValueError where the two differ in shape.
    Source: He, Zhang, Ren and Sun, 2016.
    """

    def __init__(self, body: Module, shortcut: Module | None = None) -> None:
        super().__init__()
        self.children = [body, shortcut or Sequential()]

    def forward(self, x: Array, train: bool = False) -> tuple[Array, Backward]:
        (left, backward_left), (right, backward_right) = (
            child.forward(x, train) for child in self.children
        )

        def backward(dout: Array) -> tuple[Array, list[Array]]:
            (dleft, grads), (dright, more) = backward_left(dout), backward_right(dout)
            return dleft + dright, grads + more

        return self._join(left, right), backward

    def __call__(self, x: Array) -> Array:
        left, right = (child(x) for child in self.children)
        return self._join(left, right)

    def _join(self, left: Array, right: Array) -> Array:
        if left.shape != right.shape:
            raise ValueError(
                f"shortcut: expected shape {left.shape}, that of the body; received {right.shape}; "
                f"try shortcut=Conv2d(..., window=1, stride=...)"
            )
        return left + right

    def __repr__(self) -> str:
        return f"Residual({', '.join(map(repr, self.children))})"
