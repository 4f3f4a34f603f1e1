"""How is what is kept no longer erased? `casework.retention.Eraser` on the cases' database and the event log's file.

SQLite is told to overwrite what it removes (`secure_delete`), and at the end the write-ahead logs, which hold it too,
are emptied. Copies that were made before are not reached; docs/howto/keep-and-erase.md says what to do about those.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from hmac import new
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

import msgspec
from django.db import connection, models, transaction
from django.db.models import Max

from takeback.casework.auditbook import Act, AuditBook
from takeback.casework.retention_store import AT_ONCE, Erased, noted
from takeback.core.case import Stage
from takeback.core.retention import Part, Standing
from takeback.store.eventfile import open_for_writing
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
_EVENTS = "SELECT body FROM event WHERE account = ? AND ts < ? ORDER BY ts, seq"
_SENT = "SELECT count(*) FROM sent WHERE account = ? AND ts < ?"
Rows = list[tuple[str, dict[str, object]]]


class DjangoEraser:
    """Erases in the default database and in the event log's file `events`. `key` keys the digests of it."""

    def __init__(self, book: AuditBook, events: Path, key: bytes) -> None:
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
                old = TalkRow.objects.filter(opened_at__lt=before, id__gt=after).order_by("id")
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
        with closing(open_for_writing(self._events)) as log:
            log.execute("PRAGMA secure_delete = ON")
            accounts = iter([one for one in _accounts(log, since) if one not in kept])
            while some := list(islice(accounts, AT_ONCE)):
                log.execute("BEGIN IMMEDIATE")
                try:
                    done = self._events_of(log, some, since, before, dry=dry)
                    found = any(done.counts.values())  # somebody else may have been first
                    if found and not dry:
                        # The book first: a line too many is told again with the next try, a line too few never.
                        self._book.note(noted(note, done))
                except BaseException:
                    log.execute("ROLLBACK")
                    raise
                log.execute("COMMIT")
                if found:
                    yield done

    def finish(self) -> None:
        """See to it that what was erased is in no file of the database any more."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with closing(open_for_writing(self._events)) as log:
            log.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _digest(self, rows: Rows) -> str:
        hashed = new(self._key, b"", sha256)
        for kind, values in rows:
            hashed.update(msgspec.json.encode([kind, values], order="deterministic") + b"\n")
        return hashed.hexdigest()

    def _events_of(self, log: Connection, accounts: list[str], since: int, before: datetime, *, dry: bool) -> Erased:
        hashed = new(self._key, b"", sha256)
        counts = {"events": 0, "sent": 0, "signs": 0}
        for account in accounts:
            for (body,) in log.execute(_EVENTS, (account, since)):
                hashed.update(body + b"\n")
                counts["events"] += 1
            counts["sent"] += log.execute(_SENT, (account, since)).fetchone()[0]
            if not dry:
                log.execute("DELETE FROM event WHERE account = ? AND ts < ?", (account, since))
                log.execute("DELETE FROM sent WHERE account = ? AND ts < ?", (account, since))
        signs = SignRow.objects.filter(account__in=accounts, at__lt=before)
        counts["signs"] = signs.count()
        if not dry:
            _overwrite()
            signs.delete()
            emptied = [one for one in accounts if not _has_events(log, one)]
            places = ", ".join("?" * len(emptied))
            log.execute(f"DELETE FROM contact WHERE account IN ({places})", emptied)  # noqa: S608 - question marks
        return Erased(Part.EVENTS, counts, accounts=len(accounts), digest="" if dry else hashed.hexdigest())


def _overwrite() -> None:
    """What is removed is overwritten, by this connection and from now on."""
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


def _accounts(log: sqlite3.Connection, since: int) -> Iterator[str]:
    found = log.execute("SELECT account FROM event GROUP BY account HAVING min(ts) < ? ORDER BY account", (since,))
    for (account,) in found.fetchall():
        yield account


def _has_events(log: sqlite3.Connection, account: str) -> bool:
    return log.execute("SELECT 1 FROM event WHERE account = ? LIMIT 1", (account,)).fetchone() is not None
