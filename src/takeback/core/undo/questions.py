"""What can only a person answer? Acts of nobody knows whom, and contact points that staff changed while the intruder
was in.
"""

from collections.abc import Sequence

from takeback.core.account import CONTACT_FIELDS, EFFECTS
from takeback.core.events import Event, FieldChanged, Who
from takeback.core.investigate.findings import Actor, Findings
from takeback.core.undo.plan import Question


def questions(events: Sequence[Event], findings: Findings) -> tuple[Question, ...]:
    """One question per unknown client (its effects, or the sign-in where it only looked), and one per change by
    staff.
    """
    asked: dict[str, list[Event]] = {}
    for event in events if Actor.UNKNOWN in findings.events.values() else ():
        if findings.events.get(event.id) is Actor.UNKNOWN and event.by_customer:
            client = event.data.client
            asked.setdefault(client.session or f"{client.device} {client.ip} {client.user_agent}", []).append(event)
    found = []
    for about in asked.values():
        effects = [event for event in about if event.type in EFFECTS]
        found.append(Question(tuple(event.id for event in effects or about), "actor.unknown"))
    return (*found, *_by_staff(events, findings))


def _by_staff(events: Sequence[Event], findings: Findings) -> tuple[Question, ...]:
    window = findings.window
    if window is None:
        return ()
    return tuple(
        Question((event.id,), "staff.changed_contact")
        for event in events
        if event.data.actor is Who.STAFF
        and isinstance(event.data, FieldChanged)
        and event.data.field in CONTACT_FIELDS
        and window.start <= event.time
        and (window.end is None or event.time <= window.end)
    )
