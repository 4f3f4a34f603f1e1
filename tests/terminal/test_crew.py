"""Does a worker that dies, or an account that cannot be investigated, become one clear sentence?"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.investigating import texts
from takeback.core.errors import OutsideError, TakebackError
from takeback.core.events import parse_event
from takeback.store import spill
from takeback.store.files import Block, read_blocks
from takeback.store.spill import Record, Spill
from takeback.terminal.answering import Answerer, Question
from takeback.terminal.crew import Crew
from takeback.terminal.shift import Kind, Reply, Shift, Solve, Sort, Sorted, merged
from tests.conftest import event_text
from tests.terminal.many import AT, each_alone, lines

NOW = datetime.fromisoformat(AT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    return tmp_path


@pytest.fixture
def at(folder: Path) -> Iterator[int]:
    with (folder / "at").open("wb", buffering=0) as file:
        yield file.fileno()


def test_an_account_that_cannot_be_investigated_is_named_without_what_it_holds() -> None:
    naive = Question(now=datetime(2026, 11, 22))
    with pytest.raises(TakebackError, match=r"^The account '42' could not be investigated: TypeError in \w+\.py, line"):
        Answerer(naive).answer("42", [parse_event(event_text())])


def test_a_worker_that_dies_says_which_account_it_was_at(folder: Path) -> None:
    spilt = Spill(folder / "parts", "w9")
    for number, line in enumerate(texts(20_000)):
        spilt.put(Record(number, "the large one", line))
    spilt.close()
    ((part,),) = spill.parts(folder / "parts")

    def kill() -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if (at := folder / "w0.at").exists() and at.read_bytes().startswith(b"the large one"):
                break
            time.sleep(0.01)
        for worker in multiprocessing.active_children():
            os.kill(worker.pid or 0, signal.SIGKILL)

    with Crew(1, Question(now=datetime.now(UTC)), folder) as crew:
        threading.Thread(target=kill).start()
        with pytest.raises(
            OutsideError, match=r"investigated the account 'the large one' \(SIGKILL; out of memory\?\)"
        ):
            list(crew.each([Solve((part,), folder / "out")]))
    assert multiprocessing.active_children() == []


def test_a_full_disk_is_one_sentence(folder: Path, at: int) -> None:
    shift = Shift(Question(now=NOW), folder / "missing", "w0", lambda _: None, at)
    reply = shift.do(Sort(Block(1, event_text())))
    assert reply == Reply(
        Kind.FAILED, "The lines cannot be put aside: No such file or directory. TMPDIR names the folder."
    )


def test_parts_that_are_too_large_are_parted_again_and_give_the_same(folder: Path, at: int, tmp_path: Path) -> None:
    written, told = lines(6), list[Reply]()  # a slow machine tells on its way of some that it has answered
    (tmp_path / "events").write_bytes(b"\n".join(written))
    shift = Shift(Question(now=NOW, as_json=True), folder / "parts", "w0", told.append, at, largest=1000)
    for block in read_blocks(tmp_path / "events", 1 << 16):
        assert shift.do(Sort(block)).kind is Kind.DONE
    shift.do(Sorted())
    crowded = [path for paths in spill.parts(folder / "parts") for path in paths]  # as if all had met in one part
    done = shift.do(Solve(tuple(crowded), tmp_path / "out"))
    assert done.kind is Kind.DONE
    assert sum(reply.accounts for reply in (*told, done)) == 6
    assert b"".join(record.text for record in merged([tmp_path / "out"])) == each_alone(written)
    assert [path for path in (folder / "parts").rglob("*") if path.is_file()] == []
