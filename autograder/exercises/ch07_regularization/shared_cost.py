"""Whose λ?"""

import numpy as np

from autograder.exercises.ch07_regularization import layers
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    hints=(
        "Two shares that add up to 1: who gets λ, and who gets the rest?",
        "In this form, look closely at which of the two terms λ stands before.",
        "λ before the data loss, what is left of 1 before the sum of squares; there is no ½ here.",
    ),
)


@exercise.probe
def three_layers(rng):
    return rng.uniform(3, 5), layers.weights(rng), rng.uniform(0.6, 0.9)


@exercise.probe
def small_share(rng):
    return rng.uniform(3, 5), layers.weights(rng, 0.3), rng.uniform(0.1, 0.3)


@exercise.probe
def one_weight(rng):
    return 2.0, [np.array([3.0])], 0.75


@exercise.check
def worked_example(f):
    """A loss of 2 and weights 1, −2 and 3 with λ = ¾ make ¾ · 2 + ¼ · 14 = 5."""
    agree(f(2.0, [np.array([1.0, -2.0]), np.array([3.0])], 0.75), 5.0, what="the cost")


@exercise.check
def nearly_all_for_the_data(f):
    """At λ = 0.99 a loss of 100 and a weight of 10 make 100; at λ = ½, 8 and 2 make 6."""
    agree(f(100.0, [np.array([10.0])], 0.99), 100.0, what="the cost")
    agree(f(8.0, [np.array([[2.0]])], 0.5), 6.0, what="the cost")


@exercise.check
def weights_stay(f):
    """The weights are afterwards what they were before."""
    unchanged(f, 2.0, [np.array([[1.0, -2.0]]), np.array([3.0])], 0.75)


@exercise.check(points=2)
def random_costs(f, reference, rng):
    """Shares the cost for several layers and shares."""
    for _ in range(4):
        loss, weights, share = rng.uniform(0.5, 5), layers.weights(rng), rng.uniform(0.05, 0.95)
        agree(f(loss, weights, share), reference(loss, weights, share), what="the cost")


@exercise.check(points=1, after=random_costs)
def the_best_weight(f, rng):
    """The weight that suits (w − 3)² best is 3λ: a larger λ lets it grow."""
    for share in rng.permutation([0.1, 0.4, 0.5, 0.85]):
        around = 3 * share + np.array([-0.05, 0.0, 0.05])
        low, best, high = f.many([((w - 3) ** 2, [np.array([w])], share) for w in around])
        agree(low - best, 0.0025, what="the rise to the left of 3λ")
        agree(high - best, 0.0025, what="the rise to the right of 3λ")


@exercise.check(points=1, after=random_costs)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, and a loss of 0; leaves the weights as they were."""
    whole_numbers(f, reference, 3, layers.whole(rng), 0.3)
    whole_numbers(f, reference, 0, layers.whole(rng), 0.8)
    unchanged(f, *three_layers(rng))


@exercise.variant
def penalty_first(data_loss, weights, share):
    flat = np.concatenate([np.ravel(w) for w in weights]).astype(float)
    return (flat @ flat) * (1 - share) + data_loss * share


@exercise.variant
def between_the_two(data_loss, weights, share):
    squares = 0.0
    for w in weights:
        squares += np.linalg.norm(w) ** 2
    return squares + share * (data_loss - squares)


def _squares(weights):
    return float(sum(np.sum(w**2.0) for w in weights))


@exercise.misconception
def shares_swapped(data_loss, weights, share):
    """λ stands before the weights, as it usually does. In this form it stands before the loss."""
    return (1 - share) * data_loss + share * _squares(weights)


@exercise.misconception
def usual_form(data_loss, weights, share):
    """This is loss + λ·Σw². Here the two shares add up to 1."""
    return data_loss + share * _squares(weights)


@exercise.misconception
def penalty_in_full(data_loss, weights, share):
    """The loss gets its share, the weights count in full: they get 1 − λ."""
    return share * data_loss + _squares(weights)


@exercise.misconception(keeps=0.5)
def with_a_half(data_loss, weights, share):
    """There is a ½ before the squares, which this form does not have."""
    return share * data_loss + (1 - share) / 2 * _squares(weights)


@exercise.misconception
def norm_not_squared(data_loss, weights, share):
    """A root is taken of the sum of squares."""
    return share * data_loss + (1 - share) * np.sqrt(_squares(weights))


@exercise.misconception
def signed_sum(data_loss, weights, share):
    """The weights are added up, not their squares."""
    return share * data_loss + (1 - share) * float(sum(np.sum(w) for w in weights))


@exercise.misconception
def mean_of_squares(data_loss, weights, share):
    """The mean of the squares is taken: sum them."""
    n = sum(np.size(w) for w in weights)
    return share * data_loss + (1 - share) * _squares(weights) / n


@exercise.misconception
def only_the_first_layer(data_loss, weights, share):
    """Only the first layer's weights are counted."""
    return share * data_loss + (1 - share) * _squares(weights[:1])


@exercise.misconception
def data_in_full(data_loss, weights, share):
    """The loss counts in full: it gets the share, the weights get the rest."""
    return data_loss + (1 - share) * sum((w**2).sum() for w in weights)


@exercise.misconception
def vectors_left_out(data_loss, weights, share):
    """Leaves vectors out, as if they were biases: all that is handed in counts."""
    squares = sum((w**2).sum() for w in weights if np.ndim(w) > 1)
    return share * data_loss + (1 - share) * squares


@exercise.misconception(keeps=0.5)
def mean_square(data_loss, weights, share):
    """Averages the squares; they are added up."""
    return share * data_loss + (1 - share) * sum((w**2).mean() for w in weights)


@exercise.misconception
def square_of_the_sum(data_loss, weights, share):
    """Squares the sum, in which signs cancel: sum the squares."""
    return share * data_loss + (1 - share) * sum(w.sum() for w in weights) ** 2


@exercise.misconception
def absolute_values(data_loss, weights, share):
    """Adds |w|, the L1 penalty; here it is w²."""
    return share * data_loss + (1 - share) * sum(np.abs(w).sum() for w in weights)
