"""Back through time."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.classic_networks import elman_forward

exercise = Exercise(
    __name__,
    minutes=30,
    difficulty=5,
    hints=(
        "Draw three steps side by side. Along which two arrows does the loss hear of h₂?",
        "Go from the last step to the first and carry one array: what step t + 1 says about hₜ. "
        "The weights are the same at every step, so their shares add up.",
        r"$\delta_t = (\text{dstates}_t + \text{carried}) \odot (1 - h_t^2)$, then "
        r"$\text{carried} = \delta_t W_h^\top$; $W_h$ meets $h_{t-1}$, at the start $h_0$.",
    ),
)

NAMES = ("dx", "dh0", "dW_x", "dW_h", "db")


def run(rng, examples, steps, inputs, units):
    """An upstream gradient, and a cache whose states are far from ±1 (and need be nobody's run)."""
    cache = (
        rng.normal(size=(examples, steps, inputs)),
        rng.uniform(-0.9, 0.9, (examples, units)),
        rng.normal(0, 0.5, (inputs, units)),
        rng.normal(0, 0.8, (units, units)),
        rng.uniform(-0.9, 0.9, (examples, steps, units)),
    )
    return rng.normal(size=(examples, steps, units)), cache


@exercise.probe
def five_sequences(rng):
    return run(rng, 5, 4, 2, 3)


@exercise.probe
def cube(rng):
    """All sizes alike: a wrong axis raises no error here."""
    return run(rng, 3, 3, 3, 3)


@exercise.probe
def two_steps(rng):
    return run(rng, 7, 2, 3, 5)


@exercise.probe
def of_whole_numbers(rng):
    dstates, (x, *rest) = run(rng, 5, 4, 2, 3)
    return np.round(3 * dstates).astype(int), (np.round(2 * x).astype(int), *rest)


@exercise.probe
def only_the_last_step_counts(rng):
    dstates, cache = run(rng, 5, 3, 2, 4)
    dstates[:, :-1] = 0
    return dstates, cache


def parts(result):
    return dict(zip(NAMES, sequence(result, 5, "the result"), strict=True))


def compared(f, reference, rng, names, sizes):
    for size in rng.permutation(sizes):
        arguments = run(rng, *size)
        got, expected = parts(f(*arguments)), parts(reference(*arguments))
        for name in names:
            agree(got[name], expected[name], what=name)


SIZES = [(5, 4, 2, 3), (3, 3, 3, 3), (7, 2, 3, 5), (2, 11, 5, 3)]


def small_cache():
    """Two steps of one unit: h0 = 2, x = 3 and 5, W_x = 7, W_h = 10, states ½ and 0."""
    return (
        np.array([[[3.0], [5.0]]]),
        np.array([[2.0]]),
        np.array([[7.0]]),
        np.array([[10.0]]),
        np.array([[[0.5], [0.0]]]),
    )


@exercise.check
def one_step_back(f):
    """If only h₁ = ½ counts (dstates 4, 0): δ₁ = 4·¾ = 3, so dx = 21, 0, dh0 = 30, dW_h = 3·2."""
    got = f(np.array([[[4.0], [0.0]]]), small_cache())
    expected = [[[[21.0], [0.0]]], [[30.0]], [[9.0]], [[6.0]], [3.0]]
    for name, value, wanted in zip(NAMES, sequence(got, 5, "the result"), expected):
        agree(value, np.array(wanted), what=name)


@exercise.check
def two_steps_back(f):
    """If only h₂ = 0 counts (dstates 0, 4): δ₂ = 4, carried 40, δ₁ = 40·¾ = 30; the shares add
    up."""
    got = f(np.array([[[0], [4]]]), small_cache())
    expected = [[[[210.0], [28.0]]], [[300.0]], [[110.0]], [[62.0]], [34.0]]
    for name, value, wanted in zip(NAMES, sequence(got, 5, "the result"), expected):
        agree(value, np.array(wanted), what=name)


@exercise.check
def through_the_turned_matrix(f):
    """Unit 0 hands on to unit 1 alone (W_h[0, 1] = 3): what h₂ says of unit 1 reaches unit 0."""
    W_h = np.array([[0.0, 3.0], [0.0, 0.0]])
    states = np.array([[[0.5, 0.0], [0.0, 0.0]]])
    cache = np.ones((1, 2, 1)), np.zeros((1, 2)), np.ones((1, 2)), W_h, states
    got = parts(f(np.array([[[0.0, 0.0], [0.0, 2.0]]]), cache))
    agree(got["db"], np.array([4.5, 2.0]), what="db")
    agree(got["dW_h"], np.array([[0.0, 1.0], [0.0, 0.0]]), what="dW_h")
    agree(got["dh0"], np.zeros((1, 2)), what="dh0")


@exercise.check
def two_sequences_and_whole_numbers(f):
    """Two sequences of one step, of whole numbers: their shares of W_x and b add up, dx = δ·½."""
    x, states = np.array([[[3]], [[1]]]), np.zeros((2, 1, 1))
    cache = x, np.zeros((2, 1)), np.array([[0.5]]), np.array([[1.0]]), states
    got = parts(f(np.array([[[1.0]], [[5.0]]]), cache))
    for name, wanted in (("dx", [[[0.5]], [[2.5]]]), ("dW_x", [[8.0]]), ("db", [6.0])):
        agree(got[name], np.array(wanted), what=name)


@exercise.check
def arguments_stay(f):
    """dstates and the cache are afterwards what they were."""
    unchanged(f, np.array([[[1.0], [4.0]]]), small_cache())


@exercise.check(points=2)
def the_parameters(f, reference, rng):
    """Gives dW_x, dW_h and db for runs of several lengths."""
    compared(f, reference, rng, ("dW_x", "dW_h", "db"), SIZES)


@exercise.check(points=2)
def what_came_in(f, reference, rng):
    """Gives dx and dh0 for runs of several lengths."""
    compared(f, reference, rng, ("dx", "dh0"), SIZES)


@exercise.check(points=1, after=(the_parameters, what_came_in))
def one_step_or_sequence(f, reference, rng):
    """Works for a single step, a single sequence, and a single unit."""
    sizes = [(5, 1, 2, 3), (1, 4, 3, 2), (3, 4, 2, 1), (1, 1, 1, 1)]
    compared(f, reference, rng, NAMES, sizes)


@exercise.check(points=1, after=(the_parameters, what_came_in))
def measured_slopes(f, rng):
    """All five gradients agree with slopes measured through the layer."""
    dstates, (x, h0, W_x, W_h, _) = run(rng, 3, 4, 2, 3)
    at = dict(zip(NAMES, (x, h0, W_x, W_h, rng.normal(0, 0.3, 3)), strict=True))
    got = parts(f(dstates, elman_forward(*at.values())[1]))
    for name, value in at.items():
        through = lambda v, name=name: elman_forward(*{**at, name: v}.values())[0]
        gradient_agrees(got[name], through, value, cotangent=dstates, what=name)


@exercise.check(points=1, after=(the_parameters, what_came_in))
def laws(f, rng):
    """Gradients of two losses add up, and a batch's parameter gradients are the sum of its
    parts'."""
    dstates, cache = run(rng, 7, 4, 2, 3)
    other = rng.normal(size=dstates.shape)
    one, two, both = (parts(f(d, cache)) for d in (dstates, other, dstates + other))
    for name in NAMES:
        agree(both[name], np.add(one[name], two[name]), what=f"{name} of two losses added")
    x, h0, W_x, W_h, states = cache
    rows = slice(0, 3), slice(3, 7)
    halves = [parts(f(dstates[r], (x[r], h0[r], W_x, W_h, states[r]))) for r in rows]
    for name in NAMES[2:]:
        agree(np.add(*(half[name] for half in halves)), one[name], what=f"{name} of two parts")


@exercise.check(points=1, after=(the_parameters, what_came_in))
def takes_whole_numbers(f, reference, rng):
    """Takes a dstates and sequences of whole numbers for what they are."""
    whole_numbers(f, reference, *of_whole_numbers(rng))


@exercise.check(points=1, after=(the_parameters, what_came_in))
def leaves_inputs_alone(f, rng):
    """Leaves dstates and the cache as they were."""
    unchanged(f, *five_sequences(rng))


@exercise.variant
def all_errors_first(dstates, cache):
    x, h0, W_x, W_h, states = cache
    n, steps, units = states.shape
    errors, carried = np.zeros(states.shape), np.zeros((n, units))
    for t in range(steps - 1, -1, -1):
        errors[:, t] = (dstates[:, t] + carried) * (1 - states[:, t] ** 2)
        carried = errors[:, t] @ W_h.T
    before = np.concatenate([h0[:, None], states[:, :-1]], axis=1)
    return [
        errors @ W_x.T,
        carried,
        np.einsum("ntd,nth->dh", x, errors),
        np.einsum("ntg,nth->gh", before, errors),
        errors.sum(axis=(0, 1)),
    ]


@exercise.variant
def by_recursion(dstates, cache):
    x, h0, W_x, W_h, states = cache
    if states.shape[1] == 0:
        return np.zeros((*h0.shape[:1], 0, len(W_x))), 0 * h0, 0 * W_x, 0 * W_h, 0 * W_h[0]
    before = states[:, -2] if states.shape[1] > 1 else h0
    error = dstates[:, -1] * (1 - states[:, -1] ** 2)
    earlier = np.array(dstates[:, :-1], dtype=float)
    carried = error @ W_h.T
    if states.shape[1] > 1:
        earlier[:, -1] += carried
    dx, dh0, dW_x, dW_h, db = by_recursion(earlier, (x[:, :-1], h0, W_x, W_h, states[:, :-1]))
    return (
        np.append(dx, (error @ W_x.T)[:, None], axis=1),
        dh0 if states.shape[1] > 1 else carried,
        dW_x + x[:, -1].T @ error,
        dW_h + before.T @ error,
        db + error.sum(axis=0),
    )


def _back(dstates, cache, *, carry=None, slope=None, before=None, order=None, add=True):
    """The way back with one thing exchanged; the misconceptions below say which."""
    x, h0, W_x, W_h, states = cache
    steps = states.shape[1]
    last = lambda t: states[:, t - 1] if t > 0 else h0
    carry = carry or (lambda dz, dh: dz @ W_h.T)
    slope = slope or (lambda t: 1 - states[:, t] ** 2)
    dx, dh = np.zeros(x.shape), np.zeros(h0.shape)
    dW_x, dW_h, db = np.zeros(W_x.shape), np.zeros(W_h.shape), np.zeros(len(W_h))
    for t in reversed(range(steps)) if order is None else order(steps):
        dz = (dstates[:, t] + dh) * slope(t)
        dx[:, t] = dz @ W_x.T
        shares = x[:, t].T @ dz, (before or last)(t).T @ dz, dz.sum(axis=0)
        if not add:
            dW_x, dW_h, db = 0 * dW_x, 0 * dW_h, 0 * db
        dW_x, dW_h, db = dW_x + shares[0], dW_h + shares[1], db + shares[2]
        dh = carry(dz, dstates[:, t] + dh)
    return dx, dh, dW_x, dW_h, db


@exercise.misconception
def each_step_on_its_own(dstates, cache):
    """Nothing is carried from step t + 1 to step t: this is truncation to a single step, and no
    error ever reaches the past."""
    return _back(dstates, cache, carry=lambda dz, dh: 0 * dz)


@exercise.misconception
def forward_in_time(dstates, cache):
    """The loop runs from the first step to the last. What hₜ is blamed for comes from later."""
    return _back(dstates, cache, order=range)


@exercise.misconception
def slope_of_the_state_before(dstates, cache):
    """tanh's slope is taken at h of the step before. It was hₜ that came out of this tanh."""
    states, h0 = cache[4], cache[1]
    return _back(dstates, cache, slope=lambda t: 1 - (states[:, t - 1] if t > 0 else h0) ** 2)


@exercise.misconception
def no_slope_of_tanh(dstates, cache):
    """The error goes through tanh without its slope, 1 − h²."""
    return _back(dstates, cache, slope=lambda t: 1.0)


@exercise.misconception
def weights_get_one_step_only(dstates, cache):
    """The weights' gradients are overwritten at each step: only step 1's share is left. Add."""
    return _back(dstates, cache, add=False)


@exercise.misconception
def memory_matrix_not_turned(dstates, cache):
    """What is carried back goes through W_h as on the way forward. Backwards it is transposed."""
    return _back(dstates, cache, carry=lambda dz, dh: dz @ cache[3])


@exercise.misconception
def carried_around_the_tanh(dstates, cache):
    """What is carried back has not been through tanh's slope: use δ, not what came in."""
    return _back(dstates, cache, carry=lambda dz, dh: dh @ cache[3].T)


@exercise.misconception
def own_state_in_the_weights(dstates, cache):
    """W_h is given the state *after* the step. It was multiplied with the state before."""
    states = cache[4]
    return _back(dstates, cache, before=lambda t: states[:, t])


@exercise.misconception(keeps=0.5)
def first_state_taken_for_zero(dstates, cache):
    """All is well but for step 1, where W_h met h0 and not zeros."""
    states, h0 = cache[4], cache[1]
    return _back(dstates, cache, before=lambda t: states[:, t - 1] if t > 0 else 0 * h0)


@exercise.misconception(keeps=0.5)
def no_gradient_for_the_first_state(dstates, cache):
    """dh0 is 0. What was carried beyond step 1 is just what h0 is to blame for."""
    dx, dh0, *rest = _back(dstates, cache)
    return dx, 0 * dh0, *rest


@exercise.misconception
def only_the_last_loss(dstates, cache):
    """Only the last step's dstates is used. Every step may have a loss of its own."""
    last = np.zeros(dstates.shape)
    last[:, -1] = dstates[:, -1]
    return _back(last, cache)


@exercise.misconception(keeps=0.5)
def parameters_averaged(dstates, cache):
    """The parameters' gradients are divided by N. dstates has seen the loss's mean already."""
    dx, dh0, *weights = _back(dstates, cache)
    return dx, dh0, *(w / len(dstates) for w in weights)


@exercise.misconception
def steps_averaged(dstates, cache):
    """The parameters' gradients are divided by the number of steps. Shares add up."""
    dx, dh0, *weights = _back(dstates, cache)
    return dx, dh0, *(w / dstates.shape[1] for w in weights)


@exercise.misconception
def cuts_whole_numbers(dstates, cache):
    """For sequences of whole numbers dx is whole, too: it is cut when it is written."""
    dx, *rest = _back(dstates, cache)
    return dx.astype(cache[0].dtype), *rest


@exercise.misconception
def writes_into_dstates(dstates, cache):
    """The gradients are right, but what is carried is added to the caller's dstates in place."""
    answer = _back(dstates, cache)
    dstates *= 2
    return answer


@exercise.misconception
def slope_without_the_square(dstates, cache):
    """tanh has the slope 1 − h², not 1 − h."""
    return _back(dstates, cache, slope=lambda t: 1 - cache[4][:, t])


@exercise.misconception
def the_last_state_before_the_first(dstates, cache):
    """Index −1 is the last state: before the first step there was h0."""
    return _back(dstates, cache, before=lambda t: cache[4][:, t - 1])
