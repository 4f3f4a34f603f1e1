"""Who hears of what was stored? The watch that scores accounts, and the measure of how late events come."""

from collections.abc import Sequence
from time import time

from takeback import measures
from takeback.bootstrap import watch
from takeback.core.events import Event


def pass_on(fresh: Sequence[Event]) -> None:
    """Have new events weighed, and count how late the events are."""
    if fresh:
        watch().touched(fresh)
        measures.ingest_lag(time() - fresh[-1].time.timestamp())
