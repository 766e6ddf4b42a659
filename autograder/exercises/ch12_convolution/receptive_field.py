"""How far does a unit see?"""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    hints=(
        "Two layers of 3-pixel kernels: which pixels does one unit of the second layer see?",
        "Walk from the first layer to the last with two numbers: how much is seen, and how many "
        "pixels lie between two neighbouring units.",
        "seen grows by (kernel − 1) · distance; then the distance is multiplied by the stride.",
    ),
)


def by_walking_back(kernels, strides):
    """Which pixels one unit at place 0 is made of, layer by layer from the top: counted."""
    seen = {0}
    for kernel, stride in list(zip(kernels, strides, strict=True))[::-1]:
        seen = {place * stride + i for place in seen for i in range(kernel)}
    return max(seen) - min(seen) + 1


def stack(rng, layers):
    return rng.integers(1, 6, size=layers).tolist(), rng.integers(1, 4, size=layers).tolist()


@exercise.probe
def three_layers(rng):
    return [3, 2, 5], [1, 2, 1]


@exercise.probe
def strides_first(rng):
    return [4, 3, 2], [3, 2, 5]


@exercise.probe
def strides_last(rng):
    return [3, 5], [1, 4]


@exercise.probe
def one_layer(rng):
    return [7], [3]


@exercise.check
def worked_example(f):
    """One 3-pixel kernel sees 3 pixels, two see 5, three see 7."""
    agree(f.many([([3], [1]), ([3, 3], [1, 1]), ([3, 3, 3], [1, 1, 1])]), [3, 5, 7], what="pixels")


@exercise.check
def behind_a_pooling_layer(f):
    """Conv 5, pool 2 with stride 2, conv 3: a unit sees 10 pixels; with the strides 3 and 2, 14."""
    agree(f([5, 2, 3], [1, 2, 1]), 5 + 1 + 2 * 2, what="the pixels")
    agree(f([4, 2, 3], [3, 2, 1]), 4 + 3 + 2 * 6 - 0, what="the pixels with strides 3 and 2")
    agree(f([3, 2], [2, 5]), 5, what="the pixels: the last stride does not matter")


@exercise.check(points=2)
def random_stacks(f, rng):
    """Counts the pixels behind a unit for stacks of two to five layers with any strides."""
    for layers in rng.permutation([2, 3, 3, 4, 4, 5]):
        arguments = stack(rng, int(layers))
        arguments[0][-1] = int(rng.integers(3, 6))
        agree(f(*arguments), by_walking_back(*arguments), what="the number of pixels")


@exercise.check(points=1, after=random_stacks)
def edges(f, rng):
    """One layer sees its kernel; kernels of one pixel widen nothing, nor does the last stride."""
    kernel, stride = int(rng.integers(2, 9)), int(rng.integers(2, 9))
    calls = [(([kernel], [stride]), kernel), (([1, 1], [stride, stride]), 1)]
    calls.append((([1, kernel], [stride, 1]), 1 + (kernel - 1) * stride))
    order = rng.permutation(len(calls))
    agree(f.many([calls[k][0] for k in order]), [calls[k][1] for k in order], what="the pixels")


@exercise.check(points=1, after=random_stacks)
def laws(f, rng):
    """Two kernels of 3 see as much as one of 5, wherever they stand; the lists stay."""
    kernels, strides = stack(rng, 3)
    here = f([*kernels, 5], [*strides, 1])
    agree(f([*kernels, 3, 3], [*strides, 1, 1]), here, what="the pixels behind two kernels of 3")
    agree(f([5, *kernels], [1, *strides]), f([3, 3, *kernels], [1, 1, *strides]), what="the pixels")
    unchanged(f, kernels, strides)


@exercise.variant
def from_the_top(kernel_sizes, strides):
    seen = 1
    for kernel, stride in zip(reversed(kernel_sizes), reversed(strides)):
        seen = (seen - 1) * stride + kernel
    return seen


@exercise.variant
def with_products(kernel_sizes, strides):
    jumps = np.concatenate([[1], np.cumprod(strides)[:-1]])
    return int(1 + np.sum((np.array(kernel_sizes) - 1) * jumps))


@exercise.misconception
def strides_ignored(kernel_sizes, strides):
    """Behind a stride of 2 each unit is two pixels from the next: the strides count."""
    return 1 + sum(kernel - 1 for kernel in kernel_sizes)


@exercise.misconception
def own_stride_counted(kernel_sizes, strides):
    """A layer's own stride moves its units apart, not the pixels that one of them sees."""
    seen, jump = 1, 1
    for kernel, stride in zip(kernel_sizes, strides):
        jump *= stride
        seen += (kernel - 1) * jump
    return seen


@exercise.misconception
def kernels_added(kernel_sizes, strides):
    """The kernels are added up: neighbouring windows overlap, so each adds kernel − 1."""
    return sum(kernel_sizes)


@exercise.misconception
def kernels_multiplied(kernel_sizes, strides):
    """The kernels are multiplied, as if windows stood side by side."""
    return int(np.prod(kernel_sizes))


@exercise.misconception
def strides_added(kernel_sizes, strides):
    """Strides are added up: they multiply."""
    seen, jump = 1, 1
    for kernel, stride in zip(kernel_sizes, strides):
        seen += (kernel - 1) * jump
        jump += stride - 1
    return seen


@exercise.misconception(keeps=0.5)
def one_too_few(kernel_sizes, strides):
    """The pixel under the first place is missing."""
    return by_walking_back(kernel_sizes, strides) - 1


@exercise.misconception
def only_the_stride_before(kernel_sizes, strides):
    """Only the stride of the layer right below counts here: all strides below multiply."""
    seen, before = 1, 1
    for kernel, stride in zip(kernel_sizes, strides):
        seen += (kernel - 1) * before
        before = stride
    return seen


@exercise.misconception
def in_the_area(kernel_sizes, strides):
    """This is the area, in pixels: the contract asks along one axis."""
    return by_walking_back(kernel_sizes, strides) ** 2


@exercise.misconception
def from_last_to_first(kernel_sizes, strides):
    """Goes through the layers from the top with the strides of the wrong side."""
    seen, jump = 1, 1
    for kernel, stride in zip(kernel_sizes[::-1], strides[::-1]):
        seen, jump = seen + (kernel - 1) * jump, jump * stride
    return seen


@exercise.misconception
def whole_kernels_added(kernel_sizes, strides):
    """Adds whole kernels: a kernel of k pixels sees k − 1 steps more."""
    seen, jump = 1, 1
    for kernel, stride in zip(kernel_sizes, strides):
        seen, jump = seen + kernel * jump, jump * stride
    return seen
