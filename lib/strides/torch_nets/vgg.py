"""VGG: six nets of 3x3 convolutions that differ in depth alone.

Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
recognition", 2014, table 1.
"""

from collections import OrderedDict

from torch import nn

from strides.torch_nets.parts import conv_relu, he_start, one_of, response_norm, side_after

# One column of the paper's table a line: 3-64 is a 3x3 convolution with 64 filters and ReLU, LRN is
# local response normalisation, and each | is a 2x2 max pooling with stride 2.
TABLE = {
    "A": "3-64 | 3-128 | 3-256 3-256 | 3-512 3-512 | 3-512 3-512 |",
    "A-LRN": "3-64 LRN | 3-128 | 3-256 3-256 | 3-512 3-512 | 3-512 3-512 |",
    "B": "3-64 3-64 | 3-128 3-128 | 3-256 3-256 | 3-512 3-512 | 3-512 3-512 |",
    "C": "3-64 3-64 | 3-128 3-128 | 3-256 3-256 1-256 | 3-512 3-512 1-512 | 3-512 3-512 1-512 |",
    "D": "3-64 3-64 | 3-128 3-128 | 3-256 3-256 3-256 | 3-512 3-512 3-512 | 3-512 3-512 3-512 |",
    "E": "3-64 3-64 | 3-128 3-128 | 3-256 3-256 3-256 3-256 | 3-512 3-512 3-512 3-512 | "
    "3-512 3-512 3-512 3-512 |",
}


def vgg(
    column: str = "D",
    classes: int = 1000,
    channels: int = 3,
    side: int = 224,
    batch_norm: bool = False,
    hidden: int = 4096,
) -> nn.Sequential:
    """A VGG net of table 1 for images (N, channels, side, side): scores (N, classes).

    A, B, D and E are the nets called VGG-11, 13, 16 and 19. Batch norm after each convolution and
    fully connected layers narrower than 4096 are not in the paper, and make training on small
    images practical. Starts from He's values.
    Raises ValueError for an unknown column and for images that are too small to pass through.
    """
    one_of("column", column, TABLE)
    features = _features(TABLE[column], channels, batch_norm)
    maps = 512 * side_after(features, channels, side) ** 2
    net = nn.Sequential(
        OrderedDict(
            features=features,
            flatten=nn.Flatten(),
            fc6=nn.Linear(maps, hidden),
            relu6=nn.ReLU(),
            dropout6=nn.Dropout(0.5),
            fc7=nn.Linear(hidden, hidden),
            relu7=nn.ReLU(),
            dropout7=nn.Dropout(0.5),
            fc8=nn.Linear(hidden, classes),
        )
    )
    he_start(net)
    return net


def _features(row: str, channels: int, batch_norm: bool) -> nn.Sequential:
    """The convolutions of a column: conv3_2 is the second of the third block, as in the paper."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    block, place = 1, 1
    for word in row.split():
        if word == "|":
            layers[f"pool{block}"] = nn.MaxPool2d(2, 2)
            block, place = block + 1, 1
        elif word == "LRN":
            layers[f"norm{block}"] = response_norm()
        else:
            window, filters = (int(number) for number in word.split("-"))
            layers[f"conv{block}_{place}"] = conv_relu(
                channels, filters, window, pad=window // 2, batch_norm=batch_norm
            )
            channels, place = filters, place + 1
    return nn.Sequential(layers)
