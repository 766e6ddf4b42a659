"""Predict, then run: what scaling, turning and choosing do to data."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Which of the questions can you try on three numbers, with a pencil?",
        "Subtracting moves a cloud, dividing stretches it, a rotation turns it. Which of these "
        "changes a correlation? And a square matrix of 150,528 rows: how many entries is that?",
        r"$8 d^2$ bytes for a covariance matrix in double precision; $d = 224 \cdot 224 \cdot 3$.",
    ),
    guessable=True,
)

OPTIONS = {
    "outlier": "abc",
    "correlation": "abc",
    "new_data": "abc",
    "steps": "abcd",
    "pca_alone": "abc",
    "memory": "abcd",
    "labels": "abc",
    "at_random": "abcd",
}


def preprocessing_predictions() -> dict[str, str]:
    """Answer before you run the rest of the chapter; the experiments will show who was right.

    outlier: a feature lies between 0 and 1, but one typing error says 1000. It is mapped to
        [0, 1] by its minimum and maximum. Then the ordinary values (a) fill [0, 1] as before;
        (b) share the lowest thousandth; (c) lie around ½.
    correlation: two features correlate with 0.9. After standardising them they correlate with
        (a) 0; (b) 1; (c) 0.9.
    new_data: the training data were mapped to [−1, 1]. New data, mapped by the same rule,
        (a) may lie outside of [−1, 1]; (b) lie in [−1, 1]; (c) must be mapped by their own range.
    steps: gradient descent fits a line to five features with means and scales of their own. Raw
        it takes 130,000 steps, standardised about 50. Whitened it takes (a) about 25; (b) 1 or 2;
        (c) about 50; (d) about 1,000.
    pca_alone: turned to its principal axes, the cloud has a covariance that is (a) the identity;
        (b) the same as before; (c) diagonal, with different entries.
    memory: the covariance matrix of colour images of 224 × 224 pixels, in double precision, takes
        (a) 1.2 MB; (b) 181 MB; (c) 181 GB; (d) 18 TB.
    labels: two long, thin clouds lie side by side, one per class. The first principal component
        (a) separates them; (b) mixes them; (c) does so depending on the labels.
    at_random: 50 examples with 5,000 random features and random labels. The 20 features that
        correlate best with the labels *in all the data* are kept; then a nearest-mean classifier
        is cross-validated. It seems to be right in about (a) 50 %; (b) 60 %; (c) 70 %;
        (d) more than 90 % of all cases.

    Returns
    -------
    dict of str to str
        For each of the eight questions a letter, such as {"outlier": "a", ...}.
    """
    return {
        "outlier": "b",
        "correlation": "c",
        "new_data": "a",
        "steps": "b",
        "pca_alone": "c",
        "memory": "c",
        "labels": "b",
        "at_random": "d",
    }


quiz.opens(exercise, OPTIONS)
quiz.group(
    exercise,
    OPTIONS,
    "what_scaling_does",
    "Foresees what scaling does, and does not do, to old and new data.",
    "outlier correlation new_data",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "what_turning_does",
    "Foresees what turning a cloud to its axes gives, and what it costs.",
    "steps pca_alone memory",
    points=2,
)
quiz.group(
    exercise,
    OPTIONS,
    "what_labels_do",
    "Foresees what labels add, and how they deceive.",
    "labels at_random",
    points=2,
)


@exercise.variant
def in_capitals():
    return {q: f" {letter.upper()} " for q, letter in preprocessing_predictions().items()}


@exercise.variant
def built_otherwise():
    return dict(zip(OPTIONS, "bcabccbd", strict=True))


def but(**answers):
    return {**preprocessing_predictions(), **answers}


@exercise.misconception
def thinks_outliers_do_no_harm():
    """The typing error becomes 1. Where does (0.5 − 0)/(1000 − 0) land?"""
    return but(outlier="a")


@exercise.misconception
def thinks_the_middle_stays():
    """Minimum and maximum decide alone. Where the crowd sits, nobody asks."""
    return but(outlier="c")


@exercise.misconception
def thinks_standardising_decorrelates():
    """Each feature is moved and stretched for itself: what they have in common stays."""
    return but(correlation="a")


@exercise.misconception
def thinks_standardising_makes_equal():
    """Equal spreads are not equal values."""
    return but(correlation="b")


@exercise.misconception
def thinks_new_data_stay_inside():
    """A new value may be larger than any that training has seen. What does the rule make of it?"""
    return but(new_data="b")


@exercise.misconception
def thinks_new_data_have_their_own_rule():
    """Then the same measured value would mean something else in each batch, or alone nothing."""
    return but(new_data="c")


@exercise.misconception
def thinks_whitening_halves():
    """If all curvatures are equal, how far from the bottom is one step of length 1/λ?"""
    return but(steps="a")


@exercise.misconception
def thinks_whitening_adds_nothing():
    """Standardised features may still correlate, and the valley is long. A round one is not."""
    return but(steps="c")


@exercise.misconception
def thinks_whitening_hurts():
    """Whitening divides the unevenness out; noise is another matter."""
    return but(steps="d")


@exercise.misconception
def thinks_pca_whitens():
    """A rotation changes no lengths: the variances are still what they were along the axes."""
    return but(pca_alone="a")


@exercise.misconception
def thinks_turning_changes_nothing():
    """The cloud is the same, but the axes are not: what do its coordinates have in common now?"""
    return but(pca_alone="b")


@exercise.misconception
def counts_one_row():
    """That is one image: 150,528 numbers. The matrix compares each of them with each."""
    return but(memory="a")


@exercise.misconception
def loses_a_thousand():
    """22.7 thousand millions of entries, eight bytes each."""
    return but(memory="b")


@exercise.misconception
def adds_a_hundred():
    """(1.5·10⁵)² is about 2·10¹⁰; times eight bytes."""
    return but(memory="d")


@exercise.misconception
def thinks_variance_separates():
    """The first component follows the length of the clouds. Which way are they apart?"""
    return but(labels="a")


@exercise.misconception
def thinks_pca_knows_labels():
    """PCA never sees a label."""
    return but(labels="c")


@exercise.misconception
def trusts_cross_validation():
    """The labels of the held-out examples have had a say already: in choosing the features."""
    return but(at_random="a")


@exercise.misconception
def expects_a_small_leak():
    """Of 5,000 random features some correlate by accident with all 50 labels, held-out ones too."""
    return but(at_random="b")


@exercise.misconception
def expects_a_middling_leak():
    """20 lucky features out of 5,000, added up: their luck adds up, too."""
    return but(at_random="c")
