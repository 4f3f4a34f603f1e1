"""Small files of places, written here: the project ships none, and neither do its tests."""

from datetime import UTC, datetime
from pathlib import Path

from mmdb_writer import MMDBWriter
from netaddr import IPSet

JAPAN, DUTCH = "203.0.113.0/24", "198.51.100.0/24"
COUNTRY = {JAPAN: {"country": {"iso_code": "JP", "names": {"en": "Japan"}}}, DUTCH: {"country": {"iso_code": "NL"}}}
ASN = {JAPAN: {"autonomous_system_number": 2527, "autonomous_system_organization": "Example Carrier"}}


def write(
    path: Path,
    records: dict[str, dict[str, object]],
    *,
    made_at: datetime | None = None,
    kind: str = "Test",
    version: int = 6,
) -> Path:
    """A file with one record for each network."""
    writer = MMDBWriter(ip_version=version, ipv4_compatible=version == 6, database_type=kind)
    for network, record in records.items():
        writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(path))
    if made_at is not None:
        _make_older(path, made_at)
    return path


def _make_older(path: Path, made_at: datetime) -> None:
    """The package takes the time from the clock; the format has it as an unsigned number after its name."""
    whole = path.read_bytes()
    start = whole.rindex(b"build_epoch") + len(b"build_epoch")
    length = whole[start] & 0b11111
    number = int(made_at.astimezone(UTC).timestamp()).to_bytes(length, "big")
    path.write_bytes(whole[: start + 2] + number + whole[start + 2 + length :])
