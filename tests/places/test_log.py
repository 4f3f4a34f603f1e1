"""Does an investigation see places that the shop left out, while the log stays as it came?"""

from pathlib import Path

import pytest
from msgspec.structs import replace

from takeback.bootstrap import build_house
from takeback.configuration import Configuration, load_configuration
from takeback.core.errors import SettingsError
from takeback.places.log import PlacedEventLog
from takeback.places.lookup import Places
from takeback.store.eventlog import SqliteEventLog
from tests.conftest import MakeEvent
from tests.places.files import ASN, COUNTRY, write


def test_events_are_filled_in_as_they_are_read_and_stored_as_they_came(tmp_path: Path, make_event: MakeEvent) -> None:
    log = SqliteEventLog(tmp_path / "events.db", contact_key=b"k" * 32)
    placed = PlacedEventLog(log, Places.open([write(tmp_path / "country.mmdb", COUNTRY)]))
    told = make_event(data={"what": "orders", "client": {"ip": "203.0.113.9"}})
    assert placed.append([told]).stored == 1
    assert [event.data.client.country for event in placed.account("42")] == ["JP"]
    assert log.account("42") == [told[0]]
    assert placed.as_read(told[0]) == placed.account("42")[0]
    assert placed.accounts() == ["42"]
    assert placed.accounts_with_contact("nobody@example.jp") == []
    placed.close()


def test_a_house_without_files_reads_its_log_as_it_is(cases_path: Path, configuration: Configuration) -> None:
    assert cases_path == configuration.cases_path
    house = build_house(configuration)
    assert isinstance(house.event_log, SqliteEventLog)
    house.close()


def test_the_setting_names_the_files_beside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "takeback.toml").write_text('places = ["a.mmdb", "/srv/b.mmdb"]\n')
    monkeypatch.chdir(tmp_path)
    environment = {"TAKEBACK_CONFIG": str(tmp_path / "etc" / "takeback.toml")}
    assert load_configuration(environment).places == (tmp_path / "etc" / "a.mmdb", Path("/srv/b.mmdb"))
    said = environment | {"TAKEBACK_PLACES": "c.mmdb, d.mmdb"}
    assert load_configuration(said).places == (tmp_path / "c.mmdb", tmp_path / "d.mmdb")


def test_a_house_does_not_start_with_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    environment = {"TAKEBACK_DATA_DIR": str(tmp_path / "data"), "TAKEBACK_PLACES": str(tmp_path / "none.mmdb")}
    with pytest.raises(SettingsError, match=r"none\.mmdb cannot be read"):
        build_house(load_configuration(environment))


def test_a_house_with_files_fills_in_what_it_investigates(
    cases_path: Path, configuration: Configuration, tmp_path: Path, make_event: MakeEvent
) -> None:
    assert cases_path == configuration.cases_path
    house = build_house(replace(configuration, places=(write(tmp_path / "asn.mmdb", ASN),)))
    house.event_log.append([make_event(data={"what": "orders", "client": {"ip": "203.0.113.9"}})])
    assert [event.data.client.asn for event in house.event_log.account("42")] == [2527]
    house.close()
