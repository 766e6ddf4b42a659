"""The winner takes all."""

import numpy as np

from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    core=True,
    hints=(
        "Which unit should answer for this input, and what should change so that next time it "
        "answers even better?",
        "`np.linalg.norm(…, axis=1)` gives all distances. Work on a copy: all other rows stay.",
        r"The winner's row becomes $w + \eta\,(x - w)$.",
    ),
)


def scene(rng, units, features):
    """An input between prototypes, one of them nearer than all others by far more than rounding."""
    x = rng.normal(size=features)
    directions = rng.normal(size=(units, features))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    far = rng.permutation(np.linspace(1, 3, units))
    return x, x + far[:, None] * directions, rng.uniform(0.1, 0.6)


def longest_is_not_nearest(rng):
    """The prototype of the largest inner product is not the nearest one."""
    x = rng.uniform(1, 2, 3)
    prototypes = x * np.array([[0.6], [1.2], [5.0], [-1.0], [2.0]])
    return x, rng.permutation(prototypes), rng.uniform(0.1, 0.6)


def corner_or_axis(rng):
    """One prototype is nearest as the crow flies, another one through the streets."""
    x = rng.normal(size=4)
    offsets = np.array([[1.0, 1.0, 1.0, 1.0], [2.4, 0.0, 0.0, 0.0], [2.0, 2.0, 2.0, 2.0]])
    return x, x + rng.permutation(offsets), rng.uniform(0.1, 0.6)


@exercise.probe
def five_units(rng):
    return scene(rng, 5, 3)


@exercise.probe
def square(rng):
    return scene(rng, 4, 4)


@exercise.probe
def long_ones(rng):
    return longest_is_not_nearest(rng)


@exercise.probe
def streets(rng):
    return corner_or_axis(rng)


@exercise.probe
def equally_near(rng):
    return np.zeros(1), np.array([[5.0], [2.0], [-2.0]]), 0.5


@exercise.probe
def of_whole_numbers(rng):
    return np.array([1, 2]), np.array([[5, 5], [2, 3], [-4, 1]]), 0.5


@exercise.check
def worked_example(f):
    """From (4, 0) the prototypes (10, 0), (0, 0), (3, 5) are 6, 4 and 5.1 away; at rate ½, unit 1
    moves to (2, 0)."""
    prototypes = np.array([[10.0, 0.0], [0.0, 0.0], [3.0, 5.0]])
    winner, moved = sequence(f(np.array([4.0, 0.0]), prototypes, 0.5), 2)
    agree(winner, 1, what="the winner")
    agree(moved, np.array([[10.0, 0.0], [2.0, 0.0], [3.0, 5.0]]), what="the prototypes")


@exercise.check
def as_the_crow_flies(f):
    """(2, 2) is nearer to 0 than (3, 0): at rate ¼ it moves to (1.5, 1.5)."""
    prototypes = np.array([[3.0, 0.0], [2.0, 2.0]])
    expected = 1, np.array([[3.0, 0.0], [1.5, 1.5]])
    agree(f(np.zeros(2), prototypes, 0.25), expected)


@exercise.check
def between_two_units(f):
    """0 lies midway between 3 and −3: the first of them wins, and at rate ½ moves to 1½."""
    agree(
        f(np.zeros(1), np.array([[7.0], [3.0], [-3.0]]), 0.5),
        (1, np.array([[7.0], [1.5], [-3.0]])),
    )


@exercise.check
def arguments_stay(f):
    """The input and the prototypes are afterwards what they were."""
    unchanged(f, np.array([4.0, 0.0]), np.array([[3.0, 5.0], [0.0, 0.0]]), 0.5)


@exercise.check(points=2)
def random_scenes(f, reference, rng):
    """Names the nearest unit and moves it, and only it, in random scenes."""
    calls = [scene(rng, *size) for size in [(5, 3), (3, 5), (7, 2), (11, 4), (4, 4)]]
    calls += [longest_is_not_nearest(rng), corner_or_axis(rng)]
    calls = [calls[k] for k in rng.permutation(len(calls))]
    for call, answer in zip(calls, f.many(calls), strict=True):
        agree(answer, reference(*call))


@exercise.check(points=1, after=random_scenes)
def first_of_equals(f, reference, rng):
    """Of equally near units the first wins."""
    for where in rng.permutation([0, 1, 2, 3]):
        offsets = np.array(
            [[3.0, 0.0], [0.0, 3.0], [-3.0, 0.0], [0.0, -3.0], [0.0, 2.0], [2.0, 0.0]]
        )
        prototypes = np.roll(offsets, where, axis=0)
        arguments = np.zeros(2), prototypes, 0.3
        agree(f(*arguments), reference(*arguments))


@exercise.check(points=1, after=random_scenes)
def no_step_or_a_whole_one(f, reference, rng):
    """At rate 0 nothing moves; at rate 1 the winner becomes the input; a single unit always
    wins."""
    x, prototypes, rate = scene(rng, 5, 3)
    for share in rng.permutation([0.0, 1.0]):
        agree(f(x, prototypes, share), reference(x, prototypes, share))
    agree(f(x, prototypes[:1], rate), reference(x, prototypes[:1], rate))


@exercise.check(points=1, after=random_scenes)
def many_steps(f, rng):
    """Shown the same input n times, the winner's distance shrinks by (1 − rate) each time."""
    x, prototypes, rate = scene(rng, 5, 3)
    before = np.linalg.norm(x - prototypes, axis=1).min()
    for _ in range(4):
        _, prototypes = sequence(f(x, prototypes, rate), 2)
        prototypes = as_array(prototypes, "the prototypes")
    after = np.linalg.norm(x - prototypes, axis=1).min()
    agree(after, before * (1 - rate) ** 4, rtol=1e-5, what="the distance")


@exercise.check(points=1, after=random_scenes)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, not cutting off what a unit has moved."""
    x, prototypes, rate = scene(rng, 5, 3)
    whole_numbers(
        f, reference, np.round(9 * x).astype(int), np.round(9 * prototypes).astype(int), rate
    )


@exercise.check(points=1, after=random_scenes)
def leaves_inputs_alone(f, rng):
    """Leaves the input and the prototypes as they were."""
    unchanged(f, *five_units(rng))


@exercise.variant
def with_loops(x, prototypes, rate):
    squares = [sum((a - b) ** 2 for a, b in zip(x, row)) for row in prototypes]
    winner = squares.index(min(squares))
    rows = [list(map(float, row)) for row in prototypes]
    rows[winner] = [(1 - rate) * w + rate * a for w, a in zip(rows[winner], x)]
    return winner, rows


@exercise.variant
def one_hot(x, prototypes, rate):
    offsets = x - prototypes
    winner = np.argmin(np.einsum("kd,kd->k", offsets, offsets))
    return [winner, prototypes + rate * np.eye(len(prototypes))[winner][:, None] * offsets]


def _step(x, prototypes, rate, scores=None, move=None):
    """The step with one thing exchanged; the lowest score wins."""
    prototypes = np.array(prototypes, dtype=float)
    scores = np.linalg.norm(x - prototypes, axis=1) if scores is None else scores
    winner, moved = int(np.argmin(scores)), prototypes.copy()
    move = move or (lambda w: w + rate * (x - w))
    moved[winner] = move(prototypes[winner])
    return winner, moved


@exercise.misconception
def largest_inner_product_wins(x, prototypes, rate):
    """The winner has the largest inner product with x, so that long prototypes win everywhere."""
    return _step(x, prototypes, rate, scores=-(prototypes @ x))


@exercise.misconception
def farthest_wins(x, prototypes, rate):
    """The unit that is farthest away wins. Look for the smallest distance."""
    return _step(x, prototypes, rate, scores=-np.linalg.norm(x - prototypes, axis=1))


@exercise.misconception
def nearest_through_the_streets(x, prototypes, rate):
    """The offsets' sizes are added up; distance here is Euclidean, as the crow flies."""
    return _step(x, prototypes, rate, scores=np.abs(x - prototypes).sum(axis=1))


@exercise.misconception
def everyone_moves(x, prototypes, rate):
    """All units move towards x. The winner takes all: the others stay."""
    winner, _ = _step(x, prototypes, rate)
    return winner, prototypes + rate * (x - prototypes)


@exercise.misconception
def moves_away(x, prototypes, rate):
    """The winner moves away from the input: next time it may well lose."""
    return _step(x, prototypes, rate, move=lambda w: w - rate * (x - w))


@exercise.misconception
def adds_the_input(x, prototypes, rate):
    """rate · x is added without taking w off, so the winner's weights grow for ever."""
    return _step(x, prototypes, rate, move=lambda w: w + rate * x)


@exercise.misconception
def becomes_the_input(x, prototypes, rate):
    """The winner jumps onto x and forgets all it has seen. Move a share of the way: the rate."""
    return _step(x, prototypes, rate, move=lambda w: x)


@exercise.misconception(keeps=0.5)
def the_other_share(x, prototypes, rate):
    """rate and 1 − rate have changed places: at rate 0 nothing should move."""
    return _step(x, prototypes, rate, move=lambda w: rate * w + (1 - rate) * x)


@exercise.misconception
def last_of_equals(x, prototypes, rate):
    """Of equally near units the last one wins; the contract says the first."""
    distances = np.linalg.norm(x - prototypes, axis=1)
    last = len(distances) - 1 - int(np.argmin(distances[::-1]))
    return _step(x, prototypes, rate, scores=np.arange(len(distances)) != last)


@exercise.misconception(keeps=2 / 3)
def counts_from_one(x, prototypes, rate):
    """The winner's number is counted from 1. Rows count from 0."""
    winner, moved = _step(x, prototypes, rate)
    return winner + 1, moved


@exercise.misconception
def only_the_winners_row(x, prototypes, rate):
    """Only the winner's row comes back. All prototypes are wanted, the others as they were."""
    winner, moved = _step(x, prototypes, rate)
    return winner, moved[winner]


@exercise.misconception
def moves_the_callers_prototypes(x, prototypes, rate):
    """The step is right, but it is taken in the caller's own array. Work on a copy."""
    winner, moved = _step(x, prototypes, rate)
    prototypes[...] = moved
    return winner, moved


@exercise.misconception
def cuts_whole_numbers(x, prototypes, rate):
    """Prototypes of whole numbers stay whole: what a step adds is cut off on writing."""
    winner, moved = _step(x, prototypes, rate)
    return winner, moved.astype(prototypes.dtype)
