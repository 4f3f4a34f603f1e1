"""`takeback import`: is every event of a file there once, wherever the import was ended, and is a wrong line told?"""

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import zstandard

from takeback.bootstrap import build_event_log
from takeback.casework.ports import EventLog
from takeback.configuration import Configuration
from takeback.core.errors import InputError
from takeback.core.events import Event
from takeback.store.files import STANDARD_INPUT
from takeback.store.imported import identity, open_places
from takeback.terminal.badlines import BadLines
from takeback.terminal.import_reading import BATCH
from takeback.terminal.import_told import Teller
from takeback.terminal.importing import Importer
from tests.conftest import INSTALLATION, event_text

ACCOUNTS = 7


def lines(many: int) -> list[bytes]:
    """Events of some accounts, a minute after each other."""
    return [
        event_text(id=f"e{number}", subject=f"a{number % ACCOUNTS}", time=f"2026-11-01T10:{number % 60:02}:00+09:00")
        for number in range(many)
    ]


def write(path: Path, content: list[bytes]) -> str:
    path.write_bytes(b"\n".join(content) + b"\n")
    return str(path)


def stored(log: EventLog) -> list[str]:
    return sorted(event.id for number in range(ACCOUNTS) for event in log.account(f"a{number}"))


def ids(many: int) -> list[str]:
    return sorted(f"e{number}" for number in range(many))


@pytest.fixture
def importer(configuration: Configuration, event_log: EventLog) -> Iterator[Importer]:
    places = open_places(configuration)
    yield Importer(event_log, places, Teller())
    places.close()


@pytest.mark.parametrize("packed", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gz", "zst"])
def test_every_event_of_a_file_is_stored_once(
    importer: Importer, tmp_path: Path, packed: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"h.{ {gzip.compress: 'gz', zstandard.compress: 'zst'}.get(packed, 'ndjson') }"
    path.write_bytes(packed(b"\n\n".join(lines(30))))
    importer.run(str(path))
    assert stored(importer.log) == ids(30)
    assert (importer.place.stored, importer.place.repeated, importer.place.whole) == (30, 0, True)


def test_a_file_that_was_imported_is_not_read_again_unless_that_is_asked_for(
    importer: Importer, tmp_path: Path
) -> None:
    file = write(tmp_path / "h.ndjson", lines(30))
    importer.run(file)
    importer.run(file)
    assert importer.begun.whole
    importer.run(file, again=True)
    assert (importer.place.stored, importer.place.repeated) == (0, 30)


def test_a_file_that_has_grown_is_another_one_and_its_old_events_count_as_repeats(
    importer: Importer, tmp_path: Path
) -> None:
    importer.run(write(tmp_path / "h.ndjson", lines(20)))
    importer.run(write(tmp_path / "h.ndjson", lines(30)))
    assert (importer.place.stored, importer.place.repeated) == (10, 20)


def test_a_wrong_line_ends_it_with_everything_before_it_stored(importer: Importer, tmp_path: Path) -> None:
    file = write(tmp_path / "h.ndjson", [*lines(20), event_text(type="order.eaten"), *lines(25)[20:]])
    with pytest.raises(InputError, match=r"h\.ndjson, line 21, type: unknown event type 'order\.eaten'"):
        importer.run(file)
    assert stored(importer.log) == ids(20)
    assert (importer.place.lines, importer.place.whole) == (20, False)


def test_where_wrong_lines_are_passed_over_they_are_kept_for_their_reader_alone(
    importer: Importer, tmp_path: Path
) -> None:
    wrong = event_text(type="order.eaten")
    secret = event_text(data={"what": "cards", "note": "4242 4242 4242 4242"})
    unread = b'{"specversion": 4242424242424242, "password": "hunter2"'
    file = write(tmp_path / "h.ndjson", [*lines(20), wrong, secret, unread, *lines(25)[20:]])
    with pytest.raises(InputError):
        importer.run(file)
    with BadLines(tmp_path / "bad.ndjson") as importer.bad:
        importer.run(file)
    assert (importer.begun.lines, importer.place.lines) == (20, 28)
    assert (importer.place.stored, importer.place.repeated, importer.place.skipped) == (25, 0, 3)
    assert stored(importer.log) == ids(25)
    assert (tmp_path / "bad.ndjson").stat().st_mode & 0o777 == 0o600
    kept = (tmp_path / "bad.ndjson").read_text()
    told = [json.loads(line) for line in kept.splitlines()]
    assert [(one["line"], one["field"], one.get("text")) for one in told] == [
        (21, "type", wrong.decode()),
        (22, "data", None),
        (23, "specversion", None),
    ]
    assert "4242" not in kept
    assert "hunter2" not in kept


def test_wrong_lines_are_not_added_to_a_file_that_others_can_read(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("")
    (tmp_path / "bad").chmod(0o644)
    with pytest.raises(InputError, match="can be read by others"):
        BadLines(tmp_path / "bad")


def test_an_event_of_another_source_is_a_wrong_line(importer: Importer, tmp_path: Path) -> None:
    importer.source = "/shops/old"
    with pytest.raises(InputError, match="line 1, source: is not '/shops/old'"):
        importer.run(write(tmp_path / "h.ndjson", lines(2)))


def test_accounts_are_scored_only_where_that_was_asked_for(importer: Importer, tmp_path: Path) -> None:
    heard: list[Event] = []
    importer.run(write(tmp_path / "h.ndjson", lines(20)))
    assert heard == []
    importer.noticed = heard.extend
    importer.run(write(tmp_path / "more.ndjson", lines(25)))
    assert [event.id for event in heard] == [f"e{number}" for number in range(20, 25)]


MANY = 6 * BATCH


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("history") / "h.ndjson"
    write(path, lines(MANY))
    return path


@pytest.fixture
def environment(configuration: Configuration, cases_path: Path) -> dict[str, str]:
    assert cases_path.parent == configuration.data_dir
    told = {"TAKEBACK_DATA_DIR": str(configuration.data_dir), "TAKEBACK_SECRET_KEY": INSTALLATION}
    if configuration.database_url is not None:
        told["TAKEBACK_DATABASE_URL"] = str(configuration.database_url)
    return os.environ | told


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "takeback.cli", "import", *map(str, arguments), "--json"]


def place_of(history: Path, configuration: Configuration) -> int:
    """How many lines an import that may still be under way has done."""
    places = open_places(configuration)
    try:
        return places.find(str(identity(history, None))).lines
    finally:
        places.close()


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)],
    ids=["Ctrl-C", "SIGTERM", "kill -9"],
)
def test_ended_at_any_moment_it_goes_on_and_every_event_is_there_once(
    history: Path, configuration: Configuration, environment: dict[str, str], number: signal.Signals, status: int
) -> None:
    # A shell that starts this in the background has its children ignore the interrupt; ours is to hear it.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command(history), env=environment, preexec_fn=heard, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        until = time.monotonic() + 60
        while not (done := place_of(history, configuration)):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.005)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    if process.returncode != 0:  # it may have been quicker than the signal
        assert process.returncode == status, err
        assert err == b""
    if number is not signal.SIGKILL:
        assert json.loads(out)["lines"] >= done
    again = subprocess.run(command(history), env=environment, capture_output=True, timeout=100, check=True)
    told = json.loads(again.stdout)
    assert told["from"] >= done
    assert told["whole"]
    log = build_event_log(configuration)
    assert stored(log) == ids(MANY)
    log.close()


@pytest.mark.on_store("sqlite")
def test_a_full_disk_is_one_sentence_and_with_room_it_goes_on(
    history: Path, configuration: Configuration, environment: dict[str, str]
) -> None:
    def narrow() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (6_000_000, 6_000_000))

    full = subprocess.run(command(history), env=environment, capture_output=True, timeout=100, preexec_fn=narrow)
    assert full.returncode == 1
    (said,) = full.stderr.decode().splitlines()
    assert "could not be stored" in said
    assert said.endswith("The same command goes on from there.")
    left = json.loads(full.stdout)
    assert not left["whole"]
    again = subprocess.run(command(history), env=environment, capture_output=True, timeout=100, check=True)
    told = json.loads(again.stdout)
    assert (told["from"], told["stored"] + told["repeated"]) == (left["lines"], MANY)
    log = build_event_log(configuration)
    assert stored(log) == ids(MANY)
    log.close()


def test_what_comes_in_a_pipe_is_imported_and_what_is_no_file_is_refused(environment: dict[str, str]) -> None:
    piped = subprocess.run(
        command(STANDARD_INPUT, "/nowhere/h.ndjson"),
        input=gzip.compress(b"\n".join(lines(30))),
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert piped.returncode == 2
    assert [json.loads(line)["stored"] for line in piped.stdout.splitlines()] == [30, 0]
    assert piped.stderr.decode() == "takeback: /nowhere/h.ndjson: cannot be read: No such file or directory\n"
