"""Layer by layer, without labels."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    hints=(
        "The first layer learns the data. What does the second one learn, as it never sees the "
        "data?",
        "A loop over the widths with one variable for what the next layer is trained on.",
        r"$(W, c) = \mathrm{train}(x, \text{size})$; then $x \leftarrow \sigma(xW + c)$.",
    ),
)


@travels
def weigher(x, size):
    """A layer that depends on all that it is given: its data, and the width asked for."""
    grid = np.cos(np.arange(1, x.shape[1] + 1)[:, None] * np.arange(1, size + 1))
    return grid * (1 + x.std(axis=0))[:, None], np.linspace(-1, 1, size) + x.mean()


def of(waves):
    """Another trainer of the kind, which nobody knows beforehand."""

    def train_layer(x, size):
        grid = np.sin(waves * np.arange(1, x.shape[1] + 1)[:, None] + np.arange(size))
        return grid * (1 + x.max(axis=0))[:, None], np.cos(waves * np.arange(size)) - x.mean()

    return travels(train_layer)


@travels
def third_of_log(x, size):
    """Each hidden unit sees the sum of its inputs, times ln 3."""
    return np.full((x.shape[1], size), np.log(3.0)), np.zeros(size)


@exercise.probe
def two_layers(rng):
    return rng.normal(size=(7, 5)), [3, 2], weigher


@exercise.probe
def equal_widths(rng):
    return rng.normal(size=(5, 3)), [3, 3, 3], weigher


@exercise.probe
def one_layer(rng):
    return rng.normal(size=(4, 2)), [5], weigher


@exercise.probe
def one_example(rng):
    return rng.normal(size=(1, 3)), [2, 4], weigher


@exercise.probe
def never_twice_the_same(rng):
    """A trainer that begins elsewhere each time, as real ones do."""
    own = np.random.default_rng(int(rng.integers(2**32)))
    train_layer = lambda x, size: (own.normal(size=(len(x[0]), size)), own.normal(size=size))
    return rng.normal(size=(3, 2)), [2, 3], train_layer


def stacked(f, *arguments):
    """Both lists, with an array for each layer."""
    layers = len(arguments[1])
    weights, biases = sequence(f(*arguments), 2, "the result")
    return sequence(weights, layers, "the weights"), sequence(biases, layers, "the biases")


@exercise.check
def worked_example(f):
    """Widths 2 and 1: the first layer gets the data, (1, 0); the second what it says, (¾, ¾)."""
    log = []

    def train_layer(x, size):
        log.append((np.array(x, dtype=float), size))
        return third_of_log(np.asarray(x), size)

    W, c = stacked(f, np.array([[1.0, 0.0]]), [2, 1], train_layer)
    if len(log) != 2:
        raise Failed(f"the trainer was asked {len(log)} times for 2 layers")
    if [size for _, size in log] != [2, 1]:
        raise Failed(f"the trainer was asked for widths {[s for _, s in log]}, expected [2, 1]")
    agree(log[0][0], [[1.0, 0.0]], what="what the first layer is trained on")
    agree(log[1][0], [[0.75, 0.75]], what="what the second layer is trained on")
    agree(W, [np.full((2, 2), np.log(3.0)), np.full((2, 1), np.log(3.0))], what="the weights")
    agree(c, [np.zeros(2), np.zeros(1)], what="the biases")


@exercise.check
def biases_count(f):
    """With weights 0 and biases ln 3 the next layer's data are ¾; all biases come back."""
    log = []

    def train_layer(x, size):
        log.append(np.array(x, dtype=float))
        return np.zeros((np.shape(x)[1], size)), np.full(size, np.log(3.0) * len(log))

    _, c = stacked(f, np.array([[5.0], [-2.0]]), [3, 1, 2], train_layer)
    agree(log, [[[5.0], [-2.0]], np.full((2, 3), 0.75), np.full((2, 1), 0.9)], what="the data")
    agree(c, [np.full(n, np.log(3.0) * k) for k, n in ((1, 3), (2, 1), (3, 2))], what="the biases")


@exercise.check
def the_data_stay(f, rng):
    """Data and widths are afterwards what they were."""
    unchanged(f, *two_layers(rng))


def task(rng, examples, features, sizes):
    return rng.normal(size=(examples, features)), list(sizes), of(float(rng.uniform(0.5, 3)))


@exercise.check(points=2)
def random_stacks(f, reference, rng):
    """Stacks one to four layers of any width, each trained on what the last one makes."""
    for case in [(7, 5, (3, 2)), (5, 3, (3, 3, 3)), (11, 2, (5,)), (3, 4, (7, 2, 5, 3))]:
        arguments = task(rng, *case)
        expected = reference(*arguments)
        for name, got, right in zip(("weights", "biases"), stacked(f, *arguments), expected):
            agree(got, right, what=f"the {name}")


@exercise.check(points=1, after=random_stacks)
def one_of_each(f, reference, rng):
    """Takes a single example, and layers of a single unit."""
    for case in [(1, 5, (3, 2)), (1, 1, (1, 4))]:
        arguments = task(rng, *case)
        agree(stacked(f, *arguments), reference(*arguments), what="the stack")


@exercise.check(points=1, after=random_stacks)
def asks_once_for_each(f, rng):
    """Asks for each layer once, from below, and for the width it should have."""
    x, sizes, inner = task(rng, 5, 3, rng.integers(2, 7, size=4).tolist())
    log = []

    def train_layer(x, size):
        log.append((np.shape(x)[1], size))
        return inner(np.asarray(x, dtype=float), size)

    stacked(f, x, sizes, train_layer)
    expected = list(zip([3, *sizes[:-1]], sizes, strict=True))
    if [tuple(map(int, pair)) for pair in log] != expected:
        raise Failed(f"(inputs, width) of what was asked for: {log}, expected {expected}")


@exercise.check(points=1, after=random_stacks)
def laws(f, rng):
    """Lower layers do not know how many follow; stacking on the features goes on with the stack."""
    x, sizes, train_layer = task(rng, 7, 5, (4, 3, 6))
    W, c = stacked(f, x, sizes, train_layer)
    agree(stacked(f, x, sizes[:2], train_layer), (W[:2], c[:2]), what="the lower two layers")
    h = 1 / (1 + np.exp(-(x @ W[0] + c[0])))
    agree(stacked(f, h, sizes[1:], train_layer), (W[1:], c[1:]), what="the upper two layers")


@exercise.check(points=1, after=random_stacks)
def leaves_the_data_alone(f, rng):
    """Leaves data and widths as they were."""
    unchanged(f, *task(rng, 5, 3, (4, 2)))


def _sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


@exercise.variant
def recursive(x, sizes, train_layer):
    if not sizes:
        return [], []
    W, c = train_layer(x, sizes[0])
    weights, biases = recursive(_sigmoid(np.dot(x, W) + c), sizes[1:], train_layer)
    return [W, *weights], [c, *biases]


@exercise.variant
def with_pairs(x, sizes, train_layer):
    layers = []
    for size in sizes:
        h = np.array(x, dtype=float)
        for W, c in layers:  # from the data again
            h = _sigmoid(h @ W + c)
        layers.append(train_layer(h, size))
    return [W for W, _ in layers], [c for _, c in layers]


def _stack(x, sizes, train_layer, onwards):
    weights, biases = [], []
    for size in sizes:
        W, c = train_layer(x, size)
        weights.append(W)
        biases.append(c)
        x = onwards(x, W, c)
    return weights, biases


@exercise.misconception
def every_layer_sees_the_data(x, sizes, train_layer):
    """All layers are trained on the data. Each should learn what the one below makes of them."""
    layers = [train_layer(x, size) for size in sizes]
    return [W for W, _ in layers], [c for _, c in layers]


@exercise.misconception(keeps=1 / 3)
def sums_passed_on(x, sizes, train_layer):
    """The next layer gets the sums: what the hidden units *say* has gone through the sigmoid."""
    return _stack(x, sizes, train_layer, lambda x, W, c: x @ W + c)


@exercise.misconception(keeps=0.5)
def biases_not_passed_on(x, sizes, train_layer):
    """What goes on is missing the biases."""
    return _stack(x, sizes, train_layer, lambda x, W, c: _sigmoid(x @ W))


@exercise.misconception(keeps=0.5)
def rounded_on_the_way(x, sizes, train_layer):
    """The next layer gets zeros and ones. Probabilities are asked for."""
    return _stack(x, sizes, train_layer, lambda x, W, c: np.rint(_sigmoid(x @ W + c)))


@exercise.misconception
def only_the_first_layer(x, sizes, train_layer):
    """There is one layer only: is the `return` inside the loop?"""
    return _stack(x, sizes[:1], train_layer, lambda x, W, c: x)


@exercise.misconception
def from_the_top(x, sizes, train_layer):
    """The widths are taken from the top. The lowest layer is trained first."""
    return _stack(x, sizes[::-1], train_layer, lambda x, W, c: _sigmoid(x @ W + c))


@exercise.misconception(keeps=0.5)
def a_list_of_pairs(x, sizes, train_layer):
    """A list of pairs comes back. Two lists are asked for, weights and biases."""
    return list(
        zip(*_stack(x, sizes, train_layer, lambda x, W, c: _sigmoid(x @ W + c)), strict=True)
    )


@exercise.misconception
def tanh_between(x, sizes, train_layer):
    """The layers say tanh; these layers are sigmoids."""
    weights, biases = [], []
    for size in sizes:
        W, b = train_layer(x, size)
        weights.append(W)
        biases.append(b)
        x = np.tanh(x @ W + b)
    return weights, biases


@exercise.misconception
def trains_each_layer_twice(x, sizes, train_layer):
    """Each layer is trained once for its weights and again for its biases, which then belong to
    two different layers. Keep both from one training."""
    twice = lambda x, size: (train_layer(x, size)[0], train_layer(x, size)[1])
    return _stack(x, sizes, twice, lambda x, W, c: _sigmoid(x @ W + c))
