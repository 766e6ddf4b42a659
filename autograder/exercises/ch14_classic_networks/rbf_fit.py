"""The output layer in one step."""

import numpy as np

from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.classic_networks import rbf_basis

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    core=True,
    needs=("rbf_basis",),
    hints=(
        "Once the bumps stand, what kind of function of weights and b is the output?",
        "A bias is the weight of a feature that is always 1. Which column do you have to add?",
        r"Minimise $\|A w - y\|^2$ with $A = [\phi \mid 1]$: `np.linalg.lstsq`, then cut the "
        "solution into weights and b.",
    ),
)


def bumps(x, centres, widths):
    return np.exp(-np.sum((x[:, None] - centres) ** 2, axis=2) / (2 * widths**2))


def task(rng, examples, centres, features, outputs):
    """Targets that no such network hits exactly, and bumps apart enough to be told apart."""
    x, y = rng.uniform(-2, 2, (examples, features)), rng.normal(3, 1, (examples, outputs))
    chosen = rng.choice(examples, size=centres, replace=examples < centres)
    return (
        x,
        y,
        x[chosen] + rng.uniform(-0.2, 0.2, (centres, features)),
        rng.uniform(0.3, 0.5, centres),
    )


@exercise.probe
def thirteen_examples(rng):
    return task(rng, 13, 4, 2, 3)


@exercise.probe
def one_output(rng):
    return task(rng, 11, 3, 5, 1)


@exercise.probe
def too_few_examples(rng):
    """More unknowns than equations."""
    return task(rng, 3, 5, 2, 2)


@exercise.probe
def of_whole_numbers(rng):
    x, _, centres, widths = task(rng, 13, 4, 2, 3)
    return x, rng.integers(-9, 10, (13, 3)), centres, widths


@exercise.check
def xor_with_two_bumps(f):
    """For XOR, bumps at (0, 0) and (1, 1) with 2·width² = 1 get −2.503 each, and b = 2.841."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    weights, b = sequence(f(x, y, x[[0, 3]], np.full(2, np.sqrt(0.5))), 2)
    w = -1 / (1 - np.exp(-1)) ** 2  # from w·(1 + e⁻²) + b = 0 and 2·w·e⁻¹ + b = 1
    agree(weights, np.full((2, 1), w), what="the weights")
    agree(b, np.array([1 - 2 * w / np.e]), what="b")


@exercise.check
def the_mean_needs_no_bump(f):
    """Targets that are always (3, −5) cost no bump anything: weights 0 and b = (3, −5)."""
    x, y = np.array([[0.0], [1.0], [3.0]]), np.tile([3.0, -5.0], (3, 1))
    weights, b = sequence(f(x, y, np.array([[1.0]]), np.array([1.0])), 2)
    agree(weights, np.zeros((1, 2)), atol=1e-9, what="the weights")
    agree(b, np.array([3.0, -5.0]), what="b")


@exercise.check
def three_unknowns_and_one_target(f):
    """Two equal bumps and b share a single target of 3, right at the centre: 1 each."""
    centre = np.array([[2.0]])
    expected = np.ones((2, 1)), np.ones(1)
    agree(f(centre, np.array([[3]]), np.vstack([centre, centre]), np.ones(2)), expected, rtol=1e-6)


@exercise.check
def no_exact_fit(f):
    """A bump at 0 of width 1, for 1, 2 and 6 at −1, 0 and 1: the outer two can only get 3.5."""
    x, y = np.array([[-1.0], [0.0], [1.0]]), np.array([[1.0], [2.0], [6.0]])
    weights, b = sequence(f(x, y, np.zeros((1, 1)), np.ones(1)), 2)
    # Their mean, since both are equally far; the middle one is hit: two equations.
    w = (2 - 3.5) / (1 - np.exp(-0.5))
    agree(weights, np.array([[w]]), what="the weights")
    agree(b, np.array([2 - w]), what="b")


@exercise.check
def arguments_stay(f):
    """Examples, targets, centres and widths are afterwards what they were."""
    x, y = np.array([[0.0], [1.0], [3.0]]), np.array([[1.0], [2.0], [4.0]])
    unchanged(f, x, y, np.array([[1.0]]), np.array([1.0]))


@exercise.check(points=2)
def random_tasks(f, reference, rng):
    """Finds the best weights and b for random tasks with several outputs."""
    for size in rng.permutation([(13, 4, 2, 3), (11, 3, 5, 2), (7, 2, 1, 5), (17, 5, 3, 2)]):
        arguments = task(rng, *size)
        agree(f(*arguments), reference(*arguments), rtol=1e-6, atol=1e-7)


@exercise.check(points=1, after=random_tasks)
def one_column(f, reference, rng):
    """Works for one output, one centre and one example."""
    for size in rng.permutation([(11, 3, 5, 1), (7, 1, 2, 3), (1, 1, 2, 2)]):
        arguments = task(rng, *size)
        agree(f(*arguments), reference(*arguments), rtol=1e-6, atol=1e-7)


@exercise.check(points=1, after=random_tasks)
def laws(f, rng):
    """What is left over is orthogonal to every bump and sums to 0; an exact fit is found."""
    x, y, centres, widths = task(rng, 13, 4, 2, 3)
    phi = bumps(x, centres, widths)
    weights, b = (as_array(part) for part in sequence(f(x, y, centres, widths), 2))
    left = y - phi @ weights - b
    agree(phi.T @ left, np.zeros((4, 3)), atol=2e-5, what="the bumps times what is left over")
    agree(left.sum(axis=0), np.zeros(3), atol=2e-5, what="the sums of what is left over")
    w, c = rng.normal(size=(4, 3)), rng.normal(size=3)
    agree(f(x, phi @ w + c, centres, widths), (w, c), rtol=1e-6, atol=1e-7)


@exercise.check(points=1, after=random_tasks)
def many_solutions(f, reference, rng):
    """Where many solutions fit equally well, gives the smallest of them."""
    for size in rng.permutation([(3, 5, 2, 2), (2, 7, 3, 3)]):
        arguments = task(rng, *size)
        agree(f(*arguments), reference(*arguments), rtol=1e-6, atol=1e-7)
    x, y, centres, widths = task(rng, 13, 3, 2, 2)
    twice = x, y, np.vstack([centres, centres[:1]]), np.append(widths, widths[0])
    agree(f(*twice), reference(*twice), rtol=1e-6, atol=1e-7)


@exercise.check(points=1, after=random_tasks)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers as targets for what they are, and does not round."""
    whole_numbers(f, reference, *of_whole_numbers(rng), rtol=1e-6, atol=1e-7)


@exercise.check(points=1, after=random_tasks)
def leaves_inputs_alone(f, rng):
    """Leaves its arguments as they were."""
    unchanged(f, *thirteen_examples(rng))


@exercise.variant
def by_the_pseudo_inverse(x, y, centres, widths):
    design = np.column_stack([bumps(x, centres, widths), np.ones(len(x))])
    solution = np.linalg.pinv(design) @ y
    return [solution[:-1], solution[-1]]


@exercise.variant
def by_singular_values(x, y, centres, widths):
    design = np.column_stack([np.ones(len(x)), rbf_basis(x, centres, widths)])
    U, s, V = np.linalg.svd(design, full_matrices=False)
    kept = s > 1e-10 * s[0]
    solution = V[kept].T @ ((U[:, kept].T @ y) / s[kept, None])
    return solution[1:], solution[0]


@exercise.variant
def column_by_column(x, y, centres, widths):
    design = np.hstack([bumps(x, centres, widths), np.ones((len(x), 1))])
    columns = [np.linalg.lstsq(design, column, rcond=None)[0] for column in y.T]
    return np.array([c[:-1] for c in columns]).T, np.array([c[-1] for c in columns])


def _fit(x, y, centres, widths):
    return by_the_pseudo_inverse(x, y, centres, widths)


@exercise.misconception
def no_bias(x, y, centres, widths):
    """b is always 0, so far from all bumps the network can only say 0. Fit it, too."""
    phi = bumps(x, centres, widths)
    return np.linalg.lstsq(phi, y, rcond=None)[0], np.zeros(y.shape[1])


@exercise.misconception
def bias_is_the_mean_target(x, y, centres, widths):
    """b is the mean of the targets. But the bumps have a mean, too: fit all at once."""
    phi, mean = bumps(x, centres, widths), y.mean(axis=0)
    return np.linalg.lstsq(phi, y - mean, rcond=None)[0], mean


@exercise.misconception(keeps=0.5)
def weights_shrunk(x, y, centres, widths):
    """A penalty pulls the weights towards 0 (ridge). Here the plain least squares are asked for."""
    design = np.column_stack([bumps(x, centres, widths), np.ones(len(x))])
    solution = np.linalg.solve(design.T @ design + 0.01 * np.eye(design.shape[1]), design.T @ y)
    return solution[:-1], solution[-1]


@exercise.misconception
def normal_equations(x, y, centres, widths):
    """With fewer examples than unknowns AᵀA has no inverse. Which routine copes with that?"""
    design = np.column_stack([bumps(x, centres, widths), np.ones(len(x))])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise np.linalg.LinAlgError("Singular matrix")
    solution = np.linalg.solve(design.T @ design, design.T @ y)
    return solution[:-1], solution[-1]


@exercise.misconception(keeps=0.5)
def order_swapped(x, y, centres, widths):
    """The two are swapped: the contract wants weights, then b."""
    weights, b = _fit(x, y, centres, widths)
    return b, weights


@exercise.misconception
def a_bias_for_every_bump(x, y, centres, widths):
    """1 is added to every bump instead of a column of ones. How many biases has an output?"""
    solution = np.linalg.lstsq(bumps(x, centres, widths) + 1, y, rcond=None)[0]
    return solution, solution.sum(axis=0)


@exercise.misconception
def distances_for_bumps(x, y, centres, widths):
    """A linear function of the distances is fitted. The features are the bumps' heights."""
    r = np.linalg.norm(x[:, None] - centres, axis=2)
    solution = np.linalg.pinv(np.column_stack([r, np.ones(len(x))])) @ y
    return solution[:-1], solution[-1]


@exercise.misconception
def a_linear_model_of_x(x, y, centres, widths):
    """The inputs themselves are fitted, not the bumps: then XOR stays out of reach."""
    solution = np.linalg.pinv(np.column_stack([x, np.ones(len(x))])) @ y
    weights = np.zeros((len(centres), y.shape[1]))
    rows = min(len(weights), len(solution) - 1)
    weights[:rows] = solution[:rows]
    return weights, solution[-1]


@exercise.misconception
def the_bias_from_the_wrong_end(x, y, centres, widths):
    """The column of ones stands last, but you take the first row of the solution for b."""
    weights, b = _fit(x, y, centres, widths)
    rows = np.vstack([weights, b])
    return rows[1:], rows[0]


@exercise.misconception
def nearest_target(x, y, centres, widths):
    """Each weight is the target at its centre. Neighbouring bumps overlap: their sum is too
    high."""
    nearest = np.linalg.norm(x[:, None] - centres, axis=2).argmin(axis=0)
    return y[nearest] - y.mean(axis=0), y.mean(axis=0)


@exercise.misconception
def cuts_whole_numbers(x, y, centres, widths):
    """Targets of whole numbers give whole weights: the solution is cut to the type of y."""
    weights, b = _fit(x, y, centres, widths)
    return weights.astype(y.dtype), b.astype(y.dtype)


@exercise.misconception
def overwrites_the_targets(x, y, centres, widths):
    """Weights and b are right, but the caller's targets are centred on the way."""
    answer = _fit(x, y.copy(), centres, widths)
    y -= y.mean(axis=0).astype(y.dtype)
    return answer


@exercise.misconception
def a_little_ridge(x, y, centres, widths):
    """A ridge is added, which pulls the weights towards 0: the fit is plain least squares."""
    table = np.hstack([rbf_basis(x, centres, widths), np.ones((len(x), 1))])
    square = table.T @ table + 1e-3 * np.eye(table.shape[1])
    solution = np.linalg.solve(square, table.T @ y)
    return solution[:-1], solution[-1]
