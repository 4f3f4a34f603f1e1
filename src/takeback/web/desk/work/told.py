"""How are a moment, a span, a sum, an act of the plan and an event said in the queue and at decisions?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from takeback.bootstrap import house
from takeback.casework.investigate import Inquiry
from takeback.casework.outcome import planned
from takeback.core.account import CONTACT_FIELDS, SECRET_FIELDS
from takeback.core.case import Language
from takeback.core.contacts import masked
from takeback.core.events import (
    BalanceChanged,
    Event,
    FieldChanged,
    ItemChange,
    Money,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    Viewed,
)
from takeback.core.undo.plan import Action
from takeback.mail.notices import told_change, told_money
from takeback.web.words import language_of
from takeback.web.zone import told, zone_of
from takeback.words import known, name, say

LONGEST = 40  # characters of a value of a shop's


@dataclass(frozen=True, slots=True)
class Telling:
    """Words in one language, times in one zone."""

    language: Language
    zone: ZoneInfo
    now: datetime

    def say(self, key: str, **values: object) -> str:
        """The words of `desk_work.KEY`."""
        return say(self.language, f"desk_work.{key}", **values)

    def moment(self, at: datetime) -> str:
        """Day and time."""
        return told(self.language, at, self.zone)

    def span(self, length: timedelta) -> str:
        """How long: `38 min`, `5 h 10 min`, `12 d`."""
        minutes = int(abs(length) / timedelta(minutes=1))
        if minutes < 120:
            return self.say("minutes", count=minutes)
        if minutes < 48 * 60:
            return self.say("hours", hours=minutes // 60, minutes=minutes % 60)
        return self.say("days", count=minutes // 1440)

    def ago(self, at: datetime) -> str:
        """How long ago, or in how long."""
        return self.say("ago" if at <= self.now else "in", span=self.span(self.now - at))

    def money(self, amount: Decimal) -> str:
        """A sum in the shop's currency."""
        return told_money(self.language, Money(f"{amount:f}", house().configuration.approval.currency))

    def actions(self, inquiry: Inquiry, actions: Iterable[Action]) -> list[str]:
        """Acts of the undoing, in words, masked."""
        return [told_change(self.language, one) for one in planned(inquiry, list(actions))]

    def maybe(self, key: str, otherwise: str) -> str:
        """The words of a whole key; something else where there are none."""
        return say(self.language, key) if known(self.language, key) else otherwise[:LONGEST]

    def event(self, event: Event) -> str:
        """What happened, in a line, masked."""
        return f"{self.moment(event.time)} {say(self.language, f'event.{event.type}', **self._values(event))}"

    def _values(self, event: Event) -> dict[str, object]:
        data, language = event.data, self.language
        if isinstance(data, FieldChanged):
            shown = [self._value(data.field, value) for value in (data.before, data.after)]
            return {"what": name(language, "field", data.field), "before": shown[0], "after": shown[1]}
        if isinstance(data, ItemChange):
            return {"what": name(language, "collection", data.collection)}
        if isinstance(data, Viewed):
            return {"what": name(language, "viewed", data.what)}
        if isinstance(data, BalanceChanged):
            change = told_money(language, data.change)
            return {"what": name(language, "balance", data.balance), "change": change}
        if isinstance(data, OrderPlaced):
            total = told_money(language, data.order.total) if data.order.total is not None else "—"
            return {"order": data.order.id[:LONGEST], "total": total}
        if isinstance(data, OrderChanged):
            return {"order": data.order[:LONGEST], "what": name(language, "field", data.field)}
        return {"order": data.order[:LONGEST]} if isinstance(data, OrderStep) else {}

    def _value(self, field: str, value: object) -> str:
        if not isinstance(value, str | int | bool) or field in SECRET_FIELDS:
            return "—"
        return masked(field, str(value)) if field in CONTACT_FIELDS else str(value)[:LONGEST]


def telling_of(request: HttpRequest) -> Telling:
    """Words for this browser."""
    return Telling(language_of(request), zone_of(request, house()), house().clock.now())
