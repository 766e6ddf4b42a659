# %% [markdown]
# # Batch normalisation: keep every feature in a healthy range
#
# A deep network multiplies by one weight matrix after another. If each of ten layers makes its numbers a
# little smaller, nothing is left at the end; if each makes them a little larger, they explode. One can choose
# the starting weights very carefully. Or one can do what Ioffe and Szegedy proposed in 2015: in the middle of
# the network, *measure* mean and spread of every feature and set them right, by a formula that can be
# differentiated like any other. By the end of this chapter you will have written this layer, forwards and
# backwards, for vectors and for images; folded it away again; and measured what it is good for, and what not.
#
# **Before you start.** You need the way back through a layer ([chapter 2](ch02_backprop)) and what goes wrong with
# badly sized weights ([chapter 5](ch05_initialization)). Mean and variance of a column are all the statistics.
#
# **What you will have built.** Batch normalisation with both of its ways back, its test mode, the form for images,
# and the trick that folds it into the layer before.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example you can do by
# hand, a derivation, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** Rows are examples: a batch `x` has shape $(N, D)$, and a column is a **feature**. A dense
# layer computes `z = x @ W + b`. Variances are divided by $N$, unless the text says otherwise.
# What is handed in to a function stays as it was.

# %% tags=["setup"]
import warnings
from types import SimpleNamespace

# %% [markdown]
# ## Before you start: predict
#
# Eight questions. Answer them *now*, from what you know or guess, and do not peek ahead: the experiments of
# this chapter will answer them one after the other. A wrong prediction that surprises you later is worth
# more than a lucky one. (You may correct your answers before you hand in. That is called learning.)

# %% exercise="batchnorm_predictions"

# %% [markdown]
# ## 1. What goes wrong in a deep network
#
# *On paper.* Ten layers, each multiplying the spread of its numbers by 0.2: what comes out has $0.2^{10} =
# 10^{-7}$ of the spread that went in. With a factor of 3 it is $3^{10} = 59{,}049$ times the spread. The
# right factor is 1, and it has to be hit *in every layer, at every moment of the training*.
#
# Here are ten tanh layers with 500 neurons each, 1,000 random examples, and three sizes of weights: 0.01,
# $1/\sqrt{500} \approx 0.0447$ and 1. Watch the spread of the activations from layer to layer.


# %% component=["BN-01"] tags=["experiment"]
def tanh_tower(scale, normalise=None, layers=10, width=500, seed=0):
    """The activations of each layer; `normalise`, if given, is put in front of every tanh."""
    rng = np.random.default_rng(seed)
    a, towers = rng.normal(size=(1000, width)), []
    for _ in range(layers):
        z = a @ rng.normal(0, scale, (width, width))
        a = np.tanh(z if normalise is None else normalise(z))
        towers.append(a)
    return towers


SCALES = {0.01: "0.01", 1 / np.sqrt(500): "0.0447", 1.0: "1"}
plain_spreads = {scale: [a.std() for a in tanh_tower(scale)] for scale in SCALES}
for scale, name in SCALES.items():
    plt.semilogy(range(1, 11), plain_spreads[scale], "o-", label=f"weights of size {name}")
plt.gca().set(
    title="Without normalisation the spread dies, fades or saturates",
    xlabel="layer",
    ylabel="standard deviation of its activations",
)
plt.legend()
show(
    "The spread of ten layers for three sizes of weights, on a logarithmic axis: one dies away, one fades "
    "slowly, one stays near 1 because it saturates."
)
shown = {name: f"{plain_spreads[scale][-1]:.2g}" for scale, name in SCALES.items()}
print("spread in layer 10 by size of the weights:", shown)
assert plain_spreads[0.01][-1] < 1e-5  # dead
assert plain_spreads[1.0][-1] > 0.95  # every activation sits at ±1, where tanh is flat

# %% [markdown]
# Small weights: the signal dies. Large weights: every activation sits at ±1, where tanh is flat and no
# gradient passes. Only a well-chosen size keeps the signal alive, and even there it fades.
#
# The idea of batch normalisation: *you want features with mean 0 and variance 1? Then make them so.*
#
# ## 2. Mean 0, variance 1
#
# Take one feature, one column of the batch. Subtract its mean and divide by its standard deviation:
#
# $$\mu = \frac1N\sum_i x_i, \qquad \sigma^2 = \frac1N\sum_i (x_i - \mu)^2, \qquad
# \hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}} .$$
#
# The small number $\epsilon$ is there for features that do not vary: it turns $0/0$ into
# $0/\sqrt\epsilon = 0$.
#
# *On paper.* The numbers $3, 5, 7, 2$ have the sum 17, so $\mu = 4.25$. The deviations are $-1.25,\ 0.75,\
# 2.75,\ -2.25$; their squares $1.5625,\ 0.5625,\ 7.5625,\ 5.0625$ have the sum 14.75, so $\sigma^2 = 3.6875$
# and $\sigma = 1.9203$. Dividing (with $\epsilon = 0$): $-0.651,\ 0.391,\ 1.432,\ -1.172$.
#
# With $D$ features one does this $D$ times, each column for itself. In NumPy that takes no loop.

# %% exercise="normalise_batch" component=["BN-01", "BN-02"]

# %% [markdown]
# > **What the notes got wrong: a worked example that does not work.** One note normalises the same four
# > numbers and prints $-0.35,\ 0.21,\ 0.77,\ -0.63$. How can we tell, without knowing how they were made?
# > By the definition: the result must have variance 1. Theirs does not. All four are the deviation times
# > 0.28, so something was divided by 3.57, and none of the usual statistics of these numbers is 3.57.

# %% component=["BN-06"] claim=["C-BN-01"] erratum=["E01"] tags=["experiment"]
numbers = np.array([[3.0], [5.0], [7.0], [2.0]])
ours = normalise_batch(numbers, 0.0)
note = np.array([[-0.35], [0.21], [0.77], [-0.63]])
for name, column in [("yours", ours), ("the note's", note)]:
    print(f"{name:>11}: {column[:, 0].round(3)}   mean {abs(column.mean()):.3f}, spread {column.std():.3f}")
assert np.allclose(ours[:, 0], [-0.651, 0.391, 1.432, -1.172], rtol=0, atol=5e-4)
assert abs(ours.mean()) < 1e-12 and abs(ours.std() - 1) < 1e-12
assert abs(note.std() - 0.538) < 1e-3

deviations = numbers - numbers.mean()
factor = np.sum(note * deviations) / np.sum(deviations**2)
assert np.allclose(note, factor * deviations, rtol=0, atol=0.005)  # the note rounds to two digits
candidates = {
    "standard deviation": numbers.std(),
    "sample standard deviation": numbers.std(ddof=1),
    "variance": numbers.var(),
    "range": np.ptp(numbers),
    "length of the deviations": np.linalg.norm(deviations),
}
print(f"the note multiplied by {factor:.3f}: it divided by {1 / factor:.3f}. That is not one of these:")
print({name: round(float(value), 3) for name, value in candidates.items()})
assert all(abs(value - 1 / factor) > 0.1 for value in candidates.values())

# %% [markdown]
# ### What it does not do
#
# Subtracting a number *shifts* a histogram, dividing by one *stretches* it. Neither can bend it. A skewed
# feature stays exactly as skewed as it was. (Your prediction `exponential`; were you right?)

# %% component=["BN-01"] claim=["C-BN-02"] erratum=["E45"] tags=["experiment"]
rng = np.random.default_rng(0)
inputs = {
    "exponential": rng.exponential(size=(100_000, 1)),
    "yes or no, 10 % yes": (rng.random((100_000, 1)) < 0.1).astype(float),
    "normal, N(3, 7²)": rng.normal(3, 7, size=(100_000, 1)),
}


def skewness(v):
    """Mean cubed deviation in units of the spread: 0 for anything symmetric."""
    return np.mean((v - v.mean()) ** 3) / v.std() ** 3


figure, panels = plt.subplots(2, 3, figsize=(8.6, 4.2))
for column, (name, before) in zip(panels.T, inputs.items()):
    after = normalise_batch(before, 0.0)
    for axes, values, colour in zip(column, (before, after), (GREY, BLUE)):
        axes.hist(values[:, 0], bins=60, density=True, color=colour)
        axes.set(yticks=[])
    column[0].set_title(f"{name}\nskewness {skewness(before):.2f}")
    column[1].set_xlabel(f"after: mean {abs(after.mean()):.1f}, spread {after.std():.1f}")
    print(
        f"{name:>20}: mean {before.mean():6.3f} -> {abs(after.mean()):.0e}, spread {before.std():5.3f} -> "
        f"{after.std():.12f}, skewness {skewness(before):6.3f} -> {skewness(after):6.3f}"
    )
    assert abs(after.mean()) < 1e-10 and abs(after.std() - 1) < 1e-10
    assert abs(skewness(after) - skewness(before)) < 1e-6
panels[0, 0].set_ylabel("before")
panels[1, 0].set_ylabel("after")
figure.suptitle("Mean 0 and variance 1, but never a new shape")
show(
    "Histograms of three shapes before and after normalisation: each moves to mean 0 and spread 1 and "
    "keeps its shape."
)
assert abs(skewness(inputs["exponential"]) - 2) < 0.15  # 2 for infinitely many numbers

# %% [markdown]
# > **What the notes got wrong: "unit Gaussian".** Two notes say that batch normalisation makes activations
# > *unit Gaussian*. It makes mean 0 and variance 1, feature by feature, and that is all: the exponential
# > feature has lost its mean of 1 and kept its skewness of 2. Only what was Gaussian before is Gaussian
# > after.
#
# ## 3. Scale and shift
#
# Should every tanh in a network have inputs of mean 0 and variance 1, for ever? That would be a rather
# strict rule. So the layer ends with two learned numbers per feature:
#
# $$y_i = \gamma\,\hat x_i + \beta .$$
#
# They start at $\gamma = 1$ and $\beta = 0$ and are trained by gradient descent like all weights. The
# spread of a feature is now *one number*, $\gamma$, and no longer the tangled result of all layers before it.
#
# *On paper.* A column $(1, 3)$ has mean 2 and variance 1, so $\hat x = (-1, 1)$. With $\gamma = 2$ and
# $\beta = 10$ it becomes $(8, 12)$.
#
# The backward pass will need some of what the forward pass computes. So the function returns a **cache** as
# well: $x - \mu$, the divisor $\sqrt{\sigma^2 + \epsilon}$ (called `std`), and $\gamma$.

# %% exercise="batchnorm_forward" component=["BN-02", "BN-04"]

# %% [markdown]
# ### It forgets the size of the weights
#
# Multiply the weights in front by 1000. Then $z = xW$ grows 1000 times, its standard deviation grows 1000
# times, and the quotient does not change. The same goes for a bias: it moves the mean by as much as it moves
# every entry, and is subtracted with it. *A bias in front of a batch normalisation does nothing*; $\beta$ has
# taken over its job. (Your prediction `heavy_weights`.)

# %% component=["BN-02"] claim=["C-BN-06"] tags=["experiment"]
rng = np.random.default_rng(3)
x, W, b = rng.normal(size=(64, 20)), rng.normal(size=(20, 10)), rng.normal(size=10)
gamma, beta = rng.uniform(0.5, 2, 10), rng.normal(size=10)
out = batchnorm_forward(x @ W, gamma, beta, 0.0)[0]
heavy = np.abs(batchnorm_forward(x @ (1000 * W), gamma, beta, 0.0)[0] - out).max()
biased = np.abs(batchnorm_forward(x @ W + 100 * b, gamma, beta, 0.0)[0] - out).max()
with_eps = np.abs(
    batchnorm_forward(x @ (1000 * W), gamma, beta)[0] - batchnorm_forward(x @ W, gamma, beta)[0]
)
print(f"1000 times the weights changes the output by {heavy:.1e}; a huge bias, by {biased:.1e}")
print(f"with eps = 1e-5 instead of 0 the difference is {with_eps.max():.1e}: only eps notices")
assert heavy < 1e-12 and biased < 1e-11
assert 0 < with_eps.max() < 1e-4

# %% [markdown]
# And the tower of section 1? Put your layer in front of every tanh, and the size of the weights is forgotten
# ten times in a row.


# %% component=["BN-02"] claim=["C-BN-05"] tags=["experiment"]
def normalise(z):
    return batchnorm_forward(z, np.ones(z.shape[1]), np.zeros(z.shape[1]))[0]


figure, axes = plt.subplots()
for scale, name, colour, dot in zip(SCALES, SCALES.values(), (BLUE, ORANGE, GREEN), (13, 9, 5)):
    spreads = [a.std() for a in tanh_tower(scale, normalise)]
    axes.semilogy(range(1, 11), plain_spreads[scale], "--", color=colour, alpha=0.5)
    axes.semilogy(range(1, 11), spreads, "o", ms=dot, color=colour, label=f"weights of size {name}")
    print(f"weights of size {name:>6}: spread of the layers {min(spreads):.4f} to {max(spreads):.4f}")
    assert 0.62 < min(spreads) <= max(spreads) < 0.64
axes.set(
    title="With normalisation all three towers keep their spread (dashed: without)",
    xlabel="layer",
    ylabel="standard deviation of its activations",
)
axes.legend(loc="center left")
show(
    "The spread of ten layers for three sizes of weights: dashed without normalisation, far apart; with "
    "it all dots lie at 0.63."
)

# %% [markdown]
# Why 0.63? It is the spread of $\tanh(u)$ for a standard normal $u$. The sum of 500 inputs *is* nearly
# normal here, thanks to the central limit theorem, not to the normalisation.
#
# ### It can undo itself
#
# Is anything lost by normalising? No: $\gamma$ and $\beta$ can bring back the original batch. *On paper:* the
# column $(1, 3)$ became $(-1, 1)$. Which $\gamma$ and $\beta$ turn $(-1, 1)$ into $(1, 3)$? In general:

# %% exercise="identity_parameters" component=["BN-05"]

# %% component=["BN-05"] claim=["C-BN-03"] erratum=["E53"] tags=["experiment"]
rng = np.random.default_rng(5)
x = rng.normal(2, [1, 2, 3, 4, 5], size=(64, 5))
gamma, beta = identity_parameters(x)
back = batchnorm_forward(x, gamma, beta)[0]
at_start = batchnorm_forward(x, np.ones(5), np.zeros(5))[0]
next_batch = rng.normal(2, [1, 2, 3, 4, 5], size=(64, 5))
of_next = batchnorm_forward(next_batch, gamma, beta)[0]
error = np.abs(back - x).max()
print(f"with these γ and β the batch comes back with an error of {error:.1e} (allowed 1e-12)")
print(f"with γ = 1 and β = 0 it is off by up to {np.abs(at_start - x).max():.1f}")
print(
    f"and the *next* batch, with the γ and β of this one, by up to {np.abs(of_next - next_batch).max():.2f}"
)
assert error < 1e-12
assert np.abs(at_start - x).max() > 1 and np.abs(of_next - next_batch).max() > 0.1

figure, panels = plt.subplots(1, 3, figsize=(9, 3.2), sharex=True, sharey=True)
for axes, given, got, title in [
    (panels[0], x, back, "γ = √(var + ε), β = mean:\nthe identity"),
    (panels[1], x, at_start, "γ = 1, β = 0:\nnot the identity"),
    (panels[2], next_batch, of_next, "the next batch, same γ and β:\nnot quite the identity"),
]:
    axes.axline((0, 0), slope=1, color=GREY, lw=1)
    axes.plot(given, got, ".", ms=4)
    axes.set(title=title, xlabel="what goes in")
panels[0].set_ylabel("what comes out")
show(
    "What comes out over what goes in: on the diagonal with γ and β set to undo the normalisation, off it "
    "at the start, near it for the next batch."
)

# %% [markdown]
# > **What the notes got wrong: "so it is equivalent to the identity".** Only for one particular choice of
# > $\gamma$ and $\beta$, and only for the batch they were made from. What is true, and what the original
# > paper says: the layer *can represent* the identity, so it takes nothing away from the network.
#
# ### Where to put it
#
# The paper puts it between the dense layer and the activation: **dense → batch norm → tanh**. Then tanh gets
# inputs around 0, where it is steep. After the tanh it comes too late: a saturated neuron says ±1, and
# stretching ±1 does not tell us how large its input was. The next dense layer sees tidy numbers, but the
# gradient still has to pass the flat parts of tanh.

# %% component=["BN-03"] tags=["experiment"]
rng = np.random.default_rng(6)
a = {"no normalisation": rng.normal(size=(1000, 200))}
a["after the tanh"] = a["before the tanh"] = a["no normalisation"]
for _ in range(5):  # five layers with weights of size 1, the same weights for all three
    W = rng.normal(size=(200, 200))
    z = {name: values @ W for name, values in a.items()}
    z["before the tanh"] = normalise(z["before the tanh"])
    hidden = {name: np.tanh(values) for name, values in z.items()}
    a = {**hidden, "after the tanh": normalise(hidden["after the tanh"])}
figure, panels = plt.subplots(1, 3, figsize=(9, 3.3), sharey=True)
slopes = {}
for axes, colour, (name, values) in zip(panels, (GREY, GREEN, ORANGE), hidden.items()):
    slopes[name] = np.mean(1 - values**2)
    axes.hist(values.ravel(), bins=50, range=(-1, 1), density=True, color=colour)
    axes.set(
        title=f"{name}:\nmean slope {slopes[name]:.3f}", xlabel="output of the tanh, layer 5", yscale="log"
    )
panels[0].set_ylabel("density (log scale)")
figure.suptitle("Normalise before the tanh, and it stays off its flat ends")
show(
    "Histograms of a tanh's outputs in layer 5, on a logarithmic axis: piled up at ±1 without "
    "normalisation, spread over the middle when normalised before the tanh."
)
print("mean slope of the fifth tanh:", {name: round(float(slope), 3) for name, slope in slopes.items()})
assert slopes["before the tanh"] > 0.5
assert slopes["no normalisation"] < 0.1 and slopes["after the tanh"] < 0.1

# %% [markdown]
# (With ReLU, which does not saturate, the other order works as well, and people argue about it to this day.)
#
# **Turn the knobs.** Normalised sums, scaled by γ and moved by β, go into a sigmoid. Where do its outputs
# pile up, and how much of its slope do they use?

# %%
def scaled_and_shifted(gamma, beta):
    z = gamma * np.random.default_rng(1).normal(size=4000) + beta
    y = 1 / (1 + np.exp(-z))
    _, (left, right) = plt.subplots(1, 2, figsize=(7, 2.4))
    left.hist(z, bins=50, range=(-10, 10), color=GREY)
    left.set(xlabel="γ · x̂ + β")
    right.hist(y, bins=40, range=(0, 1), color=SKY)
    right.set(xlabel="after the sigmoid", title=f"mean slope {np.mean(y * (1 - y)):.2f}")
    return f"Normalised sums with γ = {gamma:g}, β = {beta:g}, and the sigmoid's outputs: histograms."


with_knobs(scaled_and_shifted, gamma=[0.1, 0.5, 1, 2, 5], beta=[-4, -2, 0, 2, 4])

# %% [markdown]
# ## 4. The way back, step by step
#
# For training we need the gradients. The difficulty: **$x_i$ reaches the output along three ways**. Directly;
# through the mean, which it helps to form; and through the variance. Moving *one* example moves the outputs
# of *all* examples in the batch. Multiply along a path, add over paths.
#
# Write the forward pass in the smallest possible steps:
#
# $$\text{mean} = \tfrac1N\sum_i x_i \;\to\; \text{centred}_i = x_i - \text{mean} \;\to\; \text{var} =
# \tfrac1N \sum_i \text{centred}_i^2 \;\to\; \text{std} = \sqrt{\text{var} + \epsilon} \;\to\; \hat x_i =
# \frac{\text{centred}_i}{\text{std}} \;\to\; y_i = \gamma\hat x_i + \beta$$
#
# and walk back from the right. Write $dv$ for the gradient of the loss with respect to $v$. Two rules do it
# all:
#
# - **One number used by all examples** ($\beta$, $\gamma$, std, mean): its gradient is a *sum* over the
#   batch.
# - **One quantity used in two places** (`centred`, in $\hat x$ and in var; `x`, in centred and in the mean):
#   its gradient is the *sum* of what comes back from both.
#
# The computation graph has three ways from `x` to the output; on each arrow stands the slope, for one example.

# %% component=["BN-08"] tags=["experiment"]
from autograder.figures import computation_graph

computation_graph(
    {
        "x": (0, 0),
        "mean": (1.2, -1),
        "centred": (2.2, 0),
        "var": (3.2, -1),
        "std": (5.0, -1),
        "x̂": (6, 0),
        "y": (7.2, 0),
    },
    [
        ("x", "centred", "1"),
        ("x", "mean", "1/N"),
        ("mean", "centred", "−1"),
        ("centred", "x̂", "1/std"),
        ("centred", "var", "2·centred/N"),
        ("var", "std", "1/(2·std)"),
        ("std", "x̂", "−centred/std²"),
        ("x̂", "y", "γ"),
    ],
    figsize=(8.6, 2.8),
)
show(
    "A graph from x over centred and x̂ to y, with a detour over the mean below the first stretch and one over var and "
    "std below the second; a slope on every arrow."
)
centred, n, h = np.array([-1.0, 1.0]), 2, 1e-6
nudged = centred + [h, 0]
assert abs(((nudged**2).mean() - (centred**2).mean()) / h - 2 * centred[0] / n) < 1e-5
print("the slope from centred to var, measured, is 2·centred/N: one of eight arrows checked")

# %% [markdown]
# *On paper.* One feature, two examples: centred $= (-1, 1)$, std $= 2$, $\gamma = 3$, and from above comes
# `dout` $= (1, 2)$. Then $d\beta = 1 + 2 = 3$. With $\hat x = (-\tfrac12, \tfrac12)$:
# $d\gamma = 1\cdot(-\tfrac12) + 2\cdot\tfrac12 = \tfrac12$. And $d\hat x = \gamma\cdot$`dout` $= (3, 6)$. Go
# on: $\hat x_i = \text{centred}_i \cdot \text{std}^{-1}$, so what is $d\,\text{std}$? You should get
# $-\tfrac34$. In the end $dx = (-\tfrac9{16}, \tfrac9{16})$.

# %% exercise="batchnorm_backward_steps" component=["BN-14"]

# %% [markdown]
# ## 5. The way back in one formula
#
# Put the steps into one another, and most of it cancels. (Try it: the way from var to the mean contributes
# nothing, because the centred values sum to 0.) With $g_i$ for `dout`, what is left is
#
# $$\frac{\partial L}{\partial x_i} = \frac{\gamma}{N\sqrt{\sigma^2 + \epsilon}}\Big(N g_i - \sum_j g_j -
# \hat x_i\sum_j g_j\hat x_j\Big), \qquad \frac{\partial L}{\partial\gamma} = \sum_i g_i\hat x_i, \qquad
# \frac{\partial L}{\partial\beta} = \sum_i g_i .$$
#
# Read it: from the gradient that comes in, the part that would *shift* the whole column is removed, and the
# part that would *stretch* it. Of course: the layer forgets shifts and stretches, so nothing can be gained by
# them.

# %% exercise="batchnorm_backward" component=["BN-14"]

# %% [markdown]
# Is it right? Measure it: nudge each of the $64 \times 5$ numbers and look at the loss.

# %% component=["BN-14"] claim=["C-BN-04"] tags=["experiment"]
worst, slid = 0.0, 0.0
for seed in range(3):
    rng = np.random.default_rng(seed)
    x, dout = rng.normal(3, 2, size=(64, 5)), rng.normal(size=(64, 5))
    gamma, beta = rng.uniform(0.5, 2, 5), rng.normal(size=5)
    dx, dgamma, dbeta = batchnorm_backward(dout, batchnorm_forward(x, gamma, beta)[1])
    measured, h = np.zeros(x.shape), 1e-5
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = h
        up = batchnorm_forward(x + nudge, gamma, beta)[0]
        down = batchnorm_forward(x - nudge, gamma, beta)[0]
        measured[place] = np.sum(dout * (up - down)) / (2 * h)
    worst = max(worst, np.linalg.norm(measured - dx) / np.linalg.norm(measured))
    slid = max(slid, np.abs(dx.sum(axis=0)).max())
print(f"3 batches of 64 x 5: relative error {worst:.1e} (allowed 1e-7), largest column sum of dx {slid:.1e}")
assert worst < 1e-7 and slid < 1e-12

# %% [markdown]
# How strongly do the examples of a batch hang together? Take one feature and twelve examples, sorted, and
# draw all the slopes $\partial\hat x_i/\partial x_j$. A layer that treats each example alone would only have
# a diagonal.

# %% component=["BN-14", "BN-10"] tags=["experiment"]
column = np.sort(np.random.default_rng(2).normal(size=12))[:, None]
cache = batchnorm_forward(column, np.ones(1), np.zeros(1))[1]
slopes = np.array([batchnorm_backward(row[:, None], cache)[0][:, 0] for row in np.eye(12)])
figure, axes = plt.subplots(figsize=(5.2, 4.1))
limit = np.abs(slopes).max()
picture = axes.imshow(slopes, cmap="PuOr", vmin=-limit, vmax=limit)
figure.colorbar(picture, label="∂x̂ᵢ/∂xⱼ")
axes.set(
    title="Every example moves every other one's output",
    xlabel="j: the example that is moved (smallest to largest)",
    ylabel="i: the output that answers",
)
show(
    "A matrix of slopes: a strong positive diagonal, and small values of both signs everywhere else, so "
    "that every output answers to every example."
)
others = np.abs(slopes - np.diag(np.diag(slopes)))
print(f"on the diagonal {np.diag(slopes).mean():.2f} on average, beside it up to {others.max():.2f}")
assert np.abs(slopes.sum(axis=1)).max() < 1e-12 and others.max() > 0.1

# %% [markdown]
# ### What reaches the weights in front
#
# The output does not notice when $W$ grows 1000 times. So a step in $W$ must now be 1000 times longer to
# have the same effect; in other words, **the gradient shrinks** 1000 times. Weights that have become too
# large learn slowly, weights that are too small learn fast. And the bias in front gets no gradient at all.
# (Your predictions `their_gradient` and `bias`.)

# %% component=["BN-07"] tags=["experiment"]
rng = np.random.default_rng(8)
x, W, dout = rng.normal(size=(64, 20)), rng.normal(size=(20, 10)), rng.normal(size=(64, 10))
sizes, norms = np.array([0.01, 0.1, 1.0, 10.0, 100.0, 1000.0]), []
for size in sizes:
    dz = batchnorm_backward(dout, batchnorm_forward(x @ (size * W), np.ones(10), np.zeros(10))[1])[0]
    norms.append(np.linalg.norm(x.T @ dz))
print(f"gradient by W: {norms[2]:.3g}; by 1000·W: {norms[5]:.3g}; ratio {norms[2] / norms[5]:.2f}")
print(f"gradient by the bias in front: {np.abs(dz.sum(axis=0)).max():.0e}")
assert abs(norms[2] / norms[5] - 1000) < 1 and np.abs(dz.sum(axis=0)).max() < 1e-12
plt.loglog(sizes, norms, "o-")
plt.gca().set(
    title="Weights 10 times larger: the same output, a gradient 10 times smaller",
    xlabel="size of the weights in front",
    ylabel="length of their gradient",
)
show(
    "The length of the gradient over the size of the weights, on logarithmic axes: a straight line, ten "
    "times shorter for weights ten times larger."
)

# %% [markdown]
# ### Gradients through thirty layers
#
# "Batch normalisation, ReLU and residual connections solve the same problem", says one note: that of a
# gradient which does not survive a deep network. Let us see. Thirty layers of 100 neurons, a random gradient
# at the end, and the length of what arrives at each layer. (A *residual* layer adds its input to its output,
# $a + f(a)$, so that the gradient always has a direct way; He et al., 2016.)


# %% component=["BN-07", "BN-13"] tags=["experiment"]
def logistic(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {
    "sigmoid": (logistic, lambda a: a * (1 - a)),
    "ReLU": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float)),
}


def gradient_lengths(activation, extra, seed, layers=30, width=100, examples=200):
    """Length of the gradient in front of each layer, relative to that at the end."""
    rng = np.random.default_rng(seed)
    function, slope = ACTIVATIONS[activation]
    size = np.sqrt((2 if activation == "ReLU" else 1) / width)
    a, passed, lengths = rng.normal(size=(examples, width)), [], []
    for _ in range(layers):
        W = rng.normal(0, size, (width, width))
        z, cache = a @ W, None
        if extra == "batch norm":
            z, cache = batchnorm_forward(z, np.ones(width), np.zeros(width))
        hidden = function(z)
        passed.append((W, slope(hidden), cache))
        a = a + hidden if extra == "residual" else hidden
    gradient = rng.normal(size=a.shape)
    at_end = np.linalg.norm(gradient)
    for W, slopes, cache in reversed(passed):
        dz = gradient * slopes
        if cache is not None:
            dz = batchnorm_backward(dz, cache)[0]
        back = dz @ W.T
        gradient = gradient + back if extra == "residual" else back
        lengths.append(np.linalg.norm(gradient) / at_end)
    return lengths[::-1]


kinds = [
    ("sigmoid", "", GREY, "-", "sigmoid"),
    ("sigmoid", "batch norm", BLUE, "-", "sigmoid + batch norm"),
    ("sigmoid", "residual", GREEN, "--", "sigmoid + residual"),
    ("ReLU", "", ORANGE, ":", "ReLU (He weights)"),
    ("ReLU", "batch norm", PURPLE, "-.", "ReLU + batch norm"),
]
arrived = {}
for activation, extra, colour, style, name in kinds:
    runs = [gradient_lengths(activation, extra, seed) for seed in range(3)]
    arrived[name] = [run[0] for run in runs]
    plt.semilogy(range(1, 31), np.median(runs, axis=0), style, color=colour, lw=2, label=name)
    print(f"{name:>22}: {min(arrived[name]):.1e} to {max(arrived[name]):.1e} of the gradient reaches layer 1")
plt.gca().set(
    title="Three cures for one illness: each keeps the gradient alive",
    xlabel="layer",
    ylabel="gradient, relative to the end",
)
plt.legend()
show(
    "The gradient over thirty layers, on a logarithmic axis: plain sigmoids lose it, while ReLU, batch "
    "norm and skip connections keep it alive."
)
assert max(arrived["sigmoid"]) < 1e-15
for name in ("sigmoid + batch norm", "sigmoid + residual", "ReLU (He weights)"):
    assert 0.05 < min(arrived[name]) <= max(arrived[name]) < 20
assert min(arrived["ReLU + batch norm"]) > 20

# %% [markdown]
# Each of the three does keep the gradient alive, in different ways: normalisation keeps the inputs in the
# steep part, ReLU has no flat part on its right, and a residual connection goes round the layer. But more
# is not always better. ReLU *with* batch norm at its start makes the gradient **grow** from layer to layer,
# about 20 % per layer here (Yang et al., 2019, explain why). Deep normalised networks therefore use residual
# connections as well. "The same problem" is fair; "the same solution" is not.
#
# ## 6. Bug hunt
#
# Seven people wrote the backward pass as one function `suspect(dout, x, gamma, eps)`, which returns `dx,
# dgamma, dbeta`. One of them got it right. The other six look right on *lazy* inputs.

# %% tags=["given"] module="suspects"
suspects = [suspect_a, suspect_b, suspect_c, suspect_d, suspect_e, suspect_f, suspect_g]

# %% tags=["experiment"]
lazy_x = np.random.default_rng(1).normal(size=(4, 4))
lazy = (np.ones((4, 4)), lazy_x, np.ones(4), 1e-5)
testimonies = [np.concatenate([np.ravel(part) for part in suspect(*lazy)]) for suspect in suspects]
spread = np.ptp(testimonies, axis=0).max()
print(f"dout = ones, γ = ones, N = D, eps = 1e-5: all seven say the same (largest difference {spread:.0e})")
assert spread < 1e-12

# %% [markdown]
# Which habits made this test so blind? There are four in that one line. Choose inputs with none of these
# comforts: at most three sets, and one may be enough.

# %% exercise="batchnorm_bug_hunt"

# %% [markdown]
# Your inputs now interrogate all seven. The truth is measured: by nudging `x` and `gamma` in your
# `batchnorm_forward`.


# %% tags=["experiment"]
def measured_gradients(dout, x, gamma, eps, h=1e-5):
    def slopes(function, at):
        result = np.zeros(np.shape(at))
        for index in np.ndindex(result.shape):
            nudge = np.zeros(result.shape)
            nudge[index] = h
            result[index] = np.sum(dout * (function(at + nudge) - function(at - nudge))) / (2 * h)
        return result

    zeros = np.zeros(np.shape(gamma))
    return (
        slopes(lambda v: batchnorm_forward(v, gamma, zeros, eps)[0], x),
        slopes(lambda v: batchnorm_forward(x, v, zeros, eps)[0], gamma),
        slopes(lambda v: batchnorm_forward(x, gamma, v, eps)[0], zeros),
    )


def lie(suspect, inputs):
    """How far a suspect is from the truth, relative to the largest entry of each part."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        said = suspect(*inputs)
    true = measured_gradients(*inputs)
    errors = [np.abs(s - t).max() / max(np.abs(t).max(), 1e-2) for s, t in zip(said, true)]
    return min(1.0, max(np.nan_to_num(errors, nan=1.0)))


questions = [
    [*(np.array(part, dtype=float) for part in item[:3]), float(item[3])] for item in batchnorm_bug_hunt()
]
lies = np.array([[lie(suspect, inputs) for suspect in suspects] for inputs in questions])
cleared = [suspect.__name__ for suspect, errors in zip(suspects, lies.T) if errors.max() < 1e-6]
print("not caught lying by your inputs:", ", ".join(cleared) or "nobody (are your numbers huge?)")
assert len(cleared) == 1, (
    "your inputs do not single out one suspect: too kind, or too large for finite differences"
)

figure, axes = plt.subplots(figsize=(7, 1.5 + 0.6 * len(questions)))
picture = axes.imshow(np.log10(np.maximum(lies, 1e-12)), cmap="cividis", vmin=-12, vmax=0, aspect="auto")
figure.colorbar(picture, label="log₁₀ worst error")
axes.set_xticks(range(7), [suspect.__name__[-1] for suspect in suspects])
axes.set_yticks(range(len(questions)), [f"set {k}" for k in range(1, len(questions) + 1)])
axes.set(title="Good inputs leave one suspect standing (dark)", xlabel="suspect", ylabel="your inputs")
show(
    "A map of your input sets against seven suspects; bright squares are caught lying, one column stays "
    "dark."
)

# %% [markdown]
# ## 7. Test mode: an example comes alone
#
# In training the output of an example depends on its companions. When the network is in use this must not
# be: the same X-ray should get the same answer, whoever else is in the queue. And what should the layer do
# with a *single* X-ray? Its mean is itself, and $x - \mu = 0$ (your prediction `batch_of_one`):

# %% component=["BN-11", "BN-15"] claim=["C-BN-11"] tags=["experiment"]
alone = batchnorm_forward(np.array([[3.7]]), np.ones(1), np.zeros(1))[0]
digits_like = batchnorm_forward(np.random.default_rng(0).normal(size=(1, 6)), np.ones(6), np.zeros(6))[0]
print(
    f"training mode, batch of one: 3.7 becomes {alone[0, 0]}, and six random features become {digits_like[0]}"
)
assert abs(alone[0, 0]) < 1e-9 and np.abs(digits_like).max() < 1e-9  # whatever goes in, β comes out

# %% [markdown]
# So in **test mode** mean and variance are *remembered* numbers. The usual way to come by them: after every
# training batch the memory takes a small step towards that batch's statistics,
#
# $$\text{running} \leftarrow m\cdot\text{running} + (1 - m)\cdot\text{batch},$$
#
# with a momentum $m$ such as 0.9. (Careful when you read code: PyTorch calls $1 - m$ the momentum.)
#
# *On paper.* Memory 10, batch mean 2, $m = \tfrac34$: the new memory is $7.5 + 0.5 = 8$.

# %% exercise="running_statistics" component=["BN-11"]

# %% [markdown]
# The memory starts at mean 0 and variance 1. How long until it is right? A feature from $N(5, 9)$, batches of
# 64, momentum 0.9. After $k$ batches a share $0.9^k$ of the start is still in it: after 5 batches 59 %, after
# 50 batches half a percent.

# %% component=["BN-11"] claim=["C-BN-10"] tags=["experiment"]
histories = np.zeros((20, 301, 2))
for seed in range(20):
    rng = np.random.default_rng(seed)
    memory = np.zeros(1), np.ones(1)
    histories[seed, 0] = 0, 1
    for k in range(300):
        memory = running_statistics(rng.normal(5, 3, size=(64, 1)), *memory)
        histories[seed, k + 1] = memory[0][0], memory[1][0]
final, after_5 = histories[:, -1], histories[:, 5, 0]
print(
    f"running mean after 5 batches: {after_5.min():.2f} to {after_5.max():.2f} "
    "(expected: 5·(1 − 0.9⁵) = 2.05)"
)
print(
    f"after 300 batches, 20 runs: mean {final[:, 0].min():.2f} to {final[:, 0].max():.2f}, "
    f"variance {final[:, 1].min():.2f} to {final[:, 1].max():.2f} (true: 5 and 9)"
)
# The memory wavers by √(0.1/1.9) = 0.23 of a batch's own wavering: 0.09 for the mean, 0.37 for the variance.
assert np.all(np.abs(final[:, 0] - 5) < 0.5) and np.all(np.abs(final[:, 1] - 9) < 2)
assert np.all(np.abs(after_5 - 2.05) < 0.6)

figure, panels = plt.subplots(1, 2, figsize=(8.6, 3.2))
for axes, which, true, name in zip(panels, (0, 1), (5, 9), ("mean", "variance")):
    axes.plot(histories[:, :101, which].T, color=BLUE, lw=0.6, alpha=0.6)
    axes.axhline(true, color=ORANGE, ls="--", label=f"true {name}: {true}")
    axes.set(title=f"The running {name} needs about 40 batches", xlabel="batch", ylabel=f"running {name}")
    axes.legend(loc="lower right")
show(
    "Running means and variances over 100 batches: from their start they climb to the dashed true value "
    "within about 40 batches, then waver around it."
)

# %% [markdown]
# (Your prediction `young_memory`.) Now use the memory. The formula is that of training; only the source of
# mean and variance has changed. So, `test_mode`: does company matter any more?

# %% exercise="batchnorm_inference" component=["BN-11"]

# %% component=["BN-11"] claim=["C-BN-10"] tags=["experiment"]
rng = np.random.default_rng(9)
x = rng.normal(5, 3, size=(64, 1))
memory = np.full(1, 5.0), np.full(1, 9.0)
in_company = batchnorm_inference(x, np.ones(1), np.zeros(1), *memory)
by_itself = [batchnorm_inference(x[n : n + 1], np.ones(1), np.zeros(1), *memory)[0] for n in range(64)]
print(f"test mode, alone or among 64: largest difference {np.abs(in_company - by_itself).max()}")
assert np.abs(in_company - by_itself).max() < 1e-12
# %% [markdown]
# ### Once over the whole training set
#
# The original paper suggests another way: when training is over, compute mean and variance over the *whole
# training set* once. The set comes in batches, and the last one is often smaller. How do we get from the
# batches to the whole? For the mean, weigh each batch by its size. For the variance, mind that batches differ
# *inside* and *between* each other:
#
# *On paper.* The batches $(1, 3)$ and $(8)$. Mean of all: $12/3 = 4$. Variances inside: 1 and 0. Distances of
# the batch means from 4: $-2$ and $4$. Together: $\big(2\cdot(1 + 4) + 1\cdot(0 + 16)\big)/3 = 26/3$. Check:
# the deviations of 1, 3, 8 from 4 are $-3, -1, 4$, with squares 9, 1, 16. The sum is 26.

# %% exercise="dataset_statistics" component=["BN-11"]

# %% [markdown]
# > **What the notes got wrong: one way for the only way.** The note describes statistics "computed once over
# > the training set and remembered". That is algorithm 2 of the paper. Practically all libraries keep
# > *running averages* during training instead: there is no extra sweep, and the network can be tested at any
# > moment. The price: they waver a little, and in a young network they are wrong. The paper's formula also
# > needs a correction. The average variance *inside* batches of $N$ is too small by a factor $(N-1)/N$.

# %% component=["BN-11"] erratum=["E48"] tags=["experiment"]
rng = np.random.default_rng(10)
rows = rng.normal(5, 3, size=(1202, 1))
batches = np.split(rows, range(4, 1202, 4))  # 300 batches of four, and one of two
mean, var = dataset_statistics(batches)
inside = np.mean([batch.var(axis=0) for batch in batches[:-1]], axis=0)
running = np.zeros(1), np.ones(1)
for batch in batches:
    running = running_statistics(batch, *running, 0.99)
print(f"all {len(rows)} rows at once:          mean {rows.mean():.4f}, variance {rows.var():.4f}")
print(f"once over the {len(batches)} batches:       mean {mean[0]:.4f}, variance {var[0]:.4f}")
print(f"average variance inside batches:               {inside[0]:.4f}; times 4/3: {inside[0] * 4 / 3:.4f}")
print(
    f"running averages, momentum 0.99: mean {running[0][0]:.4f}, variance {running[1][0]:.4f} "
    "(it averages what is *inside* the small batches, so it is too small as well)"
)
assert abs(mean[0] - rows.mean()) < 1e-9 and abs(var[0] - rows.var()) < 1e-9
assert abs(inside[0] * 4 / 3 - 9) < 1 and inside[0] < 8
assert abs(running[0][0] - 5) < 1 and abs(running[1][0] - mean[0]) > 1e-3

# %% [markdown]
# ### Folding it away
#
# In test mode, nothing in the layer depends on the batch any more. It multiplies by a number and adds a
# number, for every feature; the dense layer in front does the same kind of thing. Two straight maps in a row
# are one straight map. So for the finished network the normalisation can be *folded* into the weights, and
# costs nothing.
#
# *On paper.* One neuron: $z = 6x + 1$, remembered mean 4, variance 9, $\gamma = 2$, $\beta = 5$. Then
# $2\cdot(6x + 1 - 4)/3 + 5 = 4x + 3$.

# %% exercise="fold_batchnorm"

# %% component=["BN-11"] tags=["experiment"]
rng = np.random.default_rng(11)
x, W, b = rng.normal(size=(1000, 64)), rng.normal(size=(64, 50)), rng.normal(size=50)
layer = rng.uniform(0.5, 2, 50), rng.normal(size=50), rng.normal(size=50), rng.uniform(0.5, 2, 50)
folded_W, folded_b = fold_batchnorm(W, b, *layer)


difference = np.abs(x @ folded_W + folded_b - batchnorm_inference(x @ W + b, *layer)).max()
two, one = seconds(lambda: batchnorm_inference(x @ W + b, *layer)), seconds(lambda: x @ folded_W + folded_b)
print(f"difference {difference:.0e}; two layers take {1e6 * two:.0f} µs, the folded one {1e6 * one:.0f} µs")
assert difference < 1e-10

# %% [markdown]
# ## 8. Images: one feature is one channel
#
# A convolution slides one filter over the whole image. What it writes, a **channel**, is one feature, seen at
# $H \times W$ places. So all pixels of a channel, in all images of the batch, share one mean, one variance,
# one $\gamma$ and one $\beta$. Images have shape $(N, C, H, W)$; each channel is normalised over the other
# three axes, that is over $N\cdot H\cdot W$ numbers.
#
# You have done all the work already: arrange the pixels as rows of a matrix $(N\cdot H\cdot W, C)$, and call
# your own functions. There is one trap. `x.reshape(-1, C)` gives the right *shape* and the wrong *numbers*:
# reshape cuts the memory in order and moves nothing. An image of one flat colour shows it:

# %% tags=["experiment"]
flat = np.zeros((1, 3, 12, 12)) + np.array([0.2, 0.5, 0.9])[:, None, None]
cut = flat.reshape(-1, 3)  # the trap
figure, panels = plt.subplots(1, 2, figsize=(7.6, 3.4))
panels[0].imshow(np.moveaxis(flat[0], 0, -1))
panels[0].set_title("an image whose three channels are constant")
panels[1].imshow(cut.reshape(12, 12, 3))
panels[1].set_title("the 'pixels' that reshape(-1, 3) cuts out of it")
for axes in panels:
    axes.set_axis_off()
show(
    "Left, an image in one plain colour. Right, what a reshape without moving the axes makes of it: "
    "stripes of mixed channels."
)
print("spread of each column, which should be 0 if a column were a channel:", cut.std(axis=0).round(3))
assert cut.std(axis=0).min() > 0.1

# %% [markdown]
# This layer puts everything together, as libraries do: a switch `training` chooses between the batch's own
# statistics (and lets the memory take a step) and the memory (and leaves it alone).

# %% exercise="spatial_batchnorm_forward" component=["BN-02", "BN-11"]

# %% exercise="spatial_batchnorm_backward" component=["BN-14"]

# %% [markdown]
# Try it on real images. Four small filters look at handwritten digits: two find edges, one blurs, and one
# finds corners with weights a hundred times too large. After your layer all four channels have the same mean
# and spread, so that none of them shouts the others down.

# %% component=["BN-02"] tags=["experiment"]
images, digits = load_digits()
filters = {
    "left edge": np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "top edge": np.array([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "blur": np.ones((3, 3)) / 9,
    "corner × 100": 100 * np.array([[1.0, -1, 0], [-1, 1, 0], [0, 0, 0]]),
}
patches = np.lib.stride_tricks.sliding_window_view(images[:200].reshape(200, 8, 8), (3, 3), axis=(1, 2))
channels = np.stack([np.sum(patches * weights, axis=(3, 4)) for weights in filters.values()], axis=1)
ones, zeros = np.ones(4), np.zeros(4)
normal = spatial_batchnorm_forward(channels, ones, zeros, zeros, ones, True)[0]
figure, panels = plt.subplots(2, 4, figsize=(8, 4.2))
for k, name in enumerate(filters):
    for row, (values, limit) in enumerate([(channels, 5), (normal, 3)]):
        picture = panels[row, k].imshow(values[5, k], cmap="PuOr", vmin=-limit, vmax=limit)
        panels[row, k].set(xticks=[], yticks=[])
        if k == 3:
            figure.colorbar(picture, ax=panels[row], shrink=0.8)
    panels[0, k].set_title(f"{name}\nspread {channels[:, k].std():.2f}")
    panels[1, k].set_title(f"spread {normal[:, k].std():.2f}")
panels[0, 0].set_ylabel("before")
panels[1, 0].set_ylabel("after")
figure.suptitle(f"A handwritten {digits[5]} in four channels: after the layer, none shouts")
show(
    "A handwritten digit in four channels, before and after the layer: first of very different contrast, "
    "afterwards alike."
)
assert np.allclose(normal.mean(axis=(0, 2, 3)), 0, rtol=0, atol=1e-9)
assert np.allclose(normal.std(axis=(0, 2, 3)), 1, rtol=0, atol=1e-3)

# %% [markdown]
# ## 9. What it is good for: a fair comparison
#
# The notes praise the layer: faster training, higher learning rates, less worry about the initialisation. Now
# we measure. The network reads the 8 × 8 digits of the UCI repository: 64 inputs, **five** hidden ReLU
# layers of 50, ten outputs. The same network with and without your layer, the same seeds, the same batches,
# the same plain gradient descent. Five seeds for everything.


# %% tags=["given"] given="softmax_cross_entropy"
def new_network(rng, sizes, scale=1.0):
    """One dict per layer; the weights are `scale` times He et al.'s, √(2/n_in)."""
    return [
        {
            "W": rng.normal(0, scale * np.sqrt(2 / n_in), (n_in, n_out)),
            "b": np.zeros(n_out),
            "gamma": np.ones(n_out),
            "beta": np.zeros(n_out),
            "mean": np.zeros(n_out),
            "var": np.ones(n_out),
        }
        for n_in, n_out in zip(sizes[:-1], sizes[1:])
    ]


PLAIN = SimpleNamespace(
    forward=lambda z, gamma, beta: (z, None), backward=lambda dout, cache: (dout, 0.0, 0.0), remembers=False
)
NORMALISED = SimpleNamespace(
    forward=lambda z, gamma, beta: batchnorm_forward(z, gamma, beta),
    backward=lambda dout, cache: batchnorm_backward(dout, cache),
    remembers=True,
)


def training_step(network, x, labels, rate, norm):
    """One step of gradient descent; the layers' dicts get new arrays. Returns the loss."""
    a, passed = x, []
    for layer in network[:-1]:
        z = a @ layer["W"] + layer["b"]
        u, cache = norm.forward(z, layer["gamma"], layer["beta"])
        if norm.remembers:
            layer["mean"], layer["var"] = running_statistics(z, layer["mean"], layer["var"])
        passed.append((a, u > 0, cache))
        a = np.maximum(u, 0)
    loss, dz = softmax_cross_entropy(a @ network[-1]["W"] + network[-1]["b"], labels)
    passed.append((a, None, None))
    for k in reversed(range(len(network))):
        layer, (a, gate, cache) = network[k], passed[k]
        if gate is not None:
            dz, dgamma, dbeta = norm.backward(upstream * gate, cache)
            layer["gamma"] = layer["gamma"] - rate * dgamma
            layer["beta"] = layer["beta"] - rate * dbeta
        upstream = dz @ layer["W"].T
        layer["W"] = layer["W"] - rate * a.T @ dz
        layer["b"] = layer["b"] - rate * dz.sum(axis=0)
    return loss


def scores_in_test_mode(network, x, norm):
    a = x
    for layer in network[:-1]:
        z = a @ layer["W"] + layer["b"]
        if norm.remembers:
            z = batchnorm_inference(z, layer["gamma"], layer["beta"], layer["mean"], layer["var"])
        a = np.maximum(z, 0)
    return a @ network[-1]["W"] + network[-1]["b"]


DEEP = (64, 50, 50, 50, 50, 50, 10)
TRAIN, TEST = slice(0, 1437), slice(1437, None)


def train(norm, seed, rate, scale=1.0, steps=150, batch=64, sizes=DEEP, labels=digits, rows=1437):
    """Train a new network on random batches; returns it and the loss of every step."""
    rng = np.random.default_rng(seed)
    network, losses = new_network(rng, sizes, scale), []
    with np.errstate(all="ignore"):  # some of these runs explode, and are meant to
        for _ in range(steps):
            chosen = rng.choice(rows, batch, replace=False)
            losses.append(training_step(network, images[chosen], labels[chosen], rate, norm))
    return network, np.array(losses)


def accuracy(network, norm, part=TEST):
    """The share of digits read right in test mode."""
    with np.errstate(all="ignore"):
        guesses = scores_in_test_mode(network, images[part], norm).argmax(axis=1)
    return np.mean(guesses == digits[part])


def final_loss(losses, limit=5.0):
    """The mean of the last 20 losses; NaN and infinity count as `limit`."""
    return float(np.nan_to_num(np.minimum(losses[-20:], limit), nan=limit, posinf=limit).mean())


# %% [markdown]
# **Less dependence on the initialisation.** The weights start at 0.01 to 10 times the recommended size. Pure
# guessing costs $\ln 10 = 2.303$.

# %% component=["BN-09"] claim=["C-BN-07"] tags=["experiment"]
scales = (0.01, 0.1, 1.0, 4.0, 10.0)
by_scale = {}
for k, scale in enumerate(scales):
    for name, norm in (("plain", PLAIN), ("batch norm", NORMALISED)):
        by_scale[name, scale] = [final_loss(train(norm, seed, 0.1, scale)[1]) for seed in range(5)]
    progress(k + 1, len(scales), "sizes of the weights")
for (name, scale), losses in by_scale.items():
    print(f"{name:>10}, weights × {scale:<5}: final loss {min(losses):.2f} to {max(losses):.2f}")
    if name == "batch norm":
        assert max(losses) < 1.5
    elif scale != 1:
        assert min(losses) > 2.2  # stuck at guessing, or exploded
for name, colour, marker in (("plain", GREY, "s"), ("batch norm", BLUE, "o")):
    values = np.array([by_scale[name, scale] for scale in scales])
    plt.semilogx(scales, values, marker, color=colour, alpha=0.5)
    plt.semilogx(scales, values.mean(axis=1), "-", color=colour, label=name)
plt.axhline(np.log(10), color=GREY, ls=":", lw=1)
plt.gca().set(
    title="The plain network needs the right weights, the normalised one forgives (5 = exploded)",
    xlabel="size of the starting weights (1 = He et al.)",
    ylabel="loss after 150 steps",
)
plt.legend()
show(
    "The loss over the size of the starting weights: the plain network learns only near 1, the normalised "
    "one over the whole range."
)

# %% [markdown]
# Forgives, but not everything: with weights ten times too large it learns more slowly, because (section 5)
# their gradient is ten times smaller; measured by their own size, the steps are a hundred times smaller.
#
# **Higher learning rates.** Weights of the right size, learning rates from 0.01 to 10. To be fair, each
# network may choose its own best rate.

# %% component=["BN-08"] claim=["C-BN-08"] tags=["experiment"]
rates = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
by_rate = {}
for k, rate in enumerate(rates):
    for name, norm in (("plain", PLAIN), ("batch norm", NORMALISED)):
        by_rate[name, rate] = [final_loss(train(norm, seed, rate)[1]) for seed in range(5)]
    progress(k + 1, len(rates), "learning rates")
for rate in (1.0, 3.0):
    plain, normalised = by_rate["plain", rate], by_rate["batch norm", rate]
    print(
        f"rate {rate:.0f}: plain {min(plain):.2f} to {max(plain):.2f}, "
        f"batch norm {min(normalised):.2f} to {max(normalised):.2f}"
    )
    assert min(plain) > 2.2 and max(normalised) < 1
best = {name: min(rates, key=lambda rate: np.mean(by_rate[name, rate])) for name in ("plain", "batch norm")}
for name, rate in best.items():
    losses = by_rate[name, rate]
    print(f"{name} at its own best rate {rate}: {min(losses):.3f} to {max(losses):.3f}")
assert best["batch norm"] > best["plain"]
assert np.mean(by_rate["batch norm", best["batch norm"]]) < np.mean(by_rate["plain", best["plain"]])
for name, colour, marker in (("plain", GREY, "s"), ("batch norm", BLUE, "o")):
    values = np.array([by_rate[name, rate] for rate in rates])
    plt.loglog(rates, values, marker, color=colour, alpha=0.5)
    plt.loglog(rates, values.mean(axis=1), "-", color=colour, label=name)
plt.axhline(np.log(10), color=GREY, ls=":", lw=1)
plt.gca().set(
    title="Batch norm allows learning rates ten times higher",
    xlabel="learning rate",
    ylabel="loss after 150 steps (5 = exploded)",
)
plt.legend()
show(
    "The loss over the learning rate, on logarithmic axes: the normalised network's valley lies at rates "
    "about ten times higher and deeper."
)

# %% [markdown]
# What have $\gamma$ and $\beta$ learned? Look at them after 150 steps.

# %% component=["BN-04"] tags=["experiment"]
network, _ = train(NORMALISED, 0, 0.3)
gammas = np.concatenate([layer["gamma"] for layer in network[:-1]])
betas = np.concatenate([layer["beta"] for layer in network[:-1]])
plt.hist(gammas, bins=30, alpha=0.7, label="γ, started at 1")
plt.hist(betas, bins=30, alpha=0.7, label="β, started at 0")
plt.gca().set(title="γ and β are learned like weights", xlabel="value after 150 steps", ylabel="how many")
plt.legend()
show("Histograms of γ around 1 and of β around 0 after training: both have spread out.")
for name, values in (("γ", gammas), ("β", betas)):
    print(f"{values.size} {name}, now from {values.min():.2f} to {values.max():.2f}")
assert np.mean(gammas != 1) > 0.9 and np.mean(betas != 0) > 0.9
assert gammas.std() > 0.01 and betas.std() > 0.01
batch = images[:64]
assert batch.shape == (64, 64) and normalise_batch(batch).shape == batch.shape  # N rows, D columns

# %% [markdown]
# ## 10. Examples hang together: is that regularisation?
#
# In training, an example's output depends on its companions. Take a fixed example $x = 1$ among random
# others: its output wavers. By how much? Mean and spread of $B$ numbers are known to about $1/\sqrt B$, so
# the noise should fade like that. (Your prediction `batch_mates`.)

# %% component=["BN-10"] claim=["C-BN-09"] tags=["experiment"]
sizes = np.array([2, 4, 8, 32, 128, 512])
rng = np.random.default_rng(12)
noise = []
for size in sizes:
    batches = rng.normal(size=(size, 3000))  # 3,000 batches at once: a batch per column
    batches[0] = 1.0
    noise.append(batchnorm_forward(batches, np.ones(3000), np.zeros(3000))[0][0].std())
print("noise by batch size:", {int(size): round(float(value), 3) for size, value in zip(sizes, noise)})
print(f"noise × √B for the last three: {(np.array(noise) * np.sqrt(sizes))[3:].round(2)} (about 1.2)")
assert np.allclose(noise, [0.724, 0.514, 0.411, 0.218, 0.109, 0.055], rtol=0.1)
assert np.allclose((np.array(noise) * np.sqrt(sizes))[3:], 1.22, rtol=0.1)
plt.loglog(sizes, noise, "o-", label="measured")
plt.loglog(sizes, 1.22 / np.sqrt(sizes), "--", color=GREY, label="1.22/√B")
plt.gca().set(
    title="A fixed example wavers with its company, as 1/√B",
    xlabel="batch size B",
    ylabel="standard deviation of its output",
)
plt.legend()
show(
    "The noise of a fixed example's output over the batch size, on logarithmic axes: along a straight "
    "line with slope −½."
)

# %% [markdown]
# And in a trained network? One digit, 300 random companies. In training mode the network changes its mind
# about the digit; in test mode there is one answer.

# %% component=["BN-10", "BN-11"] tags=["experiment"]
network, _ = train(NORMALISED, 0, 0.1, steps=60, sizes=(64, 50, 50, 10))


def probabilities(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def scores_in_training_mode(x):
    a = x
    for layer in network[:-1]:
        z = a @ layer["W"] + layer["b"]
        a = np.maximum(batchnorm_forward(z, layer["gamma"], layer["beta"])[0], 0)
    return a @ network[-1]["W"] + network[-1]["b"]


in_test = probabilities(scores_in_test_mode(network, images[TEST], NORMALISED))
sure = in_test[np.arange(360), digits[TEST]]
undecided = 1437 + int(np.argmin(np.abs(sure - 0.6)))
rng = np.random.default_rng(13)
opinions = {}
for size, colour in ((8, ORANGE), (64, BLUE)):
    opinions[size] = np.array(
        [
            probabilities(scores_in_training_mode(images[[undecided, *rng.choice(1437, size - 1)]]))[0]
            for _ in range(300)
        ]
    )[:, digits[undecided]]
    plt.hist(
        opinions[size],
        bins=40,
        range=(0, 1),
        alpha=0.6,
        color=colour,
        label=f"training mode, batch of {size}",
    )
plt.axvline(sure[undecided - 1437], color="black", ls="--", label="test mode")
plt.gca().set(
    title=f"One {digits[undecided]}, 300 companies: in training mode the network wavers",
    xlabel="probability given to the true digit",
    ylabel="how many companies",
)
plt.legend()
show(
    "Histograms of the probability given to the true digit: broad for small batches in training mode, "
    "narrow for large ones, one dashed line for test mode."
)
print({f"batch of {size}": f"spread {values.std():.3f}" for size, values in opinions.items()})
assert opinions[8].std() > opinions[64].std() > 0.01

# %% [markdown]
# Noise in training can act against overfitting: dropout lives on that. Does this noise? A clean experiment
# changes *only* the company: the gradient always comes from all 200 training digits (a fifth of their labels
# is wrong, so there is something to overfit), but the statistics come from **groups** of 8, or from all 200
# together. This is "ghost batch normalisation" (Hoffer, Hubara and Soudry, 2017). The plain network is there
# for comparison.


# %% component=["BN-10"] tags=["experiment"]
def in_groups(group):
    """Batch norm with the statistics of groups of this size, into which the batch is cut."""

    def spread_out(z):
        n, d = z.shape
        return z.reshape(n // group, group, d).transpose(1, 0, 2).reshape(group, -1)

    def collected(rows, d):
        return rows.reshape(group, -1, d).transpose(1, 0, 2).reshape(-1, d)

    def forward(z, gamma, beta):
        groups = len(z) // group
        out, cache = batchnorm_forward(spread_out(z), np.tile(gamma, groups), np.tile(beta, groups))
        return collected(out, z.shape[1]), cache

    def backward(dout, cache):
        dx, dgamma, dbeta = batchnorm_backward(spread_out(dout), cache)
        of_all = [v.reshape(-1, dout.shape[1]).sum(axis=0) for v in (dgamma, dbeta)]
        return collected(dx, dout.shape[1]), *of_all

    return SimpleNamespace(forward=forward, backward=backward, remembers=True)


rng = np.random.default_rng(14)
noisy = digits.copy()
wrong = rng.random(200) < 0.2
noisy[:200][wrong] = rng.integers(10, size=wrong.sum())
arms = {"plain": PLAIN, "one group of 200": in_groups(200), "groups of 8": in_groups(8)}
right, losses_of = {name: [] for name in arms}, {name: [] for name in arms}
for seed in range(8):
    for name, norm in arms.items():
        network, losses = train(
            norm, seed, 0.1, steps=200, batch=200, sizes=(64, 50, 50, 10), labels=noisy, rows=200
        )
        right[name].append(accuracy(network, norm))
        losses_of[name].append(losses[-1])
    progress(seed + 1, 8, "seeds")


def interval(values):
    """Mean and half of a 95 % interval (Student's t for eight values)."""
    return np.mean(values), 2.365 * np.std(values, ddof=1) / np.sqrt(len(values))


for name in arms:
    centre, half = interval(right[name])
    print(
        f"{name:>17}: {centre:.3f} ± {half:.3f} of new digits right; "
        f"training loss {np.mean(losses_of[name]):.2f}"
    )
gain, half = interval(np.subtract(right["groups of 8"], right["one group of 200"]))
print(f"smaller company, better on new digits: by {gain:.3f} ± {half:.3f}")
assert gain > 0  # noise in the statistics helps against overfitting
assert np.mean(losses_of["groups of 8"]) > np.mean(losses_of["one group of 200"])

# %% [markdown]
# So the coupling *does* act as a regulariser: with groups of 8 the network fits the wrong labels less and
# reads new digits better. But look at the plain network too. Batch norm also speeds up the *fitting* of wrong
# labels, and with the same rate and the same number of steps the two effects do not leave it ahead here. One
# note says that batch norm classifies better and can do without dropout. That was found on ImageNet (Ioffe
# and Szegedy, 2015). It is a result, not a law.
#
# ## 11. Why does it work?
#
# The paper's title has an answer: "reducing internal covariate shift". While a layer learns, the layers below
# change, so the distribution of its inputs keeps shifting. Batch norm pins their mean and variance down, and
# learning becomes easier. One note repeats it like this: *machine learning assumes that training and test
# data have the same distribution, and batch norm keeps the distribution of each layer's input the same*.
#
# Is it true? Santurkar, Tsipras, Ilyas and Mądry (2018) had a simple idea: train with batch norm, and *add
# shift back*. After each normalisation, every feature gets a new random scale and shift, at every step. If
# stable distributions were what helps, this should spoil it.


# %% component=["BN-12"] erratum=["E88"] tags=["experiment"]
def watched(norm, means, shake=None):
    """`norm`, noting the mean of each of its outputs; with `shake`, a generator, randomly shifted."""

    def forward(z, gamma, beta):
        u, cache = norm.forward(z, gamma, beta)
        scale = np.ones(u.shape[1])
        if shake is not None:
            scale = shake.uniform(0.6, 1.6, u.shape[1])
            u = u * scale + shake.normal(0, 0.8, u.shape[1])
        means.append((u.mean(axis=0), u.std(axis=0).mean()))
        return u, (cache, scale)

    def backward(dout, cache):
        return norm.backward(dout * cache[1], cache[0])

    return SimpleNamespace(forward=forward, backward=backward, remembers=norm.remembers)


def drift_of(means, layers=5):
    """How far the mean of a feature moves from step to step, in units of the layer's spread."""
    pairs = zip(means, means[layers:])
    return np.mean([np.abs(now - before).mean() / spread for (before, _), (now, spread) in pairs])


curves, drift = {}, {}
for seed in range(3):
    for name, norm, shaken in (
        ("plain", PLAIN, False),
        ("batch norm", NORMALISED, False),
        ("batch norm, shaken", NORMALISED, True),
    ):
        means = []
        shake = np.random.default_rng([seed, 1]) if shaken else None
        _, losses = train(watched(norm, means, shake), seed, 0.3)
        curves.setdefault(name, []).append(losses)
        drift.setdefault(name, []).append(drift_of(means))
    progress(seed + 1, 3, "seeds")
figure, (left, middle) = plt.subplots(1, 2, figsize=(8.6, 3.4))
for (name, runs), colour in zip(curves.items(), (GREY, BLUE, ORANGE)):
    smooth = [np.convolve(run, np.ones(9) / 9, "valid") for run in runs]
    left.semilogy(np.mean(smooth, axis=0), color=colour, label=name)
    bar = middle.bar(name.replace(", ", ",\n"), np.mean(drift[name]), color=colour)
    middle.bar_label(bar, fmt="%.3f")
    finals = [final_loss(run) for run in runs]
    print(
        f"{name:>18}: drift {min(drift[name]):.3f} to {max(drift[name]):.3f}, "
        f"final loss {min(finals):.2f} to {max(finals):.2f}"
    )
left.set(title="The shaken network learns all the same ...", xlabel="step", ylabel="loss (9 steps averaged)")
left.legend(loc="upper right")
left.set_ylim(top=20)
middle.set(title="... although its inputs jump most of all", ylabel="drift of a mean per step, in spreads")
show(
    "Left, losses of three networks: both normalised ones fall fast. Right, bars of the drift of their "
    "inputs: the shaken network drifts most of all."
)
shaken_finals = [final_loss(run) for run in curves["batch norm, shaken"]]
assert min(drift["batch norm, shaken"]) > max(drift["plain"]) > max(drift["batch norm"])
plain_finals = [final_loss(run) for run in curves["plain"]]
assert np.mean(shaken_finals) < 0.6 * np.mean(plain_finals) and max(shaken_finals) < 0.5

# %% [markdown]
# > **What the notes got wrong: a contested story told as a fact.** Batch norm does pin down mean and
# > variance. But (a) the *distribution* may still change (section 2), and (b) steadiness is not what makes
# > the training fast: with inputs that jump more than in the plain network, it still learns where the plain
# > network struggles. Santurkar et al. find instead that the loss becomes *smoother*: gradients change less
# > along a step, so larger steps are safe. That fits section 9, and it is still being discussed. (The
# > assumption about training and test *data* is another matter: no layer can repair it.)
#
# ## 12. What it is bad for
#
# One note has a heading "drawbacks" with nothing below it. Here are four.
#
# - **Small batches.** A batch of one comes out as $\beta$, so nothing can be learned, and the statistics of
#   very few examples are mostly noise. (Big images on a small GPU force small batches; *layer norm* and
#   *group norm*, Wu and He, 2018, take their statistics inside each example instead.)
# - **Training is not testing.** The function that is trained is not the function that is used. If the memory
#   is young, or the test data differ, the network may be good in one mode and bad in the other.
# - **Recurrent networks.** Every time step would need statistics of its own, also for sequences longer than
#   any in training.
# - **Examples are not independent any more**, which hurts where a batch is not a random sample: sorted data,
#   or several crops of one image.
#
# The first two can be seen. In the left picture every network sees 1,600 digits in all, so that small batches
# mean many steps and large ones few (which is why the curves fall on the right).

# %% component=["BN-15"] erratum=["E102"] tags=["experiment"]
batch_sizes = (1, 2, 4, 8, 16, 32)
right = {"plain": [], "batch norm": []}
for k, size in enumerate(batch_sizes):  # every run sees 1,600 digits, in batches of this size
    for name, norm in (("plain", PLAIN), ("batch norm", NORMALISED)):
        runs = [
            train(norm, seed, 0.05, steps=1600 // size, batch=size, sizes=(64, 50, 10))[0]
            for seed in range(3)
        ]
        right[name].append([accuracy(network, norm) for network in runs])
    progress(k + 1, len(batch_sizes), "batch sizes")
for name, values in right.items():
    print(f"{name:>10}:", {size: f"{min(v):.2f} to {max(v):.2f}" for size, v in zip(batch_sizes, values)})
assert max(right["batch norm"][0]) < 0.25 and min(right["plain"][0]) > 0.7  # a batch of one
assert max(right["batch norm"][1]) < min(right["plain"][1])  # and two is still too few

young = []
for steps in (1, 2, 5, 10, 20, 50):
    network, _ = train(NORMALISED, 0, 0.3, steps=steps, sizes=(64, 50, 50, 10))
    in_training_mode = scores_in_training_mode(images[TEST]).argmax(axis=1) == digits[TEST]
    young.append((steps, in_training_mode.mean(), accuracy(network, NORMALISED)))
steps, own, remembered = np.array(young).T

figure, (left, middle) = plt.subplots(1, 2, figsize=(8.8, 3.5))
for (name, values), colour in zip(right.items(), (GREY, BLUE)):
    left.semilogx(batch_sizes, values, "o", color=colour, alpha=0.5, base=2)
    left.semilogx(batch_sizes, np.mean(values, axis=1), color=colour, label=name, base=2)
left.set(
    title="Tiny batches ruin it",
    xlabel="batch size (1,600 digits in all)",
    ylabel="new digits read right",
    ylim=(0, 1),
)
left.set_xticks(batch_sizes, batch_sizes)
left.legend(loc="lower right")
middle.semilogx(steps, own, "o-", color=GREEN, label="statistics of the batch")
middle.semilogx(steps, remembered, "s-", color=ORANGE, label="remembered statistics")
middle.set(title="A young memory misleads", xlabel="steps trained (momentum 0.9)", ylim=(0, 1))
middle.legend(loc="lower right")
show(
    "Left, digits read right over the batch size: with tiny batches the normalised network fails. Right, "
    "over the steps trained: remembered statistics start badly and catch up."
)
for count, own_share, remembered_share in young:
    print(
        f"after {count:2} steps: {own_share:.2f} right with own statistics, {remembered_share:.2f} remembered"
    )
assert own[2] > remembered[2] + 0.05 and abs(own[-1] - remembered[-1]) < 0.1

# %% [markdown]
# ## What to take home
#
# - Batch norm gives every feature of a batch **mean 0 and variance 1**, then a learned scale $\gamma$ and
#   shift $\beta$. It moves and stretches; it does not change the shape.
# - The layer **forgets** shift and size of what comes in: a bias in front is useless, and weights 1000 times
#   larger give the same output and a gradient 1000 times smaller.
# - On the way back, **each example moves all the others**: a shift part and a stretch part are taken out of
#   the gradient. Test such code with random upstream gradients, $\gamma \ne 1$, a large $\epsilon$ and
#   $N \ne D$.
# - **Test mode** uses remembered statistics, treats each example alone, and can be folded into the weights.
# - It does make training robust: wrong initial sizes and high learning rates are forgiven. *Why* is less
#   clear than its inventors thought. And with tiny batches it does not work.
#
# **Now you can** write a normalising layer and its gradient, say what differs between training and test, and
# judge which of its promises hold.
#
# **Next.** [Chapter 7](ch07_regularization) asks how to keep a network from learning its examples by heart.
# In [project 2](project2_ten_layers) your own parts make ten layers learn that did not.
#
# **Sources.** S. Ioffe & C. Szegedy, *Batch Normalization: Accelerating Deep Network Training by Reducing
# Internal Covariate Shift*, ICML 2015. S. Santurkar, D. Tsipras, A. Ilyas & A. Mądry, *How Does Batch
# Normalization Help Optimization?*, NeurIPS 2018. E. Hoffer, I. Hubara & D. Soudry, *Train longer, generalize
# better*, NeurIPS 2017. G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein & S. S. Schoenholz, *A Mean Field
# Theory of Batch Normalization*, ICLR 2019. K. He, X. Zhang, S. Ren & J. Sun, *Deep Residual Learning for
# Image Recognition*, CVPR 2016. Y. Wu & K. He, *Group Normalization*, ECCV 2018. B. Jacob et al.,
# *Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference*, CVPR 2018.
# T. F. Chan, G. H. Golub & R. J. LeVeque, *Algorithms for Computing the Sample Variance*, The American
# Statistician 37, 1983. Stanford CS231n, *Convolutional Neural Networks for Visual Recognition*, 2016. E.
# Alpaydin & C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
