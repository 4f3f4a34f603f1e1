"""How is a page sent? In one language, kept by nobody, named to no other site, with what every page needs."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from takeback.bootstrap import house
from takeback.core.case import Language
from takeback.web.statics import ADDRESSES
from takeback.web.words import Words, language_of, remember_language
from takeback.web.zone import zone_of


def show(
    request: HttpRequest,
    template: str,
    values: Mapping[str, object] | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    language: Language | None = None,
    secret: bool = False,
) -> HttpResponse:
    """A page. `secret`: there is a secret in its address, which goes to no other site and into no search engine."""
    spoken = language or language_of(request)
    base = {
        "words": Words(spoken),
        "static": ADDRESSES,
        "zone": zone_of(request, house()).key,
        "other_href": _other(request, spoken),
        "may_reload": request.method == "GET",
    }
    answer = render(request, f"portal/{template}.html", base | dict(values or {}), status=status)
    remember_language(request, answer)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Vary"] = "Cookie, Accept-Language, Accept"
    if secret:
        answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def plain_page(request: HttpRequest, key: str, status: HTTPStatus) -> HttpResponse:
    """A page that says one thing and leads on: to the door, and to a person."""
    return show(request, "plain", {"key": key, "heading": f"{key}_title"}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's handler
    """The same for every address that opens nothing, whatever it looks like."""
    return plain_page(request, "not_found", HTTPStatus.NOT_FOUND)


def _other(request: HttpRequest, spoken: Language) -> str:
    """The address of this page in the other language; for what was posted and refused, that of the page it is of."""
    other = Language.EN if spoken is Language.JA else Language.JA
    kept = "&".join(f"{key}=1" for key in _KEPT if request.GET.get(key) == "1")
    page = "" if request.method == "GET" else _ACT.sub(lambda act: act[1] + _PAGE_OF.get(act[2], ""), request.path)
    return f"{page}?lang={other.value}" + (f"&{kept}" if kept else "")


_ACT = re.compile(r"^(/(?:case|talk)/[^/]+)/([a-z]+)$")
_PAGE_OF = {"said": "/was-this-you", "mail": "/messages", "password": "/hand-back", "tick": "/hand-back"}
_KEPT = ("all", "more")  # what a page shows more of
