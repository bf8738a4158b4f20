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
# # Does a cone stay a cone when it moves?
#
# *Strides, lecture 07: convolution.*
# *About 120 minutes, with a break after section 6.*
#
# For you it does.
# For the nets of lecture 06 it does not: they know every pixel by its place, and a cone two fingers to the left is a new thing to them.
#
# In this lecture we measure how badly they fail.
# Then we build a layer that looks for the same thing everywhere, with a few hundred weights in place of millions.

# %% [markdown]
# **After this lecture you can**
#
# 1. compute a convolution by hand and in code, and say how it differs from a cross-correlation;
# 2. predict the output size, the number of parameters and the receptive field of a stack of layers;
# 3. say what weight sharing and pooling buy, and check it on pictures whose contents have moved.
#
# **Builds on** lecture 06: layers, ReLU, and training a net.
# You also need the dot product of lecture 02.
#
# **How to read.**
# As before: write each prediction down, run the cell, and compare.

# %% [markdown]
# ## Recall lecture 06 · 3 min
#
# **Recall 1.** A net takes images of 3 · 32 · 32 numbers to 100 hidden units, and those to 10 scores.
# How many weights and biases has it?
#
# <details><summary>Answer</summary>
#
# 3072 · 100 + 100 = 307,300 in the first layer and 100 · 10 + 10 = 1,010 in the second: 308,310.
#
# </details>

# %% [markdown]
# **Recall 2.** What does ReLU return for -1.5 and for 2, and what are its slopes there?
#
# <details><summary>Answer</summary>
#
# 0 and 2, with slopes 0 and 1.
#
# </details>

# %%
import numpy as np

from strides import draw
from strides.conv import Affine, parameter_count

np.set_printoptions(precision=3, suppress=True)

# %% [markdown]
# These names stay the same in every formula and in all code.
#
# | symbol | code | meaning | shape |
# |---|---|---|---|
# | $N$, $C$ | | images, channels | |
# | $H$, $W$ | | rows and columns | |
# | $x$ | `x` | images or activations | (N, C, H, W) |
# | $w$ | `w` | a bank of $F$ filters | (F, C, KH, KW) |
# | $b$ | `b` | a bias for each filter | (F,) |
#
# Channels come first, rows before columns.

# %% [markdown]
# ## 1. A layer that knows pixels by their place · 10 min
#
# A *fully connected* layer has a weight from every number of the image to every output.
#
# **By hand.** A small colour photo has 3 · 256 · 256 = 196,608 numbers.
# With 1,000 outputs, each of them needs 196,608 weights.
#
# **Predict.** How many weights is that, and would they fit in the memory of a phone?

# %%
weights = parameter_count((3, 256, 256), [Affine(1000, bias=False)])
print(f"{weights:,} weights, {4 * weights / 1e6:,.0f} MB at 4 bytes each")

# %% [markdown]
# 196,608,000 weights in *one* layer.
# Size is only half of the trouble.
#
# We take the ten solids of the course: 2,000 images to train on, and 1,000 to test with.
# A second test set holds the same 1,000 pictures, except that the solids stand further from the centre.

# %%
from strides.data import mean_and_std, normalise, solids

train, test = solids("train"), solids("test")
shifted = solids("test", position=0.6)  # the same pictures, solids moved
change = np.abs(test.images[:100] - shifted.images[:100].astype(float)).mean(axis=(1, 2, 3))
five = np.argsort(change)[-5:]  # of the first hundred, those that moved furthest
rows = np.concatenate([test.images[five], shifted.images[five]]).transpose(0, 2, 3, 1)
titles = [test.names[k] for k in test.labels[five]]
draw.images(rows, titles + ["moved"] * 5, what="Test pictures above, shifted ones below")

# %% [markdown]
# You recognise the lower row as easily as the upper one.
#
# The net of Recall 1 has seen solids near the centre only.
#
# **Predict.** Ten classes, so guessing gives 0.10.
# What accuracy do you expect on the training pictures, on the test pictures, and on the shifted ones?

# %%
from strides.nets import mlp
from strides.optim import Adam
from strides.training import Trainer

mean, std = mean_and_std(train.images)  # of the training images, used for all
sets = [(normalise(part.images, mean, std), part.labels) for part in (train, test, shifted)]


def accuracies(net, epochs, rate, sets=sets):
    trainer = Trainer(net, Adam(rate), batch_size=32, progress=False)
    trainer.fit(*sets[0], epochs=epochs)
    return [trainer.evaluate(x, y)[1] for x, y in sets]


# %%
rng = np.random.default_rng(0)
results = {"fully connected": accuracies(mlp((3072, 100, 10), rng), epochs=10, rate=0.001)}
print("train {:.3f}, test {:.3f}, shifted {:.3f}".format(*results["fully connected"]))

# %% [markdown]
# It knows every training picture and most of the test pictures, but of the shifted ones little more than a quarter.
# What it has learned about a cone in the centre tells it nothing about a cone in the corner: those are other pixels, with other weights.
#
# **A stranger test.** We shuffle the 3,072 numbers of every image, always in the same order.
# To us the pictures become noise.
#
# **Predict.** We train the same net anew on shuffled pictures, and test it on shuffled pictures.
# Does its accuracy on the test set fall to 0.1, fall somewhat, or stay?

# %%
order = np.random.default_rng(1).permutation(3072)
mixed = [(x.reshape(len(x), -1)[:, order], y) for x, y in sets[:2]]
net = mlp((3072, 100, 10), np.random.default_rng(0))
print("shuffled: train {:.3f}, test {:.3f}".format(*accuracies(net, 10, 0.001, mixed)))

# %% [markdown]
# It stays, give or take the luck of a start.
# A fully connected layer does not know which pixels are neighbours, so it loses nothing when we destroy that.
#
# Here are two facts about pictures that it ignores:
#
# - what belongs together is *near*: an edge, a corner, a wheel;
# - the same thing can appear *anywhere*.
#
# Convolution builds both into the layer.

# %% [markdown]
# **Check yourself.** Which remedy does *not* help the fully connected net with shifted solids?
#
# <details><summary>A. Training pictures with solids everywhere</summary>
#
# No: that does help.
# It costs many more pictures, since every place is learned on its own.
#
# </details>
# <details><summary>B. More hidden units, same training pictures</summary>
#
# Yes: the weights of pixels in the corners still never see a solid, however many there are.
#
# </details>
# <details><summary>C. Moving every solid to the centre first</summary>
#
# No: that would help.
# It needs somebody who finds the solid, which is the harder half of the problem.
#
# </details>

# %% [markdown]
# ## 2. Slide one small template · 10 min
#
# We begin in one dimension: a signal $x$ and a short template $w$, the *kernel* or *filter*.
# Lay the kernel over the start of the signal, take the dot product, move on by one, and repeat:
#
# $$y_i = \sum_k x_{i+k} \, w_k$$
#
# This is the *cross-correlation*.
#
# **By hand.** Signal (0, 0, 1, 1, 1, 0, 0), kernel (-1, 0, 1).
# The first output is $0 \cdot (-1) + 0 \cdot 0 + 1 \cdot 1 = 1$.
#
# **Predict.** Seven numbers, a kernel of three: how many outputs?
# Where are they positive, and where negative?


# %%
def cross_correlate(x, w):
    places = range(len(x) - len(w) + 1)
    return np.array([x[i : i + len(w)] @ w for i in places])


x = np.array([0, 0, 1, 1, 1, 0, 0])
w = np.array([-1, 0, 1])
print(cross_correlate(x, w))

# %% [markdown]
# Five outputs: positive where the signal rises, negative where it falls, 0 where it is flat.
# Three weights have found both edges, wherever they stand.
#
# NumPy offers `np.correlate` and `np.convolve`.
#
# **Predict.** One of the two agrees with us.
# What does the other one return?

# %%
print("np.correlate", np.correlate(x, w, "valid"))
print("np.convolve ", np.convolve(x, w, "valid"))
print("flipped     ", cross_correlate(x, w[::-1]))

# %% [markdown]
# A *convolution* flips the kernel before it slides:
#
# $$y_i = \sum_k x_{i-k} \, w_k$$
#
# The index of $x$ runs backwards while that of $w$ runs forwards.
# (NumPy starts the outputs at the first place where the kernel fits.)
#
# Why flip?
# Feed both with a single 1.
#
# **Predict.** The signal is (0, 0, 1, 0, 0), the kernel (1, 2, 3).
# Which of the two returns 1, 2, 3, and which 3, 2, 1?

# %%
impulse = np.array([0, 0, 1, 0, 0])
print("cross-correlation", cross_correlate(impulse, np.array([1, 2, 3])))
print("convolution      ", np.convolve(impulse, [1, 2, 3], "valid"))

# %% [markdown]
# A convolution stamps the kernel, as it is, wherever the signal has a 1.
# With the flip, signal and kernel may also change places: $x * w = w * x$.
# Signal processing is built on that.
#
# A net *learns* its kernel, so it can learn the flipped one.
# That is why nearly all deep learning libraries, and this course, compute the cross-correlation and call it convolution.
#
# **Your turn.** Change the last number of `x` to 1 in the first cell of this section.
# Which outputs change?
# Predict them, then run the cell.

# %%
from strides.conv import conv1d

signal, kernel = x.reshape(1, 1, 7) * 1.0, w.reshape(1, 1, 3) * 1.0  # (N, C, L), (F, C, K)
out, backward = conv1d(signal, kernel, np.zeros(1))  # b is (F,)
print(out.shape, out[0, 0])

# %% [markdown]
# **Check yourself.** For which kernel do convolution and cross-correlation agree on every signal?
#
# <details><summary>A. (1, 2, 1)</summary>
#
# Yes: it reads the same in both directions, so the flip changes nothing.
#
# </details>
# <details><summary>B. (-1, 0, 1)</summary>
#
# No: flipped it is (1, 0, -1), so every output changes its sign.
#
# </details>
# <details><summary>C. Every kernel: the two are names for one thing.</summary>
#
# No: this takes the habit of deep learning for mathematics.
# `np.convolve` has shown the difference.
#
# </details>

# %% [markdown]
# ## 3. Edges in a real picture · 12 min
#
# In two dimensions the kernel slides along rows and columns:
#
# $$y_{ij} = \sum_{k} \sum_{l} x_{i+k,\; j+l} \; w_{kl}$$
#
# **By hand.** The kernel [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]] lies on a patch whose rows are all (0, 0, 1).
# The dot product is 1 + 2 + 1 = 4.
#
# On a patch of equal numbers it is 0, since the kernel's numbers add up to 0.
# (The kernel is named after Irwin Sobel.)
#
# **Predict.** In the loop below, what is the shape of `y` for a picture of 106 by 160?


# %%
def cross_correlate_2d(x, w):
    (H, W), (KH, KW) = x.shape, w.shape
    y = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + KH, j : j + KW] * w)
    return y


sobel = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
print("by hand", cross_correlate_2d(np.array([[0, 0, 1.0]] * 3), sobel))

# %%
from sklearn.datasets import load_sample_image

photo = load_sample_image("china.jpg")[:424] / 255  # (424, 640, 3) from 0 to 1
colour = photo.reshape(106, 4, 160, 4, 3).mean(axis=(1, 3))  # every 4 x 4 pixels to one
grey = colour.mean(axis=2)  # (106, 160)
edges = cross_correlate_2d(grey, sobel)
print(grey.shape, "->", edges.shape)
draw.filtered(grey, sobel, edges)

# %% [markdown]
# The pavilion's walls light up, the quiet sky stays white.
# Orange is a step from dark to bright, purple from bright to dark, read from left to right.
#
# SciPy has both forms, and the library's `conv2d` agrees with one of them.
#
# **Predict.** The picture filtered by a true convolution: what does it look like beside the one above?

# %%
from scipy.signal import convolve2d, correlate2d

from strides.conv import conv2d

out, backward = conv2d(grey[None, None], sobel[None, None], np.zeros(1))  # (1, 1, 104, 158)
for name, other in (("correlate2d", correlate2d), ("convolve2d", convolve2d)):
    response = other(grey, sobel, mode="valid")
    gaps = [np.abs(response - sign * out[0, 0]).max() for sign in (1, -1)]
    print(f"{name:11} gap to conv2d {gaps[0]:.3f}, to minus conv2d {gaps[1]:.3f}")

# %% [markdown]
# `convolve2d` returns the negative picture: flipping this kernel in both directions changes all its signs.
# So `conv2d` is a cross-correlation, as announced.
#
# Now slide along a row of kernels, or type your own: three rows of three numbers with a `/` between the rows.
#
# **Predict** before you choose.
#
# 1. Which kernel leaves the picture as it is?
# 2. The kernel of horizontal edges, flipped: what changes?
# 3. A kernel whose numbers add up to 0, on a flat sky: which number comes out?

# %%
from strides.widgets import choice, explore, matrix, show, switch

kernels = {
    "vertical edges": "-1 0 1 / -2 0 2 / -1 0 1",
    "horizontal edges": "-1 -2 -1 / 0 0 0 / 1 2 1",
    "blur": "0.11 0.11 0.11 / 0.11 0.11 0.11 / 0.11 0.11 0.11",
    "sharpen": "0 -1 0 / -1 5 -1 / 0 -1 0",
    "spots": "0 1 0 / 1 -4 1 / 0 1 0",
    "identity": "0 0 0 / 0 1 0 / 0 0 0",
}


def kernel_lab(kernel, flip):
    w = np.array(kernel)[::-1, ::-1] if flip else np.array(kernel)
    y = conv2d(grey[None, None], w[None, None], np.zeros(1))[0][0, 0]
    return draw.filtered(grey, w, y, signed=abs(w.sum()) < 0.5)


typed = matrix("kernel", kernels["vertical edges"])
pick = choice("pick a kernel", kernels, fills=typed)
show(explore(kernel_lab, pick, kernel=typed, flip=switch("flip it (true convolution)")))

# %% [markdown]
# 1. The identity: a single 1 in the middle.
# 2. Every sign: orange and purple change places.
# 3. Exactly 0, so these responses are shown with white for 0.
# The others are shown in grey, like a picture.
#
# **Your turn.** Type a kernel that answers to edges along one diagonal only.

# %% [markdown]
# **Check yourself.** All nine numbers of a kernel are 1/9.
# What does it do to a picture?
#
# <details><summary>A. It finds edges.</summary>
#
# No: an edge kernel's numbers add up to 0, so that flat regions vanish.
# These add up to 1.
#
# </details>
# <details><summary>B. It makes the picture nine times darker.</summary>
#
# No: nine ninths of a flat grey are the same grey.
#
# </details>
# <details><summary>C. It replaces each pixel by the mean of its neighbourhood.</summary>
#
# Yes: that blurs the picture and leaves its brightness.
#
# </details>

# %% [markdown]
# **Check yourself.** A student's loop has `y[i, j] = np.sum(x[j : j + KH, i : i + KW] * w)`.
# When does nobody notice?
#
# <details><summary>A. Never: it always raises an error.</summary>
#
# No: on a square picture no slice runs over the end, so nothing is raised.
#
# </details>
# <details><summary>B. When picture, kernel and contents are symmetric about the diagonal.</summary>
#
# Yes: rows and columns are swapped, and such a test cannot tell.
# This is why we test with $H \ne W$.
#
# </details>
# <details><summary>C. Whenever the picture is square.</summary>
#
# No: no error is raised then, but the values are those of other places.
#
# </details>

# %% [markdown]
# ## 4. Stripes at every angle · 7 min
#
# A 3 by 3 kernel can hardly tell 30 degrees from 45.
# A *Gabor filter* is larger: a wave in one direction, fading out from the centre.
#
# $$w(u, v) = e^{-(u^2 + v^2)/2\sigma^2} \cos\!\left(2\pi \, \frac{u \cos\theta + v \sin\theta}{\lambda} + \varphi\right)$$
#
# **By hand.** In the centre $u = v = 0$.
# With $\varphi = 0$ the weight is $1 \cdot \cos 0 = 1$, with $\varphi = -90°$ it is 0.
#
# We take $\varphi = -90°$, which answers to edges.
#
# **Predict.** For $\theta = 0$, do the stripes of the filter stand upright or lie flat?


# %%
def gabor(degrees, size=9, wavelength=6.0, sigma=2.0):
    place = np.arange(size) - size // 2
    v, u = np.meshgrid(place, place, indexing="ij")  # v down, u to the right
    angle = np.deg2rad(degrees)
    wave = np.sin(2 * np.pi * (u * np.cos(angle) + v * np.sin(angle)) / wavelength)
    return np.exp(-(u**2 + v**2) / (2 * sigma**2)) * wave


angles = [0, 45, 90, 135]
bank = np.stack([gabor(degrees) for degrees in angles])  # (4, 9, 9)
draw.images(bank, [f"{d}°" for d in angles], what="Gabor filters", columns=4, signed=True)

# %% [markdown]
# The wave runs to the right, so its stripes stand upright.
#
# **Predict.** The roof of the pavilion slopes.
# Which two filters will see its two sides best?

# %%
maps = conv2d(grey[None, None], bank[:, None], np.zeros(4))[0][0]  # (4, 98, 152)
titles = [f"{d}°, mean size {np.abs(m).mean():.2f}" for d, m in zip(angles, maps, strict=True)]
draw.maps(maps, titles, what="Responses to Gabor filters")

# %% [markdown]
# Each filter picks its own direction out of the same picture: 45° sees the left side of each roof, which rises to the right, and 135° the right side.
# Such filters are also a well-known model of cells in the visual cortex (Daugman, 1985).
# Trained nets find them again on their own: lecture 12 fits Gabor functions to learned filters.
#
# **Your turn.** Set `wavelength=12.0` and `sigma=4.0`, and `size=17`.
# Which details disappear?

# %% [markdown]
# **Check yourself.** Why do we not design all filters by hand?
#
# <details><summary>A. Because convolution with large filters is not possible.</summary>
#
# No: we have computed some of 9 by 9.
#
# </details>
# <details><summary>B. Because edges are easy to name, and the features of later layers are not.</summary>
#
# Yes: nobody can write down the kernel of an ear, and gradient descent finds useful ones by itself.
#
# </details>
# <details><summary>C. Because filters made by hand have no gradient.</summary>
#
# No: every weight has one, wherever its first value came from.
#
# </details>

# %% [markdown]
# ## 5. Depth: banks of filters · 10 min
#
# A colour picture has three channels, so $x$ has the shape (C, H, W) = (3, 106, 160).
#
# **Claim.** A filter is as deep as its input: (3, 3, 3) here.
# It slides along rows and columns only, and at each place it returns *one* number.
#
# $$y_{ij} = b + \sum_{c} \sum_{k} \sum_{l} x_{c,\; i+k,\; j+l} \; w_{ckl}$$
#
# **By hand.** A filter of 3 by 3 on 3 channels has 27 weights and one bias.
# On a white patch (all 1), with all weights 0.1 and bias 0.5, it returns 27 · 0.1 + 0.5 = 3.2.
#
# **Predict.** What does `conv2d` say to a filter of one channel?

# %%
x = colour.transpose(2, 0, 1)[None]  # (H, W, 3) -> (N, C, H, W) = (1, 3, 106, 160)
white, w, b = np.ones((1, 3, 3, 3)), np.full((1, 3, 3, 3), 0.1), np.array([0.5])
print("white patch:", conv2d(white, w, b)[0].round(3))
try:
    conv2d(x, sobel[None, None], b)  # w is (1, 1, 3, 3)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# The message names the shape that it needs.
# NumPy's broadcasting would have accepted the product without a word, and reused one channel for all three.
#
# A layer has many filters, a *bank* of shape (F, C, KH, KW).
# Each one makes an *activation map*, and the maps become the channels of the output.
#
# We build four filters: edges, both ways; warm against cold colours; brightness.
#
# **Predict.** What is the shape of the output?

# %%
w = np.zeros((4, 3, 3, 3))  # (F, C, KH, KW)
w[0], w[1] = sobel / 3, sobel.T / 3  # the same kernel for all three channels
w[2, 0], w[2, 2] = 1 / 9, -1 / 9  # red minus blue
w[3] = 1 / 27
maps, backward = conv2d(x, w, np.zeros(4))
print(x.shape, "->", maps.shape)
titles = ["vertical edges", "horizontal edges", "red minus blue", "brightness"]
draw.maps(maps[0], titles, what="Activation maps")

# %% [markdown]
# Three channels went in, four came out: each map says how much of one feature is where.
# The third filter tells the cold sky from the warm roof, which no filter on a grey picture can.
#
# The next layer's filters are four channels deep and combine features.
#
# **Predict.** We compute one number of the second map with our own hands.
# How many products does it add up?

# %%
i, j = 40, 60
patch = x[0, :, i : i + 3, j : j + 3]  # (C, KH, KW) = (3, 3, 3)
products = patch * w[1]
print(f"{products.size} products, sum {products.sum():.4f}, conv2d {maps[0, 1, i, j]:.4f}")

# %% [markdown]
# **Check yourself.** A layer has 16 filters of 3 by 3, and its input has the shape (8, 20, 30).
# What is the shape of `w`?
#
# <details><summary>A. (16, 3, 3)</summary>
#
# No: this leaves out the depth.
# A filter looks at all 8 channels at once.
#
# </details>
# <details><summary>B. (16, 8, 3, 3)</summary>
#
# Yes: (F, C, KH, KW).
# The size of the picture, 20 by 30, does not appear.
#
# </details>
# <details><summary>C. (8, 16, 3, 3)</summary>
#
# No: that is 8 filters for an input of 16 channels.
# Filters come first.
#
# </details>

# %% [markdown]
# ## 6. Local, then shared · 9 min
#
# Two decisions lead from a fully connected layer to a convolution.
#
# 1. *Local:* an output looks at a small window only.
# A *locally connected* layer has a filter of its own for every place.
# 2. *Shared:* every place uses the same filter.
#
# All three layers below take 3 by 32 by 32 numbers to 10 by 32 by 32, the last two with windows of 5 by 5.
#
# **By hand.** A filter of 5 by 5 on 3 channels has 75 weights and a bias, 76 in all.
# Ten shared filters: 760.
#
# **Predict.** The other two, to the nearest power of ten?

# %%
from strides.conv import Conv, Local

side_by_side = {
    "fully connected": Affine(10 * 32 * 32),
    "locally connected": Local(10, 5, pad=2),
    "convolution": Conv(10, 5, pad=2),
}
counts = [parameter_count((3, 32, 32), [layer]) for layer in side_by_side.values()]
draw.table({"layer": list(side_by_side), "parameters": [f"{n:,}" for n in counts]})

# %% [markdown]
# Locality divides the count by about 40, sharing by another 1,024, the number of places.
#
# Sharing also brings a property with a name: convolution is *equivariant* to shifts.
# Move the picture, and the maps move along.
#
# **Predict.** We move a picture by 4 columns and filter it.
# Then we filter first, and move the result.
# For which layer do the two agree?

# %%
from strides.conv import locally_connected2d

rng = np.random.default_rng(0)
picture = x[:, :, 30:62, 40:72]  # (1, 3, 32, 32)
moved = x[:, :, 30:62, 36:68]  # the same, 4 columns to the right
own = rng.normal(size=(28, 28, 2, 3, 5, 5))  # (OH, OW, F, C, KH, KW): filters for each place
shared = own[0, 0]  # (F, C, KH, KW)
pair = [conv2d(part, shared, np.zeros(2))[0] for part in (picture, moved)]
print("convolution:      ", np.abs(pair[1][..., 4:] - pair[0][..., :-4]).max().round(6))
pair = [locally_connected2d(part, own, np.zeros((2, 28, 28)))[0] for part in (picture, moved)]
print("locally connected:", np.abs(pair[1][..., 4:] - pair[0][..., :-4]).max().round(6))

# %% [markdown]
# The convolution's answers agree, the others differ widely.
# So a filter that has learned a cone's tip in one place knows it in all places.
#
# Where is sharing wrong?
# Where place *means* something: in portraits that are always cut to the same frame, eyes stand above mouths, and filters of their own may serve.

# %% [markdown]
# **Check yourself.** The input grows from 32 by 32 to 64 by 64.
# What happens to the convolution's parameters?
#
# <details><summary>A. They are multiplied by four.</summary>
#
# No: that holds for the locally connected layer, which has filters for each place.
#
# </details>
# <details><summary>B. They stay 760.</summary>
#
# Yes: only the window, the channels and the number of filters count.
# The *work* is multiplied by four.
#
# </details>
# <details><summary>C. They are multiplied by sixteen.</summary>
#
# No: that holds for the fully connected layer, where inputs and outputs both grow by four.
#
# </details>
#
# *A good place for a break.*

# %% [markdown]
# ## 7. How large is the output? · 18 min
#
# In this section $N$ is the side of the input and $F$ the side of the filter, as in most books.
#
# A filter of 3 on a side of 7 has 5 places.
# Three things change that number:
#
# - *stride* $S$: how far the filter moves at each step;
# - *padding* $P$: rows and columns of zeros around the input;
# - *dilation* $D$: the filter's numbers stand $D$ apart.
#
# **Claim.** The side of the output is
#
# $$\frac{N + 2P - F}{S} + 1$$
#
# **By hand.** $N = 7$, $F = 3$, $S = 2$, $P = 0$: 4 / 2 + 1 = 3.
#
# **Predict.** The same with stride 1, with stride 3, and with stride 1 and padding 1?

# %%
from strides.conv import explain_size, output_size

for stride, pad in ((1, 0), (2, 0), (3, 0), (1, 1)):
    print(f"stride {stride}, pad {pad}: {explain_size(7, 3, stride, pad)}")

# %% [markdown]
# Stride 3 does not fit: $4/3 + 1 = 2.33$.
# The filter has two places, and the last row and column are never looked at.
# Libraries round down without a word, so it is up to you to notice.
#
# Every layer without padding also eats the border.
#
# **Predict.** 32 by 32, and filters of 5 by 5, twice: which sizes?

# %%
sizes = [32]
for _ in (1, 2):
    sizes.append(output_size(sizes[-1], 5))
print(sizes, "and six such filters make", Conv(6, 5).output((3, 32, 32)))

# %% [markdown]
# 32, 28, 24: it shrinks fast, and the pixels at the border count less than those inside.
#
# *Same-size padding* keeps the size at stride 1.
# We set $N + 2P - F + 1 = N$ and solve for $P$:
#
# $$P = \frac{F - 1}{2}$$
#
# **Predict.** The padding for $F = 3$, 5 and 7?
# What about $F = 4$?

# %%
from strides.conv import same_padding

for window in (3, 5, 7):
    pad = same_padding(window)
    print(f"F = {window}: pad {pad}, 32 -> {output_size(32, window, pad=pad)}")
try:
    same_padding(4)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# One reason why nearly all filters have an odd side.
#
# **By hand.** An input of 32 by 32 by 3, ten filters of 5 by 5, stride 1, padding 2.
# The side is (32 + 4 - 5) / 1 + 1 = 32, and the parameters 10 · (5 · 5 · 3 + 1) = 760.
#
# **Predict.** How many multiplications for one image: about 0.8, 8 or 80 million?

# %%
from strides.conv import mac_count

layer = Conv(10, 5, stride=1, pad=2)
print("output", layer.output((3, 32, 32)), "parameters", parameter_count((3, 32, 32), [layer]))
print(f"{mac_count((3, 32, 32), [layer]):,} multiplications")

# %% [markdown]
# Few parameters are not little work: each weight is used 1,024 times.
#
# **Dilation** spreads the filter, so that it reaches over $D(F - 1) + 1$ numbers with the same weights.
# That is what counts in place of $F$.
#
# **By hand.** $F = 3$ and $D = 2$ reach over 5, so $N = 7$ leaves $7 - 5 + 1 = 3$ places.
#
# Here is one such case in a picture: input, output, filter, and one dot product.
#
# **Predict.** Which nine numbers of the input does the first output cell see?

# %%
rng = np.random.default_rng(2)
board = rng.integers(0, 4, size=(9, 9))
filters = {1: [[1]], 2: [[1, -1], [-1, 1]], 3: [[1, 0, -1], [2, 0, -2], [1, 0, -1]]}
filters |= {F: rng.integers(-1, 2, size=(F, F)) for F in (4, 5)}
draw.arithmetic(board[:7, :7], filters[3], dilation=2)

# %% [markdown]
# Every second number in every second row.
#
# Now with your own hands.
# Padding is grey, what is never seen is crossed out.
# Row and column choose the output cell; or move the pointer over the output.
#
# **Predict** before you move a slider.
#
# 1. $N = 7$, $F = 3$: which strides fit?
# 2. $F = 5$: which padding keeps 7 by 7?
# 3. $N = 3$, $F = 5$: what does the picture say, and which padding mends it?

# %%
from strides.widgets import whole


def conv_arithmetic(N, F, S, P, D, row=1, column=1):
    options = {"stride": S, "pad": P, "dilation": D, "row": row - 1, "column": column - 1}
    return draw.arithmetic(board[:N, :N], filters[F], **options)


def places(N, F, S, P, D):
    return max((N + 2 * P - D * (F - 1) - 1) // S + 1, 1)


N, F = whole("input side N", 3, 9, value=7), whole("filter side F", 1, 5, value=3)
S, P = whole("stride S", 1, 4, value=3), whole("padding P", 0, 2, value=0)
D = whole("dilation D", 1, 3, value=1)
cell = {"row": whole("output row", 1, 9, value=1), "column": whole("output column", 1, 9, value=1)}
most = {"row": places, "column": places}
show(explore(conv_arithmetic, most=most, N=N, F=F, S=S, P=P, D=D, **cell))

# %% [markdown]
# 1. Strides 1, 2 and 4: they divide $7 - 3 = 4$.
# 2. $P = 2$.
# 3. A filter larger than its input has no place at all.
# Padding 1 mends it: $3 + 2 = 5$ leaves one place.
#
# **Your turn.** Set $S = 2$ and $P = 1$, and walk through the output with the arrow keys.
# Which cells see padding?

# %% [markdown]
# **Check yourself.** Input 227 by 227, filters of 11 by 11, stride 4, no padding.
# What is the side of the output?
#
# <details><summary>A. 54</summary>
#
# No: this forgets the + 1.
# 216 / 4 = 54 steps lead from the first place to the last, so there are 55 places.
#
# </details>
# <details><summary>B. 55</summary>
#
# Yes: (227 - 11) / 4 + 1 = 55.
# It is the first layer of AlexNet, which we meet in lecture 11.
#
# </details>
# <details><summary>C. 57</summary>
#
# No: this divides 227 by 4 and rounds up, as if the filter could hang over the border.
#
# </details>

# %% [markdown]
# **Check yourself.** A layer of 20 filters of 3 by 3 gets an input of 10 channels.
# How many parameters has it, biases included?
#
# <details><summary>A. 200</summary>
#
# No: this is 20 · (9 + 1), filters without depth.
# Each one has 9 weights for every one of the 10 channels.
#
# </details>
# <details><summary>B. 1,800</summary>
#
# No: 20 · 10 · 9 is right for the weights, and each filter has a bias too.
#
# </details>
# <details><summary>C. 1,820</summary>
#
# Yes: 20 · (10 · 9 + 1).
#
# </details>

# %% [markdown]
# ## 8. How far does a number see? · 9 min
#
# One number of the first layer depends on 3 by 3 pixels.
# One of the second layer depends on 3 by 3 numbers of the first, which together see more.
#
# **Claim.** The *receptive field* of a stack is
#
# $$1 + \sum_{\text{layers}} D\,(F - 1) \times (\text{product of the strides before it})$$
#
# **By hand.** Three layers of 3 by 3 with stride 1: 1 + 2 + 2 + 2 = 7.
#
# **Predict.** The same three layers with stride 2 each?

# %%
from strides.conv import receptive_field

for stride in (1, 2):
    stack = [Conv(8, 3, stride=stride)] * 3
    print(f"stride {stride}: sees {receptive_field(stack)}")
draw.receptive([(3, 2, 1)] * 3)

# %% [markdown]
# 1 + 2 + 2 · 2 + 2 · 4 = 15: after a stride, every step is worth more pixels.
# The picture shows one row of the input at the bottom.
#
# We can also *measure* it.
# Put a gradient of 1 on one number of the output, and `backward` says which pixels it depends on.
#
# **Predict.** How many pixels of one row get a gradient that is not 0?

# %%
x = rng.normal(size=(1, 1, 31, 31))
backwards, out = [], x
for _ in range(3):
    out, backward = conv2d(out, rng.normal(size=(1, 1, 3, 3)), np.zeros(1), stride=2)
    backwards.append(backward)
gradient = np.zeros_like(out)  # (1, 1, 3, 3)
gradient[0, 0, 1, 1] = 1
for backward in reversed(backwards):
    gradient, *_ = backward(gradient)
print("pixels with a gradient:", np.count_nonzero(gradient.any(axis=(0, 1, 2))))

# %% [markdown]
# The measurement agrees with the sum.
#
# Stack layers of your own.
# All of them have same-size padding, and the slider "unit" chooses the number on top.
#
# **Predict** before you move a slider.
#
# 1. How many layers of 3 at stride 1 see as far as *one* layer of 7?
# 2. What does a second layer of stride 2 add that a second layer of stride 1 does not?
# 3. With dilation 2 in every layer: does the unit use every number that it spans?


# %%
def stacked(layers, F, S, D, unit=1):
    return draw.receptive([(F, S, D)] * layers, unit=unit - 1, room=4)


def units(layers, F, S, D):
    length = 33
    for _ in range(layers):
        length = output_size(length, F, S, D * (F - 1) // 2, D)
    return length


layers, F = whole("layers", 1, 4, value=2), whole("filter side F", 2, 5, value=3)
S, D = whole("stride S", 1, 2, value=1), whole("dilation D", 1, 3, value=1)
unit = whole("unit", 1, 33, value=17)
show(explore(stacked, most={"unit": units}, layers=layers, F=F, S=S, D=D, unit=unit))

# %% [markdown]
# 1. Three.
# They have 27 weights for each pair of channels against 49, and two more ReLUs: one idea of the VGG nets in lecture 11.
# 2. Every later layer counts double.
# 3. No: it uses every second number and leaves gaps.
# Dilations 1, 2, 4 leave none.

# %% [markdown]
# **Check yourself.** A 3 by 3 convolution, a 2 by 2 pooling with stride 2, another 3 by 3 convolution.
# What is the receptive field?
#
# <details><summary>A. 8</summary>
#
# Yes: 1 + 2 + 1 + 2 · 2 = 8, since the last layer comes after a stride of 2.
#
# </details>
# <details><summary>B. 6</summary>
#
# No: this gives 1 + 2 + 1 + 2 and forgets the stride.
#
# </details>
# <details><summary>C. 18</summary>
#
# No: this multiplies the windows, 3 · 2 · 3.
# They overlap, so their reach adds up.
#
# </details>

# %% [markdown]
# ## 9. A window of one pixel · 6 min
#
# A filter of 1 by 1 sees no neighbour at all.
# Is it of any use?
#
# **Claim.** A 1 by 1 convolution is a fully connected layer across the *channels*, applied at every pixel with the same weights.
#
# **By hand.** From 64 channels to 16: 16 · (64 + 1) = 1,040 parameters, and rows and columns stay.
#
# **Predict.** The cell computes it twice: with `conv2d`, and with one matrix product that takes every pixel for a row of 64 numbers.
# Will the two agree?

# %%
x = rng.normal(size=(2, 64, 5, 7))  # (N, C, H, W)
w, b = rng.normal(size=(16, 64, 1, 1)), rng.normal(size=16)
out, backward = conv2d(x, w, b)
pixels = x.transpose(0, 2, 3, 1).reshape(-1, 64)  # (N H W, C): each pixel a row
by_matrix = pixels @ w[:, :, 0, 0].T + b  # (N H W, F)
gap = np.abs(out.transpose(0, 2, 3, 1).reshape(-1, 16) - by_matrix).max()
print(out.shape, f"gap {gap:.6f}, parameters {w.size + b.size:,}")

# %% [markdown]
# The same numbers.
# It mixes features without looking around, and it is a cheap way to fewer channels.
#
# **Predict.** A 5 by 5 layer from 64 to 64 channels, or 1 by 1 down to 16 first and then 5 by 5 up to 64: which needs fewer multiplications, and by what factor?

# %%
direct = [Conv(64, 5, pad=2)]
through = [Conv(16, 1), Conv(64, 5, pad=2)]
macs = [mac_count((64, 32, 32), layers) for layers in (direct, through)]
print(f"{macs[0]:,} against {macs[1]:,}: {macs[0] / macs[1]:.1f} times")

# %% [markdown]
# **Check yourself.** What can a 1 by 1 convolution *not* do?
#
# <details><summary>A. Change the number of channels</summary>
#
# No: that is what it is mostly used for.
#
# </details>
# <details><summary>B. Find an edge in a grey picture</summary>
#
# Yes: an edge is a difference between neighbours, and it sees one pixel at a time.
#
# </details>
# <details><summary>C. Turn a colour picture into a grey one</summary>
#
# No: that is a weighted sum of three channels, so it can.
#
# </details>

# %% [markdown]
# ## 10. Pooling: forget the exact place · 9 min
#
# *Max pooling* keeps the largest number of each window, *average pooling* the mean, in every channel on its own.
# Neither has weights.
#
# **By hand.** Windows of 2 by 2, stride 2, on
#
# $$\begin{pmatrix} 1 & 1 & 2 & 4 \\ 5 & 6 & 7 & 8 \\ 3 & 2 & 1 & 0 \\ 1 & 2 & 3 & 4 \end{pmatrix}$$
#
# The first window holds 1, 1, 5 and 6: its maximum is 6, its mean 3.25.
#
# **Predict.** The other three of each?

# %%
from strides.conv import avg_pool2d, max_pool2d

x = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4.0]])
largest, backward = max_pool2d(x[None, None], window=2)  # stride is the window unless given
means, _ = avg_pool2d(x[None, None], window=2)
print(largest[0, 0], means[0, 0], sep="\n")
draw.pooling(x)

# %% [markdown]
# The rings mark the winners.
# Backward, the whole gradient goes to the winner, and the others get nothing.
#
# **Predict.** With `dout` all ones, how many entries of `dx` are not 0?

# %%
dx = backward(np.ones((1, 1, 2, 2)))
print(dx[0, 0])

# %% [markdown]
# Four winners, four ones.
#
# Try overlapping windows, and the average.
# Choose the output cell by its row and column, or with the pointer.
#
# **Predict** before you change anything.
#
# 1. Window 3, stride 1: can one number win several windows?
# 2. Window 2, stride 3: which numbers does nobody look at?
# 3. One large number among zeros: how do maximum and average treat it?

# %%
heights = np.array(
    [[1, 0, 2, 1, 0, 3], [0, 9, 1, 4, 2, 1], [3, 1, 0, 2, 6, 0]]
    + [[2, 0, 5, 1, 0, 1], [0, 7, 1, 0, 8, 2], [1, 2, 0, 3, 1, 4]]
)


def pooled(kind, window, stride, row=1, column=1):
    options = {"window": window, "stride": stride, "kind": kind}
    return draw.pooling(heights, row=row - 1, column=column - 1, **options)


def windows(kind, window, stride):
    return output_size(6, window, stride)


kind = choice("pooling", ["max", "average"])
window, stride = whole("window", 1, 4, value=2), whole("stride", 1, 3, value=2)
cell = {"row": whole("output row", 1, 6, value=1), "column": whole("output column", 1, 6, value=1)}
most = {"row": windows, "column": windows}
show(explore(pooled, most=most, kind=kind, window=window, stride=stride, **cell))

# %% [markdown]
# 1. Yes: the 9 wins four windows, and its gradients add up.
# 2. Every third row and column.
# 3. The maximum passes it on whole, the average divides it by the window's area.
#
# Pooling is not free of place, only careless about it.
#
# **Predict.** A single 1 moves to the right, one pixel at a time, under 2 by 2 max pooling.
# For how many of its moves does the output change?

# %%
row = np.zeros((8, 1, 2, 8))
row[np.arange(8), 0, 0, np.arange(8)] = 1  # picture n has its 1 in column n
out, _ = max_pool2d(row, window=2)
for n in range(4):
    print(f"1 in column {n}: {out[n, 0, 0]}")

# %% [markdown]
# Every second move changes nothing.
# Pool over the *whole* map, and no move does: the answer is whether a feature is there, not where.

# %% [markdown]
# **Check yourself.** An input of (16, 32, 32) goes through 2 by 2 max pooling with stride 2.
# What comes out, and with how many parameters?
#
# <details><summary>A. (16, 16, 16), no parameters</summary>
#
# Yes: each channel is pooled on its own, and there is nothing to learn.
#
# </details>
# <details><summary>B. (8, 16, 16), no parameters</summary>
#
# No: pooling never mixes channels, so all 16 stay.
#
# </details>
# <details><summary>C. (16, 16, 16), 64 parameters</summary>
#
# No: this gives every channel four weights.
# A maximum has none.
#
# </details>

# %% [markdown]
# ## 11. The way back · 8 min
#
# To train such layers, `backward` must say how the loss changes with every weight and every pixel.
# So far it was a black box, and we open it in one dimension.
#
# **Claim.** One output is a dot product: $y_i = \sum_k x_{i+k} \, w_k + b$.
# If the loss grows by $d_i$ for each unit of $y_i$, then this output sends
#
# - $d_i$ times the kernel to the window that it has seen;
# - $d_i$ times that window to the kernel;
# - $d_i$ to the bias.
#
# Whatever arrives at one number is added up.

# %% [markdown]
# **By hand.** The signal (0, 0, 1, 1, 1, 0, 0) and the kernel (-1, 0, 1) of section 2, with $d = (1, 0, 2, 0, 0)$.
# Output 0 has seen (0, 0, 1), and output 2 has seen (1, 1, 1).
# So the kernel gets 1 · (0, 0, 1) + 2 · (1, 1, 1) = (2, 2, 3), and the bias 1 + 2 = 3.
#
# **Predict.** Both of these outputs have seen position 2 of the signal.
# What arrives there?


# %%
def way_back(d, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(d)):
        seen = slice(i, i + len(w))  # the window of output i
        dx[seen] += d[i] * w
        dw += d[i] * x[seen]
    return dx, dw, d.sum()


x, w, d = np.array([0, 0, 1, 1, 1, 0, 0]), np.array([-1, 0, 1]), np.array([1, 0, 2, 0, 0])
print("to the signal {}, to the kernel {}, to the bias {}".format(*way_back(d, x, w)))
out, backward = conv1d(x.reshape(1, 1, 7) * 1.0, w.reshape(1, 1, 3) * 1.0, np.zeros(1))
print("the library  ", *(part.ravel() for part in backward(d.reshape(1, 1, 5) * 1.0)))

# %% [markdown]
# Position 2 gets 1 · 1 from output 0 and 2 · (-1) from output 2, together -1.
#
# The rest is bookkeeping.
# With a stride, output $i$ has seen the window that begins at $iS$.
# With padding, we add up in the padded signal and cut its ends off afterwards.
# In two dimensions the window is a patch, with all channels; and every filter sends something to it.

# %% [markdown]
# **Check yourself.** A kernel of 3 slides along 100 numbers with stride 1.
# How many outputs send something to a number in the middle?
#
# <details><summary>A. 1</summary>
#
# No: that holds where windows do not overlap, as with stride 3.
#
# </details>
# <details><summary>B. 3</summary>
#
# Yes: it lies in three windows, each time under another weight, and three shares are added up.
#
# </details>
# <details><summary>C. 98</summary>
#
# No: so many outputs use each *weight*, and its gradient adds up over all of them.
#
# </details>

# %% [markdown]
# ## 12. The moved solids again · 9 min
#
# We have all parts: convolutions that find features anywhere, and pooling that forgets the place.
#
# Two nets have the same three layers of convolutions, and differ in what follows.
#
# - *keep the places*: all 32 · 8 · 8 numbers go to a fully connected layer;
# - *pool them away*: the maximum of each map, 32 numbers, goes to it.
#
# **Predict.** Which is better on the test set, and which on the shifted one?


# %%
from strides.activations import relu
from strides.layers import flatten
from strides.nets import Conv2d, Layer, Linear, Sequential


def convolutions(rng):
    first = [Conv2d(3, 16, 5, rng, stride=2, pad=2), relu]  # (16, 16, 16)
    second = [Conv2d(16, 32, 3, rng, stride=2, pad=1), relu]  # (32, 8, 8)
    return first + second + [Conv2d(32, 32, 3, rng, pad=1), relu]  # (32, 8, 8)


rng = np.random.default_rng(0)
keep = Sequential(*convolutions(rng), flatten, Linear(2048, 10, rng))
everywhere = Layer(max_pool2d, window=8)  # (32, 1, 1)
pool = Sequential(*convolutions(rng), everywhere, flatten, Linear(32, 10, rng))
print(f"parameters: keep {keep.parameter_count():,}, pool {pool.parameter_count():,}")

# %% [markdown]
# Both have far fewer parameters than the 308,310 of the fully connected net.
#
# The next cell trains them, for about ten seconds.
# The pooled net learns more slowly, since only the winners get a gradient, so we give it twice the epochs.

# %%
results["conv, places kept"] = accuracies(keep, epochs=6, rate=0.003)
results["conv, places pooled"] = accuracies(pool, epochs=12, rate=0.003)
columns = {"net": list(results)}
for k, name in enumerate(["train", "test", "shifted"]):
    columns[name] = [row[k] for row in results.values()]
draw.table(columns, digits=3)

# %% [markdown]
# Read the table slowly, since it says two things.
#
# Convolutions alone lift the test accuracy, and help little with the shift.
# The maps move with the solid, which is equivariance, and then a fully connected layer asks *where* everything is.
#
# With the places pooled away, the accuracy on shifted pictures stays close to that on the test set.
# That is *invariance*, and here it costs some accuracy on solids near the centre, where the place was a useful hint.
#
# So a convolution does not make a net blind to place.
# What follows it decides.

# %% [markdown]
# **Predict.** Below are the 16 filters that the pooled net has learned in its first layer, averaged over the three colours.
# Will they look like noise, or like something from section 4?

# %%
learned = pool.children[0].weights["w"]  # (16, 3, 5, 5)
brightness = learned.mean(axis=1)  # (16, 5, 5): mean over the three colours
titles = [str(k) for k in range(16)]
draw.images(brightness, titles, what="Learned filters", columns=8, signed=True)

# %% [markdown]
# Most look like noise, and some have a bright and a dark side, as an edge filter has.
# A dozen passes over 2,000 small pictures are too few for tidy stripes.
#
# **Your turn.** Replace `window=8` by a pooling of `window=4` and let `Linear` take $32 \cdot 2 \cdot 2 = 128$ numbers.
# Predict where its two accuracies fall, between the two nets or outside.

# %% [markdown]
# **Check yourself.** A colleague says: "Our net is convolutional, so it does not care where the object stands."
# What do you answer?
#
# <details><summary>A. Right: weights are shared over all places.</summary>
#
# No: sharing makes the maps *move with* the object.
# The table's second row shows what a fully connected layer does with that.
#
# </details>
# <details><summary>B. It depends on what follows the convolutions.</summary>
#
# Yes: equivariance comes from sharing, invariance from pooling it away.
#
# </details>
# <details><summary>C. Wrong: only data augmentation can help.</summary>
#
# No: it helps, and the pooled net shows that the layout helps too, with the same data.
#
# </details>

# %% [markdown]
# ## What you can now do
#
# You can
#
# - compute a cross-correlation and a convolution, and say which one a library gives you;
# - read edge and Gabor filters, and build a bank that makes activation maps;
# - fill in $(N + 2P - F)/S + 1$, and say when a filter does not fit;
# - count parameters (760), and say why a fully connected layer needs 196,608,000;
# - find the receptive field of a stack;
# - send gradients back through a convolution;
# - use 1 by 1 convolutions and pooling, and tell equivariance from invariance.
#
# **Exercises.** Assignment a5_convolution: output sizes (section 7), `conv1d` and `conv2d` (2, 3, 5), their way back (11), pooling (10), receptive fields and parameter counts (6 to 8), and a ConvNet of your own parts (12).

# %% [markdown]
# ## Where we go next
#
# Our loop over rows and columns took its time for one small picture, and the library's `conv2d` did not.
# Both add up the same products.
# What does the fast one do differently?
#
# And with many channels, strides and padding: can the way back do without its loop, too?
#
# Lecture 08, *ConvNets in NumPy*, answers these.
