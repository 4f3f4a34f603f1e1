"""What was found in and around a mail? Only findings: what follows from them is `verdict`'s business.

Domains are lower-case A-labels (`xn--…`) without the final dot; header names are lower-case; times are aware. A check
that could not be made says so in its state (`unreachable`, `not_checked`): absence of proof is never proof of absence.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SignatureState(StrEnum):
    """What came of one DKIM signature (RFC 6376, 8301, 8463), judged at the time of receipt."""

    VALID = "valid"
    BODY_CHANGED = "body_changed"  # the headers are as signed, the body is not: altered after signing
    BROKEN = "broken"  # it does not verify
    EXPIRED = "expired"  # x= lay before the time of receipt
    NOT_YET = "not_yet"  # t= lies well after the time of receipt
    KEY_MISSING = "key_missing"  # the DNS has no such key, or an empty one (revoked)
    KEY_WEAK = "key_weak"  # RSA under 1,024 bits
    OUTDATED = "outdated"  # rsa-sha1
    TESTING = "testing"  # t=y in the key: counts as no signature
    UNREACHABLE = "unreachable"  # the DNS gave no answer in time
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature header."""

    domain: str  # d=
    selector: str  # s=
    state: SignatureState
    algorithm: str = ""  # a=
    key_bits: int | None = None
    signed_at: datetime | None = None  # t=
    expires: datetime | None = None  # x=
    expired_since: bool = False  # in order at receipt, out of date today
    body_uncovered: int = 0  # octets of the canonical body beyond l=; anything over 0 was perhaps added by another
    signed: frozenset[str] = frozenset()  # the header names in h=
    uncovered: tuple[str, ...] = ()  # headers people see (from, subject, reply-to, to, cc, date, sender, content-type,
    # mime-version, content-transfer-encoding) that occur in the mail more often than h= covers them
    body_hash_holds: bool | None = None  # bh=, which needs no key; None where it could not be computed


@dataclass(frozen=True, slots=True)
class Claim:
    """One result of an Authentication-Results field (RFC 8601), such as `dkim=pass header.d=shop.example`."""

    method: str  # dkim, spf, dmarc, arc, ...
    result: str  # pass, fail, none, ...
    domain: str = ""  # header.d, header.from, smtp.mailfrom: the domain alone


class ArcState(StrEnum):
    """What came of the chain of ARC seals (RFC 8617)."""

    NONE = "none"
    VALID = "valid"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class ArcSet:
    """One hop of the chain."""

    instance: int
    sealer: str  # d= of the seal
    trusted: bool  # the installation's settings name this sealer
    claims: tuple[Claim, ...] = ()  # what the sealer says that it saw


@dataclass(frozen=True, slots=True)
class Arc:
    """The chain, oldest hop first."""

    state: ArcState = ArcState.NONE
    sets: tuple[ArcSet, ...] = ()
    uncovered: tuple[str, ...] = ()  # as `Signature.uncovered`, of the newest hop: perhaps added after it was sealed


class SpfState(StrEnum):
    """What came of SPF (RFC 7208). `NOT_CHECKED`: no trusted Received line says who handed the mail in."""

    NOT_CHECKED = "not_checked"
    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - the name of a result
    FAIL = "fail"
    SOFTFAIL = "softfail"
    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Spf:
    """Never enough for a genuine mail: it says which machine handed it in, not who wrote it."""

    state: SpfState = SpfState.NOT_CHECKED
    domain: str = ""
    ip: str = ""


class DmarcState(StrEnum):
    """Was a policy found for the From domain (RFC 9989 discovery: a walk up the tree)?"""

    NOT_CHECKED = "not_checked"  # no From, or not one
    NONE = "none"
    FOUND = "found"
    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"


class Policy(StrEnum):
    """What the domain's owner asks for mail that is not proved to be theirs, as it applies to this From domain."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Dmarc:
    """The policy that holds for the From domain."""

    state: DmarcState = DmarcState.NOT_CHECKED
    domain: str = ""  # where the record stands
    policy: Policy = Policy.NONE
    strict: bool = False  # adkim=s: the signing domain must be the very From domain
    testing: bool = False  # t=y: the owner asks not to act on it yet

    @property
    def enforced(self) -> bool:
        """True when the owner says that mail without their proof is not theirs."""
        return self.state is DmarcState.FOUND and self.policy is not Policy.NONE and not self.testing


class Ours(StrEnum):
    """Whose is a domain?"""

    SHOP = "shop"  # one of the shop's, or under one
    LOOKALIKE = "lookalike"  # made to be taken for one of the shop's
    OTHER = "other"


class Trick(StrEnum):
    """How does a domain or a name resemble the shop's?"""

    SAME_LOOK = "same_look"  # letters of another script or width: аmazon, ａmazon, ɑmazon
    LETTER_PAIR = "letter_pair"  # rn for m, vv for w, cl for d
    DIGIT = "digit"  # 0 for o, 1 for l
    TYPO = "typo"  # a letter left out, doubled, swapped, next on the keyboard
    ADDED_WORD = "added_word"  # shop-security.example, example-shop-login.top
    SUBDOMAIN = "subdomain"  # shop.example.evil.top
    OTHER_SUFFIX = "other_suffix"  # shop.top for shop.example
    HYPHEN = "hyphen"  # sh-op.example, shop-example.com
    NAME_INSIDE = "name_inside"  # the shop's name as one label of another domain: shop.evil.top


@dataclass(frozen=True, slots=True)
class Whose:
    """A domain and what it is to the shop."""

    domain: str  # as in the mail, A-labels
    ours: Ours
    like: str = ""  # for a lookalike: the shop's domain (or name) that it resembles
    trick: Trick | None = None
    shown: str = ""  # as a person sees it (U-labels), where that differs


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a header."""

    address: str  # as written, at most 320 characters
    whose: Whose
    name: str = ""  # the display name, decoded
    name_claims: str = ""  # the shop's name, domain or address that the display name shows; "" where it shows none


class LinkTrick(StrEnum):
    """What is wrong with one link?"""

    TEXT_DIFFERS = "text_differs"  # its text reads as one address, it leads to another
    NUMBER_HOST = "number_host"  # its host is an IP address, in whatever spelling
    REDIRECTOR = "redirector"  # a shortener or an open redirect
    USERINFO = "userinfo"  # https://shop.example@evil.top
    SCHEME = "scheme"  # javascript:, data:, file:, ...
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Link:
    """One address that the mail leads to (a, area, form, button, plain text; not the pictures it loads)."""

    host: str
    whose: Whose
    tricks: frozenset[LinkTrick] = frozenset()
    reads_as: str = ""  # for TEXT_DIFFERS: the host that the text shows
    asks: bool = False  # a form in the mail itself that sends there


class AttachmentKind(StrEnum):
    """What may an attachment do?"""

    RUNS = "runs"  # a program, script, shortcut, disk image, macro document
    PAGE = "page"  # HTML or SVG, opened in the browser from the disk
    LOCKED = "locked"  # an encrypted archive, which no scanner can look into
    TWO_NAMES = "two_names"  # invoice.pdf.exe, or a name turned round by a direction mark
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file. `kind` is the worst that its name, type and first bytes say, archives looked into."""

    name: str
    kind: AttachmentKind


class Wording(StrEnum):
    """What does the text press for? A weak sign only: genuine mails press too."""

    URGENCY = "urgency"
    SECRET = "secret"  # noqa: S105 - asks for a password, card number, code
    TRANSFER = "transfer"  # asks for a bank transfer, gift cards, crypto
    CALL = "call"  # asks to call a number


class Form(StrEnum):
    """In what form did the mail come?"""

    RAW = "raw"  # the mail itself, with its headers
    ATTACHED = "attached"  # the mail itself, attached to one that forwards it
    PASTED = "pasted"  # text that somebody copied: nothing in it can be verified
    INLINE = "inline"  # forwarded as text inside another mail: as pasted


@dataclass(frozen=True, slots=True)
class Sent:
    """One row of the ledger of what was really sent (`message.sent`)."""

    message_id: str  # without < >
    channel: str  # mail, push, sms
    to: str  # masked: o***@example.jp
    time: datetime
    template: str = ""
    order: str = ""
    account: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ledgered:
    """What the ledger says of this mail. `None` in `facts` means that there is no ledger."""

    by_id: tuple[Sent, ...] = ()  # rows with this Message-ID
    by_order: tuple[Sent, ...] = ()  # mails about an order that the text names, sent to a recipient that fits
    recipient_fits: bool | None = (
        None  # does a by_id row's masked address fit one of To/Delivered-To? None: no way to tell
    )
    order_fits: bool | None = None  # does the text name the by_id row's order? None where the row has none
    time_fits: bool | None = None  # did it come within the days that mail takes? None where no time is known


@dataclass(frozen=True, slots=True)
class MailFacts:
    """All of it. What a pasted text cannot have stays at its default."""

    form: Form = Form.RAW
    received: datetime | None = None  # the time of receipt: told by the caller, else of a trusted Received line
    received_trusted: bool = False  # told by the caller or by a configured receiver, not by whoever sent the mail
    judged: datetime | None = None  # now: how long ago it was received tells a key that is gone from one that never was
    dated: datetime | None = None  # the Date header
    message_id: str = ""
    subject: str = ""
    from_fields: int = 1  # how many From headers; anything but 1 can be read in two ways
    senders: tuple[Address, ...] = ()  # every address of every From, by every reading
    ambiguous_from: bool = False  # readers disagree which address it is (a quoted address, a comment, two addresses)
    reply_to: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    recipients: tuple[str, ...] = ()  # To, Cc, Delivered-To, X-Original-To
    repeated: tuple[str, ...] = ()  # headers that may stand once and stand more often (RFC 5322, section 3.6)
    listed: bool = False  # came through a mailing list (List-Id, List-Post)
    signatures: tuple[Signature, ...] = ()
    arc: Arc = Arc()
    spf: Spf = Spf()
    dmarc: Dmarc = Dmarc()
    receiver_says: tuple[Claim, ...] = ()  # the topmost Authentication-Results of a configured receiver
    receiver: str = ""  # its authserv-id
    dkim2: bool = False  # a DKIM2 header is there: a draft that moves, not evaluated
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    wordings: frozenset[Wording] = frozenset()
    text_claims: str = ""  # the shop's name or domain that the subject or text shows; "" where it shows none
    ledger: Ledgered | None = None
    cut: tuple[str, ...] = ()  # limits that were met, so that something went unread: parts, nesting, headers, size
    defects: tuple[str, ...] = ()  # malformed in a way that readers may take differently
    encrypted: bool = False  # the text cannot be read (S/MIME, PGP)
    orders: tuple[str, ...] = ()  # order numbers of the ledger that the text names
