"""Sizes: how many positions a filter takes along one side of an image.

A filter of F numbers slides over n numbers in steps of S, with P zeros added at each end. It takes
(n + 2P - F) / S + 1 positions. With dilation D the F numbers stand D apart and reach over
D (F - 1) + 1 numbers, which is what counts in place of F.

Where the division leaves a remainder the filter stops short of the end: the size is rounded down,
as it is in torch, and some of the input is never seen. `explain_size` says so in words.
"""

from operator import index


def reach(window: int, dilation: int = 1) -> int:
    """How many numbers a window spans from its first to its last: D (F - 1) + 1."""
    return dilation * (window - 1) + 1


def exact_size(n: int, window: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> float:
    """Positions of a filter along n numbers before rounding, such as 2.33.

    n, window, stride and dilation are 1 or more, pad 0 or more.
    Raises ValueError for other numbers and for a filter larger than the padded input.
    """
    sizes = {"n": n, "window": window, "stride": stride, "dilation": dilation}
    for name, value in {**sizes, "pad": pad}.items():
        least = 0 if name == "pad" else 1
        if index(value) < least:
            raise ValueError(f"{name}: expected {least} or more; received {value}; try {least}")
    span = reach(window, dilation)
    if span > n + 2 * pad:
        spans = "" if dilation == 1 else f" (which spans {span} with dilation {dilation})"
        padded = "" if pad == 0 else f" ({n + 2 * pad} with padding {pad})"
        raise ValueError(
            f"window: expected a filter no larger than the input of {n}{padded}; "
            f"received {window}{spans}; try a smaller window or pad={-(-(span - n) // 2)}"
        )
    return (n + 2 * pad - span) / stride + 1


def output_size(n: int, window: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    """Positions of a filter along n numbers, rounded down: (n + 2 pad - window) / stride + 1.

    Raises ValueError as `exact_size` does.
    """
    exact_size(n, window, stride, pad, dilation)
    return (n + 2 * pad - reach(window, dilation)) // stride + 1


def fits(n: int, window: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> bool:
    """Whether the last position of the filter ends exactly at the end of the padded input."""
    return exact_size(n, window, stride, pad, dilation).is_integer()


def explain_size(n: int, window: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> str:
    """The arithmetic of `output_size` as one sentence, with what is left over if anything is.

    Raises ValueError as `exact_size` does.
    """
    exact = exact_size(n, window, stride, pad, dilation)
    padding = f" + 2*{pad}" if pad else ""
    division = f"({n}{padding} - {reach(window, dilation)})/{stride} + 1 = {exact:.3g}"
    if exact.is_integer():
        return f"{division}: fits"
    left = (n + 2 * pad - reach(window, dilation)) % stride
    return f"{division}: does not fit; {int(exact)} positions, the last {left} of the input unseen"


def same_padding(window: int, dilation: int = 1) -> int:
    """Padding that keeps the size at stride 1: (window - 1) / 2 without dilation.

    Raises ValueError where it would not be a whole number, as for every even window at dilation 1.
    """
    span = reach(window, dilation)
    if span % 2 == 0:
        raise ValueError(f"window: expected an odd number; received {window}; try {window + 1}")
    return (span - 1) // 2


def transposed_size(
    n: int, window: int, stride: int = 1, pad: int = 0, output_pad: int = 0, dilation: int = 1
) -> int:
    """Size that a transposed convolution makes of n: (n - 1) stride - 2 pad + window + output_pad.

    It undoes `output_size`: of the inputs that a stride rounds down to n, output_pad chooses one.
    Raises ValueError where nothing would be left.
    """
    size = (n - 1) * stride - 2 * pad + reach(window, dilation) + output_pad
    if size < 1:
        raise ValueError(
            f"pad: expected padding that leaves some output; received {pad}, which leaves {size}; "
            f"try a smaller pad"
        )
    return size
