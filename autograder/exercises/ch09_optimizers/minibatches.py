"""Shuffle and deal: one epoch in batches."""

import numpy as np

from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, as_array, describe
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "How would you deal a pack of numbered cards into hands of `size`?",
        "`rng.permutation` shuffles; slices of the shuffled numbers are the batches.",
        "Cut the shuffled order at 0, size, 2·size, …; the last piece is what is left.",
    ),
)

DEALS = 300
"""How many epochs of 11 examples in batches of 3 the statistics look at."""

HANDS = np.array([3, 3, 3, 2])


def deal(f, rng, n, size):
    """One epoch as lists of row numbers; `Failed` if it is no list of arrays of whole numbers."""
    return rows(f(rng, n, size))


def rows(answer):
    if not isinstance(answer, list | tuple | np.ndarray):
        raise Failed(f"the result is {describe(answer)}, expected a list of arrays")
    batches = [as_array(batch, f"batch {k}") for k, batch in enumerate(answer, 1)]
    for k, batch in enumerate(batches, 1):
        if batch.ndim != 1 or batch.size == 0 or batch.dtype.kind not in "iu":
            raise Failed(
                f"batch {k} is an array of {batch.dtype}, shape {batch.shape}, expected row numbers"
            )
    return [batch.tolist() for batch in batches]


def flat(batches):
    return [row for batch in batches for row in batch]


def sized(n, size):
    return [min(size, n - start) for start in range(0, n, size)]


def every_row_once(batches, n, size):
    got = [len(batch) for batch in batches]
    if got != sized(n, size):
        raise Failed(f"{n} examples in batches of {size} came as {got}, expected {sized(n, size)}")
    if sorted(flat(batches)) != list(range(n)):
        raise Failed(f"not every number from 0 to {n - 1} was dealt exactly once")


def hands(batches):
    """Which batch each example is in; the order within a batch does not matter."""
    return {row: k for k, batch in enumerate(batches) for row in batch}


def statistics(f, rng, deals=DEALS):
    """How often each example is in each batch, and each pair in the same one, in so many deals;
    and how many of the deals are different."""
    calls = [(np.random.default_rng(int(s)), 11, 3) for s in rng.integers(2**62, size=deals)]
    member, pairs, different = np.zeros((11, 4)), np.zeros((11, 11)), set()
    for answer in f.many(calls):
        batches = rows(answer)
        every_row_once(batches, 11, 3)
        where = np.array([hands(batches)[row] for row in range(11)])
        member[np.arange(11), where] += 1
        pairs += where[:, None] == where
        different.add(tuple(where))
    return member, pairs[np.triu_indices(11, 1)], len(different)


def fixed(member):
    """Whether every example is always in the same batch, and whether that of its number."""
    return [
        bool(np.all(member.max(axis=1) == member.sum(axis=1))),
        bool(np.all(member[[0, 4, 7, 10], [0, 1, 2, 3]])),
    ]


def far_off(counts, chance, deals=DEALS, most=75):
    """Whether a count is further from its mean than a fair deal allows.

    The counts are binomial (300, p). By Bernstein's inequality a deviation of 75 has probability
    below 2·exp(−75²/(2·(300·p·(1 − p) + 75/3))) < 2·exp(−32) for p ≤ 0.28: below 3e-14 for each of
    the 99 counts, 3e-12 for all.
    """
    return bool(np.any(np.abs(counts - deals * np.asarray(chance)) > most))


def reshuffles(f, rng, n=60):
    """Three epochs in a row from one generator, n examples in batches of 7: as they are dealt."""
    dealt = []
    for _ in range(3):
        reply = f.reply(rng, n, 7)
        if reply.error is not None:
            raise reply.error
        dealt.append(hands(rows(reply.value)))
        rng = reply.args_after[0]
    return dealt


@exercise.observe
def features(f):
    """Diagnosis looks at how an answer deals, not at what came out."""
    try:
        raw = f(np.random.default_rng(5), 11, 3)
        if raw is None:
            return [{"value": None}]
        batches = rows(raw)
        whole = sorted(flat(batches)) == list(range(11))
        seen = [whole, [len(batch) for batch in batches]]
        for n, size in [(6, 3), (5, 8), (10, 4)]:
            seen.append([len(b) for b in rows(f(np.random.default_rng(6), n, size))])
        if not whole or seen[1] != sized(11, 3):
            return [*seen, sorted(flat(batches))[:1]]
        member, pairs, different = statistics(f, np.random.default_rng(7), deals=200)
        first, second, _ = reshuffles(f, np.random.default_rng(8))
        again, *_ = reshuffles(f, np.random.default_rng(8))
        in_order = [
            flat(deal(f, np.random.default_rng(s), 60, 7)) == list(range(60)) for s in (1, 2)
        ]
        off = [far_off(c, p, 200, 50) for c, p in [(member, HANDS / 11), (pairs, 2 / 11)]]
        seen += [*fixed(member), *off]
        seen.append(different <= 180)
        return [*seen, first == second, first == again, *in_order]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message.split(",")[0]]


@exercise.probe
def a_small_pack(rng):
    return rng, 7, 3


@exercise.check
def deals_seven(f, rng):
    """Seven examples in batches of 3 come as 3, 3 and 1, every one exactly once."""
    every_row_once(deal(f, rng, 7, 3), 7, 3)


@exercise.check
def not_in_order(f, rng):
    """A hundred examples do not come in their old order."""
    if flat(deal(f, rng, 100, 10)) == list(range(100)):
        raise Failed("the 100 examples came in the order 0, 1, 2, …: they are not shuffled")


@exercise.check
def neighbours_part(f, rng):
    """Of 99 pairs of neighbours among 100 examples in batches of 10 about 9 stay together."""
    where = hands(deal(f, rng, 100, 10))
    together = sum(where.get(row) == where.get(row + 1) for row in range(99))
    if together > 44:
        raise Failed(f"{together} of 99 pairs of neighbours are in one batch: shuffle the examples")


@exercise.check
def chance_from_your_generator(f):
    """The same generator state deals the same batches, and the next epoch deals others."""
    first, second, _ = reshuffles(f, np.random.default_rng(3))
    if first != reshuffles(f, np.random.default_rng(3))[0]:
        raise Failed("two generators in the same state led to two different deals")
    if first == second:
        raise Failed("two epochs in a row came in the same batches")


@exercise.check(points=2)
def every_example_once(f, rng):
    """Deals every example exactly once, in full batches but for the last, none of them empty."""
    sizes = [(7, 3), (6, 3), (1, 1), (5, 1), (3, 7), (11, 11), (10, 4), (103, 10), (1, 4), (64, 63)]
    sizes += [(300, 70)]  # more than a byte counts to
    for n, size in rng.permutation(sizes).tolist():
        every_row_once(deal(f, rng, n, size), n, size)


@exercise.check(points=2, after=every_example_once)
def every_deal_is_as_likely(f, rng):
    """Puts every example into every batch, and every pair together, as often as chance would."""
    member, pairs, different = statistics(f, rng)
    if far_off(member, HANDS / 11):
        raise Failed(f"some examples are in some batches far too often in {DEALS} epochs")
    if far_off(pairs, 2 / 11):
        raise Failed(f"some examples share a batch far too often, or too rarely, in {DEALS} epochs")
    # 92,400 deals are equally likely, so that a deal repeats one of 299 others with probability
    # below 0.0033; 30 repetitions or more: below (e · 300 · 0.0033/30)^30 < 1e-31.
    if different <= 0.9 * DEALS:
        raise Failed(f"{DEALS} epochs were dealt in only {different} different ways")
    # Fair deals of two examples, one by one, are all in the same order with probability 2^-47.
    generators = [np.random.default_rng(int(seed)) for seed in rng.integers(2**62, size=48)]
    two = {tuple(flat(rows(answer))) for answer in f.many([(g, 2, 1) for g in generators])}
    if len(two) < 2:
        raise Failed("two examples, dealt one by one, came in the same order in all of 48 epochs")


@exercise.check(points=1, after=every_example_once)
def shuffles_anew(f, rng):
    """Deals the next epoch from the same generator in another way."""
    # A fair second deal puts all 60 examples into the same batches with probability below 1e-40;
    # a pack that is only cut comes out the same in three deals of 600 once in 360,000.
    first, second, third = reshuffles(f, rng, 600)
    if first == second == third:
        raise Failed("three epochs in a row came in the same batches")


@exercise.check(points=1, after=every_example_once)
def only_chance_is_the_generator(f, rng):
    """Takes its chance from the generator handed in alone: the same state, the same deal."""
    for seed in rng.integers(2**62, size=3):
        one, other = (hands(deal(f, np.random.default_rng(int(seed)), 60, 7)) for _ in range(2))
        if one != other:
            raise Failed("two generators in the same state led to two different deals")


@exercise.variant
def shuffled_in_place(rng, n, size):
    order = np.arange(n)
    rng.shuffle(order)
    return tuple(np.split(order, range(size, n, size)))


@exercise.variant
def by_random_keys(rng, n, size):
    order = np.argsort(rng.random(n))
    return [np.sort(order[k * size : (k + 1) * size]) for k in range(-(-n // size))]


@exercise.variant
def drawn_one_by_one(rng, n, size):
    left, batches = list(range(n)), []
    while left:
        hand = [left.pop(int(rng.integers(len(left)))) for _ in range(min(size, len(left)))]
        batches.append(hand)
    return batches


def _cut(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]


@exercise.misconception
def never_shuffles(rng, n, size):
    """The examples come in their old order, epoch after epoch."""
    return _cut(np.arange(n), size)


@exercise.misconception
def shuffles_only_the_batches(rng, n, size):
    """The batches are shuffled, but neighbours always stay together. Shuffle the examples."""
    batches = _cut(np.arange(n), size)
    full, rest = (batches[:-1], batches[-1:]) if n % size else (batches, [])
    return [full[k] for k in rng.permutation(len(full))] + rest


@exercise.misconception
def shuffles_within_the_batches(rng, n, size):
    """Only the order inside each batch changes; the batches hold the same examples every time."""
    return [rng.permutation(batch) for batch in _cut(np.arange(n), size)]


@exercise.misconception
def cuts_the_pack_once(rng, n, size):
    """The order is only rotated: neighbours stay neighbours. Shuffle it."""
    return _cut(np.roll(np.arange(n), int(rng.integers(n))), size)


@exercise.misconception
def draws_with_replacement(rng, n, size):
    """Examples are drawn with replacement: in one epoch some come twice and others never."""
    return _cut(rng.integers(n, size=n), size)


@exercise.misconception
def a_seed_of_its_own(rng, n, size):
    """A fixed seed inside the function deals the same batches in every epoch. Use `rng`."""
    return _cut(np.random.default_rng(0).permutation(n), size)


@exercise.misconception
def chance_from_elsewhere(rng, n, size):
    """The generator that you are given is not used, so nobody can repeat your run."""
    return _cut(np.random.default_rng().permutation(n), size)


@exercise.misconception
def drops_the_last_batch(rng, n, size):
    """The smaller last batch is thrown away, and its examples with it."""
    order = rng.permutation(n)
    return [order[k * size : (k + 1) * size] for k in range(n // size)]


@exercise.misconception
def drops_a_last_batch_that_is_not_full(rng, n, size):
    """A smaller batch at the end is thrown away, and its examples with it."""
    batches = _cut(rng.permutation(n), size)
    return batches if n % size == 0 or n < size else batches[:-1]


@exercise.misconception
def one_batch_too_many(rng, n, size):
    """If size divides n, a last, empty batch is left over."""
    order = rng.permutation(n)
    return [order[k * size : (k + 1) * size] for k in range(n // size + 1)]


@exercise.misconception
def number_of_batches(rng, n, size):
    """`size` is how many examples are in a batch, not how many batches there are."""
    return np.array_split(rng.permutation(n), size)


@exercise.misconception
def evens_the_batches_out(rng, n, size):
    """The batches are evened out. All but the last should have `size` examples."""
    return np.array_split(rng.permutation(n), -(-n // size))


@exercise.misconception
def counts_from_one(rng, n, size):
    """Rows count from 0. Yours go from 1 to n."""
    return _cut(rng.permutation(n) + 1, size)


@exercise.misconception
def only_one_batch(rng, n, size):
    """This is only the first batch. An epoch has them all."""
    return _cut(rng.permutation(n), size)[:1]


@exercise.misconception
def every_batch_from_the_whole_pack(rng, n, size):
    """Every batch is drawn from all examples: some come twice, others never, and the last batch is
    as full as the others. Deal the pack out."""
    return [rng.integers(n, size=size) for _ in range(-(-n // size))]
