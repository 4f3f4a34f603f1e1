"""What speaks against a mail, weakly or strongly, and what else is to be said of it? All of it, proved or not."""

from collections.abc import Iterable, Iterator

from takeback.core.authenticity.facts import (
    Address,
    ArcState,
    Attachment,
    AttachmentKind,
    DmarcState,
    Form,
    Link,
    LinkTrick,
    MailFacts,
    Ours,
    Signature,
    SignatureState,
    SpfState,
    Whose,
    Wording,
)
from takeback.core.authenticity.proof import (
    WITHOUT_HEADERS,
    covers_all,
    domain_of_from,
    from_is_one,
    is_fresh,
    is_the_shops,
    lacks_the_owed_signature,
    ledger_contradicts,
    signature_altered,
)
from takeback.core.authenticity.reasons import Ground, Reason, domain_shown, reason
from takeback.core.authenticity.shop import Shop

SAME_AT_MOST = 3  # reasons of one kind: a mail with a thousand links is told as shortly as one with three

_OF_LINK = {
    LinkTrick.USERINFO: Ground.LINK_HIDES_HOST,
    LinkTrick.NUMBER_HOST: Ground.LINK_NUMBER_HOST,
    LinkTrick.SCHEME: Ground.LINK_RUNS,
    LinkTrick.REDIRECTOR: Ground.LINK_REDIRECTOR,
}
_OF_ATTACHMENT = {
    AttachmentKind.RUNS: Ground.ATTACHMENT_RUNS,
    AttachmentKind.TWO_NAMES: Ground.ATTACHMENT_TWO_NAMES,
    AttachmentKind.PAGE: Ground.ATTACHMENT_PAGE,
    AttachmentKind.LOCKED: Ground.ATTACHMENT_LOCKED,
}
_OF_WORDING = {
    Wording.SECRET: Ground.ASKS_SECRET,
    Wording.TRANSFER: Ground.ASKS_TRANSFER,
    Wording.CALL: Ground.ASKS_CALL,
    Wording.URGENCY: Ground.PRESSES,
}
_OF_STATE = {
    SignatureState.EXPIRED: Ground.SIGNED_EXPIRED,
    SignatureState.NOT_YET: Ground.SIGNED_NOT_YET,
    SignatureState.KEY_WEAK: Ground.SIGNED_KEY_WEAK,
    SignatureState.KEY_MISSING: Ground.SIGNED_KEY_GONE,
    SignatureState.OUTDATED: Ground.SIGNED_NOT_COUNTED,
    SignatureState.TESTING: Ground.SIGNED_NOT_COUNTED,
    SignatureState.MALFORMED: Ground.SIGNED_NOT_COUNTED,
}


def signs(facts: MailFacts, shop: Shop) -> tuple[Reason, ...]:
    """Everything but the proofs, each kind at most three times, in no order."""
    found: dict[Ground, list[Reason]] = {}
    for part in (
        of_sender(facts),
        of_replies(facts),
        of_links(facts.links),
        of_attachments(facts.attachments),
        of_signatures(facts, shop),
        of_policy(facts, shop),
        of_ledger(facts),
        of_wording(facts),
        of_reading(facts),
    ):
        for one in part:
            same = found.setdefault(one.key, [])
            if len(same) < SAME_AT_MOST and one not in same:
                same.append(one)
    return tuple(one for same in found.values() for one in same)


def claims_the_shop(facts: MailFacts) -> bool:
    """Does the mail say, in its sender or its text, that it is the shop's?"""
    return says_it_is_the_shop(facts) or any(one.name_claims for one in facts.senders) or bool(facts.text_claims)


def says_it_is_the_shop(facts: MailFacts) -> bool:
    """Does one of its From addresses stand under the shop's domain?"""
    return any(one.whose.ours is Ours.SHOP for one in facts.senders)


def of_sender(facts: MailFacts) -> Iterator[Reason]:
    """Who it says that it is from."""
    if facts.form not in WITHOUT_HEADERS and not facts.senders:
        yield reason(Ground.FROM_NONE)
    if facts.senders and not from_is_one(facts):
        domains = dict.fromkeys(one.whose.domain for one in facts.senders)
        yield reason(Ground.FROM_TWO, domains=", ".join(domains))
    for one in (*facts.senders, *facts.sender):
        if one.whose.ours is Ours.LOOKALIKE:
            yield _lookalike(Ground.FROM_LOOKALIKE, one.whose)
    for one in facts.senders:
        if one.whose.ours is Ours.SHOP:
            yield reason(Ground.FROM_SHOP_UNPROVED, domain=domain_shown(one.whose.domain))
        elif one.name_claims:
            yield _name_claim(one)
        if one.whose.ours is Ours.OTHER:
            yield reason(Ground.FROM_OTHER, domain=domain_shown(one.whose.domain, one.whose.shown))


def _name_claim(sender: Address) -> Reason:
    """A name is free to anyone (and a help desk uses the shop's); an address as a name is there to deceive."""
    is_address = "@" in sender.name_claims or "." in sender.name_claims.strip(".")
    key = Ground.NAME_SHOWS_ADDRESS if is_address else Ground.NAME_CLAIMS_SHOP
    domain = domain_shown(sender.whose.domain, sender.whose.shown)
    return reason(key, name=sender.name_claims, domain=domain)


def _lookalike(key: Ground, whose: Whose) -> Reason:
    return reason(key, domain=domain_shown(whose.domain, whose.shown), like=whose.like, trick=whose.trick or "")


def of_replies(facts: MailFacts) -> Iterator[Reason]:
    """Where an answer would go."""
    sender = domain_of_from(facts)
    for one in facts.reply_to:
        if one.whose.ours is Ours.LOOKALIKE:
            yield _lookalike(Ground.REPLY_TO_LOOKALIKE, one.whose)
        elif one.whose.ours is Ours.OTHER and claims_the_shop(facts) and not _same_house(one.whose.domain, sender):
            yield reason(Ground.REPLY_TO_ELSEWHERE, domain=domain_shown(one.whose.domain, one.whose.shown))


def _same_house(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def of_links(links: Iterable[Link]) -> Iterator[Reason]:
    """Where it leads."""
    for link in links:
        host = domain_shown(link.host, link.whose.shown)
        if link.whose.ours is Ours.LOOKALIKE:
            yield _lookalike(Ground.LINK_LOOKALIKE, link.whose)
        if LinkTrick.TEXT_DIFFERS in link.tricks:
            yield reason(Ground.LINK_TEXT_DIFFERS, text=link.reads_as, host=host)
        if link.asks and link.whose.ours is not Ours.SHOP:
            yield reason(Ground.FORM_ELSEWHERE, host=host)
        for trick, key in _OF_LINK.items():
            if trick in link.tricks:
                yield reason(key, host=host)


def of_attachments(attachments: Iterable[Attachment]) -> Iterator[Reason]:
    """What came with it."""
    for one in attachments:
        if one.kind in _OF_ATTACHMENT:
            yield reason(_OF_ATTACHMENT[one.kind], name=one.name)


def of_signatures(facts: MailFacts, shop: Shop) -> Iterator[Reason]:
    """What its signatures say, and do not say."""
    for one in facts.signatures:
        if is_the_shops(one.domain, shop):
            yield from _of_own(one, facts)
        elif one.state is SignatureState.VALID:
            yield reason(Ground.SIGNED_BY_OTHER, domain=domain_shown(one.domain))
    altered = signature_altered(facts, shop)
    if altered is not None:
        yield reason(Ground.SIGNED_CHANGED, domain=domain_shown(altered.domain))
    asked = (one.state is SignatureState.UNREACHABLE for one in facts.signatures)
    unsure = (facts.dmarc.state is DmarcState.UNREACHABLE, facts.arc.state is ArcState.UNREACHABLE, *asked)
    if any(unsure):
        yield reason(Ground.DNS_SILENT)
    if facts.arc.sets and not any(one.trusted for one in facts.arc.sets) and says_it_is_the_shop(facts):
        yield reason(Ground.ARC_UNTRUSTED, sealer=domain_shown(facts.arc.sets[-1].sealer))


def _of_own(signature: Signature, facts: MailFacts) -> Iterator[Reason]:
    domain = domain_shown(signature.domain)
    if signature.state in _OF_STATE:
        yield reason(_OF_STATE[signature.state], domain=domain)
    if signature.state is not SignatureState.VALID:
        return
    if signature.body_uncovered:
        yield reason(Ground.SIGNED_PARTLY, domain=domain)
    if not covers_all(signature, facts) and signature.uncovered:
        yield reason(Ground.SIGNED_HEADER_OPEN, domain=domain, headers=", ".join(signature.uncovered))
    if not is_fresh(signature, facts):
        yield reason(Ground.SIGNED_LONG_AGO, domain=domain)
    if signature.expired_since:
        yield reason(Ground.SIGNED_EXPIRED_SINCE, domain=domain)


def of_policy(facts: MailFacts, shop: Shop) -> Iterator[Reason]:
    """What the owner of the From domain, the servers on the way and the receiver say."""
    if says_it_is_the_shop(facts) and facts.form not in WITHOUT_HEADERS:
        domain = domain_shown(domain_of_from(facts))
        altered = facts.dmarc.enforced and signature_altered(facts, shop) is not None and not passed_on(facts)
        if (altered or lacks_the_owed_signature(facts, shop)) and not _ledger_vouches(facts):
            yield reason(Ground.POLICY_ALL_SIGNED, domain=domain)
        if facts.spf.state is SpfState.FAIL and not passed_on(facts):
            yield reason(Ground.SPF_REFUSED, domain=domain_shown(facts.spf.domain), ip=facts.spf.ip)
        if any(claim.method == "dmarc" and claim.result == "fail" for claim in facts.receiver_says):
            yield reason(Ground.RECEIVER_REFUSED, receiver=domain_shown(facts.receiver))
    if facts.listed:
        yield reason(Ground.LIST_THROUGH)
    if facts.dkim2:
        yield reason(Ground.DKIM2_NOT_EVALUATED)


def passed_on(facts: MailFacts) -> bool:
    """Did it come through a list or a forwarder, which may have altered it in good faith?"""
    return facts.listed or facts.arc.state is not ArcState.NONE


def of_ledger(facts: MailFacts) -> Iterator[Reason]:
    """What the ledger of sent mails says."""
    known = facts.ledger
    if known is None:
        return
    if not known.by_id:
        if says_it_is_the_shop(facts) and facts.message_id:
            yield reason(Ground.LEDGER_SILENT)
        return
    if known.recipient_fits is False:
        yield reason(Ground.LEDGER_OTHER_RECIPIENT)
    if known.time_fits is False:
        yield reason(Ground.LEDGER_OTHER_TIME, date=f"{known.by_id[0].time:%Y-%m-%d}")
    if not ledger_contradicts(facts) and says_it_is_the_shop(facts):
        yield reason(Ground.LEDGER_NOT_ENOUGH)


def _ledger_vouches(facts: MailFacts) -> bool:
    return facts.ledger is not None and bool(facts.ledger.by_id) and not ledger_contradicts(facts)


def of_wording(facts: MailFacts) -> Iterator[Reason]:
    """What it presses for. Weak, unless somebody else speaks in the shop's name."""
    for wording, key in _OF_WORDING.items():
        if wording in facts.wordings:
            yield reason(key)
    if asks_in_the_shops_name(facts):
        yield reason(Ground.ASKS_IN_SHOPS_NAME, domain=domain_shown(domain_of_from(facts)))


def asks_in_the_shops_name(facts: MailFacts) -> bool:
    """Another domain sends, under the shop's name, and wants something opened or entered.

    The name alone is no forgery: help desks use it. Speaking of the shop is none either: parcel services do; so there
    it takes a question for a secret or money, and a sender who does not sign or presses.
    """
    if says_it_is_the_shop(facts) or not facts.senders:
        return False
    if any(one.name_claims for one in facts.senders):
        return _asks(facts, Wording.SECRET, Wording.TRANSFER, Wording.CALL) or _hides(facts)
    presses = Wording.URGENCY in facts.wordings or not _signed_by_its_sender(facts)
    return bool(facts.text_claims) and presses and _asks(facts, Wording.SECRET, Wording.TRANSFER)


def _asks(facts: MailFacts, *wordings: Wording) -> bool:
    """Does it ask for one of these, and lead elsewhere than to the shop?"""
    leads_away = not facts.links or any(one.whose.ours is not Ours.SHOP for one in facts.links)
    return leads_away and not facts.wordings.isdisjoint(wordings)


def _hides(facts: MailFacts) -> bool:
    """Does it send to or bring what nobody can look through beforehand?"""
    closed = (AttachmentKind.PAGE, AttachmentKind.LOCKED)
    redirects = any(LinkTrick.REDIRECTOR in one.tricks for one in facts.links)
    return redirects or any(one.kind in closed for one in facts.attachments)


def _signed_by_its_sender(facts: MailFacts) -> bool:
    sender = domain_of_from(facts)
    return any(one.state is SignatureState.VALID and _same_house(one.domain, sender) for one in facts.signatures)


def of_reading(facts: MailFacts) -> Iterator[Reason]:
    """What could not be read."""
    if facts.form is Form.PASTED or facts.form is Form.INLINE:
        yield reason(Ground.PASTED_UNVERIFIABLE)
    if facts.cut:
        yield reason(Ground.READING_CUT)
    if facts.defects:
        yield reason(Ground.READING_DEFECTS)
    if facts.encrypted:
        yield reason(Ground.READING_ENCRYPTED)
