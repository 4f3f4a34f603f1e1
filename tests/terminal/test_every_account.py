"""`takeback investigate --all`: a file of many accounts gives the answers that each gives alone, or none at all."""

import contextlib
import gzip
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import zstandard

from benchmarks.all_accounts import peak
from takeback.core.investigate.attribution import Word
from tests.conftest import event_text
from tests.terminal.many import ENOUGH, call, command, each_alone, lines, write


@pytest.fixture(scope="module")
def many() -> list[bytes]:
    return lines(ENOUGH)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, many: list[bytes]) -> Path:
    path = tmp_path_factory.mktemp("many") / "events.ndjson"
    path.write_bytes(b"\n".join(many) + b"\n")
    return path


@pytest.fixture(scope="module")
def alone(many: list[bytes]) -> bytes:
    return each_alone(many)


@pytest.mark.parametrize("jobs", ["1", "2", "3"])
def test_however_many_workers_the_answers_are_those_of_each_account_alone(file: Path, alone: bytes, jobs: str) -> None:
    done = call(file, "--jobs", jobs)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == alone


def test_a_small_file_gives_the_same_without_other_processes(tmp_path: Path) -> None:
    written = lines(2)
    (tmp_path / "few.ndjson").write_bytes(b"\n".join(written))
    assert call(tmp_path / "few.ndjson").stdout == each_alone(written)


def test_packed_files_and_pipes_give_the_same(file: Path, alone: bytes, tmp_path: Path) -> None:
    plain = file.read_bytes()
    (tmp_path / "events.gz").write_bytes(gzip.compress(plain, 1))
    assert call(tmp_path / "events.gz").stdout == alone
    assert call("-", given=plain).stdout == alone
    assert call("-", given=zstandard.compress(plain)).stdout == alone


def test_a_small_pipe_may_be_packed_as_well(many: list[bytes]) -> None:
    few = many[:40]
    for given in (b"\n".join(few), gzip.compress(b"\n".join(few))):
        assert call("-", given=given).stdout == each_alone(few)


def test_a_named_pipe_is_read_as_a_file(alone: bytes, file: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(command(pipe), stdout=subprocess.PIPE) as process:
        with pipe.open("wb") as writing:
            writing.write(file.read_bytes())
        assert process.communicate(timeout=60)[0] == alone


def test_events_that_came_twice_and_disagree_count_as_in_a_file_of_their_own(tmp_path: Path, many: list[bytes]) -> None:
    twice = [*many, *(line.replace(b"Safari", b"Firefox") for line in many[:500])]
    (tmp_path / "twice.ndjson").write_bytes(b"\n".join(twice))
    assert call(tmp_path / "twice.ndjson", "--jobs", "3").stdout == each_alone(twice)


def test_what_was_said_is_heard_by_the_account_that_it_is_about(file: Path, many: list[bytes], tmp_path: Path) -> None:
    said = tmp_path / "said.ndjson"
    said.write_text(
        '{"event": "7-ev9", "mine": false}\n{"session": "s-x", "mine": true}\n{"order": "none", "mine": true}\n'
    )
    words = (Word("event", "7-ev9", mine=False), Word("session", "s-x", mine=True), Word("order", "none", mine=True))
    told = call(file, "--said", str(said)).stdout
    assert told == each_alone(many, *words)
    assert told != each_alone(many)


@pytest.mark.parametrize("place", ["first", "last", "both"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_broken_line_is_told_and_nothing_else_is(
    many: list[bytes], tmp_path: Path, place: str, *, packed: bool
) -> None:
    broken = event_text(type="order.eaten")
    first, last = [b"", broken] if place != "last" else [], [broken] if place != "first" else []
    path = tmp_path / ("events.gz" if packed else "events.ndjson")
    content = b"\n".join([*first, *many, *last, *many[:10]])
    path.write_bytes(gzip.compress(content, 1) if packed else content)
    done = call(path)
    line = len(many) + 1 if place == "last" else 2
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode() == f"takeback: {path}, line {line}, type: unknown event type 'order.eaten'\n"


@pytest.mark.parametrize("before", [3, None], ids=["a small file", "a large one"])
def test_a_broken_line_is_told_before_what_is_wrong_further_on(
    many: list[bytes], tmp_path: Path, before: int | None
) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join([*many[:before], b"{}", b"x" * 2_000_000]))
    done = call(path)
    line = len(many[:before]) + 1
    assert done.stderr.decode() == f"takeback: {path}, line {line}, specversion: is missing\n"
    path.write_bytes(b"\n".join([*many[:before], b"x" * 2_000_000]))
    assert call(path).stderr.decode() == f"takeback: {path}, line {line}: is longer than 1024 KiB\n"


def test_a_file_without_any_event_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.ndjson").write_bytes(b"\n\n")
    done = call(tmp_path / "none.ndjson")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"holds no event" in done.stderr


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "100000"])
def test_a_number_of_workers_that_is_none_is_refused(file: Path, jobs: str) -> None:
    done = call(file, f"--jobs={jobs}")
    assert done.returncode == 2
    assert b"is not a number from 1 to 256" in done.stderr


@pytest.fixture
def begun(tmp_path: Path, many: list[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A call that has put lines aside in `tmp_path` and waits for more."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    # A shell that starts this in the background has its children ignore the interrupt; ours is to hear it.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command("-"), env=environment, preexec_fn=heard, **pipes) as process:
        assert process.stdin is not None
        process.stdin.write(b"\n".join([*many, *many]) + b"\n")
        process.stdin.flush()
        until = time.monotonic() + 30
        while not [*tmp_path.glob("takeback-*/parts/*")]:
            assert time.monotonic() < until
            time.sleep(0.02)
        yield process
        process.kill()


def test_what_is_put_aside_can_be_read_by_nobody_else(begun: subprocess.Popen[bytes], tmp_path: Path) -> None:
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    begun.terminate()
    begun.wait(timeout=30)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_who_interrupts_it_finds_nothing_left(
    begun: subprocess.Popen[bytes], tmp_path: Path, number: signal.Signals, status: int
) -> None:
    begun.send_signal(number)
    told, complained = begun.communicate(timeout=30)
    assert (begun.returncode, told, complained) == (status, b"", b"")
    assert [*tmp_path.iterdir()] == []


def test_nothing_is_left_after_the_end_and_after_an_error(file: Path, many: list[bytes], tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    broken = tmp_path / "broken.ndjson"
    broken.write_bytes(b"\n".join([*many, b"{}"]))
    for path, status in ((file, 0), (broken, 2)):
        environment = {**os.environ, "TMPDIR": str(folder)}
        done = subprocess.run(command(path), env=environment, capture_output=True, timeout=60, check=False)
        assert done.returncode == status
        assert [*folder.iterdir()] == []


def test_a_terminal_sees_how_far_it_is_and_the_answers_stay_clean(file: Path, alone: bytes) -> None:
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command(file), env=environment, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        assert process.stdout is not None
        answers: list[bytes] = []
        told = threading.Thread(target=lambda answering: answers.append(answering.read()), args=(process.stdout,))
        told.start()
        drawn = b""
        with contextlib.suppress(OSError):  # so the end of a terminal is told
            while part := os.read(ours, 4096):
                drawn += part
        told.join()
    os.close(ours)
    assert answers == [alone]
    assert b"events.ndjson" in drawn
    assert b" MB / " in drawn


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def written(name: str, times: int) -> Path:
        wide = {"what": "orders", "note": "—" * 2000}
        events = (
            event_text(id=f"e{number}", subject=f"a{number % (40 * times)}", data=wide) + b"\n"
            for number in range(500 * times)
        )
        path = tmp_path / name
        path.write_bytes(b"".join(events))
        return path

    once, more = written("once", 1), written("more", 8)
    grown = (more.stat().st_size - once.stat().st_size) / 1e6
    assert grown > 20
    assert peak(command(more)) - peak(command(once)) < grown / 2
    only = ("takeback.cli", "investigate", str(more), "--account", "a1", "--json")
    assert peak([command(more)[0], "-m", *only]) < 60


def test_a_small_file_of_one_account_is_written_as_ever(tmp_path: Path) -> None:
    done = call(write(tmp_path / "one.ndjson", 1), "--language", "en")
    assert done.stdout.count(b"\n") == 1
