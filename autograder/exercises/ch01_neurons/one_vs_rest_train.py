"""Ten perceptrons read digits."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    needs=("perceptron_train",),
    hints=(
        "What does the perceptron for class 3 have to tell apart? So what are its labels?",
        "For each class make labels of 0 and 1, train a perceptron on them from zero, and put its "
        "weights into a column. `labels == k` is True for the examples of class k.",
        r"Column $k$ of $W$, and $b_k$, are what training gives for the labels "
        r"$y_i = 1$ if example $i$ belongs to class $k$, else $0$.",
    ),
)


def task(rng, examples, features, classes, epochs, spread=1.0):
    """Overlapping clouds, one for each class, each class in it at least once."""
    labels = rng.permutation(np.arange(examples) % classes)
    centres = rng.normal(size=(classes, features)) * 1.5
    return centres[labels] + spread * rng.normal(size=(examples, features)), labels, classes, epochs


@exercise.probe
def three_classes(rng):
    return task(rng, 17, 5, 3, 3)


@exercise.probe
def two_classes(rng):
    return task(rng, 11, 2, 2, 4)


@exercise.probe
def four_classes(rng):
    return task(rng, 23, 3, 4, 2)


@exercise.probe
def epochs_by_default(rng):
    return task(rng, 19, 2, 3, 0)[:3]


@exercise.probe
def one_class_is_missing(rng):
    x, labels, _, _ = task(rng, 13, 3, 2, 3)
    return x, 2 * labels, 3, 3


def compare(f, arguments, expected):
    W, b = sequence(f(*arguments), 2, "the result")
    agree(W, expected[0], what="W")
    agree(b, expected[1], what="b")


@exercise.check
def three_points(f):
    """Points at −2, 0 and 2, one of each class, seen once: W = (−2, −2, 2), b = (0, 0, 1)."""
    x, labels = np.array([[-2.0], [0.0], [2.0]]), np.array([0, 1, 2])
    compare(f, (x, labels, 3, 1), (np.array([[-2.0, -2.0, 2.0]]), np.array([0.0, 0.0, 1.0])))


@exercise.check
def until_they_have_learned(f):
    """Points at (4, 0), (0, 4) and (−4, −4), 20 epochs: the largest sum names the class."""
    x, labels = np.array([[4.0, 0.0], [0.0, 4.0], [-4.0, -4.0]]), np.array([2, 0, 1])
    W, b = sequence(f(x, labels, 3, 20), 2, "the result")
    if np.shape(W) != (2, 3) or np.shape(b) != (3,):
        raise Failed(f"W and b have the shapes {np.shape(W)} and {np.shape(b)}")
    agree((x @ W + b).argmax(axis=1), labels, what="the class with the largest sum")
    first = np.array([[0.0, -4.0, 4.0], [4.0, -4.0, -4.0]]), np.array([1.0, 1.0, 0.0])
    compare(f, (x, labels, 3, 1), first)


@exercise.check
def inputs_stay(f):
    """x and labels are afterwards what they were before."""
    unchanged(f, np.array([[-2.0], [0.0], [2.0]]), np.array([0, 1, 2]), 3, 2)


@exercise.check(points=3)
def random_tasks(f, reference, rng):
    """Trains a perceptron for each class, for several numbers of classes and epochs."""
    for size in [(17, 5, 3, 3), (11, 2, 2, 4), (23, 3, 4, 2), (13, 7, 5, 1)]:
        arguments = task(rng, *size)
        compare(f, arguments, reference(*arguments))


@exercise.check(points=1, after=random_tasks)
def missing_classes_and_defaults(f, reference, rng):
    """Ten epochs by default, none if none are allowed, and a class without examples."""
    by_default = task(rng, 29, 2, 3, 0, 3.0)
    compare(f, by_default[:3], reference(*by_default[:3]))
    agree(f(*by_default), (np.zeros((2, 3)), np.zeros(3)), what="W and b after no epochs")
    missing = one_class_is_missing(rng)
    compare(f, missing, reference(*missing))
    one = task(rng, 1, 3, 1, 2)
    compare(f, one, reference(*one))


@exercise.check(points=1, after=random_tasks)
def laws(f, rng):
    """Each column depends on its own class only: renaming the classes rearranges the columns."""
    x, labels, classes, epochs = task(rng, 23, 3, 4, 3)
    W, b = sequence(f(x, labels, classes, epochs), 2, "the result")
    names = rng.permutation(4)
    V, c = sequence(f(x, names[labels], classes, epochs), 2, "the result")
    agree(np.asarray(V)[:, names], W, what="W with the classes renamed")
    agree(np.asarray(c)[names], b, what="b with the classes renamed")


@exercise.check(points=1, after=random_tasks)
def leaves_inputs_alone(f, rng):
    """Leaves inputs and labels as they were."""
    unchanged(f, *three_classes(rng))


def _by_hand(x, labels, classes, epochs=10, *, carry=False, forget_bias=False):
    """The right training, but for what is named."""
    W, b = np.zeros((x.shape[1], classes)), np.zeros(classes)
    theta = np.zeros(x.shape[1] + 1)
    rows = np.column_stack([x, np.zeros(len(x)) if forget_bias else np.ones(len(x))])
    for k in range(classes):
        theta = theta if carry else np.zeros(x.shape[1] + 1)
        for _ in range(epochs):
            mistakes = 0
            for row, label in zip(rows, labels):
                if (row @ theta > 0) != (label == k):
                    theta = theta + (1 if label == k else -1) * row
                    mistakes += 1
            if not mistakes:
                break
        W[:, k], b[k] = theta[:-1], theta[-1]
    return W, b


@exercise.variant
def written_out(x, labels, classes, epochs=10):
    return _by_hand(x, labels, classes, epochs)


@exercise.variant
def all_at_once(x, labels, classes, epochs=10):
    """One pass for all the classes together; whoever has finished is left alone."""
    wanted = (np.asarray(labels)[:, None] == np.arange(classes)).astype(float)
    W, b, busy = np.zeros((x.shape[1], classes)), np.zeros(classes), np.ones(classes)
    for _ in range(epochs):
        wrong = np.zeros(classes)
        for row, want in zip(x, wanted):
            error = (want - (row @ W + b > 0)) * busy
            W, b = W + np.outer(row, error), b + error
            wrong += np.abs(error)
        busy = busy * (wrong > 0)
    return [W, b]


@exercise.misconception(keeps=0.5)
def goes_on_from_the_class_before(x, labels, classes, epochs=10):
    """Each perceptron starts where the one before has ended. All of them start from zero."""
    return _by_hand(x, labels, classes, epochs, carry=True)


@exercise.misconception
def all_but_this_class(x, labels, classes, epochs=10):
    """The labels are the wrong way round: perceptron k fires for all the *others*."""
    columns = [_by_hand(x, (labels != k) * 1, 2, epochs) for k in range(classes)]
    return np.column_stack([W[:, 1] for W, _ in columns]), np.array([b[1] for _, b in columns])


@exercise.misconception
def this_class_or_higher(x, labels, classes, epochs=10):
    """Perceptron k fires for class k *and all higher ones*. It should be alone with its class."""
    columns = [_by_hand(x, (labels >= k) * 1, 2, epochs) for k in range(classes)]
    return np.column_stack([W[:, 1] for W, _ in columns]), np.array([b[1] for _, b in columns])


@exercise.misconception(keeps=0.5)
def one_row_per_class(x, labels, classes, epochs=10):
    """W is transposed: it wants one *column* for each class."""
    W, b = _by_hand(x, labels, classes, epochs)
    return np.ascontiguousarray(W.T), b


@exercise.misconception(keeps=0.5)
def epochs_ignored(x, labels, classes, epochs=10):
    """`epochs` is never used: all perceptrons are trained for up to 100 epochs."""
    return _by_hand(x, labels, classes, 100)


@exercise.misconception(keeps=0.5)
def biases_not_kept(x, labels, classes, epochs=10):
    """All biases are 0: the ones that training returns are lost."""
    W, b = _by_hand(x, labels, classes, epochs)
    return W, 0 * b


@exercise.misconception
def last_class_left_out(x, labels, classes, epochs=10):
    """The last class has no perceptron: its column is still 0."""
    W, b = _by_hand(x, labels, classes, epochs)
    W[:, -1], b[-1] = 0, 0
    return W, b


@exercise.misconception
def class_zero_left_out(x, labels, classes, epochs=10):
    """Class 0 has no perceptron: the classes are numbered from 0, so its column is the first."""
    W, b = _by_hand(x, labels, classes, epochs)
    W[:, 0], b[0] = 0, 0
    return W, b


@exercise.misconception
def no_column_for_a_missing_class(x, labels, classes, epochs=10):
    """A class without examples gets no column. `classes` says how many there are, not the data."""
    W, b = _by_hand(x, labels, classes, epochs)
    present = np.unique(labels)
    return W[:, present], b[present]


@exercise.misconception
def class_number_as_label(x, labels, classes, epochs=10):
    """The class numbers themselves are handed to the training, which knows only 0 and 1."""
    theta, rows = np.zeros(x.shape[1] + 1), np.column_stack([x, np.ones(len(x))])
    for _ in range(epochs):
        before = theta
        for row, label in zip(rows, labels):
            theta = theta + (int(label) - int(row @ theta > 0)) * row
        if (before == theta).all():
            break
    return np.tile(theta[:-1, None], classes), np.full(classes, theta[-1])


@exercise.misconception(keeps=0.5)
def only_the_weights(x, labels, classes, epochs=10):
    """Only W comes back; b is wanted, too."""
    return _by_hand(x, labels, classes, epochs)[0]


@exercise.misconception
def changes_the_labels(x, labels, classes, epochs=10):
    """The weights are right, but the caller's labels are overwritten on the way."""
    W, b = _by_hand(x, labels, classes, epochs)
    labels[...] = labels == classes - 1
    return W, b


@exercise.misconception(keeps=0.5)
def a_rate_of_a_tenth(x, labels, classes, epochs=10):
    """Trains with a rate of 0.1; the rate is 1."""
    W, b = _by_hand(x, labels, classes, epochs)
    return 0.1 * W, 0.1 * b


@exercise.misconception
def winner_against_the_right_one(x, labels, classes, epochs=10):
    """Compares the classes with each other; here each class is trained against all the rest."""
    W, b = np.zeros((x.shape[1], classes)), np.zeros(classes)
    for _ in range(epochs):
        for row, label in zip(x, labels):
            winner = int(np.argmax(row @ W + b))
            if winner != label:
                W[:, label], b[label] = W[:, label] + row, b[label] + 1
                W[:, winner], b[winner] = W[:, winner] - row, b[winner] - 1
    return W, b
