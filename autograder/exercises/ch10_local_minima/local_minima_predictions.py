"""Predict, then run: where do the walks end?"""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Draw the double well with its two valleys and the hill between them.",
        "Which of the ways out depends on luck, which on the start, and which on how slowly?",
        "1 − (1 − ½)ᵏ; e^(−ΔE/T); and what is the slope exactly on a ridge?",
    ),
    guessable=True,
)

OPTIONS = {
    "descent": "abc",
    "ten_starts": "abc",
    "little_noise": "abc",
    "much_noise": "abc",
    "more_momentum": "abc",
    "frozen": "abc",
    "ridge": "abc",
    "copies": "abcd",
}


def local_minima_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    The landscape is the double well (x² − 1)² + 0.3·x; the left valley is the deeper one.

    descent: gradient descent with a small rate starts at 1.5, right of both valleys. It ends
        (a) in the left valley; (b) in the right valley; (c) half of the time in each.
    ten_starts: about half of all starts lead into the left valley. Ten random starts find it
        (a) with 50 %; (b) with 95 %; (c) with 99.9 % probability.
    little_noise: descent from the right valley with a little noise in every slope ends, after
        5,000 steps, (a) nearly always on the left; (b) nearly always on the right; (c) anywhere.
    much_noise: and with a lot of noise, ever more, (a) the more noise, the more often on the
        left; (b) at some point it jumps back and forth, and ends on the left less often again;
        (c) it always ends on the left.
    more_momentum: descent with momentum μ from 2.0. If μ = 0.9 gets over the hill, then
        (a) every larger μ does, too; (b) μ = 0.95 may be stuck nevertheless; (c) every smaller
        μ does, too.
    frozen: annealing with steps much smaller than a valley starts in the right one, at a
        temperature of almost 0. It ends on the left (a) never; (b) rarely, but now and then;
        (c) about half of the time.
    ridge: descent on x² − y² from exactly (1, 0) ends, after many steps, (a) near (0, 0);
        (b) far away along y; (c) at infinity along x.
    copies: a network with one hidden layer of four tanh units has a best set of weights. How
        many other sets of weights compute exactly the same? (a) none; (b) 23; (c) 383; (d) 15.

    Returns
    -------
    dict of str to str
        For each of the eight questions a letter, such as {"descent": "a", ...}.
    """
    return {
        "descent": "b",
        "ten_starts": "c",
        "little_noise": "b",
        "much_noise": "b",
        "more_momentum": "b",
        "frozen": "a",
        "ridge": "a",
        "copies": "c",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "going_down",
    "Foresees where plain descent ends, on a slope and on a ridge, and what ten tries are worth.",
    "descent ten_starts ridge",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "getting_out",
    "Foresees what little and much noise, momentum and frost do.",
    "little_noise much_noise more_momentum frozen",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "not_alone",
    "Foresees how many copies a minimum has.",
    "copies descent",
    points=1,
)


@exercise.variant
def in_capitals():
    return {q: f" {letter.upper()} " for q, letter in local_minima_predictions().items()}


@exercise.variant
def built_otherwise():
    return dict(zip(OPTIONS, "bcbbbaac", strict=True))


def but(**answers):
    return {**local_minima_predictions(), **answers}


@exercise.misconception
def thinks_descent_finds_the_deepest():
    """Descent feels the slope under its feet, nothing else. Which way is down at 1.5?"""
    return but(descent="a")


@exercise.misconception
def thinks_descent_is_random():
    """There is no chance in plain descent: one start, one end."""
    return but(descent="c")


@exercise.misconception
def thinks_ten_starts_are_like_one():
    """One start fails with ½. How likely is it that all ten do?"""
    return but(ten_starts="a")


@exercise.misconception
def thinks_ten_starts_are_like_four():
    """½ to the power of what?"""
    return but(ten_starts="b")


@exercise.misconception
def thinks_any_noise_helps():
    """The hill has a height, and errors that are small never add up to it before they fade."""
    return but(little_noise="a")


@exercise.misconception
def thinks_little_noise_forgets_the_start():
    """With little noise the walk trembles around its bottom and stays there."""
    return but(little_noise="c")


@exercise.misconception
def thinks_the_more_noise_the_better():
    """What is strong enough to throw it out of one valley throws it out of the other, too."""
    return but(much_noise="a")


@exercise.misconception
def thinks_much_noise_always_helps():
    """Nothing is certain with much noise: at the end it is where it happens to be."""
    return but(much_noise="c")


@exercise.misconception
def thinks_more_momentum_is_more_escape():
    """A ball that rolls over the hill can roll back as well. It depends on when it is where."""
    return but(more_momentum="a")


@exercise.misconception
def thinks_less_momentum_is_enough():
    """With less momentum it has less to climb with."""
    return but(more_momentum="c")


@exercise.misconception
def thinks_frost_leaks():
    """e^(−ΔE/T) with T of almost 0: how small is that, and how many steps would be needed?"""
    return but(frozen="b")


@exercise.misconception
def thinks_frost_does_not_matter():
    """Without accepted rises it cannot climb the hill in between, however long it runs."""
    return but(frozen="c")


@exercise.misconception
def thinks_ridges_are_left_at_once():
    """Exactly on the ridge the slope along y is 0, and 0 times any rate is 0."""
    return but(ridge="b")


@exercise.misconception
def thinks_it_climbs_along_x():
    """Along x it is a valley: x² pulls to 0."""
    return but(ridge="c")


@exercise.misconception
def thinks_the_best_weights_are_unique():
    """What does the network compute if two hidden units change places?"""
    return but(copies="a")


@exercise.misconception
def counts_orders_only():
    """23 others come from the orders. tanh(−z) = −tanh(z): what about the signs?"""
    return but(copies="b")


@exercise.misconception
def counts_signs_only():
    """15 others come from the signs. And if units change places?"""
    return but(copies="d")
