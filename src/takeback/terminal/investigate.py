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
    words = read_said(arguments.said) if arguments.said else []
    events = tracked(read_events(arguments.events), size=arguments.events)
    if arguments.all:
        return _all(events, now, words, as_json=arguments.json, language=chosen(arguments.language))
    ours = [event for event in events if event.account == arguments.account]
    if not ours:
        raise InputError(f"holds no event of the account {arguments.account!r}", file=str(arguments.events))
    language = chosen(arguments.language)
    for line, word in enumerate(_unheard(ours, words), start=0):
        _pass_over(arguments.said, line, word, language)
    investigation = investigate(arguments.account, ours, now=now, words=words)
    if arguments.json:
        _print_json(answer(investigation))
    else:
        from takeback.terminal.readable import show

        show(investigation, ours, language)
    return 0


def read_said(path: Path) -> list[Word]:
    """What the customer said, from lines of `{"order": "1043", "mine": false}`."""
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
        said.append(Word(*named[0], mine=word.mine))
    return said


def _unheard(events: Iterable[Event], words: list[Word]) -> Iterator[Word | None]:
    """The words in order; None for each that speaks of something in the log."""
    known = {("event", event.id) for event in events}
    known |= {("session", event.data.client.session or "") for event in events}
    known |= {("order", event.data.order.id) for event in events if isinstance(event.data, OrderPlaced)}
    return (None if (word.kind, word.id) in known or word.id.startswith("~") else word for word in words)


def _pass_over(file: Path, place: int, word: Word | None, language: str) -> None:
    if word is not None:
        line = say(language, "terminal.no_such_order", file=file, line=place + 1, kind=word.kind, id=word.id)
        sys.stderr.write(f"takeback: {line}\n")


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
