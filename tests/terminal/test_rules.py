"""`takeback rules`: what holds, and what would have been."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from takeback.bootstrap import move_into
from takeback.cli import main
from tests.casework.conftest import Town, town

__all__ = ["town"]


@pytest.fixture
def tried(town: Town, tmp_path: Path) -> Path:
    """A town in which a plan went by itself, and a file of rules by which it would not have."""
    case = town.report()
    town.clock.turn(timedelta(minutes=5))
    town.prove(case)
    move_into(town.house)
    file = tmp_path / "rules.toml"
    file.write_text("rule_orders = 1\nhold_seconds = 36000\n", encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def nobody_lives_here_afterwards() -> object:
    """Leave the house that a test moved into."""
    yield
    move_into(None)


def test_the_rules_that_hold_are_shown_with_defaults_and_bounds(
    tried: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tried.exists()
    assert main(["rules", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["currency"]) == (0, "JPY")
    assert told["rules"]["hold_seconds"] == {
        "value": 18000,
        "default": 18000,
        "unit": "seconds",
        "lowest": 3600,
        "highest": 2_419_200,
    }
    assert main(["rules", "--language", "en"]) == 0
    assert "hold_seconds" in capsys.readouterr().out


def test_a_file_is_tried_on_past_cases(tried: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--try", str(tried), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["plans_rule"] == {"happened": 1, "today": 1, "tried": 0}
    assert told["counts"]["plans_one"] == {"happened": 0, "today": 0, "tried": 1}
    assert (told["plans"], told["rebuilt"], told["refused"], told["second_for"]) == (1, 1, [], [])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_trial_is_told_in_words(tried: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    assert main(["rules", "--try", str(tried), "--language", language]) == 0
    out = capsys.readouterr().out
    assert {"ja": "自動で承認された計画", "en": "Plans that went by themselves"}[language] in out


def test_what_could_not_be_set_is_tried_and_ends_with_one(tried: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tried.write_text("hold_seconds = 60\n", encoding="utf-8")
    assert main(["rules", "--try", str(tried), "--language", "en"]) == 1
    assert "not below 1 h" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [("hold_hours = 3", "hold_hours"), ("hold_seconds = 'long'", "Length of the hold"), ("= 1", "is not TOML")],
)
def test_a_file_that_says_no_rules_is_refused(
    tried: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    tried.write_text(text, encoding="utf-8")
    assert main(["rules", "--try", str(tried), "--language", "en"]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(tried: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--try", str(tried.parent / "none.toml")]) == 2
    assert "none.toml" in capsys.readouterr().err


@pytest.mark.parametrize("days", ["0", "366", "x"])
def test_a_number_of_days_that_is_none_is_refused(days: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["rules", "--try", "f", "--days", days])
    assert ended.value.code == 2
