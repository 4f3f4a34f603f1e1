"""Any facts that could be found in a mail, likely and unlikely, for the laws of the verdict."""

from dataclasses import fields, replace
from datetime import timedelta

from hypothesis import strategies as st

from takeback.core.authenticity.facts import (
    Address,
    Arc,
    ArcSet,
    ArcState,
    Attachment,
    AttachmentKind,
    Claim,
    Dmarc,
    DmarcState,
    Form,
    Ledgered,
    Link,
    LinkTrick,
    MailFacts,
    Policy,
    Signature,
    SignatureState,
    Spf,
    SpfState,
    Wording,
)
from tests.core.authenticity.making import CAME, KNOWN, LIKE, ORDER, OTHER, OWN, ROW, SENT, STRANGER, mail, signature

DOMAINS = st.sampled_from(["shop.example", "mail.shop.example", "brand.example", "evil.top", "notshop.example", ""])
WHOSE = st.sampled_from([OWN, OWN, OTHER, LIKE])
HEADERS = st.sampled_from(["from", "subject", "reply-to", "to", "cc", "date", "sender", "content-type", "mime-version"])
MAYBE = st.sampled_from([None, True, False])
TIMES = st.sampled_from(
    [None, SENT, CAME, CAME + timedelta(days=6), CAME + timedelta(days=30), SENT.replace(year=2020)]
)
ADDRESSES = st.builds(
    Address,
    st.just("a@b.example"),
    WHOSE,
    st.just("Someone"),
    st.sampled_from(["", "", "Example Shop", "shop.example"]),
)
CLAIMS = st.builds(Claim, st.sampled_from(["dkim", "spf", "dmarc", "arc"]), st.sampled_from(["pass", "fail"]), DOMAINS)
FEW = {"max_size": 2}
SIGNATURES = st.builds(
    Signature,
    domain=DOMAINS,
    selector=st.just("s1"),
    state=st.sampled_from([SignatureState.VALID, *SignatureState]),
    signed_at=TIMES,
    expired_since=st.booleans(),
    body_uncovered=st.sampled_from([0, 0, 0, 12]),
    uncovered=st.lists(HEADERS, max_size=1).map(tuple),
    body_hash_holds=MAYBE,
)
LINKS = st.builds(
    Link,
    st.just("host.example"),
    WHOSE,
    st.frozensets(st.sampled_from(LinkTrick), max_size=1),
    st.just("shop.example"),
    st.booleans(),
)
LEDGERED = st.builds(
    Ledgered,
    st.lists(st.just(ROW), max_size=1).map(tuple),
    st.lists(st.just(ROW), max_size=1).map(tuple),
    MAYBE,
    MAYBE,
    MAYBE,
)
FACTS = st.builds(
    MailFacts,
    form=st.sampled_from([Form.RAW, Form.RAW, Form.RAW, *Form]),
    received=TIMES,
    judged=TIMES,
    dated=TIMES,
    message_id=st.just(ROW.message_id),
    from_fields=st.sampled_from([1, 1, 1, 0, 2]),
    senders=st.one_of(st.just((ORDER,)), st.just((STRANGER,)), st.lists(ADDRESSES, **FEW).map(tuple)),
    ambiguous_from=st.sampled_from([False, False, True]),
    reply_to=st.lists(ADDRESSES, max_size=1).map(tuple),
    sender=st.lists(ADDRESSES, max_size=1).map(tuple),
    repeated=st.lists(HEADERS, max_size=1).map(tuple),
    listed=st.booleans(),
    signatures=st.lists(SIGNATURES, **FEW).map(tuple),
    arc=st.builds(
        Arc,
        st.sampled_from(ArcState),
        st.lists(
            st.builds(ArcSet, st.just(1), st.just("lists.example"), st.booleans(), st.lists(CLAIMS, **FEW).map(tuple)),
            **FEW,
        ).map(tuple),
    ),
    spf=st.builds(Spf, st.sampled_from(SpfState), DOMAINS, st.just("192.0.2.7")),
    dmarc=st.builds(Dmarc, st.sampled_from(DmarcState), DOMAINS, st.sampled_from(Policy), st.booleans(), st.booleans()),
    receiver_says=st.lists(CLAIMS, **FEW).map(tuple),
    receiver=st.just("mx.home.example"),
    links=st.lists(LINKS, **FEW).map(tuple),
    attachments=st.lists(st.builds(Attachment, st.just("a.bin"), st.sampled_from(AttachmentKind)), max_size=1).map(
        tuple
    ),
    wordings=st.frozensets(st.sampled_from(Wording), max_size=1),
    text_claims=st.sampled_from(["", "Example Shop"]),
    ledger=st.one_of(st.none(), LEDGERED),
    cut=st.lists(st.sampled_from(["headers", "parts"]), max_size=1).map(tuple),
    defects=st.sampled_from([(), (), ("nul",)]),
    encrypted=st.sampled_from([False, False, True]),
)

PROVED = (
    mail(signatures=(signature(),)),
    mail(signatures=(signature(SignatureState.BROKEN, "evil.top"), signature())),
    mail(ledger=KNOWN),
    mail(signatures=(signature(SignatureState.UNREACHABLE),), ledger=KNOWN),
    mail(signatures=(signature(SignatureState.KEY_MISSING),), receiver_says=(Claim("dkim", "pass", "shop.example"),)),
    mail(
        signatures=(signature(SignatureState.BODY_CHANGED),),
        arc=Arc(ArcState.VALID, (ArcSet(1, "lists.example", True, (Claim("dkim", "pass", "shop.example"),)),)),
    ),
    mail(form=Form.PASTED, senders=(), received=None, ledger=Ledgered((), (ROW,)), message_id=""),
)  # one for every proof there is
NAMES = [one.name for one in fields(MailFacts)]


def mixed(proved: MailFacts, drawn: MailFacts, names: set[str]) -> MailFacts:
    """A proved mail in which a few facts are not as they were."""
    return replace(proved, **{name: getattr(drawn, name) for name in names})


NEARLY_PROVED = st.builds(mixed, st.sampled_from(PROVED), FACTS, st.sets(st.sampled_from(NAMES), max_size=3))
"""Facts near the border: drawn at random, hardly any mail is genuine, and a law about those would say nothing."""
EITHER = st.one_of(NEARLY_PROVED, FACTS)
