"""Escaping local minima: SciPy's roots, Metropolis' frequencies and the claims of the course."""

import functools
import itertools
import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from scipy import optimize, special

from reference_impl import local_minima as ref
from reference_impl import network
from reference_impl.activations import tanh_backward, tanh_forward
from reference_impl.optimizers import sgd_step

SLOPE = ref.double_well_derivative
LEFT, RIGHT = ref.double_well_minima()
X, RNG = np.linspace(-2, 2, 7), np.random.default_rng(0)
NET = [np.random.default_rng(i).normal(size=s) for i, s in enumerate([(3, 4), 4, (4, 1)])]
CALLS = {
    "double_well": (X,),
    "double_well_derivative": (X,),
    "equivalent_network": (*NET, np.array([2, 0, 3, 1]), np.array([1, -1, -1, 1])),
    "descend": (SLOPE, X, 0.01, 5),
    "multi_start": (ref.double_well, SLOPE, X, 0.01, 5),
    "noisy_descent": (RNG, SLOPE, X, 0.01, 1.0, 5),
    "momentum_descend": (SLOPE, X, 0.01, 0.9, 5),
    "acceptance_probability": (X, 0.5),
    "four_wells": (X[:6].reshape(3, 2),),
    "four_wells_gradient": (X[:6].reshape(3, 2),),
    "basin_numbers": (X[:6].reshape(3, 2), X[:4].reshape(2, 2)),
    "multi_start_training": (lambda p: (p, float(p["W"].sum())), [{"W": X}, {"W": X - 1}]),
    "anneal": (RNG, ref.double_well, X, 1.0, 0.9, 5),
}
OTHERS = ["double_well_minima", "classify_stationary_point", "equivalent_networks"]
OTHERS += ["multi_start_success", "cooling", "four_wells_hessian"]


@pytest.fixture
def rng():
    """A generator with a fixed seed."""
    return np.random.default_rng(20261121)


@pytest.mark.parametrize("name", CALLS)
def test_contract(name):
    """Nothing passed in is changed, and precision is kept."""
    assert_arguments_unchanged(getattr(ref, name), CALLS[name])
    if name not in ("basin_numbers", "multi_start_training"):
        assert_precision_kept(getattr(ref, name), CALLS[name])


@pytest.mark.parametrize("name", [*CALLS, *OTHERS])
def test_documented(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


def test_the_slope_by_complex_step():
    """The derivative is the imaginary part a tiny imaginary step away."""
    moved = X + 1e-30j
    slope = np.imag((moved**2 - 1) ** 2 + 0.7 * moved) / 1e-30
    np.testing.assert_allclose(SLOPE(X, 0.7), slope, rtol=1e-12, atol=1e-14)


def test_minima_are_scipys():
    """Both valleys are where SciPy finds them, and the left one is the deeper."""
    for got, bounds in ((LEFT, (-2, -0.5)), (RIGHT, (0.5, 2))):
        found = optimize.minimize_scalar(ref.double_well, bounds=bounds, method="bounded")
        assert math.isclose(got, found.x, abs_tol=1e-5)
    assert (round(LEFT, 4), round(RIGHT, 4)) == (-1.0356, 0.9601)
    assert round(float(ref.double_well(LEFT)), 3) == -0.305
    assert round(float(ref.double_well(RIGHT)), 3) == 0.294
    assert ref.double_well_minima(2.0).shape == (1,)
    assert ref.double_well_minima(1.5).shape == (2,)


@pytest.mark.parametrize(
    ("hessian", "kind"),
    [
        ([[2, 0], [0, -2]], "saddle"),
        ([[2, 1], [1, 2]], "minimum"),
        ([[-2, 1], [1, -2]], "maximum"),
        ([[1, 2], [2, 1]], "saddle"),
        ([[1, 1], [1, 1]], "degenerate"),
        ([[0, 0], [0, 0]], "degenerate"),
        ([[1e-12]], "minimum"),
    ],
)
def test_stationary_points(hessian, kind):
    """Signs of the curvatures decide, not the signs of the entries."""
    assert ref.classify_stationary_point(np.array(hessian, dtype=float)) == kind


def test_few_random_stationary_points_are_minima(rng):
    """Of random symmetric Hessians a half, a seventh and a fortieth are minima for D = 1, 2, 3."""
    shares = []
    for d in (1, 2, 3):
        entries = rng.normal(size=(4000, d, d))
        kinds = [ref.classify_stationary_point(h + h.T) for h in entries]
        shares.append(kinds.count("minimum") / 4000)
    np.testing.assert_allclose(shares, [0.5, 0.1464, 0.0249], atol=0.025)


def test_all_384_networks_are_one_function(rng):
    """Every order and every choice of signs of four tanh units computes the same."""
    x, found = rng.normal(size=(5, 3)), set()
    expected = np.tanh(x @ NET[0] + NET[1]) @ NET[2]
    for order in itertools.permutations(range(4)):
        for signs in itertools.product([1, -1], repeat=4):
            W1, b1, W2 = ref.equivalent_network(*NET, np.array(order), np.array(signs))
            np.testing.assert_allclose(np.tanh(x @ W1 + b1) @ W2, expected, atol=1e-14)
            found.add(W1.tobytes() + W2.tobytes())
    assert len(found) == ref.equivalent_networks(4) == 384


def test_descent_ends_in_the_nearest_valley():
    """From 1.5 to the local minimum, from −1.5 to the global one."""
    ends = ref.descend(SLOPE, np.array([1.5, -1.5]), 0.01, 2000)
    np.testing.assert_allclose(ends, [RIGHT, LEFT], atol=1e-12)


def test_multi_start_finds_the_lowest_valley(rng):
    """The best of many ends is the global minimum; success follows 1 − (1 − p)ᵏ."""
    best, ends = ref.multi_start(ref.double_well, SLOPE, rng.uniform(-2, 2, 4000), 0.01, 1000)
    assert math.isclose(best, LEFT, abs_tol=1e-9)
    right = np.abs(ends - LEFT) < 1e-6
    trials = right.reshape(-1, 5).any(axis=1).mean()
    assert math.isclose(trials, ref.multi_start_success(right.mean(), 5), abs_tol=0.03)
    assert ref.multi_start_success(0.5, 3) == 0.875


@pytest.mark.filterwarnings("ignore")
def test_a_start_that_diverges_does_not_win():
    """A walk that ends in NaN is not the best one."""
    best, ends = ref.multi_start(ref.double_well, SLOPE, np.array([1e3, 1.0]), 0.01, 100)
    assert np.isnan(ends[0])
    assert math.isclose(best, ends[1])


def test_noise_must_fit_the_barrier(rng):
    """Without noise nobody escapes, with enough most do, with too much they do not stay."""
    shares = [
        np.mean(ref.noisy_descent(rng, SLOPE, np.full(300, 1.0), 0.02, noise, 3000) < 0)
        for noise in (0.0, 5.0, 15.0)
    ]
    assert shares[0] == 0
    assert shares[1] > 0.75
    assert shares[2] < shares[1] - 0.1


def test_momentum_is_not_monotone():
    """From 2.0: stuck without momentum, out with 0.8 and 0.9, stuck again with 0.95."""
    ends = [
        float(ref.momentum_descend(SLOPE, np.array(2.0), 0.01, mu, 5000))
        for mu in (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
    ]
    expected = [RIGHT, RIGHT, LEFT, LEFT, RIGHT, LEFT]
    np.testing.assert_allclose(ends, expected, atol=1e-6)


@pytest.mark.filterwarnings("error")
def test_acceptance_probability():
    """exp(−ΔE/T) for a rise, 1 for a fall, and no overflow however far or cold."""
    got = [ref.acceptance_probability(np.array(0.5), T) for T in (2, 1, 0.5, 0.1, 0.01)]
    np.testing.assert_allclose(got, [0.7788, 0.6065, 0.3679, 0.006738, 1.929e-22], rtol=1e-3)
    extreme = ref.acceptance_probability(np.array([-1e4, 0.0, 1e4]), 0.01)
    np.testing.assert_array_equal(extreme, [1, 1, 0])
    frozen = ref.acceptance_probability(np.array([-1.0, 0.0, 1e-9]), 0.0)
    np.testing.assert_array_equal(frozen, [1, 1, 0])


def test_cooling_by_hand():
    """Halving three times leaves an eighth."""
    assert ref.cooling(8.0, 0.5, 3) == 1


def test_annealing_accepts_with_metropolis_frequency(rng):
    """On a ramp, rises are accepted with the exact mean of exp(−ΔE/T) over the proposals."""
    _, path = ref.anneal(rng, lambda x: x, np.zeros(100_000), 0.7, 1.0, 20, spread=0.5)
    moves = np.diff(path, axis=0)
    s = 0.5 / 0.7
    expected = np.exp(s**2 / 2) * special.ndtr(-s)  # E[exp(−s·z); z > 0] of a standard normal z
    assert math.isclose(np.mean(moves > 0), expected, abs_tol=0.0015)
    assert math.isclose(np.mean(moves < 0), 0.5, abs_tol=0.0015)


def test_annealing_at_constant_temperature_is_boltzmann(rng):
    """Runs at T = 0.5 end up distributed as exp(−f/T)."""
    _, path = ref.anneal(rng, ref.double_well, np.ones(4000), 0.5, 1.0, 400, spread=0.8)
    x = np.linspace(-3, 3, 6001)
    density = np.exp(-ref.double_well(x) / 0.5)
    assert math.isclose(np.mean(path[-1] < 0), density[x < 0].sum() / density.sum(), abs_tol=0.03)
    assert math.isclose(path[-1].mean(), (x * density).sum() / density.sum(), abs_tol=0.06)


def test_slow_cooling_finds_the_global_valley(rng):
    """Slow cooling leaves the wrong valley, a frozen start cannot; the best point is kept."""
    start = np.full(200, RIGHT)
    slow, path = ref.anneal(rng, ref.double_well, start, 1.0, 0.997, 3000)
    frozen, _ = ref.anneal(rng, ref.double_well, start, 1e-9, 0.997, 500, spread=0.1)
    assert np.mean(slow < 0) > 0.8
    assert not np.any(frozen < 0)
    assert (ref.double_well(slow) == ref.double_well(path).min(axis=0)).all()


REFUSED = [
    (ref.descend, (SLOPE, X, -0.1, 5), "rate is -0.1, expected a number >= 0"),
    (ref.descend, (SLOPE, X[:0], 0.1, 5), "x is empty"),
    (ref.noisy_descent, (RNG, SLOPE, X, 0.1, -1.0, 5), "noise is -1.0"),
    (ref.momentum_descend, (SLOPE, X, 0.1, 1.0, 5), "momentum is 1.0"),
    (ref.acceptance_probability, (X, -1.0), "temperature is -1.0"),
    (ref.cooling, (1.0, 1.5, 3), "factor is 1.5"),
    (ref.anneal, (RNG, ref.double_well, X, 0.0, 0.9, 5), "temperature is 0.0, .* > 0"),
    (ref.classify_stationary_point, (np.ones((2, 3)),), r"hessian has shape \(2, 3\)"),
    (ref.classify_stationary_point, (np.full((2, 2), np.nan),), "hessian has an entry that is nan"),
    (ref.multi_start_success, (1.5, 2), "share is 1.5"),
]


@pytest.mark.parametrize(("function", "arguments", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(function, arguments, message):
    """A ValueError names the argument, what was given and what was expected."""
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_the_gradient_and_curvature_of_the_plane():
    """The gradient by the complex step, the Hessian by the complex step on the gradient."""
    for p in X[:6].reshape(3, 2):
        gradient, hessian = [], []
        for axis in np.eye(2):
            moved = p + 1e-30j * axis
            gradient.append(np.imag(ref.four_wells.__wrapped__(moved, 0.7)) / 1e-30)
            hessian.append(np.imag(ref.four_wells_gradient.__wrapped__(moved, 0.7)) / 1e-30)
        np.testing.assert_allclose(ref.four_wells_gradient(p[None], 0.7)[0], gradient, rtol=1e-12)
        np.testing.assert_allclose(ref.four_wells_hessian(*p, 0.7), hessian, rtol=1e-12)
        by_hand = (p[0] ** 2 - 1) ** 2 + (p[1] ** 2 - 1) ** 2 + 0.7 * p[0] * (1 + p[1] / 2)
        assert math.isclose(ref.four_wells(p[None], 0.7)[0], by_hand)


def test_the_plane_has_four_valleys_four_saddles_and_a_hill():
    """SciPy's roots of the gradient are of these kinds; the deepest valley is near (−1, 1)."""
    slope = lambda p: ref.four_wells_gradient(p[None])[0]
    kinds, valleys = {}, {}
    for start in itertools.product([-1.0, 0.0, 1.0], repeat=2):
        point = optimize.root(slope, start, tol=1e-13).x
        np.testing.assert_allclose(slope(point), 0, atol=1e-10)
        kinds[start] = ref.classify_stationary_point(ref.four_wells_hessian(*point))
        if kinds[start] == "minimum":
            valleys[start] = float(ref.four_wells(point[None])[0])
    assert sorted(kinds.values()) == ["maximum"] + 4 * ["minimum"] + 4 * ["saddle"]
    assert kinds[0.0, 0.0] == "maximum"
    depths = sorted(valleys.values())
    assert valleys[-1.0, 1.0] == depths[0]
    assert min(np.diff(depths)) > 0.1


def test_a_map_of_the_basins():
    """A grid of starts goes down to four ends, and each basin holds its own minimum."""
    minima = ref.descend(
        ref.four_wells_gradient, np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]]), 0.05, 400
    )
    side = np.linspace(-1.6, 1.6, 40)
    starts = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    ends = ref.descend(ref.four_wells_gradient, starts, 0.02, 2000)
    numbers = ref.basin_numbers(ends, minima)
    assert np.linalg.norm(ends - minima[numbers], axis=1).max() < 1e-6
    assert (np.bincount(numbers, minlength=4) > 250).all()
    np.testing.assert_array_equal(ref.basin_numbers(minima, minima), range(4))
    np.testing.assert_array_equal(
        ref.basin_numbers(np.zeros((1, 2)), np.array([[1.0, 0], [0, 1]])), [0]
    )


def test_multi_start_keeps_the_best_network():
    """Of several trained nets the one of lowest loss comes back; one that ended in NaN does not."""
    losses = iter([math.nan, 0.7, 0.2, math.nan, 0.2])
    starts = [{"W": np.full(2, float(i))} for i in range(5)]
    train = lambda params: ({"W": params["W"] + 10}, next(losses))
    params, found = ref.multi_start_training(train, starts)
    np.testing.assert_array_equal(params["W"], [12.0, 12.0])
    np.testing.assert_array_equal(found, [math.nan, 0.7, 0.2, math.nan, 0.2])


def test_several_starts_of_a_network_solve_xor_more_surely():
    """A 2-2-1 tanh net on XOR: single starts fail now and then, the best of five never."""
    bits, xor = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    tanh = network.activation(tanh_forward, tanh_backward)
    model = network.sequential([network.dense(2, 2, 1.0), tanh, network.dense(2, 2, 1.0)])
    step = functools.partial(sgd_step, rate=0.5)

    def train_from(params):
        rng = np.random.default_rng(0)
        params, history = network.train(model, params, (bits, xor), step, 300, 4, rng)
        return params, history["loss"][-1]

    starts = [model.start(np.random.default_rng(seed)) for seed in range(15)]
    runs = [ref.multi_start_training(train_from, starts[i : i + 5]) for i in (0, 5, 10)]
    single = np.concatenate([losses for _, losses in runs])
    assert (single > 0.3).any()
    for params, losses in runs:
        assert network.evaluate(model, params, bits, xor)[1] == 1
        assert losses.min() < 0.1
