# %% [markdown]
# # Regularisation: how does one keep a network from learning by heart?
#
# Twelve noisy points, and a polynomial that goes through every one of them: its error is 0.000,000,000,01.
# Between the points it is typically wrong by 2,670, on a curve that never leaves $[-1, 1]$. It has learned
# the noise by heart. This chapter is about noticing that, and about four cures: a price on large weights,
# another price on weights, stopping in time, and more data. In the end there is a patient for whom you make
# the diagnosis yourself.
#
# **Before you start.** You need gradients of a loss and the way back through layers ([chapter
# 2](ch02_backprop)). From linear algebra: a matrix times a vector, and what it is to solve such a system.
#
# **What you will have built.** L2 and L1 penalties and their steps, ridge regression, fair splits and
# folds, cross-validation, training that stops in time, an image shifter, and a stack of 56 layers with
# ways around.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example you can do
# by hand, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out
# of: a good mistake teaches more than a smooth page.
#
# **Conventions.** Rows are examples. $\lambda$, in code `strength`, is how strong a penalty is; $\eta$, in
# code `rate`, is the learning rate. Penalties are on weights, never on biases: a bias shifts a function,
# it does not make it wild.
# What is handed in to a function stays as it was.

# %% tags=["setup"]

# %% tags=["given"] given="softmax_cross_entropy"

# %% tags=["given"]
def truth(t):
    """The curve that all points of this chapter scatter about."""
    return np.sin(3 * t)


def powers(t, degree=11):
    """A row 1, t, t², … for every t."""
    return t[:, None] ** np.arange(degree + 1)


def noisy_points(rng, n):
    """Points between −1 and 1, and their heights with noise of 0.2."""
    t = np.sort(rng.uniform(-1, 1, size=n))
    return t, truth(t) + 0.2 * rng.normal(size=n)


def root_mean_square(errors):
    return float(np.sqrt(np.mean(np.square(errors))))


fine = np.linspace(-1, 1, 401)

# %% [markdown]
# ## Before you start: predict
#
# Eight questions. Answer them *now*, from what you know or guess. The experiments will answer them one
# after the other, and you may correct yourself before you hand in.

# %% exercise="regularization_predictions" component=["RG-03"]

# %% [markdown]
# ## 1. Learned by heart
#
# How would you know that somebody has learned by heart? You would ask something new. So some examples are
# set aside, the **validation set**, before training begins, and training never sees them. Error on the
# training examples says whether it has learned; error on the validation set says whether it has
# *understood*.
#
# Which examples? Data often come sorted, by class or by date, and the last fifth of a sorted set is not
# like the rest. *On paper.* Ten examples, the labels are 0, 0, 0, 0, 0, 1, 1, 1, 1, 1. The last three are
# set aside as they stand. Which share of the validation set is 1, and which of the training set? A shuffle
# first makes both fair.

# %% exercise="train_validation_split" component=["RG-03"]

# %% [markdown]
# Now the patient: polynomials of growing degree, each fitted to 12 points by least squares and examined on
# 12 others.

# %% component=["RG-03"] tags=["experiment"]
degrees, errors = np.arange(12), np.zeros((50, 12, 2))
for seed in range(50):
    rng = np.random.default_rng(seed)
    t, y = noisy_points(rng, 24)
    seen, held = (np.sort(rows) for rows in train_validation_split(rng, 24, 0.5))
    for degree in degrees:
        w = np.linalg.lstsq(powers(t[seen], degree), y[seen], rcond=None)[0]
        for k, rows in enumerate((seen, held)):
            errors[seed, degree, k] = root_mean_square(powers(t[rows], degree) @ w - y[rows])
training, validation = np.median(errors, axis=0).T
for degree in (1, 3, 7, 11):
    print(
        f"degree {degree:2d}: error {training[degree]:8.2g} in training, {validation[degree]:8.2g} in validation"
    )

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
t, y = noisy_points(np.random.default_rng(6), 12)
left.plot(t, y, "ko", ms=5, label="twelve points")
for degree, style, colour in [(1, ":", GREEN), (3, "-", BLUE), (11, "--", ORANGE)]:
    w = np.linalg.lstsq(powers(t, degree), y, rcond=None)[0]
    left.plot(fine, powers(fine, degree) @ w, style, color=colour, label=f"degree {degree}")
left.set(ylim=(-2.2, 2.2), xticks=[-1, 0, 1], title="Too stiff, about right, too supple", xlabel="t")
left.legend(loc="lower right", fontsize=8, framealpha=1)
right.semilogy(degrees[:-1], training[:-1], "o-", color=BLUE, label="training")
right.semilogy(degrees[:-1], validation[:-1], "s--", color=ORANGE, label="validation")
right.set(title="One falls, the other turns", xlabel="degree", ylabel="error (median of 50)")
right.legend(loc="upper left")
show(
    "Left, twelve points with a straight line that misses them, a cubic that follows the curve, and a "
    "polynomial of degree 11 that hits every point and swings out of the picture between them. Right, "
    "over the degree: the training error falls, the validation error falls to degree 3 and then rises "
    "steeply."
)
assert np.all(np.diff(training) < 0) and training[11] < 1e-9  # ever better on what it has seen
assert np.argmin(validation) in (3, 4, 5) and validation[11] > 50 * validation.min()

# %% [markdown]
# That is **overfitting**: the training error goes on falling while the validation error rises. The more a
# model *can* do, the more easily it happens. Networks can do a great deal.
#
# ## 2. A price on large weights
#
# Look at the orange curve: to hit every point it must be steep, and steep curves have large coefficients.
# So let large weights cost something. **L2 regularisation** adds to the loss
#
# $$\tfrac\lambda2 \sum_i w_i^2.$$
#
# The sum runs over all weights of all layers. Each weight then has to earn what it costs: it stays large
# only if the data lose more without it. *On paper.* A weight of 3 at $\lambda = 0.1$ costs
# $0.05 \cdot 9 = 0.45$, one of 0.3 a hundred times less. And the next bit more costs $\lambda w = 0.3$ per
# unit: that is the gradient.

# %% exercise="l2_penalty" component=["RG-06", "RG-05"]

# %% [markdown]
# A first use is a test of your code. Switch the penalty on and change nothing else: the loss of the fresh
# network must go *up*, by an amount you can foresee. Here is a fresh linear classifier with
# $3072 \cdot 10$ weights of spread 0.001. The penalty should be near
# $\tfrac\lambda2 \cdot 30720 \cdot 10^{-6} = 0.01536\,\lambda$.

# %% component=["RG-08", "RG-05"] claim=["C-RG-12"] tags=["experiment"]
rng = np.random.default_rng(0)
x, labels = rng.normal(size=(100, 3072)), rng.integers(10, size=100)
W = 1e-3 * rng.normal(size=(3072, 10))
data_loss, _ = softmax_cross_entropy(x @ W, labels)
fresh = []
for strength in (0.0, 1.0, 1e3):
    penalty, _ = l2_penalty([W], strength)
    fresh.append(data_loss + penalty)
    print(f"λ = {strength:6g}: loss {fresh[-1]:.3f}")
assert abs(fresh[0] - np.log(10)) < 0.01  # ten classes, none preferred
assert fresh[0] < fresh[1] < fresh[2]
assert abs(fresh[1] - fresh[0] - 0.01536) < 0.0005 and abs(fresh[2] - fresh[0] - 15.36) < 0.5

# %% [markdown]
# For polynomials the best weights can be had without descending. At the minimum of
# $\tfrac12\lVert Xw - y\rVert^2 + \tfrac\lambda2\lVert w\rVert^2$ the gradient is zero:
#
# $$X^\top(Xw - y) + \lambda w = 0.$$
#
# That is a linear system for $w$. Its solution is called **ridge regression** (Hoerl and Kennard, 1970),
# after the ridge that $\lambda$ puts on the diagonal. *On paper.* One input, $x = (1, 2)$ and
# $y = (2, 4)$: $x^\top x = 5$, $x^\top y = 10$. Without a penalty the slope is $10/5 = 2$, with
# $\lambda = 5$ it is $10/10 = 1$.

# %% exercise="ridge_fit" component=["RG-06"]

# %% component=["RG-06", "RG-03"] claim=["C-RG-01", "C-RG-02"] tags=["experiment"]
slopes_of = np.hstack([np.zeros((401, 1)), np.arange(1, 12) * powers(fine, 10)])
measured = {}
for strength in (0.0, 1e-4, 1e-2, 1.0, 10.0):
    rows = []
    for seed in range(50):
        t, y = noisy_points(np.random.default_rng(seed), 12)
        w = np.asarray(ridge_fit(powers(t), y, strength))
        off = root_mean_square(powers(fine) @ w - truth(fine))
        rows.append([np.abs(w).max(), np.abs(slopes_of @ w).max(), off])
    measured[strength] = np.median(rows, axis=0)
    largest, steepest, off = measured[strength]
    print(f"λ = {strength:6g}: largest coefficient {largest:9.3g}, slope {steepest:9.3g}, off by {off:7.3g}")
coefficients, steepness, off = np.array([*measured.values()]).T
assert coefficients[0] > 1e4 and 1.5 < coefficients[2] < 4  # medians of 50
assert np.all(np.diff(coefficients) < 0) and np.all(np.diff(steepness) < 0)
assert steepness[0] > 1e4 and steepness[2] < 30
assert np.argmin(off) == 2 and off[0] > 100 and off[4] > 2 * off[2]  # too little, and too much

# %% [markdown]
# Coefficients of a hundred thousand that cancel each other to the last digit: that is what learning by
# heart costs. At $\lambda = 10^{-4}$ the curve is still too supple; at 10 not even the straight part of it
# is worth its price. Watch what happens in between.

# %% component=["RG-06"] tags=["experiment"]
t, y = noisy_points(np.random.default_rng(6), 12)
strengths = np.geomspace(1e-8, 30, 20)
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.0))


def draw(k):
    w = np.asarray(ridge_fit(powers(t), y, strengths[k]))
    left.clear()
    right.clear()
    left.plot(t, y, "ko", ms=4)
    left.plot(fine, truth(fine), color=GREY, lw=1)
    left.plot(fine, powers(fine) @ w, color=BLUE)
    left.set(ylim=(-2.2, 2.2), xlabel="t", title=f"λ = {strengths[k]:.1e}")
    right.bar(np.arange(12), np.arcsinh(w), color=ORANGE)
    marks = [-1000, -30, -2, 2, 30, 1000]
    right.set_yticks(np.arcsinh(marks), marks)
    right.set(ylim=(-9, 9), xlabel="power of t", title="coefficients")


play(
    figure,
    draw,
    len(strengths),
    "Left, a curve through twelve points: as λ grows, wild swings calm down to a smooth curve close to "
    "the true one, and in the end it is too flat. Right, the coefficients as bars: from hundreds they "
    "shrink to about one, and then to nothing.",
)
long, short = (np.linalg.norm(ridge_fit(powers(t), y, s)) for s in (strengths[0], strengths[-1]))
assert long > 50 * short

# %% [markdown]
# Where there is no such formula, one descends. The penalty's gradient $\lambda w$ joins the data's, and
# with the brackets opened,
#
# $$w - \eta\,(\nabla L + \lambda w) = (1 - \eta\lambda)\,w - \eta\,\nabla L,$$
#
# one sees why it is also called **weight decay**: each step first takes a small share of every weight. A
# weight that no data pull at fades away like a radioactive sample. *On paper.* With $\eta\lambda = 0.001$,
# a hundred steps leave $0.999^{100}$. Is that more or less than 0.9?

# %% exercise="weight_decay_step" component=["RG-06"]

# %% component=["RG-06"] claim=["C-RG-03"] tags=["experiment"]
w, nothing = np.array([1.0, -5.0, 0.01]), np.zeros(3)
start = w
for _ in range(100):
    w = weight_decay_step(w, nothing, 0.01, 0.1)
print("what is left after 100 steps:", w / start, f"   0.999¹⁰⁰ = {0.999**100:.4f}")
assert np.allclose(w / start, 0.999**100, rtol=1e-12) and abs(0.999**100 - 0.9048) < 5e-5

# Descent with decay ends where the formula of ridge regression says.
rng = np.random.default_rng(1)
x, y = rng.normal(size=(30, 4)), rng.normal(size=30)
w = np.zeros(4)
for _ in range(2000):
    w = weight_decay_step(w, x.T @ (x @ w - y), 0.01, 3.0)
assert np.allclose(w, ridge_fit(x, y, 3.0), rtol=0, atol=1e-9)

# %% [markdown]
# (With plain descent "penalty" and "decay" are the same thing. With Adam they are not: it divides the
# penalty's gradient by its usual size, as it does with all gradients, and the price is no longer the same
# for all. AdamW keeps the decay out of that; Loshchilov and Hutter, 2019.)
#
# **Turn the knobs.** A polynomial through twelve noisy points, with a price λ on its weights. From which λ on
# does the curve stop chasing the noise, and from which does it stop following the points?

# %%
def polynomial(strength, degree):
    rng = np.random.default_rng(3)
    x, t = np.linspace(-1, 1, 12), np.linspace(-1, 1, 200)
    y = np.sin(3 * x) + 0.3 * rng.normal(size=12)
    powers = np.vander(x, degree + 1)
    w = np.linalg.solve(powers.T @ powers + strength * np.eye(degree + 1), powers.T @ y)
    plt.figure(figsize=(5, 2.8))
    plt.scatter(x, y, color=ORANGE, zorder=3)
    plt.plot(t, np.sin(3 * t), "--", color=GREY)
    plt.plot(t, np.vander(t, degree + 1) @ w, color=BLUE)
    plt.ylim(-2, 2)
    plt.title(f"sum of the squared weights: {w @ w:.3g}")
    return f"A polynomial of degree {degree} with λ = {strength:g} through twelve noisy points of a sine."


with_knobs(polynomial, strength=[1e-9, 1e-6, 1e-4, 1e-2, 0.1, 1, 10], degree=[3, 7, 11])

# %% [markdown]
# ## 3. A price that makes zeros
#
# Taking a share of what is left never takes the last bit. If useless weights should be *gone*, because a
# sparse model is cheaper, or because one wants to know which inputs matter, the price must not fade with
# the weight. **L1 regularisation** charges $\lambda\sum|w_i|$ (the *lasso*: Tibshirani, 1996). Its slope
# is $+\lambda$ on the right of 0 and $-\lambda$ on the left: small weights are pulled as hard as large
# ones.
#
# *On paper.* $w = 1$, $\eta\lambda = 0.005$, no data. L2 leaves $0.995^{100} \approx 0.61$ after 100
# steps. L1 takes 0.005 in every step: 0.5 is left after 100 steps, and after 200?

# %% exercise="l1_penalty" component=["RG-07"]

# %% [markdown]
# And then, at 0? A step along that slope does not know that it has arrived. From 0.003 it goes to −0.002,
# and back to 0.003, for ever. What is wanted is a step that is pulled towards 0 and *stops there*: take
# the plain step along the data gradient, $v = w - \eta\nabla L$, and then shorten $v$ by $\eta\lambda$,
# but not below nothing. It is called the **proximal** step, or soft thresholding (Daubechies and others,
# 2004), and it is the exact answer to a small question: which $u$ makes
# $\tfrac12(u - v)^2 + \eta\lambda|u|$ smallest?

# %% exercise="proximal_l1_step" component=["RG-07"]


# %% component=["RG-07"] claim=["C-RG-05"] tags=["experiment"]
def l1_slope_step(w, grad, rate, strength):
    """The step along the slope of the L1 penalty, made of your `l1_penalty`."""
    _, (pull,) = l1_penalty([w], strength)
    return w - rate * (grad + pull)


nothing, ways = np.zeros(1), {}
for name, step in [
    ("L2", weight_decay_step),
    ("L1, slope", l1_slope_step),
    ("L1, proximal", proximal_l1_step),
]:
    way = [np.array([1.002])]
    for _ in range(500):
        way.append(np.asarray(step(way[-1], nothing, 0.01, 0.5)))
    ways[name] = np.array(way)[:, 0]
    print(
        f"{name:13s} after 100, 200, 201, 202 and 500 steps:", ways[name][[100, 200, 201, 202, 500]].round(4)
    )
assert np.allclose(ways["L2"][[100, 200, 500]] / 1.002, [0.606, 0.367, 0.082], rtol=0, atol=5e-4)
assert np.isclose(ways["L1, proximal"][100], 0.502) and np.all(ways["L1, proximal"][201:] == 0)
assert np.all(ways["L1, slope"][201:] != 0) and np.abs(ways["L1, slope"][201:]).max() < 0.0051

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
for axes, rows in ((left, np.arange(501)), (right, np.arange(190, 221))):
    for (name, way), style, colour in zip(ways.items(), ("-", ":", "--"), (BLUE, GREEN, ORANGE)):
        axes.plot(
            rows, way[rows], style, color=colour, label=name, lw=2, marker="." if axes is right else None
        )
    axes.axhline(0, color=GREY, lw=0.8)
    axes.set_xlabel("step")
left.set(title="A share of what is left, or the same each time", ylabel="weight")
left.legend()
right.set(ylim=(-0.012, 0.06), title="Near 0, enlarged")
show(
    "A weight over the steps: with L2 it fades and never reaches 0; with L1 it falls in a straight line "
    "to 0 at step 200. Enlarged, the step along the slope jumps about 0 for ever, and the proximal one "
    "stays at 0."
)

# %% [markdown]
# Now with data: 50 inputs, of which 5 matter, and 100 noisy examples. How many weights does each way
# leave?


# %% component=["RG-07"] claim=["C-RG-04"] erratum=["E99"] tags=["experiment"]
def fifty_inputs(seed):
    rng = np.random.default_rng(seed)
    x, useful = rng.normal(size=(100, 50)), np.zeros(50)
    useful[:5] = [3, -2, 2, -1.5, 1]
    return x, x @ useful + 0.5 * rng.normal(size=100)


def descend(step, x, y, strength, steps=1000):
    rate, w = 1 / np.linalg.eigvalsh(x.T @ x / 100).max(), np.zeros(50)
    for _ in range(steps):
        w = np.asarray(step(w, x.T @ (x @ w - y) / 100, rate, strength))
    return w


counts = {}
for strength in (0.01, 0.05, 0.1, 0.3):
    found = [descend(proximal_l1_step, *fifty_inputs(seed), strength) for seed in range(5)]
    counts[strength] = [int(np.count_nonzero(w)) for w in found]
    kept = all(np.all(w[:5] != 0) for w in found)
    print(
        f"L1, proximal, λ = {strength:4}: {counts[strength]} of 50 weights left; the useful five always: {kept}"
    )
    assert kept
assert np.mean(counts[0.01]) > 30 and max(counts[0.3]) <= 9
assert np.all(np.diff([np.mean(c) for c in counts.values()]) < 0)

x, y = fifty_inputs(0)
by_slope, by_decay = descend(l1_slope_step, x, y, 0.1), descend(weight_decay_step, x, y, 0.1)
tiny = np.count_nonzero(np.abs(by_slope) < 0.1)
print(
    f"L1 along the slope: {np.count_nonzero(by_slope == 0)} of 50 are exactly 0, though {tiny} are below 0.1"
)
print(f"L2: {np.count_nonzero(by_decay == 0)} of 50 are exactly 0")
assert np.count_nonzero(by_slope) == 50 and tiny >= 35 and np.count_nonzero(by_decay) == 50

strengths = np.geomspace(0.003, 3, 25)
l1_path = np.array([descend(proximal_l1_step, x, y, s, 300) for s in strengths])
l2_path = np.array([ridge_fit(x, y, 100 * s) for s in strengths])
figure, panels = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
for axes, path, name in zip(
    panels, (l1_path, l2_path), ("L1: one after the other becomes 0", "L2: all shrink, none is 0")
):
    axes.semilogx(strengths, path[:, 5:], color=GREY, lw=0.7)
    for k, style in zip(range(5), ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))):
        axes.semilogx(strengths, path[:, k], ls=style, color=BLUE, lw=2)
    axes.set(title=name, xlabel="λ")
panels[0].set_ylabel("weights (blue: the five that matter)")
show(
    "Fifty weights over λ, five useful ones as thick blue lines, the others thin and grey. With L1 the "
    "grey ones reach 0 early and stay; the blue ones shrink in parallel and reach 0 last. With L2 all "
    "shrink smoothly and none is ever 0."
)
assert np.count_nonzero(l1_path[-1]) <= 1 and np.count_nonzero(l2_path[-1]) == 50

# %% [markdown]
# > **What the notes got wrong: "L1 makes weights zero".** The *minimum* of the L1 cost has zeros. Whether
# > your training gets there depends on the step: along the slope, not one of 50 weights is exactly 0,
# > however long it runs. Adding `strength * sign(w)` to a network's gradient, as many programs do, makes
# > weights small, not sparse. For zeros one needs the proximal step, or has to cut the small ones off at
# > the end.
#
# ## 4. Whose λ?
#
# In papers and libraries the same idea comes in several spellings: $\lambda$ or $\lambda/2$, a sum or a
# mean over the examples. Read before you copy a number. One form even turns $\lambda$ round (Zhou's
# textbook, equation 5.17):
#
# $$E = \lambda\cdot\frac1m\sum_k E_k + (1 - \lambda)\sum_i w_i^2, \qquad 0 < \lambda < 1,$$
#
# a share of attention for the data, and the rest for simplicity. (It charges thresholds, too.)
#
# *On paper.* One weight and one example, $E_1 = (w - 3)^2$. The best weight has
# $2\lambda(w - 3) + 2(1 - \lambda)w = 0$, hence $w = 3\lambda$. Does a larger $\lambda$ regularise more,
# or less?

# %% exercise="shared_cost" component=["RG-05"]

# %% component=["RG-05"] claim=["C-RG-13"] erratum=["E76"] tags=["experiment"]
rng = np.random.default_rng(0)
x = rng.normal(size=(40, 3))
y, m = x @ np.array([2.0, -1.5, 1.5]) + 0.3 * rng.normal(size=40), 40


def cost_of(w, share):
    return shared_cost(float(np.mean((x @ w - y) ** 2)), [w], share)


lengths = []
for share in (0.01, 0.1, 0.5, 0.9, 0.99):
    w = np.asarray(ridge_fit(x, y, m * (1 - share) / share))  # divide the cost by 2λ/m, and it is ridge's
    around = [cost_of(w + 0.01 * rng.normal(size=3), share) for _ in range(200)]
    assert min(around) > cost_of(w, share)  # nothing nearby is cheaper
    lengths.append(np.linalg.norm(w))
    print(
        f"share {share:4}: length of the best weights {lengths[-1]:.3f}, ridge's λ {m * (1 - share) / share:.3g}"
    )
assert np.all(np.diff(lengths) > 0) and lengths[0] < 0.1 and lengths[-1] > 2.5

# %% [markdown]
# > **What the notes got wrong: "λ trades error against complexity".** True, but which way? In this form it
# > stands before the *data*: the closer it is to 1, the less the weights cost, which is the opposite of the
# > usual $\lambda$. Before you tune one, ask: what happens when it is 0?
#
# ## 5. Which λ? Let unseen examples choose
#
# The training error cannot choose $\lambda$: it always votes for 0. The validation set can. But twelve
# examples are few; set four aside, and both halves become a lottery. **Cross-validation** lets everybody
# be examined once: deal the examples into $k$ folds; fit on all but one, examine on that one; then the
# next; and average.
#
# *On paper.* Eleven examples, three folds. How large are they? How many fits does it take to try five
# values of $\lambda$?

# %% exercise="k_folds" component=["RG-05"]

# %% [markdown]
# The judge should not care what is being fitted. So the next function gets two functions: `fit(x, y,
# strength)` returns a model of whatever kind, and `error(model, x, y)` says how bad it is on given
# examples.

# %% exercise="cross_validate" component=["RG-05"]


# %% component=["RG-05", "RG-06"] tags=["experiment"]
def miss(w, x, y):
    return float(np.mean((x @ w - y) ** 2))


strengths = np.geomspace(1e-7, 100, 19)
ended = {"by cross-validation": [], "by the training error": [], "by an oracle": []}
for seed in range(40):
    rng = np.random.default_rng(seed)
    t, y = noisy_points(rng, 12)
    chosen, _ = cross_validate(powers(t), y, strengths, k_folds(rng, 12, 6), ridge_fit, miss)
    fits = [np.asarray(ridge_fit(powers(t), y, s)) for s in strengths]
    off = np.array([root_mean_square(powers(fine) @ w - truth(fine)) for w in fits])
    ended["by cross-validation"].append(off[np.argmin(np.abs(strengths - chosen))])
    ended["by the training error"].append(off[np.argmin([miss(w, powers(t), y) for w in fits])])
    ended["by an oracle"].append(off.min())
for name, values in ended.items():
    low, middle, high = np.percentile(values, [25, 50, 75])
    print(f"λ chosen {name:22s}: off by {middle:.2f} (half of the cases between {low:.2f} and {high:.2f})")
by_folds, by_training, by_oracle = (np.median(v) for v in ended.values())
assert by_oracle < by_folds < 2 * by_oracle and by_training > 4 * by_folds

# %% [markdown]
# Nearly as good as an oracle that knows the true curve. Now with real data: 300 handwritten digits. For one
# in five a careless clerk has drawn the label by lot. The classifier is linear, trained by *your* step with
# decay. If it learns by heart what the clerk wrote, it does so at the cost of new digits.

# %% component=["RG-05", "RG-06", "RG-03"] claim=["C-RG-15"] tags=["experiment"]
images, digits = load_digits()
images = images.reshape(len(images), -1)


def careless(rng, labels):
    """A fifth of the labels, drawn anew at random."""
    return np.where(rng.random(len(labels)) < 0.2, rng.integers(10, size=len(labels)), labels)


def fit_digits(x, labels, strength, rate=1.0, steps=300):
    W, b = np.zeros((x.shape[1], 10)), np.zeros(10)
    for _ in range(steps):
        _, error = softmax_cross_entropy(x @ W + b, labels)
        W, b = weight_decay_step(W, x.T @ error, rate, strength), b - rate * error.sum(axis=0)
    return W, b


def share_wrong(model, x, labels):
    return float(np.mean((x @ model[0] + model[1]).argmax(axis=1) != labels))


strengths, found = np.array([0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3]), []
chosen = []
for seed in range(4):
    rng = np.random.default_rng(seed)
    labels, order = careless(rng, digits), rng.permutation(len(digits))
    seen, new = order[:300], order[300:]
    models = [fit_digits(images[seen], labels[seen], s) for s in strengths]
    found.append([[share_wrong(m, images[rows], labels[rows]) for m in models] for rows in (seen, new)])
    if seed < 2:
        folds = k_folds(rng, 300, 5)
        chosen.append(
            cross_validate(images[seen], labels[seen], strengths, folds, fit_digits, share_wrong)[0]
        )
    progress(seed + 1, 4, "digits")
on_seen, on_new = np.mean(found, axis=0)
gaps = on_new - on_seen
for s, a, b in zip(strengths, on_seen, on_new):
    print(f"λ = {s:5}: {a:.1%} wrong in training, {b:.1%} on new digits, a gap of {b - a:.1%}")
print("cross-validation chose", *chosen)
figure, axes = plt.subplots()
place = np.arange(len(strengths))
axes.plot(place, on_seen, "o-", label="training digits")
axes.plot(place, on_new, "s--", label="new digits")
axes.fill_between(place, on_seen, on_new, alpha=0.15)
axes.set_xticks(place, [f"{s:g}" for s in strengths])
axes.set(title="The gap closes, until nothing fits any more", xlabel="λ", ylabel="share wrong")
axes.legend(loc="upper center")
show(
    "The share of wrong answers over λ. In training it rises steadily; on new digits it falls at first "
    "and rises steeply after 0.1. The gap between the two is widest without a penalty and narrowest "
    "near 0.03 to 0.1."
)
assert np.all(np.diff(on_seen) > -0.01) and on_seen[-1] > on_seen[0] + 0.1
assert gaps[0] > 1.3 * gaps[3:6].min() and 2 <= np.argmin(on_new) <= 5  # the best lies in the middle
assert on_new[-1] > on_new.min() + 0.05  # underfitted: bad at both
assert all(0.001 <= s <= 0.1 for s in chosen)

# %% [markdown]
# Note where the *gap* is smallest, and where the error on new digits is: not at the same $\lambda$. A
# small gap is a symptom of health, not its definition; somebody who knows nothing has no gap either. (Many
# people then take the strongest $\lambda$ whose error is within one standard error of the best: simpler,
# and not noticeably worse.)
#
# ## 6. Stop in time
#
# A network is not wild when training begins. Its weights are small and grow as it learns: first what all
# examples have in common, then what only some have, and in the end the noise. So one may simply stop.
# **Early stopping** watches the validation loss and ends training when it has not fallen for some epochs,
# the **patience**.
#
# *On paper.* The validation losses are 5, 4, 3, 4, 5, 6, 1, and the patience is 2. Training ends after the
# fifth epoch, when two in a row have brought no record. Which weights are to be used? Not those of the
# fifth epoch: those of the *third*. Somebody must have kept them. (And the 1 that would have come later,
# nobody will ever know of. Patience is a bet.)
#
# In [chapter 11](ch11_tuning) you will find the epoch at which to stop on a curve that is there already.
# Here you are in the middle of training, and have to hold on to the weights.

# %% exercise="train_early_stopped" component=["RG-04"]

# %% component=["RG-04"] claim=["C-RG-06"] erratum=["E75"] tags=["experiment"]
UNITS = 50


def outputs(w, t):
    """A network 1-50-1 with tanh; its weights and biases lie in one vector."""
    into, shift, out, height = np.split(w, [UNITS, 2 * UNITS, 3 * UNITS])
    hidden = np.tanh(np.outer(t, into) + shift)
    return hidden, hidden @ out + height


def loss_of(w, t, y):
    return float(np.mean((outputs(w, t)[1] - y) ** 2))


def adam_epochs(t, y, rate=0.01, steps=20):
    """An `advance` that takes so many steps of Adam on all examples."""
    m, v, count = 0.0, 0.0, 0

    def advance(w):
        nonlocal m, v, count
        for _ in range(steps):
            hidden, answer = outputs(w, t)
            error = 2 * (answer - y) / len(t)
            inner = np.outer(error, w[2 * UNITS : 3 * UNITS]) * (1 - hidden**2)
            grad = np.concatenate([t @ inner, inner.sum(axis=0), error @ hidden, [error.sum()]])
            m, v, count = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2, count + 1
            w = w - rate * (m / (1 - 0.9**count)) / (np.sqrt(v / (1 - 0.999**count)) + 1e-8)
        return w

    return advance


records = []
for seed in range(6):
    rng = np.random.default_rng(seed)
    t, new_t = rng.uniform(-1, 1, size=40), rng.uniform(-1, 1, size=1000)
    y, new_y = truth(t) + 0.3 * rng.normal(size=40), truth(new_t) + 0.3 * rng.normal(size=1000)
    seen, held = train_validation_split(rng, 40, 0.5)
    start = np.concatenate(
        [3 * rng.normal(size=UNITS), rng.normal(size=UNITS), rng.normal(size=UNITS) / 7, [0.0]]
    )
    on_seen = []

    def watched(w):
        on_seen.append(loss_of(w, t[seen], y[seen]))
        return loss_of(w, t[held], y[held])

    best, losses = train_early_stopped(start, adam_epochs(t[seen], y[seen]), watched, 150, 150)
    advance, last = adam_epochs(t[seen], y[seen]), start
    for _ in range(150):
        last = advance(last)
    records.append((on_seen, losses, loss_of(best, new_t, new_y), loss_of(last, new_t, new_y)))
    epoch = int(np.argmin(losses))
    print(
        f"seed {seed}: best epoch {epoch + 1:3d}; from there to the end validation {losses[epoch]:.3f} → "
        f"{losses[-1]:.3f}, training {on_seen[epoch]:.3f} → {on_seen[-1]:.3f}, new data {records[-1][2]:.3f} → "
        f"{records[-1][3]:.3f}"
    )
on_seen, losses = records[2][:2]
figure, axes = plt.subplots()
epochs = np.arange(1, 151)
axes.plot(epochs, on_seen, "-", label="training")
axes.plot(epochs, losses, "--", label="validation")
axes.plot(np.argmin(losses) + 1, min(losses), "k*", ms=14)
axes.annotate(
    "keep these weights", (np.argmin(losses) + 1, min(losses)), (14, 0.27), arrowprops={"arrowstyle": "-"}
)
axes.set(
    ylim=(0, 0.6),
    title="Training goes on getting better. The network does not",
    xlabel="epoch",
    ylabel="squared error",
)
axes.legend(loc="upper left")
show(
    "Two losses over 150 epochs: training falls all the way; validation falls for a few epochs to a "
    "star, and then climbs to several times that value."
)
assert all(r[0][-1] < r[0][int(np.argmin(r[1]))] for r in records)  # training has gone on falling
assert all(r[1][-1] > min(r[1]) for r in records) and np.median([np.argmin(r[1]) for r in records]) < 75
assert sum(r[2] < r[3] for r in records) >= 5  # with the best weights it errs less on new data
ratio = np.median([r[3] / r[2] for r in records])
print(f"the last weights err {ratio:.1f} times as much as the best (median of 6)")
assert ratio > 1.5

# %% component=["RG-04"] erratum=["E75"] tags=["experiment"]
curve = records[2][1]
for patience in (1, 5, 20):
    count = train_early_stopped(np.zeros(1), lambda w: w + 1, lambda w: curve[int(w[0]) - 1], 150, patience)
    best, run = int(count[0][0]), len(count[1])
    print(
        f"patience {patience:2d}: {run} epochs run, weights of epoch {best}: {curve[best - 1]:.3f}; "
        f"those of the last: {curve[run - 1]:.3f}"
    )
    assert curve[best - 1] <= curve[run - 1]

# %% [markdown]
# > **What the notes got wrong: "stop when the validation error rises".** And then? The weights one holds
# > at that moment are the ones with which it has *risen*. Stopping saves time; what saves the result is
# > going back to the best weights. And a single rise is no reason to stop: validation losses wobble, which
# > is what patience is for.
#
# ## 7. More data
#
# The best cure is not a trick at all. Twelve coefficients can follow the noise of 12 points. They cannot
# follow that of 1,200: there is too much of it, and it contradicts itself.

# %% component=["RG-14", "RG-03"] tags=["experiment"]
sizes, on_seen, off = (12, 24, 100, 300, 1200), [], []
for n in sizes:
    rows = []
    for seed in range(30):
        t, y = noisy_points(np.random.default_rng(seed), n)
        w = np.asarray(ridge_fit(powers(t), y, 0.0))
        rows.append([root_mean_square(powers(t) @ w - y), root_mean_square(powers(fine) @ w - truth(fine))])
    on_seen.append(np.median(rows, axis=0)[0])
    off.append(np.median(rows, axis=0)[1])
    print(f"{n:4d} points: training error {on_seen[-1]:.3f}, off the true curve by {off[-1]:.3g}")
assert np.all(np.diff(off) < 0) and off[0] > 50 and off[-1] < 0.03
assert on_seen[0] < 1e-9 and abs(on_seen[-1] - 0.2) < 0.01  # the noise is no longer learned: it stays

# %% [markdown]
# Data cost money. But one often knows what does *not* matter: a digit that is moved by a pixel is the same
# digit. So one may make more data out of what there is, **data augmentation** (Simard and others, 2003).
#
# *On paper.* The image $\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix}$ is moved down by one pixel. What stands
# in its rows? What has been lost?

# %% exercise="shifted_copies" component=["RG-14"]

# %% component=["RG-14"] tags=["experiment"]
CROSS = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]
pictures = images.reshape(-1, 8, 8)
copies, names = shifted_copies(pictures[:1], digits[:1], CROSS)
figure, panels = plt.subplots(1, 5, figsize=(7.5, 1.9))
for axes, copy, shift in zip(panels, copies, CROSS):
    axes.imshow(copy, cmap="gray_r")
    axes.set(xticks=[], yticks=[])
    axes.set_title(f"{shift}", fontsize=9)
    axes.spines[:].set_visible(True)
show(
    "One handwritten digit five times in its frame: as it is, and moved by one pixel down, up, right and left."
)
assert len(copies) == 5 and set(np.asarray(names).tolist()) == {int(digits[0])}

results = []
for seed in range(3):
    order = np.random.default_rng(seed).permutation(len(digits))
    few, new = order[:100], order[100:]
    moved, _ = shifted_copies(pictures[new], digits[new], CROSS[1:])
    row = []
    for shifts in (CROSS[:1], CROSS):
        x, labels = shifted_copies(pictures[few], digits[few], shifts)
        model = fit_digits(np.asarray(x).reshape(-1, 64), np.asarray(labels), 0.001)
        straight = share_wrong(model, images[new], digits[new])
        row += [straight, share_wrong(model, np.asarray(moved).reshape(-1, 64), np.tile(digits[new], 4))]
    results.append(row)
plain, plain_moved, more, more_moved = np.mean(results, axis=0)
print(
    f"trained on 100 digits: {plain:.1%} of new digits wrong, {plain_moved:.1%} if they are moved by a pixel"
)
print(f"trained on their 500 copies: {more:.1%} and {more_moved:.1%}")
assert plain_moved > plain + 0.2 and more_moved < 0.75 * plain_moved

# %% [markdown]
# On digits that are neatly centred the copies do not help, they even cost a little: why should they help,
# if new digits are centred, too? On digits that have moved, they help a great deal. Augmentation teaches
# exactly what you vary, and nothing else.
#
# One trap: **split first, then make copies.** Otherwise copies of one image land on both sides, and the
# validation set is no longer unseen. Here is that mistake, planted on purpose. The labels are drawn by
# lot, so that there is nothing to be learned but by heart; the copies carry a little noise; the reader
# answers with the label of the most similar image that it has seen.


# %% component=["RG-14", "RG-03"] tags=["experiment"]
def nearest_label(x, labels, new):
    return labels[((new[:, None] - x) ** 2).sum(axis=2).argmin(axis=1)]


def with_noisy_copies(rng, x, labels):
    return np.tile(x, (5, 1)) + 0.05 * rng.normal(size=(5 * len(x), 64)), np.tile(labels, 5)


leaked, honest = [], []
for seed in range(10):
    rng = np.random.default_rng(seed)
    x, labels = images[rng.permutation(len(images))[:100]], rng.integers(10, size=100)
    many, names = with_noisy_copies(rng, x, labels)
    seen, held = train_validation_split(rng, 500, 0.2)
    leaked.append(np.mean(nearest_label(many[seen], names[seen], many[held]) != names[held]))
    seen, held = train_validation_split(rng, 100, 0.2)
    many, names = with_noisy_copies(rng, x[seen], labels[seen])
    honest.append(np.mean(nearest_label(many, names, x[held]) != labels[held]))
print(
    f"labels by lot. Copies first, then split: {np.mean(leaked):.0%} wrong. Split first: {np.mean(honest):.0%}"
)
assert np.mean(leaked) < 0.05 and 0.8 < np.mean(honest) < 1  # the truth is 90 %: nobody can guess a lot

# %% [markdown]
# ## 8. But is it overfitting at all?
#
# In 2015 He and his colleagues compared two plain networks. The one with 56 layers was worse on new images
# than the one with 20. *Overfitting*, one is tempted to say: too large, penalise it! They looked at the
# training error first. It was worse, too. The large network had not learned too much: it had not learned.
#
# So there is an order of questions. First: is the **training** error good? If not, no penalty will help,
# since all four cures make the training examples *harder* to fit; a better start, rate, optimizer or
# architecture might. Only if it is good: how much worse are new data?

# %% exercise="diagnose_fit" component=["RG-01", "RG-03"]

# %% [markdown]
# Let us build their two networks, in small. A plain layer computes $\max(hW, 0)$. The cure that they found
# is a way around it: $h + \max(hW, 0)$, a **residual** layer. If it has nothing to say, its weights can be
# 0, and it hands on what it was given.
#
# *On paper.* Let $h = (1, -2)$ and $W = 0$. What comes out of a plain layer, and what of a residual one?

# %% exercise="stack_forward" component=["RG-02"]

# %% [markdown]
# Backwards the way around is worth even more. What is added forwards, adds up backwards: the error reaches
# a layer's input through the layer *and* around it, undiminished, however many layers there are.
#
# *On paper.* $x = 2$, two layers with the weights 1 and 3, error 1 on top. Plain: outputs 2 and 6. The
# upper weight's gradient is its input, 2; the lower one's is $2 \cdot 3 = 6$. Now with ways around: the
# outputs are 4 and 16. And the gradients?

# %% exercise="stack_backward" component=["RG-02"]

# %% tags=["given"]
order = np.random.default_rng(0).permutation(len(digits))
old_images, old_digits = images[order[:1000]], digits[order[:1000]]
new_images, new_digits = images[order[1000:]], digits[order[1000:]]


def fresh_stack(rng, depth, skips, width=20):
    """Into the stack, its weights, and out of it; every layer's output has the same size at the start."""
    into = rng.normal(size=(64, width)) / 8
    weights = rng.normal(size=(depth, width, width)) * np.sqrt(2 / width)
    if skips:
        weights /= depth  # 56 additions must not explode
    else:
        h = old_images @ into
        for k in range(depth):
            h = np.maximum(h @ weights[k], 0)
            weights[k] /= root_mean_square(h)
            h = h / root_mean_square(h)
    return [into, weights, rng.normal(size=(width, 10)) / np.sqrt(width)]


def wrong_digits(parts, skips, x, labels):
    into, weights, out = parts
    return float(np.mean((stack_forward(x @ into, list(weights), skips)[-1] @ out).argmax(axis=1) != labels))


def stack_gradients(parts, skips, x, labels):
    into, weights, out = parts
    layers = stack_forward(x @ into, list(weights), skips)
    _, error = softmax_cross_entropy(layers[-1] @ out, labels)
    return np.array(stack_backward(error @ out.T, layers, list(weights), skips)), layers[-1].T @ error


def train_stack(seed, depth, skips, steps=400, batch=50, rate=2e-3):
    """Shares wrong in training along the way, and on new digits at the end; Adam moves stack and output."""
    rng = np.random.default_rng(seed)
    into, *moving = fresh_stack(rng, depth, skips)
    m, v, along = [0.0, 0.0], [0.0, 0.0], []
    for step in range(1, steps + 1):
        rows = rng.integers(1000, size=batch)
        for k, grad in enumerate(stack_gradients([into, *moving], skips, old_images[rows], old_digits[rows])):
            m[k], v[k] = 0.9 * m[k] + 0.1 * grad, 0.999 * v[k] + 0.001 * grad**2
            moving[k] = moving[k] - rate * (m[k] / (1 - 0.9**step)) / (
                np.sqrt(v[k] / (1 - 0.999**step)) + 1e-8
            )
        if step % 50 == 0:
            along.append(wrong_digits([into, *moving], skips, old_images, old_digits))
    return along, wrong_digits([into, *moving], skips, new_images, new_digits)


# %% component=["RG-01", "RG-02"] claim=["C-RG-14"] tags=["experiment"]
plain = {}
for done, depth in enumerate((6, 20, 56), 1):
    plain[depth] = [train_stack(seed, depth, skips=False) for seed in range(2)]
    progress(done, 3, "plain stacks")
for depth, runs in plain.items():
    trained, new = np.mean([r[0][-1] for r in runs]), np.mean([r[1] for r in runs])
    verdict = diagnose_fit(trained, new, 0.2, 0.1)
    print(
        f"{depth:2d} plain layers: {trained:.0%} of the training digits wrong, {new:.0%} of new ones: {verdict}"
    )
ends = {depth: [r[0][-1] for r in runs] for depth, runs in plain.items()}
assert max(ends[6]) < 0.25 and min(ends[56]) > 0.6
assert max(ends[6]) < min(ends[20]) and max(ends[20]) < min(ends[56])  # deeper is worse in *training*
assert diagnose_fit(np.mean(ends[56]), np.mean([r[1] for r in plain[56]]), 0.2, 0.1) == "underfit"

# %% component=["RG-02"] claim=["C-RG-14"] tags=["experiment"]
residual = {}
for done, depth in enumerate((6, 20, 56), 1):
    residual[depth] = [train_stack(seed, depth, skips=True) for seed in range(2)]
    progress(done, 3, "residual stacks")
for depth, runs in residual.items():
    print(f"{depth:2d} layers with ways around: {np.mean([r[0][-1] for r in runs]):.1%} wrong in training")
assert all(r[0][-1] < 0.12 for runs in residual.values() for r in runs)
assert np.mean([r[0][-1] for r in residual[56]]) < np.mean([r[0][-1] for r in residual[6]])

figure, panels = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
for axes, kind, title in zip(
    panels, (plain, residual), ("Plain: deeper is worse", "With ways around: deeper is better")
):
    for (depth, runs), style, colour in zip(kind.items(), (":", "--", "-"), (GREEN, BLUE, ORANGE)):
        curve = np.mean([r[0] for r in runs], axis=0)
        axes.plot(np.arange(50, 401, 50), curve, style, color=colour, lw=2, label=f"{depth} layers")
    axes.set(title=title, xlabel="step", ylim=(0, 1))
panels[0].set_ylabel("share wrong in training")
panels[1].legend()
show(
    "The share of training digits read wrong over 400 steps. Left, plain stacks: 6 layers learn well, "
    "20 slowly, 56 stay near 0.8. Right, with ways around all three fall below 0.1, and 56 layers end "
    "lowest."
)

# %% [markdown]
# The 20 plain layers get there with more patience. The 56 do not, and the rate is not to blame: at 0.0005
# and at 0.01 they stay above 80 %, too. Why? "The gradient vanishes on the way down", says the first guess.
# Your `stack_backward` can look.

# %% component=["RG-02"] erratum=["E26"] tags=["experiment"]
for seed in range(3):
    parts = fresh_stack(np.random.default_rng(seed), 56, skips=False)
    grads, _ = stack_gradients(parts, False, old_images, old_digits)
    sizes = np.linalg.norm(grads, axis=(1, 2))
    alike = []
    for skips in (False, True):
        into, weights, _ = parts if not skips else fresh_stack(np.random.default_rng(seed), 56, skips=True)
        top = stack_forward(old_images @ into, list(weights), skips)[-1]
        top = top / np.linalg.norm(top, axis=1, keepdims=True)
        alike.append(np.mean(top @ top.T))
    print(
        f"start {seed}: gradient of layer 1 {sizes[0]:.2f}, of layer 56 {sizes[-1]:.2f}; mean cosine between two "
        f"digits at the top: plain {alike[0]:.4f}, with ways around {alike[1]:.2f}"
    )
    assert 0.3 < sizes[0] / sizes[-1] < 5  # nothing has vanished
    assert alike[0] > 0.95 and alike[1] < alike[0] - 0.05

# %% [markdown]
# > **What the notes got wrong: "56 layers fail because the gradient vanishes".** It can vanish, and with
# > sigmoids it does ([chapter 3](ch03_activations)). Here it arrives at the bottom as large as it left the
# > top, and still nothing is learned. He and his colleagues had said so of their nets, which were
# > batch-normalised: the gradients are healthy, the *optimisation* is hard. One reason you have just
# > measured: after 56 plain layers all digits point in the same direction. What distinguishes them has
# > been rubbed off, layer by layer. A way around keeps it.
#
# ## 9. Bug hunt: six broken decays
#
# Seven programs take a step with weight decay for a layer with weights and biases. One is right. Find
# steps that give the six others away. Read the suspects first: on which weights would nobody notice the
# mistake?

# %% module="suspects" tags=["given"]

# %% exercise="regularization_bug_hunt" component=["RG-06"]

# %% component=["RG-06"] tags=["experiment"]
suspects = {letter: globals()[f"suspect_{letter}"] for letter in "abcdefg"}
apart = np.zeros((7, 7))
for step in regularization_bug_hunt():
    arguments = [np.asarray(part, dtype=float) for part in step]
    said = [np.concatenate([np.ravel(part) for part in suspect(*arguments)]) for suspect in suspects.values()]
    apart = np.maximum(apart, [[np.abs(one - other).max() for other in said] for one in said])
figure, axes = plt.subplots(figsize=(4.8, 4))
shown = axes.imshow(np.log10(apart + 1e-12), cmap="cividis", vmin=-6, vmax=1)
axes.set_xticks(range(7), suspects)
axes.set_yticks(range(7), suspects)
axes.set(title="How far your steps drive each pair apart", xlabel="suspect", ylabel="suspect")
figure.colorbar(shown, label="largest difference, power of ten")
show(
    "A matrix of how far each pair of suspects differs on your steps; dark fields are pairs that always agree."
)
pairs = int(np.sum(np.triu(apart > 1e-6, 1)))
print(f"{pairs} of 21 pairs of suspects contradict each other on your steps")
assert pairs >= 6

# %% [markdown]
# ## 10. All together
#
# Two hundred handwritten digits, a fifth of the labels drawn by lot, and a network 64-64-10 that can learn
# all of that by heart. You have cures enough. On which would you bet?

# %% component=["RG-06", "RG-04", "RG-14", "RG-05"] tags=["experiment"]
SHAPES = [(64, 64), (64,), (64, 10), (10,)]
CUTS = np.cumsum([np.prod(shape) for shape in SHAPES])[:-1]


def layers_of(theta):
    return [part.reshape(shape) for part, shape in zip(np.split(theta, CUTS), SHAPES)]


def scores(theta, x):
    W1, b1, W2, b2 = layers_of(theta)
    hidden = np.maximum(x @ W1 + b1, 0)
    return hidden, hidden @ W2 + b2


def digit_epochs(x, labels, strength, rate=0.1, momentum=0.9):
    """An `advance` of ten steps with momentum; the penalty is yours."""
    velocity = 0.0

    def advance(theta):
        nonlocal velocity
        for _ in range(10):
            W1, _, W2, _ = layers_of(theta)
            hidden, answer = scores(theta, x)
            _, error = softmax_cross_entropy(answer, labels)
            inner = (error @ W2.T) * (hidden > 0)
            _, (pull1, pull2) = l2_penalty([W1, W2], strength)
            grads = [x.T @ inner + pull1, inner.sum(axis=0), hidden.T @ error + pull2, error.sum(axis=0)]
            velocity = momentum * velocity - rate * np.concatenate([g.ravel() for g in grads])
            theta = theta + velocity
        return theta

    return advance


def trained_digits(seed, few, labels, strength=0.0, shifts=CROSS[:1], patience=None):
    rng = np.random.default_rng(seed)
    theta = np.concatenate(
        [(rng.normal(size=s) * np.sqrt(2 / 64) if len(s) > 1 else np.zeros(s)).ravel() for s in SHAPES]
    )
    held = few
    if patience:  # a fifth judges when to stop, and does not train
        rows, aside = train_validation_split(rng, len(few), 0.2)
        few, held = few[rows], few[aside]
    x, y = (np.asarray(part) for part in shifted_copies(pictures[few], labels[few], shifts))
    advance = digit_epochs(x.reshape(-1, 64), y, strength)
    judge = lambda theta: softmax_cross_entropy(scores(theta, images[held])[1], labels[held])[0]
    if patience:
        return train_early_stopped(theta, advance, judge, 40, patience)[0]
    for _ in range(40):
        theta = advance(theta)
    return theta


CURES = {
    "nothing": {},
    "early stopping": {"patience": 5},
    "shifted copies": {"shifts": CROSS},
    "weight decay": {"strength": 0.03},
    "decay and copies": {"strength": 0.01, "shifts": CROSS},
}
table = np.zeros((4, len(CURES)))
for seed in range(4):
    rng = np.random.default_rng(seed)
    few, labels = rng.permutation(len(digits))[:200], careless(rng, digits)
    new = np.setdiff1d(np.arange(len(digits)), few)
    for k, cure in enumerate(CURES.values()):
        theta = trained_digits(seed, few, labels, **cure)
        table[seed, k] = np.mean(scores(theta, images[new])[1].argmax(axis=1) != digits[new])
    progress(seed + 1, 4, "five trainings each")
figure, axes = plt.subplots(figsize=(6.8, 3.2))
axes.barh(np.arange(5), table.mean(axis=0), color=[GREY, SKY, GREEN, BLUE, PURPLE])
for k in range(5):
    axes.plot(table[:, k], np.full(4, k), "k|", ms=10)
axes.set_yticks(range(5), CURES)
axes.invert_yaxis()
axes.set(
    title="200 digits, a fifth of the labels by lot",
    xlabel="share of new digits read wrong (bars: mean of 4 runs)",
)
show(
    "Bars of the share of new digits read wrong: without a cure about a quarter; early stopping and "
    "shifted copies less; weight decay, and decay with copies, least, about a tenth."
)
nothing, early, copies, decay, both = table.mean(axis=0)
print({name: f"{value:.1%}" for name, value in zip(CURES, table.mean(axis=0))})
assert np.all(table[:, 3:] < 0.75 * table[:, :1])  # in every run
assert early < nothing and copies < nothing and both < min(early, copies)

# %% [markdown]
# All of them help here. Do not take the ranking home: with *clean* labels there is little to be learned by
# heart, and little or nothing to be gained.

# %% component=["RG-06"] tags=["experiment"]
gains = []
for seed in range(4):
    few = np.random.default_rng(seed).permutation(len(digits))[:200]
    new = np.setdiff1d(np.arange(len(digits)), few)
    both = [trained_digits(seed, few, digits, **CURES[name]) for name in ("nothing", "weight decay")]
    wrong = [np.mean(scores(theta, images[new])[1].argmax(axis=1) != digits[new]) for theta in both]
    gains.append(wrong[0] - wrong[1])
    print(f"clean labels, run {seed}: {wrong[0]:.1%} wrong without a cure, {wrong[1]:.1%} with decay")
assert np.abs(gains).max() < 0.03 and (table[:, 0] - table[:, 3]).min() > 0.05

# %% [markdown]
# A cure is worth what the illness is.
#
# ## What to take home
#
# - **Set examples aside first**, shuffled. Training error says whether it has learned, validation error
#   whether it has understood.
# - **Look at the training error first.** If that is bad, it is not overfitting, and no penalty will help.
# - **L2** takes a share of every weight in every step and tames steep functions. It makes nothing zero. A
#   fresh network's loss must rise when you switch it on.
# - **L1** takes the same from every weight. It makes zeros if the step can stop there: use the proximal
#   one.
# - **Ask which way λ turns**, and let unseen examples choose it, each of them once.
# - **Early stopping** is going back to the best weights, not only stopping.
# - **More data** is the best cure, and shifted copies are data if shifts do not matter. Split first.
# - **Ways around** make deep stacks trainable. Plain ones fail even where gradients are healthy.
#
# **Now you can** tell underfitting from overfitting, choose among four cures, tune their strength without
# fooling yourself, and build a residual stack forwards and backwards.
#
# **Next.** [Chapter 8](ch08_dropout) silences half of the neurons at random, and asks what that does on
# average.
#
# **Sources.** A. Hoerl & R. Kennard, *Ridge Regression*, Technometrics 12, 1970. R. Tibshirani,
# *Regression Shrinkage and Selection via the Lasso*, Journal of the Royal Statistical Society B 58, 1996.
# I. Daubechies, M. Defrise & C. De Mol, *An iterative thresholding algorithm for linear inverse problems
# with a sparsity constraint*, Communications on Pure and Applied Mathematics 57, 2004. L. Prechelt, *Early
# Stopping: But When?*, 1998. P. Simard, D. Steinkraus & J. Platt, *Best Practices for Convolutional Neural
# Networks Applied to Visual Document Analysis*, ICDAR 2003. T. Hastie, R. Tibshirani & J. Friedman, *The
# Elements of Statistical Learning*, 2009, chapters 3 and 7. K. He, X. Zhang, S. Ren & J. Sun, *Deep
# Residual Learning for Image Recognition*, CVPR 2016. Z.-H. Zhou, *Machine Learning*, 2016, section 5.3.
# I. Goodfellow, Y. Bengio & A. Courville, *Deep Learning*, 2016, chapter 7. I. Loshchilov & F. Hutter,
# *Decoupled Weight Decay Regularization*, ICLR 2019. E. Alpaydin & C. Kaynak, *Optical Recognition of
# Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
