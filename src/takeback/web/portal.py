"""Where does the customer look at her case, and what can she do there? One page, readable without a script.

The token in the address is the key to the page; nobody is signed in, and the one cookie is for this case alone and sent
with no request from elsewhere (SameSite=Strict), so there is no authority that a forged request could borrow.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from takeback.bootstrap import house
from takeback.casework import handback, proof, undo
from takeback.casework.page import token_hash
from takeback.casework.progress import Purpose, known
from takeback.core.case import Case
from takeback.core.errors import CaseRefused
from takeback.core.handback import refusals
from takeback.web.portal_page import page_of
from takeback.web.portal_proof import proven_here, remember
from takeback.web.portal_words import Words, language_of, wants_json
from takeback.words import say

NOT_PROVEN = "owner.not_proven"
NOTES = ("code_sent", "code_right", "said_thanks", "password_taken")
_style = (Path(__file__).parent / "static" / "portal.css").read_bytes()


@require_safe
def style(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """The portal's one style sheet."""
    return HttpResponse(
        _style, content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"}
    )


def _of_case(view: Callable[[HttpRequest, str, Case], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view of a case's page: 404 for a token that opens none; the address goes to no other site."""

    @wraps(view)
    def checked(request: HttpRequest, token: str) -> HttpResponse:
        found = house().cases.by_token(token_hash(token))
        if found is None:
            page = render(request, "portal/not_found.html", {"words": Words(language_of(request))})
            page.status_code = HTTPStatus.NOT_FOUND
            return page
        answer = view(request, token, known(house(), found.id))
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    return checked


@require_safe
@_of_case
def show_case(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """The page, or the same as data for a client that accepts JSON."""
    note = request.GET.get("note", "")
    return _page(request, token, case, notes=[f"page.{note}"] if note in NOTES else [])


@csrf_exempt
@require_POST
@_of_case
def ask_code(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Send a code to the contact points that may have one; the answer is the same whether or not there is any."""
    here = house()
    slot = int(here.clock.now().timestamp()) // 5  # two presses of the button are one
    here.starter.start("code", case.id, proof.purpose_now(here, case).value, because=f"asked-{slot}")
    return _done(request, token, "code_sent")


@csrf_exempt
@require_POST
@_of_case
def prove(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Take a code that was typed in."""
    here = house()
    purpose = proof.purpose_now(here, case)
    if not proof.enter(here, case.id, request.POST.get("code", "")[:40]):
        return _refused(request, token, case, ["code.wrong"])
    answer = _done(request, token, "code_right")
    if purpose is not Purpose.REPORT:
        remember(answer, request, case, token, purpose)
    return answer


@csrf_exempt
@require_POST
@_of_case
def say_whose(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Take an answer to "was this you?": `event` (repeatable), and `mine` yes or no."""
    if proven_here(request, case) is None:
        return _refused(request, token, case, [NOT_PROVEN])
    mine = request.POST.get("mine") == "yes"
    words = [(kind, name[:512], mine) for kind in ("event", "session", "order") for name in request.POST.getlist(kind)]
    try:
        undo.hear(house(), case.id, words[:200])
    except CaseRefused as refusal:
        return _refused(request, token, case, [refusal.key])
    return _done(request, token, "said_thanks")


@csrf_exempt
@sensitive_post_parameters("password", "again")
@require_POST
@_of_case
def set_password(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Take the owner's new password and give it to every service; it is kept nowhere."""
    if proven_here(request, case) is not Purpose.HAND_BACK:
        waits = refusals(case, house().clock.now())
        return _refused(request, token, case, [*(key for key in waits if key != NOT_PROVEN), NOT_PROVEN])
    password = request.POST.get("password", "")
    if password != request.POST.get("again", password):
        return _refused(request, token, case, ["password.not_same"])
    why = handback.set_password(house(), case.id, password)
    return _refused(request, token, case, list(why)) if why else _done(request, token, "password_taken")


def _page(
    request: HttpRequest, token: str, case: Case, *, notes: list[str], refusals: list[str] | None = None
) -> HttpResponse:
    page = page_of(house(), case, language_of(request, case.language), proven_here(request, case))
    if wants_json(request):
        return JsonResponse(page.data | {"refusals": refusals or []})
    language = page.language
    shown = {
        "page": page,
        "words": Words(language),
        "token": token,
        "case_line": say(language, "page.case", case=case.id),
        "hold_line": say(language, "page.hold_until", time=page.hold_until) if page.hold_until else "",
        "notes": [say(language, note) for note in notes],
        "refusals": [say(language, f"refusal.{refusal}") for refusal in refusals or []],
    }
    return render(request, "portal/case.html", shown)


def _done(request: HttpRequest, token: str, note: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"done": note}, status=HTTPStatus.ACCEPTED)
    answer = HttpResponseRedirect(f"/case/{token}?note={note}")
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def _refused(request: HttpRequest, token: str, case: Case, refusals: list[str]) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"refusals": refusals}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = _page(request, token, case, notes=[], refusals=refusals)
    answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer
