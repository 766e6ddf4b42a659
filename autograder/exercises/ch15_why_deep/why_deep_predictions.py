"""Predict, then run: what width can do, and what depth."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Which of the questions can be answered with a sheet of paper that you fold?",
        "An error that shrinks with the square falls fourfold when its cause is halved. What can "
        "be done is one thing, what chance or training does is another.",
        "Steps: error ∝ 1/H. Lines: error ∝ 1/H². Folding: pieces double with each layer.",
    ),
    guessable=True,
)

OPTIONS = {
    "universal": "abc",
    "more_steps": "abc",
    "more_lines": "abc",
    "folds": "abc",
    "one_layer": "abc",
    "by_chance": "abc",
    "never_seen": "abc",
    "untrained": "abc",
    "very_deep": "abc",
}


def why_deep_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    universal: with enough units one hidden layer comes as close as you like, everywhere on [0, 1],
        to (a) every function; (b) every continuous function; (c) only to some continuous ones.
    more_steps: a curve is followed by steps. With twice the units the largest error becomes about
        (a) half; (b) a quarter; (c) an eighth.
    more_lines: a smooth curve is followed by straight lines, from ReLUs. With twice the units the
        largest error becomes about (a) half; (b) a quarter; (c) an eighth.
    folds: ten hidden layers of two ReLUs each can make a line with about
        (a) 1000; (b) 100; (c) 20 straight pieces.
    one_layer: to make as many pieces, one hidden layer needs about
        (a) 20; (b) 100; (c) 1000 units.
    by_chance: two untrained networks have as many parameters, one is wide, one is deep. The deep
        one has (a) more; (b) as many; (c) fewer straight pieces.
    never_seen: short-haired women, long-haired women and short-haired men were seen, no man with
        long hair. A softmax over the four groups recognises (a) none; (b) about a quarter;
        (c) most of the long-haired men that come.
    untrained: from layer to layer of an untrained network, classes that are mixed at the input
        (a) separate more and more; (b) hardly separate; (c) separate exactly as after training.
    very_deep: a plain network of 30 layers is trained on the digits for 250 steps, as one of 4
        layers is. Its error on the *training* digits is (a) lower; (b) the same; (c) higher.

    Returns
    -------
    dict of str to str
        For each of the nine questions a letter, such as {"universal": "a", ...}.
    """
    return {
        "universal": "b",
        "more_steps": "a",
        "more_lines": "b",
        "folds": "a",
        "one_layer": "c",
        "by_chance": "c",
        "never_seen": "a",
        "untrained": "b",
        "very_deep": "c",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "width",
    "Foresees what one hidden layer can do, and how fast it improves with more units.",
    "universal more_steps more_lines",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "folding",
    "Foresees how many pieces layers can make, and how many they make by chance.",
    "folds one_layer by_chance",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "learning",
    "Foresees what is learned of rare classes, by untrained layers, and by very many.",
    "never_seen untrained very_deep",
    points=2,
)


@exercise.variant
def in_capitals():
    return {q: f" {letter.upper()} " for q, letter in why_deep_predictions().items()}


@exercise.variant
def built_otherwise():
    return dict(zip(OPTIONS, "babaccabc", strict=True))


def but(**answers):
    return {**why_deep_predictions(), **answers}


@exercise.misconception
def thinks_every_function():
    """Think of a function that jumps: how far off is a continuous curve beside the jump?"""
    return but(universal="a")


@exercise.misconception
def thinks_some_only():
    """Could you follow any curve you can draw without lifting the pen with enough steps?"""
    return but(universal="c")


@exercise.misconception
def thinks_steps_are_lines():
    """That is how fast *lines* improve. How far can a curve get from a flat step?"""
    return but(more_steps="b")


@exercise.misconception
def thinks_steps_are_parabolas():
    """Much too fast for steps: on a slope, half the width is half the error."""
    return but(more_steps="c")


@exercise.misconception
def thinks_lines_are_steps():
    """That is how fast steps improve. How far does a parabola get from its chord?"""
    return but(more_lines="a")


@exercise.misconception
def thinks_lines_are_parabolas():
    """A parabola's distance from its chord grows with the square of the width."""
    return but(more_lines="c")


@exercise.misconception
def thinks_layers_add():
    """That is the number of units. What does a second fold do to what the first one folded?"""
    return but(folds="c")


@exercise.misconception
def thinks_layers_square():
    """Fold a sheet ten times and count the layers."""
    return but(folds="b")


@exercise.misconception
def thinks_twenty_units_will_do():
    """In one layer a unit bends the line once: how many bends do these make?"""
    return but(one_layer="a")


@exercise.misconception
def thinks_a_hundred_units_will_do():
    """How many bends has a line of so many pieces?"""
    return but(one_layer="b")


@exercise.misconception
def thinks_depth_always_folds():
    """What weights *can* do, chance does not do: a random layer hardly folds anything."""
    return but(by_chance="a")


@exercise.misconception
def thinks_parameters_count_pieces():
    """Pieces are not parameters: count them, the chapter does."""
    return but(by_chance="b")


@exercise.misconception
def thinks_softmax_guesses():
    """Every training step pushes this group's score down. When would it be the highest?"""
    return but(never_seen="b")


@exercise.misconception
def thinks_softmax_combines():
    """That is what two separate classifiers do. For the softmax a group is just a name."""
    return but(never_seen="c")


@exercise.misconception
def thinks_layers_separate_by_themselves():
    """Random layers mix as they come. What could make them sort by class?"""
    return but(untrained="a")


@exercise.misconception
def thinks_training_changes_nothing():
    """Training is what moves the classes apart."""
    return but(untrained="c")


@exercise.misconception
def thinks_deeper_is_always_better():
    """It *could* do better, by letting 26 layers do nothing. Will descent find that?"""
    return but(very_deep="a")


@exercise.misconception
def thinks_depth_does_not_matter():
    """How does the error's way back through 30 layers look?"""
    return but(very_deep="b")
