"""What can be done with the book? Look at every line now, for as long as a page may take; and take it out."""

from collections.abc import Callable, Iterator
from datetime import datetime
from http import HTTPStatus
from threading import Lock
from time import monotonic

import msgspec
from django.http import HttpResponse, StreamingHttpResponse

from takeback import __version__
from takeback.bootstrap import house
from takeback.casework import auditbook_told, ocsf
from takeback.casework.auditbook import Act
from takeback.casework.verifying_noted import verify
from takeback.core.events import Json
from takeback.core.permission import Verb
from takeback.web.desk.audit.asked import day_in, day_of
from takeback.web.desk.audit.pages import SECONDS
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import page
from takeback.web.words import language_of
from takeback.web.zone import zone_of
from takeback.words import say

A_PAGE = 1000  # lines read at once
_looking = Lock()  # one look at everything at a time: it takes a whole processor


@desk(Verb.READ_AUDIT, post=True)
def check(request: DeskRequest) -> HttpResponse:
    """Look at every line, as far as that goes in some seconds, and say what came of it."""
    language = language_of(request)
    if not _looking.acquire(blocking=False):
        values = {"kind": "care", "told": [say(language, "desk_book.busy")], "wrong": False}
        return page(request, "audit_result", values, status=HTTPStatus.CONFLICT)
    try:
        until = monotonic() + SECONDS
        verdict = verify(house(), f"staff:{request.staff.name}", go_on=lambda: monotonic() < until)
    finally:
        _looking.release()
    kind = "bad" if verdict.wrong else "good" if verdict.good else "care"
    values = {"kind": kind, "told": auditbook_told.verdict(language, verdict), "wrong": bool(verdict.wrong)}
    return page(request, "audit_result", values)


@desk(Verb.EXPORT_AUDIT, post=True)
def export(request: DeskRequest) -> HttpResponse:
    """The lines of some days as a file, a line each, read while they are sent. That it was done is noted first."""
    here, zone, language = house(), zone_of(request, house()), language_of(request)
    first, last = (day_of(request.POST.get(name, "")) for name in ("from", "to"))
    written = [request.POST.get(name, "").strip() for name in ("from", "to")]
    wrong = "filter_bad_day" if (bool(written[0]), bool(written[1])) != (first is not None, last is not None) else ""
    if first is not None and last is not None and first >= last:
        wrong = "export_wrong"
    if wrong:
        values = {"kind": "bad", "told": [say(language, f"desk_book.{wrong}")], "wrong": False}
        return page(request, "audit_result", values, status=HTTPStatus.BAD_REQUEST)
    as_ocsf = request.POST.get("form") != "plain"
    evidence: dict[str, Json] = {
        "from": written[0] or None,
        "to": written[1] or None,
        "form": "ocsf" if as_ocsf else "plain",
    }
    now = here.clock.now()
    here.audit.note(Act(now, f"staff:{request.staff.name}", Verb.EXPORT_AUDIT.value, evidence=evidence))
    since = None if first is None else day_in(first, zone)
    until = now if last is None else day_in(last, zone)
    answer = StreamingHttpResponse(_lines(since, until, _form(as_ocsf)), content_type="application/x-ndjson")
    name = f"takeback-audit-{now.astimezone(zone):%Y%m%d-%H%M}{'.ocsf' if as_ocsf else ''}.ndjson"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]  # a response all the same: Django has no common name but the base


def _form(as_ocsf: bool) -> Callable[[Act], object]:
    return (lambda act: ocsf.event(act, __version__)) if as_ocsf else ocsf.line


def _lines(since: datetime | None, until: datetime | None, form: Callable[[Act], object]) -> Iterator[bytes]:
    for act in auditbook_told.every(house(), since, until, A_PAGE):
        yield msgspec.json.encode(form(act)) + b"\n"
