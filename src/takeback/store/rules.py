"""Which rules were set, by whom and when? `casework.rulebook.RuleTable` on Django's tables."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from takeback.casework.auditbook import Act, AuditBook
from takeback.casework.rulebook import Version, Wish
from takeback.store import bulk
from takeback.store.holding import RULES, alone
from takeback.store.models import RuleVersionRow, RuleWishRow, StaffLetterRow


class DjangoRules:
    """Meets `casework.rulebook.RuleTable` on Django's default database. `book` is opened for a write, which has a line
    in it; rules are read often.
    """

    def __init__(self, book: Callable[[], AuditBook]) -> None:
        self._book = book

    def newest(self) -> Version | None:
        """The version that holds."""
        found = bulk.select(RuleVersionRow, ("-number",), 1)
        return _version_of(found[0]) if found else None

    def versions(self, most: int) -> list[Version]:
        """The newest first."""
        return [_version_of(row) for row in RuleVersionRow.objects.order_by("-number")[:most]]

    def put(self, version: Version, act: Act, *, wish: int | None = None) -> bool:
        """Add a version, unless its number is taken or the wish has ended."""
        with transaction.atomic():
            alone(RULES)
            newest = self.newest()
            if version.number != (0 if newest is None else newest.number) + 1:
                return False
            if wish is not None and not _end(wish):
                return False
            RuleVersionRow.objects.create(
                number=version.number,
                at=version.at,
                by=version.by,
                second=version.second,
                why=version.why,
                values=dict(version.values),
                before=dict(version.before),
                after=dict(version.after),
            )
            self._book().note(act)
        return True

    def ask(self, wish: Wish, act: Act) -> Wish:
        """Keep a wish in place of any that waited."""
        with transaction.atomic():
            alone(RULES)
            RuleWishRow.objects.filter(waits=True).update(waits=False)
            row = RuleWishRow.objects.create(
                base=wish.base,
                at=wish.at,
                by=wish.by,
                why=wish.why,
                values=dict(wish.values),
                less_careful=list(wish.less_careful),
                waits=True,
            )
            self._book().note(act)
        return _wish_of(row)

    def wish(self) -> Wish | None:
        """The wish that waits."""
        row = RuleWishRow.objects.filter(waits=True).order_by("-id").first()
        return None if row is None else _wish_of(row)

    def end(self, wish: int, act: Act) -> bool:
        """Take a wish back."""
        with transaction.atomic():
            alone(RULES)
            if not _end(wish):
                return False
            self._book().note(act)
        return True

    def begin_letter(self, letter: str, at: datetime) -> bool:
        """Write that staff are about to be told. False where that is settled."""
        row, _ = StaffLetterRow.objects.get_or_create(id=letter, defaults={"intended_at": at})
        return row.settled_at is None

    def settle_letter(self, letter: str, at: datetime) -> None:
        """Write that the mail server took it, or never will."""
        StaffLetterRow.objects.filter(id=letter).update(settled_at=at)


def _end(wish: int) -> bool:
    return RuleWishRow.objects.filter(id=wish, waits=True).update(waits=False) == 1


def _version_of(row: RuleVersionRow) -> Version:
    return Version(row.number, row.at, row.by, row.why, row.values, row.before, row.after, row.second)


def _wish_of(row: RuleWishRow) -> Wish:
    return Wish(row.id, row.base, row.at, row.by, row.why, row.values, tuple(row.less_careful))
