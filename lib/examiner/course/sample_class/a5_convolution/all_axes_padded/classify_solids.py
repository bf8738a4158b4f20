# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
import numpy as np


def classify_solids(x: np.ndarray, y: np.ndarray, x_new: np.ndarray) -> np.ndarray:
    from strides.activations import relu
    from strides.layers import flatten
    from strides.nets import Conv2d, Layer, Linear, Sequential
    from strides.optim import Adam
    from strides.training import Trainer

    rng = np.random.default_rng(0)
    mean, std = x.mean(), x.std()
    net = Sequential(
        Conv2d(3, 16, 5, rng, operation=mended_conv2d, stride=2, pad=2),
        relu,
        Layer(max_pool2d, window=3, stride=1),
        flatten,
        Linear(16 * 6 * 6, 10, rng),
    )
    Trainer(net, Adam(0.005), batch_size=25, progress=False).fit((x - mean) / std, y, epochs=12)
    return net((x_new - mean) / std).argmax(axis=1)
