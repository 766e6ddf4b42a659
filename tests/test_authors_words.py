"""What the docstrings of an author's words show is what comes out."""

import doctest

import pytest

from autograder.judging import compare, purity


@pytest.mark.parametrize("module", [compare, purity], ids=lambda module: module.__name__)
def test_examples_in_docstrings_hold(module):
    """Each of them, run as it stands."""
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
