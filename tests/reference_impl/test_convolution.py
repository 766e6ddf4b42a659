"""Convolution and pooling against their definitions, SciPy and worked examples."""

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, signal

from reference_impl import convolution as ref


def images(seed=0, shape=(3, 2, 7, 5)):
    """Random images, every size another number."""
    return np.random.default_rng(seed).normal(size=shape)


X, W, B = images(0), images(1, (4, 2, 3, 2)), images(2, (4,))
OUT, CACHE = ref.conv2d_forward(X, W, B, 2, 1)
MAX, MAX_CACHE = ref.max_pool_forward(X, 3, 2)
MEAN, MEAN_CACHE = ref.mean_pool_forward(X, 3, 2)
CALLS = {
    "conv2d_forward": (X, W, B, 2, 1),
    "conv2d_backward": (OUT, CACHE),
    "conv2d_by_loops": (X, W, B, 2, 1),
    "conv2d_backward_by_loops": (OUT, X, W, 2, 1),
    "max_pool_forward": (X, 3, 2),
    "max_pool_backward": (MAX, MAX_CACHE),
    "mean_pool_forward": (X, 3, 2),
    "mean_pool_backward": (MEAN, MEAN_CACHE),
    "max_pool_by_loops": (X, 3, 2),
    "max_pool_backward_by_loops": (MAX, X, 3, 2),
    "mean_pool_by_loops": (X, 3, 2),
    "mean_pool_backward_by_loops": (MEAN, X, 3, 2),
    "image_columns": (X, 3, 2, 2, 1),
    "conv2d_by_columns": (X, W, B, 2, 1),
    "pooled_slices": (X, 3, 2),
    "convolution_matrix": (W, 7, 5, 2, 1),
}


@pytest.mark.parametrize("name", CALLS)
def test_contract(name):
    """Nothing passed in is changed, precision is kept, and the docstring is complete."""
    function = getattr(ref, name)
    assert_arguments_unchanged(function, CALLS[name])
    assert_precision_kept(function, CALLS[name])
    assert_documented(function)


@pytest.mark.parametrize("name", ["output_size", "weight_counts", "receptive_field"])
def test_documented(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


SIZES = st.fixed_dictionaries(
    {
        "n": st.integers(1, 3),
        "channels": st.integers(1, 3),
        "filters": st.integers(1, 3),
        "height": st.integers(3, 7),
        "width": st.integers(3, 7),
        "rows": st.integers(1, 3),
        "cols": st.integers(1, 3),
        "stride": st.integers(1, 3),
        "padding": st.integers(0, 2),
        "seed": st.integers(0, 99),
    }
)


@settings(max_examples=60)
@given(SIZES)
def test_the_fast_convolution_is_the_obvious_one(s):
    """One matrix product gives what the loops give, forward and backward, for any sizes."""
    rng = np.random.default_rng(s["seed"])
    x = rng.normal(size=(s["n"], s["channels"], s["height"], s["width"]))
    w = rng.normal(size=(s["filters"], s["channels"], s["rows"], s["cols"]))
    b = rng.normal(size=s["filters"])
    out, cache = ref.conv2d_forward(x, w, b, s["stride"], s["padding"])
    expected = ref.conv2d_by_loops(x, w, b, s["stride"], s["padding"])
    np.testing.assert_allclose(out, expected, rtol=1e-11, atol=1e-12)
    dout = rng.normal(size=out.shape)
    slow = ref.conv2d_backward_by_loops(dout, x, w, s["stride"], s["padding"])
    for got, wanted in zip(ref.conv2d_backward(dout, cache), slow, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-11)


def test_convolution_is_scipys_cross_correlation():
    """Each output map is the sum of SciPy's correlations over the channels, plus its bias."""
    out, _ = ref.conv2d_forward(X, W, B)
    for n, f in np.ndindex(out.shape[:2]):
        maps = [signal.correlate2d(X[n, c], W[f, c], "valid") for c in range(2)]
        np.testing.assert_allclose(out[n, f], sum(maps) + B[f], rtol=1e-12)


def test_padding_and_stride_of_scipys_full_correlation():
    """Padding by kernel − 1 is SciPy's full correlation; a stride keeps every other place."""
    w = images(3, (1, 1, 3, 3))
    full = signal.correlate2d(X[0, 0], w[0, 0], "full")
    out, _ = ref.conv2d_forward(X[:1, :1], w, np.zeros(1), 2, 2)
    np.testing.assert_allclose(out[0, 0], full[::2, ::2], rtol=1e-12)


def test_constant_images_show_the_zero_border():
    """Under padding the corners of a constant image see only 4 of 9 ones."""
    out, _ = ref.conv2d_forward(np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3)), np.zeros(1), 1, 1)
    np.testing.assert_array_equal(
        out[0, 0], [[4, 6, 6, 4], [6, 9, 9, 6], [6, 9, 9, 6], [4, 6, 6, 4]]
    )


def measured(loss, x):
    """SciPy's forward-difference gradient, in x's shape."""
    flat = optimize.approx_fprime(x.ravel(), lambda v: loss(v.reshape(x.shape)), 1e-7)
    return flat.reshape(x.shape)


def test_gradients_against_scipy():
    """dx, dW and db are the slopes that SciPy measures."""
    weight = images(5, OUT.shape)
    dx, dW, db = ref.conv2d_backward(weight, CACHE)
    loss = lambda x, w, b: float(np.sum(weight * ref.conv2d_by_loops(x, w, b, 2, 1)))
    np.testing.assert_allclose(
        dx[:1], measured(lambda v: loss(np.concatenate([v, X[1:]]), W, B), X[:1]), atol=1e-5
    )
    np.testing.assert_allclose(dW, measured(lambda v: loss(X, v, B), W), atol=1e-5)
    np.testing.assert_allclose(db, measured(lambda v: loss(X, W, v), B), atol=1e-5)


def test_shifted_image_shifted_response():
    """Moving the image moves the response and changes nothing else."""
    x = np.zeros((1, 2, 9, 9))
    x[:, :, 2:6, 2:6] = images(4, (1, 2, 4, 4))
    out, _ = ref.conv2d_forward(x, W, B)
    moved, _ = ref.conv2d_forward(np.roll(x, 1, axis=3), W, B)
    np.testing.assert_array_equal(moved[..., 1:], out[..., :-1])


@settings(max_examples=60)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(3, 8), st.integers(0, 99))
def test_pooling_is_the_obvious_one(size, stride, height, seed):
    """Max pooling with overlap, gaps and many ties is what the loops give; no error is lost."""
    rng = np.random.default_rng(seed)
    x = rng.integers(-3, 0, size=(2, 3, height, 5)).astype(float)
    out, cache = ref.max_pool_forward(x, size, stride)
    np.testing.assert_array_equal(out, ref.max_pool_by_loops(x, size, stride))
    dout = rng.normal(size=out.shape)
    dx = ref.max_pool_backward(dout, cache)
    np.testing.assert_allclose(
        dx, ref.max_pool_backward_by_loops(dout, x, size, stride), atol=1e-14
    )
    mean, cache = ref.mean_pool_forward(x, size, stride)
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    expected = windows[:, :, ::stride, ::stride].mean(axis=(4, 5))
    np.testing.assert_allclose(mean, expected, rtol=1e-12)
    np.testing.assert_allclose(ref.mean_pool_by_loops(x, size, stride), expected, rtol=1e-12)
    even = ref.mean_pool_backward(dout, cache)
    by_loops = ref.mean_pool_backward_by_loops(dout, x, size, stride)
    np.testing.assert_allclose(by_loops, even, atol=1e-14)
    np.testing.assert_allclose([dx.sum(), even.sum()], dout.sum(), atol=1e-12)
    np.testing.assert_allclose(np.sum(even * x), np.sum(dout * mean), atol=1e-11)


def test_pooling_by_hand():
    """The worked 4×4 example: maxima get the error, or every entry a quarter of it."""
    x = np.array([[1.0, 2, 0, 1], [3, 9, 2, 8], [7, 1, 0, 2], [3, 4, 1, 6]])[None, None]
    dout = np.array([[1.0, 2], [3, 4]])[None, None]
    out, cache = ref.max_pool_forward(x, 2, 2)
    np.testing.assert_array_equal(out[0, 0], [[9, 8], [7, 6]])
    expected = [[0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4]]
    np.testing.assert_array_equal(ref.max_pool_backward(dout, cache)[0, 0], expected)
    _, cache = ref.mean_pool_forward(x, 2, 2)
    expected = np.kron(dout[0, 0] / 4, np.ones((2, 2)))
    np.testing.assert_array_equal(ref.mean_pool_backward(dout, cache)[0, 0], expected)


def test_the_first_of_equal_maxima_takes_all():
    """In a constant image every window's error goes to its first entry."""
    _, cache = ref.max_pool_forward(np.zeros((1, 1, 4, 4)), 2, 2)
    dx = ref.max_pool_backward(np.ones((1, 1, 2, 2)), cache)
    np.testing.assert_array_equal(dx[0, 0, ::2, ::2], 1)
    assert dx.sum() == 4


def test_extreme_pixels_stay_finite():
    """Pixels of ±1e150 pass through forward and backward without NaN."""
    x = np.where(X > 0, 1e150, -1e150)
    out, cache = ref.conv2d_forward(x, W, B)
    assert np.isfinite(out).all()
    assert all(np.isfinite(g).all() for g in ref.conv2d_backward(np.ones_like(out), cache))
    out, cache = ref.max_pool_forward(x, 2, 1)
    assert np.isfinite(ref.max_pool_backward(out, cache)).all()


def test_published_counts():
    """20 maps of 5×5 on 28×28, and the first layer of LeNet-5."""
    counts = ref.weight_counts(28, 28, 1, 20, 5)
    assert counts == {"shared": 520, "local": 299520, "dense": 9043200}
    lenet = ref.weight_counts(32, 32, 1, 6, 5)
    assert (lenet["shared"], lenet["local"]) == (156, 122304)


def test_sizes_by_hand():
    """Output sizes and the receptive field of three 3-wide layers of stride 2: 15 pixels."""
    assert ref.output_size(32, 5) == 28
    assert ref.output_size(7, 3, 2, 1) == 4
    assert ref.receptive_field([3, 3, 3], [2, 2, 2]) == 15
    assert ref.receptive_field([3, 3, 3], [1, 1, 1]) == 7


REFUSED = [
    (ref.conv2d_forward, (X[0], W, B), r"x has shape \(2, 7, 5\), expected \(N, C, H, W\)"),
    (ref.conv2d_forward, (X[:0], W, B), "expected .* with N >= 1"),
    (ref.conv2d_forward, (X, W[:, :1], B), "with C = 2"),
    (ref.conv2d_forward, (X, images(0, (4, 2, 8, 2)), B), "W is 8 x 2, expected at most 7 x 5"),
    (ref.conv2d_forward, (X, images(0, (4, 2, 8, 8)), B, 1, 1), "is 8 x 8, expected at most 9 x 7"),
    (ref.receptive_field, ([3, 3], [1]), "strides has 1 numbers, expected 2"),
    (ref.mean_pool_backward, (X, ((3, 2, 7, 5, 1), 2, 2)), r"expected four numbers \(N, C, H, W\)"),
    (
        ref.max_pool_backward_by_loops,
        (images(0, (len(X), 2, 3, 3)), X, 2, 2),
        r"dout has shape .* with Q = 2",
    ),
    (ref.conv2d_forward, (X, W, B[:3]), r"b has shape \(3,\), .* F = 4"),
    (ref.conv2d_forward, (X, W, B, 0), "stride is 0"),
    (ref.conv2d_forward, (X, W, B, 1, -1), "padding is -1"),
    (ref.conv2d_backward, (OUT[:, :, 1:], CACHE), "dout has shape"),
    (ref.max_pool_forward, (X, 6, 1), "size is 6, expected a whole number from 1 to 5"),
    (ref.max_pool_backward, (MAX[1:], MAX_CACHE), "dout has shape .* N = 3"),
    (ref.receptive_field, ([], []), "kernel_sizes is"),
]


@pytest.mark.parametrize(("function", "arguments", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(function, arguments, message):
    """A ValueError names the argument, what was given and what was expected."""
    with pytest.raises(ValueError, match=message):
        function(*arguments)


@settings(max_examples=40)
@given(SIZES)
def test_convolution_is_a_dense_layer(s):
    """Flattened images times the matrix are their convolution, for any sizes."""
    rng = np.random.default_rng(s["seed"])
    x = rng.normal(size=(s["n"], s["channels"], s["height"], s["width"]))
    w = rng.normal(size=(s["filters"], s["channels"], s["rows"], s["cols"]))
    expected, _ = ref.conv2d_forward(x, w, np.zeros(len(w)), s["stride"], s["padding"])
    dense = ref.convolution_matrix(w, s["height"], s["width"], s["stride"], s["padding"])
    np.testing.assert_allclose(
        x.reshape(len(x), -1) @ dense, expected.reshape(len(x), -1), atol=1e-12
    )


def test_sharing_counted_in_the_matrix():
    """8×8 pixels, one 3×3 kernel: 9 distinct numbers of 2304, each at all 36 places, Toeplitz."""
    dense = ref.convolution_matrix(np.arange(1.0, 10).reshape(1, 1, 3, 3), 8, 8)
    assert dense.shape == (64, 36)
    numbers, counts = np.unique(dense, return_counts=True)
    np.testing.assert_array_equal(numbers, range(10))
    np.testing.assert_array_equal(counts, [2304 - 9 * 36, *9 * [36]])
    np.testing.assert_array_equal(dense[:55, 0], dense[9:, 7])  # one place on, one row on


def test_columns_by_hand():
    """A 3×3 image has four 2×2 windows; two channels stand side by side in a row."""
    image = np.arange(9.0).reshape(1, 1, 3, 3)
    expected = [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]]
    np.testing.assert_array_equal(ref.image_columns(image, 2, 2), expected)
    both = ref.image_columns(np.concatenate([image, 10 + image], axis=1), 2, 2)
    np.testing.assert_array_equal(both, np.hstack([expected, 10 + np.array(expected)]))
    np.testing.assert_array_equal(ref.image_columns(image, 1, 3, 2), image[0, 0, ::2])


@settings(max_examples=40)
@given(SIZES)
def test_columns_times_kernels_are_the_convolution(s):
    """For any sizes, and the gradient by the kernels is the errors' columns times these."""
    rng = np.random.default_rng(s["seed"])
    x = rng.normal(size=(s["n"], s["channels"], s["height"], s["width"]))
    w = rng.normal(size=(s["filters"], s["channels"], s["rows"], s["cols"]))
    b, options = rng.normal(size=s["filters"]), (s["stride"], s["padding"])
    out, columns = ref.conv2d_by_columns(x, w, b, *options)
    np.testing.assert_allclose(out, ref.conv2d_by_loops(x, w, b, *options), atol=1e-12)
    dout = rng.normal(size=out.shape)
    errors = dout.transpose(0, 2, 3, 1).reshape(-1, s["filters"])
    _, dW, _ = ref.conv2d_backward_by_loops(dout, x, w, *options)
    np.testing.assert_allclose((errors.T @ columns).reshape(w.shape), dW, atol=1e-11)
