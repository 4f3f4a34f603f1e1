"""Would this be among the first that somebody tries? Well-known words, walks along the keyboard, years and repetitions,
strung together.

A short list and a few rules, for an installation that has no list of leaked passwords. The rules tell nothing of a
person: what the account shows is `core.handback`'s business. A password is taken apart into as few such pieces as it
can be; one that falls into three or fewer, however long it is, is among the first thousand million guesses.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

FEWEST_PIECES = 3  # that may be known before it is refused; a character that belongs to no piece counts as one
LONGEST = 256  # characters looked at
SHORTEST_WALK, SHORTEST_RUN = 3, 3
LONGEST_UNIT = 8  # characters; a sentence said twice is no worse than once, a word is
_WALKS = (
    "1234567890",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "!qaz@wsx#edc$rfv%tgb^yhn&ujm",
    "147258369",
    "159357",
    "159753",
    "!@#$%^&*()",
    "!\"#$%&'()",  # a Japanese keyboard's
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん",
    "いろはにほへとちりぬるを",
    "アイウエオカキクケコサシスセソタチツテトナニヌネノ",
)
_NUMBER = re.compile(r"(?:19|20)[0-9]{2}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))?")  # a year, or a date
_FREE = frozenset(" -_.,!?+*/#@$&=:;~'\"()[]<>、。・！？")
_LEET = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"})


class KnownWorst:
    """Meets `casework.leaks.Leaks` with what everybody tries first. Large and small letters are the same here."""

    name = "leaks.worst"

    def is_leaked(self, password: str) -> bool:
        """True for one that is made of well-known pieces alone."""
        text = unicodedata.normalize("NFKC", password).casefold()[:LONGEST]
        return bool(text) and (_repeats(text) or min(_pieces(text), _pieces(text[::-1])) <= FEWEST_PIECES)

    def close(self) -> None:
        """Nothing is open."""


def _repeats(text: str) -> bool:
    """True for one short unit said over and over, the last time perhaps in part."""
    plain = "".join(c for c in text if c not in _FREE) or text
    for size in range(1, min(LONGEST_UNIT, len(plain) // 2) + 1):
        if plain == (plain[:size] * (len(plain) // size + 1))[: len(plain)]:
            return True
    return False


def _pieces(text: str) -> int:
    """Into how few pieces the text falls."""
    fewest = [0] + [len(text) + 1] * len(text)
    plain = text.translate(_LEET)
    for start in range(len(text)):
        here = fewest[start]
        single = 0 if text[start] in _FREE else 1
        fewest[start + 1] = min(fewest[start + 1], here + single)
        for end in _ends(text, plain, start):
            fewest[end] = min(fewest[end], here + 1)
    return fewest[-1]


def _ends(text: str, plain: str, start: int) -> Iterator[int]:
    """Where a well-known piece that begins here may end."""
    words, longest = _words()
    for end in range(start + 3, min(start + longest, len(text)) + 1):
        if text[start:end] in words or plain[start:end] in words:
            yield end
    if (found := _NUMBER.match(text, start)) is not None:
        yield found.end()
    run = start + 1
    while run < len(text) and text[run] == text[start]:
        run += 1
    if run - start >= SHORTEST_RUN:
        yield run
    walk = max(_walked(text, start, line) for line in _lines())
    if walk >= SHORTEST_WALK:
        yield from range(start + SHORTEST_WALK, start + walk + 1)


def _walked(text: str, start: int, line: str) -> int:
    """How many characters from here follow each other in this line."""
    place = line.find(text[start])
    length = 0
    while place >= 0 and start + length < len(text) and place + length < len(line):
        if text[start + length] != line[place + length]:
            break
        length += 1
    return length


@cache
def _lines() -> tuple[str, ...]:
    return tuple(one for line in _WALKS for one in (line, line[::-1]))


@cache
def _words() -> tuple[frozenset[str], int]:
    """The well-known words, and how long the longest is."""
    text = files(__package__).joinpath("worst.txt").read_text(encoding="utf-8")
    words = frozenset(unicodedata.normalize("NFKC", word).casefold() for word in text.split())
    return words | {word.translate(_LEET) for word in words}, max(map(len, words))
