"""The error goes to the winner."""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import pooled_back
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    core=True,
    needs=("max_pool_by_loops",),
    hints=(
        "If a pixel that is not the largest of its window is nudged, what happens to the output?",
        "`np.unravel_index(block.argmax(), block.shape)` says where in its window the largest is.",
        "dx[n, c, top + i, left + j] grows by dout[n, c, p, q], with the maximum at (i, j).",
    ),
)


@exercise.probe
def side_by_side(rng):
    return pooled_back(rng)


@exercise.probe
def overlapping(rng):
    return pooled_back(rng, h=6, w=9, size=3, stride=1)


@exercise.probe
def with_gaps(rng):
    return pooled_back(rng, n=1, h=8, w=7, size=2, stride=3)


@exercise.probe
def all_equal(rng):
    return rng.normal(size=(1, 2, 2, 2)), np.full((1, 2, 4, 4), 3.0), 2, 2


@exercise.probe
def some_equal(rng):
    return rng.normal(size=(2, 1, 3, 3)), rng.integers(0, 3, size=(2, 1, 4, 4)) * 1.0, 2, 1


def image(*rows):
    return np.array(rows, dtype=float)[None, None]


@exercise.check
def worked_example(f):
    """Errors 1, 2, 3 and 4 go to the largest pixel of their window, all others get 0."""
    x = image([1, 2, 5, 6], [3, 4, 7, 8], [9, 1, 0, 2], [2, 3, 1, 7])
    expected = image([0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4])
    agree(f(image([1, 2], [3, 4]), x, 2, 2), expected, what="dx")
    unchanged(f, image([1, 2], [3, 4]), x, 2, 2)


@exercise.check
def overlap(f):
    """A pixel that wins two overlapping windows gets both errors: 1 + 10."""
    agree(f(image([1, 10]), image([1, 5, 2]).repeat(2, axis=2), 2, 1), image([0, 11, 0], [0, 0, 0]))


@exercise.check
def equal_pixels(f):
    """Of equal maxima the first in reading order takes all: no error is lost or doubled."""
    agree(f(image([7]), image([2, 2], [2, 2]), 2, 2), image([7, 0], [0, 0]), what="dx")
    agree(f(image([7]), image([0, 2], [2, 2]), 2, 2), image([0, 7], [0, 0]), what="dx")


@exercise.check(points=2)
def random_images(f, reference, rng):
    """Sends every error to its winner, in every channel of every image."""
    for sizes in ({}, {"n": 3, "c": 2, "h": 6, "w": 9, "size": 3, "stride": 3}):
        arguments = pooled_back(rng, **sizes)
        agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_images)
def overlaps_and_gaps(f, reference, rng):
    """Adds up where windows overlap; what no window sees gets 0."""
    for size, stride in rng.permutation([[3, 1], [3, 2], [2, 3]]):
        arguments = pooled_back(rng, n=1, h=9, w=8, size=int(size), stride=int(stride))
        agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_images)
def ties(f, reference, rng):
    """Gives all of the error to the first of equal maxima."""
    for size, stride in rng.permutation([[2, 2], [3, 1]]):
        x = rng.integers(0, 2, size=(2, 2, 6, 6)) * 1.0
        x[0, 0] = 1.0
        places = (6 - size) // stride + 1
        arguments = rng.normal(size=(2, 2, places, places)), x, int(size), int(stride)
        agree(f(*arguments), reference(*arguments), what="dx where pixels are equal")


@exercise.check(points=1, after=random_images)
def measured_slopes(f, rng):
    """Agrees with the measured slopes of Σ dout·out."""
    dout, x, size, stride = pooled_back(rng, n=1, c=2, h=5, w=6, size=3, stride=1)

    def loss(v):
        windows = np.lib.stride_tricks.sliding_window_view(v, (size, size), axis=(2, 3))
        return float(np.sum(dout * windows.max(axis=(4, 5))))

    gradient_agrees(f(dout, x, size, stride), loss, x, what="dx")


@exercise.check(points=1, after=random_images)
def nothing_is_lost(f, rng):
    """The errors that come out are as many as go in; twice the errors are twice dx."""
    dout, x, size, stride = pooled_back(rng, h=7, w=6, size=3, stride=2)
    dx = np.asarray(f(dout, x, size, stride))
    agree(dx.sum(axis=(2, 3)), dout.sum(axis=(2, 3)), what="the sum of dx in each map")
    agree(f(-2 * dout, x, size, stride), -2 * dx, what="dx of -2 times dout")


@exercise.check(points=1, after=random_images)
def whole_numbers_count(f, reference, rng):
    """Takes images of whole numbers for what they are: errors are not rounded."""
    dout, x, size, stride = pooled_back(rng)
    whole_numbers(f, reference, dout, np.round(x).astype(int), size, stride)
    unchanged(f, dout, x, size, stride)


@exercise.variant
def by_marking(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for p in range(dout.shape[2]):
        for q in range(dout.shape[3]):
            top, left = p * stride, q * stride
            block = x[:, :, top : top + size, left : left + size].reshape(*x.shape[:2], -1)
            winner = block.argmax(axis=2)
            marks = np.arange(size * size) == winner[:, :, None]
            share = (marks * dout[:, :, p, q, None]).reshape(*x.shape[:2], size, size)
            dx[:, :, top : top + size, left : left + size] += share
    return dx


@exercise.variant
def by_searching(dout, x, size, stride):
    dx = np.zeros(x.shape).tolist()
    for n, c, p, q in np.ndindex(dout.shape):
        best, place = -np.inf, None
        for i in range(p * stride, p * stride + size):
            for j in range(q * stride, q * stride + size):
                if x[n, c, i, j] > best:
                    best, place = x[n, c, i, j], (i, j)
        dx[n][c][place[0]][place[1]] += float(dout[n, c, p, q])
    return np.array(dx)


def _blocks(dout, x, size, stride):
    for n, c, p, q in np.ndindex(dout.shape):
        place = np.s_[n, c, p * stride : p * stride + size, q * stride : q * stride + size]
        yield dout[n, c, p, q], place, x[place]


@exercise.misconception(keeps=0.5)
def all_maxima_get_it(dout, x, size, stride):
    """All equal maxima get the whole error, so it is multiplied: only one may have it."""
    dx = np.zeros(x.shape)
    for error, place, block in _blocks(dout, x, size, stride):
        dx[place] += error * (block == block.max())
    return dx


@exercise.misconception(keeps=0.5)
def shared_between_maxima(dout, x, size, stride):
    """Equal maxima share the error. The contract gives all of it to the first."""
    dx = np.zeros(x.shape)
    for error, place, block in _blocks(dout, x, size, stride):
        won = block == block.max()
        dx[place] += error * won / won.sum()
    return dx


@exercise.misconception(keeps=0.5)
def the_last_maximum(dout, x, size, stride):
    """Of equal maxima the last takes the error: it should be the first in reading order."""
    dx = np.zeros(x.shape)
    for error, place, block in _blocks(dout, x, size, stride):
        k = block.size - 1 - block.ravel()[::-1].argmax()
        dx[place] += error * (np.arange(block.size) == k).reshape(block.shape)
    return dx


@exercise.misconception
def overlaps_overwritten(dout, x, size, stride):
    """Where windows overlap the later overwrites the earlier: add up."""
    dx = np.zeros(x.shape)
    for error, place, block in _blocks(dout, x, size, stride):
        dx[place] = error * (np.arange(block.size) == block.argmax()).reshape(block.shape)
    return dx


@exercise.misconception
def spread_evenly(dout, x, size, stride):
    """The error is spread over the window: that is mean pooling's way back."""
    dx = np.zeros(x.shape)
    for error, place, _ in _blocks(dout, x, size, stride):
        dx[place] += error / size**2
    return dx


@exercise.misconception
def to_the_whole_window(dout, x, size, stride):
    """Every pixel of the window gets the whole error. Only the largest made the output."""
    dx = np.zeros(x.shape)
    for error, place, _ in _blocks(dout, x, size, stride):
        dx[place] += error
    return dx


@exercise.misconception
def times_the_pixel(dout, x, size, stride):
    """The error is multiplied by the pixel. The slope of a maximum by its winner is 1."""
    dx = np.zeros(x.shape)
    for error, place, block in _blocks(dout, x, size, stride):
        won = (np.arange(block.size) == block.argmax()).reshape(block.shape)
        dx[place] += error * won * block
    return dx


@exercise.misconception
def to_the_corner(dout, x, size, stride):
    """The error goes to the window's first pixel, whoever was the largest."""
    dx = np.zeros(x.shape)
    for error, place, block in _blocks(dout, x, size, stride):
        dx[place] += error * (np.arange(block.size) == 0).reshape(block.shape)
    return dx


@exercise.misconception
def stride_ignored(dout, x, size, stride):
    """The windows stand side by side here, whatever the stride."""
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        block = x[n, c, p * size : (p + 1) * size, q * size : (q + 1) * size]
        if block.size:
            i, j = np.unravel_index(block.argmax(), block.shape)
            dx[n, c, p * size + i, q * size + j] += dout[n, c, p, q]
    return dx


def _to_winners(dout, x, size, stride, *, of=np.asarray, turn=np.asarray, error=np.asarray):
    """The way back with one thing exchanged: what is compared, where it goes, or what."""
    dx = np.zeros(x.shape)
    for sent, place, block in _blocks(dout, x, size, stride):
        won = (np.arange(block.size) == of(block).argmax()).reshape(block.shape)
        dx[place] += error(sent) * turn(won)
    return dx


@exercise.misconception
def row_and_column_exchanged(dout, x, size, stride):
    """Row and column of the winner are exchanged."""
    return _to_winners(dout, x, size, stride, turn=np.transpose)


@exercise.misconception
def winner_without_its_sign(dout, x, size, stride):
    """The winner is the largest by size; it is the largest, sign included."""
    return _to_winners(dout, x, size, stride, of=np.abs)


@exercise.misconception
def one_instead_of_the_error(dout, x, size, stride):
    """Counts who wins and forgets the error: multiply with what comes from above."""
    return _to_winners(dout, x, size, stride, error=np.ones_like)


@exercise.misconception
def the_last_window_wins(dout, x, size, stride):
    """A pixel that wins several windows keeps only the last one's error: `=` forgets, `+=` adds."""
    dx = np.zeros(x.shape)
    for error, place, block in _blocks(dout, x, size, stride):
        dx[place][np.unravel_index(block.argmax(), block.shape)] = error
    return dx
