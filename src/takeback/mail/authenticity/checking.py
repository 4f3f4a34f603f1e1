"""Is this mail really from the shop? Gathers what can be found in and around it, and asks the core for the verdict.

Nothing raises out of here, whatever the bytes and whatever the DNS does, and it takes a few seconds at most. What
cannot change the verdict and costs questions is left out, unless all of it is asked for (`in_full`).
"""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from takeback.core.authenticity.facts import Form, Ledgered, MailFacts, Ours
from takeback.core.authenticity.ledger import LedgerBook
from takeback.core.authenticity.proof import WITHOUT_HEADERS, from_is_one
from takeback.core.authenticity.shop import Shop
from takeback.core.authenticity.verdict import READING_FAILED, Judgement, Verdict, decide
from takeback.mail.authenticity import addresses, arc, headers, signatures
from takeback.mail.authenticity.attachments import read_attachments
from takeback.mail.authenticity.canonical import Body
from takeback.mail.authenticity.dmarc import dmarc
from takeback.mail.authenticity.forwarded import find_forwarded
from takeback.mail.authenticity.likeness import claims, whose
from takeback.mail.authenticity.links import read_links
from takeback.mail.authenticity.message import Message, read_message
from takeback.mail.authenticity.parts import read_parts
from takeback.mail.authenticity.pasted import looks_like_mail, read_pasted
from takeback.mail.authenticity.received import Receipt, Trail, read_trail
from takeback.mail.authenticity.received import received as received_of
from takeback.mail.authenticity.results import results
from takeback.mail.authenticity.spf import spf
from takeback.mail.authenticity.wording import normalised, wordings
from takeback.mail.dns.deadline import Deadline
from takeback.mail.dns.port import Resolver

DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to")
RECEIVED_BYTES = 4_000  # of a Received line
BUDGET = 4.0  # seconds for all questions of one verdict
ID_WITHIN = 20_000  # characters of a copied text in which its Message-ID is looked for
SLACK = timedelta(hours=1)  # by which a receiver's clock may be ahead

_COPIED_ID = re.compile(r"Message-ID[ \t]{0,5}:\s{0,5}<([^<>\s]{3,500})>", re.IGNORECASE)
_BY = re.compile(r"\sby\s")
_FOR = re.compile(r"\bfor\s{1,20}<?([^\s<>;()]{1,250}@[^\s<>;()]{1,250})>?")
log = logging.getLogger("takeback.mail")


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict, and what was found."""

    verdict: Verdict
    facts: MailFacts


def check_mail(
    raw: bytes,
    shop: Shop,
    resolver: Resolver,
    *,
    received: datetime | None,
    now: datetime,
    ledger: LedgerBook | None = None,
    form: Form = Form.RAW,
    in_full: bool = False,
) -> Checked:
    """Judge the mail in `raw` (for `Form.PASTED` and `Form.INLINE` a text in UTF-8). Never raises.

    `received` and `now` are aware; where `received` is None, the mail's own Received lines tell it, else it is `now`.
    `in_full` makes every check, also those that cannot change the verdict.
    """
    try:
        if form in WITHOUT_HEADERS:
            facts = _facts_of_text(raw, shop, received, now, ledger, form)
            return Checked(decide(facts, shop), facts)
        return _check(raw, shop, Deadline(resolver, BUDGET), received, now, ledger, form, in_full=in_full)
    except Exception as error:
        log.error("a mail could not be checked: %s", type(error).__name__)  # never its text
        return Checked(READING_FAILED, MailFacts(form=form, received=received, judged=now))


def check_forwarded(
    raw: bytes,
    shop: Shop,
    resolver: Resolver,
    *,
    received: datetime | None = None,
    now: datetime,
    ledger: LedgerBook | None = None,
) -> Checked | None:
    """Judge the mail that the one in `raw` forwards, attached or as text; None where it forwards none. Never raises.

    `received` is when the forwarded mail came to the one who forwards it, where that is known.
    """
    try:
        message = read_message(raw)
        inside = find_forwarded(message, read_parts(message))
    except Exception as error:
        log.error("a mail could not be opened: %s", type(error).__name__)
        return Checked(READING_FAILED, MailFacts(judged=now))
    if inside is None:
        return None
    given = inside.raw if inside.form is Form.ATTACHED else inside.text.encode("utf-8", "replace")
    return check_mail(given, shop, resolver, received=received, now=now, ledger=ledger, form=inside.form)


def _check(
    raw: bytes,
    shop: Shop,
    resolver: Resolver,
    received: datetime | None,
    now: datetime,
    ledger: LedgerBook | None,
    form: Form,
    *,
    in_full: bool,
) -> Checked:
    message = read_message(raw)
    if form is Form.RAW and not looks_like_mail(message):  # a file or a box may hold a text that somebody copied
        facts = _facts_of_text(raw, shop, received, now, ledger, Form.PASTED)
        return Checked(decide(facts, shop), facts)
    trail = read_trail(message, shop.receivers)
    told = received_of(message, shop.receivers, received, trail)
    receipt = _receipt(told, now)
    facts, text = _read(message, trail, shop, ledger, told.time if told.time == receipt.time else None)
    facts = replace(facts, form=form, judged=now, received=receipt.time, received_trusted=receipt.trusted)
    worded = in_full or (facts.ledger is not None and bool(facts.ledger.by_id))
    if worded:  # what the ledger alone speaks for may ask for nothing
        facts = _worded(facts, text, shop)
    body = Body(message)
    facts = _signed(message, body, facts, receipt.time or now, now, resolver, in_full=in_full)
    verdict = decide(facts, shop)
    if verdict.verdict is Judgement.GENUINE and not in_full:
        return Checked(verdict, facts)
    if not worded:
        facts = _worded(facts, text, shop)
    facts = _passed_on(message, body, facts, shop, trail, resolver)
    facts = replace(facts, spf=spf(receipt, resolver))
    return Checked(decide(facts, shop), facts)


def _receipt(receipt: Receipt, now: datetime) -> Receipt:
    """The time of receipt; now where none is told, or one that has not yet been."""
    if receipt.time is None or (not receipt.trusted and receipt.time > now + SLACK):
        return receipt._replace(time=now, trusted=False)
    return receipt


def _read(
    message: Message, trail: Trail, shop: Shop, ledger: LedgerBook | None, came: datetime | None
) -> tuple[MailFacts, str]:
    """What the mail leads to, proofs left aside, and its text as people see it."""
    whose_of, claims_in = partial(whose, shop=shop), partial(claims, shop=shop)
    parts = read_parts(message)
    reading, attached = read_links(parts.texts, whose_of), read_attachments(parts)
    subject, message_id = headers.subject(message), headers.message_id(message)
    text = f"{subject}\n{reading.shown}"
    senders, ambiguous = addresses.senders(message, whose_of, claims_in)
    recipients = addresses.recipients(message)
    delivered = _delivered(message, trail)
    orders, known = _ledger(ledger, text, message_id, delivered or recipients, came)
    if known is not None and known.recipient_fits and not delivered:
        known = replace(known, recipient_fits=None)  # whom its sender named is no proof of whom it was for
    facts = MailFacts(
        dated=headers.dated(message),
        message_id=message_id,
        subject=subject,
        from_fields=message.count("from"),
        senders=senders,
        ambiguous_from=ambiguous,
        reply_to=addresses.addresses_of(message, "reply-to", whose_of, claims_in),
        sender=addresses.addresses_of(message, "sender", whose_of, claims_in),
        recipients=recipients,
        repeated=headers.repeated(message),
        listed=headers.listed(message),
        dkim2=headers.has_dkim2(message),
        links=reading.links,
        attachments=attached.attachments,
        ledger=known,
        cut=_once(parts.cut, reading.cut, attached.cut),
        defects=tuple(parts.defects),
        encrypted=parts.encrypted,
        orders=orders,
    )
    return facts, text


def _worded(facts: MailFacts, text: str, shop: Shop) -> MailFacts:
    """What the text presses for, and whose it says that it is."""
    return replace(facts, wordings=wordings(normalised(text)), text_claims=claims(text, shop))


def _once(*limits: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(limits)))


def _delivered(message: Message, trail: Trail) -> tuple[str, ...]:
    """To whom it was delivered, as the last servers wrote it; empty where they did not.

    To is what its sender wrote, and so is everything below the first line of a server that is believed.
    """
    border = trail.edge or trail.top
    if border is None:
        return ()
    found: dict[str, None] = {}
    for name, value in message.fields[: border.place + 1]:
        if name in DELIVERED:
            found |= dict.fromkeys(one.address for one in addresses.read_field(value).named)
        elif name == "received":
            said = value[:RECEIVED_BYTES].decode("utf-8", "replace").rpartition(";")[0]
            found |= dict.fromkeys(_FOR.findall(_BY.split(said, 1)[-1]))  # what stands before `by` its sender chose
    return tuple(found)


def _ledger(
    ledger: LedgerBook | None, text: str, message_id: str, recipients: Sequence[str], received: datetime | None
) -> tuple[tuple[str, ...], Ledgered | None]:
    """The ledger's orders that the text names, and what it says of the mail."""
    if ledger is None:
        return (), None
    orders = ledger.orders_in(text)
    return orders, ledger.look_up(message_id, recipients, received, orders)


def _signed(
    message: Message,
    body: Body,
    facts: MailFacts,
    came: datetime,
    now: datetime,
    resolver: Resolver,
    *,
    in_full: bool,
) -> MailFacts:
    """What the signatures say, and the owner of the From domain, whose wishes matter where From names the shop."""
    sender = facts.senders[0].whose if from_is_one(facts) else None
    asked = sender is not None and (in_full or sender.ours is Ours.SHOP)
    return replace(
        facts,
        signatures=signatures.signatures(message, resolver, came, now, body),
        dmarc=dmarc(sender.domain, resolver) if sender is not None and asked else facts.dmarc,
        cut=_once(facts.cut, signatures.cut(message)),
    )


def _passed_on(
    message: Message, body: Body, facts: MailFacts, shop: Shop, trail: Trail, resolver: Resolver
) -> MailFacts:
    """What those say who passed it on, and the receiver."""
    receiver, says = results(message, shop.receivers, trail)
    return replace(
        facts,
        arc=arc.arc(message, resolver, shop.sealers, body),
        receiver=receiver,
        receiver_says=says,
        cut=_once(facts.cut, arc.cut(message)),
    )


def _facts_of_text(
    raw: bytes, shop: Shop, received: datetime | None, now: datetime, ledger: LedgerBook | None, form: Form
) -> MailFacts:
    """What a copied text says and leads to. Of itself it has nothing that could be verified."""
    whose_of, claims_in = partial(whose, shop=shop), partial(claims, shop=shop)
    pasted = read_pasted(raw, whose_of, claims_in)
    reading = read_links([pasted.text], whose_of)
    text = f"{pasted.subject}\n{reading.shown}"
    came = received or pasted.dated
    orders, known = _ledger(ledger, text, _id_in(pasted.text.content), pasted.recipients, came)
    return MailFacts(
        form=form,
        received=came,
        judged=now,
        dated=pasted.dated,
        subject=pasted.subject,
        from_fields=1 if pasted.senders else 0,
        senders=pasted.senders,
        ambiguous_from=len({one.address.lower() for one in pasted.senders}) > 1,
        reply_to=pasted.reply_to,
        recipients=pasted.recipients,
        links=reading.links,
        wordings=wordings(normalised(text)),
        text_claims=claims_in(text),
        ledger=known,
        cut=_once(pasted.cut, reading.cut),
        orders=orders,
    )


def _id_in(text: str) -> str:
    """The Message-ID that somebody copied with the text; "" where there is none."""
    found = _COPIED_ID.search(text[:ID_WITHIN])
    return found[1] if found else ""
