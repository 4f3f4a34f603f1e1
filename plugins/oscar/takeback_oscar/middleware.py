"""What happens around each request? Answers Takeback, throws out dead sessions, and says who visits to the recorder.

It comes first in MIDDLEWARE. So Takeback's own requests meet none of the shop's middleware (no session, no CSRF check,
no language), and what follows a response sees the session as it was saved. `process_view` runs after all the others
have let the request in, when session and user are there, and before the view.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from takeback_oscar import api, client, courier, outbox, sessions
from takeback_oscar.conf import conf
from takeback_oscar.context import Visit, current_visit, visiting
from takeback_oscar.outbox import EventType
from takeback_oscar.state import state_of

logger = logging.getLogger("takeback_oscar")


class TakebackMiddleware:
    """The third of the three settings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        courier.serve()
        if request.path_info.startswith(conf().path):
            return api.answer(request, request.path_info.removeprefix(conf().path.rstrip("/")))
        visit = client.open_visit(request)
        with visiting(visit):
            response = self.get_response(request)
            try:
                self._after(visit, response)
            except DatabaseError:
                # The customer's request has been answered and committed; what is lost is a page view or a key's note.
                logger.exception("What followed a request could not be written down")
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """A session that was ended, or whose account is frozen, is nobody's."""
        visit = current_visit()
        user = getattr(request, "user", None)
        if visit is None or user is None or not user.is_authenticated:
            return
        if sessions.is_dead(request, state_of(str(user.pk))):
            sessions.throw_out(request)
            return
        sessions.adopt(visit)

    def _after(self, visit: Visit, response: HttpResponseBase) -> None:
        if isinstance(response, HttpResponse):
            client.remember_device(visit, response)
        outbox.release(list(visit.held.values()))
        sessions.keep_registered(visit)
        self._tell_viewed(visit, response)

    def _tell_viewed(self, visit: Visit, response: HttpResponseBase) -> None:
        request = visit.request
        match, user = request.resolver_match, getattr(request, "user", None)
        what = conf().views.get(match.view_name) if match is not None else None
        if what is None or request.method != "GET" or response.status_code != 200:
            return
        if user is not None and user.is_authenticated:
            outbox.record(str(user.pk), EventType.VIEWED, what=what)
