"""What `requires` makes of arguments that are not plain arrays of floats, and what it refuses."""

import numpy as np
import pytest

from reference_impl.validation import (
    array,
    array_list,
    binary_labels,
    class_labels,
    count,
    counts,
    kept,
    matrix,
    number,
    parts,
    permutation,
    requires,
    series,
    tensors,
)


def handed_on(rule, value):
    """What a function gets to see of a value, by this rule."""

    @requires(matrix=matrix("N", "_"), x=rule)
    def see(matrix, x):
        return x

    return see(np.ones((3, 2)), value)


WHOLE = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, bool]


@pytest.mark.parametrize("kind", WHOLE)
def test_whole_numbers_become_double(kind):
    """Every type of whole numbers is float64 inside, with the same values."""
    got = handed_on(array(), np.array([[0, 1, 1]], dtype=kind))
    assert got.dtype == np.float64
    np.testing.assert_array_equal(got, [[0.0, 1.0, 1.0]])
    assert type(handed_on(array(), kind(1))) is float


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_floats_go_through_as_they_are(kind):
    """No copy, whatever the precision, the strides or the right to write."""
    x = np.arange(24, dtype=kind).reshape(4, 6)
    for view in (x, x[::2, ::-1], np.asfortranarray(x), x.T):
        view.flags.writeable = False
        assert handed_on(array(), view) is view
    assert handed_on(array(), kind(0.1)).dtype == kind


@pytest.mark.parametrize("kind", [">f4", ">f8", ">i4", "<f8"])
def test_byte_order_is_the_machines(kind):
    """Swapped bytes are swapped back, and precision stays."""
    got = handed_on(array(), np.array([1, 2, 3], dtype=kind))
    assert got.dtype.isnative
    assert got.dtype == (np.float32 if "f4" in kind else np.float64)
    np.testing.assert_array_equal(got, [1.0, 2.0, 3.0])


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_matrix_loses_its_own_multiplication():
    """np.matrix and other subclasses are plain arrays inside, so that * is elementwise."""
    got = handed_on(array(), np.matrix([[1, 2], [3, 4]]))
    assert type(got) is np.ndarray
    np.testing.assert_array_equal(got * got, [[1, 4], [9, 16]])
    assert type(handed_on(kept("A", "B"), np.matrix([[1, 2]]))) is np.ndarray


REFUSED = [
    (np.ma.masked_array([1.0, 2.0], [0, 1]), "x is a masked array, expected .* without a mask"),
    (np.array([1.0, None]), "x holds object, expected real numbers"),
    (np.array([1j]), "x holds complex128"),
    (np.array(["1"]), "x holds <U1"),
    (np.array(["2026-01-01"], dtype="M8[D]"), r"x holds datetime64\[D\]"),
    ([1.0, 2.0], "x is a list, expected a NumPy array"),
    ("1", "x is a str"),
    (None, "x is a NoneType"),
    (1j, "x is a complex"),
    (10**400, "x is beyond the range of floats"),
]


@pytest.mark.parametrize(("value", "message"), REFUSED)
@pytest.mark.parametrize("rule", [array(), array_list(array()), tensors(), parts(array())])
def test_what_is_no_array_of_real_numbers_is_refused(rule, value, message):
    """Alone, in a list, in a dict and in a cache: with the label of the very entry."""
    wrapped = {array_list: [value], tensors: {"W": value}, parts: (value,)}
    kind = next((k for k in wrapped if rule.__qualname__.startswith(k.__name__)), None)
    label = {array_list: r"x\[0\]", tensors: r"x\['W'\]", parts: r"x\[0\]"}.get(kind, "x")
    with pytest.raises(ValueError, match="see: " + message.replace("x ", label + " ", 1)):
        handed_on(rule, wrapped.get(kind, value))


@pytest.mark.parametrize("kind", [k for k in WHOLE if k is not bool])
def test_labels_stay_whole_numbers(kind):
    """Any type of integers becomes an index; 255 is never −1."""
    labels = np.array([0, 2, 1], dtype=kind)
    for rule in (class_labels("L", "N"), permutation("N")):
        got = handed_on(rule, labels)
        assert got.dtype == np.intp
        np.testing.assert_array_equal(got, [0, 2, 1])
    with pytest.raises(ValueError, match="x runs from 0 to 3, expected 0 to 2"):
        handed_on(class_labels("L", "N"), np.array([0, 3], dtype=kind))


def test_labels_that_are_none():
    """Below 0, not whole, twice the same where each belongs once."""
    with pytest.raises(ValueError, match="x runs from -1 to 2"):
        handed_on(class_labels("L", "N"), np.array([-1, 2]))
    with pytest.raises(ValueError, match="x has dtype float64, expected integers"):
        handed_on(class_labels("L", "N"), np.array([0.0, 2.0]))
    with pytest.raises(ValueError, match="expected every number once"):
        handed_on(permutation("N"), np.array([0, 1, 1]))


@pytest.mark.parametrize("kind", [*WHOLE, np.float32])
def test_binary_labels_of_any_type(kind):
    """Zeros and ones are labels, however they are stored."""
    got = handed_on(binary_labels("L"), np.array([0, 1], dtype=kind))
    assert got.dtype == np.intp
    np.testing.assert_array_equal(got, [0, 1])


def test_numbers_become_pythons():
    """NumPy's scalars would turn float32 arrays into float64 ones; Python's leave them."""
    for value in (np.float64(0.5), np.float32(0.5), np.float16(0.5)):
        assert type(handed_on(number(), value)) is float
    assert type(handed_on(number(), np.int8(2))) is float
    assert type(handed_on(count(), np.uint8(200))) is int
    sizes = handed_on(counts(), [np.int8(100), np.int8(100)])
    assert [type(size) for size in sizes] == [int, int]
    with pytest.raises(ValueError, match="x is beyond the range of floats"):
        handed_on(number(), 10**400)
    for wrong in (True, np.bool_(True), "1", np.nan, np.array(1.0), 1j):
        with pytest.raises(ValueError, match="expected a finite number"):
            handed_on(number(), wrong)


def test_series_of_numbers():
    """A list, a tuple or a vector: `train` returns lists. NaN is a number that was not reached."""
    for value in ([1, np.nan], (1, np.nan), np.array([1, np.nan], dtype=np.float32)):
        got = handed_on(series(1), value)
        assert got.dtype.kind == "f"
        np.testing.assert_array_equal(got, [1, np.nan])
    for wrong in ([None], ["1"], [1j]):
        with pytest.raises(ValueError, match="x holds"):
            handed_on(series(1), wrong)
    with pytest.raises(ValueError, match="_of_one_length: b has 1 numbers, expected 2"):
        requires(a=series(1, size="T"), b=series(1, size="T"))(_of_one_length)([1, 2], [1])
    for wrong in ("12", 3.0, [[1.0]], [[1.0], [1.0, 2.0]]):
        with pytest.raises(ValueError, match=r"x is .*, expected a sequence of numbers"):
            handed_on(series(1), wrong)


def _of_one_length(a, b):
    return a + b


def test_collections_are_copied_only_if_an_entry_was_converted():
    """The same list, tuple or dict goes through; else one of its kind, and the caller's stays."""
    x, whole = np.ones(3), np.arange(3)
    for value, rule in [
        ([x, x], array_list(array())),
        ((x, 2.0), parts(array(), number())),
        ({"W": x}, tensors()),
    ]:
        assert handed_on(rule, value) is value
    weights, params = [x, whole], {"W": whole, "b": x}
    assert [w.dtype for w in handed_on(array_list(array()), weights)] == [float, float]
    got = handed_on(tensors(), params)
    assert list(got) == ["W", "b"]
    assert got["W"].dtype == float
    assert got["b"] is x
    assert weights[1] is whole
    assert params["W"] is whole


def test_a_call_that_does_not_fit_the_signature_is_refused_as_ever():
    """Too many arguments, one given twice, one that does not exist: Python's own TypeError."""

    @requires(x=array(), rate=number())
    def step(x, rate=0.5):
        return x * rate

    assert step(np.array([2, 4]), rate=np.float64(0.25)).tolist() == [0.5, 1.0]
    assert step(x=np.array([2, 4])).tolist() == [1.0, 2.0]
    for call in (step, lambda: step(1.0, 2.0, 3.0), lambda: step(1.0, x=2.0)):
        with pytest.raises(TypeError):
            call()
