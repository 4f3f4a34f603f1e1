"""How is an act, a client, a moment or a sum said to staff? In few words, masked; never a number that nobody reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import UNSET

from takeback.core.account import SECRET_FIELDS, OrderStatus
from takeback.core.case import Language
from takeback.core.events import (
    BalanceChanged,
    Client,
    Event,
    FieldChanged,
    ItemChange,
    Money,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    SignedIn,
    SignInFailed,
    Viewed,
)
from takeback.core.investigate.traits import traits
from takeback.mail.notices import told_money
from takeback.web.desk.case.hidden import plain, value_of
from takeback.words import known, name, say

_BROWSERS = {
    "edg": "Edge",
    "opr": "Opera",
    "samsungbrowser": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}
_SYSTEMS = {
    "android": "Android",
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": "Windows",
    "mac": "Mac",
    "cros": "ChromeOS",
    "linux": "Linux",
}
_DAYS = {Language.JA: "月火水木金土日", Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHORT = 40


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words in one language, times in one zone; `now` tells which year need not be said."""

    language: Language
    zone: ZoneInfo
    now: datetime

    def say(self, key: str, **values: object) -> str:
        """The words of `desk_case.KEY`."""
        return say(self.language, f"desk_case.{key}", **values)

    def moment(self, at: datetime | None) -> str:
        """Day, date and time to the minute, with the year where it is not this one."""
        if at is None:
            return "—"
        there = at.astimezone(self.zone)
        return f"{self.day(at)} {there:%H:%M}"

    def day(self, at: datetime) -> str:
        """`11月2日（月）`, `Mon 2 Nov`; with the year where it is not this one."""
        there = at.astimezone(self.zone)
        other = there.year != self.now.astimezone(self.zone).year
        weekday = _DAYS[self.language][there.weekday()]
        if self.language is Language.JA:
            return f"{f'{there.year}年' if other else ''}{there.month}月{there.day}日（{weekday}）"
        return f"{weekday} {there.day} {_MONTHS[there.month - 1]}{f' {there.year}' if other else ''}"

    def time(self, at: datetime) -> str:
        """The time alone, to the second."""
        return f"{at.astimezone(self.zone):%H:%M:%S}"

    def clock(self, at: datetime) -> str:
        """The time of a link: to the minute, with the day where it is not of these days."""
        there = at.astimezone(self.zone)
        return f"{there.month}/{there.day} {there:%H:%M}"

    def who(self, actor: str) -> str:
        """Owner, intruder, unknown, as staff say it."""
        return self.say(f"who_{actor}")

    def until(self, start: datetime, end: datetime) -> str:
        """A stretch of time; the day is said once where it is one."""
        if start.astimezone(self.zone).date() == end.astimezone(self.zone).date():
            return f"{self.moment(start)}–{end.astimezone(self.zone):%H:%M}"
        return f"{self.moment(start)} – {self.moment(end)}"

    def span(self, length: timedelta) -> str:
        """How long: `9 s`, `38 min`, `5 h 10 min`, `12 d`."""
        if abs(length) < timedelta(minutes=2):
            return self.say("seconds", count=round(abs(length).total_seconds()))
        minutes = round(abs(length) / timedelta(minutes=1))
        if minutes < 120:
            return self.say("minutes", count=minutes)
        if minutes < 48 * 60:
            return self.say("hours", hours=minutes // 60, minutes=minutes % 60)
        return self.say("days", count=minutes // 1440)

    def money(self, money: Money) -> str:
        """`5,980円`, `5,980 JPY`."""
        return told_money(self.language, money)

    def sums(self, several: Iterable[Money]) -> str:
        """Sums of several currencies; a nought where there is none."""
        return " + ".join(map(self.money, several)) or "0"

    def total(self, several: Sequence[Money], *, signed: bool = False) -> str:
        """The sum of amounts of one currency."""
        value = sum((one.value for one in several), Decimal(0))
        money = Money(format(value, "f"), several[0].currency)
        return self.amount(money) if signed else self.money(money)

    def amount(self, change: Money) -> str:
        """A signed amount."""
        return f"{'+' if change.value > 0 else ''}{self.money(change)}"

    def act(self, event: Event, most: int = 80) -> str:
        """What was done, in a line."""
        data, language = event.data, self.language
        values: dict[str, object] = {}
        if isinstance(data, FieldChanged) and data.field in SECRET_FIELDS:
            return say(language, "event.account.item_changed", what=self.of("field", data.field))
        if isinstance(data, FieldChanged):
            before, after = (self.value(data.field, value, SHORT) for value in (data.before, data.after))
            if before == after and data.before != data.after:
                after = self.say("another_value", value=after)  # masked, or cut off, two values may look like one
            values = {"what": self.of("field", data.field), "before": before, "after": after}
        elif isinstance(data, ItemChange):
            what, shown = self.of("collection", data.collection), self._item(data)
            values = {"what": f"{what} ({shown})" if shown else what}
        elif isinstance(data, Viewed):
            values = {"what": self.of("viewed", data.what)}
        elif isinstance(data, BalanceChanged):
            values = {"what": self.of("balance", data.balance), "change": self.amount(data.change)}
        elif isinstance(data, OrderPlaced):
            total = self.money(data.order.total) if data.order.total else "—"
            values = {"order": plain(data.order.id, SHORT), "total": total}
        elif isinstance(data, OrderChanged):
            values = {"order": plain(data.order, SHORT), "what": self.of("field", data.field)}
        elif isinstance(data, OrderStep):
            values = {"order": plain(data.order, SHORT)}
        told = say(language, f"event.{event.type}", **values) + self._how(event)
        return told if len(told) <= most * 3 else f"{told[: most * 3]}…"

    def of(self, table: str, key: str) -> str:
        """The words for a key of an open list, or the key as the shop spells it, bounded."""
        return plain(name(self.language, table, key[:SHORT]), SHORT)

    def maybe(self, key: str, otherwise: str) -> str:
        """The words of a whole key, or something else where there are none."""
        return say(self.language, key) if known(self.language, key) else plain(otherwise, SHORT)

    def value(self, kind: str, value: object, most: int = 80) -> str:
        """A value; a dash where there is none."""
        if isinstance(value, OrderStatus):
            return self.say(f"order_{value}")
        if isinstance(value, Money):
            return self.amount(value)
        if isinstance(value, Decimal):
            return f"{value.normalize():,f}"
        return value_of(kind, value, most) or "—"

    def device(self, client: Client | None) -> str:
        """`iPhone・Safari`, or the beginning of what the client calls itself, or that it is not known."""
        return _device(client.user_agent if client else None, self.language)

    def place(self, client: Client | None) -> str:
        """The country, or that it is not known."""
        if client is None or not client.country:
            return say(self.language, "cards.place_unknown")
        return self.of("country", client.country.upper())

    def network(self, client: Client | None) -> str:
        """Address and network number, as far as they are known."""
        if client is None:
            return "—"
        number = str(client.asn).upper().removeprefix("AS") if client.asn is not None else ""
        parts = (plain(client.ip or "", SHORT), f"AS{plain(number, SHORT)}" if number else "")
        return ", ".join(filter(None, parts)) or "—"

    def _item(self, data: ItemChange) -> str:
        value = data.before if data.after is UNSET else data.after
        return value_of(data.collection, value, SHORT) if isinstance(value, dict) else plain(str(data.id), SHORT)

    def _how(self, event: Event) -> str:
        """How somebody signed in, or why not."""
        data = event.data
        told: tuple[str | None, ...] = ()
        if isinstance(data, SignedIn):
            told = (data.method, data.second_factor)
        elif isinstance(data, SignInFailed):
            told = (data.reason,)
        said = ", ".join(plain(one, SHORT) for one in told if one and one != "none")
        return f" ({said})" if said else ""


@lru_cache(maxsize=4096)
def _device(user_agent: str | None, language: Language) -> str:
    if not user_agent:
        return say(language, "cards.device_unknown")
    shown = traits(Client(user_agent=user_agent))
    browser = (shown.browser or "").partition(" / ")[0]
    parts = [_SYSTEMS.get(shown.system or "", ""), _BROWSERS.get(browser, "")]
    told = ("・" if language is Language.JA else ", ").join(filter(None, parts))
    return told if all(parts) else plain(user_agent, SHORT) if not told else f"{told} ({plain(user_agent, SHORT)})"
