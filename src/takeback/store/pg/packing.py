"""How do thousands of values go to PostgreSQL at little cost? As arrays in its own binary form, or as rows for `COPY`.

The driver would look at each value by itself, which took longer than the server needs to store it. The forms are those
of the protocol: array_recv and "Binary Format" of COPY in PostgreSQL's manual.
"""

from collections.abc import Iterable, Sequence
from struct import Struct, pack
from typing import Any

from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

_BYTEA, _BIGINT, _TEXT, _UUID = 17, 20, 25, 2950  # of pg_type, the same in every PostgreSQL
_BYTEAS, _BIGINTS, _TEXTS, _UUIDS = 1001, 1016, 1009, 2951
_LENGTH = Struct("!i").pack
_ROW = Struct("!hiqi").pack  # three fields: a bigint of 8 bytes, and the length of the second
_COPY_BEGIN = b"PGCOPY\n\xff\r\n\0" + pack("!ii", 0, 0)
_COPY_END = pack("!h", -1)


class Bytes(bytes):
    """A packed `bytea[]`."""


class Numbers(bytes):
    """A packed `bigint[]`."""


class Texts(bytes):
    """A packed `text[]`."""


class Digests(bytes):
    """A packed `uuid[]`."""


class _Packed(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return bytes(obj)


def learn(connection: "Connection[Any]") -> None:
    """Let this line take packed arrays."""
    for kind, oid in ((Bytes, _BYTEAS), (Numbers, _BIGINTS), (Texts, _TEXTS), (Digests, _UUIDS)):
        connection.adapters.register_dumper(kind, type(f"{kind.__name__}Dumper", (_Packed,), {"oid": oid}))


def numbers(values: Sequence[int]) -> Numbers:
    """Whole numbers of 64 bits."""
    flat = [part for value in values for part in (8, value)]
    return Numbers(_head(_BIGINT, len(values)) + pack("!" + "iq" * len(values), *flat))


def texts(values: Iterable[str]) -> Texts:
    """Texts without NUL."""
    return Texts(_sized(_TEXT, [value.encode() for value in values]))


def bytes_of(values: Sequence[bytes]) -> Bytes:
    """Any bytes."""
    return Bytes(_sized(_BYTEA, values))


def digests(values: Sequence[bytes]) -> Digests:
    """16 bytes each."""
    return Digests(_sized(_UUID, values))


def copied(rows: Iterable[tuple[int, str, bytes]]) -> bytes:
    """Rows of a bigint, a text and a bytea as `COPY … (FORMAT BINARY)` takes them."""
    parts = [_COPY_BEGIN]
    for number, text, body in rows:
        encoded = text.encode()
        parts += (_ROW(3, 8, number, len(encoded)), encoded, _LENGTH(len(body)), body)
    parts.append(_COPY_END)
    return b"".join(parts)


def _head(oid: int, many: int) -> bytes:
    return pack("!iiiii", 1, 0, oid, many, 1) if many else pack("!iii", 0, 0, oid)


def _sized(oid: int, values: Sequence[bytes]) -> bytes:
    return _head(oid, len(values)) + b"".join([part for value in values for part in (_LENGTH(len(value)), value)])
