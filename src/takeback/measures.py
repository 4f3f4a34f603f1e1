"""How fast and how well does this process work? Counted here, and shown to Prometheus by `takeback.web.metrics`.

Every function may be called from any thread, returns nothing and never raises: a measure that fails is lost, and the
work goes on. No label holds anything about a person: sources come from the settings, phases and reasons from the code,
and what is new beyond a bound is counted as `other`.
"""

import logging
from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, ParamSpec

if TYPE_CHECKING:
    from takeback.measured import Instruments

log = logging.getLogger("takeback.measures")

REFUSALS = frozenset(
    {
        *("no_key", "wrong_key", "old_key", "other_source", "scope"),
        *("too_large", "too_many", "malformed", "unsupported", "slow"),
    }
)
OUTCOMES = frozenset({"done", "again", "waits", "refused", "failed"})
NOTICED = frozenset({"case", "ask", "look"})
MOST_NAMES = 200  # of sources, and of phases: a mistake elsewhere must not fill Prometheus
OTHER = "other"

P = ParamSpec("P")
_seen: dict[str, set[str]] = {"source": set(), "phase": set()}
_moved: dict[str, float] = {}
_lock = Lock()


@cache
def instruments() -> "Instruments":
    """What is counted with; made at the first count, because to load it takes a tenth of a second that a command which
    counts nothing need not wait.
    """
    from takeback.measured import Instruments

    return Instruments()


def moved(name: str) -> float | None:
    """Seconds since a phase of this name last ended in this process; None where none has."""
    at = _moved.get(name)
    return None if at is None else monotonic() - at


def _quietly(count: Callable[P, None]) -> Callable[P, None]:
    """Whoever counts goes on, whatever becomes of the count."""

    @wraps(count)
    def counted(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            count(*args, **kwargs)
        except Exception as error:  # lost, and said once in a while by its type alone
            log.debug("a measure was lost: %s", type(error).__name__)

    return counted


def _bounded(kind: str, name: str) -> str:
    """`name`, unless too many others were told before it."""
    seen = _seen[kind]
    if name in seen:
        return name
    with _lock:
        if len(seen) >= MOST_NAMES:
            return OTHER
        seen.add(name)
    return name


@_quietly
def events(source: str, stored: int, repeated: int) -> None:
    """Events of one request from `source`: how many were new, and how many were there already."""
    name = _bounded("source", source)
    if stored:
        instruments().events.labels(name, "stored").inc(stored)
    if repeated:
        instruments().events.labels(name, "repeated").inc(repeated)


@_quietly
def events_waiting(count: int) -> None:
    """So many events were handed in and are not committed yet."""
    instruments().waiting.set(count)


@_quietly
def refused(why: str) -> None:
    """A request to the events' door was refused; `why` is one of `REFUSALS`."""
    instruments().refused.labels(why if why in REFUSALS else OTHER).inc()


@_quietly
def ingest_lag(seconds: float) -> None:
    """Arrival minus the event's own time. A clock that is ahead counts as none."""
    instruments().lag.observe(max(seconds, 0.0))


@_quietly
def committed(seconds: float) -> None:
    """A commit of events took so long."""
    instruments().commit.observe(seconds)


@_quietly
def phase(name: str, seconds: float, outcome: str) -> None:
    """A phase of a case ran so long; `outcome` is one of `OUTCOMES`."""
    _moved[name] = monotonic()
    instruments().phase.labels(_bounded("phase", name), outcome if outcome in OUTCOMES else OTHER).observe(seconds)


@_quietly
def frozen(seconds: float) -> None:
    """An account is frozen, and that was read back, so long after its case was opened."""
    instruments().frozen.observe(max(seconds, 0.0))


@_quietly
def result(seconds: float) -> None:
    """The result's letter was sent so long after the case was opened."""
    instruments().result.observe(max(seconds, 0.0))


@_quietly
def read_back(source: str, held: bool) -> None:
    """An action was looked at in the shop: it held, or it had not been done whatever the shop had said."""
    instruments().read_back.labels(_bounded("source", source), "held" if held else "failed").inc()


@_quietly
def noticed(what: str) -> None:
    """The score of new events led to a case, to a question, or to a closer look."""
    instruments().noticed.labels(what if what in NOTICED else OTHER).inc()
