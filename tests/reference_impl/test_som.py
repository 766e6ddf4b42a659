"""Self-organising maps against grids drawn by hand, closed forms and the laws of Kohonen."""

import itertools
import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import distance

from reference_impl.classic_networks import som as ref


def grid(rows, columns):
    """A perfectly organised map: every prototype is its own place in the grid."""
    return np.array([[[r, c] for c in range(columns)] for r in range(rows)], dtype=float)


def calls():
    """One ordinary call of every function."""
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(7, 2)), rng.normal(size=(3, 5, 2))
    return {
        "som_distances": (x, weights),
        "som_winners": (x, weights),
        "som_neighbourhood": (np.array([1, 2]), (3, 5), 1.0),
        "som_decay": (0.5, 0.01, 3, 10),
        "som_step": (x[0], weights, 0.5, 1.0),
        "som_train": (x, weights, 5, (0.5, 0.1), (2.0, 0.5), rng),
        "quantisation_error": (x, weights),
        "topographic_error": (x, weights, 4),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize("name", ["som_distances", "som_step", "som_train"])
def test_precision_is_kept(name):
    """float32 stays float32."""
    assert_precision_kept(getattr(ref, name), calls()[name])


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
@settings(max_examples=30)
def test_distances_and_winners_are_scipys(N, R, C, D):
    """cdist to the flat list of prototypes, unravelled."""
    rng = np.random.default_rng(N + 10 * R + 100 * C)
    x, weights = rng.normal(size=(N, D)), rng.normal(size=(R, C, D))
    expected = distance.cdist(x, weights.reshape(-1, D))
    np.testing.assert_allclose(ref.som_distances(x, weights).reshape(N, -1), expected, rtol=1e-12)
    places = list(itertools.product(range(R), range(C)))
    winners = [places[i] for i in expected.argmin(axis=1)]
    np.testing.assert_array_equal(ref.som_winners(x, weights), winners)


def test_winner_on_a_grid_that_is_not_square():
    """In a 3×5 map the winner is (row, column)."""
    places = grid(3, 5).reshape(-1, 2)
    np.testing.assert_array_equal(ref.som_winners(places, grid(3, 5)), places)


def test_a_long_prototype_does_not_win_by_its_length():
    """Nearness decides, not the dot product."""
    weights = np.array([[[1.0, 1.0], [100.0, 100.0]]])
    np.testing.assert_array_equal(ref.som_winners(np.array([[2.0, 2.0]]), weights), [[0, 0]])


def test_neighbourhood_by_hand():
    """1 at the winner, exp(−1/2) at one radius, exp(−2/2) on the diagonal."""
    h = ref.som_neighbourhood(np.array([1, 2]), (3, 5), 1.0)
    assert h.shape == (3, 5)
    assert h[1, 2] == 1
    np.testing.assert_allclose([h[0, 2], h[1, 1]], math.exp(-0.5), rtol=1e-14)
    np.testing.assert_allclose([h[0, 1], h[2, 3]], math.exp(-1), rtol=1e-14)
    assert h[1, 4] == pytest.approx(math.exp(-2), rel=1e-14)


def test_decay_in_closed_form():
    """Start, geometric middle, end; never 0; a single step is the start."""
    values = [ref.som_decay(4.0, 0.25, t, 5) for t in range(5)]
    np.testing.assert_allclose(values, [4, 2, 1, 0.5, 0.25], rtol=1e-14)
    assert ref.som_decay(4.0, 0.25, 0, 1) == 4


def test_step_by_hand():
    """The winner moves half way, its neighbour by half of exp(−1/2), in grid distance."""
    weights = np.array([[[0.0], [10.0], [-1.0]]])
    got = ref.som_step(np.array([1.0]), weights, 0.5, 1.0)[0, :, 0]
    expected = [0.5, 10 - 4.5 * math.exp(-0.5), -1 + 1 * math.exp(-2)]
    np.testing.assert_allclose(got, expected, rtol=1e-14)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_extreme_rates(rate):
    """With rate 0 nothing moves, with rate 1 the winner becomes the example."""
    x, weights = np.array([0.3, 0.4]), grid(3, 3)
    got = ref.som_step(x, weights, rate, 1e-3)
    expected = grid(3, 3)
    expected[0, 0] = x if rate else expected[0, 0]
    np.testing.assert_array_equal(got, expected)


def test_constant_input_draws_all_prototypes_to_it():
    """With a wide neighbourhood every unit converges to the one example there is."""
    start = np.random.default_rng(0).normal(size=(3, 4, 2))
    x = np.array([[5.0, -7.0]])
    got = ref.som_train(x, start, 400, (0.5, 0.1), (3.0, 3.0), np.random.default_rng(0))
    np.testing.assert_allclose(got, np.broadcast_to(x, got.shape), rtol=1e-6)


def test_prototypes_stay_inside_the_data():
    """Steps are convex combinations: no prototype leaves the box of start and data."""
    rng = np.random.default_rng(0)
    x, start = rng.uniform(-1, 1, size=(1000, 2)), rng.uniform(-1, 1, size=(4, 4, 2))
    got = ref.som_train(x, start, 1000, (1.0, 1.0), (5.0, 0.1), rng)
    assert np.abs(got).max() <= 1


def test_quantisation_error_is_not_squared():
    """Distances 5 and 0 have the mean 2.5."""
    x = np.array([[3.0, 4.0], [0.0, 0.0]])
    assert ref.quantisation_error(x, np.zeros((1, 2, 2))) == 2.5


def test_topographic_error_by_hand():
    """Side by side is fine for both, a diagonal only with 8 neighbours, two apart for none."""
    apart = np.array([[[0.0], [9.0], [1.0]]])
    diagonal = np.array([[[0.0], [9.0]], [[8.0], [1.0]]])
    x = np.array([[0.4]])
    assert [ref.topographic_error(x, apart, n) for n in (4, 8)] == [1, 1]
    assert [ref.topographic_error(x, diagonal, n) for n in (4, 8)] == [1, 0]
    assert [ref.topographic_error(x, grid(2, 2)[:, :1, :1], n) for n in (4, 8)] == [0, 0]


def test_a_map_of_the_square_organises():
    """Points in the unit square: folds disappear and prototypes lie where their places do."""
    rng = np.random.default_rng(0)
    x, start = rng.uniform(size=(2000, 2)), rng.uniform(0.4, 0.6, size=(6, 6, 2))
    got = ref.som_train(x, start, 6000, (0.5, 0.02), (3.0, 0.5), rng)
    assert ref.topographic_error(x, start, 8) > 0.6
    assert ref.topographic_error(x, got, 8) < 0.02
    assert ref.quantisation_error(x, got) < ref.quantisation_error(x, start) / 3
    in_map, in_grid = distance.pdist(got.reshape(-1, 2)), distance.pdist(grid(6, 6).reshape(-1, 2))
    assert np.corrcoef(in_map, in_grid)[0, 1] > 0.95
    alone = ref.som_train(x, start, 6000, (0.5, 0.02), (0.01, 0.01), rng)
    assert ref.topographic_error(x, alone, 8) > 0.3


REFUSED = [
    ("som_winners", {0: np.ones((7, 3))}, "weights has shape .3, 5, 2., expected .* D = 3"),
    ("som_winners", {0: np.ones((0, 2))}, "x has shape"),
    ("som_neighbourhood", {2: 0.0}, "radius is 0.0, expected a number > 0"),
    ("som_decay", {1: 0.0}, "end is 0.0"),
    ("som_step", {2: 1.5}, "rate is 1.5, expected a number >= 0 and <= 1"),
    ("som_train", {3: (0.5,)}, "rates has 1 parts, expected 2"),
    ("som_train", {4: (1.0, 0.0)}, r"radii\[1\] is 0.0"),
    ("topographic_error", {2: 6}, "neighbours is 6, expected 4 or 8"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)
