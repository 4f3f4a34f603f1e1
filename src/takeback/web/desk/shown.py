"""How is a page of the desk sent? In the member's language, kept by nobody, with what every page needs."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac

from takeback.bootstrap import house
from takeback.core.case import Language
from takeback.core.permission import Staff, Verb
from takeback.web.statics import ADDRESSES
from takeback.web.words import Words, language_of, remember_language
from takeback.web.zone import zone_of
from takeback.words import known, say

_SEAL = 12  # hexadecimal digits: a note is a courtesy, but nobody else should be able to say "approved" to staff
_KEY = re.compile(r"^desk_[a-z]+\.[a-z0-9_.]+$")


class Entry(NamedTuple):
    """An entry of the navigation: where it leads, what it says, and whether this is the page."""

    href: str
    text: str
    current: bool


_PLACES = (
    ("/desk/", Verb.LIST_CASES, "desk_door.nav_queue"),
    ("/desk/calls", Verb.READ_NUMBER, "desk_door.nav_calls"),
    ("/desk/audit", Verb.READ_AUDIT, "desk_door.nav_audit"),
    ("/desk/rules", Verb.READ_RULES, "desk_door.nav_rules"),
    ("/desk/staff", Verb.READ_STAFF, "desk_door.nav_staff"),
)
ME = "/desk/me"


def page(
    request: HttpRequest, template: str, values: Mapping[str, object] | None = None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page `desk/<template>.html`. `staff` in it is who looks, None at the door."""
    with translation.override(language_of(request).value):  # of what Django says by itself
        answer = render(request, f"desk/{template}.html", stand(request) | dict(values or {}), status=status)
    return finished(request, answer)


def stand(request: HttpRequest) -> dict[str, object]:
    """What every page of the desk is made with."""
    language, staff = language_of(request), getattr(request, "staff", None)
    return {
        "words": Words(language),
        "language": language,
        "static": ADDRESSES,
        "zone": zone_of(request, house()).key,
        "staff": staff,
        "nav": entries(request, staff, language) if isinstance(staff, Staff) else [],
        "notes": _notes(request, language),
        "other_href": _other(request, language),
    }


def finished(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer with the headers that every page of the desk has."""
    remember_language(request, answer)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Vary"] = "Cookie, Accept-Language"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def redirect(request: HttpRequest, path: str, note: str = "") -> HttpResponse:
    """303 to a page of the desk, which then shows the words of `note` (a key such as `desk_case.note_approved`)."""
    where, _, fragment = path.partition("#")
    if note:
        where += ("&" if "?" in where else "?") + f"note={quote(note)}&seal={_seal(request, note)}"
    answer = HttpResponseRedirect(where + (f"#{fragment}" if fragment else ""))
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def first_place(staff: Staff) -> str:
    """Where somebody begins: the first page of the navigation that these roles may see."""
    return next((href for href, verb, _ in _PLACES if staff.may(verb)), ME)


def entries(request: HttpRequest, staff: Staff, language: Language) -> list[Entry]:
    """The navigation for these roles."""
    return [Entry(href, say(language, key), request.path == href) for href, verb, key in _PLACES if staff.may(verb)]


def _notes(request: HttpRequest, language: Language) -> list[str]:
    """The words of a note that `redirect` sealed for this session; anybody else's are not shown."""
    note = request.GET.get("note", "")
    if not _KEY.match(note) or not known(language, note):
        return []
    return [say(language, note)] if constant_time_compare(request.GET.get("seal", ""), _seal(request, note)) else []


def _seal(request: HttpRequest, note: str) -> str:
    session = getattr(request, "session", None)
    key = "" if session is None else str(session.session_key)
    return salted_hmac("takeback desk note", f"{key} {note}", algorithm="sha256").hexdigest()[:_SEAL]


def _other(request: HttpRequest, spoken: Language) -> str:
    """The address of this page in the other language."""
    other = Language.EN if spoken is Language.JA else Language.JA
    asked = request.GET.copy()
    for name in ("note", "seal"):
        asked.pop(name, None)
    asked["lang"] = other.value
    return f"?{asked.urlencode()}"
