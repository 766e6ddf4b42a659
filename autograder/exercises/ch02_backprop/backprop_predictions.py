"""Predict, then run: which weights matter?"""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    guessable=True,
    hints=(
        "Which factors does the slope of a weight have, according to the four equations?",
        "Follow the arrows of a drawn network from the changed weight to the output, and count.",
        "Slope = activation in × error out; σ′ ≤ ¼ per layer; with 10 equal chances, −ln(1/10).",
    ),
)

OPTIONS = {
    "steep": "abc",
    "budget": "abc",
    "reach": "abcd",
    "early": "abc",
    "tanh": "abc",
    "start": "abcd",
}


def backprop_predictions() -> dict[str, str]:
    """Answer with letters, before you run what follows.

    steep   The slope of the cost by a weight is large above all where
            a) the weight is large   b) the activation that enters it is large
            c) the bias of its neuron is large
    budget  You may take a gradient step on 60 of a layer's 600 weights. Most is gained by
            a) those with the largest inputs   b) the largest weights   c) 60 drawn at random
    reach   You change one weight of the first layer of a 4-5-5-5-1 network. So many neurons
            change their activation:   a) 1   b) 5   c) 12   d) 16
    early   In six layers of sigmoids, the slopes of the first layer's weights are, next to
            those of the last layer's,   a) far smaller   b) about as large   c) far larger
    tanh    The same six layers with tanh: from layer to layer the slopes change
            a) as much as with sigmoids   b) far less   c) far more
    start   Ten classes, small random weights, no training yet. The cross-entropy is about
            a) 0   b) 0.1   c) 2.3   d) 10

    Returns
    -------
    dict of str
        A letter for each name: {"steep": "…", "budget": "…", "reach": "…", …}.
    """
    return {"steep": "b", "budget": "a", "reach": "c", "early": "a", "tanh": "b", "start": "c"}


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "about_single_weights",
    "Foresees which weights have steep slopes, and what changing them gains.",
    "steep budget",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_depth",
    "Foresees how far a change reaches, and how strong it is when it comes from far away.",
    "reach early",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "about_training",
    "Foresees what another activation changes, and where training begins.",
    "tanh start",
    points=2,
)


@exercise.variant
def in_capitals():
    return {"steep": "B", "budget": " A", "reach": "C", "early": "A ", "tanh": "B", "start": "C"}


@exercise.variant
def from_one_word():
    return dict(zip(OPTIONS, "bacabc", strict=True))


def but(**said):
    return {**backprop_predictions(), **said}


@exercise.misconception
def large_weights_are_steep():
    """∂C/∂w = (activation in) × (error out): the weight's own size is not among the factors."""
    return but(steep="a")


@exercise.misconception
def the_bias_makes_steep():
    """The bias moves z, the same for all weights of a neuron; it does not tell them apart."""
    return but(steep="c")


@exercise.misconception
def large_weights_first():
    """A large weight makes the neuron behind it influential. It is not itself worth changing."""
    return but(budget="b")


@exercise.misconception
def any_sixty_will_do():
    """A tenth of the weights, drawn at random, gains a tenth. Steep slopes gain more."""
    return but(budget="c")


@exercise.misconception
def only_one_neuron_changes():
    """One neuron changes at once; what it sends on then changes everything behind it."""
    return but(reach="a")


@exercise.misconception
def only_one_layer_changes():
    """One weight enters one neuron of its own layer; all later layers hear of it."""
    return but(reach="b")


@exercise.misconception
def every_neuron_changes():
    """The other four neurons of the first layer do not see that weight."""
    return but(reach="d")


@exercise.misconception
def depth_does_not_matter():
    """On the way back every sigmoid layer multiplies by σ′, which is at most ¼."""
    return but(early="b")


@exercise.misconception
def early_weights_are_stronger():
    """More neurons are reached from far away, but each by a product of many small slopes."""
    return but(early="c")


@exercise.misconception
def all_squashing_is_alike():
    """The slope of tanh at 0 is 1, that of the sigmoid ¼: five layers make that a factor 1000."""
    return but(tanh="a")


@exercise.misconception
def tanh_is_worse():
    """The slope of tanh at 0 is 1 and not ¼: what travels back shrinks less, not more."""
    return but(tanh="c")


@exercise.misconception
def starts_without_loss():
    """A loss near 0 means to be certain and right, before anything was learned."""
    return but(start="a")


@exercise.misconception
def starts_at_the_probability():
    """0.1 is the probability of the right class. The loss is minus its logarithm."""
    return but(start="b")


@exercise.misconception
def starts_at_the_number_of_classes():
    """10 is the number of classes. The loss is its logarithm."""
    return but(start="d")
