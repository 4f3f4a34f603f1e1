"""How does an act of the desk end? Back where it was, with a word; or with the one sentence that says why not."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from takeback.bootstrap import house
from takeback.casework.auditbook import Act
from takeback.core.case import Case
from takeback.core.errors import CaseRefused, OutsideError
from takeback.core.permission import Verb
from takeback.web.desk.guard import DeskRequest
from takeback.web.desk.shown import page
from takeback.web.words import language_of
from takeback.words import known, say

QUARTER = 15 * 60  # seconds
OfCase = Callable[[DeskRequest, Case], HttpResponse]
Named = Callable[[DeskRequest, str], HttpResponse]
MISSING = (
    "reason.missing",
    "call.which_number",
    "call.no_proof",
    "hold.date",
    "task.date",
    "phones.own",
)  # mended by typing


def of_case(view: OfCase) -> Named:
    """A view of the case that its address names: 404 where there is none. A refusal becomes its sentence."""

    @wraps(view)
    def checked(request: DeskRequest, case_id: str) -> HttpResponse:
        case = house().cases.case(case_id)
        if case is None:
            return unknown(request)
        try:
            return view(request, case)
        except CaseRefused as refusal:
            return refused(request, refusal.key, f"/desk/case/{case.id}")

    return checked


def unknown(request: HttpRequest) -> HttpResponse:
    """404, and the way to the queue."""
    values = {
        "text": say(language_of(request), "desk_work.unknown"),
        "back": "/desk/",
        "back_key": "desk_work.to_queue",
    }
    return page(request, "work_refused", values, status=HTTPStatus.NOT_FOUND)


def refused(request: HttpRequest, key: str, back: str, back_key: str = "desk_work.to_case") -> HttpResponse:
    """What was asked is not done; why, in one sentence, and where to go on. Nothing was changed."""
    language = language_of(request)
    told = f"refusal.{key}" if known(language, f"refusal.{key}") else "desk_work.not_done"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if key in MISSING else HTTPStatus.CONFLICT
    return page(
        request, "work_refused", {"text": say(language, told), "back": back, "back_key": back_key}, status=status
    )


def failed_outside(request: HttpRequest, error: OutsideError, back: str) -> HttpResponse:
    """The telephone provider did not do as it was asked."""
    key = "desk_work.phone_never" if error.permanent else "desk_work.phone_later"
    values = {"text": say(language_of(request), key), "back": back, "back_key": "desk_work.to_call"}
    return page(request, "work_refused", values, status=HTTPStatus.BAD_GATEWAY)


def note_look(request: DeskRequest, case: Case) -> None:
    """One line in the book a person, case and quarter of an hour, as for the case's page."""
    here, who = house(), f"staff:{request.staff.name}"
    now, verb = here.clock.now(), Verb.READ_CASE.value
    last = here.audit.acts(case=case.id, who=who, what=verb, most=1)
    if not last or int(last[0].at.timestamp()) // QUARTER != int(now.timestamp()) // QUARTER:
        here.audit.note(Act(now, who, verb, case=case.id, evidence={"stage": case.stage.value}))
