"""What did people write? The sentences from which the reading of words is learned, written for this project.

One file a language and a kind: a heading in brackets names a situation, and below it stand the ways in which people
tell of it. Situations are dealt to thirds by a fixed hash of kind and heading, in both languages alike, so that
paraphrases are never on both sides: one third is held out, and measures what the other two have taught.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files

LANGUAGES = ("ja", "en")
THIRDS = 3
HELD_OUT = 0


class Kind(StrEnum):
    """What a sentence is about. `unclear` is what nobody could call harmless: a greeting, a cry, a wish for a person,
    noise.
    """

    TAKEOVER = "takeover"
    PHISHING = "phishing"
    OWN_ORDER = "own_order"
    ACCESS = "access"
    OTHER = "other"
    UNCLEAR = "unclear"


KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its kind, its situation, and its third (0, 1 or 2; 0 is held out)."""

    text: str
    language: str
    kind: Kind
    situation: str
    third: int


@cache
def sentences() -> tuple[Sentence, ...]:
    """All sentences, in the order of the files."""
    return tuple(one for language in LANGUAGES for kind in KINDS for one in _file(language, kind))


def _file(language: str, kind: Kind) -> Iterator[Sentence]:
    situation = ""
    for line in files(__name__).joinpath(language, f"{kind}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            situation = line.strip("[]")
        elif line and not line.startswith("# "):
            yield Sentence(line, language, kind, situation, third(kind, situation))


def third(kind: Kind, situation: str) -> int:
    """The third that a situation belongs to."""
    return sha256(f"{kind}/{situation}".encode()).digest()[0] % THIRDS
