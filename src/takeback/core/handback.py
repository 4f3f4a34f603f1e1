"""Stage 7 of 7. Is this the owner, and is the account clean? (Rule 6.)

No hand back before the hold has ended AND the owner is proven, after the hold, AND a new password is set. Length before
all else (15 characters, or 8 beside a second factor), and not one that is known to have leaked or is made of what the
account shows: NIST SP 800-63B-4, section 3.1.1.2.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from takeback.core import hold
from takeback.core.case import Case, Stage

SHORTEST, SHORTEST_WITH_SECOND, LONGEST = 15, 8, 256  # characters


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


def shortest(*, second_factor: bool) -> int:
    """How many characters a new password has at least."""
    return SHORTEST_WITH_SECOND if second_factor else SHORTEST


def password_refusals(
    password: str, personal: Iterable[str], *, leaked: bool = False, second_factor: bool = False
) -> tuple[str, ...]:
    """Why this password is not taken, as keys. `personal`: names and addresses of the account; `leaked`: some source
    knows it; `second_factor`: every service that takes it asks for a second factor too, and that is the owner's own.

    A former password is known to the service alone, which may answer `password.former` (docs/reference/shop-api.md).
    """
    plain = unicodedata.normalize("NFKC", password)
    folded = plain.casefold()
    least = shortest(second_factor=second_factor)
    why = []
    if len(plain) < least and second_factor:
        why.append("password.too_short_with_second")
    elif len(plain) < least:
        why.append("password.too_short")
    if len(plain) > LONGEST:
        why.append("password.too_long")
    if len(set(folded)) < 5:
        why.append("password.too_simple")
    parts = {part for text in personal for part in _parts(text)}
    rest = folded
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "")
    if parts and len(rest) < len(folded) and len(rest) < least // 2:
        why.append("password.personal")
    if leaked:
        why.append("password.leaked")
    return tuple(why)


def _parts(text: str) -> Iterable[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    for separator in "@.-_/ ":
        folded = folded.replace(separator, " ")
    return (part for part in folded.split() if len(part) >= 3)
