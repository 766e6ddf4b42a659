"""Scatter within the classes and between them."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import labelled
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "If every example of a class sat on its class's mean, which scatter would be left, and how "
        "much would a class of 50 count beside one of 3?",
        "One loop over the classes that occur. Each adds its examples' products around its own "
        "mean to the first, and its mean's product around the mean of all to the second.",
        r"$S_w = \sum_c \sum_{i\in c} (x_i-m_c)(x_i-m_c)^\top$ and "
        r"$S_b = \sum_c N_c\,(m_c-m)(m_c-m)^\top$; sums, not averages.",
    ),
)


@exercise.probe
def three_classes(rng):
    return labelled(rng, [3, 5, 9], 2)


@exercise.probe
def more_features(rng):
    return labelled(rng, [4, 2], 5)


@exercise.probe
def square(rng):
    return labelled(rng, [1, 2], 3)


@exercise.probe
def five_classes(rng):
    return labelled(rng, [2, 3, 4, 7, 11], 3, apart=5.0)


def parts(result):
    return dict(zip(("within", "between"), sequence(result, 2, "the result"), strict=True))


def fits(f, reference, x, labels):
    got, (within, between) = parts(f(x, labels)), reference(x, labels)
    agree(got["within"], within, what="within")
    agree(got["between"], between, what="between")


@exercise.check
def worked_example(f):
    """(0, 0), (2, 0) against (3, 4), (5, 6), (7, 2), worked by hand."""
    x = np.array([[0.0, 0.0], [2.0, 0.0], [3.0, 4.0], [5.0, 6.0], [7.0, 2.0]])
    got = parts(f(x, np.array([7, 7, 4, 4, 4])))
    # The means are (1, 0), (5, 4) and, of all, (3.4, 2.4).
    agree(got["within"], np.array([[10.0, -4.0], [-4.0, 8.0]]), what="within")
    agree(got["between"], np.array([[19.2, 19.2], [19.2, 19.2]]), what="between")


@exercise.check
def one_class_only(f):
    """One class alone, has all its scatter within: (1, 5), (3, 1) give 2, −4, −4, 8."""
    got = parts(f(np.array([[1.0, 5.0], [3.0, 1.0]]), np.array([3, 3])))
    agree(got["within"], np.array([[2.0, -4.0], [-4.0, 8.0]]), what="within")
    agree(got["between"], np.zeros((2, 2)), what="between")


@exercise.check
def arguments_stay(f):
    """x and labels are afterwards what they were before."""
    unchanged(f, np.array([[0.0, 1.0], [2.0, 0.0], [3.0, 4.0]]), np.array([1, 0, 1]))


@exercise.check(points=2)
def random_classes(f, reference, rng):
    """Finds both for any labels, and classes of very different sizes."""
    for counts, features in [([3, 5, 9], 2), ([4, 2], 5), ([2, 3, 4, 7, 11], 3), ([31, 2], 3)]:
        fits(f, reference, *labelled(rng, counts, features))


@exercise.check(points=1, after=random_classes)
def laws(f, rng):
    """Both together are the total scatter; C classes give a `between` of rank C − 1 at most."""
    x, labels = labelled(rng, [5, 3, 9], 4)
    got = parts(f(x, labels))
    centred = x - x.mean(axis=0)
    total = np.asarray(got["within"]) + np.asarray(got["between"])
    agree(total, centred.T @ centred, what="within + between")
    values = np.linalg.eigvalsh(np.asarray(got["between"]))
    agree(
        values[:2], np.zeros(2), atol=1e-8 * values[-1], what="the smallest eigenvalues of between"
    )
    renamed = parts(f(x + 50, 100 - 3 * labels))
    agree(renamed["between"], got["between"], atol=1e-8, what="between, classes renamed and moved")


@exercise.check(points=1, after=random_classes)
def edges(f, reference, rng):
    """Takes a class of one example, one class alone, one feature, and negative labels."""
    fits(f, reference, *labelled(rng, [1, 7, 1], 3))
    fits(f, reference, *labelled(rng, [7], 3))
    fits(f, reference, *labelled(rng, [4, 3], 1))
    x, labels = labelled(rng, [4, 3, 2], 2)
    fits(f, reference, x, labels - 25)


@exercise.check(points=1, after=random_classes)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, and leaves x and labels alone."""
    whole = rng.integers(-9, 10, (11, 3)), rng.permutation(np.repeat([0, 1, 2], [4, 4, 3]))
    whole_numbers(f, reference, *whole)
    unchanged(f, *whole)


@exercise.variant
def with_one_hot_labels(x, labels):
    """Both from one matrix of memberships."""
    classes, index = np.unique(labels, return_inverse=True)
    member = np.eye(len(classes))[index]
    means = (member.T @ x) / member.sum(axis=0)[:, None]
    residuals, offsets = x - means[index], means[index] - x.mean(axis=0)
    return residuals.T @ residuals, offsets.T @ offsets


@exercise.variant
def what_is_left_of_the_total(x, labels):
    d = x.shape[1]
    within = np.zeros((d, d))
    for label in sorted(set(labels.tolist())):
        rows = x[labels == label]
        for row in rows:
            within = within + np.outer(row - rows.mean(axis=0), row - rows.mean(axis=0))
    centred = x - x.mean(axis=0)
    return [within, np.einsum("ni,nj->ij", centred, centred) - within]


def _scatter(x, labels, weight=len, centre=None, inner=lambda n: 1.0):
    """Both, with that weight of a class's mean, that centre, and that factor for each class."""
    mean = x.mean(axis=0) if centre is None else centre
    within, between = np.zeros((2, x.shape[1], x.shape[1]))
    for label in np.unique(labels):
        rows = x[labels == label]
        m = rows.mean(axis=0)
        within += inner(len(rows)) * (rows - m).T @ (rows - m)
        between += weight(rows) * np.outer(m - mean, m - mean)
    return within, between


@exercise.misconception(keeps=0.5)
def all_classes_count_alike(x, labels):
    """In `between` a class of 50 counts no more than one of 3: a mean stands for its examples."""
    return _scatter(x, labels, weight=lambda rows: 1)


@exercise.misconception(keeps=0.5)
def mean_of_the_means(x, labels):
    """The centre is the mean of the class means. A large class pulls the mean of all towards it."""
    means = [x[labels == label].mean(axis=0) for label in np.unique(labels)]
    return _scatter(x, labels, centre=np.mean(means, axis=0))


@exercise.misconception(keeps=0.5)
def covariances_added(x, labels):
    """The covariances of the classes are added. A scatter is a sum, not an average."""
    return _scatter(x, labels, inner=lambda n: 1 / n)


@exercise.misconception(keeps=0.5)
def divided_by_n(x, labels):
    """Both are divided by N. The contract asks for sums."""
    within, between = _scatter(x, labels)
    return within / len(x), between / len(x)


@exercise.misconception
def within_around_the_mean_of_all(x, labels):
    """That is the total scatter: within a class one measures from the class's own mean."""
    centred = x - x.mean(axis=0)
    return centred.T @ centred, _scatter(x, labels)[1]


@exercise.misconception
def between_from_the_origin(x, labels):
    """The class means are measured from the origin, so everything depends on where that is."""
    return _scatter(x, labels, centre=0 * x[0])


@exercise.misconception
def labels_from_zero(x, labels):
    """Classes are counted 0, 1, 2 …: other labels are lost. Which labels occur?"""
    known = labels < len(np.unique(labels))
    mean = x.mean(axis=0)
    within, between = np.zeros((2, x.shape[1], x.shape[1]))
    for label in np.unique(labels[known]):
        rows = x[labels == label]
        m = rows.mean(axis=0)
        within += (rows - m).T @ (rows - m)
        between += len(rows) * np.outer(m - mean, m - mean)
    return within, between


@exercise.misconception
def only_the_diagonal(x, labels):
    """Features are looked at one by one; their products are what makes a scatter a matrix."""
    within, between = _scatter(x, labels)
    return np.diag(np.diag(within)), np.diag(np.diag(between))


@exercise.misconception(keeps=0.5)
def order_swapped(x, labels):
    """The contract wants `within` first."""
    return _scatter(x, labels)[::-1]


@exercise.misconception
def overwrites_the_data(x, labels):
    """The scatters are right, but the caller's data are centred on the way."""
    answer = _scatter(x, labels)
    x -= x.mean(axis=0)
    return answer


@exercise.misconception
def one_less_between(x, labels):
    """Weighs the class means with N − 1; each class counts with its N examples."""
    mean = x.mean(axis=0)
    within, between = np.zeros((2, x.shape[1], x.shape[1]))
    for label in np.unique(labels):
        rows = x[labels == label]
        centre = rows.mean(axis=0)
        within += (rows - centre).T @ (rows - centre)
        between += (len(rows) - 1) * np.outer(centre - mean, centre - mean)
    return within, between
