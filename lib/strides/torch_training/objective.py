"""What a net is trained for, and how right it is: losses of blended and of several outputs."""

from collections.abc import Callable

import torch
from torch.nn.functional import cross_entropy

from strides.torch_training.images import Batch

AUXILIARY_WEIGHT = 0.3
"""What the losses of auxiliary heads count, as in the GoogLeNet paper."""

LossOfEach = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Outputs = torch.Tensor | tuple[torch.Tensor, ...]


class Objective:
    """The mean loss of a batch; a loss of one's own maps scores and labels to one number an image.

    Without one it is cross-entropy, whose targets are smoothed while training.
    """

    def __init__(self, loss: LossOfEach | None, label_smoothing: float) -> None:
        if loss is not None and label_smoothing:
            raise ValueError(
                f"label_smoothing: expected 0 with a loss of your own; received "
                f"{label_smoothing}; try smoothing inside the loss"
            )
        self.own, self.label_smoothing = loss, label_smoothing

    def __call__(self, outputs: Outputs, batch: Batch) -> torch.Tensor:
        """The mean loss in float32; outputs are scores, or scores and those of auxiliary heads."""
        scores, *auxiliary = outputs if isinstance(outputs, tuple) else (outputs,)
        loss = self._blended(scores.float(), batch)
        for others in auxiliary:
            loss = loss + AUXILIARY_WEIGHT * self._blended(others.float(), batch)
        return loss

    def of_each(
        self, scores: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0
    ) -> torch.Tensor:
        """The loss of each image, (N,)."""
        if self.own is None:
            return cross_entropy(scores, labels, reduction="none", label_smoothing=smoothing)
        losses = self.own(scores, labels)
        if losses.shape != scores.shape[:1]:
            raise ValueError(
                f"loss: expected one number an image, shape {tuple(scores.shape[:1])}; received "
                f"shape {tuple(losses.shape)}; try reduction='none' and a mean over classes"
            )
        return losses

    def _blended(self, scores: torch.Tensor, batch: Batch) -> torch.Tensor:
        """The mean loss; a blended image owes each of its two labels its share."""
        losses = self.of_each(scores, batch.labels, self.label_smoothing)
        if batch.blend is not None:
            partners = batch.labels[batch.blend.partners]
            others = self.of_each(scores, partners, self.label_smoothing)
            losses = batch.blend.share * losses + (1 - batch.blend.share) * others
        return losses.mean()


def correct(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """How many images are right; where an image has several labels, the share of them counts."""
    if labels.ndim == 1:
        return (scores.argmax(dim=1) == labels).sum()
    return ((scores > 0) == (labels > 0.5)).float().mean(dim=1).sum()
