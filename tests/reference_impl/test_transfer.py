"""Transfer learning and pretraining against formulas, the complex step and small experiments."""

import itertools

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from scipy import optimize, special

from reference_impl import transfer as ref
from reference_impl.classic_networks import rbm


def classifier(sizes=(3, 5, 4, 2), N=7, seed=0):
    """Examples, labels and a classifier."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]]
    return rng.uniform(size=(N, sizes[0])), rng.integers(sizes[-1], size=N), weights, biases


def calls():
    """One ordinary call of every function."""
    x, labels, weights, biases = classifier()
    rng = np.random.default_rng(0)
    return {
        "frozen_features": (x, weights[:2], biases[:2]),
        "new_head": (5, 3, rng),
        "fine_tuning_policy": (4, 100, 50, True),
        "classifier_gradients": (x, labels, weights, biases),
        "fine_tune": (x, labels, weights, biases, 2, 0.1, 3, 4, rng),
        "classify": (x, weights, biases),
        "fine_tune_step": (x, labels, weights, biases, 2, 0.1),
        "transfer_tasks": (rng, 5, 3, [4, 2]),
        "pretrain": (x, [5, 4], 0.1, 3, 4, rng),
        "greedy_stack": (x, [5, 4], lambda v, size: (np.ones((v.shape[1], size)), np.ones(size))),
        "reconstruct": (x, weights[0], np.ones(3), biases[0]),
        "adapt": (x, labels, weights, biases, (weights[2], biases[2]), 2, 0.1, 3),
        "few_per_class": (np.arange(7) % 2, 2, rng),
        "shuffled_control": (weights, biases, rng),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize(
    "name", ["frozen_features", "classifier_gradients", "fine_tune_step", "pretrain"]
)
def test_precision_is_kept(name):
    """float32 stays float32."""
    assert_precision_kept(getattr(ref, name), calls()[name])


def test_tuned_parameters_keep_their_precision():
    """Only the history of losses is double."""
    x, labels, weights, biases = classifier()
    single = [[p.astype(np.float32) for p in params] for params in (weights, biases)]
    rng = np.random.default_rng(0)
    tuned = ref.fine_tune(x.astype(np.float32), labels, *single, 2, 0.1, 2, 3, rng)
    assert {p.dtype for p in tuned[0] + tuned[1]} == {np.dtype(np.float32)}


def test_features_are_scipys_sigmoid_layers():
    """Two layers of expit; of no layers, a copy of the input."""
    x, _, weights, biases = classifier()
    expected = special.expit(special.expit(x @ weights[0] + biases[0]) @ weights[1] + biases[1])
    got = ref.frozen_features(x, weights[:2], biases[:2])
    np.testing.assert_allclose(got, expected, rtol=1e-13)
    none = ref.frozen_features(x, [], [])
    np.testing.assert_array_equal(none, x)
    assert not np.shares_memory(none, x)


def test_new_head_is_small_and_not_tied():
    """Columns differ, and the first loss is near ln C."""
    W, b = ref.new_head(50, 4, np.random.default_rng(0))
    assert np.linalg.matrix_rank(W) == 4
    assert W.std() == pytest.approx(0.01, rel=0.2)
    assert b.tolist() == [0] * 4
    features = np.random.default_rng(1).uniform(size=(30, 50))
    loss, _, _ = ref.classifier_gradients(features, np.arange(30) % 4, [W], [b])
    assert loss == pytest.approx(np.log(4), abs=0.05)


@pytest.mark.parametrize(
    ("examples", "similar", "policy"),
    [(10, True, (5, 0)), (10, False, (3, 0)), (50, True, (5, 3)), (50, False, (5, 5))],
)
def test_policy(examples, similar, policy):
    """The four quadrants, for five layers and 50 examples as many."""
    assert ref.fine_tuning_policy(5, examples, 50, similar) == policy


@pytest.mark.parametrize("sizes", [(3, 5, 4, 2), (3, 2), (1, 1, 3)])
def test_gradients_agree_with_the_complex_step(sizes):
    """Deep, without a hidden layer, and one unit wide."""
    x, labels, weights, biases = classifier(sizes)

    def loss(params):
        a, layers = x, len(weights)
        for i in range(layers):
            z = a @ params[i] + params[layers + i]
            a = 1 / (1 + np.exp(-z))
        return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(x)), labels])

    got, dWs, dbs = ref.classifier_gradients(x, labels, weights, biases)
    assert got == pytest.approx(loss(weights + biases), rel=1e-12)
    for k, grad in enumerate(dWs + dbs):
        for i in np.ndindex(grad.shape):
            moved = [p.astype(complex) for p in weights + biases]
            moved[k][i] += 1e-30j
            assert grad[i] == pytest.approx(loss(moved).imag / 1e-30, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("trained", [1, 2, 3])
def test_frozen_layers_stay_and_trained_ones_move(trained):
    """The layers below hold the same numbers, in memory of their own."""
    x, labels, weights, biases = classifier()
    rng = np.random.default_rng(0)
    tuned = ref.fine_tune(x, labels, weights, biases, trained, 0.5, 2, 3, rng)
    for before, after in zip((weights, biases), tuned[:2], strict=True):
        same = [np.array_equal(p, q) for p, q in zip(before, after, strict=True)]
        assert same == [True] * (3 - trained) + [False] * trained
        assert not any(np.shares_memory(p, q) for p, q in zip(before, after, strict=True))


def test_training_only_the_head_is_softmax_regression_on_the_features():
    """Gradient descent on frozen features, written out."""
    x, labels, weights, biases = classifier()
    rng = np.random.default_rng(0)
    tuned = ref.fine_tune(x, labels, weights, biases, 1, 0.5, 20, 7, rng)
    h, W, b = ref.frozen_features(x, weights[:2], biases[:2]), weights[2], biases[2]
    for _ in range(20):
        error = (special.softmax(h @ W + b, axis=1) - np.eye(2)[labels]) / 7
        W, b = W - 0.5 * h.T @ error, b - 0.5 * error.sum(axis=0)
    np.testing.assert_allclose(tuned[0][2], W, rtol=1e-10)
    np.testing.assert_allclose(tuned[1][2], b, rtol=1e-10)
    expected = -special.log_softmax(h @ W + b, axis=1)[np.arange(7), labels].mean()
    assert tuned[2][-1] == pytest.approx(expected, rel=1e-10)


def test_classify():
    """The class of the highest score."""
    x, _, weights, biases = classifier()
    scores = ref.frozen_features(x, weights[:2], biases[:2]) @ weights[2] + biases[2]
    assert ref.classify(x, weights, biases).tolist() == [int(np.argmax(row)) for row in scores]


def patterns(N, rng):
    """Four noisy 4×4 pictures, and which of them each row is."""
    prototypes = np.random.default_rng(7).integers(2, size=(4, 16))
    labels = rng.integers(4, size=N)
    return np.abs(prototypes[labels] - (rng.random((N, 16)) < 0.05)).astype(float), labels


def test_each_layers_machine_learns_to_reconstruct():
    """Every RBM's error falls, and the layers fit together."""
    x, _ = patterns(200, np.random.default_rng(0))
    weights, biases, errors = ref.pretrain(x, [20, 10], 0.3, 15, 10, np.random.default_rng(0))
    assert [W.shape for W in weights] == [(16, 20), (20, 10)]
    assert [b.shape for b in biases] == [(20,), (10,)]
    assert all(history[-1] < 0.6 * history[0] for history in errors)


def test_deep_layers_come_from_the_shallow_ones():
    """Greedy: the first layer does not depend on how many follow."""
    x, _ = patterns(50, np.random.default_rng(0))
    one = ref.pretrain(x, [6], 0.3, 3, 10, np.random.default_rng(0))
    two = ref.pretrain(x, [6, 5], 0.3, 3, 10, np.random.default_rng(0))
    np.testing.assert_array_equal(one[0][0], two[0][0])


def test_pretraining_lets_a_deep_sigmoid_net_train():
    """Three hidden layers: small random weights learn nothing, pretrained ones do."""
    x, labels = patterns(200, np.random.default_rng(0))
    unseen, truth = patterns(200, np.random.default_rng(1))
    rng = np.random.default_rng(0)
    W, b = ref.new_head(20, 4, rng)
    pretrained = ref.pretrain(x, [20, 20, 20], 0.3, 15, 10, rng)[:2]
    small = [0.01 * rng.normal(size=V.shape) for V in pretrained[0]]
    hits = []
    for weights, biases in (pretrained, (small, [np.zeros(20)] * 3)):
        tuned = ref.fine_tune(x, labels, [*weights, W], [*biases, b], 4, 0.5, 15, 10, rng)
        hits.append((ref.classify(unseen, *tuned[:2]) == truth).mean())
    assert hits[0] > 0.95
    assert hits[1] < 0.5


def test_each_layer_is_trained_on_what_the_last_one_makes_of_the_data():
    """Three layers, written out with SciPy; the trainer is asked once for each, from below."""
    x, _, _, _ = classifier()
    rng, seen = np.random.default_rng(4), []

    def train_layer(inputs, size):
        seen.append((inputs, rng.normal(size=(inputs.shape[1], size)), rng.normal(size=size)))
        return seen[-1][1:]

    weights, biases = ref.greedy_stack(x, [5, 2, 4], train_layer)
    first = special.expit(x @ seen[0][1] + seen[0][2])
    second = special.expit(first @ seen[1][1] + seen[1][2])
    assert [W.shape for W in weights] == [(3, 5), (5, 2), (2, 4)]
    for (inputs, W, c), given, V, d in zip(seen, (x, first, second), weights, biases, strict=True):
        np.testing.assert_allclose(inputs, given, rtol=1e-13)
        assert V is W
        assert d is c


def test_a_reconstruction_is_the_mean_field_of_the_machine():
    """Unit by unit, with SciPy; its squared error is what the machine's training watches."""
    x, _, weights, biases = classifier()
    W, b, c = weights[0], np.array([0.3, -1.0, 2.0]), biases[0]
    up = [[special.expit(row @ W[:, j] + c[j]) for j in range(5)] for row in x]
    down = [[special.expit(W[i] @ h + b[i]) for i in range(3)] for h in np.array(up)]
    got = ref.reconstruct(x, W, b, c)
    np.testing.assert_allclose(got, down, rtol=1e-13)
    error = rbm.rbm_reconstruction_error(x, W, b, c)
    assert np.mean((x - got) ** 2) == pytest.approx(error, rel=1e-13)


@pytest.mark.parametrize("trained", [1, 2, 3])
def test_adapting_is_fine_tuning_with_another_head(trained):
    """On full batches the shuffled training of `fine_tune` does the same; the old head is gone."""
    x, _, weights, biases = classifier()
    rng = np.random.default_rng(1)
    labels, head = np.arange(7) % 3, (rng.normal(size=(4, 3)), rng.normal(size=3))
    got = ref.adapt(x, labels, weights, biases, head, trained, 0.3, 5)
    start = [*weights[:2], head[0]], [*biases[:2], head[1]]
    expected = ref.fine_tune(x, labels, *start, trained, 0.3, 5, 7, rng)
    for mine, theirs in zip(got[0] + got[1], expected[0] + expected[1], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    assert ref.adapt(x, labels, weights, biases, head, trained, 0.3, 0)[0][2] is head[0]


def test_a_few_of_each_class_are_chosen_and_none_is_lost():
    """Disjoint, exhaustive, as many of each class; every example as often as chance has it."""
    labels = np.array([7, 3, 7, 7, 3, 9, 9, 3, 7, 9, 3])
    rng, often = np.random.default_rng(0), np.zeros(11)
    for _ in range(4000):
        chosen, rest = ref.few_per_class(labels, 2, rng)
        assert sorted([*chosen, *rest]) == list(range(11))
        assert sorted(labels[chosen]) == [3, 3, 7, 7, 9, 9]
        often[chosen] += 1
    np.testing.assert_allclose(often / 4000, np.where(labels == 9, 2 / 3, 1 / 2), atol=0.05)
    with pytest.raises(ValueError, match="larger sample"):
        ref.few_per_class(labels, 4, rng)


def test_a_control_keeps_the_numbers_and_loses_their_places():
    """Each array has the same entries; each entry comes to each place equally often."""
    rng = np.random.default_rng(0)
    weights, biases = [np.arange(6.0).reshape(2, 3)], [np.arange(3.0)]
    places = np.zeros((6, 6))
    for _ in range(3000):
        mixed, offsets = ref.shuffled_control(weights, biases, rng)
        assert sorted(mixed[0].ravel()) == list(range(6))
        assert sorted(offsets[0]) == [0, 1, 2]
        places[mixed[0].ravel().astype(int), range(6)] += 1
    np.testing.assert_allclose(places / 3000, 1 / 6, atol=0.035)


REFUSED = [
    ("classifier_gradients", {1: np.full(7, 2)}, "labels runs from 2 to 2, expected 0 to 1"),
    ("classifier_gradients", {2: []}, "weights is empty"),
    ("fine_tune", {4: 4}, "trained is 4, expected a whole number from 1 to 3"),
    ("fine_tune", {4: 0}, "trained is 0, expected a whole number from 1 to 3"),
    ("fine_tune", {5: -0.1}, "rate is -0.1"),
    ("fine_tune", {7: 0}, "batch_size is 0"),
    ("new_head", {1: 1}, "classes is 1"),
    ("fine_tuning_policy", {3: "yes"}, "similar is 'yes', expected True or False"),
    ("pretrain", {0: np.full((3, 2), 2.0)}, "x has an entry that is 2.0, expected"),
    ("pretrain", {1: []}, "sizes is .., expected a list"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)


@pytest.mark.parametrize("trained", [1, 2, 3])
def test_a_step_moves_what_is_not_frozen(trained):
    """The frozen layers are the very same; the others go down SciPy's slopes."""
    x, labels, weights, biases = classifier()
    moved = ref.fine_tune_step(x, labels, weights, biases, trained, 0.3)
    for new, old in zip(moved, (weights, biases), strict=True):
        for i, (after, before) in enumerate(zip(new, old, strict=True)):
            if i < 3 - trained:
                assert after is before
                continue

            def loss(v, old=old, i=i, before=before):
                changed = [*old[:i], v.reshape(before.shape), *old[i + 1 :]]
                W, b = (changed, biases) if old is weights else (weights, changed)
                a = special.expit(special.expit(x @ W[0] + b[0]) @ W[1] + b[1])
                scores = special.log_softmax(a @ W[2] + b[2], axis=1)
                return -scores[np.arange(len(x)), labels].mean()

            slope = optimize.approx_fprime(before.ravel(), loss, 1e-7).reshape(before.shape)
            np.testing.assert_allclose(after, before - 0.3 * slope, atol=1e-6)


def test_tasks_share_their_features():
    """Labels depend on the input through the latent squares alone; tasks differ; draws repeat."""
    source, target = ref.transfer_tasks(np.random.default_rng(0), 6, 2, [4, 3])
    x, labels = source(np.random.default_rng(1), 4000)
    assert x.shape == (4000, 6)
    assert sorted(set(labels.tolist())) == list(range(4))
    again = source(np.random.default_rng(1), 4000)
    np.testing.assert_array_equal(x, again[0])
    np.testing.assert_array_equal(labels, again[1])
    np.testing.assert_array_equal(source(np.random.default_rng(1), 9)[0].shape, (9, 6))
    # The mean of x xᵀ over a class is the identity but in the plane of the two latent directions.
    for task, classes in ((source, 4), (target, 3)):
        x, labels = task(np.random.default_rng(2), 40000)
        moments = [x[labels == c].T @ x[labels == c] / (labels == c).sum() for c in range(classes)]
        span = np.linalg.svd(np.hstack([m - np.eye(6) for m in moments]))[0][:, :2]
        off = [np.linalg.norm((m - np.eye(6)) - span @ span.T @ (m - np.eye(6))) for m in moments]
        assert max(off) < 0.25
        if task is source:
            first = span
    np.testing.assert_allclose(np.linalg.svd(first.T @ span)[1], 1, atol=0.01)


def test_every_class_occurs():
    """However many classes there are: the mixtures are of one length."""
    (task,) = ref.transfer_tasks(np.random.default_rng(3), 4, 2, [9])
    _, labels = task(np.random.default_rng(0), 20000)
    assert np.unique(labels).tolist() == list(range(9))


@pytest.mark.parametrize("seed", [0, 1])
def test_learned_features_help_where_data_are_few(seed):
    """100 examples: features from the source beat training from scratch, random ones do not."""
    rng = np.random.default_rng(seed)
    source, target = ref.transfer_tasks(rng, 8, 3, [8, 4])
    first = 4 / np.sqrt(8) * rng.normal(size=(8, 60)), rng.normal(size=60)
    head = ref.new_head(60, 8, rng)
    weights, biases, _ = ref.fine_tune(
        *source(rng, 3000), [first[0], head[0]], [first[1], head[1]], 2, 1.0, 40, 20, rng
    )
    few, unseen = target(rng, 100), target(rng, 2000)
    right = {}
    arms = {"scratch": (first, 2), "random": (first, 1), "frozen": ((weights[0], biases[0]), 1)}
    arms["tuned"] = (weights[0], biases[0]), 2
    for name, ((W, b), trained) in arms.items():
        start = ref.new_head(60, 4, rng)
        tuned = ref.fine_tune(*few, [W, start[0]], [b, start[1]], trained, 0.5, 200, 20, rng)
        right[name] = np.mean(ref.classify(unseen[0], *tuned[:2]) == unseen[1])
    assert min(right["frozen"], right["tuned"]) > right["scratch"] + 0.1
    assert right["random"] < right["scratch"]
