"""How many places has a window?"""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import places_of
from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "A window of 3 on a line of 5: where can its first pixel stand?",
        "With a stride of 2 only every second of those places counts; the rest is ignored.",
        "(size + 2 · padding − kernel) / stride + 1, rounded down: whole division drops the rest.",
    ),
)


def told(f, calls):
    """Raise `Failed` at the first size that is not the number of places, counted."""
    for asked, answer in zip(calls, f.many(calls), strict=True):
        size, kernel, stride, padding = asked if len(asked) == 4 else (*asked, 1, 0)
        if isinstance(answer, np.ndarray) and answer.ndim == 0:
            answer = answer.item()
        whole = isinstance(answer, int | np.integer) and not isinstance(answer, bool)
        if not whole:
            raise Failed(f"the answer is {answer!r:.60}, expected a whole number (an int)")
        right = places_of(size, kernel, stride, padding)
        if answer != right:
            case = f"a window of {kernel} on {size} pixels, stride {stride}, padding {padding}"
            raise Failed(f"{case}: it says {answer}, expected {right}")


@exercise.probe
def plain(rng):
    return int(rng.integers(9, 30)), int(rng.integers(2, 6)), 1, 0


@exercise.probe
def strided(rng):
    return 17, 4, 3, 0


@exercise.probe
def padded(rng):
    return 11, 5, 1, 2


@exercise.probe
def both(rng):
    return 12, 3, 2, 1


@exercise.probe
def rest(rng):
    return 10, 3, 4, 1


@exercise.probe
def by_default(rng):
    return 14, 5


@exercise.check
def worked_example(f):
    """A window of 3 on 5 pixels has 3 places, with padding 1 it has 5, with stride 2 it has 2."""
    told(f, [(5, 3), (5, 3, 1, 1), (5, 3, 2, 0)])


@exercise.check
def what_is_left_over(f):
    """A window of 3 on 8 pixels with stride 2 has 3 places; with padding 1 it has 4."""
    told(f, [(8, 3, 2, 0), (8, 3, 2, 1), (10, 3, 4, 1)])


@exercise.check(points=2)
def many_sizes(f, rng):
    """Counts the places for any sizes, strides and paddings."""
    calls = []
    for _ in range(60):
        size = int(rng.integers(5, 40))
        calls.append(
            (size, int(rng.integers(1, 6)), int(rng.integers(1, 6)), int(rng.integers(0, 4)))
        )
    told(f, calls)


@exercise.check(points=1, after=many_sizes)
def defaults(f, rng):
    """Without stride and padding they are 1 and 0."""
    told(f, [(int(rng.integers(7, 30)), int(rng.integers(2, 6))) for _ in range(5)])


@exercise.check(points=1, after=many_sizes)
def edges(f, rng):
    """A window as large as the line has one place; a window of 1 sees every pixel."""
    size = int(rng.integers(4, 20))
    calls = [
        (size, size, int(rng.integers(1, 6)), 0),
        (size, 1, 1, 0),
        (size, size + 2, 1, 1),
        (1, 1, 3, 0),
    ]
    told(f, [calls[k] for k in rng.permutation(len(calls))])


@exercise.variant
def by_counting(size, kernel, stride=1, padding=0):
    return len(range(0, size + 2 * padding - kernel + 1, stride))


@exercise.variant
def with_math(size, kernel, stride=1, padding=0):
    return int(np.floor((size - kernel + 2 * padding) / stride)) + 1


@exercise.misconception
def plus_one_forgotten(size, kernel, stride=1, padding=0):
    """A window as large as the line has one place, not none: add the first one."""
    return (size + 2 * padding - kernel) // stride


@exercise.misconception
def padding_on_one_side(size, kernel, stride=1, padding=0):
    """Zeros are added at both ends, so the padding counts twice."""
    return (size + padding - kernel) // stride + 1


@exercise.misconception
def stride_forgotten(size, kernel, stride=1, padding=0):
    """Every place is counted. With a stride of 2 only every second one is used."""
    return size + 2 * padding - kernel + 1


@exercise.misconception
def padding_forgotten(size, kernel, stride=1, padding=0):
    """The padding makes the line longer: where is it?"""
    return (size - kernel) // stride + 1


@exercise.misconception(keeps=0.5)
def rounded_up(size, kernel, stride=1, padding=0):
    """The window hangs over the edge at its last place: what is left over is ignored."""
    return -(-(size + 2 * padding - kernel) // stride) + 1


@exercise.misconception
def one_added_before_dividing(size, kernel, stride=1, padding=0):
    """The 1 is divided by the stride as well: it counts the first place, add it at the end."""
    return (size + 2 * padding - kernel + 1) // stride


@exercise.misconception
def pooling_only(size, kernel, stride=1, padding=0):
    """size / stride is right for windows that lie side by side only."""
    return (size + 2 * padding) // stride


@exercise.misconception
def kernel_ignored(size, kernel, stride=1, padding=0):
    """The length of the window does not matter here. A longer one has fewer places."""
    return (size + 2 * padding - 1) // stride + 1


@exercise.misconception
def rounded(size, kernel, stride=1, padding=0):
    """Rounds to the nearest: a window that does not fit whole has no place."""
    return round((size + 2 * padding - kernel) / stride) + 1


@exercise.misconception
def windows_side_by_side(size, kernel, stride=1, padding=0):
    """Counts windows that do not overlap; the next begins `stride` further."""
    return (size + 2 * padding) // kernel


@exercise.misconception
def only_the_stride_counts(size, kernel, stride=1, padding=0):
    """Divides the size by the stride, as if padding made up for the window."""
    return -(-size // stride)
