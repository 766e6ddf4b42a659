"""Nesterov's momentum, rewritten for everyday use."""

import numpy as np

from autograder.exercises.ch09_optimizers import _laws, stepping
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    needs=("momentum_step",),
    hints=(
        "The gradient belongs to P already. What is left to do is one renewal of V. And then?",
        "P moves by momentum times the *new* V, and by the plain step −rate · g.",
        "V = momentum · V − rate · g; P + momentum · V − rate · g.",
    ),
)


def hyper(rng):
    return rng.uniform(0.03, 0.5), rng.uniform(0.2, 0.8)


@exercise.observe
def three_steps(f):
    """Diagnosis looks at a walk, so that it does not matter how the velocity is stored."""
    rng = np.random.default_rng(1)
    start = stepping.tensors(rng)
    walk = stepping.observed(f, start, stepping.legs(rng, hyper, steps=3))
    by_default = stepping.observed(f, start, [(start, 0.1), (start, 0.1)])
    return [*walk, *by_default]


@exercise.probe
def from_standstill(rng):
    return stepping.tensors(rng), stepping.gradients(rng), {}, *hyper(rng)


@exercise.check
def worked_example(f):
    """Slope 1, rate ½, momentum ½: P goes from 4 to 3.25, 2.375 and 1.4375."""
    legs = [({"w": np.array([1.0])}, 0.5, 0.5)] * 3
    path = stepping.walk(f, {"w": np.array([4.0])}, legs)
    agree([p["w"] for p in path], [[3.25], [2.375], [1.4375]], what="P")


@exercise.check
def each_with_its_velocity(f):
    """Momentum 0.9 by default: slopes 1 and 2 at rate 1 take P from 0 to −1.9 and −3.8, and on."""
    start = {"a": np.zeros(1), "b": np.zeros(1)}
    slopes = {"b": np.array([2.0]), "a": np.array([1.0])}
    path = stepping.walk(f, start, [(slopes, 1.0)] * 2)
    # V is −1, then −1.9: P moves by −0.9 − 1, then by −1.71 − 1.
    agree([[p["a"], p["b"]] for p in path], [[[-1.9], [-3.8]], [[-4.61], [-9.22]]], what="a and b")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves params, grads and state as they were."""
    params = {"a": np.array([1.0, 2.0]), "b": np.array([10.0])}
    grads = {"b": np.array([4.0]), "a": np.array([2.0, -1.0])}
    stepping.leaves_alone(f, params, grads, 0.5, 0.5)


@exercise.check(points=2)
def random_walks(f, reference, rng):
    """Goes the right way for several steps, with slopes and hyper-parameters that change."""
    for scale in (1.0, 1e-3, 1e4):
        start = stepping.tensors(rng, scale)
        legs = stepping.legs(rng, hyper, steps=5, scale=scale)
        _laws.agree_paths(stepping.walk(f, start, legs), stepping.walk(reference, start, legs))


@exercise.check(points=1, after=random_walks)
def keeps_the_velocity(f, reference, rng):
    """Returns the velocity under its name, and goes on from any velocity it is given."""
    start, legs = stepping.tensors(rng), stepping.legs(rng, hyper)
    for steps in (1, 4):
        state = _laws.last_state(f, start, legs[:steps])
        wanted = _laws.last_state(reference, start, legs[:steps])
        agree(dict(state), wanted, what="the state")
    thrown = {"velocity": stepping.gradients(rng, 3.0)}
    path = stepping.walk(reference, start, legs, thrown)
    _laws.agree_paths(stepping.walk(f, start, legs, thrown), path)


@exercise.check(points=2, after=random_walks)
def is_the_look_ahead_form(f, rng):
    """Is Nesterov's rule seen from ahead: P − momentum · V is the W of the look-ahead form."""
    rate, share = hyper(rng)
    start, tilt = stepping.tensors(rng, 3.0), stepping.tensors(rng)
    W, V = dict(start), {name: np.zeros(p.shape) for name, p in start.items()}
    P, state = start, {}
    for step in range(1, 7):
        slopes = {k: np.sin(W[k] + share * V[k]) + tilt[k] for k in start}
        V = {k: share * V[k] - rate * slopes[k] for k in start}
        W = {k: W[k] + V[k] for k in start}
        here = {k: np.sin(np.asarray(P[k])) + tilt[k] for k in start}
        P, state = stepping.parts(f(P, here, state, rate, share), start)
        ahead = {k: W[k] + share * V[k] for k in start}
        _laws.agree_paths([P], [ahead], f"the look-ahead point of step {step}")


@exercise.check(points=1, after=random_walks)
def edges(f, reference, rng):
    """Works for slopes of 0, steep slopes, rate 0, momentum 0 and by default 0.9."""
    start = stepping.tensors(rng)
    for some in (
        stepping.legs(rng, lambda rng: (rng.uniform(0.1, 0.3),)),
        stepping.legs(rng, hyper, scale=1e6),
        [*stepping.legs(rng, hyper, 2), *stepping.legs(rng, lambda rng: (0.0, 0.6), 3)],
        _laws.pausing(rng, hyper),
        stepping.legs(rng, lambda rng: (0.3, 0.0)),
        [*stepping.legs(rng, hyper, 1), *stepping.legs(rng, hyper, 3, 0.0)],
    ):
        _laws.agree_paths(stepping.walk(f, start, some), stepping.walk(reference, start, some))


@exercise.check(points=1, after=random_walks)
def no_memory_of_its_own(f, rng):
    """Remembers through the state only, tensor by tensor: two models can be trained in turn."""
    one, other = stepping.tensors(rng), stepping.tensors(rng)
    _laws.in_turn(f, one, other, stepping.legs(rng, hyper))
    _laws.each_alone(f, one, stepping.legs(rng, hyper))


@exercise.check(points=1, after=random_walks)
def leaves_inputs_alone(f, rng):
    """Leaves parameters, gradients and state as they were."""
    unchanged(f, *from_standstill(rng))
    start, legs = stepping.tensors(rng), stepping.legs(rng, hyper)
    state = _laws.last_state(f, start, legs[1:])
    unchanged(f, start, legs[0][0], dict(state), *hyper(rng))


@exercise.check(points=1, after=random_walks)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers at the start and as slopes for what they are, not cutting the weights."""
    _laws.whole_numbers(f, reference, *_laws.integers(rng, hyper))


@exercise.variant
def from_the_old_velocity(params, grads, state, rate, momentum=0.9):
    after, velocity = {}, {}
    for name in params:
        old = state["velocity"][name] if state else np.zeros(np.shape(params[name]))
        velocity[name] = momentum * old - rate * grads[name]
        after[name] = params[name] + momentum**2 * old - (1 + momentum) * rate * grads[name]
    return after, {"velocity": velocity}


@exercise.variant
def as_in_cs231n(params, grads, state, rate, momentum=0.9):
    velocity = {n: np.array(v, float) for n, v in state.get("velocity", {}).items()}
    if not velocity:
        velocity = {n: np.zeros(np.shape(p)) for n, p in params.items()}
    after = {}
    for n, v in velocity.items():
        before = v.copy()
        v *= momentum
        v -= rate * grads[n]
        after[n] = params[n] - momentum * before + (1 + momentum) * v
    return [after, {"velocity": velocity}]


def _step(params, grads, state, rate, share, move, *, keep=True):
    """The rewritten step with another move; `move` maps old V, new V and rate · g to it."""
    old = state.get("velocity") or {name: np.zeros(np.shape(p)) for name, p in params.items()}
    new = {name: share * old[name] - rate * grads[name] for name in params}
    after = {n: params[n] + move(old[n], new[n], rate * grads[n]) for n in params}
    return after, {"velocity": new if keep else {}}


@exercise.misconception
def plain_momentum(params, grads, state, rate, momentum=0.9):
    """P moves by V: that is plain momentum. The rewritten rule moves by momentum · V − rate · g."""
    return _step(params, grads, state, rate, momentum, lambda old, new, g: new)


@exercise.misconception
def with_the_old_velocity(params, grads, state, rate, momentum=0.9):
    """momentum · V is taken with the old V, which gives plain momentum again. Renew V first."""
    rule = lambda old, new, g: momentum * old - (1 + momentum) * g
    return _step(params, grads, state, rate, momentum, rule)


@exercise.misconception
def forgets_the_gradient(params, grads, state, rate, momentum=0.9):
    """P moves by momentum · V only. The plain step −rate · g is missing."""
    return _step(params, grads, state, rate, momentum, lambda old, new, g: momentum * new)


@exercise.misconception
def velocity_in_full(params, grads, state, rate, momentum=0.9):
    """P moves by V − rate · g: the new velocity should count only momentum times."""
    return _step(params, grads, state, rate, momentum, lambda old, new, g: new - g)


@exercise.misconception
def gradient_added(params, grads, state, rate, momentum=0.9):
    """rate · g is added to P. In the velocity its sign was right."""
    return _step(params, grads, state, rate, momentum, lambda old, new, g: momentum * new + g)


@exercise.misconception
def forgets_to_take_the_old_velocity_off(params, grads, state, rate, momentum=0.9):
    """P moves by (1 + momentum) · V; the form you have in mind also takes momentum · old V off."""
    return _step(params, grads, state, rate, momentum, lambda old, new, g: (1 + momentum) * new)


@exercise.misconception
def velocity_not_kept(params, grads, state, rate, momentum=0.9):
    """The velocity is forgotten after every step. What do you return as state?"""
    rule = lambda old, new, g: momentum * new - g
    return _step(params, grads, state, rate, momentum, rule, keep=False)


@exercise.misconception
def momentum_is_always_the_default(params, grads, state, rate, momentum=0.9):
    """The share 0.9 is written into the code. It is an argument."""
    return _step(params, grads, state, rate, 0.9, lambda old, new, g: 0.9 * new - g)


@exercise.misconception
def descends_with_a_shorter_rate(params, grads, state, rate, momentum=0.9):
    """The gradient is weighed with 1 − momentum. Here it counts in full, in V and in P."""
    small = (1 - momentum) * rate
    return _step(params, grads, state, small, momentum, lambda old, new, g: momentum * new - g)


@exercise.misconception
def changes_the_old_velocity(params, grads, state, rate, momentum=0.9):
    """The step is right, but the state that was handed in is overwritten. Make new arrays."""
    after, new = _step(params, grads, state, rate, momentum, lambda o, v, g: momentum * v - g)
    state.update(new)
    return after, state


@exercise.misconception
def moves_the_weights_it_was_given(params, grads, state, rate, momentum=0.9):
    """The step is right, but `+=` moves the caller's own weights. Make new arrays."""
    after, new = _step(params, grads, state, rate, momentum, lambda o, v, g: momentum * v - g)
    for name, p in params.items():
        p[...] = after[name]
    return params, new
