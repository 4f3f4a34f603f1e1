"""Which country and which network does an address belong to? Looked up in MaxMind-format files (.mmdb).

What the shop reported itself is never replaced, and an address that is none is left as it is. Known are the forms of
the databases called Country, City, Enterprise, ASN and ISP, and flat ones with `country` or `country_code` and `asn`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import maxminddb
from msgspec.structs import replace

from takeback.core.errors import SettingsError
from takeback.core.events import Event

_TRIED = 1000  # records that are read at the start, so that a file of another kind is noticed then
_KEPT = 1 << 16  # addresses whose place is kept in memory
_FLAT_COUNTRY, _FLAT_ASN = ("country_code", "country"), ("autonomous_system_number", "asn")


class Place(NamedTuple):
    """An ISO 3166 code and a network's number, each None where it is not known."""

    country: str | None = None
    asn: int | str | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """A file that was opened: what it calls itself, and when it was made."""

    path: Path
    kind: str
    made_at: datetime


class Places:
    """The files, open. What one does not know, the next one may."""

    def __init__(self, readers: Iterable[tuple[Path, maxminddb.Reader]]) -> None:
        self._readers = [*readers]
        self._place = lru_cache(_KEPT)(self._look_up)

    @classmethod
    def open(cls, paths: Iterable[Path]) -> "Places":
        """Open these files; `SettingsError` names the one that cannot be read or tells nothing of places."""
        opened: list[tuple[Path, maxminddb.Reader]] = []
        try:
            for path in paths:
                opened.append((path, _open(path)))  # noqa: PERF401 - those before a bad one are closed again
        except SettingsError:
            cls(opened).close()
            raise
        return cls(opened)

    def close(self) -> None:
        """Let go of the files."""
        for _, reader in self._readers:
            reader.close()

    @property
    def files(self) -> list[PlaceFile]:
        """What was opened."""
        told = ((path, reader.metadata()) for path, reader in self._readers)
        return [
            PlaceFile(path, data.database_type, datetime.fromtimestamp(data.build_epoch, UTC)) for path, data in told
        ]

    def fill(self, event: Event) -> Event:
        """The event with its client's country and network, as far as the shop left them out and the files know."""
        client = event.data.client
        if not client.ip or (client.country and client.asn):
            return event
        place = self._place(client.ip)
        country, asn = client.country or place.country, client.asn or place.asn
        if (country, asn) == (client.country, client.asn):
            return event
        return replace(event, data=replace(event.data, client=replace(client, country=country, asn=asn)))

    def _look_up(self, text: str) -> Place:
        try:
            address = ip_address(text.strip())
        except ValueError:
            return NOWHERE
        if isinstance(address, IPv6Address):
            address = address.ipv4_mapped or address
        found = NOWHERE
        for _, reader in self._readers:
            if address.version > reader.metadata().ip_version:  # 4 means that it holds no IPv6 address
                continue
            try:
                place = place_of(reader.get(address))
            except maxminddb.InvalidDatabaseError:
                continue  # damaged in the middle: what it would say is not known
            found = Place(found.country or place.country, found.asn or place.asn)
        return found


def place_of(record: object) -> Place:
    """The place that a record of any of the known forms tells."""
    if not isinstance(record, Mapping):
        return NOWHERE
    country, traits = record.get("country"), record.get("traits")
    code = country.get("iso_code") if isinstance(country, Mapping) else _first(record, _FLAT_COUNTRY)
    asn = _first(record, _FLAT_ASN) or (_first(traits, _FLAT_ASN) if isinstance(traits, Mapping) else None)
    return Place(
        code if isinstance(code, str) and len(code) == 2 else None,
        asn if isinstance(asn, int | str) and asn else None,
    )


def _first(record: Mapping[object, object], names: Iterable[str]) -> object:
    return next((value for name in names if (value := record.get(name))), None)


def _open(path: Path) -> maxminddb.Reader:
    try:
        reader = maxminddb.open_database(path)
    except OSError as error:
        raise SettingsError(f"The file of places {path} cannot be read: {error.strerror}.") from None
    except (maxminddb.InvalidDatabaseError, ValueError):
        raise SettingsError(f"The file of places {path} is not a whole file in MaxMind's format (.mmdb).") from None
    try:
        tried = [place_of(record) for _, record in islice(reader, _TRIED)]
    except (maxminddb.InvalidDatabaseError, ValueError):
        reader.close()
        raise SettingsError(f"The file of places {path} is damaged.") from None
    if tried and all(place == NOWHERE for place in tried):
        reader.close()
        raise SettingsError(f"The file of places {path} tells neither countries nor numbers of networks.")
    return reader
