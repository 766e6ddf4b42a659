# %% [markdown]
# # Dropout: train with a part missing, test with everything
#
# A large network with few examples learns them by heart. Hinton and his students proposed an odd cure in
# 2012: in every training step, switch off a random half of the neurons. The rest must cope. For the test,
# switch all of them on again. By the end of this chapter you will have written dropout forwards and
# backwards; you will know exactly what it does on average, and how much noise it makes; you will have asked
# *all* 1,024 networks that hide in one; and you will have measured when dropout helps and when it hurts.
#
# **Before you start.** You need the way back through a layer ([chapter 2](ch02_backprop)) and what overfitting is
# ([chapter 7](ch07_regularization)). From probability: coins, means and variances.
#
# **What you will have built.** Dropout in its two forms, forwards and backwards, its exact average and its noise,
# and an answer to when it helps.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example you can do by
# hand, a derivation, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** Rows are examples: a batch `x` has shape $(N, D)$. A dense layer computes `z = x @ W + b`.
# $p$ is always the **drop rate**, the probability that a unit is silenced; $1 - p$ is the **keep rate**.
# (Some libraries and papers call the keep rate $p$. Look it up before you copy a number.)
# What is handed in to a function stays as it was.

# %% tags=["setup"]

# %% tags=["given"]
def interval(values):
    """Mean and half of a 95 % interval (Student's t for eight values)."""
    assert len(values) == 8
    return np.mean(values), 2.365 * np.std(values, ddof=1) / np.sqrt(8)


# %% [markdown]
# ## Before you start: predict
#
# Eight questions. Answer them *now*, from what you know or guess, and do not peek ahead: the experiments of
# this chapter will answer them one after the other. A wrong prediction that surprises you later is worth
# more than a lucky one. (You may correct your answers before you hand in. That is called learning.)

# %% exercise="dropout_predictions"

# %% [markdown]
# ## 1. A coin for every unit
#
# Before each training step, every unit tosses a coin: with probability $p$ it is dropped and outputs 0. What
# is left is a thinner network. It is trained for one step. Then all units come back, and the coins are tossed
# again. Every *example* of a batch has coins of its own, so that one batch trains many thin networks.
#
# *On paper.* Take $p = 0.2$ and a die with ten sides, 0 to 9. A unit is dropped on 0 and 1. Roll for a layer
# of five units: $7, 1, 4, 0, 9$ makes the **mask** $1, 0, 1, 0, 1$. Two of five were dropped, although
# only one is to be expected. Coins vary.
#
# The computer's die is `rng.random`, uniform between 0 and 1. It lies below $p$ with probability $p$.

# %% exercise="dropout_mask" component=["RG-09"]

# %% [markdown]
# How many units of a layer of 1,000 fall silent? About $p\cdot1000$, give or take: the number is binomial,
# with standard deviation $\sqrt{1000\,p(1-p)}$. (Your prediction `dropped`.)

# %% component=["RG-09"] tags=["experiment"]
rng = np.random.default_rng(0)
figure, panels = plt.subplots(1, 4, figsize=(9.2, 2.9), width_ratios=[1, 1, 1, 2])
for axes, p in zip(panels, (0.2, 0.5, 0.8)):
    axes.imshow(dropout_mask((16, 16), p, rng), cmap="Blues", vmin=0, vmax=1.3)
    axes.set(title=f"p = {p}", xlabel="unit", xticks=[], yticks=[])
panels[0].set_ylabel("example")
silent = (~np.asarray(dropout_mask((3000, 1000), 0.2, rng), dtype=bool)).sum(axis=1)
panels[3].hist(silent, bins=np.arange(145.5, 256), density=True, color=SKY, label="3,000 masks")
at, spread = np.arange(146, 256), np.sqrt(1000 * 0.2 * 0.8)
bell = np.exp(-(((at - 200) / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))
panels[3].plot(at, bell, color=ORANGE, label="binomial")
panels[3].set(
    title="1,000 units, p = 0.2:\nabout 200 fall silent", xlabel="silent units", ylabel="frequency"
)
panels[3].legend(fontsize="small")
show(
    "Three masks of 16 by 16 squares, with ever more blank ones for p = 0.2, 0.5 and 0.8; and a histogram "
    "of silent units of 1,000, a bell around 200 on the binomial curve."
)
print(f"silent: {silent.mean():.2f} on average, spread {silent.std():.2f} (binomial: {spread:.2f})")
assert abs(silent.mean() - 200) < 6 * spread / np.sqrt(3000)
assert abs(silent.std() / spread - 1) < 6 / np.sqrt(2 * 3000)

# %% [markdown]
# ## 2. Keep the mean
#
# If a fifth of the units fall silent, the next layer hears a fifth less. In the test nobody is silent, and it
# would suddenly hear too much. There are two ways to repair that. The one that everybody uses today is
# called **inverted dropout**: in training, make the survivors louder, so that the mean stays.
#
# How much louder? An entry $x$ becomes $c\,x$ with probability $1 - p$ and 0 with probability $p$. Its mean
# is $(1-p)\,c\,x + p\cdot0$, and for this to be $x$ we need
#
# $$c = \frac{1}{1-p}.$$
#
# *On paper.* $p = 0.2$ and $x = 4$: the survivors become $4/0.8 = 5$. Of ten such units eight survive on
# average: $8\cdot5 = 40 = 10\cdot4$. (Your prediction `survivors`.)
#
# In test mode nothing is dropped, nothing is enlarged, and no random number is drawn. The way back will need
# to know what each entry was multiplied by; so we hand out these factors, the mask with its scale, as a
# **cache**.

# %% exercise="dropout_forward" component=["RG-09"]

# %% [markdown]
# ## 3. The way back
#
# The forward pass multiplies entry by entry, $\tilde x = m \odot x$, with factors $m$ that do not depend on
# $x$. What is $\partial\tilde x_i/\partial x_i$? Just $m_i$. So the gradient goes back **through the same
# mask**: a silent unit had no part in the loss, and gets no gradient; a survivor was multiplied by
# $1/(1-p)$, and so is its gradient.
#
# *On paper.* The mask is $(0, 1.25, 1.25)$ and from above comes $(1, 2, 3)$. Then
# $dx = (0, 2.5, 3.75)$.

# %% exercise="dropout_backward" component=["RG-09"]

# %% [markdown]
# Is it right? Hold the coins still and measure. A generator started with the same seed tosses the same coins,
# so we can nudge each entry of $x$ and look at how the loss moves.

# %% component=["RG-09"] tags=["experiment"]
rng = np.random.default_rng(1)
x, dout = np.maximum(rng.normal(size=(6, 8)), 0), rng.normal(size=(6, 8))


def loss_at(x, seed=2):
    return np.sum(dout * dropout_forward(x, 0.4, np.random.default_rng(seed), True)[0])


dx = dropout_backward(dout, dropout_forward(x, 0.4, np.random.default_rng(2), True)[1])
measured, h = np.zeros(x.shape), 1e-5
for index in np.ndindex(x.shape):
    nudge = np.zeros(x.shape)
    nudge[index] = h
    measured[index] = (loss_at(x + nudge) - loss_at(x - nudge)) / (2 * h)
other_coins = dropout_backward(dout, dropout_forward(x, 0.4, np.random.default_rng(3), True)[1])
print(
    f"largest difference from the measured slopes: {np.abs(dx - measured).max():.1e} (allowed 1e-8)"
)
print(f"with a fresh mask on the way back it would be {np.abs(other_coins - measured).max():.2f}")
assert np.abs(dx - measured).max() < 1e-8 < np.abs(other_coins - measured).max()
unheard = (x == 0) & (dx != 0)
print(
    f"{unheard.sum()} entries of x are 0 and still get a gradient: they were kept, they just said 0"
)
assert unheard.any()

# %% [markdown]
# ## 4. Bug hunt
#
# Seven people wrote inverted dropout, forwards and backwards, as one function `suspect(dout, x, u, p,
# training)`, which returns `out, dx`. So that there is no chance in it, the uniform draws `u` are handed in:
# an entry is to be dropped in training where $u < p$. One of the seven is right. The other six look right on
# *lazy* inputs.

# %% tags=["given"] module="suspects"
suspects = [suspect_a, suspect_b, suspect_c, suspect_d, suspect_e, suspect_f, suspect_g]

# %% tags=["experiment"]
lazy = (
    np.ones((1, 4)),
    np.array([[3.0, 1.0, 4.0, 1.0]]),
    np.array([[0.1, 0.6, 0.9, 0.4]]),
    0.5,
    True,
)
testimonies = [np.concatenate([np.ravel(part) for part in suspect(*lazy)]) for suspect in suspects]
spread = np.ptp(testimonies, axis=0).max()
print(f"one example, p = ½, training: all seven say the same (largest difference {spread:.0e})")
assert spread < 1e-12

# %% [markdown]
# Find inputs that expose all six. Up to three input sets; you are judged by whom they convict. (If one of
# them convicts the right one as well, with numbers too extreme for any computer, none of them counts.)

# %% exercise="dropout_bug_hunt"

# %% [markdown]
# Now the confession: whom do *your* inputs convict, and where?

# %% tags=["experiment"]
names = [suspect.__name__[-1] for suspect in suspects]
sets = dropout_bug_hunt()
gaps = np.zeros((len(sets), 7))
for row, (dout, x, u, p, training) in zip(gaps, sets):
    dout, x, u = (np.asarray(part, dtype=float) for part in (dout, x, u))
    mask = np.where(u < p, 0, 1 / (1 - p)) if training else np.ones(x.shape)
    for k, suspect in enumerate(suspects):
        with np.errstate(all="ignore"):
            out, dx = suspect(dout, x, u, p, training)
        row[k] = max(np.abs(out - x * mask).max(), np.abs(dx - dout * mask).max())
figure, axes = plt.subplots(figsize=(6.4, 1.3 + 0.5 * len(sets)))
axes.imshow(gaps > 1e-8, cmap="Oranges", vmin=0, vmax=1.6, aspect="auto")
for (row, column), gap in np.ndenumerate(gaps):
    axes.text(column, row, f"{gap:.2g}" if gap > 1e-8 else "–", ha="center", va="center")
axes.set(
    title="Largest error of each suspect (orange: convicted)",
    xlabel="suspect",
    xticks=range(7),
    xticklabels=names,
    yticks=range(len(sets)),
    yticklabels=[f"set {k + 1}" for k in range(len(sets))],
)
show("A table of the largest error of each suspect on each of your sets; orange fields convict.")
print("convicted:", ", ".join(n for n, gap in zip(names, gaps.max(axis=0)) if gap > 1e-8))

# %% [markdown]
# ## 5. The older form: scale in the test
#
# In the paper of 2012, and in our notes, training just silences, and nobody is made louder. Then the *test*
# must turn everybody down: a unit that spoke in a share $1-p$ of all steps is multiplied by $1 - p$.
#
# *On paper.* $p = 0.25$. In training a unit with $x = 4$ says 4 or nothing, 3 on average. In the test it
# says $0.75\cdot4 = 3$, every time.

# %% exercise="plain_dropout_forward" component=["RG-10"]

# %% [markdown]
# One may also leave the units alone and scale the **weights** that they feed, once, after training:
# $((1-p)\,x)\,W = x\,((1-p)\,W)$. The notes do it like that: *"if a weight is $w = 1$ after training with a
# drop rate of 50 %, set $w = 0.5$ for the test."* Biases were never dropped, and stay.

# %% exercise="weights_at_test_time" component=["RG-10"]

# %% [markdown]
# Do the two forms agree? Here is a layer of 50 inputs and one output. We average its output over 40,000
# masks, for three drop rates. In each form the average of training has to be what the test says.

# %% component=["RG-10"] claim=["C-RG-08", "C-RG-10"] tags=["experiment"]
rng = np.random.default_rng(4)
x, w = rng.normal(size=50), rng.normal(size=50)
w *= 1.265 / (x @ w)  # so that the whole layer says 1.265
MASKS = 40_000
figure, panels = plt.subplots(1, 2, figsize=(8.8, 3.5), sharey=True)
for p, colour in zip((0.2, 0.5, 0.8), (BLUE, ORANGE, GREEN)):
    for axes, forward, test in (
        (panels[0], dropout_forward, x @ w),
        (panels[1], plain_dropout_forward, x @ weights_at_test_time(w, p)),
    ):
        out = forward(np.tile(x, (MASKS, 1)), p, rng, True)[0] @ w
        error = out.std() / np.sqrt(MASKS)
        axes.semilogx(
            np.arange(1, MASKS + 1), np.cumsum(out) / np.arange(1, MASKS + 1), color=colour
        )
        axes.axhline(test, color=colour if axes is panels[1] else "black", ls="--", lw=1)
        form = "inverted" if axes is panels[0] else "plain"
        print(f"{form:>8}, p = {p}: training {out.mean():6.3f} ± {error:.3f}, test {test:.3f}")
        assert abs(out.mean() - test) < 5 * error
        assert np.isclose(
            forward(x[None], p, rng, False)[0][0] @ w, x @ w if form == "inverted" else test
        )
    panels[1].plot([], [], color=colour, label=f"p = {p}")
panels[0].set(
    title="Inverted: one test output for all p (dashed)",
    xlabel="masks",
    ylabel="mean output so far",
)
panels[1].set(title="Plain: the test is turned down (dashed)", xlabel="masks")
panels[0].set_ylim(-0.3, 3.2)
panels[1].legend()
show(
    "The mean output over the number of masks. Inverted: all three rates settle at one dashed line. "
    "Plain: each settles at a lower one of its own."
)

# %% [markdown]
# They agree: the two forms differ by a constant factor. Inverted dropout has become the standard because the
# finished network needs nothing special: the test code need not even know that there was dropout.
#
# > **What the notes got wrong: per cent of what?** The note writes *"multiply all weights by $(1-p)\%$ (drop
# > rate)"*. It means $1 - p\%$: with $p = 50$ that is one half. Read as it stands, $(1-50)\%$ is
# > $-0.49$. And $1-p\%$ is not the drop rate but the **keep rate**. A formula should survive being typed in.

# %% component=["RG-10"] erratum=["E19"] tags=["experiment"]
average = np.mean(
    plain_dropout_forward(np.ones((40_000, 1)), 0.2, np.random.default_rng(5), True)[0]
)
readings = {
    "keep rate, 1 − p %": 1 - 20 / 100,
    "as printed, (1 − p) %": (1 - 20) / 100,
    "the drop rate, p %": 20 / 100,
}
print(
    f"p = 20 %, w = 1, x = 1: the average output in training is {average:.3f}. In the test w becomes:"
)
for name, factor in readings.items():
    print(f"  {name:>22}: {factor:5.2f}  {'right' if abs(factor - average) < 0.015 else 'wrong'}")
assert abs(average - 0.8) < 0.015  # 7 standard errors
assert weights_at_test_time(np.ones(1), 0.2)[0] == 0.8
assert weights_at_test_time(np.ones(1), 0.5)[0] == 0.5  # the note's own example
assert all(abs(factor - average) > 0.5 for factor in list(readings.values())[1:])

# %% [markdown]
# ## 6. How much noise is that?
#
# The *mean* stays. But a layer behind dropout hears something else in every step. How strongly does its
# output waver? Take one output, $z = \sum_d m_d\,x_d\,w_d$, with inverted coins $m_d$. One coin has mean 1
# and mean square $(1-p)\cdot\frac1{(1-p)^2} = \frac1{1-p}$, so that its variance is
#
# $$\operatorname{Var}(m) = \frac1{1-p} - 1 = \frac p{1-p}.$$
#
# The coins are independent: their variances add, each with the square of its factor.
#
# $$\operatorname{Var}(z) = \frac p{1-p}\sum_d x_d^2\,w_d^2 .$$
#
# *On paper.* $x = (1, 2)$, $w = (3, -1)$, $p = \frac12$: $\operatorname{Var}(z) = 1\cdot(1\cdot9 + 4\cdot1) =
# 13$. Check: the four outputs are $2\cdot(0,\ 3,\ -2,\ 1)$, so their mean is 1, their mean square
# $4\cdot\frac{0+9+4+1}{4} = 14$, and $14 - 1^2 = 13$.

# %% exercise="dropout_variance" component=["RG-09"]

# %% component=["RG-09"] tags=["experiment"]
rng = np.random.default_rng(6)
x, W = rng.normal(size=(1, 50)), rng.normal(size=(50, 1)) / np.sqrt(50)
rates = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
foreseen = [float(dropout_variance(x, W, p)[0, 0]) for p in rates]
sampled = [np.var(dropout_forward(np.tile(x, (20_000, 1)), p, rng, True)[0] @ W) for p in rates]
fine = np.linspace(0, 0.92, 100)
plt.plot(
    fine, [dropout_variance(x, W, p)[0, 0] for p in fine], color=BLUE, label="p/(1 − p)·Σ x²w²"
)
plt.plot(rates, sampled, "o", color=ORANGE, label="20,000 masks each")
plt.gca().set(
    title="The noise of dropout: four times the variance from p = 0.5 to 0.8",
    xlabel="drop rate p",
    ylabel="variance of one output",
)
plt.legend()
show(
    "The variance of one output over the drop rate: dots of 20,000 masks lie on the curve, which bends "
    "steeply upwards towards 0.9."
)
worst = np.abs(np.array(sampled) / foreseen - 1).max()
growth = foreseen[8] / foreseen[5]
print(f"foreseen and sampled variance differ by at most {worst:.1%} (allowed 8 %)")
print(f"from p = 0.5 to p = 0.8 the variance grows {growth:.3f} times")
assert worst < 0.08 and abs(growth - 4) < 1e-9

# %% [markdown]
# (Your prediction `noise`.) This noise is the *point* of dropout. For a linear model with a squared error its
# average cost is computed in a line: $\mathbb E(t - z)^2 = (t - \mathbb E z)^2 + \operatorname{Var}(z)$, and
# with the formula above
#
# $$\mathbb E\,\text{cost} = (t - x\cdot w)^2 + \frac p{1-p}\sum_d x_d^2\,w_d^2 .$$
#
# That is weight decay, in which large inputs count more (Wager, Wang and Liang, 2013). Dropout punishes large
# weights, above all on inputs that are often strong.
#
# **Turn the knobs.** What a unit above sees: the sum of its inputs, all equal, under many masks of inverted
# dropout. The mean stays. What does the drop rate do to the spread, and what do more inputs do?

# %%
def noise_of_masks(drop, inputs):
    kept = np.random.default_rng(2).random((5000, inputs)) >= drop
    sums = (kept / (1 - drop)).mean(axis=1)
    plt.figure(figsize=(5, 2.4))
    plt.hist(sums, bins=np.linspace(0, 3, 61), color=SKY)
    plt.axvline(1, color=ORANGE)
    plt.title(f"mean {sums.mean():.2f}, spread {sums.std():.2f}")
    return f"Sums of {inputs} inputs at drop rate {drop:g} under 5,000 masks: spread {sums.std():.2f}."


with_knobs(noise_of_masks, drop=[0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9], inputs=[5, 20, 100])

# %% [markdown]
# ## 7. All the networks inside the network
#
# A layer of $n$ units can be thinned in $2^n$ ways: each unit is in or out. (Your prediction `thinned`.)
# Every training step trains some of these networks, which share their weights. To train many networks and
# average what they say is called an **ensemble**, and it is one of the most reliable tricks of machine
# learning. Is dropout a cheap ensemble? For small $n$ we can ask *all* of them.
#
# *On paper.* Two units: $00, 01, 10, 11$. That is counting in binary.

# %% exercise="all_masks" component=["RG-12"]

# %% [markdown]
# Not all are equally likely. A unit is kept with probability $1-p$ and dropped with probability $p$, and
# independent probabilities multiply. *On paper*, $p = 0.2$:
# $P(00) = 0.2\cdot0.2 = 0.04$, $P(01) = P(10) = 0.16$, $P(11) = 0.64$.

# %% exercise="mask_probabilities" component=["RG-12"]

# %% component=["RG-12"] tags=["experiment"]
masks = all_masks(10)
kept = np.asarray(masks).sum(axis=1).astype(int)
figure, axes = plt.subplots()
for k, (p, colour) in enumerate(zip((0.2, 0.5, 0.8), (BLUE, ORANGE, GREEN))):
    chances = mask_probabilities(masks, p)
    by_size = np.bincount(kept, weights=chances)
    axes.bar(np.arange(11) + 0.28 * (k - 1), by_size, width=0.28, color=colour, label=f"p = {p}")
    full, empty = np.asarray(chances)[[-1, 0]]
    print(
        f"p = {p}: sum {np.sum(chances):.12f}; the whole network {full:.1e}, the empty one {empty:.1e}"
    )
    assert abs(np.sum(chances) - 1) < 1e-12 and len(np.unique(masks, axis=0)) == 1024
    assert abs(by_size @ np.arange(11) - 10 * (1 - p)) < 1e-12
axes.set(
    title="1,024 networks of 10 units: how many units are in?",
    xlabel="units kept",
    ylabel="probability",
    xticks=range(11),
    ylim=(0, 0.36),
)
axes.legend(ncols=3, loc="upper center")
show(
    "Bars of the probability of each number of units kept, of 10, for three rates: three humps, around 8, "
    "5 and 2."
)

# %% [markdown]
# Only for $p = \frac12$ are all networks alike: $1/1024$ each. Now ask all of them, and average their answers
# by these probabilities:
#
# $$\bar f = \sum_m P(m)\,f(m\odot x).$$
#
# *On paper.* $f(h) = (h_1 + h_2)^2$, $x = (1, 2)$, $p = \frac12$: the four networks say $0, 4, 1, 9$, which
# makes 3.5 on average. The network with scaled units says $(0.5 + 1)^2 = 2.25$. Not the same!

# %% exercise="ensemble_average" component=["RG-12", "RG-13"]

# %% [markdown]
# ## 8. Is the scaled network the average?
#
# The note argues with two inputs. Four cases: both kept, $z = w_1x_1 + w_2x_2$; one kept, $z = w_1x_1$ or
# $z = w_2x_2$; none, $z = 0$. The average of the four is $\frac12(w_1x_1 + w_2x_2)$, and halving the weights
# gives the same. This is right, and it holds for any number of inputs *and any drop rate*, if each network
# counts by its probability: $\mathbb E\,(m_d) = 1 - p$, and the mean of a sum is the sum of the means.

# %% component=["RG-13"] claim=["C-RG-07"] tags=["experiment"]
w, x = np.array([[0.7], [-0.2]]), np.array([0.5, 0.1])
cases = [float((m * x @ w)[0]) for m in np.asarray(all_masks(2))]
print(f"the four cases say {[round(z, 3) for z in cases]}, on average {np.mean(cases):.3f}")
print(f"halved weights say {(x @ weights_at_test_time(w, 0.5))[0]:.3f}")
assert abs(np.mean(cases) - 0.165) < 1e-12
assert abs((x @ weights_at_test_time(w, 0.5))[0] - 0.165) < 1e-12

rng = np.random.default_rng(7)
worst = {}
for p in (0.1, 0.5, 0.8):
    x, W, b = rng.normal(size=10), rng.normal(size=(10, 3)), rng.normal(size=3)
    average = ensemble_average(lambda h: h @ W + b, x, p)
    alike = np.mean(np.asarray(all_masks(10)) * x @ W + b, axis=0)
    scaled = x @ weights_at_test_time(W, p) + b
    worst[p] = np.abs(average - scaled).max()
    print(
        f"p = {p}: 1,024 linear networks against scaled weights: {worst[p]:.0e} apart; "
        f"if all counted alike: {np.abs(alike - scaled).max():.2f}"
    )
    assert worst[p] < 1e-12
    assert p == 0.5 or np.abs(alike - scaled).max() > 0.1

# %% [markdown]
# (Your prediction `straight`.) But networks bend. With a sigmoid at the end, the average of four sigmoids is
# *not* the sigmoid of the average. What is it then? There is a beautiful answer, with another kind of mean.
#
# **The geometric mean.** Let network $m$ give class 1 the probability $f_m$. Multiply instead of adding:
# $G_1 = \prod_m f_m^{P(m)}$, and for class 0, $G_0 = \prod_m (1 - f_m)^{P(m)}$. The two do not sum to 1, so
# share out: $G_1/(G_0 + G_1)$. Take a sigmoid unit, $f_m = \sigma(z_m)$. Its odds are
# $f_m/(1-f_m) = e^{z_m}$, so that
#
# $$\frac{G_1}{G_0} = \prod_m \big(e^{z_m}\big)^{P(m)} = e^{\sum_m P(m)\,z_m} = e^{\bar z}
# \qquad\Longrightarrow\qquad \frac{G_1}{G_0 + G_1} = \sigma(\bar z).$$
#
# And $\bar z$ is linear: it is the $z$ of the scaled weights. So weight scaling *is* an average of all
# networks, exactly, only a geometric one (Goodfellow, Bengio and Courville, section 7.12). Softmax does the
# same.
#
# *On paper.* Two equally likely networks say 0.9 and 0.5. $G_1 = \sqrt{0.45}$, $G_0 = \sqrt{0.05}$, odds
# $\sqrt9 = 3$, probability $3/4$. The ordinary average is 0.7.

# %% exercise="geometric_ensemble" component=["RG-13"]

# %% [markdown]
# A sigmoid unit with 12 inputs: 4,096 thinned networks, all of them asked, for 200 random units. We compare
# the scaled network with both averages.

# %% component=["RG-12", "RG-13"] claim=["C-RG-09"] erratum=["E28"] tags=["experiment"]
rng = np.random.default_rng(8)
scaled, unscaled, ordinary, geometric = [], [], [], []
for _ in range(200):
    x, w, b = rng.normal(size=12), rng.normal(0, 0.35, 12), rng.normal(0, 0.5)

    def unit(h):
        return 1 / (1 + np.exp(-(h @ w + b)))

    scaled.append(float(unit(0.5 * x)))
    unscaled.append(float(unit(x)))
    ordinary.append(float(ensemble_average(unit, x, 0.5)))
    geometric.append(float(geometric_ensemble(unit, x, 0.5)))
scaled, unscaled, ordinary, geometric = map(np.array, (scaled, unscaled, ordinary, geometric))
gap = np.abs(scaled - ordinary)
print(f"scaled − ordinary average:  {gap.mean():.4f} on average, {gap.max():.4f} at most")
print(f"scaled − geometric average: {np.abs(scaled - geometric).max():.1e} at most (allowed 1e-12)")
print(f"not scaled − ordinary:      {np.abs(unscaled - ordinary).mean():.4f} on average")
assert np.abs(scaled - geometric).max() < 1e-12
assert 0.001 < gap.mean() < 0.02 and gap.mean() < np.abs(unscaled - ordinary).mean() / 4
figure, panels = plt.subplots(1, 3, figsize=(9.2, 3.3), sharex=True, sharey=True)
for axes, other, kind, colour in (
    (panels[0], unscaled, "not scaled,\nordinary average: off", GREY),
    (panels[1], scaled, "scaled,\nordinary average: near", ORANGE),
    (panels[2], scaled, "scaled,\ngeometric average: exact", BLUE),
):
    axes.axline((0, 0), slope=1, color="black", lw=0.8)
    axes.plot(geometric if colour == BLUE else ordinary, other, ".", ms=4, color=colour)
    axes.set(title=kind, xlabel="average of 4,096 networks")
panels[0].set_ylabel("what the one network says")
show(
    "What one network says over the average of 4,096: off the diagonal when it is not scaled, near it "
    "when scaled, exactly on it for the geometric average."
)

# four cases, as in the note, but with a sigmoid, and then with p = 0.2
small_x, small_w = np.array([1.0, 1.0]), np.array([3.0, 2.0])
for p in (0.5, 0.2):
    average = ensemble_average(lambda h: 1 / (1 + np.exp(-(h @ small_w))), small_x, p)
    one = 1 / (1 + np.exp(-(1 - p) * 5))
    print(
        f"two inputs, sigmoid, p = {p}: the four cases average {average:.3f}, the scaled unit says {one:.3f}"
    )
    assert abs(average - one) > 0.02

# %% [markdown]
# > **What the notes got wrong: four cases prove it for four cases.** The note shows that the average of four
# > cases equals halving the weights, and goes on as if this were so for any network. It is exact for
# > **linear** units, and with equal weights for all cases only at $p = \frac12$. For a sigmoid or softmax on
# > top, the scaled network is exactly the *geometric* ensemble. For anything deeper it is neither: it is a
# > useful guess, as the next section shows.
#
# ## 9. A real network
#
# Time for the digits: 8×8 pixels, 10 classes. The training loop below has ReLUs, *your* `dropout_forward` and
# `dropout_backward` behind each hidden layer, and Adam, a way of stepping downhill that chapter 9 explains.


# %% tags=["given"]
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(scores, labels):
    """Mean loss and its gradient by the scores."""
    chances, rows = softmax(scores), np.arange(len(labels))
    gradient = chances.copy()
    gradient[rows, labels] -= 1
    return -np.mean(np.log(chances[rows, labels] + 1e-300)), gradient / len(labels)


def squared_error(outputs, targets):
    error = outputs[:, 0] - targets
    return np.mean(error**2), 2 * error[:, None] / len(error)


def run(network, x, drop=(), rng=None):
    """Outputs of a network [(W, b), …]; with rates in `drop`, and `rng`, in training mode."""
    for k, (W, b) in enumerate(network):
        x = x @ W + b
        if k < len(network) - 1:
            x = np.maximum(x, 0)
            if rng is not None:
                x, _ = dropout_forward(x, drop[k], rng, True)
    return x


def train(
    x, targets, sizes, drop, seed, steps, loss=cross_entropy, rate=1e-3, batch=50, watch=None
):
    """Adam; `drop` has one rate for each hidden layer. `watch(step, network, loss)` may look on."""
    rng, coins = np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1])
    shapes = list(zip(sizes, sizes[1:]))
    network = [(rng.normal(0, np.sqrt(2 / a), (a, b)), np.zeros(b)) for a, b in shapes]
    memory = [[np.zeros_like(v), np.zeros_like(v)] for layer in network for v in layer]
    for step in range(1, steps + 1):
        rows = rng.permutation(len(x))[:batch]
        a, past = x[rows], []
        for k, (W, b) in enumerate(network):
            inputs, z = a, a @ W + b
            if k < len(network) - 1:
                a, mask = dropout_forward(np.maximum(z, 0), drop[k], coins, True)
                past.append((inputs, z, mask))
        cost, d = loss(z, targets[rows])
        gradients = [(inputs.T @ d, d.sum(axis=0))]
        for (W, _), (before, z, mask) in zip(network[:0:-1], past[::-1]):
            d = dropout_backward(d @ W.T, mask) * (z > 0)
            gradients.append((before.T @ d, d.sum(axis=0)))
        flat = zip(
            (v for layer in network for v in layer),
            (g for pair in gradients[::-1] for g in pair),
            memory,
        )
        for value, g, moments in flat:
            moments[0] += 0.1 * (g - moments[0])
            moments[1] += 0.001 * (g * g - moments[1])
            root = np.sqrt(moments[1] / (1 - 0.999**step)) + 1e-8
            value -= rate * moments[0] / (1 - 0.9**step) / root
        if watch is not None:
            watch(step, network, cost)
    return network


images, digits = load_digits()
LEARN, CHOOSE, TEST = slice(0, 1000), slice(1000, 1300), slice(1300, 1797)


def accuracy(network, part=TEST):
    return np.mean(run(network, images[part]).argmax(axis=1) == digits[part])


# %% [markdown]
# First the question that is left from section 8: how far is the scaled network from the average, when there
# are bends *behind* the dropped units? The network has 64 inputs, 10 ReLUs with dropout, 32 ReLUs without,
# and a softmax. For each of 497 new digits we ask all 1,024 thinned networks.


# %% component=["RG-12", "RG-13"] erratum=["E28"] tags=["experiment"]
def asked_all(p):
    """The true digit's probability: one thin network, the scaled one, and all; and what they name."""
    network = train(images[LEARN], digits[LEARN], (64, 10, 32, 10), (p, 0.0), 0, 600, rate=3e-3)
    (W, b), *rest = network
    hidden = np.maximum(images[TEST] @ W + b, 0)

    def behind(h):
        return softmax(run(rest, h / (1 - p)))  # survivors are enlarged, as in training

    thin = behind(dropout_mask(hidden.shape, p, np.random.default_rng(9)) * hidden)
    every = np.array([ensemble_average(behind, h, p) for h in hidden])
    return thin, softmax(run(network, images[TEST])), every


right, names = digits[TEST], ("one thin\nnetwork", "scaled\nnetwork", "all 1,024,\naveraged")
figure, panels = plt.subplots(1, 3, figsize=(9.6, 3.5), width_ratios=[1, 1, 1.1])
for k, (p, colour) in enumerate(((0.2, BLUE), (0.5, ORANGE))):
    answers = asked_all(p)
    scaled, every = answers[1:]
    gap = np.abs(scaled - every)
    same = np.mean(scaled.argmax(axis=1) == every.argmax(axis=1))
    read = [np.mean(answer.argmax(axis=1) == right) for answer in answers]
    print(
        f"p = {p}: scaled − average {gap.mean():.3f} on average, {gap.max():.2f} at most; "
        f"both name the same digit in {same:.1%}"
    )
    print(
        f"         digits read right: thin {read[0]:.3f}, scaled {read[1]:.3f}, all {read[2]:.3f}"
    )
    assert 0.003 < gap.mean() < 0.12 and gap.max() > 0.05 and same > 0.85
    assert min(read[1:]) > read[0] + 0.03
    panels[k].axline((0, 0), slope=1, color="black", lw=0.8)
    of_true = (np.arange(len(right)), right)
    panels[k].plot(every[of_true], scaled[of_true], ".", ms=4, color=colour)
    panels[k].set(title=f"p = {p}", xlabel="average of 1,024 networks", xlim=(0, 1), ylim=(0, 1))
    bars = panels[2].bar(
        np.arange(3) + 0.4 * (k - 0.5), read, width=0.38, color=colour, label=f"p = {p}"
    )
    panels[2].bar_label(bars, fmt="%.2f")
panels[0].set_ylabel("the one scaled network")
panels[2].set(title="New digits read right", xticks=range(3), xticklabels=names, ylim=(0, 1.25))
panels[2].legend(ncols=2, loc="upper center")
figure.suptitle(
    "Surer than the average of all, but rarely of another opinion (true digit's probability)"
)
show(
    "Two scatter plots of the scaled network over the average of many, around the diagonal; and bars of "
    "digits read right: the thin network last, the other two alike."
)

# %% [markdown]
# (Your prediction `bent`.) The scaled network is no average of the 1,024 any more, and with only ten units
# and much dropout it is a good deal *surer* than the average. But nearly always it names the same digit, in
# one pass instead of 1,024. That is why it is used. (If you need honest probabilities, average a few dozen
# random masks in the test: Gal and Ghahramani, 2016, call that Monte Carlo dropout.)
#
# ### Forgetting to switch it off
#
# The commonest dropout bug of all: the network is used in training mode. Then it answers differently every
# time. (Your prediction `forgotten`.)

# %% component=["RG-10"] tags=["experiment"]
network = train(images[LEARN], digits[LEARN], (64, 100, 100, 10), (0.5, 0.5), 0, 400)
in_test = softmax(run(network, images[TEST]))
sure = in_test[np.arange(len(in_test)), digits[TEST]]
doubtful = 1300 + int(np.argmin(np.abs(sure - 0.7)))
clear = 1300 + int(np.argmin(np.abs(sure - 0.99)))
coins = np.random.default_rng(9)
figure, axes = plt.subplots()
for which, name, colour in ((clear, "a clear", BLUE), (doubtful, "a doubtful", ORANGE)):
    copies = np.tile(images[which], (1000, 1))
    answers = softmax(run(network, copies, (0.5, 0.5), coins))
    axes.hist(
        answers[:, digits[which]],
        bins=40,
        range=(0, 1),
        alpha=0.6,
        color=colour,
        label=f"{name} {digits[which]}, training mode",
    )
    axes.axvline(
        sure[which - 1300], color=colour, ls="--", label=f"{name} {digits[which]}, test mode"
    )
    share = np.mean(answers.argmax(axis=1) == digits[which])
    print(
        f"{name} {digits[which]}: asked 1,000 times, right {share:.0%}, "
        f"spread {answers[:, digits[which]].std():.2f}"
    )
    assert answers[:, digits[which]].std() > 0.01
axes.set(
    title="Dropout left on: the same digit, 1,000 different answers",
    xlabel="probability given to the true digit",
    ylabel="answers",
)
axes.legend(fontsize="small")
show(
    "Histograms of a thousand answers each: for the clear digit near 1, for the doubtful one spread over "
    "the whole range."
)
forgotten = np.mean(
    [
        np.mean(run(network, images[TEST], (0.5, 0.5), coins).argmax(axis=1) == digits[TEST])
        for _ in range(20)
    ]
)
print(
    f"all {len(sure)} digits: {accuracy(network):.3f} right in test mode, {forgotten:.3f} if one forgets"
)
assert 0.5 < forgotten < accuracy(network) - 0.01

# %% [markdown]
# So it is not a catastrophe, and that makes the bug so hard to find: everything works, only a little worse,
# and never twice the same. Test for it: *the same input twice must give the same answer.*
#
# ## 10. Pictures of why
#
# The notes offer two pictures. *Training with weights tied to your feet: take them off and you can run.* And
# *a project whose partners may not turn up: everybody has to work harder.* Pictures are no arguments, but
# they can be tested.
#
# **The weights on the feet.** With dropout, the loss in training mode should be higher than without; and
# the same network, asked in test mode about the same examples, should be better than in training mode.
#
# **The partners.** In a network trained with dropout, no unit can rely on another one. So we take trained
# networks and remove hidden units for good, at random. Who keeps working? (Both networks are given the fair
# chance to have the remaining units enlarged.)

# %% component=["RG-11"] tags=["experiment"]
removed = (0, 20, 40, 60, 80, 90)
curves, losses, robust = {}, {}, {p: [] for p in (0.0, 0.5)}
for seed in range(8):
    for p in (0.0, 0.5):
        history = []
        network = train(
            images[:300],
            digits[:300],
            (64, 100, 10),
            (p,),
            seed,
            300,
            watch=lambda step, net, cost: history.append(cost),
        )
        curves.setdefault(p, []).append(history)
        losses.setdefault(p, []).append(cross_entropy(run(network, images[:300]), digits[:300])[0])
        (W, b), (V, c) = network
        hidden = np.maximum(images[TEST] @ W + b, 0)
        order = np.random.default_rng([seed, 2])
        shares = []
        for count in removed:
            tries = []
            for _ in range(10):
                alive = np.ones(100)
                alive[order.permutation(100)[:count]] = 0
                scores = hidden * alive * 100 / (100 - count) @ V + c
                tries.append(np.mean(scores.argmax(axis=1) == digits[TEST]))
            shares.append(np.mean(tries))
        robust[p].append(shares)
    progress(seed + 1, 8, "seeds")
figure, (left, middle) = plt.subplots(1, 2, figsize=(8.8, 3.6))
for p, colour in ((0.0, GREY), (0.5, BLUE)):
    left.semilogy(np.mean(curves[p], axis=0), color=colour, label=f"p = {p}, training mode")
    middle.plot(
        removed, np.mean(robust[p], axis=0), "o-", color=colour, label=f"trained with p = {p}"
    )
left.axhline(np.mean(losses[0.5]), color=BLUE, ls="--", label="p = 0.5 at the end, test mode")
left.set(
    title="With weights on its feet it runs slower",
    xlabel="step",
    ylabel="loss on the training digits",
)
left.legend(fontsize="small")
middle.set(
    title="Partners that stayed away: it copes",
    xlabel="hidden units removed (of 100)",
    ylabel="new digits read right",
    ylim=(0, 1),
)
middle.legend(loc="lower left")
show(
    "Left, the training loss with and without dropout: with it slower and noisier. Right, digits read "
    "right over hidden units removed: the network trained with dropout holds out longer."
)
late = {p: np.mean([run_[-20:] for run_ in curves[p]], axis=1) for p in curves}
print(
    f"training loss: {late[0.0].mean():.3f} without, {late[0.5].mean():.3f} with dropout; "
    f"the latter in test mode: {np.mean(losses[0.5]):.3f}"
)
gain, half = interval(np.array(robust[0.5])[:, 4] - np.array(robust[0.0])[:, 4])
print(
    f"80 of 100 units removed: trained with dropout, {gain:.3f} ± {half:.3f} more digits read right"
)
assert late[0.5].min() > late[0.0].max() and np.max(losses[0.5]) < late[0.5].min()
assert gain - half > 0

# %% [markdown]
# Both pictures pass. Removing units is what the network was trained for, after all.
#
# ## 11. Does it help?
#
# It should help where a network is too large for its data. First a regression: 20 inputs, of which only four
# matter; 200 training examples with noise; 100 ReLUs, which can learn every example by heart. The error is
# measured on 2,000 new examples, eight times with other data.


# %% component=["RG-09"] claim=["C-RG-11"] tags=["experiment"]
def signal(x):
    return np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3]


RATES = (0.0, 0.2, 0.5, 0.8)
errors = {p: [] for p in RATES}
learned = {p: [] for p in RATES}
for seed in range(8):
    rng = np.random.default_rng([10, seed])
    x, new = rng.normal(size=(200, 20)), rng.normal(size=(2000, 20))
    y = signal(x) + rng.normal(size=200)
    for p in RATES:
        network = train(x, y, (20, 100, 1), (p,), seed, 400, squared_error, rate=1e-2, batch=200)
        errors[p].append(squared_error(run(network, new), signal(new))[0])
        learned[p].append(squared_error(run(network, x), y)[0])
    progress(seed + 1, 8, "data sets")
plt.plot(RATES, [errors[p] for p in RATES], ".", color=SKY)
plt.plot(RATES, [np.mean(errors[p]) for p in RATES], "o-", color=BLUE, label="new examples")
plt.plot(
    RATES, [np.mean(learned[p]) for p in RATES], "s--", color=ORANGE, label="training examples"
)
plt.gca().set(
    title="Too large a network, noisy data: the more dropout, the better",
    xlabel="drop rate p",
    ylabel="mean squared error",
    ylim=(0, None),
    xticks=RATES,
)
plt.legend()
show(
    "Errors over the drop rate: for new examples the error falls as dropout rises while that of the "
    "training examples rises."
)
for p in RATES:
    gain, half = interval(np.subtract(errors[0.0], errors[p]))
    better = f", better than without by {gain:.3f} ± {half:.3f}" if p else ""
    print(
        f"p = {p}: error {np.mean(errors[p]):.3f} on new ones{better}; {np.mean(learned[p]):.3f} on old ones"
    )
    assert p == 0 or gain - half > 0
assert np.mean(learned[0.0]) < 0.01 < np.mean(learned[0.5])

# %% [markdown]
# A clear success: without dropout the noise is learned by heart (the error on the training examples is 0),
# and with dropout it is not. But is it a law? Here are three networks for the digits:
#
# - **too large, with wrong labels**: two layers of 150 units, 200 digits, a fifth of the labels wrong;
# - **too large, clean**: the same, with all labels right;
# - **small**: 8 hidden units, 1,000 digits.
#
# To be fair, each arm may stop when *it* is best: every 25 steps we look at 300 other digits, and we keep the
# network that reads most of them. (Dropout learns more slowly, and a comparison after a fixed number of steps
# would punish it; the network without dropout overfits, and would be punished by a late end.) The test
# digits are seen by nobody.


# %% component=["RG-09", "RG-11"] claim=["C-RG-11"] tags=["experiment"]
def best_and_last(examples, labels, sizes, p, seed, steps, rate):
    """Test accuracy of the network that did best on the digits to choose by, and of the last one."""
    seen = []

    def watch(step, network, _):
        if step % 25 == 0:
            seen.append((accuracy(network, CHOOSE), accuracy(network)))

    train(examples, labels, sizes, (p,) * (len(sizes) - 2), seed, steps, rate=rate, watch=watch)
    return max(seen, key=lambda pair: pair[0])[1], seen[-1][1]


CASES = {
    "too large,\nwrong labels": (200, 0.2, (64, 150, 150, 10), 250, 1e-3),
    "too large,\nclean": (200, 0.0, (64, 150, 150, 10), 250, 1e-3),
    "small": (1000, 0.0, (64, 8, 10), 500, 3e-3),
}
gains, levels = {name: [] for name in CASES}, {name: [] for name in CASES}
for seed in range(8):
    for name, (n, wrong, sizes, steps, rate) in CASES.items():
        rng = np.random.default_rng([11, seed])
        rows = rng.permutation(1000)[:n]
        labels = digits[rows]
        flip = rng.random(n) < wrong
        labels[flip] = rng.integers(10, size=flip.sum())
        pair = [
            best_and_last(images[rows], labels, sizes, p, seed, steps, rate) for p in (0.0, 0.5)
        ]
        levels[name].append(pair)
        gains[name].append(np.subtract(pair[1], pair[0]))
    progress(seed + 1, 8, "seeds")
figure, axes = plt.subplots()
axes.axhline(0, color="black", lw=0.8)
for k, name in enumerate(CASES):
    for column, (kind, colour) in enumerate(
        (("each at its best", BLUE), ("after all steps", ORANGE))
    ):
        values = np.array(gains[name])[:, column]
        centre, half = interval(values)
        at = k + 0.25 * (column - 0.5)
        axes.plot(np.full(8, at), values, ".", color=colour, alpha=0.4)
        axes.errorbar(
            at, centre, half, fmt="o", capsize=5, color=colour, label=kind if k == 0 else None
        )
        without, with_it = np.array(levels[name]).mean(axis=0)[:, column]
        print(
            f"{name.replace(chr(10), ' '):>23}, {kind:>16}: {without:.3f} -> {with_it:.3f}, "
            f"gain {centre:+.3f} ± {half:.3f}"
        )
axes.set(
    title="Dropout (p = 0.5) helps the large network with noisy labels, harms the small one",
    ylabel="gain in digits read right",
    xticks=range(3),
    xticklabels=CASES,
)
axes.legend()
show(
    "Gains of dropout with their intervals in three cases: above 0 for the large network with noisy "
    "labels, below 0 for the small one."
)
noisy, clean, small = (np.array(gains[name]) for name in CASES)
(up, wide), (down, wider) = interval(noisy[:, 1]), interval(small[:, 0])
assert (
    up - wide > 0 > down + wider
)  # it helps the first in the end, and harms the last even at its best
assert noisy[:, 1].mean() > noisy[:, 0].mean() > 0  # stopping early does part of the same
assert abs(clean[:, 0].mean()) < 0.02  # with no noise to learn it hardly matters

# %% [markdown]
# > **What the notes left out: when.** The note recommends dropout when results are good in training and bad
# > in the test, and that is just right. It is *no* general improvement. Where there is noise to be learned by
# > heart, it helps, and the more so the longer one trains; a good part of that can also be had by stopping
# > early. With clean labels it does not pay here, even for the large network. And where the network is small,
# > half of it is simply missing (your prediction `small_net`).
#
# ## What to take home
#
# - Dropout multiplies each unit by a coin of its own: 0 with probability $p$, else $1/(1-p)$. The mean stays;
#   the variance grows by $\frac p{1-p}\sum x^2w^2$. The way back goes **through the same mask**.
# - In the test there is **no dropout**: with the inverted form nothing needs to be done; with the plain form
#   weights are multiplied by the keep rate $1-p$.
# - The scaled network is the **exact average** of all $2^n$ thinned networks if all is linear; their exact
#   **geometric** average with one sigmoid or softmax on top; a guess that works if it is deeper.
# - Test random code by its **rate, scale, independence and freshness**, not by its draws; and ask a finished
#   network the same question twice.
# - It is a cure for overfitting, with a price: do not take it if you are not ill.
#
# **Now you can** switch units off without changing the mean, test random code by its distribution, and say
# before you try it whether dropout is likely to help.
#
# **Next.** [Chapter 9](ch09_optimizers) looks at the step itself: six ways from a gradient to new weights.
#
# **Sources.** G. E. Hinton, N. Srivastava, A. Krizhevsky, I. Sutskever & R. R. Salakhutdinov, *Improving
# neural networks by preventing co-adaptation of feature detectors*, arXiv:1207.0580, 2012. N. Srivastava, G.
# Hinton, A. Krizhevsky, I. Sutskever & R. Salakhutdinov, *Dropout: A Simple Way to Prevent Neural Networks
# from Overfitting*, JMLR 15, 2014. S. Wager, S. Wang & P. Liang, *Dropout Training as Adaptive
# Regularization*, NeurIPS 2013. P. Baldi & P. Sadowski, *Understanding Dropout*, NeurIPS 2013. I. Goodfellow,
# Y. Bengio & A. Courville, *Deep Learning*, MIT Press 2016, section 7.12. Y. Gal & Z. Ghahramani, *Dropout as
# a Bayesian Approximation*, ICML 2016. D. P. Kingma & J. Ba, *Adam*, ICLR 2015. E. Alpaydin & C. Kaynak,
# *Optical Recognition of Handwritten Digits*, UCI repository, 1998 (CC BY 4.0).
