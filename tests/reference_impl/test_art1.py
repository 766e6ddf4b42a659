"""ART1 against patterns worked by hand and the theorems of Carpenter and Grossberg."""

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reference_impl.classic_networks import art1 as ref

NOTHING = np.empty((0, 4))


def bits(*rows):
    """Rows of binary digits as an array."""
    return np.array([[float(digit) for digit in row] for row in rows])


def calls():
    """One ordinary call of every function."""
    prototypes = bits("1100", "0011")
    pattern = bits("0111")[0]
    return {
        "art1_choice": (pattern, prototypes, 2.0),
        "art1_match": (pattern, prototypes),
        "art1_present": (pattern, prototypes, 0.6, 2.0, 5),
        "art1_train": (bits("0111", "1100", "0011"), 0.6, 2.0, 5, 2),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed, float32 stays float32."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])
    assert_precision_kept(getattr(ref, name), calls()[name])


def test_choice_by_hand():
    """L = 2: |I∧w| of 1 and 2 over 1 + 2."""
    got = ref.art1_choice(*calls()["art1_choice"])
    np.testing.assert_allclose(got, [2 / 3, 4 / 3], rtol=1e-14)


def test_a_prototype_full_of_ones_does_not_always_win():
    """The exact subset is called more strongly than the superset."""
    prototypes = bits("1111", "1100")
    got = ref.art1_choice(bits("1100")[0], prototypes, 2.0)
    np.testing.assert_allclose(got, [4 / 5, 4 / 3], rtol=1e-14)


def test_match_divides_by_the_input():
    """A small prototype inside a large input explains only a part of it."""
    got = ref.art1_match(bits("1111")[0], bits("1000", "1110"))
    np.testing.assert_array_equal(got, [0.25, 0.75])


def test_the_first_input_becomes_the_first_prototype():
    """With no categories nothing is reset."""
    category, prototypes, reset = ref.art1_present(bits("0110")[0], NOTHING, 0.9, 2.0, 3)
    assert (category, reset) == (0, [])
    np.testing.assert_array_equal(prototypes, bits("0110"))


def test_fast_learning_keeps_the_common_ones():
    """The winner becomes w ∧ I, not I; the other rows stay."""
    category, prototypes, reset = ref.art1_present(*calls()["art1_present"])
    assert (category, reset) == (1, [])
    np.testing.assert_array_equal(prototypes, bits("1100", "0011"))
    _, prototypes, _ = ref.art1_present(bits("0001")[0], prototypes, 0.6, 2.0, 5)
    np.testing.assert_array_equal(prototypes, bits("1100", "0001"))


def test_reset_goes_on_to_the_next_category():
    """The strongest call fails the vigilance test, the second passes it."""
    prototypes = bits("1100000", "1111111")
    pattern = bits("1111000")[0]
    category, learned, reset = ref.art1_present(pattern, prototypes, 0.9, 1.1, 5)
    assert (category, reset) == (1, [0])
    np.testing.assert_array_equal(learned, bits("1100000", "1111000"))


def test_when_all_fail_a_new_category_is_the_input():
    """Every category is tried once and the search ends."""
    pattern = bits("0110")[0]
    category, learned, reset = ref.art1_present(pattern, bits("1100", "0011"), 0.9, 2.0, 3)
    assert (category, reset) == (2, [0, 1])
    np.testing.assert_array_equal(learned, bits("1100", "0011", "0110"))


def test_no_room_loses_nothing():
    """When the memory is full the input gets no category and no prototype changes."""
    prototypes = bits("1100", "0011")
    category, learned, reset = ref.art1_present(bits("0110")[0], prototypes, 0.9, 2.0, 2)
    assert (category, reset) == (-1, [0, 1])
    np.testing.assert_array_equal(learned, prototypes)


def test_inhibition_ends_with_the_input():
    """A category reset by one input answers the next."""
    x = bits("1100", "0011", "1100")
    prototypes, categories = ref.art1_train(x, 1.0, 2.0, 5, 1)
    assert categories.tolist() == [[0, 1, 0]]
    np.testing.assert_array_equal(prototypes, x[:2])


PATTERNS = hnp.arrays(float, (8, 6), elements=st.sampled_from([0.0, 1.0]))


@given(PATTERNS, st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0]))
@settings(max_examples=60)
def test_learning_is_stable(x, vigilance):
    """Prototypes only shrink, each input's match is at least ρ when learned, and it settles."""
    assume(x.any(axis=1).all())
    prototypes = np.empty((0, 6))
    for pattern in np.tile(x, (6, 1)):
        category, learned, _ = ref.art1_present(pattern, prototypes, vigilance, 2.0, 99)
        assert (learned[: len(prototypes)] <= prototypes).all()
        assert learned[category] @ pattern >= vigilance * pattern.sum() - 1e-12
        prototypes = learned
    _, once = ref.art1_train(x, vigilance, 2.0, 99, 8)
    np.testing.assert_array_equal(once[-1], once[-2])


@given(PATTERNS)
@settings(max_examples=40)
def test_full_vigilance_never_mixes(x):
    """ρ = 1: an input joins only a prototype that contains it whole; distinct ends are distinct."""
    assume(x.any(axis=1).all())
    order = np.argsort(x.sum(axis=1), kind="stable")
    prototypes, categories = ref.art1_train(x[order], 1.0, 1.0001, 99, 1)
    np.testing.assert_array_equal(prototypes[categories[0]], x[order])
    assert len(prototypes) == len(np.unique(x, axis=0))


def test_no_vigilance_is_one_category():
    """ρ = 0 accepts the first category for all that share its call."""
    x = np.random.default_rng(0).integers(2, size=(20, 5)).astype(float)
    x[:, 0] = 1
    prototypes, categories = ref.art1_train(x, 0.0, 2.0, 99, 2)
    assert (categories == 0).all()
    np.testing.assert_array_equal(prototypes, x.min(axis=0, keepdims=True))


@pytest.mark.parametrize("vigilance", [0.0, 1e-300, 0.5])
def test_no_prototype_is_erased(vigilance):
    """An input that shares nothing with any category opens a new one, or finds no room.

    So it is in the paper: there an unused category calls with L·|I|/(L − 1 + D), one without
    overlap not at all.
    """
    prototypes = bits("1100", "1000")
    category, learned, reset = ref.art1_present(bits("0011")[0], prototypes, vigilance, 2.0, 5)
    np.testing.assert_array_equal(learned, bits("1100", "1000", "0011"))
    assert (category, reset) == (2, [0, 1])
    category, learned, _ = ref.art1_present(bits("0011")[0], prototypes, vigilance, 2.0, 2)
    np.testing.assert_array_equal(learned, prototypes)
    assert category == -1


@given(PATTERNS)
@settings(max_examples=40)
def test_every_prototype_keeps_a_one(x):
    """Also at vigilance 0, in any order of inputs, with little room."""
    assume(x.any(axis=1).all())
    prototypes, _ = ref.art1_train(x, 0.0, 2.0, 3, 4)
    assert prototypes.any(axis=1).all()


def test_more_vigilance_makes_more_categories():
    """From one category to one for each distinct input."""
    x = np.random.default_rng(0).integers(2, size=(40, 8)).astype(float)
    x[:, 0] = 1
    x = x[np.argsort(x.sum(axis=1), kind="stable")]
    sizes = [len(ref.art1_train(x, rho, 2.0, 99, 1)[0]) for rho in (0, 0.4, 0.7, 1)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 1
    assert sizes[-1] == len(np.unique(x, axis=0))


REFUSED = [
    ("art1_choice", {0: np.zeros(4)}, "pattern is all 0, expected some other entry"),
    ("art1_choice", {0: np.full(4, 0.5)}, "pattern holds 0.5, expected only 0 and 1"),
    ("art1_choice", {1: np.ones((2, 3))}, "prototypes has shape .2, 3., .* D = 4"),
    ("art1_choice", {2: 1.0}, "L is 1.0, expected a number > 1"),
    ("art1_present", {2: 1.1}, "vigilance is 1.1, expected a number >= 0 and <= 1"),
    ("art1_present", {4: 0}, "capacity is 0"),
    ("art1_train", {0: bits("1100", "0000")}, r"x\[1\] is all 0"),
    ("art1_train", {0: NOTHING}, "x has shape"),
    ("art1_train", {4: 0}, "epochs is 0"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)
