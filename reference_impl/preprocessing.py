"""Preparing data: scaling, decorrelating, selecting and projecting features.

Each method has two halves: one looks at the training data and returns statistics, the other
applies them to any data. Validation and test data never contribute to the statistics. Variances
and covariances divide by N, not by N − 1 as statistics packages do; they are taken of the data as
seen from the first example, so that constant features have none and nothing is lost far from zero.
"""

import itertools

import numpy as np

from reference_impl.validation import (
    choice,
    count,
    flag,
    kept,
    matrix,
    number,
    requires,
    solvable,
    tensor,
    vector,
)

X = matrix("N", "D")


# --- scaling ------------------------------------------------------------------------------------


@requires(x=X)
def standardise_fit(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of every feature of the training data.

    Parameters
    ----------
    x : ndarray (N, D)
        Training data only.

    Returns
    -------
    mean, std : ndarrays (D,)
        A constant feature gets a std of 1, so that it becomes 0 and not NaN; one that varies,
        however little, gets its own.

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 2: data preprocessing".
    """
    moved = x - 1.0 * x[0]  # what is constant becomes exactly 0; pixels get a sign
    largest = np.abs(moved).max(axis=0)
    unit = np.where(largest > 0, largest, 1)  # in units of it no square becomes 0
    std = unit * (moved / unit).std(axis=0)
    return x[0] + moved.mean(axis=0), np.where(std > 0, std, 1)


def _centred(x: np.ndarray) -> np.ndarray:
    """x minus its mean; of a constant column, whose mean is rounded, exactly 0."""
    moved: np.ndarray = x - x[0]
    return moved - moved.mean(axis=0)


def _largest(x: np.ndarray) -> np.ndarray:
    """Largest |entry| of each column, or 1 if all are 0."""
    size: np.ndarray = np.abs(x).max(axis=0)
    return np.where(size > 0, size, 1)


@requires(x=X, mean=vector("D"))
def centre(x: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Move the cloud of data to the origin: x − mean.

    Parameters
    ----------
    x : ndarray (N, D)
    mean : ndarray (D,)
        Of the training data.

    Returns
    -------
    ndarray (N, D)
    """
    return x - mean


@requires(x=X, mean=vector("D"), std=vector("D"))
def standardise(x: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Measure every feature in standard deviations from its mean: (x − mean) / std.

    Parameters
    ----------
    x : ndarray (N, D)
    mean, std : ndarrays (D,)
        From `standardise_fit` on the training data.

    Returns
    -------
    ndarray (N, D)
        Mean 0 and variance 1 on the training data; unbounded.
    """
    return (x - mean) / std


@requires(x=X)
def min_max_fit(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest value of every feature of the training data.

    Parameters
    ----------
    x : ndarray (N, D)
        Training data only.

    Returns
    -------
    lowest, highest : ndarrays (D,)
    """
    return x.min(axis=0), x.max(axis=0)


@requires(x=X, lowest=vector("D"), highest=vector("D"), low=number(), high=number())
def min_max(
    x: np.ndarray, lowest: np.ndarray, highest: np.ndarray, low: float = -1.0, high: float = 1.0
) -> np.ndarray:
    """Stretch every feature so that its range becomes [low, high].

    Parameters
    ----------
    x : ndarray (N, D)
    lowest, highest : ndarrays (D,)
        Least and largest value of each feature in the training data.
    low, high : float
        The new range, often [−1, 1] or [0, 1].

    Returns
    -------
    ndarray (N, D)
        low + (high − low) · (x − lowest) / (highest − lowest). New data may lie outside: nothing
        is clipped. A constant feature becomes `low`.
    """
    span = np.where(highest > lowest, highest - lowest, 1)
    share = (x - 1.0 * lowest) / span  # 1.0: pixels know nothing below 0
    return low * (1 - share) + high * share


@requires(images=tensor("N", "A", "B", "C"))
def mean_image(images: np.ndarray) -> np.ndarray:
    """The average training image, to be subtracted from every image.

    Parameters
    ----------
    images : ndarray (N, H, W, C) or (N, C, H, W)

    Returns
    -------
    ndarray
        One image: 3072 numbers for 32 × 32 in colour.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, NIPS (2012), section 2.
    """
    return images.mean(axis=0)


@requires(images=tensor("N", "A", "B", "C"), layout=choice("NHWC", "NCHW"))
def channel_mean(images: np.ndarray, layout: str = "NHWC") -> np.ndarray:
    """One average per colour channel, in a shape that can be subtracted from the images.

    Parameters
    ----------
    images : ndarray
        Its axes are named by `layout`.
    layout : str
        "NHWC" (channels last) or "NCHW" (channels before rows and columns).

    Returns
    -------
    ndarray (1, 1, 1, C) or (1, C, 1, 1)

    References
    ----------
    Simonyan and Zisserman, ICLR (2015), section 2.1.
    """
    axes = tuple(i for i, axis in enumerate(layout) if axis != "C")
    return images.mean(axis=axes, keepdims=True)


# --- PCA and whitening --------------------------------------------------------------------------


@requires(x=X)
def covariance(x: np.ndarray) -> np.ndarray:
    """Covariance matrix: how much each feature varies, and each two of them together.

    Parameters
    ----------
    x : ndarray (N, D)

    Returns
    -------
    ndarray (D, D)
        Entry (i, j) is the mean over the examples of (xᵢ − mean of xᵢ)(xⱼ − mean of xⱼ): variances
        on the diagonal, divided by N. Far from zero they keep their digits: subtract first.

    References
    ----------
    Bishop, PRML (2006), eq. 12.3.
    """
    moved = x - 1.0 * x[0]  # nothing is lost far from zero; pixels get a sign
    centred = moved - moved.mean(axis=0)
    return centred.T @ centred / len(x)


@requires(x=solvable(X))
def pca_fit(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Principal components: the directions in which the centred data vary most.

    Parameters
    ----------
    x : ndarray (N, D)
        Training data only.

    Returns
    -------
    mean : ndarray (D,)
    components : ndarray (D, D)
        One direction per column, orthonormal. A direction has no sign of its own: here the entry
        that is largest in absolute value is positive.
    variances : ndarray (D,)
        Along each direction, the largest first: squared singular values of the centred data over
        N. They are the eigenvalues of the covariance matrix, which would lose the small ones.

    References
    ----------
    Pearson, Philosophical Magazine 2 (1901) 559; Bishop, PRML (2006), section 12.1.
    """
    moved = x - 1.0 * x[0]
    mean = moved.mean(axis=0)
    # R has the singular values and directions of the data, but no more rows than columns.
    _, spreads, rows = np.linalg.svd(np.linalg.qr(moved - mean, mode="r"))
    variances = np.zeros_like(mean)
    variances[: len(spreads)] = spreads**2 / len(x)
    largest = np.abs(rows).argmax(axis=1)
    signs = np.sign(rows[np.arange(len(rows)), largest])
    return x[0] + mean, (rows * signs[:, None]).T, variances


@requires(x=X, mean=vector("D"), components=matrix("D", "K"))
def pca_project(x: np.ndarray, mean: np.ndarray, components: np.ndarray) -> np.ndarray:
    """Coordinates of the data along principal components.

    Parameters
    ----------
    x : ndarray (N, D)
    mean : ndarray (D,)
    components : ndarray (D, K)
        The first K columns of those that `pca_fit` returned; all D only rotate.

    Returns
    -------
    ndarray (N, K)
        Uncorrelated on the training data: their covariance is diagonal, not the identity.
    """
    return (x - mean) @ components


@requires(z=matrix("N", "K"), mean=vector("D"), components=matrix("D", "K"))
def pca_reconstruct(z: np.ndarray, mean: np.ndarray, components: np.ndarray) -> np.ndarray:
    """The point in the original space that belongs to K coordinates.

    Parameters
    ----------
    z : ndarray (N, K)
        From `pca_project`.
    mean : ndarray (D,)
    components : ndarray (D, K)
        One direction per column, taken as it is.

    Returns
    -------
    ndarray (N, D)
        Its mean squared distance from the training data is the sum of the variances left out.
    """
    return z @ components.T + mean


@requires(
    x=X,
    mean=vector("D"),
    components=matrix("D", "D"),
    variances=vector("D"),
    epsilon=number(least=0),
    zca=flag(),
)
def whiten(
    x: np.ndarray,
    mean: np.ndarray,
    components: np.ndarray,
    variances: np.ndarray,
    epsilon: float = 1e-8,
    zca: bool = False,
) -> np.ndarray:
    """Give the data the identity as covariance: rotate, then divide by √(variance + ε).

    Parameters
    ----------
    x : ndarray (N, D)
    mean, components, variances : ndarrays
        From `pca_fit` on the training data.
    epsilon : float
        Keeps directions without variance from being blown up, so it must not be 0 if there are
        any; it is in squared units of the data, and negligible only beside larger variances.
    zca : bool
        Rotate back at the end, which stays as close to x as whitening can.

    Returns
    -------
    ndarray (N, D)

    References
    ----------
    Bell and Sejnowski, Vision Research 37 (1997) 3327, for ZCA.
    """
    white = (x - mean) @ components / np.sqrt(variances + epsilon)
    return white @ components.T if zca else white


@requires(features=count(1), bytes_per_number=count(1))
def covariance_bytes(features: int, bytes_per_number: int = 8) -> int:
    """Memory of a covariance matrix, the obstacle to whitening images.

    Parameters
    ----------
    features : int
        3072 for a small colour image, 150 528 for 224 × 224 × 3.
    bytes_per_number : int
        8 in double precision.

    Returns
    -------
    int
        features² · bytes_per_number.
    """
    return features**2 * bytes_per_number


# --- choosing features, or mixing them ----------------------------------------------------------


@requires(x=X, threshold=number(least=0))
def select_by_variance(x: np.ndarray, threshold: float) -> np.ndarray:
    """The features that vary more than a threshold.

    Parameters
    ----------
    x : ndarray (N, D)
        Training data; the threshold is in squared units of the features.
    threshold : float
        Features of this variance or less are dropped.

    Returns
    -------
    ndarray of int
        Column numbers in order: x[:, kept] are the chosen features, unchanged. A constant feature
        has variance 0 exactly.

    References
    ----------
    Guyon and Elisseeff, Journal of Machine Learning Research 3 (2003) 1157.
    """
    return np.flatnonzero((x - x[0]).var(axis=0) > threshold)


@requires(x=X, threshold=number(least=0, most=1))
def select_by_correlation(x: np.ndarray, threshold: float) -> np.ndarray:
    """Drop each feature that says what an earlier, kept one already says.

    Parameters
    ----------
    x : ndarray (N, D)
        Training data.
    threshold : float
        The largest |correlation| with a kept feature that is still allowed.

    Returns
    -------
    ndarray of int
        Column numbers in order; a constant feature correlates with nothing and is kept.
    """
    z = standardise(x, *standardise_fit(x))
    correlation = np.minimum(np.abs(z.T @ z) / len(x), 1)  # rounding may say more
    kept: list[int] = []
    for feature in range(x.shape[1]):
        if np.all(correlation[feature, kept] <= threshold):
            kept.append(feature)
    return np.array(kept)


@requires(x=solvable(X), z=solvable(matrix("N", "K")))
def explained_share(x: np.ndarray, z: np.ndarray) -> float:
    """How much of the variance of all features can be read off a reduced description, linearly.

    Parameters
    ----------
    x : ndarray (N, D)
        The original features, not all constant.
    z : ndarray (N, K)
        Selected columns of x, or projections: the same measure suits both.

    Returns
    -------
    float
        1 − (squared error of the best linear reconstruction) / (variance), from 0 to 1.
    """
    moved, z = x - 1.0 * x[0], standardise(z, *standardise_fit(z))
    x = moved - moved.mean(axis=0)
    x = x / np.abs(x).max()
    weights, *_ = np.linalg.lstsq(z, x, rcond=None)
    return float(1 - np.sum((x - z @ weights) ** 2) / np.sum(x**2))


# --- linear discriminants -----------------------------------------------------------------------


@requires(x0=solvable(matrix("N0", "D")), x1=solvable(matrix("N1", "D")))
def fisher_direction(x0: np.ndarray, x1: np.ndarray) -> np.ndarray:
    """The direction that separates two classes best: far means, narrow classes.

    Parameters
    ----------
    x0, x1 : ndarrays (N0, D) and (N1, D)
        The examples of each class.

    Returns
    -------
    ndarray (D,)
        Proportional to S_w⁻¹ (m1 − m0), of length 1; S_w is the scatter within the classes.
        Directions without any such scatter get no weight: constant features get 0, and two that
        are the same share theirs.

    References
    ----------
    Fisher, Annals of Eugenics 7 (1936) 179; Bishop, PRML (2006), eq. 4.30.
    """
    m0, m1 = x0.mean(axis=0), x1.mean(axis=0)
    white = _whitening(np.vstack([_centred(x0), _centred(x1)]))
    w = white @ (white.T @ (m1 - m0))  # S_w⁻¹ = white @ white.T
    w = w / np.abs(w).max()
    return w / np.linalg.norm(w)


def _whitening(residuals: np.ndarray) -> np.ndarray:
    """Columns B with Bᵀ S B = I, S being the scatter of the residuals, as many as S has rank."""
    size = _largest(residuals)
    _, spreads, rows = np.linalg.svd(residuals / size, full_matrices=False)
    noise = spreads[0] * max(residuals.shape) * np.finfo(spreads.dtype).eps
    kept = spreads > noise
    return (rows[kept] / spreads[kept, None] / size).T


@requires(x=X, labels=kept("N"))
def scatter(x: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scatter within the classes and between their means.

    Parameters
    ----------
    x : ndarray (N, D)
    labels : ndarray of int (N,)

    Returns
    -------
    within, between : ndarrays (D, D)
        Together they are the total scatter; `between` has rank C − 1 at most.
    """
    centre_of_all = x.mean(axis=0)
    within, between = np.zeros((2, x.shape[1], x.shape[1]), dtype=centre_of_all.dtype)
    for label in np.unique(labels):
        members = x[labels == label]
        mean = members.mean(axis=0)
        within += (members - mean).T @ (members - mean)
        between += len(members) * np.outer(mean - centre_of_all, mean - centre_of_all)
    return within, between


@requires(x=solvable(X), labels=kept("N"))
def lda_fit(x: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Discriminant directions of several classes, the most separating first.

    Unlike PCA this needs labels.

    Parameters
    ----------
    x : ndarray (N, D)
        Directions in which no class scatters at all are left out, as constant features are.
    labels : ndarray of int (N,)
        C different classes.

    Returns
    -------
    directions : ndarray (D, K)
        Columns w, scaled so that wᵀ S_w w = 1, with the sum S_w and not, as in scikit-learn, with
        S_w/(N − C); K is the smaller of C − 1 and the rank of S_w.
    ratios : ndarray (K,)
        wᵀ S_b w / wᵀ S_w w of each, the largest first.

    References
    ----------
    Rao, Journal of the Royal Statistical Society B 10 (1948) 159; Fisher (1936).
    """
    _, index, counts = np.unique(labels, return_inverse=True, return_counts=True)
    means = np.array([x[index == c].mean(axis=0) for c in range(len(counts))])
    white = _whitening(np.vstack([_centred(x[index == c]) for c in range(len(counts))]))
    # In coordinates where S_w is the identity this is an ordinary symmetric problem.
    offsets = np.sqrt(counts)[:, None].astype(x.dtype) * (means - x.mean(axis=0))
    _, roots, axes = np.linalg.svd(offsets @ white, full_matrices=False)
    keep = min(len(counts) - 1, len(roots))
    return white @ axes[:keep].T, roots[:keep] ** 2


@requires(
    within=solvable(matrix("D", "D")), between=solvable(matrix("D", "D")), directions=count(1)
)
def discriminants(
    within: np.ndarray, between: np.ndarray, directions: int
) -> tuple[np.ndarray, np.ndarray]:
    """Directions w that make wᵀ S_b w / wᵀ S_w w largest: PCA where S_w has been made round.

    Parameters
    ----------
    within : ndarray (D, D)
        S_w, symmetric and positive definite.
    between : ndarray (D, D)
        S_b, symmetric.
    directions : int
        How many are wanted, K, at most D; for C classes only C − 1 have a ratio above 0.

    Returns
    -------
    w : ndarray (D, K)
        One direction per column, scaled so that wᵀ S_w w = 1; for two of them uᵀ S_w w = 0. The
        sign is free.
    ratios : ndarray (K,)
        wᵀ S_b w of each, the largest first.

    References
    ----------
    Fukunaga, Introduction to Statistical Pattern Recognition (1990), section 10.2.
    """
    variances, axes = np.linalg.eigh(within)
    white = axes / np.sqrt(variances)  # whiteᵀ S_w white = 1
    ratios, turned = np.linalg.eigh(white.T @ between @ white)
    first = np.argsort(-ratios)[:directions]
    return white @ turned[:, first], ratios[first]


@requires(x=X, labels=kept("N"), w=vector("D"))
def fisher_ratio(x: np.ndarray, labels: np.ndarray, w: np.ndarray) -> float:
    """How well a direction separates the classes: scatter between over scatter within, along w.

    Parameters
    ----------
    x : ndarray (N, D)
    labels : ndarray of int (N,)
    w : ndarray (D,)
        Its length does not matter.

    Returns
    -------
    float
        wᵀ S_b w / wᵀ S_w w.
    """
    within, between = scatter(x, labels)
    return float((w @ between @ w) / (w @ within @ w))


@requires(x=solvable(X), labels=kept("N"))
def lda_classifier_fit(x: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Linear scores for Gaussian classes of one common covariance: the largest is most probable.

    Parameters
    ----------
    x : ndarray (N, D)
        Directions in which no class scatters at all are left out, as constant features are.
    labels : ndarray of int (N,)
        C different classes.

    Returns
    -------
    W : ndarray (D, C)
    b : ndarray (C,)
        The score of class k is x·Σ⁻¹μₖ − ½ μₖ·Σ⁻¹μₖ + ln πₖ, with its mean μₖ, its share πₖ of the
        examples, and the covariance Σ within the classes (divided by N). Classes are in ascending
        order of their labels.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), eq. 4.10.
    """
    classes, counts = np.unique(labels, return_counts=True)
    means = np.array([x[labels == label].mean(axis=0) for label in classes])
    white = _whitening(np.vstack([_centred(x[labels == label]) for label in classes]))
    W = len(x) * white @ (white.T @ means.T)  # Σ⁻¹ = N · white · whiteᵀ
    b = np.log(counts / len(x)) - np.sum(means.T * W, axis=0) / 2
    return W, b.astype(W.dtype)


@requires(x=X, W=matrix("D", "C"), b=vector("C"))
def lda_classify(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Most probable class of each example.

    Parameters
    ----------
    x : ndarray (N, D)
    W, b : ndarrays (D, C) and (C,)
        From `lda_classifier_fit`.

    Returns
    -------
    ndarray of int (N,)
        0 to C − 1, in ascending order of the labels; the first of equally probable ones.
    """
    return np.argmax(x @ W + b, axis=1)


# --- trying every choice, and what scaling is good for ------------------------------------------


@requires(x=solvable(X), size=count(1))
def best_subset(x: np.ndarray, size: int) -> np.ndarray:
    """Try every choice of `size` features and keep the one that tells most about all of them.

    Parameters
    ----------
    x : ndarray (N, D)
        Centred; there are D! / (size! (D − size)!) choices, so D is small.
    size : int
        How many features to keep, at most D.

    Returns
    -------
    ndarray of int (size,)
        Column numbers in ascending order; the largest `explained_share`. No projection to as many
        dimensions explains more than PCA does, so neither does a subset.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 3.3.1.
    """
    subsets = itertools.combinations(range(x.shape[1]), min(size, x.shape[1]))
    return np.array(max(subsets, key=lambda columns: explained_share(x, x[:, list(columns)])))


@requires(x=solvable(X), y=solvable(vector("N")), tolerance=number(above=0), most=count())
def descent_iterations(x: np.ndarray, y: np.ndarray, tolerance: float, most: int) -> int:
    """Count the steps that gradient descent needs to fit a line: few after good preprocessing.

    Half the mean squared error of x·w + b is minimised from zero with the rate 1/λ, where λ is the
    largest curvature; the count grows with λ over the smallest curvature.

    Parameters
    ----------
    x : ndarray (N, D)
    y : ndarray (N,)
        Targets, not all equal.
    tolerance : float
        Stop once the mean squared error is at most this share of y's variance above the least.
    most : int
        Give up after so many steps.

    Returns
    -------
    int
        Steps taken, `most` if that was not enough.

    References
    ----------
    LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 5.1.
    """
    design = np.column_stack([x, np.ones(len(x))])
    curvature = design.T @ design / len(x)
    rate = 1 / np.linalg.eigvalsh(curvature)[-1]
    away = -np.linalg.lstsq(design, y, rcond=None)[0]  # from the best weights; it starts at zero
    for taken in range(most):
        if away @ curvature @ away <= tolerance * y.var():
            return taken
        away = away - rate * curvature @ away
    return most
