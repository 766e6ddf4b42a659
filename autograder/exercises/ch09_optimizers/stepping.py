"""Walks with a learner's step rule: what it returned is handed to its next call, state and all."""

from collections.abc import Mapping

from autograder.judging.calls import Returned
from autograder.judging.compare import Failed, describe, same, sequence
from autograder.judging.learner import LearnerFunction, LocalFunction, changeable
from autograder.judging.purity import unchanged

SHAPES = {"W": (5, 3), "U": (5, 3), "b": (7,), "s": (1,), "K": (2, 3, 2)}
"""Two tensors of one shape among others: what leaks from one to the other raises no error."""


def tensors(rng, scale=1.0, shapes=SHAPES):
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def gradients(rng, scale=1.0, shapes=SHAPES):
    """Like `tensors`, with the names in another order: a dict is asked by name."""
    return dict(reversed(tensors(rng, scale, shapes).items()))


def legs(rng, draw, steps=4, scale=1.0, shapes=SHAPES):
    """Gradients and hyper-parameters of several steps; `draw(rng)` gives the latter."""
    return [(gradients(rng, scale, shapes), *draw(rng)) for _ in range(steps)]


def parts(value, params):
    """The new parameters and state, or `Failed` if the answer has another form."""
    after, state = sequence(value, 2, "the result")
    if not isinstance(after, Mapping) or set(after) != set(params):
        names = ", ".join(params)
        raise Failed(f"the parameters are {describe(after)}, expected a dict of {names}")
    if not isinstance(state, Mapping):
        raise Failed(f"the state is {describe(state)}, expected a dict")
    return after, state


def walk(f, params, legs, state=None):
    """The parameters after every step."""
    return [after for after, _ in steps(f, params, legs, {} if state is None else state)]


def steps(f, params, legs, state):
    """Parameters and state after every step: one batch, each call goes on from the one before."""
    return chained(f, [(params, state), *before(len(legs) - 1)], legs)


def before(calls):
    """Where so many calls have led to, as a later call of the batch can start from it."""
    return [(Returned(k, 0), Returned(k, 1)) for k in range(calls)]


def chained(f, starts, legs):
    """Parameters and state that each call gave, or `Failed` for the first that gave no such."""
    pairs = zip(starts, legs, strict=True)
    calls = [(params, g, state, *options) for (params, state), (g, *options) in pairs]
    learner = f if isinstance(f, LearnerFunction) else LocalFunction(f)
    found = []
    for reply in learner.replies(calls):
        if reply.error is not None:
            raise reply.error
        found.append(parts(reply.value, starts[0][0]))
    return found


def observed(f, params, legs):
    """What diagnosis looks at: every point of a walk, and whether arguments stayed as they were."""
    seen, state = [], {}
    for grads, *options in legs:
        arguments = (params, grads, state, *options)
        reply = f.reply(*arguments)
        if reply.error is not None:
            return [*seen, {"raised": reply.error.kind}]
        try:
            after, state = parts(reply.value, params)
        except Failed as failure:
            return [*seen, {"value": None} if reply.value is None else failure.message]
        kept = [
            same(now, before, rtol=0, atol=0) and same(before, now, rtol=0, atol=0)
            for before, now in zip(arguments, reply.args_after, strict=True)
            if not changeable(before)
        ]
        seen.append({"params": after, "kept": kept})
        params = after
    return seen


def leaves_alone(f, params, given, *options):
    """Raise `Failed` if the first step, or the next one from its state, changes what it was given.

    (Students have this.)
    """
    unchanged(f, params, given, {}, *options)
    _, state = parts(f(params, given, {}, *options), params)
    unchanged(f, params, given, dict(state), *options)
