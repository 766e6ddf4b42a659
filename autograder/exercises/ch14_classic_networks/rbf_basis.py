"""Bumps around centres."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "For one example and one centre: which single number decides how high the bump is there?",
        "All pairs at once: `x[:, None, :] - centres` has the shape (N, K, D). Which axis has to "
        "disappear, and do you need the root of the sum?",
        r"$\phi = e^{-r^2/(2s^2)}$ with $r^2 = \sum_d (x_d - c_d)^2$ and the bump's own width $s$.",
    ),
)


def layer(rng, examples, centres, features):
    """Examples and bumps that are near enough to matter, each bump with a width of its own."""
    x, c = rng.normal(size=(examples, features)), rng.normal(size=(centres, features))
    return x, c, rng.uniform(0.8, 2.5, centres)


@exercise.probe
def five_examples(rng):
    return layer(rng, 5, 4, 3)


@exercise.probe
def as_many_as_everything(rng):
    """A square: a wrong axis raises no error here."""
    return layer(rng, 3, 3, 3)


@exercise.probe
def one_feature(rng):
    return layer(rng, 7, 2, 1)


@exercise.probe
def of_whole_numbers(rng):
    return rng.integers(-2, 3, (5, 2)), rng.integers(-2, 3, (3, 2)), np.array([2, 1, 3])


@exercise.check
def worked_example(f):
    """Centres 0 and 2 with widths 1 and 2: at 0 the heights are 1 and e^(−½), at 3 e^(−9/2),
    e^(−⅛)."""
    x, centres = np.array([[0.0], [3.0]]), np.array([[0.0], [2.0]])
    expected = np.exp(-np.array([[0.0, 0.5], [4.5, 0.125]]))
    agree(f(x, centres, np.array([1.0, 2.0])), expected, what="the heights")


@exercise.check
def in_the_plane(f):
    """(3, 4) is 5 away from (0, 0) and 12 from (3, 16): widths 5 and 6 give e^(−½) and e^(−2)."""
    centres = np.array([[0.0, 0.0], [3.0, 16.0], [3.0, 4.0]])
    heights = f(np.array([[3.0, 4.0]]), centres, np.array([5.0, 6.0, 7.0]))
    agree(heights, np.exp([[-0.5, -2.0, 0.0]]), what="the heights")


@exercise.check
def arguments_stay(f):
    """Examples, centres and widths are afterwards what they were."""
    unchanged(f, np.array([[0.0], [3.0]]), np.array([[1.0], [2.0]]), np.array([0.5, 2.0]))


@exercise.check(points=2)
def random_layers(f, reference, rng):
    """Gives the heights of random bumps, in several dimensions."""
    for size in rng.permutation([(5, 4, 3), (3, 3, 3), (7, 2, 1), (2, 5, 7), (13, 11, 2)]):
        arguments = layer(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the heights")


@exercise.check(points=1, after=random_layers)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round."""
    whole_numbers(f, reference, *of_whole_numbers(rng))


@exercise.check(points=1, after=random_layers)
def one_example(f, reference, rng):
    """Works for a batch of one, for one centre, and for both."""
    for size in rng.permutation([(1, 4, 3), (5, 1, 2), (1, 1, 7)]):
        arguments = layer(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the heights")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Is 1 at a centre, the same after a shift of everything, and after a change of the unit."""
    x, centres, widths = layer(rng, 7, 5, 3)
    heights = np.asarray(f(x, centres, widths))
    agree(np.diagonal(f(centres, centres, widths)), np.ones(5), what="the heights at the centres")
    shift, unit = rng.normal(size=3), rng.uniform(3, 9)
    agree(f(x + shift, centres + shift, widths), heights, what="the heights after a shift")
    agree(f(unit * x, unit * centres, unit * widths), heights, what="the heights in another unit")


@exercise.check(points=1, after=random_layers)
def narrow_and_wide(f, reference, rng):
    """Falls to exactly 0 far from a narrow bump, and stays near 1 under a wide one."""
    x, centres, _ = layer(rng, 5, 4, 3)
    widths = rng.permutation([1e-3, 0.05, 30.0, 1e5])
    agree(f(x, centres, widths), reference(x, centres, widths), what="the heights")


@exercise.check(points=1, after=random_layers)
def leaves_inputs_alone(f, rng):
    """Leaves its arguments as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def with_loops(x, centres, widths):
    return [
        [np.exp(-0.5 * np.dot(row - c, row - c) / s**2) for c, s in zip(centres, widths)]
        for row in x
    ]


@exercise.variant
def by_norms(x, centres, widths):
    return np.exp(-((np.linalg.norm(x[:, None] - centres, axis=-1) / widths) ** 2) / 2)


@exercise.variant
def a_product_over_the_features(x, centres, widths):
    heights = 1.0
    for d in range(x.shape[1]):
        heights = heights * np.exp(
            -(np.subtract.outer(x[:, d], centres[:, d]) ** 2) / (2 * widths**2)
        )
    return heights


def _r(x, centres):
    return np.linalg.norm(x[:, None, :] - centres, axis=2)


@exercise.misconception
def distance_not_squared(x, centres, widths):
    """The distance stands in the exponent as it is: that has a kink at the centre. Square it."""
    return np.exp(-_r(x, centres) / (2 * widths**2))


@exercise.misconception(keeps=0.5)
def forgets_the_half(x, centres, widths):
    """The exponent is twice what it should be. At a distance of one width the height is e^(−½)."""
    return np.exp(-(_r(x, centres) ** 2) / widths**2)


@exercise.misconception
def width_not_squared(x, centres, widths):
    """r² is divided by the width, not by its square: then it matters in which unit you measure."""
    return np.exp(-(_r(x, centres) ** 2) / (2 * widths))


@exercise.misconception
def width_taken_for_beta(x, centres, widths):
    """You multiply by the widths, as with books' β. Here a larger width makes a wider bump."""
    return np.exp(-widths * _r(x, centres) ** 2)


@exercise.misconception
def city_blocks(x, centres, widths):
    """The offsets' sizes are added up before they are squared. What does Pythagoras say?"""
    return np.exp(-(np.abs(x[:, None] - centres).sum(axis=2) ** 2) / (2 * widths**2))


@exercise.misconception
def averaged_over_the_features(x, centres, widths):
    """The squares are averaged over the features. The squared distance is their sum."""
    return np.exp(-np.mean((x[:, None] - centres) ** 2, axis=2) / (2 * widths**2))


@exercise.misconception
def one_width_for_all(x, centres, widths):
    """All bumps are as wide as the first. Each has its own width."""
    return np.exp(-(_r(x, centres) ** 2) / (2 * widths[0] ** 2))


@exercise.misconception(keeps=0.5)
def centres_by_examples(x, centres, widths):
    """The heights are right but turned round: one row for each example, one column a centre."""
    return np.exp(-(_r(x, centres) ** 2) / (2 * widths**2)).T


@exercise.misconception
def a_probability_density(x, centres, widths):
    """You divide by √(2π)·width, as a density of area 1 does. A bump has height 1."""
    return np.exp(-(_r(x, centres) ** 2) / (2 * widths**2)) / (np.sqrt(2 * np.pi) * widths)


@exercise.misconception
def rows_sum_to_one(x, centres, widths):
    """Each row is divided by its sum. That is another network; here bumps do not compete."""
    heights = np.exp(-(_r(x, centres) ** 2) / (2 * widths**2))
    return heights / heights.sum(axis=1, keepdims=True)


@exercise.misconception
def grows_with_the_distance(x, centres, widths):
    """The minus is missing: these bumps are lowest at their centre."""
    return np.exp(_r(x, centres) ** 2 / (2 * widths**2))


@exercise.misconception
def distance_of_the_lengths(x, centres, widths):
    """You compare |x| with |c|. Two vectors of one length can be far apart."""
    r = np.linalg.norm(x, axis=1)[:, None] - np.linalg.norm(centres, axis=1)
    return np.exp(-(r**2) / (2 * widths**2))


@exercise.misconception
def cuts_whole_numbers(x, centres, widths):
    """Whole numbers come back as whole numbers: every height below 1 has become 0."""
    heights = np.exp(-(_r(x, centres) ** 2) / (2.0 * widths**2))
    return heights.astype(np.result_type(x, centres, widths))


@exercise.misconception
def overwrites_the_widths(x, centres, widths):
    """The heights are right, but the caller's widths are squared on the way. Use a new array."""
    widths *= widths
    return np.exp(-(_r(x, centres) ** 2) / (2 * widths))
