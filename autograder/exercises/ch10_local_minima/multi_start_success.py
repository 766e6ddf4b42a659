"""How many starts are enough?"""

import math
from fractions import Fraction

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "It is hard to count the ways to succeed. How likely is it that *all* starts fail?",
        "1 − (1 − p)ᵏ is right, but for p = 1e-20 a computer takes 1 − p for 1.",
        "ln of (1 − p)ᵏ is k·ln(1 − p); NumPy and `math` have ln(1 + x) and eˣ − 1 for small x.",
    ),
)


@exercise.probe
def ordinary(rng):
    return rng.uniform(0.1, 0.6), int(rng.integers(2, 9))


@exercise.probe
def many_starts(rng):
    return rng.uniform(0.01, 0.05), int(rng.integers(20, 60))


@exercise.probe
def a_tiny_share(rng):
    return 10.0 ** -rng.uniform(17, 18), 10**17


@exercise.probe
def certain(rng):
    return 1.0, 3


@exercise.probe
def hopeless(rng):
    return 0.0, 5


@exercise.probe
def no_start(rng):
    return rng.uniform(0.2, 0.6), 0


@exercise.check
def worked_example(f):
    """If half of all starts are right, 1, 2 and 3 starts succeed with ½, ¾ and ⅞."""
    agree(f.many([(0.5, k) for k in (1, 2, 3)]), [0.5, 0.75, 0.875], what="the probabilities")


@exercise.check
def another_share(f):
    """With a share of ⅕, two starts succeed with 0.36 = 1 − 0.8², three with 0.488."""
    agree(f.many([(0.2, 2), (0.2, 3)]), [0.36, 0.488], what="the probabilities")


@exercise.check
def tiny_shares(f):
    """With a share of 1e-20, five starts succeed with 5e-20, not with 0."""
    agree(f(1e-20, 5), 5e-20, rtol=1e-6, atol=0.0, what="the probability")


@exercise.check
def certain_or_hopeless(f):
    """With a share of 1 the first start succeeds, with a share of 0 none; no start never does."""
    agree(f.many([(1.0, 1), (0.0, 4), (0.3, 0)]), [1.0, 0.0, 0.0], what="the probabilities")


@exercise.check(points=2)
def ordinary_shares(f, rng):
    """Gives the probability for shares between 0 and 1 and for few and many starts."""
    for _ in range(6):
        share, starts = rng.uniform(0.05, 0.9), int(rng.integers(2, 12))
        exact = 1 - (1 - Fraction(share)) ** starts
        agree(f(share, starts), float(exact), what="the probability")


@exercise.check(points=1, after=ordinary_shares)
def small_shares(f, rng):
    """Keeps all its digits where the share is tiny: then it is about k·p."""
    for exponent in rng.permutation([9, 13, 17, 40]):
        share, starts = rng.uniform(1, 9) * 10.0**-exponent, int(rng.integers(2, 99))
        exact = 1 - (1 - Fraction(share)) ** starts
        agree(f(share, starts), float(exact), rtol=1e-9, atol=0.0, what="the probability")


@exercise.check(points=1, after=ordinary_shares)
def edges(f, rng):
    """No start never succeeds; a share of 0 never, a share of 1 with the first start."""
    k, share = int(rng.integers(1, 9)), rng.uniform(0.2, 0.8)
    calls = [
        ((share, 0), 0.0),
        ((0.0, k), 0.0),
        ((1.0, k), 1.0),
        ((1.0, 0), 0.0),
        ((0.0, 0), 0.0),
        ((1.0, 1), 1.0),
    ]
    order = rng.permutation(len(calls))
    answers = f.many([calls[n][0] for n in order])
    agree(answers, [calls[n][1] for n in order], atol=1e-12, what="the probabilities")


@exercise.check(points=1, after=ordinary_shares)
def laws(f, rng):
    """Failing twice as often is failing with the square; one start succeeds with the share."""
    share, starts = rng.uniform(0.1, 0.5), int(rng.integers(2, 7))
    once, twice, alone = f.many([(share, starts), (share, 2 * starts), (share, 1)])
    agree(1 - float(twice), (1 - float(once)) ** 2, what="the chance of failing")
    agree(alone, share, what="the probability with one start")


@exercise.variant
def with_numpy(share, starts):
    with np.errstate(divide="ignore", invalid="ignore"):
        return 0.0 if starts == 0 else float(-np.expm1(starts * np.log1p(-share)))


@exercise.variant
def by_halves(share, starts):
    if starts < 2:
        return share * starts
    half = by_halves(share, starts // 2)
    done = half + (1 - half) * half
    return done + (1 - done) * share if starts % 2 else done


@exercise.misconception(keeps=0.5)
def one_minus_a_power(share, starts):
    """The formula is right, but 1 − 1e-20 is 1 for a computer: use functions made for small x."""
    return 1 - (1 - share) ** starts


@exercise.misconception
def shares_added_up(share, starts):
    """Chances are added: ten starts of a share of ½ would succeed with 5. Ask for *all* failing."""
    return share * starts


@exercise.misconception
def added_up_and_cut(share, starts):
    """Chances are added and cut at 1. Starts may succeed several times: ask for all failing."""
    return min(share * starts, 1.0)


@exercise.misconception
def all_succeed(share, starts):
    """This is the chance that *every* start is right. One is enough."""
    return share**starts


@exercise.misconception
def all_fail(share, starts):
    """This is the chance that every start fails: one step is missing."""
    return (1 - share) ** starts


@exercise.misconception
def exactly_one(share, starts):
    """This is the chance that exactly one start is right. More are welcome."""
    return starts * share * (1 - share) ** max(starts - 1, 0)


@exercise.misconception
def exponential_instead(share, starts):
    """1 − exp(−k·p) is close for small shares only: it is (1 − p)ᵏ, not e^(−k·p)."""
    return -math.expm1(-share * starts)


@exercise.misconception
def one_start_too_many(share, starts):
    """There is one start more in the power than there are starts."""
    return -math.expm1((starts + 1) * math.log1p(-share)) if share < 1 else 1.0


@exercise.misconception
def breaks_at_certainty(share, starts):
    """A share of 1 makes the logarithm infinite: that case has an answer of its own."""
    return -math.expm1(starts * math.log1p(-share))
