"""What may a log say, and in which form? Time, weight, who says it, a sentence, and which case it is about.

Never a customer's words, addresses or account, and nothing secret: an exception is told by its type and its place,
because what it says may hold any of these. Libraries are heard from warnings on, whatever the level: at `info` an HTTP
client writes down whose account it asks for.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any

import msgspec

from takeback.sections import LogForm, LogLevel, LogSettings

_about: ContextVar[tuple[str, str]] = ContextVar("about", default=("", ""))
_VALUES = re.compile(r"\s*(?:\[SQL:|\[parameters:|\bDETAIL:).*", re.S)  # databases repeat what was to be written
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_LIBRARIES = ("django", "dbos", "sqlalchemy", "httpx", "httpcore", "mail.log", "_granian", "opentelemetry")
_INNERMOST = 6  # frames of a traceback; the outer ones are the server's own
_LONGEST = 2000  # characters of one message

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


@contextmanager
def about(case: str, phase: str) -> Iterator[None]:
    """What is logged in this thread inside of the block is about this case and phase."""
    token = _about.set((case, phase))
    try:
        yield
    finally:
        _about.reset(token)


class Line(logging.Formatter):
    """One line of plain text: time (UTC), weight, logger, message, and the case where one is known."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = fields(record)
        where = "".join(f" {name}={told[name]}" for name in ("case", "phase") if name in told)
        line = f"{told['time']} {told['level'].upper()} {told['logger']}{where}: {told['message']}"
        return f"{line} [{told['exception']}]" if "exception" in told else line


class Json(logging.Formatter):
    """One object of JSON a line; docs/reference/logs.md lists its members."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return msgspec.json.encode(fields(record)).decode()


def fields(record: logging.LogRecord) -> dict[str, str]:
    """What a line says, by name: `time`, `level`, `logger`, `message`; `case`, `phase` and `exception` where known."""
    told = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _sentence(record),
    }
    case, phase = _about.get()
    told |= {name: value for name, value in (("case", case), ("phase", phase)) if value}
    if record.exc_info and record.exc_info[0] is not None:
        told["exception"] = place_of(record.exc_info)
    return told


def place_of(raised: Raised) -> str:
    """Which types were raised and where, innermost last; never what they say."""
    told: list[str] = []
    error = raised[1]
    while error is not None and len(told) < _INNERMOST:
        frames = extract_tb(error.__traceback__)[-_INNERMOST:]
        where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
        told.append(f"{type(error).__name__} at {where}" if where else type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "; from ".join(told)


def _sentence(record: logging.LogRecord) -> str:
    try:
        said = record.getMessage()
    except Exception:  # arguments that do not fit: the sentence without them still says what it is about
        said = str(record.msg)
    said = _ADDRESS.sub("***", _VALUES.sub("", said))
    return _BREAKS.sub(" ", said).strip()[:_LONGEST]


def logging_of(said: LogSettings, filters: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The settings as `logging.config.dictConfig` has them; `filters` hold for every line."""
    form = Json if said.form is LogForm.JSON else Line
    libraries = LogLevel.ERROR if said.level is LogLevel.ERROR else LogLevel.WARNING
    levels = dict.fromkeys(_LIBRARIES, libraries) | {"takeback": said.level}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": dict(filters),
        "formatters": {"form": {"()": f"{form.__module__}.{form.__qualname__}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "form", "filters": [*filters]}},
        "root": {"handlers": ["stderr"], "level": libraries.upper()},
        "loggers": {
            name: {"handlers": ["stderr"], "level": level.upper(), "propagate": False} for name, level in levels.items()
        },
    }
