"""Every public function of the reference over every kind of array, none of them registered.

`python tests/reference_impl/test_sweep.py` prints the table.
"""

import sys

import pytest
from arguments import arguments_of, public_functions, rules_of
from contract_laws import arrays_in
from kinds import (
    KINDS,
    LISTS,
    MISFITS,
    REFUSED,
    SAME,
    SCALARS,
    SINGLE,
    VIEWS,
    assert_refused,
    assert_same,
    assert_single,
    entries,
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

OF_THE_MODEL = dict.fromkeys(
    ("network.evaluate", "network.loss_and_gradients", "network.train"), ("params", "x", "data")
)
"""Arguments whose shapes only the model knows, and the model has no rule."""


def sweep(path, kind):
    """Call a function with this kind of arrays and hold it to the kind's law.

    Returns
    -------
    str
        "same", "refused" or "no arrays": how the law was met.
    """
    function, given = FUNCTIONS[path], arguments_of(path, entries(kind))
    if not arrays_in(list(given.values())):
        return "no arrays"
    if kind in SAME:
        kept = stored(given, lambda a: KINDS[kind](a).astype(a.dtype))  # a cache may hold shares
        expected = run(function, kept)
        assert not isinstance(expected, Exception), expected
        # Another layout adds up in another order; another type must not differ by a single bit.
        assert_same(
            run(function, stored(given, KINDS[kind])), expected, 11 if kind in VIEWS else 17
        )
        return "same"
    if kind in SINGLE:
        expected = run(function, given)
        assert_single(run(function, stored(given, KINDS[kind])), expected, path in DOUBLES)
        return "same"
    if kind in SCALARS:
        single = stored(given, KINDS[kind])
        scalars = {k: v if k in OWN else numpys(v) for k, v in single.items()}
        assert_same(run(function, scalars), run(function, single), 17)
        return "same"
    for name, value in given.items():
        if not arrays_in(value) or (kind in MISFITS and name in OF_THE_MODEL.get(path, ())):
            continue
        got = run(function, {**given, name: stored(value, KINDS[kind])})
        if kind in REFUSED or isinstance(got, Exception):
            assert_refused(got, f"{function.__name__}: ")
        elif kind in LISTS:
            assert_same(got, run(function, given), 17)
    return "refused"


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
                cells.append(sweep(path, kind))
            except Exception:
                cells.append("FAILED")
        failures += cells.count("FAILED")
        print(path + "".join(f" | {cell}" for cell in cells))
    print(f"{len(FUNCTIONS)} functions × {len(KINDS)} kinds: {failures} failures")
    return failures


if __name__ == "__main__":
    sys.exit(main() > 0)
