"""How long does a session at the desk live? Half an hour after the last page, and never longer than a working day.

A cookie that was stolen dies with it. Where the browser was left alone, the next one who sits down finds the door.
"""

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from takeback.bootstrap import house

BEGAN, SEEN = "desk_began", "desk_seen"  # seconds since 1970
EXACT = 60  # seconds: how often the last look is written down


class DeskSessions:
    """Middleware: ends a session of the desk that has lived too long. Other pages have none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response of the view, for nobody where the session has ended."""
        if request.path.startswith("/desk") and request.user.is_authenticated:
            now, session = time.time(), request.session
            if has_ended(session.get(BEGAN, 0.0), session.get(SEEN, 0.0), now):
                logout(request)
            elif now - session.get(SEEN, 0.0) > EXACT and not _by_itself(request):
                session[SEEN] = now
        return self._get_response(request)


def begin(request: HttpRequest) -> None:
    """A session begins, when somebody has been let in."""
    request.session[BEGAN] = request.session[SEEN] = time.time()
    request.session.clear_expired()  # nothing else sweeps up


def has_ended(began: float, seen: float, now: float) -> bool:
    """True when it was opened, or last used, too long ago."""
    said = house().configuration.desk
    return now - began >= said.session_seconds or now - seen >= said.idle_seconds + EXACT


def _by_itself(request: HttpRequest) -> bool:
    """True for what a live page asks for without anybody: no sign of a person."""
    return request.method == "GET" and "HX-Request" in request.headers
