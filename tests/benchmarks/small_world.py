"""A world that is small enough to see through: owners with one browser at home, some with a new phone, some robbed.

It is no world to measure on; it is the plainest thing that has the form of one.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KINDS = ("ordinary", "new phone", "stuffing")
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


@dataclass(frozen=True)
class Life:
    """The form that a world's lives have."""

    account: str
    lines: tuple[bytes, ...]
    truth: Mapping[str, str]
    kind: str
    attacked: bool
    episode: tuple[str, ...]
    said: Mapping[str, object] | None
    now: datetime


def lives(accounts: int, *, seed: int) -> Iterator[Life]:
    """One life after the other, the kinds in turn."""
    for number in range(accounts):
        yield _life(f"a{number}", KINDS[number % len(KINDS)], random.Random(seed * 1_000_003 + number))


def _life(account: str, kind: str, chance: random.Random) -> Life:
    home = {"ip": f"203.0.{chance.randrange(8)}.{chance.randrange(250)}", "asn": 2527, "country": "JP"}
    own = {**home, "device": f"d-{account}", "user_agent": WINDOWS}
    lines, truth, episode = [], {}, []
    for number in range(30):
        at = NOW - timedelta(days=200 - 6 * number, minutes=chance.randrange(600))
        for name, line in _visit(account, f"s{number}", at, own):
            lines.append(line)
            truth[name] = "owner"
    if kind != "ordinary":
        client = {**home, "device": "d-new", "user_agent": IPHONE}
        if kind == "stuffing":
            client = {"ip": "198.51.100.7", "asn": 64500, "country": "NL", "device": "d-x", "user_agent": "curl/8.1"}
        for name, line in _visit(account, "last", NOW - timedelta(hours=4), client, robs=kind == "stuffing"):
            lines.append(line)
            episode.append(name)
            truth[name] = "intruder" if kind == "stuffing" else "owner"
    said = {"session": "last", "mine": False} if kind == "stuffing" else None
    return Life(account, tuple(lines), truth, kind, kind == "stuffing", tuple(episode), said, NOW)


def _visit(
    account: str, session: str, at: datetime, client: Mapping[str, object], *, robs: bool = False
) -> Iterator[tuple[str, bytes]]:
    acts: list[tuple[str, dict[str, object]]] = [
        ("account.signed_in", {"method": "password"}),
        ("account.viewed", {"what": "orders"}),
    ]
    if robs:
        acts += [
            ("account.field_changed", {"field": "email", "before": "h@example.jp", "after": "t@mail.example"}),
            ("account.item_added", {"collection": "addresses", "id": "91", "after": {"line1": "1-1"}}),
            ("order.placed", {"order": {"id": f"{account}-o"}}),
        ]
    for number, (kind, data) in enumerate(acts):
        yield event(
            f"{session}.{number}", account, kind, at + timedelta(minutes=number), {**client, "session": session}, data
        )


def event(
    name: str,
    account: str,
    kind: str,
    at: datetime,
    client: Mapping[str, object],
    data: Mapping[str, object] | None = None,
) -> tuple[str, bytes]:
    """An event's id and its line."""
    told = {**(data or {}), "client": {key: value for key, value in client.items() if value is not None}}
    envelope = {"specversion": "1.0", "id": name, "source": "/shop", "type": kind, "subject": account}
    return name, json.dumps({**envelope, "time": at.isoformat(), "data": told}).encode()
