"""How does one get into the pretend shop? Every door that an intruder has been known to come back through.

A name stands for the secret where a thief of the one has the other: the id of a passkey, token or link, a session's id.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from takeback.core.events import EventType, Json, Who
from takeback.shops.pretend.account import CREDENTIALS, LINK_COLLECTIONS, Account, ShopRefused
from takeback.shops.pretend.account import hashed as hash_of
from takeback.shops.pretend.log import Log, Told

Client = Mapping[str, Any]
ACCESS_LASTS = timedelta(hours=1)


class Entry:
    """Signing in, half-way or whole; links; tokens. `texts` are the SMS sent: (number, code), to whoever has it."""

    def __init__(self, source: str) -> None:
        self.log = Log(source)
        self.accounts: dict[str, Account] = {}
        self.texts: list[tuple[str, str]] = []

    def register(self, account: str, at: datetime, fields: Mapping[str, Any], *, password: str) -> list[Told]:
        """A new account; its opening events, one for each field."""
        if account in self.accounts:
            raise ShopRefused("account.taken")
        self.accounts[account] = Account(account, hash_of(account, password), fields=dict(fields))
        return [
            self.log.tell(
                EventType.FIELD_CHANGED,
                account,
                at,
                {"field": name, "before": None, "after": value},
                actor=Who.SYSTEM,
            )
            for name, value in fields.items()
        ]

    def sign_in(
        self,
        account: str,
        at: datetime,
        client: Client,
        *,
        password: str = "",
        method: str = "password",
        credential: str = "",
        code: str = "",
        listed: bool = True,
    ) -> Told:
        """Opens the session that `client` names, or tells `account.sign_in_failed`; which, the event's type says.

        `code` answers the second step, which a trusted device is not asked for. A session that is not `listed` is in
        no list of devices.
        """
        found = self._known(account)
        reason = self._why_not(found, password, method, credential)
        if reason is None and method == "password" and not self._second_step(found, client, code):
            reason = "second_factor"
        if reason:
            return self.log.tell(EventType.SIGN_IN_FAILED, account, at, {"reason": reason}, client=client)
        found.open_session(str(client["session"]), listed=listed)
        factor = "none" if not code else "sms" if found.fields.get("two_step") == "sms" else "totp"
        data: dict[str, Json] = {"method": method, "second_factor": factor}
        if credential:
            data["credential"] = credential
        return self.log.tell(EventType.SIGNED_IN, account, at, data, client=client)

    def begin_sign_in(self, account: str, at: datetime, client: Client, flow: str, *, password: str) -> None:
        """The first half: the password is right, and what is missing is the second step. `flow` names it."""
        found = self._known(account)
        reason = self._why_not(found, password, "password", "")
        if reason:
            self.log.tell(EventType.SIGN_IN_FAILED, account, at, {"reason": reason}, client=client)
            raise ShopRefused(f"sign_in.{reason}")
        found.flows.add(flow)

    def finish_sign_in(self, account: str, at: datetime, client: Client, flow: str, *, code: str = "") -> Told:
        """The second half. A flow that has been ended leads nowhere, however right the code."""
        found = self._known(account)
        if found.frozen or flow not in found.flows:
            raise ShopRefused("flow.ended")
        if not self._second_step(found, client, code):
            raise ShopRefused("sign_in.second_factor")
        found.flows.discard(flow)
        found.open_session(str(client["session"]))
        return self.log.tell(EventType.SIGNED_IN, account, at, {"method": "password"}, client=client)

    def text_code(self, account: str) -> None:
        """Sends a code by SMS; whoever has the number now reads it in `texts`."""
        found = self._known(account)
        number, code = str(found.fields.get("phone")), hash_of(account, f"{len(self.texts)}")[:6]
        found.keep_secret('two_step/"sms"', code)
        self.texts.append((number, code))

    def is_signed_in(self, account: str, session: str) -> bool:
        """True while the session is good for anything."""
        found = self._known(account)
        return found.is_open(session) and not found.frozen

    def sessions_shown(self, account: str) -> list[str]:
        """The list of devices that the account page shows, which is not all there may be."""
        found = self._known(account)
        return sorted(filter(found.is_open, found.sessions))

    def session_rows(self, account: str) -> dict[str, int]:
        """The rows of the session store, as a backup keeps them."""
        found = self._known(account)
        return {session: found.opened.get(session, found.epoch) for session in found.sessions | found.unlisted}

    def restore_sessions(self, account: str, rows: Mapping[str, int]) -> None:
        """Puts rows of a backup back into the session store."""
        found = self._known(account)
        found.sessions |= rows.keys()
        found.opened.update(rows)

    def sign_out(self, account: str, at: datetime, client: Client) -> Told:
        """Ends the session."""
        self._inside(account, client).sessions.discard(str(client["session"]))
        return self.log.tell(EventType.SIGNED_OUT, account, at, {}, client=client)

    def keep_token(self, account: str, client: Client, token: str) -> None:
        """An app gets a refresh token, or an offline one, which outlives its session."""
        self._inside(account, client).live_tokens.add(token)

    def refresh(self, account: str, at: datetime, client: Client, token: str) -> Told:
        """A refresh or offline token opens a session."""
        found = self._known(account)
        if found.frozen or token not in found.live_tokens:
            raise ShopRefused("token.void")
        found.open_session(str(client["session"]))
        return self.log.tell(EventType.SIGNED_IN, account, at, {"method": "token", "credential": token}, client=client)

    def access_token(self, account: str, at: datetime, client: Client) -> str:
        """A token that services accept without asking the shop, until it expires or its epoch is over."""
        found = self._inside(account, client)
        said = f"{account}.{found.epoch}.{int((at + ACCESS_LASTS).timestamp())}"
        return f"{said}.{self._signed(said)}"

    def accepts_offline(self, token: str, at: datetime) -> bool:
        """What such a service decides by itself: signature, expiry, and the epoch that the shop publishes."""
        said, _, signature = token.rpartition(".")
        account, epoch, until = said.rsplit(".", 2)
        genuine = signature == self._signed(said) and at.timestamp() < int(until)
        return genuine and self.accounts[account].epoch == int(epoch)

    def request_link(
        self, account: str, at: datetime, client: Client, link: str, *, to: str = "", contact: str = ""
    ) -> Told:
        """Asks for a reset or sign-in link; `link` names it. Needs no session, and is not sent for a frozen account.

        It may go to a verified `contact` of the account instead.
        """
        found = self._known(account)
        if found.frozen:
            raise ShopRefused("account.frozen")
        if contact and not _is_verified(found.item("contacts", contact)):
            raise ShopRefused("contact.unknown")
        found.links.add(link)
        data: dict[str, Json] = {"channel": "mail", "to": to}
        return self.log.tell(EventType.RESET_REQUESTED, account, at, data, client=client)

    def use_link(self, account: str, at: datetime, client: Client, link: str, *, new_password: str = "") -> Told:
        """Signs in by a link, once, and sets a new password where one is given."""
        found = self._known(account)
        if found.frozen or link not in found.links:
            raise ShopRefused("link.void")
        found.links.discard(link)
        return self._let_in(found, at, client, new_password)

    def answer_question(
        self, account: str, at: datetime, client: Client, answer: str, *, new_password: str = ""
    ) -> Told:
        """Signs in by the answer to the security question."""
        found = self._known(account)
        if found.frozen or not found.knows_secret(f"security_question/{found.fields.get('security_question')}", answer):
            raise ShopRefused("answer.wrong")
        return self._let_in(found, at, client, new_password)

    def sign_in_by_provider(self, account: str, at: datetime, client: Client, *, email: str, verified: bool) -> Told:
        """Somebody comes from an identity provider and says that this e-mail address is his: the identity is linked.

        Only where the provider has verified the address; else anybody could claim it there and be let in here.
        """
        found = self._known(account)
        if found.frozen or not verified or email != found.fields.get("email"):
            raise ShopRefused("identity.unverified")
        return self._let_in(found, at, client, "")

    def change_password(self, account: str, at: datetime, client: Client, password: str) -> Told:
        """A new password; the other sessions stay, as in many a real shop."""
        self._inside(account, client).password = hash_of(account, password)
        return self.log.tell(EventType.FIELD_CHANGED, account, at, {"field": "password"}, client=client)

    def confirm_email(self, account: str, at: datetime, client: Client, pending: str) -> Told:
        """Opens the link of a pending e-mail change; needs no session. The item's `email` becomes the account's."""
        found = self._known(account)
        value = found.collections.get(LINK_COLLECTIONS[0], {}).get(pending)
        if found.frozen or not isinstance(value, dict):
            raise ShopRefused("link.void")
        del found.collections[LINK_COLLECTIONS[0]][pending]
        told: dict[str, Json] = {"collection": LINK_COLLECTIONS[0], "id": pending, "before": value}
        self.log.tell(EventType.ITEM_REMOVED, account, at, told, client=client)
        before, found.fields["email"] = found.fields.get("email"), value["email"]
        data: dict[str, Json] = {"field": "email", "before": before, "after": value["email"]}
        return self.log.tell(EventType.FIELD_CHANGED, account, at, data, client=client)

    def _let_in(self, found: Account, at: datetime, client: Client, new_password: str) -> Told:
        found.open_session(str(client["session"]))
        event = self.log.tell(EventType.SIGNED_IN, found.id, at, {"method": "link"}, client=client)
        return self.change_password(found.id, at, client, new_password) if new_password else event

    def _known(self, account: str) -> Account:
        if account not in self.accounts:
            raise ShopRefused("account.unknown")
        return self.accounts[account]

    def _inside(self, account: str, client: Client) -> Account:
        found = self._known(account)
        if found.frozen:
            raise ShopRefused("account.frozen")
        if not found.is_open(str(client.get("session"))):
            raise ShopRefused("session.ended")
        return found

    def _why_not(self, found: Account, password: str, method: str, credential: str) -> str | None:
        if found.frozen:
            return "frozen"
        if method == "password":
            return None if found.has_password(password) else "password"
        held = any(found.item(collection, credential) is not None for collection in CREDENTIALS.get(method, ()))
        dead = method == "token" and credential not in found.live_tokens
        return "credential" if dead or not held else None

    def _second_step(self, found: Account, client: Client, code: str) -> bool:
        """True when no second step is asked for, or the code is right: the authenticator's, or a backup code."""
        step = found.second_step
        if step is None or found.item("trusted_devices", str(client.get("device"))) is not None:
            return True
        sets = [f"backup_codes/{item_id}" for item_id in found.collections.get("backup_codes", {})]
        return any(found.knows_secret(name, code) for name in (step, *sets))

    def _signed(self, said: str) -> str:
        return hashlib.sha256(f"pretend/{self.log.source}/{said}".encode()).hexdigest()


def _is_verified(contact: Json) -> bool:
    return isinstance(contact, dict) and contact.get("verified") is True
