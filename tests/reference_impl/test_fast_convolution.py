"""Convolution and pooling in bands against the loops, for any sizes, strides and paddings."""

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_impl import convolution as obvious
from reference_impl.network import convolution, max_pooling
from reference_impl.network.fast import images as ref

SIZES = st.fixed_dictionaries(
    {
        **{
            name: st.integers(1, 3)
            for name in ("n", "channels", "filters", "rows", "cols", "stride")
        },
        **{name: st.integers(3, 8) for name in ("height", "width")},
        "padding": st.integers(0, 2),
        "seed": st.integers(0, 99),
    }
)


def images(seed, shape):
    """Random images, every size another number."""
    return np.random.default_rng(seed).normal(size=shape)


X, W, B = images(0, (3, 2, 7, 5)), images(1, (4, 2, 3, 2)), images(2, (4,))
OUT, CACHE = ref.conv2d_forward(X, W, B, 2, 1)
MAX, MAX_CACHE = ref.max_pool_forward(X, 3, 2)
CALLS = {
    "conv2d_forward": (X, W, B, 2, 1),
    "conv2d_backward": (OUT, CACHE),
    "max_pool_forward": (X, 3, 2),
    "max_pool_backward": (MAX, MAX_CACHE),
}


@pytest.mark.parametrize("name", CALLS)
def test_contract(name):
    """Nothing passed in is changed, precision is kept, and the docstring is complete."""
    assert_arguments_unchanged(getattr(ref, name), CALLS[name])
    assert_precision_kept(getattr(ref, name), CALLS[name])
    assert_documented(getattr(ref, name))


@settings(max_examples=150)
@given(SIZES)
def test_bands_are_loops(s):
    """Forward and all three gradients, to the last rounding."""
    x = images(s["seed"], (s["n"], s["channels"], s["height"], s["width"]))
    w = images(s["seed"] + 1, (s["filters"], s["channels"], s["rows"], s["cols"]))
    b = images(s["seed"] + 2, (s["filters"],))
    out, cache = ref.conv2d_forward(x, w, b, s["stride"], s["padding"])
    expected = obvious.conv2d_by_loops(x, w, b, s["stride"], s["padding"])
    assert out.shape == expected.shape
    np.testing.assert_allclose(out, expected, atol=1e-12)
    dout = images(s["seed"] + 3, out.shape)
    slow = obvious.conv2d_backward_by_loops(dout, x, w, s["stride"], s["padding"])
    for got, wanted in zip(ref.conv2d_backward(dout, cache), slow, strict=True):
        assert got.shape == wanted.shape
        np.testing.assert_allclose(got, wanted, atol=1e-11)
    nothing, dW, _ = ref.conv2d_backward(dout, cache, wants_dx=False)
    assert nothing is None
    np.testing.assert_allclose(dW, slow[1], atol=1e-11)


@settings(max_examples=100)
@given(SIZES, st.booleans(), st.integers(1, 3))
def test_pooling_keeps_to_the_first_maximum(s, ties, size):
    """Windows apart, side by side and overlapping, also where maxima are equal."""
    x = images(s["seed"], (s["n"], s["channels"], s["height"], s["width"]))
    x = np.round(x) if ties else x
    for layout in (x, np.asfortranarray(x), x[:, :, ::-1].copy()[:, :, ::-1]):
        out, cache = ref.max_pool_forward(layout, size, s["stride"])
        np.testing.assert_array_equal(out, obvious.max_pool_by_loops(x, size, s["stride"]))
        dout = images(s["seed"] + 1, out.shape)
        expected = obvious.max_pool_backward_by_loops(dout, x, size, s["stride"])
        np.testing.assert_allclose(ref.max_pool_backward(dout, cache), expected, atol=1e-13)


@pytest.mark.parametrize("shape", [(4, 1, 3, 3), (4, 2, 9, 3), (4, 2, 3, 9)])
def test_kernels_must_fit(shape):
    """Wrong channels, too tall, too wide: refused before anything is read beyond an end."""
    with pytest.raises(ValueError, match="conv2d_forward: W"):
        ref.conv2d_forward(X, images(0, shape), B)


def test_errors_must_fit():
    """An error that is not of the output's shape is refused."""
    for shape in ((1, 4, 4, 3), (3, 1, 4, 3), (3, 4, 1, 3), (3, 4, 4, 1), (3, 4, 3, 4)):
        with pytest.raises(ValueError, match="shape"):
            ref.conv2d_backward(np.ones(shape), CACHE)


def test_a_first_layer_computes_no_error_for_its_images(monkeypatch):
    """Without a wish for dx the product that makes it is not even taken."""
    layer = convolution(2, 4, 3)
    _, cache = layer.forward(layer.start(np.random.default_rng(0)), X)
    calls = []
    stacked = ref._stacked
    monkeypatch.setattr(ref, "_stacked", lambda *a: calls.append(a) or stacked(*a))
    dx, _ = layer.backward(np.ones((3, 4, 5, 3)), cache, wants_dx=False)
    assert dx is None
    assert not calls
    assert layer.backward(np.ones((3, 4, 5, 3)), cache)[0].shape == X.shape
    assert len(calls) == 1


def test_layers_hand_the_layout_on():
    """Between two convolutions and a pooling the examples stay side by side in memory."""
    first, pool, rng = convolution(2, 4, 3), max_pooling(2, 1), np.random.default_rng(0)
    out, _ = first.forward(first.start(rng), X)
    out, _ = pool.forward({}, out)
    assert out.transpose(2, 1, 3, 0).flags.c_contiguous
