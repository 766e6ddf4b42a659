"""What has the layer kept? Down again by the same weights."""

import numpy as np

from autograder.exercises.ch13_transfer.nets import LN3
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Up is a sigmoid layer as always. Which matrix leads from the M hidden units down to the D "
        "visible ones?",
        "The same weights, turned round; and each layer has biases of its own: which are added "
        "where?",
        r"$h = \sigma(vW + c)$ goes up. Down again it is a sigmoid too, with $W^\top$.",
    ),
)


def machine(rng, examples, visible, hidden):
    """Pictures in shades of grey, and a layer with all its biases."""
    v, W = rng.random((examples, visible)), rng.normal(size=(visible, hidden))
    return v, W, rng.normal(size=visible), rng.normal(size=hidden)


@exercise.probe
def seven_pictures(rng):
    return machine(rng, 7, 5, 3)


@exercise.probe
def as_many_hidden_as_visible(rng):
    """W is square: its transpose fits as well."""
    return machine(rng, 5, 3, 3)


@exercise.probe
def one_picture(rng):
    return machine(rng, 1, 3, 5)


@exercise.check
def worked_example(f):
    """v = 1, W = ln 3, biases 0: up ¾, and down σ(¾ ln 3) = 3^¾ / (1 + 3^¾)."""
    got = f(np.ones((1, 1)), np.array([[LN3]]), np.zeros(1), np.zeros(1))
    agree(got, [[3**0.75 / (1 + 3**0.75)]], what="the reconstruction")


@exercise.check
def two_pixels(f):
    """Of pixels (1, 0) a unit at ¾ makes: W = (4, 0), b = (−3, ln 3), c = ln 3 − 4 give (½, ¾)."""
    W, b, c = np.array([[4.0], [0.0]]), np.array([-3.0, LN3]), np.array([LN3 - 4])
    v = np.array([[1.0, 0.0]])
    agree(f(v, W, b, c), [[0.5, 0.75]], what="the reconstruction")
    unchanged(f, v, W, b, c)


@exercise.check
def square_weights(f):
    """Two hidden units for two pixels: down it is the transpose of what it was up."""
    W = np.array([[0.0, 4.0], [0.0, 0.0]])  # pixel 0 and hidden unit 1 know each other
    got = f(np.array([[0.0, 1.0]]), W, np.array([-2.0, LN3]), np.array([LN3, 0.0]))
    agree(got, [[0.5, 0.75]], what="the reconstruction")


@exercise.check(points=2)
def random_layers(f, reference, rng):
    """Reconstructs pictures through layers that are wider and narrower than the data."""
    for size in rng.permutation([(7, 5, 3), (5, 3, 7), (11, 3, 3), (3, 13, 2)]):
        arguments = machine(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the reconstruction")


@exercise.check(points=1, after=random_layers)
def one_of_each(f, reference, rng):
    """Takes one picture, one pixel, one hidden unit."""
    for size in ((1, 5, 3), (1, 1, 4), (1, 3, 1)):
        arguments = machine(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the reconstruction")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Hidden units may change places; without weights the biases speak alone; no NaN far out."""
    v, W, b, c = machine(rng, 7, 5, 4)
    order = rng.permutation(4)
    agree(f(v, W[:, order], b, c[order]), f(v, W, b, c), what="with other order of hidden units")
    alone = np.tile(1 / (1 + np.exp(-b)), (7, 1))
    agree(f(v, 0 * W, b, c), alone, what="the reconstruction without weights")
    far = f(np.array([[1.0], [0.0]]), np.array([[2000.0]]), np.array([-1000.0]), np.array([-900.0]))
    agree(far, [[1.0], [0.0]], what="the reconstruction by huge weights")


@exercise.check(points=1, after=random_layers)
def whole_numbers_count(f, reference, rng):
    """Takes black and white pictures of whole numbers for what they are."""
    v, *rest = machine(rng, 7, 5, 3)
    whole_numbers(f, reference, np.rint(v).astype(int), *rest)


@exercise.check(points=1, after=random_layers)
def leaves_inputs_alone(f, rng):
    """Leaves pictures and parameters as they were."""
    unchanged(f, *seven_pictures(rng))


def _sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


@exercise.variant
def turned_round(v, W, b, c):
    up = _sigmoid(W.T @ v.T + c[:, None])
    return _sigmoid(W @ up + b[:, None]).T


@exercise.variant
def picture_by_picture(v, W, b, c):
    found = []
    for picture in v:
        hidden = [_sigmoid(np.sum(picture * W[:, j]) + c[j]) for j in range(len(c))]
        found.append([_sigmoid(np.sum(np.array(hidden) * W[i]) + b[i]) for i in range(len(b))])
    return found


@exercise.misconception
def hidden_probabilities(v, W, b, c):
    """That is the hidden layer: come down again."""
    return _sigmoid(v @ W + c)


@exercise.misconception(keeps=0.5)
def linear_on_the_way_down(v, W, b, c):
    """The sums of the visible units are not squashed, so that grey values leave [0, 1]."""
    return _sigmoid(v @ W + c) @ W.T + b


@exercise.misconception(keeps=0.5)
def linear_on_the_way_up(v, W, b, c):
    """The hidden units are not squashed."""
    return _sigmoid((v @ W + c) @ W.T + b)


@exercise.misconception
def no_biases(v, W, b, c):
    """Both kinds of biases are missing."""
    return _sigmoid(_sigmoid(v @ W) @ W.T)


@exercise.misconception(keeps=0.5)
def visible_biases_forgotten(v, W, b, c):
    """The biases of the visible units are missing on the way down."""
    return _sigmoid(_sigmoid(v @ W + c) @ W.T)


@exercise.misconception(keeps=0.5)
def hidden_biases_forgotten(v, W, b, c):
    """The biases of the hidden units are missing on the way up."""
    return _sigmoid(_sigmoid(v @ W) @ W.T + b)


@exercise.misconception
def not_transposed(v, W, b, c):
    """Down, W is used as it stands: that only has a shape if it is square, and is wrong then."""
    return _sigmoid(_sigmoid(v @ W + c) @ W + b)


@exercise.misconception
def all_or_nothing(v, W, b, c):
    """The hidden units are rounded to 0 and 1. Their probabilities are asked for."""
    return _sigmoid(np.rint(_sigmoid(v @ W + c)) @ W.T + b)


@exercise.misconception
def error_instead_of_picture(v, W, b, c):
    """The error comes back. The reconstruction itself is asked for."""
    return float(np.mean((v - _sigmoid(_sigmoid(v @ W + c) @ W.T + b)) ** 2))


@exercise.misconception
def inverse_for_the_transpose(v, W, b, c):
    """Goes down by the inverse: an RBM uses the same weights both ways, transposed."""
    return _sigmoid(_sigmoid(v @ W + c) @ np.linalg.pinv(W) + b)
