"""Every rule that turns a gradient into a step, from plain descent to Adam.

Parameters, gradients and what a rule remembers are dicts from names to arrays. A rule maps
(params, grads, state) to new (params, state); the state before the first step is the empty dict.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference_impl.validation import (
    count,
    flag,
    function,
    generator,
    memory,
    number,
    requires,
    tensors,
)

Tensors = dict[str, np.ndarray]
State = dict[str, Any]
Step = Callable[[Tensors, Tensors, State], tuple[Tensors, State]]

RATE = number(least=0)
DECAY = number(least=0, below=1)


# --- which examples a step sees -----------------------------------------------------------------


@requires(rng=generator(), n=count(1), size=count(1))
def minibatches(rng: np.random.Generator, n: int, size: int) -> list[np.ndarray]:
    """Shuffle the numbers 0 to n − 1 and deal them out in batches: one epoch.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
        Number of examples.
    size : int
        Examples per batch; 1 is stochastic, n or more is full-batch gradient descent.

    Returns
    -------
    list of ndarrays of int
        Row numbers, every one exactly once; the last batch may be smaller, none is empty. The order
        within a batch does not matter.

    References
    ----------
    Bottou, Curtis and Nocedal, SIAM Review 60 (2018) 223.
    """
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]


@requires(n=count(1), size=count(1))
def steps_per_epoch(n: int, size: int) -> int:
    """Updates in one pass over n examples, the smaller last batch included.

    Parameters
    ----------
    n : int
        Number of examples.
    size : int
        Examples per batch.

    Returns
    -------
    int
        n / size, rounded up.
    """
    return math.ceil(n / size)


@requires(n=count(1), size=count(1), steps=count())
def gradient_evaluations(n: int, size: int, steps: int) -> int:
    """Single-example gradients that `steps` updates on batches of `size` cost.

    Parameters
    ----------
    n : int
        Number of examples.
    size : int
        Examples per batch.
    steps : int
        Number of updates; each epoch may end in a smaller batch.

    Returns
    -------
    int
        n for each full epoch, and `size` for each step of the one begun.
    """
    epochs, begun = divmod(steps, steps_per_epoch(n, size))
    return epochs * n + begun * size


# --- gradient descent and its momentum ----------------------------------------------------------


@requires(params=tensors("P"), grads=tensors("P"), rate=RATE)
def sgd_step(params: Tensors, grads: Tensors, state: State, rate: float) -> tuple[Tensors, State]:
    """Gradient descent, W ← W − rate · g; stochastic if g comes from a random batch.

    Parameters
    ----------
    params, grads : dicts of str to ndarray
    state : dict
        Nothing is remembered: it is handed on.
    rate : float
        Learning rate, not negative.

    Returns
    -------
    params, state : dicts
        Whole numbers are taken for what they are.

    References
    ----------
    Robbins and Monro, Annals of Mathematical Statistics 22 (1951) 400.
    """
    return {name: params[name] - rate * grads[name] for name in params}, state


@requires(params=tensors("P"), grads=tensors("P"), rate=RATE, momentum=DECAY)
def momentum_step(
    params: Tensors, grads: Tensors, state: State, rate: float, momentum: float = 0.9
) -> tuple[Tensors, State]:
    """Momentum: V ← momentum · V − rate · g, then W ← W + V.

    Parameters
    ----------
    params, grads : dicts of str to ndarray
    state : dict
        "velocity": the V of every parameter.
    rate : float
        Learning rate, not negative.
    momentum : float
        The share of the velocity that is kept, at least 0 and below 1.

    Returns
    -------
    params, state : dicts
        Whole numbers are taken for what they are.

    References
    ----------
    Polyak, USSR Computational Mathematics and Mathematical Physics 4 (1964) 1.
    """
    old = state.get("velocity") or zeros_like(params)
    velocity = {name: momentum * old[name] - rate * grads[name] for name in params}
    return {name: params[name] + velocity[name] for name in params}, {"velocity": velocity}


@requires(params=tensors(), gradient=function(), rate=RATE, momentum=DECAY)
def nesterov_step(
    params: Tensors,
    gradient: "Callable[[Tensors], Tensors]",
    state: State,
    rate: float,
    momentum: float = 0.9,
) -> tuple[Tensors, State]:
    """Nesterov's momentum as it was meant: look ahead to W + momentum · V, take the gradient there.

    Parameters
    ----------
    params : dict of str to ndarray
    gradient : callable
        Maps a dict like `params` to the gradients there.
    state : dict
        "velocity": the V of every parameter.
    rate : float
        Learning rate, not negative.
    momentum : float
        The share of the velocity that is kept, at least 0 and below 1.

    Returns
    -------
    params, state : dicts
        Whole numbers are taken for what they are.

    References
    ----------
    Nesterov, Soviet Mathematics Doklady 27 (1983) 372; Sutskever et al., ICML (2013).
    """
    old = state.get("velocity") or zeros_like(params)
    ahead = {name: params[name] + momentum * old[name] for name in params}
    return momentum_step(params, gradient(ahead), {"velocity": old}, rate, momentum)


@requires(params=tensors("P"), grads=tensors("P"), rate=RATE, momentum=DECAY)
def nesterov_rewritten_step(
    params: Tensors, grads: Tensors, state: State, rate: float, momentum: float = 0.9
) -> tuple[Tensors, State]:
    """Nesterov's momentum in terms of the look-ahead point P = W + momentum · V itself.

    V ← momentum · V − rate · g(P), then P ← P + momentum · V − rate · g(P): the gradient is taken
    where the parameters are, so the rule fits wherever plain momentum does.

    Parameters
    ----------
    params, grads : dicts of str to ndarray
        P, and the gradients at P.
    state : dict
        "velocity": the V of every parameter.
    rate : float
        Learning rate, not negative.
    momentum : float
        The share of the velocity that is kept, at least 0 and below 1.

    Returns
    -------
    params, state : dicts
        The new P; W itself is P − momentum · V. Whole numbers are taken for what they are.

    References
    ----------
    Bengio, Boulanger-Lewandowski and Pascanu, ICASSP (2013), section 3.5.
    """
    _, new = momentum_step(params, grads, state, rate, momentum)
    ahead = {
        name: params[name] + momentum * new["velocity"][name] - rate * grads[name]
        for name in params
    }
    return ahead, new


# --- a rate for every weight --------------------------------------------------------------------


@requires(params=tensors("P"), grads=tensors("P"), rate=RATE, epsilon=RATE)
def adagrad_step(
    params: Tensors, grads: Tensors, state: State, rate: float = 0.01, epsilon: float = 1e-8
) -> tuple[Tensors, State]:
    """Adagrad: c ← c + g², then W ← W − rate / (√c + ε) · g; the rate can only shrink.

    Parameters
    ----------
    params, grads : dicts of str to ndarray
    state : dict
        "squares": a dict with the c of every parameter.
    rate : float
        Learning rate of the first step, not negative.
    epsilon : float
        Keeps 0/0 away where the gradient has always been 0.

    Returns
    -------
    params, state : dicts
        Whole numbers are taken for what they are.

    References
    ----------
    Duchi, Hazan and Singer, Journal of Machine Learning Research 12 (2011) 2121.
    """
    old = state.get("squares") or zeros_like(params)
    squares = {name: old[name] + grads[name] ** 2 for name in params}
    rates = effective_rate(squares, rate, epsilon)
    moved = {name: params[name] - rates[name] * grads[name] for name in params}
    return moved, {"squares": squares}


@requires(params=tensors("P"), grads=tensors("P"), rate=RATE, decay=DECAY, epsilon=RATE)
def rmsprop_step(
    params: Tensors,
    grads: Tensors,
    state: State,
    rate: float = 0.001,
    decay: float = 0.9,
    epsilon: float = 1e-8,
) -> tuple[Tensors, State]:
    """RMSProp: c ← decay · c + (1 − decay) · g², then W ← W − rate / (√c + ε) · g.

    Parameters
    ----------
    params, grads : dicts of str to ndarray
    state : dict
        "squares": a dict with the c of every parameter.
    rate : float
        Learning rate, not negative.
    decay : float
        The share of the old average that is kept, usually 0.9 or 0.99.
    epsilon : float
        Keeps 0/0 away where the gradient is 0.

    Returns
    -------
    params, state : dicts
        Whole numbers are taken for what they are.

    References
    ----------
    Tieleman and Hinton, Coursera: Neural Networks for Machine Learning (2012), lecture 6.5.
    """
    old = state.get("squares") or zeros_like(params)
    squares = {name: decay * old[name] + (1 - decay) * grads[name] ** 2 for name in params}
    rates = effective_rate(squares, rate, epsilon)
    moved = {name: params[name] - rates[name] * grads[name] for name in params}
    return moved, {"squares": squares}


@requires(
    params=tensors("P"),
    grads=tensors("P"),
    rate=RATE,
    beta1=DECAY,
    beta2=DECAY,
    epsilon=RATE,
    bias_correction=flag(),
)
def adam_step(
    params: Tensors,
    grads: Tensors,
    state: State,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    bias_correction: bool = True,
) -> tuple[Tensors, State]:
    """Adam: the mean of the gradients over the root of the mean of their squares.

    m ← β1·m + (1 − β1)·g and v ← β2·v + (1 − β2)·g²; both start at 0 and are therefore too small
    at first: m̂ = m / (1 − β1ᵗ) and v̂ = v / (1 − β2ᵗ). Then W ← W − rate · m̂ / (√v̂ + ε).

    Parameters
    ----------
    params, grads : dicts of str to ndarray
    state : dict
        "m" and "v": a dict each, with an array for every parameter; "t": steps so far.
    rate : float
        Learning rate, not negative: about the size of each step.
    beta1, beta2 : float
        The shares of the old averages that are kept, at least 0 and below 1.
    epsilon : float
        Added to the root, so that a gradient of 0 makes no NaN.
    bias_correction : bool
        False leaves m and v as they are, as some descriptions of Adam do: the first steps are
        then too long or too short, depending on the two β.

    Returns
    -------
    params, state : dicts
        Whole numbers are taken for what they are.

    References
    ----------
    Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR (2015), algorithm 1.
    """
    t = state.get("t", 0) + 1
    m_scale, v_scale = (1 - beta1**t, 1 - beta2**t) if bias_correction else (1, 1)
    old_m, old_v = state.get("m") or zeros_like(params), state.get("v") or zeros_like(params)
    moved, new_m, new_v = {}, {}, {}
    for name, p in params.items():
        g = grads[name]
        # In place on our own arrays: large layers spend their time on fetching memory.
        m = beta1 * old_m[name]
        m += (1 - beta1) * g
        v = (1 - beta2) * g
        v *= g
        v += beta2 * old_v[name]
        # m̂ / (√v̂ + ε) with the scales taken out of the arrays (end of section 2 of the paper).
        change = np.sqrt(v)
        change += epsilon * math.sqrt(v_scale)
        change = m / change
        change *= rate * math.sqrt(v_scale) / m_scale
        moved[name], new_m[name], new_v[name] = p - change, m, v
    return moved, {"t": t, "m": new_m, "v": new_v}


@requires(squares=tensors(), rate=RATE, epsilon=RATE)
def effective_rate(squares: Tensors, rate: float, epsilon: float = 1e-8) -> Tensors:
    """The learning rate that Adagrad or RMSProp really applies to each weight.

    Parameters
    ----------
    squares : dict of str to ndarray
        The state's "squares".
    rate, epsilon : float
        As in the step, not negative.

    Returns
    -------
    dict of str to ndarray
        rate / (√c + ε), in the shapes of `squares`. Whole numbers are taken for what they are.
    """
    return {name: rate / (np.sqrt(c) + epsilon) for name, c in squares.items()}


@requires(
    state=memory("v"),
    rate=RATE,
    beta1=DECAY,
    beta2=DECAY,
    epsilon=RATE,
    bias_correction=flag(),
)
def adam_effective_rate(
    state: State,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    bias_correction: bool = True,
) -> Tensors:
    """The factor that Adam's last step put in front of each weight's m.

    Parameters
    ----------
    state : dict
        As `adam_step` returned it, so after at least one step.
    rate, beta1, beta2, epsilon, bias_correction
        As in the step.

    Returns
    -------
    dict of str to ndarray
        rate / (1 − β1ᵗ) / (√v̂ + ε); without the correction, rate / (√v + ε).
    """
    t = state["t"]
    m_scale, v_scale = (1 - beta1**t, 1 - beta2**t) if bias_correction else (1, 1)
    corrected = {name: v / v_scale for name, v in state["v"].items()}
    return effective_rate(corrected, rate / m_scale, epsilon)


@requires(params=tensors())
def zeros_like(params: Tensors) -> Tensors:
    """Float zeros in the shapes of the parameters, in their precision.

    Parameters
    ----------
    params : dict of str to ndarray

    Returns
    -------
    dict of str to ndarray
    """
    return {name: np.zeros_like(p) for name, p in params.items()}


# --- learning rates that change with time -------------------------------------------------------


@requires(rate=RATE, t=count(), every=count(1), factor=number(above=0, most=1))
def step_decay(rate: float, t: int, every: int, factor: float = 0.5) -> float:
    """A learning rate that falls by a factor after every so many epochs.

    Parameters
    ----------
    rate : float
        The rate at the start.
    t : int
        The epoch (or step), counted from 0.
    every : int
        Length of each level: the first drop is at t = every.
    factor : float
        What each drop multiplies by, above 0 and at most 1.

    Returns
    -------
    float

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: annealing the learning rate".
    """
    return rate * factor ** (t // every)


@requires(rate=RATE, t=count(), decay=RATE)
def exponential_decay(rate: float, t: int, decay: float) -> float:
    """A learning rate that falls by the same share at every step: rate · exp(−decay · t).

    Parameters
    ----------
    rate : float
        The rate at the start.
    t : int
        The epoch (or step), counted from 0.
    decay : float
        Speed of the decay, not negative.

    Returns
    -------
    float

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: annealing the learning rate".
    """
    return rate * math.exp(-decay * t)


@requires(rate=RATE, t=count(), decay=RATE)
def inverse_time_decay(rate: float, t: int, decay: float) -> float:
    """A learning rate that falls like 1/t: rate / (1 + decay · t).

    Steps of this kind sum to infinity while their squares do not: enough to arrive, and quiet
    enough to stay, which no constant rate of stochastic descent is.

    Parameters
    ----------
    rate : float
        The rate at the start.
    t : int
        The epoch (or step), counted from 0.
    decay : float
        Speed of the decay, not negative.

    Returns
    -------
    float

    References
    ----------
    Robbins and Monro, Annals of Mathematical Statistics 22 (1951) 400.
    """
    return rate / (1 + decay * t)


@requires(step=function(), schedule=function())
def scheduled(step: "Callable[..., Any]", schedule: "Callable[[int], float]") -> Step:
    """Give any of the steps above a learning rate that follows a schedule.

    Parameters
    ----------
    step : callable
        (params, grads, state, rate=…) -> (params, state).
    schedule : callable
        Maps the number of steps already taken to the learning rate of the next.

    Returns
    -------
    callable
        (params, grads, state) -> (params, state); its state counts the steps.
    """

    def scheduled_step(params: Tensors, grads: Tensors, state: State) -> tuple[Tensors, State]:
        taken = state.get("taken", 0)
        params, inner = step(params, grads, state.get("inner", {}), rate=schedule(taken))
        return params, {"taken": taken + 1, "inner": inner}

    return scheduled_step


@requires(loss_and_gradient=function(), params=tensors(), step=function(), steps=count())
def minimise(
    loss_and_gradient: "Callable[[Tensors], tuple[float, Tensors]]",
    params: Tensors,
    step: Step,
    steps: int,
) -> tuple[list[Tensors], np.ndarray]:
    """Take `steps` steps and keep the whole way.

    Parameters
    ----------
    loss_and_gradient : callable
        Maps a dict like `params` to the loss and the dict of its gradients there.
    params : dict of str to ndarray
        The start.
    step : callable
        (params, grads, state) -> (params, state), such as
        `functools.partial(momentum_step, rate=0.1)`.
    steps : int
        Number of updates, 0 or more.

    Returns
    -------
    path : list of steps + 1 dicts
        path[0] is the start.
    losses : ndarray (steps + 1,)
        The loss at each point of the path.
    """
    path, losses = [params], []
    state: dict[str, object] = {}
    for _ in range(steps):
        loss, grads = loss_and_gradient(path[-1])
        losses.append(loss)
        params, state = step(path[-1], grads, state)
        path.append(params)
    return path, np.array([*losses, loss_and_gradient(path[-1])[0]], dtype=float)
