"""Why deep: one hidden layer can do everything, and what several do with fewer units.

Networks of one input are lists of weights (n_in, n_out) and biases (n_out,); x (N,) are numbers.
"""

import math
from collections.abc import Callable

import numpy as np

from reference_impl.backprop import sigmoid, softmax_cross_entropy
from reference_impl.preprocessing import scatter
from reference_impl.validation import (
    array_list,
    bias_list,
    binary_labels,
    class_labels,
    count,
    function,
    greater,
    kept,
    matrix,
    number,
    one_input,
    parts,
    requires,
    series,
    vector,
    weight_list,
)

Layers = tuple[list[np.ndarray], list[np.ndarray]]


@requires(x=vector("N"), edge=number(), steepness=number(above=0))
def smooth_step(x: np.ndarray, edge: float, steepness: float) -> np.ndarray:
    """Step from 0 to 1 made of one sigmoid unit with a large weight: σ(steepness · (x − edge)).

    Parameters
    ----------
    x : ndarray (N,)
    edge : float
        Where the step is; the unit's bias is −steepness · edge.
    steepness : float
        The unit's weight, positive; the larger, the sharper.

    Returns
    -------
    ndarray (N,)

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapter 4.
    """
    return sigmoid(steepness * (x - edge))


@requires(
    x=vector("N"),
    left=number(size="left"),
    right=greater(number(), "left"),
    height=number(),
    steepness=number(above=0),
)
def bump(x: np.ndarray, left: float, right: float, height: float, steepness: float) -> np.ndarray:
    """Tower between two places: a step up at the left and the same step down at the right.

    Parameters
    ----------
    x : ndarray (N,)
    left, right : float
        left < right.
    height : float
        The output weight of the first unit; the second has minus it.
    steepness : float
        Positive.

    Returns
    -------
    ndarray (N,)

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapter 4.
    """
    return height * (smooth_step(x, left, steepness) - smooth_step(x, right, steepness))


@requires(f=function(), a=number(size="a"), b=greater(number(), "a"), units=count(least=1))
def step_approximation(
    f: "Callable[[np.ndarray], np.ndarray]", a: float, b: float, units: int
) -> tuple[np.ndarray, np.ndarray]:
    """Choose a hidden layer of step units that follows f on [a, b]: cut into equal pieces.

    On each piece the sum of the steps so far is f in its middle. For a function of slope at most
    L the error is at most L · (b − a)/(2 · units): more units, smaller error.

    Parameters
    ----------
    f : callable
        Maps an array (N,) to an array (N,).
    a, b : float
        The ends of the interval, a < b.
    units : int
        Number of hidden units, one for each piece.

    Returns
    -------
    edges : ndarray (units,)
        Where each unit fires: at the left end of its piece.
    jumps : ndarray (units,)
        Its output weight: by how much f has changed since the piece before.

    References
    ----------
    Cybenko, Mathematics of Control, Signals and Systems 2 (1989) 303; Nielsen (2015), chapter 4.
    """
    width = (b - a) / units
    edges = a + width * np.arange(units)
    return edges, np.diff(f(edges + width / 2), prepend=0)


@requires(x=vector("N"), edges=vector("U"), jumps=vector("U"))
def step_network(x: np.ndarray, edges: np.ndarray, jumps: np.ndarray) -> np.ndarray:
    """Output of one hidden layer of step units: the sum of the jumps at edges ≤ x.

    Parameters
    ----------
    x : ndarray (N,)
    edges, jumps : ndarrays (U,)

    Returns
    -------
    ndarray (N,)

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapter 4.
    """
    return (x[:, None] >= edges).astype(jumps.dtype) @ jumps


@requires(x=vector("N"), edges=vector("U"), jumps=vector("U"), steepness=number(above=0))
def sigmoid_network(
    x: np.ndarray, edges: np.ndarray, jumps: np.ndarray, steepness: float
) -> np.ndarray:
    """The same network with sigmoid units: it comes as close as the steepness is large.

    Parameters
    ----------
    x : ndarray (N,)
    edges, jumps : ndarrays (U,)
    steepness : float
        Positive.

    Returns
    -------
    ndarray (N,)

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapter 4.
    """
    return sigmoid(steepness * (x[:, None] - edges)) @ jumps


@requires(x=vector("N"), weights=one_input(weight_list(first="input")), biases=bias_list())
def relu_network(x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]) -> np.ndarray:
    """Output of a network of one input with ReLU hidden layers and a linear last layer.

    Parameters
    ----------
    x : ndarray (N,)
    weights : list of L ndarrays (n_in, n_out)
        The first has one row.
    biases : list of L ndarrays (n_out,)

    Returns
    -------
    ndarray (N, n_out of the last layer)
    """
    h = x[:, None]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W + b, 0)
    return h @ weights[-1] + biases[-1]


@requires(
    weights=one_input(weight_list(first="input")),
    biases=bias_list(),
    a=number(size="a"),
    b=greater(number(), "a"),
)
def breakpoints(
    weights: list[np.ndarray], biases: list[np.ndarray], a: float, b: float
) -> np.ndarray:
    """Find exactly where the slope of a ReLU network of one input changes between a and b.

    Between two neighbouring knots every unit is a straight line, known by its values at the knots.
    Each layer adds a knot where one of its lines crosses zero; knots without a bend go at the end.
    A bend counts however small it is beside the slopes, if only it is no rounding error of its own
    terms; bends closer together than 1e-12 of the interval count as one.

    Parameters
    ----------
    weights : list of L ndarrays (n_in, n_out)
        As for `relu_network`.
    biases : list of L ndarrays (n_out,)
    a, b : float
        a < b.

    Returns
    -------
    ndarray (K,)
        In rising order; the network has K + 1 linear pieces on [a, b].

    References
    ----------
    Montúfar, Pascanu, Cho and Bengio, Advances in Neural Information Processing Systems 27 (2014).
    """
    knots = np.array([a, b], dtype=float)
    h = knots[:, None]
    for W, bias in zip(weights[:-1], biases[:-1], strict=True):
        knots, z = _with_crossings(knots, h @ W + bias)
        h = np.maximum(z, 0)
    bends, sizes = _bends((knots[:-1] + knots[1:]) / 2, weights, biases)
    noise = sum(len(W) for W in weights) * np.finfo(weights[-1].dtype).eps * sizes
    return knots[1:-1][np.any(np.abs(bends) > noise, axis=1)]


def _bends(
    x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Change of slope from each x to the next, and the size of the terms that it sums.

    Only units that switch contribute, so that a small bend does not drown in a large slope.
    """
    h, slope, bend = x[:, None], np.ones((len(x), 1)), np.zeros((len(x) - 1, 1))
    slope_size, bend_size = slope, bend
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        z = h @ W + b
        h, on = np.maximum(z, 0), (z > 0).astype(float)
        switched = np.diff(on, axis=0)
        bend = bend @ W * on[1:] + slope[:-1] @ W * switched
        size, W_size = np.abs(switched), np.abs(W)
        bend_size = bend_size @ W_size * on[1:] + slope_size[:-1] @ W_size * size
        slope, slope_size = slope @ W * on, slope_size @ W_size * on
    return bend @ weights[-1], bend_size @ np.abs(weights[-1])


def _with_crossings(knots: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Insert a knot wherever a column of z, linear between knots, crosses zero."""
    new = zero_crossings(knots, z)
    # Two units that bend at one place, up to rounding, share a knot.
    together = np.sort(np.concatenate([knots, new]))
    apart = np.diff(together, prepend=-np.inf) > 1e-12 * (knots[-1] - knots[0])
    refined = together[apart]
    values = [np.interp(refined, knots, column) for column in z.T]
    return refined, np.stack(values, axis=1)


@requires(depth=count(least=1))
def sawtooth_network(depth: int) -> Layers:
    """Fold [0, 1] `depth` times: the tent map composed with itself, two ReLU units for each fold.

    Parameters
    ----------
    depth : int
        Number of hidden layers.

    Returns
    -------
    weights, biases : lists of depth + 1 ndarrays
        For `relu_network`: 2^depth linear pieces on [0, 1], between 0 and 1, from 2·depth units.

    References
    ----------
    Telgarsky, Conference on Learning Theory (2016).
    """
    # tent(x) = 2·relu(x) − 4·relu(x − ½)
    spread, shift = np.ones((1, 2)), np.array([0.0, -0.5])
    gather = np.array([[2.0], [-4.0]])
    weights = [spread, *[gather @ spread] * (depth - 1), gather]
    return weights, [shift] * depth + [np.zeros(1)]


@requires(pieces=count(least=1))
def shallow_units(pieces: int) -> int:
    """The fewest ReLU units with which one hidden layer can make so many linear pieces.

    Parameters
    ----------
    pieces : int
        1 or more.

    Returns
    -------
    int
        One fewer: each unit bends the line once, at most. This is a lower bound, which suits
        networks whose units start inside the interval; a function may need more. The tent map on
        [0, 1] has two pieces and needs two units, for one alone is flat on one side.

    References
    ----------
    Telgarsky, Conference on Learning Theory (2016).
    """
    return pieces - 1


@requires(
    inputs=count(least=1), outputs=count(least=1), depth=count(least=1), budget=count(least=1)
)
def widest_net(inputs: int, outputs: int, depth: int, budget: int) -> list[int]:
    """Sizes of the widest net of equal hidden layers that a budget of parameters allows.

    Parameters
    ----------
    inputs, outputs : int
    depth : int
        Number of hidden layers.
    budget : int
        Most weights and biases.

    Returns
    -------
    list of int
        [inputs, width, ..., width, outputs]; the width is 0 if not even one unit fits.

    References
    ----------
    Seide, Li and Yu, Interspeech (2011): deep and thin against shallow and fat.
    """
    # The hidden layers of width w hold (depth − 1) w² + b w parameters, the last biases the rest.
    a, b, spare = depth - 1, inputs + depth + outputs, max(budget - outputs, 0)
    width = (math.isqrt(b**2 + 4 * a * spare) - b) // (2 * a) if a else spare // b
    return [inputs, *[width] * depth, outputs]


@requires(
    x=matrix("N", "D"),
    first=binary_labels("N"),
    second=binary_labels("N"),
    unseen=matrix("M", "D"),
    rate=number(least=0),
    steps=count(),
)
def direct_prediction(
    x: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    unseen: np.ndarray,
    rate: float,
    steps: int,
) -> np.ndarray:
    """One classifier for all four combinations of two attributes, each learned on its own.

    Parameters
    ----------
    x : ndarray (N, D)
        Training examples.
    first, second : ndarrays of int (N,)
        Two attributes, 0 or 1, such as gender and length of hair.
    unseen : ndarray (M, D)
    rate : float
        Of softmax regression from zero weights.
    steps : int
        Full-batch steps.

    Returns
    -------
    ndarray of int (M,)
        Predicted combination 2·first + second. One without training examples is never predicted.

    References
    ----------
    Lee, Machine Learning lecture "Why Deep?" (2017), the long-haired boys.
    """
    return softmax_prediction(x, 2 * first + second, 4, unseen, rate, steps)


@requires(
    x=matrix("N", "D"),
    first=binary_labels("N"),
    second=binary_labels("N"),
    unseen=matrix("M", "D"),
    rate=number(least=0),
    steps=count(),
)
def modular_prediction(
    x: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    unseen: np.ndarray,
    rate: float,
    steps: int,
) -> np.ndarray:
    """Two basic classifiers, one for each attribute, shared by all four combinations.

    Parameters
    ----------
    x : ndarray (N, D)
        Training examples; each one teaches both classifiers.
    first, second : ndarrays of int (N,)
        Two attributes, 0 or 1, such as gender and length of hair.
    unseen : ndarray (M, D)
    rate : float
        Of softmax regression from zero weights.
    steps : int
        Full-batch steps.

    Returns
    -------
    ndarray of int (M,)
        Predicted combination 2·first + second, also one that no training example has.

    References
    ----------
    Lee, Machine Learning lecture "Why Deep?" (2017), the long-haired boys.
    """
    one = softmax_prediction(x, first, 2, unseen, rate, steps)
    other = softmax_prediction(x, second, 2, unseen, rate, steps)
    return 2 * one + other


@requires(
    x=matrix("N", "D"),
    classes=count(least=2, size="C"),
    labels=class_labels("N", classes="C"),
    unseen=matrix("M", "D"),
    rate=number(least=0),
    steps=count(),
)
def softmax_prediction(
    x: np.ndarray, labels: np.ndarray, classes: int, unseen: np.ndarray, rate: float, steps: int
) -> np.ndarray:
    """Train softmax regression from zero weights, and say what it takes other examples for.

    Parameters
    ----------
    x : ndarray (N, D)
        Training examples.
    labels : ndarray of int (N,)
        0 to classes − 1.
    classes : int
    unseen : ndarray (M, D)
    rate : float
        Learning rate, not negative.
    steps : int
        Full-batch steps.

    Returns
    -------
    ndarray of int (M,)
        Predicted classes.
    """
    W, b = np.zeros((x.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        _, error = softmax_cross_entropy(x @ W + b, labels)
        W, b = W - rate * x.T @ error, b - rate * error.sum(axis=0)
    return (unseen @ W + b).argmax(axis=1)


@requires(knots=vector("K"), z=matrix("K", "H"))
def zero_crossings(knots: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Where straight lines between knots change sign: there ReLUs switch on or off.

    Parameters
    ----------
    knots : ndarray (K,)
        Places in rising order.
    z : ndarray (K, H)
        The pre-activation of each of H units at each knot; in between it is a straight line.

    Returns
    -------
    ndarray (M,)
        A place for every change of sign strictly between two knots, in any order; where several
        units change theirs at one place, it is there as often.

    References
    ----------
    Montúfar, Pascanu, Cho and Bengio, Advances in Neural Information Processing Systems 27 (2014).
    """
    left, right = z[:-1], z[1:]
    interval, unit = np.nonzero(np.sign(left) * np.sign(right) < 0)
    start, end = left[interval, unit], right[interval, unit]
    crossed: np.ndarray = knots[interval] + start / (start - end) * np.diff(knots)[interval]
    return crossed


@requires(f=function(), a=number(size="a"), b=greater(number(), "a"), units=count(least=1))
def relu_interpolant(
    f: "Callable[[np.ndarray], np.ndarray]", a: float, b: float, units: int
) -> Layers:
    """Choose a hidden layer of ReLUs that joins points of f on [a, b] by straight lines.

    Each unit bends the line at the left end of its piece. If |f''| is at most M, the error is at
    most M · (b − a)² / (8 · units²): twice the units, a quarter of the error.

    Parameters
    ----------
    f : callable
        Maps an array (N,) to an array (N,).
    a, b : float
        The ends of the interval, a < b.
    units : int
        Number of hidden units, one for each of equal pieces.

    Returns
    -------
    weights, biases : lists of 2 ndarrays
        For `relu_network`.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.4.1; de Boor (1978) for the
    bound.
    """
    knots = np.linspace(a, b, units + 1)
    values = f(knots)
    slopes = np.diff(values) / np.diff(knots)
    bends = np.diff(slopes, prepend=0)
    return [np.ones((1, units)), bends[:, None]], [-knots[:-1], values[:1]]


@requires(activations=array_list(matrix("N", "_")), labels=kept("N"))
def layer_separation(activations: list[np.ndarray], labels: np.ndarray) -> np.ndarray:
    """How far apart the classes are at each layer, in proportion to their own width.

    Parameters
    ----------
    activations : list of ndarrays (N, width)
        The input and the output of each layer, for the same N examples.
    labels : ndarray of int (N,)

    Returns
    -------
    ndarray (len(activations),)
        Trace of the scatter between the classes (each mean counts once for each example of its
        class) over that within them; infinite where every class is one point, NaN where all
        examples are.

    References
    ----------
    Fukunaga, Introduction to Statistical Pattern Recognition (1990), section 10.2.
    """
    pairs = [scatter(a, labels) for a in activations]
    within, between = np.array([[np.trace(part) for part in pair] for pair in pairs]).T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(between, within)


@requires(first=series(2, size="N"), second=series(2, size="N"), quantile=number(least=0))
def paired_interval(
    first: np.ndarray, second: np.ndarray, quantile: float
) -> tuple[float, float, float]:
    """How much better the second of two methods is than the first, run by run, and how surely.

    Pair i ran with the same data and seed, so that what both owe to these cancels in the
    difference second − first. Its mean over N runs has the standard error s / √N, where s is the
    standard deviation of the differences, taken with N − 1.

    Parameters
    ----------
    first, second : ndarrays (N,)
        Results of N runs of each, 2 or more.
    quantile : float
        How many standard errors the interval goes to each side, not negative: that of Student's t
        with N − 1 degrees of freedom, such as 2.262 for ten runs and 95 %.

    Returns
    -------
    low, mean, high : floats
        If 0 lies between low and high, the difference may be luck.

    References
    ----------
    Student, Biometrika 6 (1908) 1; Dietterich, Neural Computation 10 (1998) 1895.
    """
    gains = second - first
    mean = gains.mean()
    margin = quantile * gains.std(ddof=1) / math.sqrt(len(gains))
    return float(mean - margin), float(mean), float(mean + margin)


@requires(
    x=matrix("N", "D"),
    W1=matrix("D", "H"),
    b1=vector("H"),
    W2=matrix("H", "D"),
    b2=vector("D"),
)
def residual_forward(
    x: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """Two layers with a way around them: out = x + relu(x @ W1 + b1) @ W2 + b2.

    Parameters
    ----------
    x : ndarray (N, D)
    W1 : ndarray (D, H)
    b1 : ndarray (H,)
    W2 : ndarray (H, D)
        As wide as x at its end: what is added must fit.
    b2 : ndarray (D,)

    Returns
    -------
    out : ndarray (N, D)
    cache : tuple (x, h, W1, W2)
        What the way back needs; h (N, H) is the output of the ReLU.

    References
    ----------
    He, Zhang, Ren and Sun, CVPR (2016), eq. 1.
    """
    h = np.maximum(x @ W1 + b1, 0)
    return x + h @ W2 + b2, (x, h, W1, W2)


@requires(
    dout=matrix("N", "D"),
    cache=parts(matrix("N", "D"), matrix("N", "H"), matrix("D", "H"), matrix("H", "D")),
)
def residual_backward(
    dout: np.ndarray, cache: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Way back through `residual_forward`: the error splits into the detour and the layers.

    Parameters
    ----------
    dout : ndarray (N, D)
        Slope of the loss by out.
    cache : tuple (x, h, W1, W2)
        From `residual_forward`. Where h is 0 the ReLU lets nothing back.

    Returns
    -------
    dx, dW1, db1, dW2, db2 : ndarrays
        Slopes of the loss, in the shapes of what they belong to.

    References
    ----------
    He, Zhang, Ren and Sun, CVPR (2016), eq. 1.
    """
    x, h, W1, W2 = cache
    dh = dout @ W2.T * (h > 0)
    return dout + dh @ W1.T, x.T @ dh, dh.sum(axis=0), h.T @ dout, dout.sum(axis=0)
