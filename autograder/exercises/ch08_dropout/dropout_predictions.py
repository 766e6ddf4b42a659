"""Predict, then run: what dropout does."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Which questions are about averages, and can be answered with two units and a pencil?",
        "A straight function's average is the function of the average. A bent one's is not.",
        "A coin that is 0 with probability p and else 1/(1 − p) has the variance p/(1 − p).",
    ),
    guessable=True,
)

OPTIONS = {
    "dropped": "abc",
    "survivors": "abcd",
    "noise": "abc",
    "thinned": "abcd",
    "straight": "abc",
    "bent": "abc",
    "small_net": "abc",
    "forgotten": "abc",
}


def dropout_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    p is always the probability that a unit is dropped.

    dropped: a layer of 1,000 units, p = 0.2. In a training step there are silent (a) about 800
        units; (b) about 200; (c) exactly 200.
    survivors: the layer's mean shall stay as it is. With p = 0.2 a survivor of value 2 must
        become (a) 2; (b) 1.6; (c) 2.5; (d) 10.
    noise: dropout that keeps the mean makes the next layer's inputs waver. If p grows from 0.5
        to 0.8, their variance becomes (a) 1.6 times as large; (b) 4 times; (c) 16 times.
    thinned: by dropping some of 10 units, how many different networks can be made?
        (a) 10; (b) 20; (c) 1,024; (d) 3,628,800.
    straight: a network without any bend (all layers linear), p = 0.2. The average output of all
        its thinned networks, each weighted by its probability, is that of the whole network with
        scaled weights (a) exactly; (b) nearly; (c) not at all: it would be for p = 0.5.
    bent: and for a network of digits with ReLUs and a softmax? The scaled network gives the
        average probabilities (a) exactly; (b) not exactly, but mostly it names the same digit as
        the average; (c) not at all, and mostly it names another digit.
    small_net: a network with only 8 hidden units, a thousand digits to learn from. Dropout with
        p = 0.5 makes it, on new digits, (a) better; (b) neither better nor worse; (c) worse.
    forgotten: somebody forgets to switch dropout off (p = 0.5). Asked 100 times about the same
        digit, a trained network says (a) mostly the right digit, with different probabilities;
        (b) random digits; (c) always exactly the same.

    Returns
    -------
    dict of str to str
        For each of the eight questions a letter, such as {"dropped": "a", ...}.
    """
    return {
        "dropped": "b",
        "survivors": "c",
        "noise": "b",
        "thinned": "c",
        "straight": "a",
        "bent": "b",
        "small_net": "c",
        "forgotten": "a",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "one_layer",
    "Foresees what happens to the units of one layer.",
    "dropped survivors noise",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "many_networks",
    "Foresees how many networks there are inside the network, and what they say on average.",
    "thinned straight bent",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "in_practice",
    "Foresees whom dropout helps, and what happens if one forgets it.",
    "small_net forgotten",
    points=1,
)


RIGHT = {
    "dropped": "b",
    "survivors": "c",
    "noise": "b",
    "thinned": "c",
    "straight": "a",
    "bent": "b",
    "small_net": "c",
    "forgotten": "a",
}


@exercise.variant
def in_capitals():
    return {
        "dropped": "B",
        "survivors": " C",
        "noise": "B ",
        "thinned": "C",
        "straight": "A",
        "bent": "B",
        "small_net": "C",
        "forgotten": "A",
    }


@exercise.variant
def in_another_order():
    return {
        "forgotten": "a",
        "small_net": "c",
        "bent": "b",
        "straight": "a",
        "thinned": "c",
        "noise": "b",
        "survivors": "c",
        "dropped": "b",
    }


def but(**answers):
    return {**RIGHT, **answers}


@exercise.misconception
def thinks_p_is_the_keep_rate():
    """p is the probability of being dropped: with p = 0.2 most units speak."""
    return but(dropped="a")


@exercise.misconception
def thinks_there_is_a_quota():
    """Each unit has a coin of its own. Do 1,000 coins ever fall exactly as expected?"""
    return but(dropped="c")


@exercise.misconception
def thinks_survivors_stay():
    """If survivors stay at 2 and a fifth falls silent, what is the mean?"""
    return but(survivors="a")


@exercise.misconception
def thinks_survivors_shrink():
    """A fifth is silent already. Would shrinking the others bring the mean back up?"""
    return but(survivors="b")


@exercise.misconception
def thinks_survivors_are_divided_by_p():
    """Four fifths survive: if they become 10, the mean is 8, four times too large."""
    return but(survivors="d")


@exercise.misconception
def thinks_noise_grows_with_p():
    """0.8 is 1.6 times 0.5, but the survivors are also enlarged more. How much do they vary?"""
    return but(noise="a")


@exercise.misconception
def thinks_noise_grows_with_the_square():
    """The standard deviation doubles. What does the variance do?"""
    return but(noise="c")


@exercise.misconception
def thinks_one_is_dropped():
    """Not only one unit at a time is dropped: any of them may be, in any combination."""
    return but(thinned="a")


@exercise.misconception
def adds_two_per_unit():
    """Two ways for each unit. Do ways for independent things add or multiply?"""
    return but(thinned="b")


@exercise.misconception
def counts_orders():
    """That is the number of orders, 10!. Here it only matters who is in and who is out."""
    return but(thinned="d")


@exercise.misconception
def thinks_straight_is_only_near():
    """The mean of a sum is the sum of the means: is that a rough rule or an exact one?"""
    return but(straight="b")


@exercise.misconception
def thinks_one_half_is_special():
    """If every mask counts by its probability, each unit is there in a share of 1 − p."""
    return but(straight="c")


@exercise.misconception
def thinks_bent_is_exact():
    """The mean of a square is not the square of the mean, and a ReLU bends as well."""
    return but(bent="a")


@exercise.misconception
def thinks_bent_is_hopeless():
    """The probabilities differ, but which is the largest? Bends must be strong to change that."""
    return but(bent="c")


@exercise.misconception
def thinks_dropout_always_helps():
    """Dropout is for networks that learn too much by heart. Can one with 8 units do that?"""
    return but(small_net="a")


@exercise.misconception
def thinks_dropout_does_no_harm():
    """A network of 8 units is busy with all of them. What if half are silent in every step?"""
    return but(small_net="b")


@exercise.misconception
def thinks_forgetting_is_a_disaster():
    """The network was trained just like that, with units missing. Can it still read?"""
    return but(forgotten="b")


@exercise.misconception
def thinks_forgetting_is_harmless():
    """Each time other units are silent, so the numbers that come out are different."""
    return but(forgotten="c")
