# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # a5: Convolution
#
# **What does a layer look like that knows an image is an image?**
#
# In this assignment you build one from nothing but NumPy: filters that slide, pooling, and the way back through both.
# At the end your own convolution learns to tell ten solids apart.
#
# It builds on lecture 07 and on the contract `out, backward` of assignment a1, takes four to six hours, and is worth 70 points.
#
# Each exercise has a cell for your answer and a test cell, and most have a free cell to try it.
# The test cell shows a table: what was checked, what passed, and what to do next.
# Hidden checks on other inputs decide most of the points; they run when the assignment is graded.

# %% [markdown]
# ## How answers are read
#
# - Values count, not style: four nested loops earn all the points of one matrix product.
# - Sizes come from the arguments: images and filters are often not square, and no two sizes need be the same.
# - Images are (N, C, H, W): N images of C channels, H rows and W columns. Filters are (F, C, KH, KW). They are `float64` or `float32`.
# - The arguments stay as they are: work on new arrays.
# - The work is your own, in NumPy: torch, and the convolutions, pools, sizes and counts of `strides`, are refused where an answer calls them.
# - Any function you wrote above may be called below, and you may add cells.
# - Until an exercise is done, its test cell says "not done yet" and nothing breaks.

# %% locked="setup"
import numpy as np

from strides.check import check

# %% [markdown]
# ## 1. How many places does a window have? (3 points)
#
# A window of `window` numbers slides along `n` numbers in steps of `stride`, with `pad` zeros added at **each** end.
# `output_size(n, window, stride, pad)` returns in how many places it stands, a whole number of type `int`.
#
# $$\left\lfloor \frac{n + 2\,\text{pad} - \text{window}}{\text{stride}} \right\rfloor + 1$$
#
# Two things can go wrong, and they are treated differently:
#
# - The last step would run over the end: the size is **rounded down**, and the numbers at the end are not seen. This is what torch does, and what every exercise below does.
# - The window is larger than all the numbers with their padding: there is no size at all. **Raise a `ValueError`.**
#
# **By hand.** With n = 32, window = 5, stride = 2 and pad = 1: (32 + 2 - 5) / 2 + 1 = 15.5, so the window has **15** places.


# %% solution="output_size"
def output_size(n, window, stride, pad):
    """Number of places of a window along n numbers, rounded down; ValueError where it has none."""
    ### BEGIN SOLUTION
    if window > n + 2 * pad:
        raise ValueError(f"a window of {window} does not fit into {n + 2 * pad} numbers")
    return (n + 2 * pad - window) // stride + 1
    ### END SOLUTION


# %%
# A cell to try it: which padding keeps 32 numbers at 32, for windows of 3, 5 and 7?

# %% test="output_size" points=3
score = check(output_size, "a5.output_size")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(output_size, "a5.output_size")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# A window of 5 starts at 0 in an input of 32.
# What is the last place where it can start, and how many starts are there up to that one?
# </details>
# <details><summary>Hint 2: which division?</summary>
#
# `/` gives a float, even where nothing is left over: `range(14.0)` is an error.
# `//` gives the whole number below.
# </details>

# %% [markdown]
# ## 2. Does it fit? (2 points)
#
# `fits(n, window, stride, pad)` returns `True` where the last place of the window ends exactly at the end of the padded input, and `False` where numbers are left over or the window is too large.
#
# **By hand.** n = 7, window = 3, stride = 3, pad = 0: (7 - 3) / 3 + 1 = 2.33.
# Two places cover the numbers 0 to 5, number 6 is never seen: **False**.


# %% solution="fits"
def fits(n, window, stride, pad):
    """Whether the last place of the window ends at the end of the padded input."""
    ### BEGIN SOLUTION
    rest = n + 2 * pad - window
    return rest >= 0 and rest % stride == 0
    ### END SOLUTION


# %%
# A cell to try it: which strides fit a window of 3 on 7 numbers?

# %% test="fits" points=2
score = check(fits, "a5.fits")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(fits, "a5.fits")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint: a question</summary>
#
# In Python, what is `-3 % 3`?
# </details>

# %% [markdown]
# ## The contract
#
# From here on an operation returns two things: its value, and a function for the way back.
#
# ```python
# out, backward = conv1d(x, w, b, stride, pad)
# dx, dw, db = backward(dout)
# ```
#
# `dout` has the shape of `out` and says how much the loss grows with each number of `out`.
# Each gradient has the shape of the array it belongs to.
# `backward` may be called more than once, and gives the same every time.
# Section 11 of lecture 07 takes this way back in one dimension, window by window.
#
# You can do the first half of an exercise first: while `backward` is missing, return `out, None`, and the rows on `out` are already checked.

# %% [markdown]
# ## 3. Convolution along a line (9 points)
#
# | argument | shape | |
# |---|---|---|
# | `x` | (N, C, W) | N signals of C channels |
# | `w` | (F, C, K) | F filters, each sees all channels |
# | `b` | (F,) | one bias for each filter |
# | `stride`, `pad` | | whole numbers; `pad` zeros at each end |
# | `out` | (N, F, OW) | OW is the size of exercise 1 |
#
# What ConvNets call convolution is **cross-correlation**: the filter is not flipped.
# With $\hat{x}$ the padded input and $s$ the stride,
#
# $$\text{out}_{nfj} = b_f + \sum_{c} \sum_{k} \hat{x}_{n, c,\, j s + k}\; w_{fck}.$$
#
# **By hand.** x = (1, 2, 4, 3), w = (1, 2, -1), b = 0.5, stride 1, pad 1.
# The padded input is (0, 1, 2, 4, 3, 0), and its windows give 0, 1, 7 and 10: out = **(0.5, 1.5, 7.5, 10.5)**.
#
# The way back for dout = (1, 0, 0, 2): the first window, once, and the last, twice, make
# dw = (0, 1, 2) + 2 (4, 3, 0) = **(8, 7, 2)**, and db = 1 + 2 = **3**.
# Into the padded input goes the filter, once at 0 and twice at 3: (1, 2, -1, 2, 4, -2); without its padding dx = **(2, -1, 2, 4)**.


# %% solution="conv1d"
def conv1d(x, w, b, stride=1, pad=0):
    """Cross-correlation of x (N, C, W) with filters w (F, C, K), plus b (F,).

    Returns out (N, F, OW) and backward; backward(dout) returns dx, dw, db.
    """
    ### BEGIN SOLUTION
    width, k = x.shape[2], w.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad)))
    places = stride * np.arange(output_size(width, k, stride, pad))
    out = sum(np.einsum("ncj,fc->nfj", padded[:, :, places + i], w[:, :, i]) for i in range(k))
    out = out + b[:, None]

    def backward(dout):
        dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
        for i in range(k):
            dw[:, :, i] = np.einsum("ncj,nfj->fc", padded[:, :, places + i], dout)
            dpadded[:, :, places + i] += np.einsum("nfj,fc->ncj", dout, w[:, :, i])
        return dpadded[:, :, pad : pad + width], dw, dout.sum(axis=(0, 2))

    return out, backward
    ### END SOLUTION


# %%
# A cell to try it: what does the filter (1, 0, -1) find in a step, (0, 0, 0, 1, 1, 1)?

# %% test="conv1d" points=9
score = check(conv1d, "a5.conv1d")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(conv1d, "a5.conv1d")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Where does the window of output j begin in the padded input, and which numbers does `padded[n, :, j * stride : j * stride + K]` hold?
# </details>
# <details><summary>Hint 2: the way back</summary>
#
# One output is a dot product plus a bias: `out[n, f, j] = np.sum(window * w[f]) + b[f]`.
# How much does it grow with each number of the window, with each weight, and with the bias?
# Go through all outputs once more, and **add** what each sends: to its window `dout * w[f]`, to its filter `dout * window`, to its bias `dout`.
# </details>
# <details><summary>Hint 3: cutting off the padding</summary>
#
# Add up in an array of the padded shape, and return `dpadded[:, :, pad : pad + W]`.
# `dpadded[:, :, pad:-pad]` is empty for pad = 0. Do you see why?
# </details>

# %% [markdown]
# ## 4. Convolution of images, there and back (17 points)
#
# | argument | shape | |
# |---|---|---|
# | `x` | (N, C, H, W) | N images of C channels |
# | `w` | (F, C, KH, KW) | F filters, rows before columns |
# | `b` | (F,) | one bias for each filter |
# | `stride`, `pad` | | whole numbers, the same for rows and columns |
# | `out` | (N, F, OH, OW) | sizes of exercise 1, one for each side |
#
# $$\text{out}_{nfij} = b_f + \sum_{c} \sum_{k} \sum_{l} \hat{x}_{n, c,\, i s + k,\, j s + l}\; w_{fckl}$$
#
# Seven points are for `out`, eight for `dx, dw, db = backward(dout)`, one for other sizes, and one for the example.
#
# **By hand.** One image, one channel, one filter, b = 1, stride 1, pad 0:
#
# $$x = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 3 \\ 2 & 1 & 1 \end{pmatrix} \quad
#   w = \begin{pmatrix} 1 & 0 \\ 2 & -1 \end{pmatrix} \quad
#   \text{out} = \begin{pmatrix} 1 & 2 \\ 4 & 3 \end{pmatrix}$$
#
# The first number: 1 * 1 + 2 * 0 + 0 * 2 + 1 * (-1) + 1 = 1.
# The way back:
#
# $$\text{dout} = \begin{pmatrix} 1 & 0 \\ 0 & 2 \end{pmatrix} \quad
#   \text{dw} = 1 \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix} + 2 \begin{pmatrix} 1 & 3 \\ 1 & 1 \end{pmatrix}
#   = \begin{pmatrix} 3 & 8 \\ 2 & 3 \end{pmatrix} \quad
#   \text{dx} = \begin{pmatrix} 1 & 0 & 0 \\ 2 & 1 & 0 \\ 0 & 4 & -2 \end{pmatrix}$$
#
# and db = 1 + 2 = 3.
# In the middle of dx two windows meet: -1 from the first and 2 * 1 from the last.


# %% solution="conv2d"
def conv2d(x, w, b, stride=1, pad=0):
    """Cross-correlation of x (N, C, H, W) with filters w (F, C, KH, KW), plus b (F,).

    Returns out (N, F, OH, OW) and backward; backward(dout) returns dx, dw, db.
    """
    ### BEGIN SOLUTION
    height, width = x.shape[2:]
    kh, kw = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh, ow = output_size(height, kh, stride, pad), output_size(width, kw, stride, pad)

    def seen_at(i, j):
        """What weight (i, j) of a filter meets, in all places at once."""
        return ..., slice(i, i + stride * oh, stride), slice(j, j + stride * ow, stride)

    out = np.zeros((len(x), len(w), oh, ow), x.dtype) + b[:, None, None]
    for i, j in np.ndindex(kh, kw):
        out += np.einsum("nchw,fc->nfhw", padded[seen_at(i, j)], w[:, :, i, j], optimize=True)

    def backward(dout):
        dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
        for i, j in np.ndindex(kh, kw):
            seen = padded[seen_at(i, j)]
            dw[:, :, i, j] = np.einsum("nchw,nfhw->fc", seen, dout, optimize=True)
            dpadded[seen_at(i, j)] += np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j], optimize=True)
        dx = dpadded[:, :, pad : pad + height, pad : pad + width]
        return dx, dw, dout.sum(axis=(0, 2, 3))

    return out, backward
    ### END SOLUTION


# %%
# A cell to try it: which gradient do you get where dout is all ones?

# %% test="conv2d" points=17
score = check(conv2d, "a5.conv2d")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(conv2d, "a5.conv2d")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Four loops name one output: image n, filter f, row i, column j.
# Which numbers of the padded image does it see, and what shape do they have together?
# </details>
# <details><summary>Hint 2: the window</summary>
#
# `padded[n, :, i * stride : i * stride + KH, j * stride : j * stride + KW]` has the shape of `w[f]`.
# </details>
# <details><summary>Hint 3: the way back</summary>
#
# The same four loops, the same windows: add `dout[n, f, i, j] * w[f]` to the window of `dpadded`, `dout[n, f, i, j] * window` to `dw[f]`, and `dout[n, f, i, j]` to `db[f]`.
# Always `+=`: windows overlap, and a filter is used in every place.
# </details>

# %% [markdown]
# ## 5. Bug hunt: name the slip (1 point)
#
# A colleague loops over the weights of a filter instead of its places, and gets all places at once.
# One line of their `conv2d` is wrong.
# They report:
#
# - `out`, `dw` and `db` always agree with yours;
# - `dx` agrees for filters of 2 x 2 with stride 2, and for filters of 1 x 1;
# - `dx` is wrong for filters of 3 x 3 with stride 1, with padding and without.


# %% locked="colleague"
def conv2d_of_a_colleague(x, w, b, stride=1, pad=0):
    """Cross-correlation, with a slip in one of the lines a to f."""
    (n, _, height, width), (f, _, kh, kw) = x.shape, w.shape
    oh, ow = (height + 2 * pad - kh) // stride + 1, (width + 2 * pad - kw) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))  # a

    def places(i, j):
        return ..., slice(i, i + stride * oh, stride), slice(j, j + stride * ow, stride)

    out = np.zeros((n, f, oh, ow)) + b[:, None, None]  # b
    for i, j in np.ndindex(kh, kw):
        out += np.einsum("nchw,fc->nfhw", padded[places(i, j)], w[:, :, i, j])

    def backward(dout):
        dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
        for i, j in np.ndindex(kh, kw):
            dw[:, :, i, j] = np.einsum("nchw,nfhw->fc", padded[places(i, j)], dout)  # c
            dpadded[places(i, j)] = np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])  # d
        dx = dpadded[:, :, pad : pad + height, pad : pad + width]  # e
        return dx, dw, dout.sum(axis=(0, 2, 3))  # f

    return out, backward


# %% solution="slip"
# The letter of the wrong line: "a" to "f".
slip = (
    ### BEGIN SOLUTION
    "d"
    ### END SOLUTION
)

# %% test="slip" points=1
score = check(slip, "a5.slip")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(slip, "a5.slip")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 6. Bug hunt: mend it (4 points)
#
# Copy the colleague's function under the name `mended_conv2d` and mend it.
# The rest may stay as it is.
#
# **By hand.** Image (1, 1, 1), filter (2, 3), no bias: out = **(5, 5)**.
# With dout = (1, 1) the middle number is seen by both windows, once through the 2 and once through the 3: dx = **(2, 5, 3)**.


# %% solution="mended_conv2d"
def mended_conv2d(x, w, b, stride=1, pad=0):
    """The colleague's cross-correlation, mended: returns out, backward."""
    ### BEGIN SOLUTION
    (n, _, height, width), (f, _, kh, kw) = x.shape, w.shape
    oh, ow = (height + 2 * pad - kh) // stride + 1, (width + 2 * pad - kw) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))

    def places(i, j):
        return ..., slice(i, i + stride * oh, stride), slice(j, j + stride * ow, stride)

    out = np.zeros((n, f, oh, ow)) + b[:, None, None]
    for i, j in np.ndindex(kh, kw):
        out += np.einsum("nchw,fc->nfhw", padded[places(i, j)], w[:, :, i, j])

    def backward(dout):
        dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
        for i, j in np.ndindex(kh, kw):
            dw[:, :, i, j] = np.einsum("nchw,nfhw->fc", padded[places(i, j)], dout)
            dpadded[places(i, j)] += np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])
        dx = dpadded[:, :, pad : pad + height, pad : pad + width]
        return dx, dw, dout.sum(axis=(0, 2, 3))

    return out, backward
    ### END SOLUTION


# %%
# A cell to try it: compare it with your own conv2d.

# %% test="mended_conv2d" points=4
score = check(mended_conv2d, "a5.mended_conv2d")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(mended_conv2d, "a5.mended_conv2d")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# For a filter of 2 x 2 with stride 2, how many windows see one pixel?
# And for 3 x 3 with stride 1?
# </details>
# <details><summary>Hint 2: who wins?</summary>
#
# Two weights meet the same pixel in different places.
# What is left in that pixel after the second of them?
# </details>

# %% [markdown]
# ## 7. Max pooling (9 points)
#
# `max_pool2d(x, window, stride)` keeps the largest number of every window, channel by channel; `window` and `stride` are whole numbers, the same for rows and columns.
# There is no padding, sizes are rounded down, windows may overlap, and there may be gaps between them.
#
# | | shape | |
# |---|---|---|
# | `x` | (N, C, H, W) | |
# | `out` | (N, C, OH, OW) | the number of channels stays |
# | `dout` | (N, C, OH, OW) | |
# | `backward(dout)` | (N, C, H, W) | `dx`: each number of `dout` goes to where the largest number was |
#
# In the tests the largest number of a window stands there once.
#
# **By hand.** Window 2, stride 2:
#
# $$x = \begin{pmatrix} 1 & 1 & 2 & 4 \\ 5 & 6 & 7 & 8 \\ 3 & 2 & 1 & 0 \\ 1 & 2 & 3 & 4 \end{pmatrix} \quad
#   \text{out} = \begin{pmatrix} 6 & 8 \\ 3 & 4 \end{pmatrix} \quad
#   \text{dout} = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \quad
#   \text{dx} = \begin{pmatrix} 0 & 0 & 0 & 0 \\ 0 & 1 & 0 & 2 \\ 3 & 0 & 0 & 0 \\ 0 & 0 & 0 & 4 \end{pmatrix}$$


# %% solution="max_pool2d"
def max_pool2d(x, window, stride):
    """The largest number of every window of x (N, C, H, W).

    Returns out (N, C, OH, OW) and backward; backward(dout) returns dx.
    """
    ### BEGIN SOLUTION
    n, c, height, width = x.shape
    oh, ow = output_size(height, window, stride, 0), output_size(width, window, stride, 0)
    out, winners = np.zeros((n, c, oh, ow), x.dtype), {}
    for i, j in np.ndindex(oh, ow):
        top, left = i * stride, j * stride
        seen = x[:, :, top : top + window, left : left + window].reshape(n, c, -1)
        out[:, :, i, j] = seen.max(axis=2)
        down, right = np.divmod(seen.argmax(axis=2), window)
        winners[i, j] = top + down, left + right

    def backward(dout):
        dx = np.zeros_like(x)
        images, channels = np.arange(n)[:, None], np.arange(c)
        for (i, j), (rows, columns) in winners.items():
            dx[images, channels, rows, columns] += dout[:, :, i, j]
        return dx

    return out, backward
    ### END SOLUTION


# %%
# A cell to try it: what should the largest of (-3, -1, -2, -4) be?

# %% test="max_pool2d" points=9
score = check(max_pool2d, "a5.max_pool2d")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(max_pool2d, "a5.max_pool2d")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# If the largest number of a window grows by a little, how much does `out` grow?
# And if another number of the window does?
# </details>
# <details><summary>Hint 2: finding the winner</summary>
#
# For one window, `np.argmax(seen)` is a place in the flattened window; `np.unravel_index(place, seen.shape)` turns it into a row and a column of the window.
# Where is that in the image?
# </details>
# <details><summary>Hint 3: what can go wrong</summary>
#
# One number can win several windows when they overlap, so add with `+=`.
# A running maximum that starts at 0 is wrong where all numbers are negative.
# </details>

# %% [markdown]
# ## 8. Average pooling (5 points)
#
# `avg_pool2d(x, window, stride)` takes the mean of every window.
# Everything else is as in exercise 7.
#
# **By hand.** Window 2, stride 1:
#
# $$x = \begin{pmatrix} 1 & 3 & 5 \\ 5 & 7 & 9 \end{pmatrix} \quad
#   \text{out} = (4, 6) \quad \text{dout} = (4, 8) \quad
#   \text{dx} = \begin{pmatrix} 1 & 3 & 2 \\ 1 & 3 & 2 \end{pmatrix}$$


# %% solution="avg_pool2d"
def avg_pool2d(x, window, stride):
    """The mean of every window of x (N, C, H, W).

    Returns out (N, C, OH, OW) and backward; backward(dout) returns dx.
    """
    ### BEGIN SOLUTION
    oh, ow = (output_size(side, window, stride, 0) for side in x.shape[2:])
    out = np.zeros((*x.shape[:2], oh, ow), x.dtype)
    windows = {
        (i, j): np.s_[:, :, i * stride : i * stride + window, j * stride : j * stride + window]
        for i, j in np.ndindex(oh, ow)
    }
    for (i, j), where in windows.items():
        out[:, :, i, j] = x[where].mean(axis=(2, 3))

    def backward(dout):
        dx = np.zeros_like(x)
        for (i, j), where in windows.items():
            dx[where] += dout[:, :, i, j, None, None] / window**2
        return dx

    return out, backward
    ### END SOLUTION


# %%
# A cell to try it: what is the sum of dx, compared with the sum of dout?

# %% test="avg_pool2d" points=5
score = check(avg_pool2d, "a5.avg_pool2d")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(avg_pool2d, "a5.avg_pool2d")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint: a question</summary>
#
# A number of a window grows by 1: how much does the mean grow?
# So what share of `dout` does each number of its window get?
# </details>

# %% [markdown]
# ## 9. Windows as columns: im2col (5 points)
#
# Loops over places are slow in Python.
# `im2col(x, kh, kw, stride, pad)` copies every window into a column, so that one matrix product does the work of all places.
#
# | | shape | |
# |---|---|---|
# | `x` | (N, C, H, W) | images, padded by `pad` zeros on each side before windows are taken |
# | returns | (N, C * KH * KW, OH * OW) | one column for each place |
#
# **The order counts here.** Down a column: channel by channel, then row by row of the window, then its columns, as `window.ravel()` gives them.
# From column to column: places row by row.
#
# **By hand.** kh = kw = 2, stride 1, pad 0:
#
# $$\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix} \quad \to \quad
#   \begin{pmatrix} 1 & 2 \\ 2 & 3 \\ 4 & 5 \\ 5 & 6 \end{pmatrix}$$


# %% solution="im2col"
def im2col(x, kh, kw, stride=1, pad=0):
    """Every window of x (N, C, H, W) as a column: (N, C * KH * KW, OH * OW)."""
    ### BEGIN SOLUTION
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh = output_size(x.shape[2], kh, stride, pad)
    ow = output_size(x.shape[3], kw, stride, pad)
    columns = [
        padded[:, :, i : i + kh, j : j + kw].reshape(len(x), -1)
        for i in range(0, stride * oh, stride)
        for j in range(0, stride * ow, stride)
    ]
    return np.stack(columns, axis=2)
    ### END SOLUTION


# %%
# A cell to try it: how many times larger than x are its columns, for a window of 3 x 3?

# %% test="im2col" points=5
score = check(im2col, "a5.im2col")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(im2col, "a5.im2col")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint: a question</summary>
#
# Place (i, j) is column number `i * OW + j`.
# What does `padded[n, :, top : top + kh, left : left + kw].ravel()` hold, and in which order?
# </details>

# %% [markdown]
# ## 10. And back again: col2im (4 points)
#
# `col2im(columns, shape, kh, kw, stride, pad)` adds each number of `columns` (N, C * KH * KW, OH * OW) to the pixel that `im2col` copied it from, and returns images of `shape` (N, C, H, W).
# What falls on padding is dropped.
#
# It is the **adjoint** of im2col: for all x and v, `np.sum(im2col(x, ...) * v)` equals `np.sum(x * col2im(v, ...))`.
# So it is also the way back through im2col.
#
# **By hand.** The columns of exercise 9 come back as
#
# $$\begin{pmatrix} 1 & 2 + 2 & 3 \\ 4 & 5 + 5 & 6 \end{pmatrix} =
#   \begin{pmatrix} 1 & 4 & 3 \\ 4 & 10 & 6 \end{pmatrix}.$$
#
# The middle pixels were in two windows.
# col2im adds; it does not undo.


# %% solution="col2im"
def col2im(columns, shape, kh, kw, stride=1, pad=0):
    """Add columns (N, C * KH * KW, OH * OW) to the pixels they came from: images of this shape."""
    ### BEGIN SOLUTION
    n, c, height, width = shape
    oh, ow = output_size(height, kh, stride, pad), output_size(width, kw, stride, pad)
    apart = columns.reshape(n, c, kh, kw, oh, ow)
    images = np.zeros((n, c, height + 2 * pad, width + 2 * pad), columns.dtype)
    for i, j in np.ndindex(oh, ow):
        top, left = i * stride, j * stride
        images[:, :, top : top + kh, left : left + kw] += apart[..., i, j]
    return images[:, :, pad : pad + height, pad : pad + width]
    ### END SOLUTION


# %%
# A cell to try it: test the two sums above on random x and v.

# %% test="col2im" points=4
score = check(col2im, "a5.col2im")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(col2im, "a5.col2im")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint: a question</summary>
#
# `columns[n, :, i * OW + j].reshape(C, KH, KW)` is a window.
# Where in an array of the padded shape does it belong, and what happens where two windows meet?
# </details>

# %% [markdown]
# ## 11. In order: a convolution as one product (2 points)
#
# With the columns a convolution is one matrix product for each image.
# Five of these seven lines make it; two do not belong.
#
# ```python
# def fast_conv2d(x, w, b, stride, pad, oh, ow):
#     (n, c, _, _), (f, _, kh, kw) = x.shape, w.shape
# ```
#
# | | line |
# |---|---|
# | **a** | `columns = im2col(x, kh, kw, stride, pad)` |
# | **b** | `rows = w.reshape(f, c * kh * kw)` |
# | **c** | `out = rows @ columns` |
# | **d** | `out = out + b[:, None]` |
# | **e** | `return out.reshape(n, f, oh, ow)` |
# | **f** | `rows = w.reshape(c * kh * kw, f).T` |
# | **g** | `out = out + b[None, :]` |
#
# Give the letters in the order of the lines, such as `["g", "a", "f"]`.
# Every order that runs and is right counts.

# %% solution="product_order"
# A list of letters.
product_order = (
    ### BEGIN SOLUTION
    ["a", "b", "c", "d", "e"]
    ### END SOLUTION
)

# %%
# A cell to try it: write the function and compare it with your conv2d.

# %% test="product_order" points=2
score = check(product_order, "a5.product_order")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(product_order, "a5.product_order")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint: a question</summary>
#
# Which shapes do the two factors have, and which shape has their product before the bias?
# </details>

# %% [markdown]
# ## Nets as lists
#
# In the next two exercises a net is a list of layers, first layer first:
#
# ```python
# net = [
#     {"kind": "conv", "filters": 10, "window": 5, "stride": 1, "pad": 2},
#     {"kind": "pool", "window": 2, "stride": 2},
#     {"kind": "affine", "outputs": 10},
# ]
# ```
#
# Windows are square, convolutions have a bias, and pooling has no padding and no parameters.
# Sizes are rounded down.

# %% [markdown]
# ## 12. How far does a number see? (3 points)
#
# `receptive_field(layers)` returns how many input pixels, along one side, can change one number of the last layer's output: a whole number.
# The list has convolutions and pools only, and padding counts as pixels.
#
# **By hand.** A convolution with window 5 and stride 1, a pool with window 2 and stride 2, a convolution with window 3 and stride 1.
# After the first layer a number sees 5 pixels.
# The pool takes two neighbours, 1 pixel apart: 6 pixels.
# Its outputs are 2 pixels apart, so the three that the last layer sees reach 2 * 2 pixels further: **10**.


# %% solution="receptive_field"
def receptive_field(layers):
    """How many input pixels along one side one output of the last layer depends on."""
    ### BEGIN SOLUTION
    field, jump = 1, 1
    for layer in layers:
        field += (layer["window"] - 1) * jump
        jump *= layer["stride"]
    return field
    ### END SOLUTION


# %%
# A cell to try it: one layer with window 7, or three with window 3?

# %% test="receptive_field" points=3
score = check(receptive_field, "a5.receptive_field")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(receptive_field, "a5.receptive_field")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Two neighbouring outputs of a layer with stride 2 look at windows of its input.
# How far apart do those windows begin, and how far apart after a second layer with stride 2?
# </details>
# <details><summary>Hint 2: two numbers to carry along</summary>
#
# Keep the field so far and the distance in pixels between neighbours, both 1 at the start.
# A layer adds (window - 1) times the distance to the field; then the distance grows by its stride.
# </details>

# %% [markdown]
# ## 13. How many parameters? (3 points)
#
# `parameter_count(shape, layers)` returns how many weights and biases a net has, for images of `shape` (C, H, W): a whole number.
# An affine layer takes all the numbers it is given, C * H * W of an image, as one row.
#
# **By hand.** The net above, on images (3, 32, 32).
# Ten filters of 3 * 5 * 5 weights and a bias: 760.
# Their output is (10, 32, 32), the pool makes (10, 16, 16), which is 2560 numbers.
# The affine layer has 2560 * 10 weights and 10 biases: 25,610.
# Together **26,370**.


# %% solution="parameter_count"
def parameter_count(shape, layers):
    """Number of weights and biases of a net for images of shape (C, H, W)."""
    ### BEGIN SOLUTION
    count = 0
    for layer in layers:
        inputs = int(np.prod(shape))
        if layer["kind"] == "affine":
            shape = (layer["outputs"],)
            count += (inputs + 1) * layer["outputs"]
            continue
        channels, *sides = shape
        window, pad = layer["window"], layer.get("pad", 0)
        if layer["kind"] == "conv":
            count += (channels * window**2 + 1) * layer["filters"]
            channels = layer["filters"]
        shape = (channels, *(output_size(n, window, layer["stride"], pad) for n in sides))
    return count
    ### END SOLUTION


# %%
# A cell to try it: which layer of a net has the most parameters?

# %% test="parameter_count" points=3
score = check(parameter_count, "a5.parameter_count")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(parameter_count, "a5.parameter_count")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint: a question</summary>
#
# Which two things does a convolution hand on to the next layer: how many channels, and of which size?
# And which of them does a pool change?
# </details>

# %% [markdown]
# ## 14. A ConvNet of your own (3 points)
#
# Ten solids, drawn by the course: a cube, a cone, a torus and so on, in any colour and light.
# `classify_solids(x, y, x_new)` trains a net on `x` and `y` and returns a label for each image of `x_new`.
#
# | | shape | |
# |---|---|---|
# | `x` | (800, 3, 16, 16) | images of `float32` between 0 and 1 |
# | `y` | (800,) | labels, whole numbers from 0 to 9 |
# | `x_new` | (M, 3, 16, 16) | images to label |
# | returns | (M,) | whole numbers from 0 to 9 |
#
# The convolution and the pooling are **your own**, `conv2d` and `max_pool2d` from above (or a faster one that you make of your `im2col`); everything else comes from the library.
# Two points are for **at least 58%** of the labels right on 400 images that you have not seen, within two minutes.
# One point is for a label for each image, whatever it is.
# A linear classifier reaches about 55%.
#
# Your operations go into the net with `operation=`:
#
# ```python
# Conv2d(3, 8, 5, rng, operation=conv2d, stride=2, pad=2)  # 3 channels, 8 filters of 5 x 5
# Layer(max_pool2d, window=3, stride=1)
# ```
#
# `Trainer(net, Adam(0.005), batch_size=25).fit(x, y, epochs=10)` trains, and `net(x_new)` gives scores (M, 10).
# Images with mean 0 and spread 1 train faster than images between 0 and 1.
# With four nested loops, one epoch of 8 filters takes about ten seconds: measure one epoch first, and look at hint 3 if your time runs out.


# %% solution="classify_solids"
def classify_solids(x, y, x_new):
    """Train a ConvNet on x (N, 3, 16, 16) and y (N,), and return labels for x_new (M,)."""
    from strides.activations import relu
    from strides.layers import flatten
    from strides.nets import Conv2d, Layer, Linear, Sequential
    from strides.optim import Adam
    from strides.training import Trainer

    ### BEGIN SOLUTION
    rng = np.random.default_rng(0)
    mean, std = x.mean(), x.std()
    net = Sequential(
        Conv2d(3, 16, 5, rng, operation=conv2d, stride=2, pad=2),
        relu,
        Layer(max_pool2d, window=3, stride=1),
        flatten,
        Linear(16 * 6 * 6, 10, rng),
    )
    Trainer(net, Adam(0.005), batch_size=25, progress=False).fit((x - mean) / std, y, epochs=12)
    return net((x_new - mean) / std).argmax(axis=1)
    ### END SOLUTION


# %% [markdown]
# Measure before you hand it in: the next cell makes such images, for training and for validation, and the cell after it is yours.


# %% locked="images_of_solids"
def images_of_solids(split, size):
    """Images (size, 3, 16, 16) between 0 and 1, and their labels."""
    from strides.data import solids

    found = solids(split, size=size)
    blocks = found.images.reshape(size, 3, 16, 2, 16, 2) / 255
    return blocks.mean(axis=(3, 5)).astype(np.float32), found.labels


# %%
# A cell to try it:
#   x, y = images_of_solids("train", 800)
#   x_new, y_new = images_of_solids("val", 400)
#   np.mean(classify_solids(x, y, x_new) == y_new)

# %% test="classify_solids" points=3
score = check(classify_solids, "a5.classify_solids")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(classify_solids, "a5.classify_solids")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a net that is enough</summary>
#
# One convolution with 8 or 16 filters of 5 x 5, `relu`, one pool, `flatten`, and `Linear(inputs, 10, rng)`.
# Exercise 1 tells you how many inputs the last layer has.
# </details>
# <details><summary>Hint 2: it does not learn</summary>
#
# Does the loss fall on 25 images that it sees again and again?
# If not, a gradient is wrong: look at the table of exercise 4 or 7.
# If it does, and new images are still wrong: more epochs, or another learning rate.
# </details>
# <details><summary>Hint 3: it is slow</summary>
#
# Exercise 11 holds a faster `out`; its way back is two products and `col2im`.
# Or loop over the KH * KW weights of a filter, as the colleague of exercise 5 does, in place of the places.
# </details>

# %% [markdown]
# ## What you can do now
#
# - Say which size, how many parameters and how far a view a layer has, before you build it.
# - Write a convolution and its gradient, with padding, strides and filters of any shape.
# - Send gradients back through pooling, overlapping windows too.
# - Turn a convolution into a matrix product, and know what that costs.
# - Train a ConvNet that you have built from the first line.
#
# **Next:** the net above is one layer deep. What keeps the numbers in a deep net in a sound range? That is assignment a6.
