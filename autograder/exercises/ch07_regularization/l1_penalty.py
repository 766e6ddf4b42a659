"""A price by the inch."""

import numpy as np

from autograder.exercises.ch07_regularization import layers
from autograder.exercises.ch07_regularization.l2_penalty import cost_and_pulls
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "How steep is |w| at 5? At 0.001? At −2?",
        "Every weight is pulled equally hard; only its sign says which way. And at 0?",
        r"The cost adds up $\lambda|w|$, without a half; what is the slope of $|w|$ on each side?",
    ),
)


@exercise.probe
def three_layers(rng):
    return layers.weights(rng), rng.uniform(0.1, 0.9)


@exercise.probe
def large_weights_and_strength(rng):
    return layers.weights(rng, 7.0), rng.uniform(2, 5)


@exercise.probe
def some_zeros(rng):
    return [np.array([[0.0, 1.5], [-0.5, 0.0]]), layers.filled(rng, 3)], 0.7


@exercise.probe
def no_strength(rng):
    return layers.weights(rng), 0.0


@exercise.check
def worked_example(f):
    """At λ = ½ the weights (1, −2) and 3 cost ½ · 6 = 3, and each is pulled with ½."""
    cost, pulls = cost_and_pulls(f, [np.array([[1.0, -2.0]]), np.array([3.0])], 0.5)
    agree(cost, 3.0, what="the penalty")
    agree(pulls[0], [[0.5, -0.5]], what="the gradient of the first layer")
    agree(pulls[1], [0.5], what="the gradient of the second layer")


@exercise.check
def at_zero(f):
    """A weight that is exactly 0 costs nothing and is not pulled."""
    cost, pulls = cost_and_pulls(f, [np.array([0.0, -4.0])], 2.0)
    agree(cost, 8.0, what="the penalty")
    agree(pulls[0], [0.0, -2.0], what="the gradient")


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
def zeros_are_left_alone(f, rng):
    """Does not pull at weights that are exactly 0, wherever they are."""
    w = layers.filled(rng, (5, 3))
    w[rng.permutation(5)[:2], rng.permutation(3)[:2]] = 0
    cost, pulls = cost_and_pulls(f, [w], 0.4)
    agree(cost, 0.4 * float(np.abs(w).sum()), what="the penalty")
    agree(pulls[0], np.where(w > 0, 0.4, np.where(w < 0, -0.4, 0.0)), what="the gradient")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Ten times the weights cost ten times as much, and are pulled no harder; λ = 0 is free."""
    weights, strength = layers.weights(rng), rng.uniform(0.1, 1)
    cost, pulls = cost_and_pulls(f, weights, strength)
    scaled, same = cost_and_pulls(f, [10 * w for w in weights], strength)
    agree(scaled, 10 * float(cost), what="the cost of ten times the weights")
    for one, other in zip(pulls, same, strict=True):
        agree(other, np.asarray(one), what="the gradient at ten times the weights")
    agree(cost_and_pulls(f, weights, 0.0)[0], 0.0, what="the cost at λ = 0")


@exercise.check(points=1, after=random_layers)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, and rounds no gradient; leaves the weights alone."""
    weights = layers.whole(rng)
    whole_numbers(f, reference, weights, 0.3, part=0)
    expected = reference(weights, 0.3)[1]
    for pull, gradient in zip(cost_and_pulls(f, weights, 0.3)[1], expected, strict=True):
        agree(pull, gradient, what="the gradient of whole numbers")
    unchanged(f, *three_layers(rng))


@exercise.variant
def by_cases(weights, strength):
    pulls = [np.where(w > 0, strength, np.where(w < 0, -strength, 0.0)) for w in weights]
    return sum(np.sum(w * pull) for w, pull in zip(weights, pulls)), pulls


@exercise.variant
def weight_by_weight(weights, strength):
    total, pulls = 0.0, []
    for w in weights:
        pull = np.zeros(np.shape(w))
        for place in np.ndindex(pull.shape):
            total += strength * abs(w[place])
            pull[place] = strength * ((w[place] > 0) - (1.0 * (w[place] < 0)))
        pulls.append(pull)
    return total, tuple(pulls)


def _cost(weights, strength):
    return float(strength * sum(np.sum(np.abs(w)) for w in weights))


def _pulls(weights, strength):
    return [strength * np.sign(w) for w in weights]


@exercise.misconception(keeps=0.5)
def zero_counts_as_positive(weights, strength):
    """A weight of exactly 0 is pushed away from 0. Its pull should be 0."""
    return _cost(weights, strength), [np.where(w >= 0, 1.0, -1.0) * strength for w in weights]


@exercise.misconception
def sign_forgotten(weights, strength):
    """Every gradient is +λ: that drives negative weights away from 0. Which way is their slope?"""
    return _cost(weights, strength), [strength * np.ones(np.shape(w)) for w in weights]


@exercise.misconception
def signed_sum(weights, strength):
    """The weights are added with their signs, so that they cancel: take absolute values."""
    return float(strength * sum(np.sum(w) for w in weights)), _pulls(weights, strength)


@exercise.misconception(keeps=0.5)
def with_the_half_of_l2(weights, strength):
    """Here is a ½ that belongs to the squares of L2: |w| has slope 1 by itself."""
    return _cost(weights, strength) / 2, _pulls(weights, strength)


@exercise.misconception(keeps=0.5)
def half_in_both(weights, strength):
    """Cost and gradient are half of what they should be: the ½ belongs to L2."""
    return _cost(weights, strength) / 2, _pulls(weights, strength / 2)


@exercise.misconception
def pull_grows_with_the_weight(weights, strength):
    """The gradient is λ·w, that of L2. The slope of |w| does not depend on its size."""
    return _cost(weights, strength), [strength * w for w in weights]


@exercise.misconception
def pull_by_the_absolute_value(weights, strength):
    """The gradient is λ·|w|: a slope is asked for, not the height."""
    return _cost(weights, strength), [strength * np.abs(w) for w in weights]


@exercise.misconception
def averages_each_layer(weights, strength):
    """Each layer's |w| is averaged: every single weight has its price, so add them all up."""
    return sum(_cost([w], strength) / np.size(w) for w in weights), _pulls(weights, strength)


@exercise.misconception
def squares_instead(weights, strength):
    """This is L2: squares are added up. L1 adds absolute values."""
    cost = strength / 2 * float(sum(np.sum(w**2.0) for w in weights))
    return cost, [strength * w for w in weights]


@exercise.misconception
def only_the_last_layer(weights, strength):
    """Only the last layer's cost is left: add them up instead of overwriting the total."""
    return _cost(weights[-1:], strength), _pulls(weights, strength)


@exercise.misconception
def strength_missing_in_the_gradient(weights, strength):
    """The cost has its λ, the gradient has none."""
    return _cost(weights, strength), _pulls(weights, 1.0)


@exercise.misconception
def the_norm_of_a_matrix(weights, strength):
    """np.linalg.norm(W, 1) of a matrix is its largest column: add up all |w|."""
    sizes = [np.linalg.norm(w, 1) if w.ndim <= 2 else np.abs(w).sum() for w in weights]
    return strength * sum(sizes), [strength * np.sign(w) for w in weights]
