"""Follow a gradient down through many layers."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=25,
    difficulty=4,
    core=True,
    hints=(
        "What must be kept on the way forward so that the way back can be walked?",
        "Back through a layer: dz = backward(da, cache), then the weights' gradient a_prev.T @ dz "
        "and the error below, dz @ W.T. Measure both, and go on.",
        "dz = da ⊙ f'(z), dW = a_prevᵀ dz, da_prev = dz Wᵀ, layer by layer from the top.",
    ),
)


@travels
def tanh(z):
    return np.tanh(z), np.tanh(z)


@travels
def tanh_back(da, a):
    return da * (1 - a**2)


@travels
def bent(z):
    """An activation with a cache of its own kind: z and a number."""
    return z + 0.5 * np.sin(2 * z), (np.array(z), 2.0)


@travels
def bent_back(da, cache):
    z, k = cache
    return da * (1 + 0.5 * k * np.cos(k * z))


STRAIGHT = travels(lambda z: (np.array(z), None)), travels(lambda da, cache: np.array(da))
"""No activation at all."""
SQUARES = travels(lambda z: (z**2, np.array(z))), travels(lambda da, z: 2 * z * da)


def network(rng, examples, sizes, pair=(tanh, tanh_back), gain=1.0):
    shapes = list(zip(sizes[:-1], sizes[1:], strict=True))
    weights = [gain * rng.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes]
    biases = [rng.normal(size=n_out) for _, n_out in shapes]
    x, dout = rng.normal(size=(examples, sizes[0])), rng.normal(size=(examples, sizes[-1]))
    return x, weights, biases, dout, *pair


@exercise.probe
def three_layers(rng):
    return network(rng, 5, (3, 7, 2, 5))


@exercise.probe
def one_layer(rng):
    return network(rng, 2, (5, 3), (bent, bent_back))


@exercise.probe
def equal_sizes(rng):
    """A square network: a forgotten transpose raises no error here."""
    return network(rng, 3, (3, 3, 3, 3, 3), (bent, bent_back))


@exercise.check
def worked_example(f):
    """Two doublings without activation: an error of 1 at the top is 2, then 4 further down."""
    weights, biases = [np.array([[2.0]]), np.array([[2.0]])], [np.zeros(1), np.ones(1)]
    x, dout = np.array([[3.0]]), np.array([[1.0]])
    found = f(x, weights, biases, dout, *STRAIGHT)
    weight_norms, error_norms = sequence(found, 2)
    agree(weight_norms, np.array([6.0, 6.0]), what="weight_norms")
    agree(error_norms, np.array([4.0, 2.0, 1.0]), what="error_norms")


@exercise.check
def two_examples_squared(f):
    """Two layers whose activation squares, two examples: all norms are roots of whole numbers."""
    x, dout = np.array([[1.0, 0.0], [2.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 2.0]])
    weights = [np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, 3.0], [1.0, 0.0]])]
    biases = [np.array([0.0, -1.0]), np.array([1.0, -2.0])]
    weight_norms, error_norms = sequence(f(x, weights, biases, dout, *SQUARES), 2)
    agree(weight_norms, np.sqrt([1175328, 51272]), what="weight_norms")
    agree(error_norms, np.sqrt([231840, 14472, 5]), what="error_norms")


@exercise.check
def arguments_stay(f):
    """x, weights, biases and dout are afterwards what they were before."""
    weights, biases = [np.array([[2.0]]), np.array([[-2.0]])], [np.zeros(1), np.ones(1)]
    unchanged(f, np.array([[3.0]]), weights, biases, np.array([[1.0]]), *SQUARES)


@exercise.check(points=2)
def norms_of_the_errors(f, reference, rng):
    """Gives ‖∂C/∂a‖ from the input to the output, for networks of several depths."""
    for sizes, pair in NETWORKS:
        arguments = network(rng, 5, sizes, pair)
        agree(sequence(f(*arguments), 2)[1], reference(*arguments)[1], what="error_norms")
    x, weights, biases, dout, *pair = network(rng, 29, (3, 7, 2), (bent, bent_back))
    large = 1e3 * x, weights, [1e3 * b for b in biases], 1e3 * dout, *pair
    agree(f(*large), reference(*large), what="the norms of large numbers")


@exercise.check(points=2)
def norms_of_the_weights(f, reference, rng):
    """Gives ‖∂C/∂W‖ of every layer, for networks of several depths."""
    for sizes, pair in NETWORKS:
        arguments = network(rng, 5, sizes, pair)
        agree(sequence(f(*arguments), 2)[0], reference(*arguments)[0], what="weight_norms")


NETWORKS = [
    ((3, 7, 2, 5), (tanh, tanh_back)),
    ((5, 3), (bent, bent_back)),
    ((3, 3, 3, 3, 3), (bent, bent_back)),
    ((2, 5, 3, 7, 3, 5, 2), (tanh, tanh_back)),
]


@exercise.check(points=1, after=(norms_of_the_errors, norms_of_the_weights))
def measured_slopes(f, rng):
    """The errors of the input and of the first layer's weights are slopes measured on the cost."""
    x, weights, biases, dout, forward, backward = network(rng, 2, (3, 5, 2))

    def cost(v, W):
        a = forward(forward(v @ W + biases[0])[0] @ weights[1] + biases[1])[0]
        return np.sum(dout * a)

    h, by_x, by_W = 1e-5, np.zeros(x.shape), np.zeros(weights[0].shape)
    for index in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        by_x[index] = (cost(x + step, weights[0]) - cost(x - step, weights[0])) / (2 * h)
    for index in np.ndindex(by_W.shape):
        step = np.zeros(by_W.shape)
        step[index] = h
        by_W[index] = (cost(x, weights[0] + step) - cost(x, weights[0] - step)) / (2 * h)
    weight_norms, error_norms = f(x, weights, biases, dout, forward, backward)
    agree(error_norms[0], np.linalg.norm(by_x), rtol=1e-5, what="error_norms[0]")
    agree(weight_norms[0], np.linalg.norm(by_W), rtol=1e-5, what="weight_norms[0]")


@exercise.check(points=1, after=(norms_of_the_errors, norms_of_the_weights))
def laws(f, rng):
    """Norms scale with the gradient at the top, and a twin of every example makes √2 or 2."""
    x, weights, biases, dout, *pair = three_layers(rng)
    weight_norms, error_norms = map(np.asarray, f(x, weights, biases, dout, *pair))
    tenfold = 10 * weight_norms, 10 * error_norms
    agree(f(x, weights, biases, -10 * dout, *pair), tenfold, what="the norms for −10·dout")
    twins = f(np.vstack([x, x]), weights, biases, np.vstack([dout, dout]), *pair)
    expected = 2 * weight_norms, np.sqrt(2) * error_norms
    agree(twins, expected, what="the norms with a twin of every example")


@exercise.check(points=1, after=(norms_of_the_errors, norms_of_the_weights))
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers as inputs for what they are, and does not round the norms."""
    x, *others = three_layers(rng)
    whole_numbers(f, reference, rng.integers(-9, 10, size=x.shape), *others)


@exercise.check(points=1, after=(norms_of_the_errors, norms_of_the_weights))
def faint_and_huge(f, reference, rng):
    """Follows gradients that fade to 1e-48 or grow to 1e48, one example at a time."""
    for gain in (1e-4, 1e4):
        arguments = network(rng, 1, (3,) * 13, STRAIGHT, gain)
        expected = reference(*arguments)
        for part, right, name in zip(f(*arguments), expected, ("weight", "error"), strict=True):
            agree(np.asarray(part) / right, np.ones(len(right)), what=f"{name}_norms / the right")


@exercise.check(points=1, after=(norms_of_the_errors, norms_of_the_weights))
def leaves_inputs_alone(f, rng):
    """Leaves inputs, weights, biases and dout as they were."""
    unchanged(f, *three_layers(rng))


@exercise.variant
def by_index(x, weights, biases, dout, forward, backward):
    layers = len(weights)
    a, caches = [x], []
    for layer in range(layers):
        out, cache = forward(a[layer] @ weights[layer] + biases[layer])
        a.append(out)
        caches.append(cache)
    weight_norms, error_norms = np.empty(layers), np.empty(layers + 1)
    error_norms[layers] = np.sqrt(np.sum(dout**2))
    for layer in range(layers - 1, -1, -1):
        dz = backward(dout, caches[layer])
        dout = dz @ weights[layer].T
        weight_norms[layer] = np.sqrt(np.sum((a[layer].T @ dz) ** 2))
        error_norms[layer] = np.sqrt(np.sum(dout**2))
    return weight_norms, error_norms


@exercise.variant
def recursive(x, weights, biases, dout, forward, backward):
    def down(a, depth):
        """Norms of the layers from `depth` on, and the error of what enters them."""
        if depth == len(weights):
            return [], [np.linalg.norm(dout)], dout
        out, cache = forward(a @ weights[depth] + biases[depth])
        of_weights, of_errors, error = down(out, depth + 1)
        dz = backward(error, cache)
        error = np.einsum("nj,ij->ni", dz, weights[depth])
        norm = np.linalg.norm(np.einsum("ni,nj->ij", a, dz))
        return [norm, *of_weights], [np.linalg.norm(error), *of_errors], error

    return list(down(x, 0)[:2])


def _norms(x, weights, biases, dout, forward, backward, *, size=np.linalg.norm, **other):
    """Both lists, with steps of the way replaced."""
    below = other.get("below", lambda dz, W: dz @ W.T)
    entered = other.get("entered", lambda a, out: a)
    slope = other.get("slope", lambda layer, da, cache: backward(da, cache))
    a, kept = x, []
    for W, b in zip(weights, biases, strict=True):
        z = a @ W + b * other.get("bias", 1)
        out, cache = forward(z)
        kept.append((entered(a, out), cache))
        a = out
    weight_norms, error_norms = [], [size(dout)]
    for layer in reversed(range(len(weights))):
        entering, cache = kept[layer]
        dz = slope(layer, dout, cache)
        dout = below(dz, weights[layer])
        weight_norms.append(size(entering.T @ dz))
        error_norms.append(size(dz if other.get("of_dz") else dout))
    return np.array(weight_norms[::-1]), np.array(error_norms[::-1])


@exercise.misconception(keeps=0.5)
def top_layer_first(*arguments):
    """The lists are the wrong way round: they should begin with the layer next to the input."""
    weight_norms, error_norms = _norms(*arguments)
    return weight_norms[::-1], error_norms[::-1]


@exercise.misconception
def activation_left_out(*arguments):
    """On the way back the activation is skipped: dz is not da. Call `backward`."""
    return _norms(*arguments, slope=lambda layer, da, cache: da)


@exercise.misconception
def activation_left_out_at_the_top(*arguments):
    """dout belongs to the last layer's *output*, so it must come through that activation too."""
    _, weights, _, _, _, backward = arguments
    top = len(weights) - 1
    return _norms(*arguments, slope=lambda layer, da, c: da if layer == top else backward(da, c))


@exercise.misconception
def weights_not_transposed(*arguments):
    """Going down, W meets the errors the other way round. If all sizes agree, nothing warns you."""
    return _norms(*arguments, below=lambda dz, W: dz @ W)


@exercise.misconception(keeps=0.5)
def squared_norms(*arguments):
    """These are squares of norms: a root is missing."""
    return _norms(*arguments, size=lambda v: np.sum(v**2))


@exercise.misconception
def sums_of_sizes(*arguments):
    """These are sums of absolute values. ‖·‖ is the root of the sum of squares."""
    return _norms(*arguments, size=lambda v: np.abs(v).sum())


@exercise.misconception
def largest_entries(*arguments):
    """These are the largest entries. ‖·‖ is the root of the sum of squares."""
    return _norms(*arguments, size=lambda v: np.abs(v).max())


@exercise.misconception
def largest_stretch(*arguments):
    """`ord=2` of a matrix is its largest stretch. Here ‖·‖ takes all entries as one long vector."""
    return _norms(*arguments, size=lambda v: np.linalg.norm(v, ord=2))


@exercise.misconception
def root_of_the_mean(*arguments):
    """The squares are averaged before the root. ‖·‖ adds them."""
    return _norms(*arguments, size=lambda v: np.sqrt(np.mean(v**2)))


@exercise.misconception(keeps=1 / 3)
def biases_forgotten(*arguments):
    """The way forward goes without the biases, so the slopes are taken at the wrong places."""
    return _norms(*arguments, bias=0)


@exercise.misconception
def errors_of_z(*arguments):
    """These are norms of ∂C/∂z. One step further down, through W, is ∂C/∂a."""
    return _norms(*arguments, of_dz=True)


@exercise.misconception
def errors_of_z_and_x(x, weights, biases, dout, forward, backward):
    """Above x you measure ∂C/∂z, before the activation's output. ‖∂C/∂a‖ is asked for."""
    layers = []
    slope = lambda layer, da, cache: layers.append(backward(da, cache)) or layers[-1]
    rest = x, weights, biases, dout, forward, backward
    weight_norms, error_norms = _norms(*rest, slope=slope)
    return weight_norms, [error_norms[0], *(np.linalg.norm(dz) for dz in layers[::-1])]


@exercise.misconception
def weights_see_the_output(*arguments):
    """‖∂C/∂W‖ is taken with what *leaves* the layer. What enters it?"""
    return _norms(*arguments, entered=lambda a, out: out)


@exercise.misconception
def top_error_missing(*arguments):
    """The first entry to record is ‖dout‖ itself: L layers have L + 1 errors."""
    weight_norms, error_norms = _norms(*arguments)
    return weight_norms, error_norms[:-1]


@exercise.misconception
def averaged_over_the_batch(*arguments):
    """Everything is divided by N. If the cost is a mean, dout knows it already."""
    weight_norms, error_norms = _norms(*arguments)
    return weight_norms / len(arguments[0]), error_norms / len(arguments[0])


@exercise.misconception(keeps=0.5)
def errors_first(*arguments):
    """Both are right, but the contract returns weight_norms first."""
    return _norms(*arguments)[::-1]
