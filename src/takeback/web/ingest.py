"""What did the services tell? `POST /v1/events`: signed events, stored for good when the answer comes, or not."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from takeback.bootstrap import house, watch
from takeback.core.errors import InputError
from takeback.core.events import Event, parse_event
from takeback.web.problem import problem
from takeback.web.signature import signer

LARGEST_BODY = 16 * 1024 * 1024  # bytes
LARGEST_EVENT = 1024 * 1024  # bytes, as in event files
STRUCTURED, BATCH, LINES = (
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "application/x-ndjson",
)

_array = msgspec.json.Decoder(list[msgspec.Raw])


class _Refused(Exception):
    """The answer to a request that is not taken, on its way out."""

    def __init__(self, status: HTTPStatus, detail: str | None = None, **more: str | int | None) -> None:
        super().__init__(detail)
        self.answer = problem(status, detail, **more)


@csrf_exempt  # no browser comes here: the signature says who it is
def take_events(request: HttpRequest) -> HttpResponse:
    """200 with `{"stored", "repeated"}`, or a problem (RFC 9457) and nothing of the request is stored."""
    if request.method != "POST":
        answer = problem(HTTPStatus.METHOD_NOT_ALLOWED, "events come by POST")
        answer.headers["Allow"] = "POST"
        return answer
    try:
        body = _body(request)
        here = house()
        service = signer(request, body, here.configuration.services)
        if service is None:
            raise _Refused(HTTPStatus.UNAUTHORIZED)
        events = list(_events(request.content_type or "", body, service.source))
    except _Refused as refused:
        return refused.answer
    accepted = here.event_log.append(events)
    if accepted.stored:
        watch().touched({event.account for event, _ in events})
    return JsonResponse({"stored": accepted.stored, "repeated": accepted.repeated})


def _body(request: HttpRequest) -> bytes:
    if "CONTENT_LENGTH" not in request.META and "HTTP_TRANSFER_ENCODING" in request.META:
        raise _Refused(HTTPStatus.LENGTH_REQUIRED, "say the length of the body in Content-Length")
    too_large = f"the body is larger than {LARGEST_BODY // (1024 * 1024)} MiB; send it in parts"
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
    except ValueError:
        raise _Refused(HTTPStatus.BAD_REQUEST, "Content-Length is not a number") from None
    parts = bytearray()
    while part := request.read(LARGEST_BODY + 1 - len(parts)):
        parts += part
        if len(parts) > LARGEST_BODY:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
    return bytes(parts)


def _events(content_type: str, body: bytes, source: str) -> Iterable[tuple[Event, bytes]]:
    if content_type == STRUCTURED:
        yield _event(body, source)
    elif content_type == BATCH:
        try:
            texts = _array.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _Refused(HTTPStatus.BAD_REQUEST, "the body is not a JSON array in UTF-8") from None
        for place, text in enumerate(texts):
            yield _event(bytes(text), source, place=place)
    elif content_type == LINES:
        for number, line in enumerate(body.split(b"\n"), start=1):
            if line.strip():
                yield _event(line, source, line=number)
    else:
        raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type is one of {STRUCTURED}, {BATCH} and {LINES}")


def _event(text: bytes, source: str, *, line: int | None = None, place: int | None = None) -> tuple[Event, bytes]:
    """One event, with where it stood: a line counted from 1, or a place in the array counted from 0."""
    more: dict[str, Any] = {"line": line, "index": place}
    where = "" if place is None else f"event [{place}], "
    if len(text) > LARGEST_EVENT:
        long = InputError(f"is longer than {LARGEST_EVENT // 1024} KiB", line=line)
        raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}{long}", **more)
    try:
        event = parse_event(text)
    except InputError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error.field else HTTPStatus.BAD_REQUEST
        raise _Refused(status, f"{where}{error.at(line=line)}", **more, field=error.field) from None
    if event.source != source:
        foreign = InputError("is not the source that this secret was given for", line=line, field="source")
        raise _Refused(HTTPStatus.FORBIDDEN, f"{where}{foreign}", **more, field="source")
    return event, text
