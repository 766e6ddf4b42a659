"""Adagrad: whoever has moved much moves less."""

import numpy as np

from autograder.exercises.ch09_optimizers import _laws, stepping
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    needs=("effective_rate",),
    hints=(
        "What must be remembered about all gradients so far? What is it before the first step?",
        "First add the new square, then ask `effective_rate`, then step.",
        'c = c + g²; W − rate/(√c + ε) · g; the state that you return is {"squares": c}.',
    ),
)


def hyper(rng):
    return rng.uniform(0.03, 0.5), 10.0 ** rng.uniform(-2, 0)


@exercise.observe
def three_steps(f):
    """Diagnosis looks at a walk, so that it does not matter how the squares are stored."""
    rng = np.random.default_rng(1)
    start = stepping.tensors(rng)
    legs = stepping.legs(rng, hyper, steps=3)
    legs[0][0]["b"][:] = 0.0
    nothing = {name: 0 * p for name, p in start.items()}
    still = [(nothing, 0.3, 0.5), ({**nothing, "b": start["b"]}, 0.3, 0.5)]
    by_default = [({name: 1e-8 * p for name, p in start.items()},)] * 2
    walks = [(start, legs), (start, still), (nothing, by_default)]
    return [seen for begin, some in walks for seen in stepping.observed(f, begin, some)]


@exercise.probe
def from_the_start(rng):
    return stepping.tensors(rng), stepping.gradients(rng), {}, *hyper(rng)


@exercise.check
def worked_example(f):
    """Slopes 3, then 4, at rate 1: the first step is 3/3 = 1, the second 4/√(9 + 16) = 0.8."""
    legs = [({"w": np.array([3.0])}, 1.0, 0.0), ({"w": np.array([4.0])}, 1.0, 0.0)]
    path = stepping.walk(f, {"w": np.array([2.0])}, legs)
    agree([p["w"] for p in path], [[1.0], [0.2]], what="the weight")


@exercise.check
def every_weight_its_own_rate(f):
    """Slopes 3, 4 and 0 at rate 2 with ε = 1: steps of 6/(3 + 1), 8/(4 + 1) and 0."""
    legs = [({"w": np.array([3.0, 4.0, 0.0])}, 2.0, 1.0)]
    (after,) = stepping.walk(f, {"w": np.zeros(3)}, legs)
    agree(after["w"], [-1.5, -1.6, 0.0], what="the weights")
    (after,) = stepping.walk(f, {"w": np.ones(2)}, [({"w": np.array([1.0, 0.0])},)])
    agree(after["w"], [0.99, 1.0], rtol=1e-6, what="the weights at the default rate and ε")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves params, grads and state as they were."""
    params = {"a": np.array([1.0, 2.0]), "b": np.array([10.0])}
    grads = {"b": np.array([4.0]), "a": np.array([2.0, -1.0])}
    stepping.leaves_alone(f, params, grads, 0.5, 0.1)


@exercise.check(points=2)
def random_walks(f, reference, rng):
    """Goes the right way for several steps, with slopes and hyper-parameters that change."""
    for scale in (1.0, 1e-3, 1e3):
        start = stepping.tensors(rng, 0.1)
        legs = stepping.legs(rng, hyper, steps=5, scale=scale)
        _laws.agree_paths(stepping.walk(f, start, legs), stepping.walk(reference, start, legs))


@exercise.check(points=1, after=random_walks)
def keeps_the_squares(f, reference, rng):
    """Returns the squares under their name, and goes on from any it is given."""
    start, legs = stepping.tensors(rng), stepping.legs(rng, hyper)
    for steps in (1, 4):
        state = _laws.last_state(f, start, legs[:steps])
        wanted = _laws.last_state(reference, start, legs[:steps])
        agree(dict(state), wanted, what="the state")
    before = {"squares": {name: g**2 for name, g in stepping.gradients(rng, 3.0).items()}}
    path = stepping.walk(reference, start, legs, before)
    _laws.agree_paths(stepping.walk(f, start, legs, before), path)


@exercise.check(points=1, after=random_walks)
def laws(f, rng):
    """Under a constant slope, to seven digits, steps are rate/√t; a turned slope turns them."""
    rate = rng.uniform(0.1, 2)
    for g in (rng.uniform(1, 3), -1e6, 1e-3):
        expected = -np.sign(g) * rate / np.sqrt(np.arange(1, 31))
        got = _laws.constant_gradient(f, g, 30, rate, 0.0)
        agree(got, expected, what="the moves")
    start, legs = stepping.tensors(rng), stepping.legs(rng, hyper)
    path = stepping.walk(f, start, legs)
    steeper = [({k: -1e3 * g for k, g in grads.items()}, r, 1e3 * e) for grads, r, e in legs]
    back = _laws.moves(stepping.walk(f, start, steeper), start)
    turned = [{k: -m for k, m in move.items()} for move in back]
    agree(turned, _laws.moves(path, start), what="the moves of slopes −1000 times as steep")
    _laws.each_alone(f, start, legs)


@exercise.check(points=1, after=random_walks)
def edges(f, reference, rng):
    """Works for slopes of 0, tiny slopes, and with the contract's defaults."""
    begin, pauses = stepping.tensors(rng, 0.1), _laws.pausing(rng, hyper)
    expected = stepping.walk(reference, begin, pauses)
    _laws.agree_paths(stepping.walk(f, begin, pauses), expected)
    far = stepping.tensors(rng, 100.0)
    _laws.agree_paths(stepping.walk(f, far, pauses), stepping.walk(reference, far, pauses))
    origin = stepping.tensors(rng, 0.0)
    for scale in (1.0, 1e-8):
        legs = [
            *stepping.legs(rng, lambda rng: (), 1, 0.0),
            *stepping.legs(rng, lambda rng: (), 4, scale),
        ]
        expected = stepping.walk(reference, origin, legs)
        _laws.agree_paths(stepping.walk(f, origin, legs), expected)
    waking = [*stepping.legs(rng, hyper, 3, 0.0), *stepping.legs(rng, hyper, 2)]
    _laws.agree_paths(stepping.walk(f, origin, waking), stepping.walk(reference, origin, waking))


@exercise.check(points=1, after=random_walks)
def no_memory_of_its_own(f, rng):
    """Remembers through the state only: two models can be trained in turn."""
    one, other = stepping.tensors(rng), stepping.tensors(rng)
    _laws.in_turn(f, one, other, stepping.legs(rng, hyper))


@exercise.check(points=1, after=random_walks)
def leaves_inputs_alone(f, rng):
    """Leaves parameters, gradients and state as they were."""
    unchanged(f, *from_the_start(rng))
    start, legs = stepping.tensors(rng), stepping.legs(rng, hyper)
    state = _laws.last_state(f, start, legs[1:])
    unchanged(f, start, legs[0][0], dict(state), *hyper(rng))


@exercise.check(points=1, after=random_walks)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers at the start and as slopes for what they are, not cutting the weights."""
    _laws.whole_numbers(f, reference, *_laws.integers(rng, hyper))


@exercise.variant
def with_a_loop(params, grads, state, rate=0.01, epsilon=1e-8):
    after, squares = {}, {}
    for name, g in grads.items():
        squares[name] = np.square(g, dtype=float)
        if state:
            squares[name] = squares[name] + state["squares"][name]
        after[name] = params[name] - rate * g / (squares[name] ** 0.5 + epsilon)
    return after, {"squares": squares}


@exercise.variant
def in_place_on_copies(params, grads, state, rate=0.01, epsilon=1e-8):
    squares = {n: np.zeros(np.shape(p)) for n, p in params.items()}
    for name, c in squares.items():
        c += state.get("squares", squares)[name]
        c += np.multiply(grads[name], grads[name])
    step = {n: np.divide(grads[n], np.sqrt(c) + epsilon) for n, c in squares.items()}
    return [{n: np.subtract(p, rate * step[n]) for n, p in params.items()}, {"squares": squares}]


def _step(params, grads, state, rate, epsilon, *, add=None, divide=None, late=False, kept=None):
    """Adagrad with one thing exchanged; the misconceptions below say which."""
    old = state.get("squares") or {name: np.zeros(np.shape(p)) for name, p in params.items()}
    add = add or (lambda c, g: c + g**2)
    new = {name: add(old[name], grads[name]) for name in params}
    divide = divide or (lambda c: np.sqrt(c) + epsilon)
    by = {name: divide((old if late else new)[name]) for name in params}
    after = {name: params[name] - rate / by[name] * grads[name] for name in params}
    return after, {"squares": new if kept is None else kept}


@exercise.misconception
def squares_not_kept(params, grads, state, rate=0.01, epsilon=1e-8):
    """Only the latest square counts: the earlier ones are not kept, or replaced. Add them up."""
    return _step(params, grads, state, rate, epsilon, kept={})


@exercise.misconception
def adds_sizes_not_squares(params, grads, state, rate=0.01, epsilon=1e-8):
    """|g| is added, without the square."""
    return _step(params, grads, state, rate, epsilon, add=lambda c, g: c + np.abs(g))


@exercise.misconception
def fades_like_rmsprop(params, grads, state, rate=0.01, epsilon=1e-8):
    """The old squares fade, as in RMSProp. Adagrad forgets nothing."""
    return _step(params, grads, state, rate, epsilon, add=lambda c, g: 0.9 * c + 0.1 * g**2)


@exercise.misconception
def mean_instead_of_sum(params, grads, state, rate=0.01, epsilon=1e-8):
    """Old and new are averaged. Adagrad's c is the plain sum of all squares."""
    return _step(params, grads, state, rate, epsilon, add=lambda c, g: (c + g**2) / 2)


@exercise.misconception
def divides_by_the_old_squares(params, grads, state, rate=0.01, epsilon=1e-8):
    """The step divides by the *old* c: the first one explodes. Add the new square first."""
    return _step(params, grads, state, rate, epsilon, late=True)


@exercise.misconception
def forgets_the_root(params, grads, state, rate=0.01, epsilon=1e-8):
    """The step divides by c itself, without the root."""
    return _step(params, grads, state, rate, epsilon, divide=lambda c: c + epsilon)


@exercise.misconception
def epsilon_inside_the_root(params, grads, state, rate=0.01, epsilon=1e-8):
    """ε is added inside the root. The contract adds it to √c."""
    return _step(params, grads, state, rate, epsilon, divide=lambda c: np.sqrt(c + epsilon))


@exercise.misconception
def forgets_epsilon(params, grads, state, rate=0.01, epsilon=1e-8):
    """A weight whose slope has always been 0 becomes NaN: 0/0. What is ε for?"""
    return _step(params, grads, state, rate, epsilon, divide=np.sqrt)


@exercise.misconception
def one_rate_per_tensor(params, grads, state, rate=0.01, epsilon=1e-8):
    """All weights of a tensor share one rate. Each should have its own."""
    norm = lambda c: np.sqrt(np.sum(c)) + epsilon
    return _step(params, grads, state, rate, epsilon, divide=norm)


@exercise.misconception
def counts_the_steps(params, grads, state, rate=0.01, epsilon=1e-8):
    """The rate falls with the number of steps. It should fall with the squares that came in."""
    return _step(params, grads, state, rate, epsilon, add=lambda c, g: c + 1.0)


@exercise.misconception
def climbs(params, grads, state, rate=0.01, epsilon=1e-8):
    """The step goes along the gradient, uphill."""
    return _step(params, grads, state, -rate, epsilon)


@exercise.misconception
def another_default_rate(params, grads, state, rate=0.001, epsilon=1e-8):
    """All is well, but the contract's default rate is 0.01."""
    return _step(params, grads, state, rate, epsilon)


@exercise.misconception
def changes_the_old_squares(params, grads, state, rate=0.01, epsilon=1e-8):
    """The step is right, but the state that was handed in is overwritten. Make new arrays."""
    after, new = _step(params, grads, state, rate, epsilon)
    state.update(new)
    return after, state


@exercise.misconception
def moves_the_weights_it_was_given(params, grads, state, rate=0.01, epsilon=1e-8):
    """The step is right, but `-=` moves the caller's own weights. Make new arrays."""
    after, new = _step(params, grads, state, rate, epsilon)
    for name, p in params.items():
        p[...] = after[name]
    return params, new
