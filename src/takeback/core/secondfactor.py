"""Is a second factor on, and is it the owner's? What the service shows now, held against who set it.

Only what is known to be hers counts: what she set herself, or what stood before the intruder came, whoever had set it.
What no event tells of may be the intruder's, set where the service told nothing.
"""

from collections.abc import Iterable, Sequence

from takeback.core.account import WAY_IN_COLLECTIONS
from takeback.core.events import Event, FieldChanged, ItemChange
from takeback.core.investigate.findings import Actor, Findings
from takeback.core.service import AccountSnapshot

TWO_STEP = ("two_step", "two_step_secret")
PASSKEYS = "passkeys"
_OFF = (None, False, "", "none", "off", "0", 0)


def two_step_on(snapshot: AccountSnapshot) -> bool:
    """True when the service asks for a second step at a sign-in with a password."""
    return snapshot.fields.get("two_step") not in _OFF


def hers_two_step(source: str, snapshot: AccountSnapshot, events: Sequence[Event], findings: Findings) -> bool:
    """True when a second step is on, and both it and its secret are hers; by SMS only to a number that is trusted."""
    if not two_step_on(snapshot):
        return False
    last: dict[str, Event] = {}
    for event in _told(events, source):
        if isinstance(event.data, FieldChanged) and event.data.field in TWO_STEP:
            last[event.data.field] = event
    if "two_step" not in last or not all(_hers(event, findings) for event in last.values()):
        return False
    if snapshot.fields.get("two_step") != "sms":
        return True
    trusted = {contact.value for contact in findings.contacts if contact.trusted and contact.source == source}
    return snapshot.fields.get("phone") in trusted


def hers_items(
    source: str, collection: str, snapshot: AccountSnapshot, events: Sequence[Event], findings: Findings
) -> frozenset[str]:
    """The ids of those items of a collection that the service shows now and that are known to be hers."""
    last: dict[str, Event] = {}
    for event in _told(events, source):
        if isinstance(event.data, ItemChange) and event.data.collection == collection:
            last[str(event.data.id)] = event
    shown = snapshot.collections.get(collection, {})
    return frozenset(name for name, event in last.items() if name in shown and _hers(event, findings))


def ways_in(snapshot: AccountSnapshot) -> Iterable[tuple[str, str]]:
    """Every item that lets somebody in, as the service shows it now: collection and id."""
    return ((name, item) for name in sorted(WAY_IN_COLLECTIONS) for item in snapshot.collections.get(name, {}))


def _told(events: Sequence[Event], source: str) -> Iterable[Event]:
    """The service's events but those of our own repairs: what we put back is hers because it was hers before."""
    return (event for event in events if event.source == source and event.data.takeback is None)


def _hers(event: Event, findings: Findings) -> bool:
    actor = findings.events.get(event.id)
    if actor is not None:
        return actor is Actor.OWNER
    # Staff or the system: theirs is hers where it was before the intruder came.
    return findings.window is None or event.time < findings.window.start
