"""What does an account do in these tests? Events as they come in, an owner's weeks, and a stranger's client."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec

from takeback.core.events import Event, parse_event
from takeback.core.online.profile import Profile
from takeback.core.online.scoring import Noticed, notice

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
NIGHT = START + timedelta(days=60)
HERS = {"device": "d-phone", "ip": "203.0.113.20", "user_agent": "Safari iPhone", "country": "JP", "asn": 2527}
HIS = {"device": "d-evil", "ip": "198.51.100.7", "user_agent": "curl", "country": "RO", "asn": 64500}
_numbers = count()


def event(kind: str, at: datetime, client: dict[str, object], *, account: str = "42", **data: object) -> Event:
    """One event of a client."""
    text = {
        "specversion": "1.0",
        "id": f"e{next(_numbers)}",
        "source": "/shops/oscar",
        "type": kind,
        "subject": account,
        "time": at.isoformat(),
        "data": {"client": client, **data},
    }
    return parse_event(msgspec.json.encode(text))


def sign_in(at: datetime, client: dict[str, object], *, account: str = "42", **more: object) -> Event:
    """A sign-in by password."""
    data = {"method": "password", **more}
    return event("account.signed_in", at, client, account=account, **data)


def weeks(many: int = 8, *, client: dict[str, object] = HERS, account: str = "42") -> Iterator[Event]:
    """The owner comes once a week, looks at her orders and has something sent to her own door."""
    for week in range(many):
        at = START + timedelta(days=7 * week)
        one = client | {"session": f"{account}-{week}"}
        yield sign_in(at, one, account=account)
        yield event("account.viewed", at + timedelta(minutes=1), one, account=account, what="orders")
        order = {"id": f"{account}-{week}", "total": {"amount": "3000", "currency": "JPY"}, "address": "銀座1-1"}
        yield event("order.placed", at + timedelta(minutes=2), one, account=account, order=order)


def lived(events: Iterable[Event]) -> Profile:
    """The profile that these events leave."""
    profile = Profile()
    for one in events:
        notice(profile, one)
    return profile


def last(profile: Profile, events: Iterable[Event]) -> Noticed:
    """What the last of these came to."""
    return [notice(profile, one) for one in events][-1]
