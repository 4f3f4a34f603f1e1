"""In which language was it written? By its letters; where those are Latin, by how many of the words are known."""

import unicodedata
from collections.abc import Collection, Sequence
from enum import StrEnum

KNOWN = 0.6  # of the Latin words: another language shares fewer with the sentences, hasty English more
FOREIGN = 0.2  # of the letters


class Language(StrEnum):
    """What is read here, and everything else."""

    JAPANESE = "ja"
    ENGLISH = "en"
    OTHER = "other"


def language(told: str, words: Sequence[str], known: Collection[str], said: str | None = None) -> Language:
    """The language of a plain text with these words. `said` is what the sender calls it (`ja`, `en-GB`).

    Chinese has no kana, and neither has hurried Japanese: characters alone are Japanese only where the sender says so.
    """
    called = said.lower().replace("_", "-").partition("-")[0] if said else None
    if called not in (None, "ja", "en"):
        return Language.OTHER
    kana, han, latin, foreign = _counted(told)
    letters = kana + han + latin + foreign
    if not letters or foreign > FOREIGN * letters:
        return Language.OTHER
    if kana + han > latin / 4:
        return Language.JAPANESE if kana * 8 >= han or (called == "ja") else Language.OTHER
    english = [word for word in words if word.isascii() and word.strip("0'")]
    return Language.ENGLISH if sum(word in known for word in english) >= KNOWN * len(english) else Language.OTHER


def _counted(told: str) -> tuple[int, int, int, int]:
    kana = han = latin = foreign = 0
    for letter in told:
        if not letter.isalpha():
            continue
        if letter.isascii():
            latin += 1
        elif "぀" <= letter <= "ヿ":
            kana += 1
        elif unicodedata.name(letter, "").startswith("CJK "):
            han += 1
        else:
            foreign += 1
    return kana, han, latin, foreign
