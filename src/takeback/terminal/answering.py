"""What is the answer for one account of many, as the bytes of its line?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from takeback.core.answer import answer
from takeback.core.errors import TakebackError
from takeback.core.events import Event, OrderPlaced
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import Investigation, investigate
from takeback.words import say

if TYPE_CHECKING:
    from takeback.places.lookup import Places


class Question(Struct, frozen=True):
    """What is asked of every account. It travels to other processes, and so holds nothing but values."""

    now: datetime
    words: tuple[Word, ...] = ()
    as_json: bool = False
    language: str = "en"
    places: tuple[Path, ...] = ()


class Answerer:
    """Answers a question for one account after another."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._places = opened(question.places)
        self._words = Words(question.words)

    def answer(self, account: str, events: Iterable[Event]) -> bytes:
        """The account's line, with its end. `TakebackError` names the account that could not be investigated."""
        events = [*map(self._places.fill, events)] if self._places is not None else [*events]
        try:
            words = self._words.about(events)
            found = investigate(account, events, now=self._question.now, words=words)
            return self._line(account, found, events)
        except Exception as error:
            raise TakebackError(f"The account {account!r} could not be investigated: {_what(error)}.") from error

    def _line(self, account: str, found: Investigation, events: Iterable[Event]) -> bytes:
        if self._question.as_json:
            return msgspec.json.encode(answer(found, events)) + b"\n"
        return f"{account}\t{in_a_line(found, self._question.language)}\n".encode()


def opened(places: Sequence[Path]) -> "Places | None":
    """The files of places, or None where there are none. `SettingsError` as `Places.open` gives it."""
    if not places:
        return None
    from takeback.places.lookup import Places  # few have a file, and its reader takes a while to load

    return Places.open(places)


class Words:
    """What the customers said, found by what it is about."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._words: dict[tuple[str, str], list[tuple[int, Word]]] = {}
        self._always: list[tuple[int, Word]] = []
        for place, word in enumerate(words):
            # Names with these signs may be of our own making: what they stand for is found out by investigating.
            ours = word.id.startswith("~") or "#" in word.id
            (self._always if ours else self._words.setdefault((word.kind, word.id), [])).append((place, word))

    def about(self, events: Sequence[Event]) -> list[Word]:
        """The words that may be about these events, in the order in which they were said."""
        if not self._words:
            return [word for _, word in self._always]
        found = [one for name in names(events) & self._words.keys() for one in self._words[name]]
        return [word for _, word in sorted([*found, *self._always], key=lambda one: one[0])]


def names(events: Iterable[Event]) -> set[tuple[str, str]]:
    """What a word may name in these events: (`event`, `session` or `order`, id)."""
    known = set()
    for event in events:
        known.add(("event", event.id))
        if event.data.client.session is not None:
            known.add(("session", event.data.client.session))
        if isinstance(event.data, OrderPlaced):
            known.add(("order", event.data.order.id))
    return known


def in_a_line(investigation: Investigation, language: str) -> str:
    """The verdict and what the plan counts, with a tab between."""
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


def _what(error: Exception) -> str:
    """The kind of an error and its place in the source; not what it says, which may be of the customer's."""
    last = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"
