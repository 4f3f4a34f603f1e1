"""How is a key said to a person? The words, Japanese and English: gettext catalogues, one a language.

The core speaks in keys (`device.never_seen`); `ja.po` and `en.po` hold the same keys and say them, so that any
translator's tool can open them. A key here is its table and its name: `reason.device.never_seen`. What is read is the
compiled form beside them (`make words`); a test compares the two, both files, and both with the keys that the core can
give.
"""

from functools import cache
from gettext import GNUTranslations
from importlib.resources import files

LANGUAGES = ("ja", "en")


def say(language: str, key: str, **values: object) -> str:
    """The words for `key` with `{name}` filled in from `values`; `KeyError` for a key without words."""
    words = _catalogue(language).gettext(key)
    if words == key:  # what gettext answers where there is nothing
        raise KeyError(key)
    return words.format_map(values) if values else words


def known(language: str, key: str) -> bool:
    """True when there are words for `key`: lists such as fields and collections are open, and a shop may name its
    own.
    """
    return bool(key) and _catalogue(language).gettext(key) != key


def name(language: str, kind: str, key: str) -> str:
    """The words for a key of an open list (`field`, `collection`, `viewed`), or the key itself as the shop spells
    it.
    """
    return say(language, f"{kind}.{key}") if known(language, f"{kind}.{key}") else key


@cache
def _catalogue(language: str) -> GNUTranslations:
    if language not in LANGUAGES:
        raise KeyError(language)
    with files(__name__).joinpath(f"{language}.mo").open("rb") as compiled:
        return GNUTranslations(compiled)
