"""A gradient checker of your own."""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.travel import travels
from reference_impl.backprop import numerical_gradient, relative_error

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    needs=("numerical_gradient", "relative_error"),
    hints=(
        "Which of your two earlier functions measures, and which one compares?",
        "For one tensor, the loss is a function of that tensor alone: all others stay put.",
        "Vary one named tensor and leave the others as they are: (C(p + h) − C(p − h))/(2h) "
        "entry by entry.",
    ),
)


H = 1e-5
"""The default step, given all the same: who forgets the default loses its own check only."""


@travels
def energy(params):
    """A loss whose gradient is known: Σ sin(W)·scale + ½Σb² + Σ W's first row times b."""
    W, b = np.asarray(params["W"]), np.asarray(params["b"])
    return float(np.sin(W).sum() + 0.5 * (b**2).sum() + (W[0] * b).sum())


def slopes(params):
    W, b = params["W"], params["b"]
    dW = np.cos(W)
    dW[0] += b
    return {"W": dW, "b": b + W[0]}


def net(rng):
    return {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)}


@exercise.probe
def one_entry_wrong(rng, where=(1, 2)):
    """A single entry of W has the wrong sign; b is off by a different factor everywhere."""
    params = net(rng)
    grads = slopes(params)
    grads["W"][where] *= -1
    return energy, params, {**grads, "b": grads["b"] * rng.uniform(1.5, 3, size=3)}


@exercise.probe
def large_step(rng):
    """So large a step that the measured slope itself is visibly off."""
    params = net(rng)
    grads = slopes(params)
    return energy, params, {"W": grads["W"] * 1.3, "b": grads["b"] * 0.6}, 0.3


@exercise.probe
def other_order(rng):
    """Tensors of one shape, whose gradients come in another order."""
    params = {name: rng.normal(size=3) for name in ("v", "u", "w")}
    loss = travels(
        lambda p: float(np.sum(np.sin(p["u"])) + 3 * np.sum(p["v"]) + np.dot(p["w"], p["w"]))
    )
    return loss, params, {"w": 2 * params["w"], "u": -np.cos(params["u"]), "v": np.full(3, 3.0)}


@exercise.probe
def a_nan(rng):
    """One entry of W is not a number, and b is wrong in an ordinary way."""
    params = net(rng)
    grads = slopes(params)
    grads["W"][0, 1] = np.nan
    return energy, params, {**grads, "b": 2 * grads["b"]}


@exercise.check
def worked_example(f):
    """For ½Σw², a right gradient gives almost 0 and a doubled one gives 1/3."""
    params = {"w": np.array([1.0, -2.0]), "c": np.array([3.0])}
    loss = travels(lambda p: float(0.5 * sum(np.sum(np.asarray(v) ** 2) for v in p.values())))
    found = f(loss, params, {"w": params["w"], "c": 2 * params["c"]})
    agree(found, {"w": 0.0, "c": 1 / 3}, rtol=1e-5, atol=1e-6, what="the result")


@exercise.check
def one_wrong_entry(f):
    """One entry with the wrong sign is an error of 1, however many others are right."""
    loss = travels(lambda p: float(0.5 * np.sum(np.asarray(p["w"]) ** 2)))
    found = f(loss, {"w": np.array([1.0, 2.0, 4.0])}, {"w": np.array([1.0, 2.0, -4.0])})
    agree(found, {"w": 1.0}, rtol=1e-5, what="the result")


@exercise.check
def by_name_and_with_the_step(f):
    """For a³ + 2c at 1 and 1 a step of ½ measures 3¼ and 2: 3 is off by 0.25/6.25, and 2 right."""
    loss = travels(lambda p: float(np.sum(np.asarray(p["a"]) ** 3) + 2 * np.sum(p["c"])))
    params = {"a": np.array([1.0]), "c": np.array([1.0])}
    found = f(loss, params, {"c": np.array([2.0]), "a": np.array([3.0])}, 0.5)
    agree(found, {"a": 0.04, "c": 0.0}, rtol=1e-5, atol=1e-6, what="the result")


@exercise.check
def nan_is_the_worst(f):
    """A NaN in a gradient shows up as a NaN error of its tensor."""
    loss = travels(lambda p: float(0.5 * np.sum(np.asarray(p["w"]) ** 2)))
    found = f(loss, {"w": np.array([1.0, 2.0])}, {"w": np.array([1.0, np.nan])})
    agree(found, {"w": np.nan}, what="the result")


@exercise.check(points=2)
def finds_one_wrong_entry(f, reference, rng):
    """One wrong entry in a tensor is enough to report its full error, undiluted."""
    for where in np.ndindex(2, 3):
        arguments = *one_entry_wrong(rng, where), H
        found = f(*arguments)
        agree(found, {**reference(*arguments), "W": 1.0}, rtol=1e-5, what="the result")


@exercise.check(points=1, after=finds_one_wrong_entry)
def right_gradients_pass(f, rng):
    """Right gradients come out below 1e-6 in every tensor, and nearly right ones as they are."""
    for _ in range(2):
        params = net(rng)
        found = f(energy, params, slopes(params), H)
        for name in params:
            worst = as_array(found[name] if isinstance(found, dict) and name in found else None)
            if worst.shape != () or not abs(worst) < 1e-6:
                raise Failed(f"the error of {name}, whose gradient is right, is {worst}")
    w = rng.uniform(0.5, 1.5, size=23)
    square = travels(lambda p: float(np.sum(np.asarray(p["w"]) ** 2)))
    found = f(square, {"w": w}, {"w": 2 * w * np.where(np.arange(23) == 17, 1.0000054, 1)}, H)
    agree(found, {"w": 2.7e-6}, rtol=0.02, what="the result for a gradient off by 5.4e-6")


@exercise.check(points=1, after=finds_one_wrong_entry)
def every_tensor(f, rng):
    """Reports every tensor by its name, in whatever order and unit the gradients come."""
    shapes = {"p0": (1, 3), "p1": (2, 1), "p2": (2,), "p3": (2, 2)}
    weights = {name: rng.uniform(0.5, 1.5, size=shape) for name, shape in shapes.items()}
    scale = {"p0": 1.0, "p1": 1e-3, "p2": 5.0, "p3": 1.0}
    loss = travels(lambda p: float(sum(scale[n] * np.square(p[n]).sum() for n in p)))
    for wrong in weights:
        grads = {n: 2 * scale[n] * v * (3.0 if n == wrong else 1.0) for n, v in weights.items()}
        expected = {n: 0.5 if n == wrong else 0.0 for n in weights}
        agree(f(loss, weights, grads, H), expected, rtol=1e-4, atol=1e-5, what="the result")
        small = {n: 1e-4 * grads[n] for n in reversed(grads)}
        found = f(travels(lambda p: 1e-4 * loss(p)), weights, small, H)
        agree(found, expected, rtol=1e-4, atol=1e-5, what="the result for 1/10,000 of the loss")
    nothing = f(travels(lambda p: 0.0), {"w": np.ones(1)}, {"w": np.array([2e-9])}, H)
    agree(nothing, {"w": 0.2}, what="the result for 2e-9 instead of 0, with the usual floor,")
    found = f(*a_nan(rng), H)
    agree(found, {"W": np.nan, "b": 1 / 3}, rtol=1e-5, what="the result with a NaN in W")
    found = f(*other_order(rng), H)
    agree(found, {"v": 0.0, "u": 1.0, "w": 0.0}, rtol=1e-5, atol=1e-6, what="the result")


@exercise.check(points=1, after=finds_one_wrong_entry)
def step_counts(f, reference, rng):
    """Passes its step h on, which is 1e-5 if none is given."""
    arguments = large_step(rng)
    agree(f(*arguments), reference(*arguments), rtol=1e-6, what="the result with h = 0.3")
    w = rng.normal(size=3)
    cubic = travels(lambda p: float(1e10 * np.sum((np.asarray(p["w"]) - w) ** 3)))
    found = f(cubic, {"w": w}, {"w": np.ones(3)})  # its slope is 0, but 1 if measured with 1e-5
    agree(found, {"w": 0.0}, atol=2e-4, what="the result that tells which step is the default")


@exercise.check(points=1, after=finds_one_wrong_entry)
def leaves_inputs_alone(f, rng):
    """Leaves params and grads as they were."""
    loss, params, grads = one_entry_wrong(rng)
    reply = f.reply(loss, params, grads, H)
    if reply.error is not None:
        raise reply.error
    agree(reply.args_after[1], params, rtol=0, atol=0, what="params after the call")
    agree(reply.args_after[2], grads, rtol=0, atol=0, what="grads after the call")


@exercise.variant
def in_a_loop(loss, params, grads, h=1e-5):
    worst = {}
    for name, tensor in params.items():

        def along(p, name=name):
            moved = dict(params)
            moved[name] = p
            return loss(moved)

        numeric = numerical_gradient(along, tensor, h)
        worst[name] = float(np.max(relative_error(grads[name], numeric)))
    return worst


@exercise.variant
def without_earlier_parts(loss, params, grads, h=1e-5):
    worst = dict.fromkeys(params, 0.0)
    for name, tensor in params.items():
        for index in np.ndindex(tensor.shape):
            values = []
            for step in (h, -h):
                copy = {key: np.array(value) for key, value in params.items()}
                copy[name][index] += step
                values.append(loss(copy))
            numeric = (values[0] - values[1]) / (2 * h)
            analytic = grads[name][index]
            error = abs(analytic - numeric) / max(1e-8, abs(analytic) + abs(numeric))
            worst[name] = float(np.maximum(worst[name], error))
    return worst


@exercise.misconception
def nan_is_passed_over(loss, params, grads, h=1e-5):
    """A NaN in a gradient is passed over, as if it were right. It is the worst there is."""
    found = {}
    for name in params:
        n = numerical_gradient(lambda p, k=name: loss({**params, k: p}), params[name], h)
        found[name] = float(np.nanmax(relative_error(grads[name], n)))
    return found


@exercise.misconception(keeps=1 / 3)
def one_norm_per_tensor(loss, params, grads, h=1e-5):
    """One norm per tensor dilutes a single wrong entry. Report the worst entry."""
    found = {}
    for name in params:
        n = numerical_gradient(lambda p, k=name: loss({**params, k: p}), params[name], h)
        total = np.linalg.norm(grads[name]) + np.linalg.norm(n)
        found[name] = float(np.linalg.norm(grads[name] - n) / max(1e-8, total))
    return found


@exercise.misconception
def mean_instead_of_worst(loss, params, grads, h=1e-5):
    """The mean error hides one wrong entry among many right ones. Take the largest."""
    found = {}
    for name in params:
        n = numerical_gradient(lambda p, k=name: loss({**params, k: p}), params[name], h)
        found[name] = float(np.mean(relative_error(grads[name], n)))
    return found


@exercise.misconception
def only_the_first_tensor(loss, params, grads, h=1e-5):
    """Only one tensor is checked. Silent bugs like to sit in the others, such as the biases."""
    name = next(iter(params))
    n = numerical_gradient(lambda p: loss({**params, name: p}), params[name], h)
    return {name: float(np.max(relative_error(grads[name], n)))}


@exercise.misconception
def absolute_errors(loss, params, grads, h=1e-5):
    """These are absolute differences; a small gradient can be all wrong and still look fine."""
    found = {}
    for name in params:
        n = numerical_gradient(lambda p, k=name: loss({**params, k: p}), params[name], h)
        found[name] = float(np.max(np.abs(grads[name] - n)))
    return found


@exercise.misconception
def yes_or_no(loss, params, grads, h=1e-5):
    """The answer is a threshold's yes or no. Return the errors: how wrong tells you why."""
    found = {}
    for name in params:
        n = numerical_gradient(lambda p, k=name: loss({**params, k: p}), params[name], h)
        found[name] = float(np.max(relative_error(grads[name], n)) < 1e-6)
    return found


@exercise.misconception
def ignores_the_step(loss, params, grads, h=1e-5):
    """The step h is not passed on to the measurement."""
    found = {}
    for name in params:
        n = numerical_gradient(lambda p, k=name: loss({**params, k: p}), params[name])
        found[name] = float(np.max(relative_error(grads[name], n)))
    return found


@exercise.misconception
def smallest_error(loss, params, grads, h=1e-5):
    """The smallest error says nothing: one right entry excuses all the others."""
    found = {}
    for name in params:
        n = numerical_gradient(lambda p, k=name: loss({**params, k: p}), params[name], h)
        found[name] = float(np.min(relative_error(grads[name], n)))
    return found


@exercise.misconception
def pairs_by_position(loss, params, grads, h=1e-5):
    """Parameters and gradients are paired by their place in the dict. Pair them by name."""
    found = {}
    for (name, value), g in zip(params.items(), grads.values(), strict=True):
        n = numerical_gradient(lambda p, k=name: loss({**params, k: p}), value, h)
        found[name] = float(np.max(relative_error(g, n)))
    return found
