"""Every key that a page or a mail of a case says has words in both languages: a template would show nothing instead."""

import re
from pathlib import Path

import pytest

import takeback
from takeback.casework.answers import Answer
from takeback.casework.talks import Voice
from takeback.casework.ways import Channel
from takeback.core.case import Language, Stage
from takeback.core.events import EventType
from takeback.core.investigate.findings import Actor
from takeback.core.talk import Choice, Line
from takeback.core.undo.plan import CONTAINMENT, ActionKind
from takeback.web.portal.case import NOTES
from takeback.words import known

SOURCE = Path(takeback.__file__).parent
PLAIN = ("not_found", "too_many", "foreign", "link_replaced")
STATES = (*Stage, "undo_waits_proof", "undo_waits_staff")
SAID = re.compile(r"words\.([a-z_]+\.[a-z_]+)")
WHOLE = re.compile(r'"((?:page|refusal)\.[a-z_.]+)"')
OURS = re.compile(r'say\([a-z_.]+, "([a-z_]+\.[a-z_.]+)"')
REFUSED = re.compile(
    r'(?:CaseRefused\(|refused\(request, token, case, \[|why\.append\(|why = \(|return \()"([a-z_.]+)"'
)


def keys() -> set[str]:
    """What the templates and the code of casework and the portal say."""
    found = {f"page.{note}" for note in NOTES} | {f"site.{key}{end}" for key in PLAIN for end in ("", "_title")}
    found |= {f"door.{choice}" for choice in Choice} | {f"talk.{line}" for line in Line}
    found |= {f"talk.who_{voice}" for voice in Voice} | {f"way.{channel}" for channel in Channel}
    found |= {f"cards.{actor}" for actor in Actor} | {f"cards.said_{answer}" for answer in Answer}
    found |= {f"case.lane_{actor}" for actor in Actor}
    found |= {f"{table}.{state}" for table in ("headline", "next") for state in STATES}
    for template in (SOURCE / "web" / "templates").rglob("*.html"):
        found |= set(SAID.findall(template.read_text(encoding="utf-8")))
    portal = sorted((SOURCE / "web" / "portal").glob("*.py"))
    for module in [*(SOURCE / "casework").glob("*.py"), *portal, SOURCE / "core/handback.py"]:
        text = module.read_text(encoding="utf-8")
        found |= set(WHOLE.findall(text)) | {f"refusal.{key}" for key in REFUSED.findall(text)}
    for module in portal:
        found |= set(OURS.findall(module.read_text(encoding="utf-8")))
    found |= {f"stage.{stage}" for stage in Stage} | {f"happened.{kind}" for kind in EventType}
    undoing = set(ActionKind) - {*CONTAINMENT, ActionKind.UNFREEZE, ActionKind.UNLOCK_CARDS, ActionKind.SET_PASSWORD}
    return found | {f"undone.{kind}" for kind in undoing}


def test_the_scan_finds_what_is_known_to_be_there() -> None:
    expected = {"page.title", "page.code_sent", "refusal.plan.stale", "refusal.password.leaked", "refusal.code.wrong"}
    assert expected <= keys()
    assert len(keys()) > 200


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
