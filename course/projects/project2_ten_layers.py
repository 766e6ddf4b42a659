# %% [markdown]
# # Project 2: ten layers that learn
#
# If one hidden layer reads nine digits in ten, what will ten layers do? You can try it in a minute: pile them up, take
# small weights, as one used to, and train. The loss stands at $\ln 10$ and does not move. It is a *deep* network, it has
# all the power in the world, and it learns nothing at all. In the nineties, that was more or less where people
# gave up.
#
# You have the two things that changed it in your pocket: weights of the right size, and batch normalisation. In this
# project you build the network that does not learn, put your own parts into it, and watch the same ten layers learn.
#
# **Before you start.** You have done the core of [chapter 5](ch05_initialization) (He's weights) and of
# [chapter 6](ch06_batchnorm) (batch normalisation, forward, backward and at test time).
#
# **What you will have built.** A network of ten hidden layers that learns to read in 150 steps, reads a single digit as
# well as a batch, and a picture of what makes the difference.
#
# **How to work.** Run the cells in order. Your own parts come first; then four exercises, and a figure to show around.

# %% tags=["setup"]
from collections.abc import Callable
from typing import Any

from autograder import bring

# %% [markdown]
# ## Your own parts
#
# Seven of your functions meet here. Those that are missing are named, with the exercise to do first (or
# `borrow("batchnorm_backward")` lends you ours). A wrong part is named, too. It costs no points here, but your
# own ten layers will not learn with it.

# %% bring="he_normal batchnorm_forward batchnorm_backward batchnorm_inference relu_forward relu_backward layer_gradients softmax_cross_entropy"

# %% [markdown]
# ## 1. Any number of layers, one loop
#
# Ten layers are no ten times as much to write. Every layer does the same: a product, a normalisation, a ReLU. The
# network is a dict again, with `"W1"`, `"gamma1"`, `"beta1"`, `"W2"`, …, and at the end `"W_out"` and `"b_out"`.
#
# Where are the biases? A bias adds the same to the sums of all images. What does the normalisation do with that?
#
# *On paper.* Two images, one neuron, sums 1 and $-1$; $\gamma = 3$, $\beta = 1$. What comes out of the ReLU?

# %% exercise="deep_scores"

# %% [markdown]
# First look: how does a signal get through ten layers of fresh weights? Below, the spread of the values in each layer,
# for weights of size 0.1, with and without normalisation, and for He's weights without. A spread that shrinks by half
# in each layer is a thousandth after ten.


# %% tags=["experiment"]
def fresh(rng, scale=None, width=25):
    sizes, net = [64, *10 * [width]], {}
    for k in range(1, 11):
        drawn = rng.normal(size=(sizes[k - 1], width))
        net[f"W{k}"] = he_normal(rng, sizes[k - 1], width) if scale is None else scale * drawn
        net[f"gamma{k}"], net[f"beta{k}"] = np.ones(width), np.zeros(width)
    return net | {"W_out": (0.1 if scale is None else scale) * rng.normal(size=(width, 10)), "b_out": np.zeros(10)}


images, digits = load_digits()
order = np.random.default_rng(8).permutation(len(images))
seen, seen_digits = images[order[:1200]], digits[order[:1200]]
unseen, unseen_digits = images[order[1200:]], digits[order[1200:]]


def spreads(net, normalised):
    a, found = seen[:200], []
    for k in range(1, 11):
        z = a @ net[f"W{k}"]
        if normalised:
            z, _ = batchnorm_forward(z, net[f"gamma{k}"], net[f"beta{k}"])
        a, _ = relu_forward(z)
        found.append(float(z.std()))
    return found


figure, axes = plt.subplots(figsize=(7, 3.6))
small = fresh(np.random.default_rng(1), 0.1)
faded, kept = spreads(small, False), spreads(small, True)
axes.semilogy(range(1, 11), faded, "o-", color=ORANGE, label="weights of size 0.1")
axes.semilogy(range(1, 11), spreads(fresh(np.random.default_rng(1)), False), "s--", color=GREY, label="He's weights")
axes.semilogy(range(1, 11), kept, "^-", color=BLUE, label="weights of size 0.1, normalised")
axes.set(xlabel="layer", ylabel="spread of its sums", title="What is left of a signal, ten layers up", xticks=range(1, 11))
axes.legend()
show("With small weights the spread falls to a ten-thousandth; with He's weights, or normalised, it stays near 1.")
print(f"small weights: {faded[0]:.2f} in the first layer, {faded[-1]:.5f} in the tenth; normalised {kept[-1]:.2f}")
assert faded[-1] < 0.01 * faded[0] and 0.5 < kept[-1] < 1.5

# %% [markdown]
# ## 2. All the way back
#
# On the way up, keep of each layer what it was fed and the two caches. On the way down, take them off the pile from its
# end: first the ReLU, then the normalisation, then the product. At the bottom you have a gradient for each name.
#
# *On paper.* All ReLUs of the second layer are shut. What is the gradient of `W1`, and of `gamma2`?

# %% exercise="deep_gradients"

# %% [markdown]
# ## 3. Begin well, and train
#
# The budget of this project: **150 gradients** of at most **50 examples** each. The loop is the one of
# [project 1](project1_digit_reader). New is where it begins: what are good $\gamma$ and $\beta$ for a network that has not
# learned anything yet? And try larger rates than you would dare otherwise: normalised layers bear them.

# %% exercise="train_deep"

# %% [markdown]
# ## 4. One digit at a time
#
# Your network can only read batches: what it says of one digit depends on which others lie beside it, and of a single one
# it cannot say anything (why?). Somebody who shows you one digit wants an answer all the same. The way out: what the
# *training images* make in each layer is known and does not change any more. Take the mean and variance of that.

# %% exercise="steady_scores"

# %% [markdown]
# ## Before and after
#
# Now the figure to show around. Three networks of ten layers see the same batches: small weights as they used to be; the
# same with He's weights; and yours. The first two have no normalisation, but biases. Each has its best rate of three.


# %% tags=["experiment"]
def plain_gradients(pictures, labels, net):
    """Ten layers without normalisation; beta is the bias."""
    a, kept = pictures, []
    for k in range(1, 11):
        out, cache = relu_forward(a @ net[f"W{k}"] + net[f"beta{k}"])
        kept.append((a, cache))
        a = out
    loss, delta = softmax_cross_entropy(a @ net["W_out"] + net["b_out"], labels)
    grads = dict(zip(("W_out", "b_out"), layer_gradients(a, delta)))
    delta = delta @ net["W_out"].T
    for k in range(10, 0, -1):
        delta = relu_backward(delta, kept[k - 1][1])
        grads[f"W{k}"], grads[f"beta{k}"] = layer_gradients(kept[k - 1][0], delta)
        grads[f"gamma{k}"] = np.zeros_like(net[f"gamma{k}"])
        delta = delta @ net[f"W{k}"].T
    return loss, grads


def plain_curve(scale, rate):
    rng, losses = np.random.default_rng(4), []
    net = fresh(rng, scale)
    with np.errstate(all="ignore"):
        for _ in range(150):
            rows = rng.choice(1200, size=50, replace=False)
            loss, grads = plain_gradients(seen[rows], seen_digits[rows], net)
            net = {name: net[name] - rate * grads[name] for name in net}
            losses.append(loss)
    return losses


mine = []


def noted_gradients(pictures, labels, net):
    assert len(mine) < 150 and len(pictures) <= 50, "the budget is used up"
    loss, grads = deep_gradients(pictures, labels, net)
    mine.append(loss)
    return loss, grads


deep = train_deep(seen, seen_digits, noted_gradients, 150, np.random.default_rng(4))
rates = (0.03, 0.1, 0.3)
old = min((plain_curve(0.1, rate) for rate in rates), key=lambda c: np.mean(c[-20:]))
he = min((plain_curve(None, rate) for rate in rates), key=lambda c: np.nan_to_num(np.mean(c[-20:]), nan=9))
right = float(np.mean(steady_scores(unseen, deep, seen).argmax(axis=1) == unseen_digits))
figure, axes = plt.subplots(figsize=(8, 4))
for curve, colour, style, words in (
    (old, ORANGE, "--", "ten layers, weights of size 0.1"),
    (he, GREY, ":", "ten layers, He's weights"),
    (mine, BLUE, "-", "ten layers, normalised: yours"),
):
    axes.plot(np.convolve(curve, np.ones(7) / 7, mode="valid"), style, color=colour, lw=2, label=words)
axes.set(xlabel="step", ylabel="loss (mean of 7 steps)", ylim=(0, 3), title=f"The same ten layers: one of them reads {right:.1%}")
axes.legend(loc="upper right")
show("Three loss curves: flat at 2.3 with small weights; slow with He's; steeply down with normalisation.")
print(f"last 20 losses: {np.mean(old[-20:]):.2f}, {np.mean(he[-20:]):.2f}, yours {np.mean(mine[-20:]):.2f}; {right:.1%} read")
assert np.mean(old[-20:]) > 2.2 and np.mean(mine[-20:]) < 1 and right > 0.75

# %% [markdown]
# The orange line *is* a training: 150 times all weights were moved. Nothing gets up through the layers, so nothing
# comes back down.
#
# And one digit at a time? The same digit, alone, in a batch of five, and among all: by batch statistics its best guess
# jumps about, by those of the training images it stands still.

# %% tags=["experiment"]
alone, steady = [], []
for size in (1, 2, 5, 20, 100, 597):
    alone.append([deep_scores(unseen[k : k + size], deep)[0].argmax() for k in range(0, 400, 8)][: 400 // 8])
    steady.append([steady_scores(unseen[k : k + size], deep, seen)[0].argmax() for k in range(0, 400, 8)])
truth = unseen_digits[0:400:8]
figure, axes = plt.subplots(figsize=(7, 3.2))
for found, colour, mark, words in ((steady, BLUE, "o-", "steady"), (alone, ORANGE, "s--", "by the batch")):
    axes.semilogx([1, 2, 5, 20, 100, 597], [np.mean(np.array(f) == truth) for f in found], mark, color=colour, label=words)
axes.set(xlabel="digits in the batch", ylabel="first one read right", ylim=(0, 1), title="Who else is in the batch?")
axes.legend(loc="lower right")
show("Steady scores read as many digits right alone as in company; by the batch, a digit alone is read by chance.")
assert all(np.array_equal(row, steady[0]) for row in steady) and np.mean(np.array(alone[0]) == truth) < 0.5

# %% [markdown]
# ## What to take home
#
# - Depth is one loop. What is hard about it is to keep the signal alive on the way up, and the error on the way down.
# - The right size of the weights helps at the start; normalisation keeps helping at every step, and allows larger ones.
# - A batch is company. Whoever is to be read alone needs statistics that do not change.
#
# **Now you can** train a network of any depth with parts of your own, and show what made people give up on deep
# networks, and what brought them back.
#
# **Show it.** Three lines in one figure, and each of them ten layers: let a friend guess what differs.
#
# **Next.** After [chapter 11](ch11_tuning) comes [project 3](project3_race): a race, with an optimizer, a schedule and a
# search of your own.
#
# **Sources.** S. Ioffe & C. Szegedy, *Batch Normalization*, ICML 2015. K. He, X. Zhang, S. Ren & J. Sun, *Delving Deep
# into Rectifiers*, ICCV 2015. X. Glorot & Y. Bengio, *Understanding the difficulty of training deep feedforward neural
# networks*, AISTATS 2010. E. Alpaydin & C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI, 1998 (CC BY 4.0).
