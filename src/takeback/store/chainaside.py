"""Where is what a line of a log tells of a person's account? Beside the log, so that it can be erased one day.

A log is only ever added to, and a name or an address in it would stay for ever. What a line marks as such
(`Entry.aside`) is kept in a table of its own; the line holds a keyed digest of it in its place. So the log stays whole
when it is erased, an alteration of it shows while it is there, and a copy that turns up later can be told from a
forgery.
"""

from collections.abc import Mapping
from hashlib import sha256
from hmac import digest as hmac

import msgspec

from takeback.casework.ports import Entry
from takeback.core.events import Json
from takeback.store.models import AsideRow

MARK = "aside"  # {"aside": "<digest>"} stands in the line


def digest_of(key: bytes, case: str, content: object) -> str:
    """The keyed digest that stands in the line."""
    return hmac(key, msgspec.json.encode(["aside", case, content], order="deterministic"), sha256).hex()


def put_aside(key: bytes, entry: Entry) -> dict[str, Json]:
    """The entry's evidence as the line is to hold it; what it marks is written beside it."""
    evidence = dict(entry.evidence)
    for name in entry.aside:
        content = evidence[name]
        digest = digest_of(key, entry.case, content)
        AsideRow.objects.get_or_create(case_id=entry.case, digest=digest, defaults={"content": content})
        evidence[name] = {MARK: digest}
    return evidence


def marks_in(evidence: Mapping[str, Json]) -> dict[str, str]:
    """What of a line's evidence lies beside it: name in the evidence, digest."""
    found = {}
    for name, value in evidence.items():
        if isinstance(value, dict) and value.keys() == {MARK} and isinstance(digest := value[MARK], str):
            found[name] = digest
    return found


def with_asides(evidence: dict[str, Json], contents: Mapping[str, Json]) -> dict[str, Json]:
    """The evidence with what lies beside it put back in; an empty object where that was erased."""
    return evidence | {name: contents.get(digest, {}) for name, digest in marks_in(evidence).items()}


def contents_of(case: str) -> dict[str, Json]:
    """All that lies beside a case's log, by digest."""
    return dict(AsideRow.objects.filter(case_id=case).values_list("digest", "content"))
