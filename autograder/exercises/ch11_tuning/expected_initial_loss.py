"""What it costs to know nothing."""

import math

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=4,
    difficulty=1,
    core=True,
    hints=(
        "A network that knows nothing gives every class the same probability. Which?",
        "The cross-entropy of one example is minus the natural logarithm of what its class got.",
        "−ln(1/C)",
    ),
)


@exercise.probe
def some_classes(rng):
    return (int(rng.integers(3, 60)),)


@exercise.probe
def two_classes(rng):
    return (2,)


@exercise.check
def ten_classes(f):
    """Ten classes: about 2.302585."""
    agree(f(10), 2.302585092994046, what="the loss for 10 classes")


@exercise.check
def two_classes_and_a_thousand(f):
    """Two classes: about 0.693147; a thousand, three times as much as ten: 6.907755."""
    agree(f(2), 0.6931471805599453, what="the loss for 2 classes")
    agree(f(1000), 3 * 2.302585092994046, what="the loss for 1000 classes")


@exercise.check(points=2)
def many_classes(f, reference, rng):
    """Is right for two classes, three, a hundred, 100,000, and what chance draws."""
    for classes in [2, 3, 100, 10**5, 20, *rng.integers(4, 5000, size=5).tolist()]:
        agree(f(classes), reference(classes), rtol=1e-12, what=f"the loss for {classes} classes")


@exercise.check(points=1, after=many_classes)
def product_of_classes(f, rng):
    """Guessing two things at once costs what guessing the one and then the other costs."""
    for _ in range(3):
        a, b = (int(n) for n in rng.integers(2, 1000, size=2))
        agree(f(a * b), float(f(a)) + float(f(b)), rtol=1e-12, what=f"the loss for {a}·{b} classes")


@exercise.check(points=1, after=many_classes)
def same_as_measured(f, rng):
    """Is the cross-entropy of equal scores, computed by softmax."""
    for classes in rng.integers(2, 50, size=3).tolist():
        scores = np.full(classes, rng.normal())
        share = np.exp(scores) / np.exp(scores).sum()
        agree(f(classes), float(-np.log(share[0])), rtol=1e-12, what="the loss of equal scores")


@exercise.variant
def minus_log_of_a_share(classes):
    return -np.log(1 / classes)


@exercise.variant
def entropy(classes):
    share = np.full(classes, 1 / classes)
    return np.array(-math.fsum(share * np.log(share)))


@exercise.variant
def by_base_two(classes):
    return math.log2(classes) * math.log(2)


@exercise.misconception
def logarithm_to_base_ten(classes):
    """Ten classes would cost 1: that is the logarithm to base 10. Cross-entropy uses another."""
    return math.log10(classes)


@exercise.misconception(keeps=1 / 3)
def logarithm_to_base_two(classes):
    """These are bits, the logarithm to base 2. The losses in this course use the natural one."""
    return math.log2(classes)


@exercise.misconception(keeps=0.5)
def sign_lost(classes):
    """The loss is negative. What sign has the logarithm of a probability below 1?"""
    return math.log(1 / classes)


@exercise.misconception
def probability_instead_of_loss(classes):
    """This is the probability of the right class, not yet what it costs."""
    return 1 / classes


@exercise.misconception
def share_of_mistakes(classes):
    """This is how often a guess is wrong. The loss looks at probabilities, through a logarithm."""
    return 1 - 1 / classes


@exercise.misconception
def always_ten_classes(classes):
    """This is right for ten classes only. How many are there?"""
    return math.log(10)


@exercise.misconception
def summed_over_the_classes(classes):
    """Only the true class counts in cross-entropy; here all classes are added up."""
    return classes * math.log(classes)


@exercise.misconception
def averaged_over_the_classes(classes):
    """The entropy has been divided by the number of classes, which nobody asked for."""
    return math.log(classes) / classes


@exercise.misconception
def one_class_short(classes):
    """This counts one class too few."""
    return math.log(classes - 1)


@exercise.misconception
def loss_of_all_other_classes(classes):
    """The logarithm is that of the probability of being wrong. What does the true class get?"""
    return -math.log(1 - 1 / classes)
