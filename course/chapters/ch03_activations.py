# %% [markdown]
# # Activations: the bends between the layers
#
# A layer without an activation is a matrix, and a stack of matrices is one matrix: without a bend, depth is
# worth nothing. So between any two layers sits a small function that bends. It has no weights, it costs one
# line of code, and it decides whether a network of twenty layers learns or stands still. In this chapter you
# write seven of them with their way back, watch gradients fade, explode and die in them, and find out which
# of the many recipes are worth following.
#
# **Before you start.** You have written back-propagation in [chapter 2](ch02_backprop), so you know what `dout`
# and a cache are. The slope of $e^x$ is all the calculus you need.
#
# **What you will have built.** Sigmoid, tanh, ReLU, leaky ReLU, PReLU, ELU and maxout, each with its way back, and
# instruments that show when gradients fade and units die.
#
# **How to work.** Paper and pencil first, then the exercise, then the experiment that runs *your* function.
# Run the cells in order. A few settled questions of the last chapter (softmax, cross-entropy) come ready
# made.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** Rows are examples, `x` is $(N, D)$, a layer is `z = x @ W + b`, then `a = f(z)`. Every
# activation is a pair: `f_forward(x)` returns the output and a **cache**, and `f_backward(dout, cache)` turns
# the gradient by the output into the gradient by the input. The cache is what the way back needs to know
# about the way forward, and nothing more.
# What is handed in to a function stays as it was.

# %% tags=["setup"]

# %% tags=["given"] given="softmax_cross_entropy"
def random_layers(rng, sizes, gain=1.0):
    """Weights of variance gain²/n_in and biases of 0 for layers of these sizes."""
    pairs = list(zip(sizes[:-1], sizes[1:]))
    weights = [gain * rng.normal(size=pair) / np.sqrt(pair[0]) for pair in pairs]
    return weights, [np.zeros(n_out) for _, n_out in pairs]


# %% [markdown]
# ## 1. What do we want from a bend?
#
# *On paper.* Two layers without activation: $z = x\,W_1 W_2$ is one layer with the weights $W_1 W_2$. Put in
# a bend, $z = f(xW_1)W_2$, and the trick no longer works. Any bend will do for that. Which one is *good*?
# Three questions will guide us:
#
# 1. **Does the gradient survive?** On the way back it is multiplied by the slope $f'(z)$ at every layer.
# 2. **What range has the output?** An output that cannot leave an interval cannot explode, but it gets stuck
#    at the ends.
# 3. **Is the output zero on average?** This will turn out to matter for the speed of learning.
#
# At the end we answer all three for every activation, with measured numbers.
#
# ## 2. The sigmoid, and its troubles
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}, \qquad \sigma'(x) = \sigma(x)\,(1 - \sigma(x)) \le \tfrac14 .$$
#
# It squashes the whole line into $(0, 1)$, which reads like a probability or like the firing rate of a nerve
# cell. Far out, large changes of the input make tiny changes of the output.
#
# *On paper.* $\sigma(0) = \tfrac12$ with slope $\tfrac14$, the largest there is: a product $s(1-s)$ is
# largest in the middle. At $x = \ln 3$ we have $e^{-x} = \tfrac13$, so $\sigma = \tfrac34$ and the slope is
# $\tfrac{3}{16}$.

# %% exercise="sigmoid_forward" component=["AC-02"]

# %% [markdown]
# The way back needs only the output: $\sigma' = \sigma(1 - \sigma)$ contains no exponential and no $x$. That
# is why the output, not the input, lies in the cache.

# %% exercise="sigmoid_backward" component=["AC-02"]


# %% component=["AC-02", "AC-03"] claim=["C-AC-01"] erratum=["E78"] tags=["experiment"]
def sigmoid_slope(x):
    return sigmoid_backward(np.ones_like(x), sigmoid_forward(x)[1])


x = np.linspace(-12, 12, 481)
at_ten = sigmoid_slope(np.array([-10.0, 10.0]))
print(f"slope at ±10: {at_ten[0]:.3e} and {at_ten[1]:.3e}; the largest slope is {sigmoid_slope(x).max()}")
assert np.allclose(at_ten, 4.5396e-5, rtol=1e-4)
assert abs(sigmoid_slope(x).max() - 0.25) < 1e-15
assert not np.any(at_ten == 0)  # "the slope is 0" fails here

figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.3))
left.plot(x, sigmoid_forward(x)[0])
left.set(title="The sigmoid is flat at both ends", xlabel="x", ylabel="σ(x)")
right.semilogy(x, sigmoid_slope(x), color=ORANGE)
right.plot([-10, 10], at_ten, "ko")
right.annotate("4.5e-5", (10, at_ten[1]), (5.2, 2.2e-5))
right.set(title="Its slope falls by a factor e per unit, and is never 0", xlabel="x", ylabel="slope σ'(x)")
show(
    "Left, the S-shaped sigmoid, flat at both ends. Right, its slope on a logarithmic axis: highest at 0, "
    "falling in straight lines to 4.5e-5 at ±10."
)

# %% [markdown]
# > **What the notes got wrong: "the slope is 0".** One note takes $x = \pm 10$ and says that the slope is 0
# > there. It is $4.5\cdot10^{-5}$: small enough to stop learning in practice, but not 0. The difference
# > matters: from a small slope one can still climb out, given time. From a slope of exactly 0 one cannot, and
# > an activation with that property waits in section 4.

# %% [markdown]
# ### Saturation
#
# A unit whose outputs lie near an end of the range for most examples is **saturated**: its slope is almost 0,
# nothing gets through it on the way back, and the weights below it stop learning (Glorot & Bengio, 2010). It
# is worth measuring, so let us have a function for it.

# %% exercise="saturated_share" component=["AC-03"]

# %% component=["AC-03"] tags=["experiment"]
rng = np.random.default_rng(0)
inputs = rng.normal(size=(500, 100))
gains = np.geomspace(0.3, 100, 16)
shares, slopes = [], []
for gain in gains:
    (W,), (b,) = random_layers(rng, (100, 100), gain)
    a, cache = sigmoid_forward(inputs @ W + b)
    shares.append(saturated_share(a, 0.0, 1.0, 0.01))
    slopes.append(sigmoid_backward(np.ones_like(a), cache).mean())
print(f"weights of size {gains[0]:.1f}: {shares[0]:.0%} stuck, mean slope {slopes[0]:.3f}")
print(f"weights of size {gains[-1]:.0f}: {shares[-1]:.0%} stuck, mean slope {slopes[-1]:.3f}")
assert shares[0] == 0 and shares[-1] > 0.9
assert np.all(np.diff(shares) >= 0) and slopes[-1] < 0.02 < slopes[0]

plt.semilogx(gains, shares, "o-", label="share of outputs within 0.01 of an end")
plt.semilogx(gains, np.array(slopes) / 0.25, "s--", label="mean slope, as a part of the best (¼)")
plt.gca().set(
    title="Large weights push sigmoids to their ends, where nothing gets through",
    xlabel="size of the weights (standard deviation of the pre-activations)",
    ylabel="share",
    ylim=(-0.05, 1.3),
)
plt.legend(loc="upper center")
show(
    "Over the size of the weights: the share of stuck outputs climbs from 0 to nearly 1 while the mean "
    "slope falls to nearly 0."
)

# %% [markdown]
# ## 3. tanh: the same, centred
#
# $$\tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}} = 2\,\sigma(2x) - 1, \qquad \tanh' x = 1 - \tanh^2 x \le 1 .$$
#
# A sigmoid, stretched to the range $(-1, 1)$, which doubles its slope, and squeezed along $x$, which doubles
# it once more: at 0 the slope is 1 instead of $\tfrac14$. It saturates just as much.
#
# *On paper.* At $x = \ln 2$: $e^x = 2$, $e^{-x} = \tfrac12$, so $\tanh x = 1.5/2.5 = 0.6$. The slope is $1 -
# 0.6^2 = 0.64$.

# %% exercise="tanh_forward" component=["AC-07"]

# %% exercise="tanh_backward" component=["AC-07"]

# %% component=["AC-07"] claim=["C-AC-10"] tags=["experiment"]
x = np.linspace(-15, 15, 3001)
difference = np.abs(tanh_forward(x)[0] - (2 * sigmoid_forward(2 * x)[0] - 1)).max()
means = {"tanh": [], "sigmoid": []}
for seed in range(20):
    sample = np.random.default_rng(seed).normal(size=100_000)
    means["tanh"].append(tanh_forward(sample)[0].mean())
    means["sigmoid"].append(sigmoid_forward(sample)[0].mean())
flat = tanh_backward(np.ones(1), tanh_forward(np.array([10.0]))[1])[0]
print(f"tanh x against 2σ(2x) − 1: largest difference {difference:.1e} (allowed 1e-14)")
for name, values in means.items():
    print(f"mean {name} of N(0, 1) numbers, 20 samples: {np.mean(values):+.4f} ± {np.std(values):.4f}")
print(f"and at 10 it is flatter than the sigmoid: slope {flat:.1e}")
assert difference < 1e-14
assert np.all(np.abs(means["tanh"]) < 0.01) and np.all(np.abs(np.array(means["sigmoid"]) - 0.5) < 0.005)
assert abs(flat / 8.2e-9 - 1) < 0.02

# %% [markdown]
# ## 4. The ReLU
#
# $$\mathrm{relu}(x) = \max(0, x), \qquad \mathrm{relu}'(x) = \begin{cases}1 & x > 0\\ 0 & x < 0\end{cases}$$
#
# A **rectified linear unit** lets pass what is positive and nothing else (Nair & Hinton, 2010; Glorot, Bordes
# & Bengio, 2011). It does not saturate above 0, and where it is open the gradient passes through it
# *unchanged*, however many of them come one after the other. On the other hand half of the input space has
# slope 0, and its outputs are never negative, so they are not zero on average.
#
# *On paper.* Inputs $(-2, 0.5, 3)$ give $(0, 0.5, 3)$. An upstream gradient $(5, -7, 4)$ comes back as $(0,
# -7, 4)$. Note that the *negative* gradient passes: it is the sign of $x$ that opens the gate.

# %% exercise="relu_forward" component=["AC-08"]

# %% exercise="relu_backward" component=["AC-08", "AC-10"]

# %% component=["AC-08", "AC-10"] claim=["C-AC-14"] tags=["experiment"]
x = np.array([-10.0, 10.0])
slopes = relu_backward(np.ones(2), relu_forward(x)[1])
print(f"slope of the ReLU at −10: {slopes[0]:g}, at +10: {slopes[1]:g}")
assert slopes.tolist() == [0, 1]

sample = np.random.default_rng(0).normal(size=100_000)
out, cache = relu_forward(sample)
open_share = relu_backward(np.ones_like(sample), cache).mean()
print(
    f"N(0, 1) inputs: {open_share:.1%} of the gates are open, and the mean output is {out.mean():.3f}, not 0"
)
assert abs(open_share - 0.5) < 0.01 and abs(out.mean() - 1 / np.sqrt(2 * np.pi)) < 0.01

# %% [markdown]
# ### And at 0 exactly?
#
# There is a corner, so there is no derivative. Every number from 0 to 1 is a **subgradient** there: a slope
# of some straight line that touches the graph in the corner and stays below it. Any of them may be used, and
# almost everybody uses 0. How often does it matter? Count how many pre-activations are exactly 0.
#
# > **What the notes got wrong: "the function must be differentiable".** One note demands this of every
# > activation and has to call the slope at 0 impossible. It is enough that the function has a slope almost
# > everywhere and that we agree on a number for the rest.

# %% component=["AC-08"] erratum=["E35"] tags=["experiment"]
at_zero = relu_backward(np.ones(1), relu_forward(np.zeros(1))[1])[0]
x = np.linspace(-3, 3, 601)
assert at_zero == 0
for slope in (0, 0.5, 1):
    assert np.all(relu_forward(x)[0] >= slope * x)  # a line through the corner, nowhere above the graph
assert not np.all(relu_forward(x)[0] >= 1.1 * x) and not np.all(relu_forward(x)[0] >= -0.1 * x)
images, digits = load_digits()
(W,), (b,) = random_layers(np.random.default_rng(0), (64, 500))
z = (images - images.mean(axis=0)) @ W + b
print(
    f"slope used at 0: {at_zero:g}; of {z.size:,} pre-activations of real digits "
    f"{np.sum(z == 0)} are exactly 0"
)
assert np.sum(z == 0) == 0

# %% [markdown]
# ### Four reasons for the ReLU
#
# Hung-yi Lee's lectures give four: it is fast to compute, it has biological reasons, it equals infinitely
# many sigmoids, and it handles the vanishing gradient. Let us look at each of them. Two can be measured right
# here.
#
# **Fast to compute.** A sigmoid needs an exponential for every entry; a ReLU needs a comparison.

# %% component=["AC-05", "AC-09"] claim=["C-AC-09"] tags=["experiment"]
numbers = np.random.default_rng(0).normal(size=200_000)
buffer = np.empty_like(numbers)


def relu_in_place():
    np.maximum(numbers, 0, out=buffer)


def sigmoid_in_place():
    np.negative(numbers, out=buffer)
    np.exp(buffer, out=buffer)
    np.add(buffer, 1, out=buffer)
    np.reciprocal(buffer, out=buffer)


def tanh_in_place():
    np.tanh(numbers, out=buffer)


def only_touch_x():
    np.copyto(buffer, numbers)


cost = {f.__name__: 1e6 * seconds(f) for f in (only_touch_x, relu_in_place, sigmoid_in_place, tanh_in_place)}
print(
    "200,000 numbers, on this machine:", ", ".join(f"{name} {value:.0f} µs" for name, value in cost.items())
)
print(f"the sigmoid costs {cost['sigmoid_in_place'] / cost['relu_in_place']:.1f} times as much as the ReLU")
assert cost["sigmoid_in_place"] > cost["relu_in_place"] and cost["tanh_in_place"] > cost["relu_in_place"]
assert cost["sigmoid_in_place"] > cost["only_touch_x"]

# %% [markdown]
# Mind how little that says: the numbers above are measured without making new arrays. In an ordinary
# expression such as `1 / (1 + np.exp(-x))` on millions of numbers, getting memory can cost more than the
# exponential. In a real network the matrix products outweigh both.
#
# **Infinitely many sigmoids.** Shift a sigmoid to $\tfrac12, 1\tfrac12, 2\tfrac12, \dots$ and add them all
# up. For large $x$ about $x$ of them are "on": the pile grows like $x$. For $x \ll 0$ all are off. Nair &
# Hinton (2010) derived the ReLU in this way:
#
# $$\sum_{i=1}^{\infty} \sigma(x - i + \tfrac12) \;\approx\; \ln(1 + e^x) \;\approx\; \max(0, x).$$
#
# The function in the middle is called **softplus**. How good are the two $\approx$ signs?

# %% component=["AC-09"] claim=["C-AC-13"] erratum=["E23"] tags=["experiment"]
x = np.linspace(-10, 10, 2001)
pile = sum(sigmoid_forward(x - i + 0.5)[0] for i in range(1, 200))
softplus = np.logaddexp(0, x)
to_softplus, to_relu = np.abs(pile - softplus).max(), np.abs(pile - relu_forward(x)[0]).max()
print(f"199 sigmoids against softplus: at most {to_softplus:.4f} apart; against the ReLU: {to_relu:.3f}")
assert 0.0105 < to_softplus < 0.0108
assert 0.68 < to_relu < np.log(2)

figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.3))
for i in range(1, 6):
    left.plot(x, sigmoid_forward(x - i + 0.5)[0], color=SKY, lw=0.8)
left.plot(x, pile, label="the pile of sigmoids")
left.plot(x, softplus, "k:", label="softplus")
left.plot(x, relu_forward(x)[0], "--", color=ORANGE, label="ReLU")
left.set(title="Many sigmoids add up to softplus", xlabel="x", ylabel="output", xlim=(-5, 6), ylim=(-0.3, 6))
left.legend()
right.semilogy(x, np.abs(pile - softplus), label="to softplus")
right.semilogy(x, np.abs(pile - relu_forward(x)[0]), "--", color=ORANGE, label="to the ReLU")
right.set(
    title="The ReLU is 60 times farther away", xlabel="x", ylabel="distance of the pile", ylim=(1e-5, 2)
)
right.legend()
show(
    "Left, a pile of shifted sigmoids lies exactly on softplus and close to the ReLU. Right, the "
    "distances on a logarithmic axis: the one to the ReLU is some sixty times larger."
)

# %% [markdown]
# > **What the notes got wrong: "equals".** The pile equals softplus, up to 0.011. From the ReLU it is up to
# > 0.68 away, at 0 of all places, where the bend is. It is a fine *motivation*, not an identity.
#
# **Biology.** At any moment most nerve cells are silent, and so are many ReLUs: half of their outputs above
# were exactly 0, while a sigmoid's never are (Glorot, Bordes & Bengio, 2011).
#
# The fourth reason, the gradient, deserves sections of its own. First, commit yourself.
#
# ## 5. Predict, then run
#
# Nothing sharpens the eye like having guessed wrong. Answer the nine questions *before* the experiments below
# show the truth. Groups of questions are graded together, and you are told how many of a group are wrong, not
# which. You need these facts: the slopes of sections 2 to 4; the **ELU** is $x$ above 0 and $e^x - 1$ below;
# **maxout** is the largest of several straight lines; *He's weights* have the variance $2/n_\text{in}$.

# %% exercise="activations_predictions"

# %% [markdown]
# ## 6. Depth: a product of many factors
#
# Start with the thinnest deep network there is: one neuron per layer. The chain rule gives a product, and
# products of many factors have only three fates. Take 50 factors. If all are 0.9, the product is 0.005. If
# all are 1.1, it is 117. Only factors of very nearly 1 leave something sensible (Hochreiter, 1991; Bengio,
# Simard & Frasconi, 1994).
#
# For the sigmoid each factor is at most $\tfrac14$ (times the weight), so $k$ layers leave at most
# $(\tfrac14)^k$.
#
# *On paper.* $(\tfrac14)^5 = \tfrac1{1024}$, so five layers cost a factor of a thousand, and ten a million.

# %% component=["AC-19", "AC-20"] claim=["C-AC-04", "C-AC-05"] tags=["experiment"]
depths = np.arange(51)
for factor, expected in [(0.5, 8.88e-16), (0.9, 0.00515), (1.1, 117.4), (1.5, 6.38e8)]:
    error = np.ones(1)
    for _ in range(50):
        error = factor * error  # one linear neuron of this weight, on the way back
    print(f"50 factors of {factor}: {error[0]:.3g}")
    assert abs(error[0] / expected - 1) < 0.01
    plt.semilogy(depths, factor**depths, label=f"{factor} per layer")

for k in (1, 5, 10, 20):
    z = np.zeros(1)  # where the sigmoid is steepest
    error = np.ones(1)
    for _ in range(k):
        error = sigmoid_backward(error, sigmoid_forward(z)[1])
    print(f"{k:2d} sigmoids at their steepest: {error[0]:.3g}")
    assert abs(error[0] / 0.25**k - 1) < 1e-12
plt.semilogy(depths, 0.25**depths, "k--", label="0.25: sigmoids at their best")
plt.gca().set(
    title="A product of many factors fades or explodes",
    xlabel="number of layers",
    ylabel="what is left of an error of 1",
    ylim=(1e-31, 1e12),
)
plt.legend()
show(
    "Products of many factors over the number of layers, on a logarithmic axis: straight lines that rise "
    "for factors above 1 and fall for those below; 0.25 falls fastest."
)

# %% [markdown]
# In a real layer the factor is a matrix: going down, the error meets the slopes *and* the weights,
#
# $$\frac{\partial C}{\partial a^{l-1}} =
# \Big(\frac{\partial C}{\partial a^{l}} \odot f'(z^l)\Big) W_l^\top .$$
#
# For weights of variance $\sigma_w^2$ with $n$ neurons per layer, the length of the error changes per layer
# by a factor of about $\sigma_w\sqrt{n\,\mathbb E[f'(z)^2]}$ (Glorot & Bengio, 2010). With $\sigma_w =
# 1/\sqrt n$ and sigmoids near their steepest this is just under $\tfrac14$.
#
# Write the measuring instrument. It is back-propagation as you know it, with any activation, and it records
# how long the gradients are.

# %% exercise="gradient_norms" component=["AC-19"]

# %% component=["AC-19"] claim=["C-AC-02"] tags=["experiment"]
pairs = {
    "sigmoid": (sigmoid_forward, sigmoid_backward, 1.0),
    "tanh": (tanh_forward, tanh_backward, 1.0),
    "ReLU, He's weights": (relu_forward, relu_backward, np.sqrt(2)),
}
limits = {"sigmoid": (2e-7, 1e-5), "tanh": (0.3, 3), "ReLU, He's weights": (0.05, 3)}
for (name, (forward, backward, gain)), colour, mark in zip(pairs.items(), (BLUE, ORANGE, GREEN), "os^"):
    ratios, curves = [], []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        weights, biases = random_layers(rng, [100] * 11, gain)
        x, dout = rng.normal(size=(2, 200, 100))
        norms, _ = gradient_norms(x, weights, biases, dout, forward, backward)
        ratios.append(norms[0] / norms[-1])
        curves.append(norms / norms[-1])
    print(
        f"{name}: first / last layer's gradient {min(ratios):.2g} to {max(ratios):.2g} over 5 seeds, "
        f"{np.mean(ratios) ** (1 / 9):.2f} per layer"
    )
    assert limits[name][0] < min(ratios) and max(ratios) < limits[name][1]
    plt.semilogy(np.arange(1, 11), np.mean(curves, axis=0), f"{mark}-", color=colour, label=name)
plt.gca().set(
    title="Ten layers: sigmoids leave a few millionths of the gradient to the first",
    xlabel="layer (1 is next to the input)",
    ylabel="‖∂C/∂W‖ next to the top layer's",
)
plt.legend()
show(
    "The gradient's size over ten layers, on a logarithmic axis: flat for some activations; for sigmoids "
    "it falls to a few millionths at the first layer."
)

# %% [markdown]
# The same can be seen going *up*. Nudge the weights of the first layer a little and watch how much of the
# nudge arrives at each layer above. A sigmoid squashes what it is given, so every layer notices less. If the
# last layer hardly notices, the cost does not either, and that is what "small gradient" means. Adding layers
# does not help a network whose first layers cannot feel the cost.

# %% component=["AC-19"] claim=["C-AC-03"] tags=["experiment"]
for (name, (forward, _, gain)), colour, mark in zip(pairs.items(), (BLUE, ORANGE, GREEN), "os^"):
    waves = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        weights, biases = random_layers(rng, [50] * 9, gain)
        x, nudge = rng.normal(size=(200, 50)), 0.01 * rng.normal(size=(50, 50))
        plain, nudged = x, x
        wave = []
        for layer, W in enumerate(weights):
            plain, nudged = forward(plain @ W)[0], forward(nudged @ (W + nudge * (layer == 0)))[0]
            wave.append(np.sqrt(np.mean((nudged - plain) ** 2)))
        waves.append(wave)
    waves = np.array(waves)
    fall = (waves[:, 0] / waves[:, -1]) ** (1 / 7)
    print(
        f"{name}: rms change {waves[:, 0].mean():.1e} → {waves[:, -1].mean():.1e}, "
        f"a factor {fall.mean():.2f} per layer"
    )
    if name == "sigmoid":
        assert np.all((3.5 < fall) & (fall < 5.5))
    else:
        assert np.all((0.8 < fall) & (fall < 1.4))
    plt.semilogy(np.arange(1, 9), waves.mean(axis=0), f"{mark}-", color=colour, label=name)
plt.gca().set(
    title="A nudge at layer 1 drowns in sigmoids, and travels far with tanh and ReLU",
    xlabel="layer",
    ylabel="rms change of its outputs",
)
plt.legend()
show(
    "How large a nudge is after each layer, on a logarithmic axis: sigmoids make it shrink by about four "
    "per layer, tanh and ReLU keep it."
)

# %% [markdown]
# ### Explosion: who is to blame?
#
# ReLUs have slope 1 or 0. No product of such slopes is above 1. Can a gradient explode in a network of ReLUs?
# Let the weights have the standard deviation $g/\sqrt n$, and vary the **gain** $g$. About half of the slopes
# are 1, so the factor per layer is about $g\sqrt{1/2}$: it is 1 for $g = \sqrt 2$, which is He's choice.

# %% component=["AC-20", "AC-19", "AC-09"] claim=["C-AC-06"] erratum=["E87", "E24"] tags=["experiment"]
gains = np.array([0.5, 1, np.sqrt(2), 2, 2 * np.sqrt(2), 4])
ratios = np.zeros((5, len(gains)))
steepest = 0
for seed in range(5):
    for i, gain in enumerate(gains):
        rng = np.random.default_rng(seed)
        weights, biases = random_layers(rng, [100] * 21, gain)
        x, dout = rng.normal(size=(2, 50, 100))
        _, errors = gradient_norms(x, weights, biases, dout, relu_forward, relu_backward)
        ratios[seed, i] = errors[0] / errors[-1]
    steepest = max(steepest, relu_backward(np.ones_like(x), x).max())
for gain, column in zip(gains, ratios.T):
    print(f"gain {gain:.2f}: error at the bottom / at the top {column.min():.1e} to {column.max():.1e}")
assert steepest == 1  # no slope is above 1, and yet:
assert np.all(ratios[:, 0] < 1e-7) and np.all(ratios[:, 1] < 0.02)
assert np.all((0.1 < ratios[:, 2]) & (ratios[:, 2] < 10))
assert np.all(ratios[:, 3] > 50) and np.all(ratios[:, 5] > 1e7)
doubled = ratios[:, 4] / ratios[:, 2]
assert np.allclose(doubled, 2.0**20, rtol=1e-6)
print(f"doubling all weights of 20 layers multiplies the error at the bottom by {doubled.mean():,.0f} = 2^20")

plt.loglog(gains, np.exp(np.log(ratios).mean(axis=0)), "o-")
plt.fill_between(gains, ratios.min(axis=0), ratios.max(axis=0), alpha=0.25)
plt.loglog(gains, (gains / np.sqrt(2)) ** 20, "k:", label="$(g/\\sqrt{2})^{20}$")
plt.axhline(1, color=GREY, lw=1)
plt.gca().set(
    title="With slopes of 0 and 1 only, the weights decide: fade or explode",
    xlabel="gain g of the weights",
    ylabel="error at the bottom / error at the top",
)
plt.legend()
show(
    "The error at the bottom over the gain of the weights, on logarithmic axes: one straight rising line "
    "with a band, along (g/√2) to the power 20."
)

# %% [markdown]
# > **What the notes got wrong: blaming the activation.** One note says that gradients explode if the
# > activation's derivative is above 1. Sigmoid, tanh and ReLU never have such a slope, and gradients explode
# > all the same. It is the *product* of weights and slopes that counts, and only the weights can push it
# > above 1. For the same reason the ReLU does not "solve" the vanishing gradient: it removes the activation's
# > part of the shrinking on the *active* paths. At gain 0.5 the error of our ReLU network faded to a
# > billionth. How to choose the weights is the subject of a chapter of its own.
#
# **Turn the knobs.** A chain of sigmoid units, each seeing $w$ times the one before it. The slope of the whole
# chain is a product of $w\,\sigma'(z)$; how large must $w$ be so that something is left?

# %%
def chain(w, layers):
    y = np.full(layers + 1, 0.5)
    slopes = np.ones(layers + 1)
    for k in range(layers):
        y[k + 1] = 1 / (1 + np.exp(-w * (y[k] - 0.5)))
        slopes[k + 1] = slopes[k] * w * y[k + 1] * (1 - y[k + 1])
    plt.figure(figsize=(5, 2.6))
    plt.semilogy(slopes, "o-", color=BLUE)
    plt.xlabel("layer")
    plt.title(f"slope of the whole chain: {slopes[-1]:.2g}")
    return f"The slope of a chain of {layers} sigmoids with weight {w:g}, layer by layer: {slopes[-1]:.2g}."


with_knobs(chain, w=[0.5, 1, 2, 3, 4, 5, 6], layers=[2, 5, 10, 20, 40])

# %% [markdown]
# ## 7. When all inputs are positive
#
# The outputs of sigmoids and ReLUs are never negative. For the next layer they are *inputs*. What does it
# mean for a neuron if all its inputs are positive? Its gradient for one example is
#
# $$\frac{\partial C}{\partial w_i} = x_i\,\delta, \qquad \delta = \frac{\partial C}{\partial z}.$$
#
# *On paper.* Inputs $(1, 2)$ and $\delta = 10$: the gradient is $(10, 20)$. With $\delta = -1$: $(-1, -2)$.
# If all $x_i > 0$, the sign of every component is that of $\delta$: *all weights go up together, or all go
# down together*. Should one go up and the other down, the path must zig-zag (LeCun, Bottou, Orr & Müller,
# 1998).

# %% exercise="same_sign_gradients" component=["AC-04"]

# %% component=["AC-04"] claim=["C-AC-07"] erratum=["E32"] tags=["experiment"]
rng = np.random.default_rng(0)
positive, errors = rng.random(size=(1000, 20)), rng.normal(size=1000)
dw, share = same_sign_gradients(positive, errors)
_, centred_share = same_sign_gradients(positive - 0.5, errors)
print(
    f"1000 examples, 20 inputs: one sign for all weights in a share of {share:.3f} (positive inputs) "
    f"and {centred_share:.3f} (centred inputs)"
)
assert share == 1 and centred_share < 0.01

mixed = 0
for seed in range(200):
    rng = np.random.default_rng(seed)
    batch = same_sign_gradients(rng.random(size=(100, 20)), rng.normal(size=100))[0].sum(axis=0)
    mixed += batch.min() < 0 < batch.max()
print(f"sums over batches of 100: both signs in {mixed} of 200 batches")
assert mixed > 100  # "the gradient always has one sign" fails for batches

# %% [markdown]
# > **What the notes got wrong: "always".** It is said that outputs that are not centred are always wrong, and
# > that positive inputs make a positive gradient. The sign is common to the weights of one neuron *for one
# > example*, and it is the sign of the error. The sum over a batch, in which errors of both signs meet, may
# > point anywhere. And ReLUs are not centred either, and train very well. What is true is that centring
# > *speeds things up*.
#
# See the zig-zag. One linear neuron with two weights starts at 0 and should reach $(1, -1)$: one weight has
# to go up, the other down. It learns from one example at a time.


# %% component=["AC-04"] tags=["experiment"]
def walk(x, target, rate, order):
    """Learn from one example at a time until the weights are within 0.05 of the target."""
    w = np.zeros(2)
    path, rng = [w], np.random.default_rng(order)
    while np.linalg.norm(w - target) > 0.05:
        row = x[rng.integers(len(x))][None]
        dw, _ = same_sign_gradients(row, row @ (w - target))
        w = w - rate * dw[0]
        path.append(w)
    return np.array(path)


target = np.array([1.0, -1.0])
spread = np.random.default_rng(0).uniform(-0.5, 0.5, size=(200, 2))
inputs = {"positive inputs": 1.0 + spread, "centred inputs": spread}
figure, panels = plt.subplots(1, 2, figsize=(8.6, 3.8), sharex=True, sharey=True)
steps = {}
for axes, (name, x), colour in zip(panels, inputs.items(), (ORANGE, BLUE)):
    rate = 1 / np.mean(np.sum(x**2, axis=1))  # as fast as each can safely go
    path = walk(x, target, rate, order=3)
    steps[name] = len(path) - 1
    moves = np.diff(path, axis=0)
    together = np.mean(moves[:, 0] * moves[:, 1] >= 0)
    axes.plot(path[:, 0], path[:, 1], ".-", color=colour, lw=0.8, ms=4)
    axes.plot(*target, "k*", ms=12)
    axes.set(
        title=f"{name}: {steps[name]} steps, {together:.0%} of them\nwith both weights going the same way"
    )
    axes.set(xlabel="$w_1$", ylabel="$w_2$" if axes is panels[0] else "")
show(
    "Paths of two weights towards a star. With positive inputs the path zigzags along a diagonal in many "
    "steps; with centred inputs it goes there directly."
)
lengths = {
    name: [len(walk(x, target, 1 / np.mean(np.sum(x**2, axis=1)), order)) - 1 for order in range(20)]
    for name, x in inputs.items()
}
for name, values in lengths.items():
    print(f"{name}: {np.median(values):.0f} steps (median of 20 orders; {min(values)} to {max(values)})")
assert np.median(lengths["positive inputs"]) > 2 * np.median(lengths["centred inputs"])

# %% [markdown]
# For whole batches there is no zig-zag of signs, but the price remains: inputs that are not centred make the
# landscape a long narrow valley. Its **condition number** $\kappa = \lambda_\max/\lambda_\min$ says how
# narrow, and gradient descent needs about $\kappa$ times as many steps as in a round bowl.


# %% component=["AC-04"] claim=["C-AC-08"] tags=["experiment"]
def steps_to_fit(x, y):
    """Gradient descent on linear regression at the rate 1/λmax; steps to an error of 1e-6, and κ."""
    curvature = x.T @ x / len(x)
    values = np.linalg.eigvalsh(curvature)
    w, steps = np.zeros(x.shape[1]), 0
    while np.mean((x @ w - y) ** 2) > 1e-6:
        w -= x.T @ (x @ w - y) / len(x) / values[-1]
        steps += 1
    return steps, values[-1] / values[0]


counts = []
for seed in range(10):
    rng = np.random.default_rng(seed)
    x, w = rng.random(size=(1000, 10)), rng.normal(size=10)
    raw, kappa = steps_to_fit(x, x @ w)
    centred = x - x.mean(axis=0)
    direct, kappa_centred = steps_to_fit(centred, centred @ w)
    counts.append((raw, direct, kappa, kappa_centred))
counts = np.array(counts)
raw, direct, kappa, kappa_centred = counts.mean(axis=0)
print(
    f"10 regressions with 10 inputs: {raw:.0f} steps (κ = {kappa:.0f}) uncentred, "
    f"{direct:.1f} steps (κ = {kappa_centred:.1f}) centred"
)
assert np.all(counts[:, 0] > 10 * counts[:, 1])
assert np.all((120 < counts[:, 0]) & (counts[:, 0] < 350)) and np.all(counts[:, 1] < 12)

# %% [markdown]
# There is a way to be immune to narrow valleys: measure the length of a step not in weights, but in how much
# the *outputs* change. Then the gradient has to be multiplied by the inverse of the **Fisher information
# matrix** $F$:
#
# $$\tilde\nabla C = F^{-1}\,\nabla C \qquad\text{(Amari, 1998)}.$$
#
# For linear regression $F$ is the curvature matrix of the cell above. One step of rate 1 is enough, centred
# or not.

# %% component=["AC-06"] tags=["experiment"]
rng = np.random.default_rng(0)
x, w_true = rng.random(size=(1000, 10)), rng.normal(size=10)
for name, data in [("uncentred", x), ("centred", x - x.mean(axis=0))]:
    y = data @ w_true
    fisher = data.T @ data / len(data)
    gradient = data.T @ (data @ np.zeros(10) - y) / len(data)
    natural = np.linalg.solve(fisher, gradient)
    after = np.mean((data @ -natural - y) ** 2)
    cosine = gradient @ natural / np.linalg.norm(gradient) / np.linalg.norm(natural)
    print(f"{name}: error after one natural step {after:.1e}; cosine to the plain gradient {cosine:.2f}")
    assert after < 1e-20

# %% [markdown]
# ## 8. Dead units
#
# A ReLU's unit fires where $z = xw + b > 0$. If that half-space contains *no example at all*, the unit
# outputs 0 for every example, its slope is 0 for every example, and so are the gradients of $w$ and $b$. As
# long as its inputs stay what they are, nothing will ever change it again. The unit is **dead**.
#
# *On paper.* $w = 0.5$, $b = -4$, and inputs between $-3$ and $3$: the largest pre-activation is $-2.5$. The
# gradient is 0, so the next step changes nothing, and nor does the one after.
#
# One batch is not enough for a death certificate. A unit may be silent for a batch and fire for the next one.

# %% exercise="dead_units" component=["AC-11"]

# %% [markdown]
# Two ways to die. The first is to be born that way: an unlucky start, with a bias far below zero.


# %% component=["AC-11", "AC-12"] claim=["C-AC-16", "C-AC-17"] erratum=["E34"] tags=["experiment"]
def layer_outputs(seed, deviation, bias, units=2000):
    """ReLU outputs for 1000 N(0, 1) examples with 20 inputs, in two batches."""
    rng = np.random.default_rng(seed)
    x, W = rng.normal(size=(1000, 20)), deviation * rng.normal(size=(20, units))
    out = relu_forward(x @ W + bias)[0]
    return [out[:500], out[500:]]


he = np.sqrt(2 / 20)
for bias, (low, high) in [(-20, (1, 1)), (-5, (0.6, 0.85)), (-1, (0, 0)), (0, (0, 0))]:
    dead = [np.mean(dead_units(layer_outputs(seed, he, bias))) for seed in range(3)]
    print(f"bias {bias:4d}: {min(dead):.1%} to {max(dead):.1%} of the units are dead from the start")
    assert low <= min(dead) and max(dead) <= high

firing = {}
for name, deviation in [("He's weights", he), ("weights of size 0.01", 0.01)]:
    for bias in (0.0, 0.01):
        firing[name, bias] = [np.mean(np.vstack(layer_outputs(s, deviation, bias)) > 0) for s in range(3)]
        print(f"{name}, bias {bias}: {np.mean(firing[name, bias]):.3f} of all outputs are positive")
gained = {name: np.mean(firing[name, 0.01]) - np.mean(firing[name, 0.0]) for name, _ in firing}
assert 0.001 < gained["He's weights"] < 0.006
assert 0.07 < gained["weights of size 0.01"] < 0.11

# %% [markdown]
# > **What the notes got wrong: the little bias.** "Initialise the biases with 0.01 so that the units fire at
# > the start." With He's weights the pre-activations are spread over more than 1, and 0.01 moves the share of
# > firing units from 0.500 to 0.503. It helps visibly only if the weights are tiny too (0.59 instead of
# > 0.50). There is no harm in it, and no consensus about it either.
#
# The second way to die is more common: a step that is too large throws the unit out of the data.


# %% component=["AC-11"] claim=["C-AC-15"] tags=["experiment"]
def train_two_layers(seed, rate, steps=400):
    """A 20-200-2 network of ReLUs, full batches; which units are dead at the end?"""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 20))
    labels = (x[:, 0] * x[:, 1] > 0).astype(int)
    (W1, W2), (b1, b2) = random_layers(rng, (20, 200, 2), np.sqrt(2))
    for _ in range(steps):
        a, cache = relu_forward(x @ W1 + b1)
        _, dscores = softmax_cross_entropy(a @ W2 + b2, labels)
        dz = relu_backward(dscores @ W2.T, cache)
        W2, b2 = W2 - rate * a.T @ dscores, b2 - rate * dscores.sum(axis=0)
        W1, b1 = W1 - rate * x.T @ dz, b1 - rate * dz.sum(axis=0)
    assert np.all(np.isfinite(W1))
    return np.mean(dead_units([relu_forward(x @ W1 + b1)[0]]))


rates = [0.1, 2, 3, 4, 5, 20]
dead = np.zeros((3, len(rates)))
for i, rate in enumerate(rates):
    dead[:, i] = [train_two_layers(seed, rate) for seed in range(3)]
    print(f"rate {rate:4}: {dead[:, i].min():.1%} to {dead[:, i].max():.1%} dead after 400 steps")
assert np.all(dead[:, :2] <= 0.01)
assert np.all((0.03 < dead[:, 3]) & (dead[:, 3] < 0.45))
assert np.all(dead[:, -1] > 0.85)

plt.plot(rates, 100 * dead.mean(axis=0), "o-")
plt.fill_between(rates, 100 * dead.min(axis=0), 100 * dead.max(axis=0), alpha=0.25)
plt.axhspan(10, 20, color=GREEN, alpha=0.2, lw=0)
plt.text(19.5, 15, "“10–20 %”", ha="right", va="center", color=GREEN)
plt.xscale("log")
plt.gca().set(
    title="High learning rates kill: from nobody to nearly everybody",
    xlabel="learning rate",
    ylabel="dead units in %",
)
show(
    "The share of dead units over the learning rate: 0 for small rates, within the band of 10 to 20 % for "
    "medium ones, nearly all for the largest."
)

# %% [markdown]
# What does it look like when a step kills a unit? The data stay as they are; it is the unit's line that
# leaves them. Here it is, before and after one step that is too large:

# %% component=["AC-11"] tags=["experiment"]
rng = np.random.default_rng(4)
cloud = rng.normal(size=(200, 2)) @ np.array([[1.0, 0.4], [0.0, 0.6]]) + [2.5, 2.0]
w, b = np.array([1.0, 0.6]), -3.5
diversity = np.linalg.matrix_rank(np.cov(cloud.T)), np.trace(np.cov(cloud.T))
figure, panels = plt.subplots(1, 2, figsize=(8.6, 3.6), sharex=True, sharey=True)
for axes, moment in zip(panels, ("before", "after one step of rate 1")):
    out, cache = relu_forward((cloud @ w + b)[:, None])
    fires = out[:, 0] > 0
    axes.scatter(*cloud[~fires].T, s=9, color=GREY)
    axes.scatter(*cloud[fires].T, s=9, color=ORANGE)
    line = np.array([-9.0, 9.0])
    axes.plot(line, -(w[0] * line + b) / w[1], color=BLUE, lw=2)
    axes.annotate(
        "",
        -b * w / (w @ w) + w / np.linalg.norm(w),
        -b * w / (w @ w),
        arrowprops={"arrowstyle": "->", "color": BLUE},
    )
    axes.set(title=f"{moment}:\nthe unit fires for {fires.sum()} of 200 examples", xlabel="$x_1$")
    axes.set(xlim=(-5, 6), ylim=(-4, 5))
    dz = relu_backward(np.full((200, 1), 1.5 / 200), cache)  # the cost wants the output lower
    before = w, b
    w, b = w - (cloud.T @ dz)[:, 0], b - dz.sum()
panels[0].set_ylabel("$x_2$")
show(
    "A cloud of points and a unit's boundary, before and after one step: at first part of the cloud is on "
    "the firing side, afterwards none of it."
)
assert dead_units([out])[0] and np.all(dz == 0) and np.array_equal(w, before[0])
assert diversity == (np.linalg.matrix_rank(np.cov(cloud.T)), np.trace(np.cov(cloud.T)))
print("afterwards the unit fires for nobody, its gradient is exactly 0, and the data have not changed at all")

# %% [markdown]
# ## 9. A little slope below zero
#
# ### The leaky ReLU
#
# The cure is as simple as the disease: give the negative half a small slope $\alpha$, say 0.01 (Maas, Hannun
# & Ng, 2013).
#
# $$f(x) = \begin{cases} x & x > 0 \\ \alpha x & x \le 0\end{cases}$$
#
# *On paper.* $\alpha = 0.01$: the input $-300$ gives $-3$, and an upstream gradient of 5 comes back as
# $0.05$.

# %% exercise="leaky_relu_forward" component=["AC-13"]

# %% exercise="leaky_relu_backward" component=["AC-13"]

# %% [markdown]
# Take the dead unit of section 8, $w = 0.5$ and $b = -4$, and let it learn the function $\max(0, x)$ from 200
# numbers. It would be so easy: $w = 1$, $b = 0$.


# %% component=["AC-13", "AC-11"] claim=["C-AC-18"] erratum=["E37"] tags=["experiment"]
def revive(slope, seed, steps=4000, rate=0.5):
    """Gradient descent on one leaky unit, born dead; the path of its bias, w, b and the error."""
    x = np.random.default_rng(seed).normal(size=200)
    wanted, w, b, path = np.maximum(x, 0), 0.5, -4.0, []
    for _ in range(steps):
        out, cache = leaky_relu_forward(w * x + b, slope)
        path.append(b)
        dz = leaky_relu_backward(2 * (out - wanted) / len(x), cache)
        w, b = w - rate * np.sum(dz * x), b - rate * np.sum(dz)
    return path, w, b, np.mean((out - wanted) ** 2)


for slope, colour, style in [(0.01, BLUE, "-"), (0.0, ORANGE, "--")]:
    ends = [revive(slope, seed) for seed in range(5)]
    for path, w, b, error in ends:
        plt.plot(path, style, color=colour, lw=1)
    plt.plot([], style, color=colour, label=f"slope {slope:g} below 0")
    errors = [error for *_, error in ends]
    print(
        f"slope {slope:5}: ends at w = {ends[0][1]:.3f}, b = {ends[0][2]:.3f}; "
        f"errors {min(errors):.1e} to {max(errors):.1e} over 5 seeds"
    )
    if slope == 0:
        assert all(b == -4.0 and w == 0.5 for _, w, b, _ in ends) and min(errors) > 0.3
    else:
        assert all(abs(w - 1) < 0.05 and abs(b) < 0.05 for _, w, b, _ in ends) and max(errors) < 1e-3
path, *_ = revive(0.01, 0, steps=20)
away, *_ = revive(-0.01, 0, steps=4000)
plt.plot(away, ":", color=PURPLE, lw=2, label="slope −0.01 below 0")
print(f"slope −0.01: the bias goes from −4 to {away[-1]:.2f}, farther away from the data")
assert away[-1] < -4 and path[-1] > -4
fold = leaky_relu_forward(np.array([-100.0, 1.0]), -0.01)[0]
assert fold[0] == fold[1]  # two different inputs, one output
plt.axhline(0, color=GREY, lw=1)
plt.gca().set(
    title="A slope of 0.01 brings a dead unit back; one of 0 never does",
    xlabel="step",
    ylabel="bias (0 is right)",
)
plt.legend()
show(
    "The bias over the steps: with a slope of 0.01 it climbs from −4 to 0, with a slope of 0 it stays at "
    "−4, with a negative slope it moves farther down."
)

# %% [markdown]
# > **What the notes got wrong: the sign of the small slope.** One note allows "a small negative *or* positive
# > slope" for the negative half. The slope is positive. With $\alpha < 0$ the function folds: $-100$ and $1$
# > become the same output. And the gradient points the wrong way: the dotted unit above moves *away* from the
# > data. (A *learned* slope may become negative, if the data ask for it. You are about to see one.)
#
# ### Let the slope be learned
#
# Why 0.01? He, Zhang, Ren & Sun (2015) made $\alpha$ a parameter with a gradient of its own: the **PReLU**,
# with one $\alpha$ for all, or one for every channel. By the chain rule
#
# $$\frac{\partial C}{\partial \alpha} =
# \sum_{\text{all entries that share } \alpha} \frac{\partial C}{\partial f(x)}\cdot\min(0, x).$$
#
# *On paper.* $\alpha = \tfrac14$, inputs $(-8, 2, -4)$, upstream gradient $(1, 5, 3)$. Then $\partial
# C/\partial \alpha = 1\cdot(-8) + 3\cdot(-4) = -20$. The 5 has no say: a positive input never meets $\alpha$.
#
# Images have the shape $(N, C, \text{height}, \text{width})$, so the channel is axis 1, *not* the last one.

# %% exercise="prelu_forward" component=["AC-14"]

# %% exercise="prelu_backward" component=["AC-14"]

# %% [markdown]
# An activation that changes its shape while the network learns: is that useful? Give one PReLU with three
# channels three different jobs: in the first channel be $|x|$, in the second a ReLU, and in the third pass
# half of what is negative.

# %% component=["AC-14", "AC-18"] tags=["experiment"]
rng = np.random.default_rng(0)
x = rng.normal(size=(100, 3, 2))
jobs = np.array([-1.0, 0.0, 0.5])
wanted, _ = prelu_forward(x, jobs)
slope, history = np.full(3, 0.25), []
for _ in range(150):
    history.append(slope)
    out, cache = prelu_forward(x, slope)
    _, dslope = prelu_backward((out - wanted) / len(x), cache)
    slope = slope - 0.1 * dslope
print("learned slopes:", slope.round(4), " wanted:", jobs)
assert np.allclose(slope, jobs, atol=0.01)

figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.4))
left.plot(history)
left.set(title="Three channels learn three slopes", xlabel="step", ylabel="slope below 0")
grid = np.linspace(-3, 3, 121)
right.plot(grid, prelu_forward(np.stack([grid] * 3, axis=1), slope)[0])
right.set(title="and become three activations", xlabel="x", ylabel="output")
right.legend(["channel 1", "channel 2", "channel 3"])
show(
    "Left, three slopes start together and settle at three values. Right, the three activations that they "
    "make, alike above 0 and different below."
)

# %% [markdown]
# ### The ELU
#
# Another way to be alive below zero: bend smoothly down to $-\alpha$ (Clevert, Unterthiner & Hochreiter,
# 2016).
#
# $$f(x) = \begin{cases} x & x > 0\\ \alpha(e^x - 1) & x \le 0\end{cases}
# \qquad f'(x) = \begin{cases}1 & x > 0\\ \alpha e^x = f(x) + \alpha & x \le 0\end{cases}$$
#
# *On paper.* $\alpha = 2$ and $x = -\ln 2$: the output is $2(\tfrac12 - 1) = -1$, and the slope is
# $2\cdot\tfrac12 = 1$.
#
# A trap: `np.where` computes *both* branches everywhere. What is $e^{1000}$?

# %% exercise="elu_forward" component=["AC-15"]

# %% exercise="elu_backward" component=["AC-15"]

# %% component=["AC-15"] claim=["C-AC-19"] erratum=["E38"] tags=["experiment"]
makers = {
    "sigmoid": sigmoid_forward,
    "ReLU": relu_forward,
    "leaky ReLU": leaky_relu_forward,
    "ELU": elu_forward,
    "tanh": tanh_forward,
}
averages = {name: [] for name in makers}
for seed in range(20):
    sample = np.random.default_rng(seed).normal(size=100_000)
    for name, forward in makers.items():
        averages[name].append(forward(sample)[0].mean())
for name, values in averages.items():
    print(
        f"mean {name:10} of N(0, 1): {np.mean(values):+.4f}, "
        f"{min(values):+.4f} to {max(values):+.4f} over 20 samples"
    )
assert np.all(np.abs(np.array(averages["ELU"]) - 0.160) < 0.01)
assert np.all(np.abs(np.array(averages["ReLU"]) - 0.399) < 0.01)
assert np.all(np.abs(np.array(averages["leaky ReLU"]) - 0.395) < 0.01)
assert min(averages["ELU"]) > 0.14  # "zero-mean" fails here

figure, (left, right) = plt.subplots(1, 2, figsize=(8.8, 3.5))
grid = np.linspace(-4, 2.5, 300)
styles = {"ReLU": "-", "leaky ReLU": "--", "ELU": "-", "tanh": ":"}
for (name, style), colour in zip(styles.items(), (BLUE, SKY, ORANGE, GREEN)):
    out = leaky_relu_forward(grid, 0.1)[0] if "leaky" in name else makers[name](grid)[0]
    left.plot(grid, out, style, color=colour, label=name + (" (slope 0.1)" if "leaky" in name else ""))
left.axhline(0, color=GREY, lw=0.7)
left.set(title="Four ways to treat what is negative", xlabel="x", ylabel="output")
left.legend()
heights = [np.mean(values) for values in averages.values()]
bars = right.bar(list(averages), heights, color=[PURPLE, BLUE, SKY, ORANGE, GREEN])
right.bar_label(bars, [f"{height:.2f}" for height in heights])
right.axhline(0, color=GREY, lw=0.7)
right.set(title="The ELU's mean is nearer to 0, not 0", ylabel="mean output for N(0, 1)", ylim=(0, 0.58))
right.tick_params(axis="x", labelrotation=20)
show(
    "Left, four activations: they agree above 0 and differ below. Right, bars of mean outputs: tanh 0, "
    "ELU 0.16, the two ReLUs 0.40."
)

# %% [markdown]
# > **What the notes got wrong: "zero-mean outputs".** The ELU's mean is *nearer* to zero. For inputs from
# > $N(0, 1)$ it is 0.160, against 0.399 for the ReLU. A mean of exactly 0 comes with odd functions such as
# > tanh. And there is a price: the exponential is back.
#
# ## 10. Bug hunt
#
# Seven people wrote the backward pass of a PReLU with one slope per channel. One of them got it right. The
# other six are wrong, but each looks right on *lazy* inputs.


# %% tags=["given"] module="suspects"
suspects = [suspect_a, suspect_b, suspect_c, suspect_d, suspect_e, suspect_f, suspect_g]

# %% tags=["experiment"]
lazy = (np.ones((1, 1)), np.array([[-2.0]]), np.array([1.0]))
testimonies = [np.concatenate([np.ravel(part) for part in suspect(*lazy)]) for suspect in suspects]
spread = np.ptp(testimonies, axis=0).max()
print(
    f"one example, one channel, dout = 1, slope = 1: all seven say "
    f"{testimonies[0]} (largest difference {spread:.0e})"
)
assert spread == 0

# %% [markdown]
# Find at most three sets of inputs (`dout`, `x`, `slope`) that convict all six. Read each suspect and ask:
# *on which inputs does this line give the right number by luck?*

# %% exercise="activations_bug_hunt"

# %% [markdown]
# Your inputs now interrogate all seven. The truth comes from central differences on the forward pass.


# %% tags=["experiment"]
def slopes_measured(function, v, h=1e-6):
    """Central differences of a number-valued function."""
    slopes = np.zeros(v.shape)
    for index in np.ndindex(v.shape):
        step = np.zeros(v.shape)
        step[index] = h
        slopes[index] = (function(v + step) - function(v - step)) / (2 * h)
    return slopes


def lie(suspect, dout, x, slope):
    """The worst error of a suspect, in units of the largest true number; 1 if it crashes."""
    of_x = slopes_measured(lambda v: np.sum(dout * prelu_forward(v, slope)[0]), x)
    of_slope = slopes_measured(lambda v: np.sum(dout * prelu_forward(x, v)[0]), slope)
    try:
        said = suspect(dout, x, slope)
        return max(
            np.abs(part - true).max() / max(np.abs(true).max(), 1e-9)
            for part, true in zip(said, (of_x, of_slope))
        )
    except ValueError:
        return 1.0


questions = [[np.array(part, dtype=float) for part in inputs] for inputs in activations_bug_hunt()]
lies = np.array([[lie(suspect, *inputs) for suspect in suspects] for inputs in questions])
cleared = [suspect.__name__ for suspect, errors in zip(suspects, lies.T) if errors.max() < 1e-5]
print("not caught lying by your inputs:", ", ".join(cleared) or "nobody (are your numbers huge?)")
assert len(cleared) == 1, "your inputs do not single out one suspect"

figure, axes = plt.subplots(figsize=(7, 1.5 + 0.6 * len(questions)))
picture = axes.imshow(np.log10(np.clip(lies, 1e-10, 1)), cmap="cividis", vmin=-10, vmax=0, aspect="auto")
figure.colorbar(picture, label="log₁₀ worst error")
axes.set_xticks(range(7), [suspect.__name__[-1] for suspect in suspects])
axes.set_yticks(range(len(questions)), [f"set {k}" for k in range(1, len(questions) + 1)])
axes.set(title="Good inputs leave one suspect standing (dark)", xlabel="suspect", ylabel="your inputs")
show(
    "A map of your input sets against seven suspects; bright squares are caught lying, one column stays "
    "dark."
)

# %% [markdown]
# ## 11. Maxout: learn the bend itself
#
# Instead of *choosing* a bend, compute several linear functions and let the largest be the output
# (Goodfellow, Warde-Farley, Mirza, Courville & Bengio, 2013):
#
# $$h(x) = \max_{k = 1,\dots,K} \; (x\,w_k + b_k).$$
#
# *On paper.* One input, the two lines $2x$ and $-x - 2$. At $x = -1$ they give $-2$ and $-1$: the second
# wins. At $x = 2$ they give $4$ and $-4$: the first wins. They cross where $2x = -x - 2$, at $x = -\tfrac23$:
# there is the bend.
#
# `W` has the shape $(K, D, M)$: `W[k]` is an ordinary layer of $M$ units. Each unit has its own group of $K$
# candidates.

# %% exercise="maxout_forward" component=["AC-16"]

# %% component=["AC-16", "AC-18"] claim=["C-AC-20"] tags=["experiment"]
x = np.linspace(-4, 4, 801)[:, None]
w, b = 1.7, -0.6
relu_group = np.array([w, 0.0]).reshape(2, 1, 1), np.array([[b], [0.0]])
abs_group = np.array([1.0, -1.0]).reshape(2, 1, 1), np.zeros((2, 1))
off_relu = np.abs(maxout_forward(x, *relu_group)[0] - relu_forward(x * w + b)[0]).max()
off_abs = np.abs(maxout_forward(x, *abs_group)[0] - np.abs(x)).max()
print(
    f"max(wx + b, 0) against relu(wx + b): {off_relu}; max(x, −x) against |x|: {off_abs}; both at 801 points"
)
assert off_relu == 0 and off_abs == 0

# %% [markdown]
# So the ReLU is a special case, with two candidates of which one is stuck at 0. With more candidates the unit
# can be any **convex** function made of straight pieces, and come as near as you like to any convex curve.
# Take $K$ tangents to $x^2$, equally spread over $[-2, 2]$. Between two tangents that touch at distance $d$
# the largest gap is $(d/2)^2$; with $d = 4/K$ that makes $(2/K)^2$.

# %% component=["AC-16", "AC-18"] claim=["C-AC-22"] tags=["experiment"]
x = np.linspace(-2, 2, 9601)[:, None]
ks, gaps = [2, 3, 4, 8, 16], []
figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.5))
left.plot(x, x**2, "k", lw=1, label="$x^2$")
for k in ks:
    touch = -2 + 4 * (np.arange(k) + 0.5) / k
    out, _ = maxout_forward(x, 2 * touch.reshape(k, 1, 1), -(touch**2)[:, None])
    gaps.append(np.abs(out - x**2).max())
    assert abs(gaps[-1] - (2 / k) ** 2) < 1e-6
    if k in (2, 4):
        left.plot(x, out, "--" if k == 2 else "-", label=f"{k} lines")
print("largest distance to x²:", {k: round(float(gap), 4) for k, gap in zip(ks, gaps)}, "= (2/K)² to 1e-6")
left.set(title="The largest of K tangents", xlabel="x", ylabel="output")
left.legend()
right.loglog(ks, gaps, "o", label="measured")
right.loglog(ks, [(2 / k) ** 2 for k in ks], "k:", label="$(2/K)^2$")
right.set(
    title="Twice the lines, a quarter of the error", xlabel="number of lines K", ylabel="largest distance"
)
right.set_xticks(ks, ks)
right.minorticks_off()
right.legend()
show(
    "Left, the largest of 2 and of 4 tangents beneath a parabola; four follow it closely. Right, the "
    "largest distance falls with the square of the number of lines."
)

# %% [markdown]
# ### Who learns?
#
# For a *given* input we know who won each group. Only the winner shapes the output; the losers could be
# erased without anybody noticing. What is left is a thin, *linear* network, and training it is ordinary
# back-propagation:
#
# $$\frac{\partial h}{\partial z_k} = [\,k \text{ won}\,].$$
#
# The next input has other winners and trains another thin network, so in the end all get their turn.

# %% exercise="maxout_backward" component=["AC-17"]


# %% component=["AC-17"] claim=["C-AC-23"] tags=["experiment"]
def thin(W, b, winner):
    """The weights and biases of the winners alone: one column per unit."""
    units = np.arange(W.shape[2])
    return W[winner, :, units].T, b[winner, units]


worst, worst_jacobian, used = 0, 0, np.zeros((3, 7))
for seed in range(20):
    rng = np.random.default_rng(seed)
    W1, b1, W2, b2 = (rng.normal(size=size) for size in [(3, 5, 7), (3, 7), (4, 7, 2), (4, 2)])
    x = rng.normal(size=(1, 5))
    hidden, (_, _, first) = maxout_forward(x, W1, b1)
    out, cache = maxout_forward(hidden, W2, b2)
    (V1, c1), (V2, c2) = thin(W1, b1, first[0]), thin(W2, b2, cache[2][0])
    worst = max(worst, np.abs((x @ V1 + c1) @ V2 + c2 - out).max())
    used += np.arange(3)[:, None] == first[0]

    def network(v):
        return maxout_forward(maxout_forward(v, W1, b1)[0], W2, b2)[0]

    steps = 1e-6 * np.eye(5)
    jacobian = (network(x + steps) - network(x - steps)) / 2e-6
    worst_jacobian = max(worst_jacobian, np.abs(jacobian - V1 @ V2).max())
    dhidden = maxout_backward(np.array([[1.0, 0.0]]), cache)[0]
    dx = maxout_backward(dhidden, maxout_forward(x, W1, b1)[1])[0]
    assert np.allclose(dx[0], (V1 @ V2)[:, 0], atol=1e-12)
print(f"20 networks, one input each: the thin linear network gives the same output up to {worst:.0e}")
print(f"and its product of weights is the slope: {worst_jacobian:.0e} from finite differences (allowed 1e-6)")
print(f"different inputs, different winners: of 21 candidates {np.sum(used > 0)} have won at least once")
assert worst < 1e-12 and worst_jacobian < 1e-6
assert np.sum(used > 0) > 14

# %% [markdown]
# Now let a maxout unit *learn* its bend. It starts as five random lines and sees 300 examples of a curve.

# %% component=["AC-17", "AC-18"] tags=["experiment"]
rng = np.random.default_rng(8)
x = rng.uniform(-2, 2, size=(300, 1))
wanted = np.abs(x - 0.5) + 0.5 * np.maximum(-x - 1, 0)
W, b = rng.normal(size=(5, 1, 1)), 0.1 * rng.normal(size=(5, 1))
start, errors = (W, b), []
for _ in range(3000):
    out, cache = maxout_forward(x, W, b)
    errors.append(np.mean((out - wanted) ** 2))
    _, dW, db = maxout_backward((out - wanted) / len(x), cache)
    W, b = W - 0.3 * dW, b - 0.3 * db
print(f"mean squared error {errors[0]:.2f} → {errors[-1]:.1e} after {len(errors)} steps")
assert errors[-1] < 1e-3

grid = np.linspace(-2, 2, 201)[:, None]
for k in range(5):
    plt.plot(grid, grid @ W[k] + b[k], color=SKY, lw=0.9, label="its five lines" if k == 0 else None)
plt.plot(grid, maxout_forward(grid, *start)[0], ":", color=GREY, lw=2, label="before")
plt.plot(x[::6], wanted[::6], ".", color=ORANGE, ms=5, label="examples")
plt.plot(grid, maxout_forward(grid, W, b)[0], color=BLUE, lw=2.2, label="after learning")
plt.gca().set(
    title="A maxout unit bends itself into the shape it needs",
    xlabel="x",
    ylabel="output",
    ylim=(-1.2, 3.4),
)
plt.legend(ncols=2)
show(
    "Five straight lines and the shape they make: before learning it misses the examples, afterwards it "
    "runs through them."
)

# %% [markdown]
# ### How many pieces?
#
# With $K$ lines, how many straight pieces has the maximum? At most $K$: the maximum is convex, so once a line
# has been overtaken by a steeper one it never comes back on top. But a line may be below the others
# *everywhere*.
#
# *On paper.* The lines $-x$, $0$ and $x$: the maximum is $|x|$, with two pieces. The third line only touches.
# Lift it to $1$ and there are three. A line is on top between the point where it has overtaken all flatter
# lines and the point where the first steeper line overtakes it, if these come in the right order.

# %% exercise="maxout_pieces" component=["AC-16"]

# %% component=["AC-16"] claim=["C-AC-21"] erratum=["E97"] tags=["experiment"]
counts = {}
for k in (2, 3, 5, 10):
    rng = np.random.default_rng(k)
    pieces = [maxout_pieces(*rng.normal(size=(2, k))) for _ in range(2000)]
    counts[k] = np.bincount(pieces, minlength=k + 1) / len(pieces)
    touch = np.arange(k) - k / 2
    convex = maxout_pieces(2 * touch, -(touch**2))
    spread = 4 * np.std(pieces) / np.sqrt(len(pieces))
    print(
        f"K = {k:2d}: random lines make {np.mean(pieces):.2f} ± {spread:.2f} pieces, at most {max(pieces)}; "
        f"tangents to a parabola make {convex}"
    )
    assert max(pieces) <= k and convex == k
    assert np.mean(pieces) < k if k > 2 else np.mean(pieces) == 2
assert 2.3 < counts[3] @ np.arange(4) < 2.7 and 2.8 < counts[5] @ np.arange(6) < 3.5

figure, panels = plt.subplots(1, 3, figsize=(9, 3.2))
grid = np.linspace(-3, 3, 301)[:, None]
for axes, k, seed in zip(panels, (5, 5), (8, 10)):
    w, b = np.random.default_rng(seed).normal(size=(2, k))
    axes.plot(grid, grid * w + b, color=SKY, lw=0.9)
    axes.plot(grid, maxout_forward(grid, w.reshape(k, 1, 1), b[:, None])[0], color=BLUE, lw=2.2)
    axes.set(
        title=f"{k} random lines, {maxout_pieces(w, b)} pieces", xlabel="x", ylabel="output", ylim=(-4, 8)
    )
for k, colour, mark in zip((3, 5, 10), (GREEN, ORANGE, PURPLE), "^os"):
    panels[2].plot(np.arange(1, k + 1), counts[k][1:], f"{mark}-", color=colour, label=f"K = {k}")
panels[2].set(
    title="The larger K, the rarer all K", xlabel="number of pieces", ylabel="share of random groups"
)
panels[2].legend()
show(
    "Two groups of five random lines with their upper edge: one of few pieces, one of more. Right, how "
    "often each number of pieces occurs: seldom all of them."
)

# %% [markdown]
# > **What the notes got wrong: "as many pieces as elements".** The number of elements in the group is the
# > *most* that can be had. It is reached if the lines are in convex position, like the tangents to a
# > parabola. Random groups of five make about three.
#
# ## 12. The race
#
# Enough single units. Here are real networks and real digits: 64 inputs, one, two or three hidden layers of
# 50 units, batches of 32, learning rate 0.1. Weights have the variance $1/n_\text{in}$ for sigmoid and tanh
# and $2/n_\text{in}$ for the ReLU. How many steps does it take to bring the loss (mean of the last 20
# batches) below 0.3?


# %% tags=["experiment"] component=["AC-22"]
def train(pair, hidden, x, labels, seed, rate=0.1, steps=1000, batch=32, stop=0.0):
    """Train a classifier with this activation; the losses and the first layer's weights."""
    forward, backward, gain = pair
    rng = np.random.default_rng(seed)
    sizes = (x.shape[1], *hidden, labels.max() + 1)
    weights, biases = random_layers(rng, sizes, gain)
    losses = []
    while len(losses) < steps:
        rows = rng.integers(len(x), size=batch)
        a, caches = [x[rows]], []
        for W, b in zip(weights[:-1], biases[:-1]):
            out, cache = forward(a[-1] @ W + b)
            a.append(out)
            caches.append(cache)
        loss, dz = softmax_cross_entropy(a[-1] @ weights[-1] + biases[-1], labels[rows])
        losses.append(loss)
        if len(losses) >= 20 and np.mean(losses[-20:]) < stop:
            break
        for layer, W in reversed(list(enumerate(weights))):
            below = dz @ W.T
            weights[layer] -= rate * a[layer].T @ dz
            biases[layer] -= rate * dz.sum(axis=0)
            if layer > 0:
                dz = backward(below, caches[layer - 1])
    return np.array(losses), weights[0]


images, digits = load_digits()
pixels, digits = images[:1437] - images[:1437].mean(axis=0), digits[:1437]
runners = {
    "sigmoid": (sigmoid_forward, sigmoid_backward, 1.0),
    "tanh": (tanh_forward, tanh_backward, 1.0),
    "ReLU": (relu_forward, relu_backward, np.sqrt(2)),
    "leaky ReLU": (leaky_relu_forward, leaky_relu_backward, np.sqrt(2)),
    "ELU": (elu_forward, elu_backward, 1.0),
}
losses, _ = train(runners["ReLU"], (50, 50), pixels, digits, seed=0, steps=300)
print(f"two hidden layers of ReLUs: loss {losses[0]:.2f} → {losses[-20:].mean():.2f} in 300 steps")
assert losses[-20:].mean() < 0.3

# %% component=["AC-22"] claim=["C-AC-11"] tags=["experiment"]
limit, needed = 2500, {}
for layers in (1, 2, 3):
    for name in ("sigmoid", "tanh", "ReLU"):
        seeds = range(2 if name == "sigmoid" else 5)
        needed[name, layers] = [
            len(train(runners[name], (50,) * layers, pixels, digits, seed, steps=limit, stop=0.3)[0])
            for seed in seeds
        ]
    line = "; ".join(
        f"{name} {min(needed[name, layers])} to {max(needed[name, layers])}"
        for name in ("sigmoid", "tanh", "ReLU")
    )
    print(f"{layers} hidden layer(s), steps to a loss of 0.3: {line}".replace(str(limit), f"never ({limit})"))
    assert min(needed["sigmoid", layers]) > 3 * max(needed["tanh", layers])
    if layers >= 2:
        assert max(needed["ReLU", layers]) < min(needed["tanh", layers])
assert min(needed["sigmoid", 3]) > 1.2 * max(needed["sigmoid", 2]) or min(needed["sigmoid", 3]) == limit

for name, colour, mark in [("sigmoid", BLUE, "o"), ("tanh", ORANGE, "s"), ("ReLU", GREEN, "^")]:
    plt.semilogy(
        [1, 2, 3], [np.mean(needed[name, n]) for n in (1, 2, 3)], f"{mark}-", color=colour, label=name
    )
plt.axhline(limit, color=GREY, ls=":")
plt.text(1, 0.93 * limit, "we stop here", color=GREY, va="top")
plt.xticks([1, 2, 3])
plt.gca().set(
    title="More layers: sigmoids learn more slowly, tanh and ReLU faster",
    xlabel="number of hidden layers",
    ylabel="steps to a loss of 0.3",
)
plt.legend()
show(
    "Steps needed over the number of hidden layers, on a logarithmic axis: sigmoids need more with every "
    "layer, tanh and ReLU fewer."
)

# %% [markdown]
# Krizhevsky, Sutskever & Hinton (2012) reported that ReLUs learned six times faster than tanh in one of their
# networks. Here the difference is smaller. The order *sigmoid < tanh < ReLU* holds from two layers on; with
# one layer tanh and ReLU are about equal.
#
# And with five hidden layers? The question is easier now (is the digit odd or even?), and knowing nothing
# costs $\ln 2 = 0.693$.

# %% component=["AC-22", "AC-21", "AC-19"] claim=["C-AC-12"] tags=["experiment"]
odd, curves, ends, first = digits % 2, {}, {}, {}
for name, pair in runners.items():
    runs = [train(pair, (50,) * 5, pixels, odd, seed, batch=50) for seed in range(2)]
    curves[name] = np.mean([losses for losses, _ in runs], axis=0)
    ends[name] = [losses[-100:].mean() for losses, _ in runs]
    first[name] = runs[0][1]
    print(f"{name:10}: loss after 1000 steps {min(ends[name]):.4f} to {max(ends[name]):.4f}")
assert all(abs(end - np.log(2)) < 0.02 for end in ends["sigmoid"])
assert all(max(ends[name]) < 0.03 for name in ("tanh", "ReLU", "leaky ReLU", "ELU"))

_, begin = train(runners["tanh"], (50,) * 5, pixels, odd, seed=0, steps=0)
likeness = np.corrcoef((first["tanh"] - begin).ravel(), (first["ELU"] - begin).ravel())[0, 1]
print(f"tanh and ELU began with the same first layer; their ways from there correlate by {likeness:.2f} only")
assert likeness < 0.9

smooth = np.ones(25) / 25
for (name, losses), colour, style in zip(
    curves.items(), (PURPLE, ORANGE, BLUE, SKY, GREEN), ("-", "-", "-", "--", "-")
):
    plt.semilogy(np.convolve(losses, smooth, "valid"), style, color=colour, label=name)
plt.axhline(np.log(2), color=GREY, ls=":")
plt.gca().set(
    title="Five layers: sigmoids learn nothing, all the others learn nearly everything",
    xlabel="step",
    ylabel="loss (mean of 25 batches)",
)
plt.legend(loc="lower left")
show(
    "The loss of five-layer nets over the steps, on a logarithmic axis: the sigmoid's stays at ln 2, all "
    "others fall to near 0."
)

# %% [markdown]
# Different activations send different gradients back, so from the same start they arrive at different
# weights. None of them is *the* right one, but now we can answer the three questions of section 1 with
# numbers.

# %% component=["AC-01", "AC-21"] tags=["experiment"]
z = np.random.default_rng(0).normal(size=100_000)
wide = np.linspace(-1000, 1000, 200_001)
print(f"{'':11}{'slopes':>16}{'range':>18}{'mean':>8}{'10 layers':>12}")
table = {}
for name, (forward, backward, gain) in runners.items():
    out, cache = forward(wide)
    slope = backward(np.ones_like(wide), cache)
    rng = np.random.default_rng(0)
    weights, biases = random_layers(rng, [100] * 11, gain)
    norms, _ = gradient_norms(
        *rng.normal(size=(1, 50, 100)), weights, biases, rng.normal(size=(50, 100)), forward, backward
    )
    table[name] = slope.min(), slope.max(), out.min(), out.max(), forward(z)[0].mean(), norms[0] / norms[-1]
    low, high, least, most, mean, left = table[name]
    print(f"{name:11}{low:8.2g} to {high:4.2g}{least:10.4g} to {most:4.4g}{mean:8.2f}{left:12.1e}")
assert table["sigmoid"][5] < 1e-4 and all(
    table[name][5] > 0.05 for name in ("tanh", "ReLU", "leaky ReLU", "ELU")
)
assert max(row[1] for row in table.values()) <= 1
assert abs(table["tanh"][4]) < 0.01 < table["ELU"][4] < table["ReLU"][4]

# %% [markdown]
# *Slopes* from −1000 to 1000; *range* of the outputs there; *mean* output for N(0, 1); *10 layers*: what is
# left of the gradient of the weights at the first of ten layers.
#
# ## What to take home
#
# - Going down, a gradient meets a slope *and* a weight matrix at every layer. Sigmoids, with slopes up to ¼,
#   leave a few **millionths** after ten layers. Slopes of 1 preserve it, **if the weights have the right
#   size**.
# - Explosion comes from the weights. Sigmoid, tanh, ReLU and leaky ReLU have no slope above 1.
# - Positive inputs give all weights of a neuron the same sign of gradient, example by example. Centred inputs
#   make the valley rounder and learning faster.
# - A ReLU that fires for nobody is **dead**: its gradient is exactly 0. High learning rates are the main
#   killer. A small slope below 0 brings units back.
# - PReLU and maxout *learn* their shape. A maxout unit of $K$ lines has at most $K$ pieces.
#
# **Advice**, much as in Stanford's course CS231n (2016): begin with the ReLU and keep an eye on the learning
# rate and the dead units. Try leaky ReLU, ELU or maxout. Try tanh, but do not expect much. Do not use
# sigmoids in hidden layers.
#
# **Now you can** choose an activation and say why, write its way back, and tell a fading gradient from a dead
# unit by looking at numbers.
#
# **Next.** [Chapter 4](ch04_preprocessing) turns to what comes before the first layer: the data.
# Or stop and show what you have: [project 1](project1_digit_reader) makes a reader of digits of your own parts.
#
# **Sources.** S. Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen* (1991). Y. Bengio, P. Simard &
# P. Frasconi, *Learning long-term dependencies with gradient descent is difficult*, IEEE Trans. Neural
# Networks 5, 1994. Y. LeCun, L. Bottou, G. Orr & K.-R. Müller, *Efficient BackProp* (1998). S. Amari,
# *Natural gradient works efficiently in learning*, Neural Computation 10, 1998. X. Glorot & Y. Bengio,
# AISTATS 2010. V. Nair & G. Hinton, ICML 2010. X. Glorot, A. Bordes & Y. Bengio, AISTATS 2011. A. Krizhevsky,
# I. Sutskever & G. Hinton, NIPS 2012. A. Maas, A. Hannun & A. Ng, ICML workshop 2013. I. Goodfellow et al.,
# *Maxout networks*, ICML 2013. K. He, X. Zhang, S. Ren & J. Sun, *Delving deep into rectifiers*, ICCV 2015.
# D.-A. Clevert, T. Unterthiner & S. Hochreiter, ICLR 2016. Stanford CS231n, lecture 5 (2016). Hung-yi Lee,
# *Machine Learning* lectures. E. Alpaydin & C. Kaynak, UCI repository, 1998 (CC BY 4.0).
