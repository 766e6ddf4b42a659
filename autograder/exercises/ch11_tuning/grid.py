"""All combinations."""

import itertools

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "How many configurations do 3 rates, 2 penalties and 5 widths make?",
        "Begin with a list that holds one empty dict, and extend every dict by every value.",
        "With one more name, every configuration so far splits into as many as the name has "
        "values.",
    ),
)

NAMES = ("rate", "penalty", "width", "momentum", "batch")


def values(rng, *sizes):
    """Values to try for as many names as there are sizes; no value occurs twice."""
    return {
        name: [float(v) for v in rng.permutation(100)[:size] / 8]
        for name, size in zip(NAMES, sizes)
    }


@exercise.probe
def two_names(rng):
    return (values(rng, 3, 2),)


@exercise.probe
def three_names(rng):
    return (values(rng, 2, 5, 3),)


@exercise.probe
def four_names(rng):
    return (values(rng, 2, 1, 3, 2),)


@exercise.probe
def one_name(rng):
    return (values(rng, 7),)


def lattice(f, given):
    got = f(given)
    rows = itertools.product(*given.values())
    expected = [dict(zip(given, map(float, row))) for row in rows]
    got = sequence(got, len(expected), "the grid")
    agree(got, expected, rtol=0, atol=0, what="the grid")
    if any(len(c) != len(given) for c in got):
        raise Failed("some configurations have names that were not asked for")


@exercise.check
def worked_example(f):
    """Two rates and three penalties make six configurations, the penalty varying fastest."""
    got = f({"rate": [0.1, 0.01], "penalty": [0, 1, 2]})
    agree([c["rate"] for c in sequence(got, 6)], [0.1, 0.1, 0.1, 0.01, 0.01, 0.01], what="rates")
    agree([c["penalty"] for c in got], [0, 1, 2, 0, 1, 2], what="penalties")


@exercise.check
def three_names_in_their_order(f):
    """Three names make triples, nested in the order of the names and values given."""
    got = f({"width": [64, 16], "rate": [0.5, 1.0], "batch": [8, 4]})
    expected = itertools.product([64.0, 16.0], [0.5, 1.0], [8.0, 4.0])
    found = [[c[name] for name in ("width", "rate", "batch")] for c in sequence(got, 8)]
    agree(found, [list(row) for row in expected], what="the triples (width, rate, batch)")


@exercise.check(points=2)
def all_combinations(f, rng):
    """Makes every combination once, in the right order, for one name to five."""
    for sizes in [(3, 2), (2, 5, 3), (7,), (2, 1, 3, 2), (1, 1), (2, 3, 2, 1, 3), (5, 13, 2)]:
        lattice(f, values(rng, *sizes))


@exercise.check(points=1, after=all_combinations)
def odd_cases(f, rng):
    """No names make one empty configuration, a name without values none; 0 is a value, too."""
    lattice(f, {})
    lattice(f, values(rng, 3, 0, 2))
    lattice(f, {"rate": [0.5, 0.5], "width": (64, 128)})
    lattice(f, {"rate": [-1e-300, 0, 1e300], "width": [1]})
    lattice(f, {"rate": np.array([0.0, 0.5]), "width": (0, 7), "nesterov": [False, True]})


@exercise.check(points=1, after=all_combinations)
def order_of_names(f, rng):
    """The order of the names decides what varies fastest, not the alphabet."""
    given = values(rng, 2, 3, 2)
    for order in itertools.permutations(given):
        lattice(f, {name: given[name] for name in order})


@exercise.check(points=1, after=all_combinations)
def leaves_the_values_alone(f, rng):
    """Leaves the values as they were."""
    unchanged(f, values(rng, 3, 2, 2))


@exercise.variant
def with_product(values):
    return [dict(zip(values, row)) for row in itertools.product(*values.values())]


@exercise.variant
def recursive(values):
    if not values:
        return ({},)
    name, *others = values
    rest = recursive({other: values[other] for other in others})
    return tuple({name: value, **tail} for value in values[name] for tail in rest)


@exercise.variant
def by_counting(values):
    sizes = [len(options) for options in values.values()]
    found = []
    for number in range(int(np.prod(sizes))):
        places = np.unravel_index(number, sizes) if sizes else ()
        found.append({n: values[n][int(k)] for n, k in zip(values, places)})
    return found


@exercise.misconception
def side_by_side(values):
    """The first values go together, then the second ones, …: that is one pass, not a grid."""
    return [dict(zip(values, row)) for row in zip(*values.values())]


@exercise.misconception(keeps=0.5)
def first_name_fastest(values):
    """All combinations are there, but the first name varies fastest."""
    rows = itertools.product(*list(values.values())[::-1])
    return [dict(zip(values, row[::-1])) for row in rows]


@exercise.misconception
def one_at_a_time(values):
    """One name is varied while the others stay at their first value. A grid has all pairs, too."""
    first = {name: options[0] for name, options in values.items() if options}
    return [{**first, name: v} for name, options in values.items() for v in options]


@exercise.misconception
def alphabetical_order(values):
    """The names have been sorted: which one varies fastest is decided by the order given."""
    names = sorted(values)
    rows = itertools.product(*(values[name] for name in names))
    return [dict(zip(names, row)) for row in rows]


@exercise.misconception
def only_two_names(values):
    """This works for the first two names only."""
    names = list(values)[:2]
    return [dict(zip(names, row)) for row in itertools.product(*(values[n] for n in names))]


@exercise.misconception
def tuples_without_names(values):
    """The combinations are right but have lost their names: a configuration is a dict."""
    return list(itertools.product(*values.values()))


@exercise.misconception
def values_sorted(values):
    """The values of each name have been sorted; their order was given."""
    rows = itertools.product(*(sorted(options) for options in values.values()))
    return [dict(zip(values, row)) for row in rows]


@exercise.misconception
def the_same_dict_again_and_again(values):
    """All entries of the list are one and the same dict, which every round overwrites."""
    one, found = {}, []
    for row in itertools.product(*values.values()):
        one.update(zip(values, row))
        found.append(one)
    return found
