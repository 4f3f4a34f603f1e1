"""Was the log of a case altered? Each line's digest covers the line before it, so a change, a gap or a swap shows.

`digest = HMAC-SHA256(key, previous digest + canonical JSON of the line)`. The head, kept apart, says how many lines
there are and how the last one ends, sealed with the same key: it shows a tail that was cut. What this cannot show is a
whole database that was put back to an older copy of itself; for that, keep copies of the head elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac

import msgspec

from takeback.casework.ports import Entry

BROKEN_SEAL = "broken"


class Wrong(StrEnum):
    """What is wrong with a log."""

    ALTERED = "entry.altered"  # a line, or its place among the others, is not what was written
    MISSING = "entry.missing"
    CUT = "log.cut"  # the end is missing
    HEAD = "head.altered"


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
    return compare_digest(seal(key, case, head), sealed)


def first_fault(key: bytes, case: str, entries: Iterable[Entry], head: Head | None, sealed: str) -> Fault | None:
    """The first fault of a case's log, given in order of `seq`; None when it is as it was written."""
    here = Head()
    for entry in entries:
        if entry.seq != here.count + 1:
            return Fault(Wrong.MISSING, here.count + 1)
        if entry.case != case or not compare_digest(next_digest(key, here, entry), entry.digest):
            return Fault(Wrong.ALTERED, entry.seq)
        here = Head(entry.seq, entry.digest)
    if head is None or not is_sealed(key, case, head, sealed):
        return Fault(Wrong.HEAD, here.count)
    if head.count > here.count:
        return Fault(Wrong.CUT, here.count + 1)
    return None if head == here else Fault(Wrong.HEAD, here.count)
