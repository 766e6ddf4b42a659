"""Sliding a kernel over an image."""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import layer
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=25,
    difficulty=3,
    core=True,
    needs=("output_size",),
    hints=(
        "Which pixels does the window at place (p, q) see, if the stride is 2?",
        "`np.pad` adds the zeros: images and channels get none. Then one sum for each image, "
        "filter and place; it runs over all channels.",
        "out[n, f, p, q] = b[f] + Σ over channels, rows i and columns j of "
        "padded[n, c, p·stride + i, q·stride + j] · W[f, c, i, j].",
    ),
)


@exercise.probe
def plain(rng):
    return layer(rng)


@exercise.probe
def strided(rng):
    return layer(rng, h=8, w=7, stride=2)


@exercise.probe
def padded(rng):
    return layer(rng, h=5, w=4, padding=1)


@exercise.probe
def strided_and_padded(rng):
    return layer(rng, n=1, c=2, h=6, w=9, f=3, k=2, m=4, stride=3, padding=2)


@exercise.probe
def by_default(rng):
    return layer(rng, n=1, c=2, f=2)[:3]


@exercise.probe
def whole_numbers_in_the_image(rng):
    x, W, b, *_ = layer(rng, n=1, c=2, f=2)
    return np.round(5 * x).astype(int), W, b


def image(*rows):
    return np.array(rows, dtype=float)[None, None]


@exercise.check
def worked_example(f):
    """A 2×2 kernel on a 3×3 image: four sums, worked by hand, plus the bias."""
    x = image([1, 2, 3], [4, 5, 6], [7, 8, 9])
    W = image([1, 0], [0, -2])
    agree(f(x, W, np.array([10.0])), [[[[1, 0], [-2, -3]]]], what="the result")


@exercise.check
def stride_and_padding(f):
    """An image of ones with padding 1 and a 3×3 kernel of ones: 4, 6 and 9."""
    x, W, b = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3)), np.zeros(1)
    rows = [[4, 6, 6, 4], [6, 9, 9, 6], [6, 9, 9, 6], [4, 6, 6, 4]]
    agree(f(x, W, b, 1, 1), image(*rows), what="the result with padding 1")
    agree(f(x, W, b, 2, 1), image([4, 6], [6, 9]), what="the result with stride 2, too")


@exercise.check
def along_a_line(f):
    """With stride 2, a kernel of one ½ on the whole numbers 1 to 5 gives ½, 1½ and 2½."""
    line = np.arange(1, 6).reshape(1, 1, 1, 5)
    agree(f(line, image([0.5]), np.zeros(1), 2), image([0.5, 1.5, 2.5]), what="the result")


@exercise.check
def channels_and_filters(f):
    """Two channels are added up, each with its own kernel; two filters give two maps."""
    x = np.stack([np.full((3, 2), 1.0), np.full((3, 2), 10.0)])[None]
    W = np.array([[[[1.0]], [[2.0]]], [[[0.0]], [[-1.0]]]])
    out = f(x, W, np.array([100.0, 200.0]))
    agree(out, np.stack([np.full((3, 2), 121.0), np.full((3, 2), 190.0)])[None], what="the maps")
    unchanged(f, x, W, np.array([100.0, 200.0]))


@exercise.check(points=3)
def random_layers(f, reference, rng):
    """Convolves images of several channels with several filters, none square."""
    for sizes in ({}, {"n": 3, "c": 2, "h": 5, "w": 8, "f": 2, "k": 2, "m": 3}, {"c": 1, "k": 1}):
        arguments = layer(rng, **sizes)
        agree(f(*arguments), reference(*arguments), what="the result")


@exercise.check(points=1, after=random_layers)
def strides(f, reference, rng):
    """Goes by the stride in both directions, and ignores what is left over."""
    for stride in rng.permutation([2, 3]):
        arguments = layer(rng, n=1, h=9, w=8, stride=int(stride))
        agree(f(*arguments), reference(*arguments), what=f"the result with stride {stride}")


@exercise.check(points=1, after=random_layers)
def paddings(f, reference, rng):
    """Adds zeros on all four sides of every image, and none to images or channels."""
    for padding in rng.permutation([1, 2]):
        arguments = layer(rng, n=2, c=2, h=4, w=5, stride=2, padding=int(padding))
        agree(f(*arguments), reference(*arguments), what=f"the result with padding {padding}")


@exercise.check(points=1, after=random_layers)
def defaults(f, reference, rng):
    """Without stride and padding they are 1 and 0; a kernel as large as the image has one place."""
    x, W, b, *_ = layer(rng, n=1, h=4, w=5, k=4, m=5)
    agree(f(x, W, b), (W * x).sum(axis=(1, 2, 3)).reshape(1, -1, 1, 1) + b[:, None, None])


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Twice the kernels are twice the maps without bias; a shifted image gives a shifted map."""
    x, W, b, *_ = layer(rng, n=1, c=2, h=6, w=9)
    nothing = np.zeros_like(b)
    here = np.asarray(f(x, W, nothing))
    agree(f(x, -2.5 * W, nothing), -2.5 * here, what="the result of -2.5 times the kernels")
    moved = np.asarray(f(np.roll(x, 2, axis=3), W, nothing))
    agree(moved[..., 2:], here[..., :-2], what="the maps of the shifted image")


@exercise.check(points=1, after=random_layers)
def whole_numbers_count(f, reference, rng):
    """Takes images of whole numbers for what they are, beside kernels that are not whole."""
    x, W, b, *_ = layer(rng, n=1, c=2)
    whole_numbers(f, reference, np.round(5 * x).astype(int), W, b)


@exercise.check(points=1, after=random_layers)
def leaves_inputs_alone(f, rng):
    """Leaves images, kernels and biases as they were."""
    unchanged(f, *layer(rng, padding=1))


def _output(x, W, stride, padding):
    rows = (x.shape[2] + 2 * padding - W.shape[2]) // stride + 1
    cols = (x.shape[3] + 2 * padding - W.shape[3]) // stride + 1
    return np.zeros((len(x), len(W), rows, cols))


@exercise.variant
def place_by_place(x, W, b, stride=1, padding=0):
    out = _output(x, W, stride, padding)
    padded = np.pad(np.asarray(x, float), [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    for p in range(out.shape[2]):
        for q in range(out.shape[3]):
            window = padded[:, :, p * stride :, q * stride :][:, :, : W.shape[2], : W.shape[3]]
            out[:, :, p, q] = np.einsum("ncij,fcij->nf", window, W)
    return out + np.reshape(b, (1, -1, 1, 1))


@exercise.variant
def kernel_entry_by_entry(x, W, b, stride=1, padding=0):
    out = _output(x, W, stride, padding)
    rows, cols = out.shape[2:]
    big = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    big[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]] = x
    for i, j in np.ndindex(W.shape[2:]):
        seen = big[:, :, i : i + stride * rows : stride, j : j + stride * cols : stride]
        out += np.tensordot(seen, W[:, :, i, j], axes=(1, 1)).transpose(0, 3, 1, 2)
    return out + np.asarray(b)[:, None, None]


def _convolved(x, W, b, stride, padding, step=None, mode="constant"):
    out = _output(x, W, stride, padding)
    sides = (padding, padding)
    padded = np.pad(x, ((0, 0), (0, 0), sides, sides), mode=mode) if padding else x
    for n, f, p, q in np.ndindex(out.shape):
        top, left = (p, q) if step == 1 else (p * stride, q * stride)
        window = padded[n, :, top : top + W.shape[2], left : left + W.shape[3]]
        out[n, f, p, q] = np.sum(window * W[f])
    return out + np.asarray(b)[:, None, None]


@exercise.misconception(keeps=0.5)
def kernel_flipped(x, W, b, stride=1, padding=0):
    """The kernel is flipped, as mathematics has it. In deep learning it slides as it is."""
    return _convolved(x, W[:, :, ::-1, ::-1], b, stride, padding)


@exercise.misconception
def bias_forgotten(x, W, b, stride=1, padding=0):
    """Where is the bias? Every filter adds its own, at every place."""
    return _convolved(x, W, 0 * b, stride, padding)


@exercise.misconception
def bias_added_once_per_channel(x, W, b, stride=1, padding=0):
    """The bias is added for every channel: it comes once per place."""
    return _convolved(x, W, x.shape[1] * b, stride, padding)


@exercise.misconception
def places_without_stride(x, W, b, stride=1, padding=0):
    """The size of the result fits, but place p begins at p·stride, not at p."""
    return _convolved(x, W, b, stride, padding, step=1)


@exercise.misconception
def only_the_first_channel(x, W, b, stride=1, padding=0):
    """Only the first channel is looked at: a filter sums over all of them."""
    return _convolved(x[:, :1], W[:, :1], b, stride, padding)


@exercise.misconception
def mean_instead_of_sum(x, W, b, stride=1, padding=0):
    """The products are averaged over the window. A convolution adds them up."""
    return _convolved(x, W / W[0].size, b, stride, padding)


@exercise.misconception
def edges_repeated(x, W, b, stride=1, padding=0):
    """The border is a copy of the outermost pixels: padding means zeros."""
    return _convolved(x, W, b, stride, padding, mode="edge")


@exercise.misconception
def padding_ignored(x, W, b, stride=1, padding=0):
    """There is no border of zeros: what does `padding` do?"""
    return _convolved(x, W, b, stride, 0)


@exercise.misconception
def stride_ignored(x, W, b, stride=1, padding=0):
    """Every place is visited, whatever the stride."""
    return _convolved(x, W, b, 1, padding)


@exercise.misconception
def one_kernel_for_all_channels(x, W, b, stride=1, padding=0):
    """All channels use the kernel of the first: each channel has a kernel of its own."""
    return _convolved(x, np.repeat(W[:, :1], W.shape[1], axis=1), b, stride, padding)


@exercise.misconception
def maps_last(x, W, b, stride=1, padding=0):
    """The maps come last in your result: it should be (N, F, P, Q)."""
    return np.moveaxis(_convolved(x, W, b, stride, padding), 1, -1)


@exercise.misconception
def result_of_the_images_kind(x, W, b, stride=1, padding=0):
    """The result is stored as whole numbers when the image is: make it for floats."""
    return _convolved(x, W, b, stride, padding).astype(x.dtype)


@exercise.misconception
def mean_over_the_channels(x, W, b, stride=1, padding=0):
    """Averages over the channels: what they contribute adds up."""
    return _convolved(x, W, 0 * b, stride, padding) / x.shape[1] + b[:, None, None]


@exercise.misconception
def padding_at_the_end_only(x, W, b, stride=1, padding=0):
    """All padding goes below and to the right: it goes around, on every side."""
    far = (0, 2 * padding)
    return _convolved(np.pad(x, ((0, 0), (0, 0), far, far)), W, b, stride, 0)
