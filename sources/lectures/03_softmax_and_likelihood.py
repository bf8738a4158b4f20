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
# # How sure is the classifier?
#
# *Strides, lecture 03: softmax and likelihood.*
# *About 115 minutes, with a break after section 6.*
#
# A linear classifier looks at a picture of a cone.
# Its scores are: ball -2.85, cube 0.86, cone 0.28.
# The cube wins, and that is a mistake.
# Was it a near miss, or a confident blunder?
#
# The scores alone cannot tell us.
# They have no unit, and nobody has said how much a lead of 0.58 is worth.
# In this lecture we turn scores into probabilities, and find the loss that follows from them.

# %% [markdown]
# **After this lecture you can**
#
# 1. turn scores into probabilities with the sigmoid and softmax, and say what a shift or a temperature does to them;
# 2. derive the cross-entropy loss and its gradient from likelihood, and check both by numbers;
# 3. write them so that large scores neither overflow nor erase the answer.
#
# **Builds on** lecture 02: the scores $W^\top x + b$, the hinge loss, and the L2 penalty.
# You also need NumPy arrays, the matrix product, $e^x$, $\ln x$ (always the natural logarithm here), and the chain rule.

# %% [markdown]
# **Lectures 01 and 02 are still to come.**
# Until then this text carries what it needs from them: templates and the hinge loss in the two recalls, empirical risk in section 2, the perceptron in section 4, the gradient of the hinge loss in section 9, and the L2 penalty in section 10.
#
# **How to read.**
# We make a claim, you predict, you run the cell, and we read what came out.
# Write each prediction down first: a wrong guess on paper teaches more than a right one in the head.

# %% [markdown]
# ## Recall lecture 02 · 3 min
#
# **Recall 1.** A linear classifier sorts images of 3,072 numbers into 10 classes.
# Images are the rows of `X`, and the scores are `X @ W + b`.
# What are the shapes of $W$ and $b$, and what does one column of $W$ look like as an image?
#
# <details><summary>Answer</summary>
#
# $W$ is (3072, 10) and $b$ is (10,): features first, then classes.
# Each column is a template: an image that its class likes to see.
# Many books write $Wx + b$ instead, with the transpose of our $W$ and a template in each row.
#
# </details>

# %% [markdown]
# **Recall 2.** Scores are (2.0, 2.5, -1.0), the first class is the true one, the margin is 1.
# What is the multiclass hinge loss?
#
# <details><summary>Answer</summary>
#
# Each wrong class pays when it comes closer than 1: max(0, 2.5 - 2.0 + 1) = 1.5, and max(0, -1.0 - 2.0 + 1) = 0.
# The loss is 1.5.
#
# </details>

# %%
import numpy as np

from strides import draw
from strides.data import render

np.set_printoptions(precision=4, suppress=True)  # four decimals, no 1e-05
solids = ["ball", "cube", "cone"]
shots = [render(name, pixels=96).transpose(1, 2, 0) for name in solids]  # (H, W, 3) each
draw.images(shots, solids, what="Three of the ten solids that the course draws", columns=3)

# %% [markdown]
# These names run through the whole lecture.
#
# | symbol | code | meaning | shape |
# |---|---|---|---|
# | $N$, $D$, $C$ | `N` | examples, features, classes | |
# | $x_n$ | `X` | one row for each example | (N, D) |
# | $y_n$ | `y` | labels: $\pm 1$ in sections 1-4 and early in 10, else 0 to $C - 1$ | (N,) |
# | $w$, $b$ | `w`, `b` | weights, bias: two classes | (D,), () |
# | $W$, $b$ | `W`, `b` | weights, biases: $C$ classes | (D, C), (C,) |
# | $s$ | `s`, `scores` | `X @ w + b` or `X @ W + b` | (N,) or (N, C) |
# | $p$ | `p`, `probs` | probabilities | like `s` |
# | $q$, $t$ | `q`, `targets` | what $p$ should be | like `s` |
# | $\partial L / \partial s$ | `dscores` | gradient | like `s` |
#
# A single example drops the $N$, and a single feature is called `x`.
# All other names belong to the section that introduces them.

# %% [markdown]
# ## 1. From a score to a probability · 8 min
#
# Two classes first, with labels $y = +1$ and $y = -1$.
# One score is enough: $s = w^\top x + b$, and its sign picks the class.
#
# **Claim.** The sigmoid turns any score into a probability:
#
# $$p(y{=}{+}1 \mid x) = \sigma(s) = \frac{1}{1 + e^{-s}}$$
#
# **By hand.** For $s = 2$ we have $e^{-2} = 0.135$, so $\sigma(2) = 1 / 1.135 = 0.881$.
#
# **Predict.** What is $\sigma(0)$?
# And what do $\sigma(2)$ and $\sigma(-2)$ add up to?


# %%
def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


probs = sigmoid(np.array([-2.0, 0.0, 2.0]))
print(probs, f"first + last = {probs[0] + probs[2]:.4f}")

# %% [markdown]
# A score of 0 says "no idea": one half.
# The outer two add up to 1, so $p(y{=}{-}1 \mid x) = 1 - \sigma(s) = \sigma(-s)$.
#
# Both cases fit in one line, the one that the rest of this lecture leans on:
#
# $$p(y \mid x) = \sigma(y \, s)$$
#
# Multiply the score by the label, and the sigmoid returns the probability of *that* label.
#
# **Predict.** We plot the probability of both labels against the score.
# Where do the two curves cross?

# %%
s = np.linspace(-6, 6, 121)
two_classes = {"p(y = +1 | x)": sigmoid(s), "p(y = -1 | x)": sigmoid(-s)}
draw.curves(s, two_classes, xlabel="score s", ylabel="probability", ylim=(-0.05, 1.05))

# %% [markdown]
# They cross at score 0, where each label gets one half.
#
# **Where the sigmoid comes from.**
# Solve $p = \sigma(s)$ for the score, and we get $s = \ln \frac{p}{1-p}$.
# The fraction is the *odds*, as in a bet.
#
# **By hand.** For $s = 2$ the odds are 0.881 / 0.119 = 7.39, about seven to one.
#
# **Predict.** What is $\ln 7.39$?

# %%
odds = probs / (1 - probs)
print("odds", odds, "ln(odds)", np.log(odds))

# %% [markdown]
# The logarithm returns the scores that we began with: -2, 0 and 2.
# So a score has found its unit: it is the logarithm of the odds.
#
# Next, four examples with two features each.
# Read the shapes in the comments.
#
# **Predict.** The third example has $x = (2, -0.5)$ and label $-1$.
# Is its `p_true` above or below one half?

# %%
X = np.array([[0.5, 1.0], [-1.0, 2.0], [2.0, -0.5], [-1.5, -1.0]])  # (N, D) = (4, 2)
y = np.array([1, -1, -1, -1])  # (4,)
w, b = np.array([1.0, -0.5]), 0.2  # (2,) and ()

scores = X @ w + b  # (4, 2) @ (2,) -> (4,)
p_true = sigmoid(y * scores)  # (4,): what the model gave to the labels that we saw
print("scores", scores, "\np_true", p_true)

# %% [markdown]
# The third score is +2.45, but the label is -1, so the model gave its own label only 0.079.
# That one example is a surprise.
#
# **Your turn.** Flip the third label to +1 in the cell above and run it again.
# Which numbers change?
#
# <details><summary>Answer</summary>
#
# One: the third entry of `p_true` goes from 0.079 to 0.921, and these two add up to 1.
# The scores stay, since they are made from `X`, `w` and `b` and never see a label.
#
# </details>

# %% [markdown]
# **Check yourself.** A score rises from 2 to 4.
# What happens to the odds $p/(1-p)$?
# Open the answer that you would give.
#
# <details><summary>A. They double.</summary>
#
# No: this reads the score as the odds.
# The score is the *logarithm* of the odds.
#
# </details>
# <details><summary>B. They rise by about 0.1.</summary>
#
# No: this mixes up odds and probability.
# The probability goes from 0.88 to 0.98, the odds from 7.4 to 54.6.
#
# </details>
# <details><summary>C. They are multiplied by about 7.4.</summary>
#
# Yes: adding 2 to a logarithm multiplies by $e^2 = 7.39$.
#
# </details>

# %% [markdown]
# ## 2. Learning means being less surprised · 9 min
#
# Which $w$ is best?
#
# **Claim.** A good $w$ makes the labels that we saw likely.
# The *likelihood* is the product over the examples: $\prod_n p(y_n \mid x_n)$.
#
# **By hand.** Three examples that got 0.9, 0.8 and 0.5 have likelihood 0.9 · 0.8 · 0.5 = 0.36.
#
# **Predict.** A data set has 2,000 examples, and each gets probability 0.5.
# What does the computer say the product is?

# %%
print(f"three examples: {np.prod([0.9, 0.8, 0.5]):.2f}")
p_true = np.full(2000, 0.5)
print("2,000 halves:  ", np.prod(p_true))
print("sum of logs:   ", np.sum(np.log(p_true)))

# %% [markdown]
# The product is about $10^{-602}$, and the smallest number above 0 that a 64-bit float can hold is about $5 \cdot 10^{-324}$.
# So the product *underflows* to 0, and every $w$ looks equally bad.
#
# The logarithm mends it.
# It turns the product into a sum, and since it only ever rises, the best $w$ stays the best.
# We also flip the sign, to have something to make small, and divide by $N$, so that a larger data set is not a larger loss:
#
# $$L(w) = -\frac{1}{N} \sum_n \ln p(y_n \mid x_n)$$
#
# This is the mean *negative log-likelihood*.
# For our 2,000 halves it is 1386.29 / 2000 = 0.693, whatever the size of the data set.

# %% [markdown]
# **One example's share** is $-\ln \sigma(y s)$.
# Put in the sigmoid, and we have the *logistic loss*:
#
# $$\ell = \ln(1 + e^{-y s})$$
#
# **By hand.** For $s = 2$ and $y = +1$ it is $\ln(1 + 0.135) = 0.127$.
# The model leans the right way and pays little.
#
# **Predict.** The score stays 2, and the label turns out to be -1.
# What does the model pay: about 0.9, about 2.1, or about 7.4?

# %%
from strides.losses import logistic_loss

for label in (1, -1):
    by_hand = np.log(1 + np.exp(-label * 2.0))
    from_library, backward = logistic_loss([2.0], [label])
    print(f"label {label:+d}: by hand {by_hand:.3f}, library {from_library:.3f}")

# %% [markdown]
# It pays 2.127, and the difference of the two is 2, the score itself.
# A wrong label costs about as much as the score was sure of itself.
#
# Every loss in `strides.losses` returns two things: the number, and a function `backward` for the gradient.
# We come to `backward` in section 4.
#
# A mean loss over the training set is called the *empirical risk* (lecture 01).
# So logistic regression is empirical risk minimisation with the logistic loss.
# Why not minimise the share of mistakes, which is what we care about?
#
# **Predict.** We slide the bias $b$ over six examples and plot both.
# Which shape has the share of mistakes?

# %%
from strides.losses import zero_one_loss

x = np.array([-2.0, -1.0, -0.4, 0.5, 1.5, 3.0])  # one feature, (N,) = (6,)
y = np.array([-1, -1, 1, -1, 1, 1])
biases = np.linspace(-5, 5, 201) + 0.001  # a step aside from the jumps
mistakes = [zero_one_loss(2 * x + b, y) for b in biases]
log_loss = [logistic_loss(2 * x + b, y)[0] for b in biases]
risks = {"share of mistakes": mistakes, "logistic loss": log_loss}
draw.curves(biases, risks, xlabel="bias b", ylabel="mean over 6 examples")

# %% [markdown]
# The share of mistakes is a staircase: flat, then a jump.
# On a flat stretch its slope is 0, so it never says which way to go.
# The logistic loss is a smooth bowl with one lowest place.

# %% [markdown]
# **Your turn.** Swap the third and the fourth label in `y`: now one threshold separates all six examples.
# Predict first: what happens to the bowl's depth, does its lowest place move, and why?
#
# <details><summary>Answer</summary>
#
# The lowest value falls from 0.44 to 0.14, because down there the two swapped examples now lie on the right side.
# The place stays at $b = -0.2$.
# The bias moves all six probabilities of +1 up or down together, and at the lowest place they add up to the number of +1 labels (section 4 has the gradient that says so).
# That number is 3 before and after.
# Change it, and the place moves: with `y = [-1, -1, -1, -1, 1, 1]` it goes to $-2.1$.
#
# </details>

# %% [markdown]
# **Check yourself.** Why do we add up logarithms instead of multiplying probabilities?
#
# <details><summary>A. Because a product of many probabilities underflows, and a sum of logarithms does not.</summary>
#
# Yes: 2,000 halves gave 0, their logarithms -1386.
# A sum also has a gradient that is a sum over examples.
#
# </details>
# <details><summary>B. Because the two have different best weights, and the sum's are better.</summary>
#
# No: the logarithm only ever rises, so both are best at the same $w$.
#
# </details>
# <details><summary>C. Because logarithms of probabilities are positive.</summary>
#
# No: a probability is at most 1, so its logarithm is at most 0.
# That is why the loss carries a minus sign.
#
# </details>

# %% [markdown]
# ## 3. Five losses on one axis · 10 min
#
# A loss for two classes needs only the *margin* $m = y s$: how far the score lies on the right side.
#
# | loss | of the margin $m$ | at $m = 0.5$ |
# |---|---|---|
# | 0/1 | 1 if $m \le 0$, else 0 | 0 |
# | hinge | $\max(0, 1 - m)$ | 0.5 |
# | logistic | $\ln(1 + e^{-m})$ | 0.474 |
# | squared | $(1 - m)^2$ | 0.25 |
# | exponential | $e^{-m}$ | 0.607 |
#
# The squared row is $(s - y)^2$ in disguise: $y$ is +1 or -1, so $y^2 = 1$ and $(s-y)^2 = (ys-1)^2$.
#
# **Predict.** At $m = 3$ the example is right by a wide margin.
# Which of the five punishes it?


# %%
def five_losses(m):
    return {
        "0/1": np.where(m <= 0, 1.0, 0.0),
        "hinge": np.maximum(0, 1 - m),
        "logistic": np.log(1 + np.exp(-m)),
        "squared": (1 - m) ** 2,
        "exponential": np.exp(-m),
    }


some = np.array([-2.0, -0.5, 0.5, 3.0])
draw.table({"margin": some, **five_losses(some)}, digits=3)

# %% [markdown]
# The squared loss does: at $m = 3$ it charges 4, more than it charges at $m = -0.5$.
# It wants the score to be exactly +1 or -1, and being *too right* counts as an error.
#
# The others never rise with the margin.
#
# **Predict.** Now all five in one picture: at which margin do four of them meet?

# %%
margins = np.linspace(-2.5, 3.5, 241)


def losses_at(margin=None):
    axes = {"xlabel": "margin m = y·s", "ylabel": "loss", "ylim": (-0.2, 6)}
    return draw.curves(margins, five_losses(margins), at=margin, **axes)


losses_at()

# %% [markdown]
# At margin 0 all but the logistic loss charge 1.
#
# The picture again, with a slider for the margin and the five values under it.
#
# **Predict** before you move it.
#
# 1. At $m = -2$, which loss is largest, and which is second?
# 2. Going from $m = 1.2$ to $m = 3.5$: which losses still change, and which way?
# 3. Is there a margin where the logistic loss is exactly 0?
#
# Then drag the handle, or click on it and use the arrow keys.

# %%
from strides.widgets import explore, show, slider

show(explore(losses_at, margin=slider("margin y·s", -2.5, 3.5, value=-1.0, step=0.1)))

# %% [markdown]
# 1. At -2 the squared loss charges 9 and the exponential one 7.39.
# One mislabelled example can drown the rest.
# Hinge and logistic grow only along a straight line.
# 2. Hinge rests at 0; logistic and exponential creep down; squared climbs.
# 3. No: the logistic loss is never 0, so it always asks for a little more.
#
# Textbooks often say that these four lie above the 0/1 loss.
#
# **Predict.** Does the logistic loss, at a margin a hair below 0?

# %%
at_zero = np.log(1 + np.exp(0))
print(f"logistic at 0: {at_zero:.3f}, in base 2: {at_zero / np.log(2):.3f}")

# %% [markdown]
# It does not: 0.693 lies below 1.
# Measured in bits instead (divide by $\ln 2$) it does, and the place of the minimum is the same.

# %% [markdown]
# **Check yourself.** One training example is on the right side with margin 20.
# Under which loss does it pull hardest on the boundary?
#
# <details><summary>A. Squared</summary>
#
# Yes: it pays $(1 - 20)^2 = 361$ for being too right, and drags the boundary towards itself.
#
# </details>
# <details><summary>B. Exponential</summary>
#
# No: "exponential" sounds like the largest, but it explodes on the *wrong* side.
# Here it is $e^{-20}$, about two billionths.
#
# </details>
# <details><summary>C. Logistic, because it is never 0</summary>
#
# No: never 0 is not the same as large.
# Its pull is $1 - \sigma(20)$, again about two billionths.
#
# </details>

# %% [markdown]
# ## 4. The gradient, and a slip in print · 10 min
#
# The mean logistic loss over $N$ examples, with scores $s_n = w^\top x_n$.
# The bias rides along as a weight on a feature that is always 1.
#
# **Claim.** The gradient is
#
# $$\nabla_w L = -\frac{1}{N} \sum_n \big(1 - p(y_n \mid x_n)\big) \, y_n \, x_n$$
#
# **Why.** The chain rule on $\ell = -\ln \sigma(m)$ with $m = y\,s$:
#
# - $\sigma' = \sigma(1 - \sigma)$, so $\ell$ changes with $m$ by $-\sigma' / \sigma = -(1 - \sigma(m))$;
# - $m$ changes with $s$ by $y$;
# - $s$ changes with $w$ by $x$.
#
# In words: each example pushes along $y_n x_n$, as hard as it is *surprised*.
# The *perceptron* (lecture 02) pushes the same way, but all or nothing: with force 1 when the example is on the wrong side, else not at all.

# %% [markdown]
# **By hand.** One example: $x = 3$, label $y = -1$, weight $w = 0.5$.
#
# - score: $s = 0.5 \cdot 3 = 1.5$
# - probability of its own label: $\sigma(-1.5) = 0.182$
# - gradient: $-(1 - 0.182) \cdot (-1) \cdot 3 = 2.453$
#
# A slide that this course builds on prints $p(y_n{=}1 \mid x_n)$ in place of $p(y_n \mid x_n)$.
# There the bracket holds the probability of class +1, whatever the label is.
#
# **Predict.** For which labels do the two formulas agree?
# What does the slide's formula give for this example?

# %%
s, y_n, x_n = 1.5, -1, 3.0
ours = -(1 - sigmoid(y_n * s)) * y_n * x_n  # p(y_n | x_n)
slide = -(1 - sigmoid(s)) * y_n * x_n  # p(y = 1 | x_n)
print(f"ours {ours:.3f}, slide {slide:.3f}")

# %% [markdown]
# 2.453 against 0.547: they disagree.
# Who is right is not a matter of taste.
# A gradient says how the loss changes when we nudge a weight, so we nudge each weight by a little and measure: a *central difference*.
# `numerical_gradient` does that for any function.
#
# We take 200 examples of two overlapping clouds.
# The formula becomes three lines.
#
# **Predict.** Which of the two rows in the table will match the measurement?

# %%
from strides.gradcheck import numerical_gradient

rng = np.random.default_rng(3)
y = np.repeat([1, -1], 100)  # (N,) = (200,)
clouds = rng.normal(size=(200, 2)) + y[:, None] * np.array([1.0, 0.5])
X = np.column_stack([clouds, np.ones(200)])  # (N, D) = (200, 3), last column for the bias
w = np.array([0.3, -0.2, 0.1])  # (D,)


# %%
def gradient(X, y, w, prob_of):
    scores = X @ w  # (N, D) @ (D,) -> (N,)
    push = (1 - prob_of(scores, y)) * y  # (N,)
    return -push @ X / len(y)  # (N,) @ (N, D) -> (D,)


def of_its_label(scores, y):
    return sigmoid(y * scores)  # p(y_n | x_n)


def of_plus_one(scores, y):
    return sigmoid(scores)  # p(y = 1 | x_n), as on the slide


# %%
ours, slide = gradient(X, y, w, of_its_label), gradient(X, y, w, of_plus_one)
measured = numerical_gradient(lambda w: logistic_loss(X @ w, y)[0], w)
rows = {"gradient": ["measured", "ours", "slide"]}
columns = np.stack([measured, ours, slide]).T  # (D, 3)
draw.table(rows | dict(zip(["w1", "w2", "bias"], columns, strict=True)), digits=6)

# %% [markdown]
# Ours agrees to all printed digits, the slide's does not.
# The two are equal for $y_n = +1$ and differ for $y_n = -1$, where the slide's bracket is $1 - \sigma(s)$.
# For a negative example that is already right, $s$ is far below 0 and this bracket is almost 1.
# So the *least* surprised examples push hardest, and never stop.
#
# **Predict.** We descend 100 steps with each formula.
# What happens to the loss, and to the share of mistakes?


# %%
def descend(prob_of, steps=100, rate=0.5):
    w, history = np.zeros(3), []
    for _ in range(steps):
        history.append(logistic_loss(X @ w, y)[0])
        w = w - rate * gradient(X, y, w, prob_of)
    return np.array(history), zero_one_loss(X @ w, y)


history, wrong = {}, {}
for name, prob_of in (("ours", of_its_label), ("slide", of_plus_one)):
    history[name], wrong[name] = descend(prob_of)
    print(f"{name}: loss {history[name][-1]:.3f}, share of mistakes {wrong[name]:.3f}")
draw.curves(np.arange(100), history, xlabel="step", ylabel="mean logistic loss")

# %% [markdown]
# With the slide's formula the loss falls at first, and then climbs without end.
# Look at the mistakes, though: they are as few as with ours.
# Somebody who watches only the accuracy would never find this slip.
# What it ruins is the *confidence*: the probabilities run off to 0 and 1.
#
# Two habits to keep: check every gradient by measuring it, and watch the loss as well as the accuracy.

# %% [markdown]
# **Check yourself.** An example has $p(y_n \mid x_n) = 0.999$.
# How hard does it push on the weights in logistic regression?
#
# <details><summary>A. Not at all: it is classified right.</summary>
#
# No: that is the perceptron, which pushes only when it is wrong.
#
# </details>
# <details><summary>B. Very hard, because the model is so sure of it.</summary>
#
# No: this is the slide's slip for $y_n = -1$.
# The push is the surprise, not the confidence.
#
# </details>
# <details><summary>C. A little: 0.001 times its x.</summary>
#
# Yes: $1 - p(y_n \mid x_n) = 0.001$, divided by $N$ like all the others.
#
# </details>

# %% [markdown]
# ## 5. Softmax: more than two classes · 9 min
#
# Now $C$ classes and one score for each: $s = W^\top x + b = (s_0, \ldots, s_{C-1})$.
# The labels change too: from here on $y_n$ is the number of a class, 0 to $C - 1$, and no longer -1 or +1.
# Only section 10 begins with two classes again.
# We want $C$ positive numbers that add up to 1 and keep the order of the scores.
#
# **Claim.** Two steps do it: $e^{s}$ makes every score positive, and dividing by the sum makes them add up to 1.
#
# $$p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}$$
#
# **By hand.** For scores (1, -2, 0) a source of this course prints the exponentials 2.71, 0.14, 1 and the probabilities 0.7, 0.04, 0.26.
#
# **Predict.** Are these six numbers rounded correctly?

# %%
scores = np.array([1.0, -2.0, 0.0])  # (C,) = (3,)
exps = np.exp(scores)  # (3,), all positive
probs = exps / exps.sum()  # (3,), adds up to 1
print("exps ", exps)
print("probs", probs, "sum", probs.sum())

# %% [markdown]
# $e^1 = 2.7183$ rounds to 2.72: the source cut it off after two decimals.
# Its 0.14 is rounded, its 0.7 has one decimal (0.7054), and 0.04 and 0.26 have two.
# The mixture has a reason: 0.7 + 0.04 + 0.26 is 1, while 0.71 + 0.04 + 0.26 would be 1.01.
# When you meet a number in print, compute it.
#
# Now the cone of the opening, from scores to probabilities.
# The star marks the true class.
#
# **Predict.** The cube leads the cone by 0.58.
# By which factor is it more likely?

# %%
cone = np.array([-2.85, 0.86, 0.28])
exps = np.exp(cone)
print(f"cube / cone {exps[1] / exps[2]:.2f}, exp(0.58) {np.exp(0.58):.2f}")
steps = {"scores s": cone, "exp(s)": exps, "probabilities": exps / exps.sum()}
draw.bars(steps, solids, marked=2)

# %% [markdown]
# Cube 0.63, cone 0.35, ball 0.02: that is a near miss.
# The factor is $e^{0.58} = 1.79$, since the sum in the denominator cancels: $p_j / p_k = e^{s_j - s_k}$.
# *Differences* of scores are what counts.
#
# **A whole batch.** Scores now have the shape (N, C), and each row is an example.
# We put the same three lines to work on five examples.
#
# **Predict.** Does this cell run?
# Write down the shape of `exps.sum(axis=1)` first.

# %%
batch = np.random.default_rng(0).normal(size=(5, 3))  # (N, C) = (5, 3)
exps = np.exp(batch)  # (5, 3)
try:
    probs = exps / exps.sum(axis=1)  # (5, 3) / (5,) ?
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# NumPy lines shapes up from the right: (5, 3) against (5,) compares 3 with 5 and gives up.
# We need a column, (5, 1), so that each row is divided by its own sum.
# `keepdims=True` keeps the summed axis with length 1.

# %%
probs = exps / exps.sum(axis=1, keepdims=True)  # (5, 3) / (5, 1) -> (5, 3)
print(probs.shape, "row sums", probs.sum(axis=1))

# %% [markdown]
# We were lucky: the error was loud.
# With three examples and three classes, (3, 3) / (3,) is allowed.
#
# **Predict.** Without `keepdims` on a square batch, what do the rows add up to?

# %%
square = exps[:3]  # N equals C
wrong = square / square.sum(axis=1)  # runs, but divides column k by the sum of row k
print("row sums", wrong.sum(axis=1))

# %% [markdown]
# No error, and rows that do not add up to 1.
# This is why our tests use an $N$ that differs from $C$.
#
# **Two classes again.** Softmax of the scores $(s, 0)$ should be the sigmoid of $s$.
#
# **Your turn.** Run the cell, then change `[2.0, 0.0]` to `[7.0, 5.0]`.
# Predict the result first.
#
# <details><summary>Answer</summary>
#
# The same two numbers, 0.881 and 0.119: the difference of the scores is still 2.
#
# </details>

# %%
from strides.losses import softmax

print("softmax", softmax(np.array([2.0, 0.0])), "sigmoid", sigmoid(2.0))

# %% [markdown]
# **Check yourself.** One score of three rises, the other two stay.
# What happens to the probabilities?
#
# <details><summary>A. Its own rises, the other two stay.</summary>
#
# No: this forgets the shared denominator.
# The three must still add up to 1.
#
# </details>
# <details><summary>B. Its own rises, the other two fall by the same factor.</summary>
#
# Yes: only the sum grows for them, so their ratio to each other stays.
#
# </details>
# <details><summary>C. Its own rises, the other two fall by the same amount.</summary>
#
# No: this takes softmax for subtraction.
# Division takes more from the larger one.
#
# </details>

# %% [markdown]
# ## 6. Shift and temperature · 8 min
#
# Two things that we can do to all scores at once: add a constant $c$, or divide by a *temperature* $T$.
#
# $$p = \mathrm{softmax}\!\left(\frac{s + c}{T}\right)$$
#
# **Claim 1.** The shift changes nothing, since $e^c$ cancels:
#
# $$\frac{e^{s_k + c}}{\sum_j e^{s_j + c}} = \frac{e^c \, e^{s_k}}{e^c \sum_j e^{s_j}} = \frac{e^{s_k}}{\sum_j e^{s_j}}$$
#
# **Claim 2.** The temperature changes how sure softmax is, never who wins.
#
# **By hand.** Cube against cone at $T = 0.5$: the difference 0.58 becomes 1.16, and the ratio $e^{1.16} = 3.19$.
#
# **Predict.** What do the three probabilities approach for a very high $T$, and for $T$ near 0?

# %%
sharper = softmax(cone / 0.5)
print(f"at T = 0.5, cube / cone = {sharper[1] / sharper[2]:.2f}")
panels = {f"T = {T}": softmax(cone / T) for T in (0.25, 1, 10)}
draw.bars(panels, solids, marked=2)

# %% [markdown]
# Cold is sure: near $T = 0$ the largest score takes all, which makes softmax a soft version of *argmax*.
# Hot is undecided: for high $T$ every class approaches $1/C$, here 0.33.
#
# Now with your own hands.
# The left panel shows the shifted scores, the right one the probabilities.
#
# **Predict** before you move a slider.
#
# 1. $T$ stays 1 and $c$ goes to 5: which panel moves?
# 2. $T$ goes to 0.1: who wins, and with what probability?
# 3. Can any $T$ make the cone win?

# %%
fixed = {"scores + c": (-8.0, 6.0), "probabilities": (0.0, 1.0)}


def shifted_and_tempered(T, c):
    panels = {"scores + c": cone + c, "probabilities": softmax((cone + c) / T)}
    return draw.bars(panels, solids, limits=fixed, marked=2, caption=f"T = {T:.2f}, c = {c:.2f}")


T = slider("temperature T", 0.1, 10.0, value=1.0, step=0.1)
c = slider("shift c", -5.0, 5.0, value=0.0, step=0.5)
show(explore(shifted_and_tempered, T=T, c=c))

# %% [markdown]
# 1. Only the left panel moves: the shift cancels.
# 2. The cube, with 1.00.
# Dividing by a positive number keeps the order.
# 3. None can, for the same reason.
#
# We need both facts soon.
# The shift mends an overflow in the next section, and the temperature makes a trained classifier more honest in section 12.

# %% [markdown]
# **Check yourself.** A classifier's weights and biases are all multiplied by 3.
# What happens to its predictions?
#
# <details><summary>A. The same classes win, with more extreme probabilities.</summary>
#
# Yes: times 3 is a temperature of 1/3.
#
# </details>
# <details><summary>B. Nothing at all: softmax cancels common factors.</summary>
#
# No: it cancels a common *summand* of the scores, not a factor.
#
# </details>
# <details><summary>C. Other classes may win.</summary>
#
# No: multiplying by 3 keeps the order of the scores, so every winner stays.
#
# </details>
#
# *A good place for a break.*

# %% [markdown]
# ## 7. Break it, then mend it · 9 min
#
# Inputs that nobody scaled, or a learning rate that is too big, send scores into the thousands.
# Let us hand the three-line softmax scores near 1,000.
#
# **By hand.** The largest 64-bit float is about $1.8 \cdot 10^{308}$, which is $e^{709.8}$.
# In 32 bits, where networks train, the end is $e^{88.7}$.
#
# **Predict.** Which numbers does the naive softmax return for (1000, 998, 999)?
# By the shift rule, which ones *should* it return?


# %%
def naive_softmax(scores):
    exps = np.exp(scores)
    return exps / exps.sum()


limits = [np.log(np.finfo(kind).max) for kind in (np.float64, np.float32)]
print("overflow beyond", limits[0].round(1), "and", limits[1].round(1))
large = np.array([1000.0, 998.0, 999.0])
with np.errstate(over="ignore", invalid="ignore"):  # NumPy would warn here, twice
    print("exps ", np.exp(large))
    print("probs", naive_softmax(large))

# %% [markdown]
# Each exponential overflows to `inf`, and inf / inf is `nan`, "not a number".
# One nan in a gradient spreads to all weights within two steps, and the training run is over.
#
# **Mend it.** The shift changes nothing, so we choose the one that suits us: subtract the largest score.
# Now the largest exponent is 0, and nothing can overflow.
#
# **Predict.** Which probabilities come out?


# %%
def stable_softmax(scores):
    shifted = scores - scores.max(axis=-1, keepdims=True)  # (N, C) - (N, 1): at most 0
    exps = np.exp(shifted)  # (N, C): from 0 to 1
    return exps / exps.sum(axis=-1, keepdims=True)  # (N, C) / (N, 1)


print(stable_softmax(large), stable_softmax(large - 1000))

# %% [markdown]
# The mended softmax survives, with the probabilities of (0, -2, -1), as the shift rule says.
# The loss needs $-\ln p$ of the true class, though, and there a second trap waits.
#
# **Predict.** Scores are (0, 1000), and the true class is the first.
# What is $p$ of the true class, as a float, and what is its $-\ln$?

# %%
hopeless = np.array([0.0, 1000.0])
p_true = stable_softmax(hopeless)[0]
with np.errstate(divide="ignore"):
    print("p:", p_true, " -ln p:", -np.log(p_true))

# %% [markdown]
# $e^{-1000}$ underflows to 0, and $-\ln 0$ is infinite.
# The true loss is a modest number: 1000.
#
# **Mend it.** Take the logarithm on paper, before the computer rounds:
#
# $$\ln p_k = s_k - \ln \sum_j e^{s_j}$$
#
# In code, with $z = s - \max(s)$, line by line:
#
# | formula | code | shape |
# |---|---|---|
# | $z = s - \max_j s_j$ | `z = s - s.max(-1, keepdims=True)` | (N, C) |
# | $\ln \sum_j e^{z_j}$ | `lse = np.log(np.exp(z).sum(-1, keepdims=True))` | (N, 1) |
# | $\ln p = z - \ln \sum_j e^{z_j}$ | `z - lse` | (N, C) |
#
# **Predict.** Can `lse` overflow, or be the logarithm of 0?


# %%
def stable_log_softmax(scores):
    z = scores - scores.max(axis=-1, keepdims=True)  # (N, C)
    lse = np.log(np.exp(z).sum(axis=-1, keepdims=True))  # (N, 1)
    return z - lse  # (N, C)


print("-ln p:", -stable_log_softmax(hopeless)[0])

# %% [markdown]
# It can do neither: one of the summands is $e^0 = 1$, and none is larger.
# So the sum lies between 1 and $C$.
# The library's `softmax`, `log_softmax` and `softmax_loss` are written this way.
#
# **Predict.** A popular patch writes $-\ln(p + 10^{-8})$ instead.
# Which loss does it report for scores (0, 1000), where the truth is 1000?
# And for (0, 100), where the truth is 100?

# %%
for gap in (10.0, 100.0, 1000.0):
    patched = -np.log(stable_softmax(np.array([0.0, gap]))[0] + 1e-8)
    right = -stable_log_softmax(np.array([0.0, gap]))[0]
    print(f"gap {gap:6.0f}: patched {patched:8.3f}, right {right:8.3f}")

# %% [markdown]
# **Check yourself.** What is wrong with the patch?
#
# <details><summary>A. Nothing: an infinite loss is worse than a slightly wrong one.</summary>
#
# No: it is not slightly wrong.
# It says 18.42 for every hopeless example.
#
# </details>
# <details><summary>B. It stops at 18.42, so the worst examples no longer pull.</summary>
#
# Yes: where the loss is flat its gradient is 0, and the model cannot learn from its largest mistakes.
#
# </details>
# <details><summary>C. It makes every loss noticeably larger.</summary>
#
# No: where $p$ is well above $10^{-8}$ it changes next to nothing.
# That is how it hides.
#
# </details>

# %% [markdown]
# ## 8. One loss with three names · 10 min
#
# In papers you meet the *negative log-likelihood*, the *cross-entropy* and the *Kullback-Leibler divergence*.
# Let $q$ be the target distribution: 1 for the true class, 0 elsewhere (*one-hot*).
#
# | name | formula | what it measures |
# |---|---|---|
# | NLL | $-\ln p_y$ | surprise at the true class |
# | cross-entropy | $H(q, p) = -\sum_k q_k \ln p_k$ | mean surprise, when $q$ draws the classes |
# | KL divergence | $\sum_k q_k \ln (q_k / p_k)$ | how far $p$ is from $q$ |
#
# **By hand.** Scores (1, -2, 0), third class true: $-\ln 0.2595 = 1.349$.
#
# **Predict.** Which of the three is the largest?

# %%
from strides.losses import kl_divergence, softmax_loss

scores, label = np.array([1.0, -2.0, 0.0]), 2
p, q = softmax(scores), np.array([0.0, 0.0, 1.0])
print(f"NLL           {-np.log(p[label]):.6f}")
print(f"cross-entropy {-np.sum(q * np.log(p)):.6f}")
print(f"KL divergence {kl_divergence(q, p)[0]:.6f}")
print(f"softmax_loss  {softmax_loss([scores], [label])[0]:.6f}")

# %% [markdown]
# All are equal.
# The sum over classes has one term that is not 0, which is why NLL and cross-entropy agree.
# KL differs from cross-entropy by the target's own entropy, $H(q) = -\sum_k q_k \ln q_k$, and a one-hot target has none (we count $0 \ln 0$ as 0):
#
# $$\mathrm{KL}(q \,\|\, p) = H(q, p) - H(q)$$
#
# Sometimes the target is *soft*: three people labelled a picture, and one saw a cube.
#
# **Predict.** With $q = (0, \frac13, \frac23)$, does cross-entropy minus KL depend on the scores?

# %%
q = np.array([0.0, 1 / 3, 2 / 3])
for scores in (np.array([1.0, -2.0, 0.0]), cone):
    p = softmax(scores)
    cross_entropy, kl = -np.sum(q * np.log(p)), kl_divergence(q, p)[0]
    print(f"cross-entropy {cross_entropy:.4f} - KL {kl:.4f} = {cross_entropy - kl:.4f}")

# %% [markdown]
# The difference is 0.6365 both times: $H(q)$, which the scores cannot change.
# A constant has gradient 0, so cross-entropy and KL teach a classifier the same thing.
#
# **The gradient** is the reason why everybody loves this loss.
# The derivative of $-\ln p_y = -s_y + \ln \sum_j e^{s_j}$ is
#
# $$\frac{\partial \ell}{\partial s_k} = p_k - q_k$$
#
# What the model says, minus what is true.
# For a mean over $N$ examples, each row is divided by $N$.
#
# **Predict.** Scores (1, -2, 0), third class true.
# Write down the three numbers, with their signs.

# %%
loss, backward = softmax_loss([[1.0, -2.0, 0.0]], [2])
print("backward()", backward())
print("by formula", softmax([[1.0, -2.0, 0.0]]) - np.array([[0.0, 0.0, 1.0]]))

# %% [markdown]
# The wrong classes are pushed down in proportion to their probability, and the right one is pushed up.
# The three add up to 0: pushing all scores alike would be a shift, and shifts change nothing.

# %% [markdown]
# For a batch we need 1 subtracted at the true class of each row.
# NumPy takes two lists of indices as *pairs*: the first row number goes with the first label, the second with the second.
# In the grid below each number names its place: 12 stands in row 1, column 2.
#
# **Predict.** Three rows have labels 2, 0 and 3.
# Which numbers does `grid[rows, y]` pick, and which shape has `grid[:, y]`?

# %%
grid = np.array([[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]])  # (N, C) = (3, 4)
rows, y = np.arange(3), np.array([2, 0, 3])  # (N,) and (N,)
print("pairs", grid[rows, y], "shape of grid[:, y]", grid[:, y].shape)
grid[rows, y] -= 1
print(grid)

# %% [markdown]
# **Pairs.** Picked are the entries (0, 2), (1, 0) and (2, 3), one in each row, and only they lose 1.
# `grid[:, y]` takes columns 2, 0 and 3 whole, which is not what we want.
#
# Now the gradient of a batch.
#
# **Predict.** The measured gradient in the next cell is that of a *mean* over 5 rows.
# What goes wrong if we leave out `/ N`?

# %%
batch, y = np.random.default_rng(0).normal(size=(5, 3)), np.array([2, 0, 1, 1, 2])
N = len(y)
rows = np.arange(N)  # 0, 1, 2, 3, 4
dscores = softmax(batch)  # (N, C)
dscores[rows, y] -= 1  # one entry in each row
dscores /= N  # because the loss is a mean
measured = numerical_gradient(lambda s: softmax_loss(s, y)[0], batch)
print(f"largest difference {np.abs(dscores - measured).max():.0e}")

# %% [markdown]
# Formula and measurement agree to ten decimals.
# Without `/ N` every entry would be 5 times too large: the right direction, at five times the learning rate.
# The loss would still fall, so only a measurement finds this mistake.

# %% [markdown]
# **Check yourself.** A new classifier for 10 classes starts with all weights 0.
# Which loss should its first step print?
#
# <details><summary>A. 0, since it has learned nothing wrong yet.</summary>
#
# No: a loss of 0 needs probability 1 on every true class.
#
# </details>
# <details><summary>B. 0.9, the share of mistakes.</summary>
#
# No: this takes the 0/1 loss for the cross-entropy.
#
# </details>
# <details><summary>C. About 2.3</summary>
#
# Yes: equal scores give each class 1/10, and $-\ln 0.1 = 2.303$.
# If your first loss is far from $\ln C$, look for a mistake before you go on.
#
# </details>

# %% [markdown]
# ## 9. Hinge or softmax? · 10 min
#
# Lecture 02 trains linear classifiers with the multiclass hinge loss.
# The scores are the same; the losses ask for different things.
#
# **By hand**, for the cone with scores (-2.85, 0.86, 0.28), third class true:
#
# - hinge: $\max(0, -2.85 - 0.28 + 1) + \max(0, 0.86 - 0.28 + 1) = 0 + 1.58$
# - softmax: $-\ln 0.353 = 1.04$
#
# **Predict.** We now raise the cone's score and hold the others.
# From which score on is the hinge loss 0?
# From which one is the softmax loss 0?

# %%
from strides.losses import hinge_loss

print(f"hinge   {hinge_loss([cone], [2])[0]:.2f}")
print(f"softmax {softmax_loss([cone], [2])[0]:.2f}")

# %%
raised = np.linspace(-2, 6, 161)
rows = np.column_stack([np.full(161, -2.85), np.full(161, 0.86), raised])  # (161, 3)
both = {
    "hinge": [hinge_loss([row], [2])[0] for row in rows],
    "softmax": [softmax_loss([row], [2])[0] for row in rows],
}
draw.curves(raised, both, xlabel="score of the true class (cone)", ylabel="loss", at=0.28)

# %% [markdown]
# The hinge loss is 0 from 0.86 + 1 = 1.86 on: once the margin is kept it is content.
# The softmax loss only approaches 0, and always asks for more.
#
# The two numbers 1.58 and 1.04 must not be compared with each other, since they have different units.
# Compare how they *change*.

# %% [markdown]
# **The gradient of the hinge loss.**
# Take one wrong class $j$ that pays: its term $s_j - s_y + 1$ is above 0.
# Raise $s_j$ a little and the loss rises as much; raise $s_y$ and it falls as much.
# So each paying class puts 1 at its own place and -1 at the true class, and a class that does not pay puts nothing.
#
# **By hand.** For the cone the ball's term is 0 and the cube's is 1.58.
# One class pays, so the gradient is (0, 1, -1).
# For scores (2.0, 2.5, 1.5) with the first class true, the terms are 1.5 and 0.5.
# Both pay: (-2, 1, 1).
#
# **Predict.** Which entries of the cone's softmax gradient $p - q$ are 0?

# %%
for name, loss_of in (("hinge", hinge_loss), ("softmax", softmax_loss)):
    print(f"{name:8}", loss_of([cone], [2])[1]())  # backward(): (N, C) = (1, 3)
print("measured", numerical_gradient(lambda s: hinge_loss(s, [2])[0], cone[None]))
print("two pay ", hinge_loss([[2.0, 2.5, 1.5]], [0])[1]())

# %% [markdown]
# None: softmax pushes every class, the ball by 0.015, where the hinge loss pushes only those that pay, by 1 each, and the true class back by their number.
# For a mean over $N$ rows each row is divided by $N$, as in section 8.
#
# **Predict.** Three examples, the first class true in each.
# For which is the hinge loss 0, and how does the softmax loss rank them?

# %%
three = np.array([[10.0, 8.0, 8.0], [10.0, 4.0, 4.0], [10.0, -90.0, -90.0]])
for row in three:
    hinge, soft = hinge_loss([row], [0])[0], softmax_loss([row], [0])[0]
    print(f"{row!s:18} hinge {hinge:.3f}  softmax {soft:.3f}")

# %% [markdown]
# The hinge loss cannot tell them apart: all are right by more than 1.
# The softmax loss can.
#
# In accuracy the two mostly end close together.
# Choose the hinge when it is enough that the margin is kept, and softmax when you need probabilities.
# Networks nearly always end in a softmax.

# %% [markdown]
# **Check yourself.** Two models print mean losses of 0.9 (hinge) and 0.6 (softmax) on the same data.
# Which is better?
#
# <details><summary>A. The softmax one, since its loss is lower.</summary>
#
# No: the losses have different units.
# The cone had 1.58 and 1.04 from the very same scores.
#
# </details>
# <details><summary>B. The hinge one, since a hinge loss below 1 means no mistakes.</summary>
#
# No: that holds for a single example.
# A mean of 0.9 can hide a few large mistakes.
#
# </details>
# <details><summary>C. The losses do not say; compare the accuracy, or one loss for both.</summary>
#
# Yes: a comparison needs one yardstick.
#
# </details>

# %% [markdown]
# ## 10. A penalty is a belief · 10 min
#
# Lecture 02 adds $\mathrm{reg} \cdot \sum w^2$, the *L2 penalty*, to the loss to keep weights small.
# Likelihood tells us what that penalty *means*.
#
# First, two classes again (labels -1 and +1) that can be separated without mistakes, one weight, no penalty.
#
# **Predict.** Where is the minimum of the mean logistic loss?

# %%
x = np.array([-2.0, -1.5, -1.0, 1.0, 1.5, 2.0])  # (N,) = (6,)
y = np.array([-1, -1, -1, 1, 1, 1])
weights = np.linspace(-1, 8, 361)
loss = np.array([logistic_loss(w * x, y)[0] for w in weights])
for w in (2.0, 4.0, 8.0):
    print(f"w = {w}: loss {logistic_loss(w * x, y)[0]:.6f}")

# %% [markdown]
# There is none: a larger weight is always better, and descent would let it grow for ever.
# Likelihood believes the six examples so fully that it wants to be certain.
#
# Suppose that we believe something *before* we see any data: that large weights are unlikely.
# We write this belief as a *prior*, a normal distribution with mean 0 and standard deviation $\tau$.
# Bayes' rule says what to believe afterwards, the *posterior*:
#
# $$\text{posterior}(w) \propto \text{likelihood}(w) \times \text{prior}(w)$$

# %% [markdown]
# Take $-\ln$ and divide by $N$, as in section 2.
# The likelihood becomes the mean loss $L(w)$.
# The normal density $e^{-w^2 / 2\tau^2}$ becomes $\frac{w^2}{2 \tau^2 N}$, plus a constant.
#
# **Claim.** The most probable weight (*maximum a posteriori*, MAP) minimises
#
# $$L(w) + \mathrm{reg} \cdot w^2 \quad \text{with} \quad \mathrm{reg} = \frac{1}{2 \tau^2 N}$$
#
# So the L2 penalty states a belief, and `reg` says how firm it is.
#
# **By hand.** $\tau = 1$ and $N = 6$ give reg = 1/12 = 0.083.

# %% [markdown]
# We check the claim by computing both sides over the whole range of $w$: the penalised loss, and the negative log-posterior with SciPy's normal density.
#
# **Predict.** Will the two be equal, or differ by a constant?

# %%
from scipy.stats import norm

tau, N = 1.0, len(x)
reg = 1 / (2 * tau**2 * N)
penalised = loss + reg * weights**2
posterior = loss - norm.logpdf(weights, scale=tau) / N  # per example, like the loss
gap = posterior - penalised
print(f"reg {reg:.4f}, gap between {gap.min():.6f} and {gap.max():.6f}")

# %% [markdown]
# They differ by a constant, $\ln(\tau \sqrt{2\pi}) / N = 0.153$, so they have their minimum in the same place.
#
# **Predict.** Where is it: near 0.1, near 1, or near 5?

# %%
curves = {"loss alone": loss, "loss + penalty": penalised}
best = weights[penalised.argmin()]
draw.curves(weights, curves, xlabel="weight w", ylabel="loss", at=best, ylim=(-0.1, 2.5))

# %% [markdown]
# Now there is a minimum, at 1.2.
# The prior pulls towards 0, the data away from it, and they settle.
#
# **Your turn.** Set `tau = 0.3` (a strong belief in small weights), then `tau = 10`, and run the last two cells again.
# Predict which way the minimum moves.
#
# <details><summary>Answer</summary>
#
# A strong belief pulls it to 0.3, and a weak one lets it go to 4.1.
#
# </details>
#
# And the data's share: the formula has $N$ in it.
# With the same belief and twice the data, reg is halved, and the examples speak louder.

# %% [markdown]
# **A whole matrix.** With $C$ classes, labels 0 to $C - 1$ again, the belief is about every entry of $W$, so the penalty adds up all squares.
# An entry $W_{dk}$ reaches the loss on two paths: through the score of class $k$, where it is multiplied by $x_{nd}$, and through its own square.
# The gradient adds them:
#
# | formula | code | shape |
# |---|---|---|
# | $L + \mathrm{reg} \sum_{dk} W_{dk}^2$ | `data_loss + reg * np.sum(W * W)` | () |
# | $\sum_n x_{nd} \frac{\partial L}{\partial s_{nk}} + 2\,\mathrm{reg}\,W_{dk}$ | `X.T @ dscores + 2 * reg * W` | (D, C) |
#
# **By hand.** reg = 0.1 and one entry $W_{dk} = 3$: the penalty is 0.9, and its gradient $2 \cdot 0.1 \cdot 3 = 0.6$.
#
# **Predict.** We measure the gradient of the sum.
# Which entries are wrong if we forget the second path?

# %%
rng, reg = np.random.default_rng(4), 0.1
X, W, y = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), np.array([2, 0, 1, 1, 2])
data_loss, backward = softmax_loss(X @ W, y)  # (N, D) @ (D, C) -> (N, C)
total = data_loss + reg * np.sum(W * W)
dW = X.T @ backward() + 2 * reg * W  # (D, N) @ (N, C) -> (D, C)
measured = numerical_gradient(lambda W: softmax_loss(X @ W, y)[0] + reg * np.sum(W * W), W)
print(f"data {data_loss:.3f}, with penalty {total:.3f}")
print(f"largest difference {np.abs(dW - measured).max():.0e}")
print(f"without the second path {np.abs(X.T @ backward() - measured).max():.2f}")

# %% [markdown]
# All of them, each by $2\,\mathrm{reg}\,W_{dk}$: a penalty in the loss needs its part in the gradient.
# Multiplying by `X.T` adds up over the examples, and the $1/N$ is already in `dscores`.
# The hinge loss goes the same way, with its own `dscores`.

# %% [markdown]
# **Check yourself.** You double the L2 strength `reg`.
# What have you said about the prior?
#
# <details><summary>A. Its standard deviation is halved.</summary>
#
# No: this forgets the square.
# reg goes with $1/\tau^2$.
#
# </details>
# <details><summary>B. Its standard deviation is divided by 1.41.</summary>
#
# Yes: $\tau$ goes with $1/\sqrt{\mathrm{reg}}$.
#
# </details>
# <details><summary>C. Its standard deviation is doubled.</summary>
#
# No: that is upside down.
# A wide prior allows large weights and means a *weak* penalty.
#
# </details>

# %% [markdown]
# ## 11. Several right answers · 8 min
#
# A picture shows a ball *and* a cone.
# Softmax has one unit of probability to hand out, so the two must share it.
#
# **Claim.** For *multi-label* problems ask $C$ independent questions: one sigmoid for each class.
# Targets $t$ are 0 or 1, of shape (N, C), and the loss is the *binary cross-entropy*:
#
# $$\ell = -t \ln \sigma(s) - (1 - t) \ln(1 - \sigma(s))$$
#
# **By hand.** $s = 3$ and $t = 1$: $-\ln 0.953 = 0.049$.
#
# **Predict.** Scores are ball 3, cube -2, cone 2.
# What do the softmax probabilities add up to, and what the sigmoids?

# %%
scores = np.array([3.0, -2.0, 2.0])
panels = {"softmax: one answer": softmax(scores), "sigmoid: three questions": sigmoid(scores)}
for name, p in panels.items():
    print(f"{name}, sum {p.sum():.2f}")
draw.bars(panels, solids, limits=dict.fromkeys(panels, (0.0, 1.0)))

# %% [markdown]
# Softmax gives the cone 0.27 although its score is high; its sigmoid says 0.88.
# The sigmoids add up to 1.95: so many solids the model expects in the picture.
#
# Now the loss, which the library takes as a mean over all $N \cdot C$ entries.
#
# **Predict.** The second row of targets is the first with every yes and no swapped.
# Which row has the larger loss, and by about how much: 0.5, 2, or 20?

# %%
from strides.losses import bce_with_logits_loss

print(f"one entry, s = 3 and t = 1: {bce_with_logits_loss([[3.0]], [[1.0]])[0]:.3f}")
targets = np.array([[1, 0, 1], [0, 1, 0]])  # (N, C) = (2, 3)
both = np.stack([scores, scores])  # (2, 3): the same scores twice
for row in (0, 1):
    loss, backward = bce_with_logits_loss(both[[row]], targets[[row]])
    print(f"targets {targets[row]}: loss {loss:.3f}")

# %% [markdown]
# 0.101 and 2.434: the difference is the mean of the scores' sizes, (3 + 2 + 2) / 3 = 2.33.
# It is the logistic loss of section 2 with labels 0 and 1 instead of -1 and +1.
#
# It also has the same trap as softmax.
#
# **Predict.** $s = 40$ and $t = 0$.
# What does the formula give when we type it as it stands?

# %%
with np.errstate(divide="ignore"):
    print("as it stands:", -np.log(1 - sigmoid(40.0)))
print("library:     ", bce_with_logits_loss([[40.0]], [[0.0]])[0])

# %% [markdown]
# $\sigma(40)$ rounds to exactly 1, so the formula takes the logarithm of 0.
# The library works from the score instead: $\max(s, 0) - s\,t + \ln(1 + e^{-|s|})$.
# That is why losses want *scores* (also called *logits*), not probabilities.

# %% [markdown]
# **Check yourself.** Which output fits "which of these 20 tags apply to this photo"?
#
# <details><summary>A. Twenty sigmoids, each with its own yes or no.</summary>
#
# Yes: the tags do not exclude each other.
#
# </details>
# <details><summary>B. Softmax over 20, take all tags above 0.5.</summary>
#
# No: at most one of them can be above 0.5, since they share 1.
#
# </details>
# <details><summary>C. Softmax over all 2²⁰ sets of tags.</summary>
#
# No: it is legal, but it takes exclusive classes for the only kind, at the price of a million scores.
#
# </details>

# %% [markdown]
# ## 12. Train one, and ask how sure it is · 10 min
#
# Everything together, on real data: handwritten digits of 8 by 8 pixels.
# They come in three parts: one to train on, one to make choices with ("val", for validation), and one to test with at the end.
#
# **Predict.** Ten classes, 64 pixels: how many numbers are in $W$?

# %%
from strides.data import digits


def flat(split):
    images, labels = digits(split)  # (N, 1, 8, 8) from 0 to 255
    return images.reshape(len(images), 64) / 255, labels  # (N, D) from 0 to 1


(X, y), (X_val, y_val), (X_test, y_test) = flat("train"), flat("val"), flat("test")
print(X.shape, X_val.shape, X_test.shape)

# %% [markdown]
# 64 pixels times 10 classes: 640 weights, and 10 biases.
#
# The scores are `X @ W + b` with $W$ of shape (D, C), as in the recall.
# As in section 10, `X.T @ dscores` takes the gradient to the weights; we train without a penalty.
# Each bias is added to the score of its class in every row, so its gradient is the sum of a column of `dscores`.
#
# **Predict.** What is the first loss, when all weights are 0?
# And the share of right answers after 200 steps: about 60 %, 80 % or 95 %?


# %%
def fit(steps, rate=1.0):
    W, b, history = np.zeros((64, 10)), np.zeros(10), []
    for _ in range(steps):
        loss, backward = softmax_loss(X @ W + b, y)
        dscores = backward()  # (N, C)
        W -= rate * X.T @ dscores  # (D, N) @ (N, C) -> (D, C)
        b -= rate * dscores.sum(axis=0)  # (C,)
        history.append(loss)
    return W, b, history


W, b, history = fit(steps=200)
draw.curves(np.arange(len(history)), {"training loss": history}, xlabel="step", ylabel="mean loss")

# %%
test_scores = X_test @ W + b
probs = softmax(test_scores)
right = probs.argmax(axis=1) == y_test
print(f"first loss {history[0]:.3f}, last {history[-1]:.3f}, test accuracy {right.mean():.3f}")

# %% [markdown]
# The first loss is $\ln 10 = 2.303$, as section 8 promised, and after 200 steps about 96 % of the test pictures are right.
#
# Each column of $W$ is a template of 8 by 8 weights.
#
# **Predict.** What does the template of 0 say about the middle of the picture?

# %%
templates = W.T.reshape(10, 8, 8)  # (D, C) -> (C, 8, 8)
draw.images(templates, [str(k) for k in range(10)], what="Templates", signed=True)

# %% [markdown]
# Ink in the middle counts *against* a 0: the centre of its template is purple.
#
# Which test pictures is the classifier least sure of?
#
# **Predict.** Will you be sure of them yourself?

# %%
confidence = probs.max(axis=1)  # (N,)
unsure = np.argsort(confidence)[:5]
captions = [f"is {y_test[n]}\nsays {probs[n].argmax()} ({confidence[n]:.2f})" for n in unsure]
draw.images(X_test[unsure].reshape(5, 8, 8), captions, what="Least sure test pictures")

# %% [markdown]
# You may well hesitate where it does: low probability marks hard pictures.
# Is 0.8 worth 80 %, though?
# A classifier is *calibrated* when, of all the answers that it gives with probability 0.8, 80 % are right.
#
# We sort the test pictures by confidence into five groups, and compare.
#
# **Predict.** Is the classifier too sure of itself, or not sure enough?


# %%
def groups(confidence, right):
    parts = np.array_split(np.argsort(confidence), 5)  # five groups, least sure first
    return [confidence[n].mean() for n in parts], [right[n].mean() for n in parts]


claimed, true = groups(confidence, right)
lines = {"share that is right": true, "calibrated": claimed}
axes = {"xlabel": "mean confidence", "ylabel": "share", "dots": True}
draw.curves(claimed, lines, **axes)

# %% [markdown]
# It is not sure enough: the measured line lies above the line of a calibrated classifier.
# We stopped early, when the weights were still small.
#
# Section 6 has the remedy: divide the scores by a temperature.
# It changes no answer, only the confidence.
# We choose $T$ on the validation part, never on the test part.
#
# **Predict.** Is the best $T$ above or below 1?
# By how much does the accuracy change?

# %%
val_scores = X_val @ W + b
temperatures = np.linspace(0.2, 2, 91)
losses = [softmax_loss(val_scores / T, y_val)[0] for T in temperatures]
T = temperatures[np.argmin(losses)]
for name, scores in (("T = 1", test_scores), (f"T = {T:.2f}", test_scores / T)):
    loss, accuracy = softmax_loss(scores, y_test)[0], (scores.argmax(1) == y_test).mean()
    print(f"{name:8} test loss {loss:.3f}, accuracy {accuracy:.3f}")

# %% [markdown]
# The best $T$ is 0.60, below 1.
# Better probabilities from the same weights, and not one answer has changed.

# %% [markdown]
# **Your turn.** Replace `steps=200` with `steps=5000` above (a few seconds) and run the section again.
# Predict first: does the best temperature rise or fall, and can it pass 1?
# Section 10 has the reason.
#
# <details><summary>What you should see</summary>
#
# It rises to 0.74, and later it passes 1:
#
# | steps | best $T$ | right in training |
# |---|---|---|
# | 200 | 0.60 | 96.5 % |
# | 5,000 | 0.74 | 99.7 % |
# | 20,000 | 0.98 | 100 % |
# | 40,000 | 1.18 | 100 % |
#
# The training pictures can be separated, so scaling up such weights always lowers the training loss, and the classifier grows surer without end.
# Past $T = 1$ it is too sure, as large networks often are (Guo and others, 2017).
# To see it soon, take `fit(steps=10000, rate=4.0)`, about as far as 40,000 steps at rate 1.
#
# </details>

# %% [markdown]
# **Check yourself.** On the test part, $T$ lowered the loss and left the accuracy alone.
# What has changed?
#
# <details><summary>A. The boundaries between the classes moved.</summary>
#
# No: the same class wins everywhere, so no boundary moved.
#
# </details>
# <details><summary>B. The probabilities now match better how often the answers are right.</summary>
#
# Yes: that is what calibration means.
#
# </details>
# <details><summary>C. The model has learned from the test part.</summary>
#
# No: $T$ was chosen on the validation part.
# Had we chosen it on the test part, this would be the right worry.
#
# </details>

# %% [markdown]
# ## What you can now do
#
# The cone of the opening got probability 0.35, and the cube 0.63: a near miss.
# You can
#
# - read a score as a logarithm of odds, and softmax as its version for many classes;
# - predict what a shift and a temperature do;
# - derive $p - q$, and catch a wrong formula by measuring;
# - keep `nan` and `inf` out of a loss;
# - say why NLL, cross-entropy and KL agree, and what belief an L2 penalty states;
# - choose between softmax and sigmoids, and ask whether a confidence can be trusted.

# %% [markdown]
# **Exercises.** In assignment [a1_classifiers](../assignments/a1_classifiers/a1_classifiers.ipynb): `why_mean` (section 2), `numerical_gradient` (section 4), `svm_loss` (sections 9 and 10), `log_softmax` (section 7), `softmax_loss` (sections 8 and 10), `multilabel_loss` (section 11), `train` and `predict` (section 12).
#
# | this lecture | `X` | `W` | $\ln$ | `hinge_loss` | `targets` | `X @ W + b` |
# |---|---|---|---|---|---|---|
# | a1 | `x` | `w` | $\log$ | `svm_loss` | `t` | `x @ w`, no bias |
#
# The library's losses take scores; a1's `svm_loss` and `softmax_loss` take `w, x, y, reg`, make the scores themselves, and add the penalty.

# %% [markdown]
# ## Where we go next
#
# We descended with a rate of 1.0 here, and of 0.5 in section 4.
# Where did these numbers come from?
# We tried.
#
# What happens at 0.01, or at 100?
# Must every step look at all the examples?
# And can a step remember the one before it?
#
# Lecture 04, *optimization*, answers these.
