"""What of a value may staff read? Bounded, in one line, with contact points masked and of cards the last four alone.

Whoever used the account wrote these values. What would turn the direction of writing round, or hide, is shown as its
code point, since that it is there is evidence; a template escapes the rest.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from msgspec import UNSET

from takeback.core.account import CONTACT_COLLECTIONS, CONTACT_FIELDS, UNTOLD
from takeback.core.contacts import masked
from takeback.core.secrets import without_card_numbers

LONGEST = 80  # characters of a value
PARTS = 6  # of an object
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"'「」（）、。：]+@[^\s@<>()\[\],;:\"'「」（）、。：]+")
_NUMBER = re.compile(
    r"(?<![\w.])(?:[+＋]|[(（]?[0０])\d?(?:[ \u3000\-‐‑–−ー－()（）]{0,2}\d){8,13}(?!\w)"
)  # as telephone numbers are written: a plus or a nought first, nine digits at least
_KEPT = "\u200d\u200c"  # joiners: of emoji, and of scripts that need them
_SPACES = ("Zs", "Zl", "Zp")
_CONTACT_WORDS = ("mail", "phone", "tel", "fax", "contact", "recipient_number")


def plain(text: str, most: int = LONGEST) -> str:
    """The text as one bounded line that is what it seems to be."""
    text = text[: most * 2]
    if not text.isprintable():
        text = "".join(map(_shown, text))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def free(text: str, most: int) -> str:
    """What a person typed, over several lines: without card numbers, with contact points masked."""
    lines = without_card_numbers(text[:most]).splitlines()
    told = "\n".join("".join(map(_shown, line)) for line in lines)
    told = _MAIL.sub(lambda found: masked("email", found[0]), told)
    told = _NUMBER.sub(lambda found: masked("phone", found[0]), told)
    return told if len(text) <= most else f"{told}…"


def value_of(kind: str, value: object, most: int = LONGEST) -> str:
    """A field's, an item's or an order's value in a line; `kind` is the field or the collection. Empty for none."""
    if value is None or value is UNSET:
        return ""
    if value is UNTOLD:
        return "?"
    return plain(_told(kind, value), most)


def _told(kind: str, value: object, depth: int = 2) -> str:
    if isinstance(value, Mapping):
        if depth == 0:
            return "{…}"
        parts = [f"{key}: {_told(_kind(kind, str(key)), one, depth - 1)}" for key, one in [*value.items()][:PARTS]]
        return ", ".join(parts) + (", …" if len(value) > PARTS else "")
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        if depth == 0:
            return "[…]"
        return ", ".join(_told(kind, one, depth - 1) for one in value[:PARTS]) + (", …" if len(value) > PARTS else "")
    text = "✓" if value is True else "✗" if value is False else str(value)[: LONGEST * 2]
    if isinstance(value, str) and _is_contact(kind):
        return masked(kind, text) if any(map(str.isalnum, text)) else text
    return free(text, LONGEST * 2) if isinstance(value, str) else text


def _kind(kind: str, key: str) -> str:
    """In a collection of contact points every text may be one, save what says of which kind it is."""
    if kind in CONTACT_COLLECTIONS and key.lower() in ("kind", "type", "purpose", "label", "verified"):
        return key
    return kind if kind in CONTACT_COLLECTIONS else key


def _is_contact(kind: str) -> bool:
    small = kind.lower()
    return kind in CONTACT_FIELDS or kind in CONTACT_COLLECTIONS or any(word in small for word in _CONTACT_WORDS)


def _shown(one: str) -> str:
    if one.isprintable() or one in _KEPT:
        return one
    if one.isspace() or unicodedata.category(one) in _SPACES:
        return " "
    return f"⟨{ord(one):04X}⟩"
