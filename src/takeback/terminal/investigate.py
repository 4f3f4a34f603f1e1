"""`takeback investigate`: read the files, investigate, answer. Nothing is printed before everything was read."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from takeback.core.answer import answer
from takeback.core.errors import InputError
from takeback.core.events import Event
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import investigate
from takeback.store.files import read_events
from takeback.terminal.answering import Question, names, opened
from takeback.words import say

if TYPE_CHECKING:
    from takeback.terminal.progress import Watcher

INTERRUPTED = 130  # as a shell tells of a command that Ctrl-C ended


class _Said(Struct, frozen=True, forbid_unknown_fields=True):
    mine: bool
    order: str | None = None
    session: str | None = None
    event: str | None = None


def run(arguments: argparse.Namespace) -> int:
    """Answer the call; `InputError` for anything that cannot be read."""
    from takeback.terminal.language import chosen
    from takeback.terminal.progress import watched

    said = read_said(arguments.said) if arguments.said else []
    question = Question(
        now=arguments.at or datetime.now(UTC),
        words=tuple(word for _, word in said),
        as_json=arguments.json,
        language=chosen(arguments.language),
        places=tuple(arguments.places),
    )
    try:
        with watched(arguments.events) as watcher:
            if arguments.all:
                return _all(arguments.events, question, arguments.jobs, watcher)
            ours = _events_of(arguments.account, arguments.events, question.places, watcher)
    except KeyboardInterrupt:
        return INTERRUPTED
    for line, word in _unheard(ours, said):
        told = say(
            question.language, "terminal.no_such_order", file=arguments.said, line=line, kind=word.kind, id=word.id
        )
        sys.stderr.write(f"takeback: {told}\n")
    investigation = investigate(arguments.account, ours, now=question.now, words=question.words)
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.encode(answer(investigation, ours)) + b"\n")
        sys.stdout.flush()
    else:
        from takeback.terminal.readable import show

        show(investigation, ours, question.language)
    return 0


def _events_of(account: str, file: Path, places: tuple[Path, ...], watcher: "Watcher") -> list[Event]:
    """The account's events, each with its place. The others are checked as they pass, and let go."""
    known = opened(places)
    ours = [event for event in read_events(file, watcher.read) if event.account == account]
    if not ours:
        raise InputError(f"holds no event of the account {account!r}", file=str(file))
    return [known.fill(event) for event in ours] if known is not None else ours


def _all(file: Path, question: Question, jobs: int | None, watcher: "Watcher") -> int:
    from takeback.terminal.crew import usable_cores
    from takeback.terminal.every_account import answer_all

    opened(question.places)  # what is wrong with a file is said before the events are read
    answer_all(file, question, jobs=jobs or usable_cores(), watcher=watcher, write=sys.stdout.buffer.write)
    sys.stdout.flush()
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
    """The words that speak of nothing in the log. Names that Takeback gave to sessions begin with
    `~`, and those of a session's further clients end in `#2` and so on.
    """
    known = names(events)
    return (
        (line, word)
        for line, word in said
        if (word.kind, word.id) not in known
        and (word.kind, word.id.partition("#")[0]) not in known
        and not word.id.startswith("~")
    )
