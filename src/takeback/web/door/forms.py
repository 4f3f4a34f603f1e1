"""Which events stand in a body? One, an array of them, or lines; each is right, or a fault that says where."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO

import msgspec

from takeback.core.errors import InputError
from takeback.core.events import Event, parse_event
from takeback.web.door.refusal import Refusal, Told, problem_of

LARGEST_BODY = 16 * 1024 * 1024  # bytes, unpacked
LARGEST_EVENT = 1024 * 1024  # bytes, as in event files
STRUCTURED, BATCH, LINES = (
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "application/x-ndjson",
)
MOST_COMMAS = 2_000_000  # an array of nothing but commas would take forty times its size in memory

_array = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Fault:
    """An item that is no event that may be taken. `line` counts from 1, `index` from 0."""

    status: HTTPStatus
    detail: str
    field: str | None = None
    line: int | None = None
    index: int | None = None

    @property
    def why(self) -> str:
        """The key under which it is counted."""
        return "other_source" if self.status is HTTPStatus.FORBIDDEN else "malformed"

    @property
    def told(self) -> Told:
        """As a problem."""
        return problem_of(self.status, self.detail, line=self.line, index=self.index, field=self.field)


Item = tuple[Event, bytes] | Fault


@lru_cache(maxsize=256)
def form_of(content_type: str) -> str:
    """One of the three forms. `Refusal`: 415."""
    form = content_type.partition(";")[0].strip().lower()
    if form not in (STRUCTURED, BATCH, LINES):
        detail = f"Content-Type is one of {STRUCTURED}, {BATCH} and {LINES}"
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, why="unsupported")
    return form


def items(form: str, body: bytes, source: str) -> Iterator[Item | None]:
    """The items of a body, in their order; None for a blank line. `Refusal` when the body as a whole is of no use."""
    if form == STRUCTURED:
        yield one(body, source)
    elif form == LINES:
        # Not split at once: sixteen million newlines would be as many pieces.
        for number, line in enumerate(BytesIO(body), start=1):
            text = line[:-1] if line.endswith(b"\n") else line
            yield one(text, source, line=number) if text.strip() else None
    else:
        for place, text in enumerate(_elements(body)):
            yield one(bytes(text), source, index=place)


def one(text: bytes, source: str, *, line: int | None = None, index: int | None = None) -> Item:
    """One event of `source`, with its text; or why it is none."""
    if len(text) > LARGEST_EVENT:
        long = InputError(f"is longer than {LARGEST_EVENT // 1024} KiB", line=line)
        return _fault(HTTPStatus.UNPROCESSABLE_ENTITY, long, line, index)
    try:
        event = parse_event(text)
    except InputError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error.field else HTTPStatus.BAD_REQUEST
        return _fault(status, error.at(line=line), line, index)
    if event.source != source:
        foreign = InputError("is not the source that this secret was given for", line=line, field="source")
        return _fault(HTTPStatus.FORBIDDEN, foreign, line, index)
    return event, text


def _fault(status: HTTPStatus, error: InputError, line: int | None, index: int | None) -> Fault:
    where = "" if index is None else f"event [{index}], "
    return Fault(status, f"{where}{error}", error.field, line, index)


def _elements(body: bytes) -> list[msgspec.Raw]:
    if body.count(b",") > MOST_COMMAS:
        detail = "the array has too many parts; send it in smaller ones"
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, why="too_large")
    try:
        return _array.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        detail = "the body is not a JSON array in UTF-8"
        raise Refusal(HTTPStatus.BAD_REQUEST, detail, why="malformed") from None
