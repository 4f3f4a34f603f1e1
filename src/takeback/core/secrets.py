"""Does this text carry what nobody may keep? Passwords, second-factor secrets and full card numbers are refused.

Rule 9. A card number is a run of digits of an issuer's length and prefix (ISO/IEC 7812) whose check digit holds (Luhn).
It may be broken by single spaces or hyphens. Thirteen digits are left alone: no issuer uses them now, and article
numbers do.
"""

import re
import unicodedata

from takeback.core.errors import SecretRefused

SHORTEST, LONGEST = 14, 19  # digits
_LONG = re.compile(rb"[0-9][0-9 -]{12,}[0-9]")  # a quick look that clears almost every event
_RUN = re.compile(rb"(?<![0-9A-Za-z])(?<![0-9]\.)[0-9](?:[ -]?[0-9]){13,}(?![0-9A-Za-z])")
_ISSUER = re.compile(
    rb"4[0-9]{15}(?:[0-9]{3})?|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|3[47][0-9]{13}"
    rb"|35(?:2[89]|[3-8][0-9])[0-9]{12}|3(?:0[0-5]|[68][0-9])[0-9]{11}|6(?:011|5[0-9]{2}|4[4-9][0-9])[0-9]{12}|62[0-9]{14,17}"
)
_TYPED = re.compile(r"\d(?:[ \u3000\-\u2010-\u2015\uff0d]?\d){13,}")
_ONE_WIDTH = {
    **{ord("０") + digit: str(digit) for digit in range(10)},
    **dict.fromkeys((0x3000, *range(0x2010, 0x2016), 0xFF0D), "-"),
}
_KEY = re.compile(
    rb'"(password|passwd|passphrase|new_password|old_password|secret|totp_secret|two_step_secret|client_secret|private_key'
    rb'|cvv|cvc|cvv2|security_code|pan|card_number)"\s*:\s*(?!null\b|""|true\b|false\b)'
)
_SECRET_FIELD = re.compile(rb'"field"\s*:\s*"(password|two_step_secret)"')
_VALUE = re.compile(rb'"(before|after)"\s*:\s*(?!null\b)')


def refuse_secrets(data: bytes) -> None:
    """Raise `SecretRefused` when the JSON text `data` carries a secret. The message never repeats it."""
    if found := _KEY.search(data):
        raise SecretRefused("carries a secret; it was not stored", field=f"data.….{found[1].decode()}")
    if (secret := _SECRET_FIELD.search(data)) and (value := _VALUE.search(data)):
        raise SecretRefused(
            f"the field {secret[1].decode()!r} is secret and carries no values; it was not stored",
            field=f"data.{value[1].decode()}",
        )
    for run in _RUN.finditer(data) if _LONG.search(data) else ():
        if has_card_number(run[0]):
            raise SecretRefused("carries a full card number; it was not stored", field="data")


def without_card_numbers(text: str) -> str:
    """Text that a person typed, with card numbers taken out: only the last four digits stay (rule 9)."""
    return _TYPED.sub(_shortened, text)


def _shortened(found: re.Match[str]) -> str:
    digits = "".join(str(unicodedata.digit(one)) for one in found[0] if one.isdigit())
    return f"…{digits[-4:]}" if has_card_number(found[0].translate(_ONE_WIDTH).encode("ascii", "replace")) else found[0]


def has_card_number(run: bytes) -> bool:
    """True when some neighbouring groups of digits (parted by single spaces or hyphens) are a card number together."""
    groups = run.replace(b"-", b" ").split(b" ")
    return any(
        is_card_number(b"".join(groups[first:last]))
        for first in range(len(groups))
        for last in range(first + 1, min(first + LONGEST, len(groups)) + 1)
    )


def is_card_number(digits: bytes) -> bool:
    """True for digits that an issuer could have printed on a card."""
    return SHORTEST <= len(digits) <= LONGEST and bool(_ISSUER.fullmatch(digits)) and _luhn(digits)


def _luhn(digits: bytes) -> bool:
    total = 0
    for place, code in enumerate(reversed(digits)):
        digit = code - 48
        total += digit if place % 2 == 0 else (digit * 2 - 9 if digit > 4 else digit * 2)
    return total % 10 == 0
