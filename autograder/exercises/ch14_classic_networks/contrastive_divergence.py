"""Learn by dreaming for a moment: contrastive divergence."""

import numpy as np

from autograder.exercises.ch14_classic_networks.machines import (
    after_steps,
    generator,
    settled,
    spreading,
    uncertain,
)
from autograder.judging.calls import LearnerError, Left
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden import chance
from reference_impl.classic_networks import (
    bernoulli,
    rbm_hidden_probability,
    rbm_visible_probability,
)

exercise = Exercise(
    __name__,
    minutes=22,
    difficulty=4,
    hints=(
        "What does the machine see when it looks at the data, and what when it looks at its own "
        "picture of them? Which of the two should become likelier?",
        "`rbm_hidden_probability` up, `bernoulli` to decide, `rbm_visible_probability` down, "
        "`bernoulli`, and up again: k times. Hidden units enter the statistics as probabilities.",
        r"$\Delta W = \tfrac1N\,(v^\top p - v'^\top p')$, $\Delta b$ and $\Delta c$ are means of "
        r"$v - v'$ and $p - p'$, with $p = P(h = 1 \mid v)$.",
    ),
)

NAMES = ("dW", "db", "dc")
MANY = 20_001


def parts(result):
    return dict(zip(NAMES, sequence(result, 3, "the result"), strict=True))


@exercise.probe
def five_pictures(rng):
    return settled(rng, 5, 4, 3, 1)


@exercise.observe
def features(f):
    """Diagnosis looks at calls without chance, and at what kind of numbers come out else."""
    try:
        seen = []
        for seed, make in enumerate((
            lambda rng: settled(rng, 5, 4, 3, 1), lambda rng: settled(rng, 7, 3, 5, 2),
            lambda rng: spreading(rng, 6, 1), lambda rng: spreading(rng, 6, 3),
        )):  # fmt: skip
            reply = f.reply(*make(np.random.default_rng(seed)))
            if reply.error is not None:
                raise reply.error
            if reply.value is None:
                return [{"value": None}]
            seen += [reply.value, reply.args_after[:4]]
        row, W, b, c, k = uncertain(np.random.default_rng(5), 1)
        v = np.tile(row, (4001, 1))
        one, again, other = (parts(f(v, W, b, c, k, np.random.default_rng(s))) for s in (1, 1, 2))
        back = row - as_array(one["db"])
        whole = lambda x: bool(np.all(np.abs(4001 * x - np.rint(4001 * x)) < 1e-3))
        seen += [np.rint(4 * back), whole(back), whole(as_array(one["dc"]))]
        seen += [bool(np.array_equal(one["db"], x["db"])) for x in (again, other)]
        # With hidden samples in the statistics even a settled machine's answer hangs on chance.
        calls = [settled(np.random.default_rng(8), 50, 4, 3, 1)[:5] for _ in range(2)]
        dc = [parts(f(*call, np.random.default_rng(s)))["dc"] for s, call in enumerate(calls)]
        if not np.allclose(dc[0], dc[1]):
            return ["chance in the statistics", *seen[-5:]]
        return seen
    except LearnerError as error:
        return [{"raised": error.kind}]


LN3 = np.log(3.0)


@exercise.check
def worked_example(f):
    """v = (1), W = 0, b = −80, c = ln 3: p = ¾ both times, and v' = 0, so dW = ¾, db = 1, dc =
    0."""
    v, W, b, c = np.ones((1, 1)), np.zeros((1, 1)), np.array([-80.0]), np.array([LN3])
    got = f(v, W, b, c, 1, np.random.default_rng(0))
    agree(got, (np.array([[0.75]]), np.array([1.0]), np.array([0.0])))


@exercise.check
def two_pictures(f):
    """Of the pictures 10 and 11 both come back as 01; W = (ln 3, −ln 3), c = 0: p = ¾, ½, then
    ¼."""
    v, W = np.array([[1, 0], [1, 1]]), np.array([[LN3], [-LN3]])
    got = f(v, W, np.array([-80.0, 80.0]), np.zeros(1), 2, np.random.default_rng(0))
    dW = np.array([[0.75 + 0.5], [0.5 - 0.25 - 0.25]]) / 2
    agree(got, (dW, np.array([1.0, -0.5]), np.array([(0.75 + 0.5) / 2 - 0.25])))


@exercise.check
def another_step_goes_farther(f):
    """A chain that lights one more lamp at each step: after 1 step 2 of 5 are on, after 3 steps
    4."""
    W, b = 120.0 * (np.eye(5) + np.eye(5, k=1)), np.full(5, -60.0)
    for k in (1, 3):
        db = parts(f(np.eye(5)[:1], W, b, b, k, np.random.default_rng(0)))["db"]
        agree(db, np.eye(5)[0] - (np.arange(5) <= k), what=f"db after {k} steps")


@exercise.check
def all_or_nothing(f):
    """The dreamt pictures are black and white: of 501, a whole number shows each pixel."""
    rng = np.random.default_rng(2)
    row, W, b, c, k = uncertain(rng, 1)
    on = 501 * (row - as_array(parts(f(np.tile(row, (501, 1)), W, b, c, k, rng))["db"]))
    agree(on, np.rint(on), atol=1e-3, what="how many dreams show each pixel")
    # On in about a quarter of the dreams, ¼·501 ± 70 being seven standard deviations and more.
    if not np.all((on > 50) & (on < 450)):
        raise Failed(f"the pixels are on in {np.rint(on).astype(int).tolist()} of 501 dreams")


@exercise.check
def arguments_stay(f):
    """The data and the parameters are afterwards what they were."""
    v, W, b, c = np.ones((2, 1)), np.zeros((1, 3)), np.array([-80.0]), np.full(3, LN3)
    unchanged(f, v, W, b, c, 1, np.random.default_rng(0))


@exercise.check(points=2)
def without_chance(f, reference, rng):
    """Gives all three estimates where the visible units leave nothing to chance."""
    for size in rng.permutation([(5, 4, 3, 1), (7, 3, 5, 2), (2, 5, 7, 1), (3, 3, 3, 4)]):
        arguments = settled(rng, *size)
        got, expected = parts(f(*arguments)), parts(reference(*arguments))
        for name in NAMES:
            agree(got[name], expected[name], what=name)


@exercise.check(points=1, after=without_chance)
def k_steps(f, reference, rng):
    """The chain takes k steps, each from where the last one ended."""
    for k in rng.permutation([1, 2, 3, 5]).tolist():
        arguments = spreading(rng, 8, k)
        got, expected = parts(f(*arguments)), parts(reference(*arguments))
        for name in NAMES:
            agree(got[name], expected[name], what=f"{name} with k = {k}")


@exercise.check(points=2, after=without_chance)
def dreams_as_chance_has_it(f, rng):
    """Where chance decides, the dreams are as frequent as they should be."""
    # Each question to `chance` fails a right answer with probability below 1e-12.
    for k in rng.permutation([1, 1, 2]).tolist():
        row, W, b, c, _ = uncertain(rng, k)
        got = parts(f(np.tile(row, (MANY, 1)), W, b, c, k, generator(rng)))
        dW, db, dc = (as_array(got[name], name) for name in NAMES)
        p = 1 / (1 + np.exp(-(row @ W + c)))
        back, hidden, pairs = after_steps(row, W, b, c, k)
        on = MANY * (row - db)
        if np.any(np.abs(on - np.rint(on)) > 0.02):
            raise Failed("the visible units enter the statistics as something else than 0 and 1")
        seen = [*on, *(MANY * (p - dc)), *(MANY * (np.outer(row, p) - dW)).ravel()]
        expected = np.clip([*back, *hidden, *pairs.ravel()], 0, 1)
        if not chance.shares_are(seen, MANY, expected):
            raise Failed(f"with k = {k} the dreams, or their statistics, are not as they should be")


@exercise.check(points=1, after=without_chance)
def grey_pictures(f, reference, rng):
    """Takes data between 0 and 1 as they are, and a single picture."""
    for size in rng.permutation([(5, 4, 3, 1), (1, 3, 4, 1), (1, 5, 2, 2)]):
        v, *rest = settled(rng, *size)
        grey = rng.uniform(0, 1, v.shape)
        agree(f(grey, *rest), reference(grey, *rest))


@exercise.check(points=1, after=without_chance)
def only_chance_is_the_generator(f, rng):
    """The same generator state dreams the same; a used one dreams anew."""
    row, W, b, c, k = uncertain(rng, 1)
    v, seed = np.tile(row, (2001, 1)), int(rng.integers(2**62))
    calls = [(v, W, b, c, k, np.random.default_rng(seed)), (v, W, b, c, k, Left(0, 5))]
    calls.append(calls[0])
    first, second, again = (as_array(parts(answer)["db"]) for answer in f.many(calls))
    agree(again, first, what="db from the same state")
    # Three sums of 2,001 coins are the same twice with probability 1e-6, at four seeds 1e-24.
    others = (parts(f(v, W, b, c, k, generator(rng)))["db"] for _ in range(3))
    if all(np.array_equal(as_array(x), first) for x in (second, *others)):
        raise Failed("other generators, and a used one, gave the same dreams")


@exercise.check(points=1, after=without_chance)
def takes_whole_numbers(f, reference, rng):
    """Takes pictures of whole numbers for what they are."""
    v, *rest = settled(rng, 5, 4, 3, 1)
    whole_numbers(f, reference, v.astype(int), *rest)


@exercise.check(points=1, after=without_chance)
def leaves_inputs_alone(f, rng):
    """Leaves the data and the parameters as they were."""
    unchanged(f, *settled(rng, 5, 4, 3, 1))


@exercise.variant
def picture_by_picture(v, W, b, c, k, rng):
    sigmoid = lambda z: (1 + np.tanh(z / 2)) / 2
    dW, db, dc = np.zeros(W.shape), np.zeros(len(b)), np.zeros(len(c))
    for row in v:
        p = sigmoid(row @ W + c)
        dream, q = row, p
        for _ in range(k):
            h = rng.binomial(1, q)
            dream = rng.binomial(1, sigmoid(W @ h + b))
            q = sigmoid(dream @ W + c)
        dW += (np.outer(row, p) - np.outer(dream, q)) / len(v)
        db += (row - dream) / len(v)
        dc += (p - q) / len(v)
    return [dW, db, dc]


@exercise.variant
def with_their_helpers(v, W, b, c, k, rng):
    dream = v
    for _ in range(k):
        h = bernoulli(rbm_hidden_probability(dream, W, c), rng)
        dream = bernoulli(rbm_visible_probability(h, W, b), rng)
    p, q = (rbm_hidden_probability(pictures, W, c) for pictures in (v, dream))
    pairs = np.einsum("nd,nm->dm", v, p) - np.einsum("nd,nm->dm", dream, q)
    return pairs / len(v), np.mean(v, axis=0) - np.mean(dream, axis=0), np.mean(p - q, axis=0)


def _sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def _tossed(p, rng):
    return (rng.random(p.shape) < p) * 1.0


def _chain(v, W, b, c, k, rng, *, hidden=_tossed, visible=_tossed, steps=None, start=None):
    """The dreams and the hidden probabilities that go with them."""
    dream = v * 1.0 if start is None else start
    q = _sigmoid(dream @ W + c)
    for _ in range(k if steps is None else steps):
        dream = visible(_sigmoid(hidden(q, rng) @ W.T + b), rng)
        q = _sigmoid(dream @ W + c)
    return dream, q


def _estimates(v, p, dream, q, n=None):
    n = len(v) if n is None else n
    return (v.T @ p - dream.T @ q) / n, (v - dream).sum(axis=0) / n, (p - q).sum(axis=0) / n


@exercise.misconception
def dream_minus_data(v, W, b, c, k, rng):
    """The signs are turned: this unlearns the data and learns the dreams."""
    dream, q = _chain(v, W, b, c, k, rng)
    return tuple(-x for x in _estimates(v, _sigmoid(v @ W + c), dream, q))


@exercise.misconception(keeps=0.5)
def summed_over_the_batch(v, W, b, c, k, rng):
    """The sums are not divided by N, so that the right rate would depend on the batch's size."""
    dream, q = _chain(v, W, b, c, k, rng)
    return _estimates(v, _sigmoid(v @ W + c), dream, q, n=1)


@exercise.misconception
def data_phase_only(v, W, b, c, k, rng):
    """Only the data's statistics are taken: the weights would grow for ever. What is subtracted?"""
    p = _sigmoid(v @ W + c)
    return v.T @ p / len(v), v.mean(axis=0), p.mean(axis=0)


@exercise.misconception(keeps=0.5)
def hidden_samples_in_the_statistics(v, W, b, c, k, rng):
    """The hidden units enter the statistics as samples, which only adds noise. Use
    probabilities."""
    p = _tossed(_sigmoid(v @ W + c), rng)
    dream, q = _chain(v, W, b, c, k, rng)
    return _estimates(v, p, dream, _tossed(q, rng))


@exercise.misconception(keeps=0.5)
def grey_dreams(v, W, b, c, k, rng):
    """The dreams are probabilities, not samples. Some do that; the contract wants 0 and 1."""
    dream, q = _chain(v, W, b, c, k, rng, visible=lambda p, rng: p)
    return _estimates(v, _sigmoid(v @ W + c), dream, q)


@exercise.misconception(keeps=1 / 3)
def hidden_probabilities_go_down(v, W, b, c, k, rng):
    """The hidden *probabilities* are sent down. A hidden unit must decide, or it tells more than
    one bit."""
    dream, q = _chain(v, W, b, c, k, rng, hidden=lambda p, rng: p)
    return _estimates(v, _sigmoid(v @ W + c), dream, q)


@exercise.misconception(keeps=0.5)
def always_one_step(v, W, b, c, k, rng):
    """The chain takes one step, whatever k is."""
    dream, q = _chain(v, W, b, c, k, rng, steps=1)
    return _estimates(v, _sigmoid(v @ W + c), dream, q)


@exercise.misconception(keeps=0.5)
def one_step_too_many(v, W, b, c, k, rng):
    """The chain takes k + 1 steps."""
    dream, q = _chain(v, W, b, c, k, rng, steps=k + 1)
    return _estimates(v, _sigmoid(v @ W + c), dream, q)


@exercise.misconception
def starts_from_noise(v, W, b, c, k, rng):
    """The chain starts from noise. Contrastive divergence starts it at the data: that is its
    trick."""
    start = (rng.random(v.shape) < 0.5) * 1.0
    dream, q = _chain(v, W, b, c, k, rng, start=start)
    return _estimates(v, _sigmoid(v @ W + c), dream, q)


@exercise.misconception
def first_hidden_state_kept(v, W, b, c, k, rng):
    """The dreams are paired with what the *data* made of the hidden units. Go up once more."""
    dream, _ = _chain(v, W, b, c, k, rng)
    p = _sigmoid(v @ W + c)
    return (v - dream).T @ p / len(v), (v - dream).mean(axis=0), 0 * c


@exercise.misconception
def hidden_biases_forgotten(v, W, b, c, k, rng):
    """The hidden units' biases c are missing on the way up."""
    dream, q = _chain(v, W, b, 0 * c, k, rng)
    return _estimates(v, _sigmoid(v @ W), dream, q)


@exercise.misconception
def visible_biases_forgotten(v, W, b, c, k, rng):
    """The visible units' biases b are missing on the way down."""
    dream, q = _chain(v, W, 0 * b, c, k, rng)
    return _estimates(v, _sigmoid(v @ W + c), dream, q)


@exercise.misconception
def coins_turned_round(v, W, b, c, k, rng):
    """The comparison is turned: a unit of probability p is on with 1 − p."""
    turned = lambda p, rng: (rng.random(p.shape) > p) * 1.0
    dream, q = _chain(v, W, b, c, k, rng, hidden=turned, visible=turned)
    return _estimates(v, _sigmoid(v @ W + c), dream, q)


@exercise.misconception(keeps=0.5)
def weights_by_hidden_units(v, W, b, c, k, rng):
    """dW is transposed: it has the shape of W, visible by hidden."""
    dream, q = _chain(v, W, b, c, k, rng)
    dW, db, dc = _estimates(v, _sigmoid(v @ W + c), dream, q)
    return dW.T, db, dc


@exercise.misconception
def a_seed_of_its_own(v, W, b, c, k, rng):
    """A fixed seed inside dreams the same dream at every call. Use `rng`."""
    dream, q = _chain(v, W, b, c, k, np.random.default_rng(0))
    return _estimates(v, _sigmoid(v @ W + c), dream, q)


@exercise.misconception
def overwrites_the_data(v, W, b, c, k, rng):
    """The estimates are right, but the caller's data have become dreams."""
    data = v * 1.0
    dream, q = _chain(data, W, b, c, k, rng)
    v[...] = dream
    return _estimates(data, _sigmoid(data @ W + c), dream, q)


@exercise.misconception
def product_of_the_means(v, W, b, c, k, rng):
    """Multiplies the means; asked for is the mean of the products."""
    dream, q = _chain(v, W, b, c, k, rng)
    p = _sigmoid(v @ W + c)
    _, db, dc = _estimates(v, p, dream, q)
    return np.outer(v.mean(0), p.mean(0)) - np.outer(dream.mean(0), q.mean(0)), db, dc


@exercise.misconception
def averaged_over_all_dreams(v, W, b, c, k, rng):
    """Averages over the dreams of all k steps: only the last one counts."""
    p, dream, total = _sigmoid(v @ W + c), None, []
    for _ in range(k):
        dream, q = _chain(v, W, b, c, 1, rng, start=dream)
        total.append(_estimates(v, p, dream, q))
    return tuple(sum(parts) / k for parts in zip(*total))
