"""Which parts of the account did the intruder touch, and which of them are the owner's own again?"""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from takeback.core.account import (
    CONTAINMENT_FIELD,
    EFFECTS,
    SECRET_FIELDS,
    BalanceKey,
    FieldKey,
    ItemKey,
    Key,
    OrderFieldKey,
    OrderKey,
)
from takeback.core.events import (
    BalanceChanged,
    Event,
    FieldChanged,
    ItemChange,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    Who,
)
from takeback.core.investigate.findings import Actor, Findings
from takeback.core.undo.plan import Kept


@dataclass(slots=True)
class Touched:
    """For each target that the intruder touched, the ids of his events on it, in order of time."""

    fields: dict[FieldKey, tuple[str, ...]] = field(default_factory=dict)
    items: dict[ItemKey, tuple[str, ...]] = field(default_factory=dict)
    balances: dict[BalanceKey, tuple[str, ...]] = field(default_factory=dict)
    orders: dict[OrderKey, tuple[str, ...]] = field(default_factory=dict)
    order_fields: dict[OrderFieldKey, tuple[str, ...]] = field(default_factory=dict)


def touched(his: Sequence[Event]) -> Touched:
    """What the intruder's events (and what followed from them) touched."""
    fields: dict[FieldKey, list[str]] = {}
    items: dict[ItemKey, list[str]] = {}
    balances: dict[BalanceKey, list[str]] = {}
    orders: dict[OrderKey, list[str]] = {}
    order_fields: dict[OrderFieldKey, list[str]] = {}
    for event in his:
        data, source = event.data, event.source
        if isinstance(data, FieldChanged):
            fields.setdefault((source, data.field), []).append(event.id)
        elif isinstance(data, ItemChange):
            items.setdefault((source, data.collection, str(data.id)), []).append(event.id)
        elif isinstance(data, BalanceChanged):
            balances.setdefault((source, data.balance, data.change.currency), []).append(event.id)
        elif isinstance(data, OrderPlaced):
            orders.setdefault((source, data.order.id), []).append(event.id)
        elif isinstance(data, OrderStep):
            orders.setdefault((source, data.order), []).append(event.id)
        elif isinstance(data, OrderChanged):
            order_fields.setdefault((source, data.order, data.field), []).append(event.id)
    return Touched(_frozen(fields), _frozen(items), _frozen(balances), _frozen(orders), _frozen(order_fields))


def on_touched(events: Sequence[Event], by: Touched) -> list[Event]:
    """The events, whosever they are, on the targets in `by`; of an order, all that ever happened to it."""
    orders = by.orders.keys() | {(source, order) for source, order, _ in by.order_fields}
    return [event for event in events if event.type in EFFECTS and _is_on(event, by, orders)]


def _is_on(event: Event, by: Touched, orders: AbstractSet[OrderKey]) -> bool:
    data, source = event.data, event.source
    if isinstance(data, OrderPlaced):
        return (source, data.order.id) in orders
    if isinstance(data, OrderStep | OrderChanged):
        return (source, data.order) in orders
    if isinstance(data, FieldChanged):
        return (source, data.field) in by.fields
    if isinstance(data, ItemChange):
        return (source, data.collection, str(data.id)) in by.items
    return isinstance(data, BalanceChanged) and (source, data.balance, data.change.currency) in by.balances


def kept(events: Sequence[Event], findings: Findings, by: Touched) -> tuple[Kept, ...]:
    """What stays although the intruder touched it, because somebody else wrote it after him."""
    parts = (_kept_fields, _kept_items, _kept_orders)
    found = (one for part in parts for one in part(events, findings, by))
    return tuple(sorted(found, key=lambda k: (k.target, k.why)))


def _kept_fields(events: Sequence[Event], findings: Findings, by: Touched) -> Iterator[Kept]:
    def key(event: Event) -> FieldKey | None:
        data = event.data
        shown = isinstance(data, FieldChanged) and data.field not in SECRET_FIELDS | {CONTAINMENT_FIELD}
        return (event.source, data.field) if isinstance(data, FieldChanged) and shown else None

    for (_, name), why, later in _written_later(events, findings, by.fields, key):
        yield Kept(f"field:{name}", why, later)


def _kept_items(events: Sequence[Event], findings: Findings, by: Touched) -> Iterator[Kept]:
    def key(event: Event) -> ItemKey | None:
        data = event.data
        return (event.source, data.collection, str(data.id)) if isinstance(data, ItemChange) else None

    for (_, collection, name), why, later in _written_later(events, findings, by.items, key):
        yield Kept(f"{collection}:{name}", why, later)


def _kept_orders(events: Sequence[Event], findings: Findings, by: Touched) -> Iterator[Kept]:
    def key(event: Event) -> OrderFieldKey | None:
        data = event.data
        return (event.source, data.order, data.field) if isinstance(data, OrderChanged) else None

    for (_, order, name), why, later in _written_later(events, findings, by.order_fields, key):
        yield Kept(f"order:{order}:{name}", why, later)


def _written_later(
    events: Sequence[Event],
    findings: Findings,
    touched_by: dict[Key, tuple[str, ...]],
    key_of: Callable[[Event], Key | None],
) -> Iterator[tuple[Key, str, tuple[str, ...]]]:
    """Targets last written by neither the intruder nor Takeback: the key, why it is kept, and the events since his
    last.
    """
    since: dict[Key, list[Event]] = {}
    for event in events if touched_by else ():
        key = key_of(event)
        if key is None or key not in touched_by:
            continue
        if event.id in touched_by[key]:
            since[key] = []
        elif key in since and event.data.takeback is None:
            since[key].append(event)
    for key, later in since.items():
        if later:
            yield key, f"{_writer(later[-1], findings)}.wrote_later", tuple(event.id for event in later)


def _writer(event: Event, findings: Findings) -> str:
    if event.data.actor is not Who.CUSTOMER:
        return event.data.actor.value
    return findings.events.get(event.id, Actor.UNKNOWN).value


def _frozen(cells: dict[Key, list[str]]) -> dict[Key, tuple[str, ...]]:
    return {key: tuple(names) for key, names in cells.items()}
