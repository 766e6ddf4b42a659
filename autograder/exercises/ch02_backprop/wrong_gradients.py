"""Find the planted bug."""

import numpy as np

from autograder.exercises.ch02_backprop import bugs
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged
from autograder.judging.travel import travels
from reference_impl.backprop import gradient_check

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=2,
    needs=("gradient_check",),
    hints=(
        "Your checker gives a number per tensor. When does a number mean “wrong”?",
        "Three things make a gradient wrong: its values, its shape, and not being a number at all.",
        "A comparison with NaN is never true: ask for what is right, and report everything else.",
    ),
)


TOLERANCE = 1e-6
"""The default, given all the same: who forgets the default loses its own check only."""


@exercise.probe
def one_bug(rng):
    return bugs.planted(rng, [str(rng.choice(["W1", "b1", "W2"]))])


@exercise.probe
def two_bugs(rng):
    """A flipped sign in the biases, a milder mistake in the output weights."""
    loss, params, grads = bugs.planted(rng, ["b1"])
    return loss, params, {**grads, "W2": grads["W2"] * 1.5}


@exercise.probe
def not_a_number(rng):
    return bugs.planted(rng, ["W2"], "nan")


@exercise.probe
def turned_round(rng):
    return bugs.planted(rng, ["W2"], "shape")


@exercise.probe
def nothing_wrong(rng):
    return bugs.planted(rng, [])


@exercise.probe
def slightly_off(rng):
    """Off by one part in 2,000: wrong by default, right with tolerance 0.01."""
    loss, params, grads = bugs.planted(rng, [])
    return loss, params, {**grads, "W1": grads["W1"] * 1.001}, 0.01


@exercise.probe
def fits_by_broadcasting(rng):
    """Gradients of the wrong shape whose numbers fit, once NumPy has stretched them."""
    grads = bugs.plane_gradients()
    params = {name: rng.normal(size=g.shape) for name, g in grads.items()}
    kept = {"shift": grads["shift"][:1], "Wide": grads["Wide"][:1], "tall": grads["tall"][:, :1]}
    return bugs.plane, params, grads | kept


@exercise.probe
def ripples(rng):
    """Right gradients of a loss that bends so sharply that only a small step measures them."""
    params = {"bend": rng.uniform(0.01, 0.02, size=4), "flat": rng.normal(size=2)}
    grads = {"bend": 80 * np.cos(80 * params["bend"]), "flat": np.ones(2)}
    loss = travels(lambda p: float(np.sum(np.sin(80 * p["bend"])) + np.sum(p["flat"])))
    return loss, params, grads, 0.01


@exercise.probe
def company(rng):
    """Every kind of bug at once."""
    loss, params, grads = bugs.planted(rng, ["W2"], "shape")
    return loss, params, {**grads, "b1": np.zeros(3)}


@exercise.probe
def an_infinity(rng):
    loss, params, grads = bugs.planted(rng, ["b1"], "nan")
    return loss, params, {n: np.where(np.isnan(g), np.inf, g) for n, g in grads.items()}


def names_agree(got, expected, what="the result"):
    """NumPy's strings, which `np.unique` returns, are names as well."""
    if isinstance(got, list | tuple | np.ndarray):
        got = [str(name) if isinstance(name, np.str_) else name for name in got]
    agree(got, expected, what=what)


@exercise.check
def worked_example(f):
    """For ½Σw² and ½Σc², only the doubled gradient of c is reported."""
    params = {"w": np.array([1.0, -2.0]), "c": np.array([3.0])}
    loss = travels(lambda p: float(0.5 * sum(np.sum(np.asarray(v) ** 2) for v in p.values())))
    names_agree(f(loss, params, {"w": params["w"], "c": 2 * params["c"]}), ["c"])


@travels
def bowl(params):
    """Half the sum of all squares: its gradient is the parameters themselves."""
    return float(0.5 * sum(np.sum(np.asarray(value) ** 2) for value in params.values()))


@exercise.check
def two_and_none(f):
    """For ½Σw² + ½Σb², both doubled gradients are reported, and of right ones none."""
    params = {"w": np.array([1.0, -2.0]), "b": np.array([3.0])}
    names_agree(f(bowl, params, {n: 2 * p for n, p in params.items()}), ["b", "w"])
    names_agree(f(bowl, params, {n: p.copy() for n, p in params.items()}), [])


@exercise.check
def nan_is_wrong(f):
    """A gradient with a NaN in it is reported."""
    params = {"w": np.array([1.0, -2.0]), "c": np.array([3.0])}
    names_agree(f(bowl, params, {"w": np.array([1.0, np.nan]), "c": params["c"]}), ["w"])


@exercise.check
def shape_is_compared(f):
    """A gradient of shape (2,) for a matrix of shape (2, 2) is reported, though its numbers fit."""
    params = {"w": np.array([[1.0, 2.0], [1.0, 2.0]])}
    names_agree(f(bowl, params, {"w": np.array([1.0, 2.0])}), ["w"])


@exercise.check
def given_tolerance(f):
    """With tolerance 0.1, 2 % off passes, also where only a small step h measures the slope."""
    params = {"w": np.array([1.0, -2.0])}
    names_agree(f(bowl, params, {"w": 1.02 * params["w"]}, 0.1), [])
    waves = travels(lambda p: float(np.sum(np.sin(80 * np.asarray(p["w"])))))
    names_agree(f(waves, {"w": np.array([0.01])}, {"w": np.array([80 * np.cos(0.8)])}, 0.1), [])


@exercise.check
def reports_only(f):
    """The caller's parameters and gradients are the same afterwards."""
    params = {"w": np.array([1.0, -2.0]), "c": np.array([3.0])}
    all_unchanged(f, [(bowl, params, {"w": np.array([1.0, 2.0]), "c": params["c"]})])


def shuffled(rng, cases):
    """The cases in an order that nobody can know by heart."""
    return [cases[i] for i in rng.permutation(len(cases))]


@exercise.check(points=2)
def finds_planted_bugs(f, rng):
    """Names exactly the tensors with a planted bug, in alphabetical order."""
    company = (["W2"], ["b1"], ["W1"], ["W1", "b1"], ["W2", "b1"], ["W1", "W2", "b1"], [])
    for names, kind in shuffled(rng, [(n, k) for n in company for k in ("value", "zeros")]):
        found = f(*bugs.planted(rng, names, kind), TOLERANCE)
        names_agree(found, names, what=f"with bugs in {names}, the result")


@exercise.check(points=1, after=finds_planted_bugs)
def shape_and_nan(f, rng):
    """A gradient of the wrong shape, or with a NaN or infinity, is wrong, too: also in company."""
    for name in shuffled(rng, ("W1", "b1", "W2")):
        for kind in shuffled(rng, ("shape", "nan")):
            found = f(*bugs.planted(rng, [name], kind), TOLERANCE)
            names_agree(found, [name], what=f"with a wrong {kind} in {name}")
        loss, params, grads = bugs.planted(rng, [name], "nan")
        grads = {
            n: np.where(np.isnan(g), rng.choice([-np.inf, np.inf]), g) for n, g in grads.items()
        }
        names_agree(f(loss, params, grads, TOLERANCE), [name], what=f"with an infinity in {name}")
    found = f(*company(rng), TOLERANCE)
    names_agree(found, ["W2", "b1"], what="with two kinds of bugs, the result")
    names_agree(
        f(*fits_by_broadcasting(rng), TOLERANCE), ["Wide", "shift", "tall"], what="the result"
    )
    grads = bugs.plane_gradients()
    params = {name: rng.normal(size=g.shape) for name, g in grads.items()}
    grads |= {"unused": np.array([0.0, np.nan]), "Wide": grads["Wide"] * 2, "tall": np.ones((3, 2))}
    found = f(bugs.plane, params, grads, TOLERANCE)
    names_agree(found, ["Wide", "tall", "unused"], what="with three bugs, the result")


@exercise.check(points=1, after=finds_planted_bugs)
def tolerance_counts(f, rng):
    """Uses the tolerance it is given (1e-6 if none is), on each tensor's worst relative error."""
    loss, params, grads, tolerance = slightly_off(rng)
    names_agree(f(loss, params, grads, tolerance), [], what="with tolerance 0.01, the result")
    names_agree(f(loss, params, grads), ["W1"], what="with the default tolerance, the result")
    names_agree(f(*bugs.planted(rng, ["b1"]), 1e-4), ["b1"], what="with tolerance 1e-4, the result")
    names_agree(
        f(*ripples(rng)), [], what="with tolerance 0.01 and a loss with ripples, the result"
    )
    for tolerance in (0.3, 1e-2, 1e-4):
        for over in shuffled(rng, ([], ["W1"], ["b1"], ["W2"])):
            shares = {name: 1.1 if name in over else 0.9 for name in ("W1", "b1", "W2")}
            errors = {name: share * tolerance for name, share in shares.items()}
            found = f(*bugs.slightly_wrong(rng, **errors), tolerance)
            what = "with errors of 0.9 or 1.1 tolerances, the result"
            names_agree(found, over, what=what)
    loss, params, grads = bugs.slightly_wrong(rng, W1=0.02)
    small = {name: 1e-3 * g for name, g in grads.items()}
    found = f(travels(lambda p: 1e-3 * loss(p)), params, small, 1e-2)
    names_agree(
        found, ["W1"], what="with 1/1000 of the loss and an error of 2 tolerances, the result"
    )
    found = f(*bugs.slightly_wrong(rng, W2=3e-6))
    names_agree(found, ["W2"], what="with an error of 3e-6, the result")
    # Opposite signs are off by 1 exactly, |−g − n| being |g| + |n|; the tolerance is not exceeded.
    found = f(*bugs.planted(rng, ["b1"]), 1.0)
    names_agree(found, [], what="with an error of just the tolerance, the result")


@exercise.check(points=1, after=finds_planted_bugs)
def leaves_inputs_alone(f, rng):
    """Only reports: leaves the parameters and the gradients as they were."""
    all_unchanged(f, [(*bugs.planted(rng, ["W1", "b1"]), TOLERANCE), (*company(rng), TOLERANCE)])


@exercise.variant
def with_a_loop(loss, params, grads, tolerance=1e-6):
    wrong = []
    for name in sorted(params):
        if np.shape(grads[name]) != np.shape(params[name]) or not np.isfinite(grads[name]).all():
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


def _broken(params, grads, fine=np.isfinite):
    """The names of what has the wrong shape, or is no gradient at all."""
    return {n for n, p in params.items() if grads[n].shape != p.shape or not fine(grads[n]).all()}


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


@exercise.misconception(keeps=1 / 3)
def only_the_worst(loss, params, grads, tolerance=1e-6):
    """Only the worst tensor is named, but bugs come in company. List every wrong tensor."""
    bad = _broken(params, grads)
    if bad:
        return sorted(bad)
    errors = gradient_check(loss, params, grads)
    worst = max(errors, key=lambda name: errors[name])
    return [worst] if errors[worst] > tolerance else []


@exercise.misconception
def fixed_tolerance(loss, params, grads, tolerance=1e-6):
    """The tolerance is written into the function; the argument is never used."""
    bad = _broken(params, grads)
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    return sorted(bad | {name for name, error in errors.items() if error > 1e-6})


@exercise.misconception
def never_fewer_than_one(loss, params, grads, tolerance=1e-6):
    """Something is reported even when all is right: the largest error need not be a bug."""
    bad = _broken(params, grads)
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    bad |= {name for name, error in errors.items() if error > tolerance}
    return sorted(bad) or [max(errors, key=lambda name: errors[name])]


@exercise.misconception
def biases_are_skipped(loss, params, grads, tolerance=1e-6):
    """The biases are never looked at. Most forgotten sums over the batch hide exactly there."""
    bad = _broken(params, grads)
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    bad |= {name for name, error in errors.items() if not error <= tolerance}
    return sorted(name for name in bad if not name.startswith("b"))


@exercise.misconception
def broadcasting_hides_the_shape(loss, params, grads, tolerance=1e-6):
    """Comparing numbers stretches a gradient that is too small until it fits. Compare shapes."""
    wrong = []
    for name, value in params.items():
        try:
            error = gradient_check(
                lambda some: loss({**params, **some}),
                {name: value},
                {name: np.broadcast_to(grads[name], value.shape)},
            )[name]
        except ValueError:
            error = np.inf
        if not error <= tolerance:
            wrong.append(name)
    return sorted(wrong)


@exercise.misconception
def repairs_what_it_finds(loss, params, grads, tolerance=1e-6):
    """Wrong gradients are replaced in the caller's dict. A checker reports; it mends nothing."""
    bad = _broken(params, grads)
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    bad |= {name for name, error in errors.items() if not error <= tolerance}
    for name in bad:
        grads[name] = np.zeros(params[name].shape)
    return sorted(bad)


@exercise.misconception
def tolerance_as_step(loss, params, grads, tolerance=1e-6):
    """The tolerance goes where the checker expects its step h. The two have nothing in common."""
    bad = _broken(params, grads)
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)}, tolerance)
    return sorted(bad | {name for name, error in errors.items() if not error <= tolerance})


@exercise.misconception
def in_the_order_of_the_dict(loss, params, grads, tolerance=1e-6):
    """The right names, but in the order of `params`. The list should be in alphabetical order."""
    bad = _broken(params, grads)
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    return [name for name in params if name in bad or not errors[name] <= tolerance]


@exercise.misconception
def infinity_slips_through(loss, params, grads, tolerance=1e-6):
    """NaN is looked for, infinity is not: its relative error is NaN, which exceeds no tolerance."""
    bad = _broken(params, grads, lambda gradient: ~np.isnan(gradient))
    errors = gradient_check(loss, params, {**grads, **_sound(params, grads)})
    return sorted(bad | {name for name, error in errors.items() if error > tolerance})
