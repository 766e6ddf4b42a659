"""Penalties, early stopping, splits and cross-validation against closed forms and SciPy."""

import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize, special

from reference_impl import regularization as ref

VALUES = st.floats(-9, 9, allow_subnormal=False)
TENSORS = hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), elements=VALUES)


@pytest.fixture
def rng():
    """A generator with a fixed seed."""
    return np.random.default_rng(20261121)


def generator():
    """A fresh generator."""
    return np.random.default_rng(5)


def calls():
    """One ordinary call of every function."""
    rng = np.random.default_rng(7)
    x, y, labels = rng.normal(size=(11, 5)), rng.normal(size=11), rng.integers(3, size=11)
    w, grad, weights = rng.normal(size=5), rng.normal(size=5), [x, rng.normal(size=3)]
    folds, square = ref.k_folds(rng, 11, 3), rng.normal(size=(5, 5))
    return {
        "l2_penalty": (weights, 0.1),
        "l1_penalty": (weights, 0.1),
        "shared_cost": (2.0, weights, 0.9),
        "weight_decay_step": (w, grad, 0.1, 0.5),
        "l1_step": (w, grad, 0.1, 0.5),
        "proximal_l1_step": (w, grad, 0.1, 0.5),
        "early_stopping": (np.array([5, 4, 3, 3.1, 3.2, 2.9]), 2),
        "train_validation_split": (generator(), 11, 0.3),
        "k_folds": (generator(), 11, 3),
        "ridge_fit": (x, y, 0.1),
        "mean_squared_error": (w, x, y),
        "softmax_regression_fit": (x, labels, 3, 0.1, 0.5, 4),
        "cross_validate": (x, y, np.array([0.1, 1]), folds, ref.ridge_fit, ref.mean_squared_error),
        "diagnose_fit": (0.1, 0.2, 0.15, 0.05),
        "train_early_stopped": (w, np.cos, np.sum, 4, 2),
        "shifted_copies": (x[None], np.array([4]), [(0, 0), (1, -2)]),
        "stack_forward": (square, [square, square.T], True),
        "stack_backward": (square, [square, square], [square.T], False),
    }


KEEP_PRECISION = (
    "l2_penalty",
    "l1_penalty",
    "weight_decay_step",
    "l1_step",
    "proximal_l1_step",
    "ridge_fit",
    "softmax_regression_fit",
    "shifted_copies",
    "stack_forward",
    "stack_backward",
)


@pytest.mark.parametrize("name", calls())
def test_laws_of_every_function(name):
    """Arguments stay as they were, precision is kept, the docstring is a contract."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])
    if name in KEEP_PRECISION:
        assert_precision_kept(getattr(ref, name), calls()[name])


# --- penalties ----------------------------------------------------------------------------------


def test_penalties_by_hand():
    """Σw² = 14 and Σ|w| = 6 over two layers; the gradients are λ·w and λ·sign(w), 0 at 0."""
    weights = [np.array([[1.0, -2.0]]), np.array([3.0, 0.0])]
    penalty, grads = ref.l2_penalty(weights, 0.5)
    assert penalty == 3.5
    np.testing.assert_array_equal(np.concatenate([g.ravel() for g in grads]), [0.5, -1, 1.5, 0])
    penalty, grads = ref.l1_penalty(weights, 0.5)
    assert penalty == 3
    np.testing.assert_array_equal(np.concatenate([g.ravel() for g in grads]), [0.5, -0.5, 0.5, 0])


@given(TENSORS)
def test_penalties_grow_with_the_weights(w):
    """Ten times the weights cost 100 times as much in L2, 10 times in L1; never less than 0."""
    for penalty, factor in ((ref.l2_penalty, 100), (ref.l1_penalty, 10)):
        cost, grads = penalty([w], 0.3)
        assert cost >= 0
        assert grads[0].shape == w.shape
        assert math.isclose(penalty([10 * w], 0.3)[0], factor * cost, rel_tol=1e-12, abs_tol=1e-300)
        assert penalty([w, w], 0.6)[0] == pytest.approx(4 * cost)


@given(TENSORS)
def test_gradients_of_penalties_by_complex_step(w):
    """λ·w is the slope of λ/2·Σw²; away from 0, λ·sign(w) is that of λ·Σ|w| = λ·Σ√(w²)."""
    w = w + np.sign(w) + (w == 0)
    moved = w + 1e-30j
    np.testing.assert_allclose(
        ref.l2_penalty([w], 0.3)[1][0], 0.15 * (moved**2).imag / 1e-30, rtol=1e-12
    )
    np.testing.assert_allclose(
        ref.l1_penalty([w], 0.3)[1][0], 0.3 * np.sqrt(moved**2).imag / 1e-30, rtol=1e-9
    )


def test_zhous_share_weakens_the_penalty():
    """λ·E + (1 − λ)·Σw², by hand; a larger λ lets the best weight grow."""
    assert math.isclose(ref.shared_cost(2.0, [np.array([1.0, -2.0]), np.array([3.0])], 0.75), 5)
    best = [
        optimize.minimize_scalar(lambda w, s=s: ref.shared_cost((w - 3) ** 2, [np.array(w)], s)).x
        for s in (0.01, 0.5, 0.99)
    ]
    np.testing.assert_allclose(best, [0.03, 1.5, 2.97], atol=1e-6)


# --- steps --------------------------------------------------------------------------------------


def test_decay_is_geometric_and_l1_is_arithmetic():
    """From w = 1 with η·λ = .005: L2 leaves .995ᵗ, never 0; L1 walks to 0 in 200 steps."""
    l2, l1, nothing = np.ones(1), np.ones(1), np.zeros(1)
    for _ in range(100):
        l2 = ref.weight_decay_step(l2, nothing, 0.01, 0.5)
        l1 = ref.proximal_l1_step(l1, nothing, 0.01, 0.5)
    np.testing.assert_allclose(l2, 0.995**100)
    np.testing.assert_allclose(l1, 0.5)
    for _ in range(101):
        l1 = ref.proximal_l1_step(l1, nothing, 0.01, 0.5)
    assert l1[0] == 0
    assert ref.weight_decay_step(l2, nothing, 0.01, 0.5)[0] > 0


@given(TENSORS, st.floats(0, 0.5), st.floats(0, 2))
def test_steps_descend_on_loss_plus_penalty(w, rate, strength):
    """A step with decay or slope is a plain step along data gradient plus penalty gradient."""
    grad = np.cos(w)
    for step, penalty in ((ref.weight_decay_step, ref.l2_penalty), (ref.l1_step, ref.l1_penalty)):
        along = grad + penalty([w], strength)[1][0]
        np.testing.assert_allclose(step(w, grad, rate, strength), w - rate * along, atol=1e-12)


@given(VALUES, VALUES, st.floats(0.01, 0.5), st.floats(0, 2))
def test_proximal_step_solves_its_small_problem(w, grad, rate, strength):
    """The proximal step minimises ½(u − v)² + η·λ·|u|, as a brute search over u confirms."""
    v = w - rate * grad
    got = ref.proximal_l1_step(np.array([w]), np.array([grad]), rate, strength)[0]

    def cost(u):
        return 0.5 * (u - v) ** 2 + rate * strength * np.abs(u)

    candidates = np.append(np.linspace(-20, 20, 4001), [0.0, v])
    assert cost(got) <= cost(candidates).min() + 1e-12


# --- early stopping and splits ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curve", "patience", "expected"),
    [
        ([5, 4, 3, 3.1, 3.2, 2.9], 2, (2, 4)),
        ([5, 4, 3, 3.1, 3.2, 2.9], 3, (5, 5)),
        ([5, 4, 3, 3.1, 3.2, 2.9], 1, (2, 3)),
        ([3, 3, 3, 3], 2, (0, 2)),
        ([1, 2, 0.5, 2, 2, 2], 2, (2, 4)),
        ([4.0], 1, (0, 0)),
        ([2, np.nan, 1, np.nan, np.nan, 0], 2, (2, 4)),
        ([np.inf, np.inf, 1], 5, (2, 2)),
    ],
)
def test_early_stopping_by_hand(curve, patience, expected):
    """Patience counts from the best epoch so far, equal is no improvement, NaN neither."""
    assert ref.early_stopping(np.array(curve, dtype=float), patience) == expected


@given(hnp.arrays(float, st.integers(1, 30), elements=VALUES), st.integers(1, 10))
def test_early_stopping_laws(curve, patience):
    """The best is the lowest up to the stop, and no earlier epoch had run out of patience."""
    best, stop = ref.early_stopping(curve, patience)
    assert best == np.argmin(curve[: stop + 1])
    assert stop == len(curve) - 1 or stop == best + patience
    for epoch in range(stop):
        assert epoch - np.argmin(curve[: epoch + 1]) < patience


@given(hnp.arrays(float, st.integers(1, 30), elements=VALUES), st.integers(1, 10))
def test_training_stops_where_the_curve_says(curve, patience):
    """Weights that count the epochs come back as the decision on the whole curve demands."""
    found, losses = ref.train_early_stopped(
        np.zeros(1), lambda w: w + 1, lambda w: curve[int(w[0]) - 1], len(curve), patience
    )
    best, stop = ref.early_stopping(curve, patience)
    assert found[0] == best + 1
    assert losses == curve[: stop + 1].tolist()


def test_without_an_epoch_or_a_number_the_start_comes_back():
    """No epoch runs, or all losses are NaN: the weights are those of the start."""
    start = np.arange(3.0)
    assert ref.train_early_stopped(start, lambda w: w + 1, np.sum, 0, 2) == (start, [])
    best, losses = ref.train_early_stopped(start, lambda w: w + 1, lambda w: np.nan, 9, 2)
    assert best is start
    assert len(losses) == 2


@given(st.integers(2, 60), st.floats(0.01, 0.99))
def test_split_is_a_partition(n, share):
    """Every row is in exactly one part, neither is empty, the share is right to one row."""
    train, validation = ref.train_validation_split(generator(), n, share)
    np.testing.assert_array_equal(np.sort(np.append(train, validation)), np.arange(n))
    assert min(len(train), len(validation)) >= 1
    assert abs(len(validation) - n * share) <= 1


def test_split_is_shuffled(rng):
    """Each row is set aside as often as any other, whatever its place."""
    counts = np.zeros(10)
    for _ in range(2000):
        counts[ref.train_validation_split(rng, 10, 0.3)[1]] += 1
    assert np.all(np.abs(counts - 600) < 6 * math.sqrt(2000 * 0.3 * 0.7))


@given(st.integers(2, 40), st.data())
def test_folds_are_partitions(n, data):
    """Each row is validated exactly once and trained on in every other fold; sizes are even."""
    k = data.draw(st.integers(2, n))
    folds = ref.k_folds(generator(), n, k)
    assert len(folds) == k
    np.testing.assert_array_equal(np.sort(np.concatenate([v for _, v in folds])), np.arange(n))
    for train, validation in folds:
        np.testing.assert_array_equal(np.sort(np.append(train, validation)), np.arange(n))
        assert len(validation) in (n // k, -(-n // k))


# --- choosing λ ---------------------------------------------------------------------------------


@given(st.integers(1, 8), st.integers(1, 5), st.floats(0.01, 100))
def test_ridge_meets_its_normal_equations(n, d, strength):
    """xᵀ(y − x·w) = λ·w, also with more inputs than examples and a single example."""
    x, y = np.random.default_rng(n).normal(size=(n, d)), np.sin(np.arange(1.0, n + 1))
    w = ref.ridge_fit(x, y, strength)
    np.testing.assert_allclose(x.T @ (y - x @ w), strength * w, atol=1e-10)


def test_ridge_without_penalty_is_least_squares(rng):
    """λ = 0 gives SciPy's least squares, and its shortest solution if x has too few rows."""
    for shape in ((11, 5), (3, 5)):
        x, y = rng.normal(size=shape), rng.normal(size=shape[0])
        expected = np.linalg.pinv(x) @ y
        np.testing.assert_allclose(ref.ridge_fit(x, y, 0.0), expected, atol=1e-12)


def test_softmax_regression_reaches_scipys_minimum(rng):
    """Long descent ends where SciPy's minimiser does; the penalty spares the biases."""
    x, labels = rng.normal(size=(30, 2)), rng.integers(3, size=30)

    def cost(theta):
        W, b = theta[:6].reshape(2, 3), theta[6:]
        log_p = special.log_softmax(x @ W + b, axis=1)
        return -log_p[np.arange(30), labels].mean() + 0.1 * np.sum(W**2)

    best = optimize.minimize(cost, np.zeros(9), tol=1e-12).x
    W, b = ref.softmax_regression_fit(x, labels, 3, 0.2, 1.0, 1000)
    np.testing.assert_allclose(W.ravel(), best[:6], atol=1e-5)
    np.testing.assert_allclose(b - b.mean(), best[6:] - best[6:].mean(), atol=1e-5)


def test_cross_validation_by_hand(rng):
    """Each λ's error is the mean over folds of the error of the fit on the other rows."""
    x, y = rng.normal(size=(12, 3)), rng.normal(size=12)
    strengths, folds = np.array([0.1, 1.0, 10.0]), ref.k_folds(rng, 12, 4)
    best, errors = ref.cross_validate(x, y, strengths, folds, ref.ridge_fit, ref.mean_squared_error)
    for strength, error in zip(strengths, errors, strict=True):
        squares = []
        for train, held_out in folds:
            gram = x[train].T @ x[train] + strength * np.eye(3)
            w = np.linalg.solve(gram, x[train].T @ y[train])
            squares.append(np.mean((x[held_out] @ w - y[held_out]) ** 2))
        assert math.isclose(error, np.mean(squares))
    assert best == strengths[np.argmin(errors)]


@pytest.mark.parametrize(
    ("train", "validation", "verdict"),
    [
        (0.30, 0.32, "underfit"),
        (0.30, 0.90, "underfit"),
        (0.01, 0.30, "overfit"),
        (0.05, 0.08, "good fit"),
        (0.10, 0.15, "good fit"),
        (0.05, 0.01, "good fit"),
    ],
)
def test_diagnosis_looks_at_training_first(train, validation, verdict):
    """Bad training is underfitting whatever the gap; only then does the gap speak."""
    assert ref.diagnose_fit(train, validation, acceptable=0.10, gap=0.06) == verdict


# --- more data, more layers ---------------------------------------------------------------------


@given(
    hnp.arrays(np.int8, st.tuples(st.just(2), st.integers(1, 4), st.integers(1, 4))),
    st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=1, max_size=4),
)
def test_shifts_move_every_pixel(images, shifts):
    """Pixel for pixel: what a copy shows is what stood up and left of it, or 0 outside."""
    copies, labels = ref.shifted_copies(images, np.array([7, 3]), shifts)
    assert copies.dtype == float  # as all whole numbers that the reference gets
    np.testing.assert_array_equal(labels, [7, 3] * len(shifts))
    _, height, width = images.shape
    for k, (down, right) in enumerate(shifts):
        for n, i, j in np.ndindex(images.shape):
            inside = 0 <= i - down < height and 0 <= j - right < width
            expected = images[n, i - down, j - right] if inside else 0
            assert copies[2 * k + n, i, j] == expected


@pytest.mark.parametrize("skips", [False, True])
def test_stack_by_hand_and_by_differences(rng, skips):
    """One example by hand; the gradients are the slopes that central differences measure."""
    layers = ref.stack_forward(np.array([[1.0, 2.0]]), [np.diag([3.0, -1.0])], skips)
    np.testing.assert_array_equal(layers[-1], [[4, 2]] if skips else [[3, 0]])
    x, dout = rng.normal(size=(7, 3)), rng.normal(size=(7, 3))
    weights = [0.7 * rng.normal(size=(3, 3)) for _ in range(5)]
    layers = ref.stack_forward(x, weights, skips)
    grads = ref.stack_backward(dout, layers, weights, skips)
    for k, i, j in np.ndindex(5, 3, 3):
        sums = []
        for step in (1e-6, -1e-6):
            moved = [W.copy() for W in weights]
            moved[k][i, j] += step
            sums.append(np.sum(dout * ref.stack_forward(x, moved, skips)[-1]))
        assert math.isclose(grads[k][i, j], (sums[0] - sums[1]) / 2e-6, rel_tol=1e-5, abs_tol=1e-7)


REFUSED = [
    ("l2_penalty", {0: []}, "weights has 0 arrays, expected 1 or more"),
    ("l2_penalty", {1: -0.1}, "strength is -0.1, expected a number >= 0"),
    ("l1_penalty", {0: np.ones(3)}, "weights is a ndarray, expected a list of arrays"),
    ("shared_cost", {2: 1.0}, "share is 1.0, expected a number > 0 and < 1"),
    ("weight_decay_step", {1: np.ones(4)}, r"grad has shape \(4,\), expected \(5,\)"),
    ("l1_step", {2: -1}, "rate is -1, expected a number >= 0"),
    ("proximal_l1_step", {3: math.inf}, "strength is inf, expected a finite number"),
    ("early_stopping", {0: np.ones(0)}, r"validation has 0 numbers, expected 1 or more"),
    ("early_stopping", {1: 0}, "patience is 0, expected a whole number >= 1"),
    ("train_validation_split", {1: 1}, "n is 1, expected a whole number >= 2"),
    ("train_validation_split", {2: 0.0}, "share is 0.0, expected a number > 0 and < 1"),
    ("k_folds", {2: 12}, "k is 12, expected a whole number from 2 to 11"),
    ("k_folds", {0: 5}, "rng is a int, expected a numpy.random.Generator"),
    ("ridge_fit", {1: np.ones((11, 1))}, r"y has shape \(11, 1\), expected \(N,\)"),
    ("softmax_regression_fit", {2: 2}, "labels runs from 0 to 2, expected 0 to 1"),
    ("cross_validate", {3: []}, "folds has 0 arrays"),
    ("cross_validate", {4: 1}, "fit is a int, expected a function"),
    ("diagnose_fit", {0: math.nan}, "train_error is nan, expected a finite number"),
    ("train_early_stopped", {4: 0}, "patience is 0, expected a whole number >= 1"),
    ("shifted_copies", {1: np.ones(2, int)}, r"labels has shape \(2,\), expected \(N,\)"),
    ("stack_forward", {1: [np.ones((5, 4))]}, r"weights\[0\] has shape \(5, 4\)"),
    ("stack_backward", {3: 1}, "skips is 1, expected True or False"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)
