# %% [markdown]
# # Local minima: the nearest valley, and how to leave it
#
# A ball rolls down from $x = 1.5$ and comes to rest at $x = 0.96$. It is content: wherever it looks, the
# ground rises. A kilometre to the left lies a valley twice as deep, and it will never know. Gradient descent
# is that ball. This chapter is about where it can end, why a flat place need not be a valley at all, and four
# ways out: starting again, noise, inertia, and heat. Each of them works sometimes, and you will measure when.
#
# **Before you start.** You have written gradient descent ([chapter 2](ch02_backprop)) and momentum
# ([chapter 9](ch09_optimizers)). What second derivatives say about a curve is recalled when it is needed.
#
# **What you will have built.** A walker that takes hundreds of starts at once, a judge of flat places, a map
# of basins, and four ways of getting out of a valley, simulated annealing among them.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example you can do by
# hand, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of:
# a good mistake teaches more than a smooth page.
#
# **Conventions.** Functions of a landscape take arrays: `x` holds the places of many walks, and a slope
# `derivative(x)` is asked for all of them at once. Chance comes from a generator `rng` that is handed in.
# What is handed in to a function stays as it was.

# %% tags=["setup"]
import math

# %% tags=["given"]
def double_well(x):
    """Two valleys beside ±1 with a hill between them; the left one is deeper."""
    return (x**2 - 1) ** 2 + 0.3 * x


def double_well_slope(x):
    return 4 * x**3 - 4 * x + 0.3


def stationary_points():
    """Left bottom, top of the hill, right bottom: the roots of the slope, from left to right."""
    return np.sort(np.roots([4, 0, -4, 0.3]).real)


LEFT, TOP, RIGHT = stationary_points()

# %% [markdown]
# ## Before you start: predict
#
# Eight questions. Answer them *now*, from what you know or guess. The experiments will answer them one after
# the other, and you may correct yourself before you hand in.

# %% exercise="local_minima_predictions" component=["LM-04"]

# %% [markdown]
# ## 1. Down into the nearest valley
#
# Our landscape for most of this chapter is $f(x) = (x^2 - 1)^2 + 0.3x$. Without the tilt $0.3x$ it has two
# equal valleys at $\pm 1$. With it, the left one is deeper. A place is a **local minimum** if no neighbour
# lies lower; it is a **global minimum** if no place at all does. Training a network is looking for low places
# in such a landscape, except that it has not one dimension but thousands.
#
# *On paper.* The slope is $f'(x) = 4x^3 - 4x + 0.3$. At $x = 1.5$ it is $13.5 - 6 + 0.3 = 7.8$: down is to
# the left. At $x = -1.5$ it is $-13.5 + 6 + 0.3 = -7.2$: down is to the right. Each walks towards the valley
# next to it.
#
# A walk is $x \leftarrow x - \eta f'(x)$, again and again. We shall need many walks at once, so let `x` be an
# array.

# %% exercise="descend" component=["LM-04"]

# %% component=["LM-01", "LM-02", "LM-04"] claim=["C-LM-01"] tags=["experiment"]
starts = np.array([1.5, -1.5])
ends = descend(double_well_slope, starts, 0.01, 2000)
print(f"from +1.5 to {ends[0]:.4f}, from -1.5 to {ends[1]:.4f}; slopes there {double_well_slope(ends)}")
assert np.allclose(ends, [0.9601, -1.0356], rtol=0, atol=5e-5)
assert np.abs(double_well_slope(ends)).max() < 1e-10
assert double_well(LEFT) < double_well(RIGHT) < double_well(TOP)

x = np.linspace(-1.7, 1.7, 400)
figure, axes = plt.subplots()
axes.plot(x, double_well(x), color=GREY)
for start, colour, mark in [(1.5, ORANGE, "o"), (-1.5, BLUE, "s")]:
    way = np.array([descend(double_well_slope, np.array([start]), 0.01, k)[0] for k in range(0, 60, 4)])
    axes.plot(way, double_well(way), mark, color=colour, ms=5, label=f"from {start:+}")
axes.plot([LEFT, RIGHT], double_well(np.array([LEFT, RIGHT])), "k*", ms=12, label="where they end")
axes.text(LEFT, double_well(LEFT) - 0.45, "global minimum", ha="center")
axes.text(RIGHT, double_well(RIGHT) - 0.45, "local minimum", ha="center")
axes.set(ylim=(-1, 4.3), title="Each walk ends in the valley it began in", xlabel="x", ylabel="f(x)")
axes.legend()
show(
    "A curve with two valleys, the left one deeper. Walks from −1.5 and from +1.5 each end at the bottom of the "
    "valley on their own side."
)

# %% [markdown]
# The right walk has found a slope of zero and stops: there is nothing in a slope that tells of a deeper
# valley elsewhere.
#
# ## 2. Flat is not low
#
# "Where the gradient is zero there is a minimum", one reads. In one dimension the top of the hill refutes it.
# In two there is a third kind: on $f(x, y) = x^2 - y^2$ the origin is a valley along $x$ and a hilltop along
# $y$, a **saddle**.
#
# What tells them apart is the matrix of second derivatives, the **Hessian** $H$. Along its own axes a
# landscape curves like a parabola, and the curvatures are the *eigenvalues* of $H$: all positive, a minimum;
# all negative, a maximum; both signs, a saddle. If one is zero, and the others agree, second derivatives
# cannot decide.
#
# *On paper.* $f = x \cdot y$ has $H = \begin{pmatrix}0&1\\1&0\end{pmatrix}$: its diagonal says "flat". Along
# $(1, 1)$ it is $f(t, t) = t^2$, along $(1, -1)$ it is $-t^2$: a saddle. The diagonal is not enough.

# %% exercise="classify_stationary_point" component=["LM-02"]

# %% component=["LM-02"] claim=["C-LM-07"] erratum=["E57"] tags=["experiment"]
saddle = np.diag([2.0, -2.0])
print("the origin of x² − y² is a", classify_stationary_point(saddle))
assert classify_stationary_point(saddle) == "saddle"


def saddle_slope(p):
    return p * [2.0, -2.0]


exactly, nearly = descend(saddle_slope, np.array([[1.0, 0.0], [1.0, 1e-6]]), 0.1, 60)
print(f"60 steps from (1, 0): {exactly}; from (1, 1e-6): {nearly}")
assert abs(exactly[0]) < 1e-5 and exactly[1] == 0  # a slope of zero, and no minimum
assert nearly[1] > 0.05 and abs(nearly[1] / (1e-6 * 1.2**60) - 1) < 1e-9

rng, shares = np.random.default_rng(0), []
for size in (1, 2, 3, 4):
    matrices = rng.normal(size=(20_000, size, size))
    kinds = [classify_stationary_point((m + m.T) / 2) for m in matrices]
    shares.append(kinds.count("minimum") / len(kinds))
    print(f"of 20,000 random flat places in {size} dimension(s), {shares[-1]:.2%} are minima")
assert np.allclose(shares[:3], [0.50, 0.146, 0.025], rtol=0, atol=0.012) and shares[3] < 0.005

# %% [markdown]
# > **What the notes got wrong: "minima are the points where the gradient is zero".** A zero gradient is
# > necessary, not sufficient. Among *random* flat places minima die out as the dimensions grow: with four,
# > not one in five hundred. In a network with thousands of weights almost every flat place that is high up is
# > a saddle (Dauphin and others, 2014), and a saddle can be left: a millionth to one side is enough, as the
# > cell shows. It takes time, though, and a loss curve has a plateau meanwhile.
#
# **Turn the knobs.** Descent on $\tfrac14 x^4 - \tfrac12 x^2 + 0.15x$ from a place of your choice. Where does the
# basin of the better minimum end, and can a large rate cross that border?

# %%
def from_here(start, rate):
    x, path = start, [start]
    for _ in range(25):
        x = float(np.clip(x - rate * (x**3 - x + 0.15), -9, 9))
        path.append(x)
    path, t = np.array(path), np.linspace(-2, 2, 200)
    height = lambda x: x**4 / 4 - x**2 / 2 + 0.15 * x
    plt.figure(figsize=(5, 2.6))
    plt.plot(t, height(t), color=GREY)
    plt.plot(path, height(path), "o-", color=ORANGE, markersize=4)
    plt.xlim(-2, 2)
    plt.ylim(-0.5, 1)
    plt.title(f"ends at {path[-1]:.2f}")
    return f"Two valleys and a descent from {start:g} at rate {rate:g}, which ends at {path[-1]:.2f}."


with_knobs(from_here, start=[-1.9, -1.2, -0.5, 0.1, 0.2, 0.5, 1.2, 1.9], rate=[0.05, 0.2, 0.5, 0.9, 1.5])

# %% [markdown]
# ## 3. A map of the basins
#
# All starts from which descent ends in the same minimum form its **basin of attraction**. In one dimension
# the basins are intervals, with hilltops as borders. In the plane they are countries, and one can draw a map:
# start on a grid, descend, and colour each start by where it has come to.

# %% tags=["given"]
def four_wells(p):
    """Four valleys of different depth, near (±1, ±1); the deepest is near (−1, 1)."""
    x, y = p[..., 0], p[..., 1]
    return (x**2 - 1) ** 2 + (y**2 - 1) ** 2 + 0.3 * (x + x * y / 2)


def four_wells_slope(p):
    x, y = p[..., 0], p[..., 1]
    return np.stack([4 * x * (x**2 - 1) + 0.3 + 0.15 * y, 4 * y * (y**2 - 1) + 0.15 * x], axis=-1)


# %% [markdown]
# Walks end *near* a minimum, never exactly on it, so each end has to be matched with the nearest of the
# minima. *On paper.* Minima $(0, 0)$ and $(4, 0)$, end $(1, 1)$: the squared distances are $1 + 1 = 2$ and $9
# + 1 = 10$, so it belongs to number 0.

# %% exercise="basin_numbers" component=["LM-04"]

# %% component=["LM-04", "LM-02"] tags=["experiment"]
corners = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
minima = descend(four_wells_slope, corners, 0.02, 2000)
assert np.abs(four_wells_slope(minima)).max() < 1e-12
for minimum in minima:
    x, y = minimum
    hessian = np.array([[12 * x**2 - 4, 0.15], [0.15, 12 * y**2 - 4]])
    kind = classify_stationary_point(hessian)
    print(f"({x:+.3f}, {y:+.3f}): a {kind}, depth {four_wells(minimum):+.3f}")
    assert kind == "minimum"

side = np.linspace(-1.8, 1.8, 121)
grid = np.stack(np.meshgrid(side, side), axis=-1)
ends = descend(four_wells_slope, grid.reshape(-1, 2), 0.02, 400)
countries = basin_numbers(ends, minima).reshape(121, 121)
figure, axes = plt.subplots(figsize=(5.4, 4.6))
axes.contourf(side, side, countries, levels=np.arange(5) - 0.5, colors=[SKY, GREEN, PURPLE, ORANGE], alpha=0.45)
axes.contour(side, side, four_wells(grid), levels=14, colors=GREY, linewidths=0.6)
for minimum in minima:
    axes.plot(*minimum, "k*", ms=13)
    axes.annotate(f"{four_wells(minimum):+.2f}", minimum, minimum + [0.12, 0.12])
axes.set(title="Four basins; the depth beside each star", xlabel="x", ylabel="y", aspect="equal")
show(
    "A square map in four colours, one quarter each, with contour lines: every quarter is the basin of the minimum "
    "in it. The borders are slightly bent."
)
share = np.mean(countries == np.argmin(four_wells(minima)))
print(f"{share:.1%} of the square leads to the deepest valley")
assert 0.2 < share < 0.35

# %% [markdown]
# ## 4. The best place is not one place
#
# Networks have a symmetry that landscapes on paper lack. Take a hidden layer of tanh units and let two units
# change places, with all their weights: the network computes what it did before. Or flip the sign of *all*
# that goes into a unit and of all that comes out: $\tanh(-z) = -\tanh(z)$, and the two minus signs cancel.
#
# *On paper.* Two units can stand in 2 orders, and each can be flipped or not: $2 \cdot 2 \cdot 2 = 8$ sets of
# weights, one function. How many are there for $H$ units?

# %% exercise="equivalent_networks" component=["LM-01", "LM-03"]

# %% exercise="equivalent_network" component=["LM-01", "LM-03"]

# %% component=["LM-01", "LM-03"] claim=["C-LM-08"] erratum=["E58", "E59"] tags=["experiment"]
import itertools

rng = np.random.default_rng(0)
W1, b1, W2 = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=(4, 1))
x = rng.normal(size=(50, 3))
out, seen, worst = np.tanh(x @ W1 + b1) @ W2, set(), 0.0
for order in itertools.permutations(range(4)):
    for signs in itertools.product([1.0, -1.0], repeat=4):
        V1, c1, V2 = equivalent_network(W1, b1, W2, np.array(order), np.array(signs))
        worst = max(worst, np.abs(np.tanh(x @ V1 + c1) @ V2 - out).max())
        seen.add(tuple(np.round(np.asarray(V1).ravel(), 12)))
print(f"{len(seen)} different sets of weights; their outputs differ by at most {worst:.0e}")
assert len(seen) == equivalent_networks(4) == 384
assert worst < 1e-14

# %% [markdown]
# > **What the notes got wrong: "there is only one global minimum".** The lowest *value* is unique, the place
# > is not: a network with four tanh units has 384 equally good ones, wherever the best is. That is why the
# > definition of a global minimum says "no place is *lower*" ($\ge$), not "all others are higher" ($>$). It
# > is good news: the best solution need not be *found*, one of its many copies is enough.
#
# ## 5. The first way out: start again
#
# One start in two leads into the left valley. So take several, descend from all, and keep the lowest end. How
# many starts are enough? *On paper.* If a share $p$ of starts is right, one start fails with $1 - p$, and all
# $k$ fail with $(1-p)^k$. For $p = \tfrac12$ and $k = 3$ at least one succeeds with $1 - \tfrac18 =
# \tfrac78$.

# %% exercise="multi_start" component=["LM-05"]

# %% exercise="multi_start_success" component=["LM-05"]

# %% component=["LM-05"] claim=["C-LM-02"] tags=["experiment"]
share = (TOP + 2) / 4  # starts are uniform on [-2, 2], and the top of the hill is the border
rng, measured, counts = np.random.default_rng(0), [], (1, 2, 3, 5, 10)
for k in counts:
    wins = [
        multi_start(double_well, double_well_slope, rng.uniform(-2, 2, size=k), 0.01, 600)[0] < 0 for _ in range(400)
    ]
    measured.append(np.mean(wins))
foreseen = np.array([multi_start_success(share, k) for k in counts])
print(f"one start in {1 / share:.2f} is right; k = {counts}")
print("measured:", np.round(measured, 3), " foreseen:", foreseen.round(3))
assert np.all(np.abs(measured - foreseen) < 3.5 * np.sqrt(foreseen * (1 - foreseen) / 400) + 1e-3)

k = np.arange(1, 31)
figure, axes = plt.subplots()
for p, style in [(share, "-"), (0.1, "--"), (0.01, ":")]:
    axes.plot(k, [multi_start_success(p, int(n)) for n in k], style, label=f"share {p:.2g} of all starts")
axes.plot(counts, measured, "ko", label="measured, 400 trials each")
axes.set(title="Ten starts are plenty, if every second one is right", xlabel="starts", ylabel="chance of success")
axes.legend()
show(
    "The chance of success over the number of starts: for a share of one half it is near 1 after ten, for one in "
    "ten it climbs slowly, for one in a hundred it stays low. The measured dots lie on the first curve."
)

# %% [markdown]
# Do real networks have such traps? A network with *two* hidden units that has to learn XOR does. With more
# units there is more room, and the traps lose their force.

# %% component=["LM-05", "LM-03"] tags=["experiment"]
corner = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
wanted = np.array([[0.0], [1.0], [1.0], [0.0]])


def train_xor(hidden, rng, runs=60, steps=1500, rate=1.0):
    """The final losses of so many tanh networks with a sigmoid on top, trained beside each other."""
    W1, b1 = rng.normal(size=(runs, 2, hidden)), np.zeros((runs, 1, hidden))
    W2, b2 = rng.normal(size=(runs, hidden, 1)), np.zeros((runs, 1, 1))
    for _ in range(steps):
        h = np.tanh(corner @ W1 + b1)
        p = 1 / (1 + np.exp(-(h @ W2 + b2)))
        d2 = (p - wanted) / 4  # cross-entropy: the error is p − y
        d1 = (d2 @ W2.transpose(0, 2, 1)) * (1 - h**2)
        W2, b2 = W2 - rate * h.transpose(0, 2, 1) @ d2, b2 - rate * d2.sum(axis=1, keepdims=True)
        W1, b1 = W1 - rate * corner.T @ d1, b1 - rate * d1.sum(axis=1, keepdims=True)
    return -np.mean(wanted * np.log(p + 1e-12) + (1 - wanted) * np.log(1 - p + 1e-12), axis=(1, 2))


stuck = {}
for hidden in (2, 3, 5, 10):
    losses = train_xor(hidden, np.random.default_rng(hidden))
    stuck[hidden] = np.mean(losses > 0.1)
    print(f"{hidden:2d} hidden units: {stuck[hidden]:.0%} of 60 networks are stuck above a loss of 0.1")
assert stuck[2] > stuck[5] + 0.05 and stuck[10] < 0.02
needed = math.ceil(math.log(0.01) / math.log(max(stuck[2], 0.02)))
print(f"with two units, {needed} starts make success 99 % sure: {multi_start_success(1 - stuck[2], needed):.3f}")
assert multi_start_success(1 - stuck[2], needed) >= 0.99

# %% [markdown]
# ## 6. The second way out: noise
#
# A step of stochastic gradient descent does not know the slope. It knows the slope of a few examples, which
# is off by something random ([chapter 9](ch09_optimizers)). Let us model that: in every step the walker
# believes in $f'(x) + \text{noise} \cdot z$, with a fresh standard normal $z$.
#
# *On paper.* At the bottom the slope is 0. With the rate 0.02 and noise 5, one step moves the walker by about
# $0.02 \cdot 5 = 0.1$. The hill is 0.9 away. One step never gets there, but a run of unlucky ones might.

# %% exercise="noisy_descent" component=["LM-06"]

# %% component=["LM-06"] claim=["C-LM-05"] erratum=["E61"] tags=["experiment"]
noises = np.array([0.0, 2.0, 3.5, 5.0, 6.5, 8.0, 10.0, 12.5, 15.0])
left = []
for done, noise in enumerate(noises, 1):
    ends = noisy_descent(np.random.default_rng(7), double_well_slope, np.full(500, 1.0), 0.02, noise, 5000)
    left.append(np.mean(ends < TOP))
    progress(done, len(noises), "noisy walks")
print({float(n): round(float(share), 2) for n, share in zip(noises, left)})
by_noise = dict(zip(noises, left))
assert by_noise[0.0] == 0 and by_noise[2.0] < 0.01  # too little never gets over the hill
assert 0.87 < by_noise[5.0] < 0.99 and 0.53 < by_noise[15.0] < 0.66
assert by_noise[5.0] > by_noise[8.0] > by_noise[15.0]  # too much does not stay

figure, axes = plt.subplots()
axes.plot(noises, left, "o-")
axes.axhline(0.5, color=GREY, ls=":")
axes.text(0.2, 0.52, "by chance", color=GREY)
axes.set(
    title="Too little noise stays, too much does not settle",
    xlabel="noise of the slope",
    ylabel="share of 500 walks that end on the left",
    ylim=(-0.03, 1.03),
)
show(
    "The share of walks that end in the deeper valley over the noise: 0 up to about 2, a peak above 0.9 near 5, then "
    "a slow fall towards one half."
)

# %% [markdown]
# > **What the notes got wrong: "the noise of SGD lets it escape".** *May* let it. There is a window: with too
# > little it never crosses, with too much it crosses back. In practice one begins with much noise (high rate,
# > small batches) and lowers it, and so ends in a valley that was wide enough to hold the noise.
#
# ## 7. The third way out: inertia
#
# A heavy ball rolls through small dips. *On paper.* On a long slope of 1, with $\mu = 0.9$, the velocity
# grows to $1/(1 - 0.9) = 10$ rates. What counts at the bottom of a valley is how fast the ball arrives there.

# %% exercise="momentum_descend" component=["LM-08"]

# %% component=["LM-08"] claim=["C-LM-06"] erratum=["E10"] tags=["experiment"]
for start, out in [(2.0, {0.8, 0.9, 0.99}), (1.5, {0.95, 0.99})]:
    over = {}
    for mu in (0.0, 0.5, 0.8, 0.9, 0.95, 0.99):
        end = momentum_descend(double_well_slope, np.array([start]), 0.01, mu, 20_000)[0]
        over[mu] = bool(end < TOP)
    print(f"from {start}: ", {mu: "left" if yes else "stuck" for mu, yes in over.items()})
    assert {mu for mu, yes in over.items() if yes} == out

start_places, shares = np.linspace(1.2, 2.4, 200), np.linspace(0.75, 0.99, 121)
ends = np.array([momentum_descend(double_well_slope, start_places, 0.01, mu, 3000) for mu in shares])
figure, axes = plt.subplots(figsize=(6.4, 4.0))
axes.contourf(start_places, shares, (ends < TOP).astype(float), levels=[-0.5, 0.5, 1.5], colors=["#e8e8e8", BLUE])
axes.axvline(2.0, color=ORANGE, ls="--")
axes.axvline(1.5, color=ORANGE, ls=":")
axes.set(title="Who gets to the left valley (blue)? Stripes, not a threshold", xlabel="start", ylabel="momentum μ")
show(
    "A map over start and momentum: little momentum never crosses; with more, blue stripes of those that cross "
    "alternate with grey ones of those that cross and come back."
)

# %% [markdown]
# > **What the notes got wrong: "momentum usually suffices".** From 2.0, momentum 0.9 gets out and 0.95 does
# > not: the faster ball crosses the hill, turns on the far side, and comes back. More inertia is not simply
# > better. On the map the two answers lie in stripes.
#
# ## 8. The fourth way out: heat
#
# Metal that is cooled slowly has fewer faults than metal that is quenched: while it is hot its atoms can
# still leave a bad place. **Simulated annealing** (Kirkpatrick and others, 1983) imitates that. It proposes a
# random step. A step down is always taken. A step up, by $\Delta E$, is taken with the probability
#
# $$P(\text{accept}) = e^{-\Delta E/T},$$
#
# and the **temperature** $T$ falls as time goes by. (The rule itself is older: Metropolis and others, 1953.)
#
# *On paper.* At $T = 1$, a rise of $\ln 2 = 0.69$ is taken every second time, a rise of $\ln 4$ every fourth
# time.

# %% exercise="acceptance_probability" component=["LM-07"]

# %% component=["LM-07"] claim=["C-LM-04"] tags=["experiment"]
temperatures = np.array([2.0, 1.0, 0.5, 0.1, 0.01])
chances = np.array([acceptance_probability(np.array([0.5]), T)[0] for T in temperatures])
print("a rise of 0.5 is accepted with", {float(T): f"{p:.3g}" for T, p in zip(temperatures, chances)})
assert np.allclose(chances, [0.7788, 0.6065, 0.3679, 0.0067379, 1.9287e-22], rtol=1e-4)

rise = np.linspace(-0.5, 3, 200)
figure, axes = plt.subplots()
for T, style in [(2.0, "-"), (0.5, "--"), (0.1, ":")]:
    axes.plot(rise, acceptance_probability(rise, T), style, label=f"T = {T:g}")
axes.axvline(0, color=GREY, lw=0.8)
axes.set(title="Hot: nearly everything. Cold: only what goes down", xlabel="ΔE", ylabel="chance of being accepted")
axes.legend()
show(
    "The chance of being accepted over the change of energy: 1 for all falls; for rises it fades, slowly at a high "
    "temperature and at once at a low one."
)

# %% [markdown]
# How fast should it cool? The usual schedule multiplies the temperature by the same factor in each step.

# %% exercise="cooling" component=["LM-07"]

# %% [markdown]
# Now put the parts together. One run needs, in each step, a proposal, a coin, and a note of where it was. We
# let many runs go beside each other, each with proposals and coins of its own.

# %% exercise="anneal" component=["LM-07"]

# %% component=["LM-07"] claim=["C-LM-03"] tags=["experiment"]
found = {}
for T, factor in [(1e-9, 0.997), (1.0, 0.997), (1.0, 0.99), (5.0, 0.997)]:
    _, path = anneal(np.random.default_rng(3), double_well, np.full(300, RIGHT), T, factor, 3000, 0.25)
    found[T, factor] = np.mean(path[-1] < TOP)
    print(f"start at T = {T:g}, factor {factor}: {found[T, factor]:.1%} of 300 runs end on the left")
assert found[1e-9, 0.997] == 0  # frozen
assert 0.78 < found[1.0, 0.997] < 0.94 and 0.55 < found[1.0, 0.99] < 0.78  # slowly is better
assert found[1.0, 0.99] < found[1.0, 0.997] - 0.05 and 0.78 < found[5.0, 0.997] < 0.94

# %% [markdown]
# Watch two hundred runs cool. At first they roam both valleys as if there were no hill; then the hill begins
# to matter; in the end most are caught where it is deepest.

# %% component=["LM-07"] tags=["experiment"]
_, path = anneal(np.random.default_rng(4), double_well, np.full(200, RIGHT), 1.5, 0.997, 1500)
figure, axes = plt.subplots(figsize=(5.2, 3.2))
moments = np.unique(np.geomspace(1, 1500, 20).astype(int))


def draw(k):
    t = moments[k]
    axes.clear()
    axes.plot(x_axis, double_well(x_axis), color=GREY)
    axes.plot(path[t], double_well(path[t]), "o", color=BLUE, ms=4, alpha=0.4)
    axes.set(xlim=(-1.9, 1.9), ylim=(-0.6, 3.2), xlabel="x", ylabel="energy")
    axes.set_title(f"step {t}, T = {1.5 * 0.997**t:.3f}: {np.mean(path[t] < TOP):.0%} on the left")


x_axis = np.linspace(-1.9, 1.9, 300)
play(
    figure,
    draw,
    len(moments),
    "Two hundred dots on the double well. They start in the right valley, spread over both while it is hot, and "
    "gather as it cools, most of them in the deeper left one.",
)
assert np.mean(path[-1] < TOP) > 0.75
hot = path[200:300]
assert 0.2 < np.mean(hot > TOP) < 0.7  # while it is hot both valleys are visited

# %% [markdown]
# ## 9. Bug hunt: six broken rules of acceptance
#
# Seven programs say where the runs are after a step. Each gets the present places, the proposed ones, the
# heights of both, the temperature, and the coins. One is right. Find steps that give the six others away.
# Read the suspects first: on which proposals would nobody notice the mistake?

# %% module="suspects" tags=["given"]

# %% exercise="local_minima_bug_hunt" component=["LM-07"]

# %% component=["LM-07"] tags=["experiment"]
suspects = {letter: globals()[f"suspect_{letter}"] for letter in "abcdefg"}
apart = np.zeros((7, 7))
for s in local_minima_bug_hunt():
    said = [suspect(*(np.asarray(part, dtype=float) for part in s)) for suspect in suspects.values()]
    apart = np.maximum(apart, [[np.mean(one != other) for other in said] for one in said])
figure, axes = plt.subplots(figsize=(4.8, 4))
shown = axes.imshow(apart, cmap="cividis", vmin=0)
axes.set_xticks(range(7), suspects)
axes.set_yticks(range(7), suspects)
axes.set(title="How often your steps drive each pair apart", xlabel="suspect", ylabel="suspect")
figure.colorbar(shown, label="share of runs")
show("A matrix of how often each pair of suspects disagrees on your steps; dark fields are pairs that always agree.")
pairs = int(np.sum(np.triu(apart > 0, 1)))
print(f"{pairs} of 21 pairs of suspects contradict each other on your steps")
assert pairs >= 6

# %% [markdown]
# ## 10. And real networks?
#
# Do ten trainings of one network on the handwritten digits end equally well? Here is the reader of chapter 2,
# a little wider, from ten random starts. The *weights* they end with have nothing in common. The losses do.

# %% component=["LM-03", "LM-05"] tags=["experiment"]
images, digits = load_digits()
pixels, truth = images[:1200].reshape(1200, -1) / images.max(), np.eye(10)[digits[:1200]]
held, held_digits = images[1200:].reshape(len(images) - 1200, -1) / images.max(), digits[1200:]


def train_digits(seed, hidden=24, steps=250, rate=0.5):
    """Final loss, share of new digits read right, and the first layer, from one start."""
    rng = np.random.default_rng(seed)
    W1, W2 = rng.normal(size=(pixels.shape[1], hidden)) / 8, rng.normal(size=(hidden, 10)) / 5
    b1, b2 = np.zeros(hidden), np.zeros(10)
    for _ in range(steps):
        h = np.tanh(pixels @ W1 + b1)
        p = np.exp(h @ W2 + b2)
        p /= p.sum(axis=1, keepdims=True)
        d2 = (p - truth) / len(pixels)
        d1 = (d2 @ W2.T) * (1 - h**2)
        W2, b2 = W2 - rate * h.T @ d2, b2 - rate * d2.sum(axis=0)
        W1, b1 = W1 - rate * pixels.T @ d1, b1 - rate * d1.sum(axis=0)
    right = np.mean((np.tanh(held @ W1 + b1) @ W2 + b2).argmax(axis=1) == held_digits)
    return -np.mean(np.log(p[truth == 1])), right, W1


runs = []
for seed in range(10):
    runs.append(train_digits(seed))
    progress(seed + 1, 10, "ten starts")
losses, rights = np.array([r[0] for r in runs]), np.array([r[1] for r in runs])
alike = np.corrcoef([r[2].ravel() for r in runs])
largest = np.abs(alike[np.triu_indices(10, 1)]).max()
print(f"losses {losses.min():.3f} to {losses.max():.3f}; read right {rights.min():.1%} to {rights.max():.1%}")
print(f"largest correlation between two first layers: {largest:.2f}")
assert losses.max() < 1.25 * losses.min() and np.ptp(rights) < 0.05
assert largest < 0.25

# %% [markdown]
# Ten different places, one height. In wide networks bad local minima are not what one meets (Choromanska and
# others, 2015, argue why); saddles and plateaus are. Which is why most people train once, with some noise and
# some inertia, and spend the saved time on tuning: the next chapter.
#
# ## What to take home
#
# - Descent ends in the **nearest** valley. Nothing in the slope tells of a deeper one.
# - A zero gradient is a minimum, a maximum or a **saddle**: the signs of the curvatures say which. In many
#   dimensions saddles are the rule.
# - The lowest value is unique, the place is not: $H!\,2^H$ sets of weights of a tanh layer are one function.
# - **Starting again** succeeds with $1 - (1-p)^k$. **Noise** has a window, too little stays and too much does
#   not settle. **Inertia** helps in stripes. **Annealing** works if it cools slowly.
# - Small networks have real traps (XOR with two units). Wide ones end equally well from nearly every start.
#
# **Now you can** say what kind of place a training has come to, count how many tries are worth making, and
# choose among four ways out, knowing when each fails.
#
# **Next.** [Chapter 11](ch11_tuning) looks after a training as it runs, and searches for its settings.
#
# **Sources.** N. Metropolis, A. Rosenbluth, M. Rosenbluth, A. Teller & E. Teller, *Equation of state
# calculations by fast computing machines*, Journal of Chemical Physics 21, 1953. S. Kirkpatrick, C. Gelatt &
# M. Vecchi, *Optimization by simulated annealing*, Science 220, 1983. C. Bishop, *Pattern Recognition and
# Machine Learning*, 2006, section 5.1.1. Y. Dauphin and others, *Identifying and attacking the saddle point
# problem in high-dimensional non-convex optimization*, NIPS 2014. A. Choromanska and others, *The loss
# surfaces of multilayer networks*, AISTATS 2015. Z.-H. Zhou, *Machine Learning*, 2016, section 5.4. I.
# Goodfellow, Y. Bengio & A. Courville, *Deep Learning*, 2016, section 8.2. E. Alpaydin & C. Kaynak, *Optical
# Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
