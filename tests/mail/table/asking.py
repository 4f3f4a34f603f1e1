"""How is the verdict asked for? In this one place, so that the table need not know."""

from dataclasses import replace

from takeback.core.authenticity.facts import Form
from takeback.core.authenticity.ledger import LedgerBook
from takeback.core.authenticity.shop import Shop
from takeback.mail.authenticity.checking import Checked, check_mail
from takeback.mail.authenticity.forwarded import find_forwarded
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.parts import read_parts
from takeback.mail.dns.port import UNREACHABLE, Answer, Resolver
from takeback.mail.dns.zone import ZoneResolver
from tests.mail.table.making import Mail
from tests.mail.table.zone import zone


class Silence:
    """A DNS that does not answer."""

    def ask(self, name: str, kind: str) -> Answer:  # noqa: ARG002 - a resolver takes both
        """Nothing."""
        return UNREACHABLE


def resolver(mail: Mail) -> Resolver:
    """The DNS as it is for this mail."""
    if mail.silent:
        return Silence()
    records = {**zone(mail.strangers), **mail.more}
    return ZoneResolver({name: values for name, values in records.items() if name not in mail.gone})


def ask(mail: Mail, dns: Resolver | None = None) -> Checked:
    """What Takeback says of this mail."""
    shop = Shop(mail.shop.domains, mail.shop.names, mail.shop.receivers, mail.shop.sealers)
    return check_mail(
        unwrapped(mail),
        shop,
        dns or resolver(mail),
        received=mail.received,
        now=mail.now,
        ledger=None if mail.ledger is None else LedgerBook(mail.ledger),
        form=mail.form,
    )


def unwrapped(mail: Mail) -> bytes:
    """The mail that is meant: the attached one, where the question is about that."""
    if mail.form is not Form.ATTACHED:
        return mail.raw
    message = read_message(mail.raw)
    found = find_forwarded(message, read_parts(message))
    assert found is not None, "no attached mail was found"
    return found.raw


def verdict(mail: Mail, dns: Resolver | None = None) -> tuple[str, tuple[str, ...]]:
    """The verdict in a word, and the keys of its reasons, the main one first."""
    told = ask(mail, dns).verdict
    return told.verdict.value, tuple(one.key.value for one in told.reasons)


def elsewhere(mail: Mail, domain: str) -> Mail:
    """The same question asked by another shop."""
    return replace(mail, shop=replace(mail.shop, domains=(domain,), names=()))
