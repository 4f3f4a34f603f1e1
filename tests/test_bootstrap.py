"""Is a house complete, and its files for its owner alone?"""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from takeback import bootstrap
from takeback.bootstrap import House
from takeback.casework import ports
from tests.conftest import MakeEvent

_SET_UP = """
from takeback.bootstrap import build_house, house, make_tables
from takeback.configuration import load_configuration
from takeback.store.start import waiting_migrations

make_tables(load_configuration())
make_tables(load_configuration())
here = house()
assert here is house()
assert waiting_migrations() == []
assert here.cases.cases() == []
assert here.event_log.account("42") == []
assert not here.starter.is_waiting("c1")
here.close()
"""


def test_a_new_installation_is_made_from_its_settings_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TAKEBACK_DATA_DIR": str(data)}
    done = subprocess.run(
        [sys.executable, "-c", _SET_UP], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
    assert {"events.db", "cases.db", "engine.db", "secret_key"} <= set(modes)
    assert {name for name, mode in modes.items() if mode & 0o077} == set()


def test_a_house_has_all_that_casework_works_with(house: House) -> None:
    worked_with: ports.House = house
    assert [service.source for service in worked_with.services] == ["/shops/oscar", "/services/video"]
    assert house.service("/services/video") is house.services[1]
    assert house.service("/elsewhere") is None


def test_a_process_lives_in_the_house_it_moved_into(house: House) -> None:
    assert bootstrap.house() is house


def test_a_house_that_was_closed_takes_no_more_events(house: House, make_event: MakeEvent) -> None:
    house.close()
    with pytest.raises(RuntimeError, match="closed"):
        house.event_log.append([make_event()])
