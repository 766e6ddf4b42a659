"""Drop features that repeat others."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import cloud
from autograder.judging.compare import Failed, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    needs=("standardise_fit", "standardise"),
    hints=(
        "Go through the features in order. With which others does a new one have to be compared?",
        "Correlations of all pairs are the covariances of standardised features. Then a loop with "
        "a growing list: only features that were kept can drop another.",
        r"$r_{ij} = \frac1N\sum_n z_{ni} z_{nj}$; feature $j$ stays if $|r_{ij}| \le$ threshold "
        "for every $i$ that was kept before it.",
    ),
)


def given(rng, examples, origins, noise=0.2):
    """Features that each follow a hidden one, with either sign, in units of their own."""
    hidden = rng.normal(size=(examples, max(origins) + 1))
    x = hidden[:, origins] * rng.choice([-1, 1], len(origins))
    x = x + noise * rng.normal(size=x.shape)
    return x * rng.uniform(0.01, 50, len(origins)) + rng.normal(0, 30, len(origins))


def chain(rng, examples=400):
    """Neighbours correlate by about 0.87, the ends by 0.5: what is dropped must drop nothing."""
    a, b = rng.normal(size=(2, examples))
    x = np.stack([a, np.sqrt(0.75) * a + 0.5 * b, 0.5 * a + np.sqrt(0.75) * b], axis=1)
    return x * rng.uniform(0.1, 9, 3) + rng.normal(0, 5, 3)


@exercise.probe
def copies_with_noise(rng):
    return given(rng, 200, [0, 1, 0, 2, 1, 0, 3]), 0.8


@exercise.probe
def neighbours(rng):
    return chain(rng), 0.7


@exercise.probe
def with_a_constant(rng):
    x = given(rng, 100, [0, 1, 0, 1])
    x[:, 1] = 0.1
    return x, 0.8


@exercise.probe
def opposites(rng):
    x = given(rng, 50, [0, 0, 1])
    x[:, 1] = 7 - 2 * x[:, 0]
    return x, 0.99


@exercise.probe
def all_alike(rng):
    return given(rng, 90, [0, 0, 0, 0], noise=0.05), 0.9


@exercise.probe
def with_a_whole_constant(rng):
    """A constant whose mean has no rounding error, and whose spread is therefore exactly 0."""
    x = given(rng, 60, [0, 1, 0, 1])
    x[:, 2] = 3.0
    return x, 0.8


@exercise.probe
def at_the_threshold(rng):
    return rng.choice([-1, 1]) * SQUARE, 0.0


PROBES = tuple(exercise.probes)


def columns(answer):
    """The answer as a list of whole numbers, or `Failed`."""
    numbers = as_array(answer)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        kind = f"{numbers.dtype} values of shape {numbers.shape}"
        raise Failed(f"the result holds {kind}, expected whole column numbers")
    return numbers.tolist()


def keeps(f, arguments, expected):
    got = columns(f(*arguments))
    if got != list(expected):
        raise Failed(f"the kept columns are given as {got}, expected {list(expected)}"[:200])


@exercise.observe
def what_it_keeps(f):
    seen = []
    for arguments in [probe(np.random.default_rng(s)) for probe in PROBES for s in (1, 2)]:
        reply = f.reply(*arguments)
        if reply.error is not None:
            seen.append({"raised": reply.error.kind})
        elif reply.value is None:
            return [{"value": None}]
        else:
            try:
                seen.append(str(columns(reply.value)))
                unchanged(f, *arguments)
            except Exception as failure:
                seen.append(str(failure).split(",")[0])
    return seen


SQUARE = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])


@exercise.check
def worked_example(f):
    """Of (a, b, 100 − 2a, 3b) with uncorrelated a and b, the first two stay."""
    a, b = SQUARE.T
    keeps(f, (np.stack([a, b, 100 - 2 * a, 3 * b], axis=1), 0.9), [0, 1])


@exercise.check
def a_chain(f):
    """What was dropped drops no other: of a, a + b and b + a/5, the first and third stay."""
    a, b = SQUARE.T
    x = 5 + 3 * np.stack([a, a + b, b + a / 5], axis=1)
    keeps(f, (x, 0.6), [0, 2])  # r = 0.71, 0.20 and 0.83


@exercise.check
def exactly_the_threshold(f):
    """|r| = 0.6 is still allowed at a threshold of 0.6 (and a little more), but not at 0.59."""
    a, b = SQUARE.T
    x = np.stack([a, -0.6 * a + 0.8 * b], axis=1)
    keeps(f, (x, 0.6 + 1e-9), [0, 1])
    keeps(f, (x, 0.59), [0])


@exercise.check
def constants(f):
    """A feature that is always 0.1 correlates with nothing, and is kept."""
    a, _ = SQUARE.T
    keeps(f, (np.stack([a, 0 * a + 0.1, 2 * a, 0 * a + 3], axis=1), 0.5), [0, 1, 3])


@exercise.check
def data_stay(f):
    """x is afterwards what it was before."""
    unchanged(f, SQUARE * 2 + 1, 0.5)


@exercise.check(points=2)
def random_copies(f, reference, rng):
    """Keeps the first of each family, in clouds of several sizes."""
    for examples, length in [(200, 7), (150, 11), (300, 5), (97, 3)]:
        for _ in range(3):
            origins = rng.integers(0, max(2, length // 2), length).tolist()
            arguments = given(rng, examples, origins), 0.8
            keeps(f, arguments, reference(*arguments).tolist())


@exercise.check(points=1, after=random_copies)
def chains(f, reference, rng):
    """What has been dropped drops nothing, and a threshold between the correlations decides."""
    for threshold in rng.permutation([0.3, 0.7, 0.95]).tolist():
        arguments = chain(rng), threshold
        keeps(f, arguments, reference(*arguments).tolist())
    for threshold in (0.1, 0.35, 0.6):
        arguments = cloud(rng, 31, 7), threshold
        keeps(f, arguments, reference(*arguments).tolist())


@exercise.check(points=1, after=random_copies)
def constants_stay(f, reference, rng):
    """Constant features are kept, wherever they stand, also if their mean is rounded."""
    for value in (0.1, -3.0, 0.0):
        x = given(rng, 47, [0, 1, 0, 1, 2])
        x[:, rng.permutation(5)[:2]] = value
        keeps(f, (x, 0.8), reference(x, 0.8).tolist())


@exercise.check(points=1, after=random_copies)
def edges(f, reference, rng):
    """Takes one feature, whole numbers, and the threshold itself; leaves the data alone."""
    keeps(f, (rng.choice([-1, 1]) * SQUARE, 0.0), [0, 1])  # uncorrelated: 0 is not above 0
    keeps(f, (given(rng, 20, [0]), 0.5), [0])
    whole = rng.integers(-9, 10, (31, 5))
    whole[:, 3] = -2 * whole[:, 0]
    keeps(f, (whole, 0.8), reference(whole, 0.8).tolist())
    unchanged(f, whole, 0.8)


@exercise.variant
def with_corrcoef(x, threshold):
    with np.errstate(all="ignore"):
        r = np.abs(np.nan_to_num(np.corrcoef(x, rowvar=False).reshape(x.shape[1], -1)))
    r[np.ptp(x, axis=0) == 0] = r[:, np.ptp(x, axis=0) == 0] = 0
    left, kept = list(range(x.shape[1])), []
    while left:
        first = left.pop(0)
        kept.append(first)
        left = [j for j in left if r[first, j] <= threshold]
    return kept


@exercise.variant
def with_loops(x, threshold):
    x = x - x.mean(axis=0)
    kept = []
    for j in range(x.shape[1]):
        alike = False
        for i in kept:
            norms = np.linalg.norm(x[:, i]) * np.linalg.norm(x[:, j])
            alike |= bool(norms > 1e-12 and abs(x[:, i] @ x[:, j]) > threshold * norms)
        if not alike:
            kept.append(np.int64(j))
    return tuple(kept)


def _correlations(x):
    z = x - x.mean(axis=0)
    z = z / np.where(np.ptp(x, axis=0) == 0, 1, z.std(axis=0))
    return z.T @ z / len(x)


def _keep(r, threshold, against=None):
    kept = []
    for j in range(len(r)):
        others = kept if against is None else against(j)
        if all(r[j, i] <= threshold for i in others):
            kept.append(j)
    return kept


@exercise.misconception(keeps=0.5)
def sign_taken_seriously(x, threshold):
    """A correlation of −1 says as much as one of +1: only its size counts."""
    return _keep(_correlations(x), threshold)


@exercise.misconception
def compared_with_dropped_ones(x, threshold):
    """Each feature is compared with all before it, though some of those have been dropped."""
    return _keep(np.abs(_correlations(x)), threshold, range)


@exercise.misconception
def both_of_a_pair_dropped(x, threshold):
    """Of two features that say the same, both go. One of them has to stay."""
    r = np.abs(_correlations(x))
    return _keep(r, threshold, lambda j: [i for i in range(len(r)) if i != j])


@exercise.misconception
def covariance_for_correlation(x, threshold):
    """Covariances have units: in millimetres they are a million times larger than in metres."""
    z = x - x.mean(axis=0)
    return _keep(np.abs(z.T @ z / len(x)), threshold)


@exercise.misconception
def constants_dropped(x, threshold):
    """A constant feature says nothing, but it repeats no other either: the contract keeps it."""
    r = np.abs(_correlations(x))
    return [j for j in _keep(r, threshold) if np.ptp(x[:, j])]


@exercise.misconception
def the_last_one_stays(x, threshold):
    """Of two features that say the same, the later one stays. The contract keeps the earlier."""
    r = np.abs(_correlations(x))[::-1, ::-1]
    return sorted(len(r) - 1 - j for j in _keep(r, threshold))


@exercise.misconception
def the_dropped_ones(x, threshold):
    """Those are the features that go. The numbers of those that stay are wanted."""
    kept = _keep(np.abs(_correlations(x)), threshold)
    return [j for j in range(x.shape[1]) if j not in kept]


@exercise.misconception
def the_columns_themselves(x, threshold):
    """Those are the chosen columns; their numbers are wanted."""
    return x[:, _keep(np.abs(_correlations(x)), threshold)]


@exercise.misconception
def a_mask_instead_of_numbers(x, threshold):
    """This says yes or no for every feature. The numbers of those that stay are wanted."""
    kept = _keep(np.abs(_correlations(x)), threshold)
    return np.isin(np.arange(x.shape[1]), kept)


@exercise.misconception
def neighbours_only(x, threshold):
    """Each feature is compared with the last one that was kept only."""
    r, kept = np.abs(_correlations(x)), []
    for j in range(len(r)):
        if all(r[j, i] <= threshold for i in kept[-1:]):
            kept.append(j)
    return kept


@exercise.misconception
def constants_become_nan(x, threshold):
    """A constant has no spread to divide by: its correlations are NaN, and no comparison with NaN
    is true, so it is dropped."""
    with np.errstate(all="ignore"):
        return _keep(np.abs(np.corrcoef(x, rowvar=False)), threshold)


@exercise.misconception
def dropped_at_the_threshold(x, threshold):
    """A feature that correlates by just the threshold is dropped. It takes more than that."""
    return _keep(np.abs(_correlations(x)), np.nextafter(threshold, -1))
