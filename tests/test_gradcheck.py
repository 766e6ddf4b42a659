"""Gradient checks: right gradients pass on every seed, wrong ones in a single entry do not."""

import numpy as np
import pytest

from autograder.judging.compare import Failed
from autograder.judging_hidden.gradcheck import central_difference, gradient_agrees


def tower(x):
    """A smooth vector function whose Jacobian is known."""
    return np.stack([np.sin(x) * x.sum(), np.exp(x / 3)])


def pull_back(x, d):
    """The gradient of sum(d * tower(x)), by hand."""
    return d[0] * np.cos(x) * x.sum() + np.sum(d[0] * np.sin(x)) + d[1] * np.exp(x / 3) / 3


@pytest.mark.parametrize("seed", range(30))
def test_right_gradients_pass_and_one_wrong_entry_fails(seed):
    """A random cotangent, and an error of one part in ten thousand in one entry."""
    rng = np.random.default_rng(seed)
    x, d = rng.normal(size=7), rng.normal(size=(2, 7))
    right = pull_back(x, d)
    gradient_agrees(right, tower, x, cotangent=d)
    wrong = right.copy()
    worst = np.argmax(np.abs(right))
    wrong[worst] *= 1.0001
    with pytest.raises(Failed, match="slope measured"):
        gradient_agrees(wrong, tower, x, cotangent=d)


def test_a_sign_flip_in_a_small_entry_is_seen():
    """An entry a hundred times smaller than the others is not drowned by them."""
    x = np.array([100.0, 1.0])
    with pytest.raises(Failed):
        gradient_agrees(np.array([200.0, -2.0]), lambda p: float(np.sum(p**2)), x)


def test_wrong_shapes_and_nan_fail():
    """A gradient of another shape, or with NaN in it, never agrees."""
    square = lambda p: float(np.sum(p**2))
    for wrong in (np.array([[2.0, 4.0]]), np.array([np.nan, 4.0]), None):
        with pytest.raises(Failed):
            gradient_agrees(wrong, square, np.array([1.0, 2.0]))


def test_the_error_falls_with_the_square_of_the_step():
    """Halving the step quarters the error: differences are central, not one-sided."""
    x = np.array([2.0])
    errors = [central_difference(lambda p: float(p[0] ** 3), x, h=h)[0] - 12 for h in (0.1, 0.05)]
    assert errors[0] / errors[1] == pytest.approx(4, rel=1e-6)
