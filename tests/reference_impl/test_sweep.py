"""Every public function of the reference over every kind of array, none of them registered.

`python tests/reference_impl/test_sweep.py` prints the table.
"""

import sys

import numpy as np
import pytest
from arguments import arguments_of, public_functions, rules_of
from contract_laws import arrays_in
from kinds import (
    HALF,
    KINDS,
    LISTS,
    MISFITS,
    NUMBERS,
    REFUSED,
    SAME,
    SCALARS,
    SINGLE,
    VIEWS,
    assert_near,
    assert_refused,
    assert_same,
    assert_single,
    entries,
    leaves,
    numpys,
    run,
    stored,
)

FUNCTIONS = public_functions()
DOUBLES = {
    "backprop.numerical_gradient": "differences of single precision would be noise",
    "classic_networks.som.som_neighbourhood": "a place on the grid has no precision",
    "why_deep.breakpoints": "the places of bends are found in double precision",
    **dict.fromkeys(
        (
            "backprop.train_network",
            "classic_networks.elman.elman_train",
            "local_minima.multi_start_training",
            "neurons.logistic_fit",
            "optimizers.minimise",
            "regularization.cross_validate",
            "transfer.fine_tune",
            "tuning.overfits_tiny_subset",
        ),
        "its record of losses holds Python's floats",
    ),
}
"""Functions that return an array of double precision for any floats, and why."""

OWN = ("configurations", "state")
"""What comes back from our own functions, and holds the numbers that they put there."""

OF_THE_MODEL = {
    f"network.training.{name}": ("params", "x", "data", "validation")
    for name in ("evaluate", "loss_and_gradients", "train", "trainer", "training_step")
}
"""Arguments whose shapes only the model knows, and the model has no rule."""


def like_double(path, given, kind):
    """Another layout adds up in another order; another type must not differ by a single bit."""
    function, store = FUNCTIONS[path], KINDS[kind]
    expected = run(function, stored(given, lambda a: store(a).astype(a.dtype)))
    assert not isinstance(expected, Exception), expected
    assert_same(run(function, stored(given, store)), expected, 11 if kind in VIEWS else 17)


def in_lower_precision(path, given, kind):
    """Four digits, in arrays of single precision; half precision has two, and may become single."""
    function = FUNCTIONS[path]
    got, expected = run(function, stored(given, KINDS[kind])), run(function, given)
    if kind in SINGLE or "rng" not in given:  # in half precision a coin may fall the other way
        assert_near(got, expected, 2e-4 if kind in SINGLE else 0.02)
    assert not isinstance(got, Exception), got
    if kind in SINGLE and path not in DOUBLES:
        assert_single(got, expected)


def with_numpys_numbers(path, given, kind):
    """NumPy's numbers are Python's: beside them single precision stays what it is."""
    function, single = FUNCTIONS[path], stored(given, KINDS[kind])
    scalars = {k: v if k in OWN else numpys(v) for k, v in single.items()}
    assert_same(run(function, scalars), run(function, single), 17)


def as_without_axes(path, given, kind):
    """A plain number is the array of no axes, or refused; it is no reason for half precision."""
    function = FUNCTIONS[path]
    got = run(function, stored(given, KINDS[kind]))
    if isinstance(got, Exception):
        return assert_refused(got, f"{function.__name__}: ")
    expected = run(function, stored(given, KINDS["0-d"]))
    assert np.float16 not in [getattr(leaf, "dtype", None) for leaf in leaves(got)]
    for mine, theirs in zip(leaves(got), leaves(expected), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def refused_by_name(path, given, kind):
    """Each argument alone: refused in the function's own name, unless it fits or is a series."""
    function = FUNCTIONS[path]
    for name, value in given.items():
        if not arrays_in(value) or (kind in MISFITS and name in OF_THE_MODEL.get(path, ())):
            continue
        got = run(function, {**given, name: stored(value, KINDS[kind])})
        if kind in REFUSED or isinstance(got, Exception):
            assert_refused(got, f"{function.__name__}: ")
        elif kind in LISTS:
            assert_same(got, run(function, given), 17)


LAWS = (
    (SAME, like_double),
    (SINGLE | HALF, in_lower_precision),
    (SCALARS, with_numpys_numbers),
    (NUMBERS, as_without_axes),
    (REFUSED | LISTS | MISFITS, refused_by_name),
)


def sweep(path, kind):
    """Call a function with this kind of arrays and hold it to the kind's law."""
    given = arguments_of(path, entries(kind))
    if arrays_in(list(given.values())):
        next(law for kinds, law in LAWS if kind in kinds)(path, given, kind)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("path", FUNCTIONS)
def test_every_kind_of_array(path):
    """Same result, same precision, or a refusal in the function's own name; see `kinds`."""
    failed = {}
    for kind in KINDS:
        try:
            sweep(path, kind)
        except Exception as error:  # told together below, by kind
            failed[kind] = f"{type(error).__name__}: {error}"[:300]
    assert not failed


@pytest.mark.parametrize("path", FUNCTIONS)
def test_nonsense_is_refused_by_the_arguments_name(path):
    """Every rule refuses what is no value at all, and says whose it is."""
    function = FUNCTIONS[path]
    given = arguments_of(path, entries("float64"))
    for name in rules_of(function):
        got = run(function, {**given, name: object()})
        assert_refused(got, f"{function.__name__}: {name} is")


def main():
    """Print the table functions × kinds."""
    failures = 0
    print("function" + "".join(f" | {kind}" for kind in KINDS))
    for path in FUNCTIONS:
        cells = []
        for kind in KINDS:
            try:
                sweep(path, kind)
                cells.append("ok")
            except Exception:
                cells.append("FAILED")
        failures += cells.count("FAILED")
        print(path + "".join(f" | {cell}" for cell in cells))
    print(f"{len(FUNCTIONS)} functions × {len(KINDS)} kinds: {failures} failures")
    return failures


if __name__ == "__main__":
    sys.exit(main() > 0)
