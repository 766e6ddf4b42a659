"""Dropout forwards."""

import numpy as np

from autograder.exercises.ch08_dropout import draws, forms
from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=2,
    core=True,
    hints=(
        "If only 4 of 5 units survive on average, how much louder must each survivor speak?",
        "Make one array of factors, the mask, for either mode; out is x times it, and it is the "
        "cache as well.",
        "Training: mask = kept/(1 − p). Test: mask = 1, and the generator is left alone.",
    ),
    needs=("dropout_mask",),
)


def survives(p):
    return 1 / (1 - p)


def tested(p):
    return 1.0


@exercise.probe
def training_batch(rng):
    return rng.normal(size=(5, 7)), 0.3, rng, True


@exercise.observe
def features(f):
    """Diagnosis looks at rates and factors, not at the draws."""
    return forms.observe(f)


@exercise.check
def zero_or_enlarged(f):
    """With p = 0.2 every 4 becomes 0 or 5, and both happen."""
    out, _ = forms.parts(f(np.full((10, 20), 4.0), 0.2, np.random.default_rng(1), True), (10, 20))
    # Chance that none of 200 is dropped: 0.8**200 < 1e-19.
    if not (np.isclose(out, 0) | np.isclose(out, 5)).all() or len(np.unique(out.round(6))) != 2:
        some = ", ".join(f"{v:.4g}" for v in np.unique(out.round(6))[:4])
        raise Failed(f"the 4s became {some}, expected both 0 and 5")


@exercise.check
def test_mode_by_hand(f):
    """In test mode (1, −2) stays (1, −2), and the cache is (1, 1)."""
    out, cache = forms.parts(f(np.array([1.0, -2.0]), 0.5, np.random.default_rng(2), False), (2,))
    agree(out, np.array([1.0, -2.0]), what="out")
    agree(cache, np.array([1.0, 1.0]), what="cache")


@exercise.check
def a_coin_for_every_entry(f):
    """Tosses a coin for every entry from `rng`, and the cache is what x was multiplied by."""
    forms.own_coins(f, survives)


@exercise.check
def leaves_generator_and_x_alone(f):
    """In test mode the generator is not used; x stays as it was in both modes."""
    forms.test_draws_nothing(f, np.random.default_rng(7))
    for training in (True, False):
        unchanged(f, np.ones((4, 5)), 0.5, np.random.default_rng(8), training)


@exercise.check(points=1)
def values_in_training(f, rng):
    """In training every entry becomes 0 or x/(1 − p), and the cache tells which."""
    forms.training_values(f, rng, survives)
    forms.both_happen(f, rng)
    forms.nothing_to_drop(f, rng, survives)


@exercise.check(points=2, after=values_in_training)
def every_entry_by_its_own_coin(f, rng):
    """Drops every entry with probability p, each by a coin of its own, whatever x is."""
    draws.fair(forms.drawer(f), rng)
    draws.fair_when_small(forms.rows(f), rng)
    draws.every_axis(forms.drawer(f), rng)
    forms.blind(f, rng)


@exercise.check(points=1, after=values_in_training)
def fresh_every_time(f, rng):
    """Takes all chance from the generator handed in: same state, same mask; next call, new mask."""
    draws.fresh(forms.drawer(f), rng)


@exercise.check(points=1, after=values_in_training)
def test_mode(f, rng):
    """In test mode everything passes as it is, and the generator is left alone."""
    forms.values_in_the_test(f, rng, tested)
    forms.test_draws_nothing(f, rng)


@exercise.check(points=1, after=(values_in_training, test_mode))
def modes_in_turn(f, rng):
    """Training and testing in turn, with other rates: nothing is remembered."""
    forms.alternates(f, rng, survives, tested)


@exercise.check(points=1, after=(values_in_training, test_mode))
def leaves_x_alone(f, rng):
    """Leaves x as it was, in both modes."""
    for training in (True, False):
        unchanged(f, forms.inputs(rng, (5, 7)) + 1, 0.4, draws.generator(rng), training)


@exercise.check(points=1, after=(values_in_training, test_mode))
def one_example(f, rng):
    """Treats a single example as one of many, each of its units by a coin of its own."""
    forms.one_example(f, rng, survives, tested)


@exercise.check(points=1, after=(values_in_training, test_mode))
def whole_numbers_count(f, rng):
    """Takes an x of whole numbers for what it is, not cutting out and cache."""
    forms.whole_numbers(f, rng, survives, tested)


@exercise.variant
def early_return(x, p, rng, training):
    if not training:
        return x, np.ones(x.shape)
    mask = rng.binomial(1, 1 - p, size=x.shape) / (1 - p)
    return [x * mask, mask]


@exercise.variant
def with_where(x, p, rng, training):
    silent = rng.uniform(size=x.shape) < p if training else np.zeros(x.shape, dtype=bool)
    factor = 1 / (1 - p) if training else 1.0
    return np.where(silent, 0.0, factor * x), np.where(silent, 0.0, factor)


@exercise.variant
def entry_by_entry(x, p, rng, training):
    mask = np.ones(x.size)
    if training:
        chances = rng.random(x.size)
        for i in range(x.size):
            mask[i] = 0.0 if chances[i] < p else 1.0 / (1.0 - p)
    return x * mask.reshape(x.shape), mask.reshape(x.shape)


def _dropped(x, mask):
    return x * mask, mask


def _kept(x, p, rng):
    return (rng.random(x.shape) >= p).astype(float)


@exercise.misconception
def p_taken_as_keep_rate(x, p, rng, training):
    """p is the probability of being *dropped*; your p is that of being kept."""
    return _dropped(x, (rng.random(x.shape) < p) / max(p, 1e-9) if training else np.ones(x.shape))


@exercise.misconception
def survivors_not_enlarged(x, p, rng, training):
    """The survivors are not enlarged, so the next layer hears less in training than in the test."""
    return _dropped(x, _kept(x, p, rng) if training else np.ones(x.shape))


@exercise.misconception
def scales_at_test_time(x, p, rng, training):
    """This is the older form: it scales at test time. Inverted dropout scales in training."""
    return _dropped(x, _kept(x, p, rng) if training else np.full(x.shape, 1 - p))


@exercise.misconception
def scales_in_both_modes(x, p, rng, training):
    """Training enlarges already, so that the test needs nothing. Here the test shrinks as well."""
    return _dropped(x, _kept(x, p, rng) / (1 - p) if training else np.full(x.shape, 1 - p))


@exercise.misconception
def divides_by_the_drop_rate(x, p, rng, training):
    """Of survivors there is a share of 1 − p. To make up for the loss, divide by which share?"""
    return _dropped(x, _kept(x, p, rng) / max(p, 1e-9) if training else np.ones(x.shape))


@exercise.misconception
def multiplies_by_the_keep_rate(x, p, rng, training):
    """The survivors are made smaller. Their mean must rise to make up for the silent ones."""
    return _dropped(x, _kept(x, p, rng) * (1 - p) if training else np.ones(x.shape))


@exercise.misconception
def drops_in_the_test(x, p, rng, training):
    """Units are dropped in test mode too: the same input would get another answer every time."""
    return _dropped(x, _kept(x, p, rng) / (1 - p))


@exercise.misconception
def modes_swapped(x, p, rng, training):
    """The modes are swapped: training passes everything, and the test drops."""
    return _dropped(x, np.ones(x.shape) if training else _kept(x, p, rng) / (1 - p))


@exercise.misconception
def never_drops(x, p, rng, training):
    """Everything is enlarged and nothing is ever dropped."""
    return _dropped(x, np.full(x.shape, 1 / (1 - p) if training else 1.0))


@exercise.misconception
def draws_in_the_test(x, p, rng, training):
    """The result is right, but test mode draws a mask and throws it away. Leave the generator."""
    mask = _kept(x, p, rng) / (1 - p)
    return _dropped(x, mask if training else np.ones(x.shape))


@exercise.misconception
def one_mask_for_the_batch(x, p, rng, training):
    """All examples lose the same units. Every example needs coins of its own."""
    mask = np.broadcast_to(rng.random(x.shape[1:]) >= p, x.shape) / (1 - p)
    return _dropped(x, mask if training else np.ones(x.shape))


@exercise.misconception
def a_seed_of_its_own(x, p, rng, training):
    """A fixed seed inside draws the same mask in every call. Use `rng`."""
    fixed = _kept(x, p, np.random.default_rng(0)) / (1 - p)
    return _dropped(x, fixed if training else np.ones(x.shape))


@exercise.misconception
def scale_missing_in_the_cache(x, p, rng, training):
    """out is right. But the cache is what x was multiplied by, so the factor belongs into it."""
    mask = _kept(x, p, rng) if training else np.ones(x.shape)
    return x * mask / (1 - p if training else 1), mask


@exercise.misconception
def mask_read_off_the_output(x, p, rng, training):
    """The cache is 0 wherever out is, also where x itself was 0 and its unit was kept."""
    out = x * _kept(x, p, rng) / (1 - p) if training else x
    return out, (out != 0) * (1 / (1 - p) if training else 1.0)


@exercise.misconception
def zeroes_x_itself(x, p, rng, training):
    """The result is right, but x is changed: other layers still need it. Make a new array."""
    mask = _kept(x, p, rng) / (1 - p) if training else np.ones(x.shape)
    x *= mask
    return x, mask


@exercise.misconception
def cache_is_the_input(x, p, rng, training):
    """The cache holds x. The way back needs the mask, to go through the same units."""
    mask = _kept(x, p, rng) / (1 - p) if training else np.ones(x.shape)
    return x * mask, x


@exercise.misconception
def chance_from_elsewhere(x, p, rng, training):
    """The generator handed in is not used, so nobody can repeat your run."""
    mask = _kept(x, p, np.random.default_rng()) / (1 - p)
    return _dropped(x, mask if training else np.ones(x.shape))


@exercise.misconception
def mask_of_the_type_of_x(x, p, rng, training):
    """The mask has the type of x: for whole numbers its 1.25 is cut to 1."""
    mask = _kept(x, p, rng) / (1 - p) if training else np.ones(x.shape)
    return _dropped(x, mask.astype(x.dtype))
