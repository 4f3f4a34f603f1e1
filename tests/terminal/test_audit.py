"""Do the commands on the book say what they should, to a person and to a program, with the right status?"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from takeback.bootstrap import House, move_into
from takeback.casework.auditbook import Act
from takeback.casework.investigate import inquire
from takeback.casework.ports import Entry
from takeback.cli import main
from takeback.core.case import Case, Language, Stage
from tests.casework.conftest import Town, clean, town
from tests.store.inhand import in_hand

__all__ = ["clean", "town"]

NOW = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def kept(house: House) -> House:
    """A case with a log of three lines, and a book of three lines."""
    house.cases.open(Case("c1", "42", Stage.REPORT, Language.JA, NOW, "words of hers", "hash"))
    for number in range(3):
        house.cases.note(Entry("c1", NOW, "system", f"act.{number}", "rule", {}))
        house.audit.note(Act(NOW + timedelta(days=number), "staff:sato", "desk:case:read", case="c1"))
    return house


def alter(house: House, sql: str) -> None:
    with in_hand(house.configuration) as hand:
        assert hand.run(sql)


def test_verify_says_that_all_is_well(kept: House, capsys: Capture) -> None:
    assert main(["audit", "verify", "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("All is as it was written. Lines of the book: 3; cases: 1, with lines: 3;")
    assert kept.audit.acts(what="audit.verified")[0].who.startswith("cli:")


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "UPDATE store_entry SET why = 'x' WHERE seq = 2",
            "Line 2 of the log of case c1 is not what was written.",
        ),
        ("DELETE FROM store_act WHERE seq = 2", "Line 2 of the book is missing."),
        ("DELETE FROM store_entry WHERE seq = 3", "The end of the log of case c1 is missing, from line 3 on."),
        (
            "UPDATE store_book_head SET seal = 'x'",
            "The note of where the book ends is not what was written; its lines are whole up to line 3.",
        ),
    ],
)
def test_verify_says_in_a_sentence_what_is_wrong(kept: House, capsys: Capture, sql: str, sentence: str) -> None:
    alter(kept, sql)
    assert main(["audit", "verify", "--language", "en"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Not all is as it was written. Found: 1."
    assert told[1] == sentence


def test_verify_speaks_japanese(kept: House, capsys: Capture) -> None:
    alter(kept, "UPDATE store_entry SET why = 'x' WHERE seq = 2")
    assert main(["audit", "verify", "--language", "ja"]) == 1
    assert "案件 c1 の記録の 2 行目は、書かれたままではありません。" in capsys.readouterr().out


def test_verify_gives_json(kept: House, capsys: Capture) -> None:
    alter(kept, "DELETE FROM store_act WHERE seq = 2")
    assert main(["audit", "verify", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["good"], told["wrong"], told["case_lines"]) == (False, 1, 3)
    assert told["troubles"] == [
        {"what": "entry.missing", "case": None, "line": 2, "says": "Line 2 of the book is missing."}
    ]


def test_the_line_of_the_anchor_kept_elsewhere_is_read_back(kept: House, tmp_path: Path, capsys: Capture) -> None:
    assert main(["audit", "anchor"]) == 0
    ticket = tmp_path / "ticket.txt"
    ticket.write_text(f"Ticket 17\n{capsys.readouterr().out}")
    assert main(["audit", "verify", "--against", str(ticket)]) == 0
    alter(kept, "DELETE FROM store_act WHERE seq > 2")
    kept.configuration.anchor_path.unlink()
    assert main(["audit", "verify", "--language", "en", "--against", str(ticket)]) == 1
    assert "Lines of the book that are missing: " in capsys.readouterr().out


@pytest.mark.parametrize(("text", "says"), [("no line at all", "has no line of an anchor"), (None, "cannot be read")])
@pytest.mark.usefixtures("kept")
def test_a_file_without_an_anchor_is_refused(tmp_path: Path, capsys: Capture, text: str | None, says: str) -> None:
    path = tmp_path / "ticket.txt"
    if text is not None:
        path.write_text(text)
    assert main(["audit", "verify", "--against", str(path)]) == 2
    assert says in capsys.readouterr().err


def test_a_copy_that_was_put_back_wants_a_reason(kept: House, capsys: Capture) -> None:
    assert main(["audit", "anchor", "--restored", " "]) == 2
    assert main(["audit", "anchor", "--restored", "ticket 17"]) == 0
    assert kept.audit.acts(what="audit.restored")[0].why == "ticket 17"
    assert "takeback-anchor:1:" in capsys.readouterr().out


def test_export_writes_the_lines_of_a_time_oldest_first_and_notes_itself(kept: House, capsys: Capture) -> None:
    assert main(["audit", "export", "--from", "2026-11-02T00:00:00Z", "--to", "2026-11-03T00:00:00Z"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["seq"], line["who"], line["case"]) == (2, "staff:sato", "c1")
    noted = kept.audit.acts(what="desk:audit:export")[0]
    assert (noted.evidence or {})["form"] == "plain"


@pytest.mark.usefixtures("kept")
def test_export_writes_ocsf(capsys: Capture) -> None:
    assert main(["audit", "export", "--ocsf"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["class_uid"] for one in told] == [6001] * 4
    assert [one["metadata"]["sequence"] for one in told] == [1, 2, 3, 4]
    assert told[-1]["activity_name"] == "Export"


@pytest.mark.usefixtures("kept")
def test_export_of_no_time_at_all_is_refused(capsys: Capture) -> None:
    assert main(["audit", "export", "--from", "2026-11-03T00:00:00Z", "--to", "2026-11-03T00:00:00Z"]) == 2
    assert "--from is not before --to" in capsys.readouterr().err


def old_case(house: House) -> None:
    at = house.clock.now() - timedelta(days=401)
    case = Case("old", "43", Stage.CLOSED, Language.JA, at, "words", "old hash", handed_back_at=at)
    house.cases.open(case)


def test_forget_says_what_it_would_erase_and_then_erases_it(kept: House, capsys: Capture) -> None:
    old_case(kept)
    assert main(["forget", "--dry-run", "--language", "en"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Would be erased:",
        "  addresses of case pages: 1",
        "  words of reports: 1",
    ]
    assert main(["forget", "--language", "en"]) == 0
    assert capsys.readouterr().out.startswith("Erased:")
    assert main(["forget", "--language", "ja"]) == 0
    assert capsys.readouterr().out == "期限の過ぎたものはなく、何も消していません。\n"
    assert main(["audit", "verify"]) == 0


def test_forget_keeps_what_is_in_dispute(kept: House, capsys: Capture) -> None:
    old_case(kept)
    assert main(["forget", "--keep", "old"]) == 2
    assert "--why is missing" in capsys.readouterr().err
    assert main(["forget", "--keep", "old", "--why", "a claim"]) == 0
    assert main(["forget", "--language", "en"]) == 0
    assert "Nothing is due" in capsys.readouterr().out
    assert main(["forget", "--let-go", "old", "--why", "settled"]) == 0
    assert main(["forget", "--keep", "c9", "--why", "a claim"]) == 2


def test_an_approval_at_the_terminal_is_in_the_book_with_who_typed_it(town: Town, capsys: Capture) -> None:
    case = town.report()
    assert case is not None
    plan = inquire(town.house, case).plan.hash
    move_into(town.house)  # type: ignore[arg-type]  # its services are pretend ones
    try:
        assert main(["approve", case.id, "--hash", plan, "--by", "sato", "--role", "lead"]) == 0
    finally:
        move_into(None)
    (act,) = town.house.audit.acts(case=case.id, what="desk:plan:approve")
    assert act.who.startswith("cli:")
    assert act.evidence == {"plan": plan, "as": "sato"}
    assert "being carried out" in capsys.readouterr().out
