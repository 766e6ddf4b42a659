"""Bug hunt: which layers, and how many of them, convict a wrong initialiser?"""

import functools
import math

import numpy as np

from autograder.exercises.ch05_initialization import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "In a square layer, can you see whether somebody counted the inputs or the units?",
        "Two kinds of question: a layer with very few inputs, drawn very often; and one with many "
        "inputs, not square, drawn more than once.",
        "Of few inputs one sees the difference between n and n − 1; two draws show whether "
        "they are the same.",
    ),
)

MOST = 200_000
MOST_DRAWS = 20_000


def initialization_bug_hunt() -> list[tuple[int, int, int]]:
    """Layers on which a wrong initialiser gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (n_in, n_out, draws)
        How many inputs and units the layer has, and how often in a row it is drawn, from one
        generator: at most 20,000 draws and 200,000 weights per tuple. A suspect is convicted if the
        spread of all its weights is not √(2/n_in), by more than chance can explain, or if
        more than one weight repeats another.
    """
    return [(3, 20, 1000), (100, 10, 2)]


def question(item, what):
    parts = sequence(item, 3, what)
    names = ("n_in", "n_out", "draws")
    arrays = [as_array(p, f"{name} of {what}") for p, name in zip(parts, names, strict=True)]
    if any(a.ndim or a.dtype.kind not in "iuf" for a in arrays):
        raise Failed(f"{what} must hold three whole numbers")
    numbers = [float(a) for a in arrays]
    if any(number != round(number) or number < 1 for number in numbers if math.isfinite(number)):
        raise Failed(f"{what} must hold whole numbers of 1 or more")
    if not math.prod(numbers) <= MOST:
        raise Failed(f"{what} asks for more than {MOST:,} weights")
    if numbers[2] > MOST_DRAWS:
        raise Failed(f"{what} asks for more than {MOST_DRAWS:,} draws")
    return [int(number) for number in numbers]


@functools.lru_cache(maxsize=200)
def findings(suspect, n_in, n_out, draws):
    """Whether the spread is as promised, within what chance allows, and no weight comes twice."""
    rng = np.random.default_rng([n_in, n_out, draws])
    W = np.array([suspect(rng, n_in, n_out) for _ in range(draws)])
    # Laurent and Massart: a right suspect's mean square is outside with probability 2·exp(−33).
    # Two pairs of equal numbers among 200,000 of 52 bits: below 1e-10.
    n = W.size
    band = 2 * math.sqrt(33 / n) + 66 / n
    spread = bool(abs(np.mean(W**2) * n_in / 2 - 1) <= band)
    return {"spread": spread, "no repeats": bool(len(np.unique(W)) >= n - 1)}


def truth(n_in, n_out, draws):
    return {"spread": True, "no repeats": True}


def interrogated(suspect):
    """The suspect as a witness: from a question to the findings about what it draws."""

    @functools.wraps(suspect)
    def witness(*numbers):
        return findings(suspect, *numbers)

    return witness


SUSPECTS = [interrogated(suspect) for suspect in hunt.lineup(suspects)]
SENTENCE = "Returns one to three tuples of three whole numbers, at most 200,000 weights each."
CHARGE = "Convicts suspect {}."

hunt.opens(exercise, question, SUSPECTS, SENTENCE)
hunt.charges(exercise, question, SUSPECTS, innocent="e", truth=truth, points=1, sentence=CHARGE)


@exercise.observe
def guilty(f):
    """Diagnosis looks at who is convicted: which finding does it may differ from draw to draw."""
    return hunt.convicted(f, question, SUSPECTS, truth)


@exercise.variant
def two_numpy_rows():
    return list(np.array([[2, 50, 1500], [128, 7, 3]]))


@exercise.variant
def three_sets():
    return ((1, 1000, 100), [70, 3, 5], (5, 3, 9000))


@exercise.variant
def another_pair():
    return [[4, 1, 20_000], [1000, 30, 2]]


@exercise.misconception
def square_layers():
    """All layers are square: whoever counts the wrong side gets away."""
    return [(5, 5, 3000), (100, 100, 2)]


@exercise.misconception
def large_layers_only():
    """No layer has just a few inputs: a wrong rule for small layers cannot be seen."""
    return [(200, 50, 3), (100, 300, 2)]


@exercise.misconception
def small_layers_only():
    """No layer has many inputs: a trick that begins in large layers cannot be seen."""
    return [(3, 20, 1000), (20, 3, 1000)]


@exercise.misconception
def drawn_once():
    """Every layer is drawn once only: whoever repeats the same draw gets away."""
    return [(3, 20_000, 1), (100, 10, 1)]


@exercise.misconception
def too_few_weights():
    """With so few weights, chance alone explains all but the grossest errors of the spread."""
    return [(3, 4, 5), (7, 2, 3)]


@exercise.misconception
def one_large_square():
    """A single square layer, drawn once: the usual test, and it convicts only one of six."""
    return [(300, 300, 1)]
