"""Self-organising map: units on a grid learn the data, and neighbours on the grid learn together.

The map's weights are (rows, columns, D): one prototype per grid place. x (N, D) holds examples.
"""

import numpy as np

from reference_impl.validation import (
    choice_of,
    count,
    counts,
    generator,
    matrix,
    number,
    parts,
    requires,
    tensor,
    vector,
)


@requires(x=matrix("N", "D"), weights=tensor("R", "C", "D"))
def som_distances(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Euclidean distance of each example from each unit's prototype.

    Parameters
    ----------
    x : ndarray (N, D)
    weights : ndarray (R, C, D)

    Returns
    -------
    ndarray (N, R, C)
    """
    return np.linalg.norm(x[:, None, None, :] - weights, axis=3)


@requires(x=matrix("N", "D"), weights=tensor("R", "C", "D"))
def som_winners(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Find the best matching unit of each example: the one with the nearest prototype.

    Parameters
    ----------
    x : ndarray (N, D)
    weights : ndarray (R, C, D)

    Returns
    -------
    ndarray of int (N, 2)
        Row and column in the grid; among equals the first.

    References
    ----------
    Kohonen, Biological Cybernetics 43 (1982) 59.
    """
    nearest = som_distances(x, weights).reshape(len(x), -1).argmin(axis=1)
    return np.stack(np.divmod(nearest, weights.shape[1]), axis=1)


@requires(winner=vector("two"), shape=counts(length=2), radius=number(above=0))
def som_neighbourhood(winner: np.ndarray, shape: tuple[int, int], radius: float) -> np.ndarray:
    """How strongly each unit learns with the winner: exp(−d²/(2 radius²)), d measured on the grid.

    Parameters
    ----------
    winner : ndarray (2,)
        Row and column of the winner.
    shape : (int, int)
        Rows and columns of the grid.
    radius : float
        Positive.

    Returns
    -------
    ndarray (rows, columns)
        1 at the winner.

    References
    ----------
    Kohonen, Self-Organizing Maps (2001), section 3.1.
    """
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    with np.errstate(over="ignore"):  # with a radius of 1e-300 all others are infinitely far
        down, across = (rows - winner[0]) / radius, (columns - winner[1]) / radius
        return np.exp(-(down**2 + across**2) / 2)


@requires(start=number(above=0), end=number(above=0), t=count(), steps=count(least=1))
def som_decay(start: float, end: float, t: int, steps: int) -> float:
    """Value of a rate or radius at step t, falling by the same factor from start to end.

    Parameters
    ----------
    start, end : float
        Both positive, so that a radius never reaches 0.
    t : int
        0 for the first step, `steps` − 1 for the last.
    steps : int
        Length of the whole training, over all epochs.

    Returns
    -------
    float
        start · (end/start)^(t/(steps − 1)).

    References
    ----------
    Ritter and Schulten, Biological Cybernetics 60 (1988) 59.
    """
    return start * (end / start) ** (t / max(steps - 1, 1))


@requires(
    x=vector("D"),
    weights=tensor("R", "C", "D"),
    rate=number(least=0, most=1),
    radius=number(above=0),
)
def som_step(x: np.ndarray, weights: np.ndarray, rate: float, radius: float) -> np.ndarray:
    """Show one example: its winner and the winner's grid neighbours move towards it.

    Parameters
    ----------
    x : ndarray (D,)
    weights : ndarray (R, C, D)
    rate : float
        From 0 (nothing moves) to 1 (the winner becomes x).
    radius : float
        Reach of the neighbourhood, positive.

    Returns
    -------
    ndarray (R, C, D)
        w + rate · h · (x − w) with the neighbourhood h.

    References
    ----------
    Kohonen, Biological Cybernetics 43 (1982) 59.
    """
    distances = np.linalg.norm(x - weights, axis=2)
    winner = np.array(np.unravel_index(distances.argmin(), distances.shape))
    h = som_neighbourhood(winner, distances.shape, radius).astype(np.result_type(weights, 1.0))
    return weights + rate * h[:, :, None] * (x - weights)


@requires(
    x=matrix("N", "D"),
    weights=tensor("R", "C", "D"),
    steps=count(),
    rates=parts(number(above=0, most=1), number(above=0, most=1)),
    radii=parts(number(above=0), number(above=0)),
    rng=generator(),
)
def som_train(
    x: np.ndarray,
    weights: np.ndarray,
    steps: int,
    rates: tuple[float, float],
    radii: tuple[float, float],
    rng: np.random.Generator,
) -> np.ndarray:
    """Organise the map: show random examples while rate and radius decay.

    Parameters
    ----------
    x : ndarray (N, D)
    weights : ndarray (R, C, D)
        The start: random, so that not all units win and lose together.
    steps : int
        How many examples are shown.
    rates, radii : (float, float)
        First and last learning rate and radius; see `som_decay`.
    rng : numpy.random.Generator
        Draws the example of each step.

    Returns
    -------
    ndarray (R, C, D)
        The organised map.

    References
    ----------
    Kohonen, Self-Organizing Maps (2001), section 3.1.
    """
    for t in range(steps):
        rate, radius = som_decay(*rates, t, steps), som_decay(*radii, t, steps)
        weights = som_step(x[rng.integers(len(x))], weights, rate, radius)
    return weights


@requires(x=matrix("N", "D"), weights=tensor("R", "C", "D"))
def quantisation_error(x: np.ndarray, weights: np.ndarray) -> float:
    """Mean distance (not squared) of the examples from their winners' prototypes.

    Parameters
    ----------
    x : ndarray (N, D)
    weights : ndarray (R, C, D)

    Returns
    -------
    float
        Of the arguments' type.

    References
    ----------
    Kohonen, Self-Organizing Maps (2001), section 3.8.
    """
    return som_distances(x, weights).min(axis=(1, 2)).mean()


@requires(x=matrix("N", "D"), weights=tensor("R", "C", "D"), neighbours=choice_of(4, 8))
def topographic_error(x: np.ndarray, weights: np.ndarray, neighbours: int) -> float:
    """Share of the examples whose two best units are not neighbours on the grid.

    Parameters
    ----------
    x : ndarray (N, D)
    weights : ndarray (R, C, D)
        At least two units.
    neighbours : int
        4: only units side by side are neighbours; 8: diagonal ones too.

    Returns
    -------
    float
        From 0 (topology kept) to 1.

    References
    ----------
    Kiviluoto, International Conference on Neural Networks (1996) 294.
    """
    ranked = som_distances(x, weights).reshape(len(x), -1).argsort(axis=1, kind="stable")
    rows, columns = np.divmod(ranked[:, :2], weights.shape[1])
    down, across = np.abs(np.diff(rows)), np.abs(np.diff(columns))
    apart = down + across > 1 if neighbours == 4 else np.maximum(down, across) > 1
    return float(apart.mean())
