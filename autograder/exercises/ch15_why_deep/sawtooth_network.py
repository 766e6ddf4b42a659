"""Fold the line, again and again."""

import numpy as np

from autograder.exercises.ch15_why_deep.curves import has_units, network, outputs, says, seen
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=4,
    core=True,
    hints=(
        "How do two ReLUs make a tent, up to 1 in the middle and down again? Where does each "
        "switch on, and how does the slope change there?",
        "A tent's output is one number: sum it and spread it over the next layer's two units. "
        "Summing and spreading without a ReLU between them are one 2×2 matrix.",
        "tent(x) = 2·max(0, x) − 4·max(0, x − ½); between two layers the matrix is (2, −4)ᵀ(1, 1).",
    ),
)


@exercise.probe
def one_fold(rng):
    return (1,)


@exercise.probe
def three_folds(rng):
    return (3,)


@exercise.observe
def behaviour(f):
    return seen(f, [(1,), (2,), (3,)], [np.linspace(0, 1, 23)] * 3)


def folded(x, depth):
    """The tent map, so many times: the distance to the nearest even number, seen closely."""
    return 1 - np.abs(np.mod(2.0**depth * x, 2) - 1)


@exercise.check
def worked_example(f):
    """One fold takes 0, ¼, ½, ¾, 1 to 0, ½, 1, ½, 0; two folds to 0, 1, 0, 1, 0."""
    x = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    says(f(1), [2], x, [0.0, 0.5, 1, 0.5, 0], "one fold of 0, ¼, ½, ¾, 1")
    says(f(2), [2, 2], x, [0.0, 1, 0, 1, 0], "two folds of 0, ¼, ½, ¾, 1")


@exercise.check
def three_folds_by_hand(f):
    """Three folds, two units in each of three layers, take 0.1, 0.2, 0.3 to 0.8, 0.4, 0.4."""
    x = np.array([0.1, 0.2, 0.3])
    # 0.1 → 0.2 → 0.4 → 0.8, 0.2 → 0.4 → 0.8 → 0.4, 0.3 → 0.6 → 0.8 → 0.4
    says(f(3), [2, 2, 2], x, [0.8, 0.4, 0.4], "three folds of 0.1, 0.2, 0.3")


@exercise.check(points=2)
def folds(f, rng):
    """Folds [0, 1] as often as asked, with two units a layer."""
    for depth in rng.permutation([1, 2, 3, 4, 5]):
        x = rng.uniform(0, 1, size=200)
        depth = int(depth)
        says(f(depth), [2] * depth, x, folded(x, depth), f"{depth} folds", atol=1e-8)


@exercise.check(points=1, after=folds)
def teeth(f, rng):
    """With ten layers there are 512 teeth: 1 at their tips, 0 between them."""
    depth = int(rng.integers(8, 11))
    layers = network(f(depth))
    has_units(layers, [2] * depth)
    tips = np.arange(2**depth + 1) / 2**depth
    agree(outputs(layers, tips), np.arange(len(tips)) % 2, atol=1e-8, what="tips and valleys")


@exercise.variant
def up_and_down(depth):
    """A tent of other parts: the second unit starts twice as steep."""
    spread, shift = np.array([[1.0, 2.0]]), np.array([0.0, -1.0])
    gather = np.array([[2.0], [-2.0]])
    weights = [spread] + [gather * spread for _ in range(depth - 1)] + [gather]
    return weights, [shift] * depth + [np.zeros(1)]


@exercise.variant
def hanging(depth):
    """Each layer computes 1 − tent from the two sides: max(0, 1 − 2x) + max(0, 2x − 1)."""
    weights, biases = [np.array([[-2.0, 2.0]])], [np.array([1.0, -1.0])]
    for _ in range(depth - 1):  # the input is 1 − h₁ − h₂
        weights.append(np.array([[2.0, -2.0], [2.0, -2.0]]))
        biases.append(np.array([-1.0, 1.0]))
    return [*weights, -np.ones((2, 1))], [*biases, np.ones(1)]


def _net(depth, *, gather=(2.0, -4.0), shift=(0.0, -0.5), first=None):
    spread, shift = np.ones((1, 2)), np.array(shift)
    gather = np.reshape(gather, (2, 1))
    weights = [spread, *[gather @ spread] * (depth - 1), gather]
    return weights, [shift] * depth + [np.zeros(1)]


@exercise.misconception
def stays_flat(depth):
    """After its tip the tent stays at 1: the slope must fall from +2 to −2."""
    return _net(depth, gather=(2.0, -2.0))


@exercise.misconception(keeps=0.5)
def half_as_high(depth):
    """The tip is at ½, so the next fold never sees the right half: it must reach 1."""
    return _net(depth, gather=(1.0, -2.0))


@exercise.misconception
def bends_at_one(depth):
    """The second unit switches on at 1, where the interval is over: the tip is at ½."""
    return _net(depth, shift=(0.0, -1.0))


@exercise.misconception
def shift_to_the_wrong_side(depth):
    """The second unit switches on at −½: mind the sign of the bias."""
    return _net(depth, shift=(0.0, 0.5))


@exercise.misconception
def one_layer_too_many(depth):
    """It folds once more than asked for."""
    return _net(depth + 1)


@exercise.misconception
def one_layer_too_few(depth):
    """It folds once less than asked for; one fold is the least."""
    return _net(max(depth - 1, 1)) if depth > 1 else _net(1, gather=(0.0, 0.0))


@exercise.misconception
def folds_only_once(depth):
    """Only the first layer folds, the others pass its output on."""
    weights, biases = _net(1)
    keep = np.array([[1.0, 0.0], [0.0, 0.0]])
    middle = [weights[1] @ np.array([[1.0, 0.0]])] + [keep] * (depth - 2)
    if depth == 1:
        # Of one layer nothing can be passed on: even that one is flat.
        return [weights[0], np.array([[2.0], [0.0]])], biases
    return (
        [weights[0], *middle, np.array([[1.0], [0.0]])],
        [biases[0], *[np.zeros(2)] * (depth - 1), np.zeros(1)],
    )


@exercise.misconception
def outputs_not_summed(depth):
    """Each unit hands on its own part: the tent is the *sum* of both, and both need it."""
    weights, _ = _net(depth)
    return [weights[0], *[np.diag([2.0, -4.0])] * (depth - 1), weights[-1]], [
        np.array([0.0, -0.5]) for _ in range(depth)
    ] + [np.array([0.0 if depth > 1 else 0.1])]


@exercise.misconception
def upside_down(depth):
    """The teeth point down."""
    weights, biases = _net(depth)
    return [*weights[:-1], -weights[-1]], biases


@exercise.misconception
def wide_instead_of_deep(depth):
    """All units stand in one layer: the teeth are right, but that is what folding saves."""
    n = 2**depth
    slopes = n * np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    out = np.diff(slopes, prepend=0)
    if depth == 1:
        # With one fold this *is* the answer, but for units that nobody asked for.
        return (
            [np.ones((1, 3)), np.array([[2.0], [-4.0], [0.0]])],
            [np.array([0.0, -0.5, -1.0]), np.zeros(1)],
        )
    return [np.ones((1, n)), out[:, None]], [-np.arange(n) / n, np.zeros(1)]


@exercise.misconception
def matrix_lies_the_other_way(depth):
    """The inner weights are transposed: a column belongs to the unit above."""
    inner = np.array([[2.0, -4.0], [2.0, -4.0]])
    weights = [np.ones((1, 2))] + [inner] * (depth - 1) + [np.array([[2.0], [-4.0]])]
    return weights, [np.array([0, -0.5])] * depth + [np.zeros(1)]


@exercise.misconception
def biases_below_only(depth):
    """Only the first layer has biases: every layer folds anew, at ½."""
    inner = np.array([[2.0, 2.0], [-4.0, -4.0]])
    weights = [np.ones((1, 2))] + [inner] * (depth - 1) + [np.array([[2.0], [-4.0]])]
    return weights, [np.array([0, -0.5])] + [np.zeros(2)] * (depth - 1) + [np.zeros(1)]


@exercise.misconception
def one_wide_layer(depth):
    """One wide layer makes the same teeth with many more units: here depth makes them."""
    n = 2**depth
    slopes = np.where(np.arange(n) % 2, -2.0 * n, 2.0 * n)
    slopes[0] = n
    return [np.ones((1, n)), slopes[:, None]], [-np.arange(n) / n, np.zeros(1)]
