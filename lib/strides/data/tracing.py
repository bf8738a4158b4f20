"""Sphere tracing: where parallel rays meet a solid, and which way its surface faces there."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from strides.data.shapes import Array, Shape

CLOSE_ENOUGH = 0.01
MOST_STEPS = 24
STEPS_BETWEEN_SIEVES = 3
NORMAL_STEP = 0.02


@dataclass(frozen=True)
class Rays:
    """M parallel-projection rays p(t) = start + t * direction, in the solid's own coordinates.

    start and direction are (3, M); direction has length one and is at right angles to start,
    so that t = 0 is where a ray passes closest to the origin.
    """

    start: Array
    direction: Array

    def at(self, t: Array) -> Array:
        """The points (3, M) at distances t (M,)."""
        return self.start + t * self.direction


def trace(shape: Shape, rays: Rays) -> tuple[Array, Array]:
    """Follow rays until they touch the shape or leave its bounding ball.

    Returns (t, gap), each (M,): where a ray comes closest to the surface, and how close.
    A ray whose gap is at most CLOSE_ENOUGH hits; a small gap marks the rim of the silhouette.
    """
    half_chord = _half_chord(shape.bound, rays.start)
    best_t = -half_chord
    best_gap = np.full_like(best_t, np.inf)
    coefficients, coordinates = _path(shape, rays)
    index = np.arange(best_t.size)
    t, gap_here, t_here, leaves = best_t.copy(), best_gap.copy(), best_t.copy(), half_chord
    for step in range(1, MOST_STEPS + 1):
        gap = shape.distance(*coordinates(coefficients, t))
        np.copyto(t_here, t, where=gap < gap_here)
        np.minimum(gap_here, gap, out=gap_here)
        t += gap
        if step % STEPS_BETWEEN_SIEVES and step < MOST_STEPS:
            continue
        best_t[index], best_gap[index] = t_here, gap_here
        keep = np.flatnonzero((gap_here > CLOSE_ENOUGH) & (t < leaves))
        if keep.size == 0:
            break
        index, t, leaves = index[keep], t[keep], leaves[keep]
        t_here, gap_here = t_here[keep], gap_here[keep]
        coefficients = coefficients[:, keep]
    return best_t, best_gap


def normals(shape: Shape, points: Array) -> Array:
    """Unit normals (3, M) of the surface near points (3, M): the gradient of the distance."""
    x, y, z = points
    if not shape.revolved:
        gradient = _gradient(shape.distance, [x, y, z])
        return _unit(gradient)
    r = np.sqrt(x * x + z * z) + np.float32(1e-6)
    outward, upward = _gradient(shape.distance, [r, y])
    outward /= r
    return _unit(np.stack([outward * x, upward, outward * z]))


def _path(shape: Shape, rays: Rays) -> tuple[Array, Callable[[Array, Array], tuple[Array, ...]]]:
    """What a step needs of each ray, and how to get the shape's coordinates at t from it."""
    if not shape.revolved:
        return np.concatenate([rays.start, rays.direction]), _along_line
    sx, sy, sz = rays.start
    dx, dy, dz = rays.direction
    rows = [sx * sx + sz * sz, 2 * (sx * dx + sz * dz), dx * dx + dz * dz, sy, dy]
    return np.stack(rows), _around_axis


def _along_line(coefficients: Array, t: Array) -> tuple[Array, ...]:
    sx, sy, sz, dx, dy, dz = coefficients
    return sx + t * dx, sy + t * dy, sz + t * dz


def _around_axis(coefficients: Array, t: Array) -> tuple[Array, ...]:
    """(r, y) of the points: r squared is a quadratic in t."""
    constant, linear, quadratic, sy, dy = coefficients
    r_squared = (quadratic * t + linear) * t + constant
    return np.sqrt(np.maximum(r_squared, 0)), sy + t * dy


def _half_chord(bound: float, start: Array) -> Array:
    """Half the length of a ray inside the bounding ball; zero where it passes outside."""
    from_axis = np.square(start).sum(axis=0)
    return np.sqrt(np.maximum(bound * bound - from_axis, 0))


def _gradient(distance: Callable[..., Array], coordinates: list[Array]) -> Array:
    """Central differences of the distance in each coordinate, up to a common factor."""
    rows = []
    for axis in range(len(coordinates)):
        ahead, behind = list(coordinates), list(coordinates)
        ahead[axis] = coordinates[axis] + np.float32(NORMAL_STEP)
        behind[axis] = coordinates[axis] - np.float32(NORMAL_STEP)
        rows.append(distance(*ahead) - distance(*behind))
    return np.stack(rows)


def _unit(vectors: Array) -> Array:
    length = np.sqrt(np.square(vectors).sum(axis=0))
    return vectors / (length + np.float32(1e-6))
