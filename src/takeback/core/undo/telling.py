"""What does a look tell that the log does not? That alone is worth keeping of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from msgspec import UNSET

from takeback.core.account import SECRET_FIELDS, AccountState
from takeback.core.events import Event
from takeback.core.investigate.findings import Findings
from takeback.core.service import AccountSnapshot
from takeback.core.undo.look import Look, Sight, believed, weigh_field, weigh_item
from takeback.core.undo.replay import replays
from takeback.core.undo.touched import Touched, intruders, on_touched, touched


def telling(events: Sequence[Event], findings: Findings, looks: Mapping[str, Look]) -> dict[str, Look]:
    """The looks that differ from the log of `events` on something that the intruder touched, cut down to what he
    touched (a collection stays whole: what is not in it is gone).
    """
    if not findings.compromised:
        return {}
    by = touched(intruders(events, findings))
    replayed = on_touched(events, by)
    now = replays(replayed, without=()).now
    return {
        source: Look(look.at, _cut(look.account, source, by))
        for source, look in looks.items()
        if _differs(now, by, Sight({source: look}, replayed))
    }


def _differs(now: AccountState, by: Touched, sight: Sight) -> bool:
    """True where the service shows something else, or more, than the log ends with."""
    if believed(now, by, sight)[0].orders != now.orders:
        return True
    fields = {key: now.fields.get(key, UNSET) for key in by.fields if key[1] not in SECRET_FIELDS}
    moved = {key: now.order_fields[key] for key in by.order_fields}
    verdicts = [
        *((value, weigh_field(value, value, sight.field(key))) for key, value in fields.items()),
        *((value, weigh_field(value, value, sight.order_field(key))) for key, value in moved.items()),
        *((now.items[key], weigh_item(key, now.items[key], now.items[key], sight.item(key))) for key in by.items),
    ]
    return any(verdict.third is not None or verdict.wanted != value for value, verdict in verdicts)


def _cut(account: AccountSnapshot, source: str, by: Touched) -> AccountSnapshot:
    fields = {name for there, name in by.fields if there == source and name not in SECRET_FIELDS}
    collections = {name for there, name, _ in by.items if there == source}
    balances = {name for there, name, _ in by.balances if there == source}
    orders = {key[1] for key in (*by.orders, *by.order_fields) if key[0] == source}
    return replace(
        account,
        fields={name: value for name, value in account.fields.items() if name in fields},
        collections={name: items for name, items in account.collections.items() if name in collections},
        balances={name: money for name, money in account.balances.items() if name in balances},
        orders={name: order for name, order in account.orders.items() if name in orders},
    )
