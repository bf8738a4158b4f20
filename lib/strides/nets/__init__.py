"""Nets: operations with the weights they are trained on, one after the other.

    rng = numpy.random.default_rng(0)
    net = Sequential(Linear(64, 100, rng), relu, Linear(100, 10, rng))
    scores, backward = net.forward(x, train=True)
    dx, grads = backward(dscores)
    optimizer.step(net.params(), grads)

A net speaks the contract of the operations that it is made of, with two differences: it holds its
weights itself, and `backward` returns their gradients apart, in the order of `params()`. It can be
called once for each forward.
An optimizer changes the weights in place. Any operation without weights can stand in a Sequential
as it is, and `operation=` puts your own convolution into a layer.
"""

from strides.nets.joins import Residual, Sequential
from strides.nets.module import Layer, Module
from strides.nets.parts import BatchNorm, Conv2d, Dropout, Linear
from strides.nets.ready import convnet, lenet, mlp

__all__ = [
    "BatchNorm",
    "Conv2d",
    "Dropout",
    "Layer",
    "Linear",
    "Module",
    "Residual",
    "Sequential",
    "convnet",
    "lenet",
    "mlp",
]
