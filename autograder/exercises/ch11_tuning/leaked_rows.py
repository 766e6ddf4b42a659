"""Who has seen the exam?"""

import numpy as np

from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, as_array, describe
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "When are two rows the same example? Every number has to agree.",
        "A set of tuples answers quickly whether it has seen a row before.",
        "A row of the validation part leaks if *all* its numbers are those of some training row.",
    ),
)


def parts(rng, n=13, m=11, d=5, leaks=4):
    """Small whole numbers, so that rows share many entries; some validation rows are copied."""
    train = rng.integers(0, 3, size=(n, d)).astype(float)
    validation = rng.integers(0, 3, size=(m, d)).astype(float)
    for side in (train, validation):
        side[:, -1] += 0.5 * rng.integers(0, 2, size=len(side))
    where = rng.permutation(m)[:leaks]
    validation[where] = train[rng.integers(0, n, size=leaks)]
    return train, validation


@exercise.probe
def some_leaks(rng):
    return parts(rng)


@exercise.probe
def other_sizes(rng):
    return parts(rng, 5, 17, 2, 9)


@exercise.probe
def hardly_a_leak(rng):
    return parts(rng, leaks=0)


@exercise.probe
def twins_within_the_parts(rng):
    """Repeated rows inside one part are no leak; a leaked row may occur twice."""
    train, validation = rng.normal(size=(5, 3)), rng.normal(size=(7, 3))
    train[4], validation[5], validation[2], validation[6] = (
        train[0],
        validation[1],
        train[3],
        train[3],
    )
    return train, validation


@exercise.probe
def nearly(rng):
    """Rows that differ by a hair, in one entry, in the order of the entries, or in the sign."""
    train = rng.normal(size=(4, 3))
    validation = train.copy()
    validation[0] += 1e-9
    validation[1, 2] += 0.5
    validation[2] = validation[2, ::-1]
    return train, validation


@exercise.probe
def same_place(rng):
    train, validation = rng.normal(size=(6, 2)), rng.normal(size=(6, 2))
    validation[[0, 3]] = train[[0, 3]]
    validation[5] = train[1]
    return train, validation


PROBES = tuple(exercise.probes)


def row_numbers(answer):
    """The answer as a list of whole numbers, or `Failed`."""
    if not isinstance(answer, list | tuple | np.ndarray):
        raise Failed(f"the result is {describe(answer)}, expected a list of row numbers")
    numbers = as_array(answer)
    if numbers.ndim != 1:
        raise Failed(f"the result has shape {numbers.shape}, expected a list of row numbers")
    if numbers.size and numbers.dtype.kind not in "iu":
        raise Failed(f"the result holds {numbers.dtype} values, expected whole row numbers")
    return [int(i) for i in numbers]


def find(f, arguments, expected):
    got = row_numbers(f(*arguments))
    if got != [int(i) for i in expected]:
        raise Failed(f"the leaked rows are given as {got}, expected {list(expected)}"[:200])


@exercise.observe
def what_it_finds(f):
    seen = []
    for arguments in [probe(np.random.default_rng(s)) for probe in PROBES for s in (1, 2)]:
        reply = f.reply(*arguments)
        if reply.error is not None:
            seen.append({"raised": reply.error.kind})
        elif reply.value is None:
            return [{"value": None}]
        else:
            try:
                seen.append(str(row_numbers(reply.value)))
                unchanged(f, *arguments)
            except (Failed, LearnerError) as failure:
                seen.append(str(failure).split(",")[0])
    return seen


@exercise.check
def worked_example(f):
    """Of three validation rows the last is in the training data."""
    train = np.array([[1.0, 2.0], [3.0, 4.0]])
    find(f, (train, np.array([[2.0, 1.0], [1.0, 4.0], [3.0, 4.0]])), [2])


@exercise.check
def all_leaks_and_nothing_else(f):
    """Reports every leak, also the same one twice, but no near miss and no twins of its own."""
    train = np.array([[0.5, 1.0], [2.0, 3.0]])
    rows = [[2.0, 3.0], [7.0, 8.0], [7.0, 8.0], [0.5, 1.0 + 1e-9], [0.5, 1.0], [2.0, 3.0]]
    find(f, (train, np.array(rows)), [0, 4, 5])


@exercise.check(points=1)
def random_parts(f, reference, rng):
    """Finds exactly the leaked rows in parts of many sizes."""
    for sizes in [(13, 11, 5, 4), (5, 17, 2, 9), (2, 3, 1, 1), (150, 31, 7, 25), (2, 29, 1, 6)]:
        for _ in range(3):
            arguments = parts(rng, *sizes)
            find(f, arguments, reference(*arguments))


@exercise.check(points=1, after=random_parts)
def twins_and_near_misses(f, reference, rng):
    """Twins within one part are no leak, a leak may come twice, and nearly equal is not equal."""
    for probe in (twins_within_the_parts, nearly, same_place, hardly_a_leak):
        arguments = probe(rng)
        find(f, arguments, reference(*arguments))
    train = rng.normal(size=(7, 3)) * [1, 1e-12, 1e6]
    near = train * (1 + 1e-9)
    find(f, (train, near), [])
    find(f, (1e-13 * train, 1e-13 * near), [])
    find(f, (train, np.vstack([near, train[::-1]])), range(7, 14))
    find(f, (-train, train), [])
    images = rng.normal(size=(5, 64))  # as many numbers as a digit has
    for entry in (0, 31, 63):
        other = images.copy()
        other[:, entry] += 1
        find(f, (images, np.vstack([other, images[:1]])), [5])
    find(f, (np.array([[0.0, 1.0], [9, 9]]), np.array([[0.0, -1.0], [-0.0, 1.0]])), [1])


@exercise.check(points=1, after=random_parts)
def laws(f, rng):
    """Shuffled training rows change nothing; shuffled validation rows move the leaks."""
    train, validation = parts(rng)
    leaks = row_numbers(f(train, validation))
    find(f, (rng.permutation(train), validation), leaks)
    order = rng.permutation(len(validation))
    find(f, (train, validation[order]), np.flatnonzero(np.isin(order, leaks)))
    columns = rng.permutation(train.shape[1])
    find(f, (train[:, columns], validation[:, columns]), leaks)
    find(f, (validation, validation), range(len(validation)))
    find(f, (np.vstack([train, train]), validation), leaks)


@exercise.check(points=1, after=random_parts)
def leaves_inputs_alone(f, rng):
    """Leaves both parts as they were."""
    unchanged(f, *parts(rng))


@exercise.check(points=1, after=random_parts)
def one_row(f, reference, rng):
    """Finds leaks also where the training data, or the validation data, is a single row."""
    for sizes in [(1, 1, 1, 1), (1, 7, 3, 2), (9, 1, 2, 1), (1, 1, 2, 0)]:
        arguments = parts(rng, *sizes)
        find(f, arguments, reference(*arguments))


@exercise.variant
def compares_all_pairs(train, validation):
    same = (validation[:, None, :] == train[None, :, :]).all(axis=2)
    return np.flatnonzero(same.any(axis=1))


@exercise.variant
def with_loops(train, validation):
    found = []
    for i, row in enumerate(validation):
        for other in train:
            if np.array_equal(row, other):
                found.append(np.int64(i))
                break
    return tuple(found)


@exercise.variant
def by_bytes(train, validation):
    known = {np.ascontiguousarray(row + 0.0).tobytes() for row in train}
    return [i for i in range(len(validation)) if (validation[i] + 0.0).tobytes() in known]


def pairs(train, validation):
    return validation[:, None, :] == train[None, :, :]


@exercise.misconception
def one_common_entry_is_enough(train, validation):
    """Rows are reported that share a single number with a training row. All have to agree."""
    return np.flatnonzero(pairs(train, validation).any(axis=(1, 2)))


@exercise.misconception
def entries_from_different_rows(train, validation):
    """Each number occurs somewhere in the training data, but not all in the same row."""
    return np.flatnonzero(pairs(train, validation).any(axis=1).all(axis=1))


@exercise.misconception
def numbers_of_the_training_rows(train, validation):
    """These are row numbers of the training data; those of the validation data are wanted."""
    return np.flatnonzero(pairs(train, validation).all(axis=2).any(axis=0))


@exercise.misconception
def only_the_same_place(train, validation):
    """A row is compared with the training row of the same number only."""
    n = min(len(train), len(validation))
    return np.flatnonzero((train[:n] == validation[:n]).all(axis=1))


@exercise.misconception
def rounded_comparison(train, validation):
    """Nearly equal rows are reported. Number for number means exactly."""
    close = np.isclose(validation[:, None, :], train[None, :, :])
    return np.flatnonzero(close.all(axis=2).any(axis=1))


@exercise.misconception
def sums_are_compared(train, validation):
    """Rows with the same sum are taken for the same: compare every number in its place."""
    return np.flatnonzero(np.isin(np.sort(validation).sum(axis=1), np.sort(train).sum(axis=1)))


@exercise.misconception
def twins_in_the_validation_data(train, validation):
    """Rows that are twice in the validation data are reported, though training never saw them."""
    twins = (validation[:, None, :] == validation[None, :, :]).all(axis=2).sum(axis=1) > 1
    return np.flatnonzero(pairs(train, validation).all(axis=2).any(axis=1) | twins)


@exercise.misconception
def a_mask_instead_of_numbers(train, validation):
    """This says yes or no for every row. The numbers of the leaked rows are wanted."""
    return pairs(train, validation).all(axis=2).any(axis=1)


@exercise.misconception
def the_honest_rows(train, validation):
    """These are the rows that have *not* leaked."""
    return np.flatnonzero(~pairs(train, validation).all(axis=2).any(axis=1))


@exercise.misconception
def the_rows_themselves(train, validation):
    """These are the leaked rows themselves; their numbers are wanted."""
    return validation[pairs(train, validation).all(axis=2).any(axis=1)]


@exercise.misconception
def only_the_first_leak(train, validation):
    """The search ends at the first leak. There may be more."""
    return np.flatnonzero(pairs(train, validation).all(axis=2).any(axis=1))[:1]
