"""What was looked at and done at the desk? `casework.auditbook.AuditBook` on Django's tables: a chain as in `chain`."""

from dataclasses import replace
from datetime import UTC
from hashlib import sha256
from hmac import digest as hmac

import msgspec
from django.db import transaction

from takeback.casework.auditbook import Act
from takeback.store import chain
from takeback.store.models import ActRow, BookHeadRow

BOOK = "book"  # stands where a case's id stands in the seal of a case's log
_ONLY = 1  # the id of the one head


class DjangoBook:
    """The book in Django's default database. `key` keys the digests."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def note(self, act: Act) -> None:
        """Append a line."""
        with transaction.atomic():
            row = BookHeadRow.objects.filter(id=_ONLY).first()
            head = chain.Head() if row is None else chain.Head(row.count, row.digest)
            whole = row is None or chain.is_sealed(self._key, BOOK, head, row.seal)
            placed = replace(act, seq=head.count + 1)
            digest = next_digest(self._key, head, placed)
            ActRow.objects.create(
                seq=placed.seq,
                at=placed.at,
                who=placed.who,
                what=placed.what,
                why=placed.why,
                case=placed.case,
                evidence=dict(placed.evidence or {}),
                digest=digest,
            )
            now = chain.Head(placed.seq, digest)
            sealed = chain.seal(self._key, BOOK, now) if whole else chain.BROKEN_SEAL
            values = {"count": now.count, "digest": now.digest, "seal": sealed}
            BookHeadRow.objects.update_or_create(id=_ONLY, defaults=values)

    def acts(
        self, *, case: str = "", who: str = "", what: str = "", before: int | None = None, most: int = 200
    ) -> list[Act]:
        """The newest lines first."""
        found = ActRow.objects.order_by("-seq")
        for name, value in (("case", case), ("who", who), ("what", what)):
            if value:
                found = found.filter(**{name: value})
        if before is not None:
            found = found.filter(seq__lt=before)
        return [act_of(row) for row in found[:most]]


def act_of(row: ActRow) -> Act:
    """A row as a value."""
    return Act(row.at, row.who, row.what, row.why, row.case, row.evidence, row.seq, row.digest)


def next_digest(key: bytes, head: chain.Head, act: Act) -> str:
    """The digest of `act`, whose `seq` is set, after a book that ends with `head`."""
    line = {
        "seq": act.seq,
        "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "who": act.who,
        "what": act.what,
        "why": act.why,
        "case": act.case,
        "evidence": dict(act.evidence or {}),
    }
    return hmac(key, head.digest.encode() + msgspec.json.encode(line, order="deterministic"), sha256).hex()
