"""A price on large weights."""

import numpy as np

from autograder.exercises.ch07_regularization import layers
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    core=True,
    hints=(
        "What does a single weight of 3 cost, and how much more would 3.001 cost?",
        "One number for all layers together, but one gradient for each layer, in its shape.",
        r"The cost is $\frac\lambda2$ times the sum of all squares. What is the derivative of "
        r"$\frac\lambda2 w^2$?",
    ),
)


@exercise.probe
def three_layers(rng):
    return layers.weights(rng), rng.uniform(0.1, 0.9)


@exercise.probe
def large_weights_and_strength(rng):
    return layers.weights(rng, 7.0), rng.uniform(2, 5)


@exercise.probe
def one_layer(rng):
    return [layers.filled(rng, (2, 5))], rng.uniform(0.1, 0.9)


@exercise.probe
def no_strength(rng):
    return layers.weights(rng), 0.0


def cost_and_pulls(f, weights, strength):
    """The two parts of the answer, the second with as many arrays as there are layers."""
    cost, pulls = sequence(f(weights, strength), 2)
    return cost, sequence(pulls, len(weights), "the gradients")


@exercise.check
def worked_example(f):
    """At λ = ½ the weights (1, −2) and (3, 0) cost ¼ · 14 = 3.5; the gradients are half of them."""
    cost, pulls = cost_and_pulls(f, [np.array([[1.0, -2.0]]), np.array([3.0, 0.0])], 0.5)
    agree(cost, 3.5, what="the penalty")
    agree(pulls[0], [[0.5, -1.0]], what="the gradient of the first layer")
    agree(pulls[1], [1.5, 0.0], what="the gradient of the second layer")


@exercise.check
def a_single_weight(f):
    """At λ = 3 the weight 2 costs 6 and is pulled with 6; at λ = 0 it costs nothing."""
    cost, pulls = cost_and_pulls(f, [np.array([2.0])], 3.0)
    agree(cost, 6.0, what="the penalty")
    agree(pulls[0], [6.0], what="the gradient")
    agree(cost_and_pulls(f, [np.array([2.0])], 0.0)[0], 0.0, what="the penalty at λ = 0")


@exercise.check
def weights_stay(f):
    """The weights are afterwards what they were before."""
    unchanged(f, [np.array([[1.0, -2.0]]), np.array([3.0])], 0.5)


@exercise.check(points=2)
def random_layers(f, reference, rng):
    """Gives cost and gradients for weights in layers of all shapes."""
    for size in (1.0, 5.0, 0.1):
        weights, strength = layers.weights(rng, size), rng.uniform(0.1, 3)
        cost, pulls = cost_and_pulls(f, weights, strength)
        expected, gradients = reference(weights, strength)
        agree(cost, expected, what="the penalty")
        for pull, gradient in zip(pulls, gradients, strict=True):
            agree(pull, gradient, what="a layer's gradient")


@exercise.check(points=1, after=random_layers)
def gradient_is_the_slope(f, rng):
    """The gradients are the slopes of the cost, as differences measure them."""
    weights, strength = layers.weights(rng), rng.uniform(0.3, 2)
    _, pulls = cost_and_pulls(f, weights, strength)
    ways = [layers.filled(rng, w.shape) for w in weights]
    there = [w + 1e-3 * way for w, way in zip(weights, ways, strict=True)]
    back = [w - 1e-3 * way for w, way in zip(weights, ways, strict=True)]
    rise = (f(there, strength)[0] - f(back, strength)[0]) / 2e-3
    along = sum(np.sum(way * np.asarray(pull)) for way, pull in zip(ways, pulls, strict=True))
    agree(rise, float(along), rtol=1e-6, what="the measured slope")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Ten times the weights cost 100 times as much; layers' costs add up; λ = 0 is free."""
    weights, strength = layers.weights(rng), rng.uniform(0.1, 1)
    cost, _ = cost_and_pulls(f, weights, strength)
    scaled, _ = cost_and_pulls(f, [10 * w for w in weights], strength)
    agree(scaled, 100 * float(cost), what="the cost of ten times the weights")
    alone = sum(float(cost_and_pulls(f, [w], strength)[0]) for w in weights)
    agree(cost, alone, what="the cost of all layers")
    agree(cost_and_pulls(f, weights, 0.0)[0], 0.0, what="the cost at λ = 0")


@exercise.check(points=1, after=random_layers)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, and rounds no gradient."""
    weights = layers.whole(rng)
    whole_numbers(f, reference, weights, 0.3, part=0)
    expected = reference(weights, 0.3)[1]
    for pull, gradient in zip(cost_and_pulls(f, weights, 0.3)[1], expected, strict=True):
        agree(pull, gradient, what="the gradient of whole numbers")


@exercise.check(points=1, after=random_layers)
def leaves_the_weights_alone(f, rng):
    """Leaves the weights as they were."""
    unchanged(f, *three_layers(rng))


@exercise.variant
def layer_by_layer(weights, strength):
    total, pulls = 0.0, []
    for w in weights:
        flat = np.ravel(w).astype(float)
        total += 0.5 * strength * (flat @ flat)
        pulls.append(strength * np.asarray(w, dtype=float))
    return total, pulls


@exercise.variant
def by_norms(weights, strength):
    norms = np.array([np.linalg.norm(w) for w in weights])
    return float(strength * np.square(norms).sum() / 2), tuple(
        np.multiply(w, strength) for w in weights
    )


def _squares(weights):
    return float(sum(np.sum(w**2.0) for w in weights))


@exercise.misconception(keeps=0.5)
def half_forgotten_twice(weights, strength):
    """Cost and gradient fit together, but the convention here is λ/2: both are twice as large."""
    return strength * _squares(weights), [2 * strength * w for w in weights]


@exercise.misconception(keeps=0.5)
def half_forgotten_in_the_cost(weights, strength):
    """The cost lacks the ½ that the gradient λ·w belongs to."""
    return strength * _squares(weights), [strength * w for w in weights]


@exercise.misconception(keeps=0.5)
def two_left_in_the_gradient(weights, strength):
    """The gradient is twice too large: what becomes of the 2 when λ/2 · w² is differentiated?"""
    return strength / 2 * _squares(weights), [2 * strength * w for w in weights]


@exercise.misconception
def norm_not_squared(weights, strength):
    """A root is taken: ten times the weights would cost ten times as much. Squares cost 100."""
    norm = np.sqrt(_squares(weights))
    return strength / 2 * norm, [strength * w / max(norm, 1e-300) for w in weights]


@exercise.misconception
def mean_of_squares(weights, strength):
    """The mean of the squares is taken. Every weight costs, however many there are: sum."""
    n = sum(np.size(w) for w in weights)
    return strength / 2 * _squares(weights) / n, [strength * w / n for w in weights]


@exercise.misconception
def only_the_first_layer(weights, strength):
    """Only the first layer is charged: the sum runs over all of them."""
    return strength / 2 * _squares(weights[:1]), [strength * w for w in weights]


@exercise.misconception
def only_the_last_layer(weights, strength):
    """Only the last layer's cost is left: add them up instead of overwriting the total."""
    return strength / 2 * _squares(weights[-1:]), [strength * w for w in weights]


@exercise.misconception
def strength_missing_in_the_gradient(weights, strength):
    """The cost has its λ, the gradient has none."""
    return strength / 2 * _squares(weights), [1.0 * w for w in weights]


@exercise.misconception
def absolute_values(weights, strength):
    """This is L1: the absolute values are added up. L2 adds squares."""
    cost = strength * sum(np.sum(np.abs(w)) for w in weights)
    return float(cost), [strength * np.sign(w) for w in weights]


@exercise.misconception
def gradient_points_to_zero(weights, strength):
    """The gradient has the wrong sign: it points to where the cost *grows*, away from 0."""
    return strength / 2 * _squares(weights), [-strength * w for w in weights]


@exercise.misconception
def square_of_the_sum(weights, strength):
    """The weights are added first and then squared, so that they cancel: square each first."""
    return strength / 2 * float(sum(np.sum(w) ** 2 for w in weights)), [
        strength * w for w in weights
    ]
