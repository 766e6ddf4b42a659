"""Folding the layer away."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.batchnorm import batchnorm_inference

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "In test mode, is there anything in the layer that still depends on the batch?",
        "Write γ·(x@W + b − mean)/std + β as something times x plus something without x.",
        "scale = γ/√(var + eps), W' = W·scale (every column its own), b' = (b − mean)·scale + β.",
    ),
)


def layers(rng, n_in, n_out):
    """A dense layer and its normalisation, nothing at 0 or 1."""
    W, b = rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)
    gamma = rng.uniform(0.5, 2, n_out) * rng.choice([-1, 1], n_out)
    return W, b, gamma, rng.normal(size=n_out), rng.normal(size=n_out), rng.uniform(0.3, 3, n_out)


@exercise.probe
def five_inputs(rng):
    return *layers(rng, 5, 3), 0.4


@exercise.probe
def square_weights(rng):
    """A square: scaling rows instead of columns raises no error here."""
    return *layers(rng, 3, 3), 0.1


@exercise.probe
def standard_eps(rng):
    W, b, gamma, beta, mean, var = layers(rng, 2, 5)
    return W, b, gamma, beta, mean, 1e-4 * var


@exercise.check
def worked_example(f):
    """W = 6, b = 1, mean 4, variance 9, γ = 2, β = 5, eps = 0: 4·x + 3."""
    numbers = [np.array([v]) for v in (1.0, 2.0, 5.0, 4.0, 9.0)]
    expected = np.array([[4.0]]), np.array([3.0])
    agree(f(np.array([[6.0]]), *numbers, 0.0), expected, what="the result")


@exercise.check
def two_neurons(f):
    """Each neuron, a column of W, has a scale of its own: here 1 and ½ (eps = 3)."""
    W, ones, zeros = np.array([[2.0, 4.0], [6.0, 8.0]]), np.ones(2), np.zeros(2)
    expected = np.array([[2.0, 2.0], [6.0, 4.0]]), np.array([1.0, 0.5])
    agree(f(W, ones, np.array([2.0, 1.0]), zeros, zeros, ones, 3.0), expected, what="the result")


@exercise.check
def arguments_stay(f):
    """W, b and the layer's parameters are afterwards what they were before."""
    numbers = [np.array([v, v]) for v in (1.0, 2.0, 5.0, 4.0, 9.0)]
    unchanged(f, np.array([[6.0, 1.0], [2.0, 3.0]]), *numbers, 0.5)


SIZES = [(5, 3), (3, 7), (4, 5), (11, 2), (3, 3)]


def parts(result):
    return sequence(result, 2, "the result")


@exercise.check(points=1)
def weights(f, reference, rng):
    """Gives the folded weights for random layers."""
    for size in SIZES:
        arguments = *layers(rng, *size), rng.uniform(0.01, 2)
        agree(parts(f(*arguments))[0], reference(*arguments)[0], what="the weights")


@exercise.check(points=1)
def biases(f, reference, rng):
    """Gives the folded biases for random layers."""
    for size in SIZES:
        arguments = *layers(rng, *size), rng.uniform(0.01, 2)
        agree(parts(f(*arguments))[1], reference(*arguments)[1], what="the biases")


@exercise.check(points=1, after=(weights, biases))
def takes_whole_numbers(f, reference, rng):
    """Takes weights and biases of whole numbers for what they are, and rounds neither."""
    W, b, *rest = layers(rng, 5, 3)
    whole = rng.integers(-9, 10, size=W.shape), rng.integers(-9, 10, size=b.shape)
    whole_numbers(f, reference, *whole, *rest)


@exercise.check(points=1, after=(weights, biases))
def takes_single_inputs(f, reference, rng):
    """Takes a layer of one input, or of one neuron."""
    for size in [(1, 5), (11, 1), (1, 1)]:
        arguments = *layers(rng, *size), rng.uniform(0.01, 2)
        what = f"the result for {size[0]} inputs and {size[1]} neurons"
        agree(f(*arguments), reference(*arguments), what=what)


@exercise.check(points=1, after=(weights, biases))
def one_layer_does_the_work_of_two(f, rng):
    """On fresh inputs the folded layer gives what the two layers gave."""
    for size in SIZES:
        W, b, *normalisation = layers(rng, *size)
        eps, x = rng.uniform(0.01, 2), 10 * rng.normal(size=(7, size[0]))
        folded_W, folded_b = (np.asarray(p) for p in parts(f(W, b, *normalisation, eps)))
        expected = batchnorm_inference(x @ W + b, *normalisation, eps)
        agree(x @ folded_W + folded_b, expected, what="the output of the folded layer")


@exercise.check(points=1, after=(weights, biases))
def edges(f, reference, rng):
    """Uses eps = 1e-5 by default, survives a variance or γ of 0, a layer that does nothing."""
    W, b, gamma, beta, mean, var = layers(rng, 5, 3)
    for small in (1.0, 1e-4, 0.0):
        arguments = W, b, gamma, beta, mean, small * var
        agree(f(*arguments), reference(*arguments), what="the result with the default eps")
    for scale in (1e-3, 1e3):
        arguments = scale * W, scale * b, gamma, beta, scale * mean, scale**2 * var, 0.0
        agree(f(*arguments), reference(*arguments), what="the result")
        for scaled in ((scale * gamma * [1, 0, 1], beta), (gamma, scale * beta)):
            arguments = W, b, *scaled, mean, var
            agree(f(*arguments), reference(*arguments), what="the result")
    nothing = W, b, np.sqrt(var + 0.5), mean, mean, var, 0.5
    agree(f(*nothing), (W, b), what="the result for γ = √(var + eps), β = mean")


@exercise.check(points=1, after=(weights, biases))
def leaves_inputs_alone(f, rng):
    """Leaves weights, biases and the layer's parameters as they were."""
    unchanged(f, *five_inputs(rng))


@exercise.variant
def with_a_diagonal_matrix(W, b, gamma, beta, mean, var, eps=1e-5):
    scale = np.diag(gamma / np.sqrt(var + eps))
    return W @ scale, b @ scale - mean @ scale + beta


@exercise.variant
def by_what_it_does(W, b, gamma, beta, mean, var, eps=1e-5):
    layer = lambda x: gamma * ((x @ W + b) - mean) / np.sqrt(var + eps) + beta
    bias = layer(np.zeros((1, W.shape[0])))[0]
    return [layer(np.eye(W.shape[0])) - bias, bias]


@exercise.variant
def neuron_by_neuron(W, b, gamma, beta, mean, var, eps=1e-5):
    new_W, new_b = np.array(W, dtype=float), np.array(b, dtype=float)
    for j in range(len(b)):
        scale = gamma[j] * (var[j] + eps) ** -0.5
        new_W[:, j] = scale * W[:, j]
        new_b[j] = beta[j] + scale * (b[j] - mean[j])
    return new_W, new_b


def _scale(gamma, var, eps):
    return gamma / np.sqrt(var + eps)


@exercise.misconception
def bias_not_scaled(W, b, gamma, beta, mean, var, eps=1e-5):
    """b − mean goes through the division and γ just as x @ W does."""
    return W * _scale(gamma, var, eps), b - mean + beta


@exercise.misconception(keeps=0.5)
def only_the_mean_scaled(W, b, gamma, beta, mean, var, eps=1e-5):
    """The old bias is added unscaled: it was inside z when z was normalised."""
    scale = _scale(gamma, var, eps)
    return W * scale, b - mean * scale + beta


@exercise.misconception
def mean_not_scaled(W, b, gamma, beta, mean, var, eps=1e-5):
    """The old bias is scaled, the mean is not: it was taken off before the division and γ."""
    scale = _scale(gamma, var, eps)
    return W * scale, b * scale - mean + beta


@exercise.misconception
def shift_scaled_too(W, b, gamma, beta, mean, var, eps=1e-5):
    """β is added after γ has multiplied: it is not scaled."""
    scale = _scale(gamma, var, eps)
    return W * scale, (b - mean + beta) * scale


@exercise.misconception
def forgets_the_mean(W, b, gamma, beta, mean, var, eps=1e-5):
    """The remembered mean is still to be subtracted, in the new bias."""
    scale = _scale(gamma, var, eps)
    return W * scale, b * scale + beta


@exercise.misconception
def mean_added(W, b, gamma, beta, mean, var, eps=1e-5):
    """The mean is subtracted from z, and your new bias adds it."""
    scale = _scale(gamma, var, eps)
    return W * scale, (b + mean) * scale + beta


@exercise.misconception(keeps=1 / 3)
def forgets_the_old_bias(W, b, gamma, beta, mean, var, eps=1e-5):
    """b is lost. In training the batch mean cancels it, but the remembered mean contains it."""
    scale = _scale(gamma, var, eps)
    return W * scale, beta - mean * scale


@exercise.misconception
def forgets_beta(W, b, gamma, beta, mean, var, eps=1e-5):
    """β is missing in the new bias."""
    scale = _scale(gamma, var, eps)
    return W * scale, (b - mean) * scale


@exercise.misconception
def forgets_gamma(W, b, gamma, beta, mean, var, eps=1e-5):
    """γ is missing: the folded layer only normalises."""
    scale = _scale(1.0, var, eps)
    return W * scale, (b - mean) * scale + beta


@exercise.misconception
def weights_unchanged(W, b, gamma, beta, mean, var, eps=1e-5):
    """W comes back as it was; it has to take over the scale."""
    return W.copy(), (b - mean) * _scale(gamma, var, eps) + beta


@exercise.misconception
def scales_the_rows(W, b, gamma, beta, mean, var, eps=1e-5):
    """The rows of W are scaled. A row belongs to an input, and it is a neuron that has a γ."""
    scale = _scale(gamma, var, eps)
    return W * scale[:, None], (b - mean) * scale + beta


@exercise.misconception
def divides_by_the_variance(W, b, gamma, beta, mean, var, eps=1e-5):
    """You divide by the variance; the layer divides by its root."""
    scale = gamma / (var + eps)
    return W * scale, (b - mean) * scale + beta


@exercise.misconception
def eps_hard_coded(W, b, gamma, beta, mean, var, eps=1e-5):
    """The eps in your code is always 1e-5, whatever the layer was trained with."""
    scale = _scale(gamma, var, 1e-5)
    return W * scale, (b - mean) * scale + beta


@exercise.misconception
def forgets_eps(W, b, gamma, beta, mean, var, eps=1e-5):
    """eps is missing under the root: the folded layer differs a little, and NaN if var is 0."""
    scale = _scale(gamma, var, 0.0)
    return W * scale, (b - mean) * scale + beta


@exercise.misconception
def overwrites_the_weights(W, b, gamma, beta, mean, var, eps=1e-5):
    """The numbers are right, but the caller's W is overwritten: return a new array."""
    scale = _scale(gamma, var, eps)
    W *= scale
    return W, (b - mean) * scale + beta
