"""Do several processes write one log without loss, without a standstill, and each event once?"""

import os
import signal
import sys
from pathlib import Path
from subprocess import PIPE, Popen

from takeback.bootstrap import build_event_log
from takeback.configuration import Configuration


def writer(configuration: Configuration, what: str) -> "Popen[str]":
    """A process that writes to the log of these settings."""
    said = {"TAKEBACK_DATA_DIR": str(configuration.data_dir), "TAKEBACK_SECRET_KEY": str(configuration.secret_key)}
    if configuration.database_url is not None:
        said["TAKEBACK_DATABASE_URL"] = str(configuration.database_url)
    return Popen(
        [sys.executable, "-m", "tests.store.writer", what],
        stdin=PIPE,
        stdout=PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | said | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_a_writer_that_is_killed_has_kept_all_that_it_acknowledged(configuration: Configuration) -> None:
    acknowledged = 200
    build_event_log(configuration).close()
    with writer(configuration, "for ever") as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(acknowledged)]
        process.send_signal(signal.SIGKILL)
        said += [line.strip() for line in process.stdout if line.endswith("\n")]
    log = build_event_log(configuration)
    kept = [event.id for event in log.account("42")]
    log.close()
    assert set(said) <= set(kept)
    assert len(said) >= acknowledged
    assert len(set(kept)) == len(kept)


def test_two_processes_that_are_told_the_same_store_it_once(configuration: Configuration) -> None:
    build_event_log(configuration).close()
    with writer(configuration, "forwards") as one, writer(configuration, "backwards") as other:
        answers = []
        for process in (one, other):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (one, other):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in (one, other):
            assert process.stdout is not None
            answers.append([int(number) for number in process.stdout.readline().split()])
    log = build_event_log(configuration)
    assert log.count() == 625  # type: ignore[attr-defined]  # of both stores, though casework does not need it
    assert sum(stored for stored, _ in answers) == 625
    assert sum(repeated for _, repeated in answers) == 2 * 24 * 50 - 625
    assert sum(len(log.account(f"a{number}")) for number in range(7)) == 625
    log.close()
