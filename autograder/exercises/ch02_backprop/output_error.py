"""The error of the output layer (BP1)."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.backprop import half_mse, sigmoid, sigmoid_derivative

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "The cost sees z only through a = σ(z). How many links has the path from z to the cost?",
        "One factor says how the cost changes with a, the other how a changes with z.",
        "δ = (a − y)/N ⊙ σ'(z); the 1/N comes from the mean in the cost, its ½ cancels the 2.",
    ),
)


def batch(rng, examples, outputs, scale=1.5):
    """Outputs, targets and pre-activations of an output layer; the outputs are σ(z)."""
    z = scale * rng.normal(size=(examples, outputs))
    return (1 + np.tanh(z / 2)) / 2, rng.uniform(0.1, 0.9, size=z.shape), z


@exercise.probe
def five_examples(rng):
    return batch(rng, 5, 3)


@exercise.probe
def one_example(rng):
    return batch(rng, 1, 7)


@exercise.probe
def one_output(rng):
    return batch(rng, 11, 1)


@exercise.probe
def saturated(rng):
    """Pre-activations of ±1000: outputs of exactly 0 and 1."""
    z = np.array([[1000.0, -1000.0, 750.0], [0.4, -750.0, -1.2]])
    return (1 + np.tanh(z / 2)) / 2, rng.uniform(0.1, 0.9, size=z.shape), z


@exercise.check
def worked_example(f):
    """Two examples at z = 0 (a = ½, slope ¼) with targets 1 and 0 have errors −1/16 and 1/16."""
    half, zero = np.array([[0.5], [0.5]]), np.zeros((2, 1))
    agree(f(half, np.array([[1.0], [0.0]]), zero), np.array([[-0.0625], [0.0625]]), what="delta")


@exercise.check
def another_slope(f):
    """One example with a = ¾, so z = ln 3 and slope 3/16, and target ¼ has the error 3/32."""
    agree(
        f(*(np.array([[v]]) for v in (0.75, 0.25, np.log(3)))), np.array([[3 / 32]]), what="delta"
    )


@exercise.check
def two_outputs(f):
    """One example with two outputs of ½ at z = 0 and targets 1 and 0 has errors −⅛ and ⅛."""
    half, target = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    agree(f(half, target, np.zeros((1, 2))), np.array([[-0.125, 0.125]]), what="delta")


@exercise.check
def no_slope_far_out(f):
    """At z = ±1000 the sigmoid is flat: the errors are 0, not NaN."""
    z, a, y = np.array([[-1000.0, 1000.0]]), np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]])
    agree(f(a, y, z), np.zeros((1, 2)), what="delta")


@exercise.check
def outputs_stay(f):
    """The caller's outputs, targets and z are the same afterwards."""
    unchanged(f, np.array([[0.5], [0.75]]), np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]]))


@exercise.check(points=1)
def random_batches(f, reference, rng):
    """Gives the error of every output for random batches of several sizes."""
    for size in [(5, 3), (3, 5), (7, 2), (11, 4), (3, 3)]:
        arguments = batch(rng, *size)
        agree(f(*arguments), reference(*arguments), what="delta")


@exercise.check(points=1, after=random_batches)
def batch_of_one(f, reference, rng):
    """Works for a batch of one, and for a layer of one output."""
    arguments = one_example(rng)
    agree(f(*arguments), reference(*arguments), what="delta for a batch of one")
    arguments = one_output(rng)
    agree(f(*arguments), reference(*arguments), what="delta for one output")


@exercise.check(points=1, after=random_batches)
def whole_numbers_count(f, reference, rng):
    """Takes targets or z of whole numbers for what they are, and rounds no error."""
    a, y, z = five_examples(rng)
    whole_numbers(f, reference, a, rng.integers(0, 2, size=a.shape), z)
    whole = rng.integers(-3, 4, size=a.shape)
    whole_numbers(f, reference, sigmoid(whole.astype(float)), y, whole)


@exercise.check(points=1, after=random_batches)
def measured_slopes(f, rng):
    """Agrees with slopes of the quadratic cost, measured by moving z."""
    a, y, z = five_examples(rng)
    gradient_agrees(f(a, y, z), lambda v: half_mse(sigmoid(v), y), z, what="delta")


@exercise.check(points=1, after=random_batches)
def laws(f, rng):
    """A hit has no error, a miss k times as far k times the error, a doubled batch half of it."""
    a, y, z = five_examples(rng)
    delta = np.asarray(f(a, y, z))
    agree(f(a, a, z), np.zeros(z.shape), what="delta of a hit")
    for k in (3, 1e4):
        agree(f(a, a - k * (a - y), z), k * delta, what=f"delta of {k:g} times the miss")
    doubled = f(*(np.vstack([part, part]) for part in (a, y, z)))
    agree(doubled, np.vstack([delta, delta]) / 2, what="delta of the doubled batch")


@exercise.check(points=1, after=random_batches)
def saturation(f, reference, rng):
    """Saturated outputs have no slope: their error is 0, not NaN."""
    arguments = saturated(rng)
    agree(f(*arguments), reference(*arguments), what="delta")


@exercise.check(points=1, after=random_batches)
def leaves_inputs_alone(f, rng):
    """Leaves outputs, targets and pre-activations as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def slope_from_the_outputs(a, y, z):
    return a * (1 - a) * (a - y) / a.shape[0]


@exercise.variant
def example_by_example(a, y, z):
    rows = [-(t - o) * sigmoid_derivative(v) for o, t, v in zip(a, y, z, strict=True)]
    return np.array(rows) / len(rows)


@exercise.variant
def on_its_own_buffer(a, y, z):
    delta = np.subtract(a, y)
    delta *= sigmoid(z)
    delta *= sigmoid(-z)
    delta *= 1 / len(delta)
    return delta


@exercise.misconception(keeps=0.5)
def forgets_to_average(a, y, z):
    """The error is N times too large: the cost is a mean over the batch, and so is its slope."""
    return (a - y) * sigmoid_derivative(z)


@exercise.misconception
def averages_over_outputs_too(a, y, z):
    """You divide by the number of entries. The cost averages over the examples only."""
    return (a - y) / a.size * sigmoid_derivative(z)


@exercise.misconception
def averages_over_outputs_only(a, y, z):
    """You divide by the number of outputs. Which axis counts the examples?"""
    return (a - y) / a.shape[1] * sigmoid_derivative(z)


@exercise.misconception
def forgets_the_slope(a, y, z):
    """This is how the cost changes with a. The link from z to a is missing: the sigmoid's slope."""
    return (a - y) / len(a)


@exercise.misconception
def slope_at_the_activation(a, y, z):
    """σ' is taken at a instead of at z: the sigmoid has been applied twice."""
    return (a - y) / len(a) * sigmoid_derivative(a)


@exercise.misconception
def slope_formula_with_z(a, y, z):
    """s·(1 − s) is the slope only if s is σ(z). Here z itself stands in its place."""
    return (a - y) / len(a) * z * (1 - z)


@exercise.misconception
def sigmoid_instead_of_its_slope(a, y, z):
    """The error is multiplied by σ(z) itself. How fast does σ change there?"""
    return (a - y) / len(a) * sigmoid(z)


@exercise.misconception
def slope_of_tanh(a, y, z):
    """1 − a² is the slope of tanh. This output comes from a sigmoid."""
    return (a - y) / len(a) * (1 - a**2)


@exercise.misconception
def target_minus_output(a, y, z):
    """The sign is flipped: if the output is too large, the cost rises with it."""
    return (y - a) / len(a) * sigmoid_derivative(z)


@exercise.misconception(keeps=0.5)
def forgets_that_the_half_cancels(a, y, z):
    """The error is twice too large: the 2 of the square's derivative meets the ½ of the cost."""
    return 2 * (a - y) / len(a) * sigmoid_derivative(z)


@exercise.misconception(keeps=0.5)
def keeps_the_half(a, y, z):
    """The error is half too small: differentiating the square brings a 2 that cancels the ½."""
    return (a - y) / (2 * len(a)) * sigmoid_derivative(z)


@exercise.misconception
def squares_the_miss(a, y, z):
    """The miss is still squared, as in the cost. What is the derivative of a square?"""
    return (a - y) ** 2 / len(a) * sigmoid_derivative(z)


@exercise.misconception
def mean_over_the_examples(a, y, z):
    """The examples have been merged into one row. Each has an error of its own."""
    return np.mean((a - y) * sigmoid_derivative(z), axis=0)


@exercise.misconception
def overflows(a, y, z):
    """For z far below 0 the exponentials overflow to ∞/∞. The given `sigmoid` does not."""
    return (a - y) / len(a) * np.exp(-z) / (1 + np.exp(-z)) ** 2


@exercise.misconception
def overwrites_the_outputs(a, y, z):
    """The errors are right, but the caller's a is overwritten with them: work on a new array."""
    a -= y
    a /= len(a)
    return a * sigmoid_derivative(z)
