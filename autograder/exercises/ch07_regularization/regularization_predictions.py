"""Predict, then run: what keeps a network from learning by heart?"""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "A curve through every noisy point: how steep must it be between them?",
        "L2 takes a share of every weight, L1 the same amount from each. Who arrives at 0?",
        "What does a penalty do to the loss in the first step? And in λE + (1 − λ)Σw²?",
    ),
    guessable=True,
)

OPTIONS = {
    "coefficients": "abc",
    "first_loss": "abc",
    "decay_alone": "abc",
    "slope_steps": "abc",
    "whose_share": "abc",
    "early_weights": "abc",
    "more_examples": "abc",
    "deeper": "abcd",
}


def regularization_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    coefficients: a polynomial of degree 11 is fitted to 12 noisy points of a smooth curve with
        values around 1, on [−1, 1]. Its largest coefficient is typically about
        (a) 1; (b) 30; (c) 10,000 or more.
    first_loss: a fresh network's loss is 2.303. A penalty is switched on and nothing else is
        changed. Before the first step the loss (a) falls; (b) stays; (c) rises.
    decay_alone: a weight of 1 has no data gradient, only weight decay with ηλ = 0.005. After
        1,000 steps it is (a) exactly 0; (b) small, and not 0; (c) below 0.
    slope_steps: 50 inputs, of which 5 matter. Least squares with L1, trained by descending its
        slope, w ← w − η(gradient + λ·sign w), for 2,000 steps. How many of the 45 useless weights
        are exactly 0? (a) nearly all; (b) about half; (c) none.
    whose_share: in the cost λ·E + (1 − λ)·Σw² you increase λ. The weights become
        (a) smaller; (b) larger; (c) no different.
    early_weights: the validation loss was lowest in epoch 40, and with a patience of 30 training
        stops in epoch 70. The weights to use are those of (a) epoch 70; (b) epoch 40; (c) the
        mean of both.
    more_examples: the polynomial of degree 11 is fitted without any penalty to 1,200 points
        instead of 12. Then (a) it errs as badly as before; (b) it hardly errs more than the true
        curve; (c) it errs more than before.
    deeper: a plain network of 56 layers errs more on *new* data than one of 20. Both were trained
        alike. On their *training* data, (a) 56 layers err less: they have overfitted; (b) both err
        equally; (c) 56 layers err more; (d) neither errs.

    Returns
    -------
    dict of str to str
        For each of the eight questions a letter, such as {"coefficients": "a", ...}.
    """
    return {
        "coefficients": "c",
        "first_loss": "c",
        "decay_alone": "b",
        "slope_steps": "c",
        "whose_share": "b",
        "early_weights": "b",
        "more_examples": "b",
        "deeper": "c",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "prices",
    "Foresees what a penalty does to coefficients, losses and weights.",
    "coefficients first_loss decay_alone",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "subtleties",
    "Foresees who makes zeros, and which way λ turns in the other form.",
    "slope_steps whose_share",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "unseen_data",
    "Foresees which weights to keep, what more examples do, and what ails the deeper network.",
    "early_weights more_examples deeper",
    points=2,
)


@exercise.variant
def in_capitals():
    return {q: f" {letter.upper()} " for q, letter in regularization_predictions().items()}


@exercise.variant
def built_otherwise():
    return dict(zip(OPTIONS, "ccbcbbbc", strict=True))


def but(**answers):
    return {**regularization_predictions(), **answers}


@exercise.misconception
def thinks_coefficients_follow_the_values():
    """The values are around 1, but the curve goes through noise that changes within 0.2."""
    return but(coefficients="a")


@exercise.misconception
def thinks_coefficients_grow_a_little():
    """x⁹ and x¹¹ are nearly the same on [−1, 1]: to make them differ takes more than that."""
    return but(coefficients="b")


@exercise.misconception
def thinks_a_penalty_lowers_the_loss():
    """A term that is never negative is added. Later it may help on *new* data."""
    return but(first_loss="a")


@exercise.misconception
def thinks_a_penalty_is_free_at_first():
    """The weights are small at the start, but not 0."""
    return but(first_loss="b")


@exercise.misconception
def thinks_decay_arrives():
    """Every step leaves 99.5 % of what there is. When is nothing left?"""
    return but(decay_alone="a")


@exercise.misconception
def thinks_decay_overshoots():
    """0.995 times something positive is positive."""
    return but(decay_alone="c")


@exercise.misconception
def thinks_any_l1_makes_zeros():
    """The slope of |w| pulls just as hard close to 0. Where does such a step end?"""
    return but(slope_steps="a")


@exercise.misconception
def thinks_half_of_them_hit_zero():
    """To be exactly 0, a weight must be hit to the last digit."""
    return but(slope_steps="b")


@exercise.misconception
def thinks_lambda_is_always_the_penalty():
    """Look at which of the two terms λ stands before."""
    return but(whose_share="a")


@exercise.misconception
def thinks_the_shares_cancel():
    """Only the ratio of the two shares matters, and that changes with λ."""
    return but(whose_share="c")


@exercise.misconception
def thinks_one_keeps_the_last_weights():
    """Why has one waited? To learn that the best was behind."""
    return but(early_weights="a")


@exercise.misconception
def thinks_one_averages():
    """The best on the validation set is known: nothing has to be averaged."""
    return but(early_weights="c")


@exercise.misconception
def thinks_complexity_is_all():
    """Twelve coefficients can follow 12 points. Can they follow the noise of 1,200?"""
    return but(more_examples="a")


@exercise.misconception
def thinks_more_noise_comes_in():
    """Each point brings noise, but noise of both signs."""
    return but(more_examples="c")


@exercise.misconception
def thinks_depth_overfits():
    """That would be overfitting. What was measured before anybody knew?"""
    return but(deeper="a")


@exercise.misconception
def thinks_training_is_equal():
    """Deeper plain networks are harder to train, not only to trust."""
    return but(deeper="b")


@exercise.misconception
def thinks_large_networks_always_fit():
    """There *are* weights that fit. Does descent find them?"""
    return but(deeper="d")
