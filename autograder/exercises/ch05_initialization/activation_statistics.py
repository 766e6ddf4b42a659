"""Take the temperature of every layer."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "What is the input of the second layer?",
        "In a loop: x becomes activation(x @ W). Then note its mean and its spread.",
        "h_l = f(h_(l−1) W_l); mean and spread are over *all* entries of h_l.",
    ),
)


@travels
def tanh(z):
    return np.tanh(z)


@travels
def relu(z):
    return np.maximum(z, 0)


@travels
def bent(z):
    """An activation of no name, neither odd nor bounded."""
    return 0.7 * z + np.cos(z)


def network(rng, examples, sizes, activation, gain=1.0):
    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    weights = [gain * rng.normal(size=pair) / np.sqrt(pair[0]) for pair in pairs]
    return rng.normal(0.4, 1, size=(examples, sizes[0])), weights, activation


@exercise.probe
def three_layers(rng):
    return network(rng, 5, (3, 7, 2, 5), bent)


@exercise.probe
def equal_sizes(rng):
    return network(rng, 3, (3, 3, 3, 3, 3), relu)


@exercise.probe
def one_layer(rng):
    return network(rng, 7, (2, 5), tanh)


@exercise.check
def two_layers_by_hand(f):
    """One example (1, 2) through two ReLU layers worked by hand: means (1, 4), spreads (1, 0)."""
    weights = [np.array([[0.0, 0], [1, -1]]), np.array([[2.0], [5]])]
    means, stds = sequence(f(np.array([[1.0, 2.0]]), weights, relu), 2)
    agree(means, np.array([1.0, 4.0]), what="means")
    agree(stds, np.array([1.0, 0.0]), what="stds")


@exercise.check
def two_examples_two_units(f):
    """Inputs 1 and 3 with weights (2, −2) and no bend: the mean is 0, the spread √20."""
    found = f(np.array([[1.0], [3.0]]), [np.array([[2.0, -2.0]])], travels(lambda z: 1.0 * z))
    means, stds = sequence(found, 2)
    agree(means, np.array([0.0]), what="means")
    agree(stds, np.array([np.sqrt(20)]), what="stds")


CASES = [
    (5, (3, 7, 2, 5), bent),
    (11, (2, 13), bent),
    (3, (3, 3, 3, 3, 3), bent),
    (2, (5, 2, 3, 2, 7, 2, 3), tanh),
    (61, (3, 5, 2), relu),
]


@exercise.check(points=1)
def mean_of_every_layer(f, reference, rng):
    """Gives the mean of each layer's outputs, for several depths, sizes and activations."""
    for case in CASES:
        arguments = network(rng, *case)
        agree(sequence(f(*arguments), 2)[0], reference(*arguments)[0], what="means")


@exercise.check(points=2)
def spread_of_every_layer(f, reference, rng):
    """Gives the standard deviation of each layer's outputs, over examples and units together."""
    for case in CASES:
        arguments = network(rng, *case)
        agree(sequence(f(*arguments), 2)[1], reference(*arguments)[1], what="stds")


both = (mean_of_every_layer, spread_of_every_layer)


@exercise.check(points=1, after=both)
def batch_of_one(f, reference, rng):
    """Works for a batch of one, and for layers of one unit."""
    arguments = network(rng, 1, (5, 3, 7), tanh)
    agree(f(*arguments), reference(*arguments), what="the statistics of a batch of one")
    arguments = network(rng, 13, (7, 1, 5, 1), bent)
    agree(f(*arguments), reference(*arguments), what="the statistics with layers of one unit")


@exercise.check(points=1, after=both)
def whole_numbers_count(f, reference, rng):
    """Takes an x of whole numbers for what it is, and rounds neither means nor spreads."""
    _, weights, bend = network(rng, 5, (3, 7, 2), bent)
    whole_numbers(f, reference, rng.integers(-3, 4, size=(5, 3)), weights, bend)


@exercise.check(points=1, after=both)
def laws(f, reference, rng):
    """Examples in another order, or all of them twice, change nothing; ten times x scales ReLUs."""
    x, weights, activation = network(rng, 7, (5, 3, 4), relu)
    means, stds = map(np.asarray, sequence(f(x, weights, activation), 2))
    for rows in (x[rng.permutation(7)], np.vstack([x, x])):
        agree(
            f(rows, weights, activation), (means, stds), what="the statistics of the same examples"
        )
    thrice = x[[0, 0, 0, 1]], weights, activation
    agree(f(*thrice), reference(*thrice), what="the statistics with one example three times")
    agree(f(10 * x, weights, activation), (10 * means, 10 * stds), what="the statistics of 10·x")


@exercise.check(points=1, after=both)
def faint_and_saturated(f, reference, rng):
    """Follows signals that fade to 1e-20, grow to 1e20, or sit at ±1."""
    for gain, bend in [(1e-2, relu), (1e2, relu), (1e3, tanh), (1e-3, tanh)]:
        arguments = network(rng, 9, (7,) * 11, bend, gain)
        expected = reference(*arguments)
        for part, right in zip(sequence(f(*arguments), 2), expected, strict=True):
            agree(
                part, right, rtol=1e-6, atol=1e-15 if gain == 1e3 else 1e-300, what="the statistics"
            )


@exercise.check(points=1, after=both)
def leaves_inputs_alone(f, rng):
    """Leaves x and the weights as they were, even if an activation works in place."""
    unchanged(f, *three_layers(rng))
    unchanged(f, *network(rng, 3, (5, 2), relu))
    unchanged(f, *network(rng, 3, (5, 5, 5), bent))


@exercise.variant
def two_lists(x, weights, activation):
    h, means, stds = x, [], []
    for W in weights:
        h = np.asarray(activation(np.einsum("ni,ij->nj", h, W)))
        means.append(float(h.sum() / h.size))
        stds.append(float(np.sqrt(((h - h.mean()) ** 2).sum() / h.size)))
    return means, stds


@exercise.variant
def recursive(x, weights, activation):
    def on(h, rest):
        if not rest:
            return []
        h = activation(np.dot(h, rest[0]))
        return [(np.mean(h), np.std(h)), *on(h, rest[1:])]

    return tuple(np.array(column) for column in zip(*on(x, weights), strict=True))


@exercise.variant
def all_outputs_first(x, weights, activation):
    outputs = [x]
    for W in weights:
        outputs.append(activation(outputs[-1] @ W))
    return np.array([[h.mean() for h in outputs[1:]], [h.std() for h in outputs[1:]]])


def _record(x, weights, activation, mean=np.mean, std=np.std, seen=lambda z, h, W: h, onward=None):
    means, stds = [], []
    for W in weights:
        z = x @ W
        h = activation(z)
        means.append(mean(seen(z, h, W)))
        stds.append(std(seen(z, h, W)))
        x = h if onward is None else onward(z, h)
    return np.array(means), np.array(stds)


@exercise.misconception
def before_the_activation(x, weights, activation):
    """These are statistics of z, before the activation. Measure what comes *out* of a layer."""
    return _record(x, weights, activation, seen=lambda z, h, W: z)


@exercise.misconception
def of_the_weights(x, weights, activation):
    """These are statistics of the weights. The question is what they do to the signal."""
    return _record(x, weights, activation, seen=lambda z, h, W: W)


@exercise.misconception
def activation_left_out(x, weights, activation):
    """The activation is never applied."""
    return _record(x, weights, lambda z: z)


@exercise.misconception
def activation_not_passed_on(x, weights, activation):
    """The next layer gets z, not what the activation made of it."""
    return _record(x, weights, activation, onward=lambda z, h: z)


@exercise.misconception(keeps=0.5)
def variances(x, weights, activation):
    """These are variances. The standard deviation is the root."""
    return _record(x, weights, activation, std=np.var)


@exercise.misconception(keeps=0.5)
def sample_spread(x, weights, activation):
    """`ddof=1` divides by one less than the number of entries. Plain `std` is asked."""
    return _record(x, weights, activation, std=lambda h: np.std(h, ddof=1) if h.size > 1 else 0.0)


@exercise.misconception
def root_mean_square(x, weights, activation):
    """This is the root of the mean square: the mean was not subtracted."""
    return _record(x, weights, activation, std=lambda h: np.sqrt(np.mean(h**2)))


@exercise.misconception
def unit_by_unit(x, weights, activation):
    """Spreads are taken unit by unit and averaged. Take all entries of a layer together."""
    return _record(x, weights, activation, std=lambda h: h.std(axis=0).mean())


@exercise.misconception
def mean_of_sizes(x, weights, activation):
    """The means are of absolute values, so they can never be 0."""
    return _record(x, weights, activation, mean=lambda h: np.abs(h).mean())


@exercise.misconception
def input_included(x, weights, activation):
    """The first entry belongs to the input. L layers have L means."""
    means, stds = _record(x, weights, activation)
    return np.array([x.mean(), *means]), np.array([x.std(), *stds])


@exercise.misconception(keeps=0.5)
def spreads_first(x, weights, activation):
    """Both are right, but the contract returns the means first."""
    return _record(x, weights, activation)[::-1]


@exercise.misconception
def every_layer_gets_x(x, weights, activation):
    """Layers follow one another: the second gets what the first one sent out, not x again."""
    outs, h = [], x
    for W in weights:
        fits = W.shape[0] == x.shape[1]
        h = activation((x if fits else h) @ W)
        outs.append(h)
    return np.array([o.mean() for o in outs]), np.array([o.std() for o in outs])
