"""The golden stories: each folder is a story, its events, what the customer said, and what the investigation must say.

`expect.json` is the contract's answer without what may change in wording or weight: probabilities, reasons, ids and the
hash.
"""

import json
from datetime import datetime
from pathlib import Path

import pytest

from takeback.core.answer import answer
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import Investigation, investigate
from takeback.store.files import read_events

STORIES = sorted(path.parent for path in Path(__file__).parent.glob("*/story.md"))
AT = datetime.fromisoformat("2026-11-22T09:00:00+09:00")


def told(story: Path) -> Investigation:
    events = list(read_events(story / "events.ndjson"))
    said = [json.loads(line) for line in (story / "said.ndjson").read_text().splitlines()]
    words = [Word(kind, name, line["mine"]) for line in said for kind, name in line.items() if kind != "mine"]
    return investigate("42", events, now=AT, words=words)


def meaning(investigation: Investigation) -> dict:
    whole = answer(investigation)
    plan = whole["plan"]
    return {
        "compromised": whole["compromised"],
        "window": whole["window"],
        "not_the_owners": {s["session"]: s["actor"] for s in whole["sessions"] if s["actor"] != "owner"},
        "contacts": whole["contacts"],
        "actions": [{"action": act["action"], "args": act["args"], "undoes": act["undoes"]} for act in plan["actions"]],
        "kept": plan["kept"],
        "questions": plan["questions"],
        "irreversible": plan["irreversible"],
    }


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_story_ends_as_it_says(story: Path) -> None:
    assert meaning(told(story)) == json.loads((story / "expect.json").read_text())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_same_story_has_the_same_hash_however_its_events_arrive(story: Path) -> None:
    events = list(read_events(story / "events.ndjson"))
    shuffled = [*events[::-2], *events[::-1], *events[::3]]
    assert investigate("42", shuffled, now=AT).plan.hash == investigate("42", events, now=AT).plan.hash


def test_there_are_stories() -> None:
    assert {story.name for story in STORIES} >= {"the-night", "the-owner-in-the-middle", "nothing-wrong"}
