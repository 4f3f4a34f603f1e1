"""Does it show when somebody altered anything that was written down, past Django, past the triggers, with a copy?"""

# ruff: noqa: S608 - the statements are the tests' own words

from dataclasses import replace

import pytest

from takeback.bootstrap import House
from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.casework.verifying import Trouble, Wrong
from takeback.casework.verifying_noted import verify
from takeback.core.events import Json
from tests.store.inhand import in_hand
from tests.store.kept import LINES, NOW, Tamper, kept, look, tamper, without, wrong

__all__ = ["kept", "tamper"]


def test_what_nobody_touched_is_good_and_counted(kept: House) -> None:
    verdict = look(kept)
    assert verdict.good
    assert (verdict.lines, verdict.cases, verdict.case_lines) == (LINES, 2, 2 * LINES)


# Each log lies in a table, with what picks out its lines.
LOGS = [("store_entry", "case_id = 'c1' AND ", "c1"), ("store_act", "", "")]


@pytest.fixture(params=LOGS, ids=["a case's log", "the book"])
def log(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    """One of the two kinds of logs: table, the start of a condition, and how a trouble names it."""
    chosen: tuple[str, str, str] = request.param
    return chosen


@pytest.mark.parametrize(
    "change",
    [
        "who = 'staff:nobody'",
        "what = 'verb.9'",
        "why = 'no.rule'",
        "at = '2026-11-01 02:30:00.000001'",
        'evidence = \'{"order": "1044"}\'',
        "evidence = 'this is no JSON'",
        "evidence = '{\"n\": NaN}'",
        "evidence = '[1]'",
        "digest = '" + "0" * 64 + "'",
        "digest = 'あ'",
    ],
)
def test_an_altered_line_is_found(kept: House, tamper: Tamper, log: tuple[str, str, str], change: str) -> None:
    table, of, case = log
    tamper(f"UPDATE {table} SET {change} WHERE {of}seq = 2")
    assert wrong(kept) == [(Wrong.ALTERED, case, 2)]


@pytest.mark.on_store("sqlite")
@pytest.mark.parametrize("change", ["at = 'never'", "who = x'ff'", "who = 7"])
def test_what_no_column_should_hold_is_found_where_a_file_holds_it(
    kept: House, tamper: Tamper, log: tuple[str, str, str], change: str
) -> None:
    table, of, case = log
    tamper(f"UPDATE {table} SET {change} WHERE {of}seq = 2")
    assert wrong(kept) == [(Wrong.ALTERED, case, 2)]


@pytest.mark.on_store("postgres")
@pytest.mark.parametrize("time", ["infinity", "-infinity", "0044-03-15 BC", "12026-11-01", "0001-01-01"])
def test_a_time_that_is_none_is_found(kept: House, tamper: Tamper, log: tuple[str, str, str], time: str) -> None:
    table, of, case = log
    tamper(f"UPDATE {table} SET at = '{time}' WHERE {of}seq = 2")
    assert wrong(kept) == [(Wrong.ALTERED, case, 2)]


def test_a_removed_line_is_found(kept: House, tamper: Tamper, log: tuple[str, str, str]) -> None:
    table, of, case = log
    tamper(f"DELETE FROM {table} WHERE {of}seq = 2")
    assert wrong(kept) == [(Wrong.MISSING, case, 2)]


def test_a_removed_line_is_found_when_the_others_close_the_gap(
    kept: House, tamper: Tamper, log: tuple[str, str, str]
) -> None:
    table, of, case = log
    tamper(
        f"DELETE FROM {table} WHERE {of}seq = 2",
        *(f"UPDATE {table} SET seq = {n - 1} WHERE {of}seq = {n}" for n in (3, 4, 5)),
    )
    assert wrong(kept) == [(Wrong.ALTERED, case, 2)]


def test_two_lines_that_changed_places_are_found_and_told_as_that(
    kept: House, tamper: Tamper, log: tuple[str, str, str]
) -> None:
    table, of, case = log
    tamper(*(f"UPDATE {table} SET seq = {new} WHERE {of}seq = {old}" for old, new in ((2, 99), (4, 2), (99, 4))))
    assert look(kept).troubles == (Trouble(Wrong.MOVED, case, 2, {"to": 4}),)


def test_a_line_that_was_put_in_is_found(kept: House, tamper: Tamper, log: tuple[str, str, str]) -> None:
    table, of, case = log
    up = [f"UPDATE {table} SET seq = {n + 1} WHERE {of}seq = {n}" for n in (5, 4, 3)]
    names = "at, who, what, why, evidence, digest" + (", case_id" if case else ', "case"')
    put = f"INSERT INTO {table} (seq, {names}) SELECT 3, {names} FROM {table} WHERE {of}seq = 2"
    head = "store_log_head" if case else "store_book_head"
    tamper(*up, put, f"UPDATE {head} SET count = 6" + (" WHERE case_id = 'c1'" if case else ""))
    assert look(kept).troubles == (Trouble(Wrong.MOVED, case, 3, {"to": 4}),)


def test_a_line_that_was_put_at_the_end_is_found(kept: House, tamper: Tamper, log: tuple[str, str, str]) -> None:
    table, of, case = log
    names = "at, who, what, why, evidence, digest" + (", case_id" if case else ', "case"')
    tamper(f"INSERT INTO {table} (seq, {names}) SELECT 6, {names} FROM {table} WHERE {of}seq = 5")
    assert wrong(kept) == [(Wrong.ALTERED, case, 6)]


def test_a_cut_end_is_found_with_and_without_its_head(kept: House, tamper: Tamper, log: tuple[str, str, str]) -> None:
    table, of, case = log
    tamper(f"DELETE FROM {table} WHERE {of}seq > 3")
    assert wrong(kept) == [(Wrong.CUT, case, 4)]
    head, which = ("store_log_head", " WHERE case_id = 'c1'") if case else ("store_book_head", "")
    tamper(f"UPDATE {head} SET count = 3, digest = (SELECT digest FROM {table} WHERE {of}seq = 3){which}")
    assert wrong(kept) == [(Wrong.HEAD, case, 3)]


def test_an_altered_or_removed_head_is_found(kept: House, tamper: Tamper, log: tuple[str, str, str]) -> None:
    _, _, case = log
    head, which = ("store_log_head", " WHERE case_id = 'c1'") if case else ("store_book_head", "")
    tamper(f"UPDATE {head} SET seal = 'あ'{which}")
    assert wrong(kept) == [(Wrong.HEAD, case, 5)]
    tamper(f"DELETE FROM {head}{which}")
    assert wrong(kept) == [(Wrong.HEAD, case, 5)]


def test_a_line_written_after_the_damage_does_not_heal_it(kept: House, tamper: Tamper) -> None:
    tamper(
        "DELETE FROM store_act WHERE seq > 3",
        "UPDATE store_book_head SET count = 3, digest = (SELECT digest FROM store_act WHERE seq = 3)",
    )
    kept.audit.note(Act(NOW, "system", "one.more"))
    kept.audit.note(Act(NOW, "system", "one.more"))
    assert wrong(kept) == [(Wrong.HEAD, "", 5)]


def test_a_line_of_another_case_is_found(kept: House, tamper: Tamper) -> None:
    tamper(
        "DELETE FROM store_entry WHERE case_id = 'c1' AND seq = 4",
        "UPDATE store_entry SET case_id = 'c1' WHERE case_id = 'c2' AND seq = 4",
    )
    assert wrong(kept) == [(Wrong.ALTERED, "c1", 4), (Wrong.MISSING, "c2", 4)]


def test_a_whole_case_that_the_book_speaks_of_is_missed(kept: House, tamper: Tamper) -> None:
    tamper(*without("c1"))
    assert wrong(kept) == [(Wrong.GONE, "c1", 0)]


def test_a_whole_case_that_nobody_looked_at_is_missed_once_the_book_named_its_end(kept: House, tamper: Tamper) -> None:
    kept.verifier.pin()
    tamper(*without("c2"))
    assert wrong(kept) == [(Wrong.GONE, "c2", 0)]


def test_what_has_no_case_is_looked_at_too(kept: House, tamper: Tamper) -> None:
    tamper("DELETE FROM store_case WHERE id = 'c2'", "DELETE FROM store_entry WHERE case_id = 'c2' AND seq = 5")
    assert (Wrong.CUT, "c2", 5) in wrong(kept)


def test_one_case_put_back_to_an_older_copy_of_its_log_is_found(kept: House) -> None:
    """Its lines and its head are genuine, sealed and whole; only the book knows better."""
    with in_hand(kept.configuration) as hand:
        (old,) = hand.rows("SELECT count, digest, seal FROM store_log_head WHERE case_id = 'c1'")
    kept.cases.note(Entry("c1", NOW, "staff:sato", "secret.deed", "none", {}))
    kept.verifier.pin()
    with in_hand(kept.configuration) as hand:
        assert hand.run("DELETE FROM store_entry WHERE case_id = 'c1' AND seq = 6") == 1
        assert hand.run("UPDATE store_log_head SET count = ?, digest = ?, seal = ? WHERE case_id = 'c1'", old) == 1
    assert wrong(kept) == [(Wrong.PUT_BACK, "c1", 6)]


def test_the_book_names_only_ends_that_are_new_and_whole(kept: House, tamper: Tamper) -> None:
    kept.verifier.pin()
    (pinned,) = kept.audit.acts(what="audit.pinned")
    ends = (pinned.evidence or {})["ends"]
    assert [end[:2] for end in ends] == [["c1", 5], ["c2", 5]]  # type: ignore[index, union-attr]
    kept.verifier.pin()
    assert len(kept.audit.acts(what="audit.pinned")) == 1
    tamper("UPDATE store_log_head SET seal = 'broken' WHERE case_id = 'c2'")
    for case in ("c1", "c2"):
        kept.cases.note(Entry(case, NOW, "system", "act.6", "rule", {}))
    kept.verifier.pin()
    newest = kept.audit.acts(what="audit.pinned")[0]
    assert [end[0] for end in (newest.evidence or {})["ends"]] == ["c1"]  # type: ignore[index, union-attr]


def test_what_lies_beside_a_log_is_looked_at_and_may_be_gone(kept: House, tamper: Tamper) -> None:
    seen: Json = {"email": "hanako@example.jp"}
    kept.cases.note(Entry("c1", NOW, "system", "services.looked", "differs", {"seen": seen}, aside=("seen",)))
    assert kept.cases.log("c1")[-1].evidence["seen"] == seen
    assert look(kept).good
    tamper('UPDATE store_aside SET content = \'{"email": "taro@evil.example"}\'')
    assert wrong(kept) == [(Wrong.ASIDE, "c1", 6)]
    tamper("DELETE FROM store_aside")
    assert look(kept).good
    assert kept.cases.log("c1")[-1].evidence["seen"] == {}


def test_no_line_of_a_log_holds_what_was_put_aside(kept: House) -> None:
    seen: Json = {"email": "hanako@example.jp"}
    kept.cases.note(Entry("c1", NOW, "system", "services.looked", "differs", {"seen": seen}, aside=("seen",)))
    with in_hand(kept.configuration) as hand:
        ((line,),) = hand.rows("SELECT evidence FROM store_entry WHERE case_id = 'c1' AND seq = 6")
    assert "hanako" not in line


def test_no_card_number_that_somebody_writes_gets_into_the_book(kept: House) -> None:
    kept.audit.note(Act(NOW, "staff:sato", "desk:call:record", "hers is 4242 4242 4242 4242", "c1"))
    assert kept.audit.acts()[0].why == "hers is …4242"
    assert look(kept).good


def test_a_table_that_is_gone_is_told_in_a_sentence(kept: House, tamper: Tamper) -> None:
    tamper("DROP TABLE store_entry")
    verdict = verify(kept, "cli:ops")
    assert [one.what for one in verdict.troubles] == [Wrong.UNREADABLE]
    assert not verdict.good


def test_a_look_is_noted_with_what_came_of_it_and_names_no_damaged_end(kept: House, tamper: Tamper) -> None:
    tamper("UPDATE store_entry SET who = 'nobody' WHERE seq = 2")
    assert verify(kept, "staff:ito").wrong == 2
    noted = kept.audit.acts(what="audit.verified")[0]
    assert noted.who == "staff:ito"
    assert (noted.evidence or {})["kinds"] == {"entry.altered": 2}
    assert kept.audit.acts(what="audit.pinned") == []


def test_a_look_without_time_says_that_it_saw_a_part(kept: House) -> None:
    for number in range(1100):
        kept.audit.note(Act(NOW, "system", f"line.{number}"))
    verdict = kept.verifier.verify(go_on=lambda: False)
    assert not verdict.whole
    assert not verdict.good
    assert verdict.wrong == 0


def test_a_writer_is_not_kept_waiting_while_everything_is_looked_at(kept: House) -> None:
    for number in range(1100):
        kept.audit.note(Act(NOW, "system", f"line.{number}"))

    def write(_done: int, _of: int) -> None:
        kept.audit.note(Act(NOW, "staff:sato", "meanwhile"))

    verdict = kept.verifier.verify(told=write)
    assert verdict.good
    assert verdict.lines == LINES + 1100


def test_the_case_log_verifies_as_before_with_its_own_method(kept: House) -> None:
    kept.cases.note(replace(Entry("c1", NOW, "system", "x", "y", {"seen": {"a": 1}}), aside=("seen",)))
    assert kept.cases.verify("c1") is None  # type: ignore[attr-defined]
