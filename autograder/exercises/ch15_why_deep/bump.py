"""A tower made of two steps."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    needs=("smooth_step",),
    hints=(
        "A step goes up at the left end and stays up. What takes it down again at the right end?",
        "Two hidden units; their output weights have the same size and opposite signs.",
        "height · (step at left − step at right).",
    ),
)


@exercise.probe
def moderate(rng):
    left = rng.uniform(-1, -0.4)
    return rng.uniform(-3, 3, size=7), left, left + rng.uniform(0.8, 2), 1.7, rng.uniform(2, 4)


@exercise.probe
def downwards(rng):
    return rng.uniform(-3, 3, size=5), 0.3, 1.9, -2.5, 1.3


@exercise.probe
def sharp(rng):
    return np.array([-1.0, 0.1, 0.5, 0.9, 2.0]), 0.2, 0.8, 3.0, 1e4


@exercise.check
def worked_example(f):
    """From 1 to 3, height 10, steepness ln 3: at 1, 2, 3 it is 4, 5 and 4; at 5 it is 0.878."""
    tower = f(np.array([1.0, 2.0, 3.0, 5.0]), 1.0, 3.0, 10.0, np.log(3))
    # 81/82 − 9/10 is what is left two places beyond the right end.
    agree(tower, [4.0, 5.0, 4.0, 10 * (81 / 82 - 0.9)], what="the tower")


@exercise.check
def steep_towers(f):
    """A steep tower from −1 to 2 of height −3 is −3 inside and 0 outside; x stays as it was."""
    x = np.array([-5.0, -0.5, 1.5, 6.0])
    agree(f(x, -1.0, 2.0, -3.0, 60.0), [0.0, -3.0, -3.0, 0.0], what="the tower")
    unchanged(f, x, -1.0, 2.0, -3.0, 60.0)


@exercise.check(points=2)
def random_towers(f, reference, rng):
    """Has the right height everywhere, for any ends, height and steepness."""
    for sign in rng.permutation([-1, 1, 1]):  # a hole is a tower of negative height
        x, left, right, height, steepness = moderate(rng)
        height *= sign * rng.uniform(0.5, 2)
        arguments = x, left, right, height, steepness
        agree(f(*arguments), reference(*arguments), what="the tower")


@exercise.check(points=1, after=random_towers)
def laws(f, rng):
    """Two towers side by side are one long tower; twice the height is twice the tower."""
    x, left, right, height, steepness = moderate(rng)
    end = right + rng.uniform(0.5, 1)
    whole = f(x, left, end, height, steepness)
    parts = np.asarray(f(x, left, right, height, steepness))
    agree(parts + f(x, right, end, height, steepness), whole, what="two towers side by side")
    agree(f(x, left, right, 2 * height, steepness), 2 * parts, what="a tower twice as high")
    agree(f(left + right - x, left, right, height, steepness), parts, what="the tower in a mirror")


@exercise.check(points=1, after=random_towers)
def whole_and_far(f, reference, rng):
    """Takes whole numbers and single places, also some far off; leaves x alone."""
    whole_numbers(f, reference, rng.integers(-5, 6, size=6), -2, 3, 2, 1)
    agree(f(np.array([-40.0, 40.0]), -1.0, 1.0, 5.0, 9.0), [0.0, 0.0], what="far from the tower")
    agree(f(np.array([0.0]), -1.0, 1.0, 0.0, 2.0), [0.0], what="a tower of height 0")
    unchanged(f, *moderate(rng))


def _step(x, edge, steepness):
    return 0.5 + 0.5 * np.tanh(steepness * (np.asarray(x) - edge) / 2)


@exercise.variant
def with_a_step_down(x, left, right, height, steepness):
    return height * (_step(x, left, steepness) + _step(-np.asarray(x), -right, steepness) - 1)


@exercise.variant
def as_a_hidden_layer(x, left, right, height, steepness):
    hidden = _step(np.asarray(x)[:, None], np.array([left, right]), steepness)
    return hidden @ np.array([height, -height])


@exercise.misconception
def both_go_up(x, left, right, height, steepness):
    """The second step goes up as well, to twice the height: it is to take the first one back."""
    return height * (_step(x, left, steepness) + _step(x, right, steepness))


@exercise.misconception(keeps=0.5)
def upside_down(x, left, right, height, steepness):
    """The tower hangs: its sign is flipped."""
    return height * (_step(x, right, steepness) - _step(x, left, steepness))


@exercise.misconception
def height_of_one_step_only(x, left, right, height, steepness):
    """Only the first step has the height: beyond the tower something is left."""
    return height * _step(x, left, steepness) - _step(x, right, steepness)


@exercise.misconception
def height_forgotten(x, left, right, height, steepness):
    """Every tower has height 1."""
    return _step(x, left, steepness) - _step(x, right, steepness)


@exercise.misconception
def product_of_two_steps(x, left, right, height, steepness):
    """The steps are multiplied: a network adds its units."""
    return height * _step(x, left, steepness) * _step(-np.asarray(x), -right, steepness)


@exercise.misconception
def never_comes_down(x, left, right, height, steepness):
    """It stays up for ever: the second unit is missing."""
    return height * _step(x, left, steepness)


@exercise.misconception
def height_as_steepness(x, left, right, height, steepness):
    """Steepness and height have changed places."""
    return steepness * (_step(x, left, height) - _step(x, right, height))


@exercise.misconception
def hard_tower(x, left, right, height, steepness):
    """Its walls are vertical: use sigmoid steps."""
    return height * ((np.asarray(x) >= left) & (np.asarray(x) < right)).astype(float)


@exercise.misconception
def right_is_a_width(x, left, right, height, steepness):
    """Takes `right` for a width: it is the place where the tower ends."""
    return height * (_step(x, left, steepness) - _step(x, left + right, steepness))


@exercise.misconception
def steeper_when_higher(x, left, right, height, steepness):
    """The height multiplies the steepness too: the flanks are as steep as they are told."""
    steep = steepness * abs(height)
    return height * (_step(x, left, steep) - _step(x, right, steep))
