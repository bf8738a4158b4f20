"""From uniform random numbers and knobs to what is to be seen in each image.

Every knob works in the same way: value = fixed + knob * (random - fixed). A knob at 0 leaves
the fixed value, and turning one knob changes nothing that belongs to another.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strides.data.chance import Draws
from strides.data.knobs import Knobs
from strides.data.shapes import Array

FIXED_SCALE = 0.72
FIXED_COLOUR = np.array([0.85, 0.5, 0.2])
FIXED_LAMP = np.array([-0.5, 0.65, 0.6])
DEGREES_ROUND, DEGREES_ABOVE = 32.0, 28.0
"""Where the camera stands in the view that the pose knob starts from."""


@dataclass(frozen=True)
class Scene:
    """What is to be seen in n images, a row for each.

    Camera coordinates are (right, up, towards the viewer); the image reaches from -1 to 1.
    """

    axes: Array  # (n, 3, 3): the camera's axes, as rows, in the solid's coordinates
    scale: Array  # (n,): units of the image to one unit of the solid
    centre: Array  # (n, 2): of the solid, in the image
    lamp: Array  # (n, 3): unit vector towards the lamp, in camera coordinates
    ambient: Array  # (n,): light from everywhere
    strength: Array  # (n,): light of the lamp
    colour: Array  # (n, 3)
    pattern: Array  # (n, 12): uniform random numbers that describe the surface's pattern
    pattern_weight: float  # 0: no pattern, 1: full contrast


def arrange(u: Draws, knobs: Knobs) -> Scene:
    """The scene of each image, from its uniform random numbers."""
    values = {
        "axes": _axes(u["pose"], knobs.pose),
        "scale": between(FIXED_SCALE, 0.45 + 0.5 * u["scale"], knobs.scale),
        "centre": between(0.0, u["position"] - 0.5, knobs.position),
        "lamp": _lamp(u["light"], knobs.light),
        "ambient": between(0.3, 0.15 + 0.35 * u["light"][:, 3], knobs.light),
        "strength": between(0.75, 0.4 + 0.7 * u["light"][:, 4], knobs.light),
        "colour": between(FIXED_COLOUR, 0.1 + 0.9 * u["colour"], knobs.colour),
        "pattern": u["pattern"],
    }
    single = {name: value.astype(np.float32) for name, value in values.items()}
    return Scene(**single, pattern_weight=float(knobs.texture))


def between(
    fixed: NDArray[np.float64] | float, random: NDArray[np.float64], knob: float
) -> NDArray[np.float64]:
    """The value that a knob in [0, 1] leaves between a fixed and a random one."""
    return fixed + knob * (random - fixed)


def _lamp(u: NDArray[np.float64], knob: float) -> NDArray[np.float64]:
    """Unit vectors (n, 3) towards a lamp that stands anywhere on the viewer's side."""
    anywhere = np.stack([2 * u[:, 0] - 1, 2 * u[:, 1] - 1, u[:, 2] + 0.1], axis=1)
    lamp = between(FIXED_LAMP, anywhere, knob)
    return lamp / np.sqrt(np.square(lamp).sum(axis=1, keepdims=True))


def _axes(u: NDArray[np.float64], knob: float) -> NDArray[np.float64]:
    """The camera's axes (n, 3, 3), turned by a random rotation whose angle the knob scales.

    Source: Shoemake, Uniform random rotations, Graphics Gems III (1992).
    """
    a, b = np.sqrt(1 - u[:, 0]), np.sqrt(u[:, 0])
    first, second = 2 * np.pi * u[:, 1], 2 * np.pi * u[:, 2]
    w = a * np.abs(np.sin(first))
    vector = np.stack([a * np.cos(first), b * np.sin(second), b * np.cos(second)])
    sine = np.sqrt(np.square(vector).sum(axis=0))
    half_angle = knob * np.arctan2(sine, w)
    return _upright() @ _rotation(np.cos(half_angle), vector * (np.sin(half_angle) / sine))


def _rotation(w: NDArray[np.float64], vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation matrices (n, 3, 3) of the unit quaternions (w, vector)."""
    x, y, z = vector
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=1)


def _upright() -> NDArray[np.float64]:
    """The camera's axes in the view that the pose knob starts from."""
    around, above = np.radians(DEGREES_ROUND), np.radians(DEGREES_ABOVE)
    right = np.array([np.cos(around), 0, -np.sin(around)])
    level = np.array([np.sin(around), 0, np.cos(around)])
    up = np.cos(above) * np.array([0, 1, 0]) - np.sin(above) * level
    towards = np.cos(above) * level + np.sin(above) * np.array([0, 1, 0])
    return np.stack([right, up, towards])
