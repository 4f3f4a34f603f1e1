"""Every key that a page or a mail of a case says has words in both languages: a template would show nothing instead."""

import re
from pathlib import Path

import pytest

import takeback
from takeback.core.case import Language, Stage
from takeback.core.events import EventType
from takeback.core.undo.plan import CONTAINMENT, ActionKind
from takeback.web.portal import NOTES
from takeback.words import known

SOURCE = Path(takeback.__file__).parent
SAID = re.compile(r"words\.((?:page|actor)\.[a-z_]+)")
WHOLE = re.compile(r'"((?:page|refusal)\.[a-z_.]+)"')
REFUSED = re.compile(
    r'(?:CaseRefused\(|_refused\(request, token, case, \[|why\.append\(|why = \(|return \()"([a-z_.]+)"'
)


def keys() -> set[str]:
    """What the templates and the code of casework and the portal say."""
    found = {f"page.{note}" for note in NOTES}
    for template in (SOURCE / "web" / "templates").rglob("*.html"):
        found |= set(SAID.findall(template.read_text(encoding="utf-8")))
    for module in [
        *(SOURCE / "casework").glob("*.py"),
        *(SOURCE / "web").glob("portal*.py"),
        SOURCE / "core/handback.py",
    ]:
        text = module.read_text(encoding="utf-8")
        found |= set(WHOLE.findall(text)) | {f"refusal.{key}" for key in REFUSED.findall(text)}
    found |= {f"stage.{stage}" for stage in Stage} | {f"happened.{kind}" for kind in EventType}
    undoing = set(ActionKind) - {*CONTAINMENT, ActionKind.UNFREEZE, ActionKind.UNLOCK_CARDS, ActionKind.SET_PASSWORD}
    return found | {f"undone.{kind}" for kind in undoing}


def test_the_scan_finds_what_is_known_to_be_there() -> None:
    expected = {"page.title", "page.code_sent", "refusal.plan.stale", "refusal.password.leaked", "refusal.code.wrong"}
    assert expected <= keys()
    assert len(keys()) > 80


@pytest.mark.parametrize("language", list(Language))
def test_every_key_has_words(language: Language) -> None:
    assert sorted(key for key in keys() if not known(language, key)) == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "reason",
    [
        *("service.down", "service.refused", "service.unknown", "read_back.differs", "reason.unreadable"),
        *("contact.none_trusted", "mail.refused", "mail.undeliverable"),
    ],
)
def test_every_reason_of_a_task_that_casework_gives_has_words(language: Language, reason: str) -> None:
    assert known(language, f"task.{reason}")
