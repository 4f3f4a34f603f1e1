"""Are country and network filled in where they are missing, and nothing else touched?"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from takeback.core.errors import SettingsError
from takeback.core.events import Client, Event
from takeback.places.lookup import Place, Places, place_of
from tests.conftest import MakeEvent
from tests.places.files import ASN, COUNTRY, JAPAN, write


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [write(tmp_path / "country.mmdb", COUNTRY), write(tmp_path / "asn.mmdb", ASN)]


@pytest.fixture
def event(make_event: MakeEvent) -> Callable[..., Event]:
    return lambda **client: make_event(data={"what": "orders", "client": client})[0]


def test_country_and_network_are_filled_in_from_several_files(files: list[Path], event: Callable[..., Event]) -> None:
    before = event(ip="203.0.113.9", session="s-1")
    filled = Places.open(files).fill(before)
    assert filled.data.client == Client(ip="203.0.113.9", session="s-1", country="JP", asn=2527)
    assert (filled.id, filled.time, filled.type) == (before.id, before.time, before.type)


def test_what_the_shop_says_is_not_replaced(files: list[Path], event: Callable[..., Event]) -> None:
    places = Places.open(files)
    assert places.fill(event(ip="203.0.113.9", country="US")).data.client == Client(
        ip="203.0.113.9", country="US", asn=2527
    )
    assert places.fill(event(ip="203.0.113.9", asn="AS64500")).data.client.asn == "AS64500"
    whole = event(ip="203.0.113.9", country="US", asn=1)
    assert places.fill(whole) is whole


@pytest.mark.parametrize("address", ["", "unknown", "203.0.113.9, 198.51.100.7", "203.0.113.9:443", "999.1.1.1", "あ"])
def test_an_address_that_is_none_is_left_as_it_is(files: list[Path], event: Callable[..., Event], address: str) -> None:
    before = event(ip=address)
    assert Places.open(files).fill(before) is before


def test_an_event_without_an_address_is_left_as_it_is(files: list[Path], event: Callable[..., Event]) -> None:
    before = event(session="s-1")
    assert Places.open(files).fill(before) is before


def test_an_address_that_no_file_knows_is_left_as_it_is(files: list[Path], event: Callable[..., Event]) -> None:
    before = event(ip="192.0.2.1")
    assert Places.open(files).fill(before) is before


def test_an_ipv4_address_written_as_ipv6_is_the_same_address(files: list[Path], event: Callable[..., Event]) -> None:
    assert Places.open(files).fill(event(ip="::ffff:203.0.113.9")).data.client.country == "JP"


def test_an_ipv6_address_is_not_looked_for_in_a_file_of_ipv4(tmp_path: Path, event: Callable[..., Event]) -> None:
    places = Places.open([write(tmp_path / "four.mmdb", COUNTRY, version=4)])
    before = event(ip="2001:db8::1")
    assert places.fill(before) is before
    assert places.fill(event(ip="203.0.113.9")).data.client.country == "JP"


def test_the_first_file_that_knows_wins(tmp_path: Path, event: Callable[..., Event]) -> None:
    first = write(tmp_path / "first.mmdb", {JAPAN: {"country_code": "KR"}})
    second = write(tmp_path / "second.mmdb", COUNTRY)
    places = Places.open([first, second])
    assert places.fill(event(ip="203.0.113.9")).data.client.country == "KR"
    assert places.fill(event(ip="198.51.100.7")).data.client.country == "NL"


@pytest.mark.parametrize(
    ("record", "place"),
    [
        ({"country": {"iso_code": "JP"}, "city": {"names": {"en": "Tokyo"}}}, Place("JP")),
        ({"registered_country": {"iso_code": "US"}, "continent": {"code": "AS"}}, Place()),
        ({"autonomous_system_number": 2527, "isp": "Example", "organization": "Example"}, Place(None, 2527)),
        ({"country": {"iso_code": "JP"}, "traits": {"autonomous_system_number": 2527}}, Place("JP", 2527)),
        ({"country": "JP", "asn": "AS2527"}, Place("JP", "AS2527")),
        ({"country_code": "JP"}, Place("JP")),
        ({"country": {}, "traits": []}, Place()),
        ({"country": "Japan", "asn": ""}, Place()),
        (["JP"], Place()),
        (None, Place()),
    ],
    ids=["city", "registered only", "ISP", "enterprise", "flat", "flat code", "empty", "no code", "a list", "nothing"],
)
def test_each_known_form_of_a_record_is_understood(record: object, place: Place) -> None:
    assert place_of(record) == place


def test_a_file_says_what_it_is_and_when_it_was_made(tmp_path: Path) -> None:
    made_at = datetime(2025, 3, 1, tzinfo=UTC)
    path = write(tmp_path / "country.mmdb", COUNTRY, made_at=made_at, kind="Test-Country")
    (file,) = Places.open([path]).files
    assert (file.path, file.kind, file.made_at) == (path, "Test-Country", made_at)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.mmdb cannot be read: No such file or directory\.$"):
        Places.open([tmp_path / "none.mmdb"])


@pytest.mark.parametrize("content", [b"", b"no database", bytes(4096)])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.mmdb"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="is not a whole file in MaxMind's format"):
        Places.open([path])


def test_a_file_that_was_cut_short_is_refused(files: list[Path]) -> None:
    whole = files[0].read_bytes()
    files[0].write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SettingsError, match=r"country\.mmdb"):
        Places.open(files)


def test_a_file_that_tells_nothing_of_places_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "anonymous.mmdb", {JAPAN: {"is_anonymous": True}})
    with pytest.raises(SettingsError, match="tells neither countries nor numbers of networks"):
        Places.open([path])
