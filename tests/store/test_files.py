"""Does a file of events say what is wrong with it, and where, in bounded memory?"""

import gzip
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import zstandard

from takeback.core.errors import InputError, SecretRefused
from takeback.store.files import LONGEST_LINE, read_events, read_events_with_text
from tests.conftest import event_text

GOOD = event_text()


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        list(read_events(path))
    return caught.value


def test_lines_are_events_and_blank_lines_are_nothing(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(b"\n" + event_text(id="1") + b"\r\n \t\n" + event_text(id="2"))
    assert [event.id for event in read_events(file)] == ["1", "2"]


def test_an_event_comes_with_its_text(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(GOOD + b"\n")
    assert [text for _, text in read_events_with_text(file)] == [GOOD]


def test_packed_files_are_read_as_plain_ones(tmp_path: Path) -> None:
    lines = b"".join(event_text(id=str(number)) + b"\n" for number in range(3000))
    (tmp_path / "events.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "events.zst").write_bytes(zstandard.compress(lines))
    for name in ("events.gz", "events.zst"):
        assert [event.id for event in read_events(tmp_path / name)] == [str(number) for number in range(3000)]


def test_a_packed_file_may_be_made_of_several(tmp_path: Path) -> None:
    lines = [event_text(id=str(number)) + b"\n" for number in range(2)]
    (tmp_path / "events.gz").write_bytes(b"".join(gzip.compress(line) for line in lines))
    (tmp_path / "events.zst").write_bytes(b"".join(zstandard.compress(line) for line in lines))
    for name in ("events.gz", "events.zst"):
        assert [event.id for event in read_events(tmp_path / name)] == ["0", "1"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b'{"specversion": "1.0", ', None),
        (b"\xff\xfe{}", None),
        (event_text(type="account.exploded"), "type"),
        (event_text(subject=...), "subject"),
        (event_text(data={}), "data.what"),
        (event_text(time="2026-11-01T10:00:00"), "time"),
        (event_text(specversion="0.3"), "specversion"),
        (event_text(data={"what": "cards", "note": "4111 1111 1111 1111"}), "data"),
        (event_text(type="account.field_changed", data={"field": "password", "after": "hunter2"}), "data.after"),
    ],
    ids=[
        "a broken line",
        "not UTF-8",
        "an unknown type",
        "a missing field",
        "a missing field of the data",
        "a time without offset",
        "another version",
        "a card number",
        "a password",
    ],
)
def test_a_bad_line_is_told_with_file_line_and_field(tmp_path: Path, line: bytes, field: str | None) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(GOOD + b"\n\n" + line + b"\n" + GOOD)
    error = refused(file)
    assert (error.file, error.line, error.field) == (str(file), 3, field)
    assert str(error).startswith(f"{file}, line 3")
    assert "\n" not in str(error)


def test_a_secret_is_refused_without_being_repeated(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(event_text(type="account.field_changed", data={"field": "password", "after": "hunter2"}))
    error = refused(file)
    assert isinstance(error, SecretRefused)
    assert "hunter2" not in str(error)


def test_what_comes_before_a_bad_line_was_already_given(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(GOOD + b"\n{}\n")
    events = read_events(file)
    assert next(events).id == "ev1"
    with pytest.raises(InputError):
        next(events)


@pytest.mark.parametrize("content", [b"", b"\n \n"], ids=["nothing", "blank lines"])
@pytest.mark.parametrize("name", ["e.ndjson", "e.gz", "e.zst"])
def test_a_file_without_events_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    packed = {"e.gz": gzip.compress(content), "e.zst": zstandard.compress(content), "e.ndjson": content}
    file.write_bytes(packed[name])
    assert str(refused(file)) == f"{file}: holds no event"


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert str(refused(tmp_path / "none")) == f"{tmp_path / 'none'}: cannot be read: No such file or directory"
    assert "Is a directory" in str(refused(tmp_path))


@pytest.mark.parametrize("name", ["e.gz", "e.zst"])
@pytest.mark.parametrize("damage", ["cut short", "not packed at all", "rubbish in the middle"])
def test_a_damaged_packed_file_is_told(tmp_path: Path, name: str, damage: str) -> None:
    lines = b"".join(event_text(id=os.urandom(8).hex()) + b"\n" for _ in range(2000))
    packed = gzip.compress(lines) if name == "e.gz" else zstandard.ZstdCompressor(write_checksum=True).compress(lines)
    half = len(packed) // 2
    content: dict[str, bytes] = {
        "cut short": packed[:half],
        "not packed at all": GOOD,
        "rubbish in the middle": packed[:half] + bytes(64) + packed[half + 64 :],
    }
    (tmp_path / name).write_bytes(content[damage])
    error = refused(tmp_path / name)
    assert error.file == str(tmp_path / name)
    assert error.line is not None
    assert "\n" not in str(error)


def test_the_longest_line_is_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(GOOD.ljust(LONGEST_LINE) + b"\n")
    assert len(list(read_events(file))) == 1
    file.write_bytes(GOOD + b"\n" + GOOD.ljust(LONGEST_LINE + 1) + b"\n")
    assert str(refused(file)) == f"{file}, line 2: is longer than 1024 KiB"


_READER = """
import resource, sys
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
from takeback.core.errors import InputError
from takeback.store.files import read_events
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    print(len(list(read_events(sys.argv[1]))))
except InputError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) // 1024)
"""


def read_in_another_process(path: Path) -> tuple[str, int]:
    """What the reader said, and by how many MiB it grew."""
    done = subprocess.run(
        [sys.executable, "-c", _READER, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1024 * 1024 * 1024, 1024 * 1024 * 1024)),
        timeout=60,
    )
    said, grown = done.stdout.splitlines()
    return said, int(grown)


def test_a_line_of_a_gigabyte_is_refused_without_being_read_into_memory(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    with file.open("wb") as sparse:
        sparse.write(GOOD + b"\n")
        sparse.truncate(1024 * 1024 * 1024)
    said, grown = read_in_another_process(file)
    assert said == f"{file}, line 2: is longer than 1024 KiB"
    assert grown < 16


def test_a_pipe_that_never_ends_its_line_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def talk() -> None:
        with pipe.open("wb", buffering=0) as talking:
            try:
                while True:
                    talking.write(b"x" * 65536)
            except BrokenPipeError:
                return

    talker = threading.Thread(target=talk)
    talker.start()
    assert refused(pipe).line == 1
    talker.join(timeout=10)
    assert not talker.is_alive()


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("filling", [b"x", b"\n"], ids=["one line", "blank lines"])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused_in_bounded_memory(
    tmp_path: Path, packing: str, filling: bytes
) -> None:
    file = tmp_path / f"bomb.{packing}"
    with file.open("wb") as out:
        packer = (
            gzip.GzipFile(fileobj=out, mode="wb") if packing == "gz" else zstandard.ZstdCompressor().stream_writer(out)
        )
        with packer:
            for _ in range(2 * 1024 if packing == "zst" else 256):
                packer.write(filling * (1024 * 1024))
    assert file.stat().st_size < 1024 * 1024
    said, grown = read_in_another_process(file)
    assert said.endswith("is longer than 1024 KiB")
    assert grown < 40


def test_a_zst_that_asks_for_a_huge_window_is_refused(tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=30)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    file = tmp_path / "window.zst"
    file.write_bytes(packed.compress(GOOD + b"\n") + packed.flush())
    assert "cannot be unpacked or read" in str(refused(file))
