"""May this mail be believed, and what does it mean for the account? One answer, for the portal, the desk and by mail.

Most doubtful mails end with the verdict. One kind is more: a genuine confirmation of an order that the account's owner
did not make. It is shown to those alone who own the account (rule 10: nobody else learns that there is one), and it
leads to the page on which a takeover is reported.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from takeback.casework.investigate import inquire
from takeback.casework.ports import House
from takeback.casework.sentledger import KeptLedger
from takeback.core.authenticity.facts import Form, MailFacts, Sent
from takeback.core.authenticity.ledger import LedgerBook
from takeback.core.authenticity.verdict import Judgement, Verdict
from takeback.core.case import Stage
from takeback.core.events import Event, OrderPlaced
from takeback.core.investigate.findings import Actor, Findings
from takeback.core.investigation import in_order, investigate

MOST_ACCOUNTS = 3  # that one address may stand for
HIDDEN = "***"


class Checked(Protocol):
    """What the reading of a mail comes to."""

    @property
    def verdict(self) -> Verdict:
        """The answer and its reasons."""

    @property
    def facts(self) -> MailFacts:
        """What was found."""


class Judge(Protocol):
    """Reads a mail and judges it; `takeback.bootstrap` has one."""

    def __call__(self, raw: bytes, *, form: Form, now: datetime, ledger: LedgerBook) -> Checked:
        """Judge a mail. `form` PASTED: `raw` is text that somebody copied, in UTF-8."""


@dataclass(frozen=True, slots=True)
class DoubtedOrder:
    """A real order of the account's that its owner perhaps did not make."""

    id: str
    actor: Actor  # INTRUDER or UNKNOWN


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a mail. `report` is the address of the page on which a takeover is reported."""

    verdict: Verdict
    facts: MailFacts
    order: DoubtedOrder | None
    report: str


def check(
    house: House, judge: Judge, mail: bytes | str, *, accounts: Sequence[str] = (), form: Form = Form.RAW
) -> Answer:
    """Say what is to be thought of a mail (bytes), or of text that was copied from one. `form` says how a mail came; a
    text without a mail's headers is read as copied, whatever the form, and one with them as the mail's source.

    `accounts` are those that the one who asks has been shown to own; of no other account anything is told. Never
    raises for what stands in the mail.
    """
    raw = mail if isinstance(mail, bytes) else mail.encode("utf-8", "replace")
    ledger = KeptLedger(house.event_log.sent, accounts)
    checked = judge(raw, form=form, now=house.clock.now(), ledger=ledger)
    order = _doubted_order(house, checked, accounts)
    return Answer(_without_strangers(checked, accounts), checked.facts, order, report_page(house))


def report_page(house: House) -> str:
    """Where a takeover is reported."""
    return f"{house.configuration.base_url.rstrip('/')}/report"


def owned_by(house: House, address: str) -> tuple[str, ...]:
    """The accounts whose owner reads this address: a trusted contact of theirs, as it stood before any intruder."""
    accounts = house.event_log.accounts_with_contact(address)[:MOST_ACCOUNTS]
    return tuple(account for account in accounts if _is_trusted(_known(house, account)[1], address))


def _without_strangers(checked: Checked, accounts: Sequence[str]) -> Verdict:
    """The verdict without the recipient that the ledger has, where that is somebody else's."""
    ledger = checked.facts.ledger
    rows = () if ledger is None else (*ledger.by_id, *ledger.by_order)
    if all(row.account in accounts for row in rows):
        return checked.verdict
    hidden = [
        replace(one, values={**one.values, "to": HIDDEN}) if "to" in one.values else one
        for one in checked.verdict.reasons
    ]
    return replace(checked.verdict, reasons=tuple(hidden))


def _is_trusted(findings: Findings, address: str) -> bool:
    sought = address.strip().casefold()
    return any(one.trusted and one.value.strip().casefold() == sought for one in findings.contacts)


def _doubted_order(house: House, checked: Checked, accounts: Sequence[str]) -> DoubtedOrder | None:
    """The order that a genuine mail is about, where the account's owner may not have made it."""
    if checked.verdict.verdict is not Judgement.GENUINE or checked.facts.ledger is None:
        return None
    known = checked.facts.ledger
    for row in _about_orders((*known.by_id, *known.by_order), accounts):
        events, findings = _known(house, row.account)
        for event in events:
            if _places(event, row) and (who := findings.events.get(event.id, Actor.OWNER)) is not Actor.OWNER:
                return DoubtedOrder(row.order, who)
    return None


def _about_orders(rows: Iterable[Sent], accounts: Sequence[str]) -> Iterator[Sent]:
    seen = set()
    for row in rows:
        if row.order and row.account in accounts and (row.account, row.source, row.order) not in seen:
            seen.add((row.account, row.source, row.order))
            yield row


def _places(event: Event, row: Sent) -> bool:
    return isinstance(event.data, OrderPlaced) and (event.source, event.data.order.id) == (row.source, row.order)


def _known(house: House, account: str) -> tuple[list[Event], Findings]:
    """The account's events and what they come to, with the owner's own words where there is a case."""
    case = next((case for case in house.cases.of_account(account) if case.stage is not Stage.CLOSED), None)
    if case is not None:
        inquiry = inquire(house, case)
        return inquiry.events, inquiry.findings
    now = house.clock.now()
    events = in_order(account, house.event_log.account(account), now)
    return events, investigate(account, events, now=now).findings
