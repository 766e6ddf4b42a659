"""A ball with inertia: momentum."""

import numpy as np

from autograder.exercises.ch09_optimizers import _laws, stepping
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    core=True,
    hints=(
        "How fast was each weight moving? Where is that kept between two calls, and on the first?",
        "An empty state means that everything stands still: use zeros. Then V first, W after it.",
        'V = momentum · V − rate · g; W + V; the state that you return is {"velocity": V}.',
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
    """Slope 1, rate ½, momentum ½: from 4 the weight goes to 3.5, 2.75 and 1.875."""
    legs = [({"w": np.array([1.0])}, 0.5, 0.5)] * 3
    path = stepping.walk(f, {"w": np.array([4.0])}, legs)
    agree([p["w"] for p in path], [[3.5], [2.75], [1.875]], what="the weight")


@exercise.check
def each_with_its_velocity(f):
    """Rate 1, then ½: slopes 1 and 2 take weights of 0 to −1 and −2, then to −2 and −4."""
    start = {"a": np.zeros(1), "b": np.zeros(1)}
    slopes = {"a": np.array([1.0]), "b": np.array([2.0])}
    path = stepping.walk(f, start, [(slopes, 1.0, 0.5), (slopes, 0.5, 0.5)])
    agree([[p["a"], p["b"]] for p in path], [[[-1.0], [-2.0]], [[-2.0], [-4.0]]], what="a and b")


@exercise.check
def momentum_by_default(f):
    """Without a momentum 0.9 is taken: at slope 1 and rate 1 from 0 to −1 and −2.9."""
    path = stepping.walk(f, {"w": np.zeros(1)}, [({"w": np.ones(1)}, 1.0)] * 2)
    agree([p["w"] for p in path], [[-1.0], [-2.9]], what="the weight")


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


@exercise.check(points=1, after=random_walks)
def laws(f, rng):
    """To seven digits, builds up as a geometric series; without momentum it is descent."""
    g = rng.uniform(1, 3)
    rate, share = hyper(rng)
    built_up = -rate * g * (1 - share ** np.arange(1, 41)) / (1 - share)
    agree(_laws.constant_gradient(f, g, 40, rate, share), built_up, what="the moves")
    start, legs = stepping.tensors(rng), stepping.legs(rng, lambda rng: (0.3, 0.0))
    descent = [{k: -0.3 * grads[k] for k in start} for grads, *_ in legs]
    agree(_laws.moves(stepping.walk(f, start, legs), start), descent, what="the moves")
    _laws.each_alone(f, start, stepping.legs(rng, hyper))


@exercise.check(points=1, after=random_walks)
def edges(f, reference, rng):
    """Works for slopes of 0, steep slopes, rate 0, and by default with 0.9."""
    start = stepping.tensors(rng)
    by_default = stepping.legs(rng, lambda rng: (rng.uniform(0.1, 0.3),))
    steep = stepping.legs(rng, hyper, scale=1e6)
    resting = [*stepping.legs(rng, hyper, 2), *stepping.legs(rng, lambda rng: (0.0, 0.6), 3)]
    coasting = [*stepping.legs(rng, hyper, 1), *stepping.legs(rng, hyper, 3, 0.0)]
    for some in (by_default, steep, resting, coasting, _laws.pausing(rng, hyper)):
        _laws.agree_paths(stepping.walk(f, start, some), stepping.walk(reference, start, some))


@exercise.check(points=1, after=random_walks)
def no_memory_of_its_own(f, rng):
    """Remembers through the state only: two models can be trained in turn."""
    one, other = stepping.tensors(rng), stepping.tensors(rng)
    _laws.in_turn(f, one, other, stepping.legs(rng, hyper))


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
def with_a_loop(params, grads, state, rate, momentum=0.9):
    after, velocity = {}, {}
    for name in params:
        before = state["velocity"][name] if "velocity" in state else 0.0
        velocity[name] = momentum * before - rate * grads[name]
        after[name] = params[name] + velocity[name]
    return after, {"velocity": velocity}


@exercise.variant
def in_place_on_copies(params, grads, state, rate, momentum=0.9):
    old = state.get("velocity", {n: np.zeros(np.shape(p)) for n, p in params.items()})
    velocity = {name: np.array(v, dtype=float) for name, v in old.items()}
    for name, v in velocity.items():
        v *= momentum
        v -= rate * grads[name]
    return [
        {name: np.add(params[name], velocity[name]) for name in params},
        {"velocity": velocity},
    ]


def _step(params, grads, state, rate, share, *, velocity=None, move=None, kept=None):
    """Momentum with one thing exchanged; the misconceptions below say which."""
    old = state.get("velocity") or {name: np.zeros(np.shape(p)) for name, p in params.items()}
    velocity = velocity or (lambda v, g: share * v - rate * g)
    new = {name: velocity(old[name], grads[name]) for name in params}
    move = move or (lambda new, old, g: new)
    after = {n: params[n] + move(new[n], old[n], grads[n]) for n in params}
    return after, {"velocity": new if kept is None else kept}


@exercise.misconception
def velocity_not_kept(params, grads, state, rate, momentum=0.9):
    """The velocity is forgotten after every step, so this is plain descent. What do you return?"""
    return _step(params, grads, state, rate, momentum, kept={})


@exercise.misconception
def average_of_old_and_new(params, grads, state, rate, momentum=0.9):
    """The gradient is weighed with 1 − momentum. Here it counts in full: V = n·V − rate·g."""
    rule = lambda v, g: momentum * v - (1 - momentum) * rate * g
    return _step(params, grads, state, rate, momentum, velocity=rule)


@exercise.misconception
def rate_on_the_whole_velocity(params, grads, state, rate, momentum=0.9):
    """The rate scales the old velocity as well. It belongs to the gradient alone."""
    rule = lambda v, g: rate * (momentum * v - g)
    return _step(params, grads, state, rate, momentum, velocity=rule)


@exercise.misconception
def velocity_without_the_rate(params, grads, state, rate, momentum=0.9):
    """V collects plain gradients and meets the rate only in the step: its unit is another one."""
    rule = lambda v, g: momentum * v - g
    return _step(params, grads, state, rate, momentum, velocity=rule, move=lambda n, o, g: rate * n)


@exercise.misconception
def climbs(params, grads, state, rate, momentum=0.9):
    """The gradient is added to the velocity: this ball rolls uphill."""
    rule = lambda v, g: momentum * v + rate * g
    return _step(params, grads, state, rate, momentum, velocity=rule)


@exercise.misconception
def turns_back_every_time(params, grads, state, rate, momentum=0.9):
    """The new velocity is made of minus the old one: the ball is thrown back at every step."""
    rule = lambda v, g: -momentum * v - rate * g
    return _step(params, grads, state, rate, momentum, velocity=rule)


@exercise.misconception
def moves_with_the_old_velocity(params, grads, state, rate, momentum=0.9):
    """W moves with the *old* velocity, one step late. First renew V, then move."""
    return _step(params, grads, state, rate, momentum, move=lambda new, old, g: old)


@exercise.misconception
def velocity_never_fades(params, grads, state, rate, momentum=0.9):
    """The old velocity is kept whole: without friction the ball never comes to rest."""
    return _step(params, grads, state, rate, 1.0)


@exercise.misconception
def momentum_is_always_the_default(params, grads, state, rate, momentum=0.9):
    """The share 0.9 is written into the code. It is an argument."""
    return _step(params, grads, state, rate, 0.9)


@exercise.misconception
def default_of_a_half(params, grads, state, rate, momentum=0.5):
    """All is well, but the contract's default for momentum is 0.9."""
    return _step(params, grads, state, rate, momentum)


@exercise.misconception
def gradient_counted_twice(params, grads, state, rate, momentum=0.9):
    """The gradient is in V already; your step subtracts it once more."""
    return _step(params, grads, state, rate, momentum, move=lambda new, old, g: new - rate * g)


@exercise.misconception
def one_velocity_for_all(params, grads, state, rate, momentum=0.9):
    """Every tensor needs a velocity of its own; yours share that of the first of their shape."""
    new = _step(params, grads, state, rate, momentum)[1]["velocity"]
    first = {np.shape(v): v for v in reversed(new.values())}
    shared = {name: first[np.shape(v)] for name, v in new.items()}
    return {name: params[name] + shared[name] for name in params}, {"velocity": shared}


@exercise.misconception
def changes_the_old_velocity(params, grads, state, rate, momentum=0.9):
    """The step is right, but the state that was handed in is overwritten. Make new arrays."""
    velocity = state.setdefault("velocity", {n: np.zeros(np.shape(p)) for n, p in params.items()})
    for name, g in grads.items():
        velocity[name] = momentum * velocity[name] - rate * g
    return {name: params[name] + velocity[name] for name in params}, state


@exercise.misconception
def moves_the_weights_it_was_given(params, grads, state, rate, momentum=0.9):
    """The step is right, but `+=` moves the caller's own weights. Make new arrays."""
    after, state = _step(params, grads, state, rate, momentum)
    for name, p in params.items():
        p[...] = after[name]
    return params, state


@exercise.misconception
def weighted_mean_of_the_slopes(params, grads, state, rate, momentum=0.9):
    """V is a weighted mean of the slopes, V = β·V + (1 − β)·g, and the rate comes in the step.
    Here V = momentum · V − rate · g."""
    rule = lambda v, g: momentum * v - (1 - momentum) * g
    return _step(params, grads, state, rate, momentum, velocity=rule, move=lambda n, o, g: rate * n)
