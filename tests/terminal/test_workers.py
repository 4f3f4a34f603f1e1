"""`takeback work --processes N`: so many workers, each replaced when it dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from takeback.bootstrap import make_tables
from takeback.configuration import Configuration

Found = TypeVar("Found")


@pytest.fixture
def several(cases_path: Path, configuration: Configuration) -> Iterator["subprocess.Popen[bytes]"]:
    """Two workers under one."""
    make_tables(configuration)
    environment = {**os.environ, "TAKEBACK_DATA_DIR": str(cases_path.parent), "TAKEBACK_SECRET_KEY": "x" * 40}
    command = [sys.executable, "-m", "takeback.cli", "work", "--processes", "2"]
    process = subprocess.Popen(command, env=environment, cwd=cases_path.parent)
    yield process
    process.terminate()
    process.wait(60)


def test_as_many_workers_live_as_were_asked_for_and_one_that_is_killed_is_replaced(
    several: "subprocess.Popen[bytes]", cases_path: Path
) -> None:
    locks = cases_path.parent / "locks"

    def alive() -> set[str]:
        return {path.name for path in locks.glob("*.worker")} if locks.exists() else set()

    first = until(lambda: alive() if len(alive()) == 2 else None)
    killed = min(first)
    os.kill(int(killed.split("-")[-2]), signal.SIGKILL)
    until(lambda: len(alive() - first) == 1 or None)
    several.send_signal(signal.SIGTERM)
    assert several.wait(60) == 0
    left = alive()
    assert left <= {killed}, "whoever ended in order left its lock behind"


def test_settings_that_cannot_work_are_said_and_nothing_is_started_again(tmp_path: Path) -> None:
    environment = {**os.environ, "TAKEBACK_DATA_DIR": str(tmp_path), "TAKEBACK_BASE_URL": "nowhere"}
    command = [sys.executable, "-m", "takeback.cli", "work", "--processes", "2"]
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert "base_url" in ended.stderr


def until(found: Callable[[], Found | None], most: float = 60) -> Found:
    """What `found` gives as soon as it gives something."""
    end = time.monotonic() + most
    while (what := found()) is None:
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)
    return what
