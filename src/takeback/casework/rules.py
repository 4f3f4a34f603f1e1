"""How are the rules changed? By an admin, with a reason, from the version that was shown; each change is in the book of
the installation.

What is less careful than its default waits until a second admin has agreed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from takeback.casework.auditbook import Act
from takeback.casework.ports import House
from takeback.casework.rulebook import RuleBook, Version, Wish, read, written
from takeback.core.contacts import masked
from takeback.core.errors import CaseRefused
from takeback.core.events import Json
from takeback.core.permission import Verb
from takeback.core.rules import Problem, Rules, changes, less_careful, problems, with_values

LONGEST_WHY = 500


class Came(StrEnum):
    """What became of a change that was asked for."""

    HOLDS = "holds"
    WAITS = "waits"  # for a second admin
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to somebody who asked for a change. `less_careful`: why it takes a second admin."""

    came: Came
    problems: tuple[Problem, ...] = ()
    less_careful: tuple[str, ...] = ()


def change(house: House, wished: Rules, *, base: int, by: str, why: str) -> Answer:
    """An admin changes the rules that he was shown as version `base`.

    `CaseRefused` where they have changed since (`rules.stale`) or no reason is given (`rules.no_why`).
    """
    book, at = house.rules, house.clock.now()
    newest = book.table.newest()
    if base != (0 if newest is None else newest.number):
        raise CaseRefused("rules.stale", "The rules have changed since they were shown; look at them again.")
    said = why.strip()[:LONGEST_WHY]
    if not said:
        raise CaseRefused("rules.no_why", "Say why the rules are changed.")
    now = book.at(newest)
    found = problems(wished, now, book.defaults)
    if found:
        return Answer(Came.REFUSED, found)
    version = _version(book, now, wished, base=base, at=at, by=by, why=said)
    daring = less_careful(wished, now, book.defaults)
    if daring:
        wish = Wish(0, base, at, by, said, version.values, daring)
        book.table.ask(wish, _act(version, f"staff:{by}", {"state": "asked", "second_for": list[Json](daring)}))
        return Answer(Came.WAITS, less_careful=daring)
    if not book.table.put(version, _act(version, f"staff:{by}", {"state": "set"})):
        raise CaseRefused("rules.stale", "The rules have changed since they were shown; look at them again.")
    return Answer(Came.HOLDS)


def agree(house: House, wish_id: int, *, by: str) -> None:
    """A second admin agrees to a change that waits, and it holds.

    `CaseRefused` for whoever asked for it (`rules.same_person`), and where it waits no more (`rules.no_wish`).
    """
    book, at = house.rules, house.clock.now()
    wish = _waiting(house, wish_id)
    if wish.by == by:
        raise CaseRefused("rules.same_person", "Whoever asked for a change cannot be the second to agree to it.")
    now = book.now()
    wished = with_values(book.defaults, read(wish.values))
    version = _version(book, now, wished, base=wish.base, at=at, by=wish.by, why=wish.why, second=by)
    act = _act(version, f"staff:{by}", {"state": "agreed", "asked_by": wish.by})
    if not book.table.put(version, act, wish=wish.id):
        raise CaseRefused("rules.no_wish", "This change waits no more; look at the rules again.")


def withdraw(house: House, wish_id: int, *, by: str) -> None:
    """An admin, whoever asked for it, ends a change that waits. `CaseRefused` where it waits no more."""
    wish = _waiting(house, wish_id)
    evidence: dict[str, Json] = {"state": "withdrawn", "asked_by": wish.by, "base": wish.base}
    act = Act(house.clock.now(), f"staff:{by}", Verb.CHANGE_RULES.value, "rules.withdrawn", evidence=evidence)
    if not house.rules.table.end(wish.id, act):
        raise CaseRefused("rules.no_wish", "This change waits no more; look at the rules again.")


def _waiting(house: House, wish_id: int) -> Wish:
    wish = house.rules.wish(house.clock.now())
    if wish is None or wish.id != wish_id:
        raise CaseRefused("rules.no_wish", "This change waits no more; look at the rules again.")
    return wish


def _version(
    book: RuleBook, now: Rules, wished: Rules, *, base: int, at: datetime, by: str, why: str, second: str = ""
) -> Version:
    set_over = {one.name: written(one.after) for one in changes(book.defaults, wished)}
    differing = changes(now, wished)
    return Version(
        number=base + 1,
        at=at,
        by=by,
        why=why,
        values=set_over,
        before={one.name: written(one.before) for one in differing},
        after={one.name: written(one.after) for one in differing},
        second=second,
    )


def _act(version: Version, who: str, more: Mapping[str, Json]) -> Act:
    """The line in the book; addresses of staff are masked there."""
    evidence: dict[str, Json] = {
        "version": version.number,
        "before": {name: _for_the_book(value) for name, value in version.before.items()},
        "after": {name: _for_the_book(value) for name, value in version.after.items()},
        **more,
    }
    return Act(version.at, who, Verb.CHANGE_RULES.value, version.why, evidence=evidence)


def _for_the_book(value: Json) -> Json:
    return [masked("email", str(one)) for one in value] if isinstance(value, list) else value
