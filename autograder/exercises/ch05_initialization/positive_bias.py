"""A little more than nothing."""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=3,
    difficulty=1,
    hints=(
        "One bias for each what: for each input, or for each unit?",
        "np.full, or np.ones times a number. Biases will be trained: they must be floats.",
        "b = (value, value, …), n_out of them.",
    ),
)


def floats(answer):
    """The answer, which will be trained, so it must not hold whole numbers."""
    b = as_array(answer, "b")
    if b.dtype.kind != "f":
        raise Failed(f"b holds {b.dtype} values, expected floats: training could not change them")
    return b


@exercise.observe
def features(f):
    """Values, and whether they are floats; of biases that differ only that they do."""
    seen = []
    for arguments in [(3,), (5, 0.3), (2, 4), (1, 0.0)]:
        reply = f.reply(*arguments)
        if reply.error is not None:
            seen.append({"raised": reply.error.kind})
            continue
        known = isinstance(reply.value, np.ndarray | list | tuple)
        kind = np.asarray(reply.value).dtype.kind if known else "?"
        one_each = kind == "f" and np.shape(reply.value) == arguments[:1]
        if one_each and np.ptp(reply.value) > 0:
            return ["the biases differ"]
        seen.append({"value": reply.value, "kind": kind})
    return seen


@exercise.probe
def several(rng):
    return int(rng.integers(2, 20)), float(rng.random())


@exercise.check
def three_units(f):
    """Three units and the value 0.5 give (0.5, 0.5, 0.5)."""
    agree(f(3, 0.5), np.array([0.5, 0.5, 0.5]), what="b")


@exercise.check
def without_a_value(f):
    """Two units and no value give (0.01, 0.01)."""
    agree(f(2), np.array([0.01, 0.01]), what="b")


@exercise.check
def trainable(f):
    """The value 1 gives floats as well, so that training can change them."""
    agree(floats(f(2, 1)), np.array([1.0, 1.0]), what="b")


@exercise.check(points=1)
def any_value(f, rng):
    """Gives every unit the value asked for, for one unit or a thousand."""
    for n_out in (1, 2, 7, 1009):
        values = (float(rng.uniform(0, 1)), 1e-6, 123.456)
        for value, b in zip(values, f.many([(n_out, value) for value in values]), strict=True):
            agree(b, np.full(n_out, value), rtol=1e-6, atol=0, what="b")


@exercise.check(points=1)
def default_value(f):
    """Without a value it is 0.01."""
    for n_out in (1, 5, 13):
        agree(f(n_out), np.full(n_out, 0.01), what="b")


@exercise.check(points=1, after=any_value)
def whole_numbers_and_zero(f):
    """A whole number or 0 becomes floats, so that training can change them."""
    for value in (0, 1, 3, 0.0):
        agree(floats(f(4, value)), np.full(4, float(value)), what="b")


@exercise.variant
def ones_times_value(n_out, value=0.01):
    return value * np.ones(n_out)


@exercise.variant
def plain_list(n_out, value=0.01):
    return [float(value)] * n_out


@exercise.variant
def zeros_plus_value(n_out, value=0.01):
    b = np.zeros(n_out)
    b += value
    return b


@exercise.misconception
def value_not_used(n_out, value=0.01):
    """0.01 is only the default: use the argument."""
    return np.full(n_out, 0.01)


@exercise.misconception
def one_number(n_out, value=0.01):
    """This is a single number; every unit needs a bias of its own to train."""
    return float(value)


@exercise.misconception
def a_row(n_out, value=0.01):
    """This is a matrix of one row. A bias is a vector (n_out,)."""
    return np.full((1, n_out), float(value))


@exercise.misconception
def a_column(n_out, value=0.01):
    """This is a matrix of one column. A bias is a vector (n_out,)."""
    return np.full((n_out, 1), float(value))


@exercise.misconception
def truncated(n_out, value=0.01):
    """The biases are whole numbers, so 0.01 became 0."""
    b = np.zeros(n_out, dtype=int)
    b[:] = value
    return b


@exercise.misconception
def type_of_the_value(n_out, value=0.01):
    """For value = 1 the biases are whole numbers, which training can only change in whole steps."""
    return np.full(n_out, value)


@exercise.misconception
def starts_at_zero(n_out, value=0.01):
    """These biases are 0, as everywhere else; here they are to start above 0."""
    return np.zeros(n_out)


@exercise.misconception
def biases_that_differ(n_out, value=0.01):
    """The biases differ. The weights break the symmetry already: all biases are `value`."""
    return value * np.random.default_rng(n_out).random(n_out)
