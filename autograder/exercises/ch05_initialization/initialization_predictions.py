"""Predict, then run: what the first weights decide."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Which of these can be answered with one multiplication, done ten times?",
        "A sum of 500 terms of either sign is about √500 ≈ 22 times as large as one term.",
        "Ten layers: (0.01·22)^10, (1/√2)^10, and 1^10.",
    ),
    guessable=True,
)

OPTIONS = {
    "zeros": "abc",
    "constant": "abc",
    "tanh_small": "abcd",
    "tanh_large": "abc",
    "large_gradient": "abc",
    "relu_xavier": "abc",
    "relu_active": "abc",
    "relu_bias": "abc",
}


def initialization_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    The deep network has 10 layers of 500 units, without biases; its 1,000 inputs are standard
    normal. "Spread" is the standard deviation of the outputs of layer 10.

    zeros: a net with one hidden tanh layer starts with all weights 0. After 2,000 steps its
        hidden weights are (a) all still exactly 0; (b) all equal, but not 0; (c) all different.
    constant: now all weights start at 0.5. After 2,000 steps the hidden units (a) still have all
        weights 0.5; (b) have changed, but are all twins; (c) have become different.
    tanh_small: the deep network with tanh, all weights of size 0.01. The spread is about
        (a) 0.01; (b) 3e-7; (c) 0.2; (d) exactly 0.
    tanh_large: the same with weights of size 1. The spread is about (a) 1; (b) 500; (c) 0.
    large_gradient: and a gradient sent down through these ten layers, from top to bottom,
        (a) fades to less than a thousandth; (b) keeps its size; (c) grows over a thousand times.
    relu_xavier: the deep network with ReLU, weights of variance 1/500. The spread is about
        (a) 0.8; (b) 0.2; (c) 0.03.
    relu_active: and in its layer 10, the share of outputs that are not 0 is (a) below 1 %;
        (b) about one half; (c) almost 100 %.
    relu_bias: ReLUs with variance 2/500 instead; each bias starts at 0.01 instead of 0. In the
        first layer the share of outputs above 0 rises from 50 % to (a) below 51 %; (b) about
        60 %; (c) almost 100 %.

    Returns
    -------
    dict of str to str
        For each of the eight questions a letter, such as {"zeros": "c", ...}.
    """
    return {
        "zeros": "a",
        "constant": "b",
        "tanh_small": "b",
        "tanh_large": "a",
        "large_gradient": "c",
        "relu_xavier": "c",
        "relu_active": "b",
        "relu_bias": "a",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "about_twins",
    "Foresees what becomes of units that start alike.",
    "zeros constant",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_tanh",
    "Foresees how small and large weights treat a signal and a gradient.",
    "tanh_small tanh_large large_gradient",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_relu",
    "Foresees what a ReLU does to the size of a signal, and a bias to the ReLU.",
    "relu_xavier relu_active relu_bias",
    points=2,
)


RIGHT = {
    **{"zeros": "a", "constant": "b", "tanh_small": "b", "tanh_large": "a"},
    **{"large_gradient": "c", "relu_xavier": "c", "relu_active": "b", "relu_bias": "a"},
}


@exercise.variant
def in_capitals():
    return {
        **{"zeros": "A", "constant": " B", "tanh_small": "B ", "tanh_large": "A"},
        **{"large_gradient": "C", "relu_xavier": "C", "relu_active": "B", "relu_bias": "A"},
    }


@exercise.variant
def by_dict():
    backwards = [("relu_bias", "a"), ("relu_active", "b"), ("relu_xavier", "c")]
    backwards += [("large_gradient", "c"), ("tanh_large", "a"), ("tanh_small", "b")]
    return dict([*backwards, ("constant", "b"), ("zeros", "a")])


@exercise.misconception
def zeros_move_together():
    """zeros: a hidden weight's gradient is input times error, and the error comes through the
    outgoing weights. How large are those?"""
    return {**RIGHT, "zeros": "b"}


@exercise.misconception
def zeros_learn():
    """zeros: what could make two units different, if nothing is random? And what passes a 0?"""
    return {**RIGHT, "zeros": "c"}


@exercise.misconception
def constants_are_stuck():
    """constant: a weight of 0.5 does pass an error down. The weights move; but how, compared with
    their neighbours'?"""
    return {**RIGHT, "constant": "a"}


@exercise.misconception
def constants_part_ways():
    """constant: equal units have equal outputs and equal gradients. What do they become after one
    step? And after 2,000?"""
    return {**RIGHT, "constant": "c"}


@exercise.misconception
def spread_of_the_weights():
    """tanh_small: 0.01 is the size of the weights. The signal is multiplied by something in every
    layer."""
    return {**RIGHT, "tanh_small": "a"}


@exercise.misconception
def only_one_layer():
    """tanh_small: about 0.2 is what comes out of the *first* layer. There are ten."""
    return {**RIGHT, "tanh_small": "c"}


@exercise.misconception
def gone_altogether():
    """tanh_small: multiplying makes small, but not exactly 0; floats go down to 1e-308."""
    return {**RIGHT, "tanh_small": "d"}


@exercise.misconception
def tanh_without_limits():
    """tanh_large: how large can a tanh become?"""
    return {**RIGHT, "tanh_large": "b"}


@exercise.misconception
def saturated_means_nothing():
    """tanh_large: saturated units say −1 or +1. What is the spread of a fair ±1?"""
    return {**RIGHT, "tanh_large": "c"}


@exercise.misconception
def saturation_stops_it():
    """large_gradient: most slopes are near 0, but not all; and each layer multiplies by weights
    of size 1, 500 of them. Which wins?"""
    return {**RIGHT, "large_gradient": "a"}


@exercise.misconception
def a_lucky_balance():
    """large_gradient: that would need a factor of 1 in every layer; nothing arranges for it."""
    return {**RIGHT, "large_gradient": "b"}


@exercise.misconception
def xavier_suits_relu():
    """relu_xavier: variance 1/n keeps what comes *out of the sum*; then the ReLU cuts off half."""
    return {**RIGHT, "relu_xavier": "a"}


@exercise.misconception
def xavier_fades_as_with_tanh():
    """relu_xavier: about 0.2 is left by tanh. A ReLU takes half of the mean square, ten times."""
    return {**RIGHT, "relu_xavier": "b"}


@exercise.misconception
def relus_die_out():
    """relu_active: whether z is above 0 does not depend on how large z is. The signs of a
    symmetric sum are fair coins."""
    return {**RIGHT, "relu_active": "a"}


@exercise.misconception
def relus_all_awake():
    """relu_active: half of all z are negative, in every layer."""
    return {**RIGHT, "relu_active": "c"}


@exercise.misconception
def bias_helps_a_lot():
    """relu_bias: compare 0.01 with the spread of z, which is √2 here."""
    return {**RIGHT, "relu_bias": "b"}


@exercise.misconception
def bias_wakes_them_all():
    """relu_bias: a z of −1 + 0.01 is still negative. How large is a typical z?"""
    return {**RIGHT, "relu_bias": "c"}
