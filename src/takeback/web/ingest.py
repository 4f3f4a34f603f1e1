"""What did the services tell? `POST /v1/events` for those who serve Takeback by a WSGI server of their own.

`takeback serve` takes events by `door.taking`, which answers the same and waits without a thread.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from takeback import measures
from takeback.bootstrap import house
from takeback.casework.keys import Scope
from takeback.casework.ports import Accepted
from takeback.web.body import read_body
from takeback.web.door.forms import BATCH as BATCH
from takeback.web.door.forms import LARGEST_BODY as LARGEST_BODY
from takeback.web.door.forms import LARGEST_EVENT as LARGEST_EVENT
from takeback.web.door.forms import LINES as LINES
from takeback.web.door.forms import STRUCTURED as STRUCTURED
from takeback.web.door.forms import form_of, items
from takeback.web.door.gathering import fresh_of
from takeback.web.door.passing import pass_on
from takeback.web.door.refusal import Refusal
from takeback.web.door.sender import headers_in, source_of
from takeback.web.door.unpack import TOO_LARGE, encoding_of, unpack
from takeback.web.door.verdict import STRICT, Read, is_strict
from takeback.web.limits import client_of
from takeback.web.problem import Refused, refused_as


@csrf_exempt  # no browser comes here: the key or the signature says who it is
def take_events(request: HttpRequest) -> HttpResponse:
    """200 or 207 with what was stored, or a problem (RFC 9457) and nothing of the request is stored."""
    try:
        return _taken(request)
    except Refused as refused:
        return refused.answer
    except Refusal as refusal:
        if refusal.why:
            measures.refused(refusal.why)
        return refused_as(refusal)


def _taken(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        detail = "events come by POST"
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, detail, why="unsupported", headers={"Allow": "POST"})
    body = read_body(request, LARGEST_BODY, TOO_LARGE)
    headers = headers_in(request.headers)
    source = source_of(headers, body, client_of(request), Scope.EVENTS)
    body = unpack(body, encoding_of(request.headers.get("Content-Encoding", "")))
    read = Read(form_of(request.headers.get("Content-Type", "")))
    read.take(list(items(read.form, body, source)))
    strict = is_strict(request.headers.get("Prefer", ""))
    if strict:
        read.must_be_whole()
    accepted = house().event_log.append(read.events) if read.events else Accepted(0, 0)
    pass_on(fresh_of(read.events, accepted))
    measures.events(source, accepted.stored, accepted.repeated)
    status, told = read.answer(accepted.stored, accepted.repeated)
    return JsonResponse(told, status=status, headers={"Preference-Applied": STRICT} if strict else None)
