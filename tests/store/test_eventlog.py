"""Does the event log remember what it said it would?"""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace

from takeback.bootstrap import build_event_log
from takeback.casework.ports import Accepted, EventLog
from takeback.configuration import Configuration, Secret
from takeback.core.errors import InputError, SettingsError
from takeback.store.eventfile import open_for_writing
from takeback.store.eventlog import SqliteEventLog
from takeback.store.pg.eventlog import PostgresEventLog
from takeback.store.pg.months import WRITING
from tests.conftest import MakeEvent


def test_an_event_comes_back_as_it_was_told(event_log: EventLog, make_event: MakeEvent) -> None:
    event, text = make_event(data={"what": "cards", "client": {"session": "s1"}})
    assert event_log.append([(event, text)]) == Accepted(stored=1, repeated=0)
    assert event_log.account("42") == [event]


def test_the_text_is_kept_byte_for_byte(
    event_log: EventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    event, text = make_event()
    event_log.append([(event, b"  " + text)])
    assert table(configuration, "event", "body") == [(b"  " + text,)]


def test_events_come_back_by_time_and_those_of_one_moment_by_arrival(
    event_log: EventLog, make_event: MakeEvent
) -> None:
    late, early, also_early = (
        make_event(id="a", time="2026-11-01T10:00:00.000002Z"),
        make_event(id="c", time="2026-11-01T19:00:00.000001+09:00"),
        make_event(id="b", time="2026-11-01T10:00:00.000001Z"),
    )
    event_log.append([late])
    event_log.append([early, also_early])
    assert [event.id for event in event_log.account("42")] == ["c", "b", "a"]


def test_an_event_before_1970_lies_before_one_after_it(event_log: EventLog, make_event: MakeEvent) -> None:
    event_log.append(
        [make_event(id="b", time="1970-01-01T00:00:00Z"), make_event(id="a", time="1969-12-31T23:59:59.9Z")]
    )
    assert [event.id for event in event_log.account("42")] == ["a", "b"]


def test_a_repeat_is_counted_and_the_first_word_stays(event_log: EventLog, make_event: MakeEvent) -> None:
    first, second = make_event(data={"what": "cards"}), make_event(data={"what": "orders"})
    assert event_log.append([first, second]) == Accepted(stored=1, repeated=1)
    assert event_log.append([second]) == Accepted(stored=0, repeated=1)
    assert event_log.account("42") == [first[0]]


def test_two_services_may_use_the_same_id(event_log: EventLog, make_event: MakeEvent) -> None:
    assert event_log.append([make_event(), make_event(source="/services/video")]) == Accepted(2, 0)


def test_no_events_are_no_work(event_log: EventLog) -> None:
    assert event_log.append([]) == Accepted(0, 0)


def test_a_batch_is_stored_whole_or_not_at_all(event_log: EventLog, make_event: MakeEvent) -> None:
    good, _ = make_event(id="good")
    with pytest.raises((sqlite3.Error, TypeError)):
        event_log.append([(good, b"{}"), (make_event(id="bad")[0], None)])  # type: ignore[list-item]  # no text
    assert event_log.account("42") == []
    assert event_log.append([(good, b"{}")]) == Accepted(1, 0)


def test_a_batch_that_fails_does_not_take_its_neighbours_along(
    event_log: EventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    with ThreadPoolExecutor(9) as pool:
        with nobody_writes(configuration):  # what is handed in meanwhile waits, and so becomes one group
            opening = pool.submit(event_log.append, [make_event(id="opening")])
            good = [pool.submit(event_log.append, [make_event(id=f"good{place}")]) for place in range(4)]
            bad = pool.submit(event_log.append, [(make_event(id="bad")[0], None)])  # type: ignore[list-item]  # on purpose
            good += [pool.submit(event_log.append, [make_event(id=f"more{place}")]) for place in range(3)]
        assert [future.result() for future in [opening, *good]] == [Accepted(1, 0)] * 8
        with pytest.raises((sqlite3.Error, TypeError)):
            bad.result()
    assert len(event_log.account("42")) == 8


def test_many_threads_append_and_read_at_once_and_each_gets_its_own_answer(
    event_log: EventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    def append(thread: int) -> Accepted:
        stored = repeated = 0
        for number in range(20):
            own = make_event(id=f"{thread}-{number}", subject=f"a{thread}")
            accepted = event_log.append([own, own, make_event(id=f"shared-{number}", subject="shared")])
            stored, repeated = stored + accepted.stored, repeated + accepted.repeated
            assert event_log.account(f"a{thread}")[-1].id == f"{thread}-{number}"
        return Accepted(stored, repeated)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(append, range(8)))
    assert sum(answer.stored for answer in answers) == 8 * 20 + 20
    assert sum(answer.repeated for answer in answers) == 8 * 20 + 7 * 20
    assert len(table(configuration, "event", "body")) == 8 * 20 + 20


def test_two_logs_on_one_database_agree(
    event_log: EventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    other = build_event_log(configuration)
    assert other.append([make_event()]) == Accepted(1, 0)
    assert event_log.append([make_event(), make_event(id="ev2")]) == Accepted(1, 1)
    assert [event.id for event in other.account("42")] == ["ev1", "ev2"]
    other.close()


def test_every_commit_of_a_writer_is_synced(tmp_path: Path) -> None:
    connection = open_for_writing(tmp_path / "events.db")
    full = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous
    assert connection.execute("PRAGMA synchronous").fetchone() == (full,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.on_store("sqlite")
def test_a_reader_cannot_write(event_log: EventLog) -> None:
    assert isinstance(event_log, SqliteEventLog)
    with event_log._readers.connection() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM event")


def test_a_closed_log_takes_nothing_more(configuration: Configuration, make_event: MakeEvent) -> None:
    log = build_event_log(configuration)
    log.append([make_event()])
    log.close()
    with pytest.raises(RuntimeError, match="closed"):
        log.append([make_event()])


def test_closing_ends_the_writer(configuration: Configuration, make_event: MakeEvent) -> None:
    before = threading.active_count()
    log = build_event_log(configuration)
    log.append([make_event()])
    assert threading.active_count() == before + 1
    log.close()
    assert threading.active_count() == before


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "events.db").write_text("this is a letter, and a long one, so that it is no header either" * 20)
    with pytest.raises(SettingsError, match=r"events\.db cannot be opened"):
        SqliteEventLog(tmp_path / "events.db", contact_key=b"k" * 32)


def test_accounts_are_listed_once_each(event_log: EventLog, make_event: MakeEvent) -> None:
    event_log.append(
        [make_event(id="1", subject="b"), make_event(id="2", subject="a"), make_event(id="3", subject="b")]
    )
    assert event_log.accounts() == ["a", "b"]


def test_an_account_is_found_by_an_address_it_has_or_had(event_log: EventLog, make_event: MakeEvent) -> None:
    event_log.append(
        [
            make_event(
                id="1",
                type="account.field_changed",
                data={"field": "email", "before": "hanako@example.jp", "after": "x@evil.example"},
            ),
            make_event(
                id="2",
                subject="7",
                type="account.field_changed",
                data={"field": "recovery_email", "before": None, "after": "Hanako@Example.JP"},
            ),
            make_event(
                id="3", subject="8", type="account.field_changed", data={"field": "name", "after": "a@b.example"}
            ),
        ]
    )
    assert event_log.accounts_with_contact(" HANAKO@example.jp ") == ["42", "7"]
    assert event_log.accounts_with_contact("ｘ＠evil.example") == ["42"]
    assert event_log.accounts_with_contact("a@b.example") == []
    assert event_log.accounts_with_contact("no contact point") == []


@pytest.mark.parametrize(
    "typed", ["090-1234-5678", "+81 90 1234 5678", "０９０１２３４５６７８", "+81 (0)90-1234-5678", "0081 90 1234 5678"]
)
def test_an_account_is_found_by_a_telephone_number_however_it_is_written(
    event_log: EventLog, make_event: MakeEvent, typed: str
) -> None:
    event_log.append([make_event(type="account.field_changed", data={"field": "phone", "after": "090 1234 5678"})])
    assert event_log.accounts_with_contact(typed) == ["42"]


def test_an_item_among_the_contacts_is_a_contact_point_too(event_log: EventLog, make_event: MakeEvent) -> None:
    data = {"collection": "contacts", "id": "1", "after": {"kind": "email", "email": "taro@example.jp"}}
    event_log.append([make_event(type="account.item_added", data=data)])
    assert event_log.accounts_with_contact("taro@example.jp") == ["42"]


def test_the_index_of_contacts_holds_no_address_in_the_clear(
    event_log: EventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    event_log.append([make_event(type="account.field_changed", data={"field": "email", "after": "hanako@example.jp"})])
    ((made, account),) = table(configuration, "contact", "hash", "account")
    assert isinstance(made, bytes)
    assert (len(made), account) == (32, "42")
    other = build_event_log(replace(configuration, secret_key=Secret("of another house, with other keys")))
    assert other.accounts_with_contact("hanako@example.jp") == []
    other.close()


def test_which_of_a_batch_were_new_is_told(event_log: EventLog, make_event: MakeEvent) -> None:
    assert event_log.append([make_event(id="a"), make_event(id="b")]).fresh is None
    accepted = event_log.append([make_event(id="b"), make_event(id="c"), make_event(id="c"), make_event(id="d")])
    assert (accepted.stored, accepted.repeated, accepted.fresh) == (2, 2, frozenset({1, 3}))
    assert event_log.append([make_event(id="d")]).fresh == frozenset()


def test_a_large_batch_is_kept_as_a_small_one_is(event_log: EventLog, make_event: MakeEvent) -> None:
    event_log.append([make_event(id="7"), make_event(id="1000", subject="43")])
    batch = [make_event(id=str(place), subject=str(42 + place % 2)) for place in range(1_500)]
    accepted = event_log.append(batch)
    assert (accepted.stored, accepted.repeated) == (1_498, 2)
    assert accepted.fresh == frozenset(range(1_500)) - {7, 1000}
    assert [event.id for event in event_log.account("42")][:3] == ["7", "0", "2"]
    assert [event.id for event in event_log.account("43")][:3] == ["1000", "1", "3"]


def test_what_waits_is_counted_until_it_is_stored(
    event_log: EventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    assert isinstance(event_log, SqliteEventLog | PostgresEventLog)
    with nobody_writes(configuration):
        soon = event_log.submit_soon([make_event(id="a"), make_event(id="b")])
        assert event_log.waiting == 2
        assert not soon.done()
    assert soon.result() == Accepted(2, 0)
    assert event_log.waiting == 0


@pytest.mark.parametrize("attribute", ["id", "source", "subject"])
@pytest.mark.parametrize("letter", ["\0", "\x1f", "\x7f", "\x85"])
def test_no_control_character_gets_into_an_attribute(make_event: MakeEvent, attribute: str, letter: str) -> None:
    with pytest.raises(InputError, match=f"^{attribute}: must not hold control characters$"):
        make_event(**{attribute: f"4{letter}2"})


def test_what_is_longer_than_an_index_takes_is_kept_too(event_log: EventLog, make_event: MakeEvent) -> None:
    """512 letters of four bytes, all of them different enough not to be made smaller."""
    letters = [chr(0x20000 + place * 7919 % 40_000) for place in range(2048)]
    source, name, account, message = ("".join(letters[at : at + 512]) for at in range(0, 2048, 512))
    data = {"message_id": message * 10, "template": "\0", "order": "\0"}
    event_log.append([make_event(id=name, source=source, subject=account, type="message.sent", data=data)])
    assert [event.id for event in event_log.account(account)] == [name]
    assert [row.account for row in event_log.sent.with_id(message * 10)] == [account]
    assert event_log.sent.with_id("\0") == ()
    assert event_log.account("\0") == []


def test_events_of_any_year_lie_in_order(event_log: EventLog, make_event: MakeEvent) -> None:
    years = [9000, 1900, 2026, 2100, 2014, 2015, 2099, 1969]
    event_log.append([make_event(id=str(year), time=f"{year}-01-01T00:00:00Z") for year in years])
    event_log.append([make_event(id="last", time="2014-12-31T23:59:59.999999Z")])
    assert [event.id for event in event_log.account("42")] == [
        *("1900", "1969", "2014", "last", "2015", "2026", "2099", "2100", "9000")
    ]
    assert event_log.accounts() == ["42"]


def table(configuration: Configuration, name: str, *columns: str) -> list[tuple[object, ...]]:
    """All rows of one of the event log's tables, on either store."""
    asked = f"SELECT {', '.join(columns)} FROM "  # noqa: S608 - our own names
    if configuration.database_url is None:
        with closing(sqlite3.connect(configuration.events_path)) as connection:
            return connection.execute(asked + name).fetchall()
    with psycopg.connect(configuration.database_url) as line:
        return line.execute(f"{asked} takeback.{name}".encode()).fetchall()


@contextmanager
def nobody_writes(configuration: Configuration) -> Iterator[None]:
    """Whoever would write events waits until the end of the block."""
    if configuration.database_url is None:
        with closing(sqlite3.connect(configuration.events_path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(configuration.database_url) as line:
        line.execute("SELECT pg_advisory_xact_lock(%s)", (WRITING,))
        yield
