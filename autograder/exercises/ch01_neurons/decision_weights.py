"""Five ways to decide."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.exercises.ch01_neurons import _gates
from autograder.judging.compare import Failed, as_array, describe, sequence
from autograder.judging.exercise import Exercise, no_arguments

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "For each decision: which of the eight situations should just pass the threshold, and "
        "which should just fail to?",
        "Where all three count alike, give them equal weights and move only the threshold. "
        "An input that speaks *against* going wants a weight below 0.",
        r"With $w = (1, 1, 1)$ the sum is the number of yeses: which $\theta$ lies between 1 and "
        r"2? For `film`: $w_3 > \theta$, and $w_1 + w_2 \le \theta$.",
    ),
)


def decision_weights() -> dict[str, tuple[list[float], float]]:
    """Weights and a threshold for each of five decisions about going to the film.

    The three inputs are 1 or 0: is the weather good, does a friend come, is the film good? The
    neuron fires (we go) if the weighted sum of the three exceeds the threshold.

    all       We go only if all three are 1.
    any       We go if at least one of them is 1.
    majority  We go if at least two of them are 1.
    film      We go exactly if the film is good, whatever the others say.
    alone     We go exactly if the film is good and *no* friend comes; the weather does not matter.

    Returns
    -------
    dict of str to tuple (weights, threshold)
        For each name the weights of weather, friend and film, and the threshold: many are right.
    """
    return {
        "all": ([1.0, 1.0, 1.0], 2.5),
        "any": ([1.0, 1.0, 1.0], 0.5),
        "majority": ([1.0, 1.0, 1.0], 1.5),
        "film": ([2.0, 2.0, 6.0], 5.0),
        "alone": ([0.0, -1.0, 1.0], 0.5),
    }


SITUATIONS = _gates.switches(3)
WANTED = {
    "all": [0, 0, 0, 0, 0, 0, 0, 1],
    "any": [0, 1, 1, 1, 1, 1, 1, 1],
    "majority": [0, 0, 0, 1, 0, 1, 1, 1],
    "film": [0, 1, 0, 1, 0, 1, 0, 1],
    "alone": [0, 1, 0, 0, 0, 1, 0, 0],
}
"""What each decision says in the situations 000, 001, …, 111."""


def read(answer: Any) -> dict[str, tuple[np.ndarray, float]]:
    """Weights and threshold of each decision, or `Failed`."""
    if not isinstance(answer, Mapping):
        raise Failed(f"the result is {describe(answer)}, expected a dict of five decisions")
    missing = [name for name in WANTED if name not in answer]
    if missing:
        raise Failed(f"there is no decision called {', '.join(missing)}")
    return {name: _neuron(answer[name], name) for name in WANTED}


def _neuron(item: Any, name: str) -> tuple[np.ndarray, float]:
    weights, threshold = sequence(item, 2, f"the entry {name!r}")
    w, bar = as_array(weights, f"the weights of {name!r}"), as_array(threshold, "the threshold")
    if w.shape != (3,) or bar.ndim:
        raise Failed(f"{name!r} has {w.size} weights, expected three, and one threshold")
    if w.dtype.kind not in "iuf" or bar.dtype.kind not in "iuf":
        raise Failed(f"weights and threshold of {name!r} must be real numbers")
    if not np.isfinite([*w, bar]).all():
        raise Failed(f"weights and threshold of {name!r} must be finite numbers")
    return w.astype(float), float(bar)


def answers(answer: Any) -> dict[str, list[int]]:
    """What each decision says in the eight situations."""
    return {
        name: (SITUATIONS @ w > threshold).astype(int).tolist()
        for name, (w, threshold) in read(answer).items()
    }


@exercise.observe
def what_is_decided(f):
    """Diagnosis looks at the decisions, not at the numbers behind them."""
    reply = f.reply()
    if reply.error is not None:
        return [{"raised": reply.error.kind}]
    if reply.value is None:
        return [{"value": None}]
    try:
        return [str(answers(reply.value))]
    except Failed as failure:
        return [failure.message.split(",")[0].split(" is ")[0]]


exercise.probe(no_arguments)


@exercise.check
def five_neurons(f):
    """Returns three weights and a threshold for each of the five names."""
    read(f())


def decides(f: Any, name: str) -> None:
    """Raise `Failed` unless the decision of that name is right in all eight situations."""
    decided = answers(f())[name]
    for situation, got, wanted in zip(SITUATIONS, decided, WANTED[name], strict=True):
        if got != wanted:
            raise Failed(f"in the situation {situation.astype(int).tolist()} it says {got}")


@exercise.check(points=1, after=five_neurons)
def decides_all(f):
    """`all` fires only for three yeses."""
    decides(f, "all")


@exercise.check(points=1, after=five_neurons)
def decides_any(f):
    """`any` stays silent only for three noes."""
    decides(f, "any")


@exercise.check(points=1, after=five_neurons)
def decides_majority(f):
    """`majority` fires for two yeses or three."""
    decides(f, "majority")


@exercise.check(points=1, after=five_neurons)
def decides_film(f):
    """`film` does what the third input says."""
    decides(f, "film")


@exercise.check(points=1, after=five_neurons)
def decides_alone(f):
    """`alone` fires for a good film without a friend."""
    decides(f, "alone")


@exercise.variant
def other_numbers():
    return {
        "film": ([1, 1, 30], 29),
        "alone": (np.array([0.0, -5.0, 2.0]), 1.0),
        "all": ((2, 3, 4), 8),
        "any": ([9.0, 9.0, 9.0], 0),
        "majority": ([3, 3, 3], np.float64(5.0)),
    }


@exercise.variant
def unequal_weights():
    return {
        "all": ([0.5, 0.5, 7.0], 7.5),
        "any": ([3.0, 4.0, 5.0], 2.0),
        "majority": ([2.0, 2.5, 3.0], 4.0),
        "film": ([-1.0, 1.0, 3.0], 1.5),
        "alone": ([0.1, -1.0, 1.0], 0.2),
    }


def _but(**neurons):
    return {**decision_weights(), **neurons}


@exercise.misconception
def all_at_the_threshold():
    """`all`: three yeses only just *reach* the threshold. They have to exceed it."""
    return _but(all=([1.0, 1.0, 1.0], 3.0))


@exercise.misconception
def any_at_the_threshold():
    """`any`: a single yes only just reaches the threshold. It has to exceed it."""
    return _but(any=([1.0, 1.0, 1.0], 1.0))


@exercise.misconception
def majority_at_the_threshold():
    """`majority`: two yeses only just reach the threshold. They have to exceed it."""
    return _but(majority=([1.0, 1.0, 1.0], 2.0))


@exercise.misconception
def every_sum_at_the_threshold():
    """In `all`, `any` and `majority` the decisive sum only just reaches the threshold."""
    ones = [1.0, 1.0, 1.0]
    return _but(all=(ones, 3.0), any=(ones, 1.0), majority=(ones, 2.0))


@exercise.misconception
def film_needs_company():
    """`film`: a good film alone does not pass the threshold. Its weight must do so alone."""
    return _but(film=([2.0, 2.0, 6.0], 7.0))


@exercise.misconception
def film_can_be_outvoted():
    """`film`: weather and friend together pass the threshold, though the film is bad."""
    return _but(film=([3.0, 3.0, 6.0], 5.0))


@exercise.misconception
def weather_decides():
    """`film`: the heavy weight stands at the weather. The film is the third input."""
    return _but(film=([6.0, 2.0, 2.0], 5.0))


@exercise.misconception
def friend_is_welcome():
    """`alone`: it fires with a friend, too. An input that speaks against needs a weight below 0."""
    return _but(alone=([0.0, 0.0, 1.0], 0.5))


@exercise.misconception
def friend_is_required():
    """`alone`: it fires only if the friend comes. The friend's weight has the wrong sign."""
    return _but(alone=([0.0, 1.0, 1.0], 1.5))


@exercise.misconception
def goes_to_bad_films_too():
    """`alone`: it also fires for a bad film, if only no friend comes."""
    return _but(alone=([0.0, -1.0, 1.0], -0.5))


@exercise.misconception
def biases_for_thresholds():
    """The thresholds have the sign of a bias: what *exceeds* −2.5 is nearly everything."""
    return {name: (w, -threshold) for name, (w, threshold) in decision_weights().items()}


@exercise.misconception
def same_threshold_everywhere():
    """One threshold serves all the decisions. It is what tells `any` from `all`."""
    return {name: (w, 2.5) for name, (w, _) in decision_weights().items()}
