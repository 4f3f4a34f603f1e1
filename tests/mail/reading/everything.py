"""All reading of one mail at once, as the verdict does it, and a shop to measure it against."""

from takeback.core.authenticity.facts import Ours, Whose
from takeback.mail.authenticity import addresses, headers
from takeback.mail.authenticity.attachments import read_attachments
from takeback.mail.authenticity.forwarded import find_forwarded
from takeback.mail.authenticity.links import read_links
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.parts import read_parts
from takeback.mail.authenticity.pasted import looks_like_mail, read_pasted
from takeback.mail.authenticity.wording import normalised, orders_named, wordings


def whose(domain: str) -> Whose:
    """shop.example is the shop, shop-login.top imitates it, everything else is somebody else's."""
    if domain == "shop.example" or domain.endswith(".shop.example"):
        return Whose(domain, Ours.SHOP)
    return Whose(domain, Ours.LOOKALIKE if domain.endswith("shop-login.top") else Ours.OTHER)


def claims(text: str) -> str:
    """Does this text show the shop's domain?"""
    return "shop.example" if "shop.example" in text else ""


def read_everything(raw: bytes) -> tuple[str, ...]:
    """Read it in every way there is; what went unread."""
    message = read_message(raw)
    parts = read_parts(message)
    addresses.senders(message, whose, claims)
    for field in ("reply-to", "sender"):
        addresses.addresses_of(message, field, whose, claims)
    addresses.recipients(message)
    headers.dated(message)
    headers.message_id(message)
    headers.repeated(message)
    headers.listed(message)
    headers.has_dkim2(message)
    links = read_links(parts.texts, whose)
    attached = read_attachments(parts)
    text = normalised(headers.subject(message) + "\n" + links.shown)
    wordings(text)
    orders_named(links.shown, frozenset({"1234", "#12"}))
    find_forwarded(message, parts)
    looks_like_mail(message)
    read_pasted(raw, whose, claims)
    assert len(message.crlf) >= len(message.raw)
    return (*parts.cut, *links.cut, *attached.cut)
