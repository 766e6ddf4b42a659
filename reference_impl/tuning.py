"""Babysitting the training: sanity checks before it, diagnosis after it, search around it."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference_impl.optimizers import minimise
from reference_impl.validation import (
    count,
    flag,
    function,
    generator,
    items,
    kept,
    matrix,
    no_less,
    number,
    ranges,
    requires,
    series,
    tensors,
)

# --- before the training ------------------------------------------------------------------------


@requires(classes=count(2))
def expected_initial_loss(classes: int) -> float:
    """The cross-entropy of a network that knows nothing: −ln(1/C) = ln C.

    Parameters
    ----------
    classes : int
        Number of classes C.

    Returns
    -------
    float
        2.302585… for ten classes.

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: sanity checks".
    """
    return math.log(classes)


@requires(loss=number(), classes=count(2), tolerance=number(above=0))
def initial_loss_is_plausible(loss: float, classes: int, tolerance: float = 0.05) -> bool:
    """Whether the loss before the first step, without a penalty, is about ln C.

    It need not be if the scores do not start near zero: large weights make it larger.

    Parameters
    ----------
    loss : float
    classes : int
    tolerance : float
        The relative distance from ln C that still passes.

    Returns
    -------
    bool
    """
    expected = expected_initial_loss(classes)
    return bool(abs(loss - expected) <= tolerance * expected)


@requires(
    loss_and_gradient=function(),
    params=tensors(),
    step=function(),
    steps=count(1),
    target=number(above=0),
)
def overfits_tiny_subset(
    loss_and_gradient: "Callable[[dict[str, Any]], tuple[float, dict[str, Any]]]",
    params: dict[str, np.ndarray],
    step: "Callable[..., tuple[dict[str, Any], dict[str, Any]]]",
    steps: int = 500,
    target: float = 0.01,
) -> tuple[bool, np.ndarray]:
    """Whether training can drive the loss on a handful of examples to about zero.

    If it cannot, back-propagation, the update or the model is broken; more data will not help.

    Parameters
    ----------
    loss_and_gradient : callable
        Maps parameters to the loss, without a penalty, on about 20 examples and its gradients.
    params : dict of str to ndarray
    step : callable
        (params, grads, state) -> (params, state).
    steps : int
    target : float
        The loss that counts as zero.

    Returns
    -------
    passed : bool
        Whether the last loss is below the target.
    losses : ndarray (steps + 1,)
        The loss at the start and after every step.

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: sanity checks".
    """
    _, losses = minimise(loss_and_gradient, params, step, steps)
    return bool(losses[-1] < target), losses


# --- during and after the training --------------------------------------------------------------


@requires(losses=series(4))
def triage(losses: "Sequence[float]") -> str:
    """Judge a learning rate by the loss curve it made.

    The first of these that holds is the verdict; `fall` is the first loss minus the last.

    "diverged": some loss is NaN or infinite, or the last is twice the first or more.
    "too high": the curve bounces more than it falls. All its rises together (what it gains where
    a loss is larger than the one before) are more than `fall`, and more than 5 % of the first loss.
    "too low": `fall` is less than 5 % of the first loss, or a quarter of it or more came in the
    second half, from entry number len // 2 to the last.
    "good": otherwise.

    Parameters
    ----------
    losses : sequence of float
        At least four, in the order of the steps, the first of them positive; smooth the curve
        first if batches are small.

    Returns
    -------
    str
        "diverged", "too high", "too low" or "good". A slow fall has other causes, too: bad
        initialisation and saturation look the same.

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: loss function".
    """
    curve = np.asarray(losses, dtype=float)
    if not np.isfinite(curve).all() or curve[-1] >= 2 * curve[0]:
        return "diverged"
    fall = curve[0] - curve[-1]
    if np.maximum(np.diff(curve), 0).sum() > max(fall, 0.05 * curve[0]):
        return "too high"
    late = curve[len(curve) // 2] - curve[-1]
    return "too low" if fall < 0.05 * curve[0] or late >= fall / 4 else "good"


@requires(before=tensors("P"), after=tensors("P"))
def update_to_weight_ratio(
    before: dict[str, np.ndarray], after: dict[str, np.ndarray]
) -> dict[str, float]:
    """How far one step moved each tensor, in proportion to its size; about 1e-3 is healthy.

    Parameters
    ----------
    before, after : dicts of str to ndarray
        Parameters around one step.

    Returns
    -------
    dict of str to float
        ‖after − before‖ / ‖before‖; infinite for a tensor of zeros that moved, 0 if it did not.

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: ratio of weights to updates".
    """
    ratios = {}
    for name, old in before.items():
        moved, size = (np.linalg.norm(np.float64(v)) for v in (after[name] - old, old))
        ratios[name] = float(moved / size) if size else math.inf if moved else 0.0
    return ratios


@requires(validation=series(1), patience=count(1), margin=number(least=0))
def stopping_epoch(
    validation: "Sequence[float]", patience: int, margin: float = 0.0
) -> tuple[int, int]:
    """Decide when to stop training, and which epoch's weights to go back to.

    A record is a loss that is lower than the last record by more than the margin; the first finite
    loss is always one. Stop at the first epoch that is `patience` epochs after the last record (or
    after epoch 0, if there is none yet) and is no record itself.

    Parameters
    ----------
    validation : sequence of float
        Validation loss after each epoch, as far as training would go. NaN is no record.
    patience : int
        1 or more.
    margin : float
        Improvements of this size or less do not count.

    Returns
    -------
    best : int
        The epoch of the last record; 0 if there is none.
    stop : int
        The last epoch that is run; the last of all if patience never ends.

    References
    ----------
    Prechelt, Early stopping, but when? (1998); Goodfellow et al. (2016), algorithm 7.1.
    """
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(validation):
        if loss < lowest - margin:
            best, lowest = epoch, loss
        elif epoch - best >= patience:
            return best, epoch
    return best, len(validation) - 1


# --- honest validation --------------------------------------------------------------------------


@requires(train=matrix("N", "D"), validation=matrix("M", "D"))
def honest_standardise(train: np.ndarray, validation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give every feature mean 0 and variance 1, as far as the training data knows.

    Parameters
    ----------
    train : ndarray (N, D)
    validation : ndarray (M, D)
        It is moved and stretched exactly as the training data is, and has no say in how.

    Returns
    -------
    train, validation : ndarrays (N, D) and (M, D)
        Mean and variance (divided by N) of each training feature are 0 and 1. A feature that is
        constant in the training data is only shifted, even where rounding makes its spread
        1e-17 instead of 0 (or more, if the constant is large). Whole numbers are taken for what
        they are.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 7.10.2.
    """
    low, span = train.min(axis=0), np.ptp(train, axis=0)
    span = np.where(span == 0, 1, span)
    train, validation = (train - low) / span, (validation - low) / span  # now from 0 to 1
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (train - mean) / std, (validation - mean) / std


@requires(train=kept("N", "D"), validation=kept("M", "D"))
def leaked_rows(train: np.ndarray, validation: np.ndarray) -> list[int]:
    """Find the validation examples that are in the training data as well, number for number.

    Parameters
    ----------
    train : ndarray (N, D)
    validation : ndarray (M, D)

    Returns
    -------
    list of int
        Their row numbers in the validation data, in ascending order.
    """
    known = {tuple(row) for row in train.tolist()}
    return [i for i, row in enumerate(validation.tolist()) if tuple(row) in known]


# --- searching hyper-parameters -----------------------------------------------------------------


@requires(
    rng=generator(),
    low=number(above=0, size="low"),
    high=no_less(number(above=0), "low"),
    size=count(),
)
def log_uniform(rng: np.random.Generator, low: float, high: float, size: int) -> np.ndarray:
    """Draw numbers whose logarithm is uniform: every decade gets as many.

    Parameters
    ----------
    rng : numpy.random.Generator
    low, high : float
        Ends of the range, themselves and not their exponents; 0 < low ≤ high.
    size : int

    Returns
    -------
    ndarray (size,)

    References
    ----------
    Bergstra and Bengio, Journal of Machine Learning Research 13 (2012) 281.
    """
    drawn = np.exp(rng.uniform(math.log(low), math.log(high), size))
    return np.clip(drawn, low, high)  # exp(ln(high)) may round to just above high


def grid(values: "dict[str, Sequence[float]]") -> list[dict[str, float]]:
    """All combinations of the given values: k values per axis are only k different ones.

    Parameters
    ----------
    values : dict of str to sequence
        What to try for each hyper-parameter.

    Returns
    -------
    list of dicts
        In the order of nested loops: the last name varies fastest. No names make one empty dict.
    """
    configurations: list[dict[str, float]] = [{}]
    for name, options in values.items():
        configurations = [{**done, name: value} for done in configurations for value in options]
    return configurations


@requires(
    rng=generator(),
    trials=count(),
    logarithmic=flag(size="logarithmic"),
    ranges=ranges("logarithmic"),
)
def random_configurations(
    rng: np.random.Generator,
    ranges: dict[str, tuple[float, float]],
    trials: int,
    logarithmic: bool = True,
) -> list[dict[str, float]]:
    """Independent random draws: n trials are n different values on every axis.

    This beats a grid when few of the axes matter; when all matter equally, a grid can win.

    Parameters
    ----------
    rng : numpy.random.Generator
    ranges : dict of str to (low, high)
    trials : int
    logarithmic : bool
        Log-uniform, right for rates and penalties; otherwise uniform.

    Returns
    -------
    list of `trials` dicts

    References
    ----------
    Bergstra and Bengio, Journal of Machine Learning Research 13 (2012) 281.
    """
    columns = {}
    for name, (low, high) in ranges.items():
        draw = log_uniform if logarithmic else np.random.Generator.uniform
        columns[name] = draw(rng, low, high, trials)
    return [{name: float(c[i]) for name, c in columns.items()} for i in range(trials)]


@requires(losses=series(1, some_number=True, size="R"), configurations=items("R"))
def best_configuration(
    configurations: list[dict[str, float]], losses: "Sequence[float]"
) -> tuple[dict[str, float], float]:
    """The configuration of lowest validation loss; runs that ended in NaN do not count.

    Parameters
    ----------
    configurations : list of dicts
    losses : sequence of float
        The validation loss of each, at least one of them not NaN.

    Returns
    -------
    configuration : dict
        The first of them, if several are equally good.
    loss : float
    """
    finished = [i for i in range(len(losses)) if not math.isnan(losses[i])]
    best = min(finished, key=lambda i: losses[i])
    return configurations[best], float(losses[best])


@requires(losses=series(1, some_number=True))
def ranking(losses: "Sequence[float]") -> list[int]:
    """The numbers of the runs, best first, without those that ended in NaN.

    Parameters
    ----------
    losses : sequence of float
        At least one of them a number.

    Returns
    -------
    list of int
    """
    order = np.argsort(losses, kind="stable")
    return [int(i) for i in order if not np.isnan(losses[i])]


@requires(
    rng=generator(),
    score=function(),
    trials=count(1),
    rounds=count(1),
    keep=count(1),
    logarithmic=flag(size="logarithmic"),
    ranges=ranges("logarithmic"),
)
def coarse_to_fine(
    rng: np.random.Generator,
    score: "Callable[[dict[str, float]], float]",
    ranges: dict[str, tuple[float, float]],
    trials: int,
    rounds: int = 2,
    keep: int = 3,
    logarithmic: bool = True,
) -> tuple[list[dict[str, float]], np.ndarray]:
    """Random search that narrows its ranges, round by round, to what the best runs span.

    Parameters
    ----------
    rng : numpy.random.Generator
    score : callable
        Maps a configuration to its validation loss; NaN if training diverged. In the first round
        at least one run must end with a number.
    ranges : dict of str to (low, high)
        Where to look at first.
    trials : int
        Runs per round.
    rounds : int
    keep : int
        The best so many runs of all rounds so far span the next ranges: from the smallest to the
        largest value that they have. Runs that ended in NaN are never among them.
    logarithmic : bool
        As for `random_configurations`.

    Returns
    -------
    configurations : list of trials · rounds dicts
        In the order they were tried.
    losses : ndarray (trials · rounds,)

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 3: hyperparameter optimization".
    """
    configurations, losses = [], []
    for _ in range(rounds):
        tried = random_configurations(rng, ranges, trials, logarithmic)
        configurations += tried
        losses += [score(configuration) for configuration in tried]
        best = [configurations[i] for i in ranking(losses)[:keep]]
        ranges = {name: (min(b[name] for b in best), max(b[name] for b in best)) for name in ranges}
    return configurations, np.array(losses, dtype=float)


@requires(configurations=items("R"), score=function(), budget=count(1), factor=count(2))
def successive_halving(
    configurations: list[dict[str, float]],
    score: "Callable[[dict[str, float], int], float]",
    budget: int,
    factor: int = 2,
) -> tuple[dict[str, float], list[int]]:
    """Train all a little, keep the best half, train those twice as long, until one is left.

    Parameters
    ----------
    configurations : list of dicts
    score : callable
        (configuration, steps) -> validation loss after so many steps; NaN if it diverged.
    budget : int
        Steps of each run in the first round.
    factor : int
        One in `factor` survives a round (rounded down, but at least one; fewer if more diverged)
        and gets `factor` times the steps. The rounds end when one is left.

    Returns
    -------
    winner : dict
    survivors : list of int
        How many configurations took part in each round.

    References
    ----------
    Jamieson and Talwalkar, AISTATS (2016).
    """
    survivors = []
    while True:
        survivors.append(len(configurations))
        order = ranking([score(configuration, budget) for configuration in configurations])
        configurations = [configurations[i] for i in order[: max(1, len(configurations) // factor)]]
        budget *= factor
        if len(configurations) == 1:
            return configurations[0], survivors
