"""Was this you? The account's last sign-ins and orders as cards, the latest and the most telling first.

A card is about one client's visit (a strand) or one order. What the record makes of it is shown beside what she says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from takeback.casework.answers import Answer, answers
from takeback.casework.investigate import Inquiry
from takeback.casework.outcome import orders_of
from takeback.casework.ports import House
from takeback.core.case import Case, Language
from takeback.core.events import Event, OrderPlaced
from takeback.core.investigate.asking import ask, by_name
from takeback.core.investigate.findings import Actor, SessionFinding
from takeback.mail.notices import told_order
from takeback.web.portal.acts_told import told_act, told_device, told_place
from takeback.web.zone import told
from takeback.words import known, say

FEW, MANY = 6, 40  # cards of a kind: at first, and with "show more"
ACTS = 5  # of one visit
HINTS = 2


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to ask about: what it was, and what was answered. `kind` and `id` are as in `--said`."""

    kind: str
    id: str
    title: str
    when: str
    place: str
    device: str
    acts: tuple[str, ...]
    more_acts: str
    who: str
    who_told: str
    hints: tuple[str, ...]
    said: str
    said_told: str


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards of the page: the one question first, where there is one; `more`: some are not shown yet."""

    first: Card | None
    settles: str
    visits: tuple[Card, ...]
    orders: tuple[Card, ...]
    more: bool


def cards_of(house: House, case: Case, inquiry: Inquiry, language: Language, zone: ZoneInfo, *, every: bool) -> Cards:
    """The cards; `every`: as many as a page takes."""
    findings = inquiry.findings
    teller = _Teller(language, zone, by_name(findings, inquiry.events), answers(house, case.id))
    most = MANY if every else FEW
    asked = ask(findings, inquiry.events)
    strange = (Actor.INTRUDER, Actor.UNKNOWN)
    visits = sorted(findings.sessions, key=lambda found: (found.actor in strange, found.end), reverse=True)
    first = next((found for found in visits if asked is not None and found.strand == asked.strand), None)
    placed = [event for event in inquiry.events if isinstance(event.data, OrderPlaced)]
    doubted = sorted(
        placed, key=lambda event: (findings.events.get(event.id, Actor.OWNER) in strange, event.time), reverse=True
    )
    told_orders = orders_of(inquiry.events)
    lines = {event.id: told_order(language, told_orders[event.data.order.id]) for event in doubted}  # type: ignore[attr-defined]  # only orders that were placed
    rest = [found for found in visits if found is not first]
    return Cards(
        first=teller.visit(first) if first is not None else None,
        settles=say(language, "cards.settles", count=asked.settles) if asked is not None and first else "",
        visits=tuple(teller.visit(found) for found in islice(rest, most)),
        orders=tuple(
            teller.order(event, lines[event.id], findings.events.get(event.id, Actor.OWNER))
            for event in islice(doubted, most)
        ),
        more=not every and (len(rest) > most or len(doubted) > most),
    )


class _Teller:
    """Puts a visit or an order into words."""

    def __init__(
        self,
        language: Language,
        zone: ZoneInfo,
        events: Mapping[str, Event],
        said: Mapping[tuple[str, str], Answer],
    ) -> None:
        self._language, self._zone, self._events, self._said = language, zone, events, said

    def visit(self, found: SessionFinding) -> Card:
        """A visit: one client, from its first act to its last."""
        events = [self._events[name] for name in found.events if name in self._events]
        acts = list(dict.fromkeys(told_act(event, self._language) for event in _telling(events)))
        hints = [f"reason.{why.key}" for why in found.reasons if (why.weight > 0) is (found.actor is not Actor.OWNER)]
        return self._card(
            "session",
            found.strand,
            say(self._language, "cards.visit"),
            found.start,
            events[0] if events else None,
            acts,
            found.actor,
            [say(self._language, key) for key in hints if known(self._language, key)],
        )

    def order(self, event: Event, line: str, who: Actor) -> Card:
        """An order."""
        name = event.data.order.id if isinstance(event.data, OrderPlaced) else event.id
        return self._card("order", name, line, event.time, event, [], who, [])

    def _card(
        self,
        kind: str,
        name: str,
        title: str,
        at: datetime,
        event: Event | None,
        acts: Sequence[str],
        who: Actor,
        hints: Sequence[str],
    ) -> Card:
        client = event.data.client if event is not None else None
        said = self._said.get((kind, name))
        left = len(acts) - ACTS
        return Card(
            kind=kind,
            id=name,
            title=title,
            when=told(self._language, at, self._zone),
            place=told_place(client, self._language),
            device=told_device(client, self._language),
            acts=tuple(acts[:ACTS]),
            more_acts=say(self._language, "cards.more_acts", count=left) if left > 0 else "",
            who=who.value,
            who_told=say(self._language, f"cards.{who}"),
            hints=tuple(hints[:HINTS]),
            said=said.value if said else "",
            said_told=say(self._language, f"cards.said_{said}") if said else "",
        )


def _telling(events: Sequence[Event]) -> list[Event]:
    """The visit's acts, those that a person remembers first."""
    order = ("order.placed", "account.field_changed", "account.item_added", "account.item_removed", "balance.changed")
    return sorted(events, key=lambda event: order.index(event.type) if event.type in order else len(order))
