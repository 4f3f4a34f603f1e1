"""Which action goes from the account as it is to the account as it should be, target by target?

Where a service shows a third value, it is not overwritten, and that is said: a question where it is about how a person
is reached or gets in, else it is kept.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec
from msgspec import UNSET

from takeback.core.account import (
    CONTACT_COLLECTIONS,
    CONTACT_FIELDS,
    SECRET_FIELDS,
    UNTOLD,
    WAY_IN_COLLECTIONS,
    WAY_IN_FIELDS,
    AccountState,
    BalanceKey,
    OrderKey,
    OrderStatus,
)
from takeback.core.events import Event, Json, OrderPlaced
from takeback.core.undo.look import Sight, Verdict, weigh_field, weigh_item
from takeback.core.undo.plan import Action, ActionKind, Kept, Question, digest
from takeback.core.undo.touched import Touched

_STOPPED_BY = {OrderStatus.PLACED: ActionKind.CANCEL_ORDER, OrderStatus.SHIPPED: ActionKind.INTERCEPT_ORDER}
SENSITIVE = frozenset({*CONTACT_FIELDS, *CONTACT_COLLECTIONS, *WAY_IN_FIELDS, *WAY_IN_COLLECTIONS})


@dataclass(slots=True)
class Differences:
    """What is to be done, and what the services' own word speaks against. `undone`: source and target, as `kept`
    names it, of everything that is set right.
    """

    account: str
    actions: list[Action] = field(default_factory=list)
    undone: set[tuple[str, str]] = field(default_factory=set)
    kept: list[Kept] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def act(self, kind: ActionKind, source: str, args: dict[str, Json], undoes: tuple[str, ...], target: str) -> None:
        """One action more."""
        self.actions.append(action(self.account, kind, args, undoes, source))
        self.undone.add((source, target))

    def say(self, verdict: Verdict, kind: str, target: str, undoes: tuple[str, ...]) -> None:
        """Say where a service shows a third value."""
        if verdict.third is None:
            return
        if kind in SENSITIVE:
            self.questions.append(Question(undoes, "snapshot.differs"))
        else:
            self.kept.append(Kept(target, "snapshot.differs", undoes, verdict.third))


def action(
    account: str, kind: ActionKind, args: dict[str, Json], undoes: tuple[str, ...], source: str | None
) -> Action:
    """An action whose id says what it is: the same undoing has the same id in every run."""
    return Action(digest(account, kind, source, args, sorted(undoes))[:32], kind, args, undoes, source)


def differences(
    account: str,
    now: AccountState,
    clean: AccountState,
    by: Touched,
    sight: Sight,
    owed: Mapping[BalanceKey, Decimal],
    handed_out: AbstractSet[OrderKey],
) -> Differences:
    """All differences between `now` and `clean` on what he touched. `owed` is by balance, `handed_out` are the orders
    of goods that do not come back.
    """
    found = Differences(account)
    _fields(found, now, clean, by, sight)
    _items(found, now, clean, by, sight)
    _orders(found, now, clean, by, handed_out)
    _order_fields(found, now, clean, by, sight)
    for (source, name, currency), change in owed.items():
        if change:
            money: dict[str, Json] = {"amount": format(change.normalize(), "f"), "currency": currency}
            undoes = by.balances[(source, name, currency)]
            args: dict[str, Json] = {"balance": name, "change": money}
            found.act(ActionKind.ADJUST_BALANCE, source, args, undoes, f"balance:{name}")
    return found


def _fields(found: Differences, now: AccountState, clean: AccountState, by: Touched, sight: Sight) -> None:
    for key, undoes in by.fields.items():
        source, name = key
        wanted = clean.fields.get(key, UNSET)
        if wanted is UNSET or name in SECRET_FIELDS:
            continue
        verdict = weigh_field(now.fields.get(key, UNSET), wanted, sight.field(key))
        found.say(verdict, name, f"field:{name}", undoes)
        if verdict.now != verdict.wanted:
            args: dict[str, Json] = {"field": name, "value": _json(verdict.wanted)}
            found.act(ActionKind.SET_FIELD, source, args, undoes, f"field:{name}")


def _items(found: Differences, now: AccountState, clean: AccountState, by: Touched, sight: Sight) -> None:
    for key, undoes in by.items.items():
        source, collection, name = key
        if clean.items[key] is UNTOLD:
            continue
        verdict, target = weigh_item(key, now.items[key], clean.items[key], sight.item(key)), f"{collection}:{name}"
        found.say(verdict, collection, target, undoes)
        if verdict.now == verdict.wanted:
            continue
        args: dict[str, Json] = {"collection": collection, "id": name}
        if verdict.wanted is UNSET:
            found.act(ActionKind.REMOVE_ITEM, source, args, undoes, target)
        else:
            found.act(ActionKind.ADD_ITEM, source, {**args, "value": _json(verdict.wanted)}, undoes, target)


def _orders(
    found: Differences, now: AccountState, clean: AccountState, by: Touched, handed_out: AbstractSet[OrderKey]
) -> None:
    for key, undoes in by.orders.items():
        source, order = key
        if key in clean.orders or key in handed_out:
            continue
        kind = _STOPPED_BY.get(now.orders[key])
        if kind is not None:
            found.act(kind, source, {"order": order}, undoes, f"order:{order}")


def _order_fields(found: Differences, now: AccountState, clean: AccountState, by: Touched, sight: Sight) -> None:
    for key, undoes in by.order_fields.items():
        source, order, name = key
        wanted = clean.order_fields.get(key, UNSET)
        standing = (source, order) in clean.orders and now.orders[(source, order)] is OrderStatus.PLACED
        if wanted is UNSET or not standing:
            continue
        verdict, target = weigh_field(now.order_fields[key], wanted, sight.order_field(key)), f"order:{order}:{name}"
        found.say(verdict, "order", target, undoes)
        if verdict.now != verdict.wanted:
            args: dict[str, Json] = {"order": order, "field": name, "value": _json(verdict.wanted)}
            found.act(ActionKind.SET_ORDER_FIELD, source, args, undoes, target)


def digital(events: Sequence[Event]) -> frozenset[OrderKey]:
    """The orders of goods that are handed out at once, and do not come back."""
    placed = [(e.source, e.data.order) for e in events if isinstance(e.data, OrderPlaced)]
    return frozenset([(source, order.id) for source, order in placed if order.digital])


def _json(value: object) -> Json:
    """A value as it was parsed from an event: JSON already."""
    plain: Json = msgspec.convert(value, object)  # type: ignore[assignment]  # it came out of a JSON decoder
    return plain
