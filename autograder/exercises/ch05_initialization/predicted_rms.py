"""Predict the signal with a pencil."""

import numpy as np

from autograder.judging.compare import agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    hints=(
        "A z adds n_in terms w·h. If each has variance scale²·mean(h²), what is the variance of z?",
        "A layer multiplies the mean square by n_in·scale²; a ReLU halves it. The root is last.",
        "rms_l = rms_(l−1) · scale · √n_in, with n_in/2 for ReLU; rms_0 = 1.",
    ),
)

SIZES = [
    ([3, 7, 2, 5], 0.3),
    ([500] * 11, 0.01),
    ([11, 2], 1.7),
    ([1, 1, 5], 0.25),
    ([97, 13, 53], 2),
    ([30] * 9, 5.0),
]


@exercise.probe
def uneven_relu(rng):
    return [int(n) for n in rng.permutation([3, 11, 5, 17])], float(rng.uniform(0.2, 0.9)), "relu"


@exercise.probe
def uneven_linear(rng):
    return [int(n) for n in rng.permutation([2, 13, 7, 19])], float(rng.uniform(0.2, 0.9)), "linear"


@exercise.probe
def one_layer(rng):
    return [int(rng.integers(5, 50)), 3], float(rng.uniform(0.2, 0.9)), "relu"


@exercise.check
def four_then_sixteen(f):
    """From 4 units to 16 to 3, with weights of spread ½: the sizes are 1 and 2."""
    agree(f([4, 16, 3], 0.5, "linear"), np.array([1.0, 2.0]), what="the sizes")


@exercise.check
def a_relu_halves(f):
    """From 8 units with weights of spread ½, a ReLU lets out a root mean square of 1."""
    agree(f([8, 2], 0.5, "relu"), np.array([1.0]), what="the size")


def foreseen(sizes, scale, activation):
    """The mean square, layer by layer."""
    square, rms = 1.0, []
    for n_in in sizes[:-1]:
        square *= n_in * scale**2 / (2 if activation == "relu" else 1)
        rms.append(square**0.5)
    return np.array(rms)


@exercise.check(points=1)
def without_activation(f, rng):
    """Foresees linear layers of all sizes, wide, narrow and many."""
    for sizes, scale in [*SIZES, ([int(n) for n in rng.integers(1, 90, 6)], float(rng.random()))]:
        agree(f(sizes, scale, "linear"), foreseen(sizes, scale, "linear"), atol=0, what="the sizes")


@exercise.check(points=1)
def with_relu(f, rng):
    """Foresees ReLU layers of all sizes, wide, narrow and many."""
    for sizes, scale in [*SIZES, ([int(n) for n in rng.integers(1, 90, 6)], float(rng.random()))]:
        agree(f(sizes, scale, "relu"), foreseen(sizes, scale, "relu"), atol=0, what="the sizes")


@exercise.check(points=1, after=(without_activation, with_relu))
def laws(f, rng):
    """Ten times the scale gives 10, 100, 1000 … times the sizes; scale 0 gives 0."""
    sizes = [int(n) for n in rng.integers(2, 60, 5)]
    for activation in ("linear", "relu"):
        once, tenfold = (as_array(f(sizes, s, activation), "the sizes") for s in (0.03, 0.3))
        agree(tenfold, once * 10.0 ** np.arange(1, 5), atol=0, what="the sizes for tenfold weights")
        agree(f(sizes, 0, activation), np.zeros(4), what="the sizes for scale 0")
        faint = [30] * 16, 1e-7, activation
        agree(f(*faint), foreseen(*faint), atol=0, what="the sizes of a fading signal")
    unchanged(f, sizes, 0.5, "relu")


@exercise.check(points=1, after=(without_activation, with_relu))
def experiment(f, rng):
    """Agrees, within 30 %, with what happens in a real network of wide layers."""
    # All examples share the chance of the weights: after three ReLU layers the size varies by
    # 3.8 % (measured on 120 networks), so 30 % are nearly eight standard deviations.
    sizes, scale = [300, 500, 400, 700], float(rng.uniform(0.03, 0.09))
    weights = [scale * rng.normal(size=pair) for pair in zip(sizes[:-1], sizes[1:], strict=True)]
    for activation, bend in [("linear", lambda z: z), ("relu", lambda z: np.maximum(z, 0))]:
        h, measured = rng.normal(size=(50, 300)), []
        for W in weights:
            h = bend(h @ W)
            measured.append(np.sqrt(np.mean(h**2)))
        agree(f(sizes, scale, activation), np.array(measured), rtol=0.3, what="the sizes")


@exercise.variant
def one_layer_at_a_time(sizes, scale, activation):
    rms, size = [], 1.0
    for n_in in sizes[:-1]:
        size = size * scale * (n_in / 2 if activation == "relu" else n_in) ** 0.5
        rms.append(size)
    return rms


@exercise.variant
def with_logarithms(sizes, scale, activation):
    half = np.log(2) if activation == "relu" else 0
    steps = [(np.log(n_in) - half) / 2 for n_in in sizes[:-1]]
    powers = np.array([float(scale) ** (k + 1) for k in range(len(steps))])
    return powers * np.exp(np.cumsum(steps))


@exercise.variant
def mean_squares_first(sizes, scale, activation):
    n = np.array(sizes[:-1], dtype=float)
    if activation == "relu":
        n /= 2
    return tuple(np.cumprod(np.sqrt(n) * scale))


def _foresee(sizes, scale, activation, fan=None, kept=0.5, power=0.5):
    n = np.array(sizes[:-1] if fan is None else fan, dtype=float)
    return np.cumprod((n * scale**2 * (kept if activation == "relu" else 1)) ** power)


@exercise.misconception
def outputs_counted(sizes, scale, activation):
    """The number of units of the layer itself is used. Which number of terms does a z add up?"""
    return _foresee(sizes, scale, activation, fan=sizes[1:])


@exercise.misconception
def mean_squares(sizes, scale, activation):
    """These are mean squares: the root is missing."""
    return _foresee(sizes, scale, activation, power=1)


@exercise.misconception
def relu_halves_the_size(sizes, scale, activation):
    """A ReLU halves the mean *square*, so the size itself shrinks by √2 only."""
    return _foresee(sizes, scale, activation, kept=0.25)


@exercise.misconception
def relu_changes_nothing(sizes, scale, activation):
    """`activation` is not looked at: a ReLU throws half of the mean square away."""
    return _foresee(sizes, scale, "linear")


@exercise.misconception
def always_relu(sizes, scale, activation):
    """`activation` is not looked at: linear layers lose nothing."""
    return _foresee(sizes, scale, "relu")


@exercise.misconception
def variance_of_a_relu(sizes, scale, activation):
    """0.341 is what a ReLU leaves of the *variance*. The next layer feels the mean square, ½."""
    return _foresee(sizes, scale, activation, kept=0.5 - 0.5 / np.pi)


@exercise.misconception
def each_layer_alone(sizes, scale, activation):
    """These are the factors of the layers. The layers follow one another: multiply."""
    n = np.array(sizes[:-1]) * (0.5 if activation == "relu" else 1)
    return scale * np.sqrt(n)


@exercise.misconception
def terms_do_not_cancel(sizes, scale, activation):
    """n terms of either sign grow like √n, not like n: variances add, sizes do not."""
    n = np.array(sizes[:-1]) * (np.sqrt(0.5) if activation == "relu" else 1)
    return np.cumprod(scale * n)


@exercise.misconception
def begins_with_the_input(sizes, scale, activation):
    """The list begins with the input's own size, 1. L layers have L outputs."""
    return np.concatenate([[1.0], _foresee(sizes, scale, activation)])


@exercise.misconception
def input_size_in_every_layer(sizes, scale, activation):
    """Every layer is treated as if it had as many inputs as the first one."""
    return _foresee(sizes, scale, activation, fan=[sizes[0]] * (len(sizes) - 1))


@exercise.misconception
def last_layer_without_its_relu(sizes, scale, activation):
    """The last layer is treated as linear. Here the activation follows every layer."""
    rms = _foresee(sizes, scale, activation)
    rms[-1] *= np.sqrt(2) if activation == "relu" else 1
    return rms
