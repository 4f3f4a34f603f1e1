"""What may happen by itself, within what limits, for how long, and who is told? The rules of the house, with their
units and bounds, and when a change of them is refused or takes a second person.

`docs/reference/rules.md` says each in a sentence. The defaults are careful; what is less careful than its default takes
two people, and what is out of bounds nobody can set.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import fields

from takeback.core.approval import Limits, Needed
from takeback.core.hold import LONGEST

HOUR, DAY = 3600, 24 * 3600  # seconds
TIMES_AS_FAR = 10  # how many times its default a limit may be raised to
MOST_ADDRESSES = 20
LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """The rules that hold at a moment. Values count `currency`, which the settings alone say."""

    standing_rule: bool = True
    notice_opens: bool = True
    notice_asks: bool = True
    rule_orders: int = 20
    rule_value: Decimal = Decimal(200_000)
    two_orders: int = 50
    two_value: Decimal = Decimal(500_000)
    currency: str = "JPY"
    hold_seconds: int = 5 * HOUR
    agent_hold_shortest_seconds: int = 5 * HOUR
    agent_hold_longest_seconds: int = 7 * DAY
    tell_plan_waiting: tuple[str, ...] = ()
    tell_task_overdue: tuple[str, ...] = ()
    tell_call_waiting: tuple[str, ...] = ()
    tell_audit_fault: tuple[str, ...] = ()
    claim_minutes: int = 30
    target_stopped_minutes: int = 5
    target_decided_minutes: int = 60
    target_called_minutes: int = 30
    target_tasks_minutes: int = 1440
    target_back_minutes: int = 1440
    call_tries: int = 3
    call_again_minutes: int = 60

    @property
    def hold(self) -> timedelta:
        """How long an account is held after the undoing."""
        return timedelta(seconds=self.hold_seconds)

    @property
    def limits(self) -> Limits:
        """Up to where the standing rule goes, and from where on two people are needed."""
        return Limits(self.rule_orders, self.rule_value, self.two_orders, self.two_value, self.currency)

    def wanted(self, need: Needed) -> Needed:
        """Who must approve what the limits alone would say: without a standing rule always a person."""
        return Needed.ONE if need is Needed.RULE and not self.standing_rule else need

    def agent_may_hold(self, length: timedelta) -> bool:
        """True when an agent may set a hold of this length, counted from the undoing, without a lead."""
        return self.agent_hold_shortest_seconds <= length.total_seconds() <= self.agent_hold_longest_seconds


Value = bool | int | Decimal | tuple[str, ...]


class Group(StrEnum):
    """What a rule is about; also the order in which rules are shown."""

    AUTOMATIC = "automatic"
    LIMITS = "limits"
    HOLD = "hold"
    TOLD = "told"
    DESK = "desk"
    CALLS = "calls"


class Unit(StrEnum):
    """In what a rule's value is counted."""

    YES_NO = "yes_no"
    ORDERS = "orders"
    MONEY = "money"  # whole units of the rules' currency
    SECONDS = "seconds"
    MINUTES = "minutes"
    TRIES = "tries"
    ADDRESSES = "addresses"  # of staff, for mail


class Careful(StrEnum):
    """Which way a rule is the more careful."""

    LESS = "less"  # for YES_NO: no
    MORE = "more"  # for YES_NO: yes; for ADDRESSES: nobody who was told is left out
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the name of its field in `Rules`, and its bounds in its unit. `highest` None: `TIMES_AS_FAR` its
    default.
    """

    name: str
    group: Group
    unit: Unit
    careful: Careful = Careful.NEITHER
    lowest: int = 0
    highest: int | None = None

    def bounds(self, defaults: Rules) -> tuple[int, int]:
        """The lowest and the highest value (for addresses: how many) where these are the defaults."""
        if self.highest is not None:
            return self.lowest, self.highest
        default = value_of(defaults, self.name)
        return self.lowest, int(default * TIMES_AS_FAR) if isinstance(default, int | Decimal) else 0


def _hold(name: str, careful: Careful) -> Rule:
    return Rule(name, Group.HOLD, Unit.SECONDS, careful, HOUR, int(LONGEST.total_seconds()))


def _told(name: str, careful: Careful = Careful.NEITHER) -> Rule:
    return Rule(name, Group.TOLD, Unit.ADDRESSES, careful, highest=MOST_ADDRESSES)


def _target(name: str) -> Rule:
    return Rule(name, Group.DESK, Unit.MINUTES, lowest=1, highest=28 * 24 * 60)


RULES: tuple[Rule, ...] = (
    Rule("standing_rule", Group.AUTOMATIC, Unit.YES_NO, Careful.LESS, highest=1),
    Rule("notice_opens", Group.AUTOMATIC, Unit.YES_NO, Careful.MORE, highest=1),
    Rule("notice_asks", Group.AUTOMATIC, Unit.YES_NO, Careful.MORE, highest=1),
    Rule("rule_orders", Group.LIMITS, Unit.ORDERS, Careful.LESS),
    Rule("rule_value", Group.LIMITS, Unit.MONEY, Careful.LESS),
    Rule("two_orders", Group.LIMITS, Unit.ORDERS, Careful.LESS),
    Rule("two_value", Group.LIMITS, Unit.MONEY, Careful.LESS),
    _hold("hold_seconds", Careful.MORE),
    _hold("agent_hold_shortest_seconds", Careful.MORE),
    _hold("agent_hold_longest_seconds", Careful.NEITHER),
    _told("tell_plan_waiting"),
    _told("tell_task_overdue"),
    _told("tell_call_waiting"),
    _told("tell_audit_fault", Careful.MORE),  # else whoever altered a log could see to it that nobody hears of it
    Rule("claim_minutes", Group.DESK, Unit.MINUTES, lowest=5, highest=8 * 60),
    _target("target_stopped_minutes"),
    _target("target_decided_minutes"),
    _target("target_called_minutes"),
    _target("target_tasks_minutes"),
    _target("target_back_minutes"),
    Rule("call_tries", Group.CALLS, Unit.TRIES, lowest=1, highest=10),
    Rule("call_again_minutes", Group.CALLS, Unit.MINUTES, lowest=10, highest=24 * 60),
)
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}
# Each pair: the first may not be above the second.
_IN_ORDER = (
    ("rule_orders", "two_orders"),
    ("rule_value", "two_value"),
    ("agent_hold_shortest_seconds", "agent_hold_longest_seconds"),
)


class Wrong(StrEnum):
    """Why a change is refused."""

    BELOW = "below"
    ABOVE = "above"
    PAST_OTHER = "past_other"  # above the rule that it has to stay below
    NO_ADDRESS = "no_address"
    TOO_MANY = "too_many"
    NOTHING = "nothing"  # nothing would change


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that cannot be as it is wished. `than`: the bound, or the name of the other rule."""

    name: str
    wrong: Wrong
    than: int | str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One rule before and after."""

    name: str
    before: Value
    after: Value


def value_of(rules: Rules, name: str) -> Value:
    """The value of one rule."""
    value: Value = getattr(rules, name)
    return value


def changes(before: Rules, after: Rules) -> tuple[Change, ...]:
    """What differs, in the order in which rules are shown."""
    pairs = ((rule.name, value_of(before, rule.name), value_of(after, rule.name)) for rule in RULES)
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


def problems(wished: Rules, now: Rules, defaults: Rules) -> tuple[Problem, ...]:
    """Why `wished` is refused; empty where it is not. What stays as it is was settled when it was set, or in the
    settings, and is asked only what it has to do with what changes.
    """
    changed = {change.name for change in changes(now, wished)}
    if not changed:
        return (Problem("", Wrong.NOTHING),)
    alone = [problem for rule in RULES if rule.name in changed for problem in _out_of_bounds(rule, wished, defaults)]
    past = [
        Problem(lower, Wrong.PAST_OTHER, upper)
        for lower, upper in _IN_ORDER
        if {lower, upper} & changed and _size(value_of(wished, lower)) > _size(value_of(wished, upper))
    ]
    return (*alone, *past)


def less_careful(wished: Rules, now: Rules, defaults: Rules) -> tuple[str, ...]:
    """The rules that would be less careful than now and than their default: these take a second person."""
    return tuple(
        rule.name
        for rule in RULES
        if _is_less(rule, value_of(wished, rule.name), value_of(now, rule.name))
        and (rule.unit is Unit.ADDRESSES or _is_less(rule, value_of(wished, rule.name), value_of(defaults, rule.name)))
    )


def _out_of_bounds(rule: Rule, wished: Rules, defaults: Rules) -> Iterator[Problem]:
    value = value_of(wished, rule.name)
    lowest, highest = rule.bounds(defaults)
    if isinstance(value, tuple):
        if len(value) > highest:
            yield Problem(rule.name, Wrong.TOO_MANY, highest)
        if not all(is_address(one) for one in value):
            yield Problem(rule.name, Wrong.NO_ADDRESS)
    elif value < lowest:
        yield Problem(rule.name, Wrong.BELOW, lowest)
    elif value > highest:
        yield Problem(rule.name, Wrong.ABOVE, highest)


def is_address(text: str) -> bool:
    """True for a plain mail address in ASCII, such as desk@shop.example: nothing that a header could be made of."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def _is_less(rule: Rule, value: Value, than: Value) -> bool:
    """True when a value is less careful than another."""
    if rule.careful is Careful.NEITHER:
        return False
    if isinstance(value, tuple) and isinstance(than, tuple):
        return not set(than) <= set(value)
    return _size(value) > _size(than) if rule.careful is Careful.LESS else _size(value) < _size(than)


def _size(value: Value) -> Decimal:
    return Decimal(0) if isinstance(value, tuple) else Decimal(value)


def with_values(defaults: Rules, values: Mapping[str, Value]) -> Rules:
    """The defaults with these values over them."""
    told = {field.name: getattr(defaults, field.name) for field in fields(Rules)} | dict(values)
    return Rules(**told)
