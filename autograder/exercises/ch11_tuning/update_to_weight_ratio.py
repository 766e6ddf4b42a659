"""How far does one step go?"""

import math

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "How long is the step, compared with how long the weights were before it?",
        "`np.linalg.norm` of the flattened difference and of the old tensor. Then mind zero.",
        "‖after − before‖ / ‖before‖ for every name; inf if ‖before‖ = 0 and it moved, 0 if not.",
    ),
)

SHAPES = {"W1": (5, 3), "b1": (3,), "kernel": (2, 3, 2, 5), "gain": (1,)}


def step(rng, shapes=SHAPES, size=1.0, share=0.01):
    before = {n: size * rng.normal(rng.normal(), 1, size=s) for n, s in shapes.items()}
    return before, {n: w + share * size * rng.normal(size=w.shape) for n, w in before.items()}


@exercise.probe
def several_tensors(rng):
    return step(rng)


@exercise.probe
def giant_step(rng):
    return step(rng, share=3.0)


@exercise.probe
def one_matrix(rng):
    return step(rng, {"W": (7, 11)})


@exercise.probe
def tiny_numbers(rng):
    return step(rng, {"W": (3, 2)}, size=1e-9)


@exercise.probe
def moved_from_zero(rng):
    before, after = step(rng, {"W": (3, 2), "b": (2,)})
    return before | {"b": np.zeros(2)}, after


@exercise.probe
def zeros_that_stay(rng):
    before, after = step(rng, {"W": (3, 2), "b": (2,)})
    return before | {"b": np.zeros(2)}, after | {"b": np.zeros(2)}


@exercise.check
def worked_example(f):
    """From (3, 4) to (3.03, 4.04) is a step of length 0.05 for weights of length 5: 0.01."""
    got = f({"W": np.array([3.0, 4.0])}, {"W": np.array([3.03, 4.04])})
    agree(got, {"W": 0.01}, rtol=1e-9, what="the ratios")


def ratios(f, before, after, expected):
    got = f(before, after)
    agree(got, expected, rtol=1e-9, atol=0, what="the ratios")
    agree(sorted(got), sorted(expected), what="the names")


@exercise.check
def each_tensor_by_itself(f):
    """From (3, 4) to (4, 3) is a step of √2 for a length of 5, however far another tensor goes."""
    before = {"W": np.array([[3.0, 4.0]]), "b": np.array([2.0]), "v": np.array([3e-9, 4e-9])}
    after = {"W": np.array([[4.0, 3.0]]), "b": np.array([2.5]), "v": np.array([3.3e-9, 4.4e-9])}
    agree(f(before, after), {"W": 2**0.5 / 5, "b": 0.25, "v": 0.1}, rtol=1e-9, what="the ratios")


@exercise.check
def zeros_that_move_or_stay(f):
    """Zeros that moved went infinitely far; zeros that stayed, not at all."""
    before = {"moved": np.zeros(2), "stayed": np.zeros(3)}
    after = {"moved": np.array([0.0, 1e-9]), "stayed": np.zeros(3)}
    agree(f(before, after), {"moved": math.inf, "stayed": 0.0}, what="the ratios")


@exercise.check(points=2)
def random_steps(f, reference, rng):
    """Measures steps of vectors, matrices and kernels, tiny and giant ones."""
    for share in (1e-7, 1e-3, 1.0, 1000.0):
        before, after = step(rng, share=share)
        ratios(f, before, after, reference(before, after))
    for size in (1e-12, 1e12):
        before, after = step(rng, {"W": (7, 3), "b": (11,), "v": (1, 5)}, size=size)
        ratios(f, before, after, reference(before, after))


@exercise.check(points=1, after=random_steps)
def zeros(f, rng):
    """Zeros that moved went infinitely far; zeros that stayed, and weights that did, not at all."""
    before, after = step(rng, {"W": (3, 2), "b": (2,), "c": (4,), "s": (1,)})
    before |= {"b": np.zeros(2), "c": np.zeros(4)}
    after |= {"c": np.zeros(4), "s": before["s"].copy()}
    got = f(before, after)
    agree({n: got.get(n) for n in "bcs"}, {"b": math.inf, "c": 0.0, "s": 0.0}, what="the ratios")
    agree(f({"b": np.zeros(3)}, {"b": np.full(3, 1e-9)}), {"b": math.inf}, what="the ratio")
    still = {"W": rng.normal(size=(3, 2)), "b": np.zeros(2)}
    agree(f(still, still), {"W": 0.0, "b": 0.0}, what="the ratios without a step")


@exercise.check(points=1, after=random_steps)
def laws(f, rng):
    """The unit, the order of the entries and the company do not matter; a double step does."""
    before, after = step(rng)
    base = f(before, after)
    for unit in (1e-6, -37.0):
        scaled = [{n: unit * w for n, w in side.items()} for side in (before, after)]
        agree(f(*scaled), base, rtol=1e-8, what="the ratios in another unit")
    turned = [{n: w.T[::-1] for n, w in side.items()} for side in (before, after)]
    agree(f(*turned), base, rtol=1e-8, what="the ratios of the transposes")
    far = {n: w + 2 * (after[n] - w) for n, w in before.items()}
    agree(f(before, far), {n: 2 * r for n, r in base.items()}, rtol=1e-8, what="twice the step")
    for name, ratio in base.items():
        agree(f({name: before[name]}, {name: after[name]}), {name: ratio}, what="one tensor alone")
    shuffled = {n: after[n] for n in sorted(after)}
    agree(f(before, shuffled), base, what="the ratios with names in another order")


@exercise.check(points=1, after=random_steps)
def leaves_weights_alone(f, rng):
    """Leaves the weights of before and after as they were."""
    unchanged(f, *step(rng))


@exercise.variant
def with_roots_of_sums(before, after):
    ratios = {}
    for name in after:
        old, new = np.ravel(before[name]), np.ravel(after[name])
        moved, size = np.sqrt(np.sum((old - new) ** 2)), np.sqrt(np.sum(old**2))
        ratios[name] = (moved / size) if size > 0 else (np.inf if moved > 0 else 0)
    return ratios


@exercise.variant
def with_hypot(before, after):
    def length(w):
        return math.hypot(*np.ravel(w).tolist())

    def ratio(old, new):
        moved, size = length(np.asarray(new) - old), length(old)
        return 0.0 if moved == 0 else math.inf if size == 0 else moved / size

    return {name: np.float64(ratio(before[name], after[name])) for name in sorted(before)}


def each(before, after, rule, size=np.linalg.norm):
    found = {}
    for name, old in before.items():
        top, bottom = rule(old, after[name])
        found[name] = float(top / bottom) if bottom else math.inf if top else 0.0
    return found


def unguarded(before, after, below):
    """The fractions as they come, without care for zeros."""
    with np.errstate(all="ignore"):
        return {n: float(norm(after[n] - w) / norm(below[n])) for n, w in before.items()}


norm = np.linalg.norm


@exercise.misconception(keeps=0.5)
def relative_to_the_weights_after(before, after):
    """The step is measured against the weights after it. Which length did it start from?"""
    return each(before, after, lambda old, new: (norm(new - old), norm(new)))


@exercise.misconception
def change_of_the_norm(before, after):
    """The lengths are subtracted. Weights can turn round without changing their length."""
    return each(before, after, lambda old, new: (abs(norm(new) - norm(old)), norm(old)))


@exercise.misconception
def length_of_the_result(before, after):
    """This compares the new weights with the old: about 1 for every small step."""
    return each(before, after, lambda old, new: (norm(new), norm(old)))


@exercise.misconception
def upside_down(before, after):
    """Weights by update: healthy would be 1,000. The fraction is upside down."""
    return each(before, after, lambda old, new: (norm(old), norm(new - old)))


@exercise.misconception(keeps=1 / 3)
def squared_lengths(before, after):
    """A step ten times longer should have ten times the ratio, not a hundred times."""
    return each(before, after, lambda old, new: (norm(new - old) ** 2, norm(old) ** 2))


@exercise.misconception
def largest_entries(before, after):
    """The largest entries are compared. The contract asks for the lengths of the whole tensors."""
    return each(before, after, lambda old, new: (np.abs(new - old).max(), np.abs(old).max()))


@exercise.misconception
def sums_of_absolute_values(before, after):
    """Absolute values are added; a length is the root of a sum of squares."""
    return each(before, after, lambda old, new: (np.abs(new - old).sum(), np.abs(old).sum()))


@exercise.misconception
def entry_by_entry(before, after):
    """Ratios of single entries are averaged: one weight near zero then decides everything."""
    return each(before, after, lambda old, new: (np.mean(np.abs(new - old) / np.abs(old)), 1.0))


@exercise.misconception
def one_ratio_for_all(before, after):
    """All tensors get the ratio of all weights together. Each has one of its own."""
    whole = lambda side: np.concatenate([np.ravel(side[n]) for n in before])
    ratio = float(norm(whole(after) - whole(before)) / norm(whole(before)))
    return dict.fromkeys(before, ratio)


@exercise.misconception
def guarded_by_a_small_number(before, after):
    """A small number was added below the fraction: it hides zeros and distorts tiny weights."""
    return each(before, after, lambda old, new: (norm(new - old), norm(old) + 1e-8))


@exercise.misconception
def zeros_count_as_unmoved(before, after):
    """Weights of zero that moved are reported as not having moved at all."""
    found = each(before, after, lambda old, new: (norm(new - old), norm(old)))
    return {n: 0.0 if math.isinf(r) else r for n, r in found.items()}


@exercise.misconception
def nan_for_zeros_that_stay(before, after):
    """Weights of zero that stay get 0/0, which is NaN. How far have they gone?"""
    return unguarded(before, after, before)


@exercise.misconception
def relative_to_the_weights_after_or_nan(before, after):
    """The step is measured against the weights *after* it; and if those are zero, it is NaN."""
    return unguarded(before, after, after)


@exercise.misconception
def entry_by_entry_with_a_guard(before, after):
    """Ratios of single entries are averaged, and a small number keeps them finite. One weight near
    zero still decides: compare the lengths of the whole tensors."""
    rule = lambda old, new: (np.mean(np.abs(new - old) / (np.abs(old) + 1e-8)), 1.0)
    return each(before, after, rule)
