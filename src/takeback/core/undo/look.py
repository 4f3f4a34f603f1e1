"""What does the service itself show, where the log may not know? A look at the account is believed over the log.

Where the service shows that something is as it should be already, nothing is done. Where it shows a third value,
neither the one that the log ends with nor the one that is wanted, somebody changed it outside of the log, and it is not
overwritten. A look says nothing of what happened after it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from msgspec import UNSET

from takeback.core.account import (
    UNTOLD,
    WAY_IN_COLLECTIONS,
    AccountState,
    FieldKey,
    ItemKey,
    OrderFieldKey,
    OrderKey,
    OrderStatus,
)
from takeback.core.events import Event, FieldChanged, ItemChange, OrderChanged, OrderPlaced, OrderStep
from takeback.core.service import AccountSnapshot
from takeback.core.undo.touched import Touched

Target = tuple[str, ...]
STATUSES = frozenset(OrderStatus)


class Unseen(Enum):
    """What a look does not show."""

    UNSEEN = "unseen"


UNSEEN = Unseen.UNSEEN


@dataclass(frozen=True, slots=True)
class Look:
    """The account as one service showed it, and when that was. What the snapshot leaves out it does not speak of."""

    at: datetime
    account: AccountSnapshot


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a target is, what it should be, and what of it is neither the log's nor the wanted: `third` names the keys,
    or is empty where it is all of it; None where there is no such thing.
    """

    now: object
    wanted: object
    third: tuple[str, ...] | None = None


class Sight:
    """The looks at one account's services, held against its log."""

    def __init__(self, looks: Mapping[str, Look], events: Iterable[Event]) -> None:
        self._looks = looks
        self._newest: dict[Target, datetime] = {}
        for event in events if looks else ():
            self._newest[_target(event)] = event.time  # they come in order of time

    def __bool__(self) -> bool:
        """True where any service showed the account."""
        return bool(self._looks)

    def field(self, key: FieldKey) -> object:
        """The field as seen. An absent one is not spoken of: a service may leave out what it has as null."""
        account = self._at(key[0], "field", *key)
        return UNSEEN if account is None else account.fields.get(key[1], UNSEEN)

    def item(self, key: ItemKey) -> object:
        """The item as seen; UNSET where the collection is shown without it."""
        source, collection, name = key
        account = self._at(source, "item", *key)
        items = None if account is None else account.collections.get(collection)
        return UNSEEN if items is None else items.get(name, UNSET)

    def status(self, key: OrderKey) -> OrderStatus | None:
        """Where the order is in its life, as seen; None where that was not shown."""
        account = self._at(key[0], "order", *key)
        seen = None if account is None else account.orders.get(key[1], {}).get("status")
        return OrderStatus(seen) if isinstance(seen, str) and seen in STATUSES else None

    def order_field(self, key: OrderFieldKey) -> object:
        """The order's field as seen."""
        account = self._at(key[0], "order_field", *key)
        return UNSEEN if account is None else account.orders.get(key[1], {}).get(key[2], UNSEEN)

    def _at(self, source: str, *target: str) -> AccountSnapshot | None:
        """The source's snapshot, unless the log knows of something newer on this target."""
        look = self._looks.get(source)
        newest = self._newest.get(target)
        return None if look is None or (newest is not None and newest >= look.at) else look.account


def weigh(now: object, wanted: object, seen: object) -> Verdict:
    """The log's value and the wanted one, held against what was seen: key by key where all three are objects."""
    if seen is UNSEEN:
        return Verdict(now, wanted)
    if isinstance(now, dict) and isinstance(wanted, dict) and isinstance(seen, dict):
        return _by_key(now, wanted, seen)
    if shows(seen, wanted):
        return Verdict(wanted, wanted)
    if now is UNTOLD or shows(seen, now):
        return Verdict(now, wanted)
    return Verdict(seen, seen, ())


def weigh_field(now: object, wanted: object, seen: object) -> Verdict:
    """The same for a field, of which the log may not know what it is now."""
    return Verdict(now, wanted) if now is UNSET and not shows(seen, wanted) else weigh(now, wanted, seen)


def weigh_item(key: ItemKey, now: object, wanted: object, seen: object) -> Verdict:
    """The same for an item, which may not be there. A way in that the intruder brought goes, however it looks by now:
    nobody can have made it their own.
    """
    if seen is UNSEEN or (seen is UNSET and now is UNSET):
        return Verdict(now, wanted)
    if seen is UNSET:
        return Verdict(UNSET, UNSET, None if wanted is UNSET else ())
    if now is UNSET:
        return Verdict(seen, seen, None if wanted is not UNSET and shows(seen, wanted) else ())
    if wanted is UNSET and key[1] in WAY_IN_COLLECTIONS:
        return Verdict(now, wanted)
    if key[1] == "cards" and isinstance(seen, dict) and isinstance(now, dict):
        # That it is locked is containment, and no part of the card.
        shown = {part: value for part, value in seen.items() if part != "locked"}
        seen = {**shown, "locked": now["locked"]} if "locked" in now else shown
    return weigh(now, wanted, seen)


def shows(seen: object, value: object) -> bool:
    """True where the service shows this value; it may show more of an object. Null, empty and left out are one."""
    if isinstance(seen, dict) and isinstance(value, dict):
        return all(shows(seen.get(key), part) for key, part in value.items())
    nothing = (None, "", UNSET)
    return seen == value or (seen in nothing and value in nothing)


def _by_key(now: Mapping[str, object], wanted: Mapping[str, object], seen: Mapping[str, object]) -> Verdict:
    known = {**now, **wanted}
    parts = {key: weigh(now.get(key, UNSET), wanted.get(key, UNSET), seen.get(key, UNSET)) for key in known}
    # What the service shows beyond the log goes along, so that writing the rest does not empty it.
    parts.update(
        {key: Verdict(value, value) for key, value in seen.items() if key not in known and not shows(value, None)}
    )
    third = tuple(sorted(key for key, part in parts.items() if part.third is not None))
    is_now = {key: part.now for key, part in parts.items() if part.now is not UNSET}
    should_be = {key: part.wanted for key, part in parts.items() if part.wanted is not UNSET}
    return Verdict(is_now, should_be, third or None)


def believed(now: AccountState, by: Touched, sight: Sight) -> tuple[AccountState, frozenset[OrderKey]]:
    """The state with the orders where the service shows them to be, and those that it alone knows to be cancelled."""
    if not sight:
        return now, frozenset()
    orders = dict(now.orders)
    for key in {**by.orders, **{(source, order): () for source, order, _ in by.order_fields}}:
        if key in orders and (seen := sight.status(key)) is not None:
            orders[key] = seen
    cancelled = OrderStatus.CANCELLED
    unlogged = frozenset(key for key, status in orders.items() if status is cancelled is not now.orders[key])
    return replace(now, orders=orders), unlogged


def _target(event: Event) -> Target:
    data, source = event.data, event.source
    if isinstance(data, FieldChanged):
        return ("field", source, data.field)
    if isinstance(data, ItemChange):
        return ("item", source, data.collection, str(data.id))
    if isinstance(data, OrderChanged):
        return ("order_field", source, data.order, data.field)
    if isinstance(data, OrderPlaced):
        return ("order", source, data.order.id)
    return ("order", source, data.order) if isinstance(data, OrderStep) else ("other",)
