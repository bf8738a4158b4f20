"""Drawings for the lectures: numbers in, a picture out that says in words what it shows."""

from strides.draw.bars import bars
from strides.draw.curves import curves
from strides.draw.images import images
from strides.draw.picture import Picture, from_figure
from strides.draw.tables import table

__all__ = ["Picture", "bars", "curves", "from_figure", "images", "table"]
