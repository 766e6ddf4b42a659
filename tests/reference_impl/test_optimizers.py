"""The optimizers against closed forms on constant gradients and quadratic bowls."""

import functools
import itertools
import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given
from hypothesis import strategies as st

from reference_impl import optimizers as ref

STEPS = {
    "sgd": functools.partial(ref.sgd_step, rate=0.1),
    "momentum": functools.partial(ref.momentum_step, rate=0.1, momentum=0.6),
    "nesterov_rewritten": functools.partial(ref.nesterov_rewritten_step, rate=0.1, momentum=0.6),
    "adagrad": functools.partial(ref.adagrad_step, rate=0.1),
    "rmsprop": functools.partial(ref.rmsprop_step, rate=0.1, decay=0.6),
    "adam": functools.partial(ref.adam_step, rate=0.1, beta1=0.5, beta2=0.8),
}


def tensors(seed=0):
    """Two tensors of one shape and one of another."""
    rng = np.random.default_rng(seed)
    return {"W": rng.normal(size=(3, 5)), "U": rng.normal(size=(3, 5)), "b": rng.normal(size=7)}


def calls():
    """One ordinary call of every function that takes arrays."""
    params, grads, old = tensors(0), tensors(1), {k: v**2 for k, v in tensors(2).items()}
    adam = {"t": 3, "m": tensors(3), "v": old}
    return {
        "sgd_step": (params, grads, {}, 0.1),
        "momentum_step": (params, grads, {"velocity": old}, 0.1, 0.6),
        "nesterov_step": (params, lambda p: p, {"velocity": old}, 0.1, 0.6),
        "nesterov_rewritten_step": (params, grads, {"velocity": old}, 0.1, 0.6),
        "adagrad_step": (params, grads, {"squares": old}, 0.1),
        "rmsprop_step": (params, grads, {"squares": old}, 0.1, 0.6),
        "adam_step": (params, grads, adam, 0.1),
        "effective_rate": (old, 0.1),
        "adam_effective_rate": (adam, 0.1),
        "zeros_like": (params,),
    }


def constant(step, g, steps=1, params=None):
    """The moves that a step rule makes under one constant gradient, and the last state."""
    params, state, moves = {"w": np.array([1.0])}, {}, []
    for _ in range(steps):
        new, state = step(params, {"w": np.array([g])}, state)
        moves.append(float(new["w"][0] - params["w"][0]))
        params = new
    return np.array(moves), state


def bowl(curvature):
    """Loss and gradient of ½ Σ k·w²."""
    return lambda p: (float(curvature @ p["w"] ** 2) / 2, {"w": curvature * p["w"]})


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Nothing passed in is changed, precision is kept, and the docstring is complete."""
    function = getattr(ref, name)
    assert_arguments_unchanged(function, calls()[name])
    assert_precision_kept(function, calls()[name])
    assert_documented(function)


@pytest.mark.parametrize(
    "name",
    [
        "minibatches",
        "steps_per_epoch",
        "gradient_evaluations",
        "step_decay",
        "exponential_decay",
        "inverse_time_decay",
        "scheduled",
        "minimise",
    ],
)
def test_documented(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_tensors_do_not_mix(step):
    """Each tensor moves as if it were alone, over several steps."""
    together, state = tensors(), {}
    alone = {name: ({name: value}, {}) for name, value in together.items()}
    for seed in (1, 2, 3):
        grads = tensors(seed)
        together, state = step(together, grads, state)
        alone = {k: step(p, {k: grads[k]}, s) for k, (p, s) in alone.items()}
    for name, (params, _) in alone.items():
        np.testing.assert_array_equal(together[name], params[name])


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_whole_numbers_and_numbers_without_axes(step):
    """Integer parameters are not truncated, and plain numbers are tensors too."""
    params, state = {"a": np.array([3, 2]), "b": np.array(1.5)}, {}
    for _ in range(3):
        params, state = step(params, {"a": np.array([1, -1]), "b": np.array(0.5)}, state)
    assert params["a"].dtype == float
    assert 2 < params["a"][0] < 3
    assert np.shape(params["b"]) == ()


@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 99))
def test_minibatches_deal_every_example_once(n, size, seed):
    """All batches are full but the last, none is empty, and together they are 0 to n − 1."""
    batches = ref.minibatches(np.random.default_rng(seed), n, size)
    assert sorted(np.concatenate(batches)) == list(range(n))
    assert all(len(batch) == size for batch in batches[:-1])
    assert len(batches[-1]) > 0
    assert len(batches) == ref.steps_per_epoch(n, size)
    assert ref.gradient_evaluations(n, size, 2 * len(batches)) == 2 * n


def test_minibatches_shuffle_anew_each_epoch():
    """Two epochs of one generator come in different orders; one seed gives one order."""
    rng = np.random.default_rng(0)
    first, second = (np.concatenate(ref.minibatches(rng, 50, 7)) for _ in range(2))
    again = np.concatenate(ref.minibatches(np.random.default_rng(0), 50, 7))
    assert (first != second).any()
    np.testing.assert_array_equal(first, again)


def test_counting_300_000_examples():
    """Ten full-batch steps cost 3 000 000 gradients, one pass of single ones 300 000."""
    assert ref.gradient_evaluations(300_000, 300_000, 10) == 3_000_000
    assert ref.gradient_evaluations(300_000, 1, 300_000) == 300_000
    assert ref.steps_per_epoch(300_000, 100) == 3000
    assert ref.gradient_evaluations(10, 4, 4) == 14


def test_momentum_builds_up():
    """Under a constant gradient the velocity is the geometric series, up to rate / (1 − μ)."""
    moves, _ = constant(functools.partial(ref.momentum_step, rate=0.01), 1.0, 400)
    np.testing.assert_allclose(moves, -0.1 * (1 - 0.9 ** np.arange(1, 401)), rtol=1e-9)


def test_both_forms_of_nesterov():
    """The rewritten form is the look-ahead form, seen from the look-ahead point."""
    curvature, start = np.array([1.0, 7.0]), {"w": np.array([2.0, -1.0])}
    loss = bowl(curvature)
    rewritten, _ = ref.minimise(loss, start, STEPS["nesterov_rewritten"], 30)
    params, state = start, {}
    for point in rewritten[1:]:
        params, state = ref.nesterov_step(params, lambda p: loss(p)[1], state, 0.1, 0.6)
        ahead = params["w"] + 0.6 * state["velocity"]["w"]
        np.testing.assert_allclose(point["w"], ahead, rtol=1e-10)


def test_nesterov_against_its_recurrence():
    """On ½·k·w² the look-ahead form is w″ = (1 − αk)((1 + μ)w′ − μw)."""
    k, alpha, mu, ws = 10.0, 0.01, 0.9, [1.0, 0.9]
    for _ in range(30):
        ws.append((1 - alpha * k) * ((1 + mu) * ws[-1] - mu * ws[-2]))
    params, state, got = {"w": np.array([1.0])}, {}, [1.0]
    for _ in range(31):
        params, state = ref.nesterov_step(params, lambda p: {"w": k * p["w"]}, state, alpha, mu)
        got.append(params["w"][0])
    np.testing.assert_allclose(got, ws, rtol=1e-9)


def test_adagrad_shrinks_and_rmsprop_does_not():
    """Under a constant gradient Adagrad's moves are rate/√t; RMSProp's tend to the rate."""
    moves, state = constant(functools.partial(ref.adagrad_step, rate=1.0), 5.0, 100)
    np.testing.assert_allclose(moves, -(np.arange(1, 101) ** -0.5), rtol=1e-8)
    rate = ref.effective_rate(state["squares"], 1.0)
    np.testing.assert_allclose(rate["w"], 0.02, rtol=1e-8)
    moves, _ = constant(functools.partial(ref.rmsprop_step, rate=1.0), 5.0, 100)
    np.testing.assert_allclose(moves, -((1 - 0.9 ** np.arange(1, 101)) ** -0.5), rtol=1e-8)


def test_adam_under_a_constant_gradient():
    """Corrected, every move is the rate; uncorrected they are the ratio of the two averages."""
    t = np.arange(1, 101)
    moves, _ = constant(ref.adam_step, -3.0, 100)
    np.testing.assert_allclose(moves, 0.001, rtol=1e-7)
    for beta2, first, peak in ((0.999, 3.162, 6.57), (0.99, 1.0, 2.13)):
        step = functools.partial(ref.adam_step, rate=1.0, beta2=beta2, bias_correction=False)
        moves, state = constant(step, 3.0, 100)
        np.testing.assert_allclose(-moves, (1 - 0.9**t) / np.sqrt(1 - beta2**t), rtol=1e-6)
        assert math.isclose(-moves[0], first, abs_tol=0.001)
        assert math.isclose(max(-moves), peak, abs_tol=0.01)
        rate = ref.adam_effective_rate(state, 1.0, beta2=beta2, bias_correction=False)
        np.testing.assert_allclose(rate["w"] * state["m"]["w"], -moves[-1], rtol=1e-12)


def test_adam_effective_rate_times_m_is_the_step():
    """With the correction, too, the effective rate times m is what the weights moved."""
    params, grads, state = tensors(), tensors(1), {}
    for _ in range(3):
        before = params
        params, state = STEPS["adam"](params, grads, state)
    rates = ref.adam_effective_rate(state, 0.1, 0.5, 0.8)
    moved = before["W"] - params["W"]
    np.testing.assert_allclose(rates["W"] * state["m"]["W"], moved, rtol=1e-10)


def test_adam_without_memory_or_correction_is_rmsprop():
    """β1 = 0 without bias correction leaves RMSProp."""
    adam = functools.partial(ref.adam_step, rate=0.1, beta1=0.0, beta2=0.6, bias_correction=False)
    one, two, memory, state = tensors(), tensors(), {}, {}
    for seed in range(1, 20):
        one, state = adam(one, tensors(seed), state)
        two, memory = STEPS["rmsprop"](two, tensors(seed), memory)
    np.testing.assert_allclose(one["W"], two["W"], rtol=1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize("g", [0.0, 1e-300, 1e150])
def test_extreme_gradients_stay_finite(step, g):
    """A gradient of 0 makes no NaN, nor does a tiny or a huge one."""
    moves, _ = constant(step, g, 3)
    assert np.isfinite(moves).all()
    assert g != 0 or not moves.any()


@pytest.mark.filterwarnings("ignore:invalid value")
def test_without_epsilon_zero_is_divided_by_zero():
    """ε = 0 and a gradient of 0 give NaN: that is what ε is for."""
    assert np.isnan(constant(functools.partial(ref.adam_step, epsilon=0.0), 0.0)[0]).all()


def test_schedules_by_hand():
    """Values at the boundaries, worked by hand."""
    assert [ref.step_decay(0.8, t, 10) for t in (0, 9, 10, 19, 20)] == [0.8, 0.8, 0.4, 0.4, 0.2]
    assert math.isclose(ref.exponential_decay(0.8, 3, math.log(2)), 0.1)
    assert [ref.inverse_time_decay(0.6, t, 0.5) for t in (0, 2, 6)] == [0.6, 0.3, 0.15]


def test_a_scheduled_step_uses_each_rate_in_turn():
    """The nth step runs at the schedule's nth rate and keeps the inner state."""
    step = ref.scheduled(ref.momentum_step, lambda t: 1 / (1 + t))
    moves, state = constant(step, 1.0, 3)
    np.testing.assert_allclose(moves, [-1, -1.4, -0.9 * 1.4 - 1 / 3])
    assert state["taken"] == 3


def test_minimise_keeps_the_way():
    """Descent on a bowl multiplies w by 1 − rate·k, and every point has its loss."""
    path, losses = ref.minimise(
        bowl(np.array([4.0])), {"w": np.array([3.0])}, functools.partial(ref.sgd_step, rate=0.1), 12
    )
    w = np.array([point["w"][0] for point in path])
    np.testing.assert_allclose(w, 3 * 0.6 ** np.arange(13), rtol=1e-12)
    np.testing.assert_allclose(losses, 2 * w**2, rtol=1e-12)
    assert len(ref.minimise(bowl(np.ones(1)), path[0], STEPS["adam"], 0)[0]) == 1


def test_momentum_beats_descent_in_a_ravine():
    """κ = 100: momentum needs about a third of the steps that descent needs."""
    start, needed = {"w": np.ones(2)}, []
    for step in (
        functools.partial(ref.sgd_step, rate=0.0198),
        functools.partial(ref.momentum_step, rate=0.02),
    ):
        path, _ = ref.minimise(bowl(np.array([1.0, 100.0])), start, step, 400)
        far = [np.abs(point["w"]).max() > 1e-3 for point in path]
        needed.append(400 - list(itertools.takewhile(lambda out: not out, far[::-1])).__len__())
    assert needed[1] < needed[0] / 2


REFUSED = [
    (ref.minibatches, (np.random.default_rng(), 0, 2), "n is 0, expected a whole number >= 1"),
    (ref.minibatches, (np.random.default_rng(), 5, 0), "size is 0"),
    (ref.minibatches, (7, 5, 2), "rng is a int, expected a numpy.random.Generator"),
    (ref.sgd_step, (tensors(), tensors(), {}, -0.1), "rate is -0.1, expected a number >= 0"),
    (ref.adam_effective_rate, ({}, 0.1), "state has no 'v', expected the state after a step"),
    (ref.sgd_step, (tensors(), {"W": np.ones((3, 5))}, {}, 0.1), "grads has no 'U'"),
    (ref.momentum_step, (tensors(), tensors(), {}, 0.1, 1.0), "momentum is 1.0, .* < 1"),
    (ref.adam_step, (tensors(), tensors(), {}, 0.1, 0.9, 1.5), "beta2 is 1.5"),
    (ref.rmsprop_step, (tensors(), tensors(), {}, 0.1, -0.1), "decay is -0.1"),
    (ref.adagrad_step, (tensors(), tensors(), {}, 0.1, -1.0), "epsilon is -1.0"),
    (ref.step_decay, (0.1, 3, 0), "every is 0"),
    (ref.inverse_time_decay, (0.1, -1, 0.1), "t is -1"),
    (ref.minimise, (bowl(1), tensors(), None, 3), "step is a NoneType, expected a function"),
]


@pytest.mark.parametrize(("function", "arguments", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(function, arguments, message):
    """A ValueError names the argument, what was given and what was expected."""
    with pytest.raises(ValueError, match=message):
        function(*arguments)
