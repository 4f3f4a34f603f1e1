"""Which rules hold now, and who set them? Defaults from the settings, and over them what an admin set at the desk:
versions that are only ever added to.

Every process reads the newest version when it needs a rule, so that a change holds for all of them at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol, get_type_hints

import msgspec

from takeback.casework.auditbook import Act
from takeback.configuration import Configuration
from takeback.core.events import Json
from takeback.core.rules import BY_NAME, DAY, Rules, Value, with_values

WISH_LIVES = timedelta(days=7)  # that a second person may take; after that it is asked for anew
_KINDS = get_type_hints(Rules)


@dataclass(frozen=True, slots=True)
class Version:
    """The rules as they were set at a moment. `values`: all that is set over the defaults, as it is stored; `before`
    and `after`: what this version changed. `second` agreed, where that was needed. Times are aware UTC.
    """

    number: int
    at: datetime
    by: str
    why: str
    values: Mapping[str, Json]
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    second: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that waits for a second admin. `base` is the version that it would change."""

    id: int
    base: int
    at: datetime
    by: str
    why: str
    values: Mapping[str, Json]
    less_careful: tuple[str, ...]


class RuleTable(Protocol):
    """Keeps versions and wishes. Every write commits, together with its line in the book, before it returns."""

    def newest(self) -> Version | None:
        """The version that holds; None where nothing was ever set."""

    def versions(self, most: int) -> list[Version]:
        """The newest first."""

    def put(self, version: Version, act: Act, *, wish: int | None = None) -> bool:
        """Add a version, and end the wish that it comes from. False where the number is taken: of two who change the
        rules at once, one does; or where the wish has ended.
        """

    def ask(self, wish: Wish, act: Act) -> Wish:
        """Keep a wish (its id is given here) in place of any that waited."""

    def wish(self) -> Wish | None:
        """The wish that waits."""

    def end(self, wish: int, act: Act) -> bool:
        """Take a wish back. False where it had ended."""

    def begin_letter(self, letter: str, at: datetime) -> bool:
        """Write that staff are about to be told. False where that is settled."""

    def settle_letter(self, letter: str, at: datetime) -> None:
        """Write that the mail server took it, or never will."""


class RuleBook:
    """The rules of an installation: the settings' defaults, and over them the newest version of `table`."""

    def __init__(self, configuration: Configuration, table: RuleTable) -> None:
        self.defaults = defaults_of(configuration)
        self.table = table

    def now(self) -> Rules:
        """The rules that hold."""
        return self.at(self.table.newest())

    def at(self, version: Version | None) -> Rules:
        """The rules as this version has them, over today's defaults."""
        return self.defaults if version is None else with_values(self.defaults, read(version.values))

    def number(self) -> int:
        """The number of the version that holds; 0 where nothing was ever set."""
        version = self.table.newest()
        return 0 if version is None else version.number

    def wish(self, now: datetime) -> Wish | None:
        """The change that waits for a second admin, unless the rules have changed since or it has waited too long."""
        wish = self.table.wish()
        if wish is None or wish.base != self.number() or now - wish.at > WISH_LIVES:
            return None
        return wish


def defaults_of(configuration: Configuration) -> Rules:
    """What holds where nothing was set at the desk: the settings; from two and a half times a limit on, two people."""
    said = configuration.approval
    value = Decimal(said.max_total)
    return Rules(
        standing_rule=said.standing_rule,
        rule_orders=said.max_orders,
        rule_value=value,
        two_orders=said.max_orders * 5 // 2,
        two_value=value * 5 / 2,
        currency=said.currency,
        hold_seconds=configuration.hold_seconds,
        agent_hold_shortest_seconds=configuration.hold_seconds,
        agent_hold_longest_seconds=max(configuration.hold_seconds, 7 * DAY),
    )


def written(value: Value) -> Json:
    """A rule's value as it is stored."""
    if isinstance(value, tuple):
        return list[Json](value)
    return str(value) if isinstance(value, Decimal) else value


def read(values: Mapping[str, Json]) -> dict[str, Value]:
    """Stored values. What an older or newer version of the software stored and this one cannot read is left out: then
    the default holds, which is careful.
    """
    known: dict[str, Value] = {}
    for name, value in values.items():
        if name in BY_NAME:
            try:
                known[name] = msgspec.convert(value, _KINDS[name])
            except msgspec.ValidationError:
                continue
    return known
