"""Similar enough, or a new category?"""

import numpy as np

from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.classic_networks import competitive_step

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    needs=("competitive_step",),
    hints=(
        "Two numbers have to be kept apart, one that is small for what is alike and one that is "
        "large. Which is which here, and which one is compared with the vigilance?",
        "First the case that the winner is not similar enough, or that there is none; all else is "
        "a step that you have written already. `np.vstack` adds a row.",
        r"Accepted if $e^{-d} > \rho$, with $d$ the winner's distance.",
    ),
)


def between(rng, units, features, distance, vigilance):
    """An input whose winner is that far away, all others farther."""
    x, directions = rng.normal(size=features), rng.normal(size=(units, features))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    far = rng.permutation([distance, *distance * rng.uniform(1.5, 3, units - 1)])
    return x, x + far[:, None] * directions, vigilance, rng.uniform(0.1, 0.6)


def clear_cases(rng, sizes):
    """Winners just similar enough, and just not."""
    d = rng.uniform(0.3, 1.5)
    return [
        between(rng, units, features, d, np.exp(-d * factor))
        for units, features in sizes
        for factor in (0.8, 1.3)
    ]


def telling_cases(rng):
    """Where other rules of similarity, e^(−d²) or 1/(1 + d), decide otherwise."""
    return [
        between(rng, 4, 3, 0.5, 0.7),  # e^−0.5 = 0.61, e^−0.25 = 0.78
        between(rng, 4, 3, 2.0, 0.05),  # e^−2 = 0.14, e^−4 = 0.02
        between(rng, 5, 2, 1.0, 0.43),  # e^−1 = 0.37, 1/(1 + 1) = 0.5
        between(rng, 3, 5, 0.2, 0.5),  # accepted, though d is below the vigilance
        between(rng, 3, 5, 1.4, 0.6),  # refused, though d is above it
    ]


@exercise.probe
def accepted(rng):
    return between(rng, 4, 3, 0.7, 0.3)


@exercise.probe
def refused(rng):
    return between(rng, 5, 2, 1.0, 0.43)


@exercise.probe
def refused_though_near(rng):
    return between(rng, 4, 3, 0.5, 0.7)


@exercise.probe
def accepted_though_far(rng):
    return between(rng, 4, 3, 2.0, 0.05)


@exercise.probe
def refused_for_sure(rng):
    return between(rng, 3, 4, 1.6, 0.6)


@exercise.probe
def accepted_for_sure(rng):
    return between(rng, 3, 4, 0.2, 0.5)


@exercise.probe
def the_very_first(rng):
    return rng.normal(size=3), np.empty((0, 3)), 0.5, 0.3


@exercise.probe
def known_by_heart(rng):
    _, prototypes, _, rate = between(rng, 4, 3, 0.7, 0.3)
    return prototypes[2].copy(), prototypes, 1.0, rate


@exercise.probe
def of_whole_numbers(rng):
    return np.array([1, 2]), np.array([[9, 9], [2, 3], [-4, 1]]), 0.1, 0.5


@exercise.check
def accepted_or_refused(f):
    """0 is 1 away from the nearer of 1 and −3: e^(−1) = 0.368 is accepted at ρ = 0.3, not at
    0.4."""
    prototypes = np.array([[-3.0], [1.0]])
    agree(f(np.zeros(1), prototypes, 0.3, 0.5), (1, np.array([[-3.0], [0.5]])))
    agree(f(np.zeros(1), prototypes, 0.4, 0.5), (2, np.array([[-3.0], [1.0], [0.0]])))


@exercise.check
def begins_with_nothing(f):
    """Without any category the first input becomes one."""
    agree(f(np.array([4.0, -1.0]), np.empty((0, 2)), 0.5, 0.3), (0, np.array([[4.0, -1.0]])))


@exercise.check
def half_a_step_of_distance(f):
    """(3, 4) is ½ from (3, 4.5): e^(−½) = 0.607 is refused at ρ = 0.7 and accepted at 0.55."""
    x, prototypes = np.array([3.0, 4.0]), np.array([[3.0, 4.5], [8.0, 0.0]])
    agree(f(x, prototypes, 0.7, 0.2), (2, np.vstack([prototypes, x])))
    agree(f(x, prototypes, 0.55, 0.2), (0, np.array([[3.0, 4.4], [8.0, 0.0]])))


@exercise.check
def must_be_above(f):
    """At ρ = 1 even an input that is a prototype already is added: 1 is not above 1."""
    prototypes = np.array([[5.0], [2.0]])
    agree(f(np.array([2.0]), prototypes, 1.0, 0.2), (2, np.array([[5.0], [2.0], [2.0]])))


@exercise.check
def arguments_stay(f):
    """The input and the prototypes are afterwards what they were."""
    unchanged(f, np.zeros(1), np.array([[-3.0], [1.0]]), 0.3, 0.5)


@exercise.check(points=2)
def random_scenes(f, reference, rng):
    """Accepts or adds as it should, in random scenes."""
    calls = clear_cases(rng, [(4, 3), (2, 5), (7, 2), (3, 3)]) + telling_cases(rng)
    calls = [calls[k] for k in rng.permutation(len(calls))]
    for call, answer in zip(calls, f.many(calls), strict=True):
        agree(answer, reference(*call))


@exercise.check(points=1, after=random_scenes)
def the_first_input(f, rng):
    """Opens the first category where there is none."""
    for features in rng.permutation([1, 3, 5]):
        x = rng.normal(size=features)
        agree(f(x, np.empty((0, features)), rng.uniform(0.1, 0.9), 0.3), (0, x[None]))


@exercise.check(points=1, after=random_scenes)
def vigilance_at_its_ends(f, reference, rng):
    """At ρ = 0 the nearest always learns; at ρ = 1 every input is added, known or not."""
    x, prototypes, _, rate = between(rng, 4, 3, 5.0, 0.5)
    calls = [(x, 0.0), (x, 1.0), (prototypes[1], 1.0)]
    for shown, vigilance in (calls[k] for k in rng.permutation(3)):
        arguments = shown, prototypes, vigilance, rate
        agree(f(*arguments), reference(*arguments))


@exercise.check(points=1, after=random_scenes)
def a_whole_day(f, reference, rng):
    """Shown 40 inputs in turn, ends with the same categories."""
    prototypes, expected = np.empty((0, 2)), np.empty((0, 2))
    for x in rng.normal(0, 3, (40, 2)):
        category, prototypes = sequence(f(x, prototypes, 0.2, 0.3), 2)
        prototypes = as_array(prototypes, "the prototypes")
        known, expected = reference(x, expected, 0.2, 0.3)
        agree((category, prototypes), (known, expected), rtol=1e-5, atol=1e-5)


@exercise.check(points=1, after=random_scenes)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, not cutting off what a prototype has moved."""
    x, rate = rng.integers(-9, 10, 3), rng.uniform(0.2, 0.4)
    prototypes = x + np.array([[1, 0, 0], [5, 0, -6], [0, 7, 9]])
    whole_numbers(f, reference, x, rng.permutation(prototypes), 0.1, rate)


@exercise.check(points=1, after=random_scenes)
def leaves_inputs_alone(f, rng):
    """Leaves the input and the prototypes as they were."""
    unchanged(f, *accepted(rng))


@exercise.variant
def with_loops(x, prototypes, vigilance, rate):
    rows = [[float(w) for w in row] for row in prototypes]
    distances = [sum((a - w) ** 2 for a, w in zip(x, row)) ** 0.5 for row in rows]
    if rows and 2.718281828459045 ** -min(distances) > vigilance:
        j = distances.index(min(distances))
        rows[j] = [w + rate * (a - w) for a, w in zip(x, rows[j])]
        return j, rows
    return len(rows), [*rows, list(map(float, x))]


@exercise.variant
def by_similarity(x, prototypes, vigilance, rate):
    similar = np.exp(-np.linalg.norm(prototypes - x, axis=1))
    if not np.any(similar > vigilance):
        return [len(prototypes), np.append(prototypes, [x], axis=0)]
    return list(competitive_step(x, prototypes, rate))


def _decided(x, prototypes, rate, accepted, *, new=None, learns=True, number=None):
    """Acceptance by `accepted(d)`; the rest as it should be, but for what is handed in."""
    if len(prototypes) == 0:
        return 0, np.array([x if new is None else new(x)], dtype=float)
    distances = np.linalg.norm(x - prototypes, axis=1)
    j = int(distances.argmin())
    if not accepted(distances[j]):
        added = np.vstack([prototypes, x if new is None else new(x)])
        return (len(prototypes) if number is None else number(prototypes)), added
    moved = np.array(prototypes, dtype=float)
    moved[j] += rate * (x - moved[j]) * learns
    return j, moved


@exercise.misconception
def distance_taken_for_similarity(x, prototypes, vigilance, rate):
    """The distance itself is compared with the vigilance, so that strangers are accepted and
    friends refused. Small distance is high similarity."""
    return _decided(x, prototypes, rate, lambda d: d > vigilance)


@exercise.misconception
def vigilance_taken_for_a_distance(x, prototypes, vigilance, rate):
    """Accepted is whoever is nearer than ρ. Then a higher vigilance would make fewer categories."""
    return _decided(x, prototypes, rate, lambda d: d < vigilance)


@exercise.misconception
def the_wrong_way_round(x, prototypes, vigilance, rate):
    """The inequality is turned round: those who are similar enough get a category of their own."""
    return _decided(x, prototypes, rate, lambda d: np.exp(-d) < vigilance)


@exercise.misconception
def another_similarity(x, prototypes, vigilance, rate):
    """Your similarity is 1/(1 + d). The contract says e^(−d)."""
    return _decided(x, prototypes, rate, lambda d: 1 / (1 + d) > vigilance)


@exercise.misconception
def distance_squared(x, prototypes, vigilance, rate):
    """Your similarity is e^(−d²). The contract says e^(−d)."""
    return _decided(x, prototypes, rate, lambda d: np.exp(-(d**2)) > vigilance)


@exercise.misconception
def never_adds(x, prototypes, vigilance, rate):
    """The nearest always learns, however far it is: this net forgets what it knew."""
    return _decided(x, prototypes, rate, lambda d: True)


@exercise.misconception
def always_adds(x, prototypes, vigilance, rate):
    """Every input gets a category of its own: this net learns by heart."""
    return _decided(x, prototypes, rate, lambda d: False)


@exercise.misconception
def winner_does_not_learn(x, prototypes, vigilance, rate):
    """A winner that is similar enough should move towards the input; yours stays."""
    return _decided(x, prototypes, rate, lambda d: np.exp(-d) > vigilance, learns=False)


@exercise.misconception
def new_prototype_is_a_share(x, prototypes, vigilance, rate):
    """A new prototype is rate · x, as if it had started at 0. It should be the input itself."""
    return _decided(x, prototypes, rate, lambda d: np.exp(-d) > vigilance, new=lambda x: rate * x)


@exercise.misconception(keeps=2 / 3)
def number_of_categories_returned(x, prototypes, vigilance, rate):
    """For a new category you return how many there are now. Its row is one less."""
    number = lambda prototypes: len(prototypes) + 1
    return _decided(x, prototypes, rate, lambda d: np.exp(-d) > vigilance, number=number)


@exercise.misconception
def names_the_loser(x, prototypes, vigilance, rate):
    """A prototype is added, but the category returned is that of the winner who was refused."""
    number = lambda prototypes: int(np.linalg.norm(x - prototypes, axis=1).argmin())
    return _decided(x, prototypes, rate, lambda d: np.exp(-d) > vigilance, number=number)


@exercise.misconception
def equal_is_enough(x, prototypes, vigilance, rate):
    """A similarity of exactly ρ is accepted. The contract asks for one above it."""
    return _decided(x, prototypes, rate, lambda d: np.exp(-d) >= vigilance)


@exercise.misconception
def cannot_begin(x, prototypes, vigilance, rate):
    """With no category yet there is no nearest one: the very first input needs a way, too."""
    np.linalg.norm(x - prototypes, axis=1).min()
    return _decided(x, prototypes, rate, lambda d: np.exp(-d) > vigilance)


@exercise.misconception
def learns_and_adds(x, prototypes, vigilance, rate):
    """When a prototype is added, the winner who was refused has learned as well. It should stay."""
    j, moved = _decided(x, prototypes, rate, lambda d: True)
    if len(prototypes) == 0 or np.exp(-np.linalg.norm(x - prototypes[j])) > vigilance:
        return j, moved
    return len(prototypes), np.vstack([moved, x])


@exercise.misconception
def moves_the_callers_prototypes(x, prototypes, vigilance, rate):
    """The result is right, but the winner has moved in the caller's own array."""
    j, moved = _decided(x, prototypes, rate, lambda d: np.exp(-d) > vigilance)
    if len(moved) == len(prototypes):
        prototypes[...] = moved
    return j, moved
