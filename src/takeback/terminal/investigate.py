"""`takeback investigate`: read the files, investigate, answer. Nothing is printed before everything was read."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from takeback.core.answer import answer
from takeback.core.errors import InputError
from takeback.core.events import Event, OrderPlaced
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import Investigation, investigate
from takeback.store.files import read_events
from takeback.words import say


class _Said(Struct, frozen=True, forbid_unknown_fields=True):
    mine: bool
    order: str | None = None
    session: str | None = None
    event: str | None = None


def run(arguments: argparse.Namespace) -> int:
    """Answer the call; `InputError` for anything that cannot be read."""
    from takeback.terminal.language import chosen
    from takeback.terminal.progress import tracked

    now = arguments.at or datetime.now(UTC)
    said = read_said(arguments.said) if arguments.said else []
    words = [word for _, word in said]
    events = tracked(read_events(arguments.events), size=arguments.events)
    if arguments.all:
        return _all(events, now, words, as_json=arguments.json, language=chosen(arguments.language))
    ours = [event for event in events if event.account == arguments.account]
    if not ours:
        raise InputError(f"holds no event of the account {arguments.account!r}", file=str(arguments.events))
    language = chosen(arguments.language)
    for line, word in _unheard(ours, said):
        told = say(language, "terminal.no_such_order", file=arguments.said, line=line, kind=word.kind, id=word.id)
        sys.stderr.write(f"takeback: {told}\n")
    investigation = investigate(arguments.account, ours, now=now, words=words)
    if arguments.json:
        _print_json(answer(investigation))
    else:
        from takeback.terminal.readable import show

        show(investigation, ours, language)
    return 0


def read_said(path: Path) -> list[tuple[int, Word]]:
    """What the customer said, each with its line, from lines of `{"order": "1043", "mine": false}`."""
    decoder, said = msgspec.json.Decoder(_Said), []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            word = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            sentence, _, field = str(error).partition(" - at `$.")
            raise InputError(
                f"{sentence[0].lower()}{sentence[1:]}", file=str(path), line=number, field=field.rstrip("`") or None
            ) from None
        named = [(kind, name) for kind in ("order", "session", "event") if (name := getattr(word, kind)) is not None]
        if len(named) != 1:
            raise InputError("must name one order, session or event", file=str(path), line=number)
        said.append((number, Word(*named[0], mine=word.mine)))
    return said


def _unheard(events: Iterable[Event], said: Iterable[tuple[int, Word]]) -> Iterator[tuple[int, Word]]:
    """The words that speak of nothing in the log. Names that Takeback gave to sessions begin with `~`."""
    known = {("event", event.id) for event in events}
    known |= {("session", event.data.client.session or "") for event in events}
    known |= {("order", event.data.order.id) for event in events if isinstance(event.data, OrderPlaced)}
    return ((line, word) for line, word in said if (word.kind, word.id) not in known and not word.id.startswith("~"))


def _all(events: Iterable[Event], now: datetime, words: list[Word], *, as_json: bool, language: str) -> int:
    by_account: dict[str, list[Event]] = {}
    for event in events:
        by_account.setdefault(event.account, []).append(event)
    for account, ours in by_account.items():
        investigation = investigate(account, ours, now=now, words=words)
        if as_json:
            _print_json(answer(investigation))
        else:
            sys.stdout.write(f"{account}\t{_in_a_line(investigation, language)}\n")
    return 0


def _in_a_line(investigation: Investigation, language: str) -> str:
    findings, plan = investigation.findings, investigation.plan
    verdict = "compromised" if findings.compromised else "doubtful" if plan.questions else "clean"
    counts = {
        "taken_back": len(plan.undoing),
        "kept": len(plan.kept),
        "questions": len(plan.questions),
        "irreversible": len(plan.irreversible),
    }
    told = ", ".join(f"{say(language, f'terminal.{key}')} {count}" for key, count in counts.items() if count)
    return say(language, f"terminal.{verdict}") + (f"\t{told}" if told else "")


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.flush()
