"""Stage 2 of 7. What does the person say, and how far do we believe whom? (Rule 1.)

The reporter may be the intruder. Where the account itself shows any sign, its report freezes at once, since stopping a
taken account harms nobody but him. On a clean account a report alone does nothing: else strangers could lock people
out. For the same reason a sign is something that was done inside: anybody can fail to sign in, or ask for a reset.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from takeback.core.investigate.findings import Findings
from takeback.core.notice import inside, signs


class Decision(StrEnum):
    """What a report leads to."""

    FREEZE_NOW = "freeze_now"
    ASK_FOR_CODE = "ask_for_code"


def decide(
    findings: Findings,
    *,
    now: datetime,
    proven: bool = False,
    by_staff: bool = False,
    handed_back_at: datetime | None = None,
    attempts: Collection[str] = (),
) -> Decision:
    """Freeze where the account shows a sign, the reporter returned a code sent to a contact point, or staff say so.

    What was dealt with before the last hand back is no sign: else a stranger could have the account stopped again. Nor
    is a session of mere attempts; `attempts` are the ids of such events (`core.triage.ATTEMPTS`).
    """
    if by_staff or proven or inside(signs(findings, now, handed_back_at), attempts):
        return Decision.FREEZE_NOW
    return Decision.ASK_FOR_CODE
