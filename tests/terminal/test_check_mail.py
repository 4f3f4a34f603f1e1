"""`takeback check-mail`, called as its user calls it."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mail.table.asking import resolver
from tests.mail.table.making import RECEIVED, SIGNED, Letter, Mail, arrived, ours, signed, strange
from tests.mail.table.zone import SHOP, zone

AT = ("--at", RECEIVED.isoformat())
LEDGER = {
    "specversion": "1.0",
    "id": "m1",
    "source": "/shops/main",
    "type": "message.sent",
    "subject": "42",
    "time": SIGNED.isoformat(),
    "data": {"message_id": f"<order-1043.7f@{SHOP}>", "channel": "mail", "to": "h***@mailbox.example", "order": "1043"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A zone, a genuine mail and a forged one."""
    assert resolver(Mail(b""))
    (tmp_path / "zone.json").write_text(json.dumps(zone(("evil.top",))), encoding="utf-8")
    (tmp_path / "genuine.eml").write_bytes(ours().raw)
    (tmp_path / "forged.eml").write_bytes(strange(Letter()).raw)
    return tmp_path


def call(
    folder: Path, *arguments: object, given: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "takeback.cli", "check-mail", *map(str, arguments)]
    return subprocess.run(
        command, input=given, capture_output=True, timeout=60, check=False, cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", **environment},
    )  # fmt: skip


def check(folder: Path, name: str, *more: object, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return call(folder, name, "--dns", "zone.json", "--shop-domain", SHOP, *AT, *more, given=given)


def test_a_genuine_mail_is_told_in_the_first_line_then_why_then_what_to_do(folder: Path) -> None:
    told = check(folder, "genuine.eml", "--language", "en")
    text = told.stdout.decode()
    assert told.returncode == 0, told.stderr
    places = [text.index(part) for part in ("This mail is from the shop.", "Why", f"{SHOP} is the", "What to do now")]
    assert places == sorted(places)


def test_a_forged_mail_is_bad_news(folder: Path) -> None:
    told = check(folder, "forged.eml", "--language", "ja")
    assert told.returncode == 1
    assert "お店からのものではありません" in told.stdout.decode()


def test_one_that_nobody_can_tell_is_no_bad_news(folder: Path) -> None:
    told = check(folder, "genuine.eml", "--shop-domain", "another-shop.example", "--json")
    assert (told.returncode, json.loads(told.stdout)["verdict"]) == (0, "genuine")
    other = call(folder, "genuine.eml", "--dns", "zone.json", "--shop-domain", "another-shop.example", *AT, "--json")
    assert (other.returncode, json.loads(other.stdout)["verdict"]) == (0, "unknown")


def test_json_has_the_form_of_the_contract(folder: Path) -> None:
    told = json.loads(check(folder, "forged.eml", "--json").stdout)
    assert told["verdict"] == "forged"
    assert {"reasons", "spf", "dkim", "dmarc", "arc"} <= set(told)
    assert {"key", "side", "values"} == set(told["reasons"][0])


def test_a_mail_comes_from_standard_input_too(folder: Path) -> None:
    told = check(folder, "-", "--json", given=(folder / "genuine.eml").read_bytes())
    assert json.loads(told.stdout)["verdict"] == "genuine"


def test_the_ledger_is_an_event_file_packed_or_not(folder: Path) -> None:
    (folder / "sent.ndjson.gz").write_bytes(gzip.compress(json.dumps(LEDGER).encode()))
    told = json.loads(check(folder, "genuine.eml", "--ledger", "sent.ndjson.gz", "--json").stdout)
    assert [one["key"] for one in told["reasons"]] == ["ledger.known", "signed.by_shop"]


def test_the_shops_name_tells_whom_a_sender_pretends_to_be(folder: Path) -> None:
    mail = strange(Letter(sender="Example Shop <x@evil.top>", text="Enter your password: https://login.evil.top/\n"))
    (folder / "named.eml").write_bytes(mail.raw)
    assert json.loads(check(folder, "named.eml", "--shop-name", "Example Shop", "--json").stdout)["verdict"] == "forged"


def test_the_shop_of_the_settings_is_taken_where_the_call_names_none(folder: Path) -> None:
    (folder / "takeback.toml").write_text(f'[mail]\nshop_domains = ["{SHOP}"]\n', encoding="utf-8")
    told = call(folder, "genuine.eml", "--dns", "zone.json", *AT, "--json")
    assert json.loads(told.stdout)["verdict"] == "genuine"


def test_without_a_domain_one_sentence_says_how_to_name_one(folder: Path) -> None:
    told = call(folder, "genuine.eml", "--dns", "zone.json")
    assert (told.returncode, told.stdout) == (2, b"")
    assert "--shop-domain" in told.stderr.decode()
    assert told.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("absent.eml", "--shop-domain", SHOP), "absent.eml: cannot be read"),
        (("empty.eml", "--shop-domain", SHOP), "empty.eml: is empty"),
        (("genuine.eml", "--dns", "absent.json", "--shop-domain", SHOP), "absent.json: cannot be read"),
        (("genuine.eml", "--dns", "genuine.eml", "--shop-domain", SHOP), "genuine.eml: is not JSON"),
        (("genuine.eml", "--dns", "zone.json", "--shop-domain", "co.jp"), "public suffix"),
        (("genuine.eml", "--dns", "zone.json", "--shop-domain", SHOP, "--ledger", "genuine.eml"), "line 1"),
        (("genuine.eml", "--shop-domain", SHOP, "--at", "yesterday"), "is not an RFC 3339 time"),
        (("genuine.eml", "--shop-domain", SHOP, "--at", "2026-05-20T09:00:00"), "has no offset"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_wrong_with_the_call_is_said_with_its_place(
    folder: Path, arguments: tuple[str, ...], says: str
) -> None:
    (folder / "empty.eml").write_bytes(b"\n")
    told = call(folder, *arguments)
    assert (told.returncode, told.stdout) == (2, b"")
    assert says in told.stderr.decode()


def test_a_mail_cannot_make_the_terminal_obey(folder: Path) -> None:
    letter = Letter(sender='"Example Shop\x1b[2J <order@example-shop.jp>" <x@evil.top>', subject="\x1b]0;x\x07")
    (folder / "rude.eml").write_bytes(arrived(signed(letter, "evil.top")))
    assert b"\x1b" not in check(folder, "rude.eml", "--language", "en").stdout
