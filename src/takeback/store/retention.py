"""How is what is kept no longer erased? `casework.retention.Eraser` on the cases' database and the event log.

SQLite is told to overwrite what it removes (`secure_delete`), and at the end the write-ahead logs, which hold it too,
are emptied. Copies that were made before are not reached; docs/howto/keep-and-erase.md says what to do about those.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from hmac import new
from itertools import islice

import msgspec
from django.db import connection, models, transaction
from django.db.models import Max

from takeback.casework.auditbook import Act, AuditBook
from takeback.casework.retention_store import AT_ONCE, Erased, noted
from takeback.core.case import Stage
from takeback.core.retention import Part, Standing
from takeback.store.eventeraser import EventEraser, Gone
from takeback.store.holding import hold_whole
from takeback.store.models import (
    ActionRow,
    AsideRow,
    CaseRow,
    CodeRow,
    EntryRow,
    LetterRow,
    OldLinkRow,
    SaidRow,
    SignRow,
    TalkCaseRow,
    TalkRow,
    TaskRow,
    TurnRow,
)
from takeback.store.sentrows import microseconds

GONE = "erased:"  # with the case's id in place of the digest of its page's address, which has to be unique
_ERASED = (
    *(ActionRow, AsideRow, CaseRow, CodeRow, LetterRow, OldLinkRow),
    *(SaidRow, SignRow, TalkCaseRow, TalkRow, TaskRow, TurnRow),
)
Rows = list[tuple[str, dict[str, object]]]


class DjangoEraser:
    """Erases in the default database and, by `events`, in the event log. `key` keys the digests of it."""

    def __init__(self, book: AuditBook, events: EventEraser, key: bytes) -> None:
        self._book, self._events, self._key = book, events, key

    def standings(self, *, after: str, most: int) -> list[Standing]:
        """The cases in order of their ids, from after this one."""
        found = []
        for row in CaseRow.objects.filter(id__gt=after).order_by("id")[:most]:
            closed = None
            if row.stage == Stage.CLOSED.value:
                last = EntryRow.objects.filter(case_id=row.id).aggregate(at=Max("at"))["at"]
                closed = row.handed_back_at or last or row.opened_at
            found.append(Standing(row.id, row.account, closed))
        return found

    def cases(self, part: Part, cases: Iterable[str], note: Act, *, dry: bool) -> Erased | None:
        """Erase this part of these cases and write `note` with what it was. None where nothing of it is there."""
        ids = list(cases)
        with transaction.atomic():
            _overwrite()
            hold_whole(ids)
            rows = _of_case(ids) if part is Part.CASE else _of_actions(ids)
            if not rows:
                return None
            done = Erased(part, _counts(rows), _cases_of(rows), digest="" if dry else self._digest(rows))
            if not dry:
                (_erase_case if part is Part.CASE else _erase_actions)(list(done.cases))
                self._book.note(noted(note, done))
        return done

    def talks(self, before: datetime, keep: Iterable[str], note: Act, *, dry: bool) -> Iterator[Erased]:
        """Erase conversations that began before this, but those of the cases `keep`, batch by batch."""
        kept, after = frozenset(keep), ""
        while True:
            with transaction.atomic():
                _overwrite()
                old = TalkRow.objects.select_for_update().filter(opened_at__lt=before, id__gt=after).order_by("id")
                ids = list(old.values_list("id", flat=True)[:AT_ONCE])
                if not ids:
                    return
                after = ids[-1]
                links = TalkCaseRow.objects.filter(talk_id__in=ids).values_list("talk_id", "case_id")
                needed = {talk for talk, case in links if case in kept}
                over = [talk for talk in ids if talk not in needed]
                rows = _of_talks(over)
                of = tuple(sorted({case for talk, case in links if talk not in needed}))
                done = Erased(Part.TALK, _counts(rows), of, digest="" if dry else self._digest(rows))
                if over and not dry:
                    TurnRow.objects.filter(talk_id__in=over).delete()
                    TalkCaseRow.objects.filter(talk_id__in=over).delete()
                    TalkRow.objects.filter(id__in=over).delete()
                    self._book.note(noted(note, done))
            if over:
                yield done

    def events(self, before: datetime, keep: Iterable[str], note: Act, *, dry: bool) -> Iterator[Erased]:
        """Erase events that happened before this, but those of the accounts `keep`, batch by batch."""
        kept, since = frozenset(keep), microseconds(before)
        accounts = iter([one for one in self._events.accounts(since) if one not in kept])
        while some := list(islice(accounts, AT_ONCE)):
            hashed = new(self._key, b"", sha256)
            with self._events.erasing(some, since, hashed, dry=dry) as gone:
                done = _with_signs(gone, some, before, "" if dry else hashed.hexdigest(), dry=dry)
                found = any(done.counts.values())  # somebody else may have been first
                if found and not dry:
                    # The book first: a line too many is told again with the next try, a line too few never.
                    self._book.note(noted(note, done))
            if found:
                yield done

    def finish(self) -> None:
        """See to it that what was erased is in no file of the database any more; on PostgreSQL, that its place is given
        to what comes next.
        """
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"VACUUM {', '.join(table._meta.db_table for table in _ERASED)}")
            else:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._events.finish()

    def _digest(self, rows: Rows) -> str:
        hashed = new(self._key, b"", sha256)
        for kind, values in rows:
            hashed.update(msgspec.json.encode([kind, values], order="deterministic") + b"\n")
        return hashed.hexdigest()


def _with_signs(gone: Gone, accounts: list[str], before: datetime, digest: str, *, dry: bool) -> Erased:
    """What a batch of events came to, with the signs that were seen in them."""
    signs = SignRow.objects.filter(account__in=accounts, at__lt=before)
    counts = {"events": gone.events, "sent": gone.sent, "signs": signs.count()}
    if not dry:
        _overwrite()
        signs.delete()
    return Erased(Part.EVENTS, counts, accounts=gone.accounts, digest=digest)


def _overwrite() -> None:
    """What is removed is overwritten, by this connection and from now on. PostgreSQL has no word for it (`finish`)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _of_case(ids: list[str]) -> Rows:
    """What there is to erase of these cases: kind of row, values."""
    cases = CaseRow.objects.filter(id__in=ids).order_by("id")
    rows: Rows = [("reports", {"case": row.id, "text": row.report_text}) for row in cases if row.report_text]
    rows += [
        ("page_addresses", {"case": row.id, "hash": row.token_hash})
        for row in cases
        if not row.token_hash.startswith(GONE)
    ]
    rows += _values("page_addresses", OldLinkRow.objects.filter(case_id__in=ids), "token_hash")
    rows += _values("codes", CodeRow.objects.filter(case_id__in=ids), "id", "contact", "code_hash")
    rows += _values("letters", LetterRow.objects.filter(case_id__in=ids).exclude(to=""), "id", "to")
    rows += _values("tasks", TaskRow.objects.filter(case_id__in=ids).exclude(evidence={}), "id", "evidence")
    rows += _values("looks", AsideRow.objects.filter(case_id__in=ids), "digest", "content")
    return rows


def _of_actions(ids: list[str]) -> Rows:
    rows = _values("actions", ActionRow.objects.filter(case_id__in=ids).exclude(args={}), "id", "args")
    return rows + _values("said", SaidRow.objects.filter(case_id__in=ids), "kind", "thing", "mine")


def _of_talks(ids: list[str]) -> Rows:
    talks = TalkRow.objects.filter(id__in=ids).order_by("id").values("id", "named", "choice", "need")
    rows: Rows = [("talks", dict(row)) for row in talks]
    turns = TurnRow.objects.filter(talk_id__in=ids).order_by("talk_id", "number")
    return rows + [("turns", dict(row)) for row in turns.values("talk_id", "number", "voice", "key", "text")]


def _values(kind: str, found: "models.QuerySet[models.Model]", *names: str) -> Rows:
    return [(kind, {"case": row.pop("case_id"), **row}) for row in found.order_by("pk").values("case_id", *names)]


def _erase_case(ids: list[str]) -> None:
    for case in ids:
        CaseRow.objects.filter(id=case).update(report_text="", token_hash=f"{GONE}{case}")
    for table in (OldLinkRow, CodeRow, AsideRow):
        table.objects.filter(case_id__in=ids).delete()
    LetterRow.objects.filter(case_id__in=ids).update(to="")
    TaskRow.objects.filter(case_id__in=ids).update(evidence={})


def _erase_actions(ids: list[str]) -> None:
    ActionRow.objects.filter(case_id__in=ids).update(args={})
    SaidRow.objects.filter(case_id__in=ids).delete()


def _counts(rows: Rows) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for kind, _ in rows:
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _cases_of(rows: Rows) -> tuple[str, ...]:
    return tuple(sorted({str(values["case"]) for _, values in rows}))
