"""Does the event log remember what it said it would?"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from takeback.casework.ports import Accepted
from takeback.core.errors import SettingsError
from takeback.core.events import Event
from takeback.store.eventfile import open_for_writing
from takeback.store.eventlog import SqliteEventLog
from tests.conftest import MakeEvent


def test_an_event_comes_back_as_it_was_told(event_log: SqliteEventLog, make_event: MakeEvent) -> None:
    event, text = make_event(data={"what": "cards", "client": {"session": "s1"}})
    assert event_log.append([(event, text)]) == Accepted(stored=1, repeated=0)
    assert event_log.account("42") == [event]


def test_the_text_is_kept_byte_for_byte(event_log: SqliteEventLog, make_event: MakeEvent, tmp_path: Path) -> None:
    event, text = make_event()
    event_log.append([(event, b"  " + text)])
    with sqlite3.connect(tmp_path / "events.db") as connection:
        assert connection.execute("SELECT body FROM event").fetchall() == [(b"  " + text,)]
    connection.close()


def test_events_come_back_by_time_and_those_of_one_moment_by_arrival(
    event_log: SqliteEventLog, make_event: MakeEvent
) -> None:
    late, early, also_early = (
        make_event(id="a", time="2026-11-01T10:00:00.000002Z"),
        make_event(id="c", time="2026-11-01T19:00:00.000001+09:00"),
        make_event(id="b", time="2026-11-01T10:00:00.000001Z"),
    )
    event_log.append([late])
    event_log.append([early, also_early])
    assert [event.id for event in event_log.account("42")] == ["c", "b", "a"]


def test_an_event_before_1970_lies_before_one_after_it(event_log: SqliteEventLog, make_event: MakeEvent) -> None:
    event_log.append(
        [make_event(id="b", time="1970-01-01T00:00:00Z"), make_event(id="a", time="1969-12-31T23:59:59.9Z")]
    )
    assert [event.id for event in event_log.account("42")] == ["a", "b"]


def test_a_repeat_is_counted_and_the_first_word_stays(event_log: SqliteEventLog, make_event: MakeEvent) -> None:
    first, second = make_event(data={"what": "cards"}), make_event(data={"what": "orders"})
    assert event_log.append([first, second]) == Accepted(stored=1, repeated=1)
    assert event_log.append([second]) == Accepted(stored=0, repeated=1)
    assert event_log.account("42") == [first[0]]


def test_two_services_may_use_the_same_id(event_log: SqliteEventLog, make_event: MakeEvent) -> None:
    assert event_log.append([make_event(), make_event(source="/services/video")]) == Accepted(2, 0)


def test_no_events_are_no_work(event_log: SqliteEventLog) -> None:
    assert event_log.append([]) == Accepted(0, 0)


def test_a_batch_is_stored_whole_or_not_at_all(event_log: SqliteEventLog, make_event: MakeEvent) -> None:
    good, _ = make_event(id="good")
    with pytest.raises(sqlite3.Error):
        event_log.append([(good, b"{}"), (good, None)])  # type: ignore[list-item]  # what the table refuses
    assert event_log.account("42") == []


def test_a_batch_that_fails_does_not_take_its_neighbours_along(
    event_log: SqliteEventLog, make_event: MakeEvent, tmp_path: Path
) -> None:
    lock = sqlite3.connect(tmp_path / "events.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")  # while this is held, what is handed in waits, and so becomes one group
    with ThreadPoolExecutor(9) as pool:
        opening = pool.submit(event_log.append, [make_event(id="opening")])
        good = [pool.submit(event_log.append, [make_event(id=f"good{place}")]) for place in range(4)]
        bad = pool.submit(event_log.append, [(make_event(id="bad")[0], None)])  # type: ignore[list-item]
        good += [pool.submit(event_log.append, [make_event(id=f"more{place}")]) for place in range(3)]
        lock.execute("ROLLBACK")
        lock.close()
        assert [future.result() for future in [opening, *good]] == [Accepted(1, 0)] * 8
        with pytest.raises(sqlite3.Error):
            bad.result()
    assert len(event_log.account("42")) == 8


def test_many_threads_append_and_read_at_once_and_each_gets_its_own_answer(
    event_log: SqliteEventLog, make_event: MakeEvent
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
    assert event_log.count() == 8 * 20 + 20


def test_two_logs_on_one_file_agree(event_log: SqliteEventLog, make_event: MakeEvent, tmp_path: Path) -> None:
    other = SqliteEventLog(tmp_path / "events.db", contact_key=b"k" * 32)
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


def test_a_reader_cannot_write(event_log: SqliteEventLog) -> None:
    with event_log._readers.connection() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM event")


def test_a_closed_log_takes_nothing_more(tmp_path: Path, make_event: MakeEvent) -> None:
    log = SqliteEventLog(tmp_path / "other.db", contact_key=b"k" * 32)
    log.append([make_event()])
    log.close()
    with pytest.raises(RuntimeError, match="closed"):
        log.append([make_event()])


def test_closing_ends_the_writer(tmp_path: Path, make_event: MakeEvent) -> None:
    before = threading.active_count()
    log = SqliteEventLog(tmp_path / "other.db", contact_key=b"k" * 32)
    log.append([make_event()])
    assert threading.active_count() == before + 1
    log.close()
    assert threading.active_count() == before


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "events.db").write_text("this is a letter, and a long one, so that it is no header either" * 20)
    with pytest.raises(SettingsError, match=r"events\.db cannot be opened"):
        SqliteEventLog(tmp_path / "events.db", contact_key=b"k" * 32)


def test_accounts_are_listed_once_each(event_log: SqliteEventLog, make_event: MakeEvent) -> None:
    event_log.append(
        [make_event(id="1", subject="b"), make_event(id="2", subject="a"), make_event(id="3", subject="b")]
    )
    assert event_log.accounts() == ["a", "b"]


_WRITER = """
import sys, threading
from pathlib import Path
from takeback.store.eventlog import SqliteEventLog
from tests.conftest import event_text
from takeback.core.events import parse_event

log = SqliteEventLog(Path(sys.argv[1]), contact_key=b"k" * 32)
saying = threading.Lock()

def write(thread):
    number = 0
    while True:
        name = f"{thread}-{number}"
        text = event_text(id=name)
        log.append([(parse_event(text), text)])
        with saying:
            print(name, flush=True)
        number += 1

for thread in range(4):
    threading.Thread(target=write, args=(thread,)).start()
"""


@pytest.mark.parametrize("acknowledged", [1, 60, 300])
def test_a_writer_that_is_killed_has_kept_all_that_it_acknowledged(tmp_path: Path, acknowledged: int) -> None:
    path = tmp_path / "events.db"
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(acknowledged)]
        process.send_signal(signal.SIGKILL)
        said += [line.strip() for line in process.stdout if line.endswith("\n")]
    log = SqliteEventLog(path, contact_key=b"k" * 32)
    kept: list[Event] = log.account("42")
    log.close()
    assert set(said) <= {event.id for event in kept}
    assert len(said) >= acknowledged


def test_an_account_is_found_by_an_address_it_has_or_had(event_log: SqliteEventLog, make_event: MakeEvent) -> None:
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
    event_log: SqliteEventLog, make_event: MakeEvent, typed: str
) -> None:
    event_log.append([make_event(type="account.field_changed", data={"field": "phone", "after": "090 1234 5678"})])
    assert event_log.accounts_with_contact(typed) == ["42"]


def test_an_item_among_the_contacts_is_a_contact_point_too(event_log: SqliteEventLog, make_event: MakeEvent) -> None:
    data = {"collection": "contacts", "id": "1", "after": {"kind": "email", "email": "taro@example.jp"}}
    event_log.append([make_event(type="account.item_added", data=data)])
    assert event_log.accounts_with_contact("taro@example.jp") == ["42"]


def test_the_index_of_contacts_holds_no_address_in_the_clear(
    event_log: SqliteEventLog, make_event: MakeEvent, tmp_path: Path
) -> None:
    event_log.append([make_event(type="account.field_changed", data={"field": "email", "after": "hanako@example.jp"})])
    with sqlite3.connect(tmp_path / "events.db") as connection:
        ((made, account),) = connection.execute("SELECT hash, account FROM contact").fetchall()
    connection.close()
    assert (len(made), account) == (32, "42")
    other = SqliteEventLog(tmp_path / "events.db", contact_key=b"another key, of another house")
    assert other.accounts_with_contact("hanako@example.jp") == []
    other.close()
