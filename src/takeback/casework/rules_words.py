"""How is a rule said, and what did somebody write for it? The same words at the desk and in a terminal, either way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import msgspec

from takeback.core.contacts import masked
from takeback.core.rules import BY_NAME, RULES, Problem, Rule, Rules, Unit, Value, Wrong, value_of, with_values
from takeback.words import say

LONGEST_TEXT = 6000  # characters that are read of what was written for one rule
_STEPS = (("days", 86_400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_WORDS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Unread:
    """What was written for this rule is no value of its kind."""

    name: str


def name(language: str, rule: str) -> str:
    """How a rule is called."""
    return say(language, f"desk_rules.name_{rule}")


def sentence(language: str, rule: str) -> str:
    """What a rule says, in a sentence."""
    return say(language, f"desk_rules.say_{rule}")


def value(language: str, rule: Rule, of: Value, currency: str, *, whole: bool = True) -> str:
    """A value as people say it: `5 h`, `200,000 JPY`, `yes`. Addresses are masked unless `whole`."""
    if isinstance(of, bool):
        return say(language, f"desk_rules.{'yes' if of else 'no'}")
    if isinstance(of, tuple):
        return ", ".join(one if whole else masked("email", one) for one in of) or say(language, "desk_rules.nobody")
    if rule.unit is Unit.MONEY:
        return say(language, "desk_rules.unit_money", value=f"{of:,}", currency=currency)
    if rule.unit in (Unit.SECONDS, Unit.MINUTES):
        return duration(language, int(of) * (60 if rule.unit is Unit.MINUTES else 1))
    return say(language, f"desk_rules.unit_{rule.unit.value}", value=f"{of:,}")


def duration(language: str, seconds: int) -> str:
    """A length of time, e.g. `1 h 30 min`."""
    told = []
    for step, length in _STEPS:
        count, seconds = divmod(seconds, length)
        if count:
            told.append(say(language, f"desk_rules.{step}", count=count))
    return " ".join(told) or say(language, "desk_rules.seconds", count=0)


def bounds(language: str, rule: Rule, defaults: Rules) -> str:
    """Within what a rule may be set at the desk."""
    lowest, highest = rule.bounds(defaults)
    if rule.unit is Unit.YES_NO:
        return say(language, "desk_rules.bounds_yes_no")
    if rule.unit is Unit.ADDRESSES:
        return say(language, "desk_rules.bounds_addresses", most=highest)
    low, high = (value(language, rule, one, defaults.currency) for one in (lowest, highest))
    return say(language, "desk_rules.bounds", lowest=low, highest=high)


def problem(language: str, found: Problem | Unread, defaults: Rules) -> str:
    """Why a rule cannot be as it is wished."""
    if isinstance(found, Unread):
        return say(language, f"desk_rules.unread_{BY_NAME[found.name].unit.value}", rule=name(language, found.name))
    if found.wrong is Wrong.NOTHING:
        return say(language, "desk_rules.wrong_nothing")
    than = str(found.than)
    if found.wrong is Wrong.PAST_OTHER:
        than = name(language, than)
    elif found.wrong in (Wrong.BELOW, Wrong.ABOVE):
        than = value(language, BY_NAME[found.name], Decimal(found.than), defaults.currency)
    return say(language, f"desk_rules.wrong_{found.wrong.value}", rule=name(language, found.name), than=than)


def rebuilt(language: str, exact: int, plans: int) -> str:
    """How many plans of a trial came out as they were decided on."""
    if exact == plans:
        return say(language, "desk_rules.tried_rebuilt_all")
    return say(language, "desk_rules.tried_rebuilt", rebuilt=exact, plans=plans)


def typed(rule: Rule, of: Value) -> str:
    """A value as it stands in a form; lengths of time in minutes, addresses a line each."""
    if isinstance(of, bool):
        return "yes" if of else "no"
    if isinstance(of, tuple):
        return "\n".join(of)
    if rule.unit is Unit.SECONDS:
        minutes = (Decimal(of) / 60).quantize(Decimal("0.0001"))
        return f"{minutes:f}".rstrip("0").rstrip(".")
    return f"{of:f}" if isinstance(of, Decimal) else str(of)


def wished(now: Rules, texts: Mapping[str, str]) -> tuple[Rules, tuple[Unread, ...]]:
    """The rules of now with what was written in a form over them; what is left as it was shown stays as it is."""
    values: dict[str, Value] = {}
    unread = []
    for rule in RULES:
        text = texts.get(rule.name)
        if text is None or text.strip() == typed(rule, value_of(now, rule.name)):
            continue
        read = _read(rule, text.strip()[:LONGEST_TEXT])
        if read is None:
            unread.append(Unread(rule.name))
        else:
            values[rule.name] = read
    return with_values(now, values), tuple(unread)


def _read(rule: Rule, text: str) -> Value | None:
    if rule.unit is Unit.YES_NO:
        return _WORDS.get(text)
    if rule.unit is Unit.ADDRESSES:
        return tuple(dict.fromkeys(one for one in re.split(r"[\s,;、]+", text) if one))
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        return None
    if rule.unit is Unit.SECONDS:
        return round(number * 60)
    if rule.unit is Unit.MONEY:
        return number
    return int(number) if number == int(number) else None


def told(now: Rules, said: Mapping[str, object]) -> tuple[Rules, tuple[Unread, ...], tuple[str, ...]]:
    """The rules of now with what a file says over them, what of it is no value, and the names that are no rule's."""
    values: dict[str, Value] = {}
    unread = []
    for rule in RULES:
        if rule.name in said:
            try:
                values[rule.name] = _converted(said[rule.name], value_of(now, rule.name))
            except msgspec.ValidationError:
                unread.append(Unread(rule.name))
    return with_values(now, values), tuple(unread), tuple(sorted(said.keys() - BY_NAME.keys()))


def _converted(said: object, like: Value) -> Value:
    if isinstance(like, tuple):
        return msgspec.convert(said, tuple[str, ...])
    return msgspec.convert(said, type(like))
