"""How is a key said to a person? The words, Japanese and English: gettext catalogues, one a language.

The core speaks in keys (`device.never_seen`); `ja.po` and `en.po` hold the same keys and say them, so that any
translator's tool can open them. What only the desk says is in files of its own, `desk_case.ja.po` and so on. A key here
is its table and its name: `reason.device.never_seen`; no two files hold the same one. What is read is the compiled form
beside them (`make words`); a test compares the two, both languages, and both with the keys that the core can give.
"""

from functools import cache
from gettext import GNUTranslations
from importlib.resources import files

LANGUAGES = ("ja", "en")
# `desk_case.ja.po` and so on; the first is everybody's.
PARTS = ("", "desk_door.", "desk_case.", "desk_work.", "desk_book.", "desk_rules.")


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
    first, *others = [_part(f"{part}{language}.mo") for part in PARTS]
    for other in others:
        first.add_fallback(other)
    return first


def _part(name: str) -> GNUTranslations:
    with files(__name__).joinpath(name).open("rb") as compiled:
        return GNUTranslations(compiled)
