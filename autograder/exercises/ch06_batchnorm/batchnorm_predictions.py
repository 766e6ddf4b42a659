"""Predict, then run: what normalisation does, and does not do."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Which questions can be answered with a batch of two numbers and a pencil?",
        "Subtracting and dividing moves and stretches a histogram. What does it not do?",
        "x̂ = (x − mean)/√(var + eps): put in x·1000, x + 7, and a batch of one.",
    ),
    guessable=True,
)

OPTIONS = {
    "exponential": "abc",
    "heavy_weights": "abc",
    "their_gradient": "abc",
    "bias": "abc",
    "batch_of_one": "abcd",
    "test_mode": "abc",
    "batch_mates": "abc",
    "young_memory": "abc",
}


def batchnorm_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    In all questions γ = 1 and β = 0, as at the start of training.

    exponential: a feature is very skewed (exponentially distributed). After batch normalisation
        in training it has (a) the shape of a bell, mean 0 and variance 1; (b) its skewed shape,
        mean 0 and variance 1; (c) a symmetric shape, but not that of a bell.
    heavy_weights: the weights W in front, z = x @ W, are multiplied by 1000. The layer's output
        (a) stays practically the same; (b) grows 1000 times; (c) becomes all ±1.
    their_gradient: and the gradient of the loss by those weights (a) stays the same; (b) grows
        1000 times; (c) shrinks 1000 times.
    bias: between W and the normalisation a bias b is added, z = x @ W + b. In training (a) it is
        learned as ever; (b) it is learned, but more slowly; (c) its gradient is always 0.
    batch_of_one: in training mode, a batch of a single example comes out (a) as it went in;
        (b) as all zeros; (c) as all ones; (d) as NaN.
    test_mode: in test mode, an example among 63 others comes out (a) exactly as it would alone;
        (b) a little differently; (c) quite differently.
    batch_mates: in training mode, an example's output varies with its random company. If the
        batch grows from 8 to 128, this noise becomes (a) about 16 times smaller; (b) hardly
        smaller; (c) about 4 times smaller.
    young_memory: the running mean starts at 0, momentum is 0.9, and a feature has mean 5. After
        5 batches the running mean is about (a) 5; (b) 2; (c) 0.5.

    Returns
    -------
    dict of str to str
        For each of the eight questions a letter, such as {"exponential": "a", ...}.
    """
    return {
        "exponential": "b",
        "heavy_weights": "a",
        "their_gradient": "c",
        "bias": "c",
        "batch_of_one": "b",
        "test_mode": "a",
        "batch_mates": "c",
        "young_memory": "b",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "what_it_keeps",
    "Foresees what normalisation keeps and what it forgets.",
    "exponential heavy_weights",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "what_it_does_to_gradients",
    "Foresees what reaches the parameters in front, and what a lone example becomes.",
    "their_gradient bias batch_of_one",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "training_and_test",
    "Foresees how training and test mode differ.",
    "test_mode batch_mates young_memory",
    points=2,
)


@exercise.variant
def in_capitals():
    return {question: f" {letter.upper()} " for question, letter in batchnorm_predictions().items()}


@exercise.variant
def built_otherwise():
    return dict(zip(OPTIONS, "baccbacb", strict=True))


def but(**answers):
    return {**batchnorm_predictions(), **answers}


@exercise.misconception
def thinks_it_makes_bells():
    """Subtracting and dividing moves and stretches a histogram; it does not bend it."""
    return but(exponential="a")


@exercise.misconception
def thinks_it_makes_symmetric():
    """A shift and a stretch cannot move the long tail to both sides."""
    return but(exponential="c")


@exercise.misconception
def thinks_weights_pass_through():
    """z grows 1000 times, and so does the standard deviation that it is divided by."""
    return but(heavy_weights="b")


@exercise.misconception
def thinks_heavy_weights_saturate():
    """There is nothing to saturate in a division: ±1 would need a squashing function."""
    return but(heavy_weights="c")


@exercise.misconception
def thinks_the_gradient_is_unmoved():
    """If W·1000 gives the same output, a step in W must be 1000 times larger to matter as much."""
    return but(their_gradient="a")


@exercise.misconception
def thinks_the_gradient_grows():
    """dz is divided by the standard deviation, which has grown 1000 times."""
    return but(their_gradient="b")


@exercise.misconception
def thinks_the_bias_lives():
    """b moves the mean of its column by b, and the mean is subtracted. Who could notice b?"""
    return but(bias="a")


@exercise.misconception
def thinks_the_bias_is_slow():
    """Not slow: b drops out of x − mean altogether. What is the slope of a constant?"""
    return but(bias="b")


@exercise.misconception
def thinks_one_example_passes():
    """The mean of a single example is the example. What is left after subtracting?"""
    return but(batch_of_one="a")


@exercise.misconception
def thinks_one_example_becomes_ones():
    """x − mean is 0 for a single example, and 0 divided by √eps is 0."""
    return but(batch_of_one="c")


@exercise.misconception
def thinks_one_example_is_nan():
    """It would be 0/0 without eps. With eps, what is 0/√eps?"""
    return but(batch_of_one="d")


@exercise.misconception
def thinks_company_matters_a_little_in_the_test():
    """In test mode mean and variance are remembered numbers: the batch is not asked."""
    return but(test_mode="b")


@exercise.misconception
def thinks_company_matters_much_in_the_test():
    """That is training mode. In test mode mean and variance are remembered numbers."""
    return but(test_mode="c")


@exercise.misconception
def thinks_noise_falls_with_the_batch():
    """The error of a mean falls with the *root* of how many numbers it is taken from."""
    return but(batch_mates="a")


@exercise.misconception
def thinks_noise_stays():
    """The mean of 128 numbers wavers less than the mean of 8. How much less?"""
    return but(batch_mates="b")


@exercise.misconception
def thinks_memory_is_there_at_once():
    """Each batch moves the memory by a tenth of the way that is left. Five batches: 1 − 0.9⁵."""
    return but(young_memory="a")


@exercise.misconception
def thinks_memory_moves_once():
    """0.5 is where the memory stands after the first batch. Four more follow."""
    return but(young_memory="c")
