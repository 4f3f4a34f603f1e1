"""What speaks for whom? The pieces of evidence in one session, each a reason key with its weight.

Weights are set by judgement from published accounts of how hijackers work (Bursztein et al., IMC 2014: they look first,
then change contact points and notices; Freeman et al., NDSS 2016: device, network, browser, in this order of worth).
`never_seen` weighs as much as there is a past to have been seen in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from takeback.core.account import CONTACT_FIELDS
from takeback.core.events import (
    BalanceChanged,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    OrderPlaced,
    SignedIn,
    Viewed,
)
from takeback.core.investigate.findings import Actor, Reason, SessionFinding
from takeback.core.investigate.habits import Habits, values_of
from takeback.core.investigate.sessions import Session

KINDS = ("device", "network", "country", "browser")
KNOWN_KEY = {kind: f"{kind}.known" for kind in KINDS}
NEVER_SEEN_KEY = {kind: f"{kind}.never_seen" for kind in KINDS}
NEVER_SEEN = {"device": 2.0, "network": 1.2, "country": 1.6, "browser": 0.8}
KNOWN = {"device": -3.0, "network": -1.2, "country": -0.4, "browser": -0.5}
SECOND_FACTOR = {"passkey": -2.5, "totp": -2.0, "sms": -1.0}
ACTS = {
    "viewed.cards": 0.4,
    "contact.changed": 1.5,
    "password.changed": 0.7,
    "name.changed": 0.8,
    "notices.muted": 1.0,
    "credential.added": 0.8,
    "balance.spent": 0.6,
}
FOLLOWED_BY_ORDER = {
    "address.added": "address.added_then_ordered",
    "contact.changed": "contact.changed_then_ordered",
}
FIELD_ACTS = {
    **dict.fromkeys(CONTACT_FIELDS, "contact.changed"),
    **dict.fromkeys(("name", "username"), "name.changed"),
    **dict.fromkeys(("notifications", "language"), "notices.muted"),
    "password": "password.changed",
}
COLLECTION_ACTS = {
    "addresses": "address.added",
    **dict.fromkeys(("hidden_orders", "webhooks"), "notices.muted"),
    **dict.fromkeys(
        (
            "passkeys",
            "trusted_devices",
            "backup_codes",
            "app_passwords",
            "api_tokens",
            "app_grants",
            "linked_identities",
        ),
        "credential.added",
    ),
    "delegates": "credential.added",
}

Suspects = Mapping[tuple[object, ...], str]  # (kind, value) of what an intruder brought, to the session that he did in


@dataclass(frozen=True, slots=True)
class Observed:
    """What one session shows by itself, whatever the owner's habits: its client's values, its acts, its orders."""

    values: Mapping[str, str]
    reasons: tuple[Reason, ...]
    orders: tuple[str, ...]
    used: tuple[tuple[str, str], ...]  # sign-ins that name the passkey, token or identity they used: event, credential


def observe(session: Session) -> Observed:
    """Look at a session once; what it means is weighed later, against the owner's habits."""
    noted: dict[str, list[str]] = {}
    used: list[tuple[str, str]] = []
    for event in session.events:
        if key := _key_of(event):
            noted.setdefault(key, []).append(event.id)
        if isinstance(event.data, SignedIn) and event.data.credential:
            used.append((event.id, event.data.credential))
    orders = tuple(noted.pop("ordered", ()))
    reasons = [Reason(key, ACTS[key], tuple(ids)) for key, ids in noted.items() if key in ACTS]
    for key, follows in FOLLOWED_BY_ORDER.items() if orders else ():
        if key in noted and _first(session, noted[key][0], orders[-1]) == noted[key][0]:
            reasons.append(Reason(follows, 1.0, (noted[key][0], orders[0])))
    for factor, weight in SECOND_FACTOR.items():
        if passed := noted.get(f"factor {factor}"):
            reasons.append(Reason("sign_in.second_factor", weight, tuple(passed)))
            break
    if len(session.attempts) >= 3:
        reasons.append(Reason("sign_in.after_failures", 1.0, tuple(event.id for event in session.attempts)))
    return Observed(values_of(session.first.data.client), tuple(reasons), orders, tuple(used))


def circumstances(session: Session, observed: Observed, habits: Habits) -> Iterator[Reason]:
    """Where from, with what, when and how much: what is usual for this owner and what is not."""
    first, start, weight = (session.first.id,), session.start, habits.weight
    for kind, value in observed.values.items():
        if habits.knows(kind, value, start):
            yield Reason(KNOWN_KEY[kind], KNOWN[kind] * max(weight, 0.5), first)
        elif kind in habits.kinds and (kind, value) not in habits.seen:
            yield Reason(NEVER_SEEN_KEY[kind], NEVER_SEEN[kind] * weight, first)
    if habits.unusual_hour(start):
        yield Reason("hour.unusual", 0.5, first)
    if len(observed.orders) >= max(4, 3 * habits.most_orders):
        yield Reason("orders.many_at_once", 1.5, observed.orders)


def _key_of(event: Event) -> str:
    """The act that one event is; empty for one that says nothing by itself."""
    data = event.data
    if isinstance(data, OrderPlaced):
        return "ordered"
    if isinstance(data, SignedIn):
        return f"factor {data.second_factor if data.second_factor in SECOND_FACTOR else data.method}"
    if isinstance(data, Viewed):
        return f"viewed.{data.what}"
    if isinstance(data, FieldChanged):
        opening = data.before is None and data.after is not None  # a field's first value at registration is no change
        return "" if opening else FIELD_ACTS.get(data.field, "")
    if isinstance(data, ItemChange) and event.type is EventType.ITEM_ADDED:
        return COLLECTION_ACTS.get(data.collection, "")
    return "balance.spent" if isinstance(data, BalanceChanged) and data.change.value < 0 else ""


def _first(session: Session, one: str, other: str) -> str:
    """Whichever of two events came first in the session."""
    return next(event.id for event in session.events if event.id in (one, other))


def brought(grouped: Sequence[Session], observed: Sequence[Observed], found: Sequence[SessionFinding]) -> Suspects:
    """What came into the account in an intruder's session, to that session: devices, credentials, addresses.

    An address links on the same day (UTC) only: tomorrow a carrier may have given it to somebody else.
    """
    owners = {
        seen.values.get("device") for seen, finding in zip(observed, found, strict=True) if finding.actor is Actor.OWNER
    }
    suspects: dict[tuple[object, ...], str] = {}
    for session, finding in zip(grouped, found, strict=True):
        if finding.actor is Actor.INTRUDER:
            client = session.first.data.client
            if client.device and client.device not in owners:
                suspects.setdefault(("device", client.device), finding.session)
            if client.ip and not any(reason.key == "network.known" for reason in finding.reasons):
                for key in ((), (day(session.start),), (day(session.end),)):
                    suspects.setdefault(("address", client.ip, *key), finding.session)
            for event in session.events:
                if isinstance(event.data, ItemChange) and _adds_credential(event):
                    suspects.setdefault(("credential", str(event.data.id)), finding.session)
    return suspects


def day(at: datetime) -> date:
    """The day of a time, in UTC, whatever offset its source writes."""
    return at.astimezone(UTC).date()


def _adds_credential(event: Event) -> bool:
    data = event.data
    added = event.type is EventType.ITEM_ADDED and isinstance(data, ItemChange)
    return added and isinstance(data, ItemChange) and COLLECTION_ACTS.get(data.collection) == "credential.added"
