"""Valleys that are not the deepest, and four ways out of them.

The example is the double well f(x) = (x² − 1)² + 0.3·x: its left valley is the deeper one. All
walks take arrays of starts, one walk per entry.
"""

import math
from collections.abc import Callable

import numpy as np

from reference_impl.validation import (
    array,
    array_list,
    batch,
    count,
    entries,
    function,
    generator,
    matrix,
    number,
    permutation,
    requires,
    solvable,
    tensors,
    vector,
)

RATE = number(least=0)


# --- the landscape ------------------------------------------------------------------------------


@requires(x=array(), tilt=number())
def double_well(x: np.ndarray, tilt: float = 0.3) -> np.ndarray:
    """Two valleys beside x = ±1, with a hill between them: (x² − 1)² + tilt · x.

    Parameters
    ----------
    x : ndarray, any shape
    tilt : float
        Above 0 the left valley is the deeper one.

    Returns
    -------
    ndarray of x's shape
    """
    return (x**2 - 1) ** 2 + tilt * x


@requires(x=array(), tilt=number())
def double_well_derivative(x: np.ndarray, tilt: float = 0.3) -> np.ndarray:
    """Slope of the double well: 4x³ − 4x + tilt.

    Parameters
    ----------
    x : ndarray, any shape
    tilt : float

    Returns
    -------
    ndarray of x's shape
    """
    return 4 * x**3 - 4 * x + tilt


@requires(tilt=number())
def double_well_minima(tilt: float = 0.3) -> np.ndarray:
    """The bottoms of the valleys: roots of the slope where the curvature is positive.

    Parameters
    ----------
    tilt : float
        Beyond ±8 / √27 = ±1.54 only one valley is left.

    Returns
    -------
    ndarray (1,) or (2,)
        From left to right; −1.0356 and 0.9601 for a tilt of 0.3.
    """
    roots = np.roots([4, 0, -4, tilt])
    real = np.sort(roots.real[np.abs(roots.imag) < 1e-9])
    return real[12 * real**2 - 4 > 0]


@requires(hessian=solvable(entries(matrix("D", "D"), number())), tolerance=number(least=0))
def classify_stationary_point(hessian: np.ndarray, tolerance: float = 1e-9) -> str:
    """What a point of zero gradient is, by the signs of the curvatures there.

    Parameters
    ----------
    hessian : ndarray (D, D)
        Symmetric matrix of second derivatives.
    tolerance : float
        Curvatures up to this share of the largest count as zero.

    Returns
    -------
    str
        "minimum", "maximum" or "saddle"; "degenerate" if a curvature is zero and the others do not
        differ in sign, for then higher derivatives decide.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.3.1.
    """
    curvatures = np.linalg.eigvalsh(hessian)
    zero = tolerance * np.abs(curvatures).max()
    if curvatures[0] < -zero and curvatures[-1] > zero:
        return "saddle"
    if np.any(np.abs(curvatures) <= zero):
        return "degenerate"
    return "minimum" if curvatures[0] > 0 else "maximum"


@requires(hidden=count(1))
def equivalent_networks(hidden: int) -> int:
    """How many parameter settings of a tanh layer compute the same: the minimum is not one point.

    Parameters
    ----------
    hidden : int
        Number H of hidden units: they can be permuted, and each can flip all its signs.

    Returns
    -------
    int
        H! · 2ᴴ, 384 for four units.

    References
    ----------
    Bishop, PRML (2006), section 5.1.1.
    """
    return math.factorial(hidden) * 2**hidden


@requires(
    W1=matrix("D", "H"),
    b1=vector("H"),
    W2=matrix("H", "C"),
    order=permutation("H"),
    signs=vector("H"),
)
def equivalent_network(
    W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, order: np.ndarray, signs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Other parameters with which tanh(x @ W1 + b1) @ W2 is the same function.

    Parameters
    ----------
    W1, b1, W2 : ndarrays (D, H), (H,) and (H, C)
    order : ndarray of int (H,)
        A permutation of 0 to H − 1.
    signs : ndarray (H,)
        +1 or −1 for each unit of the new order.

    Returns
    -------
    W1, b1, W2 : ndarrays

    References
    ----------
    Bishop, PRML (2006), section 5.1.1.
    """
    signs = signs.astype(W1.dtype)
    return W1[:, order] * signs, b1[order] * signs, W2[order] * signs[:, None]


# --- ways down and out --------------------------------------------------------------------------


@requires(derivative=function(), x=array(), rate=RATE, steps=count())
def descend(
    derivative: "Callable[[np.ndarray], np.ndarray]", x: np.ndarray, rate: float, steps: int
) -> np.ndarray:
    """Gradient descent from many starts at once: each ends in the valley it began in.

    Parameters
    ----------
    derivative : callable
        Slope of f, entry by entry.
    x : ndarray, any shape
        Starts.
    rate : float
    steps : int

    Returns
    -------
    ndarray of x's shape
        Where each walk ends.
    """
    for _ in range(steps):
        x = x - rate * derivative(x)
    return x


@requires(f=function(), derivative=function(), starts=vector("K"), rate=RATE, steps=count())
def multi_start(
    f: "Callable[[np.ndarray], np.ndarray]",
    derivative: "Callable[[np.ndarray], np.ndarray]",
    starts: np.ndarray,
    rate: float,
    steps: int,
) -> tuple[float, np.ndarray]:
    """Descend from K starts and keep the lowest end.

    Parameters
    ----------
    f, derivative : callables
        The function and its slope, entry by entry.
    starts : ndarray (K,)
    rate : float
    steps : int
        Of each descent.

    Returns
    -------
    best : float
        The end of the lowest f; walks that diverged to NaN do not count.
    ends : ndarray (K,)

    References
    ----------
    Zhou, Machine Learning (2016), section 5.4.
    """
    ends = descend(derivative, starts, rate, steps)
    return float(ends[np.nanargmin(f(ends))]), ends


@requires(share=number(least=0, most=1), starts=count())
def multi_start_success(share: float, starts: int) -> float:
    """Probability that at least one of several random starts is in the right basin.

    Parameters
    ----------
    share : float
        Probability p that one start is.
    starts : int
        Their number k.

    Returns
    -------
    float
        1 − (1 − p)ᵏ, to all its digits also where it is about k·p with a p of 1e-20.
    """
    if share == 1:
        return float(starts > 0)
    return -math.expm1(starts * math.log1p(-share))


@requires(
    rng=generator(),
    derivative=function(),
    x=array(),
    rate=RATE,
    noise=number(least=0),
    steps=count(),
)
def noisy_descent(
    rng: np.random.Generator,
    derivative: "Callable[[np.ndarray], np.ndarray]",
    x: np.ndarray,
    rate: float,
    noise: float,
    steps: int,
) -> np.ndarray:
    """Gradient descent with a random error in every gradient, as small batches make it.

    Parameters
    ----------
    rng : numpy.random.Generator
    derivative : callable
        Slope of f, entry by entry.
    x : ndarray, any shape
        Starts; every walk has noise of its own.
    rate : float
    noise : float
        Standard deviation of the error: too little does not cross the hill, too much does not stay.
    steps : int

    Returns
    -------
    ndarray of x's shape
        Where each walk ends.
    """
    for _ in range(steps):
        error = noise * rng.normal(size=np.shape(x)).astype(np.asarray(x).dtype)
        x = x - rate * (derivative(x) + error)
    return x


@requires(
    derivative=function(), x=array(), rate=RATE, momentum=number(least=0, below=1), steps=count()
)
def momentum_descend(
    derivative: "Callable[[np.ndarray], np.ndarray]",
    x: np.ndarray,
    rate: float,
    momentum: float,
    steps: int,
) -> np.ndarray:
    """Descent with inertia, which may or may not roll over the next hill.

    Parameters
    ----------
    derivative : callable
        Slope of f, entry by entry.
    x : ndarray, any shape
        Starts, at rest.
    rate : float
    momentum : float
        The share of the velocity that is kept; more of it does not always escape better.
    steps : int

    Returns
    -------
    ndarray of x's shape
        Where each walk ends.

    References
    ----------
    Polyak, USSR Computational Mathematics and Mathematical Physics 4 (1964) 1.
    """
    velocity = np.zeros_like(x)
    for _ in range(steps):
        velocity = momentum * velocity - rate * derivative(x)
        x = x + velocity
    return x


# --- simulated annealing ------------------------------------------------------------------------


@requires(change=array(), temperature=RATE)
def acceptance_probability(change: np.ndarray, temperature: float) -> np.ndarray:
    """How likely a change of energy is accepted: 1 if it is no rise, else exp(−ΔE / T).

    Parameters
    ----------
    change : ndarray, any shape
        ΔE = new energy − current energy.
    temperature : float
        T, not negative; at 0 no rise is accepted.

    Returns
    -------
    ndarray of that shape

    References
    ----------
    Metropolis et al., Journal of Chemical Physics 21 (1953) 1087.
    """
    if temperature == 0:
        return np.where(change > 0, np.zeros_like(change), 1)
    with np.errstate(over="ignore"):  # at 1e-300 a rise may be infinitely many temperatures
        return np.exp(-np.maximum(change, 0) / temperature)


@requires(start=number(above=0), factor=number(above=0, most=1), t=count())
def cooling(start: float, factor: float, t: int) -> float:
    """Temperature of step t if each step multiplies it by a factor.

    Parameters
    ----------
    start : float
        Temperature of step 0.
    factor : float
        Above 0 and at most 1: the closer to 1, the slower and the better.
    t : int

    Returns
    -------
    float
        start · factorᵗ.

    References
    ----------
    Kirkpatrick, Gelatt and Vecchi, Science 220 (1983) 671.
    """
    return start * factor**t


@requires(
    rng=generator(),
    f=function(),
    x=vector("K"),
    temperature=number(above=0),
    factor=number(above=0, most=1),
    steps=count(),
    spread=number(above=0),
)
def anneal(
    rng: np.random.Generator,
    f: "Callable[[np.ndarray], np.ndarray]",
    x: np.ndarray,
    temperature: float,
    factor: float,
    steps: int,
    spread: float = 0.3,
) -> tuple[np.ndarray, np.ndarray]:
    """Simulated annealing: propose a random step, sometimes accept a rise, ever more rarely.

    Parameters
    ----------
    rng : numpy.random.Generator
    f : callable
        Energy, entry by entry.
    x : ndarray (K,)
        Starts of K independent runs.
    temperature : float
        At the first step.
    factor : float
        Cooling per step.
    steps : int
    spread : float
        Standard deviation of the proposed steps, which are normally distributed around 0.

    Returns
    -------
    best : ndarray (K,)
        The lowest point that each run has seen.
    path : ndarray (steps + 1, K)
        Where each run was; row 0 is the start.

    References
    ----------
    Kirkpatrick, Gelatt and Vecchi, Science 220 (1983) 671.
    """
    best, path = x, [x]
    for t in range(steps):
        proposed = x + spread * rng.normal(size=x.shape).astype(x.dtype)
        accept = acceptance_probability(f(proposed) - f(x), cooling(temperature, factor, t))
        x = np.where(rng.uniform(size=x.shape) < accept, proposed, x)
        best = np.where(f(x) < f(best), x, best)
        path.append(x)
    return best, np.array(path)


# --- two dimensions, and networks ---------------------------------------------------------------


@requires(p=batch("N"), tilt=number())
def four_wells(p: np.ndarray, tilt: float = 0.3) -> np.ndarray:
    """Four valleys of different depths in the plane: (x²−1)² + (y²−1)² + tilt · (x + xy/2).

    Between them lie four saddles and, in the middle, a hill. The valleys are near (±1, ±1), the
    deepest near (−1, 1) if the tilt is above 0.

    Parameters
    ----------
    p : ndarray (..., 2)
        Points (x, y) along the last axis.
    tilt : float

    Returns
    -------
    ndarray (...)
    """
    x, y = p[..., 0], p[..., 1]
    height: np.ndarray = (x**2 - 1) ** 2 + (y**2 - 1) ** 2 + tilt * (x + x * y / 2)
    return height


@requires(p=batch("N"), tilt=number())
def four_wells_gradient(p: np.ndarray, tilt: float = 0.3) -> np.ndarray:
    """Gradient of `four_wells`, which `descend` and the other walks follow.

    Parameters
    ----------
    p : ndarray (..., 2)
    tilt : float

    Returns
    -------
    ndarray (..., 2)
    """
    x, y = p[..., 0], p[..., 1]
    dx = 4 * x * (x**2 - 1) + tilt * (1 + y / 2)
    dy = 4 * y * (y**2 - 1) + tilt * x / 2
    return np.stack([dx, dy], axis=-1)


@requires(x=number(), y=number(), tilt=number())
def four_wells_hessian(x: float, y: float, tilt: float = 0.3) -> np.ndarray:
    """Second derivatives of `four_wells` at one point, for `classify_stationary_point`.

    Parameters
    ----------
    x, y : float
    tilt : float

    Returns
    -------
    ndarray (2, 2)
    """
    return np.array([[12 * x**2 - 4, tilt / 2], [tilt / 2, 12 * y**2 - 4]])


@requires(ends=matrix("N", "D"), minima=matrix("K", "D"))
def basin_numbers(ends: np.ndarray, minima: np.ndarray) -> np.ndarray:
    """Which minimum each walk has ended at: with starts on a grid, a map of the basins.

    Parameters
    ----------
    ends : ndarray (N, D)
        Where `descend` has come to.
    minima : ndarray (K, D)

    Returns
    -------
    ndarray of int (N,)
        The number of the nearest minimum; the first of equally near ones.
    """
    distances = np.linalg.norm(ends[:, None] - minima, axis=2)
    return np.argmin(distances, axis=1)


@requires(train_from=function(), starts=array_list(tensors()))
def multi_start_training(
    train_from: "Callable[[dict[str, np.ndarray]], tuple[dict[str, np.ndarray], float]]",
    starts: list[dict[str, np.ndarray]],
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Train a network from several starts and keep what came out best.

    Parameters
    ----------
    train_from : callable
        Maps parameters to trained ones and their final loss, such as a call of `network.train`.
    starts : list of dicts of str to ndarray
        One or more sets of parameters, such as `model.start(rng)` draws.

    Returns
    -------
    params : dict of str to ndarray
        The trained parameters of lowest loss, the first of several; NaN never wins.
    losses : ndarray (len(starts),)
        The final loss of each run.

    References
    ----------
    Zhou, Machine Learning (2021), section 5.4: start from several points, keep the best.
    """
    trained, losses = zip(*[train_from(start) for start in starts], strict=True)
    ranked = np.where(np.isnan(losses), np.inf, losses)
    return trained[int(ranked.argmin())], np.array(losses, dtype=float)
