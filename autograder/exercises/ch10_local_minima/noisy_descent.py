"""A drunken walk downhill."""

import numpy as np

from autograder.exercises.ch10_local_minima import chances
from autograder.exercises.ch10_local_minima.landscapes import bowl, valleys
from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "What is random in SGD: the place, or the slope that it believes in?",
        "Every walk and every step has an error of its own: draw as many as there are walks.",
        "x ← x − rate · (f'(x) + noise · z), with fresh standard normal z in x's shape.",
    ),
)


@exercise.probe
def a_few_walks(rng):
    return rng, bowl(1.5), rng.normal(size=6), 0.1, 0.5, 4


@chances.look
def features(f):
    seen = []
    for steps, start, rate, noise in [(1, 0.0, 0.3, 2.0), (9, 3.0, 0.3, 0.5), (25, -4.0, 0.1, 3.0)]:
        starts = np.full(40_000, start)
        ends, _ = chances.walked(f, np.random.default_rng(5), bowl(1.0), starts, rate, noise, steps)
        mean, spread = chances.law(1.0, start, rate, noise, steps)
        seen += [round(2 * (ends.mean() - mean) / spread), chances.size_class(ends.std(), spread)]
        seen.append(bool(np.mean(np.abs(ends - ends.mean()) > 2.3 * ends.std()) > 0.004))
    still, _ = chances.walked(f, np.random.default_rng(5), bowl(1.0), np.ones(3), 0.3, 0.0, 2)
    seen.append(still)
    calls = [(np.random.default_rng(9), bowl(1.0), np.zeros(5), 0.1, 1.0, 3) for _ in range(2)]
    one, moved = chances.walked(f, *calls[0])
    again, _ = chances.walked(f, *calls[1])
    after, _ = chances.walked(f, moved, *calls[1][1:])
    return [*seen, np.array_equal(one, again), np.array_equal(one, after), bool(np.ptp(one) == 0)]


exercise.observe(features)


@exercise.check
def without_noise(f):
    """Without noise it is plain descent: on x², two steps of rate ¼ bring 4 and −2 to 1 and −½."""
    slope = travels(lambda x: 2 * np.asarray(x))
    ends, _ = chances.walked(
        f, np.random.default_rng(1), slope, np.array([4.0, -2.0]), 0.25, 0.0, 2
    )
    agree(ends, [1.0, -0.5], what="where the walks end")


@exercise.check
def spread_after_one_step(f):
    """On flat ground a step of rate 0.1 with noise 3 spreads 10,000 walks by 0.3, give or take."""
    # The spread of 10,000 normal numbers varies by 0.7 %: these are more than 6 of them.
    flat = travels(lambda x: 0 * np.asarray(x))
    for steps, low, high in [(1, 0.285, 0.315), (4, 0.57, 0.63)]:
        arguments = flat, np.zeros(10_000), 0.1, 3.0, steps
        ends, _ = chances.walked(f, np.random.default_rng(2), *arguments)
        if not low < ends.std() < high or abs(ends.mean()) > 0.05:
            found = f"mean {ends.mean():.3g} and spread {ends.std():.3g}"
            raise Failed(f"after {steps} step(s) the walks have {found}")


@exercise.check
def chance_is_the_generators(f):
    """The same state of the generator gives the same walks, the next call others; starts stay."""
    arguments = bowl(1.0), np.ones(7), 0.1, 1.0, 3
    one, moved = chances.walked(f, np.random.default_rng(3), *arguments)
    again, _ = chances.walked(f, np.random.default_rng(3), *arguments)
    if not np.array_equal(one, again):
        raise Failed("two generators in the same state led to different walks")
    if np.array_equal(one, chances.walked(f, moved, *arguments)[0]):
        raise Failed("the next call walked like the last: every call draws anew")
    unchanged(f, np.random.default_rng(3), *arguments)


def in_a_bowl(f, rng, shape, steps):
    """Ends of walks in a bowl, in units of their right spread."""
    steepness, start = rng.uniform(0.5, 2), rng.uniform(-3, 3)
    rate, noise = rng.uniform(0.05, 0.3), rng.uniform(0.5, 5)
    arguments = bowl(steepness), np.full(shape, start), rate, noise, steps
    source = chances.chance.generators(rng, 1)[0]
    mean, spread = chances.law(steepness, start, rate, noise, steps)
    return (chances.walked(f, source, *arguments)[0] - mean) / spread


@exercise.check(points=2)
def noise_in_every_step(f, rng):
    """In a bowl the walks end with the mean and the spread that noise in every slope makes."""
    for steps in rng.permutation([1, 3, 40]):
        what = f"after {steps} step(s)"
        chances.standard(in_a_bowl(f, rng, 6_000 + int(rng.integers(500)), int(steps)), what)


@exercise.check(points=1, after=noise_in_every_step)
def errors_of_their_own(f, rng):
    """Gives every walk errors of its own, normally distributed."""
    chances.normal(in_a_bowl(f, rng, 50_000 + int(rng.integers(500)), 1))
    chances.unrelated(in_a_bowl(f, rng, (150, 170), 2))


@exercise.check(points=1, after=noise_in_every_step)
def without_noise_it_descends(f, rng):
    """Without noise it is plain descent, over hills, from a grid of starts, and without steps."""
    for shape, steps in (((2, 3), 5), ((7,), 3), ((4,), 0)):
        slope, x, rate = valleys(rng), rng.uniform(-4, 4, size=shape), rng.uniform(0.05, 0.2)
        expected = x
        for _ in range(steps):
            expected = expected - rate * slope(expected)
        source = chances.chance.generators(rng, 1)[0]
        ends, _ = chances.walked(f, source, slope, x, rate, 0.0, steps)
        agree(ends, expected, what="where the walks end")


@exercise.check(points=1, after=noise_in_every_step)
def fresh_every_time(f, rng):
    """Takes all chance from the generator handed in: same state, same walks; then new ones."""
    chances.fresh(f, rng, bowl(1.0), np.ones(3000), 0.1, 1.0, 3)


@exercise.check(points=1, after=noise_in_every_step)
def whole_numbers_count(f, reference, rng):
    """Takes starts of whole numbers for what they are, and rounds no place on the way."""
    slope = travels(lambda x: np.full(3, 0.3))
    starts = rng.integers(-9, 10, size=3)
    whole_numbers(f, reference, np.random.default_rng(1), slope, starts, 0.5, 0.0, 3)


@exercise.check(points=1, after=noise_in_every_step)
def leaves_the_starts_alone(f, rng):
    """Leaves the starts as they were."""
    unchanged(f, *a_few_walks(rng))


@exercise.variant
def all_errors_at_once(rng, derivative, x, rate, noise, steps):
    for error in noise * rng.standard_normal((steps, *np.shape(x))):
        x = x - rate * (derivative(x) + error)
    return x


@exercise.variant
def scale_inside(rng, derivative, x, rate, noise, steps):
    place = np.array(x, dtype=float)
    for _ in range(steps):
        place -= rate * derivative(place) + rate * rng.normal(0, noise, place.shape)
    return place


@exercise.misconception
def no_noise_at_all(rng, derivative, x, rate, noise, steps):
    """There is no noise: this is plain descent."""
    for _ in range(steps):
        x = x - rate * derivative(x)
    return x


@exercise.misconception
def one_error_for_the_whole_walk(rng, derivative, x, rate, noise, steps):
    """One error is drawn and used in all steps: draw a new one in each."""
    error = noise * rng.normal(size=np.shape(x))
    for _ in range(steps):
        x = x - rate * (derivative(x) + error)
    return x


@exercise.misconception
def one_error_for_all_walks(rng, derivative, x, rate, noise, steps):
    """All walks share one error per step, so that they waver together: draw in x's shape."""
    for _ in range(steps):
        x = x - rate * (derivative(x) + noise * rng.normal())
    return x


@exercise.misconception
def noise_on_the_place(rng, derivative, x, rate, noise, steps):
    """The noise is added to the place, as large as it is. It belongs to the slope."""
    for _ in range(steps):
        x = x - rate * derivative(x) + noise * rng.normal(size=np.shape(x))
    return x


@exercise.misconception
def noise_as_variance(rng, derivative, x, rate, noise, steps):
    """The spread of the errors is √noise: noise is the standard deviation, not the variance."""
    for _ in range(steps):
        x = x - rate * (derivative(x) + np.sqrt(noise) * rng.normal(size=np.shape(x)))
    return x


@exercise.misconception
def noise_only_at_the_end(rng, derivative, x, rate, noise, steps):
    """The noise comes once, after the walk. Every step's slope has an error."""
    for _ in range(steps):
        x = x - rate * derivative(x)
    return x + rate * noise * rng.normal(size=np.shape(x)) if steps else x


@exercise.misconception
def only_positive_errors(rng, derivative, x, rate, noise, steps):
    """rng.random is uniform between 0 and 1: all errors push the same way."""
    for _ in range(steps):
        x = x - rate * (derivative(x) + noise * rng.random(np.shape(x)))
    return x


@exercise.misconception
def uniform_errors(rng, derivative, x, rate, noise, steps):
    """The errors are uniform, not normal: no error is larger than `noise`."""
    for _ in range(steps):
        x = x - rate * (derivative(x) + rng.uniform(-noise, noise, np.shape(x)))
    return x


@exercise.misconception
def errors_multiply_the_slope(rng, derivative, x, rate, noise, steps):
    """The error is multiplied into the slope, so that it vanishes where the slope does: add it."""
    for _ in range(steps):
        x = x - rate * derivative(x) * (1 + noise * rng.normal(size=np.shape(x)))
    return x


@exercise.misconception
def a_seed_of_its_own(rng, derivative, x, rate, noise, steps):
    """A fixed seed inside makes every call walk alike. Use `rng`."""
    own = np.random.default_rng(0)
    for _ in range(steps):
        x = x - rate * (derivative(x) + noise * own.normal(size=np.shape(x)))
    return x


@exercise.misconception
def chance_from_elsewhere(rng, derivative, x, rate, noise, steps):
    """The generator handed in is not used, so nobody can repeat your run."""
    own = np.random.default_rng()
    for _ in range(steps):
        x = x - rate * (derivative(x) + noise * own.normal(size=np.shape(x)))
    return x


@exercise.misconception
def uphill(rng, derivative, x, rate, noise, steps):
    """The walks climb: the slope points uphill, so a step goes against it."""
    for _ in range(steps):
        x = x + rate * (derivative(x) + noise * rng.normal(size=np.shape(x)))
    return x


@exercise.misconception
def noise_with_the_root_of_the_rate(rng, derivative, x, rate, noise, steps):
    """The noise is scaled with √rate. As part of the slope it is multiplied with the rate."""
    for _ in range(steps):
        x = x - rate * derivative(x) + np.sqrt(rate) * noise * rng.normal(size=np.shape(x))
    return x


@exercise.misconception
def noise_in_the_first_step_only(rng, derivative, x, rate, noise, steps):
    """Only the first step is noisy: every slope has an error."""
    for t in range(steps):
        error = noise * rng.normal(size=np.shape(x)) if t == 0 else 0
        x = x - rate * (derivative(x) + error)
    return x
