# %% [markdown]
# # Classic networks: eight answers from before deep learning
#
# Put a hundred prototypes among 1,200 handwritten digits, let them compete for a moment, and solve one linear
# system: the network that you get reads about 98 of 100 new digits, and nobody has propagated anything back.
# Between 1969, when a book showed what a single layer cannot do, and 2012, when deep learning took over, people
# invented networks that remember, that grow, that draw maps, that dream. Each is the answer to a question that
# is still open today. In this chapter you build eight of them, and you see what each can do and where it ends.
#
# **Before you start.** Sections 1 to 4 need vectors, distances and least squares only. Section 5 takes
# derivatives by the chain rule and section 6 takes it back through time ([chapter 2](ch02_backprop)). Sections
# 7 and 8 need probabilities and the sigmoid ([chapter 3](ch03_activations)).
#
# **What you will have built.** A radial basis function network, competitive learning, a self-organising map,
# two forms of adaptive resonance, cascade-correlation, an Elman network with back-propagation through time, a
# Boltzmann machine, and a restricted one that learns by contrastive divergence.
#
# **How to work.** Paper and pencil first, then the exercise, then the experiment that runs *your* function. It
# is the longest chapter of the course, and its sections hardly depend on each other: 1 to 4 make one evening
# (networks of *places*), 5 and 6 another (networks of *growth* and *time*), 7 and 8 a third (networks of
# *energy*).
#
# **Conventions.** Rows are examples: `x` has shape $(N, D)$. Prototypes and centres are rows, too: $(K, D)$. A
# binary unit is 0 or 1. Whatever is random takes a generator `rng`, and nothing that you hand in is changed.

# %% tags=["setup"]
import itertools

Arrays = tuple[np.ndarray, ...]
Parameters = tuple[np.ndarray, np.ndarray, np.ndarray]  # of a restricted Boltzmann machine: W, b, c

# %% [markdown]
# ## Before you start: predict
#
# Eight questions, one or two for each network. Answer them now, from what you know or guess; the experiments
# will answer them one after the other. (You may correct your answers before you hand in. That is called
# learning.)

# %% exercise="classic_networks_predictions"

# %% [markdown]
# ## 1. Bumps instead of walls: radial basis functions
#
# A sigmoid unit builds a *wall*: on one side of a line it says 0, on the other 1, for ever and ever. To say
# "only *here*" takes several walls. In 1988 Broomhead and Lowe turned this round and took units that know a
# **place**: a hidden unit has a **centre** $c$ and a **width** $s$, and it answers to what is near,
#
# $$\phi(x) = e^{-\lVert x - c\rVert^2/(2 s^2)}.$$
#
# The name **radial basis function**, RBF, says that only the radius $r = \lVert x - c\rVert$ counts. (Books
# that write $e^{-\beta r^2}$ mean $\beta = 1/(2 s^2)$.)
#
# *On paper.* A bump at 2 of width 2. At $x = 2$ it is 1 high. At $x = 0$, one width away, $e^{-1/2} = 0.607$.
# At $x = 6$, two widths away, $e^{-2} = 0.135$; at ten widths $e^{-50}$, which is nothing.

# %% exercise="rbf_basis" component=["ZO-01"]

# %% [markdown]
# Now the beautiful part. The output adds up the bumps, $y = \sum_k w_k\,\phi_k(x) + b$. Once centres and widths
# stand, that is **linear in what is left to learn**: the best $w$ and $b$ are a least squares problem, solved
# in one step, without a learning rate, without local minima, with the best answer guaranteed.
#
# *On paper.* XOR: the corners $(0,0)$ and $(1,1)$ should give 0, the other two 1. Two bumps with $2s^2 = 1$
# stand on the two zeros. By symmetry both get the same weight $w$. At a zero the bumps are $1$ and $e^{-2}$
# high, at a one both $e^{-1}$:
#
# $$w\,(1 + e^{-2}) + b = 0, \qquad 2 w e^{-1} + b = 1.$$
#
# Subtract: $w = -1/(1 - e^{-1})^2 = -2.503$, and $b = 1 - 2we^{-1} = 2.841$. A constant with two overlapping
# holes in it.

# %% exercise="rbf_fit" component=["ZO-01"]

# %% component=["ZO-01"] claim=["C-ZO-02"] tags=["experiment"]
corners, gate = (
    np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
    np.array([[0.0], [1.0], [1.0], [0.0]]),
)
centres, widths = corners[[0, 3]], np.full(2, np.sqrt(0.5))
weights, b = rbf_fit(corners, gate, centres, widths)
said = rbf_basis(corners, centres, widths) @ weights + b
print(
    f"weights {weights.ravel().round(3)}, b {b[0]:.3f}; XOR is missed by {np.abs(said - gate).max():.1e} at most"
)
assert np.abs(said - gate).max() < 1e-12
assert np.allclose(weights, -1 / (1 - np.exp(-1)) ** 2) and abs(b[0] - 2.841) < 1e-3

side = np.linspace(-0.7, 1.7, 90)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
height = (rbf_basis(plane, centres, widths) @ weights + b).reshape(90, 90)
figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.4))
image = left.contourf(side, side, height, levels=np.linspace(-0.3, 2.9, 17), cmap="cividis")
left.contour(side, side, height, levels=[0.5], colors="white", linewidths=2)
left.plot(*corners[[0, 3]].T, "o", color="white", mec="black", ms=9, label="should be 0 (centres)")
left.plot(*corners[[1, 2]].T, "s", color="black", mec="white", ms=9, label="should be 1")
left.set(title="XOR by two holes in a constant", xlabel="$x_1$", ylabel="$x_2$")
left.legend(loc="upper center", fontsize=8)
figure.colorbar(image, ax=left, label="output", ticks=[0, 1, 2])

rng = np.random.default_rng(1)
x = rng.uniform(-3, 3, (60, 1))
y = np.sin(2 * x) + 0.3 * x + rng.normal(0, 0.1, x.shape)
fine = np.linspace(-4.5, 4.5, 400)[:, None]
centres, widths = np.linspace(-3, 3, 8)[:, None], np.full(8, 0.8)
weights, b = rbf_fit(x, y, centres, widths)
bumps = rbf_basis(fine, centres, widths)
right.plot(fine, bumps * weights[:, 0] + b, color=SKY, lw=0.8)
right.plot([], [], color=SKY, lw=0.8, label="b plus one bump each")
right.plot(fine, bumps @ weights + b, color=BLUE, lw=2, label="their sum")
right.plot(x, y, ".", color=ORANGE, label="examples")
right.axhline(b[0], color=GREY, ls="--", lw=1, label="b")
right.set(title="Eight bumps and a noisy curve", xlabel="x", ylim=(-3.2, 4.4))
right.legend(fontsize=8, ncols=2, loc="upper center")
show(
    "Left, the output over the plane: a dark valley from the corner (0, 0) to the corner (1, 1), and high "
    "ground at the other two corners. Right, eight weighted bumps in thin lines, and their sum running "
    "through noisy examples of a wave."
)

# %% [markdown]
# ### How many bumps, and what lies beyond
#
# With more bumps the curve follows the examples more closely. The error at *new* points falls to the noise and
# then no further; with a bump **at every example** the network goes through all of them, noise included. And
# far outside, where all bumps are 0, it says $b$: a network of places knows nothing where it has never been.
# (Your predictions `exact` and `far_away`.)


# %% component=["ZO-01"] claim=["C-ZO-01", "C-ZO-03"] tags=["experiment"]
def curve(x):
    return np.sin(2 * x) + 0.3 * x


counts = (2, 4, 6, 8, 10, 20)
misses = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3, (200, 1))
    noisy, fine = curve(x) + rng.normal(0, 0.1, x.shape), np.linspace(-3, 3, 300)[:, None]
    for k in counts:
        centres, widths = np.linspace(-3, 3, k)[:, None], np.full(k, min(1.0, 6 / (k - 1)))
        weights, b = rbf_fit(x, noisy, centres, widths)
        errors = [
            rbf_basis(p, centres, widths) @ weights + b - t for p, t in ((x, noisy), (fine, curve(fine)))
        ]
        misses.append([np.sqrt(np.mean(e**2)) for e in errors])
at_examples, at_truth = np.array(misses).reshape(5, len(counts), 2).mean(axis=0).T
for k, one, other in zip(counts, at_examples, at_truth):
    print(f"{k:2} bumps: off the noisy examples by {one:.3f}, off the true curve by {other:.3f}")
assert at_examples[0] > 0.6 and np.all(np.diff(at_examples) < 0)
assert np.all((0.085 < at_examples[3:]) & (at_examples[3:] < 0.115))  # the noise is 0.1
assert np.all(at_truth[3:] < 0.05) and at_truth[0] > 0.6

# One bump at each of 20 examples, no bias: as many equations as unknowns.
rng = np.random.default_rng(7)
x = np.linspace(-3, 3, 20)[:, None] + rng.uniform(-0.05, 0.05, (20, 1))
noisy = curve(x) + rng.normal(0, 0.1, x.shape)
exact = np.linalg.solve(rbf_basis(x, x, np.full(20, 0.3)), noisy)
residual = np.abs(rbf_basis(x, x, np.full(20, 0.3)) @ exact - noisy).max()
print(f"20 bumps at 20 examples: missed by {residual:.1e}, so the noise is learned by heart")
assert residual < 1e-12

centres, widths = np.linspace(0, 5, 6)[:, None], np.ones(6)
rising = np.linspace(0, 5, 40)[:, None]
weights, b = rbf_fit(rising, rising, centres, widths)
far = rbf_basis(np.array([[100.0]]), centres, widths) @ weights + b
print(f"learned y = x between 0 and 5; at 100 it says {far[0, 0]:.2f}, and b is {b[0]:.2f}")
assert abs(far[0, 0] - b[0]) < 1e-12

# %% [markdown]
# One question is left: *where* should the bumps stand? On a line one spreads them evenly. In 64 dimensions
# there is no "evenly": $10^{64}$ places would be a coarse grid. They should stand where the data are. Who finds
# that out?
#
# **Turn the knobs.** Bumps, evenly spread, fitted to twenty noisy points by least squares. What happens when
# they are narrower than the gaps between them, and what when there are as many as points?

# %%
def curve_of_bumps(centres, width):
    rng = np.random.default_rng(5)
    x, t = np.sort(rng.uniform(0, 6, 20)), np.linspace(0, 6, 240)
    y = np.sin(x) + 0.15 * rng.normal(size=20)
    middle = np.linspace(0, 6, centres)
    table = lambda x: np.column_stack([np.exp(-((x[:, None] - middle) ** 2) / (2 * width**2)), np.ones(len(x))])
    w = np.linalg.lstsq(table(x), y, rcond=None)[0]
    plt.figure(figsize=(5.5, 2.6))
    plt.plot(t, np.sin(t), "--", color=GREY)
    plt.plot(t, table(t) @ w, color=BLUE)
    plt.scatter(x, y, color=ORANGE, zorder=3)
    plt.ylim(-2, 2)
    plt.title(f"largest weight: {np.abs(w).max():.3g}")
    return f"{centres} bumps of width {width:g}, fitted to twenty noisy points of a sine."


with_knobs(curve_of_bumps, centres=[2, 4, 7, 12, 20], width=[0.1, 0.3, 0.8, 1.5, 3])

# %% [markdown]
# ## 2. The winner takes all: competitive learning
#
# Nobody tells a child what kinds of things there are. Can units find out by themselves, without any target? The
# idea of the seventies (von der Malsburg, Grossberg; in this form Rumelhart and Zipser, 1985): let them
# **compete**. Each unit has a prototype $w$. An input is shown, the nearest prototype wins, and *only the
# winner* learns, by moving a share $\eta$ of the way to the input:
#
# $$j^* = \arg\min_j \lVert x - w_j\rVert, \qquad w_{j^*} \leftarrow w_{j^*} + \eta\,(x - w_{j^*}).$$
#
# A winner becomes still better at what it is good at, so the units divide the world among themselves.
#
# *On paper.* Prototypes $(10, 0)$, $(0, 0)$, $(3, 5)$ and the input $(4, 0)$: distances 6, 4 and $\sqrt{26} =
# 5.1$. The second wins; with $\eta = \tfrac12$ it goes to $(2, 0)$. Mind that the largest *inner product* $w
# \cdot x$ would belong to $(10, 0)$, which is just long.

# %% exercise="competitive_step" component=["ZO-02"]

# %% [markdown]
# Show many inputs, with a rate that falls to 0, and each prototype ends near the mean of those that it wins.
# That is $k$-means, one example at a time. The experiment shows it for four clouds; it also shows the weakness.
# A unit that starts far from everything never wins, so it never learns: a **dead unit**. (Starting at examples
# avoids it.)


# %% component=["ZO-02"] tags=["experiment"]
def compete(x, prototypes, rate, steps, rng):
    """Show random examples while the rate falls to 0 in a straight line."""
    for t in range(steps):
        _, prototypes = competitive_step(x[rng.integers(len(x))], prototypes, rate * (1 - t / steps))
    return np.asarray(prototypes)


rng = np.random.default_rng(3)
middles = np.array([[0.0, 0.0], [4.0, 0.5], [1.0, 4.0], [5.0, 4.5]])
clouds = middles[rng.integers(4, size=300)] + rng.normal(0, 0.5, (300, 2))
figure, panels = plt.subplots(1, 2, figsize=(8.4, 3.3), sharex=True, sharey=True)
starts = {
    "Started at examples": clouds[[0, 3, 9, 14]],
    "One starts far away": np.array([[1, 1], [2, 2], [3, 1], [9.5, -4.0]]),
}
ends = []
for axes, (title, start) in zip(panels, starts.items()):
    path = [start]
    for _ in range(40):
        path.append(compete(clouds, path[-1], 0.1, 15, rng))
    path = np.array(path)
    axes.plot(*clouds.T, ".", color=GREY, ms=3)
    for walk in path.transpose(1, 0, 2):
        axes.plot(*walk.T, "-", color=BLUE, lw=1)
        axes.plot(*walk[0].T, "s", color=SKY, ms=6)
        axes.plot(*walk[-1].T, "*", color=ORANGE, ms=13, mec="black", mew=0.5)
    axes.set(title=title, xlabel="$x_1$")
    ends.append(path[-1])
panels[0].set_ylabel("$x_2$")
show(
    "Grey clouds of points with the paths of four prototypes from squares to stars. On the left each ends "
    "in the middle of a cloud; on the right one that started far away has never moved, and one serves two "
    "clouds."
)
nearest = np.linalg.norm(middles[:, None] - ends[0], axis=2).min(axis=1)
print(
    f"from examples, the middles are missed by {nearest.max():.2f} at most; the far unit moved by "
    f"{np.linalg.norm(ends[1][3] - starts['One starts far away'][3]):.2f}"
)
assert nearest.max() < 0.4 and np.array_equal(ends[1][3], [9.5, -4.0])

# %% [markdown]
# ### Capstone: read the digits without propagating anything back
#
# Put the two together, as Moody and Darken did in 1989: competitive learning places the centres (it never looks
# at a label), least squares sets the weights. 1,200 digits to learn from, 597 new ones to read, ten outputs,
# one for each digit. For comparison: a linear classifier straight from the pixels, and bumps placed at random
# examples.

# %% component=["ZO-01", "ZO-02"] tags=["experiment"]
images, labels = load_digits()
rows = []
for seed in range(3):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(images))
    train, test = order[:1200], order[1200:]
    x, onehot = images[train], np.eye(10)[labels[train]]
    linear = np.linalg.lstsq(np.column_stack([x, np.ones(1200)]), onehot, rcond=None)[0]
    shares = [np.mean((images[test] @ linear[:-1] + linear[-1]).argmax(axis=1) == labels[test])]
    for k in (20, 50, 100):
        start = x[rng.choice(1200, size=k, replace=False)]
        for centres in (start, compete(x, start, 0.3, 5000, rng)):
            weights, b = rbf_fit(x, onehot, centres, np.full(k, 2.0))
            read = rbf_basis(images[test], centres, np.full(k, 2.0)) @ weights + b
            shares.append(np.mean(read.argmax(axis=1) == labels[test]))
    rows.append(shares)
    progress(seed + 1, 3, "digits by bumps")
shares = np.array(rows)
print(f"new digits read right: linear {shares[:, 0].mean():.1%}")
for i, k in enumerate((20, 50, 100)):
    print(
        f"  {k:3} bumps: at random examples {shares[:, 1 + 2 * i].mean():.1%}, "
        f"placed by competition {shares[:, 2 + 2 * i].mean():.1%}"
    )
assert np.all(shares[:, 6] > shares[:, 0] + 0.02) and np.all(shares[:, 6] > 0.96)
assert shares[:, 2].mean() > shares[:, 1].mean() + 0.01 and shares[:, 4].mean() > shares[:, 3].mean() + 0.01

# %% [markdown]
# No gradient went into this network, and with 100 bumps it beats the linear classifier clearly. Its price: it
# needs many units, and the more dimensions really matter, the more places there are to cover.
#
# ## 3. A map of what one has seen
#
# The surface of the brain is full of maps: neighbouring places of the skin, neighbouring pitches of sound are
# handled by neighbouring cells. How can that come about, if no cell knows the plan? Teuvo Kohonen's answer of
# 1982 changes one thing in competitive learning. The units stand on a **grid**, and when a unit wins, **its
# neighbours on the grid learn with it**:
#
# $$w_j \leftarrow w_j + \eta\; h_j\,(x - w_j), \qquad h_j = e^{-d_j^2/(2 r^2)},$$
#
# where $d_j$ is the distance of unit $j$ from the winner *on the grid*, not among the weights. There are two
# spaces, and two distances: **weight space finds the winner, the grid finds its neighbours.** Mixing them up is
# the commonest mistake with this network, the **self-organising map**, SOM.
#
# *On paper.* A row of three units, the first one wins, $r = 1$: the neighbourhood is $1,\ e^{-1/2} = 0.607,\
# e^{-2} = 0.135$. Diagonal neighbours in a grid have $d^2 = 2$ and learn with $e^{-1} = 0.368$.

# %% exercise="som_neighbourhood" component=["ZO-05"]

# %% [markdown]
# *On paper.* Units at 0, 4 and 10, the input 6, $\eta = \tfrac12$, $r = 1$. The winner is 4, and goes half the
# way, to 5. Both others are its neighbours: $0 + \tfrac12 \cdot 0.607 \cdot 6 = 1.82$ and $10 - \tfrac12 \cdot
# 0.607 \cdot 4 = 8.79$. All move towards the input, the winner most.

# %% exercise="som_step" component=["ZO-05", "ZO-02"]

# %% [markdown]
# How do we know that a map is not folded? For each input look at its **two** nearest prototypes. If the map is
# smooth, they belong to units that are neighbours on the grid. The share of inputs for which they do not is the
# **topographic error** (Kiviluoto, 1996). Say which neighbours you mean: on a grid with four neighbours (side
# by side) a diagonal pair is an error, with eight it is not.


# %% tags=["given"]
def som_distances(x, weights):
    """Distance of each example from each unit's prototype: (N, R, C)."""
    return np.linalg.norm(x[:, None, None, :] - weights, axis=3)


# %% exercise="topographic_error" component=["ZO-05"]

# %% [markdown]
# ### The map unfolds
#
# An 8 × 8 map sees points of a square. It starts crumpled: each unit has a random prototype. Radius and rate
# fall from step to step, each by a constant factor: **first the coarse order, then the details**. Lines join
# units that are neighbours on the grid. As a control, the same training with a radius so small that the winner
# learns alone (your prediction `no_neighbours`).


# %% component=["ZO-05"] claim=["C-ZO-06"] tags=["experiment"]
def decay(start, end, share):
    """From start to end by equal factors, as share goes from 0 to 1."""
    return start * (end / start) ** share


def organise(x, weights, steps, radii, rng, rates=(0.5, 0.02), watch=None):
    """Show random examples while rate and radius fall; `watch(t, weights)` may look on."""
    for t in range(steps):
        share = t / (steps - 1)
        if watch:
            watch(t, weights)
        weights = som_step(x[rng.integers(len(x))], weights, decay(*rates, share), decay(*radii, share))
    return np.asarray(weights)


def distance_correlation(weights):
    """Correlation of the units' distances on the grid with those of their prototypes."""
    places = np.stack(np.indices(weights.shape[:2]), axis=2).reshape(-1, 2)
    flat, above = weights.reshape(len(places), -1), np.triu_indices(len(places), 1)
    far = [np.linalg.norm(p[:, None] - p, axis=2)[above] for p in (places, flat)]
    return np.corrcoef(*far)[0, 1]


def draw_map(axes, weights, **style):
    axes.plot(*weights.transpose(2, 0, 1), **style)
    axes.plot(*weights.transpose(2, 1, 0), **style)


measured, frames = [], {}
for seed in range(3):
    rng = np.random.default_rng(seed)
    points, start = rng.random((1000, 2)), rng.random((8, 8, 2))
    wanted = {0, 20, 60, *np.geomspace(100, 9999, 16).astype(int).tolist()} if seed == 0 else ()
    keep = lambda t, w: frames.update({t: np.array(w)}) if t in wanted else None
    final = organise(points, start, 10_000, (4.0, 0.5), rng, watch=keep)
    alone = organise(points, start, 10_000, (0.01, 0.01), rng)
    measured.append(
        [[topographic_error(points, w, 4), distance_correlation(w)] for w in (start, final, alone)]
    )
    progress(seed + 1, 3, "maps")
for name, (error, correlation) in zip(
    ("at the start", "organised", "winner learns alone"), np.mean(measured, axis=0)
):
    print(f"{name:>20}: topographic error {error:.3f}, distances correlate by {correlation:.3f}")
start, organised, alone = np.array(measured).transpose(1, 2, 0)
assert np.all(start[0] > 0.85) and np.all(np.abs(start[1]) < 0.15)
assert np.all(organised[0] < 0.05) and np.all(organised[1] > 0.98)
assert np.all(alone[0] > 0.8) and np.all(np.abs(alone[1]) < 0.15)

figure, axes = plt.subplots(figsize=(3.8, 3.8))


def unfold(k):
    axes.clear()
    t = sorted(frames)[k]
    draw_map(axes, frames[t], color=BLUE, lw=1, marker="o", ms=3)
    axes.set(title=f"after {t} examples", xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])


play(
    figure,
    unfold,
    len(frames),
    "A crumpled net of 8 by 8 units in a square contracts, turns, and unfolds until it covers the square evenly.",
)

# %% [markdown]
# ### From ten dimensions to two
#
# A map is most useful where one cannot look: many dimensions, few of which matter. Here ten measurements hang
# on two hidden factors. The map is not told; it lays itself along the curved surface on which the data live.
# Beside the topographic error we watch the **quantisation error**, the mean distance of an example from its
# prototype.

# %% component=["ZO-05"] claim=["C-ZO-07"] tags=["experiment"]
outcome = []
for seed in range(3):
    rng = np.random.default_rng(10 + seed)
    factors = rng.random((600, 2))
    mixed = np.hstack([factors, factors**2, factors[:, :1] * factors[:, 1:]]) @ rng.normal(0, 0.5, (5, 10))
    data = mixed + rng.normal(0, 0.02, (600, 10))
    start = data[rng.integers(600, size=(8, 8))]
    final = organise(data, start, 6000, (4.0, 0.5), rng)
    errors = [som_distances(data, w).min(axis=(1, 2)).mean() for w in (start, final)]
    folds = [topographic_error(data, w, 8) for w in (start, final)]
    # Where on the map does each example lie, and does that tell its hidden factors?
    places = np.stack(np.divmod(som_distances(data, final).reshape(600, -1).argmin(axis=1), 8), axis=1)
    design = np.column_stack([places, np.ones(600)])
    left_over = factors - design @ np.linalg.lstsq(design, factors, rcond=None)[0]
    outcome.append([*errors, *folds, 1 - left_over.var() / factors.var()])
outcome = np.array(outcome)
print("quantisation error {:.3f} → {:.3f}; topographic error {:.3f} → {:.3f}".format(*outcome.mean(axis=0)))
print(f"{outcome[:, 4].mean():.0%} of the hidden factors' variance can be read off the place on the map")
assert np.all(outcome[:, 1] < 0.97 * outcome[:, 0])
assert np.all(outcome[:, 2] > 0.7) and np.all(outcome[:, 3] < 0.1) and np.all(outcome[:, 4] > 0.75)

# %% [markdown]
# And the digits: 64 dimensions onto a grid of 10 × 10. No label is used. Each unit's prototype is a picture,
# and neighbours look alike: you can walk from the 1s to the 7s.

# %% component=["ZO-05"] claim=["C-ZO-07"] tags=["experiment"]
rng = np.random.default_rng(0)
order = rng.permutation(len(images))
train, test = order[:1200], order[1200:]
digit_map = organise(
    images[train], images[rng.choice(train, size=(10, 10))], 8000, (5.0, 0.6), rng, (0.5, 0.03)
)
votes = np.zeros((100, 10))
np.add.at(votes, (som_distances(images[train], digit_map).reshape(1200, -1).argmin(axis=1), labels[train]), 1)
names, known = votes.argmax(axis=1), votes.any(axis=1)
read = np.mean(
    names[som_distances(images[test], digit_map).reshape(len(test), -1).argmin(axis=1)] == labels[test]
)
beside = np.linalg.norm(np.diff(digit_map, axis=1), axis=2).mean()
anywhere = np.linalg.norm(
    digit_map.reshape(100, -1) - rng.permutation(digit_map.reshape(100, -1)), axis=1
).mean()
print(f"each unit named after most of its digits, {read:.0%} of new digits are read right")
print(f"prototypes side by side are {beside:.2f} apart, any two {anywhere:.2f}")
assert read > 0.85 and beside < 0.5 * anywhere and topographic_error(images[train], digit_map, 8) < 0.1

tiles = np.pad(digit_map.reshape(10, 10, 8, 8), ((0, 0), (0, 0), (1, 1), (1, 1)))
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.5))
left.imshow(tiles.transpose(0, 2, 1, 3).reshape(100, 100), cmap="gray")
left.set(title="The prototypes of 10 × 10 units", xticks=[], yticks=[])
right.imshow(np.where(known, names, np.nan).reshape(10, 10), cmap="tab10", vmin=0, vmax=9, alpha=0.45)
for place, name in np.ndenumerate(names.reshape(10, 10)):
    right.text(
        *place[::-1], name if known.reshape(10, 10)[place] else "·", ha="center", va="center", fontsize=11
    )
right.set(title="What most of their examples are (·: none)", xticks=[], yticks=[])
show(
    "Left, a grid of ten by ten small pictures of digits that change gradually from unit to unit. Right, "
    "the digit that each unit stands for: the same digits form connected regions."
)

# %% [markdown]
# ## 4. Learn the new without losing the old: adaptive resonance
#
# Competitive learning has a nasty habit. Show it only 7s for a week, and the unit that knew the 1s may drift
# away to them: it *forgets*. Freeze it, and it cannot learn anything new. Stephen Grossberg called this the
# **stability–plasticity dilemma**, and his answer, with Gail Carpenter, **adaptive resonance theory**, ART: a
# winner must *deserve* to learn. The input is compared with the winner's prototype; only if they are similar
# enough, the winner learns. If not, it is left alone, and **a new category is opened, with the input itself as
# its prototype**. How similar is enough? That is the **vigilance** $\rho$.
#
# For inputs of real numbers take the simplest form: $d = \lVert x - w\rVert$ decides who wins, and the
# *similarity* $e^{-d}$, between 0 and 1, whether it may learn: it must be above $\rho$.
#
# *On paper.* Prototypes $-3$ and $1$, input 0. The winner is 1, at $d = 1$, similarity $e^{-1} = 0.368$. With
# $\rho = 0.3$ it learns; with $\rho = 0.4$ it is refused, and 0 becomes a category of its own.

# %% exercise="art_present" component=["ZO-03", "ZO-04"] claim=["C-ZO-05"]


# %% component=["ZO-03", "ZO-04"] claim=["C-ZO-04", "C-ZO-05"] tags=["experiment"]
def categorise(x, vigilance, rate=0.1):
    """Show all inputs in order, starting without any category."""
    prototypes, chosen = np.empty((0, x.shape[1])), []
    for row in x:
        category, prototypes = art_present(row, np.asarray(prototypes), vigilance, rate)
        chosen.append(category)
    return np.asarray(prototypes), np.array(chosen)


rng = np.random.default_rng(5)
blob = rng.permutation(np.repeat(np.arange(4), 50))
blobs = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0]])[blob] + rng.normal(0, 0.3, (200, 2))
vigilances = (0.0, 0.02, 0.1, 0.2, 0.25, 0.5, 0.7, 0.85, 0.95, 1.0)
found = {rho: categorise(blobs, rho) for rho in vigilances}
counts = [len(found[rho][0]) for rho in vigilances]
pure = lambda chosen: sum(np.bincount(blob[chosen == c]).max() for c in set(chosen.tolist())) / len(blob)
for rho, count in zip(vigilances, counts):
    print(
        f"vigilance {rho:<4}: {count:3} categories, {pure(found[rho][1]):.0%} of the inputs with their own kind"
    )
assert counts[0] == 1 and counts[-1] == 200 and counts == sorted(counts)
assert [counts[vigilances.index(rho)] for rho in (0.1, 0.2)] == [4, 4] and pure(found[0.2][1]) == 1.0

# C-ZO-05: whoever is refused becomes a prototype, as it is.
prototypes, added = np.empty((0, 2)), 0
for row in blobs:
    category, after = art_present(row, prototypes, 0.5, 0.1)
    if len(after) > len(prototypes):
        assert category == len(prototypes) and np.array_equal(after[-1], row)
        added += 1
    prototypes = np.asarray(after)
print(f"at vigilance 0.5 {added} inputs were refused, and each became a prototype as it was")

figure, panels = plt.subplots(1, 3, figsize=(9, 3.1), sharex=True, sharey=True)
for axes, rho in zip(panels, (0.0, 0.2, 0.5)):
    prototypes, chosen = found[rho]
    for c, mark in zip(range(len(prototypes)), itertools.cycle("osv^D<>ph")):
        axes.plot(*blobs[chosen == c].T, mark, ms=3.5, color=(BLUE, ORANGE, GREEN, PURPLE, SKY, GREY)[c % 6])
    axes.plot(*prototypes.T, "*", color="black", ms=10, mec="white")
    axes.set(title=f"ρ = {rho:g}, categories: {len(prototypes)}", xlabel="$x_1$")
panels[0].set_ylabel("$x_2$")
show(
    "Four blobs of points in three panels. At vigilance 0 they are lumped together, at middle vigilance "
    "each blob is one category, at high vigilance the blobs are cut into many. Stars mark the prototypes."
)

# %% [markdown]
# Nobody said that there are four kinds: over a wide middle range of vigilance the net found out. That is what
# makes ART attractive, and vigilance is its price: it has to be chosen. A second price: what you find depends
# on the **order** in which the inputs came. (Your prediction `vigilance`.)
#
# > **What the notes got wrong: near, or similar?** One note lets the neuron with the *smallest distance* win
# > and then asks whether its "similarity" is *larger than the threshold*, without saying what the similarity
# > is. Many a program therefore compares the distance. Then everything is upside down: strangers are accepted,
# > friends are refused. A **distance** is small for what is alike, a **similarity** is large. Say which one you
# > mean, and turn one into the other (here by $e^{-d}$) before you compare.


# %% component=["ZO-03", "ZO-04"] erratum=["E72"] tags=["experiment"]
def mixed_up(x, vigilance, rate=0.1):
    """The same net with the distance itself in place of the similarity."""
    prototypes, chosen = x[:1].copy(), [0]
    for row in x[1:]:
        d = np.linalg.norm(row - prototypes, axis=1)
        chosen.append(int(d.argmin()) if d.min() > vigilance else len(prototypes))
        if d.min() > vigilance:
            prototypes[chosen[-1]] += rate * (row - prototypes[chosen[-1]])
        else:
            prototypes = np.vstack([prototypes, row])
    return prototypes, np.array(chosen)


prototypes, chosen = mixed_up(blobs, 0.2)
print(
    f"compared with the distance, ρ = 0.2: categories {len(prototypes)} instead of 4, "
    f"{pure(chosen):.0%} with their own kind"
)
same = np.array([[3.0, 1.0]] * 5)
twins = mixed_up(same, 0.2)[0]
print(
    f"and five times the same input makes {len(twins)} categories instead of {len(categorise(same, 0.2)[0])}"
)
assert len(found[0.2][0]) == 4 and pure(chosen) < 0.6 and len(twins) == 5

orders = []
for seed in range(20):
    shuffled = blobs[np.random.default_rng(seed).permutation(200)]
    orders.append([len(categorise(shuffled, rho)[0]) for rho in (0.2, 0.5)])
print(
    f"20 orders: {sorted(set(np.array(orders)[:, 0].tolist()))} categories at ρ = 0.2, "
    f"{sorted(set(np.array(orders)[:, 1].tolist()))} at ρ = 0.5"
)
assert set(np.array(orders)[:, 0]) == {4} and len(set(np.array(orders)[:, 1])) > 1

# %% [markdown]
# ### ART1: search, reset, resonance
#
# The original network, **ART1** of 1987, is for patterns of zeros and ones. Its memory is stable by
# construction, since **a prototype can only lose ones**: after learning it is $w \wedge I$, what prototype and
# input *share*. Two questions are asked, with two different denominators:
#
# - *Who calls loudest?* The **choice** $\dfrac{L\,|I \wedge w|}{L - 1 + |w|}$, where $|w|$ counts ones. It is
#   divided by the prototype, so that a large prototype does not win just because it is large.
# - *Does it explain the input?* The **match** $\dfrac{|I \wedge w|}{|I|}$. It is divided by the **input**: how
#   much of what I see is known to this category? It has to reach the vigilance.
#
# If the loudest category fails, it is **reset** for this input, and the next one is asked. So there is a
# *search*, and it ends either in **resonance** or with a new category. While prototypes shrink, an input may
# still change sides; but each prototype can lose a pixel only once, so the memory comes to rest.
#
# *On paper.* $I = 1100$; categories $A = 1111$, $B = 1000$; $L = 2$. Choices: $A$ has $2\cdot2/(1 + 4) = 0.8$,
# $B$ has $2\cdot1/(1+1) = 1$. So $B$ is asked first. Its match is $\tfrac12$. At $\rho = 0.5$ that is enough.
# At $\rho = 0.9$ $B$ is reset; $A$ matches with $\tfrac22 = 1$, and learns: $A = 1100$.


# %% tags=["given"]
def art1_choice(pattern, prototypes, L):
    """How strongly the input calls each category: L · |I ∧ w| / (L − 1 + |w|)."""
    return L * (prototypes @ pattern) / (L - 1 + prototypes.sum(axis=1))


def art1_match(pattern, prototypes):
    """Share of the input that each prototype explains: |I ∧ w| / |I|."""
    return prototypes @ pattern / pattern.sum()


# %% exercise="art1_present" component=["ZO-03", "ZO-04"]

# %% component=["ZO-03", "ZO-04"] tags=["experiment"]
inked = (images > 0.5).astype(float)[:300]


def art1_epochs(x, vigilance, epochs=3):
    """The category of each pattern, epoch by epoch, and the final prototypes."""
    prototypes, told = np.empty((0, x.shape[1])), []
    for _ in range(epochs):
        row = []
        for pattern in x:
            before = prototypes
            category, prototypes, _ = art1_present(pattern, before, vigilance, 2.0, len(x))
            prototypes = np.asarray(prototypes)
            assert np.all(prototypes[: len(before)] <= before)  # a prototype can only lose ones
            row.append(category)
        told.append(row)
    return np.array(told), prototypes


sizes = {}
for rho in (0.0, 0.4, 0.6, 0.8, 1.0):
    told, prototypes = art1_epochs(inked, rho)
    sizes[rho] = len(prototypes)
    changed = [int(np.sum(told[k] != told[k + 1])) for k in range(2)]
    print(
        f"vigilance {rho}: {sizes[rho]:3} categories of 300 digits; {changed[0]:3} change theirs in the second "
        f"epoch, {changed[1]:2} in the third"
    )
assert list(sizes.values()) == sorted(sizes.values()) and sizes[1.0] > 10 * sizes[0.0]
assert len(prototypes) <= len(np.unique(inked, axis=0))

told, prototypes = art1_epochs(inked, 0.6, epochs=20)
rest = int(np.argmax((told[1:] == told[:-1]).all(axis=1))) + 1
print(f"at vigilance 0.6 nothing changes any more after {rest} epochs")
assert np.array_equal(told[-1], told[-2])
common = np.bincount(told[-1]).argsort()[::-1][:10]
figure, panels = plt.subplots(2, 10, figsize=(9, 2.1))
for axes, c in zip(panels.T, common):
    axes[0].imshow(inked[told[-1] == c].mean(axis=0).reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    axes[1].imshow(prototypes[c].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
for axes in panels.ravel():
    axes.set(xticks=[], yticks=[])
panels[0, 0].set_ylabel("mean")
panels[1, 0].set_ylabel("w")
figure.suptitle("ART1: above the mean of a category's digits, below its prototype, what they all share")
show(
    "Ten columns, one for each of the largest categories: above the blurred mean of its digits, below the "
    "prototype, a few black pixels that all of them have in common."
)

# %% [markdown]
# ## 5. A network that grows: cascade-correlation
#
# How many hidden units does a task need? Usually one guesses, trains, and guesses again. Fahlman and Lebiere
# (1990) let the network **grow**. It starts with no hidden unit at all. Then, again and again: train a
# *candidate* unit to go along with the error that is left; install the best one and **freeze** its weights; fit
# the output anew. Each new unit sees the inputs *and all units before it*, so the network becomes as deep as it
# is long: a **cascade**.
#
# *On paper.* One input $x = 1$, units with weights $(0, \operatorname{artanh}\tfrac12)$ and $(0, 0,
# 2\operatorname{artanh}\tfrac12)$, bias first. The first unit says $\tanh(\operatorname{artanh}\tfrac12) =
# \tfrac12$. The second sees $(1, 1, \tfrac12)$ and also says $\tfrac12$. The features are $1,\ 1,\ \tfrac12,\
# \tfrac12$.

# %% exercise="cascade_features" component=["ZO-06"]

# %% [markdown]
# What makes a candidate useful? The output layer is linear: it can add or subtract the unit's value $V$. So $V$
# should go up and down *with the error $E$*, or *against* it; either is fine, since the output's weight can
# have either sign. Per output $o$ take the covariance over the examples $p$, then its **size**, then the sum:
#
# $$S = \sum_o \Big| \sum_p (V_p - \bar V)(E_{p,o} - \bar E_o) \Big| .$$
#
# Sizes first, then the sum. The other way round, two outputs that err in opposite directions would cancel, and
# the most useful unit of all would score nothing. The candidate *climbs* $S$, by its gradient. Since the
# centred errors add up to 0, $\bar V$ drops out of it: $V_p = \tanh(F_p \cdot w)$ contributes $(1 - V_p^2)
# F_p$, with the sign of its covariance.
#
# *On paper.* Two examples with $V = \tfrac12, -\tfrac12$ and errors $3, 1$: centred $1, -1$, so $S = |\tfrac12
# + \tfrac12| = 1$. A second output with errors $0, 4$: centred $-2, 2$, covariance $-2$, size 2. Together $S =
# 3$.

# %% exercise="candidate_correlation" component=["ZO-06"]


# %% tags=["given"]
def train_candidate(features, residuals, w, steps):
    """Climb S with a rate that grows by half after a step up and is halved instead of a step down."""
    (score, gradient), rate = candidate_correlation(features, residuals, w), 1 / len(features)
    for _ in range(steps):
        tried = w + rate * np.asarray(gradient)
        tried_score, tried_gradient = candidate_correlation(features, residuals, tried)
        if tried_score > score:
            w, score, gradient, rate = tried, tried_score, tried_gradient, 1.5 * rate
        else:
            rate = rate / 2
    return w, score


def grow(x, y, most, candidates, steps, rng, tolerance=1e-8):
    """Install units until the mean squared error is small enough: the units, and the error after each."""
    units, errors = (), []
    while True:
        features = np.asarray(cascade_features(x, units))
        residuals = features @ np.linalg.lstsq(features, y, rcond=None)[0] - y
        errors.append(np.mean(residuals**2))
        if errors[-1] <= tolerance or len(units) == most:
            return units, np.array(errors)
        starts = rng.normal(size=(candidates, features.shape[1]))
        pool = [train_candidate(features, residuals, w, steps) for w in starts]
        units = (*units, max(pool, key=lambda trained: trained[1])[0])


# %% [markdown]
# XOR first, then the benchmark for which the network became famous: two spirals wound around each other.
# Back-propagation through a few plain layers had found it very hard. Watch what each new unit cuts.

# %% component=["ZO-06"] claim=["C-ZO-08"] tags=["experiment"]
for seed in range(5):
    units, errors = grow(corners, gate, 5, 8, 200, np.random.default_rng(seed))
    assert len(units) == 1 and abs(errors[0] - 0.25) < 1e-12 and errors[1] < 1e-8
print(
    f"XOR: error {errors[0]:.2f} without hidden units, {errors[1]:.0e} with one, from five starts out of five"
)

turn = np.arange(97)
radius, angle = (104 - turn) / 104, turn * np.pi / 16
arm = radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
spirals, side = np.vstack([arm, -arm]), np.repeat([1.0, -1.0], 97)[:, None]


def cascade_says(points, units, upto):
    """The output's sign with the first `upto` units, fitted on the spirals."""
    known = np.asarray(cascade_features(spirals, units[:upto]))
    output = np.linalg.lstsq(known, side, rcond=None)[0]
    return np.sign(np.asarray(cascade_features(points, units[:upto])) @ output)


curves = []
for seed in range(3):
    units, errors = grow(spirals, side, 28, 10, 250, np.random.default_rng(seed))
    assert np.all(np.diff(errors) <= 1e-9)  # a unit more never hurts on the examples
    right = [np.mean(cascade_says(spirals, units, k) == side) for k in range(len(units) + 1)]
    curves.append((units, errors, np.array(right)))
    progress(seed + 1, 3, "spirals")
for k in (0, 10, 20, 28):
    print(f"{k:2} units: right in three runs {[f'{right[k]:.0%}' for *_, right in curves]}")
assert all(right[0] < 0.56 and right[-1] >= 0.93 for *_, right in curves)

units, errors, right = curves[0]
grid = np.linspace(-1.08, 1.08, 110)
plane = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
figure, panels = plt.subplots(1, 4, figsize=(11, 3.1))
for axes, k in zip(panels, (0, 3, 10, len(units))):
    axes.contourf(
        grid,
        grid,
        cascade_says(plane, units, k)[:, 0].reshape(110, 110),
        levels=[-2, 0, 2],
        colors=["#f6bd98", "#a5cbe6"],
    )
    axes.plot(*arm.T, "o", color="black", ms=2.5)
    axes.plot(*-arm.T, "o", color="white", mec="black", mew=0.6, ms=3.5)
    axes.set(title=f"{k} units: {right[k]:.0%}", xticks=[], yticks=[], aspect="equal")
show(
    "The plane of two spirals, cut by networks with more and more units: a straight cut, then curved ones, "
    "and in the last panel nested crescents that follow the two arms."
)

# %% [markdown]
# Two ideas survived: *grow when you need to*, and *connect every layer to all layers before it* (since 2017
# under the name DenseNet). A lesson too: on the examples a unit more never hurts. On new points it may well.
#
# ## 6. Memory: the Elman network
#
# All networks so far live in the moment: shown the same input, they say the same. But "it" means something only
# after the sentence before. Jeffrey Elman (1990) gave the hidden layer one more input: **its own last state**.
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h + b).$$
#
# The weights are the same at every step, so a sequence may have any length. Such a network is called
# *recurrent*.
#
# *On paper.* One unit, $W_x = \operatorname{artanh}\tfrac12$, $W_h = 2\operatorname{artanh}\tfrac14$, no bias,
# $h_0 = 0$. An impulse, then silence: $x = 1, 0, 0$. Then $h_1 = \tfrac12$, $h_2 = \tanh(2
# \operatorname{artanh}\tfrac14 \cdot \tfrac12) = \tfrac14$, and $h_3 = \tanh(2 \operatorname{artanh} \tfrac14
# \cdot \tfrac14) = 0.127$: an echo that fades.

# %% exercise="elman_forward" component=["ZO-07"]

# %% [markdown]
# ### Back-propagation through time
#
# Draw the steps beside each other and you see an ordinary deep network whose layers share their weights. The
# loss hears of $h_t$ along **two** arrows: through the output of step $t$ (that is `dstates[:, t]`), and
# through $h_{t+1}$. So we go from the last step to the first and carry along what the later step says. Let
# $\delta_t$ be the gradient for what stands inside the tanh at step $t$:
#
# $$\delta_t = \big(\text{dstates}_t + \delta_{t+1} W_h^\top\big) \odot (1 - h_t^2), \qquad
# \frac{\partial L}{\partial W_h} = \sum_t h_{t-1}^\top\,\delta_t .$$
#
# *On paper.* One unit, two steps, $h_0 = 2$, $h_1 = \tfrac12$, $h_2 = 0$, $W_h = 10$; only $h_2$ counts, with
# gradient 4. Then $\delta_2 = 4 \cdot 1 = 4$; carried back $4 \cdot 10 = 40$; $\delta_1 = 40 \cdot \tfrac34 =
# 30$. So $\partial L/\partial W_h = \tfrac12 \cdot 4 + 2 \cdot 30 = 62$, and $\partial L/\partial h_0 = 30
# \cdot 10 = 300$.

# %% exercise="elman_backward" component=["ZO-07"]

# %% [markdown]
# ### What it can remember
#
# Three tasks on random bits, an answer at every step: **echo** (the bit of two steps ago), **temporal XOR**
# (this bit and the one before), **parity** (is the number of ones so far odd?), where every single bit counts
# for ever. The control is the same network with $W_h$ kept at 0. The bits are coins: without memory nothing
# better than one half is possible.


# %% tags=["given"] given="softmax_cross_entropy"
def elman_loss(x, labels, params):
    """Mean cross-entropy of all steps, and the gradients of W_x, W_h, b, W_o and c."""
    W_x, W_h, b, W_o, c = params
    states, cache = elman_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b)
    h = np.asarray(states).reshape(-1, len(b))
    loss, dscores = softmax_cross_entropy(h @ W_o + c, labels.ravel())
    dstates = (dscores @ W_o.T).reshape(*x.shape[:2], len(b))
    _, _, dW_x, dW_h, db = elman_backward(dstates, cache)
    return loss, (dW_x, dW_h, db, h.T @ dscores, dscores.sum(axis=0))


# %% component=["ZO-07"] claim=["C-ZO-09"] tags=["experiment"]
def bits_task(name, n, steps, rng):
    """Sequences of random bits as ±1, and the bit to be said at each step."""
    bits = rng.integers(0, 2, (n, steps))
    if name == "parity":
        return (2.0 * bits - 1)[:, :, None], bits.cumsum(axis=1) % 2
    answers = rng.integers(0, 2, (n, steps))  # where the past does not reach back far enough: coins
    lag = 2 if name == "echo" else 1
    answers[:, lag:] = bits[:, :-lag] ^ (bits[:, lag:] if name == "temporal XOR" else 0)
    return (2.0 * bits - 1)[:, :, None], answers


def elman_train(x, labels, params, steps, memory=True, rate=1.0):
    for _ in range(steps):
        _, grads = elman_loss(x, labels, params)
        length = np.sqrt(sum(np.sum(g**2) for g in grads))  # gradients longer than 1 are shortened to 1
        params = [p - rate * g / max(1.0, length) for p, g in zip(params, grads)]
        if not memory:
            params[1] = 0 * params[1]
    return params


def elman_right(x, labels, params, skip):
    W_x, W_h, b, W_o, c = params
    states, _ = elman_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b)
    return np.mean((np.asarray(states) @ W_o + c).argmax(axis=2)[:, skip:] == labels[:, skip:])


results, done = {}, 0
for name in ("echo", "temporal XOR", "parity"):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        (x, labels_seen), (new, labels_new) = (bits_task(name, n, 10, rng) for n in (200, 500))
        orthogonal = np.linalg.qr(rng.normal(size=(16, 16)))[0]
        begin = [rng.normal(size=(1, 16)), orthogonal, np.zeros(16), rng.normal(0, 0.3, (16, 2)), np.zeros(2)]
        with_memory = elman_train(x, labels_seen, begin, 350)
        without = elman_train(x, labels_seen, [begin[0], 0 * orthogonal, *begin[2:]], 100, memory=False)
        skip = {"echo": 2, "temporal XOR": 1, "parity": 1}[name]
        results[name, seed] = [elman_right(new, labels_new, p, skip) for p in (with_memory, without)]
        done += 1
        progress(done, 9, "sequences")
for name in ("echo", "temporal XOR", "parity"):
    own, control = np.array([results[name, seed] for seed in range(3)]).T
    print(f"{name:>12}: new sequences right {own.round(3)}, without memory {control.round(3)}")
    assert np.all(own > 0.97) and np.all(np.abs(control - 0.5) < 0.06)

# %% [markdown]
# The network learned to *keep* what it needs, from nothing but right and wrong answers.
#
# ### How far back does the blame reach?
#
# At every step back the gradient is multiplied by $W_h^\top$ and by a slope of tanh that is at most 1. Over
# many steps that is a power: with factors below 1 it vanishes. (With $W_h = \tfrac12 I$ at most $2^{-20} <
# 10^{-6}$ is left after twenty steps: your prediction `twenty_steps`.) With factors above 1 it may explode.
# Orthogonal matrices do not shrink anything by themselves; the slopes of tanh still do. Elman himself looked
# only *one* step back: the last state counted as a constant. Its weights then learn, but nothing farther back
# is ever blamed (your prediction `window`).

# %% component=["ZO-07"] tags=["experiment"]
rng = np.random.default_rng(4)
T, H = 30, 16
x, spin = rng.normal(0, 0.3, (1, T, 1)), np.linalg.qr(rng.normal(size=(H, H)))[0]
last_only = np.zeros((1, T, H))
last_only[:, -1] = rng.normal(size=(1, H))
kinds = {"½ · identity": 0.5 * np.eye(H), "orthogonal": spin, "2 · orthogonal": 2 * spin}
figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.2))
for (name, W_h), mark, colour in zip(kinds.items(), "osv", (BLUE, GREEN, ORANGE)):
    reach = []
    for back in range(1, T):
        _, cache = elman_forward(x[:, -back:], np.zeros((1, H)), 0.3 * np.ones((1, H)), W_h, np.zeros(H))
        reach.append(
            np.linalg.norm(elman_backward(last_only[:, -back:], cache)[1]) / np.linalg.norm(last_only)
        )
    left.semilogy(range(1, T), reach, marker=mark, ms=3, color=colour, label=f"$W_h$ = {name}")
    kinds[name] = reach
left.set(title="How much blame is left", xlabel="steps back", ylabel="length of the gradient")
left.legend(fontsize=8)
assert kinds["½ · identity"][19] < 1e-6 and kinds["orthogonal"][19] > 1e-4

# The full gradient against Elman's own, which takes the state before as a constant.
states, cache = elman_forward(x, np.zeros((1, H)), 0.3 * np.ones((1, H)), spin, np.zeros(H))
full = elman_backward(last_only, cache)[3]
one_step = np.asarray(states)[:, -2].T @ (last_only[:, -1] * (1 - np.asarray(states)[:, -1] ** 2))
print(
    f"dW_h looking back one step is {np.linalg.norm(one_step):.2f} long, the full one {np.linalg.norm(full):.2f}"
)
assert np.linalg.norm(one_step) > 0 and np.linalg.norm(full - one_step) > 0.5 * np.linalg.norm(full)

shares = [
    np.mean([r[0] for (n, _), r in results.items() if n == name])
    for name in ("echo", "temporal XOR", "parity")
]
chance_level = [
    np.mean([r[1] for (n, _), r in results.items() if n == name])
    for name in ("echo", "temporal XOR", "parity")
]
right.bar(np.arange(3) - 0.18, shares, 0.36, color=BLUE, label="with $W_h$")
right.bar(np.arange(3) + 0.18, chance_level, 0.36, color=GREY, hatch="//", label="$W_h = 0$")
right.set_xticks(range(3), ("echo", "temporal XOR", "parity"))
right.set(title="What memory is for", ylabel="right answers", ylim=(0, 1.3))
right.legend(fontsize=8, ncols=2, loc="upper center")
show(
    "Left, the gradient's length over the steps back, on a logarithmic axis: with half the identity it "
    "falls in a steep line, with an orthogonal matrix slowly, with twice that matrix it grows. Right, "
    "bars: with memory all three tasks are right, without it one half."
)

# %% [markdown]
# ### Bug hunt: six wrong ways back through time
#
# Seven programs claim to compute $\partial L/\partial h_0$ and $\partial L/\partial W_h$ of an Elman layer. Six
# are wrong, and all of them pass *some* test. Find inputs that give the six away: up to three sets, one is
# enough if it is chosen well. Read first: where does each go wrong, and on which inputs would nobody notice?

# %% module="suspects" tags=["given"]

# %% exercise="classic_networks_bug_hunt" component=["ZO-07"]

# %% component=["ZO-07"] tags=["experiment"]
suspects = {letter: globals()[f"suspect_{letter}"] for letter in "abcdefg"}
asked = [[np.asarray(a, dtype=float) for a in question] for question in classic_networks_bug_hunt()]
said = {letter: [suspect(*question) for question in asked] for letter, suspect in suspects.items()}
apart = np.array(
    [
        [
            max(
                np.abs(np.subtract(p, q)).max()
                for one, other in zip(said[a], said[b])
                for p, q in zip(one, other)
            )
            for b in said
        ]
        for a in said
    ]
)
figure, axes = plt.subplots(figsize=(4.6, 3.8))
shown = axes.imshow(np.log10(apart + 1e-17), cmap="cividis", vmin=-17, vmax=0)
axes.set_xticks(range(7), said)
axes.set_yticks(range(7), said)
axes.set(title="How far apart your inputs drive each pair", xlabel="suspect", ylabel="suspect")
figure.colorbar(shown, label="log₁₀ of the largest difference")
show("A seven by seven table of colours: how far the answers of each pair of suspects differ on your inputs.")
print(f"{int(np.sum(np.triu(apart > 1e-6, 1)))} of 21 pairs of suspects contradict each other on your inputs")

# %% [markdown]
# ## 7. Energy: the Boltzmann machine
#
# The networks so far answer questions. Could one *imagine*: be left alone and produce, by itself, things like
# those it has seen? For this we need a network with a law of chance. Physics has had one for 150 years: a
# system that can be in many states is found in each of them with a probability that falls exponentially with
# its **energy**,
#
# $$P(s) = \frac{e^{-E(s)/T}}{Z}, \qquad Z = \sum_t e^{-E(t)/T}.$$
#
# $T$ is the **temperature**. A model that says what is likely by giving everything an energy is called an
# **energy-based model**, whatever the energy is made of. $Z$, the **partition function**, makes the
# probabilities add up to 1. It is a sum over *all* states, and the source of all trouble to come.
#
# *On paper.* Energies $0$, $\ln 3$, $\ln 6$ at $T = 1$: weights $1, \tfrac13, \tfrac16$, $Z = \tfrac96$, so $P
# = \tfrac69, \tfrac29, \tfrac19$. At $T = 2$ every $e^{-E}$ becomes its square root: the differences shrink.

# %% exercise="energy_distribution" component=["ZO-10"]

# %% [markdown]
# Ackley, Hinton and Sejnowski (1985) took units that are 0 or 1 and couplings between all pairs:
#
# $$E(s) = -\sum_{i<j} W_{ij}\, s_i s_j - \sum_i \theta_i s_i .$$
#
# Two units with a positive coupling are *cheaper* when on together. Mind the sum over $i < j$: each pair counts
# **once**. The product `s @ W @ s` has it twice. (And mind the sign of $\theta$: the paper calls $-\theta$ a
# threshold.)
#
# *On paper.* $W_{12} = 3,\ W_{13} = -1,\ W_{23} = 2$, $\theta = (1, 0, -2)$. The state 110 has $-3 - 1 = -4$,
# 011 has $-2 + 2 = 0$, and 111 has $-(3 - 1 + 2) - (1 - 2) = -3$.

# %% exercise="boltzmann_energy" component=["ZO-08", "ZO-10"]

# %% [markdown]
# ### An energy landscape
#
# Five units have 32 states. Let the machine be *cold*, $T \to 0$: each unit in turn takes the state of lower
# energy. The energy can then never rise, so the machine comes to rest, in a state that no single unit wants to
# leave: a valley. Which one depends on where it began (your prediction `cold`). This is the network of Hopfield
# (1982), whose valleys are *memories*. Warmth is what gets it out of the shallow ones.


# %% tags=["given"]
def sigmoid(z):
    """Squash every entry of z into (0, 1)."""
    return np.exp(-np.logaddexp(0, -z))  # log(1 + e^-z) without overflow


def binary_states(n):
    """Every state of n units: row i is i in binary."""
    return (np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1).astype(float)


def random_couplings(rng, n, size=1.0):
    """Symmetric, with an empty diagonal."""
    W = np.triu(rng.normal(0, size, (n, n)), 1)
    return W + W.T


# %% component=["ZO-08", "ZO-10"] claim=["C-ZO-11"] tags=["experiment"]
def cool_down(s, W, theta, sweeps=6):
    """At temperature 0 every unit in turn takes the state of lower energy: its energies, and its end."""
    s, energies = s.copy(), [boltzmann_energy(s[None], W, theta)[0]]
    for _ in range(sweeps):
        for i in range(len(s)):
            gain = s @ W[:, i] + theta[i]
            s[i] = s[i] if gain == 0 else gain > 0
            energies.append(boltzmann_energy(s[None], W, theta)[0])
    return np.array(energies), s


risen, several = 0, 0
for seed in range(200):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 9))
    W, theta = random_couplings(rng, n), rng.normal(size=n)
    ends = set()
    for s in binary_states(n)[rng.integers(2**n, size=5)]:
        energies, end = cool_down(s, W, theta, 10)
        risen += int(np.any(np.diff(energies) > 1e-12))
        ends.add(tuple(end))
    several += len(ends) > 1
print(
    f"1,000 cold walks in 200 machines: the energy rose in {risen}; {several} machines have several valleys"
)
assert risen == 0 and several > 20

rng = np.random.default_rng(118)
W, theta = random_couplings(rng, 5, 2.0), rng.normal(0, 0.7, 5)
states = binary_states(5)
energies = np.asarray(boltzmann_energy(states, W, theta))
ends = [int(cool_down(s, W, theta)[1] @ [16, 8, 4, 2, 1]) for s in states]
gray = np.arange(32) ^ np.arange(32) >> 1  # an order in which neighbours differ in one unit
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.4), width_ratios=[1.5, 1])
left.plot(range(32), energies[gray], "-", color=GREY, lw=0.7)
for end, mark, colour in zip(sorted(set(ends)), "osv^D", (BLUE, ORANGE, GREEN, PURPLE, SKY)):
    mine = [k for k, s in enumerate(gray) if ends[s] == end]
    left.plot(mine, energies[gray][mine], mark, color=colour, label=f"ends in {end:05b}")
    left.plot(list(gray).index(end), energies[end], mark, ms=13, mfc="none", color=colour)
left.set(
    title="32 states, and the valley that each falls into",
    xlabel="state (neighbours differ in one unit)",
    ylabel="energy",
)
left.legend(fontsize=8)
best = energies.argsort()
for T, style, colour in ((0.5, "-", BLUE), (2.0, "--", ORANGE), (20.0, ":", GREEN)):
    right.plot(
        range(32),
        np.asarray(energy_distribution(energies, T))[best],
        style,
        color=colour,
        lw=2,
        label=f"T = {T:g}",
    )
right.set(
    title="The hotter, the more even",
    xlabel="state, by rising energy",
    ylabel="P",
    yscale="log",
    ylim=(1e-6, 2),
)
right.legend(fontsize=8)
show(
    "Left, the energies of 32 states; markers tell into which of the ringed valleys each state falls when "
    "the machine is cold. Right, probabilities over the states by rising energy: a steep fall when cold, "
    "nearly level when hot."
)
print(f"valleys: {[(f'{e:05b}', round(float(energies[e]), 2)) for e in sorted(set(ends))]}")
assert len(set(ends)) > 1 and len({round(float(energies[e]), 6) for e in set(ends)}) > 1

# %% [markdown]
# ### Walking at random
#
# At a temperature above 0 a unit that is visited tosses a coin. Let the others stand still; the energies of
# "on" and "off" differ by $\sum_j W_{ij} s_j + \theta_i$, so
#
# $$P(s_i = 1 \mid \text{all others}) = \sigma\Big(\frac{\sum_j W_{ij} s_j + \theta_i}{T}\Big).$$
#
# The sigmoid of neural networks falls out of Boltzmann's law by itself. Visit the units in turn, again and
# again, each seeing what the others have *just become*: that is **Gibbs sampling** (Geman & Geman, 1984). And
# the miracle is that these local coins, which know no $Z$, lead to exactly $P(s) = e^{-E(s)/T}/Z$ in the long
# run.

# %% exercise="gibbs_sampling" component=["ZO-08"]

# %% component=["ZO-08"] claim=["C-ZO-10"] tags=["experiment"]
distances = []
for seed in range(3):
    rng = np.random.default_rng(seed)
    W, theta = random_couplings(rng, 5), rng.normal(size=5)
    exact = np.asarray(energy_distribution(boltzmann_energy(binary_states(5), W, theta)))
    walked = np.asarray(gibbs_sampling(np.zeros((1000, 5)), W, theta, 1.0, 220, rng))[20:]
    counted = (
        np.bincount((walked.reshape(-1, 5) @ [16, 8, 4, 2, 1]).astype(int), minlength=32)
        / walked[..., 0].size
    )
    distances.append(np.abs(counted - exact).sum() / 2)
    early = np.asarray(gibbs_sampling(np.zeros((1000, 5)), W, theta, 1.0, 1, rng))[0]
    begun = np.bincount((early @ [16, 8, 4, 2, 1]).astype(int), minlength=32) / 1000
print("200,000 states of 1,000 walks; total variation from exp(−E)/Z:", np.round(distances, 4))
assert max(distances) < 0.015
figure, axes = plt.subplots(figsize=(8.6, 2.8))
order = exact.argsort()[::-1]
axes.bar(range(32), exact[order], color=SKY, label="exp(−E)/Z")
axes.plot(range(32), counted[order], "o", color=ORANGE, ms=4, label="counted on the walks")
axes.plot(range(32), begun[order], "x", color=GREY, ms=5, label="after one sweep from 00000")
axes.set(title="Local coins find the global law", xlabel="the 32 states, likeliest first", ylabel="share")
axes.legend(fontsize=8)
show(
    "Bars of the exact probabilities of 32 states in falling order; the shares counted on long walks sit "
    "on top of them, those after a single sweep do not yet."
)

# %% [markdown]
# ### How it learns
#
# Make the data likelier: climb $\ln P(\text{data})$. Its gradient is of rare beauty. Every coupling needs to
# know only how often *its own two units* are on together, once while the data hold the visible units (the
# **clamped** phase) and once while the machine runs free, *dreams*, so to speak:
#
# $$\frac{\partial \ln P}{\partial W_{ij}} = \langle s_i s_j\rangle_\text{clamped} - \langle s_i s_j\rangle_\text{free} .$$
#
# Learn what you see, unlearn what you imagine; where both agree, stop. Hidden units, which no data hold, learn
# by the same rule. The heart of it are the two averages over a given set of states.
#
# *On paper.* Two units, $W_{12} = \ln 3$, no biases. Weights $e^{-E}$ of 00, 01, 10, 11: $1, 1, 1, 3$. Both are
# on in 3 of 6, so $\langle s_1 s_2\rangle = \tfrac12$; each alone is on in 4 of 6. Hold unit 1 on: only 10 and
# 11 are left, with 1 and 3, and $\langle s_1 s_2\rangle = \tfrac34$.

# %% exercise="boltzmann_moments" component=["ZO-08"]


# %% component=["ZO-08", "ZO-10"] tags=["experiment"]
def clamped_states(row, n):
    """All states whose first units are this row."""
    hidden = binary_states(n - len(row))
    return np.hstack([np.tile(row, (len(hidden), 1)), hidden])


def log_likelihood(v, W, theta):
    """Mean ln P of the visible data, by visiting every state."""
    sums = [
        np.logaddexp.reduce(-np.asarray(boltzmann_energy(clamped_states(row, len(W)), W, theta))) for row in v
    ]
    return np.mean(sums) - np.logaddexp.reduce(-np.asarray(boltzmann_energy(binary_states(len(W)), W, theta)))


def boltzmann_gradient(v, W, theta):
    """Clamped minus free, for couplings and biases."""
    clamped = [boltzmann_moments(clamped_states(row, len(W)), W, theta) for row in v]
    free = boltzmann_moments(binary_states(len(W)), W, theta)
    dW = np.mean([pairs for pairs, _ in clamped], axis=0) - free[0]
    np.fill_diagonal(dW, 0)
    return dW, np.mean([singles for _, singles in clamped], axis=0) - free[1]


xor_rows = np.array([[0.0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])  # two bits and their XOR
rng = np.random.default_rng(1)
W, theta = random_couplings(rng, 4), rng.normal(size=4)  # three visible units and a hidden one
dW, dtheta = boltzmann_gradient(xor_rows, W, theta)
bump = np.zeros((4, 4))
bump[0, 3] = bump[3, 0] = 1e-5
slope = (log_likelihood(xor_rows, W + bump, theta) - log_likelihood(xor_rows, W - bump, theta)) / 2e-5
print(
    f"coupling of unit 1 with the hidden unit: clamped minus free {dW[0, 3]:+.8f}, measured slope {slope:+.8f}"
)
assert abs(dW[0, 3] - slope) < 1e-8

reached = {}
for units in (3, 4):
    W, theta = random_couplings(np.random.default_rng(1), units, 2.0), np.zeros(units)
    climb = []
    for _ in range(1000):
        dW, dtheta = boltzmann_gradient(xor_rows, W, theta)
        W, theta = W + dW, theta + dtheta
        climb.append(log_likelihood(xor_rows, W, theta))
    reached[units] = climb[-1]
print(
    f"four rows of XOR, ln P at best −ln 4 = {-np.log(4):.3f}: "
    f"without hidden unit {reached[3]:.3f}, with one {reached[4]:.3f}"
)
assert abs(reached[3] + np.log(8)) < 1e-2 and reached[4] > -1.6

# %% [markdown]
# Without a hidden unit the machine sees only pairs, and in XOR every *pair* of bits is unrelated: it learns
# nothing at all, $\ln P = -\ln 8$, as for three fair coins. **One hidden unit**, and it learns the gate. There
# is Minsky's wall again, and the way around it.
#
# But both phases need averages over $2^n$ states. For four units that is nothing; for 1,000 there is not enough
# universe. Gibbs sampling helps in principle and is slow in practice. Something had to give.
#
# ## 8. Fewer connections, faster dreams: the restricted Boltzmann machine
#
# Smolensky (1986), and Hinton in earnest, **removed all couplings within a layer**: visible units $v$ touch
# only hidden units $h$. The energy is $E(v, h) = -v\cdot b - h\cdot c - v W h$. What one gains: given $v$, no
# hidden unit sees any other, so they are **independent**, and all of them can be drawn at once. $P(h_j = 1 \mid
# v) = \sigma(v\,W_{:j} + c_j)$.
#
# It also makes the sum over hidden states easy. Each unit is off (weight 1) or on (weight $e^{a_j}$ with $a =
# vW + c$); a sum over all combinations of independent things is a *product*, $\prod_j (1 + e^{a_j})$. The
# **free energy** $F(v)$ puts all of it into one number, so that $P(v) = e^{-F(v)}/Z$:
#
# $$F(v) = -v\cdot b - \sum_j \ln\big(1 + e^{a_j}\big).$$
#
# *On paper.* $v = 1$, $W = (\ln 2, 0)$, $b = 3$, $c = (0, \ln 4)$: $a = (\ln 2, \ln 4)$, the sums are $1 + 2$
# and $1 + 4$, and $F = -3 - \ln 15$. Mind large $a$: $e^{1000}$ is no number, but $\ln(1 + e^{1000})$ is: 1000.

# %% exercise="rbm_free_energy" component=["ZO-09", "ZO-10"]


# %% tags=["given"]
def rbm_hidden_probability(v, W, c):
    """Probability that each hidden unit is on, given the visible ones."""
    return sigmoid(v @ W + c)


def rbm_visible_probability(h, W, b):
    """Probability that each visible unit is on, given the hidden ones."""
    return sigmoid(h @ W.T + b)


def bernoulli(p, rng):
    """Toss a coin for each entry: 1 with probability p, else 0."""
    return (rng.random(p.shape) < p).astype(float)


# %% component=["ZO-09", "ZO-10"] claim=["C-ZO-12"] tags=["experiment"]
rng = np.random.default_rng(2)
W = rng.normal(0, 1.5, (6, 10))
b, c = -W.sum(axis=1) / 2, -W.sum(axis=0) / 2  # so that each unit is on about as often as off
hidden = binary_states(10)
worst_joint = worst_free = 0.0
for v in binary_states(6)[::5]:
    minus_E = v @ b + hidden @ c + hidden @ (v @ W)  # of v with each of the 1,024 hidden states
    joint = np.asarray(energy_distribution(-minus_E))
    p = rbm_hidden_probability(v[None], W, c)[0]
    product = np.prod(np.where(hidden == 1, p, 1 - p), axis=1)
    worst_joint = max(worst_joint, np.abs(joint - product).max())
    worst_free = max(worst_free, abs(rbm_free_energy(v[None], W, b, c)[0] + np.logaddexp.reduce(minus_E)))
print(
    f"P(h | v) over 1,024 hidden states is the product of ten coins, to {worst_joint:.0e}; "
    f"F is off by {worst_free:.0e}"
)
assert worst_joint < 1e-13 and worst_free < 1e-11

# Without v given, they are not independent at all.
everything = binary_states(6)
P_v = np.asarray(energy_distribution(rbm_free_energy(everything, W, b, c)))
on = rbm_hidden_probability(everything, W, c)
together = (P_v[:, None] * on).T @ on - np.outer(P_v @ on, P_v @ on)
np.fill_diagonal(together, 0)
print(f"before v is known two hidden units have covariances of up to {np.abs(together).max():.2f}")
assert np.abs(together).max() > 0.03

# %% [markdown]
# ### Contrastive divergence
#
# The learning rule is the Boltzmann machine's: statistics of the data minus statistics of the dreams. For
# honest dreams one would have to run the chain for very long. Hinton's audacious shortcut of 2002,
# **contrastive divergence**: *start the chain at the data and take only $k$ steps*, usually one. From the data
# $v$ go up to $h$, down to a dream $v'$, and look at what changed on the way. Where the data are comfortable,
# the dream stays near them; where it drifts off, the weights are corrected.
#
# $$\Delta W = \tfrac1N\big(v^\top p - v'^\top p'\big), \qquad \Delta b = \overline{v - v'}, \qquad \Delta c =
# \overline{p - p'}, \qquad p = P(h = 1 \mid v).$$
#
# In the *chain* every unit has to decide, 0 or 1. In the *statistics* we use the hidden units' probabilities:
# the same mean, less noise.

# %% exercise="contrastive_divergence" component=["ZO-09"]

# %% [markdown]
# ### A world small enough to check: bars and stripes
#
# 4 × 4 pictures in which either all rows or all columns are of one colour: 30 pictures of $2^{16} = 65{,}536$.
# The machine cannot do better than to give each $\tfrac1{30}$: a **negative log-likelihood** of $\ln 30 =
# 3.40$. Ten hidden units have only 1,024 states, so we can compute $Z$, and with it what nobody sees in real
# life: the *exact* likelihood during training. Beside it, what people do watch: the **reconstruction error**,
# how well a picture survives the way up and down.


# %% component=["ZO-09"] claim=["C-ZO-13"] tags=["experiment"]
def bars_and_stripes(size):
    """Every picture whose rows, or whose columns, are each all on or all off."""
    lines = binary_states(size)
    return np.vstack([np.repeat(lines, size, axis=1), np.tile(lines[1:-1], size)])


def exact_nll(v, W, b, c):
    """Mean negative log-likelihood; the layer of fewer units is visited state by state."""
    log_Z = np.logaddexp.reduce(-np.asarray(rbm_free_energy(binary_states(len(c)), W.T, c, b)))
    return np.mean(rbm_free_energy(v, W, b, c)) + log_Z


def reconstruction_error(v, W, b, c):
    return np.mean((v - rbm_visible_probability(rbm_hidden_probability(v, W, c), W, b)) ** 2)


pictures = bars_and_stripes(4)
assert pictures.shape == (30, 16) and len(np.unique(pictures, axis=0)) == 30
watched = np.unique(np.r_[0, np.geomspace(20, 15_000, 40).astype(int)])
runs = []
for seed in range(3):
    rng = np.random.default_rng(seed)
    W, b, c = rng.normal(0, 0.01, (16, 10)), np.zeros(16), np.zeros(10)
    curve_of_run = []
    for epoch in range(15_001):
        if epoch in watched:
            curve_of_run.append([exact_nll(pictures, W, b, c), reconstruction_error(pictures, W, b, c)])
        dW, db, dc = contrastive_divergence(pictures, W, b, c, 1, rng)
        W, b, c = W + 0.2 * dW, b + 0.2 * db, c + 0.2 * dc
    runs.append(curve_of_run)
    progress(seed + 1, 3, "bars and stripes")
runs = np.array(runs)
nll, rebuilt = runs[..., 0], runs[..., 1]
lowest = nll.argmin(axis=1)
for seed in range(3):
    print(
        f"run {seed}: NLL {nll[seed, 0]:.2f}, at best {nll[seed].min():.2f} in epoch {watched[lowest[seed]]}, "
        f"at the end {nll[seed, -1]:.2f}; reconstruction error {rebuilt[seed, lowest[seed]]:.1e} then, "
        f"{rebuilt[seed, -1]:.1e} at the end"
    )
assert np.all(np.abs(nll[:, 0] - 16 * np.log(2)) < 0.1)  # sixteen fair coins
assert np.all(nll.min(axis=1) < 6.2) and np.all(nll.min(axis=1) > np.log(30))
assert np.all(nll[:, -1] > nll.min(axis=1) + 0.2)  # it gets worse again …
assert np.all(rebuilt[:, -1] < 0.5 * rebuilt[np.arange(3), lowest])  # … while this looks better and better

figure, (left, right) = plt.subplots(1, 2, figsize=(8.8, 3.3), sharex=True)
for run, style in zip(range(3), ("-", "--", ":")):
    left.semilogx(watched + 10, nll[run], style, color=BLUE, label=f"run {run}")
    right.loglog(watched + 10, rebuilt[run], style, color=ORANGE, label=f"run {run}")
left.axhline(np.log(30), color=GREY, lw=1)
left.text(12, np.log(30) + 0.15, "ln 30: nothing is better", fontsize=8, color=GREY)
left.set(title="What counts: exact NLL", xlabel="epoch (+ 10)", ylabel="nats a picture", ylim=(2.8, 11.6))
right.set(title="What one watches: reconstruction", xlabel="epoch (+ 10)", ylabel="mean squared error")
left.legend(fontsize=8)
show(
    "Left, the exact negative log-likelihood of three runs: it falls from 11 to between 5 and 6 and then "
    "rises again. Right, the reconstruction error of the same runs, which falls all the time."
)

# %% [markdown]
# Contrastive divergence *works*: from 11.1 to below 6, in a few thousand steps of no effort. And it *misleads*:
# later the likelihood gets worse, while the reconstruction error looks better and better (your prediction
# `reconstruction`). A chain of one step never wanders far from the data, so it never finds the false valleys
# that the machine digs elsewhere. What you can easily measure is not always what you want. (Longer chains help;
# so does a chain that goes on from where it was, instead of starting again at the data.)
#
# ### Features of the digits
#
# Last, real pictures. 36 hidden units, each with its 64 weights drawn as a picture: what does a unit look for?
# Nobody told it what a digit is. Hinton and Salakhutdinov stacked such layers in 2006 to start deep networks
# where gradients alone had failed; that is one of the ways in which deep learning began, and [chapter
# 13](ch13_transfer) takes it up.

# %% component=["ZO-09"] tags=["experiment"]
rng = np.random.default_rng(0)
W, b, c = rng.normal(0, 0.05, (64, 36)), np.zeros(64), np.zeros(36)
b = np.log(
    (images.mean(axis=0) + 0.01) / (1.01 - images.mean(axis=0))
)  # each pixel as often on as in the data
begin = reconstruction_error(images, W, b, c)
for epoch in range(30):
    for batch in np.array_split(rng.permutation(len(images)), 90):
        dW, db, dc = contrastive_divergence(images[batch], W, b, c, 1, rng)
        W, b, c = W + 0.2 * dW, b + 0.2 * db, c + 0.2 * dc
    progress(epoch + 1, 30, "digits")
final = reconstruction_error(images, W, b, c)
print(
    f"reconstruction error {begin:.4f} → {final:.4f}; the pixels' variance is {images.var(axis=0).mean():.4f}"
)
assert final < 0.5 * begin and final < 0.04

chosen = [int(np.flatnonzero(labels == digit)[3]) for digit in range(10)]
dream = images[chosen]
for _ in range(25):
    p_dream = rbm_visible_probability(bernoulli(rbm_hidden_probability(dream, W, c), rng), W, b)
    dream = bernoulli(p_dream, rng)
back = rbm_visible_probability(rbm_hidden_probability(images[chosen], W, c), W, b)
figure = plt.figure(figsize=(9.4, 3.7))
left, right = figure.subfigures(1, 2, width_ratios=[1, 1.25])
axes = left.subplots()
looks = (W / np.abs(W).max(axis=0)).T.reshape(6, 6, 8, 8)  # each on a scale of its own
tiles = np.pad(looks, ((0, 0), (0, 0), (1, 1), (1, 1)))
axes.imshow(tiles.transpose(0, 2, 1, 3).reshape(60, 60), cmap="PuOr", vmin=-1, vmax=1)
axes.set(title="What 36 hidden units look for", xticks=[], yticks=[])
for row, pictures_row, name in zip(
    right.subplots(3, 10), (images[chosen], back, p_dream), ("data", "back", "dream")
):
    for axes, picture in zip(row, pictures_row):
        axes.imshow(picture.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
    row[0].set_ylabel(name)
right.suptitle("Digits, what comes back, and after 25 steps of dreaming")
show(
    "Left, 36 small pictures of weights: strokes and spots, orange where ink speaks against a unit and "
    "violet where it speaks for it. Right, ten digits, their reconstructions, which resemble them, and "
    "dreams, digit-like shapes that have wandered off."
)

# %% [markdown]
# ## What to take home
#
# - **RBF networks** have units that know a place. With the centres fixed, the rest is linear: one solve, no
#   local minima. Far from all centres they know nothing.
# - **Competitive learning** lets the nearest prototype win and move. A **self-organising map** takes the
#   winner's neighbours along, by their distance *on the grid*, and so draws a map that keeps neighbourhoods.
# - **Adaptive resonance** lets a winner learn only if it is similar enough, and else opens a new category.
#   **Vigilance** sets how fine the categories are. Never mix up distance and similarity.
# - **Cascade-correlation** grows one unit at a time, each trained to go along with (or against) the error that
#   is left.
# - **Elman's network** feeds a layer its own past. Its gradient goes back through time and is multiplied at
#   every step: it may vanish on the way.
# - A **Boltzmann machine** says what is likely by an energy, walks by local coins, and learns by the difference
#   of what it sees and what it dreams. The **restricted** one can draw a whole layer at once, and **contrastive
#   divergence** dreams for one step only. Its reconstruction error is not its likelihood.
#
# **Now you can** choose centres without labels and read digits with them, tell whether a map is folded, open
# categories as they are needed, grow a network, carry a gradient back through time, and train a machine that
# imagines.
#
# **Next.** [Chapter 15](ch15_why_deep) asks what all these networks of one layer are missing: why depth?
#
# **Sources.** D. S. Broomhead & D. Lowe, Complex Systems 2, 1988. J. Moody & C. Darken, Neural Computation 1,
# 1989. D. Rumelhart & D. Zipser, Cognitive Science 9, 1985. T. Kohonen, Biological Cybernetics 43, 1982;
# *Self-Organizing Maps*, 2001. K. Kiviluoto, ICNN 1996. G. Carpenter & S. Grossberg, Computer Vision, Graphics,
# and Image Processing 37, 1987. S. Fahlman & C. Lebiere, NIPS 2, 1990. G. Huang and others, *Densely connected
# convolutional networks*, CVPR 2017. J. Elman, *Finding structure in time*, Cognitive Science 14, 1990. P.
# Werbos, Proceedings of the IEEE 78, 1990. J. Hopfield, PNAS 79, 1982. S. Geman & D. Geman, IEEE PAMI 6, 1984.
# D. Ackley, G. Hinton & T. Sejnowski, Cognitive Science 9, 1985. P. Smolensky, in *Parallel Distributed
# Processing* 1, 1986. G. Hinton, *Training products of experts by minimizing contrastive divergence*, Neural
# Computation 14, 2002. G. Hinton & R. Salakhutdinov, Science 313, 2006. D. MacKay, *Information Theory,
# Inference, and Learning Algorithms*, 2003. E. Alpaydin & C. Kaynak, *Optical Recognition of Handwritten
# Digits*, UCI repository, 1998 (CC BY 4.0).
