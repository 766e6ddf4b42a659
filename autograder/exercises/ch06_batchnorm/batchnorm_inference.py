"""Batch normalisation in test mode."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=5,
    difficulty=1,
    core=True,
    hints=(
        "An example arrives all alone. What do you know about its feature's mean and spread?",
        "The same formula as in training; only where mean and variance come from is new.",
        "out = γ·(x − mean)/√(var + eps) + β.",
    ),
)


def layer(rng, examples, features):
    """A batch that is nothing like what the layer remembers."""
    x = 4 + 3 * rng.normal(size=(examples, features))
    gamma = rng.uniform(0.5, 2, features) * rng.choice([-1, 1], features)
    return (
        x,
        gamma,
        rng.normal(size=features),
        rng.normal(size=features),
        rng.uniform(0.05, 2, features),
    )


@exercise.probe
def five_examples(rng):
    return *layer(rng, 5, 3), 0.3


@exercise.probe
def one_example(rng):
    return *layer(rng, 1, 7), 0.05


@exercise.probe
def as_many_features_as_examples(rng):
    return layer(rng, 3, 3)


@exercise.probe
def never_varied(rng):
    x, gamma, beta, mean, _ = layer(rng, 2, 5)
    return x, gamma, beta, mean, np.zeros(5), 0.01


@exercise.check
def worked_example(f):
    """x = 7, remembered mean 3 and variance 4, γ = 5, β = 1 and eps = 0: 5·(7 − 3)/2 + 1 = 11."""
    numbers = [np.array([v]) for v in (5.0, 1.0, 3.0, 4.0)]
    agree(f(np.array([[7.0]]), *numbers, 0.0), np.array([[11.0]]), what="out")


@exercise.check
def remembered_variance_zero(f):
    """With variance 0 and eps = ¼ the division is by ½: (2 − 1)/½ = 2."""
    numbers = [np.array([v]) for v in (1.0, 0.0, 1.0, 0.0)]
    agree(f(np.array([[2.0]]), *numbers, 0.25), np.array([[2.0]]), what="out")


@exercise.check
def arguments_stay(f):
    """The batch, γ, β and the memory are afterwards what they were before."""
    numbers = [np.array([v, v]) for v in (5.0, 1.0, 3.0, 4.0)]
    unchanged(f, np.array([[7.0, 1.0], [2.0, 5.0]]), *numbers, 0.5)


@exercise.check(points=1)
def random_layers(f, reference, rng):
    """Gives the output for random batches, memories, γ, β and eps."""
    for size in [(5, 3), (3, 7), (4, 5), (131, 2), (3, 3), (7, 1)]:
        arguments = *layer(rng, *size), rng.uniform(0.01, 2)
        agree(f(*arguments), reference(*arguments), what="out")


@exercise.check(points=1, after=random_layers)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the output."""
    x, *rest = layer(rng, 5, 3)
    whole_numbers(f, reference, rng.integers(-9, 10, size=x.shape), *rest)


@exercise.check(points=1, after=random_layers)
def alone_or_in_company(f, rng):
    """An example comes out the same alone, in a batch, and in another order."""
    x, *memory = layer(rng, 7, 3)
    together = np.asarray(f(x, *memory, 0.2))
    for n in range(7):
        agree(f(x[n : n + 1], *memory, 0.2), together[n : n + 1], what="one example alone")
    agree(f(x[::-1], *memory, 0.2), together[::-1], what="the batch in reverse order")
    agree(f(np.tile(x[:1], (5, 1)), *memory, 0.2), np.tile(together[:1], (5, 1)), what="5 copies")


@exercise.check(points=1, after=random_layers)
def edges(f, reference, rng):
    """Uses eps = 1e-5 by default, and survives a variance or γ of 0 and huge values."""
    x, gamma, beta, mean, var = layer(rng, 5, 3)
    for small in (1.0, 1e-4, 0.0):
        arguments = x, gamma, beta, mean, small * var
        agree(f(*arguments), reference(*arguments), what="out with the default eps")
    for scale in (1e-3, 1e3):
        for arguments in (
            (scale * x, gamma, beta, mean, scale * var, 0.0),
            (x, scale * gamma * [1, 0, 1], beta, mean, var),
            (x, gamma, scale * beta, mean, var),
            (x, gamma, beta, scale * mean, var),
        ):
            agree(f(*arguments), reference(*arguments), what="out")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """The mean comes out as β, one spread above it as β + γ, and the map is straight."""
    x, gamma, beta, mean, var = layer(rng, 2, 3)
    memory = gamma, beta, mean, var, 0.0
    above = np.stack([mean, mean + np.sqrt(var)])
    at_the_mean, one_above = np.asarray(f(above, *memory))
    agree(at_the_mean, beta, what="out at the mean")
    agree(one_above, beta + gamma, what="out one standard deviation above")
    between = np.stack([x.mean(axis=0), x[0]])
    halfway = np.mean(np.asarray(f(x, *memory)), axis=0)
    agree(np.asarray(f(between, *memory))[0], halfway, what="out halfway between two examples")


@exercise.check(points=1, after=random_layers)
def leaves_inputs_alone(f, rng):
    """Leaves the batch, γ, β and the memory as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def as_one_affine_map(x, gamma, beta, mean, var, eps=1e-5):
    slope = gamma * (var + eps) ** -0.5
    return x * slope + (beta - mean * slope)


@exercise.variant
def example_by_example(x, gamma, beta, mean, var, eps=1e-5):
    std = np.sqrt(var + eps)
    return [list(gamma * ((row - mean) / std) + beta) for row in x]


@exercise.variant
def with_a_diagonal_matrix(x, gamma, beta, mean, var, eps=1e-5):
    out = (x - mean[None, :]) @ np.diag(gamma / np.sqrt(var + eps))
    out += beta
    return out


def _out(x, gamma, beta, mean, std):
    return gamma * (x - mean) / std + beta


@exercise.misconception
def statistics_of_the_batch(x, gamma, beta, mean, var, eps=1e-5):
    """These are the batch's own statistics: now an answer depends on its company."""
    return _out(x, gamma, beta, x.mean(axis=0), np.sqrt(x.var(axis=0) + eps))


@exercise.misconception
def does_nothing(x, gamma, beta, mean, var, eps=1e-5):
    """The input comes out as it was. Test mode still normalises; only by the memory."""
    return x.copy()


@exercise.misconception
def forgets_gamma_and_beta(x, gamma, beta, mean, var, eps=1e-5):
    """γ and β were learned for use: in test mode they still scale and shift."""
    return _out(x, 1, 0, mean, np.sqrt(var + eps))


@exercise.misconception(keeps=1 / 3)
def forgets_beta(x, gamma, beta, mean, var, eps=1e-5):
    """β is missing."""
    return _out(x, gamma, 0, mean, np.sqrt(var + eps))


@exercise.misconception
def forgets_gamma(x, gamma, beta, mean, var, eps=1e-5):
    """γ is missing."""
    return _out(x, 1, beta, mean, np.sqrt(var + eps))


@exercise.misconception
def forgets_eps(x, gamma, beta, mean, var, eps=1e-5):
    """A remembered variance of 0 is divided by. eps guards test mode too."""
    return _out(x, gamma, beta, mean, np.sqrt(var))


@exercise.misconception
def eps_hard_coded(x, gamma, beta, mean, var, eps=1e-5):
    """The eps in your code is always 1e-5, whatever the layer was trained with."""
    return _out(x, gamma, beta, mean, np.sqrt(var + 1e-5))


@exercise.misconception(keeps=0.5)
def eps_outside_the_root(x, gamma, beta, mean, var, eps=1e-5):
    """eps is added to the standard deviation. It belongs to the variance, under the root."""
    return _out(x, gamma, beta, mean, np.sqrt(var) + eps)


@exercise.misconception
def variance_as_it_is(x, gamma, beta, mean, var, eps=1e-5):
    """You divide by the remembered variance; its root is still to be taken."""
    return _out(x, gamma, beta, mean, var + eps)


@exercise.misconception
def sigmoid_of_the_batch(x, gamma, beta, mean, var, eps=1e-5):
    """A sigmoid has nothing to do here: what is remembered is the mean and sigma, the spread."""
    return _out(1 / (1 + np.exp(-x)), gamma, beta, mean, np.sqrt(var + eps))


@exercise.misconception
def forgets_the_mean(x, gamma, beta, mean, var, eps=1e-5):
    """The remembered mean is not subtracted."""
    return _out(x, gamma, beta, 0, np.sqrt(var + eps))


@exercise.misconception
def mean_of_the_batch(x, gamma, beta, mean, var, eps=1e-5):
    """The mean is that of the batch, only the variance is remembered: it takes both."""
    return _out(x, gamma, beta, x.mean(axis=0), np.sqrt(var + eps))


@exercise.misconception
def overwrites_the_batch(x, gamma, beta, mean, var, eps=1e-5):
    """The numbers are right, but the caller's batch is overwritten: use a new array."""
    x -= mean
    x *= gamma / np.sqrt(var + eps)
    x += beta
    return x


@exercise.misconception
def shifts_before_it_scales(x, gamma, beta, mean, var, eps=1e-5):
    """β is added first, so γ stretches it along with x. Scale by γ, and only then shift by β."""
    return _out(x, gamma, gamma * beta, mean, np.sqrt(var + eps))
