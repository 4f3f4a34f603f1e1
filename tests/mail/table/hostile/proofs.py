"""Which tricks are played with what other machines say that they saw? SPF, Authentication-Results, Received, ARC."""

from dataclasses import replace

from tests.mail.table.hostile.signatures import CARD, DOUBT, KARTE, NO_PROOF, changed
from tests.mail.table.keys import rsa
from tests.mail.table.making import EVIL, SIGNED, Letter, Mail, arrived, handed_in, row, signed
from tests.mail.table.sealing import seal
from tests.mail.table.zone import LIST, RECEIVER, SHOP, SHOPS_MACHINE

PASSED = f"dkim=pass header.d={SHOP}; dmarc=pass header.from={SHOP}"
CLAIM = (
    f"Authentication-Results: {{}};\r\n dkim=pass header.d={SHOP} header.s=s1;\r\n spf=pass smtp.mailfrom={SHOP}\r\n"
)


def from_stranger(raw: bytes, **how: str) -> Mail:
    return Mail(handed_in(raw, EVIL, **how), strangers=(EVIL,))


def below(fields: str, **how: str) -> Mail:
    """The forger's own fields, which stand under the receiver's."""
    return from_stranger(fields.encode() + CARD.raw(), **how)


def key_gone_and_said_below() -> Mail:
    """A signature whose body hash fits, for which there is no key, and a receiver's pass that the forger wrote."""
    fields = CLAIM.format(RECEIVER).encode()
    return from_stranger(fields + signed(CARD, selector="gone", key=rsa(2048, 1)))


def own_seal(says: str = PASSED, raw: bytes = b"") -> Mail:
    return from_stranger(seal(raw or CARD.raw(), EVIL, says, at=SIGNED))


def sealed_then_changed() -> Mail:
    raw = seal(signed(Letter()), LIST, PASSED, at=SIGNED)
    return from_stranger(changed(raw, b"on its way", b"at evil.top"))


def list_then_forger() -> Mail:
    """The list attests the shop's mail; a stranger changes it and seals on top: the chain itself is in order."""
    raw = changed(seal(signed(Letter()), LIST, PASSED, at=SIGNED), b"on its way", b"at evil.top")
    return from_stranger(seal(raw, EVIL, f"arc=pass; {PASSED}", at=SIGNED))


def list_attests_another() -> Mail:
    says = f"dkim=pass header.d={EVIL}; spf=pass smtp.mailfrom={EVIL}; dmarc=fail header.from={SHOP}"
    return from_stranger(seal(signed(CARD, EVIL), LIST, says, at=SIGNED))


def seal_taken_from_another() -> Mail:
    whole = seal(signed(Letter()), LIST, PASSED, at=SIGNED)
    sets = whole[: whole.index(b"DKIM-Signature:")]
    return from_stranger(sets + CARD.raw())


ROWS = (
    row("SPF passes for the shop, nothing is signed", lambda: Mail(arrived(CARD.raw())), DOUBT,
        f"{NO_PROOF} or from.shop_unproved"),
    row("SPF passes for the stranger's own bounce address", lambda: from_stranger(CARD.raw()), "forged", NO_PROOF),
    row("SPF said to pass by a receiver that we trust",
        lambda: from_stranger(CARD.raw(), says=f"spf=pass smtp.mailfrom={SHOP}"), DOUBT, NO_PROOF),
    row("results of a server that nobody configured", lambda: below(CLAIM.format("mx.google.example")),
        "forged", NO_PROOF),
    row("results in our receiver's name, under its own", lambda: below(CLAIM.format(RECEIVER), says="dkim=none"),
        "forged", NO_PROOF),
    row("results in our receiver's name, under its Received line", lambda: below(CLAIM.format(RECEIVER)),
        "forged", NO_PROOF),
    row("the same with a body hash that fits and no key", key_gone_and_said_below, DOUBT,
        f"{NO_PROOF} or signed.key_gone or from.shop_unproved"),
    row("results in Japanese mail in a name like our receiver's",
        lambda: replace(below(CLAIM.format(f"{RECEIVER}.evil.top")), raw=handed_in(
            CLAIM.format(f"{RECEIVER}.evil.top").encode() + KARTE.raw())), "forged", NO_PROOF, "ja"),
    row("a Received line that says our receiver had it from the shop",
        lambda: from_stranger(arrived(CARD.raw(), machine=SHOPS_MACHINE)), "forged", NO_PROOF),
    row("an ARC seal of the forger's own", own_seal, DOUBT, f"{NO_PROOF} or arc.untrusted"),
    row("an ARC seal with the list's name and another key",
        lambda: from_stranger(seal(CARD.raw(), LIST, PASSED, at=SIGNED, key=rsa(2048, 7))), DOUBT, NO_PROOF),
    row("the list's ARC seal, and the text changed since", sealed_then_changed, DOUBT,
        f"{NO_PROOF} or signed.changed"),
    row("the list's ARC seal, then changed and sealed by a stranger", list_then_forger, DOUBT,
        f"{NO_PROOF} or signed.changed or arc.untrusted"),
    row("the list attests, but somebody else's signature", list_attests_another, "forged", NO_PROOF),
    row("the list's ARC seal taken from another mail", seal_taken_from_another, DOUBT, NO_PROOF),
    row("the list attests SPF alone",
        lambda: from_stranger(seal(CARD.raw(), LIST, f"spf=pass smtp.mailfrom={SHOP}", at=SIGNED)),
        DOUBT, f"{NO_PROOF} or from.shop_unproved"),
)  # fmt: skip
