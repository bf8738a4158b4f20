"""Augmentation in torch: whole batches at once, on the device where they will be used.

The choices are drawn on the CPU, a few numbers an image, so that a seed means the same on every
device. `strides.data.augment` has the same steps in NumPy.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import pad

from strides.torch_training.devices import sent

GREY = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class Augment:
    """Which steps to take, and how far; 0 leaves a step out.

    flip mirrors half of the images, crop shifts by up to so many pixels, colour changes brightness,
    contrast and saturation by factors of up to 1 - colour and 1 + colour, cutout hides a square
    with sides of so many pixels, mixup blends two images by shares from Beta(mixup, mixup).
    Raises ValueError for numbers out of range.
    """

    flip: bool = False
    crop: int = 0
    colour: float = 0.0
    cutout: int = 0
    mixup: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("crop", self.crop), ("cutout", self.cutout)):
            if value < 0 or value != int(value):
                raise ValueError(
                    f"{name}: expected whole pixels, 0 or more; received {value}; try 4"
                )
        if not 0 <= self.colour <= 1:
            raise ValueError(f"colour: expected 0 to 1; received {self.colour}; try 0.2")
        if not self.mixup >= 0:
            raise ValueError(f"mixup: expected 0 or more; received {self.mixup}; try 0.2")

    def of_raw(self, images: torch.Tensor, source: torch.Generator) -> torch.Tensor:
        """The steps for images as they come, before normalising: shift, mirror, colours.

        Raises ValueError when colours of images that are not uint8 are to be changed.
        """
        if self.crop or self.flip:
            images = _shifted(images, self.crop, self.flip, source)
        if self.colour:
            images = _coloured(images, self.colour, source)
        return images

    def of_normalised(
        self, images: torch.Tensor, source: torch.Generator
    ) -> tuple[torch.Tensor, "Blend | None"]:
        """The steps for normalised images, whose mean is 0: hide a square, blend two."""
        if self.cutout:
            images = _cut_out(images, self.cutout, source)
        if not self.mixup:
            return images, None
        blend = Blend.draw(len(images), self.mixup, source, images.device)
        share = blend.share[:, None, None, None].to(images.dtype)
        return share * images + (1 - share) * images[blend.partners], blend


@dataclass(frozen=True)
class Blend:
    """How a batch was mixed: image i is share[i] of itself and the rest of image partners[i]."""

    share: torch.Tensor
    partners: torch.Tensor

    @staticmethod
    def draw(count: int, alpha: float, source: torch.Generator, device: torch.device) -> "Blend":
        """Shares from Beta(alpha, alpha) and a random order, as mixup has them."""
        seed = int(torch.randint(2**62, (1,), generator=source))
        shares = np.random.default_rng(seed).beta(alpha, alpha, count)
        share = torch.from_numpy(shares.astype(np.float32))
        partners = torch.randperm(count, generator=source)
        return Blend(sent(share, device), sent(partners, device))


def _shifted(images: torch.Tensor, most: int, flip: bool, source: torch.Generator) -> torch.Tensor:
    """Each image moved by up to `most` pixels over black, and mirrored with probability 1/2."""
    count, _, height, width = images.shape
    offsets = torch.randint(0, 2 * most + 1, (2, count, 1), generator=source)
    mirrored = torch.rand(count, 1, generator=source) < (0.5 if flip else 0.0)
    rows = torch.arange(height) + offsets[0]
    columns = torch.arange(width) + offsets[1]
    columns = torch.where(mirrored, columns.flip(1), columns)
    rows, columns = sent(rows, images.device), sent(columns, images.device)
    which = torch.arange(count, device=images.device)[:, None, None]
    padded = pad(images, (most, most, most, most)).permute(0, 2, 3, 1)
    return padded[which, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _coloured(images: torch.Tensor, most: float, source: torch.Generator) -> torch.Tensor:
    """uint8 images as floats from 0 to 255, with other brightness, contrast and saturation."""
    if images.dtype != torch.uint8:
        raise ValueError(
            f"colour: expected uint8 images; received {images.dtype}; "
            f"try giving the trainer images as they come, which it normalises itself"
        )
    draws = 2 * torch.rand(3, len(images), 1, 1, 1, generator=source) - 1
    light, spread, vividness = sent(1 + most * draws, images.device)
    x = images.float() * light
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    x = mean + (x - mean) * spread
    if x.shape[1] == len(GREY):
        weights = torch.tensor(GREY, device=x.device)[:, None, None]
        grey = (x * weights).sum(dim=1, keepdim=True)
        x = grey + (x - grey) * vividness
    return x.clamp(0, 255)


def _cut_out(images: torch.Tensor, size: int, source: torch.Generator) -> torch.Tensor:
    """A square of zeros around a random pixel of each image, less what stands over the edge."""
    count, _, height, width = images.shape
    top = torch.randint(0, height, (count, 1), generator=source) - size // 2
    left = torch.randint(0, width, (count, 1), generator=source) - size // 2
    rows, columns = torch.arange(height), torch.arange(width)
    in_rows = (rows >= top) & (rows < top + size)
    in_columns = (columns >= left) & (columns < left + size)
    hidden = in_rows[:, None, :, None] & in_columns[:, None, None, :]
    return images.masked_fill(sent(hidden, images.device), 0)
