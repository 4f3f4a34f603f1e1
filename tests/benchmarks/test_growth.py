"""Is the log that growth is measured on one that Takeback reads, on both stores, and is the curve drawn whole?"""

from pathlib import Path
from xml.etree import ElementTree

from benchmarks.filling import EACH, account, fill_postgres, fill_sqlite
from benchmarks.growth import FIGURES, Found, drawn, rows
from benchmarks.growth_picture import svg
from takeback.casework.ports import EventLog
from takeback.core.events import parse_event
from takeback.store.eventlog import SqliteEventLog
from takeback.store.pg.eventlog import PostgresEventLog
from takeback.store.pg.tables import make_tables
from tests.conftest import MakeEvent
from tests.postgres import a_database

ACCOUNTS = 4
CURVE = [Found(store, size, size / 1e5, 9.0, 1.5, 3.5) for store in ("SQLite", "PostgreSQL") for size in (10**6, 10**7)]


def holds(log: EventLog, make_event: MakeEvent) -> None:
    """Every account has its events in their order, and takes one more."""
    for number in range(ACCOUNTS):
        events = log.account(account(number))
        assert len({event.id for event in events}) == EACH
        assert [event.time for event in events] == sorted(event.time for event in events)
    event, text = make_event(id="new", subject=account(0))
    assert parse_event(text) == event
    assert log.append([(event, text)]).stored == 1
    assert len(log.account(account(0))) == EACH + 1


def test_a_filled_sqlite_log_is_read_and_added_to(tmp_path: Path, make_event: MakeEvent) -> None:
    fill_sqlite(tmp_path / "events.db", EACH * ACCOUNTS)
    log = SqliteEventLog(tmp_path / "events.db", contact_key=b"k" * 32)
    holds(log, make_event)
    log.close()


def test_a_filled_postgres_log_is_read_and_added_to(postgres: str, make_event: MakeEvent) -> None:
    with a_database(postgres) as url:
        make_tables(url)
        fill_postgres(url, EACH * ACCOUNTS)
        log = PostgresEventLog(url, contact_key=b"k" * 32)
        holds(log, make_event)
        log.close()


def test_the_curve_tells_every_figure_of_every_store_at_every_size() -> None:
    assert len([*rows(CURVE)]) == len(CURVE) * len(FIGURES)
    told = drawn(CURVE).splitlines()
    assert told[0] == "At 1 M, 10 M stored events:"
    assert [line.split()[0] for line in told[1:]] == ["SQLite"] * len(FIGURES) + ["PostgreSQL"] * len(FIGURES)
    picture = ElementTree.fromstring(svg(CURVE))  # noqa: S314 - our own
    lines = [part for part in picture.iter() if part.tag.endswith("polyline")]
    assert len(lines) == 2 * len(FIGURES)
