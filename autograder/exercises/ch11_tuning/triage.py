"""Read the fever chart."""

import numpy as np

from autograder.exercises.ch11_tuning.fever_charts import curve, scaled
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged

exercise = Exercise(
    __name__,
    minutes=18,
    difficulty=3,
    core=True,
    hints=(
        "Sort the four verdicts by how bad they are. Which has to be asked about first, and why?",
        "`np.diff` gives the changes from loss to loss; rises are the positive ones among them.",
        "Ask in the contract's order: not finite or last ≥ 2·first; Σ rises > max(fall, 5 %); "
        "then the late share of the fall.",
    ),
)


@exercise.probe
def healthy(rng):
    return scaled(rng, curve(rng, 61, 0.9))


@exercise.probe
def healthy_but_nervous(rng):
    """It bounces, but by less than it falls."""
    return scaled(rng, curve(rng, 41, 0.7, bounces=0.6, bend=0.08))


@exercise.probe
def bounces_to_good_effect(rng):
    """More rises than 5 per cent of the start, and more than the fall."""
    return scaled(rng, curve(rng, 41, 0.5, bounces=0.56, bend=0.08))


@exercise.probe
def flat(rng):
    return scaled(rng, curve(rng, 31, 0.02))


@exercise.probe
def small_but_early(rng):
    return scaled(rng, curve(rng, 31, 0.06, bend=0.05))


@exercise.probe
def evenly(rng):
    return scaled(rng, curve(rng, 24, 0.6, bend=3.0))


@exercise.probe
def evenly_odd(rng):
    """What is late depends on where the middle of five losses is."""
    return scaled(rng, [1.0, 0.6, 0.45, 0.35, 0.3])


@exercise.probe
def evenly_even(rng):
    """Of four losses the second half begins at the third."""
    return scaled(rng, [1.0, 0.5, 0.125, 0.0])


@exercise.probe
def a_quarter_in_the_second_half(rng):
    return scaled(rng, [1.0, 0.5, 0.375, 0.25, 0.25])


@exercise.probe
def nearly_a_quarter_in_the_second_half(rng):
    """22.5 per cent of the fall: late, but not late enough."""
    return scaled(rng, [1.0, 0.5, 0.38, 0.25, 0.2])


@exercise.probe
def late_awakening(rng):
    """Most of the fall comes in the second half."""
    return scaled(rng, [1.0, 0.98, 0.95, 0.9, 0.6, 0.35, 0.2])


@exercise.probe
def flat_and_trembling(rng):
    """Rises of three per cent, hardly any fall."""
    return scaled(rng, [1.0, 1.01, 1.0, 1.01, 1.0, 1.01, 0.999])


@exercise.probe
def bouncing_upwards(rng):
    return scaled(rng, [1.0, 1.5, 1.2, 1.7, 1.4, 1.9])


@exercise.probe
def twice_the_start(rng):
    return scaled(rng, [1.0, 0.5, 1.5, 2.0])


@exercise.probe
def up_and_back(rng):
    """Far above the start on the way, below it in the end."""
    return scaled(rng, [1.0, 9.0, 0.3, 0.1, 0.1, 0.1, 0.1])


@exercise.probe
def broken(rng):
    return scaled(rng, [1.0, 0.9, 0.5, np.nan, np.nan])


@exercise.probe
def broken_on_the_way(rng):
    return scaled(rng, [1.0, np.inf, 0.5, 0.2, 0.1, 0.1])


@exercise.probe
def broken_once(rng):
    return scaled(rng, [1.0, 0.2, np.nan, 0.1, 0.1, 0.1])


PROBES = tuple(exercise.probes)
AT_THE_MIDDLE = (evenly_odd, evenly_even, a_quarter_in_the_second_half)
"""Their verdict depends on which entry the second half begins with."""


def verdicts(f, cases):
    """Compare the verdicts on (curve, expected) pairs."""
    for got, (_, expected) in zip(f.many([(losses,) for losses, _ in cases]), cases, strict=True):
        agree(str(got) if isinstance(got, np.str_) else got, expected, what="the verdict")


@exercise.check
def worked_example(f):
    """Four short curves, one for each verdict."""
    curves = {
        "good": [2.0, 0.5, 0.25, 0.125, 0.125, 0.125],
        "too low": [2.0, 1.99, 1.98, 1.97, 1.96, 1.95],
        "too high": [2.0, 3.0, 1.5, 2.5, 1.0, 2.0],
        "diverged": [2.0, 4.0, 80.0, np.inf, np.nan, np.nan],
    }
    verdicts(f, [(np.array(losses), expected) for expected, losses in curves.items()])


@exercise.check
def broken_and_bouncing(f):
    """Infinity on the way is divergence; rises count together, and against the fall and 5 %."""
    cases = [
        ([1, np.inf, 0.5, 0.2, 0.1, 0.1], "diverged"),
        ([1, 9, 0.3, 0.1, 0.1, 0.1, 0.1], "too high"),
        ([10, 5, 8, 5, 8, 5], "too high"),
        ([64, 0, 1, 0, 1, 0], "good"),
        ([1, 1.01, 1, 1.01, 1, 1.01, 0.999], "too low"),
    ]
    verdicts(f, [(np.array(losses, float), expected) for losses, expected in cases])


@exercise.check
def little_or_late(f):
    """A fall of 2 %, or with a quarter of it after entry number len // 2, is too low a rate's."""
    cases = [
        ([100, 98, 98, 98], "too low"),
        ([1, 0.98, 0.95, 0.9, 0.6, 0.35, 0.2], "too low"),
        ([10, 6, 3, 0], "too low"),
        ([1, 0.6, 0.45, 0.35, 0.3], "good"),
        ([16, 8, 2, 0], "good"),
    ]
    verdicts(f, [(np.array(losses, float), expected) for losses, expected in cases])


def clear(losses):
    """Whether the verdict stays if the second half begins an entry earlier or later."""
    return len({judged(losses, middle=moved) for moved in (-1, 0, 1)}) == 1


@exercise.check(points=2)
def many_curves(f, reference, rng):
    """Judges curves of all kinds, long and short, in small and large units."""
    probes = [probe for probe in PROBES if probe not in AT_THE_MIDDLE]
    curves = [probe(rng)[0] for probe in (*probes, *probes)]
    for _ in range(40):
        kind = rng.uniform(0.01, 0.95), rng.uniform(0, 0.9) * rng.integers(2), rng.uniform(0.05, 2)
        curves += scaled(rng, curve(rng, int(rng.integers(9, 60)), *kind))
    cases = [(losses, reference(losses)) for losses in curves if clear(losses)]
    verdicts(f, [cases[i] for i in rng.permutation(len(cases))])


@exercise.check(points=1, after=many_curves)
def where_the_lines_are(f):
    """Draws each line where the contract draws it, and decides ties as it says."""
    nan, inf = np.nan, np.inf
    lines = {
        "diverged": [[1, 1, 1, 2], [4, 0, 0, 8], [1, 0, 0, nan], [1, inf, 0, 0], [1, 0, -inf, 0],
                     [nan, 1, 0, 0], [1, 4, 3, 2], [*np.geomspace(1, 0.1, 60), *[3] * 60]],
        "too high": [[1, 3, 2, 1.99], [1, 1.1, 1.1, 1.1], [8, 0, 5, 3.5], [2, 3, 3, 2],
                     [100, 94, 101, 99], [1, 1.051, 1, 1],
                     [16, 9, 8, 7, 14], [100, 103, 100, 103, 100, 103, 99]],
        "good": [[8, 0, 4, 4], [8, 4, 4, 4], [100, 95, 95, 95], [16, 8, 2, 0],
                 [16, 4.1, 3.1, 3.1],
                 [16, 0, 2.9, 0], [16, 9, 3, 3, 2, 2], [64, 0, 1, 0, 1, 0]],
        "too low": [[16, 8, 5, 0, 0], [100, 95.1, 95.1, 95.1],
                    [1, 1.04, 1, 1], [16, 8, 4, 0], [16, 8, 4, 4, 0],
                    [1, 1, 1, 1], [16, 9, 7, 4, 2, 0], [1, 1.02, 1.03, 1.04],
                    [16, 16, 16, 8], [16, 17, 17, 8], [60, 58, 61, 61]],
    }  # fmt: skip
    verdicts(f, [(np.array(c, float), name) for name, curves in lines.items() for c in curves])


@exercise.check(points=1, after=many_curves)
def laws(f, rng):
    """The unit of the loss does not matter, nor whether the curve is a list or an array."""
    curves = [probe(rng)[0] for probe in PROBES]
    cases = []
    for losses, expected in zip(curves, f.many([(c,) for c in curves]), strict=True):
        others = [losses.tolist(), *(unit * losses for unit in (1e-8, 1e8, 1024.0))]
        cases += [(other, str(expected)) for other in others]
    verdicts(f, cases)


@exercise.check(points=1, after=many_curves)
def descent_on_a_bowl(f, rng):
    """On a parabola, tiny, fitting, bouncing and exploding rates get their names."""
    cases = []
    for rates, expected in [
        ((1e-5, 1e-4), "too low"),
        ((0.2, 0.7), "good"),
        ((2.1, 3.0), "diverged"),
    ]:
        for rate in rates:
            losses = rng.uniform(1, 9) * (1 - rate) ** (2 * np.arange(60))
            cases.append((losses, expected))
    narrow = 1 + 0.3 * np.cos(np.pi * np.arange(50))
    verdicts(f, [*cases, (narrow * rng.uniform(1, 9), "too high")])


@exercise.check(points=1, after=many_curves)
def leaves_the_curve_alone(f, rng):
    """Leaves the curve as it was."""
    all_unchanged(f, [probe(rng) for probe in PROBES])


@exercise.variant
def with_a_loop(losses):
    rises = 0.0
    for before, after in zip(losses[:-1], losses[1:]):
        if not (np.isfinite(before) and np.isfinite(after)):
            return "diverged"
        rises += after - before if after > before else 0.0
    first, middle, last = losses[0], losses[len(losses) // 2], losses[-1]
    if last >= 2 * first:
        return "diverged"
    if rises > first - last and rises > 0.05 * first:
        return "too high"
    if first - last < 0.05 * first or 4 * (middle - last) >= first - last:
        return "too low"
    return "good"


@exercise.variant
def relative_to_the_start(losses):
    y = np.array(losses, dtype=float)
    if np.isnan(y).any() or np.isinf(y).any():
        return "diverged"
    y = y / y[0]
    if y[-1] >= 2:
        return "diverged"
    changes = y[1:] - y[:-1]
    if changes[changes > 0].sum() - 1e-14 > max(1 - y[-1], 0.05):
        return "too high"
    if 1 - y[-1] < 0.05 or y[len(y) // 2] - y[-1] >= (1 - y[-1]) / 4:
        return "too low"
    return "good"


def judged(
    losses, *, broken=True, twice=2.0, bounce="rises", floor=0.05, little=0.05, late=0.25, middle=0
):
    """The right verdict, but for what is named."""
    y = np.asarray(losses, dtype=float)
    if (broken and not np.isfinite(y).all()) or y[-1] >= twice * y[0]:
        return "diverged"
    fall, changes = y[0] - y[-1], np.diff(y)
    bounces = {"rises": np.maximum(changes, 0).sum(), "all": np.abs(changes).sum()}
    bounces["largest"] = max(changes.max(), 0)
    if bounces[bounce] > max(fall, floor * y[0]):
        return "too high"
    half = len(y) // 2 + middle
    if fall < little * y[0] or y[half] - y[-1] >= fall * late:
        return "too low"
    return "good"


@exercise.misconception
def nan_not_noticed(losses):
    """A curve that breaks off in NaN gets a verdict as if it had not. Every comparison with NaN is
    False, so it has to be asked for first."""
    return judged(losses, broken=False)


@exercise.misconception
def only_the_end_is_looked_at(losses):
    """Only the last loss is asked whether it is finite. A curve can break on the way, too."""
    return judged(losses, broken=not np.isfinite(losses[-1]))


@exercise.misconception
def any_end_above_the_start_diverged(losses):
    """Ending a little above the start is bouncing or trembling, not yet divergence."""
    return judged(losses, twice=1.0)


@exercise.misconception
def anything_far_above_the_start_diverged(losses):
    """A curve that leapt up and came back is called diverged. Which loss decides?"""
    y = np.asarray(losses, dtype=float)
    return "diverged" if y.max() >= 2 * y[0] else judged(losses)


@exercise.misconception
def falls_count_as_bounces(losses):
    """The falls are added up with the rises, so hardly any curve is calm. What is a bounce?"""
    return judged(losses, bounce="all")


@exercise.misconception
def only_the_largest_rise(losses):
    """Only the largest rise is looked at. Many small ones are bouncing as well."""
    return judged(losses, bounce="largest")


@exercise.misconception
def trembling_is_bouncing(losses):
    """A flat curve that trembles a little is called too high: the limit of 5 per cent is missing
    where rises are compared."""
    return judged(losses, floor=0.0)


@exercise.misconception
def only_the_size_of_the_fall(losses):
    """A curve that is still falling steeply when it ends is called good. Look at its end."""
    return judged(losses, late=np.inf)


@exercise.misconception
def only_the_second_half(losses):
    """A curve that fell by next to nothing, but early, is called good."""
    return judged(losses, little=-np.inf)


@exercise.misconception(keeps=0.5)
def half_of_the_fall_is_late(losses):
    """It takes a quarter of the fall in the second half, not half of it, to be too low."""
    return judged(losses, late=0.5)


@exercise.misconception
def middle_one_too_early(losses):
    """The second half begins one entry too early."""
    return judged(losses, middle=-1)


@exercise.misconception
def middle_of_even_curves_too_early(losses):
    """Of 2k losses the second half begins one entry too early: (len − 1) // 2 is not len // 2."""
    return judged(losses, middle=-1 if len(losses) % 2 == 0 else 0)


@exercise.misconception(keeps=1 / 3)
def low_and_high_exchanged(losses):
    """'too low' and 'too high' have changed places: the *rate* is what is too high or low."""
    swap = {"too low": "too high", "too high": "too low"}
    verdict = judged(losses)
    return swap.get(verdict, verdict)


@exercise.misconception
def five_per_cent_of_one(losses):
    """The limit of 5 per cent is used as the number 0.05. Five per cent of what?"""
    y = np.asarray(losses, dtype=float)
    share = 0.05 / y[0]
    return judged(losses, floor=share, little=share)
