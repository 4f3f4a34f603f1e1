"""Every key that the page of a case says has words in both languages: a template would show nothing instead."""

import re
from pathlib import Path

import pytest

import takeback
from takeback.casework.answers import Answer
from takeback.casework.dossier import Waiting
from takeback.core.account import OrderStatus
from takeback.core.approval import Needed
from takeback.core.case import Language, Stage
from takeback.core.investigate.findings import Actor
from takeback.web.desk.case.marks import Kind
from takeback.words import known

SOURCE = Path(takeback.__file__).parent / "web"
SAID = re.compile(r"words\.desk_case\.([a-z_]+)")
OURS = re.compile(r'say\(\s*(?:f?"([a-z_]+)"|"([a-z_]+)" if [^,]+? else "([a-z_]+)")')
ROWS = ("undo", "undone", "same", "stays", "since", "secret")
MOVES = ("closer", "wider", "earlier", "later", "night", "everything")
ACTS = ("report", "frozen", "proven", "undone", "handed_back")
PHASES = ("freeze", "undo", "password", "hand_back")
SERVICES = ("stopped", "open", "let_go", "unknown")


def keys() -> set[str]:
    """What templates and code say."""
    found = set()
    for template in (SOURCE / "templates" / "desk").glob("*.html"):
        if template.name.startswith(("case", "report")):
            found |= set(SAID.findall(template.read_text(encoding="utf-8")))
    for module in (SOURCE / "desk" / "case").glob("*.py"):
        for several in OURS.findall(module.read_text(encoding="utf-8")):
            found |= {key for key in several if key}
    found |= (
        {f"said_{one}" for one in Answer} | {f"waiting_{one}" for one in Waiting} | {f"need_{one}" for one in Needed}
    )
    found |= (
        {f"order_{one}" for one in OrderStatus} | {f"stage_{one}" for one in Stage} | {f"kind_{one}" for one in Kind}
    )
    found |= {f"{table}_{one}" for table in ("who", "lane") for one in (*Actor, "ours")}
    found |= {f"row_{one}" for one in ROWS} | {f"move_{one}" for one in MOVES} | {f"ours_{one}" for one in ACTS}
    found |= {f"phase_{one}" for one in PHASES} | {f"service_{one}" for one in SERVICES}
    found |= {f"due_{one}" for one in ("stopped", "decided", "called", "back")}
    found |= {f"report_log_{one}" for one in ("holds", "broken", "untested")}
    return found | {"report_stage_closed", "report_stage_working", *ACTS[2:]}


def test_the_scan_finds_what_is_known_to_be_there() -> None:
    assert {"picture", "plan_hash", "folded", "state_done", "report_title"} <= keys()
    assert len(keys()) > 200


@pytest.mark.parametrize("language", list(Language))
def test_every_key_has_words(language: Language) -> None:
    assert sorted(key for key in keys() if not known(language, f"desk_case.{key}")) == []
