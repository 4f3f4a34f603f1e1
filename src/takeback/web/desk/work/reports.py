"""How does staff take a report by telephone, and end one that is nothing, a double, or closed too soon?"""

from http import HTTPStatus

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters

from takeback.bootstrap import house
from takeback.casework import deciding_reports as reports
from takeback.casework.report import LONGEST_NAME, LONGEST_TEXT, accounts_meant
from takeback.core.case import Case, Language
from takeback.core.permission import Verb
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import page, redirect
from takeback.web.desk.work.acting import of_case
from takeback.web.words import language_of
from takeback.words import say


@desk(Verb.TAKE_REPORT)
def new_report(request: DeskRequest) -> HttpResponse:
    """The form. It says what a report by staff does: the account is stopped at once."""
    return page(request, "report_take", {"typed": "", "words_said": "", "spoken": language_of(request).value})


@desk(Verb.TAKE_REPORT, post=True)
@sensitive_post_parameters("account", "text")
def take_report(request: DeskRequest) -> HttpResponse:
    """Take it: `account` (an id, or a contact point), `text`, `language`; `chosen` where several accounts may be
    meant.
    """
    typed, text = request.POST.get("account", "").strip()[:LONGEST_NAME], request.POST.get("text", "")[:LONGEST_TEXT]
    spoken = request.POST.get("spoken", "")
    spoken = spoken if spoken in {*Language} else house().configuration.language.value
    values: dict[str, object] = {"typed": typed, "words_said": text, "spoken": spoken}
    found = accounts_meant(house(), typed)
    if not found:
        wrong = say(language_of(request), "desk_work.no_account" if typed else "desk_work.say_account")
        return page(request, "report_take", values | {"wrong": [wrong]}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = request.POST.get("chosen", "")
    if len(found) > 1 and chosen not in found:
        return page(request, "report_choose", values | {"accounts": found})
    account = chosen if chosen in found else found[0]
    case = reports.take_report(house(), account, text, Language(spoken), by=request.staff.name)
    return redirect(request, f"/desk/case/{case.id}", "desk_work.note_reported")


@desk(Verb.REFUSE_REPORT, post=True)
@of_case
def refuse(request: DeskRequest, case: Case) -> HttpResponse:
    """Close a case as nothing: `reason`, `state`."""
    reason, state = request.POST.get("reason", ""), request.POST.get("state", "")
    left = reports.refuse_report(house(), case.id, reason, state, by=request.staff.name)
    return redirect(
        request, f"/desk/case/{case.id}", "desk_work.note_refused_left" if left else "desk_work.note_refused"
    )


@desk(Verb.MERGE_REPORT, post=True)
@of_case
def merge(request: DeskRequest, case: Case) -> HttpResponse:
    """Close a case as the double of another one: `into`, `reason`, `state`."""
    into = request.POST.get("into", "")[:64]
    reason, state = request.POST.get("reason", ""), request.POST.get("state", "")
    left = reports.merge_report(house(), case.id, into, reason, state, by=request.staff.name)
    return redirect(request, f"/desk/case/{case.id}", "desk_work.note_merged_left" if left else "desk_work.note_merged")


@desk(Verb.REOPEN_CASE, post=True)
@of_case
def reopen(request: DeskRequest, case: Case) -> HttpResponse:
    """A new case that goes on with a closed one: `reason`."""
    new = reports.reopen(house(), case.id, request.POST.get("reason", ""), by=request.staff.name)
    return redirect(request, f"/desk/case/{new.id}", "desk_work.note_reopened")
