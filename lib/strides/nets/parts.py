"""The operations that have weights or a state of their own, as parts of a net."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from strides import conv, layers, norm
from strides.initialise import he_normal
from strides.nets.module import Array, Backward, Layer, Operation

Initialiser = Callable[[tuple[int, ...], np.random.Generator, DTypeLike], Array]


class Linear(Layer):
    """Affine layer from `inputs` to `outputs` numbers: w from `init`, b all 0.

    options are those of the operation: needs_dx.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        rng: np.random.Generator,
        init: Initialiser = he_normal,
        dtype: DTypeLike = np.float32,
        operation: Operation = layers.affine,
        **options: Any,
    ) -> None:
        w = init((inputs, outputs), rng, dtype)
        super().__init__(operation, {"w": w, "b": np.zeros(outputs, dtype)}, **options)


class Conv2d(Layer):
    """Convolution from `channels` to `filters` maps, with a window K or (KH, KW).

    options are those of the operation: stride, pad, dilation, groups, needs_dx. Raises ValueError
    for groups that do not divide channels and filters.
    """

    def __init__(
        self,
        channels: int,
        filters: int,
        window: int | tuple[int, int],
        rng: np.random.Generator,
        init: Initialiser = he_normal,
        dtype: DTypeLike = np.float32,
        operation: Operation = conv.conv2d,
        **options: Any,
    ) -> None:
        groups = options.get("groups", 1)
        if channels % groups or filters % groups:
            raise ValueError(
                f"groups: expected a divisor of {channels} channels and {filters} filters; "
                f"received {groups}; try groups=1"
            )
        height, width = (window, window) if isinstance(window, int) else window
        w = init((filters, channels // groups, height, width), rng, dtype)
        super().__init__(operation, {"w": w, "b": np.zeros(filters, dtype)}, **options)


class BatchNorm(Layer):
    """Batch normalisation of `channels` channels, of vectors or images; gamma all 1, beta all 0.

    `running` holds the statistics that eval mode uses.
    """

    def __init__(
        self,
        channels: int,
        dtype: DTypeLike = np.float32,
        operation: Operation = norm.batch_norm,
        **options: Any,
    ) -> None:
        weights = {"gamma": np.ones(channels, dtype), "beta": np.zeros(channels, dtype)}
        super().__init__(operation, weights, **options)
        self.running = norm.RunningStatistics.start(channels, dtype)

    def forward(self, x: Array, train: bool = False) -> tuple[Array, Backward]:
        weights = self.weights.values()
        return self.split_gradients(
            self.operation(x, *weights, self.running, train=train, **self.options)
        )

    def own_state(self) -> dict[str, Array]:
        return super().own_state() | {"mean": self.running.mean, "var": self.running.var}

    def load_own_state(self, state: Mapping[str, Array]) -> None:
        super().load_own_state(state)
        self.running.mean, self.running.var = state["mean"].copy(), state["var"].copy()


class Dropout(Layer):
    """Dropout of a share p in train mode; rng draws, and its state is part of the net's."""

    def __init__(
        self, p: float, rng: np.random.Generator, operation: Operation = layers.dropout
    ) -> None:
        super().__init__(operation, p=p)
        self.rng = rng

    def forward(self, x: Array, train: bool = False) -> tuple[Array, Backward]:
        return self.split_gradients(self.operation(x, rng=self.rng, train=train, **self.options))

    def own_state(self) -> dict[str, Array]:
        return {
            "rng": np.array(json.dumps(self.rng.bit_generator.state, default=np.ndarray.tolist))
        }

    def load_own_state(self, state: Mapping[str, Array]) -> None:
        self.rng.bit_generator.state = json.loads(str(state["rng"]))
