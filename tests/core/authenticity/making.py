"""Findings to judge: one plain mail of the shop's, and every fact that a test may change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from takeback.core.authenticity.facts import (
    Address,
    Dmarc,
    DmarcState,
    Ledgered,
    Link,
    MailFacts,
    Ours,
    Policy,
    Sent,
    Signature,
    SignatureState,
    Trick,
    Whose,
)
from takeback.core.authenticity.shop import Shop

SHOP = Shop(("shop.example", "brand.example"), ("Example Shop", "例のお店"), ("mx.home.example",), ("lists.example",))
SENT = datetime(2026, 5, 20, 0, 0, tzinfo=UTC)
CAME = SENT + timedelta(seconds=40)
OWN = Whose("shop.example", Ours.SHOP)
OTHER = Whose("evil.top", Ours.OTHER)
LIKE = Whose("sh0p.example", Ours.LOOKALIKE, "shop.example", Trick.DIGIT)
HERS = "hanako@mailbox.example"
ORDER = Address("order@shop.example", OWN, "Example Shop")
STRANGER = Address("x@evil.top", OTHER)
ENFORCED = Dmarc(DmarcState.FOUND, "shop.example", Policy.REJECT)
NO_POLICY = Dmarc(DmarcState.NONE)
ROW = Sent("a1@shop.example", "mail", "h***@mailbox.example", SENT, "order_placed", "1043", "42", "/shops/main")
KNOWN = Ledgered((ROW,), (), recipient_fits=True, order_fits=True, time_fits=True)


def signature(state: SignatureState = SignatureState.VALID, domain: str = "shop.example", **more: object) -> Signature:
    """A signature over everything, made when the mail was sent."""
    held = state not in (SignatureState.BODY_CHANGED, SignatureState.BROKEN)
    plain = Signature(
        domain, "s1", state, "rsa-sha256", 2048, signed_at=SENT, signed=frozenset({"from"}), body_hash_holds=held
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # a test's own words, passed on


def mail(**more: object) -> MailFacts:
    """A mail from the shop's address, unsigned, whose domain has no policy."""
    plain = MailFacts(
        received=CAME,
        judged=CAME,
        dated=SENT,
        message_id=ROW.message_id,
        senders=(ORDER,),
        recipients=(HERS,),
        dmarc=NO_POLICY,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # a test's own words, passed on


def link(whose: Whose = OTHER, **more: object) -> Link:
    """A link to somewhere."""
    return replace(Link(whose.domain, whose), **more)  # type: ignore[arg-type]  # a test's own words, passed on
