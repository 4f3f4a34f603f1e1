"""What does the page of rules show? Each rule with its value, its default, its bounds and who changed it last."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from takeback.casework.rulebook import RuleBook, Version, Wish, read
from takeback.casework.rules_words import bounds, name, sentence, typed, value
from takeback.core.case import Language
from takeback.core.rules import (
    BY_NAME,
    RULES,
    Careful,
    Change,
    Rule,
    Rules,
    Unit,
    Value,
    changes,
    value_of,
    with_values,
)
from takeback.words import say

MOST_VERSIONS = 1000  # that are looked through for who changed a rule last
MOST_SHOWN = 30
Told = Callable[[datetime], str]


class Row(NamedTuple):
    """A rule as it is shown. `typed` stands in the form; `kind`: choice, text or lines."""

    name: str
    title: str
    sentence: str
    now: str
    default: str
    is_default: bool
    bounds: str
    second: bool
    last: str
    kind: str
    hint: str
    typed: str


class Section(NamedTuple):
    """The rules of one group."""

    title: str
    rows: list[Row]


class Line(NamedTuple):
    """A rule before and after a change."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: in which language and zone, and whether addresses of staff are shown whole."""

    language: Language
    told: Told
    whole: bool

    def value(self, rule: Rule, of: Value, currency: str) -> str:
        """A value in words."""
        return value(self.language, rule, of, currency, whole=self.whole)

    def say(self, key: str, **values: object) -> str:
        """The words of a key of ours."""
        return say(self.language, f"desk_rules.{key}", **values)


def sections(
    reader: Reader, book: RuleBook, versions: Sequence[Version], texts: Mapping[str, str] | None = None
) -> list[Section]:
    """Every rule, group by group. `versions`: all, the newest first; `texts`: what stands in the form already."""
    now = book.at(versions[0] if versions else None)
    last = {rule: version for version in reversed(versions) for rule in version.after}
    return [
        Section(
            reader.say(f"group_{group.value}"),
            [_row(reader, rule, (now, book.defaults), last.get(rule.name), texts or {}) for rule in rules],
        )
        for group, rules in groupby(RULES, key=lambda rule: rule.group)
    ]


def _row(reader: Reader, rule: Rule, both: tuple[Rules, Rules], last: Version | None, texts: Mapping[str, str]) -> Row:
    now, defaults = both
    is_now, default = value_of(now, rule.name), value_of(defaults, rule.name)
    kinds = {Unit.YES_NO: "choice", Unit.ADDRESSES: "lines"}
    return Row(
        name=rule.name,
        title=name(reader.language, rule.name),
        sentence=sentence(reader.language, rule.name),
        now=reader.value(rule, is_now, now.currency),
        default=reader.value(rule, default, now.currency),
        is_default=is_now == default,
        bounds=bounds(reader.language, rule, defaults),
        second=rule.careful is not Careful.NEITHER,
        last=_last(reader, last),
        kind=kinds.get(rule.unit, "text"),
        hint=reader.say(f"hint_{rule.unit.value}", currency=now.currency),
        typed=texts.get(rule.name, typed(rule, is_now)),
    )


def _last(reader: Reader, last: Version | None) -> str:
    if last is None:
        return reader.say("last_never")
    by = f"{last.by} + {last.second}" if last.second else last.by
    return reader.say("last", at=reader.told(last.at), by=by)


def lines(reader: Reader, found: Sequence[Change], currency: str) -> list[Line]:
    """Changes in words."""
    return [
        Line(
            name(reader.language, one.name),
            reader.value(BY_NAME[one.name], one.before, currency),
            reader.value(BY_NAME[one.name], one.after, currency),
        )
        for one in found
    ]


def waiting(reader: Reader, book: RuleBook, wish: Wish) -> Mapping[str, object]:
    """The change that waits for a second admin."""
    now, wished = book.now(), with_values(book.defaults, read(wish.values))
    return {
        "id": wish.id,
        "by": wish.by,
        "said": reader.say("wish_by", by=wish.by, at=reader.told(wish.at), why=wish.why),
        "because": reader.say("wish_because", rules=names(reader.language, wish.less_careful)),
        "lines": lines(reader, changes(now, wished), now.currency),
        "typed": [(rule.name, typed(rule, value_of(wished, rule.name))) for rule in RULES],
    }


def names(language: Language, rules: Sequence[str]) -> str:
    """Several rules by name."""
    return ("、" if language is Language.JA else ", ").join(name(language, rule) for rule in rules)


def history(reader: Reader, book: RuleBook, versions: Sequence[Version]) -> list[Mapping[str, object]]:
    """The versions, the newest first."""
    return [
        {
            "number": version.number,
            "at": reader.told(version.at),
            "by": version.by,
            "second": version.second,
            "why": version.why,
            "changes": list(_changed(reader, version, book.defaults.currency)),
        }
        for version in versions[:MOST_SHOWN]
    ]


def _changed(reader: Reader, version: Version, currency: str) -> Iterator[str]:
    before, after = read(version.before), read(version.after)
    for rule in RULES:
        if rule.name in before and rule.name in after:
            old, new = (reader.value(rule, side[rule.name], currency) for side in (before, after))
            yield reader.say("history_change", rule=name(reader.language, rule.name), before=old, after=new)
