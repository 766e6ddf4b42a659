"""What ails it?"""

import itertools

from autograder.judging.compare import Failed, describe
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "A network is bad on its training data and worse on new ones. What do you look at first?",
        "Three answers, in an order: the training error can settle the matter before any gap does.",
        "The training error against what is acceptable, then the *excess* against the gap.",
    ),
)

CASES = {
    "bad at both": ((0.30, 0.32, 0.10, 0.05), "underfit"),
    "bad at training, worse on new data": ((0.30, 0.90, 0.10, 0.05), "underfit"),
    "good at training, bad on new data": ((0.01, 0.30, 0.10, 0.05), "overfit"),
    "good at both": ((0.05, 0.08, 0.10, 0.05), "good fit"),
    "better on new data": ((0.08, 0.01, 0.10, 0.05), "good fit"),
    "much better on new data": ((0.09, 0.01, 0.10, 0.05), "good fit"),
    "bad at training, better on new data": ((0.50, 0.20, 0.10, 0.05), "underfit"),
    "overfitted, but below what is acceptable": ((0.01, 0.09, 0.10, 0.05), "overfit"),
    "overfitted, and a little above what is acceptable": ((0.05, 0.14, 0.10, 0.06), "overfit"),
    "bad at training, lucky on new data": ((0.20, 0.08, 0.10, 0.05), "underfit"),
    "above what is acceptable on new data, but near": ((0.09, 0.12, 0.10, 0.05), "good fit"),
}


def _probe(arguments):
    return lambda rng: arguments


for _arguments, _ in CASES.values():
    exercise.probe(_probe(_arguments))


for _arguments in [(0.1, 0.12, 0.25, 0.15), (0.2, 0.35, 0.25, 0.3), (0.2, 0.21, 0.25, 0.15)]:
    exercise.probe(_probe(_arguments))


@exercise.probe
def exactly_acceptable(rng):
    return 0.25, 0.3, 0.25, 0.5


@exercise.probe
def exactly_the_gap(rng):
    return 0.25, 0.5, 0.75, 0.25


def says(f, cases):
    """Compare the verdicts on (arguments, expected) pairs."""
    for verdict, (arguments, expected) in zip(f.many([a for a, _ in cases]), cases, strict=True):
        if not isinstance(verdict, str):
            raise Failed(f"the result is {describe(verdict)}, expected a text")
        if verdict.strip() != expected:
            train, validation, acceptable, gap = arguments
            situation = f"training error {train:.3g}, validation error {validation:.3g}"
            limits = f"acceptable {acceptable:.3g}, gap {gap:.3g}"
            raise Failed(f"with {situation}, {limits}, the verdict {verdict[:20]!r} is wrong")


@exercise.check
def the_plain_cases(f):
    """If 0.10 is acceptable: 0.30, 0.32 is an underfit; 0.01, 0.30 an overfit; 0.05, 0.08 good."""
    plain = ("bad at both", "good at training, bad on new data", "good at both")
    says(f, [CASES[name] for name in plain])


@exercise.check
def training_comes_first(f):
    """0.30 in training and 0.90 on new data is no overfitting: it has not even learned."""
    says(f, [CASES["bad at training, worse on new data"]])


@exercise.check
def excess_not_size(f):
    """With a gap of 0.05: 0.01 and 0.09 overfit; 0.09 and 0.12, or 0.09 and 0.01, do not."""
    names = (
        "overfitted, but below what is acceptable",
        "above what is acceptable on new data, but near",
        "much better on new data",
    )
    says(f, [CASES[name] for name in names])


@exercise.check
def at_the_limits(f):
    """What is exactly acceptable, or exactly the gap, is tolerated."""
    says(f, [((0.25, 0.3, 0.25, 0.5), "good fit"), ((0.25, 0.5, 0.75, 0.25), "good fit")])


def situations(rng):
    """Errors on both sides of both limits, none near them, in an order that is drawn."""
    cases = []
    for bad, behind, scale in itertools.product((0, 1), (-1, 0, 1), (0.1, 1.0, 7.0)):
        acceptable, gap = scale * rng.uniform(0.3, 0.6), scale * rng.uniform(0.1, 0.2)
        train = acceptable * (rng.uniform(1.2, 3) if bad else rng.uniform(0.7, 0.9))
        excess = {
            -1: -min(train, 3 * gap) * rng.uniform(0.8, 1),
            0: gap * rng.uniform(-0.8, 0.8),
            1: gap * rng.uniform(1.3, 4),
        }[behind]
        verdict = "underfit" if bad else "overfit" if behind == 1 else "good fit"
        cases.append(((train, max(train + excess, 0.0), acceptable, gap), verdict))
    return [cases[i] for i in rng.permutation(len(cases))]


@exercise.check(points=2)
def all_situations(f, rng):
    """Gives the verdict for errors on all sides of both limits, in any unit."""
    says(f, situations(rng))
    names = [*CASES]
    says(f, [CASES[names[i]] for i in rng.permutation(len(names))])


@exercise.check(points=1, after=all_situations)
def limits(f, rng):
    """Tolerates exactly the limits, and errors of 0; at a gap of 0 the least excess is too much."""
    cases = [
        ((0.25, 0.25, 0.25, 0.0), "good fit"),
        ((0.25, 0.5, 0.75, 0.25), "good fit"),
        ((0.0, 0.0, 0.0, 0.0), "good fit"),
        ((0.0, 1e-9, 0.0, 0.0), "overfit"),
        ((1e-9, 0.0, 0.0, 0.0), "underfit"),
        ((2, 3, 2, 1), "good fit"),
    ]
    says(f, [cases[i] for i in rng.permutation(len(cases))])


@exercise.variant
def the_other_way_round(train_error, validation_error, acceptable, gap):
    learned = train_error <= acceptable
    carries_over = validation_error - train_error <= gap
    if learned and carries_over:
        return "good fit"
    return "overfit" if learned else "underfit"


@exercise.variant
def by_a_table(train_error, validation_error, acceptable, gap):
    bad = train_error > acceptable
    return ["good fit", "overfit", "underfit"][max(2 * bad, validation_error > gap + train_error)]


@exercise.misconception
def gap_first(train_error, validation_error, acceptable, gap):
    """The gap is looked at first: a network that has not even learned is called overfitted."""
    if validation_error - train_error > gap:
        return "overfit"
    return "underfit" if train_error > acceptable else "good fit"


@exercise.misconception
def words_swapped(train_error, validation_error, acceptable, gap):
    """The two words are swapped: *over*fitted is what fits its training data too well."""
    if train_error > acceptable:
        return "overfit"
    return "underfit" if validation_error - train_error > gap else "good fit"


@exercise.misconception
def size_instead_of_excess(train_error, validation_error, acceptable, gap):
    """The validation error itself is compared. What tells is its excess over the training error."""
    if train_error > acceptable:
        return "underfit"
    return "overfit" if validation_error > acceptable else "good fit"


@exercise.misconception
def distance_instead_of_excess(train_error, validation_error, acceptable, gap):
    """Being much *better* on new data is called overfitting: it is luck, or an easy set."""
    if train_error > acceptable:
        return "underfit"
    return "overfit" if abs(validation_error - train_error) > gap else "good fit"


@exercise.misconception
def validation_decides_underfitting(train_error, validation_error, acceptable, gap):
    """Underfitting is read off the validation error. Look at the training error first."""
    if validation_error > acceptable:
        return "underfit"
    return "overfit" if validation_error - train_error > gap else "good fit"


@exercise.misconception
def two_answers_only(train_error, validation_error, acceptable, gap):
    """A training error that is too large never counts: there is a third answer."""
    return "overfit" if validation_error - train_error > gap else "good fit"


@exercise.misconception
def underfit_needs_no_gap(train_error, validation_error, acceptable, gap):
    """A bad training error with a small gap is called a good fit: it is good at nothing."""
    if train_error > acceptable and validation_error - train_error > gap:
        return "underfit"
    return "overfit" if validation_error - train_error > gap else "good fit"


@exercise.misconception(keeps=0.5)
def limits_refused(train_error, validation_error, acceptable, gap):
    """What is exactly at a limit is still tolerated."""
    if train_error >= acceptable:
        return "underfit"
    return "overfit" if validation_error - train_error >= gap else "good fit"


@exercise.misconception
def excess_as_a_share(train_error, validation_error, acceptable, gap):
    """The excess is taken in proportion to the training error: a difference is asked for."""
    if train_error > acceptable:
        return "underfit"
    return "overfit" if validation_error > train_error * (1 + gap) else "good fit"


def _told(train_error, acceptable, too_far):
    """The right order of questions; `too_far` answers the second."""
    if train_error > acceptable:
        return "underfit"
    return "overfit" if too_far else "good fit"


@exercise.misconception
def validation_against_the_gap(train_error, validation_error, acceptable, gap):
    """Compares the validation error itself with the gap: subtract the training error first."""
    return _told(train_error, acceptable, validation_error > gap)


@exercise.misconception
def quotient_against_the_gap(train_error, validation_error, acceptable, gap):
    """Divides the errors; the gap is a difference."""
    return _told(train_error, acceptable, validation_error > gap * train_error)


@exercise.misconception
def gap_from_what_is_acceptable(train_error, validation_error, acceptable, gap):
    """Measures the gap from what is acceptable; it lies between training and validation."""
    return _told(train_error, acceptable, validation_error - acceptable > gap)


@exercise.misconception
def underfit_only_if_both_are_bad(train_error, validation_error, acceptable, gap):
    """Wants the validation error bad as well: a bad training error alone is underfitting."""
    if train_error > acceptable and validation_error > acceptable:
        return "underfit"
    return "overfit" if validation_error - train_error > gap else "good fit"


@exercise.misconception
def overfit_only_if_not_acceptable(train_error, validation_error, acceptable, gap):
    """Calls a large gap fine while the validation error is acceptable: the gap alone decides."""
    large = validation_error - train_error > gap
    return _told(train_error, acceptable, large and validation_error > acceptable)
