"""Through which ways may this customer be reached? Contact points as they stood before the takeover, less those that
somebody says are hers no more.

Whoever has the address of the case's page may say so: the owner, and the intruder. So it only ever takes away. The
list is cut to its length before anything is taken out, or taking the good mailbox out would let another one in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import digest as keyed

from takeback.casework.investigate import Inquiry, inquire
from takeback.casework.ports import Entry, House
from takeback.casework.progress import Purpose
from takeback.core import hold
from takeback.core.case import Case, Stage
from takeback.core.contacts import is_mail, masked, normalised, number_of
from takeback.core.events import FieldChanged
from takeback.core.investigate.findings import Actor, Contact

MOST_ADDRESSES, MOST_NUMBERS = 5, 3
DISOWNED, OWNED_AGAIN = "contact.disowned", "contact.owned_again"


class Channel(StrEnum):
    """How a code travels."""

    MAIL = "mail"
    SMS = "sms"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Way:
    """A way that may be offered. `id` is a keyed digest, of this case alone; `shown` is masked."""

    id: str
    channel: Channel
    shown: str


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point behind one way or two. It holds the whole address or number and never leaves casework."""

    ref: str  # keyed digest: the same in all cases of the account
    value: str  # an address as the shop has it, or a number as E.164 has it
    channels: tuple[Channel, ...]
    trusted: bool

    @property
    def shown(self) -> str:
        """Masked."""
        return masked("email" if Channel.MAIL in self.channels else "phone", self.value)


def purpose_now(house: House, case: Case) -> Purpose:
    """What a code would prove at the stage that the case is in."""
    if case.stage is Stage.REPORT:
        return Purpose.REPORT
    return Purpose.HAND_BACK if hold.over(case.hold_until, house.clock.now()) else Purpose.PROOF


def ways(house: House, case: Case) -> tuple[Way, ...]:
    """Where a code for the present purpose may go; empty when there is none, and for a case that is closed."""
    if case.stage is Stage.CLOSED:
        return ()
    return _ways_of(house, case, reachable(house, case, purpose_now(house, case)))


def disowned(house: House, case: Case) -> tuple[Way, ...]:
    """The ways that somebody said are hers no more."""
    gone = disowned_refs(house, case)
    return _ways_of(house, case, [one for one in points(house, case, purpose_now(house, case)) if one.ref in gone])


def reachable(house: House, case: Case, purpose: Purpose) -> list[Point]:
    """The contact points that a code of this purpose may go to."""
    gone = disowned_refs(house, case)
    return [one for one in points(house, case, purpose) if one.ref not in gone]


def points(house: House, case: Case, purpose: Purpose) -> list[Point]:
    """The same with those that were disowned: the trusted ones; to report, any that the account has or had, less what
    the intruder set.
    """
    found: dict[str, Point] = {}
    inquiry = inquire(house, case)
    for contact in inquiry.findings.contacts:  # the trusted ones come first
        fit = contact.trusted or (purpose is Purpose.REPORT and not _is_his(inquiry, contact))
        if fit and (one := point_of(house, case, contact)) is not None:
            found.setdefault(one.ref, one)
    mails = [one for one in found.values() if Channel.MAIL in one.channels]
    numbers = [one for one in found.values() if Channel.SMS in one.channels or Channel.VOICE in one.channels]
    return [*mails[:MOST_ADDRESSES], *(numbers[:MOST_NUMBERS] if house.phones is not None else ())]


def _is_his(inquiry: Inquiry, contact: Contact) -> bool:
    """True for what the intruder set: with a code that went there he could have her account stopped again and again."""
    actors = inquiry.findings.events
    return any(
        event.source == contact.source
        and isinstance(event.data, FieldChanged)
        and event.data.field == contact.field
        and event.data.after == contact.value
        and actors.get(event.id) is Actor.INTRUDER
        for event in inquiry.events
    )


def point_of(house: House, case: Case, contact: Contact) -> Point | None:
    """A contact as a point; None for what is neither an address nor a number."""
    country = house.configuration.phone_country
    channels: tuple[Channel, ...]
    if is_mail(contact.value):
        value, channels = contact.value, (Channel.MAIL,)
    elif (number := number_of(contact.value, country)) is not None:
        value = number
        channels = (Channel.SMS, Channel.VOICE) if house.configuration.phones.voice else (Channel.SMS,)
    else:
        return None
    ref = _digest(house, "contact", case.account, normalised(value, country) or value)[:16]
    return Point(ref, value, channels, contact.trusted)


def way_id(house: House, case: Case, point: Point, channel: Channel) -> str:
    """What the page calls this way."""
    return _digest(house, "way", case.id, point.ref, channel.value)[:32]


def disowned_refs(house: House, case: Case, log: Sequence[Entry] | None = None) -> frozenset[str]:
    """The refs of the contact points that are said to be hers no more, as the case's log has it now."""
    gone: set[str] = set()
    for entry in house.cases.log(case.id) if log is None else log:
        if entry.what == DISOWNED:
            gone.add(str(entry.evidence["contact"]))
        elif entry.what == OWNED_AGAIN:
            gone.discard(str(entry.evidence["contact"]))
    return frozenset(gone)


def _ways_of(house: House, case: Case, points: Sequence[Point]) -> tuple[Way, ...]:
    return tuple(Way(way_id(house, case, one, how), how, one.shown) for one in points for how in one.channels)


def _digest(house: House, *parts: str) -> str:
    return keyed(house.configuration.key("contact ways"), "\n".join(parts).encode(), sha256).hex()
