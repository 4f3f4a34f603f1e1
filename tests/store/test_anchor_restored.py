"""Is a database told that was put back to an older copy of itself, and what tells when the anchor was, too?"""

from collections.abc import Callable

import pytest

from takeback.bootstrap import House
from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.casework.verifying import Wrong
from takeback.casework.verifying_noted import give_anchor, own_up
from takeback.core.case import Case, Language, Stage
from tests.store import inhand
from tests.store.kept import LINES, NOW, Tamper, kept, look, tamper, without

__all__ = ["kept", "tamper"]
YESTERDAY = "yesterday"


@pytest.fixture
def put_back(kept: House) -> Callable[[], None]:
    """Puts a copy of yesterday back, after which two more things were done and looked at."""
    kept.verifier.anchor()
    inhand.copy(kept.configuration, YESTERDAY)
    kept.cases.note(Entry("c1", NOW, "staff:sato", "act.6", "rule", {}))
    kept.audit.note(Act(NOW, "staff:sato", "verb.6", case="c1"))
    kept.audit.note(Act(NOW, "staff:sato", "verb.7", case="c1"))
    kept.verifier.anchor()
    return lambda: inhand.put_back(kept.configuration, YESTERDAY)


def test_a_database_of_yesterday_is_told_with_how_much_is_missing(kept: House, put_back: Callable[[], None]) -> None:
    assert look(kept).good
    put_back()
    (trouble,) = look(kept).troubles
    assert (trouble.what, trouble.seq, trouble.values["missing"]) == (Wrong.OLDER, 7, 2)


def test_the_process_that_adds_the_next_line_says_so_in_the_book(kept: House, put_back: Callable[[], None]) -> None:
    put_back()
    kept.verifier.anchor()
    (line,) = kept.audit.acts(what="audit.behind")
    assert (line.evidence or {})["lines_then"] == 7
    assert (line.evidence or {})["lines_now"] == 5
    kept.verifier.anchor()
    assert len(kept.audit.acts(what="audit.behind")) == 1


def test_a_copy_that_grew_as_long_as_the_anchor_knew_is_seen_by_the_next_line(
    kept: House, put_back: Callable[[], None]
) -> None:
    put_back()
    kept.cases.note(Entry("c1", NOW, "system", "another", "rule", {}))
    for number in range(2):
        kept.audit.note(Act(NOW, "staff:sato", f"other.{number}"))
    kept.verifier.anchor()
    assert kept.audit.acts(what="audit.behind")


def test_a_database_of_yesterday_is_told_after_it_was_written_to(kept: House, put_back: Callable[[], None]) -> None:
    put_back()
    for number in range(9):
        kept.audit.note(Act(NOW, "staff:sato", f"new.{number}"))
        kept.verifier.anchor()
    (trouble,) = look(kept).troubles
    assert (trouble.what, trouble.seq, trouble.values["kept"]) == (Wrong.PARTED, 7, 5)


def test_only_a_line_kept_elsewhere_tells_when_the_anchor_was_put_back_too(
    kept: House, put_back: Callable[[], None]
) -> None:
    mail = f"Dear auditor,\n> {give_anchor(kept, 'cli:ops')}\nYours"
    put_back()
    kept.configuration.anchor_path.unlink()
    kept.verifier.anchor()
    assert look(kept).good
    verdict = kept.verifier.verify(against=mail.splitlines())
    assert [one.what for one in verdict.troubles] == [Wrong.OLDER]


def test_a_copy_put_back_on_purpose_is_excused_and_still_told(kept: House, put_back: Callable[[], None]) -> None:
    put_back()
    own_up(kept, "cli:ops", "ticket 17: the disk had died")
    verdict = look(kept)
    assert verdict.good
    assert [one.what for one in verdict.excused] == [Wrong.PARTED]


def test_an_excuse_does_not_cover_what_comes_after_it(kept: House, put_back: Callable[[], None]) -> None:
    put_back()
    own_up(kept, "cli:ops", "ticket 17: the disk had died")
    inhand.copy(kept.configuration, YESTERDAY)
    for number in range(5):
        kept.audit.note(Act(NOW, "staff:sato", f"new.{number}"))
    kept.verifier.anchor()
    put_back()
    assert [one.what for one in look(kept).troubles] == [Wrong.OLDER]


def test_a_book_written_anew_by_one_who_has_the_key_stands_against_the_anchor(kept: House, tamper: Tamper) -> None:
    kept.verifier.anchor()
    tamper("DELETE FROM store_act", "DELETE FROM store_book_head")
    for number in range(1, LINES + 1):
        kept.audit.note(Act(NOW, "staff:nobody", f"verb.{number}", "asked", "c1", {"n": number}))
    assert [one.what for one in look(kept).troubles] == [Wrong.PARTED]


def test_a_case_put_back_between_two_lines_of_the_anchor_is_missed_by_the_count(kept: House, tamper: Tamper) -> None:
    kept.cases.open(Case("c3", "c3", Stage.REPORT, Language.JA, NOW, "", "c3"))
    kept.cases.note(Entry("c3", NOW, "system", "act.1", "rule", {}))
    kept.verifier.anchor()
    tamper(*without("c3"))
    (trouble,) = look(kept).troubles
    assert (trouble.what, trouble.values["lines"], trouble.values["cases"]) == (Wrong.FEWER, 1, 1)


def test_an_anchor_that_was_removed_or_cut_is_missed(kept: House) -> None:
    path = kept.configuration.anchor_path
    kept.verifier.anchor()
    first = path.read_text()
    kept.audit.note(Act(NOW, "system", "more"))
    kept.verifier.anchor()
    kept.verifier.pin()
    path.write_text(first)
    assert [one.what for one in look(kept).troubles] == [Wrong.ANCHOR_CUT]
    path.unlink()
    assert [one.what for one in look(kept).troubles] == [Wrong.ANCHOR_GONE]


def test_an_altered_line_of_the_anchor_is_found(kept: House) -> None:
    path = kept.configuration.anchor_path
    kept.verifier.anchor()
    path.write_text(path.read_text().replace(":5:", ":4:"))
    assert [(one.what, one.seq) for one in look(kept).troubles] == [(Wrong.ANCHOR, 1)]


@pytest.mark.on_store("postgres")
def test_each_machine_misses_its_own_anchor_and_no_other(kept: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept.configuration.anchor_path
    monkeypatch.setattr("takeback.store.anchor.gethostname", lambda: "first")
    kept.verifier.anchor()
    kept.audit.note(Act(NOW, "system", "more"))
    kept.verifier.pin()
    kept.cases.note(Entry("c1", NOW, "system", "act.6", "rule", {}))
    monkeypatch.setattr("takeback.store.anchor.gethostname", lambda: "second")
    here = path.rename(path.with_name("of the first"))
    assert look(kept).good  # a machine that never had an anchor misses none
    kept.verifier.pin()
    assert look(kept).good
    monkeypatch.setattr("takeback.store.anchor.gethostname", lambda: "first")
    assert [one.what for one in look(kept).troubles] == [Wrong.ANCHOR_GONE]
    here.rename(path)
    assert look(kept).good
