"""RBF network: a hidden layer of bumps around centres, and a linear output layer.

Rows are examples: x (N, D), centres (K, D), widths (K,), weights (K, C), b (C,). Books that write
exp(−β r²) mean our β = 1/(2 width²).
"""

import numpy as np

from reference_impl.validation import (
    count,
    entries,
    generator,
    matrix,
    number,
    parts,
    requires,
    solvable,
    vector,
)

POSITIVE = number(above=0)
Cache = tuple[np.ndarray, ...]


@requires(x=matrix("N", "D"), centres=matrix("K", "D"), widths=entries(vector("K"), POSITIVE))
def rbf_basis(x: np.ndarray, centres: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Height of each Gaussian bump at each example: φ = exp(−‖x − c‖²/(2 width²)).

    Parameters
    ----------
    x : ndarray (N, D)
    centres : ndarray (K, D)
    widths : ndarray (K,)
        Positive: the distance at which the bump has fallen to exp(−1/2).

    Returns
    -------
    ndarray (N, K)

    References
    ----------
    Broomhead and Lowe, Complex Systems 2 (1988) 321.
    """
    with np.errstate(over="ignore"):  # with a width of 1e-300 all others are infinitely far
        offsets = (x[:, None, :] - centres) / widths[:, None]
        return np.exp(-np.sum(offsets**2, axis=2) / 2)


def _in_widths(x: np.ndarray, centres: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Offsets (N, K, D) measured in widths, as far as 100 of them: there any bump is 0."""
    with np.errstate(over="ignore"):
        return np.clip((x[:, None, :] - centres) / widths[:, None], -100, 100)


@requires(
    x=matrix("N", "D"),
    centres=matrix("K", "D"),
    widths=entries(vector("K"), POSITIVE),
    weights=matrix("K", "C"),
    b=vector("C"),
)
def rbf_forward(
    x: np.ndarray, centres: np.ndarray, widths: np.ndarray, weights: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, Cache]:
    """Output of the network: out = φ(x) @ weights + b.

    Parameters
    ----------
    x : ndarray (N, D)
    centres : ndarray (K, D)
    widths : ndarray (K,)
        Positive.
    weights : ndarray (K, C)
    b : ndarray (C,)

    Returns
    -------
    out : ndarray (N, C)
    cache : tuple
        What `rbf_backward` needs: x, centres, widths, weights and φ.

    References
    ----------
    Broomhead and Lowe, Complex Systems 2 (1988) 321.
    """
    phi = rbf_basis(x, centres, widths)
    return phi @ weights + b, (x, centres, widths, weights, phi)


@requires(
    dout=matrix("N", "C"),
    cache=parts(
        matrix("N", "D"),
        matrix("K", "D"),
        entries(vector("K"), POSITIVE),
        matrix("K", "C"),
        matrix("N", "K"),
    ),
)
def rbf_backward(dout: np.ndarray, cache: Cache) -> Cache:
    """Gradients for the examples, centres, widths, weights and biases.

    Parameters
    ----------
    dout : ndarray (N, C)
        Gradient for the output.
    cache : tuple
        From `rbf_forward`.

    Returns
    -------
    dx, dcentres, dwidths, dweights, db : ndarrays (N, D), (K, D), (K,), (K, C) and (C,)

    References
    ----------
    Poggio and Girosi, Proceedings of the IEEE 78 (1990) 1481.
    """
    x, centres, widths, weights, phi = cache
    offsets = _in_widths(x, centres, widths)
    slope = dout @ weights.T * phi
    pull = slope[:, :, None] * offsets / widths[:, None]
    dwidths = np.sum(slope * np.sum(offsets**2, axis=2), axis=0) / widths
    return -pull.sum(axis=1), pull.sum(axis=0), dwidths, phi.T @ dout, dout.sum(axis=0)


@requires(
    x=solvable(matrix("N", "D")),
    y=solvable(matrix("N", "C")),
    centres=solvable(matrix("K", "D")),
    widths=solvable(entries(vector("K"), POSITIVE)),
)
def rbf_fit(
    x: np.ndarray, y: np.ndarray, centres: np.ndarray, widths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Best output layer for given bumps, in one step: linear least squares.

    Parameters
    ----------
    x : ndarray (N, D)
    y : ndarray (N, C)
        Targets.
    centres : ndarray (K, D)
    widths : ndarray (K,)
        Positive.

    Returns
    -------
    weights : ndarray (K, C)
    b : ndarray (C,)
        Where many solutions fit equally well: the one whose weights and b together have the
        smallest sum of squares.

    References
    ----------
    Broomhead and Lowe, Complex Systems 2 (1988) 321.
    """
    phi = rbf_basis(x, centres, widths)
    design = np.hstack([phi, np.ones_like(phi[:, :1])])
    solution = np.linalg.lstsq(design, y, rcond=None)[0]
    return solution[:-1], solution[-1]


@requires(
    x=solvable(matrix("N", "D")),
    y=solvable(matrix("N", "C")),
    widths=solvable(entries(vector("N"), POSITIVE)),
)
def rbf_interpolate(x: np.ndarray, y: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Weights that hit every target exactly, with one centre at each example and no bias.

    Parameters
    ----------
    x : ndarray (N, D)
        Examples, all different; they are the centres.
    y : ndarray (N, C)
        Targets.
    widths : ndarray (N,)
        Positive; much wider than the examples' spacing makes the system ill-conditioned.

    Returns
    -------
    ndarray (N, C)
        The solution of φ(x) @ weights = y.

    References
    ----------
    Micchelli, Constructive Approximation 2 (1986) 11: for equal widths it always exists.
    """
    return np.linalg.solve(rbf_basis(x, x, widths), y)


@requires(x=matrix("N", "D"), k=count(least=1, most="N"), steps=count(), rng=generator())
def rbf_centres(x: np.ndarray, k: int, steps: int, rng: np.random.Generator) -> np.ndarray:
    """Choose centres: k different examples at random, then moved to the middle of their cluster.

    Parameters
    ----------
    x : ndarray (N, D)
    k : int
        At most N.
    steps : int
        Rounds of k-means; 0 leaves the random examples.
    rng : numpy.random.Generator
        Chooses the k examples.

    Returns
    -------
    ndarray (k, D)
        A centre to which no example is nearest stays where it is.

    References
    ----------
    Moody and Darken, Neural Computation 1 (1989) 281.
    """
    centres = x[rng.choice(len(x), size=k, replace=False)]  # a copy
    for _ in range(steps):
        distances = np.sum((x[:, None, :] - centres) ** 2, axis=2)
        members = distances.argmin(axis=1)
        for j in np.unique(members):
            centres[j] = x[members == j].mean(axis=0)
    return centres


@requires(centres=matrix("K", "D"))
def rbf_common_width(centres: np.ndarray) -> np.ndarray:
    """One width for all bumps: the largest distance between centres over √(2K).

    Parameters
    ----------
    centres : ndarray (K, D)

    Returns
    -------
    ndarray (K,)
        All equal; 1 where there is no distance to measure, as with a single centre.

    References
    ----------
    Haykin, Neural Networks (1999), section 5.13.
    """
    offsets = centres[:, None, :] - centres
    size = np.abs(offsets).max() or 1  # in units of it no square becomes 0
    farthest = size * np.linalg.norm(offsets / size, axis=2).max()
    width = farthest / np.sqrt(2 * len(centres)) or 1
    return np.full_like(centres[:, 0], width)
