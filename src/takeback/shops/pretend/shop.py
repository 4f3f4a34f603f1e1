"""How does Takeback reach the pretend shop? As every service, `casework.ports.Service`, here without a network."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from takeback.core.errors import OutsideError
from takeback.core.events import Mark
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Capabilities, Outcome
from takeback.core.undo.plan import ActionKind
from takeback.shops.pretend.actions import ACTIONS, Deed, Result, impossible
from takeback.shops.pretend.form import complaint
from takeback.shops.pretend.log import Told
from takeback.shops.pretend.trouble import Trouble
from takeback.shops.pretend.use import Use

EVERYTHING = Capabilities(
    actions=frozenset(kind.value for kind in ActionKind),
    fields=frozenset(
        {
            *("email", "phone", "recovery_email", "recovery_phone", "name", "username", "language", "two_step"),
            *("notifications", "one_click", "default_address", "default_card", "security_question"),
            *("region", "profile", "security_events"),
        }
    ),
    collections=frozenset(
        {
            *("addresses", "cards", "passkeys", "trusted_devices", "backup_codes", "app_passwords", "api_tokens"),
            *("app_grants", "linked_identities", "delegates", "webhooks", "subscriptions", "pickup_codes", "contacts"),
            *("pending_email_changes", "hidden_orders", "reviews", "sellers_payouts"),
            *("merged_accounts", "returns", "carts", "wish_lists", "playback_devices"),
        }
    ),
    balances=frozenset(("points", "gift_card", "store_credit")),
    order_fields=frozenset(("address", "card", "payment")),
)
"""All that the contract names, but the secret fields, which nobody can set back; and what its open lists lack."""


@dataclass
class Seen:
    """What became of one action id; `digest` tells a repeat from another action under the same id."""

    digest: str
    outcome: Outcome
    reason: str | None = None
    questions_left: int = 0


class PretendShop(Use):
    """A whole shop in memory; see the package. Safe to share between threads.

    `received[id]` counts how often an action came, `effects[id]` how often it took effect (above 1 the shop is broken).
    `trouble` may be changed at any time.
    """

    def __init__(
        self,
        source: str = "/shops/pretend",
        *,
        can: Capabilities = EVERYTHING,
        trouble: Trouble | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(source)
        self.source = source
        self.can = can
        self.trouble = trouble or Trouble()
        self.received: Counter[str] = Counter()
        self.effects: Counter[str] = Counter()
        self.seen: dict[str, Seen] = {}
        self.waiting: dict[str, ActionRequest] = {}
        self._clock = clock or self.log.next_moment
        self.lock = threading.RLock()

    @property
    def events(self) -> list[Told]:
        """Everything that the shop has told, oldest first."""
        return self.log.events

    def capabilities(self) -> Capabilities:
        """What it can do."""
        with self.lock:
            self.trouble.before()
            return self.can

    def account(self, account: str) -> AccountSnapshot | None:
        """The account as it now is, or None."""
        with self.lock:
            self.trouble.before()
            found = self.accounts.get(account)
            return found.snapshot() if found else None

    def act(self, request: ActionRequest) -> ActionAnswer:
        """Carry out one action, once per id."""
        wrong = complaint(request)
        if wrong:
            raise OutsideError(
                f"{self.source} says that the request is not of the contract's form: {wrong}", permanent=True
            )
        with self.lock:
            if not self.trouble.down:
                self.received[request.id] += 1
            self.trouble.before()
            answer = self._answer(request)
            self.trouble.after()
            return answer

    def outcome(self, action_id: str) -> ActionAnswer:
        """What became of an action that was `accepted`; each question brings its end nearer."""
        with self.lock:
            self.trouble.before()
            seen = self.seen.get(action_id)
            if seen is None:
                raise OutsideError(f"{self.source} has nothing at this address (404).", permanent=True)
            if action_id in self.waiting:
                seen.questions_left -= 1
                if seen.questions_left <= 0:
                    seen.outcome, seen.reason = self._carry_out(self.waiting.pop(action_id))
            return ActionAnswer(action_id, seen.outcome, seen.reason)

    def _answer(self, request: ActionRequest) -> ActionAnswer:
        seen = self.seen.get(request.id)
        if seen is not None:
            return self._again(request, seen)
        instead = self.trouble.instead(request)
        if instead is not None:
            outcome, reason = instead.outcome, instead.reason
        elif self.trouble.later:
            outcome, reason = Outcome.ACCEPTED, None
            self.waiting[request.id] = request
        else:
            outcome, reason = self._carry_out(request)
        self.seen[request.id] = Seen(digest_of(request), outcome, reason, self.trouble.later)
        return ActionAnswer(request.id, outcome, reason)

    def _again(self, request: ActionRequest, seen: Seen) -> ActionAnswer:
        if seen.digest != digest_of(request):
            return ActionAnswer(request.id, Outcome.IMPOSSIBLE, "action.id_reused")
        again = Outcome.ALREADY_DONE if seen.outcome is Outcome.DONE else seen.outcome
        return ActionAnswer(request.id, again, seen.reason)

    def _carry_out(self, request: ActionRequest) -> Result:
        refusal = self._cannot(request)
        if refusal:
            return impossible(refusal)
        account, kind = self.accounts[request.account], ActionKind(request.action)
        mark = Mark(request.id, request.action)
        outcome, reason = ACTIONS[kind](Deed(self.log, account, kind, request.args, self._clock(), mark))
        if outcome is Outcome.DONE:
            self.effects[request.id] += 1
        return outcome, reason

    def _cannot(self, request: ActionRequest) -> str | None:
        if request.action not in self.can.actions:
            return "action.unsupported"
        if request.account not in self.accounts:
            return "account.unknown"
        fields = self.can.order_fields if request.action == "set_order_field" else self.can.fields
        for name, offered in (("field", fields), ("collection", self.can.collections), ("balance", self.can.balances)):
            if name in request.args and request.args[name] not in offered:
                return f"{name}.unsupported"
        return None


def digest_of(request: ActionRequest) -> str:
    """What the request means, without a password, of which not even a digest is kept."""
    args = {name: value for name, value in request.args.items() if name != "password"}
    meaning = [request.account, request.action, args]
    return hashlib.sha256(msgspec.json.encode(meaning, order="sorted")).hexdigest()
