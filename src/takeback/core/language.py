"""Which language does the owner read? The one that her account had before anybody else was in it.

Whoever reports may be the intruder, and a letter in a language that she does not read is a letter that she does not
get. So neither the language of a report nor what was set since the takeover began says how her letters are written.
"""

from collections.abc import Iterable

from msgspec import UNSET

from takeback.core.case import Language
from takeback.core.events import Event, FieldChanged
from takeback.core.investigate.findings import Actor, Findings

FIELD = "language"


def language_of_owner(events: Iterable[Event], findings: Findings) -> Language | None:
    """The language that was set last, over all services, before the window and not by the intruder or by nobody knows
    whom; None where no service told one that we speak. `events` are the account's, by time.
    """
    start = findings.window.start if findings.window else None
    found, told = None, set[str]()
    for event in events:
        data = event.data
        if not isinstance(data, FieldChanged) or data.field != FIELD:
            continue
        hers = findings.events.get(event.id) not in (Actor.INTRUDER, Actor.UNKNOWN)
        is_trusted = hers and (start is None or event.time < start)
        # The first that a service tells of says, too, what stood there all along.
        value = data.after if is_trusted else data.before if event.source not in told else UNSET
        told.add(event.source)
        found = _language(value) or found
    return found


def _language(value: object) -> Language | None:
    """`ja`, `ja-JP`, `en_GB`: a tag's first part (RFC 5646, section 2.1)."""
    tag = value.strip().casefold().replace("_", "-").partition("-")[0] if isinstance(value, str) else ""
    return Language(tag) if tag in {*Language} else None
