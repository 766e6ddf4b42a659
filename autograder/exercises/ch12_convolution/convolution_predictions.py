"""Predict, then run: what windows see, share and keep."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Which questions can be answered with a line of five pixels and a pencil?",
        "A map's units share a kernel. What does that do to the number of weights, and to their "
        "slopes?",
        "(28 − 5 + 1)² places; 5² + 1 weights per map; 1 + 2 + 2·2.",
    ),
    guessable=True,
)

OPTIONS = {
    "same_size": "abcd",
    "weights": "abcd",
    "larger_image": "abc",
    "shared_slope": "abc",
    "pooling_weights": "abc",
    "losers": "abc",
    "shifted": "abc",
    "two_of_three": "abc",
}


def convolution_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    same_size: a 5×5 kernel with stride 1 shall give a map as large as the image. How much padding
        does it need? (a) 0; (b) 1; (c) 2; (d) 5.
    weights: a layer of 20 maps with 5×5 kernels on grey images of 28×28 pixels has about
        (a) 500; (b) 12,000; (c) 300,000; (d) 9,000,000 weights.
    larger_image: the same layer gets images four times as large. The number of its weights
        (a) stays; (b) grows four times; (c) grows sixteen times.
    shared_slope: the slope of the loss by one weight of a kernel is (a) the slope at the place
        where the kernel fits best; (b) the mean over all places; (c) the sum over all places.
    pooling_weights: a max pooling layer learns (a) one weight per window; (b) one per map;
        (c) none.
    losers: on the way back, the pixels of a window that were not its maximum get (a) 0; (b) an
        equal share of the error; (c) a share by their size.
    shifted: the image moves two pixels to the right. A map of a convolution, away from the
        borders, (a) stays as it is; (b) moves two pixels to the right; (c) changes altogether.
    two_of_three: two layers of 3×3 kernels on top of each other see as much of the image as one
        kernel of (a) 5×5; (b) 6×6; (c) 9×9 pixels.

    Returns
    -------
    dict of str to str
        For each of the eight questions a letter, such as {"same_size": "a", ...}.
    """
    return {
        "same_size": "c",
        "weights": "a",
        "larger_image": "a",
        "shared_slope": "c",
        "pooling_weights": "c",
        "losers": "a",
        "shifted": "b",
        "two_of_three": "a",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "sizes",
    "Foresees how much windows see, and how much room they need.",
    "same_size two_of_three",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "sharing",
    "Foresees what sharing a kernel does to the number of weights and to their slopes.",
    "weights larger_image shared_slope",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "pooling_and_shifts",
    "Foresees what pooling learns and passes back, and what a shifted image does.",
    "pooling_weights losers shifted",
    points=2,
)


@exercise.variant
def in_capitals():
    return {q: f" {letter.upper()} " for q, letter in convolution_predictions().items()}


@exercise.variant
def built_otherwise():
    return dict(zip(OPTIONS, "caaccaba", strict=True))


def but(**answers):
    return {**convolution_predictions(), **answers}


@exercise.misconception
def thinks_no_padding_is_needed():
    """Without padding a map is smaller: the kernel cannot hang over the edge."""
    return but(same_size="a")


@exercise.misconception
def thinks_one_is_enough():
    """One pixel on each side is enough for a 3×3 kernel. And for a larger one?"""
    return but(same_size="b")


@exercise.misconception
def thinks_a_whole_kernel_is_needed():
    """The kernel's centre must be able to stand on the corner: how far does it reach from there?"""
    return but(same_size="d")


@exercise.misconception
def thinks_every_pixel_has_a_weight_per_map():
    """A unit sees 5×5 pixels, not the whole image."""
    return but(weights="b")


@exercise.misconception
def counts_connections():
    """That is how many *connections* there are. How many different weights?"""
    return but(weights="c")


@exercise.misconception
def counts_a_dense_layer():
    """That would be a dense layer with as many units."""
    return but(weights="d")


@exercise.misconception
def thinks_weights_grow_with_the_image():
    """The kernel is used at more places, but it is the same kernel."""
    return but(larger_image="b")


@exercise.misconception
def thinks_weights_grow_with_the_square():
    """Neither the image nor its square is in the number of a kernel's weights."""
    return but(larger_image="c")


@exercise.misconception
def thinks_the_best_place_decides():
    """A weight acts at every place where its kernel stands. Paths add up."""
    return but(shared_slope="a")


@exercise.misconception
def thinks_places_are_averaged():
    """Several paths from one weight to the loss: their slopes are added, not averaged."""
    return but(shared_slope="b")


@exercise.misconception
def thinks_windows_have_weights():
    """Taking a maximum needs no weight."""
    return but(pooling_weights="a")


@exercise.misconception
def thinks_maps_have_weights():
    """There is nothing in a pooling layer that could be learned."""
    return but(pooling_weights="b")


@exercise.misconception
def thinks_losers_share():
    """That is mean pooling. Would nudging a pixel that is not the maximum change the output?"""
    return but(losers="b")


@exercise.misconception
def thinks_size_counts():
    """Only who is the maximum counts, not by how much."""
    return but(losers="c")


@exercise.misconception
def thinks_maps_do_not_move():
    """The same kernel meets the same pixels, two places further on."""
    return but(shifted="a")


@exercise.misconception
def thinks_everything_changes():
    """That is what a dense layer does. Here every place is treated alike."""
    return but(shifted="c")


@exercise.misconception
def adds_the_kernels():
    """Neighbouring windows of 3 overlap in 2: the second layer adds less than 3."""
    return but(two_of_three="b")


@exercise.misconception
def multiplies_the_kernels():
    """3·3 would need windows side by side, that is a stride of 3."""
    return but(two_of_three="c")
