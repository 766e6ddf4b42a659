# %% [markdown]
# # Preprocessing: which features, and in which units?
#
# Fit a line to five features by gradient descent, and it may take 130,000 steps. Subtract a mean from each
# feature and it takes 1,000; divide by a spread, and 44 are enough; and section 5 has a third trick. Nothing
# about the line has changed, only how the data were written down. This chapter is about writing data down well:
# scaling features, turning them, choosing among them, and all that without looking at the data one will be
# tested on.
#
# **Before you start.** You need to know what gradient descent does ([chapter 2](ch02_backprop)), matrix
# products, and that a symmetric matrix has orthogonal eigenvectors. Labels come in only in section 7.
#
# **What you will have built.** Standardising and min-max scaling, channel means, the covariance matrix,
# principal components with their way back, whitening, two ways to choose features, linear discriminants; and
# out of these parts a reader of handwritten digits.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example by hand, an
# exercise, and an experiment that runs *your* function. Run the cells in order. Boxes titled *What the notes
# got wrong* come from the study notes that this course grew out of: a good mistake teaches more than a smooth
# page.
#
# **Conventions.** Rows are examples: `x` has shape $(N, D)$, and a column is a **feature**. Variances and
# covariances are divided by $N$. Every method has two halves: one *fits*, it looks at the training data and
# returns a few numbers; the other *applies* these numbers to any data.
# What is handed in to a function stays as it was.

# %% tags=["setup"]
import itertools

# %% [markdown]
# ## Before you start: predict
#
# Eight questions. Answer them now, from what you know or guess; the experiments will answer them one after the
# other. (You may correct yourself before you hand in. That is called learning.)

# %% exercise="preprocessing_predictions"

# %% [markdown]
# ## 1. One yardstick for every feature
#
# A doctor's table has a column for height and one for age. Whose case is most like that of a patient of 40 who
# is 1.70 tall? A computer that measures distances answers: it depends on whether you write 1.70 metres or 1700
# millimetres. That should not be so. The **unit** of a feature is an accident, and the cure is to give every
# feature the same one: how many standard deviations is a value from the mean?
#
# $$z_{ik} = \frac{x_{ik} - \mu_k}{s_k}, \qquad \mu_k = \frac1N\sum_i x_{ik}, \qquad
# s_k = \sqrt{\frac1N\sum_i (x_{ik}-\mu_k)^2} .$$
#
# *On paper.* The column $(1, 3)$ has mean 2 and standard deviation 1; it becomes $(-1, 1)$. The column
# $(10, 50)$ has mean 30 and standard deviation 20; it becomes $(-1, 1)$ as well. A column $(4, 4)$ does not
# vary at all: its deviation is 0, and $0/0$ is no number. Give it the divisor 1 instead: it becomes $(0, 0)$,
# which says what there is to say.
#
# Beware of the rounded zero: in floating point the mean of three times 0.1 is not quite 0.1, and so the
# "deviation" of a constant may come out as $10^{-17}$. Dividing by that makes a mess of nothing.

# %% exercise="standardise_fit" component=["PP-02"]

# %% [markdown]
# The second half is short, and yet many get it wrong, because it is tempting to let each batch of data
# standardise itself. Then a value of 3 would mean one thing in the training data and another in the test data.

# %% exercise="standardise" component=["PP-02"]

# %% component=["PP-01", "PP-02", "PP-04"] claim=["C-PP-01"] tags=["experiment"]
rng = np.random.default_rng(0)
turn = np.array([[0.8, -0.6], [0.6, 0.8]])
cloud = [2.0, 0.0] + rng.normal(size=(500, 2)) * [2.5, 0.4] @ turn
mean, std = standardise_fit(cloud)
stages = {
    "as measured": cloud,
    "centred": cloud - mean,
    "standardised": standardise(cloud, mean, std),
}

figure, panels = plt.subplots(1, 3, figsize=(9, 3.2), sharex=True, sharey=True)
for axes, (name, points) in zip(panels, stages.items()):
    axes.plot(*points.T, ".", ms=3, color=BLUE)
    axes.axhline(0, color=GREY, lw=1)
    axes.axvline(0, color=GREY, lw=1)
    axes.set(title=name, xlabel="first feature", aspect="equal")
    middle = np.round(points.mean(axis=0), 3) + 0.0
    print(f"{name:>12}: mean {middle}, spread {points.std(axis=0).round(3)}")
panels[0].set_ylabel("second feature")
show(
    "Three scatter plots of one long, slanting cloud: as measured around (2, 0); centred around the origin; "
    "standardised, equally wide in both directions but still slanting."
)
assert np.allclose(mean, [2, 0], atol=0.3)
assert np.abs(stages["centred"].mean(axis=0)).max() < 1e-12
assert np.abs(stages["standardised"].mean(axis=0)).max() < 1e-12
assert np.allclose(stages["standardised"].std(axis=0), 1, rtol=0, atol=1e-12)

before, after = (np.corrcoef(stages[name].T)[0, 1] for name in ("as measured", "standardised"))
print(f"correlation of the two features: {before:.6f} before, {after:.6f} after")
assert abs(before - after) < 1e-12

# Whom of five is a new patient most like, by height and age: in metres, in millimetres, standardised.
people = np.array([[1.68, 61.0], [1.91, 42.0], [1.52, 35.0], [1.80, 20.0], [1.61, 75.0]])
patient = np.array([[1.70, 40.0]])
nearest = {}
for name, unit in (("metres", 1), ("millimetres", 1000)):
    there, here = people * [unit, 1], patient * [unit, 1]
    yardstick = standardise_fit(there)
    raw = np.linalg.norm(there - here, axis=1).argmin()
    fair = np.linalg.norm(
        standardise(there, *yardstick) - standardise(here, *yardstick), axis=1
    ).argmin()
    nearest[name] = int(raw), int(fair)
    print(f"height in {name:>11}: nearest is person {raw}; standardised, person {fair}")
assert nearest["metres"][0] != nearest["millimetres"][0]
assert nearest["metres"][1] == nearest["millimetres"][1]

# %% [markdown]
# Subtracting moved the cloud, dividing stretched it. It still leans, exactly as much as before (your prediction
# `correlation`): each feature was treated on its own, and what two of them have in common needs a method that
# looks at two at a time. That is section 4.
#
# ## 2. Onto a fixed range
#
# Sometimes a range is wanted: a pixel of a screen lies between 0 and 1, the output of a tanh between $-1$ and
# 1. The map is the one of a ruler: what share of the old range has been covered, and where is that share in
# the new one?
#
# *On paper.* From $[10, 30]$ to $[-1, 1]$: 25 is three quarters of the way, and three quarters of the way from
# $-1$ to 1 is $\tfrac12$. A new value of 50 is at twice the old range, and lands at 3. It is left there:
# cutting it off would hide that the new data differ from the old.
#
# Pixels usually come as `uint8`, whole numbers from 0 to 255 without a sign. In that type $3 - 5$ is 254. NumPy
# does not say a word about it.

# %% exercise="min_max" component=["PP-03"]

# %% component=["PP-03"] claim=["C-PP-02"] erratum=["E94"] tags=["experiment"]
ranged = min_max(cloud, cloud.min(axis=0), cloud.max(axis=0))
print(f"ends {ranged.min(axis=0)} and {ranged.max(axis=0)}, spread {ranged.std(axis=0).round(2)}")
assert (ranged.min(axis=0) == -1).all() and (ranged.max(axis=0) == 1).all()
assert (np.abs(ranged.std(axis=0) - 0.3) < 0.1).all()  # not 1: this is no standardisation
standard = standardise(cloud, mean, std)
assert np.abs(standard).max() > 2.5  # and standardising gives no range

rng = np.random.default_rng(1)
values = rng.random((200, 1))
values[17] = 1000.0  # a typing error
spoilt = min_max(values, values.min(axis=0), values.max(axis=0), 0.0, 1.0)
others = np.delete(spoilt, 17)
print(
    f"after one typing error the 199 others lie between {others.min():.4f} and {others.max():.4f}"
)
assert others.max() < 0.0011

# %% [markdown]
# So the extremes decide alone, and one typing error squeezes everything else into a thousandth of the range
# (your prediction `outlier`). Use min-max scaling where the range is known, like that of pixels, and the
# standard deviation where it is not.
#
# > **What the notes got wrong: two words for two things.** One note calls the map onto $[0, 1]$
# > *standardisation*. It is **normalisation**, or min-max scaling. **Standardising** means mean 0 and standard
# > deviation 1, with no bounds at all. The two are mixed up all the time, in libraries too, so look at what a
# > function does, not at its name: in the cell above the one has bounds and a spread near 0.3, the other a
# > spread of 1 and no bounds.
#
# ## 3. Images: subtract, and mostly leave it at that
#
# All pixels have the same unit already: brightness. So images are **centred** but rarely divided. Two ways to
# centre are common. Subtract the **mean image**, one number for each pixel and colour; or subtract **channel
# means**, one number for red, one for green, one for blue.
#
# *On paper.* An image of $1 \times 2$ pixels in two colours: $(1, 10)$ and $(3, 50)$. The channel means are 2
# and 30. As an array of shape $(1, 1, 2, 2)$ the channels are its last axis (the layout `"NHWC"`); other
# libraries put them second (`"NCHW"`), and then a plain vector of means would be subtracted from the columns of
# the picture. So return a shape that can be subtracted: $(1, 1, 1, C)$ or $(1, C, 1, 1)$.

# %% exercise="channel_mean" component=["PP-09"]

# %% component=["PP-08", "PP-09", "PP-05"] claim=["C-PP-07"] erratum=["E39"] tags=["experiment"]
rng = np.random.default_rng(2)
sky = np.linspace(1, 0, 32)[:, None, None] * [0.1, 0.2, 0.6]  # more blue at the top
photos = np.clip(0.3 + sky + 0.15 * rng.normal(size=(200, 32, 32, 3)), 0, 1)
mean_image = photos.mean(axis=0)
of_channels = channel_mean(photos)
print(f"the mean image has the shape {mean_image.shape}, {mean_image.size} numbers;")
print(f"the channel means have the shape {of_channels.shape}, {of_channels.size} numbers")
assert mean_image.shape == (32, 32, 3) and mean_image.size == 3072
assert of_channels.shape == (1, 1, 1, 3) and of_channels.size == 3
turned = channel_mean(photos.transpose(0, 3, 1, 2), "NCHW")
assert turned.shape == (1, 3, 1, 1) and np.allclose(turned.ravel(), of_channels.ravel())
assert np.allclose(mean_image.mean(axis=(0, 1)), of_channels.ravel())
assert 256 * 256 * 3 == 196_608  # the mean image of a network for ImageNet is not 32 × 32

# %% [markdown]
# (One note says that ImageNet's pictures are centred by a mean image of 32 × 32 × 3. Those are the pictures of
# CIFAR-10; AlexNet subtracted a mean image of its own size, 256 × 256 × 3, and VGG went back to three numbers.)
#
# Now the real thing: 1,797 handwritten digits of $8 \times 8$ pixels. The first 1,200 are for training, the
# rest for the test. Is centring enough? Should one standardise? The judge is a simple reader: it says the class
# whose mean is **nearest**.

# %% component=["PP-05", "PP-08"] tags=["experiment"]
images, digits = load_digits()
TRAIN, TEST = slice(0, 1200), slice(1200, None)


def nearest_mean(train, labels, test):
    """The class whose mean over the training data is nearest to each test example."""
    means = np.array([train[labels == c].mean(axis=0) for c in range(labels.max() + 1)])
    return ((test[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)


def share_read(train, test):
    return np.mean(nearest_mean(train, digits[TRAIN], test) == digits[TEST])


mean, std = standardise_fit(images[TRAIN])
standard_train, standard_test = (standardise(images[part], mean, std) for part in (TRAIN, TEST))
centred_read = share_read(images[TRAIN] - mean, images[TEST] - mean)
standard_read = share_read(standard_train, standard_test)
print(
    f"{np.sum(np.ptp(images[TRAIN], axis=0) == 0)} of 64 pixels never vary; the quietest other has a spread of {std.min():.4f}"
)
print(f"largest standardised test value: {np.abs(standard_test).max():.0f} spreads from the mean")
print(f"digits read right: {centred_read:.3f} centred, {standard_read:.3f} standardised")

figure, panels = plt.subplots(1, 4, figsize=(9, 2.6))
strange = np.unravel_index(np.abs(standard_test).argmax(), standard_test.shape)[0]
pictures = {
    "the mean digit": mean,
    "spread of each pixel": np.where(np.ptp(images[TRAIN], axis=0) == 0, 0, std),
    "a test digit": images[TEST][strange],
    "the same, standardised": standard_test[strange],
}
for axes, (name, picture) in zip(panels, pictures.items()):
    ends = {"cmap": "gray_r"}
    if picture.min() < 0:
        ends = {"cmap": "RdBu_r", "vmin": -np.abs(picture).max(), "vmax": np.abs(picture).max()}
    drawn = axes.imshow(picture.reshape(8, 8), **ends)
    axes.set(title=name, xticks=[], yticks=[])
    figure.colorbar(drawn, ax=axes, shrink=0.7)
show(
    "Four images of 8 by 8 pixels: the mean digit, a blurred blot; the spread of each pixel, small at the left "
    "and right edges; one test digit; and the same one standardised, where a single edge pixel outshines all."
)
assert np.abs(standard_test).max() > 30 and centred_read > standard_read + 0.02

# %% [markdown]
# A pixel at the edge was inked in one or two of 1,200 images. Its spread is tiny, so a speck of ink there counts
# almost fifty spreads, and drowns the digit. Dividing makes a feature *important*; for pixels that hardly ever
# vary that is the wrong thing to do. Hence the practice: centre images, rarely divide.
#
# ## 4. What features have in common
#
# How much do two features vary together? Multiply their deviations and average:
#
# $$\Sigma_{ij} = \frac1N\sum_n (x_{ni} - \bar x_i)(x_{nj} - \bar x_j).$$
#
# On the diagonal are the variances. Off it, positive means that the two grow together, negative that one grows
# as the other falls, 0 that (along a straight line) one says nothing about the other.
#
# *On paper.* The examples $(1, 5), (3, 1), (2, 6)$ have the mean $(2, 4)$ and the deviations $(-1, 1)$,
# $(1, -3)$, $(0, 2)$. So $\Sigma_{11} = (1 + 1 + 0)/3 = \tfrac23$, $\Sigma_{22} = (1 + 9 + 4)/3 = \tfrac{14}3$, and
# $\Sigma_{12} = (-1 - 3 + 0)/3 = -\tfrac43$.

# %% exercise="covariance" component=["PP-06"]

# %% [markdown]
# ### Axes of the cloud's own
#
# Turn the coordinate system, by a matrix $U$ with orthonormal columns, and the covariance becomes
# $U^\top \Sigma\, U$. (Why? $x - \bar x$ becomes $(x - \bar x)U$ in every row; put that into the average.) A
# symmetric matrix has an orthonormal basis of eigenvectors. Take *that* as $U$, and the covariance is
# **diagonal**: the new coordinates have nothing in common. These are the **principal components** (Pearson,
# 1901). Sorted by their variance, the first is the direction in which the cloud is longest, the second is the
# longest at right angles to it, and so on.
#
# There are two ways to find them. `np.linalg.eigh` of the covariance matrix is one. The other is the singular
# value decomposition of the centred data, $X_c = U' S V^\top$: then $\Sigma = V (S^2/N) V^\top$. On paper they are
# the same. In floating point they are not: to square is to lose half of the digits. Beside a spread of 1000,
# one of $10^{-6}$ squares to $10^{-12}$ next to $10^6$, and that is below the rounding of the matrix.
#
# *On paper.* $(8, 7), (2, 7), (5, 8), (5, 6)$ have the mean $(5, 7)$. Along the first axis the deviations are 3
# and $-3$, along the second 1 and $-1$. So the components are the two axes, and the variances
# $(9 + 9)/4 = 4.5$ and $(1 + 1)/4 = 0.5$.
#
# A direction has no sign of its own: $(1, 0)$ and $(-1, 0)$ are the same axis. (The contract picks one, so that
# everybody draws the same pictures; only one point hangs on it.)

# %% exercise="pca_fit" component=["PP-06", "FS-04"]


# %% tags=["given"]
def pca_project(x, mean, components):
    """Coordinates of the data along principal components."""
    return (x - mean) @ components


# %% component=["PP-06", "FS-04"] claim=["C-PP-03"] tags=["experiment"]
mean2, components2, variances2 = pca_fit(cloud)
scores = pca_project(cloud, mean2, components2)
leaning, upright = covariance(cloud), covariance(scores)
print(
    "covariance before:\n",
    leaning.round(3),
    "\nand along the principal axes:\n",
    upright.round(3) + 0.0,
)
assert abs(leaning[0, 1]) > 1 and abs(upright[0, 1]) < 1e-13
assert np.allclose(np.diag(upright), variances2) and not np.allclose(variances2, 1, atol=0.5)
lengths = covariance(pca_project(cloud, mean2, turn.T))  # no other direction varies more
assert lengths.max() <= variances2[0] + 1e-12

small = rng.normal(size=(200, 2)) * [1000, 1e-6] @ turn
by_matrix = np.linalg.eigvalsh(covariance(small))[0]
print(
    f"a variance of about 1e-12 beside one of 1e6: SVD {pca_fit(small)[2][1]:.2e}, eigh {by_matrix:.1e}"
)
assert 0.7e-12 < pca_fit(small)[2][1] < 1.4e-12 and not 0.5e-12 < by_matrix < 2e-12

figure, axes = plt.subplots(figsize=(5, 3.6))
axes.plot(*cloud.T, ".", ms=3, color=GREY)
for direction, variance, colour, style, name in zip(
    components2.T, variances2, (BLUE, ORANGE), ("-", "--"), ("first", "second")
):
    reach = 2 * np.sqrt(variance) * direction
    ends = np.stack([mean2 - reach, mean2 + reach])
    axes.plot(*ends.T, style, color=colour, lw=3, label=f"{name}: variance {variance:.2f}")
axes.set(
    title="The axes of the cloud, two spreads each way", aspect="equal", xlabel="first feature"
)
axes.legend(loc="lower left")
show(
    "The slanting cloud with its two principal axes, at right angles: a long one along the cloud, variance "
    "about 6, and a short one across, variance about 0.16."
)

# %% [markdown]
# ### Eigendigits
#
# An image of $8 \times 8$ pixels is a point in a space of 64 dimensions, and a direction in this space is an
# image again. Here are the first directions of your `pca_fit` on the training digits. Red pixels grow and blue
# ones fall as one walks along.

# %% component=["FS-04", "PP-06"] tags=["experiment"]
mean, components, variances = pca_fit(images[TRAIN])
shares = variances.cumsum() / variances.sum()
figure, panels = plt.subplots(2, 6, figsize=(9, 3.5))
for k, axes in enumerate(panels.flat):
    axes.imshow(components[:, k].reshape(8, 8), cmap="RdBu_r", vmin=-0.4, vmax=0.4)
    axes.set(title=f"{k + 1}: {variances[k] / variances.sum():.1%}", xticks=[], yticks=[])
figure.suptitle("Eigendigits: the first twelve directions, and their shares of the variance")
show(
    "Twelve images in red and blue: the first principal directions of the digits. The first show large blots "
    "such as a ring against a middle stroke, the later ones finer patterns. Shares fall from 14 to 3 per cent."
)
print(
    {f"{goal:.0%} of the variance": int(np.argmax(shares >= goal)) + 1 for goal in (0.5, 0.9, 0.99)}
)
assert np.argmax(shares >= 0.9) + 1 == 21 and np.allclose(components.T @ components, np.eye(64))

# %% [markdown]
# 21 of 64 numbers hold nine tenths of the variance. To see what that means one has to go **back**: from the
# mean, a step along each direction, as long as the coordinate says.
#
# *On paper.* From the mean $(1, 1)$, along the direction $(0.6, 0.8)$, with the coordinate 5:
# $(1, 1) + 5 \cdot (0.6, 0.8) = (4, 5)$.

# %% exercise="pca_reconstruct" component=["PP-06", "FS-02"]

# %% [markdown]
# How much is lost? The coordinates that were left out, squared and averaged: those are the variances along the
# directions that were left out. *Projection error = discarded variance*, exactly.

# %% component=["FS-04", "FS-02"] claim=["C-FS-04"] erratum=["E95"] tags=["experiment"]
for k in (1, 3, 10, 21, 64):
    few = components[:, :k]
    back = pca_reconstruct(pca_project(images[TRAIN], mean, few), mean, few)
    error = np.sum((back - images[TRAIN]) ** 2) / 1200
    print(
        f"{k:2} directions: mean squared error {error:.6f}, discarded variance {variances[k:].sum():.6f}"
    )
    assert abs(error - variances[k:].sum()) < 1e-10
    assert k == 64 or error > 0.01  # so something is lost

some = [images[TEST][np.argmax(digits[TEST] == c)] for c in (3, 5, 8)]
steps = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 25, 30, 40, 50, 64]
figure, panels = plt.subplots(1, 4, figsize=(6, 2))
for axes in panels:
    axes.set(xticks=[], yticks=[])


def draw(frame):
    few = components[:, : steps[frame]]
    for axes, picture in zip(panels, some):
        back = pca_reconstruct(pca_project(picture[None], mean, few), mean, few)
        axes.imshow(back.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    panels[3].clear()
    panels[3].plot(range(1, 65), shares, color=GREY)
    kept = max(steps[frame], 1) - 1
    panels[3].plot(kept + 1, shares[kept] if steps[frame] else 0, "o", color=ORANGE)
    panels[3].set(ylim=(0, 1.05), title="share kept", xticks=[1, 64])
    figure.suptitle(f"{steps[frame]} of 64 directions")


play(
    figure,
    draw,
    len(steps),
    "Three test digits grow out of the mean digit as directions are added: at 10 one can read them, at 64 they "
    "are exact. Beside them a point climbs the curve of the variance kept, steep at first and then flat.",
)

# %% [markdown]
# > **What the notes got wrong: "choosing features loses information", as if projecting did not.** Both lose
# > some. Keep ten directions and a quarter of the variance is gone, for good. The difference is *which* part is
# > lost: a projection loses the directions with least variance, a choice of features loses whatever the dropped
# > features did not share with the kept ones. Section 6 compares the two.
#
# ## 5. Whitening: a round cloud
#
# After the rotation the coordinates are uncorrelated, but each still has its own variance $\lambda_k$. Divide
# each by $\sqrt{\lambda_k}$, and all variances are 1: the covariance is the identity, the cloud is round.
#
# $$Z = X_c\, U\, (\Lambda + \epsilon)^{-1/2} .$$
#
# The $\epsilon$ is for directions without variance, where there is nothing to stretch but noise. A round cloud
# stays round however it is turned, so one may turn it *back* to the original axes: $Z\,U^\top$. This is **ZCA**
# (Bell and Sejnowski, 1997): of all ways to whiten it changes the data least, and a whitened image remains an
# image.
#
# *On paper.* Mean $(1, 1)$, directions $(0.6, 0.8)$ and $(-0.8, 0.6)$, variances 25 and 4. The point $(7, 9)$
# deviates by $(6, 8)$: 10 along the first direction, 0 along the second. Divided by 5 and 2: $(2, 0)$. Turned
# back: $2 \cdot (0.6, 0.8) = (1.2, 1.6)$.

# %% exercise="whiten" component=["PP-07"]

# %% component=["PP-07"] claim=["C-PP-04"] erratum=["E40"] tags=["experiment"]
fitted = pca_fit(cloud)
rotated, white = pca_project(cloud, *fitted[:2]), whiten(cloud, *fitted, 0.0)
zca = whiten(cloud, *fitted, 0.0, True)
for name, points in (("PCA alone", rotated), ("PCA whitening", white), ("ZCA whitening", zca)):
    found = covariance(points)
    off = np.abs(found - np.eye(2)).max()
    print(
        f"{name:>14}: covariance {found.round(3).tolist()}, differs from the identity by {off:.1e}"
    )
assert np.abs(covariance(rotated) - np.diag(fitted[2])).max() < 1e-12  # diagonal ...
assert np.abs(covariance(rotated) - np.eye(2)).max() > 0.5  # ... and not the identity
assert np.allclose(np.linalg.norm(rotated, axis=1), np.linalg.norm(cloud - fitted[0], axis=1))
assert rotated.shape == cloud.shape  # nothing has been compressed, either
for points in (white, zca):
    assert np.abs(covariance(points) - np.eye(2)).max() < 1e-10
assert np.sum((zca - (cloud - fitted[0])) ** 2) < np.sum((white - (cloud - fitted[0])) ** 2)

figure, panels = plt.subplots(1, 4, figsize=(9.4, 2.9), sharex=True, sharey=True)
lucky = cloud[:, 0] > np.quantile(cloud[:, 0], 0.8)
for axes, (name, points) in zip(
    panels,
    (("centred", cloud - fitted[0]), ("PCA", rotated), ("PCA whitening", white), ("ZCA", zca)),
):
    axes.plot(*points[~lucky].T, ".", ms=3, color=BLUE)
    axes.plot(*points[lucky].T, "x", ms=4, color=ORANGE)
    axes.set(title=name, aspect="equal")
show(
    "One cloud four times: centred and slanting; turned level by PCA; round after PCA whitening; round after "
    "ZCA, where the fifth that was rightmost at first (crosses) is on the right again."
)

# %% [markdown]
# > **What the notes got wrong: "after PCA the covariance is the identity".** A rotation changes no lengths. What
# > PCA gives is a *diagonal* covariance, with the variances on it; the identity takes the division by
# > $\sqrt{\lambda}$, and that is whitening. Nor does PCA *compress*: all $D$ coordinates are still there until you
# > drop some.
#
# ### Why photos are not whitened
#
# The covariance matrix of $D$ features has $D^2$ entries. For small colour images, $32 \cdot 32 \cdot 3 =
# 3072$ numbers, that is 9.4 million entries, 75 MB in double precision. For $224 \cdot 224 \cdot 3 = 150{,}528$
# it is 22.7 billion: 181 *giga*bytes (your prediction `memory`). And since whitening makes every direction equally
# loud, the faint ones with the noise become as loud as the strokes. With digits one can see it.

# %% component=["PP-10", "PP-07", "PP-05"] claim=["C-PP-05"] tags=["experiment"]
for side in (8, 32, 224):
    features = side * side * (1 if side == 8 else 3)
    entries = features**2
    print(
        f"{side:3} × {side}: {features:7,} features, {entries:14,} entries, {8 * entries / 1e6:12,.1f} MB"
    )
assert (32 * 32 * 3) ** 2 == 9_437_184 and 8 * 3072**2 == 75_497_472
assert abs((224 * 224 * 3) ** 2 / 2.27e10 - 1) < 0.002 and round(8 * 150_528**2 / 1e9) == 181

fitted = mean, components, variances
figure, panels = plt.subplots(1, 4, figsize=(9, 2.5))
all_white = whiten(images[TEST], *fitted, 1e-8, True)
one = images[TEST][[np.abs(all_white).max(axis=1).argmax()]]
panels[0].imshow(one.reshape(8, 8), cmap="gray_r")
panels[0].set(title="a test digit", xticks=[], yticks=[])
for axes, epsilon in zip(panels[1:], (0.1, 0.001, 1e-8)):
    axes.imshow(whiten(one, *fitted, epsilon, True).reshape(8, 8), cmap="gray_r")
    axes.set(title=f"ZCA, ε = {epsilon:g}", xticks=[], yticks=[])
show(
    "A test digit, and three whitened versions of it: with a large epsilon its outline is sharper; with a tiny one "
    "nothing is left of it but a few specks at the edge."
)
loudest = {e: np.abs(whiten(images[TEST], *fitted, e)).max() for e in (0.1, 0.01, 1e-8)}
print("largest whitened value by ε:", {e: round(float(v), 1) for e, v in loudest.items()})
assert loudest[1e-8] > 10 * loudest[0.1]

# %% [markdown]
# ### What it is good for: steps of gradient descent
#
# Fit a line, $\hat y = x w + b$, by gradient descent on the mean squared error. The error is a bowl, and its
# curvatures are the eigenvalues of a matrix much like $\Sigma$ (with a row for $b$). The rate must not exceed
# $2/\lambda_\text{max}$, or the steepest direction explodes; then the flattest direction shrinks only by the
# factor $1 - \lambda_\text{min}/\lambda_\text{max}$ per step. So the number of steps grows with
# $\kappa = \lambda_\text{max}/\lambda_\text{min}$. Preprocessing makes the bowl rounder: centring takes the large
# common mean out, standardising the different units, whitening the rest.
#
# *On paper.* Two features with variances 100 and 1, both centred: $\kappa = 100$, and along the flat
# direction the distance to the bottom shrinks by 0.99 per step. To a thousandth that takes $\ln 1000/0.01 \approx 690$ steps. Standardised and uncorrelated:
# $\kappa = 1$, and the first step of length $1/\lambda$ lands on the bottom.


# %% component=["PP-04", "PP-02", "PP-07"] claim=["C-PP-06"] tags=["experiment"]
def descent(x, y, tolerance=1e-6, most=200_000):
    """Excess error before each step, as a share of y's variance, from zero at the rate 1/λ."""
    design = np.column_stack([x, np.ones(len(x))])
    curvature = design.T @ design / len(x)
    rate = 1 / np.linalg.eigvalsh(curvature)[-1]
    away = -np.linalg.lstsq(design, y, rcond=None)[0]  # from the best weights
    excess = []
    while len(excess) <= most:
        excess.append(away @ curvature @ away / y.var())
        if excess[-1] <= tolerance:
            break
        away = away - rate * curvature @ away
    return excess, np.linalg.cond(curvature)


def prepared(seed):
    """Five features with means and scales of their own, four ways; and what they explain."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(300, 5)) @ (np.eye(5) + 0.4 * rng.normal(size=(5, 5)))
    x = x * [0.5, 1, 2, 3, 4] + [8, -4, 3, 5, -2]
    y = x @ rng.normal(size=5) + rng.normal(size=300)
    mean, std = standardise_fit(x)
    ways = {"raw": x, "centred": x - mean, "standardised": standardise(x, mean, std)}
    return ways | {"whitened": whiten(x, *pca_fit(x), 0.0)}, y


ways, y = prepared(3)
counts = {}
for (name, x), style in zip(ways.items(), ("-", "--", "-.", "o:")):
    excess, kappa = descent(x, y)
    counts[name] = len(excess) - 1
    plt.loglog(
        np.arange(1, len(excess) + 1),
        np.maximum(excess, 1e-12),
        style,
        label=f"{name}, κ = {kappa:,.0f}",
    )
    print(f"{name:>12}: κ = {kappa:9,.1f}, {counts[name]:7,} steps")
plt.gca().set(
    title="The same line, fitted to the same data",
    xlabel="steps taken, plus one",
    ylabel="excess error / variance of y",
    ylim=(1e-7, 1e3),
)
plt.legend(loc="upper right")
show(
    "Excess error over steps, both axes logarithmic, for four ways to write the data: raw needs over a hundred "
    "thousand steps, centred about a thousand, standardised 44, whitened one."
)
assert (
    counts["raw"] > 50 * counts["centred"] > 500 * counts["standardised"]
    and counts["whitened"] <= 2
)
for seed in (0, 1, 2, 4):  # the order holds for other data, the factors vary
    ways, y = prepared(seed)
    raw, centred, standard, white = (len(descent(x, y)[0]) - 1 for x in ways.values())
    assert raw > 10 * centred > 10 * standard > 10 * white and white <= 2

# %% [markdown]
# **Turn the knob.** Four digits, put together again from their first principal components. How many does it
# take until *you* can read them?

# %%
def from_components(components):
    images = load_digits()[0]
    mean = images.mean(axis=0)
    rows = np.linalg.svd(images - mean, full_matrices=False)[2][:components]
    again = (images[:4] - mean) @ rows.T @ rows + mean
    _, axes = plt.subplots(1, 4, figsize=(6, 1.8))
    for place, image in zip(axes, again):
        place.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        place.set_axis_off()
    return f"The digits 0, 1, 2 and 3 made of {components} of 64 principal components."


with_knobs(from_components, components=[1, 2, 4, 8, 12, 20, 32, 64])

# %% [markdown]
# ## 6. Choosing features
#
# A projection mixes all features into new ones. Sometimes one would rather **choose**: because each feature costs
# money to measure, or because "0.3 height − 0.7 age + …" is hard to explain to a patient. Choosing leaves the
# chosen features exactly as they are.
#
# A simple rule: drop what repeats something. Go through the features in order, and keep one unless it
# correlates too strongly with one that was *kept before*. The sign does not matter: temperature in degrees below
# the boiling point says the same as temperature.
#
# *On paper.* Neighbours $a, b, c$ with $r_{ab} = r_{bc} = 0.87$ and $r_{ac} = 0.5$, threshold 0.7. Keep $a$. Drop
# $b$, because of $a$. Keep $c$: it correlates with $b$, but $b$ is gone.

# %% exercise="select_by_correlation" component=["FS-01"]

# %% component=["FS-01", "FS-03", "FS-02"] claim=["C-FS-01", "C-FS-02"] tags=["experiment"]
rng = np.random.default_rng(4)
hidden = rng.normal(size=(300, 2))
x = np.column_stack([hidden, hidden @ [1.0, 0.2], -3 * hidden[:, 1] + 20]) + 0.1 * rng.normal(
    size=(300, 4)
)
kept = select_by_correlation(x, 0.9)
print("kept columns:", [int(k) for k in kept])
assert list(kept) == [0, 1]
assert (x[:, kept] == x[:, [0, 1]]).all()  # chosen features are unchanged, to the last bit
mean4, components4, _ = pca_fit(x)
first = pca_project(x, mean4, components4[:, :1])
distances = np.abs(x - mean4 - first).max(axis=0)
print(
    "largest difference of the first component's scores from each centred feature:",
    distances.round(2),
)
assert (distances > 0.4).all()  # a new feature; none of the old ones

# %% [markdown]
# ### A measure that suits both
#
# How much of all features can be read off the few that are left, be they chosen or projected? Guess all of $x$
# from $z$, linearly and as well as possible, and see what share of the variance the guess gets right:
#
# $$1 - \frac{\min_W \sum \lVert x - zW\rVert^2}{\sum \lVert x\rVert^2} \qquad\text{(both centred).}$$
#
# *On paper.* $x = (\pm3, \pm1)$, all four combinations. The variances are 9 and 1, and the features are
# uncorrelated. Keep the first: it tells itself and nothing else, 9 of 10. Keep their sum? It correlates with both,
# and tells 0.82: less than the first alone. (Work it out: the sum has the variance 10, and the covariances 9 and 1.)

# %% exercise="explained_share" component=["FS-02"]

# %% [markdown]
# With that, the best choice of $d$ features can be found by trying all choices. There are $\binom{D}{d}$: 28
# pairs of 8 features, but already $10^{13}$ choices of 20 out of 50. That is why people use short cuts, such as
# taking the best feature first, then its best partner, and so on. They can miss the best team.

# %% exercise="best_subset" component=["FS-03", "FS-01"]

# %% component=["FS-03", "FS-01", "FS-04"] claim=["C-FS-03"] erratum=["E95"] tags=["experiment"]
sizes = (1, 2, 3, 4)
for seed in range(3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(400, 3)) @ rng.normal(size=(3, 8)) + 0.3 * rng.normal(size=(400, 8))
    x = x - x.mean(axis=0)
    _, axes8, variances8 = pca_fit(x)
    chosen = [explained_share(x, x[:, best_subset(x, d)]) for d in sizes]
    projected = [explained_share(x, x @ axes8[:, :d]) for d in sizes]
    print(f"seed {seed}: PCA {np.round(projected, 3)}, best choice {np.round(chosen, 3)}")
    assert all(p >= c - 1e-12 for p, c in zip(projected, chosen))
    assert np.allclose(projected, variances8.cumsum()[:4] / variances8.sum())
    assert max(projected[:3]) < 0.99  # both lose something
bars = np.arange(4)
plt.bar(bars - 0.2, projected, 0.4, color=BLUE, label="PCA")
plt.bar(bars + 0.2, chosen, 0.4, color=ORANGE, hatch="//", label="best choice of features")
plt.xticks(bars, sizes)
plt.gca().set(
    title="Eight features with three hidden causes",
    xlabel="how many numbers are kept",
    ylabel="share explained",
    ylim=(0, 1.2),
)
plt.legend(loc="upper left", ncols=2)
show(
    "Bars for one to four numbers kept: PCA explains a little more than the best choice of as many features each "
    "time; both climb from about a half to nearly all at three."
)

# %% [markdown]
# PCA is never worse (no projection beats it at this measure, and a choice *is* a projection), but the lead is
# small here, and the chosen features can still be read.
#
# ## 7. With labels: which directions tell classes apart?
#
# PCA never sees a label. Two long, thin clouds side by side, one per class: the direction of largest variance runs
# along both, and along it they are perfectly mixed. What we want is a direction in which the classes lie far
# apart *compared with how wide they are* (Fisher, 1936). So take the scatter apart:
#
# $$S_w = \sum_c\sum_{i\in c}(x_i - m_c)(x_i - m_c)^\top, \qquad S_b = \sum_c N_c\,(m_c - m)(m_c - m)^\top .$$
#
# *Within*: how the examples lie around the means of their classes. *Between*: how these means lie around the mean of
# all, each counting for its $N_c$ examples. Together they are the scatter of everything.
#
# *On paper.* Class A: 0, 2. Class B: 3, 5, 7. The means are 1, 5 and, of all, 3.4. Within: $1 + 1 + 4 + 0 + 4 = 10$.
# Between: $2 \cdot 2.4^2 + 3 \cdot 1.6^2 = 19.2$. In total 29.2, and that is what the five numbers around 3.4 give.

# %% exercise="scatter" component=["FS-05"]

# %% [markdown]
# Along a direction $w$ the two are $w^\top S_w w$ and $w^\top S_b w$; we want their ratio large. If $S_w$ were the
# identity, we would just take the main axes of $S_b$. So *make* it the identity: whiten, with respect to $S_w$. In
# these coordinates the classes are round, and PCA of the class means gives the answer. Then carry the directions
# back. This is **linear discriminant analysis**, LDA: two tools that you own already, in a row.
#
# *On paper.* $S_w = \mathrm{diag}(4, 1)$ and $S_b = \mathrm{diag}(8, 3)$. Along $x$ the ratio is $8/4 = 2$, along $y$
# it is $3/1 = 3$. So $y$ separates better, although the means are further apart along $x$.

# %% exercise="discriminants" component=["FS-05"]

# %% [markdown]
# For two classes $S_b$ has a single direction, $m_1 - m_0$, and the result is Fisher's formula
# $w \propto S_w^{-1}(m_1 - m_0)$.


# %% component=["FS-05", "FS-02"] claim=["C-FS-05"] erratum=["E101"] tags=["experiment"]
def fisher_criterion(z, labels):
    """(m₁ − m₀)² over the sum of the variances of the two classes."""
    a, b = z[labels == 0], z[labels == 1]
    return (b.mean() - a.mean()) ** 2 / (a.var() + b.var())


def two_clouds(rng, n=400):
    labels = np.arange(n) % 2
    x = rng.normal(size=(n, 2)) * [8, 0.5] + np.outer(labels, [0, 2])
    return x @ np.array([[0.8, 0.6], [-0.6, 0.8]]), labels


def read_along(direction, x, labels, new):
    """The class whose mean is nearer, along a direction."""
    z, means = new @ direction, [np.mean(x[labels == c] @ direction) for c in (0, 1)]
    return (np.abs(z - means[1]) < np.abs(z - means[0])).astype(int)


found = {"LDA": [], "PCA": []}
for seed in range(5):
    rng = np.random.default_rng(seed)
    (x, labels), (new, truth) = two_clouds(rng), two_clouds(rng)
    within, between = scatter(x, labels)
    w, _ = discriminants(within, between, 1)
    difference = x[labels == 1].mean(axis=0) - x[labels == 0].mean(axis=0)
    fisher = np.linalg.solve(within, difference)
    assert abs(fisher @ w[:, 0]) / np.linalg.norm(fisher) / np.linalg.norm(w) > 1 - 1e-9
    for name, direction in (("LDA", w[:, 0]), ("PCA", pca_fit(x)[1][:, 0])):
        right = np.mean(read_along(direction, x, labels, new) == truth)
        found[name].append((right, fisher_criterion(x @ direction, labels)))
    shuffled = rng.permutation(labels)  # PCA does not notice; LDA does
    w_of_noise, _ = discriminants(*scatter(x, shuffled), 1)
    assert fisher_criterion(x @ w_of_noise[:, 0], labels) < 0.99 * found["LDA"][-1][1]
for name, runs in found.items():
    right, criterion = np.transpose(runs)
    print(
        f"{name}: {right.min():.3f} to {right.max():.3f} right, Fisher's ratio {criterion.min():.4f} to {criterion.max():.4f}"
    )
assert all(right > 0.95 and 5 < ratio < 11 for right, ratio in found["LDA"])
assert all(0.4 < right < 0.6 and ratio < 0.1 for right, ratio in found["PCA"])

figure, panels = plt.subplots(1, 3, figsize=(9.4, 3), width_ratios=(1.2, 1, 1))
directions = (("PCA", pca_fit(x)[1][:, 0]), ("LDA", w[:, 0] / np.linalg.norm(w)))
for label, colour, mark in ((0, BLUE, "."), (1, ORANGE, "x")):
    panels[0].plot(*x[labels == label].T, mark, ms=4, color=colour, label=f"class {label}")
    for axes, (name, direction) in zip(panels[1:], directions):
        bins = np.linspace(*np.quantile(x @ direction, [0, 1]), 40)
        axes.hist(
            x[labels == label] @ direction, bins, color=colour, alpha=0.6, hatch=["", "//"][label]
        )
        axes.set(title=f"seen along {name}'s direction", yticks=[])
panels[0].set(title="Two long clouds side by side", aspect="equal")
panels[0].legend(loc="upper left")
show(
    "Left, two long thin slanting clouds side by side. Middle, their histograms along the first principal "
    "component lie on top of each other. Right, along the discriminant direction they are apart."
)

# %% [markdown]
# > **What the notes got wrong: LDA as "another PCA".** The note lists the two side by side as ways to reduce
# > dimensions, and does not say what divides them: **LDA needs labels**, PCA does not. Shuffle the labels, and PCA
# > gives the same directions as before, while those of LDA change (the cell above asserts it). So LDA can only be
# > fitted on labelled *training* data, and like everything that sees labels it can overfit.
#
# How many directions are there? $C$ class means span at most $C - 1$ dimensions around their common mean. Hence
# $S_b$ has the rank $C - 1$, and only so many directions have a ratio above 0.

# %% component=["FS-05"] claim=["C-FS-06"] tags=["experiment"]
rng = np.random.default_rng(6)
labels = np.arange(90) % 3
x = rng.normal(size=(90, 5)) + 3 * rng.normal(size=(3, 5))[labels]
within, between = scatter(x, labels)
ratios = discriminants(within, between, 5)[1]
print("three classes in five dimensions: ratios", np.abs(ratios).round(4))
assert np.linalg.matrix_rank(between) == 2
assert ratios[1] > 0.01 and np.abs(ratios[2:]).max() < 1e-10

# %% [markdown]
# ### The flowers it was made for
#
# Fisher's own example, from 1936: 150 irises of three species, 50 of each. Four numbers per flower: the length and
# width of a sepal (the outer leaf) and of a petal, in centimetres. To tell *setosa* from *versicolor* he worked out, by
# hand, what to multiply them with. His paper prints
#
# $$\text{sepal length} + 5.9037 \cdot \text{sepal width} - 7.1299 \cdot \text{petal length} - 10.1036 \cdot
# \text{petal width}.$$
#
# Let us see whether yours says the same. And then all three species, on a plane.

# %% component=["FS-05", "FS-02", "FS-03"] tags=["experiment"]
from autograder.data import load_iris

flowers, species = load_iris()
first_two = species < 2
w, _ = discriminants(*scatter(flowers[first_two], species[first_two]), 1)
yours = w[:, 0] / w[0, 0]
print("setosa against versicolor:", yours.round(4))
assert np.allclose(yours, [1, 5.9037, -7.1299, -10.1036], rtol=2e-5)  # what Fisher printed

w, _ = discriminants(*scatter(flowers, species), 2)
mean_flower, axes4, _ = pca_fit(flowers)
petal_length = best_subset(flowers - mean_flower, 1)
planes = {
    "PCA, without labels": pca_project(flowers, mean_flower, axes4[:, :2]),
    "LDA, with labels": flowers @ w,
}
right = {name: np.sum(nearest_mean(z, species, z) == species) for name, z in planes.items()}
print("read by the nearest mean, of 150:", {name: int(count) for name, count in right.items()})
assert right["LDA, with labels"] == 147 > right["PCA, without labels"]
assert list(petal_length) == [2]  # best_subset never saw a species

figure, panels = plt.subplots(2, 1, figsize=(7.5, 6))
looks = (("setosa", BLUE, "o"), ("versicolor", ORANGE, "x"), ("virginica", GREEN, "^"))
for axes, (name, z) in zip(panels, planes.items()):
    for c, (label, colour, mark) in enumerate(looks):
        axes.plot(*z[species == c].T, mark, ms=4, color=colour, label=label)
    axes.set(title=f"{name}: {right[name]} of 150", ylabel="second direction", aspect="equal")
panels[0].legend(loc="upper center")
panels[1].set_xlabel("first direction")
show(
    "The 150 irises on two planes. On both, setosa stands alone, and versicolor and virginica touch. On PCA's plane "
    "these two are long slanting clouds that run into each other; on LDA's all three are rounder."
)

# %% [markdown]
# Each number is his, to one unit of the last place, and he had nothing but a calculating machine.
#
# And `best_subset`, which never heard of species? If only one number could be measured, it would keep the length of the
# petal. With these flowers the direction of most variance happens to be one that tells them apart. The long clouds
# before show that one cannot count on that.
#
# ### Ten digits on a plane
#
# Both methods can put 64 dimensions on a sheet of paper. For PCA, the two directions of largest variance. For
# LDA there is a snag: three pixels never vary, so $S_w$ has no inverse. The cure is a common one: PCA first, keep
# forty directions, then LDA among these. Both are fitted on the training digits; what you see are *test* digits.

# %% component=["FS-05", "FS-04", "FS-02"] tags=["experiment"]
forty = components[:, :40]
assert np.linalg.matrix_rank(scatter(images[TRAIN], digits[TRAIN])[0]) < 64
scores_train, scores_test = (pca_project(images[part], mean, forty) for part in (TRAIN, TEST))
w, ratios = discriminants(*scatter(scores_train, digits[TRAIN]), 9)
planes = {
    "PCA: the most variance": (scores_train[:, :2], scores_test[:, :2]),
    "LDA: the classes apart": (scores_train @ w[:, :2], scores_test @ w[:, :2]),
}
figure, panels = plt.subplots(1, 2, figsize=(9.6, 4.6))
palette = [BLUE, ORANGE, GREEN, PURPLE, SKY, GREY, "black", "#8c510a", "#b2182b", "#4d4d9f"]
read = {}
for axes, (name, (train, test)) in zip(panels, planes.items()):
    for c in range(10):
        points = test[digits[TEST] == c]
        axes.plot(*points.T, ls="", marker=f"${c}$", ms=6, color=palette[c], alpha=0.8)
    read[name[:3]] = share_read(train, test)
    axes.set(title=f"{name}\n{read[name[:3]]:.0%} read by the nearest mean", xticks=[], yticks=[])
show(
    "Test digits as points, drawn as the digit they are, on two planes. On PCA's plane the classes overlap "
    "widely in the middle; on LDA's plane some form groups of their own, such as 0, 4 and 6."
)
print({name: round(float(share), 3) for name, share in read.items()})
assert read["LDA"] > read["PCA"] + 0.05

# %% [markdown]
# ## 8. Leaks
#
# A test is worth something only if the test data had no say in the training. In preprocessing they get a say so
# easily that whole papers have fallen for it: means and spreads "of the data set", taken before it was split;
# features selected with all labels in view; each part standardised by itself.
#
# The last one is easy to see. Let the test digits arrive sorted, first all zeros, then all ones, and standardise
# each delivery *by its own statistics*.

# %% component=["PP-02"] tags=["experiment"]
right = {"training statistics": 0, "their own statistics": 0}
for c in range(10):
    delivered = images[TEST][digits[TEST] == c]
    for name, yardstick in (
        ("training statistics", standardise_fit(images[TRAIN])),
        ("their own statistics", standardise_fit(delivered)),
    ):
        said = nearest_mean(standard_train, digits[TRAIN], standardise(delivered, *yardstick))
        right[name] += np.sum(said == c)
for name, count in right.items():
    print(f"deliveries standardised by {name:>20}: {count / 597:.3f} read right")
assert right["training statistics"] > 0.8 * 597 and right["their own statistics"] < 0.25 * 597

# %% [markdown]
# Of course: a delivery of eights, minus the mean of eights, is a delivery of noise.
#
# A leak that makes results *better* is more dangerous, because nobody goes looking. Here is the classic (it is in
# Hastie, Tibshirani and Friedman's book, and has been published many times as a discovery). There are 50 patients
# with 5,000 measurements each, all random, and labels thrown with a coin: nothing can be predicted. Select the 20
# features that correlate best with the labels, then cross-validate a nearest-mean classifier in five folds.
#
# The planted bug is a single word: *where* the selection happens.


# %% component=["FS-01"] tags=["experiment"]
def cross_validated(x, labels, select_on_all, folds=5, wanted=20):
    fold_of, right = np.arange(len(x)) % folds, 0
    for k in range(folds):
        train, test = fold_of != k, fold_of == k
        seen = np.ones(len(x), bool) if select_on_all else train  # the bug, when it is on
        z = standardise(x[seen], *standardise_fit(x[seen]))
        relevance = np.abs(z.T @ (labels[seen] - labels[seen].mean()))
        chosen = np.argsort(-relevance)[:wanted]
        means = [x[train & (labels == c)][:, chosen].mean(axis=0) for c in (0, 1)]
        far = [np.sum((x[test][:, chosen] - m) ** 2, axis=1) for m in means]
        right += np.sum((far[1] < far[0]) == labels[test])
    return right / len(x)


leaky, honest = [], []
for seed in range(8):
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(size=(50, 5000)), rng.permutation(np.arange(50) % 2)
    leaky.append(cross_validated(x, labels, True))
    honest.append(cross_validated(x, labels, False))
print(f"selected on all the data:       {min(leaky):.0%} to {max(leaky):.0%} right")
print(
    f"selected inside the folds:      {min(honest):.0%} to {max(honest):.0%} right, on average {np.mean(honest):.0%}"
)
assert min(leaky) > 0.9 and 0.35 < np.mean(honest) < 0.65

# %% [markdown]
# More than nine in ten, out of pure noise (your prediction `at_random`). The held-out labels had their say before
# they were held out. The rule that prevents all of this: **split first; whatever is fitted, is fitted inside the
# training part**, and in cross-validation anew in each fold.
#
# ### Bug hunt
#
# Seven colleagues standardise a training and a test part, and all say that nothing leaks. Six are wrong: some let
# the test data have a say, some do other silly things. They agree on lazy inputs. Write data on which each of the
# six gives itself away.

# %% tags=["given"] module="suspects"

# %% exercise="preprocessing_bug_hunt"

# %% [markdown]
# The inputs of a hunt make a good test for your own code as well. How many of the seven do yours convict?


# %% tags=["experiment"]
def without_peeking(train, test):
    yardstick = standardise_fit(train)
    return standardise(train, *yardstick), standardise(test, *yardstick)


convicted = set()
for parts in preprocessing_bug_hunt():
    train, test = (np.asarray(part, float) for part in parts)
    for suspect in (suspect_a, suspect_b, suspect_c, suspect_d, suspect_e, suspect_f, suspect_g):
        with np.errstate(all="ignore"):
            pairs = zip(suspect(train, test), without_peeking(train, test))
            if not all(np.allclose(said, right, rtol=1e-5) for said, right in pairs):
                convicted.add(suspect.__name__[-1])
print("convicted:", ", ".join(sorted(convicted)))
assert len(convicted) <= 6  # one is innocent, and so is your code

# %% [markdown]
# ## 9. Capstone: a reader out of your own parts
#
# Put it together: centre, project, discriminate, and take the nearest mean. All is fitted on 1,200 digits and
# judged on 597 others. Each way of preparing the data is a line; the reader is the same simple one in all.

# %% component=["PP-05", "PP-07", "FS-02", "FS-05"] tags=["experiment"]
ways = {
    "pixels, centred": (images[TRAIN] - mean, images[TEST] - mean),
    "pixels, standardised": (standard_train, standard_test),
    "PCA, 10 numbers": (scores_train[:, :10], scores_test[:, :10]),
    "PCA, 40 numbers": (scores_train, scores_test),
    "whitened, ε = 0.01": tuple(whiten(images[part], *fitted, 0.01) for part in (TRAIN, TEST)),
    "PCA + LDA, 2 numbers": (scores_train @ w[:, :2], scores_test @ w[:, :2]),
    "PCA + LDA, 9 numbers": (scores_train @ w, scores_test @ w),
}
shares_read = {name: share_read(*parts) for name, parts in ways.items()}
figure, axes = plt.subplots(figsize=(7, 3.4))
names = list(ways)[::-1]
bars = axes.barh(
    names,
    [shares_read[name] for name in names],
    color=[GREEN if "LDA" in n else BLUE for n in names],
)
axes.bar_label(bars, fmt="%.3f", padding=3)
axes.set(
    title="One simple reader, seven ways to prepare its digits",
    xlabel="test digits read right",
    xlim=(0, 1.1),
)
show(
    "Seven bars: the nearest-mean reader gets 0.88 of the test digits right from centred pixels, a little less "
    "from standardised ones, 0.90 from nine LDA numbers, and about 0.65 from two."
)
assert shares_read["PCA + LDA, 9 numbers"] > shares_read["pixels, centred"] + 0.01
assert shares_read["PCA, 10 numbers"] > shares_read["pixels, centred"] - 0.02
assert shares_read["pixels, standardised"] < shares_read["pixels, centred"]

# %% [markdown]
# Nine numbers per digit, and the simplest reader there is gets nine of ten right, better than from all 64 pixels.
# Ten numbers of PCA, without a single label, are nearly as good as the 64. And dividing each pixel by its spread made it
# worse. None of this is a law: with other data the order changes. *Try it* is the law; and *try it on data that had
# no say*.
#
# ## What to take home
#
# - **Standardise** features with different units (mean 0, spread 1); **min-max** only where the range is known: one
#   outlier decides it. Images: **centre**, and mostly leave it at that.
# - Every method **fits** on the training data and **applies** to everything. New data may lie outside of the range.
# - **PCA** turns the axes so that the covariance is diagonal; what is lost by dropping directions is exactly their
#   variance. Take the SVD: squaring loses half of the digits.
# - **Whitening** divides by the root of each variance as well: the covariance is the identity, gradient descent
#   needs one step, and noise becomes as loud as the rest.
# - **Choosing** keeps features readable, **projecting** explains more with as many numbers; both lose something.
# - **LDA** needs labels: whiten what is within the classes, then PCA of their means; $C - 1$ directions at most.
# - **Split first.** Selecting features before splitting finds patterns in pure noise.
#
# **Now you can** bring features to one scale without letting the test data peek, find and read the main axes of a
# data set, say what a projection costs, choose features honestly, and separate classes on a plane.
#
# **Next.** [Chapter 5](ch05_initialization) does for the *weights* what this chapter did for the inputs: which size
# should they have when the training begins?
#
# **Sources.** K. Pearson, *On Lines and Planes of Closest Fit*, Philosophical Magazine 2, 1901. R. A. Fisher, *The
# Use of Multiple Measurements in Taxonomic Problems*, Annals of Eugenics 7, 1936. A. J. Bell & T. J. Sejnowski, *The
# "Independent Components" of Natural Scenes Are Edge Filters*, Vision Research 37, 1997. Y. LeCun, L. Bottou, G. B.
# Orr & K.-R. Müller, *Efficient BackProp*, 1998. I. Guyon & A. Elisseeff, *An Introduction to Variable and Feature
# Selection*, JMLR 3, 2003. T. Hastie, R. Tibshirani & J. Friedman, *The Elements of Statistical Learning*, 2009,
# section 7.10. C. Ambroise & G. J. McLachlan, *Selection bias in gene extraction*, PNAS 99, 2002. A. Krizhevsky, I.
# Sutskever & G. E. Hinton, *ImageNet Classification with Deep Convolutional Neural Networks*, NIPS 2012. K. Simonyan
# & A. Zisserman, *Very Deep Convolutional Networks*, ICLR 2015. Stanford CS231n, *Convolutional Neural Networks for
# Visual Recognition*, 2016. E. Alpaydin & C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI repository,
# 1998 (CC BY 4.0).
