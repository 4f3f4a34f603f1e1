"""May this text leave the service? What looks like a card number is cut down to its last four digits before it is told.

Takeback refuses an event that carries a full card number, as it must. Were such numbers sent as they are, an intruder
could hide what he does by typing one into his name, or by putting one into the name of his browser: his events would be
refused, and nobody would undo them.
"""

import re
from typing import Any

# ISO/IEC 7812: 14 to 19 digits, perhaps in groups, of an issuer for payment (2 to 6), with a check digit (Luhn).
SHORTEST, LONGEST = 14, 19
# Digits within a word, or after a number and a dot as in a Message-ID, are part of an identifier, not of a card.
_RUN = re.compile(r"(?<![0-9A-Za-z])(?<![0-9]\.)[0-9](?:[ -]?[0-9]){13,}(?![0-9A-Za-z])", re.ASCII)
_GROUP = re.compile(r"[0-9]+", re.ASCII)


def redacted(value: Any) -> Any:
    """The same value, with every card number in its texts and numbers cut down to `XXXX-1234`."""
    if isinstance(value, str):
        return _RUN.sub(_cut, value) if len(value) >= 14 else value
    if isinstance(value, dict):
        return {redacted(key): redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10**13:
        cut = redacted(str(value))
        return value if cut == str(value) else cut
    return value


def _cut(found: re.Match[str]) -> str:
    """The run of digits, with each card number in it cut down; a house number before it stays."""
    run, groups = found[0], list(_GROUP.finditer(found[0]))
    for first in range(len(groups)):
        for last in range(first, min(first + LONGEST, len(groups))):
            digits = "".join(group[0] for group in groups[first : last + 1])
            if _is_card(digits):
                rest = _RUN.sub(_cut, run[groups[last].end() :])
                return f"{run[: groups[first].start()]}XXXX-{digits[-4:]}{rest}"
    return run


def _is_card(digits: str) -> bool:
    if not (SHORTEST <= len(digits) <= LONGEST and digits[0] in "23456"):
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(part - 9 if part > 9 else part for part in doubled)) % 10 == 0
