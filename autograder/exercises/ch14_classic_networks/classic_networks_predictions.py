"""Predict, then run: eight networks at work."""

from autograder.judging import quiz
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "Which part of each network learns, and what does it never get to hear of?",
        "Think of the smallest case: one bump, two prototypes, two time steps, two states.",
        "A bump far away is e^(−large); each step passes the past on with a factor |W_h| at most; "
        "at T = 0 a unit only ever lowers the energy.",
    ),
    guessable=True,
)

OPTIONS = {
    "far_away": "abc",
    "exact": "abc",
    "vigilance": "abc",
    "no_neighbours": "abc",
    "window": "abc",
    "twenty_steps": "abc",
    "cold": "abc",
    "reconstruction": "abc",
}


def classic_networks_predictions() -> dict[str, str]:
    """Predict what these networks will do, before you write and run them.

    - "far_away": an RBF network has learned a rising curve between 0 and 5. At 100 it says
      (a) it goes on rising · (b) its bias, as if it had no bumps · (c) the last target it saw
    - "exact": 20 noisy points, a bump at each of them, weights by solving for them. The error at
      these points is  (a) 0 but for rounding · (b) the noise · (c) half the noise
    - "vigilance": in adaptive resonance the vigilance is raised. The categories become
      (a) fewer and broader · (b) more and finer · (c) others, but as many
    - "no_neighbours": a map is trained as always, but at each step the winner learns alone. For how
      many inputs are the best two units *not* neighbours on the grid?
      (a) hardly any · (b) about one in ten · (c) about nine in ten
    - "window": Elman's own training took the layer's last state for a constant. Are the weights
      from that state then trained at all?
      (a) no, their gradient is 0 · (b) yes, but what lies farther back gets no blame · (c) yes,
      exactly as with the full gradient
    - "twenty_steps": tanh units, W_h = ½ · identity. A change of h₀ by 1 changes h₂₀ by
      (a) about 20 · (b) about ½ · (c) less than a millionth
    - "cold": a Boltzmann machine at temperature 0, its units visited in turn, comes to rest in
      (a) a valley that depends on where it began · (b) the state of lowest energy, always · (c) no
      state: it cycles
    - "reconstruction": a restricted Boltzmann machine is trained for very long, and the error of
      its reconstructions keeps falling. The probability that it gives to the data
      (a) keeps rising · (b) no longer changes · (c) may well be falling

    Returns
    -------
    dict of str to str
        Each question's letter, as in {"far_away": "a", …}.
    """
    return {
        "far_away": "b",
        "exact": "a",
        "vigilance": "b",
        "no_neighbours": "c",
        "window": "b",
        "twenty_steps": "c",
        "cold": "a",
        "reconstruction": "c",
    }


quiz.opens(exercise, OPTIONS)
for name, sentence, questions in (
    ("about_bumps", "Foresees what bumps say at the data and far from them.", "far_away exact"),
    ("about_maps", "Foresees what vigilance and neighbours are for.", "vigilance no_neighbours"),
    ("about_time", "Foresees how far back a recurrent layer can look.", "window twenty_steps"),
    ("about_energy", "Foresees where energy leads.", "cold reconstruction"),
):
    quiz.group(exercise, OPTIONS, name, sentence, questions, points=1)


@exercise.variant
def in_capitals():
    return {q: f" {letter.upper()} " for q, letter in classic_networks_predictions().items()}


@exercise.variant
def zipped():
    return dict(zip(reversed(OPTIONS), "cacbcbab", strict=True))


def _but(question, letter):
    return {**classic_networks_predictions(), question: letter}


@exercise.misconception
def thinks_bumps_extrapolate():
    """A hundred widths away, how high is any bump? What is left of the sum?"""
    return _but("far_away", "a")


@exercise.misconception
def thinks_the_last_target_lasts():
    """The network stores no targets, only weights of bumps. How high are those bumps at 100?"""
    return _but("far_away", "c")


@exercise.misconception
def thinks_noise_cannot_be_fitted():
    """As many unknowns as equations. Does the solver know that some of y is noise?"""
    return _but("exact", "b")


@exercise.misconception
def thinks_half_the_noise_is_fitted():
    """Count unknowns and equations: what stands in the way of a perfect fit?"""
    return _but("exact", "c")


@exercise.misconception
def thinks_vigilance_merges():
    """A vigilant net is hard to please. What does it do with an input that does not please it?"""
    return _but("vigilance", "a")


@exercise.misconception
def thinks_vigilance_only_shifts():
    """Take the two extremes: accept everything, accept nothing. How many categories each?"""
    return _but("vigilance", "c")


@exercise.misconception
def thinks_a_map_orders_itself():
    """If the winner learns alone, how could a unit ever know who its neighbours on the grid are?"""
    return _but("no_neighbours", "a")


@exercise.misconception
def thinks_order_comes_almost_by_itself():
    """Two of 64 units in places drawn at random: how often are they side by side?"""
    return _but("no_neighbours", "b")


@exercise.misconception
def thinks_a_constant_has_no_weight():
    """An input is a constant, too, and its weights learn. Only the way *through* it is cut."""
    return _but("window", "a")


@exercise.misconception
def thinks_truncation_changes_nothing():
    """The state before depends on W_h, too. Who hears of that, if it counts as a constant?"""
    return _but("window", "c")


@exercise.misconception
def thinks_memory_adds_up():
    """At each step what is left is multiplied. By how much?"""
    return _but("twenty_steps", "a")


@exercise.misconception
def thinks_memory_halves_once():
    """It halves at the first step. And at the nineteen others?"""
    return _but("twenty_steps", "b")


@exercise.misconception
def thinks_cold_finds_the_lowest():
    """At T = 0 no step may go up. Can a ball get out of a high valley, then?"""
    return _but("cold", "b")


@exercise.misconception
def thinks_cold_cycles():
    """Each visit lowers the energy or leaves all as it is. Can it come back to where it was?"""
    return _but("cold", "c")


@exercise.misconception
def thinks_reconstruction_is_likelihood():
    """Reconstruction looks at the data only. Who else takes a share of the probability?"""
    return _but("reconstruction", "a")


@exercise.misconception
def thinks_learning_has_ended():
    """The weights still move, or the error would not fall. What do they do to all other states?"""
    return _but("reconstruction", "b")
