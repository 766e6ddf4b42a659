"""Stuck at the ends."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    core=True,
    hints=(
        "Where can a sigmoid's output get stuck? And where a tanh's?",
        "A comparison of an array gives an array of True and False; its mean is a share. Two "
        "conditions are joined with `|`, each in brackets.",
        "Within the margin of the lowest *or* of the highest value, as a share of all outputs.",
    ),
)


def outputs(rng, shape, lowest, highest, margin):
    """Outputs near the ends and between them, none exactly at the margin."""
    kind = rng.integers(5, size=shape)
    near = margin * rng.uniform(0.05, 0.9, size=shape)
    just_inside = margin * rng.uniform(1.1, 2, size=shape)
    between = rng.uniform(lowest + 3 * margin, highest - 3 * margin, size=shape)
    places = (lowest + near, highest - near, lowest + just_inside, highest - just_inside, between)
    return np.choose(kind, places)


RANGES = [(-1.0, 1.0, 0.01), (0.0, 1.0, 0.03), (-1.7, 1.7, 0.2), (-3.0, 5.0, 0.5), (0, 6, 1)]


@exercise.probe
def of_tanh(rng):
    return (outputs(rng, (11, 7), -1.0, 1.0, 0.01),)


@exercise.probe
def of_sigmoid(rng):
    return outputs(rng, (13, 5), 0.0, 1.0, 0.03), 0.0, 1.0, 0.03


@exercise.probe
def lopsided(rng):
    return outputs(rng, (7, 3, 5), -3.0, 5.0, 0.5), -3.0, 5.0, 0.5


@exercise.probe
def low_end(rng):
    """Many at the low end, none at the high one, and some exactly at the end."""
    return np.array([-2.0, -1.99, -1.8, 0.0, 0.3, -2.0, 0.9]), -2.0, 4.0, 0.1


@exercise.check
def worked_example(f):
    """Of the tanh outputs −0.995, 0, 0.98 and 1 two are nearer than 0.01 to an end: ½."""
    agree(f(np.array([[-0.995, 0.0], [0.98, 1.0]])), 0.5, what="the share")


@exercise.check
def of_a_sigmoid(f):
    """Of the sigmoid outputs 0.5, 0.02, 0.999 and 0.97 with margin 0.05 three are stuck: ¾."""
    agree(f(np.array([0.5, 0.02, 0.999, 0.97]), 0.0, 1.0, 0.05), 0.75, what="the share")


@exercise.check(points=1)
def random_outputs(f, reference, rng):
    """Gives the share for outputs of several ranges, margins and shapes."""
    for lowest, highest, margin in RANGES:
        for shape in [(11, 7), (53,), (5, 2, 7), (3, 4, 2, 5)]:
            arguments = outputs(rng, shape, lowest, highest, margin), lowest, highest, margin
            agree(f(*arguments), reference(*arguments), what="the share")


@exercise.check(points=1, after=random_outputs)
def takes_single_rows(f, reference, rng):
    """Takes the outputs for one example, or a single output."""
    for lowest, highest, margin in RANGES:
        arguments = outputs(rng, (1, 29), lowest, highest, margin), lowest, highest, margin
        agree(f(*arguments), reference(*arguments), what="the share of a single row")
    for single, share in ((0.995, 1.0), (0.2, 0.0)):
        agree(f(np.array(single)), share, what="the share of a single output")


@exercise.check(points=1, after=random_outputs)
def defaults(f, reference, rng):
    """Without further arguments the range is −1 to 1 and the margin 0.01."""
    (a,) = of_tanh(rng)
    agree(f(a), reference(a), what="the share")
    agree(f((a + 1) / 2, 0.0), reference((a + 1) / 2, 0.0), what="the share")
    agree(f(3 * a, -3.0, 3.0), reference(3 * a, -3.0, 3.0), what="the share")


@exercise.check(points=1, after=random_outputs)
def laws(f, rng):
    """Both ends count alike, other units change nothing, and halves have the mean share."""
    a, lowest, highest, margin = of_sigmoid(rng)
    share = f(a, lowest, highest, margin)
    agree(f(-a, -highest, -lowest, margin), share, what="the share seen in a mirror")
    other_units = 20 * a - 7, 20 * lowest - 7, 20 * highest - 7, 20 * margin
    agree(f(*other_units), share, what="the share in other units")
    halves = [f(a[:, :1], lowest, highest, margin), f(a[:, 1:], lowest, highest, margin)]
    agree(share, (halves[0] + 4 * halves[1]) / 5, what="the share of one column and the other four")


@exercise.check(points=1, after=random_outputs)
def all_or_nothing(f, rng):
    """All at an end gives 1, none gives 0, and what is exactly at the margin is not stuck yet."""
    a = rng.uniform(-0.9, 0.9, size=(5, 3))
    agree(f(a), 0.0, what="the share when none is stuck")
    agree(f(np.sign(a)), 1.0, what="the share when all are stuck")
    agree(f(a, -1.0, 1.0, 1.5), 1.0, what="the share with margins that overlap")
    agree(f(np.ones(7), 0.0, 1.0), 1.0, what="the share when all are at the upper end")
    agree(f(np.zeros(7), 0.0, 1.0), 1.0, what="the share when all are at the lower end")
    for lowest, highest, margin in [(-3.0, 5.0, 0.5), (0, 8, 1), (-1.0, 1.0, 0.25)]:
        edges = np.array([lowest + margin, highest - margin])  # halves and quarters: no rounding
        inwards = margin * np.array([1e-6, -1e-6])
        options = lowest, highest, margin
        agree(f(edges, *options), 0.0, what="the share exactly at the margin")
        agree(f(edges + inwards, *options), 0.0, what="the share just beyond the margin")
        agree(f(edges - inwards, *options), 1.0, what="the share just within the margin")


@exercise.check(points=1, after=random_outputs)
def leaves_the_outputs_alone(f, rng):
    """Leaves the outputs as they were."""
    unchanged(f, *of_sigmoid(rng))


@exercise.variant
def distance_to_the_nearer_end(a, lowest=-1.0, highest=1.0, margin=0.01):
    return np.mean(np.minimum(a - lowest, highest - a) < margin)


@exercise.variant
def counting(a, lowest=-1, highest=1, margin=0.01):
    stuck = 0
    for value in a.ravel():
        if value < lowest + margin or value > highest - margin:
            stuck += 1
    return stuck / a.size


@exercise.variant
def far_from_the_middle(a, lowest=-1.0, highest=1.0, margin=0.01):
    middle, half = (lowest + highest) / 2, (highest - lowest) / 2
    return np.count_nonzero(np.abs(a - middle) > half - margin) / np.size(a)


@exercise.misconception
def upper_end_only(a, lowest=-1.0, highest=1.0, margin=0.01):
    """Only the upper end is looked at. One can get stuck at either."""
    return np.mean(a > highest - margin)


@exercise.misconception
def lower_end_only(a, lowest=-1.0, highest=1.0, margin=0.01):
    """Only the lower end is looked at. One can get stuck at either."""
    return np.mean(a < lowest + margin)


@exercise.misconception
def symmetric_range(a, lowest=-1.0, highest=1.0, margin=0.01):
    """The size of the output is compared with the upper end. The lower end may not be −upper."""
    return np.mean(np.abs(a) > highest - margin)


@exercise.misconception
def range_of_tanh_always(a, lowest=-1.0, highest=1.0, margin=0.01):
    """The ends are −1 and 1 whatever is asked. Use the arguments."""
    return np.mean(np.abs(a) > 1 - margin)


@exercise.misconception
def margin_written_into_the_code(a, lowest=-1.0, highest=1.0, margin=0.01):
    """The margin is always 0.01, whatever is asked."""
    return np.mean((a < lowest + 0.01) | (a > highest - 0.01))


@exercise.misconception
def margin_as_a_fraction(a, lowest=-1.0, highest=1.0, margin=0.01):
    """The margin is taken as a fraction of the range. It is a distance."""
    margin = margin * (highest - lowest)
    return np.mean((a < lowest + margin) | (a > highest - margin))


@exercise.misconception
def exactly_at_the_end(a, lowest=-1.0, highest=1.0, margin=0.01):
    """Only outputs exactly at an end count here. Near it is stuck already."""
    return np.mean((a <= lowest) | (a >= highest))


@exercise.misconception
def both_ends_at_once(a, lowest=-1.0, highest=1.0, margin=0.01):
    """Nobody can be at both ends at once: the two conditions are joined with *or*."""
    return np.mean((a < lowest + margin) & (a > highest - margin))


@exercise.misconception
def share_of_the_others(a, lowest=-1.0, highest=1.0, margin=0.01):
    """This is the share that is *not* stuck."""
    return np.mean((a >= lowest + margin) & (a <= highest - margin))


@exercise.misconception(keeps=0.5)
def a_count(a, lowest=-1.0, highest=1.0, margin=0.01):
    """You count how many are stuck. A share lies between 0 and 1."""
    return int(np.sum((a < lowest + margin) | (a > highest - margin)))


@exercise.misconception(keeps=0.5)
def in_percent(a, lowest=-1.0, highest=1.0, margin=0.01):
    """This is in percent. A share lies between 0 and 1."""
    return 100 * np.mean((a < lowest + margin) | (a > highest - margin))


@exercise.misconception
def one_share_per_unit(a, lowest=-1.0, highest=1.0, margin=0.01):
    """There is one share per column. One number for all of them is asked for."""
    return np.mean((a < lowest + margin) | (a > highest - margin), axis=0)


@exercise.misconception
def mean_of_the_two_ends(a, lowest=-1.0, highest=1.0, margin=0.01):
    """The shares of the two ends are averaged. Both are shares of all outputs: what do they make
    together?"""
    return (np.mean(a < lowest + margin) + np.mean(a > highest - margin)) / 2
