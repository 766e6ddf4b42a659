"""Elman networks against loops over time, the complex step and tasks that need a memory."""

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept

from reference_impl.classic_networks import elman as ref


def network(N=3, T=4, D=2, H=5, C=3, seed=0):
    """Sequences, first state and all parameters."""
    rng = np.random.default_rng(seed)
    sizes = [(N, T, D), (N, H), (D, H), (H, H), H, (H, C), C]
    x, h0, *params = (0.7 * rng.normal(size=size) for size in sizes)
    return x, h0, tuple(params), rng.integers(C, size=(N, T))


def states_by_loops(x, h0, W_x, W_h, b):
    """Every state of every sequence; also for complex numbers."""
    rows = []
    for sequence, state in zip(x, h0, strict=True):
        h, history = state, []
        for step in sequence:
            h = np.tanh(step @ W_x + h @ W_h + b)
            history.append(h)
        rows.append(history)
    return np.array(rows)


def complex_step(function, arguments):
    """Gradient of a scalar function for each of its arguments."""
    grads = []
    for k, argument in enumerate(arguments):
        grad = np.zeros(argument.shape)
        for i in np.ndindex(argument.shape):
            moved = [a.astype(complex) for a in arguments]
            moved[k][i] += 1e-30j
            grad[i] = function(*moved).imag / 1e-30
        grads.append(grad)
    return grads


def calls():
    """One ordinary call of every function."""
    x, h0, params, labels = network()
    states, cache = ref.elman_forward(x, h0, *params[:3])
    return {
        "elman_forward": (x, h0, *params[:3]),
        "elman_backward": (states, cache),
        "elman_backward_truncated": (states, cache, 2),
        "elman_loss": (x, labels, h0, params, False),
        "elman_predict": (x, h0, params),
        "clip_gradients": (params, 0.1),
        "elman_train": (x, labels, h0, params, 0.1, 3, 1.0, True),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize("name", [n for n in calls() if n not in ("elman_predict", "elman_train")])
def test_precision_is_kept(name):
    """float32 stays float32."""
    assert_precision_kept(getattr(ref, name), calls()[name])


def test_trained_parameters_keep_their_precision():
    """Only the history of losses is double."""
    x, labels, h0, params, *rest = calls()["elman_train"]
    single = tuple(p.astype(np.float32) for p in params)
    got, _ = ref.elman_train(x.astype(np.float32), labels, h0.astype(np.float32), single, *rest)
    assert {p.dtype for p in got} == {np.dtype(np.float32)}


@pytest.mark.parametrize("sizes", [(3, 4, 2, 5), (1, 1, 1, 1), (2, 7, 3, 1)])
def test_forward(sizes):
    """The states are those of a loop."""
    x, h0, params, _ = network(*sizes)
    states, _ = ref.elman_forward(x, h0, *params[:3])
    np.testing.assert_allclose(states, states_by_loops(x, h0, *params[:3]), rtol=1e-13)


def test_a_sequence_in_two_parts():
    """Handing the last state on gives the same states as reading in one go."""
    x, h0, params, _ = network(T=6)
    whole, _ = ref.elman_forward(x, h0, *params[:3])
    first, _ = ref.elman_forward(x[:, :4], h0, *params[:3])
    second, _ = ref.elman_forward(x[:, 4:], first[:, -1], *params[:3])
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole, rtol=1e-13)


def test_large_inputs_saturate():
    """±1e6 gives states of ±1 and finite gradients."""
    x, h0, params, _ = network()
    states, cache = ref.elman_forward(1e6 * np.sign(x), h0, *params[:3])
    np.testing.assert_array_equal(np.abs(states), 1)
    assert all(np.isfinite(g).all() for g in ref.elman_backward(states, cache))


@pytest.mark.parametrize("T", [1, 2, 3, 6])
def test_backward_agrees_with_the_complex_step(T):
    """All five gradients through T steps."""
    x, h0, params, _ = network(T=T)
    states, cache = ref.elman_forward(x, h0, *params[:3])
    dstates = np.random.default_rng(1).normal(size=states.shape)
    expected = complex_step(
        lambda *given: np.sum(dstates * states_by_loops(*given)), (x, h0, *params[:3])
    )
    for got, wanted in zip(ref.elman_backward(dstates, cache), expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-13)


def test_a_wide_window_is_the_full_gradient():
    """Window T and anything wider agree with the recursion."""
    x, h0, params, _ = network(T=5)
    states, cache = ref.elman_forward(x, h0, *params[:3])
    for window in (5, 99):
        truncated = ref.elman_backward_truncated(states, cache, window)
        for got, wanted in zip(truncated, ref.elman_backward(states, cache), strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-15)


def test_window_one_takes_the_context_as_an_input():
    """Elman's own training: every step is a separate one-step sequence with a fixed context."""
    x, h0, params, _ = network(T=5)
    states, cache = ref.elman_forward(x, h0, *params[:3])
    contexts = np.concatenate([h0[:, None], states[:, :-1]], axis=1)
    separate = (x.reshape(-1, 1, 2), contexts.reshape(-1, 5))
    expected = complex_step(
        lambda *given: np.sum(states.reshape(-1, 1, 5) * states_by_loops(*separate, *given)),
        params[:3],
    )
    got = ref.elman_backward_truncated(states, cache, 1)
    from_first = states[:, 0] * (1 - states[:, 0] ** 2) @ params[1].T
    np.testing.assert_allclose(got[1], from_first, rtol=1e-12)
    for gradient, wanted in zip(got[2:], expected, strict=True):
        np.testing.assert_allclose(gradient, wanted, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("last_only", [False, True])
def test_loss_and_gradients(last_only):
    """Mean of −ln p over the steps that count, and its complex-step gradient."""
    x, h0, params, labels = network()

    def loss(W_x, W_h, b, W_o, c):
        total, steps = 0, [3] if last_only else range(4)
        for states, row in zip(states_by_loops(x, h0, W_x, W_h, b), labels, strict=True):
            for t in steps:
                scores = states[t] @ W_o + c
                total = total + np.log(np.exp(scores).sum()) - scores[row[t]]
        return total / (len(x) * len(steps))

    got, grads = ref.elman_loss(x, labels, h0, params, last_only)
    assert got == pytest.approx(loss(*params), rel=1e-12)
    for gradient, wanted in zip(grads, complex_step(loss, params), strict=True):
        np.testing.assert_allclose(gradient, wanted, rtol=1e-10, atol=1e-13)


def test_clipping_keeps_the_direction():
    """Length 5 is cut to 1; what is short enough stays as it is, and zeros stay zeros."""
    grads = (np.array([3.0, 0.0]), np.array([[4.0]]))
    for got, g in zip(ref.clip_gradients(grads, 1.0), grads, strict=True):
        np.testing.assert_allclose(got, g / 5, rtol=1e-14)
    for got, g in zip(ref.clip_gradients(grads, 5.0), grads, strict=True):
        np.testing.assert_array_equal(got, g)
    assert ref.clip_gradients((np.zeros(2),), 1.0)[0].tolist() == [0, 0]


def test_memory_of_the_step_before():
    """Repeat the last step's bit: learned with the recurrent weights, a coin toss without."""
    rng = np.random.default_rng(0)
    bits = rng.integers(2, size=(60, 8))
    echo = np.concatenate([np.zeros((60, 1), dtype=int), bits[:, :-1]], axis=1)
    x, h0 = 2.0 * bits[:, :, None] - 1, np.zeros((60, 8))
    sizes = [(1, 8), (8, 8), 8, (8, 2), 2]
    start = tuple(0.4 * rng.normal(size=size) for size in sizes)
    params, losses = ref.elman_train(x, echo, h0, start, 1.0, 200, 1.0, False)
    assert losses[-1] < 0.05 < losses[0]
    assert (ref.elman_predict(x, h0, params) == echo).mean() > 0.99
    forgetful = (params[0], np.zeros((8, 8)), *params[2:])
    assert (ref.elman_predict(x, h0, forgetful) == echo).mean() < 0.7


REFUSED = [
    ("elman_forward", {0: np.ones((3, 4))}, "x has shape .3, 4., expected .N, T, D."),
    ("elman_forward", {0: np.ones((3, 0, 2))}, "x has shape .* T >= 1"),
    ("elman_forward", {3: np.ones((5, 4))}, "W_h has shape"),
    ("elman_backward", {0: np.ones((3, 4, 6))}, "cache|dstates"),
    ("elman_backward_truncated", {2: 0}, "window is 0, expected a whole number >= 1"),
    ("elman_loss", {1: np.full((3, 4), 3)}, "labels runs from 3 to 3, expected 0 to 2"),
    ("elman_loss", {1: np.zeros((3, 5), dtype=int)}, "labels has shape"),
    ("elman_loss", {4: 1}, "last_only is 1, expected True or False"),
    ("clip_gradients", {1: 0.0}, "limit is 0.0"),
    ("elman_train", {4: -1.0}, "rate is -1.0"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)
