"""Predict, then run: five rules at work."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    hints=(
        "Which quantity does each rule remember, and can that quantity become smaller again?",
        "Put numbers in: one weight, a constant gradient of 1, then the event in the question.",
        "After n steps of slope 1 a velocity is (1 − 0.9ⁿ)/0.1 rates, Adagrad's c is n, and "
        "RMSProp's c is 1 − 0.9ⁿ.",
    ),
    guessable=True,
)

OPTIONS = {
    "flip": "abcd",
    "overshoot": "abc",
    "adagrad_wakes": "abc",
    "rmsprop_wakes": "abc",
    "adam_units": "abc",
    "uncorrected": "abcd",
    "adam_wins": "abc",
    "badly_scaled": "abc",
}


def optimizers_predictions() -> dict[str, str]:
    """Predict what the rules will do, before you write and run them.

    - "flip": momentum 0.9 has rolled down a constant slope for a long time; then the slope turns
      round. For how many steps does the weight go on as before?
      (a) none · (b) one · (c) about seven · (d) about seventy
    - "overshoot": momentum and Nesterov, same rate, start at rest in the same bowl ½·k·w². Which
      swings further beyond the minimum?  (a) momentum · (b) Nesterov · (c) both alike
    - "adagrad_wakes": a weight sees slopes of 1 for 100 steps, then of 0.01 for 300. What does
      Adagrad's rate for it do after the change?
      (a) it falls to about a hundredth · (b) it rises about a hundredfold · (c) it hardly changes
    - "rmsprop_wakes": the same for RMSProp with decay 0.9.
      (a) it falls to about a hundredth · (b) it rises about a hundredfold · (c) it hardly changes
    - "adam_units": the loss is multiplied by 1000, so every slope is. Adam's steps become
      (a) 1000 times as long · (b) no longer than before · (c) about 32 times as long
    - "uncorrected": β1 = 0.9, β2 = 0.999, no bias correction. Adam's first step is
      (a) a tenth of the rate · (b) the rate · (c) half the rate · (d) about three times the rate
    - "adam_wins": six rules train a small network on digits with well-scaled pixels, each with
      its own best rate, found by the same effort. Is Adam clearly ahead of the five others?
      (a) yes · (b) no, others do as well · (c) no, plain descent is far ahead of all others
    - "badly_scaled": the same, but some pixels are 300 times as bright as others. Who loses most?
      (a) rules with one rate for all weights · (b) rules with a rate for every weight · (c) all
      alike

    Returns
    -------
    dict of str to str
        Each question's letter, as in {"flip": "a", …}.
    """
    return {
        "flip": "c",
        "overshoot": "a",
        "adagrad_wakes": "c",
        "rmsprop_wakes": "b",
        "adam_units": "b",
        "uncorrected": "d",
        "adam_wins": "b",
        "badly_scaled": "a",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "about_momentum",
    "Foresees how long inertia lasts, and who brakes early.",
    "flip overshoot",
    points=1,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_memory",
    "Foresees whose rate recovers when the slopes become small.",
    "adagrad_wakes rmsprop_wakes",
    points=1,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_adam",
    "Foresees how long Adam's steps are.",
    "adam_units uncorrected",
    points=1,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_the_race",
    "Foresees how a fair race between six rules ends.",
    "adam_wins badly_scaled",
    points=1,
)


@exercise.variant
def in_capitals():
    return {
        question: f" {letter.upper()} " for question, letter in optimizers_predictions().items()
    }


@exercise.variant
def zipped():
    return dict(zip(reversed(OPTIONS), "abdbbcac", strict=True))


def _but(question, letter):
    return {**optimizers_predictions(), question: letter}


@exercise.misconception
def thinks_the_ball_turns_at_once():
    """The velocity sums up the past. One gradient of the other sign does not cancel it."""
    return _but("flip", "a")


@exercise.misconception
def thinks_one_step_cancels_the_past():
    """The old velocity has grown to 10 steps' worth. How much can one step take off?"""
    return _but("flip", "b")


@exercise.misconception
def thinks_momentum_lasts_for_seventy_steps():
    """Seventy belongs to momentum 0.99. Here a tenth of the velocity fades at every step."""
    return _but("flip", "d")


@exercise.misconception
def thinks_nesterov_swings_further():
    """Looking ahead, Nesterov's ball feels the far slope earlier. Does it brake early or late?"""
    return _but("overshoot", "b")


@exercise.misconception
def thinks_both_swing_alike():
    """They ask for the slope in different places, and in a bowl it depends on the place."""
    return _but("overshoot", "c")


@exercise.misconception
def thinks_adagrad_follows_the_slopes():
    """The rate depends on the *sum* of squares. How much does a small slope add to a large sum?"""
    return _but("adagrad_wakes", "a")


@exercise.misconception
def thinks_adagrad_recovers():
    """For its rate to rise, Adagrad's sum of squares would have to fall. Can it?"""
    return _but("adagrad_wakes", "b")


@exercise.misconception
def thinks_rmsprop_falls_with_the_slopes():
    """Small slopes make a small mean of squares. Where does that mean stand in the formula?"""
    return _but("rmsprop_wakes", "a")


@exercise.misconception
def thinks_rmsprop_never_forgets():
    """RMSProp's memory fades: after 300 steps with decay 0.9 nothing of the steep time is left."""
    return _but("rmsprop_wakes", "c")


@exercise.misconception
def thinks_adam_feels_the_unit():
    """Put 1000 · g into both averages. What happens to their quotient?"""
    return _but("adam_units", "a")


@exercise.misconception
def thinks_adam_feels_the_root_of_the_unit():
    """There is a square under the root: √(g²) grows exactly as fast as g does."""
    return _but("adam_units", "c")


@exercise.misconception
def thinks_of_m_only():
    """m is a tenth of g at first, yes. But what is the root of v at first?"""
    return _but("uncorrected", "a")


@exercise.misconception
def thinks_the_two_biases_cancel():
    """Both averages start too small, but not by the same factor: compare 0.1 with √0.001."""
    return _but("uncorrected", "b")


@exercise.misconception
def thinks_of_the_means_alone():
    """Work the quotient out: m is 0.1 · g and √v is √0.001 · |g| after one step."""
    return _but("uncorrected", "c")


@exercise.misconception
def thinks_adam_always_wins():
    """Give every rule a fair search for its own rate before you compare them."""
    return _but("adam_wins", "a")


@exercise.misconception
def thinks_descent_always_wins():
    """Tuned descent does well here, but look at how close together the six rules end."""
    return _but("adam_wins", "c")


@exercise.misconception
def thinks_adaptive_rules_need_scaling():
    """Which rules can give a dim pixel's weights a larger rate than a bright one's?"""
    return _but("badly_scaled", "b")


@exercise.misconception
def thinks_scaling_does_not_matter():
    """Scaled inputs stretch the loss. Which rules have only one rate for all directions?"""
    return _but("badly_scaled", "c")
