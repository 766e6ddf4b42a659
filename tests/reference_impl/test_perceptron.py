"""What holds for every perceptron: both forms are one neuron, and the mistakes are bounded."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reference_impl import neurons as ref


@given(hnp.arrays(float, (4, 3), elements=st.integers(-50, 50).map(float)), st.integers(-99, 99))
def test_threshold_and_bias_forms_agree(x, threshold):
    """b = −θ gives the same neuron."""
    w = np.array([2.0, -3.0, 5.0])
    np.testing.assert_array_equal(
        ref.threshold_neuron(x, w, threshold), ref.perceptron(x, w, -threshold)
    )


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 12), st.floats(0.1, 3))
def test_novikoff_bounds_the_mistakes(seed, dimensions, n, rate):
    """On separable data training ends, after no more than (R/γ)² mistakes, whatever the rate."""
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(n, dimensions)), rng.normal(size=dimensions)
    keep = np.abs(x @ w + 0.3) > 0.1
    x = x[keep] if keep.any() else np.ones((1, dimensions)) * np.sign(w.sum() or 1)
    labels = (x @ w + 0.3 > 0).astype(int)
    bound = ref.novikoff_bound(x, labels, w, 0.3)
    start = np.zeros(dimensions)
    mistakes = ref.perceptron_train(x, labels, start, 0.0, rate, 20_000)[2]
    assert mistakes[-1] == 0
    assert mistakes.sum() <= bound


def test_only_sixteen_hidden_units_give_the_notes_count():
    """No other single hidden layer has 12730 parameters."""
    assert [h for h in range(1, 200) if ref.parameter_count([784, h, 10]) == 12730] == [16]
