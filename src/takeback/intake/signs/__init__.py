"""Which signs does a text carry? One file a language describes them; each is a list of regular expressions.

A sign (`denied`, `stranger`, `my_order`) is a way of speaking that carries over to situations which no sentence tells
of. It is evidence that the model weighs beside letters, never a verdict. Both languages share names, and so weights.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

_LATIN = re.compile("[a-z]")
ALARMING = frozenset(
    {"denied", "notmine", "unasked", "unfamiliar", "stranger", "broken_into", "fear", "person", "machine"}
)  # with one of these, words are not positively harmless, whatever the model says


def signs(told: str) -> tuple[str, ...]:
    """The names of the signs in a plain text (`plain.plain`), in alphabetical order."""
    found = set[str]()
    if not told.isascii():
        found.update(name for name, pattern in _patterns("ja") if pattern.search(told))
    if _LATIN.search(told):
        found.update(name for name, pattern in _patterns("en") if pattern.search(told))
    return tuple(sorted(found))


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    described = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    return tuple((name, re.compile("|".join(f"(?:{one})" for one in found))) for name, found in described.items())
