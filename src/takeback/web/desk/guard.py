"""May this member of staff do this, now, from here? One verb for each view; whatever is not granted is refused.

In this order: from a page of ours, signed in, with a second factor, with a role that grants the verb, and for what a
browser left open must not do, proven again some minutes ago at most.
"""

import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from takeback.bootstrap import house
from takeback.core.permission import FRESH, Staff, Verb
from takeback.web.desk.shown import page
from takeback.web.security import is_foreign

P = ParamSpec("P")
FRESH_SECONDS = 10 * 60
SIGN_IN, SET_UP = "/desk/sign-in", "/desk/me/factors"
LOOK, ACT = ("GET", "HEAD"), ("POST",)
BY_LINK = "desk_by_link"  # in a session that a link of an admin's opened: the first factor may be set up in it


class DeskRequest(HttpRequest):
    """A request of somebody who has been let in."""

    staff: Staff


View = Callable[Concatenate[DeskRequest, P], HttpResponse]
Checked = Callable[Concatenate[HttpRequest, P], HttpResponse]


def desk(verb: Verb, *, post: bool = False) -> Callable[[View[P]], Checked[P]]:
    """A view of the desk for those whom `verb` is granted: to look (GET, HEAD), or with `post` to act (POST alone).

    `verb` and `post` are attributes of the view, from which the tests make their matrix.
    """

    def guarded(view: View[P]) -> Checked[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            let_in = _let_in(request, ACT if post else LOOK)
            if isinstance(let_in, HttpResponse):
                return let_in
            if not let_in.staff.may(verb):
                return refused(request, verb)
            if verb in FRESH and not is_fresh(request):
                raise ReauthenticationRequired  # allauth's middleware keeps a form, asks, and goes on with it
            return view(let_in, *args, **kwargs)

        checked.verb, checked.post = verb, post  # type: ignore[attr-defined]
        return checked

    return guarded


def own(*, methods: tuple[str, ...] = LOOK, set_up: bool = False) -> Callable[[View[P]], Checked[P]]:
    """A view of what is the member's own, whatever the roles. `set_up`: also while there is no second factor yet, for
    whom a link of an admin's or the company's own sign-in brought.
    """

    def guarded(view: View[P]) -> Checked[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            let_in = _let_in(request, methods, set_up=set_up)
            return let_in if isinstance(let_in, HttpResponse) else view(let_in, *args, **kwargs)

        checked.door, checked.set_up = "own", set_up  # type: ignore[attr-defined]
        return checked

    return guarded


def either(look: Checked[P], act: Checked[P]) -> Checked[P]:
    """One address to look at and to act on: `look` for GET and HEAD, `act` for the rest, of which it takes POST."""

    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return (look if request.method in LOOK else act)(request, *args, **kwargs)

    view.parts = (look, act)  # type: ignore[attr-defined]
    return view


def refused(request: HttpRequest, verb: Verb | None = None, key: str = "desk_door.refused") -> HttpResponse:
    """403, and which permission is missing."""
    return page(request, "403", {"verb": verb, "key": key}, status=HTTPStatus.FORBIDDEN)


def is_fresh(request: HttpRequest) -> bool:
    """True when a second factor, or a proof asked for again, is some minutes old at most."""
    return any(
        time.time() - record["at"] < FRESH_SECONDS
        for record in _records(request)
        if record.get("reauthenticated") or record["method"] == "mfa"
    )


def has_second_factor(request: HttpRequest) -> bool:
    """True when this very session was opened with a second factor; that one exists by now is not enough."""
    return any(record["method"] == "mfa" for record in _records(request))


def may_set_up(request: HttpRequest) -> bool:
    """True in a session in which the first second factor may be set up: a password alone is not enough for that, or
    whoever learned it would be the first to set one up.
    """
    return bool(request.session.get(BY_LINK)) or any(
        record["method"] == "socialaccount" for record in _records(request)
    )


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return records


def _let_in(request: HttpRequest, methods: tuple[str, ...], *, set_up: bool = False) -> DeskRequest | HttpResponse:
    if request.method not in methods:
        return HttpResponseNotAllowed(methods)
    acts = request.method not in LOOK
    if acts and is_foreign(request):
        return refused(request, key="desk_door.foreign")
    member = house().people.of(request.user.get_username()) if request.user.is_authenticated else None
    if member is None or not member.active:
        return refused(request, key="desk_door.signed_out") if acts else _to_sign_in(request)
    if not (member.has_factor and has_second_factor(request)):
        if member.has_factor:  # it was set up elsewhere since: this session has only the password
            logout(request)
            return refused(request, key="desk_door.signed_out") if acts else _to_sign_in(request)
        if not may_set_up(request):
            return refused(request, key="desk_door.ask_for_link")
        if not set_up:
            return refused(request, key="desk_door.no_factor") if acts else HttpResponseRedirect(SET_UP)
    roles = member.roles if member.has_factor else frozenset()  # she may nothing yet, and is offered nothing
    request.staff = Staff(member.name, roles)  # type: ignore[attr-defined]
    return request  # type: ignore[return-value]  # it is one now


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the door, and back here after it. Whoever follows a link of another site, as in a chat, comes without the
    session's cookie: a page of ours has the browser come again with it.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return page(request, "coming", {"again": request.get_full_path()})
    if "HX-Request" in request.headers:  # a live part: the whole page asks anew, or the door would stand in a corner
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(f"{SIGN_IN}?{urlencode({'next': request.get_full_path()})}")
