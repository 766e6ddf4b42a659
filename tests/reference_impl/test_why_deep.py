"""Universality and depth against error bounds, dense grids and counting."""

import functools
import itertools

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from reference_impl import network
from reference_impl import why_deep as ref
from reference_impl.activations import relu_backward, relu_forward
from reference_impl.optimizers import adam_step


def random_net(sizes, seed):
    """Weights and biases of a random network."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(sizes)]
    return weights, [rng.normal(size=n) for n in sizes[1:]]


def calls():
    """One ordinary call of every function."""
    x = np.linspace(-1, 1, 9)
    edges, jumps = np.array([-0.5, 0.2]), np.array([1.0, -3.0])
    net = random_net([1, 3, 2], 0)
    features = np.random.default_rng(1).normal(size=(8, 2))
    bits = np.arange(8) % 2, np.arange(8) // 4
    block = [np.random.default_rng(2).normal(size=s) for s in ((2, 3), 3, (3, 2), 2)]
    return {
        "smooth_step": (x, 0.1, 5.0),
        "bump": (x, -0.5, 0.5, 2.0, 9.0),
        "step_approximation": (np.sin, 0.0, 1.0, 5),
        "step_network": (x, edges, jumps),
        "sigmoid_network": (x, edges, jumps, 9.0),
        "relu_network": (x, *net),
        "breakpoints": (*net, -2.0, 2.0),
        "sawtooth_network": (3,),
        "shallow_units": (8,),
        "widest_net": (1, 1, 2, 100),
        "zero_crossings": (np.arange(3.0), np.array([[1.0, -1], [-1, 1], [1, 2]])),
        "relu_interpolant": (np.sin, 0.0, 1.0, 5),
        "layer_separation": ([features, features**2], bits[0]),
        "softmax_prediction": (features, bits[0], 2, features + 1, 0.5, 10),
        "direct_prediction": (features, *bits, features + 1, 0.5, 10),
        "modular_prediction": (features, *bits, features + 1, 0.5, 10),
        "paired_interval": (features[:, 0], features[:, 1], 2.0),
        "residual_forward": (features, *block),
        "residual_backward": (features + 1, ref.residual_forward(features, *block)[1]),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize(
    "name",
    [
        "smooth_step",
        "bump",
        "step_network",
        "sigmoid_network",
        "relu_network",
        "zero_crossings",
        "residual_forward",
        "residual_backward",
    ],
)
def test_precision_is_kept(name):
    """float32 stays float32."""
    assert_precision_kept(getattr(ref, name), calls()[name])


def test_step_and_bump():
    """One half at the edge, SciPy's logistic function, and a tower of the given height."""
    x = np.linspace(-1, 1, 201)
    np.testing.assert_allclose(
        ref.smooth_step(x, 0.3, 20.0), special.expit(20 * (x - 0.3)), rtol=1e-12
    )
    tower = ref.bump(x, -0.5, 0.5, 3.0, 1e4)
    expected = np.where(np.abs(x) < 0.495, 3.0, 0.0)
    clear = np.abs(np.abs(x) - 0.5) > 0.004
    np.testing.assert_allclose(tower[clear], expected[clear], atol=1e-10)


@given(st.sampled_from([np.sin, np.cos, np.tanh, np.abs]), st.integers(1, 60), st.floats(-3, 0))
@settings(max_examples=40)
def test_the_error_bound_holds(f, units, a):
    """Functions of slope at most 1 on [a, a + 4]: the error is at most half a piece."""
    edges, jumps = ref.step_approximation(f, a, a + 4, units)
    x = np.linspace(a, a + 4, 999)
    error = np.abs(ref.step_network(x, edges, jumps) - f(x)).max()
    assert error <= 4 / (2 * units) + 1e-9


def test_middles_are_exact_and_more_units_are_better():
    """At each piece's middle the network is f; ten times the units, a tenth of the error."""
    f = lambda x: np.sin(3 * x) + x**2
    edges, jumps = ref.step_approximation(f, 0.0, 2.0, 8)
    middles = edges + 0.125
    np.testing.assert_allclose(ref.step_network(middles, edges, jumps), f(middles), rtol=1e-12)
    x = np.linspace(0, 2, 5001)
    errors = []
    for units in (20, 200):
        net = ref.step_approximation(f, 0.0, 2.0, units)
        errors.append(np.abs(ref.step_network(x, *net) - f(x)).max())
    assert errors[1] == pytest.approx(errors[0] / 10, rel=0.1)


def test_steep_sigmoids_are_steps():
    """Away from the edges nothing distinguishes them."""
    edges, jumps = ref.step_approximation(np.sin, 0.0, 3.0, 10)
    x = edges + 0.1
    expected = ref.step_network(x, edges, jumps)
    np.testing.assert_allclose(ref.sigmoid_network(x, edges, jumps, 1e3), expected, atol=1e-10)


def test_relu_network_by_hand():
    """|x| = relu(x) + relu(−x)."""
    x = np.array([-2.0, 0.0, 3.0])
    weights, biases = [np.array([[1.0, -1.0]]), np.ones((2, 1))], [np.zeros(2), np.zeros(1)]
    np.testing.assert_array_equal(ref.relu_network(x, weights, biases)[:, 0], [2, 0, 3])
    np.testing.assert_array_equal(ref.breakpoints(weights, biases, -1.0, 2.0), [0])
    assert ref.breakpoints(weights, biases, 1.0, 2.0).size == 0


@given(st.integers(1, 30), st.integers(0, 99))
@settings(max_examples=40)
def test_one_layer_bends_where_its_units_cross_zero(units, seed):
    """The places are −b/w, in closed form."""
    weights, biases = random_net([1, units, 1], seed)
    places = np.sort(-biases[0] / weights[0][0])
    expected = places[(places > -3) & (places < 3)]
    np.testing.assert_allclose(ref.breakpoints(weights, biases, -3.0, 3.0), expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sizes", [[1, 6, 6, 1], [1, 4, 4, 4, 2], [1, 1, 1, 1], [1, 1]])
def test_between_breakpoints_the_network_is_straight(sizes, seed):
    """Interpolation through the breakpoints is the network, and each of them is a bend."""
    weights, biases = random_net(sizes, seed)
    bends = ref.breakpoints(weights, biases, -4.0, 4.0)
    x, knots = np.linspace(-4, 4, 4001), np.concatenate([[-4.0], bends, [4.0]])
    out, at_knots = (ref.relu_network(v, weights, biases) for v in (x, knots))
    for column, values in zip(out.T, at_knots.T, strict=True):
        np.testing.assert_allclose(np.interp(x, knots, values), column, atol=1e-8)
    for i in range(1, len(knots) - 1):
        without = np.delete(knots, i)
        gaps = [
            abs(np.interp(knots[i], without, np.delete(values, i)) - values[i])
            for values in at_knots.T
        ]
        assert max(gaps) > 0


@pytest.mark.parametrize("depth", [1, 2, 3, 5, 8, 10])
def test_sawtooth_has_two_to_the_depth_pieces(depth):
    """Peaks of 1 and zeros alternate at the multiples of 2^−depth; 2·depth units do it."""
    weights, biases = ref.sawtooth_network(depth)
    bends = ref.breakpoints(weights, biases, 0.0, 1.0)
    np.testing.assert_array_equal(bends, np.arange(1, 2**depth) / 2**depth)
    values = ref.relu_network(np.arange(2**depth + 1) / 2**depth, weights, biases)[:, 0]
    np.testing.assert_array_equal(values, np.arange(2**depth + 1) % 2)
    assert sum(len(b) for b in biases[:-1]) == 2 * depth
    assert ref.shallow_units(len(bends) + 1) == 2**depth - 1


@pytest.mark.parametrize(("depth", "width"), [(1, 143), (2, 18), (3, 13), (4, 11)])
def test_equal_parameters(depth, width):
    """430 parameters, counted by hand: (w + w) + (depth − 1)(w² + w) + w + 1."""
    sizes = ref.widest_net(1, 1, depth, 430)
    assert sizes == [1, *[width] * depth, 1]
    total = lambda w: 2 * w + (depth - 1) * (w * w + w) + w + 1
    assert total(width) <= 430 < total(width + 1)


def test_no_room_for_a_unit():
    """Three parameters cannot make a hidden unit with its output."""
    assert ref.widest_net(1, 1, 1, 3) == [1, 0, 1]


def attributes(groups, rng):
    """Examples that add one direction per attribute to noise, with `groups` per combination."""
    combination = np.repeat(np.arange(4), groups)
    first, second = np.divmod(combination, 2)
    x = rng.normal(size=(len(combination), 30))
    x[:, 0] += 2 * (2 * first - 1)
    x[:, 1] += 2 * (2 * second - 1)
    return x, first, second


@pytest.mark.parametrize("rare", [0, 3])
def test_shared_classifiers_know_the_rare_combination(rare):
    """With no or few examples of one combination, modules find it and the direct way does not."""
    rng = np.random.default_rng(0)
    x, first, second = attributes([100, 100, 100, rare], rng)
    unseen, *_ = attributes([0, 0, 0, 300], rng)
    direct = (ref.direct_prediction(x, first, second, unseen, 0.5, 200) == 3).mean()
    modular = (ref.modular_prediction(x, first, second, unseen, 0.5, 200) == 3).mean()
    assert direct < 0.4
    assert modular > direct + 0.3
    assert rare > 0 or direct == 0


REFUSED = [
    ("smooth_step", {2: 0.0}, "steepness is 0.0, expected a number > 0"),
    ("bump", {2: -0.5}, "right is -0.5, expected more than left = -0.5"),
    ("step_approximation", {0: 3}, "f is a int, expected a function"),
    ("step_approximation", {2: -1.0}, "b is -1.0, expected more than a = 0.0"),
    ("step_approximation", {3: 0}, "units is 0"),
    ("step_network", {2: np.ones(3)}, "jumps has shape"),
    ("relu_network", {1: [np.ones((2, 3))]}, r"weights\[0\] has shape .2, 3., expected one row"),
    ("breakpoints", {3: -2.0}, "b is -2.0, expected more than a = -2.0"),
    ("sawtooth_network", {0: 0}, "depth is 0"),
    ("widest_net", {3: 0}, "budget is 0"),
    ("modular_prediction", {1: np.full(8, 2)}, "first holds 2, expected only 0 and 1"),
    ("direct_prediction", {3: np.ones((2, 5))}, "unseen has shape"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 6), st.integers(1, 10**6))
@settings(max_examples=200)
def test_the_widest_net_fits_and_the_next_does_not(inputs, outputs, depth, budget):
    """Counted matrix by matrix; of a budget of any size, and at once."""
    count = lambda width: sum(
        (n + 1) * m for n, m in itertools.pairwise([inputs, *[width] * depth, outputs])
    )
    sizes = ref.widest_net(inputs, outputs, depth, budget)
    assert sizes == [inputs, *[sizes[1]] * depth, outputs]
    assert sizes[1] == 0 or count(sizes[1]) <= budget
    assert count(sizes[1] + 1) > budget


def test_a_huge_budget_is_no_work():
    """10³⁰ parameters: exact, where floating point would be off by millions."""
    width = ref.widest_net(10, 10, 3, 10**30)[1]
    assert 2 * width**2 + 23 * width + 10 <= 10**30 < 2 * (width + 1) ** 2 + 23 * (width + 1) + 10


@pytest.mark.parametrize("f", [np.sin, np.exp, np.cos])
def test_the_interpolant_is_numpys(f):
    """The ReLU net is piecewise-linear interpolation, and its error falls fourfold per doubling."""
    x, worst = np.linspace(0, 3, 4001), []
    for units in (4, 8, 16, 32):
        net = ref.relu_interpolant(f, 0.0, 3.0, units)
        out = ref.relu_network(x, *net)[:, 0]
        knots = np.linspace(0, 3, units + 1)
        np.testing.assert_allclose(out, np.interp(x, knots, f(knots)), atol=1e-11)
        worst.append(np.abs(out - f(x)).max())
        curvature = np.abs(f(x)).max()  # |f''| = |f| for all three
        assert worst[-1] <= curvature * (3 / units) ** 2 / 8 + 1e-11
        assert len(ref.breakpoints(*net, 0.0, 3.0)) == units - 1
    np.testing.assert_allclose(np.array(worst[:-1]) / worst[1:], 4, rtol=0.25)


def test_crossings_by_hand():
    """Up, down, at a knot (no change of sign in between), and one that stays."""
    z = np.array([[-1.0, 2, 0, 5], [3, -2, 1, 5], [3, 6, -3, 5]])
    got = ref.zero_crossings(np.array([0.0, 1, 3]), z)
    np.testing.assert_allclose(got, [0.25, 0.5, 1.5, 1.5])


def test_separation_by_the_law_of_variances():
    """Between over within from the classes' variances; infinite for points, NaN for one."""
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=50)
    a, b = rng.normal(size=(50, 4)) + labels[:, None], rng.normal(size=(50, 2))
    got = ref.layer_separation([a, b], labels)
    for value, layer in zip(got, (a, b), strict=True):
        within = sum(layer[labels == c].var(axis=0).sum() * (labels == c).sum() for c in range(3))
        assert np.isclose(value, (50 * layer.var(axis=0).sum() - within) / within)
    ends = ref.layer_separation([np.eye(3)[labels], np.ones((50, 2))], labels)
    assert np.isposinf(ends[0])
    assert np.isnan(ends[1])


def test_training_separates_the_classes_layer_by_layer():
    """XOR of signs, a net of three hidden layers: after training the ratio rises with depth."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, size=(400, 2))
    labels = (x[:, 0] * x[:, 1] > 0).astype(int)
    relu = network.activation(relu_forward, relu_backward)
    layers = [network.dense(n, 32) for n in (2, 32, 32)]
    model = network.sequential(
        [part for layer in layers for part in (layer, relu)] + [network.dense(32, 2)]
    )
    step = functools.partial(adam_step, rate=0.003)
    params, _ = network.train(model, model.start(rng), (x, labels), step, 30, 50, rng)
    activations = [x]
    for i in (0, 2, 4):
        activations.append(np.maximum(activations[-1] @ params[f"{i}.W"] + params[f"{i}.b"], 0))
    ratios = ref.layer_separation(activations, labels)
    assert (np.diff(ratios) > 0).all()
    assert ratios[-1] > 20 * ratios[0]


def test_softmax_prediction_is_that_of_scipys_optimum():
    """After many steps on overlapping classes its answers are those of SciPy's minimiser."""
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=90)
    x = rng.normal(size=(90, 2)) + np.array([[0, 0], [1, 1], [2, -1]])[labels]
    design = np.c_[x, np.ones(90)]

    def loss(theta):
        scores = special.log_softmax(design @ theta.reshape(3, 3), axis=1)
        return -scores[np.arange(90), labels].mean()

    best = optimize.minimize(loss, np.zeros(9)).x.reshape(3, 3)
    unseen = rng.normal(size=(500, 2)) * 2
    scores = np.c_[unseen, np.ones(500)] @ best
    top = np.sort(scores, axis=1)
    clear = top[:, -1] - top[:, -2] > 1e-2
    got = ref.softmax_prediction(x, labels, 3, unseen, 1.0, 2000)
    np.testing.assert_array_equal(got[clear], scores.argmax(axis=1)[clear])
    assert clear.mean() > 0.95


@given(st.integers(2, 30), st.floats(0.5, 0.999), st.integers(0, 10**6))
@settings(max_examples=30)
def test_paired_interval_is_scipys(runs, level, seed):
    """The confidence interval of the paired t-test."""
    first, second = np.random.default_rng(seed).normal(size=(2, runs))
    quantile = stats.t.ppf(0.5 + level / 2, runs - 1)
    low, mean, high = ref.paired_interval(first, second, quantile)
    expected = stats.ttest_rel(second, first).confidence_interval(level)
    assert low == pytest.approx(expected.low, rel=1e-9, abs=1e-12)
    assert high == pytest.approx(expected.high, rel=1e-9, abs=1e-12)
    assert mean == pytest.approx((second - first).mean(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("size", [(1, 1, 1), (5, 3, 7), (4, 6, 2)])
def test_residual_blocks_slopes_are_measured(size):
    """The layers of `network` go forward alike; central differences for every entry."""
    n, d, hidden = size
    rng = np.random.default_rng(n)
    x, dout = rng.normal(size=(2, n, d))
    shapes = (n, d), (d, hidden), (hidden,), (hidden, d), (d,)
    values = [x, *(rng.normal(size=s) for s in shapes[1:])]
    out, cache = ref.residual_forward(*values)
    inner = network.sequential(
        [
            network.dense(d, hidden),
            network.activation(relu_forward, relu_backward),
            network.dense(hidden, d),
        ]
    )
    params = dict(zip(("0.W", "0.b", "2.W", "2.b"), values[1:], strict=True))
    np.testing.assert_allclose(network.residual(inner).forward(params, x)[0], out, rtol=1e-12)
    for k, slopes in enumerate(ref.residual_backward(dout, cache)):
        for at in np.ndindex(*shapes[k]):
            ends = []
            for step in (1e-6, -1e-6):
                moved = [v.copy() for v in values]
                moved[k][at] += step
                ends.append(np.sum(dout * ref.residual_forward(*moved)[0]))
            assert slopes[at] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-5, abs=1e-7)
