"""Predict, then run: what a training tells you."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Which questions can be answered with a pocket calculator and a pencil?",
        "Draw the nine trials as dots on a square, and look at their shadows on one side.",
        "−ln(1/10); 0.09/0.1 of the range; 1e-7/1e-2.",
    ),
    guessable=True,
)

OPTIONS = {
    "first_loss": "abcd",
    "heavy_start": "abc",
    "penalty": "abc",
    "random_labels": "abc",
    "uniform_draws": "abc",
    "ratio": "abcd",
    "one_matters": "abc",
    "both_matter": "abc",
}


def tuning_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    first_loss: a network with ten classes has not learned anything, and all its scores are close
        to 0. Its cross-entropy loss is about (a) 0.1; (b) 1; (c) 2.3; (d) 10.
    heavy_start: the same network, but its random weights are so large that scores of ±50 are
        common. Its first loss is (a) still about the same; (b) many times larger; (c) smaller.
    penalty: an L2 penalty on the weights is switched on. The loss before the first step
        (a) falls; (b) stays as it was; (c) rises.
    random_labels: twenty images get labels thrown by dice. A network that can learn twenty real
        digits by heart (a) cannot learn these: the loss stays near ln 10; (b) learns them, too:
        the loss goes to about 0; (c) gets about half of them right.
    uniform_draws: rates are drawn evenly between 0.000001 and 0.1. How many of them are above
        0.01? (a) 20 %; (b) 50 %; (c) 90 %.
    ratio: weights are about 0.01, one update moves them by 0.0000001. A healthy update is about
        a thousandth of the weights; so this one is (a) healthy; (b) 100 times too small;
        (c) 100 times too large; (d) 10 times too small.
    one_matters: nine trials for two hyper-parameters, of which only one matters, and nobody knows
        which. On average the best trial is better (a) on a 3 × 3 grid; (b) with nine random
        draws; (c) it makes no difference.
    both_matter: now both matter equally, and it is the distance from the best point that counts.
        The best trial is better (a) on the grid; (b) with random draws; (c) no difference.

    Returns
    -------
    dict of str to str
        For each of the eight questions a letter, such as {"first_loss": "a", ...}.
    """
    return {
        "first_loss": "c",
        "heavy_start": "b",
        "penalty": "c",
        "random_labels": "b",
        "uniform_draws": "c",
        "ratio": "b",
        "one_matters": "b",
        "both_matter": "a",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "before_the_first_step",
    "Foresees the loss before the first step.",
    "first_loss heavy_start penalty",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "by_heart_and_by_size",
    "Foresees what is learned by heart, where draws fall and how large a step should be.",
    "random_labels uniform_draws ratio",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "grid_and_chance",
    "Foresees when a grid wins and when chance does.",
    "one_matters both_matter",
    points=2,
)


@exercise.variant
def in_capitals():
    return {
        "first_loss": "C",
        "heavy_start": " B",
        "penalty": "C ",
        "random_labels": "B",
        "uniform_draws": "C",
        "ratio": "B",
        "one_matters": "B",
        "both_matter": "A",
    }


@exercise.variant
def built_otherwise():
    return dict(
        zip(
            "both_matter one_matters ratio uniform_draws random_labels penalty heavy_start "
            "first_loss".split(),
            "abbcbcbc",
        )
    )


def but(**answers):
    return {**tuning_predictions(), **answers}


@exercise.misconception
def thinks_the_first_loss_is_the_share():
    """0.1 is the *probability* that each class gets. What does it cost, −ln 0.1?"""
    return but(first_loss="a")


@exercise.misconception
def thinks_the_first_loss_is_in_digits():
    """−log₁₀(0.1) is 1, but the loss uses the natural logarithm."""
    return but(first_loss="b")


@exercise.misconception
def thinks_the_first_loss_counts_classes():
    """Ten classes do not cost ten: the cost is minus the logarithm of one tenth."""
    return but(first_loss="d")


@exercise.misconception
def thinks_heavy_weights_do_not_matter():
    """Large scores are strong opinions, and random ones are mostly wrong. What does certainty
    cost when it is wrong?"""
    return but(heavy_start="a")


@exercise.misconception
def thinks_heavy_weights_help():
    """Certainty only helps those who are right. Nine random opinions in ten are wrong."""
    return but(heavy_start="c")


@exercise.misconception
def thinks_a_penalty_lowers_the_loss():
    """It may lower the *validation* loss in the end. At the start, what is added to the loss?"""
    return but(penalty="a")


@exercise.misconception
def thinks_a_penalty_is_free_at_first():
    """The starting weights are small, but not 0. What is λ/2 · Σ w², if w is not 0?"""
    return but(penalty="b")


@exercise.misconception
def thinks_noise_cannot_be_learned():
    """Nothing general can be learned from dice, but twenty answers can be learned by heart."""
    return but(random_labels="a")


@exercise.misconception
def thinks_noise_is_half_learned():
    """With thousands of weights and twenty examples, what should stop it half-way?"""
    return but(random_labels="c")


@exercise.misconception
def thinks_every_decade_gets_a_fifth():
    """A fifth for each decade: that would be so if the *logarithm* were drawn evenly."""
    return but(uniform_draws="a")


@exercise.misconception
def thinks_half_of_the_draws_are_large():
    """From 0.01 to 0.1 is most of the way from 0 to 0.1. How much of it?"""
    return but(uniform_draws="b")


@exercise.misconception
def thinks_the_update_is_healthy():
    """Divide: 1e-7 by 1e-2. Is that a thousandth?"""
    return but(ratio="a")


@exercise.misconception
def thinks_the_update_is_too_large():
    """Divide: 1e-7 by 1e-2 is 1e-5. Is that more or less than 1e-3?"""
    return but(ratio="c")


@exercise.misconception
def thinks_the_update_is_ten_times_too_small():
    """Count the zeros again: 1e-7 divided by 1e-2."""
    return but(ratio="d")


@exercise.misconception
def thinks_a_grid_covers_one_axis_best():
    """Nine grid points have only three different values on the axis that matters."""
    return but(one_matters="a")


@exercise.misconception
def thinks_nine_trials_are_nine_trials():
    """How many *different* values of the one that matters are tried, by either way?"""
    return but(one_matters="c")


@exercise.misconception
def thinks_chance_always_wins():
    """Random points crowd here and leave holes there. If both axes count, who covers the square
    better?"""
    return but(both_matter="b")


@exercise.misconception
def thinks_it_never_matters():
    """Draw nine random points on a square: is the largest hole larger than that of a grid?"""
    return but(both_matter="c")
