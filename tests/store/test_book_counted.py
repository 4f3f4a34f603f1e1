"""Does the book count what people did alike on each store?"""

from datetime import datetime, timedelta
from pathlib import Path

from takeback.casework.auditbook import Act, Tally
from tests.store.test_cases import NOW


def test_what_people_did_is_counted_by_day_and_case_and_names_come_byte_by_byte(cases_path: Path) -> None:
    from takeback.store.book import DjangoBook

    assert cases_path.parent.is_dir()
    book = DjangoBook(b"k" * 32)

    def did(who: str, at: datetime, case: str, what: str = "desk:case:read") -> None:
        book.note(Act(at, who, what, case=case))

    for day in range(3):
        did("staff:sato", NOW + timedelta(days=day), "c1")
        did("staff:sato", NOW + timedelta(days=day, hours=1), "c2")
    did("staff:sato", NOW, "c1")
    for who in ("staff:b", "staff:B", "staff:_", "staff:あ", "staff-x"):
        did(who, NOW, "c1", "desk:case:claim")
    (tally,) = book.tallies(["desk:case:read"], NOW, NOW + timedelta(days=9))
    assert tally == Tally("staff:sato", "desk:case:read", times=7, cases=2, days=3, case_days=6)
    assert book.people() == ["staff-x", "staff:B", "staff:_", "staff:b", "staff:sato", "staff:あ"]
