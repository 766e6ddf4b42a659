# %% [markdown]
# # Optimizers: from a gradient to a step
#
# You stand in fog on a hillside and want to reach the valley. You feel the slope under your feet, and
# nothing else. How long should the next step be? Should you trust the slope here, or remember how you came?
# Should you take the same step in all directions, if one is a cliff and another a meadow? Six answers to
# these questions, from plain descent to Adam, drive all of deep learning. In this chapter you write all
# six, race them, and catch six broken Adams.
#
# **Before you start.** You know gradient descent and why the rate matters ([chapter 2](ch02_backprop)). Gradients
# are given here; what happens between the gradient and the next weight is the subject.
#
# **What you will have built.** Mini-batches, the training loop, and six step rules from plain descent to Adam.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example you can do
# by hand, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** All parameters of a model are a *dict* from names to arrays, `{"W": …, "b": …}`, and so
# are their gradients. A **step rule** takes `(params, grads, state, …)` and returns *new*
# `(params, state)`. The **state** is a dict in which the rule keeps what it wants to remember until its
# next step; before the first step it is empty, `{}`. Nothing that was passed in is changed.

# %% tags=["setup"]
import functools
import math
import time
from collections.abc import Callable
Tensors = dict[str, np.ndarray]  # a model's parameters by name, or their gradients
State = dict[str, object]  # what a step rule remembers
Step = Callable[[Tensors, Tensors, State], tuple[Tensors, State]]

# %% tags=["given"]
def zeros_like(params):
    """Float zeros in the shapes of the parameters, also where those are whole numbers."""
    return {name: np.zeros(np.shape(p)) for name, p in params.items()}


def steps_per_epoch(n, size):
    """Updates in one pass over n examples, the smaller last batch included."""
    return math.ceil(n / size)


def bowl(curvature):
    """Loss and gradient of ½ Σ k·w², a bowl with curvature k in each direction."""
    return lambda params: (float(curvature @ params["w"] ** 2) / 2, {"w": curvature * params["w"]})


def points(path):
    """A path of dicts as one array, a row per point."""
    return np.array([point["w"] for point in path])


def steps_until_near(path, distance=1e-3):
    """After how many steps a path is, and stays, so near to 0; None if it is not at its end."""
    far = np.flatnonzero(~(np.abs(points(path)).max(axis=1) <= distance))
    if len(far) == 0:
        return 0
    return None if far[-1] == len(path) - 1 else int(far[-1]) + 1


# %% [markdown]
# ## 1. Optimisation is a loop
#
# To train a network is to look for weights that make a loss small. Nobody can write them down, so we
# *improve* them: find the direction that lowers the loss, go a little in that direction, look again. The
# direction is the gradient, which back-propagation gives us for all weights at once. The simplest rule goes
# straight against it (Cauchy, 1847):
#
# $$W \leftarrow W - \alpha\,\frac{\partial \text{Loss}}{\partial W},$$
#
# with a **learning rate** $\alpha$. *On paper.* $W = (3, 1)$, slopes $(2, -4)$, $\alpha = \tfrac14$: the
# new $W$ is $(2.5,\ 2)$. A positive slope lowers a weight, a negative one raises it.

# %% exercise="sgd_step" component=["OP-02"]

# %% [markdown]
# Around every rule runs the same loop: ask for loss and gradient *here*, step, repeat. What a rule wants to
# remember travels through the loop as its state.
#
# *On paper.* The loss is $w^2$ with slope $2w$; with $\alpha = \tfrac14$ every step halves $w$. Two steps
# from 4: the path is 4, 2, 1 and the losses 16, 4, 1. **Two** steps, **three** points.

# %% exercise="minimise" component=["OP-01"]

# %% [markdown]
# ### The dilemma of the learning rate
#
# Our test landscape is a **ravine**: $\tfrac12(w_1^2 + 100\,w_2^2)$, a hundred times as steep across as
# along. The ratio of the largest to the smallest curvature is called the **condition number**, here $\kappa
# = 100$; the loss of a real network has directions far more unequal than that.
#
# *On paper.* A step multiplies $w_1$ by $1 - \alpha$ and $w_2$ by $1 - 100\,\alpha$. The second factor must
# be above $-1$, or the walls throw us out: $\alpha < 0.02$. But then the first factor is above $0.98$:
# along the ravine we crawl. Too high overshoots, too low is slow, and in a ravine no rate is right for both
# directions.

# %% component=["OP-01", "OP-02", "OP-17"] claim=["C-OP-22"] tags=["experiment"]
ravine, start = bowl(np.array([1.0, 100.0])), {"w": np.array([1.0, 1.0])}
needed = {}
for rate in (0.001, 0.01, 0.0198, 0.0201):
    path, losses = minimise(ravine, start, functools.partial(sgd_step, rate=rate), 8000)
    needed[rate] = steps_until_near(path)
    print(
        f"rate {rate:<6}: within 0.001 of the minimum after {needed[rate]} steps, last loss {losses[-1]:.2g}"
    )
    # On paper: the slower of the factors |1 − rate| and |1 − 100·rate| must fall to 0.001.
    factor = max(abs(1 - rate), abs(1 - 100 * rate))
    expected = math.ceil(math.log(1e-3) / math.log(factor)) if factor < 1 else None
    assert needed[rate] == expected or abs(needed[rate] - expected) <= 1
assert needed[0.001] > 10 * needed[0.0198] and needed[0.0201] is None

grid = np.stack(np.meshgrid(np.linspace(-0.35, 1.15, 200), np.linspace(-1.2, 1.2, 200)), axis=-1)
figure, panels = plt.subplots(1, 3, figsize=(9, 3.1), sharey=True)
for axes, rate, remark in zip(
    panels, (0.002, 0.0185, 0.0202), ("too low: crawls", "about right: zigzags", "too high: thrown out")
):
    way = points(minimise(ravine, start, functools.partial(sgd_step, rate=rate), 60)[0])
    axes.contour(
        grid[..., 0],
        grid[..., 1],
        0.5 * (grid[..., 0] ** 2 + 100 * grid[..., 1] ** 2),
        levels=np.geomspace(0.2, 70, 8),
        colors=GREY,
        linewidths=0.6,
    )
    axes.plot(way[:, 0], way[:, 1], "o-", color=BLUE, ms=2.5, lw=0.8)
    axes.plot(0, 0, "*", color=ORANGE, ms=11)
    axes.set(title=f"α = {rate}: {remark}", xlabel="$w_1$", xlim=(-0.35, 1.15), ylim=(-1.2, 1.2))
panels[0].set_ylabel("$w_2$")
figure.suptitle("60 steps in a ravine: no rate suits both directions")
show(
    "Three paths of 60 steps in a ravine: too low a rate stops early, a medium one zigzags along, too "
    "high a one is thrown out."
)

# %% [markdown]
# ## 2. How much data should a step see?
#
# The loss is a mean over all examples, and so is its gradient. A step may use
#
# - **all** of them: *batch* gradient descent;
# - **one**, drawn at random: *stochastic* gradient descent, SGD (Robbins & Monro, 1951);
# - a **mini-batch** of, say, 60: what everybody does, and sloppily calls SGD as well.
#
# The gradient of a random batch is right *on average*, with some noise. Shuffling once per **epoch** (a
# pass over the data) and dealing the examples out like cards makes sure that every one has its turn.
#
# *On paper.* Seven examples, batches of three: the shuffled pack 4, 0, 6, 2, 5, 1, 3 is dealt as (4, 0, 6),
# (2, 5, 1), (3). The last batch is smaller.

# %% exercise="minibatches" component=["OP-06"]

# %% [markdown]
# What does a step cost? Count the *single-example gradients*. One of the notes has a nice example with
# 300,000 examples. Batch descent with 10 steps costs $10 \cdot 300{,}000$. SGD makes 300,000 steps for a
# tenth of that. Batches of 100 make 3000 steps in one pass. First check the arithmetic with your own
# counter; mind the smaller last batch.

# %% exercise="gradient_evaluations" component=["OP-05"]

# %% component=["OP-05", "OP-06"] claim=["C-OP-14"] erratum=["E91"] tags=["experiment"]
batch, stochastic = gradient_evaluations(300_000, 300_000, 10), gradient_evaluations(300_000, 1, 300_000)
print(
    f"10 full-batch steps: {batch:,} gradients; 300,000 single steps: {stochastic:,}; "
    f"ratio {batch / stochastic:g}"
)
print(f"batches of 100: {steps_per_epoch(300_000, 100):,} updates per epoch")
assert (batch, stochastic, steps_per_epoch(300_000, 100)) == (3_000_000, 300_000, 3000)
assert gradient_evaluations(300_000, 100, 3000) == 300_000

# Is 3000 also the number of steps until convergence? On ½·k·w² with noisy slopes, steps until |w| < 0.1:
until = {}
for k in (1.0, 0.1, 0.01):
    rng, w, until[k] = np.random.default_rng(0), 5.0, 0
    while abs(w) >= 0.1:
        w -= 0.03 * (k * w + 0.1 * rng.normal())
        until[k] += 1
print(f"steps until near the minimum, for curvature 1, 0.1, 0.01: {list(until.values())}")
assert until[1.0] < 300 < 3000 < until[0.01]

# %% [markdown]
# > **What the notes got wrong: 3000 iterations.** With batches of 100 the note has "3000 iterations instead
# > of 300,000", as if training ended after one pass. 3000 is the number of updates *per epoch*. How many
# > epochs are needed depends on the landscape, not on the division.
#
# ### Batch descent and SGD are two things
#
# Let us build a data set on which the truth is known: linear regression with 30,000 examples. Its loss is a
# bowl, and `np.linalg.lstsq` knows the bottom, so we can measure the **excess loss**, how far above the
# minimum we are. The inputs' directions have curvatures from 1 down to $1/\kappa$.


# %% tags=["given"]
class Regression:
    """Linear regression on random data: curvatures from 1 down to 1/κ, and noise in the targets."""

    def __init__(self, kappa, n=30_000, size=10, seed=0):
        rng = np.random.default_rng(seed)
        self.curvature = np.geomspace(1.0, 1 / kappa, size)
        self.x = rng.normal(size=(n, size)) * np.sqrt(self.curvature)
        self.y = self.x @ (rng.normal(size=size) / np.sqrt(self.curvature)) + 0.1 * rng.normal(size=n)
        self.n, self.start = n, {"w": np.zeros(size)}
        self.best = np.linalg.lstsq(self.x, self.y, rcond=None)[0]
        self.hessian = self.x.T @ self.x / n

    def gradient(self, w, rows=slice(None)):
        x = self.x[rows]
        return x.T @ (x @ w - self.y[rows]) / len(x)

    def excess(self, params):
        """How far the loss is above its minimum."""
        off = params["w"] - self.best
        return float(off @ self.hessian @ off) / 2

    def loss_and_gradient(self, params):
        return self.excess(params), {"w": self.gradient(params["w"])}

    def epoch(self, rng, size, step, params, state):
        """One pass in mini-batches of that size."""
        for rows in minibatches(rng, self.n, size):
            params, state = step(params, {"w": self.gradient(params["w"], rows)}, state)
        return params, state


# %% component=["OP-02", "OP-03", "OP-04"] erratum=["E07"] tags=["experiment"]
problem = Regression(kappa=4, n=200, size=2)
step = functools.partial(sgd_step, rate=0.3)
ways = {"all 200 examples": [], "one random example": []}
for seed in range(4):
    rng, whole, single = np.random.default_rng(seed), [problem.start], [problem.start]
    for row in rng.integers(problem.n, size=25):
        whole.append(step(whole[-1], {"w": problem.gradient(whole[-1]["w"])}, {})[0])
        single.append(step(single[-1], {"w": problem.gradient(single[-1]["w"], [row])}, {})[0])
    ways["all 200 examples"].append(points(whole))
    ways["one random example"].append(points(single))
spread = {name: float(np.std([way[-1] for way in four], axis=0).max()) for name, four in ways.items()}
shown = {name: round(s, 4) for name, s in spread.items()}
print(f"where four runs end, standard deviation: {shown}")
assert spread["all 200 examples"] == 0 < 0.01 < spread["one random example"]

figure, axes = plt.subplots(figsize=(5.6, 3.8))
for (name, four), colour in zip(ways.items(), (BLUE, ORANGE)):
    for k, way in enumerate(four):
        axes.plot(way[:, 0], way[:, 1], "o-", ms=2.5, lw=1, color=colour, label=name if k == 0 else None)
axes.plot(*problem.best, "k*", ms=12, label="lowest point", zorder=5)
axes.set(title="Four runs each: one path of batch descent, four of SGD", xlabel="$w_1$", ylabel="$w_2$")
axes.legend()
show(
    "Four runs each from one start to the lowest point: those of batch descent are one smooth line, those "
    "of SGD wander around it separately."
)

# %% [markdown]
# > **What the notes got wrong: "gradient descent, also called SGD".** The *S* is not a decoration. Gradient
# > descent on the whole loss is deterministic: four runs, one path. SGD follows a random estimate of the
# > gradient, and every run is different.
#
# ### Does batch descent reach the bottom?
#
# On a convex loss it does, and every step shrinks the excess by about the same factor: *linear
# convergence*. The small print is the rate, which must stay below $2/L$, where $L$ is the largest
# curvature.

# %% component=["OP-04"] claim=["C-OP-17"] erratum=["E92"] tags=["experiment"]
problem = Regression(kappa=4)
L = np.linalg.eigvalsh(problem.hessian).max()
ends = {}
for share in (1.0, 1.9, 2.1):
    descent = functools.partial(sgd_step, rate=share / L)
    path, excess = minimise(problem.loss_and_gradient, problem.start, descent, 120)
    ends[share] = excess[-1]
    print(f"rate {share}/L: the excess goes from {excess[0]:.2f} to {excess[-1]:.1e} in 120 steps")
assert ends[1.0] < 1e-20 and ends[1.9] < 1e-4
assert ends[2.1] > 1e3  # "must reach the global optimum" fails here

# %% [markdown]
# > **What the notes got wrong: "must reach the global optimum".** On a convex loss batch descent reaches
# > the minimum *if the rate is below $2/L$*. Just above, it runs away from it, convex or not.
#
# ### And SGD?
#
# Close to the bottom the slope of the whole loss is almost zero, but the slopes of single examples are not:
# they pull in all directions and cancel only on average. With a constant rate SGD therefore never comes to
# rest. It hovers at a height proportional to the rate: the **noise floor**. Halve the rate and the floor
# sinks by half. Let the rate fall like $1/t$, and SGD converges after all (Robbins & Monro, 1951).

# %% component=["OP-03", "OP-04"] claim=["C-OP-16"] tags=["experiment"]
problem = Regression(kappa=4, n=10_000, size=5)
L = np.linalg.eigvalsh(problem.hessian).max()
descent = functools.partial(sgd_step, rate=1 / L)
_, by_batch = minimise(problem.loss_and_gradient, problem.start, descent, 30)
shrink = by_batch[11:21] / by_batch[10:20]
print(f"batch descent: every step multiplies the excess by {shrink.min():.3f} to {shrink.max():.3f}")
assert np.ptp(shrink) < 0.05 and shrink.max() < 0.7


def by_single_examples(rate_at, epochs, seed):
    """The excess on the way of SGD, every 50 steps."""
    rng, params, taken, heights = np.random.default_rng(seed), problem.start, 0, []
    for _ in range(epochs):
        for rows in minibatches(rng, problem.n, 1):
            params, _ = sgd_step(params, {"w": problem.gradient(params["w"], rows)}, {}, rate_at(taken))
            taken += 1
            if taken % 50 == 0:
                heights.append(problem.excess(params))
    return np.array(heights)


floors = {}
figure, axes = plt.subplots()
for rate, colour in zip((0.02, 0.01, 0.005), (ORANGE, PURPLE, SKY)):
    runs = [by_single_examples(lambda t, rate=rate: rate, 2, seed) for seed in (1, 2, 3)]
    floors[rate] = np.array([run[200:].mean() for run in runs])  # the second epoch of each run
    heights = runs[0]
    axes.semilogy(np.arange(1, len(heights) + 1) / 200, heights, color=colour, lw=0.8, label=f"rate {rate}")
falling = by_single_examples(lambda t: 0.1 / (1 + 0.1 * t / 8), 2, seed=1)
axes.semilogy(np.arange(1, len(falling) + 1) / 200, falling, color=GREEN, label="rate falling like 1/t")
axes.semilogy(np.arange(1, 31), by_batch[1:], "o-", color=BLUE, ms=3, label="batch descent")
axes.set(
    title="SGD hovers above a floor that sinks with the rate; batch descent has none",
    xlabel="passes over the data",
    ylabel="excess loss",
    xlim=(0, 20),
    ylim=(1e-8, 5),
)
axes.set_xscale("symlog", linthresh=3)
axes.set_xticks([0, 1, 2, 3, 10, 20], ["0", "1", "2", "3", "10", "20"])
axes.legend(fontsize="small", loc="lower right")
show(
    "The excess loss over passes through the data: SGD with constant rates hovers above floors that sink "
    "with the rate; a falling rate and batch descent go on down."
)
ratios = np.concatenate([floors[0.02] / floors[0.01], floors[0.01] / floors[0.005]])
shown = {rate: f"{three.min():.1e} to {three.max():.1e}" for rate, three in floors.items()}
print(
    f"noise floors in three runs each: {shown}; halving the rate divides them by {ratios.min():.2f} to "
    f"{ratios.max():.2f}; the falling rate ends at {falling[-20:].mean():.1e}"
)
assert ratios.min() > 1.6 and ratios.max() < 2.5
assert falling[-20:].mean() < floors[0.005].min() / 3

# %% [markdown]
# ### Is SGD really ten times cheaper?
#
# Back to the note's example: ten batch steps against one pass of SGD, a tenth of the cost. Who is lower at
# the end? Both get a good rate. Take a round bowl ($\kappa = 1$) and a ravine ($\kappa = 100$).

# %% component=["OP-05", "OP-03"] claim=["C-OP-15"] erratum=["E90"] tags=["experiment"]
heights = {}
for kappa in (1, 100):
    problem = Regression(kappa)
    L = np.linalg.eigvalsh(problem.hessian).max()
    descent = functools.partial(sgd_step, rate=1 / L)
    _, excess = minimise(problem.loss_and_gradient, problem.start, descent, 10)
    ends = []
    for seed in range(3):
        single = functools.partial(sgd_step, rate=0.01)
        ends.append(
            problem.excess(problem.epoch(np.random.default_rng(seed), 1, single, problem.start, {})[0])
        )
    heights[kappa] = {"start": excess[0], "batch": excess[10], "SGD": max(ends)}
    print(
        f"κ = {kappa:<3}: excess {excess[0]:.2f} at the start; "
        f"{excess[10]:.1e} after 10 batch steps (300,000 "
        f"gradients); {min(ends):.1e} to {max(ends):.1e} after one pass of SGD (30,000; 3 seeds)"
    )
assert heights[1]["batch"] < 1e-4 and heights[1]["SGD"] < 5e-3  # round: ten batch steps do very well
assert heights[100]["batch"] > 30 * heights[100]["SGD"]  # ravine: SGD is far ahead, at a tenth of the cost

# %% [markdown]
# > **What the notes got wrong: a guarantee.** The arithmetic is right, but "SGD is sure to have converged
# > by then" and "ten iterations" are assumptions. In the round bowl ten batch steps reach the bottom and
# > SGD still hovers; in the ravine ten batch steps have hardly begun. The condition number decides.
#
# ### Does noise help or hurt?
#
# The notes contradict each other here. One says that SGD may end in a local minimum, since one example does
# not represent the trend. Another praises its randomness for *escaping* from local minima. Let us try both
# in the same landscape, a double well whose right-hand valley is the higher one, starting in that valley.


# %% component=["OP-03"] erratum=["E86"] tags=["experiment"]
def double_well_slope(x):
    return 4 * x * (x**2 - 1) + 0.3


escaped = {}
for noise in (0.0, 2.0, 5.0, 8.0):
    rng, x = np.random.default_rng(0), np.full(400, 0.96)  # 400 runs side by side
    for t in range(2000):
        x = x - 0.02 * (1 - t / 2000) * (double_well_slope(x) + noise * rng.normal(size=400))
    escaped[noise] = float(np.mean(x < 0))
    print(
        f"noise {noise:.0f}: {100 * escaped[noise]:3.0f} % of 400 runs leave the higher valley for the "
        "lower one"
    )
assert escaped[0.0] == 0 and escaped[2.0] < 0.3 and 0.55 < escaped[8.0] < 0.98

# %% [markdown]
# > **What the notes got wrong: escape or trap?** Both happen. With little noise SGD stays in the valley
# > where it began; with more it often finds the lower one, and some runs still end in the higher one. Noise
# > is a chance, not a promise.
#
# ### How large a batch?
#
# The mean of $B$ independent gradients has a standard deviation that falls like $1/\sqrt B$: for half the
# noise one pays four times as much. And once the direction is nearly right, making it a little more right
# hardly changes the step.

# %% component=["OP-07", "OP-08"] claim=["C-OP-18", "C-OP-19"] tags=["experiment"]
problem, rng = Regression(kappa=4), np.random.default_rng(0)
full = problem.gradient(problem.best + 0.05)
sizes, noise, cosine = np.array([1, 10, 100, 1000, 10_000]), [], []
for size in sizes:
    some = [problem.gradient(problem.best + 0.05, rng.integers(problem.n, size=size)) for _ in range(200)]
    noise.append(float(np.std(some, axis=0).mean()))
    lengths = np.linalg.norm(some, axis=1) * np.linalg.norm(full)
    cosine.append(float(np.mean(some @ full / lengths)))
exponent = np.polyfit(np.log(sizes), np.log(noise), 1)[0]
print(f"noise {np.round(noise, 4).tolist()} for B = {sizes.tolist()}: it falls like B^{exponent:.3f}")
print(f"mean cosine to the full gradient {np.round(cosine, 4).tolist()}")
assert abs(exponent + 0.5) < 0.03
gains = np.diff(cosine)
assert np.all(gains > 0) and gains[-1] < 0.05 < gains[0]

figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.3))
left.loglog(sizes, noise, "o-")
left.loglog(sizes, noise[0] / np.sqrt(sizes), ":", color=GREY, label="slope −½")
left.set(
    title="A hundred times the batch, a tenth of the noise",
    xlabel="batch size B",
    ylabel="noise of the gradient",
)
left.legend()
right.semilogx(sizes, cosine, "o-", color=ORANGE)
right.set(
    title="Beyond some size the direction hardly changes",
    xlabel="batch size B",
    ylabel="cosine to full gradient",
)
show(
    "Left, the noise of the gradient falls with the root of the batch size. Right, the cosine to the full "
    "gradient rises to 1 and hardly changes any more."
)

# %% [markdown]
# Per *example*, large batches are cheaper: one product of large matrices instead of many small ones. Let us
# time an epoch of a 784-100-10 network.

# %% component=["OP-06", "OP-07"] claim=["C-OP-20"] tags=["experiment"]
rng = np.random.default_rng(0)
x, targets = rng.normal(size=(1500, 784)), np.eye(10)[rng.integers(10, size=1500)]
timed = {}
for size in (1, 10, 100, 500, 1500):
    durations = []
    for _ in range(4):
        began = time.perf_counter()
        params = {"W1": 0.03 * rng.normal(size=(784, 100)), "W2": 0.1 * rng.normal(size=(100, 10))}
        for rows in minibatches(rng, 1500, size):
            a = np.tanh(x[rows] @ params["W1"])
            off = (a @ params["W2"] - targets[rows]) / len(rows)
            grads = {"W2": a.T @ off, "W1": x[rows].T @ (off @ params["W2"].T * (1 - a**2))}
            params, _ = sgd_step(params, grads, {}, 0.01)
        durations.append(time.perf_counter() - began)
    timed[size] = min(durations)
    print(
        f"B = {size:<5}: {1e3 * timed[size]:7.1f} ms per epoch, "
        f"{1e6 * timed[size] / steps_per_epoch(1500, size):7.0f} µs per step"
    )
# Times depend on the machine and on who else is using it; a factor of 2 must be there anyway.
assert timed[1] > 2 * min(timed[10], timed[100], timed[500])

# %% [markdown]
# So larger is better? Not in *epochs*: a larger batch means fewer updates per pass. At the same rate, one
# pass in batches of 10 makes 3000 steps, and one pass over everything makes one.

# %% component=["OP-08", "OP-07"] claim=["C-OP-21"] erratum=["E93"] tags=["experiment"]
problem = Regression(kappa=100)
step = functools.partial(sgd_step, rate=0.1)
after_one = {}
for size in (10, 100, 1000, 30_000):
    ends = [
        problem.excess(problem.epoch(np.random.default_rng(s), size, step, problem.start, {})[0])
        for s in range(3)
    ]
    after_one[size] = float(np.mean(ends))
shown = {size: float(f"{e:.3g}") for size, e in after_one.items()}
print(f"excess after one epoch, rate 0.1: {shown}")
heights = list(after_one.values())
assert all(2 * a < b for a, b in zip(heights[:2], heights[1:3])) and heights[2] < heights[3]

epochs, seconds = {}, {}
for size in (1, 10, 100):
    rng, params, state, epochs[size], began = (
        np.random.default_rng(0),
        problem.start,
        {},
        0,
        time.perf_counter(),
    )
    small = functools.partial(sgd_step, rate=0.002 * size)  # every size with a rate to match
    while problem.excess(params) > 0.01:
        params, state = problem.epoch(rng, size, small, params, state)
        epochs[size] += 1
    seconds[size] = time.perf_counter() - began
shown = {k: round(s, 2) for k, s in seconds.items()}
print(f"until the excess is below 0.01: epochs {epochs}, seconds {shown}")
assert max(epochs.values()) <= 4 * min(epochs.values())
assert min(seconds[10], seconds[100]) < seconds[1]  # not more time

# %% [markdown]
# > **What the notes got wrong: "large batches take much more time".** At the same rate they need more
# > *epochs*, since they make fewer updates. With a rate that fits the batch they need about as many, and
# > each epoch is *faster*.
#
# ### A rate that falls
#
# Large rates travel fast, small ones have a low floor. Why not both: start large, then drop. The simplest
# **schedule** is a staircase. *On paper.* 0.8, halved every 10 epochs: epochs 0 to 9 run at 0.8, epochs 10
# to 19 at 0.4, epoch 20 at 0.2. The epochs count from 0, and the first drop is at $t = 10$ exactly.

# %% exercise="step_decay" component=["OP-17"]

# %% component=["OP-17", "OP-03"] tags=["experiment"]
problem = Regression(kappa=20, n=3000)
schedules = {
    "constant 0.16": lambda t: 0.16,
    "constant 0.005": lambda t: 0.005,
    "0.16, halved every 2 epochs": lambda t: step_decay(0.16, t, 2),
}
figure, axes = plt.subplots()
lowest = {}
for (name, rate_at), colour in zip(schedules.items(), (ORANGE, SKY, BLUE)):
    heights = []
    for seed in range(3):
        rng, params, run = np.random.default_rng(seed), problem.start, []
        for epoch in range(14):
            step = functools.partial(sgd_step, rate=rate_at(epoch))
            params, _ = problem.epoch(rng, 3, step, params, {})
            run.append(problem.excess(params))
        heights.append(run)
    lowest[name] = float(np.mean(np.array(heights)[:, -1]))
    axes.semilogy(range(1, 15), np.mean(heights, axis=0), "o-", color=colour, ms=3.5, label=name)
axes.set(
    title="A staircase is fast first and quiet later", xlabel="epoch", ylabel="excess loss (mean of 3 runs)"
)
axes.legend()
show(
    "The excess loss over the epochs for three schedules: the staircase falls as fast as the high rate at "
    "first and ends lower."
)
print({name: f"{e:.1e}" for name, e in lowest.items()})
assert lowest["0.16, halved every 2 epochs"] < lowest["constant 0.16"] / 10

# %% [markdown]
# ## 3. Place your bets
#
# So far every step was *rate times gradient*. Here are five rules that remember something. Read the
# formulas, play with numbers on paper, and predict what the rules will do. You will write and run all of
# them in the rest of the chapter.
#
# | rule | remembers | then steps by |
# |---|---|---|
# | momentum | $V \leftarrow \mu V - \alpha g$ | $V$ |
# | Nesterov | the same, with $g$ taken at $W + \mu V$ | $V$ |
# | Adagrad | $c \leftarrow c + g^2$ | $-\alpha\,g/(\sqrt c + \varepsilon)$ |
# | RMSProp | $c \leftarrow \gamma c + (1 - \gamma)\,g^2$ | $-\alpha\,g/(\sqrt c + \varepsilon)$ |
# | Adam | $m \leftarrow \beta_1 m + (1 - \beta_1) g$ and $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$ | $-\alpha\,\hat m/(\sqrt{\hat v} + \varepsilon)$ |
#
# (Adam's hats are a correction: $\hat m = m/(1 - \beta_1^t)$ and $\hat v = v/(1 - \beta_2^t)$.)

# %% exercise="optimizers_predictions" component=["OP-11", "OP-16"]

# %% [markdown]
# ## 4. Momentum: a ball with inertia
#
# In a ravine descent zigzags: across, the slope changes sign at every step; along, it always points the
# same way. If we *remembered* the last steps, the zigzags would cancel and the way along would add up. That
# is what a heavy ball does. Give every weight a **velocity** $V$ (Polyak, 1964):
#
# $$V \leftarrow \mu\,V - \alpha\,\frac{\partial \text{Loss}}{\partial W}, \qquad W \leftarrow W + V .$$
#
# $\mu$, usually 0.9, is the share of the velocity that survives a step; $1 - \mu$ is friction.
#
# *On paper.* Slope 1 everywhere, $\alpha = \tfrac12$, $\mu = \tfrac12$, from $W = 4$: $V = -0.5$, then
# $-0.75$, then $-0.875$; $W = 3.5,\ 2.75,\ 1.875$. The velocity builds up: $1 + \mu + \mu^2 + \dots \to
# 1/(1 - \mu)$, so that the steps become $\alpha/(1 - \mu)$ long, ten times $\alpha$ for $\mu = 0.9$.

# %% exercise="momentum_step" component=["OP-09"]


# %% tags=["given"]
def constant_slope(step, slopes):
    """Where one weight, starting at 0, is after each of the given slopes."""
    w, state, way = {"w": np.zeros(1)}, {}, [0.0]
    for slope in slopes:
        w, state = step(w, {"w": np.array([slope])}, state)
        way.append(float(w["w"][0]))
    return np.array(way)


# %% component=["OP-09"] claim=["C-OP-04", "C-OP-05"] tags=["experiment"]
way = constant_slope(functools.partial(momentum_step, rate=0.01, momentum=0.9), np.ones(400))
print(
    f"slope 1, rate 0.01, momentum 0.9: "
    f"the steps grow from {-np.diff(way)[0]:.4f} to {-np.diff(way)[-1]:.4f}; "
    f"rate/(1 − momentum) = {0.01 / (1 - 0.9):.4f}"
)
assert abs(np.diff(way)[-1] + 0.1) < 1e-9

onward = {}
figure, axes = plt.subplots()
for share, colour in ((0.9, BLUE), (0.99, ORANGE)):
    slopes = np.append(np.ones(2000), -np.ones(150))
    way = constant_slope(functools.partial(momentum_step, rate=0.01, momentum=share), slopes)
    steps = np.diff(way)[2000:]
    onward[share] = int(np.argmax(steps > 0))
    print(
        f"momentum {share}: after the slope has turned it goes on for {onward[share]} steps "
        f"(ln 2 / −ln μ = {math.log(2) / -math.log(share):.1f})"
    )
    axes.plot(
        range(-20, 150), np.diff(way)[1980:] / np.abs(np.diff(way)[1999]), color=colour, label=f"μ = {share}"
    )
assert (
    abs(onward[0.9] - math.log(2) / -math.log(0.9)) < 1
    and abs(onward[0.99] - math.log(2) / -math.log(0.99)) < 1
)
axes.axhline(0, color=GREY, lw=1)
axes.axvline(0, color=GREY, lw=1, ls=":")
axes.set(
    title="The slope turns at 0; the ball goes on for a while",
    xlabel="steps since the slope turned",
    ylabel="step / largest step",
)
axes.legend()
show(
    "Steps after the slope has turned, for momentum 0.9 and 0.99: both still go on the old way, the "
    "latter for ten times as long."
)

# %% [markdown]
# ### Down the ravine
#
# The walls of our ravine allow momentum 0.9 a rate of almost $2(1 + \mu)/100 = 0.038$; let us be fair and
# give both rules about the same.

# %% component=["OP-09", "OP-16"] claim=["C-OP-01"] tags=["experiment"]
best = {"share": ((10 - 1) / (10 + 1)) ** 2, "rate": (2 / (10 + 1)) ** 2}  # Polyak's best for κ = 100
runs = {
    "descent": functools.partial(sgd_step, rate=0.0198),
    "momentum 0.9": functools.partial(momentum_step, rate=0.02, momentum=0.9),
    "momentum, tuned": functools.partial(momentum_step, rate=best["rate"], momentum=best["share"]),
}
needed = {}
figure, axes = plt.subplots()
for (name, step), colour in zip(runs.items(), (GREY, BLUE, GREEN)):
    path, losses = minimise(ravine, start, step, 500)
    needed[name] = steps_until_near(path)
    axes.semilogy(losses[:400], color=colour, label=f"{name}: {needed[name]} steps to 0.001")
axes.set(title="Inertia pays in a ravine", xlabel="step", ylabel="loss", ylim=(1e-12, 100))
axes.legend()
show(
    "The loss in a ravine over the steps, on a logarithmic axis: plain descent is slowest, momentum "
    "faster, Nesterov fastest and smoothest."
)
print(f"steps until within 0.001 of the minimum, κ = 100: {needed}")
first = int(
    np.argmax(np.abs(points(minimise(ravine, start, runs["momentum 0.9"], 500)[0])).max(axis=1) < 1e-3)
)
print(f"(momentum 0.9 first passes so near after {first} steps, and swings out again)")
assert needed["momentum 0.9"] < needed["descent"] / 2 and needed["momentum, tuned"] < needed["descent"] / 4

# %% [markdown]
# ### A ball indeed
#
# A ball of mass 1 in a landscape $f$, with friction $\gamma$, obeys Newton's law $\ddot x = -f'(x) -
# \gamma\dot x$. Take time steps $h$: the velocity times $h$ is our $V$, $\alpha = h^2$ and $\mu = 1 -
# \gamma h$. So the momentum rule *is* a simulation of a ball, and can be compared with the solution from
# the physics book. Like a ball it rolls through a small dip in which descent gets stuck.

# %% component=["OP-09"] tags=["experiment"]
h, friction, spring = 0.01, 0.4, 1.0
step = functools.partial(momentum_step, rate=h**2, momentum=1 - friction * h)
ball = points(minimise(bowl(np.array([spring])), {"w": np.array([1.0])}, step, 2000)[0])[:, 0]
t, pace = h * np.arange(2001), math.sqrt(spring - friction**2 / 4)
physics = np.exp(-friction * t / 2) * (np.cos(pace * t) + friction / (2 * pace) * np.sin(pace * t))
print(
    f"momentum against the damped oscillator of physics: "
    f"largest difference {np.abs(ball - physics).max():.4f}"
)
assert np.abs(ball - physics).max() < 0.02


def dented(params):
    """A slope with a dip near x = 1, down to the lowest point near x = −1."""
    x = params["w"]
    return float(np.sum(0.1 * (x + 1) ** 2 - 0.15 * np.exp(-8 * (x - 1) ** 2))), {
        "w": 0.2 * (x + 1) + 2.4 * (x - 1) * np.exp(-8 * (x - 1) ** 2)
    }


ends = {}
for name, step in (
    ("descent", functools.partial(sgd_step, rate=0.05)),
    ("momentum", functools.partial(momentum_step, rate=0.05, momentum=0.9)),
):
    ends[name] = points(minimise(dented, {"w": np.array([3.0])}, step, 1000)[0])[:, 0]
print(
    f"from x = 3 over a dip near 1: descent ends at {ends['descent'][-1]:+.3f}, "
    f"momentum at {ends['momentum'][-1]:+.3f}"
)
assert ends["descent"][-1] > 0.5 and abs(ends["momentum"][-1] + 1) < 0.01

w, factor = np.array([1.0]), 0.0  # the note's wording: a "factor" added to the current derivative
for _ in range(30):
    derivative = w  # of ½w²
    factor = 0.9 * factor + derivative
    w = w + (factor + derivative)
print(f"the note's wording, taken literally, on ½w²: after 30 steps w = {w[0]:.1e}")
assert abs(w[0]) > 1e3

x = np.linspace(-2.2, 3.2, 300)
figure, (left, right) = plt.subplots(1, 2, figsize=(8.8, 3.4))
left.plot(t, physics, color=GREY, lw=4, label="physics")
left.plot(t, ball, color=BLUE, lw=1.2, label="momentum_step")
left.set(title="The rule simulates a ball with friction", xlabel="time", ylabel="position")
left.legend()
right.plot(x, [dented({"w": np.array([v])})[0] for v in x], color=GREY)
for (name, way), colour, mark in zip(ends.items(), (ORANGE, BLUE), ("s", "o")):
    right.plot(way[-1], dented({"w": way[-1:]})[0], mark, color=colour, ms=9, label=f"{name} ends here")
right.set(title="It rolls through a dip that stops descent", xlabel="x", ylabel="loss")
right.legend()
show(
    "Left, the position over time by physics and by the momentum rule: one curve. Right, a landscape with "
    "a dip: descent stops in it, momentum has rolled on to the bottom."
)

# %% [markdown]
# ### Nesterov: look before you leap
#
# Momentum knows where it will be carried: to about $W + \mu V$. So why ask for the slope *here*? Nesterov
# (1983) asks for it *there*, and brakes before the wall instead of on it:
#
# $$V \leftarrow \mu\,V - \alpha\,\nabla\text{Loss}(W + \mu V), \qquad W \leftarrow W + V .$$
#
# *On paper.* Loss $w^2$, $\alpha = \tfrac14$, $\mu = \tfrac12$, from $w = 8$ at rest. First step: look
# ahead at 8, slope 16, $V = -4$, $w = 4$. Second: look ahead at $4 - 2 = 2$, slope 4, $V = -2 - 1 = -3$, $w
# = 1$. Third: look ahead at $1 - 1.5 = -0.5$, slope $-1$, $V = -1.5 + 0.25 = -1.25$, $w = -0.25$.
#
# Since the slope is wanted at a place that only the rule knows, the rule gets the gradient as a *function*.

# %% exercise="nesterov_step" component=["OP-10"]

# %% component=["OP-10", "OP-16"] claim=["C-OP-02"] tags=["experiment"]
slope, k = (lambda params: {"w": 10 * params["w"]}), 10.0
ways = {}
for name in ("momentum", "Nesterov"):
    params, state, way = {"w": np.array([1.0])}, {}, [1.0]
    for _ in range(150):
        if name == "momentum":
            params, state = momentum_step(params, slope(params), state, 0.01, 0.9)
        else:
            params, state = nesterov_step(params, slope, state, 0.01, 0.9)
        way.append(float(params["w"][0]))
    ways[name] = np.array(way)
swings = {}
for name, way in ways.items():
    settled = int(np.flatnonzero(np.abs(way) > 0.01)[-1]) + 1
    swings[name] = (way.min(), np.abs(np.diff(way)).sum(), settled)
    print(
        f"{name}: overshoots to {way.min():.3f}, travels {swings[name][1]:.2f} in all, "
        f"within 0.01 for good after {settled} steps"
    )
assert abs(swings["momentum"][0] + 0.604) < 0.005 and abs(swings["Nesterov"][0] + 0.355) < 0.005
assert (
    swings["Nesterov"][1] < 0.6 * swings["momentum"][1]
    and swings["Nesterov"][2] < 0.7 * swings["momentum"][2]
)

plt.plot(ways["momentum"], color=ORANGE, label="momentum")
plt.plot(ways["Nesterov"], color=BLUE, label="Nesterov")
plt.axhline(0, color=GREY, lw=1)
plt.gca().set(
    title="Looking ahead, Nesterov brakes earlier and swings less",
    xlabel="step",
    ylabel="w (0 is the bottom)",
)
plt.legend()
show(
    "Two swinging curves around 0: Nesterov's swings are smaller and die out earlier than those of "
    "momentum."
)

# %% [markdown]
# ### The same rule for everyday use
#
# A gradient *function* is a nuisance: every other rule simply gets the gradient. The trick (Bengio and
# others, 2013) is to let the program's parameters be the look-ahead point $P = W + \mu V$ itself. Then the
# gradient *is* taken where the parameters are. Put $W = P - \mu V$ into the rule, with old and new $V$:
#
# $$P_\text{new} = W_\text{new} + \mu V_\text{new} = (P - \mu V_\text{old}) + V_\text{new} + \mu V_\text{new}
# = P + \mu V_\text{new} - \alpha\,g(P).$$
#
# The last equality uses $V_\text{new} - \mu V_\text{old} = -\alpha\,g$. This is what libraries call
# Nesterov.

# %% exercise="nesterov_rewritten_step" component=["OP-10"]

# %% component=["OP-10", "OP-16"] claim=["C-OP-03"] tags=["experiment"]
low, apart = {}, 0.0
for rate in (0.005, 0.01, 0.012, 0.02):
    for name, rule in (("momentum", momentum_step), ("Nesterov", nesterov_rewritten_step)):
        _, losses = minimise(ravine, start, functools.partial(rule, rate=rate, momentum=0.9), 400)
        high = np.flatnonzero(~(losses <= 1e-3))[-1]
        low[name, rate] = int(high) + 1 if high < 400 else None
params, state = start, {}
path, _ = minimise(ravine, start, functools.partial(nesterov_rewritten_step, rate=0.01, momentum=0.9), 100)
for point in path[1:]:
    params, state = nesterov_step(params, lambda p: ravine(p)[1], state, 0.01, 0.9)
    apart = max(apart, np.abs(point["w"] - params["w"] - 0.9 * state["velocity"]["w"]).max())
print(f"both forms of Nesterov along 100 steps: they differ by at most {apart:.0e}")
for rate in (0.005, 0.01, 0.012, 0.02):
    print(
        f"rate {rate}: the loss stays below 0.001 after {low['momentum', rate]} steps of momentum, "
        f"{low['Nesterov', rate]} of Nesterov"
    )
assert apart < 1e-10
assert all(low["Nesterov", rate] < 0.6 * low["momentum", rate] for rate in (0.005, 0.01, 0.012))
assert low["Nesterov", 0.02] is None and low["momentum", 0.02] is not None  # less stable at high rates

# %% [markdown]
# Nesterov's loss is low, for good, after about half as many steps, as long as the rate is moderate. At
# 0.02, where momentum is fine, it diverges: it looks ahead *and* leaps too far. No rule is better at
# everything.
#
# **Turn the knobs.** Forty steps in a ravine that is twenty times steeper across than along. Find the fastest
# pair of rate and momentum, and one that runs away.

# %%
def path_in_a_ravine(rate, momentum):
    slopes, place, velocity = np.array([1.0, 20.0]), np.array([-4.0, 1.0]), np.zeros(2)
    path = [place]
    for _ in range(40):
        velocity = momentum * velocity - rate * slopes * place
        place = np.clip(place + velocity, -1e6, 1e6)
        path.append(place)
    across, up = np.meshgrid(np.linspace(-5, 5, 80), np.linspace(-2, 2, 60))
    plt.figure(figsize=(6, 2.6))
    plt.contour(across, up, across**2 / 2 + 10 * up**2, levels=12, colors=[GREY], linewidths=0.6)
    plt.plot(*np.array(path).T, "o-", color=ORANGE, markersize=3)
    plt.xlim(-5, 5)
    plt.ylim(-2, 2)
    plt.title(f"distance after 40 steps: {np.linalg.norm(place):.3g}")
    return f"A path in a ravine, rate {rate:g}, momentum {momentum:g}: it ends {np.linalg.norm(place):.3g} away."


with_knobs(path_in_a_ravine, rate=[0.01, 0.02, 0.04, 0.06, 0.08, 0.11], momentum=[0, 0.5, 0.7, 0.9, 0.95, 0.99])

# %% [markdown]
# ## 5. A rate for every weight
#
# Why should all weights share one rate? Think of a text classifier. The weight of the word "the" is pulled
# in every batch; that of "aardvark" once a month. One rate is too large for the first or too small for the
# second. **Adaptive** rules give each weight a rate of its own: the base rate over the root of collected
# squared gradients, $c$.
#
# *On paper.* Base rate 6, $\varepsilon = 1$, $c = (4, 25, 0)$: the rates are $6/(2 + 1) = 2$, $6/(5 + 1) =
# 1$, and $6/(0 + 1) = 6$ for the weight that has never been pulled.

# %% exercise="effective_rate" component=["OP-11", "OP-15"]

# %% [markdown]
# ### Adagrad: whoever has moved much moves less
#
# The first answer to "which squares?" is: all of them (Duchi, Hazan & Singer, 2011).
#
# $$c \leftarrow c + g^2, \qquad W \leftarrow W - \frac{\alpha}{\sqrt c + \varepsilon}\,g .$$
#
# *On paper.* Slopes 3, then 4, base rate 1, $\varepsilon = 0$: the first step is $3/\sqrt 9 = 1$, the
# second $4/\sqrt{9 + 16} = 0.8$. The *first* step is always the base rate, however steep the slope.

# %% exercise="adagrad_step" component=["OP-12", "OP-15"]


# %% tags=["given"]
def rates_along(step, slopes, rate=1.0):
    """One weight's effective rates under the given slopes, after each step."""
    w, state, rates = {"w": np.zeros(1)}, {}, []
    for slope in slopes:
        w, state = step(w, {"w": np.array([slope])}, state)
        rates.append(float(effective_rate(state["squares"], rate)["w"][0]))
    return np.array(rates)


# %% component=["OP-12"] claim=["C-OP-06", "C-OP-09"] tags=["experiment"]
rates = rates_along(functools.partial(adagrad_step, rate=1.0), np.ones(1000))
print("Adagrad's rate under a slope of 1, t = 1, 10, 100, 1000:", rates[[0, 9, 99, 999]].round(4).tolist())
assert np.allclose(rates, 1 / np.sqrt(np.arange(1, 1001)), rtol=1e-6)

frequency, final = {"the": 1.0, "storm": 0.1, "aardvark": 0.01}, {}
for seed, (word, share) in enumerate(frequency.items()):
    pulled = (np.random.default_rng(seed).random(10_000) < share).astype(float)
    final[word] = rates_along(functools.partial(adagrad_step, rate=1.0), pulled)[-1]
    print(
        f"'{word}', pulled in {pulled.mean():7.2%} of 10,000 steps: "
        f"rate {final[word]:.4f} = 1/√{1 / final[word] ** 2:.0f}"
    )
    assert abs(final[word] * math.sqrt(pulled.sum()) - 1) < 1e-6
assert final["the"] < final["storm"] < final["aardvark"]

quiet, loud = (rates_along(functools.partial(adagrad_step, rate=1.0), g * np.ones(50))[-1] for g in (0.1, 10))
print(f"50 notable slopes (10) leave a rate of {loud:.4f}, 50 slight ones (0.1) a rate of {quiet:.2f}")
assert quiet / loud > 99  # a small cache belongs to a weight *without* notable updates

# %% [markdown]
# ### Who is who, and what exactly does it count?
#
# The same note calls **Nesterov** "short for adaptive gradient algorithm". That is *Adagrad*: ADAptive
# GRADient. The two could hardly be more different: under a constant slope one grows its steps and the other
# shrinks them. The note also says that the rate falls if a weight is updated "too many times". Two weights
# with equally many updates can tell whether it is the count that counts.

# %% component=["OP-12", "OP-10", "OP-15"] claim=["C-OP-12"] erratum=["E04", "E15"] tags=["experiment"]
nesterov = np.abs(np.diff(constant_slope(functools.partial(nesterov_rewritten_step, rate=0.1), np.ones(30))))
adagrad = np.abs(np.diff(constant_slope(functools.partial(adagrad_step, rate=0.1), np.ones(30))))
print(
    f"steps 2 to 30 under a constant slope: Nesterov {nesterov[1]:.3f} to {nesterov[-1]:.3f}, "
    f"Adagrad {adagrad[1]:.3f} to {adagrad[-1]:.3f}"
)
assert np.all(np.diff(nesterov) > 0) and np.all(np.diff(adagrad) < 0)

few_steep = rates_along(functools.partial(adagrad_step, rate=1.0), [10.0] * 5)[-1]
many_gentle = rates_along(functools.partial(adagrad_step, rate=1.0), [0.1] * 500)[-1]
print(f"5 updates with slope 10: rate {few_steep:.4f}; 500 updates with slope 0.1: rate {many_gentle:.4f}")
assert few_steep < many_gentle / 9  # a hundred times as many updates, and yet the larger rate

asleep = {"w": np.zeros(1)}
with np.errstate(invalid="ignore", divide="ignore"):
    without, _ = adagrad_step(asleep, asleep, {}, 0.1, epsilon=0.0)
    as_the_note_says = np.array([0.0]) / np.array([5.0])
with_epsilon, _ = adagrad_step(asleep, asleep, {}, 0.1)
print(
    f"a slope that has always been 0: the weight becomes {without['w'][0]} without ε, "
    f"{with_epsilon['w'][0]} with it; "
    f"a zero in the numerator alone is harmless: 0/5 = {as_the_note_says[0]}"
)
assert np.isnan(without["w"][0]) and with_epsilon["w"][0] == 0.0

# %% [markdown]
# > **What the notes got wrong: who is "adaptive gradient"?** Not Nesterov, as one note has it, but Adagrad.
# > Its rate depends on the *sum of the squared gradients*, not on the number of updates.
#
# ### RMSProp: a memory that fades
#
# Adagrad forgets nothing: $c$ only grows, and in a long training all rates die out. RMSProp (Tieleman &
# Hinton, 2012) lets the memory fade: $c$ becomes a weighted *mean* of the squares, in which old ones count
# less and less.
#
# $$c \leftarrow \gamma\,c + (1 - \gamma)\,g^2, \qquad
# W \leftarrow W - \frac{\alpha}{\sqrt c + \varepsilon}\,g .$$
#
# *On paper.* $\gamma = \tfrac34$, slopes 6, then 2: $c = \tfrac14\cdot 36 = 9$, then $\tfrac34\cdot 9 +
# \tfrac14\cdot 4 = 7.75$.

# %% exercise="rmsprop_step" component=["OP-13", "OP-15"]

# %% component=["OP-12", "OP-13"] claim=["C-OP-07", "C-OP-08"] erratum=["E05"] tags=["experiment"]
slopes = np.append(np.ones(100), 0.01 * np.ones(300))
waking = {
    "Adagrad": rates_along(functools.partial(adagrad_step, rate=1.0), slopes),
    "RMSProp": rates_along(functools.partial(rmsprop_step, rate=1.0, decay=0.9), slopes),
}
for name, rates in waking.items():
    print(f"{name}: rate {rates[99]:.4f} after 100 slopes of 1, {rates[-1]:.4f} after 300 more of 0.01")
assert waking["RMSProp"][-1] > 99 * waking["RMSProp"][99]
assert np.all(np.diff(waking["Adagrad"]) <= 0)  # "rises again for quiet weights" fails here
assert len(set(waking["Adagrad"])) > 390  # no longer *constant*; it changes continually, step by step

covered = {
    "Adagrad": -constant_slope(functools.partial(adagrad_step, rate=1.0), np.ones(1000))[-1],
    "RMSProp": -constant_slope(functools.partial(rmsprop_step, rate=1.0), np.ones(1000))[-1],
}
shown = {name: round(float(d), 1) for name, d in covered.items()}
print(f"covered in 1000 steps of slope 1: {shown}; 2√1000 = {2 * 1000**0.5:.1f}")
assert abs(covered["Adagrad"] - 2 * math.sqrt(1000)) < 2 and abs(covered["RMSProp"] - 1000) < 15

for (name, rates), colour in zip(waking.items(), (ORANGE, BLUE)):
    plt.semilogy(rates, color=colour, label=name)
plt.axvline(100, color=GREY, lw=1, ls=":")
plt.gca().set(
    title="The slope drops from 1 to 0.01 at step 100: only RMSProp wakes up",
    xlabel="step",
    ylabel="rate of the weight",
)
plt.legend()
show(
    "The weight's own rate over the steps, on a logarithmic axis: after the slope has dropped, Adagrad's "
    "stays low while RMSProp's climbs again."
)

# %% [markdown]
# > **What the notes got wrong: does Adagrad's rate recover?** "Large updates lower the rate, small ones
# > raise it", says one note, and two paragraphs later that the cache only grows. The second is right:
# > Adagrad's rate never rises, RMSProp's can. And where the note says that the rate is "no longer
# > *continuous*" (连续), read: no longer *constant*, but adapting *continually*.
#
# ## 6. Adam
#
# Adam (Kingma & Ba, 2015) joins the two ideas: a running mean of the gradients, like momentum, over the
# root of a running mean of their squares, like RMSProp. Both means start at 0, so at first they are too
# small. By how much? Under a constant slope $g$, after $t$ steps, $m = (1 - \beta_1^t)\,g$ exactly. So
# divide by that factor:
#
# $$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad
# W \leftarrow W - \alpha\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon} .$$
#
# This is the **bias correction**. *On paper.* $\beta_1 = 0.9$, $\beta_2 = 0.999$, first slope $g = 2$: $m =
# 0.2$ and $v = 0.004$, so $\hat m = 2$, $\hat v = 4$, and the step is $\alpha\cdot 2/2 = \alpha$. Without
# correction it would be $\alpha\cdot 0.2/\sqrt{0.004} = 3.16\,\alpha$. And in general the length of a step
# is about $\alpha$, whatever the unit of the loss.

# %% exercise="adam_step" component=["OP-14", "OP-15"]

# %% component=["OP-14"] claim=["C-OP-10"] erratum=["E02", "E03"] tags=["experiment"]
figure, axes = plt.subplots()
lengths = {}
for beta2, corrected, colour, label in (
    (0.999, True, BLUE, "corrected, β2 = 0.999 or 0.99"),
    (0.99, True, BLUE, None),
    (0.999, False, ORANGE, "uncorrected, β2 = 0.999 (the paper's)"),
    (0.99, False, PURPLE, "uncorrected, β2 = 0.99 (the note's)"),
):
    step = functools.partial(adam_step, rate=1.0, beta2=beta2, bias_correction=corrected)
    steps = -np.diff(constant_slope(step, np.ones(3000)))
    lengths[beta2, corrected] = steps
    axes.semilogx(np.arange(1, 3001), steps, color=colour, label=label)
    near = int(np.flatnonzero(np.abs(steps - 1) > 0.05)[-1]) + 2 if np.any(np.abs(steps - 1) > 0.05) else 1
    print(
        f"β2 = {beta2}, {'' if corrected else 'un'}corrected: "
        f"first step {steps[0]:.3f} rates, longest {steps.max():.3f} "
        f"(t = {steps.argmax() + 1}), within 5 % from t = {near} on"
    )
    t = np.arange(1, 3001)
    if not corrected:
        assert np.allclose(steps, (1 - 0.9**t) / np.sqrt(1 - beta2**t), rtol=1e-6)
assert np.allclose(lengths[0.999, True], 1, atol=1e-6) and np.allclose(lengths[0.99, True], 1, atol=1e-6)
assert abs(lengths[0.999, False][0] - 3.162) < 1e-3 and abs(lengths[0.999, False].max() - 6.57) < 0.01
assert abs(lengths[0.99, False][0] - 1) < 1e-6 and abs(lengths[0.99, False].max() - 2.13) < 0.01
axes.set(
    title="Without correction Adam's early steps are up to six times too long",
    xlabel="step",
    ylabel="length of the step / rate",
)
axes.legend(fontsize="small")
show(
    "The length of Adam's steps over time: corrected it is 1 throughout, uncorrected it swells to about "
    "6.6 (β2 = 0.999) or 2.1 (β2 = 0.99) before it settles."
)

# %% [markdown]
# > **What the notes got wrong: β2 = 0.99, and no correction.** The paper recommends $\beta_2 = 0.999$, and
# > its algorithm has the bias correction, which the note leaves out. The two slips hide each other: with
# > 0.99 the *first* uncorrected step happens to be right, $0.1/\sqrt{0.01} = 1$. From the second step on it
# > is not.
#
# ### What adapts, and what does not
#
# Take away Adam's first mean ($\beta_1 = 0$) and its correction, and RMSProp is left. That is a good test
# of two functions at once. Another thing to look at: one note says that adaptive rules adapt "the learning
# rate *and the momentum coefficient*". Let us measure the share of $m$ that survives each step.

# %% component=["OP-11", "OP-13", "OP-14"] claim=["C-OP-11"] erratum=["E06"] tags=["experiment"]
rng = np.random.default_rng(0)
bare = functools.partial(adam_step, rate=0.1, beta1=0.0, beta2=0.9, bias_correction=False)
prop = functools.partial(rmsprop_step, rate=0.1, decay=0.9)
one, two, state, memory = {"w": np.ones(7)}, {"w": np.ones(7)}, {}, {}
for _ in range(20):
    grads = {"w": rng.normal(size=7)}
    one, state = bare(one, grads, state)
    two, memory = prop(two, grads, memory)
apart = np.abs(one["w"] - two["w"]).max()
print(f"Adam without β1 and correction against RMSProp, 20 random gradients: they differ by {apart:.0e}")
assert apart < 1e-12

params, state, kept, rates = {"w": np.ones(1)}, {}, [], []
for t in range(40):
    grads = {"w": rng.normal(size=1) * (1 + t % 7)}
    before = state["m"]["w"] if state else np.zeros(1)
    params, state = adam_step(params, grads, state, rate=0.1)
    if t > 0:
        kept.append(float(((state["m"]["w"] - 0.1 * grads["w"]) / before)[0]))
    rates.append(float(0.1 / np.sqrt(state["v"]["w"][0] / (1 - 0.999 ** (t + 1)))))
print(
    f"share of m that survives: {min(kept):.6f} to {max(kept):.6f}; effective rate: "
    f"{min(rates):.4f} to {max(rates):.4f}"
)
assert np.allclose(kept, 0.9, rtol=1e-6) and max(rates) > 2 * min(rates)

# %% [markdown]
# > **What the notes got wrong: only the rate adapts.** β1 is a number that you choose, and it stays. What
# > adapts is the effective learning rate of each weight.
#
# ### All six in two landscapes
#
# The ravine you know. A **saddle** is a place that is a minimum in one direction and a maximum in another;
# it is flat there, and descent lingers. Each rule gets a rate that suits it.

# %% component=["OP-09", "OP-10", "OP-12", "OP-13", "OP-14"] tags=["experiment"]
COLOURS = dict(
    zip(
        ("descent", "momentum", "Nesterov", "Adagrad", "RMSProp", "Adam"),
        (GREY, ORANGE, PURPLE, GREEN, SKY, BLUE),
    )
)
RULES = {
    "descent": sgd_step,
    "momentum": momentum_step,
    "Nesterov": nesterov_rewritten_step,
    "Adagrad": adagrad_step,
    "RMSProp": rmsprop_step,
    "Adam": adam_step,
}


def saddle(params):
    """½x² − ½y² + ¼y⁴: a saddle at (0, 0), minima at (0, ±1)."""
    x, y = params["w"]
    return float(x**2 / 2 - y**2 / 2 + y**4 / 4), {"w": np.array([x, y**3 - y])}


def stretched(params):
    """½(x² + 20y²): a ravine that fits a picture."""
    x, y = params["w"]
    return float(x**2 / 2 + 10 * y**2), {"w": np.array([x, 20 * y])}


landscapes = [
    (
        "A ravine: 60 steps",
        stretched,
        (-1.8, 1.0),
        (0.045, 0.02, 0.02, 0.5, 0.05, 0.1),
        60,
        (-2.1, 0.8),
        (-1.3, 1.3),
    ),
    (
        "A saddle: 40 steps",
        saddle,
        (1.3, 1e-3),
        (0.3, 0.05, 0.05, 0.3, 0.05, 0.1),
        40,
        (-0.8, 1.5),
        (-1.3, 1.3),
    ),
]
figure, panels = plt.subplots(1, 2, figsize=(10, 4.4))
left_saddle = {}
for axes, (title, landscape, begin, chosen, steps, xlim, ylim) in zip(panels, landscapes):
    x, y = np.meshgrid(np.linspace(*xlim, 120), np.linspace(*ylim, 120))
    height = np.array([landscape({"w": np.array(p)})[0] for p in zip(x.ravel(), y.ravel())]).reshape(x.shape)
    axes.contour(x, y, height, levels=18, colors=GREY, linewidths=0.5)
    for (name, rule), rate in zip(RULES.items(), chosen):
        way = points(
            minimise(landscape, {"w": np.array(begin)}, functools.partial(rule, rate=rate), steps)[0]
        )
        axes.plot(way[:, 0], way[:, 1], ".-", ms=4, lw=1.3, color=COLOURS[name], label=name)
        axes.plot(*way[-1], "o", ms=8, color=COLOURS[name], mec="black", mew=0.6)
        left_saddle[name] = abs(way[-1, 1])
    axes.set(title=title, xlabel="$w_1$", ylabel="$w_2$", xlim=xlim, ylim=ylim)
panels[0].legend(fontsize="small", ncols=2)
figure.suptitle("A rate for every weight walks straight through a ravine and leaves a saddle at once")
show(
    "Paths of six rules over contour lines of a ravine and of a saddle: those with a rate per weight go "
    "straight through the ravine and leave the saddle at once."
)
print(
    "distance from the saddle after 40 steps:", {name: round(float(d), 3) for name, d in left_saddle.items()}
)
assert min(left_saddle[n] for n in ("Adagrad", "RMSProp", "Adam")) > 0.5

# %% [markdown]
# ## 7. A fair race
#
# "Adam usually beats all other algorithms", says one note. On what, and with which learning rates? A rule
# that was tuned beats one that was not; that is the commonest mistake in comparing optimizers (Wilson and
# others, 2017, found tuned SGD ahead of Adam on several tasks). So a fair race gives **every rule the same
# effort**: five rates, a factor of about 3 apart, in a range where the best is not at the edge; the rate is
# chosen on 300 *validation* images, and the result measured on 300 others, *test* images, over five seeds.

# %% tags=["given"] given="softmax_cross_entropy"
digits, labels = load_digits()
PARTS = {"train": slice(0, 1197), "validation": slice(1197, 1497), "test": slice(1497, None)}


def standardised(images):
    """Every pixel with mean 0 and about the same spread."""
    centred = images - images[PARTS["train"]].mean(axis=0)
    return centred / (centred[PARTS["train"]].std(axis=0) + 0.1)


def network_loss(params, x, labels):
    """Loss and gradients of a 64-32-10 network with tanh."""
    a = np.tanh(x @ params["W1"] + params["b1"])
    loss, d2 = softmax_cross_entropy(a @ params["W2"] + params["b2"], labels)
    d1 = (d2 @ params["W2"].T) * (1 - a**2)
    return loss, {"W1": x.T @ d1, "b1": d1.sum(axis=0), "W2": a.T @ d2, "b2": d2.sum(axis=0)}


def train_digits(images, rule, rate, seed, steps=200, size=60):
    """Train with one rule; return the losses on validation and test images and the batches' losses."""
    rng, state, losses = np.random.default_rng(seed), {}, []
    params = {"W1": rng.normal(size=(64, 32)) / 8, "b1": np.zeros(32)}
    params |= {"W2": rng.normal(size=(32, 10)) / math.sqrt(32), "b2": np.zeros(10)}
    while len(losses) < steps:
        for rows in minibatches(rng, PARTS["train"].stop, size)[: steps - len(losses)]:
            loss, grads = network_loss(params, images[rows], labels[rows])
            losses.append(loss)
            params, state = rule(params, grads, state, rate)
    held_out = [network_loss(params, images[PARTS[p]], labels[PARTS[p]])[0] for p in ("validation", "test")]
    return *held_out, losses


def race(images, title):
    """Every rule with five rates and five seeds; the best on validation, measured on test."""
    ranges = {"descent": 1.0, "momentum": 0.1, "Nesterov": 0.1, "Adagrad": 0.1, "RMSProp": 0.01, "Adam": 0.01}
    results, done = {}, 0
    for name, middle in ranges.items():
        tried = {}
        for rate in middle * np.array([0.1, 0.3, 1.0, 3.0, 10.0]):
            tried[rate] = [train_digits(images, RULES[name], rate, seed) for seed in range(5)]
            done += 1
            print(f"\r{title}: {'█' * done}{'·' * (30 - done)}", end="", flush=True)
        best = min(tried, key=lambda rate: np.mean([run[0] for run in tried[rate]]))
        tests = [run[1] for run in tried[best]]
        results[name] = {
            "rate": best,
            "test": float(np.mean(tests)),
            "spread": float(np.ptp(tests)),
            "curve": np.mean([run[2] for run in tried[best]], axis=0),
            "edge": best in (min(tried), max(tried)),
        }
    print()
    for name, r in results.items():
        print(
            f"  {name:9s} best rate {r['rate']:<6.3g} test loss {r['test']:.3f} (five seeds within "
            f"{r['spread']:.3f})"
        )
    return results


# %% component=["OP-11", "OP-14"] claim=["C-OP-13"] erratum=["E11"] tags=["experiment"]
even = race(standardised(digits), "well-scaled pixels")
others = min(r["test"] for name, r in even.items() if name != "Adam")
print(
    f"Adam {even['Adam']['test']:.3f}, the best of the others {others:.3f}, "
    f"the worst {max(r['test'] for r in even.values()):.3f}"
)
assert others < even["Adam"]["test"] + 0.02  # Adam is not clearly ahead of all others
assert max(r["test"] for r in even.values()) < 1.3 * min(r["test"] for r in even.values())
assert not any(r["edge"] for r in even.values())

# %% [markdown]
# Tuned, all six are close together: the differences are as large as those between seeds. Now make the
# pixels uneven: multiply them by factors from 0.01 to 3. Nothing is lost, but the loss has become a ravine.

# %% component=["OP-11", "OP-12", "OP-14"] claim=["C-OP-13"] erratum=["E11"] tags=["experiment"]
factors = np.random.default_rng(0).permutation(np.geomspace(0.01, 3, 64))
uneven = race(standardised(digits) * factors, "badly scaled pixels")
gap = {name: uneven[name]["test"] - even[name]["test"] for name in RULES}
print("what bad scaling costs:", {name: round(g, 3) for name, g in gap.items()})
one_rate = [gap[name] for name in ("descent", "momentum", "Nesterov")]
own_rates = [gap[name] for name in ("Adagrad", "RMSProp", "Adam")]
assert np.mean(one_rate) > 2 * np.mean(own_rates) and min(one_rate) > max(own_rates)
assert not any(r["edge"] for r in uneven.values())
untuned = {name: train_digits(standardised(digits), rule, 0.001, 0)[1] for name, rule in RULES.items()}
print("everyone at the rate 0.001, untuned:", {name: round(float(u), 2) for name, u in untuned.items()})
assert untuned["Adam"] < 0.5 * untuned["descent"]  # where the legend comes from

figure, panels = plt.subplots(1, 2, figsize=(9.4, 3.7), sharey=True)
for axes, results, title in zip(
    panels, (even, uneven), ("Well-scaled pixels: a tie on test images", "Badly scaled pixels: own rates pay")
):
    for name, r in results.items():
        smooth = np.convolve(r["curve"], np.ones(15) / 15, mode="valid")
        axes.semilogy(np.arange(15, 201), smooth, color=COLOURS[name], label=f"{name} (test {r['test']:.2f})")
    axes.set(title=title, xlabel="step")
    axes.legend(fontsize="x-small", ncols=2)
panels[0].set_ylabel("training loss (mean of 15 steps, 5 seeds)")
show(
    "Training losses of six rules: with well-scaled pixels they lie together, with badly scaled ones the "
    "rules with a rate per weight stay ahead."
)

# %% [markdown]
# > **What the notes got wrong: "better than all others".** With a fair search for each rule's rate, Adam is
# > one of several good choices, and on badly scaled problems the adaptive rules as a family are ahead. What
# > Adam does have is a *default that works*: at the rate 0.001 it is well on its way while plain descent
# > has hardly moved. That is worth a lot, but it is another sentence. (And our race is one small network,
# > 200 steps, five seeds: enough to refute "always", not enough for a ranking.)
#
# Now go back to your predictions in section 3. Which ones surprised you?
#
# ## 8. Bug hunt: six broken Adams
#
# Here are seven programs that all claim to be Adam. Each starts at $w = 0$, gets a table of gradients, one
# row per step and one column per weight, and returns where it is after every step. One of them is right.
# Find gradients and hyper-parameters that give the six others away. Up to three sets are allowed; one is
# enough if it is chosen well. Read the suspects first: where does each go wrong, and on which inputs would
# nobody notice?

# %% module="suspects" tags=["given"]

# %% exercise="optimizers_bug_hunt" component=["OP-14", "OP-15"]

# %% component=["OP-14"] tags=["experiment"]
suspects = {letter: globals()[f"suspect_{letter}"] for letter in "abcdefg"}
sets = optimizers_bug_hunt()
paths = {
    letter: [suspect(np.asarray(s[0], dtype=float), *s[1:]) for s in sets]
    for letter, suspect in suspects.items()
}
apart = np.array(
    [[max(np.abs(p - q).max() for p, q in zip(paths[a], paths[b])) for b in paths] for a in paths]
)
figure, axes = plt.subplots(figsize=(4.8, 4))
shown = axes.imshow(np.log10(apart + 1e-17), cmap="cividis", vmin=-17, vmax=0)
axes.set_xticks(range(7), paths)
axes.set_yticks(range(7), paths)
axes.set(title="How far apart your inputs drive each pair", xlabel="suspect", ylabel="suspect")
figure.colorbar(shown, label="log₁₀ of the largest difference")
show(
    "A matrix of how far apart your inputs drive each pair of suspects; dark fields are pairs that they "
    "do not separate."
)
pairs = int(np.sum(np.triu(apart > 1e-6, 1)))
print(f"{pairs} of 21 pairs of suspects contradict each other on your inputs")

# %% [markdown]
# ## What to take home
#
# - Training is a loop around a **step rule**. The rule's memory is a state that travels through the loop.
# - A **mini-batch** gradient is right on average, with noise like $1/\sqrt B$. A constant rate leaves a
#   noise floor; a falling rate removes it.
# - **Momentum** averages the zigzags out of a ravine; **Nesterov** looks ahead and brakes earlier.
# - **Adagrad** gives every weight a rate that can only fall; **RMSProp** forgets, so its rates can rise
#   again.
# - **Adam** is both ideas plus a **bias correction**, which matters most in the first steps. β2 is 0.999.
# - Before you compare optimizers, **tune each one's rate with the same effort**. Then expect a tie more
#   often than a winner, and look at the scaling of your problem.
#
# **Now you can** write any of the common step rules from memory, read a loss curve for a rate that is too high
# or too low, and compare optimizers fairly.
#
# **Next.** [Chapter 10](ch10_local_minima) asks where all these steps can end, and how to get out again.
#
# **Sources.** H. Robbins & S. Monro, *A stochastic approximation method*, Annals of Mathematical Statistics
# 22, 1951. B. T. Polyak, *Some methods of speeding up the convergence of iteration methods*, USSR
# Computational Mathematics and Mathematical Physics 4, 1964. Y. Nesterov, *A method of solving a convex
# programming problem*, Soviet Mathematics Doklady 27, 1983. J. Duchi, E. Hazan & Y. Singer, Journal of
# Machine Learning Research 12, 2011. T. Tieleman & G. Hinton, *Neural Networks for Machine Learning*,
# lecture 6.5, 2012. Y. Bengio, N. Boulanger-Lewandowski & R. Pascanu, *Advances in optimizing recurrent
# networks*, ICASSP 2013. I. Sutskever and others, *On the importance of initialization and momentum in deep
# learning*, ICML 2013. D. Kingma & J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015. A.
# Wilson and others, *The marginal value of adaptive gradient methods*, NeurIPS 2017. L. Bottou, F. Curtis &
# J. Nocedal, SIAM Review 60, 2018. E. Alpaydin & C. Kaynak, *Optical Recognition of Handwritten Digits*,
# UCI repository, 1998 (CC BY 4.0).
