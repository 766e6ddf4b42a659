"""Does the first loss look right?"""

import math

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    needs=("expected_initial_loss",),
    hints=(
        "A loss can be wrong in two directions. Which of them is a bad sign?",
        "The tolerance is relative: measure the distance in units of the expected loss.",
        "|loss − ln C| ≤ tolerance · ln C: relative to what is expected.",
    ),
)


def at(classes, distance, tolerance):
    """A loss at a distance from ln C, in units of the tolerance."""
    return math.log(classes) * (1 + distance * tolerance), classes, tolerance


def around(rng, distance):
    return at(int(rng.integers(3, 200)), distance, float(rng.uniform(0.1, 0.4)))


@exercise.probe
def just_inside_above(rng):
    return around(rng, 0.97)


@exercise.probe
def just_outside_above(rng):
    return around(rng, 1.03)


@exercise.probe
def just_inside_below(rng):
    return around(rng, -0.97)


@exercise.probe
def just_outside_below(rng):
    return around(rng, -1.03)


@exercise.probe
def default_tolerance(rng):
    return at(int(rng.integers(3, 200)), 0.9, 0.05)[:2]


@exercise.probe
def beyond_the_default(rng):
    return at(int(rng.integers(3, 200)), 1.2, 0.05)[:2]


@exercise.probe
def many_classes_nearly(rng):
    """A loss that is 0.3 off: little beside ln 5000, much beside 0.03."""
    return math.log(5000) + 0.3, 5000, 0.03


@exercise.probe
def not_a_loss(rng):
    """NaN is far from everything, and no mistake of these takes it for near."""
    return math.nan, 10, 0.05


@exercise.probe
def two_classes_nearly(rng):
    return math.log(2) + 0.04, 2, 0.05


def truth(f, arguments, expected):
    loss, classes, *rest = arguments
    allowed = f"within {rest[0]:.3g}" if rest else "with the default tolerance"
    agree(int(f(*arguments)), int(expected), what=f"{loss:.4f} for {classes} classes {allowed}")


@exercise.check
def worked_example(f):
    """For ten classes 2.304 is plausible; 2.9 and 1.9 are not."""
    truth(f, (2.304, 10), True)
    truth(f, (2.9, 10), False)
    truth(f, (1.9, 10), False)


def truths(f, rng, cases):
    """Ask for all of these in an order that nobody knows."""
    for i in rng.permutation(len(cases)):
        truth(f, *cases[i])


@exercise.check
def other_numbers_of_classes(f):
    """For 1000 classes 7.1 is plausible and 2.3 is not; for two classes 0.7 is."""
    truth(f, (7.1, 1000), True)
    truth(f, (2.3, 1000), False)
    truth(f, (0.7, 2), True)


@exercise.check
def the_tolerance_is_relative(f):
    """A tolerance of 0.2 allows ten classes 2.30 ± 0.46, and the default, 0.05, only ± 0.115."""
    truth(f, (2.6, 10, 0.2), True)
    truth(f, (2.81, 10, 0.2), False)
    truth(f, (1.8, 10, 0.2), False)
    truth(f, (2.45, 10), False)


@exercise.check(points=2)
def inside_and_outside(f, rng):
    """Draws the line at the tolerance, above and below, for many numbers of classes."""
    lines = [(0.999, True), (1.001, False), (-0.999, True), (-1.001, False)]
    lines += [(0, True), (0.3, True), (5, False), (-2, False)]
    drawn = rng.integers(len(lines), size=4).tolist()
    cases = [(around(rng, d), is_near) for d, is_near in (*lines, *lines, *lines)]
    cases += [(around(rng, lines[i][0]), lines[i][1]) for i in drawn]
    cases += [
        (at(7, -0.9, 1.5), True),
        ((0.0, 7, 1.0), True),  # the tolerance itself still passes
        (at(7, 0.9, 1e-9), True),
        (at(7, 1.1, 1e-9), False),
    ]
    truths(f, rng, cases)


@exercise.check(points=1, after=inside_and_outside)
def default_is_five_per_cent(f, rng):
    """Without a tolerance allows 5 per cent."""
    cases = []
    for distance, expected in [(0.99, True), (1.01, False), (-0.99, True), (-1.01, False)]:
        for classes in rng.integers(2, 500, size=3).tolist():
            cases.append((at(classes, distance, 0.05)[:2], expected))
    truths(f, rng, cases)


@exercise.check(points=1, after=inside_and_outside)
def relative_not_absolute(f, rng):
    """The same distance is much for two classes and little for a million."""
    cases = []
    for tolerance in (0.05, 0.01):
        cases += [
            ((math.log(2) + 2 * tolerance, 2, tolerance), False),
            ((math.log(10**6) + 2 * tolerance, 10**6, tolerance), True),
            ((math.log(2) + 0.8 * tolerance, 2, tolerance), False),
        ]
    truths(f, rng, cases)


@exercise.check(points=1, after=inside_and_outside)
def hopeless_losses(f):
    """Refuses losses of 0, of 1000, of 1e300, negative ones, NaN, and 2.3 without tolerance."""
    for loss in (0.0, 1000.0, 1e300, -math.log(10)):
        truth(f, (loss, 10), False)
    for arguments in ((math.nan, 10), (2.3, 10, 0.0)):  # an error refuses them as well
        if f.reply(*arguments).error is None:
            truth(f, arguments, False)


@exercise.variant
def by_the_quotient(loss, classes, tolerance=0.05):
    return abs(loss / math.log(classes) - 1) <= tolerance


@exercise.variant
def between_two_bounds(loss, classes, tolerance=0.05):
    expected = -math.log(1 / classes)
    low, high = expected - tolerance * expected, expected + tolerance * expected
    return bool(low <= loss <= high)


@exercise.variant
def with_isclose(loss, classes, tolerance=0.05):
    return (
        1
        if math.isfinite(loss) and abs(loss - math.log(classes)) / math.log(classes) <= tolerance
        else 0
    )


@exercise.misconception
def absolute_distance(loss, classes, tolerance=0.05):
    """The tolerance is used as an absolute distance. It is meant relative to ln C."""
    return abs(loss - math.log(classes)) <= tolerance


@exercise.misconception
def too_small_is_fine(loss, classes, tolerance=0.05):
    """A first loss that is far too small passes. How can a network know before it has learned?"""
    return loss <= math.log(classes) * (1 + tolerance)


@exercise.misconception
def too_large_is_fine(loss, classes, tolerance=0.05):
    """Only small losses are refused: the distance has lost its absolute value."""
    return math.log(classes) - loss <= tolerance * math.log(classes)


@exercise.misconception
def wrong_way_round(loss, classes, tolerance=0.05):
    """The verdict is upside down: True should mean that the loss is near ln C."""
    return abs(loss - math.log(classes)) > tolerance * math.log(classes)


@exercise.misconception
def tolerance_ignored(loss, classes, tolerance=0.05):
    """The tolerance is always 5 per cent, whatever is handed in."""
    return abs(loss - math.log(classes)) <= 0.05 * math.log(classes)


@exercise.misconception(keeps=0.5)
def relative_to_the_loss(loss, classes, tolerance=0.05):
    """The distance is measured in units of the loss that came out, not of the one expected."""
    return abs(loss - math.log(classes)) <= tolerance * abs(loss)


@exercise.misconception
def always_ten_classes(loss, classes, tolerance=0.05):
    """Every loss is compared with ln 10. How many classes are there?"""
    return abs(loss - math.log(10)) <= tolerance * math.log(10)


@exercise.misconception
def default_of_ten_per_cent(loss, classes, tolerance=0.1):
    """Without a tolerance, another one is used than the contract says."""
    return abs(loss - math.log(classes)) <= tolerance * math.log(classes)


@exercise.misconception(keeps=0.5)
def halved_tolerance(loss, classes, tolerance=0.05):
    """The tolerance is the distance to each side, not from end to end."""
    return abs(loss - math.log(classes)) <= tolerance / 2 * math.log(classes)
