"""Are the classes moving apart?"""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "Two classes lie 1 apart. Is that much? It depends on how wide each of them is.",
        "You have `scatter` from chapter 4: it gives the matrices within and between. Which number "
        "sums a matrix's spreads over all directions?",
        "trace(between) / trace(within), layer by layer.",
    ),
)


def layers(rng, counts, widths):
    """The same examples at several layers: clouds of these widths with one set of labels."""
    labels = rng.permutation(np.repeat(rng.permutation(20)[: len(counts)], counts))
    found = []
    for width in widths:
        means = rng.normal(0, rng.uniform(0.5, 3), size=(20, width))
        noise = rng.normal(size=(len(labels), width)) * rng.uniform(0.5, 2, width)
        found.append(rng.normal(0, 2, width) + means[labels] + noise)
    return found, labels


@exercise.probe
def three_layers(rng):
    return layers(rng, [3, 5, 9], [2, 7, 4])


@exercise.probe
def input_only(rng):
    return layers(rng, [4, 6], [3])


@exercise.probe
def one_unit(rng):
    return layers(rng, [11, 2, 3], [1, 5])


@exercise.probe
def classes_of_equal_examples(rng):
    """Points with nothing within, a single point, and something of both."""
    points = rng.normal(size=(2, 3)).repeat(3, axis=0)
    return [points, np.full((6, 2), 3.0), rng.normal(size=(6, 2))], np.repeat([4, 1], 3)


def by_distances(activations, labels):
    """From the squared distances of all pairs of examples; no mean is needed."""
    ratios = []
    for a in activations:
        squares = ((a[:, None] - a) ** 2).sum(axis=2)
        total = squares.sum() / (2 * len(a))
        within = sum(
            squares[np.ix_(labels == c, labels == c)].sum() / (2 * np.sum(labels == c))
            for c in np.unique(labels)
        )
        ratios.append((total - within) / within)
    return np.array(ratios)


@exercise.check
def worked_example(f):
    """Class A at 0, 2 and class B at 5, 7, 9: within 10, between 43.2, so 4.32."""
    # Means 1 and 7, of all 4.6: between is 2 · 3.6² + 3 · 2.4² = 25.92 + 17.28.
    line = np.array([[0.0], [2.0], [5.0], [7.0], [9.0]])
    agree(f([line], np.array([4, 4, 1, 1, 1])), [4.32], what="the separation")


@exercise.check
def three_layers_by_hand(f):
    """(0, 0), (2, 0) against (0, 4), (2, 6): 25/6; 0, 20 against 30, 50: 2.25; and 0."""
    a = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 4.0], [2.0, 6.0]])
    b = np.array([[0.0], [20.0], [30.0], [50.0]])
    c = np.array([[1.0], [3.0], [3.0], [1.0]])  # the classes lie on one another
    labels = np.array([0, 0, 1, 1])
    # Within: 2 and 2 + 2; between: the means are (1, 0) and (1, 5), so 2 · 2 · 2.5².
    agree(f([a, b, c], labels), [25 / 6, 2.25, 0.0], what="the separations")
    unchanged(f, [a, b, c], labels)


@exercise.check(points=2)
def random_layers(f, rng):
    """Finds the separation at every layer, whatever their widths and the sizes of the classes."""
    for counts, widths in [([3, 5, 9], [2, 7, 4]), ([14, 3], [5, 3]), ([2, 3, 4, 8], [3, 1, 6, 2])]:
        arguments = layers(rng, counts, widths)
        agree(f(*arguments), by_distances(*arguments), what="the separations")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Moving, turning or scaling a layer, or renaming the classes, changes nothing."""
    (a, b), labels = layers(rng, [4, 7, 3], [3, 5])
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    once = f([a, b], labels)
    again = f([7 * (a @ turn) + 20, -0.1 * b - 3], 30 - 2 * labels)
    agree(again, once, rtol=1e-6, what="the separations of moved layers")
    twice = f([np.repeat(a, 2, axis=0)], np.repeat(labels, 2))
    agree(as_array(twice), as_array(once)[:1], what="the separation of every example twice")


@exercise.check(points=1, after=random_layers)
def edges(f, rng):
    """Points are infinitely far apart, unless all are one (NaN); one class alone has 0."""
    labels = np.array([2, 2, 5, 5])
    agree(
        f([np.array([[1.0], [1.0], [4.0], [4.0]])], labels),
        [np.inf],
        what="the separation of two points",
    )
    one_point = as_array(f([np.full((4, 2), 3.0)], labels), "the separation of one point")
    if not np.all(np.isnan(one_point)):
        raise Failed(f"where all examples are one point it is {one_point}, expected nan")
    a = rng.normal(size=(4, 3))
    agree(f([a], np.array([3, 3, 3, 3])), [0.0], what="of one class")


@exercise.check(points=1, after=random_layers)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, and leaves layers and labels alone."""
    labels = rng.permutation([0, 0, 0, 1, 1, 2, 2])
    whole_numbers(
        f, reference, [rng.integers(-9, 10, (7, 3)), rng.integers(-9, 10, (7, 2))], labels
    )
    unchanged(f, *three_layers(rng))


def _spreads(a, labels, weight=len, centre=None):
    """Trace within and trace between."""
    a = np.asarray(a, dtype=float)
    centre = a.mean(axis=0) if centre is None else centre
    groups = [a[labels == c] for c in np.unique(labels)]
    within = sum(((g - g.mean(axis=0)) ** 2).sum() for g in groups)
    return within, sum(weight(g) * ((g.mean(axis=0) - centre) ** 2).sum() for g in groups)


def _ratio(over, under):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.float64(over) / np.float64(under)


@exercise.variant
def without_matrices(activations, labels):
    pairs = [_spreads(a, labels) for a in activations]
    return [_ratio(between, within) for within, between in pairs]


@exercise.variant
def what_is_left_of_the_total(activations, labels):
    """By the total scatter, less what is within."""
    found = np.empty(len(activations))
    classes, index = np.unique(labels, return_inverse=True)
    member = np.eye(len(classes))[index]
    for k, a in enumerate(activations):
        means = member.T @ a / member.sum(axis=0)[:, None]
        within = np.sum((a - means[index]) ** 2)
        between = np.sum((means[index] - np.mean(a, axis=0)) ** 2)
        found[k] = _ratio(between if len(classes) > 1 else 0.0, within)
    return found


@exercise.misconception(keeps=0.5)
def turned_over(activations, labels):
    """This is within over between, which *falls* when the classes move apart."""
    return np.array([_ratio(*_spreads(a, labels)) for a in activations])


@exercise.misconception
def share_of_the_total(activations, labels):
    """This is the share of the total scatter, at most 1: divide by what is within alone."""
    pairs = [_spreads(a, labels) for a in activations]
    return np.array([_ratio(between, within + between) for within, between in pairs])


@exercise.misconception
def between_alone(activations, labels):
    """Only the distance of the means counts: twice as large activations would be twice as good."""
    return np.array([_spreads(a, labels)[1] for a in activations])


@exercise.misconception(keeps=0.5)
def all_classes_count_alike(activations, labels):
    """In `between` a class of 50 counts no more than one of 3: a mean stands for its examples."""
    pairs = [_spreads(a, labels, weight=lambda g: 1) for a in activations]
    return np.array([_ratio(between, within) for within, between in pairs])


@exercise.misconception
def from_the_origin(activations, labels):
    """The class means are measured from the origin, so everything depends on where that is."""
    pairs = [_spreads(a, labels, centre=0.0) for a in activations]
    return np.array([_ratio(between, within) for within, between in pairs])


@exercise.misconception
def ratio_feature_by_feature(activations, labels):
    """Each feature's ratio is averaged: sum the spreads over all features, then divide."""
    found = []
    for a in activations:
        found.append(np.mean([_ratio(*_spreads(c[:, None], labels)[::-1]) for c in a.T]))
    return np.array(found)


@exercise.misconception
def last_layer_only(activations, labels):
    """One number, of the last layer. Every layer has its own."""
    within, between = _spreads(activations[-1], labels)
    return np.array([_ratio(between, within)])


@exercise.misconception
def roots_taken(activations, labels):
    """Roots were taken: the contract compares scatters, which are sums of squares."""
    pairs = [_spreads(a, labels) for a in activations]
    return np.sqrt([_ratio(between, within) for within, between in pairs])


@exercise.misconception
def first_layers_scale(activations, labels):
    """Every layer is divided by the width of the classes at the input: each has its own."""
    within = _spreads(activations[0], labels)[0]
    return np.array([_ratio(_spreads(a, labels)[1], within) for a in activations])


def _matrices(a, labels):
    """Scatter within and between the classes, as two matrices."""
    a = np.asarray(a, dtype=float)
    groups = [a[labels == c] for c in np.unique(labels)]
    shifts = [g.mean(axis=0) - a.mean(axis=0) for g in groups]
    within = sum((g - g.mean(axis=0)).T @ (g - g.mean(axis=0)) for g in groups)
    return np.array([within, sum(len(g) * np.outer(s, s) for g, s in zip(groups, shifts))])


@exercise.misconception
def all_entries_not_the_diagonal(activations, labels):
    """Adds all entries of the matrices: the trace is their diagonal only."""
    return np.array([_ratio(*_matrices(a, labels).sum(axis=(1, 2))[::-1]) for a in activations])


@exercise.misconception
def trace_of_the_ratio(activations, labels):
    """Takes the trace of W⁻¹B, as LDA does; here it is the ratio of two traces."""
    pairs = [_matrices(a, labels) for a in activations]
    return np.array([np.trace(np.linalg.pinv(within) @ between) for within, between in pairs])


@exercise.misconception
def ratio_of_determinants(activations, labels):
    """Divides determinants, which vanish as soon as one direction is flat: use the traces."""
    pairs = [np.linalg.det(_matrices(a, labels)) for a in activations]
    return np.array([_ratio(between, within) for within, between in pairs])


@exercise.misconception
def variances_instead_of_scatters(activations, labels):
    """Each class is averaged before classes are added up, so that small ones count as much as
    large ones. Scatters are sums over all examples."""
    found = []
    for a in activations:
        within = sum(np.var(a[labels == c], axis=0).sum() for c in np.unique(labels))
        found.append(_ratio(_spreads(a, labels, weight=lambda g: 1)[1], within))
    return np.array(found)


@exercise.misconception
def a_tiny_number_added_below(activations, labels):
    """A tiny number below the fraction hides the zeros: points get a huge number instead of
    infinity, and a single point gets 0 instead of NaN."""
    pairs = [_spreads(a, labels) for a in activations]
    return np.array([between / (within + 1e-12) for within, between in pairs])
