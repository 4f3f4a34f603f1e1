"""Is everything that somebody can send, set, call or read described, and does every link lead somewhere?"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints
from urllib.parse import unquote

import pytest
from msgspec import Struct
from msgspec.structs import fields

from takeback.cli import parser
from takeback.configuration import Configuration, setting_names, variable_of
from takeback.core.authenticity.reasons import SIDES, Ground
from takeback.core.authenticity.verdict import Judgement, NextStep
from takeback.core.events import DATA_OF, Client, Data, EventType, Order
from takeback.core.undo.effects import ORDER
from takeback.core.undo.plan import CONTAINMENT, ActionKind
from takeback.shops.pretend.form import ARGS
from tests.architecture.keys import literals, lost, reasons, whys
from tests.architecture.tree import ROOT, documents

REFERENCE = ROOT / "docs" / "reference"
LINK = re.compile(
    r"(?<!\\)\[[^\]\n]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|(?:src|href)=\"([^\"]+)\"|^\[[^\]]+\]:\s*(\S+)", re.M
)


def read(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """The part of a document below a heading that contains `heading`, up to the next heading of its level or above."""
    found = re.search(rf"^(#+) [^\n]*{re.escape(heading)}[^\n]*\n(.*?)(?=^#{{1,6}} |\Z)", text, re.M | re.S)
    return found[2] if found else ""


def first_cells(text: str) -> set[str]:
    """Every `name` in the first column of the tables of `text`."""
    rows = (line.split("|")[1] for line in text.splitlines() if line.startswith("|"))
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("kind", EventType, ids=lambda kind: kind.value)
def test_every_event_type_is_described_with_all_of_its_fields(kind: EventType) -> None:
    told = section(read("events"), f"`{kind.value}`")
    assert told.strip()
    shared = {field.encode_name for field in fields(Data)}
    own = {field.encode_name for field in fields(DATA_OF[kind])} - shared
    assert sorted(name for name in own if f"`{name}`" not in told) == []


@pytest.mark.parametrize(
    ("form", "heading"), [(Data, "What every event may carry"), (Client, "What every event"), (Order, "`order.placed`")]
)
def test_every_part_of_an_event_is_described(form: type[Struct], heading: str) -> None:
    told = first_cells(section(read("events"), heading))
    assert {field.encode_name for field in fields(form)} - told == set()


def test_no_event_type_is_described_that_there_is_not() -> None:
    told = re.findall(r"^### `([^`]+)`", read("events"), re.M)
    assert sorted(told) == sorted(kind.value for kind in EventType)


@pytest.mark.parametrize("kind", ActionKind, ids=lambda kind: kind.value)
def test_every_action_is_described_with_its_arguments(kind: ActionKind) -> None:
    rows = [line for line in read("actions").splitlines() if line.startswith(f"| `{kind.value}` |")]
    assert len(rows) == 1
    told = set(re.findall(r"`([^`]+)`", rows[0].split("|")[2]))
    needed = set(ARGS.get(kind.value, {}))
    assert needed <= told <= needed | {"cards"}


def test_actions_are_listed_in_the_order_in_which_they_are_done() -> None:
    for heading, order in (("Containment", CONTAINMENT), ("Undoing", ORDER)):
        rows = re.findall(r"^\| `([^`]+)` \|", section(read("actions"), heading), re.M)
        assert rows == [kind.value for kind in order]


def commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command of the command line."""
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda one: one if isinstance(one, str) else "")
def test_every_command_and_option_is_described(name: str, command: argparse.ArgumentParser) -> None:
    told = re.search(rf"^## `takeback {name}[ `][^\n]*\n(.*?)(?=^## |\Z)", read("commands"), re.M | re.S)
    assert told, f"there is no section for takeback {name}"
    wanted = set()
    for action in command._actions:
        if not isinstance(action, argparse._HelpAction):
            wanted |= set(action.option_strings) or {str(action.metavar)}
    described = {cell.split()[0] for cell in first_cells(told[1])}
    assert wanted == described - {"argument", "option"}


def test_no_command_is_described_that_there_is_not() -> None:
    assert set(re.findall(r"^## `takeback ([\w-]+)", read("commands"), re.M)) == {name for name, _ in commands()}


@pytest.mark.parametrize("setting", sorted(setting_names()))
def test_every_setting_is_described_with_its_variable(setting: str) -> None:
    told = read("settings")
    if setting == "services":
        (kind,) = (one for one in get_args(get_type_hints(Configuration)["services"]) if one is not ...)
        assert {f"services.{field.encode_name}" for field in fields(kind)} <= first_cells(told)
    else:
        assert setting in first_cells(told)
    assert f"`{variable_of(setting)}`" in told


def test_no_setting_is_described_that_there_is_not() -> None:
    told = {cell for cell in first_cells(read("settings")) if not cell.startswith("services.")}
    assert told - set(setting_names()) == set()


def test_every_key_of_an_investigation_is_described() -> None:
    told = read("investigation")
    given = reasons() | whys() | (lost() - {"viewed"}) | literals("Irreversible", 2)
    assert sorted(key for key in given if f"`{key}`" not in told) == []


def test_every_verdict_reason_and_next_step_of_a_mail_is_described() -> None:
    told = first_cells(read("mail-verdict"))
    given = {*Ground, *Judgement, *NextStep}
    assert sorted(key for key in given if key not in told) == []


def test_the_side_of_every_reason_of_a_mail_is_told_as_it_is() -> None:
    rows = re.findall(r"^\| `([a-z0-9_]+\.[a-z0-9_]+)` \| (\w+) \|", read("mail-verdict"), re.M)
    assert dict(rows) == {ground.value: side.value for ground, side in SIDES.items()}


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
    targets = ["".join(found) for found in LINK.findall(text)]
    broken = [target for target in targets if not _is_there(document, unquote(target))]
    assert broken == []


def _is_there(document: Path, target: str) -> bool:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return True
    path, _, anchor = target.partition("#")
    file = (document.parent / path).resolve() if path else document
    if not file.exists():
        return False
    return not anchor or file.suffix != ".md" or anchor in anchors(file)


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as they are made where it is read."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#{1,6} (.+)$", text, re.M)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower().replace("`", "")) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}
