"""The laws of the verdict, over any facts: no way to `genuine` but by proof, and nothing hostile ever helps."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from takeback.core.authenticity.facts import (
    Attachment,
    AttachmentKind,
    Form,
    Ledgered,
    LinkTrick,
    MailFacts,
    Ours,
    SignatureState,
    Spf,
    SpfState,
    Wording,
)
from takeback.core.authenticity.reasons import Side
from takeback.core.authenticity.verdict import Judgement, decide
from tests.core.authenticity.drawing import EITHER, NEARLY_PROVED, PROVED
from tests.core.authenticity.making import LIKE, OTHER, ROW, SHOP, STRANGER, link

DISTANCE = {Judgement.GENUINE: 0, Judgement.UNKNOWN: 1, Judgement.LOOKALIKE: 2, Judgement.FORGED: 2}
Worse = Callable[[MailFacts], MailFacts]


def with_open_header(facts: MailFacts, header: str) -> MailFacts:
    return replace(
        facts, signatures=tuple(replace(one, uncovered=(*one.uncovered, header)) for one in facts.signatures)
    )


HOSTILE: dict[str, Worse] = {
    "a second From": lambda facts: replace(
        facts, from_fields=facts.from_fields + 1, senders=(*facts.senders, STRANGER), ambiguous_from=True
    ),
    "a second address in From": lambda facts: replace(facts, senders=(*facts.senders, STRANGER)),
    "a From that readers take differently": lambda facts: replace(facts, ambiguous_from=True),
    "an answer to elsewhere": lambda facts: replace(
        with_open_header(facts, "reply-to"), reply_to=(*facts.reply_to, STRANGER)
    ),
    "an answer to a lookalike": lambda facts: replace(facts, reply_to=(*facts.reply_to, replace(STRANGER, whose=LIKE))),
    "a link to a lookalike": lambda facts: replace(facts, links=(*facts.links, link(LIKE))),
    "a link to elsewhere": lambda facts: replace(facts, links=(*facts.links, link(OTHER))),
    "a link that hides its host": lambda facts: replace(
        facts, links=(*facts.links, link(OTHER, tricks=frozenset({LinkTrick.USERINFO})))
    ),
    "a link whose text differs": lambda facts: replace(
        facts, links=(*facts.links, link(OTHER, tricks=frozenset({LinkTrick.TEXT_DIFFERS}), reads_as="shop.example"))
    ),
    "a form that sends elsewhere": lambda facts: replace(facts, links=(*facts.links, link(OTHER, asks=True))),
    "a program": lambda facts: replace(
        facts, attachments=(*facts.attachments, Attachment("a.exe", AttachmentKind.RUNS))
    ),
    "text beyond what is signed": lambda facts: replace(
        facts, signatures=tuple(replace(one, body_uncovered=one.body_uncovered + 9) for one in facts.signatures)
    ),
    "a second Subject": lambda facts: replace(
        with_open_header(facts, "subject"), repeated=(*facts.repeated, "subject")
    ),
    "a changed body": lambda facts: replace(
        facts,
        signatures=tuple(
            replace(one, state=SignatureState.BODY_CHANGED, body_hash_holds=False)
            if one.state is SignatureState.VALID
            else one
            for one in facts.signatures
        ),
        arc=MailFacts().arc,
    ),
    "a question for a secret": lambda facts: replace(facts, wordings=facts.wordings | {Wording.SECRET}),
    "pressure": lambda facts: replace(facts, wordings=facts.wordings | {Wording.URGENCY}),
    "the ledger knows another recipient": lambda facts: replace(
        facts, ledger=replace(facts.ledger or Ledgered(), by_id=(ROW,), recipient_fits=False)
    ),
    "the ledger knows another time": lambda facts: replace(
        facts, ledger=replace(facts.ledger or Ledgered(), by_id=(ROW,), time_fits=False)
    ),
    "a header left unread": lambda facts: replace(facts, cut=(*facts.cut, "headers")),
    "a header that readers take differently": lambda facts: replace(facts, defects=(*facts.defects, "bare_cr")),
}


def proved_somehow(facts: MailFacts) -> bool:
    """A second, coarser account of the four proofs, written without looking at how they are found."""
    own = ("shop.example", "mail.shop.example", "brand.example")
    known = facts.ledger is not None and bool(facts.ledger.by_id or facts.ledger.by_order)
    states = {one.state for one in facts.signatures if one.domain in own and not one.body_uncovered}
    told = any(one.method == "dkim" and one.result == "pass" and one.domain in own for one in facts.receiver_says)
    again = bool(states & {SignatureState.KEY_MISSING, SignatureState.UNREACHABLE}) and told
    sealed = any(
        one.trusted and any(claim.result == "pass" and claim.method in ("dkim", "dmarc") for claim in one.claims)
        for one in facts.arc.sets
    )
    return known or SignatureState.VALID in states or again or sealed


@settings(max_examples=200)
@given(NEARLY_PROVED)
def test_genuine_is_proved_and_nothing_forbids_it(facts: MailFacts) -> None:
    verdict = decide(facts, SHOP)
    assume(verdict.verdict is Judgement.GENUINE)
    assert verdict.reasons[0].side is Side.FOR
    assert proved_somehow(facts)
    addresses = [one.whose.ours for one in (*facts.senders, *facts.reply_to, *facts.sender)]
    assert Ours.LOOKALIKE not in addresses
    assert all(one.whose.ours is Ours.SHOP for one in facts.senders)
    assert not any(one.kind in (AttachmentKind.RUNS, AttachmentKind.TWO_NAMES) for one in facts.attachments)
    assert not facts.ambiguous_from
    assert "headers" not in facts.cut
    assert facts.ledger is None or not facts.ledger.by_id or facts.ledger.recipient_fits is not False
    if facts.form in (Form.RAW, Form.ATTACHED):
        assert facts.from_fields == len({one.address for one in facts.senders}) == 1
        assert not facts.defects


@settings(max_examples=250)
@given(st.sampled_from(sorted(HOSTILE)), EITHER)
def test_nothing_hostile_ever_brings_a_mail_nearer_to_genuine(name: str, facts: MailFacts) -> None:
    before, after = decide(facts, SHOP).verdict, decide(HOSTILE[name](facts), SHOP).verdict
    assert DISTANCE[after] >= DISTANCE[before], (before, after)


@given(EITHER, st.sampled_from(SpfState), st.sampled_from(["shop.example", "evil.top"]))
def test_spf_makes_nothing_genuine(facts: MailFacts, state: SpfState, domain: str) -> None:
    before = decide(facts, SHOP).verdict is Judgement.GENUINE
    after = decide(replace(facts, spf=Spf(state, domain, "192.0.2.7")), SHOP).verdict is Judgement.GENUINE
    assert before == after


@given(EITHER)
def test_wording_and_pressure_alone_never_make_a_forgery(facts: MailFacts) -> None:
    named = any(
        one.name_claims for one in facts.senders
    )  # who asks for a call under the shop's name does more than press
    calm = replace(facts, wordings=frozenset({Wording.URGENCY} if named else {Wording.URGENCY, Wording.CALL}))
    quiet = replace(facts, wordings=frozenset())
    assume(decide(quiet, SHOP).verdict is Judgement.UNKNOWN)
    assert decide(calm, SHOP).verdict is Judgement.UNKNOWN


@given(EITHER)
def test_every_verdict_says_why_with_the_main_reason_first(facts: MailFacts) -> None:
    verdict = decide(facts, SHOP)
    assert verdict.reasons
    sides = {one.side for one in verdict.reasons}
    assert (Side.FOR in sides) is (verdict.verdict is Judgement.GENUINE)
    if verdict.verdict in (Judgement.FORGED, Judgement.LOOKALIKE):
        assert verdict.reasons[0].side is Side.AGAINST


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in ("pressure", "a question for a secret")])
def test_the_law_is_not_empty_each_of_these_acts_upon_some_genuine_mail(name: str) -> None:
    """Each hostile fact takes a proof away from a mail that the ledger or a signature proves."""
    assert any(decide(HOSTILE[name](facts), SHOP).verdict is not Judgement.GENUINE for facts in PROVED)


@pytest.mark.parametrize("facts", PROVED)
def test_every_proof_there_is_makes_a_mail_genuine(facts: MailFacts) -> None:
    assert decide(facts, SHOP).verdict is Judgement.GENUINE
