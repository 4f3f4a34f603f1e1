"""What does every request share? Its database connection, its visit, the outbox, and the guards of the pages."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, request

from .database import connect
from .settings import Settings
from .visit import Visit, WrongClock, visit_of

if TYPE_CHECKING:
    from .outbox import Outbox

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


def settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def database() -> sqlite3.Connection:
    """One connection for each request, closed with it."""
    if "db" not in g:
        g.db = connect(settings().database)
    found: sqlite3.Connection = g.db
    return found


def close_database(_error: BaseException | None = None) -> None:
    db = g.pop("db", None)
    if db is not None:
        db.close()


def visit() -> Visit:
    """Who asks; 400 where the demo's clock is no time."""
    if "visit" not in g:
        try:
            g.visit = visit_of(request, demo_clock=settings().demo_clock)
        except WrongClock as error:
            abort(400, str(error))
    found: Visit = g.visit
    return found


def wake_outbox() -> None:
    outbox: Outbox | None = current_app.config["OUTBOX"]
    if outbox:
        outbox.wake()


def refuse_other_sites() -> None:
    """A form of another site never acts here; browsers say in these headers where a request comes from."""
    if request.method in {"GET", "HEAD"} or request.path.startswith("/takeback/"):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in {None, "same-origin", "none"} or (origin and urlsplit(origin).netloc != request.host):
        abort(403)


def protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
