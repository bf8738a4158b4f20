"""Labelled images as tensors: checked, kept on the device if they fit, and dealt out in batches."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from strides.torch_training.augment import Augment, Blend
from strides.torch_training.devices import sent

MOST_BYTES_ON_DEVICE = 4 * 2**30

Array = NDArray | torch.Tensor


@dataclass(frozen=True)
class Batch:
    """Normalised images on the device, their labels, and how they were blended, if they were."""

    images: torch.Tensor
    labels: torch.Tensor
    blend: Blend | None = None

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of each channel of uint8 images, both (C, 1, 1)."""

    mean: torch.Tensor
    std: torch.Tensor

    @staticmethod
    def measure(images: torch.Tensor) -> "Normalisation | None":
        """Those of uint8 images (N, C, H, W), exactly, from histograms; None for floats."""
        if images.dtype != torch.uint8:
            return None
        values = torch.arange(256, dtype=torch.float64)
        means, stds = [], []
        for channel in images.unbind(dim=1):
            shares = torch.bincount(channel.flatten(), minlength=256).double() / channel.numel()
            mean = (shares * values).sum()
            std = (shares * (values - mean) ** 2).sum().sqrt()
            means.append(mean)
            stds.append(std if std > 0 else torch.ones_like(std))
        return Normalisation(*(torch.stack(x).float()[:, None, None] for x in (means, stds)))

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        """(images - mean) / std, on whatever device the images are."""
        mean, std = self.mean.to(images.device), self.std.to(images.device)
        return (images.float() - mean) / std


class LabelledImages:
    """Images (N, C, H, W), uint8 or floats, and their N labels, ready to be dealt out on a device.

    Takes NumPy arrays or tensors. Raises ValueError when they do not fit together.
    """

    def __init__(self, images: Array, labels: Array, device: torch.device) -> None:
        self.images, self.labels = check_images(images), _check_labels(labels)
        if not len(self.images) or self.labels.shape[:1] != self.images.shape[:1]:
            raise ValueError(
                f"labels: expected one for each image, and at least one; received "
                f"{tuple(self.labels.shape)} for images {tuple(self.images.shape)}; "
                f"try taking the same rows of both"
            )
        self.fingerprint = f"{_fingerprint(self.images)}, labels {_fingerprint(self.labels)}"
        self.normal = Normalisation.measure(self.images)
        self.device = device
        if self.images.nbytes <= MOST_BYTES_ON_DEVICE:
            self.images = self.images.to(device)
        self.labels = self.labels.to(device)

    def __len__(self) -> int:
        return len(self.images)

    def batches(
        self, order: torch.Tensor, size: int, start: int = 0
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Raw images and labels on the device, `size` rows of the order at a time.

        The first batch is number `start`, so that an epoch can be gone on with in its middle.
        """
        order, order_there = order.to(self.images.device), order.to(self.device)
        for first in range(start * size, len(order), size):
            images = self.images[order[first : first + size]]
            yield sent(images, self.device), self.labels[order_there[first : first + size]]


def prepare(
    images: torch.Tensor,
    labels: torch.Tensor,
    normal: Normalisation | None,
    augment: Augment | None = None,
    source: torch.Generator | None = None,
) -> Batch:
    """A batch of raw images as the net wants it, augmented where a source of chance is given."""
    blend = None
    if augment is not None and source is not None:
        images = augment.of_raw(images, source)
    images = images.float() if normal is None else normal(images)
    if augment is not None and source is not None:
        images, blend = augment.of_normalised(images, source)
    return Batch(images, labels, blend)


def check_images(images: Array) -> torch.Tensor:
    """Images as a tensor (N, C, H, W) on the CPU, uint8 or float32; raises ValueError otherwise."""
    array = _on_cpu(images)
    if array.ndim != 4:
        raise ValueError(
            f"images: expected shape (N, C, H, W); received {tuple(array.shape)}; "
            f"try images[None] for a single image"
        )
    if array.dtype == torch.uint8:
        return array
    if not array.is_floating_point():
        raise ValueError(
            f"images: expected uint8 or floats; received {array.dtype}; "
            f"try uint8 for values from 0 to 255"
        )
    return array.float()


def _check_labels(labels: Array) -> torch.Tensor:
    """Classes (N,) as int64, or targets (N, C) as float32, on the CPU."""
    array = _on_cpu(labels)
    if array.ndim == 1 and not array.is_floating_point():
        return array.long()
    if array.ndim == 2:
        return array.float()
    raise ValueError(
        f"labels: expected integers (N,), or targets (N, C) for a loss that takes them; "
        f"received {array.dtype} {tuple(array.shape)}; try whole numbers from 0, one an image"
    )


def _on_cpu(array: Array) -> torch.Tensor:
    """The array as a tensor on the CPU that nobody else changes."""
    if isinstance(array, torch.Tensor):
        return array.detach().cpu().clone()
    return torch.tensor(np.ascontiguousarray(array))


def _fingerprint(array: torch.Tensor) -> str:
    """Shape, dtype and checksum of an array: other data, other fingerprint."""
    content = array.numpy().reshape(-1).view(np.uint8)
    return f"{tuple(array.shape)} {array.dtype} {zlib.crc32(content.data):08x}"
