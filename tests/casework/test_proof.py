"""Who may prove that she is the owner, by which ways, and what may somebody do who has only the page's address?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from takeback.casework import callback, proof
from takeback.casework.progress import Purpose, known
from takeback.casework.proof import TRIES, Channel, Way
from takeback.core.case import Case, Stage
from takeback.core.errors import OutsideError
from tests.casework.conftest import Town, code_in
from tests.casework.life import ACCOUNT, HERS, HIS, MINE, NOW, START
from tests.casework.pocket import NUMBER, Pocket, give_phone


@pytest.fixture
def pocket(town: Town) -> Pocket:
    """Her telephone."""
    return give_phone(town)


@pytest.fixture
def case(town: Town, pocket: Pocket) -> Case:
    """A case of the night, before proof."""
    assert pocket.texts == []
    found = town.report()
    assert found is not None
    return found


def way(town: Town, case: Case, channel: Channel) -> Way:
    (found,) = (one for one in proof.ways(town.house, case) if one.channel is channel)
    return found


def press(town: Town, case: Case, channel: Channel | None) -> None:
    """Ask for a code as the page does, and let the worker send it."""
    proof.send(town.house, case.id, None if channel is None else way(town, case, channel).id)
    town.run()
    town.clock.turn(timedelta(seconds=6))


def what(town: Town, case: Case, name: str) -> list[str]:
    return [entry.why for entry in town.house.cases.log(case.id) if entry.what == name]


def test_the_ways_are_those_of_before_the_night_masked(town: Town, case: Case) -> None:
    shown = [(one.channel, one.shown) for one in proof.ways(town.house, case)]
    assert shown == [(Channel.MAIL, "h***@example.jp"), (Channel.SMS, "***5678"), (Channel.VOICE, "***5678")]


def test_a_ways_id_says_nothing_and_is_of_this_case_alone(town: Town, case: Case) -> None:
    ids = {one.id for one in proof.ways(town.house, case)}
    assert len(ids) == 3
    assert not any("5678" in one or "hanako" in one for one in ids)
    other = Case("other", ACCOUNT, case.stage, case.language, case.opened_at, "", "x")
    town.house.cases.open(other)
    assert ids.isdisjoint(one.id for one in proof.ways(town.house, other))


def test_without_a_sender_there_is_mail_alone(town: Town) -> None:
    found = town.report()
    assert found is not None
    assert [one.channel for one in proof.ways(town.house, found)] == [Channel.MAIL]


def test_a_code_by_sms_proves_who_she_is(town: Town, case: Case, pocket: Pocket) -> None:
    press(town, case, Channel.SMS)
    assert pocket.to == [NUMBER]
    assert proof.enter(town.house, case.id, pocket.code())
    assert known(town.house, case.id).proven_at is not None


def test_a_code_by_call_is_said_digit_by_digit_and_twice(town: Town, case: Case, pocket: Pocket) -> None:
    press(town, case, Channel.VOICE)
    digits = "".join(c for c in pocket.calls[-1] if c.isdecimal())
    assert digits[:8] == digits[8:16]
    assert proof.enter(town.house, case.id, digits[:8])


def test_a_text_message_has_no_link_and_asks_to_tell_the_code_to_nobody(town: Town, case: Case, pocket: Pocket) -> None:
    press(town, case, Channel.SMS)
    assert "://" not in pocket.texts[-1]
    assert "どなたにも伝えないでください" in pocket.texts[-1]


def test_what_was_sent_by_sms_is_in_the_ledger_masked_and_without_the_code(
    town: Town, case: Case, pocket: Pocket
) -> None:
    press(town, case, Channel.SMS)
    (sent,) = (one for one in town.house.event_log.sent.of_account(ACCOUNT) if one.channel == "sms")
    assert (sent.to, sent.template) == ("***5678", "code")
    told = [town.house.cases.letters(case.id), town.house.cases.log(case.id), town.house.cases.codes(case.id), sent]
    assert pocket.code() not in str(told)
    assert NUMBER not in str(told)


def test_a_way_that_is_none_of_this_case_gets_nothing(town: Town, case: Case, pocket: Pocket) -> None:
    before = len(town.postbox.named("code"))
    for name in ("0" * 32, HIS, "", "x" * 5000):
        proof.send(town.house, case.id, name or "-")
        town.run()
    assert (len(town.postbox.named("code")), pocket.texts) == (before, [])


def test_a_wrong_try_counts_on_the_codes_of_every_way(town: Town, case: Case, pocket: Pocket) -> None:
    press(town, case, Channel.SMS)
    press(town, case, Channel.MAIL)
    right = {pocket.code(), code_in(town.postbox.named("code")[-1]).replace(" ", "")}
    wrong = next(f"{number:08}" for number in range(9) if f"{number:08}" not in right)
    assert [proof.enter(town.house, case.id, wrong) for _ in range(TRIES)] == [False] * TRIES
    assert [proof.enter(town.house, case.id, code) for code in sorted(right)] == [False, False]


def test_a_code_that_came_by_one_way_is_not_good_a_second_time_by_any(town: Town, case: Case, pocket: Pocket) -> None:
    press(town, case, Channel.SMS)
    code = pocket.code()
    assert proof.enter(town.house, case.id, code)
    assert not proof.enter(town.house, case.id, code)


@pytest.mark.parametrize(("channel", "most"), [(Channel.SMS, 3), (Channel.VOICE, 2), (Channel.MAIL, 5)])
def test_nobody_floods_her_telephone_or_her_mailbox(
    town: Town, case: Case, pocket: Pocket, channel: Channel, most: int
) -> None:
    for _ in range(most + 4):
        press(town, case, channel)
    mails = town.postbox.named("code")
    sent = {Channel.SMS: len(pocket.texts), Channel.VOICE: len(pocket.calls), Channel.MAIL: len(mails)}
    assert sent[channel] == most
    assert "code.limit" in what(town, case, "code.not_sent")


def test_a_flood_fills_no_log(town: Town, case: Case) -> None:
    for _ in range(40):
        press(town, case, Channel.SMS)
    assert len(what(town, case, "code.not_sent")) == 1


def test_a_flood_by_one_way_leaves_the_others_to_her(town: Town, case: Case, pocket: Pocket) -> None:
    for _ in range(8):
        press(town, case, Channel.MAIL)
    press(town, case, Channel.SMS)
    assert proof.enter(town.house, case.id, pocket.code())


def test_a_day_of_flooding_leaves_one_code_an_hour_to_her(town: Town, case: Case, pocket: Pocket) -> None:
    for _ in range(60):
        press(town, case, Channel.SMS)
        town.clock.turn(timedelta(minutes=6))
    day = len(pocket.texts)
    assert day <= 8 + 7
    town.clock.turn(timedelta(hours=1))
    press(town, case, Channel.SMS)
    assert len(pocket.texts) == day + 1
    assert proof.enter(town.house, case.id, pocket.code())


def test_the_limit_of_a_number_holds_over_all_cases_of_its_account(town: Town, case: Case, pocket: Pocket) -> None:
    for _ in range(3):
        press(town, case, Channel.SMS)
    town.house.cases.change(case.id, lambda one: replace(one, stage=Stage.CLOSED))
    town.clock.turn(timedelta(seconds=30))
    again = town.report()
    assert again is not None
    assert again.id != case.id
    press(town, again, Channel.SMS)
    assert len(pocket.texts) == 3


def test_a_press_that_is_run_again_sends_the_same_code_and_rings_nobody_twice(
    town: Town, case: Case, pocket: Pocket
) -> None:
    pocket.lost = 1  # sent, and the answer got lost
    press(town, case, Channel.SMS)
    first = pocket.code()
    town.run(until=town.clock.now() + timedelta(minutes=2))
    assert pocket.since[0] is None
    assert pocket.since[1] is not None  # the second time it was told to look first
    assert len(pocket.texts) == 1
    assert proof.enter(town.house, case.id, first)


def test_a_sender_that_stays_away_is_not_asked_for_ever(town: Town, case: Case, pocket: Pocket) -> None:
    pocket.broken = OutsideError("away", permanent=False)
    press(town, case, Channel.SMS)
    town.run(until=town.clock.now() + timedelta(hours=2))
    pocket.broken = None
    town.run(until=town.clock.now() + timedelta(hours=2))
    assert pocket.texts == []  # a code that nobody waits for any more


def test_a_number_that_is_refused_for_good_is_noted_and_its_code_is_void(
    town: Town, case: Case, pocket: Pocket
) -> None:
    pocket.broken = OutsideError("no such number", permanent=True)
    press(town, case, Channel.SMS)
    assert "phone.refused" in what(town, case, "code.not_sent")
    now = town.clock.now()
    assert not [one for one in town.house.cases.codes(case.id) if one.id.startswith("sms-") and one.expires_at > now]


def test_two_who_enter_one_code_at_once_are_one_proof(town: Town, case: Case, pocket: Pocket) -> None:
    press(town, case, Channel.SMS)
    code = pocket.code()

    def try_it(_: int) -> bool:
        with town.house.released():
            return proof.enter(town.house, case.id, code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_it, range(2))) == [False, True]


def test_two_codes_raced_against_each_other_are_no_more_tries(town: Town, case: Case, pocket: Pocket) -> None:
    press(town, case, Channel.SMS)
    press(town, case, Channel.MAIL)
    right = {pocket.code(), code_in(town.postbox.named("code")[-1]).replace(" ", "")}
    wrong = [f"{number:08}" for number in range(20) if f"{number:08}" not in right][:16]

    def try_it(text: str) -> bool:
        with town.house.released():
            return proof.enter(town.house, case.id, text)

    with ThreadPoolExecutor(4) as pool:
        assert not any(pool.map(try_it, wrong))
    assert not any(proof.enter(town.house, case.id, code) for code in right)


# "This is not mine any more": what takes no proof must give nothing.


def test_nothing_more_of_the_case_goes_to_a_disowned_mailbox(town: Town, case: Case, pocket: Pocket) -> None:
    assert proof.disown(town.house, case.id, way(town, case, Channel.MAIL).id)
    town.run()
    before = len(town.postbox.letters)
    proof.send(town.house, case.id)
    press(town, case, Channel.SMS)
    assert proof.enter(town.house, case.id, pocket.code())
    town.run()
    assert len(town.postbox.letters) == before
    tasks = [task.reason for task in town.house.cases.tasks(case.id)]
    assert "contact.disowned" in tasks  # the result mail has nowhere to go, and staff know


def test_a_disowned_mailbox_gets_one_last_mail_without_a_link(town: Town, case: Case) -> None:
    mail = way(town, case, Channel.MAIL)
    for _ in range(3):
        proof.disown(town.house, case.id, mail.id)
        town.run()
    (last,) = town.postbox.named("disowned")
    assert last.to == MINE
    assert "://" not in last.text + last.html.replace("<!doctype html>", "")


def test_a_disowned_number_takes_sms_and_calls_away_and_hears_of_it(town: Town, case: Case, pocket: Pocket) -> None:
    proof.disown(town.house, case.id, way(town, case, Channel.VOICE).id)
    town.run()
    assert [one.channel for one in proof.ways(town.house, case)] == [Channel.MAIL]
    assert [one.channel for one in proof.disowned(town.house, case)] == [Channel.SMS, Channel.VOICE]
    assert len(pocket.texts) == 1


def test_a_code_on_its_way_to_a_disowned_contact_is_void(town: Town, case: Case, pocket: Pocket) -> None:
    press(town, case, Channel.SMS)
    proof.disown(town.house, case.id, way(town, case, Channel.SMS).id)
    assert not proof.enter(town.house, case.id, pocket.code())


def test_whoever_disowns_her_mailbox_gets_no_code_and_she_gets_a_call(town: Town, case: Case) -> None:
    before = set(proof.ways(town.house, case))
    proof.disown(town.house, case.id, way(town, case, Channel.MAIL).id)
    town.run()
    assert set(proof.ways(town.house, case)) < before
    proof.send(town.house, case.id)
    town.run()
    assert HIS not in {letter.to for letter in town.postbox.letters}
    assert callback.asked(town.house, case) is not None


def test_taking_one_out_lets_no_sixth_one_in(clean: Town) -> None:
    client = HERS | {"session": "/shops/oscar-42-mine-3"}
    for number in range(8):
        at = START + timedelta(days=25, minutes=number)
        clean.shop.change_field(ACCOUNT, at, client, "email", f"o{number}@example.jp")
    clean.tell()
    case = clean.report()
    assert case is not None
    assert case.stage is Stage.REPORT
    before = proof.ways(clean.house, case)
    assert len(before) == 5
    proof.disown(clean.house, case.id, before[0].id)
    assert set(proof.ways(clean.house, case)) == set(before[1:])


def test_what_the_intruder_set_gets_not_even_the_last_mail(clean: Town) -> None:
    case = clean.report()
    assert case is not None
    client = HERS | {"session": "/shops/oscar-42-mine-3"}
    clean.shop.change_field(ACCOUNT, NOW - timedelta(days=20), client, "email", "old@example.jp")
    clean.shop.change_field(ACCOUNT, NOW - timedelta(days=19), client, "email", MINE)
    clean.tell()
    shown = {one.shown: one for one in proof.ways(clean.house, case)}
    assert "o***@example.jp" in shown  # to report, any that the account ever had
    proof.disown(clean.house, case.id, shown["o***@example.jp"].id)
    clean.run()
    assert clean.postbox.named("disowned") == []


def test_a_proof_by_a_contact_that_is_disowned_since_opens_no_hand_back(town: Town, case: Case, pocket: Pocket) -> None:
    from takeback.casework.handback import set_password

    town.prove(case)
    assert town.case is not None
    assert town.case.hold_until is not None
    town.run(until=town.case.hold_until)
    town.prove(case, Purpose.HAND_BACK)
    mail = way(town, case, Channel.MAIL)
    proof.disown(town.house, case.id, mail.id)
    assert set_password(town.house, case.id, "a completely new sentence") == ("owner.not_proven",)
    press(town, known(town.house, case.id), Channel.SMS)
    assert proof.enter(town.house, case.id, pocket.code())
    assert set_password(town.house, case.id, "a completely new sentence") == ()


def test_without_another_proof_the_customer_cannot_take_it_back_and_staff_can(town: Town, case: Case) -> None:
    mail = way(town, case, Channel.MAIL)
    town.prove(case)  # by that very mailbox
    proof.disown(town.house, case.id, mail.id)
    assert not proof.own_again(town.house, case.id, mail.id, by=None)
    assert proof.own_again(town.house, case.id, mail.id, by="sato")
    assert way(town, known(town.house, case.id), Channel.MAIL) == mail


def test_proven_by_another_way_she_can_take_it_back(town: Town, case: Case, pocket: Pocket) -> None:
    mail = way(town, case, Channel.MAIL)
    proof.disown(town.house, case.id, mail.id)
    press(town, case, Channel.SMS)
    assert proof.enter(town.house, case.id, pocket.code())
    assert proof.own_again(town.house, case.id, mail.id, by=None)
    assert not proof.own_again(town.house, case.id, mail.id, by=None)
    assert proof.disowned(town.house, case) == ()


def test_to_disown_what_is_no_way_changes_nothing(town: Town, case: Case) -> None:
    before = town.house.cases.log(case.id)
    assert not proof.disown(town.house, case.id, "0" * 32)
    assert not proof.disown(town.house, case.id, "日本語")
    assert town.house.cases.log(case.id) == before
