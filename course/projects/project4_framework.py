# %% [markdown]
# # Project 4: your own small framework
#
# `net = [conv(1, 8), relu, conv(8, 16, stride=2), relu, flatten, dense(144, 10)]`, then `fit(net, …)`, and it reads. That is
# how networks are written today, with libraries of a million lines. In this project you write the library. It will have
# four kinds of layers, a loss, any optimizer, and a loop, and it fits on two screens, because all the hard parts are yours
# already: you have collected them over fifteen chapters.
#
# **Before you start.** You have done the core of [chapter 9](ch09_optimizers) (step rules) and of
# [chapter 12](ch12_convolution) (convolution as one product). Sending errors back through layers is
# [chapter 2](ch02_backprop) again.
#
# **What you will have built.** A framework in which a network is a list, and in it a network with eyes that reads 19 new
# digits in 20 and more. Where PyTorch is installed, it has to agree with yours, digit by digit.
#
# **How to work.** Run the cells in order. Your own parts come first, then four exercises: they are the framework. At the end
# you read its API aloud to somebody.

# %% tags=["setup"]
import math
import time
from collections.abc import Callable
from typing import Any

from autograder import bring

Tensors = dict[str, np.ndarray]
State = dict[str, Any]


def zeros_like(params):
    """What an average begins with: zeros of the same shapes (as in chapter 9)."""
    return {name: np.zeros(np.shape(value)) for name, value in params.items()}


# %% [markdown]
# ## Your own parts
#
# From chapters 1, 2, 3, 5, 9 and 12. What is missing is named, with the exercise to do first (or
# `borrow("conv2d_by_columns")` lends you ours); so is what is wrong. A wrong part costs no points here, but a framework
# is only as right as its parts.

# %% bring="dense_forward conv2d_by_columns conv2d_backward_by_loops relu_forward relu_backward layer_gradients softmax_cross_entropy he_normal adam_step momentum_step"

# %% [markdown]
# ## 1. The way back through filters, fast
#
# One part is still missing. In chapter 12 the way *up* became one product of two matrices, hundreds of times faster than
# the loops. The way *down* was left to four loops over all places: to train with that, you would have to wait for minutes.
#
# The trick is the same, run backwards. Put `dout` into a matrix with a row for each place and a column for each filter.
# One product with the `columns` is the gradient of the filters; another one, with the filters, is the gradient of the columns.
# What is left is to add each number of *these* back to the pixel that it came from. A pixel is in several windows: it
# gets the sum.
#
# *On paper.* Pixels $(1, 2, 3)$, a filter $(10, 100)$, errors 1 and 5 for its two places. What is the gradient of the pixel in the
# middle, and what is that of the filter?

# %% exercise="conv_back"

# %% tags=["experiment"]
dice = np.random.default_rng(0)
x, W = dice.normal(size=(8, 3, 8, 8)), dice.normal(size=(6, 3, 3, 3))
out, columns = conv2d_by_columns(x, W, np.zeros(6), 1, 1)
dout = dice.normal(size=out.shape)
start = time.perf_counter()
slow = conv2d_backward_by_loops(dout, x, W, 1, 1)
middle = time.perf_counter()
for _ in range(10):
    fast = conv_back(dout, columns, W, x.shape, 1, 1)
end = time.perf_counter()
worst = max(float(np.abs(a - b).max()) for a, b in zip(slow, fast))
print(f"largest difference between loops and products: {worst:.1e}")
print("faster with products:", "ten times and more" if middle - start > end - middle else "not here")
assert worst < 1e-10

# %% [markdown]
# ## 2. A network is a list
#
# No classes, no magic: a layer is a dict that says its kind and has its weights; a network is a list of them. Whoever
# understands the list understands the network.

# %% exercise="net_scores"


# %% tags=["given"]
def conv(rng, channels, filters, size=3, stride=1, padding=0):
    """A fresh layer of filters, with He's weights."""
    W = rng.normal(size=(filters, channels, size, size)) * np.sqrt(2 / (channels * size * size))
    return {"kind": "conv", "W": W, "b": np.zeros(filters), "stride": stride, "padding": padding}


def dense(rng, n_in, n_out):
    """A fresh dense layer."""
    return {"kind": "dense", "W": he_normal(rng, n_in, n_out), "b": np.zeros(n_out)}


relu, flatten = {"kind": "relu"}, {"kind": "flatten"}


def read_aloud(net, x):
    """Say layer by layer what a network does to the shape of one example, and count its weights."""
    for k, layer in enumerate(net):
        before, x = x.shape[1:], net_scores([layer], x)
        weights = sum(np.size(layer[name]) for name in ("W", "b") if name in layer)
        print(f"{k}. {layer['kind']:<8} {str(before):>12} -> {str(x.shape[1:]):<12} {weights:>6} weights")


# %% tags=["experiment"]
images, digits = load_digits()
order = np.random.default_rng(4).permutation(len(images))
pictures, names = images[order].reshape(-1, 1, 8, 8), digits[order]
seen, seen_names, unseen, unseen_names = pictures[:1200], names[:1200], pictures[1200:], names[1200:]


def with_eyes(rng):
    return [
        conv(rng, 1, 8, padding=1),
        relu,
        conv(rng, 8, 16, stride=2),
        relu,
        flatten,
        dense(rng, 144, 10),
    ]


read_aloud(with_eyes(np.random.default_rng(1)), seen[:1])

# %% [markdown]
# ## 3. Back through any list
#
# On the way up, each layer leaves a note for the way down. On the way down, from the end of the list, each takes the error,
# leaves its gradients if it has weights, and hands the error on. (This is all that is behind the words *automatic
# differentiation* in the case of a chain.)

# %% exercise="net_gradients"

# %% [markdown]
# ## 4. The loop
#
# The last piece knows nothing of layers or of optimizers: it has a list of batches, asks for gradients, and lets a step
# rule move everything that moves. Any rule of chapter 9 fits, because all of them take dicts. This is the seam
# where a framework shows whether it is one.

# %% exercise="fit"

# %% [markdown]
# ## Your network with eyes
#
# All together, and nothing in it but your own code. Two networks with nearly as many weights: one has filters, the other
# only dense layers. Both see the same batches, with the same optimizer: yours.


# %% tags=["experiment"]
def batches_of(rng, steps, size=50):
    return [rng.choice(1200, size=size, replace=False) for _ in range(steps)]


def adam(params, grads, state):
    return adam_step(params, grads, state, 0.01)


def share_right(net):
    return float(np.mean(net_scores(net, unseen).argmax(axis=1) == unseen_names))


flat = [flatten, dense(np.random.default_rng(2), 64, 35), relu, dense(np.random.default_rng(3), 35, 10)]
fresh = with_eyes(np.random.default_rng(1))
steps = batches_of(np.random.default_rng(6), 240)
eyes, eye_losses = fit(fresh, seen, seen_names, net_gradients, adam, steps)
plain, plain_losses = fit(flat, seen, seen_names, net_gradients, adam, steps)
figure, axes = plt.subplots(figsize=(8, 3.6))
for losses, net, colour, style, words in (
    (plain_losses, plain, GREY, "--", "dense layers"),
    (eye_losses, eyes, BLUE, "-", "with filters"),
):
    smooth = np.convolve(losses, np.ones(9) / 9, mode="valid")
    axes.semilogy(smooth, style, color=colour, lw=2, label=f"{words}: {share_right(net):.1%} of new digits")
axes.set(xlabel="step", ylabel="loss (mean of 9 steps)", title="Two networks in your framework")
axes.legend()
show("Two falling loss curves on a logarithmic axis, one for a dense network, one for a network with filters.")
print(f"with filters {share_right(eyes):.1%}, dense {share_right(plain):.1%}")
assert share_right(eyes) > 0.95

# %% [markdown]
# And what do the eyes see? Below, one digit, the eight filters of the first layer, and what each makes of it.

# %% tags=["experiment"]
digit = int(np.flatnonzero(unseen_names == 3)[0])
maps = net_scores(eyes[:2], unseen[digit : digit + 1])[0]
figure, axes = plt.subplots(2, 9, figsize=(9.6, 2.5))
axes[0, 0].imshow(unseen[digit, 0], cmap="gray_r")
axes[0, 0].set_title("the digit", fontsize=9)
for k in range(8):
    top = np.abs(eyes[0]["W"]).max()
    axes[0, k + 1].imshow(eyes[0]["W"][k, 0], cmap="RdBu_r", vmin=-top, vmax=top)
    axes[1, k + 1].imshow(maps[k], cmap="Blues", vmin=0)
for axis in axes.flat:
    axis.axis("off")
show("A three; eight filters of 3 by 3 weights; below each, the places where it answers: edges and strokes of the three.")

# %% [markdown]
# ## Against PyTorch
#
# Is it right? Ask a library that the whole world uses. If you have PyTorch (`pip install torch` brings it, some 200 MB),
# say so in the cell below, where it says `torch = None`, and run it. It builds the same network there, with the same
# starting weights, and compares the gradients of a batch; then both train with Adam on the same batches.


# %% tags=["experiment"]
def torch_twin(net, torch):
    """The same layers in PyTorch, with the same weights."""
    made = []
    for layer in net:
        if layer["kind"] == "conv":
            filters, channels, size, _ = layer["W"].shape
            made.append(torch.nn.Conv2d(channels, filters, size, layer["stride"], layer["padding"]))
            weights = layer["W"]
        elif layer["kind"] == "dense":
            made.append(torch.nn.Linear(*layer["W"].shape))
            weights = layer["W"].T
        else:
            made.append(torch.nn.ReLU() if layer["kind"] == "relu" else torch.nn.Flatten())
            continue
        made[-1].weight.data = torch.tensor(np.array(weights))
        made[-1].bias.data = torch.tensor(np.array(layer["b"]))
    return torch.nn.Sequential(*made)


torch = None  # have you got PyTorch? Then write here: import torch
if torch is None:
    print("Nothing to compare with here: what PyTorch said elsewhere stands below.")
else:
    torch.set_num_threads(1)
    twin, loss_of = torch_twin(fresh, torch), torch.nn.CrossEntropyLoss()
    x, y = torch.tensor(seen), torch.tensor(seen_names)
    loss_of(twin(x[:50]), y[:50]).backward()
    _, grads = net_gradients(fresh, seen[:50], seen_names[:50])
    pairs = [(twin[0].weight, grads[0]["W"]), (twin[2].weight, grads[2]["W"]), (twin[5].weight, grads[5]["W"].T)]
    worst = max(float(np.abs(p.grad.numpy() - g).max()) for p, g in pairs)
    rule = torch.optim.Adam(twin.parameters(), lr=0.01)
    begin = time.perf_counter()
    for rows in steps:
        rule.zero_grad()
        loss_of(twin(x[rows]), y[rows]).backward()
        rule.step()
    middle = time.perf_counter()
    fit(fresh, seen, seen_names, net_gradients, adam, steps)
    end = time.perf_counter()
    theirs = twin(torch.tensor(unseen)).argmax(axis=1).numpy()
    ours = net_scores(eyes, unseen).argmax(axis=1)
    print(f"largest difference of a gradient: {worst:.1e}")
    print(f"PyTorch reads {np.mean(theirs == unseen_names):.1%}, yours {np.mean(ours == unseen_names):.1%}")
    print(f"they agree on {np.mean(theirs == ours):.1%} of 597 new digits")
    print(f"240 steps: PyTorch {middle - begin:.1f} s, yours {end - middle:.1f} s")
    assert worst < 1e-9

# %% [markdown]
# With PyTorch 2.13.0 on a CPU, NumPy 2.4.6 and one thread each, this cell has said:
#
# > largest difference of a gradient: 1.4e-16 · PyTorch reads 96.8%, yours 96.8% · they agree on 100.0% of 597 new
# > digits · 240 steps: PyTorch 1.3 s, yours 1.1 s
#
# To see it yourself: `pip install torch==2.13.0`, then restart this notebook and run all cells. (That yours is as fast says more
# about the size of the network than about yours: with larger ones, PyTorch runs away.)
#
# ## What to take home
#
# - A framework is an agreement: what a layer is, what a gradient looks like, what a step rule takes. Once that is settled, each part
#   can be written, tested and exchanged by itself.
# - Filters share their weights over the whole image: with as many weights, they see more.
# - Large libraries do the same as you, on more kinds of layers and faster machines. You can read them now.
#
# **Now you can** build a network as a list, send errors back through any such list, train it with any step rule, and check all
# of it against a library.
#
# **Show it.** Read your framework aloud to a friend: "a network is a list; `net_scores` goes up, `net_gradients` comes down,
# `fit` moves". Then let them change the list: another filter, a third layer, no ReLU. It should just work.
#
# **Next.** You have built, from the chain rule up, all that a network needs. Add a kind of layer: batch normalisation from
# [chapter 6](ch06_batchnorm), dropout from [chapter 8](ch08_dropout), a residual block from [chapter 15](ch15_why_deep).
#
# **Sources.** K. Chellapilla, S. Puri & P. Simard, *High performance convolutional neural networks*, 2006. A. Paszke et al.,
# *PyTorch: An Imperative Style, High-Performance Deep Learning Library*, NeurIPS 2019. Y. LeCun, L. Bottou, Y. Bengio & P.
# Haffner, *Gradient-based learning applied to document recognition*, 1998. E. Alpaydin & C. Kaynak, *Optical Recognition of
# Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
