"""Look before you leap: Nesterov's momentum."""

import numpy as np

from autograder.exercises.ch09_optimizers import _laws, stepping
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    needs=("momentum_step",),
    hints=(
        "Where will momentum alone carry the weights? That is where the slope is of interest.",
        "`gradient` is a function: call it once, with a dict of the points ahead.",
        "g = gradient(W + momentum · V); then V = momentum · V − rate · g, and W + V: from W.",
    ),
)


def hyper(rng):
    return rng.uniform(0.03, 0.5), rng.uniform(0.2, 0.8)


def hills(rng, shapes=stepping.SHAPES):
    """The gradient of a landscape with hills, in which no tensor can be looked at alone."""
    tilt = stepping.tensors(rng, 1.0, shapes)
    names = list(reversed(tilt))

    @travels
    def gradient(params):
        common = sum(np.mean(params[k]) for k in tilt)
        return {k: np.sin(1.3 * np.asarray(params[k]) + common) + tilt[k] for k in names}

    return gradient


def legs(rng, steps=4, draw=hyper):
    return [(hills(rng), *draw(rng)) for _ in range(steps)]


@exercise.observe
def three_steps(f):
    """Diagnosis looks at a walk, so that it does not matter how the velocity is stored."""
    rng = np.random.default_rng(1)
    start = stepping.tensors(rng)
    by_default = legs(rng, 2, lambda rng: (0.1,))
    return [*stepping.observed(f, start, legs(rng, 3)), *stepping.observed(f, start, by_default)]


@exercise.probe
def from_standstill(rng):
    return stepping.tensors(rng), hills(rng), {}, *hyper(rng)


@exercise.check
def worked_example(f):
    """On w² with rate ¼ and momentum ½ the weight goes from 8 to 4, 1 and −0.25."""
    slope = travels(lambda params: {"w": 2 * np.asarray(params["w"])})
    path = stepping.walk(f, {"w": np.array([8.0])}, [(slope, 0.25, 0.5)] * 3)
    agree([p["w"] for p in path], [[4.0], [1.0], [-0.25]], what="the weight")


@exercise.check
def of_two_weights(f):
    """Of a loss a·b the slopes are b and a: from (1, 2) at rate ½, momentum ½, by hand."""
    slopes = travels(lambda p: {"a": np.asarray(p["b"]), "b": np.asarray(p["a"])})
    start = {"a": np.array([1.0]), "b": np.array([2.0])}
    path = stepping.walk(f, start, [(slopes, 0.5, 0.5)] * 2)
    # V = (−1, −0.5); ahead of (0, 1.5) lies (−0.5, 1.25); then V = (−1.125, 0).
    agree([[p["a"], p["b"]] for p in path], [[[0.0], [1.5]], [[-1.125], [1.5]]], what="a and b")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves params and state as they were."""
    slope = travels(lambda params: {"w": 2 * np.asarray(params["w"])})
    stepping.leaves_alone(f, {"w": np.array([8.0, -1.0])}, slope, 0.25, 0.5)


@exercise.check(points=2)
def random_walks(f, reference, rng):
    """Goes the right way over hills, with hyper-parameters that change on the way."""
    for _ in range(3):
        start, some = stepping.tensors(rng), legs(rng, 5)
        _laws.agree_paths(stepping.walk(f, start, some), stepping.walk(reference, start, some))


@exercise.check(points=1, after=random_walks)
def keeps_the_velocity(f, reference, rng):
    """Returns the velocity under its name, and goes on from any velocity it is given."""
    start, some = stepping.tensors(rng), legs(rng)
    for steps in (1, 4):
        state = _laws.last_state(f, start, some[:steps])
        agree(dict(state), _laws.last_state(reference, start, some[:steps]), what="the state")
    thrown = {"velocity": stepping.gradients(rng, 3.0)}
    path = stepping.walk(reference, start, some, thrown)
    _laws.agree_paths(stepping.walk(f, start, some, thrown), path)


@exercise.check(points=1, after=random_walks)
def on_a_bowl(f, rng):
    """On ½k·w² it obeys w″ = (1 − rate·k)·((1 + momentum)·w′ − momentum·w)."""
    k, rate, share = rng.uniform(1, 3), rng.uniform(0.1, 0.2), rng.uniform(0.5, 0.9)
    w = [2e3, 2e3 * (1 - rate * k)]
    while len(w) < 21:
        w.append((1 - rate * k) * ((1 + share) * w[-1] - share * w[-2]))
    slope = travels(lambda params: {"w": k * np.asarray(params["w"])})
    path = stepping.walk(f, {"w": np.array([w[0]])}, [(slope, rate, share)] * 20)
    _laws.agree_paths(path, [{"w": np.array([v])} for v in w[1:]])


@exercise.check(points=1, after=random_walks)
def edges(f, reference, rng):
    """Works for shared slopes, flat ground, rate or momentum 0, and default 0.9."""
    flat = travels(lambda params: {k: 0.0 * np.asarray(params[k]) for k in params})
    # A loss of W + U has one slope for both, which comes as one array.
    shared = travels(lambda params: dict.fromkeys("UW", np.sin(np.add(params["W"], params["U"]))))
    twins, some = stepping.tensors(rng, 1.0, {"W": (5, 3), "U": (5, 3)}), [(shared, *hyper(rng))]
    _laws.agree_paths(stepping.walk(f, twins, some), stepping.walk(reference, twins, some))
    start = stepping.tensors(rng)
    for some in [
        [*legs(rng, 1), (flat, *hyper(rng)), (flat, *hyper(rng))],
        [*legs(rng, 2), *legs(rng, 3, lambda rng: (0.0, 0.6))],
        legs(rng, 3, lambda rng: (0.4, 0.0)),
        legs(rng, 3, lambda rng: (0.2,)),
    ]:
        _laws.agree_paths(stepping.walk(f, start, some), stepping.walk(reference, start, some))


@exercise.check(points=1, after=random_walks)
def no_memory_of_its_own(f, rng):
    """Remembers through the state only: two models can be trained in turn."""
    one, other = stepping.tensors(rng), stepping.tensors(rng)
    _laws.in_turn(f, one, other, legs(rng))


@exercise.check(points=1, after=random_walks)
def leaves_inputs_alone(f, rng):
    """Leaves parameters and state as they were."""
    unchanged(f, *from_standstill(rng))
    start, some = stepping.tensors(rng), legs(rng)
    state = _laws.last_state(f, start, some[1:])
    unchanged(f, start, some[0][0], dict(state), *hyper(rng))


@exercise.check(points=1, after=random_walks)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers at the start and as slopes for what they are, not cutting the weights."""
    whole, *_ = _laws.integers(rng, hyper)
    slope = travels(lambda params: {k: np.asarray(params[k]) % 3 for k in whole})
    rates = (slope, 0.25, 0.5), (slope, 0.5, 0.5), (slope, 0.5, 0.25)
    _laws.whole_numbers(f, reference, whole, rates)


@exercise.variant
def all_at_once(params, gradient, state, rate, momentum=0.9):
    drift = {n: momentum * v for n, v in state.get("velocity", {}).items()}
    ahead = {name: p + drift.get(name, 0.0) for name, p in params.items()}
    slopes = gradient(ahead)
    velocity = {name: drift.get(name, 0.0) - rate * slopes[name] for name in params}
    return {n: ahead[n] - rate * slopes[n] for n in params}, {"velocity": velocity}


@exercise.variant
def with_loops(params, gradient, state, rate, momentum=0.9):
    velocity = {name: np.zeros(np.shape(p)) for name, p in params.items()}
    for name, v in state.get("velocity", {}).items():
        velocity[name] = velocity[name] + v
    ahead = {}
    for name in params:
        ahead[name] = params[name] + momentum * velocity[name]
    g, after = gradient(ahead), {}
    for name in params:
        velocity[name] *= momentum
        velocity[name] -= rate * np.asarray(g[name])
        after[name] = params[name] + velocity[name]
    return [after, {"velocity": velocity}]


def _step(params, gradient, state, rate, share, *, look=None, start=None, keep=True):
    """Nesterov's step with one thing exchanged; the misconceptions below say which."""
    old = state.get("velocity") or {name: np.zeros(np.shape(p)) for name, p in params.items()}
    look = look or (lambda p, v: p + share * v)
    ahead = {name: look(params[name], old[name]) for name in params}
    g = gradient(ahead)
    new = {name: share * old[name] - rate * g[name] for name in params}
    begin = ahead if start == "ahead" else params
    return {n: begin[n] + new[n] for n in params}, {"velocity": new if keep else {}}


@exercise.misconception
def gradient_where_it_stands(params, gradient, state, rate, momentum=0.9):
    """The slope is taken where the weights are: that is plain momentum. Look ahead first."""
    return _step(params, gradient, state, rate, momentum, look=lambda p, v: p)


@exercise.misconception
def looks_too_far(params, gradient, state, rate, momentum=0.9):
    """You look one whole V ahead. Momentum will carry the weights only momentum · V."""
    return _step(params, gradient, state, rate, momentum, look=lambda p, v: p + v)


@exercise.misconception
def looks_back(params, gradient, state, rate, momentum=0.9):
    """The slope is taken *behind* the weights, at W − momentum · V."""
    return _step(params, gradient, state, rate, momentum, look=lambda p, v: p - momentum * v)


@exercise.misconception
def starts_from_ahead(params, gradient, state, rate, momentum=0.9):
    """You looked from ahead, but you leap from there, too: V already holds momentum · V."""
    return _step(params, gradient, state, rate, momentum, start="ahead")


@exercise.misconception
def velocity_not_kept(params, gradient, state, rate, momentum=0.9):
    """The velocity is forgotten after every step, so there is nothing to look ahead with."""
    return _step(params, gradient, state, rate, momentum, keep=False)


@exercise.misconception
def climbs(params, gradient, state, rate, momentum=0.9):
    """The gradient is added instead of subtracted: the sign of rate · g has been lost."""
    return _step(params, gradient, state, -rate, momentum)


@exercise.misconception
def descends_from_ahead_only(params, gradient, state, rate, momentum=0.9):
    """V holds only −rate · g: the old velocity is looked along, but never kept."""
    old = state.get("velocity") or dict.fromkeys(params, 0.0)
    ahead = {name: params[name] + momentum * old[name] for name in params}
    g = gradient(ahead)
    return {n: ahead[n] - rate * g[n] for n in params}, {
        "velocity": {n: -rate * g[n] for n in params}
    }


@exercise.misconception
def difference_of_two_slopes(params, gradient, state, rate, momentum=0.9):
    """Two slopes are averaged, here and ahead. Only the one ahead counts."""
    here, there = gradient(params), {}

    def both(ahead):
        there.update(gradient(ahead))
        return {name: (here[name] + there[name]) / 2 for name in params}

    return _step(params, both, state, rate, momentum)


@exercise.misconception
def momentum_is_always_the_default(params, gradient, state, rate, momentum=0.9):
    """The share 0.9 is written into the code. It is an argument."""
    return _step(params, gradient, state, rate, 0.9)


@exercise.misconception
def average_of_old_and_new(params, gradient, state, rate, momentum=0.9):
    """The gradient is weighed with 1 − momentum. Here it counts in full."""
    return _step(params, gradient, state, (1 - momentum) * rate, momentum)


@exercise.misconception
def moves_the_weights_it_was_given(params, gradient, state, rate, momentum=0.9):
    """The step is right, but the caller's own weights are moved ahead to look. Use a new dict."""
    after, state = _step(params, gradient, state, rate, momentum)
    for name, p in params.items():
        p[...] = after[name]
    return params, state


@exercise.misconception
def hands_back_the_point_ahead(params, gradient, state, rate, momentum=0.9):
    """The parameters returned are the *next* look-ahead point. Return W + V itself."""
    after, new = _step(params, gradient, state, rate, momentum)
    return {n: after[n] + momentum * new["velocity"][n] for n in params}, new
