"""A worker that is asked to stop takes nothing new, lets what runs come to its end, and leaves the rest to others."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from takeback.bootstrap import House
from takeback.casework import engine
from takeback.configuration import Configuration
from tests.casework.stopping import work

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["tests.casework.preloaded", "tests.casework.crashing", "pytest"])


@pytest.fixture
def start(
    house: House, configuration: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[float, int], ForkServerProcess]]:
    """Starts workers of this house."""
    engine.migrate(configuration.engine_url)
    said = [f'data_dir = "{tmp_path}"', f'secret_key = "{configuration.secret_key}"']
    if configuration.database_url is not None:
        said.append(f'database_url = "{configuration.database_url}"')
    (tmp_path / "takeback.toml").write_text("\n".join(said), encoding="utf-8")
    monkeypatch.setenv("TAKEBACK_CONFIG", str(tmp_path / "takeback.toml"))
    running = []

    def one(takes: float, grace: int) -> ForkServerProcess:
        process = _server.Process(target=work, args=(tmp_path, takes, grace))
        process.start()
        running.append(process)
        return process

    for request in ("a", "b"):
        house.starter.start("call", request, because="asked")
    yield one
    for process in running:
        process.kill()
        process.join()


def test_what_runs_comes_to_its_end_and_nothing_new_begins(
    start: Callable[[float, int], ForkServerProcess], tmp_path: Path
) -> None:
    worker = start(1.0, 20)
    _until(lambda: bool([*tmp_path.glob("begun-*")]))
    os.kill(worker.pid or 0, signal.SIGTERM)
    worker.join(40)
    assert worker.exitcode == 0
    assert len([*tmp_path.glob("begun-*")]) == len([*tmp_path.glob("done-*")]) == 1


def test_what_does_not_end_in_time_is_run_by_the_next_one(
    start: Callable[[float, int], ForkServerProcess], tmp_path: Path
) -> None:
    worker = start(60.0, 1)
    _until(lambda: bool([*tmp_path.glob("begun-*")]))
    os.kill(worker.pid or 0, signal.SIGTERM)
    worker.join(40)
    assert worker.exitcode == 0
    assert not [*tmp_path.glob("done-*")]
    start(0.0, 1)
    _until(lambda: len([*tmp_path.glob("done-*")]) == 2)


def _until(so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not so():
        assert time.monotonic() < until
        time.sleep(0.02)
