# %% [markdown]
# # Initialisation: where training starts
#
# Before the first step of training somebody has to fill the weight matrices with numbers. It sounds like a
# formality. It is not: with one choice a network of ten layers learns in seconds, with another it never
# moves, and the two choices differ by a single factor. By the end of this chapter you will have found this
# factor with a pencil, written the two famous recipes (Xavier's and He's), measured what each does to
# signals and gradients in ten layers of 500 units, and convicted six initialisers that only look right.
#
# **Before you start.** You need the layer and its way back ([chapter 2](ch02_backprop)), tanh and the ReLU
# ([chapter 3](ch03_activations)), and the variance of a sum of independent numbers, which is recalled.
#
# **What you will have built.** Xavier's and He's initialisers, a pencil formula for the size of any layer's
# signal, and a test for random code.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example you can do by
# hand, a derivation, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** Rows are examples: `x` has shape $(N, D)$. A layer has weights `W` of shape $(n_{in},
# n_{out})$, one **column** per unit, and computes `z = x @ W + b`, then an activation $h = f(z)$. The number
# of inputs $n_{in}$ is also called **fan-in**: it is how many terms each $z$ adds up. **Spread** is short for
# standard deviation. All chance comes from a NumPy generator `rng` that is handed in.
# What is handed in to a function stays as it was.

# %% tags=["setup"]
LAYERS = np.arange(1, 11)

# %% tags=["given"]
def relu(z):
    return np.maximum(z, 0)


def digits_of(values):
    """Numbers, short enough for one line."""
    return "  ".join(f"{value:.2g}" for value in values)


# %% [markdown]
# ## Before you start: predict
#
# Eight questions. Answer them *now*, from what you know or guess, and do not peek ahead: the experiments of
# this chapter will answer them one after the other. A wrong prediction that surprises you later is worth
# more than a lucky one. (You may correct your answers before you hand in. That is called learning.)

# %% exercise="initialization_predictions"

# %% [markdown]
# ## 1. Why not zero? Twins
#
# On average, weights are as often positive as negative. So why not start them all in the middle, at 0? Or
# all at the same friendly number?
#
# *On paper.* One input $x = 1$, two hidden tanh units with incoming weights $w_1 = w_2 = 0.5$ and outgoing
# weights $v_1 = v_2 = 0.5$. The output is $\hat y = v_1 h_1 + v_2 h_2$, the cost $\frac12(\hat y - y)^2$, and
# $y = 1$. Both units say $h = \tanh 0.5 = 0.462$, so $\hat y = 0.462$ and the error is $-0.538$. The
# gradients:
#
# $$\frac{\partial C}{\partial v_i} = (\hat y - y)\,h_i = -0.249, \qquad
# \frac{\partial C}{\partial w_i} = (\hat y - y)\,v_i\,(1 - h_i^2)\,x = -0.212 .$$
#
# They are the same for $i = 1$ and $i = 2$, and how could they not be? Nothing in these formulas tells the
# two units apart. So after the step the weights are *still* equal, and after the next one too: by induction
# the units stay **twins** for ever. A layer of 500 twins can do exactly as much as one unit.
#
# With *zeros* it is worse: $v_i = 0$, so $\partial C/\partial w_i = 0$; and $h_i = \tanh 0 = 0$, so
# $\partial C/\partial v_i = 0$. Nothing moves but the output's bias.
#
# Twins are made by **both** kinds of weights: the gradient of $w_i$ contains $v_i$. Two units with equal
# incoming but different outgoing weights will part ways. Write a function that counts the different units of
# a hidden layer. (Rounding can make twins differ in the sixteenth digit, hence a tolerance.)

# %% exercise="distinct_units" component=["IN-01"]

# %% [markdown]
# Now we train a small network, 4 inputs, 8 tanh units, 1 output, on a task that needs several different
# units: is $x_1 x_2$ positive? Three starts: all weights 0, all 0.5, and random.


# %% component=["IN-01"] claim=["C-IN-01"] tags=["experiment"]
def train_small(W, V, x, y, steps=2000, rate=0.3):
    """Full-batch gradient descent on the logistic loss of tanh units; the way of the weights."""
    b, c, way = np.zeros(W.shape[1]), 0.0, []
    for _ in range(steps):
        way.append(W[0].copy())
        h = np.tanh(x @ W + b)
        error = (1 / (1 + np.exp(-(h @ V[:, 0] + c))) - y)[:, None] / len(x)
        dz = error @ V.T * (1 - h**2)
        W, V = W - rate * x.T @ dz, V - rate * h.T @ error
        b, c = b - rate * dz.sum(axis=0), c - rate * error.sum()
    right = np.mean((np.tanh(x @ W + b) @ V[:, 0] + c > 0) == y)
    return W, V, np.array(way), right


rng = np.random.default_rng(0)
points = rng.normal(size=(200, 4))
same_sign = points[:, 0] * points[:, 1] > 0
starts = {
    "all weights 0": (np.zeros((4, 8)), np.zeros((8, 1))),
    "all weights 0.5": (np.full((4, 8), 0.5), np.full((8, 1), 0.5)),
    "random weights": (rng.normal(0, 0.5, (4, 8)), rng.normal(0, 0.5, (8, 1))),
}
twins = {}
figure, panels = plt.subplots(1, 3, figsize=(9, 3.2), sharey=True)
for axes, (name, (W, V)) in zip(panels, starts.items()):
    W, V, way, right = train_small(W, V, points, same_sign)
    spread = np.ptp(W, axis=1).max()
    rank = np.linalg.matrix_rank(W, tol=1e-6)
    twins[name] = (W, spread, rank, right, distinct_units(W, V))
    axes.plot(way)
    axes.set(title=f"{name}:\n{twins[name][4]} different unit(s), {right:.0%} right", xlabel="step")
    print(f"{name:>15}: spread across units {spread:.1e}, rank of W {rank}, {right:.1%} right")
panels[0].set_ylabel("weight from $x_1$ to each unit")
show(
    "Weights of every hidden unit over the steps, for three starts: with equal weights all lines lie on "
    "each other, with random ones they part."
)
assert not twins["all weights 0"][0].any()  # not one of them has moved
assert twins["all weights 0.5"][1] < 1e-9 and twins["all weights 0.5"][2] == 1
assert [twins[name][4] for name in starts] == [1, 1, 8]
assert twins["random weights"][2] == 4 and twins["random weights"][3] > 0.95
assert max(twins[name][3] for name in ("all weights 0", "all weights 0.5")) < 0.8

# %% [markdown]
# With zeros the hidden layer is frozen. With equal weights it learns, but as a choir singing one voice: eight
# lines lie on top of each other in the middle panel. Only random weights **break the symmetry**. (Your
# predictions `zeros` and `constant`.) Biases may well start at 0: the weights have broken the symmetry
# already.
#
# ## 2. Small random numbers
#
# So they must be random; and small, one would think, so that no unit is saturated. A classic choice: normal
# numbers with standard deviation 0.01.
#
# *On paper.* `rng.normal(size=…)` draws numbers with spread 1. Multiplying a random number by $s$ multiplies
# its spread by $s$ and its *variance* by $s^2$. What is the variance of weights of scale 0.01?

# %% exercise="scaled_gaussian" component=["IN-02"]

# %% [markdown]
# A network has many layers. With sizes $[500, 500, 10]$ there are two matrices, $(500, 500)$ and $(500, 10)$.
# The next function draws them all. It takes the recipe as an argument, so that we can try others.

# %% exercise="initialise_layers" component=["IN-03"]

# %% [markdown]
# And how do we see whether the weights are any good, before training? By sending data through and taking the
# temperature of every layer: mean and spread of its outputs.
#
# *On paper.* $x = (1, 2)$, $W_1 = \begin{pmatrix}0&0\\1&-1\end{pmatrix}$, ReLU: $z = (2, -2)$, $h = (2, 0)$,
# mean 1, spread 1. Then $W_2 = \binom{2}{5}$: $h = 4$, mean 4, spread 0.

# %% exercise="activation_statistics" component=["IN-03"]

# %% [markdown]
# The classic experiment, from Stanford's CS231n course: 1,000 examples of 500 standard normal numbers, ten
# layers of 500 tanh units, weights of scale 0.01.


# %% component=["IN-02", "IN-03"] claim=["C-IN-02", "C-IN-03"] erratum=["E41"] tags=["experiment"]
def deep_network(initialise, seed=0):
    """1,000 examples, and the weights of ten layers of 500 units."""
    rng = np.random.default_rng(seed)
    weights = initialise_layers([500] * 11, lambda n_in, n_out: initialise(rng, n_in, n_out))
    return rng.normal(size=(1000, 500)), weights


def outputs(x, weights, activation):
    """x, and what comes out of every layer."""
    found = [x]
    for W in weights:
        found.append(activation(found[-1] @ W))
    return found


small = [activation_statistics(*deep_network(scaled_gaussian, seed), np.tanh) for seed in range(3)]
means, stds = small[0]
factor = 0.01 * np.sqrt(500)
found = outputs(*deep_network(scaled_gaussian), np.tanh)
figure, panels = plt.subplots(1, 5, figsize=(9.6, 2.5), sharey=True)
for axes, layer in zip(panels, (0, 1, 2, 3, 10)):
    h = found[layer]
    axes.hist(
        np.clip(h.ravel(), -1, 1),
        bins=60,
        range=(-1, 1),
        density=True,
        color=BLUE if layer else GREY,
    )
    axes.set(title=f"layer {layer}" if layer else "input (cut at ±1)", xlabel="output", ylim=(0, 8))
panels[0].set_ylabel("density (cut at 8)")
figure.suptitle("With weights of 0.01 all outputs run together at 0")
show("Histograms of the outputs of layers 0, 1, 2, 3 and 10: ever narrower peaks at 0.")

figure, axes = plt.subplots()
axes.semilogy(LAYERS, stds, "o-", label="measured spread")
axes.semilogy(LAYERS, factor**LAYERS, "--", color=GREY, label="0.2236 to the power of the layer")
straight = np.linspace(1, 0, 11)[1:]
axes.semilogy(LAYERS[:-1], straight[:-1], ":", color=ORANGE, label="falling in a straight line")
axes.set(
    title="The spread is divided by 4.5 in every layer",
    xlabel="layer",
    ylabel="standard deviation of outputs",
)
axes.legend()
show(
    "The spread of the outputs over the layer, on a logarithmic axis: a straight line down, along 0.2236 "
    "to the power of the layer and not along a straight fall to 0."
)
last = [spread[-1] for _, spread in small]
print("spread, layer 1 to 10:", digits_of(stds))
print(
    f"factor per layer {np.round(stds[1:] / stds[:-1], 4).min()} to {np.round(stds[1:] / stds[:-1], 4).max()}"
)
print(f"layer 10 over three seeds: {min(last):.3g} to {max(last):.3g}")
print(f"largest mean of a layer: {np.abs(means).max():.1e}; in layer 10: {abs(means[-1]):.0e}")
assert np.allclose(stds[1:] / stds[:-1], factor, rtol=0.02)  # geometric, within 2 %
assert abs(stds[0] - 0.214) < 0.003 and 2.8e-7 < min(last) <= max(last) < 3.1e-7
assert np.abs(means).max() < 1e-3 and abs(means[-1]) < 1e-8
assert np.abs(stds - straight).max() > 0.6  # nowhere near a straight line
assert abs(stds[0] ** 2 - 0.2) > 0.15 and abs(stds[0] - 0.2) < 0.02  # the "0.2" is no variance

# %% [markdown]
# Ten layers, and a signal of size 1 has become 0.0000003. The last layer sees the same thing, practically
# nothing, for every example. (Your prediction `tanh_small`.)
#
# > **What the notes got wrong: variance, and a straight line.** The note calls the recorded numbers, 1, then
# > 0.2, and so on, *variances*, which "fall in a straight line to 0". They are **standard deviations** (the
# > variance of the first layer is 0.046), and they fall **geometrically**: the same *factor* in every layer.
# > Straight is only the logarithm.
#
# ## 3. The factor, with a pencil
#
# Where does 0.2236 come from? A unit adds up $n$ products, $z = \sum_{i=1}^n h_i w_i$. The weights have mean
# 0 and variance $s^2$ and know nothing of $h$ or of each other. Then the cross terms average out, and
#
# $$\mathrm{E}[z^2] = \sum_i \mathrm{E}[h_i^2]\,\mathrm{E}[w_i^2] = n\, s^2\, \mathrm{E}[h^2] .$$
#
# So a layer multiplies the *mean square* by $n s^2$ and the **root mean square** by $s\sqrt n$. For 500 units
# and $s = 0.01$: $0.01 \cdot 22.36 = 0.2236$. For small numbers $\tanh z \approx z$, so tanh changes nothing.
# Not $n$ but $\sqrt n$: terms of either sign cancel for the most part.
#
# And a ReLU? It sets one half of the numbers to 0, the negative half. If $z$ is symmetric about 0, then
# exactly half of the mean square is gone: $\mathrm{E}[h^2] = \frac12\mathrm{E}[z^2]$.
#
# *On paper.* Layers of $4 \to 16 \to 3$ units, $s = \frac12$, no activation: the first layer has the factor
# $\frac12\sqrt4 = 1$, the second $\frac12\sqrt{16} = 2$. Sizes: 1, then 2. Now with ReLU?

# %% exercise="predicted_rms" component=["IN-07"]

# %% tags=["experiment"]
figure, axes = plt.subplots()
sizes = [300, 600, 200, 800, 400, 400, 100, 700]
for scale, bend, name, colour in [
    (0.02, relu, "relu", BLUE),
    (0.05, relu, "relu", SKY),
    (0.08, relu, "relu", GREEN),
    (0.02, np.asarray, "linear", ORANGE),
    (0.05, np.asarray, "linear", PURPLE),
]:
    rng = np.random.default_rng(1)
    weights = initialise_layers(sizes, lambda i, o: scaled_gaussian(rng, i, o, scale))
    means, stds = map(np.asarray, activation_statistics(rng.normal(size=(300, 300)), weights, bend))
    measured, foreseen = np.sqrt(means**2 + stds**2), np.asarray(predicted_rms(sizes, scale, name))
    axes.semilogy(range(1, 8), measured, "o", color=colour, label=f"{name}, scale {scale}")
    axes.semilogy(range(1, 8), foreseen, color=colour, lw=1)
    print(
        f"{name:>6}, scale {scale}: prediction off by at most {np.abs(measured / foreseen - 1).max():.1%}"
    )
    assert np.allclose(measured, foreseen, rtol=0.25)
axes.set(
    title="Your pencil (lines) and the network (dots)",
    xlabel="layer (of 300 → 600 → 200 → 800 → 400 → 400 → 100 → 700 units)",
    ylabel="root mean square of outputs",
)
axes.legend(fontsize="small", ncols=2)
show(
    "Predicted root mean squares as lines and measured ones as dots, for five settings over seven layers "
    "of changing width: the dots lie on the lines."
)

# %% [markdown]
# A line of algebra foresees seven layers to within a few per cent. And it tells us what to do: choose $s$ so
# that the factor is 1. But first, what do bad weights do to the *gradients*?
#
# ## 4. Small weights starve the gradients
#
# On the way back, the error of a layer's outputs is multiplied by $W^T$ instead of $W$, and by the slope of
# the activation: $\delta_{below} = (\delta \odot f'(z))\,W^T$. The same sum, this time with $n_{out}$ terms:
# a factor of $s\sqrt{n_{out}}$. And the gradient of a weight matrix is *input times error*: $\partial
# C/\partial W = h_{below}^T\,(\delta \odot f'(z))$. It suffers twice: the signal is small at the top, the
# error is small at the bottom.
#
# *On paper.* Ten layers, factor 0.22 up and 0.22 down. For layer $l$, the signal is $0.22^{\,l-1}$ and the
# error $0.22^{\,10-l}$. The product is $0.22^9 \approx 10^{-6}$, *whatever the layer*. Nobody learns.


# %% tags=["given"]
def send_back(x, weights, activation, slope, seed=1):
    """Send random errors of size 1 from the top of a network to its input.

    Returns the spread of the error at the input and after each layer, and the spread of each layer's
    weight gradients (averaged over the examples). `slope` gives f'(z) from the output h = f(z).
    """
    found = outputs(x, weights, activation)
    error = np.random.default_rng(seed).normal(size=found[-1].shape)
    errors, gradients = [error.std()], []
    for below, W, h in zip(found[-2::-1], weights[::-1], found[::-1]):
        dz = error * slope(h)
        gradients.append((below.T @ dz / len(x)).std())
        error = dz @ W.T
        errors.append(error.std())
    return np.array(errors[::-1]), np.array(gradients[::-1])


def tanh_slope(h):
    return 1 - h**2


def relu_slope(h):
    return h > 0


# %% component=["IN-04"] claim=["C-IN-10"] tags=["experiment"]
errors_small, gradients_small = send_back(*deep_network(scaled_gaussian), np.tanh, tanh_slope)
_, stds = activation_statistics(*deep_network(scaled_gaussian), np.tanh)
figure, axes = plt.subplots()
axes.semilogy(range(11), [1, *stds], "o-", color=BLUE, label="signal, on its way up")
axes.semilogy(range(11), errors_small, "s-", color=ORANGE, label="error, on its way down")
axes.semilogy(LAYERS, gradients_small, "^-", color=GREEN, label="gradient of the weights")
axes.set(
    title="Signal up, error down: what the weights get is tiny in every layer",
    xlabel="layer (0: the input)",
    ylabel="spread",
)
axes.legend()
show(
    "Three curves over the layers, on a logarithmic axis: the signal falls on its way up, the error falls "
    "on its way down, and the weights' gradient is tiny everywhere."
)
ratios = errors_small[:-1] / errors_small[1:]
print("error, from the top to the input:", digits_of(errors_small[::-1]))
print(f"factor per layer {ratios.min():.3f} to {ratios.max():.3f}")
print(
    f"weight gradients: {gradients_small.min():.1e} to {gradients_small.max():.1e} in all ten layers"
)
assert np.allclose(ratios, 0.2236, rtol=0.06) and 2.5e-7 < errors_small[0] < 3.5e-7
assert np.all((3e-8 < gradients_small) & (gradients_small < 5.5e-8))

# %% [markdown]
# On this logarithmic scale signal and error are straight lines with opposite slopes, so their product is
# constant: the green line is flat. It lies at $4\cdot10^{-8}$, lower than your pencil said, because a gradient
# is averaged over 1,000 examples, whose random errors mostly cancel: $10^{-6}/\sqrt{1000}$. A **vanishing
# gradient**, and not only in the first layers.
#
# ## 5. Large weights
#
# Then take large ones! Scale 1 instead of 0.01. The factor is $\sqrt{500} = 22$, but tanh cannot go beyond
# $\pm1$.


# %% component=["IN-05"] claim=["C-IN-04", "C-IN-05"] erratum=["E42"] tags=["experiment"]
def large(rng, n_in, n_out):
    return scaled_gaussian(rng, n_in, n_out, 1.0)


found = outputs(*deep_network(large), np.tanh)[1:]
stds = np.array([h.std() for h in found])
beyond = np.array([np.mean(np.abs(h) > 0.99) for h in found])
slopes = np.array([np.mean(tanh_slope(h)) for h in found])
errors_large, gradients_large = send_back(*deep_network(large), np.tanh, tanh_slope)
growth = errors_large[:-1] / errors_large[1:]
gain = np.sqrt(500 * np.mean([np.mean(tanh_slope(h) ** 2) for h in found]))

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
left.hist(found[-1].ravel(), bins=80, density=True, color=ORANGE)
left.set(
    title="Layer 10: nearly all at −1 or +1", xlabel="output", ylabel="density", xticks=[-1, 0, 1]
)
right.semilogy(range(11), errors_large, "s-", color=ORANGE, label="error, weights of 1")
right.semilogy(range(11), errors_small, "s-", color=BLUE, label="error, weights of 0.01")
right.semilogy(LAYERS, slopes, "v:", color=GREY, label="mean slope of tanh")
right.set(
    title="Flat almost everywhere, and yet it explodes",
    xlabel="layer (0: the input)",
    ylabel="size",
)
right.legend(fontsize="small")
show(
    "Left, a histogram with two peaks, at −1 and +1. Right, the error over the layers: with weights of 1 "
    "it grows towards the input although the mean slope is near 0; with 0.01 it fades."
)
print(
    f"spread {stds.min():.3f} to {stds.max():.3f}; beyond ±0.99: {beyond.min():.1%} to {beyond.max():.1%}"
)
print(
    f"mean slope {slopes.mean():.4f}; error times {growth.min():.2f} to {growth.max():.2f} per layer"
)
print(f"foreseen: √(500 · mean squared slope) = {gain:.2f}")
print(
    f"in ten layers: times {errors_large[0]:.2g}; weight gradients {gradients_large[-1]:.1e} (top)",
    end=" ",
)
print(f"to {gradients_large[0]:.0f} (bottom)")
assert np.allclose(stds, 0.982, atol=0.004) and np.all((0.89 < beyond) & (beyond < 0.92))
assert np.allclose(slopes, 0.0356, atol=0.002)
assert np.allclose(growth, 3.44, rtol=0.06) and abs(gain - 3.44) < 0.1
assert 1.5e5 < errors_large[0] < 4e5 and gradients_large[0] / gradients_large[-1] > 2e4

# %% [markdown]
# 90 % of all outputs are saturated, and the mean slope is 0.036. (Your predictions `tanh_large` and
# `large_gradient`.)
#
# > **What the notes got wrong: "saturated, so the gradient is close to 0".** The *local slope* is close to 0,
# > for most units. But a few per cent of the units are not saturated, they pass the error on in full, and
# > each of the 500 weights it goes through has size 1. Per layer that makes
# > $\sqrt{500\cdot\mathrm{E}[f'(z)^2]} = 3.44$: the error does not vanish, it **grows** 200,000-fold in ten
# > layers. Training fails all the same, but for the opposite reason: the steps are wild, not small. (A
# > well-known lecture makes the same simplification.)
#
# **Turn the knobs.** Ten tanh layers of 200 units whose weights have spread gain/√200. Which gain keeps the
# signal alive without driving the units into their corners?

# %%
def ten_layers(gain, layers):
    rng = np.random.default_rng(0)
    h, spreads = rng.normal(size=(100, 200)), []
    for _ in range(layers):
        h = np.tanh(h @ rng.normal(0, gain / np.sqrt(200), size=(200, 200)))
        spreads.append(h.std())
    _, (left, right) = plt.subplots(1, 2, figsize=(7, 2.5))
    left.plot(np.arange(1, layers + 1), spreads, "o-", color=BLUE)
    left.set(xlabel="layer", ylabel="spread", ylim=(0, 1))
    right.hist(h.ravel(), bins=40, range=(-1, 1), color=SKY)
    right.set(xlabel="last layer")
    return f"Spread of the signal in {layers} tanh layers with gain {gain:g}: it ends at {spreads[-1]:.2g}."


with_knobs(ten_layers, gain=[0.5, 0.8, 0.9, 1.0, 1.1, 1.5, 3.0], layers=[5, 10, 20])

# %% [markdown]
# ## 6. Xavier's weights: a factor of 1
#
# We want $n\,s^2 = 1$ on the way up, with $n = n_{in}$ terms per sum: $s^2 = 1/n_{in}$. On the way down a sum
# has $n_{out}$ terms, which asks for $s^2 = 1/n_{out}$. Both at once is impossible unless the layer is
# square. Xavier Glorot and Yoshua Bengio (2010) proposed the compromise
#
# $$\mathrm{Var}[w] = \frac{2}{n_{in} + n_{out}} ,$$
#
# one over the average of both sizes. CS231n teaches $1/n_{in}$. Both are in use, so write both.
#
# *On paper.* For a layer $(300, 100)$ the two spreads are $\sqrt{2/400} = 0.0707$ and $\sqrt{1/300} =
# 0.0577$.

# %% exercise="xavier_normal" component=["IN-06"]

# %% [markdown]
# The paper itself used uniform weights. What matters is the variance, hardly the shape. A number that is
# uniform between $-a$ and $a$ has variance
#
# $$\frac{1}{2a}\int_{-a}^{a} w^2\,dw = \frac{a^2}{3} .$$
#
# *On paper.* Which $a$ gives variance $2/(n_{in} + n_{out})$? Check with a layer $(500, 100)$: $a = 0.1$.

# %% exercise="xavier_uniform" component=["IN-06"]

# %% component=["IN-06"] claim=["C-IN-06", "C-IN-11"] tags=["experiment"]
NOTED = np.array([0.628, 0.486, 0.407, 0.357, 0.320, 0.292, 0.272, 0.255, 0.240, 0.227])
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True)
for initialise, colour, name in [
    (xavier_normal, BLUE, "normal"),
    (xavier_uniform, ORANGE, "uniform"),
]:
    found = [deep_network(initialise, seed) for seed in range(2)]
    spreads = np.array([activation_statistics(*network, np.tanh)[1] for network in found])
    errors, gradients = send_back(*found[0], np.tanh, tanh_slope)
    left.plot(LAYERS, spreads[0], "o-", ms=8 if colour == BLUE else 4, color=colour, label=name)
    right.plot(range(11), errors, "s-", ms=8 if colour == BLUE else 4, color=colour, label=name)
    print(f"{name:>7}: spread, layer 1 to 10: {digits_of(spreads[0])}")
    print(
        f"         error at the input {errors[0]:.3f}; weight gradients {gradients.min():.4f}",
        end=" ",
    )
    print(f"to {gradients.max():.4f}")
    assert np.allclose(spreads, NOTED, rtol=0.04)
    assert 0.22 < errors[0] < 0.33 and np.all((0.0065 < gradients) & (gradients < 0.0092))
left.set(title="Signals fade slowly …", xlabel="layer", ylabel="spread", ylim=(0, 1.05))
right.set(title="… and so do errors", xlabel="layer (0: the input)")
left.legend(title="Xavier's weights")
show(
    "Spread of the signal and size of the error over ten layers, for normal and uniform Xavier weights: "
    "the two agree, and both fall slowly."
)

# %% [markdown]
# Signals and errors live through ten layers, and all weight gradients are within 20 % of each other: no layer
# learns much faster than another. Normal or uniform makes no difference.
#
# ### Why it still fades
#
# We have neglected tanh. It pulls every number a little towards 0, and large ones more. If $z$ is normal with
# spread $\sigma$, then $h = \tanh z$ has a smaller spread $g(\sigma)$, and with Xavier's weights that is the
# spread of the next $z$. So the spread goes $1 \to g(1) \to g(g(1)) \to \dots$ We can draw this: up to the
# curve, across to the diagonal, up to the curve.

# %% component=["IN-07"] tags=["experiment"]
u = np.linspace(-8, 8, 4001)
density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)


def spread_after_tanh(sigma):
    """The spread of tanh(z) for normal z of this spread, by numerical integration."""
    return np.sqrt(np.sum(np.tanh(sigma * u) ** 2 * density) * (u[1] - u[0]))


stairs = [1.0]
for _ in range(10):
    stairs.append(spread_after_tanh(stairs[-1]))
sigmas = np.linspace(0, 1.1, 100)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
left.plot(sigmas, [spread_after_tanh(s) for s in sigmas], color=BLUE, label="spread after tanh")
left.plot(sigmas, sigmas, color=GREY, lw=1, label="no change")
for before, after in zip(stairs, stairs[1:]):
    left.plot([before, before, after], [before, after, after], color=ORANGE, lw=1.2)
left.set(title="Each step down the stairs is one layer", xlabel="spread of z", ylabel="spread of h")
left.legend()
_, measured = activation_statistics(*deep_network(xavier_normal), np.tanh)
right.plot(LAYERS, stairs[1:], color=ORANGE, label="the stairs on the left")
right.plot(LAYERS, measured, "o", color=BLUE, label="the ten layers")
right.set(
    title="The stairs foresee all ten layers", xlabel="layer", ylabel="spread of h", ylim=(0, 0.7)
)
right.legend()
show(
    "Left, a staircase between the curve of the spread after tanh and the diagonal. Right, its steps lie "
    "on the measured spreads of ten layers."
)
print("stairs:  ", digits_of(stairs[1:]))
print(
    "measured:",
    digits_of(measured),
    f"  (largest difference {np.abs(measured - stairs[1:]).max():.3f})",
)
assert np.all(np.diff(stairs) < 0) and np.allclose(measured, stairs[1:], rtol=0.04)

# %% [markdown]
# The smaller the numbers, the straighter tanh, and the smaller the steps: the spread never collapses, it
# creeps. The stairs foresee every layer to about a per cent.
#
# ### Inputs or average?
#
# When a network's layers are not square, the two forms differ. Take a funnel, 1000 units at the bottom and 58
# at the top, without activation. The fan-in form keeps the signal perfectly on its way up, and lets the error
# fade on its way down. The average form shares the damage.

# %% component=["IN-06"] erratum=["E43"] tags=["experiment"]
sizes = [1000, 700, 490, 343, 240, 168, 118, 82, 58]
figure, panels = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True)
worst = {}
for axes, form in zip(panels, ("fan_in", "average")):
    rng = np.random.default_rng(2)
    weights = initialise_layers(sizes, lambda i, o: xavier_normal(rng, i, o, form))
    x = rng.normal(size=(300, 1000))
    _, stds = activation_statistics(x, weights, np.asarray)
    errors, _ = send_back(x, weights, np.asarray, np.ones_like)
    axes.semilogy(range(9), [1, *stds], "o-", color=BLUE, label="signal, going up")
    axes.semilogy(range(9), errors, "s-", color=ORANGE, label="error, going down")
    axes.set(title=f'form "{form}"', xlabel="layer (1000, 700, …, 58 units)")
    axes.set_yticks([0.25, 0.5, 1, 2], ["¼", "½", "1", "2"])
    axes.minorticks_off()
    worst[form] = [max(abs(np.log(v))) for v in ([1, *stds], errors)]
    print(f"{form:>8}: signal within a factor of {np.exp(worst[form][0]):.2f} of 1,", end=" ")
    print(f"error within {np.exp(worst[form][1]):.2f}")
panels[0].set_ylabel("spread")
panels[0].legend()
figure.suptitle("One form looks after the signal, the other shares the damage")
show(
    "Signal and error over eight layers for the two forms: with fan-in the signal stays at 1 and the "
    "error drifts; with the average both drift a little."
)
assert worst["fan_in"][0] < 0.3 and worst["fan_in"][1] > 1.2  # log of a factor: 1.35 and 3.3
assert max(worst["average"]) < 0.85 * max(worst["fan_in"])

# The note's reading: take the root of the *inputs*. And its reason: a lower correlation of the units.
x, weights = deep_network(large)
rooted = np.tanh(np.sqrt(np.abs(x)) @ weights[0])
scaled = np.tanh(x @ xavier_normal(np.random.default_rng(0), 500, 500, "fan_in"))
beyond_rooted, beyond_scaled = (np.mean(np.abs(h) > 0.99) for h in (rooted, scaled))
print(f"root of the inputs: {beyond_rooted:.0%} saturated; Xavier's weights: {beyond_scaled:.1%}")
assert beyond_rooted > 0.8 and beyond_scaled < 0.02
before, after = (np.corrcoef((x @ W)[:, :50].T) for W in (weights[0], weights[0] / np.sqrt(500)))
print(
    f"correlations of 50 units, before and after dividing: largest change {np.abs(before - after).max():.0e}"
)
assert np.allclose(before, after, atol=1e-12)

# %% [markdown]
# No form is always best. If the widths alternate between 800 and 100, the average form makes the signal lose
# a factor of $\sqrt{16/9}\cdot\sqrt{2/9} = 0.63$ in every pair of layers, and fan-in loses nothing.
#
# > **What the notes got wrong: which root, and why.** The note says to "take the square root of each neuron's
# > input", hoping for a lower correlation. It is the *weights* that are divided, by the root of the
# > **number** of inputs; taking the root of the inputs themselves leaves 90 % of the units saturated. And a
# > common factor cannot change a correlation, not even in the last digit. The reason is the one above: equal
# > variance of activations and of gradients in all layers.
#
# ## 7. ReLU needs twice as much
#
# Now the same with ReLU. On the one hand everything is simpler: a ReLU is linear on either side of 0, so
# there are no stairs and no saturation. On the other hand it throws half of the mean square away, ten times
# in a row.


# %% component=["IN-08"] claim=["C-IN-07"] erratum=["E74"] tags=["experiment"]
def fan_in_form(rng, n_in, n_out):
    return xavier_normal(rng, n_in, n_out, "fan_in")


fading = []
for seed in range(5):
    found = outputs(*deep_network(fan_in_form, seed), relu)[1:]
    fading.append([(h.std(), np.sqrt(np.mean(h**2)), np.mean(h > 0)) for h in found])
    progress(seed + 1, 5, "five networks")
spreads, roots, active = np.moveaxis(np.array(fading), 2, 0)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
left.semilogy(LAYERS, roots.T, color=SKY, lw=1)
left.semilogy(
    LAYERS, 2.0 ** (-LAYERS / 2), "--", color=GREY, label=r"divided by $\sqrt{2}$ per layer"
)
left.semilogy([], [], color=SKY, label="five networks")
left.set(
    title="The size falls by √2 in every layer …",
    xlabel="layer",
    ylabel="root mean square of outputs",
)
left.set_yticks([0.03, 0.1, 0.3], ["0.03", "0.1", "0.3"])
left.minorticks_off()
left.legend()
right.plot(LAYERS, active.T, color=SKY, lw=1)
right.axhline(0.5, ls="--", color=GREY)
right.set(
    title="… but half of the outputs stay alive",
    xlabel="layer",
    ylabel="share above 0",
    ylim=(0, 1),
)
show(
    "Left, the root mean square of five ReLU networks falls by √2 per layer, a straight line on a "
    "logarithmic axis. Right, the share of active outputs stays near one half."
)
per_layer = (roots[:, -1] / roots[:, 0]) ** (1 / 9)
print("spread, layer 1 to 10:", digits_of(spreads.mean(axis=0)))
print(
    f"layer 10 over five seeds: spread {spreads[:, -1].min():.3f} to {spreads[:, -1].max():.3f}, root mean",
    end=" ",
)
print(f"square {roots[:, -1].min():.3f} to {roots[:, -1].max():.3f} (theory 0.031)")
print(f"factor per layer {per_layer.min():.3f} to {per_layer.max():.3f} (theory 0.707)")
print(
    f"share of active outputs in layer 10: {active[:, -1].min():.3f} to {active[:, -1].max():.3f}"
)
assert np.allclose(spreads[:, 0], 0.585, rtol=0.03) and np.allclose(roots[:, 0], 0.707, rtol=0.03)
assert np.all((0.015 < spreads[:, -1]) & (spreads[:, -1] < 0.042))  # ±40 % over seeds
assert np.allclose(per_layer, 2**-0.5, atol=0.03)
assert np.all((0.4 < active) & (active < 0.6))

# %% [markdown]
# (Your predictions `relu_xavier` and `relu_active`.)
#
# > **What the notes got wrong: "more and more units inactive".** The note explains the collapse by ReLUs that
# > fall silent, more in every layer. But whether $z > 0$ does not depend on how *large* $z$ is: in every
# > layer half of the outputs are active, in the tenth as in the first. What shrinks is their **size**. (In
# > its histograms, everything close to 0 falls into one bar, so small looks like silent.)
#
# ### What exactly does a ReLU halve?
#
# *On paper.* $z$ is $-2, -1, 1$ or $2$, each equally likely. Its mean square is $\frac{4+1+1+4}{4} = 2.5$.
# After the ReLU we have $0, 0, 1, 2$: mean square $\frac54 = 1.25$, a half. The mean was 0 and is $\frac34$,
# so the *variance* went from 2.5 to $1.25 - 0.5625 = 0.6875$. That is not a half.

# %% component=["IN-09"] claim=["C-IN-09"] erratum=["E44"] tags=["experiment"]
z = np.random.default_rng(0).normal(size=1_000_000)
h = relu(z)
square, variance = np.mean(h**2), h.var()
print(
    f"of a million normal numbers ReLU keeps {square:.4f} of the mean square (theory 0.5)", end=" "
)
print(f"and {variance:.4f} of the variance (theory ½ − 1/2π = {0.5 - 0.5 / np.pi:.4f})")
assert abs(square - 0.5) < 0.005 and abs(variance - 0.3408) < 0.004
assert abs(variance - 0.5) > 0.15  # the variance is not halved

# Which of the two numbers does the next layer feel? 2,000 units look at these h through fresh weights.
rng = np.random.default_rng(1)
inputs = relu(rng.normal(size=(400, 500)))
seen = (inputs @ rng.normal(0, 1 / np.sqrt(500), (500, 2000))).var()
print(f"the next layer's z has variance {seen:.3f}: it feels the mean square")
assert abs(seen - 0.5) < 0.03

# %% [markdown]
# > **What the notes got wrong: "ReLU halves the variance".** It halves the **mean square** $\mathrm{E}[h^2]$.
# > The variance falls to 0.341 of what it was, because the outputs have a mean of 0.4 now. It is a lucky
# > slip: the next layer's sum feels the mean square (look at the derivation in section 3 again), so the
# > factor 2 is right after all.
#
# ### He's weights
#
# Kaiming He and his colleagues (2015) drew the consequence: to make up for the lost half, double the
# variance,
#
# $$\mathrm{Var}[w] = \frac{2}{n_{in}} .$$

# %% exercise="he_normal" component=["IN-09"]

# %% component=["IN-09"] claim=["C-IN-08", "C-IN-12"] tags=["experiment"]
flat = []
for seed in range(5):
    found = outputs(*deep_network(he_normal, seed), relu)[1:]
    flat.append([(h.std(), np.sqrt(np.mean(h**2))) for h in found])
    progress(seed + 1, 5, "five networks")
he_spreads, he_roots = np.moveaxis(np.array(flat), 2, 0)
errors_he, gradients_he = send_back(*deep_network(he_normal), relu, relu_slope)
errors_xavier, gradients_xavier = send_back(*deep_network(fan_in_form), relu, relu_slope)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True)
left.semilogy(LAYERS, he_roots.T, color=GREEN, lw=1)
left.semilogy(LAYERS, roots.T, color=SKY, lw=1)
right.semilogy(range(11), errors_he, "s-", color=GREEN, label="He: variance 2/n")
right.semilogy(range(11), errors_xavier, "s-", color=SKY, label="Xavier: variance 1/n")
left.set(
    title="Signals through ReLUs (five networks each)", xlabel="layer", ylabel="root mean square"
)
right.set(title="Errors through ReLUs", xlabel="layer (0: the input)")
right.legend()
show(
    "Signals and errors through ten ReLU layers: with He's weights both stay near 1, with Xavier's both "
    "fall in a straight line on a logarithmic axis."
)
print("spread, layer 1 to 10:", digits_of(he_spreads.mean(axis=0)))
print(
    f"layer 10 over five seeds: spread {he_spreads[:, -1].min():.2f} to {he_spreads[:, -1].max():.2f}",
    end=", ",
)
print(f"root mean square {he_roots[:, -1].min():.2f} to {he_roots[:, -1].max():.2f}")
print(f"errors at the input: He {errors_he[0]:.2f}, Xavier {errors_xavier[0]:.3f} (theory 0.031)")
assert np.allclose(he_spreads[:, 0], 0.827, rtol=0.03)
assert np.all((0.5 < he_spreads[:, -1]) & (he_spreads[:, -1] < 1.35))
assert 0.7 < he_spreads[:, -1].mean() < 1.1
assert 0.6 < errors_he[0] < 1.4 and 0.018 < errors_xavier[0] < 0.045

# %% [markdown]
# The same picture up and down, one factor of $\sqrt2$ per layer apart. Single networks wander: the mean
# square is multiplied by ten random factors close to 1. In 100 layers it would wander farther, one reason why
# very deep networks use residual connections and normalisation as well.
#
# All in one figure: what comes out of the layers 1, 4, 7 and 10, for four recipes and both activations.

# %% component=["IN-03", "IN-08"] tags=["experiment"]
RECIPES = {"0.01": scaled_gaussian, "1": large, "Xavier": xavier_normal, "He": he_normal}
networks = {recipe: deep_network(initialise) for recipe, initialise in RECIPES.items()}
figure, panels = plt.subplots(2, 4, figsize=(9.8, 4.8))
for row, (bend, name) in zip(panels, [(np.tanh, "tanh"), (relu, "ReLU")]):
    for axes, recipe in zip(row, RECIPES):
        found = outputs(*networks[recipe], bend)
        low, high = (-1, 1) if name == "tanh" else (0, 3)
        for layer, colour in zip((1, 4, 7, 10), (SKY, GREEN, BLUE, ORANGE)):
            active = found[layer][found[layer] != 0]
            share, edges = np.histogram(np.clip(active, low, high), bins=40, range=(low, high))
            middles = (edges[1:] + edges[:-1]) / 2
            axes.plot(middles, share / active.size, color=colour, lw=1.3, label=f"layer {layer}")
        top = 0.15 if name == "tanh" else 0.1
        axes.set(title=f"{name}, {recipe}: {found[10].std():.2g}", ylim=(0, top), xlabel="output")
    row[0].set_ylabel("share of outputs ≠ 0")
panels[0, 2].legend(fontsize="x-small")
figure.suptitle("Too small: all at 0. Too large: all at the edge. (Above each: spread of layer 10)")
show(
    "Eight histograms, tanh above and ReLU below, for four recipes: peaks at 0 for weights too small, at "
    "the edge for weights too large, broad shapes for Xavier and He."
)

# %% [markdown]
# (With ReLU and weights of size 1 the outputs reach $10^{12}$; everything beyond 3 is counted at the right
# edge.) With ReLU only He's weights keep the layers alike. With tanh, He's weights do not fade either: they
# settle at a larger spread than Xavier's, with more units near saturation. A bounded activation forgives
# more.
#
# ## 8. A bias above zero?
#
# Biases start at 0: the weights break the symmetry. For ReLU some people start them at 0.01, so that more
# units fire at first. Write it, then measure whether it helps.

# %% exercise="positive_bias"

# %% tags=["experiment"]
x = np.random.default_rng(3).normal(size=(1000, 500))
shares = {}
for name, W in [
    ("He's weights", he_normal(np.random.default_rng(4), 500, 500)),
    ("weights of 0.01", scaled_gaussian(np.random.default_rng(4), 500, 500)),
    ("weights of 0.0001", scaled_gaussian(np.random.default_rng(4), 500, 500, 1e-4)),
]:
    z = x @ np.asarray(W)
    shares[name] = [np.mean(z + b > 0) for b in (np.zeros(500), np.asarray(positive_bias(500)))]
    print(
        f"{name:>17}: spread of z {z.std():.4f}, active {shares[name][0]:.3f} -> {shares[name][1]:.3f}"
    )
figure, axes = plt.subplots(figsize=(6.4, 2.6))
places = np.arange(3)
axes.barh(places + 0.18, [s[0] for s in shares.values()], 0.34, color=GREY, label="bias 0")
axes.barh(places - 0.18, [s[1] for s in shares.values()], 0.34, color=GREEN, label="bias 0.01")
axes.set_yticks(places, shares)
axes.set(
    title="A bias of 0.01 matters only beside tiny weights",
    xlabel="share of active outputs",
    xlim=(0, 1.3),
)
axes.legend(loc="lower right")
show(
    "Bars of the share of active outputs with bias 0 and with bias 0.01, for three sizes of weights: they "
    "differ only where the weights are tiny."
)
assert shares["He's weights"][1] - shares["He's weights"][0] < 0.01
assert shares["weights of 0.01"][1] > 0.5 and shares["weights of 0.0001"][1] > 0.99

# %% [markdown]
# With He's weights the spread of $z$ is 1.4, and a shift by 0.01 wakes 3 in 1,000 outputs. (Your prediction
# `relu_bias`.) It does no harm; with good weights it hardly does anything.
#
# ## 9. Bug hunt
#
# Seven people wrote an initialiser for ReLU layers, `suspect(rng, n_in, n_out)`. All promise weights with
# variance $2/n_{in}$. One of them keeps the promise. A lazy test will not tell.

# %% tags=["given"] module="suspects"
suspects = [suspect_a, suspect_b, suspect_c, suspect_d, suspect_e, suspect_f, suspect_g]


# %% tags=["given"]
def interrogate(suspect, n_in, n_out, draws):
    """All weights that a suspect draws, one layer after the other, from one generator."""
    rng = np.random.default_rng([n_in, n_out, draws])
    return np.array([suspect(rng, n_in, n_out) for _ in range(draws)])


def allowed(count):
    """How far the mean square may be off, in proportion, if chance alone is to blame (χ² tail, 1e-14)."""
    return 2 * np.sqrt(33 / count) + 66 / count


# %% tags=["experiment"]
for suspect in suspects:
    W = interrogate(suspect, 50, 50, 1)
    off = np.mean(W**2) / (2 / 50) - 1
    print(
        f"{suspect.__name__}: mean square off by {off:+.1%}, chance allows ±{allowed(W.size):.0%}"
    )
    assert abs(off) < allowed(W.size) and len(np.unique(W)) == W.size

# %% [markdown]
# One layer of 50 by 50, drawn once: all seven pass. Chance is generous with 2,500 numbers, and the layer is
# so very ordinary. Choose better ones: up to three layers $(n_{in}, n_{out})$, and how often each is drawn. A
# suspect is convicted if the mean square is off by more than chance allows, or if weights come twice.

# %% exercise="initialization_bug_hunt"

# %% tags=["experiment"]
asked = [tuple(int(n) for n in item) for item in initialization_bug_hunt()]
table, caught = np.zeros((len(asked), 7)), np.zeros((len(asked), 7), dtype=bool)
for i, numbers in enumerate(asked):
    for j, suspect in enumerate(suspects):
        W = interrogate(suspect, *numbers)
        table[i, j] = np.mean(W**2) / (2 / numbers[0])
        caught[i, j] = abs(table[i, j] - 1) > allowed(W.size) or len(np.unique(W)) < W.size - 1
figure, axes = plt.subplots(figsize=(7.6, 1.4 + 0.6 * len(asked)))
axes.imshow(
    caught,
    cmap=plt.matplotlib.colors.ListedColormap(["#e8e8e8", ORANGE]),
    vmin=0,
    vmax=1,
    aspect="auto",
)
for (i, j), ratio in np.ndenumerate(table):
    axes.text(j, i, f"{ratio:.2f}", ha="center", va="center")
axes.set_xticks(range(7), list("abcdefg"))
axes.set_yticks(range(len(asked)), [f"({i}, {o}) × {n}" for i, o, n in asked])
axes.set(xlabel="suspect", title="Mean square, measured over promised; orange: convicted")
show(
    "A table of your questions against seven suspects: the mean square measured over the one promised, "
    "orange where it convicts."
)
innocent = [s.__name__ for s, guilty in zip(suspects, caught.any(axis=0)) if not guilty]
print("not convicted by your layers:", ", ".join(innocent) or "nobody")

# %% [markdown]
# Look at the numbers beside the colours. Where the ratio is 1.00 and yet convicted, weights came twice. And
# some bugs show in *small* layers only, others in large ones only: tests of random code need extreme shapes,
# several calls in a row, and enough numbers to leave chance no room.
#
# ## 10. You can see it in the loss
#
# All this can be noticed in an ordinary training run. Below, a network of 64 → 100 → 10 units learns the
# digits with plain gradient descent, from five starts: four sizes of weights, and He's.


# %% tags=["given"]
images, digits = load_digits()


def train(initialise, sizes, seed=0, steps=400, rate=0.1):
    """ReLU layers and softmax, plain gradient descent on batches of 64; the loss of every step."""
    rng = np.random.default_rng(seed)
    weights = [np.array(W) for W in initialise_layers(sizes, lambda i, o: initialise(rng, i, o))]
    biases, losses = [np.zeros(n) for n in sizes[1:]], []
    for _ in range(steps):
        batch = rng.integers(len(images), size=64)
        h = [images[batch]]
        for W, b in zip(weights, biases):
            h.append(relu(h[-1] @ W + b))
        scores = h[-2] @ weights[-1] + biases[-1]
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        losses.append(-np.mean(np.log(p[np.arange(64), digits[batch]] + 1e-300)))
        p[np.arange(64), digits[batch]] -= 1
        error = p / 64
        for layer in reversed(range(len(weights))):
            gradient, bias_gradient = h[layer].T @ error, error.sum(axis=0)
            error = (error @ weights[layer].T) * (h[layer] > 0)
            weights[layer] -= rate * gradient
            biases[layer] -= rate * bias_gradient
    return np.array(losses)


def scaled(scale):
    return lambda rng, n_in, n_out: scaled_gaussian(rng, n_in, n_out, scale)


# %% component=["IN-10"] claim=["C-IN-13"] tags=["experiment"]
curves, waits = {}, {}
for k, scale in enumerate((1e-4, 1e-3, 1e-2, 1e-1)):
    runs = [train(scaled(scale), (64, 100, 10), seed, steps=600) for seed in range(3)]
    curves[f"{scale:g}"] = runs[0]
    waits[scale] = [int(np.argmax(run < 2.2)) for run in runs]
    assert all((run < 2.2).any() for run in runs)
    progress(k + 1, 4, "sizes of weights")
curves["He"] = train(he_normal, (64, 100, 10), steps=600)
figure, axes = plt.subplots()
for (name, losses), colour in zip(curves.items(), (PURPLE, ORANGE, GREEN, BLUE, GREY)):
    axes.plot(np.convolve(losses, np.ones(8) / 8, "valid"), color=colour, label=name)
axes.axhline(np.log(10), color=GREY, lw=0.8, ls="--")
axes.text(600, np.log(10) + 0.03, "guessing: ln 10", ha="right", fontsize="small", color=GREY)
axes.set(
    title="Flat, then falling: weights that start too small",
    xlabel="step",
    ylabel="loss",
    ylim=(0, 2.55),
)
axes.legend(title="weights", loc="upper right", bbox_to_anchor=(1, 0.88))
show(
    "Losses over the steps for five starts, beside a dashed line for guessing: those that start too small "
    "stay flat for long, then fall."
)
for scale, steps in waits.items():
    print(f"weights of {scale:g}: {min(steps)} to {max(steps)} steps until the loss is below 2.2")
middle = [np.mean(steps) for steps in waits.values()]
print("steps added by each tenfold reduction:", np.round(-np.diff(middle)))
assert all(
    min(waits[low]) > max(waits[high]) + 60 for low, high in zip(list(waits), list(waits)[1:])
)
assert max(waits[0.1]) < 20 < min(waits[1e-4])

# %% [markdown]
# A **plateau**, then a fall. While the weights are tiny, their gradients are tiny (input times error, and the
# error comes through the other tiny weights). They grow exponentially, but from nothing, and ten times
# smaller weights mean a constant number of extra steps. If you see this shape, look at the initial weights
# first. (It is a hint and no proof: saturated units, a learning rate that is too low or a wrong gradient can
# look the same.)
#
# In a deep network the plateau does not end. Three layers of 100 ReLUs and a softmax, and the same four
# recipes as before:

# %% component=["IN-10", "IN-09"] tags=["experiment"]
deep_sizes = (64, 100, 100, 100, 10)
recipes = {"0.01": scaled(0.01), "Xavier": xavier_normal, "He": he_normal, "1": scaled(1.0)}
figure, axes = plt.subplots()
final = {}
for k, ((name, initialise), colour) in enumerate(
    zip(recipes.items(), (GREEN, BLUE, ORANGE, PURPLE))
):
    losses = train(initialise, deep_sizes, seed=1, steps=300)
    final[name] = losses[-30:].mean()
    axes.semilogy(np.convolve(losses, np.ones(8) / 8, "valid"), color=colour, lw=4 - k, label=name)
    progress(k + 1, 4, "recipes")
axes.axhline(np.log(10), color=GREY, lw=0.8, ls="--")
axes.set(
    title="Four layers: too small never starts, too large breaks at once",
    xlabel="step",
    ylabel="loss (logarithmic)",
)
axes.legend(title="weights")
show(
    "Losses of four-layer nets on a logarithmic axis: too small a start stays at guessing, too large a "
    "one breaks at once, Xavier's and He's fall."
)
print({name: f"{loss:.2f}" for name, loss in final.items()}, f"guessing: {np.log(10):.2f}")
assert final["0.01"] > 2.25 and final["1"] > 1.5
assert final["He"] < 0.4 and final["Xavier"] < 0.5

# %% [markdown]
# With only four weight matrices, Xavier's weights are good enough even for ReLU: a factor of $\sqrt2$ per layer
# matters when there are many of them. With weights of size 1 the first loss is in the hundreds, the first
# steps throw the units out of the data, and the ReLUs die.
#
# ## What to take home
#
# - Equal units stay **equal for ever**: weights must be random. Zeros do not learn at all. Biases may be 0.
# - A layer multiplies the root mean square by $s\sqrt{n_{in}}$ going up, and by $s\sqrt{n_{out}}$ going down.
#   In deep networks every factor other than 1 is fatal: **powers** rule.
# - **tanh:** variance $2/(n_{in} + n_{out})$ or $1/n_{in}$ (Xavier). **ReLU:** variance $2/n_{in}$ (He),
#   because a ReLU halves the mean square.
# - Saturated does not mean that the gradient vanishes: with large weights it *explodes* through the few units
#   that are not.
# - Look at spread per layer *before* training, and at the first steps of the loss curve. Flat, then falling:
#   too small.
# - Test random code by its distribution: extreme shapes, many draws, several calls from one generator.
#
# **Now you can** foresee with a pencil how large the numbers of layer 10 will be, and choose starting weights
# so that neither signal nor error fades.
#
# **Next.** [Chapter 6](ch06_batchnorm) sets the sizes right *during* training, whatever the weights are.
#
# **Sources.** X. Glorot & Y. Bengio, *Understanding the difficulty of training deep feedforward neural
# networks*, AISTATS 2010. K. He, X. Zhang, S. Ren & J. Sun, *Delving Deep into Rectifiers: Surpassing
# Human-Level Performance on ImageNet Classification*, ICCV 2015. Y. LeCun, L. Bottou, G. B. Orr & K.-R.
# Müller, *Efficient BackProp*, in Neural Networks: Tricks of the Trade, 1998. A. M. Saxe, J. L. McClelland &
# S. Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, ICLR
# 2014. B. Poole, S. Lahiri, M. Raghu, J. Sohl-Dickstein & S. Ganguli, *Exponential expressivity in deep
# neural networks through transient chaos*, NeurIPS 2016. I. Goodfellow, Y. Bengio & A. Courville, *Deep
# Learning*, MIT Press 2016, section 8.4. Stanford CS231n, *Convolutional Neural Networks for Visual
# Recognition*, 2016, lecture 5. B. Laurent & P. Massart, *Adaptive estimation of a quadratic functional by
# model selection*, Annals of Statistics 28, 2000. E. Alpaydin & C. Kaynak, *Optical Recognition of
# Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
