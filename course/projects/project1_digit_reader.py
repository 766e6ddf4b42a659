# %% [markdown]
# # Project 1: a reader of digits, from nothing
#
# Somebody wrote 1,797 digits by hand, and you have them as numbers: 64 pixels each. In about two hours you will
# have a program that reads such digits. Nobody tells it what a 7 looks like. It begins with dice, and everything
# it knows in the end it has got from *your* chain rule.
#
# There is little new to learn here. You have written all the parts before, one by one. This time they
# belong together, and in the end there is something to show: draw a digit, and your own network reads it.
#
# **Before you start.** You have done the core of [chapter 2](ch02_backprop) (back-propagation, softmax) and the
# ReLU of [chapter 3](ch03_activations).
#
# **What you will have built.** A network that reads nine digits in ten that it has never seen, trained on a budget
# of 300 steps; and one that says "I cannot read this" when it cannot.
#
# **How to work.** Run the cells in order. One of the first fetches your own functions from your chapter notebooks,
# which have to lie beside this one. From then on you write what holds them together.

# %% tags=["setup"]
from autograder import bring

# %% [markdown]
# ## Your own parts
#
# The next cell looks for four of your functions, and fills itself with them: so this notebook is complete when
# you hand it in. Where one is still missing, it says which exercise to do first. In a hurry? `borrow("relu_forward")`
# lends you one of ours, and says so in your notebook.
#
# Behind each part stands whether it passes its public checks *here*. A wrong part spoils nothing for good: it costs
# no points in this project, whose exercises are also tried with right parts. But your own reader will not learn with
# it. Mend it in its chapter, and bring it again.

# %% bring="relu_forward relu_backward layer_gradients softmax_cross_entropy"

# %% [markdown]
# ## What there is to read
#
# Each row of `images` is a picture of 8 × 8 pixels, from 0 (paper) to 1 (ink). 1,200 of them are to learn from; the
# other 597 nobody looks at before the end. Can *you* read them all?

# %% tags=["experiment"]
images, digits = load_digits()
order = np.random.default_rng(7).permutation(len(images))
seen, seen_digits = images[order[:1200]], digits[order[:1200]]
unseen, unseen_digits = images[order[1200:]], digits[order[1200:]]


def gallery(pictures, words, columns=10, colours=None):
    """Pictures in rows, each with a word above it."""
    rows = -(-len(pictures) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(0.96 * columns, 1.3 * rows), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for k, (axis, picture) in enumerate(zip(axes.flat, pictures)):
        axis.imshow(np.reshape(picture, (8, 8)), cmap="gray_r", vmin=0, vmax=1)
        axis.set_title(words[k], fontsize=10, color=colours[k] if colours else "black")


gallery(seen[:20], [str(digit) for digit in seen_digits[:20]])
show("Twenty handwritten digits of 8 by 8 grey pixels, each with its name above; some are hard to read.")

# %% [markdown]
# ## 1. From pixels to ten scores
#
# One hidden layer is enough: 64 pixels, some ReLU neurons, ten scores. The highest score is what the network reads.
# The parameters are in a dict, `{"W1": …, "b1": …, "W2": …, "b2": …}`, so that one can walk through them by name.
#
# *On paper.* Pixels $(1, 2)$, weights with columns $(1, 2)$ and $(-1, 0)$, biases $\tfrac12$ and 1: the sums are
# $5\tfrac12$ and 0. What does the ReLU make of them, and what would it have made of $-1$?

# %% exercise="reader_scores"

# %% [markdown]
# With weights by dice it reads, of course, nothing. About one digit in ten is right, by chance.


# %% tags=["experiment"]
def share_read(params, pictures, truth):
    return float(np.mean(reader_scores(pictures, params).argmax(axis=1) == truth))


dice = np.random.default_rng(1)
newborn = {
    "W1": dice.normal(size=(64, 40)) / 8,
    "b1": np.zeros(40),
    "W2": dice.normal(size=(40, 10)) / 6,
    "b2": np.zeros(10),
}
print(f"the newborn reader gets {share_read(newborn, unseen, unseen_digits):.0%} right")
assert share_read(newborn, unseen, unseen_digits) < 0.3

# %% [markdown]
# ## 2. The way back
#
# Now the heart of it. `softmax_cross_entropy` says how bad the scores are, and hands you the error
# $\delta_2 = (p - y)/N$. `layer_gradients` makes weight gradients of an error and of what a layer was fed. The error
# goes on to the hidden layer through $W_2^\top$, and through the ReLUs that were open.
#
# *On paper.* One pixel 1, class 0 of 2, both scores equal: $p = (\tfrac12, \tfrac12)$. What is $\delta_2$, and
# what are the gradients of $b_2$?

# %% exercise="reader_gradients"

# %% [markdown]
# Do you believe it? A gradient makes a promise: go a tiny step along *any* direction, and the loss changes by
# gradient · step. Ten random directions, and the promise is kept in each:

# %% tags=["experiment"]
loss, grads = reader_gradients(seen[:50], seen_digits[:50], newborn)
promised, measured = [], []
for _ in range(10):
    direction = {name: dice.normal(size=value.shape) for name, value in newborn.items()}
    near = [
        reader_gradients(seen[:50], seen_digits[:50], {n: newborn[n] + h * direction[n] for n in newborn})[0]
        for h in (-1e-6, 1e-6)
    ]
    promised.append(sum(float(np.sum(grads[name] * direction[name])) for name in newborn))
    measured.append((near[1] - near[0]) / 2e-6)
worst = max(abs(p - m) / abs(m) for p, m in zip(promised, measured))
print(f"largest relative difference between promise and measurement: {worst:.1e}")
assert worst < 1e-4

# %% [markdown]
# ## 3. Train it, on a budget
#
# Here is the deal: you may ask for **300 gradients**, each of at most **50 examples**. How you begin, which
# examples you take, and how far you go each time is up to you. This is the part where everything can be right and
# nothing learned: if all weights begin at zero, all hidden neurons stay twins; if the rate is too low, the budget is
# over before anything has happened; if it is too high, the loss jumps about.
#
# Write the loop, then play with the rate in the cell below before you settle.

# %% exercise="train_reader"

# %% tags=["experiment"]
curve = []


def counted_gradients(pictures, labels, params):
    """Your gradients, with a note of each loss and an eye on the budget."""
    assert len(curve) < 300 and len(pictures) <= 50, "the budget is used up"
    loss, grads = reader_gradients(pictures, labels, params)
    curve.append(loss)
    return loss, grads


reader = train_reader(seen, seen_digits, counted_gradients, 300, np.random.default_rng(3))
right = share_read(reader, unseen, unseen_digits)
smooth = np.convolve(curve, np.ones(15) / 15, mode="valid")
figure, axes = plt.subplots(figsize=(8, 3.4))
axes.plot(curve, color=GREY, lw=0.8, label="of each batch")
axes.plot(np.arange(len(smooth)) + 7, smooth, color=BLUE, lw=2, label="mean of 15")
axes.axhline(np.log(10), color=ORANGE, ls="--", label="knowing nothing: ln 10")
axes.set(xlabel="step", ylabel="loss", ylim=(0, None), title=f"300 steps, and {right:.1%} of new digits are read")
axes.legend()
show("The loss falls from about 2.3, the loss of knowing nothing, steeply at first and then ever more slowly.")
print(f"{right:.1%} of 597 digits that it has never seen are read right")
assert right > 0.85

# %% [markdown]
# What has it learned to look for? Each hidden neuron has 64 weights, as many as an image has pixels, so one can
# look at them as at a picture. In a few you can make out a stroke or an edge; most still look like the dice they come
# from: 300 steps are not many, and it reads all the same.

# %% tags=["experiment"]
views = reader["W1"].T[:20]
figure, axes = plt.subplots(2, 10, figsize=(9.6, 2.3))
for axis, view in zip(axes.flat, views):
    top = np.abs(view).max()
    axis.imshow(view.reshape(8, 8), cmap="RdBu_r", vmin=-top, vmax=top)
    axis.axis("off")
figure.suptitle("What twenty hidden neurons look for (red: ink wanted, blue: no ink wanted)")
show("Twenty patches of red and blue pixels: mostly noise; in some a stroke or an edge can be made out.")

# %% [markdown]
# ## 4. "I cannot read this"
#
# A reader that always answers is a nuisance to whoever opens the letters: one wrong digit in a postcode, and it goes
# to another town. It is better to hand the hard ones to a person. The softmax says how sure the network is, and you
# decide how sure is sure enough.

# %% exercise="cautious_reading"

# %% [markdown]
# How many does it refuse, and how many of the others does it still get wrong? That is a trade:

# %% tags=["experiment"]
scores = reader_scores(unseen, reader)
asked = np.array([0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
refused, wrong = [], []
for sure in asked:
    said = cautious_reading(scores, sure)
    refused.append(np.mean(said == -1))
    wrong.append(np.mean((said != -1) & (said != unseen_digits)))
figure, axes = plt.subplots(figsize=(6.4, 3.6))
axes.plot(100 * np.array(refused), 100 * np.array(wrong), "o-", color=BLUE)
for k in (0, 5, 8):
    axes.annotate(f"sure = {asked[k]:g}", (100 * refused[k], 100 * wrong[k]), (8, 6), textcoords="offset points")
axes.set(xlabel="% handed to a person", ylabel="% read wrong", title="What caution costs, and what it saves", ylim=(0, None))
show("The share read wrong falls, the more digits are refused: steeply at first, then hardly any more.")
assert wrong[-1] < wrong[0] and refused[0] == 0

# %% [markdown]
# And now the gallery. Above, what it read right; in the middle, what it read wrong; below, what it left to you.
# Be fair: would you have known?

# %% tags=["experiment"]
said = cautious_reading(scores, 0.5)
parts = [
    np.flatnonzero(said == unseen_digits)[:10],
    np.flatnonzero((said != unseen_digits) & (said >= 0))[:10],
    np.flatnonzero(said == -1)[:10],
]
chosen, words, colours = [], [], []
for rows, colour in zip(parts, (GREEN, ORANGE, GREY)):
    for k in range(10):
        there = k < len(rows)
        chosen.append(unseen[rows[k]] if there else np.zeros(64))
        colours.append(colour)
        if not there:
            words.append("")
        elif said[rows[k]] < 0:
            words.append(f"? is {unseen_digits[rows[k]]}")
        else:
            words.append(f"{said[rows[k]]}" if colour == GREEN else f"{said[rows[k]]}, is {unseen_digits[rows[k]]}")
gallery(chosen, words, colours=colours)
show("Three rows of digits: read right; read wrong, with what they are; and refused, with what they are.")

# %% [markdown]
# ## Draw one yourself
#
# Here is paper. `#` is ink, `+` is half ink, `.` is nothing. The digits of this collection fill their square: draw
# large, from the top row to the bottom one. Change the drawing, run the cell, and watch how sure your reader is.

# %% tags=["experiment"]
DRAWING = """
..+##+..
.##++##.
.....##.
...+##..
....+##.
.....##.
.#+.+##.
..###+..
"""
ink = {".": 0.0, "+": 0.5, "#": 1.0}
mine = np.array([[ink[mark] for mark in line] for line in DRAWING.split()]).reshape(1, 64)
grown = np.exp(reader_scores(mine, reader)[0] - reader_scores(mine, reader)[0].max())
chances = grown / grown.sum()
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8), gridspec_kw={"width_ratios": [1, 2.2]})
left.imshow(mine.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
left.axis("off")
bars = right.bar(range(10), chances, color=[BLUE if k == chances.argmax() else GREY for k in range(10)])
right.set(xticks=range(10), ylim=(0, 1), ylabel="probability", title=f"I read a {chances.argmax()}")
show("A drawn digit of 8 by 8 pixels, and ten bars: how likely the reader thinks each of the ten digits is.")

# %% [markdown]
# ## What to take home
#
# - Four small parts and a loop: that is a network that reads. Nothing in it is hidden from you.
# - The budget is what made you think: where to begin, what to show, how far to go.
# - A score is no certainty. A reader that may refuse is wrong less often, and you choose the price.
#
# **Now you can** train a network from nothing, say how well it does on what it has not seen, and show somebody a
# program that reads handwriting and of which you have written every line.
#
# **Show it.** Let a friend draw a digit, in the cell above. Which drawings fool it? It has only seen digits that
# were centred and filled their square: move yours by a column, and see.
#
# **Next.** [Project 2](project2_ten_layers) takes ten layers instead of one. You need [chapter 5](ch05_initialization)
# and [chapter 6](ch06_batchnorm) for it, because without them it does not learn at all.
#
# **Sources.** E. Alpaydin & C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
# C. K. Chow, *On optimum recognition error and reject tradeoff*, IEEE Transactions on Information Theory 16, 1970.
