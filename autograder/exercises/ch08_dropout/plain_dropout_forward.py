"""Dropout as first published."""

import numpy as np

from autograder.exercises.ch08_dropout import draws, forms
from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Nothing is enlarged in training. By what must the test make up for it?",
        "Only the two factors differ from what you have written before.",
        "Training: mask = kept. Test: mask = 1 − p everywhere.",
    ),
    needs=("dropout_mask",),
)


def survives(p):
    return 1.0


def tested(p):
    return 1 - p


@exercise.probe
def training_batch(rng):
    return rng.normal(size=(5, 7)), 0.3, rng, True


@exercise.observe
def features(f):
    """Diagnosis looks at rates and factors, not at the draws."""
    return forms.observe(f)


@exercise.check
def zero_or_unchanged(f):
    """With p = 0.2 every 4 becomes 0 or stays 4, and both happen."""
    out, _ = forms.parts(f(np.full((10, 20), 4.0), 0.2, np.random.default_rng(1), True), (10, 20))
    # Chance that none of 200 is dropped: 0.8**200 < 1e-19.
    if not (np.isclose(out, 0) | np.isclose(out, 4)).all() or len(np.unique(out.round(6))) != 2:
        some = ", ".join(f"{v:.4g}" for v in np.unique(out.round(6))[:4])
        raise Failed(f"the 4s became {some}, expected both 0 and 4")


@exercise.check
def test_mode_by_hand(f):
    """In test mode with p = 0.25 (4, −8) becomes (3, −6), and the cache is (0.75, 0.75)."""
    out, cache = forms.parts(f(np.array([4.0, -8.0]), 0.25, np.random.default_rng(2), False), (2,))
    agree(out, np.array([3.0, -6.0]), what="out")
    agree(cache, np.array([0.75, 0.75]), what="cache")


@exercise.check
def a_coin_for_every_entry(f):
    """Tosses a coin for every entry from `rng`, and the cache is what x was multiplied by."""
    forms.own_coins(f, survives)


@exercise.check(points=1)
def values_in_training(f, rng):
    """In training every entry becomes 0 or stays, and the cache tells which."""
    forms.training_values(f, rng, survives)
    forms.both_happen(f, rng)
    forms.nothing_to_drop(f, rng, survives)


@exercise.check(points=1, after=values_in_training)
def every_entry_by_its_own_coin(f, rng):
    """Drops every entry with probability p, by a fresh coin of its own, whatever x is."""
    draws.fair(forms.drawer(f), rng)
    draws.fair_when_small(forms.rows(f), rng)
    draws.every_axis(forms.drawer(f), rng)
    draws.fresh(forms.drawer(f), rng)
    forms.blind(f, rng)


@exercise.check(points=1, after=values_in_training)
def test_mode(f, rng):
    """In test mode everything is scaled by the keep rate, and the generator is left alone."""
    forms.values_in_the_test(f, rng, tested)
    forms.test_draws_nothing(f, rng)


@exercise.check(points=1, after=(values_in_training, test_mode))
def modes_in_turn(f, rng):
    """Training and testing in turn, with other rates: nothing is remembered, x is left alone."""
    forms.alternates(f, rng, survives, tested)
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
        return [(1 - p) * x, np.full(x.shape, 1 - p)]
    kept = rng.random(x.shape) < 1 - p
    return [np.where(kept, x, 0), kept]


@exercise.variant
def coins_for_a_flat_array(x, p, rng, training):
    mask = rng.binomial(1, 1 - p, x.size) if training else np.repeat(1 - p, x.size)
    return (mask * x.ravel()).reshape(x.shape), mask.reshape(x.shape)


def _dropped(x, mask):
    return x * mask, mask


def _kept(x, p, rng):
    return (rng.random(x.shape) >= p).astype(float)


@exercise.misconception
def inverted_form(x, p, rng, training):
    """This is the form from before, which enlarges in training. Here the *test* is scaled."""
    return _dropped(x, _kept(x, p, rng) / (1 - p) if training else np.ones(x.shape))


@exercise.misconception
def scaled_in_both_modes(x, p, rng, training):
    """Training enlarges and the test shrinks: that makes up for the same loss twice."""
    return _dropped(x, _kept(x, p, rng) / (1 - p) if training else np.full(x.shape, 1 - p))


@exercise.misconception
def test_not_scaled(x, p, rng, training):
    """In the test all units speak, so the next layer hears more than it was trained for."""
    return _dropped(x, _kept(x, p, rng) if training else np.ones(x.shape))


@exercise.misconception
def test_scaled_by_the_drop_rate(x, p, rng, training):
    """The test is scaled by the share that was *dropped*. A p of 0.1 should hardly shrink it."""
    return _dropped(x, _kept(x, p, rng) if training else np.full(x.shape, p))


@exercise.misconception
def test_is_enlarged(x, p, rng, training):
    """In the test more units speak than in training: they must be turned down, not up."""
    return _dropped(x, _kept(x, p, rng) if training else np.full(x.shape, 1 / (1 - p)))


@exercise.misconception
def p_taken_as_keep_rate(x, p, rng, training):
    """p is the probability of being *dropped*; your p is that of being kept."""
    return _dropped(x, (rng.random(x.shape) < p) * 1.0 if training else np.full(x.shape, p))


@exercise.misconception
def drops_in_the_test(x, p, rng, training):
    """Units are dropped in test mode too: the same input would get another answer every time."""
    return _dropped(x, _kept(x, p, rng))


@exercise.misconception
def cache_of_the_test_is_ones(x, p, rng, training):
    """out is right. But the cache is what x was multiplied by, and in the test that is not 1."""
    mask = _kept(x, p, rng) if training else np.ones(x.shape)
    return x * (mask if training else 1 - p), mask


@exercise.misconception
def one_mask_for_the_batch(x, p, rng, training):
    """All examples lose the same units. Every example needs coins of its own."""
    mask = np.broadcast_to(rng.random(x.shape[1:]) >= p, x.shape) * 1.0
    return _dropped(x, mask if training else np.full(x.shape, 1 - p))


@exercise.misconception
def a_seed_of_its_own(x, p, rng, training):
    """A fixed seed inside draws the same mask in every call. Use `rng`."""
    fixed = _kept(x, p, np.random.default_rng(0))
    return _dropped(x, fixed if training else np.full(x.shape, 1 - p))


@exercise.misconception
def mask_read_off_the_output(x, p, rng, training):
    """The cache is 0 wherever out is, also where x itself was 0 and its unit was kept."""
    out = x * (_kept(x, p, rng) if training else 1 - p)
    return out, (out != 0) * (1.0 if training else 1 - p)
