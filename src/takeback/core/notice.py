"""Stage 1 of 7. May this account be in other hands? The signs that the account itself shows."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from takeback.core.investigate.findings import Actor, Findings, SessionFinding

LOOKED_BACK = timedelta(
    days=45
)  # an intruder may wait for weeks; an older oddity is no reason to stop an account tonight
WATCHED = timedelta(days=30)
SIGN_FROM = 0.5


def signs(findings: Findings, now: datetime, since: datetime | None = None) -> tuple[SessionFinding, ...]:
    """The sessions that are signs, newest first: the intruder's, and unknown ones more likely his than not.

    `since`: when the account was last handed back; what was dealt with then is no sign any more.
    """
    recent = (
        session
        for session in findings.sessions
        if session.end >= now - LOOKED_BACK
        and (since is None or session.end > since)
        and (session.actor is Actor.INTRUDER or (session.actor is Actor.UNKNOWN and session.probability >= SIGN_FROM))
    )
    return tuple(sorted(recent, key=lambda session: session.end, reverse=True))


def inside(found: Sequence[SessionFinding], attempts: Collection[str]) -> tuple[SessionFinding, ...]:
    """Those that did something in the account. Anybody can fail to sign in, or ask for a reset: `attempts` are the ids
    of such events (`core.triage.ATTEMPTS`).
    """
    outside = frozenset(attempts)
    return tuple(session for session in found if not outside.issuperset(session.events))


def is_back(found: Sequence[SessionFinding], handed_back_at: datetime | None, now: datetime) -> bool:
    """True when somebody is in the account again while it is still watched after a hand back."""
    watched = handed_back_at is not None and now <= handed_back_at + WATCHED
    return watched and any(session.actor is Actor.INTRUDER for session in found)
