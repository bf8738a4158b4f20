"""Training: the loop around a net, a loss and an optimizer, and what is written down on the way.

    trainer = Trainer(net, Adam(1e-3), batch_size=128)
    history = trainer.fit(x, y, epochs=10, val=(x_val, y_val), checkpoint="runs/lenet.npz")
    print(trainer.evaluate(x_val, y_val))

The same call in a new process goes on where a stopped one ended, bit for bit, after
`trainer.load("runs/lenet.npz")`; a run that is killed loses the epoch in hand and no more.
"""

from strides.training.history import Epoch, History
from strides.training.trainer import Trainer, accuracy

__all__ = ["Epoch", "History", "Trainer", "accuracy"]
