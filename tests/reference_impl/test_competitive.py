"""Competitive learning and real-valued ART against cdist, k-means and categories by hand."""

import itertools

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster import vq
from scipy.spatial import distance

from reference_impl.classic_networks import competitive as ref


def blobs(n=200, seed=0):
    """Four round clouds, and which point belongs to which."""
    rng = np.random.default_rng(seed)
    centres = np.array(list(itertools.product([0.0, 6.0], repeat=2)))
    which = np.arange(n) % 4
    return centres[which] + 0.4 * rng.normal(size=(n, 2)), which


def calls():
    """One ordinary call of every function."""
    rng = np.random.default_rng(0)
    x, prototypes = rng.normal(size=(7, 2)), rng.normal(size=(3, 2))
    return {
        "competitive_step": (x[0], prototypes, 0.5),
        "competitive_train": (x, prototypes, 0.5, 6, rng),
        "art_present": (x[0], prototypes, 0.4, 0.5),
        "art_train": (x, 0.4, 0.5, 2),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed, float32 stays float32."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])
    assert_precision_kept(getattr(ref, name), calls()[name])


@given(st.integers(1, 5), st.integers(1, 4), st.floats(0, 1), st.integers(0, 99))
@settings(max_examples=40)
def test_the_winner_takes_all(K, D, rate, seed):
    """The nearest by cdist moves the share `rate` of the way; nobody else moves at all."""
    rng = np.random.default_rng(seed)
    x, prototypes = rng.normal(size=D), rng.normal(size=(K, D))
    winner, moved = ref.competitive_step(x, prototypes, rate)
    assert winner == distance.cdist(x[None], prototypes)[0].argmin()
    others = np.arange(K) != winner
    np.testing.assert_array_equal(moved[others], prototypes[others])
    np.testing.assert_allclose(
        moved[winner], (1 - rate) * prototypes[winner] + rate * x, atol=1e-12
    )


def test_among_equals_the_first_wins():
    """Two prototypes equally far from the input."""
    winner, _ = ref.competitive_step(np.zeros(1), np.array([[1.0], [-1.0]]), 0.5)
    assert winner == 0


def test_prototypes_end_where_k_means_ends():
    """From one point of each cloud they come to SciPy's centres."""
    x, _ = blobs()
    got = ref.competitive_train(x, x[:4], 0.2, 4000, np.random.default_rng(1))
    centres, _ = vq.kmeans2(x, x[:4].copy(), minit="matrix")
    assert np.linalg.norm(got - centres, axis=1).max() < 0.1


def test_art_by_hand():
    """On a line: the first opens, the near one is learned, the far one opens with its own place."""
    category, prototypes = ref.art_present(np.array([2.0]), np.empty((0, 1)), 0.5, 0.1)
    assert category == 0
    np.testing.assert_array_equal(prototypes, [[2.0]])
    category, prototypes = ref.art_present(np.array([2.5]), prototypes, 0.5, 0.1)  # e^-0.5 = 0.61
    assert category == 0
    np.testing.assert_allclose(prototypes, [[2.05]])
    category, prototypes = ref.art_present(np.array([3.0]), prototypes, 0.5, 0.1)  # e^-0.95 = 0.39
    assert category == 1
    np.testing.assert_allclose(prototypes, [[2.05], [3.0]])


def test_similarity_must_exceed_the_vigilance():
    """At exactly e^-d a unit is added; just below it is not."""
    edge = float(np.exp(-1.0))
    assert ref.art_present(np.ones(1), np.zeros((1, 1)), edge, 0.5)[0] == 1
    assert ref.art_present(np.ones(1), np.zeros((1, 1)), np.nextafter(edge, 0), 0.5)[0] == 0


def test_more_vigilance_makes_more_categories():
    """From one for all to one for each; in the middle the four clouds, and nothing else."""
    x, which = blobs()
    counts = []
    for vigilance in (0.0, 0.01, 0.05, 0.1, 0.5, 0.8, 0.95, 1.0):
        prototypes, categories = ref.art_train(x, vigilance, 0.1, 1)
        counts.append(len(prototypes))
        assert categories.max() + 1 == len(prototypes)
        if vigilance == 0.05:
            np.testing.assert_array_equal(categories[0], which)
    assert counts == sorted(counts)
    assert (counts[0], counts[2], counts[-1]) == (1, 4, 200)
