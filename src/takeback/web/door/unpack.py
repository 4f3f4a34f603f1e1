"""What is in a packed body? Content-Encoding gzip and zstd, unpacked no further than a body may be long."""

import zlib
from http import HTTPStatus
from io import BytesIO

import zstandard

from takeback.web.door.forms import LARGEST_BODY
from takeback.web.door.refusal import Refusal

TOO_LARGE = f"the body is larger than {LARGEST_BODY // (1024 * 1024)} MiB; send it in parts"
_WINDOW = 8 * 1024 * 1024  # bytes of memory that a zstd frame may ask for (RFC 9659)
_MOST_FRAMES = 16  # one after the other: each is a copy of the rest
_GZIP = 16 + zlib.MAX_WBITS


def encoding_of(header: str) -> str:
    """`gzip`, `zstd`, or empty where nothing is packed. `Refusal`: 415 for any other, or for several."""
    encoding = header.strip().lower()
    if encoding in ("", "identity"):
        return ""
    if encoding not in ("gzip", "zstd"):
        raise Refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Content-Encoding is one of gzip and zstd",
            why="unsupported",
            headers={"Accept-Encoding": "gzip, zstd"},  # RFC 9110, section 15.5.16
        )
    return encoding


def unpack(body: bytes, encoding: str) -> bytes:
    """What was packed. `Refusal`: 413 as soon as it is more than a body may be, 400 for what is no such packing."""
    if not encoding:
        return body
    try:
        unpacked = _gunzip(body) if encoding == "gzip" else _unzstd(body)
    except (zlib.error, zstandard.ZstdError, EOFError):
        raise Refusal(HTTPStatus.BAD_REQUEST, f"the body is not {encoding}", why="malformed") from None
    if len(unpacked) > LARGEST_BODY:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE, why="too_large")
    return unpacked


def _gunzip(body: bytes) -> bytes:
    """All members one after the other (RFC 1952, section 2.2)."""
    parts, room = [], LARGEST_BODY + 1
    for _ in range(_MOST_FRAMES):
        inflating = zlib.decompressobj(_GZIP)
        parts.append(inflating.decompress(body, room))
        room -= len(parts[-1])
        if room <= 0:
            break
        if not inflating.eof:
            raise EOFError
        body = inflating.unused_data
        if not body:
            break
    else:
        raise EOFError
    return b"".join(parts)


def _unzstd(body: bytes) -> bytes:
    """All frames one after the other. The reader never makes more than is asked for, but takes half a frame for a whole
    one; what unpacks at once can tell, and is safe when it is known how much comes.
    """
    packed = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    with packed.stream_reader(BytesIO(body), read_across_frames=True) as frames:
        if len(unpacked := frames.read(LARGEST_BODY + 1)) > LARGEST_BODY:
            return unpacked
    for _ in range(_MOST_FRAMES):
        frame = packed.decompressobj()
        frame.decompress(body)
        if not frame.eof:
            raise EOFError
        body = frame.unused_data
        if not body:
            return unpacked
    raise EOFError
