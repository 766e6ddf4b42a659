"""Fit well on what has not been seen: penalties, early stopping, fair splits and a diagnosis.

Penalties are on weights, never on biases. L2 carries the factor ½, so that its gradient is λ·w.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference_impl.backprop import softmax_cross_entropy
from reference_impl.validation import (
    array,
    array_list,
    class_labels,
    count,
    entries,
    flag,
    function,
    generator,
    indices,
    integers,
    kept,
    matrix,
    number,
    parts,
    requires,
    series,
    tensor,
    vector,
)


@requires(weights=array_list(array()), strength=number(least=0))
def l2_penalty(weights: list[np.ndarray], strength: float) -> tuple[float, list[np.ndarray]]:
    """Penalise large weights by λ/2 · Σ w², and say which way that pulls each of them.

    Parameters
    ----------
    weights : list of ndarrays, any shapes
        The weights of every layer; leave biases, and the γ and β of batch normalisation, out.
    strength : float
        λ, not negative.

    Returns
    -------
    penalty : float
        To be added to the data loss.
    grads : list of ndarrays
        λ·w for each weight: to be added to the gradients.

    References
    ----------
    Hoerl and Kennard, Technometrics 12 (1970) 55; Goodfellow et al. (2016), eq. 7.2.
    """
    penalty = strength / 2 * sum(np.sum(w**2) for w in weights)
    return float(penalty), [strength * w for w in weights]


@requires(weights=array_list(array()), strength=number(least=0))
def l1_penalty(weights: list[np.ndarray], strength: float) -> tuple[float, list[np.ndarray]]:
    """Penalise weights by λ · Σ |w|, which pulls all of them equally hard.

    Parameters
    ----------
    weights : list of ndarrays, any shapes
        The weights of every layer; leave biases out.
    strength : float
        λ, not negative.

    Returns
    -------
    penalty : float
    grads : list of ndarrays
        λ·sign(w) for each weight; 0 where a weight is exactly 0.

    References
    ----------
    Tibshirani, Journal of the Royal Statistical Society B 58 (1996) 267.
    """
    penalty = strength * sum(np.sum(np.abs(w)) for w in weights)
    return float(penalty), [strength * np.sign(w) for w in weights]


@requires(data_loss=number(), weights=array_list(array()), share=number(above=0, below=1))
def shared_cost(data_loss: float, weights: list[np.ndarray], share: float) -> float:
    """Zhou's form of the trade-off: λ times the data loss plus (1 − λ) times Σ w².

    Mind the direction: a *larger* λ here weakens the penalty.

    Parameters
    ----------
    data_loss : float
        Mean loss over the examples.
    weights : list of ndarrays, any shapes
        In this form the thresholds (biases) are penalised too.
    share : float
        λ, between 0 and 1.

    Returns
    -------
    float

    References
    ----------
    Zhou, Machine Learning (2016), eq. 5.17.
    """
    return float(share * data_loss + (1 - share) * sum(np.sum(w**2) for w in weights))


@requires(w=array("S"), grad=array("S"), rate=number(least=0), strength=number(least=0))
def weight_decay_step(w: np.ndarray, grad: np.ndarray, rate: float, strength: float) -> np.ndarray:
    """One step of gradient descent with L2: first every weight shrinks by the same factor.

    Parameters
    ----------
    w : ndarray, any shape
    grad : ndarray of that shape
        Gradient of the data loss alone.
    rate : float
        Learning rate η, not negative.
    strength : float
        λ, not negative.

    Returns
    -------
    ndarray of that shape
        (1 − η·λ)·w − η·grad.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), eq. 7.5.
    """
    return (1 - rate * strength) * w - rate * grad


@requires(w=array("S"), grad=array("S"), rate=number(least=0), strength=number(least=0))
def l1_step(w: np.ndarray, grad: np.ndarray, rate: float, strength: float) -> np.ndarray:
    """One step of gradient descent with L1, by its slope: weights jump about 0 but do not stay.

    Parameters
    ----------
    w : ndarray, any shape
    grad : ndarray of that shape
        Gradient of the data loss alone.
    rate, strength : float
        η and λ, not negative.

    Returns
    -------
    ndarray of that shape
        w − η·λ·sign(w) − η·grad.

    References
    ----------
    Tibshirani, Journal of the Royal Statistical Society B 58 (1996) 267.
    """
    return w - rate * strength * np.sign(w) - rate * grad


@requires(w=array("S"), grad=array("S"), rate=number(least=0), strength=number(least=0))
def proximal_l1_step(w: np.ndarray, grad: np.ndarray, rate: float, strength: float) -> np.ndarray:
    """One step with L1 that does make zeros: descend, then pull towards 0 and stop there.

    Parameters
    ----------
    w : ndarray, any shape
    grad : ndarray of that shape
        Gradient of the data loss alone.
    rate, strength : float
        η and λ, not negative.

    Returns
    -------
    ndarray of that shape
        With v = w − η·grad: v moved by η·λ towards 0, and exactly 0 if |v| ≤ η·λ.

    References
    ----------
    Daubechies, Defrise and De Mol, Communications on Pure and Applied Mathematics 57 (2004) 1413.
    """
    v = w - rate * grad
    return np.sign(v) * np.maximum(np.abs(v) - rate * strength, 0)


@requires(validation=series(1), patience=count(least=1))
def early_stopping(validation: "Sequence[float]", patience: int) -> tuple[int, int]:
    """Decide when to stop, and which epoch's weights to go back to.

    It is `stopping_epoch` of the chapter on tuning without a margin, and what `network.train`
    does. Keras and PyTorch Lightning count patience in the same way; PyTorch's ReduceLROnPlateau
    waits for one epoch more.

    Parameters
    ----------
    validation : sequence of T float
        Validation loss after each epoch, as far as training would go, such as the list
        history["validation_loss"] of `network.train`. A NaN is no improvement.
    patience : int
        Stop once this many epochs in a row have brought no new best, 1 or more. Before there is
        any number, they are counted from the first epoch.

    Returns
    -------
    best : int
        The epoch with the lowest loss up to the stop, the first if several: return its weights.
    stop : int
        The last epoch that is run; the last of all if patience never ends.

    References
    ----------
    Prechelt, Early stopping, but when? (1998); Goodfellow et al. (2016), algorithm 7.1.
    """
    best, lowest = 0, np.inf
    for epoch, loss in enumerate(validation):
        if loss < lowest:
            best, lowest = epoch, loss
        elif epoch - best >= patience:
            return best, epoch
    return best, len(validation) - 1


@requires(
    params=array(),
    advance=function(),
    validation_loss=function(),
    epochs=count(),
    patience=count(least=1),
)
def train_early_stopped(
    params: np.ndarray,
    advance: "Callable[[np.ndarray], np.ndarray]",
    validation_loss: "Callable[[np.ndarray], float]",
    epochs: int,
    patience: int,
) -> tuple[np.ndarray, list[float]]:
    """Train epoch by epoch, stop in time, and give back the weights that were best.

    Parameters
    ----------
    params : ndarray, any shape
        The weights that training starts from.
    advance : callable
        Maps weights to the weights one epoch later, as a new array.
    validation_loss : callable
        Maps weights to their loss on the validation set. A NaN is no improvement.
    epochs : int
        How many epochs to train at most.
    patience : int
        Stop once this many epochs in a row have brought no new lowest loss, 1 or more.

    Returns
    -------
    best : ndarray of that shape
        The weights after the epoch of lowest validation loss, the first if several; `params`
        itself if no epoch brought a number.
    losses : list of float
        The validation loss after each epoch that was run.

    References
    ----------
    Prechelt, Early stopping, but when? (1998); Goodfellow et al. (2016), algorithm 7.1.
    """
    losses: list[float] = []
    best, lowest, waited = params, np.inf, 0
    while len(losses) < epochs and waited < patience:
        params = advance(params)
        losses.append(float(validation_loss(params)))
        waited += 1
        if losses[-1] < lowest:
            best, lowest, waited = params, losses[-1], 0
    return best, losses


@requires(rng=generator(), n=count(least=2), share=number(above=0, below=1))
def train_validation_split(
    rng: np.random.Generator, n: int, share: float = 0.2
) -> tuple[np.ndarray, np.ndarray]:
    """Shuffle n examples and set some aside that training will never see.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
        Number of examples, 2 or more.
    share : float
        Share to set aside, between 0 and 1; rounded, but neither part is ever empty.

    Returns
    -------
    train, validation : ndarrays of int
        Which rows go where: use them as x[train], labels[train].

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 7.2.
    """
    order = rng.permutation(n)
    size = min(max(round(n * share), 1), n - 1)
    return order[size:], order[:size]


@requires(rng=generator(), n=count(least=2, size="n"), k=count(least=2, most="n"))
def k_folds(rng: np.random.Generator, n: int, k: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Shuffle n examples into k folds and let each be the validation set once.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
        Number of examples.
    k : int
        Number of folds, 2 to n; k = n leaves one example out at a time.

    Returns
    -------
    list of k tuples (train, validation)
        Arrays of row numbers. Every row is in exactly one validation set; their sizes differ by
        at most 1.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 7.10.
    """
    folds = np.array_split(rng.permutation(n), k)
    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


@requires(x=matrix("N", "D"), y=vector("N"), strength=number(least=0))
def ridge_fit(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """Least squares with an L2 penalty: the w that minimises ½‖x·w − y‖² + λ/2·‖w‖².

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    y : ndarray (N,)
        Targets.
    strength : float
        λ, not negative; with 0 this is ordinary least squares.

    Returns
    -------
    ndarray (D,)
        w = (xᵀx + λI)⁻¹ xᵀy; the shortest of the solutions if there are several.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), eq. 3.44.
    """
    # The penalty is D more examples: √λ times the i-th unit vector, each with target 0.
    D = x.shape[1]
    pull = np.sqrt(strength) * np.eye(D)
    padded_x, padded_y = np.vstack([x, pull]), np.append(y, np.zeros(D))
    w = np.linalg.lstsq(padded_x, padded_y, rcond=None)[0]
    return w.astype(np.result_type(x, y, np.float32))


@requires(w=vector("D"), x=matrix("N", "D"), y=vector("N"))
def mean_squared_error(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """How far a linear model is off: the mean of (x·w − y)².

    Parameters
    ----------
    w : ndarray (D,)
    x : ndarray (N, D)
    y : ndarray (N,)

    Returns
    -------
    float

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 7.2.
    """
    return float(np.mean((x @ w - y) ** 2))


@requires(
    x=matrix("N", "D"),
    classes=count(least=1, size="C"),
    labels=class_labels("N", classes="C"),
    strength=number(least=0),
    rate=number(least=0),
    steps=count(),
)
def softmax_regression_fit(
    x: np.ndarray, labels: np.ndarray, classes: int, strength: float, rate: float, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Train a softmax output on the inputs themselves, with an L2 penalty on W but not on b.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    labels : ndarray of int (N,)
        True classes, 0 to classes − 1.
    classes : int
    strength : float
        λ of the penalty λ/2·Σ W², not negative.
    rate : float
        Learning rate, not negative.
    steps : int
        Updates on the whole batch, starting from zeros.

    Returns
    -------
    W : ndarray (D, classes)
    b : ndarray (classes,)

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4.
    """
    W, b = np.zeros((x.shape[1], classes), x.dtype), np.zeros(classes, x.dtype)
    for _ in range(steps):
        _, dlogits = softmax_cross_entropy(x @ W + b, labels)
        W = W - rate * (x.T @ dlogits + strength * W)
        b = b - rate * dlogits.sum(axis=0)
    return W, b


@requires(
    x=matrix("N", "D"),
    y=kept("N"),
    strengths=entries(vector("S"), number(least=0)),
    folds=array_list(parts(indices("_", of="N"), indices("_", of="N"))),
    fit=function(),
    error=function(),
)
def cross_validate(
    x: np.ndarray,
    y: np.ndarray,
    strengths: np.ndarray,
    folds: list[tuple[np.ndarray, np.ndarray]],
    fit: "Callable[[np.ndarray, np.ndarray, float], Any]",
    error: "Callable[[Any, np.ndarray, np.ndarray], float]",
) -> tuple[float, np.ndarray]:
    """Choose λ by its error on examples that the fit has not seen, averaged over the folds.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    y : ndarray (N,)
        Targets or labels.
    strengths : ndarray (S,)
        The values of λ to try, none negative.
    folds : list of tuples (train, validation)
        From `k_folds`; the same folds judge every λ.
    fit : callable
        Maps (x, y, λ) to a model: `ridge_fit`.
    error : callable
        Maps (model, x, y) to a number, the smaller the better: a mean squared error.

    Returns
    -------
    best : float
        The λ with the smallest mean error, the first if several. A λ with an error of NaN on any
        fold is never chosen, and at least one must have none.
    errors : ndarray (S,)
        The mean validation error of each λ; NaN where a fold has NaN.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 7.10.
    """
    errors = np.zeros((len(strengths), len(folds)))
    for i, strength in enumerate(strengths):
        for j, (train, validation) in enumerate(folds):
            model = fit(x[train], y[train], float(strength))
            errors[i, j] = error(model, x[validation], y[validation])
    mean_errors = errors.mean(axis=1)
    return float(strengths[np.nanargmin(mean_errors)]), mean_errors


@requires(
    train_error=number(least=0),
    validation_error=number(least=0),
    acceptable=number(least=0),
    gap=number(least=0),
)
def diagnose_fit(train_error: float, validation_error: float, acceptable: float, gap: float) -> str:
    """Look at the training error first, and only then speak of overfitting.

    A network that is bad on its own training data (56 layers doing worse than 20) has not
    overfitted: it was not trained well, or is too small.

    Parameters
    ----------
    train_error, validation_error : float
        Not negative.
    acceptable : float
        The largest training error that counts as having learned the training data.
    gap : float
        The largest excess of the validation error over the training error that is tolerated.

    Returns
    -------
    str
        "underfit", else "overfit", else "good fit".

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 5.2; He et al., CVPR (2016).
    """
    if train_error > acceptable:
        return "underfit"
    if validation_error - train_error > gap:
        return "overfit"
    return "good fit"


SHIFT = count(least=-999, most=999)


@requires(
    images=tensor("N", "H", "W"), labels=integers("N"), shifts=array_list(parts(SHIFT, SHIFT))
)
def shifted_copies(
    images: np.ndarray, labels: np.ndarray, shifts: list[tuple[int, int]]
) -> tuple[np.ndarray, np.ndarray]:
    """Make more data out of little: every image again for every shift, with its label.

    Parameters
    ----------
    images : ndarray (N, H, W)
    labels : ndarray (N,)
    shifts : list of S tuples (down, right) of int
        By how many pixels to move; negative ones move up and left. (0, 0) is the image itself.

    Returns
    -------
    copies : ndarray (S·N, H, W)
        First all images moved by the first shift, then all by the second, and so on. What leaves
        the frame is lost, what comes in is 0.
    labels : ndarray (S·N,)

    References
    ----------
    Simard, Steinkraus and Platt, ICDAR (2003), section 2; Goodfellow et al. (2016), section 7.4.
    """
    m, (_, H, W) = np.abs(shifts).max(), images.shape
    padded = np.pad(images, ((0, 0), (m, m), (m, m)))
    copies = [padded[:, m - y : m - y + H, m - x : m - x + W] for y, x in shifts]
    return np.concatenate(copies), np.tile(labels, len(shifts))


@requires(x=matrix("N", "D"), weights=array_list(matrix("D", "D")), skips=flag())
def stack_forward(x: np.ndarray, weights: list[np.ndarray], skips: bool) -> list[np.ndarray]:
    """Send examples through a deep stack of ReLU layers, with or without ways around them.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    weights : list of L ndarrays (D, D)
        The weights of each layer, first layer first. There are no biases.
    skips : bool
        With True a layer adds to what it is given, h + max(h·W, 0) (a *residual* layer); with
        False its output is max(h·W, 0) alone.

    Returns
    -------
    list of L + 1 ndarrays (N, D)
        x itself, and then the output of each layer.

    References
    ----------
    He, Zhang, Ren and Sun, CVPR (2016), eq. 1.
    """
    layers = [x]
    for W in weights:
        inner = np.maximum(layers[-1] @ W, 0)
        layers.append(layers[-1] + inner if skips else inner)
    return layers


@requires(
    dout=matrix("N", "D"),
    layers=array_list(matrix("N", "D")),
    weights=array_list(matrix("D", "D")),
    skips=flag(),
)
def stack_backward(
    dout: np.ndarray, layers: list[np.ndarray], weights: list[np.ndarray], skips: bool
) -> list[np.ndarray]:
    """Send an error back through a deep stack and collect the gradient of every layer's weights.

    Parameters
    ----------
    dout : ndarray (N, D)
        Gradient of the loss with respect to the last layer's output.
    layers : list of L + 1 ndarrays (N, D)
        What `stack_forward` returned for these weights.
    weights : list of L ndarrays (D, D)
    skips : bool
        Whether there are ways around the layers.

    Returns
    -------
    list of L ndarrays (D, D)
        Gradient of the loss with respect to each layer's weights, first layer first. Where a sum
        h·W is exactly 0, the slope of ReLU counts as 0.

    References
    ----------
    He, Zhang, Ren and Sun, CVPR (2016), section 3; and ECCV (2016), eq. 5.
    """
    grads = list(weights)
    for k in reversed(range(len(weights))):
        dinner = dout * (layers[k] @ weights[k] > 0)
        grads[k] = layers[k].T @ dinner
        dout = dinner @ weights[k].T + (dout if skips else 0)
    return grads
