"""What time is it in the shop? The real time; only in the demo (SHOP_DEMO_CLOCK=1) what the request says."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

_told: ContextVar[datetime | None] = ContextVar("demo_clock", default=None)


def now() -> datetime:
    return _told.get() or timezone.now()


@contextmanager
def telling(time: datetime) -> Iterator[None]:
    """For a command of the demo: within it, the shop's time is `time`."""
    token = _told.set(time)
    try:
        yield
    finally:
        _told.reset(token)


def with_demo_clock(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Takes `X-Demo-Clock: <RFC 3339>` as a request's time. Around Django: Takeback stays the first middleware."""

    def clocked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said = environ.get("HTTP_X_DEMO_CLOCK")
        if not said:
            return application(environ, start_response)
        try:
            told = parse_datetime(said)
        except ValueError:
            told = None
        if told is None or told.tzinfo is None:
            start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"X-Demo-Clock is not a time with an offset.\n"]
        with telling(told):
            return application(environ, start_response)

    return clocked
