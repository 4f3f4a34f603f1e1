"""What keeps this from happening again? A short list for the owner, which remembers what is done.

What the services show as done is done; the rest is what she says. What the intruder is known to have used comes first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from takeback.core.investigate.findings import Contact, Findings
from takeback.core.service import AccountSnapshot


class PreventionKey(StrEnum):
    """The items, in the order in which they are told where nothing is pressing."""

    SECOND_FACTOR = "second_factor"  # a passkey or a second step
    MAILBOX = "mailbox"  # the password of the mailbox behind the account, its forwarding and its filters
    CARRIER_PIN = "carrier_pin"  # a PIN at the carrier, without which the number does not move to another SIM
    OTHER_SHOPS = "other_shops"  # the same password elsewhere
    CARDS = "cards"  # the statements of the cards
    NOT_ALONE = "not_alone"  # to come at once, and decide with somebody


class State(StrEnum):
    """How an item stands."""

    OPEN = "open"
    DONE = "done"  # she says so
    SEEN = "seen"  # the services show it


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `pressing`: what was found says that it matters here. `at`: when she said that it is done."""

    key: PreventionKey
    state: State
    pressing: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What of the account the list depends on."""

    second_factor: bool  # one of hers is on at every service that has the account
    seen_cards: bool  # the intruder looked at the cards, or ordered with one


def items(
    findings: Findings,
    snapshots: Iterable[AccountSnapshot],
    done: Mapping[str, datetime],
    found: Found,
) -> tuple[Item, ...]:
    """The list, what is pressing first. `done`: key to when she said so. What an account has no part in is left out."""
    shown = tuple(snapshots)
    has_cards = any(one.collections.get("cards") for one in shown)
    told = {
        PreventionKey.SECOND_FACTOR: findings.compromised,
        PreventionKey.MAILBOX: _doubted(findings.contacts, mail=True),
        PreventionKey.CARRIER_PIN: _doubted(findings.contacts, mail=False),
        PreventionKey.OTHER_SHOPS: findings.compromised,
        PreventionKey.CARDS: found.seen_cards,
        PreventionKey.NOT_ALONE: False,
    }
    left_out = set()
    if not any("phone" in contact.field for contact in findings.contacts):
        left_out.add(PreventionKey.CARRIER_PIN)
    if not has_cards and not found.seen_cards:
        left_out.add(PreventionKey.CARDS)
    listed = [
        Item(key, _state(key, done, found), pressing, done.get(key.value))
        for key, pressing in told.items()
        if key not in left_out
    ]
    return tuple(sorted(listed, key=lambda item: not item.pressing))  # stable: else the order of the keys


def _state(key: PreventionKey, done: Mapping[str, datetime], found: Found) -> State:
    if key is PreventionKey.SECOND_FACTOR and found.second_factor:
        return State.SEEN
    return State.DONE if key.value in done else State.OPEN


def _doubted(contacts: Iterable[Contact], *, mail: bool) -> bool:
    """True where a mailbox (or a number) that the account had is not trusted: the intruder set it, or read it."""
    return any(not contact.trusted and ("email" in contact.field) is mail for contact in contacts)
