"""Is what is due erased, all of it, once, provably, and nothing else?"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from takeback.bootstrap import House, build_house, move_into
from takeback.casework import engine
from takeback.casework.engine import run_phase
from takeback.casework.ledger import row_id
from takeback.casework.phases import PHASES
from takeback.casework.ports import ActionRecord, Code, Entry, Said, SentLetter, Task
from takeback.casework.retention import forget, in_dispute, keep, let_go
from takeback.casework.retention_store import Erased
from takeback.casework.starter import Starter
from takeback.casework.talks import Talk, Turn, Voice
from takeback.configuration import Configuration, RetentionSettings
from takeback.core.case import Case, Language, Stage
from takeback.core.errors import InputError
from takeback.core.events import Json, parse_event
from takeback.core.retention import Part, Spans, Standing, due, is_over
from takeback.core.talk import Choice
from takeback.core.triage import Need
from takeback.core.undo.effects import action
from takeback.core.undo.plan import ActionKind
from tests.casework.conftest import Town, clean, town
from tests.conftest import event_text

__all__ = ["clean", "town"]

DAYS = timedelta(days=1)
WORDS, HERS = "佐藤花子の声", "hanako@example.jp"


def a_case(house: House, case: str, *, closed: int | None, account: str = "") -> None:
    """A case with something of every kind that is erased, closed so many days ago, or open."""
    now = house.clock.now()
    at = now - timedelta(days=closed or 0)
    stage = Stage.CLOSED if closed is not None else Stage.HOLD
    account = account or f"account of {case}"
    back = at if closed is not None else None
    house.cases.open(
        Case(case, account, stage, Language.JA, at - 2 * DAYS, f"{WORDS} {case}", f"hash {case}", handed_back_at=back)
    )
    seen: Json = {"/shops/oscar": {"email": HERS, "name": WORDS}}
    house.cases.note(
        Entry(case, at, "system", "services.looked", "differs", {"seen": seen, "unread": []}, aside=("seen",))
    )
    house.cases.put_code(Code(f"code {case}", case, "proof", "h***@example.jp", "keyed hash", at, at))
    house.cases.intend_letter(SentLetter(f"letter {case}", case, "result", "h***@example.jp", at, at))
    house.cases.open_task(Task(f"task {case}", case, "set_field", "/shops/oscar", "down", {"value": HERS}, at))
    args: dict[str, Json] = {"field": "email", "value": HERS}
    row = row_id(case, action(account, ActionKind.SET_FIELD, args, (), "/shops/oscar").id, "/shops/oscar")
    house.cases.intend([ActionRecord(row, case, "undo", "/shops/oscar", "set_field", args, (), 0)])
    house.cases.hear([Said(case, "order", "1043", False, True, at)])
    house.old_links.add(case, f"old hash {case}", at)


def run(house: House, *, dry: bool = False) -> list[Erased]:
    return list(forget(house, "cli:ops", dry=dry))


def everything(folder: Path) -> bytes:
    """Every byte of the database's files, what lies in free pages and in the write-ahead log as well."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("cases.db*")))


def test_what_a_case_held_goes_when_its_span_is_over_and_what_was_done_stays(house: House) -> None:
    a_case(house, "c1", closed=401)
    before = house.cases.log("c1")
    (erased,) = run(house)
    assert erased.part is Part.CASE
    assert erased.cases == ("c1",)
    assert dict(erased.counts) == {
        "reports": 1,
        "page_addresses": 2,
        "codes": 1,
        "letters": 1,
        "tasks": 1,
        "looks": 1,
    }
    case = house.cases.case("c1")
    assert case is not None
    assert case.report_text == ""
    assert house.cases.by_token("hash c1") is None
    assert not house.old_links.known("old hash c1")
    assert house.cases.codes("c1") == []
    assert [letter.to for letter in house.cases.letters("c1")] == [""]
    assert [task.evidence for task in house.cases.tasks("c1")] == [{}]
    after = house.cases.log("c1")
    assert [entry.digest for entry in after] == [entry.digest for entry in before]
    assert after[0].evidence["seen"] == {}
    assert house.verifier.verify().good


@pytest.mark.on_store("sqlite")  # PostgreSQL gives the room to what comes next (docs/howto/keep-and-erase.md)
def test_nothing_of_it_is_left_in_the_file(house: House, tmp_path: Path) -> None:
    a_case(house, "c1", closed=401)
    house.cases.intend([])
    assert WORDS.encode() in everything(tmp_path)
    run(house)
    from django.db import connections

    connections.close_all()
    assert WORDS.encode() not in everything(tmp_path)


@pytest.mark.parametrize("closed", [None, 0, 399])
def test_an_open_case_and_one_within_its_span_keep_everything(house: House, closed: int | None) -> None:
    a_case(house, "c1", closed=closed)
    assert run(house) == []
    case = house.cases.case("c1")
    assert case is not None
    assert case.report_text


def test_a_case_in_dispute_is_kept_until_it_is_let_go(house: House) -> None:
    a_case(house, "c1", closed=500)
    keep(house, "c1", "cli:ops", "a claim of her bank")
    keep(house, "c1", "cli:ops", "said twice")
    assert in_dispute(house) == {"c1"}
    assert run(house) == []
    let_go(house, "c1", "cli:ops", "settled")
    assert in_dispute(house) == frozenset()
    assert [erased.cases for erased in run(house)] == [("c1",)]
    assert [(act.what, act.why) for act in house.audit.acts(case="c1")] == [
        ("retention.let_go", "settled"),
        ("retention.kept", "a claim of her bank"),
    ]


def test_a_case_that_is_not_there_cannot_be_kept(house: House) -> None:
    with pytest.raises(InputError, match="no case"):
        keep(house, "c9", "cli:ops", "why")


def test_twice_is_once_and_a_day_without_anything_leaves_no_line(house: House) -> None:
    a_case(house, "c1", closed=401)
    assert len(run(house)) == 1
    lines = len(house.audit.acts())
    assert run(house) == []
    assert len(house.audit.acts()) == lines


def test_a_dry_run_says_the_same_and_changes_nothing(house: House) -> None:
    a_case(house, "c1", closed=401)
    (would,) = run(house, dry=True)
    assert house.audit.acts() == []
    (did,) = run(house)
    assert (would.part, would.counts, would.cases) == (did.part, did.counts, did.cases)
    assert would.digest == ""


def test_the_book_has_the_proof_and_none_of_what_was_erased(house: House) -> None:
    a_case(house, "c1", closed=401)
    (erased,) = run(house)
    (line,) = house.audit.acts(what="retention.erased")
    assert (line.who, line.why) == ("cli:ops", "retention.case")
    evidence = dict(line.evidence or {})
    assert evidence["cases"] == ["c1"]
    assert evidence["digest"] == erased.digest
    assert len(erased.digest) == 64
    assert WORDS not in msgspec.json.encode(evidence).decode()


def test_the_digest_is_of_what_was_erased_and_of_nothing_else(house: House) -> None:
    for case in ("c1", "c2"):
        a_case(house, case, closed=401)
        keep(house, case, "cli:ops", "wait")
    digests = []
    for case in ("c1", "c2"):
        let_go(house, case, "cli:ops", "over")
        digests += [erased.digest for erased in run(house)]
    assert len(set(digests)) == 2


def a_talk(house: House, talk: str, days: int, case: str = "") -> None:
    at = house.clock.now() - timedelta(days=days)
    house.talks.open(
        Talk(talk, f"hash {talk}", Language.JA, HERS, Choice.ORDERS, Need.TAKEOVER, False, at),
        [Turn(Voice.CUSTOMER, at, text=WORDS)],
    )
    if case:
        house.talks.link(talk, [case])


def test_conversations_go_after_their_span_but_those_of_open_and_disputed_cases(house: House) -> None:
    a_case(house, "open", closed=None)
    a_case(house, "disputed", closed=70)
    keep(house, "disputed", "cli:ops", "a claim")
    a_case(house, "done", closed=61)
    a_talk(house, "of open", 61, "open")
    a_talk(house, "of disputed", 61, "disputed")
    a_talk(house, "of done", 61, "done")
    a_talk(house, "of nobody", 61)
    a_talk(house, "new", 59)
    (erased,) = run(house)
    assert dict(erased.counts) == {"talks": 2, "turns": 2}
    assert erased.cases == ("done",)
    left = [talk for talk in ("of open", "of disputed", "of done", "of nobody", "new") if house.talks.talk(talk)]
    assert left == ["of open", "of disputed", "new"]


@pytest.fixture
def with_events(configuration: Configuration, cases_path: Path) -> House:
    """A house that keeps events for 500 days."""
    assert cases_path == configuration.cases_path
    built = build_house(replace(configuration, retention=RetentionSettings(event_days=500)))
    move_into(built)
    return built


def an_event(house: House, event: str, account: str, days: int) -> None:
    at = house.clock.now() - timedelta(days=days)
    data = {"field": "email", "before": "", "after": f"{account}@example.jp"}
    text = event_text(id=event, subject=account, time=at.isoformat(), type="account.field_changed", data=data)
    house.event_log.append([(parse_event(text), text)])


def test_events_are_kept_for_ever_unless_a_span_is_set(house: House) -> None:
    an_event(house, "e1", "42", 5000)
    assert run(house) == []
    assert len(house.event_log.account("42")) == 1


def test_events_go_with_the_actions_made_of_them_where_a_span_is_set(with_events: House) -> None:
    house = with_events
    a_case(house, "old", closed=501, account="old")
    a_case(house, "open", closed=None, account="open")
    for account in ("old", "open"):
        an_event(house, f"{account} 1", account, 501)
        an_event(house, f"{account} 2", account, 499)
    an_event(house, "gone", "nobody's", 501)
    erased = {one.part: one for one in run(house)}
    assert dict(erased[Part.ACTIONS].counts) == {"actions": 1, "said": 1}
    assert erased[Part.EVENTS].counts["events"] == 2
    assert erased[Part.EVENTS].accounts == 2
    assert [event.id for event in house.event_log.account("old")] == ["old 2"]
    assert [event.id for event in house.event_log.account("open")] == ["open 1", "open 2"]
    assert house.event_log.accounts_with_contact("nobody's@example.jp") == []
    assert house.event_log.accounts_with_contact("open@example.jp") == ["open"]
    assert house.cases.actions("old")[0].args == {}
    assert house.cases.actions("open")[0].args
    assert house.verifier.verify().good
    house.close()


@contextmanager
def no_event_can_go(configuration: Configuration) -> Iterator[None]:
    """The removal of an event fails for the length of the block."""
    if configuration.database_url is None:
        with closing(sqlite3.connect(configuration.events_path)) as log:
            log.execute("CREATE TRIGGER stop BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the power went'); END")
            yield
            log.execute("DROP TRIGGER stop")
        return
    with psycopg.connect(configuration.database_url, autocommit=True) as line:
        line.execute(
            "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the power went'; END $$"
        )
        line.execute("CREATE TRIGGER stop BEFORE DELETE ON takeback.event FOR EACH ROW EXECUTE FUNCTION stop()")
        yield
        line.execute("DROP TRIGGER stop ON takeback.event")


def test_a_crash_between_the_book_and_the_events_erases_them_the_next_time(with_events: House) -> None:
    house = with_events
    an_event(house, "e1", "42", 501)
    with (
        no_event_can_go(house.configuration),
        pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="the power went"),
    ):
        run(house)
    assert house.audit.acts() == []
    assert [one.counts["events"] for one in run(house)] == [1]
    house.close()


NOW = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)


def test_the_rule_itself_needs_a_closed_case_a_span_and_no_dispute() -> None:
    spans = Spans(60 * DAYS, 400 * DAYS, 500 * DAYS)
    old = Standing("c", "a", NOW - 400 * DAYS)
    assert due(old, spans, NOW) == {Part.CASE}
    assert due(Standing("c", "a", NOW - 500 * DAYS), spans, NOW) == {Part.CASE, Part.ACTIONS}
    assert due(Standing("c", "a", NOW - 399 * DAYS), spans, NOW) == frozenset()
    assert due(Standing("c", "a", NOW - 900 * DAYS, in_dispute=True), spans, NOW) == frozenset()
    assert due(Standing("c", "a", None), spans, NOW) == frozenset()
    assert not is_over(Standing("c", "a", None), DAYS, NOW)


def test_a_phase_erases_what_is_due_and_comes_back_tomorrow(town: Town) -> None:
    a_case(town.house, "old", closed=401)
    run_phase(town.house, "forget", PHASES["forget"], ("retention",), "retention/forget/2026-11-01")
    case = town.house.cases.case("old")
    assert case is not None
    assert case.report_text == ""
    (line,) = town.house.audit.acts(what="retention.erased")
    assert line.who == "system"
    waiting = [row for row in sorted(town.queue.names) if row.startswith("retention/forget/")]
    assert waiting == [f"retention/forget/{town.clock.now() + DAYS:%Y-%m-%d}"]


def test_a_worker_looks_for_what_is_due_once_a_day_however_often_it_starts(house: House) -> None:
    engine.migrate(house.configuration.engine_url)
    starter = Starter(house.configuration.engine_url)
    a_case(house, "old", closed=401)
    for _ in range(2):
        with engine.working(house):
            until(lambda: bool(house.audit.acts(what="retention.erased")))
            until(lambda: len(rows_of(starter)) == 2)
    assert len(rows_of(starter)) == 2  # today's and tomorrow's
    starter.close()


def rows_of(starter: Starter) -> list[object]:
    return list(starter._open().list_workflows(workflow_id_prefix="retention/"))


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)
