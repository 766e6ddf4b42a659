"""A learning rate for every weight."""

import numpy as np

from autograder.exercises.ch09_optimizers import stepping
from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    hints=(
        "Squares of gradients were collected. How do you get back from squares to slopes?",
        "Divide the rate by that, and keep the division safe where nothing was collected.",
        "rate / (√c + ε), entry by entry, for every name.",
    ),
)


def squares(rng, scale=1.0):
    """Sums of squares, one of them of a weight that was never moved."""
    collected = {name: g**2 for name, g in stepping.gradients(rng, scale).items()}
    collected["W"][1, 2] = 0.0
    return collected


@exercise.probe
def random_squares(rng):
    return squares(rng, 3.0), rng.uniform(0.03, 0.9), 10.0 ** rng.uniform(-2, 0)


@exercise.probe
def tiny_squares(rng):
    """Squares that ε outweighs if it is put in the wrong place."""
    return squares(rng, 1e-3), 0.07, 1e-4


@exercise.probe
def by_default(rng):
    return squares(rng, 1e-7), 0.3


@exercise.check
def worked_example(f):
    """Rate 6 over √4 + 1 and √25 + 1, and over 0 + 1, gives 2, 1 and 6."""
    rates = f({"w": np.array([4.0, 25.0, 0.0])}, 6.0, 1.0)
    agree(rates, {"w": np.array([2.0, 1.0, 6.0])}, what="the rates")


@exercise.check
def epsilon_by_default(f):
    """Without ε 1e-8 is added to the root: a rate of 1 over 0 + 1e-8 is 1e8."""
    agree(f({"w": np.array([0.0, 4.0])}, 1.0), {"w": np.array([1e8, 0.5])}, what="the rates")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves squares as they were."""
    unchanged(f, {"w": np.array([4.0, 25.0, 0.0]), "b": np.array([9.0])}, 6.0, 1.0)


@exercise.check(points=2)
def random_rates(f, reference, rng):
    """Gives every weight its rate, for squares and ε of all sizes."""
    for scale in (1.0, 1e-3, 1e3):
        for epsilon in (1e-2, 0.7, 1e-5):
            arguments = squares(rng, scale), rng.uniform(0.03, 0.9), epsilon
            got, expected = f(*arguments), reference(*arguments)
            agree(got, expected, rtol=1e-9, what="the rates")
            if len(got) != len(expected):
                raise Failed(f"the rates have {len(got)} entries, expected {len(expected)}")


@exercise.check(points=1, after=random_rates)
def edges(f, reference, rng):
    """Works for squares of 0, rate 0, ε of 0, and with ε = 1e-8 if none is given."""
    bare = {"w": np.array([1e-16, 0.04, 9.0])}, 0.3, 0.0
    for arguments in (by_default(rng), (squares(rng), 0.0), ({"w": np.zeros(3)}, 0.01), bare):
        agree(f(*arguments), reference(*arguments), rtol=1e-9, what="the rates")


@exercise.check(points=1, after=random_rates)
def laws(f, reference, rng):
    """Scales with the rate; squares 100 times as large, and ε 10 times, make a tenth of it."""
    collected, rate, epsilon = random_squares(rng)
    rates = f(collected, rate, epsilon)
    threefold = {name: 3 * np.asarray(r) for name, r in rates.items()}
    agree(f(collected, 3 * rate, epsilon), threefold, what="the rates at three times the rate")
    other = squares(rng), rate, epsilon
    agree(f(*other), reference(*other), rtol=1e-9, what="the rates of other squares, asked next")
    larger = {name: 100 * c for name, c in collected.items()}
    tenth = {name: np.asarray(r) / 10 for name, r in rates.items()}
    agree(f(larger, rate, 10 * epsilon), tenth, what="the rates of slopes ten times as steep")
    alone = f({"b": collected["b"][:1]}, rate, epsilon)
    agree(alone, {"b": np.asarray(rates["b"])[:1]}, what="the rate of one weight alone")


@exercise.check(points=1, after=random_rates)
def leaves_inputs_alone(f, rng):
    """Leaves the squares as they were."""
    unchanged(f, *random_squares(rng))


@exercise.check(points=1, after=random_rates)
def whole_numbers_count(f, reference, rng):
    """Takes squares that are whole numbers for what they are, not cutting the rates."""
    whole = {"w": rng.integers(0, 50, size=(2, 3)), "v": np.array([0, 1])}
    whole_numbers(f, reference, whole, 2, 1, rtol=1e-9)


@exercise.variant
def with_powers(squares, rate, epsilon=1e-8):
    rates = {}
    for name in squares:
        rates[name] = rate * (squares[name] ** 0.5 + epsilon) ** -1.0
    return rates


@exercise.variant
def entry_by_entry(squares, rate, epsilon=1e-8):
    def one(c):
        return rate / (float(c) ** 0.5 + epsilon)

    return dict(zip(squares, map(np.vectorize(one, otypes=[float]), squares.values()), strict=True))


def _rates(squares, rule):
    return {name: rule(c) for name, c in squares.items()}


@exercise.misconception(keeps=0.5)
def epsilon_inside_the_root(squares, rate, epsilon=1e-8):
    """ε is added to c, inside the root. The contract adds it to √c."""
    return _rates(squares, lambda c: rate / np.sqrt(c + epsilon))


@exercise.misconception
def forgets_the_root(squares, rate, epsilon=1e-8):
    """The rate is divided by c itself: steps would get *shorter* as slopes get steeper."""
    return _rates(squares, lambda c: rate / (c + epsilon))


@exercise.misconception
def forgets_epsilon(squares, rate, epsilon=1e-8):
    """Where c is 0 you divide by 0. What is ε for?"""
    return _rates(squares, lambda c: rate / np.sqrt(c))


@exercise.misconception(keeps=0.5)
def epsilon_only_at_zero(squares, rate, epsilon=1e-8):
    """ε comes in only where c is 0. It is added everywhere, so that nothing jumps."""
    return _rates(squares, lambda c: rate / np.where(c > 0, np.sqrt(c), epsilon))


@exercise.misconception(keeps=0.5)
def epsilon_as_a_floor(squares, rate, epsilon=1e-8):
    """The root is kept from falling below ε. The contract *adds* ε."""
    return _rates(squares, lambda c: rate / np.maximum(np.sqrt(c), epsilon))


@exercise.misconception
def epsilon_after_the_division(squares, rate, epsilon=1e-8):
    """ε is added to the quotient, where it cannot save the division."""
    return _rates(squares, lambda c: rate / np.sqrt(c) + epsilon)


@exercise.misconception
def epsilon_is_always_the_default(squares, rate, epsilon=1e-8):
    """1e-8 is written into the code. ε is an argument."""
    return _rates(squares, lambda c: rate / (np.sqrt(c) + 1e-8))


@exercise.misconception
def another_default(squares, rate, epsilon=1e-7):
    """All is well, but the contract's default for ε is 1e-8."""
    return _rates(squares, lambda c: rate / (np.sqrt(c) + epsilon))


@exercise.misconception
def rate_ignored(squares, rate, epsilon=1e-8):
    """The learning rate is never used."""
    return _rates(squares, lambda c: 1 / (np.sqrt(c) + epsilon))


@exercise.misconception
def multiplies(squares, rate, epsilon=1e-8):
    """Large squares should make a small rate. You multiply by the root."""
    return _rates(squares, lambda c: rate * (np.sqrt(c) + epsilon))


@exercise.misconception
def one_rate_per_tensor(squares, rate, epsilon=1e-8):
    """All weights of a tensor share one rate, from the mean of c. Each should have its own."""
    return _rates(squares, lambda c: np.full(np.shape(c), rate / (np.sqrt(np.mean(c)) + epsilon)))


@exercise.misconception
def overwrites_the_squares(squares, rate, epsilon=1e-8):
    """The rates are right, but the state's squares are overwritten. Make a new dict."""
    for name, c in squares.items():
        squares[name] = rate / (np.sqrt(c) + epsilon)
    return squares
