"""All kinds of arrays that somebody may pass, and the law that each of them has to obey.

A kind is a way to store numbers. Whole numbers, views and foreign bytes must give what plain
float64 arrays of the same values give; single precision must give it in single precision; what
holds no real numbers, or hides some, must be refused in the function's own name.
"""

import copy

import numpy as np
from contract_laws import arrays_in


class Odd(np.ndarray):
    """A subclass with arithmetic of its own: it refuses all."""

    def __array_ufunc__(self, *_args, **_kwargs):
        raise AssertionError("a subclass got into a function's body")


def strided(a):
    """Every second entry of a larger array, along every axis."""
    wide = np.full([2 * n for n in a.shape], 77, dtype=a.dtype)
    wide[tuple(slice(None, None, 2) for _ in a.shape)] = a
    return wide[tuple(slice(None, None, 2) for _ in a.shape)]


def read_only(a):
    """A copy that must not be written to."""
    frozen = a.copy()
    frozen.flags.writeable = False
    return frozen


def typed(kind):
    """Store floats as another type; labels are left alone by types that cannot be labels."""
    dtype = np.dtype(kind)
    return lambda a: a.astype(dtype) if a.dtype.kind == "f" or dtype.kind in "iu" else a


VIEWS = {
    "float64": lambda a: a,
    "Fortran order": np.asfortranarray,
    "strided": strided,
    "negative stride": lambda a: np.flip(np.flip(a).copy()),
    "read-only": read_only,
    "byte-swapped": lambda a: a.astype(a.dtype.newbyteorder()),
    "subclass": lambda a: a.view(Odd),
    "np.matrix": lambda a: np.matrix(a) if a.ndim == 2 else a,
}
SIGNED = {kind: typed(kind) for kind in ("int8", "int16", "int32", "int64")}
UNSIGNED = {kind: typed(kind) for kind in ("uint8", "uint16", "uint32", "uint64")}
BOOL = {"bool": typed(bool)}
SINGLE = {"float32": typed(np.float32)}
REFUSED = {
    "masked": lambda a: np.ma.masked_array(a, np.zeros(a.shape, bool)),
    "object": lambda a: a.astype(object),
    "complex": lambda a: a.astype(complex),
    "text": lambda a: a.astype(str),
}
if np.dtype(np.longdouble).itemsize > 8:
    REFUSED["long double"] = lambda a: a.astype(np.longdouble)
HALF = {"float16": typed(np.float16)}
SCALARS = {"NumPy's numbers": typed(np.float32)}
NUMBERS = {"a number": lambda a: float(a.flat[0]), "a whole number": lambda a: int(a.flat[0])}
LISTS = {"lists": lambda a: a.tolist()}
MISFITS = {
    "empty": lambda a: a[:0],
    "0-d": lambda a: np.array(a.flat[0]),
    "one axis more": lambda a: a[None],
    "one row more": lambda a: np.concatenate([a, a[:1]]),
    "one column more": lambda a: np.concatenate([a, a[..., :1]], axis=-1),
}
SAME = VIEWS | SIGNED | UNSIGNED | BOOL
KINDS = SAME | SINGLE | HALF | SCALARS | NUMBERS | REFUSED | LISTS | MISFITS


def entries(kind):
    """Draws whole numbers that a kind can hold: small ones, for products fit too."""
    low, high = (0, 2) if kind in BOOL else (0, 4) if kind in UNSIGNED else (-3, 4)
    rng = np.random.default_rng(5)
    return lambda shape: rng.integers(low, high, size=shape).astype(float)


def stored(value, store):
    """The same value with every array in it, however deep, stored another way."""
    if isinstance(value, dict):
        return {key: stored(part, store) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return getattr(value, "_make", type(value))([stored(part, store) for part in value])
    return store(value) if isinstance(value, np.ndarray) else value


def numpys(value):
    """The same value with every number in it as a NumPy scalar."""
    if isinstance(value, dict):
        return {key: numpys(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return getattr(value, "_make", type(value))([numpys(part) for part in value])
    scalar = {bool: np.bool_, int: np.int8, float: np.float64}.get(type(value))
    return scalar(value) if scalar else value


def run(function, arguments):
    """What a call returns, or the error it raises; no argument may change by it."""
    before = [a.tobytes() for a in arrays_in(arguments)]
    generator = {k: copy.deepcopy(v) for k, v in arguments.items() if k == "rng"}
    try:
        with np.errstate(all="ignore"):
            result = function(**{**arguments, **generator})
    except (ValueError, np.linalg.LinAlgError) as error:
        result = error
    assert [a.tobytes() for a in arrays_in(arguments)] == before, "an argument was changed"
    return result


def leaves(value):
    """Every number and array in a result, in order; what is neither stays out."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in leaves(part)]
    numbers = np.ndarray | np.generic | int | float
    return [value] if isinstance(value, numbers) else []


def assert_same(got, expected, digits):
    """The same types and the same values, to so many digits."""
    assert type(got) is type(expected), got
    assert len(leaves(got)) == len(leaves(expected))
    for mine, theirs in zip(leaves(got), leaves(expected), strict=True):
        assert type(mine) is type(theirs)
        assert np.asarray(mine).dtype == np.asarray(theirs).dtype
        np.testing.assert_allclose(mine, theirs, rtol=10.0**-digits, atol=10.0**-digits)


def assert_near(got, expected, tolerance):
    """The same values as far as a precision goes."""
    assert len(leaves(got)) == len(leaves(expected))
    for mine, theirs in zip(leaves(got), leaves(expected), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=tolerance, atol=tolerance)


def assert_single(got, expected):
    """Arrays of single precision for those of double precision."""
    for mine, theirs in zip(leaves(got), leaves(expected), strict=True):
        if isinstance(theirs, np.ndarray) and theirs.dtype == float:
            assert mine.dtype == np.float32, f"{mine.dtype} in shape {mine.shape}"


def assert_refused(got, words):
    """A ValueError that begins with these words, such as the called function's name."""
    assert isinstance(got, ValueError), got
    assert str(got).startswith(words), got
