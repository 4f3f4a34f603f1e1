"""How long does it take to investigate one account? Beside a single pass over the same events in plain Python."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.row import Row, typical
from takeback.core.events import Event, parse_event
from takeback.core.investigation import investigate

ACCOUNT, NOW = "42", datetime(2026, 11, 22, tzinfo=UTC)
NIGHT = NOW - timedelta(hours=6)
SIZES = ((200, 51, 2.0), (20_000, 7, 150.0))  # events, runs, limit in ms
POINTS = {"amount": "30", "currency": "JPY"}
HIS = {"device": "d-x", "ip": "198.51.100.7", "country": "NL", "asn": "AS64500", "user_agent": "curl"}
OWNERS = ({"device": "d-phone", "user_agent": "Safari iPhone"}, {"device": "d-pc", "user_agent": "Chrome Windows"})


def texts(many: int) -> list[bytes]:
    """An account's events: years of sessions of its owner's, then one night of an intruder's twelve orders."""
    intruders = list(_night())
    owners = many - len(intruders)
    return [*_years(owners), *intruders]


def _years(many: int) -> Iterator[bytes]:
    chance = random.Random(7)
    device = OWNERS[0]
    start, step = NIGHT - timedelta(days=900), timedelta(days=890) / many
    for number in range(many):
        session, place = divmod(number, 6)
        if place == 0:
            device = OWNERS[chance.random() < 0.3]  # one a session: a cookie does not move
        client = device | {
            "session": f"s{session}",
            "ip": f"203.0.113.{session % 4}",
            "country": "JP",
            "asn": "AS2527",
        }
        at = start + step * (number - place) + timedelta(minutes=place)
        order = f"o{session}"
        acts: tuple[tuple[str, dict[str, object]], ...] = (
            ("account.signed_in", {"method": "password"}),
            ("account.viewed", {"what": "orders"}),
            ("order.placed", {"order": _order(order)}),
            ("order.shipped", {"order": order, "actor": "system"}),
            (
                "balance.changed",
                {"balance": "points", "change": {"amount": "30", "currency": "JPY"}, "actor": "system"},
            ),
            ("account.signed_out", {}),
        )
        kind, data = acts[place]
        yield _text(f"e{number}", kind, at, data if "actor" in data else {**data, "client": client})


def _night() -> Iterator[bytes]:
    client = {
        "session": "x",
        "device": "d-x",
        "ip": "198.51.100.7",
        "country": "NL",
        "asn": "AS64500",
        "user_agent": "curl",
    }
    acts: list[tuple[str, dict[str, object]]] = [
        ("account.signed_in", {"method": "password"}),
        ("account.viewed", {"what": "cards"}),
        ("account.field_changed", {"field": "email", "before": "h@example.jp", "after": "t@mail.example"}),
        ("account.field_changed", {"field": "name", "before": "佐藤花子", "after": "山田太郎"}),
        ("account.item_added", {"collection": "addresses", "id": "91", "after": {"line1": "1-1"}}),
    ]
    acts += [("order.placed", {"order": _order(f"x{number}")}) for number in range(12)]
    for number, (kind, data) in enumerate(acts):
        yield _text(f"x{number}", kind, NIGHT + timedelta(minutes=number), {**data, "client": client})


def _order(name: str) -> dict[str, object]:
    price = {"amount": "2980", "currency": "JPY"}
    return {"id": name, "lines": [{"sku": "TEA", "name": "煎茶", "quantity": 1, "price": price}], "total": price}


def _text(name: str, kind: str, at: datetime, data: dict[str, object]) -> bytes:
    event = {"specversion": "1.0", "id": name, "source": "/shops/oscar", "type": kind, "subject": ACCOUNT}
    return json.dumps({**event, "time": at.isoformat(), "data": data}).encode()


def single_pass(events: list[Event]) -> Counter[tuple[str | None, str]]:
    """The least that looking at every event can take: count them by session and type."""
    counts: Counter[tuple[str | None, str]] = Counter()
    for event in events:
        counts[event.data.client.session, event.type] += 1
    return counts


def rows() -> Iterator[Row]:
    """Investigating alone, and with parsing before it."""
    for many, runs, limit in SIZES:
        lines = texts(many)
        events = [parse_event(line) for line in lines]
        assert len(events) == many
        found = investigate(ACCOUNT, events, now=NOW)
        assert found.findings.compromised, "the intruder of the benchmark was not found"
        assert len(found.plan.undoing) == 15
        ours = typical(partial(investigate, ACCOUNT, events, now=NOW), runs)
        floor = typical(partial(single_pass, events), runs)
        peer = "one pass in plain Python"
        yield Row(f"investigate {many:,} events", ours * 1000, "ms", peer, floor * 1000, limit)
        parsing = typical(partial(_each, parse_event, lines), runs)
        loading = typical(partial(_each, json.loads, lines), runs)
        yield Row(f"parse {many:,} events", parsing * 1000, "ms", "json.loads", loading * 1000)


def _each(read: Callable[[bytes], object], lines: list[bytes]) -> None:
    for line in lines:
        read(line)
