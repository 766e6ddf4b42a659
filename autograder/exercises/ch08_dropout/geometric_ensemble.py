"""The geometric mean of all thinned networks."""

import numpy as np

from autograder.exercises.ch08_dropout import nets
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=4,
    hints=(
        "The geometric mean of 2 and 8 is 4 = 2^½·8^½. What are the exponents here?",
        "Take it of the probabilities of *yes* and, apart, of *no*: f and 1 − f. Do the two "
        "results sum to 1?",
        "G₁ = exp(Σ P(m)·ln f(m ⊙ x)), G₀ the same with 1 − f, and the answer is G₁/(G₀ + G₁).",
    ),
    needs=("all_masks", "mask_probabilities"),
)


@exercise.probe
def deep(rng):
    return nets.deep_unit(rng, 4), rng.normal(size=4), 0.3


@exercise.probe
def mostly_dropped(rng):
    return nets.deep_unit(rng, 3), rng.normal(size=3), 0.8


@exercise.probe
def one_sigmoid(rng):
    return nets.unit(rng, 3), 2 * rng.normal(size=3), 0.4


@exercise.probe
def a_single_unit(rng):
    return nets.deep_unit(rng, 1), rng.normal(size=1), 0.6


@exercise.check
def worked_example(f):
    """One unit, p = ½; it says 0.9 if kept, 0.5 if dropped: √0.45/(√0.05 + √0.45) = 0.75."""
    got = f(travels(lambda h: 0.5 + 0.4 * np.asarray(h)[..., 0]), np.array([1.0]), 0.5)
    agree(got, 0.75, what="the probability")


@exercise.check
def by_their_probabilities(f):
    """With p = 0.2 the odds of 0.99 (kept) and 0.5 (dropped) are 99 to the power of 0.8, and 1."""
    got = f(travels(lambda h: 0.5 + 0.49 * np.asarray(h)[..., 0]), np.array([1.0]), 0.2)
    agree(got, 99**0.8 / (1 + 99**0.8), what="the probability")


@exercise.check(points=2)
def bent_networks(f, reference, rng):
    """Gives the normalised geometric mean of networks with a hidden layer, at every rate."""
    for n, p in [(4, 0.2), (2, 0.7), (1, 0.35), (5, 0.5), (3, 0.93)]:
        arguments = nets.deep_unit(rng, n), rng.normal(size=n), p
        agree(f(*arguments), reference(*arguments), what="the probability")
    sure = travels(lambda h: 0.05 + 0.9 * (np.asarray(h)[..., 0] != 0)), rng.normal(size=3), 0.3
    agree(f(*sure), reference(*sure), what="the probability")


@exercise.check(points=1, after=bent_networks)
def of_one_sigmoid(f, rng):
    """Of a single sigmoid unit it is that unit with scaled weights, exactly."""
    for n, p in [(4, 0.2), (3, 0.8), (5, 0.5)]:
        net, x = nets.unit(rng, n), rng.normal(size=n)
        agree(f(net, x, p), net((1 - p) * x), what="the probability")


@exercise.check(points=1, after=bent_networks)
def laws(f, rng):
    """Without dropout it is the network itself; agreement stays; yes and no can change places."""
    net, x = nets.deep_unit(rng, 4), rng.normal(size=4)
    agree(f(net, x, 0.0), net(x), what="the probability for p = 0")
    level = f(travels(lambda h: np.full(np.shape(h)[:-1], 0.2)), x, 0.3)
    agree(level, 0.2, rtol=1e-10, what="the probability when all networks say 0.2")
    swapped = f(travels(lambda h: 1 - net(h)), x, 0.3)
    agree(swapped, 1 - float(f(net, x, 0.3)), what="the probability of the other class")
    unchanged(f, net, x, 0.3)


@exercise.check(points=1, after=bent_networks)
def many_units(f, reference, rng):
    """Stays exact for 8,192 networks, and for 1,024 of which some are nearly certain."""
    for n, sharpness in ((13, 1.0), (10, 8.0)):
        net, x = nets.deep_unit(rng, n, sharpness), rng.normal(size=n)
        agree(f(net, x, 0.25), reference(net, x, 0.25), rtol=1e-6, what="the probability")
    rare = f(travels(lambda h: 1e-60 * (1 + 8 * (np.asarray(h)[..., 0] != 0))), np.ones(10), 0.5)
    agree(rare, 3e-60, atol=0, what="the probability of a rare class")


def _all(n, p):
    pairs = list(nets.all_kept_or_dropped(n, p))
    return np.array([m for m, _ in pairs]), np.array([chance for _, chance in pairs])


@exercise.variant
def by_powers(f, x, p):
    n = len(x)
    masks = np.array([[int(c) for c in format(i, f"0{n}b")] for i in range(2**n)])
    chances = np.prod(np.where(masks, 1 - p, p), axis=1)
    outs = np.asarray(f(masks * x))
    yes, no = np.prod(outs**chances), np.prod((1 - outs) ** chances)
    return yes / (yes + no)


@exercise.variant
def average_of_the_odds(f, x, p):
    masks, chances = _all(len(x), p)
    outs = np.asarray(f(masks * x))
    score = np.sum(chances * (np.log(outs) - np.log1p(-outs)))
    return np.exp(score) / (1 + np.exp(score))


@exercise.variant
def one_after_the_other(f, x, p):
    yes = no = 0.0
    masks, chances = _all(len(x), p)
    for chance, out in zip(chances, f(masks * x), strict=True):
        yes, no = yes + chance * np.log(out), no + chance * np.log(1 - out)
    return 1 / (1 + np.exp(no - yes))


@exercise.misconception
def arithmetic_mean(f, x, p):
    """That is the ordinary average. A geometric mean multiplies, or averages logarithms."""
    masks, chances = _all(len(x), p)
    return float(chances @ np.asarray(f(masks * x)))


@exercise.misconception
def not_normalised(f, x, p):
    """The geometric means of yes and no do not sum to 1. Divide by their sum."""
    masks, chances = _all(len(x), p)
    return float(np.exp(chances @ np.log(f(masks * x))))


@exercise.misconception(keeps=0.5)
def odds_not_probability(f, x, p):
    """These are the odds, yes to no. The probability is yes by the sum of both."""
    masks, chances = _all(len(x), p)
    outs = np.asarray(f(masks * x))
    return float(np.exp(chances @ (np.log(outs) - np.log(1 - outs))))


@exercise.misconception
def all_networks_alike(f, x, p):
    """All networks count alike. That is right for p = ½ only; use the probabilities."""
    masks, _ = _all(len(x), p)
    outs = np.asarray(f(masks * x))
    return float(1 / (1 + np.exp(np.mean(np.log(1 - outs) - np.log(outs)))))


@exercise.misconception
def rates_swapped(f, x, p):
    """p is the rate of dropping: networks that keep much are likely when p is small."""
    masks, chances = _all(len(x), 1 - p)
    outs = np.asarray(f(masks * x))
    return float(1 / (1 + np.exp(chances @ (np.log(1 - outs) - np.log(outs)))))


@exercise.misconception
def scaled_network(f, x, p):
    """This is the network with scaled units. With a hidden layer the two are different."""
    return float(np.asarray(f((1 - p) * x[None]))[0])


@exercise.misconception(keeps=0.5)
def of_the_other_class(f, x, p):
    """This is the probability of class 0."""
    masks, chances = _all(len(x), p)
    outs = np.asarray(f(masks * x))
    return float(1 / (1 + np.exp(chances @ (np.log(outs) - np.log(1 - outs)))))


@exercise.misconception
def product_without_exponents(f, x, p):
    """The probabilities are multiplied without their exponents P(m): a product, not a mean."""
    masks, _ = _all(len(x), p)
    outs = np.asarray(f(masks * x))
    yes, no = np.prod(outs), np.prod(1 - outs)
    return float(yes / (yes + no))


@exercise.misconception
def no_is_one_minus_yes(f, x, p):
    """G₀ is not 1 − G₁: take the geometric mean of the 1 − f, too, and then share out."""
    masks, chances = _all(len(x), p)
    return float(1 - np.exp(chances @ np.log(1 - np.asarray(f(masks * x)))))


@exercise.misconception
def clipped_probabilities(f, x, p):
    """Probabilities are clipped, so that rare things count as less rare than they are."""
    masks, chances = _all(len(x), p)
    outs = np.clip(np.asarray(f(masks * x)), 0.1, 0.9)
    return float(1 / (1 + np.exp(chances @ (np.log(1 - outs) - np.log(outs)))))
