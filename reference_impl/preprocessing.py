"""Preparing data: scaling, decorrelating, selecting and projecting features.

Each method has two halves: one looks at the training data and returns statistics, the other
applies them to any data. Validation and test data never contribute to the statistics. Variances
and covariances divide by N.
"""

import itertools

import numpy as np

from reference_impl.validation import (
    choice,
    count,
    flag,
    matrix,
    number,
    requires,
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
        A constant feature gets a std of 1, so that it becomes 0 and not NaN.

    References
    ----------
    Stanford CS231n (2016), notes "Neural Networks 2: data preprocessing".
    """
    std = x.std(axis=0)
    varies = (np.ptp(x, axis=0) > 0) & (std > 0)  # a constant 0.1 can have a std of 1e-17
    return x.mean(axis=0), np.where(varies, std, 1).astype(std.dtype)


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
        From `min_max_fit` on the training data.
    low, high : float
        The new range, often [−1, 1] or [0, 1].

    Returns
    -------
    ndarray (N, D)
        low + (high − low) · (x − lowest) / (highest − lowest). New data may lie outside: nothing
        is clipped. A constant feature becomes `low`.
    """
    span = np.where(highest > lowest, highest - lowest, 1)
    share = ((x - lowest) / span).astype(np.result_type(x, lowest))
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
        One direction per column, orthonormal. A direction has no sign of its own: here its
        largest entry is positive.
    variances : ndarray (D,)
        Eigenvalues of the covariance matrix, the largest first.

    References
    ----------
    Pearson, Philosophical Magazine 2 (1901) 559; Bishop, PRML (2006), section 12.1.
    """
    mean = x.mean(axis=0)
    centred = x - mean
    variances, components = np.linalg.eigh(centred.T @ centred / len(x))
    variances, components = variances[::-1], components[:, ::-1]
    largest = np.abs(components).argmax(axis=0)
    signs = np.sign(components[largest, np.arange(len(mean))])
    return mean, components * signs, np.maximum(variances, 0)


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
        Keeps directions without variance from being blown up.
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
        Column numbers in order: x[:, kept] are the chosen features, unchanged.

    References
    ----------
    Guyon and Elisseeff, Journal of Machine Learning Research 3 (2003) 1157.
    """
    return np.flatnonzero(x.var(axis=0) > threshold)


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
    correlation = np.abs(z.T @ z) / len(x)
    kept: list[int] = []
    for feature in range(x.shape[1]):
        if np.all(correlation[feature, kept] <= threshold):
            kept.append(feature)
    return np.array(kept)


@requires(x=X, z=matrix("N", "K"))
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
    x, z = x - x.mean(axis=0), z - z.mean(axis=0)
    weights, *_ = np.linalg.lstsq(z, x, rcond=None)
    return float(1 - np.sum((x - z @ weights) ** 2) / np.sum(x**2))


# --- linear discriminants -----------------------------------------------------------------------


@requires(x0=matrix("N0", "D"), x1=matrix("N1", "D"))
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

    References
    ----------
    Fisher, Annals of Eugenics 7 (1936) 179; Bishop, PRML (2006), eq. 4.30.
    """
    m0, m1 = x0.mean(axis=0), x1.mean(axis=0)
    within = (x0 - m0).T @ (x0 - m0) + (x1 - m1).T @ (x1 - m1)
    w = np.linalg.solve(within, m1 - m0)
    return w / np.linalg.norm(w)


@requires(x=X, labels=vector("N"))
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


@requires(x=X, labels=vector("N"))
def lda_fit(x: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Discriminant directions of several classes, the most separating first.

    Unlike PCA this needs labels.

    Parameters
    ----------
    x : ndarray (N, D)
        The scatter within the classes must be invertible.
    labels : ndarray of int (N,)
        C different classes.

    Returns
    -------
    directions : ndarray (D, min(C − 1, D))
        Columns w, scaled so that wᵀ S_w w = 1.
    ratios : ndarray (min(C − 1, D),)
        wᵀ S_b w / wᵀ S_w w of each, the largest first.

    References
    ----------
    Rao, Journal of the Royal Statistical Society B 10 (1948) 159; Fisher (1936).
    """
    within, between = scatter(x, labels)
    # In coordinates where S_w is the identity this is an ordinary symmetric problem.
    inverse = np.linalg.inv(np.linalg.cholesky(within))
    ratios, axes = np.linalg.eigh(inverse @ between @ inverse.T)
    keep = min(len(np.unique(labels)) - 1, x.shape[1])
    return (inverse.T @ axes)[:, ::-1][:, :keep], np.maximum(ratios[::-1][:keep], 0)


@requires(x=X, labels=vector("N"), w=vector("D"))
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


@requires(x=X, labels=vector("N"))
def lda_classifier_fit(
    x: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Linear scores for Gaussian classes of one common covariance: the largest is most probable.

    Parameters
    ----------
    x : ndarray (N, D)
        The scatter within the classes must be invertible.
    labels : ndarray of int (N,)
        C different classes.

    Returns
    -------
    W : ndarray (D, C)
    b : ndarray (C,)
        The score of class k is x·Σ⁻¹μₖ − ½ μₖ·Σ⁻¹μₖ + ln πₖ, with its mean μₖ, its share πₖ of the
        examples, and the covariance Σ within the classes (divided by N).
    classes : ndarray (C,)
        The label that each score stands for, in ascending order.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), eq. 4.10.
    """
    classes, counts = np.unique(labels, return_counts=True)
    means = np.array([x[labels == label].mean(axis=0) for label in classes])
    within, _ = scatter(x, labels)
    W = np.linalg.solve(within / len(x), means.T)
    b = np.log(counts / len(x)) - np.sum(means.T * W, axis=0) / 2
    return W, b.astype(W.dtype), classes


@requires(x=X, W=matrix("D", "C"), b=vector("C"), classes=vector("C"))
def lda_classify(x: np.ndarray, W: np.ndarray, b: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Most probable class of each example.

    Parameters
    ----------
    x : ndarray (N, D)
    W, b, classes : ndarrays (D, C), (C,) and (C,)
        From `lda_classifier_fit`.

    Returns
    -------
    ndarray (N,)
        A label for each; the first of equally probable ones.
    """
    chosen: np.ndarray = classes[np.argmax(x @ W + b, axis=1)]
    return chosen


# --- what it is good for ------------------------------------------------------------------------


@requires(x=X, size=count(1))
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


@requires(x=X, y=vector("N"), tolerance=number(above=0), most=count())
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
