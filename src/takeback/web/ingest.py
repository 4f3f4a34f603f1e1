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
from takeback.web.body import read_body
from takeback.web.problem import Refused, problem
from takeback.web.signature import signer

LARGEST_BODY = 16 * 1024 * 1024  # bytes
TOO_LARGE = f"the body is larger than {LARGEST_BODY // (1024 * 1024)} MiB; send it in parts"
LARGEST_EVENT = 1024 * 1024  # bytes, as in event files
STRUCTURED, BATCH, LINES = (
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "application/x-ndjson",
)

_array = msgspec.json.Decoder(list[msgspec.Raw])


@csrf_exempt  # no browser comes here: the signature says who it is
def take_events(request: HttpRequest) -> HttpResponse:
    """200 with `{"stored", "repeated"}`, or a problem (RFC 9457) and nothing of the request is stored."""
    if request.method != "POST":
        answer = problem(HTTPStatus.METHOD_NOT_ALLOWED, "events come by POST")
        answer.headers["Allow"] = "POST"
        return answer
    try:
        body = read_body(request, LARGEST_BODY, TOO_LARGE)
        here = house()
        service = signer(request, body, here.configuration.services)
        if service is None:
            raise Refused(HTTPStatus.UNAUTHORIZED)
        events = list(_events(request.content_type or "", body, service.source))
    except Refused as refused:
        return refused.answer
    accepted = here.event_log.append(events)
    if accepted.stored:
        watch().touched({event.account for event, _ in events})
    return JsonResponse({"stored": accepted.stored, "repeated": accepted.repeated})


def _events(content_type: str, body: bytes, source: str) -> Iterable[tuple[Event, bytes]]:
    if content_type == STRUCTURED:
        yield _event(body, source)
    elif content_type == BATCH:
        try:
            texts = _array.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is not a JSON array in UTF-8") from None
        for place, text in enumerate(texts):
            yield _event(bytes(text), source, place=place)
    elif content_type == LINES:
        for number, line in enumerate(body.split(b"\n"), start=1):
            if line.strip():
                yield _event(line, source, line=number)
    else:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type is one of {STRUCTURED}, {BATCH} and {LINES}")


def _event(text: bytes, source: str, *, line: int | None = None, place: int | None = None) -> tuple[Event, bytes]:
    """One event, with where it stood: a line counted from 1, or a place in the array counted from 0."""
    more: dict[str, Any] = {"line": line, "index": place}
    where = "" if place is None else f"event [{place}], "
    if len(text) > LARGEST_EVENT:
        long = InputError(f"is longer than {LARGEST_EVENT // 1024} KiB", line=line)
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}{long}", **more)
    try:
        event = parse_event(text)
    except InputError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error.field else HTTPStatus.BAD_REQUEST
        raise Refused(status, f"{where}{error.at(line=line)}", **more, field=error.field) from None
    if event.source != source:
        foreign = InputError("is not the source that this secret was given for", line=line, field="source")
        raise Refused(HTTPStatus.FORBIDDEN, f"{where}{foreign}", **more, field="source")
    return event, text
