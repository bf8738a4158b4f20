"""Painting the scenes: background, clutter, the solid with light and shade, clutter in front."""

import numpy as np
from numpy.typing import NDArray

from strides.data.backdrop import background, clutter_behind, clutter_in_front
from strides.data.chance import Draws
from strides.data.knobs import Knobs
from strides.data.scene import Scene, arrange
from strides.data.shapes import SHAPES, Array, Shape
from strides.data.tracing import CLOSE_ENOUGH, Rays, normals, trace

Index = NDArray[np.intp]
HIGHLIGHT = 0.25
"""Strength of the shiny spot, relative to the lamp's."""


def paint(labels: NDArray[np.int64], u: Draws, knobs: Knobs, pixels: int) -> Array:
    """Images (n, 3, pixels, pixels), without noise, with values in about [0, 1]."""
    scene = arrange(u, knobs)
    canvas = background(u, knobs.background, pixels)
    clutter_behind(canvas, u["clutter"], knobs.clutter)
    for label, shape in enumerate(SHAPES):
        images = np.flatnonzero(labels == label)
        if images.size:
            _paint_solid(canvas, images, shape, scene)
    clutter_in_front(canvas, u["clutter"], knobs.clutter)
    return canvas


def _paint_solid(canvas: Array, images: Index, shape: Shape, scene: Scene) -> None:
    """Paint one kind of solid onto those images of the canvas that show it, in place.

    A ray that misses by less than half a pixel's width paints a part of its pixel: soft edges.
    """
    image, row, column, right, up = _pixels_near(images, shape, scene, canvas.shape[-1])
    to_right, to_up, to_viewer = scene.axes[image].transpose(1, 2, 0)
    rays = Rays(right * to_right + up * to_up, -to_viewer)
    t, gap = trace(shape, rays)
    half_pixel = 1 / (canvas.shape[-1] * scene.scale[image])
    cover = np.minimum(1 - (gap - np.float32(CLOSE_ENOUGH)) / half_pixel, 1)
    seen = np.flatnonzero(cover > 0)
    image, row, column, cover = image[seen], row[seen], column[seen], cover[seen]
    points = rays.start[:, seen] + t[seen] * rays.direction[:, seen]
    colours = _shade(normals(shape, points), points, scene, image)
    for plane, colour in zip(canvas.transpose(1, 0, 2, 3), colours, strict=True):
        behind = plane[image, row, column]
        plane[image, row, column] = behind + cover * (colour - behind)


def _pixels_near(
    images: Index, shape: Shape, scene: Scene, pixels: int
) -> tuple[Index, Index, Index, Array, Array]:
    """The pixels that the shape can touch: image, row, column, right, up (from its centre)."""
    ticks = ((2 * np.arange(pixels) + 1) / pixels - 1).astype(np.float32)
    scale = scene.scale[images, None]
    right = (ticks - scene.centre[images, :1]) / scale
    up = (-ticks - scene.centre[images, 1:]) / scale
    reach = np.square(shape.bound + 1 / (pixels * scale))
    near = np.square(up)[:, :, None] + np.square(right)[:, None, :] < reach[:, :, None]
    which, row, column = np.nonzero(near)
    return images[which], row, column, right[which, column], up[which, row]


def _shade(normal: Array, points: Array, scene: Scene, image: Index) -> Array:
    """Colours (3, M) of surface points: a matt surface with a pattern, and a highlight.

    The highlight is Phong's: where the lamp's mirror image faces the viewer.
    """
    facing = np.stack(
        [(axis * normal).sum(axis=0) for axis in scene.axes[image].transpose(1, 2, 0)]
    )
    lamp = scene.lamp[image].T
    strength = scene.strength[image]
    diffuse = np.maximum((facing * lamp).sum(axis=0), 0)
    mirrored = np.maximum(2 * diffuse * facing[2] - lamp[2], 0)
    shine = np.square(np.square(np.square(mirrored)))
    colour = scene.colour[image].T
    if scene.pattern_weight:
        numbers = scene.pattern[image].T
        where = scene.pattern_weight * _pattern(points, numbers)
        colour = colour + where * (numbers[9:12] - colour)
    return colour * (scene.ambient[image] + strength * diffuse) + HIGHLIGHT * strength * shine


def _pattern(points: Array, numbers: Array) -> Array:
    """How much of the second colour a surface point has, in [0, 1]: stripes or checks."""
    stripes = _wave(3 * (points * (2 * numbers[0:3] - 1)).sum(axis=0) + numbers[3])
    across = _wave(3 * (points * (2 * numbers[4:7] - 1)).sum(axis=0) + numbers[7])
    wave = np.where(numbers[8] < 0.5, stripes, stripes * across)
    return np.minimum(np.maximum(3 * wave + 0.5, 0), 1)


def _wave(x: Array) -> Array:
    """A wave of period 1 between -1 and 1, made of straight pieces."""
    return 4 * np.abs(x - np.floor(x) - 0.5) - 1
