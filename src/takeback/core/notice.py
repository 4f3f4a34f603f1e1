"""Stage 1 of 7. May this account be in other hands? The signs that the account itself shows."""

from datetime import datetime, timedelta

from takeback.core.investigate.findings import Actor, Findings, SessionFinding

LOOKED_BACK = timedelta(
    days=45
)  # an intruder may wait for weeks; an older oddity is no reason to stop an account tonight
SIGN_FROM = 0.5


def signs(findings: Findings, now: datetime) -> tuple[SessionFinding, ...]:
    """The sessions that are signs: the intruder's, and unknown ones more likely the intruder's than not, newest
    first.
    """
    recent = (
        session
        for session in findings.sessions
        if session.end >= now - LOOKED_BACK
        and (session.actor is Actor.INTRUDER or (session.actor is Actor.UNKNOWN and session.probability >= SIGN_FROM))
    )
    return tuple(sorted(recent, key=lambda session: session.end, reverse=True))
