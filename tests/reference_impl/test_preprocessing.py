"""Preprocessing against SciPy, NumPy's statistics and the laws of each method."""

import itertools

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import linalg, stats

from reference_impl import preprocessing as ref


def cloud(seed=0, n=60, d=5):
    """Correlated data with different means and scales."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 3 * rng.normal(size=d)


X, LABELS = cloud(), np.arange(60) % 3
MEAN, COMPONENTS, VARIANCES = ref.pca_fit(X)
IMAGES = np.random.default_rng(1).normal(size=(4, 5, 6, 3))
CALLS = {
    "standardise_fit": (X,),
    "centre": (X, MEAN),
    "standardise": (X, MEAN, VARIANCES),
    "min_max_fit": (X,),
    "min_max": (X, X.min(axis=0), X.max(axis=0), 0.0, 1.0),
    "mean_image": (IMAGES,),
    "channel_mean": (IMAGES, "NHWC"),
    "covariance": (X,),
    "pca_fit": (X,),
    "pca_project": (X, MEAN, COMPONENTS[:, :2]),
    "pca_reconstruct": (X[:, :2], MEAN, COMPONENTS[:, :2]),
    "whiten": (X, MEAN, COMPONENTS, VARIANCES, 1e-8, True),
    "fisher_direction": (X[:30], X[30:]),
    "scatter": (X, LABELS),
    "discriminants": (np.cov(X.T), np.cov(X[:9].T), 2),
    "lda_fit": (X, LABELS),
    "lda_classifier_fit": (X, LABELS),
    "lda_classify": (X, MEAN[:, None] * [1, 2], np.zeros(2)),
    "best_subset": (ref.centre(X, MEAN), 2),
    "descent_iterations": (X, MEAN.sum() + X[:, 0], 1e-3, 50),
    "select_by_variance": (X, 1.0),
    "select_by_correlation": (X, 0.5),
    "explained_share": (X, X[:, :2]),
    "fisher_ratio": (X, LABELS, MEAN),
}
WITHOUT_FLOAT_ARRAYS = [*[*CALLS][-4:], "lda_classify", "best_subset", "descent_iterations"]


@pytest.mark.parametrize("name", CALLS)
def test_contract(name):
    """Nothing passed in is changed, precision is kept, and the docstring is complete."""
    function = getattr(ref, name)
    assert_arguments_unchanged(function, CALLS[name])
    assert_documented(function)
    if name not in WITHOUT_FLOAT_ARRAYS:
        assert_precision_kept(function, CALLS[name])


def test_standardised_training_data():
    """Training data get mean 0 and std 1; new data are measured with the same yardstick."""
    mean, std = ref.standardise_fit(X[:40])
    z = ref.standardise(X[:40], mean, std)
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(z.std(axis=0), 1, rtol=1e-13)
    new = ref.standardise(X[40:], mean, std)
    np.testing.assert_allclose(new * X[:40].std(axis=0) + X[:40].mean(axis=0), X[40:], rtol=1e-12)
    np.testing.assert_allclose(ref.centre(X, X.mean(axis=0)).sum(axis=0), 0, atol=1e-11)


@given(
    hnp.arrays(
        float, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.floats(-1e3, 1e3)
    )
)
def test_any_batch_stays_finite(x):
    """One example, constant features or equal rows never make a NaN."""
    assert np.isfinite(ref.standardise(x, *ref.standardise_fit(x))).all()
    scaled = ref.min_max(x, *ref.min_max_fit(x))
    assert (np.abs(scaled) <= 1 + 1e-12).all()
    assert np.isfinite(ref.whiten(x, *ref.pca_fit(x), epsilon=1e-3)).all()


def test_min_max_reaches_both_ends_exactly():
    """Each feature's extremes become the exact ends of the new range; a constant, the lower."""
    x = np.hstack([X, np.full((60, 1), 7.0)])
    z = ref.min_max(x, *ref.min_max_fit(x), -1.0, 1.0)
    np.testing.assert_array_equal(z[:, :-1].min(axis=0), -1)
    np.testing.assert_array_equal(z[:, :-1].max(axis=0), 1)
    np.testing.assert_array_equal(z[:, -1], -1)


def test_min_max_does_not_clip_new_data():
    """A test value above the training maximum lands above the range."""
    z = ref.min_max(np.array([[3.0]]), np.array([0.0]), np.array([2.0]), 0.0, 1.0)
    assert z == 1.5


def test_image_means_and_their_sizes():
    """A mean image has as many numbers as an image, a channel mean as many as channels."""
    images = np.random.default_rng(0).normal(size=(4, 32, 32, 3))
    assert ref.mean_image(images).size == 3072
    np.testing.assert_allclose(ref.mean_image(images)[3, 5, 1], images[:, 3, 5, 1].sum() / 4)
    last, second = ref.channel_mean(images), ref.channel_mean(images.transpose(0, 3, 1, 2), "NCHW")
    assert (last.shape, second.shape) == ((1, 1, 1, 3), (1, 3, 1, 1))
    np.testing.assert_allclose(last.ravel(), second.ravel(), rtol=1e-12)
    np.testing.assert_allclose(last[0, 0, 0, 2], images[..., 2].sum() / 4096, rtol=1e-10)


def test_pca_is_the_singular_value_decomposition():
    """Variances and (up to sign) directions are those of SciPy's SVD of the centred data."""
    _, s, vt = linalg.svd(X - X.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(VARIANCES, s**2 / 60, rtol=1e-10)
    np.testing.assert_allclose(np.abs(np.sum(COMPONENTS * vt.T, axis=0)), 1, rtol=1e-10)
    assert (np.abs(COMPONENTS).max(axis=0) == COMPONENTS.max(axis=0)).all()


@settings(max_examples=20)
@given(st.integers(0, 99), st.integers(1, 5))
def test_pca_loses_the_variances_left_out(seed, k):
    """The mean squared error of a projection is the sum of the discarded variances."""
    x = cloud(seed)
    mean, components, variances = ref.pca_fit(x)
    z = ref.pca_project(x, mean, components[:, :k])
    np.testing.assert_allclose(
        np.cov(z.T, bias=True), np.diag(variances[:k])[:k, :k].squeeze(), atol=1e-10
    )
    back = ref.pca_reconstruct(z, mean, components[:, :k])
    error = np.sum((back - x) ** 2) / len(x)
    np.testing.assert_allclose(error, variances[k:].sum(), atol=1e-9)
    share = variances[:k].sum() / variances.sum()
    np.testing.assert_allclose(ref.explained_share(x, z), share, rtol=1e-9)


@pytest.mark.parametrize("zca", [False, True])
def test_whitened_data_have_the_identity_as_covariance(zca):
    """Both kinds of whitening make the covariance the identity; ZCA by a symmetric matrix."""
    z = ref.whiten(X, MEAN, COMPONENTS, VARIANCES, 0.0, zca)
    np.testing.assert_allclose(np.cov(z.T, bias=True), np.eye(5), atol=1e-9)
    if zca:
        root = linalg.sqrtm(linalg.inv(np.cov(X.T, bias=True)))
        np.testing.assert_allclose(z, (X - MEAN) @ root, atol=1e-8)


def test_covariance_is_that_of_statistics():
    """Entry by entry it is NumPy's with N below; 1e8 away from zero the digits are still there."""
    np.testing.assert_allclose(ref.covariance(X), np.cov(X.T, bias=True), rtol=1e-12)
    far = 1e8 + np.array([[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]])
    np.testing.assert_allclose(ref.covariance(far), [[2 / 3, -2 / 3], [-2 / 3, 2 / 3]], rtol=1e-7)
    assert (ref.covariance(np.full((3, 2), 0.1)) == 0).all()


def test_covariance_memory():
    """3072 features need 75.5 MB, 224 × 224 × 3 need 181 GB."""
    assert ref.covariance_bytes(3072) == 75_497_472
    assert round(ref.covariance_bytes(224 * 224 * 3) / 1e9) == 181


def test_selection():
    """Constant features fall to the variance filter, copies to the correlation filter."""
    x = np.column_stack([X[:, 0], np.full(60, 3.0), -2 * X[:, 0] + 1, X[:, 1]])
    assert ref.select_by_variance(x, 0.0).tolist() == [0, 2, 3]
    assert ref.select_by_correlation(x, 0.999).tolist() == [0, 1, 3]
    between = abs(np.corrcoef(X[:, 0], X[:, 1])[0, 1])
    assert ref.select_by_correlation(x, between - 0.01).tolist() == [0, 1]


def test_no_selection_explains_more_than_pca():
    """The best subset of d features never beats d principal components."""
    for d in range(1, 5):
        subsets = itertools.combinations(range(5), d)
        best = max(ref.explained_share(X, X[:, list(kept)]) for kept in subsets)
        assert best <= ref.explained_share(X, ref.pca_project(X, MEAN, COMPONENTS[:, :d])) + 1e-12


def test_lda_solves_scipys_generalised_eigenproblem():
    """Ratios and directions are those of eigh(S_b, S_w), C − 1 of them."""
    x = X + 2 * np.eye(5)[LABELS]
    within, between = ref.scatter(x, LABELS)
    np.testing.assert_allclose(within + between, 60 * np.cov(x.T, bias=True), atol=1e-9)
    assert np.linalg.matrix_rank(between) == 2
    values, vectors = linalg.eigh(between, within)
    directions, ratios = ref.lda_fit(x, LABELS)
    assert directions.shape == (5, 2)
    np.testing.assert_allclose(ratios, values[::-1][:2], rtol=1e-9)
    np.testing.assert_allclose(np.abs(directions), np.abs(vectors[:, ::-1][:, :2]), rtol=1e-7)
    np.testing.assert_allclose(ref.fisher_ratio(x, LABELS, directions[:, 0]), ratios[0], rtol=1e-9)


def test_discriminants_solve_scipys_generalised_eigenproblem():
    """Ratios and (up to sign) directions are those of eigh(S_b, S_w), the largest first."""
    within, between = np.cov(X.T), np.cov(cloud(7).T)
    values, vectors = linalg.eigh(between, within)
    for k in (1, 3, 5):
        w, ratios = ref.discriminants(within, between, k)
        np.testing.assert_allclose(ratios, values[::-1][:k], rtol=1e-9)
        np.testing.assert_allclose(np.abs(w), np.abs(vectors[:, ::-1][:, :k]), rtol=1e-7)
        np.testing.assert_allclose(w.T @ within @ w, np.eye(k), atol=1e-9)


def test_lda_separates_what_pca_misses():
    """Two long parallel clouds: Fisher's direction splits them, the first component does not."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 2)) * [10, 0.5]
    x[200:, 1] += 2
    labels = np.repeat([0, 1], 200)
    w = ref.fisher_direction(x[:200], x[200:])
    directions, _ = ref.lda_fit(x, labels)
    np.testing.assert_allclose(abs(w @ directions[:, 0]) / np.linalg.norm(directions[:, 0]), 1)
    _, components, _ = ref.pca_fit(x)
    hits = [np.mean((x @ v > (x @ v).mean()) == labels) for v in (w, components[:, 0])]
    assert hits[0] > 0.95
    assert 0.4 < hits[1] < 0.6


REFUSED = [
    (ref.standardise_fit, (X[:0],), r"x has shape \(0, 5\), expected \(N, D\) with N >= 1"),
    (ref.standardise, (X, MEAN[:3], MEAN), r"mean has shape \(3,\), .* D = 5"),
    (ref.channel_mean, (IMAGES, "HWC"), "layout is 'HWC', expected one of NHWC, NCHW"),
    (ref.whiten, (X, MEAN, COMPONENTS, VARIANCES, -1.0), "epsilon is -1.0"),
    (ref.select_by_correlation, (X, 1.5), "threshold is 1.5"),
    (ref.lda_fit, (X, LABELS[:7]), r"labels has shape \(7,\), .* N = 60"),
    (ref.covariance_bytes, (0,), "features is 0"),
]


@pytest.mark.parametrize(("function", "arguments", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(function, arguments, message):
    """A ValueError names the argument, what was given and what was expected."""
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_lda_scores_are_gaussian_posteriors():
    """Softmax of the scores is Bayes' rule on SciPy's normal densities of one covariance."""
    labels = np.array([4, 9, -2])[(np.arange(60) ** 2) % 3]
    W, b = ref.lda_classifier_fit(X, labels)
    members = [X[labels == c] for c in sorted(set(labels.tolist()))]
    pooled = sum(len(m) * np.cov(m.T, bias=True) for m in members) / len(X)
    densities = [stats.multivariate_normal(m.mean(axis=0), pooled).pdf(X) for m in members]
    joint = np.array([len(m) / len(X) for m in members])[:, None] * np.array(densities)
    scores = np.exp(X @ W + b - (X @ W + b).max(axis=1, keepdims=True))
    np.testing.assert_allclose(
        (scores / scores.sum(axis=1, keepdims=True)).T, joint / joint.sum(axis=0), rtol=1e-8
    )
    np.testing.assert_array_equal(ref.lda_classify(X, W, b), joint.argmax(axis=0))


def test_lda_classifies_what_pca_mixes():
    """Two long Gaussians side by side: LDA reads 95 %, the first component no more than chance."""
    rng = np.random.default_rng(0)
    labels = np.arange(400) % 2
    x = rng.normal(size=(400, 2)) * [8, 0.5] + np.outer(labels, [0, 2])
    x = x @ np.array([[np.cos(0.6), np.sin(0.6)], [-np.sin(0.6), np.cos(0.6)]])
    W, b = ref.lda_classifier_fit(x[:200], labels[:200])
    assert np.mean(ref.lda_classify(x[200:], W, b) == labels[200:]) > 0.95
    mean, components, _ = ref.pca_fit(x[:200])
    z = ref.pca_project(x, mean, components[:, :1])
    W, b = ref.lda_classifier_fit(z[:200], labels[:200])
    assert np.mean(ref.lda_classify(z[200:], W, b) == labels[200:]) < 0.6


@given(st.integers(1, 4), st.integers(0, 20))
@settings(max_examples=20)
def test_the_best_subset_by_residuals(size, seed):
    """No choice leaves less over, by SciPy's least squares; PCA of that size leaves still less."""
    x = cloud(seed)
    x = x - x.mean(axis=0)
    left = {}
    for columns in itertools.combinations(range(5), size):
        weights = linalg.lstsq(x[:, columns], x)[0]
        left[columns] = np.sum((x - x[:, columns] @ weights) ** 2)
    best = ref.best_subset(x, size)
    assert left[tuple(best.tolist())] <= min(left.values()) * (1 + 1e-9)
    assert linalg.svdvals(x)[size:] @ linalg.svdvals(x)[size:] <= min(left.values()) * (1 + 1e-9)
    np.testing.assert_array_equal(ref.best_subset(x, 5), range(5))


def test_preprocessing_speeds_up_descent():
    """Raw ≫ centred ≫ standardised ≫ whitened; each count follows from the curvatures."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(300, 5)) @ (np.eye(5) + 0.4 * rng.normal(size=(5, 5)))
    x = x * [0.5, 1, 2, 3, 4] + [8, -4, 3, 5, -2]
    y = x @ rng.normal(size=5) + rng.normal(size=300)
    centred = ref.centre(x, x.mean(axis=0))
    standard = ref.standardise(x, *ref.standardise_fit(x))
    white = ref.whiten(x, *ref.pca_fit(x), 0.0, False)
    counts = [
        ref.descent_iterations(data, y, 1e-6, 10**6) for data in (x, centred, standard, white)
    ]
    raw, middle, good, best = counts
    assert raw > 20 * middle > 60 * good > 180 * best
    assert best <= 2
    # Along each axis of curvature c an error shrinks by (1 − c/λ) per step: the first count at
    # which their energies have fallen far enough is the one that was found.
    for data, found in zip((centred, standard), (middle, good), strict=True):
        design = np.c_[data, np.ones(300)]
        curvatures, axes = linalg.eigh(design.T @ design / 300)
        away = axes.T @ linalg.lstsq(design, y)[0]
        excess = lambda t, c=curvatures, a=away: c @ (a * (1 - c / c.max()) ** t) ** 2
        assert excess(found) <= 1e-6 * y.var() < excess(found - 1)
    assert ref.descent_iterations(x, y, 1e-6, 17) == 17
