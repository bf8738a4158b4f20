"""Optimizers: how far, and which way, each weight moves once its gradient is known.

An optimizer is made once and stepped once for each batch:

    adam = Adam(learning_rate=1e-3)
    adam.step(params, grads)

`params` and `grads` are lists of arrays of equal shapes. step() changes the arrays in `params` IN
PLACE, so that a net that holds them is trained; `grads` are only read. What an optimizer remembers
of earlier steps (a velocity, say) starts at 0 and has the dtype of the parameter.
`learning_rate` may be set between steps, as the schedules of `strides.schedules` ask.

An L2 penalty belongs to the loss and its gradient (`losses.l2_penalty`), the decay of AdamW to the
update.
"""

from strides.optim.base import Optimizer, clip_gradients
from strides.optim.lbfgs import Minimum, lbfgs
from strides.optim.rules import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Minimum",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "clip_gradients",
    "lbfgs",
]
