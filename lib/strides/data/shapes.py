"""The ten solids, each as a signed distance function.

A signed distance function tells how far a point is from a surface: negative inside, zero on it,
positive outside. It may err on the low side, never on the high one, so that a ray that advances
by it never passes through the surface (sphere tracing: Hart, 1996).

Every function here uses only + - * sqrt min max abs, which IEEE 754 defines to the last bit,
so that the images are the same on every processor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
"""Single precision throughout."""


@dataclass(frozen=True)
class Shape:
    """A solid that fits in the ball of radius `bound` around the origin; y points up.

    `distance` takes (r, y) for a solid of revolution, r being the distance from the y axis,
    and (x, y, z) for the others.
    """

    name: str
    distance: Callable[..., Array]
    revolved: bool
    bound: float


def _box(x: Array, y: Array, half_x: float, half_y: float) -> Array:
    """Distance to an upright rectangle around the origin; x is not negative."""
    dx = x - half_x
    dy = np.abs(y) - half_y
    return _corner(dx, dy)


def _corner(dx: Array, dy: Array) -> Array:
    """Distance to the corner where two faces meet at a right angle, from the distances to both."""
    outside = np.sqrt(np.square(np.maximum(dx, 0)) + np.square(np.maximum(dy, 0)))
    return outside + np.minimum(np.maximum(dx, dy), 0)


def ball(r: Array, y: Array) -> Array:
    """A ball."""
    return np.sqrt(r * r + y * y) - 0.75


def cylinder(r: Array, y: Array) -> Array:
    """A cylinder that stands on its end."""
    return _box(r, y, half_x=0.55, half_y=0.75)


def cone(r: Array, y: Array) -> Array:
    """The larger of two distances: to the slope and to the base; the tip is at y = 0.85."""
    slope = 0.90618 * r + 0.42289 * y - 0.35946
    return np.maximum(slope, -0.65 - y)


def ring(r: Array, y: Array) -> Array:
    """A ring that lies flat: a torus."""
    from_circle = r - 0.65
    return np.sqrt(from_circle * from_circle + y * y) - 0.26


def pill(r: Array, y: Array) -> Array:
    """A pill: a cylinder with round ends."""
    beyond = np.maximum(np.abs(y) - 0.5, 0)
    return np.sqrt(r * r + beyond * beyond) - 0.42


def dumbbell(r: Array, y: Array) -> Array:
    """Two balls on a bar."""
    height = np.abs(y)
    to_centre = height - 0.57
    weight = np.sqrt(r * r + to_centre * to_centre) - 0.37
    rod = np.maximum(r - 0.14, height - 0.57)
    return np.minimum(weight, rod)


def bowl(r: Array, y: Array) -> Array:
    """The lower half of a spherical shell."""
    height = y - 0.35
    shell = np.abs(np.sqrt(r * r + height * height) - 0.77) - 0.09
    return np.maximum(shell, height)


def cube(x: Array, y: Array, z: Array) -> Array:
    """A cube."""
    dx = np.abs(x) - 0.55
    dy = np.abs(y) - 0.55
    dz = np.abs(z) - 0.55
    squares = np.square(np.maximum(dx, 0))
    squares += np.square(np.maximum(dy, 0))
    squares += np.square(np.maximum(dz, 0))
    inside = np.minimum(np.maximum(np.maximum(dx, dy), dz), 0)
    return np.sqrt(squares) + inside


def pyramid(x: Array, y: Array, z: Array) -> Array:
    """The larger of two distances: to the nearest slope and to the base; the top is at y = 0.75."""
    slope = 0.91841 * np.maximum(np.abs(x), np.abs(z)) + 0.39562 * y - 0.29672
    return np.maximum(slope, -0.55 - y)


def jack(x: Array, y: Array, z: Array) -> Array:
    """Three crossing rods with round ends: the longest coordinate names the nearest rod."""
    ax, ay, az = np.abs(x), np.abs(y), np.abs(z)
    longest = np.maximum(np.maximum(ax, ay), az)
    across = ax * ax + ay * ay + az * az - longest * longest
    beyond = np.maximum(longest - 0.76, 0)
    return np.sqrt(np.maximum(across, 0) + beyond * beyond) - 0.19


SHAPES = (
    Shape("ball", ball, revolved=True, bound=0.75),
    Shape("cube", cube, revolved=False, bound=0.96),
    Shape("cylinder", cylinder, revolved=True, bound=0.94),
    Shape("cone", cone, revolved=True, bound=0.96),
    Shape("ring", ring, revolved=True, bound=0.92),
    Shape("pyramid", pyramid, revolved=False, bound=0.97),
    Shape("pill", pill, revolved=True, bound=0.93),
    Shape("jack", jack, revolved=False, bound=0.96),
    Shape("dumbbell", dumbbell, revolved=True, bound=0.95),
    Shape("bowl", bowl, revolved=True, bound=0.94),
)
NAMES = tuple(shape.name for shape in SHAPES)
