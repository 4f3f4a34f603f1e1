"""What if the world is not as it should be? A shop away for an hour, clocks that differ, a disk that is full."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from takeback.bootstrap import build_event_log
from takeback.casework import engine, handback
from takeback.casework.ports import Clock as AnyClock
from takeback.casework.progress import Purpose
from takeback.casework.proof import enter
from takeback.casework.report import hand_in
from takeback.casework.starter import Starter
from takeback.configuration import Configuration
from takeback.core.case import Case, Language, Stage
from takeback.core.service import Outcome
from takeback.shops.pretend import PretendShop
from tests.casework.conftest import Town, code_in
from tests.casework.life import ACCOUNT
from tests.conftest import MakeEvent, use_database

HOUR = timedelta(hours=1)
APART = timedelta(minutes=10)
NEW_PASSWORD = "a completely new sentence"


def test_a_shop_that_is_away_for_an_hour_has_everything_done_once_when_it_is_back(town: Town) -> None:
    town.shop.trouble.down = True
    case = town.report()
    assert case is not None
    town.run(until=town.clock.now() + HOUR)
    assert _is_frozen(town.video)
    town.shop.trouble.down = False
    town.run(until=town.clock.now() + timedelta(minutes=10))
    assert _is_frozen(town.shop)
    town.prove(case)
    now = town.case
    assert now is not None
    assert now.stage is Stage.HOLD
    assert all(row.outcome in (Outcome.DONE, Outcome.ALREADY_DONE) for row in town.house.cases.actions(case.id))
    assert {*town.shop.effects.values(), *town.video.effects.values()} == {1}
    assert not [task for task in town.house.cases.tasks(case.id) if task.closed_at is None]


@dataclass
class Apart:
    """The clock of a machine whose time differs from that of the others."""

    clock: AnyClock
    by: timedelta

    def now(self) -> datetime:
        """The time, as it has it."""
        return self.clock.now() + self.by


@pytest.mark.parametrize("by", [APART, -APART], ids=["ahead", "behind"])
def test_a_web_side_whose_clock_is_ten_minutes_off_the_workers_brings_a_case_to_its_end(
    town: Town, by: timedelta
) -> None:
    web = replace(town.house, clock=Apart(town.clock, by))

    def prove(purpose: Purpose) -> None:
        town.queue.start("code", case.id, purpose.value, because=purpose.value)
        town.run()
        assert enter(web, case.id, code_in(town.postbox.named("code")[-1]))
        town.run()

    hand_in(web, ACCOUNT, "買っていない商品が勝手に購入されている", Language.JA)
    town.run()
    case = _there(town)
    prove(Purpose.PROOF)
    until = _there(town).hold_until
    assert until is not None
    town.run(until=until + APART)
    town.clock.at = max(town.clock.at, until + APART)  # who asks too early by the web side's clock is asked to wait
    prove(Purpose.HAND_BACK)
    assert handback.set_password(web, case.id, NEW_PASSWORD) == ()
    town.run()
    assert _there(town).stage is Stage.CLOSED
    assert {*town.shop.effects.values(), *town.video.effects.values()} == {1}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "none", folder]).returncode:
        pytest.skip("nobody may mount a disk here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """While this lasts, nothing more fits on the disk."""
    left = os.statvfs(disk)
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * min(65536, left.f_bsize * 16)):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        filler.unlink()


@pytest.mark.on_store("sqlite")
def test_on_a_full_disk_no_event_is_said_to_be_stored_and_afterwards_all_goes_on(
    small_disk: Path, configuration: Configuration, make_event: MakeEvent
) -> None:
    here = replace_dir(configuration, small_disk)
    log = build_event_log(here)
    accepted = [make_event(id="before", subject="42")]
    log.append(accepted)
    refused = 0
    with full(small_disk):
        for number in range(40):
            events = [make_event(id=f"full-{number}-{one}", subject="42") for one in range(50)]
            try:
                log.append(events)
            except Exception:
                refused += 1
            else:
                accepted += events
    assert refused
    more = [make_event(id="after", subject="42")]
    log.append(more)
    log.close()
    log = build_event_log(here)
    assert {event.id for event in log.account("42")} == {event.id for event, _ in accepted + more}
    log.close()


@pytest.mark.on_store("sqlite")
def test_a_case_goes_on_when_the_disk_has_room_again(
    town: Town, small_disk: Path, empty_cases: Path, configuration: Configuration
) -> None:
    here = replace_dir(configuration, small_disk)
    here.cases_path.write_bytes(empty_cases.read_bytes())
    use_database(here)
    engine.migrate(here.engine_url)
    house = replace(town.house, configuration=here, starter=Starter(here.engine_url), event_log=build_event_log(here))
    there = replace(town, house=house, told={})
    there.tell()
    with engine.working(house):
        hand_in(house, ACCOUNT, "買っていない商品が勝手に購入されている", Language.JA)
        _until(lambda: there.case is not None)
        with full(small_disk):
            time.sleep(2.0)
        _until(lambda: there.case is not None and there.case.stage is Stage.UNDO)
        case = _there(there)
        house.starter.start("code", case.id, "proof", because="asked")
        _until(lambda: bool(there.postbox.named("code")))
        assert enter(house, case.id, code_in(there.postbox.named("code")[-1]))
        _until(lambda: _there(there).stage is Stage.HOLD)
    assert {*town.shop.effects.values(), *town.video.effects.values()} == {1}
    assert house.cases.verify(case.id) is None  # type: ignore[attr-defined]  # the store has it, its port does not
    house.starter.close()
    house.event_log.close()


def replace_dir(configuration: Configuration, folder: Path) -> Configuration:
    """The same settings with their files elsewhere."""
    import msgspec

    return msgspec.structs.replace(configuration, data_dir=folder)


def _is_frozen(shop: PretendShop) -> bool:
    snapshot = shop.account(ACCOUNT)
    return snapshot is not None and snapshot.frozen


def _there(town: Town) -> Case:
    assert town.case is not None
    return town.case


def _until(so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not so():
        assert time.monotonic() < until
        time.sleep(0.05)
