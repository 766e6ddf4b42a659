# %% [markdown]
# # Transfer: what one task teaches another
#
# A hundred examples are not many. A network that has to find out from them what to look at, and what follows
# from it, is right in 53 of 100 new cases. The same network, having first been trained on *another* task that
# looks for the same things, is right in 80. It has not seen one more example of ours. This chapter is about
# such head starts: how to take them, how to prove that they are real, and when they are none.
#
# **Before you start.** You have sent errors back through a network ([chapter 2](ch02_backprop)), and seen what
# too small weights do to deep ones ([chapter 5](ch05_initialization)). What is needed of probability is said.
#
# **What you will have built.** Fine-tuning with any number of frozen layers, a control that shows whether
# anything was learned, a fair test with few examples, and layers that are trained without a single label.
#
# **How to work.** Have paper and a pencil next to you. Each section gives a reason, an example you can do by
# hand, an exercise, and an experiment that runs *your* function. Run the cells in order.
#
# Boxes titled *What the notes got wrong* come from the five public study notes that this course grew out of: a
# good mistake teaches more than a smooth page.
#
# **Conventions.** A classifier is a list of `weights` (n_in, n_out) and a list of `biases` (n_out,). All layers
# are sigmoid layers but the last, the **head**, whose scores go into softmax. Rows of `x` are examples.
# What is handed in to a function stays as it was.

# %% tags=["setup"]
import functools
from collections.abc import Callable


# %% tags=["given"] given="softmax_cross_entropy"
def sigmoid(z):
    """1 / (1 + exp(−z)); only exp(−|z|) is computed, which cannot overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


# %% tags=["given"] given="layer_gradients"
# The gradients of one layer's weights and biases, from its inputs and the error of its sums (chapter 2).

# %% [markdown]
# ## Before you start: predict
#
# Ten questions. Answer them *now*, from what you know or guess. The experiments will answer them one after the
# other, and you may correct yourself before you hand in.

# %% exercise="transfer_predictions" component=["TR-04"]

# %% [markdown]
# ## 1. A network is a view of the world, and a question
#
# Cut a trained classifier in two. What lies below the head turns inputs into **features**. The head asks one
# question about these: which class? The layers below do not know which question comes. So one can keep them,
# throw the head away, and ask another question.
#
# The lower layers, with their weights fixed, are called **frozen**. As they do not change, what they make of an
# example does not change either: compute it once, and learn from it as often as you like.
#
# *On paper.* An input $1$, a layer with weights $(\ln 3, 0)$ and biases 0: the sums are $\ln 3$ and 0, the
# features $\sigma(\ln 3) = \tfrac34$ and $\tfrac12$. A second layer with weights $(4, -6)$ and bias $\ln 3$
# gets $4 \cdot \tfrac34 - 6 \cdot \tfrac12 + \ln 3 = \ln 3$, and says $\tfrac34$.

# %% exercise="frozen_features" component=["TR-02", "TR-06"]

# %% [markdown]
# What is a layer good for? Here are two rings, one inside the other. No straight line separates them. A layer
# of six units, trained with a head on just that task, *moves* the points: seen through it, a straight line does.
# The head is a simple model, and can be one because the layers below have done the work. That is what
# **representation learning** means. First the question that the head asks, and how its answer is read off.

# %% exercise="classify" component=["TR-02"]

# %% [markdown]
# ## 2. Up, and back down
#
# Learning needs slopes. You have written them for networks of sigmoid units with squared errors; here the head
# is linear, with softmax on top, and that makes the beginning of the way back easier:
# `softmax_cross_entropy` hands you the error of the scores, $\delta = (p - y)/N$. From there on it is chapter 2
# again: `layer_gradients` for each layer, and between two layers
#
# $$\delta \leftarrow (\delta W^\top)\; a\,(1 - a).$$
#
# *On paper.* A hidden unit says $a = \tfrac34$. The head has weights $(1, 3)$ and, by its biases, $p =
# (\tfrac12, \tfrac12)$. The example is of class 0: $\delta = (-\tfrac12, \tfrac12)$. What comes down to the unit
# is $-\tfrac12 \cdot 1 + \tfrac12 \cdot 3 = 1$, times the slope $\tfrac34 \cdot \tfrac14$: its error is
# $\tfrac3{16}$.

# %% exercise="classifier_gradients" component=["TR-03"]

# %% [markdown]
# Now the step. Of $L$ layers the upper `trained` learn. All below are a feature extractor, for which you have a
# function; those that learn are a small classifier of its features, for which you have another.

# %% exercise="fine_tune_step" component=["TR-03"]

# %% component=["TR-06", "TR-03"] tags=["experiment"]
rng = np.random.default_rng(1)
angle, ring = rng.uniform(0, 2 * np.pi, 240), np.arange(240) % 2
points = (0.7 + 1.1 * ring + 0.12 * rng.normal(size=240))[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
weights, biases = [2 * rng.normal(size=(2, 6)), 0.1 * rng.normal(size=(6, 2))], [np.zeros(6), np.zeros(2)]
for _ in range(1500):
    weights, biases = fine_tune_step(points, ring, weights, biases, 2, 2.0)
seen = frozen_features(points, weights[:1], biases[:1])

bare = [np.zeros((2, 2))], [np.zeros(2)]
for _ in range(500):
    bare = fine_tune_step(points, ring, *bare, 1, 1.0)
share = {"on the points": np.mean(classify(points, *bare) == ring)}
share["on the features"] = np.mean(classify(points, weights, biases) == ring)
print("a linear head is right ", {name: f"{value:.1%}" for name, value in share.items()})
assert share["on the points"] < 0.7 and share["on the features"] > 0.98

across = seen @ (weights[1][:, 1] - weights[1][:, 0]) + biases[1][1] - biases[1][0]  # the head's own direction
spread = np.linalg.svd(seen - seen.mean(axis=0), full_matrices=False)[2][0]
figure, axes = plt.subplots(1, 2, figsize=(8, 3.6))
for k, (colour, mark, name) in enumerate([(BLUE, "o", "inner ring"), (ORANGE, "^", "outer ring")]):
    axes[0].plot(*points[ring == k].T, mark, color=colour, ms=4, label=name)
    axes[1].plot(across[ring == k], (seen @ spread)[ring == k], mark, color=colour, ms=4, label=name)
axes[1].axvline(0, color=GREY, ls="--")
axes[0].set(title="As they come", aspect="equal", xlabel="x", ylabel="y")
axes[1].set(title="As the head sees them", xlabel="score for the outer ring", ylabel="another direction")
axes[1].legend(*axes[0].get_legend_handles_labels(), loc="upper left", fontsize=8)
show(
    "Left, two rings of points, one inside the other. Right, the same points through the hidden layer: the inner "
    "ring lies left of a dashed straight line, the outer ring right of it."
)

# %% [markdown]
# Frozen means frozen: to the last bit. It does *not* mean that the slopes there are zero. The loss would still
# fall if these weights moved. One has decided not to use it.

# %% component=["TR-03", "TR-02"] claim=["C-TR-04"] tags=["experiment"]
rng = np.random.default_rng(2)
sizes = [4, 6, 5, 3]
weights = [rng.normal(size=pair) for pair in zip(sizes, sizes[1:])]
biases = [rng.normal(size=n) for n in sizes[1:]]
x, labels = rng.normal(size=(30, 4)), rng.integers(3, size=30)
for trained in (1, 2):
    after, offsets = weights, biases
    for _ in range(100):
        after, offsets = fine_tune_step(x, labels, after, offsets, trained, 0.5)
    kept = [np.array_equal(new, old) for new, old in zip(after, weights)]
    print(f"{trained} of 3 layers learn: unchanged after 100 steps {kept}")
    assert kept == [True] * (3 - trained) + [False] * trained
    assert all(np.array_equal(new, old) for new, old in zip(offsets[: 3 - trained], biases))
slopes = classifier_gradients(x, labels, weights, biases)[1]
print("largest slope of each layer:", [f"{np.abs(dW).max():.3f}" for dW in slopes])
assert all(np.abs(dW).max() > 1e-3 for dW in slopes)

# %% [markdown]
# ## 3. A new head, and a fair test
#
# The new task has classes of its own, so it gets a head of its own. What should that say before it has seen an
# example? As little as possible: with weights near 0 all $C$ classes are equally probable, and the loss is
# $\ln C$, for five classes $1.61$. With large weights it would be sure of nonsense, and would spend its first
# steps on unlearning that; worse, if the layers below may learn, they would be dragged along.
#
# All zeros would do for a head alone. But the error that a head sends *down* goes through its weights: below a
# head of zeros nothing learns in the first step. Small and random is both.

# %% exercise="new_head" component=["TR-02"]

# %% [markdown]
# With few examples everything hangs on *which* ones. Draw ten from five classes, and in four cases of ten one
# class is missing altogether. So draw class by class; leave the others, all of them, for the test; and never
# test on what was learned from. (Nor on what was *pre*trained on. A model that has read the whole internet has
# read your test, too.)
#
# *On paper.* In how many ways can one choose 2 of 5 examples of one class and 2 of 4 of another? $10 \cdot 6 =
# 60$. Each has to be equally probable.

# %% exercise="few_per_class" component=["TR-04"]

# %% [markdown]
# Now the whole manoeuvre: take the network of the old task, exchange its head, train as many layers as you dare.

# %% exercise="adapt" component=["TR-01", "TR-03"]

# %% component=["TR-01", "TR-02"] tags=["experiment"]
rng = np.random.default_rng(3)
labels = np.tile(np.arange(5), 20)
losses = {}
for spread in (0.01, 3.0):
    W, b = new_head(40, 5, np.random.default_rng(0))
    W = W * spread / 0.01
    losses[spread] = classifier_gradients(rng.random((100, 40)), labels, [W], [b])[0]
    print(f"a new head with weights of size {spread}: first loss {losses[spread]:.2f}; ln 5 = {np.log(5):.2f}")
assert abs(losses[0.01] - np.log(5)) < 0.05 and losses[3.0] > 4 * np.log(5)

missing = np.mean([len(set(rng.permutation(labels)[:10])) < 5 for _ in range(4000)])
print(f"ten drawn from all: a class is missing in {missing:.0%} of 4,000 cases")
assert 0.3 < missing < 0.6
chosen, rest = few_per_class(labels, 2, rng)
assert sorted([*chosen, *rest]) == list(range(100)) and set(labels[chosen]) == set(range(5))

# %% [markdown]
# **Turn the knobs.** Ten scores from a new head whose weights have this spread, on 64 features. A head that
# knows nothing should say so: probabilities near 1/10, and a loss near ln 10 = 2.30.

# %%
def new_head_says(spread, features):
    rng = np.random.default_rng(4)
    scores = rng.random((500, features)) @ rng.normal(0, spread, size=(features, 10))
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p + 1e-300).mean()
    plt.figure(figsize=(5, 2.3))
    plt.bar(np.arange(10), p[0], color=SKY)
    plt.axhline(0.1, color=GREY, linestyle="--")
    plt.ylim(0, 1)
    plt.title(f"first loss: {loss:.2f}")
    return f"Probabilities of ten classes from a new head of spread {spread:g} on {features} features."


with_knobs(new_head_says, spread=[0, 0.01, 0.1, 0.3, 1, 3], features=[8, 64, 512])

# %% [markdown]
# ## 4. Does it help? A world in which we know the answer
#
# To measure whether features carry over, invent a world where we know that they should. Inputs are eight
# normal numbers. Of them matter only three **hidden features**, squares of random projections. The *source*
# task has eight classes, the *target* task four, and each class is a random mixture of the three features that
# is larger than the others. The tasks share what there is to *see*. They differ in what is asked.

# %% tags=["given"]
def transfer_tasks(rng, inputs, latents, classes):
    """Several tasks that see their inputs through the same few hidden features."""
    directions = np.linalg.qr(rng.normal(size=(inputs, inputs)))[0][:, :latents]

    def task(mixture, rng, n):
        x = rng.normal(size=(n, inputs))
        return x, np.argmax(((x @ directions) ** 2 - 1) @ mixture, axis=1)

    mixtures = [rng.normal(size=(latents, size)) for size in classes]
    return [functools.partial(task, m / np.linalg.norm(m, axis=0)) for m in mixtures]


def train(x, labels, weights, biases, trained, rate, steps, rng, batch=20):
    """Fine-tune by so many small steps; of frozen layers the features are computed once."""
    frozen = len(weights) - trained
    features = frozen_features(x, weights[:frozen], biases[:frozen])
    upper, offsets = weights[frozen:], biases[frozen:]
    for _ in range(steps):
        rows = rng.integers(len(x), size=min(batch, len(x)))
        upper, offsets = fine_tune_step(features[rows], labels[rows], upper, offsets, trained, rate)
    return [*weights[:frozen], *upper], [*biases[:frozen], *offsets]


# %% [markdown]
# Whoever compares has to be fair to the loser. Training *from scratch* gets the best of three learning rates,
# chosen after the event. And a gain proves nothing about *learning* unless a **control** without learning does
# not have it: a frozen layer might help whatever is in it. The best control changes one thing only. So keep the
# trained layer's own numbers, and shuffle them: the same sizes, the same spread, and nothing known.
#
# *On paper.* A 2×2 matrix of four different numbers has $4! = 24$ orders. Shuffling only its rows reaches 2 of
# them, shuffling within its rows 4.

# %% exercise="shuffled_control" component=["TR-01"]

# %% component=["TR-01", "TR-02", "TR-03", "TR-04"] claim=["C-TR-01", "C-TR-03"] tags=["experiment"]
worlds, arms = [], ("from scratch", "shuffled, frozen", "frozen", "fine-tuned")
for seed in range(3):
    rng = np.random.default_rng(seed)
    source, target = transfer_tasks(rng, 8, 3, [8, 4])
    first = 4 / np.sqrt(8) * rng.normal(size=(8, 60)), rng.normal(size=60)
    head = new_head(60, 8, rng)
    x, labels = source(rng, 3000)
    W, b = train(x, labels, [first[0], head[0]], [first[1], head[1]], 2, 1.0, 5000, rng)
    unseen = target(rng, 2000)
    worlds.append((target, first, W, b, unseen))
    print(f"world {seed}: the source network reads {np.mean(classify(x, W, b) == labels):.1%} of its own right")
    progress(seed + 1, 3, "learning the source task")


def compare(world, n, seed, steps=1200):
    """Share of new examples of the target that each arm has right, after n examples of it."""
    target, first, W, b, (x_new, y_new) = world
    rng = np.random.default_rng(100 + seed)
    x, labels = target(rng, n)
    head = new_head(60, 4, rng)
    mixed, offsets = shuffled_control(W[:1], b[:1], rng)

    def right(layer, bias, trained, rate):
        net = train(x, labels, [layer, head[0]], [bias, head[1]], trained, rate, steps, rng)
        return np.mean(classify(x_new, *net) == y_new)

    scratch = max(right(*first, 2, rate) for rate in (0.25, 0.5, 1.0))
    frozen, tuned = right(W[0], b[0], 1, 0.5), right(W[0], b[0], 2, 0.5)
    return scratch, right(mixed[0], offsets[0], 1, 0.5), frozen, tuned


few = np.array([compare(world, 100, seed) for seed, world in enumerate(worlds)])
for arm, values in zip(arms, few.T):
    print(f"100 examples, {arm:17}", "  ".join(f"{v:.3f}" for v in values), f"  mean {values.mean():.3f}")
assert np.all(few[:, 2:] > few[:, :1] + 0.08)  # in every world, frozen and fine-tuned
assert np.all(few[:, 1] < few[:, 0] + 0.05) and np.all(few[:, 1] < few[:, 2] - 0.15)

# %% [markdown]
# The lead is not luck (three worlds), not a matter of tuning (the loser chose its rate with the test's answers
# in its hand), and not a matter of having a layer there: shuffled, the same numbers are worse than starting anew.
#
# And with *more* examples of the target? Then one can find the features oneself, and the lead melts. Also,
# features that were nearly right can be made right: letting all layers learn, which gained nothing with a
# hundred examples, begins to pay.

# %% component=["TR-03", "TR-04"] claim=["C-TR-02"] tags=["experiment"]
sizes = (30, 100, 300, 1000, 4000)
curves = np.zeros((len(sizes), 3, 4))
for i, n in enumerate(sizes):
    for seed, world in enumerate(worlds):
        curves[i, seed] = few[seed] if n == 100 else compare(world, n, seed, 1200 if n < 1000 else 2500)
    progress(i + 1, len(sizes), "more and more examples")
mean = curves.mean(axis=1)

figure, axes = plt.subplots()
looks = [(GREY, "o-"), (PURPLE, "x:"), (SKY, "s--"), (ORANGE, "^-")]
for arm, (colour, style), line in zip(arms, looks, mean.T):
    axes.semilogx(sizes, line, style, color=colour, label=arm)
axes.set(
    title="A head start matters most to those with little",
    xlabel="examples of the new task",
    ylabel="share of new examples right",
    ylim=(0.25, 1),
)
axes.legend(loc="lower right")
show(
    "The share of new examples that are right over the number of examples from 30 to 4,000. Frozen and fine-tuned "
    "features begin near 0.6 and rise above 0.9; from scratch begins below 0.4 and has caught up by 1,000; shuffled "
    "features lag behind and end near 0.63."
)
lead, gain = mean[:, 3] - mean[:, 0], curves[-1, :, 3] - curves[-1, :, 2]
missing = mean[-1].max() - mean[0].max()
print("lead of fine-tuning over scratch:", dict(zip(sizes, lead.round(3).tolist())))
print("fine-tuned minus frozen with 4,000 examples:", gain.round(3))
print(f"what the best arm lacks with 30 examples: {missing:.2f}")
assert missing > 0.2 and lead[-1] < 0.5 * lead[1] and lead[1] > 0.1
assert gain.mean() > 0.003 and abs(mean[1, 3] - mean[1, 2]) < 0.04

# %% [markdown]
# > **What the notes got wrong: "with pretrained models, too few data are no obstacle any more".** A smaller one.
# > With 30 examples the best arm has a third fewer right than with 4,000. And everything here hangs on the two
# > tasks looking for the *same* features, which we had arranged. Real tasks do not come with that promise.
#
# ## 5. How much to train
#
# So how many layers should learn? A rule of thumb has two questions. **How many examples?** Few can only train a
# head; many can correct what lies below. **How similar is the new task?** Low layers see edges and strokes, which
# everybody can use; high layers see what *their* task asked for. For a stranger, cut lower.
#
# | | similar | different |
# |---|---|---|
# | **few** | all layers frozen, a new head | half of the layers, frozen, a new head |
# | **many** | train the upper half too | train them all; the start is still better than chance |
#
# It is a rule of thumb, not a law. The exercise only asks for what it says.

# %% exercise="fine_tuning_policy" component=["TR-03"]

# %% component=["TR-03"] tags=["experiment"]
for examples in (200, 20_000):
    for similar in (True, False):
        used, trained = fine_tuning_policy(8, examples, 5000, similar)
        what = "similar" if similar else "different"
        print(f"{examples:6} examples, {what:9}: use {used} of 8 layers, train {trained} of them, and the head")
assert tuple(fine_tuning_policy(8, 200, 5000, False)) == (4, 0)
assert tuple(fine_tuning_policy(8, 20_000, 5000, True)) == (8, 4)

# %% [markdown]
# ## 6. Real digits: when it fails, and when it works
#
# The digits 0 to 4 are the source, with some nine hundred images. The digits 5 to 9 are the target, with five
# examples of each. Same pens, same hands: surely the features carry over?

# %% tags=["given"]
def sigmoid_net(rng, sizes, gain):
    """Hidden layers with random weights of a useful size, and a head."""
    hidden = [gain * rng.normal(size=pair) / np.sqrt(pair[0]) for pair in zip(sizes[:-1], sizes[1:-1])]
    head = new_head(sizes[-2], sizes[-1], rng)
    return [*hidden, head[0]], [*(np.zeros(n) for n in sizes[1:-1]), head[1]]


def digits_right(x, labels, chosen, rest, weights, biases, trained, rng, steps=300):
    """Adapt a network to five new classes by the chosen examples; its share of right ones in the rest."""
    frozen = len(weights) - trained
    features = frozen_features(x, weights[:frozen], biases[:frozen])  # once, not in each step
    head = new_head(weights[-1].shape[0], 5, rng)
    upper = weights[frozen:], biases[frozen:]
    net = adapt(features[chosen], labels[chosen], *upper, head, trained, 1.0, steps)
    return np.mean(classify(features[rest], *net) == labels[rest])


# %% component=["TR-01", "TR-02", "TR-04"] tags=["experiment"]
images, digits = load_digits()
pixels = images.reshape(len(images), -1) / images.max()
low = digits < 5
rng = np.random.default_rng(0)
W, b = sigmoid_net(rng, [64, 60, 5], 2.0)
W, b = train(pixels[low], digits[low], W, b, 2, 1.0, 2500, rng)
print(f"of 0 to 4 it reads {np.mean(classify(pixels[low], W, b) == digits[low]):.1%} right")

x, labels = pixels[~low], digits[~low] - 5
found = []
for seed in range(6):
    rng = np.random.default_rng(seed)
    chosen, rest = few_per_class(labels, 5, rng)
    bare = [np.zeros((64, 5))], [np.zeros(5)]
    found.append([digits_right(x, labels, chosen, rest, *net, 1, rng) for net in (bare, (W, b))])
found = np.array(found)
print("a head on bare pixels: ", found[:, 0].round(3), f" mean {found[:, 0].mean():.3f}")
print("a head on the features:", found[:, 1].round(3), f" mean {found[:, 1].mean():.3f}")
assert found[:, 0].mean() > found[:, 1].mean() + 0.03

# %% [markdown]
# It is *worse*. **Negative transfer** is its name. Well centred on their 8×8 pixels, these digits are easy: a
# head on the bare pixels can do it. The hidden layer kept what tells 0 from 4, and was free to throw away what
# tells 5 from 6. Features are worth carrying over if they are *hard to find*.
#
# So make them hard to find. Let each digit stand anywhere on a canvas of 11×11. Now a pixel means little by
# itself. Whoever wants to read has to learn what a stroke is, wherever it stands, and with a few examples of
# each class one cannot. From plenty of wandering 0s to 4s one can.

# %% component=["TR-01", "TR-03", "TR-04"] tags=["experiment"]
def wandering(pictures, rng, side=11):
    """Each picture at a random place of a larger canvas, flattened."""
    canvas = np.zeros((len(pictures), side, side))
    for place, picture in zip(canvas, pictures):
        down, right = rng.integers(0, side - 7, size=2)
        place[down : down + 8, right : right + 8] = picture
    return canvas.reshape(len(pictures), -1)


rng = np.random.default_rng(0)
pictures = images.reshape(-1, 8, 8) / images.max()
plenty = np.concatenate([wandering(pictures[low], rng) for _ in range(6)])
W, b = sigmoid_net(rng, [121, 60, 5], 4.0)
W, b = train(plenty, np.tile(digits[low], 6), W, b, 2, 0.5, 3000, rng)
fresh = wandering(pictures[low], rng)
print(f"of wandering 0 to 4, at new places, it reads {np.mean(classify(fresh, W, b) == digits[low]):.1%} right")

x = wandering(pictures[~low], rng)
results = np.zeros((3, 3, 4))
for i, n in enumerate((5, 20, 40)):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        chosen, rest = few_per_class(labels, n, rng)
        start = sigmoid_net(rng, [121, 60, 5], 4.0)
        mixed, offsets = shuffled_control(W[:1], b[:1], rng)
        nets = [([*mixed, W[1]], [*offsets, b[1]], 1), (W, b, 1), (W, b, 2)]
        scratch = digits_right(x, labels, chosen, rest, *start, 2, rng, steps=600)  # twice as long a way
        results[i, seed] = scratch, *(digits_right(x, labels, chosen, rest, *net, rng) for net in nets)
    progress(i + 1, 3, "5, 20 and 40 examples per class")
mean = results.mean(axis=1)
for n, line in zip((5, 20, 40), mean):
    print(f"{n:2} per class: ", ", ".join(f"{arm} {value:.3f}" for arm, value in zip(arms, line)))

# %% component=["TR-01"] claim=["C-TR-01"] tags=["experiment"]
figure, axes = plt.subplots(1, 2, figsize=(9, 3.5), width_ratios=[1, 1.5])
shown = chosen[:: len(chosen) // 9][:9].reshape(3, 3)
framed = np.pad(x.reshape(-1, 11, 11), ((0, 0), (1, 1), (1, 1)), constant_values=0.3)
rows = [np.concatenate(framed[row], axis=1) for row in shown]
axes[0].imshow(np.concatenate(rows), cmap="gray_r")
axes[0].set(title="Digits that wander")
axes[0].axis("off")
for arm, (colour, style), line in zip(arms, looks, mean.T):
    axes[1].plot([5, 20, 40], line, style, color=colour, label=arm)
axes[1].set(title="Read right, of 5 to 9", xlabel="examples per class", ylabel="share", xticks=[5, 20, 40])
axes[1].legend(fontsize=8)
show(
    "Left, nine small handwritten digits at different places of their canvases. Right, the share read right over 5, "
    "20 and 40 examples per class: frozen and fine-tuned are well above scratch with 5 and 20; with 40 the lead "
    "has shrunk, and fine-tuned is highest; shuffled is lowest."
)
assert np.all(mean[:, 3] > mean[:, 0] + 0.02) and mean[1, 3] > mean[1, 0] + 0.05
assert np.all(mean[1:, 1] < mean[1:, 2] - 0.04)  # the control is no match for what was learned
assert mean[2, 3] > mean[2, 2] + 0.02  # with forty of each, training all layers pays
lead = mean[:, 2] - mean[:, 0]
assert lead[1] > 0.02 and lead[2] < lead[1]  # frozen features help, until they hold back

# %% [markdown]
# Here is everything at once. Frozen features lead with few examples, and hold back with more: they cannot be
# corrected, and whoever starts from nothing comes nearer. Fine-tuning keeps its lead. The control, the same numbers
# in random places, is last: what helps is what was learned.
#
# ## 7. Without labels: layer by layer
#
# Where do good lower layers come from, if there is no rich source task? From the data alone. Before 2006 hardly
# anybody could train a network of many sigmoid layers: with small random weights no slope reaches the bottom.
# Hinton, Osindero and Teh found a way. **Train one layer at a time.** Let the first learn to *reconstruct* the
# data from its hidden units. Freeze it. Let the second do the same with what the first one makes of the data. No
# labels are needed. In the end put a head on top, and fine-tune everything.
#
# The layer of their choice was the **restricted Boltzmann machine**. It uses the same weights up and down:
# hidden units are on with $h = \sigma(vW + c)$, and from them the visible ones come back. How good is the copy?
#
# *On paper.* One pixel $v = 1$, $W = \ln 3$, no biases: up $\tfrac34$, and down $\sigma(\tfrac34 \ln 3) =
# 3^{3/4}/(1 + 3^{3/4}) = 0.695$.

# %% exercise="reconstruct" component=["TR-05", "TR-06"]

# %% [markdown]
# The learning rule, *contrastive divergence*, is given here; [chapter 14](ch14_classic_networks) explains it and
# has you write it. In a nutshell: look at the data, dream of them for a moment, and move the weights towards what
# was seen and away from what was dreamt.

# %% tags=["given"]
def train_rbm(v, size, rng, epochs=15, rate=0.2, batch=20):
    """A restricted Boltzmann machine of that many hidden units: W, b, c, and its errors by epochs."""
    W, b, c = 0.1 * rng.normal(size=(v.shape[1], size)), np.zeros(v.shape[1]), np.zeros(size)
    errors = []
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(v)), max(1, len(v) // batch)):
            seen = v[rows]
            up = sigmoid(seen @ W + c)
            coins = rng.random(up.shape) < up  # each hidden unit decides
            dreamt = sigmoid(coins @ W.T + b)
            again = sigmoid(dreamt @ W + c)
            W = W + rate * (seen.T @ up - dreamt.T @ again) / len(rows)
            b, c = b + rate * np.mean(seen - dreamt, axis=0), c + rate * np.mean(up - again, axis=0)
        errors.append(np.mean((v - reconstruct(v, W, b, c)) ** 2))
    return W, b, c, errors


# %% [markdown]
# What is yours is the tower. A function `train_layer(x, size)` trains one layer on whatever it is given; you see
# to it that each layer is given what the one below makes of the data.

# %% exercise="greedy_stack" component=["TR-05"]

# %% component=["TR-05", "TR-06"] claim=["C-TR-06"] tags=["experiment"]
learn, known = pixels[:1200], digits[:1200]
held, held_digits = pixels[1200:], digits[1200:]


def tower(depth, seed, width=60):
    """So many machines on top of each other: weights, biases, and (variance, errors) of each."""
    rng, watched = np.random.default_rng(seed), []

    def train_layer(v, size):
        W, b, c, errors = train_rbm(v, size, rng)
        watched.append((np.mean(np.var(v, axis=0)), errors, (W, b, c)))
        return W, c

    return *greedy_stack(learn, [width] * depth, train_layer), watched


weights, biases, watched = tower(5, 0)
figure, axes = plt.subplots()
for k, (variance, errors, _) in enumerate(watched[:3], 1):
    colour, mark = [(BLUE, "o-"), (ORANGE, "s--"), (GREEN, "^:")][k - 1]
    axes.semilogy(range(1, 16), errors, mark, color=colour, label=f"layer {k}; variance of its data {variance:.3f}")
for k, (variance, errors, _) in enumerate(watched, 1):
    print(f"layer {k}: its data vary by {variance:.3f}, reconstructed to {errors[0]:.3f}, then {errors[-1]:.3f}")
    assert errors[-1] < 0.3 * variance and errors[-1] < 0.5 * errors[0]
axes.set(title="Each layer learns to reconstruct the one below", xlabel="epoch", ylabel="mean squared error")
axes.legend()
show(
    "Three falling curves of the reconstruction error over 15 epochs on a logarithmic axis, one for each of the lower "
    "layers; each ends far below the variance of its data."
)

W, b, c = watched[0][2]
copies = reconstruct(held[:8], W, b, c)
strokes = W.T[np.argsort(-np.abs(W).sum(axis=0))[:8]]
figure, axes = plt.subplots(3, 8, figsize=(7, 2.9))
for row, (name, pictures_of, shades) in enumerate(
    [("seen", held[:8], "gray_r"), ("back", copies, "gray_r"), ("weights", strokes, "PuOr")]
):
    for panel, picture in zip(axes[row], pictures_of):
        size = np.abs(picture).max()
        panel.imshow(picture.reshape(8, 8), cmap=shades, vmin=-size if row == 2 else 0, vmax=size if row == 2 else 1)
        panel.set(xticks=[], yticks=[])
    axes[row, 0].set_ylabel(name)
figure.suptitle("New digits, what 60 hidden units give back, and what some of these look for")
show(
    "Three rows of eight small pictures: handwritten digits, nearly the same digits as the first layer gives them "
    "back, and the weights of eight hidden units, which look like patches of strokes."
)
assert np.mean((held - reconstruct(held, W, b, c)) ** 2) < 0.3 * np.mean(np.var(held, axis=0))

# %% [markdown]
# (A small error of reconstruction is easy to watch, and not what the machine is really trained for. Chapter 14
# shows the two part ways.)
#
# Now the famous experiment: three and five sigmoid layers, the same 20 passes over 1,200 labelled digits. Small
# random weights against the tower, and a third start that nobody had in 2006: random weights of the *right size*,
# for sigmoid units four times Xavier's.

# %% component=["TR-05"] claim=["C-TR-05"] erratum=["E30"] tags=["experiment"]
def starts(depth, seed):
    """Three ways to begin."""
    rng = np.random.default_rng(50 + seed)
    shapes = [(64, 60), *[(60, 60)] * (depth - 1)]
    zeros = [np.zeros(60)] * depth
    pretrained = (weights[:depth], biases[:depth]) if seed == 0 else tower(depth, seed)[:2]
    return {
        "small random": ([0.01 * rng.normal(size=s) for s in shapes], zeros),
        "pretrained": pretrained,
        "random, right size": ([4 * np.sqrt(2 / sum(s)) * rng.normal(size=s) for s in shapes], zeros),
    }


outcomes, jobs = {}, [(3, 0), (3, 1), (5, 0)]
for done, (depth, seed) in enumerate(jobs, 1):
    for name, (lower, offsets) in starts(depth, seed).items():
        rng = np.random.default_rng(seed)
        head = new_head(60, 10, rng)
        net = train(learn, known, [*lower, head[0]], [*offsets, head[1]], depth + 1, 0.3, 2400, rng, batch=10)
        shares = np.mean(classify(learn, *net) == known), np.mean(classify(held, *net) == held_digits)
        outcomes.setdefault(name, []).append(shares)
    progress(done, len(jobs), "three starts each")
print("training and test share of (layers, seed)", jobs)
for name, shares in outcomes.items():
    print(f"{name:19}", "   ".join(f"{train_share:.3f} / {test_share:.3f}" for train_share, test_share in shares))
assert np.max(outcomes["small random"]) < 0.3
for name in ("pretrained", "random, right size"):
    assert np.min(np.array(outcomes[name])[:, 0]) > 0.93 and np.min(np.array(outcomes[name])[:, 1]) > 0.82

# %% [markdown]
# > **What the notes got wrong: "Hinton established the first neural network model".** Networks are much older:
# > [chapter 1](ch01_neurons) begins in 1943, and back-propagation was popular from 1986 on. What Hinton and his
# > students showed in 2006 is that *deep* ones can be trained well. Nor is pretraining *necessary* for that, as
# > many concluded. It is sufficient; and so are random weights of the right size, which the last row has and which
# > the field understood four years later (Glorot and Bengio, 2010).
#
# And yet the idea came back, and larger. Today's language models are *pretrained* without labels, on what comes
# next, and then fine-tuned. The greedy layers are gone. The two stages stayed.
#
# ## 8. Bug hunt: six steps that only look like fine-tuning
#
# Seven programs take one step of fine-tuning. One is right. Find batches and networks that give the six others
# away. Read the suspects first. On which networks would nobody notice the mistake?

# %% module="suspects" tags=["given"]

# %% exercise="transfer_bug_hunt" component=["TR-03"]

# %% component=["TR-03"] tags=["experiment"]
suspects = {letter: globals()[f"suspect_{letter}"] for letter in "abcdefg"}
apart = np.zeros((7, 7))
for x, labels, weights, biases, trained, rate in transfer_bug_hunt():
    layers = [np.asarray(W, dtype=float) for W in weights], [np.asarray(b, dtype=float) for b in biases]
    said = []
    for suspect in suspects.values():
        moved, offsets = suspect(np.asarray(x, dtype=float), np.asarray(labels), *layers, trained, rate)
        said.append(np.concatenate([np.ravel(part) for part in [*moved, *offsets]]))
    apart = np.maximum(apart, [[np.abs(one - other).max() for other in said] for one in said])
figure, axes = plt.subplots(figsize=(4.8, 4))
shown = axes.imshow(np.log10(np.maximum(apart, 1e-6)), cmap="cividis")
axes.set_xticks(range(7), suspects)
axes.set_yticks(range(7), suspects)
axes.set(title="How far your steps drive each pair apart", xlabel="suspect", ylabel="suspect")
figure.colorbar(shown, label="log10 of the largest difference")
show("A matrix of how far each pair of suspects disagrees on your steps; dark fields are pairs that agree.")
pairs = int(np.sum(np.triu(apart > 1e-5, 1)))
print(f"{pairs} of 21 pairs of suspects contradict each other on your steps")
assert pairs >= 6

# %% [markdown]
# ## What to take home
#
# - A network is **features and a head**. Throw the head away, keep the features, ask another question.
# - **Frozen** layers do not move, though their slopes are not zero; their features can be computed once.
# - A head start helps most with **few** examples, of a task that looks for the **same** things, which are **hard**
#   to find. Otherwise it can hurt: what the old task could ignore is gone.
# - With more data let **more layers** learn. Frozen features hold back in the end.
# - Believe in a gain if the loser was tuned, the classes were balanced, the test was never seen, and a **control**
#   that has learned nothing does not have it.
# - **Greedy pretraining** stacks layers that reconstruct what lies below, without labels. It made deep sigmoid
#   networks trainable; weights of the right size do so as well.
#
# **Now you can** take somebody else's network, decide how much of it to keep, fine-tune it by your own code, and
# show with a control whether what it had learned was worth anything.
#
# **Next.** [Chapter 14](ch14_classic_networks) visits the networks that time left behind, the Boltzmann machine
# among them.
#
# **Sources.** G. Hinton, S. Osindero & Y.-W. Teh, *A fast learning algorithm for deep belief nets*, Neural
# Computation 18, 2006. G. Hinton & R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*,
# Science 313, 2006. Y. Bengio, P. Lamblin, D. Popovici & H. Larochelle, *Greedy layer-wise training of deep
# networks*, NIPS 2006. X. Glorot & Y. Bengio, *Understanding the difficulty of training deep feedforward neural
# networks*, AISTATS 2010. A. Razavian and others, *CNN features off-the-shelf*, CVPR Workshops 2014. J. Yosinski,
# J. Clune, Y. Bengio & H. Lipson, *How transferable are features in deep neural networks?*, NIPS 2014. Z.-H.
# Zhou, *Machine Learning*, 2016, section 5.6. E. Alpaydin & C. Kaynak, *Optical Recognition of Handwritten
# Digits*, UCI repository, 1998 (CC BY 4.0).
