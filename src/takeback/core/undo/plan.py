"""What is taken back? The plan: its parts, and its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import msgspec
from msgspec import Struct

from takeback.core.events import Json


class ActionKind(StrEnum):
    """The actions of the contract, section 3."""

    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    END_SESSIONS = "end_sessions"
    EXPIRE_LINKS = "expire_links"
    DISABLE_PASSWORD = "disable_password"  # noqa: S105 - an action's name
    SET_PASSWORD = "set_password"  # noqa: S105 - an action's name
    LOCK_CARDS = "lock_cards"
    UNLOCK_CARDS = "unlock_cards"
    MASK_CARDS = "mask_cards"
    SET_FIELD = "set_field"
    ADD_ITEM = "add_item"
    REMOVE_ITEM = "remove_item"
    CANCEL_ORDER = "cancel_order"
    INTERCEPT_ORDER = "intercept_order"
    SET_ORDER_FIELD = "set_order_field"
    ADJUST_BALANCE = "adjust_balance"


CONTAINMENT = (
    ActionKind.FREEZE,
    ActionKind.END_SESSIONS,
    ActionKind.EXPIRE_LINKS,
    ActionKind.DISABLE_PASSWORD,
    ActionKind.LOCK_CARDS,
    ActionKind.MASK_CARDS,
)


class Action(Struct, frozen=True, gc=False):
    """One thing to do. `source` names the one service it is for; None is every service (containment)."""

    id: str
    action: ActionKind
    args: Mapping[str, Json]
    undoes: tuple[str, ...]
    source: str | None = None


class Kept(Struct, frozen=True, gc=False):
    """What the intruder touched and yet stays, e.g. target `field:phone`, why `owner.wrote_later`.

    `keys`: where the target is an object and only a part of it stays, that part; the rest of it is taken back.
    """

    target: str
    why: str
    events: tuple[str, ...]
    keys: tuple[str, ...] = ()


class Question(Struct, frozen=True, gc=False):
    """What only a person can answer."""

    events: tuple[str, ...]
    why: str


class Irreversible(Struct, frozen=True, gc=False):
    """What cannot be undone, and what can be done about it instead (both are keys)."""

    events: tuple[str, ...]
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference of two replays. `hash` stands for its meaning: people approve it."""

    hash: str
    actions: tuple[Action, ...]
    kept: tuple[Kept, ...]
    questions: tuple[Question, ...]
    irreversible: tuple[Irreversible, ...]

    @property
    def containment(self) -> tuple[Action, ...]:
        """The part that stops what goes on; it needs no approval."""
        return tuple(action for action in self.actions if action.action in CONTAINMENT)

    @property
    def undoing(self) -> tuple[Action, ...]:
        """The part that takes back; it needs an approval of this plan's hash."""
        return tuple(action for action in self.actions if action.action not in CONTAINMENT)

    @property
    def empty(self) -> bool:
        """Nothing to do (there may still be questions)."""
        return not self.actions


canonical = msgspec.json.Encoder(order="sorted").encode  # the one text of a JSON value: keys sorted, no spaces


def digest(*parts: object) -> str:
    """SHA-256 (hex) of the parts (JSON values) in canonical JSON."""
    return sha256(canonical(parts)).hexdigest()


def make(
    account: str,
    actions: tuple[Action, ...],
    kept: tuple[Kept, ...],
    questions: tuple[Question, ...],
    irreversible: tuple[Irreversible, ...],
) -> Plan:
    """A plan with its hash. The hash takes in what is done, kept, asked and lost, in no order of its own."""
    meaning = [
        account,
        sorted([digest(a.action, a.source, a.args, sorted(a.undoes)) for a in actions]),
        sorted([digest(k.target, k.why, *k.keys) for k in kept]),
        sorted([digest(q.why, sorted(q.events)) for q in questions]),
        sorted([digest(i.what, sorted(i.events)) for i in irreversible]),
    ]
    return Plan(digest(meaning), actions, kept, questions, irreversible)
