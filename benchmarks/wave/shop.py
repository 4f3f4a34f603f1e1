"""How does a shop stand in memory that several workers share? A few bytes an account in a mapped file.

Every answer takes 5 ms, in which nobody's processor is used. Whatever took effect more than once would show.
"""

import mmap
from pathlib import Path
from threading import Lock
from time import sleep

from benchmarks.wave.lives import FILM, ORDERS, SHOP, mail_of, order_of
from takeback.core.errors import OutsideError
from takeback.core.events import Json
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Capabilities, Outcome
from takeback.core.undo.plan import CONTAINMENT, ActionKind

ANSWERS = 0.005  # seconds
SLOTS = [*(kind.value for kind in CONTAINMENT), "set_field email", "remove_item 66"]
WIDTH = len(SLOTS) + ORDERS
_DONE = {slot: place for place, slot in enumerate(SLOTS)}


class MappedShop:
    """A service whose accounts are 0 to `accounts`; each byte counts how often its action came."""

    def __init__(self, source: str, folder: Path, accounts: int) -> None:
        self.source = source
        path = folder / f"{source.rpartition('/')[2]}.shop"
        if not path.exists():
            path.write_bytes(bytes(WIDTH * accounts))
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), 0)
        self._lock = Lock()

    def capabilities(self) -> Capabilities:
        """Everything that this night asks for."""
        return Capabilities(
            frozenset(kind.value for kind in ActionKind), frozenset({"email"}), frozenset({"addresses"})
        )

    def account(self, account: str) -> AccountSnapshot:
        """The account as it now is."""
        sleep(ANSWERS)
        done = [count > 0 for count in self.counts(account)]
        return AccountSnapshot(
            account=account,
            frozen=done[_DONE["freeze"]],
            sessions=0 if done[_DONE["end_sessions"]] else 1,
            links=0,
            password="disabled" if done[_DONE["disable_password"]] else "set",
            cards_locked=done[_DONE["lock_cards"]],
            cards_masked=done[_DONE["mask_cards"]],
            fields=self._fields(account, done),
            collections=self._collections(done),
            orders=self._orders(account, done),
        )

    def act(self, request: ActionRequest) -> ActionAnswer:
        """Count it. The same action comes under the same id, so the second is a repeat."""
        sleep(ANSWERS)
        place = int(request.account) * WIDTH + self._slot(request)
        with self._lock:
            before = self._bytes[place]
            self._bytes[place] = min(before + 1, 255)
        return ActionAnswer(request.id, Outcome.ALREADY_DONE if before else Outcome.DONE)

    def outcome(self, action_id: str) -> ActionAnswer:
        """Nothing here takes its time."""
        raise OutsideError(f"nothing is known of {action_id}", permanent=True)

    def counts(self, account: str) -> bytes:
        """How often each action came."""
        start = int(account) * WIDTH
        return self._bytes[start : start + WIDTH]

    def _slot(self, request: ActionRequest) -> int:
        match request.action:
            case "cancel_order":
                return len(SLOTS) + int(str(request.args["order"]).rpartition("x")[2])
            case "set_field":
                return _DONE[f"set_field {request.args['field']}"]
            case "remove_item":
                return _DONE[f"remove_item {request.args['id']}"]
        return _DONE[request.action]

    def _fields(self, account: str, done: list[bool]) -> dict[str, Json]:
        if self.source == FILM:
            return {}
        return {"email": mail_of(account) if done[_DONE["set_field email"]] else f"x{account}@mail.example"}

    def _collections(self, done: list[bool]) -> dict[str, dict[str, Json]]:
        if self.source == FILM or done[_DONE["remove_item 66"]]:
            return {"addresses": {}}
        return {"addresses": {"66": {"line1": "1-1"}}}

    def _orders(self, account: str, done: list[bool]) -> dict[str, dict[str, Json]]:
        if self.source != SHOP:
            return {}
        return {
            order_of(account, number): {"status": "cancelled" if done[len(SLOTS) + number] else "placed"}
            for number in range(ORDERS)
        }
