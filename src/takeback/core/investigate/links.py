"""Which strands are one person's? What ties a strand to others once those have been judged.

What an intruder brought makes its other visits his, also those weeks before the loud night; a device that was at the
owner's home makes its other visits hers. What is plainly hers by itself is not asked about again.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from takeback.core.events import ItemChange
from takeback.core.investigate.acts import adds_credential
from takeback.core.investigate.elsewhere import Visits, elsewhere, visit
from takeback.core.investigate.findings import INTRUDER, OWNER, UNKNOWN, Reason
from takeback.core.investigate.judging import Judged
from takeback.core.investigate.reasons import Because
from takeback.core.investigate.regret import regretted

CREDENTIAL_OF_INTRUDER = 7.0
ADDRESS_OF_INTRUDER = 1.0  # the same address, within a day: later a carrier may have given it to somebody else
CLIENT_OF_INTRUDER = 2.0  # no device told, but the same browser from the same block within weeks
NEAR_INTRUDER, NEAR_DOUBTFUL = 1.0, 0.9
CONTINUED = -1.1
FAR_OFF = frozenset({Because.NETWORK_HOSTING, Because.COUNTRY_NEVER_SEEN})
UNTOLD_NEAR_INTRUDER = 3.0
UNDONE = 2.0
WAVE = 1.1  # for each doubling of the strangers' clients that tried to get in on the same day
WAVE_MOST = 3.3
UNCHALLENGED = -3.2
LONG = timedelta(days=45)
VISIBLE = frozenset(
    {
        Because.CONTACT_CHANGED,
        Because.PHONE_CHANGED,
        Because.PASSWORD_CHANGED,
        Because.ADDRESS_ADDED,
        Because.BALANCE_SPENT,
    }
)
PLAINLY_HERS = 0.002
ENOUGH = 64  # visits that say what a client is like
WEEKS = timedelta(days=60)
NEAR, MOMENT, DAY = timedelta(days=2), timedelta(minutes=30), timedelta(days=1)

Span = tuple[datetime, datetime, object]  # begin, end, and whose: the strand's client, or its place where none is told


class Known(Struct, eq=False):
    """What the judged strands show together. Places are those in the sequence of judged strands."""

    his_credentials: dict[str, set[object]] = {}
    his_addresses: dict[str, list[Span]] = {}
    his_clients: dict[tuple[str, str], list[Span]] = {}
    his_times: list[Span] = []
    her_times: list[datetime] = []  # of what is plainly hers
    doubtful_times: list[Span] = []
    tried: list[Span] = []  # strangers' failed attempts
    clients: dict[object, Visits] = {}
    her_sessions: dict[str, set[str | None]] = {}
    undone: dict[int, list[str]] = {}


def ties(judged: Sequence[Judged]) -> list[tuple[Reason, ...]]:
    """For each strand, the reasons that lie in the others."""
    asked = [one.probability > PLAINLY_HERS or bool(one.ties) for one in judged]
    known = _known(judged, asked)
    return [
        tuple(_ties_of(place, one, known)) if asked[place] or _used_his(place, one, known) else ()
        for place, one in enumerate(judged)
    ]


def _known(judged: Sequence[Judged], asked: Sequence[bool]) -> Known:
    known = Known()
    shared = {one.strand.session for one in judged if one.strand.number > 1}
    for place, one in enumerate(judged):
        if asked[place] and one.fit.client is not None:
            known.clients.setdefault(one.fit.client, Visits())
        if shared and one.actor is OWNER and one.strand.session in shared:
            known.her_sessions.setdefault(one.strand.session, set()).add(one.strand.traits.browser)
    for place, one in enumerate(judged):
        if known.clients:
            _count(place, one, known)
        if asked[place] or one.actor is not OWNER:
            _note(place, one, known)
        elif one.fit.hers:
            known.her_times.append(one.strand.start)
    if known.his_times or known.doubtful_times:
        known.undone = regretted(judged)
    return known


def _count(place: int, one: Judged, known: Known) -> None:
    """Take a strand into its client's visits."""
    hers = one.actor is OWNER
    device = known.clients.get(one.strand.traits.device)
    if hers and device is not None and len(device.counted) >= ENOUGH:
        return
    visits = known.clients.get(one.fit.client)
    if visits is not None and not (hers and len(visits.counted) >= ENOUGH):
        visits.add(place, one, visit(one))


def _note(place: int, one: Judged, known: Known) -> None:
    """Remember when a strand was, and whose it seems."""
    span = (one.strand.start, one.strand.end, _whose(place, one))
    if one.actor is INTRUDER:
        _his(place, one, known, span)
    elif one.actor is UNKNOWN:
        known.doubtful_times.append(span)
    elif one.fit.hers:
        known.her_times.append(one.strand.start)
    if one.strand.attempts and not one.fit.at_home:
        known.tried.append(span)


def _his(place: int, one: Judged, known: Known, span: Span) -> None:
    shown = one.strand.traits
    known.his_times.append(span)
    if not one.fit.at_home:
        if shown.address:
            known.his_addresses.setdefault(shown.address, []).append(span)
        if shown.block and shown.browser:
            known.his_clients.setdefault((shown.block, shown.browser), []).append((*span[:2], place))
    for event in one.strand.events:
        if adds_credential(event) and isinstance(event.data, ItemChange):
            known.his_credentials.setdefault(str(event.data.id), set()).add(place)


def _used_his(place: int, one: Judged, known: Known) -> list[str]:
    """The sign-ins with a credential that another of the intruder's strands had added."""
    if not one.acts.used or not known.his_credentials:
        return []
    return [event for event, name in one.acts.used if known.his_credentials.get(name, set()) - {place}]


def _ties_of(place: int, one: Judged, known: Known) -> Iterator[Reason]:
    strand, first = one.strand, (one.strand.first.id,)
    visits = known.clients.get(one.fit.client)
    if visits is not None and not one.fit.on_her_device:
        yield from elsewhere(place, one, visits)
    if used := _used_his(place, one, known):
        yield Reason(Because.CREDENTIAL_OF_INTRUDER, CREDENTIAL_OF_INTRUDER, tuple(used))
    if not one.fit.at_home:
        yield from _same_place(place, one, known, first)
        yield from _same_time(place, one, known, first)
    if strand.number > 1 and _goes_on_hers(one, known):
        yield Reason(Because.SESSION_CONTINUED, CONTINUED, first)
    if place not in known.undone and _unchallenged(one, known):
        yield Reason(Because.STOOD_UNCHALLENGED, UNCHALLENGED, first)
    if undone := known.undone.get(place):
        yield Reason(Because.UNDONE_BY_OWNER, UNDONE, tuple(undone))


def _same_place(place: int, one: Judged, known: Known, first: tuple[str, ...]) -> Iterator[Reason]:
    shown, start = one.strand.traits, one.strand.start
    if shown.address and _many(known.his_addresses.get(shown.address, ()), start, DAY, _whose(place, one)):
        yield Reason(Because.ADDRESS_OF_INTRUDER, ADDRESS_OF_INTRUDER, first)
    elif shown.device is None and shown.block and shown.browser:
        his = known.his_clients.get((shown.block, shown.browser), ())
        if _many(his, start, WEEKS, place):
            yield Reason(Because.CLIENT_OF_INTRUDER, CLIENT_OF_INTRUDER, first)


def _same_time(place: int, one: Judged, known: Known, first: tuple[str, ...]) -> Iterator[Reason]:
    strand, start, whose = one.strand, one.strand.start, _whose(place, one)
    if not any(strand.traits):
        if _many(known.his_times, start, MOMENT, whose):
            yield Reason(Because.CLIENT_UNTOLD, UNTOLD_NEAR_INTRUDER, first)
        return
    if one.fit.on_her_device:
        return
    if _many(known.his_times, start, NEAR, whose):
        yield Reason(Because.NEAR_INTRUDER, NEAR_INTRUDER, first)
    elif _many(known.doubtful_times, start, NEAR, whose):
        yield Reason(Because.NEAR_DOUBTFUL, NEAR_DOUBTFUL, first)
    if many := _many(known.tried, start, DAY, whose):
        wave = min(WAVE_MOST, WAVE * many.bit_length())
        yield Reason(Because.SIGN_IN_IN_A_WAVE, wave, first)


def _goes_on_hers(one: Judged, known: Known) -> bool:
    """A session of hers from another place that is not far off, in the same browser."""
    hers = one.strand.traits.browser in known.her_sessions.get(one.strand.session, ())
    return hers and one.strand.switches < 2 and not any(key in FAR_OFF for key, _ in one.fit.weighed)


def _whose(place: int, one: Judged) -> object:
    client = one.fit.client
    return place if client is None else client


def _unchallenged(one: Judged, known: Known) -> bool:
    """Something that she would have seen stood for long while she was there."""
    if not one.acts.orders and VISIBLE.isdisjoint(one.acts.noted):
        return False
    later = len(known.her_times) - bisect_right(known.her_times, one.strand.end)
    return later >= 2 and known.her_times[-1] - one.strand.end > LONG


def _many(spans: Sequence[Span], at: datetime, reach: timedelta, whose: object) -> int:
    """How many of the others' spans are within reach of a time."""
    return sum(begin - reach <= at <= end + reach for begin, end, other in spans if other != whose)
