"""Sphere tracing against geometry worked out by other means."""

import numpy as np
import pytest

from strides.data.shapes import SHAPES
from strides.data.tracing import CLOSE_ENOUGH, Rays, normals, trace

BY_NAME = {shape.name: shape for shape in SHAPES}


def distance(shape, points):
    x, y, z = points
    if shape.revolved:
        return shape.distance(np.sqrt(x * x + z * z), y)
    return shape.distance(x, y, z)


def random_points(count, reach=1.3):
    rng = np.random.default_rng(0)
    return rng.uniform(-reach, reach, (3, count)).astype(np.float32)


def random_rays(count):
    """Rays with a random direction, starting at right angles to it."""
    rng = np.random.default_rng(1)
    direction = rng.normal(size=(3, count))
    direction /= np.linalg.norm(direction, axis=0)
    start = rng.uniform(-1, 1, (3, count))
    start -= direction * (start * direction).sum(axis=0)
    return Rays(start.astype(np.float32), direction.astype(np.float32))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_distance_is_safe_to_step_by(shape):
    """It changes no faster than the point moves, so that a step never passes the surface."""
    one, other = random_points(20000), random_points(20000)[:, ::-1]
    near = one + (other - one) * np.float32(0.05)
    change = np.abs(distance(shape, one) - distance(shape, near))
    assert np.all(change <= np.linalg.norm(near - one, axis=0) * 1.001 + 1e-5)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_shape_fits_its_bounding_ball(shape):
    points = random_points(50000)
    points *= np.float32(shape.bound + 0.005) / np.linalg.norm(points, axis=0)
    assert distance(shape, points).min() > 0
    assert distance(shape, points * np.float32(0.9)).min() < 0.1


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_trace_finds_the_first_hit_of_a_fine_march(shape):
    """Small equal steps along each ray tell where it first touches the solid."""
    rays = random_rays(1500)
    t, gap = trace(shape, rays)
    steps = np.arange(-1, 1, 0.004, dtype=np.float32)
    along = np.stack([distance(shape, rays.at(np.full(1500, s))) for s in steps])
    hits = (along < 0).any(axis=0)
    first = steps[np.argmax(along < 0, axis=0)]
    clear = along.min(axis=0) > 2 * CLOSE_ENOUGH
    assert np.all(gap[hits] <= 2 * CLOSE_ENOUGH)
    assert np.all(gap[clear] > CLOSE_ENOUGH)
    assert 0.1 < hits.mean() < 0.9
    sure = hits & (along.min(axis=0) < -0.05)
    assert np.quantile(np.abs(t - first)[sure], 0.95) < 0.05


def test_ball_is_hit_where_the_equation_says():
    rays = random_rays(1000)
    t, _ = trace(BY_NAME["ball"], rays)
    from_axis = np.linalg.norm(rays.start, axis=0)
    deep = from_axis < 0.7
    expected = -np.sqrt(0.75**2 - from_axis[deep] ** 2)
    assert t[deep] == pytest.approx(expected, abs=2 * CLOSE_ENOUGH)


def test_normals_point_out_of_the_ball():
    points = random_points(200)
    points *= np.float32(0.75) / np.linalg.norm(points, axis=0)
    out = normals(BY_NAME["ball"], points)
    assert out == pytest.approx(points / 0.75, abs=1e-3)


def test_normals_of_a_cube_point_out_of_its_faces():
    points = np.array([[0.55, 0.1, -0.3], [0.2, 0.55, 0.1], [0.1, -0.2, -0.55]], np.float32)
    points = np.stack([points[0], points[1], points[2]], axis=1)
    out = normals(BY_NAME["cube"], points)
    assert out == pytest.approx(np.array([[1, 0, 0], [0, 1, 0], [0, 0, -1]]), abs=1e-3)


def test_single_precision_is_kept():
    rays = random_rays(50)
    for shape in SHAPES:
        t, gap = trace(shape, rays)
        assert t.dtype == gap.dtype == normals(shape, rays.at(t)).dtype == np.float32
