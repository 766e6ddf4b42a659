"""Linear discriminants: PCA where the classes are round."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import turn
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=4,
    hints=(
        "If S_w were the identity, which directions would make the ratio largest?",
        "Find a matrix B with Bᵀ S_w B = 1 (section 5 has one), look at the problem in its "
        "coordinates, solve it there, and carry the directions back by B. `eigh` sorts upwards.",
        r"With $S_w = U\Lambda U^\top$: $B = U\Lambda^{-1/2}$. A direction $w = Bv$ has the ratio "
        r"$v^\top (B^\top S_b B)\,v \,/\, v^\top v$. Which $v$ make that largest?",
    ),
)


def given(rng, size, kept, classes=None):
    """A round-about S_w, and an S_b of as many steps as classes allow; none is a multiple."""
    axes = turn(rng, size)
    within = axes * rng.uniform(0.3, 20, size) @ axes.T
    between = np.zeros((size, size))
    for k in range(size if classes is None else classes - 1):
        far = turn(rng, size)[:, 0]
        between += 6.0 * 0.4**k * rng.uniform(0.9, 1.1) * np.outer(far, far)
    half = np.linalg.cholesky(within)
    return within, half @ between @ half.T, kept


@exercise.probe
def two_of_three(rng):
    return given(rng, 3, 2)


@exercise.probe
def one_of_five(rng):
    return given(rng, 5, 1)


@exercise.probe
def all_of_four(rng):
    return given(rng, 4, 4)


@exercise.probe
def three_classes(rng):
    return given(rng, 5, 2, classes=3)


PROBES = tuple(exercise.probes)


def parts(result):
    return dict(zip(("w", "ratios"), sequence(result, 2, "the result"), strict=True))


def turned(got, expected):
    """`got` with those columns turned round that point away from `expected`."""
    got = as_array(got, "w")
    if got.shape != expected.shape:
        return got
    return got * np.where(np.sum(got * expected, axis=0) < 0, -1, 1)


def fits(f, reference, within, between, kept):
    got, (w, ratios) = parts(f(within, between, kept)), reference(within, between, kept)
    agree(got["ratios"], ratios, rtol=1e-6, what="ratios")
    agree(turned(got["w"], w), w, rtol=1e-5, atol=1e-7, what="w, up to sign")


def _unchanged(f, arguments):
    try:
        unchanged(f, *arguments)
    except (Failed, LearnerError):
        return False
    return True


@exercise.observe
def up_to_sign(f):
    """What diagnosis looks at: directions whose largest entry is positive."""
    seen = []
    for arguments in [probe(np.random.default_rng(5)) for probe in PROBES]:
        reply = f.reply(*arguments)
        if reply.error is not None:
            seen.append({"raised": reply.error.kind})
            continue
        if reply.value is None:
            return [{"value": None}]
        try:
            w, ratios = map(as_array, sequence(reply.value, 2))
        except Failed:
            seen.append({"value": "malformed"})
            continue
        if w.ndim == 2 and w.size:
            largest = w[np.abs(w).argmax(axis=0), np.arange(w.shape[1])]
            w = w * np.where(largest < 0, -1, 1)
        seen.append({"value": [w, ratios], "unchanged": _unchanged(f, arguments)})
    return seen


@exercise.check
def worked_example(f):
    """S_w = diag(4, 1), S_b = diag(8, 3): the ratio is 3 along y, w = (0, 1); 2 along x, (½, 0)."""
    got = parts(f(np.diag([4.0, 1.0]), np.diag([8.0, 3.0]), 2))
    agree(got["ratios"], np.array([3.0, 2.0]), what="ratios")
    agree(np.abs(as_array(got["w"])), np.array([[0.0, 0.5], [1.0, 0.0]]), what="|w|, in columns")


@exercise.check
def leaning_classes(f):
    """Means that differ by (1, 0), and S_w = [[2, 1], [1, 1]]: w is along (1, −1), the ratio 1."""
    within, between = np.array([[2.0, 1.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])
    got = parts(f(within, between, 1))
    agree(got["ratios"], np.array([1.0]), what="ratios")
    expected = np.array([[1.0], [-1.0]])
    agree(turned(got["w"], expected), expected, what="w, up to sign")


@exercise.check
def arguments_stay(f):
    """Both matrices are afterwards what they were before."""
    unchanged(f, np.array([[2.0, 1.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 0.0]]), 1)


@exercise.check(points=2)
def random_scatters(f, reference, rng):
    """Finds directions (of either sign) and ratios, the largest first, as many as are wanted."""
    for size, kept in [(3, 2), (5, 1), (4, 4), (7, 3), (2, 1)]:
        fits(f, reference, *given(rng, size, kept))


@exercise.check(points=1, after=random_scatters)
def laws(f, rng):
    """wᵀ S_w w is the identity and wᵀ S_b w holds the ratios; no other direction has more."""
    within, between, kept = given(rng, 5, 3)
    got = parts(f(within, between, kept))
    w, ratios = as_array(got["w"]), as_array(got["ratios"])
    agree(w.T @ within @ w, np.eye(3), atol=1e-8, what="wᵀ S_w w")
    agree(w.T @ between @ w, np.diag(ratios), atol=1e-8, what="wᵀ S_b w")
    others = rng.normal(size=(5, 200))
    tried = np.sum(others * (between @ others), axis=0) / np.sum(others * (within @ others), axis=0)
    if tried.max() > ratios[0] * (1 + 1e-9):
        raise Failed(f"a random direction has the ratio {tried.max():.4g}, yours {ratios[0]:.4g}")


@exercise.check(points=1, after=random_scatters)
def few_classes(f, reference, rng):
    """Of C classes only C − 1 directions have a ratio above 0; the others are not NaN."""
    for size, classes in [(5, 3), (3, 2), (7, 4)]:
        fits(f, reference, *given(rng, size, classes - 1, classes))
        within, between, _ = given(rng, size, size, classes)
        ratios = as_array(parts(f(within, between, size))["ratios"])
        expected = reference(within, between, size)[1]
        agree(ratios, expected, rtol=1e-6, atol=1e-9, what="all ratios")


@exercise.check(points=1, after=random_scatters)
def edges(f, reference, rng):
    """Takes whole numbers, one feature, and other units; leaves both matrices alone."""
    whole = np.array([[5, 2, 1], [2, 7, 0], [1, 0, 3]]), np.array([[9, 2, 1], [2, 1, 0], [1, 0, 4]])
    order = rng.permutation(3)
    within, between = (m[np.ix_(order, order)] for m in whole)
    fits(f, reference, within, between, 2)
    fits(f, reference, np.array([[4.0]]), np.array([[rng.uniform(1, 9)]]), 1)
    within, between, kept = given(rng, 4, 2)
    fits(f, reference, 1e4 * within, 1e-2 * between, kept)
    unchanged(f, within, between, kept)


@exercise.variant
def by_cholesky(within, between, directions):
    """S_w = L Lᵀ: another square root, the same directions."""
    half = np.linalg.inv(np.linalg.cholesky(within))
    ratios, turned = np.linalg.eigh(half @ between @ half.T)
    return (half.T @ turned)[:, ::-1][:, :directions], ratios[::-1][:directions]


@exercise.variant
def by_a_quotient_of_matrices(within, between, directions):
    """Eigenvectors of S_w⁻¹ S_b, which is not symmetric, scaled afterwards."""
    values, vectors = np.linalg.eig(np.linalg.solve(within, between))
    order = np.argsort(values.real)[::-1][:directions]
    w = vectors[:, order].real
    return [w / np.sqrt(np.sum(w * (within @ w), axis=0)), values.real[order]]


def _answer(within, between, directions):
    w, ratios = by_cholesky(within, between, len(within))
    return w[:, :directions], ratios[:directions]


@exercise.misconception
def ignores_the_scatter_within(within, between, directions):
    """These are the main axes of S_b alone: far apart is not separated if the classes are wide."""
    values, vectors = np.linalg.eigh(between)
    return vectors[:, ::-1][:, :directions], values[::-1][:directions]


@exercise.misconception(keeps=0.5)
def smallest_first(within, between, directions):
    """The smallest ratios come first, as `eigh` gives them."""
    w, ratios = _answer(within, between, len(within))
    return w[:, ::-1][:, :directions], ratios[::-1][:directions]


@exercise.misconception(keeps=2 / 3)
def of_length_one(within, between, directions):
    """The directions have length 1. The contract scales them so that wᵀ S_w w = 1."""
    w, ratios = _answer(within, between, directions)
    return w / np.linalg.norm(w, axis=0), ratios


@exercise.misconception
def not_carried_back(within, between, directions):
    """The directions are those of the round coordinates: carry them back to the original ones."""
    variances, axes = np.linalg.eigh(within)
    white = axes / np.sqrt(variances)
    ratios, turned = np.linalg.eigh(white.T @ between @ white)
    return turned[:, ::-1][:, :directions], ratios[::-1][:directions]


@exercise.misconception
def divides_by_the_variance(within, between, directions):
    """Divided by a variance instead of its root, S_w does not become the identity."""
    variances, axes = np.linalg.eigh(within)
    white = axes / variances
    ratios, turned = np.linalg.eigh(white.T @ between @ white)
    return (white @ turned)[:, ::-1][:, :directions], ratios[::-1][:directions]


@exercise.misconception
def symmetric_solver_for_a_quotient(within, between, directions):
    """S_w⁻¹ S_b is not symmetric, and `eigh` silently reads only half of what it is given."""
    ratios, w = np.linalg.eigh(np.linalg.solve(within, between))
    return w[:, ::-1][:, :directions], ratios[::-1][:directions]


@exercise.misconception
def directions_in_rows(within, between, directions):
    """The directions stand in the rows; they should be columns."""
    w, ratios = _answer(within, between, directions)
    return w.T, ratios


@exercise.misconception
def turned_upside_down(within, between, directions):
    """You made S_w large beside S_b: those are the directions that separate worst."""
    return _answer(between + 1e-3 * within, within, directions)


@exercise.misconception(keeps=2 / 3)
def all_of_them(within, between, directions):
    """All directions come back. Only as many as asked are wanted."""
    return _answer(within, between, len(within))


@exercise.misconception
def overwrites_the_scatter(within, between, directions):
    """The directions are right, but the caller's S_b has been overwritten."""
    answer = _answer(within, between, directions)
    between /= within[0, 0]
    return answer


@exercise.misconception
def between_alone(within, between, directions):
    """Takes the directions along which the classes lie apart, and forgets how wide they are."""
    _, vectors = np.linalg.eigh(between)
    vectors = vectors[:, ::-1][:, :directions]
    vectors = vectors / np.sqrt(np.einsum("dk,de,ek->k", vectors, within, vectors))
    return vectors, np.einsum("dk,de,ek->k", vectors, between, vectors)


@exercise.misconception
def turned_back_the_wrong_way(within, between, directions):
    """Turns the directions back with the transpose of what had turned them."""
    sizes, turn = np.linalg.eigh(within)
    white = turn / np.sqrt(sizes)
    ratios, vectors = np.linalg.eigh(white.T @ between @ white)
    return (white.T @ vectors)[:, ::-1][:, :directions], ratios[::-1][:directions]


@exercise.misconception
def left_in_the_coordinates_of_cholesky(within, between, directions):
    """The directions still live where S_w is round: take them back through your Cholesky factor."""
    half = np.linalg.inv(np.linalg.cholesky(within))
    ratios, turned = np.linalg.eigh(half @ between @ half.T)
    return turned[:, ::-1][:, :directions], ratios[::-1][:directions]
