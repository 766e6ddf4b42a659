"""A candidate looks for what the network still gets wrong."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=18,
    difficulty=4,
    hints=(
        "If a unit goes up and down exactly as the error does, what can the output do with it? And "
        "if it goes up when the error goes down?",
        "Centre the errors per output first. Then V's own mean drops out of every product, and the "
        "gradient needs only how V depends on w.",
        r"$\partial S/\partial w = \sum_p \sum_o \mathrm{sign}(\mathrm{cov}_o)\,(E_{p,o} - "
        r"\bar E_o)\,(1 - V_p^2)\,F_p$.",
    ),
)


def scene(rng, examples, features, outputs):
    """Errors of which some go along with the unit, some against it, none by a hair."""
    F = np.column_stack([np.ones(examples), rng.normal(size=(examples, features - 1))])
    w, noise = rng.normal(size=features), rng.normal(size=(examples, outputs))
    V = np.tanh(F @ w)
    V = V - V.mean()
    noise -= np.outer(V, V @ noise) / (V @ V)
    along = rng.permutation(np.resize([1.0, -1.0], outputs)) * rng.uniform(0.7, 2, outputs)
    return F, noise + np.outer(V, along) + rng.normal(0, 2, outputs), w


@exercise.probe
def seven_examples(rng):
    return scene(rng, 7, 4, 3)


@exercise.probe
def two_outputs(rng):
    return scene(rng, 11, 3, 2)


@exercise.probe
def square(rng):
    return scene(rng, 4, 4, 4)


@exercise.probe
def of_whole_numbers(rng):
    F, E, w = scene(rng, 7, 4, 3)
    return F, np.round(5 * E).astype(int), w


HALF = np.arctanh(0.5)


@exercise.check
def worked_example(f):
    """V = ½ and −½, errors 3 and 1: S = |½·1 − ½·(−1)| = 1; the slope is ¾·1·1 + ¾·(−1)·(−1)."""
    features, w = np.array([[1.0], [-1.0]]), np.array([HALF])
    agree(f(features, np.array([[3.0], [1.0]]), w), (1.0, np.array([1.5])))


@exercise.check
def against_is_as_good_as_along(f):
    """A second output whose error runs the other way, 0 and 4, counts 2: together S = 3, slope
    4½."""
    features, w = np.array([[1.0], [-1.0]]), np.array([HALF])
    agree(f(features, np.array([[3.0, 0.0], [1.0, 4.0]]), w), (3.0, np.array([4.5])))


@exercise.check
def nothing_to_gain(f):
    """An error that is the same for all examples is the bias's business: S = 0, and no slope."""
    features = np.array([[1.0, 2.0], [1.0, -1.0], [1.0, 0.5]])
    agree(f(features, np.full((3, 1), 4.0), np.array([0.1, 0.7])), (0.0, np.zeros(2)))


@exercise.check
def of_whole_errors(f):
    """Errors (0, 0, 1) in whole numbers, mean ⅓, with V = (0, ½, ½): S = ⅙."""
    features = np.array([[0.0], [1.0], [1.0]])
    score, gradient = sequence(f(features, np.array([[0], [0], [1]]), np.array([HALF])), 2)
    agree(score, 1 / 6, what="S")
    agree(gradient, np.array([0.75 * (2 / 3 - 1 / 3)]), what="the gradient")


@exercise.check
def arguments_stay(f):
    """Features, errors and weights are afterwards what they were."""
    unchanged(f, np.array([[1.0], [-1.0]]), np.array([[3.0], [1.0]]), np.array([HALF]))


@exercise.check(points=2)
def random_scores(f, reference, rng):
    """Gives the score S for random units and errors."""
    for size in rng.permutation([(7, 4, 3), (11, 3, 2), (4, 4, 4), (5, 7, 3)]):
        arguments = scene(rng, *size)
        agree(sequence(f(*arguments), 2)[0], reference(*arguments)[0], what="S")


@exercise.check(points=2)
def random_gradients(f, reference, rng):
    """Gives the gradient of S for random units and errors."""
    for size in rng.permutation([(7, 4, 3), (11, 3, 2), (4, 4, 4), (5, 7, 3)]):
        arguments = scene(rng, *size)
        agree(sequence(f(*arguments), 2)[1], reference(*arguments)[1], what="the gradient")


@exercise.check(points=1, after=random_gradients)
def measured_slopes(f, reference, rng):
    """The gradient agrees with slopes measured on S."""
    F, E, w = scene(rng, 7, 4, 3)
    score = lambda v: reference(F, E, v)[0]
    gradient_agrees(sequence(f(F, E, w), 2)[1], score, w, what="the gradient")


@exercise.check(points=1, after=(random_scores, random_gradients))
def single_ones(f, reference, rng):
    """Works for one output, one feature and one example (which has nothing to go along with)."""
    for size in rng.permutation([(7, 4, 1), (5, 1, 2), (6, 2, 3)]):
        arguments = scene(rng, *size) if size[1] > 1 else single_feature(rng, *size)
        agree(f(*arguments), reference(*arguments))
    one = rng.normal(size=(1, 4)), rng.normal(size=(1, 3)), rng.normal(size=4)
    agree(f(*one), (0.0, np.zeros(4)), what="the result for one example")


def single_feature(rng, examples, features, outputs):
    return rng.normal(size=(examples, 1)), rng.normal(size=(examples, outputs)), rng.normal(size=1)


@exercise.check(points=1, after=random_scores)
def laws(f, rng):
    """S ignores the mean error, grows with the errors, and adds over the outputs."""
    F, E, w = scene(rng, 7, 4, 3)
    (S, _), shift = sequence(f(F, E, w), 2), rng.normal(0, 5, 3)
    agree(f(F, E + shift, w)[0], S, what="S with other mean errors")
    agree(f(F, -3 * E, w)[0], 3 * S, what="S of −3 times the errors")
    alone = [sequence(f(F, E[:, k : k + 1], w), 2)[0] for k in range(3)]
    agree(sum(alone), S, what="the sum of S over the outputs")


@exercise.check(points=1, after=(random_scores, random_gradients))
def takes_whole_numbers(f, reference, rng):
    """Takes errors of whole numbers for what they are, and does not round their means."""
    whole_numbers(f, reference, *of_whole_numbers(rng))


@exercise.check(points=1, after=(random_scores, random_gradients))
def leaves_inputs_alone(f, rng):
    """Leaves its arguments as they were."""
    unchanged(f, *seven_examples(rng))


@exercise.variant
def output_by_output(features, residuals, w):
    V, score, gradient = np.tanh(features @ w), 0.0, np.zeros(len(w))
    for error in residuals.T:
        centred = error - np.mean(error)
        covariance = np.sum((V - V.mean()) * centred)
        score += abs(covariance)
        gradient = gradient + np.sign(covariance) * (centred * (1 - V**2)) @ features
    return score, gradient


@exercise.variant
def by_a_centring_matrix(features, residuals, w):
    n = len(features)
    V, centring = np.tanh(features @ w), np.eye(n) - 1 / n
    covariances = V @ centring @ residuals
    signs = np.where(covariances > 0, 1.0, np.where(covariances < 0, -1.0, 0.0))
    slopes = features / np.cosh(features @ w)[:, None] ** 2
    return [signs @ covariances, slopes.T @ centring @ residuals @ signs]


def _known(features, residuals, w):
    """V, the centred errors, and the covariances."""
    V, centred = np.tanh(features @ w), residuals - residuals.mean(axis=0)
    return V, centred, (V - V.mean()) @ centred


def _gradient(features, V, centred, signs):
    return features.T @ ((centred @ signs) * (1 - V**2))


@exercise.misconception
def outputs_cancel(features, residuals, w):
    """The covariances are added first, and the size is taken of the sum: outputs that err in
    opposite directions cancel."""
    V, centred, cov = _known(features, residuals, w)
    total = cov.sum()
    return abs(total), _gradient(features, V, centred, np.full(len(cov), np.sign(total)))


@exercise.misconception
def no_sizes_taken(features, residuals, w):
    """The covariances are added with their signs. A unit that runs against the error is as
    useful."""
    V, centred, cov = _known(features, residuals, w)
    return cov.sum(), _gradient(features, V, centred, np.ones(len(cov)))


@exercise.misconception(keeps=0.5)
def gradient_without_the_signs(features, residuals, w):
    """S is right, but its gradient climbs every covariance, also those that should fall."""
    V, centred, cov = _known(features, residuals, w)
    return np.abs(cov).sum(), _gradient(features, V, centred, np.ones(len(cov)))


@exercise.misconception
def errors_not_centred(features, residuals, w):
    """The errors are used as they are. A mean error is the bias's business: take it off."""
    V, _, _ = _known(features, residuals, w)
    cov = V @ residuals
    return np.abs(cov).sum(), _gradient(features, V, residuals, np.sign(cov))


@exercise.misconception
def errors_not_centred_in_the_gradient(features, residuals, w):
    """S is right, but its gradient uses the errors with their means in."""
    V, _, cov = _known(features, residuals, w)
    return np.abs(cov).sum(), _gradient(features, V, residuals, np.sign(cov))


@exercise.misconception
def no_slope_of_tanh(features, residuals, w):
    """The gradient goes through tanh without its slope, 1 − V²."""
    _, centred, cov = _known(features, residuals, w)
    return np.abs(cov).sum(), features.T @ (centred @ np.sign(cov))


@exercise.misconception(keeps=0.5)
def averaged_over_the_examples(features, residuals, w):
    """Everything is divided by N. The sum over the examples is asked for."""
    V, centred, cov = _known(features, residuals, w)
    n = len(V)
    return np.abs(cov).sum() / n, _gradient(features, V, centred, np.sign(cov)) / n


@exercise.misconception
def squares_for_sizes(features, residuals, w):
    """The covariances are squared. S adds up their sizes."""
    V, centred, cov = _known(features, residuals, w)
    return np.sum(cov**2), 2 * _gradient(features, V, centred, cov)


@exercise.misconception
def a_real_correlation(features, residuals, w):
    """You divide by the spreads. In spite of its name S is a covariance."""
    V, centred, cov = _known(features, residuals, w)
    spread = np.linalg.norm(V - V.mean()) * np.linalg.norm(centred, axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    return np.abs(cov / spread).sum(), _gradient(features, V, centred, np.sign(cov) / spread)


@exercise.misconception
def sizes_taken_example_by_example(features, residuals, w):
    """The size of every product is taken, before the examples are added up."""
    V, centred, _ = _known(features, residuals, w)
    products = (V - V.mean())[:, None] * centred
    return np.abs(products).sum(), features.T @ ((1 - V**2) * (np.sign(products) * centred).sum(1))


@exercise.misconception(keeps=0.5)
def walks_down(features, residuals, w):
    """The gradient has the opposite sign. S should grow: the candidate climbs."""
    V, centred, cov = _known(features, residuals, w)
    return np.abs(cov).sum(), -_gradient(features, V, centred, np.sign(cov))


@exercise.misconception
def a_linear_unit(features, residuals, w):
    """V is features @ w, without tanh. A linear unit adds nothing that the output has not got."""
    _, centred, _ = _known(features, residuals, w)
    V = features @ w
    cov = (V - V.mean()) @ centred
    return np.abs(cov).sum(), features.T @ (centred @ np.sign(cov))


@exercise.misconception
def rounds_whole_errors(features, residuals, w):
    """The mean of errors that are whole numbers is cut to a whole number."""
    V = np.tanh(features @ w)
    centred = residuals - residuals.mean(axis=0).astype(residuals.dtype)
    cov = (V - V.mean()) @ centred
    return np.abs(cov).sum(), _gradient(features, V, centred, np.sign(cov))


@exercise.misconception
def centres_the_callers_errors(features, residuals, w):
    """The result is right, but the caller's errors are centred in place. Use a new array."""
    V, centred, cov = _known(features, residuals, w)
    residuals[...] = centred.astype(residuals.dtype)
    return np.abs(cov).sum(), _gradient(features, V, centred, np.sign(cov))


@exercise.misconception
def one_mean_for_all_outputs(features, residuals, w):
    """Subtracts one mean of all errors: each output has a mean of its own."""
    V = np.tanh(features @ w)
    errors = residuals - residuals.mean()
    c = (V - V.mean()) @ errors
    return float(np.abs(c).sum()), features.T @ ((1 - V**2) * (errors @ np.sign(c)))


@exercise.misconception
def slope_without_the_square(features, residuals, w):
    """tanh has the slope 1 − V², not 1 − V."""
    V = np.tanh(features @ w)
    errors = residuals - residuals.mean(axis=0)
    c = (V - V.mean()) @ errors
    return float(np.abs(c).sum()), features.T @ ((1 - V) * (errors @ np.sign(c)))


@exercise.misconception
def divided_by_the_spreads(features, residuals, w):
    """Divides by the spreads, as a correlation does; S here is the covariance, undivided."""
    V = np.tanh(features @ w)
    errors = residuals - residuals.mean(axis=0)
    v = V - V.mean()
    c = v @ errors / (np.sqrt((v**2).sum()) * np.sqrt((errors**2).sum(axis=0)) + 1e-12)
    return float(np.abs(c).sum()), features.T @ ((1 - V**2) * (errors @ np.sign(c)))
