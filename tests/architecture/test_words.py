"""Does every key have words, in both languages, and do both say it with the same values?"""

import json
from functools import cache
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from takeback.casework.letters import Template
from takeback.core.authenticity.reasons import Ground
from takeback.core.authenticity.verdict import Judgement, NextStep
from takeback.core.case import Stage
from takeback.core.events import EventType, Who
from takeback.core.investigate.findings import Actor
from takeback.core.investigate.reasons import Because
from takeback.core.undo.plan import ActionKind
from takeback.words import LANGUAGES, PARTS, known, say
from tests.architecture.keys import literals, lost, members_spoken_of, reasons, refusals, whys
from tests.architecture.tree import ROOT, SOURCE

STORIES = sorted((ROOT / "tests" / "stories").glob("*/expect.json"))


@cache
def part_of(language: str, part: str) -> Catalog:
    """One file of a language, as people write it."""
    text = (SOURCE / "words" / f"{part}{language}.po").read_bytes()
    return read_po(BytesIO(text), locale=language, abort_invalid=True)


def written(language: str) -> dict[str, str]:
    """Every key that this language has words for, with the words."""
    return {str(message.id): str(message.string) for part in PARTS for message in part_of(language, part) if message.id}


def keys(language: str) -> frozenset[str]:
    """Every key that this language has words for."""
    return frozenset(written(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_of_words_is_read(language: str) -> None:
    assert {path.name for path in (SOURCE / "words").glob(f"*{language}.po")} == {f"{p}{language}.po" for p in PARTS}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_is_what_was_written_after_make_words(language: str, part: str) -> None:
    with (SOURCE / "words" / f"{part}{language}.mo").open("rb") as file:
        read = {message.id: message.string for message in read_mo(file) if message.id}
    assert read == {message.id: message.string for message in part_of(language, part) if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_written_twice(language: str) -> None:
    files = [(SOURCE / "words" / f"{part}{language}.po").read_text(encoding="utf-8") for part in PARTS]
    named = [line for file in files for line in file.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
    assert len(named) == len(set(named)) == len(keys(language))


def every_key() -> list[str]:
    """What the core can give, of every kind that is put into words."""
    return sorted(
        {
            *(f"reason.{key}" for key in reasons()),
            *(f"why.{key}" for key in whys()),
            *(f"lost.{key}" for key in lost()),
            *(f"advice.{key}" for key in literals("Irreversible", 2)),
            *(f"refusal.{key}" for key in refusals()),
            *(f"action.{kind.value}" for kind in ActionKind),
            *(f"stage.{stage.value}" for stage in Stage),
            *(f"actor.{actor.value}" for actor in (*Actor, Who.STAFF, Who.SYSTEM)),
            *(f"event.{kind.value}" for kind in EventType),
            *(f"mail_reason.{ground.value}" for ground in Ground),
            *(f"mail_verdict.{judgement.value}" for judgement in Judgement),
            *(f"mail_next.{step.value}" for step in NextStep),
        }
    )


def test_the_scan_of_the_core_finds_what_is_known_to_be_there() -> None:
    assert reasons() >= {"device.never_seen", "network.known", "said.not_mine", "address.added_then_ordered"}
    assert whys() >= {"owner.wrote_later", "actor.unknown", "staff.changed_contact"}
    assert lost() >= {"order.shipped", "viewed", "value.unknown"}
    assert refusals() >= {"hold.not_over", "password.too_short", "plan.stale"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_the_core_can_give_has_words(language: str) -> None:
    assert [key for key in every_key() if not known(language, key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_no_words_for_a_reason_that_the_core_does_not_have(language: str) -> None:
    assert {key for key in keys(language) if key.startswith("reason.")} == {f"reason.{key}" for key in reasons()}
    of_mail = {key for key in keys(language) if key.startswith("mail_reason.")}
    assert of_mail == {f"mail_reason.{ground.value}" for ground in Ground}


def test_every_reason_of_the_list_is_given_somewhere() -> None:
    given = members_spoken_of("Because")
    assert [reason for reason in Because if reason.name not in given] == []
    of_mail = members_spoken_of("Ground", apart_from="reasons.py")
    assert [ground for ground in Ground if ground.name not in of_mail] == []


def test_no_reason_is_written_out_instead_of_taken_from_the_list() -> None:
    assert literals("Reason", 0) & reasons() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_a_golden_story_gives_has_words(language: str) -> None:
    given = set()
    for story in STORIES:
        told = json.loads(story.read_text(encoding="utf-8"))
        given |= {f"why.{one['why']}" for one in (*told["kept"], *told["questions"])}
        given |= {f"advice.{one['advice']}" for one in told["irreversible"]}
        given |= {f"action.{one['action']}" for one in told["actions"]}
    assert given
    assert [key for key in sorted(given) if not known(language, key)] == []


def test_both_languages_have_the_same_keys() -> None:
    japanese, english = keys("ja"), keys("en")
    assert (sorted(japanese - english), sorted(english - japanese)) == ([], [])


def test_both_languages_take_the_same_values() -> None:
    def placeholders(language: str, key: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(say(language, key)) if name is not None}

    differing = {
        key: (placeholders("ja", key), placeholders("en", key))
        for key in sorted(keys("ja") & keys("en"))
        if placeholders("ja", key) != placeholders("en", key)
    }
    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_empty(language: str) -> None:
    assert [key for key in sorted(keys(language)) if not say(language, key).strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", Template, ids=lambda template: template.value)
def test_every_letter_is_written_in_both_languages_as_text_and_as_html(language: str, template: Template) -> None:
    folder = SOURCE / "mail" / "templates" / "mail"
    for kind in ("txt", "html"):
        assert (folder / f"{template.value}.{language}.{kind}").read_text(encoding="utf-8").strip()
