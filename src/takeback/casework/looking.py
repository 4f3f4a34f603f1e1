"""How do the services show the account now? They are asked when a plan is made and once more before it is carried out.

What they show and the log does not know is noted in the case's log, and whoever asks for the plan in between reads the
note: so the plan that is shown, approved and carried out is one, and a page that is looked at asks no service. One that
is known to be down is not asked; of one that does not answer, what it last showed goes on being believed.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import wait
from datetime import datetime
from functools import partial

import msgspec

from takeback.casework.hands import lend
from takeback.casework.ledger import Part, open_rows
from takeback.casework.ports import Entry, House, Service
from takeback.casework.seats import stood_up
from takeback.core.case import Case
from takeback.core.errors import OutsideError
from takeback.core.events import Event, Json, Money
from takeback.core.investigate.findings import Findings
from takeback.core.service import AccountSnapshot
from takeback.core.undo.look import Look
from takeback.core.undo.telling import telling

LOOKED = "services.looked"


def noted(log: Sequence[Entry]) -> dict[str, Look]:
    """By source, what the services last showed that the event log did not know. `log`: the case's, or its beginning."""
    last = next((entry for entry in reversed(log) if entry.what == LOOKED), None)
    seen = last.evidence["seen"] if last is not None else {}
    return {source: _read(told) for source, told in msgspec.convert(seen, dict[str, _Seen]).items()}


def look(house: House, case: Case, events: Sequence[Event], findings: Findings, log: Sequence[Entry]) -> bool:
    """Ask the services, side by side. True when they show something else than what is noted in the case's log as it was
    read; then that is noted.
    """
    before = telling(events, findings, noted(log))
    down = {row.source for row in open_rows(house, case, Part.FREEZE)}
    looks, silent = _asked(house, case, [service for service in house.services if service.source not in down])
    unread = down | silent
    looks |= {source: one for source, one in before.items() if source in unread}
    after = telling(events, findings, looks)
    if _shown(after) == _shown(before):
        return False
    seen: dict[str, Json] = {source: _written(one) for source, one in after.items()}
    evidence: dict[str, Json] = {"seen": seen, "unread": list[Json](sorted(unread))}
    entry = Entry(case.id, house.clock.now(), "system", LOOKED, "snapshot.differs", evidence, aside=("seen",))
    house.cases.note(entry)
    return True


def _asked(house: House, case: Case, services: Sequence[Service]) -> tuple[dict[str, Look], set[str]]:
    """What the services show, and the sources of those that did not answer. One without such an account shows none."""
    if not services:
        return {}, set()
    at = house.clock.now()  # before they are asked: what happens meanwhile is newer than the look
    looks, silent = {}, set()
    asked = [(service.source, lend(partial(service.account, case.account))) for service in services]
    with stood_up():
        wait([answer for _, answer in asked])
    for source, answer in asked:
        try:
            snapshot = answer.result()
        except OutsideError:
            silent.add(source)
            continue
        if snapshot is not None:
            looks[source] = Look(at, snapshot)
    return looks, silent


class _Seen(msgspec.Struct):
    """The form in which a look is noted."""

    at: datetime
    account: str
    frozen: bool
    sessions: int
    links: int
    password: str
    cards_locked: bool
    cards_masked: bool
    fields: dict[str, object]
    collections: dict[str, dict[str, object]]
    balances: dict[str, Money]
    orders: dict[str, dict[str, object]]


def _shown(looks: Mapping[str, Look]) -> dict[str, tuple[object, ...]]:
    """What of looks the plan depends on."""
    accounts = {source: one.account for source, one in looks.items()}
    return {source: (a.fields, a.collections, a.balances, a.orders) for source, a in accounts.items()}


def _written(one: Look) -> Json:
    told: Json = msgspec.to_builtins({"at": one.at.isoformat(), **_values(one.account)})
    return told


def _values(account: AccountSnapshot) -> dict[str, object]:
    return {name: getattr(account, name) for name in AccountSnapshot.__slots__}


def _read(told: _Seen) -> Look:
    values = {name: getattr(told, name) for name in AccountSnapshot.__slots__}
    return Look(told.at, AccountSnapshot(**values))
