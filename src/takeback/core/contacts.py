"""What kind of contact point is this, how is it spelt, and how may it be shown?

Masked, so that its owner knows it again and nobody else learns it.
"""

import re
import unicodedata

_SHORTEST_NUMBER, _LONGEST_NUMBER = 7, 15  # digits; the upper bound is E.164's


def masked(field: str, value: str) -> str:
    """A contact point as it may be shown: `o***@example.jp`, `***5678`. Enough for its owner to know it again, no
    more.
    """
    if "email" in field or "@" in value:
        name, _, domain = value.partition("@")
        return f"{name[:1]}***@{domain}"
    return f"***{value[-4:]}" if len(value) >= 8 else "***"


def is_mail(value: str) -> bool:
    """True for a contact point that letters reach."""
    name, at, domain = value.strip().rpartition("@")
    return bool(at and name and "." in domain) and not any(c.isspace() or c in ",;<>" for c in value.strip())


def number_of(value: str, phone_country: str) -> str | None:
    """A telephone number as E.164 has it (`+819012345678`); None for anything else. `phone_country` is the calling
    code of a number that has none.
    """
    plain = normalised(value, phone_country)
    return plain if plain is not None and re.fullmatch(r"\+[1-9][0-9]*", plain) else None


def normalised(value: str, phone_country: str) -> str | None:
    """One spelling for an address (`hanako@example.jp`) or a number (`+819012345678`); None for anything else.

    Full-width characters, as a Japanese keyboard gives them, are the same characters.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    name, at, domain = text.rpartition("@")
    if at:
        return text.casefold() if name and domain else None
    if not re.fullmatch(r"\+?[0-9 ().\-‐‑–—−ー]+", text):
        return None
    digits = re.sub(r"[^0-9+]", "", re.sub(r"(?<=[0-9])\s*\(0\)", "", text))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif not digits.startswith("+"):
        digits = f"+{phone_country}{digits.removeprefix('0')}"
    return digits if _SHORTEST_NUMBER <= len(digits) - 1 <= _LONGEST_NUMBER else None
