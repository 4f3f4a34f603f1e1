"""A file of many accounts: the golden night again and again, each time as another account's."""

import json
import random
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from takeback.core.answer import answer
from takeback.core.events import Event, parse_event
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import investigate
from takeback.terminal.every_account import SMALL

NIGHT = Path(__file__).parents[1] / "stories" / "the-night" / "events.ndjson"
AT = "2026-11-22T09:00:00+09:00"
ENOUGH = 2 + SMALL // NIGHT.stat().st_size  # accounts, so that the work is given to others


def lines(accounts: int) -> list[bytes]:
    """Every account's events, in no order."""
    drawn = [_as(account, line) for account in range(accounts) for line in NIGHT.read_bytes().splitlines()]
    random.Random(5).shuffle(drawn)
    return drawn


def _as(account: int, line: bytes) -> bytes:
    event = json.loads(line)
    event["subject"], event["id"] = f"a{account}", f"{account}-{event['id']}"
    return msgspec.json.encode(event)


def write(path: Path, accounts: int) -> Path:
    """A file of them."""
    path.write_bytes(b"\n".join(lines(accounts)) + b"\n")
    return path


def each_alone(written: list[bytes], *words: Word) -> bytes:
    """The answers, each account investigated by itself, in the order in which they first appear."""
    accounts: dict[str, list[Event]] = {}
    for line in written:
        event = parse_event(line)
        accounts.setdefault(event.account, []).append(event)
    now = datetime.fromisoformat(AT)
    found = [(investigate(name, events, now=now, words=words), events) for name, events in accounts.items()]
    return b"".join(msgspec.json.encode(answer(one, events)) + b"\n" for one, events in found)


def command(file: object, *more: str) -> list[str]:
    """`takeback investigate FILE --all`."""
    return [sys.executable, "-m", "takeback.cli", "investigate", str(file), "--all", "--at", AT, "--json", *more]


def call(file: object, *more: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Call it; `given` is its standard input."""
    return subprocess.run(command(file, *more), input=given, capture_output=True, timeout=60, check=False)
