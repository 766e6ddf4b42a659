# %% [markdown]
# # Back-propagation: who is to blame, and by how much?
#
# A small network that reads handwritten digits has 12,730 numbers inside. It reads a 3 and says 8. Which of
# the 12,730 numbers should change, in which direction, and by how much? One sweep through the network from
# back to front answers all 12,730 questions at once. By the end of this chapter you will have written that
# sweep, tested it, found bugs in other people's versions, and trained a network with it.
#
# **Before you start.** [Chapter 1](ch01_neurons) has the neuron, the layer `x @ W + b` and the sigmoid. From
# school you need what a derivative is; partial derivatives and the chain rule are explained here.
#
# **What you will have built.** Back-propagation for sigmoid layers, softmax with cross-entropy, gradient
# descent, a gradient checker, and with all of them a reader of handwritten digits.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example you can do
# by hand, a derivation, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** Rows are examples: `x` has shape $(N, D)$. A layer has weights `W` of shape
# $(n_\text{in}, n_\text{out})$ and biases `b` of shape $(n_\text{out},)$, and computes `z = x @ W + b`,
# then `a = sigmoid(z)`. Nielsen's book writes weights the other way round: his $W$ is our $W^\top$.
# What is handed in to a function stays as it was.

# %% tags=["setup"]
import time
from types import SimpleNamespace

# %% tags=["given"]
def sigmoid(z):
    """Squash every entry of z into (0, 1)."""
    return np.exp(-np.logaddexp(0, -z))  # log(1 + e^-z) without overflow


def sigmoid_derivative(z):
    """The slope of the sigmoid at z; never more than 1/4."""
    return sigmoid(z) * (1 - sigmoid(z))


def random_network(rng, sizes):
    """Weights and biases for layers of the given sizes, such as (784, 16, 10)."""
    shapes = list(zip(sizes[:-1], sizes[1:]))
    weights = [rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out)) for n_in, n_out in shapes]
    biases = [rng.normal(0, 0.5, n_out) for _, n_out in shapes]
    return weights, biases


# %% [markdown]
# ## 1. Why one needs gradients
#
# Training needs three things: a **network** with parameters, a **cost** that says with one number how bad
# the parameters are, and a way to **improve** them. The chain of influence is short to say: changing a
# weight changes the output, and changing the output changes the cost. Learning is choosing changes that
# lower it.
#
# Take the smallest network there is: one neuron, one input, $a = \sigma(wx)$, with $x = 1.5$ and the target
# $y = 0.2$, and call $C = \tfrac12(a - y)^2$ its cost. We can plot $C$ over $w$ and simply *see* where to
# go. With 12,730 weights nobody can plot anything. But at the point where we stand, the **slope** still
# tells us which way is down. A slope for every parameter: that list is the **gradient**, and this chapter
# is about computing it.


# %% component=["BP-04", "BP-28"] tags=["experiment"]
def neuron_cost(w, x=1.5, y=0.2):
    return 0.5 * (sigmoid(w * x) - y) ** 2


nudge = 1e-6
w = np.linspace(-5, 4, 200)
plt.plot(w, neuron_cost(w), color=BLUE)
for here, colour in [(-3.0, GREEN), (0.6, ORANGE)]:
    slope = (neuron_cost(here + nudge) - neuron_cost(here)) / nudge
    near = here + np.array([-1.2, 1.2])
    plt.plot(near, neuron_cost(here) + slope * (near - here), color=colour, lw=2.5)
    plt.plot(here, neuron_cost(here), "o", color=colour)
    downhill = here - 0.1 * np.sign(slope)
    assert neuron_cost(downhill) < neuron_cost(here)
    print(
        f"at w = {here:+.1f} the slope is {slope:+.4f}: step to {downhill:+.1f}, cost falls by "
        f"{neuron_cost(here) - neuron_cost(downhill):.5f}"
    )
plt.gca().set(title="The slope where we stand says which way is down", xlabel="weight w", ylabel="cost C(w)")
show(
    "A valley-shaped curve of the cost over the weight, with its tangents at w = −3 and w = 0.6: both "
    "lean down towards the bottom."
)

# %% [markdown]
# ## 2. The chain rule: one path, several paths
#
# ### One path
#
# A bicycle: one turn of the pedals turns the back wheel three times, and one turn of the wheel moves you
# two metres. So one turn of the pedals moves you $2 \cdot 3 = 6$ metres. Rates along a chain **multiply**:
#
# $$x \to y \to z \qquad\Longrightarrow\qquad \frac{dz}{dx} = \frac{dz}{dy}\cdot\frac{dy}{dx}.$$
#
# *On paper.* Let $y = 3x - 5$ and $z = y^2$. At $x = 2$ we have $y = 1$, so $dz/dy = 2y = 2$ and $dy/dx =
# 3$: $dz/dx = 6$. Check: at $x = 2.01$, $y = 1.03$ and $z = 1.0609$. The change $0.0609$ is close to $6
# \cdot 0.01$.
#
# Why does it hold? A small $\Delta x$ makes $\Delta y \approx \frac{dy}{dx}\Delta x$, which makes $\Delta z
# \approx \frac{dz}{dy}\Delta y$. Put the first into the second. Notice *where* the factors are evaluated:
# $dz/dy$ at the $y$ that $x$ really produced. Back-propagation will store such values on the way forward,
# to use them on the way back.

# %% exercise="one_path_derivative" component=["BP-12"]

# %% component=["BP-12"] tags=["experiment"]
x, w, b = np.array([-0.8, 0.1, 0.9]), 1.7, -0.4
predicted = one_path_derivative(x, w, b)
for dx in (1e-1, 1e-3, 1e-5):
    observed = (np.tanh(w * (x + dx) + b) - np.tanh(w * x + b)) / dx
    print(f"nudge {dx:.0e}: Δz/Δx = {observed.round(5)}   your dz/dx = {predicted.round(5)}")
assert np.allclose(observed, predicted, rtol=0, atol=1e-4)

# %% [markdown]
# ### Several paths
#
# Now $s$ reaches $z$ in two ways, through $x$ and through $y$. Both wiggle when $s$ wiggles, and for small
# wiggles their effects simply **add**:
#
# $$\frac{dz}{ds} = \frac{\partial z}{\partial x}\frac{dx}{ds} + \frac{\partial z}{\partial y}\frac{dy}{ds}.$$
#
# *On paper.* A rectangle has sides $x = 2s$ and $y = s + 1$, hence area $z = xy$. At $s = 1$: $x = y = 2$,
# and $dz/ds = y \cdot 2 + x \cdot 1 = 4 + 2 = 6$. Check: $z = 2s^2 + 2s$, whose derivative $4s + 2$ is 6 at
# $s = 1$.
#
# A **computation graph** shows both ways at a glance: what is computed from what, and on each arrow the slope.

# %% component=["BP-13"] tags=["experiment"]
from autograder.figures import computation_graph

s, x, y, z = "s = 1", "x = 2s = 2", "y = s + 1 = 2", "z = x·y = 4"
computation_graph(
    {s: (0, 0), x: (2, 0.8), y: (2, -0.8), z: (4, 0)},
    [(s, x, "2"), (s, y, "1"), (x, z, "y = 2"), (y, z, "x = 2")],
)
plt.title("Two paths from s to z: 2·2 along the upper, 1·2 along the lower, 6 in all")
show(
    "A graph of four boxes: from s two arrows with the slopes 2 and 1 lead to x and y, and from each an arrow with "
    "the slope 2 leads to z."
)
h = 1e-6
measured = (2 * (1 + h) * (1 + h + 1) - 4) / h
print(f"upper path 2·2, lower path 1·2, together 6; measured: {measured:.4f}")
assert abs(measured - 6) < 1e-4

# %% [markdown]
# **Multiply along a path, add over paths.** That is all of back-propagation. In a network, a hidden neuron
# feeds *every* neuron of the next layer, so there are as many paths as neurons there, and each one counts.

# %% exercise="several_paths_derivative" component=["BP-13"]


# %% component=["BP-13"] claim=["C-BP-01"] tags=["experiment"]
def z_of(s):
    x, y = np.cos(s), 0.5 * s**2
    return x * y + x**3


s = np.linspace(-1.5, 2.5, 81)
x, y, dx_ds, dy_ds = np.cos(s), 0.5 * s**2, -np.sin(s), s
both = several_paths_derivative(x, y, dx_ds, dy_ds)
through_x = several_paths_derivative(x, y, dx_ds, 0 * s)
through_y = several_paths_derivative(x, y, 0 * s, dy_ds)

h = 1e-5
error = np.abs((z_of(s + h) - z_of(s - h)) / (2 * h) - both).max()
assert error < 1e-8
print(
    f"two-path derivative against finite differences at 81 points: largest difference {error:.1e} "
    f"(allowed 1e-8)"
)

k = 55
near = np.array([-0.6, 0.6])
plt.plot(s, z_of(s), color=GREY, label="z(s)")
for slope, colour, style, label in [
    (both, BLUE, "-", "both paths"),
    (through_x, ORANGE, "--", "only through x"),
    (through_y, PURPLE, ":", "only through y"),
]:
    plt.plot(s[k] + near, z_of(s[k]) + slope[k] * near, style, color=colour, lw=2.5, label=label)
plt.plot(s[k], z_of(s[k]), "ko")
plt.gca().set(title="Only the two paths together give the tangent", xlabel="s", ylabel="z")
plt.legend()
show(
    "A curve z(s) with three straight lines through one point: only the line of both paths together "
    "touches the curve as a tangent."
)

# %% [markdown]
# ## 3. Losses: one number for "how wrong"
#
# Before we can reduce a cost we must choose one. It must be a *single number*, it must depend on every
# parameter, and smaller must mean better.
#
# ### The quadratic cost
#
# Take the squared distance between target and output of every example, and average. Nielsen's book (2015)
# adds a factor ½, so that the 2 of the derivative cancels:
#
# $$C = \frac{1}{2N}\sum_{n=1}^{N}\lVert y_n - a_n\rVert^2 .$$
#
# *On paper.* Two examples with two outputs each: outputs $(1, 0)$ and $(0.5, 0.5)$, targets $(1, 1)$ and
# $(0.5, 1)$. The squared distances are $1$ and $0.25$, so $C = (1 + 0.25)/(2\cdot 2) = 0.3125$. Note what
# the $N$ counts: examples, not entries.
#
# The cost is never negative, and it is zero exactly if every output equals its target.

# %% exercise="half_mse" component=["BP-01", "BP-02"]

# %% component=["BP-02"] claim=["C-BP-16"] tags=["experiment"]
smallest = np.inf
for seed in range(200):
    rng = np.random.default_rng(seed)
    a, y = rng.random((2, 5, 3))
    smallest = min(smallest, half_mse(a, y))
    assert half_mse(y, y) == 0
    one_entry_off = y.copy()
    one_entry_off[2, 1] += 1e-3
    assert half_mse(one_entry_off, y) > 0
assert smallest > 0
print(
    f"200 random pairs: smallest cost {smallest:.4f} > 0; exactly 0 at a = y; > 0 with one entry off by 0.001"
)

# %% [markdown]
# A cost that is a sum over examples has a gradient that is a sum over examples, because the derivative of a
# sum is the sum of the derivatives. This is why we may look at one example at a time, and why batches can
# be split over several machines.

# %% component=["BP-01"] tags=["experiment"]
rng = np.random.default_rng(1)
a, y = rng.random((2, 6, 4))
whole = half_mse(a, y)
one_by_one = [half_mse(a[n : n + 1], y[n : n + 1]) for n in range(6)]
print(
    f"the batch costs {whole:.6f}; its six examples cost {np.round(one_by_one, 4)}, on average "
    f"{np.mean(one_by_one):.6f}"
)
assert abs(whole - np.mean(one_by_one)) < 1e-12

# %% [markdown]
# > **What the notes got wrong: a ½ that comes and goes.** One note defines the cost with the ½ and calls it
# > "the MSE", the mean squared error. The MSE has no ½ (and many libraries also average over the outputs).
# > Either cost is fine for learning. Mixing them is not: a gradient of one checked against values of the
# > other is wrong by a factor 2, and the relative error $|a-n|/(|a|+|n|)$ is then exactly $\tfrac13$. If
# > you ever see 0.333 in a gradient check, look for a lost 2.

# %% erratum=["E71"] component=["BP-02"] tags=["experiment"]
h = 1e-5
rng = np.random.default_rng(2)
a, y, direction = rng.random((3, 4, 3))


def slope_along(cost):
    """How fast a cost rises when the outputs move along `direction`."""
    return (cost(a + h * direction, y) - cost(a - h * direction, y)) / (2 * h)


def mean_squared_error(a, y):
    return np.mean(np.sum((a - y) ** 2, axis=1))


of_half, of_mse = slope_along(half_mse), slope_along(mean_squared_error)
mixed = abs(of_half - of_mse) / (abs(of_half) + abs(of_mse))
print(
    f"slope of ½MSE {of_half:+.6f}, of MSE {of_mse:+.6f}: ratio {of_mse / of_half:.8f}, relative "
    f"error {mixed:.8f}"
)
assert abs(of_mse / of_half - 2) < 1e-7
assert abs(mixed - 1 / 3) < 1e-7

# %% [markdown]
# ### Cross-entropy
#
# For "which of $C$ classes?" one lets the last layer produce *scores* (**logits**) $z_k$ and turns them
# into probabilities with the softmax, $p_k = e^{z_k} / \sum_j e^{z_j}$. The cost of one example is the
# surprise at the true class $y$:
#
# $$L = -\ln p_y .$$
#
# *On paper.* Two classes, scores $(0, \ln 3)$. Then $p = (\tfrac14, \tfrac34)$. If the true class is the
# second one, $L = \ln\tfrac43 = 0.288$; if it is the first, $L = \ln 4 = 1.386$.
#
# The derivative is as simple as one could wish: write $L = \ln\sum_j e^{z_j} - z_y$ and differentiate. The
# first part gives $p_k$, the second gives $-1$ at the true class:
#
# $$\frac{\partial L}{\partial z_k} = p_k - [k = y].$$
#
# "Probability given minus probability wanted" (Goodfellow, Bengio & Courville, §6.2.2). For the example
# above with the second class true, the gradient is $(\tfrac14, -\tfrac14)$. It sums to zero, always. (Do
# you see why?)
#
# One trap waits: $e^{1000}$ overflows. Subtracting the same number from all scores of an example does not
# change $p$. Which number would you subtract?

# %% exercise="softmax_cross_entropy" component=["BP-03"]

# %% [markdown]
# **Which cost learns faster?** Take a sigmoid output that is badly wrong: the target is 1, but $z = -5$, so
# that $a = 0.0067$. The sigmoid is flat there: it is *saturated*. The quadratic cost has the sigmoid's
# slope as a factor in its derivative, so its gradient is tiny just when there is most to learn. In the
# cross-entropy this factor cancels. With two classes and scores $(0, z)$ the softmax *is* the sigmoid, so
# your function can tell us.

# %% component=["BP-03"] claim=["C-BP-15"] tags=["experiment"]
z = np.linspace(-8, 8, 161)
scores = np.stack([0 * z, z], axis=1)
of_cross_entropy = np.array([softmax_cross_entropy(row[None], np.array([1]))[1][0, 1] for row in scores])
target = np.ones((1, 1))
h = 1e-5
of_quadratic = np.array(
    [
        (half_mse(sigmoid(np.array([[v + h]])), target) - half_mse(sigmoid(np.array([[v - h]])), target))
        / (2 * h)
        for v in z
    ]
)
at = 30  # the index of z = -5
ratio = of_cross_entropy[at] / of_quadratic[at]
print(
    f"z = {z[at]:.1f}, target 1: gradient of the cross-entropy {of_cross_entropy[at]:.4f}, "
    f"of the quadratic cost {of_quadratic[at]:.4f}, ratio {ratio:.1f}; 1/σ'(z) = "
    f"{1 / sigmoid_derivative(z[at]):.1f}"
)
assert abs(of_cross_entropy[at] + 0.9933) < 1e-4
assert abs(of_quadratic[at] + 0.0066) < 1e-4
assert np.allclose(of_cross_entropy / of_quadratic, 1 / sigmoid_derivative(z), rtol=1e-5)

plt.plot(z, of_cross_entropy, label="cross-entropy")
plt.plot(z, of_quadratic, "--", label="quadratic cost")
plt.axvline(-5, color=GREY, lw=1, ls=":")
plt.gca().set(
    title="Badly wrong (left): the quadratic cost hardly pulls, cross-entropy does",
    xlabel="pre-activation z (the target is 1)",
    ylabel="derivative of the cost by z",
)
plt.legend()
show(
    "Two curves over z: far left, cross-entropy's derivative is near −1 while the quadratic cost's is "
    "nearly 0."
)

# %% [markdown]
# ## 4. Walking downhill
#
# ### The gradient
#
# Put the slopes with respect to all weights and biases into one long vector:
#
# $$\nabla C = \Big[\frac{\partial C}{\partial w_1}, \frac{\partial C}{\partial w_2}, \dots,
# \frac{\partial C}{\partial b_1}, \dots\Big]^\top .$$
#
# A network with 784 inputs, 16 hidden neurons and 10 outputs has $784\cdot16 + 16\cdot10$ weights and $16 +
# 10$ biases, so its gradient has 12,730 entries.
#
# Which direction lowers $C$ fastest? A small step $u$ of length 1 changes $C$ at the rate $\nabla C\cdot u
# = \lVert\nabla C\rVert\cos\varphi$, where $\varphi$ is the angle between the two. The most negative value
# of the cosine is $-1$: **straight against the gradient**.
#
# *On paper.* Our test landscape for this section is $C(v_1, v_2) = \tfrac12(v_1^2 + 10\,v_2^2)$, a valley
# ten times steeper across than along. Its gradient is $(v_1, 10 v_2)$. At $(1, 1)$ that is $(1, 10)$: the
# steepest way down points almost straight across the valley, and *not* towards the lowest point.


# %% component=["BP-06"] claim=["C-BP-04"] tags=["experiment"]
def valley(v):
    return 0.5 * (v[..., 0] ** 2 + 10 * v[..., 1] ** 2)


def valley_gradient(v):
    return np.array([1.0, 10.0]) * v


start = np.array([1.0, 1.0])
angles = np.linspace(0, 2 * np.pi, 3601)
directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
change = valley(start + 1e-6 * directions) - valley(start)
best = directions[np.argmin(change)]
against = -valley_gradient(start) / np.linalg.norm(valley_gradient(start))
print(f"best of 3601 directions {best.round(4)}, against the gradient {against.round(4)}")
assert np.abs(best - against).max() < 2e-3  # the directions are 0.0017 radians apart

grid = np.stack(np.meshgrid(np.linspace(-1.4, 1.4, 200), np.linspace(-1.4, 1.4, 200)), axis=-1)
figure, axes = plt.subplots(figsize=(4.8, 4.2))
axes.contour(
    grid[..., 0], grid[..., 1], valley(grid), levels=np.geomspace(0.1, 14, 9), colors=GREY, linewidths=0.8
)
for vector, colour, text in [
    (against, ORANGE, "steepest descent"),
    (-start / np.sqrt(2), BLUE, "to the lowest point"),
]:
    axes.annotate(
        "", start + 0.8 * vector, start, arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2.5}
    )
    axes.text(
        *(start + 0.88 * vector),
        text,
        color=colour,
        ha="right",
        va="center",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )
axes.plot(*start, "ko")
axes.set(title="Steepest is not the same as shortest", xlabel="$v_1$", ylabel="$v_2$", aspect="equal")
show(
    "Contour lines of a long, narrow valley. From one point, the arrow of steepest descent and the arrow "
    "to the lowest point go different ways."
)

# %% [markdown]
# ### Gradient descent
#
# Stand somewhere, compute the gradient, take a small step against it, repeat (Cauchy, 1847):
#
# $$\theta \leftarrow \theta - \eta\,\nabla C(\theta), \qquad \text{for every single weight and bias:}\quad
# w_k \leftarrow w_k - \eta\frac{\partial C}{\partial w_k}, \quad b_l \leftarrow b_l - \eta\frac{\partial C}{\partial b_l}.$$
#
# The **learning rate** $\eta > 0$ sets how far each step goes.
#
# *On paper.* In our valley from $(1, 1)$ with $\eta = 0.1$: the gradient is $(1, 10)$, so the next point is
# $(1 - 0.1,\ 1 - 1) = (0.9, 0)$. The gradient there is $(0.9, 0)$; next comes $(0.81, 0)$.

# %% exercise="gradient_descent" component=["BP-07", "BP-11"]

# %% [markdown]
# ### How much does one step gain?
#
# To first order, $\Delta C \approx \nabla C\cdot\Delta\theta = -\eta\lVert\nabla C\rVert^2$, which is never
# positive. But the landscape is curved, and "to first order" is only true for small steps. Let us measure
# the ratio of the real change to the promised one. For our valley it can even be worked out by hand: the
# ratio is $1 - \tfrac{1001}{202}\,\eta$.

# %% component=["BP-08", "BP-07"] claim=["C-BP-02"] tags=["experiment"]
start = np.array([1.0, 1.0])
promise_per_rate = np.sum(valley_gradient(start) ** 2)
rates = np.geomspace(1e-4, 0.3, 60)


def real_over_promised(rate):
    path = gradient_descent(valley_gradient, start, rate, 1)
    return (valley(path[1]) - valley(path[0])) / (-rate * promise_per_rate)


ratios = np.array([real_over_promised(rate) for rate in rates])
assert np.allclose(ratios, 1 - 1001 / 202 * rates, rtol=0, atol=1e-8)
print(
    "real change / promised change:",
    {rate: round(float(real_over_promised(rate)), 3) for rate in (0.001, 0.01, 0.1)},
    "(equals 1 - 4.955 η to 1e-8)",
)
plt.semilogx(rates, ratios)
plt.axhline(0, color=GREY, lw=1)
plt.axhline(1, color=GREY, lw=1, ls=":")
plt.gca().set(
    title="Small steps keep the promise; below 0 the cost goes up",
    xlabel="learning rate η",
    ylabel="real ΔC / promised ΔC",
)
show("The real change of the cost over the promised one: near 1 for small rates, then falling below 0.")

# %% [markdown]
# ### The guarantee, and its small print
#
# Suppose the gradient changes by at most $L$ times the distance travelled ($L$ is its *Lipschitz constant*,
# the largest curvature). Then (Nesterov, 2004)
#
# $$C(\theta - \eta\nabla C) \;\le\; C(\theta) - \eta\Big(1 - \frac{L\eta}{2}\Big)\lVert\nabla C\rVert^2 .$$
#
# The bracket is positive as long as $\eta < 2/L$. That is the guarantee: *below* $2/L$ the cost goes down
# at every step where the gradient is not zero. Our valley has $L = 10$, so the limit is $\eta = 0.2$.
#
# Two separate questions, two separate experiments: what does **one** step do, and what do **100** steps do?

# %% component=["BP-08"] claim=["C-BP-03"] erratum=["E62"] tags=["experiment"]
along_the_steep_wall = np.array([0.0, 1.0])
for name, point in [("from (1, 1)", start), ("from (0, 1)", along_the_steep_wall)]:
    for rate in (0.19, 0.20, 0.21):
        path = gradient_descent(valley_gradient, point, rate, 1)
        change = valley(path[1]) - valley(path[0])
        print(f"{name}, one step with η = {rate:.2f}: ΔC = {change:+.3f}")
        on_paper = valley((1 - rate * np.array([1.0, 10.0])) * point) - valley(point)
        assert abs(change - on_paper) < 1e-12
        if rate < 0.2:
            assert change < 0
        if rate > 0.2:
            assert change > 0  # "always decreases" fails here

# %% component=["BP-11"] claim=["C-BP-05"] tags=["experiment"]
final = {
    rate: valley(gradient_descent(valley_gradient, start, rate, 100)[-1])
    for rate in (0.001, 0.01, 0.1, 0.1999, 0.2001, 0.21)
}
for rate, cost in final.items():
    print(f"η = {rate:<6}: C after 100 steps = {cost:.3g}   (it started at {valley(start)})")
expected = {rate: valley((1 - rate * np.array([1.0, 10.0])) ** 100) for rate in final}
assert all(abs(final[rate] / expected[rate] - 1) < 1e-9 for rate in final)
assert final[0.1] < final[0.01] < final[0.001] < valley(start)  # too small is slow
assert final[0.1999] < 5 < final[0.2001] < final[0.21]  # 5: a cost of 10 v2²/2 with v2 = 1 that never shrinks

figure, panels = plt.subplots(1, 3, figsize=(9, 3.2), sharey=True)
for axes, rate, remark in zip(
    panels, (0.01, 0.1, 0.205), ("too small: crawls", "about right", "above 2/L: diverges")
):
    path = gradient_descent(valley_gradient, np.array([1.2, 0.5]), rate, 25)
    axes.contour(
        grid[..., 0],
        grid[..., 1],
        valley(grid),
        levels=np.geomspace(0.05, 14, 9),
        colors=GREY,
        linewidths=0.6,
    )
    axes.plot(path[:, 0], path[:, 1], "o-", color=BLUE, ms=3.5, lw=1)
    axes.plot(0, 0, "*", color=ORANGE, ms=11)
    axes.set(title=f"η = {rate}: {remark}", xlabel="$v_1$", xlim=(-1.4, 1.4), ylim=(-1.4, 1.4))
panels[0].set_ylabel("$v_2$")
show(
    "Three paths over the same narrow valley: with a small rate the path stops early, with a medium one "
    "it arrives, with a large one it jumps back and forth and leaves."
)

# %% [markdown]
# > **What the notes got wrong: "always decreases", and "0.01 is safe".** The promise $\Delta C \approx
# > -\eta\lVert\nabla C\rVert^2$ was quoted without its small print, as "will always decrease, never
# > increase". It holds to first order, and rigorously below $2/L$. And a learning rate of 0.01 was called
# > fairly safe. No number is: the limit $2/L$ belongs to the *problem*. Multiply the cost by 100 and it
# > shrinks a hundredfold.

# %% component=["BP-11"] erratum=["E12"] tags=["experiment"]
steepness = np.array([20.0, 50, 100, 150, 199, 201, 250, 300])
costs = np.array(
    [
        0.5 * L * gradient_descent(lambda v, L=L: L * v, np.array([1.0]), 0.01, 200)[-1, 0] ** 2
        for L in steepness
    ]
)
for L, cost in zip(steepness, costs):
    print(
        f"L = {L:3.0f}, limit 2/L = {2 / L:.4f}: after 200 steps with the 'safe' 0.01 the cost is {cost:.2g}"
    )
    assert (cost < L / 2) == (0.01 < 2 / L)

at_limit = {
    rate: abs(gradient_descent(lambda v: 100 * v, np.array([1.0]), rate, 1000)[-1, 0])
    for rate in (0.0199, 0.0201)
}
print(
    f"L = 100: |v| goes from 1 to {at_limit[0.0199]:.1e} with η = 0.0199 and to "
    f"{at_limit[0.0201]:.1e} with η = 0.0201"
)
assert at_limit[0.0199] < 1e-3 and at_limit[0.0201] > 1e3

# %% [markdown]
# ### A ball without inertia
#
# "A ball rolls down into the valley" is the usual picture, but gradient descent's ball obeys strange
# physics. A real ball has *inertia*: force changes its velocity, and it overshoots the bottom and swings
# back. In gradient descent the force *is* the velocity: our ball rolls through thick honey. It forgets at
# every step how it came, and stops dead where the slope ends. (Giving it some inertia back is a good idea.
# It is called momentum, and has a chapter of its own.)


# %% component=["BP-09"] tags=["experiment"]
def bowl_slope(x):
    return x


honey = gradient_descent(bowl_slope, np.array([1.0]), 0.1, 200)[:, 0]

position, velocity, real_ball = 1.0, 0.0, [1.0]
for _ in range(200):
    velocity += 0.1 * (-bowl_slope(position) - 0.25 * velocity)
    position += 0.1 * velocity
    real_ball.append(position)
crossings = int(np.sum(np.diff(np.sign(real_ball)) != 0))
assert np.all(honey > 0) and np.all(np.diff(honey) < 0)
assert crossings >= 3
print(
    f"200 steps: the ball without inertia never crosses the bottom, the real ball crosses it "
    f"{crossings} times"
)

plt.plot(honey, label="gradient descent: no inertia")
plt.plot(real_ball, "--", label="a real ball with friction")
plt.axhline(0, color=GREY, lw=1)
plt.gca().set(
    title="Without inertia the ball creeps to the bottom; a real ball swings",
    xlabel="step",
    ylabel="position (0 is the bottom)",
)
plt.legend()
show(
    "Position over steps: the ball without inertia creeps to 0 and stays on its side; the real ball "
    "swings across 0 several times."
)

# %% [markdown]
# ### Why not just solve $\nabla C = 0$?
#
# At the minimum every slope is zero. School calculus says: differentiate, set to zero, solve. For a
# straight line through points that works, since the equations are linear. One sigmoid is enough to spoil
# it. Here is *one* neuron with two weights and six examples. The two curves are where $\partial C/\partial
# w_1 = 0$ and where $\partial C/\partial w_2 = 0$; solutions are where they cross. No formula gives the
# crossing points. With 12,730 unknowns there would be 12,730 such equations, each containing all the
# unknowns.

# %% component=["BP-10"] tags=["experiment"]
points = np.array([[1.0, 2.0], [-1.5, 0.5], [0.5, -1.0], [2.0, 1.0], [-0.5, -2.0], [-2.0, 1.5]])
wanted = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0])
side = np.linspace(-6, 6, 301)
w1, w2 = np.meshgrid(side, side)
outputs = sigmoid(w1[..., None] * points[:, 0] + w2[..., None] * points[:, 1])
cost = np.mean((outputs - wanted) ** 2, axis=-1) / 2
slope_2, slope_1 = np.gradient(cost, side, side)

figure, axes = plt.subplots(figsize=(5.4, 4.2))
shading = axes.contourf(w1, w2, cost, levels=25, cmap="Greys_r")
figure.colorbar(shading, label="cost")
axes.contour(w1, w2, slope_1, levels=[0], colors=[SKY], linewidths=2.5)
axes.contour(w1, w2, slope_2, levels=[0], colors=[ORANGE], linewidths=2.5, linestyles="--")
axes.plot([], [], color=SKY, lw=2.5, label="$∂C/∂w_1 = 0$")
axes.plot([], [], "--", color=ORANGE, lw=2.5, label="$∂C/∂w_2 = 0$")
axes.set(title="Two unknowns, and already no formula", xlabel="$w_1$", ylabel="$w_2$")
axes.legend(loc="lower left")
show(
    "The cost over two weights as shades of grey, with the two curves on which one slope is zero; they "
    "bend and cross in several places."
)


def sign_changes(slope):
    """The grid cells whose four corners do not agree on the sign of the slope."""
    corners = np.sign([slope[:-1, :-1], slope[:-1, 1:], slope[1:, :-1], slope[1:, 1:]])
    return np.abs(corners.sum(axis=0)) < 4


candidates = np.sum(sign_changes(slope_1) & sign_changes(slope_2))
print(
    f"slopes computed at {cost.size:,} points in a moment; both change sign in {candidates} small squares, "
    "and each of these may hide a solution"
)
assert candidates > 1

# %% [markdown]
# > **What the notes got wrong: what exactly is hard?** One note says that with so many dimensions
# > "differentiating is almost impossible". The wrong thing is blamed. *Differentiating* is cheap, however
# > many dimensions there are; in section 8 you will get all 12,730 slopes for the price of about two
# > forward passes. What cannot be done is *solving* $\nabla C = 0$ in closed form.

# %% [markdown]
# **Turn the knob.** Ten steps down $C(w) = w^2$ from 4. From which rate on does every step jump across the
# valley, and from which does it climb out of it?

# %%
def ten_steps(rate):
    places = 4.0 * (1 - 2 * rate) ** np.arange(11)
    w = np.linspace(-6, 6, 100)
    plt.figure(figsize=(5, 2.8))
    plt.plot(w, w**2, color=GREY)
    plt.plot(places, places**2, "o-", color=ORANGE)
    plt.xlim(-6, 6)
    plt.ylim(-1, 36)
    plt.title(f"after ten steps w = {places[-1]:.3g}")
    return f"A parabola and ten steps of gradient descent with rate {rate:g}; they end at {places[-1]:.3g}."


with_knobs(ten_steps, rate=[0.02, 0.1, 0.3, 0.5, 0.8, 0.95, 0.99, 1.0, 1.02])

# %% [markdown]
# ## 5. A neuron, a layer, a forward pass
#
# A neuron weighs its inputs, adds a bias, and squashes the sum: $z = \sum_k x_k w_k + b$ and $a =
# \sigma(z)$. A **layer** is several neurons looking at the same inputs. Column $j$ of `W` holds the weights
# of neuron $j$, and with the examples in rows the whole layer, for the whole batch, is one line:
# `z = x @ W + b`.
#
# *Shapes on paper.* 5 examples with 4 features, into 3 neurons: $(5, 4)\cdot(4, 3) = (5, 3)$. The bias has
# shape $(3,)$ and is added to each of the 5 rows. Shapes are the cheapest test there is: write them next to
# every line.
#
# A **network** passes each layer's output on to the next. Two lists are worth keeping on the way: all the
# $z$, because the way back needs the slopes $\sigma'(z)$; and all the $a$ (starting with the input itself),
# because they are about to become derivatives too.

# %% exercise="forward_pass" component=["BP-15"]

# %% [markdown]
# Look at one weight. In $z = x_1 w_1 + x_2 w_2 + b$ the derivative with respect to $w_1$ is just the number
# it is multiplied with:
#
# $$\frac{\partial z}{\partial w_1} = x_1, \qquad \frac{\partial z}{\partial w_2} = x_2, \qquad \frac{\partial z}{\partial b} = 1.$$
#
# So the forward pass computes the derivatives of all $z$ with respect to all weights *for free*: they are
# the activations it has to compute anyway. This is the reason why Hung-yi Lee's lectures call it the first
# half of back-propagation.
#
# > **What the notes got wrong: the other derivative.** One note says that the forward pass computes $w_1 =
# > \partial z/\partial x_1$. That is a true equation, but not the wanted one: we are going to change the
# > *weights*, not the inputs. Let a nudge decide.

# %% component=["BP-15", "BP-23"] erratum=["E16"] tags=["experiment"]
x = np.array([[0.7, -1.2]])
W, b = np.array([[2.0], [0.5]]), np.array([0.3])
h = 1e-6
for k in range(2):
    nudged = W.copy()
    nudged[k, 0] += h
    before, after = (forward_pass(x, [weight], [b])[0][0][0, 0] for weight in (W, nudged))
    measured = (after - before) / h
    print(
        f"∂z/∂w{k + 1} measured {measured:+.6f}; the input x{k + 1} = {x[0, k]:+.1f}; the note's "
        f"w{k + 1} = {W[k, 0]:+.1f}"
    )
    assert abs(measured - x[0, k]) < 1e-8
    assert abs(measured - W[k, 0]) > 1

# %% [markdown]
# ## 6. A whole network on one sheet of paper
#
# Two inputs, two hidden neurons, two outputs, one example. Because $\sigma(0) = \tfrac12$, $\sigma(\ln 3) =
# \tfrac34$ and $\sigma(-\ln 3) = \tfrac14$, we can choose biases that make everything a simple fraction.
# The slopes, $a(1-a)$, are $\tfrac14$ and $\tfrac3{16}$. Take a pencil; cover the tables; compute each line
# before you look.
#
# $$x = (1, 2),\quad y = (1, 0),\qquad
# W_1 = \begin{pmatrix} 2 & 3\\ -1 & -1\end{pmatrix},\; b_1 = (\ln 3,\, -1),\qquad
# W_2 = \begin{pmatrix} 2 & 2\\ -3 & -1\end{pmatrix},\; b_2 = (-\ln 3,\, -1).$$
#
# **Forward.**
#
# | quantity | neuron 1 | neuron 2 |
# |---|---|---|
# | $z_1 = xW_1 + b_1$ | $1\cdot2 + 2\cdot(-1) + \ln 3 = \ln 3$ | $1\cdot3 + 2\cdot(-1) - 1 = 0$ |
# | $a_1 = \sigma(z_1)$ | $3/4$ | $1/2$ |
# | $\sigma'(z_1)$ | $3/16$ | $1/4$ |
# | $z_2 = a_1W_2 + b_2$ | $\frac34\cdot2 + \frac12\cdot(-3) - \ln 3 = -\ln 3$ | $\frac34\cdot2 + \frac12\cdot(-1) - 1 = 0$ |
# | $a_2 = \sigma(z_2)$ | $1/4$ | $1/2$ |
# | $\sigma'(z_2)$ | $3/16$ | $1/4$ |
# | $a_2 - y$ | $-3/4$ | $1/2$ |
#
# The cost is $C = \tfrac12\big(\tfrac{9}{16} + \tfrac14\big) = \tfrac{13}{32}$.
#
# **Backward.** Start where $C$ is close, at the outputs. From $z_2$ to $C$ there is one path, through
# $a_2$: multiply. From a weight to $C$ there is one more factor, the activation that enters it. From a
# hidden activation to $C$ there are *two* paths, through both outputs: add.
#
# | quantity | value |
# |---|---|
# | $\partial C/\partial a_2 = a_2 - y$ | $(-3/4,\; 1/2)$ |
# | $\partial C/\partial z_2$ = that times $\sigma'(z_2)$ | $(-9/64,\; 8/64)$ |
# | $\partial C/\partial W_2$, row 1 (from $a = 3/4$) | $(-27/256,\; 24/256)$ |
# | $\partial C/\partial W_2$, row 2 (from $a = 1/2$) | $(-18/256,\; 16/256)$ |
# | $\partial C/\partial b_2$ | $(-9/64,\; 8/64)$ |
# | $\partial C/\partial a_1$, neuron 1: $2\cdot(-\frac{9}{64}) + 2\cdot\frac{8}{64}$ | $-2/64$ |
# | $\partial C/\partial a_1$, neuron 2: $-3\cdot(-\frac{9}{64}) - 1\cdot\frac{8}{64}$ | $19/64$ |
# | $\partial C/\partial z_1$ = these times $\sigma'(z_1)$ | $(-3/512,\; 38/512)$ |
# | $\partial C/\partial W_1$, row 1 (from $x = 1$) | $(-3/512,\; 38/512)$ |
# | $\partial C/\partial W_1$, row 2 (from $x = 2$) | $(-6/512,\; 76/512)$ |
# | $\partial C/\partial b_1$ | $(-3/512,\; 38/512)$ |
#
# Look at hidden neuron 1. One output would like it higher and the other lower, and the two wishes nearly
# cancel: $-18 + 16 = -2$. This is "add over paths" at work.

# %% component=["BP-15"] tags=["experiment"]
ln3 = np.log(3)
hand = SimpleNamespace(
    x=np.array([[1.0, 2.0]]),
    y=np.array([[1.0, 0.0]]),
    weights=[np.array([[2.0, 3.0], [-1.0, -1.0]]), np.array([[2.0, 2.0], [-3.0, -1.0]])],
    biases=[np.array([ln3, -1.0]), np.array([-ln3, -1.0])],
)
hand.zs, hand.activations = forward_pass(hand.x, hand.weights, hand.biases)
hand.cost = half_mse(hand.activations[-1], hand.y)
assert np.allclose(hand.activations[1], [[3 / 4, 1 / 2]], rtol=0, atol=1e-12)
assert np.allclose(hand.activations[2], [[1 / 4, 1 / 2]], rtol=0, atol=1e-12)
assert abs(hand.cost - 13 / 32) < 1e-12
print(f"forward pass by hand and by your code agree to 1e-12; C = {hand.cost} = 13/32")

figure, axes = plt.subplots(figsize=(7.6, 3.6))
places = [[(0, 1), (0, 0)], [(1.5, 1), (1.5, 0)], [(3, 1), (3, 0)]]
inside = [["1", "2"], ["¾", "½"], ["¼", "½"]]
for layer, weight in enumerate(hand.weights):
    for i, j in np.ndindex(2, 2):
        (x0, y0), (x1, y1) = places[layer][i], places[layer + 1][j]
        axes.plot(
            [x0, x1],
            [y0, y1],
            color=SKY if weight[i, j] > 0 else ORANGE,
            lw=0.8 + abs(weight[i, j]),
            zorder=1,
        )
        axes.text(
            x0 + 0.27 * (x1 - x0),
            y0 + 0.27 * (y1 - y0),
            f"{weight[i, j]:+.0f}",
            ha="center",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
for layer, column in enumerate(places):
    for place, text in zip(column, inside[layer]):
        axes.scatter(*place, s=1100, facecolor="white", edgecolor="black", zorder=2)
        axes.text(*place, text, ha="center", va="center", fontsize=14)
for place, text in zip(places[1] + places[2], ["+ln 3", "−1", "−ln 3", "−1"]):
    axes.text(place[0], place[1] + 0.27, f"bias {text}", ha="center", color=GREY)
for place, text in zip(places[2], ["target 1", "target 0"]):
    axes.text(place[0] + 0.25, place[1], text, va="center", color=GREEN)
axes.set(
    title="The hand-worked network: blue weights excite, orange ones inhibit",
    xlim=(-0.4, 3.9),
    ylim=(-0.35, 1.45),
)
axes.set_axis_off()
show(
    "The hand-worked network: inputs 1 and 2, hidden outputs ¾ and ½, outputs ¼ and ½, with the weight "
    "written on each connection."
)

# %% [markdown]
# ## 7. Four equations
#
# What we did on paper works for every network. Give the key quantity a name: the **error** of a layer is
# the derivative of the cost with respect to its pre-activations, $\delta^l = \partial C/\partial z^l$. It
# says how much $C$ would change if someone tampered with that $z$. Everything follows from it (Rumelhart,
# Hinton & Williams, 1986; the numbering BP1–BP4 is Nielsen's):
#
# | | in words | for one example |
# |---|---|---|
# | BP1 | error of the output layer | $\delta^L_j = \dfrac{\partial C}{\partial a^L_j}\,\sigma'(z^L_j)$ |
# | BP2 | error of a layer from the next one | $\delta^l_i = \sigma'(z^l_i)\,\sum_j W^{l+1}_{ij}\,\delta^{l+1}_j$ |
# | BP3 | slope of a bias | $\partial C/\partial b^l_j = \delta^l_j$ |
# | BP4 | slope of a weight | $\partial C/\partial W^l_{kj} = a^{l-1}_k\,\delta^l_j$ |
#
# (In Nielsen's book the sum over $j$ is written with $W^\top$, because his matrices are transposed.)
#
# **BP1** is a single path, $z^L_j \to a^L_j \to C$. On our sheet: $-\tfrac34\cdot\tfrac3{16} =
# -\tfrac9{64}$. For a batch, mind the factor that the cost carries: averaging over $N$ examples divides
# each example's share of the error.

# %% exercise="output_error" component=["BP-17", "BP-20"]

# %% component=["BP-17"] tags=["experiment"]
hand.delta_2 = output_error(hand.activations[2], hand.y, hand.zs[1])
print(f"your output error × 64 = {(64 * hand.delta_2).round(10)}; on paper (-9, 8)")
assert np.allclose(64 * hand.delta_2, [[-9, 8]], rtol=0, atol=1e-10)

rng = np.random.default_rng(3)
z, y = rng.normal(0, 2, (5, 3)), rng.random((5, 3))
h = 1e-6
tampered = z.copy()
tampered[3, 1] += h
measured = (half_mse(sigmoid(tampered), y) - half_mse(sigmoid(z), y)) / h
print(
    f"tampering with z of example 3, neuron 1: measured {measured:+.8f}, your error "
    f"{output_error(sigmoid(z), y, z)[3, 1]:+.8f}"
)
assert abs(measured - output_error(sigmoid(z), y, z)[3, 1]) < 1e-7

# %% [markdown]
# **BP2** is the heart. Hidden pre-activation $z^l_i$ acts through its own activation on *all*
# pre-activations of the next layer: $z^l_i \to a^l_i \to z^{l+1}_j$, for every $j$. The slope of the last
# arrow is the weight $W^{l+1}_{ij}$. Multiply along each path and add over the paths:
#
# $$\delta^l_i = \sum_j \underbrace{\sigma'(z^l_i)}_{z\to a}\;\underbrace{W^{l+1}_{ij}}_{a\to z}\;\delta^{l+1}_j .$$
#
# The same sum for every $i$ and every example is one matrix product. Which shapes fit? $\delta^{l+1}$ is
# $(N, n_{l+1})$, $W^{l+1}$ is $(n_l, n_{l+1})$, and the result must be $(N, n_l)$.
#
# Notice that $\sigma'(z^l)$ is a plain constant here: $z^l$ was fixed in the forward pass. Read backwards,
# the network is a *linear* machine: it transports errors with the same weights, and each neuron is an
# amplifier with the gain $\sigma'(z)$.

# %% exercise="hidden_error" component=["BP-16", "BP-18"]

# %% component=["BP-16", "BP-18"] claim=["C-BP-07"] tags=["experiment"]
hand.delta_1 = hidden_error(hand.delta_2, hand.weights[1], hand.zs[0])
print(f"your hidden error × 512 = {(512 * hand.delta_1).round(9)}; on paper (-3, 38)")
assert np.allclose(512 * hand.delta_1, [[-3, 38]], rtol=0, atol=1e-9)


def cost_from_hidden(z1):
    """The rest of the network, from the hidden pre-activations on."""
    return half_mse(forward_pass(sigmoid(z1), hand.weights[1:], hand.biases[1:])[1][-1], hand.y)


h = 1e-5
for i in range(2):
    step = h * np.eye(2)[i : i + 1]
    measured = (cost_from_hidden(hand.zs[0] + step) - cost_from_hidden(hand.zs[0] - step)) / (2 * h)
    print(f"hidden neuron {i + 1}: recursion {hand.delta_1[0, i]:+.10f}, finite difference {measured:+.10f}")
    assert abs(measured - hand.delta_1[0, i]) < 1e-9

# %% [markdown]
# **BP3 and BP4** end the journey. A weight acts on $C$ only through its $z$, and $\partial z_j/\partial
# W_{kj} = a_k$, as the forward pass told us. For one example the slopes are a table with the rows $a_k$ and
# the columns $\delta_j$. For a batch the examples' tables add up (all paths count, and each example is a
# path).
#
# *On paper, two examples.* One weight; activations $2$ and $3$; errors $0.1$ and $-0.2$. The slope of the
# weight is $2\cdot0.1 + 3\cdot(-0.2) = -0.4$, and that of the bias $0.1 - 0.2 = -0.1$. No further division
# by $N$: the errors carry it already.

# %% exercise="layer_gradients" component=["BP-20", "BP-23"]

# %% component=["BP-15", "BP-20", "BP-23"] claim=["C-BP-08"] tags=["experiment"]
worst = 0.0
for seed in range(20):
    rng = np.random.default_rng(seed)
    a_prev, delta = rng.normal(size=(1, 7)), rng.normal(size=(1, 4))
    dW, db = layer_gradients(a_prev, delta)
    worst = max(worst, np.abs(dW / db - a_prev.T).max())
print(
    f"(∂C/∂W) / (∂C/∂z) equals the activation that feeds the weight; largest difference in 20 random "
    f"layers: {worst:.1e}"
)
assert worst < 1e-12

# %% [markdown]
# Now put the sheet of paper into code: one example, two layers, all four equations. Your numbers must be
# those of the two tables.

# %% exercise="two_layer_gradients" component=["BP-22"]

# %% component=["BP-19", "BP-22"] erratum=["E17"] tags=["experiment"]
answer = two_layer_gradients(
    hand.x[0], hand.y[0], hand.weights[0], hand.biases[0], hand.weights[1], hand.biases[1]
)
for name, value, unit in zip(("dW1", "db1", "dW2", "db2"), answer, (512, 512, 256, 64)):
    print(f"{name} × {unit} = {(unit * value).round(8).tolist()}")
assert np.allclose(512 * answer[0], [[-3, 38], [-6, 76]], rtol=0, atol=1e-8)
assert np.allclose(256 * answer[2], [[-27, 24], [-18, 16]], rtol=0, atol=1e-8)

# The product of what the two passes deliver, for the first weight of the second layer:
product = hand.activations[1][0, 0] * hand.delta_2[0, 0]
h = 1e-5
nudged = np.array([[h, 0], [0, 0]])
up, down = (
    half_mse(
        forward_pass(hand.x, [hand.weights[0], hand.weights[1] + sign * nudged], hand.biases)[1][-1], hand.y
    )
    for sign in (1, -1)
)
print(
    f"forward factor × backward factor = {product:.6f}; slope of the cost by that weight "
    f"{(up - down) / (2 * h):.6f}; "
    f"the cost itself {hand.cost:.6f}"
)
assert abs(product - (up - down) / (2 * h)) < 1e-9
assert abs(product - hand.cost) > 0.1

# %% [markdown]
# > **What the notes got wrong: the product is not the loss.** One note ends its derivation with "multiply
# > the results of both passes, and thereby the loss function is obtained". What is obtained is the
# > *gradient* of the loss, here $\tfrac34\cdot(-\tfrac9{64}) = -\tfrac{27}{256}$. The loss itself,
# > $\tfrac{13}{32}$, was already known after the forward pass.

# %% [markdown]
# ## 8. Back-propagation
#
# For $L$ layers: run forward and keep the $z$ and $a$; compute the error of the last layer (BP1); then,
# from the last layer to the first, read off the slopes (BP3, BP4) and move the error one layer down (BP2).
# You have all the parts.
#
# Watch the indices. `weights[0]` leads from the input to the first hidden layer, `activations[0]` is the
# input, and `zs[0]` belongs to the *first hidden* layer. A drawing of the lists for $L = 3$ takes a minute
# and saves ten.

# %% exercise="backprop" component=["BP-14", "BP-19", "BP-25"]

# %% component=["BP-05", "BP-14"] claim=["C-BP-10"] tags=["experiment"]
rng = np.random.default_rng(4)
digit_net = random_network(rng, (784, 16, 10))
digit_image, digit_target = rng.random((1, 784)), np.eye(10)[[3]]
weight_grads, bias_grads = backprop(digit_image, digit_target, *digit_net)
gradient = np.concatenate([np.ravel(g) for g in [*weight_grads, *bias_grads]])
print(
    f"the gradient of the 784-16-10 network has {gradient.size:,} entries, from {len(weight_grads)} "
    f"weight matrices "
    f"and {sum(g.size for g in bias_grads)} biases"
)
assert gradient.size == 12730

# %% [markdown]
# ### Why backwards?
#
# The cost is a function of the outputs, the outputs of the last hidden layer, and so on. The chain rule
# gives a product of one matrix per layer, with a single *row* at the end: $\partial C/\partial a^L$ has one
# row because there is one cost. A product of matrices may be evaluated from either end, with the same
# result and very different effort:
#
# $$\underbrace{\begin{pmatrix}\cdots\end{pmatrix}}_{1\times n}\; J_L\; J_{L-1}\cdots J_1 .$$
#
# Starting at the row (the output), each step is a row times a matrix: $n^2$ multiplications. Starting at
# the input, each step is a matrix times a matrix: $n^3$.


# %% component=["BP-21"] tags=["experiment"]
def product_and_cost(factors):
    """Multiply from left to right and count the scalar multiplications."""
    result, count = factors[0], 0
    for factor in factors[1:]:
        count += result.shape[0] * result.shape[1] * factor.shape[1]
        result = result @ factor
    return result, count


widths, backwards, forwards = [4, 8, 16, 32, 64, 128], [], []
for n in widths:
    rng = np.random.default_rng(n)
    chain = [rng.normal(size=(1, n))] + [rng.normal(size=(n, n)) / np.sqrt(n) for _ in range(6)]
    from_output, count = product_and_cost(chain)
    backwards.append(count)
    from_input, count = product_and_cost([factor.T for factor in reversed(chain)])
    forwards.append(count)
    assert np.allclose(from_output, from_input.T, rtol=0, atol=1e-10)
    assert backwards[-1] == 6 * n**2 and forwards[-1] == 5 * n**3 + n**2
print(
    f"width 128, six layers: {backwards[-1]:,} multiplications from the output, {forwards[-1]:,} from "
    f"the input"
)

plt.loglog(widths, forwards, "s--", color=ORANGE, label="starting at the input")
plt.loglog(widths, backwards, "o-", color=BLUE, label="starting at the output")
plt.xticks(widths, widths)
plt.minorticks_off()
plt.gca().set(
    title=f"Same product, {forwards[-1] / backwards[-1]:.0f} times the work at width 128",
    xlabel="neurons per layer",
    ylabel="multiplications",
)
plt.legend()
show(
    "Multiplications over the number of neurons, on logarithmic axes: starting at the output needs far "
    "fewer than starting at the input, and the gap grows with the width."
)

# %% [markdown]
# ### What does it cost?
#
# Count multiplications for one example in the 784-16-10 network. *Forward*: one per weight, $12{,}704$.
# *Backward*: one per weight for BP4, plus one per weight for BP2, except in the first layer, whose error
# has nowhere to go: $12{,}704 + 160$. Together that is about two forward passes for all 12,730 slopes. The
# obvious method (nudge one parameter, run forward, see what happened) needs 12,730 nudged passes and one
# for comparison.


# %% component=["BP-10", "BP-14"] claim=["C-BP-09"] erratum=["E63"] tags=["experiment"]
def multiplications(sizes):
    """Multiplications of a forward and of a backward pass, for one example."""
    per_layer = [n_in * n_out for n_in, n_out in zip(sizes[:-1], sizes[1:])]
    return sum(per_layer), sum(per_layer) + sum(per_layer[1:])


forward, backward = multiplications((784, 16, 10))
by_nudging = 12731 * forward
assert (forward, backward) == (12704, 12864)
assert by_nudging // (forward + backward) == 6325
print(
    f"multiplications: forward {forward:,}, backward {backward:,}; by nudging {by_nudging:,}: "
    f"{by_nudging / (forward + backward):,.0f} times as many"
)
one_pass = seconds(lambda: forward_pass(digit_image, *digit_net))
all_slopes = seconds(lambda: backprop(digit_image, digit_target, *digit_net))
print(
    f"time: forward pass {1e6 * one_pass:.0f} µs, back-propagation {1e6 * all_slopes:.0f} µs = "
    f"{all_slopes / one_pass:.1f} "
    f"forward passes; 12,731 forward passes would take {12731 * one_pass:.2f} s, "
    f"{12731 * one_pass / all_slopes:,.0f} times as long"
)
assert 12731 * one_pass / all_slopes > 100

hessian_bytes = 12730**2 * 8
print(
    f"differentiating is cheap; solving is not: just the matrix of one Newton step has {12730**2:,} "
    f"entries, {hessian_bytes / 1e9:.1f} GB"
)

# %% [markdown]
# ### Sums that a graphics card likes
#
# Equation BP2 is a weighted sum, for each neuron of each example. Such sums are matrix products, and matrix
# products are what processors, and above all graphics cards, do best. A batch at once gives the same
# gradient as its examples one by one, but in a few large products instead of thousands of small ones.

# %% component=["BP-01", "BP-25"] tags=["experiment"]
rng = np.random.default_rng(5)
net = random_network(rng, (64, 32, 10))
x, y = rng.random((512, 64)), rng.random((512, 10))
together = backprop(x, y, *net)[0]
one_by_one = [backprop(x[n : n + 1], y[n : n + 1], *net)[0] for n in range(512)]
average = [np.mean([grads[layer] for grads in one_by_one], axis=0) for layer in range(2)]
difference = max(np.abs(a - b).max() for a, b in zip(together, average))
assert difference < 1e-12
at_once = seconds(lambda: backprop(x, y, *net))
singly = seconds(lambda: [backprop(x[n : n + 1], y[n : n + 1], *net) for n in range(512)])
print(
    f"512 examples at once or singly: same gradient to {difference:.0e}; {1e3 * at_once:.1f} ms "
    f"against {1e3 * singly:.1f} ms"
)

# %% [markdown]
# > **What the notes got wrong: how far does the sum run?** The remark on graphics cards writes BP2 as a sum
# > from 1 to $n$ and adds "$n$ is the number of classes". The sum runs over the neurons of the *next
# > layer*, whatever it is. Only below the last layer is that the number of classes. In a 4-5-3-2 network
# > the first hidden layer has three paths to sum over, not two.

# %% component=["BP-25"] erratum=["E65"] tags=["experiment"]
rng = np.random.default_rng(1)
(W1, W2, W3), (b1, b2, b3) = random_network(rng, (4, 5, 3, 2))
x, y = rng.normal(size=(6, 4)), rng.random((6, 2))
(z1, z2, z3), activations = forward_pass(x, [W1, W2, W3], [b1, b2, b3])
delta_2 = hidden_error(output_error(activations[3], y, z3), W3, z2)
over_next_layer = hidden_error(delta_2, W2, z1)
over_classes = hidden_error(delta_2[:, :2], W2[:, :2], z1)

h = 1e-5
step = np.zeros_like(z1)
step[0, 0] = h
up, down = (
    half_mse(forward_pass(sigmoid(z1 + sign * step), [W2, W3], [b2, b3])[1][-1], y) for sign in (1, -1)
)
measured = (up - down) / (2 * h)
print(
    f"error of the first hidden neuron: measured {measured:+.3e}, sum over 3 neurons "
    f"{over_next_layer[0, 0]:+.3e}, "
    f"over 2 classes {over_classes[0, 0]:+.3e}"
)
assert abs(over_next_layer[0, 0] / measured - 1) < 1e-5
assert abs(over_classes[0, 0] / measured - 1) > 0.5

# %% [markdown]
# ## 9. Which weights matter?
#
# Before you read on, bet. Six questions about this section and the one on training; write your letters down
# now, then let the experiments tell you. A prediction that fails is worth more than a result read in passing.

# %% exercise="backprop_predictions"

# %% [markdown]
# A gradient can be *read*. First its signs. If $\partial C/\partial w > 0$, cost and weight rise together:
# lower the weight. If it is negative, raise it. And for small changes in all weights at once, the slopes
# predict what the cost will do: $\Delta C \approx \sum_k \frac{\partial C}{\partial w_k}\Delta w_k$.

# %% component=["BP-26", "BP-28"] erratum=["E08"] tags=["experiment"]
rng = np.random.default_rng(7)
weights, biases = random_network(rng, (4, 5, 2))
x, y = rng.normal(size=(10, 4)), rng.random((10, 2))


def cost_with(first_layer):
    return half_mse(forward_pass(x, [first_layer, weights[1]], biases)[1][-1], y)


slopes = backprop(x, y, weights, biases)[0][0]
obeyed = 0
for i, j in np.ndindex(slopes.shape):
    changed = weights[0].copy()
    changed[i, j] -= 1e-4 * np.sign(slopes[i, j])
    obeyed += cost_with(changed) < cost_with(weights[0])
print(
    f"moving one weight against the sign of its slope lowers the cost for {obeyed} of {slopes.size} weights"
)
assert obeyed == slopes.size

changes = 1e-2 * rng.normal(size=(300, *slopes.shape))
real = np.array([cost_with(weights[0] + change) - cost_with(weights[0]) for change in changes])
predicted = np.sum(slopes * changes, axis=(1, 2))
agreement = np.corrcoef(real, predicted)[0, 1]
upside_down = changes[:, 0, 0] / slopes[0, 0]  # as if the slope meant "w by C"
print(
    f"300 random small changes: correlation of real and predicted ΔC {agreement:.5f}; "
    f"the upside-down slope predicts ΔC up to {np.abs(upside_down).max():.2g}, the largest real one "
    f"is {np.abs(real).max():.2g}"
)
assert agreement > 0.999
assert np.abs(upside_down).max() > 10 * np.abs(real).max()

plt.plot(predicted, real, ".", color=BLUE)
plt.axline((0, 0), slope=1, color=GREY, lw=1)
plt.gca().set(
    title="The gradient predicts what a small change does to the cost",
    xlabel="predicted: Σ slope · change",
    ylabel="real change of the cost",
)
show("Real change of the cost over the predicted change: the points lie on the diagonal.")

# %% [markdown]
# > **What the notes got wrong: which way up?** One note says that "the derivative of X with respect to Y"
# > tells how a change of X affects Y, and speaks of the weight's derivative with respect to the loss. It is
# > the other way round: $\partial Y/\partial X$ tells what X does to Y, and what we follow is
# > $\partial\,\text{loss}/\partial w$. Upside down, the smallest slopes would predict the largest effects.
#
# ### Large inputs, large weights
#
# BP4 says $\partial C/\partial W_{kj} = a_k\,\delta_j$. Among the weights of one neuron, those fed by a
# large activation have the large slopes: to lower the cost fastest, adjust these first. And the weight's
# own size? It does not appear in the formula at all.


# %% component=["BP-23", "BP-24"] claim=["C-BP-11", "C-BP-12"] erratum=["E64"] tags=["experiment"]
def correlation(a, b):
    return np.corrcoef(np.abs(np.ravel(a)), np.abs(np.ravel(b)))[0, 1]


with_input, with_itself, influence = [], [], []
for seed in range(40):
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, (30, 20, 1))
    x, y = rng.random((1, 30)), np.ones((1, 1))
    grads, errors = backprop(x, y, weights, biases)
    zs, _ = forward_pass(x, weights, biases)
    by_activation = hidden_error(errors[1][None], weights[1], zs[0]) / sigmoid_derivative(zs[0])
    with_input.append(correlation(grads[0][:, 0], x))
    with_itself.append(correlation(grads[0], weights[0]))
    influence.append(correlation(by_activation, weights[1]))
print(
    f"40 networks, correlation of |∂C/∂w| with the input activation {np.mean(with_input):.3f} (inside "
    f"one neuron), "
    f"with the weight's own size {np.mean(with_itself):+.3f} ± {np.std(with_itself):.3f}; "
    f"of |∂C/∂a| with the size of the weight it passes {np.mean(influence):.3f}"
)
assert min(with_input) > 1 - 1e-9
assert abs(np.mean(with_itself)) < 0.05
assert min(influence) > 1 - 1e-9

figure, panels = plt.subplots(1, 3, figsize=(9.6, 3.2))
neuron = grads[0][:, 0]
for axes, across, up, colour, title, label, quantity in [
    (
        panels[0],
        x,
        neuron,
        BLUE,
        "Large input: large slope",
        "input activation |a|",
        "|∂C/∂w|, one neuron (largest = 1)",
    ),
    (
        panels[1],
        weights[0],
        grads[0],
        ORANGE,
        "Large weight: no difference",
        "the weight itself |w|",
        "|∂C/∂w|, whole layer (largest = 1)",
    ),
    (
        panels[2],
        weights[1],
        by_activation,
        GREEN,
        "Large weight: influential neuron",
        "outgoing weight |w|",
        "|∂C/∂a| (largest = 1)",
    ),
]:
    axes.plot(np.abs(np.ravel(across)), np.abs(np.ravel(up)) / np.abs(up).max(), ".", color=colour)
    axes.set(title=title, xlabel=label, ylabel=quantity)
show(
    "Three scatter plots. The slope grows with the input activation in a straight line; it does not "
    "depend on the weight itself; an activation's slope grows with its outgoing weight."
)

# %% [markdown]
# > **What the notes got wrong: "adjust the large weights first".** From $\partial z/\partial a = w$ one
# > note concludes that large weights should be adjusted first. But that equation is about changing the
# > *activation* at the other end (right panel), not about changing the weight (middle panel). The next cell
# > gives both strategies the same budget: a gradient step on 60 of the 600 weights only.

# %% component=["BP-24"] erratum=["E64"] tags=["experiment"]
shares = {"weights with the largest inputs": [], "largest weights": [], "random weights": []}
for seed in range(40):
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, (30, 20, 1))
    x, y = rng.random((1, 30)), np.ones((1, 1))
    slopes = backprop(x, y, weights, biases)[0][0]

    fed = np.broadcast_to(x.T, slopes.shape)
    for name, score in zip(shares, (fed, np.abs(weights[0]), rng.random(slopes.shape))):
        chosen = score >= np.sort(score, axis=None)[-60]
        before, partly, wholly = (
            half_mse(forward_pass(x, [weights[0] - 0.1 * step, weights[1]], biases)[1][-1], y)
            for step in (0, slopes * chosen, slopes)
        )
        shares[name].append((before - partly) / (before - wholly))
for name, share in shares.items():
    print(f"10 % of the weights, {name}: {100 * np.mean(share):.0f} % of the whole gain (40 networks)")
assert np.mean(shares["weights with the largest inputs"]) > 0.2
assert abs(np.mean(shares["largest weights"]) - np.mean(shares["random weights"])) < 0.03

# %% [markdown]
# ### Near the output, far from the output
#
# Every weight can influence the output. A weight far from the output does it through many neurons, a weight
# near it directly. Change *one* weight in each layer of a 4-5-5-5-1 network and count the neurons whose
# activation changes: one neuron at once, then every neuron of all later layers. Before you run the cell:
# which numbers do you expect?

# %% component=["BP-27"] claim=["C-BP-13"] tags=["experiment"]
for seed in range(10):
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, (4, 5, 5, 5, 1))
    x = rng.normal(size=(1, 4))
    original = forward_pass(x, weights, biases)[1][1:]
    reached = []
    for layer in range(4):
        changed = [W.copy() for W in weights]
        changed[layer][1, 0] += 0.5
        altered = forward_pass(x, changed, biases)[1][1:]
        reached.append(int(sum(np.sum(a != b) for a, b in zip(original, altered))))
        assert original[-1][0, 0] != altered[-1][0, 0]
    assert reached == [12, 7, 2, 1]
print(
    f"neurons changed by one weight of layer 1, 2, 3, 4: {reached}, in each of 10 random networks; "
    f"the output always changes"
)

# %% [markdown]
# More neurons touched does not mean more effect. In a deep network of sigmoids each layer multiplies by
# $\sigma' \le \tfrac14$ on the way back, so early weights have a far weaker effect. Is that a law of depth?
# No, it depends on the activation: the same network with tanh, whose slope is 1 at zero, is much flatter.
# (For tanh, the cell uses a neat trick in place of back-propagation: the imaginary part of $f(x + ih)/h$ is
# the derivative of $f$.)


# %% component=["BP-27"] claim=["C-BP-14"] tags=["experiment"]
def tanh_output(x, weights):
    for W in weights:
        x = np.tanh(x @ W)
    return x[0, 0]


def tanh_slopes(x, weights, layer):
    """The slope of the output by each weight of the first three columns of one layer."""
    slopes = []
    for i, j in np.ndindex(20, min(3, weights[layer].shape[1])):
        shifted = [W.astype(complex) for W in weights]
        shifted[layer][i, j] += 1e-20j
        slopes.append(tanh_output(x, shifted).imag / 1e-20)
    return np.array(slopes)


strength = {"sigmoid": [], "tanh": []}
for seed in range(5):
    rng = np.random.default_rng(seed)
    weights, _ = random_network(rng, (20,) * 6 + (1,))
    biases = [np.zeros(W.shape[1]) for W in weights]
    x = rng.normal(size=(1, 20))
    output = forward_pass(x, weights, biases)[1][-1]
    slopes = backprop(x, output - 1, weights, biases)[0]  # with target a − 1 the slope of C is the slope of a
    strength["sigmoid"].append([np.mean(np.abs(s)) for s in slopes])
    strength["tanh"].append([np.mean(np.abs(tanh_slopes(x, weights, layer))) for layer in range(6)])

typical = {name: np.exp(np.mean(np.log(rows), axis=0)) for name, rows in strength.items()}
for name, values in typical.items():
    print(f"{name:7s}: mean |∂output/∂w|, layer 1 to 6: " + ", ".join(f"{v:.1e}" for v in values))
assert np.all(np.diff(typical["sigmoid"]) > 0)
assert typical["sigmoid"][-1] / typical["sigmoid"][0] > 1000
assert typical["tanh"][-1] / typical["tanh"][0] < 100

layers = np.arange(1, 7)
plt.semilogy(layers, np.array(strength["sigmoid"]).T, color=BLUE, alpha=0.25)
plt.semilogy(layers, np.array(strength["tanh"]).T, color=ORANGE, alpha=0.25)
plt.semilogy(layers, typical["sigmoid"], "o-", color=BLUE, label="sigmoid")
plt.semilogy(layers, typical["tanh"], "s--", color=ORANGE, label="tanh")
plt.gca().set(
    title="With sigmoids, weights near the output act far more strongly",
    xlabel="layer of the weight (6 = next to the output)",
    ylabel="mean |∂output/∂w|",
)
plt.legend()
show(
    "Mean slope over the layer of the weight, on a logarithmic axis: sigmoids fall by a factor of "
    "thousands from layer 6 to layer 1, tanh stays within a factor of 100."
)

# %% [markdown]
# ## 10. Trust, but check: numerical gradients
#
# A wrong gradient rarely crashes. The network still learns, just worse, and you blame the learning rate. So
# one tests every gradient against the slow and simple truth: nudge an entry both ways and see what the cost
# does,
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}.$$
#
# Why both ways? Taylor: $f(x \pm h) = f \pm h f' + \tfrac{h^2}{2}f'' \pm \tfrac{h^3}{6}f''' + \dots$ In the
# difference the $h^2$ terms cancel. A one-sided difference is wrong by about $\tfrac h2 f''$, the central
# one by about $\tfrac{h^2}6 f'''$.
#
# *On paper.* $f(x) = x^3$ at $x = 1$ (slope 3) with $h = 0.1$: one-sided $(1.331 - 1)/0.1 = 3.31$; central
# $(1.331 - 0.729)/0.2 = 3.01$.

# %% exercise="numerical_gradient"

# %% [markdown]
# How small should $h$ be? Smaller is better only until rounding takes over: the two values of $f$ agree in
# ever more digits, and the digits that are left in their difference are noise.


# %% tags=["experiment"]
def bumpy(x):
    return float(np.sum(np.exp(np.sin(x))))


point = np.array([0.3, 1.1, -0.7])
truth = np.cos(point) * np.exp(np.sin(point))
steps = np.geomspace(1e-12, 1, 49)
central = np.array([np.abs(numerical_gradient(bumpy, point, h) - truth).max() for h in steps])
one_sided = np.array(
    [max(abs((bumpy(point + h * e) - bumpy(point)) / h - t) for e, t in zip(np.eye(3), truth)) for h in steps]
)
best = steps[np.argmin(central)]
print(
    f"central differences are best near h = {best:.0e} (error {central.min():.0e}); one-sided ones "
    f"reach {one_sided.min():.0e}"
)
assert 1e-7 < best < 1e-3 and central.min() < 1e-9 < one_sided.min()

plt.loglog(steps, one_sided, "--", color=ORANGE, label="one-sided")
plt.loglog(steps, central, color=BLUE, label="central")
plt.axvline(1e-5, color=GREY, lw=1, ls=":")
plt.text(1.3e-5, 1e-2, "h = 1e-5", color=GREY)
plt.gca().set(
    title="Too large: the curve bends. Too small: rounding noise",
    xlabel="step h",
    ylabel="largest error of the slope",
)
plt.legend()
show(
    "The error of measured slopes over the step h, on logarithmic axes: both curves are V-shaped, and the "
    "central difference reaches a far lower bottom, near h = 1e-5."
)

# %% [markdown]
# Now feel the price that section 8 only calculated. Here is the gradient of the 784-16-10 network by
# nudging (both ways, so *two* passes per parameter), with every forward pass counted.


# %% component=["BP-14"] claim=["C-BP-09"] tags=["experiment"]
def pack(weights, biases):
    """One long vector, layer by layer: weights, then biases."""
    return np.concatenate([np.append(W, b) for W, b in zip(weights, biases)])


def unpack(theta, sizes=(784, 16, 10)):
    """Cut one long vector into weights and biases."""
    weights, biases, at = [], [], 0
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        weights.append(theta[at : at + n_in * n_out].reshape(n_in, n_out))
        biases.append(theta[at + n_in * n_out : at + (n_in + 1) * n_out])
        at += (n_in + 1) * n_out
    return weights, biases


passes = 0


def counted_cost(theta):
    global passes
    passes += 1
    return half_mse(forward_pass(digit_image, *unpack(theta))[1][-1], digit_target)


print("nudging 12,730 parameters, one after the other …")
theta = pack(*digit_net)
began = time.perf_counter()
by_nudging = numerical_gradient(counted_cost, theta)
slow = time.perf_counter() - began
fast = seconds(lambda: backprop(digit_image, digit_target, *unpack(theta)))
by_backprop = pack(*backprop(digit_image, digit_target, *unpack(theta)))
difference = np.linalg.norm(by_nudging - by_backprop) / np.linalg.norm(by_backprop)
print(
    f"{passes:,} forward passes, {slow:.2f} s; back-propagation {1e6 * fast:.0f} µs: "
    f"{slow / fast:,.0f} times faster; "
    f"relative difference {difference:.0e}"
)
assert passes // 2 == 12730
assert slow / fast > 100
assert difference < 1e-7

# %% [markdown]
# ### When are two gradients "equal"?
#
# They never agree to the last digit. An absolute difference of $10^{-6}$ is excellent for a slope of 5 and
# a disaster for a slope of $10^{-6}$. So divide by the size of the two:
#
# $$\frac{|a - n|}{\max(\text{floor},\ |a| + |n|)} .$$
#
# The floor keeps $0/0$ away when both are (nearly) zero. *On paper:* $a = 3$, $n = 3.01$ gives $0.01/6.01
# \approx 0.0017$; opposite signs give exactly 1; a lost factor 2 gives $\tfrac13$. Compare **entry by
# entry**: one global norm lets a large, right tensor hide a small, wrong one.

# %% exercise="relative_error"

# %% [markdown]
# Put the two together: for each named tensor of a network, the worst relative error over its entries. One
# name at a time is nudged, and the others stay as they are.

# %% exercise="gradient_check"

# %% component=["BP-19"] claim=["C-BP-06"] tags=["experiment"]
worst = {}
for seed in range(5):
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, (4, 5, 3, 2))
    x, y = rng.normal(size=(6, 4)), rng.random((6, 2))
    params = {f"W{k}": W for k, W in enumerate(weights, 1)} | {f"b{k}": b for k, b in enumerate(biases, 1)}

    def network_cost(p):
        return half_mse(forward_pass(x, [p["W1"], p["W2"], p["W3"]], [p["b1"], p["b2"], p["b3"]])[1][-1], y)

    weight_grads, bias_grads = backprop(x, y, weights, biases)
    grads = {f"W{k}": W for k, W in enumerate(weight_grads, 1)} | {
        f"b{k}": b for k, b in enumerate(bias_grads, 1)
    }
    theta = pack(weights, biases)
    numeric = numerical_gradient(
        lambda t: half_mse(forward_pass(x, *unpack(t, (4, 5, 3, 2)))[1][-1], y), theta
    )
    norm_error = np.linalg.norm(pack(weight_grads, bias_grads) - numeric) / np.linalg.norm(numeric)
    assert norm_error < 1e-8
    for name, error in gradient_check(network_cost, params, grads).items():
        worst[name] = max(error, worst.get(name, 0))
print(f"4-5-3-2 sigmoid network: relative error of the whole gradient {norm_error:.1e} (allowed 1e-8)")
print("worst entry per tensor over 5 networks:", {name: f"{error:.0e}" for name, error in worst.items()})
assert max(worst.values()) < 1e-4  # entries that are nearly zero carry rounding noise

# %% [markdown]
# ### A planted bug
#
# Somebody wrote the network below: two tanh layers and a linear output. Its gradient contains **exactly one
# bug, in one tensor**. The author did not notice, because training works. Do not search by staring. Write a
# function that finds wrong tensors in *any* network, and let it speak.


# %% tags=["given"]
def _suspicious_network():
    rng = np.random.default_rng(20)
    x, y = rng.normal(size=(8, 5)), rng.normal(size=(8, 2))
    params = {
        "W1": 0.3 * rng.normal(size=(5, 7)),
        "b1": 0.1 * rng.normal(size=7),
        "W2": 0.4 * rng.normal(size=(7, 6)),
        "b2": 0.1 * rng.normal(size=6),
        "W3": 0.4 * rng.normal(size=(6, 2)),
        "b3": 0.1 * rng.normal(size=2),
    }

    def run(p):
        z1 = x @ p["W1"] + p["b1"]
        z2 = np.tanh(z1) @ p["W2"] + p["b2"]
        return z1, z2, np.tanh(z2) @ p["W3"] + p["b3"]

    def loss(p):
        return float(np.mean(np.sum((run(p)[2] - y) ** 2, axis=1)) / 2)

    def gradients(p):
        z1, z2, out = run(p)
        d3 = (out - y) / len(y)
        d2 = np.einsum("no,ho->nh", d3, p["W3"]) / np.cosh(z2) ** 2
        d1 = np.einsum("no,ho->nh", d2, p["W2"]) / np.cosh(z1) ** 2
        return {
            "W1": np.einsum("ni,nj->ij", x, d1),
            "b1": np.einsum("nj->j", d1),
            "W2": np.einsum("ni,nj->ij", z1, d2),
            "b2": np.einsum("nj->j", d2),
            "W3": np.einsum("ni,nj->ij", np.tanh(z2), d3),
            "b3": np.einsum("nj->j", d3),
        }

    return SimpleNamespace(params=params, loss=loss, gradients=gradients)


suspicious_network = _suspicious_network()

# %% tags=["experiment"]
params, losses = suspicious_network.params, []
for _ in range(300):
    losses.append(suspicious_network.loss(params))
    slopes = suspicious_network.gradients(params)
    params = {name: value - 0.2 * slopes[name] for name, value in params.items()}
print(
    f"300 steps with the wrong gradient: loss from {losses[0]:.3f} to {losses[-1]:.5f}. Nothing looks wrong."
)
assert losses[-1] < 0.5 * losses[0]

# %% exercise="wrong_gradients"

# %% tags=["experiment"]
net = suspicious_network
slopes = net.gradients(net.params)
culprits = wrong_gradients(net.loss, net.params, slopes)
errors = gradient_check(net.loss, net.params, slopes)
print("your function accuses:", culprits)
assert len(culprits) == 1

ends = np.cumsum([value.size for value in net.params.values()])[:-1]


def named(theta):
    """Cut one long vector into the named tensors of the suspicious network."""
    parts = zip(net.params.items(), np.split(theta, ends))
    return {name: part.reshape(value.shape) for (name, value), part in parts}


everything = np.concatenate([np.ravel(value) for value in net.params.values()])
truth = named(numerical_gradient(lambda theta: net.loss(named(theta)), everything))
for name in culprits:
    cosine = np.sum(truth[name] * slopes[name]) / np.linalg.norm(truth[name]) / np.linalg.norm(slopes[name])
    print(f"the wrong slopes of {name} point within {np.degrees(np.arccos(cosine)):.0f}° of the true ones")

plt.bar(list(errors), list(errors.values()), color=[ORANGE if name in culprits else BLUE for name in errors])
plt.axhline(1e-6, color=GREY, ls=":", label="tolerance 1e-6")
plt.yscale("log")
plt.gca().set(
    title="One tensor stands out by several powers of ten", xlabel="tensor", ylabel="worst relative error"
)
plt.legend()
show(
    "Bars of the worst relative error of each tensor, on a logarithmic axis: the wrong tensors stand far "
    "above the dotted tolerance, the others far below."
)

# %% [markdown]
# **Your turn to explain.** You have a name. Now look at the line that computes it: which quantity is used
# where another one belongs? And why did training work all the same? (Think of $\tanh z$ for small $z$. What
# would happen with larger weights in the first layer?)
#
# ## 11. Bug hunt
#
# A gradient check needs a right answer to compare with and *inputs that bring the bug to light*. Seven
# people wrote the backward pass of one layer, which computes `z = a_prev @ W + b` and `out = sigmoid(z)`.
# One of them got it right. The other six are wrong, but each looks right on *lazy* inputs.


# %% tags=["given"] module="suspects"
suspects = [suspect_a, suspect_b, suspect_c, suspect_d, suspect_e, suspect_f, suspect_g]

# %% tags=["experiment"]
lazy_a_prev, lazy_W = np.full((1, 2), 0.5), np.eye(2)
lazy = (np.ones((1, 2)), lazy_a_prev, lazy_W, lazy_a_prev @ lazy_W)
testimonies = [np.concatenate([np.ravel(part) for part in suspect(*lazy)]) for suspect in suspects]
spread = np.ptp(testimonies, axis=0).max()
print(
    f"one example, dout = ones, W = identity, no bias: all seven say the same (largest difference "
    f"{spread:.0e})"
)
assert spread < 1e-12

# %% [markdown]
# Which habits made that test so blind? Batch of one. Upstream gradient of ones. Symmetric weights. Columns
# all alike. No bias. Choose inputs with none of these comforts: at most three sets, and one may be enough.

# %% exercise="separating_inputs"

# %% [markdown]
# Your inputs now interrogate all seven. For each suspect and each set of inputs, the truth comes from your
# `numerical_gradient` on $\sum \texttt{dout}\cdot\sigma(z)$, with the bias that the inputs imply, $b = z -
# a_\text{prev}W$.


# %% tags=["experiment"]
def true_gradients(dout, a_prev, W, z):
    b = z - a_prev @ W  # one row of biases per example does no harm here
    f_a = numerical_gradient(lambda v: float(np.sum(dout * sigmoid(v @ W + b))), a_prev)
    f_W = numerical_gradient(lambda v: float(np.sum(dout * sigmoid(a_prev @ v + b))), W)
    f_b = numerical_gradient(lambda v: float(np.sum(dout * sigmoid(z + v))), np.zeros(W.shape[1]))
    return f_a, f_W, f_b


def lie(suspect, inputs):
    """The worst relative error of a suspect; 1 if it crashes or returns wrong shapes."""
    truth = true_gradients(*inputs)
    try:
        answer = suspect(*inputs)
    except ValueError:
        return 1.0
    if [np.shape(part) for part in answer] != [np.shape(part) for part in truth]:
        return 1.0
    return max(relative_error(part, expected, floor=1e-4).max() for part, expected in zip(answer, truth))


questions = separating_inputs()
lies = np.array([[lie(suspect, inputs) for suspect in suspects] for inputs in questions])
cleared = [suspect.__name__ for suspect, errors in zip(suspects, lies.T) if errors.max() < 1e-4]
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
# ## 12. Train a network
#
# Everything is ready: a cost (cross-entropy), a way to improve (gradient descent), and the gradient (one
# sweep backwards). The data are 1,797 real handwritten digits, 8 × 8 pixels each, from the UCI repository
# (Alpaydin & Kaynak, 1998). The network is 64-32-10: sigmoid hidden layer, then plain scores that go into
# the softmax.
#
# The output layer has *no* sigmoid here, so its error is the gradient by the logits, exactly what your
# `softmax_cross_entropy` returns. The hidden layer is as before. *Full batch* means that each step uses all
# training examples.

# %% exercise="train_network"

# %% component=["BP-03", "BP-07", "BP-14"] tags=["experiment"]
images, digits = load_digits()
train, test = slice(0, 1437), slice(1437, None)


def accuracy(params, images, digits):
    W1, b1, W2, b2 = params
    scores = forward_pass(images, [W1, W2], [b1, b2])[0][-1]
    return np.mean(scores.argmax(axis=1) == digits)


rng = np.random.default_rng(0)
params = (
    rng.normal(0, 1 / 8, (64, 32)),
    np.zeros(32),
    rng.normal(0, 1 / np.sqrt(32), (32, 10)),
    np.zeros(10),
)
losses, marks = [], []
for round_number in range(6):
    marks.append((len(losses), accuracy(params, images[test], digits[test])))
    params, more = train_network(images[train], digits[train], *params, 1.0, 100)
    losses.extend(more)
    print(
        f"step {100 * (round_number + 1)}: loss {losses[-1]:.4f}, "
        f"right on training digits {accuracy(params, images[train], digits[train]):.1%}, "
        f"on new digits {accuracy(params, images[test], digits[test]):.1%}"
    )
marks.append((len(losses), accuracy(params, images[test], digits[test])))
assert abs(losses[0] - np.log(10)) < 0.5  # ten classes and no knowledge yet: about ln 10
assert losses[-1] < 0.2
assert marks[-1][1] > 0.85

figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.4))
left.semilogy(losses)
left.axhline(np.log(10), color=GREY, ls=":")
left.text(600, 2.1, "pure guessing: ln 10", color=GREY, ha="right", va="top")
left.set(
    title=f"The loss falls from {losses[0]:.1f} to {losses[-1]:.2f}", xlabel="step", ylabel="cross-entropy"
)
right.plot(*zip(*marks), "o-", color=GREEN)
right.axhline(0.1, color=GREY, ls=":")
right.set(
    title=f"{marks[-1][1]:.0%} of new digits are read right",
    xlabel="step",
    ylabel="accuracy on new digits",
    ylim=(0, 1),
)
show(
    "Left, the loss falls over the steps, from above the guessing line to near 0. Right, the accuracy on "
    "new digits rises far above one in ten."
)

# %% [markdown]
# Look at the mistakes. Would you have known?

# %% tags=["experiment"]
W1, b1, W2, b2 = params
scores = forward_pass(images[test], [W1, W2], [b1, b2])[0][-1]
guesses = scores.argmax(axis=1)
wrong = np.flatnonzero(guesses != digits[test])
confusions = np.stack([digits[test][wrong], guesses[wrong]], axis=1)
examples = wrong[np.unique(confusions, axis=0, return_index=True)[1]]  # one of each kind of mistake
figure, panels = plt.subplots(2, 6, figsize=(8, 3.3))
for axes, k in zip(panels.flat, examples):
    axes.imshow(images[test][k].reshape(8, 8), cmap="Greys")
    axes.set_title(f"{digits[test][k]}, read as {guesses[k]}", fontsize="small")
for axes in panels.flat:
    axes.set_axis_off()
figure.suptitle(f"Some of the {len(wrong)} misread digits (of {len(guesses)}): many are hard for us too")
show("Twelve small digit images that the network misread, each with its true class and what was read.")

# %% [markdown]
# And look inside. Each hidden neuron has 64 incoming weights, one per pixel. Drawn as a picture, they show
# what it looks for: ink where the weights are positive, no ink where they are negative. Nobody drew these
# pictures. Gradient descent did.

# %% tags=["experiment"]
figure, panels = plt.subplots(4, 8, figsize=(7.4, 4.1))
limit = np.abs(W1).max()
for axes, weights_of_neuron in zip(panels.flat, W1.T):
    picture = axes.imshow(weights_of_neuron.reshape(8, 8), cmap="PuOr", vmin=-limit, vmax=limit)
    axes.set_axis_off()
figure.colorbar(picture, ax=panels, label="weight", shrink=0.7)
figure.suptitle("What the 32 hidden neurons look for")
show(
    "Thirty-two small images, one for each hidden neuron: patches of positive and negative weights where "
    "it looks for ink or for its absence."
)

# %% [markdown]
# ## What to take home
#
# - **Multiply along a path, add over paths.** Back-propagation is this rule, applied from the output to the
#   input, with every intermediate result used again.
# - The **error** $\delta = \partial C/\partial z$ travels backwards through the same weights, each neuron
#   scaling it with $\sigma'(z)$. The slope of a weight is *activation in × error out*; the weight's own
#   size does not enter.
# - All slopes together cost about **two forward passes**. Solving $\nabla C = 0$ is hopeless; following
#   $-\nabla C$ is cheap.
# - A step against the gradient lowers the cost **if it is small enough**, below $2/L$. No learning rate is
#   safe for all problems.
# - **Check your gradients** with central differences, entry by entry, on inputs without comforts: several
#   examples, no ones, nothing square, nothing symmetric.
#
# **Now you can** compute the slope of any weight of any layered network by hand and in code, tell a right
# gradient from a wrong one, and train a small network from nothing.
#
# **Next.** [Chapter 3](ch03_activations) asks which bend to put between the layers, and why the sigmoid has
# gone out of fashion.
#
# **Sources.** A.-L. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*
# (1847). D. E. Rumelhart, G. E. Hinton & R. J. Williams, *Learning representations by back-propagating
# errors*, Nature 323, 1986. Y. Nesterov, *Introductory Lectures on Convex Optimization*, 2004. M. Nielsen,
# *Neural Networks and Deep Learning*, 2015, chapters 1–3. I. Goodfellow, Y. Bengio & A. Courville, *Deep
# Learning*, 2016, chapter 6. Hung-yi Lee, *Machine Learning* lectures, National Taiwan University. E.
# Alpaydin & C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
