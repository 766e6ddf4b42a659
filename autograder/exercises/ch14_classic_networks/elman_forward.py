"""A layer that remembers."""

import numpy as np

from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    core=True,
    hints=(
        "What does the layer see at the first step, and what at the second that was not there "
        "before?",
        "A loop over t, with one variable for the newest state. Put the states into a list and "
        "`np.stack` them along the axis of time.",
        r"$h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$, where $x_t$ is `x[:, t]`.",
    ),
)


def layer(rng, examples, steps, inputs, units):
    return (
        rng.normal(size=(examples, steps, inputs)),
        rng.uniform(-0.9, 0.9, (examples, units)),
        rng.normal(0, 0.7, (inputs, units)),
        rng.normal(0, 0.7, (units, units)),
        rng.normal(0, 0.5, units),
    )


@exercise.probe
def five_sequences(rng):
    return layer(rng, 5, 4, 2, 3)


@exercise.probe
def cube(rng):
    """All sizes alike: a wrong axis raises no error here."""
    return layer(rng, 3, 3, 3, 3)


@exercise.probe
def two_steps(rng):
    return layer(rng, 7, 2, 3, 5)


@exercise.probe
def of_whole_numbers(rng):
    x, *rest = layer(rng, 5, 4, 2, 3)
    return np.round(2 * x).astype(int), *rest


def states(result):
    return sequence(result, 2, "the result")[0]


@exercise.check
def echo_of_one_impulse(f):
    """tanh(arctanh ½) = ½: an input of 1, then silence, with W_x = arctanh ½ and W_h = 2·arctanh
    ¼."""
    x = np.array([[[1.0], [0.0], [0.0]]])
    W_x, W_h = np.array([[np.arctanh(0.5)]]), np.array([[2 * np.arctanh(0.25)]])
    got = states(f(x, np.zeros((1, 1)), W_x, W_h, np.zeros(1)))
    third = np.tanh(2 * np.arctanh(0.25) * 0.25)
    agree(got, np.array([[[0.5], [0.25], [third]]]), what="the states")


@exercise.check
def the_state_before(f):
    """Without input, h0 = (½, 0) and W_h that hands unit 0 on to unit 1: tanh ½ there, then 0."""
    W_h, b = np.array([[0.0, 1.0], [0.0, 0.0]]), np.zeros(2)
    got = states(f(np.zeros((1, 2, 1)), np.array([[0.5, 0.0]]), np.ones((1, 2)), W_h, b))
    agree(got, np.array([[[0.0, np.tanh(0.5)], [0.0, 0.0]]]), what="the states")


@exercise.check
def two_sequences(f):
    """Two sequences of whole numbers do not mix, and the bias counts at every step."""
    x, b = np.array([[[1], [0], [2]], [[0], [0], [1]]]), np.array([0.5])
    got = states(f(x, np.zeros((2, 1)), np.ones((1, 1)), np.zeros((1, 1)), b))
    agree(got, np.tanh(x + 0.5), what="the states")


@exercise.check
def arguments_stay(f):
    """The sequences, the first state and the parameters are afterwards what they were."""
    unchanged(
        f, np.array([[[1.0], [0.0]]]), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.ones(1)
    )


@exercise.check(points=2)
def random_sequences(f, reference, rng):
    """Gives the states of random sequences of several lengths."""
    for size in rng.permutation([(5, 4, 2, 3), (3, 3, 3, 3), (7, 2, 3, 5), (2, 11, 5, 3)]):
        arguments = layer(rng, *size)
        agree(states(f(*arguments)), reference(*arguments)[0], what="the states")


@exercise.check(points=1, after=random_sequences)
def what_the_cache_holds(f, reference, rng):
    """The cache is x, h0, W_x, W_h and the states, in this order."""
    for size in rng.permutation([(5, 4, 2, 3), (3, 2, 4, 2)]):
        arguments = layer(rng, *size)
        got = sequence(sequence(f(*arguments), 2)[1], 5, "the cache")
        for part, expected, name in zip(
            got, reference(*arguments)[1], ("x", "h0", "W_x", "W_h", "the states")
        ):
            agree(part, expected, what=f"{name} in the cache")


@exercise.check(points=1, after=random_sequences)
def one_step_or_sequence(f, reference, rng):
    """Works for a single step, a single sequence, and a single unit."""
    for size in rng.permutation([(5, 1, 2, 3), (1, 4, 3, 2), (3, 4, 2, 1), (1, 1, 1, 1)]):
        arguments = layer(rng, *size)
        agree(states(f(*arguments)), reference(*arguments)[0], what="the states")


@exercise.check(points=1, after=random_sequences)
def laws(f, rng):
    """Can be interrupted and go on from its last state; the future does not change the past."""
    x, h0, *parameters = layer(rng, 3, 7, 2, 4)
    whole = as_array(states(f(x, h0, *parameters)))
    cut = int(rng.integers(2, 6))
    first = as_array(states(f(x[:, :cut], h0, *parameters)))
    agree(first, whole[:, :cut], what="the first states")
    agree(
        states(f(x[:, cut:], first[:, -1], *parameters)),
        whole[:, cut:],
        what="the states after an interruption",
    )


@exercise.check(points=1, after=random_sequences)
def takes_whole_numbers(f, reference, rng):
    """Takes inputs of whole numbers for what they are, not cutting the states."""
    whole_numbers(f, reference, *of_whole_numbers(rng), part=0)


@exercise.check(points=1, after=random_sequences)
def leaves_inputs_alone(f, rng):
    """Leaves its arguments as they were."""
    unchanged(f, *five_sequences(rng))


@exercise.variant
def filled_in(x, h0, W_x, W_h, b):
    n, steps, _ = x.shape
    history = np.zeros((n, steps + 1, len(b)))
    history[:, 0] = h0
    driven = x @ W_x + b
    for t in range(steps):
        history[:, t + 1] = np.tanh(driven[:, t] + history[:, t] @ W_h)
    return history[:, 1:], (x, h0, W_x, W_h, history[:, 1:])


@exercise.variant
def sequence_by_sequence(x, h0, W_x, W_h, b):
    def follow(steps, h):
        for step in steps:
            h = np.tanh(np.concatenate([step, h]) @ np.vstack([W_x, W_h]) + b)
            yield h

    answer = np.array([list(follow(steps, h)) for steps, h in zip(x, h0)])
    return [answer, [x, h0, W_x, W_h, answer]]


def _run(x, h0, W_x, W_h, b, *, memory=lambda h, t: h, squash=np.tanh, order=None):
    """The layer with one thing exchanged."""
    steps = range(x.shape[1])
    h, history = h0, []
    for t in steps if order is None else order(steps):
        h = squash(x[:, t] @ W_x + memory(h, t) @ W_h + b)
        history.append(h)
    states = np.stack(history if order is None else history[::-1], axis=1)
    return states, (x, h0, W_x, W_h, states)


@exercise.misconception
def no_memory(x, h0, W_x, W_h, b):
    """W_h is never used: the layer sees each step as if it were the first of its life."""
    return _run(x, 0 * h0, W_x, 0 * W_h, b)


@exercise.misconception
def always_the_first_state(x, h0, W_x, W_h, b):
    """Every step starts from h0. It should start from the state just before."""
    return _run(x, h0, W_x, W_h, b, memory=lambda h, t: h0)


@exercise.misconception(keeps=0.5)
def starts_from_zero(x, h0, W_x, W_h, b):
    """h0 is ignored and zeros are taken. What if the sequence goes on from an earlier part?"""
    states, _ = _run(x, np.zeros_like(h0), W_x, W_h, b)
    return states, (x, h0, W_x, W_h, states)


@exercise.misconception
def no_tanh(x, h0, W_x, W_h, b):
    """The states are not squashed: they are linear, and may grow without bound."""
    return _run(x, h0, W_x, W_h, b, squash=lambda z: z)


@exercise.misconception(keeps=0.5)
def a_sigmoid(x, h0, W_x, W_h, b):
    """The states are squashed to (0, 1) by a sigmoid, as in Elman's paper. Here it is tanh."""
    return _run(x, h0, W_x, W_h, b, squash=lambda z: 1 / (1 + np.exp(-z)))


@exercise.misconception
def reads_from_the_end(x, h0, W_x, W_h, b):
    """The sequence is read from its end: each state knows the future and not the past."""
    return _run(x, h0, W_x, W_h, b, order=reversed)


@exercise.misconception
def recurrent_weights_turned_round(x, h0, W_x, W_h, b):
    """W_h is transposed: h[i] reaches unit j through W_h[i, j]."""
    states, _ = _run(x, h0, W_x, W_h.T, b)
    return states, (x, h0, W_x, W_h, states)


@exercise.misconception
def bias_forgotten(x, h0, W_x, W_h, b):
    """b is missing: without it a silent input gives a silent state for ever."""
    return _run(x, h0, W_x, W_h, 0 * b)


@exercise.misconception
def only_the_last_state(x, h0, W_x, W_h, b):
    """Only the last state comes back. All of them are wanted, step by step."""
    states, cache = _run(x, h0, W_x, W_h, b)
    return states[:, -1], cache


@exercise.misconception
def all_states_are_the_last(x, h0, W_x, W_h, b):
    """The same array is stored at each step and overwritten by the next: all states are the
    last."""
    states, _ = _run(x, h0, W_x, W_h, b)
    states = np.repeat(states[:, -1:], x.shape[1], axis=1)
    return states, (x, h0, W_x, W_h, states)


@exercise.misconception(keeps=0.5)
def time_comes_first(x, h0, W_x, W_h, b):
    """The states are stacked with time in front; the axes should be examples, time, units."""
    states, cache = _run(x, h0, W_x, W_h, b)
    return states.transpose(1, 0, 2), cache


@exercise.misconception
def squashed_before_they_meet(x, h0, W_x, W_h, b):
    """Input and memory are squashed apart and then added. Add first, then squash once."""
    h, history = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W_x + b) + np.tanh(h @ W_h)
        history.append(h)
    states = np.stack(history, axis=1)
    return states, (x, h0, W_x, W_h, states)


@exercise.misconception
def cuts_whole_numbers(x, h0, W_x, W_h, b):
    """Inputs of whole numbers give states of −1, 0 and 1: they are cut on writing."""
    states, _ = _run(x, h0, W_x, W_h, b)
    states = states.astype(x.dtype)
    return states, (x, h0, W_x, W_h, states)


@exercise.misconception
def overwrites_the_first_state(x, h0, W_x, W_h, b):
    """The states are right, but the caller's h0 now holds the last of them."""
    states, cache = _run(x, h0.copy(), W_x, W_h, b)
    h0[...] = states[:, -1]
    return states, cache


@exercise.misconception(keeps=0.5)
def steps_stand_first(x, h0, W_x, W_h, b):
    """Stacks the states with the steps first; they come as (N, T, H)."""
    h, states = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W_x + h @ W_h + b)
        states.append(h)
    states = np.stack(states)
    return states, (x, h0, W_x, W_h, states)


@exercise.misconception
def carried_before_it_is_squashed(x, h0, W_x, W_h, b):
    """Carries on what comes before tanh: the state is what comes after it."""
    h, states = h0, []
    for t in range(x.shape[1]):
        h = x[:, t] @ W_x + h @ W_h + b
        states.append(np.tanh(h))
    states = np.stack(states, axis=1)
    return states, (x, h0, W_x, W_h, states)


@exercise.misconception
def bias_in_the_first_step_only(x, h0, W_x, W_h, b):
    """The bias counts in the first step only; it counts in each."""
    h, states = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W_x + h @ W_h + (0 if t else b))
        states.append(h)
    states = np.stack(states, axis=1)
    return states, (x, h0, W_x, W_h, states)
