"""How much to keep, how much to train."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "With few examples, what happens if many weights may move? And of which layers do you "
        "doubt that a different task can use them?",
        "Four cases: few or many examples, similar or different. Few examples train nothing but "
        "the head.",
        r"Half of $L$ layers, rounded up, is $\lceil L/2 \rceil$, in whole numbers. Many begin at "
        r"`enough` itself.",
    ),
)


@exercise.probe
def few_and_similar(rng):
    return 7, 30, 200, True


@exercise.probe
def few_and_different(rng):
    return 7, 30, 200, False


@exercise.probe
def many_and_similar(rng):
    return 7, 900, 200, True


@exercise.probe
def many_and_different(rng):
    return 7, 900, 200, False


@exercise.probe
def just_enough(rng):
    return 6, 200, 200, True


@exercise.probe
def one_layer(rng):
    return 1, 30, 200, False


@exercise.check
def few_examples(f):
    """Of 6 layers and few examples: use 6 if the task is similar, 3 if not, and train none."""
    agree(f(6, 20, 1000, True), (6, 0), what="(used, trained) for a similar task")
    agree(f(6, 20, 1000, False), (3, 0), what="(used, trained) for a different task")


@exercise.check
def many_examples(f):
    """With many examples all 6 are used; train 3 if the task is similar, all if not."""
    agree(f(6, 5000, 1000, True), (6, 3), what="(used, trained) for a similar task")
    agree(f(6, 5000, 1000, False), (6, 6), what="(used, trained) for a different task")


@exercise.check
def odd_layers_and_the_border(f):
    """Half of 5 layers is 3; exactly `enough` examples are many."""
    agree(f(5, 999, 1000, False), (3, 0), what="(used, trained) with one example too few")
    agree(f(5, 1000, 1000, True), (5, 3), what="(used, trained) with exactly enough")


def cases(rng, layers, few):
    """The four cases in any order, sizes far from the border."""
    enough = int(rng.integers(100, 5000))
    examples = enough // 3 if few else 4 * enough
    return [(layers, examples, enough, bool(similar)) for similar in rng.permutation([0, 1])]


@exercise.check(points=2)
def clear_cases(f, reference, rng):
    """Decides the four clear cases, for networks with an even number of layers."""
    for layers in (2 * rng.permutation(np.arange(1, 8))[:4]).tolist():
        for few in rng.permutation([0, 1]):
            for case in cases(rng, layers, few):
                agree(f(*case), reference(*case), what="(used, trained)")


@exercise.check(points=1, after=clear_cases)
def odd_numbers_of_layers(f, reference, rng):
    """Rounds half of the layers up, also where there is one layer only."""
    for layers in (1, *(2 * rng.permutation(np.arange(1, 8))[:4] + 1).tolist()):
        for few in (0, 1):
            for case in cases(rng, layers, few):
                agree(f(*case), reference(*case), what="(used, trained)")


@exercise.check(points=1, after=clear_cases)
def at_the_border(f, reference, rng):
    """From `enough` examples on they are many, and one fewer is few."""
    for layers in rng.permutation([2, 4, 6]).tolist():
        enough = int(rng.integers(2, 900))
        for examples in (enough, enough - 1, enough + 1):
            for similar in (True, False):
                case = layers, examples, enough, similar
                agree(f(*case), reference(*case), what="(used, trained)")


@exercise.variant
def by_a_table(layers, examples, enough, similar):
    half = -(-layers // 2)
    table = {
        (False, True): (layers, 0),
        (False, False): (half, 0),
        (True, True): (layers, half),
        (True, False): (layers, layers),
    }
    return table[examples >= enough, bool(similar)]


@exercise.variant
def with_a_ceiling(layers, examples, enough, similar):
    half = int(np.ceil(layers / 2))
    many = not examples < enough
    used = half if not many and not similar else layers
    return [used, many * (half if similar else layers)]


@exercise.misconception
def few_examples_train_everything(layers, examples, enough, similar):
    """With few examples many layers are trained: they would learn those few by heart."""
    half = (layers + 1) // 2
    if examples < enough:
        return layers, half if similar else layers
    return layers, 0


@exercise.misconception(keeps=1 / 3)
def different_tasks_keep_the_top(layers, examples, enough, similar):
    """A different task with few examples gets the top features, which are the most special ones."""
    half = (layers + 1) // 2
    if examples < enough:
        return layers, 0
    return layers, half if similar else layers


@exercise.misconception
def similar_and_different_swapped(layers, examples, enough, similar):
    """Similar and different are swapped: the stranger the task, the more has to change."""
    half = (layers + 1) // 2
    if examples < enough:
        return half if similar else layers, 0
    return layers, layers if similar else half


@exercise.misconception(keeps=0.5)
def half_rounded_down(layers, examples, enough, similar):
    """Half of an odd number of layers is rounded down: of one layer nothing would be left."""
    half = layers // 2
    if examples < enough:
        return layers if similar else half, 0
    return layers, half if similar else layers


@exercise.misconception(keeps=0.5)
def exactly_enough_is_few(layers, examples, enough, similar):
    """Exactly `enough` examples count as few. From there on they are many."""
    half = (layers + 1) // 2
    if examples <= enough:
        return layers if similar else half, 0
    return layers, half if similar else layers


@exercise.misconception(keeps=0.5)
def trained_before_used(layers, examples, enough, similar):
    """The two numbers come in the wrong order: first how many are used, then how many learn."""
    half = (layers + 1) // 2
    if examples < enough:
        return 0, layers if similar else half
    return half if similar else layers, layers


@exercise.misconception
def the_head_counted_too(layers, examples, enough, similar):
    """The head is counted among the trained layers. It is always trained, and not counted."""
    half = (layers + 1) // 2
    if examples < enough:
        return layers if similar else half, 1
    return layers, (half if similar else layers) + 1


@exercise.misconception
def similarity_is_ignored(layers, examples, enough, similar):
    """Whether the tasks are similar makes no difference here."""
    return layers, 0 if examples < enough else layers


@exercise.misconception
def the_frozen_are_counted(layers, examples, enough, similar):
    """Counts the frozen layers where those that are trained are asked for."""
    half = -(-layers // 2)
    if examples >= enough:
        return (layers, layers - half) if similar else (layers, 0)
    return (layers, layers) if similar else (half, half)


@exercise.misconception
def half_to_the_nearest_even(layers, examples, enough, similar):
    """round(2.5) is 2 in Python: half of 5 layers, rounded up, is 3."""
    half = round(layers / 2)
    if examples >= enough:
        return (layers, half) if similar else (layers, layers)
    return (layers, 0) if similar else (half, 0)


@exercise.misconception
def never_all_of_them(layers, examples, enough, similar):
    """Uses and trains only half for a different task, though there are enough examples for all."""
    half = -(-layers // 2)
    if examples >= enough:
        return (layers, half) if similar else (half, half)
    return (layers, 0) if similar else (half, 0)
