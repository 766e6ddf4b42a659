"""Predict, then run: what neurons can and cannot do."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    guessable=True,
    hints=(
        "A perceptron only asks on which side of a line a point lies. What follows for each case?",
        "Draw the four corners of a square for the gates; for the small moves, look at how steep "
        "the step and the S-curve are at that place.",
        r"The slope of the sigmoid is $\frac14$ at 0; a layer with $n$ inputs and $m$ neurons has "
        r"$nm + m$ parameters; two straight lines one after the other are a straight line.",
    ),
)

OPTIONS = {
    "threshold": "abcd",
    "gates": "abcd",
    "forever": "abc",
    "flip": "abc",
    "smooth": "abc",
    "far": "abc",
    "halving": "abc",
    "xor_regression": "abc",
    "ten_layers": "abc",
    "parameters": "abc",
    "digits": "abc",
}


def neurons_predictions() -> dict[str, str]:
    """Answer with letters, before you run what follows.

    threshold       A neuron has the weights (6, 2, 2) for three inputs that are 0 or 1. Its
                    threshold is lowered from 5 to 3. Of the 8 situations it decides differently in
                    a) none   b) one   c) four   d) all
    gates           Two inputs that are 0 or 1 allow 16 different tables of answers. One neuron with
                    a threshold can do   a) all 16   b) 15   c) 14   d) 8
    forever         A perceptron is trained on XOR (yes if exactly one input is 1), 1,000 times
                    through all four examples.   a) In the end it has learned it
                    b) It makes mistakes in every epoch, and its weights stay small
                    c) It makes mistakes in every epoch, and its weights grow and grow
    flip            A neuron that jumps at 0 has the sum −0.0001. A weight whose input is 1 grows by
                    0.001. Its output   a) jumps from 0 to 1   b) grows by 0.001   c) stays 0
    smooth          The same for a sigmoid neuron, whose output is an S-curve of the sum. Its output
                    a) jumps by about ½   b) grows by about 0.001   c) grows by about 0.00025
    far             A neuron that jumps at 0 has the sum 10. A weight whose input is 1 falls by 3.
                    Its output   a) falls a little   b) stays 1   c) jumps to 0
    halving         A straight line predicts how far a sigmoid neuron's output moves. If all moves
                    of the weights are half as large, the error of the prediction is about
                    a) half as large   b) a quarter   c) the same
    xor_regression  One sigmoid neuron is trained on XOR until nothing changes any more. It says
                    a) ½ for all four   b) the right thing for three of them
                    c) the right thing for all four
    ten_layers      Ten layers that only multiply by weights and add biases compute
                    a) curves of any shape   b) XOR, at last   c) what one such layer computes
    parameters      A network with 784 inputs, 16 hidden and 10 output neurons has so many weights
                    and biases:   a) 810   b) 12,704   c) 12,730
    digits          Ten perceptrons, one for each digit, are trained on 1,200 small images. Of new
                    images they read right about   a) nine in ten   b) half   c) a third

    Returns
    -------
    dict of str
        A letter for each name: {"threshold": "…", "gates": "…", "forever": "…", …}.
    """
    return {
        "threshold": "b",
        "gates": "c",
        "forever": "b",
        "flip": "a",
        "smooth": "c",
        "far": "b",
        "halving": "b",
        "xor_regression": "a",
        "ten_layers": "c",
        "parameters": "c",
        "digits": "a",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "about_perceptrons",
    "Foresees what a threshold changes, and what one perceptron can and cannot learn.",
    "threshold gates forever",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_small_moves",
    "Foresees what small changes of a weight do to a step and to a sigmoid.",
    "flip smooth far",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_one_sigmoid",
    "Foresees how good a straight-line prediction is, and what one sigmoid neuron makes of XOR.",
    "halving xor_regression",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_networks",
    "Foresees what layers without bends are worth, how many numbers there are to learn, and how "
    "well ten perceptrons read.",
    "ten_layers parameters digits",
    points=2,
)


@exercise.variant
def in_capitals():
    right = neurons_predictions()
    return {question: f" {letter.upper()}" for question, letter in right.items()}


@exercise.variant
def as_keywords():
    return dict(neurons_predictions())


def _but(**answers):
    return {**neurons_predictions(), **answers}


@exercise.misconception
def thresholds_hardly_matter():
    """Which sums lie between 3 and 5? Write down all eight."""
    return _but(threshold="a")


@exercise.misconception
def threshold_changes_half():
    """Four situations said yes before. How many more have a sum above 3?"""
    return _but(threshold="c")


@exercise.misconception
def threshold_changes_everything():
    """With the sum 0 the neuron is silent before and after."""
    return _but(threshold="d")


@exercise.misconception
def every_gate_is_possible():
    """Draw XOR: can one straight line have both yeses on one side and both noes on the other?"""
    return _but(gates="a")


@exercise.misconception
def only_xor_is_impossible():
    """If XOR cannot be done, what about its exact opposite?"""
    return _but(gates="b")


@exercise.misconception
def half_the_gates():
    """Gates with a single yes, with three, with none: many more can be cut off by a line."""
    return _but(gates="d")


@exercise.misconception
def patience_learns_xor():
    """Learning ends with weights that make no mistake. For XOR there are none."""
    return _but(forever="a")


@exercise.misconception
def weights_grow_for_ever():
    """Misses add an input, false alarms take it away again. What does that do to the weights?"""
    return _but(forever="c")


@exercise.misconception
def steps_move_a_little():
    """A step knows only 0 and 1. Which side of 0 is the sum on, before and after?"""
    return _but(flip="b")


@exercise.misconception
def tiny_moves_do_nothing():
    """−0.0001 + 0.001 is above 0."""
    return _but(flip="c")


@exercise.misconception
def sigmoid_jumps_too():
    """Look at the S-curve around 0: it is steepest there, but it does not jump."""
    return _but(smooth="a")


@exercise.misconception
def sigmoid_moves_like_its_sum():
    """The *sum* grows by 0.001. How steep is the curve at 0?"""
    return _but(smooth="b")


@exercise.misconception
def far_away_steps_move_a_little():
    """A step knows only 0 and 1, and the sum of 7 is still above 0."""
    return _but(far="a")


@exercise.misconception
def far_away_steps_flip():
    """The sum falls to 7, which is still above 0."""
    return _but(far="c")


@exercise.misconception
def error_falls_like_the_move():
    """What a straight line misses is the *bend* of the curve, which goes with the square."""
    return _but(halving="a")


@exercise.misconception
def error_stays():
    """Close to where it touches, a straight line and a curve are closer and closer together."""
    return _but(halving="c")


@exercise.misconception
def three_right_are_cheapest():
    """Three right cost one that is sure and wrong, which is very expensive. Unsure costs less."""
    return _but(xor_regression="b")


@exercise.misconception
def sigmoid_learns_xor():
    """Where a sigmoid neuron says ½ is still a straight line."""
    return _but(xor_regression="c")


@exercise.misconception
def depth_makes_curves():
    """A straight line of a straight line of a straight line: is there a bend anywhere?"""
    return _but(ten_layers="a")


@exercise.misconception
def depth_makes_xor():
    """XOR needs a bend, and a stack of straight maps has none."""
    return _but(ten_layers="b")


@exercise.misconception
def neurons_are_counted():
    """810 is the number of neurons, inputs included. Each pair of neighbours has a weight."""
    return _but(parameters="a")


@exercise.misconception
def biases_are_forgotten():
    """These are the weights alone. Each of the 26 computing neurons has a bias, too."""
    return _but(parameters="b")


@exercise.misconception
def half_the_digits():
    """In 64 dimensions there is a lot of room for a flat cut between one digit and the rest."""
    return _but(digits="b")


@exercise.misconception
def a_third_of_the_digits():
    """Guessing gets a tenth. In 64 dimensions a flat cut can do far more than on paper."""
    return _but(digits="c")
