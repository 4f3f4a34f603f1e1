"""What does a row of the data set say? Its 16 columns, read one row at a time, and what in them is not what it seems.

The file's traps, as its readers have found them: one user id stands for all unknown names; networks from 500000 on and
the addresses of 10/8 are made up; `-` is no region and no city; most round-trip times are missing; "Is Attack IP" is
a list of addresses and says nothing of a sign-in, so that it is read by nobody here.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.freeman import SignIn
from takeback.core.events import Client, Event, EventType, SignedIn, SignInFailed

UNKNOWN_USER = "-4324475583306591935"
FIRST_ARTIFICIAL_ASN = 500_000
ARTIFICIAL_NETWORK = "10."
COLUMNS = (
    "Login Timestamp",
    "User ID",
    "Round-Trip Time [ms]",
    "IP Address",
    "Country",
    "Region",
    "City",
    "ASN",
    "User Agent String",
    "Browser Name and Version",
    "OS Name and Version",
    "Device Type",
    "Login Successful",
    "Is Attack IP",
    "Is Account Takeover",
)  # besides `index`, which is the sixteenth and says only the row's number
TRUTH = {"True": True, "False": False, "true": True, "false": False, "1": True, "0": False}


class BadFile(ValueError):
    """A file that is not the data set, in one sentence that says what and in which line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sign-in or failed try. None is what the data set does not tell."""

    line: int
    at: str
    user: str
    round_trip: float | None  # milliseconds
    ip: str | None
    country: str | None
    region: str | None
    city: str | None
    asn: int | None
    user_agent: str | None
    browser: str | None
    system: str | None
    device: str | None
    successful: bool
    takeover: bool

    @property
    def time(self) -> datetime:
        """When; the data set names no zone, so UTC is taken."""
        try:
            read = datetime.fromisoformat(self.at)
        except ValueError:
            raise BadFile(f"line {self.line}: {self.at[:40]!r} is no time such as 2020-02-03 12:43:30.772") from None
        return read.replace(tzinfo=UTC)


def rows(lines: Iterable[str]) -> Iterator[Row]:
    """The rows of known users, in the file's order; `BadFile` where a column or a value cannot be what it is named."""
    reader = csv.reader(lines)
    header = next(reader, [])
    if missing := [name for name in COLUMNS if name not in header]:
        raise BadFile(f"line 1: there is no column {missing[0]!r}; the data set has {len(COLUMNS) + 1} columns")
    places = [header.index(name) for name in COLUMNS]
    user_at = header.index("User ID")
    for cells in reader:
        if len(cells) != len(header):
            raise BadFile(f"line {reader.line_num}: {len(cells)} columns where {len(header)} are named")
        if cells[user_at] != UNKNOWN_USER:
            yield _row(reader.line_num, [cells[place] for place in places])


def _row(line: int, cells: list[str]) -> Row:
    at, user, round_trip, ip, country, region, city, asn, agent, browser, system, device, successful, _, takeover = (
        cells
    )
    network = _number(line, "ASN", asn)
    return Row(
        line=line,
        at=at,
        user=user,
        round_trip=_number(line, "Round-Trip Time [ms]", round_trip),
        ip=None if ip.startswith(ARTIFICIAL_NETWORK) else _told(ip),
        country=_told(country),
        region=_told(region),
        city=_told(city),
        asn=None if network is None or network >= FIRST_ARTIFICIAL_ASN else int(network),
        user_agent=_told(agent),
        browser=_told(browser),
        system=_told(system),
        device=_told(device),
        successful=_flag(line, "Login Successful", successful),
        takeover=_flag(line, "Is Account Takeover", takeover),
    )


def _told(cell: str) -> str | None:
    return None if cell in ("", "-") else cell


def _number(line: int, column: str, cell: str) -> float | None:
    if cell in ("", "-"):
        return None
    try:
        return float(cell)
    except ValueError:
        raise BadFile(f"line {line}: {column} is {cell[:40]!r}, which is no number") from None


def _flag(line: int, column: str, cell: str) -> bool:
    if cell not in TRUTH:
        raise BadFile(f"line {line}: {column} is {cell[:40]!r}, neither True nor False")
    return TRUTH[cell]


def sign_in(row: Row) -> SignIn:
    """The row as the papers' x; browser and system as the data set has read them from the string."""
    address = (row.ip, None if row.asn is None else str(row.asn), row.country)
    family = row.browser.rstrip("0123456789. ") if row.browser else None
    place = " ".join(filter(None, (row.system, row.device))) or None
    return SignIn(row.user, (address, (row.user_agent, row.browser, family or row.browser, place)))


def event(row: Row) -> Event:
    """The row as an event of the contract. There is no session and no device in the data set; none is made up."""
    client = Client(ip=row.ip, user_agent=row.user_agent, country=row.country, asn=row.asn)
    kind = EventType.SIGNED_IN if row.successful else EventType.SIGN_IN_FAILED
    data = SignedIn(client=client) if row.successful else SignInFailed(client=client)
    return Event(f"line-{row.line}", "/datasets/rba", row.user, row.time, kind, data)
