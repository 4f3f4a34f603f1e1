"""What has happened in this case, in her words? The case's log, less what only machines and staff need."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from takeback.casework.ports import Entry
from takeback.core.case import Language
from takeback.words import known, say

MOST = 30


def history_of(log: Sequence[Entry], language: Language) -> list[tuple[datetime, str]]:
    """When and what, newest first; the same thing said twice in a row is said once."""
    told: list[tuple[datetime, str]] = []
    for at, text in _told(log, language):
        if told and told[-1][1] == text:
            told[-1] = (at, text)
        else:
            told.append((at, text))
    return told[::-1][:MOST]


def _told(log: Sequence[Entry], language: Language) -> Iterator[tuple[datetime, str]]:
    for entry in log:
        key = f"history.{entry.what}"
        if known(language, key):
            yield entry.at, say(language, key, to=str(entry.evidence.get("to", "")))
