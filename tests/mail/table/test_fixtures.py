"""Are mails of large senders, signed by those themselves, genuine at their time, and never once they are changed?"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

import pytest

from takeback.mail.dns.zone import ZoneResolver
from tests.mail.table.asking import elsewhere, verdict
from tests.mail.table.making import Mail, Whole

FOLDER = Path(os.environ.get("MAIL_FIXTURES", Path(__file__).resolve().parents[4] / "shared/data/mail/signed"))
NOW = datetime(2026, 6, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the signed mails are not in this checkout; MAIL_FIXTURES names their folder"
)


@dataclass(frozen=True)
class Fixture:
    """A mail of the folder, as its manifest tells of it."""

    name: str
    domain: str  # whose signature verifies
    signed: datetime

    def mail(self) -> Mail:
        """The mail, asked about by the sender's own shop, as received a few seconds after it was signed."""
        raw = (FOLDER / self.name).read_bytes()
        return Mail(raw, received=self.signed + timedelta(seconds=30), now=NOW, shop=Whole((self.domain,), ()))


def fixtures() -> list[Fixture]:
    """What the manifest lists; nothing where the folder is absent."""
    if not FOLDER.is_dir():
        return []
    lines = (FOLDER / "manifest.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [told(line.split("\t")) for line in lines if line.strip()]


def told(fields: list[str]) -> Fixture:
    """`domain/selector=pass;…` of the third column: the domain whose signature passes."""
    passing = next(one for one in fields[2].split(";") if one.endswith("=pass"))
    return Fixture(fields[0], passing.partition("/")[0], datetime.fromtimestamp(int(fields[3]), UTC))


FIXTURES = fixtures()
each = pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)


@pytest.fixture(scope="module")
def dns() -> ZoneResolver:
    return ZoneResolver(json.loads((FOLDER / "zone.json").read_text(encoding="utf-8")))


def parts(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, the line end that the file uses, body."""
    end = b"\r\n" if b"\r\n" in raw else b"\n"
    head, _, body = raw.partition(end + end)
    return head, end, body


def test_the_manifest_lists_the_mails_of_the_folder() -> None:
    assert sorted(one.name for one in FIXTURES) == sorted(path.name for path in FOLDER.glob("*.eml"))


@each
def test_it_is_genuine_for_its_own_domain_at_its_time_of_receipt(fixture: Fixture, dns: ZoneResolver) -> None:
    told, reasons = verdict(fixture.mail(), dns)
    assert (told, reasons[0]) == ("genuine", "signed.by_shop"), reasons


@each
def test_it_is_not_genuine_with_one_byte_of_the_body_changed(fixture: Fixture, dns: ZoneResolver) -> None:
    head, end, body = parts(fixture.mail().raw)
    places = [place for place in range(0, len(body), max(1, len(body) // 40)) if 0x40 < body[place] < 0x7A]
    assert places
    for place in places:
        other = body[:place] + bytes([body[place] + 1]) + body[place + 1 :]
        assert verdict(fixture.mail().with_raw(head + end + end + other), dns)[0] != "genuine"


@each
@pytest.mark.parametrize("field", [b"from", b"subject", b"date", b"to"])
def test_it_is_not_genuine_with_one_byte_of_a_signed_header_changed(
    fixture: Fixture, field: bytes, dns: ZoneResolver
) -> None:
    head, end, body = parts(fixture.mail().raw)
    lines = head.split(end)
    number = next(place for place, line in enumerate(lines) if line.lower().startswith(field + b":"))
    lines[number] += b"x"
    assert verdict(fixture.mail().with_raw(end.join(lines) + end + end + body), dns)[0] != "genuine"


@each
@pytest.mark.parametrize("field", [b"From: Shop <pay@evil.top>", b"Reply-To: pay@evil.top", b"Subject: Call us"])
@pytest.mark.parametrize("on_top", [True, False])
def test_it_is_not_genuine_with_a_field_added(fixture: Fixture, field: bytes, on_top: bool, dns: ZoneResolver) -> None:
    head, end, body = parts(fixture.mail().raw)
    whole = field + end + head if on_top else head + end + field
    assert verdict(fixture.mail().with_raw(whole + end + end + body), dns)[0] != "genuine"


@each
def test_it_is_not_genuine_with_more_written_under_it(fixture: Fixture, dns: ZoneResolver) -> None:
    raw = fixture.mail().raw + b"\r\nPay here: https://pay.evil.top/\r\n"
    assert verdict(fixture.mail().with_raw(raw), dns)[0] != "genuine"


@each
def test_it_is_not_genuine_for_another_shop(fixture: Fixture, dns: ZoneResolver) -> None:
    for domain in ("example-shop.jp", *({one.domain for one in FIXTURES} - {fixture.domain})):
        kin = parseaddr(str(message_from_bytes(fixture.mail().raw)["From"]))[1].endswith(domain)
        assert kin or verdict(elsewhere(fixture.mail(), domain), dns)[0] != "genuine", domain
