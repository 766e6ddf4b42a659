"""Principal components."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import cloud, spectrum
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    core=True,
    hints=(
        "Which matrix says how the features vary together, and what are its eigenvectors?",
        "`eigh` gives ascending eigenvalues, and vectors in columns. The singular value "
        "decomposition of the *centred* data gives the same without squaring: `Vt` has the "
        "directions in its rows, in the right order.",
        r"If $X_c = U S V^\top$, then $\Sigma = X_c^\top X_c/N = V\,(S^2/N)\,V^\top$: read off "
        "what the directions and the variances are. The contract also fixes a sign.",
    ),
)


@exercise.probe
def eleven_examples(rng):
    return (spectrum(rng, 11, [9.0, 4.0, 1.0])[0],)


@exercise.probe
def as_many_features_as_examples(rng):
    """Four points lie in a space of three dimensions."""
    return (spectrum(rng, 13, [7.0, 4.0, 2.0, 0.5])[0],)


@exercise.probe
def a_small_variance(rng):
    """1e-12 beside 1 and 1e6: the covariance matrix has lost it."""
    return (spectrum(rng, 17, [1e6, 1.0, 1e-12])[0],)


@exercise.probe
def more_features(rng):
    return (spectrum(rng, 23, [5.0, 3.0, 1.0])[0][:3] @ np.eye(3, 7),)


def parts(result):
    return dict(zip(("mean", "components", "variances"), sequence(result, 3, "the result")))


def turned(got, expected):
    """`got` with those columns turned round that point away from `expected`."""
    got = as_array(got, "components")
    if got.shape != expected.shape:
        return got
    return got * np.where(np.sum(got * expected, axis=0) < 0, -1, 1)


def fits(f, reference, x, **tolerances):
    got, expected = parts(f(x)), parts(reference(x))
    agree(got["mean"], expected["mean"], what="mean")
    agree(got["variances"], expected["variances"], what="variances", **tolerances)
    components = turned(got["components"], expected["components"])
    agree(components, expected["components"], rtol=1e-6, atol=1e-8, what="components, up to sign")


@exercise.observe
def up_to_sign(f):
    """What diagnosis looks at: directions whose largest entry is positive."""
    seen = []
    for probe in exercise.probes:
        arguments = probe(np.random.default_rng(3))
        reply = f.reply(*arguments)
        if reply.error is not None:
            seen.append({"raised": reply.error.kind})
            continue
        if reply.value is None:
            return [{"value": None}]
        try:
            unchanged(f, *arguments)
            seen.append(_tidy(reply.value, len(arguments[0])))
        except (Failed, LearnerError) as failure:
            seen.append(str(failure).split(",")[0])
    return seen


def _tidy(value, examples):
    mean, components, variances = map(as_array, sequence(value, 3))
    if components.ndim != 2 or not components.size or not variances.size:
        return [mean, components, variances]
    components = components[:, : examples - 1]  # the others are nobody's choice
    largest = np.abs(components).argmax(axis=0)
    signs = np.sign(components[largest, np.arange(components.shape[1])])
    kept = bool(0.9e-12 < variances.min() < 1.1e-12)  # tinier than what counts as different
    return [mean, components * signs, variances, kept]


@exercise.check
def along_the_axes(f):
    """(±3, 0) and (0, ±1) around (5, 7): first along x with variance 4.5, then y with 0.5."""
    x = np.array([[8.0, 7.0], [2.0, 7.0], [5.0, 8.0], [5.0, 6.0]])
    got = parts(f(x))
    agree(got["mean"], np.array([5.0, 7.0]), what="mean")
    agree(got["variances"], np.array([4.5, 0.5]), what="variances")
    agree(np.abs(as_array(got["components"])), np.eye(2), what="|components|")


@exercise.check
def along_the_diagonal(f):
    """(0, 0), (4, 2), (8, 4) lie on a line: (2, 1)/√5 holds all variance, 40/3; none is left."""
    got = parts(f(np.array([[0.0, 0.0], [4.0, 2.0], [8.0, 4.0]])))
    agree(got["variances"], np.array([40 / 3, 0.0]), what="variances")
    axes = np.array([[2.0, -1.0], [1.0, 2.0]]) / np.sqrt(5)
    agree(turned(got["components"], axes), axes, what="components, one per column, up to sign")


@exercise.check
def small_variances_survive(f):
    """A feature that varies by ±1e-6 beside one that varies by ±1000 keeps its variance, 1e-12."""
    c, s = 0.6, 0.8
    plain = np.array([[1000.0, 1e-6], [1000, -1e-6], [-1000, 1e-6], [-1000, -1e-6]])
    got = parts(f(plain @ np.array([[c, s], [-s, c]])))
    agree(got["variances"], np.array([1e6, 1e-12]), rtol=1e-3, atol=0, what="variances")


@exercise.check
def as_many_directions_as_features(f):
    """Two examples in three dimensions still give three directions; two of variance 0."""
    got = parts(f(np.array([[1.0, 2.0, 2.0], [-1.0, -2.0, -2.0]])))
    agree(got["variances"], np.array([9.0, 0.0, 0.0]), what="variances")
    components = as_array(got["components"])
    agree(components.T @ components, np.eye(3), atol=1e-9, what="componentsᵀ components")


@exercise.check
def data_stay(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[8.0, 7.0], [2.0, 7.0], [5.0, 8.0], [5.0, 6.0]]))


@exercise.check(points=2)
def random_clouds(f, reference, rng):
    """Finds mean, directions (of either sign) and variances, the largest first."""
    for examples, variances in [
        (11, [9.0, 4.0, 1.0]),
        (29, [8.0, 6.0, 3.0, 2.0, 0.5]),
        (5, [4.0, 1.0]),
        (17, [2.0, 1.0, 0.5, 0.1]),
    ]:
        x = spectrum(rng, examples, rng.uniform(0.8, 1.2) * np.array(variances))[0]
        fits(f, reference, x)


@exercise.check(points=1, after=random_clouds)
def laws(f, rng):
    """The directions are orthonormal, all D of them, and in them the covariance is diagonal."""
    for size in [(11, 3), (3, 7), (5, 5)]:
        x = cloud(rng, *size)
        got = parts(f(x))
        components = as_array(got["components"])
        agree(components.T @ components, np.eye(size[1]), atol=1e-9, what="componentsᵀ components")
        z = (x - x.mean(axis=0)) @ components
        inside = z.T @ z / size[0]
        agree(got["variances"], np.diag(inside), atol=1e-9, what="variances")
        agree(inside, np.diag(np.diag(inside)), atol=1e-9, what="the covariance of the scores")
        agree(np.sort(np.diag(inside))[::-1], np.diag(inside), atol=1e-9, what="variances in order")


@exercise.check(points=1, after=random_clouds)
def the_sign_of_the_contract(f, reference, rng):
    """Of each direction the entry that is largest in absolute value is positive."""
    for _ in range(3):
        x = spectrum(rng, 13, [9.0, 4.0, 2.0, 1.0])[0]
        agree(parts(f(x))["components"], reference(x)[1], rtol=1e-6, atol=1e-8, what="components")


@exercise.check(points=1, after=random_clouds)
def small_variances(f, reference, rng):
    """Finds a variance of 1e-12 beside one of 1e6."""
    x = spectrum(rng, 17, [1e6, 1.0, 1e-12])[0]
    x = x - x.mean(axis=0)
    agree(parts(f(x))["variances"], reference(x)[2], rtol=1e-2, atol=0, what="variances")


@exercise.check(points=1, after=random_clouds)
def edges(f, reference, rng):
    """Takes whole numbers, a constant feature, one feature, and an example alone."""
    whole = rng.integers(-9, 10, (11, 3)) * np.array([9, 3, 1])
    fits(f, reference, whole)
    x = spectrum(rng, 11, [9.0, 4.0, 1.0])[0] @ np.eye(3, 4) + 2
    agree(parts(f(x))["variances"], reference(x)[2], atol=1e-9, what="variances")
    x = cloud(rng, 7, 1)
    fits(f, reference, x)
    agree(parts(f(cloud(rng, 1, 3)))["variances"], np.zeros(3), what="the variances of one example")
    unchanged(f, whole)


@exercise.variant
def with_the_full_decomposition(x):
    mean = x.mean(axis=0)
    _, s, vt = np.linalg.svd(x - mean, full_matrices=True)
    variances = np.concatenate([s**2 / len(x), np.zeros(max(0, x.shape[1] - len(s)))])
    for row in vt:
        if row[np.argmax(np.abs(row))] < 0:
            row *= -1
    return mean, vt.T, variances


@exercise.variant
def by_the_long_way(x):
    """Directions from zero-padded data, so that there are always D."""
    mean = x.mean(axis=0)
    padded = np.vstack([x - mean, np.zeros((x.shape[1], x.shape[1]))])
    s, vt = np.linalg.svd(padded, full_matrices=False)[1:]
    best = np.take_along_axis(vt, np.abs(vt).argmax(axis=1)[:, None], axis=1)
    return [mean, (vt * np.where(best < 0, -1, 1)).T, s * s / len(x)]


def _answer(x, **changed):
    mean, components, variances = with_the_full_decomposition(x)
    right = {"mean": mean, "components": components, "variances": variances}
    return tuple((right | changed).values())


def _of_matrix(x, matrix):
    values, vectors = np.linalg.eigh(matrix)
    order = np.argsort(-values)
    vectors = vectors[:, order]
    best = vectors[np.abs(vectors).argmax(axis=0), np.arange(len(vectors))]
    return x.mean(axis=0), vectors * np.where(best < 0, -1, 1), np.maximum(values[order], 0)


@exercise.misconception(keeps=2 / 3)
def by_the_covariance_matrix(x):
    """Squaring the data halves the digits: small variances are lost. The SVD does not square."""
    centred = x - x.mean(axis=0)
    return _of_matrix(x, centred.T @ centred / len(x))


@exercise.misconception(keeps=0.5)
def smallest_first(x):
    """The smallest variance comes first, as `eigh` gives them. The largest is wanted first."""
    mean, components, variances = _answer(x)
    return mean, components[:, ::-1], variances[::-1]


@exercise.misconception
def directions_in_rows(x):
    """The directions stand in the rows, as `Vt` has them; they should be columns."""
    mean, components, variances = _answer(x)
    return mean, components.T, variances


@exercise.misconception
def data_not_centred(x):
    """Without centring the first direction points at the mean, not where the data vary."""
    s, vt = np.linalg.svd(x, full_matrices=True)[1:]
    variances = np.concatenate([s**2 / len(x), np.zeros(max(0, x.shape[1] - len(s)))])
    best = np.take_along_axis(vt, np.abs(vt).argmax(axis=1)[:, None], axis=1)
    return x.mean(axis=0), (vt * np.where(best < 0, -1, 1)).T, variances


@exercise.misconception(keeps=2 / 3)
def as_many_directions_as_examples(x):
    """With fewer examples than features the short decomposition leaves directions out."""
    mean, components, variances = _answer(x)
    return mean, components[:, : len(x)], variances[: len(x)]


@exercise.misconception(keeps=0.5)
def singular_values_for_variances(x):
    """Those are the singular values. A variance is a mean *square* along the direction."""
    variances = _answer(x)[2]
    return _answer(x, variances=np.sqrt(variances * len(x)))


@exercise.misconception(keeps=0.5)
def squares_not_averaged(x):
    """The singular values are squared, but not divided by the number of examples."""
    return _answer(x, variances=_answer(x)[2] * len(x))


@exercise.misconception(keeps=0.5)
def sample_variances(x):
    """The squares are divided by N − 1; the contract says N."""
    return _answer(x, variances=_answer(x)[2] * len(x) / max(len(x) - 1, 1))


@exercise.misconception
def standard_deviations(x):
    """Those are standard deviations along the directions; variances are wanted."""
    return _answer(x, variances=np.sqrt(_answer(x)[2]))


@exercise.misconception
def of_the_correlations(x):
    """The features were standardised first: a good idea at times, but not what is asked."""
    centred = x - x.mean(axis=0)
    spread = centred.std(axis=0)
    z = centred / np.where(spread > 1e-9, spread, 1)
    return _of_matrix(x, z.T @ z / len(x))


@exercise.misconception
def rows_centred(x):
    """Each example has been centred instead of each feature."""
    mean = x.mean(axis=0)
    found = _answer(x - x.mean(axis=1, keepdims=True))
    return mean, *found[1:]
