# %% [markdown]
# # Why deep? What width can do, and what depth can do with less
#
# Fold a strip of paper ten times, and it lies in 1024 layers. Twenty ReLU units, two in each of ten layers, fold
# a line just so. Put all units into *one* layer, and you need more than a thousand. That is the best argument for
# depth there is. It says what deep networks *can* do. What they do after training is another matter, and in this
# chapter you measure both: sometimes depth wins, sometimes it loses, and you will know how to tell.
#
# **Before you start.** You need the way back through layers ([chapter 2](ch02_backprop)) and ReLUs
# ([chapter 3](ch03_activations)). Scatter within and between classes is from [chapter 4](ch04_preprocessing).
#
# **What you will have built.** One-layer networks that follow any curve, a network that folds, an exact counter
# of straight pieces, a fair budget for wide and deep, residual blocks, and a judge that tells better from lucky.
#
# **How to work.** Have paper and a pencil next to you, and a strip of paper to fold. Each section gives a reason,
# an example by hand, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** Networks of one input are lists of weights $(n_\text{in}, n_\text{out})$ and of biases. *Depth*
# is the number of hidden layers; a *piece* is an interval on which the output is a straight line.
# What is handed in to a function stays as it was.

# %% tags=["setup"]
import math

Layers = tuple[list[np.ndarray], list[np.ndarray]]  # weights and biases

# %% tags=["given"] given="softmax_cross_entropy scatter"
def sigmoid(z):
    """1 / (1 + exp(−z)), without overflow."""
    return 0.5 * (1 + np.tanh(z / 2))


def step_network(x, edges, jumps):
    """One hidden layer of hard steps: the sum of all jumps at edges up to x."""
    return (x[:, None] >= edges) @ jumps


def sigmoid_network(x, edges, jumps, steepness):
    """The same with steep sigmoids."""
    return sigmoid(steepness * (x[:, None] - edges)) @ jumps


def relu_network(x, weights, biases):
    """What a network of one input says: ReLU layers, the last one linear."""
    h = x[:, None]
    for W, b in zip(weights[:-1], biases[:-1]):
        h = np.maximum(h @ W + b, 0)
    return (h @ weights[-1] + biases[-1])[:, 0]


# %% [markdown]
# ## Before you start: predict
#
# Nine questions. Answer them *now*, from what you know or guess. The experiments will answer them one after
# the other, and you may correct yourself before you hand in.

# %% exercise="why_deep_predictions" component=["DP-05"]

# %% [markdown]
# ## 1. One unit is a step, two are a tower
#
# Give a sigmoid a large weight, and it becomes a step: 0 on the left, 1 on the right. Where? Where its input is
# zero. A unit $\sigma(wx + b)$ therefore has its step at $x = -b/w$.
#
# *On paper.* With weight 10 and bias $-4$ the step is at 0.4. To move it to $-2$ you would need the bias 20.

# %% exercise="smooth_step" component=["DP-05"]

# %% [markdown]
# Two steps make a tower. The first unit lifts the output by $h$, the second takes it back: their output weights
# are $h$ and $-h$.

# %% exercise="bump" component=["DP-05"]

# %% component=["DP-05"] tags=["experiment"]
x = np.linspace(-1, 3, 801)
figure, panels = plt.subplots(1, 2, figsize=(9, 3.2), sharex=True)
for steepness, style in [(4, ":"), (12, "--"), (200, "-")]:
    panels[0].plot(x, smooth_step(x, 1.0, steepness), style, label=f"steepness {steepness}")
    panels[1].plot(x, bump(x, 0.0, 2.0, 0.7, steepness), style)
panels[0].set(title="One unit is a step at 1", xlabel="x", ylabel="output")
panels[1].set(title="Two units are a tower from 0 to 2", xlabel="x")
panels[0].legend()
show(
    "Left: a sigmoid step at 1 for three values of steepness, the largest nearly vertical. Right: towers between 0 "
    "and 2 of height 0.7, the steeper the squarer."
)
away = np.abs(x - 1) > 0.1
assert np.abs(smooth_step(x, 1.0, 200) - (x > 1))[away].max() < 1e-8
inside, outside = (x > 0.1) & (x < 1.9), (x < -0.1) | (x > 2.1)
tower = bump(x, 0.0, 2.0, 0.7, 200)
assert np.abs(tower[inside] - 0.7).max() < 1e-8 and np.abs(tower[outside]).max() < 1e-8

# %% [markdown]
# ## 2. Steps follow any curve
#
# Towers side by side can follow any curve that has no jumps. In fact half of the units can be saved: where one
# tower ends the next begins, so one unit does for both. It *changes* the height from one piece to the next.
#
# *On paper.* Follow $x^2$ on $[1, 7]$ with three units. The pieces are $[1, 3]$, $[3, 5]$, $[5, 7]$. In their
# middles the curve is at 4, 16, 36. So the first unit jumps from 0 to 4, the second by 12, the third by 20.
# Nowhere is the error more than the curve climbs on *half* a piece.

# %% exercise="step_approximation" component=["DP-05"]

# %% [markdown]
# Here is a curve that we shall follow more than once. Watch what more units do. No unit is trained: you *choose*
# the weights.

# %% tags=["given"]
def landscape(x):
    """A curve with hills of several widths."""
    return np.sin(3 * x) + 0.5 * np.cos(7 * x) + 0.3 * x


# %% component=["DP-05", "DP-01"] tags=["experiment"]
x = np.linspace(-2, 2, 2001)
figure, axes = plt.subplots(figsize=(5.6, 3.2))
counts = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 100]


def draw(k):
    axes.clear()
    said = step_network(x, *step_approximation(landscape, -2.0, 2.0, counts[k]))
    axes.plot(x, landscape(x), color=GREY, lw=3)
    axes.plot(x, said, color=BLUE)
    axes.set(ylim=(-2.2, 2.2), xlabel="x")
    axes.set_title(f"{counts[k]} units: the largest error is {np.abs(said - landscape(x)).max():.2f}")


play(
    figure,
    draw,
    len(counts),
    "A hilly curve and a staircase that follows it. As the units grow from 1 to 100 the stairs become smaller, until "
    "the two can hardly be told apart.",
)

# %% [markdown]
# Hard steps cannot be trained, steep sigmoids can. With a steepness to match the width of the pieces they do the
# same job.

# %% component=["DP-05"] claim=["C-DP-02"] tags=["experiment"]
errors = {}
for units in (10, 50, 200, 1000):
    edges, jumps = step_approximation(landscape, -2.0, 2.0, units)
    # The first unit must be on from the start, so its edge moves out of the interval.
    hidden = np.concatenate([[-10.0], edges[1:]])
    said = sigmoid_network(x, hidden, jumps, 2.5 * units)
    errors[units] = np.abs(said - landscape(x)).max(), np.abs(step_network(x, edges, jumps) - landscape(x)).max()
    print(f"{units:4d} units: largest error {errors[units][0]:.4f} with sigmoids, {errors[units][1]:.4f} with steps")
for few, many in [(10, 50), (50, 200), (200, 1000)]:  # ∝ 1/H, within a factor of 1.6
    for kind in (0, 1):
        ratio = errors[few][kind] / errors[many][kind]
        assert many / few / 1.6 < ratio < many / few * 1.6

# %% [markdown]
# **Turn the knobs.** A curve made of sigmoid steps. More units, or steeper ones: which of the two helps, and
# when does steepness hurt?

# %%
def curve_of_steps(units, steepness):
    f = lambda x: np.sin(2 * x) + 0.5 * x
    edges = np.linspace(0, 4, units + 1)[:-1]
    jumps = np.diff(f(edges + 2 / units), prepend=0)
    t = np.linspace(0.05, 3.95, 300)
    net = (jumps * (0.5 + 0.5 * np.tanh(steepness * (t[:, None] - edges) / 2))).sum(axis=1)
    plt.figure(figsize=(5.5, 2.6))
    plt.plot(t, f(t), "--", color=GREY)
    plt.plot(t, net, color=BLUE)
    plt.title(f"largest error: {np.abs(net - f(t)).max():.2f}")
    return f"A curve and a network of {units} sigmoid steps of steepness {steepness:g} that follows it."


with_knobs(curve_of_steps, units=[3, 6, 12, 25, 50], steepness=[1, 4, 12, 40, 200])

# %% [markdown]
# ## 3. Lines follow it better
#
# A ReLU does not jump, it *bends*: at $-b/w$ the slope changes, by its output weight times $|w|$. So a layer of
# ReLUs can join points of the curve by straight lines, one unit for each line.
#
# *On paper.* Join the points of $x^2$ at 1, 3, 5. The slopes are $(9-1)/2 = 4$ and $(25-9)/2 = 8$. The first unit
# is $\max(0, x - 1)$ with output weight 4, the second $\max(0, x - 3)$ with weight $8 - 4 = 4$: *the change*. At
# $x = 1$ both are off, so the last bias must be the height there, 1.

# %% exercise="relu_interpolant" component=["DP-05"]

# %% component=["DP-05"] claim=["C-DP-01"] tags=["experiment"]
x, counts = np.linspace(-2, 2, 20_001), np.array([2, 4, 8, 16, 32, 64, 128, 256])
lines, steps = np.zeros((2, len(counts)))
for k, units in enumerate(counts):
    units = int(units)
    lines[k] = np.abs(relu_network(x, *relu_interpolant(landscape, -2.0, 2.0, units)) - landscape(x)).max()
    steps[k] = np.abs(step_network(x, *step_approximation(landscape, -2.0, 2.0, units)) - landscape(x)).max()
    print(f"{units:4d} units: largest error {steps[k]:.4f} with steps, {lines[k]:.5f} with lines")
bend = 9 + 0.5 * 49  # no second derivative of the curve is larger
assert np.all(lines <= bend * 4**2 / (8 * counts**2) + 1e-9)
assert np.all(np.abs(lines[4:-1] / lines[5:] - 4) < 0.3)  # ∝ 1/H²
assert np.all(np.abs(steps[4:-1] / steps[5:] - 2) < 0.2)  # ∝ 1/H

figure, axes = plt.subplots(figsize=(6, 3.8))
axes.loglog(counts, steps, "s--", color=ORANGE)
axes.loglog(counts, lines, "o-", color=BLUE)
axes.annotate("steps: half the error\nfor twice the units", (64, steps[5]), (50, 0.45))
axes.annotate("lines: a quarter", (64, lines[5]), (8, 0.008))
axes.set(title="The same units, steps or lines", xlabel="hidden units", ylabel="largest error")
show(
    "The largest error over the number of units, both on logarithmic axes. Steps fall along a line of slope −1, "
    "straight lines twice as steeply."
)

# %% [markdown]
# Why the square? A parabola over a chord of width $h$ is highest in the middle, at $\tfrac{M}{8}h^2$, if $M$ is
# its second derivative. Half the width, a quarter of the height.
#
# So *one* hidden layer is enough for any continuous function on a closed interval, as closely as you like; in
# more dimensions, too, and with nearly any activation that is not a polynomial (Cybenko 1989, Hornik 1991, Leshno
# and others 1993). This is the **universal approximation theorem**. It promises that good weights *exist*. It
# does not say how many units that takes, nor that training finds them.

# %% component=["DP-05"] erratum=["E21"] tags=["experiment"]
def jump(x):
    return np.where(x < 0.3, 0.0, 1.0)


near = 0.3 + np.concatenate([-np.logspace(-9, 0, 400)[::-1], np.logspace(-9, -0.2, 400)])
for units in (10, 100, 1000):
    said = relu_network(near, *relu_interpolant(jump, -1.0, 1.0, units))
    print(f"{units:4d} units: largest error beside the jump {np.abs(said - jump(near)).max():.3f}")
    assert np.abs(said - jump(near)).max() > 0.499
net = relu_interpolant(landscape, -2.0, 2.0, 1000)
inside, beyond = np.linspace(-2, 2, 3001), np.array([3.0, 5.0, 9.0])
print("within [−2, 2]:", np.abs(relu_network(inside, *net) - landscape(inside)).max().round(5))
print("at 3, 5 and 9: ", np.abs(relu_network(beyond, *net) - landscape(beyond)).round(1))
assert np.abs(relu_network(inside, *net) - landscape(inside)).max() < 1e-3
assert np.all(np.abs(relu_network(beyond, *net) - landscape(beyond)) > 0.5)

# %% [markdown]
# > **What the notes got wrong: "with enough parameters a network represents any function".** Any *continuous*
# > function, on a *closed and bounded* piece of its domain, *approximately*. Beside a jump a continuous network
# > is off by a half, however many units it has; and a thousand units that are perfect on $[-2, 2]$ know nothing
# > about 5.
#
# ## 4. Fold
#
# If one layer can do everything, why more? Take the *tent*: up from 0 to 1, and down again to 0. It maps the left
# half of $[0, 1]$ onto the whole, and the right half, backwards, onto the whole again: it folds the line in two.
# Now feed it its own output. What the second fold does, it does on both halves at once: two teeth. The third
# makes four. Each layer *doubles* what is there.
#
# *On paper.* $\text{tent}(x) = 2\max(0, x) - 4\max(0, x - \tfrac12)$. At $0.3$: $0.6$. Again: $2 \cdot 0.6 - 4
# \cdot 0.1 = 0.8$. Again: $1.6 - 4 \cdot 0.3 = 0.4$.

# %% exercise="sawtooth_network" component=["DP-06"]

# %% component=["DP-06"] tags=["experiment"]
x = np.linspace(0, 1, 4097)
figure, panels = plt.subplots(1, 4, figsize=(10, 2.4), sharey=True)
for depth, axes in zip((1, 2, 3, 6), panels):
    axes.plot(x, relu_network(x, *sawtooth_network(depth)), color=BLUE, lw=1)
    axes.set(title=f"{depth} layer{'s' * (depth > 1)}: {2**depth} pieces", xlabel="x", xticks=[0, 0.5, 1])
show(
    "Four sawtooth curves on [0, 1]: one tooth from one layer, two from two, four from three, and thirty-two from six "
    "layers."
)
tips = relu_network(np.arange(1025) / 1024, *sawtooth_network(10))
assert np.array_equal(tips.round(9), np.arange(1025) % 2)

# %% [markdown]
# How many units would *one* layer need? Each of its units switches at one place only, so it bends the line at
# most once.

# %% exercise="shallow_units" component=["DP-06"]

# %% [markdown]
# It is a *lower bound*: with fewer units it cannot be done. Whether that many are enough depends on the curve.
# The tent has two pieces, and one ReLU is not enough for it on $[0, 1]$: on one side of its bend it is flat.
#
# ## 5. Count the pieces
#
# For networks that nobody designed we must count. Let us walk from layer to layer. Between two neighbouring
# *knots*, places where something bends, every unit's input is a straight line. Where such a line crosses zero,
# its ReLU switches, and the next layer has a new knot.
#
# *On paper.* At the knots 0 and 2 a unit's input is $-1$ and $3$. A quarter of the way up it is zero: at $0.5$.

# %% exercise="zero_crossings" component=["DP-06"]

# %% tags=["given"]
def pieces(weights, biases, a, b):
    """How many straight pieces a network of one input has between a and b."""
    knots, h = np.array([a, b], dtype=float), np.array([[a], [b]], dtype=float)
    for W, bias in zip(weights[:-1], biases[:-1]):
        z = h @ W + bias
        refined = np.sort(np.concatenate([knots, zero_crossings(knots, z)]))
        h = np.maximum(np.stack([np.interp(refined, knots, line) for line in z.T], axis=1), 0)
        knots = refined
    out = (h @ weights[-1] + biases[-1])[:, 0]
    wide = np.diff(knots) > 1e-12
    slopes = np.diff(out)[wide] / np.diff(knots)[wide]
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-6 * np.abs(slopes).max()))


# %% component=["DP-06"] claim=["C-DP-03"] tags=["experiment"]
print("layers  units  pieces  units that one layer would need")
for depth in (1, 2, 3, 5, 8, 10):
    net = sawtooth_network(depth)
    found, units = pieces(*net, 0.0, 1.0), sum(len(b) for b in net[1][:-1])
    print(f"{depth:6d} {units:6d} {found:7d}  {shallow_units(found):6d} or more")
    assert found == 2**depth and units == 2 * depth and shallow_units(found) == 2**depth - 1

# %% [markdown]
# Twenty units against a thousand. With twenty layers it would be forty against a million: depth is
# *exponentially* better, for *this* function. Now count what chance does. All nets here have at most 451 weights
# and biases.

# %% exercise="widest_net" component=["DP-01", "DP-02", "DP-09"]

# %% component=["DP-06", "DP-02"] claim=["C-DP-05"] tags=["experiment"]
rng, found = np.random.default_rng(0), {}
for depth in (1, 2, 3, 4):
    sizes, found[depth] = widest_net(1, 1, depth, 451), []
    for _ in range(12):
        weights = [rng.normal(scale=math.sqrt(2 / i), size=(i, o)) for i, o in zip(sizes[:-1], sizes[1:])]
        biases = [rng.normal(scale=0.5, size=o) for o in sizes[1:]]
        found[depth].append(pieces(weights, biases, -1.0, 1.0))
    print(f"{sizes}: between {min(found[depth])} and {max(found[depth])} pieces")
assert min(found[1]) > 2 * max(max(found[d]) for d in (2, 3, 4))
assert max(found[4]) < 100 and pieces(*sawtooth_network(6), 0.0, 1.0) == 64  # six layers of two units

# %% [markdown]
# > **What many believe: "deep networks have exponentially many pieces".** They *can* have. Random ones do not: at
# > equal parameters the wide net has three to four times as many pieces as the deep ones, about as many as it has
# > units that switch inside the interval (Hanin and Rolnick, 2019). Folding takes weights that fit together.
#
# ## 6. Bug hunt: count with care
#
# For one hidden layer the count is easy, one thinks: a bend for each unit. Seven programs count the pieces of
# $\sum v \max(0, wx + b)$ between two ends. One is right. Find networks that give the six others away. Read the
# suspects first: on which networks would nobody notice?

# %% module="suspects" tags=["given"]

# %% exercise="why_deep_bug_hunt" component=["DP-06"]

# %% component=["DP-06"] tags=["experiment"]
suspects = {letter: globals()[f"suspect_{letter}"] for letter in "abcdefg"}
said = []
for w, b, v, left, right in why_deep_bug_hunt():
    w, b, v = (np.asarray(part, dtype=float) for part in (w, b, v))
    said.append([suspect(w, b, v, left, right) for suspect in suspects.values()])
    print(f"a net of {len(w)} units:", dict(zip(suspects, said[-1])))
assert len({tuple(column) for column in np.transpose(said)}) >= 3

# %% [markdown]
# ## 7. Better, or lucky?
#
# What can training do? From here on we compare networks that were trained, and chance joins in: another seed,
# another result. The remedy is to run both methods several times, *in pairs*: same data, same seed. What both owe
# to luck cancels in the difference.
#
# *On paper.* Four pairs of results: (1, 2), (2, 5), (3, 2), (4, 9). The differences are 1, 3, $-1$, 5, their mean
# is 2. The squared distances from it are 1, 1, 9, 9, so $s^2 = 20/3$ and the standard error is $s/\sqrt4 =
# 1.29$. With so few pairs Student's quantile for 95 % is 3.18: from $-2.1$ to $6.1$. That may well be luck.

# %% exercise="paired_interval" component=["DP-02"]

# %% [markdown]
# Our trainer for the rest of the chapter is Adam ([chapter 9](ch09_optimizers)) on ReLU layers. It trains several
# networks beside each other, each from its own random weights: arrays have one axis more, in front.

# %% tags=["given"]
def layer_outputs(x, weights, biases):
    """Input and outputs of all layers, for several networks at once: (networks, N, width) each."""
    outs = [np.broadcast_to(x, (len(weights[0]), *x.shape[-2:]))]
    for W, b in zip(weights[:-1], biases[:-1]):
        outs.append(np.maximum(outs[-1] @ W + b, 0))
    return [*outs, outs[-1] @ weights[-1] + biases[-1]]


def adam(params, grads, state, rate):
    """One step of Adam on lists of arrays; the state is changed in place."""
    state["t"] = t = state.get("t", 0) + 1
    for i, g in enumerate(grads):
        m, v = state.get(i, (0.0, 0.0))
        state[i] = m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        params[i] = params[i] - rate * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return params


def train(x, error, sizes, networks, steps, rate=0.01, spread=0.0, batch=None, seed=0):
    """Train so many networks of these sizes; error(out, rows) is the slope of the loss by out.

    Weights start by He's rule, biases normal with standard deviation `spread`.
    """
    rng, pairs, state = np.random.default_rng(seed), list(zip(sizes[:-1], sizes[1:])), {}
    params = [rng.normal(scale=math.sqrt(2 / i), size=(networks, i, o)) for i, o in pairs]
    params += [spread * rng.normal(size=(networks, 1, o)) for _, o in pairs]
    for _ in range(steps):
        rows = slice(None) if batch is None else rng.integers(x.shape[-2], size=batch)
        weights, biases = params[: len(pairs)], params[len(pairs) :]
        outs = layer_outputs(x[..., rows, :], weights, biases)
        dout, dW, db = error(outs[-1], rows), [], []
        for i in reversed(range(len(pairs))):
            dW.insert(0, outs[i].swapaxes(1, 2) @ dout)
            db.insert(0, dout.sum(axis=1, keepdims=True))
            if i:
                dout = dout @ weights[i].swapaxes(1, 2) * (outs[i] > 0)
        params = adam(params, dW + db, state, rate)
    return params[: len(pairs)], params[len(pairs) :]


def softmax_error(labels):
    """The slope of the mean cross-entropy by the scores."""
    wanted = np.eye(labels.max() + 1)[labels]

    def error(out, rows):
        p = np.exp(out - out.max(axis=-1, keepdims=True))
        return (p / p.sum(axis=-1, keepdims=True) - wanted[..., rows, :]) / out.shape[-2]

    return error


# %% [markdown]
# The task: learn the sawtooth of four folds, 16 pieces, from 65 of its points. All nets may have 451 parameters.
# A layer of 150 units has ten times the bends that are needed; four layers of 11 have them too. Twelve networks of
# each, in two ways of starting. First as usual, with biases at 0.

# %% component=["DP-02", "DP-01"] claim=["C-DP-04"] tags=["experiment"]
places = np.linspace(-1, 1, 65)[:, None]
teeth = relu_network((places[:, 0] + 1) / 2, *sawtooth_network(4))[:, None]


def teeth_error(out, rows):
    return 2 * (out - teeth) / len(teeth)


errors, example = {}, {}
for spread in (0.0, 0.5):
    for depth in (1, 4):
        net = train(places, teeth_error, widest_net(1, 1, depth, 451), 12, 1200, spread=spread, seed=1)
        example[spread, depth] = layer_outputs(places, *net)[-1]
        errors[spread, depth] = ((example[spread, depth] - teeth) ** 2).mean(axis=(1, 2))
        progress(len(errors), 4, "wide and deep on the sawtooth")
gains = {}
for spread in (0.0, 0.5):
    low, mean, high = gains[spread] = paired_interval(errors[spread, 4], errors[spread, 1], 2.201)
    wide, deep = np.median(errors[spread, 1]), np.median(errors[spread, 4])
    print(f"biases of spread {spread}: median error {wide:.4f} wide, {deep:.4f} deep (variance {teeth.var():.3f});")
    print(f"    the deep nets gain {mean:.4f}, with 95 % between {low:.4f} and {high:.4f}")
assert gains[0.0][0] > 0.005 and np.median(errors[0.0, 4]) < 0.75 * np.median(errors[0.0, 1])
assert gains[0.5][0] < 0 and abs(gains[0.5][1]) < 0.5 * gains[0.0][1]  # nothing left that is sure
assert np.median(errors[0.5, 1]) < 0.7 * np.median(errors[0.0, 1])

figure, panels = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
for axes, spread in zip(panels, (0.0, 0.5)):
    axes.plot(places, teeth, color=GREY, lw=3)
    for depth, style, colour in [(1, "--", ORANGE), (4, "-", BLUE)]:
        middle = np.argsort(errors[spread, depth])[5]
        axes.plot(places, example[spread, depth][middle], style, color=colour, label=f"depth {depth}")
    axes.set(title="biases start at 0" if spread == 0 else "biases start spread out", xlabel="x")
panels[0].set_ylim(-0.35, 1.4)
panels[0].legend(loc="upper center", ncols=2)
show(
    "A sawtooth of eight teeth, and what middling networks of depth 1 and 4 learned of it. With biases at 0 the wide "
    "one misses most teeth and the deep one some; with biases spread out both follow more of them."
)

# %% [markdown]
# As usual: the deep nets are better, and the interval excludes 0. But with biases at 0 all 150 bends of the wide
# net start at the *same place*, $x = 0$. Spread them over the interval, and the wide net's error falls by a
# third: now it is as good as the deep one, and the interval holds 0. What looked like the merit of depth was that
# of a better start. These are single settings, though: with other seeds the interval held 0 as well, with longer
# training or biases spread twice as far the wide net came out ahead in some of our trials. Try your own.
#
# > **What the notes got wrong: "at equal parameters, fewer and fatter layers are worse".** It was so for speech in
# > 2011 (Seide, Li and Yu), and it is often so. It is no law: it depends on the task, on the start, and on the
# > optimizer. That is why one measures, in pairs, with an interval.
#
# ## 8. More parameters, lower error?
#
# A network grows by more units or by more layers. Between two layers of width $w$ there are $w^2$ weights:
# twice as wide is four times as large, twice as deep is twice as large.

# %% component=["DP-09", "DP-01"] tags=["experiment"]
def parameters(sizes):
    return sum((i + 1) * o for i, o in zip(sizes[:-1], sizes[1:]))


base = parameters([64, *[200] * 10, 10])
wider, deeper = parameters([64, *[400] * 10, 10]) / base, parameters([64, *[200] * 20, 10]) / base
print(f"10 layers of 200: {base:,} parameters; twice as wide {wider:.2f} times as many, twice as deep {deeper:.2f}")
assert 3.8 < wider < 4 and 1.9 < deeper < 2.1

# %% component=["DP-01"] claim=["C-DP-06"] tags=["experiment"]
medians = {}
for k, units in enumerate((10, 50, 150, 400)):
    net = train(places, teeth_error, [1, units, 1], 4, 1200)
    medians[3 * units + 1] = np.median(((layer_outputs(places, *net)[-1] - teeth) ** 2).mean(axis=(1, 2)))
    progress(k + 1, 4, "one layer, more and more units")
deep = np.median(errors[0.0, 4])
print("one layer:", {n: f"{e:.4f}" for n, e in medians.items()}, f"; four layers with 451 parameters: {deep:.4f}")
falling = list(medians.values())
assert all(more < fewer for fewer, more in zip(falling, falling[1:]))
assert falling[-1] > 1.2 * deep  # 1201 parameters in one layer, from this start, still do worse

# %% [markdown]
# On points that were *learned from*, more parameters help, slowly. On new ones? Here are 20 noisy points of a
# sine. A layer of ReLUs with random bends is fitted to them by least squares, with more and more units.

# %% component=["DP-01", "DP-09"] erratum=["E22"] tags=["experiment"]
counts, fitted, new = np.array([1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 20, 25, 30]), [], []
grid = np.linspace(-1, 1, 200)
for seed in range(100):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=20)
    y = np.sin(3 * x) + 0.3 * rng.normal(size=20)
    signs, knots = rng.choice([-1, 1], size=30), rng.uniform(-1, 1, size=30)

    def hidden(x, units):
        return np.maximum(signs[:units] * (x[:, None] - knots[:units]), 0)

    out = [np.linalg.lstsq(hidden(x, n), y, rcond=None)[0] for n in counts]
    fitted.append([np.mean((hidden(x, n) @ v - y) ** 2) for n, v in zip(counts, out)])
    new.append([np.mean((hidden(grid, n) @ v - np.sin(3 * grid)) ** 2) for n, v in zip(counts, out)])
fitted, new = np.median(fitted, axis=0), np.median(new, axis=0)
best = counts[np.argmin(new)]
print(f"on the fitted points the error falls from {fitted[0]:.2f} to {fitted[-1]:.3f}")
print(f"on new ones it is lowest with {best} units, {new.min():.3f}, and with 20 units {new[counts == 20][0]:.2f}")
assert np.all(np.diff(fitted) < 0) and 4 <= best <= 10
assert new[counts == 20][0] > 5 * new.min()

figure, axes = plt.subplots(figsize=(6, 3.6))
axes.semilogy(counts, fitted, "s--", color=ORANGE, label="points fitted")
axes.semilogy(counts, new, "o-", color=BLUE, label="new points")
axes.set(title="More units, lower error? Only on what was seen", xlabel="hidden units", ylabel="mean squared error")
axes.legend()
show(
    "Error over the number of units, logarithmic. On the fitted points it falls all the way. On new points it falls "
    "until about eight units and then rises more than tenfold."
)

# %% [markdown]
# > **What the notes got wrong: "more parameters, lower error, better network".** On the training set, if the
# > optimizer can use them. On new data a network with more parameters may be much worse, as this one with 20
# > units is. (With *very* many units and some regularisation the error can fall again: Belkin and others, 2019.)
#
# ## 9. Modules: ask two easy questions
#
# Depth has a second argument. Programs are built of functions that are used in several places. So are good deep
# networks: lower layers learn simple questions, upper ones combine the answers.
#
# The example is Hung-yi Lee's. Four groups: women and men, with long or short hair. Long-haired men are rare, a
# classifier sees hardly any. But there are two *easier* questions, man or woman, long or short, and for each of
# them there are plenty of examples. Who can answer both knows a long-haired man without ever having seen one.
#
# *On paper.* Three examples, at $(-1, -1)$, $(-1, 1)$, $(1, -1)$, with the attributes (0, 0), (0, 1), (1, 0). The
# first attribute is the sign of the first number, the second that of the second. What is $(3, 3)$?

# %% tags=["given"]
def softmax_prediction(x, labels, classes, unseen, rate, steps):
    """Train softmax regression from zero weights, and say what it takes other examples for."""
    W, b = np.zeros((x.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        _, error = softmax_cross_entropy(x @ W + b, labels)
        W, b = W - rate * x.T @ error, b - rate * error.sum(axis=0)
    return (unseen @ W + b).argmax(axis=1)


def direct_prediction(x, first, second, unseen, rate, steps):
    """One classifier for all four combinations."""
    return softmax_prediction(x, 2 * first + second, 4, unseen, rate, steps)


# %% exercise="modular_prediction" component=["DP-03", "DP-04"]

# %% component=["DP-03", "DP-04"] claim=["C-DP-07"] tags=["experiment"]
def people(rng, first, second, axes):
    """Sixty features; the attributes move two directions of them."""
    place = 1.8 * (np.outer(2 * first - 1, axes[0]) + np.outer(2 * second - 1, axes[1]))
    return place + rng.normal(size=(len(first), 60))


rare_counts, found = (0, 2, 5, 20, 200), {}
for k, rare in enumerate(rare_counts):
    shares = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        axes = np.linalg.qr(rng.normal(size=(60, 2)))[0].T
        first = np.repeat([0, 0, 1, 1], [200, 200, 200, rare])
        second = np.repeat([0, 1, 0, 1], [200, 200, 200, rare])
        x = people(rng, first, second, axes)
        unseen = people(rng, np.ones(500, int), np.ones(500, int), axes)  # all are of the rare group
        arguments = x, first, second, unseen, 0.5, 150
        shares.append([np.mean(p(*arguments) == 3) for p in (direct_prediction, modular_prediction)])
    found[rare] = np.transpose(shares)
    progress(k + 1, 5, "rare and less rare groups")
for rare in rare_counts:
    low, gain, high = paired_interval(*found[rare], 2.776)
    print(f"{rare:3d} examples: direct {found[rare][0].mean():.3f}, modular {found[rare][1].mean():.3f}", end="; ")
    print(f"gain {gain:.2f}, with 95 % between {low:.2f} and {high:.2f}")
    assert low > 0.1 or rare == 200
assert found[0][0].max() == 0 and found[0][1].min() > 0.5
assert abs(found[200][0].mean() - found[200][1].mean()) < 0.05

figure, axes = plt.subplots(figsize=(6, 3.4))
positions = np.arange(5)
axes.plot(positions, [found[r][0].mean() for r in rare_counts], "s--", color=ORANGE, label="direct: four groups")
axes.plot(positions, [found[r][1].mean() for r in rare_counts], "o-", color=BLUE, label="modular: two questions")
axes.set_xticks(positions, rare_counts)
axes.set(title="Who knows the rare group?", xlabel="examples of it", ylabel="share recognised", ylim=(-0.05, 1))
axes.legend(loc="lower right")
show(
    "The share of the rare group that is recognised, over the number of its examples. The modular curve starts high "
    "even with none; the direct one starts at 0 and reaches it with 200 examples."
)

# %% [markdown]
# Nobody has to write these modules: layers that are trained together find useful intermediate questions by
# themselves, as long as the task is made of such parts.
#
# ## 10. Layer by layer the classes come apart
#
# Two neighbouring inputs can belong to different classes, and two distant ones to the same. The layers have to
# pull the first apart and to bring the second together. How well have they done so far? Compare how far the class
# means lie apart with how wide the classes are: the scatter *between* over the scatter *within*.
#
# *On paper.* Class A at 0 and 2, class B at 5, 7, 9. Within: $1 + 1 + 4 + 0 + 4 = 10$. The mean of all is 4.6, so
# between is $2 \cdot 3.6^2 + 3 \cdot 2.4^2 = 43.2$. The separation is 4.32.

# %% exercise="layer_separation" component=["DP-08"]

# %% [markdown]
# Four quadrants, two classes: the class is whether the two coordinates have different signs. The classes have
# the *same* mean, so at the input the separation is 0.

# %% component=["DP-08", "DP-07", "DP-11"] claim=["C-DP-08", "C-DP-09"] tags=["experiment"]
rng = np.random.default_rng(0)
points = rng.uniform(-2, 2, size=(400, 2))
classes = ((points[:, 0] > 0) != (points[:, 1] > 0)).astype(int)
separation = {}
for steps in (0, 500):
    net = train(points, softmax_error(classes), [2, 32, 32, 32, 2], 8, steps)
    outs = layer_outputs(points, *net)
    separation[steps] = np.array([layer_separation([o[k] for o in outs], classes) for k in range(8)])
    print(f"after {steps:3d} steps, median of 8:", np.median(separation[steps], axis=0).round(3))
start, end = (np.median(separation[s], axis=0) for s in (0, 500))
assert start.max() < 0.2 and np.all(np.diff(end[1:]) > 0) and end[-1] > 1

pairs = np.array([[-0.1, 1.0], [0.1, 1.0], [2.0, 2.0], [-2.0, -2.0]])
scores = layer_outputs(pairs, *net)[-1]
second = sigmoid(scores[..., 1] - scores[..., 0])  # probability of the second class, for each of the 8
print("medians at (−0.1, 1), (0.1, 1), (2, 2), (−2, −2):", np.median(second, axis=0).round(4))
assert np.median(second[:, 0]) > 0.9 and np.median(second[:, 1]) < 0.1  # 0.2 apart, different answers
assert second[:, 2:].max() < 0.01  # 5.66 apart, the same answer

figure, panels = plt.subplots(1, 4, figsize=(10, 2.7))
for k, axes in enumerate(panels):
    layer = outs[k][0] - outs[k][0].mean(axis=0)
    plane = layer @ np.linalg.svd(layer, full_matrices=False)[2][:2].T
    for label, colour, mark in [(0, BLUE, "o"), (1, ORANGE, "^")]:
        axes.plot(*plane[classes == label].T, mark, color=colour, ms=3)
    name = "input" if k == 0 else f"layer {k}"
    axes.set(title=f"{name}: {separation[500][0, k]:.2f}", xticks=[], yticks=[])
show(
    "Four scatter plots of the same points, at the input and after three trained layers, in the two directions of "
    "largest variance. At the input the two classes share a chessboard; after the third layer they lie apart."
)

# %% [markdown]
# Before training the layers hardly separate anything, whatever their number; after it each layer adds to what the
# one before has done. Nobody told the lower layers about classes: they have learned to make things easy for the
# upper ones. This is what is meant by *learning a representation*. The same on real digits, which the network has
# not seen; at the same time we ask how well each layer's features would do on their own, by taking each digit for
# the class whose mean is nearest.

# %% component=["DP-08", "DP-11"] tags=["experiment"]
images, digits = load_digits()
pixels = images.reshape(len(images), -1) / images.max()
learned, held = slice(0, 1000), slice(1000, None)
curves = {}
for steps in (0, 400):
    net = train(pixels[learned], softmax_error(digits[learned]), [64, 32, 32, 32, 32, 10], 5, steps, 0.003, batch=64)
    outs, seen = layer_outputs(pixels[held], *net), layer_outputs(pixels[learned], *net)
    apart = [layer_separation([o[k] for o in outs], digits[held]) for k in range(5)]
    nearest = np.zeros((5, len(outs)))
    for k, layer in np.ndindex(nearest.shape):
        means = np.array([seen[layer][k][digits[learned] == d].mean(axis=0) for d in range(10)])
        distances = ((outs[layer][k][:, None] - means) ** 2).sum(axis=2)
        nearest[k, layer] = np.mean(distances.argmin(axis=1) == digits[held])
    curves[steps] = np.median(apart, axis=0), nearest.mean(axis=0)
    print(f"after {steps:3d} steps: separation {curves[steps][0].round(2)}, nearest mean {curves[steps][1].round(3)}")
assert np.all(np.diff(curves[400][0]) > 0) and curves[0][0].max() < 1
assert curves[400][1][4] > curves[400][1][0] + 0.003 and curves[0][1][4] < curves[0][1][0] - 0.1

figure, panels = plt.subplots(1, 2, figsize=(9, 3.2))
names = ["input", "1", "2", "3", "4", "out"]
for axes, part, title in zip(panels, (0, 1), ("between / within", "read right by the nearest mean")):
    axes.plot(names, curves[0][part], "s--", color=ORANGE, label="untrained")
    axes.plot(names, curves[400][part], "o-", color=BLUE, label="trained")
    axes.set(title=title, xlabel="layer")
panels[0].legend()
show(
    "Two curves over the layers for digits that were held back. Trained: separation rises from layer to layer, and "
    "the nearest mean reads a little better. Untrained: both fall, the share read right from 89 to below 50 per cent."
)

# %% [markdown]
# ## 11. Too deep, and the way around
#
# If layers are good, are thirty better than two? Thirty layers *could* do what two do: let the other 28 pass on
# what they get. But passing on is nothing that a layer does by itself. It would have to learn it.
#
# He and others (2016) turned it round. Let the input pass by *itself*, on a way around two layers, and let these
# learn only what has to be *added*: $\text{out} = x + F(x)$. With small weights the block does nearly nothing,
# and does no harm. And on the way back?
#
# *On paper.* $\text{out} = x + w_2\max(0, w_1 x)$ with $w_1 = 0.1$, $w_2 = 0.2$: the slope for $x > 0$ is $1 +
# 0.02$. Through 15 such blocks it is $1.02^{15} = 1.35$. Without the way around it is $0.02^{15} \approx
# 3 \cdot 10^{-26}$.

# %% exercise="residual_forward" component=["DP-09"]

# %% exercise="residual_backward" component=["DP-09"]

# %% component=["DP-09", "DP-11"] tags=["experiment"]
NAMES, WIDTH = ("W1", "b1", "W2", "b2"), 24


def train_blocks(blocks, around, seed, steps=250, rate=0.002):
    """The loss on all training digits in the end, the share read right, and the losses on the way."""
    rng = np.random.default_rng(seed)
    last = math.sqrt((1 / blocks if around else 2) / WIDTH)  # He's rule, or small enough for a sum of blocks
    params = [rng.normal(scale=math.sqrt(2) / 8, size=(64, WIDTH)), rng.normal(size=(WIDTH, 10)) / math.sqrt(WIDTH)]
    for _ in range(blocks):
        params += [rng.normal(scale=math.sqrt(2 / WIDTH), size=(WIDTH, WIDTH)), np.zeros(WIDTH)]
        params += [rng.normal(scale=last, size=(WIDTH, WIDTH)), np.zeros(WIDTH)]
    state, way = {}, []
    for step in range(steps + 1):
        rows = rng.integers(1000, size=64) if step < steps else np.arange(1000)
        h, caches = pixels[rows] @ params[0], []
        for k in range(blocks):
            out, cache = residual_forward(h, *params[2 + 4 * k : 6 + 4 * k])
            h = out if around else np.maximum(out - h, 0)  # plain: take the detour away again
            caches.append((cache, h > 0))
        loss, dout = softmax_cross_entropy(h @ params[1], digits[rows])
        if step == steps:
            return loss, np.mean((h @ params[1]).argmax(axis=1) == digits[rows]), way
        way.append(loss)
        d_last, dout = h.T @ dout, dout @ params[1].T
        grads = []
        for cache, on in reversed(caches):
            dout = dout if around else dout * on
            dx, *rest = residual_backward(dout, cache)
            grads, dout = [*rest, *grads], dx if around else dx - dout
        params = adam(params, [pixels[rows].T @ dout, d_last, *grads], state, rate)


found, ways, cases = {}, {}, [(b, a) for b in (1, 15) for a in (False, True)]
for k, (blocks, around) in enumerate(cases):
    runs = [train_blocks(blocks, around, seed) for seed in range(3)]
    found[blocks, around] = np.array([run[:2] for run in runs])
    ways[blocks, around] = np.mean([run[2] for run in runs], axis=0)
    progress(k + 1, len(cases), "plain and residual")
for blocks, around in cases:
    loss, right = found[blocks, around].mean(axis=0)
    way = "with" if around else "no"
    print(f"{2 * blocks + 2:2d} layers, {way} way around: loss {loss:.3f}, {right:.1%} read right")
assert found[15, False][:, 0].min() > 3 * found[1, False][:, 0].max()  # deeper, and worse *on the training digits*
assert found[15, True][:, 0].max() < found[1, True][:, 0].min()  # with the way around: deeper, and better

figure, axes = plt.subplots(figsize=(6.4, 3.4))
looks = {(1, False): (GREY, ":"), (1, True): (SKY, "-."), (15, False): (ORANGE, "--"), (15, True): (BLUE, "-")}
for (blocks, around), (colour, style) in looks.items():
    smooth = np.convolve(ways[blocks, around], np.full(15, 1 / 15), "valid")
    label = f"{2 * blocks + 2} layers, {'residual' if around else 'plain'}"
    axes.semilogy(np.arange(len(smooth)), smooth, style, color=colour, label=label)
axes.set(title="Deeper is worse, or better: it depends on the way around", xlabel="step", ylabel="training loss")
axes.set_ylim(0.01, 20)
axes.legend(loc="upper right", ncols=2)
show(
    "Training loss over 250 steps for four networks. Both of 4 layers fall alike. Of those of 32 layers the plain one "
    "stays highest throughout, the residual one falls lowest."
)

# %% [markdown]
# Thirty-two plain layers do worse than four *on the digits they were trained on*. That is not overfitting, it is
# descent that hardly gets through. (Six times the steps brought one of two such networks to where four layers had
# been long before, the other not.) With the way around the same layers do better than four, at once. It was this,
# together with batch normalisation ([chapter 6](ch06_batchnorm)), that brought networks of a hundred layers.
#
# ## 12. Capstone: is deep and thin better at reading digits?
#
# Everything together: your budget, your judge, real data. 4810 weights and biases may be spent on 1, 2, 3, 5 or 8
# hidden layers. Ten random splits, 500 digits to learn from, 1297 to be read; each split is learned by every
# depth. Before you run it, write down which depth you would bet on.

# %% component=["DP-02", "DP-09"] tags=["experiment"]
splits = [np.random.default_rng(seed).permutation(len(pixels)) for seed in range(10)]
known, fresh = np.array([s[:500] for s in splits]), np.array([s[500:] for s in splits])
rights, depths = {}, (1, 2, 3, 5, 8)
for k, depth in enumerate(depths):
    sizes = widest_net(64, 10, depth, 4810)
    net = train(pixels[known], softmax_error(digits[known]), sizes, 10, 400, 0.003, batch=64, seed=depth)
    answers = layer_outputs(pixels[fresh], *net)[-1].argmax(axis=2)
    rights[depth] = np.mean(answers == digits[fresh], axis=1)
    progress(k + 1, len(depths), "five depths, ten splits")
print(f"one layer of 64: {rights[1].mean():.2%} read right")
gains = {depth: paired_interval(rights[1], rights[depth], 2.262) for depth in depths[1:]}
for depth, (low, gain, high) in gains.items():
    width = widest_net(64, 10, depth, 4810)[1]
    print(f"{depth} layers of {width}: {rights[depth].mean():.2%}, gain {gain:+.2%}, between {low:+.2%} and {high:+.2%}")
assert gains[2][0] < 0.005 and gains[2][2] > -0.005  # two layers: no difference that matters
assert gains[8][2] < -0.02  # eight thin layers are worse, beyond doubt

figure, axes = plt.subplots(figsize=(6, 3.4))
axes.axhline(0, color=GREY)
for position, (low, gain, high) in enumerate(gains.values()):
    axes.plot([position, position], [100 * low, 100 * high], color=BLUE, lw=2)
    axes.plot(position, 100 * gain, "o", color=BLUE)
axes.set_xlim(-0.5, 3.5)
axes.set_xticks(range(4), [f"{d} layers\nof {widest_net(64, 10, d, 4810)[1]}" for d in gains])
axes.set(title="Gain over one layer of 64, at equal parameters", ylabel="percentage points")
show(
    "The gain in accuracy of 2, 3, 5 and 8 layers over one layer, with intervals. Two and three layers lie around 0, "
    "five a little below, eight about six points below."
)

# %% [markdown]
# On these small images depth does not help, and eight thin layers hurt. All depths had the same rate and the same
# 400 steps, and none was tuned: with other rates, and four times the steps, eight layers lost between three and
# eight points, and always lost. That does not refute the chapter: it is
# the chapter. Depth pays where the task is *made of parts of parts*, where there are many data, and where the
# layers can be trained. Eight by eight pixels and five hundred digits are not that.
#
# ## 13. How many layers are "deep"?
#
# There is no number. Some say two hidden layers, some three; speech people said seven, image people a hundred.
# Count the pieces again: is there a depth at which something new begins?

# %% component=["DP-10"] erratum=["E69"] tags=["experiment"]
counted = np.array([pieces(*sawtooth_network(depth), 0.0, 1.0) for depth in range(1, 10)])
print("pieces for 1 to 9 layers:", counted, "; each layer multiplies by", set((counted[1:] / counted[:-1]).tolist()))
assert np.all(counted[1:] == 2 * counted[:-1])  # the step from 2 to 3 layers is like every other

# %% [markdown]
# > **What the notes got wrong: "deep means three layers or more".** That is an opinion, and there is no border to
# > find: the third layer doubles the pieces as the second did. What matters is what the layers do, not what the
# > network is called.
#
# ## What to take home
#
# - **One hidden layer is enough**, in principle: for every *continuous* function on a *bounded* domain, as closely
#   as you like. Steps: error $\propto 1/H$. ReLUs: $\propto 1/H^2$.
# - **Depth folds.** $2k$ units in $k$ layers make $2^k$ pieces; one layer needs $2^k - 1$ units at least. It is
#   what depth *can* do. Random networks do not do it, and training need not find it.
# - **Equal parameters, paired runs, an interval.** Without these three "deeper is better" is an anecdote.
# - **More parameters** lower the error on what was seen. On new data they can raise it tenfold.
# - **Modules**: two easy questions with many examples beat one difficult question with few.
# - Trained layers pull the classes apart, **layer by layer**; untrained ones do not.
# - **Residual blocks** give signals and errors a way around: thirty layers train as fast as four, or faster.
#
# **Now you can** say what a network of a given shape can do and what it is likely to do, compare two
# architectures fairly, tell a difference from luck, and build a very deep network that trains.
#
# **Next.** This was the last chapter, and you have built everything a modern library is made of: read *Deep
# Learning* (Goodfellow, Bengio and Courville), or the ResNet paper with your own block beside it, rebuild the
# reader of digits in PyTorch in twenty lines, or put residual blocks around the convolutions of
# [chapter 12](ch12_convolution) and see what depth does where the images are larger.
# And in [project 4](project4_framework) your own parts become a small framework that trains a network with eyes.
#
# **Sources.** Student, *The probable error of a mean*, Biometrika 6, 1908. G. Cybenko, *Approximation by
# superpositions of a sigmoidal function*, Mathematics of Control, Signals and Systems 2, 1989. K. Hornik,
# *Approximation capabilities of multilayer feedforward networks*, Neural Networks 4, 1991. M. Leshno, V. Lin, A.
# Pinkus & S. Schocken, Neural Networks 6, 1993. T. Dietterich, *Approximate statistical tests for comparing
# supervised classification learning algorithms*, Neural Computation 10, 1998. F. Seide, G. Li & D. Yu,
# *Conversational speech transcription using context-dependent deep neural networks*, Interspeech 2011. G.
# Montúfar, R. Pascanu, K. Cho & Y. Bengio, *On the number of linear regions of deep neural networks*, NIPS 2014.
# M. Nielsen, *Neural Networks and Deep Learning*, 2015, chapter 4. M. Telgarsky, *Benefits of depth in neural
# networks*, COLT 2016. K. He, X. Zhang, S. Ren & J. Sun, *Deep residual learning for image recognition*, CVPR
# 2016. H.-y. Lee, *Machine Learning*, lecture "Why deep?", 2017. M. Belkin, D. Hsu, S. Ma & S. Mandal,
# *Reconciling modern machine-learning practice and the classical bias–variance trade-off*, PNAS 116, 2019. B. Hanin
# & D. Rolnick, *Complexity of linear regions in deep networks*, ICML 2019. E. Alpaydin & C. Kaynak, *Optical
# Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
