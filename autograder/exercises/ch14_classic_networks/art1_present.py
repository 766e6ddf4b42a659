"""Search, reset, resonate: ART1."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=25,
    difficulty=4,
    hints=(
        "The category that calls loudest need not be one that fits. Who is asked next, and what "
        "happens if nobody is left?",
        "Go through the categories by falling `art1_choice` (`np.argsort` of its negative); "
        "the first that passes learns on a copy and is returned at once; all others join `reset`.",
        r"Passed if $|I \wedge w|/|I| \ge \rho$ and something is shared at all; learning is "
        r"$w \leftarrow w \wedge I$, for zeros and ones a product.",
    ),
)

FEATURES = 11


def rows(rng, *patterns):
    """The patterns, with the features in an order that nobody knows."""
    order = rng.permutation(FEATURES)
    return [np.array([float(c) for c in pattern])[order] for pattern in patterns]


#         the input      inside it, small  overlaps in 5     overlaps in 1
SHAPES = "11111100000", "11000000000", "11111011100", "00000100011"


def second_one_fits(rng):
    """A small category inside the input calls loudest, explains too little, and is reset."""
    shown, small, large, other = rows(rng, *SHAPES)
    return shown, np.array([other, large, small]), rng.uniform(0.55, 0.8), rng.uniform(1.3, 2.7), 7


def first_one_fits(rng):
    """With a larger L the large category calls loudest."""
    shown, small, large, other = rows(rng, *SHAPES)
    return shown, np.array([small, other, large]), rng.uniform(0.55, 0.8), rng.uniform(3.5, 6), 7


def nobody_fits(rng):
    shown, small, large, other = rows(rng, *SHAPES)
    return shown, np.array([large, small, other]), rng.uniform(0.86, 0.98), rng.uniform(1.3, 2.7), 5


def no_room(rng):
    shown, small, large, other = rows(rng, *SHAPES)
    return shown, np.array([large, other, small]), rng.uniform(0.86, 0.98), rng.uniform(1.3, 2.7), 3


def nothing_in_common(rng):
    """At vigilance 0 a category without any overlap would be erased."""
    shown, one, other = rows(rng, "11110000000", "00001110000", "00000001111")
    return shown, np.array([one, other]), 0.0, rng.uniform(1.3, 2.7), 4


def exactly_enough(rng):
    shown, small, other = rows(rng, "11110000000", "11000000000", "00000100011")
    return shown, np.array([other, small]), 0.5, rng.uniform(1.3, 2.7), 4


def equally_loud(rng):
    shown, one, two, other = rows(rng, "11111100000", "11110000000", "00111100000", "00000001111")
    return shown, np.array([other, one, two]), rng.uniform(0.2, 0.6), rng.uniform(1.3, 2.7), 4


def the_first_input(rng):
    (shown,) = rows(rng, SHAPES[0])
    return shown, np.empty((0, FEATURES)), rng.uniform(0.2, 0.9), 2.0, 3


def at_random(rng):
    shown, *prototypes = (rng.random((6, FEATURES)) < 0.55) * 1.0
    shown[rng.integers(FEATURES)] = 1.0
    return (
        shown,
        np.array(prototypes),
        rng.uniform(0.3, 0.95),
        rng.uniform(1.1, 6),
        int(rng.integers(5, 8)),
    )


for story in (second_one_fits, first_one_fits, nobody_fits, no_room, nothing_in_common,
              exactly_enough, equally_loud, the_first_input, at_random):  # fmt: skip
    exercise.probe(story)


def told(f, reference, calls):
    for asked, answer in zip(calls, f.many(calls), strict=True):
        category, prototypes, reset = sequence(answer, 3)
        expected = reference(*asked)
        agree(category, expected[0], what="the category")
        agree(prototypes, expected[1], what="the prototypes")
        if not isinstance(reset, list | tuple | np.ndarray) or list(map(int, reset)) != expected[2]:
            raise Failed(f"reset is {reset!r:.60}, expected {expected[2]}")


def row(*bits):
    return np.array(bits, dtype=float)


@exercise.check
def worked_example(f):
    """1100 calls 1000 first (L = 2: 1 against ⅘), which explains ½; at ρ = 0.9 it is reset, and
    1111 learns."""
    prototypes = np.array([row(1, 1, 1, 1), row(1, 0, 0, 0)])
    learned = np.array([row(1, 1, 0, 0), row(1, 0, 0, 0)])
    told(f, lambda *_: (0, learned, [1]), [(row(1, 1, 0, 0), prototypes, 0.9, 2.0, 5)])


@exercise.check
def content_with_less(f):
    """At ρ = ½ the first that calls, 1000, is good enough, and nothing is reset."""
    prototypes = np.array([row(1, 1, 1, 1), row(1, 0, 0, 0)])
    told(f, lambda *_: (1, prototypes, []), [(row(1, 1, 0, 0), prototypes, 0.5, 2.0, 5)])


@exercise.check
def new_or_full(f):
    """0111 fits neither 1100 nor 0011 at ρ = 0.9: it is added as it is; without room it is −1."""
    shown, prototypes = row(0, 1, 1, 1), np.array([row(1, 1, 0, 0), row(0, 0, 1, 1)])
    more = np.vstack([prototypes, shown])
    told(f, lambda *_: (2, more, [1, 0]), [(shown, prototypes, 0.9, 2.0, 3)])
    told(f, lambda *_: (-1, prototypes, [1, 0]), [(shown, prototypes, 0.9, 2.0, 2)])


@exercise.check
def nobody_is_erased(f):
    """At ρ = 0, too, 1100 is not put to 0011, with which it shares nothing."""
    shown, prototypes = row(1, 1, 0, 0), np.array([row(0, 0, 1, 1)])
    told(f, lambda *_: (1, np.vstack([prototypes, shown]), [0]), [(shown, prototypes, 0.0, 2.0, 3)])
    told(f, lambda *_: (0, shown[None], []), [(shown, prototypes[:0], 0.4, 2.0, 3)])


@exercise.check
def older_first(f):
    """1110 and 0111 call 0110 equally loud: the older one, in row 0, learns it."""
    prototypes = np.array([row(1, 1, 1, 0), row(0, 1, 1, 1)])
    learned = np.array([row(0, 1, 1, 0), row(0, 1, 1, 1)])
    told(f, lambda *_: (0, learned, []), [(row(0, 1, 1, 0), prototypes, 1.0, 2.0, 3)])


@exercise.check
def arguments_stay(f):
    """The input and the prototypes are afterwards what they were."""
    unchanged(f, row(1, 1, 0, 0), np.array([row(1, 1, 1, 1), row(1, 0, 0, 0)]), 0.9, 2.0, 5)


@exercise.check(points=3)
def searches(f, reference, rng):
    """Finds the category, learns and resets as it should, whether the first or the second fits."""
    calls = [
        story(rng) for story in (second_one_fits, first_one_fits, nobody_fits) for _ in range(3)
    ]
    told(f, reference, [calls[k] for k in rng.permutation(len(calls))])


@exercise.check(points=1, after=searches)
def no_room_left(f, reference, rng):
    """With as many categories as there may be, an input that fits nowhere gets −1."""
    calls = [no_room(rng), no_room(rng), nobody_fits(rng)]
    told(f, reference, [calls[k] for k in rng.permutation(3)])


@exercise.check(points=1, after=searches)
def edges(f, reference, rng):
    """Accepts a match of exactly the vigilance, begins with nothing, and asks the older one
    first."""
    calls = [exactly_enough(rng), equally_loud(rng), the_first_input(rng)]
    told(f, reference, [calls[k] for k in rng.permutation(3)])


@exercise.check(points=1, after=searches)
def shares_nothing(f, reference, rng):
    """Resets a category that shares nothing with the input even at vigilance 0."""
    calls = [nothing_in_common(rng), exactly_enough(rng), nothing_in_common(rng)]
    told(f, reference, [calls[k] for k in rng.permutation(3)])


@exercise.check(points=1, after=searches)
def random_patterns(f, reference, rng):
    """Is right for 60 random inputs, vigilances and capacities."""
    told(f, reference, [at_random(rng) for _ in range(60)])


@exercise.check(points=1, after=searches)
def leaves_inputs_alone(f, rng):
    """Leaves the input and the prototypes as they were."""
    unchanged(f, *second_one_fits(rng))


@exercise.variant
def with_a_mask(pattern, prototypes, vigilance, L, capacity):
    shared = (prototypes * pattern).sum(axis=1)
    calls = shared / (L - 1 + prototypes.sum(axis=1))
    asked, reset = np.ones(len(prototypes), dtype=bool), []
    while asked.any():
        j = int(np.argmax(np.where(asked, calls, -1.0)))
        if shared[j] and shared[j] / pattern.sum() >= vigilance:
            return j, [w * pattern if k == j else w for k, w in enumerate(prototypes)], reset
        asked[j] = False
        reset.append(j)
    if len(prototypes) >= capacity:
        return -1, np.array(prototypes), reset
    return len(prototypes), [*prototypes, pattern], reset


@exercise.variant
def sorted_first(pattern, prototypes, vigilance, L, capacity):
    match = prototypes @ pattern / pattern.sum()
    loud = lambda j: -L * (prototypes[j] @ pattern) / (L - 1 + prototypes[j].sum())
    order = sorted(range(len(prototypes)), key=loud)
    fits = [k for k, j in enumerate(order) if match[j] >= vigilance and match[j] > 0]
    new = prototypes.copy()
    if fits:
        j = order[fits[0]]
        new[j] = np.minimum(new[j], pattern)
        return [j, new, order[: fits[0]]]
    if len(new) < capacity:
        return [len(new), np.concatenate([new, [pattern]]), order]
    return [-1, new, order]


def _search(shown, W, rho, L, capacity, *, choice=None, match=None, passes=None, learn=None,
            known=None, patient=True, full=None, new=None):  # fmt: skip
    """The search with one thing exchanged; the misconceptions below say which."""
    shared = W @ shown
    choice = shared / (L - 1 + W.sum(axis=1)) if choice is None else choice
    match = shared / shown.sum() if match is None else match
    passes = passes or (lambda j: match[j] >= rho and shared[j] > 0)
    reset = []
    for j in np.argsort(-choice, kind="stable").tolist():
        if passes(j):
            W = W.copy()
            W[j] = (learn or np.minimum)(W[j], shown)
            return j, W, reset if known is None else known
        reset.append(j)
        if not patient:
            break
    reset = reset if known is None else known
    if len(W) >= capacity:
        return full(W, reset) if full else (-1, W.copy(), reset)
    return len(W), np.vstack([W, shown if new is None else new]), reset


@exercise.misconception
def match_measured_on_the_prototype(pattern, prototypes, vigilance, L, capacity):
    """The shared ones are divided by |w|. How much of the *input* is explained? Divide by |I|."""
    sizes = np.maximum(prototypes.sum(axis=1), 1)
    match = prototypes @ pattern / sizes
    return _search(pattern, prototypes, vigilance, L, capacity, match=match)


@exercise.misconception
def prototype_becomes_the_input(pattern, prototypes, vigilance, L, capacity):
    """The winner's prototype is replaced by the input, so that old knowledge is lost. Keep what
    both share."""
    return _search(pattern, prototypes, vigilance, L, capacity, learn=lambda w, shown: shown)


@exercise.misconception
def prototype_grows(pattern, prototypes, vigilance, L, capacity):
    """The prototype takes up the input's ones: in the end it fits everything. It may only
    shrink."""
    return _search(pattern, prototypes, vigilance, L, capacity, learn=np.maximum)


@exercise.misconception
def winner_does_not_learn(pattern, prototypes, vigilance, L, capacity):
    """The category is found, but its prototype stays as it was."""
    return _search(pattern, prototypes, vigilance, L, capacity, learn=lambda w, shown: w)


@exercise.misconception
def gives_up_after_the_first(pattern, prototypes, vigilance, L, capacity):
    """If the loudest category does not fit, a new one is opened at once. Who calls second?"""
    return _search(pattern, prototypes, vigilance, L, capacity, patient=False)


@exercise.misconception
def best_match_first(pattern, prototypes, vigilance, L, capacity):
    """The categories are asked by their match. The order is that of the choice."""
    choice = prototypes @ pattern / pattern.sum()
    return _search(pattern, prototypes, vigilance, L, capacity, choice=choice)


@exercise.misconception
def in_order_of_age(pattern, prototypes, vigilance, L, capacity):
    """The oldest category is asked first. The order is that of the choice, loudest first."""
    choice = -np.arange(len(prototypes))
    return _search(pattern, prototypes, vigilance, L, capacity, choice=choice)


@exercise.misconception
def softest_first(pattern, prototypes, vigilance, L, capacity):
    """`argsort` sorts upwards: the category that calls least is asked first."""
    choice = -(prototypes @ pattern) / (L - 1 + prototypes.sum(axis=1))
    return _search(pattern, prototypes, vigilance, L, capacity, choice=choice)


@exercise.misconception
def the_last_one_is_overwritten(pattern, prototypes, vigilance, L, capacity):
    """Where there is no room, the last category is overwritten. Nothing learned may be lost: −1."""
    full = lambda W, reset: (len(W) - 1, np.vstack([W[:-1], pattern]), reset)
    return _search(pattern, prototypes, vigilance, L, capacity, full=full)


@exercise.misconception
def beyond_the_capacity(pattern, prototypes, vigilance, L, capacity):
    """Categories are added beyond the capacity."""
    return _search(pattern, prototypes, vigilance, L, len(prototypes) + 1)


@exercise.misconception
def erases_a_stranger(pattern, prototypes, vigilance, L, capacity):
    """At vigilance 0 a category that shares nothing with the input learns it, and is all zeros."""
    match = prototypes @ pattern / pattern.sum()
    passes = lambda j: match[j] >= vigilance
    return _search(pattern, prototypes, vigilance, L, capacity, passes=passes)


@exercise.misconception
def exactly_enough_is_refused(pattern, prototypes, vigilance, L, capacity):
    """A match of exactly the vigilance is reset. It is the *smallest* match that is accepted."""
    match = prototypes @ pattern / pattern.sum()
    return _search(
        pattern, prototypes, vigilance, L, capacity, passes=lambda j: match[j] > vigilance
    )


@exercise.misconception(keeps=2 / 3)
def resets_not_reported(pattern, prototypes, vigilance, L, capacity):
    """The list of categories that were tried and reset is empty. Collect them on the way."""
    return _search(pattern, prototypes, vigilance, L, capacity, known=[])


@exercise.misconception
def learns_in_the_callers_array(pattern, prototypes, vigilance, L, capacity):
    """The result is right, but the caller's own prototypes have been changed. Learn on a copy."""
    j, learned, reset = _search(pattern, prototypes, vigilance, L, capacity)
    if len(learned) == len(prototypes):
        prototypes[...] = learned
    return j, learned, reset


@exercise.misconception
def opens_with_ones(pattern, prototypes, vigilance, L, capacity):
    """A new prototype is all ones, as before the very first learning. After it, it is the input."""
    new = np.ones_like(pattern)
    return _search(pattern, prototypes, vigilance, L, capacity, new=new)
