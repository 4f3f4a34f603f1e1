"""Was a log altered? Each line's digest covers the line before it, so a change, a gap or a swap shows.

`digest = HMAC-SHA256(key, previous digest + canonical JSON of the line)`. The head, kept apart, says how many lines
there are and how the last one ends, sealed with the same key: it shows a tail that was cut. What this cannot show is a
log, or a whole database, that was put back to an older copy of itself: for that there are the book and the anchor
(`chainwalk`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac
from typing import Protocol, TypeVar

import msgspec

from takeback.casework.ports import Entry
from takeback.casework.verifying import Wrong as Wrong

BROKEN_SEAL = "broken"


class Line(Protocol):
    """A line of any log."""

    @property
    def seq(self) -> int:
        """Its place, from 1."""

    @property
    def digest(self) -> str:
        """What chains it to the line before."""


AnyLine = TypeVar("AnyLine", bound=Line)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place at which a log is not what was written. `seq` counts from 1."""

    what: Wrong
    seq: int


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log ends."""

    count: int = 0
    digest: str = ""


def next_digest(key: bytes, head: Head, entry: Entry) -> str:
    """The digest of `entry`, whose `seq` is set, after a log that ends with `head`."""
    line = {
        "case": entry.case,
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "who": entry.who,
        "what": entry.what,
        "why": entry.why,
        "evidence": entry.evidence,
    }
    return hmac(key, head.digest.encode() + msgspec.json.encode(line, order="deterministic"), sha256).hex()


def seal(key: bytes, case: str, head: Head) -> str:
    """What shows that the head was written by one who has the key."""
    return hmac(key, msgspec.json.encode(["head", case, head.count, head.digest]), sha256).hex()


def is_sealed(key: bytes, case: str, head: Head, sealed: str) -> bool:
    """True when `sealed` is the head's seal."""
    return compare_digest(seal(key, case, head).encode(), sealed.encode())


def first_fault(key: bytes, case: str, entries: Iterable[Entry], head: Head | None, sealed: str) -> Fault | None:
    """The first fault of a case's log, given in order of `seq`; None when it is as it was written."""

    def digest_of(here: Head, entry: Entry) -> str | None:
        return next_digest(key, here, entry) if entry.case == case else None

    return fault_in(entries, digest_of, head, sealed=head is not None and is_sealed(key, case, head, sealed))


def fault_in(
    lines: Iterable[AnyLine], digest_of: Callable[[Head, AnyLine], str | None], head: Head | None, *, sealed: bool
) -> Fault | None:
    """The first fault of a log, given in order of `seq`. `digest_of` says what a line's digest is after a log that ends
    so, or None for a line that has no business here; `sealed`: the head is whole.
    """
    here = Head()
    for line in lines:
        if line.seq != here.count + 1:
            return Fault(Wrong.MISSING, here.count + 1)
        right = digest_of(here, line)
        if right is None or not compare_digest(right.encode(), line.digest.encode()):
            return Fault(Wrong.ALTERED, line.seq)
        here = Head(line.seq, line.digest)
    if head is None or not sealed:
        return Fault(Wrong.HEAD, here.count)
    if head.count > here.count:
        return Fault(Wrong.CUT, here.count + 1)
    return None if head == here else Fault(Wrong.HEAD, here.count)
