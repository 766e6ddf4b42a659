"""Flat is not low: minimum, maximum or saddle."""

import numpy as np

from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    core=True,
    hints=(
        "Where the slope is zero, which numbers say whether it goes up or down from there?",
        "The eigenvalues of a symmetric matrix are the curvatures along its own axes; "
        "`np.linalg.eigvalsh` has them in order.",
        "Lowest below 0 and highest above 0: a saddle, whatever the others are. Only then ask for "
        "zeros, and only then for the common sign.",
    ),
)
KINDS = ("minimum", "maximum", "saddle", "degenerate")


def turned(rng, curvatures):
    """A symmetric matrix with these eigenvalues, and axes that are not the coordinate axes."""
    size = len(curvatures)
    axes, _ = np.linalg.qr(rng.normal(size=(size, size)))
    matrix = axes @ np.diag(curvatures) @ axes.T
    return (matrix + matrix.T) / 2


def cases(rng):
    """Kinds and curvatures, each of several sizes, in an order that is drawn."""
    u = rng.uniform
    found = []
    for size in (2, 3, 5):
        found += [
            ("minimum", u(0.5, 3, size)),
            ("maximum", -u(0.5, 3, size)),
            ("saddle", np.append(-u(0.5, 3), u(0.5, 3, size - 1))),
            ("saddle", np.append(u(4, 9), -u(0.5, 3, size - 1))),
        ]
    return [found[k] for k in rng.permutation(len(found))]


def ask(f, hessians, *options):
    """The answers as texts, or `Failed`."""
    answers = f.many([(hessian, *options) for hessian in hessians])
    for answer in answers:
        if not isinstance(answer, str) or answer not in KINDS:
            raise Failed(f"the answer is {answer!r:.60}, expected one of {', '.join(KINDS)}")
    return answers


def told(f, pairs, *options):
    """Raise `Failed` at the first matrix that is called something else than it is."""
    answers = ask(f, [hessian for _, hessian in pairs], *options)
    for (kind, hessian), answer in zip(pairs, answers, strict=True):
        if answer != kind:
            curvatures = ", ".join(f"{c:.3g}" for c in np.linalg.eigvalsh(hessian))
            raise Failed(f"a point with curvatures {curvatures} is called {answer}")


@exercise.probe
def a_minimum(rng):
    return (turned(rng, [1.0, 2.0, 3.0]),)


@exercise.probe
def a_maximum(rng):
    return (turned(rng, [-1.0, -2.0]),)


@exercise.probe
def a_saddle(rng):
    return (turned(rng, [-1.0, 2.0, 3.0]),)


@exercise.probe
def a_saddle_of_positive_trace(rng):
    return (np.array([[1.0, 3.0], [3.0, 2.0]]),)


@exercise.probe
def a_saddle_of_positive_determinant(rng):
    return (turned(rng, [-1.0, -2.0, 3.0, 4.0]),)


@exercise.probe
def a_saddle_with_a_flat_direction(rng):
    return (turned(rng, [-1.0, 0.0, 2.0]),)


@exercise.probe
def a_gutter(rng):
    return (turned(rng, [0.0, 2.0, 3.0]),)


@exercise.probe
def a_roof(rng):
    return (turned(rng, [-2.0, 0.0]),)


@exercise.probe
def a_flat_minimum(rng):
    return (1e-12 * turned(rng, [1.0, 2.0]),)


@exercise.probe
def nearly_a_gutter(rng):
    return turned(rng, [1e-5, 1.0]), 1e-3


@exercise.check
def worked_example(f):
    """x² + y² has a minimum at 0, −x² − y² a maximum, x² − y² a saddle, and so has x·y."""
    told(
        f,
        [
            ("minimum", np.diag([2.0, 2.0])),
            ("maximum", np.diag([-2.0, -2.0])),
            ("saddle", np.diag([2.0, -2.0])),
            ("saddle", np.array([[0.0, 1.0], [1.0, 0.0]])),
        ],
    )


@exercise.check
def looks_along_all_axes(f):
    """[[1, 3], [3, 2]] is a saddle: it falls along (1, −1). So are curvatures −1, −2, 3, 4."""
    told(
        f,
        [
            ("saddle", np.array([[1.0, 3.0], [3.0, 2.0]])),
            ("saddle", np.diag([-1.0, -2.0, 3.0, 4.0])),
            ("minimum", np.array([[2.0, -1.0], [-1.0, 2.0]])),
        ],
    )


@exercise.check
def flat_directions(f):
    """Curvatures 0 and 2 are degenerate; −1, 0 and 2 are a saddle all the same."""
    told(
        f,
        [
            ("degenerate", np.diag([0.0, 2.0])),
            ("degenerate", np.diag([-1.0, 0.0])),
            ("saddle", np.diag([-1.0, 0.0, 2.0])),
            ("degenerate", np.zeros((2, 2))),
            ("minimum", np.diag([1e-12, 2e-12])),
        ],
    )


@exercise.check(points=2)
def turned_axes(f, rng):
    """Tells minima, maxima and saddles apart, whichever way their axes are turned."""
    pairs = [(kind, turned(rng, curvatures)) for kind, curvatures in cases(rng)]
    leaning = [("saddle", rng.uniform(1, 2) * np.array([[1.0, 3.0], [3.0, 2.0]])) for _ in "ab"]
    told(f, [*leaning[:1], *pairs, *leaning[1:]])


@exercise.check(points=1, after=turned_axes)
def mixed_signs(f, rng):
    """Knows a saddle whose trace or determinant looks like that of a minimum or a maximum."""
    u = rng.uniform
    pairs = [
        ("saddle", turned(rng, [-u(1, 2), u(5, 9)])),
        ("saddle", turned(rng, [u(1, 2), -u(5, 9)])),
        ("saddle", turned(rng, [-u(1, 2), -u(1, 2), u(5, 9), u(5, 9)])),
        ("minimum", turned(rng, u(1, 2, 4))),
        ("maximum", turned(rng, -u(1, 2, 4))),
    ]
    told(f, [pairs[k] for k in rng.permutation(len(pairs))])


@exercise.check(points=1, after=turned_axes)
def zero_curvatures(f, rng):
    """Calls a point degenerate if a curvature is zero, unless the others differ in sign."""
    u = rng.uniform
    pairs = [
        ("degenerate", turned(rng, [0.0, u(1, 2), u(2, 3)])),
        ("degenerate", turned(rng, [0.0, -u(1, 2)])),
        ("saddle", turned(rng, [-u(1, 2), 0.0, u(1, 2)])),
        ("degenerate", np.zeros((3, 3))),
    ]
    told(f, [pairs[k] for k in rng.permutation(len(pairs))])


@exercise.check(points=1, after=turned_axes)
def zero_is_relative(f, rng):
    """What counts as zero is a share of the largest curvature: 1e-9, or what the caller says."""
    u, small = rng.uniform, 10.0 ** -rng.integers(9, 14)
    told(f, [("minimum", small * turned(rng, u(1, 2, 3))), ("degenerate", np.diag([1e-3, 1e9]))])
    told(f, [("degenerate", np.diag([u(1e-5, 2e-5), 1.0, 2.0]))], 1e-3)
    told(f, [("minimum", np.diag([u(1e-5, 2e-5), 1.0, 2.0]))], 1e-6)
    told(f, [("saddle", np.diag([-u(1e-5, 2e-5), 1.0]))], 1e-7)
    told(f, [("degenerate", np.diag([-u(1e-5, 2e-5), 1.0]))], 1e-3)
    half = np.array([[0.625, 0.375], [0.375, 0.625]])  # its curvatures are 1 and 0.25
    told(f, [("degenerate", u(1, 2) * half), ("minimum", np.diag([0.35, 1.0]))], 0.3)
    told(f, [("degenerate", np.diag([-1.0, 2.0])), ("degenerate", np.diag([1.0, -2.0]))], 0.5)


@exercise.check(points=1, after=turned_axes)
def one_direction(f, rng):
    """Takes a single curvature, and matrices of whole numbers."""
    u = rng.uniform
    pairs = [
        ("minimum", np.array([[u(1, 2)]])),
        ("maximum", np.array([[-u(1, 2)]])),
        ("degenerate", np.array([[0.0]])),
        ("saddle", np.array([[1, 3], [3, 2]])),
    ]
    told(f, [pairs[k] for k in rng.permutation(len(pairs))])


@exercise.check(points=1, after=turned_axes)
def leaves_the_matrix_alone(f, rng):
    """Leaves the matrix as it was."""
    unchanged(f, *a_saddle(rng))


@exercise.variant
def by_counting_signs(hessian, tolerance=1e-9):
    values = np.linalg.eigh(np.asarray(hessian, dtype=float))[0]
    limit = tolerance * max(abs(values))
    up, down = sum(values > limit), sum(values < -limit)
    if up and down:
        return "saddle"
    if up + down < len(values):
        return "degenerate"
    return "minimum" if up else "maximum"


@exercise.variant
def with_signs_in_a_set(hessian, tolerance=1e-9):
    values = np.real(np.linalg.eigvals(hessian))
    top = np.max(np.abs(values))
    signs = {0 if abs(v) <= tolerance * top else int(np.sign(v)) for v in values}
    if signs >= {-1, 1}:
        return "saddle"
    return "degenerate" if 0 in signs else {1: "minimum", -1: "maximum"}[signs.pop()]


def _by(values, tolerance):
    zero = tolerance * np.abs(values).max()
    if values.min() < -zero and values.max() > zero:
        return "saddle"
    if np.any(np.abs(values) <= zero):
        return "degenerate"
    return "minimum" if values.min() > 0 else "maximum"


@exercise.misconception
def by_the_diagonal(hessian, tolerance=1e-9):
    """Only the diagonal is looked at: it may fall along directions between the axes."""
    return _by(np.diag(hessian), tolerance)


@exercise.misconception
def by_the_trace(hessian, tolerance=1e-9):
    """The sum of the curvatures decides. A saddle's can be positive or negative."""
    trace = np.trace(hessian)
    return "degenerate" if trace == 0 else "minimum" if trace > 0 else "maximum"


@exercise.misconception
def by_the_determinant(hessian, tolerance=1e-9):
    """The determinant is a rule for two dimensions: two falling directions make it positive."""
    determinant = np.linalg.det(hessian)
    if abs(determinant) <= tolerance:
        return "degenerate"
    if determinant < 0:
        return "saddle"
    return "minimum" if hessian[0, 0] > 0 else "maximum"


@exercise.misconception
def minimum_and_maximum_swapped(hessian, tolerance=1e-9):
    """Positive curvatures are called a maximum. x² curves upwards: where is its lowest point?"""
    swap = {"minimum": "maximum", "maximum": "minimum"}
    kind = _by(np.linalg.eigvalsh(hessian), tolerance)
    return swap.get(kind, kind)


@exercise.misconception
def flat_before_saddle(hessian, tolerance=1e-9):
    """A flat direction is called degenerate although others go up and down: that is a saddle."""
    values = np.linalg.eigvalsh(hessian)
    if np.any(np.abs(values) <= tolerance * np.abs(values).max()):
        return "degenerate"
    return _by(values, tolerance)


@exercise.misconception
def never_degenerate(hessian, tolerance=1e-9):
    """A curvature of 0 counts as positive or negative. Then higher derivatives decide."""
    values = np.linalg.eigvalsh(hessian)
    if values[-1] <= tolerance * np.abs(values).max():
        return "maximum"
    return "minimum" if values[0] >= -tolerance * np.abs(values).max() else "saddle"


@exercise.misconception(keeps=0.5)
def absolute_tolerance(hessian, tolerance=1e-9):
    """What counts as zero is the same for all matrices. It should be a share of the largest."""
    values = np.linalg.eigvalsh(hessian)
    if values[0] < -tolerance and values[-1] > tolerance:
        return "saddle"
    if np.any(np.abs(values) <= tolerance):
        return "degenerate"
    return "minimum" if values[0] > 0 else "maximum"


@exercise.misconception
def every_flat_point_is_a_minimum(hessian, tolerance=1e-9):
    """A slope of zero is not enough for a minimum: look at the curvatures."""
    return "minimum"


@exercise.misconception
def saddles_are_maxima(hessian, tolerance=1e-9):
    """One falling direction is not enough for a maximum: all of them must fall."""
    kind = _by(np.linalg.eigvalsh(hessian), tolerance)
    return "maximum" if kind == "saddle" else kind
