"""The exact average of all thinned networks."""

import numpy as np

from autograder.exercises.ch08_dropout import nets
from autograder.judging.compare import agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    core=True,
    hints=(
        "Which masks are there for n units, and how likely is each?",
        "masks * x gives one row for every thinned network: f takes them all at once.",
        "Σ P(m)·f(m ⊙ x) over all masks m.",
    ),
    needs=("all_masks", "mask_probabilities"),
)


@exercise.probe
def three_outputs(rng):
    return nets.deep(rng, 4, 3), rng.normal(size=4), 0.3


@exercise.probe
def one_number(rng):
    return nets.one_number(rng, 3), rng.normal(size=3), 0.7


@exercise.probe
def as_many_outputs_as_masks(rng):
    """Sizes agree: a wrong axis raises no error here."""
    return nets.deep(rng, 2, 4), rng.normal(size=2), 0.2


@exercise.probe
def linear(rng):
    return nets.linear(rng, 3, 2), rng.normal(size=3), 0.4


@exercise.probe
def a_single_unit(rng):
    return nets.deep(rng, 1, 2), rng.normal(size=1), 0.6


@exercise.check
def worked_example(f):
    """For f(h) = (h₁ + h₂)², x = (1, 2), p = ½: (0 + 4 + 1 + 9)/4 = 3.5."""
    got = f(travels(lambda h: np.sum(np.asarray(h), axis=-1) ** 2), np.array([1.0, 2.0]), 0.5)
    agree(got, 3.5, what="the average")


@exercise.check
def by_their_probabilities(f):
    """With p = 0.2, f(h) = ((h₁ + h₂)², h₁) at (1, 2): 0.64·9 + 0.16·1 + 0.16·4 = 6.56, and 0.8."""

    @travels
    def square_and_first(h):
        h = np.asarray(h)
        return np.stack([np.sum(h, axis=-1) ** 2, h[..., 0]], axis=-1)

    agree(f(square_and_first, np.array([1.0, 2.0]), 0.2), np.array([6.56, 0.8]), what="the average")


@exercise.check(points=2)
def bent_networks(f, reference, rng):
    """Gives the average of networks with bends, of one and several outputs, at every rate."""
    for n, outputs, p in [(4, 3, 0.2), (2, 4, 0.7), (1, 5, 0.35), (5, 1, 0.5), (3, 2, 0.93)]:
        arguments = nets.deep(rng, n, outputs), rng.normal(size=n), p
        agree(f(*arguments), reference(*arguments), what="the average")
    arguments = nets.one_number(rng, 4), rng.normal(size=4), 0.15
    agree(f(*arguments), reference(*arguments), what="the average of a network of one output")


@exercise.check(points=1, after=bent_networks)
def of_linear_networks(f, rng):
    """Of a linear network it is the network fed with (1 − p)·x, at any rate and scale."""
    for n, p, scale in [(4, 0.2, 1.0), (3, 0.8, 1e3), (5, 0.5, 1e-3)]:
        net, x = nets.linear(rng, n, 3), scale * rng.normal(size=n)
        got = as_array(f(net, x, p), "the average").astype(float)
        agree(got, net((1 - p) * x), rtol=1e-10, what="the average")


@exercise.check(points=1, after=bent_networks)
def laws(f, rng):
    """Without dropout it is the network itself; a constant stays; a unit can be told apart."""
    net, x = nets.deep(rng, 4, 3), rng.normal(size=4)
    agree(f(net, x, 0.0), net(x), what="the average for p = 0")
    level = f(travels(lambda h: np.full((*np.shape(h)[:-1], 2), 7.0)), x, 0.3)
    agree(level, np.full(2, 7.0), what="the average of a constant")
    first = f(travels(lambda h: np.asarray(h)[..., :1] != 0), x, 0.3)
    agree(first, np.array([0.7]), what="how often the first unit is kept")
    both = f(travels(lambda h: np.prod(np.asarray(h)[..., :2] == 0, axis=-1)), x, 0.3)
    agree(both, 0.09, what="how often the first two are dropped together")
    unchanged(f, net, x, 0.3)


@exercise.check(points=1, after=bent_networks)
def thirteen_units(f, reference, rng):
    """Averages over all 8,192 networks of 13 units, those with units at 0 among them."""
    net, x = nets.deep(rng, 13, 2), rng.normal(size=13) * (np.arange(13) % 4 != 1)
    agree(f(net, x, 0.25), reference(net, x, 0.25), what="the average")


@exercise.variant
def from_binary_digits(f, x, p):
    n = len(x)
    masks = np.array([[int(c) for c in format(i, f"0{n}b")] for i in range(2**n)])
    chances = np.prod(np.where(masks, 1 - p, p), axis=1)
    return np.tensordot(chances, np.asarray(f(masks * x)), axes=1)


@exercise.variant
def in_any_order(f, x, p):
    n = len(x)
    masks = np.stack(np.meshgrid(*[[1, 0]] * n), axis=-1).reshape(-1, n)
    kept = masks.sum(axis=1)
    outs = np.asarray(f(x * masks))
    chances = ((1 - p) ** kept * p ** (n - kept)).reshape(-1, *[1] * (outs.ndim - 1))
    return (chances * outs).sum(axis=0)


@exercise.variant
def two_nets_at_a_time(f, x, p):
    rows, chances = np.array([x]), np.ones(1)
    for d in range(len(x)):
        without = rows.copy()
        without[:, d] = 0
        rows = np.concatenate([rows, without])
        chances = np.concatenate([chances * (1 - p), chances * p])
    return sum(c * np.asarray(out) for c, out in zip(chances, f(rows), strict=True))


def _all(n, p):
    pairs = list(nets.all_kept_or_dropped(n, p))
    return np.array([m for m, _ in pairs]), np.array([chance for _, chance in pairs])


@exercise.misconception
def all_networks_alike(f, x, p):
    """All networks count alike. That is right for p = ½ only; give each its probability."""
    return np.asarray(f(_all(len(x), p)[0] * x)).mean(axis=0)


@exercise.misconception
def network_of_the_average(f, x, p):
    """That feeds the average input to the network. Where f bends, it is not the average output."""
    return np.asarray(f((1 - p) * x[None]))[0]


@exercise.misconception
def unscaled_network(f, x, p):
    """This is the whole network, without dropout; nothing is averaged."""
    return np.asarray(f(x[None]))[0]


@exercise.misconception
def rates_swapped(f, x, p):
    """p is the rate of dropping: networks that keep much are likely when p is small."""
    masks, chances = _all(len(x), 1 - p)
    return chances @ np.asarray(f(masks * x))


@exercise.misconception
def sum_without_weights(f, x, p):
    """The outputs are added up without their probabilities."""
    return np.asarray(f(_all(len(x), p)[0] * x)).sum(axis=0)


@exercise.misconception
def survivors_enlarged(f, x, p):
    """The survivors are enlarged. Here plain masks of 0 and 1 are asked for."""
    masks, chances = _all(len(x), p)
    return chances @ np.asarray(f(masks * x / (1 - p)))


@exercise.misconception
def empty_network_left_out(f, x, p):
    """The network in which all units are dropped is left out. Its bias has something to say."""
    masks, chances = _all(len(x), p)
    return chances[1:] @ np.asarray(f(masks[1:] * x)) / chances[1:].sum()


@exercise.misconception
def by_sampling(f, x, p):
    """A thousand masks are drawn by chance: that comes near. All masks give it exactly."""
    masks = np.random.default_rng(0).random((1000, len(x))) >= p
    return np.asarray(f(masks * x)).mean(axis=0)


@exercise.misconception
def ignores_x(f, x, p):
    """The network is fed with the masks alone. Each mask multiplies x."""
    masks, chances = _all(len(x), p)
    return chances @ np.asarray(f(masks))


@exercise.misconception
def averages_the_outputs_too(f, x, p):
    """The classes are averaged as well. Every output has its own average."""
    masks, chances = _all(len(x), p)
    return float(np.mean(chances @ np.asarray(f(masks * x))))


@exercise.misconception
def one_unit_dropped_at_a_time(f, x, p):
    """Only networks without *one* unit are averaged. There are 2ⁿ, not n."""
    return np.asarray(f((1 - np.eye(len(x))) * x)).mean(axis=0)
