"""Six patients."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Look at three things: where the curve begins, its shape, and the gap between the two.",
        "A rate that is too low makes a slow but steady start; weights that start too small make "
        "no start at all, and then a sudden one.",
        "One letter fits each figure, and no letter fits two.",
    ),
    guessable=True,
)

OPTIONS = {f"figure_{k}": "abcdef" for k in range(1, 7)}


def loss_curves_read() -> dict[str, str]:
    """Say for each of the six figures above what the matter is.

    (a) the learning rate is too low;
    (b) the learning rate is too high;
    (c) nothing, this is a healthy training;
    (d) the weights started too small;
    (e) the network overfits: it learns its examples by heart;
    (f) the network underfits: it has settled, but cannot or may not learn more.

    Returns
    -------
    dict of str to str
        For each figure a letter, such as {"figure_1": "a", ..., "figure_6": "f"}.
    """
    return {
        "figure_1": "d",
        "figure_2": "e",
        "figure_3": "a",
        "figure_4": "f",
        "figure_5": "b",
        "figure_6": "c",
    }


quiz.opens(exercise, OPTIONS, sentence="Every figure has one of the six letters.")
quiz.group(
    exercise,
    OPTIONS,
    "slow_starters",
    "Tells the two slow starters apart.",
    "figure_1 figure_3",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "mind_the_gap",
    "Knows what the gap between the two curves means, and what it means if there is none.",
    "figure_2 figure_4",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "restless_and_healthy",
    "Tells the restless training from the healthy one.",
    "figure_5 figure_6",
    points=2,
)


@exercise.variant
def in_capitals():
    return {
        "figure_1": "D",
        "figure_2": "E",
        "figure_3": "A ",
        "figure_4": "F",
        "figure_5": "B",
        "figure_6": "C",
    }


@exercise.variant
def built_otherwise():
    return {f"figure_{6 - k}": letter for k, letter in enumerate("cbfaed")}


def but(**answers):
    return {**loss_curves_read(), **answers}


@exercise.misconception
def takes_a_plateau_for_a_low_rate():
    """Figure 1 falls fast once it falls at all: the same rate, then, is not too low. What was
    missing at the start?"""
    return but(figure_1="a")


@exercise.misconception
def takes_a_low_rate_for_a_plateau():
    """Figure 3 falls from the first step on, evenly, and is still falling when it ends."""
    return but(figure_3="d")


@exercise.misconception
def exchanges_the_slow_starters():
    """The two slow starters are exchanged. Which of them falls from the first step on?"""
    return but(figure_1="a", figure_3="d")


@exercise.misconception
def takes_a_slow_fall_for_underfitting():
    """Figure 3 has not settled: it is still falling when it ends."""
    return but(figure_3="f")


@exercise.misconception
def takes_overfitting_for_health():
    """In figure 2 the training loss goes to 0. Look at the other curve, and where it turns."""
    return but(figure_2="c")


@exercise.misconception
def takes_overfitting_for_a_high_rate():
    """In figure 2 only the validation loss rises; the training is calm. What is it learning?"""
    return but(figure_2="b")


@exercise.misconception
def takes_underfitting_for_health():
    """In figure 4 the two curves agree, but on what? Compare the height where they settle."""
    return but(figure_4="c")


@exercise.misconception
def takes_underfitting_for_a_low_rate():
    """Figure 4 fell quickly and has settled: a higher rate would bring it no lower."""
    return but(figure_4="a")


@exercise.misconception
def takes_underfitting_for_overfitting():
    """There is no gap in figure 4, so nothing can have been learned by heart."""
    return but(figure_4="e")


@exercise.misconception
def takes_bouncing_for_underfitting():
    """Figure 5 has not settled: it jumps up and down. Which knob makes jumps smaller?"""
    return but(figure_5="f")


@exercise.misconception
def takes_health_for_overfitting():
    """A small gap is normal. In figure 6 the validation loss still falls, or stays."""
    return but(figure_6="e")


@exercise.misconception
def takes_health_for_underfitting():
    """Look at the height at which figure 6 settles."""
    return but(figure_6="f")
