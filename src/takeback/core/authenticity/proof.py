"""What proves that the shop sent a mail? Four proofs, and what lets none of them count.

Nothing outside of this module makes a mail `genuine`. SPF appears nowhere in it: it says which machine handed a mail
in, not who wrote it. Wording appears only where it takes a proof away.
"""

from collections.abc import Iterator
from datetime import timedelta

from takeback.core.authenticity.facts import (
    ArcState,
    AttachmentKind,
    Claim,
    Form,
    LinkTrick,
    MailFacts,
    Ours,
    Signature,
    SignatureState,
    Whose,
    Wording,
)
from takeback.core.authenticity.reasons import Ground, Reason, domain_shown, reason
from takeback.core.authenticity.shop import Shop

FRESH = timedelta(days=7)  # a genuine mail received later than this after signing was sent again by somebody
KEYS_STAY = timedelta(days=7)  # a key that is missing within so many days of receipt was not there when it was sent
ALTERED = frozenset({SignatureState.BROKEN, SignatureState.BODY_CHANGED})
PERHAPS = ALTERED | {
    SignatureState.VALID,
    SignatureState.EXPIRED,
    SignatureState.NOT_YET,
    SignatureState.UNREACHABLE,
    SignatureState.KEY_WEAK,
}
WITHOUT_HEADERS = frozenset({Form.PASTED, Form.INLINE})
DECEIVING = frozenset({LinkTrick.USERINFO, LinkTrick.SCHEME})
HARMLESS_OPEN = frozenset({"mime-version"})  # unsigned, it changes nothing that a person sees
HEADER_DEFECTS = frozenset({"header_line", "no_body", "bare_cr", "nul", "blank_fold"})  # of `facts.defects`
HEADER_CUT = "headers"  # of `facts.cut`
PASS = "pass"  # noqa: S105 - the name of a result


def proofs(facts: MailFacts, shop: Shop) -> tuple[Reason, ...]:
    """Every proof that holds, the most trusted first; none where something stands in the way of all of them."""
    if facts.form in WITHOUT_HEADERS:
        return _found(by_ledger_of_text(facts))
    if not from_is_the_shop(facts) or not readable_one_way(facts) or stands_in_the_way(facts):
        return ()
    return _found(by_ledger(facts, shop), by_signature(facts, shop), by_chain(facts, shop), by_receiver(facts, shop))


def _found(*reasons: Reason | None) -> tuple[Reason, ...]:
    return tuple(one for one in reasons if one is not None)


# What every proof needs


def from_is_the_shop(facts: MailFacts) -> bool:
    """One From, with one address, and it is the shop's."""
    return from_is_one(facts) and all(one.whose.ours is Ours.SHOP for one in facts.senders)


def from_is_one(facts: MailFacts) -> bool:
    """Every reader finds the same one sender."""
    return facts.from_fields == 1 and len({one.address for one in facts.senders}) == 1 and not facts.ambiguous_from


def readable_one_way(facts: MailFacts) -> bool:
    """Nothing in the header was left unread or can be taken in two ways. (The body is the signature's business.)"""
    return HEADER_CUT not in facts.cut and HEADER_DEFECTS.isdisjoint(facts.defects)


def all_was_read(facts: MailFacts) -> bool:
    """Nothing at all was left unread or can be taken in two ways."""
    return not (facts.cut or facts.defects or facts.repeated or facts.encrypted)


def stands_in_the_way(facts: MailFacts) -> bool:
    """What no proof outweighs: a lookalike's address, a thing that runs, a link made to deceive, the ledger's
    contradiction.

    A link to a lookalike is not among them: shops sign letters that lead to domains of theirs which nobody named here.
    """
    addressed = any(one.whose.ours is Ours.LOOKALIKE for one in (*facts.senders, *facts.reply_to, *facts.sender))
    return addressed or carries_what_runs(facts) or deceives(facts) or ledger_contradicts(facts)


def names_lookalike(facts: MailFacts) -> bool:
    """A domain made to be taken for the shop's is in it somewhere."""
    return any(one.ours is Ours.LOOKALIKE for one in all_domains(facts))


def all_domains(facts: MailFacts) -> Iterator[Whose]:
    """Whose is each domain that the mail is from, answers to or leads to?"""
    for address in (*facts.senders, *facts.reply_to, *facts.sender):
        yield address.whose
    for link in facts.links:
        yield link.whose


def carries_what_runs(facts: MailFacts) -> bool:
    """A file that runs, or hides what it is, came with it."""
    return any(one.kind in (AttachmentKind.RUNS, AttachmentKind.TWO_NAMES) for one in facts.attachments)


def deceives(facts: MailFacts) -> bool:
    """A link that no shop writes: one that hides its host, or runs, or a form that sends elsewhere."""
    return any(one.tricks & DECEIVING or (one.asks and one.whose.ours is not Ours.SHOP) for one in facts.links)


def ledger_contradicts(facts: MailFacts) -> bool:
    """The ledger knows this very Message-ID, and it went to somebody else or at another time."""
    known = facts.ledger
    return known is not None and bool(known.by_id) and (known.recipient_fits is False or known.time_fits is False)


# 1. The ledger


def by_ledger(facts: MailFacts, shop: Shop) -> Reason | None:
    """The ledger knows the mail in every respect, and there is nothing in it that the ledger does not answer for.

    A Message-ID is no secret from those who can read the mailbox. So a mail that the ledger alone speaks for may lead
    to nobody but the shop, carry no file, and ask for nothing.
    """
    known = facts.ledger
    if known is None or not known.by_id or not leads_only_to_the_shop(facts):
        return None
    if known.recipient_fits is not True or known.time_fits is not True or known.order_fits is False:
        return None
    if signature_altered(facts, shop) or lacks_the_owed_signature(facts, shop) or not all_was_read(facts):
        return None
    row = known.by_id[0]
    return reason(Ground.LEDGER_KNOWN, domain=domain_of_from(facts), date=f"{row.time:%Y-%m-%d}", to=row.to)


def leads_only_to_the_shop(facts: MailFacts) -> bool:
    """Every link and every address to write to is the shop's; no file, no form, no call for a secret, money or a
    call.
    """
    if any(one.ours is not Ours.SHOP for one in all_domains(facts)):
        return False
    if any(one.tricks or one.asks for one in facts.links) or facts.attachments:
        return False
    return not facts.wordings & {Wording.SECRET, Wording.TRANSFER, Wording.CALL}


def signature_altered(facts: MailFacts, shop: Shop) -> Signature | None:
    """A signature of the shop's that no longer fits what is here, and none that does."""
    own = [one for one in facts.signatures if is_the_shops(one.domain, shop)]
    if any(one.state is SignatureState.VALID for one in own):
        return None
    return next((one for one in own if one.state in ALTERED), None)


def lacks_the_owed_signature(facts: MailFacts, shop: Shop) -> bool:
    """The owner of the From domain says that every mail of theirs is signed, and this one is not.

    A signature whose key is gone counts as one only long after the mail came: keys are kept for weeks after their
    last use, so a key that is missing on the day never was.
    """
    return facts.dmarc.enforced and not any(
        is_the_shops(one.domain, shop) and may_have_been_in_order(one, facts) for one in facts.signatures
    )


def may_have_been_in_order(signature: Signature, facts: MailFacts) -> bool:
    """Is or was it perhaps a signature in order, or altered on the way?"""
    if signature.state is SignatureState.KEY_MISSING:
        if facts.judged is None or facts.received is None or signature.body_hash_holds is False:
            return False
        return facts.judged - facts.received > KEYS_STAY
    return signature.state in PERHAPS


def by_ledger_of_text(facts: MailFacts) -> Reason | None:
    """Text that somebody copied: the ledger knows the mail, or one about the order that it names, nothing shown with
    it says otherwise, and it leads to nobody but the shop.
    """
    known = facts.ledger
    if known is None or not all_was_read(facts) or not leads_only_to_the_shop(facts) or ledger_contradicts(facts):
        return None
    if facts.from_fields > 1 or facts.ambiguous_from or known.order_fits is False:
        return None
    if any(one.whose.ours is not Ours.SHOP for one in (*facts.senders, *facts.sender)):
        return None
    rows = known.by_id or known.by_order
    if not rows:
        return None
    row = rows[0]
    if known.by_id:
        return reason(Ground.LEDGER_KNOWN, domain=domain_of_from(facts), date=f"{row.time:%Y-%m-%d}", to=row.to)
    return reason(Ground.LEDGER_KNOWS_ORDER, order=row.order, date=f"{row.time:%Y-%m-%d}", to=row.to)


# 2. The signature


def by_signature(facts: MailFacts, shop: Shop) -> Reason | None:
    """A valid signature of the shop's that fits the From, covers all that people see, and is fresh."""
    for one in facts.signatures:
        if one.state is SignatureState.VALID and vouches(one, facts, shop):
            return reason(Ground.SIGNED_BY_SHOP, domain=domain_shown(one.domain))
    return None


def vouches(signature: Signature, facts: MailFacts, shop: Shop) -> bool:
    """If this signature is in order, is it the shop's word for all of this mail, now?"""
    return aligned(signature.domain, facts, shop) and covers_all(signature, facts) and is_fresh(signature, facts)


def aligned(domain: str, facts: MailFacts, shop: Shop) -> bool:
    """Is a signing domain the shop's, and may it speak for this From domain?"""
    sender = domain_of_from(facts)
    if is_the_shops(domain, shop) is None or is_the_shops(sender, shop) is None:
        return False
    if facts.dmarc.strict:
        return domain == sender
    return is_the_shops(domain, shop) == is_the_shops(sender, shop)


def is_the_shops(domain: str, shop: Shop) -> str | None:
    """Which of the shop's domains is it, or does it stand under? The longest; None for none."""
    own = [one for one in shop.domains if domain == one or domain.endswith(f".{one}")]
    return min(own, key=len, default=None)


def covers_all(signature: Signature, facts: MailFacts) -> bool:
    """Nothing that a person sees could have been added by another."""
    return signature.body_uncovered == 0 and not could_be_added(signature.uncovered, facts)


def could_be_added(uncovered: tuple[str, ...], facts: MailFacts) -> bool:
    """Is one of these headers more than harmless? A Sender is, if it names anybody but the shop."""
    harmless = HARMLESS_OPEN
    if all(one.whose.ours is Ours.SHOP for one in facts.sender):
        harmless |= {"sender"}
    return not (harmless - set(facts.repeated)).issuperset(uncovered)


def is_fresh(signature: Signature, facts: MailFacts) -> bool:
    """Received within days of signing: an old genuine mail, sent again, is not genuine news."""
    signed = signature.signed_at or facts.dated
    return signed is not None and facts.received is not None and facts.received - signed <= FRESH


# 3. The chain of those who passed it on


def by_chain(facts: MailFacts, shop: Shop) -> Reason | None:
    """A trusted forwarder says that the shop's signature was in order when the mail came to it, and everybody who
    passed it on after that is trusted too.
    """
    if facts.arc.state is not ArcState.VALID or not all_was_read(facts):
        return None
    if replies_elsewhere(facts) or names_lookalike(facts) or could_be_added(facts.arc.uncovered, facts):
        return None
    if facts.dated is None or facts.received is None or facts.received - facts.dated > FRESH:
        return None
    for one in reversed(facts.arc.sets):
        if not one.trusted:
            return None
        if any(attests(claim, facts, shop) for claim in one.claims):
            return reason(Ground.ARC_ATTESTED, domain=domain_of_from(facts), sealer=domain_shown(one.sealer))
    return None


def attests(claim: Claim, facts: MailFacts, shop: Shop) -> bool:
    """Does a claim say that a proof of the shop's was seen? Never by SPF."""
    if claim.result != PASS or not claim.domain:
        return False
    if claim.method == "dmarc":
        return claim.domain == domain_of_from(facts)
    return claim.method == "dkim" and aligned(claim.domain, facts, shop)


def replies_elsewhere(facts: MailFacts) -> bool:
    """An answer would go to somebody else than the shop."""
    return any(one.whose.ours is not Ours.SHOP for one in facts.reply_to)


# 4. The word of a receiver that the installation trusts


def by_receiver(facts: MailFacts, shop: Shop) -> Reason | None:
    """The customer's own mail server saw the signature in order; here only the key can no longer be had."""
    for one in facts.signatures:
        if one.state not in (SignatureState.KEY_MISSING, SignatureState.UNREACHABLE) or not vouches(one, facts, shop):
            continue
        told = Claim("dkim", PASS, one.domain)
        if one.body_hash_holds is True and told in facts.receiver_says:
            return reason(
                Ground.RECEIVER_ATTESTED, domain=domain_shown(one.domain), receiver=domain_shown(facts.receiver)
            )
    return None


def domain_of_from(facts: MailFacts) -> str:
    """The From domain; "" where there is none."""
    return facts.senders[0].whose.domain if facts.senders else ""
