"""Standardise without peeking."""

import numpy as np

from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    core=True,
    hints=(
        "What would you know about the validation data if it only arrived next year?",
        "Two numbers per feature, from the training data alone; both parts are treated with them.",
        "mean and std of train along axis 0; std → 1 where max and min agree; (x − mean)/std.",
    ),
)


def data(rng, n=11, m=5, d=3, shift=2.0):
    """Two parts with different means and spreads."""
    scale = rng.uniform(0.3, 9, size=d)
    train = rng.normal(rng.normal(0, 5, size=d), scale, (n, d))
    return train, rng.normal(shift, 2 * scale, (m, d))


@exercise.probe
def shifted_parts(rng):
    return data(rng)


@exercise.probe
def more_validation_than_training(rng):
    return data(rng, n=3, m=17, d=2)


@exercise.probe
def as_many_features_as_examples(rng):
    return data(rng, n=4, m=4, d=4)


@exercise.probe
def one_constant_feature(rng):
    train, validation = data(rng)
    train[:, 1] = 3.0
    return train, validation


@exercise.probe
def constant_but_for_rounding(rng):
    """The mean of three times 0.1 is not quite 0.1."""
    train, validation = data(rng, n=3)
    train[:, 1] = 0.1
    return train, validation


@exercise.probe
def tiny_unit(rng):
    """Spreads of 1e-14 are small, but they are spreads."""
    train, validation = data(rng)
    return 1e-14 * train, 1e-14 * validation


@exercise.probe
def one_validation_example(rng):
    return data(rng, m=1)


def standardised(f, reference, arguments, atol=1e-10):
    got = sequence(f(*arguments), 2)
    expected = reference(*arguments)
    agree(got[0], expected[0], rtol=1e-8, atol=atol, what="train")
    agree(got[1], expected[1], rtol=1e-8, atol=atol, what="validation")


@exercise.check
def worked_example(f):
    """Training data 1, 3 has mean 2 and spread 1: a 7 in the validation data becomes 5."""
    got = sequence(f(np.array([[1.0], [3.0]]), np.array([[7.0], [2.0], [0.0]])), 2)
    agree(got[0], np.array([[-1.0], [1.0]]), what="train")
    agree(got[1], np.array([[5.0], [0.0], [-2.0]]), what="validation")


@exercise.check
def each_feature_has_its_own(f):
    """Means 2 and 20 and spreads 2 and 10 are those of the two features of the training data."""
    train = np.array([[0.0, 10.0], [4.0, 30.0]])
    got = sequence(f(train, np.array([[6.0, 25.0], [2.0, 0.0], [0.0, 20.0]])), 2)
    agree(got[0], np.array([[-1.0, -1.0], [1.0, 1.0]]), what="train")
    agree(got[1], np.array([[2.0, 0.5], [0.0, -2.0], [-1.0, 0.0]]), what="validation")


@exercise.check
def constant_in_training(f):
    """A feature that is 0.1 in all training data is only shifted: 0.6 becomes 0.5."""
    train = np.array([[0.1, 1.0], [0.1, 3.0], [0.1, 2.0]])
    got = sequence(f(train, np.array([[0.6, 2.0], [0.1, 2.0]])), 2)
    agree(as_array(got[0])[:, 0], np.zeros(3), what="the constant feature of train")
    agree(got[1], np.array([[0.5, 0.0], [0.0, 0.0]]), what="validation")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves train and validation as they were."""
    unchanged(f, np.array([[1.0, 5.0], [3.0, 7.0]]), np.array([[7.0, 1.0], [2.0, 4.0]]))


@exercise.check(points=1)
def random_parts(f, reference, rng):
    """Standardises parts of many sizes by what the training data knows."""
    for n, m, d in [(11, 5, 3), (3, 17, 2), (7, 7, 7), (2, 3, 1), (53, 2, 13)]:
        standardised(f, reference, data(rng, n, m, d))
    train, validation = data(rng)
    for unit in (1e-9, 1e9):
        standardised(f, reference, (unit * train, unit * validation))
    # So far from zero, mean(x²) − mean² has lost the variance to rounding.
    standardised(f, reference, (3e5 + train, 3e5 + validation), atol=1e-8)


@exercise.check(points=1, after=random_parts)
def constant_features(f, reference, rng):
    """A feature that is constant in the training data is only shifted; a tiny spread is none."""
    standardised(f, reference, tiny_unit(rng))
    # Three times 0.1 have a mean that is not quite 0.1, and seven times 1000.1 a spread of 1e-13.
    for n, value in ((8, -4.0), (3, 0.1), (7, 1000.1)):
        train, validation = data(rng, n, 5, 3)
        train[:, 1] = value
        standardised(f, reference, (train, validation))
    train, validation = data(rng)
    validation[:, 0] = 7.0
    standardised(f, reference, (train, validation))


@exercise.check(points=1, after=random_parts)
def validation_has_no_say(f, rng):
    """Other validation data does not change the training part; each example counts for itself."""
    train, validation = data(rng, 11, 5, 3)
    first, second = sequence(f(train, validation), 2)
    other = sequence(f(train, 1000 * validation[:2] + 7), 2)[0]
    agree(other, first, rtol=1e-12, what="train, with other validation data")
    second = as_array(second, "validation")
    for i in range(4):
        alone = sequence(f(train, validation[i : i + 2]), 2)[1]
        agree(alone, second[i : i + 2], rtol=1e-9, what="two validation examples alone")
    itself = sequence(f(train, train), 2)
    agree(itself[1], itself[0], rtol=1e-12, what="training data given as validation data")


@exercise.check(points=1, after=random_parts)
def leaves_inputs_alone(f, rng):
    """Leaves both parts as they were."""
    unchanged(f, *data(rng))
    unchanged(f, *one_constant_feature(rng))


@exercise.check(points=1, after=random_parts)
def one_example(f, reference, rng):
    """Standardises a single validation example, and by a single training example."""
    train, validation = data(rng, 11, 5, 3)
    for i in range(5):
        standardised(f, reference, (train, validation[i : i + 1]))
    standardised(f, reference, data(rng, 2, 1, 1))
    standardised(f, reference, (np.full((1, 3), 2.0), validation))


@exercise.check(points=1, after=random_parts)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, not cutting the results."""
    train, validation = rng.integers(0, 17, (9, 4)), rng.integers(0, 17, (5, 4))
    whole_numbers(f, reference, train, validation, rtol=1e-8)


@exercise.variant
def one_feature_at_a_time(train, validation):
    left, right = np.empty(train.shape), np.empty(validation.shape)
    for k in range(train.shape[1]):
        mean = sum(train[:, k]) / len(train)
        alike = all(train[:, k] == train[0, k])
        spread = 1.0 if alike else (sum((train[:, k] - mean) ** 2) / len(train)) ** 0.5
        left[:, k], right[:, k] = (train[:, k] - mean) / spread, (validation[:, k] - mean) / spread
    return [left, right]


@exercise.variant
def both_at_once(train, validation):
    both = np.vstack([train, validation]) - np.mean(train, axis=0)
    variance = np.einsum("nd,nd->d", both[: len(train)], both[: len(train)]) / len(train)
    alike = np.max(train, axis=0) == np.min(train, axis=0)
    both = np.divide(both, np.sqrt(np.where(alike, 1.0, variance)))
    return tuple(np.split(both, [len(train)]))


def with_spread(x, mean, std):
    return (x - mean) / np.where(std == 0, 1.0, std)


@exercise.misconception
def statistics_of_everything(train, validation):
    """Mean and spread come from both parts together: the training has peeked at the exam."""
    everything = np.vstack([train, validation])
    mean, std = everything.mean(axis=0), everything.std(axis=0)
    return with_spread(train, mean, std), with_spread(validation, mean, std)


@exercise.misconception
def each_part_by_its_own(train, validation):
    """The validation data is standardised by itself. A 3 must mean the same in both parts."""
    return tuple(with_spread(x, x.mean(axis=0), x.std(axis=0)) for x in (train, validation))


@exercise.misconception
def statistics_of_the_validation(train, validation):
    """Mean and spread come from the validation data: the wrong way round."""
    mean, std = validation.mean(axis=0), validation.std(axis=0)
    return with_spread(train, mean, std), with_spread(validation, mean, std)


@exercise.misconception
def one_mean_for_all_features(train, validation):
    """One mean and one spread for everything: each feature (column) has its own."""
    return with_spread(train, train.mean(), train.std()), with_spread(
        validation, train.mean(), train.std()
    )


@exercise.misconception
def statistics_of_each_example(train, validation):
    """Mean and spread of each row are used. Which axis runs over the examples?"""
    return tuple(
        with_spread(x, x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True))
        for x in (train, validation)
    )


@exercise.misconception(keeps=0.5)
def sample_standard_deviation(train, validation):
    """The variance is divided by N − 1; the contract says N."""
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=min(1, len(train) - 1))
    return with_spread(train, mean, std), with_spread(validation, mean, std)


@exercise.misconception
def divides_by_the_variance(train, validation):
    """The data is divided by the variance, so the unit does not cancel."""
    mean, var = train.mean(axis=0), train.var(axis=0)
    return with_spread(train, mean, var), with_spread(validation, mean, var)


@exercise.misconception
def constant_features_become_nan(train, validation):
    """A feature that is constant in training gives 0/0. What should it be divided by?"""
    middle, spread = train.mean(axis=0), train.std(axis=0)
    return (train - middle) / spread, (validation - middle) / spread


@exercise.misconception
def constant_features_become_huge(train, validation):
    """A small number below the fraction turns a constant feature into millions."""
    middle, spread = train.mean(axis=0), train.std(axis=0)
    return (train - middle) / (spread + 1e-8), (validation - middle) / (spread + 1e-8)


@exercise.misconception
def trusts_a_spread_to_be_zero(train, validation):
    """Equal numbers need not have a spread of exactly 0: their mean is rounded. Compare them."""
    middle, spread = train.mean(axis=0), train.std(axis=0)
    return with_spread(train, middle, spread), with_spread(validation, middle, spread)


@exercise.misconception
def tiny_spreads_count_as_none(train, validation):
    """A spread below some small number is taken for a constant: in another unit it would not be."""
    middle, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread < 1e-12, 1.0, spread)
    return (train - middle) / spread, (validation - middle) / spread


@exercise.misconception
def only_shifts_the_validation(train, validation):
    """The validation data has been moved, but not stretched."""
    middle, spread = train.mean(axis=0), train.std(axis=0)
    return with_spread(train, middle, spread), validation - middle


@exercise.misconception
def overwrites_its_inputs(train, validation):
    """The result is right, but the caller's data has been overwritten."""
    middle, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(np.ptp(train, axis=0) == 0, 1.0, spread)
    train -= middle
    validation -= middle
    return train / spread, validation / spread
