"""A customer forwards a doubtful mail: she is answered once, and nobody else is, whatever the mail says."""

import json

import pytest

from takeback.casework.sent import RecordedMailer
from takeback.mail.inbound.answering import MOST_OF_ONE, MOST_UNPROVEN
from tests.casework.life import HIS, MINE
from tests.mail.inbound.conftest import CHECK, FRIEND, ORDER, Office, forgery, forwarded, shops_mail, signed_by

TAKEN = (250, "2.0.0 Taken")
REPORT = "https://help.shop.example/report"


def text_of(mail: object) -> str:
    """What a person reads."""
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[attr-defined]


def test_a_forged_mail_is_told_to_be_one_to_whoever_forwarded_it(office: Office) -> None:
    assert office.hand_in(forwarded(forgery())) == TAKEN
    assert office.answer["To"] == FRIEND
    text = text_of(office.answer)
    assert "このメールは、お店からのものではありません" in text
    assert REPORT in text


def test_a_genuine_mail_is_told_to_be_one(office: Office) -> None:
    assert office.hand_in(forwarded(shops_mail(name="hers@shop.example", to=FRIEND))) == TAKEN
    assert "このメールは、お店からのものです" in text_of(office.answer)


def test_text_that_was_copied_is_answered_with_what_to_send_instead(office: Office) -> None:
    assert office.hand_in(forwarded(text="Is this from you? Your account is locked, please confirm.\n")) == TAKEN
    assert "Forward as attachment" in text_of(office.answer)


def test_an_english_mail_is_answered_in_english_and_one_without_words_in_both(office: Office) -> None:
    office.hand_in(forwarded(text="Could you please tell me whether this is from the shop?\n"))
    office.hand_in(forwarded(text=":-)\n"))
    english, both = (text_of(mail) for mail in office.sink.mails)
    assert "What to do next" in english
    assert "次にしていただくこと" not in english
    assert "What to do next" in both
    assert "次にしていただくこと" in both


def test_the_answer_is_one_that_nothing_answers_in_turn(office: Office) -> None:
    office.hand_in(forwarded(forgery()))
    assert office.sink.senders == ["<>"]
    assert office.answer["Auto-Submitted"] == "auto-replied"
    assert office.answer["In-Reply-To"] == "<f1@customer.example>"


def test_an_answer_that_comes_back_is_not_answered(office: Office) -> None:
    office.hand_in(forwarded(forgery()))
    office.hand_in(office.answer.as_bytes(), mail_from="")
    office.hand_in(office.answer.as_bytes(), mail_from="help@shop.example")
    assert len(office.sink.mails) == 1


def test_no_word_of_the_forwarded_mail_is_in_the_answer(office: Office) -> None:
    office.hand_in(forwarded(forgery(), Subject="CALL 0120-000-000 NOW"))
    whole = office.answer.as_string() + text_of(office.answer) + office.answer.get_body(("html",)).get_content()
    assert "0120" not in whole
    assert "CALL" not in whole
    assert "evil.example" not in whole
    assert "evil[.]example" in whole


def test_a_mail_that_nothing_proves_to_be_its_senders_is_not_answered(office: Office) -> None:
    assert office.hand_in(forwarded(forgery(), signed=False)) == TAKEN
    assert office.hand_in(forwarded(forgery(), sender="victim@elsewhere.example")) == TAKEN
    assert office.sink.mails == []


def test_a_mail_signed_for_somebody_else_is_not_answered_to_its_writer(office: Office) -> None:
    once = forwarded(forgery(), To="lists@elsewhere.example", signed=False)
    replayed = signed_by("customer.example", once).replace(b"lists@elsewhere.example", CHECK.encode())
    assert office.hand_in(replayed) == TAKEN
    assert office.sink.mails == []


def test_a_reply_to_draws_no_answer_to_a_third(office: Office) -> None:
    office.hand_in(forwarded(forgery(), Reply_To="victim@elsewhere.example"))
    assert office.answer["To"] == FRIEND


def test_a_contact_of_an_account_is_answered_without_proof_but_seldom(office: Office) -> None:
    for number in range(MOST_UNPROVEN):
        raw = forwarded(forgery(), sender=MINE, text=f"本物でしょうか。{number}\n", signed=False)
        assert office.hand_in(raw) == TAKEN
    again = forwarded(forgery(), sender=MINE, text="もう一度。\n", signed=False)
    assert office.hand_in(again)[0] == 451
    assert [mail["To"] for mail in office.sink.mails] == [MINE] * MOST_UNPROVEN


def test_one_sender_is_answered_only_so_often(office: Office) -> None:
    codes = [office.hand_in(forwarded(forgery(), text=f"本物？{number}\n"))[0] for number in range(MOST_OF_ONE + 2)]
    assert codes == [250] * MOST_OF_ONE + [451] * 2
    assert len(office.sink.mails) == MOST_OF_ONE


def test_the_same_mail_twice_is_answered_once(office: Office) -> None:
    raw = forwarded(forgery())
    assert [office.hand_in(raw), office.hand_in(raw)] == [TAKEN, TAKEN]
    assert len(office.sink.mails) == 1


def test_the_owner_learns_that_a_genuine_confirmation_is_of_an_order_that_is_not_hers(office: Office) -> None:
    office.hand_in(forwarded(shops_mail(), sender=MINE, signed=False))
    text = text_of(office.answer)
    assert ORDER in text
    assert "ご本人によるものではないと見られます" in text
    assert REPORT in text


def test_of_her_own_order_she_reads_that_the_mail_is_genuine_and_no_more(office: Office) -> None:
    office.hand_in(forwarded(shops_mail(number="42-4", name="mine@shop.example"), sender=MINE, signed=False))
    text = text_of(office.answer)
    assert "このメールは、お店からのものです" in text
    assert "ご本人によるものではない" not in text


@pytest.mark.parametrize("sender", [FRIEND, HIS])
def test_neither_a_stranger_nor_the_intruder_learns_anything_of_the_account(office: Office, sender: str) -> None:
    office.hand_in(forwarded(shops_mail(), sender=sender, signed=sender == FRIEND))
    text = text_of(office.answer)
    assert "このメールは、お店からのものです" in text
    assert ORDER not in text
    assert "h***" not in text
    assert "ご本人によるものではない" not in text


def test_the_answer_itself_can_be_checked(office: Office) -> None:
    assert isinstance(office.house.mailer, RecordedMailer)
    office.hand_in(forwarded(forgery()))
    (row,) = office.house.event_log.sent.with_id(office.answer["Message-ID"])
    assert (row.template, row.to, row.account) == ("verdict", "f***@customer.example", "")


def test_of_a_mail_only_digests_are_kept(office: Office) -> None:
    from takeback.store.models import QuestionRow

    office.hand_in(forwarded(forgery()))
    (row,) = QuestionRow.objects.all()
    kept = json.dumps([row.id, row.asker])
    assert len(row.id) == len(row.asker) == 64
    assert "customer" not in kept


def test_an_answer_that_cannot_be_handed_on_now_is_asked_for_again(office: Office) -> None:
    raw = forwarded(forgery())
    office.sink.says = "451 later"
    assert office.hand_in(raw)[0] == 451
    office.sink.says = "250 OK"
    assert office.hand_in(raw) == TAKEN
    assert len(office.sink.mails) == 1


def test_an_answer_that_is_refused_for_good_is_not_tried_for_ever(office: Office) -> None:
    office.sink.says = "550 no such user"
    raw = forwarded(forgery())
    assert [office.hand_in(raw), office.hand_in(raw)] == [TAKEN, TAKEN]
