"""Writers of one SQLite file take turns, so that under a wave nobody is kept waiting until he is refused."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from takeback.sqlitefiles.turns import Turns


def test_two_never_have_the_turn_at_once(tmp_path: Path) -> None:
    turns, inside, most = Turns(str(tmp_path / "x.db")), [0], [0]

    def write(_: int) -> None:
        give = turns.take()
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.001)
        inside[0] -= 1
        give()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(64)))
    assert most == [1]


def test_a_process_that_is_killed_has_given_its_turn_up(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    taking = f"Turns({str(path)!r}).take(); print('mine', flush=True); input()"
    code = f"from takeback.sqlitefiles.turns import Turns; {taking}"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        other.kill()
    Turns(str(path)).take()()


def test_who_waits_for_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takeback.sqlitefiles.turns.LONGEST", 0.05)
    one, other = Turns(str(tmp_path / "x.db")), Turns(str(tmp_path / "x.db"))
    give = one.take()
    with pytest.raises(TimeoutError):
        other.take()
    give()
    other.take()()


@pytest.mark.on_store("sqlite")
def test_a_turn_is_given_up_when_what_was_written_is_refused(cases_path: Path) -> None:
    from django.db import IntegrityError, transaction

    from takeback.store.models import StaffLetterRow

    assert cases_path.exists()
    for number in range(3):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffLetterRow.objects.create(id=f"x{number}")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_take_and_give, f"{cases_path}").result(5)


def _take_and_give(database: str) -> None:
    from takeback.sqlitefiles.turns import turns_of

    turns_of(database).take()()
