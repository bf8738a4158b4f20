"""LeNet-5: five layers with weights that read digits on bank cheques.

Source: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
recognition", 1998, section II.B, figure 2 and table I.
"""

from collections import OrderedDict

import torch
from torch import nn

# Table I: which of the six maps of S2 each of the sixteen maps of C3 looks at.
C3_INPUTS = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)
CODES_SEED = 1998


class ScaledTanh(nn.Module):
    """The paper's squashing function, 1.7159 tanh(2/3 a): it maps 1 to 1 and -1 to -1."""

    def forward(self, a: torch.Tensor) -> torch.Tensor:
        return 1.7159 * torch.tanh(a * (2 / 3))


class SubSampling(nn.Module):
    """Sum of each 2x2 window, times one weight a map, plus one bias a map: S2 and S4."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sums = 4 * nn.functional.avg_pool2d(x, 2)
        return sums * self.weight[:, None, None] + self.bias[:, None, None]


class PartlyConnected(nn.Module):
    """A 5x5 convolution whose maps each look at only some of the input's maps: C3."""

    def __init__(self, inputs: tuple[tuple[int, ...], ...]) -> None:
        super().__init__()
        self.inputs = inputs
        self.maps = nn.ModuleList(nn.Conv2d(len(chosen), 1, 5) for chosen in inputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        parts = zip(self.maps, self.inputs, strict=True)
        return torch.cat([conv(x[:, list(chosen)]) for conv, chosen in parts], dim=1)


class Codes(nn.Module):
    """Minus the squared distance to one fixed code of -1 and +1 a class: the output layer.

    The paper draws its codes as small pictures of the characters. These are drawn at random, which
    it names as an alternative, from a fixed seed. Nothing here is learnt.
    """

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(CODES_SEED)
        bits = torch.randint(2, (classes, features), generator=generator, device="cpu")
        self.codes: torch.Tensor
        self.register_buffer("codes", (2.0 * bits - 1).to(torch.get_default_device()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return -((x[:, None, :] - self.codes) ** 2).sum(dim=2)


def lenet5(classes: int = 10, channels: int = 1, as_published: bool = False) -> nn.Sequential:
    """LeNet-5 for images (N, channels, 32, 32): scores (N, classes).

    As it is mostly drawn today: every map of C3 sees every map of S2, max pooling, ReLU, an affine
    output layer; 61,706 parameters. As published: the connections of table I, learnt sub-sampling,
    a scaled tanh, and distances to fixed codes as scores; 60,000 parameters.
    """
    if as_published:
        return nn.Sequential(
            OrderedDict(
                c1=nn.Conv2d(channels, 6, 5),
                squash1=ScaledTanh(),
                s2=SubSampling(6),
                squash2=ScaledTanh(),
                c3=PartlyConnected(C3_INPUTS),
                squash3=ScaledTanh(),
                s4=SubSampling(16),
                squash4=ScaledTanh(),
                c5=nn.Conv2d(16, 120, 5),
                squash5=ScaledTanh(),
                flatten=nn.Flatten(),
                f6=nn.Linear(120, 84),
                squash6=ScaledTanh(),
                output=Codes(84, classes),
            )
        )
    return nn.Sequential(
        OrderedDict(
            c1=nn.Conv2d(channels, 6, 5),
            relu1=nn.ReLU(),
            s2=nn.MaxPool2d(2),
            c3=nn.Conv2d(6, 16, 5),
            relu3=nn.ReLU(),
            s4=nn.MaxPool2d(2),
            c5=nn.Conv2d(16, 120, 5),
            relu5=nn.ReLU(),
            flatten=nn.Flatten(),
            f6=nn.Linear(120, 84),
            relu6=nn.ReLU(),
            output=nn.Linear(84, classes),
        )
    )
