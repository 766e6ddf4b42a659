"""Each new unit sees all the older ones."""

import numpy as np

from autograder.judging.compare import agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "The first unit has D + 1 weights, the second D + 2. What is the additional one for?",
        "Begin with a column of ones beside x. Then let the table grow by one column per unit.",
        r"The new column is $\tanh(F w)$ with the $F$ that there is by then.",
    ),
)


def grown(rng, examples, inputs, units):
    weights = tuple(rng.normal(0, 0.8, 1 + inputs + k) for k in range(units))
    return rng.normal(size=(examples, inputs)), weights


@exercise.probe
def three_units(rng):
    return grown(rng, 5, 2, 3)


@exercise.probe
def one_unit(rng):
    return grown(rng, 7, 3, 1)


@exercise.probe
def no_unit(rng):
    return grown(rng, 5, 4, 0)


@exercise.probe
def of_whole_numbers(rng):
    x, units = grown(rng, 5, 2, 2)
    return np.round(3 * x).astype(int), units


HALF = np.arctanh(0.5)


@exercise.check
def without_units(f):
    """Before any unit there are ones and the inputs."""
    agree(f(np.array([[2.0, 3.0], [4.0, 5.0]]), ()), np.array([[1.0, 2, 3], [1, 4, 5]]))


@exercise.check
def one_after_another(f):
    """x = 1, units (0, artanh ½) and (0, 0, 2·artanh ½): columns 1, 1, ½ and tanh(artanh ½) = ½."""
    units = np.array([0.0, HALF]), np.array([0.0, 0.0, 2 * HALF])
    agree(f(np.array([[1.0]]), units), np.array([[1.0, 1.0, 0.5, 0.5]]), what="the features")


@exercise.check
def bias_first(f):
    """The first weight belongs to the ones: (artanh ½, 0) gives ½ for any x, (0, artanh ½) does
    not."""
    x = np.array([[3], [-1]])
    agree(f(x, (np.array([HALF, 0.0]),)), np.array([[1, 3, 0.5], [1, -1, 0.5]]))
    expected = np.array([[1, 3, np.tanh(3 * HALF)], [1, -1, -0.5]])
    agree(f(x, (np.array([0.0, HALF]),)), expected)


@exercise.check
def arguments_stay(f):
    """x and the units are afterwards what they were."""
    unchanged(f, np.array([[1.0]]), (np.array([0.0, HALF]), np.array([0.3, 0.0, 2 * HALF])))


@exercise.check(points=2)
def random_networks(f, reference, rng):
    """Gives the features of random networks with one to five units."""
    for size in rng.permutation([(5, 2, 3), (7, 3, 1), (3, 5, 2), (11, 1, 5), (4, 4, 4)]):
        arguments = grown(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the features")


@exercise.check(points=1, after=random_networks)
def no_units_yet(f, reference, rng):
    """Begins with ones and the inputs alone."""
    for size in rng.permutation([(5, 3, 0), (7, 2, 0), (3, 1, 0)]):
        arguments = grown(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the features")


@exercise.check(points=1, after=random_networks)
def frozen(f, rng):
    """What older units say does not change when a younger one comes."""
    x, units = grown(rng, 5, 2, 4)
    whole = as_array(f(x, units))
    for k in rng.permutation(4).tolist():
        agree(f(x, units[:k]), whole[:, : 3 + k], what=f"the features with {k} units of 4")


@exercise.check(points=1, after=random_networks)
def one_example(f, reference, rng):
    """Works for a batch of one."""
    for units in rng.permutation([0, 2, 3]):
        arguments = grown(rng, 1, 2, units)
        agree(f(*arguments), reference(*arguments), what="the features of one example")


@exercise.check(points=1, after=random_networks)
def takes_whole_numbers(f, reference, rng):
    """Takes inputs of whole numbers for what they are, not cutting the units' values."""
    whole_numbers(f, reference, *of_whole_numbers(rng))


@exercise.check(points=1, after=random_networks)
def leaves_inputs_alone(f, rng):
    """Leaves the inputs and the units as they were."""
    unchanged(f, *three_units(rng))


@exercise.variant
def filled_in(x, units):
    n, d = x.shape
    F = np.ones((n, 1 + d + len(units)))
    F[:, 1 : 1 + d] = x
    for k, w in enumerate(units, 1 + d):
        F[:, k] = np.tanh(F[:, :k] @ w)
    return F


@exercise.variant
def row_by_row(x, units):
    rows = []
    for example in x:
        row = [1.0, *map(float, example)]
        for w in units:
            row.append(float(np.tanh(sum(a * b for a, b in zip(row, w)))))
        rows.append(row)
    return rows


def _grow(x, units, see=lambda F, w: F @ w, squash=np.tanh):
    F = np.hstack([np.ones((len(x), 1)), x])
    for w in units:
        F = np.hstack([F, squash(see(F, w))[:, None]])
    return F


@exercise.misconception
def all_in_one_layer(x, units):
    """Every unit sees the inputs only. That is one hidden layer; a cascade is as deep as it is
    long."""
    d = x.shape[1] + 1
    return _grow(x, units, see=lambda F, w: F[:, :d] @ w[:d])


@exercise.misconception
def no_tanh(x, units):
    """The units are linear, so they add nothing that the output has not got already."""
    return _grow(x, units, squash=lambda z: z)


@exercise.misconception(keeps=0.5)
def a_sigmoid(x, units):
    """The units are squashed to (0, 1), by a sigmoid. The contract wants tanh."""
    return _grow(x, units, squash=lambda z: 1 / (1 + np.exp(-z)))


@exercise.misconception(keeps=0.5)
def ones_forgotten(x, units):
    """The column of ones is used but not returned: the output needs a bias, too."""
    return _grow(x, units)[:, 1:]


@exercise.misconception
def ones_last(x, units):
    """The ones stand after the inputs. They come first, as their weight does."""
    F = np.hstack([x, np.ones((len(x), 1))])
    for w in units:
        F = np.hstack([F, np.tanh(F @ w)[:, None]])
    return F


@exercise.misconception
def newest_first(x, units):
    """New columns are put in front, so that every unit's weights meet the wrong features."""
    F = np.hstack([np.ones((len(x), 1)), x])
    for w in units:
        F = np.hstack([np.tanh(F @ w)[:, None], F])
    return F


@exercise.misconception
def only_the_units(x, units):
    """Only the units come back. The output and the next unit see ones and inputs, too."""
    return _grow(x, units)[:, 1 + x.shape[1] :]


@exercise.misconception
def only_the_last_unit(x, units):
    """Of the units only the last one is among the features. None is thrown away."""
    F = _grow(x, units)
    d = 1 + x.shape[1]
    return np.hstack([F[:, :d], F[:, max(d, F.shape[1] - 1) :]])


@exercise.misconception
def a_chain(x, units):
    """Each unit sees only the one before it. It sees the ones, the inputs and all before it."""
    d = x.shape[1] + 1
    return _grow(x, units, see=lambda F, w: F @ w if F.shape[1] == d else F[:, -1] * w[-1])


@exercise.misconception
def cuts_whole_numbers(x, units):
    """With inputs of whole numbers every unit says 0: its value is cut on writing."""
    return _grow(x, units).astype(x.dtype) if len(units) else _grow(x, units)
