"""What can only a person answer? Acts of nobody knows whom; contact points and ways in that staff or the system changed
while the intruder was in; and what changed where the log did not see it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter

from takeback.core.account import EFFECTS
from takeback.core.events import Event, EventType, ItemChange, Who
from takeback.core.investigate.findings import UNKNOWN, Findings
from takeback.core.undo.plan import Question
from takeback.core.undo.touched import is_contact, is_way_in

_CUSTOMER = Who.CUSTOMER
_TIME = attrgetter("time")


def questions(events: Sequence[Event], findings: Findings) -> tuple[Question, ...]:
    """One question per unknown client (its effects, or the sign-in where it only looked), and one per change by
    staff or the system.
    """
    asked: dict[str, list[Event]] = {}
    for event in events if UNKNOWN in findings.events.values() else ():
        if findings.events.get(event.id) is UNKNOWN and event.by_customer:
            client = event.data.client
            asked.setdefault(client.session or f"{client.device} {client.ip} {client.user_agent}", []).append(event)
    found = []
    for about in asked.values():
        effects = [event for event in about if event.type in EFFECTS]
        found.append(Question(tuple(event.id for event in effects or about), "actor.unknown"))
    return (*found, *_by_others(events, findings))


def gaps(events: Sequence[Event], his: AbstractSet[str], met: Collection[str]) -> tuple[Question, ...]:
    """One question for each act of his that met another value than the log had left (`met`, by event)."""
    found = set(met) & his
    return tuple(Question((event.id,), "before.differs") for event in events if event.id in found)


def _by_others(events: Sequence[Event], findings: Findings) -> Iterator[Question]:
    """What staff or the system changed while he was in of how the owner is reached, or of what lets a person in."""
    window = findings.window
    if window is None:
        return
    begin = bisect_left(events, window.start, key=_TIME)
    end = len(events) if window.end is None else bisect_right(events, window.end, key=_TIME)
    for event in events[begin:end]:
        who = event.data.actor
        if who is _CUSTOMER or event.data.takeback is not None or _is_expiry(event) or event.id in findings.events:
            continue  # also where it was said on whose wish it was
        if is_contact(event):
            if who is Who.STAFF:
                yield Question((event.id,), "staff.changed_contact")
            else:
                yield Question((event.id,), "system.changed_contact")
        elif is_way_in(event):
            if who is Who.STAFF:
                yield Question((event.id,), "staff.changed_sign_in")
            else:
                yield Question((event.id,), "system.changed_sign_in")


def _is_expiry(event: Event) -> bool:
    """The system lets a thing go that has run out: a link, a token, a device that is trusted for a while."""
    gone = event.type is EventType.ITEM_REMOVED and isinstance(event.data, ItemChange)
    return gone and event.data.actor is Who.SYSTEM
