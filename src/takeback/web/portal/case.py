"""Where does the customer look at her case? Its page: readable without a script, alive with one.

The token in the address is the key to the page; nobody is signed in, and the one cookie that counts is for this case
alone and sent with no request from elsewhere (SameSite=Strict), so there is no authority that a forged request could
borrow.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from takeback.bootstrap import house
from takeback.casework.page import token_hash
from takeback.casework.progress import known
from takeback.casework.ways import disowned, purpose_now, ways
from takeback.core.case import Case, Language, Stage
from takeback.web.portal.page import Page, page_of
from takeback.web.portal.proven import proven_here
from takeback.web.portal.shown import not_found, plain_page, show
from takeback.web.words import Words, language_of, wants_json
from takeback.web.zone import zone_of
from takeback.words import say

NOT_PROVEN = "owner.not_proven"
NOTES = (
    "code_sent",
    "code_right",
    "said_thanks",
    "password_taken",
    "disowned",
    "owned_again",
    "person",
    "link_new",
    "prove_first",
)
SECONDS = 4  # between two looks
View = Callable[[HttpRequest, str, Case], HttpResponse]


def of_case(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view of a case's page: 404 for a token that opens none; the address goes to no other site.

    An address that was replaced says so: whoever has it learns no more than that.
    """

    @wraps(view)
    def checked(request: HttpRequest, token: str) -> HttpResponse:
        hashed = token_hash(token)
        found = house().cases.by_token(hashed)
        if found is None:
            if house().old_links.known(hashed):
                return plain_page(request, "link_replaced", HTTPStatus.GONE)
            return not_found(request)
        answer = view(request, token, known(house(), found.id))
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return checked


@require_safe
@of_case
def show_case(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """The page, or the same as data for a client that accepts JSON."""
    note = request.GET.get("note", "")
    return case_page(request, token, case, notes=[note] if note in NOTES else [])


@require_safe
@of_case
def live(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """What has changed on the page since `v`, as a piece of it; 204 when nothing has."""
    language = language_of(request, case.language)
    page = page_of(house(), case, language, proven_here(request, case), zone_of(request, house()))
    turn = turn_of(request, token, case, page)
    if request.GET.get("v") == page.version:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    values = {
        "words": Words(language),
        "page": page,
        "token": token,
        "case_line": say(language, "page.case", case=case.id),
        "seconds": SECONDS,
        "turn": turn,
        "turn_is_new": request.GET.get("t") != turn["version"],
        "news": say(language, "case.news", headline=page.headline),
    }
    return render(request, "portal/live.html", values)


def turn_of(request: HttpRequest, token: str, case: Case, page: Page) -> dict[str, object]:
    """What she can do now, for the template."""
    here, language = house(), page.language
    purpose = purpose_now(here, case)
    offered = ways(here, case) if page.form == "code" else ()
    gone = disowned(here, case) if page.form == "code" else ()
    told = [{"id": way.id, "text": say(language, f"way.{way.channel}", to=way.shown)} for way in offered]
    shown = [{"id": one.id, "to": one.shown} for one in {way.shown: way for way in offered}.values()]
    return {
        "form": page.form,
        "about": say(language, f"page.{purpose}_code") if page.form == "code" else "",
        "ways": told,
        "mine_no_more": shown,
        "gone": [one.shown for one in {way.shown: way for way in gone}.values()],
        "version": f"{page.form}-{purpose}-{len(told)}-{len(gone)}",
        "closed": case.stage is Stage.CLOSED,
        "hand_back": page.form == "password",
        "token": token,
        "proven": proven_here(request, case) is not None,
    }


def case_page(
    request: HttpRequest,
    token: str,
    case: Case,
    *,
    notes: list[str] | None = None,
    wrong: Mapping[str, str] | None = None,
    refusals: list[str] | None = None,
) -> HttpResponse:
    """The page; `wrong` is what to say beside a field, `refusals` are keys of what was refused."""
    language = language_of(request, case.language)
    page = page_of(house(), case, language, proven_here(request, case), zone_of(request, house()))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    if wants_json(request):
        return JsonResponse(page.data | {"refusals": refusals or []}, status=HTTPStatus.OK)
    beside = dict(wrong or {})
    general = [("", say(language, f"refusal.{key}")) for key in refusals or [] if not beside]
    values = {
        "page": page,
        "token": token,
        "turn": turn_of(request, token, case, page),
        "seconds": SECONDS,
        "notes": [say(language, f"page.{note}") for note in notes or []],
        "errors": [*beside.items(), *general],
        "wrong": beside,
        "times": True,
        "here": "status",
        "case_line": say(language, "page.case", case=case.id),
        "person_action": f"/case/{token}/person",
    }
    return show(request, "case", values, status=status, language=language, secret=True)


def done(request: HttpRequest, token: str, note: str, page: str = "") -> HttpResponse:
    """An act was done: back to the page, which says so."""
    if wants_json(request):
        return JsonResponse({"done": note}, status=HTTPStatus.ACCEPTED)
    answer = HttpResponseRedirect(f"/case/{token}{page}?note={note}")
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def refused(
    request: HttpRequest, token: str, case: Case, refusals: list[str], field: str = "", language: Language | None = None
) -> HttpResponse:
    """An act was refused: the page says why, beside `field` where it is about one."""
    if wants_json(request):
        return JsonResponse({"refusals": refusals}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    spoken = language or language_of(request, case.language)
    wrong = {field: " ".join(say(spoken, f"refusal.{key}") for key in refusals)} if field else {}
    return case_page(request, token, case, wrong=wrong, refusals=refusals)


def needs_proof(request: HttpRequest, token: str, case: Case) -> HttpResponse | None:
    """None where the owner was proven in this browser; else the answer that asks for it: the page with the code's
    field.
    """
    if proven_here(request, case) is not None:
        return None
    if request.method in ("GET", "HEAD") and not wants_json(request):
        return done(request, token, "prove_first")
    if request.headers.get("HX-Request") == "true":  # htmx shows no refusal; it goes where it is told
        return HttpResponse(status=HTTPStatus.FORBIDDEN, headers={"HX-Redirect": f"/case/{token}?note=prove_first"})
    return refused(request, token, case, [NOT_PROVEN])
