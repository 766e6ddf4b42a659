"""The real data: what is published about it holds for our copies."""

import numpy as np

from autograder.data import load_digits, load_iris


def test_the_flowers_are_those_of_fishers_paper():
    """Its Table II gives the means of the three species."""
    flowers, species = load_iris()
    assert flowers.shape == (150, 4)
    assert np.bincount(species).tolist() == [50, 50, 50]
    means = [flowers[species == c].mean(axis=0) for c in range(3)]
    printed = [
        [5.006, 3.428, 1.462, 0.246],
        [5.936, 2.770, 4.260, 1.326],
        [6.588, 2.974, 5.552, 2.026],
    ]
    np.testing.assert_allclose(means, printed, rtol=1e-12)


def test_the_digits_are_those_of_the_repository():
    """Its description counts the examples of each class in the test set."""
    images, digits = load_digits()
    assert images.shape == (1797, 64)
    assert (images.min(), images.max()) == (0.0, 1.0)
    assert np.bincount(digits).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
