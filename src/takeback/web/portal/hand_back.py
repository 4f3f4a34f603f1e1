"""Stage 7 of 7, as she sees it: a new password, what is clean, and a list that remembers."""

from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from takeback.bootstrap import house
from takeback.casework import handback
from takeback.casework.ledger import Part
from takeback.casework.progress import Purpose
from takeback.casework.standing import ServiceStanding, Tie
from takeback.core.case import Case, Language, Stage
from takeback.core.errors import CaseRefused
from takeback.core.handback import refusals
from takeback.core.prevention import Item
from takeback.mail.notices import name_of
from takeback.web.limits import Limit
from takeback.web.portal.case import NOT_PROVEN, done, needs_proof, of_case, refused
from takeback.web.portal.guard import act
from takeback.web.portal.proven import proven_here
from takeback.web.portal.shown import show
from takeback.web.words import language_of, wants_json
from takeback.web.zone import told as told_time
from takeback.web.zone import zone_of
from takeback.words import name, say

PATH = "/hand-back"
limit = Limit(most=30, seconds=600)


@require_safe
@of_case
def hand_back(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """The page, for who was proven in this browser."""
    if (missing := needs_proof(request, token, case)) is not None:
        return missing
    note = request.GET.get("note", "")
    return _page(request, token, case, {}, notes=[note] if note in ("password_taken", "ticked") else [])


@sensitive_post_parameters("password", "again")
@act(limit)
@of_case
def set_password(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Take the owner's new password and give it to every service; it is kept nowhere, and never shown again."""
    if proven_here(request, case) is not Purpose.HAND_BACK:
        waits = refusals(case, house().clock.now())
        return refused(request, token, case, [*(key for key in waits if key != NOT_PROVEN), NOT_PROVEN])
    password = request.POST.get("password", "")
    if password != request.POST.get("again", password):
        return _not_taken(request, token, case, "again", ["password.not_same"])
    why = list(handback.set_password(house(), case.id, password))
    if why:
        return _not_taken(request, token, case, "password", why)
    return done(request, token, "password_taken", PATH)


@act(limit)
@of_case
def tick(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Remember that she has done an item of the list, or (`done` no) has not."""
    if (missing := needs_proof(request, token, case)) is not None:
        return missing
    try:
        handback.tick(house(), case.id, request.POST.get("item", "")[:40], done=request.POST.get("done") != "no")
    except CaseRefused as refusal:
        return refused(request, token, case, [refusal.key])
    return done(request, token, "ticked", PATH)


def _not_taken(request: HttpRequest, token: str, case: Case, field: str, why: list[str]) -> HttpResponse:
    if wants_json(request):
        return refused(request, token, case, why)
    language = language_of(request, case.language)
    return _page(request, token, case, {field: " ".join(say(language, f"refusal.{key}") for key in why)})


def _page(
    request: HttpRequest, token: str, case: Case, wrong: dict[str, str], notes: list[str] | None = None
) -> HttpResponse:
    here, language = house(), language_of(request, case.language)
    zone = zone_of(request, here)
    stands = handback.standing(here, case)
    waits = handback.password_is_set(here.cases.actions(case.id, Part.PASSWORD.value))
    is_open = case.stage is not Stage.CLOSED
    may_set = is_open and proven_here(request, case) is Purpose.HAND_BACK and not waits
    values = {
        "token": token,
        "closed": not is_open,
        "waits": is_open and waits,
        "may_set": may_set,
        "not_yet": is_open and not waits and not may_set,
        "shortest": stands.shortest,
        "rule": say(language, "back.rule", least=stands.shortest),
        "services": [_service(language, one) for one in stands.services],
        "removed": [_tie(language, one) for one in stands.removed],
        "kept": [
            {"text": _tie(language, one), "hers": say(language, f"back.{'hers' if one.hers else 'not_known'}")}
            for one in stands.kept
        ],
        "factor": "second_factor" in stands.to_set_up,
        "checklist": [_item(language, one, zone) for one in stands.items],
        "wrong": wrong,
        "errors": list(wrong.items()),
        "notes": [say(language, f"page.{note}") for note in notes or []],
        "times": True,
        "here": "hand-back",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return show(request, "hand_back", values, status=status, language=language, secret=True)


def _service(language: Language, one: ServiceStanding) -> dict[str, object]:
    if not one.read:
        told = [say(language, "back.unread")]
    elif not one.present:
        told = [say(language, "back.absent")]
    else:
        told = [
            say(language, "back.frozen" if one.frozen else "back.open"),
            say(language, "back.sessions", count=one.sessions),
            say(language, "back.devices", count=len(one.devices)),
        ]
    return {"name": name_of(one.source), "told": told, "devices": one.devices}


def _tie(language: Language, one: Tie) -> str:
    kind = name(language, "field" if one.kind == "two_step" else "collection", one.kind)
    return f"{kind} {one.name} – {name_of(one.source)}".replace("  ", " ")


def _item(language: Language, one: Item, zone: ZoneInfo) -> dict[str, object]:
    at = "" if one.at is None else told_time(language, one.at, zone)
    return {
        "key": one.key.value,
        "text": say(language, f"prevention.{one.key}"),
        "note": say(language, f"prevention_note.{one.key}"),
        "state": one.state.value,
        "at": at,
        "pressing": one.pressing,
    }
