"""Events for tests, in a few words each."""

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
    SignedIn,
    Viewed,
    Who,
)

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

    def sign_in(self, **more: str) -> "Log":
        self.add(EventType.SIGNED_IN, SignedIn(method="password", **self._said, **more))
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
