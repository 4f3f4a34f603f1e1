"""How is a line of the book said to a person, and how is a verdict? In whole sentences, Japanese and English."""

from collections.abc import Iterator
from datetime import datetime

from takeback.casework.auditbook import Act
from takeback.casework.ports import House
from takeback.casework.verifying import Trouble, Verdict
from takeback.core.events import Json
from takeback.words import known, say

_ACT = "desk_book.act."


def act(language: str, one: Act) -> str:
    """What was done, in words; the key itself where there are none yet."""
    key = f"{_ACT}{one.what}"
    return say(language, key) if known(language, key) else one.what


def person(language: str, who: str) -> str:
    """Who did it."""
    kind, _, name = who.partition(":")
    if kind == "cli" and name:
        return say(language, "desk_book.who_cli", name=name)
    return name or (say(language, f"desk_book.who_{kind}") if known(language, f"desk_book.who_{kind}") else who)


def evidence(language: str, one: Act) -> list[tuple[str, str]]:
    """What the line rests on: name and value of each, as short text."""
    return [
        (say(language, key) if known(language, key := f"desk_book.evidence.{name}") else name, _short(value))
        for name, value in sorted((one.evidence or {}).items())
        if value not in (None, "", [], {})
    ]


def _short(value: Json) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_short(one)}" for name, one in sorted(value.items()))
    if isinstance(value, list):
        shown = [_short(one) for one in value[:_MOST]]
        return ", ".join(shown) + (f" … ({len(value)})" if len(value) > _MOST else "")
    return str(value)


_MOST = 12  # of a list


def verdict(language: str, one: Verdict) -> list[str]:
    """A verdict in sentences: first what came of it, then each thing that is wrong, then what was looked at."""
    numbers = {name: f"{getattr(one, name):,}" for name in ("lines", "cases", "case_lines", "anchors", "wrong")}
    if one.wrong:
        first = say(language, "desk_book.verdict.wrong", **numbers)
    elif one.whole:
        first = say(language, "desk_book.verdict.good", **numbers)
    else:
        first = say(language, "desk_book.verdict.part", **numbers)
    told = [first, *(trouble(language, each) for each in one.troubles)]
    if one.wrong > len(one.troubles):
        told.append(say(language, "desk_book.verdict.more", count=f"{one.wrong - len(one.troubles):,}"))
    told += [f"{say(language, 'desk_book.verdict.excused')} {trouble(language, each)}" for each in one.excused]
    if one.wrong:
        told.append(say(language, "desk_book.verdict.seen", **numbers))
    elif one.whole and not one.anchors:
        told.append(say(language, "desk_book.verdict.no_anchor"))
    return told


def trouble(language: str, one: Trouble) -> str:
    """What is wrong, and where."""
    log = say(language, "desk_book.log_of", case=one.case) if one.case else say(language, "desk_book.the_book")
    values = {"log": log, "seq": one.seq, **one.values, "case": one.case}
    return say(language, f"desk_book.wrong.{one.what.value}", **values)


def every(house: House, since: datetime | None, until: datetime | None, page: int) -> Iterator[Act]:
    """The lines of this time, oldest first, read page by page: the book may be long."""
    last = 0
    while acts := house.audit.read(since=since, until=until, after=last, most=page):
        yield from acts
        last = acts[-1].seq
