"""How is a key said to a person? The words, Japanese and English, one file a language.

The core speaks in keys (`device.never_seen`); `ja.toml` and `en.toml` hold the same keys and say them. A key here is
its table and its name: `reason.device.never_seen`. A test compares the two files, and both with the keys that the core
can give.
"""

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("ja", "en")


def say(language: str, key: str, **values: object) -> str:
    """The words for `key` with `{name}` filled in from `values`; `KeyError` for a key without words."""
    words = _words(language)[key]
    return words.format_map(values) if values else words


def known(language: str, key: str) -> bool:
    """True when there are words for `key`: lists such as fields and collections are open, and a shop may name its
    own.
    """
    return key in _words(language)


def name(language: str, kind: str, key: str) -> str:
    """The words for a key of an open list (`field`, `collection`, `viewed`), or the key itself as the shop spells
    it.
    """
    return say(language, f"{kind}.{key}") if known(language, f"{kind}.{key}") else key


def keys(language: str) -> frozenset[str]:
    """Every key that this language has words for."""
    return frozenset(_words(language))


@cache
def _words(language: str) -> dict[str, str]:
    text = files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return {f"{table}.{key}": words for table, entries in tomllib.loads(text).items() for key, words in entries.items()}
