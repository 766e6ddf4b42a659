"""A machine that walks at random."""

import numpy as np

from autograder.judging.calls import LearnerError, Left
from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging_hidden import chance

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=4,
    hints=(
        "A unit is visited. Which number does it need to know of all the others, and what does it "
        "do with it?",
        "Two loops, over sweeps and over units; all chains at once. Each unit uses what the units "
        "before it have *just* become. Keep a copy of s after each sweep.",
        r"$P(s_i = 1 \mid \text{others}) = \sigma\big((\sum_j W_{ij} s_j + \theta_i)/T\big)$; a "
        r"number that is uniform between 0 and 1 is below p with probability p.",
    ),
)

CHAINS = 20_000


def generator(rng):
    """A generator of its own, so that no two questions share their chance."""
    return np.random.default_rng(int(rng.integers(2**62)))


def couplings(rng, n, size=2.0):
    W = np.triu(rng.uniform(1, 1.5, (n, n)) * rng.choice([-size, size], (n, n)), 1)
    return W + W.T


def history(f, s, W, theta, temperature, sweeps, rng):
    """The states after each sweep, an array of zeros and ones."""
    states = as_array(f(s, W, theta, temperature, sweeps, rng), "the states")
    wanted = (sweeps, *s.shape)
    if states.shape != wanted:
        raise Failed(f"the states have shape {states.shape}, expected {wanted}")
    if not np.all((states == 0) | (states == 1)):
        raise Failed("the states hold other values than 0 and 1")
    return states.astype(int)


def cold(rng, chains, n):
    """A machine so cold that chance has no say: every unit's input is many temperatures."""
    W, theta = couplings(rng, n), rng.choice([-1.0, 1.0], n) * rng.uniform(0.2, 0.6, n)
    s = (rng.random((chains, n)) < 0.5) * 1.0
    return s, W, theta, 1e-4


def frozen_path(s, W, theta, sweeps):
    """What a machine at temperature 0 does."""
    s, path = s.copy(), []
    for _ in range(sweeps):
        for i in range(len(theta)):
            s[:, i] = s @ W[:, i] + theta[i] > 0
        path.append(s.copy())
    return np.array(path)


def one_sweep(W, theta, temperature):
    """The chance to get from each state to each other one in a sweep, by visiting them all."""
    n = len(theta)
    s = (np.arange(2**n)[:, None] >> np.arange(n)[::-1]) & 1
    moves = np.eye(2**n)
    for i in range(n):
        p = 1 / (1 + np.exp(-(s @ W[:, i] + theta[i]) / temperature))
        same = np.all(np.delete(s, i, 1)[:, None] == np.delete(s, i, 1), axis=2)
        moves = moves @ (same * np.where(s[:, i] == 1, p[:, None], 1 - p[:, None]))
    return moves


@exercise.probe
def a_few_chains(rng):
    return (*cold(rng, 5, 3), 4, rng)


@exercise.observe
def features(f):
    """Diagnosis looks at how an answer walks, not at what came out."""
    try:
        seen = []
        for seed in (0, 1, 2):
            s, W, theta, T = cold(np.random.default_rng(seed), 7, 4)
            if f(s, W, theta, T, 3, np.random.default_rng(9)) is None:
                return [{"value": None}]
            seen.append(f(s, W, theta, T, 3, np.random.default_rng(9)))
            seen.append(f.reply(s, W, theta, T, 3, np.random.default_rng(9)).args_after[0])
        alone, off = np.zeros((1, 1)), np.zeros((4000, 1))
        for T, theta in ((0.02, 1.5), (30.0, 32.959)):  # on with 1 − e⁻⁷⁵ and ¾
            share = np.mean(f(off, alone, np.array([theta]), T, 1, np.random.default_rng(8)))
            seen.append(int(np.rint(share * 4)))
        free = np.zeros((30, 8)), np.zeros((8, 8)), np.zeros(8), 1.0, 2
        one, again, other = (as_array(f(*free, np.random.default_rng(seed))) for seed in (3, 3, 4))
        if one.shape == (30, 8):
            return ["the states of one sweep"]
        seen += [bool(np.array_equal(one, x)) for x in (again, other)]
        seen += [bool((one == one[:, :1]).all()), bool((one == one[:, :, :1]).all())]
        return seen
    except LearnerError as error:
        return [{"raised": error.kind}]


@exercise.check
def a_frozen_walk(f):
    """So cold that chance is silent: with W₁₂ = W₂₃ = −3 and θ = (−1, 1, 4), 100 becomes 011,
    001."""
    W = np.array([[0.0, -3, 0], [-3, 0, -3], [0, -3, 0]])
    theta = np.array([-1.0, 1.0, 4.0])
    got = history(f, np.array([[1.0, 0, 0]]), W, theta, 1e-3, 2, np.random.default_rng(0))
    # Unit 1: input −1, off. Unit 2: input 1, on. Unit 3: −3 + 4 = 1, on. Then 2 hears −3: off.
    agree(got, np.array([[[0, 1, 1]], [[0, 0, 1]]]), what="the states")


@exercise.check
def three_quarters(f):
    """Uncoupled units with θ = T ln 3 are on in about ¾ of 4,000 visits, whatever T."""
    # 3000 ± 250 is nine standard deviations.
    for T in (0.5, 2.0):
        theta = T * np.log(3) * np.ones(2)
        got = history(
            f, np.zeros((1000, 2)), np.zeros((2, 2)), theta, T, 2, np.random.default_rng(1)
        )
        if not 2750 <= got.sum() <= 3250:
            raise Failed(f"{got.sum()} of 4,000 visits ended in 1 at T = {T:g}")


@exercise.check
def a_coin_for_every_visit(f):
    """Chains, units and sweeps have coins of their own, from `rng`: equal states, equal walks."""
    free = np.zeros((30, 20)), np.zeros((20, 20)), np.zeros(20), 1.0, 2
    one, again, other = (history(f, *free, np.random.default_rng(seed)) for seed in (3, 3, 4))
    agree(again, one, what="the walk from the same state of the generator")
    pairs = {"generators": (other, one), "sweeps": (one[0], one[1])}
    pairs |= {"chains": (one[:, 1], one[:, 0]), "units": (one[:, :, 1], one[:, :, 0])}
    for name, (left, right) in pairs.items():
        if np.array_equal(left, right):
            raise Failed(f"two {name} toss the same coins")


@exercise.check
def arguments_stay(f):
    """The first states, couplings and biases are afterwards what they were."""
    W = np.array([[0.0, 1.0], [1.0, 0.0]])
    unchanged(f, np.ones((3, 2)), W, -9.0 * np.ones(2), 1.0, 2, np.random.default_rng(0))


@exercise.check(points=3)
def walks_as_chance_has_it(f, rng):
    """From any start, two sweeps lead to every pair of states as often as they should."""
    # Each question to `chance` fails a right answer with probability below 1e-12.
    for _ in range(3):
        W, theta, T = couplings(rng, 3), rng.uniform(-1.5, 1.5, 3), rng.uniform(0.6, 0.8)
        T = T if rng.integers(2) else 1 / T
        start = int(rng.integers(8))
        s = np.tile([start >> 2 & 1, start >> 1 & 1, start & 1], (CHAINS, 1)) * 1.0
        walked = history(f, s, W, theta, T, 2, generator(rng)) @ [4, 2, 1]
        moves = one_sweep(W, theta, T)
        pairs = np.bincount(walked[0] * 8 + walked[1], minlength=64)
        if not chance.shares_are(pairs, CHAINS, (moves[start][:, None] * moves).ravel()):
            raise Failed("after two sweeps some states are far more frequent than they should be")


@exercise.check(points=1, after=walks_as_chance_has_it)
def when_chance_is_silent(f, rng):
    """At a temperature near 0 every unit takes, in turn, the state of lower energy."""
    for size in rng.permutation([(5, 3), (1, 7), (11, 4)]):
        s, W, theta, T = cold(rng, *size)
        sweeps = int(rng.integers(2, 6))
        got = history(f, s, W, theta, T, sweeps, generator(rng))
        agree(got, frozen_path(s, W, theta, sweeps), what="the states")


@exercise.check(points=1, after=walks_as_chance_has_it)
def own_coins(f, rng):
    """Every visit of every chain tosses a coin of its own."""
    n = int(rng.integers(5, 9))
    free = np.zeros((37, n)), np.zeros((n, n)), np.zeros(n), 1.0, 11
    coins = history(f, *free, generator(rng)).astype(bool)
    if not (chance.fair(coins) and chance.unrelated_places(coins)):
        raise Failed("without couplings and biases the states should be unrelated fair coins")


@exercise.check(points=1, after=walks_as_chance_has_it)
def only_chance_is_the_generator(f, rng):
    """The same generator state walks the same way; a used one walks anew."""
    free = np.zeros((40, 5)), np.zeros((5, 5)), np.zeros(5), 1.0, 3
    seed = int(rng.integers(2**62))
    calls = [(*free, np.random.default_rng(seed)), (*free, Left(0, 5))]
    calls.append((*free, np.random.default_rng(seed)))
    first, second, again = f.many(calls)
    agree(again, as_array(first), what="the walk from the same state")
    if np.array_equal(as_array(second), as_array(first)):
        raise Failed("a used generator gave the same walk again")


@exercise.check(points=1, after=walks_as_chance_has_it)
def starts_of_whole_numbers(f, rng):
    """Takes first states that are whole numbers."""
    s, W, theta, T = cold(rng, 5, 4)
    got = history(f, s.astype(int), W, theta, T, 3, generator(rng))
    agree(got, frozen_path(s, W, theta, 3), what="the states")


@exercise.check(points=1, after=walks_as_chance_has_it)
def leaves_inputs_alone(f, rng):
    """Leaves the first states and the machine as they were."""
    _, W, theta, T = cold(rng, 5, 3)
    against = np.tile(theta < 0, (5, 1)) * 1.0  # the opposite of where the biases lead
    unchanged(f, against, W / 100, theta, T, 2, generator(rng))


@exercise.variant
def chain_by_chain(s, W, theta, temperature, sweeps, rng):
    walks = np.zeros((sweeps, *s.shape))
    now = [[float(v) for v in row] for row in s[:200]]
    if len(s) > 200:  # many chains one by one would take too long
        return _walk(s, W, theta, temperature, sweeps, rng)
    for k in range(sweeps):
        for state in now:
            for i in range(len(theta)):
                field = sum(W[i, j] * state[j] for j in range(len(theta))) + theta[i]
                z = np.clip(field / temperature, -700, 700)
                state[i] = float(rng.uniform() * (1 + np.exp(-z)) < 1)
        walks[k] = now
    return walks


@exercise.variant
def by_tanh_and_binomial(s, W, theta, temperature, sweeps, rng):
    now, walks = s.T.astype(float), []
    for _ in range(sweeps):
        for i, row in enumerate(W):
            p = (1 + np.tanh((row @ now + theta[i]) / (2 * temperature))) / 2
            now[i] = rng.binomial(1, p)
        walks.append(now.T.tolist())
    return walks


def _sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def _walk(s, W, theta, temperature, sweeps, rng, *, field=None, coin=None, order=None, stale=False):
    """The walk with one thing exchanged; the misconceptions below say which."""
    s = np.array(s, dtype=float)
    field = field or (lambda s, i: (s @ W[:, i] + theta[i]) / temperature)
    coin = coin or (lambda p: rng.random(len(p)) < p)
    walks = []
    for _ in range(sweeps):
        seen = s.copy() if stale else s
        for i in range(len(theta)) if order is None else order(len(theta)):
            s[:, i] = coin(_sigmoid(field(seen, i)))
        walks.append(s.copy())
    return np.array(walks)


@exercise.misconception
def all_units_at_once(s, W, theta, temperature, sweeps, rng):
    """All units of a sweep look at the state before it. Each should see what the others have just
    become, or two that hold each other down will blink together for ever."""
    return _walk(s, W, theta, temperature, sweeps, rng, stale=True)


@exercise.misconception
def coin_turned_round(s, W, theta, temperature, sweeps, rng):
    """A unit is switched on when the number is *above* p: that has probability 1 − p."""
    coin = lambda p: rng.random(len(p)) > p
    return _walk(s, W, theta, temperature, sweeps, rng, coin=coin)


@exercise.misconception
def no_chance(s, W, theta, temperature, sweeps, rng):
    """A unit is on whenever p exceeds ½: at any temperature this machine walks as at 0."""
    return _walk(s, W, theta, temperature, sweeps, rng, coin=lambda p: p > 0.5)


@exercise.misconception
def temperature_multiplies(s, W, theta, temperature, sweeps, rng):
    """T multiplies the input, so that heating freezes the machine."""
    field = lambda s, i: (s @ W[:, i] + theta[i]) * temperature
    return _walk(s, W, theta, temperature, sweeps, rng, field=field)


@exercise.misconception
def temperature_ignored(s, W, theta, temperature, sweeps, rng):
    """The temperature is never used."""
    field = lambda s, i: s @ W[:, i] + theta[i]
    return _walk(s, W, theta, temperature, sweeps, rng, field=field)


@exercise.misconception
def biases_forgotten(s, W, theta, temperature, sweeps, rng):
    """A unit listens to the others only; its bias θ belongs to its input, too."""
    field = lambda s, i: s @ W[:, i] / temperature
    return _walk(s, W, theta, temperature, sweeps, rng, field=field)


@exercise.misconception
def half_the_couplings(s, W, theta, temperature, sweeps, rng):
    """The couplings are halved, as in the energy. A unit hears each of the others once and
    whole."""
    field = lambda s, i: (s @ W[:, i] / 2 + theta[i] / 4) / temperature
    return _walk(s, W, theta, temperature, sweeps, rng, field=field)


@exercise.misconception
def flips_with_probability_p(s, W, theta, temperature, sweeps, rng):
    """p is the probability to be *on* afterwards, not to change."""
    s = np.array(s, dtype=float)
    walks = []
    for _ in range(sweeps):
        for i in range(len(theta)):
            p = _sigmoid((s @ W[:, i] + theta[i]) / temperature)
            s[:, i] = np.where(rng.random(len(s)) < p, 1 - s[:, i], s[:, i])
        walks.append(s.copy())
    return np.array(walks)


@exercise.misconception
def one_coin_for_all_chains(s, W, theta, temperature, sweeps, rng):
    """One number serves all chains, so that they do the same. Each needs its own."""
    coin = lambda p: rng.random() < p
    return _walk(s, W, theta, temperature, sweeps, rng, coin=coin)


@exercise.misconception
def one_coin_for_all_units(s, W, theta, temperature, sweeps, rng):
    """The numbers are drawn once for a sweep and used for all units. Each visit needs new ones."""
    s, walks = np.array(s, dtype=float), []
    for _ in range(sweeps):
        u = rng.random(len(s))
        for i in range(len(theta)):
            s[:, i] = u < _sigmoid((s @ W[:, i] + theta[i]) / temperature)
        walks.append(s.copy())
    return np.array(walks)


@exercise.misconception
def a_seed_of_its_own(s, W, theta, temperature, sweeps, rng):
    """A fixed seed inside gives the same walk at every call. Use `rng`."""
    return _walk(s, W, theta, temperature, sweeps, np.random.default_rng(0))


@exercise.misconception
def all_sweeps_are_the_last(s, W, theta, temperature, sweeps, rng):
    """The same array is stored after each sweep and then changed: all entries are the last.
    Copy."""
    walks = _walk(s, W, theta, temperature, sweeps, rng)
    return np.repeat(walks[-1:], sweeps, axis=0)


@exercise.misconception
def only_the_last_state(s, W, theta, temperature, sweeps, rng):
    """Only the last states come back. Those after every sweep are wanted."""
    return _walk(s, W, theta, temperature, sweeps, rng)[-1]


@exercise.misconception(keeps=0.5)
def begins_with_the_start(s, W, theta, temperature, sweeps, rng):
    """The first states are listed as well. The list begins after the first sweep."""
    walks = _walk(s, W, theta, temperature, sweeps, rng)
    return np.concatenate([np.array(s, dtype=float)[None], walks])


@exercise.misconception
def walks_in_the_callers_array(s, W, theta, temperature, sweeps, rng):
    """The walk is right, but it is made in the caller's own s. Work on a copy."""
    walks = _walk(s, W, theta, temperature, sweeps, rng)
    s[...] = walks[-1]
    return walks


@exercise.misconception
def biases_stay_warm(s, W, theta, temperature, sweeps, rng):
    """Only the field is divided by T: the bias is part of the energy, too."""
    field = lambda s, i: s @ W[:, i] / temperature + theta[i]
    return _walk(s, W, theta, temperature, sweeps, rng, field=field)


@exercise.misconception
def a_random_unit_each_time(s, W, theta, temperature, sweeps, rng):
    """Visits units at random: in a sweep each has its turn, from first to last."""
    order = lambda n: rng.integers(n, size=n)
    return _walk(s, W, theta, temperature, sweeps, rng, order=order)


@exercise.misconception(keeps=0.5)
def chains_stand_first(s, W, theta, temperature, sweeps, rng):
    """Stacks the chains first; asked for are the sweeps first."""
    return _walk(s, W, theta, temperature, sweeps, rng).transpose(1, 0, 2)
