"""What falls together in a row of the picture? One mark with a count, and with the words that there is room for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from takeback.core.events import BalanceChanged, Event, EventType, OrderPlaced
from takeback.core.undo.touched import is_contact, is_way_in
from takeback.web.desk.case.phrases import Phrases
from takeback.web.desk.case.sheet import WIDTH, Scale, wide
from takeback.web.desk.case.stretch import Stretch

TOGETHER = 24  # nearer than this, marks of a row are one
ROWS = {"money": 16, "contact": 35, "way_in": 54, "else": 73}  # of a lane, from its top
_LONGER = (2, 10, 100, 1_000, 10_000, 100_000)  # where a count gets a digit more


class Kind(StrEnum):
    """What an act is about; each has its shape."""

    MONEY = "money"
    CONTACT = "contact"
    WAY_IN = "way_in"
    LOOK = "look"
    FAILED = "failed"
    SIGN_IN = "sign_in"
    OTHER = "other"


ROW_OF = {Kind.MONEY: "money", Kind.CONTACT: "contact", Kind.WAY_IN: "way_in"}
WEIGHTIEST = list(Kind)
_BY_TYPE = {
    EventType.SIGNED_IN: Kind.SIGN_IN,
    EventType.SIGN_IN_FAILED: Kind.FAILED,
    EventType.VIEWED: Kind.LOOK,
    EventType.BALANCE_CHANGED: Kind.MONEY,
    EventType.ORDER_PLACED: Kind.MONEY,
    EventType.ORDER_CHANGED: Kind.MONEY,
    EventType.ORDER_SHIPPED: Kind.MONEY,
    EventType.ORDER_DELIVERED: Kind.MONEY,
    EventType.ORDER_CANCELLED: Kind.MONEY,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One shape: what fell together there. `label` is beside it where there is room, `text` says it all."""

    kind: str
    who: str
    x: float
    y: int
    count: int
    text: str
    label: str = ""
    query: str = ""

    @property
    def label_x(self) -> float:
        """Where its label begins."""
        return round(self.x + 14, 1)


@dataclass(slots=True)
class _Cluster:
    """What falls together in one row."""

    x: float
    events: list[Event] = field(default_factory=list)
    kinds: Counter[Kind] = field(default_factory=Counter)
    room: float = TOGETHER  # that it takes of the row: with its count, where it has one

    def add(self, event: Event, kind: Kind) -> None:
        """One more that falls together with the others."""
        self.events.append(event)
        self.kinds[kind] += 1
        if (many := len(self.events)) in _LONGER:
            self.room = TOGETHER + wide(f"×{many}") + 14


def kind_of(event: Event) -> Kind:
    """What an act is about."""
    kind = _BY_TYPE.get(event.type)
    if kind is not None:
        return kind
    return Kind.CONTACT if is_contact(event) else Kind.WAY_IN if is_way_in(event) else Kind.OTHER


def marks_of(who: str, top: int, events: Sequence[Event], scale: Scale, here: Stretch, phrases: Phrases) -> list[Mark]:
    """The marks of one lane, which begins at `top`."""
    rows: dict[str, list[_Cluster]] = {name: [] for name in ROWS}
    for event in events:
        kind, x = kind_of(event), scale.x(event.time)
        row = rows[ROW_OF.get(kind, "else")]
        if not row or x - row[-1].x > row[-1].room:
            row.append(_Cluster(x))
        row[-1].add(event, kind)
    found = []
    for name, row in rows.items():
        ends = [cluster.x for cluster in row[1:]] + [WIDTH + 14.0]
        for cluster, end in zip(row, ends, strict=False):  # an empty row has an end too
            found.append(_mark(cluster, who, (name, top + ROWS[name]), end - cluster.x - 28, here, phrases))
    return found


def _mark(cluster: _Cluster, who: str, row: tuple[str, int], room: float, here: Stretch, phrases: Phrases) -> Mark:
    events, kinds = cluster.events, cluster.kinds
    kind = min(kinds, key=WEIGHTIEST.index)
    first, last = events[0], events[-1]
    sums = _worth(events, phrases) if row[0] == "money" else ""
    if len(events) == 1:
        text = f"{phrases.moment(first.time)} {phrases.act(first)}"
        labels = [sums or _short(first, kind, phrases)]
    else:
        counted = ", ".join(f"{phrases.say(f'kind_{one}')} {count}" for one, count in kinds.most_common())
        text = f"{phrases.until(first.time, last.time)}: {counted}" + (f" ({sums})" if sums else "")
        labels = [f"×{len(events)} {sums}".strip(), f"×{len(events)}"]
    label = next((one for one in labels if one and wide(one) <= room), "")
    pad = max((last.time - first.time) * 0.3, here.span / 40)
    query = Stretch(first.time - pad, last.time + pad).query if len(events) > 1 else ""
    return Mark(kind.value, who, round(cluster.x, 1), row[1], len(events), text, label, query)


def _short(event: Event, kind: Kind, phrases: Phrases) -> str:
    """What stands beside a mark that is one act."""
    if kind in (Kind.CONTACT, Kind.WAY_IN):
        data = event.data
        field_name, collection = getattr(data, "field", ""), getattr(data, "collection", "")
        return phrases.of("field", field_name) if field_name else phrases.of("collection", collection)
    if kind is Kind.LOOK:
        return phrases.of("viewed", getattr(event.data, "what", "")).partition(" (")[0].partition("（")[0]
    return ""


def _worth(events: Iterable[Event], phrases: Phrases) -> str:
    """What the orders placed among them cost, where it is of one currency; else what moved of a balance."""
    data = [event.data for event in events]
    totals = [one.order.total for one in data if isinstance(one, OrderPlaced) and one.order.total is not None]
    if totals and len({one.currency for one in totals}) == 1:
        return phrases.total(totals)
    moved = [one.change for one in data if isinstance(one, BalanceChanged)]
    if not totals and moved and len({one.currency for one in moved}) == 1:
        return phrases.total(moved, signed=True)
    return ""
