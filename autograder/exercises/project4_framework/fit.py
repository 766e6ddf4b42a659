"""The loop that holds it all together."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.data import load_digits
from autograder.exercises.project4_framework.net_gradients import net_gradients
from autograder.exercises.project4_framework.net_scores import net_scores
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "A step rule of chapter 9 moves a dict of arrays by a dict of gradients. How do you make "
        "one dict of a list of layers, and a list of layers of a dict?",
        "Names such as `(k, 'W')` tell where an array belongs. The state goes from one step to the "
        "next; what is no array of a layer (its kind, its stride) stays as it is.",
        "In each step: rows, loss and gradients of them, note the loss, all arrays at once "
        "through the rule, and a new net from what comes back.",
    ),
)


def fit(
    net: list[dict[str, Any]],
    x: np.ndarray,
    labels: np.ndarray,
    gradients: "Callable[..., Any]",
    step: "Callable[..., Any]",
    batches: list[np.ndarray],
) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Train any network with any step rule, one step for each batch.

    You are graded on made-up networks and rules, and on real digits, which a network with filters
    has to read after 60 steps of your loop.

    Parameters
    ----------
    net : list of dict
        The layers; those with weights have "W" and "b".
    x, labels : ndarrays (N, ...) and (N,)
        All examples.
    gradients : callable
        `gradients(net, x, labels)` returns the loss and a list of dicts, as `net_gradients` does;
        it is asked once for each batch.
    step : callable
        `step(params, grads, state)` takes two dicts of arrays with the same names (text, of your
        choice) and what it returned last (at first an empty dict), and returns new params and
        state, as the rules of chapter 9 do.
    batches : list of ndarrays of int
        The rows of each batch, in their order.

    Returns
    -------
    net : list of dict
        The layers as they are after the last step. What was passed in is as it was.
    losses : ndarray (len(batches),)
        The loss of each batch before its step.
    """
    state: dict[str, Any] = {}
    losses = []
    for rows in batches:
        loss, grads = gradients(net, x[rows], labels[rows])
        losses.append(loss)
        params = {f"{k} {n}": layer[n] for k, layer in enumerate(net) for n in "Wb" if n in layer}
        slopes = {f"{k} {n}": found[n] for k, found in enumerate(grads) for n in found}
        params, state = step(params, slopes, state)
        net = [
            {n: params.get(f"{k} {n}", value) for n, value in layer.items()}
            for k, layer in enumerate(net)
        ]
    return net, np.array(losses)


@travels
def pulls(net, x, labels):
    """A loss whose gradients pull all weights to what the batch says."""
    goal = float(np.mean(x)) + 0.1 * float(np.mean(labels))
    loss, grads = 0.0, []
    for k, layer in enumerate(net):
        found = {}
        for name in ("W", "b"):
            if name in layer:
                away = np.asarray(layer[name]) - goal * (k + 1)
                loss += 0.5 * float(np.sum(away**2))
                found[name] = away
        grads.append(found)
    return loss, grads


@travels
def rolls(params, grads, state):
    """A rule that remembers: a pace for each name, and steps that become shorter."""
    taken = int(state.get("taken", 0)) + 1
    old = state.get("pace", {})
    pace = {
        k: 0.6 * np.asarray(old.get(k, 0.0)) - 0.3 / taken * np.asarray(grads[k]) for k in params
    }
    return {k: np.asarray(params[k]) + pace[k] for k in params}, {"pace": pace, "taken": taken}


@travels
def adam(params, grads, state):
    """Adam with a rate of 0.01."""
    t = int(state.get("t", 0)) + 1
    old_m, old_v = state.get("m", {}), state.get("v", {})
    m = {k: 0.9 * np.asarray(old_m.get(k, 0.0)) + 0.1 * np.asarray(grads[k]) for k in params}
    v = {k: 0.99 * np.asarray(old_v.get(k, 0.0)) + 0.01 * np.asarray(grads[k]) ** 2 for k in params}
    rate = 0.01 * np.sqrt(1 - 0.99**t) / (1 - 0.9**t)
    moved = {k: np.asarray(params[k]) - rate * m[k] / (np.sqrt(v[k]) + 1e-8) for k in params}
    return moved, {"t": t, "m": m, "v": v}


def layers(rng):
    """Layers of three kinds, two of them with weights."""
    return [
        {"kind": "conv", "W": rng.normal(size=(2, 1, 2, 2)), "b": rng.normal(size=2), "stride": 2},
        {"kind": "relu"},
        {"kind": "dense", "W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)},
    ]


def task(rng, steps=5, size=3):
    """A net, examples, gradients, a rule, and batches."""
    batches = [rng.integers(0, 11, size) for _ in range(steps)]
    return layers(rng), rng.normal(size=(11, 2)), rng.integers(0, 7, 11), pulls, rolls, batches


def read(answer, net, steps):
    """The net and the losses of an answer; `Failed` if more than W and b has changed."""
    found, losses = sequence(answer, 2)
    losses = as_array(losses, "the losses")
    if losses.shape != (steps,):
        raise Failed(f"the losses of {steps} batches have shape {losses.shape}")
    for k, (layer, old) in enumerate(zip(sequence(found, len(net), "the net"), net, strict=True)):
        if not isinstance(layer, dict) or set(layer) != set(old):
            raise Failed(f"layer {k} has not the entries that it had: {', '.join(old)}")
        for name in set(old) - {"W", "b"}:
            agree(layer[name], old[name], what=f"{name} of layer {k}")
    return found, losses


@exercise.probe
def some_steps(rng):
    return task(rng)


@exercise.observe
def what_it_does(f):
    """Diagnosis looks at a few steps, no step, and the arguments afterwards."""
    seen = []
    for steps in (5, 1, 0):
        arguments = task(np.random.default_rng(7), steps)
        reply = f.reply(*arguments)
        if reply.error is not None:
            return [*seen, {"raised": reply.error.kind}]
        if reply.value is None:
            return [{"value": None}]
        try:
            unchanged(f, *arguments)
            kept = True
        except (Failed, LearnerError):
            kept = False
        seen.append([reply.value, kept])
    return seen


@exercise.check
def worked_example(f):
    """A weight of 4 is pulled to 1, then to 3, half of the way each time: 2.5, then 2.75."""
    half = travels(lambda p, g, s: ({k: p[k] - 0.5 * np.asarray(g[k]) for k in p}, {}))
    net = [{"kind": "dense", "W": np.array([[4.0]]), "b": np.array([1.0])}]
    x, batches = np.array([[1.0], [3.0]]), [np.array([0]), np.array([1])]
    found, losses = read(f(net, x, np.zeros(2, dtype=int), pulls, half, batches), net, 2)
    agree(found[0]["W"], np.array([[2.75]]), what="W")
    agree(found[0]["b"], np.array([2.0]), what="b")
    agree(losses, np.array([4.5, 2.125]), what="the losses")


@exercise.check
def the_state_goes_on(f):
    """A rule that goes ½, ⅓ and ¼ of the way leads from 12, pulled to 0, to 6, 4 and 3."""
    shorter = travels(
        lambda p, g, s: (
            {k: p[k] - 1 / (s.get("n", 1) + 1) * np.asarray(g[k]) for k in p},
            {"n": s.get("n", 1) + 1},
        )
    )
    net = [{"kind": "relu"}, {"kind": "dense", "W": np.array([[12.0]]), "b": np.array([0.0])}]
    x, rows = np.zeros((1, 1)), 3 * [np.array([0])]
    found, losses = read(f(net, x, np.zeros(1, dtype=int), pulls, shorter, rows), net, 3)
    agree(found[1]["W"], np.array([[3.0]]), what="W after steps of ½, ⅓ and ¼")
    agree(losses, np.array([72.0, 18.0, 8.0]), what="the losses")


@exercise.check
def all_layers_move(f):
    """All layers with weights move, kinds and strides stay, and what was passed in is as it was."""
    arguments = task(np.random.default_rng(1))
    unchanged(f, *arguments)
    found, _ = read(f(*arguments), arguments[0], 5)
    for k in (0, 2):
        for name in ("W", "b"):
            if np.array_equal(found[k][name], arguments[0][k][name]):
                raise Failed(f"{name} of layer {k} has not moved in 5 steps")


@exercise.check(points=3)
def random_trainings(f, reference, rng):
    """Takes the right steps with a rule that remembers, for several numbers of batches."""
    for steps in (1, 2, 9):
        arguments = task(rng, steps)
        found, losses = read(f(*arguments), arguments[0], steps)
        expected, right = reference(*arguments)
        agree(found, expected, rtol=1e-6, what="the net")
        agree(losses, right, rtol=1e-6, what="the losses")


@exercise.check(points=1, after=random_trainings)
def no_batches(f, rng):
    """Without batches the net is the one that came in, and there are no losses."""
    arguments = task(rng, 0)
    found, _ = read(f(*arguments), arguments[0], 0)
    agree(found, arguments[0], what="the net")


@exercise.check(points=1, after=random_trainings)
def leaves_all_alone(f, rng):
    """Leaves the net and the examples as they were."""
    unchanged(f, *task(rng))


# In 60 trainings the reference read 90.0 % ± 1.6 % (84.8 % at the least): 9 spreads above the bar.
@exercise.check(points=3, after=random_trainings)
def reads_digits(f, rng):
    """A network with filters reads 75 % of new digits after 60 steps, one gradient each."""
    share, asked = trained_share(f, rng)
    if asked != 60:
        raise Failed(f"asked for {asked} gradients in 60 steps")
    if not share >= 0.75:
        raise Failed(f"{share:.1%} of new digits are read right after 60 steps")


def trained_share(f, rng):
    """The share of new digits read right after 60 steps, and how many gradients were asked for."""
    images, labels = load_digits()
    order, asked = rng.permutation(len(images)), []
    x, y = images[order].reshape(-1, 1, 8, 8), labels[order]
    net = [
        {"kind": "conv", "W": rng.normal(size=(8, 1, 3, 3)) / 2, "b": np.zeros(8)},
        {"kind": "relu"},
        {"kind": "flatten"},
        {"kind": "dense", "W": rng.normal(size=(72, 10)) / 12, "b": np.zeros(10)},
    ]
    net[0] |= {"stride": 2, "padding": 0}

    def counted(net, x, labels):
        asked.append(len(x))
        return net_gradients(net, np.asarray(x), np.asarray(labels))

    batches = [rng.integers(0, 1200, 50) for _ in range(60)]
    found, _ = read(f(net, x[:1200], y[:1200], counted, adam, batches), net, 60)
    with np.errstate(all="ignore"):
        right = net_scores(found, x[1200:]).argmax(axis=1) == y[1200:]
    return float(np.mean(right)), len(asked)


def _fit(net, x, labels, gradients, step, batches, *, mode=""):
    """The loop with one thing exchanged; the misconceptions below say which."""
    state, losses = {}, []
    moving = range(len(net)) if mode != "last" else [len(net) - 1]
    for rows in batches if mode != "first" else [batches[0] for _ in batches]:
        part = (x, labels) if mode == "whole" else (x[rows], labels[rows])
        loss, grads = gradients(net, *part)
        params = {f"{n}{k}": net[k][n] for k in moving for n in ("W", "b") if n in net[k]}
        slopes = {f"{n}{k}": grads[k][n] for k in moving for n in ("W", "b") if n in net[k]}
        params, new = step(params, slopes, state)
        state = {} if mode == "forgets" else new
        if mode == "in place":
            for name, value in params.items():
                net[int(name[1:])][name[0]][...] = value
        else:
            net = [
                {**layer, **{n: params[f"{n}{k}"] for n in ("W", "b") if f"{n}{k}" in params}}
                for k, layer in enumerate(net)
            ]
        losses.append(gradients(net, *part)[0] if mode == "late" else loss)
    return net, np.array(losses)


@exercise.variant
def with_names_behind(net, x, labels, gradients, step, batches):
    return _fit(net, x, labels, gradients, step, batches)


@exercise.variant
def layer_by_layer(net, x, labels, gradients, step, batches):
    """A state of its own for each layer; copies at the start, changed in place from then on."""
    net = [dict(layer) for layer in net]
    states, losses = [{} for _ in net], []
    for rows in batches:
        loss, grads = gradients(net, np.take(x, rows, axis=0), np.take(labels, rows))
        losses += [float(loss)]
        for place, layer in enumerate(net):
            own = {name: layer[name] for name in grads[place]}
            if own:
                moved, states[place] = step(own, grads[place], states[place])
                layer.update(moved)
    return net, losses


@exercise.misconception
def forgets_the_state(net, x, labels, gradients, step, batches):
    """Every step begins with an empty state: momentum and Adam need what they returned last."""
    return _fit(net, x, labels, gradients, step, batches, mode="forgets")


@exercise.misconception
def all_examples_each_time(net, x, labels, gradients, step, batches):
    """Each step sees all examples; asked for are the rows of its batch."""
    return _fit(net, x, labels, gradients, step, batches, mode="whole")


@exercise.misconception
def only_the_last_layer(net, x, labels, gradients, step, batches):
    """Only the last layer learns: the others never move."""
    return _fit(net, x, labels, gradients, step, batches, mode="last")


@exercise.misconception
def always_the_first_batch(net, x, labels, gradients, step, batches):
    """Every step sees the first batch. Go through them in their order."""
    return _fit(net, x, labels, gradients, step, batches, mode="first")


@exercise.misconception(keeps=0.5)
def losses_after_the_step(net, x, labels, gradients, step, batches):
    """The losses are those after each step, at the price of a second gradient each."""
    return _fit(net, x, labels, gradients, step, batches, mode="late")


@exercise.misconception
def moves_the_callers_net(net, x, labels, gradients, step, batches):
    """The steps are right, but they move the arrays that were passed in. Make new layers."""
    return _fit(net, x, labels, gradients, step, batches, mode="in place")
