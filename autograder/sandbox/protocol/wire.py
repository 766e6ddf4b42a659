"""Values as bytes: how arguments and results cross between the judge and the learner's process.

msgpack with a few extension types, never pickle: decoding builds plain values and nothing else.
Both sides use this file; it knows nothing of who is asking.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

TUPLE, BIG_INTEGER, COMPLEX, ARRAY, SCALAR, JUDGE_FUNCTION, LEARNER_FUNCTION, OPAQUE = range(1, 9)
GENERATOR, CODE = 9, 10
DTYPES = (
    np.dtype(np.bool_),
    *(np.dtype(f"<i{size}") for size in (1, 2, 4, 8)),
    *(np.dtype(f"<u{size}") for size in (1, 2, 4, 8)),
    *(np.dtype(f"<f{size}") for size in (2, 4, 8)),
    *(np.dtype(f"<c{size}") for size in (8, 16)),
)
DEPTH = 64
NODES = 1_000_000
DIGITS = 4000
DIMENSIONS = 32
BY_COLUMNS = 0x80
"""Added to the number of dimensions of an array that lies column by column, as x.T does."""
SHAPES = [struct.Struct(f"<{n}Q") for n in range(DIMENSIONS + 1)]
CODES = {
    dtype: code for code, little in enumerate(DTYPES) for dtype in (little, little.newbyteorder())
}
"""Each data type in both byte orders; they cross as little-endian."""

EXTENSION_STARTS = {0xC7: 3, 0xC8: 4, 0xC9: 6}
"""Where the content of msgpack's extensions of 8, 16 and 32 bits of length begins."""

FunctionEncoder = Callable[[Any], msgpack.ExtType]
FunctionDecoder = Callable[[int, int], Any]
CodeDecoder = Callable[[bytes], Any]


class WireError(ValueError):
    """A value that cannot cross, or bytes that are no value."""


class TooLarge(WireError):
    """A value with more bytes or more parts than one message may hold."""


@dataclass(frozen=True)
class Opaque:
    """Stands for an object of the learner's that cannot cross; only its type's name does."""

    type_name: str


def pack(
    value: Any,
    *,
    function: FunctionEncoder | None = None,
    opaque: bool = False,
    max_bytes: int = 1 << 26,
) -> bytes:
    """Encode `value`.

    `function` turns a callable into a JUDGE_FUNCTION, LEARNER_FUNCTION or, on the judge's side,
    CODE. What has no encoding becomes `Opaque` if `opaque` (the learner's side), else it raises
    `WireError` (the judge's).
    """
    if _is_ordinary(value) and value.nbytes <= max_bytes:
        packed = _packb(_extension_of(value, ARRAY))  # mostly: the way below, cut short
    else:
        packed = _packb(_Encoder(function, opaque, max_bytes).tree(value, 0))
    if len(packed) > max_bytes:
        raise TooLarge("value too large for one message")
    return packed


def unpack(
    data: bytes, *, function: FunctionDecoder | None = None, code: CodeDecoder | None = None
) -> Any:
    """Decode one value; anything malformed raises `WireError` and nothing else.

    `function` receives the extension type (JUDGE_FUNCTION or LEARNER_FUNCTION) and its number;
    `code`, which only the learner's side has, the bytes of a function that travels.
    """
    try:
        if (bare := _bare_array(data)) is not None:
            return bare
        value = _Decoder(function, code).value(data, 0)
    except WireError:
        raise
    # The bytes may be hostile: whatever msgpack, NumPy or the codec objects to is malformed.
    except Exception as error:
        raise WireError(f"malformed value: {type(error).__name__}") from error
    _limit_depth(value)
    return value


def pack_envelope(message: list[Any], max_bytes: int) -> bytes:
    """Encode a message of our own making, whose values are encoded already."""
    packed = _packb(message)
    if len(packed) > max_bytes:
        raise TooLarge("value too large for one message")
    return packed


def unpack_envelope(data: bytes) -> Any:
    """Decode what `pack_envelope` made; for bytes that come from the judge only."""
    return msgpack.unpackb(data, strict_map_key=False, unicode_errors="surrogatepass")


def function_number(kind: int, number: int) -> msgpack.ExtType:
    """Encode a callable by its number on the side that owns it."""
    return msgpack.ExtType(kind, number.to_bytes(8, "big"))


def type_name(value: Any) -> str:
    """Name the type of `value` without asking the value itself."""
    name: str = type.__dict__["__name__"].__get__(type(value))
    return name[:100]


def _packb(tree: Any) -> bytes:
    packed: bytes = msgpack.packb(tree, use_bin_type=True, unicode_errors="surrogatepass")
    return packed


class _Encoder:
    """Turns any value into what msgpack can write, and keeps count of how much that is."""

    def __init__(self, function: FunctionEncoder | None, opaque: bool, max_bytes: int) -> None:
        self.function = function
        self.opaque = opaque
        self.bytes_left = max_bytes
        self.nodes_left = NODES

    def tree(self, value: Any, depth: int) -> Any:
        self._spend(1)
        self.nodes_left -= 1
        if self.nodes_left < 0:
            raise TooLarge("value has too many parts")
        kind = type(value)
        if kind is np.ndarray:
            return self._numpy(value)
        if value is None or kind is bool or kind is float:
            return value
        if issubclass(kind, np.ndarray | np.generic):
            return self._numpy(value)
        return self._plain(value, depth)

    def _plain(self, value: Any, depth: int) -> Any:
        """Encode built-in types; subclasses of them cross as the built-in they extend."""
        kind = type(value)  # not isinstance(), which would ask the object for its `__class__`
        if issubclass(kind, int):
            return self._integer(int(value))
        if issubclass(kind, float):
            return float(value)
        if issubclass(kind, complex):
            parts = np.array([value.real, value.imag], dtype="<f8")
            return msgpack.ExtType(COMPLEX, parts.tobytes())
        if issubclass(kind, str | bytes | bytearray):
            self._spend(len(value))
            return str(value) if issubclass(kind, str) else bytes(value)
        if issubclass(kind, list | tuple | dict):
            return self._container(value, depth)
        return self._other(value)

    def _container(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if depth >= DEPTH // 2:
            return self._refuse(f"deeply nested {type_name(value)}")
        if issubclass(kind, dict):
            if not all(_is_key(key) for key in value):
                return self._refuse(f"{type_name(value)} with other keys than strings and integers")
            self._spend(sum(len(key) for key in value if isinstance(key, str)))
            return {
                (str(key) if isinstance(key, str) else int(key)): self.tree(part, depth + 1)
                for key, part in value.items()
            }
        parts = [self.tree(part, depth + 1) for part in value]
        return msgpack.ExtType(TUPLE, _packb(parts)) if issubclass(kind, tuple) else parts

    def _integer(self, value: int) -> Any:
        if -(2**63) <= value < 2**64:
            return value
        if value.bit_length() > 3 * DIGITS:
            return self._refuse("huge integer")
        return msgpack.ExtType(BIG_INTEGER, str(value).encode())

    def _numpy(self, value: Any) -> Any:
        """Encode an array, or a NumPy scalar with its exact dtype, as header and raw bytes."""
        kind = type(value)
        is_array = issubclass(kind, np.ndarray)
        plain = np.asarray(value)  # a subclass crosses as the plain array that it extends
        if plain.dtype not in CODES or plain.ndim > DIMENSIONS:
            if issubclass(kind, np.str_ | np.bytes_):
                return self._plain(value.item(), 0)
            return self._refuse(f"array of {plain.dtype.name}" if is_array else type_name(value))
        self._spend(plain.nbytes)
        return _extension_of(plain, ARRAY if is_array else SCALAR)

    def _generator(self, value: np.random.Generator) -> Any:
        """Encode a generator of random numbers by where it is in its stream."""
        source = value.bit_generator
        if type(source) is not np.random.PCG64:
            return self._refuse(f"Generator of {type_name(source)}")
        state: Any = source.state
        numbers = (state["state"]["state"], state["state"]["inc"], state["has_uint32"])
        raw = b"".join(number.to_bytes(16, "big") for number in (*numbers, state["uinteger"]))
        return msgpack.ExtType(GENERATOR, raw)

    def _other(self, value: Any) -> Any:
        if type(value) is memoryview:
            return self._numpy(np.asarray(value))
        if type(value) is np.random.Generator:
            return self._generator(value)
        if callable(value) and self.function is not None:
            return self.function(value)
        return self._refuse(type_name(value))

    def _refuse(self, what: str) -> Any:
        if not self.opaque:
            raise WireError(f"{what} cannot be sent to the learner's process")
        return msgpack.ExtType(OPAQUE, what.encode("utf-8", "replace"))

    def _spend(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TooLarge("value too large for one message")


class _Decoder:
    """Builds plain values out of bytes that may have been made to do harm."""

    def __init__(self, function: FunctionDecoder | None, code: CodeDecoder | None) -> None:
        self.function = function
        self.code = code
        self.depth = 0
        self.nodes_left = 2 * NODES

    def value(self, data: bytes, depth: int) -> Any:
        self.depth = depth
        if depth > DEPTH:
            raise WireError("nested too deeply")
        found = msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=False,
            unicode_errors="surrogatepass",
            timestamp=1,
            list_hook=self._list,
            object_pairs_hook=self._dictionary,
            ext_hook=self._extension,
            max_array_len=min(NODES, len(data)),
            max_map_len=min(NODES, len(data)),
        )
        self.depth = depth
        return found

    def _count(self, parts: int) -> None:
        """A byte is enough for an empty list, which takes 56 bytes of the judge's memory."""
        self.nodes_left -= parts
        if self.nodes_left < 0:
            raise WireError("too many parts")

    def _list(self, parts: list[Any]) -> list[Any]:
        self._count(len(parts))
        return parts

    def _dictionary(self, pairs: list[tuple[Any, Any]]) -> dict[str | int, Any]:
        """Build a dict after looking at its keys: chosen huge integers would all collide."""
        self._count(len(pairs))
        if not all(type(key) in (str, int) and _is_key(key) for key, _ in pairs):
            raise WireError("malformed dictionary key")
        return dict(pairs)

    def _extension(self, code: int, data: bytes) -> Any:
        if code == TUPLE:
            return self._tuple(data)
        if code in LEAVES:
            return LEAVES[code](data)
        if code in (JUDGE_FUNCTION, LEARNER_FUNCTION) and self.function is not None:
            return self.function(code, int.from_bytes(data[:8], "big"))
        if code == CODE and self.code is not None:
            return self.code(data)
        raise WireError(f"unexpected extension {code}")

    def _tuple(self, data: bytes) -> tuple[Any, ...]:
        outer = self.depth
        parts = self.value(data, outer + 1)
        self.depth = outer
        if not isinstance(parts, list):
            raise WireError("malformed tuple")
        return tuple(parts)


def _is_key(key: Any) -> bool:
    if isinstance(key, bool):
        return False
    return isinstance(key, str) or (isinstance(key, int) and -(2**63) <= key < 2**64)


def _is_ordinary(value: Any) -> bool:
    """Whether it is an array that can cross as it is; its size is another question."""
    return type(value) is np.ndarray and value.dtype in CODES and value.ndim <= DIMENSIONS


def _extension_of(array: np.ndarray[Any, Any], kind: int) -> msgpack.ExtType:
    """An array of one of our data types as header and raw bytes."""
    code = CODES[array.dtype]
    layout = BY_COLUMNS if array.flags.fnc else 0
    header = bytes([code, array.ndim | layout]) + SHAPES[array.ndim].pack(*array.shape)
    raw = array.astype(DTYPES[code], copy=False).tobytes(order="F" if layout else "C")
    return msgpack.ExtType(kind, header + raw)


def _bare_array(data: bytes) -> np.ndarray[Any, Any] | None:
    """Decode a message that is one array and nothing else, as most are; None if it is not."""
    start = EXTENSION_STARTS.get(data[0], 0) if data else 0
    if not start or data[start - 1] != ARRAY:
        return None
    length = int.from_bytes(data[1 : start - 1])
    return _array(data[start:]) if length == len(data) - start else None


def _array(data: bytes) -> np.ndarray[Any, Any]:
    """Decode header and raw bytes into a fresh, writeable, contiguous base-class array."""
    by_columns, dimensions = divmod(data[1], BY_COLUMNS) if len(data) > 1 else (0, 0)
    start = 2 + 8 * dimensions
    if len(data) < start or data[0] >= len(DTYPES) or dimensions > DIMENSIONS:
        raise WireError("malformed array header")
    dtype = DTYPES[data[0]]
    shape = SHAPES[dimensions].unpack_from(data, 2)
    raw = data[start:]
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise WireError("array data do not fit their shape")
    found: np.ndarray[Any, Any] = np.frombuffer(raw, dtype=dtype)
    if dtype == np.bool_:
        # A byte other than 0 and 1 would make a bool that is both true and equal to False.
        found = np.frombuffer(raw, dtype=np.uint8) != 0
    laid_out = found.reshape(shape, order="F" if by_columns else "C")
    return laid_out.astype(dtype.newbyteorder("="), copy=True)


def _generator(data: bytes) -> np.random.Generator:
    """Decode a generator: four numbers of 16 bytes, of which any are a valid state."""
    if len(data) != 64:
        raise WireError("malformed generator")
    state, step, has_half, half = (
        int.from_bytes(data[i : i + 16], "big") for i in range(0, 64, 16)
    )
    source = np.random.PCG64(0)
    source.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": step | 1},
        "has_uint32": has_half & 1,
        "uinteger": half & 0xFFFFFFFF,
    }
    return np.random.Generator(source)


def _integer(data: bytes) -> int:
    if not re.fullmatch(rb"-?[0-9]{1,4000}", data):
        raise WireError("malformed integer")
    return int(data)


LEAVES: dict[int, Callable[[bytes], Any]] = {
    ARRAY: _array,
    SCALAR: lambda data: _array(data).reshape(-1)[0],
    BIG_INTEGER: _integer,
    COMPLEX: lambda data: complex(*np.frombuffer(data, dtype="<f8", count=2).tolist()),
    GENERATOR: _generator,
    OPAQUE: lambda data: Opaque(data.decode("utf-8", "replace")[:200]),
}


def _limit_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEPTH):
        level = [part for node in level for part in _parts(node)]
        if not level:
            return
    raise WireError("nested too deeply")


def _parts(node: Any) -> Any:
    if type(node) is list or type(node) is tuple:
        return [part for part in node if type(part) in (list, tuple, dict)]
    if type(node) is dict:
        return [part for part in node.values() if type(part) in (list, tuple, dict)]
    return ()
