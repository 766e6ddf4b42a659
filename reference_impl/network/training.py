"""How a network learns: the loss and its gradients, one step, and the loop around the steps."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference_impl.backprop import softmax_cross_entropy
from reference_impl.network.fast.trainer import Trainer
from reference_impl.network.layers import Layer
from reference_impl.optimizers import State, Step, Tensors, minibatches
from reference_impl.regularization import l2_penalty
from reference_impl.validation import (
    batch,
    count,
    function,
    generator,
    kept,
    matrix,
    number,
    optional,
    parts,
    requires,
    tensors,
)

Data = tuple[np.ndarray, np.ndarray]
Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]


def _targets(size: str) -> "Callable[[str, Any, dict[str, Any]], Any]":
    """The rule for what a network should answer: one label, or one row of numbers, per example."""
    labels, rows = kept(size), batch(size)
    return lambda name, value, sizes: (rows if np.ndim(value) > 1 else labels)(name, value, sizes)


EXAMPLES = parts(batch("N"), _targets("N"))
BATCH = {"params": tensors(), "x": batch("N"), "labels": _targets("N"), "loss": function()}


@requires(out=matrix("N", "C"), y=matrix("N", "C"))
def squared_loss(out: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """The loss of regression, 1/(2N) · Σₙ ‖outₙ − yₙ‖², and its gradient.

    Parameters
    ----------
    out : ndarray (N, C)
        Outputs, one example per row.
    y : ndarray (N, C)
        Targets.

    Returns
    -------
    loss : float
        `half_mse`: twice this is the squared distance, averaged over the N examples.
    dout : ndarray (N, C)

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), eq. 5.14.
    """
    error = out - y
    return float(np.sum(error**2) / (2 * len(out))), error / len(out)


@requires(**BATCH, l2=number(least=0), rng=optional(generator()))
def loss_and_gradients(
    model: Layer,
    params: Tensors,
    x: np.ndarray,
    labels: np.ndarray,
    loss: Loss = softmax_cross_entropy,
    l2: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[float, Tensors]:
    """Mean loss of the model's outputs, and the gradient of every parameter that is learned.

    Parameters
    ----------
    model : Layer
        Its output are the scores (N, C) of C classes, or what `loss` takes.
    params : dict of str to ndarray
    x : ndarray (N, ...)
    labels : ndarray of int (N,)
        True classes, 0 to C − 1; in regression the targets (N, C).
    loss : callable
        (outputs, labels) -> (loss, gradient): `softmax_cross_entropy` or `squared_loss`.
    l2 : float
        λ of the penalty λ/2 · Σ w² on everything with two or more axes: all weights, no bias.
    rng : numpy.random.Generator, optional
        What dropout draws from. Without it the pass is one of test mode.

    Returns
    -------
    loss : float
        With the penalty.
    grads : dict of str to ndarray
        In the shapes of `params`, without those that no gradient moves.
    """
    value, grads, _ = _pass(model, params, x, labels, loss, l2, rng)
    return value, grads


def _pass(
    model: Layer,
    params: Tensors,
    x: np.ndarray,
    labels: np.ndarray,
    loss: Loss,
    l2: float,
    rng: np.random.Generator | None,
) -> tuple[float, Tensors, Any]:
    out, cache = model.forward(params, x, rng)
    value, dout = loss(out, labels)
    _, grads = model.backward(dout, cache, wants_dx=False)
    weights = [name for name, grad in grads.items() if grad.ndim > 1] if l2 else []
    if weights:
        penalty, pulls = l2_penalty([params[name] for name in weights], l2)
        value += penalty
        grads |= {name: grads[name] + pull for name, pull in zip(weights, pulls, strict=True)}
    return value, grads, cache


@requires(**BATCH, step=function(), l2=number(least=0), rng=optional(generator()))
def training_step(
    model: Layer,
    params: Tensors,
    x: np.ndarray,
    labels: np.ndarray,
    step: Step,
    state: State,
    loss: Loss = softmax_cross_entropy,
    l2: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[Tensors, State, float]:
    """Forward, loss, backward, update: what training repeats.

    Parameters
    ----------
    model, params, x, labels, loss, l2, rng
        As for `loss_and_gradients`.
    step : callable
        (params, grads, state) -> (params, state).
    state : dict
        What the step remembers; empty before the first.

    Returns
    -------
    params, state : dicts
        The new ones, also of what layers remember (running statistics).
    loss : float
        Before the update, with the penalty.
    """
    value, grads, cache = _pass(model, params, x, labels, loss, l2, rng)
    moved, state = step({name: params[name] for name in grads}, grads, state)
    remembered = model.remember(params, cache) if rng is not None else {}
    return {**params, **moved, **remembered}, state, value


class Steps:
    """The steps of a training one by one, each as `training_step` has it."""

    def __init__(self, model: Layer, params: Tensors, step: Step, loss: Loss, l2: float) -> None:
        self.model, self.params, self.step, self.loss, self.l2 = model, params, step, loss, l2
        self.state: State = {}

    def advance(self, x: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> float:
        """Take one step on these examples; return the loss before it."""
        self.params, self.state, value = training_step(
            self.model, self.params, x, labels, self.step, self.state, self.loss, self.l2, rng
        )
        return value


@requires(params=tensors(), data=EXAMPLES, step=function(), loss=function(), l2=number(least=0))
def trainer(
    model: Layer,
    params: Tensors,
    data: Data,
    step: Step,
    loss: Loss = softmax_cross_entropy,
    l2: float = 0.0,
) -> Steps | Trainer:
    """Get ready to train step by step: in place where `fast` can, otherwise as on the whiteboard.

    Parameters
    ----------
    model, params, data, step, loss, l2
        As for `train`. Steps are taken on examples of `data`.

    Returns
    -------
    trainer
        Its `advance(x, labels, rng)` takes a step and returns the loss before it, its `params` are
        the parameters so far. What is passed in is never changed.
    """
    quick = Trainer.start(model, params, data, step, loss, l2)
    return Steps(model, params, step, loss, l2) if quick is None else quick


@requires(**BATCH)
def evaluate(
    model: Layer,
    params: Tensors,
    x: np.ndarray,
    labels: np.ndarray,
    loss: Loss = softmax_cross_entropy,
) -> tuple[float, float]:
    """Loss and accuracy of the model on given examples, in test mode and without a penalty.

    Parameters
    ----------
    model, params, x, labels, loss
        As for `loss_and_gradients`.

    Returns
    -------
    loss : float
    accuracy : float
        The share of examples whose highest score is at their label; NaN in regression.
    """
    out, _ = model.forward(params, x)
    right = out.argmax(axis=1) == labels if np.ndim(labels) == 1 else math.nan
    return loss(out, labels)[0], float(np.mean(right))


@requires(
    params=tensors(),
    data=EXAMPLES,
    step=function(),
    epochs=count(),
    batch_size=count(1),
    rng=generator(),
    validation=optional(EXAMPLES),
    patience=optional(count(1)),
    loss=function(),
    l2=number(least=0),
)
def train(
    model: Layer,
    params: Tensors,
    data: Data,
    step: Step,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    validation: Data | None = None,
    patience: int | None = None,
    loss: Loss = softmax_cross_entropy,
    l2: float = 0.0,
) -> tuple[Tensors, dict[str, list[float]]]:
    """Train on shuffled mini-batches, and stop early if the validation loss no longer falls.

    Parameters
    ----------
    model : Layer
        Its output are the scores (N, C) of C classes, or what `loss` takes.
    params : dict of str to ndarray
        Where training starts.
    data : tuple (x, labels)
        Training examples (N, ...) and their classes (N,), or targets (N, C).
    step : callable
        (params, grads, state) -> (params, state), such as
        `functools.partial(adam_step, rate=0.001)`, or with a schedule what `scheduled` makes.
    epochs : int
        Passes over the data, at most.
    batch_size : int
        Examples per step.
    rng : numpy.random.Generator
        Shuffles the examples anew in every epoch, and is what dropout draws from.
    validation : tuple (x, labels), optional
        Examples that are only looked at.
    patience : int, optional
        Stop once this many epochs in a row have brought no new lowest validation loss, as
        `early_stopping` does. Without validation data there is nothing to be patient about.
    loss : callable
        (outputs, labels) -> (loss, gradient): `softmax_cross_entropy` or `squared_loss`.
    l2 : float
        λ of the penalty λ/2 · Σ w² on all weights.

    Returns
    -------
    params : dict of str to ndarray
        The last; with `patience` and validation data those with the lowest validation loss.
    history : dict of str to list
        One number per epoch: "loss", the mean over the epoch's batches as they were met, the
        penalty included, and with validation data "validation_loss" and "validation_accuracy",
        which is NaN in regression.

    References
    ----------
    Prechelt, Early Stopping: But When? (1998); Goodfellow et al. (2016), algorithm 7.1.
    """
    x, labels = data
    history: dict[str, list[float]] = {"loss": []}
    if epochs == 0:
        return params, history
    training = trainer(model, params, data, step, loss, l2)
    best, best_epoch, lowest = params, 0, math.inf
    for epoch in range(epochs):
        total = 0.0
        for rows in minibatches(rng, len(x), batch_size):
            total += training.advance(x[rows], labels[rows], rng) * len(rows)
        history["loss"].append(total / len(x))
        if validation is None:
            continue
        params = training.params
        found, accuracy = evaluate(model, params, *validation, loss)
        history.setdefault("validation_loss", []).append(found)
        history.setdefault("validation_accuracy", []).append(accuracy)
        if patience is None or epoch == 0 or found < lowest:
            best, best_epoch, lowest = params, epoch, np.fmin(found, lowest)
        elif epoch - best_epoch >= patience:
            break
    return (training.params if validation is None else best), history
