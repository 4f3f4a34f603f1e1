"""What was the account then, what is it now, what will it be? A table, part by part, and the contact points."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from msgspec import UNSET

from takeback.casework.dossier_account import Row, Shape, ThenAndNow
from takeback.core.account import SECRET_FIELDS, UNTOLD, OrderStatus
from takeback.core.contacts import masked
from takeback.core.events import Money
from takeback.core.investigate.findings import Contact
from takeback.core.undo.look import UNSEEN
from takeback.web.desk.case.hidden import plain
from takeback.web.desk.case.phrases import Phrases
from takeback.web.desk.case.refs import Links, Refs

MOST, MOST_CONTACTS = 60, 20


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of the table. `state` is a key and `state_told` its words; `seen` is what the service shows instead."""

    source: str
    what: str
    id: str
    before: str
    now: str
    after: str
    state: str
    state_told: str
    seen: str
    links: Links


@dataclass(frozen=True, slots=True)
class ContactShown:
    """A contact point, masked."""

    source: str
    what: str
    value: str
    trusted: bool
    since: str


@dataclass(frozen=True, slots=True)
class AccountShown:
    """The table; `more` rows are not shown, on `same` nothing differs."""

    rows: tuple[RowShown, ...]
    more: int
    same: str
    since: str
    contacts: tuple[ContactShown, ...]
    more_contacts: int


def account_shown(account: ThenAndNow, contacts: tuple[Contact, ...], refs: Refs, phrases: Phrases) -> AccountShown:
    """Then and now, for a case's page."""
    return AccountShown(
        rows=tuple(_row(row, refs, phrases) for row in account.rows[:MOST]),
        more=max(len(account.rows) - MOST, 0),
        same=f"{account.same:,}" if account.same else "",
        since=phrases.moment(account.since) if account.since else "",
        contacts=tuple(_contacts(contacts[:MOST_CONTACTS], phrases)),
        more_contacts=max(len(contacts) - MOST_CONTACTS, 0),
    )


def _row(row: Row, refs: Refs, phrases: Phrases) -> RowShown:
    state = _state(row)
    seen = "" if row.seen is UNSEEN else _value(row, row.seen, phrases)
    if seen and row.seen_at is not None:
        seen = phrases.say("seen_at", value=seen, when=phrases.moment(row.seen_at))
    before, now = _value(row, row.before, phrases), _value(row, row.now, phrases)
    if before == now and row.before != row.now and state != "secret":
        now = phrases.say("another_value", value=now)  # masked, or cut off, two values may look like one
    return RowShown(
        source=plain(row.source, 60),
        what=_what(row, phrases),
        id=plain(row.item if row.shape is Shape.ITEM else "", 40),
        before=before,
        now=now,
        after=_value(row, row.after, phrases),
        state=state,
        state_told=phrases.say(f"row_{state}"),
        seen=seen,
        links=refs.links(row.events),
    )


def _what(row: Row, phrases: Phrases) -> str:
    if row.shape is Shape.ITEM:
        return phrases.of("collection", row.name)
    if row.shape is Shape.BALANCE:
        return phrases.of("balance", row.name)
    if row.shape is Shape.FIELD:
        return phrases.of("field", row.name)
    order = phrases.say("order", order=plain(row.name, 40))
    return f"{order}: {phrases.of('field', row.item)}" if row.shape is Shape.ORDER_FIELD else order


def _state(row: Row) -> str:
    """What becomes of it, as a key. A secret has no values here: that he changed it is all there is to say."""
    if row.shape is Shape.FIELD and row.name in SECRET_FIELDS:
        return "secret" if row.events else "same"
    gone = row.shape is Shape.ORDER and row.now is OrderStatus.CANCELLED and row.after is UNSET
    if row.now != row.after and not gone:
        return "undo"
    if gone or row.before == row.now:
        return "undone" if row.events else "same"
    return "stays" if row.events else "since"


def _value(row: Row, value: object, phrases: Phrases) -> str:
    if row.shape is Shape.FIELD and row.name in SECRET_FIELDS:
        return phrases.say("never_shown")
    if value is UNSET:
        return phrases.say("none" if row.shape in (Shape.ITEM, Shape.ORDER) else "not_known")
    if value is UNTOLD:
        return phrases.say("untold")
    if row.shape is Shape.BALANCE and isinstance(value, Decimal):
        return phrases.money(Money(format(value, "f"), row.item))
    return phrases.value(row.item if row.shape is Shape.ORDER_FIELD else row.name, value)


def _contacts(contacts: Iterable[Contact], phrases: Phrases) -> Iterable[ContactShown]:
    for one in contacts:
        yield ContactShown(
            plain(one.source, 60),
            phrases.of("field", one.field),
            plain(masked(one.field, one.value), 60),
            one.trusted,
            phrases.moment(one.since),
        )
