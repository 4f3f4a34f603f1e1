"""Is every rule said in both languages, and on the one page that documents them?"""

import re

import pytest

from takeback.casework.rules_told import Matter
from takeback.casework.rules_words import bounds, duration, problem, told, typed, value, wished
from takeback.casework.wouldhave import ROWS
from takeback.core.approval import Needed
from takeback.core.rules import RULES, Group, Problem, Rule, Rules, Unit, Wrong, value_of
from takeback.words import LANGUAGES, known, say
from tests.architecture.tree import ROOT

DEFAULTS = Rules()
PAGE = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.M)
TOLD = {row[0]: row[1:] for row in ROW.findall(PAGE)}


def keys() -> list[str]:
    return [
        *(f"{kind}_{rule.name}" for kind in ("name", "say") for rule in RULES),
        *(f"group_{group.value}" for group in Group),
        *(f"{kind}_{unit.value}" for kind in ("hint", "unread") for unit in Unit),
        *(f"wrong_{wrong.value}" for wrong in Wrong),
        *(f"row_{name}" for name, _ in ROWS),
        *(f"need_{need.value}" for need in Needed),
        *(f"mail_{matter.value}{end}" for matter in Matter for end in ("", "_subject")),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_about_rules_has_words(language: str) -> None:
    assert [key for key in keys() if not known(language, f"desk_rules.{key}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_about_rules_is_used(language: str) -> None:
    text = (ROOT / "src" / "takeback" / "words" / f"desk_rules.{language}.po").read_text(encoding="utf-8")
    written = set(re.findall(r'^msgid "desk_rules\.(\w+)"', text, re.M))
    places = [*ROOT.glob("src/takeback/**/rules*"), *ROOT.glob("src/takeback/web/desk/rules/*.py")]
    used = "".join(path.read_text(encoding="utf-8") for path in places if path.suffix in (".py", ".html"))
    built = set(keys()) | {f"unit_{unit.value}" for unit in Unit} | {"days", "hours", "minutes", "seconds", "yes", "no"}
    built |= {f"col_{name}" for name in ("what", "happened", "today", "tried", "rule", "now", "default", "bounds")}
    assert (
        sorted(key for key in written - built if f"desk_rules.{key}" not in used and f'say("{key}"' not in used) == []
    )


def test_the_page_documents_every_rule_and_no_other() -> None:
    assert list(TOLD) == [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_page_says_of_a_rule_what_the_desk_says(rule: Rule) -> None:
    assert TOLD[rule.name][3] == say("en", f"desk_rules.say_{rule.name}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_page_tells_a_rules_default_and_which_way_it_is_less_careful(rule: Rule) -> None:
    default, _, less, _ = TOLD[rule.name]
    of = value_of(DEFAULTS, rule.name)
    plain = {True: "yes", False: "no", (): "nobody"}.get(of, f"{of:,}" if not isinstance(of, tuple) else "")
    assert plain in default or str(of) in default or "`hold_seconds`" in default
    if rule.name == "tell_audit_fault":
        assert less == "somebody left out"
        return
    ways = {"neither": "–", "less": "yes" if rule.unit is Unit.YES_NO else "more"}
    assert less.strip() == ways.get(rule.careful.value, "no" if rule.unit is Unit.YES_NO else "shorter")


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.unit in (Unit.MINUTES, Unit.TRIES)], ids=lambda r: r.name
)
def test_the_page_tells_a_rules_bounds(rule: Rule) -> None:
    assert TOLD[rule.name][1] == "{} to {}".format(*rule.bounds(DEFAULTS))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_stands_in_the_form_is_read_as_what_it_was(rule: Rule, language: str) -> None:
    text = typed(rule, value_of(DEFAULTS, rule.name))
    assert wished(DEFAULTS, {rule.name: text}) == (DEFAULTS, ())
    assert bounds(language, rule, DEFAULTS)
    assert value(language, rule, value_of(DEFAULTS, rule.name), "JPY")


def test_a_default_of_some_seconds_is_left_as_it_is_by_the_form() -> None:
    quick = Rules(hold_seconds=7, agent_hold_shortest_seconds=7)
    rule = next(rule for rule in RULES if rule.name == "hold_seconds")
    assert wished(quick, {"hold_seconds": typed(rule, 7)}) == (quick, ())


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("hold_seconds", "90", 5400),
        ("hold_seconds", "0.5", 30),
        ("rule_value", "150,000", 150_000),
        ("rule_orders", "12.0", 12),
        ("standing_rule", "no", False),
        ("tell_call_waiting", " a@b.example,c@d.example\n\na@b.example ", ("a@b.example", "c@d.example")),
    ],
)
def test_what_people_write_is_read(name: str, text: str, read: object) -> None:
    new, unread = wished(DEFAULTS, {name: text})
    assert (value_of(new, name), unread) == (read, ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hold_seconds", "long"),
        ("rule_orders", "1.5"),
        ("rule_value", "NaN"),
        ("two_value", "1e99"),
        ("standing_rule", ""),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_value_is_said_and_changes_nothing(name: str, text: str, language: str) -> None:
    new, unread = wished(DEFAULTS, {name: text})
    assert new == DEFAULTS
    assert say(language, f"desk_rules.name_{name}") in problem(language, unread[0], DEFAULTS)


def test_a_file_says_values_in_their_own_kind() -> None:
    new, unread, unknown = told(DEFAULTS, {"hold_seconds": 7200, "rule_value": 5, "tell_call_waiting": ["a@b.example"]})
    assert (new.hold_seconds, new.rule_value, new.tell_call_waiting) == (7200, 5, ("a@b.example",))
    assert (unread, unknown) == ((), ())
    _, unread, unknown = told(DEFAULTS, {"hold_seconds": "2h", "standing_rule": 1, "gone": 3})
    assert ([one.name for one in unread], unknown) == (["standing_rule", "hold_seconds"], ("gone",))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wrong", Wrong)
def test_every_refusal_is_a_sentence(language: str, wrong: Wrong) -> None:
    than: int | str = "two_orders" if wrong is Wrong.PAST_OTHER else 5
    assert len(problem(language, Problem("rule_orders", wrong, than), DEFAULTS)) > 10


def test_lengths_of_time_are_said_in_full() -> None:
    assert duration("en", 93_784) == "1 d 2 h 3 min 4 s"
    assert duration("ja", 5400) == "1時間 30分"
    assert duration("en", 0) == "0 s"
