"""A coin for every unit."""

import numpy as np

from autograder.exercises.ch08_dropout import draws
from autograder.judging.calls import LearnerError, Left
from autograder.judging.compare import Failed, as_array
from autograder.judging.exercise import Exercise
from autograder.judging_hidden import chance

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    core=True,
    hints=(
        "rng.random() is uniform between 0 and 1. With what probability is it below 0.3?",
        "`rng.random(shape)` draws all coins at once; one comparison makes them True or False.",
        "kept where u ≥ p.",
    ),
)


def truth_values(answer, shape):
    """The mask as an array of truth values; numbers 0 and 1 will do as well."""
    mask = as_array(answer, "the mask")
    if mask.shape != tuple(shape):
        raise Failed(f"the mask has shape {mask.shape}, expected {tuple(shape)}")
    if not np.all((mask == 0) | (mask == 1)):
        raise Failed("the mask holds other values than True and False")
    return mask.astype(bool)


def rows(f):
    def row(rng, shape, p, times):
        sources = rng, *(Left(k, 2) for k in range(times - 1))
        replies = f.replies([(tuple(shape), p, source) for source in sources])
        for reply in replies:
            if reply.error is not None:
                raise reply.error
        return [truth_values(r.value, shape) for r in replies], replies[-1].args_after[2]

    return row


def drawer(f):
    return draws.drawer(rows(f))


@exercise.probe
def small(rng):
    return (5, 3), 0.3, rng


@exercise.observe
def features(f):
    """Diagnosis looks at how an answer draws, not at what came out."""
    try:
        first = f((3, 5), 0.2, np.random.default_rng(0))
        if first is None:
            return [{"value": None}]
        seen = draws.features(drawer(f), 5)
        two = drawer(f)(np.random.default_rng(1), (2, 3, 50), 0.0)[0]
        return [*seen, bool(two.all())]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        message = failure.message.split(",")[0]
        levels = np.unique(np.round(first, 6))[:3].tolist() if "other values" in message else []
        return [message, levels]


@exercise.check
def nothing_dropped(f):
    """With p = 0 every unit is kept, whatever the shape."""
    for shape in [(3,), (2, 5)]:
        if not drawer(f)(np.random.default_rng(0), shape, 0.0)[0].all():
            raise Failed("with p = 0 some units were dropped")


@exercise.check
def a_fifth_dropped(f, rng):
    """With p = 0.2 about 2,000 of 10,000 units are dropped."""
    # Outside 1700 to 2300 (7.5 standard deviations): probability below 1e-12.
    dropped = int((~drawer(f)(draws.generator(rng), (100, 100), 0.2)[0]).sum())
    if not 1700 <= dropped <= 2300:
        raise Failed(f"{dropped} of 10,000 units were dropped")


@exercise.check
def a_coin_for_every_unit(f):
    """Tosses a coin for every unit of every example, from `rng`: equal states, equal masks."""
    draws.coins_vary(drawer(f))


@exercise.check(points=2)
def fair_coins(f, rng):
    """Drops every unit of every example with probability p, each by a coin of its own."""
    draws.fair(drawer(f), rng)
    draws.fair_when_small(rows(f), rng)


@exercise.check(points=1, after=fair_coins)
def fresh_every_time(f, rng):
    """Takes all chance from the generator handed in: same state, same mask; next call, new mask."""
    draws.fresh(drawer(f), rng)


@exercise.check(points=1, after=fair_coins)
def other_shapes(f, rng):
    """Draws masks of one, three and four axes, or of none; with p = 0 nothing is ever dropped."""
    drawer(f)(draws.generator(rng), (), 0.5)
    for shape in [(), (20_000,), (20, 30, 40), (10, 3, 20, 40), (1, 20_000), (20_000, 1)]:
        if not drawer(f)(draws.generator(rng), shape, 0.0)[0].all():
            raise Failed(f"with p = 0 some of the shape {shape} were dropped")
    for shape in [(20_000,), (20, 30, 40), (10, 3, 20, 40), (1, 20_000), (20_000, 1)]:
        for p in (0.37, 0.9):
            kept, _ = drawer(f)(draws.generator(rng), shape, p)
            if not chance.shares_are(np.count_nonzero(~kept), kept.size, p):
                raise Failed(f"with p = {p} a share of {np.mean(~kept):.3f} was dropped")


@exercise.check(points=1, after=other_shapes)
def every_slice_has_its_own_coins(f, rng):
    """In images of several channels, every channel and every example is dropped for itself."""
    draws.every_axis(drawer(f), rng)
    draws.one_example(rows(f), rng)


@exercise.variant
def with_a_loop(shape, p, rng):
    mask = np.zeros(shape)
    for index in np.ndindex(*shape):
        mask[index] = 1 if rng.random() < 1 - p else 0
    return mask


@exercise.variant
def binomial(shape, p, rng):
    return rng.binomial(1, 1 - p, size=shape)


@exercise.variant
def by_choice(shape, p, rng):
    return rng.choice([False, True], size=shape, p=[p, 1 - p])


@exercise.variant
def scattered(shape, p, rng):
    """As many as a binomial says, in random places: the same distribution."""
    size = int(np.prod(shape))
    mask = np.ones(size, dtype=bool)
    mask[rng.permutation(size)[: rng.binomial(size, p)]] = False
    return mask.reshape(shape)


@exercise.misconception
def keeps_with_probability_p(shape, p, rng):
    """p is the probability of being *dropped*, and True means kept. Your two are the wrong way."""
    return rng.random(shape) < p


@exercise.misconception
def normal_coins(shape, p, rng):
    """The coins come from a normal distribution, so the share below p is not p."""
    return rng.normal(size=shape) >= p


@exercise.misconception
def one_coin_per_column(shape, p, rng):
    """All examples lose the same units. Every example needs coins of its own."""
    return np.broadcast_to(rng.random(shape[1:]) >= p, shape).copy()


@exercise.misconception
def one_coin_per_row(shape, p, rng):
    """A whole example is kept or dropped at once. Every unit needs a coin of its own."""
    coins = rng.random((shape[0],) + (1,) * (len(shape) - 1))
    return np.broadcast_to(coins >= p, shape).copy()


@exercise.misconception
def a_fixed_quota(shape, p, rng):
    """Exactly the same number is dropped in every row. Coins vary: sometimes more, or fewer."""
    quota = round(p * shape[-1])
    ranks = np.argsort(np.argsort(rng.random(shape), axis=-1), axis=-1)
    return ranks >= quota


@exercise.misconception
def a_seed_of_its_own(shape, p, rng):
    """A fixed seed inside draws the same mask in every call. Use `rng`."""
    return np.random.default_rng(0).random(shape) >= p


@exercise.misconception
def chance_from_elsewhere(shape, p, rng):
    """The generator handed in is not used, so nobody can repeat your run."""
    return np.random.default_rng().random(shape) >= p


@exercise.misconception
def never_drops(shape, p, rng):
    """Nothing is ever dropped."""
    return np.ones(shape, dtype=bool)


@exercise.misconception
def drops_twice(shape, p, rng):
    """Two coins are tossed per unit, and both must say drop. One is enough."""
    return (rng.random(shape) >= p) | (rng.random(shape) >= p)


@exercise.misconception
def scales_what_is_kept(shape, p, rng):
    """What is kept is scaled up here already. A mask only says who stays: True or False."""
    return (rng.random(shape) >= p) / (1 - p)
