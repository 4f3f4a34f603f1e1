"""What did each of very many customers live through? Some weeks of her own, then the same night for all of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

SHOP, FILM = "/shops/wave", "/services/wave-film"
ORDERS = 2
WEEKS = 6
HERS = {"device": "d-phone", "ip": "203.0.113.20", "user_agent": "Safari iPhone", "country": "JP", "asn": "AS2527"}
HIS = {"device": "d-x", "ip": "198.51.100.7", "user_agent": "curl", "country": "NL", "asn": "AS64500"}
PRICE = {"amount": "2980", "currency": "JPY"}


def mail_of(account: str) -> str:
    """The address that was hers before the night."""
    return f"c{account}@example.jp"


def events_of(account: str, now: datetime | None = None) -> Iterator[bytes]:
    """Her events as JSON, at both services, in order of time at each."""
    now = now or datetime.now(UTC)
    yield from _weeks(FILM, account, now)
    yield from _weeks(SHOP, account, now)
    yield from _night(account, now - timedelta(minutes=40))


def _weeks(source: str, account: str, now: datetime) -> Iterator[bytes]:
    start = now - timedelta(days=60)
    if source == SHOP:
        told = {"field": "email", "after": mail_of(account)}
        yield _event(source, account, "email", "account.field_changed", start, HERS | {"session": "s"}, **told)
    for week in range(WEEKS):
        at, client = start + timedelta(days=7 * week, hours=1), HERS | {"session": f"{account}-{source}-{week}"}
        yield _event(source, account, f"in{week}", "account.signed_in", at, client, method="password")
        yield _event(source, account, f"out{week}", "account.signed_out", at + timedelta(minutes=9), client)


def _night(account: str, night: datetime) -> Iterator[bytes]:
    client = HIS | {"session": f"{account}-night"}
    yield _event(SHOP, account, "n0", "account.signed_in", night, client, method="password")
    at = night + timedelta(minutes=2)
    changed = {"field": "email", "before": mail_of(account), "after": f"x{account}@mail.example"}
    yield _event(SHOP, account, "n1", "account.field_changed", at, client, **changed)
    at += timedelta(minutes=1)
    added = {"collection": "addresses", "id": "66", "after": {"line1": "1-1"}}
    yield _event(SHOP, account, "n2", "account.item_added", at, client, **added)
    for number in range(ORDERS):
        at += timedelta(minutes=1)
        lines = [{"sku": "s", "name": "時計", "quantity": 1, "price": PRICE}]
        order = {"id": order_of(account, number), "lines": lines, "total": PRICE}
        yield _event(SHOP, account, f"n{3 + number}", "order.placed", at, client, order=order)


def order_of(account: str, number: int) -> str:
    """The stranger's orders."""
    return f"{account}-x{number}"


def _event(
    source: str, account: str, name: str, kind: str, at: datetime, client: dict[str, str], **data: object
) -> bytes:
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": f"{account}-{name}",
            "source": source,
            "type": kind,
            "subject": account,
            "time": at.isoformat(),
            "data": {"client": client, **data},
        }
    )
