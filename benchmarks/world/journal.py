"""How does what happened become events? Lines of the contract in the order of their arrival, and who caused each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from benchmarks.world.account import Side
from benchmarks.world.chance import Chance
from benchmarks.world.shops import Shop
from benchmarks.world.timeline import DAY, HOUR

_JAPAN = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class Life:
    """One account's log and the truth about it.

    `truth` has an entry for every event that a customer's client caused, none for staff's and the system's. `kind` is
    `ordinary`, a hard negative's or an intruder's. `episode` names the events of that hard negative or intruder.
    `said` is one "not mine" as the customer of an attacked account would give it.
    """

    account: str
    lines: tuple[bytes, ...]
    truth: Mapping[str, str]
    kind: str
    attacked: bool
    episode: tuple[str, ...]
    said: Mapping[str, object] | None
    now: datetime


def moment(now: float) -> datetime:
    """A clock reading as a time."""
    return datetime.fromtimestamp(int(now), UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it was written: `side` is None for staff and system."""

    id: str
    at: int
    type: str
    data: Mapping[str, object]
    side: Side | None
    marked: bool


class Journal:
    """What the shop writes down about one account."""

    def __init__(self, account: str, shop: Shop, chance: Chance) -> None:
        self.account, self.shop = account, shop
        self._chance = chance
        self.entries: list[Entry] = []

    def write(self, at: int, kind: str, data: Mapping[str, object], side: Side | None, *, marked: bool = False) -> str:
        """Note an event; returns its id."""
        name = f"ev-{self._chance.letters(13)}"
        self.entries.append(Entry(name, at, kind, data, side, marked))
        return name

    def lines(self) -> tuple[bytes, ...]:
        """All events as JSON lines as they arrive: 2 in 100 late by minutes or hours, 1 in 200 twice."""
        chance = self._chance
        arrivals: list[tuple[float, int, bytes]] = []
        for number, entry in enumerate(self.entries):
            line = self._line(entry)
            late = chance.log_within(60, 30 * HOUR) if chance.odds(0.02) else 0
            arrivals.append((entry.at + late, number, line))
            if chance.odds(0.005):
                arrivals.append((entry.at + late + chance.log_within(1, DAY), number, line))
        return tuple(line for _, _, line in sorted(arrivals))

    def _line(self, entry: Entry) -> bytes:
        zone = UTC if self.shop.offset == "Z" else _JAPAN
        text = datetime.fromtimestamp(entry.at, zone).isoformat()
        event = {
            "specversion": "1.0",
            "id": entry.id,
            "source": self.shop.source,
            "type": entry.type,
            "subject": self.account,
            "time": text.replace("+00:00", "Z"),
            "data": entry.data,
        }
        return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
