"""Adam."""

import numpy as np

from autograder.exercises.ch09_optimizers import _adams, _laws, stepping
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    core=True,
    hints=(
        "Two averages and a counter: what are they before the first step, and in which order do "
        "they change?",
        "Count first (t = 1 in the first step), renew m and v, and correct *copies* of them; what "
        "is kept stays uncorrected.",
        "m̂ = m/(1 − β1ᵗ), v̂ = v/(1 − β2ᵗ), W − rate · m̂/(√v̂ + ε); without correction m and v.",
    ),
)


def hyper(rng):
    """Rate, β1, β2 and ε, all far from their defaults; β1 is above and below β2."""
    beta1, beta2 = rng.permutation([rng.uniform(0.1, 0.4), rng.uniform(0.6, 0.9)])
    return rng.uniform(0.03, 0.5), float(beta1), float(beta2), 10.0 ** rng.uniform(-2, 0)


def uncorrected(rng):
    return *hyper(rng), False


def by_default(rng):
    return ()


@exercise.observe
def three_steps(f):
    """Diagnosis looks at walks, so that it does not matter how the averages are stored."""
    rng = np.random.default_rng(1)
    start = stepping.tensors(rng)
    nothing = {name: 0 * p for name, p in start.items()}
    tiny = stepping.legs(rng, by_default, 3, 1e-8)
    walks = [
        (start, stepping.legs(rng, hyper, steps=3)),
        (start, stepping.legs(rng, uncorrected, steps=3)),
        (nothing, tiny),
        (start, [(nothing, *hyper(rng))]),
    ]
    return [seen for begin, some in walks for seen in stepping.observed(f, begin, some)]


@exercise.probe
def from_the_start(rng):
    return stepping.tensors(rng), stepping.gradients(rng), {}, *hyper(rng)


@exercise.check
def worked_example(f):
    """A constant slope, steep or not, makes steps of exactly the rate: from 4 to 3.5 and 3."""
    for g in (1.0, 1000.0):
        legs = [({"w": np.array([g])}, 0.5, 0.5, 0.75, 0.0)] * 2
        path = stepping.walk(f, {"w": np.array([4.0])}, legs)
        agree([p["w"] for p in path], [[3.5], [3.0]], what="the weight")


@exercise.check
def worked_example_without_correction(f):
    """Uncorrected, β1 = 0.5 and β2 = 0.75 make the first step 0.5/√0.25 = 1 rate long."""
    legs = [({"w": np.array([8.0])}, 0.5, 0.5, 0.75, 0.0, False)]
    path = stepping.walk(f, {"w": np.array([4.0])}, legs)
    agree(path[0]["w"], [3.5], what="the weight")


@exercise.check
def two_steps_by_hand(f):
    """With β1 = ½, β2 = ¾: at t = 2, m̂ = (g₁ + 2g₂)/3 and v̂ = (3g₁² + 4g₂²)/7, weight by weight."""
    one = {"a": np.array([1.0, 2.0, 0.0]), "b": np.array([3.0, 0.5, 1.0])}
    two = {"b": np.array([1.0, 2.0, 0.0]), "a": np.array([2.0, -1.0, 0.0])}
    start = {"a": np.zeros(3), "b": np.ones(3)}
    path = stepping.walk(f, start, [(g, 0.5, 0.5, 0.75, 0.25) for g in (one, two)])
    for name, begin in start.items():
        g, h = one[name], two[name]
        first = begin - 0.5 * g / (np.abs(g) + 0.25)
        second = first - 0.5 * ((g + 2 * h) / 3) / (np.sqrt((3 * g**2 + 4 * h**2) / 7) + 0.25)
        agree([p[name] for p in path], [first, second], what=f"the weights {name}")


@exercise.check
def no_correction_if_told(f):
    """Uncorrected, β1 = ½ and β2 = 0.19 make a first step of rate · 0.5/√0.81."""
    legs = [({"w": np.array([8.0, -1.0])}, 0.9, 0.5, 0.19, 0.0, False)]
    (after,) = stepping.walk(f, {"w": np.array([4.0, 1.0])}, legs)
    agree(after["w"], [3.5, 1.5], what="the weights")


@exercise.check
def by_its_defaults(f):
    """With the defaults, slopes 1 and 2 make steps of 0.001 and 0.001 · (0.29/0.19)/√2.50075."""
    legs = [({"w": np.array([g])},) for g in (1.0, 2.0)]
    path = stepping.walk(f, {"w": np.zeros(1)}, legs)
    second = 0.001 * (0.29 / 0.19) / np.sqrt(0.004999 / 0.001999)
    agree([p["w"] for p in path], [[-0.001], [-0.001 - second]], rtol=1e-6, what="the weight")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves params, grads and state as they were."""
    params = {"a": np.array([1.0, 2.0]), "b": np.array([10.0])}
    grads = {"b": np.array([4.0]), "a": np.array([2.0, -1.0])}
    stepping.leaves_alone(f, params, grads, 0.5, 0.5, 0.75, 0.1)


@exercise.check(points=2)
def random_walks(f, reference, rng):
    """Goes the right way for several steps, with slopes and hyper-parameters that change."""
    for scale in (1.0, 1e-3, 1e3):
        start = stepping.tensors(rng, 0.1)
        legs = stepping.legs(rng, hyper, steps=6, scale=scale)
        _laws.agree_paths(stepping.walk(f, start, legs), stepping.walk(reference, start, legs))


@exercise.check(points=1)
def without_correction(f, reference, rng):
    """Goes the right way without bias correction, and when it is switched on and off."""
    start = stepping.tensors(rng, 0.1)
    flags = iter(rng.permutation([True, False] * 3).tolist())
    switched = lambda rng: (*hyper(rng), next(flags))
    for draw in (uncorrected, switched):
        legs = stepping.legs(rng, draw, steps=6)
        _laws.agree_paths(stepping.walk(f, start, legs), stepping.walk(reference, start, legs))


@exercise.check(points=1, after=random_walks)
def keeps_its_state(f, reference, rng):
    """Returns "m", "v" and "t", uncorrected, and goes on from any it is given."""
    start, legs = stepping.tensors(rng), stepping.legs(rng, hyper)
    for steps in (1, 4):
        state = _laws.last_state(f, start, legs[:steps])
        wanted = _laws.last_state(reference, start, legs[:steps])
        agree(
            {key: state.get(key) for key in "mv"},
            {key: wanted[key] for key in "mv"},
            what="the state",
        )
        agree(state.get("t"), np.array(wanted["t"]), what="t")
    squares = {name: g**2 for name, g in stepping.gradients(rng, 3.0).items()}
    for t, onward in ((4, legs), (700, stepping.legs(rng, by_default))):
        before = {"t": t, "m": stepping.gradients(rng), "v": squares}
        path = stepping.walk(reference, start, onward, before)
        _laws.agree_paths(stepping.walk(f, start, onward, before), path)


@exercise.check(points=1, after=random_walks)
def laws(f, rng):
    """To seven digits, steps by the rate under any constant slope; turned slopes turn the steps."""
    rate, beta1, beta2, _ = hyper(rng)
    for g in (rng.uniform(1, 3), -1e6, 1e-3):
        got = _laws.constant_gradient(f, g, 20, rate, beta1, beta2, 0.0)
        agree(got, np.full(20, -np.sign(g) * rate), what="the moves")
    t = np.arange(1, 21)
    ratio = (1 - beta1**t) / np.sqrt(1 - beta2**t)
    got = _laws.constant_gradient(f, 2.0, 20, rate, beta1, beta2, 0.0, False)
    agree(got, -rate * ratio, what="the uncorrected moves")
    start, legs = stepping.tensors(rng), stepping.legs(rng, hyper)
    path = stepping.walk(f, start, legs)
    steeper = [({k: -1e3 * g for k, g in leg[0].items()}, *leg[1:4], 1e3 * leg[4]) for leg in legs]
    back = _laws.moves(stepping.walk(f, start, steeper), start)
    turned = [{k: -m for k, m in move.items()} for move in back]
    agree(turned, _laws.moves(path, start), what="the moves of slopes −1000 times as steep")
    _laws.each_alone(f, start, legs)


@exercise.check(points=1, after=random_walks)
def edges(f, reference, rng):
    """Works for slopes of 0, tiny slopes, β of 0, many steps, and by default."""
    begin, pauses = stepping.tensors(rng, 0.1), _laws.pausing(rng, hyper)
    expected = stepping.walk(reference, begin, pauses)
    _laws.agree_paths(stepping.walk(f, begin, pauses), expected)
    origin = stepping.tensors(rng, 0.0)
    cases = [(1, ()), (1e-8, ()), (1e-8, (0.2, 0.8, 0.99)), (1, (0.2, 0.0)), (1, (0.2, 0.5, 0.0))]
    for scale, options in cases:
        draw = lambda rng, options=options: options
        # Nothing kept: one step only, as v + (g² − v) may round the memory of a large v into g².
        steps = 1 if options[2:] == (0.0,) else 4
        legs = [*stepping.legs(rng, draw, 1, 0.0), *stepping.legs(rng, draw, steps, scale)]
        expected = stepping.walk(reference, origin, legs)
        _laws.agree_paths(stepping.walk(f, origin, legs), expected)
    small, many = {"w": np.zeros(2)}, stepping.legs(rng, by_default, 60, shapes={"w": (2,)})
    _laws.agree_paths(stepping.walk(f, small, many), stepping.walk(reference, small, many))


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
def with_a_loop(params, grads, state, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
                bias_correction=True):  # fmt: skip
    t = state["t"] + 1 if state else 1
    after, m, v = {}, {}, {}
    for name, g in grads.items():
        m[name] = beta1 * (state["m"][name] if state else 0) + (1 - beta1) * g
        v[name] = beta2 * (state["v"][name] if state else 0) + (1 - beta2) * np.square(g)
        m_hat = m[name] / (1 - beta1**t) if bias_correction else m[name]
        v_hat = v[name] / (1 - beta2**t) if bias_correction else v[name]
        after[name] = params[name] - rate * m_hat / (v_hat**0.5 + epsilon)
    return after, {"t": t, "m": m, "v": v}


@exercise.variant
def correction_in_the_rate(params, grads, state, rate=0.001, beta1=0.9, beta2=0.999,
                           epsilon=1e-8, bias_correction=True):  # fmt: skip
    t = state.get("t", 0) + 1
    nothing = {name: np.zeros(np.shape(p)) for name, p in params.items()}
    m = {n: (1 - beta1) * grads[n] + beta1 * a for n, a in state.get("m", nothing).items()}
    v = {n: (1 - beta2) * grads[n] ** 2 + beta2 * a for n, a in state.get("v", nothing).items()}
    one, two = (1 - beta1**t, np.sqrt(1 - beta2**t)) if bias_correction else (1.0, 1.0)
    step = {n: rate * two / one * m[n] / (np.sqrt(v[n]) + epsilon * two) for n in params}
    return [{n: params[n] - step[n] for n in params}, {"m": m, "v": v, "t": t}]


@exercise.misconception
def never_corrects(params, grads, state, *options):
    """The averages start at 0 and are too small at first: divide by 1 − β1ᵗ and 1 − β2ᵗ."""
    return _adams.step(params, grads, state, (*_adams.options_of(*options)[:4], False))


@exercise.misconception
def always_corrects(params, grads, state, *options):
    """`bias_correction=False` changes nothing in your code."""
    return _adams.step(params, grads, state, (*_adams.options_of(*options)[:4], True))


@exercise.misconception
def corrects_only_m(params, grads, state, *options):
    """m is corrected, v is not. Both started at 0."""
    return _adams.step(params, grads, state, _adams.options_of(*options), v_correction=False)


@exercise.misconception
def corrects_only_v(params, grads, state, *options):
    """v is corrected, m is not. Both started at 0."""
    return _adams.step(params, grads, state, _adams.options_of(*options), m_correction=False)


@exercise.misconception
def t_stays_one(params, grads, state, *options):
    """t is 1 in every step: count on from the state's t."""
    return _adams.step(params, grads, state, _adams.options_of(*options), count=1)


@exercise.misconception
def t_starts_at_zero(params, grads, state, *options):
    """In the first step t is 0, and 1 − β⁰ = 0: you divide by 0. Count before you correct."""
    return _adams.step(params, grads, state, _adams.options_of(*options), count=state.get("t", 0))


@exercise.misconception
def t_counts_tensors(params, grads, state, *options):
    """t grows with every tensor. It counts steps: raise it once, outside the loop."""
    after, t, new = {}, state.get("t", 0), {"m": {}, "v": {}}
    for name in params:
        own = {key: {name: state[key][name]} for key in ("m", "v") if key in state}
        one, got = _adams.step(
            {name: params[name]}, grads, {"t": t, **own}, _adams.options_of(*options)
        )
        after, t = {**after, **one}, got["t"]
        new = {key: {**new[key], **got[key]} for key in new}
    return after, {"t": t, **new}


@exercise.misconception
def averages_not_kept(params, grads, state, *options):
    """m, v and t are forgotten after every step. What do you return as state?"""
    return _adams.step(params, grads, state, _adams.options_of(*options), kept=())


@exercise.misconception
def corrected_averages_kept(params, grads, state, *options):
    """The corrected m and v go into the state and are corrected again. Keep the raw ones."""
    return _adams.step(params, grads, state, _adams.options_of(*options), write_back=True)


@exercise.misconception
def betas_swapped(params, grads, state, *options):
    """β1 and β2 are swapped: β1 belongs to the mean of g, β2 to that of g²."""
    rate, beta1, beta2, *others = _adams.options_of(*options)
    return _adams.step(params, grads, state, (rate, beta2, beta1, *others))


@exercise.misconception
def epsilon_inside_the_root(params, grads, state, *options):
    """ε is added inside the root. It belongs outside: √v̂ + ε."""
    rule = lambda v, b: np.sqrt(v / b + _adams.options_of(*options)[3])
    return _adams.step(params, grads, state, _adams.options_of(*options), divide=rule)


@exercise.misconception
def epsilon_before_the_correction(params, grads, state, *options):
    """ε is added to √v before the correction, which then enlarges it. Correct first."""
    rule = lambda v, b: (np.sqrt(v) + _adams.options_of(*options)[3]) / np.sqrt(b)
    return _adams.step(params, grads, state, _adams.options_of(*options), divide=rule)


@exercise.misconception
def forgets_epsilon(params, grads, state, *options):
    """A weight whose slope has always been 0 becomes NaN: 0/0. What is ε for?"""
    return _adams.step(
        params, grads, state, _adams.options_of(*options), divide=lambda v, b: np.sqrt(v / b)
    )


@exercise.misconception
def forgets_the_root(params, grads, state, *options):
    """The step divides by v̂ itself. The root brings it back to the unit of a slope."""
    rule = lambda v, b: v / b + _adams.options_of(*options)[3]
    return _adams.step(params, grads, state, _adams.options_of(*options), divide=rule)


@exercise.misconception
def squares_the_mean(params, grads, state, *options):
    """v averages m², the squared *mean*. It should average the squares of the gradients."""
    return _adams.step(params, grads, state, _adams.options_of(*options), square=lambda g, m: m**2)


@exercise.misconception
def one_rate_per_tensor(params, grads, state, *options):
    """All weights of a tensor share one v. Each should have its own."""
    shared = lambda g, m: np.full(np.shape(g), np.mean(np.square(g)))
    return _adams.step(params, grads, state, _adams.options_of(*options), square=shared)


@exercise.misconception
def sums_instead_of_means(params, grads, state, *options):
    """New gradients enter in full. In Adam they count 1 − β1, and their squares 1 − β2."""
    return _adams.step(params, grads, state, _adams.options_of(*options), fresh=None)


@exercise.misconception
def beta2_of_the_notes(params, grads, state, rate=0.001, beta1=0.9, beta2=0.99, *others):
    """All is well, but the default of β2 is 0.999, as in Adam's paper."""
    return _adams.step(params, grads, state, _adams.options_of(rate, beta1, beta2, *others))


@exercise.misconception
def climbs(params, grads, state, *options):
    """The step goes along the gradient, uphill."""
    rate, *others = _adams.options_of(*options)
    return _adams.step(params, grads, state, (-rate, *others))


@exercise.misconception
def changes_the_old_state(params, grads, state, *options):
    """The step is right, but the state that was handed in is overwritten. Make a new one."""
    after, new = _adams.step(params, grads, state, _adams.options_of(*options))
    state.update(new)
    return after, state


@exercise.misconception
def moves_the_weights_it_was_given(params, grads, state, *options):
    """The step is right, but `-=` moves the caller's own weights. Make new arrays."""
    after, new = _adams.step(params, grads, state, _adams.options_of(*options))
    for name, p in params.items():
        p[...] = after[name]
    return params, new


@exercise.misconception
def changes_weights_and_state(params, grads, state, *options):
    """The step is right, but the caller's weights and state are both overwritten. Make new ones."""
    after, new = _adams.step(params, grads, state, _adams.options_of(*options))
    state.update(new)
    for name, p in params.items():
        p[...] = after[name]
    return params, state
