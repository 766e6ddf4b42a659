"""Optimisation is a loop."""

import numpy as np

from autograder.exercises.ch09_optimizers import stepping
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "What must be passed from one round of the loop to the next? There are two things.",
        "In every round: loss and gradients *here*, note the loss, step, note the new point.",
        "losses has one entry more than there are steps: the loss at the end is asked for last.",
    ),
)


def valley(rng, shapes):
    """A loss of several named tensors, and its gradient."""
    tilt = stepping.tensors(rng, 1.0, shapes)
    steep = {name: rng.uniform(0.5, 2.0, size=shape) for name, shape in shapes.items()}

    @travels
    def loss_and_gradient(params):
        waves = {k: np.sin(np.asarray(params[k])) for k in tilt}
        loss = sum(np.sum(steep[k] * waves[k] ** 2 / 2 + tilt[k] * params[k]) for k in tilt)
        slopes = {k: steep[k] * waves[k] * np.cos(params[k]) + tilt[k] for k in tilt}
        return float(loss), slopes

    return loss_and_gradient


def coasting(rng):
    """A step rule whose state matters from the first step on, and which insists on its form."""
    share, rate = rng.uniform(0.3, 0.8), rng.uniform(0.05, 0.3)

    @travels
    def step(params, grads, state):
        if set(state) - {"pace", "taken"}:
            raise ValueError("the step was handed a state that it never returned")
        taken = int(state.get("taken", 0)) + 1
        old = state.get("pace") or dict.fromkeys(params, 0.0)
        pace = {k: share * np.asarray(old[k]) - rate / taken * np.asarray(grads[k]) for k in params}
        return {k: params[k] + pace[k] for k in params}, {"pace": pace, "taken": taken}

    return step


def task(rng, steps, shapes=None):
    shapes = shapes or {"W": (3, 2), "b": (5,)}
    return valley(rng, shapes), stepping.tensors(rng, 1.0, shapes), coasting(rng), steps


@travels
def uphill(params, grads, state):
    return {k: params[k] + 0.1 * np.asarray(grads[k]) for k in params}, dict(state)


@travels
def rests(params, grads, state):
    return {k: np.array(p) for k, p in params.items()}, dict(state)


def way(answer, steps):
    """The path and the losses, or `Failed` if there are not as many as there should be."""
    path, losses = sequence(answer, 2)
    losses = as_array(losses, "the losses")
    if losses.shape != (steps + 1,):
        raise Failed(
            f"the losses of {steps} steps have shape {losses.shape}, expected ({steps + 1},)"
        )
    return sequence(path, steps + 1, "the path"), losses


@exercise.observe
def what_it_does(f):
    seen = []
    tasks = [task(np.random.default_rng(3), steps) for steps in (0, 1, 4)]
    for arguments in [*tasks, (*tasks[0][:2], uphill, 4), (*tasks[0][:2], rests, 14)]:
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


@exercise.probe
def some_steps(rng):
    return task(rng, 4)


@exercise.check
def worked_example(f):
    """On w² with steps that halve w, two steps from 4 pass 4, 2, 1 and cost 16, 4, 1."""
    square = travels(lambda p: (float(p["w"][0] ** 2), {"w": 2 * np.asarray(p["w"])}))
    half = travels(lambda p, g, s: ({"w": p["w"] - 0.25 * np.asarray(g["w"])}, dict(s)))
    path, losses = way(f(square, {"w": np.array([4.0])}, half, 2), 2)
    agree([p["w"] for p in path], [[4.0], [2.0], [1.0]], what="the path")
    agree(losses, [16.0, 4.0, 1.0], what="the losses")


@exercise.check
def hands_on_the_state(f):
    """A rule that divides its rate by the steps taken goes from 4 to 2, 1.5 and 1.25 on w²."""
    square = travels(lambda p: (float(p["w"][0] ** 2), {"w": 2 * np.asarray(p["w"])}))

    @travels
    def slower(params, grads, state):
        taken = state.get("taken", 0) + 1
        return {"w": params["w"] - 0.25 / taken * np.asarray(grads["w"])}, {"taken": taken}

    path, losses = way(f(square, {"w": np.array([4.0])}, slower, 3), 3)
    agree([p["w"] for p in path], [[4.0], [2.0], [1.5], [1.25]], what="the path")
    agree(losses, [16.0, 4.0, 2.25, 1.5625], what="the losses")


@exercise.check
def takes_all_its_steps(f):
    """A rule that doubles w goes on uphill: from 1 to 2 and 4 at losses of 1, 4 and 16."""
    square = travels(lambda p: (float(p["w"][0] ** 2), {"w": 2 * np.asarray(p["w"])}))
    double = travels(lambda p, g, s: ({"w": 2 * np.asarray(p["w"])}, dict(s)))
    path, losses = way(f(square, {"w": np.array([1.0])}, double, 2), 2)
    agree([p["w"] for p in path], [[1.0], [2.0], [4.0]], what="the path")
    agree(losses, [1.0, 4.0, 16.0], what="the losses")
    unchanged(f, square, {"w": np.array([1.0])}, double, 2)


@exercise.check(points=2)
def random_tasks(f, reference, rng):
    """Walks the right way with a rule that remembers, in landscapes of several tensors."""
    for steps in (1, 2, 7, 20):
        arguments = task(rng, steps)
        path, losses = way(f(*arguments), steps)
        expected, right = reference(*arguments)
        agree(path, expected, rtol=1e-9, what="the path")
        agree(losses, right, rtol=1e-9, what="the losses")


@exercise.check(points=1, after=random_tasks)
def no_steps(f, rng):
    """Without steps the way is the start alone, with its loss."""
    arguments = task(rng, 0)
    path, losses = way(f(*arguments), 0)
    agree(path, [arguments[1]], what="the path")
    agree(losses, [arguments[0](arguments[1])[0]], what="the losses")


@exercise.check(points=1, after=random_tasks)
def laws(f, rng):
    """The first part of a long way is the short way; each loss belongs to its own point."""
    arguments = task(rng, 9)
    path, losses = way(f(*arguments), 9)
    short, first = way(f(*arguments[:3], 4), 4)
    agree(path[:5], short, rtol=1e-9, what="the first five points")
    agree(losses[:5], first.astype(float), rtol=1e-9, what="the first five losses")
    agree(losses, [arguments[0](p)[0] for p in path], rtol=1e-9, what="the losses of the path")


@exercise.check(points=1, after=random_tasks)
def goes_on_uphill_and_on_flat_ground(f, reference, rng):
    """Takes all its steps, also where the loss rises, is infinite or NaN, and on flat ground."""
    climb = travels(lambda p, g, s: ({"w": p["w"] + np.asarray(g["w"])}, dict(s)))
    stand = travels(lambda p, g, s: ({"w": np.array(p["w"])}, dict(s)))
    bowl = travels(lambda p: (float(np.sum(np.square(p["w"]))), {"w": 2 * np.asarray(p["w"])}))
    drift = travels(lambda p, g, s: ({"w": p["w"] + 1.5}, dict(s)))  # goes on without any slope
    plains = [
        travels(lambda p, loss=loss: (loss, {"w": np.zeros(3)}))
        for loss in (2.5, 1e-30, np.inf, np.nan)
    ]
    drifts = [(ground, drift) for ground in (bowl, *plains)]
    for ground, step in ((bowl, climb), (bowl, stand), *drifts):
        arguments = ground, {"w": 1e3 * rng.normal(size=3)}, step, 40
        path, losses = way(f(*arguments), 40)
        expected, right = reference(*arguments)
        agree([path, losses], [expected, right], rtol=1e-9, atol=0.0, what="the way")


@exercise.check(points=1, after=random_tasks)
def leaves_the_start_alone(f, rng):
    """Leaves the start as it was."""
    unchanged(f, *task(rng, 3))


@exercise.variant
def with_lists(loss_and_gradient, params, step, steps):
    way, losses, state = [], [], {}
    for taken in range(steps + 1):
        loss, grads = loss_and_gradient(params)
        way.append(params)
        losses.append(loss)
        if taken < steps:
            params, state = step(params, grads, state)
    return way, losses


@exercise.variant
def losses_afterwards(loss_and_gradient, params, step, steps):
    path, state = [dict(params)], {}
    while len(path) <= steps:
        after, state = step(path[-1], loss_and_gradient(path[-1])[1], state)
        path.append(after)
    return [tuple(path), np.array([loss_and_gradient(point)[0] for point in path])]


def _minimise(loss_and_gradient, params, step, steps, *, remember=True, where="here", stop=None):
    """The loop with one thing exchanged; the misconceptions below say which."""
    path, losses, state = [params], [], {}
    for _ in range(steps):
        loss, grads = loss_and_gradient(path[0] if where == "start" else path[-1])
        losses.append(loss)
        if stop and stop(losses):
            break
        after, new = step(path[0] if where == "from the start" else path[-1], grads, state)
        state = new if remember else {}
        path.append(after)
    return path, np.array([*losses, loss_and_gradient(path[-1])[0]])


@exercise.misconception
def state_not_handed_on(loss_and_gradient, params, step, steps):
    """Every step gets an empty state, so the rule forgets everything. Hand on what it returned."""
    return _minimise(loss_and_gradient, params, step, steps, remember=False)


@exercise.misconception
def gradient_of_the_start_only(loss_and_gradient, params, step, steps):
    """Loss and gradient are asked for at the start only. Ask where you are."""
    return _minimise(loss_and_gradient, params, step, steps, where="start")


@exercise.misconception
def always_from_the_start(loss_and_gradient, params, step, steps):
    """Every step leaves from the start again. It should go on from the last point."""
    return _minimise(loss_and_gradient, params, step, steps, where="from the start")


@exercise.misconception
def last_loss_is_missing(loss_and_gradient, params, step, steps):
    """The loss at the last point is missing: there are steps + 1 points and as many losses."""
    path, losses = _minimise(loss_and_gradient, params, step, steps)
    return path, losses[:-1]


@exercise.misconception
def start_is_missing(loss_and_gradient, params, step, steps):
    """The way begins after the first step. Its first point is the start."""
    path, losses = _minimise(loss_and_gradient, params, step, steps)
    return path[1:], losses[1:]


@exercise.misconception
def only_the_end(loss_and_gradient, params, step, steps):
    """This is the end of the way only. Keep every point and every loss."""
    path, losses = _minimise(loss_and_gradient, params, step, steps)
    return path[-1], losses[-1]


@exercise.misconception
def losses_after_the_steps(loss_and_gradient, params, step, steps):
    """The losses are shifted: entry t should belong to point t, and you have that of t + 1."""
    path, losses = _minimise(loss_and_gradient, params, step, steps)
    return path, np.append(losses[1:], losses[-1])


@exercise.misconception
def one_step_too_many(loss_and_gradient, params, step, steps):
    """One step too many is taken."""
    return _minimise(loss_and_gradient, params, step, steps + 1)


@exercise.misconception
def stops_when_the_loss_rises(loss_and_gradient, params, step, steps):
    """The walk ends as soon as the loss rises. Take all the steps."""
    rises = lambda losses: len(losses) > 1 and losses[-1] > losses[-2]
    return _minimise(loss_and_gradient, params, step, steps, stop=rises)


@exercise.misconception
def stops_when_it_stalls(loss_and_gradient, params, step, steps):
    """The walk ends where the loss has not moved for some steps. Take all the steps."""
    stalls = lambda losses: len(losses) > 10 and np.ptp(losses[-10:]) < 1e-9
    return _minimise(loss_and_gradient, params, step, steps, stop=stalls)


@exercise.misconception
def every_point_is_the_end(loss_and_gradient, params, step, steps):
    """All points are the same dict, overwritten by each step. Append a new one every time."""
    path, losses = _minimise(loss_and_gradient, params, step, steps)
    return [path[-1]] * len(path), losses


@exercise.misconception
def parts_swapped(loss_and_gradient, params, step, steps):
    """Losses and path come in the wrong order: path first."""
    path, losses = _minimise(loss_and_gradient, params, step, steps)
    return losses, path


@exercise.misconception
def moves_the_start_it_was_given(loss_and_gradient, params, step, steps):
    """The way is right, but the caller's start has been moved. Work on a copy."""
    path, losses = _minimise(
        loss_and_gradient, {k: np.copy(p) for k, p in params.items()}, step, steps
    )
    for p in params.values():
        p += 1.0
    return path, losses
