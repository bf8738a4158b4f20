"""How well a net does on images that it does not learn from."""

from dataclasses import dataclass

import torch

from strides.torch_training.images import Array, LabelledImages, Normalisation, check_images
from strides.torch_training.learner import Learner
from strides.torch_training.objective import correct


@dataclass(frozen=True)
class Score:
    """Mean loss, and the share of images whose class was named right, 0 to 1."""

    loss: float
    accuracy: float


def evaluate(learner: Learner, data: LabelledImages, normal: Normalisation | None) -> Score:
    """Loss and accuracy on labelled images, without augmentation or label smoothing."""
    loss = right = 0.0
    for images, labels in data.batches(torch.arange(len(data)), learner.recipe.batch_size):
        scores = learner.scores(_prepared(images, normal))
        losses = learner.objective.of_each(scores, labels)
        loss += losses.sum().item()
        right += correct(scores, labels).item()
    return Score(loss / len(data), right / len(data))


def predict(learner: Learner, images: Array, normal: Normalisation | None) -> torch.Tensor:
    """Scores (N, C), float32, on the CPU."""
    parts = check_images(images).split(learner.recipe.batch_size)
    scores = [learner.scores(_prepared(part.to(learner.device), normal)) for part in parts]
    return torch.cat(scores).cpu()


def _prepared(images: torch.Tensor, normal: Normalisation | None) -> torch.Tensor:
    """Images as the net saw them while it trained."""
    if images.dtype == torch.uint8 and normal is None:
        raise ValueError(
            "images: expected floats, as this trainer was fitted on, if on any; received uint8; "
            "try fit with uint8 images first, which measures how to normalise them"
        )
    return images.float() if normal is None else normal(images)
