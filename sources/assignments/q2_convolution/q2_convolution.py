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
# # q2: Convolution, a quiz
#
# **Can you say what a layer does before you build it?**
#
# Twelve questions on sizes, counts and pooling, with pencil and paper, in about 40 minutes: 24 points.
# It builds on lecture 07.
#
# Each question is worth 2 points.
# Which answers are right is seen when the quiz is graded, and the feedback then says why a wrong one is wrong.

# %% [markdown]
# ## How answers are read
#
# - An answer is the value in the cell below its question: put it in place of the dots. Nothing else counts.
# - The buttons and boxes show the line to write; you can do without them.
# - Numbers are whole. `26370`, `26370.0`, `26_370`, `"26370"` and `"26,370"` are the same; a formula such as `(7 - 3) // 2 + 1` may stand there, too.
# - Options are letters in quotes, such as `"a"`.
# - You may change an answer until you hand the quiz in. An empty one costs what a wrong one costs.
#
# Filters have a bias unless a question says otherwise, and sizes are those of this course's layers, which are torch's.

# %% locked="setup"
from strides.asking import ask_choice, ask_number, ask_order
from strides.check import check
from strides.quiz import own_numbers

# %% [markdown]
# ## Your numbers
#
# The first six questions are about numbers of your own.
# They follow from your id: the name that you hand in with, which on a course's server is the name that you log in with.
# Write it in place of the dots, in quotes, such as `"ada"`.
# The answers are graded with *your* numbers, so write your own id.

# %% solution="student"
student = (
    ### BEGIN SOLUTION
    None  # nobody's numbers
    ### END SOLUTION
)

# %% locked="own_numbers"
numbers = own_numbers(student, "q2")
numbers

# %% [markdown]
# Run the notebook again whenever you change the id: the numbers stand beside each question, too.

# %% [markdown]
# ## 1. Places along a side
#
# A window of `window` numbers slides along `n` numbers in steps of `stride`, with `pad` zeros added at each end.
#
# In how many places does it stand?

# %% locked="ask_q2_1"
ask_number("q2_1", numbers)

# %% solution="q2_1"
# A whole number.
q2_1 = (
    ### BEGIN SOLUTION
    (lambda n, window, stride, pad: (n + 2 * pad - window) // stride + 1)(**numbers["q2_1"])
    ### END SOLUTION
)

# %% test="q2_1" points=2
score = check(q2_1, "q2.q2_1")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_1, "q2.q2_1")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 2. Numbers that come out
#
# A picture of shape (C, H, W) goes through a convolution of F filters with KH rows and KW columns each, with stride 1 and without padding.
#
# How many numbers come out, in all channels together?

# %% locked="ask_q2_2"
ask_number("q2_2", numbers)

# %% solution="q2_2"
# A whole number.
q2_2 = (
    ### BEGIN SOLUTION
    (lambda C, H, W, F, KH, KW: F * (H - KH + 1) * (W - KW + 1))(**numbers["q2_2"])
    ### END SOLUTION
)

# %% test="q2_2" points=2
score = check(q2_2, "q2.q2_2")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_2, "q2.q2_2")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 3. Parameters of a layer
#
# A convolution has F filters of K by K, with stride 1 and without padding, and gets pictures of shape (C, H, W).
#
# How many parameters does it have, biases included?

# %% locked="ask_q2_3"
ask_number("q2_3", numbers)

# %% solution="q2_3"
# A whole number.
q2_3 = (
    ### BEGIN SOLUTION
    (lambda C, H, W, F, K: F * (C * K * K + 1))(**numbers["q2_3"])
    ### END SOLUTION
)

# %% test="q2_3" points=2
score = check(q2_3, "q2.q2_3")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_3, "q2.q2_3")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 4. Padding under dilation
#
# A filter of F by F is spread with dilation D, and moves with stride 1.
#
# Which padding keeps the size of every picture?
# Give the number of zeros at *each* end of a side.

# %% locked="ask_q2_4"
ask_number("q2_4", numbers)

# %% solution="q2_4"
# A whole number.
q2_4 = (
    ### BEGIN SOLUTION
    (lambda F, D: D * (F - 1) // 2)(**numbers["q2_4"])
    ### END SOLUTION
)

# %% test="q2_4" points=2
score = check(q2_4, "q2.q2_4")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_4, "q2.q2_4")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 5. How far does a number see?
#
# A net begins with three layers:
#
# 1. a convolution with filters of F1 by F1 and stride S1;
# 2. a max pool with windows of F2 by F2 and stride S2;
# 3. a convolution with filters of F3 by F3 and stride 1.
#
# How many pixels along one side of the picture does one number of the third layer depend on?
# Padding counts as pixels.

# %% locked="ask_q2_5"
ask_number("q2_5", numbers)

# %% solution="q2_5"
# A whole number.
q2_5 = (
    ### BEGIN SOLUTION
    (lambda F1, S1, F2, S2, F3: F1 + (F2 - 1) * S1 + (F3 - 1) * S1 * S2)(**numbers["q2_5"])
    ### END SOLUTION
)

# %% test="q2_5" points=2
score = check(q2_5, "q2.q2_5")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_5, "q2.q2_5")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 6. Parameters of a net
#
# Pictures of shape (C, H, W) go through
#
# 1. a convolution of F filters of K by K, with stride 1 and the padding that keeps the size;
# 2. a max pool with windows of 2 by 2 and stride 2;
# 3. an affine layer from all the numbers that are left to `classes` scores.
#
# How many parameters does the net have, biases included?

# %% locked="ask_q2_6"
ask_number("q2_6", numbers)

# %% solution="q2_6"
# A whole number.
q2_6 = (
    ### BEGIN SOLUTION
    (lambda C, H, W, F, K, classes: F * (C * K**2 + 1) + (F * H * W // 4 + 1) * classes)(
        **numbers["q2_6"]
    )
    ### END SOLUTION
)

# %% test="q2_6" points=2
score = check(q2_6, "q2.q2_6")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_6, "q2.q2_6")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 7. A step that does not come out even
#
# Pictures of 7 by 7 meet filters of 3 by 3 with stride 3, without padding: (7 - 3) / 3 + 1 = 2.33.
#
# What does the layer give?
#
# - **a.** An error, since 2.33 is no whole number.
# - **b.** 3 by 3 numbers: the last places hang over the border and see zeros there.
# - **c.** 2 by 2 numbers: the last row and the last column of the picture are never seen.
# - **d.** 2 by 2 numbers: the places are moved apart, so that every pixel is seen.

# %% locked="ask_q2_7"
ask_choice("q2_7", "abcd")

# %% solution="q2_7"
# A letter in quotes.
q2_7 = (
    ### BEGIN SOLUTION
    "c"
    ### END SOLUTION
)

# %% test="q2_7" points=2
score = check(q2_7, "q2.q2_7")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_7, "q2.q2_7")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 8. What a ConvNet calls convolution
#
# A layer has the filter (1, 2, 3), no bias, stride 1 and no padding.
# Its input is (0, 0, 1, 0, 0).
#
# What comes out?
#
# - **a.** (3, 2, 1)
# - **b.** (1, 2, 3)
# - **c.** (0, 2, 0)
# - **d.** (6, 6, 6)

# %% locked="ask_q2_8"
ask_choice("q2_8", "abcd")

# %% solution="q2_8"
# A letter in quotes.
q2_8 = (
    ### BEGIN SOLUTION
    "a"
    ### END SOLUTION
)

# %% test="q2_8" points=2
score = check(q2_8, "q2.q2_8")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_8, "q2.q2_8")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 9. Twice the stride
#
# A layer of ten filters of 5 by 5 on pictures of (3, 32, 32), with padding 2, gets stride 2 in place of stride 1.
#
# What changes?
#
# - **a.** It has 190 parameters in place of 760.
# - **b.** It does half of the multiplications, and has 760 parameters as before.
# - **c.** It has five channels in its output in place of ten.
# - **d.** It does a quarter of the multiplications, and has 760 parameters as before.

# %% locked="ask_q2_9"
ask_choice("q2_9", "abcd")

# %% solution="q2_9"
# A letter in quotes.
q2_9 = (
    ### BEGIN SOLUTION
    "d"
    ### END SOLUTION
)

# %% test="q2_9" points=2
score = check(q2_9, "q2.q2_9")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_9, "q2.q2_9")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 10. A number that wins twice
#
# Max pooling has windows of 3 by 3 and stride 2, so its windows overlap.
# One number is the largest of two windows, and no other window holds it.
# The gradient `dout` is 2 for the first of the two, and 5 for the second.
#
# What is the gradient `dx` at this number?
#
# - **a.** 5
# - **b.** 7
# - **c.** 7/9
# - **d.** 0

# %% locked="ask_q2_10"
ask_choice("q2_10", "abcd")

# %% solution="q2_10"
# A letter in quotes.
q2_10 = (
    ### BEGIN SOLUTION
    "b"
    ### END SOLUTION
)

# %% test="q2_10" points=2
score = check(q2_10, "q2.q2_10")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_10, "q2.q2_10")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 11. A picture that moves
#
# A picture moves to the right by one pixel.
# It goes through a convolution with stride 1, and then through max pooling with windows of 2 by 2 and stride 2.
#
# What happens to the numbers that the pool gives, away from the border?
#
# - **a.** Nothing: pooling does not care about places.
# - **b.** They all move to the right by one.
# - **c.** Some may stay and others change, depending on where in its window each largest number lies.
# - **d.** Each becomes the mean of itself and of its neighbour to the left, since it moves by half a window.

# %% locked="ask_q2_11"
ask_choice("q2_11", "abcd")

# %% solution="q2_11"
# A letter in quotes.
q2_11 = (
    ### BEGIN SOLUTION
    "c"
    ### END SOLUTION
)

# %% test="q2_11" points=2
score = check(q2_11, "q2.q2_11")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_11, "q2.q2_11")
### END HIDDEN TESTS
score

# %% [markdown]
# ## 12. In order: a net that fits
#
# Six of these eight layers make a net that takes pictures of shape (1, 28, 28) and gives ten scores; two do not belong.
#
# | | layer | |
# |---|---|---|
# | **a** | `Linear(400, 10)` | an affine layer from a row of 400 numbers to 10 |
# | **b** | `Conv2d(6, 16, 5)` | 6 channels in, 16 filters of 5 by 5, no padding |
# | **c** | `MaxPool2d(2)` | windows of 2 by 2, stride 2 |
# | **d** | `flatten` | all numbers of a picture in one row |
# | **e** | `Conv2d(1, 6, 5, pad=2)` | 1 channel in, 6 filters of 5 by 5, padding 2 |
# | **f** | `MaxPool2d(2)` | windows of 2 by 2, stride 2 |
# | **g** | `Linear(256, 10)` | an affine layer from a row of 256 numbers to 10 |
# | **h** | `Conv2d(16, 6, 5)` | 16 channels in, 6 filters of 5 by 5, no padding |
#
# Strides are 1 where none is given.
# Give the letters in the order of the layers, such as `["g", "a", "f"]`.
# Every order in which each layer gets what it needs counts.

# %% locked="ask_q2_12"
ask_order("q2_12", "abcdefgh")

# %% solution="q2_12"
# A list of letters.
q2_12 = (
    ### BEGIN SOLUTION
    ["e", "c", "b", "f", "d", "a"]
    ### END SOLUTION
)

# %% test="q2_12" points=2
score = check(q2_12, "q2.q2_12")
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(q2_12, "q2.q2_12")
### END HIDDEN TESTS
score

# %% [markdown]
# ## Before you hand in
#
# - Is your own id in the first cell, and do the numbers beside the questions belong to it?
# - Restart the kernel and run all cells: does each table say that an answer is given?
