"""Values survive the wire unchanged, and hostile bytes end as a WireError and nothing else."""

from __future__ import annotations

import math
import struct

import hypothesis.strategies as st
import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp

from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.wire import Opaque, WireError, pack, unpack

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text()
    | st.binary()
)
keys = st.text() | st.integers(-(2**63), 2**64 - 1)
trees = st.recursive(
    scalars,
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.lists(parts, max_size=4).map(tuple)
        | st.dictionaries(keys, parts, max_size=4)
    ),
    max_leaves=20,
)
dtypes = st.sampled_from(wire.DTYPES)


def types(value: object) -> object:
    """The nested types of a value: equality alone takes 1 for True and 1.0."""
    if isinstance(value, list | tuple):
        return type(value), [types(part) for part in value]
    if isinstance(value, dict):
        return dict, [(type(key), types(part)) for key, part in value.items()]
    return type(value)


@given(trees)
def test_plain_values_come_back_with_their_types(value: object) -> None:
    """Every nesting of plain values decodes to an equal value of the same types."""
    found = unpack(pack(value))
    assert found == value
    assert types(found) == types(value)


@given(hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))
def test_arrays_come_back_bit_for_bit(array: np.ndarray) -> None:
    """Every allowed array decodes to a fresh base-class array with the same bits."""
    found = unpack(pack(array))
    assert type(found) is np.ndarray
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert found.tobytes() == array.tobytes()
    assert found.flags.writeable
    assert found.flags.c_contiguous


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4), (1, 3), (3,), (0, 2)])
@pytest.mark.parametrize("dtype", [">f8", "<i2", "?"])
def test_arrays_lie_in_memory_as_they_did(shape: tuple[int, ...], dtype: str) -> None:
    """Column by column stays that, so a learner's function meets x.T as it does at home."""
    by_rows = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    for array in (by_rows, by_rows.T, by_rows[::-1]):
        back = unpack(pack(array))
        np.testing.assert_array_equal(back, array)
        assert back.flags.fnc == array.flags.fnc
        assert back.flags.writeable


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int8, np.bool_])
def test_numpy_scalars_keep_their_dtype(dtype: type[np.generic]) -> None:
    """A float32 scalar does not become a float64 on the way."""
    assert type(unpack(pack(dtype(1)))) is dtype


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12.0).reshape(3, 4)[::-1, ::2],
        np.arange(6.0).reshape(2, 3).T,
        np.arange(4, dtype=">f8"),
        np.ma.masked_array([1.0, 2.0], mask=[True, False]),
        np.arange(2.0).view(type("Subclass", (np.ndarray,), {})),
        np.broadcast_to(np.float64(3), (2, 2)),
    ],
)
def test_unusual_arrays_become_plain_ones(array: np.ndarray) -> None:
    """Strided, byte-swapped, masked and subclassed arrays decode to plain arrays."""
    found = unpack(pack(array))
    assert type(found) is np.ndarray
    np.testing.assert_array_equal(found, np.asarray(array))


def test_what_cannot_cross_becomes_opaque_without_being_asked() -> None:
    """An object's own methods are never called, only its type is named."""

    class Hostile:
        def __getattribute__(self, name: str) -> object:
            raise AssertionError(name)

    assert unpack(pack(Hostile(), opaque=True)) == Opaque("Hostile")
    assert unpack(pack(np.array([object()]), opaque=True)) == Opaque("array of object")
    assert isinstance(unpack(pack({1.5: 2}, opaque=True)), Opaque)
    assert isinstance(unpack(pack(10**100_000, opaque=True)), Opaque)
    assert isinstance(unpack(pack((n for n in "ab"), opaque=True)), Opaque)


def test_the_judge_cannot_send_objects_by_mistake() -> None:
    """Encoding an object on the judge's side raises instead of sending a stand-in."""
    with pytest.raises(WireError):
        pack(object())


def test_cycles_and_bombs_end_soon() -> None:
    """A list that contains itself, and a doubling tower, are cut short."""
    cycle: list[object] = []
    cycle.append(cycle)
    assert "nested" in repr(unpack(pack(cycle, opaque=True)))
    tower: list[object] = []
    for _ in range(30):
        tower = [tower] * 10
    with pytest.raises(wire.TooLarge):
        pack(tower, opaque=True, max_bytes=100_000)


def test_a_huge_array_is_measured_before_it_is_copied() -> None:
    """A 10 GB array of zero strides is refused without taking 10 GB."""
    with pytest.raises(wire.TooLarge):
        pack(np.broadcast_to(0.0, (10**10 // 8,)), opaque=True)


def test_a_generator_of_random_numbers_goes_on_where_it_was() -> None:
    """After crossing it draws the same numbers, also when half a word is still to be used."""
    rng = np.random.default_rng(5)
    rng.integers(0, 9, dtype=np.uint32)
    copy = unpack(pack(rng))
    assert type(copy) is np.random.Generator
    drawn = [g.integers(0, 2**31, 7, np.uint32) for g in (copy, rng)]
    np.testing.assert_array_equal(*drawn)
    np.testing.assert_array_equal(copy.normal(size=9), rng.normal(size=9))


def test_other_generators_do_not_cross() -> None:
    """Only the default kind has an encoding; a subclass is not asked anything."""
    assert unpack(pack(np.random.Generator(np.random.MT19937(1)), opaque=True)) == Opaque(
        "Generator of MT19937"
    )


ARRAY_OF_TWO = bytes([11, 1]) + struct.pack("<Q", 2) + bytes(16)
HOSTILE = {
    "empty": b"",
    "short generator": msgpack.packb(msgpack.ExtType(wire.GENERATOR, bytes(63))),
    "trailing": b"\x01\x01",
    "never used byte": b"\xc1",
    "short string": b"\xdb\xff\xff\xff\xffabc",
    "short list": b"\xdd\x7f\xff\xff\xff",
    "deep lists": b"\x91" * 100_000 + b"\x01",
    "500 lists": b"\x91" * 500 + b"\x01",
    "short array": msgpack.packb(msgpack.ExtType(wire.ARRAY, ARRAY_OF_TWO[:-1])),
    "huge array": msgpack.packb(
        msgpack.ExtType(wire.ARRAY, bytes([11, 1]) + struct.pack("<Q", 2**60))
    ),
    "wrapping shape": msgpack.packb(
        msgpack.ExtType(wire.ARRAY, bytes([11, 2]) + struct.pack("<QQ", 2**32, 2**32))
    ),
    "empty huge shape": msgpack.packb(
        msgpack.ExtType(wire.ARRAY, bytes([11, 3]) + struct.pack("<QQQ", 0, 2**62, 2**62))
    ),
    "unknown dtype": msgpack.packb(msgpack.ExtType(wire.ARRAY, b"\xff\x00")),
    "no header": msgpack.packb(msgpack.ExtType(wire.ARRAY, b"")),
    "empty scalar": msgpack.packb(
        msgpack.ExtType(wire.SCALAR, bytes([11, 1]) + struct.pack("<Q", 0))
    ),
    "million digits": msgpack.packb(msgpack.ExtType(wire.BIG_INTEGER, b"9" * 10**6)),
    "no integer": msgpack.packb(msgpack.ExtType(wire.BIG_INTEGER, b"__import__")),
    "unknown extension": msgpack.packb(msgpack.ExtType(99, b"")),
    "unasked function": msgpack.packb(msgpack.ExtType(wire.JUDGE_FUNCTION, bytes(8))),
    "tuple of no list": msgpack.packb(msgpack.ExtType(wire.TUPLE, b"\x01")),
    "list as key": b"\x81\x90\x01",
    "number as key": b"\x81\xcb" + bytes(8) + b"\x01",
    "bool as key": b"\x81\xc3\x01",
    "nil lists": b"\xdd" + struct.pack(">I", 3_000_000) + b"\x90" * 3_000_000,
    "pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94.",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_malformed_bytes_end_as_a_wire_error(data: bytes) -> None:
    """Bytes made to crash, hang or fill the judge raise WireError."""
    with pytest.raises(WireError):
        unpack(data)


def test_deep_tuples_end_as_a_wire_error() -> None:
    """Tuples nested beyond the limit cannot exhaust the judge's stack."""
    data = b"\x90"
    for _ in range(2000):
        data = msgpack.packb(msgpack.ExtType(wire.TUPLE, b"\x91" + data))
    with pytest.raises(WireError):
        unpack(data)


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_random_bytes_never_do_worse(data: bytes) -> None:
    """Random bytes either decode or raise WireError."""
    try:
        unpack(data)
    except WireError:
        pass


@given(trees, st.data())
def test_damaged_messages_never_do_worse(value: object, data: st.DataObject) -> None:
    """A message with one byte changed either decodes or raises WireError."""
    damaged = bytearray(pack(value))
    place = data.draw(st.integers(0, len(damaged) - 1))
    damaged[place] = data.draw(st.integers(0, 255))
    try:
        unpack(bytes(damaged))
    except WireError:
        pass


def test_a_forged_bool_is_true_or_false() -> None:
    """A bool array whose bytes are neither 0 nor 1 is normalised."""
    forged = bytes([0, 1]) + struct.pack("<Q", 3) + bytes([0, 1, 7])
    found = unpack(msgpack.packb(msgpack.ExtType(wire.ARRAY, forged)))
    assert found.tobytes() == bytes([0, 1, 1])
