"""What every step rule must obey, for the hidden checks: this file is not in the student's kit."""

import numpy as np

from autograder.exercises.ch09_optimizers import stepping
from autograder.judging.calls import LearnerError, LearnerGone
from autograder.judging.compare import ROUNDED, agree, as_array


def pausing(rng, draw, scale=1.0):
    """Steps between which all slopes are 0 for two, and then some of them."""
    before, pause, between, after = (
        stepping.legs(rng, draw, 2, s) for s in (scale, 0.0, scale, scale)
    )
    for grads, *_ in between:
        for g in grads.values():
            g[rng.random(g.shape) < 0.5] = 0.0
    return [*before, *pause, *between, *after]


def last_state(f, params, legs):
    """The state after the last step."""
    return stepping.steps(f, params, legs, {})[-1][1]


def agree_paths(got, expected, what="the parameters"):
    """Compare two walks to nine digits of the largest number in the second, or as many as a walk
    in single precision has."""
    scale = max(np.abs(tensor).max() for point in expected for tensor in point.values())
    for step, (one, other) in enumerate(zip(got, expected, strict=True), 1):
        where = f"{what} after step {step}"
        single = any(as_array(tensor, where).dtype == np.float32 for tensor in one.values())
        agree(one, other, rtol=1e-9, atol=(ROUNDED if single else 1e-9) * scale, what=where)


def moves(path, start):
    """What each step added."""
    points = [start, *path]
    pairs = zip(points[1:], points[:-1], strict=True)
    return [{k: as_array(new[k]) - as_array(old[k]) for k in old} for new, old in pairs]


def constant_gradient(f, g, steps, *options):
    """The moves of one weight under a gradient that never changes."""
    start = {"w": np.zeros(1)}
    path = stepping.walk(f, start, [({"w": np.array([g])}, *options)] * steps)
    points = np.array([0.0, *(as_array(point["w"])[0] for point in path)])
    return np.diff(points)


def each_alone(f, params, legs):
    """Raise `Failed` unless each tensor moves as if it were the only one."""
    together = stepping.walk(f, params, legs)
    for name in params:
        mine = [({name: grads[name]}, *options) for grads, *options in legs]
        path = stepping.walk(f, {name: params[name]}, mine)
        agree_paths([{name: p[name]} for p in together], path, "the parameters, next to others,")


def in_turn(f, one, other, legs):
    """Raise `Failed` unless two models trained in turn move as if each were trained alone."""
    expected = stepping.walk(f, one, legs), stepping.walk(f, other, legs)
    twice = [leg for leg in legs for _ in (one, other)]
    starts = [(one, {}), (other, {}), *stepping.before(len(twice) - 2)]
    path = [after for after, _ in stepping.chained(f, starts, twice)]
    for k in (0, 1):
        what = f"the parameters of model {k + 1} of 2, trained in turn,"
        agree_paths(path[k::2], expected[k], what)


def whole_numbers(f, reference, start, *walks):
    """Raise `Failed` if whole numbers are rounded on the way. An error is no silent mistake."""
    for legs in walks:
        try:
            path = stepping.walk(f, start, legs)
        except LearnerGone:
            raise
        except LearnerError:
            continue
        expected = stepping.walk(reference, start, legs)
        agree_paths(path, expected, "the parameters, whole at the start,")


def integers(rng, draw):
    """A start of whole numbers, and two walks: with whole slopes, two of them 0, and fractions."""
    shapes = {"W": (3, 2), "U": (2,)}
    start = {name: rng.integers(-5, 6, size=shape) for name, shape in shapes.items()}
    slopes = [{name: rng.integers(-9, 10, size=s) for name, s in shapes.items()} for _ in range(3)]
    for grads in slopes:
        grads["W"][0] = 0
    fractions = [{name: g / 7 for name, g in grads.items()} for grads in slopes]
    return start, *([(grads, *draw(rng)) for grads in some] for some in (slopes, fractions))
