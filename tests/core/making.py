"""Events for tests, in a few words each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from takeback.core.events import (
    BalanceChanged,
    Client,
    Data,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    Mark,
    Money,
    Order,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    ResetRequested,
    SignedIn,
    SignInFailed,
    Viewed,
    Who,
)
from takeback.core.investigate.attribution import Word
from takeback.core.investigate.findings import Actor, SessionFinding
from takeback.core.investigation import Investigation, investigate

NIGHT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
NOW = NIGHT + timedelta(days=1)
OWNER = Client(session="o", device="d-owner", ip="203.0.113.20", user_agent="Safari iPhone", country="JP", asn=2527)
INTRUDER = Client(session="x", device="d-x", ip="198.51.100.7", user_agent="Chrome Linux", country="NL", asn=64500)
SHOP = "/shops/oscar"


class Log:
    """A log that grows by a minute an event. `owner`, `intruder`, `staff` and `system` say who acts next."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.at = NIGHT - timedelta(days=400)
        self.client: Client = OWNER
        self.who = Who.CUSTOMER

    def add(self, kind: EventType, data: Data, *, name: str | None = None, at: datetime | None = None) -> Event:
        self.at = at or self.at + timedelta(minutes=1)
        event = Event(name or f"e{len(self.events)}", SHOP, "42", self.at, kind, data)
        self.events.append(event)
        return event

    def by(self, who: Client | Who) -> "Log":
        self.who = who if isinstance(who, Who) else Who.CUSTOMER
        self.client = who if isinstance(who, Client) else Client()
        return self

    @property
    def _said(self) -> dict[str, object]:
        return {"client": self.client, "actor": self.who}

    def a_year(self) -> "Log":
        """A year of an ordinary customer."""
        self.by(OWNER)
        for name, value in (("email", "hanako@example.jp"), ("name", "花子"), ("phone", "+819012345678")):
            self.field(name, None, value)
        for month in range(12):
            self.at = NIGHT - timedelta(days=370 - 30 * month)
            self.client = Client(**{**_as_dict(OWNER), "session": f"o{month}"})
            self.sign_in()
            self.order(f"{100 + month}")
            self.by(Who.SYSTEM).step(EventType.ORDER_SHIPPED, f"{100 + month}")
            self.step(EventType.ORDER_DELIVERED, f"{100 + month}").by(OWNER)
        self.at = NIGHT
        return self

    def visit(self, client: Client, *, at: datetime | None = None, session: str | None = None) -> "Log":
        """A session of a client's, begun with a sign-in."""
        self.at = at or self.at
        return self.by(changed(client, session=session or f"s{len(self.events)}")).sign_in()

    def failed(self, times: int = 1) -> "Log":
        """Sign-ins that failed, outside any session."""
        self.client = changed(self.client, session=None)
        for _ in range(times):
            self.add(EventType.SIGN_IN_FAILED, SignInFailed(reason="bad_password", **self._said))
        return self

    def reset(self) -> "Log":
        """Asks for a link by mail."""
        self.add(EventType.RESET_REQUESTED, ResetRequested(channel="email", **self._said))
        return self

    def sign_in(self, **more: str) -> "Log":
        self.add(EventType.SIGNED_IN, SignedIn(**{"method": "password", **self._said, **more}))
        return self

    def viewed(self, what: str = "cards") -> "Log":
        self.add(EventType.VIEWED, Viewed(what=what, **self._said))
        return self

    def field(self, name: str, before: object, after: object, *, mark: Mark | None = None) -> "Log":
        data = FieldChanged(field=name, before=before, after=after, takeback=mark, **self._said)
        self.add(EventType.FIELD_CHANGED, data)
        return self

    def item(self, collection: str, name: str, before: object, after: object, *, mark: Mark | None = None) -> "Log":
        kind = EventType.ITEM_CHANGED
        if before is None:
            kind = EventType.ITEM_ADDED
        elif after is None:
            kind = EventType.ITEM_REMOVED
        self.add(
            kind, ItemChange(collection=collection, id=name, before=before, after=after, takeback=mark, **self._said)
        )
        return self

    def balance(self, change: int, *, order: str | None = None, mark: Mark | None = None) -> "Log":
        money = Money(str(change), "JPY")
        data = BalanceChanged(balance="points", change=money, order=order, takeback=mark, **self._said)
        self.add(EventType.BALANCE_CHANGED, data)
        return self

    def order(self, name: str, *, address: str = "home", digital: bool = False) -> "Log":
        order = Order(id=name, total=Money("5000", "JPY"), address=address, digital=digital)
        self.add(EventType.ORDER_PLACED, OrderPlaced(order=order, **self._said))
        return self

    def step(self, kind: EventType, order: str, *, mark: Mark | None = None) -> "Log":
        self.add(kind, OrderStep(order=order, takeback=mark, **self._said))
        return self

    def change_order(self, order: str, name: str, before: object, after: object, *, mark: Mark | None = None) -> "Log":
        data = OrderChanged(order=order, field=name, before=before, after=after, takeback=mark, **self._said)
        self.add(EventType.ORDER_CHANGED, data)
        return self


def _as_dict(client: Client) -> dict[str, object]:
    return {name: getattr(client, name) for name in client.__struct_fields__}


PHONE = Client(device="phone", ip="203.0.113.20", user_agent="Safari/604 iPhone", country="JP", asn=2527)  # at home
COMPUTER = Client(device="computer", ip="203.0.113.20", user_agent="Chrome/130 Windows", country="JP", asn=2527)
EVENING = NIGHT + timedelta(hours=9)  # as late in the day as she mostly comes herself
DAY = timedelta(days=1)


def changed(client: Client, **values: object) -> Client:
    """The client with other values."""
    return Client(**{**_as_dict(client), **values})


def on_the_way(visit: int) -> Client:
    """Her telephone on its carrier, which gives another address of its pool each time."""
    return changed(PHONE, ip=f"198.18.{visit * 37 % 200}.{visit % 250 + 1}", asn=9605)


def a_life(*clients: Callable[[int], Client], days: int = 360, every: int = 3, until: datetime = EVENING) -> Log:
    """A log of an owner who comes every few days by the clients in turn, orders now and then, and at times looks at
    her cards; it ends a little before `until`, at which the next act follows. Sessions are named h0, h1, ...
    """
    log = Log()
    log.at = until - (days + 1) * DAY
    turns = clients or (lambda _: PHONE, on_the_way)
    first = turns[0](0)
    log.by(changed(first, session="h0"))
    log.field("email", None, "hanako@example.jp").field("phone", None, "+819012345678")
    for visit in range(days // every):
        came = until - (days - visit * every) * DAY + timedelta(hours=visit % 4 - 2)
        log.visit(turns[visit % len(turns)](visit), at=came, session=f"h{visit}").viewed("orders")
        if visit % 4 == 1:
            log.viewed("cards")
        if visit % 5 == 2:
            log.order(f"{1000 + visit}")
    log.at = until
    return log


def look(log: Log, *words: Word, now: datetime | None = None) -> Investigation:
    """What an investigation finds an hour after the last event, or at `now`."""
    return investigate("42", log.events, now=now or log.at + timedelta(hours=1), words=words)


def finding(found: Investigation, strand: str) -> SessionFinding:
    """The finding that a strand has a part in, by its name or its session's."""
    return next(s for s in found.findings.sessions if strand in (s.strand, s.session))


def actor(found: Investigation, strand: str) -> Actor:
    """Who a strand, or a session that nobody shared, was."""
    return finding(found, strand).actor


def reasons(found: Investigation, strand: str) -> dict[str, float]:
    """A strand's reasons with their weights."""
    return {str(reason.key): reason.weight for reason in finding(found, strand).reasons}


def actors(found: Investigation) -> set[Actor]:
    """All actors that any strand was found to be."""
    return {s.actor for s in found.findings.sessions}


def loud(log: Log, *, after: str = "x@example.net") -> Log:
    """What a takeover does when it shows: another mail address, and orders to elsewhere."""
    log.viewed("cards").field("email", "hanako@example.jp", after)
    for order in range(5):
        log.order(f"{200 + order}", address="elsewhere", digital=order % 2 == 1)
    return log
