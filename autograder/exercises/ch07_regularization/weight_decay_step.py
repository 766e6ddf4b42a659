"""One step, with shrinking."""

import numpy as np

from autograder.exercises.ch07_regularization import layers
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    core=True,
    hints=(
        "The gradient of the whole loss has two parts. Which two?",
        "Take the ordinary step along both parts, and collect what is multiplied by w.",
        r"$w - \eta\,(\text{grad} + \lambda w)$: with the brackets opened, what stands before $w$?",
    ),
)


@exercise.probe
def a_matrix(rng):
    return layers.step(rng)


@exercise.probe
def strong(rng):
    w, grad, rate, _ = layers.step(rng, (7,))
    return w, grad, rate, rng.uniform(2, 3)


@exercise.probe
def no_gradient(rng):
    w, grad, rate, strength = layers.step(rng, (2, 3))
    return w, 0 * grad, rate, strength


@exercise.probe
def no_strength(rng):
    w, grad, rate, _ = layers.step(rng, (2, 3, 5))
    return w, grad, rate, 0.0


@exercise.check
def worked_example(f):
    """At rate 0.1 and λ = 2, w = (10, −5) with gradient (3, 0) goes to 0.8 · w − 0.1 · gradient."""
    agree(f(np.array([10.0, -5.0]), np.array([3.0, 0.0]), 0.1, 2.0), [7.7, -4.0])


@exercise.check
def decay_alone(f):
    """Without a gradient, rate ½ and λ = ½ leave three quarters; without λ it is a plain step."""
    w, zero = np.array([[4.0, -8.0]]), np.array([[0.0, 0.0]])
    agree(f(w, zero, 0.5, 0.5), [[3.0, -6.0]], what="the weights after decay alone")
    agree(f(w, np.array([[2.0, 2.0]]), 0.5, 0.0), [[3.0, -9.0]], what="the weights without λ")


@exercise.check
def arguments_stay(f):
    """Weights and gradient are afterwards what they were before."""
    unchanged(f, np.array([1.0, -2.0]), np.array([3.0, 0.5]), 0.1, 0.5)


@exercise.check(points=2)
def random_steps(f, reference, rng):
    """Takes the step for weights of all shapes, with small λ and large, η·λ above 1 included."""
    for shape in ((5, 3), (7,), (2, 3, 5)):
        arguments = layers.step(rng, shape)
        agree(f(*arguments), reference(*arguments), what="the new weights")
    w, grad, rate, _ = layers.step(rng)
    agree(f(w, grad, rate, 3.0), reference(w, grad, rate, 3.0), what="the new weights at λ = 3")
    agree(f(w, grad, 0.5, 3.0), reference(w, grad, 0.5, 3.0), what="the new weights at η·λ = 1.5")


@exercise.check(points=1, after=random_steps)
def laws(f, rng):
    """100 steps without a gradient shrink by (1 − ηλ)¹⁰⁰; λ alone and the gradient alone add up."""
    w, grad, rate, strength = layers.step(rng)
    small, walked = 0.05 * strength, w
    for _ in range(100):
        walked = np.asarray(f(walked, 0 * grad, rate, small))
    agree(walked, np.exp(100 * np.log1p(-rate * small)) * w, what="the weights after 100 steps")
    decayed, plain = f(w, 0 * grad, rate, strength), f(w, grad, rate, 0.0)
    both = np.asarray(decayed) + np.asarray(plain) - w
    agree(f(w, grad, rate, strength), both, what="decay and step together")


@exercise.check(points=1, after=random_steps)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are; leaves weights and gradient as they were."""
    w, grad = rng.integers(-9, 10, size=(2, 5, 3))
    whole_numbers(f, reference, w, grad, 0.3, 0.5)
    unchanged(f, *layers.step(rng))


@exercise.variant
def along_both_gradients(w, grad, rate, strength):
    return w - rate * (grad + strength * w)


@exercise.variant
def shrink_then_step(w, grad, rate, strength):
    new = np.array(w, dtype=float)
    new *= 1 - rate * strength
    new -= np.multiply(rate, grad)
    return new


@exercise.misconception
def decay_without_the_rate(w, grad, rate, strength):
    """The shrinking does not depend on the rate: λ·w is a gradient, and gradients get a rate."""
    return (1 - strength) * w - rate * grad


@exercise.misconception
def shrinks_after_the_step(w, grad, rate, strength):
    """The step is taken first and shrunk as well: the gradient's part is not to shrink."""
    return (1 - rate * strength) * (w - rate * grad)


@exercise.misconception
def grows(w, grad, rate, strength):
    """The weights grow: the penalty's gradient is to be subtracted, too."""
    return (1 + rate * strength) * w - rate * grad


@exercise.misconception
def climbs(w, grad, rate, strength):
    """The step goes up the data loss: subtract its gradient."""
    return (1 - rate * strength) * w + rate * grad


@exercise.misconception(keeps=0.5)
def twice_the_decay(w, grad, rate, strength):
    """The decay is twice too strong: the penalty is λ/2 · w², whose slope is λ·w."""
    return (1 - 2 * rate * strength) * w - rate * grad


@exercise.misconception
def no_decay(w, grad, rate, strength):
    """This is the plain step: λ does nothing."""
    return w - rate * grad


@exercise.misconception
def no_gradient_step(w, grad, rate, strength):
    """The weights only shrink: the gradient of the data loss is not used."""
    return (1 - rate * strength) * w


@exercise.misconception
def pulls_by_the_sign(w, grad, rate, strength):
    """All weights are pulled equally hard: that is L1. Here a weight loses a *share* of itself."""
    return w - rate * strength * np.sign(w) - rate * grad


@exercise.misconception
def gradient_without_the_rate(w, grad, rate, strength):
    """The gradient is subtracted whole: multiply it by the rate."""
    return (1 - rate * strength) * w - grad


@exercise.misconception
def only_the_change(w, grad, rate, strength):
    """This is the change of the weights: the new weights are asked for."""
    return -rate * (grad + strength * w)


@exercise.misconception
def vectors_do_not_decay(w, grad, rate, strength):
    """Vectors are left out, as if they were biases: what is handed in decays."""
    return w - rate * grad if np.ndim(w) < 2 else (1 - rate * strength) * w - rate * grad


@exercise.misconception
def exponential_decay(w, grad, rate, strength):
    """Shrinks by exp(−rate·λ); the step shrinks by 1 − rate·λ."""
    return np.exp(-rate * strength) * w - rate * grad
