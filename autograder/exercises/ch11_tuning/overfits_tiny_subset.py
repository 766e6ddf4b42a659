"""Learn twenty digits by heart."""

import numpy as np

from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "Which loss decides: the first, the smallest ever, or the one it ends with?",
        "`minimise` walks and returns (path, losses). What is left to do is to judge.",
        "It passes if the loss *after the last step* is below the target.",
    ),
)


def task(end, steps, start=3.0, waves=0.0):
    """A loss that goes from `start` to exactly `end`, whatever the gradient, by counting steps."""
    ends = np.geomspace(start, end, steps + 1)
    ends[1:-1] += waves * ends[1:-1] * (-1.0) ** np.arange(steps - 1)
    return along(ends)


def along(ends):
    """A loss that takes these values one after the other."""
    steps = len(ends) - 1

    @travels
    def loss_and_gradient(params):
        t = round(float(np.asarray(params["t"])[0]))
        return float(ends[min(max(t, 0), steps)]), {"t": np.ones(1)}

    return loss_and_gradient, {"t": np.zeros(1)}, count_up, steps


@travels
def count_up(params, grads, state):
    return {"t": np.asarray(params["t"]) + np.asarray(grads["t"])}, dict(state)


def bowl(rng, names=("W", "b")):
    """A loss of two tensors and a rule that gathers speed, so that its state matters."""
    k = {name: rng.uniform(0.5, 2, size=3) for name in names}
    start = {name: rng.uniform(1, 3, size=3) for name in names}

    @travels
    def loss_and_gradient(params):
        loss = sum(float(np.sum(k[n] * np.asarray(params[n]) ** 2)) / 2 for n in names)
        return loss, {n: k[n] * np.asarray(params[n]) for n in names}

    @travels
    def step(params, grads, state):
        old = state.get("v") or dict.fromkeys(names, 0.0)
        v = {n: 0.4 * np.asarray(old[n]) - 0.2 * np.asarray(grads[n]) for n in names}
        return {n: np.asarray(params[n]) + v[n] for n in names}, {"v": v}

    return loss_and_gradient, start, step


@travels
def slows_down(params, grads, state):
    """A rule that halves its rate at each step, in the very state that it is given."""
    state["rate"] = state.get("rate", 0.4) / 2
    return {n: params[n] - state["rate"] * grads[n] for n in params}, state


def read(answer, steps):
    """The verdict as 0 or 1 and the losses."""
    passed, losses = sequence(answer, 2)
    passed, losses = as_array(passed, "the verdict"), as_array(losses, "the losses")
    if losses.shape != (steps + 1,):
        raise Failed(f"{steps} steps gave losses of shape {losses.shape}, expected ({steps + 1},)")
    if passed.ndim or passed not in (0, 1):
        raise Failed(f"the verdict is {passed}, expected True or False")
    return int(passed), losses


def compare(f, reference, arguments, steps):
    passed, losses = read(f(*arguments), steps)
    expected, right = reference(*arguments)
    agree(losses, right, rtol=1e-9, what="the losses")
    agree(passed, int(expected), what=f"the verdict on a last loss of {right[-1]:.3g}")


@exercise.observe
def what_it_does(f):
    seen = []
    rng = np.random.default_rng(4)
    tasks = [(*task(0.02, 6), 0.021), (*task(0.02, 6), 0.019), (*task(0.0099, 500),)[:3]]
    tasks += [(*task(0.03, 5), 0.03), (*task(2.0, 4, start=0.001), 0.01), (*bowl(rng), 4, 0.5)]
    tasks += [(*along(np.array([2.0, *[0.5] * 12, 0.001])), 0.01)]
    tasks += [(*task(0.5, 8, waves=0.9), 0.2), (*task(0.0099, 5),), (*task(0.0101, 5),)]
    for arguments in tasks:
        reply = f.reply(*arguments)
        if reply.error is not None:
            return [{"raised": reply.error.kind}]
        if reply.value is None:
            return [{"value": None}]
        try:
            unchanged(f, *arguments) if len(seen) == 5 else None
            seen.append([reply.value, True])
        except (Failed, LearnerError):
            seen.append([reply.value, False])
    return seen


@exercise.probe
def six_steps(rng):
    return (*task(0.02, 6), 0.021)


@exercise.check
def worked_example(f):
    """A loss that halves from 8 to 1 in three steps passes a target of 2, but not one of ½."""
    for target, expected in [(2.0, 1), (0.5, 0)]:
        passed, losses = read(f(*task(1.0, 3, start=8.0), target), 3)
        agree(losses, [8.0, 4.0, 2.0, 1.0], what="the losses")
        agree(passed, expected, what=f"the verdict for a target of {target}")


@exercise.check
def where_it_ends(f):
    """A loss that rises from 0.001 to 1 has not passed a target of 0.01, low as it once was."""
    passed, losses = read(f(*task(1.0, 3, start=0.001), 0.01), 3)
    agree(losses, [0.001, 0.01, 0.1, 1.0], what="the losses")
    agree(passed, 0, what="the verdict on a last loss of 1")


@exercise.check
def hands_on_the_state(f):
    """A rule that halves its rate takes w from 1 to 0.8, 0.72 and 0.684; the loss is w²/2."""
    half_square = travels(lambda p: (float(np.sum(p["w"] ** 2)) / 2, {"w": 1.0 * p["w"]}))
    _, losses = read(f(half_square, {"w": np.ones(1)}, slows_down, 3, 0.01), 3)
    agree(losses, [0.5, 0.32, 0.2592, 0.233928], what="the losses")


@exercise.check
def five_hundred_steps(f):
    """Without `steps` and `target` takes 500 steps and asks for a loss below 0.01."""
    passed, _ = read(f(*task(0.0099, 500)[:3]), 500)
    agree(passed, 1, what="the verdict on a last loss of 0.0099")


@exercise.check(points=2)
def verdict_and_losses(f, reference, rng):
    """Judges by the last loss, near the target on both sides, and returns all losses."""
    for steps in (1, 2, 7, 13):
        target = float(rng.uniform(0.001, 0.5))
        for share in (0.99, 1.01, 0.1, 10.0):
            compare(f, reference, (*task(share * target, steps), target), steps)
    for start, end in [(0.005, 0.005), (-0.5, -1.0)]:
        compare(f, reference, (*task(end, 3, start=start), 0.01), 3)


@exercise.check(points=1, after=verdict_and_losses)
def the_last_counts(f, reference, rng):
    """A loss that touched zero on its way and rose again has not passed; one on target neither."""
    for start, end in [(1e-4, 1.0), (1e-3, 2.0)]:
        compare(f, reference, (*task(end, 5, start=start), 0.01), 5)
    compare(f, reference, (*task(0.25, 2, start=1.0), 0.25), 2)
    compare(f, reference, (*task(0.5, 8, waves=0.9), 0.2), 8)
    compare(f, reference, (*task(0.01, 8, waves=0.9), 0.02), 8)


@exercise.check(points=1, after=verdict_and_losses)
def takes_all_its_steps(f, reference, rng):
    """Goes on where the loss stands still for long: it may fall again, or rise."""
    for last in (1e-3, 1.0):
        rests = np.concatenate([[2.0], np.full(int(rng.integers(40, 60)), 0.5), [last]])
        compare(f, reference, (*along(rests), 0.01), len(rests) - 1)
    zeros = np.concatenate([[1.0], np.zeros(30), [0.02]])
    compare(f, reference, (*along(zeros), 0.01), 31)


@exercise.check(points=1, after=verdict_and_losses)
def with_memory(f, reference, rng):
    """Walks right with a rule that remembers, also where the loss rises or becomes NaN."""
    for steps, target in [(4, 0.5), (12, 0.3), (9, 1e-9)]:
        compare(f, reference, (*bowl(rng), steps, target), steps)
    loss, start, _ = bowl(rng)
    away = travels(lambda p, g, s: ({n: np.asarray(p[n]) + np.asarray(g[n]) for n in p}, dict(s)))
    compare(f, reference, (loss, start, away, 5, 0.01), 5)
    for _ in range(2):  # the second training starts afresh
        compare(f, reference, (loss, start, slows_down, 3, 0.01), 3)
    breaks = travels(lambda p, g, s: ({n: np.asarray(p[n]) * np.nan for n in p}, dict(s)))
    for target in (0.01, 1e6):  # what the loss was before it became NaN does not count
        compare(f, reference, (loss, start, breaks, 3, target), 3)


@exercise.check(points=1, after=verdict_and_losses)
def defaults(f, reference, rng):
    """Without steps and target takes 500 steps and asks for a loss below 0.01; 0 is not without."""
    for end in (0.0099, 0.0101):
        compare(f, reference, task(end, 6), 6)
    compare(f, reference, task(0.0099, 500)[:3], 500)
    for steps, target in [(0, 0.01), (2, 0.0)]:  # an error is fine
        reply = f.reply(*task(0.005, 2, start=0.005)[:3], steps, target)
        if reply.error is None:
            agree(read(reply.value, steps)[0], int(target > 0), what=f"the verdict for {target}")


@exercise.check(points=1, after=verdict_and_losses)
def leaves_the_start_alone(f, rng):
    """Leaves the parameters at the start as they were."""
    unchanged(f, *bowl(rng), 3, 0.5)


@exercise.variant
def own_loop(loss_and_gradient, params, step, steps=500, target=0.01):
    losses, state = [], {}
    for taken in range(steps + 1):
        loss, grads = loss_and_gradient(params)
        losses.append(loss)
        if taken < steps:
            params, state = step(params, grads, state)
    return losses[-1] < target, losses


@exercise.variant
def loss_asked_for_twice(loss_and_gradient, params, step, steps=500, target=0.01):
    here, state, losses = dict(params), {}, np.empty(steps + 1)
    for t in range(steps):
        losses[t] = loss_and_gradient(here)[0]
        here, state = step(here, loss_and_gradient(here)[1], state)
    losses[steps] = loss_and_gradient(here)[0]
    return [np.bool_(not losses[steps] >= target and losses[steps] == losses[steps]), losses]


def walk(loss_and_gradient, params, step, steps, remember=True):
    losses, state = [], {}
    for _ in range(steps):
        loss, grads = loss_and_gradient(params)
        losses.append(loss)
        params, new = step(params, grads, state)
        state = new if remember else {}
    return np.array([*losses, loss_and_gradient(params)[0]])


@exercise.misconception
def judges_the_smallest(loss_and_gradient, params, step, steps=500, target=0.01):
    """A curve passes if it was low *once*. Does it count if it bounced back?"""
    losses = walk(loss_and_gradient, params, step, steps)
    return losses.min() < target, losses


@exercise.misconception
def judges_the_fall(loss_and_gradient, params, step, steps=500, target=0.01):
    """Falling is not enough: the loss has to reach the target."""
    losses = walk(loss_and_gradient, params, step, steps)
    return losses[-1] < losses[0], losses


@exercise.misconception
def wrong_way_round(loss_and_gradient, params, step, steps=500, target=0.01):
    """The verdict is upside down: passed means that the last loss is *below* the target."""
    losses = walk(loss_and_gradient, params, step, steps)
    return losses[-1] > target, losses


@exercise.misconception
def judges_the_mean(loss_and_gradient, params, step, steps=500, target=0.01):
    """The mean of all losses is judged; it never gets to zero. Which loss matters?"""
    losses = walk(loss_and_gradient, params, step, steps)
    return losses.mean() < target, losses


@exercise.misconception
def last_loss_missing(loss_and_gradient, params, step, steps=500, target=0.01):
    """The loss after the last step is missing: so many steps have one more loss."""
    losses = walk(loss_and_gradient, params, step, steps)[:-1]
    return losses[-1] < target, losses


@exercise.misconception
def target_ignored(loss_and_gradient, params, step, steps=500, target=0.01):
    """The loss is always compared with 0.01, whatever target is handed in."""
    losses = walk(loss_and_gradient, params, step, steps)
    return losses[-1] < 0.01, losses


@exercise.misconception
def stops_when_it_is_there(loss_and_gradient, params, step, steps=500, target=0.01):
    """The curve ends where it reaches the target; all steps + 1 losses are wanted."""
    losses = walk(loss_and_gradient, params, step, steps)
    below = np.flatnonzero(losses < target)
    losses = losses[: below[0] + 1] if len(below) else losses
    return losses[-1] < target, losses


@exercise.misconception
def stops_when_it_stalls(loss_and_gradient, params, step, steps=500, target=0.01):
    """The walk ends where the loss has not moved for some steps. It may fall again: go on."""
    losses = walk(loss_and_gradient, params, step, steps)
    for k in range(10, len(losses)):
        if np.ptp(losses[k - 10 : k + 1]) < 1e-9:
            losses = losses[: k + 1]
            break
    return losses[-1] < target, losses


@exercise.misconception
def only_the_verdict(loss_and_gradient, params, step, steps=500, target=0.01):
    """Only the verdict comes back; the losses are wanted, too."""
    return walk(loss_and_gradient, params, step, steps)[-1] < target


@exercise.misconception
def forgets_the_state(loss_and_gradient, params, step, steps=500, target=0.01):
    """Every step gets an empty state, so a rule with a memory forgets. Hand on what it returned."""
    losses = walk(loss_and_gradient, params, step, steps, remember=False)
    return losses[-1] < target, losses


@exercise.misconception
def ten_times_fewer_steps(loss_and_gradient, params, step, steps=50, target=0.01):
    """Without `steps`, another number of steps is taken than the contract says."""
    losses = walk(loss_and_gradient, params, step, steps)
    return losses[-1] < target, losses
