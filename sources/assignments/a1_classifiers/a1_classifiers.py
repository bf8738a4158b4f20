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
# # a1: Classifiers
#
# **How far do two simple ideas go: "look at the nearest example" and "draw a straight line"?**
#
# In this assignment you build both from nothing but NumPy, train the second, and check every gradient you derive.
#
# It builds on lecture 03, takes three to five hours, and is worth 60 points.
# What it takes from lectures 01 and 02, which are still to come, stands in the exercises.
# The lecture's `X` and `W` are `x` and `w` here, and log is the natural logarithm.
#
# Each exercise has a cell for your answer and a test cell, and most have a free cell to try it.
# The test cell shows a table: what was checked, what passed, and what to do next.
# Hidden checks on other inputs decide most of the points; they run when the assignment is graded.

# %% [markdown]
# ## How answers are read
#
# - Values count, not style: a loop that is right earns all the points of a vectorised line.
# - Sizes come from the arguments: tests use many shapes, and where an exercise says so `float32`, whole numbers or `uint8`.
# - The arguments stay as they are, unless an exercise says otherwise: work on new arrays.
# - The work is your own, in NumPy: torch, or a function of `strides` that does the same, is refused where an answer calls it.
# - Any function you wrote above may be called below, and you may add cells.
# - Until an exercise is done, its test cell says "not done yet" and nothing breaks.

# %% locked="setup"
import numpy as np

from strides.check import check

# %% [markdown]
# ## 1. Distances between all pairs of points (6 points)
#
# `pairwise_distances(x, z)` returns the Euclidean distance of every row of `x` to every row of `z`.
#
# | argument | shape | |
# |---|---|---|
# | `x` | (M, D) | numbers of any type, images of type `uint8` too |
# | `z` | (N, D) | likewise |
# | returns | (M, N) | entry (i, j) belongs to `x[i]` and `z[j]` |
#
# **By hand.** The rows of `x` are (0, 0) and (3, 4), the rows of `z` are (3, 0), (0, 0) and (3, 4).
# From (3, 4) to (0, 0) it is $\sqrt{3^2 + 4^2} = 5$, and all six distances are
#
# $$\begin{pmatrix} 3 & 0 & 5 \\ 4 & 5 & 0 \end{pmatrix}.$$


# %% solution="pairwise_distances"
def pairwise_distances(x, z):
    """Euclidean distances between the rows of x (M, D) and the rows of z (N, D), shape (M, N)."""
    ### BEGIN SOLUTION
    x, z = x.astype(np.float64), z.astype(np.float64)
    squares = (x**2).sum(axis=1, keepdims=True) + (z**2).sum(axis=1) - 2 * x @ z.T
    return np.sqrt(np.maximum(squares, 0))
    ### END SOLUTION


# %%
# A cell to try it: your own numbers.

# %% test="pairwise_distances" points=6
score = check(pairwise_distances, "a1.pairwise_distances")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(pairwise_distances, "a1.pairwise_distances")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What does the distance of one row to one other row take?
# Two loops around that line are a right answer.
# </details>
# <details><summary>Hint 2: without loops</summary>
#
# Write $\lVert x - z \rVert^2 = \lVert x \rVert^2 + \lVert z \rVert^2 - 2\, x \cdot z$.
# Which of the three terms is a column, which a row, and which a matrix product?
# </details>
# <details><summary>Hint 3: what can go wrong</summary>
#
# `uint8` wraps round below 0 and above 255, so turn the arguments into `float64` first.
# Rounding can leave a squared distance of -1e-12, whose root is `nan`: `np.maximum(squares, 0)` mends that.
# </details>

# %% [markdown]
# ## 2. The vote of the nearest neighbours (5 points)
#
# `knn_predict(distances, y, k)` returns a label for each row of `distances`: the most frequent label among the `k` nearest training points.
#
# | argument | shape | |
# |---|---|---|
# | `distances` | (M, N) | distances of M new points to N training points |
# | `y` | (N,) | labels of the training points, whole numbers from 0 |
# | `k` | | how many neighbours vote |
# | returns | (M,) | the labels |
#
# Tests have no ties, neither between distances nor between votes.
#
# **By hand.** Row (1, 5, 2, 9) with labels (0, 1, 0, 1) and k = 3: the nearest are points 0, 2 and 1, with labels 0, 0 and 1, so 0 wins two to one.
# Row (7, 3, 4, 1): the nearest are points 3, 1 and 2, with labels 1, 1 and 0, so 1 wins.


# %% solution="knn_predict"
def knn_predict(distances, y, k):
    """The most frequent label among the k nearest of N training points, for each of M rows."""
    ### BEGIN SOLUTION
    nearest = np.argsort(distances, axis=1)[:, :k]
    return np.array([np.bincount(labels).argmax() for labels in y[nearest]])
    ### END SOLUTION


# %%
# A cell to try it: your own numbers.

# %% test="knn_predict" points=5
score = check(knn_predict, "a1.knn_predict")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(knn_predict, "a1.knn_predict")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `np.argsort` returns places, not distances.
# What do you get when you index `y` with the first k places of a row?
# </details>
# <details><summary>Hint 2: counting</summary>
#
# `np.bincount` counts how often each whole number occurs.
# Which of its entries do you want: the largest count, or where it stands?
# </details>

# %% [markdown]
# ## 3. Standardising the inputs (3 points)
#
# `standardise(train, other)` shifts and scales each feature so that the training set has mean 0 and standard deviation 1, and does **the same** to another set.
#
# | argument | shape | |
# |---|---|---|
# | `train` | (N, D) | the training set |
# | `other` | (M, D) | a validation or test set |
# | returns | (N, D), (M, D) | `train_z, other_z` |
#
# The standard deviation divides by N, as `np.std` does; no feature in the tests is constant.
#
# **By hand.** The training rows (0, 10) and (2, 30) have mean (1, 20) and standard deviation (1, 10).
# They become (-1, -1) and (1, 1), and the other row (3, 20) becomes (2, 0).


# %% solution="standardise"
def standardise(train, other):
    """Both sets, shifted and scaled by the mean and standard deviation of train's columns."""
    ### BEGIN SOLUTION
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (other - mean) / std
    ### END SOLUTION


# %%
# A cell to try it: what would change if `other` used its own mean?

# %% test="standardise" points=3
score = check(standardise, "a1.standardise")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(standardise, "a1.standardise")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint: a question</summary>
#
# A test image arrives alone, tomorrow.
# Whose mean and spread are known by then?
# </details>

# %% [markdown]
# ## 4. The numerical gradient (6 points)
#
# Before you derive a gradient, build the tool that checks it.
# `numerical_gradient(f, x, h)` moves one entry of `x` at a time by `h` to either side:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}.$$
#
# | argument | shape | |
# |---|---|---|
# | `f` | | a function of an array that returns one number |
# | `x` | any shape | of `float64`, `float32` or whole numbers |
# | `h` | | the step; the tests leave it at 1e-5 |
# | returns | the shape of `x` | computed in `float64` |
#
# After the call `x` holds what it held before.
#
# **By hand.** For $f(x) = x_0^2\, x_1$ at (3, 2): $2 x_0 x_1 = 12$ and $x_0^2 = 9$.


# %% solution="numerical_gradient"
def numerical_gradient(f, x, h=1e-5):
    """The gradient of f at x by central differences, in float64, with the shape of x."""
    ### BEGIN SOLUTION
    point = x.astype(np.float64)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        middle = point[index]
        point[index] = middle + h
        plus = f(point)
        point[index] = middle - h
        minus = f(point)
        point[index] = middle
        gradient[index] = (plus - minus) / (2 * h)
    return gradient
    ### END SOLUTION


# %%
# A cell to try it: compare h = 1e-1, 1e-5 and 1e-12 on a function you can differentiate.

# %% test="numerical_gradient" points=6
score = check(numerical_gradient, "a1.numerical_gradient")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(numerical_gradient, "a1.numerical_gradient")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# How often is `f` called for an array of 12 entries?
# </details>
# <details><summary>Hint 2: walking through any shape</summary>
#
# `for index in np.ndindex(*x.shape)` gives one tuple for each entry, whatever the number of axes; `point[index]` reads and writes it.
# </details>
# <details><summary>Hint 3: what can go wrong</summary>
#
# In `float32` the step 1e-5 drowns in rounding, and in an integer array it vanishes.
# Copy `x` into a `float64` array, move one entry, call `f`, and put the entry back before you go on.
# </details>

# %% [markdown]
# ## 5. How far apart are two gradients? (3 points)
#
# `relative_error(a, b)` returns one number: the largest over all entries of
#
# $$\frac{|a - b|}{\max(10^{-8},\ |a| + |b|)}.$$
#
# Two gradients that agree give less than about 1e-6; a flipped sign gives 1.
# Both arrays have the same shape, any shape, and type `float64`.
#
# **By hand.** For a = (1, 2) and b = (1, 2.2): the entries give 0 and 0.2 / 4.2 = 0.0476, so the answer is 0.0476.


# %% solution="relative_error"
def relative_error(a, b):
    """The largest relative difference between two arrays of the same shape, one number."""
    ### BEGIN SOLUTION
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))
    ### END SOLUTION


# %%
# A cell to try it: what should b = -a give?

# %% test="relative_error" points=3
score = check(relative_error, "a1.relative_error")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(relative_error, "a1.relative_error")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint: a question</summary>
#
# What does your line give where both entries are 0, and what should it give?
# </details>

# %% [markdown]
# ## A contract for losses
#
# From here on a loss returns two things: its value, and a function that computes its gradient when it is called.
#
# ```python
# loss, backward = svm_loss(w, x, y, reg)
# dw = backward()
# ```
#
# The function `backward` is defined inside and sees everything the forward pass computed, so nothing has to be stored or passed on.
# It is called without an argument, and once.
# Every operation of the course speaks this contract.
#
# **Conventions for 6, 8 and 11.** Samples are the rows of `x` (N, D), weights are `w` (D, C), scores are `x @ w` (N, C), labels `y` (N,) are whole numbers from 0 to C - 1.
# The loss is a **mean over the N samples** plus a penalty **`reg * sum(w * w)`** on all of `w`, without a factor 1/2.
# `x` and `w` are `float64` or `float32`, and `w` may hold whole numbers.

# %% [markdown]
# ## 6. The multiclass SVM loss and its gradient (9 points)
#
# $$L = \frac{1}{N} \sum_n \sum_{j \ne y_n} \max(0,\ s_{nj} - s_{n y_n} + 1) \;+\; \text{reg} \sum w^2$$
#
# `svm_loss(w, x, y, reg)` returns `loss, backward`, and `backward()` returns `dw` of shape (D, C).
# No margin in the tests lies at its kink.
#
# **By hand.** With $w = \begin{pmatrix} 1 & 0 & -1 \\ 0 & 1 & 1 \end{pmatrix}$ the sample (1, 2) has scores (1, 2, 1); its label 0 gives margins 2 - 1 + 1 = 2 and 1 - 1 + 1 = 1, together 3.
# The sample (2, -1) has scores (2, -1, -3); its label 1 gives 2 + 1 + 1 = 4 and max(0, -3 + 1 + 1) = 0, together 4.
# The mean is 3.5, the squares of `w` add up to 4, and with reg = 0.1 the loss is 3.5 + 0.4 = **3.9**.


# %% solution="svm_loss"
def svm_loss(w, x, y, reg):
    """Mean multiclass hinge loss of scores x @ w (margin 1) plus reg * sum(w * w).

    w (D, C), x (N, D), y (N,); returns loss, backward, where backward() returns dw (D, C).
    """
    ### BEGIN SOLUTION
    n = len(x)
    scores = x @ w
    margins = scores - scores[np.arange(n), y][:, None] + 1
    margins[np.arange(n), y] = 0
    loss = np.maximum(margins, 0).sum() / n + reg * np.sum(w * w)

    def backward():
        dscores = (margins > 0).astype(scores.dtype)
        dscores[np.arange(n), y] = -dscores.sum(axis=1)
        return x.T @ dscores / n + 2 * reg * w

    return loss, backward
    ### END SOLUTION


# %%
# A cell to try it: with w = 0 the loss is C - 1. Why?

# %% test="svm_loss" points=9
score = check(svm_loss, "a1.svm_loss")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(svm_loss, "a1.svm_loss")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Take one sample and one class j with a margin above 0.
# How does the loss change when you raise the score of j by a little, and when you raise that of the true class?
# </details>
# <details><summary>Hint 2: the gradient into the scores</summary>
#
# Each violated margin adds 1 at its class j and -1 at the true class.
# So a row of `dscores` has 1 at every violated class, and at the true class minus their number.
# </details>
# <details><summary>Hint 3: from scores to weights</summary>
#
# `dw = x.T @ dscores / N` has the shape of `w`; the penalty adds `2 * reg * w`.
# Allocate with `np.zeros(w.shape)`: `np.zeros_like(w)` would be whole numbers for whole-number weights.
# </details>

# %% [markdown]
# ## 7. Log-softmax, for any scores (4 points)
#
# `log_softmax(scores)` returns $\log p_{nj} = s_{nj} - \log \sum_k e^{s_{nk}}$, shape (N, C).
#
# It must be right for **any** scores: 1000 and 0 in one row, or a row near 1000 beside a row near -1000.
# Then `exp` overflows, or a probability underflows to 0 and its log is minus infinity.
# So stay in logs: with $m$ the largest score of the row, $\log \sum_k e^{s_k} = m + \log \sum_k e^{s_k - m}$.
#
# **By hand.** For (1, -2, 0): $e^1 + e^{-2} + e^0 = 3.854$, whose log is 1.349, so the row is (-0.349, -3.349, -1.349).
# Three equal scores give $-\log 3 = -1.099$ each.


# %% solution="log_softmax"
def log_softmax(scores):
    """Logarithms of the softmax probabilities of each row of scores (N, C), shape (N, C)."""
    ### BEGIN SOLUTION
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    ### END SOLUTION


# %%
# A cell to try it: scores (1000, 0, 0) should give (0, -1000, -1000).

# %% test="log_softmax" points=4
score = check(log_softmax, "a1.log_softmax")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(log_softmax, "a1.log_softmax")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What is the largest number that `np.exp` sees after you subtract the row's largest score?
# </details>
# <details><summary>Hint 2: shapes</summary>
#
# The largest score of each row has shape (N,) unless you ask for `keepdims=True`.
# A shape (N,) is spread along the classes, which is wrong without an error when N equals C.
# </details>

# %% [markdown]
# ## 8. The softmax loss and its gradient (9 points)
#
# $$L = -\frac{1}{N} \sum_n \log p_{n y_n} \;+\; \text{reg} \sum w^2$$
#
# `softmax_loss(w, x, y, reg)` returns `loss, backward`; the conventions are those of exercise 6.
# Scores near 1000, or near -1000, in all rows must work, and a true class 20 below the largest score of its row.
# (Any scores at all are exercise 7; if you build on `log_softmax`, they work here too.)
# The gradient of one sample's loss into its scores is $p$ with 1 subtracted at the true class; the mean divides it by N.
#
# **By hand.** The samples and weights of exercise 6 have scores (1, 2, 1) and (2, -1, -3), with labels 0 and 1.
# The losses are $\log(e + e^2 + e) - 1 = 1.551$ and $\log(e^2 + e^{-1} + e^{-3}) + 1 = 3.055$.
# Their mean is 2.303, and with reg = 0.1 the loss is 2.303 + 0.4 = **2.703**.


# %% solution="softmax_loss"
def softmax_loss(w, x, y, reg):
    """Mean cross-entropy of the softmax of scores x @ w plus reg * sum(w * w).

    w (D, C), x (N, D), y (N,); returns loss, backward, where backward() returns dw (D, C).
    """
    ### BEGIN SOLUTION
    n = len(x)
    log_p = log_softmax(x @ w)
    loss = -log_p[np.arange(n), y].mean() + reg * np.sum(w * w)

    def backward():
        dscores = np.exp(log_p)
        dscores[np.arange(n), y] -= 1
        return x.T @ dscores / n + 2 * reg * w

    return loss, backward
    ### END SOLUTION


# %%
# A cell to try it: check dw with your numerical_gradient and relative_error.

# %% test="softmax_loss" points=9
score = check(softmax_loss, "a1.softmax_loss")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(softmax_loss, "a1.softmax_loss")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# `log_p[np.arange(N), y]` has shape (N,).
# Which numbers does it hold, and which would `log_p[:, y]` hold?
# </details>
# <details><summary>Hint 2: the gradient into the scores</summary>
#
# Derive it for one sample: the derivative of $\log \sum_k e^{s_k}$ with respect to $s_j$ is $p_j$, and that of $-s_y$ is -1 at the true class and 0 elsewhere.
# </details>
# <details><summary>Hint 3: labels that occur twice</summary>
#
# `dw[:, y] -= x.T` writes each column once, so of two samples with one label the first is lost.
# Subtract in the scores, where each sample has a row of its own, and multiply by `x.T` afterwards.
# </details>

# %% [markdown]
# ## 9. Why a mean? (1 point)
#
# The losses of the course are means over the samples, not sums.
# What is gained?
#
# - **a** The loss is smaller, and a smaller loss is a better model.
# - **b** The loss lies between 0 and 1 and can be read as a probability.
# - **c** The size of the gradient does not grow with the number of samples, so one learning rate serves batches of any size.
# - **d** The gradient is computed faster.

# %% solution="why_mean"
# Your choice: "a", "b", "c" or "d".
why_mean = (
    ### BEGIN SOLUTION
    "c"
    ### END SOLUTION
)

# %% test="why_mean" points=1
score = check(why_mean, "a1.why_mean")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(why_mean, "a1.why_mean")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 10. More than one label: the multi-label loss (5 points)
#
# A picture may show a cat **and** a sofa.
# Then each label is a yes-or-no question of its own, with its own sigmoid $p = 1 / (1 + e^{-s})$, and the loss is the mean over **all N x C entries** of
#
# $$-t \log p - (1 - t) \log (1 - p).$$
#
# `multilabel_loss(scores, t)` takes scores (N, C) and targets `t` (N, C) between 0 and 1, either of them floats or whole numbers, and returns `loss, backward`; `backward()` returns `dscores` (N, C).
# It must be right for any scores, 1000 too: the same value is $\max(s, 0) - s\,t + \log(1 + e^{-|s|})$.
#
# **By hand.** Scores (0, 2) with targets (1, 0): $\log 2 = 0.693$ and $2 + \log(1 + e^{-2}) = 2.127$, mean **1.410**.
# The gradient is $(p - t) / 2$: (-0.25, 0.440).


# %% solution="multilabel_loss"
def multilabel_loss(scores, t):
    """Mean binary cross-entropy over all entries of scores (N, C) with targets t (N, C) in 0 to 1.

    Returns loss, backward, where backward() returns dscores (N, C).
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(scores))
    loss = np.mean(np.maximum(scores, 0) - scores * t + np.log1p(small))

    def backward():
        p = np.where(scores >= 0, 1 / (1 + small), small / (1 + small))
        return (p - t) / scores.size

    return loss, backward
    ### END SOLUTION


# %%
# A cell to try it: one entry, score 1000 and target 0, should cost 1000.

# %% test="multilabel_loss" points=5
score = check(multilabel_loss, "a1.multilabel_loss")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(multilabel_loss, "a1.multilabel_loss")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What is $\log(1 + e^{s})$, roughly, when s is 1000, and what does NumPy say?
# </details>
# <details><summary>Hint 2: the gradient</summary>
#
# The sigmoid's slope $p(1 - p)$ cancels against the slope of the logs: what is left for one entry is $p - t$.
# Do not forget the mean.
# </details>

# %% [markdown]
# ## 11. Training by stochastic gradient descent (7 points)
#
# `train(loss_function, w, x, y, learning_rate, steps, batch_size, reg, rng)` repeats `steps` times:
#
# 1. draw `batch_size` rows of `x` and their labels at random, with the generator `rng`;
# 2. call `loss, backward = loss_function(w, x_batch, y_batch, reg)`;
# 3. move `w` downhill: `w - learning_rate * backward()`.
#
# It returns `w, history`: the trained weights, and one loss for each step, taken **before** the step, in a list or an array.
# Rows may be drawn with or without replacement, but every batch has `batch_size` rows (at most N), and every row can be drawn.
# The same `rng` must give the same batches, another one others.
# `w` may be changed in place, and you may call `loss_function` more often, for a print say: a step is a call of `backward()`.
#
# **By hand.** On the bowl $L = \frac{1}{2} \sum w^2$ the gradient is `w` itself.
# From w = (1, 2), with learning rate 0.1, each step multiplies by 0.9: after two steps w = (0.81, 1.62), and the history is (2.5, 2.025).


# %% solution="train"
def train(loss_function, w, x, y, learning_rate, steps, batch_size, reg, rng):
    """SGD on loss_function(w, x_batch, y_batch, reg); returns w, history (one loss a step)."""
    ### BEGIN SOLUTION
    history = []
    for _ in range(steps):
        rows = rng.choice(len(x), batch_size)
        loss, backward = loss_function(w, x[rows], y[rows], reg)
        w = w - learning_rate * backward()
        history.append(loss)
    return w, history
    ### END SOLUTION


# %%
# A cell to try it: train softmax_loss on a few random points, and look at the history.

# %% test="train" points=7
score = check(train, "a1.train")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(train, "a1.train")
### END HIDDEN TESTS
score

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# If the row numbers are drawn before the loop, which samples does training ever see?
# </details>
# <details><summary>Hint 2: rows and labels</summary>
#
# `rows = rng.choice(len(x), batch_size)` gives row numbers; `x[rows]` and `y[rows]` belong together.
# </details>

# %% [markdown]
# ## 12. Predicting (2 points)
#
# `predict(w, x)` returns the class with the largest score for each row of `x`, shape (N,).
#
# **By hand.** With w the 2 x 2 identity the scores are the rows themselves: (2, 5) is class 1, (3, 1) is class 0.


# %% solution="predict"
def predict(w, x):
    """The class of the largest score x @ w for each of N rows, whole numbers (N,)."""
    ### BEGIN SOLUTION
    return (x @ w).argmax(axis=1)
    ### END SOLUTION


# %%
# A cell to try it: how many of your training points does it get right?

# %% test="predict" points=2
score = check(predict, "a1.predict")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(predict, "a1.predict")
### END HIDDEN TESTS
score

# %% [markdown]
# ## All of it together
#
# Everything above meets here: 8 x 8 pictures of digits, your distances, your losses, your trainer.
# Before you run your own version, predict: which will be better on digits it has not seen, the nearest neighbour or a line?
#
# The cell below is yours; this is a way to start.
#
# ```python
# from strides.data import digits
#
# seen, new = digits("train"), digits("test")
# x, z = seen.images.reshape(len(seen), -1), new.images.reshape(len(new), -1)
# np.mean(knn_predict(pairwise_distances(z, x), seen.labels, k=3) == new.labels)
# ```
#
# Some pixels of the digits are always 0: what does `standardise` make of them, and what would you change?

# %%
# A cell for your experiment.

# %% [markdown]
# ## What you can do now
#
# - Compute all distances between two sets without a loop, and say where rounding bites.
# - Derive the gradient of a loss into its weights, and prove it right with differences.
# - Keep a loss finite for any scores.
# - Train a linear classifier with mini-batches.
#
# **Next:** the learning rate was given here. What if it is a little too large, and how do momentum and Adam help? That is assignment a2.
