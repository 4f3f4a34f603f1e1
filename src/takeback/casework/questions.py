"""Has this question, which came by mail, been answered? What the answering needs of the world, as a protocol."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Turn(StrEnum):
    """What is to be done with a question that came by mail."""

    ANSWER = "answer"
    ANSWERED = "answered"  # it came before, and has its answer
    LATER = "later"  # enough were answered lately


class Questions(Protocol):
    """Which questions that came by mail have been answered? Kept are keyed digests and times, for a few days."""

    def begin(self, question: str, asker: str, at: datetime, *, most_of_one: int, most_in_all: int) -> Turn:
        """Take a question up, within so many in an hour. One that was begun and not finished is to be answered."""

    def finish(self, question: str, at: datetime) -> None:
        """Write that its answer was handed on."""
