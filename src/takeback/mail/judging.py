"""Is this mail from the shop of this installation? The reading of mails, with its shop and the live DNS."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock

from takeback.core.authenticity.facts import Form
from takeback.core.authenticity.ledger import LedgerBook
from takeback.core.authenticity.shop import Shop
from takeback.core.errors import InputError, SettingsError
from takeback.mail.authenticity.checking import Checked, check_mail
from takeback.mail.authenticity.likeness import make_shop
from takeback.mail.dns.live import LiveResolver
from takeback.mail.dns.port import Resolver

LARGE = 2_000_000  # octets; of such mails one is read at a time, or a few together would fill the memory
_large = Lock()


@dataclass(frozen=True, slots=True)
class MailJudge:
    """Meets `casework.doubt.Judge`. Safe to use from many threads."""

    shop: Shop
    resolver: Resolver

    def __call__(self, raw: bytes, *, form: Form, now: datetime, ledger: LedgerBook) -> Checked:
        """Judge a mail. Never raises for what stands in it."""
        if len(raw) <= LARGE:
            return self._judged(raw, form, now, ledger)
        with _large:
            return self._judged(raw, form, now, ledger)

    def _judged(self, raw: bytes, form: Form, now: datetime, ledger: LedgerBook) -> Checked:
        return check_mail(raw, self.shop, self.resolver, received=None, now=now, ledger=ledger, form=form)


def judge_for(
    domains: Iterable[str], names: Iterable[str], receivers: Iterable[str], sealers: Iterable[str]
) -> MailJudge:
    """The judge of an installation, who asks the live DNS. `SettingsError` where its shop has no domain."""
    return MailJudge(shop_of(domains, names, receivers, sealers), resolver())


def shop_of(domains: Iterable[str], names: Iterable[str], receivers: Iterable[str], sealers: Iterable[str]) -> Shop:
    """The shop of the settings. `SettingsError` where it has no domain, or one that is nobody's own."""
    try:
        shop = make_shop(domains, names, receivers, sealers)
    except InputError as error:
        raise SettingsError(f"mail.shop_domains, mail.receivers or mail.arc_sealers is wrong: {error}.") from None
    if not shop.domains:
        raise SettingsError("mail.shop_domains names no domain: no mail can be told to be the shop's.")
    return shop


@cache
def resolver() -> Resolver:
    """The live DNS, with one cache for this process."""
    return LiveResolver()
