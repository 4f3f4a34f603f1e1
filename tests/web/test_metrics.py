"""Does Prometheus see what it should, where it should, and nothing about anybody?"""

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from takeback import measures
from takeback.bootstrap import House, make_tables
from takeback.casework.observed import observed
from takeback.casework.ports import Task
from takeback.core.case import Case, Language, Stage
from takeback.web import health
from takeback.web.health import Readiness
from takeback.web.metrics import STUCK, Shown, show, stuck
from tests.architecture.tree import ROOT

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def working(house: House) -> House:
    """A house whose engine has its tables."""
    make_tables(house.configuration)
    return house


@pytest.fixture
def shown(working: House) -> Iterator[Shown]:
    """This process, shown."""
    made = Shown(working, "127.0.0.1", 0)
    yield made
    made.close()


def get(shown: Shown, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{shown.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with closing(error):
            return error.code, error.read().decode()


def samples(shown: Shown) -> Samples:
    status, text = get(shown, "/metrics")
    assert status == 200
    every = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(sample.name, frozenset(sample.labels.items())): sample.value for sample in every}


def value(of: Samples, name: str, **labels: str) -> float:
    return of.get((name, frozenset(labels.items())), 0.0)


def open_case(house: House, name: str, stage: Stage = Stage.FREEZE) -> Case:
    return house.cases.open(Case(name, name, stage, Language.JA, house.clock.now(), "her words", name))


def test_what_was_counted_is_shown_with_what_the_stores_hold(shown: Shown, working: House) -> None:
    before = samples(shown)
    shown.close()
    measures.events("/shops/oscar", 3, 1)
    measures.refused("wrong_key")
    measures.read_back("/shops/oscar", held=False)
    measures.frozen(1.5)
    with observed("freeze", "c1") as seen:
        seen.outcome = "done"
    open_case(working, "c1")
    working.cases.open_task(Task("t1", "c1", "cancel_order", "/shops/oscar", "service.down", {}, working.clock.now()))
    working.starter.start("freeze", "c1", because="report")
    working.starter.start("hold", "c1", because="later", after=600)
    again = Shown(working, "127.0.0.1", 0)
    now = samples(again)
    again.close()

    def grew(name: str, **labels: str) -> float:
        return value(now, name, **labels) - value(before, name, **labels)

    assert grew("takeback_events_total", source="/shops/oscar", outcome="stored") == 3
    assert grew("takeback_events_total", source="/shops/oscar", outcome="repeated") == 1
    assert grew("takeback_ingest_refused_total", why="wrong_key") == 1
    assert grew("takeback_read_back_total", source="/shops/oscar", outcome="failed") == 1
    assert grew("takeback_frozen_seconds_count") == 1
    assert grew("takeback_phase_seconds_count", phase="freeze", outcome="done") == 1
    assert value(now, "takeback_stores_reachable") == 1
    assert value(now, "takeback_cases", stage="freeze") == 1
    assert value(now, "takeback_tasks_open") == 1
    assert value(now, "takeback_queue_due", queue="freeze") == 1
    assert value(now, "takeback_queue_later", queue="hold") == 1
    assert value(now, "process_resident_memory_bytes") > 1e6


def test_every_measure_is_described_and_none_that_there_is_not(shown: Shown) -> None:
    measures.events("/shops/oscar", 1, 1)
    _, text = get(shown, "/metrics")
    named = set(re.findall(r"^# TYPE (takeback_\w+)", text, re.M))
    handbook = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
    assert named == set(re.findall(r"^\| `(takeback_\w+)`", handbook, re.M))


def test_every_reason_of_a_refusal_is_described() -> None:
    handbook = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| `takeback_ingest_refused_total` .*$", handbook, re.M)
    assert measures.REFUSALS | {measures.OTHER} <= set(re.findall(r"`([a-z_]+)`", row))


def test_nothing_about_a_case_or_an_account_is_shown(shown: Shown, working: House) -> None:
    open_case(working, "account-4711")
    with observed("freeze", "account-4711"):
        pass
    with observed("talk", "a-conversation"):
        pass
    _, text = get(shown, "/metrics")
    assert not re.search("4711|conversation|her words", text)


def test_a_reason_or_a_source_that_nobody_foresaw_makes_no_new_series_without_end(shown: Shown) -> None:
    measures.refused("hanako@example.jp")
    for number in range(measures.MOST_NAMES + 50):
        measures.events(f"/made-up/{number}", 1, 0)
    now = samples(shown)
    assert value(now, "takeback_ingest_refused_total", why="other") >= 1
    sources = {dict(labels)["source"] for name, labels in now if name == "takeback_events_total"}
    assert len(sources) <= measures.MOST_NAMES + 1
    assert "other" in sources


def test_the_stores_are_counted_once_a_second_however_many_ask(shown: Shown, working: House) -> None:
    assert value(samples(shown), "takeback_cases", stage="freeze") == 0
    open_case(working, "c1")
    assert value(samples(shown), "takeback_cases", stage="freeze") == 0


def test_a_store_that_is_away_is_shown_as_away_and_hides_nothing_else(shown: Shown) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_case RENAME TO gone")
    now = samples(shown)
    assert value(now, "takeback_stores_reachable") == 0
    assert ("takeback_cases", frozenset({("stage", "freeze")})) not in now
    assert value(now, "process_open_fds") > 0


def test_the_public_side_shows_no_measures(house: House) -> None:
    assert house.configuration.metrics.port is None
    assert Client().get("/metrics").status_code == 404


def test_a_port_that_is_taken_keeps_nobody_from_working(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert show(house, taken.getsockname()[1]) is None


def test_no_port_means_that_nothing_is_shown(house: House) -> None:
    assert show(house, None) is None


def test_readiness_is_asked_for_on_the_same_address(shown: Shown) -> None:
    assert get(shown, "/healthz") == (200, '{"status":"ok"}')
    assert get(shown, "/readyz") == (200, '{"status":"ready"}')
    assert get(shown, "/elsewhere")[0] == 404


def test_a_worker_whose_queue_stands_still_is_not_ready(working: House, monkeypatch: pytest.MonkeyPatch) -> None:
    working.starter.start("freeze", "c1", because="report")
    assert stuck(working) is None
    later = working.clock.now() + timedelta(seconds=STUCK + 1)
    monkeypatch.setattr(type(working.clock), "now", lambda _clock: later)
    monkeypatch.setattr(measures, "_moved", {})
    assert stuck(working) == "nothing of the queue freeze was done for 120 seconds"
    with observed("freeze", "another"):
        pass
    assert stuck(working) is None


@pytest.mark.usefixtures("house")
def test_a_process_lives_although_its_stores_are_away() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_case RENAME TO gone")
    assert Client().get("/healthz").status_code == 200


def test_a_process_without_its_tables_is_not_ready_and_asks_for_them_once_a_second(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_readiness", Readiness(lambda: house))
    assert Client().get("/readyz").json() == {"status": "ready"}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_case RENAME TO gone")
    assert Client().get("/readyz").status_code == 200  # what was found still holds
    monkeypatch.setattr(health, "_readiness", Readiness(lambda: house))
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["detail"]) == (503, health.NO_STORES)


def test_a_process_with_an_older_schema_is_not_ready(house: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'store' AND name >= '0009'")
    assert Readiness(lambda: house).trouble() == health.NO_TABLES


def test_a_disk_that_is_nearly_full_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "DISK_FROM", 1 << 62)
    assert Readiness(lambda: house).trouble() == health.NO_DISK
