"""Gradient checking: is the gradient that `backward` returns the slope of what came out?

A derivative is a slope, and a slope can be measured: move one entry of x by a small step h to
either side and see how far f moves, (f(x + h) - f(x - h)) / (2 h). These central differences are
slow, two calls for each entry, and need nothing but f, so they can judge a gradient made by hand.

    print(gradient_check(affine, x, w, b))
    print(gradient_check(conv2d, x, w, b, stride=2))
    print(gradient_check(bce_with_logits_loss, scores, targets, wrt="scores"))

Everything is computed in float64, whatever the dtype of the inputs, and on copies of them.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.slopes import ArgumentReport, GradientReport, Probe, precision, step_for

Array = NDArray[Any]


def numerical_gradient(f: Callable[[Array], Any], x: ArrayLike, h: float | None = None) -> Array:
    """Gradient of f at x by central differences, in float64 and in the shape of x.

    f takes an array like x and returns one number. x is not changed; integers in it count as
    float64. Each entry moves by h * max(1, |entry|), where h follows from the dtype that f returns
    (`step_for`) unless it is given. f is called twice for each entry.
    Raises TypeError for an x that holds no real numbers, ValueError if f returns an array.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "fiub":
        raise TypeError(f"x: expected real numbers; received dtype {x.dtype}; try float64")
    x = x.astype(np.float64)
    value = np.asarray(f(x.copy()))
    if value.ndim:
        raise ValueError(
            f"f: expected one number; received an array of shape {value.shape}; "
            f"try its sum, or gradient_check, which takes outputs of any shape"
        )
    h = _positive("h", h, value)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = h * max(1.0, abs(float(x[index])))
        ahead, behind = x.copy(), x.copy()
        ahead[index] += step
        behind[index] -= step
        gradient[index] = (float(f(ahead)) - float(f(behind))) / (2 * step)
    return gradient


def gradient_check(
    operation: Callable[..., Any],
    *args: Any,
    wrt: str | Sequence[str] = (),
    h: float | None = None,
    tolerance: float | None = None,
    seed: int = 0,
    **options: Any,
) -> GradientReport:
    """Compare the gradients of `out, backward = operation(*args, **options)` with measured slopes.

    Each array of floats among args is checked, integers are skipped; where floats among them have
    no gradient (targets, say), name in wrt those that have. An array out is weighed by a random
    upstream gradient, drawn from seed; for one number, backward() is called without it.
    An array of up to 400 entries is checked in all of them, a larger one in 50, and as a whole
    along 3 random directions. tolerance is the relative error that still agrees; it and h follow
    from the dtype of out (`step_for`) unless they are given.
    Raises TypeError or ValueError for an operation that cannot be checked: without arrays of
    floats, not a pair, not finite, not the same twice, with too few or too many gradients; and
    ValueError for a tolerance or an h that is not positive.
    """
    arrays = {i: _copy(value) for i, value in enumerate(args) if isinstance(value, np.ndarray)}
    title = getattr(operation, "__name__", "operation")

    def run(given: dict[int, Array]) -> tuple[Array, Callable[..., Any]]:
        result = operation(*[given.get(i, value) for i, value in enumerate(args)], **options)
        if not isinstance(result, tuple | list) or len(result) != 2 or not callable(result[1]):
            raise TypeError(
                f"{title}: expected (out, backward), a value and a function; "
                f"received {_describe(result)}; try `return out, backward`"
            )
        return np.asarray(result[0]), result[1]

    def output(given: dict[int, Array]) -> Array:
        copies = {i: value.copy() for i, value in (arrays | given).items()}
        return run(copies)[0].astype(np.float64)

    used = {i: value.copy() for i, value in arrays.items()}
    out, backward = run(used)
    here = out.astype(np.float64)
    _require_steady(title, here, output({}))

    rng = np.random.default_rng(seed)
    upstream = rng.standard_normal(out.shape) if out.ndim else np.ones(())
    dout = upstream.copy()
    gradients = backward(dout) if out.ndim or _takes_upstream(backward) else backward()
    names = _parameter_names(operation, len(args))
    matched = _match(title, gradients, arrays, names, wrt)

    reports = [
        ArgumentReport(names[i], before.shape, "input changed")
        for i, before in arrays.items()
        if not np.array_equal(before, used[i])
    ]
    if not np.array_equal(upstream, dout):
        reports.append(ArgumentReport("the upstream gradient", dout.shape, "input changed"))
    h, tolerance = _positive("h", h, out), _positive("tolerance", tolerance, out)
    rounding = 10 * precision(out.dtype) / h
    for i, gradient in matched.items():

        def moved(x: Array, position: int = i) -> Array:
            return output({position: x})

        gradient = np.asarray(gradient, dtype=np.float64)
        probe = Probe(moved, arrays[i], gradient, upstream, h, tolerance, here, rounding)
        reports.append(probe.report(names[i], rng))
    return GradientReport(title, tuple(reports))


def _copy(value: Array) -> Array:
    """A copy of an array, in float64 if it holds floats."""
    return value.astype(np.float64) if value.dtype.kind == "f" else value.copy()


def _positive(name: str, value: float | None, out: Array) -> float:
    """A step h or a tolerance, which must be positive, or the one for the dtype of the output."""
    value = step_for(out.dtype) if value is None else float(value)
    if not 0 < value < np.inf:
        raise ValueError(f"{name}: expected a positive number; received {value}; try 1e-5")
    return value


def _require_steady(title: str, first: Array, second: Array) -> None:
    """Raise a ValueError unless the output is finite and the same for the same input."""
    if not np.isfinite(first).all():
        raise ValueError(
            f"{title}: expected a finite output; received NaN or inf; try smaller inputs"
        )
    if first.shape != second.shape or not np.array_equal(first, second):
        raise ValueError(
            f"{title}: expected the same output for the same input; received two that differ; "
            f"try a fixed seed or mask inside the operation"
        )


def _takes_upstream(backward: Callable[..., Any]) -> bool:
    """True where backward cannot be called without an upstream gradient."""
    parameters = inspect.signature(backward).parameters.values()
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(p.kind in positional and p.default is p.empty for p in parameters)


def _parameter_names(operation: Callable[..., Any], count: int) -> list[str]:
    """Names of the first `count` positional arguments, 'argument 2' for those without one."""
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(operation).parameters.values()
    names = [p.name for p in parameters if p.kind in positional][:count]
    return names + [f"argument {i}" for i in range(len(names), count)]


def _match(
    title: str,
    gradients: Any,
    arrays: dict[int, Array],
    names: list[str],
    wrt: str | Sequence[str],
) -> dict[int, Any]:
    """The gradients by the position of the argument that each belongs to."""
    floats = [i for i, value in arrays.items() if value.dtype.kind == "f"]
    known = ", ".join(names[i] for i in floats)
    wanted = [wrt] if isinstance(wrt, str) else list(wrt)
    unknown = [name for name in wanted if name not in [names[i] for i in floats]]
    if unknown or not floats:
        raise ValueError(
            f"{title}: expected arrays of floats to check; received "
            f"{f'wrt={unknown[0]!r} beside {known}' if floats else 'none'}; "
            f"try passing arrays by position, as np.array([...], dtype=float)"
        )
    chosen = [i for i in floats if names[i] in wanted] if wanted else floats
    found = list(gradients) if isinstance(gradients, tuple | list) else [gradients]
    present = [gradient for gradient in found if gradient is not None]
    if len(found) == len(floats):
        pairs = dict(zip(floats, found, strict=True))
        return {i: pairs[i] for i in chosen if pairs[i] is not None}
    if len(present) == len(chosen):
        return dict(zip(chosen, present, strict=True))
    raise ValueError(
        f"{title}: expected {len(chosen)} gradients from backward, one for each of "
        f"{', '.join(names[i] for i in chosen)}; received {len(present)}; "
        f"try wrt={names[chosen[0]]!r} if the others have none"
    )


def _describe(result: Any) -> str:
    """What came back instead of a pair, in a few words."""
    if isinstance(result, tuple | list):
        return f"{len(result)} values ({', '.join(type(value).__name__ for value in result)})"
    return type(result).__name__
