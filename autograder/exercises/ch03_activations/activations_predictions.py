"""Predict, then run: what bends do to a gradient."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    guessable=True,
    hints=(
        "Going down one layer, a gradient meets a weight matrix *and* an activation's slope.",
        "σ′ ≤ 0.25, tanh′ ≤ 1, ReLU′ is 0 or 1; a gradient by a weight is input times error.",
        "0.25 ten times in a row is 1e-6; 2 twenty times is 1e6, half of N(0, 1) negative.",
    ),
)

OPTIONS = {
    "sigmoids": "abcd",
    "tanhs": "abcd",
    "heavy": "abc",
    "signs": "abc",
    "batch": "abc",
    "dead": "abc",
    "bias": "abc",
    "elu": "abc",
    "maxout": "abc",
}


def activations_predictions() -> dict[str, str]:
    """Answer with letters, before you run what follows.

    sigmoids  10 layers of 100 neurons, weights of variance 1/100, errors sent back from the top.
              Next to the last layer's, the first layer's gradient with *sigmoids* is about
              a) as large   b) a tenth   c) a thousandth   d) a millionth
    tanhs     The same with *tanh*:
              a) as large   b) a tenth   c) a thousandth   d) a millionth
    heavy     20 layers of ReLUs, whose slope is never above 1. All weights are then doubled.
              The error that reaches the bottom   a) stays as it was, because of the slopes
              b) grows by a factor of 2   c) grows by a factor of about a million
    signs     A neuron's 20 inputs are all positive. The gradient of *one example's* cost by its
              20 weights has   a) one sign for all   b) random signs   c) positive signs only
    batch     The gradients of 100 such examples are added. Some of their errors are positive and
              some negative. The sum   a) has one sign for all   b) may have both signs
              c) is about 0
    dead      A ReLU's pre-activation is negative for every example. Gradient descent
              a) brings it back slowly   b) brings it back at a high rate   c) never moves it
    bias      2000 ReLUs on N(0, 1) inputs with He's weights, the share of positive outputs is ½.
              All biases become 0.01. The share is then
              a) about 0.503   b) about 0.6   c) nearly 1
    elu       The outputs of ELUs (alpha 1) for N(0, 1) inputs have the mean
              a) 0   b) 0.16   c) 0.40
    maxout    The largest of 5 random straight lines has
              a) usually about 3 pieces   b) always 5   c) usually more than 5

    Returns
    -------
    dict of str
        A letter for each name: {"sigmoids": "…", "tanhs": "…", "heavy": "…", …}.
    """
    return {
        "sigmoids": "d",
        "tanhs": "a",
        "heavy": "c",
        "signs": "a",
        "batch": "b",
        "dead": "c",
        "bias": "a",
        "elu": "b",
        "maxout": "a",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "about_depth",
    "Foresees what many layers, and heavy weights, do to a gradient.",
    "sigmoids tanhs heavy",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_signs",
    "Foresees which signs the gradient has if all inputs are positive.",
    "signs batch",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_dead_units",
    "Foresees what becomes of a ReLU below zero, and what a small bias changes.",
    "dead bias",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_other_shapes",
    "Foresees the mean of an ELU's outputs and the number of a maxout unit's pieces.",
    "elu maxout",
    points=2,
)


@exercise.variant
def in_capitals():
    right = activations_predictions()
    return {question: f" {letter.upper()}" for question, letter in right.items()}


@exercise.variant
def as_keywords():
    return dict(activations_predictions())


def _but(**answers):
    return {**activations_predictions(), **answers}


@exercise.misconception
def sigmoids_do_not_fade():
    """The sigmoid's slope is at most ¼, and the gradient meets ten of them in a row."""
    return _but(sigmoids="a")


@exercise.misconception
def sigmoids_fade_once():
    """A tenth would be a single layer or two. The slope of at most ¼ comes ten times."""
    return _but(sigmoids="b")


@exercise.misconception
def sigmoids_fade_a_little():
    """A thousandth is 0.25 to the fifth. There are ten layers, nine of them in between."""
    return _but(sigmoids="c")


@exercise.misconception
def tanh_fades_to_a_tenth():
    """Near 0 tanh's slope is 1, and weights of variance 1/n keep the length of an error."""
    return _but(tanhs="b")


@exercise.misconception
def tanh_fades_to_a_thousandth():
    """tanh's slope is near 1 for small inputs, and activations shrink a little on the way up."""
    return _but(tanhs="c")


@exercise.misconception
def tanh_fades_like_the_sigmoid():
    """The range is not what counts but the slope: at 0 tanh's is 1, the sigmoid's only ¼."""
    return _but(tanhs="d")


@exercise.misconception
def slopes_protect_from_explosion():
    """Slopes up to 1 cannot make it grow, but the error also meets every weight matrix."""
    return _but(heavy="a")


@exercise.misconception
def doubled_only_once():
    """The error comes through 20 weight matrices, and every one of them is doubled."""
    return _but(heavy="b")


@exercise.misconception
def random_signs():
    """Input times error: the error is one number for all the weights of a neuron."""
    return _but(signs="b")


@exercise.misconception
def always_positive():
    """The error may be negative, and turns all the signs round at once."""
    return _but(signs="c")


@exercise.misconception
def batch_has_one_sign_too():
    """Rows with opposite signs are added here, and different inputs weigh them differently."""
    return _but(batch="a")


@exercise.misconception
def batch_cancels():
    """Errors of both signs cancel partly. What is left differs from weight to weight."""
    return _but(batch="c")


@exercise.misconception
def dead_units_creep_back():
    """The slope is exactly 0 there, so the gradient is 0, however long one waits."""
    return _but(dead="a")


@exercise.misconception
def dead_units_jump_back():
    """A high rate times a gradient of 0 is 0."""
    return _but(dead="b")


@exercise.misconception
def bias_helps_much():
    """The pre-activations spread over more than 1. How many lie between −0.01 and 0?"""
    return _but(bias="b")


@exercise.misconception
def bias_fires_all():
    """A pre-activation of −1 is still negative if 0.01 is added."""
    return _but(bias="c")


@exercise.misconception
def elu_has_mean_zero():
    """Below 0 the ELU gives less than above 0: it is nearer to 0 than the ReLU, but not there."""
    return _but(elu="a")


@exercise.misconception
def elu_like_relu():
    """0.40 is the ReLU's mean. What the ELU gives below 0 is negative."""
    return _but(elu="c")


@exercise.misconception
def every_line_is_on_top():
    """A random line is often below the others everywhere. Draw five of them."""
    return _but(maxout="b")


@exercise.misconception
def more_pieces_than_lines():
    """The maximum is convex, so a line that has been overtaken never comes back."""
    return _but(maxout="c")
