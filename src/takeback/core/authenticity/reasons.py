"""What can speak for or against a mail? Every reason key there is, which way it speaks, and the values told with it.

The words for people are in `takeback.words`, table `mail_reason`. The order of `Ground` is the order of weight: the
first one that was found is a verdict's main reason (those for the mail come last in a verdict that is not `genuine`).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST_SHOWN = 80  # characters of whatever a stranger put into a mail
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # controls, direction marks, what has no picture


class Side(StrEnum):
    """Which way does a reason speak?"""

    FOR = "for"  # proof that the shop sent it
    AGAINST = "against"  # makes a mail that says it is the shop's a forgery
    WEAK = "weak"  # speaks against it, and alone decides nothing
    NOTE = "note"  # what was found, or could not be found out


class Ground(StrEnum):
    """What a verdict rests on. Grammar: `<what it is about>.<what was found>`, in the order of weight."""

    LEDGER_KNOWN = "ledger.known"
    LEDGER_KNOWS_ORDER = "ledger.knows_order"
    SIGNED_BY_SHOP = "signed.by_shop"
    ARC_ATTESTED = "arc.attested"
    RECEIVER_ATTESTED = "receiver.attested"

    READING_FAILED = "reading.failed"
    FROM_TWO = "from.two"
    FROM_LOOKALIKE = "from.lookalike"
    REPLY_TO_LOOKALIKE = "reply_to.lookalike"
    NAME_SHOWS_ADDRESS = "name.shows_address"
    LINK_LOOKALIKE = "link.lookalike"
    POLICY_ALL_SIGNED = "policy.all_signed"
    LINK_HIDES_HOST = "link.hides_host"
    LINK_TEXT_DIFFERS = "link.text_differs"
    LINK_NUMBER_HOST = "link.number_host"
    LINK_RUNS = "link.runs"
    FORM_ELSEWHERE = "form.elsewhere"
    ATTACHMENT_TWO_NAMES = "attachment.two_names"
    ATTACHMENT_RUNS = "attachment.runs"
    REPLY_TO_ELSEWHERE = "reply_to.elsewhere"
    ASKS_IN_SHOPS_NAME = "asks.in_shops_name"

    SIGNED_CHANGED = "signed.changed"
    SIGNED_PARTLY = "signed.partly"
    SIGNED_HEADER_OPEN = "signed.header_open"
    LEDGER_OTHER_RECIPIENT = "ledger.other_recipient"
    LEDGER_OTHER_TIME = "ledger.other_time"
    SIGNED_LONG_AGO = "signed.long_ago"
    SIGNED_EXPIRED = "signed.expired"
    SIGNED_NOT_YET = "signed.not_yet"
    SIGNED_KEY_WEAK = "signed.key_weak"
    PASTED_UNVERIFIABLE = "pasted.unverifiable"
    DNS_SILENT = "dns.silent"
    SIGNED_KEY_GONE = "signed.key_gone"
    SIGNED_NOT_COUNTED = "signed.not_counted"
    LEDGER_NOT_ENOUGH = "ledger.not_enough"
    ARC_UNTRUSTED = "arc.untrusted"
    FROM_SHOP_UNPROVED = "from.shop_unproved"
    NAME_CLAIMS_SHOP = "name.claims_shop"
    SIGNED_BY_OTHER = "signed.by_other"
    FROM_OTHER = "from.other"
    FROM_NONE = "from.none"
    READING_CUT = "reading.cut"
    READING_DEFECTS = "reading.defects"
    READING_ENCRYPTED = "reading.encrypted"

    SPF_REFUSED = "spf.refused"
    RECEIVER_REFUSED = "receiver.refused"
    ATTACHMENT_PAGE = "attachment.page"
    ATTACHMENT_LOCKED = "attachment.locked"
    LINK_REDIRECTOR = "link.redirector"
    ASKS_SECRET = "asks.secret"  # noqa: S105 - a reason's name
    ASKS_TRANSFER = "asks.transfer"
    ASKS_CALL = "asks.call"
    PRESSES = "presses.urgency"

    SIGNED_EXPIRED_SINCE = "signed.expired_since"
    LIST_THROUGH = "list.through"
    LEDGER_SILENT = "ledger.silent"
    DKIM2_NOT_EVALUATED = "dkim2.not_evaluated"


_FOR = frozenset(
    {
        Ground.LEDGER_KNOWN,
        Ground.LEDGER_KNOWS_ORDER,
        Ground.SIGNED_BY_SHOP,
        Ground.ARC_ATTESTED,
        Ground.RECEIVER_ATTESTED,
    }
)
_AGAINST = frozenset(
    {
        Ground.FROM_TWO,
        Ground.FROM_LOOKALIKE,
        Ground.REPLY_TO_LOOKALIKE,
        Ground.NAME_SHOWS_ADDRESS,
        Ground.LINK_LOOKALIKE,
        Ground.POLICY_ALL_SIGNED,
        Ground.LINK_HIDES_HOST,
        Ground.LINK_TEXT_DIFFERS,
        Ground.LINK_NUMBER_HOST,
        Ground.LINK_RUNS,
        Ground.FORM_ELSEWHERE,
        Ground.ATTACHMENT_TWO_NAMES,
        Ground.ATTACHMENT_RUNS,
        Ground.REPLY_TO_ELSEWHERE,
        Ground.ASKS_IN_SHOPS_NAME,
    }
)
_WEAK = frozenset(
    {
        Ground.SIGNED_CHANGED,
        Ground.SIGNED_PARTLY,
        Ground.SIGNED_HEADER_OPEN,
        Ground.LEDGER_OTHER_RECIPIENT,
        Ground.LEDGER_OTHER_TIME,
        Ground.SIGNED_LONG_AGO,
        Ground.SIGNED_EXPIRED,
        Ground.SIGNED_NOT_YET,
        Ground.SIGNED_KEY_WEAK,
        Ground.NAME_CLAIMS_SHOP,
        Ground.READING_CUT,
        Ground.READING_DEFECTS,
        Ground.SPF_REFUSED,
        Ground.RECEIVER_REFUSED,
        Ground.ATTACHMENT_PAGE,
        Ground.ATTACHMENT_LOCKED,
        Ground.LINK_REDIRECTOR,
        Ground.ASKS_SECRET,
        Ground.ASKS_TRANSFER,
        Ground.ASKS_CALL,
        Ground.PRESSES,
    }
)
SIDES: Mapping[Ground, Side] = {
    ground: Side.FOR
    if ground in _FOR
    else Side.AGAINST
    if ground in _AGAINST
    else Side.WEAK
    if ground in _WEAK
    else Side.NOTE
    for ground in Ground
}
WEIGHT: Mapping[Ground, int] = {ground: place for place, ground in enumerate(Ground)}  # the smaller, the weightier


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with what it speaks of. The values are safe to show as text; HTML still has to be escaped."""

    key: Ground
    values: Mapping[str, str]

    @property
    def side(self) -> Side:
        """Which way it speaks."""
        return SIDES[self.key]


def reason(key: Ground, **values: object) -> Reason:
    """A reason whose values are made safe: what a stranger wrote must not speak for itself."""
    return Reason(key, {name: shown(str(value)) for name, value in values.items()})


def shown(text: str) -> str:
    """A stranger's text on one line, without controls and direction marks, at most 80 characters."""
    cut = text[: LONGEST_SHOWN * 4]
    if not cut.isascii() or not cut.isprintable():
        cut = "".join(" " if one.isspace() else one for one in cut if one.isspace() or _seen(one))
    cut = " ".join(cut.split())
    return cut if len(cut) <= LONGEST_SHOWN else f"{cut[: LONGEST_SHOWN - 1]}…"


def _seen(one: str) -> bool:
    return unicodedata.category(one) not in UNSEEN


def domain_shown(domain: str, as_seen: str = "") -> str:
    """A domain as it is on the line, and beside it as a person sees it, where that differs: `xn--…(аmazon.com)`."""
    seen = as_seen or (_unicode(domain) if "xn--" in domain else "")
    return f"{domain} ({seen})" if seen and seen != domain else domain


def _unicode(domain: str) -> str:
    """The U-labels of a domain; what is no valid A-label stays as it is."""
    return ".".join(_label(label) for label in domain[: LONGEST_SHOWN * 4].split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
