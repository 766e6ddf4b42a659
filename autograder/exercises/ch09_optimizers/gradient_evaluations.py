"""What an update costs."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "How many examples does a step look at? Is it the same number for every step?",
        "Whole epochs first: what does one cost, however it is dealt out? Then the epoch begun.",
        "A whole epoch costs n, however it is dealt; of the epoch begun each step costs `size`.",
    ),
)


def dealt(n, size, steps):
    """The same count, step by step."""
    left, cost = 0, 0
    for _ in range(steps):
        left = left or n
        cost += min(size, left)
        left -= min(size, left)
    return cost


@exercise.probe
def some_epochs_and_a_bit(rng):
    return 23, 5, int(rng.integers(11, 14))


@exercise.probe
def whole_epochs(rng):
    return 17, 4, 5 * int(rng.integers(2, 6))


@exercise.probe
def batch_fits(rng):
    return 21, 7, int(rng.integers(4, 9))


@exercise.probe
def oversized_batch(rng):
    return 5, 8, int(rng.integers(2, 6))


@exercise.probe
def first_epoch(rng):
    return 29, 3, int(rng.integers(2, 6))


@exercise.check
def worked_example(f):
    """10 examples in batches of 4: 4 + 4 + 2 in the first three steps, 14 in four."""
    agree(f.many([(10, 4, 3), (10, 4, 4)]), [10, 14], what="the costs")


@exercise.check
def three_ways_through_six_examples(f):
    """Six examples: two full-batch steps cost 12, so do twelve single ones, or six of size 2."""
    agree(f.many([(6, 6, 2), (6, 1, 12), (6, 2, 6)]), [12, 12, 12], what="the costs")


@exercise.check
def batches_larger_than_the_data(f):
    """Five examples in batches of 8: every step costs the 5 that there are."""
    agree(f.many([(5, 8, 1), (5, 8, 3)]), [5, 15], what="the costs")


@exercise.check(points=2)
def random_counts(f, rng):
    """Counts right for random numbers of examples, batch sizes and steps."""
    calls = [
        (int(rng.integers(1, 40)), int(rng.integers(1, 45)), int(rng.integers(0, 150)))
        for _ in range(60)
    ]
    agree(f.many(calls), [dealt(*call) for call in calls], what="the costs")


@exercise.check(points=1, after=random_counts)
def edges(f):
    """No step costs nothing; oversized batches cost n; size 1 costs 1; large numbers stay exact."""
    calls = [(7, 3, 0), (7, 100, 5), (7, 7, 5), (7, 1, 5), (1, 1, 9), (1, 5, 9)]
    agree(f.many(calls), [0, 35, 35, 5, 9, 9], what="the costs")
    large = f(123_456_789, 123_456_788, 3)
    agree(large, 246_913_577, rtol=0.0, atol=0.1, what="the cost of 3 large steps")
    huge = f(300_000, 200_000, 40_001)
    agree(huge, 6_000_200_000, rtol=0.0, atol=0.1, what="the cost of 40,001 steps")
    agree(f(300_000, 100, 3001), 300_100, what="the cost of one step beyond an epoch")
    agree(
        f(999_999, 1000, 1999), 1_999_998 - 999, atol=0.1, rtol=0.0, what="the cost of 1999 steps"
    )


@exercise.check(points=1, after=random_counts)
def laws(f, rng):
    """One epoch more costs n more; an epoch costs n however it is dealt out."""
    n, size, steps = some_epochs_and_a_bit(rng)
    per_epoch = -(-n // size)
    more = f.many([(n, size, steps), (n, size, steps + per_epoch)])
    agree(np.subtract(more[1], more[0]), n, what="the cost of one epoch more")
    dealt_out = [(n, s, -(-n // s)) for s in range(1, n + 3)]
    agree(f.many(dealt_out), [n] * len(dealt_out), what="the cost of an epoch")


@exercise.variant
def dealing_out(n, size, steps):
    batches = [min(size, n - start) for start in range(0, n, size)]
    return sum(batches[step % len(batches)] for step in range(steps))


@exercise.variant
def without_the_gaps(n, size, steps):
    per_epoch = -(-n // size)
    missing = per_epoch * size - n
    return np.int64(steps * size - steps // per_epoch * missing)


@exercise.misconception
def every_batch_is_full(n, size, steps):
    """Every step is counted as a full batch. The last batch of an epoch may be smaller."""
    return steps * size


@exercise.misconception
def every_step_sees_everything(n, size, steps):
    """Every step is counted as a pass over all n examples. It sees one batch."""
    return steps * n


@exercise.misconception
def counts_the_updates(n, size, steps):
    """These are the updates themselves. What does one of them cost?"""
    return steps


@exercise.misconception
def only_whole_epochs(n, size, steps):
    """The epoch that has been begun is left out."""
    return steps // -(-n // size) * n


@exercise.misconception
def begun_epochs_in_full(n, size, steps):
    """An epoch that has been begun is counted in full."""
    return -(-steps // -(-n // size)) * n


@exercise.misconception(keeps=0.5)
def a_fair_share_of_an_epoch(n, size, steps):
    """The cost is spread evenly over an epoch. Its steps cost `size` each, but for the last."""
    return steps * n / -(-n // size)


@exercise.misconception
def small_last_batch_left_out(n, size, steps):
    """The smaller last batch is left out. Every example is used once in an epoch."""
    if size >= n:
        return steps * n
    epochs, begun = divmod(steps, n // size)
    return epochs * (n // size) * size + begun * size


@exercise.misconception
def an_epoch_is_always_n_steps(n, size, steps):
    """An epoch is taken to have n steps. With batches it has fewer."""
    epochs, begun = divmod(steps, n)
    return epochs * n + begun * size


@exercise.misconception(keeps=0.5)
def oversized_batches_in_full(n, size, steps):
    """A batch larger than the data is counted in full, but only n examples are there."""
    return steps * size if size > n else dealt(n, size, steps)
