"""Which mail is never answered, whatever it asks? What a program sent, what comes from ourselves, what is not for us.

An answer to such a mail goes round and round, or to somebody who never wrote (RFC 3834, sections 2 and 3).
"""

import re
from enum import StrEnum

from takeback.mail.inbound.arrival import Arrival

_MOST_HOPS = 50
_MACHINES = re.compile(
    r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|abuse|listserv|majordomo)([+=-].*)?"
    r"|.*[-.+](request|bounces?|owner|daemon)|owner-.*|.*no-?reply"
)
_LIST_FIELDS = ("list-id", "list-post", "list-unsubscribe", "list-help", "list-subscribe", "feedback-id")


class Silence(StrEnum):
    """Why nothing is answered."""

    BOUNCE = "bounce"  # the envelope names no sender, or it is a report on a delivery
    AUTOMATIC = "automatic"
    LIST = "list"
    OURS = "ours"
    LOOP = "loop"  # it has gone through more machines than a mail does
    NOT_FOR_US = "not_for_us"  # neither To nor Cc names the address for doubtful mail
    NO_WRITER = "no_writer"  # From names nobody, or can be read in two ways
    NOT_PROVEN = "not_proven"  # nothing proves that From is who wrote, and no account knows the address
    NOT_READ = "not_read"  # so broken or so large that its header could not be read


def why_silent(arrival: Arrival, *, inbound: str, own: frozenset[str]) -> Silence | None:
    """Why this mail gets no answer; None where nothing of its form forbids one. `own` are our addresses, lower-case."""
    message = arrival.message
    writer = arrival.writer
    if message.cut:
        return Silence.NOT_READ
    if _is_bounce(arrival):
        return Silence.BOUNCE
    if _is_automatic(arrival):
        return Silence.AUTOMATIC
    if any(message.count(name) for name in _LIST_FIELDS) or arrival.field("precedence") in ("bulk", "list", "junk"):
        return Silence.LIST
    if message.count("received") > _MOST_HOPS:
        return Silence.LOOP
    if writer is None:
        return Silence.NO_WRITER
    if writer.lower() in own or (arrival.mail_from or "").lower() in own:
        return Silence.OURS
    if _MACHINES.fullmatch(writer.lower().partition("@")[0]):
        return Silence.AUTOMATIC
    if not arrival.is_addressed_to(inbound):
        return Silence.NOT_FOR_US
    return None


def _is_bounce(arrival: Arrival) -> bool:
    sender = arrival.field("return-path") if arrival.mail_from is None else arrival.mail_from or "<>"
    return sender == "<>" or arrival.field("content-type").startswith("multipart/report")


def _is_automatic(arrival: Arrival) -> bool:
    submitted = arrival.field("auto-submitted")
    if submitted and submitted.partition(";")[0].strip() != "no":
        return True
    suppressed = {word.strip() for word in arrival.field("x-auto-response-suppress").split(",")}
    if suppressed & {"all", "autoreply"}:
        return True
    return any(arrival.message.count(name) for name in ("x-autoreply", "x-autorespond", "x-loop"))
