"""Stage 7 of 7. Is this the owner, and is the account clean? (Rule 6.)

No hand back before the hold has ended AND the owner is proven, after the hold, AND a new password is set. Length before
all else, and not one that is known to have leaked or is made of what the account shows: NIST SP 800-63B-4, section
3.1.1.2.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from takeback.core import hold
from takeback.core.case import Case, Stage

SHORTEST, LONGEST = 15, 256


def refusals(case: Case, now: datetime) -> tuple[str, ...]:
    """Why a new password is not taken yet, as keys; empty when it may be set."""
    why = []
    if case.stage is Stage.CLOSED:
        why.append("case.closed")
    if case.undone_at is None:
        why.append("undo.not_done")
    if not hold.over(case.hold_until, now):
        why.append("hold.not_over")
    if case.proven_after_hold_at is None:
        why.append("owner.not_proven")
    return tuple(why)


def password_refusals(password: str, personal: Iterable[str], leaked: Iterable[str] = ()) -> tuple[str, ...]:
    """Why this password is not taken, as keys. `personal`: names and addresses of the account; `leaked`: known leaked
    ones, lower case.
    """
    plain = unicodedata.normalize("NFKC", password)
    folded = plain.casefold()
    why = []
    if len(plain) < SHORTEST:
        why.append("password.too_short")
    if len(plain) > LONGEST:
        why.append("password.too_long")
    if len(set(folded)) < 5:
        why.append("password.too_simple")
    parts = {part for text in personal for part in _parts(text)}
    rest = folded
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "")
    if parts and len(rest) < len(folded) and len(rest) < SHORTEST // 2:
        why.append("password.personal")
    if folded in set(leaked):
        why.append("password.leaked")
    return tuple(why)


def _parts(text: str) -> Iterable[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    for separator in "@.-_/ ":
        folded = folded.replace(separator, " ")
    return (part for part in folded.split() if len(part) >= 3)
