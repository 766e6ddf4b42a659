"""Predict, then run: what can be carried over, and what it costs."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Features are worth something to a new task if it asks for the same things. And if it asks "
        "for what the old one could ignore?",
        "A head of small weights says the same to everything. A layer of small weights lets hardly "
        "any slope through.",
        "ln 5 = 1.6; five layers with slopes of at most ¼ and weights of 0.01.",
    ),
    guessable=True,
)

OPTIONS = {
    "first_loss": "abcd",
    "frozen_slope": "abc",
    "few_examples": "abc",
    "many_examples": "abc",
    "shuffled": "abc",
    "easy_pixels": "abc",
    "third_layer": "abc",
    "labels_needed": "abc",
    "small_and_deep": "abc",
    "rescue": "abc",
}


def transfer_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    first_loss: a network gets a new head with tiny weights for five classes. Its loss, before any
        training, is about (a) 0; (b) 1.6; (c) 2.3; (d) as large as that of the old task was.
    frozen_slope: the slope of the loss by a frozen weight (a) is zero; (b) need not be zero, but is
        not used; (c) cannot be computed.
    few_examples: two tasks look for the same hidden features. Of one there are 3,000 examples, of
        the other 100. A network that learned the first and then the second is right, on the second,
        (a) no more often than one that saw the second alone; (b) 2 points in a hundred more often;
        (c) 15 points or more.
    many_examples: now there are 3,000 of the second as well. The lead (a) grows; (b) shrinks;
        (c) stays.
    shuffled: the pretrained weights are shuffled within each layer, then frozen. The features are
        (a) far worse; (b) nearly as good; (c) better.
    easy_pixels: handwritten digits stand well centred on 8×8 pixels. Features learned on 0 to 4 are
        frozen, and five examples each of 5 to 9 are given. Compared with a head on the bare
        pixels this is right (a) far more often; (b) somewhat more often; (c) less often.
    third_layer: in greedy pretraining, the third layer learns to reconstruct (a) the images;
        (b) the labels; (c) what the second layer makes of the images.
    labels_needed: pretraining by restricted Boltzmann machines needs (a) no labels; (b) a few;
        (c) all.
    small_and_deep: five sigmoid layers with weights of size 0.01 and a head are trained on ten
        kinds of digits, for 20 epochs. On the training set they read right about (a) 10 %;
        (b) 50 %; (c) 99 %.
    rescue: the same network can be trained (a) after pretraining only; (b) after pretraining, and
        as well from random weights of the right size; (c) in neither way.

    Returns
    -------
    dict of str to str
        For each of the ten questions a letter, such as {"first_loss": "a", ...}.
    """
    return {
        "first_loss": "b",
        "frozen_slope": "b",
        "few_examples": "c",
        "many_examples": "b",
        "shuffled": "a",
        "easy_pixels": "c",
        "third_layer": "c",
        "labels_needed": "a",
        "small_and_deep": "a",
        "rescue": "b",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "heads_and_freezing",
    "Foresees what a new head says, and what becomes of frozen weights.",
    "first_loss frozen_slope shuffled",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "when_it_helps",
    "Foresees when features of another task help, and how much.",
    "few_examples many_examples easy_pixels",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "pretraining",
    "Foresees what pretraining learns from, and what it is good for.",
    "third_layer labels_needed small_and_deep rescue",
    points=2,
)


@exercise.variant
def in_capitals():
    return {q: f" {letter.upper()} " for q, letter in transfer_predictions().items()}


@exercise.variant
def built_otherwise():
    return dict(zip(OPTIONS, "bbcbaccaab", strict=True))


def but(**answers):
    return {**transfer_predictions(), **answers}


@exercise.misconception
def thinks_a_pretrained_network_knows():
    """The layers below know something. The head was drawn a moment ago."""
    return but(first_loss="a")


@exercise.misconception
def counts_ten_classes():
    """Five classes, all equally probable: what does each mistake cost on average?"""
    return but(first_loss="c")


@exercise.misconception
def thinks_the_loss_is_carried_over():
    """The old loss belonged to the old head."""
    return but(first_loss="d")


@exercise.misconception
def thinks_frozen_slopes_vanish():
    """Freezing is a decision, not a property of the loss: nudge a frozen weight and look."""
    return but(frozen_slope="a")


@exercise.misconception
def thinks_frozen_slopes_cannot_be_computed():
    """The network is the same, frozen or not; so is its loss."""
    return but(frozen_slope="c")


@exercise.misconception
def sees_no_use_in_another_task():
    """With 100 examples a network can hardly find the features by itself. Where else are they?"""
    return but(few_examples="a")


@exercise.misconception
def expects_a_small_lead():
    """With 100 examples the other network has hardly begun to find the features."""
    return but(few_examples="b")


@exercise.misconception
def thinks_the_lead_grows():
    """With many examples one can find the features oneself."""
    return but(many_examples="a")


@exercise.misconception
def thinks_the_lead_stays():
    """What one lacks with few examples one has with many."""
    return but(many_examples="c")


@exercise.misconception
def thinks_sizes_are_knowledge():
    """A layer knows by *where* its numbers stand."""
    return but(shuffled="b")


@exercise.misconception
def thinks_chaos_is_better():
    """What should be better about a shuffled layer?"""
    return but(shuffled="c")


@exercise.misconception
def thinks_features_always_help_much():
    """What 0 to 4 do not need has been thrown away. Pixels still hold everything."""
    return but(easy_pixels="a")


@exercise.misconception
def thinks_features_always_help():
    """Were the features asked for what tells a 5 from a 6? The pixels know."""
    return but(easy_pixels="b")


@exercise.misconception
def thinks_all_layers_see_images():
    """Greedy: each layer only sees the one below."""
    return but(third_layer="a")


@exercise.misconception
def thinks_pretraining_sees_labels():
    """There are no labels in pretraining."""
    return but(third_layer="b")


@exercise.misconception
def thinks_a_few_labels_are_needed():
    """To reconstruct a picture, the picture is enough."""
    return but(labels_needed="b")


@exercise.misconception
def thinks_all_labels_are_needed():
    """It is called *unsupervised* pretraining."""
    return but(labels_needed="c")


@exercise.misconception
def expects_half():
    """How much of the slope arrives below five layers of such weights?"""
    return but(small_and_deep="b")


@exercise.misconception
def expects_no_trouble():
    """All examples look the same to the head, if every layer has weights of 0.01."""
    return but(small_and_deep="c")


@exercise.misconception
def thinks_only_pretraining_helps():
    """That was believed in 2006. Chapter 5 has another way of keeping signals alive."""
    return but(rescue="a")


@exercise.misconception
def thinks_nothing_helps():
    """Both ways have worked."""
    return but(rescue="c")
