"""Batch normalisation against worked values, invariants, complex steps and the notes' numbers."""

import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reference_impl import batchnorm as ref

SIZE = st.integers(1, 6)


@pytest.fixture
def rng():
    """A generator with a fixed seed."""
    return np.random.default_rng(20261121)


def layer(rng, d):
    """γ, β and running statistics, none of them at the value where it would do nothing."""
    return rng.uniform(0.5, 2, d), rng.normal(size=d), rng.normal(size=d), rng.uniform(0.5, 2, d)


def trained(x, gamma, beta, eps=1e-5):
    """Output and cache in training."""
    return ref.batchnorm_forward(x, gamma, beta, eps)


def calls():
    """One ordinary call of every function."""
    rng = np.random.default_rng(7)
    x, dout, parameters = rng.normal(size=(11, 5)), rng.normal(size=(11, 5)), layer(rng, 5)
    images, dimages = rng.normal(size=(2, 3, 5, 4, 2))
    cache = trained(x, *parameters[:2])[1]
    spatial = ref.spatial_batchnorm_forward(images, *parameters, True)[1]
    return {
        "normalise_batch": (x, 1e-2),
        "batchnorm_forward": (x, *parameters[:2], 1e-2),
        "running_statistics": (x, *parameters[2:], 0.7),
        "batchnorm_inference": (x, *parameters, 1e-2),
        "fold_batchnorm": (dout.T, np.ones(11), *layer(rng, 11), 1e-2),
        "batchnorm_backward_steps": (dout, cache),
        "batchnorm_backward": (dout, cache),
        "identity_parameters": (x, 1e-2),
        "dataset_statistics": ([x, dout[:3], x[:1]],),
        "spatial_batchnorm_forward": (images, *parameters, True, 0.7, 1e-2),
        "spatial_batchnorm_backward": (dimages, spatial),
    }


@pytest.mark.parametrize("name", calls())
def test_laws_of_every_function(name):
    """Arguments stay as they were, precision is kept, the docstring is a contract."""
    function, arguments = getattr(ref, name), calls()[name]
    assert_arguments_unchanged(function, arguments)
    assert_precision_kept(function, arguments)
    assert_documented(function)


def test_test_mode_keeps_the_laws_too(rng):
    """For images in test mode nothing is changed either, and float32 stays float32."""
    arguments = (rng.normal(size=(2, 5, 3, 4)), *layer(rng, 5), False)
    assert_arguments_unchanged(ref.spatial_batchnorm_forward, arguments)
    assert_precision_kept(ref.spatial_batchnorm_forward, arguments)


# --- training -----------------------------------------------------------------------------------


def test_the_notes_example():
    """[3, 5, 7, 2] becomes [−.651, .391, 1.432, −1.172], not what the note prints."""
    x = np.array([[3.0], [5.0], [7.0], [2.0]])
    out, _ = trained(x, np.ones(1), np.zeros(1), eps=0.0)
    np.testing.assert_allclose(out[:, 0], [-0.651, 0.391, 1.432, -1.172], atol=5e-4)
    np.testing.assert_allclose(ref.normalise_batch(x, 0.0), out)


@given(st.integers(1, 9), SIZE)
def test_normalising_is_the_layer_with_one_and_zero(n, d):
    """γ = 1 and β = 0 leave the normalised batch, whatever eps is."""
    x = np.random.default_rng(n).normal(3, 2, size=(n, d))
    expected, _ = trained(x, np.ones(d), np.zeros(d), 0.3)
    np.testing.assert_allclose(ref.normalise_batch(x, 0.3), expected, atol=1e-14)


@given(st.integers(2, 20), SIZE, st.floats(-100, 100), st.floats(0.1, 100))
def test_columns_have_mean_beta_and_spread_gamma(n, d, shift, scale):
    """With eps = 0 every column has mean β and spread γ, wherever the input lay."""
    rng = np.random.default_rng(n)
    gamma, beta, _, _ = layer(rng, d)
    out, _ = trained(shift + scale * rng.normal(size=(n, d)), gamma, beta, eps=0.0)
    np.testing.assert_allclose(out.mean(axis=0), beta, atol=1e-9)
    np.testing.assert_allclose(out.std(axis=0), gamma, rtol=1e-9)


def test_the_shape_of_the_distribution_stays(rng):
    """Mean 0 and variance 1 do not make an exponential input normal: its skewness stays."""
    x = rng.exponential(size=(500, 1))
    out, _ = trained(x, np.ones(1), np.zeros(1))
    assert math.isclose(stats.skew(out[:, 0]), stats.skew(x[:, 0]), rel_tol=1e-9)


def test_weight_scale_is_forgotten(rng):
    """A layer in front may be 1000 times as large: the output is the same."""
    x, (gamma, beta, _, _) = rng.normal(size=(7, 3)), layer(rng, 3)
    small, large = trained(x, gamma, beta, 0.0)[0], trained(1000 * x, gamma, beta, 0.0)[0]
    np.testing.assert_allclose(large, small, rtol=1e-12, atol=1e-14)


def test_eps_is_inside_the_root():
    """A column ±a with a² = eps is scaled by 1/√(2·eps), not by 1/(√eps + eps)."""
    out, _ = trained(np.array([[0.1], [-0.1]]), np.ones(1), np.zeros(1), eps=0.01)
    np.testing.assert_allclose(out[:, 0], [math.sqrt(0.5), -math.sqrt(0.5)])


@pytest.mark.filterwarnings("error")
def test_constant_features_and_batches_of_one():
    """A constant column, and any batch of one, comes out as β: finite, and nothing is left of x."""
    beta = np.array([2.0, -1.0])
    out, cache = trained(np.full((3, 2), 1e6), np.ones(2), beta)
    np.testing.assert_array_equal(out, [beta] * 3)
    assert np.isfinite(ref.batchnorm_backward(np.ones((3, 2)), cache)[0]).all()
    out, cache = trained(np.array([[3.7, 5.0]]), np.ones(2), beta)
    np.testing.assert_array_equal(out, [beta])
    np.testing.assert_array_equal(ref.batchnorm_backward(np.ones((1, 2)), cache)[0], 0)


def test_the_output_depends_on_the_batch_mates(rng):
    """A fixed example among random others comes out with a noise that fades as 1.2/√B."""
    for size, noise in ((8, 0.411), (128, 0.109)):
        outs = []
        for _ in range(3000):
            x = np.vstack([[[1.0]], rng.normal(size=(size - 1, 1))])
            outs.append(trained(x, np.ones(1), np.zeros(1))[0][0, 0])
        assert math.isclose(np.std(outs), noise, rel_tol=0.1)


@given(st.integers(2, 12), SIZE)
def test_identity_parameters_undo_the_layer(n, d):
    """γ = √(var + eps), β = mean give the batch back, eps and all."""
    x = np.random.default_rng(n).normal(3, 7, size=(n, d))
    out, _ = trained(x, *ref.identity_parameters(x, 0.01), eps=0.01)
    np.testing.assert_allclose(out, x, atol=1e-12)


# --- running statistics and test mode -----------------------------------------------------------


def test_running_statistics_by_hand():
    """Three different batches with momentum .7: the memory is their weighted average."""
    batches = [np.array([[0.0], [2.0]]), np.array([[4.0], [8.0]]), np.array([[1.0], [1.0]])]
    mean, var = np.zeros(1), np.ones(1)
    for x in batches:
        mean, var = ref.running_statistics(x, mean, var, 0.7)
    assert math.isclose(mean[0], 0.49 * 0.3 * 1 + 0.7 * 0.3 * 6 + 0.3 * 1)
    assert math.isclose(var[0], 0.343 * 1 + 0.49 * 0.3 * 1 + 0.7 * 0.3 * 4 + 0)


def test_momentum_at_its_ends(rng):
    """Momentum 1 learns nothing, momentum 0 remembers nothing but the last batch."""
    x, (_, _, mean, var) = rng.normal(size=(6, 4)), layer(rng, 4)
    np.testing.assert_array_equal(ref.running_statistics(x, mean, var, 1), (mean, var))
    np.testing.assert_allclose(ref.running_statistics(x, mean, var, 0), stats_of(x))


def stats_of(x):
    """Mean and population variance by SciPy."""
    return x.mean(axis=0), stats.tvar(x, axis=0) * (len(x) - 1) / len(x)


def test_test_mode_uses_only_the_memory(rng):
    """An example comes out the same alone and in company, with γ and β."""
    x, (gamma, beta, mean, var) = rng.normal(size=(6, 4)), layer(rng, 4)
    out = ref.batchnorm_inference(x, gamma, beta, mean, var, 0.01)
    np.testing.assert_allclose(out, gamma * (x - mean) / np.sqrt(var + 0.01) + beta)
    alone = ref.batchnorm_inference(x[2:3], gamma, beta, mean, var, 0.01)
    np.testing.assert_array_equal(alone[0], out[2])


def test_images_in_test_mode_learn_nothing(rng):
    """The memory comes back as it was, and there is nothing for a backward pass."""
    x, (gamma, beta, mean, var) = rng.normal(size=(2, 4, 3, 5)), layer(rng, 4)
    result = ref.spatial_batchnorm_forward(x, gamma, beta, mean, var, False, eps=0.01)
    out, cache, new_mean, new_var = result
    assert cache is None
    np.testing.assert_array_equal(new_mean, mean)
    np.testing.assert_array_equal(new_var, var)
    alone = ref.spatial_batchnorm_forward(x[1:], gamma, beta, mean, var, False, eps=0.01)[0]
    np.testing.assert_array_equal(alone[0], out[1])


@pytest.mark.filterwarnings("error")
def test_test_mode_survives_a_variance_of_zero():
    """eps guards the division in test mode too."""
    one = np.ones((1, 1))
    out = ref.batchnorm_inference(one, one[0], one[0], np.zeros(1), np.zeros(1), 0.01)
    np.testing.assert_allclose(out, 11)


def test_running_statistics_find_the_distribution(rng):
    """After 300 batches of N(5, 9) the memory is near mean 5 and variance 9."""
    mean, var = np.zeros(1), np.ones(1)
    for _ in range(300):
        mean, var = ref.running_statistics(rng.normal(5, 3, size=(64, 1)), mean, var)
    assert math.isclose(mean[0], 5, rel_tol=0.1)
    assert math.isclose(var[0], 9, rel_tol=0.2)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.sampled_from([0, 1e7]))
def test_dataset_statistics_are_those_of_all_rows(sizes, level):
    """However the rows are cut into batches, and far from 0 too."""
    rng = np.random.default_rng(sum(sizes))
    batches = [level + rng.normal(5 * k, 3, size=(n, 3)) for k, n in enumerate(sizes)]
    mean, var = ref.dataset_statistics(batches)
    rows = np.vstack(batches)
    np.testing.assert_allclose(mean, rows.mean(axis=0))
    np.testing.assert_allclose(var, ((rows - rows.mean(axis=0)) ** 2).mean(axis=0), atol=1e-13)


@given(SIZE, SIZE, st.floats(0, 1))
def test_folding_changes_nothing(d, m, eps):
    """One dense layer does what a dense layer and test-mode normalisation do."""
    rng = np.random.default_rng(10 * d + m)
    x, W, b = rng.normal(size=(7, d)), rng.normal(size=(d, m)), rng.normal(size=m)
    parameters = layer(rng, m)
    folded_W, folded_b = ref.fold_batchnorm(W, b, *parameters, eps)
    expected = ref.batchnorm_inference(x @ W + b, *parameters, eps)
    np.testing.assert_allclose(x @ folded_W + folded_b, expected, atol=1e-12)


# --- backward -----------------------------------------------------------------------------------


def by_complex_step(x, gamma, beta, eps, direction):
    """Derivative of the textbook formula along a direction of x."""
    moved = x + 1e-30j * direction
    centred = moved - moved.mean(axis=0)
    out = gamma * centred / np.sqrt((centred**2).mean(axis=0) + eps) + beta
    return out.imag / 1e-30


@given(st.integers(1, 7), SIZE, st.sampled_from([1e-5, 0.3]))
def test_closed_form_by_complex_step(n, d, eps):
    """dx agrees with the complex-step derivative along random directions, also for a batch of 1."""
    rng = np.random.default_rng(10 * n + d)
    x, dout, direction = rng.normal(size=(3, n, d))
    gamma, beta, _, _ = layer(rng, d)
    out, cache = trained(x, gamma, beta, eps)
    dx, dgamma, dbeta = ref.batchnorm_backward(dout, cache)
    expected = np.vdot(dout, by_complex_step(x, gamma, beta, eps, direction))
    scale = np.abs(dout / np.sqrt(x.var(axis=0) + eps)).sum()
    assert math.isclose(np.vdot(dx, direction), expected, rel_tol=1e-8, abs_tol=1e-12 * scale)
    np.testing.assert_allclose(dbeta, dout.sum(axis=0))
    np.testing.assert_allclose(dgamma, ((out - beta) / gamma * dout).sum(axis=0), atol=1e-9)


@given(st.integers(1, 9), SIZE)
def test_steps_and_closed_form_agree(n, d):
    """The small steps end at the closed form's gradients."""
    rng = np.random.default_rng(10 * n + d)
    x, dout = rng.normal(size=(2, n, d))
    _, cache = trained(x, *layer(rng, d)[:2], 0.01)
    steps = ref.batchnorm_backward_steps(dout, cache)
    for name, expected in zip(
        ("dx", "dgamma", "dbeta"), ref.batchnorm_backward(dout, cache), strict=True
    ):
        np.testing.assert_allclose(steps[name], expected, rtol=1e-9, atol=1e-11)


def test_each_step_is_a_derivative(rng):
    """Every intermediate is the complex-step slope of the rest of the way forward."""
    x, dout, (gamma, beta, _, _) = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), layer(rng, 3)
    _, (centred, std, _) = trained(x, gamma, beta, 0.01)
    var = std**2 - 0.01
    rest = {
        "dxhat": (centred / std, lambda v: gamma * v + beta),
        "dstd": (std, lambda v: gamma * centred / v + beta),
        "dvar": (var, lambda v: gamma * centred / np.sqrt(v + 0.01) + beta),
        "dcentred": (
            centred,
            lambda v: gamma * v / np.sqrt((v**2).mean(axis=0) + 0.01) + beta,
        ),
    }
    steps = ref.batchnorm_backward_steps(dout, (centred, std, gamma))
    for name, (at, onward) in rest.items():
        slope = np.zeros(at.shape)
        for index in np.ndindex(at.shape):
            moved = at.astype(complex)
            moved[index] += 1e-30j
            slope[index] = np.sum(dout * onward(moved).imag) / 1e-30
        np.testing.assert_allclose(steps[name], slope, rtol=1e-9, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(steps["dmean"], -steps["dcentred"].sum(axis=0))


def test_gradients_cannot_shift_or_stretch(rng):
    """With eps = 0 each column of dx sums to 0 and is at right angles to xhat."""
    x, dout = rng.normal(size=(2, 9, 4))
    _, cache = trained(x, *layer(rng, 4)[:2], 0.0)
    dx, _, _ = ref.batchnorm_backward(dout, cache)
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose((dx * cache[0]).sum(axis=0), 0, atol=1e-13)


# --- images -------------------------------------------------------------------------------------


def test_images_channel_by_channel(rng):
    """Channel c of a constant c comes out as β; each channel is normalised over N, H and W."""
    x = np.zeros((2, 3, 4, 5)) + np.arange(3.0)[:, None, None]
    gamma, beta, mean, var = layer(rng, 3)
    out = ref.spatial_batchnorm_forward(x, gamma, beta, mean, var, True)[0]
    np.testing.assert_allclose(out, np.broadcast_to(beta[:, None, None], x.shape))
    x = rng.normal(size=(2, 3, 4, 5))
    out, _, new_mean, _ = ref.spatial_batchnorm_forward(x, gamma, beta, mean, var, True, 0.6, 0.0)
    np.testing.assert_allclose(out.mean(axis=(0, 2, 3)), beta, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=(0, 2, 3)), gamma)
    np.testing.assert_allclose(new_mean, 0.6 * mean + 0.4 * x.mean(axis=(0, 2, 3)))


def test_one_pixel_images_are_vectors(rng):
    """On 1×1 images the spatial layer is the plain one, forward and back, in both modes."""
    x, dout, parameters = rng.normal(size=(6, 3)), rng.normal(size=(6, 3)), layer(rng, 3)
    images = x[:, :, None, None]
    plain = trained(x, *parameters[:2])[0], ref.batchnorm_inference(x, *parameters)
    for training, expected in zip((True, False), plain, strict=True):
        spatial = ref.spatial_batchnorm_forward(images, *parameters, training)
        np.testing.assert_array_equal(spatial[0][:, :, 0, 0], expected)
    cache = trained(x, *parameters[:2])[1]
    expected = ref.batchnorm_backward(dout, cache)
    got = ref.spatial_batchnorm_backward(dout[:, :, None, None], cache)
    np.testing.assert_array_equal(got[0][:, :, 0, 0], expected[0])
    np.testing.assert_array_equal(got[1], expected[1])


REFUSED = [
    ("batchnorm_forward", {0: np.ones((0, 5))}, r"x has shape \(0, 5\), .* N >= 1"),
    ("batchnorm_forward", {0: np.ones(5)}, r"x has shape \(5,\), expected \(N, D\)"),
    ("batchnorm_forward", {1: np.ones(4)}, r"gamma has shape \(4,\), .* D = 5"),
    ("batchnorm_forward", {3: -1e-5}, "eps is -1e-05, expected a number >= 0"),
    ("running_statistics", {3: 1.5}, "momentum is 1.5, expected a number >= 0 and <= 1"),
    ("batchnorm_inference", {4: np.ones(4)}, r"var has shape \(4,\), .* D = 5"),
    ("fold_batchnorm", {2: np.ones(5)}, r"gamma has shape \(5,\), .* M = 11"),
    ("batchnorm_backward", {0: np.ones((4, 5))}, r"cache\[0\] has shape \(11, 5\), .* N = 4"),
    ("dataset_statistics", {0: []}, "batches has 0 arrays"),
    ("dataset_statistics", {0: [np.ones((3, 5)), np.ones((3, 4))]}, r"batches\[1\] .* D = 5"),
    ("spatial_batchnorm_forward", {5: "test"}, "training is 'test', expected True or False"),
    ("spatial_batchnorm_forward", {0: np.ones((4, 5))}, r"x has shape .*, expected \(N, C, H, W\)"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)
