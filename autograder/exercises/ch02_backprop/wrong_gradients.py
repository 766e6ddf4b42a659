"""Find the planted bug."""

import numpy as np

from autograder.compare import agree
from autograder.exercise import Exercise
from reference_impl.backprop import gradient_check

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=2,
    needs=("gradient_check",),
    hints=(
        "Your checker gives a number per tensor. When does a number mean “wrong”?",
        "Three things make a gradient wrong: its values, its shape, and not being a number at all.",
        "Test the shape first; then `not (error <= tolerance)`, which is also true for NaN.",
    ),
)


def tiny_net(params):
    """Half the squared output of a two-layer net of tanh units on two fixed examples."""
    x = np.array([[0.5, -1.0], [1.5, 0.25]])
    W1, b1, W2 = (np.asarray(params[name]) for name in ("W1", "b1", "W2"))
    return float(0.5 * np.sum((np.tanh(x @ W1 + b1) @ W2) ** 2))


def tiny_gradients(params):
    x = np.array([[0.5, -1.0], [1.5, 0.25]])
    W1, b1, W2 = params["W1"], params["b1"], params["W2"]
    hidden = np.tanh(x @ W1 + b1)
    out = hidden @ W2
    back = (out @ W2.T) * (1 - hidden**2)
    return {"W1": x.T @ back, "b1": back.sum(axis=0), "W2": hidden.T @ out}


def tiny_params(rng):
    shapes = {"W1": (2, 3), "b1": (3,), "W2": (3, 2)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def planted(rng, names, kind="value"):
    """A net's right gradients with a bug planted in the tensors called `names`."""
    params = tiny_params(rng)
    grads = tiny_gradients(params)
    for name in names:
        if kind == "value":
            grads[name] = grads[name].copy()
            grads[name].flat[-1] *= -1
        elif kind == "shape":
            grads[name] = grads[name].T.copy() if grads[name].ndim == 2 else grads[name][None]
        else:
            grads[name] = np.full_like(grads[name], np.nan)
    return tiny_net, params, grads


@exercise.probe
def one_bug(rng):
    return planted(rng, [str(rng.choice(["W1", "b1", "W2"]))])


@exercise.probe
def two_bugs(rng):
    """A flipped sign in the biases, a milder mistake in the output weights."""
    loss, params, grads = planted(rng, ["b1"])
    return loss, params, {**grads, "W2": grads["W2"] * 1.5}


@exercise.probe
def not_a_number(rng):
    return planted(rng, ["W2"], "nan")


@exercise.probe
def turned_round(rng):
    return planted(rng, ["W2"], "shape")


@exercise.probe
def nothing_wrong(rng):
    return planted(rng, [])


@exercise.probe
def slightly_off(rng):
    """Off by one part in 2,000: wrong by default, right with tolerance 0.01."""
    loss, params, grads = planted(rng, [])
    return loss, params, {**grads, "W1": grads["W1"] * 1.001}, 0.01


@exercise.check
def worked_example(f):
    """For ½Σw² and ½Σc², only the doubled gradient of c is reported."""
    params = {"w": np.array([1.0, -2.0]), "c": np.array([3.0])}
    loss = lambda p: float(0.5 * sum(np.sum(np.asarray(v) ** 2) for v in p.values()))
    agree(f(loss, params, {"w": params["w"], "c": 2 * params["c"]}), ["c"])


@exercise.check(points=2)
def finds_planted_bugs(f, rng):
    """Names exactly the tensors with a planted bug, in alphabetical order."""
    for names in (["W2"], ["b1"], ["W1"], ["W1", "b1"], ["W2", "b1"], ["W1", "W2", "b1"], []):
        agree(f(*planted(rng, names)), names, what=f"with bugs in {names}, the result")


@exercise.check(points=1, after=finds_planted_bugs)
def shape_and_nan(f, rng):
    """A gradient of the wrong shape or full of NaN is wrong, too."""
    for name in ("W1", "b1", "W2"):
        for kind in ("shape", "nan"):
            agree(f(*planted(rng, [name], kind)), [name], what=f"with a wrong {kind} in {name}")


@exercise.check(points=1, after=finds_planted_bugs)
def tolerance_counts(f, rng):
    """Uses the tolerance it is given."""
    loss, params, grads, tolerance = slightly_off(rng)
    agree(f(loss, params, grads, tolerance), [], what="with tolerance 0.01, the result")
    agree(f(loss, params, grads), ["W1"], what="with the default tolerance, the result")
    agree(f(*planted(rng, ["b1"]), 1e-4), ["b1"], what="with tolerance 1e-4, the result")


@exercise.variant
def with_a_loop(loss, params, grads, tolerance=1e-6):
    wrong = []
    for name in sorted(params):
        if np.shape(grads[name]) != np.shape(params[name]) or np.isnan(grads[name]).any():
            wrong.append(name)
        elif gradient_check(loss, params, grads | _sound(params, grads))[name] > tolerance:
            wrong.append(name)
    return wrong


def _sound(params, grads):
    """Zeros for the gradients that cannot even be compared."""
    return {n: np.zeros(p.shape) for n, p in params.items() if np.shape(grads[n]) != p.shape}


@exercise.variant
def on_its_own(loss, params, grads, tolerance=1e-6):
    h, wrong = 1e-5, set()
    for name, tensor in params.items():
        g = np.asarray(grads[name])
        if g.shape != tensor.shape:
            wrong.add(name)
            continue
        for index in np.ndindex(tensor.shape):
            up, down = tensor.copy(), tensor.copy()
            up[index] += h
            down[index] -= h
            slope = (loss({**params, name: up}) - loss({**params, name: down})) / (2 * h)
            error = abs(g[index] - slope) / max(1e-8, abs(g[index]) + abs(slope))
            if not error <= tolerance:
                wrong.add(name)
    return sorted(wrong)


@exercise.misconception
def nan_slips_through(loss, params, grads, tolerance=1e-6):
    """`error > tolerance` is False for NaN, so NaNs pass. Turn the question round."""
    wrong = [n for n in params if grads[n].shape != params[n].shape]
    sound = {n: g if n not in wrong else np.zeros(params[n].shape) for n, g in grads.items()}
    errors = gradient_check(loss, params, sound)
    return sorted({*wrong, *(name for name, error in errors.items() if error > tolerance)})


@exercise.misconception
def reports_the_right_ones(loss, params, grads, tolerance=1e-6):
    """The comparison is the wrong way round: this lists the tensors whose gradients are right."""
    sound = {**grads, **_sound(params, grads)}
    errors = gradient_check(loss, params, sound)
    return sorted(name for name, error in errors.items() if error <= tolerance)


@exercise.misconception
def only_the_worst(loss, params, grads, tolerance=1e-6):
    """Only the worst tensor is named, but bugs come in company. List every wrong tensor."""
    bad = [n for n in params if grads[n].shape != params[n].shape or np.isnan(grads[n]).any()]
    if bad:
        return sorted(bad)
    errors = gradient_check(loss, params, grads)
    worst = max(errors, key=lambda name: errors[name])
    return [worst] if errors[worst] > tolerance else []


@exercise.misconception
def fixed_tolerance(loss, params, grads, tolerance=1e-6):
    """The tolerance is written into the function; the argument is never used."""
    bad = {n for n in params if grads[n].shape != params[n].shape or np.isnan(grads[n]).any()}
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    return sorted(bad | {name for name, error in errors.items() if error > 1e-6})


@exercise.misconception
def never_fewer_than_one(loss, params, grads, tolerance=1e-6):
    """Something is reported even when all is right: the largest error need not be a bug."""
    bad = {n for n in params if grads[n].shape != params[n].shape or np.isnan(grads[n]).any()}
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    bad |= {name for name, error in errors.items() if error > tolerance}
    return sorted(bad) or [max(errors, key=lambda name: errors[name])]


@exercise.misconception
def biases_are_skipped(loss, params, grads, tolerance=1e-6):
    """The biases are never looked at. Most forgotten sums over the batch hide exactly there."""
    bad = {n for n in params if grads[n].shape != params[n].shape or np.isnan(grads[n]).any()}
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    bad |= {name for name, error in errors.items() if not error <= tolerance}
    return sorted(name for name in bad if not name.startswith("b"))
