"""As wide as the budget allows."""

import numpy as np

from autograder.judging.compare import Failed, as_array
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "How many weights and biases has a net with layers of 3, 5, 5 and 2?",
        "With width w: the first layer, the layers between hidden ones, the last one. What grows "
        "with w, what with w², and what not at all?",
        "(depth − 1)·w² + (inputs + depth + outputs)·w + outputs ≤ budget: solve the quadratic "
        "equation, or halve an interval until the width is known.",
    ),
)


def parameters(sizes):
    return sum((i + 1) * o for i, o in zip(sizes[:-1], sizes[1:], strict=True))


def widest(inputs, outputs, depth, budget):
    """By trying."""
    width = 0
    while parameters([inputs, *[width + 1] * depth, outputs]) <= budget:
        width += 1
    return [inputs, *[width] * depth, outputs]


def told(f, calls):
    """Raise `Failed` at the first net that is not the widest."""
    for call, answer in zip(calls, f.many(calls), strict=True):
        sizes = as_array(answer, "the sizes")
        right = widest(*call)
        if sizes.shape != (len(right),) or sizes.dtype.kind not in "iu":
            raise Failed(f"the result is {answer!r:.60}, expected {len(right)} whole numbers")
        if sizes.tolist() != right:
            case = f"{call[0]} inputs, {call[1]} outputs, depth {call[2]}, budget {call[3]:,}"
            raise Failed(f"{case}: it says {sizes.tolist()}, expected {right}")


def task(rng, depth):
    """A budget that no net spends to the last parameter: that is a check of its own."""
    inputs, outputs = int(rng.integers(2, 30)), int(rng.integers(2, 12))
    sizes = widest(inputs, outputs, depth, int(rng.integers(1000, 20_000)))
    return inputs, outputs, depth, parameters(sizes) + int(rng.integers(1, 4))


@exercise.probe
def shallow(rng):
    return task(rng, 1)


@exercise.probe
def two_layers(rng):
    return task(rng, 2)


@exercise.probe
def deep(rng):
    return task(rng, 5)


@exercise.probe
def just_enough(rng):
    return 3, 2, 2, parameters([3, 5, 5, 2])


@exercise.probe
def nearly(rng):
    return 3, 2, 2, parameters([3, 5, 5, 2]) - 1


@exercise.probe
def not_even_one(rng):
    return 5, 4, 3, 10


@exercise.check
def worked_example(f):
    """One input and one output: 31 parameters buy one layer of 10, or two of 4 (33 would)."""
    # One layer of w costs 3w + 1; two of 4 cost 8 + 20 + 5 = 33, two of 3 cost 6 + 12 + 4 = 22.
    told(f, [(1, 1, 1, 31), (1, 1, 2, 31), (1, 1, 2, 33)])


@exercise.check
def a_reader_of_digits(f):
    """64 pixels, 10 digits, 4810 parameters: one layer of 64, or three of 33."""
    told(f, [(64, 10, 1, 4810), (64, 10, 3, 4810)])


@exercise.check(points=2)
def random_budgets(f, rng):
    """Finds the widest net for any depth and budget."""
    told(f, [task(rng, int(depth)) for depth in rng.permutation([1, 1, 2, 2, 3, 4, 6, 9])])


@exercise.check(points=1, after=random_budgets)
def to_the_last_parameter(f, rng):
    """Spends a budget that fits exactly, and is one narrower if a single parameter is missing."""
    calls = []
    for depth in rng.permutation([1, 2, 4]):
        sizes = [int(rng.integers(1, 9)), *[int(rng.integers(3, 40))] * int(depth), 3]
        calls.append((sizes[0], 3, int(depth), parameters(sizes)))
        calls.append((sizes[0], 3, int(depth), parameters(sizes) - 1))
    told(f, calls)


@exercise.check(points=1, after=random_budgets)
def too_little(f, rng):
    """If not even one unit fits, the width is 0."""
    inputs, depth = int(rng.integers(2, 9)), int(rng.integers(1, 5))
    told(f, [(inputs, 4, depth, b) for b in (1, 5, parameters([inputs, *[1] * depth, 4]) - 1)])


@exercise.variant
def by_halving(inputs, outputs, depth, budget):
    low, high = 0, budget
    while low < high:
        middle = (low + high + 1) // 2
        if parameters([inputs, *[middle] * depth, outputs]) <= budget:
            low = middle
        else:
            high = middle - 1
    return [inputs, *[low] * depth, outputs]


@exercise.variant
def by_adding_units(inputs, outputs, depth, budget):
    width, cost = 0, 0
    while cost <= budget:
        width += 1
        cost = width * (inputs + 1) + (depth - 1) * width * (width + 1) + outputs * (width + 1)
    return np.array([inputs] + depth * [width - 1] + [outputs])


def _by_cost(cost):
    """The widest net if a net of that width cost that much."""

    def net(inputs, outputs, depth, budget):
        width = 0
        while width < 30_000 and cost(inputs, outputs, depth, width + 1) <= budget:
            width += 1
        return [inputs, *[width] * depth, outputs]

    return net


@exercise.misconception(keeps=0.5)
def biases_forgotten(inputs, outputs, depth, budget):
    """Only weights are counted: every unit has a bias as well."""
    cost = lambda i, o, d, w: i * w + (d - 1) * w * w + w * o
    return _by_cost(cost)(inputs, outputs, depth, budget)


@exercise.misconception
def one_hidden_matrix_too_many(inputs, outputs, depth, budget):
    """Between `depth` hidden layers there are depth − 1 matrices, not `depth`."""
    cost = lambda i, o, d, w: (i + 1) * w + d * (w + 1) * w + (w + 1) * o
    return _by_cost(cost)(inputs, outputs, depth, budget)


@exercise.misconception
def output_layer_forgotten(inputs, outputs, depth, budget):
    """The last layer has weights and biases, too."""
    cost = lambda i, o, d, w: (i + 1) * w + (d - 1) * (w + 1) * w
    return _by_cost(cost)(inputs, outputs, depth, budget)


@exercise.misconception
def input_layer_forgotten(inputs, outputs, depth, budget):
    """The first layer's weights are missing."""
    cost = lambda i, o, d, w: (d - 1) * (w + 1) * w + (w + 1) * o
    return _by_cost(cost)(inputs, outputs, depth, budget)


@exercise.misconception
def budget_split_evenly(inputs, outputs, depth, budget):
    """The budget is divided by the depth: hidden layers cost w², the first one does not."""
    width = (budget // depth - outputs) // (inputs + 1 + outputs)
    return [inputs, *[max(width, 0)] * depth, outputs]


@exercise.misconception(keeps=0.5)
def first_that_is_too_wide(inputs, outputs, depth, budget):
    """This net costs more than the budget: it is one unit too wide."""
    cost = lambda i, o, d, w: parameters([i, *[w] * d, o])
    sizes = _by_cost(cost)(inputs, outputs, depth, budget)
    return [inputs, *[sizes[1] + 1] * depth, outputs]


@exercise.misconception
def strictly_below(inputs, outputs, depth, budget):
    """A net that costs exactly the budget may be bought."""
    cost = lambda i, o, d, w: parameters([i, *[w] * d, o])
    return _by_cost(cost)(inputs, outputs, depth, budget - 1)


@exercise.misconception
def only_the_width(inputs, outputs, depth, budget):
    """This is the width. The sizes of all layers are asked for."""
    return widest(inputs, outputs, depth, budget)[1]


@exercise.misconception
def hidden_sizes_only(inputs, outputs, depth, budget):
    """Inputs and outputs belong into the list."""
    return widest(inputs, outputs, depth, budget)[1:-1]


@exercise.misconception
def at_least_one(inputs, outputs, depth, budget):
    """Where not even one unit fits, the width is 0: this net costs more than there is."""
    sizes = widest(inputs, outputs, depth, budget)
    return [inputs, *[max(sizes[1], 1)] * depth, outputs]


@exercise.misconception
def budget_shared_by_the_layers(inputs, outputs, depth, budget):
    """Shares the budget among depth + 1 square matrices: the outer ones are oblong."""
    return [inputs, *[int((budget / (depth + 1)) ** 0.5)] * depth, outputs]
