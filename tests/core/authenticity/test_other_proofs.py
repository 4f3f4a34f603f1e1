"""What proves a mail beside a signature: the ledger of what was sent, and the word of those who are trusted?"""

from dataclasses import replace

import pytest

from takeback.core.authenticity.facts import (
    Arc,
    ArcSet,
    ArcState,
    Attachment,
    AttachmentKind,
    Claim,
    Ledgered,
    LinkTrick,
    MailFacts,
    Signature,
    SignatureState,
    Wording,
)
from takeback.core.authenticity.reasons import Ground
from takeback.core.authenticity.verdict import Judgement, decide
from tests.core.authenticity.making import (
    ENFORCED,
    KNOWN,
    OTHER,
    OWN,
    SHOP,
    STRANGER,
    link,
    mail,
    signature,
)

PASSED = Claim("dkim", "pass", "shop.example")


def judged(facts: MailFacts) -> tuple[Judgement, Ground]:
    """The verdict and its main reason."""
    verdict = decide(facts, SHOP)
    return verdict.verdict, verdict.reasons[0].key


def sealed(*trusted: bool, claims: tuple[Claim, ...] = (PASSED,), state: ArcState = ArcState.VALID) -> Arc:
    """A chain whose first sealer says `claims`; the others say nothing."""
    sets = [ArcSet(place + 1, "lists.example", one) for place, one in enumerate(trusted)]
    return Arc(state, (replace(sets[0], claims=claims), *sets[1:]))


# The ledger


def test_the_ledger_alone_is_proof_where_all_fits_and_nothing_leads_elsewhere() -> None:
    assert judged(mail(ledger=KNOWN)) == (Judgement.GENUINE, Ground.LEDGER_KNOWN)


def test_the_ledger_comes_before_the_signature() -> None:
    verdict = decide(mail(ledger=KNOWN, signatures=(signature(),)), SHOP)
    assert [one.key for one in verdict.reasons] == [Ground.LEDGER_KNOWN, Ground.SIGNED_BY_SHOP]


@pytest.mark.parametrize(
    "more",
    [
        {"links": (link(OTHER),)},
        {"links": (link(OWN, tricks=frozenset({LinkTrick.REDIRECTOR})),)},
        {"attachments": (Attachment("invoice.pdf", AttachmentKind.OTHER),)},
        {"reply_to": (STRANGER,)},
        {"wordings": frozenset({Wording.SECRET})},
        {"wordings": frozenset({Wording.TRANSFER})},
        {"wordings": frozenset({Wording.CALL})},
        {"signatures": (signature(SignatureState.BODY_CHANGED),)},
        {"cut": ("parts",)},
        {"encrypted": True},
    ],
    ids=lambda more: next(iter(more)),
)
def test_the_ledger_alone_does_not_answer_for_what_somebody_could_have_put_under_its_number(
    more: dict[str, object],
) -> None:
    assert judged(mail(ledger=KNOWN, **more))[0] is not Judgement.GENUINE


@pytest.mark.parametrize(
    ("ledger", "because"),
    [
        (replace(KNOWN, recipient_fits=False), Ground.LEDGER_OTHER_RECIPIENT),
        (replace(KNOWN, time_fits=False), Ground.LEDGER_OTHER_TIME),
        (replace(KNOWN, order_fits=False), Ground.LEDGER_NOT_ENOUGH),
        (replace(KNOWN, recipient_fits=None), Ground.LEDGER_NOT_ENOUGH),
        (Ledgered(), Ground.FROM_SHOP_UNPROVED),
    ],
)
def test_a_ledger_that_does_not_have_this_very_mail_proves_nothing(ledger: Ledgered, because: Ground) -> None:
    assert judged(mail(ledger=ledger)) == (Judgement.UNKNOWN, because)


def test_a_signed_mail_that_the_ledger_has_for_somebody_else_was_sent_again_by_somebody() -> None:
    other = replace(KNOWN, recipient_fits=False)
    assert judged(mail(ledger=other, signatures=(signature(),))) == (Judgement.UNKNOWN, Ground.LEDGER_OTHER_RECIPIENT)


def test_a_signed_mail_that_the_ledger_does_not_have_is_genuine_all_the_same() -> None:
    assert judged(mail(ledger=Ledgered(), signatures=(signature(),)))[0] is Judgement.GENUINE


# Those who passed it on, and the receiver


def test_a_trusted_sealer_who_saw_the_shops_signature_is_proof() -> None:
    altered = (signature(SignatureState.BODY_CHANGED),)
    facts = mail(dmarc=ENFORCED, signatures=altered, arc=sealed(True), listed=True)
    assert judged(facts) == (Judgement.GENUINE, Ground.ARC_ATTESTED)


def test_everybody_after_the_one_who_says_so_must_be_trusted() -> None:
    assert judged(mail(arc=sealed(True, True)))[0] is Judgement.GENUINE
    assert judged(mail(arc=sealed(True, False)))[0] is Judgement.UNKNOWN
    assert judged(mail(arc=sealed(False, True)))[0] is Judgement.UNKNOWN


@pytest.mark.parametrize(
    "claim",
    [
        Claim("spf", "pass", "shop.example"),
        Claim("dkim", "fail", "shop.example"),
        Claim("dkim", "pass", "evil.top"),
        Claim("dkim", "pass", ""),
        Claim("dmarc", "pass", "evil.top"),
        Claim("arc", "pass", "shop.example"),
    ],
)
def test_a_sealer_who_saw_something_else_proves_nothing(claim: Claim) -> None:
    assert judged(mail(arc=sealed(True, claims=(claim,))))[0] is Judgement.UNKNOWN


def test_what_was_added_after_the_last_seal_takes_the_proof_away() -> None:
    assert judged(mail(arc=replace(sealed(True), uncovered=("subject",))))[0] is Judgement.UNKNOWN


def test_a_broken_chain_proves_nothing() -> None:
    assert judged(mail(arc=sealed(True, state=ArcState.BROKEN)))[0] is Judgement.UNKNOWN


@pytest.mark.parametrize("state", [SignatureState.KEY_MISSING, SignatureState.UNREACHABLE])
def test_the_receivers_word_counts_where_only_the_key_cannot_be_had(state: SignatureState) -> None:
    facts = mail(signatures=(signature(state),), receiver_says=(PASSED,), receiver="mx.home.example")
    assert judged(facts) == (Judgement.GENUINE, Ground.RECEIVER_ATTESTED)


@pytest.mark.parametrize(
    "own",
    [
        signature(SignatureState.BROKEN),
        signature(SignatureState.KEY_MISSING, body_hash_holds=False),
        signature(SignatureState.KEY_MISSING, body_hash_holds=None),
        signature(SignatureState.KEY_MISSING, uncovered=("reply-to",)),
        signature(SignatureState.KEY_MISSING, body_uncovered=3),
    ],
)
def test_the_receivers_word_does_not_count_for_what_was_altered_since(own: Signature) -> None:
    assert judged(mail(signatures=(own,), receiver_says=(PASSED,)))[0] is Judgement.UNKNOWN


def test_the_receivers_word_alone_is_no_proof() -> None:
    assert judged(mail(receiver_says=(PASSED, Claim("dmarc", "pass", "shop.example"))))[0] is Judgement.UNKNOWN
