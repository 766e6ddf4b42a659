# %% [markdown]
# # Project 3: a race
#
# Everybody gets the same network, the same 1,200 digits, and 200 steps. Who reads best in the end? In this race nobody
# may train longer, and nobody has a faster computer. What you can bring is an optimizer, a schedule, and the patience to
# search for good settings, better: a *program* that has the patience.
#
# All of it comes from you: `adam_step` is yours, the schedule you write here, and the search is made of your own parts.
# In the end there is a leaderboard, and you are on it.
#
# **Before you start.** You have done the core of [chapter 9](ch09_optimizers) (step rules) and of
# [chapter 11](ch11_tuning) (searching). The network is that of [project 1](project1_digit_reader).
#
# **What you will have built.** A training that reads 19 digits in 20 after 200 steps, a search that pays for what it
# tries, and a leaderboard of your own runs, each validated on digits that it has never seen.
#
# **How to work.** Run the cells in order. Your own parts come first. The race cells at the end are made to be played with:
# enter as many runs as you like.

# %% tags=["setup"]
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograder import bring

Tensors = dict[str, np.ndarray]
State = dict[str, Any]


def zeros_like(params):
    """What an average begins with: zeros of the same shapes (as in chapter 9)."""
    return {name: np.zeros(np.shape(value)) for name, value in params.items()}


def ranking(losses):
    """The numbers of the runs, best first, without those that ended in NaN (as in chapter 11)."""
    order = np.argsort(losses, kind="stable")
    return [int(i) for i in order if not np.isnan(losses[i])]


# %% [markdown]
# ## Your own parts
#
# Three rules to move by, two parts of a search, and what the network is made of. What is missing is named, with the
# exercise to do first (or `borrow("adam_step")` lends you ours); so is what is wrong. A wrong part costs no points here,
# but you will not win with it.

# %% bring="sgd_step momentum_step adam_step random_configurations successive_halving relu_forward relu_backward layer_gradients softmax_cross_entropy"

# %% [markdown]
# The network of project 1 and its gradients, so that all race with the same. (If you have done that project, you know every
# line.)


# %% tags=["given"]
def race_gradients(pictures, labels, params):
    """Loss and gradients of one hidden layer of ReLU neurons, made of your parts."""
    hidden, cache = relu_forward(pictures @ params["W1"] + params["b1"])
    loss, delta2 = softmax_cross_entropy(hidden @ params["W2"] + params["b2"], labels)
    delta1 = relu_backward(delta2 @ params["W2"].T, cache)
    dW1, db1 = layer_gradients(pictures, delta1)
    dW2, db2 = layer_gradients(hidden, delta2)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def read_right(params, pictures, labels):
    """The share of digits read right."""
    hidden = np.maximum(pictures @ params["W1"] + params["b1"], 0)
    return float(np.mean((hidden @ params["W2"] + params["b2"]).argmax(axis=1) == labels))


images, digits = load_digits()


def part(seed):
    """Digits to learn from and digits to validate on: another part for each seed."""
    rows = np.random.default_rng([seed, 3]).permutation(len(images))
    return images[rows[:1200]], digits[rows[:1200]], images[rows[1200:]], digits[rows[1200:]]


# %% [markdown]
# ## 1. A schedule
#
# Large steps are fast, small steps are exact: so begin with large ones and end with small ones. But not at once: fresh
# weights have steep and changing slopes, and Adam's averages have seen nothing yet. So the first few steps **warm up**, in
# a straight line, and from the peak on the rate falls along half a cosine, down to nothing when the race is over.
#
# *On paper.* A race of 12 steps with a peak of 0.8, the first 4 to warm up. What is the rate at step 0, at step 3, and at
# step 8, half-way down?

# %% exercise="race_rate"

# %% tags=["experiment"]
figure, axes = plt.subplots(figsize=(7, 2.8))
for warmup, colour, style in ((0, GREY, ":"), (20, BLUE, "-"), (80, ORANGE, "--")):
    rates = [race_rate(step, 200, 1.0, warmup) for step in range(200)]
    axes.plot(rates, style, color=colour, lw=2, label=f"{warmup} steps to warm up")
axes.set(xlabel="step", ylabel="rate (peak 1)", title="Up along a line, down along a cosine")
axes.legend()
show("Three schedules: from the peak down; up for 20 steps, then down; up for 80 steps, then down more steeply.")

# %% [markdown]
# ## 2. The race
#
# Now the training itself. It is the loop of project 1, with two of its lines better: *how far* comes from your schedule,
# and *where to* from your `adam_step` (or any other rule: it is your race). The budget is 200 gradients of at most
# 50 examples. The bar is 92 %, but nobody stops you there.

# %% exercise="race_train"

# %% tags=["experiment"]
spent = []


def counted(pictures, labels, params):
    assert len(spent) < 200 and len(pictures) <= 50, "the budget is used up"
    loss, grads = race_gradients(pictures, labels, params)
    spent.append(loss)
    return loss, grads


results = []
for seed in range(5):
    spent.clear()
    x, y, held, truth = part(seed)
    params = race_train(x, y, counted, 200, np.random.default_rng(seed))
    results.append(read_right(params, held, truth))
print("your run, on five parts:", ", ".join(f"{share:.1%}" for share in results))
assert np.median(results) > 0.92

# %% [markdown]
# ## 3. A search that pays
#
# Which settings are best? You could try them by hand, all evening. Instead, write a search that is given a budget of
# *steps* and spends them wisely: a hundred configurations trained to the end are unaffordable, but most of the bad ones
# give themselves away after twenty steps. (Some diverge at once. What is NaN to count as?)
#
# *On paper.* 32 players, 17 steps in the first round, half of them and twice the steps in the next, until one is left. How
# many steps does each round take, and how many do all five?

# %% exercise="race_search"

# %% [markdown]
# Now let it loose on the real thing. The configuration: the peak of the rate, the size of the starting weights, and
# Adam's $1 - \beta_1$, how much of the newest gradient goes into its average. All searching is done on part 100, which is not
# raced on: what you choose by, you cannot test by.


# %% tags=["experiment"]
def race_run(configuration, steps, seed, step_rule=None, schedule=None, curve=None):
    """One run with these settings on one part; the parameters, and the digits held back."""
    rng, (x, y, held, truth) = np.random.default_rng([seed, 5]), part(seed)
    scale, state = configuration["scale"], {}
    params = {
        "W1": scale * rng.normal(size=(64, 80)),
        "b1": np.zeros(80),
        "W2": scale * rng.normal(size=(80, 10)),
        "b2": np.zeros(10),
    }
    with np.errstate(all="ignore"):
        for step in range(steps):
            rows = rng.choice(1200, size=50, replace=False)
            loss, grads = race_gradients(x[rows], y[rows], params)
            rate = configuration["rate"]
            rate = schedule(step, steps, rate) if schedule else race_rate(step, steps, rate, steps // 10)
            if step_rule is None:
                params, state = adam_step(params, grads, state, rate, beta1=1 - configuration["newest"])
            else:
                params, state = step_rule(params, grads, state, rate)
            if curve is not None:
                curve.append(loss)
    return params, held, truth


tried = []


def validation_loss(configuration, steps):
    """What your search asks: the loss on held-back digits of part 100 after a run of so many steps."""
    params, held, truth = race_run(configuration, steps, 100)
    with np.errstate(all="ignore"):
        loss = race_gradients(held, truth, params)[0]
    tried.append((configuration["rate"], steps, loss))
    return loss


ranges = {"rate": (1e-4, 1.0), "scale": (1e-3, 1.0), "newest": (0.01, 1.0)}
found = race_search(validation_loss, ranges, 3000, np.random.default_rng(1))
print("found:", ", ".join(f"{name} {value:.3g}" for name, value in found.items()))
print(f"{len(tried)} runs, {sum(steps for _, steps, _ in tried)} steps of 3000")
lengths = sorted({steps for _, steps, _ in tried})
figure, axes = plt.subplots(figsize=(7, 3.8))
for number, steps in enumerate(lengths):
    points = [(rate, min(loss, 10)) for rate, s, loss in tried if s == steps and loss == loss]
    shade = [GREY, SKY, BLUE, PURPLE, ORANGE, GREEN][number % 6]
    axes.loglog(*zip(*points), "os^Dv*"[number % 6], ms=5 + 1.5 * number, color=shade, label=f"{steps} steps")
axes.axvline(found["rate"], color=GREY, ls="--", lw=1)
axes.set(xlabel="peak of the rate", ylabel="validation loss (cut at 10)", title="What the search has paid for")
axes.legend(fontsize="small")
show("Losses over rates, rounds told apart by marks: many short runs, few long ones, gathering near the dashed line.")
assert sum(steps for _, steps, _ in tried) <= 3000

# %% [markdown]
# ## The leaderboard
#
# Each entry races on ten parts that nobody has searched on. The bars are means; the whiskers say how far a mean of ten
# can be off (two standard errors). **Add your own entries**: a name, a configuration, a rule, a schedule.


# %% tags=["experiment"]
def steady(step, steps, peak):
    return peak


good = {"rate": 0.02, "scale": 0.15, "newest": 0.1}
entries = {
    "plain steps, steady rate": ({**good, "rate": 0.3}, sgd_step, steady),
    "plain steps, schedule": ({**good, "rate": 0.8}, sgd_step, None),
    "momentum, schedule": ({**good, "rate": 0.15}, momentum_step, None),
    "Adam, steady rate": (good, None, steady),
    "Adam, schedule": (good, None, None),
    "Adam, schedule, searched": (found, None, None),
}
board = {}
for done, (name, (configuration, rule, schedule)) in enumerate(entries.items(), 1):
    runs = (race_run(configuration, 200, seed, rule, schedule) for seed in range(10))
    board[name] = [read_right(*run) for run in runs]
    progress(done, len(entries), "racing")
order = sorted(board, key=lambda name: np.mean(board[name]))
means = np.array([100 * np.mean(board[name]) for name in order])
errors = np.array([200 * np.std(board[name], ddof=1) / np.sqrt(10) for name in order])
figure, axes = plt.subplots(figsize=(8, 3.4))
axes.barh(order, means, xerr=errors, color=[ORANGE if "searched" in name else BLUE for name in order], height=0.6)
axes.set(xlim=(88, 100), xlabel="% of new digits read right after 200 steps", title="The leaderboard")
for row, mean in enumerate(means):
    axes.text(88.2, row, f"{mean:.1f} %", va="center", color="white")
show("Bars of the share read right by each entry, the best on top; the whiskers of the first three overlap.")
print(f"first: {order[-1]} with {means[-1]:.1f} % ± {errors[-1]:.1f} %")
assert means[-1] > 95

# %% [markdown]
# Look at the whiskers before you celebrate: where they overlap, the order is luck. (Ten parts out of the same 1,797
# digits are not even independent, so the truth is a little worse.)
#
# ## What to take home
#
# - With a fixed number of steps, *how far and where to* is all there is: a schedule is worth as much as an optimizer.
# - A search that pays for what it tries throws out the hopeless early, and spends the rest on those that may win.
# - Whoever is on a leaderboard was lucky, too. Digits to search by, digits to race on, and a whisker on each bar.
#
# **Now you can** set up a fair race between trainings, search for settings on a budget, and say how sure you are of
# the result.
#
# **Show it.** Send your two best entries to a friend who does this course, and race each other on the same ten parts.
#
# **Next.** After [chapter 15](ch15_why_deep) comes [project 4](project4_framework): your own small framework, and
# a network with eyes.
#
# **Sources.** D. P. Kingma & J. Ba, *Adam*, ICLR 2015. I. Loshchilov & F. Hutter, *SGDR: Stochastic Gradient Descent with
# Warm Restarts*, ICLR 2017. P. Goyal et al., *Accurate, Large Minibatch SGD*, 2017 (warm-up). K. Jamieson & A. Talwalkar,
# *Non-stochastic Best Arm Identification and Hyperparameter Optimization*, AISTATS 2016. E. Alpaydin & C. Kaynak, *Optical
# Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
