"""What does it cost to weigh an event as it arrives, and what does it find? With six rules, one core, Python alone.

Osprey's engine with six rules does 1,200 to 1,550 events a second a core in memory (measured by us once, elsewhere, and
quoted here): ten times the better of the two is the limit, 64.5 µs an event. Investigating the whole account at each
event is what was done before, and what the same answer would cost without profiles.
"""

import os
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from secrets import token_urlsafe
from time import process_time

from benchmarks import noticing_found
from benchmarks.noticing_stored import arriving
from benchmarks.row import Row
from takeback.core.events import Event
from takeback.core.investigation import in_order, investigate
from takeback.core.online.matching import Matcher
from takeback.core.online.profile import Profile
from takeback.core.online.scoring import notice
from takeback.core.online.typical import TYPICAL
from takeback.demo.processes import python

RUNS = 3
PEER, OSPREY = "Osprey, 6 rules", 1_000_000 / 1_550  # µs an event
LIMIT = OSPREY / 10
BATCHES = ((1, 500), (100, 10_000), (1_000, 20_000))  # events weighed at once, events in all
WHOLE = 40  # events of one long account, each of which has all before it investigated


def rows() -> Iterator[Row]:
    """Cost first, then what it finds."""
    events = arriving()
    yield Row("weigh an event, profiles in memory, 6 rules", in_memory(events), "µs", PEER, OSPREY, LIMIT)
    yield Row("investigate a long account at each event", whole(events), "µs", PEER, OSPREY)
    with tempfile.TemporaryDirectory() as folder:
        environment = {"TAKEBACK_DATA_DIR": folder}
        yield from stored("SQLite", environment)
    yield from on_postgres()
    yield from noticing_found.rows()


def in_memory(events: Sequence[Event]) -> float:
    """Microseconds of a core an event, the best of some runs: profiles of all accounts stay in this process."""
    return min(of_a_core(lambda: _once(events)) for _ in range(RUNS)) / len(events) * 1e6


def of_a_core(work: Callable[[], object]) -> float:
    """Seconds of a core's time: what others do on this machine meanwhile is not counted."""
    start = process_time()
    work()
    return process_time() - start


def _once(events: Sequence[Event]) -> None:
    matcher, profiles = Matcher(TYPICAL), defaultdict[str, Profile](Profile)
    for event in events:
        profile = profiles[event.account]
        matcher.completed(event.account, profile, notice(profile, event))


def whole(events: Sequence[Event]) -> float:
    """Microseconds of a core an event where all of an account's events are investigated at each."""
    of = defaultdict[str, list[Event]](list)
    for event in events:
        of[event.account].append(event)
    account, life = max(of.items(), key=lambda one: len(one[1]))
    now = life[-1].time
    known = [in_order(account, life[: len(life) - back], now) for back in range(min(WHOLE, len(life) - 1))]
    return of_a_core(lambda: [investigate(account, events, now=now) for events in known]) / len(known) * 1e6


def stored(store: str, environment: Mapping[str, str]) -> Iterator[Row]:
    """Loaded and saved, so many at once, in a process that has these settings: by the clock, for it waits."""
    for size, many in BATCHES:
        call = python("-m", "benchmarks.noticing_stored", str(size), str(many))
        told = subprocess.run(call, env=os.environ | environment, check=True, capture_output=True, text=True)
        yield Row(f"  loaded and saved ({store}), {size:,} at once", float(told.stdout), "µs", PEER, OSPREY)


def on_postgres() -> Iterator[Row]:
    """The same on a PostgreSQL of this run's own."""
    from tests.postgres import a_server

    with tempfile.TemporaryDirectory() as folder, a_server(Path(folder) / "pg", quick=False) as url:
        own = {"TAKEBACK_DATABASE_URL": url, "TAKEBACK_SECRET_KEY": token_urlsafe(32)}
        yield from stored("PostgreSQL", own | {"TAKEBACK_DATA_DIR": folder})
