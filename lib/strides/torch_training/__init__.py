"""Training in torch: one trainer for the CPU and the GPU, which can be stopped and gone on with.

    recipe = Recipe(epochs=20, augment=Augment(flip=True, crop=4))
    trainer = Trainer(cifar_resnet(20), recipe, folder="runs/first")
    history = trainer.fit((x, y), val=(x_val, y_val))

What decides the numbers stands in a Recipe; what decides where and how fast stands in the Trainer.
"""

from strides.torch_training.augment import Augment
from strides.torch_training.average import MovingAverage
from strides.torch_training.checkpoints import (
    CheckpointError,
    CheckpointMismatch,
    DamagedCheckpoint,
    load_checkpoint,
    newest_checkpoint,
)
from strides.torch_training.devices import (
    CompileWarning,
    choose_device,
    choose_precision,
    compiled,
    numerics,
)
from strides.torch_training.evaluation import Score
from strides.torch_training.history import Epoch, History, Report
from strides.torch_training.recipe import Recipe
from strides.torch_training.trainer import Trainer, TrainingDiverged

__all__ = [
    "Augment",
    "CheckpointError",
    "CheckpointMismatch",
    "CompileWarning",
    "DamagedCheckpoint",
    "Epoch",
    "History",
    "MovingAverage",
    "Recipe",
    "Report",
    "Score",
    "Trainer",
    "TrainingDiverged",
    "choose_device",
    "choose_precision",
    "compiled",
    "load_checkpoint",
    "newest_checkpoint",
    "numerics",
]
