"""How does staff look at a case? Its page, its picture alone, and the long lists that the page leaves out.

The inquiry is the one expensive thing, and is made once for each look.
"""

from datetime import datetime, timedelta
from http import HTTPStatus

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from takeback.bootstrap import house
from takeback.casework.auditbook import Act
from takeback.casework.dossier import Dossier, dossier_of
from takeback.casework.dossier_integrity import integrity_of
from takeback.casework.investigate import inquire
from takeback.casework.progress import with_proof
from takeback.core.case import Case, Language
from takeback.core.events import Json
from takeback.core.permission import Verb
from takeback.web.desk.case.page import event_line, page_of
from takeback.web.desk.case.papers import log_line
from takeback.web.desk.case.phrases import Phrases
from takeback.web.desk.case.refs import A_PAGE, Refs
from takeback.web.desk.case.report import report_of
from takeback.web.desk.case.seeing import seeing_of
from takeback.web.desk.case.stretch import Stretch, asked
from takeback.web.desk.case.visits import visit_lines
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import finished, page, stand
from takeback.web.desk.work.panel import panel_of
from takeback.web.words import COOKIE, language_of, wants_json
from takeback.web.zone import zone_of

VISITS_A_PAGE = 25
QUARTER = timedelta(minutes=15)


@desk(Verb.READ_CASE)
def show_case(request: DeskRequest, case_id: str) -> HttpResponse:
    """The page; the picture alone for a script that moves it; data for a client that prefers JSON."""
    case = case_or_none(case_id)
    if case is None:
        return no_such_case(request)
    inquiry = inquire(house(), case)
    dossier = dossier_of(house(), case, inquiry)
    phrases = phrases_of(request, dossier.now)
    note_look(request, dossier)
    if request.headers.get("HX-Request") == "true":
        return page(request, "case_picture", {"seeing": seeing_of(dossier, _stretch(request), phrases), "id": case.id})
    shown = page_of(dossier, _stretch(request), phrases)
    if wants_json(request):
        return finished(request, HttpResponse(msgspec.json.encode(shown), content_type="application/json"))
    values = {"case": shown, "seeing": shown.seeing, "id": case.id, "may_print": request.staff.may(Verb.PRINT_CASE)}
    return page(request, "case", values | panel_of(request, case, inquiry))


@desk(Verb.READ_CASE)
def show_events(request: DeskRequest, case_id: str) -> HttpResponse:
    """All events of the account, a page at a time, oldest first."""
    case = case_or_none(case_id)
    if case is None:
        return no_such_case(request)
    dossier = dossier_of(house(), case, inquire(house(), case))
    phrases = phrases_of(request, dossier.now)
    note_look(request, dossier)
    number, pages = numbers(request, len(dossier.inquiry.events), A_PAGE)
    first = (number - 1) * A_PAGE
    events = dossier.inquiry.events[first : first + A_PAGE]
    lines = [event_line(event, first + place, dossier, phrases) for place, event in enumerate(events)]
    return page(request, "case_events", {"id": case.id, "lines": lines} | _paging("events", number, pages))


@desk(Verb.READ_CASE)
def show_visits(request: DeskRequest, case_id: str) -> HttpResponse:
    """All visits, a page at a time, the newest first."""
    case = case_or_none(case_id)
    if case is None:
        return no_such_case(request)
    dossier = dossier_of(house(), case, inquire(house(), case))
    phrases = phrases_of(request, dossier.now)
    note_look(request, dossier)
    found = sorted(dossier.inquiry.findings.sessions, key=lambda one: one.start, reverse=True)
    number, pages = numbers(request, len(found), VISITS_A_PAGE)
    here = found[(number - 1) * VISITS_A_PAGE : number * VISITS_A_PAGE]
    refs = Refs(dossier.named, case.id, phrases)
    lines = visit_lines(here, dossier.named, dossier.said, refs, phrases)
    return page(request, "case_visits", {"id": case.id, "visits": lines} | _paging("visits", number, pages))


@desk(Verb.READ_CASE)
def show_log(request: DeskRequest, case_id: str) -> HttpResponse:
    """All lines of the case's log, a page at a time, oldest first."""
    case = case_or_none(case_id)
    if case is None:
        return no_such_case(request)
    log = house().cases.log(case.id)
    phrases = phrases_of(request, house().clock.now())
    _note(request, case, Verb.READ_CASE)
    number, pages = numbers(request, len(log), A_PAGE)
    lines = [log_line(entry, phrases) for entry in log[(number - 1) * A_PAGE : number * A_PAGE]]
    return page(request, "case_log", {"id": case.id, "lines": lines} | _paging("log", number, pages))


@desk(Verb.PRINT_CASE)
def print_case(request: DeskRequest, case_id: str) -> HttpResponse:
    """A report for a bank or the police, in the language asked for, which stays the page's alone. Each one is noted."""
    case = case_or_none(case_id)
    if case is None:
        return no_such_case(request)
    here = house()
    dossier = dossier_of(here, case, inquire(here, case))
    phrases = phrases_of(request, dossier.now)
    integrity = integrity_of(here, case, dossier.log)
    _write(request, dossier.case, Verb.PRINT_CASE, {"language": phrases.language.value, "log_holds": integrity.holds})
    values = {"report": report_of(dossier, integrity, request.staff.name, phrases)}
    answer = finished(request, render(request, "desk/report.html", stand(request) | values))
    answer.cookies.pop(COOKIE, None)  # the desk itself goes on in the language that it had
    return answer


def case_or_none(case_id: str) -> Case | None:
    """The case with what is known of the owner's proof; None where there is none."""
    cases = house().cases
    found = cases.case(case_id)
    return None if found is None else with_proof(found, cases.codes(case_id))


def no_such_case(request: HttpRequest) -> HttpResponse:
    """404, and the way to the queue."""
    return page(request, "case_unknown", status=HTTPStatus.NOT_FOUND)


def phrases_of(request: HttpRequest, now: datetime, language: Language | None = None) -> Phrases:
    """Words in the member's language, times in the zone of the browser."""
    return Phrases(language or language_of(request), zone_of(request, house()), now)


def note_look(request: DeskRequest, dossier: Dossier) -> None:
    """Write in the book that this person looked at this case: once in a quarter of an hour."""
    _note(request, dossier.case, Verb.READ_CASE)


def _note(request: DeskRequest, case: Case, verb: Verb) -> None:
    now, who = house().clock.now(), f"staff:{request.staff.name}"
    last = house().audit.acts(case=case.id, who=who, what=verb.value, most=1)
    if not last or _quarter(last[0].at) != _quarter(now):
        _write(request, case, verb, {})


def _write(request: DeskRequest, case: Case, verb: Verb, evidence: dict[str, Json]) -> None:
    told: dict[str, Json] = {"stage": case.stage.value, "plan": case.plan_hash, **evidence}
    who = f"staff:{request.staff.name}"
    house().audit.note(Act(at=house().clock.now(), who=who, what=verb.value, case=case.id, evidence=told))


def _quarter(at: datetime) -> int:
    return int(at.timestamp() // QUARTER.total_seconds())


def numbers(request: HttpRequest, count: int, a_page: int) -> tuple[int, int]:
    """Which page is asked for, from 1, and how many there are."""
    pages = max(-(-count // a_page), 1)
    told = request.GET.get("page", "")[:9]
    wanted = int(told) if told.isascii() and told.isdecimal() else 1
    return min(max(wanted, 1), pages), pages


def _paging(what: str, number: int, pages: int) -> dict[str, object]:
    return {
        "what": what,
        "number": number,
        "pages": pages,
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if number < pages else None,
    }


def _stretch(request: HttpRequest) -> Stretch | None:
    return asked(request.GET.get("from", ""), request.GET.get("to", ""))
