"""What was looked at and done at the desk? `casework.auditbook.AuditBook` on Django's tables: a chain as in `chain`."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest as hmac
from itertools import chain as joined

import msgspec
from django.db import transaction
from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Cast, Concat, Substr

from takeback.casework.auditbook import Act, Tally
from takeback.core.secrets import without_card_numbers
from takeback.store import chain, holding
from takeback.store.columns import storable, storable_json
from takeback.store.models import ActRow, BookHeadRow

BOOK = "book"  # stands where a case's id stands in the seal of a case's log
_ONLY = 1  # the id of the one head


class DjangoBook:
    """The book in Django's default database. `key` keys the digests; `told` hears that it has grown."""

    def __init__(self, key: bytes, told: Callable[[], None] = lambda: None) -> None:
        self._key, self._told = key, told

    def note(self, act: Act) -> None:
        """Append a line. A card number that somebody wrote into `why` does not get into it (rule 9)."""
        act = _written(replace(act, why=without_card_numbers(act.why)))
        with transaction.atomic():
            holding.alone(holding.BOOK)
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
        self._told()

    def acts(
        self,
        *,
        case: str = "",
        who: str = "",
        what: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        without: Iterable[str] = (),
        most: int = 200,
    ) -> list[Act]:
        """The newest lines first."""
        found = _picked(case, who, what, since, until).exclude(what__in=list(without)).order_by("-seq")
        if before is not None:
            found = found.filter(seq__lt=before)
        return [act_of(row) for row in found[:most]]

    def read(self, *, since: datetime | None, until: datetime | None, after: int, most: int) -> list[Act]:
        """The oldest lines first, of this time, from above `after`."""
        found = _picked("", "", "", since, until).filter(seq__gt=after).order_by("seq")
        return [act_of(row) for row in found[:most]]

    def tallies(self, what: Iterable[str], since: datetime, until: datetime) -> list[Tally]:
        """How often each person did each of these things in this time, and on how many cases."""
        found = ActRow.objects.filter(what__in=list(what), at__gte=since, at__lt=until).values("who", "what")
        day = Substr(Cast("at", CharField()), 1, len("2026-11-23"))  # what Django has for it calls Python for each row
        counted = found.annotate(
            times=Count("seq"),
            cases=Count("case", distinct=True),
            days=Count(day, distinct=True),
            case_days=Count(Concat(day, Value(" "), "case", output_field=CharField()), distinct=True),
        )
        return [Tally(**row) for row in counted.order_by("who", "what")]

    def people(self) -> list[str]:
        """Everybody whom the book names."""
        return list(ActRow.objects.order_by("who").values_list("who", flat=True).distinct())

    def verbs(self) -> list[str]:
        """Everything that the book says was done."""
        return list(ActRow.objects.order_by("what").values_list("what", flat=True).distinct())


def _written(act: Act) -> Act:
    """As it will be read."""
    who, what, why, case = (storable(text) for text in (act.who, act.what, act.why, act.case))
    return replace(act, who=who, what=what, why=why, case=case, evidence=storable_json(dict(act.evidence or {})))


def _picked(case: str, who: str, what: str, since: datetime | None, until: datetime | None) -> QuerySet[ActRow]:
    found = ActRow.objects.all()
    for name, value in (("case", case), ("who", who), ("what", what), ("at__gte", since), ("at__lt", until)):
        if value:
            found = found.filter(**{name: value})
    return found


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


def first_fault(key: bytes, acts: Iterable[Act], head: chain.Head | None, sealed: str) -> chain.Fault | None:
    """The first fault of the book, given in order of `seq`; None when it is as it was written."""
    acts = iter(acts)
    first = next(acts, None)
    if head is None and first is None:
        return None  # a book in which nothing was ever written has no head
    acts = acts if first is None else joined([first], acts)
    whole = head is not None and chain.is_sealed(key, BOOK, head, sealed)
    return chain.fault_in(acts, lambda here, act: next_digest(key, here, act), head, sealed=whole)
