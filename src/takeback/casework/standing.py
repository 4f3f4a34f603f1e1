"""Stage 7 of 7, as the owner sees it: what do the services still show, what is hers, and what is left for her to do?

The services are asked while she waits, side by side and not for long: one that does not answer is said to be unread.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from takeback.casework.investigate import Inquiry, inquire
from takeback.casework.ledger import SETTLED, Part
from takeback.casework.ports import House, Service
from takeback.core.account import WAY_IN_COLLECTIONS
from takeback.core.case import Case, Stage
from takeback.core.errors import OutsideError
from takeback.core.events import ItemChange, Json, OrderPlaced, Viewed
from takeback.core.handback import shortest
from takeback.core.investigate.findings import Actor
from takeback.core.prevention import Found, Item, items
from takeback.core.secondfactor import PASSKEYS, hers_items, hers_two_step, two_step_on, ways_in
from takeback.core.service import AccountSnapshot, Outcome
from takeback.core.undo.plan import ActionKind

PATIENCE = 3.0  # seconds
LONGEST_NAME = 60  # characters of a device's name, which a shop lets customers write
TICKED = "prevention.ticked"
_NAMES = ("name", "label", "device", "device_name", "title", "model", "user_agent")


@dataclass(frozen=True, slots=True)
class Tie:
    """Something that lets somebody in. `kind` is a collection, or `two_step`; `hers`: known to be the owner's."""

    source: str
    kind: str
    name: str
    hers: bool


@dataclass(frozen=True, slots=True)
class ServiceStanding:
    """What one service shows now. `read` False: it did not answer in time, and the rest says nothing."""

    source: str
    read: bool
    present: bool = False
    frozen: bool = False
    sessions: int = 0
    links: int = 0
    password: str = ""
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the account stands. `to_set_up` are keys: `second_factor`, `password`."""

    services: tuple[ServiceStanding, ...]
    kept: tuple[Tie, ...]
    removed: tuple[Tie, ...]
    second_factor: bool
    shortest: int
    to_set_up: tuple[str, ...]
    items: tuple[Item, ...]


Read = Mapping[str, AccountSnapshot | None]  # by source; None: no such account there; missing: it did not answer


def read_all(house: House, account: str, patience: float = PATIENCE) -> Read:
    """Ask every service for the account, side by side, for so many seconds at most."""
    if not house.services:
        return {}
    pool = ThreadPoolExecutor(len(house.services), thread_name_prefix="standing")
    asked = {pool.submit(_read, service, account): service.source for service in house.services}
    answered, _ = wait(asked, timeout=patience)
    pool.shutdown(wait=False, cancel_futures=True)
    told = {asked[future]: future.result() for future in answered}
    return {source: read[0] for source, read in told.items() if read is not None}


def _read(service: Service, account: str) -> tuple[AccountSnapshot | None] | None:
    try:
        return (service.account(account),)
    except OutsideError:
        return None


def standing(house: House, case: Case) -> Standing:
    """How the account stands now. For who was proven: it names devices."""
    inquiry = inquire(house, case)
    read = read_all(house, case.account)
    own = has_second_factor(house, read, inquiry)
    way_in = own or _has_passkeys(house, read, inquiry)
    found = Found(second_factor=way_in, seen_cards=_seen_cards(inquiry))
    shown = [one for one in read.values() if one is not None]
    return Standing(
        services=tuple(_service(service.source, read) for service in house.services),
        kept=_kept(read, inquiry),
        removed=_removed(house, case, inquiry),
        second_factor=own,
        shortest=shortest(second_factor=own),
        to_set_up=(
            *(() if way_in else ("second_factor",)),
            *(() if case.stage is Stage.CLOSED else ("password",)),
        ),
        items=items(inquiry.findings, shown, ticked(house, case.id), found),
    )


def has_second_factor(house: House, read: Read, inquiry: Inquiry) -> bool:
    """True when every service asks for a second factor after the password, and it is the owner's own. One that did not
    answer, or that has none, makes it False; one that has no such account does not count.
    """
    present = {source: one for source, one in read.items() if one is not None}
    answered = all(service.source in read for service in house.services)
    hers = (hers_two_step(source, one, inquiry.events, inquiry.findings) for source, one in present.items())
    return bool(present) and answered and all(hers)


def _has_passkeys(house: House, read: Read, inquiry: Inquiry) -> bool:
    present = {source: one for source, one in read.items() if one is not None}
    answered = all(service.source in read for service in house.services)
    told = (inquiry.events, inquiry.findings)
    hers = (
        hers_items(source, PASSKEYS, one, *told) or hers_two_step(source, one, *told) for source, one in present.items()
    )
    return bool(present) and answered and all(hers)


def ticked(house: House, case_id: str) -> dict[str, datetime]:
    """What of the check-list she says is done, and since when."""
    done: dict[str, datetime] = {}
    for entry in house.cases.log(case_id):
        if entry.what == TICKED:
            item = str(entry.evidence["item"])
            if entry.evidence["done"]:
                done[item] = entry.at
            else:
                done.pop(item, None)
    return done


def _service(source: str, read: Read) -> ServiceStanding:
    if source not in read:
        return ServiceStanding(source, read=False)
    now = read[source]
    if now is None:
        return ServiceStanding(source, read=True)
    devices = tuple(_name(one, item) for item, one in now.collections.get("trusted_devices", {}).items())
    return ServiceStanding(source, True, True, now.frozen, now.sessions, now.links, now.password, devices)


def _kept(read: Read, inquiry: Inquiry) -> tuple[Tie, ...]:
    told = (inquiry.events, inquiry.findings)
    found = []
    for source, now in read.items():
        if now is None:
            continue
        if two_step_on(now):
            found.append(Tie(source, "two_step", "", hers_two_step(source, now, *told)))
        hers = {kind: hers_items(source, kind, now, *told) for kind in WAY_IN_COLLECTIONS}
        found += [
            Tie(source, kind, _name(now.collections[kind][item], item), item in hers[kind])
            for kind, item in ways_in(now)
        ]
    return tuple(found)


def _removed(house: House, case: Case, inquiry: Inquiry) -> tuple[Tie, ...]:
    """What let the intruder in and was taken away, as it was read back."""
    values = {
        (event.source, event.data.collection, str(event.data.id)): event.data.after
        for event in inquiry.events
        if isinstance(event.data, ItemChange) and isinstance(event.data.after, dict)  # not of its removal
    }
    return tuple(
        Tie(row.source, kind, _name(values.get((row.source, kind, item)), item), hers=False)
        for row in house.cases.actions(case.id, Part.UNDO.value)
        if row.action == ActionKind.REMOVE_ITEM
        and (kind := str(row.args.get("collection"))) in WAY_IN_COLLECTIONS
        and (item := str(row.args.get("id")))
        and row.outcome in SETTLED
        and row.outcome is not Outcome.IMPOSSIBLE
        and row.read_back_ok is not False
    )


def _seen_cards(inquiry: Inquiry) -> bool:
    """True when the intruder looked at the cards or ordered with one."""
    his = [event.data for event in inquiry.events if inquiry.findings.events.get(event.id) is Actor.INTRUDER]
    looked = any(isinstance(data, Viewed) and data.what in ("cards", "export") for data in his)
    return looked or any(isinstance(data, OrderPlaced) and data.order.card is not None for data in his)


def _name(value: object, item: str) -> str:
    """A name that the owner may know; a secret that stood in such a value would not have been taken in."""
    told: Sequence[Json] = [value.get(key) for key in _NAMES] if isinstance(value, dict) else []
    named = next((text for text in told if isinstance(text, str) and text.strip()), item)
    return "".join(c for c in named if c.isprintable())[:LONGEST_NAME]
