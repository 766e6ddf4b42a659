"""Let unseen examples choose λ."""

import numpy as np

from autograder.exercises.ch07_regularization.ridge_fit import line
from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    core=True,
    hints=(
        "For one λ and one fold: on which rows do you fit, and on which do you judge?",
        "Two loops, over the λs and over the folds, fill a table; its row means decide.",
        "The λ of the smallest mean; `np.nanargmin` passes over rows that are NaN.",
    ),
)


@travels
def slope(x, y, strength):
    """Ridge with a single input."""
    return np.sum(x[:, 0] * y) / (np.sum(x[:, 0] ** 2) + strength)


@travels
def squared(w, x, y):
    return float(np.mean((x[:, 0] * w - y) ** 2))


@travels
def ridge(x, y, strength):
    return np.linalg.solve(x.T @ x + strength * np.eye(x.shape[1]), x.T @ y)


@travels
def far_off(w, x, y):
    """The mean distance, which is not what the fit has made small."""
    return float(np.mean(np.abs(x @ w - y)))


def dealt(rng, n, k):
    """Folds of nearly the same size, as `k_folds` makes them."""
    held = np.array_split(rng.permutation(n), k)
    return [(np.setdiff1d(np.arange(n), rows), rows) for rows in held]


def task(rng, n=13, inputs=3, k=4, noise=1.0):
    strengths = rng.permutation([0.01, 0.3, 3.0, 30.0])
    return *line(rng, n, inputs, noise), strengths, dealt(rng, n, k), ridge, far_off


@exercise.probe
def four_folds(rng):
    return task(rng)


@exercise.probe
def much_noise_and_few_examples(rng):
    """The least penalty fits the training rows best, and the others worst."""
    x, _, strengths, folds, fit, error = task(rng, 9, 5, 3)
    return x, 3 * rng.normal(size=9), strengths, folds, fit, error


def one_lucky_fold(rng):
    """Leaving out the middle one of three heights, every λ is exactly right."""
    y = rng.uniform(1, 3) * rng.permutation([-1.0, 0.0, 1.0])
    strengths = np.append(rng.permutation([0.0, 0.5, 2.0]), 40.0)
    return np.ones((3, 1)), y, strengths, dealt(rng, 3, 3), ridge, far_off


@exercise.probe
def uneven_folds(rng):
    x, y, strengths, _, fit, error = task(rng, 7, 2)
    return (
        x,
        y,
        strengths,
        [(np.arange(2, 7), np.arange(2)), (np.arange(2), np.arange(2, 7))],
        fit,
        error,
    )


def breaking(fit, error):
    """A fit that remembers λ, and an error that is NaN where it is weak and an input is large."""
    with_strength = travels(lambda x, y, strength: (strength, fit(x, y, strength)))

    @travels
    def broken(model, x, y):
        weak = model[0] < 1 and x.max() > 20
        return float("nan") if weak else error(model[1], x, y)

    return with_strength, broken


@exercise.probe
def one_breaks(rng):
    """Weak penalties break on one of the folds, and would win by the others."""
    x = rng.normal(size=(9, 2))
    x[0, 0] += 40.0
    y = x @ np.array([1.5, -1.4])
    strengths = rng.permutation([1e-3, 2e-3, 30.0, 300.0])
    return x, y, strengths, dealt(rng, 9, 3), *breaking(ridge, far_off)


def floored(fit, least):
    """A fit with at least that penalty."""
    return travels(lambda x, y, strength: fit(x, y, max(strength, least)))


@exercise.probe
def a_tie(rng):
    """All λs up to 2 fit alike, and better than the others."""
    x, y, _, folds, _, error = task(rng, noise=0.01)
    strengths = np.append(9.0, rng.permutation([0.5, 1.0, 2.0]))
    return x, y, strengths, folds, floored(ridge, 2.0), error


def both(f, arguments):
    best, errors = sequence(f(*arguments), 2)
    return best, errors


X = np.array([[1.0], [1.0], [2.0], [1.0]])
Y = np.array([1.0, 3.0, 2.0, 2.0])
HALVES = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]


@exercise.check
def worked_example(f):
    """For x = (1, 1, 1), y = (−3, 0, 3), one left out each time, λ = 0 errs by 13.5, 1 by 32/3."""
    x, y, left_out = np.ones((3, 1)), np.array([-3.0, 0.0, 3.0]), [0, 1, 2]
    folds = [(np.delete(left_out, i), np.array([i])) for i in left_out]
    best, errors = both(f, (x, y, np.array([0.0, 1.0]), folds, slope, squared))
    agree(errors, [13.5, 32 / 3], what="the mean errors")
    agree(best, 1.0, what="the best λ")


@exercise.check
def order_does_not_matter(f):
    """x = (1, 1, 2, 1), y = (1, 3, 2, 2) in halves: at λ = 2, 1e9 and 0 errors 1.403, 4.5, 1.82."""
    best, errors = both(f, (X, Y, np.array([2.0, 1e9, 0.0]), HALVES, slope, squared))
    agree(errors, [1.4030612, 4.5, 1.82], rtol=1e-6, what="the mean errors")
    agree(best, 2.0, what="the best λ")


@exercise.check
def first_of_equals(f):
    """If all λs up to 3 fit alike, the first of them wins."""
    fit = travels(lambda x, y, strength: max(strength, 3.0))
    error = travels(lambda w, x, y: w)
    best, _ = both(f, (X, Y, np.array([9.0, 2.0, 1.0, 3.0]), HALVES, fit, error))
    agree(best, 2.0, what="the best λ")


@exercise.check
def nan_never_wins(f):
    """A λ whose error is NaN on one fold is passed over, wherever it stands."""
    fit = travels(lambda x, y, strength: strength)
    error = travels(lambda w, x, y: w if w > 1.5 or np.any(x > 1.5) else float("nan"))
    for strengths, expected in ([1.0, 3.0, 2.0], 2.0), ([4.0, 1.0, 5.0], 4.0):
        best, errors = both(f, (X, Y, np.array(strengths), HALVES, fit, error))
        agree(best, expected, what="the best λ")
        missing = np.isnan(as_array(errors, "the errors").astype(float))
        agree(missing, np.array(strengths) == 1, what="where NaN is")


@exercise.check
def data_stay(f):
    """Inputs, targets, λs and folds are afterwards what they were before."""
    unchanged(f, X, Y, np.array([0.0, 2.0]), HALVES, slope, squared)


@exercise.check(points=2)
def random_choices(f, reference, rng):
    """Chooses λ and reports the mean errors for several data sets and folds."""
    sizes = [(13, 3, 4, 1.0), (11, 5, 3, 3.0), (17, 2, 5, 0.3), (9, 4, 3, 5.0)]
    for arguments in (*(task(rng, *size) for size in sizes), one_lucky_fold(rng)):
        best, errors = both(f, arguments)
        expected, means = reference(*arguments)
        agree(errors, means, what="the mean errors")
        agree(best, expected, what="the best λ")


@exercise.check(points=1, after=random_choices)
def honest_about_noise(f, reference, rng):
    """Judges by rows that the fit has not seen: where all is noise, a strong penalty wins."""
    wins = 0
    for _ in range(8):
        arguments = much_noise_and_few_examples(rng)
        best, _ = both(f, arguments)
        agree(best, reference(*arguments)[0], what="the best λ")
        wins += float(np.asarray(best)) >= 3
    agree(wins >= 1, True, what="whether a strong penalty ever won")


@exercise.check(points=1, after=random_choices)
def broken_fits(f, reference, rng):
    """Passes over a λ with NaN on some fold, and reports NaN for it."""
    for _ in range(3):
        arguments = one_breaks(rng)
        best, errors = both(f, arguments)
        expected, means = reference(*arguments)
        agree(errors, means, what="the mean errors")
        agree(best, expected, what="the best λ")


@exercise.check(points=1, after=random_choices)
def odd_cases(f, reference, rng):
    """Takes uneven folds, each counting once; a single λ; and of equals the first."""
    for arguments in (uneven_folds(rng), a_tie(rng)):
        best, errors = both(f, arguments)
        expected, means = reference(*arguments)
        agree(errors, means, what="the mean errors")
        agree(best, expected, what="the best λ")
    x, y, _, folds, fit, error = task(rng)
    agree(both(f, (x, y, np.array([7.0]), folds, fit, error))[0], 7.0, what="the only λ")


@exercise.check(points=1, after=random_choices)
def leaves_the_data_alone(f, rng):
    """Leaves inputs, targets, λs and folds as they were."""
    unchanged(f, *four_folds(rng))


@exercise.variant
def one_comprehension(x, y, strengths, folds, fit, error):
    means = [
        sum(error(fit(x[seen], y[seen], s), x[held], y[held]) for seen, held in folds) / len(folds)
        for s in np.asarray(strengths, dtype=float).tolist()
    ]
    finite = [(mean, i) for i, mean in enumerate(means) if mean == mean]
    return float(strengths[min(finite)[1]]), np.array(means)


@exercise.variant
def folds_outside(x, y, strengths, folds, fit, error):
    totals = np.zeros(len(strengths))
    for seen, held in folds:
        for i in range(len(strengths)):
            totals[i] += error(fit(x[seen], y[seen], float(strengths[i])), x[held], y[held])
    best = 0
    for i in range(1, len(totals)):
        if totals[i] < totals[best] or np.isnan(totals[best]):
            best = i
    return strengths[best], totals / len(folds)


def _table(x, y, strengths, folds, fit, error, on="held", fitted="seen"):
    rows = []
    for s in strengths:
        row = []
        for seen, held in folds:
            everything = np.arange(len(x))
            named = {"seen": seen, "held": held, "all": everything}
            fit_on, judged = named[fitted], named[on]
            row.append(error(fit(x[fit_on], y[fit_on], float(s)), x[judged], y[judged]))
        rows.append(row)
    return np.array(rows, dtype=float)


def _choose(strengths, means):
    return float(strengths[np.nanargmin(means)]), means


@exercise.misconception
def judged_on_the_training_rows(x, y, strengths, folds, fit, error):
    """The error is taken on the rows that were fitted: there the weakest penalty always wins."""
    return _choose(strengths, _table(x, y, strengths, folds, fit, error, on="seen").mean(axis=1))


@exercise.misconception
def fitted_on_all_rows(x, y, strengths, folds, fit, error):
    """The fit has seen the rows that judge it: fit on the training rows of the fold alone."""
    return _choose(strengths, _table(x, y, strengths, folds, fit, error, fitted="all").mean(axis=1))


@exercise.misconception
def parts_swapped(x, y, strengths, folds, fit, error):
    """The small part is fitted and the large one judges: a fold is (train, validation)."""
    table = _table(x, y, strengths, folds, fit, error, on="seen", fitted="held")
    return _choose(strengths, table.mean(axis=1))


@exercise.misconception
def only_the_first_fold(x, y, strengths, folds, fit, error):
    """Only the first fold judges."""
    return _choose(strengths, _table(x, y, strengths, folds[:1], fit, error).mean(axis=1))


@exercise.misconception
def the_worst_wins(x, y, strengths, folds, fit, error):
    """The λ with the largest error is chosen."""
    means = _table(x, y, strengths, folds, fit, error).mean(axis=1)
    return float(strengths[np.nanargmax(means)]), means


@exercise.misconception(keeps=0.5)
def place_instead_of_strength(x, y, strengths, folds, fit, error):
    """This is the place of the best λ in the list, not the λ itself."""
    means = _table(x, y, strengths, folds, fit, error).mean(axis=1)
    return int(np.nanargmin(means)), means


@exercise.misconception(keeps=0.5)
def sums_instead_of_means(x, y, strengths, folds, fit, error):
    """The errors are added over the folds: the mean is asked for."""
    return _choose(strengths, _table(x, y, strengths, folds, fit, error).sum(axis=1))


@exercise.misconception
def luckiest_fold(x, y, strengths, folds, fit, error):
    """The smallest error on any fold decides: that is luck. The mean over all folds decides."""
    table = _table(x, y, strengths, folds, fit, error)
    lowest = np.where(np.isnan(table).any(axis=1), np.inf, table.min(axis=1))
    return float(strengths[np.argmin(lowest)]), table.mean(axis=1)


@exercise.misconception
def nan_wins(x, y, strengths, folds, fit, error):
    """`argmin` takes NaN for the smallest: a λ whose fit broke is chosen."""
    means = _table(x, y, strengths, folds, fit, error).mean(axis=1)
    return float(strengths[np.argmin(means)]), means


@exercise.misconception
def broken_folds_left_out(x, y, strengths, folds, fit, error):
    """The mean passes over NaN, so that a λ that breaks on some folds may win by the others."""
    table = _table(x, y, strengths, folds, fit, error)
    means = np.where(np.isnan(table).all(axis=1), np.nan, np.nansum(table, axis=1))
    return _choose(strengths, means / np.maximum((~np.isnan(table)).sum(axis=1), 1))


@exercise.misconception(keeps=0.5)
def last_of_equals(x, y, strengths, folds, fit, error):
    """Of equally good λs the last one is chosen: the contract wants the first."""
    means = _table(x, y, strengths, folds, fit, error).mean(axis=1)
    return float(strengths[::-1][np.nanargmin(means[::-1])]), means


@exercise.misconception
def weighted_by_the_size_of_the_fold(x, y, strengths, folds, fit, error):
    """Large folds count more: the error of a strength is the plain mean over the folds."""
    errors = np.array(
        [
            sum(len(v) * error(fit(x[t], y[t], s), x[v], y[v]) for t, v in folds)
            / sum(len(v) for _, v in folds)
            for s in strengths
        ]
    )
    return float(strengths[np.nanargmin(errors)]), errors


@exercise.misconception
def the_median_of_the_folds(x, y, strengths, folds, fit, error):
    """Takes the median over the folds, not the mean."""
    errors = np.array(
        [np.median([error(fit(x[t], y[t], s), x[v], y[v]) for t, v in folds]) for s in strengths]
    )
    return float(strengths[np.nanargmin(errors)]), errors


@exercise.misconception
def fitted_on_the_first_fold_only(x, y, strengths, folds, fit, error):
    """Fits once, on the first fold, and so validates on rows that it was trained on."""
    errors = []
    for s in strengths:
        model = fit(x[folds[0][0]], y[folds[0][0]], s)
        errors.append(np.mean([error(model, x[v], y[v]) for _, v in folds]))
    return float(strengths[np.nanargmin(errors)]), np.array(errors)


@exercise.misconception
def sorts_the_strengths(x, y, strengths, folds, fit, error):
    """Sorts the strengths first, so that the errors no longer stand where their strength stands."""
    strengths = np.sort(strengths)
    errors = np.array(
        [np.mean([error(fit(x[t], y[t], s), x[v], y[v]) for t, v in folds]) for s in strengths]
    )
    return float(strengths[np.nanargmin(errors)]), errors
