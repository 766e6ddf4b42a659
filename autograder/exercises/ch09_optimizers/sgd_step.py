"""A step downhill."""

import numpy as np

from autograder.exercises.ch09_optimizers import _laws, stepping
from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "A gradient points uphill. Where should each weight go, and how far?",
        "Build a new dict with the same names; a tensor of it needs its old value and its slope.",
        "W − rate · g for every name; return that dict and the state as it came.",
    ),
)


def rates(rng):
    return (rng.uniform(0.03, 0.9),)


@exercise.probe
def several_tensors(rng):
    return stepping.tensors(rng), stepping.gradients(rng), {}, *rates(rng)


@exercise.probe
def with_a_state(rng):
    """Somebody else's state, to be handed on."""
    shapes = {"a": (2,), "b": (3, 2)}
    params, grads = (stepping.tensors(rng, 3.0, shapes) for _ in range(2))
    return params, grads, {"steps": 7, "old": np.array([1.0, 2.0])}, *rates(rng)


@exercise.probe
def whole_weights(rng):
    params = {"w": rng.integers(-5, 6, size=(2, 3)), "b": rng.integers(-5, 6, size=3)}
    return params, {name: rng.normal(size=p.shape) for name, p in params.items()}, {}, *rates(rng)


@exercise.check
def worked_example(f):
    """From (3, 1) with slopes (2, −4) and rate ¼ a step leads to (2.5, 2)."""
    after, state = f({"w": np.array([3.0, 1.0])}, {"w": np.array([2.0, -4.0])}, {}, 0.25)
    agree(after, {"w": np.array([2.5, 2.0])}, what="the parameters")
    agree(state, {}, what="the state")


@exercise.check
def tensors_by_name(f):
    """Every tensor moves by its own gradient, found by its name, and the state is handed on."""
    params = {"a": np.array([1.0, 2.0]), "b": np.array([10.0])}
    grads = {"b": np.array([4.0]), "a": np.array([2.0, -1.0])}
    after, state = stepping.parts(f(params, grads, {"steps": 7}, 0.5), params)
    agree(after, {"a": np.array([0.0, 2.5]), "b": np.array([8.0])}, what="the parameters")
    agree(dict(state), {"steps": 7}, what="the state")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves params, grads and state as they were."""
    params = {"a": np.array([1.0, 2.0]), "b": np.array([10.0])}
    grads = {"b": np.array([4.0]), "a": np.array([2.0, -1.0])}
    stepping.leaves_alone(f, params, grads, 0.5)


@exercise.check(points=2)
def random_steps(f, reference, rng):
    """Steps the right way with tensors of several shapes, at several rates."""
    for scale in (1.0, 1e-3, 1e4):
        start = stepping.tensors(rng, scale)
        legs = stepping.legs(rng, rates, scale=scale)
        _laws.agree_paths(stepping.walk(f, start, legs), stepping.walk(reference, start, legs))


@exercise.check(points=1, after=random_steps)
def laws(f, rng):
    """To seven digits, twice the slope moves twice as far, whatever the place and the company."""
    start, grads = stepping.tensors(rng), stepping.gradients(rng)
    once = _laws.moves(stepping.walk(f, start, [(grads, 0.3)]), start)
    doubled = {name: 2 * g for name, g in grads.items()}
    twice = _laws.moves(stepping.walk(f, start, [(doubled, 0.3)]), start)
    agree(twice[0], {name: 2 * m for name, m in once[0].items()}, what="the move")
    origin = {name: 0 * p for name, p in start.items()}
    elsewhere = _laws.moves(stepping.walk(f, origin, [(grads, 0.3)]), origin)
    agree(elsewhere, once, what="the moves from the origin")
    _laws.each_alone(f, start, stepping.legs(rng, rates))


@exercise.check(points=1, after=random_steps)
def edges(f, reference, rng):
    """Works for a rate of 0, slopes of 0 and very steep slopes."""
    start, grads = stepping.tensors(rng), stepping.gradients(rng)
    agree(stepping.walk(f, start, [(grads, 0.0)])[0], start, what="the parameters at rate 0")
    steep = [({name: 1e6 * g for name, g in grads.items()}, 7.0)]
    _laws.agree_paths(stepping.walk(f, start, steep), stepping.walk(reference, start, steep))


@exercise.check(points=1, after=random_steps)
def hands_the_state_on(f, rng):
    """Remembers nothing: the state comes back as it was, and no call depends on another."""
    arguments = with_a_state(rng)
    _, state = stepping.parts(f(*arguments), arguments[0])
    agree(dict(state), arguments[2], what="the state")
    if len(state) != len(arguments[2]):
        raise Failed(f"the state came back with {len(state)} entries instead of 2")
    one, other = stepping.tensors(rng), stepping.tensors(rng)
    _laws.in_turn(f, one, other, stepping.legs(rng, rates))


@exercise.check(points=1, after=random_steps)
def leaves_inputs_alone(f, rng):
    """Leaves parameters, gradients and state as they were."""
    unchanged(f, *several_tensors(rng))
    unchanged(f, *with_a_state(rng))


@exercise.check(points=1, after=random_steps)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers at the start and as slopes for what they are, not cutting the weights."""
    _laws.whole_numbers(f, reference, *_laws.integers(rng, rates))


@exercise.variant
def with_a_loop(params, grads, state, rate):
    after = {}
    for name, value in params.items():
        after[name] = value - np.multiply(rate, grads[name])
    return after, state


@exercise.variant
def in_place_on_copies(params, grads, state, rate):
    after = {name: np.array(value, dtype=float) for name, value in params.items()}
    for name in grads:
        after[name] -= rate * grads[name]
    return [after, dict(state)]


@exercise.misconception
def climbs(params, grads, state, rate):
    """A gradient points to where the loss *grows*. Your weights follow it uphill."""
    return {name: params[name] + rate * grads[name] for name in params}, state


@exercise.misconception
def rate_ignored(params, grads, state, rate):
    """The learning rate is never used: every step is as long as the gradient."""
    return {name: params[name] - grads[name] for name in params}, state


@exercise.misconception
def divides_by_the_rate(params, grads, state, rate):
    """A smaller rate should make smaller steps; yours get larger."""
    return {name: params[name] - grads[name] / (rate or 1) for name in params}, state


@exercise.misconception
def only_the_signs(params, grads, state, rate):
    """Only the signs of the slopes are used. A steeper slope should make a longer step."""
    return {name: params[name] - rate * np.sign(grads[name]) for name in params}, state


@exercise.misconception
def steps_of_fixed_length(params, grads, state, rate):
    """Each tensor's gradient is cut to length 1. Its length belongs to the step."""
    lengths = {name: np.linalg.norm(g) or 1.0 for name, g in grads.items()}
    return {name: params[name] - rate * grads[name] / lengths[name] for name in params}, state


@exercise.misconception
def averages_over_the_weights(params, grads, state, rate):
    """The gradient is divided by the number of weights. There is nothing to average here."""
    return {n: params[n] - rate * grads[n] / np.size(grads[n]) for n in params}, state


@exercise.misconception
def pairs_by_position(params, grads, state, rate):
    """The two dicts may list their names in different orders: ask for a gradient by name."""
    pairs = zip(params.items(), grads.values(), strict=True)
    return {name: p - rate * np.resize(g, np.shape(p)) for (name, p), g in pairs}, state


@exercise.misconception
def only_the_first_tensor(params, grads, state, rate):
    """Only the first tensor moves: the loop ends after one round."""
    first = next(iter(params))
    return {**params, first: params[first] - rate * grads[first]}, state


@exercise.misconception
def clips_the_slopes(params, grads, state, rate):
    """Slopes are cut off at ±1. That has its uses; here nobody asked for it."""
    return {n: params[n] - rate * np.clip(grads[n], -1, 1) for n in params}, state


@exercise.misconception
def forgets_the_state(params, grads, state, rate):
    """An empty state comes back. Descent has no use for it, but it should hand it on."""
    return {name: params[name] - rate * grads[name] for name in params}, {}


@exercise.misconception
def only_the_parameters(params, grads, state, rate):
    """Only the parameters come back; the state is wanted, too."""
    return {name: params[name] - rate * grads[name] for name in params}


@exercise.misconception
def moves_the_weights_it_was_given(params, grads, state, rate):
    """The step is right, but `-=` moves the caller's own arrays. Make new ones."""
    for name in params:
        params[name] -= rate * grads[name]
    return params, state


@exercise.misconception
def whole_weights_stay_whole(params, grads, state, rate):
    """Written into a copy of whole numbers, the step is cut to whole numbers. Make a new array."""
    after = {name: np.array(p) for name, p in params.items()}
    for name, p in after.items():
        p[...] = params[name] - rate * grads[name]
    return after, state
