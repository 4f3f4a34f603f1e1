"""`takeback triage`: what does each message lead to? A line in, a line out, as long as lines come."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import msgspec
from msgspec import Meta, Struct

from takeback.core.errors import InputError
from takeback.core.events import Event
from takeback.core.investigation import in_order, investigate
from takeback.core.triage import NOTHING_KNOWN, Evidence, Triage, decide, evidence
from takeback.intake.reading import read
from takeback.store.files import STANDARD_INPUT, read_events

LONGEST_LINE = 8 * 1024 * 1024  # bytes: a message of a million characters, each written as \uXXXX


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of standard input."""

    text: str
    lang: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$")] | None = None
    account: Annotated[str, Meta(min_length=1)] | None = None


def run(arguments: argparse.Namespace) -> int:
    """Answer each line. `InputError` for the first that cannot be read; those before it are answered."""
    accounts = Accounts(arguments.events)
    for message in messages(sys.stdin.buffer):
        answered = decide(read(message.text, message.lang), accounts.shown(message.account))
        sys.stdout.buffer.write(msgspec.json.encode(told(answered)) + b"\n")
        sys.stdout.buffer.flush()  # whoever waits for this answer has not sent the next message yet
    return 0


def messages(lines: IO[bytes]) -> Iterator[Message]:
    """The messages; blank lines are passed over."""
    decoder = msgspec.json.Decoder(Message)
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise InputError(f"is longer than {LONGEST_LINE // 1024 // 1024} MiB", file=STANDARD_INPUT, line=number)
        if not line.strip():
            continue
        try:
            yield decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            sentence, _, field = str(error).partition(" - at `$.")
            raise InputError(
                f"{sentence[0].lower()}{sentence[1:]}",
                file=STANDARD_INPUT,
                line=number,
                field=field.rstrip("`") or None,
            ) from None


def told(answered: Triage) -> Mapping[str, object]:
    """An answer as JSON values: section 4 of the contract."""
    return {
        "need": answered.need.value,
        "confidence": answered.confidence,
        "reasons": [
            {"key": reason.key.value, **({"events": list(reason.events)} if reason.events else {})}
            for reason in answered.reasons
        ],
        "disposition": answered.disposition.value,
    }


class Accounts:
    """What the accounts of an event file show.

    The file is read once and held in memory; each account is investigated when it is first asked for.
    """

    def __init__(self, file: Path | None) -> None:
        self._events: dict[str, list[Event]] = {}
        self._shown: dict[str, Evidence] = {}
        if file is not None:
            if str(file) == STANDARD_INPUT:
                raise InputError("the messages come from standard input, so the events cannot", file=STANDARD_INPUT)
            for event in read_events(file):
                self._events.setdefault(event.account, []).append(event)

    def shown(self, account: str | None) -> Evidence:
        """What an account shows; nothing is known of one that the file does not hold."""
        if account is None or account not in self._events:
            return NOTHING_KNOWN
        if account not in self._shown:
            self._shown[account] = _investigated(account, self._events[account])
        return self._shown[account]


def _investigated(account: str, events: list[Event]) -> Evidence:
    """As of now; or, where clocks differ, of the last event: what an account shows is never left out of its triage."""
    now = max(datetime.now(UTC), *(event.time for event in events))
    ordered = in_order(account, events, now)
    return evidence(investigate(account, ordered, now=now).findings, ordered, now)
