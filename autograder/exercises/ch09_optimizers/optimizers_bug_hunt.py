"""Bug hunt: seven Adams, six of them wrong."""

import numpy as np

from autograder.exercises.ch09_optimizers import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=4,
    hints=(
        "Under which gradients and hyper-parameters would *you* not notice a missing part of Adam?",
        "Several steps, several weights of different steepness, slopes that change and shrink, "
        "unequal β1 and β2, and an ε that is felt.",
        "Slopes that shrink over the steps, β1 ≠ β2, and an ε of the size of √v.",
    ),
)


def optimizers_bug_hunt() -> list[tuple[np.ndarray, float, float, float, float]]:
    """Gradients and hyper-parameters on which a wrong Adam gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (gradients, rate, beta1, beta2, epsilon)
        Arguments of a suspect, which starts at w = 0 and returns the weights after every step:
        gradients (T, n), one row per step and one column per weight; rate above 0, beta1 and
        beta2 at least 0 and below 1, epsilon not negative.
    """
    # Steps unlike each other, weights unlike each other, slopes that fade, an ε that is felt.
    fading = np.array([[4.0], [2.0], [1.0], [0.5], [0.25]])
    gradients = fading * np.cos(np.arange(15)).reshape(5, 3) * np.array([1.0, 5.0, 0.2])
    return [(gradients, 0.1, 0.5, 0.8, 0.1), (gradients[:1], 0.1, 0.9, 0.99, 1e-8)]


MAX_STEPS, MAX_WEIGHTS = 500, 100


def input_set(item, what):
    gradients, *numbers = sequence(item, 5, what)
    gradients = as_array(gradients, f"the gradients of {what}")
    if gradients.dtype.kind == "c" or gradients.ndim != 2:
        raise Failed(f"the gradients of {what} must be a real matrix: steps × weights")
    if not (1 <= len(gradients) <= MAX_STEPS and 1 <= gradients.shape[1] <= MAX_WEIGHTS):
        raise Failed(f"the gradients of {what} must have 1 to 500 rows and 1 to 100 columns")
    if not np.isfinite(gradients).all() or np.abs(gradients).max() > 1e100:
        raise Failed(f"the gradients of {what} must be finite, and of size 1e100 at most")
    names = ("rate", "beta1", "beta2", "epsilon")
    values = [number(v, f"{n} of {what}") for n, v in zip(names, numbers, strict=True)]
    rate, beta1, beta2, epsilon = values
    if not (0 < rate < np.inf and 0 <= beta1 < 1 and 0 <= beta2 < 1 and 0 <= epsilon < np.inf):
        raise Failed(f"rate, beta1, beta2 or epsilon of {what} is out of its range")
    return [gradients.astype(float), *values]


def number(value, what):
    array = as_array(value, what)
    if array.ndim or array.dtype.kind not in "iuf":
        raise Failed(f"{what} is not a single real number")
    return float(array)


def truth(gradients, rate, beta1, beta2, epsilon):
    """Adam's path from the definition: both averages as explicit weighted sums over the past."""
    steps = []
    for t in range(1, len(gradients) + 1):
        ages, past = np.arange(t)[::-1, None], gradients[:t]
        mean = np.sum(beta1**ages * past, axis=0) / np.sum(beta1**ages)
        square = np.sum(beta2**ages * past**2, axis=0) / np.sum(beta2**ages)
        steps.append(mean / (np.sqrt(square) + epsilon))
    return -rate * np.cumsum(steps, axis=0)


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise,
    input_set,
    SUSPECTS,
    "Returns one to three sets of gradients and hyper-parameters that Adam can use.",
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="f", truth=truth, points=1)


@exercise.variant
def random_and_fading():
    rng = np.random.default_rng(0)
    fading = rng.normal(size=(6, 3)) * np.array([[8], [4], [2], [1], [0.5], [0.25]])
    return [(fading, 0.1, 0.5, 0.8, 0.1)]


@exercise.variant
def by_hand():
    return (([[4, -1], [1, 2], [0.5, 1]], 1, 0.5, 0.9, 0.5),)


@exercise.variant
def one_set_per_question():
    small = 1e-3 * np.random.default_rng(3).normal(size=(1, 4))
    falling = np.array([[5.0, 1.0], [0.1, 2.0], [0.2, -1.0]])
    return [(small, 0.1, 0.9, 0.99, 0.01), (falling, 0.3, 0.7, 0.95, 0.0), (small, 1, 0, 0, 1)]


def gradients_of(seed, shape=(5, 3), fade=0.5):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape) * 4 * fade ** np.arange(shape[0])[:, None]


@exercise.misconception
def a_single_step():
    """One step only: everything that Adam remembers is still at its start."""
    return [(gradients_of(1, (1, 3)), 0.1, 0.5, 0.8, 0.1)]


@exercise.misconception
def a_single_weight():
    """One weight only: who mixes weights up goes unnoticed."""
    return [(gradients_of(2, (5, 1)), 0.1, 0.5, 0.8, 0.1)]


@exercise.misconception
def a_constant_gradient():
    """The slopes never change: then all averages are the same, whatever they average."""
    return [(np.tile([[1.0, -3.0, 0.2]], (5, 1)), 0.1, 0.5, 0.8, 0.1)]


@exercise.misconception
def equal_betas():
    """β1 equals β2, so nobody can see whether they are swapped."""
    return [(gradients_of(3), 0.1, 0.7, 0.7, 0.1)]


@exercise.misconception
def epsilon_too_small_to_matter():
    """ε is so small that it does not matter where it stands: make it felt."""
    return [(gradients_of(4), 0.1, 0.5, 0.8, 1e-14)]


@exercise.misconception
def slopes_that_only_grow():
    """The slopes only grow, so v never has to fall."""
    return [(gradients_of(5, fade=6.0), 0.1, 0.5, 0.8, 0.1)]
