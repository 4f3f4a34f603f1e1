"""Who watches a phase while it runs? The log, the measures and the trace, each told once, in one place."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from takeback import logs, measures, tracing

log = logging.getLogger("takeback.phases")

OF_A_CASE = frozenset({"freeze", "stopped", "investigate", "undo", "hold", "hand_back", "code", "disowned", "letter"})
"""Phases whose first argument names a case. What another one names, a conversation for example, may be what opens it,
and is told nowhere.
"""


class Seen:
    """How the phase ended; said by whoever runs it. What ends it from outside is `failed`."""

    def __init__(self) -> None:
        self.outcome = "failed"


@contextmanager
def observed(phase: str, about: str) -> Iterator[Seen]:
    """Around a phase. `about` is its first argument."""
    case = about if phase in OF_A_CASE else None
    seen, began = Seen(), monotonic()
    try:
        with logs.about(case or "", phase), tracing.span("phase", case=case, phase=phase) as span:
            try:
                yield seen
            finally:
                span.note("outcome", seen.outcome)
                log.info("phase ended: %s after %.3f s", seen.outcome, monotonic() - began)
    finally:
        measures.phase(phase, monotonic() - began, seen.outcome)
