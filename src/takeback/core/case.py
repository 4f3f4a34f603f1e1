"""What is a case, and where is it? The seven stages as one line to read, and the facts that every stage shares."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far a case has come; the order of the members is the order of the story."""

    REPORT = "report"  # somebody reported; waits for a code or staff, since the account shows no sign
    FREEZE = "freeze"
    INVESTIGATE = "investigate"
    UNDO = "undo"  # the plan is being approved or carried out
    HOLD = "hold"
    HAND_BACK = "hand_back"  # the hold has ended; waits for proof and a new password, or carries them out
    CLOSED = "closed"  # handed back, or found to be nothing

    def reached(self, other: "Stage") -> bool:
        """True when this stage is `other` or a later one."""
        order = list(Stage)
        return order.index(self) >= order.index(other)


class Language(StrEnum):
    """The languages that are complete."""

    JA = "ja"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands. Times are aware UTC. `token_hash` is SHA-256 of the secret in the case page's address."""

    id: str
    account: str
    stage: Stage
    language: Language
    opened_at: datetime
    report_text: str
    token_hash: str
    frozen_at: datetime | None = None
    plan_hash: str | None = None  # of the plan as last shown
    approved_hash: str | None = None
    undone_at: datetime | None = None
    hold_until: datetime | None = None
    proven_at: datetime | None = None  # the owner, through a trusted contact point
    proven_after_hold_at: datetime | None = None
    handed_back_at: datetime | None = None
