"""Who goes first, of two who read before they write? On SQLite whoever began: its transactions take the lock of the
whole database at their start (`BEGIN IMMEDIATE`). On PostgreSQL whoever holds what is asked for here, inside the
caller's transaction and until its end.

The order, from which nobody departs, or two would wait for each other: a case, its other rows, the head of its log; a
name (`alone`); the book's name last of all.
"""

from collections.abc import Iterable
from zlib import crc32

from django.db import connection

from takeback.store.models import CaseRow

BOOK, PEOPLE, QUESTIONS, RULES = "book", "people", "questions", "rules"
_OURS = 7401  # the first of an advisory lock's two numbers


def hold(cases: Iterable[str]) -> None:
    """Have these cases to oneself. Lines and rows that belong to one can be added by others meanwhile, if they do not
    ask: what they add refers to the case, which the usual FOR UPDATE would forbid.
    """
    if connection.features.has_select_for_update:
        found = CaseRow.objects.select_for_update(no_key=True).filter(id__in=sorted(set(cases))).order_by("id")
        list(found.values_list("id", flat=True))


def hold_whole(cases: Iterable[str]) -> None:
    """The same, and nobody adds or removes anything of theirs."""
    if connection.features.has_select_for_update:
        found = CaseRow.objects.select_for_update().filter(id__in=sorted(set(cases))).order_by("id")
        list(found.values_list("id", flat=True))


def alone(name: str) -> None:
    """Be the only one in this, where no row is there for everybody to hold."""
    if connection.vendor == "postgresql":
        number = crc32(name.encode()) - (1 << 31)  # of 32 bits, with a sign
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_OURS, number))
