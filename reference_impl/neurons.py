"""What a neuron computes and how it first learned: from threshold units to layers of smooth ones.

Rows are examples: x (N, D), w (D,) for one neuron, W (n_in, n_out) for a layer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from reference_impl.backprop import (
    forward_pass,
    hidden_error,
    layer_gradients,
    sigmoid,
)
from reference_impl.validation import (
    batch,
    bias_list,
    binary_labels,
    class_labels,
    count,
    counts,
    flag,
    function,
    matrix,
    not_all_zero,
    number,
    parts,
    requires,
    vector,
    weight_list,
)


def _layers_of(units: str) -> "Callable[[str, Any, dict[str, Any]], Any]":
    """The rule for layer sizes: two or more whole numbers that add up to a known size."""
    whole = counts(length=2)

    def check(name: str, value: Any, sizes: dict[str, Any]) -> Any:
        converted = whole(name, value, sizes)
        if sum(value) != sizes[units]:
            raise ValueError(f"{name} adds up to {sum(value)}, expected {units} = {sizes[units]}")
        return converted

    return check


@requires(x=matrix("N", "D"), w=vector("D"), threshold=number())
def threshold_neuron(x: np.ndarray, w: np.ndarray, threshold: float) -> np.ndarray:
    """Fire if the weighted sum of the inputs exceeds the threshold: y = 1 if x·w > θ, else 0.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    w : ndarray (D,)
        How much each input matters.
    threshold : float
        A sum equal to it does not fire.

    Returns
    -------
    ndarray of int (N,)
        0 or 1 for each example.

    References
    ----------
    McCulloch and Pitts, Bulletin of Mathematical Biophysics 5 (1943) 115; Rosenblatt,
    Psychological Review 65 (1958) 386; Nielsen, Neural Networks and Deep Learning (2015), eq. 1.
    """
    return (x @ w > threshold).astype(int)


@requires(x=matrix("N", "D"), w=vector("D"), b=number())
def perceptron(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """The same neuron with the threshold moved to the left side: y = 1 if x·w + b > 0, else 0.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    w : ndarray (D,)
    b : float
        The bias, minus the threshold.

    Returns
    -------
    ndarray of int (N,)
        0 or 1 for each example.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 2.
    """
    return (x @ w + b > 0).astype(int)


@requires(x=vector("D"), label=count(most=1), w=vector("D"), b=number(), rate=number(above=0))
def perceptron_step(
    x: np.ndarray, label: int, w: np.ndarray, b: float, rate: float = 1.0
) -> tuple[np.ndarray, float, bool]:
    """Learn from one example: w ← w + rate·(y − ŷ)·x and b ← b + rate·(y − ŷ).

    Parameters
    ----------
    x : ndarray (D,)
        One input.
    label : int
        What the perceptron should answer, 0 or 1.
    w : ndarray (D,)
    b : float
    rate : float
        Learning rate, above 0.

    Returns
    -------
    w : ndarray (D,)
    b : float
        Both unchanged where the answer was right.
    mistake : bool
        Whether the answer was wrong.

    References
    ----------
    Rosenblatt, Psychological Review 65 (1958) 386.
    """
    error = int(label) - int(x @ w + b > 0)
    return w + rate * error * x, b + rate * error, error != 0


@requires(
    x=matrix("N", "D"),
    labels=binary_labels("N"),
    w=vector("D"),
    b=number(),
    rate=number(above=0),
    epochs=count(),
)
def perceptron_train(
    x: np.ndarray,
    labels: np.ndarray,
    w: np.ndarray,
    b: float,
    rate: float = 1.0,
    epochs: int = 100,
) -> tuple[np.ndarray, float, np.ndarray]:
    """Go through the examples in their order, again and again, until an epoch has no mistake.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    labels : ndarray (N,)
        What the perceptron should answer, 0 or 1.
    w : ndarray (D,)
    b : float
        Where training starts.
    rate : float
        Learning rate, above 0.
    epochs : int
        The most epochs to run, 0 or more.

    Returns
    -------
    w : ndarray (D,)
    b : float
    mistakes : ndarray of int
        Mistakes in each epoch that was run; the last entry is 0 if the perceptron has converged.

    References
    ----------
    Rosenblatt, Psychological Review 65 (1958) 386; Novikoff (1962) for why it ends.
    """
    mistakes: list[int] = []
    while len(mistakes) < epochs and 0 not in mistakes:
        mistakes.append(0)
        for row, label in zip(x, labels, strict=True):
            w, b, mistake = perceptron_step(row, int(label), w, b, rate)
            mistakes[-1] += mistake
    return w, b, np.array(mistakes, dtype=int)


@requires(x=matrix("N", "D"), labels=binary_labels("N"), epochs=count(least=1))
def is_linearly_separable(x: np.ndarray, labels: np.ndarray, epochs: int = 1000) -> bool:
    """Whether a perceptron that starts from zero learns to give these answers.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    labels : ndarray (N,)
        What the perceptron should answer, 0 or 1.
    epochs : int
        The most epochs to try, 1 or more.

    Returns
    -------
    bool
        True if an epoch passed without a mistake: then weights have been found. False if none did,
        which is a proof only where `epochs` times the examples exceeds the perceptron's bound.

    References
    ----------
    Novikoff, Symposium on the Mathematical Theory of Automata (1962).
    """
    mistakes = perceptron_train(x, labels, np.zeros(x.shape[1]), 0.0, epochs=epochs)[2]
    return bool(mistakes[-1] == 0)


@requires(
    x=matrix("N", "D"),
    classes=count(least=1, size="K"),
    labels=class_labels("N", "K"),
    epochs=count(),
)
def one_vs_rest_train(
    x: np.ndarray, labels: np.ndarray, classes: int, epochs: int = 10
) -> tuple[np.ndarray, np.ndarray]:
    """Train one perceptron for each class, from zero and at rate 1, to tell it from all others.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    labels : ndarray of int (N,)
        The class of each example, 0 to classes − 1.
    classes : int
        How many classes, and so perceptrons, there are.
    epochs : int
        The most epochs for each of them, 0 or more.

    Returns
    -------
    W : ndarray (D, classes)
        Column k holds the weights of the perceptron for class k.
    b : ndarray (classes,)
        An example is given to the class whose sum x·w + b is the largest.

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), section 4.1.2.
    """
    W, b = np.zeros((x.shape[1], classes), x.dtype), np.zeros(classes, x.dtype)
    for k in range(classes):
        mine = (labels == k).astype(int)
        W[:, k], b[k], _ = perceptron_train(x, mine, W[:, k], b[k], epochs=epochs)
    return W, b


@requires(x=matrix("N", "D"), labels=binary_labels("N"), w=vector("D"), b=number())
def novikoff_bound(x: np.ndarray, labels: np.ndarray, w: np.ndarray, b: float) -> float:
    """The most mistakes a perceptron that starts from zero can ever make: (R/γ)².

    R is the length of the longest input, with a 1 appended for the bias; γ is the smallest
    distance of such an input from the plane of the known solution (w, b).

    Parameters
    ----------
    x : ndarray (N, D)
    labels : ndarray (N,)
        0 or 1.
    w : ndarray (D,)
    b : float
        A solution: any weights that put every example strictly on its side.

    Returns
    -------
    float
        The bound; infinite if (w, b) is no solution.

    References
    ----------
    Novikoff, Symposium on the Mathematical Theory of Automata (1962).
    """
    longest = np.sqrt((x**2).sum(axis=1).max() + 1)
    sides = np.where(labels == 1, 1, -1)
    size = max(np.abs(w).max(), abs(b)) or 1  # in units of it no square becomes 0
    w, b = w / size, b / size
    margin = (sides * (x @ w + b)).min() / np.sqrt(w @ w + b**2) if w.any() or b else 0.0
    return float((longest / margin) ** 2) if margin > 0 else float("inf")


@requires(x=matrix("N", "D"), w=vector("D"), b=number())
def sigmoid_neuron(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """A smooth neuron, which is also logistic regression: y = σ(x·w + b).

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    w : ndarray (D,)
    b : float

    Returns
    -------
    ndarray (N,)
        An output between 0 and 1 for each example, read as the probability of class 1.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 4; Bishop (2006), section 4.3.2.
    """
    return sigmoid(x @ w + b)


@requires(x=matrix("N", "D"), w=vector("D"), b=number(), dw=vector("D"), db=number())
def linearised_change(
    x: np.ndarray, w: np.ndarray, b: float, dw: np.ndarray, db: float
) -> np.ndarray:
    """How far a sigmoid neuron's output moves, to first order, if w moves by dw and b by db.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    w, dw : ndarrays (D,)
    b, db : float

    Returns
    -------
    ndarray (N,)
        Δy ≈ Σⱼ ∂y/∂wⱼ·Δwⱼ + ∂y/∂b·Δb; the error is of second order in the move.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 5.
    """
    y = sigmoid(x @ w + b)
    return y * (1 - y) * (x @ dw + db)


@requires(x=matrix("N", "D"), w=not_all_zero(vector("D")), b=number())
def boundary_distance(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Signed distance of each example from the flat boundary x·w + b = 0.

    Parameters
    ----------
    x : ndarray (N, D)
    w : ndarray (D,)
        Not all 0: else there is no boundary.
    b : float

    Returns
    -------
    ndarray (N,)
        Positive on the side of class 1, which w points to.

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.7.
    """
    size = np.abs(w).max()  # in units of it no square becomes 0
    return (x @ (w / size) + b / size) / np.linalg.norm(w / size)


@requires(x=matrix("N", "D"), labels=binary_labels("N"), w=vector("D"), b=number())
def logistic_loss(
    x: np.ndarray, labels: np.ndarray, w: np.ndarray, b: float
) -> tuple[float, np.ndarray, float]:
    """Mean cross-entropy of logistic regression, and its gradient.

    With z = x·w + b the loss of one example is −y·ln σ(z) − (1 − y)·ln(1 − σ(z)), which is the
    same as ln(1 + exp(−z)) for y = 1 and ln(1 + exp(z)) for y = 0: no digits cancel, however
    large the margin.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    labels : ndarray (N,)
        True classes, 0 or 1.
    w : ndarray (D,)
    b : float

    Returns
    -------
    loss : float
        Finite for any finite z.
    dw : ndarray (D,)
    db : float

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.90 and 4.91.
    """
    z = x @ w + b
    wrong_way = (1 - 2 * labels).astype(z.dtype)  # −1 for class 1, where a large z is right
    loss = np.mean(np.logaddexp(0, wrong_way * z))
    error = wrong_way * sigmoid(wrong_way * z) / len(x)  # σ(z) − y
    return float(loss), x.T @ error, float(error.sum())


@requires(
    x=matrix("N", "D"),
    labels=binary_labels("N"),
    w=vector("D"),
    b=number(),
    rate=number(least=0),
    steps=count(),
)
def logistic_fit(
    x: np.ndarray, labels: np.ndarray, w: np.ndarray, b: float, rate: float, steps: int
) -> tuple[np.ndarray, float, np.ndarray]:
    """Train logistic regression by gradient descent on the whole batch.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    labels : ndarray (N,)
        True classes, 0 or 1.
    w : ndarray (D,)
    b : float
        Where training starts.
    rate : float
        Learning rate, not negative.
    steps : int
        Number of updates, 0 or more.

    Returns
    -------
    w : ndarray (D,)
    b : float
    losses : ndarray (steps,)
        The loss before each step.

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.2.
    """
    losses = np.zeros(steps)
    for step in range(steps):
        losses[step], dw, db = logistic_loss(x, labels, w, b)
        w, b = w - rate * dw, b - rate * db
    return w, b, losses


def xor_weights() -> tuple[np.ndarray, np.ndarray]:
    """Weights with which three logistic units, without any bias, compute XOR.

    Returns
    -------
    W : ndarray (2, 2)
        Weights of the two hidden units: one fires for "any", one leans towards "both".
    v : ndarray (2,)
        Weights of the output unit: "any, but not both".
    """
    return np.array([[10.0, 1.0], [10.0, 1.0]]), np.array([40.0, -50.0])


@requires(x=matrix("N", "D"), W=matrix("D", "H"), v=vector("H"))
def three_unit_net(x: np.ndarray, W: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logistic units on top of logistic units, biases left out: x' = σ(x @ W), y = σ(x'·v).

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    W : ndarray (D, H)
        Weights of the hidden units; with H = 2 the net has three units.
    v : ndarray (H,)
        Weights of the output unit.

    Returns
    -------
    hidden : ndarray (N, H)
        The examples in their new coordinates, where a straight line may separate them.
    output : ndarray (N,)

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1, with σ for ReLU.
    """
    hidden = sigmoid(x @ W)
    return hidden, sigmoid(hidden @ v)


@requires(x=batch("N", features="D"), W=matrix("D", "M"), b=vector("M"))
def dense_forward(
    x: np.ndarray, W: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Connect every input to every output: out = x @ W + b, images flattened to rows first.

    Parameters
    ----------
    x : ndarray (N, d1, ..., dk)
        Inputs; the D = d1·…·dk features of an example may lie along several axes.
    W : ndarray (D, M)
    b : ndarray (M,)

    Returns
    -------
    out : ndarray (N, M)
    cache : tuple (x, W)
        What `dense_backward` needs.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1.
    """
    return x.reshape(len(x), -1) @ W + b, (x, W)


@requires(dout=matrix("N", "M"), cache=parts(batch("N", features="D"), matrix("D", "M")))
def dense_backward(
    dout: np.ndarray, cache: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of a dense layer with respect to its input, weights and biases.

    Parameters
    ----------
    dout : ndarray (N, M)
        Gradient of the loss with respect to the layer's output.
    cache : tuple (x, W)
        From `dense_forward`.

    Returns
    -------
    dx : ndarray of x's shape
    dW : ndarray (D, M)
    db : ndarray (M,)

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), BP3 and BP4.
    """
    x, W = cache
    dx = (dout @ W.T).reshape(x.shape)
    dW = x.reshape(len(x), -1).T @ dout
    return dx, dW, dout.sum(axis=0)


@requires(sizes=counts(length=2))
def parameter_count(sizes: list[int]) -> int:
    """Count the weights and biases of a network of dense layers.

    Parameters
    ----------
    sizes : list of two or more int
        Units in each layer, the input layer first: [784, 16, 10].

    Returns
    -------
    int
        Σ n_in·n_out + n_out over the layers after the input.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapter 1.
    """
    n_in, n_out = np.array(sizes[:-1]), np.array(sizes[1:])
    return int(np.sum(n_in * n_out + n_out))


@requires(
    x=matrix("N", "D"), weights=weight_list(first="D"), biases=bias_list(), activation=function()
)
def network_forward(
    x: np.ndarray,
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    activation: "Callable[[np.ndarray], np.ndarray]",
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Send a batch through L layers with any activation and keep every value on the way.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    weights : list of L ndarrays (n_in, n_out)
    biases : list of L ndarrays (n_out,)
    activation : callable
        Maps the pre-activations z (N, n_out) of any layer to its outputs, of the same shape.

    Returns
    -------
    zs : list of L ndarrays (N, n_out)
        Pre-activations, in layer order; the last is the output of a net with a linear last layer.
    activations : list of L + 1 ndarrays
        activations[0] is x, activations[l] = activation(zs[l − 1]).

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 25 (his W is our W.T).
    """
    zs, activations = [], [x]
    for W, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ W + b)
        activations.append(activation(zs[-1]))
    return zs, activations


@requires(weights=weight_list(first="D"), biases=bias_list())
def collapse_linear(
    weights: list[np.ndarray], biases: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Melt L layers without activation into the one layer that computes the same.

    Parameters
    ----------
    weights : list of L ndarrays (n_in, n_out)
    biases : list of L ndarrays (n_out,)

    Returns
    -------
    W : ndarray (D, n_out of the last layer)
    b : ndarray (n_out of the last layer,)

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1.
    """
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W, b = W @ W_next, b @ W_next + b_next
    return W, b


@requires(adjacency=matrix("n", "n"), sizes=_layers_of("n"))
def feed_forward_conditions(adjacency: np.ndarray, sizes: list[int]) -> tuple[bool, bool, bool]:
    """Check the three conditions on a multi-layer feed-forward network, one by one.

    Parameters
    ----------
    adjacency : ndarray (n, n)
        Entry [i, j] is not 0 if unit i feeds unit j; units are numbered layer by layer.
    sizes : list of int
        Units in each layer, the input layer first; n in all.

    Returns
    -------
    dense : bool
        Every unit feeds every unit of the next layer.
    no_lateral : bool
        No unit feeds one of its own layer, or itself.
    no_skips : bool
        No unit feeds a layer other than its own and the next: none skipped, nothing fed back.

    References
    ----------
    Zhou, Machine Learning (2021), section 5.2. A definition: convolutional nets are not dense, and
    residual nets skip.
    """
    layer = np.repeat(np.arange(len(sizes)), sizes)
    distance = layer - layer[:, None]
    wired = adjacency != 0
    dense = wired[distance == 1].all()
    no_lateral = not wired[distance == 0].any()
    no_skips = not wired[(distance != 0) & (distance != 1)].any()
    return bool(dense), no_lateral, no_skips


@requires(adjacency=matrix("n", "n"), sizes=_layers_of("n"))
def is_feed_forward(adjacency: np.ndarray, sizes: list[int]) -> bool:
    """Whether a wiring is a multi-layer feed-forward network: all of each layer feeds the next.

    Parameters
    ----------
    adjacency, sizes
        As for `feed_forward_conditions`.

    Returns
    -------
    bool
        True if all three conditions hold.

    References
    ----------
    Zhou, Machine Learning (2021), section 5.2.
    """
    layer = np.repeat(np.arange(len(sizes)), sizes)
    return np.array_equal(adjacency != 0, layer == layer[:, None] + 1)


@requires(
    x=matrix("N", "D"),
    y=matrix("N", "C"),
    weights=weight_list(first="D", last="C"),
    biases=bias_list(),
    rate=number(least=0),
    steps=count(),
    learn_biases=flag(),
)
def sigmoid_net_fit(
    x: np.ndarray,
    y: np.ndarray,
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    rate: float,
    steps: int,
    learn_biases: bool = True,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Train a net of sigmoid layers by gradient descent on the cross-entropy, as for XOR.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    y : ndarray (N, C)
        What the C output units should answer, 0 to 1.
    weights : list of L ndarrays (n_in, n_out)
    biases : list of L ndarrays (n_out,)
        Where training starts.
    rate : float
        Learning rate, not negative.
    steps : int
        Full-batch updates, 0 or more.
    learn_biases : bool
        False leaves the biases as they are: at 0 the net has none.

    Returns
    -------
    weights, biases : lists of L ndarrays

    References
    ----------
    Rumelhart, Hinton and Williams, Nature 323 (1986) 533.
    """
    for _ in range(steps):
        dWs, dbs = sigmoid_net_gradients(x, y, weights, biases)
        weights = [W - rate * dW for W, dW in zip(weights, dWs, strict=True)]
        if learn_biases:
            biases = [b - rate * db for b, db in zip(biases, dbs, strict=True)]
    return weights, biases


@requires(
    x=matrix("N", "D"),
    y=matrix("N", "C"),
    weights=weight_list(first="D", last="C"),
    biases=bias_list(),
)
def sigmoid_net_gradients(
    x: np.ndarray, y: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Gradients of the cross-entropy −1/N · Σ y·ln a + (1 − y)·ln(1 − a) of sigmoid outputs a.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    y : ndarray (N, C)
        What the C output units should answer, 0 to 1.
    weights : list of L ndarrays (n_in, n_out)
    biases : list of L ndarrays (n_out,)

    Returns
    -------
    weight_grads, bias_grads : lists of L ndarrays
        In layer order.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 61: the output's σ' has cancelled.
    """
    zs, activations = forward_pass(x, weights, biases)
    delta = (activations[-1] - y) / len(x)
    weight_grads: list[np.ndarray] = []
    bias_grads: list[np.ndarray] = []
    for layer in reversed(range(len(weights))):
        dW, db = layer_gradients(activations[layer], delta)
        weight_grads, bias_grads = [dW, *weight_grads], [db, *bias_grads]
        if layer > 0:
            delta = hidden_error(delta, weights[layer], zs[layer - 1])
    return weight_grads, bias_grads
