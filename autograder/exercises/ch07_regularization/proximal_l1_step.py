"""Stop at zero."""

import numpy as np

from autograder.exercises.ch07_regularization import layers
from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    core=True,
    hints=(
        "A weight of 0.03 is pulled by 0.05 towards 0. Where should it be afterwards?",
        "First the plain step along the data gradient, to v. Then each |v| gets shorter, but never "
        "shorter than 0.",
        r"The new length is $\max(|v| - \eta\lambda,\ 0)$. And the sign?",
    ),
)


@exercise.probe
def a_matrix(rng):
    return layers.step(rng)


@exercise.probe
def many_end_at_zero(rng):
    w, grad, rate, _ = layers.step(rng, (31,))
    return w, grad, rate, 1.0 / rate


@exercise.probe
def no_gradient(rng):
    w, grad, rate, strength = layers.step(rng, (2, 7))
    return w, 0 * grad, rate, strength


@exercise.probe
def no_strength(rng):
    w, grad, rate, _ = layers.step(rng, (3, 2))
    return w, grad, rate, 0.0


@exercise.probe
def gradient_turns_the_sign(rng):
    """The data gradient carries every weight to the other side of 0, well beyond the pull."""
    w = layers.filled(rng, 7, 0.1)
    return w, 40 * w, 0.1, rng.uniform(0.05, 0.15)


@exercise.check
def worked_example(f):
    """Without a gradient, rate 0.1 and λ = 5 bring (2, −3, 0.3, −0.2) to (1.5, −2.5, 0, 0)."""
    w = np.array([2.0, -3.0, 0.3, -0.2])
    agree(f(w, np.zeros(4), 0.1, 5.0), [1.5, -2.5, 0.0, 0.0], what="the new weights")


@exercise.check
def the_step_comes_first(f):
    """At rate ½ and λ = 1, (1, 1, −1) with gradient (1, 4, −4) ends at (0, −½, ½)."""
    w, grad = np.array([[1.0, 1.0, -1.0]]), np.array([[1.0, 4.0, -4.0]])
    agree(f(w, grad, 0.5, 1.0), [[0.0, -0.5, 0.5]], what="the new weights")


@exercise.check
def arguments_stay(f):
    """Weights and gradient are afterwards what they were before."""
    unchanged(f, np.array([1.0, -2.0]), np.array([3.0, 0.5]), 0.1, 0.5)


def soft(w, grad, rate, strength):
    """By the rule's own words, weight for weight."""
    new = np.zeros(np.shape(w))
    for place in np.ndindex(new.shape):
        v, pull = w[place] - rate * grad[place], rate * strength
        new[place] = v - pull if v > pull else v + pull if v < -pull else 0.0
    return new


@exercise.check(points=2)
def random_steps(f, rng):
    """Steps and pulls weights of all shapes, by little and by much."""
    for shape, strength in (((5, 3), 0.5), ((7,), 3.0), ((2, 3, 5), 0.1), ((31,), 1.5)):
        w, grad, rate, _ = layers.step(rng, shape)
        agree(f(w, grad, rate, strength), soft(w, grad, rate, strength), what="the new weights")
    arguments = gradient_turns_the_sign(rng)
    agree(f(*arguments), soft(*arguments), what="the new weights where signs change")


@exercise.check(points=1, after=random_steps)
def exactly_zero(f, rng):
    """Weights that the pull reaches are exactly 0, not nearly; the pull may end there exactly."""
    w = layers.filled(rng, 60, 0.4)
    new = as_array(f(w, np.zeros(60), 0.25, 2.0), "the new weights")
    wrong = np.count_nonzero((new == 0) != (np.abs(w) <= 0.5))
    if wrong:
        raise Failed(f"{wrong} of 60 weights are 0 and should not be, or the other way round")
    agree(f(np.array([0.5, -0.5, 0.0]), np.zeros(3), 0.25, 2.0), np.zeros(3), what="the weights")
    agree(f(np.zeros(3), np.zeros(3), 0.25, 0.0), np.zeros(3), what="weights of 0 without λ")


@exercise.check(points=1, after=random_steps)
def laws(f, rng):
    """Without λ it is a plain step; two pulls are one of twice the size; a mirror image mirrors."""
    w, grad, rate, strength = layers.step(rng)
    agree(f(w, grad, rate, 0.0), w - rate * grad, what="the weights without λ")
    once = np.asarray(f(w, 0 * grad, rate, strength))
    twice = f(once, 0 * grad, rate, strength)
    agree(twice, f(w, 0 * grad, rate, 2 * strength), what="the weights after two pulls")
    mirrored = np.asarray(f(-w, -grad, rate, strength))
    agree(-mirrored, f(w, grad, rate, strength), what="the mirror image")


@exercise.check(points=1, after=random_steps)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are; leaves weights and gradient as they were."""
    w, grad = rng.integers(-9, 10, size=(2, 5, 3))
    whole_numbers(f, reference, w, grad, 0.3, 2.5)
    unchanged(f, *layers.step(rng))


@exercise.variant
def by_clipping(w, grad, rate, strength):
    v = w - rate * grad
    return v - np.clip(v, -rate * strength, rate * strength)


@exercise.variant
def two_sides(w, grad, rate, strength):
    v, pull = np.subtract(w, np.multiply(rate, grad)), rate * strength
    return np.maximum(v - pull, 0) + np.minimum(v + pull, 0)


def _shrink(v, pull):
    return np.sign(v) * np.maximum(np.abs(v) - pull, 0)


@exercise.misconception
def jumps_over_zero(w, grad, rate, strength):
    """Small weights are pulled across 0 to the other side. They should stop there."""
    v = w - rate * grad
    return v - rate * strength * np.sign(v)


@exercise.misconception
def slope_step(w, grad, rate, strength):
    """This is the step along the slope of |w|: it jumps about 0 and never stays."""
    return w - rate * strength * np.sign(w) - rate * grad


@exercise.misconception
def hard_threshold(w, grad, rate, strength):
    """Small weights become 0, but the large ones keep their size: all are pulled."""
    v = w - rate * grad
    return np.where(np.abs(v) <= rate * strength, 0.0, v)


@exercise.misconception
def pull_without_the_rate(w, grad, rate, strength):
    """The pull is λ in every step, whatever the rate: a smaller step should also pull less."""
    return _shrink(w - rate * grad, strength)


@exercise.misconception
def pulls_before_the_step(w, grad, rate, strength):
    """The pull comes first and the data gradient after it, so that nothing stays at 0."""
    return _shrink(w, rate * strength) - rate * grad


@exercise.misconception
def sign_of_the_old_weight(w, grad, rate, strength):
    """The sign is that of w. The step may have crossed 0: it is v's sign that counts."""
    v = w - rate * grad
    return np.sign(w) * np.maximum(np.abs(v) - rate * strength, 0)


@exercise.misconception
def negative_weights_lost(w, grad, rate, strength):
    """Negative weights all become 0: a pull towards 0 goes up for them."""
    return np.maximum(w - rate * grad - rate * strength, 0)


@exercise.misconception
def sign_lost(w, grad, rate, strength):
    """All new weights are positive: the length is right, the sign is missing."""
    return np.maximum(np.abs(w - rate * grad) - rate * strength, 0)


@exercise.misconception
def pull_alone(w, grad, rate, strength):
    """The data gradient is not used."""
    return _shrink(w, rate * strength)


@exercise.misconception
def climbs(w, grad, rate, strength):
    """The step goes up the data loss: subtract its gradient."""
    return _shrink(w + rate * grad, rate * strength)


@exercise.misconception
def shrinks_by_a_share(w, grad, rate, strength):
    """Every weight loses a share of itself: that is L2, and never reaches 0."""
    return (1 - rate * strength) * w - rate * grad


@exercise.misconception(keeps=0.5)
def half_the_pull(w, grad, rate, strength):
    """The pull is half of what it should be: L1 has no ½."""
    return _shrink(w - rate * grad, rate * strength / 2)


@exercise.misconception
def zero_where_the_old_sign_is_crossed(w, grad, rate, strength):
    """Pulls by the sign of the old weight: the pull acts where the gradient step has ended."""
    v = w - rate * grad - rate * strength * np.sign(w)
    return np.where(v * w < 0, 0.0, v)
