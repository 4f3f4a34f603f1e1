"""What is the account now, and what would it be without some of its events? Both in one pass, part by part.

An event says what it changed: where a value before and after is an object, only the keys that differ. So of an address
that two people wrote in, each keeps her own lines. Where the log and an event's `before` disagree, something changed
outside of the log; nobody knows who did it, so it stays in both.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import UNSET

from takeback.core.account import (
    CONTACT_COLLECTIONS,
    CONTACT_FIELDS,
    CONTAINMENT_FIELD,
    STEPS,
    UNTOLD,
    AccountState,
    Key,
    OrderKey,
    OrderStatus,
)
from takeback.core.events import (
    BalanceChanged,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    Order,
    OrderChanged,
    OrderPlaced,
    OrderStep,
)

_PLACED = OrderStatus.PLACED


@dataclass(slots=True)
class Replays:
    """`now`: after all events. `clean`: without those left out. `parts`: by event, the keys of the object that it
    changed, where it changed one by key. `gaps`: events that met another value than the log had left.
    """

    now: AccountState = field(default_factory=AccountState)
    clean: AccountState = field(default_factory=AccountState)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    apart: set[tuple[str, ...]] = field(default_factory=set)  # targets on which an event was left out so far
    gone: set[OrderKey] = field(default_factory=set)  # orders whose placing was left out


@dataclass(frozen=True, slots=True)
class _Write:
    """One event's write on one target. `before` is UNSET where it was not told; `first` is what stood before the log;
    `unknown` is what a target of this shape is when nobody told its value.
    """

    before: object
    first: object
    after: object
    unknown: object
    guarded: bool  # a contact point: what changed outside of the log is not taken for the owner's


def replay(events: Iterable[Event], *, without: Collection[str] = frozenset()) -> AccountState:
    """The account after `events` (in order of time), leaving out those whose id is in `without`."""
    return replays(events, without=without).clean


def replays(events: Iterable[Event], *, without: Collection[str]) -> Replays:
    """Both replays of `events` (in order of time).

    A target's value before the log begins is the first event's `before`, whoever caused that event: so it is known even
    where the first event is left out. An order whose placing is not in the log stands as placed before it.
    """
    both = Replays()
    for event in events:
        _replay_one(both, event, event.id in without)
    return both


def merged(base: object, mine: object, theirs: object) -> object:
    """`mine` with what changed from `base` to `theirs`: key by key where all three are objects, else `theirs`."""
    if not (isinstance(base, dict) and isinstance(mine, dict) and isinstance(theirs, dict)):
        return theirs
    result = dict(mine)
    for key in changed(base, theirs):
        value = merged(base.get(key, UNSET), mine.get(key, UNSET), theirs.get(key, UNSET))
        if value is UNSET:
            result.pop(key, None)
        else:
            result[key] = value
    return result


def changed(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """The keys whose values differ, in an order that does not depend on chance."""
    return [key for key in {**before, **after} if before.get(key, UNSET) != after.get(key, UNSET)]


def _replay_one(both: Replays, event: Event, left_out: bool) -> None:
    data, source = event.data, event.source
    if isinstance(data, FieldChanged):
        if data.field != CONTAINMENT_FIELD:
            write = _Write(data.before, data.before, data.after, UNSET, data.field in CONTACT_FIELDS)
            _write(both, both.now.fields, both.clean.fields, (source, data.field), event, write, left_out)
    elif isinstance(data, ItemChange):
        key = (source, data.collection, str(data.id))
        _write(both, both.now.items, both.clean.items, key, event, _of_item(event, data), left_out)
    elif isinstance(data, BalanceChanged):
        balance, zero = (source, data.balance, data.change.currency), Decimal(0)
        both.now.balances[balance] = both.now.balances.get(balance, zero) + data.change.value
        left = both.clean.balances.get(balance, zero)
        both.clean.balances[balance] = left if left_out else left + data.change.value
    elif isinstance(data, OrderPlaced):
        _place(both, source, data.order, left_out)
    elif isinstance(data, (OrderStep, OrderChanged)):
        _replay_order(both, event, data, left_out)


def _of_item(event: Event, data: ItemChange) -> _Write:
    guarded = data.collection in CONTACT_COLLECTIONS
    after = UNTOLD if data.after is UNSET else data.after
    if event.type is EventType.ITEM_ADDED:
        return _Write(UNSET, UNSET, after, UNTOLD, guarded)
    before = UNSET if data.before is None else data.before
    gone = event.type is EventType.ITEM_REMOVED
    return _Write(before, UNTOLD if before is UNSET else before, UNSET if gone else after, UNTOLD, guarded)


def _place(both: Replays, source: str, order: Order, left_out: bool) -> None:
    """An order lives from its placing on; what happens to one whose placing was left out is left out too."""
    if left_out:
        both.gone.add((source, order.id))
    told = (("address", order.address), ("card", order.card), ("payment", order.payment))
    means = [(name, value) for name, value in told if value is not None]
    for state in (both.now,) if left_out else (both.now, both.clean):
        state.orders[(source, order.id)] = _PLACED
        for name, value in means:
            state.order_fields.setdefault((source, order.id, name), value)


def _replay_order(both: Replays, event: Event, data: OrderStep | OrderChanged, left_out: bool) -> None:
    order = (event.source, data.order)
    hers = order not in both.gone
    for state in (both.now, both.clean) if hers else (both.now,):
        state.orders.setdefault(order, _PLACED)
    if isinstance(data, OrderChanged):
        write, clean = _Write(data.before, data.before, data.after, UNSET, guarded=False), both.clean.order_fields
        key = (*order, data.field)
        _write(both, both.now.order_fields, clean if hers else {}, key, event, write, left_out)
        return
    both.now.orders[order] = STEPS[event.type]
    if hers and not left_out:
        both.clean.orders[order] = STEPS[event.type]


def _write(
    both: Replays, now: dict[Key, object], clean: dict[Key, object], key: Key, event: Event, it: _Write, left_out: bool
) -> None:
    target = (type(event.data).__name__, *key)
    now.setdefault(key, it.first)
    clean.setdefault(key, it.first)
    if it.before is not UNSET and it.before is not None and now[key] != it.before:
        _gap(both, now, clean, key, event, it, first=target not in both.apart)
    base, added = now[key], event.type is EventType.ITEM_ADDED
    if isinstance(base, dict) and isinstance(it.after, dict) and not added:
        both.parts[event.id] = tuple(changed(base, it.after))
    if left_out:
        both.apart.add(target)
    else:
        clean[key] = it.after if added else merged(base, clean[key], it.after)
    now[key] = it.after


def _gap(
    both: Replays, now: dict[Key, object], clean: dict[Key, object], key: Key, event: Event, it: _Write, *, first: bool
) -> None:
    """The event met another value than the log had left. `first`: nothing on this target has been left out so far."""
    stood, met = now[key], it.before
    if event.data.takeback is not None:
        met = _left_alone(stood, met, it.after)
        if met == stood:
            return
    elif stood is not it.unknown:
        both.gaps.append(event.id)
        if it.guarded:
            return
    if first:
        clean[key] = met
    elif stood is not it.unknown:
        clean[key] = merged(stood, clean[key], met)
    now[key] = met


def _left_alone(stood: object, met: object, after: object) -> object:
    """What a repair of Takeback's met and left as it was; what it overwrote is no part of what should be."""
    if not (isinstance(stood, dict) and isinstance(met, dict) and isinstance(after, dict)):
        return stood
    overwritten = changed(met, after)
    kept = {key: value for key, value in met.items() if key not in overwritten}
    return {**kept, **{key: stood[key] for key in overwritten if key in stood}}
