"""Which letters were meant? Text with what makes no difference taken away, and the words or runs that it is made of."""

import re
import unicodedata

LONGEST = 4000  # characters that are read: the beginning and the end of what is longer
_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_RUNS = re.compile(r"[a-z0-9']+|[^\W_a-z0-9]+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'"})


def shortened(text: str) -> str:
    """At most `LONGEST` characters of it: people say first or last what matters most."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST * 3 // 4]} {text[-LONGEST // 4 :]}"


def plain(text: str) -> str:
    """One width, one case, hiragana for katakana, 0 for every digit; what cannot be seen is left out."""
    even = unicodedata.normalize("NFKC", shortened(text)).lower().translate(_QUOTES).translate(_KATAKANA)
    seen = (letter if unicodedata.category(letter)[0] != "C" else " " if letter.isspace() else "" for letter in even)
    return " ".join(re.sub(r"\d", "0", "".join(seen)).split())


def runs(told: str) -> list[str]:
    """Its words, and its runs of Japanese letters, which have no spaces."""
    return _RUNS.findall(told)
