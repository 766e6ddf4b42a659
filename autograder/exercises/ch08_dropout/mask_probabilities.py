"""How likely each mask is."""

from math import comb

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "With p = 0.2, how likely is it that the first unit is kept *and* the second is dropped?",
        "Every unit contributes a factor, 1 − p or p, and independent chances multiply.",
        "P(m) = Π_d (m_d·(1 − p) + (1 − m_d)·p), one product for each row.",
    ),
)


def some_masks(rng, rows, units):
    return (rng.random((rows, units)) < 0.6).astype(float)


@exercise.probe
def a_few(rng):
    return some_masks(rng, 5, 3), 0.2


@exercise.probe
def repeated(rng):
    return np.repeat(some_masks(rng, 3, 4), 2, axis=0), 0.7


@exercise.probe
def nothing_dropped(rng):
    return np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]), 0.0


@exercise.probe
def single(rng):
    return np.array([[1.0, 0.0, 1.0, 1.0]]), 0.35


@exercise.check
def worked_example(f):
    """With p = 0.2: dropping both 0.04, keeping one 0.16, keeping both 0.64."""
    masks = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    agree(f(masks, 0.2), np.array([0.04, 0.16, 0.16, 0.64]), what="the probabilities")


@exercise.check
def some_of_all_masks(f):
    """With p = 0.2: keeping all of three 0.512, all but one 0.128; with p = 0: 1 and 0."""
    masks = np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    agree(f(masks, 0.2), np.array([0.512, 0.128]), what="the probabilities for p = 0.2")
    agree(f(masks, 0.0), np.array([1.0, 0.0]), what="the probabilities for p = 0")


@exercise.check(points=1)
def random_masks(f, reference, rng):
    """Gives the probability of any masks, few or many, repeated ones too, in their order."""
    for rows, units in [(5, 3), (2, 7), (11, 1), (4, 4), (100, 13)]:
        masks = some_masks(rng, rows, units)
        for p in (rng.uniform(0.02, 0.3), 0.5, rng.uniform(0.6, 0.98)):
            agree(f(masks, p), reference(masks, p), atol=0, what="the probabilities")
    masks = np.repeat(some_masks(rng, 2, 3), 3, axis=0)
    agree(f(masks, 0.3), reference(masks, 0.3), atol=0, what="the probabilities of equal masks")


@exercise.check(points=1, after=random_masks)
def without_dropout(f):
    """With p = 0 the full network has all the probability, and the others none."""
    masks = np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    agree(f(masks, 0.0), np.array([1.0, 0.0, 0.0]), what="the probabilities for p = 0")
    agree(f(np.ones((2, 1)), 0.0), np.ones(2), what="the probabilities for p = 0")


@exercise.check(points=1, after=random_masks)
def they_sum_to_one(f, rng):
    """Over all masks they sum to 1; the order of units does not matter, a new unit multiplies."""
    masks = np.array(list(np.ndindex(*[2] * 6)), dtype=float)
    p = rng.uniform(0.1, 0.9)
    chances = np.asarray(f(masks, p))
    agree(chances.sum(), 1.0, what="the sum")
    shuffled = masks[:, rng.permutation(6)]
    order = (shuffled @ 2 ** np.arange(6)[::-1]).astype(int)
    agree(f(shuffled, p), chances[order], what="the probabilities with units in another order")
    one_more = np.hstack([masks, np.zeros((64, 1))])
    agree(f(one_more, p), p * chances, what="the probabilities with one more unit, dropped")


@exercise.check(points=1, after=random_masks)
def many_units(f, reference, rng):
    """Gives the tiny probabilities of masks of 300 units, and leaves the masks as they were."""
    masks = some_masks(rng, 3, 300)
    agree(f(masks, 0.4), reference(masks, 0.4), atol=0, rtol=1e-9, what="the probabilities")
    unchanged(f, masks, 0.4)


@exercise.check(points=1, after=random_masks)
def a_single_mask(f, reference, rng):
    """Gives the probability of a single mask as well, as an array of one."""
    for units in (7, 1, 13):
        masks, p = some_masks(rng, 1, units), rng.uniform(0.1, 0.9)
        agree(f(masks, p), reference(masks, p), atol=0, what="the probability of a single mask")


@exercise.check(points=1, after=random_masks)
def masks_of_integers(f, reference, rng):
    """Takes masks of integers for what they are, not cutting the probabilities."""
    masks = some_masks(rng, 6, 3)
    got, expected = f(masks.astype(int), 0.3), reference(masks, 0.3)
    agree(got, expected, atol=0, what="the probabilities of masks of integers")


@exercise.variant
def by_counting(masks, p):
    kept = masks.sum(axis=1)
    return (1 - p) ** kept * p ** (masks.shape[1] - kept)


@exercise.variant
def with_loops(masks, p):
    chances = []
    for mask in masks:
        chance = 1.0
        for kept in mask:
            chance *= 1 - p if kept else p
        chances.append(chance)
    return chances


@exercise.variant
def with_where(masks, p):
    return np.prod(np.where(masks == 1, 1 - p, p), axis=-1)


@exercise.misconception
def rates_swapped(masks, p):
    """A 1 is a unit that was *kept*, with probability 1 − p. Yours are the wrong way round."""
    return np.where(masks == 1, p, 1 - p).prod(axis=1)


@exercise.misconception
def all_alike(masks, p):
    """All masks are alike only for p = ½. With p = 0.1, which mask is likelier?"""
    return np.full(len(masks), 0.5 ** masks.shape[1])


@exercise.misconception
def only_the_kept(masks, p):
    """Only the units kept contribute. A dropped unit has a factor, too."""
    return ((1 - p) ** masks).prod(axis=1)


@exercise.misconception
def only_the_dropped(masks, p):
    """Only the units dropped contribute. A unit that was kept has a factor, too."""
    return (p ** (1 - masks)).prod(axis=1)


@exercise.misconception
def of_the_number_kept(masks, p):
    """That is the chance to keep *so many* units. Here it matters which ones."""
    kept = masks.sum(axis=1).astype(int)
    n = masks.shape[1]
    return np.array([comb(n, k) * (1 - p) ** k * p ** (n - k) for k in kept])


@exercise.misconception
def sums_the_factors(masks, p):
    """The factors are added. That two independent things happen both is a product."""
    return np.where(masks == 1, 1 - p, p).sum(axis=1)


@exercise.misconception
def averages_the_factors(masks, p):
    """The factors are averaged. That two independent things happen both is a product."""
    return np.where(masks == 1, 1 - p, p).mean(axis=1)


@exercise.misconception
def forces_the_sum_to_one(masks, p):
    """The result is made to sum to 1. It does so by itself, but only over all masks."""
    chances = np.where(masks == 1, 1 - p, p).prod(axis=1)
    return chances / chances.sum()


@exercise.misconception
def one_per_unit(masks, p):
    """This multiplies down the columns: one number per unit. One per mask is wanted."""
    return np.where(masks == 1, 1 - p, p).prod(axis=0)


@exercise.misconception
def by_logarithms(masks, p):
    """With p = 0 the logarithm of 0 spoils everything, also where it is multiplied by 0."""
    kept, dropped = masks.sum(axis=1), (1 - masks).sum(axis=1)
    return np.exp(kept * np.log(1 - p) + dropped * np.log(p))


@exercise.misconception
def factors_not_multiplied(masks, p):
    """These are the factors of the single units. Each mask needs one number, their product."""
    return np.where(masks == 1, 1 - p, p)
