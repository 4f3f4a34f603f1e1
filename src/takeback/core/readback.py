"""Did the service really do it? "Sent" is not "done" (rule 4): the account is read, and this says whether the action
holds.
"""

from collections.abc import Callable, Mapping

from takeback.core.account import OrderStatus
from takeback.core.events import Json
from takeback.core.service import AccountSnapshot
from takeback.core.undo.plan import ActionKind

Args = Mapping[str, Json]


def holds(action: ActionKind, args: Args, snapshot: AccountSnapshot) -> bool | None:
    """True or False as the snapshot shows it; None where a snapshot cannot show it (an interception, a changed balance,
    a password's value).
    """
    check = _CHECKS.get(action)
    return None if check is None else check(args, snapshot)


def _order(args: Args, snapshot: AccountSnapshot) -> Mapping[str, Json]:
    return snapshot.orders.get(str(args["order"]), {})


def _item(args: Args, snapshot: AccountSnapshot) -> tuple[bool, Json]:
    items = snapshot.collections.get(str(args["collection"]), {})
    return str(args["id"]) in items, items.get(str(args["id"]))


def _item_stands(args: Args, snapshot: AccountSnapshot) -> bool:
    """The item is there with every value asked for; the service may show more of it than the events did."""
    there, value = _item(args, snapshot)
    wanted = args.get("value")
    if there and isinstance(value, dict) and isinstance(wanted, dict):
        return all(value.get(key) == part for key, part in wanted.items())
    return there and (wanted is None or value == wanted)


_CHECKS: dict[ActionKind, Callable[[Args, AccountSnapshot], bool]] = {
    ActionKind.FREEZE: lambda _, now: now.frozen,
    ActionKind.UNFREEZE: lambda _, now: not now.frozen,
    ActionKind.END_SESSIONS: lambda _, now: now.sessions == 0,
    ActionKind.EXPIRE_LINKS: lambda _, now: now.links == 0,
    ActionKind.DISABLE_PASSWORD: lambda _, now: now.password == "disabled",  # noqa: S105 - the state's name
    ActionKind.SET_PASSWORD: lambda _, now: now.password == "set",  # noqa: S105 - the state's name
    ActionKind.LOCK_CARDS: lambda _, now: now.cards_locked,
    ActionKind.UNLOCK_CARDS: lambda _, now: not now.cards_locked or not now.collections.get("cards"),
    ActionKind.MASK_CARDS: lambda _, now: now.cards_masked,
    ActionKind.SET_FIELD: lambda args, now: now.fields.get(str(args["field"])) == args["value"],
    ActionKind.ADD_ITEM: _item_stands,
    ActionKind.REMOVE_ITEM: lambda args, now: not _item(args, now)[0],
    ActionKind.CANCEL_ORDER: lambda args, now: _order(args, now).get("status") == OrderStatus.CANCELLED,
    ActionKind.SET_ORDER_FIELD: lambda args, now: _order(args, now).get(str(args["field"])) == args["value"],
}
