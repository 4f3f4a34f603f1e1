"""The demo, as a newcomer runs it: all is real, every result read back, every replay refused, nothing left running, and
nothing secret anywhere in what was written.

Only the price of a hash is spared: the customer signs in some thirty times, and each hash takes the shop a third of a
second.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from examples.shop.customer import CARD
from takeback.demo.customer import CODE
from takeback.demo.lives import INTRUDER_PASSWORD, NEW_PASSWORD, PASSWORD
from takeback.demo.mailbox import text_of
from takeback.demo.story import run
from tests.demo.spelling import spellings

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.timeout(280),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes that were left running in /proc"),
]


@dataclass(frozen=True)
class Told:
    """How the demo went. `into`: what it wrote; `looked`: every page and every command's words afterwards."""

    outcome: dict[str, Any]
    left: list[str]  # what runs after its end
    scraps: list[Path]  # what it left where temporary files go
    into: Path
    looked: Path
    staff: list[str]  # the secrets of the member of staff who looked


def alive(mark: str) -> list[str]:
    """The processes whose environment carries `mark`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The whole story, and a look at everything after it."""
    folder = tmp_path_factory.mktemp("demo")
    scraps, into, looked = folder / "scraps", folder / "into", folder / "looked"
    scraps.mkdir()
    looked.mkdir()
    mark = f"the-demo-of-test-{os.getpid()}"
    environment = {**os.environ, "DEMO_MARK": mark, "SHOP_QUICK_PASSWORDS": "1", "TMPDIR": str(scraps)}
    environment |= {"TAKEBACK_LOGS_FORM": "json", "TAKEBACK_LOGS_LEVEL": "info"}
    for name in ("TAKEBACK_CONFIG", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    demo = [sys.executable, "-m", "takeback.cli", "demo", "--json", "--into", str(into)]
    outcome = json.loads(_done(demo, environment))
    (looked / "outcome").write_text(json.dumps(outcome))
    left = alive(mark)
    environment |= {"TAKEBACK_CONFIG": str(into / "takeback.toml"), "DJANGO_SETTINGS_MODULE": "takeback.settings"}
    staff = json.loads(_done([sys.executable, "-m", "tests.demo.pages", str(looked)], environment))
    return Told(outcome, left, list(scraps.iterdir()), into, looked, staff)


def _done(command: list[str], environment: dict[str, str]) -> str:
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_whole_story_ends_well(told: Told) -> None:
    outcome = told.outcome
    assert set(outcome["results"]) == {
        "cards_locked",
        "cards_masked",
        "password_void",
        "changes_undone",
        "orders_cancelled",
    }
    assert all(outcome["results"].values())
    assert len(outcome["replays_refused"]) == 8
    assert all(outcome["replays_refused"].values())
    assert outcome["owner_signed_in"] == {"shop": True, "video": True}
    assert (outcome["orders_placed"], outcome["orders_cancelled"], outcome["orders_shipped"]) == (12, 10, 2)


def test_nothing_is_left_running_or_lying_about(told: Told) -> None:
    assert told.left == []
    assert told.scraps == []


def test_a_folder_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="is left alone"):
        run(as_json=True, keep=False, language="en", into=tmp_path)


def codes(told: Told) -> set[str]:
    """Every one-time code that was sent."""
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (told.into / "mails").iterdir()]
    found = {match.groups() for mail in mails for match in CODE.finditer(text_of(mail)) if "コード" in text_of(mail)}
    return {form for pair in found for form in ("".join(pair), " ".join(pair))}


def written(told: Told) -> Iterator[tuple[str, bytes]]:
    """All that Takeback wrote and showed. Mails bring codes to whom they are for, and the shops are not Takeback."""
    for folder in (told.into / "takeback", told.into / "logs", told.looked):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(told.into.parent)), path.read_bytes()


def test_there_is_enough_to_search_in(told: Told) -> None:
    names = [name for name, _ in written(told)]
    pages = {content.partition(b"\n")[0].decode() for name, content in written(told) if name.startswith("looked")}
    assert {"into/takeback/events.db", "into/takeback/cases.db", "into/takeback/engine.db", "into/logs/work.log"} <= {
        *names
    }
    assert len(codes(told)) >= 4
    for start in ("desk /desk/case/", "desk /desk/audit", "portal /messages", "audit export --ocsf", "cases "):
        assert [page for page in pages if page.startswith(start)], start
    assert sum("hanako" in page or outcome_case(told) in page for page in pages) > 10


def test_every_line_that_was_logged_is_json_and_names_nobody(told: Told) -> None:
    lines = [
        line
        for name in ("serve", "work")
        for line in (told.into / "logs" / f"{name}.log").read_text(encoding="utf-8").splitlines()
    ]
    read = [json.loads(line) for line in lines]
    assert {"undo", "hand_back"} <= {one.get("phase") for one in read}
    assert {one["case"] for one in read if "case" in one} == {outcome_case(told)}
    persons = (
        "hanako",
        "佐藤",
        "花子",
        "Ginza",
        "銀座",
        "@",
        "example.jp",
        "/accounts/",
        "203.0.113.",
        "198.51.100.",
    )
    assert [line for line in lines if any(word in line for word in persons)] == []
    assert [line for line in lines if re.search(r"/(?:case|talk)/(?!<)", line)] == []  # a page is named by its pattern


def outcome_case(told: Told) -> str:
    """The case."""
    return str(told.outcome["case"])


def test_no_card_number_password_or_code_is_in_any_file_page_log_or_export(told: Told) -> None:
    secrets = {CARD, f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}", PASSWORD, NEW_PASSWORD, INTRUDER_PASSWORD}
    secrets |= {*codes(told), *told.staff}
    found = [
        (name, secret)
        for name, content in written(told)
        for secret in sorted(secrets)
        if any(spelling in content for spelling in spellings(secret))
    ]
    assert found == []


def test_what_is_searched_for_would_be_found() -> None:
    for secret in (CARD, NEW_PASSWORD):
        said = [json.dumps({"a": secret}), json.dumps([secret], ensure_ascii=False)]
        assert all(any(spelling in one.encode() for spelling in spellings(secret)) for one in said)
