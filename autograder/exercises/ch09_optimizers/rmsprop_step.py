"""RMSProp: a memory that fades."""

import numpy as np

from autograder.exercises.ch09_optimizers import _laws, stepping
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    needs=("effective_rate",),
    hints=(
        "What is the one difference to Adagrad?",
        "c becomes a weighted mean of what it was and of the new square; the weights sum to 1.",
        "c = decay · c + (1 − decay) · g², from c = 0; then W − rate/(√c + ε) · g.",
    ),
)


def hyper(rng):
    return rng.uniform(0.03, 0.5), rng.uniform(0.2, 0.8), 10.0 ** rng.uniform(-2, 0)


@exercise.observe
def three_steps(f):
    """Diagnosis looks at a walk, so that it does not matter how the squares are stored."""
    rng = np.random.default_rng(1)
    start = stepping.tensors(rng)
    legs = stepping.legs(rng, hyper, steps=3)
    nothing = {name: 0 * p for name, p in start.items()}
    still = [(nothing, 0.3, 0.6, 0.5), ({**nothing, "b": start["b"]}, 0.3, 0.6, 0.5)]
    by_default = [({name: 1e-8 * p for name, p in start.items()},)] * 2
    walks = [(start, legs), (start, still), (nothing, by_default)]
    return [seen for begin, some in walks for seen in stepping.observed(f, begin, some)]


@exercise.probe
def from_the_start(rng):
    return stepping.tensors(rng), stepping.gradients(rng), {}, *hyper(rng)


@exercise.check
def worked_example(f):
    """Slopes 6, then 2, rate 3, decay ¾: c is 9 and 7.75, so w goes 6 down and then 6/√7.75."""
    legs = [({"w": np.array([6.0])}, 3.0, 0.75, 0.0), ({"w": np.array([2.0])}, 3.0, 0.75, 0.0)]
    path = stepping.walk(f, {"w": np.array([8.0])}, legs)
    agree([p["w"] for p in path], [[2.0], [2.0 - 6 / np.sqrt(7.75)]], what="the weight")


@exercise.check
def every_weight_its_own_rate(f):
    """Slopes 6, 8 and 0, rate 2, decay ¾, ε = 1: steps of 12/(3 + 1), 16/(4 + 1) and 0."""
    legs = [({"w": np.array([6.0, 8.0, 0.0])}, 2.0, 0.75, 1.0)]
    (after,) = stepping.walk(f, {"w": np.zeros(3)}, legs)
    agree(after["w"], [-3.0, -3.2, 0.0], what="the weights")
    (after,) = stepping.walk(f, {"w": np.zeros(2)}, [({"w": np.array([1.0, 0.0])},)])
    agree(after["w"], [-0.001 / 0.1**0.5, 0.0], rtol=1e-6, what="the weights by default")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves params, grads and state as they were."""
    params = {"a": np.array([1.0, 2.0]), "b": np.array([10.0])}
    grads = {"b": np.array([4.0]), "a": np.array([2.0, -1.0])}
    stepping.leaves_alone(f, params, grads, 0.5, 0.5, 0.1)


@exercise.check(points=2)
def random_walks(f, reference, rng):
    """Goes the right way for several steps, with slopes and hyper-parameters that change."""
    for scale in (1.0, 1e-3, 1e3):
        start = stepping.tensors(rng, 0.1)
        legs = stepping.legs(rng, hyper, steps=5, scale=scale)
        _laws.agree_paths(stepping.walk(f, start, legs), stepping.walk(reference, start, legs))


@exercise.check(points=1, after=random_walks)
def keeps_the_squares(f, reference, rng):
    """Returns the faded squares under their name, and goes on from any it is given."""
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
    """Under a constant slope, to seven digits, steps fall from rate/√(1 − decay) to the rate."""
    rate, decay, _ = hyper(rng)
    for g in (rng.uniform(1, 3), -1e6, 1e-3):
        expected = -np.sign(g) * rate / np.sqrt(1 - decay ** np.arange(1, 31))
        got = _laws.constant_gradient(f, g, 30, rate, decay, 0.0)
        agree(got, expected, what="the moves")
    start, legs = stepping.tensors(rng), stepping.legs(rng, hyper)
    path = stepping.walk(f, start, legs)
    steeper = [({k: -1e3 * g for k, g in leg[0].items()}, *leg[1:3], 1e3 * leg[3]) for leg in legs]
    back = _laws.moves(stepping.walk(f, start, steeper), start)
    turned = [{k: -m for k, m in move.items()} for move in back]
    agree(turned, _laws.moves(path, start), what="the moves of slopes −1000 times as steep")
    _laws.each_alone(f, start, legs)


@exercise.check(points=1, after=random_walks)
def edges(f, reference, rng):
    """Works for slopes of 0, tiny slopes, decay 0, and with the defaults."""
    begin, pauses = stepping.tensors(rng, 0.1), _laws.pausing(rng, hyper)
    expected = stepping.walk(reference, begin, pauses)
    _laws.agree_paths(stepping.walk(f, begin, pauses), expected)
    far = stepping.tensors(rng, 100.0)
    _laws.agree_paths(stepping.walk(f, far, pauses), stepping.walk(reference, far, pauses))
    origin = stepping.tensors(rng, 0.0)
    for scale, options in [
        (1.0, ()),
        (1e-8, ()),
        (1.0, (0.2,)),
        (1e-8, (0.2, 0.99)),
        (1, (0.2, 0.0)),
    ]:
        # Nothing kept: one step only, as c + (g² − c) may round the memory of a large c into g².
        steps = 1 if options[1:] == (0.0,) else 4
        legs = [
            *stepping.legs(rng, lambda rng, options=options: options, 1, 0.0),
            *stepping.legs(rng, lambda rng, options=options: options, steps, scale),
        ]
        expected = stepping.walk(reference, origin, legs)
        _laws.agree_paths(stepping.walk(f, origin, legs), expected)


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
def towards_the_new_square(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    after, squares = {}, {}
    for name, g in grads.items():
        c = state["squares"][name] if state else np.zeros(np.shape(g))
        squares[name] = c + (1 - decay) * (np.multiply(g, g) - c)
        after[name] = params[name] - rate * g / (np.sqrt(np.maximum(squares[name], 0)) + epsilon)
    return after, {"squares": squares}


@exercise.variant
def in_place_on_copies(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    old = state.get("squares") or dict.fromkeys(params, 0.0)
    squares = {n: np.array(decay * old[n] + np.zeros(np.shape(p))) for n, p in params.items()}
    for name, c in squares.items():
        c += (1 - decay) * np.abs(grads[name]) ** 2
    step = {n: np.divide(grads[n], c**0.5 + epsilon) for n, c in squares.items()}
    return [{n: np.subtract(p, rate * step[n]) for n, p in params.items()}, {"squares": squares}]


def _step(params, grads, state, rate, decay, epsilon, *, fade=None, divide=None, late=False,
          first=None, kept=None):  # fmt: skip
    """RMSProp with one thing exchanged; the misconceptions below say which."""
    old = state.get("squares") or first or {n: np.zeros(np.shape(p)) for n, p in params.items()}
    fade = fade or (lambda c, g: decay * c + (1 - decay) * g**2)
    new = {name: fade(old[name], grads[name]) for name in params}
    divide = divide or (lambda c: np.sqrt(c) + epsilon)
    by = {name: divide((old if late else new)[name]) for name in params}
    after = {name: params[name] - rate / by[name] * grads[name] for name in params}
    return after, {"squares": new if kept is None else kept}


@exercise.misconception
def squares_not_kept(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The squares are forgotten after every step. What do you return as state?"""
    return _step(params, grads, state, rate, decay, epsilon, kept={})


@exercise.misconception
def adds_up_like_adagrad(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The squares are summed, as in Adagrad: the steps die out. Here the memory fades."""
    return _step(params, grads, state, rate, decay, epsilon, fade=lambda c, g: c + g**2)


@exercise.misconception
def decay_swapped(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """decay weighs the *new* square in your code. It is the share of the old mean that is kept."""
    return _step(params, grads, state, rate, 1 - decay, epsilon)


@exercise.misconception
def new_square_in_full(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The new square counts in full, so this is no mean: its weight should be 1 − decay."""
    return _step(params, grads, state, rate, decay, epsilon, fade=lambda c, g: decay * c + g**2)


@exercise.misconception
def forgets_to_square(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The mean is taken of |g|, without the square."""
    fade = lambda c, g: decay * c + (1 - decay) * np.abs(g)
    return _step(params, grads, state, rate, decay, epsilon, fade=fade)


@exercise.misconception
def mean_of_the_roots(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """Sizes are averaged, not squares. First the mean of the squares, then the root."""
    fade = lambda c, g: (decay * np.sqrt(c) + (1 - decay) * np.abs(g)) ** 2
    return _step(params, grads, state, rate, decay, epsilon, fade=fade)


@exercise.misconception
def starts_with_the_first_square(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The mean starts with the first square. In the contract it starts from 0."""
    first = {name: g**2 for name, g in grads.items()}
    return _step(params, grads, state, rate, decay, epsilon, first=first)


@exercise.misconception
def divides_by_the_old_squares(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The step divides by the *old* c. Let the new square in first."""
    return _step(params, grads, state, rate, decay, epsilon, late=True)


@exercise.misconception
def forgets_the_root(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The step divides by c itself, without the root."""
    return _step(params, grads, state, rate, decay, epsilon, divide=lambda c: c + epsilon)


@exercise.misconception
def epsilon_inside_the_root(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """ε is added inside the root. The contract adds it to √c."""
    return _step(params, grads, state, rate, decay, epsilon, divide=lambda c: np.sqrt(c + epsilon))


@exercise.misconception
def forgets_epsilon(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """A weight whose slope has always been 0 becomes NaN: 0/0. What is ε for?"""
    return _step(params, grads, state, rate, decay, epsilon, divide=np.sqrt)


@exercise.misconception
def one_rate_per_tensor(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """All weights of a tensor share one rate. Each should have its own."""
    norm = lambda c: np.sqrt(np.mean(c)) + epsilon
    return _step(params, grads, state, rate, decay, epsilon, divide=norm)


@exercise.misconception
def decay_is_always_the_default(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The share 0.9 is written into the code. It is an argument."""
    return _step(params, grads, state, rate, 0.9, epsilon)


@exercise.misconception
def another_default_decay(params, grads, state, rate=0.001, decay=0.99, epsilon=1e-8):
    """All is well, but the contract's default for decay is 0.9."""
    return _step(params, grads, state, rate, decay, epsilon)


@exercise.misconception
def changes_the_old_squares(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The step is right, but the state that was handed in is overwritten. Make new arrays."""
    after, new = _step(params, grads, state, rate, decay, epsilon)
    state.update(new)
    return after, state


@exercise.misconception
def moves_the_weights_it_was_given(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The step is right, but `-=` moves the caller's own weights. Make new arrays."""
    after, new = _step(params, grads, state, rate, decay, epsilon)
    for name, p in params.items():
        p[...] = after[name]
    return params, new


@exercise.misconception
def changes_weights_and_state(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The step is right, but the caller's weights and state are both overwritten. Make new ones."""
    after, new = _step(params, grads, state, rate, decay, epsilon)
    state.update(new)
    for name, p in params.items():
        p[...] = after[name]
    return params, state


@exercise.misconception
def pairs_by_position(params, grads, state, rate=0.001, decay=0.9, epsilon=1e-8):
    """The two dicts may list their names in different orders: ask for a gradient by name."""
    pairs = zip(params.items(), grads.values(), strict=True)
    paired = {name: np.resize(g, np.shape(p)) for (name, p), g in pairs}
    return _step(params, paired, state, rate, decay, epsilon)
