"""The contracts of the reference: what goes in, what is refused, and that nothing is changed."""

import inspect
import math

import numpy as np
import pytest

from reference_impl import backprop as ref
from reference_impl.validation import array, requires


def cubic(params):
    """A loss of two named tensors."""
    return float(np.sum(params["W"] ** 3) * params["b"])


def calls():
    """One ordinary call of every function that takes arrays."""
    rng = np.random.default_rng(7)
    W1, W2, b1, b2 = (rng.normal(size=size) for size in [(5, 7), (7, 3), 7, 3])
    x, y, z = rng.normal(size=(11, 5)), rng.normal(size=(11, 3)), rng.normal(size=(11, 7))
    labels = rng.integers(3, size=11)
    params = {"W": np.array([[1.0, -2.0, 3.0]]), "b": np.array(0.7)}
    grads = {"W": 2.1 * params["W"] ** 2, "b": np.array(20.0)}
    return {
        "sigmoid": (x,),
        "sigmoid_derivative": (x,),
        "one_path_derivative": (x, 2.0, 3.0),
        "several_paths_derivative": (x, x + 1, x + 2, x + 3),
        "half_mse": (y, y + 1),
        "softmax_cross_entropy": (y, labels),
        "gradient_descent": (np.sin, b1, 0.1, 3),
        "forward_pass": (x, [W1, W2], [b1, b2]),
        "output_error": (y, y + 1, y + 2),
        "hidden_error": (y, W2, z),
        "layer_gradients": (x, y),
        "two_layer_gradients": (x[0], y[0], W1, b1, W2, b2),
        "backprop": (x, y, [W1, W2], [b1, b2]),
        "numerical_gradient": (np.sum, x, 1e-5),
        "relative_error": (x, x + 1, 1e-8),
        "gradient_check": (cubic, params, grads, 1e-5),
        "wrong_gradients": (cubic, params, grads, 1e-6),
        "train_network": (x, labels, W1, b1, W2, b2, 0.1, 3),
    }


def frozen(value):
    """The bytes of every array inside a value."""
    if isinstance(value, dict):
        return [frozen(part) for part in value.values()]
    if isinstance(value, list | tuple):
        return [frozen(part) for part in value]
    return value.tobytes() if isinstance(value, np.ndarray) else None


@pytest.mark.parametrize("name", calls())
def test_arguments_stay_as_they_were(name):
    """No function changes an argument, not by a single bit."""
    arguments = calls()[name]
    before = frozen(arguments)
    getattr(ref, name)(*arguments)
    assert frozen(arguments) == before


@pytest.mark.parametrize("name", calls())
def test_every_function_states_its_contract(name):
    """Each docstring is one sentence, then parameters and returns; the bare body is reachable."""
    function = getattr(ref, name)
    document = inspect.getdoc(function)
    assert document.split("\n\n")[0].endswith(".")
    assert "Returns\n-------" in document
    for parameter in inspect.signature(function).parameters:
        assert parameter in document.split("Returns")[0]
    assert "ValueError" not in inspect.getsource(inspect.unwrap(function))


REFUSED = [
    ("half_mse", {0: np.ones(3)}, r"half_mse: a has shape \(3,\), expected \(N, C\)"),
    ("half_mse", {1: np.ones((11, 2))}, r"y has shape \(11, 2\), expected \(N, C\) with C = 3"),
    ("half_mse", {0: np.ones((0, 3))}, r"a has shape \(0, 3\), expected \(N, C\) with N >= 1"),
    ("half_mse", {0: [[1.0]]}, "a is a list, expected a NumPy array"),
    ("half_mse", {0: np.array([["1"]])}, "a holds <U1, expected real numbers"),
    ("sigmoid", {0: np.ones((2, 0))}, "z is empty"),
    ("several_paths_derivative", {2: np.ones(5)}, r"dx_ds has shape \(5,\), expected \(11, 5\)"),
    ("one_path_derivative", {1: math.nan}, "w is nan, expected a finite number"),
    ("softmax_cross_entropy", {1: np.full(11, 3)}, "labels runs from 3 to 3, expected 0 to 2"),
    ("softmax_cross_entropy", {1: np.full(11, -1)}, "labels runs from -1 to -1"),
    ("softmax_cross_entropy", {1: np.ones(11)}, "labels has dtype float64, expected integers"),
    ("softmax_cross_entropy", {1: np.ones(7, dtype=int)}, r"labels has shape \(7,\), .* N = 11"),
    ("gradient_descent", {0: 3.0}, "gradient is a float, expected a function"),
    ("gradient_descent", {2: -0.1}, "rate is -0.1, expected a number >= 0"),
    ("gradient_descent", {2: math.inf}, "rate is inf, expected a finite number >= 0"),
    ("gradient_descent", {3: -1}, "steps is -1, expected a whole number >= 0"),
    ("gradient_descent", {3: 2.0}, "steps is 2.0, expected a whole number"),
    ("forward_pass", {1: []}, "weights is empty, expected the weights of at least one layer"),
    ("forward_pass", {1: np.ones((5, 3))}, "weights is a ndarray, expected a list of arrays"),
    ("forward_pass", {1: [np.ones((4, 3))]}, r"weights\[0\] has shape \(4, 3\), .* D = 5"),
    ("forward_pass", {2: [np.ones(7)]}, "biases has 1 vectors, expected 2"),
    (
        "forward_pass",
        {2: [np.ones(7), np.ones(2)]},
        r"biases\[1\] has shape \(2,\), expected \(3,\)",
    ),
    ("backprop", {1: np.ones((11, 2))}, r"weights\[1\] has shape \(7, 3\), .* with C = 2"),
    ("hidden_error", {1: np.ones((3, 7))}, r"W_next has shape \(3, 7\), expected \(n, M\)"),
    ("numerical_gradient", {2: 0.0}, "h is 0.0, expected a number > 0"),
    ("relative_error", {1: np.ones(5)}, "numeric has shape"),
    ("gradient_check", {2: {"W": np.ones((1, 3))}}, "grads has no 'b'"),
    ("gradient_check", {2: {"W": np.ones(3)}}, r"grads\['W'\] has shape \(3,\), expected \(1, 3\)"),
    ("gradient_check", {1: []}, "params is a list, expected a dict of arrays"),
    ("train_network", {1: np.full(11, 9)}, "labels runs from 9 to 9, expected 0 to 2"),
    ("train_network", {7: -3}, "steps is -3"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)


def test_a_rule_needs_its_argument():
    """A rule for an argument that does not exist is refused when it is declared."""
    with pytest.raises(TypeError, match="half has no argument y"):

        @requires(y=array())
        def half(x):
            return x / 2
