"""Which cases does `takeback cases` show, and how is one paused?"""

import json
from datetime import timedelta

import pytest

from takeback.bootstrap import House
from takeback.cli import main
from takeback.core.case import Case, Language, Stage
from tests.casework.life import NOW


@pytest.fixture
def many(house: House) -> House:
    """Five cases: three on hold, one at the undoing, one closed; the first is the oldest."""
    stages = (Stage.HOLD, Stage.HOLD, Stage.HOLD, Stage.UNDO, Stage.CLOSED)
    for number, stage in enumerate(stages):
        opened = NOW + timedelta(minutes=number)
        house.cases.open(Case(f"c{number}", f"a{number}", stage, Language.EN, opened, "", f"h{number}"))
    return house


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    """What `takeback cases … --json` says."""
    assert main(["cases", *words, "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ((), ["c3", "c2", "c1", "c0"]),
        (("--limit", "2"), ["c3", "c2"]),
        (("--stage", "hold"), ["c2", "c1", "c0"]),
        (("--stage", "closed"), ["c4"]),
        (("--stage", "hold", "--limit", "1"), ["c2"]),
        (("--limit", "0"), ["c3", "c2", "c1", "c0"]),
    ],
)
def test_the_newest_open_cases_are_shown_or_those_of_one_stage(
    many: House, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], shown: list[str]
) -> None:
    assert many.cases.cases()
    assert [one["case"] for one in listed(capsys, *words)] == shown


def test_that_there_are_more_is_said(many: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert many.cases.cases()
    assert main(["cases", "--limit", "2", "--language", "en"]) == 0
    assert "--limit" in capsys.readouterr().out


def test_a_paused_case_is_marked_until_it_is_resumed(many: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", "pause", "c3", "--why", "the shop has asked us to"]) == 0
    capsys.readouterr()
    assert [one["case"] for one in listed(capsys) if one["paused"]] == ["c3"]
    assert main(["cases", "c3", "--language", "en"]) == 0
    assert "the shop has asked us to" in capsys.readouterr().out
    assert main(["cases", "resume", "c3", "--why", "it is well again"]) == 0
    assert main(["cases", "resume", "c3", "--why", "it is well again"]) == 1
    capsys.readouterr()
    assert not [one for one in listed(capsys) if one["paused"]]
    assert many.pauses.every() == []


def test_when_all_are_paused_the_list_says_so_first(many: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", "pause", "--all", "--why", "a bad day"]) == 0
    capsys.readouterr()
    assert all(one["paused"] for one in listed(capsys))
    assert main(["cases", "--language", "en"]) == 0
    assert "a bad day" in capsys.readouterr().out.splitlines()[0]
    assert many.pauses.of("c3") is not None


@pytest.mark.parametrize(
    "words",
    [
        ("pause",),
        ("pause", "c3"),
        ("pause", "c3", "--all", "--why", "x"),
        ("pause", "c3", "--why", " "),
        ("pause", "nobody", "--why", "x"),
        ("c3", "c2"),
        ("c3", "--why", "x"),
        ("--limit", "-1"),
    ],
)
def test_what_is_not_clear_is_refused_in_one_sentence(
    many: House, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert main(["cases", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert many.pauses.every() == []
