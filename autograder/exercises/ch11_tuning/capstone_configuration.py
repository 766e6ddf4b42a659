"""Your best configuration."""

import functools
from collections.abc import Mapping

import numpy as np

from autograder.data import load_digits
from autograder.exercises.ch11_tuning import training
from autograder.judging.compare import Failed, as_array, describe
from autograder.judging.exercise import Exercise, no_arguments

exercise = Exercise(
    __name__,
    minutes=30,
    difficulty=4,
    hints=(
        "Which of the four matters most? Try it first, in steps of a factor of ten.",
        "Search coarse to fine, with the examples you hold back as the judge. Small batches mean "
        "many steps: what do they do with the same budget?",
        "A small penalty, weights that neither saturate nor vanish; then find the rate by triage.",
    ),
)

RANGES = {"rate": (1e-8, 1e3), "scale": (0.0, 100.0), "penalty": (0.0, 100.0), "batch": (4, 1200)}
PARTS = (1, 2, 3)


def capstone_configuration() -> dict[str, float]:
    """Choose hyper-parameters with which `train_on_budget` learns to read.

    You are graded by training with your configuration on three random parts of 1200 digits, and
    reading the other 597. The middle one of the three results should be 90 % or more.

    Returns
    -------
    dict of str to float
        "rate": 1e-8 to 1000; "scale", the size of the starting weights, and "penalty", each 0 to
        100; "batch": a whole number from 4 to 1200, the examples in a batch.
    """
    return {"rate": 0.2, "scale": 0.1, "penalty": 1e-4, "batch": 16}


def read(answer):
    """The configuration as plain numbers, or `Failed`."""
    if not isinstance(answer, Mapping):
        raise Failed(f"the result is {describe(answer)}, expected a dict of four numbers")
    if set(answer) != set(RANGES):
        raise Failed(f"the names are {', '.join(map(str, answer))}; expected {', '.join(RANGES)}")
    found = {}
    for name, (low, high) in RANGES.items():
        value = as_array(answer[name], name)
        if value.ndim or value.dtype.kind not in "iuf" or not low <= value <= high:
            raise Failed(
                f"{name} is {describe(answer[name])}, expected a number, {low:g} to {high:g}"
            )
        found[name] = float(value)
    if found["batch"] != int(found["batch"]):
        raise Failed(f"batch is {found['batch']}, expected a whole number")
    return found


def results(configuration):
    """The shares read right in three trainings, in ascending order."""
    names = tuple(sorted(configuration))
    return sorted(trained(part, names, tuple(configuration[n] for n in names)) for part in PARTS)


@functools.lru_cache(maxsize=64)
def trained(part, names, values):
    """The share read right after training on one random part; three checks ask for the same."""
    x, labels = load_digits()
    rng = np.random.default_rng(part)
    order = rng.permutation(len(x))
    train, held_out = order[:1200], order[1200:]
    params = training.train_on_budget(dict(zip(names, values)), x[train], labels[train], rng)
    return training.share_read_right(params, x[held_out], labels[held_out])


@exercise.observe
def where_it_is(f):
    """Diagnosis looks at the decades of the numbers, and at what training makes of them."""
    reply = f.reply()
    if reply.error is not None:
        return [{"raised": reply.error.kind}]
    if reply.value is None:
        return [{"value": None}]
    try:
        c = read(reply.value)
    except Failed as failure:
        return [failure.message.split(",")[0].split(" is ")[0]]
    if results(c)[1] >= 0.9:
        return ["it learns"]
    small = c["scale"] < 0.01, c["scale"] > 3, c["penalty"] > 0.03, c["batch"] > 300
    return [*small, c["rate"] > 1, c["rate"] < 0.02]


exercise.probe(no_arguments)


@exercise.check
def four_numbers_in_range(f):
    """Returns the four numbers, within their ranges."""
    read(f())


def demand(share, bar, which):
    if not share >= bar:
        raise Failed(f"{which} of three trainings read {share:.1%} of the held-out digits")


# The parts are the same for everybody, so a verdict is no matter of luck: the reference reads 94 to
# 96 % of each, give or take a digit between machines; in 6,000 other trainings it read 95.8 % on
# average, with a spread of 0.95 %.
@exercise.check(points=1, after=four_numbers_in_range)
def it_learns(f):
    """Reads 75 % of digits that it has never seen, in the middle one of three trainings."""
    demand(results(read(f()))[1], 0.75, "the middle one")


@exercise.check(points=3, after=it_learns)
def it_reads_nine_in_ten(f):
    """Reads 90 % of digits that it has never seen, in the middle one of three trainings."""
    demand(results(read(f()))[1], 0.9, "the middle one")


@exercise.check(points=1, after=it_reads_nine_in_ten)
def it_is_reliable(f):
    """Reads 85 % even in the worst of three trainings, and is the same when asked for again."""
    demand(results(read(f()))[0], 0.85, "the worst")
    if read(f()) != read(f()):
        raise Failed("the configuration is another one when asked for again")


@exercise.variant
def gentler():
    return {"rate": 0.1, "scale": 0.15, "penalty": 0, "batch": 12}


@exercise.variant
def tiny_batches():
    return {
        "batch": np.int64(8),
        "penalty": np.float64(1e-5),
        "rate": 0.1,
        "scale": np.sqrt(1 / 64),
    }


@exercise.variant
def larger_batches():
    return {"batch": 24.0, "rate": 0.25, "scale": 0.12, "penalty": 0.0003}


@exercise.misconception
def rate_far_too_low():
    """With this rate the loss has hardly moved when the budget ends. Look at the curve."""
    return {"rate": 1e-4, "scale": 0.1, "penalty": 1e-4, "batch": 16}


@exercise.misconception
def rate_far_too_high():
    """With this rate the weights are thrown about, or become NaN. Look at the curve."""
    return {"rate": 10.0, "scale": 0.1, "penalty": 1e-4, "batch": 16}


@exercise.misconception
def one_large_step_after_another():
    """The batch is so large that the budget allows only a few steps."""
    return {"rate": 0.1, "scale": 0.1, "penalty": 1e-4, "batch": 600}


@exercise.misconception
def weights_start_at_zero():
    """The starting weights are (nearly) zero: all hidden neurons start alike, and no gradient
    passes them."""
    return {"rate": 0.2, "scale": 0.0, "penalty": 1e-4, "batch": 16}


@exercise.misconception
def penalty_crushes_the_weights():
    """The penalty pulls the weights to zero harder than the digits pull them away."""
    return {"rate": 0.2, "scale": 0.1, "penalty": 0.3, "batch": 16}


@exercise.misconception
def exponents_instead_of_numbers():
    """These are exponents; the numbers themselves are wanted: 0.1, not −1."""
    return {"rate": -1, "scale": -1, "penalty": -4, "batch": 16}
