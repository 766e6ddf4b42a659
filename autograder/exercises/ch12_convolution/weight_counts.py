"""What sharing saves."""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import places_of
from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    needs=("output_size",),
    hints=(
        "How many weights has one unit of a feature map, and how many units has the map?",
        "Shared: one kernel per map. Local: one per unit, as small. Dense: every unit sees all.",
        "shared = F·(C·K² + 1); local: that times the places of a map; dense: F·places units of "
        "H·W·C + 1 each.",
    ),
)
KINDS = ("shared", "local", "dense")


def counted(f, *arguments):
    """The three counts, or `Failed`."""
    found = f(*arguments)
    if not isinstance(found, dict) or set(found) != set(KINDS):
        raise Failed("the result must be a dict with the keys shared, local and dense")
    return [found[kind] for kind in KINDS]


def by_listing(height, width, channels, filters, size):
    """Every unit of one map is written down with the pixels that it sees."""
    places = places_of(height, size, 1) * places_of(width, size, 1)
    seen = len([(c, i, j) for c in range(channels) for i in range(size) for j in range(size)])
    everything = channels * height * width
    one_map = (
        seen + 1,
        sum(seen + 1 for _ in range(places)),
        sum(everything + 1 for _ in range(places)),
    )
    return [filters * count for count in one_map]


@exercise.probe
def a_colour_image(rng):
    return 9, 7, 3, 5, 4


@exercise.probe
def a_grey_image(rng):
    return int(rng.integers(9, 20)), int(rng.integers(21, 30)), 1, int(rng.integers(2, 9)), 3


@exercise.probe
def one_filter(rng):
    return 8, 11, 2, 1, 5


@exercise.probe
def a_kernel_of_one_pixel(rng):
    return 6, 5, 3, 4, 1


@exercise.check
def worked_example(f):
    """20 maps of 5×5 kernels on 28×28 pixels: 520 shared, 299,520 local, 9,043,200 dense."""
    agree(counted(f, 28, 28, 1, 20, 5), [520, 299520, 9043200], what="shared, local, dense")


@exercise.check
def a_small_one(f):
    """2 maps of 2×2 kernels on 3×4 pixels of 3 colours: 26, 26·6 = 156, and 2·6·37 = 444."""
    agree(counted(f, 3, 4, 3, 2, 2), [26, 156, 444], what="shared, local, dense")


@exercise.check(points=2)
def random_layers(f, rng):
    """Counts weights and biases for images and kernels of any size."""
    for _ in range(5):
        size = int(rng.integers(1, 6))
        height, width = int(rng.integers(6, 15)), int(rng.integers(16, 25))
        arguments = height, width, int(rng.integers(2, 6)), int(rng.integers(2, 9)), size
        agree(counted(f, *arguments), by_listing(*arguments), what="shared, local, dense")


@exercise.check(points=1, after=random_layers)
def edges(f, rng):
    """A kernel as large as the image shares nothing: all three are equal; one pixel is enough."""
    side, channels, filters = (
        int(rng.integers(3, 9)),
        int(rng.integers(1, 4)),
        int(rng.integers(1, 9)),
    )
    whole = counted(f, side, side, channels, filters, side)
    agree(whole, [filters * (channels * side**2 + 1)] * 3, what="shared, local, dense")
    agree(counted(f, 1, 1, 1, 1, 1), [2, 2, 2], what="shared, local, dense of one pixel")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Twice the filters is twice each count; a larger image does not change what is shared."""
    arguments = 9, 12, 2, int(rng.integers(2, 6)), 3
    once = np.array(counted(f, *arguments))
    agree(counted(f, *arguments[:3], 2 * arguments[3], 3), 2 * once, what="with twice the filters")
    larger = counted(f, 30, 40, *arguments[2:])
    agree(larger[0], once[0], what="the shared weights for a larger image")


@exercise.variant
def step_by_step(height, width, channels, filters, size):
    units = (height - size + 1) * (width - size + 1) * filters
    small, large = channels * size * size + 1, channels * height * width + 1
    return {"dense": units * large, "local": units * small, "shared": filters * small}


@exercise.variant
def with_numpy(height, width, channels, filters, size):
    places = np.prod([height - size + 1, width - size + 1])
    one = np.prod([channels, size, size]) + 1
    return {
        "shared": filters * one,
        "local": filters * one * places,
        "dense": filters * places * (np.prod([height, width, channels]) + 1),
    }


def _counts(height, width, channels, filters, size, *, bias=1, places=None):
    places = (height - size + 1) * (width - size + 1) if places is None else places
    shared = filters * (channels * size**2 + bias)
    return {
        "shared": shared,
        "local": shared * places,
        "dense": filters * places * (height * width * channels + bias),
    }


@exercise.misconception(keeps=0.5)
def biases_forgotten(height, width, channels, filters, size):
    """The biases are missing: one per kernel, or per unit where nothing is shared."""
    return _counts(height, width, channels, filters, size, bias=0)


@exercise.misconception
def one_channel_only(height, width, channels, filters, size):
    """A kernel has weights for every channel."""
    return _counts(height, width, 1, filters, size)


@exercise.misconception
def one_kernel_for_the_layer(height, width, channels, filters, size):
    """All maps share one kernel in this count: each map has its own."""
    return {**_counts(height, width, channels, filters, size), "shared": channels * size**2 + 1}


@exercise.misconception
def places_not_counted(height, width, channels, filters, size):
    """A map of the same size as the image needs padding: without it there are fewer places."""
    return _counts(height, width, channels, filters, size, places=height * width)


@exercise.misconception
def side_by_side(height, width, channels, filters, size):
    """The windows stand side by side here: with stride 1 they overlap."""
    return _counts(
        height, width, channels, filters, size, places=(height // size) * (width // size)
    )


@exercise.misconception
def kernel_side_not_squared(height, width, channels, filters, size):
    """A kernel of side K has K² pixels."""
    right = _counts(height, width, channels, filters, size)
    places = (height - size + 1) * (width - size + 1)
    shared = filters * (channels * size + 1)
    return {**right, "shared": shared, "local": shared * places}


@exercise.misconception
def dense_with_one_unit_per_map(height, width, channels, filters, size):
    """Here each map is one unit: the dense layer has as many units as all maps together."""
    right = _counts(height, width, channels, filters, size)
    return {**right, "dense": filters * (height * width * channels + 1)}


@exercise.misconception
def one_bias_per_channel(height, width, channels, filters, size):
    """Every channel's kernel has a bias of its own here: a unit has one."""
    return _counts(height, width, channels, filters, size, bias=channels)


@exercise.misconception(keeps=0.5)
def one_bias_for_the_layer(height, width, channels, filters, size):
    """The whole layer has one bias: every map, and every unit that shares nothing, has its own."""
    places = (height - size + 1) * (width - size + 1)
    shared = filters * channels * size**2 + 1
    dense = filters * places * (height * width * channels + 1)
    return {"shared": shared, "local": shared * places, "dense": dense}


@exercise.misconception(keeps=0.5)
def last_place_forgotten(height, width, channels, filters, size):
    """A window has one place more than there are pixels left over: n − k + 1."""
    places = (height - size) * (width - size)
    return _counts(height, width, channels, filters, size, places=places)


@exercise.misconception
def square_images_only(height, width, channels, filters, size):
    """Counts the places of a square image: width can differ from height."""
    places = (height - size + 1) ** 2
    return _counts(height, width, channels, filters, size, places=places)


@exercise.misconception
def kernels_see_one_channel(height, width, channels, filters, size):
    """The dense layer sees all channels, but the kernels see one only. What does a unit of a map
    look at?"""
    dense = _counts(height, width, channels, filters, size)["dense"]
    return {**_counts(height, width, 1, filters, size), "dense": dense}


@exercise.misconception
def local_units_share_a_bias(height, width, channels, filters, size):
    """The local units of a map still share one bias: where nothing is shared, each has its own."""
    right = _counts(height, width, channels, filters, size)
    weights = _counts(height, width, channels, filters, size, bias=0)["local"]
    return {**right, "local": weights + filters}
