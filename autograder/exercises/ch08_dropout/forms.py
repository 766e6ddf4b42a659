"""What the two forms of dropout have in common: `forward(x, p, rng, training) -> out, cache`.

`survives` and `tested` say what an entry of 1 becomes: in training if it survives, and in test
mode (numbers as functions of p).
"""

import numpy as np

from autograder.exercises.ch08_dropout import draws
from autograder.judging.calls import LearnerError, Left
from autograder.judging.compare import Failed, agree, as_array, sequence


def parts(result, shape):
    """out and cache as arrays of x's shape."""
    both = sequence(result, 2, "the result")
    out, cache = (as_array(part, name) for part, name in zip(both, ("out", "cache"), strict=True))
    for array, name in ((out, "out"), (cache, "cache")):
        if array.shape != tuple(shape):
            raise Failed(f"{name} has shape {array.shape}, expected {tuple(shape)}, that of x")
        if array.dtype.kind == "c" or not np.isfinite(array).all():
            raise Failed(f"{name} holds something else than finite real numbers")
    return out.astype(float), cache.astype(float)


def rows(f, x=1.0):
    """The masks that `f` draws for an x that is everywhere this number, as its cache says."""

    def row(rng, shape, p, times):
        sources = rng, *(Left(k, 2) for k in range(times - 1))
        replies = f.replies([(np.full(shape, x), p, source, True) for source in sources])
        for reply in replies:
            if reply.error is not None:
                raise reply.error
        masks = [parts(reply.value, shape)[1] != 0 for reply in replies]
        return masks, replies[-1].args_after[2]

    return row


def drawer(f, x=1.0):
    return draws.drawer(rows(f, x))


def inputs(rng, shape):
    """Numbers of either sign, some of them exactly 0, as after a ReLU."""
    return rng.normal(size=shape) * (rng.random(shape) < 0.8)


SHAPES = [(5, 7), (13, 1), (11,), (2, 3, 5), (2, 3, 4, 5), (3, 1)]
ONE_EXAMPLE = [(1, 3), (1, 1), (1, 29), (1, 3, 5)]
TRAINED_AT = (0.995, 0.13, 0.5, 0.86, 0.97)
TESTED_AT = (0.0, 0.13, 0.5, 0.86, 0.999)


def cases(rng, rates, shapes=(*SHAPES, (40, 50))):
    """x of these shapes and of many sizes, each by rows and by columns."""
    scales = (1e-5, 1.0, 1e6, 1e3)
    for k, shape in enumerate(shapes):
        for j in (2 * k, 2 * k + 1):
            x = scales[j % len(scales)] * inputs(rng, shape)
            yield np.array(x, order="CF"[j % 2]), rates[j % len(rates)]


def whole(rng):
    """x of whole numbers."""
    for p in (0.13, 0.5):
        yield rng.integers(-9, 10, size=(5, 7)), p


def results(f, rng, asked, training):
    """x, p, out and cache of every case; with integers, an error is no silent mistake."""
    calls = [(x, p, draws.generator(rng), training) for x, p in asked]
    for (x, p, _, _), reply in zip(calls, f.replies(calls), strict=True):
        if reply.error is None:
            yield x, p, *parts(reply.value, x.shape)
        elif x.dtype.kind == "f":
            raise reply.error


def training_values(f, rng, survives, asked=None, kind=""):
    """In training, out is x times the cache, and the cache 0 or what a survivor of 1 becomes."""
    for x, p, out, cache in results(f, rng, asked or cases(rng, TRAINED_AT), True):
        right = np.where(cache != 0, survives(p), 0)
        agree(cache, right, atol=0, what=f"the cache in training{kind}")
        agree(out, x * cache, atol=0, what=f"out in training{kind}")


def one_example(f, rng, survives, tested):
    """A single example is treated as one of many is, and its units have coins of their own."""
    kind = ", of a single example"
    training_values(f, rng, survives, cases(rng, TRAINED_AT, ONE_EXAMPLE), kind)
    values_in_the_test(f, rng, tested, cases(rng, TESTED_AT, ONE_EXAMPLE), kind)
    nothing_to_drop(f, rng, survives, ONE_EXAMPLE)
    draws.one_example(rows(f), rng)
    x = inputs(rng, (5, 7))
    together, _ = parts(f(x, 0.4, draws.generator(rng), False), x.shape)
    alone, _ = parts(f(x[:1], 0.4, draws.generator(rng), False), (1, 7))
    agree(alone, together[:1], what="the first example alone")


def whole_numbers(f, rng, survives, tested):
    """An x of whole numbers is not a reason to round what comes out."""
    training_values(f, rng, survives, whole(rng), ", for whole numbers")
    values_in_the_test(f, rng, tested, whole(rng), ", for whole numbers")


def own_coins(f, survives):
    """Public: coins for every entry and call, and a cache that says what x was multiplied by."""
    draws.coins_vary(drawer(f))
    x = np.array([[0.0] * 30, [4.0] * 30])
    out, cache = parts(f(x, 0.2, np.random.default_rng(6), True), x.shape)
    agree(cache, np.where(cache != 0, survives(0.2), 0), what="the cache")
    agree(out, x * cache, what="out")
    if not cache[0].any():  # 30 zeros all dropped: 0.2**30
        raise Failed("the cache says that all zeros of x were dropped; zeros are kept as often")


def both_happen(f, rng):
    """Among 2,000 entries some are dropped, some are kept: else, 0.5**2000."""
    cache = parts(f(np.ones((40, 50)), 0.5, draws.generator(rng), True), (40, 50))[1]
    if not (np.any(cache == 0) and np.any(cache != 0)):
        raise Failed("with p = 0.5 all of 2,000 units were dropped, or none")


def blind(f, rng):
    """Zeros, negative and huge numbers are dropped as often as any other."""
    for x in (0.0, -1e3, 1e300, 1e-300):
        kept, _ = drawer(f, x)(draws.generator(rng), (101, 97), 0.3)
        if not draws.rate_is(kept, 0.3):
            raise Failed(f"where x is {x:g}, a share of {np.mean(~kept):.3f} is dropped at p = 0.3")
    x = inputs(rng, (101, 97))
    seed = int(rng.integers(2**62))
    one, other = (
        parts(f(values, 0.3, np.random.default_rng(seed), True), x.shape)[1]
        for values in (x, -5 * x)
    )
    agree(other, one, what="the cache for another x and an equal generator")


def values_in_the_test(f, rng, tested, asked=None, kind=""):
    """In test mode nothing is drawn: out is x times the cache, a constant."""
    for x, p, out, cache in results(f, rng, asked or cases(rng, TESTED_AT), False):
        agree(out, tested(p) * x, atol=0, what=f"out in test mode{kind}")
        agree(cache, np.full(x.shape, tested(p)), atol=0, what=f"the cache in test mode{kind}")


def test_draws_nothing(f, rng):
    """The generator is left as it was, and examples are treated as if alone."""
    source, x = draws.generator(rng), inputs(rng, (5, 7))
    before = source.bit_generator.state
    reply = f.reply(x, 0.4, source, False)
    if reply.error is not None:
        raise reply.error
    if _state(reply.args_after[2].bit_generator.state) != _state(before):
        raise Failed("the generator moved on: in test mode nothing is to be drawn")
    together, _ = parts(reply.value, x.shape)
    alone, _ = parts(f(x[:2], 0.4, source, False), (2, 7))
    agree(alone, together[:2], what="the first two examples alone")


def _state(state):
    """A generator's state as text; arrays inside (MT19937) as lists."""
    if isinstance(state, dict):
        return {key: _state(value) for key, value in state.items()}
    return np.asarray(state).tolist() if isinstance(state, np.ndarray) else state


def nothing_to_drop(f, rng, survives, shapes=SHAPES):
    """With p = 0, training is the same as no dropout at all."""
    calls = [(inputs(rng, shape), 0.0, draws.generator(rng), True) for shape in shapes]
    for (x, *_), value in zip(calls, f.many(calls), strict=True):
        out, cache = parts(value, x.shape)
        agree(out, x, what="out in training with p = 0")
        agree(cache, np.full(x.shape, survives(0.0)), what="the cache in training with p = 0")


def alternates(f, rng, survives, tested):
    """Training, test, training again with other rates: no mode or rate is remembered."""
    source = draws.generator(rng)
    for p, training in [(0.5, True), (0.2, False), (0.7, True), (0.7, False), (0.1, True)]:
        x = inputs(rng, (23, 29)) + 2
        reply = f.reply(x, p, source, training)
        if reply.error is not None:
            raise reply.error
        source = reply.args_after[2]
        out, cache = parts(reply.value, x.shape)
        factor = np.where(cache != 0, survives(p), 0) if training else tested(p)
        agree(out, factor * x, what=f"out with p = {p}, training = {training}")
        # 667 coins: none dropped or all dropped has probability at most 0.9**667 < 1e-30.
        if training and len(np.unique(cache)) != 2:
            raise Failed("in training some should be dropped and some kept")


def observe(f):
    """How an answer draws and scales, as truth values and rounded factors, not what came out."""
    try:
        if f(np.ones((2, 3)), 0.2, np.random.default_rng(0), True) is None:
            return [{"value": None}]
        seen = draws.features(drawer(f), 5)
        for x, p, training in [
            (1.0, 0.2, True),
            (1.0, 0.2, False),
            (0.0, 0.2, True),
            (4, 0.2, True),
            (4, 0.2, False),
        ]:
            shape = (53, 59)
            reply = f.reply(np.full(shape, x), p, np.random.default_rng(3), training)
            if reply.error is not None:
                raise reply.error
            out, cache = parts(reply.value, shape)
            moved = _state(reply.args_after[2].bit_generator.state)
            seen.append(moved == _state(np.random.default_rng(3).bit_generator.state))
            seen.append(bool(np.all(reply.args_after[0] == x)))
            for array in (out, cache):
                seen += [round(float(array.max()), 4), float(array.min()), bool(np.ptp(array) > 0)]
            seen.append(bool(np.all(out == x * cache)))
        return seen
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message.split(",")[0]]
