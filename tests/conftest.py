"""Shared by all tests: the repository's course, and a toy exercise whose answers are obvious."""

import os
import sys
import types

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from remembering import Remembering

from autograder.course.build import locate
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

# The gate asks the same every time, on slow machines, too; `--hypothesis-profile=explore` goes on.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("gate", PATIENT, derandomize=True, database=None)
settings.register_profile("explore", PATIENT)
settings.load_profile("gate")


def pytest_addoption(parser):
    parser.addoption(
        "--remember", action="store_true", help="leave out what passed before on the same files"
    )


def pytest_configure(config):
    if config.getoption("remember") and not os.environ.get("CI"):
        config.pluginmanager.register(Remembering(config))


def pytest_collection_modifyitems(items):
    """Files with slow tests come first: processes that share the tests then end together."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def course():
    """The course of this checkout."""
    return locate()


@pytest.fixture
def doubling():
    """An exercise "return 2x" with a public check, two graded ones, and two misconceptions."""
    name = "toy.ch00_toy.doubling"
    sys.modules[name] = types.ModuleType(name, "Twice as much.")
    sys.modules[name].__file__ = __file__
    sys.modules[name].__file__ = __file__
    exercise = Exercise(name, minutes=1, difficulty=1, hints=("What is twice?",))

    @exercise.probe
    def numbers(rng):
        return (rng.normal(size=3),)

    @exercise.check
    def worked_example(f):
        """Turns 3 into 6."""
        agree(f(np.array([3.0])), np.array([6.0]))

    @exercise.check(points=2)
    def random_numbers(f, reference, rng):
        """Doubles any numbers."""
        arguments = numbers(rng)
        agree(f(*arguments), reference(*arguments))

    @exercise.check(points=1, after=random_numbers)
    def inputs(f, rng):
        """Leaves its input as it was."""
        unchanged(f, *numbers(rng))

    @exercise.misconception
    def squares(x):
        """That is the square: multiply by 2, not by x."""
        return x**2

    @exercise.misconception
    def in_place(x):
        """The caller's array is overwritten: make a new one."""
        x *= 2
        return x

    return exercise
