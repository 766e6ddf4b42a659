"""From the chain rule to a trained network: cost, gradient descent, back-propagation, proof.

Rows are examples: x (N, D), W (n_in, n_out), b (n_out,), z = x @ W + b, a = sigmoid(z). Nielsen
writes the transpose, W (n_out, n_in), with one example per column.
"""

from collections.abc import Callable

import numpy as np

from reference_impl.validation import (
    array,
    bias_list,
    class_labels,
    count,
    function,
    matrix,
    number,
    requires,
    tensors,
    vector,
    weight_list,
)


@requires(z=array())
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Squash each entry of z into (0, 1): σ(z) = 1 / (1 + exp(−z)).

    Parameters
    ----------
    z : ndarray, any shape
        Any size of number: only exp(−|z|) is ever computed, which cannot overflow.

    Returns
    -------
    ndarray of z's shape

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 3.
    """
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


@requires(z=array())
def sigmoid_derivative(z: np.ndarray) -> np.ndarray:
    """Slope of the sigmoid: σ'(z) = σ(z)·(1 − σ(z)) = σ(z)·σ(−z), at most 1/4.

    Parameters
    ----------
    z : ndarray, any shape

    Returns
    -------
    ndarray of z's shape
    """
    return sigmoid(z) * sigmoid(-z)


@requires(x=array(), w=number(), b=number())
def one_path_derivative(x: np.ndarray, w: float, b: float) -> np.ndarray:
    """Derivative dz/dx of z = tanh(y), where y = w·x + b.

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    x : ndarray, any shape
    w, b : float

    Returns
    -------
    ndarray of x's shape
        dz/dx at each entry of x.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.2.
    """
    y = w * x + b
    dz_dy = 1 - np.tanh(y) ** 2
    dy_dx = w
    return dz_dy * dy_dx


@requires(x=array("S"), y=array("S"), dx_ds=array("S"), dy_ds=array("S"))
def several_paths_derivative(
    x: np.ndarray, y: np.ndarray, dx_ds: np.ndarray, dy_ds: np.ndarray
) -> np.ndarray:
    """Derivative dz/ds of z = x·y + x³, where x and y both depend on s.

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    x, y : ndarray, any one shape
        The values of x and y at the s of interest; everything is elementwise.
    dx_ds, dy_ds : ndarray of that shape
        The derivatives dx/ds and dy/ds there.

    Returns
    -------
    ndarray of that shape
        dz/ds: the contributions of both paths, added.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.2.
    """
    dz_dx = y + 3 * x**2
    dz_dy = x
    return dz_dx * dx_ds + dz_dy * dy_ds


@requires(a=matrix("N", "C"), y=matrix("N", "C"))
def half_mse(a: np.ndarray, y: np.ndarray) -> float:
    """Quadratic cost C = 1/(2N) · Σₙ ‖yₙ − aₙ‖², with Nielsen's extra ½.

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    a : ndarray (N, C)
        Outputs, one example per row.
    y : ndarray (N, C)
        Targets.

    Returns
    -------
    float
        The cost: squared distances, averaged over the N examples (not over the C outputs), halved.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 6.
    """
    return float(np.sum((y - a) ** 2) / (2 * len(a)))


@requires(logits=matrix("N", "C"), labels=class_labels("N", classes="C"))
def softmax_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean cross-entropy of softmax(logits) against the true classes, and its gradient.

    With p = softmax(logits), taken row by row, the loss is −1/N · Σₙ ln p[n, labels[n]].

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    logits : ndarray (N, C)
        Scores, one example per row; ±1000 must neither overflow nor become NaN.
    labels : ndarray of int (N,)
        True classes, 0 to C − 1.

    Returns
    -------
    loss : float
    dlogits : ndarray (N, C)
        The gradient ∂loss/∂logits.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3.
    """
    rows = np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=1, keepdims=True)
    loss = (np.log(total[:, 0]) - shifted[rows, labels]).sum() / len(logits)
    p /= total
    p[rows, labels] -= 1
    return float(loss), p / len(logits)


@requires(gradient=function(), theta=vector("D"), rate=number(least=0), steps=count())
def gradient_descent(
    gradient: "Callable[[np.ndarray], np.ndarray]", theta: np.ndarray, rate: float, steps: int
) -> np.ndarray:
    """Walk downhill: θ ← θ − rate · gradient(θ), `steps` times.

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    gradient : callable
        Maps θ (D,) to the gradient (D,) of the cost there.
    theta : ndarray (D,)
        The start.
    rate : float
        Learning rate, not negative.
    steps : int
        Number of updates, 0 or more.

    Returns
    -------
    ndarray (steps + 1, D)
        The path: row 0 is the start, row t is θ after t updates.

    References
    ----------
    Cauchy, Comptes rendus 25 (1847) 536; Nielsen, Neural Networks and Deep Learning (2015), eq. 11.
    """
    path = [theta]
    for _ in range(steps):
        path.append(path[-1] - rate * gradient(path[-1]))
    return np.array(path)


@requires(x=matrix("N", "D"), weights=weight_list(first="D"), biases=bias_list())
def forward_pass(
    x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Send a batch through L sigmoid layers and keep every value on the way.

    Layer l computes z = a @ W + b and a' = σ(z) from the activation a of the layer before it.
    However large z is, σ(z) is a number from 0 to 1, never NaN.

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    weights : list of L ndarrays (n_in, n_out)
    biases : list of L ndarrays (n_out,)

    Returns
    -------
    zs : list of L ndarrays (N, n_out)
        Pre-activations, in layer order.
    activations : list of L + 1 ndarrays
        activations[0] is x, activations[l] = σ(zs[l − 1]), and the last is the output.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 25 (his W is our W.T).
    """
    zs, activations = [], [x]
    for W, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ W + b)
        activations.append(sigmoid(zs[-1]))
    return zs, activations


@requires(a=matrix("N", "C"), y=matrix("N", "C"), z=matrix("N", "C"))
def output_error(a: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Error of the output layer, δ = ∂C/∂z, for the cost `half_mse` and a = σ(z) (BP1).

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    a : ndarray (N, C)
        Outputs of the network.
    y : ndarray (N, C)
        Targets.
    z : ndarray (N, C)
        Pre-activations of the output layer.

    Returns
    -------
    ndarray (N, C)
        δ = (a − y)/N ⊙ σ'(z).

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), BP1; the 1/N is that of the averaged cost.
    """
    return (a - y) / len(a) * sigmoid_derivative(z)


@requires(delta_next=matrix("N", "M"), W_next=matrix("n", "M"), z=matrix("N", "n"))
def hidden_error(delta_next: np.ndarray, W_next: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Error of a hidden layer, from the error of the layer after it (BP2).

    Whole numbers in arrays are taken for what they are: no result is rounded. Where z is so large
    that the sigmoid is flat, the error is 0, not NaN.

    Parameters
    ----------
    delta_next : ndarray (N, M)
        Error ∂C/∂z of the next layer.
    W_next : ndarray (n, M)
        Weights from this layer into the next.
    z : ndarray (N, n)
        Pre-activations of this layer.

    Returns
    -------
    ndarray (N, n)
        The error ∂C/∂z of this layer.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), BP2 (his W is our W.T).
    """
    return (delta_next @ W_next.T) * sigmoid_derivative(z)


@requires(a_prev=matrix("N", "n_in"), delta=matrix("N", "n_out"))
def layer_gradients(a_prev: np.ndarray, delta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of a layer's weights and biases, from its input and its error (BP3, BP4).

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    a_prev : ndarray (N, n_in)
        What the layer was fed: the activations of the layer before it.
    delta : ndarray (N, n_out)
        The layer's error ∂C/∂z, one example per row; the cost's 1/N is already in it.

    Returns
    -------
    dW : ndarray (n_in, n_out)
        ∂C/∂W for z = a_prev @ W + b.
    db : ndarray (n_out,)
        ∂C/∂b.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), BP3 and BP4.
    """
    return a_prev.T @ delta, delta.sum(axis=0)


@requires(
    x=vector("n0"),
    y=vector("n2"),
    W1=matrix("n0", "n1"),
    b1=vector("n1"),
    W2=matrix("n1", "n2"),
    b2=vector("n2"),
)
def two_layer_gradients(
    x: np.ndarray, y: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of ½‖a2 − y‖² for one example in a net of two sigmoid layers.

    The net computes z1 = x @ W1 + b1, a1 = σ(z1), z2 = a1 @ W2 + b2, a2 = σ(z2).

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    x : ndarray (n0,)
        The input of the one example.
    y : ndarray (n2,)
        Its target.
    W1, b1 : ndarrays (n0, n1) and (n1,)
    W2, b2 : ndarrays (n1, n2) and (n2,)

    Returns
    -------
    dW1, db1, dW2, db2 : ndarrays
        Each of the shape of what it is the gradient of.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapter 2, worked for two layers.
    """
    z1 = x @ W1 + b1
    a1 = sigmoid(z1)
    z2 = a1 @ W2 + b2
    a2 = sigmoid(z2)
    delta2 = (a2 - y) * sigmoid_derivative(z2)
    delta1 = (W2 @ delta2) * sigmoid_derivative(z1)
    return np.outer(x, delta1), delta1, np.outer(a1, delta2), delta2


@requires(
    x=matrix("N", "D"),
    y=matrix("N", "C"),
    weights=weight_list(first="D", last="C"),
    biases=bias_list(),
)
def backprop(
    x: np.ndarray, y: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Gradients of `half_mse` for a network of L sigmoid layers, by one pass back through it.

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    y : ndarray (N, C)
        Targets.
    weights : list of L ndarrays (n_in, n_out)
    biases : list of L ndarrays (n_out,)

    Returns
    -------
    weight_grads, bias_grads : lists of L ndarrays
        In layer order, each of the shape of what it is the gradient of.

    References
    ----------
    Rumelhart, Hinton and Williams, Nature 323 (1986) 533; Nielsen, Neural Networks and Deep
    Learning (2015), chapter 2.
    """
    zs, activations = forward_pass(x, weights, biases)
    delta = output_error(activations[-1], y, zs[-1])
    weight_grads: list[np.ndarray] = []
    bias_grads: list[np.ndarray] = []
    for layer in reversed(range(len(weights))):
        dW, db = layer_gradients(activations[layer], delta)
        weight_grads.insert(0, dW)
        bias_grads.insert(0, db)
        if layer > 0:
            delta = hidden_error(delta, weights[layer], zs[layer - 1])
    return weight_grads, bias_grads


@requires(f=function(), x=array(), h=number(above=0))
def numerical_gradient(
    f: "Callable[[np.ndarray], float]", x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Measure the gradient of f at x by central differences, one entry of x at a time.

    An x of whole numbers or in float32 is made float64 first, so that a small step can move it.

    Parameters
    ----------
    f : callable
        Maps an array of x's shape to a number.
    x : ndarray, any shape
        It is the same after the call as before.
    h : float
        Half the distance between the two points of each difference.

    Returns
    -------
    ndarray of x's shape
        (f(x + h) − f(x − h)) / 2h for each entry; the error is of order h².

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 11.5.
    """
    gradient = np.zeros(np.shape(x))
    for index in np.ndindex(gradient.shape):
        right, left = np.array(x, dtype=float), np.array(x, dtype=float)
        right[index] += h
        left[index] -= h
        gradient[index] = (f(right) - f(left)) / (2 * h)
    return gradient


@requires(analytic=array("S"), numeric=array("S"), floor=number(above=0))
def relative_error(analytic: np.ndarray, numeric: np.ndarray, floor: float = 1e-8) -> np.ndarray:
    """How far two gradients are apart, entry by entry, in proportion to their size.

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    analytic, numeric : ndarrays of one shape
    floor : float
        The smallest size to divide by, so that two zeros agree and rounding noise does not count.

    Returns
    -------
    ndarray of that shape
        |analytic − numeric| / max(floor, |analytic| + |numeric|): 0 if equal, at most 1, and NaN
        where one of them is NaN.

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: gradient checks".
    """
    a, n = analytic / 2, numeric / 2  # so that the sum of two huge ones is a number, too
    return np.abs(a - n) / np.maximum(floor / 2, np.abs(a) + np.abs(n))


@requires(loss=function(), params=tensors("P"), grads=tensors("P"), h=number(above=0))
def gradient_check(
    loss: "Callable[[dict[str, np.ndarray]], float]",
    params: dict[str, np.ndarray],
    grads: dict[str, np.ndarray],
    h: float = 1e-5,
) -> dict[str, float]:
    """Compare the gradient of every parameter with a measured one.

    Parameters
    ----------
    loss : callable
        Maps a dict like `params` to a number.
    params : dict of str to ndarray
        Where to measure.
    grads : dict of str to ndarray
        The gradients to be checked: one of the same shape for every name in `params`.
    h : float
        Step of the central differences.

    Returns
    -------
    dict of str to float
        For every name in `params` its worst (largest) relative error; NaN if there is a NaN.

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: gradient checks".
    """

    def worst(name: str) -> float:
        numeric = numerical_gradient(lambda v: loss({**params, name: v}), params[name], h)
        return float(relative_error(grads[name], numeric).max())

    return {name: worst(name) for name in params}


@requires(loss=function(), params=tensors(), grads=tensors(), tolerance=number(above=0))
def wrong_gradients(
    loss: "Callable[[dict[str, np.ndarray]], float]",
    params: dict[str, np.ndarray],
    grads: dict[str, np.ndarray],
    tolerance: float = 1e-6,
) -> list[str]:
    """Name the parameters whose gradient cannot be trusted.

    Parameters
    ----------
    loss : callable
        Maps a dict like `params` to a number.
    params : dict of str to ndarray
    grads : dict of str to ndarray
        A gradient for every name in `params`, possibly wrong, even in shape.
    tolerance : float
        The largest relative error that still counts as right.

    Returns
    -------
    list of str
        In alphabetical order, the names whose gradient has another shape than the parameter,
        holds a NaN or an infinity, or has a worst relative error above `tolerance`.
    """
    wrong = [name for name in params if np.shape(grads[name]) != np.shape(params[name])]
    fitting = {name: value for name, value in params.items() if name not in wrong}
    errors = gradient_check(lambda some: loss({**params, **some}), fitting, grads)
    # A NaN is neither above nor below the tolerance: only "not below" catches it.
    wrong += [name for name, error in errors.items() if not error <= tolerance]
    return sorted(wrong)


@requires(
    x=matrix("N", "D"),
    W1=matrix("D", "H"),
    b1=vector("H"),
    W2=matrix("H", "C"),
    b2=vector("C"),
    labels=class_labels("N", classes="C"),
    rate=number(least=0),
    steps=count(),
)
def train_network(
    x: np.ndarray,
    labels: np.ndarray,
    W1: np.ndarray,
    b1: np.ndarray,
    W2: np.ndarray,
    b2: np.ndarray,
    rate: float,
    steps: int,
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """Train a sigmoid hidden layer and a softmax output on the whole batch at every step.

    The net computes logits = σ(x @ W1 + b1) @ W2 + b2; its cost is `softmax_cross_entropy`.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    labels : ndarray of int (N,)
        True classes, 0 to C − 1.
    W1, b1 : ndarrays (D, H) and (H,)
    W2, b2 : ndarrays (H, C) and (C,)
        Where training starts.
    rate : float
        Learning rate of gradient descent, not negative.
    steps : int
        Number of updates, 0 or more.

    Returns
    -------
    params : tuple (W1, b1, W2, b2)
        The parameters after the last step.
    losses : ndarray (steps,)
        The loss before each step.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapters 1 and 3.
    """
    losses = np.zeros(steps)
    for step in range(steps):
        a1 = sigmoid(x @ W1 + b1)
        losses[step], dlogits = softmax_cross_entropy(a1 @ W2 + b2, labels)
        delta1 = (dlogits @ W2.T) * a1 * (1 - a1)
        W1, b1 = W1 - rate * (x.T @ delta1), b1 - rate * delta1.sum(axis=0)
        W2, b2 = W2 - rate * (a1.T @ dlogits), b2 - rate * dlogits.sum(axis=0)
    return (W1, b1, W2, b2), losses
