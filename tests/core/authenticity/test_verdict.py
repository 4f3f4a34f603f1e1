"""Which verdict follows from which findings, and what stands first among the reasons?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from takeback.core.authenticity.facts import (
    Address,
    Dmarc,
    DmarcState,
    Form,
    Ledgered,
    MailFacts,
    SignatureState,
    Spf,
    SpfState,
    Wording,
)
from takeback.core.authenticity.reasons import Ground
from takeback.core.authenticity.verdict import Judgement, NextStep, decide
from tests.core.authenticity.making import (
    CAME,
    ENFORCED,
    KNOWN,
    LIKE,
    NO_POLICY,
    ORDER,
    OTHER,
    OWN,
    ROW,
    SHOP,
    STRANGER,
    link,
    mail,
    signature,
)


def judged(facts: MailFacts) -> tuple[Judgement, Ground]:
    """The verdict and its main reason."""
    verdict = decide(facts, SHOP)
    return verdict.verdict, verdict.reasons[0].key


# Signatures


def test_a_fresh_signature_of_the_shops_that_covers_all_is_proof() -> None:
    assert judged(mail(signatures=(signature(),))) == (Judgement.GENUINE, Ground.SIGNED_BY_SHOP)


def test_the_shops_signature_may_be_the_second() -> None:
    both = (signature(domain="service.example"), signature())
    assert judged(mail(signatures=both)) == (Judgement.GENUINE, Ground.SIGNED_BY_SHOP)


@pytest.mark.parametrize("domain", ["evil.top", "notshop.example", "shop.example.evil.top", "example"])
def test_a_valid_signature_of_somebody_else_is_none_of_the_shops(domain: str) -> None:
    assert judged(mail(signatures=(signature(domain=domain),)))[0] is Judgement.UNKNOWN


def test_a_signature_of_the_shop_speaks_for_the_domains_below_it_and_above_within_the_shop() -> None:
    news = Address("news@mail.shop.example", replace(OWN, domain="mail.shop.example"))
    assert judged(mail(senders=(news,), signatures=(signature(),)))[0] is Judgement.GENUINE
    assert judged(mail(signatures=(signature(domain="mail.shop.example"),)))[0] is Judgement.GENUINE


def test_where_the_owner_asks_for_the_very_domain_only_that_will_do() -> None:
    strict = Dmarc(DmarcState.FOUND, "shop.example", strict=True)
    assert judged(mail(dmarc=strict, signatures=(signature(),)))[0] is Judgement.GENUINE
    assert judged(mail(dmarc=strict, signatures=(signature(domain="mail.shop.example"),)))[0] is Judgement.UNKNOWN


@pytest.mark.parametrize(
    "header", ["from", "subject", "reply-to", "to", "cc", "date", "content-type", "content-transfer-encoding"]
)
def test_a_header_that_anybody_could_have_added_takes_the_proof_away(header: str) -> None:
    partly = signature(uncovered=(header,))
    assert judged(mail(signatures=(partly,))) == (Judgement.UNKNOWN, Ground.SIGNED_HEADER_OPEN)


def test_a_version_line_that_is_not_signed_takes_nothing_away_but_a_second_one_does() -> None:
    partly = signature(uncovered=("mime-version",))
    assert judged(mail(signatures=(partly,)))[0] is Judgement.GENUINE
    assert judged(mail(signatures=(partly,), repeated=("mime-version",)))[0] is Judgement.UNKNOWN


def test_a_sender_line_of_a_stranger_must_be_signed() -> None:
    partly = signature(uncovered=("sender",))
    assert judged(mail(signatures=(partly,), sender=(STRANGER,)))[0] is Judgement.UNKNOWN
    assert judged(mail(signatures=(partly,), sender=(ORDER,)))[0] is Judgement.GENUINE
    assert judged(mail(signatures=(signature(),), sender=(STRANGER,)))[0] is Judgement.GENUINE


def test_text_below_what_is_signed_takes_the_proof_away() -> None:
    partly = signature(body_uncovered=40)
    assert judged(mail(signatures=(partly,))) == (Judgement.UNKNOWN, Ground.SIGNED_PARTLY)


def test_text_below_what_is_signed_that_leads_to_a_lookalike_is_a_forgery() -> None:
    partly = signature(body_uncovered=40)
    assert judged(mail(signatures=(partly,), links=(link(LIKE),))) == (Judgement.FORGED, Ground.LINK_LOOKALIKE)


def test_a_mail_sent_again_long_after_is_not_genuine() -> None:
    late = CAME + timedelta(days=8)
    assert judged(mail(signatures=(signature(),), received=late)) == (Judgement.UNKNOWN, Ground.SIGNED_LONG_AGO)


def test_a_signature_without_a_time_is_as_old_as_the_date_that_it_covers() -> None:
    untimed = signature(signed_at=None)
    assert judged(mail(signatures=(untimed,)))[0] is Judgement.GENUINE
    assert judged(mail(signatures=(untimed,), received=CAME + timedelta(days=8)))[0] is Judgement.UNKNOWN
    assert judged(mail(signatures=(untimed,), dated=None))[0] is Judgement.UNKNOWN


def test_that_a_signature_has_run_out_since_is_said_and_changes_nothing() -> None:
    verdict = decide(mail(signatures=(signature(expired_since=True),)), SHOP)
    assert verdict.verdict is Judgement.GENUINE
    assert [one.key for one in verdict.reasons] == [Ground.SIGNED_BY_SHOP, Ground.SIGNED_EXPIRED_SINCE]


@pytest.mark.parametrize(
    ("state", "because"),
    [
        (SignatureState.BODY_CHANGED, Ground.SIGNED_CHANGED),
        (SignatureState.BROKEN, Ground.SIGNED_CHANGED),
        (SignatureState.EXPIRED, Ground.SIGNED_EXPIRED),
        (SignatureState.NOT_YET, Ground.SIGNED_NOT_YET),
        (SignatureState.KEY_MISSING, Ground.SIGNED_KEY_GONE),
        (SignatureState.KEY_WEAK, Ground.SIGNED_KEY_WEAK),
        (SignatureState.OUTDATED, Ground.SIGNED_NOT_COUNTED),
        (SignatureState.TESTING, Ground.SIGNED_NOT_COUNTED),
        (SignatureState.MALFORMED, Ground.SIGNED_NOT_COUNTED),
        (SignatureState.UNREACHABLE, Ground.DNS_SILENT),
    ],
)
def test_a_signature_of_the_shops_that_does_not_hold_is_no_proof_and_no_forgery(
    state: SignatureState, because: Ground
) -> None:
    assert judged(mail(signatures=(signature(state),))) == (Judgement.UNKNOWN, because)


# The policy of the domain's owner


def test_an_unsigned_mail_of_a_domain_that_signs_all_is_forged() -> None:
    assert judged(mail(dmarc=ENFORCED)) == (Judgement.FORGED, Ground.POLICY_ALL_SIGNED)


def test_a_list_does_not_excuse_a_missing_signature_but_an_altered_one() -> None:
    altered = (signature(SignatureState.BODY_CHANGED),)
    assert judged(mail(dmarc=ENFORCED, listed=True))[0] is Judgement.FORGED
    assert judged(mail(dmarc=ENFORCED, signatures=altered))[0] is Judgement.FORGED
    assert judged(mail(dmarc=ENFORCED, signatures=altered, listed=True)) == (Judgement.UNKNOWN, Ground.SIGNED_CHANGED)


def test_a_mail_whose_number_the_ledger_has_is_not_called_forged_for_a_missing_signature() -> None:
    assert judged(mail(dmarc=ENFORCED, ledger=KNOWN)) == (Judgement.UNKNOWN, Ground.LEDGER_NOT_ENOUGH)


@pytest.mark.parametrize("state", [SignatureState.OUTDATED, SignatureState.TESTING, SignatureState.MALFORMED])
def test_a_signature_of_a_kind_that_does_not_count_is_as_good_as_none(state: SignatureState) -> None:
    assert judged(mail(dmarc=ENFORCED, signatures=(signature(state),)))[0] is Judgement.FORGED


def test_a_key_that_is_missing_on_the_day_never_was_and_later_may_have_gone() -> None:
    gone = (signature(SignatureState.KEY_MISSING),)
    assert judged(mail(dmarc=ENFORCED, signatures=gone))[0] is Judgement.FORGED
    later = CAME + timedelta(days=60)
    assert judged(mail(dmarc=ENFORCED, signatures=gone, judged=later)) == (Judgement.UNKNOWN, Ground.SIGNED_KEY_GONE)


def test_a_policy_in_test_mode_or_without_a_wish_makes_no_forgery() -> None:
    assert judged(mail(dmarc=replace(ENFORCED, testing=True)))[0] is Judgement.UNKNOWN
    assert judged(mail(dmarc=NO_POLICY)) == (Judgement.UNKNOWN, Ground.FROM_SHOP_UNPROVED)


# Who it says that it is


def test_spf_alone_proves_nothing() -> None:
    assert judged(mail(spf=Spf(SpfState.PASS, "shop.example", "192.0.2.1")))[0] is Judgement.UNKNOWN


def test_a_second_from_is_a_forgery_whatever_is_signed() -> None:
    both = mail(from_fields=2, senders=(ORDER, STRANGER), ambiguous_from=True, signatures=(signature(),))
    assert judged(both) == (Judgement.FORGED, Ground.FROM_TWO)


def test_one_address_under_two_names_is_one_sender() -> None:
    twice = (ORDER, replace(ORDER, name="Orders"))
    assert judged(mail(senders=twice, signatures=(signature(),)))[0] is Judgement.GENUINE


def test_a_lookalike_in_from_is_a_lookalike_however_well_it_is_signed() -> None:
    sender = Address("order@sh0p.example", LIKE, "Example Shop", "Example Shop")
    facts = mail(senders=(sender,), signatures=(signature(domain="sh0p.example"),))
    assert judged(facts) == (Judgement.LOOKALIKE, Ground.FROM_LOOKALIKE)


def test_a_link_to_a_lookalike_makes_a_lookalike_of_anybodys_mail_and_a_forgery_of_the_shops() -> None:
    assert judged(mail(senders=(STRANGER,), links=(link(LIKE),)))[0] is Judgement.LOOKALIKE
    assert judged(mail(links=(link(LIKE),)))[0] is Judgement.FORGED


def test_the_shops_address_as_a_name_is_a_forgery() -> None:
    sender = replace(STRANGER, name="order@shop.example", name_claims="order@shop.example")
    assert judged(mail(senders=(sender,))) == (Judgement.FORGED, Ground.NAME_SHOWS_ADDRESS)


def test_the_shops_name_alone_is_not_for_a_help_desk_uses_it_too() -> None:
    desk = Address("t@desk.example", replace(OTHER, domain="desk.example"), "Example Shop", "Example Shop")
    facts = mail(senders=(desk,), signatures=(signature(domain="desk.example"),))
    assert judged(facts) == (Judgement.UNKNOWN, Ground.NAME_CLAIMS_SHOP)


def test_the_shops_name_and_a_question_for_a_secret_is() -> None:
    sender = replace(STRANGER, name="Example Shop", name_claims="Example Shop")
    facts = mail(senders=(sender,), wordings=frozenset({Wording.SECRET}), links=(link(OTHER),))
    assert judged(facts) == (Judgement.FORGED, Ground.ASKS_IN_SHOPS_NAME)


def test_mail_of_another_company_is_not_the_shops_and_no_forgery() -> None:
    sender = Address("news@other.example", replace(OTHER, domain="other.example"))
    facts = mail(senders=(sender,), signatures=(signature(domain="other.example"),), links=(link(OTHER),))
    verdict = decide(facts, SHOP)
    assert (verdict.verdict, verdict.reasons[0].key) == (Judgement.UNKNOWN, Ground.SIGNED_BY_OTHER)
    assert verdict.reasons[0].values == {"domain": "other.example"}
    assert verdict.next_step is NextStep.ASK_THE_SENDER


def test_one_address_that_is_told_as_the_shops_and_as_a_strangers_is_not_the_shops() -> None:
    same = Address(ORDER.address, OTHER)
    assert judged(mail(senders=(ORDER, same), signatures=(signature(),)))[0] is not Judgement.GENUINE


# Text that somebody copied


def pasted(**more: object) -> MailFacts:
    bare = {"form": Form.PASTED, "senders": (), "received": None, "recipients": (), "message_id": "", "from_fields": 0}
    return mail(**{**bare, **more})


def test_copied_text_cannot_be_verified_and_the_mail_itself_is_asked_for() -> None:
    verdict = decide(pasted(text_claims="Example Shop"), SHOP)
    assert (verdict.verdict, verdict.reasons[0].key) == (Judgement.UNKNOWN, Ground.PASTED_UNVERIFIABLE)
    assert verdict.next_step is NextStep.SEND_THE_MAIL


def test_copied_text_about_an_order_that_the_ledger_has_and_that_leads_nowhere_else_is_believed() -> None:
    facts = pasted(ledger=Ledgered((), (ROW,)), links=(link(OWN),))
    assert judged(facts) == (Judgement.GENUINE, Ground.LEDGER_KNOWS_ORDER)


@pytest.mark.parametrize(
    "more",
    [{"links": (link(OTHER),)}, {"wordings": frozenset({Wording.SECRET})}, {"senders": (STRANGER,), "from_fields": 1}],
    ids=lambda more: next(iter(more)),
)
def test_copied_text_that_leads_elsewhere_or_asks_for_something_is_not(more: dict[str, object]) -> None:
    assert judged(pasted(ledger=Ledgered((), (ROW,)), **more))[0] is not Judgement.GENUINE


@pytest.mark.parametrize("form", [Form.PASTED, Form.INLINE])
def test_copied_text_with_the_number_of_a_known_mail_and_a_strangers_name_on_it_is_not(form: Form) -> None:
    facts = mail(form=form, senders=(Address("a@b.example", OTHER, "Someone"),), signatures=(), ledger=KNOWN)
    assert judged(facts)[0] is not Judgement.GENUINE


def test_a_signature_that_somebody_typed_into_a_text_proves_nothing() -> None:
    assert judged(pasted(senders=(ORDER,), from_fields=1, signatures=(signature(),)))[0] is not Judgement.GENUINE


# What to do


def test_a_silent_dns_asks_to_try_again() -> None:
    verdict = decide(mail(signatures=(signature(SignatureState.UNREACHABLE),)), SHOP)
    assert (verdict.verdict, verdict.next_step) == (Judgement.UNKNOWN, NextStep.TRY_AGAIN)


def test_a_mail_that_may_be_the_shops_sends_to_the_account_and_a_forged_one_nowhere() -> None:
    assert decide(mail(), SHOP).next_step is NextStep.LOOK_IN_ACCOUNT
    assert decide(mail(dmarc=ENFORCED), SHOP).next_step is NextStep.LEAVE_IT
    assert decide(mail(signatures=(signature(),)), SHOP).next_step is NextStep.GO_BY_YOURSELF
