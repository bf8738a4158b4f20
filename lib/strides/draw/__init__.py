"""Drawings for the lectures: numbers in, a picture out that says in words what it shows."""

from strides.draw.arithmetic import arithmetic
from strides.draw.bars import bars
from strides.draw.curves import curves
from strides.draw.images import images
from strides.draw.kernels import filtered, maps
from strides.draw.picture import Picture, from_figure
from strides.draw.pooling import pooling
from strides.draw.receptive import receptive
from strides.draw.tables import table

__all__ = [
    "Picture",
    "arithmetic",
    "bars",
    "curves",
    "filtered",
    "from_figure",
    "images",
    "maps",
    "pooling",
    "receptive",
    "table",
]
