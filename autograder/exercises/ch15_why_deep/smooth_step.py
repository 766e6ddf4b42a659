"""A step made of one sigmoid."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "Where does a sigmoid have the value ½, and what makes it steep?",
        "One unit is the sigmoid of weight · x + bias. The weight is the steepness; which bias "
        "makes the sum 0 at the edge?",
        "σ(steepness · (x − edge)): the bias is −steepness · edge.",
    ),
)


@exercise.probe
def moderate(rng):
    return rng.uniform(-2, 2, size=7), rng.uniform(0.3, 1), rng.uniform(2, 4)


@exercise.probe
def edge_on_the_left(rng):
    return rng.uniform(-2, 2, size=5), -0.7, 0.6


@exercise.probe
def sharp(rng):
    return np.array([-1.0, 0.4, 0.5, 0.6, 2.0]), 0.5, 1e4


@exercise.check
def worked_example(f):
    """With edge 2 and steepness ln 3, the places 1, 2, 3, 4 give ¼, ½, ¾ and 0.9."""
    step = f(np.array([1.0, 2.0, 3.0, 4.0]), 2.0, np.log(3))
    agree(step, [0.25, 0.5, 0.75, 0.9], what="the step")


@exercise.check
def left_and_right_of_an_edge(f):
    """With edge −1 and steepness 2 the step is 0.119 at −2 and 0.982 at 1; x stays as it was."""
    agree(f(np.array([-2.0, 1.0]), -1.0, 2.0), [0.11920292, 0.98201379], rtol=1e-6, what="the step")
    unchanged(f, np.array([-2.0, 1.0]), -1.0, 2.0)


@exercise.check(points=2)
def random_steps(f, reference, rng):
    """Has the right height everywhere, for any edge and steepness."""
    for _ in range(3):
        x, edge, steepness = moderate(rng)
        edge *= rng.choice([-1, 1])
        agree(f(x, edge, steepness), reference(x, edge, steepness), what="the step")


@exercise.check(points=1, after=random_steps)
def laws(f, rng):
    """Is ½ at its edge; both sides add up to 1; only steepness · distance counts."""
    edge, steepness = rng.uniform(-3, 3), rng.uniform(0.5, 3)
    d = rng.uniform(0.1, 2, size=6)
    right, left = np.asarray(f(edge + d, edge, steepness)), np.asarray(f(edge - d, edge, steepness))
    agree(f(np.array([edge]), edge, steepness), [0.5], what="the step at its edge")
    agree(right + left, np.ones(6), what="the sum of both sides")
    agree(f(edge + d / 4, edge, 4 * steepness), right, what="a step four times as steep")


@exercise.check(points=1, after=random_steps)
def whole_and_far(f, reference, rng):
    """Takes whole numbers and single places, also some far off; leaves x alone."""
    whole_numbers(f, reference, rng.integers(-5, 6, size=5), 1, 2)
    agree(f(np.array([-30.0, 30.0]), 0.5, 40.0), [0.0, 1.0], what="the step far from its edge")
    agree(f(np.array([0.5]), 0.25, 4.0), [0.7310585786], what="the step at one place")
    unchanged(f, *moderate(rng))


@exercise.variant
def with_tanh(x, edge, steepness):
    return 0.5 + 0.5 * np.tanh(steepness * (x - edge) / 2)


@exercise.variant
def with_weight_and_bias(x, edge, steepness):
    z = steepness * np.asarray(x) - steepness * edge
    return np.exp(-np.logaddexp(0.0, -z))


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(np.asarray(z) / 2)


@exercise.misconception
def edge_is_the_bias(x, edge, steepness):
    """The edge is subtracted after the multiplication, so the step stands at edge / steepness."""
    return _sigmoid(steepness * x - edge)


@exercise.misconception
def edge_added(x, edge, steepness):
    """The step stands at −edge: which bias makes the sum 0 at the edge?"""
    return _sigmoid(steepness * (x + edge))


@exercise.misconception(keeps=0.5)
def steps_down(x, edge, steepness):
    """It is 1 on the left and 0 on the right: the step is to go up."""
    return _sigmoid(-steepness * (x - edge))


@exercise.misconception
def hard_step(x, edge, steepness):
    """It jumps from 0 to 1 at once: a sigmoid unit is asked for, steep but smooth."""
    return np.where(x >= edge, 1.0, 0.0)


@exercise.misconception
def steepness_as_a_width(x, edge, steepness):
    """A larger steepness makes it flatter here: multiply, do not divide."""
    return _sigmoid((x - edge) / steepness)


@exercise.misconception
def steepness_forgotten(x, edge, steepness):
    """All steps are equally steep."""
    return _sigmoid(x - edge)


@exercise.misconception
def tanh_step(x, edge, steepness):
    """This goes from −1 to 1: that is tanh, not the sigmoid."""
    return np.tanh(steepness * (x - edge))


@exercise.misconception
def no_squashing(x, edge, steepness):
    """This is what goes *into* the unit. Where is the sigmoid?"""
    return steepness * (x - edge)


@exercise.misconception
def twice_as_steep(x, edge, steepness):
    """tanh(z) is twice as steep as the sigmoid of z: σ(z) = ½ + ½·tanh(z/2)."""
    return 0.5 * (1 + np.tanh(steepness * (x - edge)))
