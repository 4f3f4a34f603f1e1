"""Does the ledger of what was really sent find its rows, those of before it was there too, and fast?"""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from takeback.casework.ports import EventLog
from takeback.core.authenticity.facts import Sent
from takeback.core.events import Event
from takeback.store.eventlog import SqliteEventLog
from takeback.store.sentrows import MOST_OF_ACCOUNT
from tests.conftest import MakeEvent

AT = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
ROW = Sent("m1@shop.example", "mail", "h***@example.jp", AT, "order_placed", "1043", "42", "/shops/oscar")


def message(make_event: MakeEvent, name: str = "m1", **changes: object) -> tuple[Event, bytes]:
    """An event of a message that was sent."""
    data = {
        "message_id": f"<{name}@shop.example>",
        "channel": "mail",
        "to": "h***@example.jp",
        "template": "order_placed",
        "order": "1043",
    }
    return make_event(**{"id": name, "type": "message.sent", "time": AT.isoformat(), "data": data} | changes)


def test_a_message_is_found_by_its_id_with_and_without_brackets(event_log: EventLog, make_event: MakeEvent) -> None:
    event_log.append([message(make_event), make_event()])
    assert event_log.sent.with_id("<m1@shop.example>") == (ROW,)
    assert event_log.sent.with_id("m1@shop.example") == (ROW,)
    assert event_log.sent.with_id("m2@shop.example") == ()


def test_a_message_without_an_id_is_found_by_its_account_alone(event_log: EventLog, make_event: MakeEvent) -> None:
    event_log.append([message(make_event, data={"channel": "sms", "to": "***5678"})])
    assert event_log.sent.with_id("") == ()
    assert [row.channel for row in event_log.sent.of_account("42")] == ["sms"]
    assert event_log.sent.of_account("43") == ()


def test_a_repeat_is_one_row(event_log: EventLog, make_event: MakeEvent) -> None:
    for _ in range(2):
        event_log.append([message(make_event)])
    assert len(event_log.sent.of_account("42")) == 1


def test_the_newest_rows_of_an_account_are_told_first_and_not_all(event_log: EventLog, make_event: MakeEvent) -> None:
    times = {f"m{place}": (AT + timedelta(minutes=place)).isoformat() for place in range(MOST_OF_ACCOUNT + 5)}
    event_log.append([message(make_event, name, time=at) for name, at in times.items()])
    rows = event_log.sent.of_account("42")
    assert len(rows) == MOST_OF_ACCOUNT
    assert rows[0].message_id == f"m{MOST_OF_ACCOUNT + 4}@shop.example"


def test_a_letter_of_our_own_is_found_as_any_other_and_has_the_time_of_the_last_try(event_log: EventLog) -> None:
    letter = Sent("l1@help.example", "mail", "h***@example.jp", AT, "code", account="42", source="/takeback")
    event_log.sent.record("l1", letter)
    again = Sent("l1@help.example", "mail", "h***@example.jp", AT + timedelta(hours=1), "code", "", "42", "/takeback")
    event_log.sent.record("l1", again)
    assert event_log.sent.with_id("l1@help.example") == (again,)


def test_a_log_from_before_the_ledger_gets_its_rows_when_it_is_opened(tmp_path: Path, make_event: MakeEvent) -> None:
    path = tmp_path / "old.db"
    old = SqliteEventLog(path, contact_key=b"k" * 32)
    old.append([message(make_event), make_event(id="other")])
    old.close()
    with sqlite3.connect(path) as connection:
        connection.executescript("DROP TABLE sent; PRAGMA user_version = 1;")
    connection.close()
    log = SqliteEventLog(path, contact_key=b"k" * 32)
    assert log.sent.with_id("m1@shop.example") == (ROW,)
    assert log.count() == 2
    log.close()


def test_a_log_of_the_newest_form_is_not_filled_again(tmp_path: Path, make_event: MakeEvent) -> None:
    path = tmp_path / "new.db"
    log = SqliteEventLog(path, contact_key=b"k" * 32)
    log.append([message(make_event)])
    log.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM sent")
    connection.close()
    again = SqliteEventLog(path, contact_key=b"k" * 32)
    assert again.sent.with_id("m1@shop.example") == ()
    again.close()


@pytest.mark.on_store("sqlite")
def test_among_very_many_rows_one_is_found_at_once(event_log: EventLog, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "events.db") as connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
            "INSERT INTO sent SELECT '/s', i, 'm' || i || '@x.example', 'o' || i, i, i % 5000, 'mail', '', '' FROM n"
        )
    connection.close()
    began = perf_counter()
    for place in range(1, 101):
        assert event_log.sent.with_id(f"m{place * 1000}@x.example")[0].order == f"o{place * 1000}"
        assert len(event_log.sent.of_account(str(place))) == 40
    assert perf_counter() - began < 1.0  # a scan of the table for each would take ten times as long
