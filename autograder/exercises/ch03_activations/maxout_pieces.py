"""How many pieces has a maxout unit?"""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=4,
    hints=(
        "Draw three lines so that one of them is never on top. How could you tell without drawing?",
        "A line is on top from where it has overtaken every flatter line until the first steeper "
        "line overtakes it. Lines i and j cross at x = (b_j − b_i)/(w_i − w_j).",
        "Line k is on top between the crossings with all flatter lines and those with all "
        "steeper ones.",
    ),
)


def lines(rng, k, scale=1.0):
    """Random lines whose crossings are nowhere nearly the same three lines at once."""
    while True:
        w, b = scale * rng.normal(size=k), rng.normal(size=k)
        i, j = np.triu_indices(k, 1)
        x = (b[j] - b[i]) / (w[i] - w[j])
        below = np.outer(x, w) + b - (w[i] * x + b[i])[:, None]
        own = np.arange(k)
        others = (own != i[:, None]) & (own != j[:, None])
        if np.min(np.abs(below[others]), initial=np.inf) > 1e-6:
            return w, b


def tangents(rng, k, step):
    """Tangents to the parabola x² at equally spaced points: everyone is on top somewhere."""
    touch = step * (np.arange(k) - (k - 1) // 2)
    order = rng.permutation(k)
    return 2.0 * touch[order], -(touch[order] ** 2.0)


@exercise.probe
def few(rng):
    return lines(rng, 5)


@exercise.probe
def many(rng):
    return lines(rng, 40)


@exercise.probe
def convex(rng):
    return tangents(rng, 7, 1)


@exercise.probe
def far_away(rng):
    """They cross hundreds and thousands of units away from 0."""
    return tangents(rng, 6, 512)


@exercise.probe
def close_together(rng):
    """All that happens happens within a hundredth around 0."""
    return tangents(rng, 5, 2.0**-10)


@exercise.probe
def parallel(rng):
    """Three slopes, six lines; of parallels only the highest can be on top."""
    return np.array([-1.0, 2.0, -1.0, 0.0, 2.0, 0.0]), np.array([0.0, 1.0, 3.0, 5.0, -4.0, 2.0])


@exercise.probe
def repeated(rng):
    """The same two lines three times over."""
    return np.array([1.0, -1.0] * 3), np.array([0.5, 0.25] * 3)


@exercise.probe
def touching(rng):
    """The line 0 touches the corner of two others, and is nowhere above them."""
    return np.array([1.0, 0.0, -1.0, 2.0]), np.array([0.0, 0.0, 0.0, -3.0])


@exercise.probe
def alone(rng):
    return rng.normal(size=1), rng.normal(size=1)


@exercise.check
def worked_example(f):
    """−x, 0 and x make two pieces: 0 only touches. Lift it to 1 and there are three."""
    w = np.array([-1.0, 0.0, 1.0])
    agree(f(w, np.zeros(3)), 2, what="the number of pieces")
    agree(f(w, np.array([0.0, 1.0, 0.0])), 3, what="the number of pieces")


@exercise.check
def one_line(f):
    """A single line is one piece, and so are two parallel ones."""
    agree(f(np.array([3.0]), np.array([1.0])), 1, what="the number of pieces")
    agree(f(np.array([3.0, 3.0]), np.array([1.0, 2.0])), 1, what="the number of pieces")


@exercise.check
def far_away_or_short(f):
    """0 and x − 1000 make two pieces; of ½ − x, ¼ and x − ½ the ¼ is on top from ¼ to ¾: three."""
    agree(f(np.array([0.0, 1.0]), np.array([0.0, -1000.0])), 2, what="the number of pieces")
    w, b = np.array([-1.0, 0.0, 1.0]), np.array([0.5, 0.25, -0.5])
    agree(f(w, b), 3, what="the number of pieces")


@exercise.check
def below_two_others(f):
    """Slopes −2 … 2 at heights 0, −3, −2, −3, 0: only the outer two are ever on top, as −2 < 0."""
    w, b = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), np.array([0.0, -3.0, -2.0, -3.0, 0.0])
    agree(f(w, b), 2, what="the number of pieces")


@exercise.check(points=2)
def random_lines(f, reference, rng):
    """Counts the pieces of random lines, from one to forty of them."""
    for k in (1, 2, 3, 11, 11, 40, *rng.integers(4, 13, size=8)):
        arguments = lines(rng, k, 10 ** rng.uniform(-1, 1))
        agree(f(*arguments), reference(*arguments), what=f"the number of pieces of {k} lines")
    w, crossing = rng.normal(size=2), rng.choice([-1, 1]) * rng.uniform(20, 50)
    agree(f(w, -crossing * w), 2, what="the number of pieces of two lines")


@exercise.check(points=1, after=random_lines)
def everybody_on_top(f, reference, rng):
    """k tangents to a parabola make k pieces, however far apart or close together they are."""
    for k, step in [(2, 1), (3, 512), (6, 512), (7, 2.0**-10), (16, 1), (5, 2.0**-10)]:
        agree(f(*tangents(rng, k, step)), k, what=f"the number of pieces of {k} tangents")
    w, b = tangents(rng, 5, 2.0**-10)
    agree(f(w + 1024, b), 5, what="the number of pieces of 5 tangents, nearly parallel,")


@exercise.check(points=1, after=random_lines)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, though lines cross between them."""
    for k in (3, 5, 7):
        whole_numbers(f, reference, *np.array(tangents(rng, k, 1), dtype=int))


@exercise.check(points=1, after=random_lines)
def parallels_and_repeats(f, reference, rng):
    """Of parallels only the highest counts, equal lines count once, touching ones not at all."""
    for arguments in (parallel(rng), repeated(rng)):
        agree(f(*arguments), reference(*arguments), what="the number of pieces")
    for k in (3, *rng.integers(5, 13, size=15)):
        w, b = lines(rng, k)
        order, lower = rng.permutation(2 * k), b - rng.uniform(0.1, 5, size=k)
        both = np.concatenate([w, w])[order], np.concatenate([b, lower])[order]
        agree(f(*both), reference(w, b), what="the number of pieces with lower parallels added")
        twice = np.concatenate([w, w])[order], np.concatenate([b, b])[order]
        agree(f(*twice), reference(w, b), what="the number of pieces with every line twice")
    w, b = tangents(rng, 5, 1)
    both = np.concatenate([w, w]), np.concatenate([b, b - 0.5])
    agree(f(*both), 5, what="the number of pieces with a lower parallel for each line")
    agree(f(np.zeros(4), np.arange(4.0)), 1, what="the number of pieces of four level lines")
    # Neighbouring tangents at k and k + 1 meet at x = k + ½, at the height k² + k: there a line
    # with the slope between theirs only touches.
    slopes = np.sort(w)[:-1] + 1.0
    touching = slopes, (slopes**2 - 1) / 4 - slopes * slopes / 2
    with_touching = np.concatenate([w, touching[0]]), np.concatenate([b, touching[1]])
    agree(f(*with_touching), 5, what="the number of pieces with a line touching each corner")


@exercise.check(points=1, after=random_lines)
def laws(f, rng):
    """Order does not matter, nor does tilting, lifting, mirroring or stretching everything."""
    for k in (3, 5, 11):
        w, b = lines(rng, k)
        pieces, order = f(w, b), rng.permutation(k)
        agree(f(w[order], b[order]), pieces, what="the number with the lines in another order")
        agree(f(w + 2.5, b - 7), pieces, what="the number with all lines tilted and lowered")
        agree(f(-w, b), pieces, what="the number seen in a mirror")
        agree(f(w, 1000 * b), pieces, what="the number with x and y stretched")


@exercise.check(points=1, after=random_lines)
def leaves_inputs_alone(f, rng):
    """Leaves slopes and heights as they were."""
    unchanged(f, *few(rng))


@exercise.variant
def upper_hull(w, b):
    """Lines as points (w, b): those on top are the corners of the upper convex hull."""
    hull = []
    for slope in sorted(set(w.tolist())):
        point = slope, b[w == slope].max()
        while len(hull) > 1 and _turn(hull[-2], hull[-1], point) >= 0:
            hull.pop()
        hull.append(point)
    return np.int64(len(hull))


def _turn(one, two, three):
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


@exercise.variant
def walking_along(w, b):
    """Begin with the line on top at −∞ and change to whoever overtakes first."""
    now = np.lexsort((-b, w))[0]
    pieces = 1
    while True:
        steeper = np.flatnonzero(w > w[now])
        if len(steeper) == 0:
            return pieces
        where = (b[now] - b[steeper]) / (w[steeper] - w[now])
        now = max(steeper[where == where.min()], key=lambda j: (w[j], b[j]))
        pieces += 1


def _pieces(w, b):
    return upper_hull(w, b)


@exercise.misconception
def as_many_as_lines(w, b):
    """You count the lines. A line that is below the others everywhere makes no piece."""
    return len(w)


@exercise.misconception
def as_many_as_different_lines(w, b):
    """You count the different lines. One that is below the others everywhere makes no piece."""
    return len(_different(w, b))


def _different(w, b):
    return set(zip(w.tolist(), b.tolist(), strict=True))


@exercise.misconception
def as_many_as_slopes(w, b):
    """You count the different slopes. A line may be below the others everywhere."""
    return len(np.unique(w))


@exercise.misconception(keeps=0.5)
def counts_the_corners(w, b):
    """One too few: between two pieces there is one corner, and you count the corners."""
    return _pieces(w, b) - 1


@exercise.misconception
def counts_all_crossings(w, b):
    """You count where lines cross. Most crossings lie below the maximum."""
    i, j = np.triu_indices(len(w), 1)
    return 1 + int(np.sum(w[i] != w[j]))


@exercise.misconception
def counts_the_places_of_crossings(w, b):
    """You count at how many places lines cross. Most crossings lie below the maximum."""
    i, j = np.triu_indices(len(w), 1)
    i, j = i[w[i] != w[j]], j[w[i] != w[j]]
    return 1 + len(np.unique(np.round((b[j] - b[i]) / (w[i] - w[j]), 9)))


@exercise.misconception
def lower_side(w, b):
    """You follow the lowest line. Maxout is the highest."""
    return _pieces(-w, -b)


@exercise.misconception
def looks_near_zero_only(w, b):
    """Looking at x from −10 to 10 misses what happens outside."""
    return _seen_at(np.linspace(-10, 10, 20001), w, b)


def _seen_at(x, w, b):
    return len(np.unique((np.outer(x, w) + b).argmax(axis=1)))


@exercise.misconception
def looks_near_zero_with_coarse_steps(w, b):
    """Looking at x from −10 to 10 in steps misses what is outside, and what is between them."""
    return _seen_at(np.linspace(-10, 10, 2001), w, b)


@exercise.misconception
def looks_with_coarse_steps(w, b):
    """A grid of whole numbers steps over short pieces. Work out where lines cross."""
    return _seen_at(np.arange(-5000.0, 5001.0), w, b)


@exercise.misconception
def equal_lines_counted_every_time(w, b):
    """Equal lines are counted every time. Together they make one piece."""
    return int(sum(np.sum((w == s) & (b == h)) for s, h in _winners(w, b)))


def _winners(w, b):
    """The lines on top, each once."""
    return [(s, h) for s, h in _different(w, b) if _pieces(w, b) > _pieces_without(w, b, s, h)]


def _pieces_without(w, b, slope, height):
    kept = (w != slope) | (b != height)
    return _pieces(w[kept], b[kept]) if kept.any() else 0


@exercise.misconception
def compared_with_its_neighbours_only(w, b):
    """Each line is compared with its two neighbours in slope only. Others may be above it too."""
    order = np.lexsort((b, w))
    w, b = w[order], b[order]
    inner = [
        i
        for i in range(1, len(w) - 1)
        if w[i - 1] < w[i] < w[i + 1] and _turn(*zip(w[i - 1 : i + 2], b[i - 1 : i + 2])) < 0
    ]
    return min(len(w), 2) + len(inner) if w[0] < w[-1] else 1


def _stretches(w, b, touching):
    """Lines that are on top of all lines of other slopes somewhere, or at a point if `touching`."""
    count = 0
    for slope, height in _different(w, b):
        others = w != slope
        crossings = (b[others] - height) / (slope - w[others])
        start = crossings[w[others] < slope].max(initial=-np.inf)
        end = crossings[w[others] > slope].min(initial=np.inf)
        count += start <= end if touching else start < end
    return int(count)


@exercise.misconception
def touching_counts_as_a_piece(w, b):
    """A line that only touches a corner is counted. A piece has a length."""
    slopes = np.unique(w)
    return _stretches(slopes, np.array([b[w == s].max() for s in slopes]), touching=True)


@exercise.misconception
def parallels_all_counted(w, b):
    """Parallel lines are never compared with each other. Only the highest can be on top."""
    return _stretches(w, b, touching=False)
