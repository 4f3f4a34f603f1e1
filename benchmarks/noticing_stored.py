"""`python -m benchmarks.noticing_stored SIZE EVENTS`: what is an event's weighing where profiles are loaded and saved?

In a process of its own, whose settings say which store it is: prints microseconds an event, `SIZE` of them at once.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from msgspec.structs import replace

from benchmarks.attributing import world
from benchmarks.attributing.judging import read
from benchmarks.row import seconds
from takeback.bootstrap import build_house, make_tables
from takeback.casework.online import Online
from takeback.configuration import load_configuration
from takeback.core.events import Event
from takeback.core.online.typical import TYPICAL
from takeback.sections import NoticeSettings

ACCOUNTS = 250


def arriving() -> list[Event]:
    """All events of some simulated lives, in order of time."""
    lives = (read(one) for one in islice(world.training(ACCOUNTS), ACCOUNTS))
    return sorted((event for life in lives for event in life), key=_when)


def measure(size: int, many: int) -> float:
    """Microseconds an event. As many again come first, so that there are profiles."""
    said = load_configuration()
    rules = tuple(replace(rule, on=True) for rule in TYPICAL)
    house = build_house(replace(said, notice=NoticeSettings(rules=rules)))
    make_tables(said)
    online, events = Online(house), arriving()[: 2 * many]
    try:
        weigh(online, events[:many], 1_000)
        return seconds(lambda: weigh(online, events[many:], size)) / len(events[many:]) * 1e6
    finally:
        online.close()
        house.close()


def weigh(online: Online, events: Sequence[Event], size: int) -> None:
    """Weigh all of these, so many at once."""
    for begin in range(0, len(events), size):
        online.weigh(events[begin : begin + size])


def _when(event: Event) -> tuple[datetime, str, str]:
    return event.time, event.source, event.id


if __name__ == "__main__":
    print(measure(int(sys.argv[1]), int(sys.argv[2])))
