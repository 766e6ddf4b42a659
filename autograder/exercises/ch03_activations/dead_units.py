"""Dead or only silent?"""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise, seeded
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "A unit is silent for a whole batch. Is it dead? Who could prove the opposite?",
        "`any` along the examples says who fired in one batch; collect that over all batches.",
        "A unit is dead if its output is above 0 for no example of no batch.",
    ),
)


def silent_batches(rng, rows, units):
    """ReLU outputs of which some units are silent in some batches, and some in all of them."""
    pre = [rng.normal(size=(n, units)) for n in rows]
    dead = rng.permutation(np.arange(units) % 5 == 3)
    silent = rng.random(size=(len(rows), units)) < 0.6
    silent[rng.integers(len(rows), size=units), np.arange(units)] = False
    for z, mute in zip(pre, silent, strict=True):
        z[0] = np.abs(z[0])  # who is not silent fires at least once
        z[:, dead | mute] = -1
    return [np.maximum(z, 0) for z in pre]


@exercise.probe
def three_batches(rng):
    return (silent_batches(rng, (5, 2, 7), 23),)


@exercise.probe
def one_batch(rng):
    return (silent_batches(rng, (7,), 11),)


@exercise.probe
def single_examples(rng):
    return (silent_batches(rng, (1, 1, 1, 1), 13),)


@exercise.probe
def whispers(rng):
    """One unit fires for one example in the middle, one very softly, and one is dead."""
    a = np.zeros((4, 3))
    a[2, 0], a[1, 1] = 5.0, 1e-12
    return ([np.zeros((2, 3)), a, np.zeros((3, 3))],)


def is_dead(got, expected, when=""):
    """Compare as 0 and 1, whichever of these and True and False the answer uses."""
    agree(got, np.asarray(expected).astype(int), what=f"dead {when}".strip())


@exercise.observe
def outcomes(f):
    calls = [p(seeded(n, p.__name__)) for p in exercise.probes for n in range(2)]
    return [seen(reply) for reply in f.replies(calls)]


def seen(reply):
    if reply.error is not None:
        return {"raised": reply.error.kind}
    value = reply.value
    boolean = isinstance(value, np.ndarray) and value.dtype == bool
    return {"value": value.astype(int) if boolean else value, "arguments": reply.args_after}


@exercise.check
def worked_example(f):
    """Of three units one fires in the first batch and one in the second: only the last is dead."""
    batches = [np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]), np.array([[0.0, 0.1, 0.0]])]
    is_dead(f(batches), np.array([False, False, True]))


@exercise.check
def silent_in_one(f):
    """With the first batch alone, two of them look dead."""
    is_dead(f([np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])]), np.array([False, True, True]))


@exercise.check(points=2)
def random_batches(f, reference, rng):
    """Finds the dead units in one or several batches of different sizes."""
    sizes = [((5, 2, 7), 23), ((7,), 23), ((1, 1, 1, 1), 23), ((3, 3), 23), ((2, 5), 4), ((3,), 1)]
    for i in rng.permutation(len(sizes)):
        rows, units = sizes[i]
        batches = silent_batches(rng, rows, units)
        is_dead(f(batches), reference(batches))


@exercise.check(points=1, after=random_batches)
def once_is_enough(f, reference, rng):
    """A unit is alive if it fires once, however softly, in whichever batch."""
    (batches,) = whispers(rng)
    is_dead(f(batches), reference(batches))
    for position in rng.permutation(3):
        batches = [np.zeros((n, 4)) for n in (3, 1, 2)]
        batches[position][-1, position] = 1e-3
        is_dead(f(batches), np.arange(4) != position)
    seldom, unit = np.zeros((4999, 3)), rng.integers(3)
    seldom[rng.integers(4999), unit] = 2.0
    is_dead(f([seldom]), np.arange(3) != unit)
    constant = rng.permutation([0.0, 2.0, 0.0, 1e-3])[None]
    for batches in ([constant], [constant, constant], [np.repeat(constant, 3, axis=0)]):
        is_dead(f(batches), constant[0] == 0)


@exercise.check(points=1, after=random_batches)
def laws(f, rng):
    """The order of batches and examples does not matter, nor how they are cut into batches."""
    (batches,) = three_batches(rng)
    dead = f(batches)
    is_dead(f(batches[::-1]), dead, "with the batches in another order")
    is_dead(f([a[::-1] for a in batches]), dead, "with the examples in another order")
    is_dead(f([np.vstack(batches)]), dead, "with all examples in one batch")
    is_dead(f([1000 * a for a in batches]), dead, "with outputs a thousand times larger")
    is_dead(f([a[:, ::-1] for a in batches]), np.asarray(dead)[::-1], "with the units reversed")


@exercise.check(points=1, after=random_batches)
def all_or_none(f, rng):
    """Can say that all are dead or that none is."""
    for dead in rng.permutation([True, True, False, False, bool(rng.integers(2))]):
        firing = rng.uniform(1, 2, size=(3, 5)) * (not dead)
        is_dead(f([firing, np.zeros((2, 5))]), np.full(5, dead))


@exercise.check(points=1, after=random_batches)
def leaves_inputs_alone(f, rng):
    """Leaves the batches as they were."""
    unchanged(f, *three_batches(rng))


@exercise.variant
def all_examples_in_one_array(batches):
    return np.concatenate(batches).max(axis=0) == 0


@exercise.variant
def counting_spikes(batches):
    spikes = np.zeros(batches[0].shape[1], dtype=int)
    for a in batches:
        spikes += np.count_nonzero(a > 0, axis=0)
    return [bool(count == 0) for count in spikes]


@exercise.variant
def silent_everywhere(batches):
    dead = True
    for a in batches:
        dead = dead & np.all(a <= 0, axis=0)
    return dead


def _silent(batches):
    """Who is silent in which batch."""
    return np.array([(a <= 0).all(axis=0) for a in batches])


@exercise.misconception
def first_batch_only(batches):
    """Only the first batch is looked at. A unit may have nothing to say to that one."""
    return _silent(batches)[0]


@exercise.misconception
def last_batch_only(batches):
    """Only the last batch is looked at: is something overwritten in your loop?"""
    return _silent(batches)[-1]


@exercise.misconception
def silent_in_some_batch(batches):
    """Silent in one batch is enough for you. Dead is who is silent in all of them."""
    return _silent(batches).any(axis=0)


@exercise.misconception
def silent_for_some_example(batches):
    """Silent for one example is enough for you. Every unit is silent now and then."""
    return np.any([(a <= 0).any(axis=0) for a in batches], axis=0)


@exercise.misconception
def who_is_alive(batches):
    """This says who is alive. The dead are asked for."""
    return ~_silent(batches).all(axis=0)


@exercise.misconception
def their_numbers(batches):
    """These are the numbers of the dead units. Return True or False for every unit."""
    return np.flatnonzero(_silent(batches).all(axis=0))


@exercise.misconception
def their_share(batches):
    """This is the share of the dead. Which ones are they?"""
    return float(_silent(batches).all(axis=0).mean())


@exercise.misconception
def deaf_to_whispers(batches):
    """Outputs below a threshold count as silence here. Anything above 0 is firing."""
    return np.all([(a < 1e-6).all(axis=0) for a in batches], axis=0)


@exercise.misconception
def silent_on_average(batches):
    """Units that fire seldom are counted as dead. Once is enough to be alive."""
    return np.concatenate(batches).mean(axis=0) < 0.1


@exercise.misconception
def examples_instead_of_units(batches):
    """You look along the rows: this says for which examples nobody fires."""
    return np.concatenate([(a <= 0).all(axis=1) for a in batches])


@exercise.misconception
def batches_of_equal_size(batches):
    """Stacking needs batches of one size, and the last one is often smaller."""
    return ~(np.stack(batches) > 0).any(axis=(0, 1))
