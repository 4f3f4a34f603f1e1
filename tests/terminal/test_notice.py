"""What would rules over the events have done? `takeback notice`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from takeback.bootstrap import House
from takeback.cli import main
from takeback.core.events import parse_event
from tests.core.online.living import HERS

RULES = """
[[notice.rules]]
name = "export"
does = "ask"
within = 3600
steps = [{ act = "signed_in", new = ["device"] }, { act = "export_viewed" }]

[[notice.rules]]
name = "crowd"
does = "look"
within = 600
steps = [{ act = "signed_in", new = ["device"] }]
accounts = 3
by = "device"
"""


def told(house: House, account: str, number: int, kind: str, at: datetime, **data: object) -> None:
    text = msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": f"{account}-{number}",
            "source": "/shops/oscar",
            "type": kind,
            "subject": account,
            "time": at.isoformat(),
            "data": data,
        }
    )
    house.event_log.append([(parse_event(text), text)])


@pytest.fixture
def shop(house: House) -> House:
    """Four accounts with some weeks each; the same new device in three of them within minutes, an export in one."""
    now = datetime.now(UTC)
    for place in range(4):
        account = f"a{place}"
        for week in range(4):
            at = now - timedelta(days=60 - 7 * week)
            told(house, account, week, "account.signed_in", at, client=HERS | {"session": f"{account}-{week}"})
        client = HERS | {"device": "d-new" if place < 3 else "d-phone", "session": f"{account}-new"}
        at = now - timedelta(days=2, minutes=place)
        told(house, account, 10, "account.signed_in", at, client=client)
        if place == 0:
            told(house, account, 11, "account.viewed", at + timedelta(minutes=1), client=client, what="export")
    return house


@pytest.mark.usefixtures("shop")
def test_each_rule_is_tried_on_the_days_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES, encoding="utf-8")
    assert main(["notice", "--try", str(file), "--days", "30", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["accounts"], found["events"]) == (4, 5)
    assert found["rules"] == {
        "export": {"on": False, "does": "ask", "accounts": 1, "with_case": 0, "days": 1},
        "crowd": {"on": False, "does": "look", "accounts": 3, "with_case": 0, "days": 3},
    }
    assert main(["notice", "--try", str(file), "--days", "1", "--json"]) == 0
    assert {rule["accounts"] for rule in json.loads(capsys.readouterr().out)["rules"].values()} == {0}


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES, encoding="utf-8")
    assert main(["notice", "--try", str(file), "--language", language]) == 0
    out = capsys.readouterr().out
    assert "export" in out
    assert {"ja": "アカウント4件", "en": "4 accounts"}[language] in out


@pytest.mark.usefixtures("house")
def test_without_a_rule_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notice", "--language", "en"]) == 0
    assert "no rule" in capsys.readouterr().out


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[notice.rules]]\nname = 1", "Expected str"),
        (RULES.replace("export_viewed", "flew"), "flew"),
        (RULES.replace("within = 600", "within = 0"), "within"),
        (RULES.replace("crowd", "export"), "Two rules are called export."),
        ("nonsense", "is not TOML"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    assert main(["notice", "--try", str(file)]) == 2
    error = capsys.readouterr().err
    assert why in error
    assert error.count("\n") == 1
