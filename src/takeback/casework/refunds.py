"""How much of a balance is still owed? What a cancelled order pays back by itself is not paid twice.

The balance as it stood before the undoing is noted in the case's log; what it has risen by since is taken off what the
plan gives back. While the account is frozen nobody but Takeback and the shop's own refunds move it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from takeback.casework.ports import ActionRecord, Entry, House, Service
from takeback.core.case import Case
from takeback.core.errors import OutsideError
from takeback.core.events import Json, Money
from takeback.core.service import AccountSnapshot, Outcome
from takeback.core.undo.plan import ActionKind

NOTED = "balance.before_undo"
Before = Mapping[str, Money]


def still_owed(args: Mapping[str, Json], before: Before, now: AccountSnapshot | None) -> Mapping[str, Json] | None:
    """The `adjust_balance` args that are still to be sent, or None when the balance is where it should be."""
    name, change = str(args["balance"]), msgspec.convert(args["change"], Money)
    was, is_now = before.get(name), now.balances.get(name) if now is not None else None
    if was is None or is_now is None or not (was.currency == is_now.currency == change.currency):
        return args
    open_ = was.value + change.value - is_now.value
    owed = min(max(open_, Decimal(0)), change.value) if change.value > 0 else max(min(open_, Decimal(0)), change.value)
    if owed == 0:
        return None
    return {**args, "change": {"amount": format(owed, "f"), "currency": change.currency}}


def balances_before(house: House, case: Case, errands: Mapping[Service, Sequence[ActionRecord]]) -> dict[str, Before]:
    """By source, the balances as noted before the undoing that is open now; noted where that has just been begun.

    A service that cannot be read now is missing, and its errand waits for a later run: without a note it could pay
    twice. A second undoing in the same case has a note of its own: what the first gave back is no refund.
    """
    noted: dict[str, Before] = {}
    log = house.cases.log(case.id) if any(moves_money(rows) for rows in errands.values()) else ()
    last = {str(entry.evidence["source"]): entry.evidence for entry in log if entry.what == NOTED}
    for service, rows in errands.items():
        about: list[Json] = [row.id for row in rows if _is_open(row)]
        if not about:
            continue
        known = last.get(service.source, {})
        covered = known.get("rows")
        if isinstance(covered, list) and set(about) <= set(covered):
            noted[service.source] = msgspec.convert(known["balances"], dict[str, Money])
            continue
        try:
            snapshot = service.account(case.account)
        except OutsideError:
            continue
        balances = dict(snapshot.balances) if snapshot is not None else {}
        evidence: dict[str, Json] = {
            "source": service.source,
            "rows": about,
            "balances": {name: {"amount": m.amount, "currency": m.currency} for name, m in balances.items()},
        }
        house.cases.note(Entry(case.id, house.clock.now(), "system", NOTED, "not.paid_twice", evidence))
        noted[service.source] = balances
    return noted


def moves_money(rows: Sequence[ActionRecord]) -> bool:
    """True when one of the rows has still to set a balance right."""
    return any(_is_open(row) for row in rows)


def _is_open(row: ActionRecord) -> bool:
    settled = (Outcome.DONE, Outcome.ALREADY_DONE, Outcome.IMPOSSIBLE)
    return row.action == ActionKind.ADJUST_BALANCE and row.outcome not in settled
