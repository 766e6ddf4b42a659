"""Your own race: optimizer, schedule, and 200 steps."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises.project1_digit_reader.reader_gradients import reader_gradients
from autograder.exercises.project1_digit_reader.reader_scores import reader_scores
from autograder.exercises.project3_race.race_rate import race_rate
from autograder.judging import bowl
from autograder.judging.exercise import Exercise
from autograder.judging_hidden import trainings
from reference_impl.optimizers import adam_step

exercise = Exercise(
    __name__,
    minutes=35,
    difficulty=4,
    needs=("adam_step", "race_rate"),
    hints=(
        "Project 1's loop moved the weights by rate · gradient. Which line of it does a step rule "
        "replace, and what has to be carried from step to step?",
        "The state begins as an empty dict; in each step, `race_rate` says the rate, and "
        "`adam_step` gives back parameters and state. Rates for Adam are smaller than for plain "
        "descent.",
        "params, state = adam_step(params, grads, state, rate), with a peak between 0.005 and "
        "0.03, a tenth of the steps to warm up, and 50 to 100 hidden neurons.",
    ),
)

STEPS, SPLITS = 200, 3
SHAPES = {"W1": (64, None), "b1": (None,), "W2": (None, 10), "b2": (10,)}


def race_train(
    images: np.ndarray,
    labels: np.ndarray,
    gradients: "Callable[..., Any]",
    steps: int,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Train a reader as well as 200 steps allow: your optimizer, your schedule, your settings.

    The network is that of project 1 (one hidden layer of ReLU neurons), and so is the way you are
    graded: on digits in disguise that it has never seen, with gradients that are counted. The
    middle one of three trainings should read 92 % or more.

    Parameters
    ----------
    images : ndarray (N, 64)
    labels : ndarray of int (N,)
    gradients : callable
        `gradients(images, labels, params)` returns the loss and a dict of gradients, for at most
        50 examples; it may be asked `steps` times and refuses after that.
    steps : int
        200 when you are graded.
    rng : numpy.random.Generator

    Returns
    -------
    dict of ndarray
        The trained "W1" (64, H), "b1" (H,), "W2" (H, 10), "b2" (10,).
    """
    hidden = 80
    params = {
        "W1": rng.normal(size=(images.shape[1], hidden)) * np.sqrt(2 / images.shape[1]),
        "b1": np.zeros(hidden),
        "W2": rng.normal(size=(hidden, 10)) * np.sqrt(1 / hidden),
        "b2": np.zeros(10),
    }
    state: dict[str, Any] = {}
    for step in range(steps):
        rows = rng.choice(len(images), size=50, replace=False)
        _, grads = gradients(images[rows], labels[rows], params)
        rate = race_rate(step, steps, 0.02, steps // 10)
        params, state = adam_step(params, grads, state, rate)
    return params


def shares(f, rng, count):
    """The shares of new digits that it reads after so many trainings, in ascending order."""
    how = reader_gradients, STEPS, SHAPES, lambda x, p, _: reader_scores(x, p)
    return trainings.shares_read(f, rng, count, *how)


bowl.opens(
    exercise, SHAPES, "Begins with neurons that differ, and sees other examples from step to step."
)


# The reference reads 96.9 % ± 0.6 % of one part (100 of them: 95.5 % at the least), the variants
# 96.9 ± 0.8 and 96.1 ± 0.8 % (93.1 % at the least): the bar is 5 spreads below, and two must miss.
@exercise.check(points=2)
def it_learns(f, rng):
    """Reads 50 % of new digits after 200 steps on 1200."""
    trainings.reads(shares(f, rng, 1)[0], 0.5, f"after {STEPS} steps")


@exercise.check(points=5, after=it_learns)
def it_races(f, rng):
    """Reads 92 % of new digits, in the middle one of three trainings on other parts."""
    middle = shares(f, rng, SPLITS)[SPLITS // 2]
    trainings.reads(middle, 0.92, f"after the middle one of {SPLITS} trainings")


def _start(rng, hidden=80, scale=1.0):
    return {
        "W1": scale * rng.normal(size=(64, hidden)) * np.sqrt(2 / 64),
        "b1": np.zeros(hidden),
        "W2": scale * rng.normal(size=(hidden, 10)) * np.sqrt(1 / hidden),
        "b2": np.zeros(10),
    }


@exercise.variant
def with_momentum(images, labels, gradients, steps, rng):
    params = _start(rng, 100)
    speed = {name: np.zeros(value.shape) for name, value in params.items()}
    for step in range(steps):
        rows = rng.integers(len(images), size=50)
        _, grads = gradients(images[rows], labels[rows], params)
        rate = 0.15 * min((step + 1) / 10, 1.0, 2 * (1 - step / steps))
        speed = {name: 0.9 * speed[name] - rate * grads[name] for name in params}
        params = {name: value + speed[name] for name, value in params.items()}
    return params


@exercise.variant
def plain_and_bold(images, labels, gradients, steps, rng):
    """Plain descent with a large rate that falls, each example once before any comes again."""
    params, left = _start(rng, 60), np.zeros(0, dtype=int)
    for step in range(steps):
        if len(left) < 50:
            left = rng.permutation(len(images))
        rows, left = left[:50], left[50:]
        grads = gradients(images[rows], labels[rows], params)[1]
        rate = 0.8 * np.cos(0.5 * np.pi * step / steps) ** 2
        params = {name: value - rate * grads[name] for name, value in params.items()}
    return params


def _train(images, labels, gradients, steps, rng, *, scale=1.0, rate=0.25, **slip):
    """Plain descent with one thing exchanged; the misconceptions below say which."""
    first = _start(rng, 40, scale)
    return trainings.slipped(first, images, labels, gradients, steps, rng, rate=rate, **slip)


@exercise.misconception
def starts_at_zero(images, labels, gradients, steps, rng):
    """All weights start at zero: all hidden neurons are alike, and stay alike."""
    return _train(images, labels, gradients, steps, rng, scale=0.0)


@exercise.misconception
def climbs(images, labels, gradients, steps, rng):
    """The weights move *along* the gradient, uphill."""
    return _train(images, labels, gradients, steps, rng, rate=-0.25)


@exercise.misconception
def rate_far_too_low(images, labels, gradients, steps, rng):
    """The weights hardly move within the budget. Try rates ten times larger."""
    return _train(images, labels, gradients, steps, rng, rate=1e-4)


@exercise.misconception
def always_the_same_examples(images, labels, gradients, steps, rng):
    """Every step sees the same few examples: these are learned by heart. Draw others each time."""
    return _train(images, labels, gradients, steps, rng, mode="same", size=5)


@exercise.misconception
def labels_of_other_images(images, labels, gradients, steps, rng):
    """The labels do not belong to the images beside them. Draw rows once, and use them for both."""
    return _train(images, labels, gradients, steps, rng, mode="mixed")


@exercise.misconception
def spends_too_much(images, labels, gradients, steps, rng):
    """More gradients are asked for than there are steps: one call gives all of them."""
    return _train(images, labels, gradients, steps, rng, mode="twice")


@exercise.misconception
def hands_back_the_start(images, labels, gradients, steps, rng):
    """What comes back are the weights of the beginning: the steps are taken and thrown away."""
    return _train(images, labels, gradients, steps, rng, mode="first")
