# %% [markdown]
# # Neurons: how does a handful of numbers decide, and learn?
#
# In 1958 the New York Times reported on a machine that learned to tell left from right by itself. Inside was one
# kind of part, repeated: add up some numbers, and say *yes* if the sum is large enough. By the end of this chapter
# you will have built that part in a few lines, watched it learn from its mistakes, found its limits, passed them
# with two more of its kind, and let ten of them, with 650 numbers inside, read handwritten digits.
#
# **Before you start.** Nothing is needed but school arithmetic and a little Python: functions, loops, lists. There
# is no calculus in this chapter. What you need of NumPy is explained on the way.
#
# **What you will have built.** A threshold neuron, the perceptron and its learning rule, a smooth neuron and its
# loss, a network for XOR, layers that pass numbers on to each other, and a reader of handwritten digits.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example that you can do by
# hand, an exercise, and an experiment that runs *your* function. Run the cells in order, with Shift + Enter.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** They hold in all chapters; there are also a page of [notation](notation) and a
# [glossary](glossary) to come back to.
# What is handed in to a function stays as it was.
#
# | written | means |
# |---|---|
# | `x` $(N, D)$ | a **batch**: $N$ examples, one per row, with $D$ numbers (*features*) each; `(N, D)` is its *shape* |
# | `w` $(D,)$, `b` | the weights of one neuron, one for each feature, and its bias |
# | `W` $(D, M)$, `b` $(M,)$ | the weights of a layer of $M$ neurons, one *column* for each, and their biases |
# | `x @ w` | multiply and add: for every row of `x` the sum $x_1 w_1 + \dots + x_D w_D$ |
# | $\hat y$, $y$ | what a neuron says, and what it should say (the *label*) |
# | $\eta$ | the learning rate: how large the steps of learning are |
# | $\sum_j$ | add up over all $j$ |

# %% tags=["setup"]

# %% [markdown]
# ## Before you start: predict
#
# Eleven questions. Answer them *now*, from what you know or guess, and do not peek ahead: the experiments of this
# chapter answer them one after the other. A wrong prediction that surprises you later is worth more than a lucky
# one. (You may correct your answers before you hand in. That is called learning.)
#
# ### Your first exercise, and what `check` does
#
# Below stand a task, a cell with an unfinished function, and a cell that says `check(...)`. It is like this in
# every exercise of the course:
#
# 1. Read the task: what goes in, what comes out. Hints are folded away; open one at a time.
# 2. In the cell below it, replace `raise NotImplementedError()` by your answer, and run the cell.
# 3. Run `check(...)`. It calls your function and shows a table with a line for each *public check*: passed or not,
#    and if not, what came out and what was expected. If your mistake is one that others have made, it says which.
#
# Try it with something wrong first, an empty answer say. Nothing can break, nothing is counted, and you may check
# as often as you like. Public checks are practice; when you hand in, further checks, hidden ones, give the points.

# %% exercise="neurons_predictions"

# %% [markdown]
# ## 1. A neuron decides
#
# Shall we go to the cinema? Three things count: is the *weather* good, does a *friend* come, is the *film* good?
# Each is 1 (yes) or 0 (no). They do not count alike, so each gets a **weight**: how much does it matter? Add up the
# weights of all that are true. If the sum is above a **threshold** $\theta$, we go:
#
# $$y = \begin{cases} 1 & \text{if } w_1 x_1 + w_2 x_2 + w_3 x_3 > \theta\\ 0 & \text{otherwise.}\end{cases}$$
#
# That is the whole neuron (McCulloch and Pitts, 1943). A real nerve cell also collects signals from others, some
# stronger, some weaker, and fires if there is enough; there the likeness ends.
#
# *On paper.* Weights $(6, 2, 2)$, threshold 5. Good weather alone: $6 > 5$, we go. Friend and good film but rain:
# $2 + 2 = 4$, we stay. So the weather decides alone! Now lower the threshold to 3: friend and film together suffice.
#
# In NumPy a batch of situations is a table, one row each, and `x @ w` gives the sums of all rows at once. A
# comparison like `sums > 5` gives `True` or `False` for each.

# %% exercise="threshold_neuron" component=["NP-02", "NP-04"]

# %% [markdown]
# Here are all eight situations, before and after the threshold is lowered. (Your prediction `threshold`.)

# %% component=["NP-05"] claim=["C-NP-02"] tags=["experiment"]
situations = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
w = np.array([6.0, 2.0, 2.0])
strict, relaxed = threshold_neuron(situations, w, 5.0), threshold_neuron(situations, w, 3.0)
print("weather friend film    sum   threshold 5   threshold 3")
for row, total, first, second in zip(situations, situations @ w, strict, relaxed):
    mark = "   <- changed" if first != second else ""
    print(f"   {row[0]}      {row[1]}     {row[2]}     {total:4.0f}        {first}             {second}{mark}")
assert np.array_equal(strict, situations[:, 0])  # exactly what the first input says
assert np.sum(strict) == 4 and np.sum(relaxed) == 5
assert np.flatnonzero(np.not_equal(strict, relaxed)).tolist() == [3]  # only (0, 1, 1)

# %% [markdown]
# The same structure with other numbers is another way of deciding. That is the point of weights and thresholds, and
# later of all learning: *nobody changes the program, only the numbers in it*. So change them.

# %% exercise="decision_weights" component=["NP-05"]

# %% component=["NP-06"] tags=["experiment"]
decided = {
    name: threshold_neuron(situations, np.array(weights, dtype=float), threshold)
    for name, (weights, threshold) in decision_weights().items()
}
figure, axes = plt.subplots(figsize=(7, 3.2))
axes.imshow(np.array(list(decided.values())), cmap="Blues", vmin=0, vmax=1.6, aspect="auto")
for (i, j), said in np.ndenumerate(np.array(list(decided.values()))):
    axes.text(j, i, "go" if said else "stay", ha="center", va="center", color="white" if said else "black")
axes.set_xticks(range(8), ["".join(map(str, row)) for row in situations])
axes.set_yticks(range(5), decided)
axes.set(title="Five decisions, one and the same neuron", xlabel="weather, friend, film")
axes.grid(False)
show(
    "A table with a row for each of your five decisions and a column for each situation, from 000 to 111: in 'all' "
    "only the last cell says go, in 'any' all but the first, the others lie in between."
)
assert np.array_equal(decided["film"], situations[:, 2])  # the film decides alone ...
for w, threshold in [([2, 2, 6], 5), ([0, 0, 1], 0.5), ([1, 1, 30], 29)]:  # ... with many weights
    assert np.array_equal(threshold_neuron(situations, np.array(w, float), threshold), situations[:, 2])
counts = {name: int(np.sum(answers)) for name, answers in decided.items()}
print("situations in which we go:", counts)
assert counts == {"all": 1, "any": 7, "majority": 4, "film": 4, "alone": 2}

# %% [markdown]
# ## 2. The threshold moves to the left
#
# "Sum above 5" is the same as "sum minus 5 above 0". Write $b = -\theta$, the **bias**, and every neuron compares
# with the same number, 0:
#
# $$y = 1 \text{ if } x \cdot w + b > 0, \text{ else } 0.$$
#
# A large bias means an eager neuron, a very negative one a neuron that is hard to convince. Nothing has changed but
# the bookkeeping. Still, it pays: the bias is now *a weight like the others, whose input is always 1*, and whoever
# can learn weights can learn the bias as well. In this form, with a rule for learning, the neuron is called a
# **perceptron** (Rosenblatt, 1958).
#
# *On paper.* Weights $(6, 2, 2)$ and $\theta = 5$ become $b = -5$. For $(0, 1, 1)$: $0 + 2 + 2 - 5 = -1$, not above
# 0. For $(1, 0, 0)$: $6 - 5 = 1$, yes.

# %% exercise="perceptron" component=["NP-04", "NP-07"]

# %% component=["NP-07"] claim=["C-NP-01"] tags=["experiment"]
w = np.array([6.0, 2.0, 2.0])
for threshold, yeses in [(5.0, 4), (3.0, 5)]:
    by_threshold, by_bias = threshold_neuron(situations, w, threshold), perceptron(situations, w, -threshold)
    print(f"threshold {threshold:.0f} or bias {-threshold:.0f}: both say {np.array(by_bias)}")
    assert np.array_equal(by_threshold, by_bias) and np.sum(by_bias) == yeses
rng = np.random.default_rng(0)
for _ in range(1000):  # whole numbers, so that sums often lie exactly at the threshold
    w, threshold = rng.integers(-3, 4, size=3), float(rng.integers(-5, 6))
    assert np.array_equal(threshold_neuron(situations, w, threshold), perceptron(situations, w, -threshold))
print("and they agree for 1000 random neurons, in all eight situations")

# %% [markdown]
# ## 3. Where it changes its mind: a line
#
# Give a neuron two inputs, any numbers now, and draw them as a point in the plane. Where does it hesitate? Where
# $w_1 x_1 + w_2 x_2 + b = 0$, and that is a **straight line**. On one side it says 1, on the other 0. (With three
# inputs it is a plane; with more, one still says *hyperplane* and thinks of a line.) The arrow $w$ stands at a right
# angle on the line and points to the side that says yes.
#
# How far is a point from the line? Walk one step of length 1 in the direction of $w$: the sum grows by $\lVert w
# \rVert = \sqrt{w_1^2 + w_2^2}$. So the sum measures the distance, in units of $\lVert w \rVert$:
#
# $$d = \frac{x \cdot w + b}{\lVert w \rVert}.$$
#
# *On paper.* $w = (3, 4)$, $b = -5$: $\lVert w \rVert = 5$. The origin has the sum $-5$, so it lies at distance 1,
# on the side that says no. The point $(3, 4)$: $9 + 16 - 5 = 20$, distance 4 on the side of yes.

# %% exercise="boundary_distance" component=["NP-14"]


# %% component=["NP-14"] tags=["experiment"]
def draw_line(axes, w, b, **style):
    """The line w·x + b = 0 over the width of the picture."""
    w = np.asarray(w, dtype=float)
    foot, along = -b * w / (w @ w), np.array([-w[1], w[0]]) / np.sqrt(w @ w)
    ends = foot + 50 * np.outer([-1, 1], along)
    return axes.plot(*ends.T, **style)


def draw_points(axes, x, labels, size=60):
    """Label 1 as filled blue discs, label 0 as open orange squares."""
    yes = np.asarray(labels) == 1
    axes.scatter(*x[yes].T, s=size, color=BLUE, zorder=3, label="should say 1")
    no = {"facecolors": "none", "edgecolors": ORANGE, "linewidths": 2, "marker": "s"}
    axes.scatter(*x[~yes].T, s=size, zorder=3, label="should say 0", **no)


w, b = np.array([3.0, 4.0]), -5.0
points = np.array([[0.0, 0.0], [3.0, 2.0], [-1.0, 2.5], [2.5, -1.5], [1.0, 2.5]])
distances = np.array(boundary_distance(points, w, b))
feet = points - distances[:, None] * w / 5
figure, axes = plt.subplots(figsize=(5.4, 4.4))
draw_line(axes, w, b, color="black")
draw_points(axes, points, distances > 0)
for point, foot, d in zip(points, feet, distances):
    axes.plot(*np.array([point, foot]).T, ":", color=GREY)
    axes.annotate(f"{d:+.1f}", point, xytext=(8, 4 if d > 0 else -14), textcoords="offset points")
axes.annotate("", (0.6 + 0.9, 0.8 + 1.2), (0.6, 0.8), arrowprops={"arrowstyle": "->", "color": GREEN, "lw": 2})
axes.text(1.45, 1.5, "w", color=GREEN)
axes.set(title="Distances from the line 3·x1 + 4·x2 − 5 = 0", xlabel="x1", ylabel="x2")
axes.set(xlim=(-2, 4.2), ylim=(-2.2, 3.4), aspect="equal")
show(
    "A slanted line with five points and dotted perpendiculars to it. Points on the upper right side, where the arrow "
    "w points, have positive distances, the others negative ones; the origin is at −1."
)
assert np.allclose(feet @ w + b, 0, atol=1e-12)  # the feet lie on the line
assert np.allclose(np.hypot(*(points - feet).T), np.abs(distances))
assert np.array_equal(distances > 0, np.array(perceptron(points, w, b)) == 1)  # the sign is the answer

# %% [markdown]
# **Turn the knobs.** The weights turn the line, the bias moves it. Find a setting that answers AND, then one
# that answers OR. Is there one for XOR?

# %%
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def one_neuron(w1, w2, b):
    across, up = np.meshgrid(np.linspace(-0.5, 1.5, 90), np.linspace(-0.5, 1.5, 90))
    plt.figure(figsize=(3.8, 3.4))
    plt.contourf(across, up, w1 * across + w2 * up + b > 0, levels=[0.5, 1.5], colors=[SKY], alpha=0.4)
    fires = CORNERS @ [w1, w2] + b > 0
    for corner, yes in zip(CORNERS, fires):
        plt.scatter(*corner, s=160, c=ORANGE if yes else "white", edgecolors="k", marker="s" if yes else "o")
    plt.title(f"answers {' '.join(str(int(yes)) for yes in fires)}")
    return f"The plane with the side coloured where a neuron with w = ({w1:g}, {w2:g}), b = {b:g} fires."


with_knobs(one_neuron, w1=np.arange(-1, 3.5, 0.5), w2=np.arange(-1, 3.5, 0.5), b=np.arange(-3, 0.5, 0.5))

# %% [markdown]
# ## 4. It learns from its mistakes
#
# Up to now *you* have chosen the numbers. Rosenblatt's machine found them itself, from examples with the right
# answers. Show it an example. If it is right, leave it alone. If not, there are two kinds of mistake:
#
# - It said 0 and should have said 1 (a **miss**): the sum was too small. Add $x$ to the weights. For this input the
#   sum is then larger by $x \cdot x$, which is never negative.
# - It said 1 and should have said 0 (a **false alarm**): subtract $x$.
#
# The error $y - \hat y$ is $1$, $-1$ or $0$ (right), so that one line says it all, with a learning rate $\eta$:
#
# $$w \leftarrow w + \eta\,(y - \hat y)\,x, \qquad b \leftarrow b + \eta\,(y - \hat y).$$
#
# An input that was 0 had no part in the mistake, and its weight stays. The bias always had a part: its input is 1.
#
# *On paper.* $w = (0, 0)$, $b = 0$, $\eta = 1$. The example $(1, 1)$ should give 1; the sum is 0, not above 0: a
# miss. Now $w = (1, 1)$, $b = 1$. Next $(0, 0)$, which should give 0: the sum is 1, a false alarm, and $b = 0$
# again. The weights stay, because their inputs were 0.

# %% exercise="perceptron_step" component=["NP-08"]

# %% [markdown]
# One step mends one mistake, and may spoil something that was right. So go through all examples again and again.
# Once through is called an **epoch**. An epoch without a mistake changes nothing any more, and all later ones would
# be like it: then learning has ended.

# %% exercise="perceptron_train" component=["NP-08"]

# %% [markdown]
# Two inputs that are 0 or 1, and a table that says what should come out: such a table is called a **gate**. AND says
# 1 if both inputs are 1, OR if at least one is, NAND ("not and") if they are not both 1.

# %% component=["NP-08"] claim=["C-NP-03"] tags=["experiment"]
bits = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}
epochs_needed = {}
for name, gate in GATES.items():
    w, b, mistakes = perceptron_train(bits, np.array(gate), np.zeros(2), 0.0)
    epochs_needed[name] = len(mistakes)
    print(f"{name:>4}: w = {w}, b = {b:+.0f}, mistakes in each epoch {list(map(int, mistakes))}")
    assert mistakes[-1] == 0 and len(mistakes) < 10
    assert np.array_equal(perceptron(bits, w, b), gate)
assert epochs_needed == {"AND": 6, "OR": 4, "NAND": 6}

# %% [markdown]
# Watch it happen. Each frame is one mistake: the example that it was made on has a ring around it, and the line jumps
# to where the step has put it (dashed: where it was before).

# %% component=["NP-08"] tags=["experiment"]
rng = np.random.default_rng(7)
cloud = rng.uniform(-2, 2, size=(60, 2))
cloud = cloud[np.abs(cloud @ [0.8, 0.6] - 0.5) > 0.1][:34]
sides = (cloud @ [0.8, 0.6] - 0.5 > 0).astype(int)

w, b, history = np.array([-0.6, 0.9]), 0.3, []
for _ in range(30):
    right = True
    for k, (row, label) in enumerate(zip(cloud, sides)):
        before = (w, b)
        w, b, mistake = perceptron_step(row, int(label), w, b, 0.3)
        if mistake:
            history.append((before, (w, b), k))
            right = False
    if right:
        break
print(f"{len(history)} mistakes, then none")
assert np.array_equal(perceptron(cloud, w, b), sides) and 5 <= len(history) <= 24

figure, axes = plt.subplots(figsize=(4.2, 3.8))


def draw(k):
    before, after, example = history[k]
    axes.clear()
    draw_points(axes, cloud, sides, size=30)
    axes.scatter(*cloud[example], s=180, facecolors="none", edgecolors="black", linewidths=1.5)
    draw_line(axes, *before, color=GREY, ls="--")
    draw_line(axes, *after, color="black")
    wrong = int(np.sum(np.array(perceptron(cloud, *after)) != sides))
    axes.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), title=f"mistake {k + 1}: {wrong} now on the wrong side")


play(
    figure,
    draw,
    len(history),
    "A line among blue discs and orange squares turns and shifts with each mistake, sometimes for the worse, until all "
    "discs lie on one side and all squares on the other.",
)

# %% [markdown]
# ### It always ends, if it can
#
# Some frames made things worse. Why does it come to an end at all? Novikoff (1962) proved: *if* some line puts every
# example on its right side, the perceptron makes at most
#
# $$\left(\frac{R}{\gamma}\right)^2$$
#
# mistakes, however many examples there are. $R$ is the length of the longest input (with a 1 for the bias attached),
# $\gamma$ the **margin**: how far the nearest example is from that line. The idea: every mistake turns the weights
# a bit more towards the good line, by $\gamma$ at least, while their length grows only slowly; after $(R/\gamma)^2$
# mistakes there is nowhere left to turn. A wide gap is easy, a narrow one takes longer. The learning rate does not
# occur.


# %% component=["NP-08"] tags=["experiment"]
def mistake_bound(x, labels, w, b):
    """(R/γ)² for a line that separates the examples."""
    rows = np.column_stack([x, np.ones(len(x))])
    margin = np.min(np.where(labels == 1, 1, -1) * (x @ w + b)) / np.sqrt(w @ w + b * b)
    return np.max(np.sum(rows**2, axis=1)) / margin**2


gaps, made, bounds = [0.4, 0.2, 0.1, 0.05, 0.025], [], []
good_w, good_b = np.array([0.8, 0.6]), 0.2
for gap in gaps:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        x = rng.uniform(-1, 1, size=(400, 2))
        x = x[np.abs(x @ good_w + good_b) > gap][:100]
        labels = (x @ good_w + good_b > 0).astype(int)
        mistakes = perceptron_train(x, labels, np.zeros(2), 0.0, 1.0, 2000)[2]
        assert mistakes[-1] == 0  # it has ended
        made.append(int(np.sum(mistakes)))
        bounds.append(mistake_bound(x, labels, good_w, good_b))
        assert made[-1] <= bounds[-1]
by_gap = np.array(made).reshape(5, 5)
plt.figure(figsize=(6, 3.6))
plt.loglog(gaps, np.array(bounds).reshape(5, 5).mean(axis=1), "--", color=GREY, label="the bound (R/γ)²")
plt.loglog(np.repeat(gaps, 5), made, "o", color=BLUE, alpha=0.6, label="mistakes made, 5 data sets each")
plt.gca().set(
    title="The narrower the gap, the more mistakes", xlabel="gap between the line and the nearest point"
)
plt.gca().set(ylabel="mistakes in all")
plt.gca().set_xticks(gaps, gaps)
plt.minorticks_off()
plt.legend()
show(
    "Mistakes over the width of the gap, both on logarithmic axes: dots for single data sets rise as the gap narrows and "
    "stay well below the dashed line of the bound."
)
print("mistakes:", {gap: f"{min(row)} to {max(row)}" for gap, row in zip(gaps, by_gap)})
assert by_gap[-1].mean() > by_gap[0].mean()

# %% [markdown]
# ### Bug hunt
#
# Others have written one epoch of this learning as well. Six of the seven suspects below are wrong, but they are only
# wrong on *some* inputs. You are given the code; your task is to write inputs on which they give themselves away.

# %% tags=["given"] module="suspects"

# %% exercise="neurons_bug_hunt" component=["NP-08"]

# %% [markdown]
# ## 5. What one line cannot do
#
# "If some line does it" was the condition. When is there one? You own a machine that answers: let it learn, and see
# whether it ever gets through an epoch without a mistake.

# %% exercise="is_linearly_separable" component=["NP-09"]

# %% [markdown]
# Two inputs have four combinations, so there are $2^4 = 16$ gates. Which of them can a perceptron do? (Your prediction
# `gates`.)

# %% component=["NP-09"] claim=["C-NP-04"] tags=["experiment"]
gates = np.array([[(number >> k) & 1 for k in (3, 2, 1, 0)] for number in range(16)])
can = [bool(is_linearly_separable(bits, gate)) for gate in gates]
NAMES = {1: "AND", 6: "XOR", 7: "OR", 8: "NOR", 9: "equal", 14: "NAND"}
figure, panels = plt.subplots(2, 8, figsize=(10, 3.2))
for number, (axes, gate, possible) in enumerate(zip(panels.flat, gates, can)):
    draw_points(axes, bits, gate, size=36)
    if possible:
        w, b, _ = perceptron_train(bits, gate, np.array([0.3, 0.2]), 0.1, 0.5)
        if np.any(w):
            draw_line(axes, w, b, color=GREY)
    else:
        axes.text(0.5, 0.5, "no\nline", ha="center", va="center", fontsize=12)
    axes.set(xlim=(-0.6, 1.6), ylim=(-0.6, 1.6), xticks=[], yticks=[], title=NAMES.get(number, ""))
    axes.set_facecolor("white" if possible else "#eeeeee")
figure.suptitle("All sixteen gates of two inputs: a line for fourteen of them", y=1.04)
show(
    "Sixteen small squares whose corners are discs for 1 and open squares for 0. In fourteen a line separates them, or "
    "all are alike; in XOR and its opposite, where equal corners lie diagonally, it says: no line."
)
print(f"{sum(can)} of 16 gates can be learned; not:", [gates[k].tolist() for k in range(16) if not can[k]])
assert [k for k in range(16) if not can[k]] == [6, 9]  # XOR, and "both are equal"

# Give XOR every chance: 1000 epochs, and besides all weights of a fine grid.
XOR = np.array([0, 1, 1, 0])
w, b, mistakes = perceptron_train(bits, XOR, np.zeros(2), 0.0, 1.0, 1000)
print(f"XOR, 1000 epochs: at least {np.min(mistakes)} mistakes in each; at the end w = {w}, b = {b:+.0f}")
assert len(mistakes) == 1000 and np.min(mistakes) > 0 and np.abs(w).max() < 5
line = np.linspace(-2, 2, 41)
w1, w2, bias = (grid[..., None] for grid in np.meshgrid(line, line, line))
right = np.mean((w1 * bits[:, 0] + w2 * bits[:, 1] + bias > 0) == XOR, axis=-1)
print(f"best of {right.size:,} lines: {right.max():.0%} of the four examples")
assert right.max() == 0.75

# %% [markdown]
# XOR, "exclusive or", says 1 if exactly one of its inputs is 1. It makes mistakes in every epoch, and its weights go
# round in circles without growing. (Your prediction `forever`.)
#
# *On paper.* Suppose there were $w_1, w_2, b$ for XOR. The four rows of its table demand
#
# $$b \le 0, \qquad w_1 + b > 0, \qquad w_2 + b > 0, \qquad w_1 + w_2 + b \le 0.$$
#
# Add the two in the middle: $w_1 + w_2 + 2b > 0$, so $w_1 + w_2 + b > -b \ge 0$. But the last one says $\le 0$. So no
# weights exist, in no computer, after no training however long.
#
# And with three inputs? Then there are 256 gates.

# %% component=["NP-09"] tags=["experiment"]
cube = np.array([[i, j, k] for i in (0.0, 1.0) for j in (0.0, 1.0) for k in (0.0, 1.0)])
every_gate = [np.array([(number >> k) & 1 for k in range(8)]) for number in range(256)]
learnable = sum(bool(is_linearly_separable(cube, gate, 30)) for gate in every_gate)
print(f"three inputs: {learnable} of 256 gates; two inputs: 14 of 16")
assert learnable == 104  # as counted by hand long ago

# %% [markdown]
# > **What the notes got wrong: who proved what.** One note says that *Minsky's book "Perceptron"* of 1969 proved that
# > perceptrons cannot do XOR. The book is *Perceptrons*, by Marvin Minsky **and Seymour Papert**, and what it shows
# > holds for a *single* layer. People repeated it without that word, and money for neural networks ran dry. As you
# > will see in a moment, one more layer is enough; that was known at the time, too. What was missing was a rule for
# > learning the weights of such a network.

# %% component=["NP-09"] erratum=["E67"] tags=["experiment"]
# One layer cannot (above). Two layers can: a line in new coordinates, here "at least one" and "both".
new_coordinates = np.column_stack([perceptron(bits, np.ones(2), -0.5), perceptron(bits, np.ones(2), -1.5)])
assert not is_linearly_separable(bits, XOR) and is_linearly_separable(new_coordinates.astype(float), XOR)
print("one layer: impossible; behind a layer of two neurons: possible")

# %% [markdown]
# ## 6. Three neurons can
#
# Say XOR in words: *at least one, but not both*. "At least one" is OR, one neuron can do it. "Both" is AND, one neuron
# can do it. And "the first, but not the second" is one more. So let two neurons look at the inputs and a third one
# look at what these two say. The two in between are called **hidden**: nobody outside sees them.
#
# *On paper.* Fill in the table before you choose weights:
#
# | $x_1$ | $x_2$ | at least one? | both? | first, but not second? |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 0 |
# | 0 | 1 | 1 | 0 | 1 |
# | 1 | 0 | 1 | 0 | 1 |
# | 1 | 1 | 1 | 1 | 0 |

# %% exercise="xor_network" component=["NP-15", "NP-16"]

# %% [markdown]
# Look at what the hidden neurons have done. They have moved the four points to new places, and in the new places a
# line is enough. *A hidden layer gives the next one better coordinates*. That is the most important picture of this
# chapter.

# %% component=["NP-15"] tags=["experiment"]
W, b, v, c = (np.array(part, dtype=float) for part in xor_network())
hidden = np.column_stack([perceptron(bits, W[:, j], b[j]) for j in (0, 1)]).astype(float)
output = np.array(perceptron(hidden, v, float(c)))
figure, (left, middle) = plt.subplots(1, 2, figsize=(8, 3.8))
draw_points(left, bits, XOR, size=110)
for j, (colour, style) in enumerate([(GREEN, "-"), (PURPLE, "--")]):
    draw_line(left, W[:, j], b[j], color=colour, ls=style, label=f"hidden neuron {j + 1}")
draw_points(middle, hidden, XOR, size=110)
draw_line(middle, v, float(c), color="black", label="output neuron")
middle.set(
    title="... turn into these, and one line will do", xlabel="hidden neuron 1", ylabel="hidden neuron 2"
)
left.set(title="These four points ...", xlabel="x1", ylabel="x2")
for axes in (left, middle):
    axes.set(xlim=(-0.7, 1.7), ylim=(-0.7, 1.7), xticks=[0, 1], yticks=[0, 1], aspect="equal")
left.legend(loc="lower center", bbox_to_anchor=(0.5, -0.62))
middle.legend(loc="lower center", bbox_to_anchor=(0.5, -0.52))
show(
    "Left, the four corners of XOR with the lines of the two hidden neurons. Right, the same four examples placed by what "
    "the hidden neurons say: two of them have fallen together, and a single line separates ones from zeros."
)
print("what the output says for 00, 01, 10, 11:", output)
assert np.array_equal(output, XOR)
assert not is_linearly_separable(bits, XOR) and is_linearly_separable(hidden, XOR)

# %% [markdown]
# ## 7. From a step to a slope
#
# You found these weights by thinking. A network with a million weights has to *learn* them, by many small
# improvements: change a weight a little, see whether things get better. With steps that does not work. Look at the
# function that a perceptron applies to its sum $z = x \cdot w + b$: a **step**, 0 up to $z = 0$ and 1 above. Such a
# function that turns the sum into the output is called an **activation**. The step has two faults:
#
# - Near 0 a tiny change of a weight flips the output completely.
# - Everywhere else a small change of a weight does nothing at all. How should one know which way is better?
#
# *On paper.* $z = -0.0001$, and a weight whose input is 1 grows by 0.001: $z$ becomes $+0.0009$, the output jumps
# from 0 to 1. Elsewhere, $z = 10$, and a weight falls by 3: $z = 7$, output 1 as before.

# %% component=["NP-03", "NP-10"] claim=["C-NP-06"] tags=["experiment"]
one = np.array([[1.0]])
before, after = (int(perceptron(one, np.array([weight]), 0.0)[0]) for weight in (-1e-4, -1e-4 + 1e-3))
print(f"near 0:   weight −0.0001 -> {-1e-4 + 1e-3:+.4f}, the output goes from {before} to {after}")
assert (before, after) == (0, 1)
before, after = (int(perceptron(one, np.array([weight]), 0.0)[0]) for weight in (10.0, 10.0 - 3.0))
print(f"far away: weight 10 -> 7, the output goes from {before} to {after}")
assert (before, after) == (1, 1)
z = np.array([-2.0, -1e-9, 0.0, 1e-9, 2.0])
assert np.array_equal(perceptron(z[:, None], np.ones(1), 0.0), [0, 0, 0, 1, 1])  # the step itself

# %% [markdown]
# The cure: round the step off. The **sigmoid** is an S-shaped curve from 0 to 1,
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}},$$
#
# where $e = 2.718\ldots$; for large $z$, $e^{-z}$ is nearly 0, so $\sigma$ is nearly 1; for very negative $z$, $e^{-z}$
# is huge and $\sigma$ nearly 0. In the middle, $\sigma(0) = \frac{1}{1 + 1} = \frac12$. A **sigmoid neuron** says
# $y = \sigma(x \cdot w + b)$: not only yes or no, but how sure it is. The function is given; NumPy applies it to each
# entry of an array.


# %% tags=["given"]
def sigmoid(z):
    """Squash every entry of z into (0, 1)."""
    return np.exp(-np.logaddexp(0, -z))  # the same as 1 / (1 + exp(-z)), without overflow


# %% exercise="sigmoid_neuron" component=["NP-11"]

# %% [markdown]
# The same two experiments again. (Your predictions `flip`, `smooth` and `far`.)

# %% component=["NP-10", "NP-11"] claim=["C-NP-05"] tags=["experiment"]
small = -1e-4, -1e-4 + 1e-3
step_jump = [int(perceptron(one, np.array([weight]), 0.0)[0]) for weight in small]
y = [float(sigmoid_neuron(one, np.array([weight]), 0.0)[0]) for weight in small]
print(
    f"the weight grows by 0.001: the step goes {step_jump[0]} -> {step_jump[1]}, the sigmoid {y[0]:.6f} -> {y[1]:.6f}"
)
assert step_jump == [0, 1]
assert abs((y[1] - y[0]) - 1e-3 / 4) < 1e-8  # a quarter of the move

figure, (left, middle) = plt.subplots(1, 2, figsize=(9.6, 3.4))
for axes, reach, title in [
    (left, 6, "From afar: a step, and a softer one"),
    (middle, 0.004, "Under the magnifying glass"),
]:
    z = np.linspace(-reach, reach, 801)
    axes.plot(z, perceptron(z[:, None], np.ones(1), 0.0), color=ORANGE, ls="--", label="step")
    axes.plot(z, sigmoid_neuron(z[:, None], np.ones(1), 0.0), color=BLUE, label="sigmoid")
    axes.set(title=title, xlabel="sum z", ylim=(-0.08, 1.08), xticks=[-reach, 0, reach])
middle.plot([small[0]] * 2, [step_jump[0], y[0]], "o", color="black", label="before")
middle.plot([small[1]] * 2, [step_jump[1], y[1]], "^", color="black", label="after the move")
left.set_ylabel("output")
left.legend(loc="upper left")
middle.legend(loc="lower right", bbox_to_anchor=(1, 0.02))
show(
    "Left, step and sigmoid between −6 and 6: the sigmoid is a smooth S around the step. Right, a tiny stretch around 0: "
    "the step jumps from 0 to 1 between two close-by points, the sigmoid is practically flat at one half."
)

# %% [markdown]
# Is it still the same neuron? Multiply weights and bias by a large number $c$, and the S gets steeper and steeper:
# $\sigma(cz)$ turns into the step. The exact shape of the S is not important. That it has no jump, is.

# %% component=["NP-03", "NP-11"] claim=["C-NP-08"] tags=["experiment"]
z = np.linspace(-1, 1, 2001)
away = z[np.abs(z) > 0.05 + 1e-9][:, None]  # at the jump itself they can never agree
errors = []
for factor in (1.0, 10.0, 100.0, 1000.0):
    difference = np.array(sigmoid_neuron(away, np.array([factor]), 0.0)) - perceptron(away, np.ones(1), 0.0)
    errors.append(np.abs(difference).max())
    print(f"weights times {factor:6,.0f}: sigmoid and step differ by at most {errors[-1]:.2g}")
assert np.allclose(errors[:3], [0.487, 0.375, 0.0061], rtol=0, atol=0.004) and errors[3] < 1e-20

W, b, v, c = (np.array(part, dtype=float) for part in xor_network())  # your XOR, with sigmoids
smooth_hidden = np.column_stack([sigmoid_neuron(bits, 200 * W[:, j], 200 * b[j]) for j in (0, 1)])
smooth = np.array(sigmoid_neuron(smooth_hidden, 200 * v, 200 * float(c)))
print("your XOR network with sigmoids and all weights times 200:", smooth.round(4))
assert np.array_equal(smooth > 0.5, XOR == 1) and np.abs(smooth - XOR).max() < 0.01

# %% [markdown]
# ### How far does it move?
#
# Here is what smoothness is good for. If the weights move by small $\Delta w$ and the bias by $\Delta b$, the sum moves
# by $\Delta z = x \cdot \Delta w + \Delta b$, exactly. And the output? Over a short stretch any smooth curve is nearly
# a straight line, so it moves by the *slope* of that line times $\Delta z$. For the sigmoid the slope at $z$ happens to
# be $\sigma(z)\,(1 - \sigma(z))$: you need not derive it (chapter 2 does), you can measure it below. So
#
# $$\Delta y \approx \sigma(z)\,(1 - \sigma(z)) \cdot (x \cdot \Delta w + \Delta b).$$
#
# *On paper.* At $z = 0$ the slope is $\frac12 \cdot \frac12 = \frac14$. A weight with input 1 that grows by 0.001 moves
# the output by 0.00025, as you have seen. Far out, at $z = 10$, the slope is 0.000045: a sure neuron hardly moves.

# %% exercise="linearised_change" component=["NP-12"]

# %% [markdown]
# How good is the straight line? Make all moves half as large, and compare its prediction with what really happens.
# (Your prediction `halving`.)

# %% component=["NP-12"] claim=["C-NP-07"] tags=["experiment"]
z = np.array([-3.0, 0.0, 1.0, 4.0])  # first the slope itself, measured with a tiny move of the bias
measured = (sigmoid(z + 1e-6) - sigmoid(z - 1e-6)) / 2e-6
assert np.allclose(measured, sigmoid(z) * (1 - sigmoid(z)), rtol=1e-6)

rng = np.random.default_rng(4)
x, w, b = rng.normal(size=(200, 3)), rng.normal(size=3), 0.4
dw, db = rng.normal(size=3), 0.7
sizes = 0.5 ** np.arange(2, 11)
errors = []
for size in sizes:
    truly = np.array(sigmoid_neuron(x, w + size * dw, b + size * db)) - sigmoid_neuron(x, w, b)
    errors.append(np.abs(truly - linearised_change(x, w, b, size * dw, size * db)).mean())
ratios = np.array(errors[:-1]) / errors[1:]
print("half the move divides the error by", ratios.round(3))
assert np.allclose(ratios[-4:], 4, rtol=0, atol=0.02)
plt.figure(figsize=(5.6, 3.4))
plt.loglog(sizes, errors, "o-", color=BLUE, label="error of the straight line")
plt.loglog(
    sizes, 3 * errors[-1] * (sizes / sizes[-1]) ** 2, "--", color=GREY, label="slope: a quarter for half"
)
plt.gca().set(
    title="Half the move, a quarter of the error", xlabel="size of the move", ylabel="mean error of Δy"
)
plt.legend()
show(
    "The error of the straight-line prediction over the size of the move, on logarithmic axes: the dots follow a dashed "
    "straight line on which half the move means a quarter of the error."
)

# %% [markdown]
# ## 8. Logistic regression: one smooth neuron learns
#
# A sigmoid neuron that is trained by small improvements has an older name, **logistic regression**: one input layer,
# one output. Its output is read as the probability that the answer is yes.
#
# To improve, one needs a number that says how bad things are: a **loss**. Suppose the truth is yes and the neuron said
# $y = 0.9$: fine. It said 0.01: it should be punished, and harder the surer it was. The usual choice is *minus the
# logarithm of the probability that it gave to the truth*: $-\ln 0.9 = 0.105$, $-\ln 0.01 = 4.6$, and for a hesitant
# ½, $\ln 2 = 0.693$. Average over the examples.
#
# Put $y = \sigma(z)$ in, and the formula becomes short: $\ln(1 + e^{-z})$ if the truth is 1, and $\ln(1 + e^{z})$ if it
# is 0. In this form one never takes the logarithm of 0.
#
# Which way is better? For each example, the loss grows with $z$ at the rate $\sigma(z) - y$: *output minus label*. (Test
# it with a calculator: at $z = 0$, label 1, the rate is $-\frac12$; the loss $\ln(1 + e^{-z})$ is 0.69315 at $z = 0$
# and 0.68816 at $z = 0.01$. The difference is $-0.005$.) And $z$ grows with each weight at the rate of its input. So
# the list of rates, the **gradient**, is the mean of (output − label) · input. The bias has the input 1. Walking
# *against* the gradient lowers the loss.
#
# *On paper.* One example, $x = 2$, label 0, and $w = 0$, $b = \ln 3$. Then $z = \ln 3$, output ¾. Loss $-\ln\frac14 =
# 1.386$; error $\frac34 - 0$; gradient $\frac34 \cdot 2 = 1.5$ for $w$, and $0.75$ for $b$.

# %% exercise="logistic_loss" component=["NP-13"]

# %% [markdown]
# Now train it, on OR and on XOR: again and again, take a step against the gradient. (Your prediction
# `xor_regression`.)


# %% component=["NP-13", "NP-14"] claim=["C-NP-09"] tags=["experiment"]
def logistic_train(labels, steps, rate=1.0):
    """Start anywhere, and walk against the gradient."""
    w, b, losses = np.array([1.0, -0.5]), 0.3, []
    for _ in range(steps):
        loss, dw, db = logistic_loss(bits, labels, w, b)
        losses.append(loss)
        w, b = w - rate * np.asarray(dw), b - rate * db
    return w, b, losses


grid = np.stack(np.meshgrid(np.linspace(-0.5, 1.5, 81), np.linspace(-0.5, 1.5, 81)), axis=-1)
figure, panels = plt.subplots(1, 2, figsize=(8.4, 3.6), layout="constrained")
for axes, name, labels in [(panels[0], "OR", np.array([0, 1, 1, 1])), (panels[1], "XOR", XOR)]:
    w, b, losses = logistic_train(labels, 3000)
    y = np.array(sigmoid_neuron(bits, w, b))
    shade = np.array(sigmoid_neuron(grid.reshape(-1, 2), w, b)).reshape(81, 81)
    picture = axes.imshow(
        shade, origin="lower", extent=(-0.5, 1.5, -0.5, 1.5), cmap="Greys", vmin=0, vmax=1, alpha=0.45
    )
    axes.grid(False)
    if np.abs(w).max() > 1e-6:
        draw_line(axes, w, b, color="black")
    draw_points(axes, bits, labels, size=80)
    axes.set(
        xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=[0, 1], yticks=[0, 1], title=f"{name}: loss {losses[-1]:.4f}"
    )
    print(f"{name:>3}: loss {losses[0]:.3f} -> {losses[-1]:.6f}, outputs {y.round(3)}, w = {w.round(4)}")
    if name == "OR":
        assert losses[-1] < 0.01 and np.array_equal(y > 0.5, labels == 1)
        assert np.allclose(
            boundary_distance(np.array([[-b / w[0], 0.0]]), w, b), 0, atol=1e-9
        )  # y = ½ is a line
    else:
        assert abs(losses[-1] - np.log(2)) < 1e-9 and np.abs(y - 0.5).max() < 1e-6 and np.abs(w).max() < 1e-6
figure.colorbar(picture, ax=panels, label="output of the neuron")
show(
    "Left, OR: the plane is dark on one side of a line and light on the other, and the four corners are right. Right, "
    "XOR: the whole plane has the same medium shade, an output of one half everywhere."
)

# %% [markdown]
# On XOR it ends at $w = 0$, says ½ four times, and its loss is $\ln 2$. Where the output is ½, the sum is 0, and that
# is a straight line again: a softer step does not make one neuron cleverer. *And it knows that it does not know.*
#
# ## 9. The hidden layer learns
#
# Three sigmoid neurons, then: two hidden ones and an output, as in your XOR network. Even without any biases there are
# weights that do it: let the first hidden neuron react strongly to any input, $\sigma(10 x_1 + 10 x_2)$, the second
# only gently, $\sigma(x_1 + x_2)$, and let the output compute $\sigma(40\,h_1 - 50\,h_2)$.

# %% component=["NP-15"] claim=["C-NP-11"] tags=["experiment"]
W, v = np.array([[10.0, 1.0], [10.0, 1.0]]), np.array([40.0, -50.0])
hidden = np.column_stack([sigmoid_neuron(bits, W[:, j], 0.0) for j in (0, 1)])
output = np.array(sigmoid_neuron(hidden, v, 0.0))
print("hidden:", *(f"({one:.3f}, {two:.3f})" for one, two in hidden))
print("output:", output.round(4))
assert np.allclose(output, [0.0067, 0.969, 0.969, 0.0173], rtol=0, atol=5e-4)
assert is_linearly_separable(hidden, XOR, 5000) and not is_linearly_separable(bits, XOR)

figure, (left, middle) = plt.subplots(1, 2, figsize=(8, 3.6))
draw_points(left, bits, XOR, size=90)
draw_points(middle, hidden, XOR, size=90)
draw_line(middle, v, 0.0, color="black")
left.set(title="Before the hidden layer", xlabel="x1", ylabel="x2", xlim=(-0.4, 1.4), ylim=(-0.4, 1.4))
middle.set(title="Behind it: a line will do", xlabel="h1", ylabel="h2", xlim=(0.4, 1.3), ylim=(0.4, 1.0))
for axes in (left, middle):
    for k, point in enumerate(bits if axes is left else hidden):
        lower = k == 2 and axes is middle  # two of the points fall together
        if not lower:
            text = "01 and 10" if k == 1 and axes is middle else "".join(str(int(v)) for v in bits[k])
            axes.annotate(text, point, xytext=(9, 5), textcoords="offset points")
show(
    "Left, the four examples of XOR at the corners of a square. Right, at the outputs of two sigmoid neurons: 01 and 10 "
    "have fallen together below a slanted line, 00 and 11 lie above it."
)

# %% [markdown]
# Does learning *find* such weights? With smooth neurons it can try: change all the weights a little, against the
# gradient, thousands of times. How one computes that gradient for hidden neurons is the subject of chapter 2; here the
# training is given, for many random starts at once.


# %% component=["NP-15"] claim=["C-NP-10"] tags=["experiment"]
def train_from_many_starts(hidden, biases, starts=20, steps=5000, rate=1.0):
    """How many of the starts end with a network that does XOR."""
    draws = [np.random.default_rng(seed) for seed in range(starts)]
    W = np.stack([draw.normal(size=(2, hidden)) for draw in draws])
    v = np.stack([draw.normal(size=(hidden, 1)) for draw in draws])
    b, c = np.zeros((starts, 1, hidden)), np.zeros((starts, 1, 1))
    for _ in range(steps):
        h = 1 / (1 + np.exp(-(bits @ W + b)))
        error = (1 / (1 + np.exp(-(h @ v + c))) - XOR[:, None]) / 4  # output − label, as in section 8
        back = error @ v.transpose(0, 2, 1) * h * (1 - h)  # chapter 2: whose share is that?
        v, W = v - rate * h.transpose(0, 2, 1) @ error, W - rate * bits.T @ back
        if biases:
            b, c = b - rate * back.sum(axis=1, keepdims=True), c - rate * error.sum(axis=1, keepdims=True)
    says = 1 / (1 + np.exp(-(bits @ W + b))) @ v + c > 0
    return int(np.sum((says[..., 0] == (XOR == 1)).all(axis=1)))


solved = {}
for k, (hidden_neurons, with_biases) in enumerate([(h, b) for h in (2, 3, 4) for b in (True, False)]):
    solved[hidden_neurons, with_biases] = train_from_many_starts(hidden_neurons, with_biases)
    progress(k + 1, 6, "trainings")
plt.figure(figsize=(6, 3.4))
for with_biases, shift, colour, hatch in [(True, -0.2, BLUE, ""), (False, 0.2, ORANGE, "//")]:
    heights = [solved[h, with_biases] for h in (2, 3, 4)]
    label = "with biases" if with_biases else "without biases"
    bars = plt.bar(
        np.array([2, 3, 4]) + shift, heights, 0.36, color=colour, hatch=hatch, edgecolor="white", label=label
    )
    plt.bar_label(bars)
plt.gca().set(
    title="Starts (of 20) from which XOR is learned", xlabel="hidden neurons", xticks=[2, 3, 4], ylim=(0, 27)
)
plt.legend(ncol=2, loc="upper left")
show(
    "Bars for two, three and four hidden neurons. With biases nearly all of 20 starts learn XOR; without biases hardly "
    "any with two hidden neurons, more with three, and nearly all with four."
)
print("learned XOR, of 20 starts (hidden neurons, biases):", solved)
assert solved[2, True] >= 14 and solved[3, True] >= 18 and solved[4, True] >= 18
assert solved[2, False] <= 5 and solved[2, False] < solved[3, False] <= solved[4, False]

# %% [markdown]
# Most starts succeed, if there are biases. Without them the weights *exist*, as we saw, and are hardly ever found from
# a random start; a few more hidden neurons help. To keep in mind: **what a network can represent and what learning finds
# are two different questions.**
#
# ## 10. Layers
#
# From now on neurons come in **layers**. The **input layer** is the numbers that come in; it computes nothing. The last
# layer is the **output layer**; all between are **hidden**. If every neuron of a layer sees every number of the layer
# before, the layer is **dense** (or *fully connected*). Such networks are also called *multi-layer perceptrons*.
#
# Put the weights of $M$ neurons side by side, as columns of a matrix $W$, and their biases in a row: then `x @ W + b`
# computes all neurons for all examples at once.
#
# *On paper.* $x = (1, 2)$; neuron 1 has the weights $(1, 0)$ and bias ½, neuron 2 $(10, 1)$ and $-1$:
#
# $$(1, 2)\begin{pmatrix}1 & 10\\0 & 1\end{pmatrix} + (\tfrac12, -1) = (1.5,\ 11).$$
#
# An image has rows and columns of its own, so that a batch of images has three axes or more. The layer makes one long
# row of each first. And it returns a **cache**, what a way *back* through the layer will need in chapter 2: `x` as it
# came, and `W`.

# %% exercise="dense_forward" component=["NP-18"]

# %% component=["NP-16", "NP-18"] tags=["experiment"]
images, digits = load_digits()
rng = np.random.default_rng(5)
W, b = rng.normal(size=(64, 5)), rng.normal(size=5)
out, cache = dense_forward(images[:7].reshape(7, 8, 8), W, b)
one_by_one = np.column_stack([images[:7] @ W[:, j] + b[j] for j in range(5)])
print(f"7 images of 8 × 8 pixels go in, {np.shape(out)} comes out: 5 neurons for each of 7 images")
assert np.allclose(out, one_by_one) and np.shape(cache[0]) == (7, 8, 8)


def step(z):
    return (np.asarray(z) > 0) * 1.0


W, b, v, c = (np.array(part, dtype=float) for part in xor_network())  # your XOR as two dense layers
hidden = step(dense_forward(bits, W, b)[0])
says = step(dense_forward(hidden, v[:, None], c.reshape(1))[0])
assert np.array_equal(says[:, 0], XOR)

# %% [markdown]
# A network is then a chain: a layer, an activation, a layer, an activation. With $a^0 = x$,
#
# $$z^l = a^{l-1} W^l + b^l, \qquad a^l = f(z^l).$$
#
# Chapter 2 will need all the values on the way, so keep them.

# %% exercise="network_forward" component=["NP-16", "NP-21"]

# %% [markdown]
# ### How many numbers?
#
# All of a network's knowledge is in its weights and biases, its **parameters**. A dense layer with $n$ inputs and $m$
# neurons has $n \cdot m$ weights and $m$ biases. *On paper:* your XOR network, 2-2-1, has $2 \cdot 2 + 2 + 2 \cdot 1 +
# 1 = 9$.

# %% exercise="parameter_count" component=["NP-20"]

# %% component=["NP-20"] claim=["C-NP-13"] tags=["experiment"]
sizes = [784, 16, 10]  # images of 28 × 28 pixels, 16 hidden neurons, 10 digits
total, biases = parameter_count(sizes), sum(sizes[1:])
print(f"784-16-10: {total:,} parameters, {biases} of them biases")
assert total == 12730 and biases == 26 and total - biases == 12704
same = [h for h in range(1, 300) if parameter_count([784, h, 10]) == 12730]
print("hidden layers with which 784-h-10 has that many:", same)
assert same == [16] and parameter_count([784, 16, 16, 10]) == 13002

# %% [markdown]
# ### A function with two kinds of input
#
# Such a network is one function, $f_\theta(x)$. While it *works*, the parameters $\theta$ stand still and $x$ varies:
# image in, digit out. While it *learns*, it is the other way round: the examples stand still, and the loss is a function
# of the parameters. That function takes 12,730 numbers and returns one. Learning is walking downhill on it.
#
# > **What the notes got wrong: "good" or "bad".** One note lets the cost function answer with a word, *good* or *bad*.
# > A word gives no direction. Below, two neurons make equally many mistakes; the loss, a real number, sees that one of
# > them is much closer to being right, and which way leads there.

# %% component=["NP-21"] erratum=["E80"] tags=["experiment"]
threes_and_eights = np.flatnonzero((digits == 3) | (digits == 8))[:200]
x, labels = images[threes_and_eights], (digits[threes_and_eights] == 8).astype(int)
towards_eight = x[labels == 1].mean(axis=0) - x[labels == 0].mean(axis=0)
middle_sum = float(np.median(x @ towards_eight))


def neuron(t, x):
    """What the neuron with the weights t · towards_eight says to these images."""
    return np.array(sigmoid_neuron(x, t * towards_eight, -t * middle_sum))


settings = np.linspace(-1.0, 3.0, 81)
curve = [logistic_loss(x, labels, t * towards_eight, -t * middle_sum)[0] for t in settings]
wrong = [np.mean((neuron(t, x) > 0.5) != labels) for t in settings]
figure, (left, middle) = plt.subplots(1, 2, figsize=(8.6, 3.4))
pixel_values = np.linspace(0, 1, 51)
unsure = np.argmin(np.abs(neuron(2.0, x) - 0.5))
image = np.tile(x[unsure], (51, 1))
image[:, np.argmax(np.abs(towards_eight))] = pixel_values  # the pixel with the largest weight
left.plot(pixel_values, neuron(2.0, image), color=BLUE)
left.set(
    title="Working: parameters fixed",
    xlabel="one pixel of one image",
    ylabel='output, "it is an 8"',
    ylim=(0, 1),
)
middle.plot(settings, curve, color=BLUE, label="loss")
middle.plot(settings, wrong, "--", color=ORANGE, label="share of mistakes")
middle.set(title="Learning: examples fixed", xlabel="size of the weights")
middle.legend()
show(
    "Left, the output of a neuron while one pixel of an image changes: a smooth curve. Right, loss and share of mistakes "
    "while the weights grow from negative to positive: the loss falls smoothly, the mistakes fall in one single jump."
)
a, b = np.searchsorted(settings, [0.5, 1.5])
print(
    f"two settings: {wrong[a]:.1%} and {wrong[b]:.1%} mistakes, but losses of {curve[a]:.3f} and {curve[b]:.3f}"
)
assert abs(wrong[a] - wrong[b]) < 1e-9 and curve[a] > curve[b] + 0.05  # same word, other number
assert parameter_count([64, 1]) == len(towards_eight) + 1

# %% [markdown]
# ### What may be connected with what?
#
# A textbook definition (Zhou, 2016) of the *multi-layer feed-forward network* has three conditions: every neuron feeds
# **every** neuron of the next layer; **none** feeds one of its own layer; **no** connection skips a layer or leads
# back. Number the neurons layer by layer and write a table with an entry $[i, j]$ that is not 0 if $i$ feeds $j$, the
# *adjacency matrix*: then the conditions say which blocks of the table are full and which are empty.

# %% exercise="feed_forward_conditions" component=["NP-17"]

# %% component=["NP-17"] erratum=["E83"] tags=["experiment"]
sizes = [4, 4, 4]
none, full, straight = np.zeros((4, 4)), np.ones((4, 4)), np.eye(4)
near = straight + np.eye(4, k=1) + np.eye(4, k=-1)  # each one and its neighbours


def wiring(forward, skip=none, own=none):
    """Three layers as blocks: what feeds the next layer, the one after, and the hidden one itself."""
    return np.block([[none, forward, skip], [none, own, forward], [none, none, none]])


wirings = {
    "dense": (wiring(full), (True, True, True)),
    "convolution:\nneighbours only": (wiring(near), (False, True, True)),
    "residual:\nskips a layer": (wiring(full, skip=straight), (True, True, False)),
    "recurrent:\na layer feeds itself": (wiring(full, own=full), (True, False, True)),
}
figure, panels = plt.subplots(1, 4, figsize=(10, 3))
for axes, (name, (adjacency, expected)) in zip(panels, wirings.items()):
    found = tuple(bool(answer) for answer in feed_forward_conditions(adjacency, sizes))
    assert found == expected
    axes.imshow(adjacency, cmap="Blues", vmin=0, vmax=1.3)
    axes.set(title=name, xticks=[1.5, 5.5, 9.5], yticks=[1.5, 5.5, 9.5])
    axes.set_xticklabels(["in", "hidden", "out"])
    axes.set_yticklabels(["in", "hidden", "out"] if name == "dense" else [])
    axes.grid(False)
    for edge in (3.5, 7.5):
        axes.axhline(edge, color=GREY, lw=0.8)
        axes.axvline(edge, color=GREY, lw=0.8)
    print(f"{name.split(':')[0]:>12}: dense {found[0]}, none inside a layer {found[1]}, no skips {found[2]}")
panels[0].set_ylabel("from")
show(
    "Four tables of who feeds whom, in blocks for input, hidden and output layer. Dense: two full blocks next to the "
    "diagonal. Convolution: these blocks have only a band. Residual: an extra diagonal from input to output. Recurrent: the "
    "hidden layer's own block is full, too."
)

# %% [markdown]
# > **What the notes got wrong: a definition is no law.** The note gives the three conditions as if a network had to obey
# > them. They define *one family*. Convolutional networks ([chapter 12](ch12_convolution)) break the first, residual
# > networks ([chapter 7](ch07_regularization)) the third, and recurrent ones ([chapter 14](ch14_classic_networks)) the
# > second. All of them work very well.
#
# ## 11. Why the bend has to be there
#
# Suppose we leave out the activations and stack dense layers directly. Ten layers: that must be worth something?
#
# *On paper.* $x \mapsto 2x + 3$, and then $z \mapsto 5z + 7$: together $5(2x + 3) + 7 = 10x + 22$. Two layers, and one
# would have done. With matrices it is the same:
#
# $$(xW_1 + b_1)\,W_2 + b_2 = x\,(W_1 W_2) + (b_1 W_2 + b_2).$$

# %% exercise="collapse_linear" component=["NP-19"]

# %% [markdown]
# Ten layers of 20 neurons, against the one layer that they melt into. (Your prediction `ten_layers`.)

# %% component=["NP-19"] claim=["C-NP-12"] erratum=["E98"] tags=["experiment"]
rng = np.random.default_rng(6)
weights = [rng.normal(size=(20, 20)) / np.sqrt(20) for _ in range(10)]
biases = [rng.normal(size=20) for _ in range(10)]
x = rng.normal(size=(50, 20))
deep = network_forward(x, weights, biases, lambda z: z)[1][-1]
W, b = collapse_linear(weights, biases)
difference = np.abs(deep - (x @ W + b)).max()
print(f"ten layers or one: the outputs differ by {difference:.1e}")
assert difference < 1e-12

way = np.linspace(-1, 1, 201)
line = way[:, None] * rng.normal(size=20) * 3
figure, (left, middle) = plt.subplots(1, 2, figsize=(8.4, 3.2))
for axes, activation, title in [
    (left, lambda z: z, "Ten layers without a bend"),
    (middle, np.tanh, "With a bend in each"),
]:
    steeper = [1.7 * W for W in weights]  # a layer that shrinks everything would hide its bends
    along = network_forward(line, steeper, biases, activation)[1][-1][:, :3]
    along = along / np.abs(along).max()
    for curve, style in zip(along.T, ("-", "--", ":")):
        axes.plot(way, curve, style)
    chord = along[:1] + (way[:, None] + 1) / 2 * (along[-1:] - along[:1])
    bend = np.abs(along - chord).max()
    axes.set(title=title, xlabel="way through the inputs")
    print(f"{title}: up to {bend:.1e} away from a straight line")
    assert bend < 1e-10 if axes is left else bend > 0.1
left.set_ylabel("three of the outputs")
show(
    "Three outputs along a straight way through the inputs. Left, without activation: three straight lines. Right, with a "
    "bend in every layer: three winding curves."
)
best = 0.0
for _ in range(500):  # hidden layers do not help with XOR, either, as long as nothing bends
    weights = [rng.normal(size=(2, 5)), rng.normal(size=(5, 1))]
    W, b = collapse_linear(weights, [rng.normal(size=5), rng.normal(size=1)])
    best = max(best, np.mean((bits @ W + b > 0)[:, 0] == XOR))
print(f"best of 500 linear two-layer networks on XOR: {best:.0%}")
assert best <= 0.75

# %% [markdown]
# > **What the notes got wrong: "the computation of a network is linear".** One note says so to explain why activations
# > are needed. Only half of each layer is linear, the part `x @ W + b` (strictly, *affine*: linear plus a shift). The
# > network as a whole is linear only if you leave out the other half. That is the reason *for* the bend, put the right
# > way round. Which bend is best is the subject of [chapter 3](ch03_activations).
#
# ## 12. Ten perceptrons read
#
# Now everything together, on real data: 1,797 handwritten digits of 8 × 8 pixels. One perceptron says yes or no. Ten
# digits need ten perceptrons, one for each: "is it a 0, or any other?", "is it a 1, or any other?", and so on. For a
# new image, ask all ten and believe the one with the *largest* sum. (Two may say yes, or none; the largest sum always
# names one.)

# %% exercise="one_vs_rest_train" component=["NP-08"]

# %% [markdown]
# Train on 1,200 digits, and test on the 597 others. Three random divisions, so that we see what is luck. (Your
# prediction `digits`.)

# %% component=["NP-08", "NP-18"] tags=["experiment"]
shares = []
for seed in range(3):
    order = np.random.default_rng(seed).permutation(len(images))
    known, new = order[:1200], order[1200:]
    W, b = one_vs_rest_train(images[known], digits[known], 10, 10)
    read = np.argmax(dense_forward(images[new], W, b)[0], axis=1)
    shares.append(np.mean(read == digits[new]))
    progress(seed + 1, 3, "divisions")
print("new digits read right:", [f"{share:.1%}" for share in shares], "(guessing: 10 %)")
assert 0.84 < min(shares) <= max(shares) < 0.97
print("a network with no hidden layer, and", parameter_count([64, 10]), "parameters")

figure, panels = plt.subplots(2, 10, figsize=(10, 2.5))
for k in range(10):
    limit = np.abs(W[:, k]).max()
    panels[0, k].imshow(W[:, k].reshape(8, 8), cmap="RdBu", vmin=-limit, vmax=limit)
    panels[0, k].set_title(str(k))
wrong = new[read != digits[new]][:10]
for axes, k in zip(panels[1], wrong):
    axes.imshow(images[k].reshape(8, 8), cmap="Greys")
    axes.set_title(f"{digits[k]}, read {read[list(new).index(k)]}", fontsize=9)
for axes in panels.flat:
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
figure.suptitle("Above: the weights of the ten perceptrons. Below: digits that they read wrong", y=1.06)
show(
    "Upper row, ten small images of weights, blue where ink speaks for the digit and red where it speaks against; the one for 0 "
    "has a red centre. Lower row, ten digits that were read wrong, several of them hard to read for anybody."
)
centre = np.array([27, 28, 35, 36])
assert W[centre, 0].mean() < 0  # ink in the middle speaks against a 0

# %% [markdown]
# Nine in ten, with 650 numbers and a rule from 1958. The weights can even be looked at: ink in the middle speaks against
# a 0. Each of the ten cuts the 64-dimensional space with one flat cut; there is a lot of room in 64 dimensions. What
# flat cuts cannot do is left for hidden layers, and for the next chapter.
#
# ## 13. What is a neural network, then?
#
# One note defines it as "massively parallel interconnected networks of simple adaptive elements, whose organisation
# imitates biological nervous systems" (after Kohonen, 1988). Another just as firmly says that it has "no connection with
# the human brain whatsoever", and that it is a function with parameters, a definition so wide that logistic regression
# fits as well.
#
# > **What the notes got wrong: both, a little.** The notes contradict each other, and a reader has to choose. The
# > *inspiration* came from nerve cells: McCulloch and Pitts say so in their title. What we *compute* is a function with
# > parameters, $f_\theta(x) = f_L(\dots f_1(x))$ with $f_l(a) = \sigma(aW_l + b_l)$, and nothing in it needs a brain.
# > Logistic regression is indeed the smallest case.

# %% component=["NP-01"] erratum=["E66"] tags=["experiment"]
rng = np.random.default_rng(7)
sizes = [3, 5, 4, 2]
weights = [rng.normal(size=pair) for pair in zip(sizes[:-1], sizes[1:])]
biases = [rng.normal(size=n) for n in sizes[1:]]
x = rng.normal(size=(6, 3))
f1, f2, f3 = (lambda a, k=k: sigmoid(a @ weights[k] + biases[k]) for k in range(3))
nested = f3(f2(f1(x)))  # one function inside the other
assert np.allclose(network_forward(x, weights, biases, sigmoid)[1][-1], nested)
w = rng.normal(size=3)  # one layer with one neuron: logistic regression
assert np.allclose(
    network_forward(x, [w[:, None]], [np.array([0.3])], sigmoid)[1][-1][:, 0], sigmoid_neuron(x, w, 0.3)
)
theta = sum(W.size for W in weights) + sum(b.size for b in biases)
print(f"a function of 3 numbers with {theta} parameters; one layer of one neuron is logistic regression")
assert theta == parameter_count(sizes)

# %% [markdown]
# ### Three rises and two falls
#
# The perceptron of 1958 made headlines, and the book of 1969 ended that. Back-propagation became widely known in 1986
# and brought the second rise, which ended in the 1990s when other methods did as well with less trouble. Since 2006
# (Hinton's deep networks) and 2012 (large images, graphics processors) we live in the third; AlphaGo beat Lee Sedol in
# 2016.
#
# > **What the notes got wrong: networks with several layers are older.** One note dates them to the 1980s. Rosenblatt
# > described them in 1962, and Ivakhnenko and Lapa trained deep ones, layer by layer, in 1965. New in 1986 was that
# > Rumelhart, Hinton and Williams showed what back-propagation can do; the method itself had been found several times.

# %% component=["NP-22"] erratum=["E68"] tags=["experiment"]
EVENTS = [
    (1943, "McCulloch & Pitts: the neuron"),
    (1958, "Rosenblatt: the perceptron learns"),
    (1962, "Rosenblatt: several layers"),
    (1965, "Ivakhnenko & Lapa: deep networks"),
    (1969, "Minsky & Papert: Perceptrons"),
    (1986, "Rumelhart, Hinton, Williams"),
    (2006, "Hinton: deep nets, layer by layer"),
    (2012, "deep nets win at images"),
    (2016, "AlphaGo beats Lee Sedol"),
]
figure, axes = plt.subplots(figsize=(9.4, 3.8))
for first, last in [(1958, 1969), (1986, 1995), (2006, 2020)]:
    axes.axvspan(first, last, color=SKY, alpha=0.25, lw=0)
for k, (year, event) in enumerate(EVENTS):
    height = len(EVENTS) - k
    axes.plot([year, year], [0, height], color=GREY, lw=0.8)
    axes.plot(year, height, "o", color=BLUE)
    late = year > 1990
    axes.text(
        year + (-1 if late else 1), height, f"{year}  {event}", ha="right" if late else "left", va="center"
    )
axes.set(title="Three rises (shaded) and two falls", yticks=[], ylim=(0, 10), xlim=(1938, 2022))
axes.grid(False)
show(
    "A time line from 1943 to 2016 with nine events; shaded are 1958 to 1969, 1986 to about 1995, and from 2006 on. Networks "
    "with several layers appear in 1962 and 1965, long before 1986."
)
years = {event: year for year, event in EVENTS}
assert years["Rosenblatt: several layers"] < 1980 < years["Rumelhart, Hinton, Williams"]
assert [year for year, _ in EVENTS] == sorted(year for year, _ in EVENTS)

# %% [markdown]
# ### What people work on
#
# An encyclopaedia entry among the notes names four fields of research: the biological model, the theory, network models
# and their algorithms, and applications. You have touched all four: the nerve cell in section 1, Novikoff's bound and
# the proof about XOR, the learning rules, and the reader of digits.

# %% component=["NP-23"] tags=["experiment"]
FIELDS = {
    "biology": lambda: (
        threshold_neuron(np.array([[1, 1, 0]]), np.ones(3), 1.5)[0] == 1
    ),  # enough signals: it fires
    "theory": lambda: made[0] <= bounds[0],  # Novikoff's theorem, on your own training
    "models and algorithms": lambda: (
        perceptron_train(bits, np.array([0, 0, 0, 1]), np.zeros(2), 0.0)[2][-1] == 0
    ),
    "applications": lambda: min(shares) > 0.84,  # digits are read
}
for field, shown in FIELDS.items():
    assert shown()
    print(f"{field}: seen in this chapter")

# %% [markdown]
# And the names one hears? *Convolutional networks* for images, *LSTM* (a recurrent network) for sequences, *GAN* (two
# networks that play against each other) for painting, *transformers* such as BERT for language. All are built from the
# parts of this chapter: sums with weights, and a bend. What differs is *which* weights there are, which of them are
# shared, and where they come from. Here are two of them on one page.

# %% component=["NP-24"] tags=["experiment"]
signal, kernel = np.array([0.0, 1.0, 3.0, 2.0, 0.0, 1.0]), np.array([-1.0, 2.0, -1.0])
W = np.zeros(
    (6, 4)
)  # a convolution is a dense layer with many zeros, and the same three weights in each column
for j in range(4):
    W[j : j + 3, j] = kernel
convolved = dense_forward(signal[None], W, np.zeros(4))[0][0]
assert np.allclose(convolved, np.convolve(signal, kernel[::-1], mode="valid"))
print(f"convolution: {W.size} weights, {np.count_nonzero(W)} of them not 0, only {len(kernel)} to be learned")

w_in, w_back, h = (
    0.5,
    0.8,
    0.0,
)  # a recurrent neuron: the same weights at every moment, its own past as an input
for value in signal:
    h = np.tanh(w_in * value + w_back * h)
unrolled = 0.0
same_weights = [np.array([[w_in], [w_back]])], [np.zeros(1)]
for value in signal:  # the same as one dense layer after another, all with the same weights
    unrolled = network_forward(np.array([[value, unrolled]]), *same_weights, np.tanh)[1][-1][0, 0]
assert np.isclose(h, unrolled)
print(f"recurrent: 2 weights, used {len(signal)} times")

# %% [markdown]
# ## What to take home
#
# - A **neuron** adds up weighted inputs and asks whether the sum is above a threshold. Moved to the left side, the
#   threshold is called bias, with the other sign, and is a weight like any other.
# - Where it changes its mind is a **straight line** (a flat cut); the sum, divided by the length of $w$, is the distance.
# - The **perceptron rule** learns from mistakes only. If a line exists it finds one, after at most $(R/\gamma)^2$
#   mistakes. If none exists, as for **XOR**, no training helps.
# - A **hidden layer** gives the next one better coordinates. Three neurons do XOR. Without a **bend** between them, any
#   number of layers is one layer.
# - **Smooth** neurons move a little if their weights move a little. That makes learning by small steps possible: a loss
#   says how bad, its gradient which way.
# - What a network *can represent* and what learning *finds* are two questions.
#
# **Now you can** build networks of neurons in NumPy, count their parameters, say what a single neuron can never do and
# why, train a perceptron and a smooth neuron, and read your results in the tables of `check`.
#
# **Next.** [Chapter 2](ch02_backprop) answers what was left open here: how do *hidden* neurons learn?
#
# **Sources.** W. S. McCulloch & W. Pitts, *A Logical Calculus of the Ideas Immanent in Nervous Activity*, Bulletin of
# Mathematical Biophysics 5, 1943. F. Rosenblatt, *The Perceptron*, Psychological Review 65, 1958; *Principles of
# Neurodynamics*, 1962. A. B. J. Novikoff, *On Convergence Proofs for Perceptrons*, Symposium on the Mathematical Theory
# of Automata, 1962. A. G. Ivakhnenko & V. G. Lapa, *Cybernetic Predicting Devices*, 1965. M. Minsky & S. Papert,
# *Perceptrons*, 1969. D. E. Rumelhart, G. E. Hinton & R. J. Williams, *Learning Representations by Back-propagating
# Errors*, Nature 323, 1986. T. Kohonen, *An Introduction to Neural Computing*, Neural Networks 1, 1988. C. M. Bishop,
# *Pattern Recognition and Machine Learning*, 2006. M. Nielsen, *Neural Networks and Deep Learning*, 2015. I. Goodfellow,
# Y. Bengio & A. Courville, *Deep Learning*, 2016. Zhou Zhihua, *Machine Learning*, 2016. E. Alpaydin & C. Kaynak,
# *Optical Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
