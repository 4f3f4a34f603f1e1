"""Was this you? The page of cards, and her answers, which change the picture and the plan before her eyes."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from takeback.bootstrap import house
from takeback.casework.answers import Answer, answer
from takeback.casework.investigate import inquire, outstanding
from takeback.casework.outcome import planned
from takeback.core.case import Case, Language, Stage
from takeback.core.errors import CaseRefused
from takeback.mail.notices import told_change, told_kept
from takeback.web.limits import Limit
from takeback.web.portal.cards import cards_of
from takeback.web.portal.case import needs_proof, of_case, refused
from takeback.web.portal.guard import act
from takeback.web.portal.shown import show
from takeback.web.portal.timeline import timeline_of
from takeback.web.words import Words, language_of, wants_json
from takeback.web.zone import zone_of
from takeback.words import say

PATH = "was-this-you"
KINDS = ("event", "session", "order")
MOST = 200  # things in one answer
limit = Limit(most=200, seconds=600)


@require_safe
@of_case
def ask_whose(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """The cards, for who was proven in this browser; others are asked for proof."""
    if (missing := needs_proof(request, token, case)) is not None:
        return missing
    language = language_of(request, case.language)
    values = _values(request, token, case, language)
    note = request.GET.get("note") == "said_thanks"
    more = {"notes": [say(language, "page.said_thanks")] if note else [], "times": True, "here": PATH}
    return show(request, "was_this_you", values | more, language=language, secret=True)


@act(limit)
@of_case
def say_whose(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Take an answer: `event`, `session` or `order` (each repeatable), and `mine` yes, no or not_sure."""
    if (missing := needs_proof(request, token, case)) is not None:
        return missing
    things = [(kind, name[:512]) for kind in KINDS for name in request.POST.getlist(kind)][:MOST]
    said = request.POST.get("mine", "")
    try:
        answer(house(), case.id, things, Answer(said) if said in {*Answer} else Answer.NO)
    except CaseRefused as refusal:
        return refused(request, token, case, [refusal.key])
    if wants_json(request):
        return JsonResponse({"done": "said_thanks"}, status=HTTPStatus.ACCEPTED)
    if request.headers.get("HX-Request") == "true":
        language = language_of(request, case.language)
        values = _values(request, token, case, language) | {"words": Words(language), "said_now": True}
        return render(request, "portal/cards.html", values)
    back = HttpResponseRedirect(f"/case/{token}/{PATH}?note=said_thanks")
    back.status_code = HTTPStatus.SEE_OTHER
    return back


def _values(request: HttpRequest, token: str, case: Case, language: Language) -> dict[str, object]:
    here, zone = house(), zone_of(request, house())
    inquiry = inquire(here, case)
    to_come = planned(inquiry, outstanding(case, inquiry))
    every = request.GET.get("more") == "1" or request.POST.get("more") == "1"
    return {
        "token": token,
        "cards": cards_of(here, case, inquiry, language, zone, every=every),
        "every": every,
        "timeline": timeline_of(inquiry.events, inquiry.findings, language, zone),
        "to_come": [told_change(language, change) for change in to_come],
        "kept": [told_kept(language, kept.target, kept.why) for kept in inquiry.plan.kept],
        "is_open": case.stage is not Stage.CLOSED,
    }
