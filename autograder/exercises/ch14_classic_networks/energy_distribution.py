"""From energies to probabilities."""

import numpy as np

from autograder.judging.compare import agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    core=True,
    hints=(
        "Where should the probability be large, and what must all of them add up to?",
        "Adding the same number to all energies changes nothing: choose it so that no exponential "
        "can overflow.",
        r"$P_n = e^{-E_n/T} / Z$, with $Z$ the sum of the numerators.",
    ),
)


def states(rng, n):
    return rng.normal(0, 2, n), rng.uniform(0.4, 3)


@exercise.probe
def seven_states(rng):
    return states(rng, 7)


@exercise.probe
def default_temperature(rng):
    return (rng.normal(0, 2, 5),)


@exercise.probe
def enormous(rng):
    return 1e5 + rng.normal(0, 2, 5), 1.5


@exercise.probe
def far_below(rng):
    return -1e5 + rng.normal(0, 2, 5), 1.5


@exercise.check
def worked_example(f):
    """Energies 0, ln 3 and ln 6 have weights 1, ⅓ and ⅙ at T = 1: probabilities 6/9, 2/9, 1/9."""
    agree(f(np.log([1.0, 3.0, 6.0])), np.array([6, 2, 1]) / 9, what="P")


@exercise.check
def twice_as_hot(f):
    """At T = 2 energies 0 and ln 9 are as ln 3 is at T = 1: ¾ and ¼; at T = ½ it is 81 to 1."""
    energies = np.log([1.0, 9.0])
    agree(f(energies, 2.0), np.array([0.75, 0.25]), what="P at T = 2")
    agree(f(energies, 0.5), np.array([81, 1]) / 82, what="P at T = ½")


@exercise.check
def only_differences_count(f):
    """−5000 and −5000 + ln 3 give ¾ and ¼, although e^5000 is no number; so do 5000 and more."""
    for shift in (-5000.0, 5000.0):
        agree(f(shift + np.log([1.0, 3.0])), np.array([0.75, 0.25]), what="P")


@exercise.check
def arguments_stay(f):
    """The energies are afterwards what they were."""
    unchanged(f, np.log([1.0, 3.0, 6.0]), 2.0)


@exercise.check(points=2)
def random_energies(f, reference, rng):
    """Gives the probabilities for random energies and temperatures."""
    for n in rng.permutation([2, 5, 7, 64]):
        arguments = states(rng, n)
        agree(f(*arguments), reference(*arguments), what="P")


@exercise.check(points=1, after=random_energies)
def default_and_single(f, reference, rng):
    """Takes T = 1 if none is given; a single state has probability 1."""
    for n in rng.permutation([1, 3, 8]):
        energies = rng.normal(0, 2, n)
        agree(f(energies), reference(energies), what="P at the default temperature")


@exercise.check(points=1, after=random_energies)
def energies_of_any_size(f, reference, rng):
    """Stays right for energies in the thousands, up and down."""
    for shift in rng.permutation([-1e6, -900.0, 900.0, 1e6]):
        energies, T = states(rng, 7)
        agree(f(shift + energies, T), reference(shift + energies, T), rtol=1e-6, what="P")


@exercise.check(points=1, after=random_energies)
def hot_and_cold(f, rng):
    """Near T = 0 the lowest takes all (ties share); at a huge T all states are equal."""
    energies = rng.permutation(np.arange(7.0)) + rng.uniform(-0.2, 0.2, 7)
    agree(f(energies, 1e-3), energies == energies.min(), what="P near T = 0")
    twins = np.array([2.0, 1.0, 1.0, 5.0])[rng.permutation(4)]
    agree(f(twins, 1e-3), (twins == 1) / 2, what="P of two lowest states")
    agree(f(energies, 1e9), np.full(7, 1 / 7), rtol=1e-6, what="P at a huge T")


@exercise.check(points=1, after=random_energies)
def laws(f, rng):
    """Sums to 1; a ratio is exp(−ΔE/T); the unit of energy and temperature is of no account."""
    energies, T = states(rng, 7)
    P = as_array(f(energies, T))
    agree(P.sum(), 1.0, rtol=1e-6, what="the sum")
    i, j = rng.choice(7, 2, replace=False)
    agree(P[i] / P[j], np.exp((energies[j] - energies[i]) / T), rtol=1e-5, what="a ratio")
    agree(f(3 * energies, 3 * T), P, what="P in another unit")


@exercise.check(points=1, after=random_energies)
def takes_whole_numbers(f, reference, rng):
    """Takes energies of whole numbers for what they are."""
    whole_numbers(f, reference, rng.integers(-4, 5, 7), 2.0)


@exercise.check(points=1, after=random_energies)
def leaves_inputs_alone(f, rng):
    """Leaves the energies as they were."""
    unchanged(f, *seven_states(rng))


@exercise.variant
def by_ratios(energies, temperature=1.0):
    return [1 / np.sum(np.exp((e - energies) / temperature)) for e in energies]


@exercise.variant
def by_logarithms(energies, temperature=1.0):
    a = -np.asarray(energies, dtype=float) / temperature
    return np.exp(a - np.logaddexp.reduce(a))


def _boltzmann(exponents):
    weights = np.exp(exponents - exponents.max())
    return weights / weights.sum()


@exercise.misconception
def high_energies_preferred(energies, temperature=1.0):
    """The minus is missing: your likeliest state is the one of highest energy."""
    return _boltzmann(energies / temperature)


@exercise.misconception
def temperature_multiplies(energies, temperature=1.0):
    """T multiplies the energies, so that heating freezes the system."""
    return _boltzmann(-energies * temperature)


@exercise.misconception
def temperature_ignored(energies, temperature=1.0):
    """The temperature is never used."""
    return _boltzmann(-1.0 * energies)


@exercise.misconception
def not_normalised(energies, temperature=1.0):
    """The weights do not add up to 1: divide by their sum, Z."""
    return np.exp(-energies / temperature)


@exercise.misconception
def overflows(energies, temperature=1.0):
    """exp is taken of the energies as they are: in the thousands that is 0/0 or ∞/∞."""
    with np.errstate(over="ignore", invalid="ignore"):
        weights = np.exp(-energies / temperature)
        return weights / weights.sum()


@exercise.misconception
def relative_to_the_largest(energies, temperature=1.0):
    """The weights are divided by the largest one: that makes the best state certain."""
    return np.exp(-(energies - energies.min()) / temperature)


@exercise.misconception
def temperature_added_later(energies, temperature=1.0):
    """The probabilities are divided by T after they were made; then they add up to 1/T."""
    return _boltzmann(-1.0 * energies) / temperature


@exercise.misconception(keeps=1 / 3)
def logarithms_returned(energies, temperature=1.0):
    """These are the logarithms of the probabilities."""
    return np.log(_boltzmann(-energies / temperature))


@exercise.misconception
def powers_of_two(energies, temperature=1.0):
    """The base is 2 where it should be e."""
    return _boltzmann(-np.log(2) * energies / temperature)


@exercise.misconception
def linear_in_the_energy(energies, temperature=1.0):
    """The probability falls in a straight line with the energy; it should fall exponentially."""
    weights = energies.max() - energies + temperature
    return weights / weights.sum()


@exercise.misconception
def another_default(energies, temperature=2.0):
    """Without a temperature T = 1 is meant."""
    return _boltzmann(-energies / temperature)


@exercise.misconception
def shifts_the_callers_energies(energies, temperature=1.0):
    """The probabilities are right, but the lowest energy is taken off in the caller's own array."""
    energies -= energies.min()
    return _boltzmann(-energies / temperature)
